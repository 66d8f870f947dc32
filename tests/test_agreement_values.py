"""How the values of an agreement file are read, and what is refused of them with its line and remedy."""

import pytest

from agreement_text import NAME, changed, read, the_fault


@pytest.mark.parametrize(
    "amount", ["3000000", "3_000_000", "3,000,000", "£3,000,000.00", "'3,000,000'", "£3,000,000.000"]
)
def test_money_is_read_in_every_way_it_is_written(amount: str) -> None:
    agreement = read(changed(("amount: 3_000_000", f"amount: {amount}"))).agreement
    assert agreement.contributions["nhs-min"].amount.exact_pence == 300_000_000


@pytest.mark.parametrize("amount", ["3_000_000 to 4_000_000", "3,000,000 - 4,000,000", "£3,000,000–£4,000,000"])
def test_a_range_is_kept_as_a_range(amount: str) -> None:
    agreed = read(changed(("amount: 3_000_000", f"amount: {amount}"))).agreement.contributions["nhs-min"].amount
    assert (agreed.low_pence, agreed.high_pence, agreed.exact_pence) == (300_000_000, 400_000_000, None)


@pytest.mark.parametrize("year", ["2023/24", "2023-24", "2324", "2023/2024"])
def test_a_year_is_read_as_it_is_written_and_printed_one_way(year: str) -> None:
    assert str(read(changed(("year: 2023/24", f"year: {year}"))).agreement.year) == "2023/24"


# What the model refuses: the change, the piece that marks the line, the path in words, a part of the remedy.
VALUE_FAULTS = {
    "unknown key": (
        ("    ring_fenced: true", "    ring_fencd: true"),
        "ring_fencd",
        "contributions, ibcf, ring_fencd",
        "write ring_fenced",
    ),
    "unknown key like none": (
        ("    capital: true", "    zebra: true"),
        "zebra",
        "schemes, S1, zebra",
        "take it out, or write one of name, fund",
    ),
    "unknown section": (("minimums:\n", "floors:\n"), "floors", "floors", "take it out, or write one of"),
    "id inside an item": (
        ("    kind: nhs\n", "    kind: nhs\n    id: x\n"),
        "id: x",
        "partners, icb, id",
        "take the id out",
    ),
    "missing key": (
        ("    lead: icb\n    profile", "    profile"),
        "  S3:",
        "schemes, S3, lead",
        "add lead: and its value",
    ),
    "missing amount": (("    amount: 3_000_000\n", ""), "  nhs-min:", "contributions, nhs-min, amount", "add amount"),
    "money in words": (
        ("amount: 3_000_000", "amount: three million"),
        "three million",
        "contributions, nhs-min, amount",
        "9000000",
    ),
    "money in millions": (
        ("amount: 3_000_000", "amount: 3m"),
        "amount: 3m",
        "contributions, nhs-min, amount",
        "9000000",
    ),
    "part of a penny": (
        ("amount: 3_000_000", "amount: 3.001"),
        "3.001",
        "contributions, nhs-min, amount",
        "two decimals",
    ),
    "negative money": (
        ("amount: 3_000_000", "amount: -5"),
        "amount: -5",
        "contributions, nhs-min, amount",
        "nil or more",
    ),
    "negative budget": (("      ibcf: 400_000", "      ibcf: (5)"), "(5)", "schemes, S2, budget, ibcf", "nil or more"),
    "money as a list": (("amount: 3_000_000", "amount: [3]"), "[3]", "contributions, nhs-min, amount", "pounds"),
    "range downwards": (
        ("amount: 3_000_000", "amount: 5 to 3"),
        "5 to 3",
        "contributions, nhs-min, amount",
        "lower amount first",
    ),
    "list for a mapping": (
        ("  north:\n    name: North Hillshire\n", "  - north\n"),
        "sub_areas:",
        "sub_areas",
        "mapping",
    ),
    "mapping for a text": (("name: Home care", "name: {a: b}"), "{a: b}", "schemes, S2, name", "one text"),
    "list for a text": (("name: Home care", "name: [a]"), "[a]", "schemes, S2, name", "one text"),
    "text for a list": (
        ("    covers:\n      funds: [bcf]", "    covers:\n      funds: bcf"),
        "funds: bcf",
        "risk_share, clause no. 2, covers, funds",
        "list",
    ),
    "text for an item": (
        ("  provision:\n    fund: bcf\n    held: outside_pool\n    opening: 50_000", "  provision: 50_000"),
        "provision:",
        "reserves, provision",
        "mapping",
    ),
    "boolean yes": (("capital: true", "capital: yes"), "capital: yes", "schemes, S1, capital", "write true or false"),
    "boolean True": (
        ("ring_fenced: true", "ring_fenced: True"),
        "ring_fenced: True",
        "contributions, ibcf, ring_fenced",
        "true or false",
    ),
    "boolean as a list": (("capital: true", "capital: [true]"), "capital: [", "schemes, S1, capital", "true or false"),
    "date of the calendar": (
        ("ends: 2024-03-31", "ends: 2024-02-30"),
        "2024-02-30",
        "contributions, dfg, ends",
        "the month and the day",
    ),
    "date written otherwise": (
        ("ends: 2024-03-31", "ends: 31/03/2024"),
        "31/03/2024",
        "contributions, dfg, ends",
        "2016-04-01",
    ),
    "instalment date": (
        ("2023-10-31: 300_000", "2023-10-32: 300_000"),
        "2023-10-32",
        "contributions, la-add, instalments, 2023-10-32",
        "the month and the day",
    ),
    "instalment pattern": (
        ("instalments: monthly", "instalments: weekly"),
        "weekly",
        "contributions, nhs-min, instalments",
        "monthly, quarterly",
    ),
    "two years": (("year: 2023/24", "year: 2023-25"), "2023-25", "agreement, year", "2023/24"),
    "no year": (("year: 2023/24", "year: soon"), "soon", "agreement, year", "2016/17"),
    "choice": (("kind: district", "kind: distrct"), "distrct", "partners, hill-dc, kind", "write district"),
    "choice of source": (("source: ibcf", "source: bcfi_"), "bcfi_", "contributions, ibcf, source", "nhs_minimum"),
    "file version": (("pooledfund: 1", "pooledfund: 2"), "pooledfund: 2", "pooledfund", "write 1"),
    "commissioner": (
        ("{nhs: 40, la: 60}", "{nhs: 40, la: 70}"),
        "la: 70",
        "schemes, S2, commissioner",
        "{nhs: 60, la: 40}",
    ),
    "commissioner in parts": (
        ("{nhs: 40, la: 60}", "{nhs: 1/0, la: 60}"),
        "1/0",
        "schemes, S2, commissioner, nhs",
        "60",
    ),
    "profile": (("{Q1: 10,", "{Q5: 10,"), "Q5", "schemes, S3, profile", "{Q1: 20"),
    "profile of a text": (
        ("{Q1: 10, Q2: 20, Q3: 30, Q4: 40}", "uneven"),
        "uneven",
        "schemes, S3, profile",
        "write even",
    ),
    "profile by its inner names": (
        ("{Q1: 10, Q2: 20, Q3: 30, Q4: 40}", "{months: [1, 2]}"),
        "months",
        "schemes, S3, profile",
        "{Q1: 20",
    ),
    "score": (("likelihood: 3", "likelihood: 6"), "likelihood: 6", "risks, demand, likelihood", "1 to 5"),
    "milestone": (("due: Q2", "due: Q5"), "due: Q5", "milestones, staff, due", "ongoing"),
    "covers two": (
        ("      funds: [bcf]", "      funds: [bcf]\n      schemes: [S2]"),
        "    covers:\n      funds",
        "risk_share, clause no. 2, covers",
        "only one",
    ),
    "covers a word": (
        ("    covers:\n      funds: [bcf]", "    covers: all"),
        "covers: all",
        "risk_share, clause no. 2, covers",
        "everything",
    ),
    "covers an unknown key": (
        ("      funds: [bcf]", "      fund: [bcf]"),
        "fund: [bcf]",
        "risk_share, clause no. 2, covers, fund",
        "write funds",
    ),
    "no steps": (
        ("    overspend:\n      - decide: board", "    overspend: []"),
        "overspend: []",
        "risk_share, clause no. 1, overspend",
        "at least one",
    ),
    "step unknown": (
        ("      - offset: fund", "      - offsets: fund"),
        "offsets",
        "risk_share, clause no. 2, overspend, step no. 1",
        "{offset: ..}",
    ),
    "step of the other side": (
        ("      - offset: fund", "      - retain: risk"),
        "- retain: risk\n      - reserve",
        "risk_share, clause no. 2, overspend, step no. 1",
        "{offset: ..}",
    ),
    "two steps in one": (
        ("      - offset: fund\n      - reserve: risk", "      - offset: fund\n        reserve: risk"),
        "- offset",
        "risk_share, clause no. 2, overspend, step no. 1",
        "{offset: ..}",
    ),
    "step as a word": (
        ("      - offset: fund", "      - offset"),
        "- offset\n",
        "risk_share, clause no. 2, overspend, step no. 1",
        "{offset: ..}",
    ),
    "basis": (
        ("return: contribution", "return: contributions"),
        "contributions\ndecisions",
        "risk_share, clause no. 2, underspend, step no. 2, return",
        "lead, host, equal",
    ),
    "weight of nil": (
        ("share: {icb: 100}", "share: {icb: 0}"),
        "{icb: 0}",
        "risk_share, clause no. 2, overspend, step no. 4, share, icb",
        "leave out a partner",
    ),
    "weight in words": (
        ("share: {icb: 100}", "share: {icb: half}"),
        "half",
        "risk_share, clause no. 2, overspend, step no. 4, share, icb",
        "33.3",
    ),
    "weight as a fraction": (
        ("share: {icb: 100}", "share: {icb: 1/0}"),
        "1/0",
        "risk_share, clause no. 2, overspend, step no. 4, share, icb",
        "33.3",
    ),
    "weights of nobody": (
        ("share: {icb: 100}", "share: {}"),
        "share: {}",
        "risk_share, clause no. 2, overspend, step no. 4, share",
        "at least one",
    ),
    "limit": (
        ("up_to: 2%", "up_to: some"),
        "up_to: some",
        "risk_share, clause no. 2, overspend, step no. 3, up_to",
        "9000000",
    ),
    "negative limit": (
        ("up_to: 2%", "up_to: -2"),
        "up_to: -2",
        "risk_share, clause no. 2, overspend, step no. 3, up_to",
        "nil or more",
    ),
    "carry forward false": (
        ("carry_forward: true", "carry_forward: false"),
        "carry_forward: false",
        "risk_share, clause no. 1, underspend, step no. 1, carry_forward",
        "write true",
    ),
    "negative cap": (
        ("caps: {council: 90_000}", "caps: {council: -1}"),
        "{council: -1}",
        "risk_share, clause no. 2, overspend, step no. 3, caps, council",
        "nil or more",
    ),
    "decision's date": (
        ("decided: 2023-12-06", "decided: 20231206"),
        "20231206",
        "decisions, decision no. 1, decided",
        "2016-04-01",
    ),
    "decision's side": (
        ("side: overspend", "side: over"),
        "side: over",
        "decisions, decision no. 1, side",
        "overspend",
    ),
    "endless number": (
        ("amount: 3_000_000", "amount: " + "9" * 5000),
        "99999",
        "contributions, nhs-min, amount",
        "check the amount",
    ),
}


@pytest.mark.parametrize(("change", "piece", "where", "remedy"), VALUE_FAULTS.values(), ids=VALUE_FAULTS)
def test_a_value_that_is_not_understood_is_refused_at_its_line(
    change: tuple[str, str], piece: str, where: str, remedy: str
) -> None:
    text = changed(change)
    fault = the_fault(text)
    line = text[: text.index(piece)].count("\n") + 1
    assert str(fault).startswith(f"{NAME}:{line}: {where}: ")
    assert remedy in fault.remedy
    assert str(fault).endswith(fault.remedy)

"""Names in an agreement that stand for nothing in it: each is refused with its line and the name that was meant."""

import pytest

from agreement_text import changed, faults_of, the_fault

# A change of the sound agreement, the piece that marks the line, the rule, a part of the remedy.
DANGLING = {
    "signature": (
        ("    council: 2023-03-28", "    counsil: 2023-03-28"),
        "counsil",
        "PartnerNotKnown",
        "write council",
    ),
    "partner's sub-area": (
        ("    kind: district\n    sub_area: north", "    kind: district\n    sub_area: south"),
        "sub_area: south",
        "SubAreaNotKnown",
        "write north if that is meant, else add south",
    ),
    "host": (
        ("    host: icb", "    host: trust"),
        "host: trust",
        "PartnerNotKnown",
        "write one of council, icb, hill-dc",
    ),
    "payer": (
        ("    partner: icb\n    fund: bcf", "    partner: ccg\n    fund: bcf"),
        "partner: ccg",
        "PartnerNotKnown",
        "add ccg to partners",
    ),
    "contribution's fund": (
        ("    fund: bcf\n    source: ibcf", "    fund: bfc\n    source: ibcf"),
        "fund: bfc",
        "FundNotKnown",
        "write bcf",
    ),
    "reserve's fund": (
        ("    fund: bcf\n    held", "    fund: bfc\n    held"),
        "fund: bfc",
        "FundNotKnown",
        "write bcf",
    ),
    "reserve's contribution": (
        ("      la-add: 100_000", "      la-ad: 100_000"),
        "la-ad:",
        "ContributionNotKnown",
        "write la-add",
    ),
    "line's fund": (("    fund: view\n    lead", "    fund: views\n    lead"), "views", "FundNotKnown", "write view"),
    "line's lead": (
        ("    lead: icb\n    profile", "    lead: icc\n    profile"),
        "icc",
        "PartnerNotKnown",
        "write icb",
    ),
    "line's contribution": (
        ("      own: 1_000_000", "      mine: 1_000_000"),
        "mine:",
        "ContributionNotKnown",
        "add mine",
    ),
    "row's contribution": (
        ("Voluntary sector, contribution: nhs-min", "Voluntary sector, contribution: nhs-mim"),
        "nhs-mim",
        "ContributionNotKnown",
        "write nhs-min",
    ),
    "line's sub-area": (
        ("    sub_area: north\n    measures", "    sub_area: south\n    measures"),
        "sub_area: south",
        "SubAreaNotKnown",
        "north",
    ),
    "recipient": (("      hill-dc: 450_000", "      dale-dc: 450_000"), "dale-dc", "PartnerNotKnown", "add dale-dc"),
    "measure": (
        ("measures: [admissions]", "measures: [admission]"),
        "[admission]",
        "MeasureNotKnown",
        "write admissions",
    ),
    "milestone": (("milestones: [staff]", "milestones: [team]"), "[team]", "MilestoneNotKnown", "staff"),
    "risk": (("risks: [demand]", "risks: [supply]"), "[supply]", "RiskNotKnown", "demand"),
    "risk's clause": (
        ('    clause: "4.10"\nschemes', '    clause: "4.1"\nschemes'),
        '"4.1"\n',
        "ClauseNotKnown",
        "write 4.10",
    ),
    "covered fund": (("      funds: [bcf]", "      funds: [bcf, bfc]"), "bfc", "FundNotKnown", "write bcf"),
    "covered line": (("      schemes: [S1]", "      schemes: [S1, T9]"), "T9", "SchemeNotKnown", "S1, S2, S3, S4"),
    "covered source": (("      schemes: [S1]", "      sources: [dgf]"), "dgf", "SourceNotKnown", "write dfg"),
    "reserve drawn": (("- reserve: risk", "- reserve: rusk"), "rusk", "ReserveNotKnown", "write risk"),
    "reserve fed": (("- retain: risk", "- retain: rusk"), "rusk", "ReserveNotKnown", "write risk"),
    "partner that shares": (("share: {icb: 100}", "share: {ics: 100}"), "ics", "PartnerNotKnown", "write icb"),
    "partner with a cap": (
        ("caps: {council: 90_000}", "caps: {county: 90_000}"),
        "county",
        "PartnerNotKnown",
        "partners",
    ),
    "partner that gets back": (("return: contribution", "return: {ics: 100}"), "ics", "PartnerNotKnown", "write icb"),
    "partner with a liability": (
        ("max_liability: {icb:", "max_liability: {ics:"),
        "ics",
        "PartnerNotKnown",
        "write icb",
    ),
    "partner of the excess": (("excess_to: council", "excess_to: county"), "county", "PartnerNotKnown", "partners"),
    "decision's clause": (
        ('- clause: "4.9"\n    side', '- clause: "5.9"\n    side'),
        "5.9",
        "ClauseNotKnown",
        "write 4.9",
    ),
    "decision's partner": (("partners: {council:", "partners: {county:"), "county", "PartnerNotKnown", "partners"),
}


@pytest.mark.parametrize(("change", "piece", "rule", "remedy"), DANGLING.values(), ids=DANGLING)
def test_a_name_that_stands_for_nothing_is_refused(change: tuple[str, str], piece: str, rule: str, remedy: str) -> None:
    text = changed(change)
    fault = the_fault(text)
    assert (fault.rule, fault.line) == (rule, text[: text.index(piece)].count("\n") + 1)
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("tags", "remedy"),
    [("right-plaice", "write right-place"), ("data-sharing", "write one of joint-plan, people-at-home, right-place")],
)
def test_a_condition_that_the_year_does_not_have_is_refused(tags: str, remedy: str) -> None:
    text = changed(("    measures: [admissions]", f"    measures: [admissions]\n    conditions: [right-place, {tags}]"))
    fault = the_fault(text)
    assert (fault.rule, fault.path) == ("ConditionNotKnown", ("schemes", "S2", "conditions", 1))
    assert f"'{tags}' is not a condition of 2023/24" in fault.message
    assert remedy in fault.remedy


def test_an_answer_to_a_condition_of_another_year_is_refused() -> None:
    text = changed(("minimums:\n", "conditions:\n  data-sharing: {met: true}\nminimums:\n"))
    fault = the_fault(text)
    assert (fault.rule, fault.line) == ("ConditionNotKnown", text[: text.index("  data-sharing")].count("\n") + 1)
    assert not faults_of(
        text.replace("year: 2023/24", "year: 2016/17").replace("2023-", "2016-").replace("2024-", "2017-")
    )


def test_conditions_of_a_year_that_is_not_known_here_are_not_judged() -> None:
    text = changed(
        ("minimums:\n", "conditions:\n  any-name: {met: true}\nminimums:\n"), ("year: 2023/24", "year: 2044/45")
    )
    faults = faults_of(text.replace("2023-", "2044-").replace("2024-", "2045-"))
    assert not faults


def test_a_name_that_dangles_in_several_places_is_told_in_each() -> None:
    text = changed(("  north:\n    name: North Hillshire", "  south:\n    name: South Hillshire"))
    faults = faults_of(text)
    assert [fault.path for fault in faults] == [("partners", "hill-dc", "sub_area"), ("schemes", "S2", "sub_area")]


def test_a_line_whose_fund_is_not_known_is_not_also_told_to_be_uncovered() -> None:
    assert the_fault(changed(("    fund: bcf\n    lead: icb", "    fund: bfc\n    lead: icb"))).rule == "FundNotKnown"

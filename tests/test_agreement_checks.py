"""What an agreement may not say although each of its values is sound: every rule with its line and remedy."""

import pytest

from agreement_text import SOUND, changed, faults_of, read, the_fault
from s75_rules.agreement_checks import check_agreement

# A change of the sound agreement, the piece that marks the line, the rule, parts of the message and the remedy.
REFUSED = {
    "id with a space": (
        ("measures:\n  adm", "measures:\n  own money: {name: A}\n  adm"),
        "  own money:",
        "IdNotUsable",
        "cannot be an id",
        "begin with a letter",
    ),
    "id of digits": (
        ("measures:\n  adm", "measures:\n  1st: {name: A}\n  adm"),
        "  1st:",
        "IdNotUsable",
        "'1st'",
        "begin with a letter",
    ),
    "id too long": (("id: hillshire-2023-24", "id: h" + "i" * 64), "id: hi", "IdNotUsable", "cannot be", "64 at most"),
    "id of last year": (
        ("follows: hillshire-2022-23", "follows: 2022/23"),
        "follows",
        "IdNotUsable",
        "2022/23",
        "begin with",
    ),
    "ids by capitals": (
        ("milestones:\n", "  Admissions: {name: A}\nmilestones:\n"),
        "  Admissions:",
        "IdRepeats",
        "'Admissions' and 'admissions' differ only in capitals",
        "another id",
    ),
    "contribution by the name of a sum": (
        ("contributions:\n", "contributions:\n  total: {partner: icb, fund: bcf, source: nhs_additional, amount: 1}\n"),
        "  total:",
        "IdOfReports",
        "'total' is what reports call a figure of their own",
        "another id",
    ),
    "follows itself": (
        ("follows: hillshire-2022-23", "follows: hillshire-2023-24"),
        "follows",
        "FollowsItself",
        "itself",
        "last year's",
    ),
    "a function that may not be pooled": (
        ("name: Home care", "excluded_function: surgery\n    name: Home care"),
        "excluded_function",
        "FunctionNotPooled",
        "the line is for surgery, which may not be pooled",
        "aligned or in-view fund",
    ),
    "capital where only revenue is permitted": (
        ("    kind: pooled\n", "    kind: pooled\n    revenue_only: true\n"),
        "fund: bcf\n    lead: council\n    capital: true",
        "CapitalNotPermitted",
        "permits no capital",
        "takes capital",
    ),
    "starts too late": (
        ("  status: agreed", "  starts: 2024-04-01\n  status: agreed"),
        "starts:",
        "AgreementOutsideYear",
        "after 2023/24",
        "the year",
    ),
    "ends too early": (
        ("  status: agreed", "  ends: 2023-03-31\n  status: agreed"),
        "  ends: 2023-03",
        "AgreementOutsideYear",
        "before 2023/24",
        "the year",
    ),
    "ends first": (
        ("  status: agreed", "  starts: 2023-06-01\n  ends: 2023-05-01\n  status: agreed"),
        "ends: 2023-05",
        "AgreementEndsFirst",
        "before it starts",
        "one of the dates",
    ),
    "lines over a contribution": (
        ("      ibcf: 400_000", "      ibcf: 400_000.01"),
        "amount: 400_000",
        "BudgetOverContribution",
        "take £400,000.01 from ibcf, £0.01 more than its £400,000.00 (S2)",
        "raise the contribution",
    ),
    "rows over a contribution": (
        ("contribution: nhs-min, amount: 1_000_000", "contribution: nhs-min, amount: 1_000_001"),
        "amount: 3_000_000",
        "BudgetOverContribution",
        "£1.00 more",
        "lower a budget",
    ),
    "line and reserve over a contribution": (
        ("      la-add: 100_000", "      la-add: 100_001"),
        "amount: £500,000.00",
        "BudgetOverContribution",
        "lines and reserves take £500,001.00",
        "lower a budget",
    ),
    "least of a range over the most": (
        ("    amount: 400_000", "    amount: 300_000 to 399_999"),
        "300_000 to",
        "BudgetOverContribution",
        "£1.00 more",
        "lower a budget",
    ),
    "line of another fund": (
        ("      own: 1_000_000", "      ibcf: 0"),
        "ibcf: 0",
        "ContributionOfAnotherFund",
        "ibcf is paid into fund bcf, and line S4 is in fund view",
        "same fund",
    ),
    "row of another fund": (
        (
            "Voluntary sector, contribution: nhs-min, amount: 1_000_000",
            "Voluntary sector, contribution: own, amount: 0",
        ),
        "contribution: own",
        "ContributionOfAnotherFund",
        "own is paid into fund view",
        "same fund",
    ),
    "reserve of another fund": (
        ("      la-add: 100_000", "      la-add: 100_000\n      own: 0"),
        "      own: 0",
        "ContributionOfAnotherFund",
        "reserve risk is in fund bcf",
        "same fund",
    ),
    "rows and budget": (
        ("    profile: {Q1", "    budget: {nhs-min: 0}\n    profile: {Q1"),
        "budget: {nhs-min",
        "RowsAndBudget",
        "stand twice",
        "keep one",
    ),
    "capital on the minimum": (
        ("    profile: {Q1", "    capital: true\n    profile: {Q1"),
        "capital: true\n    profile",
        "CapitalOnRevenue",
        "nhs-min is nhs_minimum",
        "a line of its own",
    ),
    "ring denied": (
        ("ring_fenced: true", "ring_fenced: false"),
        "ring_fenced",
        "RingFenceDenied",
        "ibcf is ring-fenced",
        "take",
    ),
    "instalments differ": (
        ("2023-10-31: 300_000", "2023-10-31: 299_999.99"),
        "instalments:\n      2023",
        "InstalmentsDiffer",
        "sum to £499,999.99 and the contribution is £500,000.00",
        "the same",
    ),
    "instalment outside the year": (
        ("2023-04-30: 200_000", "2023-03-31: 200_000"),
        "2023-03-31: 200",
        "InstalmentOutsideYear",
        "2023-03-31 is not in 2023/24",
        "from 2023-04-01 to 2024-03-31",
    ),
    "contribution that ended": (
        ("ends: 2024-03-31", "ends: 2023-03-31"),
        "ends: 2023",
        "ContributionEndsBeforeYear",
        "before 2023/24 begins",
        "correct the date",
    ),
    "recipients over the grant": (
        ("      hill-dc: 450_000", "      hill-dc: 450_000.01"),
        "    recipients:",
        "RecipientsOverGrant",
        "£600,000.01 is passed on or retained, and the line has £600,000.00",
        "lower an amount",
    ),
    "retained over the grant": (
        ("    recipients:\n      hill-dc: 450_000\n    retained: 150_000", "    retained: 600_001"),
        "retained: 600_001",
        "RecipientsOverGrant",
        "£600,001.00",
        "lower an amount",
    ),
    "recipients without a grant": (
        ("      own: 1_000_000", "      own: 1_000_000\n    recipients: {hill-dc: 1}"),
        "recipients: {hill-dc",
        "RecipientsOverGrant",
        "has £0.00 of capital grant",
        "lower an amount",
    ),
    "line not covered": (
        ("      funds: [bcf]", "      schemes: [S2]"),
        "  S3:",
        "LineNotCovered",
        "no clause covers the pooled line S3",
        "covers everything",
    ),
    "overspend ends with a limit": (
        ("      - share: {icb: 100}", "      - share: {icb: 100}\n        up_to: 1_000_000"),
        "    overspend:\n      - offset",
        "ClauseLeavesPenny",
        "the last overspend step of clause 4.10 can leave an amount",
        "decide: board",
    ),
    "overspend ends with a cap": (
        ("      - share: {icb: 100}", "      - share: {icb: 100}\n        caps: {icb: 1}"),
        "    overspend:\n      - offset",
        "ClauseLeavesPenny",
        "overspend",
        "no caps and no up_to",
    ),
    "overspend ends with a reserve": (
        ("      - share: {icb: 100}", "      - reserve: risk"),
        "    overspend:\n      - offset",
        "ClauseLeavesPenny",
        "overspend",
        "decide: board",
    ),
    "overspend ends with an offset": (
        ("      - share: {icb: 100}", "      - offset: agreement"),
        "    overspend:\n      - offset",
        "ClauseLeavesPenny",
        "overspend",
        "decide: board",
    ),
    "underspend ends with a limit": (
        ("      - return: contribution", "      - return: contribution\n        up_to: 50%"),
        "    underspend:\n      - retain",
        "ClauseLeavesPenny",
        "the last underspend step of clause 4.10",
        "carry_forward: true",
    ),
    "underspend ends with management action only": (
        ("      - return: contribution", "      - return: contribution\n        of: management_action"),
        "    underspend:\n      - retain",
        "ClauseLeavesPenny",
        "the last underspend step of clause 4.10",
        "without up_to, caps or of",
    ),
    "underspend ends with a limited reserve": (
        ("      - return: contribution\n", ""),
        "    underspend:\n      - retain",
        "ClauseLeavesPenny",
        "underspend",
        "without up_to",
    ),
    "reserve outside drawn": (
        ("- reserve: risk", "- reserve: provision"),
        "- reserve: p",
        "ReserveHeldOutside",
        "drawn on",
        "in_pool",
    ),
    "reserve outside fed": (
        ("- retain: risk", "- retain: provision"),
        "- retain: p",
        "ReserveHeldOutside",
        "fed",
        "in_pool",
    ),
    "decision of nil": (
        ("partners: {council: 100_000.01}", "partners: {council: 0}"),
        "{council: 0}",
        "DecisionIsNil",
        "£0.00",
        "take the decision out",
    ),
    "decision of nobody": (
        ("partners: {council: 100_000.01}", "partners: {}"),
        "partners: {}",
        "DecisionIsNil",
        "£0.00",
        "each partner",
    ),
    "decision not called for": (
        ("    side: overspend", "    side: underspend"),
        '  - clause: "4.9"\n    side',
        "DecisionNotCalledFor",
        "leaves no underspend for the board",
        "decide: board",
    ),
}


@pytest.mark.parametrize(("change", "piece", "rule", "message", "remedy"), REFUSED.values(), ids=REFUSED)
def test_what_an_agreement_may_not_say_is_refused_at_its_line(
    change: tuple[str, str], piece: str, rule: str, message: str, remedy: str
) -> None:
    text = changed(change)
    fault = the_fault(text)
    assert (fault.rule, fault.line) == (rule, text[: text.index(piece)].count("\n") + 1)
    assert message in fault.message
    assert remedy in fault.remedy


def test_an_agreement_without_partners_or_funds_is_refused() -> None:
    text = "pooledfund: 1\nagreement: {id: a, title: A, area: A, year: 2023/24}\npartners: {}\nfunds: {}\n"
    assert [(fault.rule, fault.line) for fault in faults_of(text)] == [("SectionEmpty", 3), ("SectionEmpty", 4)]


def test_two_clauses_of_one_name_are_refused() -> None:
    text = changed(('  - clause: "4.10"\n    covers', '  - clause: "4.9"\n    covers'))
    assert ("ClauseRepeats", 139) in [(fault.rule, fault.line) for fault in faults_of(text)]


def test_two_decisions_on_one_side_of_a_clause_are_refused() -> None:
    text = SOUND + SOUND[SOUND.index('  - clause: "4.9"\n    side') :]
    fault = the_fault(text)
    assert (fault.rule, fault.path) == ("DecisionRepeats", ("decisions", 1))


def test_a_decision_on_a_liability_without_excess_is_called_for() -> None:
    decided = ('  - clause: "4.9"\n    side', '  - clause: "4.10"\n    side')
    assert the_fault(changed(decided)).rule == "DecisionNotCalledFor"
    assert not faults_of(changed(decided, ("    excess_to: council\n", "")))


def test_pooled_lines_without_any_clause_are_refused_in_one_fault() -> None:
    text = SOUND[: SOUND.index("risk_share:")].replace('    clause: "4.10"\n', "")
    fault = the_fault(text)
    assert fault.rule == "LineNotCovered"
    assert "S1, S2, S3" in fault.message
    assert "S4" not in fault.message


def test_a_line_without_money_needs_a_clause_too() -> None:
    line = ("  S4:\n", "  S5: {name: Pilot, fund: bcf, lead: icb}\n  S4:\n")
    assert not faults_of(changed(line))
    fault = the_fault(changed(line, ("      funds: [bcf]", "      sources: [nhs_minimum, ibcf]")))
    assert (fault.rule, fault.path) == ("LineNotCovered", ("schemes", "S5"))


def test_a_line_in_view_needs_no_clause() -> None:
    assert not [fault for fault in check_agreement(read(SOUND).agreement) if "S4" in fault.message]


@pytest.mark.parametrize(
    "source", ["nhs_minimum", "ibcf", "winter_pressures", "discharge_la", "discharge_nhs", "la_better_care_grant"]
)
def test_capital_is_refused_on_every_source_that_pays_for_revenue_only(source: str) -> None:
    text = changed(
        ("    source: ibcf", f"    source: {source}"),
        ("    commissioner: {nhs", "    capital: true\n    commissioner: {nhs"),
    )
    assert [fault.rule for fault in faults_of(text)] == ["CapitalOnRevenue"]


@pytest.mark.parametrize("source", ["dfg", "social_care_capital", "nhs_additional", "la_additional"])
def test_capital_may_be_paid_by_capital_grant_and_additional_contributions(source: str) -> None:
    text = changed(
        ("    source: ibcf", f"    source: {source}"),
        ("    commissioner: {nhs", "    capital: true\n    commissioner: {nhs"),
    )
    assert not faults_of(text)


def test_a_budget_that_is_not_known_is_never_over_its_contribution() -> None:
    assert not faults_of(changed(("      ibcf: 400_000", "      ibcf: to be confirmed")))
    assert not faults_of(changed(("      ibcf: 400_000", "      ibcf: 300_000 to 500_000")))
    assert not faults_of(changed(("    amount: 400_000", "    amount: to be confirmed")))

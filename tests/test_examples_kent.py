"""The Kent 2016/17 agreement holds what Kent published, exactly, and marks everything else as illustrative."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from pooledfund.agreement_file import AgreementFile, read_agreement
from s75_rules.agreement import Agreement, Contribution, Reserve, Scheme
from s75_rules.amounts import Amount, total
from s75_rules.plan import Measure

KENT = Path(__file__).parents[1] / "examples" / "kent_2016_17"
CCGS = ("ASH", "CAN", "DGS", "SKC", "SWA", "THA", "WK")
EQUIPMENT = ("G3-EQT", "G1-EQP")
MAINTAINED = ("G4-DOM", "G4-RES", "G4-DP", "G4-OTH", "G6-CA", "G7-CAR")
OUT_OF_HOSPITAL = (*EQUIPMENT, "G7-CAR", *(f"G2-{ccg}" for ccg in CCGS))
SEVEN_DAY = ("G1-EQP", *(f"G1-{ccg}" for ccg in CCGS))


@pytest.fixture(scope="module")
def file() -> AgreementFile:
    return read_agreement(KENT / "agreement.yaml")


@pytest.fixture(scope="module")
def kent(file: AgreementFile) -> Agreement:
    return file.agreement


def lines_in_pounds(agreement: Agreement, schemes: Iterable[str]) -> int:
    pence = total(amount for scheme in schemes for amount in agreement.schemes[scheme].budgets.values()).exact_pence
    assert pence is not None
    return pence // 100


@pytest.mark.parametrize(
    ("lines", "published"),
    [
        (MAINTAINED, 28_700_000),
        (("G4-DOM",), 7_500_000),
        (("G4-RES",), 3_000_000),
        (("G4-DP",), 1_600_000),
        (("G4-OTH", "G6-CA", "G7-CAR"), 16_600_000),
        (OUT_OF_HOSPITAL, 26_200_000),
        (EQUIPMENT, 5_500_000),
        (("G7-CAR",), 4_000_000),
        (SEVEN_DAY, 2_100_000),
        (("G1-WKI",), 750_000),
    ],
)
def test_each_published_figure_is_a_line_or_a_stated_sum_of_lines(
    kent: Agreement, lines: tuple[str, ...], published: int
) -> None:
    assert lines_in_pounds(kent, lines) == published


def test_a_line_that_belongs_to_two_published_figures_is_in_the_pool_once(kent: Agreement) -> None:
    headings = (MAINTAINED, OUT_OF_HOSPITAL, SEVEN_DAY, ("G1-WKI",))
    together = {line for heading in headings for line in heading}
    shared = {line for line, times in Counter(line for heading in headings for line in heading).items() if times > 1}
    assert shared == {"G1-EQP", "G7-CAR"}
    assert lines_in_pounds(kent, together) == 57_750_000 - lines_in_pounds(kent, shared)


def test_ashfords_minimum_is_published_and_wholly_on_lines(kent: Agreement) -> None:
    ashford = kent.contributions["ashford-min"]
    assert (ashford.amount, ashford.basis) == (Amount.exact(719_600_000), "published")
    assert kent.unallocated("ashford-min") == Amount.exact(0)


def test_only_thanet_leaves_a_little_unallocated(kent: Agreement, file: AgreementFile) -> None:
    left = {each: kent.unallocated(each).exact_pence for each in kent.contributions}
    assert left.pop("thanet-min") == 2_500_000
    assert set(left.values()) == {0}
    # Beside it, the narrative has no scores for its risks.
    others = [warning for warning in file.warnings if "thanet-min" not in str(warning)]
    assert [warning.rule for warning in others] == ["RiskNotScored"]


def test_every_amount_says_whether_it_is_published_and_a_published_one_where(kent: Agreement) -> None:
    with_money = (each for each in kent.measures.values() if each.planned_savings or each.maximum_support)
    owners: list[Contribution | Reserve | Scheme | Measure] = [
        *kent.contributions.values(),
        *kent.reserves.values(),
        *kent.schemes.values(),
        *with_money,
    ]
    assert {owner.basis for owner in owners} == {"published", "illustrative"}
    published = {owner.id for owner in owners if owner.basis == "published"}
    assert published == {"ashford-min", "G1-WKI", "G4-DOM", "G4-RES", "G4-DP", "G7-CAR"}
    assert all(owner.reference for owner in owners if owner.basis == "published")
    assert kent.minimums.basis == "illustrative"
    assert all(scheme.benefits.basis == "illustrative" for scheme in kent.schemes.values() if scheme.benefits)


def test_eight_groups_have_fifteen_links_to_six_conditions(kent: Agreement) -> None:
    links = {
        (scheme.id.split("-")[0], condition) for scheme in kent.schemes.values() for condition in scheme.conditions
    }
    assert {group for group, _ in links} == {f"G{number}" for number in range(1, 9)}
    assert Counter(condition for _, condition in links) == {
        "seven-day-services": 1,
        "data-sharing": 1,
        "joint-assessment": 2,
        "nhs-out-of-hospital": 5,
        "dtoc-plan": 4,
        "maintain-social-care": 2,
    }
    assert len(links) == 15


def test_every_line_of_a_group_has_the_groups_name_and_all_its_links(kent: Agreement) -> None:
    for scheme in kent.schemes.values():
        group = scheme.id.split("-")[0]
        assert scheme.name.startswith(f"Group {group[1:]}: ")
        others = {other.conditions for other in kent.schemes.values() if other.id.startswith(f"{group}-")}
        assert others == {scheme.conditions}


def test_the_council_hosts_seven_ccgs_that_pay_for_their_own_lines(kent: Agreement) -> None:
    assert kent.host_of("bcf") == "kcc"
    assert [partner.kind for partner in kent.signatories()] == ["local_authority", *["nhs"] * 7]
    ccgs = [each for each in kent.contributions.values() if kent.partners[each.partner].kind == "nhs"]
    assert {(each.source, kent.settled_as(each)) for each in ccgs} == {("nhs_minimum", "net_of_own_lines")}
    assert Counter(kent.partners[each.partner].sub_area for each in ccgs) == {"east": 4, "north": 2, "west": 1}


def test_twelve_districts_receive_the_grant_in_full_and_sign_nothing(kent: Agreement) -> None:
    districts = {partner.id for partner in kent.partners.values() if partner.kind == "district"}
    passed = kent.schemes["G5-DFG"]
    assert len(districts) == 12
    assert set(passed.recipients) == districts
    assert sum(passed.recipients.values()) == kent.budget_pence("G5-DFG", "dfg")
    assert not districts & {partner.id for partner in kent.signatories()}


def test_old_social_care_capital_commitments_are_a_line_of_their_own_on_the_grant(kent: Agreement) -> None:
    line = kent.schemes["G5-SCC"]
    assert list(line.budgets) == ["dfg"]
    assert line.capital
    assert line.retained == kent.budget_pence("G5-SCC", "dfg")


def test_provision_for_overspends_is_outside_the_pool_and_in_no_total(kent: Agreement) -> None:
    assert {reserve.held for reserve in kent.reserves.values()} == {"outside_pool"}
    assert {reserve.held_by for reserve in kent.reserves.values()} == {partner.id for partner in kent.signatories()}
    assert all(reserve.opening > 0 and not reserve.funded_by for reserve in kent.reserves.values())
    contributed = total(each.amount for each in kent.contributions.values()).exact_pence
    unallocated = sum(kent.unallocated(each).exact_pence or 0 for each in kent.contributions)
    assert contributed == lines_in_pounds(kent, kent.schemes) * 100 + unallocated


def test_each_partner_bears_the_variance_of_the_lines_it_leads(kent: Agreement) -> None:
    (clause,) = kent.risk_share
    assert clause.clause == "Section 5, Risk Share"
    assert clause.covers.everything
    assert [step.model_dump(by_alias=True)["share"] for step in clause.overspend] == ["lead"]
    assert [step.model_dump(by_alias=True)["return"] for step in clause.underspend] == ["lead"]


def test_the_plan_is_version_8_with_its_boards_sign_off_still_to_come(kent: Agreement) -> None:
    header = kent.header
    assert (header.version, header.status, str(header.year)) == ("8", "agreed", "2016/17")
    assert "3 May 2016" in (header.source or "")
    assert header.signed == {}
    assert header.approvals["hwb"].signed is None
    assert "25 May 2016" in (header.approvals["hwb"].note or "")


def test_measures_keep_their_direction_where_the_stretch_is_looser_than_the_target(kent: Agreement) -> None:
    delayed, home = kent.measures["dtoc"], kent.measures["at-home-91-days"]
    assert (delayed.target, delayed.stretch, delayed.direction) == ("2.5", "3.5", "lower_is_better")
    assert (home.target, home.direction) == ("85.9", "higher_is_better")
    assert kent.measures["enough-support"].target == "80"
    assert kent.measures["non-elective-admissions"].target == "-1"


def test_the_six_risks_have_no_scores_because_the_plan_gives_none(kent: Agreement) -> None:
    assert len(kent.risks) == 6
    assert {(risk.likelihood, risk.impact, risk.rating) for risk in kent.risks.values()} == {(None, None, None)}


def test_every_condition_of_the_year_has_a_statement_with_its_place_in_the_plan(kent: Agreement) -> None:
    assert len(kent.conditions) == 8
    assert all(answer.statement and answer.reference for answer in kent.conditions.values())
    linked = {condition for scheme in kent.schemes.values() for condition in scheme.conditions}
    assert linked == set(kent.conditions) - {"joint-plan", "acute-impact"}

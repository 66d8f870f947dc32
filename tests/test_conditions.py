"""National conditions and minimum tests: the figures of the story, tags that carry no money, and what is not known."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from ledgers.calendar import FinancialYear
from ledgers.money import parse_pounds
from rules_cases import STORY, agreement_of
from s75_rules.agreement import Agreement, Commissioner
from s75_rules.amounts import Amount
from s75_rules.conditions import (
    LineMoney,
    MinimumTest,
    minimum_tests,
    national_conditions,
)
from s75_rules.year_rules import SourceRule, YearNotKnown, known_years, load_year

KENT = Path(__file__).parent.parent / "examples" / "kent_2016_17" / "agreement.yaml"
SOUTH_KENT_COAST = KENT.parent.parent / "south_kent_coast_2014_16" / "agreement_2014_15.yaml"


def planned(agreement: Agreement, **moved: str) -> list[LineMoney]:
    """Every line's agreed budget, with amounts of nhs-min moved onto or off lines."""
    lines = []
    for scheme in agreement.schemes.values():
        for contribution in scheme.budgets:
            budget = agreement.budget_pence(scheme.id, contribution)
            budget += parse_pounds(moved.get(scheme.id, "0")) if contribution == "nhs-min" else 0
            lines.append(LineMoney(scheme.id, contribution, budget, budget))
    return lines


def exact(agreement: Agreement) -> dict[str, int]:
    known = {each.id: each.amount.exact_pence for each in agreement.contributions.values()}
    return {name: amount for name, amount in known.items() if amount is not None}


def plan_tests(agreement: Agreement, **moved: str) -> dict[str, MinimumTest]:
    lines = planned(agreement, **moved)
    return {test.id: test for test in minimum_tests(agreement, lines, "plan", exact(agreement))}


@pytest.fixture
def story() -> Agreement:
    return agreement_of(STORY / "agreement.yaml")


EXPECTED = json.loads((STORY / "expected_conditions.json").read_text(encoding="utf-8"))
CARE = EXPECTED["adult social care from NHS minimum"]
OUT_OF_HOSPITAL = EXPECTED["NHS-commissioned out of hospital from NHS minimum"]


def test_the_plan_of_the_story_meets_its_minimums_by_the_expected_figures(story: Agreement) -> None:
    tests = plan_tests(story)
    care, hospital = tests["adult_social_care"].as_json(), tests["nhs_commissioned_out_of_hospital"].as_json()
    assert {key: care[key] for key in ("required", "planned", "headroom", "result")} == {
        key: CARE[key] for key in ("required", "planned", "headroom", "result")
    }
    assert tests["adult_social_care"].counted_lines == tuple(CARE["lines"])
    assert hospital["planned"] == OUT_OF_HOSPITAL["planned before V2"]
    assert tests["nhs_commissioned_out_of_hospital"].counted_lines == tuple(OUT_OF_HOSPITAL["lines"])
    pooled = tests["nhs_minimum"].as_json()
    whole = EXPECTED["NHS minimum pooled"]
    assert {key: pooled[key] for key in whole} == whole


def test_a_virement_that_would_miss_the_minimum_is_seen_before_it_is_made(story: Agreement) -> None:
    care = plan_tests(story, S3="-63000", S6="63000")["adult_social_care"].as_json()
    would_be = CARE["if virement V1 (S3 to S6 63000.00) were made"]
    assert {key: care[key] for key in would_be} == would_be


def test_a_virement_off_the_nhs_line_leaves_out_of_hospital_met(story: Agreement) -> None:
    hospital = plan_tests(story, S5="-63000", S6="63000")["nhs_commissioned_out_of_hospital"].as_json()
    assert (hospital["planned"], hospital["headroom"]) == (
        OUT_OF_HOSPITAL["planned after V2"],
        OUT_OF_HOSPITAL["headroom"],
    )


def test_on_the_outturn_a_line_counts_no_more_than_its_budget_from_the_minimum(story: Agreement) -> None:
    spent = {"S3": "1583412.77", "S4": "189750.00", "S5": "1851600.40"}
    lines = [
        LineMoney(line.scheme, line.contribution, line.planned_pence, parse_pounds(spent.get(line.scheme, "0")))
        for line in planned(story)
    ]
    tests = minimum_tests(story, lines, "outturn", exact(story))
    care = next(test for test in tests if test.id == "adult_social_care").as_json()
    expected = CARE["outturn within budgeted lines"]
    assert care["lines"] == {"S3": expected["S3 capped at its NHS minimum budget"], "S4": expected["S4"]}
    assert (care["planned"], care["headroom"], care["result"]) == (
        expected["total"],
        expected["headroom"],
        expected["result"],
    )


def with_texts(story: Agreement, section: str, name: str, **says: object) -> Agreement:
    """The same agreement with one item that says something else."""
    items = dict(getattr(story, section))
    items[name] = items[name].model_copy(update=says)
    return story.model_copy(update={section: items})


def test_a_joint_line_counts_by_the_share_that_the_nhs_commissions(story: Agreement) -> None:
    joint = with_texts(story, "schemes", "S6", commissioner=Commissioner.model_validate({"nhs": "60", "la": "40"}))
    hospital = plan_tests(joint)["nhs_commissioned_out_of_hospital"]
    assert hospital.counted == {"S5": 195000500, "S6": 16800000}


def test_a_line_without_an_area_of_spend_leaves_the_answer_open_only_where_it_matters(story: Agreement) -> None:
    assert (
        plan_tests(with_texts(story, "schemes", "S3", area_of_spend=None))["adult_social_care"].result == "cannot tell"
    )
    assert plan_tests(with_texts(story, "schemes", "S5", area_of_spend=None))["adult_social_care"].result == "met"


def test_money_that_is_only_aligned_does_not_meet_a_minimum(story: Agreement) -> None:
    apart = with_texts(story, "funds", "bcf", kind="aligned")
    assert {test.result for test in plan_tests(apart).values()} == {"not met"}


def test_a_minimum_that_the_agreement_does_not_state_is_not_known_here(story: Agreement) -> None:
    without = story.model_copy(update={"minimums": type(story.minimums)()})
    tests = plan_tests(without)
    assert {test.result for test in tests.values()} == {"not known here"}
    assert {test.headroom_pence for test in tests.values()} == {None}


def test_a_range_meets_a_minimum_when_its_lower_end_does() -> None:
    pooled = plan_tests(agreement_of(SOUTH_KENT_COAST))["nhs_minimum"]
    assert pooled.result == "met"
    assert "£3,884,000.00 to £4,543,143.00" in pooled.because


def test_a_condition_is_evidenced_by_the_lines_tagged_with_it_and_never_fails_without_one() -> None:
    kent = agreement_of(KENT)
    found = {each.id: each for each in national_conditions(kent)}
    assert [found[name].result for name in ("joint-plan", "acute-impact")] == ["not evidenced", "not evidenced"]
    assert found["joint-plan"].statement is not None
    assert {each.result for each in found.values()} == {"evidenced", "not evidenced"}
    for name, each in found.items():
        assert each.lines == tuple(line.id for line in kent.schemes.values() if name in line.conditions)


def test_no_money_is_added_up_over_condition_tags() -> None:
    kent = agreement_of(KENT)
    many = national_conditions(kent)
    assert sum(len(each.lines) for each in many) > len({line for each in many for line in each.lines})
    assert not any("£" in str(each.as_json()["because"]) for each in many)
    stripped = kent.model_copy(
        update={
            "schemes": {name: line.model_copy(update={"conditions": ()}) for name, line in kent.schemes.items()},
        }
    )
    assert plan_tests(stripped) == plan_tests(kent)


def test_a_council_capital_grant_tagged_out_of_hospital_does_not_count_towards_the_minimum() -> None:
    kent = agreement_of(KENT)
    grant = [line.id for line in kent.schemes.values() if "nhs-out-of-hospital" in line.conditions and line.capital]
    counted = plan_tests(kent)["nhs_commissioned_out_of_hospital"].counted_lines
    assert grant
    assert not set(grant) & set(counted)


def test_a_money_condition_takes_the_result_of_its_tests(story: Agreement) -> None:
    short = list(plan_tests(story, S3="-63000", S6="63000").values())
    by_id = {each.id: each for each in national_conditions(story, short)}
    assert by_id["maintain-social-care-and-out-of-hospital"].result == "not met"
    assert by_id["people-at-home"].result == "not evidenced"


def test_a_year_without_a_file_is_not_known_here() -> None:
    with pytest.raises(YearNotKnown, match="not known here"):
        load_year(FinancialYear(2031))


@pytest.mark.parametrize(
    ("year", "conditions"),
    [(2014, 6), (2015, 6), (2016, 8), *((year, 4) for year in range(2017, 2026))],
)
def test_each_known_year_has_its_conditions_numbered_with_reference_and_certainty(year: int, conditions: int) -> None:
    rules = load_year(FinancialYear(year))
    assert [each.number for each in rules.conditions] == list(range(1, conditions + 1))
    marks = [(each.reference, each.certainty) for each in rules.conditions]
    marks += [(each.reference, each.certainty) for each in rules.tests]
    marks += [(each.reference, each.certainty) for each in rules.sources]
    marks += [(each.unspent.reference, each.unspent.certainty) for each in rules.sources if each.unspent]
    assert all(reference and certainty in ("seen", "partly seen", "recalled") for reference, certainty in marks)
    known = {test.id for test in rules.tests}
    assert all(set(each.tests) <= known and bool(each.tests) == (each.kind == "money") for each in rules.conditions)


def test_the_years_that_are_known_are_listed() -> None:
    assert [year.starts for year in known_years()] == list(range(2014, 2026))


def test_sources_come_and_go_with_the_years() -> None:
    sources = {year.starts: {source.id for source in load_year(year).sources} for year in known_years()}
    assert {year for year, of in sources.items() if "social_care_capital" in of} == {2015}
    assert {year for year, of in sources.items() if "ibcf" in of} == set(range(2017, 2025))
    assert {year for year, of in sources.items() if "winter_pressures" in of} == {2018, 2019}
    assert {year for year, of in sources.items() if "discharge_la" in of} == {2022, 2023, 2024}
    assert {year for year, of in sources.items() if "la_better_care_grant" in of} == {2025}
    tests = {year.starts: [test.id for test in load_year(year).tests] for year in known_years()}
    assert tests[2014] == tests[2015] == ["nhs_minimum"]
    assert tests[2025] == ["nhs_minimum", "adult_social_care"]
    assert all(len(tests[year]) == 3 for year in range(2016, 2025))


def test_the_national_make_up_of_a_year_adds_up_to_what_was_published() -> None:
    def national(year: int) -> dict[str, int]:
        rules = load_year(FinancialYear(year))
        return {each.id: each.national.exact_pence or 0 for each in rules.sources if each.national}

    million = 100_000_000
    assert sum(national(2020).values()) == 6698 * million
    assert sum(national(2025).values()) == 8965 * million
    assert sum(national(2022).values()) == 500 * million
    assert national(2019)["ibcf"] + national(2019)["winter_pressures"] == national(2020)["ibcf"]


def test_a_years_file_never_frees_a_ring() -> None:
    dfg = next(source for source in load_year(FinancialYear(2023)).sources if source.id == "dfg")
    with pytest.raises(ValidationError, match="the ring of dfg is the same in every year"):
        SourceRule.model_validate({**dfg.model_dump(), "ring_fenced": False})


def test_a_minimum_is_the_agreements_own_and_says_so(story: Agreement) -> None:
    assert {test.required_from for test in plan_tests(story).values()} == {"the agreement's own figure"}
    published = plan_tests(agreement_of(SOUTH_KENT_COAST))["nhs_minimum"]
    assert published.required_from == "the agreement, as published"
    without = story.model_copy(update={"minimums": type(story.minimums)()})
    assert {test.required_from for test in plan_tests(without).values()} == {"not known here"}


@pytest.mark.parametrize(
    ("wording", "result"),
    [
        ("1_000_000 to 1_600_000", "met"),
        ("1_700_001 to 2_000_000", "not met"),
        ("1_500_000 to 1_800_000", "cannot tell"),
    ],
)
def test_over_amounts_that_are_not_numbers_yet_a_test_cannot_tell_unless_every_end_agrees(
    story: Agreement, wording: str, result: str
) -> None:
    minimums = story.minimums.model_copy(update={"adult_social_care": Amount.parse(wording)})
    care = plan_tests(story.model_copy(update={"minimums": minimums}))["adult_social_care"]
    assert care.result == result
    assert care.headroom_pence is None


def test_a_minimum_to_be_confirmed_cannot_be_told(story: Agreement) -> None:
    minimums = story.minimums.model_copy(update={"adult_social_care": Amount.parse("to be confirmed")})
    assert plan_tests(story.model_copy(update={"minimums": minimums}))["adult_social_care"].result == "cannot tell"


def test_a_line_that_waits_for_money_leaves_its_test_open_until_the_source_is_placed(story: Agreement) -> None:
    empty = {each: story.schemes[each].model_copy(update={"budget": {}, "rows": ()}) for each in ("S3", "S4")}
    waiting = story.model_copy(update={"schemes": {**story.schemes, "S3": empty["S3"]}})
    found = plan_tests(waiting)["adult_social_care"]
    assert (found.result, found.planned_pence, found.headroom_pence) == ("cannot tell", 20_000_000, None)
    assert "no amount yet on S3, which may count" in found.because
    nothing = plan_tests(story.model_copy(update={"schemes": {**story.schemes, **empty}}))
    assert nothing["adult_social_care"].planned_pence is None
    left = waiting.contributions["nhs-min"].amount.exact_pence
    assert left is not None
    placed = Amount.exact(left - 150_000_000)
    smaller = waiting.contributions["nhs-min"].model_copy(update={"amount": placed})
    whole = waiting.model_copy(update={"contributions": {**waiting.contributions, "nhs-min": smaller}})
    assert plan_tests(whole)["adult_social_care"].result == "not met"

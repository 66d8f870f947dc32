"""The South Kent Coast agreements hold what the plan of 3 February 2014 says, and no more."""

from datetime import date
from pathlib import Path

import pytest

from pooledfund.agreement_file import read_agreement
from s75_rules.agreement import Agreement
from s75_rules.amounts import Amount

SOUTH_KENT_COAST = Path(__file__).parents[1] / "examples" / "south_kent_coast_2014_16"
YEARS = ("2014_15", "2015_16")


@pytest.fixture(scope="module", params=YEARS)
def agreement(request: pytest.FixtureRequest) -> Agreement:
    return read_agreement(SOUTH_KENT_COAST / f"agreement_{request.param}.yaml").agreement


@pytest.mark.parametrize(
    ("year", "printed", "minimum", "low", "high", "width"),
    [
        ("2014_15", "£3,884,000 - £4,543,143", 3_884_000, 3_884_000, 4_543_143, 659_143),
        ("2015_16", "£13,283,000 – 18,862,575", 13_283_000, 13_283_000, 18_862_575, 5_579_575),
    ],
)
def test_the_agreed_value_is_the_range_as_printed_and_starts_at_the_minimum(
    year: str, printed: str, minimum: int, low: int, high: int, width: int
) -> None:
    file = read_agreement(SOUTH_KENT_COAST / f"agreement_{year}.yaml")
    pool = file.agreement.contributions["pool"]
    assert f"amount: {printed}\n" in file.text
    assert pool.amount == Amount(low * 100, high * 100, "range")
    assert file.agreement.minimums.nhs_minimum == Amount.exact(minimum * 100)
    assert high - low == width
    assert (pool.basis, file.agreement.minimums.basis) == ("published", "published")
    assert any("every total over them says so" in str(warning) for warning in file.warnings)


def test_six_schemes_have_no_money_yet(agreement: Agreement) -> None:
    assert [scheme.name for scheme in agreement.schemes.values()] == [
        "Integrated Teams and Reablement",
        "Enhance Neighbourhood Care Teams and Care Coordination",
        "Enhance Primary Care",
        "Enhance support to Care Homes",
        "Integrated Health and Social Housing approaches",
        "Falls prevention",
    ]
    assert not any(scheme.budgets for scheme in agreement.schemes.values())
    assert agreement.unallocated("pool").wording == "range"


def test_nineteen_outcomes_fourteen_measures_of_success_and_nine_high_risks(agreement: Agreement) -> None:
    kinds = [measure.kind for measure in agreement.measures.values()]
    assert (kinds.count("outcome"), kinds.count("success_measure"), len(kinds)) == (19, 14, 33)
    assert [risk.rating for risk in agreement.risks.values()] == ["High"] * 9
    assert all(risk.mitigation for risk in agreement.risks.values())


def test_one_of_three_signatures_is_there_and_no_placeholder_stands_for_the_others(agreement: Agreement) -> None:
    assert agreement.header.signed == {"skc-ccg": date(2014, 2, 3)}
    assert agreement.header.approvals["hwb"].signed is None
    assert "12 February" in (agreement.header.approvals["hwb"].note or "")
    assert agreement.header.status == "draft"


def test_no_signatory_and_no_placeholder_is_named_in_the_files() -> None:
    for year in YEARS:
        text = (SOUTH_KENT_COAST / f"agreement_{year}.yaml").read_text(encoding="utf-8")
        assert "<" not in text
        assert "Name of" not in text
        assert "Accountable Officer" not in text


def test_a_risk_share_that_is_not_agreed_leaves_everything_to_the_board(agreement: Agreement) -> None:
    (clause,) = agreement.risk_share
    assert "No risk share agreed" in clause.clause
    steps = [*clause.overspend, *clause.underspend]
    assert [step.model_dump(by_alias=True, exclude_none=True) for step in steps] == [
        {"decide": "board"},
        {"decide": "board"},
    ]


def test_the_second_year_follows_the_first() -> None:
    first, second = (read_agreement(SOUTH_KENT_COAST / f"agreement_{year}.yaml").agreement for year in YEARS)
    assert second.header.follows == first.id
    assert (str(first.year), str(second.year)) == ("2014/15", "2015/16")
    assert list(first.schemes) == list(second.schemes)
    assert list(first.measures) == list(second.measures)

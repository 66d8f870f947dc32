"""The conformance cases of the risk share, each to the penny. Properties are tested elsewhere."""

import json
from pathlib import Path

import pytest

from ledgers.money import parse_pounds
from rules_cases import RISK_SHARE_CASES, STORY, agreement_of, expected, shared
from s75_rules.risk_share import Position, RiskShare, share_risk


def test_all_ten_cases_are_there() -> None:
    assert len(RISK_SHARE_CASES) == 10


@pytest.mark.parametrize("case", RISK_SHARE_CASES, ids=lambda case: str(case.name))
def test_a_case_is_shared_to_the_penny(case: Path) -> None:
    figures = expected(case / "expected.json")
    found = {**shared(case).as_json()}
    assert {key: found[key] for key in figures} == figures


def story_share(quarter: str) -> RiskShare:
    """The year of one small pool at a quarter: current budgets after the virement, forecast outturns of its table."""
    agreement = agreement_of(STORY / "agreement.yaml")
    lines = json.loads((STORY / "expected_monitoring.json").read_text(encoding="utf-8"))[quarter]["lines"]
    moved = 0 if quarter == "Q1" else parse_pounds("63000")
    budgets = {
        (scheme.id, contribution): agreement.budget_pence(scheme.id, contribution)
        for scheme in agreement.schemes.values()
        for contribution in scheme.budgets
    }
    budgets["S5", "nhs-min"] -= moved
    budgets["S6", "nhs-min"] += moved
    return share_risk(
        agreement,
        Position(
            budgets=budgets,
            contributions={each.id: each.amount.exact_pence or 0 for each in agreement.contributions.values()},
            outturns={line["scheme"]: parse_pounds(line["forecast_outturn"]) for line in lines},
            reserves={"risk": parse_pounds("40000")},
        ),
    )


@pytest.mark.parametrize(
    ("quarter", "file"),
    [
        ("Q1", "expected_risk_share_forecast_Q1.json"),
        ("Q2", "expected_risk_share_forecast_Q2.json"),
        ("Q3", "expected_risk_share_forecast_Q3.json"),
        ("Q4", "expected_risk_share_outturn.json"),
    ],
)
def test_the_year_of_one_pool_is_shared_to_the_penny_at_each_quarter(quarter: str, file: str) -> None:
    figures = expected(STORY / file)
    found = {**story_share(quarter).as_json()}
    assert {key: found[key] for key in figures} == figures


def test_the_year_of_one_pool_shows_who_bears_each_line() -> None:
    borne = story_share("Q4").borne_by_line
    assert borne["S2", "council"] == parse_pounds("15000.00")
    assert borne["S3", "icb"] + borne["S6", "icb"] == parse_pounds("15000.00")
    assert borne["S3", "council"] + borne["S6", "council"] == parse_pounds("23876.81")

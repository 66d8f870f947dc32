"""Instalments of contributions: every pattern, the remainder pence, and what is kept for own lines."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.money import parse_pounds, pounds
from rules_cases import STORY, agreement_of
from s75_rules.agreement import Agreement
from s75_rules.contributions import (
    ContributionNotPayable,
    InstalmentsDiffer,
    OwnLinesExceedContribution,
    instalments,
)


def paying(amount: str, own: str = "0", **says: Any) -> Agreement:  # noqa: ANN401 - texts of any depth, as a file has
    """A pool where the ICB pays one contribution and leads one line on it."""
    return Agreement.model_validate(
        {
            "pooledfund": "1",
            "agreement": {"id": "small", "title": "Small", "area": "Hillshire", "year": "2016/17"},
            "partners": {
                "council": {"name": "The Council", "kind": "local_authority"},
                "icb": {"name": "The ICB", "kind": "nhs"},
            },
            "funds": {"bcf": {"name": "Better Care Fund", "kind": "pooled", "host": "council"}},
            "contributions": {
                "min": {"partner": "icb", "fund": "bcf", "source": "nhs_minimum", "amount": amount, **says}
            },
            "schemes": {"A": {"name": "Teams", "fund": "bcf", "lead": "icb", "budget": {"min": own}}},
        }
    )


def test_the_pool_of_the_story_is_paid_in_its_instalments() -> None:
    expected = json.loads((STORY / "expected_contributions.json").read_text(encoding="utf-8"))["nhs-min instalments"]
    found = instalments(agreement_of(STORY / "agreement.yaml"), "nhs-min")
    assert [pounds(each.due_pence) for each in found] == expected
    assert [each.due_on for each in found[:2]] == [date(2023, 4, 1), date(2023, 5, 1)]
    assert all(each.invoiced_pence == each.due_pence for each in found)


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        ("quarterly", [(4, 1), (7, 1), (10, 1), (1, 1)]),
        ("quarterly_in_arrears", [(6, 30), (9, 30), (12, 31), (3, 31)]),
        ("annual", [(4, 1)]),
    ],
)
def test_a_pattern_falls_due_on_its_days(pattern: str, days: list[tuple[int, int]]) -> None:
    found = instalments(paying("100.03", instalments=pattern), "min")
    assert [(each.due_on.month, each.due_on.day) for each in found] == days
    assert sum(each.due_pence for each in found) == 10003


def test_the_remainder_pence_stand_in_the_last_instalment() -> None:
    found = instalments(paying("100.03", instalments="quarterly"), "min")
    assert [each.due_pence for each in found] == [2500, 2500, 2500, 2503]


def test_dated_instalments_fall_due_as_agreed() -> None:
    found = instalments(paying("30", instalments={"2017-01-05": "20", "2016-04-30": "10"}), "min")
    assert [(each.due_on, each.due_pence) for each in found] == [(date(2016, 4, 30), 1000), (date(2017, 1, 5), 2000)]


def test_the_host_s_own_contribution_is_met_by_book() -> None:
    found = instalments(agreement_of(STORY / "agreement.yaml"), "la-add")
    assert {(each.invoiced_pence, each.own_lines_pence, each.book_pence) for each in found} == {(0, 0, 6_000_000)}


def test_a_payer_keeps_what_its_own_lines_need_and_is_invoiced_the_rest() -> None:
    found = instalments(paying("1200", own="900.05", settled="net_of_own_lines"), "min")
    assert [each.invoiced_pence for each in found] == [2499] * 11 + [2506]
    assert sum(each.own_lines_pence for each in found) == parse_pounds("900.05")
    assert {each.book_pence for each in found} == {0}


@given(
    amount=st.one_of(st.integers(0, 200), st.integers(0, 10_000_000_00)),
    part=st.integers(0, 100),
    pattern=st.sampled_from(["monthly", "quarterly", "annual"]),
)
def test_instalments_sum_to_the_contribution_however_it_is_met(amount: int, part: int, pattern: str) -> None:
    own = amount * part // 100
    agreement = paying(pounds(amount), own=pounds(own), settled="net_of_own_lines", instalments=pattern)
    found = instalments(agreement, "min")
    assert sum(each.due_pence for each in found) == amount
    assert sum(each.own_lines_pence for each in found) == own
    assert sum(each.invoiced_pence for each in found) == amount - own
    assert all(min(each.own_lines_pence, each.invoiced_pence) >= 0 for each in found)


def test_a_contribution_that_is_a_range_has_no_instalments() -> None:
    with pytest.raises(ContributionNotPayable, match=r"£1,000.00 to £2,000.00"):
        instalments(paying("1000 to 2000"), "min")


def test_dated_instalments_that_do_not_sum_to_the_contribution_are_refused() -> None:
    with pytest.raises(InstalmentsDiffer):
        instalments(paying("30", instalments={"2016-04-30": "29.99"}), "min")


def test_own_lines_over_the_contribution_are_refused() -> None:
    with pytest.raises(OwnLinesExceedContribution):
        instalments(paying("30", own="40", settled="net_of_own_lines"), "min")

"""Virements: tested first, posted with their minute, once, and never past what a line or a ring allows."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ledgers.refusals import LedgerRefusal
from pooledfund.access import NotAllowed, Role
from pooledfund.control.close import close_period
from pooledfund.control.virements import Virement, VirementRefused, make_virement, virement_effect
from pooledfund.intake.actuals import import_actuals
from pooledfund.pool import Pool
from pooledfund.results.lines import lines_at
from pooledfund.results.monitoring import monitor
from pools import TOWN, as_actor, extract, pool_of, spent, state_of

MOVE = Virement("care", "equip", "nhs-min", 50_000_00, date(2023, 7, 1), "JCB 7/23 item 6")


def refused(pool: Pool, virement: Virement) -> str:
    before = state_of(pool)
    with pytest.raises(VirementRefused) as refusal:
        make_virement(pool, virement)
    assert state_of(pool) == before
    return str(refusal.value)


def test_a_virement_moves_budget_from_its_day_on(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    effect, recorded = make_virement(pool, MOVE)
    assert recorded is not None
    assert effect.as_json()["budgets"] == {
        "care": {"before": "800000.00", "after": "750000.00"},
        "equip": {"before": "290000.07", "after": "340000.07"},
    }
    assert lines_at(pool, 3)["care"].current_pence == 800_000_00
    line = lines_at(pool, 6)["care"]
    assert (line.original_pence, line.virements_pence, line.current_pence) == (800_000_00, -50_000_00, 750_000_00)
    assert pool.books.entry(recorded.number).entry.source_reference == "JCB 7/23 item 6"
    assert monitor(pool, 6).as_json()["total"] == {
        **monitor(pool, 6).as_json()["total"],  # type: ignore[dict-item]
        "virements": "0.00",
    }


def test_a_dry_run_posts_nothing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    assert virement_effect(pool, MOVE).as_json()["allowed"] is True
    assert state_of(pool) == before


def test_a_virement_that_breaks_a_minimum_is_shown_and_not_posted(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    too_much = replace(MOVE, to_scheme="rehab", amount_pence=100_000_08)
    effect, recorded = make_virement(pool, too_much)
    assert recorded is None
    assert [test.id for test in effect.breaks] == ["adult_social_care"]
    assert effect.as_json()["allowed"] is False
    assert state_of(pool) == before
    _, recorded = make_virement(pool, replace(too_much, amount_pence=100_000_07))
    assert recorded is not None


def test_a_line_gives_no_more_than_it_has(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    said = refused(pool, replace(MOVE, amount_pence=600_000_01))
    assert "care has £600,000.00 from nhs-min, less than £600,000.01" in said


def test_a_line_gives_no_more_than_it_keeps_in_every_later_month(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    make_virement(pool, Virement("equip", "care", "la-add", 90_000_00, date(2023, 10, 1), "JCB 1"))
    said = refused(pool, Virement("equip", "care", "la-add", 1, date(2023, 5, 1), "JCB 2"))
    assert "equip has £0.00 from la-add" in said


def test_a_closed_month_takes_no_virement(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    assert "M3 is closed and its report stands" in refused(pool, replace(MOVE, effective_on=date(2023, 6, 30)))


def test_the_same_virement_again_is_there_already(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    whole = Virement("equip", "care", "la-add", 90_000_00, date(2023, 7, 1), "JCB 1")
    first, recorded = make_virement(pool, whole)
    close_period(pool, "Q2")
    before = state_of(pool)
    again, there = make_virement(pool, whole)
    assert recorded is not None
    assert there is not None
    assert (there.number, there.outcome) == (recorded.number, "already there")
    assert again.as_json()["budgets"] == first.as_json()["budgets"]
    assert state_of(pool) == before


def test_the_same_minute_with_another_amount_is_refused(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    make_virement(pool, MOVE)
    before = state_of(pool)
    with pytest.raises(LedgerRefusal):
        make_virement(pool, replace(MOVE, amount_pence=50_000_01))
    assert state_of(pool) == before


@pytest.mark.parametrize(
    ("virement", "said"),
    [
        (replace(MOVE, from_scheme="nowhere"), "'nowhere' is not a scheme line"),
        (replace(MOVE, contribution="none"), "'none' is not a contribution"),
        (replace(MOVE, to_scheme="care"), "the two lines are the same"),
        (replace(MOVE, amount_pence=0), "above nil"),
        (replace(MOVE, amount_pence=-5), "above nil"),
        (replace(MOVE, minute="  "), "needs the minute"),
        (replace(MOVE, effective_on=date(2024, 4, 1)), "2024-04-01 is not in 2023/24"),
        (replace(MOVE, from_scheme="grant", contribution="dfg"), "dfg is capital grant and equip is a revenue line"),
        (replace(MOVE, to_scheme="grant"), "nhs-min is nhs_minimum, which pays for revenue only"),
    ],
)
def test_what_cannot_be_vired_is_refused_in_words(tmp_path: Path, virement: Virement, said: str) -> None:
    assert said in refused(pool_of(tmp_path), virement)


def test_every_reason_is_given(tmp_path: Path) -> None:
    said = refused(pool_of(tmp_path), Virement("x", "y", "z", 0, date(2020, 1, 1), ""))
    assert len(said.splitlines()) == 6


def test_a_virement_stays_within_the_fund_of_its_contribution(tmp_path: Path) -> None:
    text = TOWN.replace(
        "contributions:\n", "  view: {name: In view, kind: in_view, host: icb}\ncontributions:\n"
    ).replace("pilot: {name: Falls pilot, fund: bcf", "pilot: {name: Falls pilot, fund: view")
    assert "pilot is in the fund view" in refused(pool_of(tmp_path, text), replace(MOVE, to_scheme="pilot"))


def test_a_line_keeps_the_money_by_which_a_clause_covers_it(tmp_path: Path) -> None:
    clauses = """\
  - clause: "1"
    covers: {schemes: [care, rehab, grant, pilot, beds]}
    overspend: [{share: lead}]
    underspend: [{return: lead}]
  - clause: "2"
    covers: {sources: [la_additional]}
    overspend: [{share: lead}]
    underspend: [{return: lead}]
"""
    pool = pool_of(tmp_path, TOWN[: TOWN.index('  - clause: "7.2"')] + clauses)
    all_of_it = Virement("equip", "care", "la-add", 90_000_00, date(2023, 7, 1), "JCB 1")
    assert "no clause of the risk share would cover equip any more" in refused(pool, all_of_it)
    make_virement(pool, replace(all_of_it, amount_pence=89_999_99))
    assert monitor(pool, 12).lines


def test_spend_to_date_stays_where_it_was_charged(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    import_actuals(pool, extract(tmp_path, spent("A", "800", day="2023-04-10")))
    before = lines_at(pool, 3)["care"]
    make_virement(pool, MOVE)
    assert lines_at(pool, 3)["care"] == before


def test_only_the_manager_makes_virements(tmp_path: Path) -> None:
    pool = as_actor(pool_of(tmp_path), Role.PARTNER_FINANCE_LEAD, "council")
    assert virement_effect(pool, MOVE).breaks == ()
    with pytest.raises(NotAllowed):
        make_virement(pool, MOVE)

"""Virements: tested first, posted with their minute, once, and never past what a line or a ring allows."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ledgers.refusals import LedgerRefusal
from pooledfund.access import ALLOWED, Action, NotAllowed, Role
from pooledfund.agreement_file import AgreementRefused, read_agreement_text
from pooledfund.control.close import close_period
from pooledfund.control.virements import Virement, VirementRefused, agree_virement, make_virement, virement_effect
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.meanwhile import ChangedMeanwhile
from pooledfund.pool import Pool
from pooledfund.results.lines import lines_at
from pooledfund.results.monitoring import monitor
from pools import TOWN, as_actor, extract, pool_of, spent, state_of
from s75_rules.terms import VIRING_ROLES

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


LIMITED = TOWN + "\nvirements: {limits: {pooled_fund_manager: 49_999.99}}\n"


def agreeing(pool: Pool, partner: str) -> Pool:
    return as_actor(pool, Role.PARTNER_FINANCE_LEAD, partner)


def test_a_virement_over_the_limit_of_a_role_is_made_when_every_signatory_agreed_it(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, LIMITED)
    over = r"£50,000.00 is over the £49,999.99 that pooled_fund_manager may vire, and not agreed by "
    assert re.match(over + "council, icb", refused(pool, MOVE))
    agree_virement(agreeing(pool, "council"), MOVE)
    agree_virement(agreeing(pool, "icb"), replace(MOVE, amount_pence=50_000_01))
    assert re.match(over + "icb", refused(pool, MOVE))
    agree_virement(agreeing(pool, "icb"), MOVE)
    assert make_virement(pool, MOVE)[1] is not None
    assert pool.books.verify() == []


def test_a_deputy_agrees_a_virement_for_the_body_and_makes_none(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, LIMITED)
    lead = agreeing(pool, "council")
    deputy = Pool(pool._ledger, replace(lead.actor, name="dee", deputy_for=lead.actor.name))
    agree_virement(deputy, MOVE)
    agree_virement(agreeing(pool, "icb"), MOVE)
    assert next((each.body, each.who) for each in pool.books.sign_offs()) == ("council", "dee")
    assert Action.VIRE not in ALLOWED[Role.PARTNER_FINANCE_LEAD]
    with pytest.raises(NotAllowed):
        make_virement(deputy, MOVE)
    assert make_virement(pool, MOVE)[1] is not None


def test_a_virement_up_to_the_limit_needs_its_minute_alone(tmp_path: Path) -> None:
    assert make_virement(pool_of(tmp_path, LIMITED), replace(MOVE, amount_pence=49_999_99))[1] is not None


def test_only_a_partners_finance_lead_agrees_and_only_what_can_be_made(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, LIMITED)
    for other in (pool, as_actor(pool, Role.PARTNER_FINANCE, "icb"), as_actor(pool, Role.PARTNER_FINANCE_LEAD)):
        with pytest.raises(NotAllowed):
            agree_virement(other, MOVE)
    with pytest.raises(VirementRefused, match="above nil"):
        agree_virement(agreeing(pool, "icb"), replace(MOVE, amount_pence=0))
    assert pool.books.sign_offs() == []


def test_a_limit_of_a_role_that_makes_no_virements_is_refused() -> None:
    assert set(VIRING_ROLES) == {role for role, actions in ALLOWED.items() if Action.VIRE in actions}
    with pytest.raises(AgreementRefused, match="'manager' is not a role that makes virements"):
        read_agreement_text(LIMITED.replace("pooled_fund_manager: 49", "manager: 49"), "town.yaml")


def test_who_agrees_a_virement_agrees_to_the_budgets_that_were_seen(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    council, icb = (as_actor(pool, Role.PARTNER_FINANCE_LEAD, partner) for partner in ("council", "icb"))
    read = pool.books.head().number
    first = agree_virement(council, MOVE, expected_event=read)
    make_virement(pool, replace(MOVE, minute="JCB 6/23", amount_pence=1_00))
    with pytest.raises(ChangedMeanwhile, match="the budget of a line"):
        agree_virement(icb, MOVE, expected_event=read)
    assert agree_virement(council, MOVE, expected_event=read) == first, "what was agreed before stands"
    assert agree_virement(icb, MOVE, expected_event=pool.books.head().number) > first

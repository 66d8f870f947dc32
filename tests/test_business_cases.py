"""No money moves on a new or varied line before its business case is approved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.control.variation_entries import Approval as VariationApproval
from pooledfund.control.variations import vary_agreement
from pooledfund.control.virements import Virement, make_virement
from pooledfund.errors import InputRefused
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.business_cases import Approval, BusinessCaseMissing, approve_case, without_case
from pooledfund.intake.journals import COLUMNS as JOURNALS
from pooledfund.intake.journals import post_journals
from pooledfund.pool import Pool
from pools import DB, TOWN, as_actor, csv_file, extract, pool_of, spent, state_of

PILOT = "lead: council, area_of_spend: social_care}\nminimums"
NEW = TOWN.replace(PILOT, "lead: council, area_of_spend: social_care, new: true}\nminimums")
NAMED = TOWN.replace(PILOT, "lead: council, area_of_spend: social_care, business_case: {reference: BC7}}\nminimums")
DONE = NAMED.replace("{reference: BC7}", "{reference: BC7, approved: 2023-03-01, minute: Board 2}")
TO_PILOT = Virement("care", "pilot", "nhs-min", 1000_00, date(2023, 7, 1), "JCB 1")
APPROVAL = Approval("pilot", "BC7", date(2023, 5, 2), "Board 4")


def on(pool: Pool) -> Pool:
    return Pool(pool._ledger, pool.actor, lambda: datetime(2023, 7, 1, 9, tzinfo=UTC))


def journal(pool: Pool, folder: Path) -> object:
    rows = [["1", "actual", "2023-06-01", "fix", "expenditure", "pilot", "la-add", "council", "9"],
            ["1", "actual", "2023-06-01", "fix", "creditors", "pilot", "", "council", "-9"]]  # fmt: skip
    return post_journals(pool, csv_file(folder, "j.csv", JOURNALS, *rows))


MOVES: dict[str, Callable[[Pool, Path], object]] = {
    "virement": lambda pool, _: make_virement(pool, TO_PILOT),
    "spend": lambda pool, folder: import_actuals(pool, extract(folder, spent("A", "5", "pilot"))),
    "journal": journal,
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize(("text", "case"), [(NEW, "a new line's case"), (NAMED, "business case BC7")])
def test_money_moves_only_after_the_case_is_approved(tmp_path: Path, text: str, case: str, move: str) -> None:
    pool = on(pool_of(tmp_path, text))
    before = state_of(pool)
    with pytest.raises(InputRefused, match=f"pilot: {case} is not approved"):
        MOVES[move](pool, tmp_path)
    assert state_of(pool) == before
    event = approve_case(pool, APPROVAL)
    MOVES[move](pool, tmp_path)
    assert "pilot" in without_case(pool, event - 1)
    assert without_case(pool) == {}


@pytest.mark.parametrize("text", [TOWN, DONE, TOWN + "business_cases: required\n"])
def test_a_line_of_the_agreement_or_with_an_approved_case_needs_nothing_more(tmp_path: Path, text: str) -> None:
    pool = pool_of(tmp_path, text)
    for move in MOVES.values():
        move(pool, tmp_path)


def test_where_cases_are_required_a_line_that_a_variation_added_needs_one(tmp_path: Path) -> None:
    required = TOWN + "business_cases: required\n"
    line = "  later: {name: Added later, fund: bcf, lead: council, area_of_spend: social_care"
    later = required.replace("\nminimums", f"\n{line}}}\nminimums", 1)
    pool = on(pool_of(tmp_path, required))
    approved = VariationApproval(date(2023, 7, 1), "Board 5", "Joint board")
    funded = later.replace(
        "area_of_spend: social_care}\nminimums", "area_of_spend: social_care, budget: {dfg: 0.01}}\nminimums"
    )
    funded = funded.replace("budget: {dfg: 100_000}", "budget: {dfg: 99_999.99}").replace(
        "budget: {dfg: 0.01}", "capital: true, budget: {dfg: 0.01}"
    )
    with pytest.raises(InputRefused, match="later: a new line's case is not approved"):
        vary_agreement(pool, read_agreement_text(funded, "later.yaml"), approved)
    vary_agreement(pool, read_agreement_text(later, "later.yaml"), approved)
    pool = on(Pool.open(tmp_path / DB, None, pool.actor))
    with pytest.raises(InputRefused, match="later: a new line's case is not approved"):
        make_virement(pool, replace(TO_PILOT, to_scheme="later"))
    approve_case(pool, replace(APPROVAL, scheme="later"))
    make_virement(pool, replace(TO_PILOT, to_scheme="later"))


@pytest.mark.parametrize(
    ("approval", "said"),
    [
        (Approval("none", "BC7", date(2023, 5, 2), "m"), "'none' is not a scheme line"),
        (Approval("care", "BC7", date(2023, 5, 2), "m"), "care needs no approval any more"),
        (Approval("pilot", "BC8", date(2023, 5, 2), "m"), "the business case of pilot is BC7"),
        (Approval("pilot", "BC7", date(2023, 5, 2), " "), "has the case's reference and the minute"),
        (Approval("pilot", "BC7", date(2023, 7, 2), "m"), "is yet to come"),
    ],
)
def test_an_approval_that_says_too_little_is_refused(tmp_path: Path, approval: Approval, said: str) -> None:
    pool = on(pool_of(tmp_path, NAMED))
    with pytest.raises(BusinessCaseMissing, match=said):
        approve_case(pool, approval)
    with pytest.raises(NotAllowed):
        approve_case(as_actor(pool, Role.PARTNER_FINANCE, "council"), APPROVAL)


def test_who_approves_stands_in_the_log(tmp_path: Path) -> None:
    pool = on(pool_of(tmp_path, NAMED))
    event = approve_case(Pool(pool._ledger, Actor("ann", Role.POOLED_FUND_MANAGER), pool.clock), APPROVAL)
    assert pool.books.events()[event - 1].who == "ann"

"""Recharges: claimed, agreed by another, paid from the pool's cash, and cast to what the books owe."""

from datetime import date
from pathlib import Path

import pytest

from pooledfund.access import NotAllowed, Role
from pooledfund.control.close import close_period
from pooledfund.control.recharges import RechargeRefused, agree_recharge, pay_recharge
from pooledfund.errors import InputRefused
from pooledfund.intake.recharges import CLAIMS, recharges
from pooledfund.intake.told import take_call, take_file
from pooledfund.pool import Pool
from pooledfund.results.recharges import Recharges, recharges_at
from pools import as_actor, csv_file, imported, pool_of, spent, state_of, total_of

HEADER = ("claimed_for", "reference", "scheme", "amount", "claimed_on")


def spending(folder: Path) -> Pool:
    pool = pool_of(folder)
    owed = spent("A-1", "900", "rehab", partner="icb", contribution="nhs-min")
    imported(pool, folder, owed, spent("A-2", "70", "care"))
    return pool


def icb(pool: Pool) -> Pool:
    return as_actor(pool, Role.PARTNER_FINANCE, "icb")


def claimed(pool: Pool, folder: Path, *rows: list[str]) -> None:
    take_file(icb(pool), CLAIMS, csv_file(folder, "claims.csv", HEADER, *rows))


def cast(pool: Pool, month: int) -> Recharges:
    """The recharges of a month, whose casting comes to the creditor account."""
    found = recharges_at(pool, month)
    assert sum(each.owed_pence for each in found.partners) == -total_of(pool, "creditors", through_month=month)
    for each in found.partners:
        assert each.claimed_pence + each.agreed_pence + each.not_claimed_pence == each.owed_pence
    return found


def test_a_recharge_goes_from_claim_to_payment_and_casts_at_each_step(tmp_path: Path) -> None:
    pool = spending(tmp_path)
    claimed(pool, tmp_path, ["icb", "R1", "rehab", "600", "2023-06-30"], ["icb", "R2", "rehab", "200", "2023-06-30"])
    cash = total_of(pool, "pool_cash")
    (_, of_icb) = cast(pool, 3).partners
    assert (of_icb.claimed_pence, of_icb.agreed_pence, of_icb.not_claimed_pence) == (800_00, 0, 100_00)
    agree_recharge(pool, "icb", "R1")
    (_, of_icb) = cast(pool, 3).partners
    assert (of_icb.claimed_pence, of_icb.agreed_pence, of_icb.not_claimed_pence) == (200_00, 600_00, 100_00)
    assert pay_recharge(pool, "icb", "R1", date(2023, 7, 20), "BACS-9") is None
    assert [each.state for each in cast(pool, 4).claims] == ["paid", "claimed"]
    # At the end of June it was agreed and not paid.
    assert [each.state for each in cast(pool, 3).claims] == ["agreed", "claimed"]
    assert total_of(pool, "pool_cash") == cash - 600_00
    assert pool.books.verify() == []


def test_a_claim_stands_as_it_was_at_an_event(tmp_path: Path) -> None:
    pool = spending(tmp_path)
    claimed(pool, tmp_path, ["icb", "R1", "rehab", "600", "2023-06-30"])
    event = pool.books.head().number
    before = recharges_at(pool, 12, event)
    agree_recharge(pool, "icb", "R1")
    pay_recharge(pool, "icb", "R1", date(2023, 7, 20), "BACS-9")
    assert recharges_at(pool, 12, event) == before
    assert [each.state for each in recharges(pool)] == ["paid"]


def test_the_same_claim_again_changes_nothing_and_another_amount_replaces_it_until_agreed(tmp_path: Path) -> None:
    pool = spending(tmp_path)
    claimed(pool, tmp_path, ["icb", "R1", "rehab", "600", "2023-06-30"])
    before = state_of(pool)
    claimed(pool, tmp_path, ["icb", "R1", "rehab", "600", "2023-06-30"])
    assert state_of(pool) == before
    claimed(pool, tmp_path, ["icb", "R1", "rehab", "700", "2023-06-30"])
    assert [each.amount_pence for each in recharges(pool)] == [700_00]
    agree_recharge(pool, "icb", "R1")
    with pytest.raises(InputRefused, match="R1 of icb is agreed and stays as it is"):
        claimed(pool, tmp_path, ["icb", "R1", "rehab", "800", "2023-06-30"])


def test_every_fault_of_a_file_of_claims_is_said_at_once(tmp_path: Path) -> None:
    pool = spending(tmp_path)
    before = state_of(pool)
    with pytest.raises(InputRefused) as refusal:
        claimed(
            pool, tmp_path, ["gp", "R1", "rehab", "1", "2023-06-30"], ["icb", "", "nowhere", "-1", "2023-06-30"],
            ["icb", "R3", "rehab", "1", "June"], ["icb", "R4", "rehab", "one", "2023-06-30"],
        )  # fmt: skip
    for said in ("'gp' is not a partner", "'nowhere' is not a scheme line", "a claim has a reference",
                 "a claim is above nil", "'June' is not a date", "'one' is not an amount of money"):  # fmt: skip
        assert said in str(refusal.value)
    assert state_of(pool) == before


def test_nobody_agrees_their_own_claim_or_their_own_partners(tmp_path: Path) -> None:
    pool = spending(tmp_path)
    take_call(pool, CLAIMS, dict(zip(HEADER, ["icb", "R1", "rehab", "600", "2023-06-30"], strict=True)))
    before = state_of(pool)
    with pytest.raises(RechargeRefused, match="manager claimed R1: another person agrees it"):
        agree_recharge(pool, "icb", "R1")
    with pytest.raises(RechargeRefused, match="icb does not agree its own claim"):
        agree_recharge(as_actor(pool, Role.PARTNER_FINANCE_LEAD, "icb"), "icb", "R1")
    with pytest.raises(NotAllowed):
        agree_recharge(icb(pool), "icb", "R1")
    with pytest.raises(InputRefused, match="only of their own partner"):
        take_call(icb(pool), CLAIMS, dict(zip(HEADER, ["council", "R", "care", "6", "2023-06-30"], strict=True)))
    assert state_of(pool) == before
    assert agree_recharge(as_actor(pool, Role.PARTNER_FINANCE_LEAD, "council"), "icb", "R1").state == "agreed"


def test_no_more_is_agreed_than_the_books_owe_on_the_line(tmp_path: Path) -> None:
    pool = spending(tmp_path)
    claimed(pool, tmp_path, ["icb", "R1", "rehab", "600", "2023-06-30"], ["icb", "R2", "rehab", "300.01", "2023-06-30"])
    agree_recharge(pool, "icb", "R1")
    with pytest.raises(RechargeRefused, match=r"R2 claims £300\.01 on rehab, and the books owe icb £300\.00 there"):
        agree_recharge(pool, "icb", "R2")


def test_only_an_agreed_claim_is_paid_and_once(tmp_path: Path) -> None:
    pool = spending(tmp_path)
    claimed(pool, tmp_path, ["icb", "R1", "rehab", "600", "2023-06-30"])
    with pytest.raises(RechargeRefused, match="R1 of icb is claimed: only an agreed claim is paid, and once"):
        pay_recharge(pool, "icb", "R1", date(2023, 7, 20), "BACS-9")
    agree_recharge(pool, "icb", "R1")
    with pytest.raises(RechargeRefused, match="a payment has a reference"):
        pay_recharge(pool, "icb", "R1", date(2023, 7, 20), " ")
    pay_recharge(pool, "icb", "R1", date(2023, 7, 20), "BACS-9")
    before = state_of(pool)
    with pytest.raises(RechargeRefused, match="R1 of icb is paid"):
        pay_recharge(pool, "icb", "R1", date(2023, 7, 20), "BACS-9")
    with pytest.raises(RechargeRefused, match="icb has no claim 'R7'"):
        agree_recharge(pool, "icb", "R7")
    assert state_of(pool) == before


def test_a_payment_of_a_closed_month_is_posted_to_the_next_and_says_so(tmp_path: Path) -> None:
    pool = spending(tmp_path)
    claimed(pool, tmp_path, ["icb", "R1", "rehab", "600", "2023-06-30"])
    agree_recharge(pool, "icb", "R1")
    close_period(pool, "Q2")
    note = pay_recharge(pool, "icb", "R1", date(2023, 7, 20), "BACS-9")
    assert note is not None
    assert note.endswith("posted to M7")
    assert [each.state for each in cast(pool, 6).claims] == ["agreed"]
    assert [each.state for each in cast(pool, 7).claims] == ["paid"]

"""Receipts: cash against what a partner owes, each once, on the right day, all or nothing."""

from datetime import date
from pathlib import Path

import pytest

from ledgers.refusals import LedgerRefusal
from pooledfund.access import NotAllowed, Role
from pooledfund.control.close import close_period
from pooledfund.errors import InputRefused
from pooledfund.intake.receipts import COLUMNS, ReceiptsPosted, receive
from pooledfund.pool import Pool
from pools import as_actor, csv_file, entry_of, pool_of, state_of, total_of

APRIL = ["2023-04-05", "nhs-min", "icb", "100,000.00", "BACS-1"]
MAY = ["2023-05-05", "nhs-min", "icb", "£50.01", "BACS-2"]


def received(pool: Pool, folder: Path, *rows: list[str], name: str = "receipts.csv") -> ReceiptsPosted:
    return receive(pool, csv_file(folder, name, COLUMNS, *rows))


def refused(pool: Pool, folder: Path, *rows: list[str]) -> str:
    before = state_of(pool)
    with pytest.raises((InputRefused, LedgerRefusal)) as refusal:
        received(pool, folder, *rows, name="bad.csv")
    assert state_of(pool) == before
    return str(refusal.value)


def test_a_receipt_is_cash_against_the_partners_debt(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    owed = total_of(pool, "debtors")
    found = received(pool, tmp_path, APRIL, MAY)
    assert (found.new, found.total_pence, found.notes) == (2, 100_050_01, ())
    assert total_of(pool, "pool_cash") == 100_050_01
    assert total_of(pool, "debtors") == owed - 100_050_01


def test_the_same_receipts_are_posted_once(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    received(pool, tmp_path, APRIL)
    again = received(pool, tmp_path, APRIL, MAY, MAY, name="other name.csv")
    assert (again.new, again.already_there, again.total_pence) == (1, 2, 50_01)


def test_receipts_posted_before_their_month_closed_are_there_already(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    received(pool, tmp_path, APRIL)
    close_period(pool, "Q1")
    before = state_of(pool)
    again = received(pool, tmp_path, APRIL)
    assert (again.new, again.already_there, again.notes) == (0, 1, ())
    assert state_of(pool) == before


def test_a_receipt_for_a_closed_month_takes_the_first_open_day_and_is_known_again(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    found = received(pool, tmp_path, APRIL)
    entry = entry_of(pool, "receipt/icb/BACS-1").entry
    assert (entry.effective_on, entry.document_on) == (date(2023, 7, 1), date(2023, 4, 5))
    assert found.notes == ("BACS-1: dated 2023-04-05, M1 is closed: posted to M4",)
    close_period(pool, "Q2")
    assert received(pool, tmp_path, APRIL).already_there == 1


@pytest.mark.parametrize(
    "other",
    [
        [*APRIL[:3], "100,000.01", "BACS-1"],
        ["2023-04-06", *APRIL[1:]],
        ["2023-04-05", "nhs-own", "icb", "100,000.00", "BACS-1"],
    ],
)
def test_the_same_reference_with_other_content_is_refused(tmp_path: Path, other: list[str]) -> None:
    pool = pool_of(tmp_path)
    received(pool, tmp_path, APRIL)
    assert "receipt/icb/BACS-1" in refused(pool, tmp_path, MAY, other)


def test_a_reference_may_hold_a_comma(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    path = tmp_path / "receipts.csv"
    path.write_text(",".join(COLUMNS) + "\n2023-04-05,nhs-min,icb,10.00,BACS 1, April\n", encoding="utf-8")
    assert receive(pool, path).total_pence == 1000
    assert entry_of(pool, "receipt/icb/BACS 1, April").entry.source_reference == "BACS 1, April"


def test_an_amount_cut_at_its_thousands_is_refused(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    path = tmp_path / "receipts.csv"
    path.write_text(",".join(COLUMNS) + "\n2023-04-05,nhs-min,icb,100,000.00,BACS-1\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="cut at the comma"):
        receive(pool, path)
    assert total_of(pool, "pool_cash") == 0


def test_every_fault_is_shown_and_nothing_is_posted(tmp_path: Path) -> None:
    said = refused(
        pool_of(tmp_path),
        tmp_path,
        APRIL,
        ["2023-04-05", "none", "icb", "1", "A"],
        ["2023-04-05", "nhs-min", "council", "1", "B"],
        ["2023-04-05", "nhs-min", "icb", "one", "C"],
        ["5 April", "nhs-min", "icb", "1", "D"],
        ["2024-04-05", "nhs-min", "icb", "1", "E"],
        ["2023-04-05", "nhs-min", "icb", "0.00", "F"],
        ["2023-04-05", "nhs-min", "icb", "1", ""],
    )
    assert [line.split(": ")[0] for line in said.splitlines()] == [f"bad.csv:{row}" for row in range(3, 10)]


def test_a_file_without_receipts_is_refused(tmp_path: Path) -> None:
    assert "holds no receipts" in refused(pool_of(tmp_path), tmp_path)


def test_a_stated_month_that_is_another_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "r.csv", (*COLUMNS, "posted_month"), [*APRIL, "M2"])
    with pytest.raises(InputRefused, match="2023-04-05 is in M1, and the row says M2"):
        receive(pool_of(tmp_path), path)


def test_a_refund_takes_cash_out(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    received(pool, tmp_path, APRIL, ["2023-06-05", "nhs-min", "icb", "-40", "REF-1"])
    assert total_of(pool, "pool_cash") == 99_960_00


def test_who_may_not_receive_is_told_so_first(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        receive(as_actor(pool_of(tmp_path), Role.PARTNER_FINANCE, "icb"), tmp_path / "none.csv")

"""Accruals that reverse themselves, once, and what arrives for a month that is closed."""

from datetime import date
from pathlib import Path

import pytest

from pooledfund.control.close import close_period
from pools import entry_of, imported, pool_of, refused, spend_of, spent, total_of


def test_an_accrual_reverses_on_the_first_of_the_next_month(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = imported(pool, tmp_path, spent("ACC", "30", day="2023-06-30", kind="accrual"))
    reversal = entry_of(pool, "spend/council/ACC/reversal")
    assert found.reversals == 1
    assert (reversal.entry.effective_on, reversal.entry.reverses) == (date(2023, 7, 1), reversal.number - 1)
    assert sum(spend_of(pool, "care", 3).values()) == 3000
    assert sum(spend_of(pool, "care", 4).values()) == 0
    assert total_of(pool, "accruals", through_month=3) == -3000
    assert total_of(pool, "accruals") == 0


@pytest.mark.parametrize("reference", ["ACC", "ACC-R", "JNL77"])
def test_the_ledgers_own_reversal_is_there_already(tmp_path: Path, reference: str) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("ACC", "30", day="2023-06-30", kind="accrual"))
    reversal = spent(reference, "-30", day="2023-07-01", kind="accrual_reversal")
    found = imported(pool, tmp_path, reversal, spent("X", "1"), name="july.csv")
    again = imported(pool, tmp_path, spent("Y", "1"), [*reversal[:-1], "sent again"], name="july_again.csv")
    assert (found.posted, found.already_there) == (1, 1)
    assert (again.posted, again.already_there) == (1, 1)
    assert sum(spend_of(pool, "care").values()) == 200
    assert pool.books.verify() == []


@pytest.mark.parametrize("reference", ["ACC", "ACC-R", "JNL77"])
@pytest.mark.parametrize("accrual_first", [True, False])
def test_an_accrual_and_its_reversal_in_one_file_count_once(
    tmp_path: Path, reference: str, accrual_first: bool
) -> None:
    pool = pool_of(tmp_path)
    rows = [
        spent("ACC", "30", day="2023-06-30", kind="accrual"),
        spent(reference, "-30", day="2023-07-01", kind="accrual_reversal"),
    ]
    found = imported(pool, tmp_path, *(rows if accrual_first else reversed(rows)))
    assert (found.posted, found.already_there, found.reversals) == (1, 1, 1)
    assert sum(spend_of(pool, "care", 3).values()) == 3000
    assert sum(spend_of(pool, "care").values()) == 0
    reversal = entry_of(pool, "spend/council/ACC/reversal")
    assert len(pool.books.source_lines(entry=reversal.number)) == 1


@pytest.mark.parametrize("reference", ["ACC", "ACC-R"])
def test_a_reversal_that_came_before_its_accrual_is_the_only_one(tmp_path: Path, reference: str) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent(reference, "-30", day="2023-07-01", kind="accrual_reversal"), name="q2.csv")
    found = imported(pool, tmp_path, spent("ACC", "30", day="2023-06-30", kind="accrual"), name="q1.csv")
    assert found.reversals == 0
    assert "the ledger's reversal of this accrual came in before it" in found.notes[0]
    assert sum(spend_of(pool, "care").values()) == 0


def test_two_accruals_of_one_amount_have_two_reversals(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    accruals = [spent(f"A{each}", "30", day="2023-06-30", kind="accrual") for each in (1, 2)]
    imported(pool, tmp_path, *accruals)
    back = [spent(f"J{each}", "-30", day="2023-07-01", kind="accrual_reversal") for each in (1, 2, 3)]
    found = imported(pool, tmp_path, *back, name="july.csv")
    assert (found.posted, found.already_there) == (1, 2)
    assert sum(spend_of(pool, "care").values()) == -3000


@pytest.mark.parametrize("reference", ["ACC", "ACC-R"])
def test_a_reversal_by_another_amount_is_refused_and_not_added_to_the_books_own(tmp_path: Path, reference: str) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("ACC", "30", day="2023-06-30", kind="accrual"))
    row = spent(reference, "-29", day="2023-07-01", kind="accrual_reversal")
    assert "2: " in refused(pool, tmp_path, row, name="july.csv")


def test_an_accrual_of_march_reverses_in_next_years_books(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = imported(pool, tmp_path, spent("ACC", "30", day="2024-03-31", kind="accrual"))
    assert found.reversals == 0
    assert found.notes == ("ACC: the accrual reverses on 2024-04-01, in next year's books",)
    assert sum(spend_of(pool, "care").values()) == 3000


def test_a_late_invoice_takes_the_first_open_day_and_says_so(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    found = imported(pool, tmp_path, spent("LATE", "84", day="2023-06-30", dated="2023-06-14", words="repairs"))
    late = entry_of(pool, "spend/council/LATE").entry
    assert (late.effective_on, late.document_on) == (date(2023, 7, 1), date(2023, 6, 14))
    assert late.why == "repairs (dated 2023-06-30, M3 is closed: posted to M4)"
    assert found.notes == ("row 2, LATE: dated 2023-06-30, M3 is closed: posted to M4",)
    assert sum(spend_of(pool, "care", 3).values()) == 0


def test_a_line_that_was_imported_before_its_month_closed_is_there_already(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "84", day="2023-06-30"))
    close_period(pool, "Q1")
    again = imported(pool, tmp_path, spent("A", "84", day="2023-06-30"), spent("B", "1", day="2023-07-02"))
    assert (again.posted, again.already_there) == (1, 1)


def test_a_prepayment_moves_its_cost_into_the_next_month(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(
        pool,
        tmp_path,
        spent("INV", "90", day="2023-06-14"),
        spent("PP", "-60", day="2023-06-30", kind="prepayment"),
    )
    assert [sum(spend_of(pool, "care", month).values()) for month in (3, 4)] == [30_00, 90_00]
    assert [total_of(pool, "accruals", through_month=month) for month in (3, 4)] == [60_00, 0]
    july = spent("PP-R", "60", day="2023-07-01", kind="prepayment_reversal")
    found = imported(pool, tmp_path, july, spent("X", "1", day="2023-07-02"), name="july.csv")
    assert (found.posted, found.already_there) == (1, 1)
    assert pool.books.verify() == []


def test_a_late_accrual_never_counts_beside_the_invoice_that_it_stood_for(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    imported(
        pool,
        tmp_path,
        spent("ACC", "30", day="2023-06-30", kind="accrual"),
        spent("ACC-R", "-30", day="2023-07-01", kind="accrual_reversal"),
        spent("INV", "31", day="2023-07-14"),
    )
    assert entry_of(pool, "spend/council/ACC").entry.effective_on == date(2023, 7, 1)
    reversal = entry_of(pool, "spend/council/ACC/reversal").entry
    assert (reversal.effective_on, reversal.document_on) == (date(2023, 7, 1), date(2023, 7, 1))
    assert sum(spend_of(pool, "care", 4).values()) == 31_00
    assert total_of(pool, "accruals", through_month=4) == 0


def test_when_every_month_is_closed_nothing_is_taken(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q4")
    said = refused(pool, tmp_path, spent("A", "1"), spent("B", "1", day="2024-03-31"))
    assert "actuals.csv:2: 2023-05-10 falls in M2, which is closed, and no later month of 2023/24 is open" in said
    assert "actuals.csv:3: 2024-03-31 falls in M12" in said

"""Journals: entries posting by posting, all or nothing, known again by file and number."""

from datetime import date
from pathlib import Path

import pytest

from ledgers.refusals import LedgerRefusal
from pooledfund.access import NotAllowed, Role
from pooledfund.control.close import close_period
from pooledfund.errors import InputRefused
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.journals import COLUMNS, JournalsPosted, post_journals
from pooledfund.pool import Pool
from pooledfund.results.risk_position import breaches
from pools import as_actor, csv_file, entry_of, extract, pool_of, spent, state_of, total_of


def entry(number: str, amount: str, *, book: str = "actual", day: str = "2023-05-10", **to: str) -> list[list[str]]:
    """The two rows of a journal from creditors to expenditure, or between other accounts."""
    debit, credit = to.get("debit", "expenditure"), to.get("credit", "creditors")
    scheme, why = to.get("scheme", "care"), to.get("why", "correction")
    contribution, partner = to.get("contribution", ""), to.get("partner", "council")
    return [
        [number, book, day, why, debit, scheme, contribution, partner, amount],
        [number, book, day, why, credit, scheme, contribution, partner, f"-{amount}"],
    ]


def posted(pool: Pool, folder: Path, *entries: list[list[str]], name: str = "journals.csv") -> JournalsPosted:
    return post_journals(pool, csv_file(folder, name, COLUMNS, *[row for rows in entries for row in rows]))


def refused(pool: Pool, folder: Path, *entries: list[list[str]], name: str = "journals.csv") -> str:
    before = state_of(pool)
    with pytest.raises((InputRefused, LedgerRefusal)) as refusal:
        posted(pool, folder, *entries, name=name)
    assert state_of(pool) == before
    return str(refusal.value)


def test_a_journal_moves_suspense_to_its_line(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    posted(
        pool, tmp_path,
        entry("1", "26.40", debit="suspense", scheme=""),
        entry("2", "26.40", debit="expenditure", credit="suspense", why="agency is home care"),
    )  # fmt: skip
    assert (total_of(pool, "suspense"), total_of(pool, "expenditure")) == (0, 2640)


def test_the_same_file_again_is_there_already_also_after_its_month_closed(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    assert posted(pool, tmp_path, entry("1", "5")).new == 1
    close_period(pool, "Q1")
    before = state_of(pool)
    again = posted(pool, tmp_path, entry("1", "5"))
    assert (again.new, again.already_there, again.notes) == (0, 1, ())
    assert state_of(pool) == before


def test_a_corrected_file_of_the_same_name_is_noticed(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    posted(pool, tmp_path, entry("1", "5"))
    said = refused(pool, tmp_path, entry("2", "1"), entry("1", "6"))
    assert "journal/journals.csv/1' is recorded already" in said


def test_what_is_dated_in_a_closed_month_takes_the_first_open_day_and_says_so(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    found = posted(pool, tmp_path, entry("1", "5"))
    kept = entry_of(pool, "journal/journals.csv/1").entry
    assert (kept.effective_on, kept.document_on) == (date(2023, 7, 1), date(2023, 5, 10))
    assert found.notes == ("correction: dated 2023-05-10, M2 is closed: posted to M4",)
    assert posted(pool, tmp_path, entry("1", "5")).already_there == 1


@pytest.mark.parametrize("book", ["budget", "forecast"])
def test_a_budget_or_forecast_entry_in_a_closed_month_is_refused(tmp_path: Path, book: str) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    assert f"M2 is closed and its report stands: date the {book} entry in an open month" in refused(
        pool, tmp_path, entry("1", "5", book=book)
    )


def test_a_contribution_may_not_be_budgeted_twice(tmp_path: Path) -> None:
    said = refused(
        pool_of(tmp_path), tmp_path,
        entry("1", "0.01", book="budget", debit="line_budget:original", credit="unallocated", contribution="nhs-min"),
    )  # fmt: skip
    assert "unallocated of contribution nhs-min, which has £0.00" in said


def test_every_fault_is_shown_and_nothing_is_posted(tmp_path: Path) -> None:
    good, bad = entry("1", "5"), entry("2", "5")
    bad[1][8] = "-4"
    said = refused(
        pool_of(tmp_path), tmp_path, good, bad,
        entry("3", "5", debit="petty_cash"),
        entry("4", "5", scheme="nowhere"),
        entry("5", "1.001"),
        entry("6", "5", day="May"),
        entry("7", "5", day="2022-05-10"),
        entry("8", "5", book="cash"),
        entry("9", "5", why=""),
    )  # fmt: skip
    for part in (
        "journals.csv:4: entry 2 does not balance by £1.00", "account 'petty_cash' is not one of town", "'nowhere'",
        "part of a penny", "'May' is not a date", "2022-05-10 is not in 2023/24", "'cash' is not a book", "says why",
    ):  # fmt: skip
        assert part in said, (part, said)


def test_rows_of_one_entry_that_stand_apart_are_refused(tmp_path: Path) -> None:
    first, second = entry("1", "5"), entry("2", "5")
    said = refused(pool_of(tmp_path), tmp_path, [first[0]], second, [first[1]])
    assert "the rows of entry 1 stand apart" in said


def test_one_leg_or_nothing_is_no_entry(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    assert "balance" in refused(pool, tmp_path, entry("1", "5")[:1])
    assert "posts nothing" in refused(pool, tmp_path, entry("1", "0"))
    assert "holds no entries" in refused(pool, tmp_path)


def test_two_books_or_dates_in_one_entry_are_refused(tmp_path: Path) -> None:
    rows = entry("1", "5")
    rows[1][2] = "2023-05-11"
    assert "entry 1 has two books or two dates" in refused(pool_of(tmp_path), tmp_path, rows)


def test_a_breach_is_a_journal_of_its_kind(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    import_actuals(pool, extract(tmp_path, spent("A", "100")))
    rows = [[*row, "breach", "JCB 4"] for row in entry("1", "5", debit="debtors", credit="breach_income")]
    post_journals(pool, csv_file(tmp_path, "b.csv", (*COLUMNS, "kind", "reference"), *rows))
    assert [(each.scheme, each.partner, each.amount_pence, each.minute) for each in breaches(pool, 12)] == [
        ("care", "council", 500, "JCB 4")
    ]


def test_who_may_not_post_is_told_so_first(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        post_journals(as_actor(pool_of(tmp_path), Role.AUDITOR), tmp_path / "none.csv")

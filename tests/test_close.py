"""Closing and reopening: what stood stands, what comes later goes on, and as of an event nothing changes."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from ledgers.refusals import EventNotFound, LedgerRefusal
from pooledfund.control.close import close_period, reopen_month
from pooledfund.control.period import CloseRefused
from pooledfund.control.settlement import settle
from pooledfund.control.virements import Virement, make_virement
from pooledfund.errors import InputRefused
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.forecasts import COLUMNS as FORECASTS
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.intake.journals import COLUMNS as JOURNALS
from pooledfund.intake.journals import post_journals
from pooledfund.intake.receipts import COLUMNS as RECEIPTS
from pooledfund.intake.receipts import receive
from pooledfund.pool import Pool
from pooledfund.results.conditions import conditions_report
from pooledfund.results.contributions import contribution_position
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import monitor
from pooledfund.results.risk_position import risk_position
from pools import csv_file, entry_of, extract, pool_of, spent, state_of

Report = Callable[[Pool, int, int | None], Mapping[str, object]]
REPORTS: dict[str, Report] = {
    "monitor": lambda pool, month, as_of: monitor(pool, month, as_of).as_json(),
    "risk share": lambda pool, month, as_of: risk_position(pool, month, as_of).as_json(),
    "contributions": lambda pool, month, as_of: contribution_position(pool, month, as_of).as_json(),
    "conditions": lambda pool, month, as_of: conditions_report(pool, month, as_of).as_json(),
    "memorandum": lambda pool, month, as_of: memorandum_account(pool, month, as_of).as_json(),
}


def first_quarter(pool: Pool, folder: Path) -> None:
    receive(pool, csv_file(folder, "r1.csv", RECEIPTS, ["2023-04-05", "nhs-min", "icb", "300000", "B1"]))
    import_actuals(
        pool,
        extract(
            folder,
            spent("A1", "190000.33"),
            spent("A2", "130000", "rehab", partner="icb"),
            spent("A3", "100", "equip", day="2023-06-30", kind="accrual"),
            name="a1.csv",
        ),
    )
    enter_forecasts(pool, csv_file(folder, "f1.csv", FORECASTS, ["Q1", "care", "810000"]))


def later_items(pool: Pool, folder: Path) -> None:
    """What arrives after the first quarter was closed, some of it dated in it."""
    receive(pool, csv_file(folder, "r2.csv", RECEIPTS, ["2023-06-29", "nhs-min", "icb", "7", "B2"]))
    import_actuals(pool, extract(folder, spent("L1", "84.17", day="2023-06-30", dated="2023-06-14"), name="a2.csv"))
    enter_forecasts(pool, csv_file(folder, "f2.csv", FORECASTS, ["Q2", "care", "820000"]))
    make_virement(pool, Virement("care", "equip", "nhs-min", 1000_00, date(2023, 7, 1), "JCB 2"))


def tables(pool: Pool, month: int, as_of: int | None = None) -> dict[str, Mapping[str, object]]:
    return {name: report(pool, month, as_of) for name, report in REPORTS.items()}


def test_closing_a_quarter_closes_its_months_and_those_before(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    assert close_period(pool, "M1").months == (1,)
    closed = close_period(pool, "q2")
    assert (closed.period, closed.months) == ("Q2 (M6)", (2, 3, 4, 5, 6))
    assert [month for month, state in pool.books.month_states().items() if state == "open"] == [7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize("period", ["M5", "Q1"])
def test_earlier_tables_do_not_change(tmp_path: Path, period: str) -> None:
    pool = pool_of(tmp_path)
    first_quarter(pool, tmp_path)
    close_period(pool, period)
    months = range(1, 6 if period == "M5" else 4)
    before = {month: tables(pool, month) for month in months}
    later = [spent("L1", "84.17", day="2023-05-30"), spent("L2", "-3", "rehab", day="2023-04-01", partner="icb")]
    import_actuals(pool, extract(tmp_path, *later, name="late.csv"))
    receive(pool, csv_file(tmp_path, "r2.csv", RECEIPTS, ["2023-04-29", "nhs-min", "icb", "7", "B2"]))
    rows = [["1", "actual", "2023-04-30", "fix", "expenditure", "care", "la-add", "council", "9"],
            ["1", "actual", "2023-04-30", "fix", "creditors", "care", "", "council", "-9"]]  # fmt: skip
    post_journals(pool, csv_file(tmp_path, "j.csv", JOURNALS, *rows))
    assert {month: tables(pool, month) for month in months} == before
    assert pool.books.verify() == []


def test_the_table_that_stood_is_kept_with_the_close(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    first_quarter(pool, tmp_path)
    closed = close_period(pool, "Q1")
    later_items(pool, tmp_path)
    (event,) = pool.books.events(kind="period closed")
    assert event.payload["total"] == monitor(pool, 3).as_json()["total"]
    assert closed.head == pool.books.head(closed.head.number)


@pytest.mark.parametrize("reason", ["", "   "])
def test_reopening_without_a_reason_is_refused_and_changes_nothing(tmp_path: Path, reason: str) -> None:
    pool = pool_of(tmp_path)
    first_quarter(pool, tmp_path)
    close_period(pool, "Q1")
    before, shown = state_of(pool), tables(pool, 3)
    with pytest.raises(CloseRefused, match="only with a reason"):
        reopen_month(pool, "M3", reason)
    assert state_of(pool) == before
    assert tables(pool, 3) == shown


def test_a_reopened_month_takes_its_items_again_and_the_reason_is_kept(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    reopen_month(pool, "m3", "missing invoice")
    import_actuals(pool, extract(tmp_path, spent("L1", "84.17", day="2023-06-30"), spent("L2", "1", day="2023-05-01")))
    assert entry_of(pool, "spend/council/L1").entry.effective_on == date(2023, 6, 30)
    assert entry_of(pool, "spend/council/L2").entry.effective_on == date(2023, 6, 1)
    states = [event.payload for event in pool.books.events(kind="month state")]
    assert states[-1] == {"month": 3, "reason": "missing invoice", "state": "open"}
    assert close_period(pool, "Q1").months == (3,)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda pool: close_period(pool, "Q1"), "Q1 of 2023/24 is closed already"),
        (lambda pool: close_period(pool, "Q5"), "'Q5' is not a period"),
        (lambda pool: close_period(pool, ""), "is not a period"),
        (lambda pool: reopen_month(pool, "Q1", "why"), "'Q1' is a quarter: reopen one month, such as M3"),
        (lambda pool: reopen_month(pool, "M13", "why"), "'M13' is not a period"),
        (lambda pool: reopen_month(pool, "M7", "why"), "M7 is open already"),
    ],
)
def test_what_cannot_be_closed_or_reopened_is_refused(tmp_path: Path, act: Callable[[Pool], object], said: str) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    before = state_of(pool)
    with pytest.raises(CloseRefused, match=said):
        act(pool)
    assert state_of(pool) == before


def test_a_report_as_of_an_event_stays_what_it_was(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    first_quarter(pool, tmp_path)
    event = pool.books.head().number
    then = {month: tables(pool, month) for month in (1, 3, 6, 12)}
    assert {month: tables(pool, month, event) for month in then} == then
    later_items(pool, tmp_path)
    close_period(pool, "Q1")
    assert {month: tables(pool, month) for month in then} != then
    assert {month: tables(pool, month, event) for month in then} == then


@pytest.mark.parametrize("event", [0, -1, 10**6])
def test_a_report_as_of_no_event_is_refused(tmp_path: Path, event: int) -> None:
    pool = pool_of(tmp_path)
    for report in REPORTS.values():
        with pytest.raises(EventNotFound):
            report(pool, 3, event)


def test_a_month_that_takes_adjustments_takes_nothing_else(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "M11")
    close_period(pool, "M12", state="adjusting")
    before = state_of(pool)
    with pytest.raises(InputRefused, match="M12, which is open to adjusting entries only, and no later month"):
        import_actuals(pool, extract(tmp_path, spent("A", "1", day="2024-03-31")))
    rows = [["1", "actual", "2024-03-31", "year end", "expenditure", "care", "la-add", "council", "9", ""],
            ["1", "actual", "2024-03-31", "year end", "accruals", "care", "la-add", "council", "-9", ""]]  # fmt: skip
    with pytest.raises((InputRefused, LedgerRefusal)):
        post_journals(pool, csv_file(tmp_path, "j.csv", (*JOURNALS, "adjusting"), *rows))
    assert state_of(pool) == before
    adjusting = [[*row[:-1], "true"] for row in rows]
    path = csv_file(tmp_path, "j.csv", (*JOURNALS, "adjusting"), *adjusting)
    assert (post_journals(pool, path).new, post_journals(pool, path).already_there) == (1, 1)
    assert entry_of(pool, "journal/j.csv/1").entry.effective_on == date(2024, 3, 31)
    settle(pool)
    assert pool.books.verify() == []
    close_period(pool, "Q4")
    with pytest.raises(InputRefused):
        post_journals(pool, csv_file(tmp_path, "j2.csv", (*JOURNALS, "adjusting"), *adjusting))

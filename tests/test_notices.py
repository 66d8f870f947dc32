"""The clock of a forecast overspend, lines fully spent, and the deadlines of the year with their time of day."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pooledfund.access import Actor, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.cli import main
from pooledfund.control.close import close_period
from pooledfund.control.notices import NoticeRefused, take_step
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.commitments import Commitment, raise_commitment
from pooledfund.intake.forecasts import COLUMNS as FORECASTS
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.pool import Pool
from pooledfund.reports.calendar_file import calendar_text
from pooledfund.results.notices import Notice, notices_of
from pools import DB, TOWN, csv_file, extract, pool_of, spent, state_of
from s75_rules.deadlines import deadlines, report_days
from s75_rules.terms import NoticeStep

TERMS = """\
notices: {clause: "9.3", over: 10_000, notice: 5 working days, action_plan: 21 days, meeting: next meeting}
reporting: {every: six_weeks, first: 2023-05-15, by: midday}
"""
KNOWN = datetime(2023, 8, 22, 15, tzinfo=UTC)


def at(moment: str) -> Callable[[], datetime]:
    return lambda: datetime.fromisoformat(moment).replace(tzinfo=UTC)


def on(pool: Pool, moment: str) -> Pool:
    """The pool as a person works in it at a moment."""
    return Pool(pool._ledger, Actor("manager", Role.POOLED_FUND_MANAGER), at(moment))


def forecast(pool: Pool, folder: Path, *rows: list[str]) -> None:
    enter_forecasts(pool, csv_file(folder, "f.csv", FORECASTS, *rows))


def steps(notice: Notice) -> list[tuple[str, str]]:
    return [(each.step, each.state) for each in notice.steps]


def test_a_forecast_over_budget_starts_the_clock_of_the_agreement(tmp_path: Path) -> None:
    pool = on(pool_of(tmp_path, TOWN + TERMS), "2023-08-22T15:00")
    forecast(pool, tmp_path, ["Q2", "care", "812000"], ["Q2", "equip", "300000"])
    (notice,) = notices_of(pool).notices
    assert (notice.overspend.scheme, notice.overspend.variance_pence, notice.clause) == ("care", 12_000_00, "9.3")
    # Over the bank holiday of 28 August; 5pm and midday are by British Summer Time.
    assert [each.due_at for each in notice.steps] == [
        datetime(2023, 8, 30, 16, tzinfo=UTC),
        datetime(2023, 9, 12, 16, tzinfo=UTC),
        datetime(2023, 9, 18, 11, tzinfo=UTC),
    ]
    assert steps(notice) == [("notice", "due"), ("action_plan", "due"), ("meeting", "due")]
    (then,) = notices_of(pool, at=datetime(2023, 8, 30, 16, 1, tzinfo=UTC)).notices
    assert steps(then)[0] == ("notice", "overdue")
    assert notices_of(pool, at=datetime(2023, 8, 30, 15, 59, tzinfo=UTC)).overdue is False


def test_steps_are_recorded_with_their_paper_and_close_the_notice(tmp_path: Path) -> None:
    pool = on(pool_of(tmp_path, TOWN + TERMS), "2023-08-22T15:00")
    forecast(pool, tmp_path, ["Q2", "care", "850000"])
    paper = tmp_path / "plan.txt"
    paper.write_text("what will be done", encoding="utf-8")
    (notice,) = notices_of(pool).notices
    name = notice.overspend.id
    take_step(on(pool, "2023-08-29T09:00"), name, "notice", paper=paper)
    before = pool.books.head().number
    take_step(on(pool, "2023-09-14T09:00"), name, "action_plan", paper=paper)
    take_step(on(pool, "2023-09-19T09:00"), name, "meeting", minute="Board 4", on=date(2023, 9, 18))
    (notice,) = notices_of(pool).notices
    assert steps(notice) == [("notice", "done"), ("action_plan", "done late"), ("meeting", "done")]
    assert not notice.is_open
    (then,) = notices_of(pool, as_of=before).notices
    assert steps(then) == [("notice", "done"), ("action_plan", "due"), ("meeting", "due")]
    (kept, _, _) = pool.books.events(kind="notice step")
    assert kept.payload["digest"] == hashlib.sha256(b"what will be done").hexdigest()


@pytest.mark.parametrize(
    ("notice", "step", "moment", "said"),
    [
        ("care/1", "notice", "2023-08-29T09:00", "'care/1' is no notice of this pool"),
        (None, "notice", "2023-08-29T09:00", "is recorded by event"),
        (None, "action_plan", "2023-08-23T09:00", "is yet to come"),
    ],
)
def test_a_step_that_cannot_be_taken_is_refused(
    tmp_path: Path, notice: str | None, step: NoticeStep, moment: str, said: str
) -> None:
    pool = on(pool_of(tmp_path, TOWN + TERMS), "2023-08-22T15:00")
    forecast(pool, tmp_path, ["Q2", "care", "850000"])
    name = notices_of(pool).notices[0].overspend.id
    take_step(pool, name, "notice")
    state = state_of(pool)
    with pytest.raises(NoticeRefused, match=said):
        take_step(on(pool, moment), notice or name, step, on=date(2023, 8, 24))
    assert state_of(pool) == state


def test_a_line_back_within_its_budget_needs_nothing_more_and_a_new_overspend_is_a_new_notice(tmp_path: Path) -> None:
    pool = on(pool_of(tmp_path, TOWN + TERMS), "2023-08-22T15:00")
    forecast(pool, tmp_path, ["Q1", "care", "850000"])
    forecast(pool, tmp_path, ["Q2", "care", "800000"])
    forecast(pool, tmp_path, ["Q3", "care", "900000"])
    first, second = notices_of(pool).notices
    assert (first.is_open, first.overspend.ended_by is not None) == (False, True)
    assert (second.is_open, second.overspend.variance_pence) == (True, 100_000_00)


def test_a_closed_period_whose_table_shows_an_overspend_starts_the_clock(tmp_path: Path) -> None:
    pool = on(pool_of(tmp_path, TOWN + TERMS), "2023-07-20T09:00")
    import_actuals(pool, extract(tmp_path, spent("A", "250000", day="2023-06-10")))
    assert notices_of(pool).notices == ()
    close_period(pool, "Q1")
    (notice,) = notices_of(pool).notices
    assert (notice.overspend.because, notice.overspend.variance_pence) == ("Q1 closed", 50_000_02)


def test_without_a_clause_an_overspend_is_listed_and_has_no_due_day(tmp_path: Path) -> None:
    pool = on(pool_of(tmp_path), "2023-07-20T09:00")
    forecast(pool, tmp_path, ["Q1", "care", "800000.01"])
    (notice,) = notices_of(pool).notices
    assert (notice.clause, notice.steps, notice.is_open) == (None, (), True)


def test_a_line_whose_spend_and_commitments_reach_its_budget_is_fully_spent(tmp_path: Path) -> None:
    pool = on(pool_of(tmp_path), "2023-08-20T09:00")
    import_actuals(pool, extract(tmp_path, spent("A", "700000", day="2023-07-10")))
    raise_commitment(pool, Commitment("care", "PO 1", 99_999_99, date(2023, 7, 1)))
    assert notices_of(pool).fully_spent == ()
    raise_commitment(pool, Commitment("care", "PO 2", 1, date(2023, 7, 2)))
    (found,) = notices_of(pool).fully_spent
    assert (found.scheme, found.budget_pence, found.spent_pence, found.committed_pence) == (
        "care", 800_000_00, 700_000_00, 100_000_00,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ("every: quarter", ["2023-07-31", "2023-10-31", "2024-01-31", "2024-04-30", "2024-07-31"]),
        ("every: two_months, first: 2023-06-30", ["2023-06-30", "2023-08-30", "2023-10-30"]),
        ("every: six_weeks, first: 2023-05-15", ["2023-05-15", "2023-06-26", "2023-08-07"]),
        ("every: month, first: 2023-05-31", ["2023-05-31", "2023-06-30", "2023-07-31"]),
        ("dates: [2023-09-01, 2023-06-01]", ["2023-06-01", "2023-09-01"]),
    ],
)
def test_the_board_is_reported_to_on_the_days_of_the_agreement(terms: str, days: list[str]) -> None:
    agreement = read_agreement_text(TOWN + f"reporting: {{{terms}}}\n", "town.yaml").agreement
    assert [each.isoformat() for each in report_days(agreement)][: len(days)] == days


@pytest.mark.parametrize(
    ("terms", "annual", "reports"),
    [
        ("", ["2024-07-31"], 4),
        ("reporting: {annual_return: 2024-05-31}\n", ["2024-05-31"], 5),
        ("reporting: {dates: [2023-09-01, 2024-01-15]}\n", [], 2),
    ],
)
def test_the_annual_return_to_the_partners_is_a_deadline_of_its_own(
    terms: str, annual: list[str], reports: int
) -> None:
    found = deadlines(read_agreement_text(TOWN + terms, "town.yaml").agreement)
    returns = [each for each in found if each.kind == "annual return"]
    assert [each.at.date().isoformat() for each in returns] == annual
    assert all("income and expenditure to the partners" in each.what for each in returns)
    assert sum(each.kind == "board report" for each in found) == reports


def test_every_deadline_has_its_time_of_day_and_goes_into_a_diary(tmp_path: Path) -> None:
    terms = (
        'submissions: {icb: {due: working day 5, time: "12:00"}}\n'
        "reporting: {returns: [{return: 'quarterly; 2023-25, first', period: Q1, due: 2023-08-25}]}\n"
    )
    agreement = read_agreement_text(TOWN + terms, "town.yaml").agreement
    found = deadlines(agreement)
    kinds = {"figures", "board report", "annual return", "national return", "budget cycle"}
    assert {each.kind for each in found} == kinds
    (national,) = (each for each in found if each.kind == "national return")
    assert (national.at, national.in_words) == (datetime(2023, 8, 25, 11, tzinfo=UTC), "midday, 25 August 2023")
    text = calendar_text(agreement.id, agreement.header.title, found, KNOWN)
    lines = text.split("\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\\; 2023-25\\, first" in text
    identities = [line for line in lines if line.startswith("UID:")]
    assert len(set(identities)) == len(identities) == len(found)


def test_progress_is_reported_every_six_weeks_until_the_line_is_cured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terms = TERMS.replace("meeting: next meeting", "progress: 42 days")
    pool = on(pool_of(tmp_path, TOWN + terms), "2023-08-22T15:00")
    forecast(pool, tmp_path, ["Q2", "care", "850000"])
    (notice,) = notices_of(pool).notices
    name = notice.overspend.id
    assert notice.steps[-1].due_at == datetime(2023, 10, 3, 16, tzinfo=UTC)
    paper = tmp_path / "progress.txt"
    paper.write_text("what was done", encoding="utf-8")
    take_step(on(pool, "2023-10-02T09:00"), name, "notice", paper=paper)
    take_step(on(pool, "2023-10-02T09:00"), name, "action_plan", paper=paper)
    take_step(on(pool, "2023-10-02T09:00"), name, "progress", paper=paper)
    (notice,) = notices_of(pool, at=datetime(2023, 10, 3, 17, tzinfo=UTC)).notices
    # All is done and the line is still over: the next report is six weeks after the last, in winter time.
    assert (notice.is_open, steps(notice)[-1]) == (True, ("progress", "due"))
    assert notice.steps[-1].due_at == datetime(2023, 11, 13, 17, tzinfo=UTC)
    (late,) = notices_of(pool, at=datetime(2023, 11, 14, tzinfo=UTC)).notices
    assert steps(late)[-1] == ("progress", "overdue")
    assert main(["notice", name, "--progress", str(paper), "--on", "2023-11-12", "--db", str(tmp_path / DB)]) == 0
    assert "progress report of" in capsys.readouterr().out
    (again,) = notices_of(pool, at=datetime(2023, 11, 14, tzinfo=UTC)).notices
    assert again.steps[-1].due_at == datetime(2023, 12, 24, 17, tzinfo=UTC)
    forecast(pool, tmp_path, ["Q3", "care", "800000"])
    assert not notices_of(pool).notices[0].is_open

"""The dates of a pool's year by its agreement: figures due, reports, returns, budget cycle. Reads no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledgers.calendar import MONTHS, FinancialYear
from s75_rules.agreement import Agreement
from s75_rules.clock import LONDON, at_time, day_words, time_words
from s75_rules.terms import BUDGET_STEPS, BudgetStep

BUDGET_TITLES: dict[BudgetStep, str] = {
    "assumptions": "board told of what affects next year's budget",
    "draft": "draft budget of next year to the board",
    "pressures": "pressures of next year agreed",
    "approval": "budget of next year approved",
}
ANNUAL_RETURN = "annual return of income and expenditure to the partners, figures to M12"
"""What a host owes its partners once a year beside its reports (SI 2000/617, regulation 7(4))."""
_SIX_WEEKS = timedelta(weeks=6)
_STEP_MONTHS = {"month": 1, "two_months": 2, "quarter": 3}


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something due by an instant: its kind, what it is in words, and which period it is about."""

    kind: str
    what: str
    at: datetime
    period: str | None = None

    @property
    def in_words(self) -> str:
        """The day and time of day for a reader, by the clocks of England."""
        return when_words(self.at)

    def as_json(self) -> dict[str, str | None]:
        """The deadline with its instant in UTC."""
        return {"kind": self.kind, "what": self.what, "due": self.at.isoformat(), "period": self.period}


def when_words(at: datetime) -> str:
    """An instant for a reader, such as ``midday, 25 August 2023``."""
    local = at.astimezone(LONDON)
    return f"{time_words(local.time())}, {day_words(local.date())}"


def deadlines(agreement: Agreement) -> tuple[Deadline, ...]:
    """Every deadline that the agreement sets for its year, earliest first."""
    found = [*_submissions(agreement), *_reports(agreement), *_returns(agreement), *_budget(agreement)]
    return tuple(sorted(found, key=lambda each: (each.at, each.kind, each.what)))


def report_days(agreement: Agreement) -> tuple[date, ...]:
    """The days on which the board is reported to and meets."""
    terms, year = agreement.reporting, agreement.year
    if terms.dates:
        return tuple(sorted(terms.dates))
    last = date(year.last_day.year, 7, 31)
    if terms.every == "six_weeks":
        assert terms.first is not None
        count = (last - terms.first) // _SIX_WEEKS + 1
        return tuple(terms.first + _SIX_WEEKS * each for each in range(count))
    step = _STEP_MONTHS[terms.every]
    first = terms.first or _month_end(year.first_day, step + 1)
    days = [_same_day(first, step * each, at_end=terms.first is None) for each in range(16)]
    return tuple(day for day in days if day <= last)


def reported_month(year: FinancialYear, day: date) -> int:
    """The month of account that a report on a day is about: the last one that has ended; 12 after the year's end."""
    return max((month for month in MONTHS if year.month_ends(month) < day), default=0)


def next_report(agreement: Agreement, after: datetime) -> datetime | None:
    """The instant of the next report after an instant; None where the year has no more."""
    times = (at_time(day, agreement.reporting.by) for day in report_days(agreement))
    return next((each for each in times if each > after), None)


def budget_day(agreement: Agreement, step: BudgetStep) -> date:
    """When a step of next year's budget is due: as agreed, else as budgets are commonly made, October to February."""
    starts = agreement.year.starts
    agreed = {
        "assumptions": agreement.budget_cycle.assumptions or date(starts, 10, 1),
        "draft": agreement.budget_cycle.draft or date(starts, 11, 30),
        "pressures": agreement.budget_cycle.pressures or date(starts + 1, 1, 31),
        "approval": agreement.budget_cycle.approval or date(starts + 1, 2, 28),
    }
    return agreed[step]


def _submissions(agreement: Agreement) -> Iterator[Deadline]:
    for partner, terms in agreement.submissions.items():
        for month in MONTHS:
            what = f"figures of {agreement.partners[partner].name} for M{month}"
            yield Deadline("figures", what, terms.due_at(agreement.year, month), f"M{month}")


def _reports(agreement: Agreement) -> Iterator[Deadline]:
    terms, days = agreement.reporting, report_days(agreement)
    annual = terms.annual_return or (days[-1] if days else None)
    if annual is not None and (terms.annual_return or reported_month(agreement.year, annual) == MONTHS[-1]):
        yield Deadline("annual return", ANNUAL_RETURN, at_time(annual, terms.by), "M12")
        days = tuple(day for day in days if day != annual)
    for day in days:
        month = reported_month(agreement.year, day)
        about = f"M{month}" if month else None
        what = f"report to the board{f', figures to M{month}' if month else ''}"
        yield Deadline("board report", what, at_time(day, terms.by), about)


def _returns(agreement: Agreement) -> Iterator[Deadline]:
    for each in agreement.reporting.returns:
        what = f"national return {each.name}{f' for {each.period}' if each.period else ''}"
        yield Deadline("national return", what, at_time(each.due, each.by), each.period)


def _budget(agreement: Agreement) -> Iterator[Deadline]:
    for step in BUDGET_STEPS:
        day = budget_day(agreement, step)
        yield Deadline("budget cycle", BUDGET_TITLES[step], at_time(day, agreement.budget_cycle.by))


def _month_end(first: date, months: int) -> date:
    """The last day of so many months that begin on the first of a month."""
    return _month_on(first, months) - timedelta(days=1)


def _month_on(day: date, months: int) -> date:
    """The first day of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _same_day(day: date, months: int, *, at_end: bool) -> date:
    """The same day of the month so many months on, or the month's last day where it has no such day."""
    first, end = _month_on(day, months), _month_on(day, months + 1) - timedelta(days=1)
    return end if at_end else first.replace(day=min(day.day, end.day))

"""Open notices: overspends with the clock of the agreement, and lines that are fully spent. Records nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ledgers.money import pounds
from ledgers.seal import Event
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.lines import Line, committed_at, lines_at
from pooledfund.results.overspends import Overspend, overspends
from s75_rules.amounts import Limit
from s75_rules.clock import at_time, day_in_england
from s75_rules.deadlines import next_report
from s75_rules.terms import NOTICE_STEPS, NoticeStep

STEP_TAKEN = "notice step"
StepState = Literal["done", "done late", "due", "overdue", "no date yet"]
STEP_TITLES: dict[NoticeStep, str] = {
    "notice": "notice",
    "action_plan": "action plan",
    "meeting": "meeting",
    "progress": "progress report",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a notice: when it is due, how it stands, and the event that records it."""

    step: NoticeStep
    within: str
    due_at: datetime | None
    state: StepState
    event: int | None
    done_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.event is None

    def as_json(self) -> dict[str, object]:
        """The step with its instant in UTC."""
        return {
            "step": self.step,
            "within": self.within,
            "due": self.due_at.isoformat() if self.due_at else None,
            "state": self.state,
            "event": self.event,
            "done_on": self.done_on.isoformat() if self.done_on else None,
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """An overspend with the steps that the agreement's clause asks for; none where it has no such clause."""

    overspend: Overspend
    clause: str | None
    now_pence: int
    steps: tuple[Step, ...]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done: a line back within its budget needs nothing more."""
        return self.overspend.ended_by is None and (not self.steps or any(step.is_open for step in self.steps))

    def as_json(self) -> dict[str, object]:
        """The notice with money in pounds as text."""
        return {
            "notice": self.overspend.id,
            "scheme": self.overspend.scheme,
            "clause": self.clause,
            "known": self.overspend.known_at.isoformat(),
            "because": self.overspend.because,
            "overspend_then": pounds(self.overspend.variance_pence),
            "forecast_variance_now": pounds(self.now_pence),
            "back_within_budget_by_event": self.overspend.ended_by,
            "open": self.is_open,
            "steps": [step.as_json() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class FullySpent:
    """A line whose spend and commitments reach its budget before the year is over, in pence."""

    scheme: str
    budget_pence: int
    spent_pence: int
    committed_pence: int

    def as_json(self) -> dict[str, str]:
        """The line with money in pounds as text."""
        return {
            "scheme": self.scheme,
            "current_budget": pounds(self.budget_pence),
            "spent": pounds(self.spent_pence),
            "committed": pounds(self.committed_pence),
        }


@dataclass(frozen=True, slots=True)
class Notices:
    """Every notice of the pool at an instant, and the lines that have nothing left."""

    at: datetime
    month: int
    notices: tuple[Notice, ...]
    fully_spent: tuple[FullySpent, ...]

    @property
    def overdue(self) -> bool:
        """Whether a step of an open notice is past its time."""
        return any(step.state == "overdue" for each in self.notices if each.is_open for step in each.steps)

    def as_json(self) -> dict[str, object]:
        """The notices and alerts with money in pounds as text."""
        return {
            "at": self.at.isoformat(),
            "month": f"M{self.month}",
            "notices": [each.as_json() for each in self.notices],
            "fully_spent": [each.as_json() for each in self.fully_spent],
        }


def notices_of(pool: Pool, *, at: datetime | None = None, as_of: int | None = None) -> Notices:
    """The notices of a pool at an instant; without one at the event ``as_of``, else now.

    Raises:
        EventNotFound: the log has no event ``as_of``.
    """
    instant = at or _instant(pool, as_of)
    month = _month_shown(pool, instant, as_of)
    lines = lines_at(pool, month, as_of)
    terms = pool.agreement.notices
    taken = _steps_taken(pool, as_of)
    found = overspends(pool, terms.over if terms else Limit(pence=0), as_of)
    return Notices(
        instant,
        month,
        tuple(
            Notice(
                each,
                terms.clause if terms else None,
                lines[each.scheme].forecast_variance_pence,
                _steps(pool, each, taken, instant),
            )
            for each in found
        ),
        _fully_spent(lines, committed_at(pool, month, as_of)) if month < 12 else (),
    )


def _month_shown(pool: Pool, at: datetime, as_of: int | None) -> int:
    """The last month by an instant that figures are in for: a month without any would show its forecast as nil."""
    day, year = day_in_england(at), pool.agreement.year
    reached = 1 if day < year.first_day else 12 if day > year.last_day else year.month_of(day)
    spent = pool.books.balances("actual", ("month",), accounts=(chart.EXPENDITURE,), as_of=as_of)
    forecast = pool.books.events(kind="forecast entered", as_of=as_of)
    told = [int(month) for (month,), pence in spent.items() if month is not None and pence > 0]
    told += [int(str(event.payload["month"])) for event in forecast]
    return max((month for month in told if month <= reached), default=1)


def _instant(pool: Pool, as_of: int | None) -> datetime:
    if as_of is None:
        return pool.clock()
    return datetime.fromisoformat(pool.books.events(as_of=as_of)[-1].recorded_at)


def _steps_taken(pool: Pool, as_of: int | None) -> dict[tuple[str, str], Event]:
    """The first record of each step of each notice, and the last of its progress."""
    found: dict[tuple[str, str], Event] = {}
    for event in pool.books.events(kind=STEP_TAKEN, as_of=as_of):
        place = (str(event.payload["notice"]), str(event.payload["step"]))
        if place[1] == "progress":
            found[place] = event
        found.setdefault(place, event)
    return found


def _steps(pool: Pool, overspend: Overspend, taken: dict[tuple[str, str], Event], at: datetime) -> tuple[Step, ...]:
    terms = pool.agreement.notices
    steps = []
    for step in NOTICE_STEPS:
        within = terms.within(step) if terms else None
        if terms is None or within is None:
            continue
        event = taken.get((overspend.id, step))
        on = date.fromisoformat(str(event.payload["on"])) if event else None
        since = overspend.known_at
        if step == "progress":
            # It is never done while the line is over: each report starts the time of the next.
            since, event = (at_time(on, terms.by) if on else since), None
        day = within.due_after(day_in_england(since))
        due = at_time(day, terms.by) if day else next_report(pool.agreement, since)
        if step == "progress":
            state: StepState = "no date yet" if due is None else "overdue" if at > due else "due"
            steps.append(Step(step, str(within), due, state, None, on))
            continue
        late = due is not None and (on > day_in_england(due) if on else at > due)
        state = "due" if due else "no date yet"
        if event:
            state = "done late" if late else "done"
        elif late:
            state = "overdue"
        steps.append(Step(step, str(within), due, state, event.number if event else None, on))
    return tuple(steps)


def _fully_spent(lines: dict[str, Line], committed: dict[str, int]) -> tuple[FullySpent, ...]:
    return tuple(
        FullySpent(scheme, line.current_pence, line.actual_pence, committed.get(scheme, 0))
        for scheme, line in lines.items()
        if (used := line.actual_pence + committed.get(scheme, 0)) > 0 and used >= line.current_pence
    )

"""The national returns of a year with their deadlines, and what the register says became of each. Sends nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ledgers.calendar import PeriodNotUnderstood, parse_period
from pooledfund.pool import Pool
from pooledfund.returns.register import Submission, submissions
from s75_rules.clock import at_time, day_in_england
from s75_rules.deadlines import when_words

DueState = Literal["not begun", "submitted", "submitted late", "late"]


@dataclass(frozen=True, slots=True)
class DueReturn:
    """A return that the agreement dates: when it is due, and the first submission of it that is registered."""

    return_id: str
    period: str | None
    due_at: datetime
    state: DueState
    sent: Submission | None

    def as_json(self) -> dict[str, object]:
        """The return with its instant in UTC, and the event that registered it."""
        return {
            "return": self.return_id,
            "period": self.period,
            "due": self.due_at.isoformat(),
            "state": self.state,
            "event": self.sent.event if self.sent else None,
        }

    def __str__(self) -> str:
        period = f" for {self.period}" if self.period else ""
        sent = f", event {self.sent.event}" if self.sent else ""
        return f"{self.return_id}{period}, due {when_words(self.due_at)}: {self.state}{sent}"


def returns_due(pool: Pool, at: datetime | None = None, as_of: int | None = None) -> tuple[DueReturn, ...]:
    """Each dated return of the pool's year, earliest first, by the clock of an instant; without one, now.

    A submission is of a return where its id is the same and, where a period is named, its month is the last of it.
    What was sent after the day of the deadline is late, and stays so: the register holds the day and not the hour.
    """
    now, sent = at or pool.clock(), submissions(pool, as_of)
    found = []
    for each in pool.agreement.reporting.returns:
        of_it = (one for one in sent if one.return_id == each.name and _covers(each.period, one.month))
        first = min(of_it, key=lambda one: (one.sent_on, one.event), default=None)
        due_at = at_time(each.due, each.by)
        found.append(DueReturn(each.name, each.period, due_at, _state(due_at, first, now), first))
    return tuple(sorted(found, key=lambda each: (each.due_at, each.return_id)))


def _covers(period: str | None, month: int) -> bool:
    if period is None:
        return True
    try:
        return parse_period(period) == month
    except PeriodNotUnderstood:
        return True


def _state(due_at: datetime, sent: Submission | None, now: datetime) -> DueState:
    if sent is None:
        return "late" if now > due_at else "not begun"
    return "submitted late" if date.fromisoformat(sent.sent_on) > day_in_england(due_at) else "submitted"

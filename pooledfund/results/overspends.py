"""When each line's forecast went over its budget, from what the log says of it. Sets no deadline.

A forecast overspend is known when a forecast is entered, or when a period is closed whose table shows it: a month
in which only some figures are in says nothing yet.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ledgers.money import parse_pounds
from ledgers.seal import Event
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.lines import lines_at
from s75_rules.amounts import Limit


@dataclass(frozen=True, slots=True)
class Overspend:
    """One line over its budget from an event on, in pence; ``ended_by`` is the event that took it back, if any."""

    scheme: str
    event: int
    known_at: datetime
    because: str
    variance_pence: int
    ended_by: int | None = None

    @property
    def id(self) -> str:
        """The overspend by its line and the event it was first known by, such as ``S5/17``."""
        return f"{self.scheme}/{self.event}"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one event says of one line, in pence."""

    event: Event
    because: str
    budget_pence: int
    variance_pence: int


def overspends(pool: Pool, over: Limit, as_of: int | None = None) -> tuple[Overspend, ...]:
    """Every time a line's forecast went over its budget by more than a limit, in the order it was known."""
    found: list[Overspend] = []
    for scheme, sightings in _sightings(pool, as_of).items():
        found += _episodes(scheme, sightings, over)
    return tuple(sorted(found, key=lambda each: (each.event, each.scheme)))


def _episodes(scheme: str, sightings: list[_Seen], over: Limit) -> Iterator[Overspend]:
    open_: Overspend | None = None
    for seen in sorted(sightings, key=lambda each: each.event.number):
        is_over = seen.variance_pence > over.of(max(0, seen.budget_pence))
        if is_over and open_ is None:
            at = datetime.fromisoformat(seen.event.recorded_at)
            open_ = Overspend(scheme, seen.event.number, at, seen.because, seen.variance_pence)
        elif not is_over and open_ is not None:
            since = (open_.scheme, open_.event, open_.known_at, open_.because, open_.variance_pence)
            yield Overspend(*since, ended_by=seen.event.number)
            open_ = None
    if open_ is not None:
        yield open_


def _sightings(pool: Pool, as_of: int | None) -> dict[str, list[_Seen]]:
    found: dict[str, list[_Seen]] = defaultdict(list)
    budgets, latest = _Budgets(pool, as_of), dict[str, int]()
    for event in pool.books.events(kind="forecast entered", as_of=as_of):
        scheme, month = str(event.payload["scheme"]), int(str(event.payload["month"]))
        if month >= latest.get(scheme, 0):
            latest[scheme] = month
            budget = budgets.at(scheme, month, event.number)
            forecast = int(str(event.payload["forecast_pence"]))
            found[scheme].append(_Seen(event, f"forecast entered for M{month}", budget, forecast - budget))
    for event in pool.books.events(kind="period closed", as_of=as_of):
        for scheme, budget, variance in _closed_table(pool, event):
            found[scheme].append(_Seen(event, f"{event.payload['period']} closed", budget, variance))
    return found


def _closed_table(pool: Pool, event: Event) -> Iterator[tuple[str, int, int]]:
    """Each line's budget and forecast variance as they stood when a period was closed."""
    kept = event.payload.get("figures")
    if isinstance(kept, str):
        for row in json.loads(kept)["lines"]:
            yield row["scheme"], parse_pounds(row["current_budget"]), parse_pounds(row["forecast_variance"])
        return
    # Books of an earlier version kept only the total with the event: the lines are worked out as of it.
    months = event.payload["months"]
    assert isinstance(months, list)
    for scheme, line in lines_at(pool, int(months[-1]), event.number).items():
        yield scheme, line.current_pence, line.forecast_variance_pence


class _Budgets:
    """Every movement of line budgets with its event and month, so that a budget at an event costs no query."""

    def __init__(self, pool: Pool, as_of: int | None) -> None:
        self._moves: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for recorded in pool.books.entries(book="budget", as_of=as_of):
            month = pool.agreement.year.month_of(recorded.entry.effective_on)
            for posting in recorded.entry.postings:
                if posting.account in chart.LINE_BUDGETS and posting.scheme:
                    self._moves[posting.scheme].append((recorded.event, month, posting.amount_pence))

    def at(self, scheme: str, month: int, event: int) -> int:
        """A line's current budget at a month as of an event, in pence."""
        return sum(pence for at, of, pence in self._moves[scheme] if at <= event and of <= month)

"""Closing and reopening periods: what is closed stands, and what arrives later goes to the next open month."""

from dataclasses import dataclass

from ledgers.calendar import PeriodNotUnderstood, parse_period
from ledgers.reading import MonthState
from ledgers.seal import Head
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.monitoring import Monitoring, monitor, period_label, total_figures


class CloseRefused(InputRefused):
    """A period that cannot be closed or reopened."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A period that was closed: its months, the table that stands, and the head of the log after it."""

    period: str
    months: tuple[int, ...]
    state: MonthState
    monitoring: Monitoring
    head: Head


def close_period(pool: Pool, period: str, *, state: MonthState = "closed", reason: str = "") -> Closed:
    """Close a month or a quarter and every month before it that is open; the monitoring table is kept with the event.

    Closing to ``adjusting`` lets only year-end adjustments in.

    Raises:
        CloseRefused: it is no month or quarter, or every month of it is closed already.
    """
    require(pool.actor, Action.CLOSE)
    month = _month(period)
    states = pool.books.month_states()
    months = tuple(each for each in range(1, month + 1) if states[each] not in ("closed", state))
    if not months:
        raise CloseRefused(f"{period} of {pool.agreement.year} is {states[month]} already: nothing was changed")
    table = monitor(pool, month)
    with pool.writing(Action.CLOSE) as writing:
        for each in months:
            writing.set_month(each, state, reason=reason or f"{period} {state}")
        writing.event(
            "period closed",
            {
                "period": period,
                "months": list(months),
                "state": state,
                "total": dict(total_figures(table.pooled_lines)),
            },
        )
    return Closed(period_label(month), months, state, table, pool.books.head())


def reopen_month(pool: Pool, period: str, reason: str) -> Head:
    """Reopen one closed month, by role and with a written reason.

    Raises:
        CloseRefused: it is open, no reason is given, or no month is named.
    """
    require(pool.actor, Action.REOPEN)
    month = _month(period)
    if not period.upper().startswith("M"):
        raise CloseRefused(f"'{period}' is a quarter: reopen one month, such as M{month}")
    if not reason.strip():
        raise CloseRefused(f"M{month} is reopened only with a reason: give it with --reason")
    if pool.books.month_states()[month] == "open":
        raise CloseRefused(f"M{month} is open already: nothing was changed")
    with pool.writing(Action.REOPEN) as writing:
        writing.set_month(month, "open", reason=reason)
    return pool.books.head()


def _month(period: str) -> int:
    try:
        return parse_period(period)
    except PeriodNotUnderstood as error:
        raise CloseRefused(str(error)) from None

"""Closing and reopening periods: what is closed stands, and what arrives later goes to the next open month."""

import json
from dataclasses import dataclass

from ledgers.reading import MonthState
from ledgers.seal import Head
from pooledfund.access import Action, require
from pooledfund.control.checklist import Checklist, checklist
from pooledfund.control.period import CloseRefused, period_of
from pooledfund.pool import Pool
from pooledfund.results.monitoring import Monitoring, monitor, period_label, total_figures
from pooledfund.said import faults_in
from s75_rules.version import rule_set


@dataclass(frozen=True, slots=True)
class Closed:
    """A period that was closed: its months, the table that stands, and the head of the log after it."""

    period: str
    months: tuple[int, ...]
    state: MonthState
    monitoring: Monitoring
    checklist: Checklist
    head: Head


def close_period(pool: Pool, period: str, *, state: MonthState = "closed", reason: str = "") -> Closed:
    """Close a month or a quarter and every month before it that is open.

    The checklist, the monitoring table and the rules that it was worked out by are kept with the event. Closing to
    ``adjusting`` lets only year-end adjustments in: the checklist is asked for when the period is closed for good.

    Raises:
        CloseRefused: it is no month or quarter, every month of it is closed already, or an item that the agreement
            asks for is open and not waived.
    """
    require(pool.actor, Action.CLOSE)
    month = period_of(period).month
    # The figures and the checklist are of the moment of closing: nobody else writes to the pool until it is done.
    with pool.writing(Action.CLOSE) as writing:
        states = pool.books.month_states()
        months = tuple(each for each in range(1, month + 1) if states[each] not in ("closed", state))
        if not months:
            raise CloseRefused(f"{period} of {pool.agreement.year} is {states[month]} already: nothing was changed")
        table, checked = monitor(pool, month), checklist(pool, period)
        if state == "closed" and checked.open_items:
            raise CloseRefused(
                *(f"{period}: {item.title}: not done: {'; '.join(item.evidence)}" for item in checked.open_items),
                f"{period} stays open: do what is open, or have it waived with a reason (pooledfund waive)",
            )
        for each in months:
            writing.set_month(each, state, reason=reason or f"{period} {state}")
        writing.event(
            "period closed",
            {
                "period": period,
                "months": list(months),
                "state": state,
                "total": dict(total_figures(table.pooled_lines)),
                "checklist": [item.as_json() for item in checked.items],
                "figures": json.dumps(table.as_json(), ensure_ascii=False),
                "figures_digest": checked.figures,
                "rules": rule_set(pool.agreement).as_json(),
            },
        )
    return Closed(period_label(month), months, state, table, checked, pool.books.head())


def reopen_month(pool: Pool, period: str, reason: str) -> Head:
    """Reopen one closed month, by role and with a written reason.

    Raises:
        CloseRefused: it is open, no reason is given, or no month is named.
    """
    require(pool.actor, Action.REOPEN)
    month = period_of(period).month
    if not period.upper().startswith("M"):
        raise CloseRefused(f"'{period}' is a quarter: reopen one month, such as M{month}")
    if faults := faults_in(reason, f"M{month} is reopened only with a reason: say why"):
        raise CloseRefused(*faults)
    if pool.books.month_states()[month] == "open":
        raise CloseRefused(f"M{month} is open already: nothing was changed")
    with pool.writing(Action.REOPEN) as writing:
        writing.set_month(month, "open", reason=reason)
    return pool.books.head()

"""Pools beside one another as HTML: how each stands, what asks for attention, and their totals. Works nothing out."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledgers.calendar import quarter_of
from pooledfund.control.awaiting import Awaited, AwaitedKind, awaited
from pooledfund.pool import Pool
from pooledfund.results.alerts import Alert, AlertKind, alerts_of
from pooledfund.results.course import last_month_with_spend
from pooledfund.results.portfolio import figures_of_pool
from pooledfund.results.standing import standing_of
from pooledfund.results.submissions import submission_status
from pooledfund.results.words import rag_of
from pooledfund.ui import html
from pooledfund.ui.books import Standing
from pooledfund.ui.figures import Unit, in_words, quarter_choice
from pooledfund.ui.frame import address, pool_choice
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.amounts import Amount
from s75_rules.portfolio import PoolFigures, Portfolio, Sum

PAGE_OF: dict[AlertKind, tuple[str, str]] = {
    "late partner": ("import", "Import"),
    "contribution overdue": ("contributions", "Contributions"),
    "condition failing": ("conditions", "Conditions"),
    "to be escalated": ("quarter", "Quarter"),
    "reserve exhausted": ("risk_share", "Risk share"),
    "step overdue": ("quarter", "Quarter"),
    "deadline": ("close", "Close"),
}
PAGE_OF_DEADLINE = {
    "figures": ("import", "Import"),
    "board report": ("meeting", "Meeting"),
    "annual return": ("meeting", "Meeting"),
    "national return": ("returns", "Returns"),
    "budget cycle": ("schemes", "Schemes"),
    "notice": ("quarter", "Quarter"),
}
"""Where what is due is put in hand, by the kind of deadline."""
PAGE_OF_APPROVAL: dict[AwaitedKind, tuple[str, str]] = {
    "figures": ("import", "Import"),
    "virement": ("schemes", "Schemes"),
    "recharge": ("contributions", "Contributions"),
}
_COLOURS = {"deadline": "Amber"}


@dataclass(frozen=True, slots=True)
class PoolSeen:
    """One pool at its latest quarter with spend: its figures, whose figures are in, and what asks for attention."""

    status: str
    quarter: int
    has_spend: bool
    figures: PoolFigures
    figures_in: tuple[int, int]
    alerts: tuple[Alert, ...]
    awaited: tuple[Awaited, ...]


def see(pool: Pool) -> PoolSeen:
    """All that a row of the table of pools shows; raises what the results raise."""
    spent = last_month_with_spend(pool)
    quarter = quarter_of(spent or 1)
    month = quarter * 3
    states = [status for each in range(month - 2, month + 1) for status in submission_status(pool, each)]
    return PoolSeen(
        standing_of(pool.agreement).lines[0],
        quarter,
        spent is not None,
        figures_of_pool(pool, month),
        (sum(each.is_in for each in states), len(states)),
        alerts_of(pool, month),
        awaited(pool, states),
    )


def seen_row(pool: Standing, seen: PoolSeen, unit: Unit) -> Row:
    """A pool with its standing, its quarter, its variance in words and what it asks for."""
    whole = Portfolio((seen.figures,)).whole(pooled=True)
    came, expected = seen.figures_in
    count = len(seen.alerts)
    return Row(
        Cell(html.link(pool.title, address("quarter", pool, seen.quarter)), pool.pool_id),
        (
            Cell(pool.year, seen.status),
            Cell(quarter_choice(seen.quarter)),
            _amount(whole.budget, unit),
            *(_variance(whole, unit) if seen.has_spend else (html.number("not known"), Cell("no spend yet"))),
            Cell(f"{came} of {expected} in", "partners' figures of its months"),
            Cell(html.marked(f"{count} to see to", "Amber") if count else html.marked("none", "Green")),
        ),
    )


def refused_row(pool: Standing, why: str) -> Row:
    """A pool whose figures cannot be worked out, with the reason; the others stand beside it."""
    blank = (Cell("not known"), html.number("not known"), html.number("not known"), Cell("not known"))
    return Row(Cell(pool.title, pool.pool_id), (Cell(pool.year), *blank, Cell("not known"), Cell(why)))


def pools_table(rows: Sequence[Row], shown: str, unit: Unit) -> Html:
    """The pools, one a row."""
    columns = (
        Heading("Pool", kind="text"),
        Heading("Year and agreement", kind="text"),
        Heading("Quarter", kind="text"),
        Heading("Current budget"),
        Heading("Forecast variance"),
        Heading("Rating", kind="text"),
        Heading("Submissions", kind="text"),
        Heading("Alerts", kind="text"),
    )
    return html.table(f"Pools in these books, {unit}. {shown}", columns, rows)


def alerts_table(pool: Standing, seen: PoolSeen) -> Html:
    """Everything that asks for attention in a pool, with what to do and where."""
    rows = []
    for each in seen.alerts:
        page, title = PAGE_OF_DEADLINE.get(each.deadline) or PAGE_OF[each.kind]
        rows.append(
            Row(
                Cell(html.marked(each.kind, _COLOURS.get(each.kind, "Red"))),
                (Cell(each.said), Cell(each.to_do), Cell(html.link(title, address(page, pool, seen.quarter)))),
            )
        )
    names = ("Alert", "What it is", "What to do next", "Where")
    return html.table(f"Alerts of {pool_choice(pool)}", tuple(Heading(each, kind="text") for each in names), rows)


def awaited_table(pool: Standing, quarter: int, found: Sequence[Awaited]) -> Html:
    """Everything that waits for somebody's approval in a pool, with whose, and where it is seen."""
    rows = []
    for each in found:
        page, title = PAGE_OF_APPROVAL[each.kind]
        place = html.link(title, address(page, pool, quarter))
        rows.append(Row(Cell(each.said), (Cell(each.whose), Cell(place))))
    headings = [Heading(each, kind="text") for each in ("What waits", "Whose approval", "Where")]
    return html.table(f"Approvals required in {pool_choice(pool)}", headings, rows)


def totals_table(found: Portfolio, unit: Unit) -> Html:
    """The pooled money of pools of one year, added up; what they pay over to one another is in it once."""
    sums = [(pool, found.of_pool(pool, pooled=True)) for pool in found.pools]
    rows = [Row(Cell(pool.agreement.header.title, pool.agreement.id), _sum(each, unit)) for pool, each in sums]
    if found.transfers():
        rows.append(Row(Cell("Less what they pay over to one another"), _sum(found.paid_over(), unit)))
    rows.append(Row(Cell("Together"), _sum(found.whole(pooled=True), unit), "total"))
    columns = (
        Heading("Pool", kind="text"),
        Heading("Contributed"),
        Heading("Current budget"),
        Heading("Forecast"),
        Heading("Forecast variance"),
    )
    year = found.pools[0].agreement.year
    return html.table(f"Pooled money of {len(sums)} pools, {year}, {unit}", columns, rows)


def _sum(each: Sum, unit: Unit) -> tuple[Cell, ...]:
    known = tuple(
        html.number("not known") if pence is None else html.money(pence, unit)
        for pence in (each.forecast_pence, each.variance_pence)
    )
    return (*(_amount(amount, unit) for amount in (each.contributed, each.budget)), *known)


def _amount(amount: Amount | None, unit: Unit) -> Cell:
    if amount is None:
        return html.number("not said")
    return html.number(str(amount)) if amount.exact_pence is None else html.money(amount.exact_pence, unit)


def _variance(whole: Sum, unit: Unit) -> tuple[Cell, Cell]:
    """The variance with its word, and the rating that goes by it."""
    if whole.variance_pence is None or whole.budget.exact_pence is None:
        return html.number("not known"), Cell("not known")
    variance = html.money(whole.variance_pence, unit, in_words(whole.variance_pence))
    return variance, html.rated(rag_of(whole.budget.exact_pence, whole.variance_pence).word)

"""One scheme line from nearer: its budget and spend by month, its orders, and the virements made. Changes nothing."""

from dataclasses import dataclass
from datetime import date

from ledgers.calendar import MONTHS
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.lines import budget_by_month


@dataclass(frozen=True, slots=True)
class SchemeMonth:
    """A month of a line, in pence: budget by profile, spend; None for a month that is still to come."""

    month: int
    budget_pence: int
    spent_pence: int | None


def months_of(pool: Pool, scheme: str, month: int, as_of: int | None = None) -> tuple[SchemeMonth, ...]:
    """The line's current budget by its profile and its spend, month by month; the budgets sum to the current budget."""
    budget = budget_by_month(pool, scheme, month, as_of)
    found = pool.books.balances(
        "actual", ("scheme", "month"), accounts=(chart.EXPENDITURE,), through_month=month, as_of=as_of
    )
    spent = {int(spent_in or 1): pence for (of, spent_in), pence in found.items() if of == scheme}
    return tuple(SchemeMonth(each, budget[each - 1], spent.get(each, 0) if each <= month else None) for each in MONTHS)


@dataclass(frozen=True, slots=True)
class Order:
    """What stands under the reference of an order on a line, in pence."""

    reference: str
    pence: int


def orders_of(pool: Pool, scheme: str, month: int, as_of: int | None = None) -> tuple[Order, ...]:
    """The orders of a line that are not released whole, by reference; they sum to what is committed on it."""
    found: dict[str, int] = {}
    for each in pool.books.entries(
        book="forecast", account=chart.COMMITMENTS, scheme=scheme, through_month=month, as_of=as_of
    ):
        for posting in each.entry.postings:
            if posting.account == chart.COMMITMENTS and posting.scheme == scheme:
                reference = each.entry.source_reference
                found[reference] = found.get(reference, 0) + posting.amount_pence
    return tuple(Order(reference, pence) for reference, pence in found.items() if pence)


@dataclass(frozen=True, slots=True)
class VirementMade:
    """A virement in the books: the line that gave, the line that got, pence, its day, its minute and its entry."""

    from_scheme: str
    to_scheme: str
    contribution: str
    pence: int
    effective_on: date
    minute: str
    who: str
    entry: int


def virements_made(pool: Pool, month: int = 12, as_of: int | None = None) -> tuple[VirementMade, ...]:
    """Every virement up to a month, in the order of the books."""
    found = []
    for each in pool.books.entries(book="budget", kind="virement", through_month=month, as_of=as_of):
        moved = [posting for posting in each.entry.postings if posting.account == chart.VIREMENT]
        gave = next(posting for posting in moved if posting.amount_pence < 0)
        got = next(posting for posting in moved if posting.amount_pence > 0)
        found.append(
            VirementMade(
                str(gave.scheme),
                str(got.scheme),
                str(got.contribution),
                got.amount_pence,
                each.entry.effective_on,
                each.entry.source_reference,
                each.entry.who,
                each.number,
            )
        )
    return tuple(found)

"""In which months each line's variance arose, from the books: spend less the budget by profile. Shares nothing."""

from ledgers.calendar import MONTHS
from ledgers.money import equal_parts
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.lines import budgets_to_date
from s75_rules.agreement import Agreement
from s75_rules.positions import Position


def divided_by_dates(agreement: Agreement) -> bool:
    """Whether a date inside the year tells months of a variance apart: of a clause, or of a withdrawal."""
    return bool(agreement.withdrawals) or any(clause.is_dated for clause in agreement.risk_share)


def variance_by_month(
    pool: Pool, agreement: Agreement, position: Position, month: int, as_of: int | None = None
) -> dict[str, tuple[int, ...]]:
    """Each line's variance by month in pence, breaches left out, summing to the variance of the position.

    To the report's month it is the line's cumulative variance at the end of a month less that at
    its start. What a forecast adds to that has not arisen yet and is spread evenly over the months
    that are left; at M12 nothing is left. Empty where no date in the agreement that shares it asks.
    """
    if not divided_by_dates(agreement):
        return {}
    spent = pool.books.balances(
        "actual", ("scheme", "month"), accounts=(chart.EXPENDITURE,), through_month=month, as_of=as_of
    )
    found = {scheme: [0] * len(MONTHS) for scheme in pool.agreement.schemes}
    for (scheme, spent_in), pence in spent.items():
        found[str(scheme)][int(spent_in or 1) - 1] += pence
    for breached, breached_in, pence in _breaches(pool, month, as_of):
        found[breached][breached_in - 1] -= pence
    before: dict[str, int] = {}
    for each in range(1, month + 1):
        to_date: dict[str, int] = {}
        for (scheme, _), pence in budgets_to_date(pool, each, as_of).items():
            to_date[scheme] = to_date.get(scheme, 0) + pence
        for scheme in found:
            found[scheme][each - 1] -= to_date.get(scheme, 0) - before.get(scheme, 0)
        before = to_date
    for scheme, months in found.items():
        rest = position.variance_pence(scheme) - sum(months)
        open_months = len(MONTHS) - month
        parts = equal_parts(rest, open_months) if open_months else [rest]
        for place, part in zip(range(len(MONTHS) - len(parts), len(MONTHS)), parts, strict=True):
            months[place] += part
    return {scheme: tuple(months) for scheme, months in found.items()}


def _breaches(pool: Pool, month: int, as_of: int | None) -> list[tuple[str, int, int]]:
    """Recorded breaches: the line, the month it falls in, and pence."""
    return [
        (posting.scheme, pool.agreement.year.month_of(recorded.entry.effective_on), -posting.amount_pence)
        for recorded in pool.books.entries(book="actual", kind="breach", through_month=month, as_of=as_of)
        for posting in recorded.entry.postings
        if posting.account == chart.BREACH_INCOME and posting.scheme
    ]

"""Books and budgets up to a day that may be within a month. Shares nothing and states nothing."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date

from ledgers.balances import Dimension
from ledgers.journal import RecordedEntry
from ledgers.money import apportion_signed
from pooledfund.pool import Pool
from pooledfund.results.lines import budgets_to_date

Balances = dict[tuple[str | int | None, ...], int]
"""Balances in pence, debit plus, by the dimensions asked for."""


def is_within_a_month(pool: Pool, on: date) -> bool:
    """Whether days of the month are still to come after a day of the pool's year."""
    year = pool.agreement.year
    return on != year.month_ends(year.month_of(on))


def actuals_to(pool: Pool, on: date, by: tuple[Dimension, ...], accounts: Collection[str] | None = None) -> Balances:
    """Balances of the actual book from the entries whose effective date is no later than a day."""
    found = dict(pool.books.balances("actual", by, accounts=accounts, through_month=pool.agreement.year.month_of(on)))
    for recorded in _later(pool, on):
        for posting in recorded.entry.postings:
            if accounts is None or posting.account in accounts:
                key = tuple(getattr(posting, each) for each in by)
                found[key] = found.get(key, 0) - posting.amount_pence
    return found


def entries_to(pool: Pool, on: date, kind: str) -> list[RecordedEntry]:
    """The entries of a kind in the actual book whose effective date is no later than a day."""
    month = pool.agreement.year.month_of(on)
    found = pool.books.entries(book="actual", kind=kind, through_month=month)
    return [each for each in found if each.entry.effective_on <= on]


def budgets_to(pool: Pool, on: date) -> dict[tuple[str, str], int]:
    """What of each line's budget falls up to a day: its months by the line's profile, and of the last by its days."""
    month = pool.agreement.year.month_of(on)
    through = budgets_to_date(pool, month)
    if not is_within_a_month(pool, on):
        return through
    before = budgets_to_date(pool, month - 1) if month > 1 else {}
    days = monthrange(on.year, on.month)[1]
    return {
        place: before.get(place, 0) + apportion_signed(pence - before.get(place, 0), [on.day, days - on.day])[0]
        for place, pence in through.items()
    }


def _later(pool: Pool, on: date) -> list[RecordedEntry]:
    if not is_within_a_month(pool, on):
        return []
    found = pool.books.entries(book="actual", through_month=pool.agreement.year.month_of(on))
    return [each for each in found if each.entry.effective_on > on]

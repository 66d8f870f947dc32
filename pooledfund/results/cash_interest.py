"""Interest on the pool's cash month by month, by the agreement's clause, and what of it was posted. Posts nothing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ledgers.money import pounds
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.hosts import host_of_posting
from s75_rules.agreement import Agreement
from s75_rules.cash_interest import MonthInterest, month_interest

KIND = "cash interest"


@dataclass(frozen=True, slots=True)
class CashInterest:
    """Interest of one month on the pool's cash and what of it was posted before, in pence."""

    of_month: MonthInterest
    posted_pence: int

    @property
    def to_post_pence(self) -> int:
        """What is still to be posted; below nil where too much was."""
        return self.of_month.interest_pence - self.posted_pence

    def as_json(self) -> dict[str, object]:
        """The month with its working, money in pounds as text."""
        return {
            **self.of_month.as_json(),
            "posted": pounds(self.posted_pence),
            "to_post": pounds(self.to_post_pence),
        }


def cash_interest(pool: Pool, month: int, as_of: int | None = None) -> tuple[CashInterest, ...]:
    """Interest of each month up to one on the cash that a host holds for the pool; none unless the agreement asks.

    It is the cash of the funds whose host is that of the reserve which takes the interest. What an entry says of no
    fund is the first fund's.

    Cash counts from the day it came, to the end of each day; what was brought forward counts from the first. Interest
    that was posted is no balance of its own: none is charged on interest.
    """
    terms = pool.agreement.pool_interest
    if terms is None:
        return ()
    year, moved = pool.agreement.year, _moved(pool, as_of)
    posted = _posted(pool, as_of)
    balances, held = dict[date, int](), 0
    for day in sorted(moved):
        held += moved[day]
        balances[day] = held
    found, opening = [], 0
    for each in range(1, month + 1):
        last = year.month_ends(each)
        first = year.first_day if each == 1 else year.month_ends(each - 1) + timedelta(days=1)
        days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
        found.append(CashInterest(month_interest(terms, each, days, balances, opening), posted.get(each, 0)))
        opening = next((balances[day] for day in reversed(days) if day in balances), opening)
    return tuple(found)


def _moved(pool: Pool, as_of: int | None) -> Mapping[date, int]:
    """What moved the pool's cash on each day, interest left out."""
    moved: dict[date, int] = defaultdict(int)
    host = interest_host(pool.agreement)
    for each in pool.books.entries(book="actual", account=chart.CASH, as_of=as_of):
        if each.entry.kind != KIND:
            moved[each.entry.effective_on] += sum(
                posting.amount_pence
                for posting in each.entry.postings
                if posting.account == chart.CASH and host_of_posting(pool.agreement, each.entry, posting) == host
            )
    return moved


def interest_host(agreement: Agreement) -> str:
    """The host that pays the interest: that of the fund whose reserve takes it."""
    assert agreement.pool_interest is not None, "asked for where the agreement has it"
    return agreement.host_of(agreement.reserves[agreement.pool_interest.into].fund)


def _posted(pool: Pool, as_of: int | None) -> Mapping[int, int]:
    """Interest that was posted, by the month that it is for."""
    posted: dict[int, int] = defaultdict(int)
    for each in pool.books.entries(book="actual", kind=KIND, as_of=as_of):
        for posting in each.entry.postings:
            if posting.account == chart.CASH_INTEREST:
                posted[pool.agreement.year.month_of(each.entry.document_on)] -= posting.amount_pence
    return posted

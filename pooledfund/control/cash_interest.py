"""Posting interest on the pool's cash into the reserve that the agreement names. Works out no interest itself."""

from ledgers.money import pounds_for_people
from ledgers.registers import registers_of
from pooledfund import chart, templates
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.cash_interest import CashInterest, cash_interest, interest_host
from pooledfund.templates import Stamp


class CashInterestRefused(InputRefused):
    """Interest on the pool's cash that cannot be posted, with what to do."""


def post_cash_interest(pool: Pool, month: int) -> tuple[int, ...]:
    """Post the interest of each month up to one that was not posted before; gives the numbers of the entries.

    What has changed since it was posted, as a receipt came to light, is posted as its movement.

    Raises:
        CashInterestRefused: the agreement has no interest on the pool's cash, or the month has not ended.
        NotAllowed: the person may not post.
        LedgerRefusal: the books refuse an entry.
    """
    require(pool.actor, Action.POST)
    terms = pool.agreement.pool_interest
    if terms is None:
        raise CashInterestRefused(
            "the agreement has no interest on the pool's cash: vary it with pool_interest: {clause: .., rate: .., "
            "into: ..}, or post none"
        )
    last = pool.agreement.year.month_ends(month)
    if pool.clock().date() < last:
        raise CashInterestRefused(
            f"M{month} has not run before {last.isoformat()}, and interest is worked out on its daily balances: post "
            "it once the month has ended"
        )
    with pool.writing(Action.POST) as writing:
        found = [each for each in cash_interest(pool, month) if each.to_post_pence]
        if found and chart.CASH_INTEREST not in pool.books.accounts():
            # Books opened before there was interest on cash.
            writing.extend_registers(registers_of([chart.CASH_INTEREST_ACCOUNT], {}, {}, {}))
        head = pool.books.head().number
        host = interest_host(pool.agreement)
        numbers = [
            writing.record(
                templates.cash_interest(_stamp(pool, each, head, terms.clause), host, terms.into, each.to_post_pence)
            ).number
            for each in found
        ]
    return tuple(numbers)


def _stamp(pool: Pool, each: CashInterest, head: int, clause: str) -> Stamp:
    month = each.of_month.month
    at = pool.agreement.year.month_ends(month)
    effective, _ = pool.posting_day(at)
    why = f"interest on the pool's cash of M{month} by clause {clause}"
    if each.posted_pence:
        why += f", {pounds_for_people(each.posted_pence)} of it posted before"
    # The event before it makes the key new where a later look at the same month finds another amount.
    return Stamp(effective, pool.actor.name, why, clause, f"cash-interest/M{month}/{head}", at)

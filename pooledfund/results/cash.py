"""The pool's cash month by month: what came in, what was paid out, what is left. Posts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from ledgers.calendar import MONTHS
from ledgers.money import pounds
from pooledfund import chart
from pooledfund.pool import Pool

CASH_KINDS: Mapping[str, str] = {"receipt": "received", "recharge paid": "recharges_paid"}
"""The kinds of entry that move the pool's cash in the ordinary way; all others are told apart by their name."""


@dataclass(frozen=True, slots=True)
class CashMonth:
    """The pool's cash through one month, in pence; payments are below nil."""

    month: int
    opening_pence: int
    received_pence: int
    recharges_paid_pence: int
    other_pence: int

    @property
    def closing_pence(self) -> int:
        """What is left at the month's end."""
        return self.opening_pence + self.received_pence + self.recharges_paid_pence + self.other_pence

    def as_json(self) -> dict[str, str]:
        """The month with money in pounds as text."""
        return {
            "month": f"M{self.month}",
            "opening": pounds(self.opening_pence),
            "received": pounds(self.received_pence),
            "recharges_paid": pounds(self.recharges_paid_pence),
            "other": pounds(self.other_pence),
            "closing": pounds(self.closing_pence),
        }


def cash_by_month(pool: Pool, month: int, as_of: int | None = None) -> tuple[CashMonth, ...]:
    """The pool's cash account month by month; the last closing is the account's balance.

    The host's own contributions and its own spend go through its ledger and not through this cash.
    """
    moved: dict[tuple[int, str], int] = {}
    for each in pool.books.entries(book="actual", account=chart.CASH, through_month=month, as_of=as_of):
        place = (each.month, CASH_KINDS.get(each.entry.kind, "other"))
        pence = sum(posting.amount_pence for posting in each.entry.postings if posting.account == chart.CASH)
        moved[place] = moved.get(place, 0) + pence
    months, opening = list[CashMonth](), 0
    for each_month in (one for one in MONTHS if one <= month):
        of = {what: moved.get((each_month, what), 0) for what in ("received", "recharges_paid", "other")}
        months.append(CashMonth(each_month, opening, of["received"], of["recharges_paid"], of["other"]))
        opening = months[-1].closing_pence
    return tuple(months)

"""Interest on invoices paid late up to a month's end, by the agreement's terms, and what of it was posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from ledgers.money import pounds, short_number
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.invoices import InvoicePosition, Invoices
from s75_rules.late_payment import interest_pence, late_percent


@dataclass(frozen=True, slots=True)
class LateInterest:
    """Interest on one invoice, in pence: pence times days late, the yearly rate, and what was posted before.

    ``interest_pence`` is None where the rate is not known here.
    """

    position: InvoicePosition
    pence_days: int
    percent: Fraction | None
    interest_pence: int | None
    posted_pence: int

    @property
    def to_post_pence(self) -> int | None:
        """What is still to be posted; below nil where too much was."""
        return None if self.interest_pence is None else self.interest_pence - self.posted_pence

    @property
    def rate(self) -> str:
        """The yearly rate for a reader."""
        return "not known here" if self.percent is None else f"{short_number(self.percent)}%"

    def as_json(self) -> dict[str, object]:
        """The interest with money in pounds as text."""
        return {
            "number": self.position.document.number,
            "contribution": self.position.document.contribution,
            "partner": self.position.document.partner,
            "due_on": self.position.document.due_on.isoformat(),
            "rate": self.rate,
            "interest": _text(self.interest_pence),
            "posted": pounds(self.posted_pence),
            "to_post": _text(self.to_post_pence),
        }


def late_interest(pool: Pool, invoices: Invoices, as_of: int | None = None) -> tuple[LateInterest, ...]:
    """Simple interest on each invoice that was or is paid late, from the day after its last day to pay.

    What was paid counts until the day of its receipt, what is open until the month's end; what was credited was
    never owed. No interest is charged on interest. Rounded half up once for an invoice; the movement is what posts.
    """
    terms = pool.agreement.late_payment
    if terms.interest.kind == "none":
        return ()
    posted = _posted(pool, invoices.month, as_of)
    found = []
    for each in invoices.positions:
        days = _pence_days(each)
        before = posted.get(each.document.number, 0)
        if days or before:
            percent = late_percent(terms, each.document.due_on + timedelta(days=1))
            pence = None if percent is None else interest_pence(percent, days, terms.days_in_year)
            found.append(LateInterest(each, days, percent, pence, before))
    return tuple(found)


def _pence_days(position: InvoicePosition) -> int:
    document = position.document
    if document.amount_pence < 0 or document.kind == "interest":
        return 0
    paid = sum(each.pence * max(0, (each.receipt.received_on - document.due_on).days) for each in position.parts)
    return paid + position.open_pence * position.overdue_days


def _posted(pool: Pool, month: int, as_of: int | None) -> Mapping[str, int]:
    """Interest that was posted, by the number of its invoice."""
    posted: dict[str, int] = {}
    entries = pool.books.entries(book="actual", account=chart.LATE_INTEREST, through_month=month, as_of=as_of)
    for each in entries:
        for posting in each.entry.postings:
            if posting.account == chart.LATE_INTEREST:
                number = each.entry.source_reference
                posted[number] = posted.get(number, 0) - posting.amount_pence
    return posted


def _text(pence: int | None) -> str | None:
    return None if pence is None else pounds(pence)

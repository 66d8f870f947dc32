"""Issuing invoices and credit notes for what falls due, and reminders of what is late. Posts no due and no receipt."""

from dataclasses import dataclass
from datetime import date, timedelta

from ledgers.money import pounds
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.intake.invoices import (
    INVOICED,
    REMINDED,
    Document,
    DocumentKind,
    Instalment,
    debtor_account,
    document_number,
    documents,
)
from pooledfund.pool import Pool
from pooledfund.results.invoices import invoices_at, not_invoiced
from s75_rules.clock import day_in_england

EARLIEST = timedelta(days=92)
"""How long before its year an invoice may be dated: what falls due on 1 April is asked for in the quarter before."""


class InvoicingRefused(InputRefused):
    """Invoices or reminders that cannot be dated as asked."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of what is open of a late invoice, in pence, with its age in days and which one it is."""

    number: str
    partner: str
    contribution: str
    due_on: date
    open_pence: int
    age_days: int
    count: int
    new: bool

    def as_json(self) -> dict[str, object]:
        """The reminder with money in pounds as text."""
        return {
            "number": self.number,
            "partner": self.partner,
            "contribution": self.contribution,
            "due_on": self.due_on.isoformat(),
            "open": pounds(self.open_pence),
            "age_days": self.age_days,
            "reminder": self.count,
            "new": self.new,
        }


def issue_invoices(pool: Pool, month: int, on: date | None = None) -> tuple[Document, ...]:
    """Issue an invoice for each instalment up to the end of a month that has none, and for each that changed since.

    A rise since gives a further invoice for the difference, a fall a credit note. All take their numbers from one
    series without gaps, counted in the transaction that writes them. Nothing is posted: the due is in the books.

    Raises:
        InvoicingRefused: the day of issue is yet to come.
        NotAllowed: the person may not issue invoices.
    """
    require(pool.actor, Action.INVOICE)
    issued_on = _day(pool, on)
    with pool.writing(Action.INVOICE) as writing:
        before = documents(pool)
        left = not_invoiced(debtor_account(pool, month).asked_pence, before)
        made = []
        for place, (instalment, pence) in enumerate(left.items(), start=len(before) + 1):
            document = _document(pool, document_number(place), instalment, pence, before, issued_on)
            made.append(document)
            writing.event(INVOICED, document.payload())
    return tuple(made)


def _document(
    pool: Pool, number: str, instalment: Instalment, pence: int, before: tuple[Document, ...], on: date
) -> Document:
    contribution, day = instalment
    terms = pool.agreement.payment
    first = not any(each.instalment == instalment and each.kind != "interest" for each in before)
    kind: DocumentKind = "credit note" if pence < 0 else "invoice" if first else "further invoice"
    due_on = {"credit note": on, "invoice": terms.due_on(day), "further invoice": terms.due_on(max(day, on))}[kind]
    partner = pool.agreement.contributions[contribution].partner
    return Document(number, kind, contribution, partner, day, pence, due_on, on)


def remind(pool: Pool, month: int, on: date | None = None) -> tuple[Reminder, ...]:
    """Record a reminder for each invoice that is late at the end of a month; a second one the same day is not new.

    Raises:
        InvoicingRefused: the day of the reminder is yet to come.
        NotAllowed: the person may not send reminders.
    """
    require(pool.actor, Action.INVOICE)
    day = _day(pool, on)
    with pool.writing(Action.INVOICE) as writing:
        sent = [each.payload for each in pool.books.events(kind=REMINDED)]
        made = []
        for each in invoices_at(pool, month).overdue:
            document = each.document
            new = not any(one["number"] == document.number and one["sent_on"] == day.isoformat() for one in sent)
            made.append(
                Reminder(
                    number=document.number,
                    partner=document.partner,
                    contribution=document.contribution,
                    due_on=document.due_on,
                    open_pence=each.open_pence,
                    age_days=each.overdue_days,
                    count=each.reminders + new,
                    new=new,
                )
            )
            if new:
                writing.event(
                    REMINDED,
                    {
                        "number": document.number,
                        "sent_on": day.isoformat(),
                        "month": month,
                        "open_pence": each.open_pence,
                        "age_days": each.overdue_days,
                    },
                )
    return tuple(made)


def _day(pool: Pool, on: date | None) -> date:
    today = day_in_england(pool.clock())
    if on is not None and on > today:
        raise InvoicingRefused(f"{on.isoformat()} is yet to come: date it today or earlier")
    year = pool.agreement.year
    if on is not None and on < year.first_day - EARLIEST:
        raise InvoicingRefused(
            f"{on.isoformat()} is long before {year}, which it is for: date it within {EARLIEST.days} days of the year"
        )
    return on or today

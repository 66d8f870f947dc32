"""Posting interest on invoices paid late and invoicing it. Works out no interest itself."""

from ledgers.registers import registers_of
from pooledfund import chart, templates
from pooledfund.access import Action, require
from pooledfund.control.invoicing import InvoicingRefused
from pooledfund.intake.invoices import INVOICED, Document, document_number, documents
from pooledfund.pool import Pool
from pooledfund.results.invoices import invoices_at
from pooledfund.results.late_interest import LateInterest, late_interest
from pooledfund.templates import Stamp


def post_late_interest(pool: Pool, month: int) -> tuple[Document, ...]:
    """Post the interest to a month's end that was not posted before, and issue an invoice for each amount.

    What fell since it was posted, as a receipt came to light, is posted and credited below nil.

    Raises:
        InvoicingRefused: the agreement has no interest on late payment, or a rate is not known here.
        NotAllowed: the person may not post.
        LedgerRefusal: the books refuse an entry.
    """
    require(pool.actor, Action.POST)
    if pool.agreement.late_payment.interest.kind == "none":
        raise InvoicingRefused(
            "the agreement has no interest on late payment: vary it with late_payment: {interest: ..}, or post none"
        )
    with pool.writing(Action.POST) as writing:
        invoices = invoices_at(pool, month)
        found = late_interest(pool, invoices)
        if unknown := [each.position.document.number for each in found if each.to_post_pence is None]:
            raise InvoicingRefused(
                f"the statutory rate for {', '.join(unknown)} is not known here: add the base rate of its half-year "
                "to the dated rates, with its reference"
            )
        if chart.LATE_INTEREST not in pool.books.accounts():
            # Books opened before there was interest.
            writing.extend_registers(registers_of([chart.LATE_INTEREST_ACCOUNT], {}, {}, {}))
        place = len(documents(pool))
        made = []
        for each in (one for one in found if one.to_post_pence):
            place += 1
            document, stamp = _document(pool, each, document_number(place))
            entry = templates.late_interest(stamp, document.contribution, document.partner, document.amount_pence)
            writing.record(entry)
            writing.event(INVOICED, document.payload())
            made.append(document)
    return tuple(made)


def _document(pool: Pool, interest: LateInterest, number: str) -> tuple[Document, Stamp]:
    of, at = interest.position.document, interest.position.at
    pence = interest.to_post_pence
    assert pence is not None, "a rate that is not known was refused before"
    effective, _ = pool.posting_day(at)
    why = f"interest at {interest.rate} a year on {of.number} to {at.isoformat()}"
    # The document's own number makes the key new where a later look at the same month finds another amount.
    stamp = Stamp(effective, pool.actor.name, why, of.number, f"late-interest/{of.number}/{number}", at)
    due_on = at if pence < 0 else pool.agreement.payment.due_on(at)
    return Document(number, "interest", of.contribution, of.partner, at, pence, due_on, at), stamp

"""Commitments: orders placed on a line and released. A memorandum beside the forecast; no cost and no cash."""

from dataclasses import dataclass
from datetime import date

from ledgers.journal import Recorded
from ledgers.money import pounds_for_people
from ledgers.registers import registers_of
from pooledfund import chart, templates
from pooledfund.access import Action, require, require_line
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.templates import Stamp


class CommitmentRefused(InputRefused):
    """A commitment that cannot be raised or released."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """An order on a line by its reference, in pence, above nil, and the day that it was placed or released."""

    scheme: str
    reference: str
    amount_pence: int
    effective_on: date


def raise_commitment(pool: Pool, order: Commitment) -> Recorded:
    """Commit a line's money to an order. The same order on the same day is there already.

    Raises:
        CommitmentRefused: no such line, no reference, no amount, or a day outside the year.
        NotAllowed: the line is not the person's to forecast.
        LedgerRefusal: its month is closed, or the same order stands with another amount.
    """
    return _post(pool, order, "placed", order.amount_pence)


def release_commitment(pool: Pool, order: Commitment) -> Recorded:
    """Take back all or part of a commitment, as its invoice is posted or the order falls away.

    Raises:
        CommitmentRefused: as above, or it takes back more than stands under the reference.
        NotAllowed, LedgerRefusal: as above.
    """
    return _post(pool, order, "released", -order.amount_pence)


def _post(pool: Pool, order: Commitment, deed: str, pence: int) -> Recorded:
    _check(pool, order)
    stamp = Stamp(
        on=order.effective_on,
        who=pool.actor.name,
        why=f"order {order.reference} {deed}",
        reference=order.reference,
        key=f"commitment/{order.scheme}/{order.reference}/{deed}/{order.effective_on.isoformat()}",
    )
    entry = templates.commitment(stamp, order.scheme, pence)
    with pool.writing(Action.FORECAST) as writing:
        # Inside the transaction, so that two people do not release the same order at once.
        if pool.books.entry_by_key(entry.idempotency_key) is None and (standing := _standing(pool, order)) + pence < 0:
            raise CommitmentRefused(
                f"{pounds_for_people(standing)} stands under {order.reference} on {order.scheme}, less than "
                f"{pounds_for_people(order.amount_pence)}: release no more than that"
            )
        missing = [each for each in chart.COMMITMENT_ACCOUNTS if each.code not in pool.books.accounts()]
        if missing:
            # Books opened before there were commitments.
            writing.extend_registers(registers_of(missing, {}, {}, {}))
        return writing.record(entry)


def _standing(pool: Pool, order: Commitment) -> int:
    """What is committed under a reference on a line, in pence."""
    entries = pool.books.entries(book="forecast", account=chart.COMMITMENTS, scheme=order.scheme)
    return sum(
        posting.amount_pence
        for each in entries
        if each.entry.source_reference == order.reference
        for posting in each.entry.postings
        if posting.account == chart.COMMITMENTS
    )


def _check(pool: Pool, order: Commitment) -> None:
    """Every reason why the order cannot be taken, at once."""
    require(pool.actor, Action.FORECAST)
    agreement, reasons = pool.agreement, list[str]()
    if order.scheme in agreement.schemes:
        require_line(pool.actor, Action.FORECAST, order.scheme, agreement.schemes[order.scheme].lead)
    else:
        reasons.append(f"'{order.scheme}' is not a scheme line of {agreement.id}: name one that check lists")
    if not order.reference.strip():
        reasons.append("an order has a reference: give it")
    if order.amount_pence <= 0:
        reasons.append("the amount of an order is above nil: to take it back, release it")
    if order.effective_on not in agreement.year:
        reasons.append(f"{order.effective_on.isoformat()} is not in {agreement.year}: date it in the pool's year")
    if reasons:
        raise CommitmentRefused(*reasons)

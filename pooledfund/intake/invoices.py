"""Invoices and credit notes in the log, and what the books ask of partners by instalment. Matches nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from ledgers.journal import RecordedEntry
from ledgers.money import pounds
from ledgers.seal import JSON
from pooledfund import chart
from pooledfund.pool import Pool

INVOICED = "invoice issued"
REMINDED = "reminder sent"
DocumentKind = Literal["invoice", "further invoice", "credit note", "interest"]
DUE_KINDS = frozenset({"contribution due", "contribution by book", "contribution net of own lines", "late interest"})
"""The kinds of entry that say what a partner is asked for; the rest of its debtor account is receipts and journals."""

_NUMBER = re.compile(r"\bINV-[0-9]{4,}\b")
Instalment = tuple[str, date]
"""A contribution and the day on which a part of it falls due."""


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or, below nil, a credit note: for which instalment, in pence, and by when it is to be paid."""

    number: str
    kind: DocumentKind
    contribution: str
    partner: str
    instalment_on: date
    amount_pence: int
    due_on: date
    issued_on: date
    event: int = 0

    @property
    def instalment(self) -> Instalment:
        """The instalment that it asks for."""
        return self.contribution, self.instalment_on

    def payload(self) -> dict[str, JSON]:
        """What the log keeps of it."""
        return {
            "number": self.number,
            "kind": self.kind,
            "contribution": self.contribution,
            "partner": self.partner,
            "instalment_on": self.instalment_on.isoformat(),
            "amount_pence": self.amount_pence,
            "due_on": self.due_on.isoformat(),
            "issued_on": self.issued_on.isoformat(),
        }

    def as_json(self) -> dict[str, object]:
        """The document with its amount in pounds as text."""
        kept: dict[str, object] = dict(self.payload())
        del kept["amount_pence"]
        return {**kept, "amount": pounds(self.amount_pence), "event": self.event}


def documents(pool: Pool, as_of: int | None = None) -> tuple[Document, ...]:
    """Every invoice and credit note that was issued, in the order of their numbers, now or as of an event."""
    return tuple(_document(each.payload, each.number) for each in pool.books.events(kind=INVOICED, as_of=as_of))


def document_number(place: int) -> str:
    """The number of the document at a place of the pool's one gapless series, counted from 1."""
    return f"INV-{place:04d}"


def number_named_in(*texts: str) -> str | None:
    """The number of an invoice that a payer's words name, or None where they name none."""
    return next((found[0] for text in texts if (found := _NUMBER.search(text))), None)


def _document(payload: Mapping[str, JSON], event: int) -> Document:
    (kind,) = (each for each in get_args(DocumentKind) if each == payload["kind"])
    return Document(
        number=str(payload["number"]),
        kind=kind,
        contribution=str(payload["contribution"]),
        partner=str(payload["partner"]),
        instalment_on=date.fromisoformat(str(payload["instalment_on"])),
        amount_pence=int(str(payload["amount_pence"])),
        due_on=date.fromisoformat(str(payload["due_on"])),
        issued_on=date.fromisoformat(str(payload["issued_on"])),
        event=event,
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money of a partner against a contribution, in pence, and the invoice that the payer named."""

    entry: int
    received_on: date
    contribution: str
    partner: str
    reference: str
    pence: int
    named: str | None


@dataclass(frozen=True, slots=True)
class DebtorAccount:
    """The contributions' debtor account up to a month, taken apart: asked for, received, and moved in other ways."""

    asked_pence: Mapping[Instalment, int]
    receipts: tuple[Receipt, ...]
    other_pence: Mapping[str, int]


def debtor_account(pool: Pool, month: int, as_of: int | None = None) -> DebtorAccount:
    """Every posting to debtors that names a contribution; a receipt and its reversal are left out together."""
    entries = pool.books.entries(book="actual", account=chart.DEBTORS, through_month=month, as_of=as_of)
    taken_back = {each.entry.reverses for each in entries}
    asked: dict[Instalment, int] = {}
    other: dict[str, int] = {}
    receipts: list[Receipt] = []
    for each in entries:
        for contribution, partner, pence in _debts(each):
            if each.entry.kind in DUE_KINDS:
                place = (contribution, each.entry.document_on)
                asked[place] = asked.get(place, 0) + pence
            elif not any(posting.account == chart.CASH for posting in each.entry.postings):
                other[contribution] = other.get(contribution, 0) + pence
            elif each.number not in taken_back and each.entry.reverses is None:
                receipts.append(_receipt(each, contribution, partner, -pence))
    return DebtorAccount(asked, tuple(receipts), other)


def _debts(recorded: RecordedEntry) -> Iterable[tuple[str, str, int]]:
    for posting in recorded.entry.postings:
        if posting.account == chart.DEBTORS and posting.contribution:
            yield posting.contribution, posting.partner or "", posting.amount_pence


def _receipt(recorded: RecordedEntry, contribution: str, partner: str, pence: int) -> Receipt:
    entry = recorded.entry
    named = number_named_in(entry.source_reference, entry.why)
    return Receipt(recorded.number, entry.document_on, contribution, partner, entry.source_reference, pence, named)

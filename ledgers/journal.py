"""Entries and postings, and what makes an entry valid on its own; nothing of where they are kept."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ledgers.money import MAX_PENCE, pounds_for_people
from ledgers.refusals import (
    AmountTooLarge,
    EntryDoesNotBalance,
    EntryHasOneLeg,
    EntryIncomplete,
    PostingIsNil,
)

Book = Literal["budget", "actual", "forecast"]
Outcome = Literal["recorded", "already there"]

MAX_TEXT = 2000
"""Characters in a reason or a reference: more belongs in a document that the reference names."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg of an entry: pence, debit plus and credit minus, on an account and its dimensions."""

    account: str
    amount_pence: int
    scheme: str | None = None
    contribution: str | None = None
    partner: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced set of postings in one book, with who made it, why and from what source.

    The idempotency key says which happening this is: the same key with the same content is the
    same entry, however often it arrives. ``adjusting`` marks a year-end adjustment, the only kind
    that a month in the adjusting state takes.
    """

    book: Book
    kind: str
    effective_on: date
    document_on: date
    who: str
    why: str
    source_reference: str
    idempotency_key: str
    postings: tuple[Posting, ...]
    reverses: int | None = None
    corrects: int | None = None
    adjusting: bool = False


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """An entry as the books hold it: its gapless number, its month and the event that carries it."""

    number: int
    month: int
    recorded_at: str
    event: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of something handed in: recorded now, or already there with the same content."""

    number: int
    outcome: Outcome


def check_entry(entry: Entry) -> None:
    """See that an entry is whole and balances in pence.

    Raises:
        EntryIncomplete, EntryHasOneLeg, PostingIsNil, AmountTooLarge, EntryDoesNotBalance.
    """
    _check_texts(entry)
    name = f"entry '{entry.idempotency_key}'"
    amounts = [posting.amount_pence for posting in entry.postings]
    if len(amounts) < 2:
        raise EntryHasOneLeg(f"{name} has {len(amounts)} posting(s): an entry has at least two, a debit and a credit")
    if 0 in amounts:
        account = entry.postings[amounts.index(0)].account
        raise PostingIsNil(f"{name} posts nothing to {account}: leave the posting out")
    if max(map(abs, amounts)) > MAX_PENCE:
        account = max(entry.postings, key=lambda posting: abs(posting.amount_pence)).account
        raise AmountTooLarge(f"{name} posts more to {account} than any pool holds: check the amount")
    if difference := sum(amounts):
        raise EntryDoesNotBalance(
            f"{name} does not balance: debits less credits are {pounds_for_people(difference)}; "
            "make the postings sum to nil"
        )


def _check_texts(entry: Entry) -> None:
    needed = (entry.who, entry.why, entry.kind, entry.idempotency_key)
    whole = (*needed, entry.source_reference)
    if all(map(str.strip, needed)) and max(map(len, whole)) <= MAX_TEXT and "\0" not in "".join(whole):
        return
    texts = {"who": entry.who, "why": entry.why, "kind": entry.kind, "idempotency key": entry.idempotency_key}
    for name, text in texts.items():
        if not text.strip():
            raise EntryIncomplete(f"entry '{entry.idempotency_key}' has no {name}: every entry says so")
    for name, text in {**texts, "source reference": entry.source_reference}.items():
        if len(text) > MAX_TEXT:
            raise EntryIncomplete(
                f"entry '{entry.idempotency_key[:40]}' has a {name} over {MAX_TEXT} characters: shorten it"
            )
        if "\0" in text:
            key = entry.idempotency_key[:40].replace("\0", "\N{SYMBOL FOR NULL}")
            raise EntryIncomplete(f"entry '{key}' has a {name} with a NUL character in it: write it in letters")


def first_difference(kept: Entry, given: Entry) -> str | None:
    """The first field in which two entries differ, or None where they say the same.

    Who handed it in is not part of what an entry says, so a colleague who sends the same
    file again changes nothing.
    """
    fields = ("book", "kind", "effective_on", "document_on", "why", "source_reference")
    for field in (*fields, "reverses", "corrects", "adjusting"):
        if getattr(kept, field) != getattr(given, field):
            return field
    for line, (ours, theirs) in enumerate(zip(kept.postings, given.postings, strict=False), start=1):
        for field in ("account", "amount_pence", "scheme", "contribution", "partner"):
            if getattr(ours, field) != getattr(theirs, field):
                return f"posting {line} {field}"
    return None if len(kept.postings) == len(given.postings) else "number of postings"


def reversal_of(
    recorded: RecordedEntry,
    *,
    effective_on: date,
    who: str,
    why: str,
    idempotency_key: str,
    adjusting: bool = False,
) -> Entry:
    """The exact mirror of a recorded entry on a date of its own; its kind and source stay the original's."""
    mirrored = tuple(replace(posting, amount_pence=-posting.amount_pence) for posting in recorded.entry.postings)
    return replace(
        recorded.entry,
        effective_on=effective_on,
        who=who,
        why=why,
        idempotency_key=idempotency_key,
        postings=mirrored,
        reverses=recorded.number,
        corrects=None,
        adjusting=adjusting,
    )

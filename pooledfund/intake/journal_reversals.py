"""Reversing a journal with its reason, once; what is no journal is corrected where it came from. Posts nothing else."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from ledgers.calendar import month_label
from ledgers.journal import Entry, Recorded, RecordedEntry, reversal_of
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.intake.journals import KEY
from pooledfund.intake.meanwhile import check_unchanged
from pooledfund.pool import Pool

_CORRECTED_BY: Final[tuple[tuple[str, str], ...]] = (
    ("agreement/", "it was posted from the agreement: change that with vary"),
    ("variation/", "it was posted from a variation of the agreement: change that with vary"),
    ("spend/", "it came with a ledger extract: import the corrected extract with import-actuals --accept-changes"),
    ("suspense/", "it cleared an item of suspense: import the corrected extract with import-actuals --accept-changes"),
    ("estimate/", "it is an estimate: the import of the partner's figures reverses it"),
    ("receipt/", "it is a receipt: record what was paid back, or the rest of it, with receive"),
    ("forecast/", "it is a forecast: enter the right one with forecast"),
    ("commitment/", "it is an order: release it with commit"),
    ("virement", "it is a virement: make the opposite one with virement"),
    ("settlement/", "it is part of a settlement: settle again with settle"),
    ("brought forward/", "it was brought forward from last year: correct it there and run roll-forward"),
    ("prior-year adjustment/", "it was brought forward from last year: correct it there and run roll-forward"),
    (
        "late-interest/",
        "it is interest on late payment: see its invoice with cash, and post what is waived as a journal",
    ),
    ("recharge-paid/", "it pays a recharge: see it with recharges, and post what came back as a journal"),
)
"""How keys of entries begin, and what corrects an entry of each."""
_ELSEWHERE = "it is no journal: correct it with the command that made it"


class NotReversed(InputRefused):
    """An entry that is not reversed as a journal: what it is, and what corrects it."""


@dataclass(frozen=True, slots=True)
class ReversalPlanned:
    """The entry that would reverse a journal, with a word where it takes effect on another day than the journal did."""

    entry: Entry
    original: RecordedEntry
    note: str | None


def why_not_reversed(pool: Pool, number: int) -> str | None:
    """Why an entry cannot be reversed as a journal, in a sentence; None where it can.

    Raises:
        EntryNotFound: the books have no such entry.
    """
    return _why_not(pool, pool.books.entry(number))


def plan_reversal(
    pool: Pool, number: int, why: str, effective_on: date | None = None, *, adjusting: bool = False
) -> ReversalPlanned:
    """The mirror of a journal on a day of an open month; posts nothing.

    Without a day it takes effect when the journal did, or on the first open day after where that month is closed.

    Raises:
        NotAllowed: the person may not post journals.
        NotReversed: no journal, reversed already, no reason, or a day whose month is not open.
        EntryNotFound: the books have no such entry.
    """
    require(pool.actor, Action.POST)
    original = pool.books.entry(number)
    if reason := _why_not(pool, original):
        raise NotReversed(reason)
    if not why.strip():
        raise NotReversed(f"entry {number} is not reversed without a reason: say why it was wrong")
    day, note = _day(pool, original, effective_on, adjusting=adjusting)
    entry = reversal_of(
        original,
        effective_on=day,
        who=pool.actor.name,
        why=f"{why.strip()} ({note})" if note else why.strip(),
        idempotency_key=_key(original),
        adjusting=adjusting,
    )
    return ReversalPlanned(entry, original, note)


def reverse_journal(
    pool: Pool,
    number: int,
    why: str,
    effective_on: date | None = None,
    *,
    adjusting: bool = False,
    expected_event: int | None = None,
) -> Recorded:
    """Reverse a journal, once: every line of it on the other side, with the reason.

    ``expected_event`` is the newest event on the journal that the person had read: its own while it stood unreversed.

    Raises:
        NotAllowed, NotReversed, EntryNotFound: as ``plan_reversal`` does.
        ChangedMeanwhile: someone reversed it after the person had read it.
        LedgerRefusal: the books refuse the mirror, such as one that takes an account below nil.
    """
    with pool.writing(Action.POST) as writing:
        original = pool.books.entry(number)
        there = pool.books.entry_by_key(_key(original))
        if there is not None:
            check_unchanged([pool.books.event(there.event)], expected_event, f"entry {number}")
        return writing.record(plan_reversal(pool, number, why, effective_on, adjusting=adjusting).entry)


def _key(original: RecordedEntry) -> str:
    return f"{original.entry.idempotency_key}/reversal"


def _why_not(pool: Pool, original: RecordedEntry) -> str | None:
    number, key = original.number, original.entry.idempotency_key
    if original.entry.reverses is not None:
        return (
            f"entry {number} is itself the reversal of entry {original.entry.reverses}, and a reversal is not "
            "reversed: post what is right as a new journal"
        )
    if not key.startswith(KEY):
        how = next((how for start, how in _CORRECTED_BY if key.startswith(start)), _ELSEWHERE)
        return f"entry {number} is not reversed here: {how}"
    there = pool.books.entry_by_key(_key(original))
    if there is not None:
        return (
            f"entry {number} is reversed already, by entry {there.number} of {there.entry.who}: an entry is reversed "
            "once"
        )
    return None


def _day(pool: Pool, original: RecordedEntry, asked: date | None, *, adjusting: bool) -> tuple[date, str | None]:
    """The day that a reversal takes effect, with a word where it is not the journal's own and nobody asked for it."""
    year, states = pool.agreement.year, pool.books.month_states()
    own = original.entry.effective_on
    if asked is None:
        if adjusting and states[year.month_of(own)] == "adjusting":
            return own, None
        return pool.posting_day(own)
    if asked not in year:
        raise NotReversed(f"{asked.isoformat()} is not in {year}: date the reversal in the pool's year")
    month = year.month_of(asked)
    if states[month] == "open" or (adjusting and states[month] == "adjusting"):
        return asked, None
    first = pool.books.first_open_day(month)
    remedy = f"the first open day after it is {first.isoformat()}" if first else f"no later month of {year} is open"
    state = "closed" if states[month] == "closed" else "open to adjusting entries only"
    raise NotReversed(f"{asked.isoformat()} falls in {month_label(month)}, which is {state}: {remedy}")

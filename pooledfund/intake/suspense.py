"""Items in suspense: who looks after each, and clearing one to its line. What waits and for how long is elsewhere."""

from dataclasses import dataclass, replace

from ledgers.journal import Entry, RecordedEntry, reversal_of
from ledgers.seal import JSON
from pooledfund import chart, templates
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.intake.apportioning import Apportioning
from pooledfund.intake.meanwhile import tell
from pooledfund.intake.reversals import own_reversals
from pooledfund.pool import Pool
from pooledfund.said import LONGEST_NAME, faults_in, too_long
from pooledfund.templates import SpendKind, Stamp

ASSIGNED = "suspense assigned"


class SuspenseRefused(InputRefused):
    """An item that does not wait in suspense, or cannot be cleared as was asked."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """To which line, and where it is known from which contribution, an item in suspense belongs, and who says so."""

    entry: int
    scheme: str
    reason: str
    contribution: str | None = None
    is_accrual: bool = False


def open_items(pool: Pool, as_of: int | None = None) -> list[RecordedEntry]:
    """The entries that wait in suspense: those of no line that nothing has reversed."""
    entries = pool.books.entries(book="actual", kind="suspense", as_of=as_of)
    reversed_by_now = {each.entry.reverses for each in entries}
    return [each for each in entries if each.entry.reverses is None and each.number not in reversed_by_now]


def waiting_pence(entry: Entry) -> int:
    """What an entry put into suspense, in pence."""
    return sum(each.amount_pence for each in entry.postings if each.account == chart.SUSPENSE)


def assign(pool: Pool, entry: int, owner: str, note: str = "", *, expected_event: int | None = None) -> int:
    """Say who looks after an item in suspense, by a role or a team; gives the event's number.

    ``expected_event`` is the newest event that the person had read.

    Raises:
        ChangedMeanwhile: someone else gave it to somebody since.
        NotAllowed: the person may not post journals.
        SuspenseRefused: the entry does not wait in suspense, or no owner is named.
    """
    require(pool.actor, Action.POST)
    _waiting(pool, entry)
    if not owner.strip():
        raise SuspenseRefused("an item is given to someone: name a role or a team")
    if long := [*too_long(LONGEST_NAME, owner=owner), *too_long(note=note)]:
        raise SuspenseRefused(*long)
    with pool.writing(Action.POST) as writing:
        told = [each for each in pool.books.events(kind=ASSIGNED) if each.payload["entry"] == entry]
        said: dict[str, JSON] = {"entry": entry, "owner": owner.strip(), "note": note.strip()}
        return tell(writing, ASSIGNED, said, told, f"the owner of entry {entry}", expected_event)


def clear(pool: Pool, clearing: Clearing) -> int:
    """Clear an item to its line: the entry in suspense is reversed and the spend posted that names it; gives its entry.

    Both stand in the item's own month while that is open, else on the first open day. An accrual is reversed on the
    first day of the month after its own, unless the ledger's own reversal is in the books.

    Raises:
        NotAllowed: the person may not post journals.
        SuspenseRefused: the entry does not wait in suspense, or there is no such line, contribution or reason.
    """
    require(pool.actor, Action.POST)
    kept = _waiting(pool, clearing.entry)
    _check(pool, clearing)
    effective, note = pool.posting_day(kept.entry.effective_on)
    why = f"{kept.entry.why}, cleared from suspense: {clearing.reason}" + (f" ({note})" if note else "")
    key = f"suspense/{clearing.entry}/cleared"
    back = reversal_of(
        kept, effective_on=effective, who=pool.actor.name, why=why, idempotency_key=f"{key}/reversal of suspense"
    )
    entry = _spend(
        pool,
        clearing,
        kept,
        Stamp(effective, pool.actor.name, why, kept.entry.source_reference, key, kept.entry.document_on),
    )
    with pool.writing(Action.POST) as writing:
        writing.record(back)
        number = writing.record(entry).number
        if clearing.is_accrual and (mirror := _mirror(pool, kept, entry, number)) is not None:
            writing.record(mirror)
    return number


def _waiting(pool: Pool, number: int) -> RecordedEntry:
    waiting = {each.number: each for each in open_items(pool)}
    if number not in waiting:
        known = ", ".join(map(str, list(waiting)[:20])) or "none"
        raise SuspenseRefused(f"entry {number} does not wait in suspense: those that do are {known}")
    return waiting[number]


def _check(pool: Pool, clearing: Clearing) -> None:
    agreement, scheme = pool.agreement, clearing.scheme
    if scheme not in agreement.schemes:
        raise SuspenseRefused(f"'{scheme}' is not a scheme line: use one that the agreement names")
    current = {each for each, _ in Apportioning(pool).budgets(12).get(scheme, [])}
    if clearing.contribution is not None and clearing.contribution not in current | set(
        agreement.schemes[scheme].budgets
    ):
        raise SuspenseRefused(f"'{clearing.contribution}' pays for nothing on {scheme}: name one that does")
    if faults := faults_in(clearing.reason, "an item is cleared with a reason: say how its line is known"):
        raise SuspenseRefused(*faults)


def _spend(pool: Pool, clearing: Clearing, kept: RecordedEntry, stamp: Stamp) -> Entry:
    partner = partner_of(kept)
    spent = Apportioning(pool).spend(
        clearing.scheme, partner, waiting_pence(kept.entry), stamp.on, clearing.contribution
    )
    host = pool.agreement.host_of(pool.agreement.schemes[clearing.scheme].fund)
    kind: SpendKind = "accrual" if clearing.is_accrual else "spend" if partner == host else "recharge"
    return replace(templates.spend(stamp, kind, spent), corrects=kept.number)


def partner_of(kept: RecordedEntry) -> str:
    """The partner whose ledger an entry in suspense came from."""
    return next(str(each.partner) for each in kept.entry.postings if each.account == chart.SUSPENSE)


def _mirror(pool: Pool, kept: RecordedEntry, entry: Entry, number: int) -> Entry | None:
    """The accrual's own reversal; None where the ledger's is in the books, or the day is next year's."""
    year = pool.agreement.year
    month = year.month_of(kept.entry.effective_on)
    line = (partner_of(kept), entry.postings[0].scheme)
    reversals = own_reversals(pool, ())
    if month == 12 or reversals.reversed_by_ledger(line, kept.entry.source_reference, waiting_pence(kept.entry)):
        return None
    on = year.month_starts(month + 1)
    effective, note = pool.posting_day(on)
    return replace(
        entry,
        effective_on=effective,
        document_on=on,
        why=f"reversal of accrual {entry.source_reference}" + (f" ({note})" if note else ""),
        idempotency_key=f"{entry.idempotency_key}/reversal",
        postings=tuple(replace(each, amount_pence=-each.amount_pence) for each in entry.postings),
        reverses=number,
        corrects=None,
    )

"""What waits in suspense: each item with its owner, its age and the row of the file it came from. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from ledgers.money import pounds
from ledgers.seal import Event
from pooledfund import chart
from pooledfund.intake.suspense import ASSIGNED, open_items, waiting_pence
from pooledfund.pool import Pool


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An entry that waits in suspense, in pence; its age is in whole days since it came into the books."""

    entry: int
    partner: str
    reference: str
    what: str
    amount_pence: int
    month: int
    age_days: int
    owner: str | None
    note: str
    batch: int | None
    file_row: int | None

    def as_json(self) -> dict[str, object]:
        """The item with money in pounds as text."""
        return {
            "entry": self.entry,
            "partner": self.partner,
            "reference": self.reference,
            "what": self.what,
            "amount": pounds(self.amount_pence),
            "month": f"M{self.month}",
            "age_days": self.age_days,
            "owner": self.owner,
            "note": self.note,
            "batch": self.batch,
            "row": self.file_row,
        }


@dataclass(frozen=True, slots=True)
class Suspense:
    """The open items and what journals moved by hand on the suspense account: together they are its balance."""

    items: tuple[OpenItem, ...]
    by_journals_pence: int

    @property
    def total_pence(self) -> int:
        """The balance of the suspense account in pence."""
        return sum(each.amount_pence for each in self.items) + self.by_journals_pence

    def as_json(self) -> dict[str, object]:
        """The account with money in pounds as text."""
        return {
            "items": [each.as_json() for each in self.items],
            "moved_by_journals": pounds(self.by_journals_pence),
            "total": pounds(self.total_pence),
        }


def suspense_report(pool: Pool, *, as_of: int | None = None, at: datetime | None = None) -> Suspense:
    """What waits in suspense, oldest first, as the books stood at an event; ages are counted to its instant, else now.

    Raises:
        NotAllowed: the person may not read the books.
        EventNotFound: the log has no event ``as_of``.
    """
    events = pool.books.events(as_of=as_of)
    instant = at or (datetime.fromisoformat(events[-1].recorded_at) if as_of is not None else pool.clock())
    owners = {int(str(each.payload["entry"])): each for each in events if each.kind == ASSIGNED}
    items = []
    for kept in open_items(pool, as_of):
        lines = pool.books.source_lines(entry=kept.number)
        assigned = owners.get(kept.number)
        items.append(
            OpenItem(
                entry=kept.number,
                partner=next(str(each.partner) for each in kept.entry.postings if each.account == chart.SUSPENSE),
                reference=kept.entry.source_reference,
                what=kept.entry.why,
                amount_pence=waiting_pence(kept.entry),
                month=kept.month,
                age_days=(instant.date() - datetime.fromisoformat(kept.recorded_at).date()).days,
                owner=_text(assigned, "owner") or None,
                note=_text(assigned, "note"),
                batch=lines[0].batch if lines else None,
                file_row=lines[0].file_row if lines else None,
            )
        )
    balance = sum(pool.books.balances("actual", (), accounts=(chart.SUSPENSE,), as_of=as_of).values())
    return Suspense(tuple(items), balance - sum(each.amount_pence for each in items))


def _text(event: Event | None, key: str) -> str:
    return str(event.payload[key]) if event is not None else ""

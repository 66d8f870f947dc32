"""The files that came in: digest, who brought each and when, for whose months, counts and totals. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledgers.money import pounds
from ledgers.seal import Event
from ledgers.sources import Batch
from pooledfund.intake.submissions import RECEIVED
from pooledfund.pool import Pool


@dataclass(frozen=True, slots=True)
class BatchSeen:
    """One file as the books keep it; totals in pence, the partner's own where it gave one."""

    number: int
    batch: Batch
    who: str
    recorded_at: str
    months: tuple[tuple[str, tuple[int, ...]], ...]
    ledger: str
    control_total_pence: int | None

    @property
    def covers(self) -> str:
        """Whose months the file brought, such as ``council M7, M8``."""
        return "; ".join(f"{partner} {', '.join(f'M{each}' for each in months)}" for partner, months in self.months)

    def as_json(self) -> dict[str, object]:
        """The file with money in pounds as text."""
        return {
            "batch": self.number,
            "file": self.batch.file_name,
            "digest": self.batch.digest,
            "kind": self.batch.kind,
            "who": self.who,
            "at": self.recorded_at,
            "months": {partner: [f"M{each}" for each in months] for partner, months in self.months},
            "ledger": self.ledger,
            "rows": self.batch.rows_read,
            "entries": self.batch.entries_made,
            "total": pounds(self.batch.control_total_pence),
            "control_total": None if self.control_total_pence is None else pounds(self.control_total_pence),
        }


def batches_report(pool: Pool, *, as_of: int | None = None) -> tuple[BatchSeen, ...]:
    """The files that came in by an event, in their order; raises NotAllowed or EventNotFound."""
    events = {event.number: event for event in pool.books.events(as_of=as_of)}
    received: dict[int, list[Event]] = {}
    for event in events.values():
        if event.kind == RECEIVED and event.payload["batch"] is not None:
            received.setdefault(int(str(event.payload["batch"])), []).append(event)
    return tuple(
        _seen(kept.number, kept.batch, events[kept.event], received.get(kept.number, []))
        for kept in pool.books.batches(as_of=as_of)
    )


def _seen(number: int, batch: Batch, carried_by: Event, received: Sequence[Event]) -> BatchSeen:
    months = []
    for event in received:
        listed = event.payload["months"]
        assert isinstance(listed, list)
        months.append((str(event.payload["partner"]), tuple(int(str(each)) for each in listed)))
    control = received[0].payload.get("control_total_pence") if received else None
    return BatchSeen(
        number,
        batch,
        carried_by.who,
        carried_by.recorded_at,
        tuple(months),
        str(received[0].payload.get("ledger", "")) if received else "",
        None if control is None else int(str(control)),
    )

"""Reading recorded rows back as values: entries, events, month states, registers, files. Nothing is worked out here."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from ledgers.calendar import MONTHS
from ledgers.database import Connection, Reader
from ledgers.journal import Entry, Posting, RecordedEntry
from ledgers.refusals import EventNotFound
from ledgers.seal import Event, Head
from ledgers.sources import Batch, KeptBatch, SourceLine

MonthState = Literal["open", "adjusting", "closed"]
Value = str | int

ENTRY_COLUMNS = """entry.number, entry.month, entry.recorded_at, entry.event, entry.book, entry.kind,
    entry.effective_on, entry.document_on, entry.who, entry.why, entry.source_reference, entry.idempotency_key,
    entry.reverses, entry.corrects, entry.adjusting"""
POSTING_COLUMNS = "posting.account, posting.amount_pence, posting.scheme, posting.contribution, posting.partner"
_EVENT_COLUMNS = "number, kind, content, recorded_at, who, previous_hash, hash"


def entries_where(
    connection: Reader, pool_id: str, conditions: Sequence[str] = (), values: Sequence[Value] = ()
) -> Iterator[RecordedEntry]:
    """The entries that meet every condition, in the order of their numbers, with all their postings."""
    where = " AND ".join(("entry.pool_id = ?", *conditions))
    rows = connection.execute(
        f"""SELECT {ENTRY_COLUMNS}, {POSTING_COLUMNS} FROM entry
        JOIN posting ON posting.pool_id = entry.pool_id AND posting.entry = entry.number
        WHERE {where} ORDER BY entry.number, posting.line""",
        (pool_id, *values),
    )
    for _, lines in groupby(rows, key=lambda row: row[0]):
        yield recorded_entry(list(lines))


_FEW = 500


def entries_of_kind(
    connection: Connection,
    pool_id: str,
    book: str | None,
    kind: str | None,
    conditions: Sequence[str],
    values: Sequence[Value],
) -> Iterator[RecordedEntry]:
    """The same, where it is of a book and a kind that are named; where these are few they are found by the index alone.

    A database may read a book of a million entries through for the two that a question is about: by number it cannot.
    """
    if book is None:
        return entries_where(connection, pool_id, conditions, values)
    of_kind = "" if kind is None else " AND kind = ?"
    named: list[Value] = [pool_id, book, *([] if kind is None else [kind]), _FEW + 1]
    text = f"SELECT number FROM entry WHERE pool_id = ? AND book = ?{of_kind} LIMIT ?"
    numbers = [int(row[0]) for row in connection.execute(text, named)]
    if not numbers:
        return iter(())
    if len(numbers) > _FEW:
        return entries_where(connection, pool_id, conditions, values)
    found = f"entry.number IN ({', '.join('?' * len(numbers))})"
    return entries_where(connection, pool_id, [*conditions, found], [*values, *numbers])


def recorded_entry(lines: list[tuple[object, ...]]) -> RecordedEntry:
    """An entry from its rows, one a posting: the columns of the entry, those of the posting, and what else follows."""
    row = lines[0]
    entry = Entry(
        book=row[4],  # type: ignore[arg-type]  # the database holds these columns to their types
        kind=str(row[5]),
        effective_on=date.fromisoformat(str(row[6])),
        document_on=date.fromisoformat(str(row[7])),
        who=str(row[8]),
        why=str(row[9]),
        source_reference=str(row[10]),
        idempotency_key=str(row[11]),
        postings=tuple(Posting(*line[15:20]) for line in lines),  # type: ignore[arg-type]  # as above
        reverses=row[12],  # type: ignore[arg-type]
        corrects=row[13],  # type: ignore[arg-type]
        adjusting=bool(row[14]),
    )
    return RecordedEntry(number=row[0], month=row[1], recorded_at=str(row[2]), event=row[3], entry=entry)  # type: ignore[arg-type]


def entries_by_key(connection: Connection, pool_id: str, keys: Iterable[str]) -> dict[str, RecordedEntry]:
    """The recorded entries that have one of these idempotency keys."""
    return entries_of_numbers(connection, pool_id, connection.numbers_by_key(pool_id, keys))


def entries_of_numbers(connection: Reader, pool_id: str, numbers: Sequence[int]) -> dict[str, RecordedEntry]:
    """The recorded entries that have one of these numbers, by their idempotency keys."""
    found: dict[str, RecordedEntry] = {}
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        condition = f"entry.number IN ({', '.join('?' * len(part))})"
        for each in entries_where(connection, pool_id, [condition], part):
            found[each.entry.idempotency_key] = each
    return found


def events_where(
    connection: Connection, pool_id: str, conditions: Sequence[str] = (), values: Sequence[Value] = ()
) -> Iterator[Event]:
    """The events that meet every condition, in the order of the log."""
    where = " AND ".join(("pool_id = ?", *conditions))
    rows = connection.execute(f"SELECT {_EVENT_COLUMNS} FROM event WHERE {where} ORDER BY number", (pool_id, *values))
    for number, kind, content, recorded_at, who, previous_hash, hash_ in rows:
        payload = json.loads(content)["payload"]
        yield Event(number, kind, payload, recorded_at, who, previous_hash, hash_, content)


@dataclass(frozen=True, slots=True)
class LogLine:
    """An event as a list shows it: without what it carries, which may be long."""

    number: int
    kind: str
    recorded_at: str
    who: str
    first_entry: int | None
    last_entry: int | None
    hash: str


def log_page(
    connection: Connection, pool_id: str, kind: str | None, who: str | None, skip: int, take: int
) -> tuple[int, list[LogLine]]:
    """A page of the log, newest first, and how many events there are of this kind and person in all."""
    given = [(name, value) for name, value in (("kind", kind), ("who", who)) if value is not None]
    where = " AND ".join(("pool_id = ?", *(f"{name} = ?" for name, _ in given)))
    values: list[Value] = [pool_id, *(value for _, value in given)]
    total = connection.execute(f"SELECT count(*) FROM event WHERE {where}", values).fetchone()[0]
    rows = connection.execute(
        f"""SELECT number, kind, recorded_at, who, first_entry, last_entry, hash
        FROM event WHERE {where} ORDER BY number DESC LIMIT ? OFFSET ?""",
        [*values, take, skip],
    )
    return int(total), [LogLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class PostingLine:
    """A posting as a list shows it, with what of its entry a reader asks for first."""

    entry: int
    month: int
    effective_on: date
    kind: str
    why: str
    source_reference: str
    account: str
    amount_pence: int
    contribution: str | None
    partner: str | None


def postings_page(
    connection: Connection,
    pool_id: str,
    conditions: Sequence[str],
    values: Sequence[Value],
    skip: int,
    take: int,
    total: int | None = None,
) -> tuple[int, list[PostingLine]]:
    """A page of the postings that meet every condition, in the order of their entries, and how many there are."""
    where = " AND ".join(("posting.pool_id = ?", *conditions))
    joined = f"""FROM posting JOIN entry ON entry.pool_id = posting.pool_id AND entry.number = posting.entry
        WHERE {where}"""
    if total is None:
        total = int(connection.execute(f"SELECT count(*) {joined}", [pool_id, *values]).fetchone()[0])
    rows = connection.execute(
        f"""SELECT entry.number, entry.month, entry.effective_on, entry.kind, entry.why, entry.source_reference,
        posting.account, posting.amount_pence, posting.contribution, posting.partner
        {joined} ORDER BY entry.number, posting.line LIMIT ? OFFSET ?""",
        [pool_id, *values, take, skip],
    )
    return total, [
        PostingLine(entry, month, date.fromisoformat(str(effective_on)), *rest)
        for entry, month, effective_on, *rest in rows
    ]


def kinds_and_people(connection: Connection, pool_id: str) -> tuple[list[str], list[str]]:
    """What kinds of event the log has, and who wrote them, each in the order of the alphabet."""
    found = [
        [str(row[0]) for row in connection.execute(f"SELECT DISTINCT {name} FROM event WHERE pool_id = ?", (pool_id,))]
        for name in ("kind", "who")
    ]
    return sorted(found[0]), sorted(found[1])


def head(connection: Connection, pool_id: str, as_of: int | None = None) -> Head:
    """The newest event, or the one that was newest as of an event; raises EventNotFound."""
    if as_of is None:
        row = connection.execute(
            "SELECT number, hash FROM event WHERE pool_id = ? ORDER BY number DESC LIMIT 1", (pool_id,)
        ).fetchone()
    else:
        row = connection.execute(
            "SELECT number, hash FROM event WHERE pool_id = ? AND number = ?", (pool_id, as_of)
        ).fetchone()
    if row is None:
        raise EventNotFound(f"pool {pool_id} has no event {as_of}: name one from its log")
    return Head(*row)


def month_states(connection: Connection, pool_id: str, as_of: int) -> dict[int, MonthState]:
    """The state of each month as of an event: the newest row of the month."""
    rows = connection.execute(
        "SELECT month, state FROM month_state WHERE pool_id = ? AND event <= ? ORDER BY event", (pool_id, as_of)
    )
    found = dict(rows.fetchall())
    return {month: found.get(month, "closed") for month in MONTHS}


def batches_where(
    connection: Connection, pool_id: str, conditions: Sequence[str] = (), values: Sequence[Value] = ()
) -> list[KeptBatch]:
    """The files that came in and meet every condition, in the order of their numbers."""
    where = " AND ".join(("pool_id = ?", *conditions))
    rows = connection.execute(
        f"""SELECT number, event, digest, file_name, kind, rows_read, entries_made, control_total_pence, partner
        FROM batch WHERE {where} ORDER BY number""",
        (pool_id, *values),
    )
    return [KeptBatch(row[0], row[1], Batch(*row[2:])) for row in rows]


def source_lines(
    connection: Connection, pool_id: str, conditions: Sequence[str], values: Sequence[Value]
) -> list[SourceLine]:
    """The rows of files that meet every condition, in the order of file and row."""
    where = " AND ".join(("pool_id = ?", *conditions))
    rows = connection.execute(
        f"SELECT batch, file_row, cells, entry FROM source_line WHERE {where} ORDER BY batch, file_row",
        (pool_id, *values),
    )
    return [SourceLine(batch, file_row, json.loads(cells), entry) for batch, file_row, cells, entry in rows]


def entries_of_batches(
    connection: Connection, pool_id: str, batches: Sequence[int], months: Sequence[int]
) -> dict[int, str]:
    """The key of each entry of some months that a row of these files made, by its number."""
    found: dict[int, str] = {}
    marks = ", ".join("?" * len(months))
    for batch in batches:
        rows = connection.execute(
            f"""SELECT entry.number, entry.idempotency_key FROM source_line
            JOIN entry ON entry.pool_id = source_line.pool_id AND entry.number = source_line.entry
            WHERE source_line.pool_id = ? AND source_line.batch = ? AND entry.month IN ({marks})""",
            (pool_id, batch, *months),
        )
        found.update(rows.fetchall())
    return found

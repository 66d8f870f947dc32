"""Writing to one pool inside one transaction: entries, events, month states, files. The guards have the last word."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime

from ledgers import reading, registers, signing
from ledgers.accounts import PoolSpec
from ledgers.calendar import MONTHS, FinancialYear, month_label
from ledgers.database import EVENT_COLUMNS, Connection, EntryNotTaken, EntryRows, Row, Sealed, Standing, all_or_nothing
from ledgers.journal import Book, Entry, Recorded, check_entry, first_difference
from ledgers.money import pounds_for_people
from ledgers.reading import MonthState
from ledgers.refusals import (
    BudgetOverdrawn,
    DateOutsideYear,
    EntryRefused,
    KeyConflict,
    LedgerRefusal,
    MonthStateRefused,
    NotPrepared,
    PeriodClosed,
    SamePerson,
    SignOffRefused,
    UnknownAccount,
    UnknownDimension,
)
from ledgers.seal import GENESIS, JSON, canonical, digest, entry_content, event_content, source_lines_digest
from ledgers.sources import Batch, SourceLine, first_batch_difference

_INSERT_EVENT = f"INSERT INTO event ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"
_INSERT_BATCH = """INSERT INTO batch (pool_id, number, digest, file_name, partner, kind, rows_read, entries_made,
    control_total_pence, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_INSERT_SOURCE_LINE = """INSERT INTO source_line (pool_id, batch, file_row, entry, cells, event)
    VALUES (?, ?, ?, ?, ?, ?)"""

OPENING_REASON = "the pool's books were opened"
OWN_EVENTS = frozenset(
    (
        "pool opened", "registers extended", "entry recorded", "entries recorded", "month state", "batch",
        "source lines", signing.EVENT,
    )
)  # fmt: skip
"""The kinds of event that the books write themselves, each beside the rows that it carries."""


def utc_text(at: datetime) -> str:
    """An instant as the books write it, such as ``2016-08-03T09:00:00Z``; raises ValueError without a time zone."""
    offset = at.utcoffset()
    if offset is None:
        raise ValueError(f"{at.isoformat()} names no time zone: an instant is recorded in UTC")
    return (at - offset).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


class Writing:
    """One transaction on one pool's books; ``Ledger.writing`` opens it and keeps all of it or nothing."""

    def __init__(self, connection: Connection, pool_id: str, year: FinancialYear, who: str, at: datetime) -> None:
        self._connection = connection
        self._pool_id = pool_id
        self._year = year
        self._who = who
        self._at = utc_text(at)
        self._months: dict[date, int] = {}  # of every day that an entry was dated on so far

    def record(self, entry: Entry) -> Recorded:
        """Record one entry.

        Raises:
            EntryRefused: by the rule broken; KeyConflict names the first field that differs.
        """
        presumed = self._connection.presumed(self._pool_id)
        if presumed is not None:
            with suppress(EntryNotTaken, EntryRefused):
                self._connection.record(*self._new(entry, presumed))
                return Recorded(presumed.last_entry + 1, "recorded")
        return self._record([entry], "entry recorded")[0]

    def record_alone(self, entry: Entry) -> Recorded | None:
        """Record one entry as a whole transaction; None where it was not, and has to be asked what stands there."""
        with suppress(EntryNotTaken, EntryRefused):
            number = self._connection.record_alone(self._pool_id, lambda presumed: self._new(entry, presumed))
            return None if number is None else Recorded(number, "recorded")
        return None

    def _new(self, entry: Entry, presumed: Standing) -> Sealed:
        self._check(entry)
        return self._sealed(presumed, [entry], "entry recorded")

    def record_all(self, entries: Sequence[Entry]) -> list[Recorded]:
        """Record a file of entries under one event: all that are new, or none where one is refused."""
        return self._record(entries, "entries recorded")

    def _record(self, entries: Sequence[Entry], kind: str) -> list[Recorded]:
        standing = self._connection.standing(self._pool_id, [each.idempotency_key for each in entries])
        kept = reading.entries_of_numbers(self._connection, self._pool_id, standing.there)
        first = standing.last_entry + 1
        fresh: list[Entry] = []
        numbers: dict[str, int] = {}
        outcomes: list[Recorded] = []
        for entry in entries:
            key = entry.idempotency_key
            if there := kept.get(key):
                outcomes.append(_already_there(there.number, there.entry, entry))
                continue
            if key in numbers:
                outcomes.append(_already_there(numbers[key], fresh[numbers[key] - first], entry))
                continue
            self._check(entry)
            number = numbers[key] = first + len(fresh)
            fresh.append(entry)
            outcomes.append(Recorded(number, "recorded"))
        if fresh:
            try:
                self._connection.record(*self._sealed(standing, fresh, kind))
            except EntryNotTaken as stopped:
                if stopped.number is None:
                    # The database says only that some name is unknown: find it, and say which.
                    for entry in fresh:
                        self._check_names(entry)
                    raise stopped.refusal from stopped
                # The database weighs a floor with all of an event, any other rule with its own entry.
                weighed = len(fresh) if isinstance(stopped.refusal, BudgetOverdrawn) else stopped.number - first + 1
                raise self._explained(stopped.refusal, fresh[:weighed]) from stopped
        return outcomes

    def _check(self, entry: Entry) -> None:
        check_entry(entry)
        if entry.effective_on in self._months:
            return
        if entry.effective_on not in self._year:
            raise DateOutsideYear(
                f"entry '{entry.idempotency_key}' takes effect on {entry.effective_on.isoformat()}, "
                f"outside {self._year}: date it in the year of the pool"
            )
        self._months[entry.effective_on] = self._year.month_of(entry.effective_on)

    def _check_names(self, entry: Entry) -> None:
        known = self._registers
        for posting in entry.postings:
            if posting.account not in known.accounts:
                raise UnknownAccount(
                    f"entry '{entry.idempotency_key}' posts to '{posting.account}', "
                    f"which pool {self._pool_id} does not have: name an account of its chart"
                )
            for table, ids in (
                ("scheme", known.schemes),
                ("contribution", known.contributions),
                ("partner", known.partners),
            ):
                given = getattr(posting, table)
                if given is not None and given not in ids:
                    raise UnknownDimension(
                        f"entry '{entry.idempotency_key}' names the {table} '{given}', "
                        f"which pool {self._pool_id} does not have: name one of its agreement"
                    )

    def _sealed(self, standing: Standing, entries: Sequence[Entry], kind: str) -> Sealed:
        """The event of some entries and the rows of each."""
        first = standing.last_entry + 1
        digests = [
            digest(entry_content(self._pool_id, number, entry)) for number, entry in enumerate(entries, start=first)
        ]
        announced = (first, first + len(entries) - 1)
        payload: dict[str, JSON] = {"digests": digests, "first": first}
        number = standing.last_event + 1
        event = self._event_row(kind, payload, number, standing.last_hash or GENESIS, announced)
        sealed = enumerate(zip(entries, digests, strict=True), start=first)
        return event, (self._rows(each, entry, seal, number) for each, (entry, seal) in sealed)

    def _rows(self, number: int, entry: Entry, sealed: str, event: int) -> EntryRows:
        row = (
            self._pool_id, number, entry.book, entry.kind, self._months[entry.effective_on],
            entry.effective_on.isoformat(), entry.document_on.isoformat(), self._at, entry.who, entry.why,
            entry.source_reference, entry.idempotency_key, entry.reverses, entry.corrects, int(entry.adjusting),
            len(entry.postings), sealed, event,
        )  # fmt: skip
        postings: list[Row] = [
            (self._pool_id, number, line, p.account, p.amount_pence, p.scheme, p.contribution, p.partner)
            for line, p in enumerate(entry.postings, start=1)
        ]
        return row, postings

    def _explained(self, refusal: LedgerRefusal, entries: Sequence[Entry]) -> LedgerRefusal:
        """The guard's refusal of the last of these entries, with the entry, the place and the next step."""
        if isinstance(refusal, BudgetOverdrawn):
            return BudgetOverdrawn(f"{self._overdrawn(entries)}: lower the amount, or add to the contribution first")
        entry = entries[-1]
        name = f"entry '{entry.idempotency_key}'"
        if isinstance(refusal, PeriodClosed):
            month = month_label(self._year.month_of(entry.effective_on))
            return PeriodClosed(
                f"{name} takes effect on {entry.effective_on.isoformat()} in {month}, and {refusal}: "
                "date it in an open month, or have the month reopened"
            )
        return type(refusal)(f"{name} is not recorded: {refusal}; change it and record it again")

    def _overdrawn(self, entries: Sequence[Entry]) -> str:
        """Which of the entries takes an account below nil: the database weighs all of one event with the last."""
        floors = {code for code, account in self._registers.accounts.items() if account.floor != "none"}
        left: dict[tuple[Book, str, str | None], int] = {}
        for entry in entries:
            moved: dict[tuple[Book, str, str | None], int] = {}
            for posting in entry.postings:
                if posting.account in floors:
                    cell = (entry.book, posting.account, posting.contribution)
                    moved[cell] = moved.get(cell, 0) + posting.amount_pence
            for cell, movement in moved.items():
                before = left[cell] if cell in left else self._balance(*cell)
                left[cell] = before + movement
                if left[cell] < 0:
                    return (
                        f"entry '{entry.idempotency_key}' takes {pounds_for_people(-movement)} from {cell[1]} of "
                        f"contribution {cell[2]}, which has {pounds_for_people(before)}"
                    )
        return f"entry '{entries[-1].idempotency_key}' takes an account below nil"

    def _balance(self, book: Book, account: str, contribution: str | None) -> int:
        row = self._connection.execute(
            "SELECT coalesce(sum(amount_pence), 0) FROM balance "
            "WHERE pool_id = ? AND book = ? AND account = ? AND contribution = ?",
            (self._pool_id, book, account, contribution or ""),
        ).fetchone()
        return int(row[0])

    def event(self, kind: str, payload: Mapping[str, JSON]) -> int:
        """Write an event of the pool's own to the log and give its number; money in it is pence or text.

        Raises:
            ValueError: the kind is one of OWN_EVENTS, which the books write themselves.
        """
        if kind in OWN_EVENTS:
            raise ValueError(f"'{kind}' is an event that the books write themselves: give this one another kind")
        return self._insert_event(kind, payload)

    def _insert_event(self, kind: str, payload: Mapping[str, JSON]) -> int:
        standing = self._connection.standing(self._pool_id, ())
        number = standing.last_event + 1
        row = self._event_row(kind, payload, number, standing.last_hash or GENESIS)
        self._connection.execute(_INSERT_EVENT, row)
        return number

    def _event_row(
        self,
        kind: str,
        payload: Mapping[str, JSON],
        number: int,
        previous: str,
        announced: tuple[int | None, int | None] = (None, None),
    ) -> Row:
        content = event_content(self._pool_id, number, kind, self._at, self._who, previous, payload)
        return (self._pool_id, number, kind, self._at, self._who, *announced, content, previous, digest(content))

    def open_pool(self, spec: PoolSpec, payload: Mapping[str, JSON]) -> None:
        """Write a pool's row, its first event, its registers and its twelve open months."""
        self._connection.execute(
            "INSERT INTO pool (pool_id, title, year_starts) VALUES (?, ?, ?)", (spec.id, spec.title, spec.year.starts)
        )
        given = registers.registers_of(spec.accounts, spec.partners, spec.contributions, spec.schemes)
        opening: dict[str, JSON] = {"registers": given.as_json(), "title": spec.title, "year_starts": spec.year.starts}
        event = self._insert_event("pool opened", {**payload, **opening})
        registers.add(self._connection, spec.id, event, given)
        for month in MONTHS:
            _insert_month_state(self._connection, spec.id, event, month, "open", OPENING_REASON)

    def set_month(self, month: int, state: MonthState, *, reason: str) -> int:
        """Give a month another state, with the reason, and give the event's number; raises MonthStateRefused."""
        if month not in range(1, 13) or not reason.strip():
            raise MonthStateRefused(f"M{month} cannot be made {state}: name a month M1 to M12 and give a reason")
        with all_or_nothing(self._connection):
            event = self._insert_event("month state", {"month": month, "reason": reason, "state": state})
            try:
                _insert_month_state(self._connection, self._pool_id, event, month, state, reason)
            except self._connection.refused as error:
                raise MonthStateRefused(
                    f"{month_label(month)} cannot be made {state}: it is so already, or there is no such state"
                ) from error
        return event

    def extend_registers(self, given: registers.Registers) -> int:
        """Add accounts, partners, contributions or schemes, as a variation of the agreement does; gives the event."""
        with all_or_nothing(self._connection):
            event = self._insert_event("registers extended", given.as_json())
            registers.add(self._connection, self._pool_id, event, given)
        self._known = None
        return event

    def batch(self, batch: Batch) -> Recorded:
        """Keep that a file came in: recorded, or already there with the same content.

        Raises:
            KeyConflict: the same file was taken in as something else; the first field that differs is named.
        """
        kept = reading.batches_where(self._connection, self._pool_id, ["digest = ?"], [batch.digest])
        if kept:
            field = first_batch_difference(kept[0].batch, batch)
            if field:
                raise KeyConflict(
                    f"file '{batch.file_name}' came in already as batch {kept[0].number} "
                    f"with another {field.replace('_', ' ')}: it is not taken a second time"
                )
            return Recorded(kept[0].number, "already there")
        row = self._connection.execute("SELECT max(number) FROM batch WHERE pool_id = ?", (self._pool_id,)).fetchone()
        number = (row[0] or 0) + 1
        with all_or_nothing(self._connection):
            event = self._insert_event("batch", batch_payload(number, batch))
            self._connection.execute(
                _INSERT_BATCH,
                (
                    self._pool_id, number, batch.digest, batch.file_name, batch.partner, batch.kind, batch.rows_read,
                    batch.entries_made, batch.control_total_pence, event,
                ),
            )  # fmt: skip
        return Recorded(number, "recorded")

    def source_line(self, line: SourceLine) -> int:
        """Keep one row of a file and the entry it made; gives the event's number."""
        return self.source_lines([line])

    def source_lines(self, lines: Sequence[SourceLine]) -> int:
        """Keep rows of files and the entries they made under one event, and give its number; a row is kept once."""
        rows = [(line.batch, line.file_row, line.entry, canonical(line.cells)) for line in lines]
        rows.sort(key=lambda row: row[:2])
        with all_or_nothing(self._connection):
            payload: dict[str, JSON] = {"count": len(rows), "digest": source_lines_digest(rows)}
            event = self._insert_event("source lines", payload)
            self._connection.executemany(_INSERT_SOURCE_LINE, [(self._pool_id, *row, event) for row in rows])
        return event

    def sign_off(self, subject: str, part: signing.Part, body: str = "") -> int:
        """Put one's name to a subject, such as ``close/Q2``, for a partner or for none; gives the event's number.

        The name is that of the person who writes. Who prepared a subject last does not review it.

        Raises:
            NotPrepared, SamePerson: a review that comes too early, or by the one who prepared it.
            SignOffRefused: an empty subject, an unknown part, or a body that is no partner of the pool.
        """
        with all_or_nothing(self._connection):
            event = self._insert_event(signing.EVENT, signing.payload(subject, part, body))
            try:
                self._connection.execute(
                    "INSERT INTO sign_off (pool_id, subject, body, event, part, who) VALUES (?, ?, ?, ?, ?, ?)",
                    (self._pool_id, subject, body, event, part, self._who),
                )
            except self._connection.refused as error:
                raise self._not_signed(self._connection.refusal_of(error), subject, part, body) from error
        return event

    def _not_signed(self, refusal: LedgerRefusal, subject: str, part: str, body: str) -> SignOffRefused:
        """The guard's refusal of a sign-off, with the subject and the next step."""
        if isinstance(refusal, SamePerson):
            return SamePerson(f"{subject} was prepared by {self._who.strip()}: have another person review it")
        if isinstance(refusal, NotPrepared):
            return NotPrepared(f"{subject} cannot be reviewed: nobody has prepared it; have it prepared first")
        given = f"'{subject}' cannot be {part}" + (f" for '{body}'" if body else "")
        return SignOffRefused(f"{given}: name a subject, one of prepared, agreed, reviewed, and a partner of the pool")

    _known: registers.Registers | None = None

    @property
    def _registers(self) -> registers.Registers:
        if self._known is None:
            self._known = registers.read(self._connection, self._pool_id)
        return self._known


def _already_there(number: int, kept: Entry, given: Entry) -> Recorded:
    field = first_difference(kept, given)
    if field:
        raise KeyConflict(
            f"entry '{given.idempotency_key}' is recorded already as entry {number} "
            f"with another {field.replace('_', ' ')}: correct that entry by a reversal, "
            "or give this one a key of its own"
        )
    return Recorded(number, "already there")


def batch_payload(number: int, batch: Batch) -> dict[str, JSON]:
    """What the event of a batch says."""
    return {
        "control_total_pence": batch.control_total_pence,
        "digest": batch.digest,
        "entries_made": batch.entries_made,
        "file_name": batch.file_name,
        "kind": batch.kind,
        "number": number,
        "partner": batch.partner,
        "rows_read": batch.rows_read,
    }


def _insert_month_state(
    connection: Connection, pool_id: str, event: int, month: int, state: MonthState, reason: str
) -> None:
    """Write one row of a month's history."""
    connection.execute(
        "INSERT INTO month_state (pool_id, month, event, state, reason) VALUES (?, ?, ?, ?, ?)",
        (pool_id, month, event, state, reason),
    )

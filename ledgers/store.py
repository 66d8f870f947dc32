"""Books and the pools in them: opening, transactions, and the questions reports ask. How rows are read is elsewhere."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from ledgers import balances as _balances
from ledgers import dialects, reading, registers, signing, sqlite, verification
from ledgers.accounts import Account, PoolSpec
from ledgers.balances import Dimension, Key, Statement, TrialBalance
from ledgers.calendar import FinancialYear
from ledgers.database import Connection
from ledgers.journal import Book, Entry, Recorded, RecordedEntry
from ledgers.place import Place, Url
from ledgers.reading import MonthState
from ledgers.refusals import AlreadyWriting, EntryNotFound, NotTheseBooks, PoolAlreadyThere, PoolNotFound
from ledgers.seal import JSON, Event, Finding, Head
from ledgers.signing import SignOff
from ledgers.sources import KeptBatch, SourceLine
from ledgers.writing import Writing


class Books:
    """One database of books, which may hold several pools: a SQLite file, or a PostgreSQL database."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._database = dialects.database(place)
        self._held = threading.local()

    @classmethod
    def create(cls, place: Place) -> "Books":
        """Make the books, or open them where they are there; raises BooksRefused."""
        dialects.create(place)
        return cls(place)

    @classmethod
    def open(cls, place: Place) -> "Books":
        """Open books that are there; raises BooksNotFound, NotTheseBooks, OlderBooks or another BooksRefused."""
        dialects.check_is_books(place)
        return cls(place)

    @property
    def path(self) -> Path:
        """The file that the books are; raises NotTheseBooks for a database on a server, which is none."""
        if isinstance(self.place, Url):
            raise NotTheseBooks(f"{self.place} is not a file: copy it with pg_dump, which comes with PostgreSQL")
        return self.place

    @staticmethod
    def upgrade(place: Place) -> bool:
        """Bring books of an earlier version to this program's layout; whether there was anything to do."""
        return dialects.upgrade(place)

    def close(self) -> None:
        """Close the connections to a PostgreSQL database that are kept for use again; the books stay usable."""
        self._database.close()

    def pool_ids(self) -> tuple[str, ...]:
        """The ids of the pools in these books, in their order."""
        with self.connection() as connection:
            return tuple(row[0] for row in connection.execute("SELECT pool_id FROM pool ORDER BY pool_id"))

    def open_pool(
        self, spec: PoolSpec, *, who: str, at: datetime, payload: Mapping[str, JSON], entries: Sequence[Entry] = ()
    ) -> "Ledger":
        """Open a pool's books with twelve open months and its opening entries, all of it or none.

        The first event carries the payload and the registers.

        Raises:
            PoolAlreadyThere: these books hold a pool of this id.
        """
        with self.transaction(spec.id) as connection:
            if connection.execute("SELECT 1 FROM pool WHERE pool_id = ?", (spec.id,)).fetchone():
                raise PoolAlreadyThere(
                    f"pool {spec.id} is in {self.place} already: use it, or give the new one another id"
                )
            writing = Writing(connection, spec.id, spec.year, who, at)
            writing.open_pool(spec, payload)
            writing.record_all(entries)
        return Ledger(self, spec.id, spec.year)

    def pool(self, pool_id: str) -> "Ledger":
        """One pool's books; raises PoolNotFound."""
        with self.connection() as connection:
            row = connection.execute("SELECT year_starts FROM pool WHERE pool_id = ?", (pool_id,)).fetchone()
        if row is None:
            there = ", ".join(self.pool_ids()) or "none"
            raise PoolNotFound(f"{self.place} holds no pool {pool_id}: it holds {there}")
        return Ledger(self, pool_id, FinancialYear(row[0]))

    def copy_to(self, path: Path) -> None:
        """Copy the books as they are now to a new file, which is books like any other; raises BooksRefused."""
        sqlite.copy(self.path, path)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection to read by: the open transaction's within one, else a new one."""
        held: Connection | None = getattr(self._held, "connection", None)
        if held is not None:
            yield held
            return
        with self._opened() as connection:
            yield connection

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Keep this thread's connection open from one transaction to the next, where many follow one another."""
        if getattr(self._held, "open", None) is not None:
            yield
            return
        with self._database.connected() as connection:
            self._held.open = connection
            try:
                yield
            finally:
                self._held.open = None

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        """The connection that is kept open, else one of its own."""
        kept: Connection | None = getattr(self._held, "open", None)
        if kept is None:
            with self._database.connected() as connection:
                yield connection
            return
        with self._database.refusing():
            yield kept

    @contextmanager
    def transaction(self, pool_id: str) -> Iterator[Connection]:
        """A transaction as the one writer of a pool: all of it is kept, or none where anything is raised."""
        with self._holding(lambda connection: connection.begin_writing(pool_id)) as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A connection outside of any transaction; raises AlreadyWriting within one."""
        if getattr(self._held, "connection", None) is not None:
            raise AlreadyWriting("these books are being written to here already: finish that first")
        with self._opened() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside sees the books at one moment, whatever others write meanwhile."""
        if getattr(self._held, "connection", None) is not None:
            yield
            return
        with self._holding(lambda connection: connection.begin_reading()):
            yield

    @contextmanager
    def _holding(self, begin: Callable[[Connection], None]) -> Iterator[Connection]:
        with self.alone() as connection:
            try:
                begin(connection)
                self._held.connection = connection
                yield connection
                connection.execute("COMMIT")
            finally:
                self._held.connection = None
                if connection.in_transaction:
                    connection.execute("ROLLBACK")


class Ledger:
    """One pool's books: three double-entry books in pence, their registers and their log of events."""

    def __init__(self, books: Books, pool_id: str, year: FinancialYear) -> None:
        self.books = books
        self.pool_id = pool_id
        self.year = year

    @contextmanager
    def writing(self, who: str, at: datetime) -> Iterator[Writing]:
        """A transaction on this pool: kept whole at the end, or nothing of it where anything is raised.

        What is read through the ledger inside it sees what it has written so far.
        """
        with self.books.transaction(self.pool_id) as connection:
            yield Writing(connection, self.pool_id, self.year, who, at)

    def record(self, entry: Entry, *, who: str, at: datetime) -> Recorded:
        """Record one entry in a transaction of its own, which is kept before this returns.

        Raises:
            EntryRefused: by the rule broken, as ``Writing.record`` does.
        """
        with self.books.kept_open():
            with self.books.alone() as connection:
                recorded = Writing(connection, self.pool_id, self.year, who, at).record_alone(entry)
            if recorded is not None:
                return recorded
            with self.writing(who, at) as writing:
                return writing.record(entry)

    def entries(
        self,
        *,
        book: Book | None = None,
        kind: str | None = None,
        account: str | None = None,
        scheme: str | None = None,
        through_month: int | None = None,
        as_of: int | None = None,
    ) -> list[RecordedEntry]:
        """The entries, whole, in the order of their numbers; account and scheme are met by one posting together."""
        conditions: list[str] = []
        values: list[str | int] = []
        given = (("book = ?", book), ("kind = ?", kind), ("month <= ?", through_month), ("event <= ?", as_of))
        for condition, value in given:
            if value is not None:
                conditions.append(f"entry.{condition}")
                values.append(value)
        legs = [(name, value) for name, value in (("account", account), ("scheme", scheme)) if value is not None]
        if legs:
            meets = " AND ".join(f"leg.{name} = ?" for name, _ in legs)
            conditions.append(
                f"entry.number IN (SELECT leg.entry FROM posting AS leg WHERE leg.pool_id = ? AND {meets})"
            )
            values.extend((self.pool_id, *(value for _, value in legs)))
        with self.books.connection() as connection:
            self._check_event(connection, as_of)
            return list(reading.entries_of_kind(connection, self.pool_id, book, kind, conditions, values))

    def postings_page(
        self,
        *,
        book: Book,
        accounts: Collection[str],
        scheme: str,
        months: tuple[int, int] = (1, 12),
        skip: int = 0,
        take: int = 50,
        total: int | None = None,
    ) -> tuple[int, list[reading.PostingLine]]:
        """A page of the postings of a line on some accounts in some months, and how many, unless ``total`` says."""
        marks = ", ".join("?" * len(accounts))
        conditions = [
            f"posting.account IN ({marks})",
            "posting.scheme = ?",
            "entry.book = ?",
            "entry.month >= ?",
            "entry.month <= ?",
        ]
        with self.books.connection() as connection:
            return reading.postings_page(
                connection, self.pool_id, conditions, [*accounts, scheme, book, *months], skip, take, total
            )

    def entry(self, number: int) -> RecordedEntry:
        """One entry by its number; raises EntryNotFound."""
        with self.books.connection() as connection:
            found = list(reading.entries_where(connection, self.pool_id, ["entry.number = ?"], [number]))
        if not found:
            raise EntryNotFound(f"pool {self.pool_id} has no entry {number}: see the numbers in a statement")
        return found[0]

    def entry_by_key(self, idempotency_key: str) -> RecordedEntry | None:
        """The entry recorded under a key, or None where the key is free."""
        with self.books.connection() as connection:
            return reading.entries_by_key(connection, self.pool_id, [idempotency_key]).get(idempotency_key)

    def entries_by_key(self, idempotency_keys: Iterable[str]) -> dict[str, RecordedEntry]:
        """The entries recorded under any of these keys."""
        with self.books.connection() as connection:
            return reading.entries_by_key(connection, self.pool_id, idempotency_keys)

    def balances(
        self,
        book: Book,
        by: tuple[Dimension, ...],
        *,
        accounts: Collection[str] | None = None,
        through_month: int = 12,
        as_of: int | None = None,
    ) -> dict[Key, int]:
        """Balances in pence, debit plus, by the dimensions asked for; None stands where one does not apply."""
        with self.books.connection() as connection:
            self._check_event(connection, as_of)
            if as_of is None:
                return _balances.kept_balances(connection, self.pool_id, book, by, accounts, through_month)
            return _balances.posted_balances(connection, self.pool_id, book, by, accounts, through_month, as_of)

    def trial_balance(self, book: Book, *, through_month: int = 12, as_of: int | None = None) -> TrialBalance:
        """The trial balance of a book from the start of the year to the end of a month."""
        amounts = self.balances(book, ("account",), through_month=through_month, as_of=as_of)
        return _balances.trial_balance(amounts, self.accounts())

    def statement(
        self, book: Book, account: str, *, from_month: int = 1, through_month: int = 12, as_of: int | None = None
    ) -> Statement:
        """The statement of one account in one book between two months."""
        entries = self.entries(book=book, account=account, through_month=through_month, as_of=as_of)
        return _balances.account_statement(account, entries, from_month)

    def events(self, *, kind: str | None = None, as_of: int | None = None) -> list[Event]:
        """The log in its order; raises EventNotFound for an ``as_of`` that it does not have."""
        conditions = [] if kind is None else ["kind = ?"]
        values: list[str | int] = [] if kind is None else [kind]
        with self.books.connection() as connection:
            newest = reading.head(connection, self.pool_id, as_of).number
            return list(reading.events_where(connection, self.pool_id, [*conditions, "number <= ?"], [*values, newest]))

    def log_page(
        self, *, kind: str | None = None, who: str | None = None, skip: int = 0, take: int = 50
    ) -> tuple[int, list[reading.LogLine]]:
        """A page of the log, newest first, and how many events of this kind and person there are in all."""
        with self.books.connection() as connection:
            return reading.log_page(connection, self.pool_id, kind, who, skip, take)

    def kinds_and_people(self) -> tuple[list[str], list[str]]:
        """What kinds of event the log has, and who wrote them."""
        with self.books.connection() as connection:
            return reading.kinds_and_people(connection, self.pool_id)

    def event(self, number: int) -> Event:
        """One event of the log; raises EventNotFound."""
        with self.books.connection() as connection:
            reading.head(connection, self.pool_id, number)
            return next(reading.events_where(connection, self.pool_id, ["number = ?"], [number]))

    def head(self, as_of: int | None = None) -> Head:
        """The newest event's number and hash, or those of an event; raises EventNotFound."""
        with self.books.connection() as connection:
            return reading.head(connection, self.pool_id, as_of)

    def month_states(self, as_of: int | None = None) -> dict[int, MonthState]:
        """The state of each month M1 to M12."""
        with self.books.connection() as connection:
            newest = reading.head(connection, self.pool_id, as_of).number
            return reading.month_states(connection, self.pool_id, newest)

    def first_open_day(self, month: int) -> date | None:
        """The first day of the first open month at or after a month: when a late item takes effect."""
        states = self.month_states()
        return next((self.year.month_starts(each) for each in range(month, 13) if states[each] == "open"), None)

    def accounts(self) -> dict[str, Account]:
        """The chart of accounts by code."""
        with self.books.connection() as connection:
            return registers.accounts(connection, self.pool_id)

    def registers(self) -> registers.Registers:
        """The accounts, partners, contributions and schemes that postings may name."""
        with self.books.connection() as connection:
            return registers.read(connection, self.pool_id)

    def sign_offs(self, *, subject: str | None = None, as_of: int | None = None) -> list[SignOff]:
        """Who prepared, agreed and reviewed what, in the order of the log; with a subject, only that one's."""
        conditions = [] if subject is None else ["sign_off.subject = ?"]
        values: list[str | int] = [] if subject is None else [subject]
        with self.books.connection() as connection:
            newest = reading.head(connection, self.pool_id, as_of).number
            conditions.append("sign_off.event <= ?")
            return signing.sign_offs_where(connection, self.pool_id, conditions, [*values, newest])

    def batches(self, *, digest: str | None = None, as_of: int | None = None) -> list[KeptBatch]:
        """The files that came in; with a digest, the one file of that content if it did."""
        conditions = [] if digest is None else ["digest = ?"]
        values: list[str | int] = [] if digest is None else [digest]
        with self.books.connection() as connection:
            newest = reading.head(connection, self.pool_id, as_of).number
            return reading.batches_where(connection, self.pool_id, [*conditions, "event <= ?"], [*values, newest])

    def source_lines(self, *, entry: int | None = None, batch: int | None = None) -> list[SourceLine]:
        """The rows of files behind an entry, or of a batch, as they came."""
        given = (("entry = ?", entry), ("batch = ?", batch))
        conditions = [condition for condition, value in given if value is not None]
        values = [value for _, value in given if value is not None]
        with self.books.connection() as connection:
            return reading.source_lines(connection, self.pool_id, conditions, values)

    def entries_of_batches(self, batches: Sequence[int], months: Sequence[int]) -> dict[int, str]:
        """The key of each entry of some months that a row of these files made, by its number."""
        with self.books.connection() as connection:
            return reading.entries_of_batches(connection, self.pool_id, batches, months)

    def verify(self, *, head: str | None = None, checks: Collection[str] = verification.ALWAYS) -> list[Finding]:
        """What was altered, removed, added or moved, the first row of each kind; nothing where the books are sound.

        A log whose end was cut off, or that was written anew, is found only against a ``head`` known
        outside it, as every pack, export and submission prints it. ``checks`` are names of
        ``verification.ALWAYS`` and ``verification.STRICT``.
        """
        with self.books.snapshot(), self.books.connection() as connection:
            return verification.verify(connection, self.pool_id, self.year, head, checks)

    def rebuild_balances(self) -> None:
        """Drop the kept balances and work them out again from the postings."""
        with self.books.transaction(self.pool_id) as connection:
            connection.rebuild_balances(self.pool_id, _balances.BALANCES_AS_POSTED)

    def _check_event(self, connection: Connection, as_of: int | None) -> None:
        if as_of is not None:
            reading.head(connection, self.pool_id, as_of)

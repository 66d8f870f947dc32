"""Books in a SQLite file: making, connecting, and turning its errors into refusals. No rule of accounting is here."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ledgers.database import (
    ENTRY_COLUMNS,
    EVENT_COLUMNS,
    POSTING_COLUMNS,
    EntryNotTaken,
    EntryRows,
    Row,
    Sealed,
    Standing,
    all_or_nothing,
    refusal_in,
)
from ledgers.migrations.texts import SCHEMA_VERSION, made
from ledgers.refusals import (
    BooksAreBusy,
    BooksAreDamaged,
    BooksAreReadOnly,
    BooksNotFound,
    DiskIsFull,
    LedgerRefusal,
    NotTheseBooks,
    OlderBooks,
)
from ledgers.sqlite_guards import BALANCE_GUARDS, guards

APPLICATION_ID = 0x533735_50
"""The mark in the file's header by which it is known as pooled fund books."""
BUSY_SECONDS = 30
AT_ONCE = 100
"""Rows that one statement writes, or keys that one asks for."""
_ENTRIES_A_TURN = 1_000
_HEADER = b"SQLite format 3\x00"
_OLDEST_SQLITE = (3, 38)
_PRAGMAS = {"foreign_keys": 1, "recursive_triggers": 1, "synchronous": 2, "trusted_schema": 1}
# trusted_schema lets the guards ask whether foreign keys are kept; synchronous 2 is FULL.


def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES "


def _marks(mark: str, count: int) -> str:
    return ", ".join([mark] * count)


_INSERT_EVENT = _insert("event", EVENT_COLUMNS) + f"({_marks('?', len(EVENT_COLUMNS))})"
_INSERT_ENTRY = _insert("entry", ENTRY_COLUMNS)
_INSERT_POSTING = _insert("posting", POSTING_COLUMNS)
_ONE_ENTRY = f"({_marks('?', len(ENTRY_COLUMNS))})"
_ONE_POSTING = f"({_marks('?', len(POSTING_COLUMNS))})"


class SqliteConnection(sqlite3.Connection):
    """A connection to a file of books."""

    refused: type[Exception] = sqlite3.IntegrityError
    like: str = "LIKE"
    _ahead = False
    """Whether it is known that the file keeps a log of what is written ahead."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  # as sqlite3 hands them over
        super().__init__(*given, **named)
        self._left: dict[str, Standing] = {}

    def begin_reading(self) -> None:
        """Begin a transaction that sees the books at one moment."""
        self.execute("BEGIN")

    def begin_writing(self, pool_id: str) -> None:
        """Take the one place to write, which all pools of a file share, and wait for another writer."""
        if not self._ahead:
            if self.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                self.execute("PRAGMA journal_mode = WAL")
            # No other connection can change it back while this one is open.
            self._ahead = True
        self.execute("BEGIN IMMEDIATE")

    def presumed(self, pool_id: str) -> Standing | None:
        """Where this connection left a pool; another may have written since, and then the guards say so."""
        return self._left.pop(pool_id, None)

    def standing(self, pool_id: str, keys: Iterable[str]) -> Standing:
        """Where a pool stands that is being written to, and which of these keys its entries have."""
        event, hash_ = self.execute(
            "SELECT number, hash FROM event WHERE pool_id = ? ORDER BY number DESC LIMIT 1", (pool_id,)
        ).fetchone() or (0, None)
        return Standing(event, hash_, self._last_entry(pool_id), self.numbers_by_key(pool_id, keys))

    def _last_entry(self, pool_id: str) -> int:
        return int(self.execute("SELECT max(number) FROM entry WHERE pool_id = ?", (pool_id,)).fetchone()[0] or 0)

    def numbers_by_key(self, pool_id: str, keys: Iterable[str]) -> list[int]:
        """The numbers of the entries that have one of these keys, asked for by hundreds."""
        wanted = list(keys)
        found: list[int] = []
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            # Each key is looked up, in this order: a list of keys would have every entry read.
            rows = self.execute(
                f"""WITH wanted (idempotency_key) AS (VALUES {_marks("(?)", len(part))})
                SELECT number FROM wanted CROSS JOIN entry USING (idempotency_key) WHERE pool_id = ?""",
                (*part, pool_id),
            )
            found.extend(int(row[0]) for row in rows)
        return found

    def record(self, event: Row, entries: Iterable[EntryRows]) -> None:
        """Write the event, the postings and then the entries, whose guard weighs them; raises EntryNotTaken."""
        number: int | None = None
        each = iter(entries)
        try:
            with all_or_nothing(self):
                self.execute(_INSERT_EVENT, event)
                while rows := list(islice(each, _ENTRIES_A_TURN)):
                    postings = [posting for _, postings in rows for posting in postings]
                    self._insert(_INSERT_POSTING, POSTING_COLUMNS, postings)
                    try:
                        self._insert(_INSERT_ENTRY, ENTRY_COLUMNS, [entry for entry, _ in rows])
                    except sqlite3.IntegrityError:
                        number = self._last_entry(str(event[0])) + 1
                        raise
        except sqlite3.IntegrityError as error:
            raise EntryNotTaken(number, self.refusal_of(error)) from error
        self._leave_at(event)

    def _leave_at(self, event: Row) -> None:
        pool_id, number, *_, last_entry, _, _, hash_ = event
        self._left[str(pool_id)] = Standing(int(str(number)), str(hash_), int(str(last_entry)), ())

    def _insert(self, statement: str, columns: tuple[str, ...], rows: list[Row]) -> None:
        """Write rows, a hundred a statement: before each one SQLite copies every page that it may have to put back.

        Where one is refused, those of its hundred that stand before it are written all the same.
        """
        hundreds = len(rows) - len(rows) % AT_ONCE
        one = f"({_marks('?', len(columns))})"
        for start in range(0, hundreds, AT_ONCE):
            part = rows[start : start + AT_ONCE]
            try:
                self.execute(statement + _marks(one, AT_ONCE), tuple(chain.from_iterable(part)))
            except sqlite3.IntegrityError:
                self.executemany(statement + one, part)
        self.executemany(statement + one, rows[hundreds:])

    def record_alone(self, pool_id: str, sealed: Callable[[Standing], Sealed]) -> int | None:
        """Record one entry as the whole of a transaction; None where this connection did not leave the pool."""
        presumed = self.presumed(pool_id)
        if presumed is None:
            return None
        event, ((entry, postings),) = sealed(presumed)
        self.begin_writing(pool_id)
        try:
            self.execute(_INSERT_EVENT, event)
            self.executemany(_INSERT_POSTING + _ONE_POSTING, postings)
            self.execute(_INSERT_ENTRY + _ONE_ENTRY, entry)
            self.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            raise EntryNotTaken(None, self.refusal_of(error)) from error
        finally:
            if self.in_transaction:
                self.execute("ROLLBACK")
        self._leave_at(event)
        return presumed.last_entry + 1

    def refusal_of(self, error: Exception) -> LedgerRefusal:
        """The refusal that a guard's message names, else RowRefused with what the database said."""
        return refusal_in(str(error))

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the file itself: damage, references that lead nowhere, guards taken off or changed."""
        damage = self.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if damage != "ok":
            yield "file damaged", f"the file is damaged: {damage}"
        for table, _, parent, _ in self.execute("PRAGMA foreign_key_check"):
            yield "reference broken", f"a row of {table} refers to a row of {parent} that is not there"
        kept = dict(self.execute("SELECT name, sql FROM sqlite_master WHERE type <> 'trigger'").fetchall())
        for name, statement in made("sqlite").items():
            if " ".join((kept.get(name) or "").split()) != " ".join(statement.split()):
                yield "guard changed", f"{name} has not the columns, keys and checks that the books were made with"
        kept = dict(self.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
        wanted = guards()
        for name in sorted(wanted.keys() | kept.keys()):
            if kept.get(name) != wanted.get(name):
                yield "guard changed", f"the guard {name} was taken off, changed or added since the books were made"

    def rebuild_balances(self, pool_id: str, postings_summed: str) -> None:
        """Drop a pool's kept balances and write them anew, inside a transaction that sets their guards aside."""
        for name in BALANCE_GUARDS:
            self.execute(f"DROP TRIGGER {name}")
        self.execute("DELETE FROM balance WHERE pool_id = ?", (pool_id,))
        self.execute(
            f"""INSERT INTO balance (pool_id, book, account, scheme, contribution, partner, month, amount_pence,
                through_entry) {postings_summed}""",
            (pool_id,),
        )
        for guard in BALANCE_GUARDS.values():
            self.execute(guard)


class SqliteDatabase:
    """Books in a SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def connected(self) -> AbstractContextManager[SqliteConnection]:
        """A connection of its own, closed at the end."""
        return connected(self._path)

    def refusing(self) -> AbstractContextManager[None]:
        """Turns errors of the database into refusals."""
        return refusing(self._path)

    def close(self) -> None:
        """Nothing is kept open between uses of a file."""


def create(path: Path) -> None:
    """Make the file with its tables and guards, or leave it as it is where it holds books already."""
    if not path.parent.is_dir():
        raise BooksNotFound(f"{path.parent}: no such folder for the books; make it, or name another place")
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise NotTheseBooks(
            f"SQLite {sqlite3.sqlite_version} is too old for books: use a Python that has 3.38 or later"
        )
    if path.exists() and path.stat().st_size:
        check_is_books(path)
        return
    _lay_out(path, "rwc")


def upgrade(path: Path) -> bool:
    """Bring older books to the layout of this program, all of it or none; whether there was anything to do."""
    try:
        check_is_books(path)
    except OlderBooks:
        _lay_out(path, "rw")
        return True
    return False


def _lay_out(path: Path, mode: str) -> None:
    # Imported here because SQLAlchemy and Alembic take half a second, and only laying books out needs them.
    from ledgers.layout import lay_out_sqlite

    with refusing(path):
        connection = _connect(path, mode)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            lay_out_sqlite(connection, SCHEMA_VERSION, APPLICATION_ID)
        finally:
            connection.close()


def check_is_books(path: Path) -> None:
    """See that a file is pooled fund books of this version; raises BooksNotFound or NotTheseBooks."""
    if not path.exists():
        raise BooksNotFound(f"{path}: no books there; make them with init, or name the file with --db")
    other = f"{path} is not pooled fund books: name the file with --db, or make new books with init"
    if not path.is_file():
        raise NotTheseBooks(other)
    try:
        with path.open("rb") as file:
            header = file.read(len(_HEADER))
    except PermissionError as error:
        raise BooksAreReadOnly(f"{path} may not be read: ask its owner for access") from error
    if header != _HEADER:
        raise NotTheseBooks(other)
    with connected(path) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise NotTheseBooks(other)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if 0 < version < SCHEMA_VERSION:
        raise OlderBooks(
            f"{path} is laid out as an earlier version: run 'pooledfund upgrade' on it, then do this again"
        )
    if version != SCHEMA_VERSION:
        raise NotTheseBooks(f"{path} is laid out as version {version}, this program reads {SCHEMA_VERSION}: update it")


@contextmanager
def connected(path: Path) -> Iterator[SqliteConnection]:
    """A connection with the settings that the guards rely on, closed at the end; errors become refusals."""
    with refusing(path):
        connection = _connect(path, "rw")
        try:
            yield connection
        finally:
            connection.close()


def _connect(path: Path, mode: str) -> SqliteConnection:
    place = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, isolation_level=None, factory=SqliteConnection)
    try:
        for name, value in _PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")
            if connection.execute(f"PRAGMA {name}").fetchone()[0] != value:
                raise BooksAreDamaged(f"this SQLite does not keep {name}, which the guards need: use another Python")
    except BaseException:
        connection.close()
        raise
    return connection


def copy(path: Path, to: Path) -> None:
    """Copy books at one moment to a new file, also while others write; raises BooksRefused."""
    if to.exists():
        raise NotTheseBooks(f"{to} is there already: name a new file for the copy")
    if not to.parent.is_dir():
        raise BooksNotFound(f"{to.parent}: no such folder for the copy; make it, or name another place")
    with connected(path) as connection, refusing(to):
        target = _connect(to, "rwc")
        try:
            connection.backup(target)
        finally:
            target.close()


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file into one sentence."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise refusal_in(str(error)) from error
    except sqlite3.Error as error:
        raise _books_refusal(path, error) from error


def _books_refusal(path: Path, error: sqlite3.Error) -> LedgerRefusal:
    primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return BooksAreReadOnly(f"{path} or its folder cannot be written: allow writing there, or move the books")
    if primary == sqlite3.SQLITE_FULL:
        return DiskIsFull(f"{path}: no room left on the disk, and nothing was changed; free some and do it again")
    if primary == sqlite3.SQLITE_IOERR:
        return DiskIsFull(f"{path}: the disk did not take or give the data ({error}); see to the disk and do it again")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return BooksAreBusy(f"{path}: another program is writing to the books; wait until it is done")
    if primary == sqlite3.SQLITE_NOTADB:
        return NotTheseBooks(f"{path} is not pooled fund books: name the file with --db, or make new books with init")
    return BooksAreDamaged(f"{path}: the books cannot be read ({error}); restore a backup")

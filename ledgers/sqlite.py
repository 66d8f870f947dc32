"""Books in a SQLite file: making, connecting, and turning its errors into refusals. No rule of accounting is here."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from ledgers import refusals
from ledgers.refusals import (
    BooksAreBusy,
    BooksAreDamaged,
    BooksAreReadOnly,
    BooksNotFound,
    DiskIsFull,
    LedgerRefusal,
    NotTheseBooks,
    RowRefused,
)
from ledgers.sqlite_guards import BALANCE_GUARDS, guards

Connection: TypeAlias = sqlite3.Connection

APPLICATION_ID = 0x533735_50
"""The mark in the file's header by which it is known as pooled fund books."""
SCHEMA_VERSION = 1
BUSY_SECONDS = 30
_HEADER = b"SQLite format 3\x00"
_OLDEST_SQLITE = (3, 38)
_PRAGMAS = {"foreign_keys": 1, "recursive_triggers": 1, "synchronous": 2, "trusted_schema": 1}
# trusted_schema lets the guards ask whether foreign keys are kept; synchronous 2 is FULL.


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
    with refusing(path):
        connection = _connect(path, "rwc")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN EXCLUSIVE")
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                _lay_out(connection)
            connection.execute("COMMIT")
        finally:
            connection.close()


def _lay_out(connection: Connection) -> None:
    # Imported here because SQLModel takes half a second, and only making books needs the definitions.
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    from ledgers.schema import TABLES

    for row in TABLES:
        table = row.metadata.tables[str(row.__tablename__)]
        connection.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            connection.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
    for guard in guards().values():
        connection.execute(guard)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


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
    if version != SCHEMA_VERSION:
        raise NotTheseBooks(f"{path} is laid out as version {version}, this program reads {SCHEMA_VERSION}: update it")


@contextmanager
def connected(path: Path) -> Iterator[Connection]:
    """A connection with the settings that the guards rely on, closed at the end; errors become refusals."""
    with refusing(path):
        connection = _connect(path, "rw")
        try:
            yield connection
        finally:
            connection.close()


def _connect(path: Path, mode: str) -> Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    try:
        for name, value in _PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")
            if connection.execute(f"PRAGMA {name}").fetchone()[0] != value:
                raise BooksAreDamaged(f"this SQLite does not keep {name}, which the guards need: use another Python")
    except BaseException:
        connection.close()
        raise
    return connection


def begin(connection: Connection, statement: str) -> None:
    """Begin a transaction; ``BEGIN IMMEDIATE`` takes the one place to write and waits for another writer."""
    if statement == "BEGIN IMMEDIATE" and connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(statement)


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


def rebuild_balances(connection: Connection, pool_id: str, postings_summed: str) -> None:
    """Drop a pool's kept balances and write them anew, inside a transaction that sets their guards aside."""
    for name in BALANCE_GUARDS:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DELETE FROM balance WHERE pool_id = ?", (pool_id,))
    connection.execute(
        f"""INSERT INTO balance (pool_id, book, account, scheme, contribution, partner, month, amount_pence,
            through_entry) {postings_summed}""",
        (pool_id,),
    )
    for guard in BALANCE_GUARDS.values():
        connection.execute(guard)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file into one sentence."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise refusal_of(error) from error
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


def refusal_of(error: sqlite3.IntegrityError) -> LedgerRefusal:
    """The refusal that a guard's message names, else RowRefused with what the database said."""
    name, _, sentence = str(error).partition(": ")
    kind = getattr(refusals, name, None)
    if isinstance(kind, type) and issubclass(kind, LedgerRefusal):
        return kind(sentence)
    return RowRefused(f"the database refused a row: {error}")


def file_faults(connection: Connection) -> Iterator[tuple[str, str]]:
    """What is wrong with the file itself: damage, references that lead nowhere, guards taken off or changed."""
    damage = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if damage != "ok":
        yield "file damaged", f"the file is damaged: {damage}"
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield "reference broken", f"a row of {table} refers to a row of {parent} that is not there"
    kept = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    wanted = guards()
    for name in sorted(wanted.keys() | kept.keys()):
        if kept.get(name) != wanted.get(name):
            yield "guard changed", f"the guard {name} was taken off, changed or added since the books were made"

"""Where the people's database is kept, in a file or on a PostgreSQL server: its connections, and what differs."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ledgers.place import Place, Url
from pooledfund.people.rows import Run, Value

if TYPE_CHECKING:
    import psycopg

_BUSY_SECONDS = 10


class Home(Protocol):
    """A database of either kind."""

    errors: type[Exception]
    """What its driver raises."""
    numbered: str
    """The column of a table that numbers its rows."""
    is_laid_out: str
    """A statement that gives a row with something in it where the tables are there."""
    take_turn: tuple[str, ...]
    """The statements that begin a transaction and wait to be the one writer of the people."""
    only_added: tuple[str, ...]
    """The statements that keep the rows of a table as they are."""

    @contextmanager
    def connected(self) -> Iterator[Run]:
        """A connection that nobody else uses meanwhile, outside of any transaction."""

    def close(self) -> None:
        """Close the connections that are kept."""


class File:
    """A file of SQLite. No connection is kept: a file that was restored or replaced is the one that is read next."""

    errors: type[Exception] = sqlite3.Error
    numbered = "INTEGER NOT NULL PRIMARY KEY"
    is_laid_out = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'people_layout'"
    take_turn: tuple[str, ...] = ("BEGIN IMMEDIATE",)
    only_added: tuple[str, ...] = (
        "CREATE TRIGGER {table}_stays_{verb} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END",
    )

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def connected(self) -> Iterator[Run]:
        """A new connection, closed at the end: what was not committed then is undone."""
        with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = 1")
            yield lambda statement, values: connection.execute(statement, values).fetchall()

    def close(self) -> None:
        """Nothing is kept."""


class Server:
    """A database of PostgreSQL. Connections given back are kept for use again."""

    numbered = "SERIAL NOT NULL PRIMARY KEY"
    is_laid_out = "SELECT 1 WHERE to_regclass('people_layout') IS NOT NULL"
    take_turn: tuple[str, ...] = ("BEGIN", "SELECT pg_advisory_xact_lock(7527)")
    only_added: tuple[str, ...] = (
        "CREATE OR REPLACE FUNCTION people_rows_stay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME; END $$",
        "CREATE TRIGGER {table}_stays_{verb} BEFORE {verb} ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION people_rows_stay()",
    )

    def __init__(self, url: Url) -> None:
        import psycopg  # a file needs no driver of a server

        self.errors: type[Exception] = psycopg.Error
        self._url = url
        self._kept: list[psycopg.Connection[tuple[Any, ...]]] = []

    @contextmanager
    def connected(self) -> Iterator[Run]:
        """A connection that still answers; what was not committed at the end is undone."""
        connection = self._take()
        try:
            yield lambda statement, values: self._rows(connection, statement, values)
        finally:
            try:
                connection.rollback()
                self._kept.append(connection)
            except self.errors:
                connection.close()

    def close(self) -> None:
        """Close the connections that are kept for use again."""
        with suppress(IndexError):
            while True:
                self._kept.pop().close()

    def _take(self) -> "psycopg.Connection[tuple[Any, ...]]":
        import psycopg

        with suppress(IndexError):  # none is left, whoever took the last
            while True:
                connection = self._kept.pop()
                try:
                    connection.execute("SELECT 1")
                except psycopg.Error:
                    connection.close()  # the server was started anew since it was last used
                else:
                    return connection
        return psycopg.connect(self._url.secret, autocommit=True)

    @staticmethod
    def _rows(
        connection: "psycopg.Connection[tuple[Any, ...]]", statement: str, values: Sequence[Value]
    ) -> Iterable[Sequence[Any]]:
        marked = statement.replace("%", "%%").replace("?", "%s") if values else statement
        cursor = connection.execute(marked.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


@lru_cache(maxsize=8)
def home_of(place: Place) -> Home:
    """The database at a place."""
    return Server(place) if isinstance(place, Url) else File(place)

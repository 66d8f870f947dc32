"""Where the ledger tests keep books, on SQLite and on PostgreSQL, with raw access that knows nothing of our code.

Holds no tests.
"""

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Protocol

from layout_fixtures import dump_of_database
from ledger_sample import AT, WHO, pool_spec
from ledgers.place import Place, Url
from ledgers.sqlite_guards import KEYS
from ledgers.store import Books, Ledger
from tools.postgres_server import Server, psql

Cell = str | int | None


class Refused(Exception):
    """What the database said to a raw statement that it refused."""


class Raw(Protocol):
    """A second way in, by which anyone may write."""

    name: str
    postings_first: bool

    def run(self, *statements: str) -> None:
        """Run statements in one transaction; raises Refused."""

    def rows(self, question: str) -> list[tuple[str, ...]]:
        """The rows of a question, each cell as text and null as nothing."""

    def overwriting(self, insert: str, table: str) -> list[str]:
        """The same insert in every form that would overwrite what is there."""

    def past_the_guards(self, *statements: str) -> None:
        """What an owner can do: set the guards aside, change rows, and put the guards back."""


class RawSqlite:
    """The standard library's own connection, with its own defaults but for foreign keys."""

    name = "sqlite"
    postings_first = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def run(self, *statements: str) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            try:
                for statement in ("BEGIN", *statements, "COMMIT"):
                    connection.execute(statement)
            except sqlite3.IntegrityError as error:
                raise Refused(str(error)) from error

    def rows(self, question: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self._path)) as connection:
            found = connection.execute(question).fetchall()
        return [tuple("" if cell is None else str(cell) for cell in row) for row in found]

    def overwriting(self, insert: str, table: str) -> list[str]:
        return [insert.replace("INSERT", "INSERT OR REPLACE", 1)]

    def past_the_guards(self, *statements: str) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            taken_off = [f"DROP TRIGGER {name}" for name, _ in guards]
            for statement in ("BEGIN", *taken_off, *statements, *(sql for _, sql in guards), "COMMIT"):
                connection.execute(statement)


class RawPsql:
    """psql, as the owner of the books."""

    name = "postgresql"
    postings_first = False

    def __init__(self, server: Server, url: Url) -> None:
        self._server = server
        self._url = url

    def run(self, *statements: str) -> None:
        self._run(self._url, "BEGIN", *statements, "COMMIT")

    def _run(self, url: Url, *statements: str) -> str:
        try:
            return psql(url, ";\n".join(statements) + ";\n")
        except subprocess.CalledProcessError as error:
            raise Refused(error.stderr) from error

    def rows(self, question: str) -> list[tuple[str, ...]]:
        return [tuple(line.split("\x1f")) for line in self._run(self._url, question).splitlines()]

    def overwriting(self, insert: str, table: str) -> list[str]:
        return [f"{insert} ON CONFLICT ({', '.join(key)}) DO UPDATE SET pool_id = 'x'" for key in KEYS[table]]

    def past_the_guards(self, *statements: str) -> None:
        name = self._url.name
        self._run(self._server.url(name, "postgres"), "SET session_replication_role = replica", *statements)


class Home(Protocol):
    """Where books are kept while tests run."""

    name: str

    def new(self) -> Place:
        """A place without a pool, ready for Books.create."""

    def empty(self) -> Place:
        """A place with nothing in it at all."""

    def layout(self, place: Place) -> object:
        """Every table, index, view and guard of books, as the database keeps them."""

    def copy(self, ledger: Ledger) -> Ledger:
        """Books of their own, the same as others."""

    def raw(self, ledger: Ledger) -> Raw:
        """The raw way in to these books."""


class SqliteHome:
    """Files in a folder."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def new(self) -> Path:
        return self._folder / f"books-{next(self._numbers)}.db"

    empty = new

    def layout(self, place: Place) -> object:
        return sorted(RawSqlite(Path(str(place))).rows("SELECT type, name, sql FROM sqlite_master"))

    def copy(self, ledger: Ledger) -> Ledger:
        return Books.open(Path(shutil.copy(ledger.books.path, self.new()))).pool(ledger.pool_id)

    def raw(self, ledger: Ledger) -> RawSqlite:
        return RawSqlite(ledger.books.path)


class PostgresHome:
    """Databases of a server, each copied from one that is laid out and empty."""

    name = "postgresql"

    def __init__(self, server: Server) -> None:
        self.server = server
        self._laid_out = server.database()
        Books.create(self._laid_out)

    def new(self) -> Url:
        return self.server.database(self._laid_out.name)

    def empty(self) -> Url:
        return self.server.database()

    def layout(self, place: Place) -> object:
        assert isinstance(place, Url)
        # The brackets of a check are written otherwise once it has been through a dump.
        lines = dump_of_database(place, "--schema-only").splitlines()
        return [re.sub("[()]", "", line) if "CHECK" in line else line for line in lines]

    def copy(self, ledger: Ledger) -> Ledger:
        ledger.books.close()
        assert isinstance(ledger.books.place, Url)
        return Books.open(self.server.database(ledger.books.place.name)).pool(ledger.pool_id)

    def raw(self, ledger: Ledger) -> RawPsql:
        assert isinstance(ledger.books.place, Url)
        return RawPsql(self.server, ledger.books.place)


def open_in(home: Home) -> Ledger:
    """New books with one pool and nothing recorded."""
    return Books.create(home.new()).open_pool(pool_spec(), who=WHO, at=AT, payload={"agreement": "abc"})


def literal(value: Cell) -> str:
    """A value as SQL writes it."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def insert(table: str, columns: Sequence[str], values: Sequence[Cell]) -> str:
    """An insert as anyone would write it."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(map(literal, values))})"

"""The rows that a floor writes again: taken from finished books, with the books' own tables and indexes, no guards."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TABLES = ("event", "entry", "posting", "balance")
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL")
Rows = dict[str, list[tuple[object, ...]]]


def bare_copy(connection: sqlite3.Connection, books: Path) -> None:
    """The same four tables with the same keys and indexes, and no check, reference or trigger."""
    connection.execute("ATTACH ? AS books", (str(books),))
    for table in TABLES:
        columns = connection.execute(f"PRAGMA books.table_info({table})").fetchall()
        key = ", ".join(name for _, name, *_, place in sorted(columns, key=lambda c: int(c[5])) if place)
        said = ", ".join(f"{name} {kind}" for _, name, kind, *_ in columns)
        unique = "".join(
            f", UNIQUE ({', '.join(column for _, _, column in connection.execute(f'PRAGMA books.index_info({name})'))})"
            for _, name, _, origin, _ in connection.execute(f"PRAGMA books.index_list({table})")
            if origin == "u"
        )
        end = "STRICT" if table == "event" else "STRICT, WITHOUT ROWID"
        connection.execute(f"CREATE TABLE main.{table} ({said}, PRIMARY KEY ({key}){unique}) {end}")
        wanted = "SELECT sql FROM books.sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
        for (index,) in connection.execute(wanted, (table,)).fetchall():
            connection.execute(index)
    connection.execute("DETACH books")


def rows_of(books: Path, after_event: int) -> Rows:
    """The rows of everything recorded after an event, and the kept balances as they came out."""
    connection = sqlite3.connect(books)
    conditions = {"event": "number > :e", "entry": "event > :e", "balance": ":e = :e"}
    conditions["posting"] = "entry > (SELECT coalesce(max(number), 0) FROM entry WHERE event <= :e)"
    found = {
        table: connection.execute(f"SELECT * FROM {table} WHERE {where}", {"e": after_event}).fetchall()
        for table, where in conditions.items()
    }
    connection.close()
    return found


@contextmanager
def bare(folder: Path, books: Path) -> Iterator[sqlite3.Connection]:
    """A new file with the bare tables and the pragmas that the books are written with."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    bare_copy(connection, books)
    yield connection
    connection.close()


def insert(table: str, rows: list[tuple[object, ...]]) -> str:
    """The statement that inserts rows of a table whole."""
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})"

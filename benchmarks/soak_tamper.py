"""Changes books past their guards, as the owner of them can, and sees that verify finds every change."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from random import Random

import psycopg

from benchmarks.books import AT, open_pool, reversal, spends
from benchmarks.soak_homes import BooksDoNotHold, FileHome, ServerHome, counted
from ledgers import reading, verification
from ledgers.balances import BALANCES_AS_POSTED
from ledgers.database import Connection, Row, Value
from ledgers.place import Url
from ledgers.postgres import PostgresConnection, connect
from ledgers.schema import TABLES, columns_of
from ledgers.seal import GENESIS, canonical, digest, entry_content
from ledgers.sources import Batch, SourceLine
from ledgers.sqlite import SqliteConnection
from ledgers.store import Ledger

NAMES = tuple(str(table.__tablename__) for table in TABLES)
Tamper = Callable[[Connection, Random], str]


class NoChange(Exception):
    """Chance made a change that changes nothing."""


def _fill(ledger: Ledger) -> None:
    """Put something in every table."""
    with ledger.writing("soak", AT) as writing:
        entries = list(spends(Random(1), 0, 30))
        recorded = writing.record_all(entries)
        writing.record(reversal(recorded[3].number, entries[3]))
        batch = writing.batch(Batch("e" * 64, "may.csv", "actuals", 2, 1, 12_500, "council"))
        writing.source_lines(
            [SourceLine(batch.number, row, {"amount": str(row)}, recorded[row].number) for row in (2, 3)]
        )
        writing.record(next(iter(spends(Random(2), 30, 1))))
        writing.set_month(1, "closed", reason="reported")
        writing.sign_off("close/M1", "prepared")
        writing.sign_off("close/M1", "agreed", "icb")
        writing.event("decision", {"quarter": "Q1"})


def _another(value: Value, random: Random) -> Value:
    """A value that differs in one place."""
    if value is None:
        return 1 if random.random() < 0.5 else "x"
    if isinstance(value, int):
        return value + random.choice((-1, 1, 10 ** random.randrange(6)))
    if not value:
        return random.choice(["x", " "])
    place = random.randrange(len(value))
    return value[:place] + chr((ord(value[place]) + random.randrange(1, 20)) % 0x250 or 1) + value[place + 1 :]


def _rows(connection: Connection, table: str, wanted: int, random: Random) -> list[Row]:
    """So many rows of a table by chance."""
    columns, _ = columns_of(table)
    order = connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
    return random.sample(sorted(order, key=str), wanted)


def _put(connection: Connection, table: str, rows: list[Row]) -> None:
    columns, _ = columns_of(table)
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)


def _take(connection: Connection, table: str, row: Row) -> None:
    columns, key = columns_of(table)
    where = " AND ".join(f"{name} = ?" for name in key)
    connection.execute(f"DELETE FROM {table} WHERE {where}", [row[columns.index(name)] for name in key])


def change_a_byte(connection: Connection, random: Random) -> str:
    """One place of one cell of any table."""
    table = random.choice(NAMES)
    columns, key = columns_of(table)
    column = random.choice(columns)
    (found,) = _rows(connection, table, 1, random)
    row: dict[str, Value] = dict(zip(columns, found, strict=True))
    other = _another(row[column], random)
    where = " AND ".join(f"{name} = ?" for name in key)
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (other, *(row[name] for name in key)))
    return f"{table}.{column} from {row[column]!r:.60} to {other!r:.60}"


def swap_rows(connection: Connection, random: Random) -> str:
    """What two rows of a table say, each under the other's key."""
    table = random.choice([each for each in NAMES if each not in ("pool", "batch")])
    columns, key = columns_of(table)
    one, two = _rows(connection, table, 2, random)
    keyed = [name in key for name in columns]
    swapped: list[Row] = [
        tuple(a if of_key else b for a, b, of_key in zip(mine, other, keyed, strict=True))
        for mine, other in ((one, two), (two, one))
    ]
    if sorted(map(str, swapped)) == sorted(map(str, (one, two))):
        raise NoChange
    for row in (one, two):
        _take(connection, table, row)
    _put(connection, table, swapped)
    return f"{table}: {one!r:.80} and {two!r:.80} swapped"


def take_a_row_out(connection: Connection, random: Random) -> str:
    """One row of any table."""
    table = random.choice(NAMES)
    (row,) = _rows(connection, table, 1, random)
    _take(connection, table, row)
    return f"{table}: {row!r:.80} taken out"


def add_a_row(connection: Connection, random: Random) -> str:
    """One more row of any table, like another but for its key."""
    table = random.choice([each for each in NAMES if each != "pool"])
    columns, key = columns_of(table)
    (row,) = _rows(connection, table, 1, random)
    column = random.choice([name for name in key if name != "pool_id"])
    place = columns.index(column)
    more = (*row[:place], _another(row[place], random), *row[place + 1 :])
    _put(connection, table, [more])
    return f"{table}: {more!r:.80} added"


def cut_the_tail(connection: Connection, random: Random) -> str:
    """The last events with everything that they carry, the kept balances made to agree."""
    newest = connection.execute("SELECT max(number) FROM event").fetchone()[0]
    last = random.randrange(2, newest)
    connection.execute("DELETE FROM posting WHERE entry IN (SELECT number FROM entry WHERE event > ?)", (last,))
    for table in ("sign_off", "source_line", "batch", "month_state", "entry"):
        connection.execute(f"DELETE FROM {table} WHERE event > ?", (last,))
    connection.execute("DELETE FROM event WHERE number > ?", (last,))
    connection.execute("DELETE FROM balance")
    columns, _ = columns_of("balance")
    pool = connection.execute("SELECT pool_id FROM pool").fetchone()[0]
    connection.execute(f"INSERT INTO balance ({', '.join(columns)}) {BALANCES_AS_POSTED}", (pool,))
    return f"everything after event {last} cut off"


def write_anew(connection: Connection, random: Random) -> str:
    """Another reason for one entry, and every hash worked out again, so that the books hold in themselves."""
    pool = connection.execute("SELECT pool_id FROM pool").fetchone()[0]
    (entry,) = _rows(connection, "entry", 1, random)
    number = entry[1]
    connection.execute("UPDATE entry SET why = why || ? WHERE number = ?", (str(random.random()), number))
    entries = list(reading.entries_where(connection, pool))
    sealed = {each.number: digest(entry_content(pool, each.number, each.entry)) for each in entries}
    connection.executemany("UPDATE entry SET digest = ? WHERE number = ?", [(v, k) for k, v in sealed.items()])
    previous = GENESIS
    for event, text in connection.execute("SELECT number, content FROM event ORDER BY number").fetchall():
        said = json.loads(text)
        if "digests" in said["payload"]:
            first, count = said["payload"]["first"], len(said["payload"]["digests"])
            said["payload"]["digests"] = [sealed[each] for each in range(first, first + count)]
        text = canonical({**said, "previous": previous})
        change = "UPDATE event SET content = ?, previous_hash = ?, hash = ? WHERE number = ?"
        connection.execute(change, (text, previous, digest(text), event))
        previous = digest(text)
    return f"entry {number} and the whole log written anew"


KINDS: tuple[tuple[Tamper, int], ...] = (
    (change_a_byte, 55),
    (swap_rows, 15),
    (take_a_row_out, 12),
    (add_a_row, 8),
    (cut_the_tail, 5),
    (write_anew, 5),
)


@contextmanager
def _owner(home: FileHome | ServerHome, ledger: Ledger) -> Iterator[Connection]:
    """A connection to the books of someone who is past their guards.

    A file's owner takes the triggers off and keeps to nothing but the types of columns. For a server's administrator
    no trigger need run and no reference be kept.
    """
    place = ledger.books.place
    if isinstance(home, ServerHome) and isinstance(place, Url):
        with closing(connect(home.server.url(place.name, "postgres"))) as driver:
            driver.execute("SET session_replication_role = replica")
            yield PostgresConnection(driver, {})
        return
    with closing(sqlite3.connect(ledger.books.path, isolation_level=None, factory=SqliteConnection)) as connection:
        for pragma in ("synchronous", "foreign_keys"):
            connection.execute(f"PRAGMA {pragma} = OFF")
        yield connection


def _tampered(connection: Connection, kind: Tamper, random: Random) -> str:
    """Take the guards off, change something, put the guards back; what was changed, in words."""
    if isinstance(connection, PostgresConnection):
        return kind(connection, random)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    done = kind(connection, random)
    for _, guard in guards:
        connection.execute(guard)
    connection.execute("PRAGMA ignore_check_constraints = OFF")
    return done


def soak_tamperings(home: FileHome | ServerHome, count: int, random: Random) -> str:
    """Tamper so many times, each with sound books, and say how many were found; raises BooksDoNotHold at one missed."""
    made: Counter[str] = Counter()
    ledger = open_pool(home.new()).books
    _fill(ledger)
    head = str(ledger.head())
    kinds, weights = [kind for kind, _ in KINDS], [weight for _, weight in KINDS]
    with _owner(home, ledger) as connection:
        if verification.verify(connection, ledger.pool_id, ledger.year, head):
            raise BooksDoNotHold("sound books do not hold")
        for _ in counted(range(count), count, "tamperings"):
            made[_tamper_once(connection, ledger, head, random.choices(kinds, weights)[0], random)] += 1
    kinds_made = ", ".join(f"{kind} {number:,}" for kind, number in made.most_common())
    return f"{made.total():,} tamperings past the guards, all found: {kinds_made}"


def _tamper_once(connection: Connection, ledger: Ledger, head: str, kind: Tamper, random: Random) -> str:
    """One change that the database takes without its guards, proved to be found, and undone; the kind of it."""
    while True:
        connection.execute("BEGIN")
        try:
            # What even a column's type, a key or a check of the table refuses was no change.
            with suppress(NoChange, sqlite3.IntegrityError, psycopg.IntegrityError, psycopg.DataError):
                done = _tampered(connection, kind, random)
                if not verification.verify(connection, ledger.pool_id, ledger.year, head):
                    raise BooksDoNotHold(f"not found: {done}")
                return kind.__name__.replace("_", " ")
        finally:
            connection.execute("ROLLBACK")

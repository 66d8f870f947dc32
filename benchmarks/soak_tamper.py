"""Changes books past their guards, as the owner of the file can, and sees that verify finds every change."""

import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.books import AT, open_books, reversal, spends
from benchmarks.soak_errors import BooksDoNotHold
from ledgers.balances import BALANCES_AS_POSTED
from ledgers.seal import GENESIS, canonical, digest, entry_content
from ledgers.sources import Batch, SourceLine
from ledgers.store import Books, Ledger

TABLES = (
    "pool", "event", "account", "partner", "contribution", "scheme", "month_state", "entry", "posting", "balance",
    "batch", "source_line",
)  # fmt: skip
Tamper = Callable[[sqlite3.Connection, Random], str]


def _books(folder: Path) -> Ledger:
    """Small books with something in every table."""
    ledger = open_books(folder)
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
        writing.event("sign-off", {"quarter": "Q1"})
    return ledger


def _columns(connection: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """The columns of a table, and those of its key."""
    rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return [row[1] for row in rows], [row[1] for row in rows if row[5]]


def _another(value: object, random: Random) -> object:
    """A value that differs in one place."""
    if value is None:
        return random.choice([1, "x"])
    if isinstance(value, int):
        return value + random.choice((-1, 1, 10 ** random.randrange(6)))
    text = str(value)
    if not text:
        return random.choice(["x", " "])
    place = random.randrange(len(text))
    return text[:place] + chr((ord(text[place]) + random.randrange(1, 20)) % 0x250 or 1) + text[place + 1 :]


def change_a_byte(connection: sqlite3.Connection, random: Random) -> str:
    """One place of one cell of any table."""
    table = random.choice(TABLES)
    columns, key = _columns(connection, table)
    column = random.choice(columns)
    row = dict(zip(columns, random.choice(connection.execute(f"SELECT * FROM {table}").fetchall()), strict=True))
    other = _another(row[column], random)
    where = " AND ".join(f"{name} = ?" for name in key)
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (other, *(row[name] for name in key)))
    return f"{table}.{column} from {row[column]!r:.60} to {other!r:.60}"


def swap_rows(connection: sqlite3.Connection, random: Random) -> str:
    """What two rows of a table say, each under the other's key."""
    table = random.choice([each for each in TABLES if each not in ("pool", "batch")])
    columns, key = _columns(connection, table)
    one, two = random.sample(connection.execute(f"SELECT * FROM {table}").fetchall(), 2)
    keyed = [name in key for name in columns]
    swapped = [
        tuple(a if of_key else b for a, b, of_key in zip(mine, other, keyed, strict=True))
        for mine, other in ((one, two), (two, one))
    ]
    if sorted(map(str, swapped)) == sorted(map(str, (one, two))):
        raise sqlite3.IntegrityError("two rows that say the same are no change when swapped")
    where = " AND ".join(f"{name} = ?" for name in key)
    for row in (one, two):
        connection.execute(f"DELETE FROM {table} WHERE {where}", [row[columns.index(name)] for name in key])
    connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", swapped)
    return f"{table}: {one!r:.80} and {two!r:.80} swapped"


def take_a_row_out(connection: sqlite3.Connection, random: Random) -> str:
    """One row of any table."""
    table = random.choice(TABLES)
    columns, key = _columns(connection, table)
    row = random.choice(connection.execute(f"SELECT * FROM {table}").fetchall())
    where = " AND ".join(f"{name} = ?" for name in key)
    connection.execute(f"DELETE FROM {table} WHERE {where}", [row[columns.index(name)] for name in key])
    return f"{table}: {row!r:.80} taken out"


def cut_the_tail(connection: sqlite3.Connection, random: Random) -> str:
    """The last events with everything that they carry, the kept balances made to agree."""
    pool, newest = connection.execute("SELECT pool_id, max(number) FROM event").fetchone()
    last = random.randrange(2, newest)
    connection.execute("DELETE FROM posting WHERE entry IN (SELECT number FROM entry WHERE event > ?)", (last,))
    for table in ("source_line", "batch", "month_state", "entry"):
        connection.execute(f"DELETE FROM {table} WHERE event > ?", (last,))
    connection.execute("DELETE FROM event WHERE number > ?", (last,))
    _rebuild(connection, pool)
    return f"everything after event {last} cut off"


def write_anew(connection: sqlite3.Connection, random: Random) -> str:
    """Another reason for one entry, and every hash worked out again, so that the books hold in themselves."""
    from ledgers.reading import entries_where

    pool = connection.execute("SELECT pool_id FROM pool").fetchone()[0]
    number = random.choice(connection.execute("SELECT number FROM entry").fetchall())[0]
    connection.execute("UPDATE entry SET why = why || ? WHERE number = ?", (str(random.random()), number))
    sealed = {
        each.number: digest(entry_content(pool, each.number, each.entry)) for each in entries_where(connection, pool)
    }
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


def _rebuild(connection: sqlite3.Connection, pool: str) -> None:
    connection.execute("DELETE FROM balance")
    connection.execute(f"INSERT INTO balance {BALANCES_AS_POSTED}", (pool,))


KINDS: tuple[tuple[Tamper, int], ...] = (
    (change_a_byte, 60),
    (swap_rows, 15),
    (take_a_row_out, 15),
    (cut_the_tail, 5),
    (write_anew, 5),
)


def tamper(books: Path, kind: Tamper, random: Random) -> str:
    """Take the guards off, change something, put the guards back; what was changed, in words."""
    connection = sqlite3.connect(books, isolation_level=None)
    try:
        for pragma in ("synchronous = OFF", "foreign_keys = OFF", "ignore_check_constraints = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        done = kind(connection, random)
        for _, guard in guards:
            connection.execute(guard)
        connection.execute("COMMIT")
    finally:
        connection.close()
    return done


def soak_tamperings(count: int, random: Random) -> str:
    """Tamper so many times, each with sound books, and say how many were found; raises BooksDoNotHold at one missed."""
    made: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        ledger = _books(Path(name))
        head, sound, copy = str(ledger.head()), ledger.books.path, Path(name) / "copy.db"
        kinds, weights = [kind for kind, _ in KINDS], [weight for _, weight in KINDS]
        while made.total() < count:
            shutil.copy(sound, copy)
            kind = random.choices(kinds, weights)[0]
            try:
                done = tamper(copy, kind, random)
            except sqlite3.IntegrityError:
                continue  # the file itself would not take it: a type that the column does not hold, a key twice
            tampered = Ledger(Books(copy), ledger.pool_id, ledger.year)
            if not tampered.verify(head=head):
                raise BooksDoNotHold(f"not found: {done}")
            made[kind.__name__.replace("_", " ")] += 1
    kinds_made = ", ".join(f"{kind} {number:,}" for kind, number in made.most_common())
    return f"{made.total():,} tamperings past the guards, all found: {kinds_made}"

"""Guards against what only SQLite offers: REPLACE, foreign keys by connection, the hidden rowid, loose types."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger_sample import AT, WHO, open_books, pool_spec, raw, spend
from ledgers.seal import digest
from ledgers.sources import Batch, SourceLine
from ledgers.sqlite_guards import KEYS
from ledgers.store import Ledger

TIME = "2016-05-04T10:00:00Z"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = open_books(tmp_path)
    ledger.books.open_pool(pool_spec("swale"), who=WHO, at=AT, payload={})
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("first"))
        batch = writing.batch(Batch("d" * 64, "actuals.csv", "actuals", 1, 1, 12_500, "kcc"))
        writing.source_line(SourceLine(batch.number, 2, {"amount": "125.00"}, 1))
        writing.sign_off("close/M1", "prepared")
    return ledger


@pytest.fixture
def connection(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    connection = raw(ledger)
    yield connection
    connection.close()


def announce(connection: sqlite3.Connection, count: int) -> tuple[int, int]:
    """Write an event that announces so many entries, as anyone with the file may; its number and the first entry's."""
    last, previous = connection.execute(
        "SELECT number, hash FROM event WHERE pool_id = 'thanet' ORDER BY number DESC"
    ).fetchone()
    first = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM entry WHERE pool_id = 'thanet'").fetchone()[0]
    said = {"pool": "thanet", "number": last + 1, "kind": "by hand", "who": "someone", "recorded_at": TIME}
    text = json.dumps({**said, "previous": previous})
    connection.execute(
        "INSERT INTO event VALUES ('thanet', ?, 'by hand', ?, 'someone', ?, ?, ?, ?, ?)",
        (last + 1, TIME, first, first + count - 1, text, previous, digest(text)),
    )
    return last + 1, first


def test_a_connection_that_sets_checks_aside_writes_no_entry(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    event, number = announce(connection, 1)
    for line, pence in ((1, 5), (2, -5)):
        connection.execute(
            f"INSERT INTO posting VALUES ('thanet', {number}, {line}, 'expenditure', {pence}, 'S1', NULL, NULL)"
        )
    connection.execute("PRAGMA ignore_check_constraints = ON")
    with pytest.raises(sqlite3.IntegrityError, match="ignore_check_constraints = OFF"):
        connection.execute(
            "INSERT INTO entry SELECT pool_id, ?, 'reserve', kind, month, effective_on, document_on, ?, '', '', "
            "source_reference, '', NULL, NULL, 0, 2, digest, ? FROM entry WHERE number = 1",
            (number, TIME, event),
        )
    connection.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("legs", "rule"),
    [
        (((1, 10**15 + 1), (2, -(10**15) - 1)), "beyond all limits"),
        (((0, 5), (2, -5)), "numbered from 1"),
        (((1, 5), (2, 0), (3, -5)), "PostingIsNil"),
    ],
)
def test_checks_set_aside_for_the_postings_only_are_made_with_their_entry(
    connection: sqlite3.Connection, legs: tuple[tuple[int, int], ...], rule: str
) -> None:
    connection.execute("BEGIN")
    event, number = announce(connection, 1)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for line, pence in legs:
        connection.execute(
            f"INSERT INTO posting VALUES ('thanet', {number}, {line}, 'expenditure', {pence}, 'S1', NULL, NULL)"
        )
    connection.execute("PRAGMA ignore_check_constraints = OFF")
    with pytest.raises(sqlite3.IntegrityError, match=rule):
        connection.execute(
            "INSERT INTO entry SELECT pool_id, ?, book, kind, month, effective_on, document_on, ?, who, why, "
            "source_reference, 'by hand', NULL, NULL, 0, ?, digest, ? FROM entry WHERE number = 1",
            (number, TIME, len(legs), event),
        )
    connection.execute("ROLLBACK")


def test_part_of_a_penny_is_not_kept(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    with pytest.raises(sqlite3.IntegrityError, match="cannot store REAL"):
        connection.execute("INSERT INTO posting VALUES ('thanet', 2, 1, 'expenditure', 100.5, NULL, NULL, NULL)")
    connection.execute("ROLLBACK")


@pytest.mark.parametrize("foreign_keys", ["OFF", "ON"])
@pytest.mark.parametrize("table", sorted(KEYS))
def test_rows_are_taken_only_from_a_connection_that_keeps_foreign_keys_and_never_twice(
    ledger: Ledger, table: str, foreign_keys: str
) -> None:
    connection = raw(ledger, foreign_keys)
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    copy = f"INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM {table} LIMIT 1"
    assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    for how in ("INSERT", "INSERT OR REPLACE"):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(f"{how} {copy}")
    connection.close()


@pytest.mark.parametrize("table", [*sorted(KEYS), "balance"])
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_nothing_recorded_is_updated_or_deleted(connection: sqlite3.Connection, table: str, recursive: str) -> None:
    connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = connection.execute(f"SELECT * FROM {table}").fetchall()
    column = "amount_pence" if table == "balance" else "pool_id"
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"UPDATE OR REPLACE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
    assert connection.execute(f"SELECT * FROM {table}").fetchall() == before


def test_an_event_is_not_replaced_by_its_hidden_rowid(ledger: Ledger, connection: sqlite3.Connection) -> None:
    number, hash_ = connection.execute(
        "SELECT number, hash FROM event WHERE pool_id = 'thanet' ORDER BY number DESC"
    ).fetchone()
    said = {"pool": "thanet", "number": number + 1, "kind": "x", "who": "x", "recorded_at": TIME, "previous": hash_}
    row = (number + 1, TIME, json.dumps(said), hash_, "0" * 64)
    with pytest.raises(sqlite3.IntegrityError, match="rowid"):
        connection.execute(
            "INSERT OR REPLACE INTO event"
            " (rowid, pool_id, number, kind, recorded_at, who, content, previous_hash, hash)"
            " VALUES (1, 'thanet', ?, 'x', ?, 'x', ?, ?, ?)",
            row,
        )


@pytest.mark.parametrize("foreign_keys", ["OFF", "ON"])
def test_a_posting_that_no_event_announces_is_refused(ledger: Ledger, foreign_keys: str) -> None:
    connection = raw(ledger, foreign_keys)
    with pytest.raises(sqlite3.IntegrityError, match="announces"):
        connection.execute("INSERT INTO posting VALUES ('thanet', 9, 1, 'expenditure', 5, NULL, NULL, NULL)")
    connection.close()


def test_an_announced_posting_without_its_entry_is_refused_at_commit(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    _, number = announce(connection, 1)
    connection.execute("INSERT INTO posting VALUES ('thanet', ?, 1, 'expenditure', 5, NULL, NULL, NULL)", (number,))
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute("COMMIT")


@pytest.mark.parametrize("how", ["UPDATE", "UPDATE OR REPLACE", "INSERT OR REPLACE INTO"])
@pytest.mark.parametrize("written", [0, 1, 2])
def test_kept_balances_take_nothing_by_hand_while_entries_are_being_written(
    connection: sqlite3.Connection, how: str, written: int
) -> None:
    connection.execute("BEGIN")
    event, first = announce(connection, count=2)
    for number in range(first, first + 2):
        for line, pence in ((1, 100), (2, -100)):
            connection.execute(
                "INSERT INTO posting VALUES ('thanet', ?, ?, 'expenditure', ?, 'S1', NULL, NULL)", (number, line, pence)
            )
    for number in range(first, first + written):
        connection.execute(
            f"""INSERT OR REPLACE INTO entry VALUES ('thanet', ?, 'actual', 'spend', 2, '2016-05-04', '2016-05-04',
            '{TIME}', 'someone', 'by hand', '', ?, NULL, NULL, 0, 2, '{"0" * 64}', ?)""",
            (number, f"hand {number}", event),
        )
    change = "balance SET amount_pence = 1, through_entry = 99 WHERE account = 'expenditure'"
    row = "balance VALUES ('thanet', 'actual', 'expenditure', 'S2', '', '', 2, 1, 4)"
    with pytest.raises(sqlite3.IntegrityError, match="kept balance"):
        connection.execute(f"{how} {row if 'INSERT' in how else change}")
    if written == 2:
        connection.execute("COMMIT")


@pytest.mark.parametrize(
    ("table", "was", "now"),
    [("posting", "CHECK (line >= 1)", "CHECK (line >= 0)"), ("entry", "CHECK (legs >= 2),", "")],
)
def test_a_check_or_key_changed_in_the_file_is_named(ledger: Ledger, table: str, was: str, now: str) -> None:
    with closing(sqlite3.connect(ledger.books.path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        change = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = ? AND instr(sql, ?)"
        assert connection.execute(change, (was, now, table, was)).rowcount == 1
        connection.commit()
    assert f"{table} has not the columns, keys and checks" in str(ledger.verify()[0])

"""The database itself refuses what is wrong, from a raw connection that knows nothing of our code."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint

from ledger_sample import AT, WHO, budget, open_books, pool_spec, raw, spend
from ledgers.schema import TABLES, BalanceRow
from ledgers.seal import digest
from ledgers.sources import Batch, SourceLine
from ledgers.sqlite_guards import KEYS
from ledgers.store import Books, Ledger

TIME = "2016-05-04T10:00:00Z"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = open_books(tmp_path_factory.mktemp("guards"))
    ledger.books.open_pool(pool_spec("swale"), who=WHO, at=AT, payload={})
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("first"))
        writing.record(budget("plan", ("unallocated", 5000, None), ("contribution_plan", -5000, None)))
        batch = writing.batch(Batch("d" * 64, "actuals.csv", "actuals", 1, 1, 12_500, "kcc"))
        writing.source_line(SourceLine(batch.number, 2, {"amount": "125.00"}, 1))
    return ledger.books.path


@pytest.fixture
def ledger(made_once: Path, tmp_path: Path) -> Ledger:
    return Books.open(Path(shutil.copy(made_once, tmp_path / "books.db"))).pool("thanet")


@pytest.fixture
def connection(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    connection = raw(ledger)
    yield connection
    connection.close()


def announce(connection: sqlite3.Connection, count: int = 1) -> tuple[int, int]:
    """Write an event that announces so many entries, as anyone with the file may; its number and the first entry's."""
    last, previous = connection.execute(
        "SELECT number, hash FROM event WHERE pool_id = 'thanet' ORDER BY number DESC"
    ).fetchone()
    first = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM entry WHERE pool_id = 'thanet'").fetchone()[0]
    said = {"pool": "thanet", "number": last + 1, "kind": "by hand", "who": "someone", "recorded_at": TIME}
    text = json.dumps({**said, "previous": previous})
    connection.execute(
        "INSERT INTO event VALUES ('thanet', ?, 'by hand', ?, 'someone', ?, ?, ?, ?, ?)",
        (last + 1, TIME, *((first, first + count - 1) if count else (None, None)), text, previous, digest(text)),
    )
    return last + 1, first


def write(connection: sqlite3.Connection, *legs: tuple[object, ...], how: str = "INSERT", **changes: object) -> None:
    """Write one entry by hand in a transaction, its event and postings first. A leg is account, pence, dimensions."""
    connection.execute("BEGIN")
    try:
        event, number = announce(connection)
        for line, leg in enumerate(legs, start=1):
            account, pence, scheme, contribution, partner = (*leg, None, None, None)[:5]
            connection.execute(
                "INSERT INTO posting VALUES ('thanet', ?, ?, ?, ?, ?, ?, ?)",
                (number, line, account, pence, scheme, contribution, partner),
            )
        row: dict[str, object] = {
            "pool_id": "thanet", "number": number, "book": "actual", "kind": "spend", "month": 2,
            "effective_on": "2016-05-04", "document_on": "2016-05-04", "recorded_at": TIME, "who": "someone",
            "why": "by hand", "source_reference": "", "idempotency_key": "by hand", "adjusting": 0, "legs": len(legs),
            "digest": "0" * 64, "event": event, **changes,
        }  # fmt: skip
        marks = ", ".join("?" * len(row))
        connection.execute(f"{how} INTO entry ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


PAIR = (("expenditure", 100, "S1", "nhs-min"), ("pool_cash", -100))


def test_a_right_entry_by_hand_is_taken_and_moves_the_kept_balances(
    ledger: Ledger, connection: sqlite3.Connection
) -> None:
    write(connection, *PAIR)
    assert ledger.balances("actual", ("account",)) == {("expenditure",): 12_600, ("pool_cash",): -12_600}


@pytest.mark.parametrize(
    ("legs", "changes", "rule"),
    [
        ((PAIR[0], ("pool_cash", -99)), {}, "EntryDoesNotBalance"),
        ((PAIR[0],), {"legs": 2}, "EntryHasOneLeg"),
        ((), {"legs": 2}, "EntryHasOneLeg"),
        ((*PAIR, ("pool_cash", 0)), {}, "CHECK constraint failed"),
        (PAIR, {"legs": 3}, "says how many postings"),
        (PAIR, {"idempotency_key": "first"}, "KeyConflict"),
        (PAIR, {"month": 3}, "DateOutsideYear"),
        (PAIR, {"effective_on": "2017-05-04"}, "DateOutsideYear"),
        (PAIR, {"effective_on": "2016-05-32"}, "DateOutsideYear"),
        (PAIR, {"month": 13}, "DateOutsideYear|PeriodClosed"),
        (PAIR, {"book": "reserve"}, "CHECK constraint failed"),
        (PAIR, {"number": 7}, "without a gap|announced"),
        (PAIR, {"event": 1}, "newest event|announced"),
        (PAIR, {"recorded_at": "2015-05-04T10:00:00Z"}, "recorded at the same time"),
        (PAIR, {"reverses": 99}, "OriginalNotFound"),
        (PAIR, {"corrects": 99}, "OriginalNotFound"),
        (PAIR, {"reverses": 1}, "ReversalIsNoMirror"),
        ((("unallocated", -5001, None, "nhs-min"), ("line_budget:original", 5001, "S1", "nhs-min")),
         {"book": "budget"}, "BudgetOverdrawn"),
        ((("unallocated", -1, None, "dfg"), ("line_budget:original", 1, "S1", "dfg")),
         {"book": "budget"}, "BudgetOverdrawn"),
        ((("nowhere", 100), PAIR[1]), {}, "FOREIGN KEY"),
        ((("expenditure", 100, "S9"), PAIR[1]), {}, "FOREIGN KEY"),
        ((("expenditure", 100, None, "S1"), PAIR[1]), {}, "FOREIGN KEY"),
        ((("expenditure", 100, None, None, "stranger"), PAIR[1]), {}, "FOREIGN KEY"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", ["INSERT", "INSERT OR REPLACE"])
def test_a_wrong_entry_is_refused(
    ledger: Ledger,
    connection: sqlite3.Connection,
    legs: tuple[tuple[object, ...], ...],
    changes: dict[str, object],
    rule: str,
    how: str,
) -> None:
    before = ledger.head()
    with pytest.raises(sqlite3.IntegrityError, match=rule):
        write(connection, *legs, how=how, **changes)
    assert ledger.head() == before
    assert ledger.verify(head=str(before)) == []


@pytest.mark.parametrize("part_of_a_penny", [100.5, "a hundred", None])
def test_a_posting_is_whole_pence(connection: sqlite3.Connection, part_of_a_penny: object) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        write(connection, ("expenditure", part_of_a_penny), ("pool_cash", -100))


MIRROR = (("expenditure", -12_500, "S1", "nhs-min"), ("pool_cash", 12_500, None, None, "kcc"))


def test_an_exact_mirror_is_taken_once_and_is_not_reversed_itself(connection: sqlite3.Connection) -> None:
    write(connection, *reversed(MIRROR), reverses=1, idempotency_key="reversal")
    for how in ("INSERT", "INSERT OR REPLACE"):
        with pytest.raises(sqlite3.IntegrityError, match="AlreadyReversed"):
            write(connection, *MIRROR, how=how, reverses=1, idempotency_key="again")
    back = [(account, -pence, *dimensions) for account, pence, *dimensions in MIRROR]
    with pytest.raises(sqlite3.IntegrityError, match="ReversalOfReversal"):
        write(connection, *back, reverses=3, idempotency_key="back")


@pytest.mark.parametrize(
    "legs",
    [
        (("expenditure", -12_499, "S1", "nhs-min"), ("pool_cash", 12_499, None, None, "kcc")),
        (("expenditure", -12_500, "S2", "nhs-min"), MIRROR[1]),
        (MIRROR[0], ("pool_cash", 12_500, None, None, "ccg")),
        (*MIRROR, ("expenditure", 5, "S1"), ("expenditure", -5, "S1")),
        (("expenditure", -6_000, "S1", "nhs-min"), ("expenditure", -6_500, "S1", "nhs-min"), MIRROR[1]),
    ],
)
def test_a_reversal_that_is_no_exact_mirror_is_refused(
    connection: sqlite3.Connection, legs: tuple[tuple[object, ...], ...]
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="ReversalIsNoMirror"):
        write(connection, *legs, reverses=1)


def test_a_reversal_in_another_book_is_refused(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="ReversalIsNoMirror"):
        write(connection, *MIRROR, reverses=1, book="forecast")


def test_a_closed_month_takes_nothing_and_an_adjusting_one_adjustments_only(
    ledger: Ledger, connection: sqlite3.Connection
) -> None:
    with ledger.writing(WHO, AT) as writing:
        writing.set_month(2, "adjusting", reason="year end")
    with pytest.raises(sqlite3.IntegrityError, match="PeriodClosed"):
        write(connection, *PAIR)
    write(connection, *PAIR, adjusting=1)
    with ledger.writing(WHO, AT) as writing:
        writing.set_month(2, "closed", reason="signed off")
    with pytest.raises(sqlite3.IntegrityError, match="PeriodClosed"):
        write(connection, *PAIR, adjusting=1, idempotency_key="late")


def test_a_recorded_entry_takes_no_further_posting(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="no further posting"):
        connection.execute("INSERT INTO posting VALUES ('thanet', 1, 3, 'expenditure', 5, NULL, NULL, NULL)")


def test_a_posting_without_an_entry_is_refused_at_commit(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute("INSERT INTO posting VALUES ('thanet', 9, 1, 'expenditure', 5, NULL, NULL, NULL)")


def test_an_event_that_announces_entries_which_do_not_come_is_refused_at_commit(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        announce(connection, count=2)


def test_another_pools_scheme_is_refused(ledger: Ledger, connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        connection.execute("INSERT INTO posting VALUES ('elsewhere', 1, 1, 'expenditure', 5, 'S1', NULL, NULL)")


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


@pytest.mark.parametrize("how", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"])
def test_a_file_of_the_same_content_and_a_row_of_a_file_are_kept_once(connection: sqlite3.Connection, how: str) -> None:
    event, _ = announce(connection, count=0)
    with pytest.raises(sqlite3.IntegrityError, match="KeyConflict"):
        connection.execute(
            f"{how} INTO batch VALUES ('thanet', 2, ?, 'copy.csv', 'kcc', 'actuals', 1, 1, 1, ?)", ("d" * 64, event)
        )
    with pytest.raises(sqlite3.IntegrityError, match="file_row already"):
        connection.execute(f"{how} INTO source_line VALUES ('thanet', 1, 2, 2, '{{}}', ?)", (event,))


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


@pytest.mark.parametrize(
    "change",
    [
        {"number": 1},
        {"number": 99},
        {"previous_hash": "0" * 64},
        {"kind": "other"},
        {"who": "other"},
        {"recorded_at": "2016-05-04"},
        {"content": "not json"},
        {"hash": "short"},
        {"first_entry": 1, "last_entry": 1},
        {"last_entry": 1},
    ],
)
def test_an_event_out_of_the_chain_is_refused(connection: sqlite3.Connection, change: dict[str, object]) -> None:
    number, hash_ = connection.execute(
        "SELECT number, hash FROM event WHERE pool_id = 'thanet' ORDER BY number DESC"
    ).fetchone()
    said = {"pool": "thanet", "number": number + 1, "kind": "x", "who": "x", "recorded_at": TIME, "previous": hash_}
    row: dict[str, object] = {
        "pool_id": "thanet", "number": number + 1, "kind": "x", "recorded_at": TIME, "who": "x",
        "content": json.dumps(said), "previous_hash": hash_, "hash": "0" * 64, **change,
    }  # fmt: skip
    statement = f"INTO event ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
    for how in ("INSERT", "INSERT OR REPLACE"):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(f"{how} {statement}", tuple(row.values()))


def test_a_month_takes_no_state_that_it_has_or_that_is_not_known(connection: sqlite3.Connection) -> None:
    event = connection.execute("SELECT max(number) FROM event WHERE pool_id = 'thanet'").fetchone()[0]
    for month, state in ((2, "open"), (2, "reopened"), (13, "closed")):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO month_state VALUES ('thanet', ?, ?, ?, 'x')", (month, event, state))


@pytest.mark.parametrize("through", [1, 2, 3])
def test_a_kept_balance_is_not_raised_by_hand(connection: sqlite3.Connection, through: int) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE balance SET amount_pence = amount_pence + 1, through_entry = ?", (through,))
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "INSERT OR REPLACE INTO balance SELECT pool_id, book, account, scheme, contribution, partner, month, 999, ?"
            " FROM balance LIMIT 1",
            (through,),
        )


def test_every_table_and_unique_key_has_its_guards() -> None:
    unique = {
        row.__tablename__: {
            tuple(column.name for column in each.columns)
            for each in row.metadata.tables[str(row.__tablename__)].constraints
            if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)
        }
        for row in TABLES
        if row is not BalanceRow
    }
    assert {table: set(keys) for table, keys in KEYS.items()} == unique

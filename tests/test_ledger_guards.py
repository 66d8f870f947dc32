"""The database itself refuses what is wrong, SQLite and PostgreSQL alike, from raw access that knows nothing of us."""

import json

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint

from ledger_homes import Cell, Home, Raw, Refused, insert, open_in
from ledger_sample import AT, WHO, budget, pool_spec, spend
from ledgers.schema import TABLES, BalanceRow
from ledgers.seal import digest
from ledgers.sources import Batch, SourceLine
from ledgers.sqlite_guards import KEYS
from ledgers.store import Ledger

TIME = "2016-05-04T10:00:00Z"
POSTING = ("pool_id", "entry", "line", "account", "amount_pence", "scheme", "contribution", "partner")
EVENT = (
    "pool_id", "number", "kind", "recorded_at", "who", "first_entry", "last_entry", "content", "previous_hash", "hash",
)  # fmt: skip


@pytest.fixture(scope="module")
def made_once(home: Home) -> Ledger:
    ledger = open_in(home)
    ledger.books.open_pool(pool_spec("swale"), who=WHO, at=AT, payload={})
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("first"))
        writing.record(budget("plan", ("unallocated", 5000, None), ("contribution_plan", -5000, None)))
        batch = writing.batch(Batch("d" * 64, "actuals.csv", "actuals", 1, 1, 12_500, "kcc"))
        writing.source_line(SourceLine(batch.number, 2, {"amount": "125.00"}, 1))
        writing.sign_off("close/M1", "prepared")
    return ledger


@pytest.fixture
def ledger(home: Home, made_once: Ledger) -> Ledger:
    return home.copy(made_once)


@pytest.fixture
def raw(home: Home, ledger: Ledger) -> Raw:
    return home.raw(ledger)


def head_of(raw: Raw) -> tuple[int, str]:
    number, hash_ = raw.rows("SELECT number, hash FROM event WHERE pool_id = 'thanet' ORDER BY number DESC LIMIT 1")[0]
    return int(number), hash_


def announcement(raw: Raw, count: int = 1) -> tuple[str, int, int]:
    """An event that announces so many entries, as anyone may write it; its number and the first entry's."""
    last, previous = head_of(raw)
    first = int(raw.rows("SELECT coalesce(max(number), 0) + 1 FROM entry WHERE pool_id = 'thanet'")[0][0])
    said = {"pool": "thanet", "number": last + 1, "kind": "by hand", "who": "someone", "recorded_at": TIME}
    text = json.dumps({**said, "previous": previous})
    announced = (first, first + count - 1) if count else (None, None)
    row = ("thanet", last + 1, "by hand", TIME, "someone", *announced, text, previous, digest(text))
    return insert("event", EVENT, row), last + 1, first


def by_hand(raw: Raw, *legs: tuple[Cell, ...], **changes: Cell) -> tuple[list[str], str, list[str]]:
    """The statements of one entry: what comes before it, the entry, what comes after. A leg is account, pence, ids."""
    event, event_number, number = announcement(raw)
    postings = []
    for line, leg in enumerate(legs, start=1):
        account, pence, scheme, contribution, partner = (*leg, None, None, None)[:5]
        postings.append(
            insert("posting", POSTING, ("thanet", number, line, account, pence, scheme, contribution, partner))
        )
    row: dict[str, Cell] = {
        "pool_id": "thanet", "number": number, "book": "actual", "kind": "spend", "month": 2,
        "effective_on": "2016-05-04", "document_on": "2016-05-04", "recorded_at": TIME, "who": "someone",
        "why": "by hand", "source_reference": "", "idempotency_key": "by hand", "adjusting": 0, "legs": len(legs),
        "digest": "0" * 64, "event": event_number, **changes,
    }  # fmt: skip
    entry = insert("entry", tuple(row), tuple(row.values()))
    return ([event, *postings], entry, []) if raw.postings_first else ([event], entry, postings)


def write(raw: Raw, *legs: tuple[Cell, ...], **changes: Cell) -> None:
    """Write one entry by hand in a transaction of its own."""
    before, entry, after = by_hand(raw, *legs, **changes)
    raw.run(*before, entry, *after)


PAIR = (("expenditure", 100, "S1", "nhs-min"), ("pool_cash", -100))


def test_a_right_entry_by_hand_is_taken_and_moves_the_kept_balances(ledger: Ledger, raw: Raw) -> None:
    write(raw, *PAIR)
    assert ledger.balances("actual", ("account",)) == {("expenditure",): 12_600, ("pool_cash",): -12_600}


@pytest.mark.parametrize(
    ("legs", "changes", "rule"),
    [
        ((PAIR[0], ("pool_cash", -99)), {}, "EntryDoesNotBalance"),
        ((PAIR[0],), {"legs": 2}, "EntryHasOneLeg"),
        ((), {"legs": 2}, "EntryHasOneLeg"),
        ((*PAIR, ("pool_cash", 0)), {}, "(?i)check constraint"),
        (PAIR, {"legs": 3}, "says how many postings"),
        (PAIR, {"idempotency_key": "first"}, "KeyConflict|idempotency_key"),
        (PAIR, {"month": 3}, "DateOutsideYear"),
        (PAIR, {"effective_on": "2017-05-04"}, "DateOutsideYear"),
        (PAIR, {"effective_on": "2016-05-32"}, "DateOutsideYear"),
        (PAIR, {"month": 13}, "(?i)DateOutsideYear|PeriodClosed|check constraint"),
        (PAIR, {"book": "reserve"}, "(?i)check constraint"),
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
        ((("nowhere", 100), PAIR[1]), {}, "(?i)foreign key"),
        ((("expenditure", 100, "S9"), PAIR[1]), {}, "(?i)foreign key"),
        ((("expenditure", 100, None, "S1"), PAIR[1]), {}, "(?i)foreign key"),
        ((("expenditure", 100, None, None, "stranger"), PAIR[1]), {}, "(?i)foreign key"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_in_every_form(
    ledger: Ledger, raw: Raw, legs: tuple[tuple[Cell, ...], ...], changes: dict[str, Cell], rule: str
) -> None:
    head = ledger.head()
    before, entry, after = by_hand(raw, *legs, **changes)
    with pytest.raises(Refused, match=rule):
        raw.run(*before, entry, *after)
    for overwriting in raw.overwriting(entry, "entry"):
        with pytest.raises(Refused):
            raw.run(*before, overwriting, *after)
    assert ledger.head() == head
    assert ledger.verify(head=str(head)) == []


@pytest.mark.parametrize("pence", ["a hundred", None])
def test_a_posting_is_whole_pence(raw: Raw, pence: Cell) -> None:
    with pytest.raises(Refused):
        write(raw, ("expenditure", pence), ("pool_cash", -100))


MIRROR = (("expenditure", -12_500, "S1", "nhs-min"), ("pool_cash", 12_500, None, None, "kcc"))


def test_an_exact_mirror_is_taken_once_and_is_not_reversed_itself(raw: Raw) -> None:
    write(raw, *reversed(MIRROR), reverses=1, idempotency_key="reversal")
    before, entry, after = by_hand(raw, *MIRROR, reverses=1, idempotency_key="again")
    for form in (entry, *raw.overwriting(entry, "entry")):
        with pytest.raises(Refused, match=r"AlreadyReversed|takes no update"):
            raw.run(*before, form, *after)
    back = [(account, -pence, *dimensions) for account, pence, *dimensions in MIRROR]
    with pytest.raises(Refused, match="ReversalOfReversal"):
        write(raw, *back, reverses=3, idempotency_key="back")


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
def test_a_reversal_that_is_no_exact_mirror_is_refused(raw: Raw, legs: tuple[tuple[Cell, ...], ...]) -> None:
    with pytest.raises(Refused, match="ReversalIsNoMirror"):
        write(raw, *legs, reverses=1)


def test_a_reversal_in_another_book_is_refused(raw: Raw) -> None:
    with pytest.raises(Refused, match="ReversalIsNoMirror"):
        write(raw, *MIRROR, reverses=1, book="forecast")


def test_a_closed_month_takes_nothing_and_an_adjusting_one_adjustments_only(ledger: Ledger, raw: Raw) -> None:
    with ledger.writing(WHO, AT) as writing:
        writing.set_month(2, "adjusting", reason="year end")
    with pytest.raises(Refused, match="PeriodClosed"):
        write(raw, *PAIR)
    write(raw, *PAIR, adjusting=1)
    with ledger.writing(WHO, AT) as writing:
        writing.set_month(2, "closed", reason="signed off")
    with pytest.raises(Refused, match="PeriodClosed"):
        write(raw, *PAIR, adjusting=1, idempotency_key="late")


def test_a_recorded_entry_takes_no_further_posting(raw: Raw) -> None:
    with pytest.raises(Refused, match=r"(?i)no further posting"):
        raw.run("INSERT INTO posting VALUES ('thanet', 1, 3, 'expenditure', 5, NULL, NULL, NULL)")


def test_a_posting_without_an_entry_is_refused_at_commit(raw: Raw) -> None:
    with pytest.raises(Refused, match=r"(?i)foreign key|no further posting|announces"):
        raw.run("INSERT INTO posting VALUES ('thanet', 9, 1, 'expenditure', 5, NULL, NULL, NULL)")


def test_two_entries_of_one_event_move_the_kept_balances_together(ledger: Ledger) -> None:
    before = ledger.balances("actual", ("account", "scheme"))
    with ledger.writing(WHO, AT) as writing:
        writing.record_all([spend("two", 100), spend("three", 25)])
    assert ledger.balances("actual", ("account", "scheme"))["expenditure", "S1"] == before["expenditure", "S1"] + 125
    assert ledger.verify() == []


def test_an_event_that_announces_entries_which_do_not_come_is_refused_at_commit(raw: Raw) -> None:
    with pytest.raises(Refused, match=r"(?i)foreign key|announces"):
        raw.run(announcement(raw, count=2)[0])


def test_another_pools_scheme_is_refused(ledger: Ledger, raw: Raw) -> None:
    with pytest.raises(Refused, match=r"(?i)foreign key|no further posting|announces"):
        raw.run("INSERT INTO posting VALUES ('elsewhere', 1, 1, 'expenditure', 5, 'S1', NULL, NULL)")


def test_a_scheme_that_the_pool_does_not_have_is_refused(raw: Raw) -> None:
    with pytest.raises(Refused, match=r"(?i)foreign key"):
        write(raw, ("expenditure", 100, "elsewhere"), ("pool_cash", -100))


@pytest.mark.parametrize("table", sorted(KEYS))
def test_no_row_is_taken_twice(raw: Raw, table: str) -> None:
    columns = [column.name for column in TABLES_BY_NAME[table].columns]
    names = ", ".join(columns)
    copy = f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} WHERE pool_id IS NOT NULL LIMIT 1"
    assert raw.rows(f"SELECT count(*) FROM {table}") != [("0",)]
    for form in (copy, *raw.overwriting(copy, table)):
        with pytest.raises(Refused):
            raw.run(form)


@pytest.mark.parametrize("table", [*sorted(KEYS), "balance"])
def test_nothing_recorded_is_updated_or_deleted(raw: Raw, table: str) -> None:
    before = raw.rows(f"SELECT * FROM {table}")
    column = "amount_pence" if table == "balance" else "pool_id"
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(Refused, match="RowRefused"):
            raw.run(statement)
    assert raw.rows(f"SELECT * FROM {table}") == before


def test_a_file_of_the_same_content_and_a_row_of_a_file_are_kept_once(raw: Raw) -> None:
    event, number, _ = announcement(raw, count=0)
    values = f"('thanet', 2, '{'d' * 64}', 'copy.csv', 'kcc', 'actuals', 1, 1, 1, {number})"
    batch = f"INSERT INTO batch VALUES {values}"
    line = f"INSERT INTO source_line VALUES ('thanet', 1, 2, 2, '{{}}', {number})"
    for form in (batch, *raw.overwriting(batch, "batch")):
        with pytest.raises(Refused, match=r"KeyConflict|takes no update"):
            raw.run(event, form)
    with pytest.raises(Refused, match=r"file_row already|source_line_pkey"):
        raw.run(event, line)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 1},
        {"number": 99},
        {"previous_hash": "0" * 64},
        {"kind": "other"},
        {"who": "other"},
        {"recorded_at": "2016-05-04"},
        {"recorded_at": "2016-05-04T24:00:00Z"},
        {"content": "not json"},
        {"hash": "short"},
        {"first_entry": 1, "last_entry": 1},
        {"last_entry": 1},
    ],
)
def test_an_event_out_of_the_chain_is_refused(raw: Raw, change: dict[str, Cell]) -> None:
    number, hash_ = head_of(raw)
    said = {"pool": "thanet", "number": number + 1, "kind": "x", "who": "x", "recorded_at": TIME, "previous": hash_}
    text = json.dumps(said)
    row: dict[str, Cell] = {
        "pool_id": "thanet", "number": number + 1, "kind": "x", "recorded_at": TIME, "who": "x",
        "content": text, "previous_hash": hash_, "hash": digest(text),
    }  # fmt: skip
    wrong = row | change
    statement = insert("event", tuple(wrong), tuple(wrong.values()))
    for form in (statement, *raw.overwriting(statement, "event")):
        with pytest.raises(Refused):
            raw.run(form)
    raw.run(insert("event", tuple(row), tuple(row.values())))


def test_a_month_takes_no_state_that_it_has_or_that_is_not_known(raw: Raw) -> None:
    event, number, _ = announcement(raw, count=0)
    for month, state in ((2, "open"), (2, "reopened"), (13, "closed")):
        with pytest.raises(Refused):
            raw.run(event, f"INSERT INTO month_state VALUES ('thanet', {month}, {number}, '{state}', 'x')")
    raw.run(event, f"INSERT INTO month_state VALUES ('thanet', 2, {number}, 'closed', 'x')")


@pytest.mark.parametrize("through", [1, 2, 3])
def test_a_kept_balance_is_not_raised_by_hand(raw: Raw, through: int) -> None:
    columns = "pool_id, book, account, scheme, contribution, partner, month"
    with pytest.raises(Refused):
        raw.run(f"UPDATE balance SET amount_pence = amount_pence + 1, through_entry = {through}")
    with pytest.raises(Refused):
        raw.run(
            f"INSERT INTO balance ({columns}, amount_pence, through_entry) SELECT {columns}, 999, {through} "
            "FROM balance LIMIT 1"
        )


TABLES_BY_NAME = {str(row.__tablename__): row.metadata.tables[str(row.__tablename__)] for row in TABLES}


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

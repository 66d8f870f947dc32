"""The page of the guards is whole, and every statement on it is refused by the guard that it names."""

import re
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from ledger_sample import AT, WHO, budget, open_books, raw, spend
from ledgers.journal import reversal_of
from ledgers.sources import Batch, SourceLine
from ledgers.sqlite_guards import guards
from ledgers.store import Books, Ledger
from tools.make_guards_docs import PAGE, messages, page, statement


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = open_books(tmp_path_factory.mktemp("guards"))
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("first"))
        writing.record(budget("plan", ("unallocated", 5000, None), ("contribution_plan", -5000, None)))
        original = ledger.entry(1)
        writing.record(
            reversal_of(original, effective_on=date(2016, 6, 1), who=WHO, why="twice", idempotency_key="back")
        )
        batch = writing.batch(Batch("d" * 64, "actuals.csv", "actuals", 1, 1, 12_500, "kcc"))
        writing.source_line(SourceLine(batch.number, 2, {"amount": "125.00"}, 1))
    return ledger.books.path


@pytest.fixture
def ledger(made_once: Path, tmp_path: Path) -> Ledger:
    return Books.open(Path(shutil.copy(made_once, tmp_path / "books.db"))).pool("thanet")


def test_the_page_is_what_the_guards_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run 'make docs'"


def test_the_page_names_every_trigger_of_new_books(ledger: Ledger) -> None:
    connection = raw(ledger)
    triggers = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    connection.close()
    assert set(re.findall(r"^\| `(\w+)` \| `", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == triggers


@pytest.mark.parametrize("name", list(guards()))
def test_each_statement_is_refused_by_its_guard_alone_and_by_all_together(ledger: Ledger, name: str) -> None:
    connection = raw(ledger)
    with pytest.raises(sqlite3.IntegrityError):
        connection.executescript(statement(name))
    connection.execute("BEGIN")
    for other in guards().keys() - {name}:
        connection.execute(f"DROP TRIGGER {other}")
    connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys = OFF")
    with pytest.raises(sqlite3.IntegrityError) as refused:
        connection.executescript(statement(name))
    connection.close()
    assert str(refused.value).partition(": ")[2] in messages(guards()[name])

"""The page of the guards is whole, and every statement on it is refused by the guard that it names."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from layout_fixtures import sample_books
from ledger_sample import raw
from ledgers.sqlite_guards import guards
from ledgers.store import Books, Ledger
from tools.make_guards_docs import PAGE, messages, page, statement


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_books(tmp_path_factory.mktemp("guards") / "books.db").books.path


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

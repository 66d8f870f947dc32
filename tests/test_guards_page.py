"""The page of the guards is whole, and every statement on it is refused by the guard that it names."""

import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from layout_fixtures import sample_books
from ledger_homes import PostgresHome
from ledger_sample import raw
from ledgers.place import Url
from ledgers.postgres_guards import triggers
from ledgers.sqlite_guards import guards
from ledgers.store import Books, Ledger
from tools.make_guards_docs import PAGE, messages, page, statement
from tools.postgres_guard_statements import messages as of_postgres
from tools.postgres_guard_statements import refused_by
from tools.postgres_guard_statements import through_psql as as_psql_takes_it
from tools.postgres_server import psql


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
    kept = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    connection.close()
    page_of_files = PAGE.read_text(encoding="utf-8").partition("## In a PostgreSQL")[0]
    assert set(re.findall(r"^\| `(\w+)` \| `", page_of_files, re.MULTILINE)) == kept


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


@pytest.fixture(scope="module")
def in_postgres(postgres_home: PostgresHome) -> Url:
    url = postgres_home.server.database()
    sample_books(url).books.close()
    return url


def through_psql(url: Url, *statements: str) -> str:
    """What psql says to statements that must be refused; nothing of them is kept."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        psql(url, ";\n".join(("BEGIN", *statements, "COMMIT;")))
    return str(refused.value.stderr)


def test_every_statement_of_the_page_for_files_is_refused_through_psql(in_postgres: Url) -> None:
    tried = {name: psql_form for name in guards() if (psql_form := as_psql_takes_it(statement(name)))}
    assert len(tried) > len(guards()) / 2
    for name, psql_form in tried.items():
        assert "ERROR" in through_psql(in_postgres, psql_form), name


def test_every_statement_of_the_page_for_postgresql_is_refused_by_its_guard_alone(in_postgres: Url) -> None:
    tables = sorted({table for table, _ in triggers().values()})
    for name, refused in refused_by().items():
        said = through_psql(
            in_postgres,
            *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables),
            f"ALTER TABLE {triggers()[name][0]} ENABLE TRIGGER {name}",
            *refused.split("; "),
        )
        assert any(message in said for message in of_postgres(name)), (name, said)
        assert "ERROR" in through_psql(in_postgres, *refused.split("; "))

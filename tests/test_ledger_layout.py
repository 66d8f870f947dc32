"""Books laid out by the migrations: from nothing, from the schema that first landed, and as the tables now are."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from layout_fixtures import dump_of_database, restored
from ledger_homes import Home, PostgresHome, RawSqlite, open_in
from ledger_sample import AT, WHO, pool_spec, spend
from ledgers import verification
from ledgers.layout import differences
from ledgers.migrations.texts import SCHEMA_VERSION
from ledgers.place import Url
from ledgers.refusals import BooksRefused, NotTheseBooks, OlderBooks
from ledgers.schema import TABLES, columns_of
from ledgers.store import Books, Ledger
from tools.postgres_server import psql

FIRST = Path(__file__).parent / "fixtures" / "first_schema.sql"
VIEWS = ("balances", "contributions", "monitoring", "postings")


@pytest.fixture
def first_books(tmp_path: Path) -> Path:
    """Books as the program first made them, with a pool and an entry in them."""
    now = Books.create(tmp_path / "now.db").open_pool(pool_spec(), who=WHO, at=AT, payload={})
    with now.writing(WHO, AT) as writing:
        writing.record(spend("first"))
    path = tmp_path / "first.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
        connection.execute(f"ATTACH '{now.books.path}' AS now")
        guards = connection.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'").fetchall()
        tables = [row[0] for row in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER main.{name}")
        for table in tables:
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM now.{table}")
        for _, sql in guards:
            connection.execute(sql)
    return path


def schema_of(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: re.sub(r"\s+", " ", sql) for name, sql in rows}


def test_books_of_the_first_schema_are_refused_until_they_are_upgraded(first_books: Path) -> None:
    with pytest.raises(OlderBooks, match="pooledfund upgrade"):
        Books.open(first_books)
    with pytest.raises(OlderBooks):
        Books.create(first_books)
    assert Books.upgrade(first_books)
    assert not Books.upgrade(first_books)
    ledger = Books.open(first_books).pool("thanet")
    assert [each.entry for each in ledger.entries()] == [spend("first")]
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("second"))
    assert ledger.verify() == []


def test_upgraded_books_are_laid_out_as_new_ones(first_books: Path, tmp_path: Path) -> None:
    Books.upgrade(first_books)
    Books.create(tmp_path / "new.db")
    assert schema_of(first_books) == schema_of(tmp_path / "new.db")


def test_an_upgrade_that_fails_leaves_the_books_as_they_were(first_books: Path) -> None:
    with closing(sqlite3.connect(first_books)) as connection:
        connection.execute("CREATE VIEW monitoring AS SELECT 1")
    before = schema_of(first_books)
    with pytest.raises(BooksRefused, match="monitoring"):
        Books.upgrade(first_books)
    assert schema_of(first_books) == before
    with pytest.raises(OlderBooks):
        Books.open(first_books)


def engine_of(ledger: Ledger) -> sqlalchemy.Engine:
    place = ledger.books.place
    if isinstance(place, Url):
        return sqlalchemy.create_engine(place.secret.replace("postgresql", "postgresql+psycopg", 1))
    return sqlalchemy.create_engine(f"sqlite:///{place}")


def test_the_migrations_make_the_tables_that_the_schema_says(home: Home) -> None:
    engine = engine_of(open_in(home))
    with engine.connect() as connection:
        assert differences(connection) == []
        found = sqlalchemy.inspect(connection)
        for row in TABLES:
            keys = found.get_pk_constraint(str(row.__tablename__))["constrained_columns"]
            assert (row.__tablename__, keys) == (row.__tablename__, columns_of(str(row.__tablename__))[1])
    engine.dispose()


@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE partner ADD COLUMN mine TEXT", "DROP INDEX source_line_by_entry", "DROP TABLE source_line"],
)
def test_books_whose_tables_somebody_changed_are_not_upgraded(home: Home, change: str) -> None:
    place = restored(2, home.empty())
    home.raw(Ledger(Books(place), "thanet", pool_spec().year)).run(change)
    before = home.layout(place)
    with pytest.raises(NotTheseBooks, match=r"somebody changed them.*restore a backup"):
        Books.upgrade(place)
    assert home.layout(place) == before


def test_books_are_laid_out_once_in_a_database(postgres_home: PostgresHome) -> None:
    url = postgres_home.server.database()
    with pytest.raises(NotTheseBooks, match="holds no pooled fund books"):
        Books.open(url)
    Books.create(url)
    Books.create(url)
    assert not Books.upgrade(url)
    assert Books.open(url).pool_ids() == ()


@pytest.mark.parametrize("version", range(2, SCHEMA_VERSION + 1))
def test_books_of_every_layout_that_landed_come_up_to_date_and_prove(home: Home, version: int) -> None:
    place = restored(version, home.empty())
    if version < SCHEMA_VERSION:
        with pytest.raises(OlderBooks, match="pooledfund upgrade"):
            Books.open(place)
    assert Books.upgrade(place) == (version < SCHEMA_VERSION)
    ledger = Books.open(place).pool("thanet")
    assert ledger.verify(checks=verification.ALWAYS + verification.STRICT) == []
    assert ledger.entry(3).entry.reverses == 1
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("after"))
        writing.sign_off("close/M2", "prepared")
    assert ledger.verify() == []


def test_a_change_of_any_table_view_or_guard_is_a_new_layout(home: Home) -> None:
    """Fails where the books that are made now are not those of the newest layout as it was kept: make a new one."""
    kept = home.layout(restored(SCHEMA_VERSION, home.empty()))
    assert home.layout(open_in(home).books.place) == kept


def test_a_database_of_the_first_version_is_upgraded(postgres_home: PostgresHome) -> None:
    url = restored(2, postgres_home.empty())
    assert isinstance(url, Url)
    psql(url, f"DROP VIEW {', '.join(VIEWS)}; UPDATE alembic_version SET version_num = '0001'")
    assert Books.upgrade(url)
    assert Books.open(url).pool("thanet").verify() == []


def test_an_upgrade_of_a_database_that_fails_leaves_it_as_it_was(postgres_home: PostgresHome) -> None:
    url = restored(2, postgres_home.empty())
    assert isinstance(url, Url)
    psql(url, "CREATE TABLE sign_off (mine text)")
    before = dump_of_database(url)
    with pytest.raises(BooksRefused, match="sign_off"):
        Books.upgrade(url)
    assert dump_of_database(url) == before


def test_another_programs_database_and_a_later_version_are_refused(postgres_home: PostgresHome) -> None:
    url = postgres_home.server.database()
    with psycopg.connect(url.secret) as connection:
        connection.execute("CREATE TABLE posting (item text)")
    for make in (Books.open, Books.create):
        with pytest.raises(NotTheseBooks):
            make(url)
    ledger = open_in(postgres_home)
    postgres_home.raw(ledger).run("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(NotTheseBooks, match="version 99"):
        Books.open(ledger.books.place)


def test_a_reader_outside_sees_the_books_in_pounds(home: Home) -> None:
    ledger = open_in(home)
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("first", 12_305))
        writing.record(spend("less", -12_310))
    raw = home.raw(ledger)
    assert raw.rows(
        "SELECT amount, amount_pence, account_name, scheme_name, entered_by FROM postings ORDER BY 2 LIMIT 1"
    ) == [("-123.10", "-12310", "Expenditure", "Reablement", WHO)]
    assert raw.rows("SELECT amount FROM balances WHERE account = 'expenditure' AND month = 2") == [("-0.05",)]
    assert raw.rows(
        "SELECT financial_year, current_budget, actual_to_date FROM monitoring WHERE scheme = 'S1' AND month >= 1"
        " ORDER BY month LIMIT 2"
    ) == [("2016/17", "0.00", "0.00"), ("2016/17", "0.00", "-0.05")]
    assert raw.rows("SELECT agreed, outstanding FROM contributions WHERE contribution = 'dfg' AND month = 12") == [
        ("0.00", "0.00")
    ]


def test_the_first_schema_is_never_changed() -> None:
    assert "WITHOUT ROWID" in FIRST.read_text(encoding="utf-8")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_raw_access_to_a_file_reads_what_is_there(tmp_path: Path) -> None:
    Books.create(tmp_path / "books.db")
    assert RawSqlite(tmp_path / "books.db").rows("SELECT count(*) FROM alembic_version") == [("1",)]

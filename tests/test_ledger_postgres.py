"""Books in PostgreSQL: what only a server offers, from psql; rights; writers at once; addresses without secrets."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest

from ledger_homes import PostgresHome, RawPsql, Refused, open_in
from ledger_sample import AT, WHO, pool_spec, spend
from ledgers.database import TRIES, giving_way
from ledgers.journal import reversal_of
from ledgers.place import Url, place_of
from ledgers.postgres_guards import RECORDED
from ledgers.postgres_rights import READER, WRITER
from ledgers.postgres_roles import set_up
from ledgers.refusals import (
    AlreadyReversed,
    BooksAreReadOnly,
    BooksNotFound,
    EntryIncomplete,
    NotTheseBooks,
    PoolAlreadyThere,
    RowRefused,
    WroteAtOnce,
)
from ledgers.store import Books, Ledger
from pooledfund.cli import main
from pools import TOWN

ROOT = Path(__file__).parents[1]
TIME = "2016-05-04T10:00:00Z"


@pytest.fixture
def ledger(postgres_home: PostgresHome) -> Iterator[Ledger]:
    ledger = open_in(postgres_home)
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("first"))
    yield ledger
    ledger.books.close()


@pytest.fixture
def url(ledger: Ledger) -> Url:
    assert isinstance(ledger.books.place, Url)
    return ledger.books.place


@pytest.fixture
def raw(postgres_home: PostgresHome, ledger: Ledger) -> RawPsql:
    return postgres_home.raw(ledger)


@pytest.mark.parametrize("table", [*RECORDED, "balance"])
def test_nothing_is_truncated(raw: RawPsql, table: str) -> None:
    with pytest.raises(Refused, match=r"takes no truncate|moves only by"):
        raw.run(f"TRUNCATE {table} CASCADE")


def test_nothing_is_updated_even_where_no_row_is_meant(raw: RawPsql) -> None:
    with pytest.raises(Refused, match="takes no update"):
        raw.run("UPDATE posting SET amount_pence = 1 WHERE false")


def test_a_temporary_table_is_not_taken_for_one_of_the_books(ledger: Ledger, raw: RawPsql) -> None:
    with pytest.raises(Refused, match="takes no further posting"):
        raw.run(
            "CREATE TEMP TABLE entry AS SELECT pool_id, number, pg_current_xact_id() AS written_by, 9 AS legs"
            " FROM public.entry",
            "INSERT INTO public.posting VALUES ('thanet', 1, 3, 'expenditure', 5)",
        )
    assert ledger.verify() == []


def test_a_row_for_an_event_of_another_transaction_is_refused(raw: RawPsql) -> None:
    with pytest.raises(Refused, match="carried by the newest event"):
        raw.run("INSERT INTO scheme VALUES ('thanet', 'S9', 'Mine', 2)")


def test_a_posting_from_a_concurrent_transaction_is_refused(ledger: Ledger, url: Url) -> None:
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("second"))
        with psycopg.connect(url.secret) as other, pytest.raises(psycopg.IntegrityError, match="no further posting"):
            other.execute("INSERT INTO posting VALUES ('thanet', 2, 3, 'expenditure', 5)")
    assert ledger.verify() == []


def test_constraints_judged_early_let_no_half_entry_in(raw: RawPsql) -> None:
    previous = raw.rows("SELECT number, hash FROM event ORDER BY number DESC LIMIT 1")[0]
    said = (
        f"jsonb_build_object('pool', 'thanet', 'number', 3, 'kind', 'x', 'who', 'x', 'recorded_at', '{TIME}', "
        f"'previous', '{previous[1]}')::text"
    )
    event = (
        f"INSERT INTO event SELECT 'thanet', 3, 'x', '{TIME}', 'x', 2, 2, said, '{previous[1]}', "
        f"encode(sha256(convert_to(said, 'UTF8')), 'hex') FROM (SELECT {said} AS said) AS sealed"
    )
    entry = (
        "INSERT INTO entry VALUES ('thanet', 2, 'actual', 'spend', 2, '2016-05-04', '2016-05-04', "
        f"'{TIME}', 'x', 'x', '', 'by hand', NULL, NULL, 0, 2, repeat('0', 64), 3)"
    )
    one = "INSERT INTO posting VALUES ('thanet', 2, 1, 'expenditure', 5)"
    two = "INSERT INTO posting VALUES ('thanet', 2, 2, 'pool_cash', -5)"
    for statements in (
        (event, entry, one, "SET CONSTRAINTS ALL IMMEDIATE", two),
        (event, entry, "SAVEPOINT here", one, two, "SET CONSTRAINTS ALL IMMEDIATE", "ROLLBACK TO here"),
        (event, entry, one, two, "SET CONSTRAINTS ALL IMMEDIATE", two.replace(" 2, 2,", " 2, 3,")),
    ):
        with pytest.raises(Refused, match=r"EntryHasOneLeg|no further posting"):
            raw.run(*statements)
    raw.run(event, entry, one, two)


def test_the_writers_role_adds_and_reads_and_changes_nothing(postgres_home: PostgresHome, url: Url) -> None:
    server = postgres_home.server
    set_up(url)
    set_up(url)
    for user, role in (("clerk", WRITER), ("analyst", READER)):
        server.psql("postgres", f"DROP ROLE IF EXISTS {user}; CREATE ROLE {user} LOGIN IN ROLE {role}")
    clerk = Books.open(server.url(url.name, "clerk")).pool("thanet")
    with clerk.writing(WHO, AT) as writing:
        writing.record(spend("by the clerk"))
    clerk.rebuild_balances()
    assert clerk.verify() == []
    analyst = Books.open(server.url(url.name, "analyst")).pool("thanet")
    assert len(analyst.entries()) == 2
    with pytest.raises(BooksAreReadOnly, match="ask the administrator"), analyst.writing(WHO, AT):
        pass
    for user in ("clerk", "analyst"):
        assert server.psql(url.name, "SELECT count(*) FROM monitoring", user) == "24\n"
        assert server.psql(url.name, f"SELECT 1 FROM pg_class WHERE relowner = '{user}'::regrole", user) == ""
        for statement in (
            "UPDATE balance SET amount_pence = 0",
            "DELETE FROM entry",
            "TRUNCATE posting",
            "ALTER TABLE posting DISABLE TRIGGER ALL",
            "INSERT INTO balance VALUES ('thanet', 'actual', 'suspense', '', '', '', 1, 5, 1)",
            "CREATE TABLE public.mine (id int)",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(subprocess.CalledProcessError) as refused:
                server.psql(url.name, statement, user)
            assert "permission denied" in refused.value.stderr or "must be owner" in refused.value.stderr
    for each in (clerk, analyst):
        each.books.close()


def test_books_are_found_to_have_lost_a_guard_whichever_way(postgres_home: PostgresHome, raw: RawPsql) -> None:
    ledger = open_in(postgres_home)
    for statement, guard in (
        ("ALTER TABLE posting DISABLE TRIGGER posting_takes_no_update", "posting_takes_no_update"),
        ("ALTER FUNCTION event_entries_are_whole() SET search_path = pg_catalog", "event_entries_are_whole"),
        (
            "CREATE OR REPLACE FUNCTION batch_is_next() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "batch_is_next",
        ),
        ("ALTER TABLE posting DROP CONSTRAINT posting_pool_id_scheme_fkey", "posting"),
        ("ALTER TABLE batch DROP CONSTRAINT batch_pool_id_digest_key", "batch"),
    ):
        copied = postgres_home.copy(ledger)
        postgres_home.raw(copied).run(statement)
        assert [(each.check, guard in each.message) for each in copied.verify()] == [("guard changed", True)]


def in_threads(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_writers_of_several_pools_leave_each_gapless_and_chained(ledger: Ledger) -> None:
    ledgers = [ledger, *(ledger.books.open_pool(pool_spec(id_), who=WHO, at=AT, payload={}) for id_ in ("a", "b"))]

    def post(name: str) -> None:
        for number in range(5):
            for each in ledgers:
                with each.writing(name, AT) as writing:
                    writing.record(spend(f"{name} {number}"))

    in_threads(*(partial(post, name) for name in ("one", "two", "three", "four")))
    for each, before in zip(ledgers, (1, 0, 0), strict=True):
        assert [entry.number for entry in each.entries()] == list(range(1, 21 + before))
        assert each.verify() == []


def test_pools_are_written_to_side_by_side(ledger: Ledger) -> None:
    other = Books.open(ledger.books.place).open_pool(pool_spec("swale"), who=WHO, at=AT, payload={})
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("here"))
        with other.writing(WHO, AT) as there:
            there.record(spend("there"))
    assert (len(ledger.entries()), len(other.entries())) == (2, 1)
    other.books.close()


def test_a_pool_opened_twice_at_once_is_opened_once(ledger: Ledger) -> None:
    refused: list[str] = []

    def open_swale() -> None:
        try:
            ledger.books.open_pool(pool_spec("swale"), who=WHO, at=AT, payload={})
        except PoolAlreadyThere as refusal:
            refused.append(str(refusal))

    in_threads(open_swale, open_swale, open_swale)
    assert len(refused) == 2
    assert ledger.books.pool("swale").verify() == []


def test_a_command_that_gives_way_every_time_says_so() -> None:
    tries: list[int] = []

    def give_way() -> None:
        tries.append(len(tries))
        raise WroteAtOnce("another program wrote at the same time")

    with pytest.raises(WroteAtOnce):
        giving_way(give_way)
    assert len(tries) == TRIES


JOURNAL = """entry,book,effective,why,account,scheme,contribution,partner,amount
1,actual,2023-05-03,visits,expenditure,care,nhs-min,,100.00
1,actual,2023-05-03,visits,creditors,care,,council,-100.00
"""


def until(home: PostgresHome, question: str, url: Url) -> None:
    """Wait until the server counts one."""
    for _ in range(200):
        if home.server.psql("postgres", question.format(url.name)).strip() == "1":
            return
    raise AssertionError(question)


def test_a_command_that_deadlocks_with_another_program_is_done_again(
    postgres_home: PostgresHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = postgres_home.server.database()
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    (tmp_path / "journal.csv").write_text(JOURNAL, encoding="utf-8")
    assert main(["init", str(tmp_path / "town.yaml"), "--db", url.secret]) == 0
    other = psycopg.connect(postgres_home.server.url(url.name, "postgres").secret)
    other.execute(f"ALTER DATABASE \"{url.name}\" SET deadlock_timeout = '300ms'")
    other.commit()
    # The other holds the table that the command wants, then wants the pool that the command holds, and is patient.
    other.execute("SET deadlock_timeout = '1h'")
    other.execute("LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE")
    statuses: list[int] = []
    command = threading.Thread(
        target=lambda: statuses.append(main(["post", str(tmp_path / "journal.csv"), "--db", url.secret]))
    )
    command.start()
    until(postgres_home, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '{}'", url)
    other.execute("SELECT 1 FROM pool FOR UPDATE")
    other.rollback()
    command.join()
    other.close()
    until(postgres_home, "SELECT deadlocks FROM pg_stat_database WHERE datname = '{}'", url)
    assert statuses == [0], capsys.readouterr()
    ledger = Books.open(url).pool("town-2023-24")
    assert len(ledger.entries(kind="journal")) == 1
    assert ledger.verify() == []
    ledger.books.close()


def test_a_refused_entry_of_many_is_named(ledger: Ledger) -> None:
    back = reversal_of(ledger.entry(1), effective_on=AT.date(), who=WHO, why="twice", idempotency_key="back")
    again = replace(back, idempotency_key="again")
    with pytest.raises(AlreadyReversed, match="entry 'again'"), ledger.writing(WHO, AT) as writing:
        writing.record_all([spend("a"), back, spend("b"), again])
    assert len(ledger.entries()) == 1


def test_a_text_that_the_database_cannot_hold_is_refused_in_a_sentence(ledger: Ledger) -> None:
    with pytest.raises(EntryIncomplete, match="NUL character"), ledger.writing(WHO, AT) as writing:
        writing.record(spend("nul \x00 inside"))
    good = spend("nul in a line")
    odd = replace(good, postings=tuple(replace(each, scheme="nul \x00") for each in good.postings))
    with pytest.raises(RowRefused), ledger.writing(WHO, AT) as writing:
        writing.record(odd)
    assert ledger.verify() == []


def test_a_server_started_anew_is_met_with_a_new_connection(ledger: Ledger, raw: RawPsql) -> None:
    before = ledger.head()
    raw.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pooledfund'")
    assert ledger.head() == before


def test_no_address_is_said_with_its_password(postgres_home: PostgresHome) -> None:
    port = postgres_home.server.port
    for url in (
        Url(f"postgresql://someone:sesame@127.0.0.1:{port}/nothing"),
        Url(f"postgresql://127.0.0.1:{port}/nothing?user=someone&password=sesame"),
        Url("postgresql://someone:sesame@127.0.0.1:1/nothing"),
        Url("postgresql://someone:sesame@[broken/nothing"),
        postgres_home.server.database(),
    ):
        with pytest.raises((BooksNotFound, NotTheseBooks)) as refused:
            Books.open(url)
        assert "sesame" not in f"{refused.value} {url} {url!r} {url.name}"


def test_a_place_is_a_file_or_a_database() -> None:
    assert place_of("books.db") == Path("books.db")
    assert (
        str(place_of("postgresql://me:secret@host/kent?sslmode=require")) == "postgresql://me@host/kent?sslmode=require"
    )
    with pytest.raises(BooksNotFound, match="not kept at mysql"):
        place_of("mysql://host/kent")


def test_a_database_is_no_file_to_copy(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(NotTheseBooks, match="pg_dump"):
        ledger.books.copy_to(tmp_path / "copy.db")


def test_the_driver_is_imported_only_for_a_database_of_it() -> None:
    code = "import sys, ledgers.store; sys.exit('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0

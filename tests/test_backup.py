"""Books in use are copied and proved; a copy that does not prove is refused; nothing is overwritten."""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from ledger_homes import PostgresHome, Refused
from ledger_sample import without_guards
from ledgers.verification import ALWAYS, STRICT
from pooledfund.access import Action, Actor, NotAllowed, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.cli import main
from pooledfund.control.backup import CopyRefused, back_up, restore
from pooledfund.pool import Pool
from tools.postgres_server import program
from year_of_exampleshire import EXAMPLE

MANAGER = Actor("manager", Role.POOLED_FUND_MANAGER)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    path = tmp_path / "books.db"
    Pool.create(path, read_agreement(EXAMPLE / "agreement.yaml"), MANAGER)
    return path


def test_a_copy_taken_while_the_books_are_read_restores_to_the_same_head(books: Path, tmp_path: Path) -> None:
    head = Pool.open(books, None, MANAGER).books.head()
    reading = sqlite3.connect(books)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM entry").fetchone()
    copy = back_up(books, tmp_path / "copy.db", MANAGER)
    reading.close()
    assert copy.heads == {"exampleshire-2023-24": head}
    again = restore(copy.path, tmp_path / "again.db", MANAGER)
    assert again.heads == copy.heads
    assert Pool.open(again.path, None, MANAGER).books.balances("budget", ("account",)) != {}


def test_a_copy_never_overwrites_a_file(books: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(CopyRefused, match="is there already"):
        back_up(books, there, MANAGER)
    assert there.read_text(encoding="utf-8") == "mine"
    copy = back_up(books, tmp_path / "copy.db", MANAGER)
    with pytest.raises(CopyRefused, match="is there already"):
        restore(copy.path, books, MANAGER)


def test_a_copy_that_was_tampered_with_is_not_restored(books: Path, tmp_path: Path) -> None:
    copy = back_up(books, tmp_path / "copy.db", MANAGER)
    raw = sqlite3.connect(copy.path)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{name}"')
    raw.execute("UPDATE entry SET why = 'something else' WHERE number = 1")
    raw.commit()
    raw.close()
    with pytest.raises(CopyRefused, match="do not rely on this file"):
        restore(copy.path, tmp_path / "again.db", MANAGER)
    assert not (tmp_path / "again.db").exists()


def test_who_may_copy_and_restore_is_checked(books: Path, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        back_up(books, tmp_path / "copy.db", Actor("member", Role.BOARD_READER))
    copy = back_up(books, tmp_path / "copy.db", Actor("auditor", Role.AUDITOR))
    with pytest.raises(NotAllowed):
        restore(copy.path, tmp_path / "again.db", Actor("auditor", Role.AUDITOR))


def test_the_commands_print_the_head(books: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = Pool.open(books, None, MANAGER).books.head().hash
    assert main(["backup", str(tmp_path / "copy.db"), "--db", str(books)]) == 0
    assert main(["restore", str(tmp_path / "copy.db"), "--db", str(tmp_path / "again.db")]) == 0
    assert capsys.readouterr().out.count(head) == 2
    assert main(["backup", str(tmp_path / "copy.db"), "--db", str(tmp_path / "none.db")]) == 2


def test_kept_balances_are_rebuilt_by_one_command_and_proved(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = Pool.open(books, None, MANAGER)
    before = pool.books.balances("budget", ("account", "scheme", "contribution", "month"))
    without_guards(
        pool.books, "UPDATE balance SET amount_pence = amount_pence + 1", "DELETE FROM balance WHERE month = 1"
    )
    assert main(["verify", "--only", "kept", "--db", str(books)]) == 1
    assert main(["rebuild-balances", "--db", str(books), "--role", "auditor"]) == 2
    assert main(["rebuild-balances", "--db", str(books)]) == 0
    assert "worked out again from" in capsys.readouterr().out
    assert main(["verify", "--db", str(books)]) == 0
    assert pool.books.balances("budget", ("account", "scheme", "contribution", "month")) == before


def test_a_database_in_use_goes_through_pg_dump_and_pg_restore_and_proves(
    postgres_home: PostgresHome, tmp_path: Path
) -> None:
    server, url = postgres_home.server, postgres_home.new()
    pool = Pool.create(url, read_agreement(EXAMPLE / "agreement.yaml"), MANAGER)
    head = pool.books.head()
    copy = tmp_path / "copy.dump"
    with pool.writing(Action.POST) as writing:
        # Somebody is at work meanwhile: what they have not finished is not in the copy.
        writing.event("decision", {"taken": "later"})
        run(program("pg_dump"), "--format=custom", f"--file={copy}", url.secret)
    assert pool.books.head() != head
    again = server.database()
    run(program("pg_restore"), "--exit-on-error", "--no-owner", f"--dbname={again.secret}", str(copy))
    restored = Pool.open(again, None, MANAGER)
    assert restored.books.head() == head
    assert restored.books.verify(head=str(head), checks=ALWAYS + STRICT) == []
    assert main(["verify", "--strict", "--head", str(head), "--db", again.secret]) == 0
    with restored.writing(Action.POST) as writing:
        writing.event("decision", {"taken": "in the copy"})
    with pytest.raises(Refused, match="takes no delete"):
        postgres_home.raw(restored.books).run("DELETE FROM posting")
    for each in (pool, restored):
        each.books.books.close()


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)

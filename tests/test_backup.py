"""Books in use are copied and proved; a copy that does not prove is refused; nothing is overwritten."""

import sqlite3
from pathlib import Path

import pytest

from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.cli import main
from pooledfund.control.backup import CopyRefused, back_up, restore
from pooledfund.pool import Pool
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

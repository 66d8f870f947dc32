"""Books that cannot be opened, read or written say so in one sentence; two writers take turns."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from ledger_sample import AT, WHO, open_books, pool_spec, spend
from ledgers.refusals import BooksAreDamaged, BooksAreReadOnly, BooksNotFound, NotTheseBooks, RowRefused
from ledgers.sqlite import connected
from ledgers.store import Books

NOBODY = 65534
ROOT = Path(__file__).parents[1]
RECORD = """
import resource, sys
from pathlib import Path
sys.path.insert(0, "tests")
from ledger_sample import AT, WHO, spend
from ledgers.refusals import LedgerRefusal
from ledgers.store import Books
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    ledger = Books.open(Path(sys.argv[1])).pool("thanet")
    with ledger.writing(WHO, AT) as writing:
        writing.record_all([spend(f"key {number}") for number in range(5000)])
except LedgerRefusal as refusal:
    sys.exit(f"{type(refusal).__name__}: {refusal}")
"""


def run_recording(path: Path, largest_file: int) -> str:
    """Record in another process under a limit of file size, as on a full disk; gives what it says."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", RECORD, str(path), str(largest_file)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr.strip()


def test_missing_books_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(BooksNotFound, match=r"nothing\.db: no books there"):
        Books.open(tmp_path / "nothing.db")
    with pytest.raises(BooksNotFound, match="no such folder"):
        Books.create(tmp_path / "nowhere" / "books.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"entry,book\n", b"SQLite format 3\x00" + b"x" * 4096])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    with pytest.raises(NotTheseBooks, match=r"not pooled fund books"):
        Books.open(path)
    assert path.read_bytes() == content


def test_a_folder_and_another_programs_database_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE stock (item TEXT)")
    connection.close()
    for make in (Books.open, Books.create):
        for path in (other, tmp_path):
            with pytest.raises(NotTheseBooks):
                make(path)


def test_books_of_a_later_version_are_refused(tmp_path: Path) -> None:
    ledger = open_books(tmp_path)
    with connected(ledger.books.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NotTheseBooks, match="version 99"):
        Books.open(ledger.books.path)


def test_damaged_books_are_said_to_be(tmp_path: Path) -> None:
    ledger = open_books(tmp_path)
    content = bytearray(ledger.books.path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    ledger.books.path.write_bytes(content)
    with pytest.raises(BooksAreDamaged, match="restore a backup"):
        ledger.entries()


def test_books_are_made_once(tmp_path: Path) -> None:
    open_books(tmp_path)
    assert Books.create(tmp_path / "books.db").pool_ids() == ("thanet",)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user may enter, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="books-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """As a user without rights of its own: the administrator may write to what is read-only."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def test_books_that_cannot_be_written_are_refused_in_one_sentence(open_folder: Path) -> None:
    ledger = open_books(open_folder)
    ledger.books.path.chmod(0o444)
    open_folder.chmod(0o555)
    with as_nobody(), pytest.raises(BooksAreReadOnly, match="allow writing there"), ledger.writing(WHO, AT):
        pass
    with as_nobody(), pytest.raises(BooksAreReadOnly):
        Books.create(open_folder / "more.db")
    ledger.books.path.chmod(0o000)
    with as_nobody(), pytest.raises(BooksAreReadOnly, match="may not be read"):
        Books.open(ledger.books.path)


def test_a_full_disk_is_refused_in_one_sentence_and_leaves_the_books_sound(open_folder: Path) -> None:
    ledger = open_books(open_folder)
    head = ledger.head()
    said = run_recording(ledger.books.path, ledger.books.path.stat().st_size + 100_000)
    assert said.startswith("DiskIsFull: ")
    assert len(said.splitlines()) == 1
    assert ledger.head() == head
    assert ledger.verify(head=str(head)) == []


def test_every_connection_keeps_what_the_guards_rely_on(tmp_path: Path) -> None:
    ledger = open_books(tmp_path)
    with connected(ledger.books.path) as connection:
        kept = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("foreign_keys", "recursive_triggers", "synchronous", "journal_mode")
        }
    assert kept == {"foreign_keys": 1, "recursive_triggers": 1, "synchronous": 2, "journal_mode": "wal"}


def test_a_copy_is_sound_books_of_its_own(tmp_path: Path) -> None:
    ledger = open_books(tmp_path)
    ledger.books.copy_to(tmp_path / "copy.db")
    copied = Books.open(tmp_path / "copy.db").pool("thanet")
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("after the copy"))
    assert copied.entries() == []
    assert ledger.verify(head=str(copied.head())) == copied.verify() == []
    with pytest.raises(NotTheseBooks, match="there already"):
        ledger.books.copy_to(tmp_path / "copy.db")
    with pytest.raises(BooksNotFound, match="no such folder"):
        ledger.books.copy_to(tmp_path / "nowhere" / "copy.db")


def test_two_writers_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    ledger = open_books(tmp_path)

    def post(name: str) -> None:
        for number in range(10):
            with ledger.writing(name, AT) as writing:
                writing.record(spend(f"{name} {number}"))

    threads = [threading.Thread(target=post, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.number for each in ledger.entries()] == list(range(1, 21))
    assert ledger.verify() == []


def test_a_snapshot_does_not_see_what_others_write_meanwhile(tmp_path: Path) -> None:
    ledger = open_books(tmp_path)
    with ledger.books.snapshot():
        before = ledger.head()
        other = Books.open(ledger.books.path).pool("thanet")
        with other.writing(WHO, AT) as writing:
            writing.record(spend("meanwhile"))
        assert ledger.head() == before
    assert ledger.head() != before


def test_an_instant_without_a_time_zone_is_not_taken(tmp_path: Path) -> None:
    ledger = open_books(tmp_path)
    with pytest.raises(ValueError, match="time zone"), ledger.writing(WHO, datetime(2016, 4, 1)):  # noqa: DTZ001
        pass


def test_a_parent_account_stands_before_its_children_or_the_pool_is_refused(tmp_path: Path) -> None:
    books = Books.create(tmp_path / "books.db")
    spec = pool_spec()
    with pytest.raises(RowRefused):
        books.open_pool(
            type(spec)(spec.id, spec.title, spec.year, tuple(reversed(spec.accounts))), who=WHO, at=AT, payload={}
        )
    assert books.pool_ids() == ()


def test_reading_balances_needs_no_heavy_library() -> None:
    heavy = "{'pandas', 'sqlalchemy', 'sqlmodel', 'pydantic', 'openpyxl'}"
    code = f"import sys, ledgers.store; sys.exit(str({heavy} & set(sys.modules)) if {heavy} & set(sys.modules) else 0)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0

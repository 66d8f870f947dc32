"""Runs out of disk and of permission at random: the answer is one sentence, and the books are as they were."""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from benchmarks.books import AT, open_books, open_pool, spends
from benchmarks.soak_homes import BooksDoNotHold, ServerHome, counted
from ledgers.postgres_rights import READER
from ledgers.postgres_roles import set_up
from ledgers.refusals import BooksRefused
from ledgers.store import Books, Ledger
from tools.postgres_server import server_user

NOBODY = 65534
TURNS_A_FILE = 20
SMALL_DISK = "48m"
FEWEST = 65_536
"""Bytes that are left, so that the filler itself has its pages."""


def _try_to_post(ledger: Ledger, first: int, count: int) -> str:
    """Post a file of entries; what the books answered, empty where they took it."""
    try:
        with ledger.writing("soak", AT) as writing:
            writing.record_all(list(spends(Random(first), first, count)))
    except BooksRefused as refusal:
        return f"{type(refusal).__name__}: {refusal}"
    return ""


def _in_a_child(ledger: Ledger, first: int, count: int, limit: int | None) -> str:
    """Post in a process that may write no file past a size, or with None as a user who may write nothing at all."""
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            elif os.geteuid() == 0:
                os.setuid(NOBODY)
            os.write(
                say, _try_to_post(Ledger(Books(ledger.books.path), ledger.pool_id, ledger.year), first, count).encode()
            )
            os._exit(0)
        finally:
            os._exit(1)
    os.close(say)
    with os.fdopen(hear) as heard:
        answer = heard.read()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise BooksDoNotHold("posting ended with something other than a sentence")
    return answer


def _prove(ledger: Ledger, before: str, answer: str) -> None:
    if answer and ("\n" in answer or str(ledger.head()) != before):
        raise BooksDoNotHold(f"the books changed, or said more than a sentence: {answer}")
    if not answer and str(ledger.head()) == before:
        raise BooksDoNotHold("the books took entries and did not change")
    if findings := ledger.verify():
        raise BooksDoNotHold(str(findings[0]))


def soak_full_disk(times: int, random: Random) -> str:
    """Fill the room for a file at so many random sizes while a file of entries is brought in."""
    refused = 0
    for start in range(0, times, TURNS_A_FILE):
        with tempfile.TemporaryDirectory() as name:
            ledger = open_books(Path(name))
            for turn in counted(range(start, min(start + TURNS_A_FILE, times)), times, "imports with little room"):
                before = str(ledger.head())
                # A limit on every file: the log of new pages, which begins anew, meets it first.
                answer = _in_a_child(ledger, turn * 1000, 200, random.randrange(8_192, 600_000))
                _prove(ledger, before, answer)
                refused += bool(answer)
    if not refused:
        raise BooksDoNotHold("the room never ran out: nothing was proved")
    return (
        f"{times:,} imports with little room: {refused:,} refused in one sentence and nothing changed, the others whole"
    )


def soak_full_server(home: ServerHome, times: int, random: Random) -> str:
    """Fill the disk that a server keeps its tables on, so many times, while a file of entries is brought in."""
    refused = 0
    with _small_disk() as disk:
        if disk is None:
            return "left out: this user may not make a small disk for the server"
        shutil.chown(disk, server_user())
        home.server.psql("postgres", f"CREATE TABLESPACE small LOCATION '{disk}'")
        for start in range(0, times, TURNS_A_FILE):
            # The disk has room for so many turns: books that filled it by themselves could not be proved on it.
            place = home.server.database(tablespace="small")
            ledger = open_pool(place).books
            turns = range(start, min(start + TURNS_A_FILE, times))
            for turn in counted(turns, times, "imports with little room on the server"):
                before, filler = str(ledger.head()), disk / "filler"
                room = shutil.disk_usage(disk).free - random.randrange(FEWEST, 600_000)
                with suppress(OSError):  # the server may take the room first: then the disk is as full as it gets
                    filler.write_bytes(bytes(max(room, 0)))
                answer = _try_to_post(ledger, turn * 1000, 200)
                filler.unlink()
                if answer and not answer.startswith("DiskIsFull"):
                    raise BooksDoNotHold(f"a full disk answered: {answer}")
                _prove(ledger, before, answer)
                refused += bool(answer)
            ledger.books.close()
            home.server.psql("postgres", f'DROP DATABASE "{place.name}"')
        home.server.psql("postgres", "DROP TABLESPACE small")
    if not refused:
        raise BooksDoNotHold("the room never ran out: nothing was proved")
    return f"{times:,} imports with little room: {refused:,} refused in one sentence, nothing changed, the others whole"


@contextmanager
def _small_disk() -> Iterator[Path | None]:
    """A disk of a few megabytes in memory, or None where this user may not make one."""
    with tempfile.TemporaryDirectory() as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "none", name]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
            yield None
            return
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)


def soak_reader(home: ServerHome, times: int) -> str:
    """Post so many times as a login that only reads."""
    place = home.server.database()
    ledger = open_pool(place).books
    set_up(place)
    home.server.psql(place.name, f"DROP ROLE IF EXISTS soak_reader; CREATE ROLE soak_reader LOGIN IN ROLE {READER}")
    before = str(ledger.head())
    books = Books(home.server.url(place.name, "soak_reader"))
    for turn in range(times):
        answer = _try_to_post(Ledger(books, ledger.pool_id, ledger.year), turn, 1)
        if not answer.startswith("BooksAreReadOnly"):
            raise BooksDoNotHold(f"a login that only reads was answered: {answer}")
        _prove(ledger, before, answer)
    return f"{times:,} postings by a login that only reads: each refused in one sentence, nothing changed"


def soak_read_only(times: int) -> str:
    """Post to books that may not be written: the file, and the folder with it."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        ledger = open_books(Path(name))
        before = str(ledger.head())
        ledger.books.path.chmod(0o444)
        os.chmod(name, 0o555)
        for turn in range(times):
            answer = _in_a_child(ledger, turn, 1, None)
            if not answer.startswith("BooksAreReadOnly"):
                raise BooksDoNotHold(f"read-only books answered: {answer}")
            _prove(ledger, before, answer)
        os.chmod(name, 0o755)
    return f"{times:,} postings to read-only books: each refused in one sentence, nothing changed"

"""Runs out of disk and of permission at random: the answer is one sentence, and the books are as they were."""

import os
import resource
import tempfile
from pathlib import Path
from random import Random

from benchmarks.books import AT, open_books, spends
from benchmarks.soak_errors import BooksDoNotHold
from ledgers.refusals import BooksRefused
from ledgers.store import Books, Ledger

NOBODY = 65534
TURNS_A_FILE = 20


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
            for turn in range(start, min(start + TURNS_A_FILE, times)):
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

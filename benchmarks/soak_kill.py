"""Kills a process at random moments of posting and importing; then all or nothing of each piece of work is there."""

import os
import signal
import tempfile
import time
from pathlib import Path
from random import Random

from benchmarks.books import AT, open_books, spends
from benchmarks.soak_errors import BooksDoNotHold
from ledgers.store import Books, Ledger

KILLS_A_FILE = 50
LONGEST_SECONDS = 0.12


def _work(books: Path, pool_id: str, kill: int, acknowledge: int) -> None:
    """Post single entries and files of two hundred by turns until killed, and acknowledge each once it is committed."""
    ledger = Books.open(books).pool(pool_id)
    random = Random(kill)
    piece = 0
    while True:
        with ledger.writing("soak", AT) as writing:
            writing.record_all(list(spends(random, _first(kill, piece), _size(piece))))
        os.write(acknowledge, b"%d\n" % piece)
        piece += 1


def _first(kill: int, piece: int) -> int:
    return kill * 1_000_000 + piece * 1_000


def _size(piece: int) -> int:
    return 200 if piece % 3 == 2 else 1


def _kill_once(ledger: Ledger, books: Path, kill: int, seconds: float) -> int:
    """Let a child work for so long, kill it, and give how many pieces it had acknowledged."""
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            _work(books, ledger.pool_id, kill, say)
        finally:
            os._exit(1)
    os.close(say)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(hear) as heard:
        acknowledged = len(heard.read().split())
    if not os.WIFSIGNALED(status):
        raise BooksDoNotHold(f"the process of kill {kill} ended by itself")
    return acknowledged


def _prove(ledger: Ledger, kill: int, acknowledged: int) -> int:
    """See that what was acknowledged is there, that nothing is there by half, and that the books hold."""
    keys = {row.entry.idempotency_key for row in ledger.entries(kind="spend")}
    piece = 0
    while True:
        there = sum(f"spend-{_first(kill, piece) + n}" in keys for n in range(_size(piece)))
        if there not in (0, _size(piece)):
            raise BooksDoNotHold(f"kill {kill}: {there} of {_size(piece)} entries of one file are there")
        if piece < acknowledged and not there:
            raise BooksDoNotHold(f"kill {kill}: work that was acknowledged is lost")
        if not there:
            break
        piece += 1
    if findings := ledger.verify():
        raise BooksDoNotHold(f"kill {kill}: {findings[0]}")
    return piece


def soak_kills(kills: int, random: Random) -> str:
    """Kill so many times and say what was seen; raises BooksDoNotHold at the first thing that does not hold."""
    acknowledged = recorded = in_the_middle = 0
    for start in range(0, kills, KILLS_A_FILE):
        with tempfile.TemporaryDirectory() as name:
            ledger = open_books(Path(name))
            for kill in range(start, min(start + KILLS_A_FILE, kills)):
                heard = _kill_once(ledger, Path(name) / "bench.db", kill, random.uniform(0, LONGEST_SECONDS))
                there = _prove(ledger, kill, heard)
                acknowledged += heard
                recorded += there
                in_the_middle += there > heard
    return (
        f"{kills:,} kills of a process at work: {recorded:,} pieces of work recorded, {acknowledged:,} acknowledged "
        f"and none of them lost, {in_the_middle} killed between commit and acknowledgement, nothing by half"
    )

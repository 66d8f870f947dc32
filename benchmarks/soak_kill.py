"""Kills at random moments of posting and importing: afterwards each piece of work is there whole, or not at all."""

import os
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.books import AT, MANAGER, SCHEMES, open_pool, spends
from benchmarks.soak_homes import BooksDoNotHold, FileHome, ServerHome, counted
from ledgers.place import Place
from ledgers.store import Ledger
from pooledfund.intake.actuals import import_actuals
from pooledfund.pool import Pool

KILLS_A_HOME = 50
LONGEST_SECONDS = 0.25
SERVER_EVERY = 20
"""Every so many kills it is the server itself that is killed, where there is one."""
ROWS = 40
_HEADER = (
    "effective", "document_date", "posted_month", "scheme", "partner", "kind", "reference", "net", "vat",
    "vat_recoverable", "cost", "description",
)  # fmt: skip


@dataclass(frozen=True)
class _Piece:
    """A piece of work: one entry, or a partner's extract with its rows."""

    kill: int
    number: int

    @property
    def is_file(self) -> bool:
        """Every third piece is a file."""
        return self.number % 3 == 2

    @property
    def first(self) -> int:
        """The number of its first entry, unlike any other's."""
        return self.kill * 1_000_000 + self.number * 1_000

    @property
    def keys(self) -> list[str]:
        """The keys of the entries that it makes."""
        if self.is_file:
            return [f"spend/council/{self.first + row}" for row in range(ROWS)]
        return [f"spend-{self.first}"]

    def extract(self, folder: Path) -> Path:
        """The file that a partner sends."""
        path = folder / f"kill-{self.kill}-piece-{self.number}.csv"
        lines = [",".join(_HEADER)]
        for row in range(ROWS):
            cost = f"1.{row:02}"
            cells = ("council", "ledger", str(self.first + row), cost, "0.00", "0.00", cost, "")
            lines.append(",".join(("2023-05-31", "2023-05-31", "M2", SCHEMES[row % 4], *cells)))
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return path


def _work(place: Place, folder: Path, kill: int, acknowledge: int) -> None:
    """Post single entries and import files by turns until killed, and acknowledge each once it is committed."""
    pool = Pool.open(place, None, MANAGER, lambda: AT)
    random = Random(kill)
    number = 0
    # Kept open, so that single entries go the way that they go where many follow one another.
    with pool.books.books.kept_open():
        while True:
            piece = _Piece(kill, number)
            if piece.is_file:
                import_actuals(pool, piece.extract(folder))
            else:
                (entry,) = spends(random, piece.first, 1)
                pool.books.record(entry, who="soak", at=AT)
            os.write(acknowledge, b"%d\n" % number)
            number += 1


def _kill_once(home: FileHome | ServerHome, place: Place, folder: Path, kill: int, seconds: float) -> int:
    """Let a child work for so long, kill it or the server, and give how many pieces it had acknowledged."""
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            _work(place, folder, kill, say)
        finally:
            os._exit(1)
    os.close(say)
    time.sleep(seconds)
    of_server = isinstance(home, ServerHome) and kill % SERVER_EVERY == SERVER_EVERY - 1
    if isinstance(home, ServerHome) and of_server:
        home.server.crash()
    else:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(hear) as heard:
        acknowledged = len(heard.read().split())
    if not of_server and not os.WIFSIGNALED(status):
        raise BooksDoNotHold(f"the process of kill {kill} ended by itself")
    return acknowledged


def _prove(ledger: Ledger, kill: int, acknowledged: int) -> int:
    """See that what was acknowledged is there, that nothing is there by half, and that the books hold."""
    with ledger.books.snapshot():
        keys = {row.entry.idempotency_key for row in ledger.entries(kind="spend")}
        files = {kept.batch.file_name: kept.number for kept in ledger.batches()}
        mine = {name: number for name, number in files.items() if name.startswith(f"kill-{kill}-")}
        lines = {name: len(ledger.source_lines(batch=number)) for name, number in mine.items()}
        findings = ledger.verify()
    number = 0
    while True:
        piece = _Piece(kill, number)
        there = sum(key in keys for key in piece.keys)
        if there not in (0, len(piece.keys)):
            raise BooksDoNotHold(f"kill {kill}: {there} of {len(piece.keys)} entries of one piece of work are there")
        if piece.is_file and lines.get(f"kill-{kill}-piece-{number}.csv", 0) != there:
            raise BooksDoNotHold(f"kill {kill}: a file, its rows and its entries are not there together")
        if number < acknowledged and not there:
            raise BooksDoNotHold(f"kill {kill}: work that was acknowledged is lost")
        if not there:
            break
        number += 1
    if findings:
        raise BooksDoNotHold(f"kill {kill}: {findings[0]}")
    return number


def soak_kills(home: FileHome | ServerHome, kills: int, random: Random) -> str:
    """Kill so many times and say what was seen; raises BooksDoNotHold at the first thing that does not hold."""
    acknowledged = recorded = in_the_middle = 0
    with tempfile.TemporaryDirectory() as folder:
        for kill in counted(range(kills), kills, "kills"):
            if kill % KILLS_A_HOME == 0:
                place = home.new()
                ledger = open_pool(place).books
            heard = _kill_once(home, place, Path(folder), kill, random.uniform(0, LONGEST_SECONDS))
            there = _prove(ledger, kill, heard)
            acknowledged += heard
            recorded += there
            in_the_middle += there > heard
    servers = kills // SERVER_EVERY if isinstance(home, ServerHome) else 0
    return (
        f"{kills:,} kills, {servers:,} of them of the server: {recorded:,} pieces of work recorded, "
        f"{acknowledged:,} acknowledged and none of them lost, {in_the_middle} killed between commit and "
        "acknowledgement, nothing by half"
    )

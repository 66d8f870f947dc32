"""Races the import of many entries, and of one at a time, against bare inserts of the same rows. Child and parent."""

import argparse
import json
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path
from random import Random

from benchmarks.books import AT, open_books, spends
from benchmarks.racing import Lap, Result, lap, module, peak, same_answers, stated
from ledgers.store import Ledger

BULK_ROUNDS, SINGLE_ROUNDS = 3, 5


def main() -> None:
    """Bring entries in once, as the child process of a race, and print seconds and the answer as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.race_writing", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("entries", type=int)
    parser.add_argument("way", choices=("bulk", "single"))
    call = parser.parse_args()
    ledger = open_books(call.folder)
    opened = _postings(ledger)
    entries = list(spends(Random(75), 0, call.entries))
    started = time.perf_counter()
    if call.way == "bulk":
        with ledger.writing("bench", AT) as writing:
            writing.record_all(entries)
    else:
        with ledger.books.kept_open():
            for entry in entries:
                ledger.record(entry, who="bench", at=AT)
    seconds = time.perf_counter() - started
    answer = [after - before for after, before in zip(_postings(ledger), opened, strict=True)]
    print(json.dumps({"seconds": seconds, "answer": answer, "refused": _raw_update_is_refused(ledger)}))


def _postings(ledger: Ledger) -> tuple[int, int]:
    connection = sqlite3.connect(ledger.books.path)
    count, total = connection.execute("SELECT count(*), sum(abs(amount_pence)) FROM posting").fetchone()
    connection.close()
    return int(count), int(total or 0)


def _raw_update_is_refused(ledger: Ledger) -> bool:
    """Whether a connection that knows nothing of our code is held straight after."""
    connection = sqlite3.connect(ledger.books.path)
    try:
        connection.execute("UPDATE posting SET amount_pence = amount_pence + 1 WHERE entry = 100")
    except sqlite3.IntegrityError:
        return True
    finally:
        connection.close()
    return False


def _laps(folder: Path, count: int, way: str, rounds: int) -> dict[str, list[Lap]]:
    laps: dict[str, list[Lap]] = {"ours": [], "floor": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=folder) as name:
            here = Path(name)
            laps["ours"].append(lap(module("benchmarks.race_writing", here, count, way)))
            floor = module(f"benchmarks.floors.{way}", here, here / "bench.db", _opening_event(here / "bench.db"))
            laps["floor"].append(lap(floor))
            shutil.rmtree(here / "bare", ignore_errors=True)
    same_answers(laps)
    if not all(json.loads(each.said)["refused"] for each in laps["ours"]):
        raise RuntimeError("a raw UPDATE was taken straight after the import")
    return laps


def _opening_event(books: Path) -> int:
    """The last event that was there before the entries came: those that opened the pool."""
    connection = sqlite3.connect(books)
    row = connection.execute("SELECT max(event) FROM entry WHERE idempotency_key LIKE 'agreement/%'").fetchone()
    connection.close()
    return int(row[0])


def race_bulk(folder: Path, count: int) -> list[Result]:
    """The import of many entries, durable, everything kept and guarded; a raw UPDATE is refused straight after."""
    laps = _laps(folder, count, "bulk", BULK_ROUNDS)
    mine, floor = stated(laps["ours"]), stated(laps["floor"])
    most = peak(laps["ours"])
    name = f"import of {count:,} entries against executemany"
    return [
        Result(name, f"{mine:.2f} s", f"{floor:.2f} s", mine / floor, "at most 4", mine / floor <= 4),
        Result(
            f"import of {count:,} entries, peak memory",
            f"{most:.0f} MB",
            f"{peak(laps['floor']):.0f} MB",
            most / peak(laps["floor"]),
            "under 500 MB",
            most < 500,
        ),
    ]


def race_linear(folder: Path, count: int) -> Result:
    """Ten times as many entries in ten times the time; a fifth over is allowed for a deeper tree."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        small = lap(module("benchmarks.race_writing", Path(name), count // 10, "bulk"))
    with tempfile.TemporaryDirectory(dir=folder) as name:
        large = lap(module("benchmarks.race_writing", Path(name), count, "bulk"))
    mine, tenth = stated([large]), stated([small])
    ratio = mine / tenth
    return Result(
        f"import of {count:,} entries against a tenth",
        f"{mine:.1f} s",
        f"{tenth:.1f} s",
        ratio,
        "at most 12",
        ratio <= 12,
    )


def race_single(folder: Path, count: int) -> Result:
    """One entry at a time, each committed to the disk before the next."""
    laps = _laps(folder, count, "single", SINGLE_ROUNDS)
    mine, floor = count / stated(laps["ours"]), count / stated(laps["floor"])
    return Result(
        "one entry, durable, against bare inserts",
        f"{mine:,.0f} a second",
        f"{floor:,.0f} a second",
        mine / floor,
        "at least 0.5",
        mine / floor >= 0.5,
    )


if __name__ == "__main__":
    main()

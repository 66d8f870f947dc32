"""Measures posting, balances and statements on one pool. Says how long each took; passes no judgement."""

import argparse
import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.books import AT, open_books, spends


def measured(name: str, count: int, work: Callable[[], object]) -> None:
    """Do the work once and print how long it took, and how many a second."""
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    print(f"{name:<58} {seconds:>9.3f} s {count / seconds:>12,.0f} a second")


def run(folder: Path, count: int) -> None:
    """Post so many entries of two postings each as one batch, some more one by one, and ask what reports ask."""
    ledger = open_books(folder)
    random = Random(75)
    batch = list(spends(random, 0, count))
    singles = list(spends(random, count, 200))

    def post_batch() -> None:
        with ledger.writing("bench", AT) as writing:
            writing.record_all(batch)

    def post_singles() -> None:
        for entry in singles:
            with ledger.writing("bench", AT) as writing:
                writing.record(entry)

    def ask(as_of: int | None, times: int) -> None:
        for _ in range(times):
            ledger.balances("actual", ("scheme", "contribution", "month"), accounts=("expenditure",), as_of=as_of)

    measured(f"post {count:,} entries as one batch", count, post_batch)
    measured("post 200 entries, each in its own transaction", 200, post_singles)
    measured("the same batch again (all already there)", count, post_batch)
    measured("balances by line, contribution and month, 20 times", 20, lambda: ask(None, 20))
    measured("the same as of an event, from the postings, once", 1, lambda: ask(ledger.head().number, 1))
    measured("trial balance, 20 times", 20, lambda: [ledger.trial_balance("actual") for _ in range(20)])
    measured("statement of one account", 2 * count, lambda: ledger.statement("actual", "creditors"))
    measured("verify, every event and entry", count, ledger.verify)
    print(f"{'size of the books':<58} {(folder / 'bench.db').stat().st_size / 1e6:>9.1f} MB")


def main() -> None:
    """Measure and print, with what it was measured on."""
    parser = argparse.ArgumentParser(prog="benchmarks.bench", description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000, metavar="N", help="entries in the batch")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}")
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), arguments.entries)


if __name__ == "__main__":
    main()

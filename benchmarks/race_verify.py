"""Races ``verify`` against hashing the very bytes that it hashes. Child and parent."""

import argparse
import json
import time
from pathlib import Path

from benchmarks.books import filled_books
from benchmarks.racing import Result, interleaved, module, same_answers, stated
from ledgers.store import Books

ROUNDS = 3


def main() -> None:
    """Verify books once, as the child process of a race, and print seconds and whether they hold as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.race_verify", description=__doc__)
    parser.add_argument("books", type=Path)
    books = Books.open(parser.parse_args().books)
    started = time.perf_counter()
    sound = all(not books.pool(each).verify() for each in books.pool_ids())
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "answer": sound}))


def race_verify(folder: Path, count: int) -> list[Result]:
    """The whole of verify, every check, with the books open and Python started.

    The floor hashes the same bytes as they stand in the books: it reads the rows, lays them out and hashes them, and
    checks nothing else. What the hashing alone takes, once the bytes are laid out in memory, is shown beside it: nobody
    has them there, and Python reads the rows no quicker than the floor does.
    """
    books = folder / str(count) / "bench.db"
    if not books.exists():
        filled_books(books.parent, count)
    contenders = {"ours": module("benchmarks.race_verify", books), "floor": module("benchmarks.floors.hashing", books)}
    laps = interleaved(ROUNDS, contenders)
    same_answers(laps)
    mine, floor, alone = stated(laps["ours"]), stated(laps["floor"]), stated(laps["floor"], "alone")
    name = f"verify of {count:,} entries against"
    return [
        Result(
            f"{name} reading and hashing",
            f"{mine:.2f} s",
            f"{floor:.2f} s",
            mine / floor,
            "under 10",
            mine / floor < 10,
        ),
        Result(f"{name} hashing in memory", f"{mine:.2f} s", f"{alone:.3f} s", mine / alone, "-", True),
    ]


if __name__ == "__main__":
    main()

"""Posts at random for a while and proves the books after every round. Stops at the first thing that does not hold."""

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from benchmarks.books import AT, open_books, reversal, spends
from ledgers.balances import Dimension
from ledgers.journal import Entry
from ledgers.store import Ledger

ROUND = 500


class BooksDoNotHold(Exception):
    """What the books say is not what was posted."""


def post_round(ledger: Ledger, random: Random, first: int, expected: Counter[tuple[str, str, str]]) -> None:
    """Post new entries, reverse some of them, send some again; note what the balances must be in pence."""
    entries = list(spends(random, first, ROUND))
    with ledger.writing("soak", AT) as writing:
        recorded = writing.record_all(entries)
        turned = [
            reversal(kept.number, entry) for kept, entry in zip(recorded, entries, strict=True) if random.random() < 0.1
        ]
        writing.record_all(turned)
        again = writing.record_all(random.sample(entries, 20))
    if any(each.outcome != "already there" for each in again):
        raise BooksDoNotHold("an entry that was sent again was recorded twice")
    for entry in (*entries, *turned):
        note(entry, expected)


def note(entry: Entry, expected: Counter[tuple[str, str, str]]) -> None:
    """Add an entry's postings to what the balances must be."""
    for each in entry.postings:
        expected[each.account, str(each.scheme), str(each.contribution)] += each.amount_pence


def prove(ledger: Ledger, expected: Counter[tuple[str, str, str]]) -> None:
    """See that the log holds, and that kept balances, the postings and what was sent in agree to the penny."""
    if findings := ledger.verify(head=ledger.head().hash):
        raise BooksDoNotHold(findings[0].message)
    by: tuple[Dimension, ...] = ("account", "scheme", "contribution")
    wanted = {key: pence for key, pence in expected.items() if pence}
    for name, as_of in (("kept balances", None), ("postings", ledger.head().number)):
        found = {key: pence for key, pence in ledger.balances("actual", by, as_of=as_of).items() if pence}
        if found != wanted:
            raise BooksDoNotHold(
                f"the {name} differ from what was posted in {len(found.items() ^ wanted.items())} places"
            )


def main() -> None:
    """Go on for the seconds given, then say how much was done."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, metavar="N", help="how long to go on")
    parser.add_argument("--seed", type=int, default=75, metavar="N", help="where chance starts from")
    arguments = parser.parse_args()
    random = Random(arguments.seed)
    expected: Counter[tuple[str, str, str]] = Counter()
    rounds = 0
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_books(Path(folder))
        ends = time.monotonic() + arguments.seconds
        while time.monotonic() < ends:
            post_round(ledger, random, rounds * ROUND, expected)
            prove(ledger, expected)
            rounds += 1
        print(f"{rounds} rounds, {ledger.head().number} events: everything held (seed {arguments.seed})")


if __name__ == "__main__":
    main()

"""Many writers at once in several pools of one server: every pool ends gapless, chained and balanced."""

import os
from random import Random

from benchmarks.books import AT, YEAR
from benchmarks.soak_homes import BooksDoNotHold, ServerHome, counted
from ledgers import verification
from ledgers.accounts import Account, PoolSpec
from ledgers.journal import Entry, Posting
from ledgers.place import Place
from ledgers.store import Books

WRITERS = 50
POOLS = 10
SHARED_EVERY = 20
"""Every so many entries a writer records one that all the others record too: it counts once."""
_CHART = (Account("cost", "Cost", "expense", "debit"), Account("cash", "Cash", "asset", "debit"))


def _entry(key: str, pence: int) -> Entry:
    day = YEAR.month_starts(pence % 12 + 1)
    return Entry(
        "actual", "journal", day, day, "soak", "why", "", key, (Posting("cost", pence), Posting("cash", -pence))
    )


def _write(place: Place, writer: int, entries: int, heard: int) -> None:
    """Record so many entries, each in a transaction of its own in a pool by chance, and say each that is committed."""
    books, random = Books.open(place), Random(writer)
    ledgers = [books.pool(f"pool-{number}") for number in range(POOLS)]
    with books.kept_open():
        for number in range(entries):
            if number % SHARED_EVERY == 0:
                pool, entry = number % POOLS, _entry(f"shared {number}", number + 1)
            else:
                pool, entry = random.randrange(POOLS), _entry(f"{writer} {number}", random.randrange(1, 100_000))
            outcome = ledgers[pool].record(entry, who="soak", at=AT).outcome
            os.write(heard, f"{pool}/{outcome}/{entry.idempotency_key}\n".encode())


def soak_writers(home: ServerHome, entries: int) -> str:
    """Let all write and prove each pool; raises BooksDoNotHold at the first thing that does not hold."""
    place = home.new()
    books = Books.create(place)
    for number in range(POOLS):
        spec = PoolSpec(f"pool-{number}", "A pool of many writers", YEAR, _CHART, {}, {}, {})
        books.open_pool(spec, who="soak", at=AT, payload={})
    books.close()
    hear, say = os.pipe()
    children = []
    for writer in range(WRITERS):
        child = os.fork()
        if child == 0:
            try:
                os.close(hear)
                _write(place, writer, entries, say)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    os.close(say)
    with os.fdopen(hear) as heard:
        said = [line.strip().split("/") for line in counted(heard, WRITERS * entries, "entries")]
    if any(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children):
        raise BooksDoNotHold("a writer ended with an error")
    return _proved(books, said, entries)


def _proved(books: Books, said: list[list[str]], entries: int) -> str:
    recorded = [(pool, key) for pool, outcome, key in said if outcome == "recorded"]
    again = sum(outcome == "already there" for _, outcome, _ in said)
    if len(said) != WRITERS * entries or len(set(recorded)) != len(recorded):
        raise BooksDoNotHold("a writer's entry was not answered, or one entry was recorded twice")
    for number in range(POOLS):
        ledger = books.pool(f"pool-{number}")
        kept = [each.entry.idempotency_key for each in ledger.entries()]
        if sorted(kept) != sorted(key for pool, key in recorded if pool == str(number)):
            raise BooksDoNotHold(f"pool {number} does not hold what was acknowledged")
        if findings := ledger.verify(head=str(ledger.head()), checks=verification.ALWAYS + verification.STRICT):
            raise BooksDoNotHold(f"pool {number}: {findings[0]}")
    books.close()
    return (
        f"{WRITERS} writers of {entries:,} entries each in {POOLS} pools: {len(recorded):,} recorded and {again:,} of "
        "the same entry answered 'already there'; every pool gapless, chained, balanced and with all that was answered"
    )

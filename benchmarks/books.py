"""Books to measure on: Exampleshire's pool filled with spend made up from a seed. No published figure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from ledgers.calendar import FinancialYear
from ledgers.journal import Entry, Posting
from ledgers.place import Place
from ledgers.store import Ledger
from pooledfund.access import Actor, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.pool import Pool

AGREEMENT = Path(__file__).resolve().parent.parent / "examples" / "exampleshire_2023_24" / "agreement.yaml"
YEAR = FinancialYear(2023)
SCHEMES = tuple(read_agreement(AGREEMENT).agreement.schemes)
CONTRIBUTIONS = ("nhs-min", "la-add", "dfg", "ibcf")
PARTNERS = ("council", "icb")
MANAGER = Actor("bench", Role.POOLED_FUND_MANAGER)
# The clock stands still: what is measured does not depend on the day.
AT = datetime(2024, 4, 30, 9, 0, tzinfo=UTC)


def open_pool(place: Place) -> Pool:
    """Exampleshire in new books, budgets and instalments posted and nothing spent."""
    return Pool.create(place, read_agreement(AGREEMENT), MANAGER, lambda: AT)


def open_books(folder: Path) -> Ledger:
    """The ledger of Exampleshire in a new file."""
    return open_pool(folder / "bench.db").books


def filled_books(folder: Path, count: int, seed: int = 75) -> Ledger:
    """New books with so many entries of spend, brought in by batches of 100,000."""
    folder.mkdir(parents=True, exist_ok=True)
    ledger, random = open_books(folder), Random(seed)
    for first in range(0, count, 100_000):
        with ledger.writing("bench", AT) as writing:
            writing.record_all(list(spends(random, first, min(100_000, count - first))))
    return ledger


def spends(random: Random, first: int, count: int) -> Iterator[Entry]:
    """So many entries of spend, numbered from the first: two postings and three by turns, 2.5 in the mean."""
    for number in range(first, first + count):
        day = YEAR.first_day + timedelta(days=random.randrange(365))
        pence = random.randrange(2, 5_000_000)
        scheme, contribution, partner = random.choice(SCHEMES), random.choice(CONTRIBUTIONS), random.choice(PARTNERS)
        parts = [(pence, contribution)]
        if number % 2:
            parts = [(pence // 2, contribution), (pence - pence // 2, random.choice(CONTRIBUTIONS))]
        yield Entry(
            book="actual",
            kind="spend",
            effective_on=day,
            document_on=day,
            who="bench",
            why="spend made up for measuring",
            source_reference=f"INV-{number}",
            idempotency_key=f"spend-{number}",
            postings=(
                *(Posting("expenditure", part, scheme, of) for part, of in parts),
                Posting("creditors", -pence, scheme, contribution, partner),
            ),
        )


def reversal(number: int, entry: Entry) -> Entry:
    """The mirror of a recorded entry."""
    return Entry(
        book=entry.book,
        kind="reversal",
        effective_on=entry.effective_on,
        document_on=entry.document_on,
        who="bench",
        why="reversed for measuring",
        source_reference=entry.source_reference,
        idempotency_key=f"reversal-{number}",
        postings=tuple(
            Posting(each.account, -each.amount_pence, each.scheme, each.contribution, each.partner)
            for each in entry.postings
        ),
        reverses=number,
    )

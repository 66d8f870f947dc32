"""Books to measure on: a pool with invented lines, and entries made up from a seed. No published figure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from ledgers.accounts import Account, PoolSpec
from ledgers.calendar import FinancialYear
from ledgers.journal import Entry, Posting
from ledgers.store import Books, Ledger

YEAR = FinancialYear(2023)
SCHEMES = tuple(f"S{number}" for number in range(1, 41))
CONTRIBUTIONS = ("nhs-min", "la-add", "dfg", "ibcf")
PARTNERS = ("council", "icb")
ACCOUNTS = (
    Account("expenditure", "Expenditure", "expense", "debit"),
    Account("creditors", "Creditors", "liability", "credit"),
)
# The clock stands still: what is measured does not depend on the day.
AT = datetime(2024, 4, 30, 9, 0, tzinfo=UTC)


def open_books(folder: Path) -> Ledger:
    """New books with one pool of forty lines, four contributions and two partners."""
    spec = PoolSpec(
        id="bench",
        title="A pool to measure",
        year=YEAR,
        accounts=ACCOUNTS,
        partners={each: each for each in PARTNERS},
        contributions={each: each for each in CONTRIBUTIONS},
        schemes={each: each for each in SCHEMES},
    )
    return Books.create(folder / "bench.db").open_pool(spec, who="bench", at=AT, payload={})


def spends(random: Random, first: int, count: int) -> Iterator[Entry]:
    """So many entries of spend, numbered from the first, each on a day, line, contribution and partner by chance."""
    for number in range(first, first + count):
        day = YEAR.first_day + timedelta(days=random.randrange(365))
        pence = random.randrange(1, 5_000_000)
        scheme, contribution = random.choice(SCHEMES), random.choice(CONTRIBUTIONS)
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
                Posting("expenditure", pence, scheme, contribution),
                Posting("creditors", -pence, scheme, contribution, random.choice(PARTNERS)),
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

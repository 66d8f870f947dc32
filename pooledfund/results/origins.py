"""From a figure of a line to its postings, and from an entry to the row and file it came from. Sums nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ledgers.journal import RecordedEntry
from ledgers.reading import PostingLine
from ledgers.searching import reversed_by
from ledgers.sources import KeptBatch, SourceLine
from pooledfund import chart
from pooledfund.pool import Pool

LineFigure = Literal["spend", "budget", "forecast movement"]
_BOOKS: Mapping[LineFigure, tuple[Literal["actual", "budget", "forecast"], tuple[str, ...]]] = {
    "spend": ("actual", (chart.EXPENDITURE,)),
    "budget": ("budget", chart.LINE_BUDGETS),
    "forecast movement": ("forecast", (chart.FORECAST,)),
}
LINE_FIGURES: tuple[LineFigure, ...] = tuple(_BOOKS)


@dataclass(frozen=True, slots=True)
class PostingsPage:
    """Some of the postings that make a figure of a line, how many there are, and what all of them come to in pence."""

    total: int
    total_pence: int
    postings: tuple[PostingLine, ...]


def postings_of(
    pool: Pool,
    scheme: str,
    figure: LineFigure,
    months: tuple[int, int],
    *,
    skip: int = 0,
    take: int = 50,
    total: int | None = None,
) -> PostingsPage:
    """The postings of a line from a month to a month, a page of them; their sum is the balance that the books keep.

    ``total`` is how many there are, where a page of the same books told: they are not counted again.
    """
    book, accounts = _BOOKS[figure]
    total, found = pool.books.postings_page(
        book=book, accounts=accounts, scheme=scheme, months=months, skip=skip, take=take, total=total
    )
    kept = pool.books.balances(book, ("scheme", "month"), accounts=accounts, through_month=months[1])
    pence = sum(
        amount for (of, month), amount in kept.items() if of == scheme and months[0] <= int(month or 1) <= months[1]
    )
    return PostingsPage(total, pence, tuple(found))


@dataclass(frozen=True, slots=True)
class Origin:
    """An entry, what reverses it, and the rows of the files that made it; none where a person or a rule did."""

    entry: RecordedEntry
    reversed_by: int | None
    rows: tuple[tuple[KeptBatch, SourceLine], ...]


def origin_of(pool: Pool, number: int) -> Origin:
    """Where an entry came from.

    Raises:
        EntryNotFound: the books have no such entry.
    """
    entry = pool.books.entry(number)
    rows = pool.books.source_lines(entry=number)
    batches = {each.number: each for each in pool.books.batches()} if rows else {}
    return Origin(entry, reversed_by(pool.books, number), tuple((batches[row.batch], row) for row in rows))

"""Journals: entries written out posting by posting in a CSV file, and how they enter the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import get_args

from ledgers.journal import Book, Entry, Posting, Recorded
from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds_for_people
from pooledfund.access import Action
from pooledfund.intake.tables import Faults, Row, read_csv
from pooledfund.pool import Pool

COLUMNS = ("entry", "book", "effective", "why", "account", "scheme", "contribution", "partner", "amount")
OPTIONAL = ("month", "document_date", "reference", "kind")


@dataclass(frozen=True, slots=True)
class JournalsPosted:
    """What became of a file of journals: the entries recorded now and those already there."""

    recorded: tuple[Recorded, ...]

    @property
    def new(self) -> int:
        return sum(each.outcome == "recorded" for each in self.recorded)

    @property
    def already_there(self) -> int:
        return len(self.recorded) - self.new


def post_journals(pool: Pool, path: Path) -> JournalsPosted:
    """Post a file of journals, all or nothing; an entry that is in the books with the same content is left as it is.

    The columns are entry, book, effective, why, account, scheme, contribution, partner and amount in pounds,
    debit plus and credit minus; rows of one entry share its number and stand together. The key of an entry is
    the file's name and the entry's number, so that a corrected file is noticed.

    Raises:
        FileRefused: with every fault of the file.
        LedgerRefusal: the books refuse an entry.
    """
    table = read_csv(path, COLUMNS, OPTIONAL)
    faults = Faults(path)
    entries = [
        _entry(pool, path, number, list(rows), faults)
        for number, rows in groupby(table.rows, key=lambda row: row["entry"])
    ]
    numbers = [number for number, _ in groupby(table.rows, key=lambda row: row["entry"])]
    for number in sorted({each for each in numbers if numbers.count(each) > 1}):
        faults.add(None, f"the rows of entry {number} stand apart: put them together, or number them as two entries")
    if not entries:
        faults.add(None, "holds no entries: add rows under the header")
    faults.raise_if_any()
    with pool.writing(Action.POST) as writing:
        return JournalsPosted(tuple(writing.record_all([entry for entry in entries if entry is not None])))


def _entry(pool: Pool, path: Path, number: str, rows: Sequence[Row], faults: Faults) -> Entry | None:
    first = rows[0]
    before = len(faults.found)
    postings = [posting for row in rows if (posting := _posting(pool, row, faults)) is not None]
    effective = _day(first, "effective", faults)
    document = _day(first, "document_date", faults) if first["document_date"] else effective
    if first["book"] not in get_args(Book):
        faults.add(first.number, f"'{first['book']}' is not a book: write budget, actual or forecast")
    for row in rows[1:]:
        if (row["book"], row["effective"]) != (first["book"], first["effective"]):
            faults.add(row.number, f"entry {number} has two books or two dates: one entry has one of each")
    if not number or not first["why"]:
        faults.add(first.number, "an entry has a number and says why: fill both columns")
    total = sum(posting.amount_pence for posting in postings)
    if len(faults.found) == before and total:
        faults.add(
            first.number,
            f"entry {number} does not balance by {pounds_for_people(abs(total))}: make its rows sum to nil",
        )
    if len(faults.found) > before or effective is None or document is None:
        return None
    book: Book = "budget" if first["book"] == "budget" else "actual" if first["book"] == "actual" else "forecast"
    return Entry(
        book=book,
        kind=first["kind"] or "journal",
        effective_on=effective,
        document_on=document,
        who=pool.actor.name,
        why=first["why"],
        source_reference=first["reference"] or f"{path.name} entry {number}",
        idempotency_key=f"journal/{path.name}/{number}",
        postings=tuple(postings),
    )


def _posting(pool: Pool, row: Row, faults: Faults) -> Posting | None:
    known = {
        "account": pool.books.accounts(),
        "scheme": pool.agreement.schemes,
        "contribution": pool.agreement.contributions,
        "partner": pool.agreement.partners,
    }
    for column, ids in known.items():
        if row[column] not in ids and (row[column] or column == "account"):
            faults.add(
                row.number, f"'{row[column]}' is not a {column} of {pool.agreement.id}: use one that check lists"
            )
    try:
        pence = parse_pounds(row["amount"])
    except MoneyNotUnderstood as error:
        faults.add(row.number, str(error))
        return None
    return Posting(row["account"], pence, row["scheme"] or None, row["contribution"] or None, row["partner"] or None)


def _day(row: Row, column: str, faults: Faults) -> date | None:
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        faults.add(row.number, f"{column} '{row[column]}' is not a date: write it as 2016-04-30")
        return None

"""Journals: entries written out posting by posting in a CSV file, and how they enter the books."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final

from ledgers.journal import Book, Entry, Posting, Recorded, RecordedEntry
from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds_for_people
from pooledfund.access import Action, require
from pooledfund.intake.business_cases import without_case
from pooledfund.intake.tables import Faults, Row, read_csv
from pooledfund.pool import Pool

COLUMNS = ("entry", "book", "effective", "why", "account", "scheme", "contribution", "partner", "amount")
BOOKS: Final[tuple[Book, ...]] = ("budget", "actual", "forecast")
KEY = "journal/"
"""How the key of every journal begins: this, the name of its file or form, and its number."""
OPTIONAL = ("month", "document_date", "reference", "kind", "adjusting")


@dataclass(frozen=True, slots=True)
class JournalsPosted:
    """What became of a file of journals: the entries recorded now and those already there."""

    recorded: tuple[Recorded, ...]
    notes: tuple[str, ...] = ()

    @property
    def new(self) -> int:
        """How many entries were recorded now."""
        return sum(each.outcome == "recorded" for each in self.recorded)

    @property
    def already_there(self) -> int:
        """How many entries were in the books before with the same content."""
        return len(self.recorded) - self.new


@dataclass(frozen=True, slots=True)
class JournalsPlanned:
    """The entries that journals come to, with a word on each that takes effect on another day than its own."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


def post_journals(pool: Pool, path: Path) -> JournalsPosted:
    """Post a file of journals, all or nothing; an entry that is in the books with the same content is left as it is.

    The columns are entry, book, effective, why, account, scheme, contribution, partner and amount in pounds,
    debit plus and credit minus; rows of one entry share its number and stand together. The key of an entry is
    the file's name and the entry's number, so that a corrected file is noticed. What is dated in a closed month
    of the actual book takes the first open day, and says so. A year-end adjustment has ``true`` under adjusting:
    only such an entry enters a month that takes adjusting entries.

    Raises:
        NotAllowed: the person may not post journals.
        FileRefused: with every fault of the file.
        LedgerRefusal: the books refuse an entry.
    """
    planned = plan_journals_of_file(pool, path)
    with pool.writing(Action.POST) as writing:
        recorded = writing.record_all(planned.entries)
    return JournalsPosted(tuple(recorded), planned.notes)


def plan_journals_of_file(pool: Pool, path: Path) -> JournalsPlanned:
    """The entries that a file of journals would post; posts nothing. Raises as ``post_journals`` does."""
    require(pool.actor, Action.POST)
    table = read_csv(path, COLUMNS, OPTIONAL, words="reference")
    return plan_journals(pool, table.rows, Faults(path))


def plan_journals(pool: Pool, rows: Sequence[Row], faults: Faults) -> JournalsPlanned:
    """The entries that rows of a file or lines of a form come to, each on the day it takes effect; posts nothing.

    Raises:
        FileRefused: with every fault of them.
    """
    journals = [(number, list(of)) for number, of in groupby(rows, key=lambda row: row["entry"])]
    numbers = [number for number, _ in journals]
    for number in sorted({each for each in numbers if numbers.count(each) > 1}):
        faults.add(None, f"the rows of entry {number} stand apart: put them together, or number them as two entries")
    entries = [entry for number, of in journals if (entry := _entry(pool, number, of, faults)) is not None]
    if not journals:
        faults.add(None, "holds no entries: add rows under the header")
    faults.raise_if_any()
    known = pool.books.entries_by_key([entry.idempotency_key for entry in entries])
    dated = [_dated(pool, entry, known.get(entry.idempotency_key)) for entry in entries]
    return JournalsPlanned(tuple(entry for entry, _ in dated), tuple(note for _, note in dated if note is not None))


def _dated(pool: Pool, entry: Entry, known: RecordedEntry | None) -> tuple[Entry, str | None]:
    """The entry on the day it takes effect, with a word where that is later; as it was recorded before if it was."""
    if known is not None and known.entry.document_on == entry.document_on:
        return replace(entry, effective_on=known.entry.effective_on, why=known.entry.why), None
    month = pool.agreement.year.month_of(entry.effective_on)
    if entry.book != "actual" or (entry.adjusting and pool.books.month_states()[month] == "adjusting"):
        return entry, None
    effective, note = pool.posting_day(entry.effective_on)
    if note is None:
        return entry, None
    return replace(entry, effective_on=effective, why=f"{entry.why} ({note})"), f"{entry.why}: {note}"


def _entry(pool: Pool, number: str, rows: Sequence[Row], faults: Faults) -> Entry | None:
    first = rows[0]
    before = len(faults.found)
    postings = [posting for row in rows if (posting := _posting(pool, row, faults)) is not None]
    effective = _day(pool, first, "effective", faults)
    document = _day(pool, first, "document_date", faults) if first["document_date"] else effective
    book = next((each for each in BOOKS if each == first["book"]), None)
    if book is None:
        faults.add(first.number, f"'{first['book']}' is not a book: write budget, actual or forecast")
    for row in rows[1:]:
        if (row["book"], row["effective"]) != (first["book"], first["effective"]):
            faults.add(row.number, f"entry {number} has two books or two dates: one entry has one of each")
    if first["adjusting"] not in ("", "true", "false"):
        faults.add(first.number, f"adjusting '{first['adjusting']}' is not true or false: write one, or leave it blank")
    if not number or not first["why"]:
        faults.add(first.number, "an entry has a number and says why: fill in both")
    if effective is not None and book in ("budget", "forecast"):
        month = pool.agreement.year.month_of(effective)
        if pool.books.month_states()[month] == "closed":
            faults.add(
                first.number, f"M{month} is closed and its report stands: date the {book} entry in an open month"
            )
    total = sum(posting.amount_pence for posting in postings)
    if len(faults.found) == before and total:
        amount = pounds_for_people(abs(total))
        faults.add(first.number, f"entry {number} does not balance by {amount}: make its rows sum to nil")
    if len(faults.found) > before or effective is None or document is None or book is None:
        return None
    return Entry(
        book=book,
        kind=first["kind"] or "journal",
        effective_on=effective,
        document_on=document,
        who=pool.actor.name,
        why=first["why"],
        source_reference=first["reference"] or f"{faults.path.name} entry {number}",
        idempotency_key=f"{KEY}{faults.path.name}/{number}",
        postings=tuple(postings),
        adjusting=first["adjusting"] == "true",
    )


def _posting(pool: Pool, row: Row, faults: Faults) -> Posting | None:
    known: dict[str, Collection[str]] = {
        "account": pool.books.accounts(),
        "scheme": pool.agreement.schemes,
        "contribution": pool.agreement.contributions,
        "partner": pool.agreement.partners,
    }
    for column, ids in known.items():
        if row[column] not in ids and (row[column] or column == "account"):
            remedy = "see them in the trial balance" if column == "account" else "use one that check lists"
            faults.add(row.number, f"{column} '{row[column]}' is not one of {pool.agreement.id}: {remedy}")
    if row["scheme"] and (reason := without_case(pool).get(row["scheme"])):
        faults.add(row.number, reason)
    try:
        pence = parse_pounds(row["amount"])
    except MoneyNotUnderstood as error:
        faults.add(row.number, str(error))
        return None
    return Posting(row["account"], pence, row["scheme"] or None, row["contribution"] or None, row["partner"] or None)


def _day(pool: Pool, row: Row, column: str, faults: Faults) -> date | None:
    try:
        day = date.fromisoformat(row[column])
    except ValueError:
        faults.add(row.number, f"{column} '{row[column][:40]}' is not a date: write it as 2016-04-30")
        return None
    if column == "effective" and day not in pool.agreement.year:
        faults.add(row.number, f"{row[column]} is not in {pool.agreement.year}: date the entry in the pool's year")
        return None
    return day

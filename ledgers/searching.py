"""Finding entries by what they or one of their postings say, newest first, a page at a time. Works nothing out."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby, islice
from typing import TypedDict, Unpack

from ledgers import reading
from ledgers.database import Connection
from ledgers.journal import Book, RecordedEntry
from ledgers.kept_texts import TEXTS, KeptTexts
from ledgers.reading import Value
from ledgers.store import Ledger

_MOST = 2**31 - 1
"""Above the number of any entry."""


@dataclass(frozen=True, slots=True)
class PostingSearch:
    """What one posting of an entry must say, all of it together; the amount is in pence whichever side it is on."""

    account: str | None = None
    scheme: str | None = None
    contribution: str | None = None
    partner: str | None = None
    pence_from: int | None = None
    pence_to: int | None = None


@dataclass(frozen=True, slots=True)
class EntrySearch:
    """What an entry must say to be found; what is None or empty is not asked about.

    ``text`` stands anywhere in its reason, its reference or its key, capital or small. Days are counted with both
    ends; those of recording in UTC.
    """

    text: str = ""
    book: Book | None = None
    kind: str | None = None
    who: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    recorded_from: date | None = None
    recorded_to: date | None = None
    event: int | None = None
    posting: PostingSearch = PostingSearch()


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry that was found, and the entry that reverses it where one does."""

    recorded: RecordedEntry
    reversed_by: int | None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Entries that were found, newest first; whether older and newer ones meet the search too.

    On the side that the page was turned from, the entry it was turned at is taken for one of them.
    """

    entries: tuple[FoundEntry, ...]
    has_older: bool
    has_newer: bool


class Turn(TypedDict, total=False):
    """Which page of what was found: before an entry or after one, so many at once, as the books stood at an event.

    ``texts`` are kept from one search to the next where a program lives long enough to gain by it.
    """

    as_of: int | None
    before: int | None
    after: int | None
    take: int
    texts: KeptTexts | None


def search_entries(ledger: Ledger, search: EntrySearch, **turn: Unpack[Turn]) -> FoundPage:
    """The newest entries that meet a search, of those recorded before an entry, or the next ones after it.

    A page is found by the number of the entry where the last one ended, so that the ten-thousandth is found as fast
    as the first, and an entry recorded meanwhile moves no row from page to page. With ``as_of`` the books are those of
    that event; raises EventNotFound.
    """
    as_of, before, after = turn.get("as_of"), turn.get("before"), turn.get("after")
    take = turn.get("take", 50)
    with ledger.books.connection() as connection:
        if as_of is not None:
            reading.head(connection, ledger.pool_id, as_of)
        span = _span(connection, ledger.pool_id, search.event)
        if span is None:
            return FoundPage((), has_older=False, has_newer=False)
        low, high = span
        asked = _Asked(connection, ledger.pool_id, search, as_of)
        if (texts := turn.get("texts")) is not None and search == EntrySearch(text=search.text) and search.text:
            asked.texts = texts.candidates(ledger.books.place, ledger.pool_id, connection, search.text)
        # One more than is taken says whether there are others, in the one question that reads the page.
        if after is None:
            found = asked.entries(low, min(high, (before or _MOST) - 1), take + 1, newest_first=True)
            return FoundPage(found[:take], has_older=len(found) > take, has_newer=before is not None)
        found = asked.entries(max(low, after + 1), high, take + 1, newest_first=False)
        return FoundPage(found[-take:], has_older=True, has_newer=len(found) > take)


def reversed_by(ledger: Ledger, number: int) -> int | None:
    """The entry that reverses an entry, where one does."""
    with ledger.books.connection() as connection:
        row = connection.execute(
            "SELECT number FROM entry WHERE pool_id = ? AND reverses = ?", (ledger.pool_id, number)
        ).fetchone()
    return None if row is None else int(row[0])


def _span(connection: Connection, pool_id: str, event: int | None) -> tuple[int, int] | None:
    """The first and last number that an entry may have: those of an event where one is asked for; None for none."""
    if event is None:
        return 1, _MOST
    row = connection.execute(
        "SELECT first_entry, last_entry FROM event WHERE pool_id = ? AND number = ?", (pool_id, event)
    ).fetchone()
    return None if row is None or row[0] is None else (int(row[0]), int(row[1]))


class _Asked:
    """One search put to the books as conditions of SQL."""

    def __init__(self, connection: Connection, pool_id: str, search: EntrySearch, as_of: int | None) -> None:
        self._connection = connection
        self._pool_id = pool_id
        self._entry = _of_entry(search, as_of, connection.like)
        self._posting = _of_posting(search.posting)
        self._as_of = as_of
        self.texts: Iterator[int] | None = None

    def entries(self, low: int, high: int, take: int, *, newest_first: bool) -> tuple[FoundEntry, ...]:
        """The entries that meet the search from a number to a number, as many as are taken, newest first."""
        if self.texts is not None:
            fitting = (number for number in self.texts if low <= number <= high)
            known = list(islice(fitting, take) if newest_first else deque(fitting, take))
            found = self._read(*self._of(known)) if known else ()
            if len(found) == len(known):
                return found
        return self._read(*self._numbers(low, high, take, newest_first=newest_first))

    def _read(self, numbers: str, values: list[Value]) -> tuple[FoundEntry, ...]:
        """The entries whose numbers a question gives, newest first."""
        as_of, then = ("", []) if self._as_of is None else ("AND reversal.event <= ?", [self._as_of])
        rows = self._connection.execute(
            f"""SELECT {reading.ENTRY_COLUMNS}, {reading.POSTING_COLUMNS}, reversal.number FROM ({numbers}) AS found
            JOIN entry ON entry.pool_id = ? AND entry.number = found.number
            JOIN posting ON posting.pool_id = entry.pool_id AND posting.entry = entry.number
            LEFT JOIN entry AS reversal
                ON reversal.pool_id = entry.pool_id AND reversal.reverses = entry.number {as_of}
            ORDER BY entry.number DESC, posting.line""",
            [*values, self._pool_id, *then],
        )
        lines = [list(of) for _, of in groupby(rows, key=lambda row: row[0])]
        return tuple(FoundEntry(reading.recorded_entry(of), of[0][-1]) for of in lines)

    def _of(self, known: Sequence[int]) -> tuple[str, list[Value]]:
        """The question which of these numbers the search meets, with its values."""
        where = " AND ".join(condition for condition, _ in self._entry)
        question = f"""SELECT number FROM entry WHERE pool_id = ? AND number IN ({", ".join("?" * len(known))})
            AND {where}"""
        return question, [self._pool_id, *known, *_values(self._entry)]

    def _numbers(self, low: int, high: int, take: int, *, newest_first: bool) -> tuple[str, list[Value]]:
        """The question of the numbers of those entries, with its values."""
        order = "DESC" if newest_first else "ASC"
        if self._posting:
            number, of = "posting.entry", "posting"
            joined = "JOIN entry ON entry.pool_id = posting.pool_id AND entry.number = posting.entry"
            source = f"posting {joined}" if self._entry else "posting"
        else:
            number, of, source = "entry.number", "entry", "entry"
        conditions = [*self._posting, *self._entry]
        where = " AND ".join((f"{of}.pool_id = ?", f"{number} BETWEEN ? AND ?", *(each for each, _ in conditions)))
        # Of one entry several postings may meet it; an entry that is asked about itself is there once.
        distinct = "DISTINCT " if self._posting else ""
        question = f"SELECT {distinct}{number} AS number FROM {source} WHERE {where} ORDER BY 1 {order} LIMIT ?"
        return question, [self._pool_id, low, high, *_values(conditions), take]


def _values(conditions: Iterable[tuple[str, Value]]) -> list[Value]:
    """The value of each mark of some conditions."""
    return [value for condition, value in conditions for _ in range(condition.count("?"))]


def _of_entry(search: EntrySearch, as_of: int | None, like: str) -> list[tuple[str, Value]]:
    """The conditions on the entry itself; all marks of one have its one value."""
    end_of_day = f"{search.recorded_to.isoformat()}T23:59:59Z" if search.recorded_to else None
    given: list[tuple[str, Value | date | None]] = [
        ("entry.book = ?", search.book),
        ("entry.kind = ?", search.kind),
        ("entry.who = ?", search.who),
        ("entry.effective_on >= ?", search.effective_from),
        ("entry.effective_on <= ?", search.effective_to),
        ("entry.recorded_at >= ?", search.recorded_from),
        ("entry.recorded_at <= ?", end_of_day),
        ("entry.event <= ?", as_of),
    ]
    found: list[tuple[str, Value]] = [
        (condition, value.isoformat() if isinstance(value, date) else value)
        for condition, value in given
        if value is not None
    ]
    if search.text:
        meets = " OR ".join(f"entry.{each} {like} ? ESCAPE '!'" for each in TEXTS)
        found.append((f"({meets})", _anywhere(search.text)))
    return found


def _anywhere(text: str) -> str:
    """The pattern that finds a text letter for letter wherever it stands."""
    for sign in "!%_":
        text = text.replace(sign, f"!{sign}")
    return f"%{text}%"


def _of_posting(search: PostingSearch) -> list[tuple[str, Value]]:
    conditions = {"pence_from": "abs(posting.amount_pence) >= ?", "pence_to": "abs(posting.amount_pence) <= ?"}
    return [
        (conditions.get(each.name, f"posting.{each.name} = ?"), value)
        for each in fields(search)
        if (value := getattr(search, each.name)) is not None
    ]

"""Searching the journal: what a person asks, in their words, and the entries that meet it. Changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TypeVar, Unpack, get_args

from ledgers.journal import Book, Entry
from ledgers.money import MoneyNotUnderstood, parse_pounds
from ledgers.registers import Registers
from ledgers.searching import EntrySearch, FoundEntry, FoundPage, PostingSearch, Turn, search_entries
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool

T = TypeVar("T")

QUESTIONS: Mapping[str, str] = {
    "text": "text in the reason, the reference or the key",
    "book": "budget, actual or forecast",
    "kind": "the kind of entry, such as journal or spend",
    "who": "who made it",
    "account": "an account of a posting",
    "scheme": "a scheme line of a posting",
    "contribution": "a contribution of a posting",
    "partner": "a partner of a posting",
    "effective from": "effective on this day or later",
    "effective to": "effective on this day or earlier",
    "recorded from": "recorded on this day or later, UTC",
    "recorded to": "recorded on this day or earlier, UTC",
    "amount from": "a posting of at least so much, debit or credit",
    "amount to": "a posting of at most so much, debit or credit",
    "event": "carried by this event",
}
"""What may be asked of the journal, and what each question means; the command line and the page ask the same."""

_LONGEST = 200
"""Characters of a text to look for."""

_LONGEST_NUMBER = 15
"""Digits; a database holds no longer number."""


class SearchNotUnderstood(InputRefused):
    """A question of a search that cannot be read, with every such question."""


def search_of(pool: Pool, asked: Mapping[str, str]) -> EntrySearch:
    """The search that these answers to ``QUESTIONS`` stand for; what is left out or blank is not asked about.

    Raises:
        SearchNotUnderstood: with every answer that cannot be read.
    """
    return search_from(pool.books.registers(), pool.books.pool_id, asked)


def search_from(known: Registers, pool_id: str, asked: Mapping[str, str]) -> EntrySearch:
    """The same, where the pool's registers are at hand."""
    faults: list[str] = []

    def read(name: str, parse: Callable[[str], T]) -> T | None:
        text = asked.get(name, "").strip()
        if not text:
            return None
        try:
            return parse(text)
        except SearchNotUnderstood as fault:
            faults.append(f"{name} {fault}")
            return None

    search = EntrySearch(
        text=read("text", _text) or "",
        book=read("book", _book),
        kind=read("kind", _text),
        who=read("who", _text),
        effective_from=read("effective from", _day),
        effective_to=read("effective to", _day),
        recorded_from=read("recorded from", _day),
        recorded_to=read("recorded to", _day),
        event=read("event", _event),
        posting=PostingSearch(
            account=read("account", lambda text: _known(text, known.accounts, pool_id)),
            scheme=read("scheme", lambda text: _known(text, known.schemes, pool_id)),
            contribution=read("contribution", lambda text: _known(text, known.contributions, pool_id)),
            partner=read("partner", lambda text: _known(text, known.partners, pool_id)),
            pence_from=read("amount from", _pence),
            pence_to=read("amount to", _pence),
        ),
    )
    if faults:
        raise SearchNotUnderstood(*faults)
    return search


def journal_page(pool: Pool, search: EntrySearch, **turn: Unpack[Turn]) -> FoundPage:
    """A page of the entries that meet a search, newest first, as ``ledgers.searching`` turns them.

    Raises:
        NotAllowed: the person may take no copies of postings.
        EventNotFound: the log has no event ``as_of``.
    """
    require(pool.actor, Action.EXPORT)
    return search_entries(pool.books, search, **turn)


def every_found(pool: Pool, search: EntrySearch, as_of: int | None = None) -> Iterator[FoundEntry]:
    """Every entry that meets a search, newest first; raises as ``journal_page`` does."""
    before: int | None = None
    while True:
        page = journal_page(pool, search, as_of=as_of, before=before, take=500)
        yield from page.entries
        if not page.has_older:
            return
        before = page.entries[-1].recorded.number


def debits_pence(entry: Entry) -> int:
    """What an entry moves: its debits in pence, which its credits equal."""
    return sum(each.amount_pence for each in entry.postings if each.amount_pence > 0)


def _text(text: str) -> str:
    if len(text) > _LONGEST:
        raise SearchNotUnderstood(f"is longer than {_LONGEST} characters: look for a part of it")
    if not text.isprintable():
        raise SearchNotUnderstood("holds a sign that cannot be printed: write it in plain letters")
    return text


def _book(text: str) -> Book:
    found: Book | None = next((each for each in get_args(Book) if each == text), None)
    if found is None:
        raise SearchNotUnderstood(f"'{text[:40]}' is not a book: write budget, actual or forecast")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SearchNotUnderstood(f"'{text[:40]}' is not a date: write it as 2016-07-01") from None


def _pence(text: str) -> int:
    try:
        return abs(parse_pounds(text))
    except MoneyNotUnderstood as fault:
        raise SearchNotUnderstood(f"is not an amount: {fault}") from None


def _event(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
        raise SearchNotUnderstood(f"'{text[:40]}' is not the number of an event, such as 12")
    return int(text)


def _known(text: str, ids: Mapping[str, object], pool_id: str) -> str:
    if text not in ids:
        raise SearchNotUnderstood(f"'{text[:40]}' is not one of {pool_id}: it has {', '.join(sorted(ids))}")
    return text

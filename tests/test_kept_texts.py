"""Texts of entries kept in memory find what reading every row finds, on both databases, also as books grow or go."""

from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from ledger_homes import Home
from ledgers.journal import Entry, Posting
from ledgers.kept_texts import KeptTexts
from ledgers.place import Place
from ledgers.searching import EntrySearch, FoundPage, search_entries
from pooledfund.access import Action
from pooledfund.agreement_file import read_agreement_text
from pooledfund.pool import Pool
from pools import MANAGER, TOWN

WHYS = ("Home visits", "\x1e\x1fhome\x1e", "Café ÉCLAIR", "", "home home", "İnvoice of Home")
TEXTS = ("home", "HOME", "éclair", "É", "inv-1", "k/", "x/3k", "no such words", "home\x1e", "\x1f", " home", "e\nh")


def entry(number: int) -> Entry:
    legs = (Posting("expenditure", 100, "care", None, "council"), Posting("creditors", -100, "care", None, "council"))
    day = date(2023, 5, 1)
    why = WHYS[number % 6] or "-"
    return Entry("actual", "spend", day, day, "kim", why, f"INV-{number}x/{number}", f"k/{number}", legs)


def pool_at(place: Place) -> Pool:
    return Pool.create(
        place, read_agreement_text(TOWN, "town.yaml"), MANAGER, lambda: datetime(2023, 10, 1, tzinfo=UTC)
    )


def grown(pool: Pool, first: int, last: int) -> None:
    with pool.writing(Action.POST) as writing:
        writing.record_all([entry(number) for number in range(first, last)])


def pages(pool: Pool, text: str, texts: KeptTexts | None, take: int = 3) -> list[FoundPage]:
    """Every page of a search from the newest back, and every one of the way forth again."""
    search, found = EntrySearch(text=text), list[FoundPage]()
    before: int | None = None
    while not found or found[-1].has_older:
        found.append(search_entries(pool.books, search, before=before, take=take, texts=texts))
        before = found[-1].entries[-1].recorded.number if found[-1].entries else None
    after = before or 1
    while not after or found[-1].has_newer or found[-1].has_older:
        found.append(search_entries(pool.books, search, after=after, take=take, texts=texts))
        if not found[-1].has_newer:
            return found
        after = found[-1].entries[0].recorded.number
    return found


def same(pool: Pool, texts: KeptTexts) -> None:
    for text in TEXTS:
        assert pages(pool, text, texts) == pages(pool, text, None), text


@pytest.mark.parametrize("in_chunk", [1, 7, 4096])
def test_kept_texts_find_what_the_rows_say(home: Home, in_chunk: int) -> None:
    pool, texts = pool_at(home.new()), KeptTexts(in_chunk)
    for first, last in pairwise((0, 5, 6, 20)):
        grown(pool, first, last)
        same(pool, texts)
    assert len(pages(pool, "home", texts)) > 6


def test_texts_that_could_be_told_from_memory_alone_are_not_read_again(home: Home) -> None:
    """A row is asked for by its number: the search reads no other."""
    pool, texts = pool_at(home.new()), KeptTexts()
    grown(pool, 0, 20)
    with pool.books.books.connection() as connection:
        numbers = texts.candidates(pool.books.books.place, pool.books.pool_id, connection, "INV-1")
        assert numbers is not None
        (newest, *_) = found = list(numbers)
    assert len(found) == 11  # INV-1 and INV-10 to INV-19
    assert pool.books.entry(newest).entry.source_reference == "INV-19x/19"


def test_other_books_in_the_same_place_are_read_anew(tmp_path: Path) -> None:
    place, texts = tmp_path / "books.db", KeptTexts()
    first = pool_at(place)
    grown(first, 0, 12)
    same(first, texts)
    for each in tmp_path.glob("books.db*"):
        each.unlink()
    second = pool_at(place)
    grown(second, 30, 33)
    same(second, texts)
    assert [each.recorded.entry.idempotency_key for each in pages(second, "k/3", texts)[0].entries] == [
        "k/32",
        "k/31",
        "k/30",
    ]


def test_only_so_many_pools_are_kept(home: Home) -> None:
    one, two, texts = pool_at(home.new()), pool_at(home.new()), KeptTexts(most_pools=1)
    grown(one, 0, 3)
    grown(two, 3, 9)
    for pool in (one, two, one):
        same(pool, texts)

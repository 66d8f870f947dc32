"""What holds of any books whatever is recorded: nil sums, kept balances, and a past that later entries leave alone."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_homes import Home, open_in
from ledger_sample import AT, CHART, WHO
from ledgers.balances import Dimension
from ledgers.journal import Book, Entry, Posting, reversal_of
from ledgers.refusals import BudgetOverdrawn
from ledgers.store import Ledger

DIMENSIONS: tuple[Dimension, ...] = ("account", "scheme", "contribution", "partner", "month")
BOOKS: tuple[Book, ...] = ("budget", "actual", "forecast")

legs = st.builds(
    Posting,
    account=st.sampled_from([account.code for account in CHART]),
    amount_pence=st.integers(-(10**12), 10**12).filter(bool),
    scheme=st.sampled_from([None, "S1", "S2"]),
    contribution=st.sampled_from([None, "nhs-min", "dfg"]),
    partner=st.sampled_from([None, "kcc", "ccg"]),
)
days = st.integers(0, 364).map(lambda days: date(2016, 4, 1) + timedelta(days))


@st.composite
def balanced(draw: st.DrawFn) -> tuple[Book, date, tuple[Posting, ...]]:
    """A book, a day of the year and postings that sum to nil, by a last leg that makes them so."""
    postings = draw(st.lists(legs, min_size=1, max_size=4))
    left = -sum(posting.amount_pence for posting in postings)
    closing = (Posting("pool_cash", left),) if left else (Posting("pool_cash", 1), Posting("pool_cash", -1))
    return draw(st.sampled_from(BOOKS)), draw(days), (*postings, *closing)


def entry(key: str, book: Book, day: date, postings: tuple[Posting, ...]) -> Entry:
    return Entry(book, "journal", day, day, WHO, "any reason", "", key, postings)


def record_each(ledger: Ledger, prefix: str, drawn: list[tuple[Book, date, tuple[Posting, ...]]]) -> list[Entry]:
    """Record what the books take, one by one, and reverse every third; those under a floor are refused."""
    kept = []
    with ledger.writing(WHO, AT) as writing:
        for place, each in enumerate(drawn):
            try:
                number = writing.record(entry(f"{prefix}{place}", *each)).number
                kept.append(ledger.entry(number).entry)
                if place % 3 == 2:
                    reversal = reversal_of(
                        ledger.entry(number),
                        effective_on=each[1],
                        who=WHO,
                        why="wrong",
                        idempotency_key=f"{prefix}r{place}",
                    )
                    writing.record(reversal)
                    kept.append(reversal)
            except BudgetOverdrawn:
                continue
    return kept


def all_balances(ledger: Ledger, as_of: int | None = None) -> list[dict[tuple[str | int | None, ...], int]]:
    asked = [by for size in range(len(DIMENSIONS) + 1) for by in combinations(DIMENSIONS, size)]
    return [ledger.balances(book, by, as_of=as_of) for book in BOOKS for by in asked]


@settings(max_examples=10, deadline=None)
@given(first=st.lists(balanced(), max_size=8), later=st.lists(balanced(), max_size=5))
def test_books_balance_keep_their_balances_and_leave_the_past_alone(
    home: Home, first: list[tuple[Book, date, tuple[Posting, ...]]], later: list[tuple[Book, date, tuple[Posting, ...]]]
) -> None:
    ledger = open_in(home)
    recorded = record_each(ledger, "first", first)
    then = ledger.head()
    past, entries_then = all_balances(ledger), ledger.entries()
    assert [each.entry for each in entries_then] == recorded

    recorded += record_each(ledger, "later", later)
    assert all_balances(ledger, as_of=then.number) == past
    assert ledger.entries(as_of=then.number) == entries_then
    assert all_balances(ledger, as_of=ledger.head().number) == all_balances(ledger)
    assert ledger.verify(head=str(then)) == []

    for book in BOOKS:
        assert sum(ledger.balances(book, DIMENSIONS).values()) == 0
        by_hand: Counter[str] = Counter()
        for each in recorded:
            for posting in each.postings if each.book == book else ():
                by_hand[posting.account] += posting.amount_pence
        assert {code: pence for (code,), pence in ledger.balances(book, ("account",)).items()} == by_hand
        unallocated = ledger.balances(book, ("contribution",), accounts=["unallocated"])
        assert all(pence >= 0 for pence in unallocated.values())


@settings(max_examples=15, deadline=None)
@given(drawn=balanced(), times=st.integers(2, 4))
def test_however_often_an_entry_arrives_it_is_recorded_once(
    home: Home, drawn: tuple[Book, date, tuple[Posting, ...]], times: int
) -> None:
    ledger = open_in(home)
    if record_each(ledger, "a", [drawn]):
        for _ in range(times):
            with ledger.writing(WHO, AT) as writing:
                assert writing.record(entry("a0", *drawn)).outcome == "already there"
        assert len(ledger.entries()) == 1

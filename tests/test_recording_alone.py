"""One entry as the whole of a transaction: the three outcomes, what others wrote meanwhile, what a refusal leaves."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import psycopg
import pytest

from ledger_homes import Home, PostgresHome, open_in
from ledger_sample import AT, WHO, budget, pool_spec, spend
from ledgers.place import Url
from ledgers.refusals import (
    AlreadyWriting,
    BudgetOverdrawn,
    DateOutsideYear,
    EntryDoesNotBalance,
    EntryIncomplete,
    KeyConflict,
    PeriodClosed,
    RowRefused,
    UnknownAccount,
)
from ledgers.store import Books, Ledger


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    """Books kept open in which one entry is recorded, so that it is known where the pool stands."""
    ledger = open_in(home)
    with ledger.books.kept_open():
        ledger.record(spend("first"), who=WHO, at=AT)
        yield ledger


def test_an_entry_alone_is_recorded_or_there_already_or_refused(ledger: Ledger) -> None:
    outcomes = [ledger.record(spend(key), who=WHO, at=AT) for key in ("second", "third", "second", "fourth")]
    assert [(each.number, each.outcome) for each in outcomes] == [
        (2, "recorded"),
        (3, "recorded"),
        (2, "already there"),
        (4, "recorded"),
    ]
    with pytest.raises(KeyConflict, match="another posting 1 amount"):
        ledger.record(spend("second", 1), who=WHO, at=AT)
    assert [each.entry for each in ledger.entries()] == [spend(key) for key in ("first", "second", "third", "fourth")]
    assert ledger.verify() == []


def test_a_refusal_names_its_rule_and_leaves_the_books_as_they_were(ledger: Ledger) -> None:
    with ledger.writing(WHO, AT) as writing:
        writing.set_month(2, "closed", reason="done")
    for key, wrong, rule in (
        ("closed", spend("closed"), PeriodClosed),
        ("year", spend("year", on=date(2015, 5, 3)), DateOutsideYear),
        ("short", budget("short", ("unallocated", 5, None), ("contribution_plan", -4, None)), EntryDoesNotBalance),
        ("floor", budget("floor", ("unallocated", -5, None), ("contribution_plan", 5, None)), BudgetOverdrawn),
        ("name", budget("name", ("nowhere", 5, None), ("contribution_plan", -5, None)), UnknownAccount),
    ):
        ledger.record(spend(f"before {key}", on=date(2016, 6, 1)), who=WHO, at=AT)
        head = ledger.head()
        with pytest.raises(rule, match=f"entry '{key}'"):
            ledger.record(wrong, who=WHO, at=AT)
        assert ledger.head() == head
    ledger.record(spend("after", on=date(2016, 6, 1)), who=WHO, at=AT)
    assert len(ledger.entries()) == 7
    assert ledger.verify() == []


def test_what_others_recorded_meanwhile_is_taken_into_account(ledger: Ledger) -> None:
    other = Books.open(ledger.books.place).pool("thanet")
    for number in range(3):
        assert other.record(spend(f"theirs {number}"), who=WHO, at=AT).number == 2 * number + 2
        assert ledger.record(spend(f"ours {number}"), who=WHO, at=AT).number == 2 * number + 3
    assert ledger.record(spend("theirs 2"), who=WHO, at=AT).outcome == "already there"
    assert ledger.verify() == []
    other.books.close()


def test_the_same_entry_from_many_at_once_is_recorded_once(ledger: Ledger) -> None:
    outcomes: list[str] = []

    def post() -> None:
        mine = Books.open(ledger.books.place).pool("thanet")
        with mine.books.kept_open():
            outcomes.extend(mine.record(spend(f"shared {number}"), who=WHO, at=AT).outcome for number in range(8))
        mine.books.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {"recorded": 8, "already there": 24}
    assert [each.number for each in ledger.entries()] == list(range(1, 10))
    assert ledger.verify() == []


def test_an_entry_alone_is_not_recorded_inside_another_transaction(ledger: Ledger) -> None:
    with ledger.books.kept_open(), pytest.raises(AlreadyWriting), ledger.writing(WHO, AT):
        ledger.record(spend("inside"), who=WHO, at=AT)
    ledger.record(spend("outside"), who=WHO, at=AT)
    assert len(ledger.entries()) == 2


def test_a_pool_is_not_presumed_to_stand_where_another_does(ledger: Ledger) -> None:
    swale = ledger.books.open_pool(pool_spec("swale"), who=WHO, at=AT, payload={})
    for number in range(2):
        for each in (ledger, swale):
            each.record(spend(f"both {number}"), who=WHO, at=AT)
    assert (len(ledger.entries()), len(swale.entries())) == (3, 2)
    assert ledger.verify() == swale.verify() == []


def test_a_text_that_the_database_cannot_hold_is_refused_alone_too(postgres_home: PostgresHome) -> None:
    ledger = open_in(postgres_home)
    ledger.record(spend("first"), who=WHO, at=AT)
    with pytest.raises(EntryIncomplete, match="NUL character"):
        ledger.record(spend("nul \x00 inside"), who=WHO, at=AT)
    good = spend("nul in a line")
    line = replace(good, postings=tuple(replace(each, scheme="nul \x00") for each in good.postings))
    with pytest.raises(RowRefused):
        ledger.record(line, who=WHO, at=AT)
    odd = spend('a "quoted" {key}, with \\ and \n and é')
    assert ledger.record(odd, who=WHO, at=AT).number == 2
    assert ledger.entry(2).entry == odd
    assert ledger.verify() == []


def test_a_server_that_lost_the_statement_is_told_it_again(postgres_home: PostgresHome) -> None:
    """As behind a program that shares its connections out among many."""
    ledger = open_in(postgres_home)
    with ledger.books.kept_open():
        for number in range(1, 5):
            with ledger.books.connection() as connection:
                connection.execute("DEALLOCATE ALL")
            assert ledger.record(spend(f"key {number}"), who=WHO, at=AT).number == number
    assert ledger.verify() == []


def test_many_postings_of_one_statement_move_what_few_do(home: Home) -> None:
    at_once, one_by_one = open_in(home), open_in(home)
    entries = [spend(f"key {number}", 100 + number, scheme=f"S{number % 2 + 1}") for number in range(40)]
    with at_once.writing(WHO, AT) as writing:
        writing.record_all(entries)
    for entry in entries:
        one_by_one.record(entry, who=WHO, at=AT)
    kept = [each.balances("actual", ("account", "scheme", "partner", "month")) for each in (at_once, one_by_one)]
    assert kept[0] == kept[1]
    assert at_once.verify() == one_by_one.verify() == []


def test_a_balance_moved_often_in_one_transaction_gathers_no_locks(postgres_home: PostgresHome) -> None:
    """Each lock left on it would be looked at by every later entry: a hundred thousand took most of an hour."""
    ledger = open_in(postgres_home)
    with ledger.writing(WHO, AT) as writing:
        for number in range(5):
            writing.record(spend(f"key {number}"))
    assert isinstance(ledger.books.place, Url)
    with psycopg.connect(ledger.books.place.secret) as raw:
        assert raw.execute("SELECT DISTINCT xmax::text FROM balance").fetchall() == [("0",)]

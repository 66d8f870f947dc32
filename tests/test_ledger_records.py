"""Recording, reading back and the three outcomes, through the ledger's own commands."""

from dataclasses import replace
from datetime import date

import pytest

from ledger_homes import Home, open_in
from ledger_sample import AT, WHO, budget, pool_spec, spend
from ledgers.accounts import Account
from ledgers.journal import Entry, Posting, Recorded, reversal_of
from ledgers.refusals import (
    AlreadyReversed,
    AlreadyWriting,
    AmountTooLarge,
    BudgetOverdrawn,
    DateOutsideYear,
    EntryDoesNotBalance,
    EntryHasOneLeg,
    EntryIncomplete,
    EntryNotFound,
    EntryRefused,
    EventNotFound,
    KeyConflict,
    MonthStateRefused,
    OriginalNotFound,
    PeriodClosed,
    PoolAlreadyThere,
    PoolNotFound,
    PostingIsNil,
    ReversalIsNoMirror,
    ReversalOfReversal,
    UnknownAccount,
    UnknownDimension,
)
from ledgers.registers import registers_of
from ledgers.sources import Batch, SourceLine
from ledgers.store import Ledger


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return open_in(home)


def record(ledger: Ledger, *entries: Entry) -> list[Recorded]:
    with ledger.writing(WHO, AT) as writing:
        return writing.record_all(entries)


def mirror(ledger: Ledger, number: int, key: str, on: date = date(2016, 6, 1)) -> Entry:
    return reversal_of(ledger.entry(number), effective_on=on, who=WHO, why="entered twice", idempotency_key=key)


def test_an_entry_reads_back_as_it_was_recorded(ledger: Ledger) -> None:
    entry = spend("a", on=date(2017, 3, 31))
    assert record(ledger, entry) == [Recorded(1, "recorded")]
    kept = ledger.entry(1)
    assert (kept.entry, kept.month, kept.event, kept.recorded_at) == (entry, 12, 2, "2016-04-01T09:00:00Z")
    assert ledger.entry_by_key("a") == kept
    assert ledger.entry_by_key("b") is None


def test_the_same_content_again_is_already_there_and_writes_nothing(ledger: Ledger) -> None:
    record(ledger, spend("a"), spend("b"))
    head = ledger.head()
    assert record(ledger, spend("b"), replace(spend("a"), who="a colleague")) == [
        Recorded(2, "already there"),
        Recorded(1, "already there"),
    ]
    assert ledger.head() == head


def test_a_file_may_bring_old_and_new_and_the_same_entry_twice(ledger: Ledger) -> None:
    record(ledger, spend("a"))
    outcomes = record(ledger, spend("b"), spend("a"), spend("b"), spend("c"))
    assert [(each.number, each.outcome) for each in outcomes] == [
        (2, "recorded"),
        (1, "already there"),
        (2, "already there"),
        (3, "recorded"),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"why": "other"}, "why"),
        ({"document_on": date(2016, 5, 9)}, "document on"),
        ({"effective_on": date(2016, 5, 9), "why": "other"}, "effective on"),
        ({"adjusting": True}, "adjusting"),
        ({"postings": spend("a", 7).postings}, "posting 1 amount pence"),
        ({"postings": spend("a", scheme="S2").postings}, "posting 1 scheme"),
        ({"postings": (*spend("a").postings, *spend("a").postings)}, "number of postings"),
    ],
)
def test_a_key_with_other_content_names_the_first_field_that_differs(
    ledger: Ledger, change: dict[str, object], field: str
) -> None:
    record(ledger, spend("a"))
    with pytest.raises(KeyConflict, match=f"entry 1 with another {field}:"):
        record(ledger, spend("b"), replace(spend("a"), **change))  # type: ignore[arg-type]
    assert len(ledger.entries()) == 1


PLUS, MINUS = Posting("expenditure", 5), Posting("pool_cash", -5)


@pytest.mark.parametrize(
    ("change", "refusal", "says"),
    [
        ({"postings": (PLUS, Posting("pool_cash", -4))}, EntryDoesNotBalance, "£0.01"),
        ({"postings": (PLUS,)}, EntryHasOneLeg, "1 posting"),
        ({"postings": (PLUS, MINUS, Posting("pool_cash", 0))}, PostingIsNil, "pool_cash"),
        ({"postings": (Posting("expenditure", 10**16), Posting("pool_cash", -(10**16)))}, AmountTooLarge, "check"),
        ({"postings": (PLUS, Posting("cash", -5))}, UnknownAccount, "'cash'"),
        ({"postings": (PLUS, replace(MINUS, scheme="S9"))}, UnknownDimension, "scheme 'S9'"),
        ({"postings": (PLUS, replace(MINUS, contribution="S1"))}, UnknownDimension, "contribution 'S1'"),
        ({"postings": (PLUS, replace(MINUS, partner="nobody"))}, UnknownDimension, "partner 'nobody'"),
        ({"effective_on": date(2017, 4, 1)}, DateOutsideYear, "2016/17"),
        ({"why": " "}, EntryIncomplete, "no why"),
        ({"source_reference": "x" * 2001}, EntryIncomplete, "2000 characters"),
        ({"why": "paid\0twice"}, EntryIncomplete, "NUL character"),
        ({"source_reference": "\0"}, EntryIncomplete, "NUL character"),
        ({"corrects": 9}, OriginalNotFound, "correct"),
        ({"reverses": 9}, OriginalNotFound, "reverse"),
    ],
)
def test_a_wrong_entry_is_refused_in_a_sentence(
    ledger: Ledger, change: dict[str, object], refusal: type[EntryRefused], says: str
) -> None:
    with pytest.raises(refusal, match=says) as caught:
        record(ledger, spend("good"), replace(spend("bad"), **change))  # type: ignore[arg-type]
    assert "'bad'" in str(caught.value)
    assert ledger.entries() == []
    assert ledger.head().number == 1


def test_a_refused_file_leaves_what_was_written_before_it_in_the_transaction(ledger: Ledger) -> None:
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("a"))
        with pytest.raises(OriginalNotFound):
            writing.record_all([spend("b"), replace(spend("c"), corrects=9)])
        writing.record(spend("d"))
    assert [each.entry.idempotency_key for each in ledger.entries()] == ["a", "d"]
    assert ledger.verify() == []


def test_a_transaction_is_kept_whole_or_not_at_all(ledger: Ledger) -> None:
    head = ledger.head()

    def stop_half_way() -> None:
        with ledger.writing(WHO, AT) as writing:
            writing.record(spend("a"))
            assert ledger.balances("actual", ("account",))[("expenditure",)] == 12_500
            raise RuntimeError("the program stopped")

    with pytest.raises(RuntimeError):
        stop_half_way()
    assert ledger.head() == head
    assert ledger.balances("actual", ("account",)) == {}


def test_a_second_transaction_inside_the_first_is_refused(ledger: Ledger) -> None:
    with ledger.writing(WHO, AT), pytest.raises(AlreadyWriting), ledger.writing(WHO, AT):
        pass


def test_an_original_is_reversed_once_and_a_correction_names_it(ledger: Ledger) -> None:
    record(ledger, spend("a"))
    record(ledger, mirror(ledger, 1, "r"), replace(spend("right", 13_000), corrects=1))
    assert ledger.balances("actual", ("account", "month")) == {
        ("expenditure", 2): 25_500,
        ("expenditure", 3): -12_500,
        ("pool_cash", 2): -25_500,
        ("pool_cash", 3): 12_500,
    }
    with pytest.raises(AlreadyReversed):
        record(ledger, mirror(ledger, 1, "r2"))
    with pytest.raises(ReversalOfReversal):
        record(ledger, mirror(ledger, 2, "r3"))
    with pytest.raises(ReversalIsNoMirror):
        record(ledger, replace(spend("r4"), reverses=3))


def test_a_reversal_answers_to_the_month_of_its_own_date(ledger: Ledger) -> None:
    record(ledger, spend("a"))
    with ledger.writing(WHO, AT) as writing:
        writing.set_month(2, "closed", reason="reported")
    with pytest.raises(PeriodClosed, match=r"M2 \(May\)"):
        record(ledger, mirror(ledger, 1, "r", on=date(2016, 5, 31)))
    assert record(ledger, mirror(ledger, 1, "r")) == [Recorded(2, "recorded")]


def test_a_month_closes_adjusts_and_reopens_by_events(ledger: Ledger) -> None:
    record(ledger, spend("a"))
    with ledger.writing(WHO, AT) as writing:
        writing.set_month(2, "adjusting", reason="year end")
        with pytest.raises(PeriodClosed, match="adjusting entries only"):
            writing.record(spend("b"))
        writing.record(replace(spend("c"), adjusting=True))
        closed = writing.set_month(2, "closed", reason="signed off")
        writing.set_month(3, "closed", reason="signed off")
        assert writing.record(spend("a")) == Recorded(1, "already there")
        with pytest.raises(MonthStateRefused):
            writing.set_month(2, "closed", reason="again")
        with pytest.raises(MonthStateRefused):
            writing.set_month(13, "closed", reason="what month")
    assert ledger.first_open_day(2) == date(2016, 7, 1)
    with ledger.writing("a director", AT) as writing:
        writing.set_month(2, "open", reason="a late invoice")
        writing.record(spend("b"))
    assert ledger.month_states()[2] == "open"
    assert ledger.month_states(as_of=closed)[2] == "closed"
    assert [each.payload["reason"] for each in ledger.events(kind="month state")][-1] == "a late invoice"
    assert ledger.verify() == []


def test_no_day_is_open_once_the_rest_of_the_year_is_closed(ledger: Ledger) -> None:
    with ledger.writing(WHO, AT) as writing:
        writing.set_month(12, "closed", reason="year end")
    assert ledger.first_open_day(12) is None


def test_a_contributions_unallocated_budget_does_not_fall_below_nil(ledger: Ledger) -> None:
    record(ledger, budget("plan", ("unallocated", 100, None), ("contribution_plan", -100, None)))
    give = budget("give", ("line_budget:original", 100, "S1"), ("unallocated", -100, None))
    record(ledger, give)
    with pytest.raises(BudgetOverdrawn, match=r"£0\.01 from unallocated of contribution nhs-min, which has £0\.00"):
        record(ledger, budget("more", ("line_budget:original", 1, "S1"), ("unallocated", -1, None)))


def test_entries_are_chosen_by_what_is_asked(ledger: Ledger) -> None:
    record(ledger, spend("a"), spend("b", scheme="S2", on=date(2016, 6, 1)))
    record(ledger, budget("plan", ("unallocated", 100, None), ("contribution_plan", -100, None)))
    assert [each.number for each in ledger.entries(book="actual")] == [1, 2]
    assert [each.number for each in ledger.entries(kind="opening budget")] == [3]
    assert [each.number for each in ledger.entries(account="expenditure", scheme="S2")] == [2]
    assert ledger.entries(account="pool_cash", scheme="S2") == []
    assert [each.number for each in ledger.entries(through_month=2)] == [1, 3]
    assert [each.number for each in ledger.entries(as_of=2)] == [1, 2]
    with pytest.raises(EntryNotFound):
        ledger.entry(4)
    with pytest.raises(EventNotFound):
        ledger.entries(as_of=99)


def test_trial_balance_and_statement_agree(ledger: Ledger) -> None:
    record(ledger, spend("late", 300, date(2016, 7, 1)), spend("early", 200), spend("mid", 50, date(2016, 6, 1)))
    trial = ledger.trial_balance("actual")
    assert (trial.debit_pence, trial.credit_pence) == (550, 550)
    statement = ledger.statement("actual", "expenditure", from_month=3)
    assert statement.opening_pence == 200
    assert [(line.entry, line.balance_pence) for line in statement.lines] == [(3, 250), (1, 550)]
    assert statement.closing_pence == 550


def test_a_file_and_its_rows_lead_from_an_entry_back_to_the_source(ledger: Ledger) -> None:
    batch = Batch("e" * 64, "april.csv", "actuals", 2, 1, 12_500, "kcc")
    with ledger.writing(WHO, AT) as writing:
        entry = writing.record(spend("a"))
        kept = writing.batch(batch)
        writing.source_lines([SourceLine(kept.number, 3, {"amount": ""}), SourceLine(1, 2, {"amount": "125.00"}, 1)])
        assert writing.batch(replace(batch, file_name="copy of april.csv")) == Recorded(1, "already there")
        with pytest.raises(KeyConflict, match="batch 1 with another partner"):
            writing.batch(replace(batch, partner="ccg"))
    assert ledger.source_lines(entry=entry.number) == [SourceLine(1, 2, {"amount": "125.00"}, 1)]
    assert [line.file_row for line in ledger.source_lines(batch=1)] == [2, 3]
    assert [each.batch for each in ledger.batches(digest="e" * 64)] == [batch]
    assert ledger.verify() == []


def test_a_variation_adds_to_the_registers(ledger: Ledger) -> None:
    account = Account("suspense", "Suspense", "asset", "debit")
    with ledger.writing(WHO, AT) as writing:
        writing.extend_registers(registers_of([account], {}, {}, {"S3": "Telecare"}))
        writing.record(spend("a", scheme="S3"))
    assert ledger.accounts()["suspense"] == account
    assert ledger.registers().schemes["S3"] == "Telecare"
    assert ledger.verify() == []


def test_pools_share_books_but_nothing_in_them(ledger: Ledger) -> None:
    other = ledger.books.open_pool(pool_spec("swale"), who=WHO, at=AT, payload={})
    record(ledger, spend("a"))
    assert record(other, spend("a", 5)) == [Recorded(1, "recorded")]
    assert other.balances("actual", ()) == {(): 0}
    assert ledger.books.pool_ids() == ("swale", "thanet")
    with pytest.raises(PoolAlreadyThere):
        ledger.books.open_pool(pool_spec("swale"), who=WHO, at=AT, payload={})
    with pytest.raises(PoolNotFound, match="it holds swale, thanet"):
        ledger.books.pool("dover")


def test_an_event_of_the_pools_own_is_kept_and_the_books_own_kinds_are_not_taken(ledger: Ledger) -> None:
    with ledger.writing("the board", AT) as writing:
        number = writing.event("decision", {"quarter": "Q1", "figures": {"spend": "125.00"}})
        with pytest.raises(ValueError, match="the books write themselves"):
            writing.event("month state", {})
        with pytest.raises(TypeError, match="float"):
            writing.event("decision", {"spend": [1.5]})  # type: ignore[list-item]
    event = ledger.events(kind="decision")[0]
    assert (event.number, event.who, event.payload["quarter"]) == (number, "the board", "Q1")
    assert ledger.events(as_of=1)[0].payload["agreement"] == "abc"


def test_the_postings_of_a_line_are_read_a_page_at_a_time_in_their_order(ledger: Ledger) -> None:
    record(
        ledger,
        spend("a", 100),
        spend("b", 200, on=date(2016, 6, 1)),
        spend("c", 300, scheme="S2"),
        spend("d", -50, on=date(2016, 7, 1)),
    )

    def page(skip: int, take: int, months: tuple[int, int] = (1, 12)) -> tuple[int, list[tuple[int, int, int]]]:
        total, found = ledger.postings_page(
            book="actual", accounts=["expenditure"], scheme="S1", months=months, skip=skip, take=take
        )
        return total, [(each.entry, each.month, each.amount_pence) for each in found]

    assert page(0, 2) == (3, [(1, 2, 100), (2, 3, 200)])
    assert page(2, 2) == (3, [(4, 4, -50)])
    assert page(0, 5, (3, 3)) == (1, [(2, 3, 200)])
    (_, (first, *_)) = ledger.postings_page(book="actual", accounts=["expenditure"], scheme="S1")
    assert (first.effective_on, first.source_reference, first.contribution) == (
        date(2016, 5, 3),
        "invoice 1",
        "nhs-min",
    )


def test_entries_of_a_kind_are_the_same_whether_they_are_few_or_many(ledger: Ledger) -> None:
    many = [spend(f"s{number}", 100 + number) for number in range(510)]
    few = [replace(spend(f"v{number}", 7, on=date(2016, 6 + number, 1)), kind="visit") for number in range(3)]
    record(ledger, *many[:300], *few, *many[300:])
    assert [each.entry for each in ledger.entries(book="actual", kind="spend")] == many
    assert [each.entry for each in ledger.entries(book="actual", kind="visit")] == few
    assert [each.number for each in ledger.entries(book="actual", kind="visit", through_month=3)] == [301]
    assert ledger.entries(book="actual", kind="breach") == ledger.entries(book="budget") == []
    assert len(ledger.entries(book="actual")) == len(ledger.entries(kind="spend")) + 3 == 513


def test_a_page_of_postings_need_not_be_counted_again(ledger: Ledger) -> None:
    record(ledger, spend("a", 100), spend("b", 200))
    total, found = ledger.postings_page(book="actual", accounts=["expenditure"], scheme="S1", skip=1, total=2)
    assert (total, [each.amount_pence for each in found]) == (2, [200])

"""Searching the journal finds what a plain reading of every entry finds, page by page, on both databases."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ledger_homes import Home
from ledgers.journal import Entry, Posting, RecordedEntry, reversal_of
from ledgers.refusals import EventNotFound
from ledgers.searching import EntrySearch
from pooledfund.access import Action, NotAllowed, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.cli import main
from pooledfund.cli.commands_journal import SEARCH
from pooledfund.pool import Pool
from pooledfund.reports.postings import COLUMNS, export_found
from pooledfund.results.journal_search import QUESTIONS, SearchNotUnderstood, every_found, journal_page, search_of
from pools import MANAGER, TOWN, as_actor, pool_of

Meets = Callable[[RecordedEntry], bool]

WHYS = ("Home visits 100% paid", "home_visits", '=HYPERLINK("x")', "Café ÉCLAIR!", "équipe [a-z]*", "Day\ncare")


def spend(number: int) -> Entry:
    """An invoice: its line, partner, month, reason and amount by its number."""
    day = date(2023, 4 + number % 6, 1 + number)
    scheme, partner = (("care", "council"), ("rehab", "icb"))[number % 2]
    pence = 100 * (number + 1)
    legs = (
        Posting("expenditure", pence, scheme, "nhs-min", partner),
        Posting("creditors", -pence, scheme, None, partner),
    )
    why, who = WHYS[number % 6], f"person {number % 3}"
    return Entry("actual", "spend", day, day, who, why, f"INV_{number}", f"k/{number}", legs)


@pytest.fixture
def pool(home: Home, tmp_path: Path) -> Pool:
    """A town's pool with eighteen invoices, six on each of three days of recording, one of them reversed."""
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    at = [datetime(2023, 4, 1, tzinfo=UTC)]
    pool = Pool.create(home.new(), read_agreement(tmp_path / "town.yaml"), MANAGER, lambda: at[0])
    for part in range(3):
        at[0] = datetime(2023, 10, 1 + part, 23, 59, 59, tzinfo=UTC)
        with pool.writing(Action.POST) as writing:
            writing.record_all([spend(number) for number in range(part * 6, part * 6 + 6)])
    wrong = pool.books.entry_by_key("k/4")
    assert wrong is not None
    back = reversal_of(wrong, effective_on=date(2023, 9, 1), who="kim", why="wrong line", idempotency_key="k/4/back")
    with pool.writing(Action.POST) as writing:
        writing.record(back)
    return pool


def says(text: str) -> Meets:
    """A text in the reason, the reference or the key, capitals A to Z taken as small."""
    return lambda each: any(
        text in said for said in (each.entry.why, each.entry.source_reference, each.entry.idempotency_key)
    )


def posts(meets: Callable[[Posting], bool]) -> Meets:
    """One posting that meets it all."""
    return lambda each: any(meets(posting) for posting in each.entry.postings)


CASES: list[tuple[dict[str, str], Meets]] = [
    ({}, lambda _: True),
    ({"text": "100%"}, says("100%")),
    ({"text": "home_visits"}, says("home_visits")),
    ({"text": "!"}, says("!")),
    ({"text": "[A-Z]*"}, says("[a-z]*")),
    ({"text": "=hyper"}, says("=HYPER")),
    ({"text": "éclair"}, says("éclair")),
    ({"text": "ÉCLAIR"}, says("ÉCLAIR")),
    ({"text": "inv_1"}, says("INV_1")),
    ({"text": "K/1"}, says("k/1")),
    ({"book": "budget"}, lambda each: each.entry.book == "budget"),
    ({"kind": "spend"}, lambda each: each.entry.kind == "spend"),
    ({"who": "person 2"}, lambda each: each.entry.who == "person 2"),
    ({"account": "creditors"}, posts(lambda each: each.account == "creditors")),
    ({"scheme": "care", "book": "actual"},
     lambda each: each.entry.book == "actual" and posts(lambda leg: leg.scheme == "care")(each)),
    ({"account": "creditors", "contribution": "nhs-min"},
     posts(lambda each: each.account == "creditors" and each.contribution == "nhs-min")),
    ({"partner": "icb"}, posts(lambda each: each.partner == "icb")),
    ({"effective from": "2023-05-01", "effective to": "2023-06-09"},
     lambda each: date(2023, 5, 1) <= each.entry.effective_on <= date(2023, 6, 9)),
    ({"recorded from": "2023-10-02", "recorded to": "2023-10-02"},
     lambda each: each.recorded_at.startswith("2023-10-02")),
    ({"recorded to": "9999-12-31"}, lambda _: True),
    ({"amount from": "3.00", "amount to": "-£5"}, posts(lambda each: 300 <= abs(each.amount_pence) <= 500)),
    ({"amount from": "4", "account": "creditors", "text": "inv"},
     lambda each: says("INV")(each)
     and posts(lambda leg: leg.account == "creditors" and abs(leg.amount_pence) >= 400)(each)),
    ({"event": "3"}, lambda each: each.event == 3),
    ({"event": "1"}, lambda each: each.event == 1),
    ({"event": "99999"}, lambda each: each.event == 99999),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "meets"), CASES, ids=[str(asked) for asked, _ in CASES])
def test_what_is_found_is_what_a_plain_reading_finds(pool: Pool, asked: dict[str, str], meets: Meets) -> None:
    expected = [each for each in reversed(pool.books.entries()) if meets(each)]
    search = search_of(pool, asked)
    assert [each.recorded for each in every_found(pool, search)] == expected
    first = journal_page(pool, search, take=2)
    assert [each.recorded for each in first.entries] == expected[:2]
    assert (first.has_older, first.has_newer) == (len(expected) > 2, False)


def test_the_cases_find_something_and_not_everything(pool: Pool) -> None:
    """The comparison above would hold of empty answers too."""
    every = len(pool.books.entries())
    counts = [sum(meets(each) for each in pool.books.entries()) for _, meets in CASES]
    assert sum(0 < count < every for count in counts) >= 19


def test_pages_turn_both_ways_and_an_entry_recorded_meanwhile_moves_no_row(pool: Pool) -> None:
    search = search_of(pool, {"kind": "spend", "book": "actual"})
    every = [each.recorded.number for each in every_found(pool, search)]
    first = journal_page(pool, search, take=7)
    second = journal_page(pool, search, take=7, before=every[6])
    with pool.writing(Action.POST) as writing:
        writing.record(spend(18))
    assert journal_page(pool, search, take=7, before=every[6]) == second
    assert [each.recorded.number for each in second.entries] == every[7:14]
    assert (second.has_older, second.has_newer) == (True, True)
    back = journal_page(pool, search, take=7, after=every[7])
    assert back.entries == first.entries
    assert (back.has_older, back.has_newer) == (True, True)
    last = journal_page(pool, search, take=7, before=every[13])
    assert [each.recorded.number for each in last.entries] == every[14:]
    assert not last.has_older


def test_the_books_as_they_stood_have_no_later_entry_and_no_later_reversal(pool: Pool) -> None:
    wrong, back = (pool.books.entry_by_key(key) for key in ("k/4", "k/4/back"))
    assert wrong is not None
    assert back is not None
    search = EntrySearch(text="k/4")
    now = [(each.recorded.number, each.reversed_by) for each in every_found(pool, search)]
    assert now == [(back.number, None), (wrong.number, back.number)]
    then = [(each.recorded.number, each.reversed_by) for each in every_found(pool, search, as_of=back.event - 1)]
    assert then == [(wrong.number, None)]
    with pytest.raises(EventNotFound):
        journal_page(pool, search, as_of=back.event + 1)


def test_what_cannot_be_read_is_said_all_at_once(pool: Pool) -> None:
    with pytest.raises(SearchNotUnderstood) as refused:
        search_of(
            pool,
            {"text": "a\x00b", "book": "cash", "account": "gold", "effective from": "31/4", "amount to": "much",
             "event": "-1", "kind": "x" * 201},
        )  # fmt: skip
    sentences = refused.value.sentences
    assert [each.split(" ")[0] for each in sentences] == [
        "text",
        "book",
        "kind",
        "effective",
        "event",
        "account",
        "amount",
    ]
    assert "effective from '31/4' is not a date: write it as 2016-07-01" in sentences


@pytest.mark.parametrize("role", list(Role))
def test_who_may_take_copies_searches_and_nobody_else(tmp_path: Path, role: Role) -> None:
    pool = as_actor(pool_of(tmp_path), role, "council", ("care",))
    may = role in {Role.POOLED_FUND_MANAGER, Role.PARTNER_FINANCE, Role.PARTNER_FINANCE_LEAD, Role.AUDITOR}
    if may:
        assert journal_page(pool, EntrySearch()).entries
        assert export_found(pool, EntrySearch(), tmp_path / "found.csv")
        return
    with pytest.raises(NotAllowed):
        journal_page(pool, EntrySearch())
    with pytest.raises(NotAllowed):
        export_found(pool, EntrySearch(), tmp_path / "found.csv")
    assert not (tmp_path / "found.csv").exists()


def test_a_file_of_what_is_found_has_each_posting_and_no_formula(pool: Pool, tmp_path: Path) -> None:
    path = tmp_path / "found.csv"
    assert export_found(pool, search_of(pool, {"text": "=HYPERLINK"}), path) == 6
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == COLUMNS
    assert {row[header.index("why")] for row in rows} == {'\'=HYPERLINK("x")'}
    assert sorted(row[header.index("amount")] for row in rows) == ["-15.00", "-3.00", "-9.00", "15.00", "3.00", "9.00"]


def test_the_command_asks_the_same_questions() -> None:
    assert {question: text for _, _, question, text in SEARCH} == dict(QUESTIONS)


def test_the_command_prints_a_page_and_how_to_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = pool_of(tmp_path)
    with pool.writing(Action.POST) as writing:
        writing.record_all([spend(number) for number in range(4)])
    call = ["journals", "--db", str(tmp_path / "pooledfund.db"), "--kind", "spend", "--take", "3"]
    assert main(call) == 0
    said = capsys.readouterr().out
    last = next(each for each in pool.books.entries(kind="spend")[1:])
    assert f"--before {last.number}" in said
    assert main([*call, "--before", str(last.number), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [each["key"] for each in document["entries"]] == ["k/0"]
    assert document["entries"][0]["debits"] == "1.00"
    assert document["older_before"] is None
    assert main([*call, "--account", "gold"]) == 2
    assert "'gold' is not one of" in capsys.readouterr().err

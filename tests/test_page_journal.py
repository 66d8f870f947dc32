"""The page of the journal: a search goes down to the source, a journal is posted once and reversed once."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from books_for_pages import EXAMPLESHIRE, document, exampleshire_books
from ledgers.journal import RecordedEntry
from ledgers.place import place_of
from ledgers.store import Books, Ledger
from pooledfund.people import drafts
from pooledfund.people.database import People, people_place
from shown import LEAD, MANAGER, READER, Shown

FOUND = "Entr"
POST, SEARCH, REVERSE = "Post the journal", "Search the journal", "Reverse the entry"
FIELDS: dict[str, object] = {
    "Number of the journal": "JNL-1",
    "Effective on": "2023-07-10",
    "Why it is posted": "=Wrong <b>line</b>",
    "Account 1": "expenditure",
    "Line of the plan 1": "S6",
    "Contribution 1": "nhs-min",
    "Partner 1": "council",
    "Debit 1": "250.00",
    "Account 2": "expenditure",
    "Line of the plan 2": "S4",
    "Contribution 2": "nhs-min",
    "Partner 2": "council",
}


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return exampleshire_books(tmp_path / "exampleshire.db", through="Q1")


def ledger(books: Path) -> Ledger:
    return Books.open(place_of(str(books))).pool(EXAMPLESHIRE)


def journals(books: Path) -> list[RecordedEntry]:
    return [
        each for each in ledger(books).entries() if each.entry.idempotency_key.startswith("journal/entered by hand/")
    ]


def filled(books: Path, login: str = "kim", **more: object) -> Shown:
    """The page with a journal of two lines filled in, the credit last."""
    page = Shown("journal", books, MANAGER, login)
    return page.put({**FIELDS, "Credit 2": "250.00", **more})


def test_every_entry_is_there_a_page_at_a_time(books: Path) -> None:
    numbers = [each.number for each in reversed(ledger(books).entries())]
    assert len(numbers) > 50
    page = Shown("journal", books)
    assert [int(row[0]) for row in page.rows(FOUND)] == numbers[:50]
    assert "Newer entries" not in page.buttons
    page.press("Older entries")
    assert [int(row[0]) for row in page.rows(FOUND)] == numbers[50:100]
    page.press("Newer entries")
    assert [int(row[0]) for row in page.rows(FOUND)] == numbers[:50]


def test_a_search_finds_what_the_command_finds(books: Path) -> None:
    page = Shown("journal", books)
    page.typed({"Text": "RESERVE risk", "Book": "actual", "Posting of at least": "20000"}).press(SEARCH)
    said = document(
        [
            "journals",
            "--db",
            str(books),
            "--text",
            "reserve risk",
            "--book",
            "actual",
            "--amount-from",
            "20000",
            "--json",
        ]
    )
    assert [[int(row[0]), row[-1]] for row in page.rows(FOUND)] == [
        [each["entry"], each["debits"]] for each in said["entries"]
    ]
    assert said["entries"]


def test_a_search_that_finds_nothing_or_cannot_be_read_says_so(books: Path) -> None:
    page = Shown("journal", books).typed({"Text": "nowhere to be found"}).press(SEARCH)
    assert "No entry meets the search." in page.text
    page.typed({"Text": "", "Effective from": "1 April", "Event": "x"}).press(SEARCH)
    assert "effective from '1 April' is not a date: write it as 2016-07-01" in page.text
    assert "event 'x' is not the number of an event" in page.text
    page.typed({"Effective from": "", "Event": "", "Books as of event": "999999"}).press(SEARCH)
    assert "has no event 999999" in page.text


def test_the_books_as_of_an_event_have_the_entries_of_then(books: Path) -> None:
    page = Shown("journal", books).typed({"Books as of event": "2"}).press(SEARCH)
    newest = max(each.number for each in ledger(books).entries(as_of=2))
    assert int(page.rows(FOUND)[0][0]) == newest
    assert "books as of event 2" in page.markup


def test_an_entry_goes_down_to_the_row_of_its_file_and_its_event(books: Path) -> None:
    spend = next(each for each in ledger(books).entries(kind="spend") if ledger(books).source_lines(entry=each.number))
    page = Shown("journal", books, entry=str(spend.number))
    assert "Its SHA-256:" in page.text
    assert "actuals_q1.csv" in page.text
    assert re.search(rf'href="audit\?[^"]*event={spend.event}"', page.markup)
    assert Shown("journal", books, entry="999999").text.count("has no entry 999999") == 1


def test_a_journal_is_posted_once_from_its_fields(books: Path) -> None:
    page = filled(books)
    assert page.rows("What it would do")[0][2] == "250.00"
    assert not journals(books)
    page.press(POST)
    (made,) = journals(books)
    assert f"Journal JNL-1 is posted: entry {made.number}, £250.00 on each side." in page.said
    assert POST not in page.buttons
    assert [(leg.scheme, leg.amount_pence) for leg in made.entry.postings] == [("S6", 25000), ("S4", -25000)]
    assert page.rows(FOUND)[0][0] == f"{made.number}"
    assert "=Wrong <b>line</b>" in page.text
    assert "<b>line" not in page.markup
    assert drafts.of(People.at(people_place(books)), "kim", EXAMPLESHIRE) == {}
    again = filled(books)
    assert "stands under this number already" in again.text
    assert POST not in again.buttons


def test_what_is_wrong_with_a_journal_is_said_before_it_is_posted(books: Path) -> None:
    page = filled(books, **{"Credit 2": "249.00"})
    assert "does not balance by £1.00" in page.text
    page.put({"Credit 2": "-250"})
    assert "line 2: an amount has no minus here" in page.text
    assert POST not in page.buttons
    page.put({"Credit 2": "250", "Effective on": "2023-05-10"})
    assert "M2 is closed: posted to M4" in page.text
    assert POST in page.buttons


def test_a_draft_of_a_journal_comes_back_and_is_the_persons_own(books: Path) -> None:
    filled(books).put({"Lines": "3"}).put({"Account 3": "creditors"})
    back = Shown("journal", books, MANAGER, "kim")
    assert (back.field("Debit 1").value, back.field("Account 3").value) == ("250.00", "creditors")
    assert "Your draft is kept" in back.text
    assert Shown("journal", books, MANAGER, "lee").field("Debit 1").value == ""


def test_a_month_closed_meanwhile_is_said_and_nothing_is_posted(books: Path) -> None:
    page = filled(books)
    with ledger(books).writing("lee", datetime(2023, 8, 1, tzinfo=UTC)) as writing:
        writing.set_month(4, "closed", reason="July is reported")
    page.press(POST)
    assert "was changed by lee" in page.said
    assert not journals(books)
    assert "M4 closed" in str(page.app.warning[0].value)
    page.press("I have read it: keep mine")
    assert "posted to M5" in page.text
    page.press(POST)
    assert journals(books)[-1].month == 5


def test_a_journal_is_reversed_once_and_says_by_what(books: Path) -> None:
    filled(books).press(POST)
    number = journals(books)[0].number
    page = Shown("journal", books, MANAGER, "kim", entry=str(number))
    assert REVERSE not in page.buttons
    page.put({"What was wrong": "S4 was right"})
    assert page.rows("What it would do")[0][2] == "-250.00"
    page.press(REVERSE)
    back = ledger(books).entries()[-1]
    assert (back.entry.reverses, back.entry.why) == (number, "S4 was right")
    assert f"Entry {number} is reversed by entry {back.number}." in page.said
    assert f"reversed already, by entry {back.number}" in page.text
    assert REVERSE not in page.buttons
    assert page.rows(FOUND)[1][6] == f"reversed by {back.number}"


def test_two_who_reverse_one_journal_do_it_once(books: Path) -> None:
    filled(books).press(POST)
    number = journals(books)[0].number
    kim = Shown("journal", books, MANAGER, "kim", entry=str(number)).put({"What was wrong": "wrong line"})
    lee = Shown("journal", books, MANAGER, "lee", entry=str(number)).put({"What was wrong": "wrong month"})
    kim.press(REVERSE)
    lee.press(REVERSE)
    assert "was changed by kim" in lee.said
    assert sum(each.entry.reverses == number for each in ledger(books).entries()) == 1


def test_what_is_no_journal_names_what_corrects_it(books: Path) -> None:
    spend = ledger(books).entries(kind="spend")[0].number
    page = Shown("journal", books, MANAGER, "kim", entry=str(spend))
    assert "import the corrected extract with import-actuals" in page.text
    assert REVERSE not in page.buttons


@pytest.mark.parametrize("role", ["auditor", LEAD, "partner_finance"])
def test_who_takes_copies_sees_the_journal_and_changes_nothing(books: Path, role: str) -> None:
    page = Shown("journal", books, role, entry="70")
    assert page.rows(FOUND)
    assert "You see the journal and change nothing in it." in page.text
    assert not {POST, REVERSE} & set(page.buttons)


@pytest.mark.parametrize("role", [READER, "scheme_manager", "administrator"])
def test_nobody_else_sees_it(books: Path, role: str) -> None:
    page = Shown("journal", books, role)
    assert "Journal cannot be shown." in page.text
    assert "<table" not in page.markup

"""The page of risks: a review acts once, rests on what was read, and is kept as a draft until it is recorded."""

from pathlib import Path

import pytest

from books_for_pages import EXAMPLESHIRE, exampleshire_books
from ledgers.place import place_of
from ledgers.seal import Event
from ledgers.store import Books
from pooledfund.people import drafts
from pooledfund.people.database import People, people_place
from shown import MANAGER, Shown

RECORD = "Record the review"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return exampleshire_books(tmp_path / "exampleshire.db", through="Q1")


def reviews(books: Path) -> list[Event]:
    return list(Books.open(place_of(str(books))).pool(EXAMPLESHIRE).events(kind="risk reviewed"))


def raised(books: Path, login: str = "kim") -> Shown:
    """The page after a manager raised a risk, at that risk."""
    page = Shown("risks", books, MANAGER, login)
    page.put({"Id of the new risk": "winter", "What may happen": "A hard winter"}).press(RECORD)
    assert "winter is reviewed for Q1." in page.said
    return page.put({"Risk": "winter"})


def test_a_risk_is_reviewed_once_and_the_register_shows_it(books: Path) -> None:
    page = Shown("risks", books, MANAGER)
    assert "names no risk" in page.text
    page.put({"Id of the new risk": "demand", "What may happen": "=Demand <b>grows</b>", "Impact": "5"}).press(RECORD)
    assert "demand is reviewed for Q1." in page.said
    assert "15 extreme" in page.text
    assert "=Demand <b>grows</b>" in page.text
    assert "<b>grows" not in page.markup
    page.press(RECORD)
    assert len(reviews(books)) == 1


def test_a_risk_that_came_up_in_the_year_is_reviewed_again(books: Path) -> None:
    page = raised(books)
    page.put({"Likelihood": "5", "Mitigation": "Beds held"}).press(RECORD)
    assert "winter is reviewed for Q1." in page.said
    page.press(RECORD)
    assert "That review stood already." in page.said
    first, second = reviews(books)
    assert (second.payload["description"], second.payload["likelihood"]) == ("A hard winter", 5)
    assert first.payload["mitigation"] == ""


def test_a_refused_review_says_why_and_keeps_what_was_typed(books: Path) -> None:
    page = Shown("risks", books, MANAGER)
    page.put({"Id of the new risk": "1 bad id", "Next review": "soon"}).press(RECORD)
    assert "is no id" in page.said
    assert "soon" in page.said
    assert page.field("Id of the new risk").value == "1 bad id"
    assert not reviews(books)


def test_what_was_typed_and_chosen_comes_back_after_a_reload(books: Path) -> None:
    page = raised(books)
    page.put({"Impact": "5", "Note": "Half wri"})
    back = Shown("risks", books, MANAGER, "kim").put({"Risk": "winter"})
    assert (back.field("Impact").value, back.field("Note").value) == ("5", "Half wri")
    assert "Your draft is kept" in back.text
    other = Shown("risks", books, MANAGER, "lee").put({"Risk": "winter"})
    assert (other.field("Impact").value, other.field("Note").value) == ("3", "")


def test_two_who_review_one_risk_lose_nothing(books: Path) -> None:
    kim = raised(books)
    lee = Shown("risks", books, MANAGER, "lee").put({"Risk": "winter"})
    kim.put({"Note": "Kim's words"})
    lee.put({"Note": "Lee's words"}).press(RECORD)
    assert "winter is reviewed for Q1." in lee.said
    kim.press(RECORD)
    assert "was changed by lee" in kim.said
    assert "Lee's words" in str(kim.app.warning[0].value)
    assert kim.field("Note").value == "Kim's words"
    kim.press("I have read it: keep mine").press(RECORD)
    assert [each.payload["note"] for each in reviews(books)] == ["", "Lee's words", "Kim's words"]
    assert drafts.of(People.at(people_place(books)), "kim", EXAMPLESHIRE) == {}


def test_who_may_not_comment_sees_no_form_of_a_review(books: Path) -> None:
    assert not Shown("risks", books, "auditor").buttons

"""The page of a close: the command line's checklist, signing, waiving, freezing and reopening, each role its own."""

from pathlib import Path

import pytest

from books_for_pages import EXAMPLESHIRE, document, exampleshire_books, run
from ledgers.store import Books
from shown import MANAGER, READER, Shown
from year_of_exampleshire import EXAMPLE

STRICT = "close: {requires: [casting, commentary, review]}\n"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q3")


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    """Books whose close asks for a review and for commentary, with a quarter of spend."""
    text = (EXAMPLE / "agreement.yaml").read_text(encoding="utf-8")
    (tmp_path / "agreement.yaml").write_text(text + STRICT, encoding="utf-8")
    books = tmp_path / "strict.db"
    run(["init", str(tmp_path / "agreement.yaml"), "--db", str(books)])
    run(["import-actuals", str(EXAMPLE / "actuals_q1.csv"), "--db", str(books)])
    return books


def test_the_checklist_is_the_command_lines(closed: Path) -> None:
    found = document(["checklist", "Q3", "--db", str(closed), "--json"])
    shown = Shown("close", closed)
    rows = shown.rows("Checklist of Q3")
    assert [row[0] for row in rows] == [item["title"] for item in found["items"]]
    assert [row[2].removeprefix("● ").removeprefix("■ ") for row in rows] == [item["state"] for item in found["items"]]
    for row, item in zip(rows, found["items"], strict=True):
        assert all(each in row[3] for each in item["evidence"])
    assert found["figures_digest"] in shown.text


def test_a_board_reader_reads_and_has_no_button(closed: Path) -> None:
    shown = Shown("close", closed, READER)
    assert shown.rows("Checklist of Q3")
    assert not shown.buttons
    assert "changes nothing on it" in shown.text


def test_a_closed_month_is_reopened_once_with_a_reason(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "again.db", through="Q1")
    shown = Shown("close", books, MANAGER)
    assert "Q1 is closed" in shown.text
    shown.press("Reopen the month")
    assert "reopened only with a reason" in shown.said
    shown.typed({"Why it is reopened": "an invoice came *late* ![x](http://x)"})
    shown.press("Reopen the month")
    assert "M3 is open again: an invoice came *late*" in shown.said
    assert "![" not in str(shown.app.success[0].value)
    states = {row[0]: row[1] for row in Shown("close", books).rows("Months of the year")}
    assert states["M3 (June)"] == "open"
    assert states["M2 (May)"] == "closed"


def test_what_is_open_keeps_the_period_open_until_it_is_waived_or_signed(strict: Path) -> None:
    ann = Shown("close", strict, MANAGER, "ann")
    assert "Q1 cannot be closed yet. Open:" in ann.text
    ann.press("Freeze Q1")
    assert "stays open: do what is open" in ann.said
    ann.press("Sign as preparer Q1")
    assert "Q1 prepared by ann" in ann.said
    ann.press("Sign as reviewer Q1")
    assert "Not done" in ann.said
    bob = Shown("close", strict, MANAGER, "bob")
    bob.press("Sign as reviewer Q1")
    assert "Q1 reviewed by bob" in bob.said
    for item in [row[0] for row in bob.rows("Checklist of Q1") if row[1] == "required" and "not done" in row[2]]:
        bob.field("Item that stays open").select(item)
        bob.typed({"Why it may stay open": "told at the meeting"})
        bob.press("Waive the item")
        assert f"{item} of Q1 is waived by bob" in bob.said
    bob.press("Freeze Q1")
    assert "M1, M2, M3 closed" in bob.said
    assert "Q1 is closed: its report stands" in bob.text
    assert document(["checklist", "Q1", "--db", str(strict), "--json"])["may_close"] is True


def test_a_second_click_of_a_sign_off_is_one_event(strict: Path) -> None:
    def signed() -> int:
        return len(Books.open(strict).pool(EXAMPLESHIRE).sign_offs())

    ann = Shown("close", strict, MANAGER, "ann")
    assert signed() == 0
    ann.press("Sign as preparer Q1")
    assert signed() == 1
    events = Books.open(strict).pool(EXAMPLESHIRE).head().number
    ann.press("Sign as preparer Q1")
    assert "Q1 prepared by ann, event" in ann.said
    assert (signed(), Books.open(strict).pool(EXAMPLESHIRE).head().number) == (1, events)

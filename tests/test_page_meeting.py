"""The page of the meeting: papers for each role, minutes tried and recorded once, actions with their age."""

from pathlib import Path

import pytest

from books_for_pages import document, exampleshire_books
from ledgers.place import place_of
from pooledfund.pool import Pool
from pools import MANAGER as MANAGES
from shown import LEAD, MANAGER, READER, Shown
from year_of_exampleshire import EXAMPLE

MINUTES = (EXAMPLE / "minutes_q1.yaml").read_text(encoding="utf-8")
PACK = {"Quarterly pack (Excel)", "Quarterly pack (PDF)", "Partner edition (Excel)", "Partner edition (PDF)"}


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return exampleshire_books(tmp_path / "exampleshire.db", through="Q1")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "year.db", through="Q4")


def papers(shown: Shown) -> set[str]:
    return {str(getattr(each, "label", "")) for each in shown.app.get("download_button")}


def with_minutes(books: Path, text: str, role: str = MANAGER) -> Shown:
    shown = Shown("meeting", books, role, quarter="Q1: Apr to Jun")
    return shown.put({"Minutes": ("july.yaml", text.encode("utf-8"), "text/yaml")})


def meetings(books: Path) -> list[dict[str, object]]:
    found = document(["minutes", "--json", "--db", str(books)])["last_meeting"]
    return [found] if found else []


def events(books: Path) -> int:
    return Pool.open(place_of(str(books)), None, MANAGES).books.head().number


def test_minutes_are_tried_first_and_then_recorded_with_all_their_items(books: Path) -> None:
    before = events(books)
    shown = with_minutes(books, MINUTES)
    tried = shown.rows("What the minutes would record")
    assert [row[:2] for row in tried] == [["6", "virement"], ["7", "action"], ["8", "note"]]
    assert events(books) == before
    shown.press("Record the minutes with 3 items")
    assert "The minutes of Exampleshire Joint Board of 20/07/2023 are recorded" in shown.said
    recorded = document(["minutes", "--json", "--db", str(books)])
    assert [item["ref"] for item in recorded["last_meeting"]["items"]] == ["6", "7", "8"]
    assert shown.rows("Minutes of 20/07/2023") == tried
    actions = shown.rows("Actions of meetings")
    assert actions[0][1:4] == [
        "Bring a recovery plan for the lines rated Red",
        "Head of commissioning by 15/09/2023",
        "■ overdue",
    ]
    assert "1 action open, 1 of them overdue" in shown.text
    assert "Record the minutes with 3 items" not in shown.buttons


def test_the_same_minutes_are_recorded_once(books: Path) -> None:
    first, second = with_minutes(books, MINUTES), with_minutes(books, MINUTES)
    first.press("Record the minutes with 3 items")
    after = events(books)
    second.press("Record the minutes with 3 items")
    assert "already: what was left out belongs into the minutes of the next meeting" in second.said
    assert events(books) == after


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "minutes"),
        ("minutes: 1\nmeeting: someday\n", "is not a date"),
        (MINUTES.replace("63_000", "9_000_000"), "item 6, virement"),
        (MINUTES.replace("[council, icb]", "[council, <b>him</b>]"), "is not a partner"),
        (MINUTES.replace("2023-07-20", "2093-07-20"), "is yet to come"),
        ("%PDF-1.7\x00", "july.yaml"),
    ],
)
def test_minutes_with_a_fault_are_told_and_nothing_is_recorded(books: Path, text: str, said: str) -> None:
    before = events(books)
    shown = with_minutes(books, text)
    assert "These minutes cannot be recorded" in shown.said
    assert said in shown.text
    assert "<b>him" not in shown.markup
    assert not [each for each in shown.buttons if each.startswith("Record the minutes")]
    assert events(books) == before
    assert meetings(books) == []


def test_who_reads_and_who_records(books: Path) -> None:
    reader = Shown("meeting", books, READER)
    assert not papers(reader)
    assert not reader.app.file_uploader
    lead = Shown("meeting", books, LEAD)
    assert papers(lead) == PACK
    assert lead.field("Edition of the pack for").options == ["Exampleshire Council"]
    assert not lead.app.file_uploader
    assert papers(Shown("meeting", books, MANAGER)) == PACK | {"Draft of the minutes"}


def test_the_papers_of_the_years_end_are_there_at_its_end(closed: Path) -> None:
    year_end = {"Year-end papers (Excel)", "Year-end papers (PDF)"}
    assert papers(Shown("meeting", closed)) == PACK | year_end
    assert papers(Shown("meeting", closed, quarter="Q2: Jul to Sep")) == PACK

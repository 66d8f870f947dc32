"""Whatever is typed, pasted or put into an address, a page answers in sentences and the books stay whole."""

import re
import shutil
from pathlib import Path

import pytest

from books_for_pages import exampleshire_books
from ledgers.store import Books
from pages import again, markup
from pooledfund.ui.contents import PAGES
from shown import MANAGER, Shown
from year_of_exampleshire import EXAMPLE

NAMES = [name for section in PAGES.values() for name, _ in section]
TYPED = ("=cmd|' /C calc'!A0 <b>x</b> \x0b \x00 $x$ :red[a]", "9" * 5_000, "-1e400", " ")
IN_ADDRESS = ("9" * 5_000, "1e400", "-1", "inf", "Ⅷ", "<script>", "")
ASKED = ("entry", "event", "quarter", "pool", "unit", "before", "after", "text", "amount_from", "scheme", "line")
OPTION = re.compile(r"(?<![\w-])--[a-z]")


@pytest.fixture(scope="module")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("half a year") / "books.db", through="Q2")


@pytest.fixture
def books(half_year: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(half_year, tmp_path / "books.db"))


def is_calm(shown: Shown) -> None:
    assert not shown.app.exception
    for box in (*shown.app.error, *shown.app.warning, *shown.app.success):
        said = str(box.value).replace("\\", "")
        assert len(said) < 2_000
        assert "Traceback" not in said
        assert not OPTION.search(said), said


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_typed_is_taken_or_refused_in_sentences(books: Path, name: str) -> None:
    role = "administrator" if name == "administration" else MANAGER
    for label in Shown(name, books, role).buttons:
        for typed in TYPED:
            shown = Shown(name, books, role)
            for field in (*shown.app.text_input, *shown.app.text_area):
                field.set_value(typed)
            for button in shown.app.button:
                if button.label == label:
                    button.click()
                    break
            again(shown.app, books)
            is_calm(shown)
    for pool in Books.open(books).pool_ids():
        assert Books.open(books).pool(pool).verify() == []


@pytest.mark.parametrize("name", [each for each in NAMES if each != "administration"])
def test_whatever_an_address_asks_for_the_page_is_drawn(half_year: Path, name: str) -> None:
    for asked in IN_ADDRESS:
        shown = Shown(name, half_year, MANAGER, **dict.fromkeys(ASKED, asked))
        is_calm(shown)
        assert markup(shown.app)


def test_an_event_stands_in_the_address_and_one_that_is_not_there_is_the_newest(half_year: Path) -> None:
    shown = Shown("audit", half_year, event="1000000")
    assert "Event 29" in shown.text
    shown.typed({"Event number": 3}).run()
    assert shown.app.query_params["event"] == "3"
    assert Shown("audit", half_year, event="3").field("Event number").value == 3


def test_all_that_a_partner_states_of_a_file_is_read_at_once(half_year: Path) -> None:
    shown = Shown("import", half_year, MANAGER)
    file = EXAMPLE / "actuals_q3.csv"
    shown.put({"Ledger extract": (file.name, file.read_bytes(), "text/csv")})
    shown.put({"Control total": "many", "Rows the partner": "x"})
    assert "control total: 'many' is not an amount" in shown.text
    assert "Rows the partner states: 'x' is not a whole number" in shown.text

"""Every form of the pages that writes: what keeps two people apart, and that a double click posts once."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from books_for_pages import EXAMPLESHIRE, exampleshire_books
from ledgers.place import place_of
from ledgers.store import Books
from pooledfund.access import Role
from pooledfund.people import drafts
from pooledfund.people.database import People, people_place
from pooledfund.people.person import EVERY_POOL, Grant
from shown import MANAGER, Shown
from tools.page_server import chromium, served, settled, signed_in
from tools.people_for_pages import with_password
from year_of_exampleshire import ROOT

UI = ROOT / "pooledfund" / "ui"
EXPECTS = "expected_event"
"""It rests on the newest event that the person had read, and keeps each field as a draft or until it is done."""
FIGURES = "expected_figures"
"""It rests on the digest of the figures that the person had read."""
PENCE = "expected_pence"
"""It rests on the figure that the person had read."""
CHANGE = "expected_change"
"""It rests on the newest change of the person that the administrator had read."""
BOOKS = ""
"""The books refuse the same again, or what no longer fits: the rooms below test it."""
FORMS = {
    "close_forms.py": (FIGURES, 5),
    "commentary_section.py": (EXPECTS, 1),
    "decision_forms.py": (EXPECTS, 4),
    "forecast_section.py": (EXPECTS, 1),
    "minutes_form.py": (BOOKS, 1),
    "outcome_forms.py": (EXPECTS, 2),
    "pages/administration.py": (CHANGE, 4),
    "pages/contributions.py": (BOOKS, 2),
    "pages/import.py": (PENCE, 4),
    "risk_review_form.py": (EXPECTS, 1),
    "virement_form.py": (EXPECTS, 2),
}
"""By file: what its forms rest on, and how many things they do."""
DRAFTED = ("commentary_section.py", "forecast_section.py", "risk_review_form.py")
"""What is written here rests on what stood when it was begun: a draft is held against it."""
NOTHING_TYPED = ("minutes_form.py", "pages/contributions.py")
"""A file and a day are chosen here: nothing that would be missed."""
OTHERS = re.compile(r"journal|reconcil|matching|workbench|returns")
"""Forms that have tests of their own kind beside their pages."""
_DOES = re.compile(r"^ +perform(?:_with_people)?\(|^    with form\(", re.MULTILINE)


def forms_of(path: Path) -> int:
    return len(_DOES.findall(path.read_text(encoding="utf-8")))


def test_every_form_that_writes_says_what_it_rests_on() -> None:
    found = {
        str(path.relative_to(UI)): forms_of(path)
        for path in sorted(UI.rglob("*.py"))
        if path.name not in ("forms.py", "frame.py") and not OTHERS.search(path.name)
    }
    assert {name: count for name, count in found.items() if count} == {name: row[1] for name, row in FORMS.items()}
    for name, (rests_on, _) in FORMS.items():
        text = (UI / name).read_text(encoding="utf-8")
        assert rests_on in text, f"{name} no longer rests on {rests_on}"
        assert ("read_event" in text) == (name in DRAFTED)
        assert ("Drafted(" in text) == (name not in NOTHING_TYPED)


def test_no_password_is_a_field_that_is_kept() -> None:
    for path in UI.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not ('type="password"' in text and "Drafted" in text), path


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    books = exampleshire_books(tmp_path_factory.mktemp("books") / "forms.db", through="Q2")
    with_password(books, "manager", Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER))
    return books


@pytest.fixture(scope="module")
def page(books: Path) -> Iterator[Page]:
    with served(books) as address, chromium() as browser:
        page = signed_in(browser, address, "manager", viewport={"width": 1366, "height": 768})
        page.set_default_timeout(60_000)
        yield page


@pytest.mark.parametrize(
    ("name", "fields", "button", "said"),
    [
        (
            "risk_share",
            {"Line": "S5", "Amount that is not to be spent": "100.00", "Minute of the cut": "JCB 3"},
            "Record the cut",
            "Day of the cut: choose a day",
        ),
        ("close", {"Why it is reopened": "an invoice came late"}, "Reopen the month", "is open again"),
        (
            "schemes",
            {
                "Line that gives": "S5",
                "Line that gets": "S6",
                "Contribution whose": "nhs-min",
                "Amount, £": "10.00",
                "Effective from": date(2023, 10, 1),
                "Minute that approved it": "JCB 4",
            },
            "Make the virement",
            "moved from S5 to S6",
        ),
    ],
)
def test_what_was_typed_is_there_again_in_a_new_session_until_it_is_done(
    tmp_path: Path, name: str, fields: dict[str, object], button: str, said: str
) -> None:
    books = exampleshire_books(tmp_path / "drafts.db", through="Q2")
    quarter = {"quarter": "Q2: Jul to Sep"}
    last = list(fields)[-1]
    Shown(name, books, MANAGER, **quarter).put(fields)
    again = Shown(name, books, MANAGER, **quarter)
    assert {label: again.field(label).value for label in fields} == fields
    assert Shown(name, books, MANAGER, "another", **quarter).field(last).value != fields[last]
    again.press(button)
    assert said in again.said
    kept = drafts.of(People.at(people_place(books)), MANAGER.replace("_", "-"), EXAMPLESHIRE)
    assert len(kept) == (len(fields) if "choose" in said else 0)


def events(books: Path, kind: str) -> int:
    return len(Books.open(place_of(str(books))).pool(EXAMPLESHIRE).events(kind=kind))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("where", "fields", "button", "kind", "says"),
    [
        (
            "quarter",
            {"Commentary": "Over by the agency rates."},
            "Record the commentary",
            "commentary",
            "is recorded|stood already",
        ),
        (
            "quarter",
            {"Forecast outturn of the year, £": "525000"},
            "Record the forecast",
            "forecast entered",
            "of S1 is recorded|stood already",
        ),
        ("close", {}, "Sign as preparer", "figures signed", "prepared by manager"),
        ("close", {"Why it is reopened": "late invoice"}, "Reopen the month", "month state", "is open again"),
    ],
)
def test_a_double_click_posts_once(
    page: Page, books: Path, where: str, fields: dict[str, str], button: str, kind: str, says: str
) -> None:
    quarter = "Q2%3A+Jul+to+Sep" if button == "Reopen the month" else "Q3%3A+Oct+to+Dec"
    page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/', 3)[2]}/{where}?quarter={quarter}")
    page.get_by_role("heading", level=1).wait_for()
    settled(page)
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
        settled(page)
    before = events(books, kind)
    page.get_by_role("button", name=re.compile(f"^{button}")).dblclick()
    expect(page.get_by_text(re.compile(says)).first).to_be_visible(timeout=60_000)
    settled(page)
    page.wait_for_timeout(1_500)
    assert events(books, kind) == before + 1

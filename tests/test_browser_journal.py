"""The journal as a person meets it in a real Chromium: search, down to the source, post by a double click, reverse."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from books_for_pages import EXAMPLESHIRE, exampleshire_books
from ledgers.place import place_of
from ledgers.store import Books, Ledger
from pooledfund.access import Role
from pooledfund.people.person import EVERY_POOL, Grant
from tools.page_server import chromium, served, settled, signed_in
from tools.people_for_pages import with_password

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    books = exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q1")
    with_password(books, "manager", Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER))
    return books


@pytest.fixture(scope="module")
def page(books: Path) -> Iterator[Page]:
    with served(books) as address, chromium() as browser:
        page = signed_in(browser, address, "manager", viewport={"width": 1366, "height": 768})
        page.goto(f"{address}/journal")
        yield page


def ledger(books: Path) -> Ledger:
    return Books.open(place_of(str(books))).pool(EXAMPLESHIRE)


def typed(page: Page, label: str, text: str) -> None:
    """A field filled in and left."""
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Tab")
    settled(page)


def chosen(page: Page, label: str, choice: str) -> None:
    """A choice made from a list."""
    field = page.get_by_role("combobox", name=re.compile(f"{label}$"))
    field.click()
    field.press_sequentially(choice)
    page.get_by_role("option", name=choice, exact=True).click()
    settled(page)


def test_a_search_leads_to_an_entry_its_file_and_its_event(page: Page, books: Path) -> None:
    expect(page.get_by_role("heading", level=1, name="Journal")).to_be_visible(timeout=60_000)
    settled(page)
    spend = next(
        each for each in ledger(books).entries(kind="recharge") if ledger(books).source_lines(entry=each.number)
    )
    page.get_by_label("Text", exact=True).fill(spend.entry.source_reference.lower())
    page.get_by_role("button", name="Search the journal").click()
    found = page.get_by_role("table", name=re.compile("that meet the search"))
    expect(found.locator("tbody tr")).to_have_count(1)
    found.get_by_role("link", name=str(spend.number), exact=True).click()
    expect(page.get_by_role("table", name=re.compile(f"^Entry {spend.number}, £"))).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Its SHA-256:")).to_be_visible()
    expect(page.get_by_role("table", name=re.compile("of actuals_q1.csv"))).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value(spend.entry.source_reference.lower())
    page.get_by_role("link", name=f"event {spend.event}", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Audit")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("table", name=f"Event {spend.event}", exact=True)).to_be_visible(timeout=30_000)


def test_a_journal_that_is_clicked_twice_is_posted_once_and_then_reversed(page: Page, books: Path) -> None:
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/journal", page.url))
    expect(page.get_by_role("heading", name="Post a journal")).to_be_visible(timeout=60_000)
    settled(page)
    typed(page, "Number of the journal, such as JNL-014", "JNL-7")
    typed(page, "Effective on, as 2023-07-01", "2023-07-10")
    typed(page, "Why it is posted", "Coded to the wrong line")
    for label, choice in (("Account 1", "expenditure"), ("Line of the plan 1", "S6"), ("Account 2", "expenditure"),
                          ("Line of the plan 2", "S4")):  # fmt: skip
        chosen(page, label, choice)
    typed(page, "Debit 1, £", "250.00")
    page.reload()
    expect(page.get_by_label("Debit 1, £", exact=True)).to_have_value("250.00", timeout=60_000)
    settled(page)
    typed(page, "Credit 2, £", "250.00")
    expect(page.get_by_role("table", name=re.compile("What it would do"))).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Post the journal").dblclick()
    expect(page.get_by_text(re.compile("Journal JNL-7 .* entry"))).to_be_visible(timeout=30_000)
    settled(page)
    (made,) = [each for each in ledger(books).entries() if each.entry.source_reference == "JNL-7"]
    typed(page, "Entry to look into", str(made.number))
    typed(page, "What was wrong", "S4 was right")
    page.get_by_role("button", name="Reverse the entry").dblclick()
    expect(page.get_by_text(re.compile(f"Entry {made.number} is reversed already, by entry"))).to_be_visible(
        timeout=30_000
    )
    back = [each.entry for each in ledger(books).entries() if each.entry.reverses == made.number]
    assert [each.why for each in back] == ["S4 was right"]

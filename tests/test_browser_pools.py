"""Pools, a figure down to its source, a virement: as a person meets them in a real Chromium, on one server."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from books_for_pages import EXAMPLESHIRE, KENT, exampleshire_books, run
from ledgers.place import place_of
from ledgers.store import Books
from pooledfund.access import Role
from pooledfund.people.person import EVERY_POOL, Grant
from tools.page_server import choose, chromium, served, settled, signed_in
from tools.people_for_pages import with_password

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    books = exampleshire_books(tmp_path_factory.mktemp("books") / "two.db", through="Q3")
    run(["init", str(KENT / "agreement.yaml"), "--db", str(books)])
    with_password(books, "manager", Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER))
    return books


@pytest.fixture(scope="module")
def page(books: Path) -> Iterator[Page]:
    with served(books) as address, chromium() as browser:
        yield opened(browser, address)


def opened(browser: Browser, address: str) -> Page:
    page = signed_in(browser, address, "manager", viewport={"width": 1366, "height": 768})
    page.goto(address)
    return page


def title(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible(timeout=60_000)


def test_a_link_from_the_pools_opens_the_other_pool_and_stays_signed_in(page: Page) -> None:
    title(page, "Pools")
    page.get_by_role("link", name="Kent Better Care Fund 2016/17").click()
    title(page, "Q1: April to June 2016 (M3)")
    expect(page.get_by_text("Kent Better Care Fund 2016/17").first).to_be_visible()


def test_the_first_page_is_found_by_its_name_too_with_the_pool_and_quarter_of_the_address(page: Page) -> None:
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/pools?quarter=Q2%3A+Jul+to+Sep", page.url))
    title(page, "Pools")
    settled(page)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Quarter")).to_have_value("Q2: Jul to Sep")


def test_an_address_leads_from_a_line_to_an_entry_and_its_file(page: Page, books: Path) -> None:
    pool = Books.open(place_of(str(books))).pool(EXAMPLESHIRE)
    entry = next(
        each.number for each in pool.entries(kind="recharge", scheme="S5") if pool.source_lines(entry=each.number)
    )
    digest = pool.batches()[pool.source_lines(entry=entry)[0].batch - 1].batch.digest
    page.goto(re.sub(r"(https?://[^/]+).*", rf"\1/quarter?line=S5&entry={entry}", page.url))
    title(page, "Q3: October to December 2023 (M9)")
    expect(page.get_by_role("table", name=re.compile("Postings of S5, spend"))).to_be_visible(timeout=30_000)
    expect(page.get_by_text(digest)).to_be_visible()
    assert f"entry={entry}" in page.url


def test_a_virement_that_is_clicked_twice_is_made_once(page: Page, books: Path) -> None:
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/schemes", page.url))
    title(page, "Schemes")
    for label, option in (("Line that gives", "S5:"), ("Line that gets", "S6:"), ("Contribution whose", "nhs-min:")):
        choose(page, re.compile(label), re.compile(f"^{option}"))
    for label, text in (("Amount, £", "250.50"), ("Minute that approved it", "JCB 11")):
        settled(page)
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
    settled(page)
    day = page.get_by_test_id("stDateInput").filter(has_text="Effective from")
    day.get_by_role("spinbutton").first.click()
    page.keyboard.type("01012024")
    page.keyboard.press("Escape")
    expect(page.get_by_role("table", name=re.compile("What the virement would do"))).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Make the virement").dblclick()
    expect(page.get_by_text(re.compile("£250.50 moved from S5 to S6"))).to_be_visible(timeout=30_000)
    made = Books.open(place_of(str(books))).pool(EXAMPLESHIRE).entries(book="budget", kind="virement")
    assert [each.entry.source_reference for each in made].count("JCB 11") == 1

"""The matching workbench in a real Chromium: worked by keyboard alone, clicked twice, taken away, for everyone."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from books_for_pages import exampleshire_books, run
from ledgers.place import place_of
from pooledfund.access import Actor, Role
from pooledfund.control.reconciling.position import position
from pooledfund.control.reconciling.runs import BY_HAND
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.pool import Pool
from test_accessibility import RULES, UNNAMED
from test_page_reconcile import THEIRS
from tools.page_server import chromium, served, settled, signed_in
from tools.people_for_pages import with_password

pytestmark = pytest.mark.browser

MOST_TABS = 80
MOST_CLICKS = 3


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def books(tmp_path: Path) -> Path:
    books = exampleshire_books(tmp_path / "exampleshire.db", through="Q1")
    theirs = tmp_path / "icb_m3.csv"
    theirs.write_text(THEIRS, encoding="utf-8")
    run(["reconcile", "icb", "--month", "M3", "--their", str(theirs), "--db", str(books)])
    with_password(books, "manager", Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER))
    return books


@pytest.fixture
def page(browser: Browser, books: Path) -> Iterator[Page]:
    with served(books) as address:
        page = signed_in(browser, address, "manager", viewport={"width": 1366, "height": 768}, accept_downloads=True)
        page.goto(f"{address}/reconcile?partner=icb")
        expect(page.get_by_role("heading", name="Matching workbench")).to_be_visible(timeout=60_000)
        settled(page)
        yield page
        page.context.close()


def pool_at(books: Path) -> Pool:
    return Pool.open(place_of(str(books)), None, Actor("someone", Role.AUDITOR))


def name_at_focus(page: Page) -> str:
    """What the control says that the keyboard is at."""
    return str(
        page.evaluate(
            "(at => /^(INPUT|BUTTON|A|SUMMARY)$/.test(at.tagName) ? [at.getAttribute('aria-label'), at.innerText,"
            " ...Array.from(at.labels || []).map(one => one.innerText)].filter(Boolean).join(' ') : '')"
            "(document.activeElement)"
        )
    )


def tab_to(page: Page, words: str) -> None:
    """Press the tabulator until the control that says so is reached."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if words in name_at_focus(page):
            return
    raise AssertionError(f"'{words}' is not reached by the tabulator")


def said(page: Page, words: str) -> None:
    expect(page.get_by_text(re.compile(words)).first).to_be_visible(timeout=30_000)
    settled(page)


def tick(page: Page, words: str) -> None:
    """Click a line until its box shows the tick: a click at the very beginning of a page may be lost."""
    box = page.get_by_role("checkbox", name=re.compile(words))
    for _ in range(MOST_CLICKS):
        page.get_by_text(words).first.click()
        page.wait_for_timeout(500)
        if box.is_checked():
            return
    raise AssertionError(f"'{words}' is not ticked")


def test_lines_are_chosen_matched_and_parted_by_keyboard_alone(page: Page, books: Path) -> None:
    for words in ("CLINIC-A", "CLINIC-B", "I-ACC-06"):
        tab_to(page, words)
        page.keyboard.press("Space")
        settled(page)
    said(page, r"The selection agrees: £27,500\.00 on both sides")
    tab_to(page, "Reason, or what a note says")
    page.keyboard.type("two clinics, one accrual")
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Alt+m")
    said(page, r"3 items are matched, as m-")
    assert not position(pool_at(books), "icb", 3).open_items
    tab_to(page, "by hand")
    page.keyboard.press("Space")
    settled(page)
    tab_to(page, "Reason, or what a note says")
    page.keyboard.type("another clinic after all")
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Alt+u")
    said(page, r"is undone: its lines are open again")
    assert len(position(pool_at(books), "icb", 3).open_items) == 3


def test_a_key_pressed_before_the_reason_is_kept_asks_for_it_and_loses_nothing(page: Page, books: Path) -> None:
    for words in ("CLINIC-A", "I-ACC-06"):
        tab_to(page, words)
        page.keyboard.press("Space")
        settled(page)
    tab_to(page, "Reason, or what a note says")
    page.keyboard.type("a part of it")
    page.keyboard.press("Alt+m")
    said(page, r"a match by hand has a reason")
    expect(page.get_by_label(re.compile("^Reason"))).to_have_value("a part of it")
    page.get_by_label(re.compile("^Reason")).focus()
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Alt+m")
    said(page, r"Its amounts differ by £7,500\.00")
    (kept,) = pool_at(books).books.events(kind=BY_HAND)
    assert kept.payload["reason"] == "a part of it"


def test_a_match_that_is_clicked_twice_is_made_once(page: Page, books: Path) -> None:
    for words in ("CLINIC-A", "CLINIC-B", "I-ACC-06"):
        tick(page, words)
    said(page, r"The selection agrees: £27,500\.00")
    page.get_by_label(re.compile("^Reason")).fill("two clinics, one accrual")
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name=re.compile("^Match")).dblclick()
    said(page, r"3 items are matched, as m-")
    assert len(pool_at(books).books.events(kind=BY_HAND)) == 1


def test_the_reconciliation_comes_down_as_a_workbook(page: Page) -> None:
    with page.expect_download(timeout=60_000) as coming:
        page.get_by_role("button", name="As a workbook (Excel)").click()
    workbook = load_workbook(io.BytesIO(Path(coming.value.path()).read_bytes()))
    assert coming.value.suggested_filename.endswith("reconciliation-icb-M3.xlsx")
    assert {"Statement", "Items"} <= set(workbook.sheetnames)


def test_the_workbench_is_for_everyone_and_fits(page: Page) -> None:
    tick(page, "CLINIC-A")
    said(page, "Ledger: 1 chosen")
    row = page.locator("label").filter(has_text="CLINIC-A")
    assert row.inner_text().replace("\u2060", "").endswith("row 3 · =1+1 *clinics* ![x](http://x.example)")
    assert row.locator("a, img").count() == 0
    assert "\\" not in str(page.get_by_role("checkbox", name=re.compile("CLINIC-B")).get_attribute("aria-label"))
    found = Axe().run(page, options=RULES).response["violations"]
    assert not [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]
                if "stFileUploaderDropzone" not in node["html"]]  # fmt: skip
    assert not page.locator("main button:visible, main input:visible:not([tabindex='-1'])").evaluate_all(UNNAMED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    page.set_viewport_size({"width": 683, "height": 384})
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 683

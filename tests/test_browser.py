"""The front end in a real Chromium: figures as the command line prints them, papers that open, a keyboard alone."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from books_for_pages import EXAMPLESHIRE, as_json, exampleshire_books, why_printed
from ledgers.money import parse_pounds, pounds
from pdfs import told_of
from tools.page_server import chromium, served, signed_in

pytestmark = pytest.mark.browser

SELECTS = ("Pool", "Quarter", "Figures in tables")
MONEY = (
    "original_budget",
    "contribution_changes",
    "virements",
    "current_budget",
    "budget_to_date",
    "actual_to_date",
    "variance_to_date",
    "forecast_outturn",
    "forecast_variance",
    "movement_since_last_quarter",
)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q3")


@pytest.fixture(scope="module")
def address(books: Path) -> Iterator[str]:
    with served(books) as there:
        yield there


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A first visit: the last quarter with spend, in £000."""
    page = signed_in(browser, address, viewport={"width": 1366, "height": 768}, accept_downloads=True)
    page.set_default_timeout(20_000)
    expect(page.get_by_role("button", name="Part 2 template (Excel)")).to_be_visible(timeout=60_000)
    for label in SELECTS:
        expect(page.get_by_role("combobox", name=label)).to_be_visible()
    yield page
    page.close()


def table(page: Page, caption: str) -> Locator:
    return page.locator("table").filter(has=page.locator("caption", has_text=re.compile(f"^{re.escape(caption)}")))


def row(page: Page, caption: str, heading: str) -> Locator:
    named = page.locator("th[scope=row]", has_text=re.compile(f"^{re.escape(heading)}"))
    return table(page, caption).locator("tr").filter(has=named)


def printed(cells: Locator) -> list[str]:
    """The figures as a person reads them, as pounds with two decimals."""
    return [pounds(parse_pounds(text)) for text in cells.locator("data").all_inner_texts()]


def choose(page: Page, label: str, option: str) -> None:
    """Choose the option of a select whose words match, from their beginning to their end."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=re.compile(f"^{option}$")).click()


def to_the_penny(page: Page) -> None:
    choose(page, "Figures in tables", "£")
    expect(page.locator("caption", has_text=re.compile(r"£000$"))).to_have_count(0)


def assert_no_error(page: Page) -> None:
    assert page.get_by_test_id("stException").count() == 0
    assert "Traceback" not in page.locator("body").inner_text()


def test_the_chosen_quarter_shows_the_figures_that_the_command_line_prints(page: Page, books: Path) -> None:
    to_the_penny(page)
    for quarter in ("Q2", "Q3"):
        choose(page, "Quarter", f"{quarter}: .*")
        expect(page.get_by_role("heading", level=1)).to_contain_text(quarter)
        expect(page.locator("caption", has_text=f"Monitoring by scheme line at the end of {quarter}")).to_be_visible()
        figures = as_json("monitor", quarter, books, EXAMPLESHIRE)
        for line in (*figures["lines"], figures["total"]):
            heading = "Total of the pool" if line["scheme"] == "total" else f"{line['scheme']} "
            of_line = row(page, "Monitoring by scheme line", heading)
            assert printed(of_line) == [line[key] for key in MONEY]
            assert f"{line['forecast_variance_percent']}%" in of_line.inner_text()
    assert_no_error(page)


def test_who_bears_what_and_why_is_what_the_command_line_prints(page: Page, books: Path) -> None:
    to_the_penny(page)
    share = as_json("risk-share", "Q3", books, EXAMPLESHIRE)
    assert share["basis"] == "projected"
    for name, partner in (("Exampleshire Council", "council"), ("NHS Exampleshire ICB", "icb")):
        assert printed(row(page, "Who bears what, projected", name)) == list(share["partners"][partner].values())
    why = page.get_by_text("Why: the explanation in")
    sentences = page.locator("ol.pf-steps").first
    if not sentences.is_visible():
        why.click()
    expect(sentences).to_be_visible()
    shown = " ".join(sentences.inner_text().split())
    for sentence in why_printed("Q3", books, EXAMPLESHIRE):
        assert " ".join(sentence.split()) in shown
    assert_no_error(page)


@pytest.mark.parametrize(
    ("button", "name", "sheets"),
    [
        ("Quarterly pack (Excel)", f"{EXAMPLESHIRE}-Q3-pack.xlsx", 7),
        ("Part 2 template (Excel)", f"{EXAMPLESHIRE}-part-2.xlsx", 3),
    ],
)
def test_the_papers_come_down_and_open(page: Page, button: str, name: str, sheets: int) -> None:
    with page.expect_download(timeout=60_000) as coming:
        page.get_by_role("button", name=button).click()
    assert coming.value.suggested_filename == name
    workbook = load_workbook(io.BytesIO(Path(coming.value.path()).read_bytes()))
    assert len(workbook.sheetnames) >= sheets
    assert_no_error(page)


def test_the_pack_comes_down_as_a_tagged_paper(page: Page) -> None:
    with page.expect_download(timeout=60_000) as coming:
        page.get_by_role("button", name="Quarterly pack (PDF)").click()
    assert coming.value.suggested_filename == f"{EXAMPLESHIRE}-Q3-pack.pdf"
    assert told_of(Path(coming.value.path())).claims_pdf_ua
    assert_no_error(page)


def test_the_selects_are_reached_and_turned_with_the_keyboard_alone(page: Page) -> None:
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))
        if any("Figures in tables" in label for label in reached):
            break
    for label in SELECTS:
        assert any(label in each for each in reached), reached
    page.get_by_role("combobox", name="Quarter").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Q1")


def test_the_address_of_a_quarter_can_be_sent_on(browser: Browser, page: Page) -> None:
    choose(page, "Quarter", "Q1: .*")
    expect(page).to_have_url(re.compile("quarter=Q1"))
    sent = page.context.new_page()
    sent.goto(page.url)
    expect(sent.get_by_role("heading", level=1)).to_contain_text("Q1", timeout=60_000)
    sent.close()


def test_charts_say_in_words_what_they_show(page: Page) -> None:
    expect(page.get_by_text("was spent against a budget to date of")).to_be_visible()
    described = page.locator("[aria-label^='Budget, actual and forecast, £m']")
    expect(described.first).to_be_attached()


def test_the_page_fits_a_small_laptop(page: Page, tmp_path: Path) -> None:
    expect(page.locator("caption", has_text=re.compile(r"^Monitoring .* £000$"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    overflowing = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).length"
    assert page.locator(".pf-scroll").evaluate_all(overflowing) == 0
    picture = tmp_path / "quarter.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 20_000


def test_missing_books_are_a_sentence_in_the_browser_too(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "none.db") as address:
        page = signed_in(browser, address)
        expect(page.get_by_text("There are no books at none.db yet.")).to_be_visible(timeout=60_000)
        assert_no_error(page)

"""WCAG 2.2 AA on every page, judged by axe in a real Chromium: no finding of ours, at a laptop's size and at 200%."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from books_for_pages import exampleshire_books
from pooledfund.ui.contents import PAGES
from tools.page_server import chromium, served, settled, signed_in

pytestmark = pytest.mark.browser

NAMES = tuple(name for group in PAGES.values() for name, _ in group)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
UNNAMED = """all => all.filter(each => {
    const words = [each.getAttribute('aria-label'), each.getAttribute('aria-labelledby'), each.innerText,
                   each.title, each.placeholder, ...Array.from(each.labels || []).map(one => one.innerText)];
    return !words.some(one => one && one.trim());
}).map(each => each.outerHTML.slice(0, 200))"""
"""Controls without a name that a screen reader could say."""
OF_STREAMLIT = {
    ("presentation-role-conflict", 'data-testid="stFileUploaderDropzone"'): (
        "the area to drop a file on; the button inside it takes the file by keyboard, and so does the command line"
    ),
}
"""Findings inside elements that Streamlit draws: the rule and the element, and the alternative that is offered."""

_CUT = """() => [...document.querySelectorAll('[data-testid=stMain] button :is(div, p)')]
    .filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    books = exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q3")
    with served(books) as there:
        yield there


@pytest.fixture(scope="module")
def person(browser: Browser, address: str) -> BrowserContext:
    """A browser in which somebody is signed in."""
    return signed_in(browser, address, viewport={"width": 1366, "height": 768}).context


@pytest.fixture
def page(person: BrowserContext) -> Iterator[Page]:
    page = person.new_page()
    page.set_default_timeout(30_000)
    yield page
    page.close()


def opened(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/{'' if name == NAMES[0] else name}")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=60_000)
    settled(page)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_for_everyone(page: Page, address: str, name: str) -> None:
    """No finding of axe that is ours, every control named and reached, and 200% zoom scrolls one way only."""
    opened(page, address, name)
    found = [
        f"{each['id']} ({each['impact']}): {node['html'][:200]}"
        for each in Axe().run(page, options=RULES).response["violations"]
        for node in each["nodes"]
        if not any(each["id"] == rule and element in node["html"] for rule, element in OF_STREAMLIT)
    ]
    assert not found
    controls = page.locator("main button:visible, main input:visible, main textarea:visible, main a[href]:visible")
    assert not controls.evaluate_all(UNNAMED)
    assert reached_by_keyboard(page) > 5
    page.set_viewport_size({"width": 683, "height": 384})
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 683
    assert page.evaluate(_CUT) == [], "words of a button are cut at 200%"


def reached_by_keyboard(page: Page) -> int:
    """How many controls a dozen presses of the tabulator come to."""
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.outerHTML.slice(0, 300)"))
    return len(seen)


@pytest.mark.parametrize("name", ["sign-in", "set-up"])
def test_the_way_in_is_for_everyone(browser: Browser, address: str, name: str) -> None:
    page = browser.new_page(viewport={"width": 683, "height": 384})
    page.goto(f"{address}/{name}")
    assert not [f"{each['id']}" for each in Axe().run(page, options=RULES).response["violations"]]
    assert page.evaluate("document.documentElement.scrollWidth") <= 683
    page.close()

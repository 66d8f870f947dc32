"""Files handed in at a page in a real Chromium: what is too large is told, what takes long says what it is doing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from books_for_pages import run
from ledgers.place import place_of
from ledgers.store import Books
from pages import environment
from pooledfund.access import Role
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.settings import SettingRefused
from pooledfund.ui.uploads import largest_mb
from tools.page_server import chromium, served, signed_in
from tools.people_for_pages import with_password
from year_of_exampleshire import EXAMPLE

pytestmark = pytest.mark.browser

ROWS = 12_000


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    books = tmp_path_factory.mktemp("books") / "exampleshire.db"
    run(["init", str(EXAMPLE / "agreement.yaml"), "--db", str(books)])
    with_password(books, "manager", Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER))
    return books


@pytest.fixture(scope="module")
def page(books: Path) -> Iterator[Page]:
    with served(books, POOLEDFUND_UPLOAD_MB="1") as address, chromium() as browser:
        page = signed_in(browser, address, "manager", viewport={"width": 1366, "height": 768})
        page.goto(f"{address}/import")
        yield page


def long_extract(folder: Path) -> Path:
    lines = (f"05/04/2023,V{number},CC1,{number % 97}.25\n" for number in range(1, ROWS + 1))
    path = folder / "long.csv"
    path.write_text(f"posting date,voucher no,cost centre,amount\n{''.join(lines)}", encoding="utf-8")
    return path


def test_a_file_over_the_limit_is_refused_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(b"a,b\n" * 300_000)
    expect(page.get_by_text(re.compile("at most 1 MB; a larger one comes in by the command line"))).to_be_visible()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(large)
    expect(page.get_by_text(re.compile("must be 1.*MB or smaller"))).to_be_visible(timeout=30_000)
    page.get_by_role("button", name=re.compile("Remove large.csv")).click()


def test_a_long_import_says_what_it_is_doing_and_is_posted_once(page: Page, tmp_path: Path, books: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(long_extract(tmp_path))
    post = page.get_by_role("button", name=re.compile(f"^Post {ROWS:,} entries"))
    expect(post).to_be_visible(timeout=120_000)
    post.dblclick()
    expect(page.get_by_text(re.compile("Leave this page open until it says that it is done"))).to_be_visible()
    expect(page.get_by_text(re.compile(f"long.csv is batch 1: {ROWS:,} entries posted"))).to_be_visible(timeout=180_000)
    ledger = Books.open(place_of(str(books))).pool("exampleshire-2023-24")
    assert [each.batch.entries_made for each in ledger.batches()] == [ROWS]


def test_a_limit_that_no_file_may_have_is_refused() -> None:
    refused = "POOLEDFUND_UPLOAD_MB is 513: no file of more than 512 MB is read"
    with environment(POOLEDFUND_UPLOAD_MB="513"), pytest.raises(SettingRefused, match=refused):
        largest_mb()
    with environment(POOLEDFUND_UPLOAD_MB="512"):
        assert largest_mb() == 512

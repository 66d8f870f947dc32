"""The way in, in a real Chromium: first start, wrong passwords, reloads, sessions that end, an organisation."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from playwright.sync_api import Browser, Page, expect

from books_for_pages import EXAMPLESHIRE, exampleshire_books
from ledgers.place import place_of
from ledgers.store import Books
from pooledfund.access import Role
from pooledfund.people import accounts, codes
from pooledfund.people.database import People, people_place
from pooledfund.people.granting import grant
from pooledfund.people.person import EVERY_POOL, Grant
from tools.page_server import any_port, chromium, served, signed_in, wait_for
from tools.people_for_pages import OPERATOR, PASSWORD, person, sign_in_at, with_password

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q1")


@pytest.fixture(scope="module")
def address(books: Path) -> Iterator[str]:
    with_password(books, "keeper", Grant(EVERY_POOL, Role.ADMINISTRATOR))
    with served(books) as there:
        yield there


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def try_to(page: Page, address: str, login: str, password: str) -> None:
    sign_in_at(page, f"{address}/quarter", login, password)


def test_nobody_gets_in_without_signing_in_and_is_led_where_they_were_going(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/quarter?quarter=Q1%3A+Apr+to+Jun")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.get_by_role("table").count() == 0
    try_to(page, address, "visitor", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Q1", timeout=60_000)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Q1", timeout=60_000)
    page.get_by_role("button", name="Sign out visitor").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")
    page.goto(f"{address}/quarter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.close()


def test_a_session_that_ends_in_the_middle_of_work_writes_nothing(browser: Browser, address: str, books: Path) -> None:
    people = with_password(books, "worker", Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER))
    page = signed_in(browser, address, "worker")
    page.goto(f"{address}/risks")
    page.get_by_role("textbox", name="Id of the new risk").fill("winter")
    page.get_by_role("textbox", name="What may happen").fill("A hard winter")
    before = Books.open(place_of(str(books))).pool(EXAMPLESHIRE).head()
    accounts.disable(people, OPERATOR, "worker")
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text("You are signed out.").first).to_be_visible()
    assert Books.open(place_of(str(books))).pool(EXAMPLESHIRE).head() == before
    page.close()


@pytest.mark.parametrize("name", ["quarter", "import", "close", "audit", "agreement"])
def test_what_a_role_may_not_see_is_not_seen_by_its_address(
    browser: Browser, address: str, books: Path, name: str
) -> None:
    with_password(books, "people-only", Grant(EVERY_POOL, Role.ADMINISTRATOR))
    page = signed_in(browser, address, "people-only")
    page.goto(f"{address}/{name}")
    expect(page.get_by_text("may not read").first).to_be_visible(timeout=60_000)
    assert page.get_by_role("table").count() == 0
    page.close()


def test_somebody_without_a_role_here_sees_no_pool(browser: Browser, address: str, books: Path) -> None:
    with_password(books, "guest", Grant("another-pool", Role.AUDITOR))
    page = signed_in(browser, address, "guest")
    expect(page.get_by_text("has no role in any pool of these books").first).to_be_visible()
    page.close()


def test_the_first_start_is_set_up_with_the_code_of_the_terminal(browser: Browser, tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "new.db", through="Q1")
    with started(books) as there:
        page = browser.new_page()
        page.goto(there)
        expect(page.get_by_role("heading", level=1)).to_have_text("Set up")
        code = codes.first_run_code(People.at(people_place(books)))
        page.get_by_label("One-time code").fill(code)
        page.get_by_label("Login").fill("ada")
        page.get_by_label("New password", exact=True).fill(PASSWORD)
        page.get_by_label("New password again").fill(PASSWORD)
        page.get_by_label("I also manage the pooled funds").check()
        page.get_by_role("button", name="Set up").click()
        expect(page.get_by_role("button", name="Sign out ada")).to_be_visible(timeout=60_000)
        page.close()


def test_health_and_headers(address: str) -> None:
    with urllib.request.urlopen(f"{address}/health") as answer:
        assert b'"status":"well"' in answer.read()
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_an_organisations_provider_signs_people_in_by_the_same_way(browser: Browser, tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "org.db", through="Q1")
    people = person(books, "keeper")
    accounts.add(people, OPERATOR, "olu", oidc=True)
    grant(people, OPERATOR, "olu", Grant(EVERY_POOL, Role.AUDITOR))
    with (
        provider() as issuer,
        started(
            books,
            POOLEDFUND_OIDC_METADATA_URL=f"{issuer}/.well-known/openid-configuration",
            POOLEDFUND_OIDC_CLIENT_ID="pooledfund",
            POOLEDFUND_OIDC_CLIENT_SECRET="a secret of the test",
            POOLEDFUND_OIDC_LOGIN_CLAIM="sub",
        ) as there,
    ):
        page = browser.new_page()
        page.goto(f"{there}/")
        page.get_by_role("link", name="Sign in with your organisation").click()
        page.locator("input[name=sub]").fill("olu")
        page.get_by_role("button", name="Authorize").click()
        expect(page.get_by_role("button", name="Sign out olu")).to_be_visible(timeout=60_000)
        page.reload()
        expect(page.get_by_role("button", name="Sign out olu")).to_be_visible(timeout=60_000)
        page.close()


@contextmanager
def provider() -> Iterator[str]:
    """A provider of OpenID Connect on this machine, in a process of its own."""
    port = any_port()
    with TemporaryFile() as said, subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=said, stderr=subprocess.STDOUT,
    ) as running:  # fmt: skip
        try:
            issuer = f"http://localhost:{port}"
            wait_for(f"{issuer}/.well-known/openid-configuration", running, said)
            yield issuer
        finally:
            running.terminate()


@contextmanager
def started(books: Path, **settings: str) -> Iterator[str]:
    """A front end of its own, started as the service starts it, with these settings."""
    port = any_port()
    call = [sys.executable, "-m", "pooledfund", "serve", "--db", str(books), "--port", str(port), "--no-browser"]
    surroundings = {**os.environ, **settings, "POOLEDFUND_URL": f"http://localhost:{port}"}
    with (
        TemporaryFile() as said,
        subprocess.Popen(call, env=surroundings, stdout=said, stderr=subprocess.STDOUT) as running,
    ):
        try:
            wait_for(f"http://localhost:{port}/_stcore/health", running, said)
            yield f"http://localhost:{port}"
        finally:
            running.terminate()

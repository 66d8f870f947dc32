"""The way in, in a real Chromium: first start, wrong passwords, reloads, sessions that end, an organisation."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from books_for_pages import EXAMPLESHIRE, exampleshire_books
from ledgers.place import place_of
from ledgers.store import Books
from pages import granted
from pooledfund import settings
from pooledfund.access import ALLOWED, Action, Role
from pooledfund.people import accounts, codes, drafts
from pooledfund.people.database import People, people_place
from pooledfund.people.granting import grant
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.people.signing_in import NOBODY, sign_ins
from pooledfund.people.tables import SessionRow
from pooledfund.ui.contents import PAGES
from tools.page_server import any_port, chromium, served, settled, signed_in, wait_for
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


@pytest.fixture
def said() -> Iterator[IO[bytes]]:
    """Where a front end of its own says what it says."""
    with TemporaryFile() as file:
        yield file


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


def test_wrong_passwords_lock_an_account_and_the_right_one_then_fails_as_well(
    browser: Browser, address: str, books: Path
) -> None:
    people = with_password(books, "locked")
    page = browser.new_page()
    for _ in range(settings.TRIES.number):
        try_to(page, address, "locked", "not the password")
        expect(page.get_by_role("alert")).to_contain_text("do not go together")
    try_to(page, address, "locked", PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("locked for 15 minutes")
    accounts.unlock(people, OPERATOR, "locked")
    try_to(page, address, "locked", PASSWORD)
    expect(page.get_by_role("button", name="Sign out locked")).to_be_visible(timeout=60_000)
    page.close()


def test_a_form_that_another_site_made_signs_nobody_in(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/sign-in")
    for form in ("", "made up"):
        answer = page.request.post(f"{address}/sign-in", form={"login": "visitor", "password": PASSWORD, "form": form})
        assert answer.status == 400
        assert "too old" in answer.text()
    assert "pooledfund" not in {each.get("name") for each in page.context.cookies()}
    page.close()


def test_a_session_that_ends_in_the_middle_of_work_writes_nothing_and_keeps_the_draft(
    browser: Browser, address: str, books: Path
) -> None:
    people = with_password(books, "worker", Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER))
    page = signed_in(browser, address, "worker")
    page.goto(f"{address}/risks")
    expect(page.get_by_role("textbox", name="Id of the new risk")).to_be_visible(timeout=60_000)
    settled(page)
    page.get_by_role("textbox", name="Id of the new risk").fill("winter")
    page.get_by_role("textbox", name="What may happen").fill("A hard winter")
    page.get_by_role("textbox", name="Note").click()
    expect(page.get_by_text("Your draft is kept").first).to_be_visible(timeout=60_000)
    until_drafted(people, "worker", "A hard winter")
    settled(page)
    before = Books.open(place_of(str(books))).pool(EXAMPLESHIRE).head()
    nobody_clicked_for_long(people, "worker")
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text("nothing was done in it for 60 minutes").first).to_be_visible(timeout=60_000)
    assert Books.open(place_of(str(books))).pool(EXAMPLESHIRE).head() == before
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Login").fill("worker")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("textbox", name="What may happen")).to_have_value("A hard winter", timeout=60_000)
    settled(page)
    accounts.disable(people, OPERATOR, "worker")
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text("You are signed out.").first).to_be_visible(timeout=60_000)
    assert Books.open(place_of(str(books))).pool(EXAMPLESHIRE).head() == before
    try_to(page, address, "worker", PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("locked or disabled")
    page.close()


def until_drafted(people: People, login: str, text: str) -> None:
    """Wait until a text is kept as a draft; raises TimeoutError where it never is."""
    until = time.monotonic() + 30
    while text not in {each.text for each in drafts.of(people, login, EXAMPLESHIRE).values()}:
        if time.monotonic() > until:
            raise TimeoutError(f"'{text}' is not kept")
        time.sleep(0.1)


def nobody_clicked_for_long(people: People, login: str) -> None:
    """Put a person's sessions back by more than the idle time, as if that had passed."""
    with people.writing() as session:
        for each in session.all(SessionRow, "login = ?", login):
            each.seen_at = people.later(minutes=-settings.IDLE_MINUTES.number - 1)


_OTHERS = {"administration": Action.SEE_PEOPLE, "journal": Action.EXPORT}
NEEDS = {name: _OTHERS.get(name, Action.READ) for group in PAGES.values() for name, _ in group}


@pytest.mark.parametrize("role", [each for each in Role if not ALLOWED[each] >= set(NEEDS.values())])
def test_what_a_role_may_not_see_is_not_seen_by_its_address(
    browser: Browser, address: str, books: Path, role: Role
) -> None:
    with_password(books, role.value, granted(role))
    page = signed_in(browser, address, role.value)
    forbidden = [name for name, action in NEEDS.items() if action not in ALLOWED[role]]
    assert forbidden
    for name in forbidden:
        page.goto(f"{address}/{name}?pool=&quarter=Q1%3A+Apr+to+Jun")
        expect(page.get_by_text(f"may not {NEEDS[name]}").first).to_be_visible(timeout=60_000)
        assert page.get_by_role("table").count() == 0
        assert page.locator("[data-testid=stMain] button").count() == 0
    page.close()


def test_somebody_without_a_role_here_sees_no_pool(browser: Browser, address: str, books: Path) -> None:
    with_password(books, "guest", Grant("another-pool", Role.AUDITOR))
    page = signed_in(browser, address, "guest")
    expect(page.get_by_text("has no role in any pool of these books").first).to_be_visible()
    page.close()


def test_the_first_start_is_set_up_with_the_code_of_the_terminal_and_logs_no_secret(
    browser: Browser, tmp_path: Path, said: IO[bytes]
) -> None:
    books = exampleshire_books(tmp_path / "new.db", through="Q1")
    with started(books, said) as there:
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
        tokens = [str(each.get("value")) for each in page.context.cookies()]
        page.request.get(f"{there}/set-up?code={code}&password={PASSWORD}")
        page.close()
    lines, text = logged(said)
    assert "'pooledfund people setup-code' shows" in text, "no code goes to a file or a journal"
    assert {"login": "ada", "outcome": "signed in"}.items() <= one_of(lines, "sign-in").items()
    assert {"method": "POST", "path": "/set-up", "status": 303}.items() <= next(
        each.items() for each in lines if each.get("method") == "POST"
    )
    assert all({"at", "level", "from", "message"} <= each.keys() for each in lines)
    for secret in (code, PASSWORD, PASSWORD.replace(" ", "%20"), *tokens):
        assert secret not in text


def one_of(lines: list[dict[str, object]], message: str) -> dict[str, object]:
    """The line that says something; that there is one only is part of the test."""
    (found,) = (each for each in lines if each["message"] == message)
    return found


BROKEN = """
import sys
from pathlib import Path
from pooledfund.ui import server
port = int(sys.argv[1])
pages = server.front_end(f"http://localhost:{port}", Path("broken.py").resolve())
pages.run(config=server.options("127.0.0.1", port, open_browser=False))
"""


def test_a_fault_of_the_program_is_a_sentence_with_the_reference_of_the_log(
    browser: Browser, books: Path, tmp_path: Path, said: IO[bytes]
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise RuntimeError('no page expects this')")
    with_password(books, "finder")
    program = BROKEN.replace("broken.py", str(broken))
    with started(books, said, program=program, POOLEDFUND_DB=str(books)) as there:
        page = browser.new_page()
        sign_in_at(page, there, "finder")
        shown = page.get_by_text("the reference").first
        expect(shown).to_be_visible(timeout=60_000)
        words = page.locator("body").inner_text()
        page.close()
    lines, _ = logged(said)
    failure = one_of(lines, "page failed")
    assert str(failure["reference"]) in words
    assert "no page expects this" in str(failure["trace"])
    assert "no page expects this" not in words
    assert "Traceback" not in words


def test_health_and_headers(address: str) -> None:
    with urllib.request.urlopen(f"{address}/health") as answer:
        assert b'"status":"well"' in answer.read()
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_an_organisations_provider_signs_people_in_and_out_by_the_same_way(
    browser: Browser, tmp_path: Path, said: IO[bytes]
) -> None:
    books = exampleshire_books(tmp_path / "org.db", through="Q1")
    people = person(books, "keeper")
    accounts.add(people, OPERATOR, "olu", oidc=True)
    grant(people, OPERATOR, "olu", Grant(EVERY_POOL, Role.AUDITOR))
    with (
        provider() as issuer,
        started(
            books,
            said,
            POOLEDFUND_OIDC_METADATA_URL=f"{issuer}/.well-known/openid-configuration",
            POOLEDFUND_OIDC_CLIENT_ID="pooledfund",
            POOLEDFUND_OIDC_CLIENT_SECRET="a secret of the test",
            POOLEDFUND_OIDC_LOGIN_CLAIM="sub",
        ) as there,
    ):
        page = browser.new_context().new_page()
        authorised(page, there, "olu")
        expect(page.get_by_role("button", name="Sign out olu")).to_be_visible(timeout=60_000)
        page.reload()
        expect(page.get_by_role("button", name="Sign out olu")).to_be_visible(timeout=60_000)
        stolen: Any = page.context.cookies()
        page.get_by_role("button", name="Sign out olu").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("End Session", timeout=60_000)
        page.get_by_role("button").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in", timeout=60_000)
        thief = browser.new_context()
        thief.add_cookies(stolen)
        there_again = thief.new_page()
        there_again.goto(f"{there}/quarter")
        expect(there_again.get_by_text("You are signed out.").first).to_be_visible(timeout=60_000)
        authorised(page, there, "stranger")
        expect(page.get_by_text("stranger is not known here").first).to_be_visible(timeout=60_000)
        page.context.close()
        thief.close()
    tries = [(each.login, each.way, each.outcome) for each in sign_ins(people, OPERATOR)]
    assert tries == [(NOBODY, "oidc", "not known here"), ("olu", "oidc", "signed out"), ("olu", "oidc", "signed in")]
    _, text = logged(said)
    for secret in ("a secret of the test", *(str(each["value"]) for each in stolen)):
        assert secret not in text


def authorised(page: Page, there: str, login: str) -> None:
    """Come in by the organisation's provider, which says who it is."""
    page.goto(f"{there}/sign-in")
    page.get_by_role("link", name="Sign in with your organisation").click()
    page.locator("input[name=sub]").fill(login)
    page.get_by_role("button", name="Authorize").click()


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
def started(books: Path, said: IO[bytes], *, program: str = "", **settings: str) -> Iterator[str]:
    """A front end of its own, as the service starts it or by a program, with these settings; it says what it logs."""
    port = any_port()
    service = ["-m", "pooledfund", "serve", "--db", str(books), "--port", str(port), "--no-browser"]
    call = [sys.executable, *(["-c", program, str(port)] if program else service)]
    surroundings = {**os.environ, "POOLEDFUND_URL": f"http://localhost:{port}", **settings}
    with subprocess.Popen(call, env=surroundings, stdout=said, stderr=subprocess.STDOUT) as running:
        try:
            wait_for(f"http://localhost:{port}/_stcore/health", running, said)
            yield f"http://localhost:{port}"
        finally:
            running.terminate()


def logged(said: IO[bytes]) -> tuple[list[dict[str, object]], str]:
    """What a front end that has stopped logged, line by line, and all that it said."""
    said.seek(0)
    text = said.read().decode()
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")], text

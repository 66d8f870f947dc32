"""The front end as a person starts it, on a free port, and a browser to look at it: for tests and pictures."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from pooledfund.ui.serve import LOCAL
from tools.people_for_pages import sign_in_at, with_password

VISITOR = "visitor"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_SECONDS = 60
_OPENINGS = 8


@contextmanager
def served(books: Path, **settings: str) -> Iterator[str]:
    """The address of the front end over these books, started by the command line and stopped at the end.

    ``settings`` are put into its environment. Somebody can sign in to it: ``signed_in`` does so as an auditor, or in a
    role and by a login of one's own.
    """
    with_password(books, VISITOR)
    port = any_port()
    serve = [sys.executable, "-m", "pooledfund", "serve", "--db", str(books), "--port", str(port), "--no-browser"]
    surroundings = {**os.environ, **settings}
    with (
        TemporaryFile() as said,
        subprocess.Popen(serve, env=surroundings, stdout=said, stderr=subprocess.STDOUT) as server,
    ):
        try:
            wait_for(f"http://{LOCAL}:{port}/_stcore/health", server, said)
            yield f"http://{LOCAL}:{port}"
        finally:
            server.terminate()


def signed_in(browser: Browser, address: str, login: str = VISITOR, **context: Any) -> Page:  # noqa: ANN401
    """A page of a browser whose person came in by the form, with what a context of Playwright takes."""
    page = browser.new_context(**context).new_page()
    page.set_default_timeout(60_000)
    sign_in_at(page, f"{address}/quarter", login)
    page.get_by_role("button", name=f"Sign out {login}").wait_for()
    return page


def settled(page: Page) -> None:
    """Wait until all of a page is drawn: its heading stands before the rest, and a click meanwhile may be lost.

    The program of a field that this browser has not drawn before is fetched while a blank stands in its place.
    """
    page.locator("[data-test-script-state=notRunning]").wait_for()
    waiting = "[data-testid=stStatusWidget], [data-stale=true], [data-testid=stSkeleton]"
    page.wait_for_function(f"!document.querySelector('{waiting}')")


def choose(page: Page, label: re.Pattern[str], option: re.Pattern[str]) -> None:
    """The option of a select: a list that opens while its page is drawn anew closes again, and is opened once more.

    It is opened by keyboard: one that is opened by a click closes where the page has to scroll to it.
    """
    wanted = page.get_by_role("option", name=option).first
    for _ in range(_OPENINGS):
        settled(page)
        page.get_by_role("combobox", name=label).first.press("ArrowDown")
        try:
            wanted.click(timeout=4_000)
            break
        except TimeoutError:
            page.keyboard.press("Escape")
    else:
        raise AssertionError(f"{label.pattern} offers no {option.pattern}")
    settled(page)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; its absence is a failure, never a reason to pass over a test."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise FileNotFoundError("Chromium is not installed: run tools/system_parts.sh chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def any_port() -> int:
    """A port that the machine gives: two servers started at once do not come upon the same."""
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, server: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """Wait until an address answers; raises ConnectionError with what the program said where it stops before."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            said.seek(0)
            raise ConnectionError(f"the front end stopped: {said.read().decode()}")
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.1)
    raise ConnectionError(f"{address} does not answer")

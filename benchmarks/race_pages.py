"""Races the pages in a real Chromium at a million postings: a first screen, and clicks against pages of constants."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryFile
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page
from streamlit.testing.v1 import AppTest

from benchmarks.books import AT, filled_books, spends
from benchmarks.page_constants import Node, Step, field, is_named, states_of
from benchmarks.racing import ROOT, AnswersDiffer, Result
from pooledfund import settings
from pooledfund.access import Role
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.ui.contents import PAGES
from pooledfund.ui.serve import LOCAL
from tools.page_server import any_port, chromium, served, settled, signed_in, wait_for
from tools.people_for_pages import token, with_password

ROUNDS = 20
REACH = 1.5
LOGIN = "manager"
POSTINGS_IN_MEAN = 2.5
SINGLE = 1_200
"""Entries with an event of their own, so that the log has many pages."""
FLOORS = ROOT / "benchmarks" / "floors"
_QUIET_SECONDS = 0.4
"""Between two clicks: a server may look for rubbish after one, which is no part of the next."""
# An installation has all modules compiled, as Streamlit's are: a first turn, which is not counted, compiles ours.
_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
_CLICKED = "() => addEventListener('mousedown', () => { window.clickedAt = performance.now() }, true)"
_TABLES = "() => Array.from(document.querySelectorAll('table'), each => each.textContent).join('\\n')"
_DONE = """expected => {
    const tables = Array.from(document.querySelectorAll('table'), each => each.textContent).join('\\n');
    const drawn = tables === expected && document.querySelector('[data-test-script-state=notRunning]')
        && !document.querySelector('[data-stale=true]');
    return drawn ? performance.now() - window.clickedAt : null;
}"""


@dataclass(frozen=True, slots=True)
class Click:
    """What is clicked on a page: a field by the beginning of its label, so many of its values by turns."""

    page: str
    kind: Literal["selectbox", "number_input"]
    label: str
    values: int

    @property
    def way(self) -> str:
        """What follows the server's address; the first page is where no page is named."""
        return "" if self.page == "pools" else self.page


CLICKS = (
    Click("pools", "selectbox", "Figures in tables", 2),
    Click("quarter", "selectbox", "Figures in tables", 2),
    Click("contributions", "selectbox", "Figures in tables", 2),
    Click("schemes", "selectbox", "Line", 4),
    Click("audit", "number_input", "Page of the log", ROUNDS + 2),
)


def race_pages(folder: Path, postings: int) -> list[Result]:
    """The first screen against the least page that Streamlit shows; each click against the same page of constants."""
    books = page_books(folder / "pages", postings)
    os.environ[settings.DB.name] = str(books)  # the pages that are run without a server read their books' place here
    with chromium() as browser:
        with served(books) as address:
            context = signed_in(browser, address, LOGIN, viewport={"width": 1366, "height": 768}).context
        results = [_first_screen(browser, context, books)]
        results += [_clicks(context, books, folder, click) for click in CLICKS]
    return results


def page_books(folder: Path, postings: int) -> Path:
    """Books of so many postings, the last of them each with an event of its own, and somebody who can sign in."""
    books = folder / "bench.db"
    if not books.exists():
        count = int(postings / POSTINGS_IN_MEAN)
        ledger = filled_books(folder, count - SINGLE)
        for entry in spends(Random(7), count - SINGLE, SINGLE):
            with ledger.writing("bench", AT) as writing:
                writing.record(entry)
    with_password(books, LOGIN, Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER))
    return books


def _first_screen(browser: Browser, context: BrowserContext, books: Path) -> Result:
    cookies = context.storage_state()
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    for turn in range(ROUNDS + 1):
        for name in times:
            fresh = browser.new_context(storage_state=cookies if name == "ours" else None)
            page = fresh.new_page()
            started = time.perf_counter()
            with served(books, **_COMPILED) if name == "ours" else _bare(FLOORS / "bare_page.py") as address:
                page.goto(address)
                page.get_by_role("heading", level=1, name="Pools" if name == "ours" else "A page").wait_for()
                settled(page)
                if turn:
                    times[name].append(time.perf_counter() - started)
                fresh.close()
    return _result("first screen from a cold start, pools at a million postings", times)


def _clicks(context: BrowserContext, books: Path, folder: Path, click: Click) -> Result:
    """The same clicks on both pages: their answers are compared, then timed by turns on servers just started."""
    constants = folder / f"{click.page}.json"
    page_of = _constants(books, click)
    constants.write_text(json.dumps(page_of), encoding="utf-8")
    watched = page_of["pages"][click.page]
    asked = [watched["values"][turn % click.values] for turn in range(1, ROUNDS + 2)]
    with _bare(FLOORS / "page.py", constants) as floor:
        with served(books) as ours:
            answers = [
                _answers(context, f"{each}/{click.way}", click, watched["watched"], asked) for each in (ours, floor)
            ]
        if answers[0] != answers[1]:
            raise AnswersDiffer(f"{click.page}: the page of constants shows other tables than the page")
        if len(set(answers[0])) < 2:
            raise AnswersDiffer(f"{click.page}: the click changes no table, so its end cannot be seen")
        with served(books) as ours:
            screens = {
                name: _opened(context, f"{each}/{click.way}") for name, each in (("ours", ours), ("floor", floor))
            }
            times: dict[str, list[float]] = {name: [] for name in screens}
            for turn, (value, answer) in enumerate(zip(asked, answers[0], strict=True)):
                for name, page in screens.items():
                    page.bring_to_front()  # what stands behind is drawn less often
                    time.sleep(_QUIET_SECONDS)
                    _do(page, click, watched["watched"], value)
                    took = page.wait_for_function(_DONE, arg=answer, polling="raf").json_value()
                    if turn:
                        times[name].append(float(took) / 1000)
            for page in screens.values():
                page.close()
    return _result(f"{click.page}, {click.label.lower()}", times)


def _constants(books: Path, click: Click) -> Node:
    """Every state of the page that the clicks bring about, and what stands around a page."""
    grant = Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER)

    def choose(place: int) -> Step:
        def step(app: AppTest) -> None:
            found = field(app, click.kind, click.label)
            found.set_value(place + 1) if click.kind == "number_input" else found.select_index(place)

        return step

    states = states_of(click.page, token(books, LOGIN, grant), [choose(place) for place in range(1, click.values)])
    said = _found(states[0], click.label)
    values = said["options"][: click.values] if click.kind == "selectbox" else list(range(1, click.values + 1))
    return {
        "pages": {click.page: {"watched": said["label"], "values": values, "states": states}},
        "sections": PAGES,
        "style": f"<style>{(ROOT / 'pooledfund/ui/style.css').read_text(encoding='utf-8')}</style>",
    }


def _found(tree: Node, label: str) -> Node:
    """What the field of this label says, wherever it stands."""
    waiting = [*tree["main"], *tree["sidebar"]]
    while waiting:
        node = waiting.pop(0)
        if is_named(str(node["said"].get("label", "")), label):
            return dict(node["said"])
        waiting += node.get("children", [])
    raise AnswersDiffer(f"the page has no field '{label}'")


def _answers(context: BrowserContext, address: str, click: Click, label: str, asked: Sequence[object]) -> list[str]:
    """The text of all tables after each click."""
    page = _opened(context, address)
    found = []
    before = page.evaluate(_TABLES)
    for value in asked:
        _do(page, click, label, value)
        page.wait_for_function(f"before => ({_TABLES})() !== before", arg=before)
        settled(page)
        before = page.evaluate(_TABLES)
        found.append(str(before))
    page.close()
    return found


def _opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(2_000)  # its heading stands before the rest of the page, and a first run may be the shell's
    settled(page)
    page.evaluate(_CLICKED)
    return page


def _do(page: Page, click: Click, label: str, value: object) -> None:
    """One click; what opens a list is not it, the choice in the list is."""
    if click.kind == "number_input":
        page.get_by_test_id("stNumberInput").filter(has_text=label).get_by_test_id("stNumberInputStepUp").click()
        return
    page.get_by_role("combobox", name=re.compile(rf"(^|\. ){re.escape(label)}$")).press("ArrowDown")
    page.get_by_role("option", name=str(value), exact=True).click()


@contextmanager
def _bare(script: Path, *arguments: Path) -> Iterator[str]:
    """Bare Streamlit showing one script, stopped at the end."""
    port = any_port()
    options = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none")
    program = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *options]
    call = [*program, f"--server.address={LOCAL}", "--", *map(str, arguments)]
    surroundings = {**os.environ, **_COMPILED}
    with (
        TemporaryFile() as said,
        subprocess.Popen(call, cwd=ROOT, env=surroundings, stdout=said, stderr=subprocess.STDOUT) as server,
    ):
        try:
            wait_for(f"http://{LOCAL}:{port}/_stcore/health", server, said)
            yield f"http://{LOCAL}:{port}"
        finally:
            server.terminate()


def _result(name: str, times: dict[str, list[float]]) -> Result:
    mine, floor = median(times["ours"]), median(times["floor"])
    return Result(name, f"{mine:.3f} s", f"{floor:.3f} s", mine / floor, f"at most {REACH}", mine / floor <= REACH)

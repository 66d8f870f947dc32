"""Races the pages in a real Chromium, over books of many postings: a first screen, and clicks against constants."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile

from playwright.sync_api import Browser, BrowserContext, Error, Page

from benchmarks.books import AT, filled_books, spends
from benchmarks.page_clicks import CLICKS, GRANT, LOGIN, Click, constants, do
from benchmarks.racing import ROOT, AnswersDiffer, Result
from ledgers.store import Books
from pooledfund import settings
from pooledfund.ui.serve import LOCAL
from pooledfund.ui.server import options
from tools.page_server import any_port, chromium, served, settled, signed_in, wait_for
from tools.people_for_pages import with_password

ROUNDS = 20
REACH = 1.5
POSTINGS_IN_MEAN = 2.5
SINGLE = 1_200
"""Entries with an event of their own, so that the log has many pages."""
FLOORS = ROOT / "benchmarks" / "floors"
_QUIET_SECONDS = 0.4
"""Between two clicks: a server may look for rubbish after one, which is no part of the next."""
_LOOKS = 15
_STEADY_MS = 1_000
"""How long the text of a page just opened stays as it is before it is taken for whole."""
# An installation has all modules compiled, as Streamlit's are: a first turn, which is not counted, compiles ours.
_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
_AS_OURS = {name: value for name, value in options(LOCAL, 0, open_browser=False).items() if name != "server.port"}
_BARE: Mapping[str, object] = {
    name: _AS_OURS[name]
    for name in ("server.headless", "server.fileWatcherType", "browser.gatherUsageStats", "server.maxUploadSize")
}
"""Streamlit's own settings but for what opens a browser, watches files, sends statistics, and what a page says."""
_KEPT = "--kept"
"""Told to a floor: what is loaded stays for good, as in our server."""
_TEXT = """() => Array.from(
    document.querySelectorAll('[data-testid=stSidebar], [data-testid=stMain]'), each => each.textContent).join('\\n')"""
_CLICKED = "() => addEventListener('mousedown', () => { window.clickedAt = performance.now() }, true)"
_DONE = f"""expected => {{
    const drawn = ({_TEXT})() === expected && document.querySelector('[data-test-script-state=notRunning]')
        && !document.querySelector('[data-stale=true]');
    return drawn ? performance.now() - window.clickedAt : null;
}}"""
_STANDS = f"""before => ({_TEXT})() !== before && document.querySelector('[data-test-script-state=notRunning]')
    && !document.querySelector('[data-stale=true], [data-testid=stStatusWidget]')"""
Times = dict[str, list[float]]


def race_first_screen(folder: Path, postings: int, rounds: int = ROUNDS) -> list[Result]:
    """The first screen from a cold start against the least page that Streamlit shows."""
    books = page_books(folder, postings)
    with _told_of(books), chromium() as browser:
        with served(books) as address:
            context = signed_in(browser, address, LOGIN, viewport={"width": 1366, "height": 768}).context
        return _first_screen(browser, context, books, rounds, f"{count_of(books):,} postings")


def race_pages(folder: Path, postings: int, rounds: int = ROUNDS, clicks: Sequence[Click] = CLICKS) -> Iterator[Result]:
    """Each click on our pages against the same page of constants."""
    books = page_books(folder, postings)
    with _told_of(books), chromium() as browser, TemporaryDirectory() as scratch:
        with served(books) as address:
            context = signed_in(browser, address, LOGIN, viewport={"width": 1366, "height": 768}).context
        held = f"{count_of(books):,} postings"
        for click in clicks:
            yield from _clicks(context, books, Path(scratch), click, rounds, held)


@contextmanager
def _told_of(books: Path) -> Iterator[None]:
    """The pages that are run without a server read their books' place from the environment."""
    before = os.environ.get(settings.DB.name)
    os.environ[settings.DB.name] = str(books)
    try:
        yield
    finally:
        os.environ.pop(settings.DB.name)
        if before is not None:
            os.environ[settings.DB.name] = before


def page_books(folder: Path, postings: int) -> Path:
    """Books of so many postings, the last of them each with an event of its own, and somebody who can sign in.

    Books that the folder holds from before are brought up to date and raced again; they are there whole or not at all.
    """
    home = folder / f"pages-{postings}"
    if not home.exists():
        filling = folder / f"pages-{postings}-filling"
        if filling.exists():
            raise FileExistsError(f"{filling}: a filling that was broken off, or is going on; remove it to fill anew")
        count = int(postings / POSTINGS_IN_MEAN)
        single = min(SINGLE, count)
        ledger = filled_books(filling, count - single)
        for entry in spends(Random(7), count - single, single):
            with ledger.writing("bench", AT) as writing:
                writing.record(entry)
        ledger.books.close()
        filling.rename(home)
    books = home / "bench.db"
    Books.upgrade(books)
    with_password(books, LOGIN, GRANT)
    return books


def count_of(books: Path) -> int:
    """How many postings the books hold."""
    with closing(sqlite3.connect(books)) as raw:
        return int(raw.execute("SELECT count(*) FROM posting").fetchone()[0])


def _first_screen(browser: Browser, context: BrowserContext, books: Path, rounds: int, held: str) -> list[Result]:
    cookies = context.storage_state()
    times: Times = {"ours": [], "floor": [], "other": []}
    for turn in range(rounds + 1):
        for name in times:
            fresh = browser.new_context(storage_state=cookies if name == "ours" else None)
            page = fresh.new_page()
            started = time.perf_counter()
            with _first_server(name, books) as address:
                page.goto(address)
                page.get_by_role("heading", level=1, name="Pools" if name == "ours" else "A page").wait_for()
                settled(page)
                if turn:
                    times[name].append(time.perf_counter() - started)
                fresh.close()
    return _results(f"first screen from a cold start, pools at {held}", times, "a bare page with our settings")


@contextmanager
def _first_server(name: str, books: Path) -> Iterator[str]:
    bare = _BARE if name == "floor" else _AS_OURS
    with served(books, **_COMPILED) if name == "ours" else _bare(FLOORS / "bare_page.py", bare) as address:
        yield address


def _clicks(context: BrowserContext, books: Path, folder: Path, click: Click, rounds: int, held: str) -> list[Result]:
    """The same clicks on both pages: their answers are compared, then timed by turns on servers just started.

    The floor has our server's settings, so that the ratio is the page's; with Streamlit's own it is told beside.
    """
    file = folder / f"{click.page}.json"
    places = click.places(rounds)
    drawn = constants(books, click, places)
    file.write_text(json.dumps(drawn), encoding="utf-8")
    watched = drawn["pages"][click.page]
    asked = [watched["values"][place] for place in places]
    with ExitStack() as stack:
        floor = stack.enter_context(_bare(FLOORS / "page.py", _AS_OURS, file, _KEPT))
        with served(books) as ours:
            first = _answers(context, f"{ours}/{click.way}", click, watched["watched"], asked)
            second = _answers(context, f"{floor}/{click.way}", click, watched["watched"], asked, first[0])
        same_texts(click.name, first, second)
        servers = {
            "ours": stack.enter_context(served(books)),
            "floor": floor,
            "other": stack.enter_context(_bare(FLOORS / "page.py", _BARE, file)),
        }
        screens = {name: _opened(context, f"{each}/{click.way}", first[0]) for name, each in servers.items()}
        times = _timed(screens, click, watched["watched"], list(zip(asked, first[1:], strict=True)))
        for page in screens.values():
            page.close()
    return _results(f"{click.name}, {held}", times, "the same page with Streamlit's own settings")


def _timed(screens: Mapping[str, Page], click: Click, label: str, asked: Sequence[tuple[object, str]]) -> Times:
    """Seconds from each click until its answer stands on the page, by turns; the first of each is not kept."""
    times: Times = {name: [] for name in screens}
    for turn, (value, answer) in enumerate(asked):
        for name, page in screens.items():
            page.bring_to_front()  # what stands behind is drawn less often
            time.sleep(_QUIET_SECONDS)
            do(page, click, label, value)
            took = page.wait_for_function(_DONE, arg=answer, polling="raf").json_value()
            if turn:
                times[name].append(float(took) / 1000)
    return times


def same_texts(name: str, ours: Sequence[str], floor: Sequence[str]) -> None:
    """See that both pages say the same after each click, and that each click changes it; raises AnswersDiffer."""
    for turn, (mine, other) in enumerate(zip(ours, floor, strict=True)):
        if mine != other:
            at = next((at for at, pair in enumerate(zip(mine, other, strict=False)) if pair[0] != pair[1]), -1)
            here = slice(max(0, at - 60), at + 60)
            raise AnswersDiffer(
                f"{name}: after click {turn} '{mine[here]}' is '{other[here]}' on the page of constants"
            )
    if any(before == after for before, after in pairwise(ours)):
        raise AnswersDiffer(f"{name}: a click changes no text, so its end cannot be seen")


def _answers(
    context: BrowserContext, address: str, click: Click, label: str, asked: Sequence[object], opens: str = ""
) -> list[str]:
    """The whole text of the page as it opens and after each click; raises AnswersDiffer where a click leads nowhere."""
    page = _opened(context, address, opens)
    found = [str(page.evaluate(_TEXT))]
    for value in asked:
        try:
            do(page, click, label, value)
            page.wait_for_function(_STANDS, arg=found[-1])
        except Error as error:
            said = page.locator("[data-testid=stAlert], [data-testid=stException]").all_inner_texts()
            raise AnswersDiffer(f"{click.name} at {address} does not answer {value!r}: {said} {error}") from None
        found.append(str(page.evaluate(_TEXT)))
    page.close()
    return found


def _opened(context: BrowserContext, address: str, opens: str = "") -> Page:
    """A page with all of its text: until it says what it ``opens`` with, or else until it says nothing new."""
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.get_by_role("button", name=f"Sign out {LOGIN}").wait_for()  # a shell without it may come first
    page.get_by_role("heading", level=1).wait_for()
    _say_nothing_new(page, opens)
    page.evaluate(_CLICKED)
    return page


def _say_nothing_new(page: Page, opens: str) -> None:
    """Wait until a page says what it should and nothing new; one that never does is compared as it stands."""
    before = None
    for _ in range(_LOOKS):
        now = str(page.evaluate(_TEXT))
        if now == before and now == (opens or now):
            break
        before = now
        page.wait_for_timeout(_STEADY_MS)
        page.wait_for_load_state("networkidle")  # the program of a field may still be on its way
        page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
        settled(page)


@contextmanager
def _bare(script: Path, told: Mapping[str, object], *arguments: object) -> Iterator[str]:
    """Bare Streamlit with these settings showing one script, stopped at the end."""
    port = any_port()
    settings_said = {**told, "server.address": LOCAL, "server.port": port}
    said_options = [f"--{name}={str(value).lower()}" for name, value in settings_said.items()]
    call = [sys.executable, "-m", "streamlit", "run", str(script), *said_options, "--", *map(str, arguments)]
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


def _results(name: str, times: Times, other: str) -> list[Result]:
    """What was asked, and beside it the same against the other floor."""
    mine, floor, beside = (median(times[each]) for each in ("ours", "floor", "other"))
    return [
        Result(name, f"{mine:.3f} s", f"{floor:.3f} s", mine / floor, f"at most {REACH}", mine / floor <= REACH),
        Result(f"- against {other}", f"{mine:.3f} s", f"{beside:.3f} s", mine / beside, "-", True),
    ]

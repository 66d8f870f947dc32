"""The web server of the front end: Streamlit's pages behind sign-in, with a page of health. Draws no page."""

import gc
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route
from streamlit.starlette import App

from ledgers.refusals import LedgerRefusal
from ledgers.store import Books
from pooledfund import __version__
from pooledfund.errors import InputRefused
from pooledfund.people import codes
from pooledfund.ui import sign_in
from pooledfund.ui.books import books_place
from pooledfund.ui.front_door import Headers, SignInFirst
from pooledfund.ui.logs import log_as_json
from pooledfund.ui.navigation import FIRST_PAGE
from pooledfund.ui.oidc import auth_secrets
from pooledfund.ui.uploads import largest_mb
from pooledfund.ui.who import people_here

SCRIPT = Path(__file__).resolve().parents[2] / "app.py"
_log = logging.getLogger("pooledfund.pages")


def front_end(here: str, script: Path = SCRIPT) -> App:
    """The front end, reached at an address such as http://127.0.0.1:8501; ``script`` draws its pages."""
    return App(
        script,
        routes=[
            Route("/health", health, methods=["GET"]),
            Route(f"/{FIRST_PAGE}", first_page, methods=["GET"]),
            *sign_in.ROUTES,
        ],
        middleware=[Middleware(Headers), Middleware(SignInFirst)],
        secrets=auth_secrets(here),
        lifespan=_lifespan,
        on_script_error=_say_it_failed,
    )


def options(address: str, port: int, *, open_browser: bool) -> dict[str, object]:
    """What Streamlit is told: quiet, no statistics sent, no traceback shown, uploads within bounds."""
    return {
        "server.address": address,
        "server.port": port,
        "server.headless": not open_browser,
        "server.showEmailPrompt": False,  # a first start would wait for an answer, and end where none can be given
        "server.fileWatcherType": "none",
        "runner.postScriptGC": False,  # Python looks for rubbish by itself; here it held up the last tables
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.maxUploadSize": largest_mb(),
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
    }


async def first_page(request: Request) -> RedirectResponse:
    """The first page by its own name: Streamlit knows it by no name, and would say that it is not found."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/", 307)


async def health(_: Request) -> JSONResponse:
    """Whether the books and the people can be read, for whatever watches the server; says nothing of what they hold."""
    found = {"books": await run_in_threadpool(_books_answer), "people": await run_in_threadpool(_people_answer)}
    well = all(each == "read" for each in found.values())
    answer = {"status": "well" if well else "not well", **found, "version": __version__}
    return JSONResponse(answer, 200 if well else 503, {"Cache-Control": "no-store"})


def first_run(here: str, *, terminal: bool) -> str | None:
    """What is said at the very first start: the address of set-up, and on a terminal its code; later on nothing.

    Where the output goes to a file or a journal the code is not in it: the command that shows one is named instead.
    """
    people = people_here()
    if not codes.nobody_yet(people):
        return None
    there = f"Nobody can sign in yet. Open {here}{sign_in.SET_UP} and type the code"
    if not terminal:
        return f"{there} that 'pooledfund people setup-code' shows"
    return f"{there} {codes.first_run_code(people)} within {codes.FIRST_RUN_HOURS} hour"


def _books_answer() -> str:
    try:
        Books.open(books_place()).pool_ids()
    except LedgerRefusal as refusal:
        return type(refusal).__name__
    return "read"


def _people_answer() -> str:
    try:
        people_here()
    except InputRefused as refusal:
        return type(refusal).__name__
    return "read"


@asynccontextmanager
async def _lifespan(_: App) -> AsyncIterator[dict[str, Any] | None]:
    log_as_json()  # by now the loggers of the web server are there
    # What is loaded stays for good: a search for rubbish that goes through it makes a click wait half a second.
    gc.collect()
    gc.freeze()
    yield None


def _say_it_failed(error: Exception) -> bool:
    """Log what a page did not expect, and say on it what to do; nothing half done is kept in the books."""
    reference = secrets.token_hex(4)
    _log.error("page failed", exc_info=error, extra={"reference": reference})
    st.error(
        f"This page met a fault of the program: nothing was written by it. Load it again; where it stays, "
        f"give whoever looks after this server the reference {reference}.",
        icon=":material/error:",
    )
    return True

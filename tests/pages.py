"""Pages run as Streamlit runs them but without a browser, for a person in a role; and what a test reads off them."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

from streamlit.testing.v1 import AppTest

from books_for_pages import EXAMPLESHIRE
from pooledfund.access import OWN_PARTNER, Role
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.ui.who import TOKEN
from tools.page_script import page_script
from tools.people_for_pages import token


@contextmanager
def environment(**settings: str) -> Iterator[None]:
    """The environment as the operator sets it, put back afterwards."""
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def granted(role: str, partner: str | None = None) -> Grant:
    """A role in every pool, for a partner or a line where it acts for one."""
    if Role(role) is Role.SCHEME_MANAGER:
        return Grant(EXAMPLESHIRE, Role(role), schemes=("S1",))
    acts_for_one = Role(role) in OWN_PARTNER
    if acts_for_one:
        return Grant(EXAMPLESHIRE, Role(role), partner or "council")
    return Grant(EVERY_POOL, Role(role))


def opened(name: str, books: Path, role: str = "auditor", login: str | None = None, **address: str) -> AppTest:
    """A page, first shown to a person in a role, who is signed in and came by an address that says so much."""
    app = AppTest.from_string(page_script(name), default_timeout=60)
    app.session_state[TOKEN] = token(books, login or role.replace("_", "-"), granted(role))
    for key, value in address.items():
        app.query_params[key] = value
    return again(app, books)


def again(app: AppTest, books: Path, _role: str = "") -> AppTest:
    """The page after what was clicked and typed."""
    with environment(POOLEDFUND_DB=str(books)):
        return app.run()


def markup(app: AppTest) -> str:
    """Every HTML part of the page, one after the other."""
    assert not app.exception
    return "\n".join(part.value for part in app.html)


def text(app: AppTest) -> str:
    """What a reader reads of the HTML parts."""
    return plain(markup(app))


def plain(markup: str) -> str:
    """What a reader reads of some markup."""
    return unescape(re.sub(r"<[^>]+>", " ", markup))


def table(app: AppTest, caption: str) -> str:
    """The markup of the table whose caption begins so."""
    return next(part for part in markup(app).split("<table")[1:] if f"<caption>{caption}" in part)


def rows(markup: str) -> list[str]:
    """The rows of a table's body."""
    return markup.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")[1:]


def exact(markup: str) -> list[str]:
    """The exact pounds that the money cells of some markup carry."""
    return re.findall(r'<data value="([^"]+)">', markup)

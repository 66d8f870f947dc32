"""The clicks that pages are raced by, and what a page shows after each of them, as constants. Times nothing."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Locator, Page, TimeoutError
from streamlit.testing.v1 import AppTest

from benchmarks.page_constants import Node, Step, field, is_named, states_of
from benchmarks.racing import ROOT, AnswersDiffer
from pooledfund.access import Role
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.ui.contents import FIRST_PAGE, PAGES
from tools.people_for_pages import token

LOGIN = "manager"
GRANT = Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER)
Kind = Literal["selectbox", "number_input", "button", "text_input"]


@dataclass(frozen=True, slots=True)
class Click:
    """What is clicked on a page: a field or a button by the beginning of its label.

    A list has so many of its options by turns. Without a number each click asks for what was not asked for before: the
    next page, or by a text field's ``words`` and its form's button another search.
    """

    page: str
    kind: Kind
    label: str
    options: int | None = None
    words: Callable[[int], str] = str
    submit: str = ""

    @property
    def way(self) -> str:
        """What follows the server's address; the first page is where no page is named."""
        return "" if self.page == FIRST_PAGE else self.page

    @property
    def name(self) -> str:
        """The page and what is clicked on it."""
        return f"{self.page}, {(self.submit or self.label).lower()}"

    def places(self, rounds: int) -> list[int]:
        """Which state of the page each click of a race leads to, the page as it opens being state 0."""
        clicks = range(1, rounds + 2)  # the first is not counted
        return [each % self.options for each in clicks] if self.options else list(clicks)


UNIT = "Figures in tables"
OPENINGS = 10
CLICKS = (
    Click("pools", "selectbox", UNIT, 2),
    Click("quarter", "selectbox", UNIT, 2),
    Click("contributions", "selectbox", UNIT, 2),
    Click("schemes", "selectbox", "Line", 4),
    Click("journal", "button", "Older entries"),
    Click("journal", "text_input", "Text", words=lambda place: f"INV-1{place:02}", submit="Search the journal"),
    Click("audit", "number_input", "Page of the log"),
    Click("risk_share", "selectbox", UNIT, 2),
    Click("risk_share", "selectbox", "Explain down to the postings what is borne by", 3),
    Click("reconcile", "selectbox", "What to reconcile", 3),
)


def constants(books: Path, click: Click, places: Sequence[int]) -> Node:
    """Every state of the page that the clicks bring about, and what stands around a page, for the floor to draw."""
    last = max(places)
    states = states_of(click.page, token(books, LOGIN, GRANT), [_step(click, place) for place in range(1, last + 1)])
    said = _found(states[0], click.label)
    return {
        "pages": {
            click.page: {
                "watched": said["label"],
                "values": _values(click, said, last),
                "counted": click.kind == "button",
                "states": states,
            }
        },
        "sections": PAGES,
        "style": f"<style>{(ROOT / 'pooledfund/ui/style.css').read_text(encoding='utf-8')}</style>",
    }


def do(page: Page, click: Click, label: str, value: object) -> None:
    """One click in a browser; what opens a list or fills a field is not it, the choice or the form's button is."""
    if click.kind == "number_input":
        page.get_by_test_id("stNumberInput").filter(has_text=label).get_by_test_id("stNumberInputStepUp").click()
    elif click.kind == "button":
        page.get_by_role("button", name=label, exact=True).click()
    elif click.kind == "text_input":
        page.get_by_label(label, exact=True).fill(str(value))
        page.get_by_role("button", name=click.submit, exact=True).click()
    else:
        _open_list(page, label, str(value)).click()


def _open_list(page: Page, label: str, value: str) -> Locator:
    """An option of a list that stands open; a page that is drawn anew meanwhile closes it, so it is opened again."""
    box = page.get_by_role("combobox", name=re.compile(rf"(^|\. ){re.escape(label)}$"))
    option = page.get_by_role("option", name=value, exact=True)
    for _ in range(OPENINGS):
        box.press("ArrowDown")
        with suppress(TimeoutError):
            option.wait_for(timeout=2_000)
            break
    return option


def _step(click: Click, place: int) -> Step:
    """The same click without a browser."""

    def step(app: AppTest) -> None:
        found = field(app, click.kind, click.label)
        if click.kind == "button":
            found.click()
        elif click.kind == "number_input":
            found.set_value(place + 1)
        elif click.kind == "text_input":
            found.set_value(click.words(place))
            field(app, "button", click.submit).click()
        else:
            found.select_index(place)

    return step


def _values(click: Click, said: Node, last: int) -> list[object]:
    """What the field holds in each of the states; of a button, how often it was clicked."""
    if click.kind == "selectbox":
        return list(said["options"][: last + 1])
    if click.kind == "text_input":
        return ["", *(click.words(place) for place in range(1, last + 1))]
    first = 1 if click.kind == "number_input" else 0
    return list(range(first, first + last + 1))


def _found(tree: Node, label: str) -> Node:
    """What the field of this label says, wherever it stands."""
    waiting = [*tree["main"], *tree["sidebar"]]
    while waiting:
        node = waiting.pop(0)
        if is_named(str(node["said"].get("label", "")), label):
            return dict(node["said"])
        waiting += node.get("children", [])
    raise AnswersDiffer(f"the page has no field '{label}'")

"""A page as Streamlit shows it without a browser: opened, read, filled in and pressed. Asserts nothing of figures."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from books_for_pages import page_script

MANAGER = {"POOLEDFUND_ROLE": "pooled_fund_manager", "POOLEDFUND_USER": "ann"}
LEAD = {"POOLEDFUND_ROLE": "partner_finance_lead", "POOLEDFUND_USER": "lee"}
READER = {"POOLEDFUND_ROLE": "board_reader", "POOLEDFUND_USER": "rae"}


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


class Shown:
    """One page at one person's screen: every step runs it again as that person."""

    def __init__(self, name: str, books: Path, **settings: str) -> None:
        self.settings = {"POOLEDFUND_DB": str(books), **settings}
        self.app = AppTest.from_string(page_script(name), default_timeout=60)
        self.run()

    def run(self) -> "Shown":
        """Run the page again."""
        with environment(**self.settings):
            self.app.run()
        assert not self.app.exception
        return self

    @property
    def markup(self) -> str:
        """Every HTML part of the page, one after the other."""
        return "\n".join(part.value for part in self.app.html)

    @property
    def text(self) -> str:
        """What the page says, as a reader meets it; tables and sentences, not the labels of fields."""
        return unescape(re.sub(r"<[^>]+>", " ", self.markup))

    @property
    def said(self) -> str:
        """What the page says of the last thing that was asked of it."""
        return unescape(
            " ".join(str(box.value) for kind in ("success", "error") for box in self.app.get(kind))
        ).replace("\\", "")

    def table(self, caption: str) -> str:
        """The markup of a table by the beginning of its caption."""
        return next(part for part in self.markup.split("<table")[1:] if f"<caption>{caption}" in part)

    def rows(self, caption: str) -> list[list[str]]:
        """The rows of a table as their texts, headings of columns left out."""
        rows = re.findall(r"<tr>(.*?)</tr>", self.table(caption).split("</thead>")[1], re.DOTALL)
        return [[_words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]

    @property
    def buttons(self) -> list[str]:
        """The words on the buttons that are drawn."""
        return [button.label for button in self.app.button]

    def field(self, label: str) -> Any:  # noqa: ANN401 - Streamlit has a class for each kind of field
        """A field by the beginning of its label."""
        kinds = ("selectbox", "text_input", "text_area", "checkbox", "radio", "file_uploader", "date_input",
                 "number_input", "multiselect", "pagination", "segmented_control", "toggle")  # fmt: skip
        found = [each for kind in kinds for each in self.app.get(kind) if str(each.label).startswith(label)]
        assert found, f"no field '{label}'"
        return found[0]

    def put(self, values: dict[str, object]) -> "Shown":
        """Put values into the fields of a form by the beginning of their labels; they go with its button."""
        for label, value in values.items():
            self.field(label).set_value(value)
        return self

    def choose(self, label: str, value: object) -> "Shown":
        """Put a value into a field that stands in no form, which runs the page again."""
        return self.put({label: value}).run()

    def press(self, label: str) -> "Shown":
        """Press a button by its words."""
        next(button for button in self.app.button if button.label == label).click()
        return self.run()


def exact(markup: str) -> list[str]:
    """The exact pounds that the money cells of some markup carry."""
    return re.findall(r'<data value="([^"]+)">', markup)


def _words(markup: str) -> str:
    money = re.search(r'<data value="([^"]+)">', markup)
    return money[1] if money else " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())

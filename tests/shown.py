"""A page as Streamlit shows it without a browser: opened, read, filled in and pressed. Asserts nothing of figures."""

import re
from html import unescape
from pathlib import Path
from typing import Any

from pages import again, exact, markup, opened, plain, table, text

MANAGER, LEAD, READER = "pooled_fund_manager", "partner_finance_lead", "board_reader"


class Shown:
    """One page at one person's screen: every step runs it again as that person."""

    def __init__(self, name: str, books: Path, role: str = "auditor", login: str | None = None, **address: str) -> None:
        self.books = books
        self.app = opened(name, books, role, login, **address)
        assert not self.app.exception

    def run(self) -> "Shown":
        """Run the page again."""
        again(self.app, self.books)
        assert not self.app.exception
        return self

    @property
    def markup(self) -> str:
        """Every HTML part of the page, one after the other."""
        return markup(self.app)

    @property
    def text(self) -> str:
        """What the page says, as a reader meets it; tables and sentences, not the labels of fields."""
        return text(self.app)

    @property
    def said(self) -> str:
        """What the page says of the last thing that was asked of it."""
        boxes = [*self.app.success, *self.app.error]
        return unescape(" ".join(str(box.value) for box in boxes)).replace("\\", "")

    def table(self, caption: str) -> str:
        """The markup of a table by the beginning of its caption."""
        return table(self.app, caption)

    def rows(self, caption: str) -> list[list[str]]:
        """The rows of a table as their texts, headings of columns left out."""
        rows = re.findall(r"<tr[^>]*>(.*?)</tr>", self.table(caption).split("</thead>")[1], re.DOTALL)
        return [[_words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]

    @property
    def buttons(self) -> list[str]:
        """The words on the buttons that are drawn."""
        return [button.label for button in self.app.button]

    @property
    def downloads(self) -> list[str]:
        """The words on the buttons that give a file."""
        found: list[Any] = [*self.app.get("download_button")]
        return [str(each.label) for each in found]

    def field(self, label: str) -> Any:  # noqa: ANN401 - Streamlit has a class for each kind of field
        """A field by the beginning of its label."""
        kinds = ("selectbox", "text_input", "text_area", "checkbox", "radio", "file_uploader", "date_input",
                 "number_input", "multiselect", "pagination", "segmented_control", "toggle")  # fmt: skip
        fields: list[Any] = [each for kind in kinds for each in self.app.get(kind)]
        found = [each for each in fields if str(each.label).startswith(label)]
        assert found, f"no field '{label}'"
        return found[0]

    def fill(self, **labels: object) -> "Shown":
        """Put values into fields by the beginning of their labels, blanks as underscores, and run."""
        return self.put({label.replace("_", " "): value for label, value in labels.items()})

    def put(self, values: dict[str, object]) -> "Shown":
        """Put values into fields by the beginning of their labels, one after another, and run."""
        return self.typed(values).run()

    def typed(self, values: dict[str, object]) -> "Shown":
        """Put values into the fields of a form, which are sent with its button."""
        for label, value in values.items():
            self.field(label).set_value(value)
        return self

    def press(self, label: str) -> "Shown":
        """Press a button by its words."""
        next(button for button in self.app.button if button.label == label).click()
        return self.run()


def _words(cell: str) -> str:
    money = exact(cell)
    return money[0] if money else " ".join(plain(cell).split())

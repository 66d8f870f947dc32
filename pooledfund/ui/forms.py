"""The parts that forms are made of: a form that acts once, what stands in its fields, files, pages of a list."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import TypeVar

import streamlit as st
from streamlit.typing import UploadedFile

from ledgers.calendar import MONTHS, month_label
from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.ui.frame import Here, field, given, perform

T = TypeVar("T")

MAX_UPLOAD_MB = 200
"""Megabytes of one file sent by a browser."""
PAGE = 25
"""Rows of a long list on one page."""


class FieldNotFilled(InputRefused):
    """A field that a form cannot do without is empty, or holds what cannot be read."""


@contextmanager
def form(name: str, button: str, do: Callable[[Pool], str], *, shortcut: str | None = None) -> Iterator[None]:
    """A form whose button does one thing once, as ``frame.perform`` does it; its fields are drawn inside."""
    with st.form(field(name)):
        yield
        st.form_submit_button(button, on_click=lambda: perform(name, do), shortcut=shortcut)


def text_of(name: str, part: str) -> str:
    """What stands in a text field or a choice of a form; empty text where nothing does."""
    found = given(name, part)
    return "" if found is None else str(found).strip()


def pence_of(name: str, part: str, label: str) -> int:
    """The amount that stands in a text field, in pence; raises FieldNotFilled."""
    try:
        return parse_pounds(text_of(name, part))
    except MoneyNotUnderstood as error:
        raise FieldNotFilled(f"{label}: {error}") from None


def number_of(name: str, part: str, label: str) -> int | None:
    """The whole number that stands in a text field; None where it is empty. Raises FieldNotFilled."""
    text = text_of(name, part).replace(",", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise FieldNotFilled(f"{label}: '{text[:40]}' is not a whole number from 0, such as 7")
    return int(text) if text else None


@contextmanager
def file_of(sent: object) -> Iterator[Path]:
    """A file that a browser sent, in a folder of its own while it is read; raises FieldNotFilled where none is."""
    if not isinstance(sent, UploadedFile):
        raise FieldNotFilled("no file is chosen: choose one, then do it again")
    name = PureWindowsPath(PurePosixPath(sent.name).name).name or "file"
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(sent.getbuffer())
        yield path


def upload(label: str, key: str, kinds: Sequence[str], help_text: str | None = None) -> UploadedFile | None:
    """The field for a file, its limit stated by Streamlit beside it; None while none is chosen."""
    return st.file_uploader(label, type=list(kinds), key=key, max_upload_size=MAX_UPLOAD_MB, help=help_text)


def choose_month(here: Here, key: str, label: str = "To the end of") -> int:
    """A month of the year, the quarter's last to begin with."""
    return st.selectbox(
        label, MONTHS, index=here.month - 1, format_func=month_label, key=f"{key} of Q{here.quarter}", width=220
    )


def page_of(name: str, rows: Sequence[T], size: int = PAGE) -> Sequence[T]:
    """The rows of the page that is chosen, with the choice above them where there are several pages."""
    first = first_of_page(name, len(rows), size)
    return rows[first : first + size]


def first_of_page(name: str, count: int, size: int = PAGE) -> int:
    """Where the page that is chosen begins in a list of so many, with the choice drawn where there are several."""
    pages = max(1, -(-count // size))
    if pages == 1:
        return 0
    key = f"page of {name}, {count}"
    chosen = st.pagination(pages, key=key)
    first = (min(chosen, pages) - 1) * size
    st.caption(f"{first + 1:,} to {min(first + size, count):,} of {count:,}")
    return first

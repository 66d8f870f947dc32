"""The parts that forms are made of: a form that acts once, what stands in its fields, files, pages of a list."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

import streamlit as st

from ledgers.calendar import MONTHS, month_label
from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.ui import html
from pooledfund.ui.frame import Here, field, given, legible, perform, put

T = TypeVar("T")


class FieldNotFilled(InputRefused):
    """A field that a form cannot do without is empty, or holds what cannot be read."""


@contextmanager
def form(name: str, button: str, do: Callable[[Pool], str], *, shortcut: str | None = None) -> Iterator[None]:
    """A form whose button does one thing once, as ``frame.perform`` does it; its fields are drawn inside.

    Not a form of Streamlit's own: the fields of one are known only once it is sent, and could not be kept as drafts.
    """
    with st.container(border=True):
        yield
        st.button(button, key=field(name, "button"), on_click=lambda: perform(name, do), shortcut=shortcut)


def text_of(name: str, part: str) -> str:
    """What stands in a text field or a choice of a form; empty text where nothing does."""
    found = given(name, part)
    return "" if found is None else legible(str(found))


def pence_of(name: str, part: str, label: str) -> int:
    """The amount that stands in a text field, in pence; raises FieldNotFilled."""
    text = text_of(name, part)
    if not text:
        raise FieldNotFilled(f"{label}: give an amount in pounds, such as 9,000.00")
    try:
        return parse_pounds(text)
    except MoneyNotUnderstood as error:
        raise FieldNotFilled(f"{label}: {error}") from None


def day_of(name: str, part: str, label: str) -> date:
    """The day that stands in a field of a form; raises FieldNotFilled where none does."""
    found = given(name, part)
    if not isinstance(found, date):
        raise FieldNotFilled(f"{label}: choose a day")
    return found


def number_of(name: str, part: str, label: str) -> int | None:
    """The whole number that stands in a text field; None where it is empty. Raises FieldNotFilled."""
    text = text_of(name, part).replace(",", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise FieldNotFilled(f"{label}: '{text[:40]}' is not a whole number from 0, such as 7")
    return int(text) if text else None


def asked_number(name: str, last: int) -> int | None:
    """The whole number from 1 to ``last`` that the page's address asks for; None where it asks for no such thing."""
    text = st.query_params.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(last))):
        return None
    return int(text) if 1 <= int(text) <= last else None


def choose_month(here: Here, key: str, label: str = "To the end of") -> int:
    """A month of the year, the quarter's last to begin with."""
    return st.selectbox(
        label, MONTHS, index=here.month - 1, format_func=month_label, key=f"{key} of Q{here.quarter}", width=220
    )


def choose_in_address(label: str, options: Sequence[str], words: Callable[[str], str], key: str) -> str:
    """A choice that the page's address names by its id, so that it can be sent on; the first is what needs no name."""
    if key not in st.session_state and (asked := st.query_params.get(key)) in options:
        st.session_state[key] = asked
    chosen = st.selectbox(label, options, format_func=words, key=key)
    if chosen == options[0]:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = chosen
    return chosen


def refused(what: str, refusal: Exception) -> None:
    """Why a file or a choice leads nowhere: what cannot be done, and each reason as a sentence of its own."""
    sentences = getattr(refusal, "sentences", None) or [str(refusal)]
    st.error(html.plain(f"{what}: {len(sentences)} thing{'' if len(sentences) == 1 else 's'} to put right."))
    put(html.steps([("", each) for each in sentences]))

"""Fields of a form whose content is kept as a draft whenever it changes, until the form has done its one thing."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pooledfund.people import drafts
from pooledfund.ui.frame import draft_name, field, where
from pooledfund.ui.who import people_here, person_here

T = TypeVar("T")


def text(place: DeltaGenerator | None, name: str, part: str, label: str, **more: Any) -> None:  # noqa: ANN401
    """A line of text, with the draft in it where there is one; ``place`` is a column, else the page."""
    key = field(name, part)
    if key not in st.session_state and (kept := _kept(name, part)) is not None:
        st.session_state[key] = kept
    (place or st).text_input(label, key=key, on_change=_save, args=(name, part), **more)


def choice(
    place: DeltaGenerator | None,
    name: str,
    part: str,
    label: str,
    options: Sequence[T],
    **more: Any,  # noqa: ANN401
) -> None:
    """One of some values, the draft's where it still is one of them."""
    key = field(name, part)
    if key not in st.session_state and (kept := _kept(name, part)) is not None:
        found = [each for each in options if str(each) == kept]
        if found:
            st.session_state[key] = found[0]
            more.pop("index", None)
    (place or st).selectbox(label, options, key=key, on_change=_save, args=(name, part), **more)


def day(
    place: DeltaGenerator | None,
    name: str,
    part: str,
    label: str,
    first: date | None = None,
    last: date | None = None,
) -> None:
    """A day, open at first, none before ``first`` or after ``last``; the draft's where it keeps to that."""
    key = field(name, part)
    if key not in st.session_state:
        kept = _day(_kept(name, part))
        fits = kept and (first is None or kept >= first) and (last is None or kept <= last)
        st.session_state[key] = kept if fits else None
    (place or st).date_input(
        label, min_value=first, max_value=last, key=key, format="DD/MM/YYYY", on_change=_save, args=(name, part)
    )


def _day(kept: str | None) -> date | None:
    try:
        return date.fromisoformat(kept) if kept else None
    except ValueError:
        return None


def _kept(name: str, part: str) -> str | None:
    """The draft of a field; None where there is none."""
    here = where()
    if here is None:
        return None
    found = drafts.of(people_here(), here.person.login, here.pool.pool_id).get(draft_name(name, part))
    return found.text if found else None


def _save(name: str, part: str) -> None:
    here, person = where(), person_here()
    if here is None or person is None or person.login != here.person.login:
        return
    value = st.session_state.get(field(name, part))
    written = "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
    drafts.save(people_here(), person.login, here.pool.pool_id, draft_name(name, part), written)

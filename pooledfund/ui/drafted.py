"""Fields of a form that are kept as drafts as they are typed, until the form has done its one thing. Sends nothing.

A connection that drops loses nothing that was saved: who comes back finds the fields as they left them. No password
and no one-time code is ever typed into one of these fields.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pooledfund.people import drafts
from pooledfund.ui import frame, html
from pooledfund.ui.frame import draft_name, legible, put, where
from pooledfund.ui.who import people_here, person_here

T = TypeVar("T")

Place = DeltaGenerator | None
"""A column to draw a field in, else where the page has come to."""


def as_text(value: object) -> str:
    """What is kept of a field: its text, a day as 2024-01-31, ``yes`` for a tick; empty where nothing stands in it."""
    if value is None or value is False:
        return ""
    return "yes" if value is True else value.isoformat() if isinstance(value, date) else str(value)


def as_day(text: str, first: date | None = None, last: date | None = None) -> date | None:
    """The day of a kept text; None where it is none, or not from ``first`` to ``last``."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if (first is None or day >= first) and (last is None or day <= last) else None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A form of drafted fields, by the name under which ``frame.perform`` does it, such as ``commentary Q1 care``.

    ``standing`` is what the books hold of its fields, and ``event`` where they hold it, 0 where nothing was told yet:
    drafts are then held against it. A form that only adds has neither, and its fields begin empty.
    """

    name: str
    standing: Mapping[str, str] = field(default_factory=dict)
    event: int | None = None

    @property
    def drafts(self) -> dict[str, drafts.Draft]:
        """The person's drafts of this form by field."""
        here, before = where(), draft_name(self.name, "")
        kept = drafts.of(people_here(), here.person.login, here.pool.pool_id) if here else {}
        return {name.removeprefix(before): each for name, each in kept.items() if name.startswith(before)}

    @property
    def read_event(self) -> int:
        """The newest event on the subject that the person had read when they began to write."""
        begun = (each.based_on or 0 for name, each in self.drafts.items() if name in self.standing)
        return min(begun, default=self.event or 0)

    @property
    def changed_meanwhile(self) -> bool:
        """Whether the books hold something newer than what the drafts were begun on."""
        return self.read_event != (self.event or 0)

    def text(self, part: str, label: str, *, place: Place = None, lines: int = 1, **more: Any) -> None:  # noqa: ANN401
        """A field for text, of so many lines."""
        key, at = self._filled(part, str), place or st
        saves: dict[str, Any] = {"key": key, "on_change": self._save, "args": (part,)}
        if lines > 1:
            at.text_area(label, height=26 * lines + 20, **saves, **more)
        else:
            at.text_input(label, **saves, **more)

    def choice(
        self,
        part: str,
        label: str,
        options: Sequence[T],
        words: Callable[[T], str] = str,
        *,
        place: Place = None,
        hint: str | None = None,
        index: int = 0,
    ) -> None:
        """One of some values; that of ``index`` where nothing stands, or where it is no choice any more."""
        by_text = {as_text(each): each for each in options}
        key = self._filled(part, by_text.get)
        if st.session_state[key] not in options:
            st.session_state[key] = options[index] if options else None
        (place or st).selectbox(
            label, options, format_func=words, key=key, on_change=self._save, args=(part,), help=hint
        )

    def day(
        self, part: str, label: str, first: date | None = None, last: date | None = None, *, place: Place = None
    ) -> None:
        """A day, open at first, none before ``first`` or after ``last``."""
        key = self._filled(part, lambda text: as_day(text, first, last))
        (place or st).date_input(
            label, min_value=first, max_value=last, key=key, format="DD/MM/YYYY", on_change=self._save, args=(part,)
        )

    def tick(self, part: str, label: str) -> None:
        """A box to tick."""
        st.checkbox(label, key=self._filled(part, bool), on_change=self._save, args=(part,))

    def given(self, part: str) -> str:
        """What stands in a field now."""
        return legible(as_text(st.session_state.get(self._key(part))))

    def warn(self, newest: str) -> None:
        """Say what changed since the drafts were begun, and let the person keep theirs or drop them."""
        if not self.changed_meanwhile:
            if self.drafts:
                put(html.paragraph("Your draft is kept until you record it.", "pf-small"))
            return
        st.warning(html.plain(f"This was changed while you were writing. What stands now: {newest}"))
        keep, leave = st.columns(2)
        keep.button("I have read it: keep mine", key=f"{self.name} keep", on_click=self._rebase)
        leave.button("Drop my draft", key=f"{self.name} leave", on_click=self._drop)

    def _drop(self) -> None:
        """Forget the drafts of the form, and show what the books hold."""
        if here := where():
            drafts.drop_of(people_here(), here.person.login, here.pool.pool_id, draft_name(self.name, ""))
        for each in self.standing:
            st.session_state.pop(self._key(each), None)

    def _rebase(self) -> None:
        if here := where():
            names = [draft_name(self.name, each) for each in self.standing]
            drafts.rebase(people_here(), here.person.login, here.pool.pool_id, self.event or 0, *names)

    def _save(self, part: str) -> None:
        here, person = where(), person_here()
        if here is None or person is None or person.login != here.person.login:
            return
        text = as_text(st.session_state.get(self._key(part)))
        drafts.save(people_here(), person.login, here.pool.pool_id, draft_name(self.name, part), text, self.event)

    def _filled(self, part: str, read: Callable[[str], object]) -> str:
        """The key of a field that holds the draft of it, else what stands, until the person changes it."""
        key = self._key(part)
        if key not in st.session_state:
            kept = self.drafts.get(part)
            st.session_state[key] = read(kept.text if kept else self.standing.get(part, ""))
        return key

    def _key(self, part: str) -> str:
        """A field is drawn anew when something newer stands: nothing old is left in it that the person did not type."""
        return frame.field(self.name, part if self.event is None else f"{part} at {self.event}")

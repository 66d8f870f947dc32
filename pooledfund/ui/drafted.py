"""Fields whose text is kept as a draft whenever it changes: a connection that drops loses nothing that was saved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pooledfund.people import drafts
from pooledfund.ui import html
from pooledfund.ui.frame import Here, field, put
from pooledfund.ui.who import people_here, person_here


@dataclass(frozen=True, slots=True)
class Drafted:
    """A form of drafted fields on one subject, such as ``commentary Q1 care``.

    ``standing`` is what the books hold of each field, and ``event`` where they hold it: 0 where nothing was told yet.
    """

    here: Here
    subject: str
    standing: Mapping[str, str]
    event: int

    @property
    def _kept(self) -> dict[str, drafts.Draft]:
        return drafts.of(people_here(), self.here.person.login, self.here.pool.pool_id)

    @property
    def drafts(self) -> dict[str, drafts.Draft]:
        """The person's drafts of this form by field."""
        kept = self._kept
        return {each: kept[self._name(each)] for each in self.standing if self._name(each) in kept}

    @property
    def read_event(self) -> int:
        """The newest event on the subject that the person had read when they began to write."""
        return min((each.based_on or 0 for each in self.drafts.values()), default=self.event)

    @property
    def changed_meanwhile(self) -> bool:
        """Whether the books hold something newer than what the drafts were begun on."""
        return self.read_event != self.event

    def text(self, name: str, label: str, lines: int = 1) -> None:
        """Draw one field, with the draft in it, else with what stands."""
        key = self._filled(name)
        if lines > 1:
            st.text_area(label, key=key, on_change=self._save, args=(name,), height=26 * lines + 20)
        else:
            st.text_input(label, key=key, on_change=self._save, args=(name,))

    def choice(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        words: Callable[[str], str] = str,
        *,
        hint: str | None = None,
    ) -> None:
        """Draw one choice, with the draft's, else with what stands; the first where that is no choice any more."""
        key = self._filled(name)
        if st.session_state[key] not in options:
            st.session_state[key] = options[0]
        st.selectbox(label, options, format_func=words, key=key, on_change=self._save, args=(name,), help=hint)

    def given(self, name: str) -> str:
        """What stands in a field now."""
        return str(st.session_state.get(self._key(name)) or "").strip()

    def warn(self, newest: str) -> None:
        """Say what changed since the drafts were begun, and let the person keep theirs or drop them."""
        if not self.changed_meanwhile:
            if self.drafts:
                put(html.paragraph("Your draft is kept until you record it.", "pf-small"))
            return
        st.warning(html.plain(f"This was changed while you were writing. What stands now: {newest}"))
        keep, leave = st.columns(2)
        keep.button("I have read it: keep mine", key=f"{self.subject} keep", on_click=self._rebase)
        leave.button("Drop my draft", key=f"{self.subject} leave", on_click=self.drop)

    def drop(self) -> None:
        """Forget the drafts of the form, and show what the books hold."""
        names = [self._name(each) for each in self.standing]
        drafts.drop(people_here(), self.here.person.login, self.here.pool.pool_id, *names)
        for each in self.standing:
            st.session_state.pop(self._key(each), None)

    def _rebase(self) -> None:
        names = [self._name(each) for each in self.standing]
        drafts.rebase(people_here(), self.here.person.login, self.here.pool.pool_id, self.event, *names)

    def _save(self, name: str) -> None:
        person = person_here()
        if person is not None and person.login == self.here.person.login:
            text = str(st.session_state.get(self._key(name)) or "")
            drafts.save(people_here(), person.login, self.here.pool.pool_id, self._name(name), text, self.event)

    def _filled(self, name: str) -> str:
        """The key of a field that holds the draft of it, else what stands, until the person changes it."""
        key = self._key(name)
        if key not in st.session_state:
            kept = self.drafts.get(name)
            st.session_state[key] = kept.text if kept else self.standing[name]
        return key

    def _key(self, name: str) -> str:
        """A field is drawn anew when something newer stands: nothing old is left in it that the person did not type."""
        return field(self.subject, f"{name} at {self.event}")

    def _name(self, name: str) -> str:
        return f"{self.subject}: {name}"

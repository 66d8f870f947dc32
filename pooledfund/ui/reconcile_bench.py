"""A reconciliation at work at a page: as the person had read it, and what they have chosen of it. Draws nothing."""

from dataclasses import dataclass

import streamlit as st

from pooledfund.access import Action
from pooledfund.control.reconciling.position import Position
from pooledfund.ui.frame import Here, field
from pooledfund.ui.reconcile_read import covers


@dataclass(frozen=True, slots=True)
class Bench:
    """A reconciliation at work: whose ledger, to which month, as it stands, and what the person has chosen of it."""

    here: Here
    found: Position

    @property
    def name(self) -> str:
        """The name of the workbench's form, and the subject of its drafts."""
        return f"workbench {self.found.partner} M{self.found.month}"

    @property
    def chosen(self) -> list[str]:
        """The chosen items in the order they were chosen, kept while the pages of the lists are turned."""
        chosen: list[str] = st.session_state.setdefault(self._key, [])
        return chosen

    @property
    def works(self) -> bool:
        """Whether the person may match here, or only reads."""
        return covers(self.here, Action.RECONCILE, self.found.partner)

    def choose(self, items: list[str]) -> None:
        """Choose these items and no others."""
        st.session_state[self._key] = items

    def clear(self) -> None:
        """Choose nothing."""
        self.choose([])
        st.session_state[self._times] = int(st.session_state.get(self._times, 0)) + 1

    def box(self, item: str) -> str:
        """The key of an item's box, new once the choice was cleared; a box that stays keeps what was ticked."""
        return field(self.name, f"{item} {st.session_state.get(self._times, 0)}")

    @property
    def _key(self) -> str:
        return f"chosen at {self.here.pool.pool_id} {self.name}"

    @property
    def _times(self) -> str:
        return f"times cleared: {self.here.pool.pool_id} {self.name}"

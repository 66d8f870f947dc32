"""Pages of a long table: which rows to ask the books for, and the control that turns them. Holds no rows."""

from dataclasses import dataclass

import streamlit as st

from pooledfund.ui import html

SIZE = 50
"""Rows of one page: a screen or two, drawn at once."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The rows to show: how many to pass over, how many to take, of how many."""

    skip: int
    take: int
    total: int

    @property
    def in_words(self) -> str:
        """Which rows these are: ``Rows 51 to 100 of 478``."""
        if not self.total:
            return "No rows"
        return f"Rows {self.skip + 1:,} to {min(self.skip + self.take, self.total):,} of {self.total:,}"


def turn(name: str, total: int, key: str, size: int = SIZE) -> Turn:
    """The page that was chosen of a table of so many rows; draws the control only where there is more than one."""
    last = max(1, -(-total // size))
    if last == 1:
        return Turn(0, size, total)
    if int(st.session_state.get(key, 1)) > last:
        st.session_state[key] = last
    chosen, words = st.columns((1, 4), vertical_alignment="bottom")
    number = int(chosen.number_input(f"Page of {name}, 1 to {last:,}", min_value=1, max_value=last, step=1, key=key))
    found = Turn((number - 1) * size, size, total)
    words.html(html.paragraph(found.in_words, "pf-small").markup)
    return found

"""The page of the journal: search it, look into an entry, reverse one, post one. Finds and posts nothing itself."""

import streamlit as st

from pooledfund.access import Action
from pooledfund.glossary import help_for
from pooledfund.ui.entry_section import ENTRY, show_entry
from pooledfund.ui.frame import Here, heading, nothing, page
from pooledfund.ui.journal_forms import show_posting, show_reversing
from pooledfund.ui.journal_section import EXACT, show_search


def show(here: Here) -> None:
    """The search first, then one entry down to its source, then what may be posted."""
    heading(here, "Journal", "Every entry of the three books, newest first. An entry never changes; it is reversed.")
    show_search(here)
    st.header("One entry from nearer", anchor=ENTRY, help=help_for("posting", "reversal", "event"))
    number = show_entry(here, "journal", EXACT)
    if not here.may(Action.POST):
        nothing("You see the journal and change nothing in it.", "The pooled fund manager posts and reverses journals.")
        return
    if number is not None:
        show_reversing(here, number)
    st.header("Post a journal", anchor=False, help=help_for("journal", "posting"))
    show_posting(here)


page("Journal", show, needs=Action.EXPORT)

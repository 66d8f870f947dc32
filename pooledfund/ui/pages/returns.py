"""The page of national returns: due, filled, checked, recorded as submitted, worked out again. Works nothing out."""

import streamlit as st

from pooledfund.glossary import help_for
from pooledfund.returns.due import returns_due
from pooledfund.returns.register import submissions
from pooledfund.returns.registry import variant
from pooledfund.ui import html, returns_section
from pooledfund.ui.forms import choose_in_address
from pooledfund.ui.frame import Here, heading, nothing, page, put
from pooledfund.ui.returns_check import show_check
from pooledfund.ui.returns_fill import returns_of, show_fill
from pooledfund.ui.returns_replay import show_replay
from pooledfund.ui.returns_submit import show_register, show_submit


def show(here: Here) -> None:
    """The returns of the year with their deadlines; one return from the blank workbook to the register and back."""
    # Read anew each time and not kept: a deadline passes without an event.
    due, sent = returns_due(here.open()), here.kept("returns sent", submissions)
    heading(here, "Returns", returns_section.headline(due))
    st.header("What is due", anchor=False, help=help_for("national return"))
    if due:
        put(returns_section.due_table(due))
    else:
        nothing("The agreement dates no national return.", "Write the dates under 'reporting: returns:' in its file.")
    ids = returns_of(here)
    chosen = variant(choose_in_address("Return", ids, lambda each: variant(each).title, "return"))
    put(
        html.paragraph(
            f"{chosen.title} ({chosen.id}), in {chosen.unit}, with figures to the end of Q{here.quarter}: "
            "choose the quarter on the left.",
            "pf-small",
        )
    )
    show_fill(here, chosen)
    show_check(here, chosen)
    show_submit(here, chosen)
    show_register(here, sent)
    show_replay(here, sent)


page("Returns", show)

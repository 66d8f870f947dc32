"""The page of a close: checklist with evidence, signatures, freeze and reopen. Works out no figure."""

import streamlit as st

from pooledfund.control.awaiting import awaited
from pooledfund.control.checklist import checklist
from pooledfund.control.period import period_of, signed
from pooledfund.glossary import help_for
from pooledfund.results.explaining_account import account_explained, account_figures
from pooledfund.results.submissions import submission_status
from pooledfund.ui import close_section, html
from pooledfund.ui.close_forms import show_forms
from pooledfund.ui.frame import Here, heading, nothing, page, put
from pooledfund.ui.pools_section import awaited_table
from pooledfund.ui.why_section import show_why


def show(here: Here) -> None:
    """The checklist of a quarter or a month of it, and what is done to it."""
    months = [f"M{month}" for month in range(here.month, here.month - 3, -1)]
    with st.sidebar:
        name = st.selectbox(
            "Period to close",
            [f"Q{here.quarter}", *months],
            key=f"close of Q{here.quarter}",
            help=help_for("freeze"),
        )
    found = here.kept(f"checklist {name}", lambda pool: checklist(pool, name))
    names = here.kept(f"signed {name}", lambda pool: signed(pool, period_of(name)))
    states = here.kept("month states", lambda pool: pool.books.month_states())
    heading(here, f"Close of {name}", close_section.headline(found, states))
    put(close_section.checklist_table(found))
    put(html.paragraph(f"Figures signed and frozen: SHA-256 {found.figures}", "pf-small"))
    _approvals(here, period_of(name).months)
    left, right = st.columns((3, 1), gap="large")
    with left:
        st.header("Names put to it", anchor=False)
        put(close_section.signatures_table(found, names, here.agreement))
        st.header("What to do", anchor=False)
        show_forms(here, found, states)
    with right:
        st.header("Months", anchor=False)
        put(close_section.months_table(states))
    _why(here)


def _approvals(here: Here, months: tuple[int, ...]) -> None:
    st.header("Approvals required", anchor=False)
    found = here.kept(
        f"approvals {months}",
        lambda pool: awaited(pool, [each for month in months for each in submission_status(pool, month)]),
    )
    if found:
        put(awaited_table(here.pool, here.quarter, found))
    else:
        nothing("Nothing waits for an approval.")


def _why(here: Here) -> None:
    st.header("Why this figure", anchor=False, help=help_for("memorandum account"))
    show_why(here, "Figure of the memorandum account", account_figures(here.agreement), account_explained)


page("Close", show)

"""The pages in the order of the work: their names, their addresses and their files. Draws none of them."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pooledfund.people.person import Person
from pooledfund.ui import door, frame

_FOLDER = "pooledfund/ui/pages"
PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "Meeting": (
        ("pools", "Pools"),
        ("quarter", "Quarter"),
        ("risk_share", "Risk share"),
        ("contributions", "Contributions"),
        ("schemes", "Schemes"),
        ("conditions", "Conditions"),
        ("risks", "Risks"),
        ("meeting", "Meeting"),
    ),
    "Month": (
        ("import", "Import"),
        ("reconcile", "Reconcile"),
        ("close", "Close"),
        ("journal", "Journal"),
        ("returns", "Returns"),
    ),
    "Assurance": (
        ("agreement", "Agreement"),
        ("audit", "Audit"),
        ("administration", "Administration"),
    ),
}
"""Section to pages; a page is its file and address, and its title."""
FIRST_PAGE = "pools"
"""Where an address without a page leads."""


def pages() -> dict[str, list[StreamlitPage]]:
    """Every page there is; each says itself whom it is for. The first is where an address without a page leads."""
    return {
        section: [
            st.Page(f"{_FOLDER}/{name}.py", title=title, url_path=name, default=name == FIRST_PAGE)
            for name, title in group
        ]
        for section, group in PAGES.items()
    }


def run(person: Person) -> None:
    """The choices that all pages share, links to the pages, then the page asked for.

    The links are drawn here: in the list that Streamlit draws itself, headings stand among the items of a list.
    """
    found = pages()
    asked = st.navigation(found, position="hidden")
    frame.choose(person)
    with st.sidebar:
        for section, group in found.items():
            st.html(f'<h2 class="pf-section">{section}</h2>')
            for each in group:
                st.page_link(each)
        door.way_out(person)
    asked.run()

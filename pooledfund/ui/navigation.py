"""The pages in the order of the work: their names, their addresses and their files. Draws none of them."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pooledfund.ui import frame
from pooledfund.ui.who import Person

_FOLDER = "pooledfund/ui/pages"
PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "Meeting": (
        ("pools", "Pools"),
        ("quarter", "Quarter"),
    ),
    "Month": (("close", "Close"),),
}
"""Section to pages; a page is its file and address, and its title."""


def pages() -> dict[str, list[StreamlitPage]]:
    """Every page there is; each says itself whom it is for. The first is where an address without a page leads."""
    return {
        section: [
            st.Page(f"{_FOLDER}/{name}.py", title=title, url_path=name, default=name == "pools")
            for name, title in group
        ]
        for section, group in PAGES.items()
    }


def run(person: Person) -> None:
    """The choices that all pages share, then the page asked for."""
    asked = st.navigation(pages(), position="sidebar", expanded=True)
    frame.choose(person)
    asked.run()

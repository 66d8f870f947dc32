"""Why a figure that a person chooses is what it is, down to clauses and postings. Works nothing out."""

from collections.abc import Callable, Mapping

import streamlit as st

from pooledfund.pool import Pool
from pooledfund.ui import html
from pooledfund.ui.frame import Here, put
from s75_rules.explain import Because

_NOTHING = "nothing chosen"


def show_why(here: Here, label: str, names: Mapping[str, str], explain: Callable[[Pool, str, int], Because]) -> None:
    """A choice of what is to be explained, by id with its name, and the tree behind it to the end of the quarter."""
    which = st.selectbox(label, (_NOTHING, *names), format_func=lambda each: names.get(each, each), key=f"why: {label}")
    if which in names:
        tree = here.kept(f"why {label} {which} M{here.month}", lambda pool: explain(pool, which, here.month))
        put(html.code("\n".join(tree.in_lines())))

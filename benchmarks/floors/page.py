"""Floor of the pages: the same widgets and texts drawn from constants by bare Streamlit, which reads no books. FILE."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

Node = dict[str, Any]
FORMS = ("title", "header", "subheader")


@st.cache_resource
def constants() -> Node:
    """All pages by name, with every state that a click brings about."""
    found: Node = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return found


def show(name: str) -> None:
    """The state of a page that the value of its watched widget asks for."""
    page = constants()["pages"][name]
    value = st.session_state.get(page["watched"], page["values"][0])
    state = page["states"][page["values"].index(value)]
    with st.sidebar:
        draw(state["sidebar"], "sidebar")
        for section, group in pages.items():
            st.html(f'<h2 class="pf-section">{section}</h2>')
            for each in group:
                st.page_link(each)
        st.html('<form><button type="button">Sign out manager</button></form>')
    draw(state["main"], "main")


def draw(nodes: list[Node], place: str) -> None:
    """Each block and element by Streamlit's own call for it."""
    for number, node in enumerate(nodes):
        kind, said, inside = node["kind"], node["said"], node.get("children", [])
        key = f"{place}.{number}"
        if kind == "flex_container" and inside and all(each["kind"] == "column" for each in inside):
            columns = st.columns([each["said"]["weight"] for each in inside])
            for side, (column, each) in enumerate(zip(columns, inside, strict=True)):
                with column:
                    draw(each["children"], f"{key}.{side}")
        elif kind in BLOCKS:
            with BLOCKS[kind](said, key):
                draw(inside, key)
        elif kind in FORMS:
            getattr(st, kind)(said["body"], anchor=False, help=said["help"] or None)
        else:
            DRAWN[kind](said, said["label"] if said.get("label") in watched else key)


def chart(said: Node, _: str) -> None:
    """A chart whose layout is a constant too."""
    st.vega_lite_chart(said["layout"], theme=None)


def number(said: Node, key: str) -> None:
    """A field for a whole number."""
    least, most = int(said["min"]), int(said["max"])
    value = int(said["default"]) if "default" in said else None
    st.number_input(said["label"], least, most, value, int(said["step"]), key=key, help=said["help"] or None)


def choice(said: Node, key: str) -> None:
    """A list to choose from."""
    st.selectbox(said["label"], said["options"], said.get("default", 0), key=key, help=said["help"] or None)


def button(said: Node, key: str) -> None:
    """A button, of a form or by itself."""
    if said["is_form_submitter"]:
        st.form_submit_button(said["label"], key=key)
    else:
        st.button(said["label"], key=key, type=said["type"], disabled=said["disabled"])


BLOCKS: dict[str, Callable[[Node, str], Any]] = {
    "flex_container": lambda _, __: st.container(),
    "expander": lambda said, _: st.expander(said["label"], expanded=said["expanded"]),
    "form": lambda _, key: st.form(key),
}
DRAWN: dict[str, Callable[[Node, str], object]] = {
    "html": lambda said, _: st.html(said["body"]),
    "caption": lambda said, _: st.caption(said["body"]),
    "vega_lite_chart": chart,
    "selectbox": choice,
    "number_input": number,
    "button": button,
    "text_input": lambda said, key: st.text_input(said["label"], said["default"], key=key, help=said["help"] or None),
    "text_area": lambda said, key: st.text_area(said["label"], said["default"], key=key),
    "checkbox": lambda said, key: st.checkbox(said["label"], said["default"], key=key),
    "date_input": lambda said, key: st.date_input(said["label"], (said["default"] or [None])[0], key=key),
    "download_button": lambda said, key: st.download_button(said["label"], b"paper", key=key, on_click="ignore"),
    "file_uploader": lambda said, key: st.file_uploader(said["label"], said["type"], key=key),
}
st.set_page_config(page_title="Constants", layout="wide", initial_sidebar_state=224)
st.html(constants()["style"])
watched = {page["watched"] for page in constants()["pages"].values()}
pages = {
    section: [st.Page(partial(show, name), title=title, url_path=name) for name, title in group]
    for section, group in constants()["sections"].items()
}
st.navigation(pages, position="hidden").run()

"""Floor of the pages: the same widgets and texts drawn from constants by bare Streamlit. FILE [--kept]."""

import gc
import json
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

Node = dict[str, Any]
FORMS = ("title", "header", "subheader")
# Where the page keeps how often its watched button was clicked. Streamlit would show a sentence in quotes here.
CLICKS = "clicks"


@st.cache_resource
def constants() -> Node:
    """All pages by name, with every state that a click brings about."""
    found: Node = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if "--kept" in sys.argv:
        gc.collect()
        gc.freeze()
    return found


def show(name: str) -> None:
    """The state of a page that the value of its watched widget asks for."""
    page = constants()["pages"][name]
    value = st.session_state.get(CLICKS if page["counted"] else page["watched"], page["values"][0])
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
    """A list to choose one from."""
    st.selectbox(said["label"], said["options"], said.get("default"), key=key, help=said["help"] or None)


def choices(said: Node, key: str) -> None:
    """A list to choose several from."""
    chosen = [said["options"][each] for each in said["default"]]
    st.multiselect(said["label"], said["options"], chosen, key=key, help=said["help"] or None)


def marks(said: Node, key: str) -> None:
    """A few choices side by side, one of them marked."""
    st.radio(said["label"], said["options"], said.get("default"), key=key, horizontal=said["horizontal"])


def day(said: Node, key: str) -> None:
    """A field for a day."""
    asked = date.fromisoformat(said["default"][0].replace("/", "-")) if said["default"] else None
    least, most = (date.fromisoformat(said[each].replace("/", "-")) for each in ("min", "max"))
    st.date_input(said["label"], asked, least, most, key=key, format=said["format"], help=said["help"] or None)


def button(said: Node, key: str) -> None:
    """A button, of a form or by itself."""
    if said["is_form_submitter"]:
        st.form_submit_button(said["label"], key=key, type=said["type"], help=said["help"] or None)
    else:
        clicked = count if key in watched else None
        st.button(
            said["label"],
            key=key,
            type=said["type"],
            disabled=said["disabled"],
            on_click=clicked,
            help=said["help"] or None,
        )


def download(said: Node, key: str) -> None:
    """A button that hands out a file."""
    st.download_button(said["label"], b"paper", key=key, on_click="ignore", help=said["help"] or None)


def count() -> None:
    """The watched button was clicked once more."""
    st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1


def text(said: Node, key: str) -> None:
    """A field for a line of text."""
    most = said["max_chars"] or None
    st.text_input(said["label"], said["default"], most, key=key, help=said["help"] or None)


BLOCKS: dict[str, Callable[[Node, str], Any]] = {
    "flex_container": lambda said, _: st.container(border=said["flex_container"]["border"]),
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
    "multiselect": choices,
    "radio": marks,
    "text_input": text,
    "date_input": day,
    "empty": lambda _, __: st.empty(),
    "text_area": lambda said, key: st.text_area(said["label"], said["default"], key=key),
    "checkbox": lambda said, key: st.checkbox(said["label"], said["default"], key=key),
    "download_button": download,
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

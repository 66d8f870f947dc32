"""A page's widgets and texts, taken from the page itself for its floor to draw as constants. Times nothing."""

import base64
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]  # comes with Streamlit, and says no types
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]  # as above
from streamlit.testing.v1 import AppTest

from pooledfund.ui.who import TOKEN
from tools.page_script import page_script

Node = dict[str, Any]
"""A block or an element: its kind, what it says, and what stands in it."""
Step = Callable[[AppTest], object]
"""What a person does to a page."""


def states_of(name: str, token: str, steps: Sequence[Step]) -> list[Node]:
    """The page before a click and after each of the clicks, one after another, for whoever has the token."""
    app = AppTest.from_string(page_script(name), default_timeout=120)
    app.session_state[TOKEN] = token
    app.run()
    found = [_whole(app.run())]
    for step in steps:
        step(app)
        found.append(_whole(app.run()))
    return found


def field(app: AppTest, kind: str, label: str) -> Any:  # noqa: ANN401 - Streamlit has a class for each kind of field
    """A field by its kind and the beginning of its label."""
    return next(each for each in app.get(kind) if is_named(str(getattr(each, "label", "")), label))


def is_named(label: str, begins: str) -> bool:
    """Whether a label is these words, or begins with them where it goes on to say which there are."""
    return label == begins or label.startswith(f"{begins},")


def _whole(app: AppTest) -> Node:
    assert not app.exception
    return {"main": _children(app.main), "sidebar": _children(app.sidebar)}


def _children(block: Any) -> list[Node]:  # noqa: ANN401 - Streamlit's own tree, which has no type of its own
    return [_node(each) for each in block.children.values()]


def _node(each: Any) -> Node:  # noqa: ANN401 - as above
    said: Node = {}
    if each.proto is not None:
        said = MessageToDict(each.proto, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    if each.type == "vega_lite_chart":
        said = {"layout": _layout(said)}
    found: Node = {"kind": each.type, "said": said}
    if hasattr(each, "children"):
        found["children"] = _children(each)
    return found


def _layout(said: Node) -> Node:
    """A chart's layout with its rows in it, as a page hands it to Streamlit."""
    layout: Node = json.loads(said["spec"])
    layout["datasets"] = {
        each["name"]: pa.ipc.open_stream(io.BytesIO(base64.b64decode(each["data"]["data"]))).read_all().to_pylist()
        for each in said["datasets"]
    }
    return layout

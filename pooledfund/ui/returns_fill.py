"""The part of the Returns page that fills the blank official workbook: preview, what is left, files to take away."""

import hashlib
from pathlib import Path, PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pooledfund.access import Action, NotAllowed, require
from pooledfund.glossary import help_for
from pooledfund.pool import Pool
from pooledfund.returns.export import export_own_layout, export_return
from pooledfund.returns.previewing import Preview, preview_return
from pooledfund.returns.registry import Variant, return_ids, variant
from pooledfund.ui import html, returns_section
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.forms import refused
from pooledfund.ui.frame import Here, nothing, put
from pooledfund.ui.paging import turn
from pooledfund.ui.papers import XLSX, made
from pooledfund.ui.uploads import as_file, largest

KINDS = ["xlsx", "xlsm"]
"""How the names of official workbooks end."""
_WRITTEN = "return.xlsx"
"""What its writer sees a workbook under."""
_STILL_NO = "What the checkers would still say No to"


def returns_of(here: Here) -> tuple[str, ...]:
    """The returns of the pool's year, those that the agreement dates first."""
    fitting = [each for each in return_ids() if not variant(each).years or here.pool.year in variant(each).years]
    dated = [each.name for each in here.agreement.reporting.returns if each.name in fitting]
    return tuple(dict.fromkeys([*dated, *fitting]))


def may_copy(here: Here) -> bool:
    """Whether the person may take copies of the pool; says so in a sentence where not."""
    try:
        require(here.actor, Action.EXPORT)
    except NotAllowed as refusal:
        nothing(str(refusal))
        return False
    return True


def digest_of(uploaded: UploadedFile) -> str:
    """The SHA-256 of a file that was handed in."""
    return hashlib.sha256(uploaded.getvalue()).hexdigest()


def show_fill(here: Here, layout: Variant) -> None:
    """The blank workbook in, what would be written, and the filled one out; or our own layout without one."""
    st.header("Fill the official workbook", anchor=False, help=help_for("official workbook"))
    if not may_copy(here):
        return
    file = st.file_uploader(
        f"Blank official workbook of this return, {largest()}", type=KINDS, key=f"blank workbook {layout.id}"
    )
    if file is None:
        nothing(
            "No workbook is chosen.",
            "Choose the blank one as it was issued: you see every cell first.",
        )
    else:
        try:
            _filled(here, layout, file)
        except REFUSALS as refusal:
            refused("The workbook cannot be filled", refusal)
    _own_layout(here, layout)


def _filled(here: Here, layout: Variant, file: UploadedFile) -> None:
    event, month = here.pool.head.number, here.month
    with as_file(file) as path:
        found = here.kept(
            f"preview of {layout.id} M{month} in {path.name} {digest_of(file)}",
            lambda pool: preview_return(pool, layout, path, month, event),
        )
    _preview(layout, found)

    def write(pool: Pool, path: Path) -> None:
        with as_file(file) as template:
            export_return(pool, layout, path, template=template, month=month, as_of=event)

    name = f"{here.pool.pool_id}-{layout.id}-M{month}{PurePath(file.name).suffix}"
    st.download_button(
        "Filled workbook (Excel)",
        made(here.open, write, _WRITTEN),
        file_name=name,
        mime=XLSX,
        on_click="ignore",
        type="primary",
        key=f"take {layout.id}",
    )


def _preview(layout: Variant, found: Preview) -> None:
    put(html.paragraph(found.layout_note, "pf-small"))
    where = turn("cells to be written", len(found.cells), f"cells of {layout.id}")
    if found.cells:
        part = found.cells[where.skip : where.skip + where.take]
        put(returns_section.preview_table(part, layout.unit, f"{where.in_words}"))
    else:
        nothing("No cell would be written.", "The figures that this return asks for are not held here.")
    if found.by_hand:
        where = turn("cells left to a person", len(found.by_hand), f"by hand of {layout.id}")
        put(returns_section.by_hand_table(found.by_hand[where.skip : where.skip + where.take], where.in_words))
    open_ones = returns_section.findings(found.failed)
    if open_ones:
        where = turn("findings on the filled workbook", len(open_ones), f"open in {layout.id}")
        put(returns_section.findings_table(_STILL_NO, open_ones[where.skip : where.skip + where.take], where.in_words))


def _own_layout(here: Here, layout: Variant) -> None:
    """Written when it is asked for and not on every visit; a return that does not cast says so in a sentence."""
    event, month = here.pool.head.number, here.month
    put(html.paragraph(f"Without the official workbook: {layout.layout_note}", "pf-small"))
    if not st.button("Write it in our own layout", key=f"own layout {layout.id}"):
        return

    def write(pool: Pool, path: Path) -> None:
        export_own_layout(pool, layout, path, month=month, as_of=event)

    try:
        content = here.kept(
            f"own layout of {layout.id} M{month}",
            lambda pool: made(lambda: pool, write, _WRITTEN)(),
        )
    except REFUSALS as refusal:
        refused("It cannot be written in our own layout", refusal)
        return
    st.download_button(
        "Our own layout (Excel)",
        content,
        file_name=f"{here.pool.pool_id}-{layout.id}-M{month}-own-layout.xlsx",
        mime=XLSX,
        on_click="ignore",
        key=f"take own layout {layout.id}",
    )

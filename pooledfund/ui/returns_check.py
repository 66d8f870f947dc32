"""The part of the Returns page that looks a filled workbook over, against the books or by itself. Changes nothing."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pooledfund.access import Action
from pooledfund.pool import Pool
from pooledfund.returns.checks import Checked, check_return
from pooledfund.returns.comparing import Difference, differences
from pooledfund.returns.export import return_figures
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.reading import read_return
from pooledfund.returns.registry import Variant
from pooledfund.ui import html, returns_section
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.forms import refused
from pooledfund.ui.frame import Here, nothing, put
from pooledfund.ui.paging import turn
from pooledfund.ui.returns_fill import KINDS, digest_of
from pooledfund.ui.uploads import as_file, largest

_BOOKS = "Against the books"
_ALONE = "Check the workbook by itself, not against the books"


def show_check(here: Here, layout: Variant) -> None:
    """A filled workbook in; the checkers' answers, what was found, and what differs from the books."""
    st.header("Check a filled workbook", anchor=False)
    # The figures of the books are a copy of the pool: who may take none checks the workbook by itself.
    ways = (_BOOKS, _ALONE) if here.may(Action.EXPORT) else (_ALONE,)
    way = st.radio("How it is checked", ways, horizontal=True, key="way of checking")
    file = st.file_uploader(f"Filled workbook of this return, {largest()}", type=KINDS, key=f"filled {layout.id}")
    if file is None:
        nothing("No workbook is chosen.", "Choose the filled workbook, before it is sent.")
        return
    try:
        if way == _ALONE:
            with as_file(file) as path:
                _checked(check_return(ExcelFile.open(path), layout), layout)
        else:
            _against_books(here, layout, file)
    except REFUSALS as refusal:
        refused("The workbook cannot be checked", refusal)


def _against_books(here: Here, layout: Variant, file: UploadedFile) -> None:
    def look(pool: Pool) -> tuple[Checked, tuple[Difference, ...]]:
        figures = return_figures(pool, layout, here.month, (), here.pool.head.number)
        book = ExcelFile.open(path)
        return check_return(book, layout, figures), differences(read_return(book, layout), figures)

    with as_file(file) as path:
        checked, unlike = here.kept(f"check of {layout.id} M{here.month} {path.name} {digest_of(file)}", look)
    _checked(checked, layout)
    if not unlike:
        put(html.paragraph("Every figure is that of the books."))
        return
    where = turn("cells that differ", len(unlike), f"unlike {layout.id}")
    put(returns_section.differences_table(unlike[where.skip : where.skip + where.take], layout.unit, where.in_words))


def _checked(checked: Checked, layout: Variant) -> None:
    put(html.paragraph(returns_section.state_words(checked), "pf-lead"))
    put(returns_section.checks_table(checked))
    found = returns_section.findings(checked.failed)
    if found:
        where = turn("findings", len(found), f"findings {layout.id}")
        put(
            returns_section.findings_table(
                "What was found", found[where.skip : where.skip + where.take], where.in_words
            )
        )

"""From a figure of a line to its postings, a page of them, and on to one entry. Sums nothing."""

import streamlit as st

from ledgers.calendar import MONTHS, month_label
from pooledfund.glossary import help_for
from pooledfund.results.origins import LINE_FIGURES, LineFigure, PostingsPage, postings_of
from pooledfund.ui import html
from pooledfund.ui.entry_section import show_entry
from pooledfund.ui.figures import Unit
from pooledfund.ui.forms import choose_in_address
from pooledfund.ui.frame import Here, nothing, put
from pooledfund.ui.html import Cell, Heading, Html, Row
from pooledfund.ui.paging import SIZE, turn

_NONE, _TO_DATE = "no line", 0


def show_drill(here: Here) -> None:
    """Choose a line and a figure for its postings, and an entry for where it came from; the address keeps both."""
    schemes = here.agreement.schemes
    line_side, figure_side, month_side = st.columns((3, 1, 1))
    with line_side:
        line = choose_in_address(
            "Line to look into",
            (_NONE, *schemes),
            lambda each: f"{each}: {schemes[each].name}" if each in schemes else each,
            "line",
        )
    figure: LineFigure = figure_side.selectbox("Figure", LINE_FIGURES, key="figure", help=help_for("posting"))
    month = month_side.selectbox(
        "Month",
        (_TO_DATE, *MONTHS[: here.month]),
        format_func=lambda each: month_label(each) if each else f"April to {month_label(here.month)}",
        key=f"posted in, Q{here.quarter}",
    )
    if line in schemes:
        _postings(here, line, figure, (month or 1, month or here.month))
    show_entry(here, "quarter", here.unit)


def _postings(here: Here, line: str, figure: LineFigure, months: tuple[int, int]) -> None:
    choice = f"{line} {figure} {months}"
    first = here.kept(f"postings {choice} 0", lambda pool: postings_of(pool, line, figure, months, take=SIZE))
    if not first.total:
        nothing(f"Nothing is posted for {line} there.", "Choose another figure or month.")
        return
    where = turn("the postings", first.total, f"page of {choice}")
    found = first
    if where.skip:
        found = here.kept(
            f"postings {choice} {where.skip}",
            lambda pool: postings_of(pool, line, figure, months, skip=where.skip, take=where.take, total=first.total),
        )
    put(_postings_table(f"Postings of {line}, {figure}. {where.in_words}", found, here.unit))


def _postings_table(caption: str, found: PostingsPage, unit: Unit) -> Html:
    rows = [
        Row(
            Cell(f"{each.entry:,}", each.kind),
            (
                Cell(f"M{each.month}", f"{each.effective_on:%d/%m/%Y}"),
                Cell(each.why),
                Cell(each.source_reference or "none"),
                Cell(each.contribution or "", each.partner or ""),
                html.money(each.amount_pence, unit),
            ),
        )
        for each in found.postings
    ]
    blank = (Cell(""), Cell(""), Cell(""), Cell(""))
    rows.append(Row(Cell("All of them"), (*blank, html.money(found.total_pence, unit)), "total"))
    names = ("Entry", "Month", "Why", "Source reference", "Contribution and partner")
    columns = (*(Heading(each, kind="text") for each in names), Heading("Amount"))
    return html.table(f"{caption}, {unit}", columns, rows)

"""From a figure to its source: a line's postings, an entry, the row of the file and the file's digest. Sums nothing."""

import streamlit as st

from ledgers.calendar import MONTHS, month_label
from pooledfund.glossary import help_for
from pooledfund.results.origins import LINE_FIGURES, LineFigure, Origin, PostingsPage, origin_of, postings_of
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS
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
    _entry(here)


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


def _entry(here: Here) -> None:
    asked = st.query_params.get("entry", "")
    if "entry" not in st.session_state and asked.isascii() and asked.isdecimal() and 0 < int(asked) < 2**53:
        st.session_state["entry"] = int(asked)
    number = st.number_input(
        "Entry to look into",
        min_value=1,
        max_value=2**53 - 1,
        value=None,
        step=1,
        key="entry",
        width=340,
    )
    if number is None:
        st.query_params.pop("entry", None)
        return
    st.query_params["entry"] = str(number)
    try:
        found = here.kept(f"origin of {number}", lambda pool: origin_of(pool, number))
    except REFUSALS as refusal:
        nothing(str(refusal))
        return
    _origin(found, here.unit)


def _origin(found: Origin, unit: Unit) -> None:
    entry = found.entry.entry
    put(
        html.steps(
            [
                ("What:", f"{entry.kind} of {entry.effective_on:%d/%m/%Y} in the {entry.book} book, {entry.why}"),
                ("Who and when:", f"{entry.who}, recorded {found.entry.recorded_at}, event {found.entry.event:,}"),
                ("Source reference:", entry.source_reference or "none"),
                *([("Reverses entry:", f"{entry.reverses:,}")] if entry.reverses else []),
                *([("Corrects entry:", f"{entry.corrects:,}")] if entry.corrects else []),
            ]
        )
    )
    rows = [
        Row(
            Cell(each.account),
            (Cell(each.scheme or ""), Cell(each.contribution or ""), Cell(each.partner or ""),
             html.money(each.amount_pence, unit)),
        )
        for each in entry.postings
    ]  # fmt: skip
    total = html.money(sum(each.amount_pence for each in entry.postings), unit)
    rows.append(Row(Cell("Debits less credits"), (Cell(""), Cell(""), Cell(""), total), "total"))
    names = ("Account", "Line", "Contribution", "Partner")
    columns = (*(Heading(each, kind="text") for each in names), Heading("Amount, debit plus"))
    put(html.table(f"Entry {found.entry.number:,}, {unit}", columns, rows))
    if not found.rows:
        nothing("The entry came from no file.", "A person or a rule of the agreement made it: see who and why above.")
    for kept, row in found.rows:
        put(
            html.steps(
                [
                    ("File:", f"{kept.batch.file_name}, {kept.batch.kind}, batch {kept.number}, event {kept.event:,}"),
                    ("Its SHA-256:", kept.batch.digest),
                ]
            )
        )
        cells = [Row(Cell(name), (Cell(value or "empty"),)) for name, value in row.cells.items()]
        columns_of_row = (Heading("Column", kind="text"), Heading("As it came", kind="text"))
        put(html.table(f"Row {row.file_row:,} of {kept.batch.file_name}", columns_of_row, cells))

"""The monitoring table as a reader wants it: grouped, filtered, in an order, a page at a time, with every column."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from pooledfund.glossary import help_for
from pooledfund.pool import Pool
from pooledfund.results.grouping import (
    GROUPED_BY,
    ORDERS,
    GroupedBy,
    Order,
    conditions_of,
    grouped,
    ordered,
    sources_of,
)
from pooledfund.results.monitoring import MonitoringLine, period_label
from pooledfund.results.narrative import Comment, comments_of
from pooledfund.results.submissions import submission_status
from pooledfund.ui import html, monitoring_section
from pooledfund.ui.books import Quarter
from pooledfund.ui.frame import Here, nothing, put
from pooledfund.ui.html import Cell, Heading, Row
from pooledfund.ui.paging import turn

_NO_GROUP, _ALL = "no group", "all"
_RATINGS = ("Red", "Amber", "Green")
_PAGE = 100
"""Rows of one page: most pools have fewer lines, and the largest have several hundred."""


def show_monitoring(here: Here, quarter: Quarter) -> None:
    """The choices, the table, and beside it what is no money."""
    by, order, rating, words = st.columns(4)
    group = by.selectbox("Group by", (_NO_GROUP, *GROUPED_BY), key="group", help=help_for("source", "sub-area", "lead"))
    chosen_order: Order = order.selectbox("Order", ORDERS, key="order")
    rag = rating.selectbox("Rating", (_ALL, *_RATINGS), key="rating", help=help_for("RAG"))
    text = words.text_input("Line, name or lead has", key="line filter").strip().casefold()
    whole = ordered(quarter.monitoring.lines, chosen_order)
    lines = [each for each in whole if rag in (_ALL, each.rag.word) and text in _named(quarter, each).casefold()]
    if not lines:
        nothing("No line is so rated and so named.", "Choose all ratings, or clear the text.")
        return
    grouping = next((each for each in GROUPED_BY if each == group), None)
    rows = _rows(here, quarter, lines, grouping)
    if len(lines) < len(whole):
        rows.append(monitoring_section.subtotal_row(f"Lines shown: {len(lines)} of {len(whole)}", lines, here.unit))
    where = turn("the monitoring table", len(rows), "monitoring page", _PAGE)
    shown = f". {where.in_words}" if where.total > _PAGE else ""
    put(monitoring_section.monitoring_table(quarter, here.unit, rows[where.skip : where.skip + where.take], shown))
    put(html.paragraph(monitoring_section.notes(quarter), "pf-small"))
    with st.expander("The other columns: fund, source, condition, data status, commentary, action"):
        put(_other_columns(here, quarter, lines[where.skip : where.skip + where.take]))


def _named(quarter: Quarter, row: MonitoringLine) -> str:
    return f"{row.line.scheme} {row.name} {quarter.partner(row.lead)}"


def _rows(here: Here, quarter: Quarter, lines: Sequence[MonitoringLine], by: GroupedBy | None) -> list[Row]:
    """The lines, or the lines of each group with their subtotal."""
    if by is None:
        return monitoring_section.line_rows(quarter, lines, here.unit)
    rows = []
    for name, of_group in grouped(lines, here.agreement, by).items():
        rows += monitoring_section.line_rows(quarter, of_group, here.unit)
        rows.append(monitoring_section.subtotal_row(f"{name[:1].upper()}{name[1:]}", of_group, here.unit))
    return rows


def _other_columns(here: Here, quarter: Quarter, lines: Sequence[MonitoringLine]) -> html.Html:
    """What stands beside the money of each line."""
    agreement, month = here.agreement, here.month
    comments = here.kept(f"commentary M{month}", lambda pool: comments_of(pool, month))
    states = here.kept(f"states M{month}", lambda pool: _states(pool, month))
    names = ("Scheme line", "Fund", "Source", "Commissioned by", "Sub-area", "Condition")
    ends = ("Data of its lead", "Commentary", "Action", "Owner", "By")
    columns = (
        *(Heading(each, kind="text") for each in names),
        Heading("Forecast before"),
        Heading("Committed"),
        *(Heading(each, kind="text") for each in ends),
    )
    rows = []
    for each in lines:
        scheme, line = agreement.schemes[each.line.scheme], each.line
        before = line.previous_forecast_pence
        shares = scheme.commissioner
        rows.append(
            Row(
                Cell(f"{scheme.id}  {each.name}"),
                (
                    Cell(agreement.funds[each.fund].name, agreement.funds[each.fund].kind),
                    Cell(sources_of(agreement, scheme.id)),
                    Cell(f"NHS {shares.nhs}%, council {shares.la}%" if shares else "not stated"),
                    Cell(scheme.sub_area or "none"),
                    Cell(conditions_of(agreement, scheme.id)),
                    html.number("first report") if before is None else html.money(before, here.unit),
                    html.money(each.committed_pence, here.unit),
                    Cell(states.get(each.lead, "not available")),
                    *_said(comments.get(scheme.id)),
                ),
            )
        )
    return html.table(f"Beside the money at the end of {period_label(month)}, {here.unit}", columns, rows)


def _states(pool: Pool, month: int) -> dict[str, str]:
    """Whether each partner's figures are in, as at the newest event."""
    _, (newest,) = pool.books.log_page(take=1)
    at = datetime.fromisoformat(newest.recorded_at)
    return {each.partner: each.state for each in submission_status(pool, month, at=at)}


def _said(comment: Comment | None) -> tuple[Cell, ...]:
    if comment is None:
        return Cell("none"), Cell(""), Cell(""), Cell("")
    return Cell(comment.commentary), Cell(comment.action), Cell(comment.owner), Cell(comment.due)

"""One entry from nearer: its postings, the row of the file it came from, its event and its reversal. Sums nothing."""

from urllib.parse import urlencode

import streamlit as st

from pooledfund.results.origins import Origin, origin_of
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.figures import Unit
from pooledfund.ui.forms import asked_number
from pooledfund.ui.frame import Here, address, nothing, put
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.clock import instant_words

_LAST = 2**53 - 1
"""The largest number that a browser counts to exactly."""

ENTRY = "one-entry"
"""Where a page shows one entry, by its address."""


def show_entry(here: Here, page: str, unit: Unit) -> int | None:
    """Choose an entry by its number and see it whole; gives the number where the books have it.

    ``page`` is the page that shows it, by its address: the entries that it names lead there.
    """
    asked = asked_number("entry", _LAST)
    if "entry" not in st.session_state and asked is not None:
        st.session_state["entry"] = asked
    number = st.number_input(
        "Entry to look into",
        min_value=1,
        max_value=_LAST,
        value=None,
        step=1,
        key="entry",
        width=340,
    )
    if number is None:
        st.query_params.pop("entry", None)
        return None
    st.query_params["entry"] = str(number)
    try:
        found = here.kept(f"origin of {number}", lambda pool: origin_of(pool, number))
    except REFUSALS as refusal:
        nothing(str(refusal))
        return None
    put(_facts(here, page, found))
    put(_postings(found, unit))
    _sources(found)
    return int(number)


def to_entry(here: Here, page: str, number: int, words: str = "") -> Html:
    """A link to an entry on a page."""
    return html.link(
        words or f"{number:,}", f"{address(page, here.pool, here.quarter)}&{urlencode({'entry': number})}#{ENTRY}"
    )


def _facts(here: Here, page: str, found: Origin) -> Html:
    entry, event = found.entry.entry, found.entry.event
    other = (
        ("Reverses entry:", entry.reverses),
        ("Reversed by entry:", found.reversed_by),
        ("Corrects entry:", entry.corrects),
    )
    to_event = f"{address('audit', here.pool, here.quarter)}&{urlencode({'event': event})}"
    return html.steps(
        [
            ("What:", f"{entry.kind} of {entry.effective_on:%d/%m/%Y} in the {entry.book} book, {entry.why}"),
            ("Who and when:", f"{entry.who}, recorded {instant_words(found.entry.recorded_at)}"),
            ("Recorded by:", html.link(f"event {event:,}", to_event)),
            ("Source reference:", entry.source_reference or "none"),
            ("Key:", entry.idempotency_key),
            *((label, to_entry(here, page, number)) for label, number in other if number is not None),
        ]
    )


def _postings(found: Origin, unit: Unit) -> Html:
    entry = found.entry.entry
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
    return html.table(f"Entry {found.entry.number:,}, {unit}", columns, rows)


def _sources(found: Origin) -> None:
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

"""The search of the journal: its form, a page of what it finds, and the file of all of it. Finds nothing itself."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from ledgers.kept_texts import KeptTexts
from ledgers.registers import Registers
from ledgers.searching import EntrySearch, FoundEntry, FoundPage
from pooledfund.access import Action, require
from pooledfund.glossary import help_for
from pooledfund.reports.postings import export_found
from pooledfund.results.journal_search import QUESTIONS, debits_pence, journal_page, search_from
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.entry_section import ENTRY
from pooledfund.ui.figures import Unit
from pooledfund.ui.frame import Here, nothing, put
from pooledfund.ui.html import Cell, Heading, Html, Row
from pooledfund.ui.paging import SIZE
from s75_rules.clock import instant_words

EXACT: Unit = "£"
"""An entry is shown to the penny, whatever unit the tables of other pages are in."""
_AS_OF = "as of event"
_ANY = ""
_IN_ADDRESS: Literal["query-params"] = "query-params"
_LABELS = {
    "text": "Text",
    "kind": "Kind",
    "who": "Made by",
    "effective from": "Effective from, as 2023-07-01",
    "effective to": "Effective to",
    "recorded from": "Recorded from, UTC",
    "recorded to": "Recorded to, UTC",
    "amount from": "Posting of at least, £",
    "amount to": "Posting of at most, £",
    "event": "Event",
}


def show_search(here: Here) -> None:
    """The form, and under it the entries that meet it; the address keeps both, so that a search can be sent on."""
    require(here.actor, Action.EXPORT)
    known = here.kept("registers", lambda pool: pool.books.registers())
    _form(known)
    try:
        pool_id = here.pool.pool_id
        search = search_from(known, pool_id, {each: _asked(each) for each in QUESTIONS})
        as_of = search_from(known, pool_id, {"event": _asked(_AS_OF)}).event
        found = _found(here, search, as_of)
    except REFUSALS as refusal:
        put(html.steps([("Not searched:", sentence) for sentence in str(refusal).splitlines()]))
        return
    if not found.entries:
        nothing("No entry meets the search.", "Ask for less: leave a field empty, or take a longer time.")
    else:
        put(_table(found.entries, as_of))
    _turn(found)
    if found.entries:
        _download(here, search, as_of)


def _form(known: Registers) -> None:
    with st.form("search the journal"):
        text, kind, who, event = st.columns((3, 1, 1, 1))
        _text(text, "text")
        _text(kind, "kind")
        _text(who, "who")
        _text(event, "event")
        book, account, scheme, contribution, partner = st.columns(5)
        _choice(book, "book", "Book", ("budget", "actual", "forecast"))
        _choice(account, "account", "Account", tuple(known.accounts))
        _choice(scheme, "scheme", "Line", tuple(known.schemes))
        _choice(contribution, "contribution", "Contribution", tuple(known.contributions))
        _choice(partner, "partner", "Partner", tuple(known.partners))
        since, until, recorded_since, recorded_until = st.columns(4)
        _text(since, "effective from")
        _text(until, "effective to")
        _text(recorded_since, "recorded from")
        _text(recorded_until, "recorded to")
        least, most, as_of, go = st.columns(4, vertical_alignment="bottom")
        _text(least, "amount from")
        _text(most, "amount to")
        as_of.text_input("Books as of event", key=_key(_AS_OF), bind=_IN_ADDRESS, help=help_for("as of"))
        go.form_submit_button("Search the journal", type="primary", on_click=_first_page, width="stretch")


def _text(place: st.delta_generator.DeltaGenerator, question: str) -> None:
    place.text_input(
        _LABELS[question],
        key=_key(question),
        bind=_IN_ADDRESS,
        max_chars=200,
        help=f"{QUESTIONS[question]}.".capitalize(),
    )


def _choice(place: st.delta_generator.DeltaGenerator, question: str, label: str, options: Sequence[str]) -> None:
    place.selectbox(
        label, (_ANY, *options), format_func=lambda each: each or "any", key=_key(question), bind=_IN_ADDRESS
    )


def _key(question: str) -> str:
    return question.replace(" ", "_")


def _asked(question: str) -> str:
    return str(st.session_state.get(_key(question)) or "").strip()


def _found(here: Here, search: EntrySearch, as_of: int | None) -> FoundPage:
    before, after = _place("before"), _place("after")
    return here.kept(
        f"journal {search} as of {as_of} before {before} after {after}",
        lambda pool: journal_page(pool, search, as_of=as_of, before=before, after=after, take=SIZE, texts=_texts()),
    )


@st.cache_resource(show_spinner=False)
def _texts() -> KeptTexts:
    """The texts of entries, kept for all who search by this server."""
    return KeptTexts()


def _place(side: Literal["before", "after"]) -> int | None:
    """The entry that the page ends before, or begins after, by the address."""
    text = st.query_params.get(side, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _first_page() -> None:
    st.query_params.pop("before", None)
    st.query_params.pop("after", None)


def _go(side: Literal["before", "after"], number: int) -> None:
    _first_page()
    st.query_params[side] = str(number)


def _turn(found: FoundPage) -> None:
    """The buttons that lead to newer and older entries, where there are any."""
    newest, newer, older, _ = st.columns((1, 1, 1, 2))
    if found.has_newer and found.entries:
        newest.button("Newest entries", on_click=_first_page, width="stretch")
        newer.button("Newer entries", on_click=_go, args=("after", found.entries[0].recorded.number), width="stretch")
    if found.has_older and found.entries:
        last = found.entries[-1].recorded.number
        older.button("Older entries", on_click=_go, args=("before", last), width="stretch")
    if not found.entries and (_place("before") or _place("after")):
        newest.button("Newest entries", on_click=_first_page, width="stretch")


def _table(entries: Sequence[FoundEntry], as_of: int | None) -> Html:
    first, last = entries[0].recorded.number, entries[-1].recorded.number
    span = f"Entry {first:,}" if first == last else f"Entries {first:,} to {last:,}"
    standing = "" if as_of is None else f", books as of event {as_of:,}"
    names = ("Entry", "Effective", "Book and kind", "Why", "Reference", "Made by", "Reversal")
    columns = (*(Heading(each, kind="text") for each in names), Heading("Debits"))
    rows = [_row(each) for each in entries]
    return html.table(f"{span} that meet the search, newest first{standing}, {EXACT}", columns, rows, css="pf-entries")


def _row(found: FoundEntry) -> Row:
    recorded, entry = found.recorded, found.recorded.entry
    return Row(
        Cell(html.link(f"{recorded.number:,}", _to(recorded.number))),
        (
            Cell(f"{entry.effective_on:%d/%m/%Y}", f"M{recorded.month}"),
            Cell(entry.book, entry.kind),
            Cell(entry.why),
            Cell(entry.source_reference or "none"),
            Cell(entry.who, f"event {recorded.event:,}, {instant_words(recorded.recorded_at)}"),
            Cell(_standing(found)),
            html.money(debits_pence(entry), EXACT),
        ),
    )


def _to(number: int) -> str:
    """The address of this page and search with an entry to look into."""
    return f"journal?{urlencode({**st.query_params.to_dict(), 'entry': number})}#{ENTRY}"


def _standing(found: FoundEntry) -> str:
    reverses = found.recorded.entry.reverses
    if found.reversed_by is not None:
        return f"reversed by {found.reversed_by:,}"
    return f"reverses {reverses:,}" if reverses is not None else ""


def _download(here: Here, search: EntrySearch, as_of: int | None) -> None:
    st.download_button(
        "All that meet the search (CSV)",
        _file(here, search, as_of),
        file_name=f"{here.pool.pool_id}-journal.csv",
        mime="text/csv",
        on_click="ignore",
        width=280,
        help="A row each posting, in pounds; text that a spreadsheet would take for a formula stays text",
    )


def _file(here: Here, search: EntrySearch, as_of: int | None) -> Callable[[], bytes]:
    """The file, made on the click from the books as they then stand."""

    def make() -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "journal.csv"
            export_found(here.open(), search, path, as_of)
            return path.read_bytes()

    return make

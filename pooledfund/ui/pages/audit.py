"""The page for auditors: the sealed log, who changed what, and the proof of the books. Proves nothing itself."""

import json

import streamlit as st

from ledgers.reading import LogLine
from ledgers.seal import Event, Finding
from ledgers.verification import ALWAYS, STRICT
from pooledfund.glossary import help_for
from pooledfund.ui import html
from pooledfund.ui.forms import asked_number
from pooledfund.ui.frame import Here, heading, nothing, page, put
from pooledfund.ui.html import Cell, Heading, Row
from pooledfund.ui.paging import turn
from s75_rules.clock import instant_words

_ALL = "all"
_LONGEST = 600
_LONGEST_SHOWN = 20_000


def show(here: Here) -> None:
    """The proof first, then the log, then one event whole."""
    heading(here, "Audit", "Every event is sealed to the one before it. What anyone changed is here, and nothing goes.")
    _proof(here)
    _log(here)
    _one_event(here)


def _proof(here: Here) -> None:
    st.header("Prove the books", anchor=False)
    put(html.paragraph("Chain, double entry, kept balances and casting are worked out again from every row kept."))
    strict, known = st.columns((1, 2), vertical_alignment="bottom")
    every = strict.checkbox("Every check, also the slow ones", key="strict")
    head = known.text_input("Head known from a paper or a copy (optional)", key="known head", help=help_for("head"))
    if not st.button("Verify the books", key="verify", type="primary"):
        return
    with st.spinner("Reading every row of the books"):
        findings = here.open().books.verify(head=head.strip() or None, checks=(*ALWAYS, *STRICT) if every else ALWAYS)
    if findings:
        st.error(f"Broken: {len(findings)} finding{'' if len(findings) == 1 else 's'}.", icon=":material/error:")
        put(_findings(findings))
    else:
        st.success(
            f"Proved to event {here.pool.head.number:,}, hash {here.pool.head.hash}.", icon=":material/check_circle:"
        )


def _findings(findings: list[Finding]) -> html.Html:
    columns = (Heading("Check", kind="text"), Heading("Row", kind="text"), Heading("What is wrong", kind="text"))
    return html.table(
        "What verification found",
        columns,
        [Row(Cell(each.check), (Cell(each.row), Cell(each.message))) for each in findings],
    )


def _log(here: Here) -> None:
    st.header("The log", anchor=False)
    kinds, people = here.kept("kinds and people", lambda pool: pool.books.kinds_and_people())
    by_kind, by_person, _ = st.columns((2, 2, 3))
    kind = by_kind.selectbox("Kind of event", (_ALL, *kinds), key="event kind", help=help_for("event"))
    who = by_person.selectbox("Recorded by", (_ALL, *people), key="event person")
    of_kind, by = (None if each == _ALL else each for each in (kind, who))
    total, _ = here.kept(f"log of {of_kind} by {by}", lambda pool: pool.books.log_page(kind=of_kind, who=by, take=0))
    where = turn("the log", total, "log page")
    _, lines = here.kept(
        f"log of {of_kind} by {by} from {where.skip}",
        lambda pool: pool.books.log_page(kind=of_kind, who=by, skip=where.skip, take=where.take),
    )
    if not lines:
        nothing("No event is of that kind and by that person.", "Choose 'all' in one of the two lists.")
        return
    columns = (
        Heading("Event", kind="text"),
        Heading("What happened", kind="text"),
        Heading("Recorded at", kind="text"),
        Heading("By", kind="text"),
        Heading("Entries", kind="text"),
        Heading("Hash", kind="text"),
    )
    put(html.table(f"Events, newest first. {where.in_words}", columns, [_line(each) for each in lines]))


def _line(line: LogLine) -> Row:
    entries = "none"
    if line.first_entry is not None:
        entries = f"{line.first_entry:,}"
        if line.last_entry != line.first_entry:
            entries = f"{line.first_entry:,} to {line.last_entry:,}"
    cells = (
        Cell(line.kind),
        Cell(instant_words(line.recorded_at)),
        Cell(line.who),
        Cell(entries),
        Cell(f"{line.hash[:12]}…"),
    )
    return Row(Cell(f"{line.number:,}"), cells)


def _one_event(here: Here) -> None:
    st.header("One event whole", anchor=False)
    last = here.pool.head.number
    key = f"event of {here.pool.pool_id}"  # another pool may have fewer
    if key not in st.session_state:
        st.session_state[key] = asked_number("event", last) or last
    number = int(st.number_input("Event number", min_value=1, max_value=last, step=1, key=key))
    if number == last:
        st.query_params.pop("event", None)
    else:
        st.query_params["event"] = str(number)
    # An event of a whole file is megabytes long: what is shown of it is kept, the rest is read when it is asked for.
    facts, length, text = here.kept(f"event {number}", lambda pool: _shown(pool.books.event(number)))
    put(facts)
    with st.expander("The exact text that was hashed"):
        if length > _LONGEST_SHOWN:
            put(html.paragraph(f"The first {_LONGEST_SHOWN:,} of {length:,} characters; the file has all."))
        put(html.code(text))
        st.download_button(
            "The exact text as a file",
            lambda: here.open().books.event(number).content.encode("utf-8"),
            file_name=f"{here.pool.pool_id}-event-{number}.json",
            mime="application/json",
            on_click="ignore",
        )


def _shown(event: Event) -> tuple[html.Html, int, str]:
    """What is shown of an event: its parts as a table, how long its exact text is, and the beginning of that."""
    return _facts(event), len(event.content), event.content[:_LONGEST_SHOWN]


def _facts(event: Event) -> html.Html:
    facts = [
        ("What happened", event.kind),
        ("Recorded", f"{instant_words(event.recorded_at)}; in the log {event.recorded_at}"),
        ("By", event.who),
        ("Hash", event.hash),
        ("Hash of the event before", event.previous_hash),
        *((name.replace("_", " "), _said(value)) for name, value in event.payload.items()),
    ]
    rows = [Row(Cell(name), (Cell(said),)) for name, said in facts]
    columns = (Heading("Part", kind="text"), Heading("What it says", kind="text"))
    return html.table(f"Event {event.number:,}", columns, rows)


def _said(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters, whole below)"


page("Audit", show)

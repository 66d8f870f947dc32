"""Posting one journal and reversing one, each with what it would do first. Posts nothing itself."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from ledgers.money import pounds_for_people
from pooledfund.control.journal_effect import JournalEffect, journal_effect, reversal_effect
from pooledfund.glossary import help_for
from pooledfund.intake.journal_form import LINE, month_changes, post_journal
from pooledfund.intake.journal_reversals import reverse_journal, why_not_reversed
from pooledfund.intake.journals import BOOKS
from pooledfund.pool import Pool
from pooledfund.results.journal_search import debits_pence
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.forms import text_of
from pooledfund.ui.frame import Here, field, given, nothing, perform, put
from pooledfund.ui.html import Cell, Heading, Row
from pooledfund.ui.journal_section import EXACT

MOST_LINES = 20
"""Lines of a journal at the page; a longer one comes as a file."""
_COUNTS = tuple(str(each) for each in range(2, MOST_LINES + 1))
_HEAD = ("entry", "book", "effective", "why", "reference", "adjusting")
_REVERSE = "reverse a journal"


def show_posting(here: Here) -> None:
    """The fields of a journal, kept as a draft one by one; what it would do; the button that posts it."""
    changes = here.kept("month changes", month_changes)
    form = Drafted("journal", _standing(), changes[-1].number if changes else 0)
    form.warn(_closed(here))
    _head(form)
    count = int(form.given("lines") or 2)
    for place in range(1, count + 1):
        _line(here, form, place)
    head = {each: form.given(each) for each in _HEAD}
    lines = [{part: form.given(_name(place, part)) for part in LINE} for place in range(1, count + 1)]
    if not (head["entry"] and head["effective"] and head["why"] and any(each["debit"] for each in lines)):
        nothing(
            "Fill in the number, the day, the reason and the lines to see what it would do.", "Nothing is posted yet."
        )
        return
    try:
        effect = journal_effect(here.open(), head, lines)
    except REFUSALS as refusal:
        put(html.steps([("Not yet:", sentence) for sentence in str(refusal).splitlines()]))
        return
    _show_effect(effect)
    if not effect.breaks and effect.already_there is None:
        st.button("Post the journal", type="primary", key="journal post", on_click=_post, args=(form, head, lines))


def _standing() -> dict[str, str]:
    """The fields as they are before anything is typed."""
    once = {**dict.fromkeys(_HEAD, ""), "book": "actual", "lines": "2"}
    return once | {_name(place, part): "" for place in range(1, MOST_LINES + 1) for part in LINE}


def _name(place: int, part: str) -> str:
    return f"line {place} {part}"


def _closed(here: Here) -> str:
    states = here.kept("month states", lambda pool: pool.books.month_states())
    shut = [f"M{month} {state}" for month, state in states.items() if state != "open"]
    return f"{', '.join(shut)}; every other month is open" if shut else "every month is open"


def _head(form: Drafted) -> None:
    number, book, day, reference, lines = st.columns((2, 1, 2, 2, 1))
    with number:
        form.text("entry", "Number of the journal, such as JNL-014")
    with book:
        form.choice("book", "Book of the journal", BOOKS)
    with day:
        form.text("effective", "Effective on, as 2023-07-01")
    with reference:
        form.text("reference", "Document behind it (optional)")
    with lines:
        form.choice("lines", "Lines", _COUNTS)
    why, adjusting = st.columns((4, 2))
    with why:
        form.text("why", "Why it is posted")
    with adjusting:
        form.choice(
            "adjusting", "Year-end adjustment", ("", "true"), lambda each: "yes" if each else "no",
            hint="Only an adjusting entry enters a month that takes adjusting entries.",
        )  # fmt: skip


def _line(here: Here, form: Drafted, place: int) -> None:
    known = here.kept("registers", lambda pool: pool.books.registers())
    account, scheme, contribution, partner, debit, credit = st.columns((3, 2, 2, 2, 2, 2))
    options = (
        (account, "account", "Account", tuple(known.accounts)),
        (scheme, "scheme", "Line of the plan", tuple(known.schemes)),
        (contribution, "contribution", "Contribution", tuple(known.contributions)),
        (partner, "partner", "Partner", tuple(known.partners)),
    )
    for column, part, label, ids in options:
        with column:
            form.choice(_name(place, part), f"{label} {place}", ("", *ids), lambda each: each or "none")
    with debit:
        form.text(_name(place, "debit"), f"Debit {place}, £")
    with credit:
        form.text(_name(place, "credit"), f"Credit {place}, £")


def _show_effect(effect: JournalEffect) -> None:
    entry = effect.entry
    if effect.already_there is not None:
        nothing(
            f"Entry {effect.already_there:,} stands under this number already.", "Give a new journal its own number."
        )
        return
    rows = [
        Row(
            Cell(each.account, each.scheme),
            tuple(html.money(pence, EXACT) for pence in (each.before_pence, each.change_pence, each.after_pence)),
        )
        for each in effect.movements
    ]
    columns = (Heading("Account and line", kind="text"), Heading("Now"), Heading("Change"), Heading("After"))
    what = f"What it would do in the {entry.book} book from {entry.effective_on:%d/%m/%Y} (M{effect.month})"
    put(html.table(f"{what}: a dry run, nothing is posted yet, debit plus, {EXACT}", columns, rows))
    if effect.warnings:
        put(html.steps([("Note:", each) for each in effect.warnings]))
    if effect.breaks:
        put(html.steps([("Refused:", each) for each in effect.breaks]))


def _post(form: Drafted, head: dict[str, str], lines: Sequence[dict[str, str]]) -> None:
    read = form.read_event

    def do(pool: Pool) -> str:
        posted = post_journal(pool, head, lines, expected_event=read)
        amount = pounds_for_people(debits_pence(pool.books.entry(posted.recorded.number).entry))
        notes = " ".join(("", *posted.notes))
        if posted.recorded.outcome == "already there":
            return f"Journal {head['entry']} stood already: entry {posted.recorded.number}."
        return f"Journal {head['entry']} is posted: entry {posted.recorded.number}, {amount} on each side.{notes}"

    perform(form.name, do)


def show_reversing(here: Here, number: int) -> None:
    """The reversal of an entry that is a journal, with what it would do; else what corrects the entry."""
    st.subheader(f"Reverse entry {number:,}", anchor=False, help=help_for("reversal"))
    reason, event = here.kept(
        f"why entry {number} is not reversed",
        lambda pool: (why_not_reversed(pool, number), pool.books.entry(number).event),
    )
    if reason is not None:
        nothing(f"{reason[:1].upper()}{reason[1:]}.")
        return
    why, day = st.columns((3, 1))
    why.text_input("What was wrong", key=field(_REVERSE, f"why {number}"), max_chars=1000)
    day.date_input(
        "Effective from (optional)",
        value=None,
        min_value=here.year.first_day,
        max_value=here.year.month_ends(12),
        key=field(_REVERSE, f"day {number}"),
        format="DD/MM/YYYY",
        help="Left empty: the journal's own day, or the first open day after it where its month is closed.",
    )
    said, chosen = text_of(_REVERSE, f"why {number}"), given(_REVERSE, f"day {number}")
    effective = chosen if isinstance(chosen, date) else None
    if not said:
        nothing("Say what was wrong to see what the reversal would do.", "Nothing is reversed yet.")
        return
    try:
        effect = reversal_effect(here.open(), number, said, effective)
    except REFUSALS as refusal:
        put(html.steps([("Not allowed:", sentence) for sentence in str(refusal).splitlines()]))
        return
    _show_effect(effect)
    if not effect.breaks:
        st.button(
            "Reverse the entry", type="primary", key=field(_REVERSE, "button"), on_click=_reverse,
            args=(number, said, effective, event),
        )  # fmt: skip


def _reverse(number: int, why: str, effective: date | None, read: int) -> None:
    def do(pool: Pool) -> str:
        recorded = reverse_journal(pool, number, why, effective, expected_event=read)
        return f"Entry {number} is reversed by entry {recorded.number}."

    perform(_REVERSE, do)

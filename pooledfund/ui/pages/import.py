"""The page where ledgers come in: a file with its map, what it would post, suspense, who has sent what."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ledgers.calendar import quarter_months
from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds_for_people
from pooledfund.access import Action
from pooledfund.control.submissions import agree_submission
from pooledfund.errors import InputRefused
from pooledfund.glossary import help_for
from pooledfund.intake.actuals import Handing, Imported, import_actuals, preview_actuals
from pooledfund.intake.kept_maps import clear_and_place, keep_map, kept_text, map_of, unplaced_code
from pooledfund.intake.learning import Learnt, assigned, learn, learn_named, map_text, relearn
from pooledfund.intake.limits import MAX_ROWS
from pooledfund.intake.maps import LedgerMap
from pooledfund.intake.spend_rows import is_plain
from pooledfund.intake.suspense import Clearing, assign, clear
from pooledfund.intake.tables import FileRefused, open_sheet
from pooledfund.pool import Pool
from pooledfund.results.batches import batches_report
from pooledfund.results.submissions import submission_status
from pooledfund.results.suspense import suspense_report
from pooledfund.ui import html, import_section
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.column_choice import named_columns
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.forms import FieldNotFilled, number_of, refused, text_of
from pooledfund.ui.frame import Here, field, given, heading, nothing, page, perform, put
from pooledfund.ui.paging import turn
from pooledfund.ui.reconcile_read import covers
from pooledfund.ui.uploads import as_file, largest

_BRING, _CLEAR, _ASSIGN, _AGREE = "bring a file in", "clear an item", "give an item", "agree figures"
_PLAIN, _KEPT, _GUESS = "our own columns", "the map kept for this partner", "a map guessed from the file"
_NAMED = "columns that I choose"
_ROWS_SHOWN = 8
_MOST_CODES = 40


def show(here: Here) -> None:
    """Who has sent what; bring a file in; what waits in suspense; the files of before."""
    heading(here, "Import")
    st.header("Whose figures are in", anchor=False, help=help_for("accrual", "late item"))
    status = here.kept(
        f"submissions Q{here.quarter}",
        lambda pool: [each for month in quarter_months(here.quarter) for each in submission_status(pool, month)],
    )
    if status:
        put(import_section.submissions_table(status, here.agreement, here.unit))
    else:
        nothing("No partner sends figures for this quarter.")
    if here.may(Action.AGREE):
        _agree(here, {each.month: each.figure_pence for each in status if each.partner == here.actor.partner})
    if here.may(Action.IMPORT):
        _bring(here)
    _suspense(here)
    _batches(here)


def _agree(here: Here, shown_pence: Mapping[int, int]) -> None:
    with st.form(field(_AGREE)):
        st.selectbox("Agree the figures of your own body for", list(quarter_months(here.quarter)),
                     format_func=lambda each: f"M{each}", key=field(_AGREE, "month"))  # fmt: skip
        st.checkbox("It spent nothing in that month: a nil return", key=field(_AGREE, "nil"))
        st.form_submit_button("Agree", on_click=_do_agree, args=(here.actor.partner or "", shown_pence))


def _do_agree(partner: str, shown_pence: Mapping[int, int]) -> None:
    month, nil = int(str(given(_AGREE, "month"))), bool(given(_AGREE, "nil"))

    def do(pool: Pool) -> str:
        agree_submission(pool, partner, month, nil_return=nil, expected_pence=shown_pence.get(month))
        return f"M{month} of {partner} is agreed."

    perform(_AGREE, do)


def _bring(here: Here) -> None:
    st.header("Bring a file in", anchor=False, help=help_for("control total", "suspense"))
    partners = list(here.agreement.partners)
    own = partners.index(here.actor.partner) if here.actor.partner in partners else 0
    left, right = st.columns((1, 2))
    partner = left.selectbox("Whose ledger", partners, index=own, key=field(_BRING, "partner"),
                             format_func=lambda each: here.agreement.partners[each].name)  # fmt: skip
    file = right.file_uploader(
        f"Ledger extract: CSV, XLSX or XLS, {largest()}", type=["csv", "txt", "xlsx", "xlsm", "xls"],
        key=field(_BRING, "file"),
    )  # fmt: skip
    if file is None:
        nothing("No file is chosen.", "Choose the extract: nothing is posted before you have seen what it would do.")
        return
    try:
        with as_file(file) as path:
            _wizard(here, file, path, partner)
    except REFUSALS as refusal:
        refused("Nothing is posted", refusal)


def _wizard(here: Here, file: UploadedFile, path: Path, partner: str) -> None:
    _raw_rows(path)
    pool = here.open()
    kept = kept_text(pool, partner)
    ways = [*([_KEPT] if kept else []), _GUESS, _NAMED, _PLAIN]
    if is_plain(path):
        ways = [_PLAIN, *(each for each in ways if each != _PLAIN)]
    way = st.radio("How it is read", ways, horizontal=True, key=field(_BRING, "way"))
    ledger_map = None
    if way != _PLAIN:
        learnt = _learnt(pool, path, partner, way, kept)
        if learnt is None:
            return
        ledger_map = _mapped(here, pool, path, learnt)
    handing = _handing()
    with st.spinner("Working out what it would post", show_time=True):
        found = preview_actuals(pool, path, ledger_map, handing)
    _preview(here, found)
    handing = replace(handing, accept_amounts=_units_accepted(found))
    text = map_text(ledger_map) if ledger_map else None
    st.button(
        f"Post {found.posted:,} entries for {pounds_for_people(found.total_pence)}",
        key=field(_BRING, "post"), type="primary", on_click=_post, args=(file, partner, text, handing),
        disabled=found.repeated_batch is not None or bool(found.unit_slips.too_large and not handing.accept_amounts),
    )  # fmt: skip


def _raw_rows(path: Path) -> None:
    """Some rows of the file as they stand in it, from whichever row a person asks for."""
    first = int(
        st.number_input("Show the file's rows from", 1, MAX_ROWS, 1, _ROWS_SHOWN, key=field(_BRING, "row"), width=220)
    )
    rows = list(islice(open_sheet(path).lines(), first - 1, first - 1 + _ROWS_SHOWN))
    if rows:
        put(import_section.rows_table(rows))
    else:
        nothing(f"The file ends before row {first:,}.", "Ask for an earlier row.")


def _learnt(pool: Pool, path: Path, partner: str, way: str, kept: str | None) -> Learnt | None:
    """How the file reads in the way that was chosen; None where columns are still to be chosen."""
    if way == _KEPT and kept:
        return relearn(path, pool.agreement, map_of(pool, kept))
    if way == _NAMED:
        named = named_columns(_BRING, path)
        return None if named is None else learn_named(path, pool.agreement, partner, named)
    try:
        return learn(path, pool.agreement, partner)
    except FileRefused as refusal:
        refused("Nothing is posted", refusal)
        nothing("The columns could not be guessed.", f"Choose '{_NAMED}' above, and say which column holds what.")
        return None


def _mapped(here: Here, pool: Pool, path: Path, learnt: Learnt) -> LedgerMap:
    """What was guessed, corrected by the person: codes to lines, and columns, signs and dates in the map's own text."""
    put(html.steps([("", each) for each in learnt.guesses]))
    for each in learnt.unclear:
        st.warning(f"Not clear: {html.plain(each)}", icon=":material/help:")
    put(import_section.codes_table(learnt.code_column, learnt.codes, here.unit))
    lines = {
        "": "none: into suspense",
        **{each.id: f"{each.id} {each.name}" for each in pool.agreement.schemes.values()},
    }
    chosen = {}
    for code in [each for each in learnt.codes if each.scheme is None][:_MOST_CODES]:
        options = list(lines)
        label = html.plain(f"Line of code {code.code or '(blank)'} ({code.words[:60]})")
        scheme = st.selectbox(
            label, options, format_func=lines.__getitem__,
            index=options.index(code.suggested) if code.suggested in lines else 0,
            key=field(_BRING, f"code {code.code}"),
        )  # fmt: skip
        if scheme:
            chosen[code.code] = scheme
    found = assigned(learnt.map, learnt.code_column, chosen)
    with st.expander("The map as text: correct a column, a sign or a date here"):
        text = st.text_area("Map", map_text(found), height=280, key=field(_BRING, f"map {sorted(chosen.items())}"))
    return map_of(pool, text)


def _handing() -> Handing:
    """The partner's own totals, and whether lines that changed since are taken."""
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    total = left.text_input(
        "Control total the partner states, £", key=field(_BRING, "total"), help=help_for("control total")
    )
    middle.text_input("Rows the partner states", key=field(_BRING, "rows"))
    accept = right.checkbox("Take lines that changed since", key=field(_BRING, "accept"))
    faults = list[str]()
    pence = count = None
    try:
        pence = parse_pounds(total) if total.strip() else None
    except MoneyNotUnderstood as error:
        faults.append(f"control total: {error}")
    try:
        count = number_of(_BRING, "rows", "Rows the partner states")
    except FieldNotFilled as refusal:
        faults += refusal.sentences
    if faults:
        raise InputRefused(*faults)
    return Handing(control_total_pence=pence, control_rows=count, accept_changes=accept)


def _preview(here: Here, found: Imported) -> None:
    if found.repeated_batch is not None:
        nothing(f"This is batch {found.repeated_batch} again, the very same file.", "There is nothing to post.")
        return
    put(import_section.would_post(found, here.agreement, here.unit))
    said = f"{found.rows:,} rows of spend, {found.ignored:,} ignored by the map, {found.already_there:,} already there."
    put(html.paragraph(" ".join((said, *found.notes)), "pf-small"))
    if found.changes:
        put(
            import_section.changes_table(
                "Lines that have changed since: tick the box above to take them", found.changes
            )
        )
    if found.missing:
        put(import_section.changes_table("Lines of before that are not in this file", found.missing))


def _units_accepted(found: Imported) -> bool:
    """What looks like a slip of units, and whether the person says that what is too large is right all the same."""
    for each in (*found.unit_slips.too_large, *found.unit_slips.too_small):
        st.warning(f"Check the unit: {html.plain(each)}", icon=":material/warning:")
    if not found.unit_slips.too_large:
        return False
    return st.checkbox("These amounts are right: post them as they stand", key=field(_BRING, "amounts"))


def _post(file: UploadedFile, partner: str, text: str | None, handing: Handing) -> None:
    def do(pool: Pool) -> str:
        ledger_map = map_of(pool, text) if text else None
        step = st.empty()
        with as_file(file) as path:
            found = import_actuals(pool, path, ledger_map, lambda words: _progress(step, words), handing)
        if ledger_map is not None:
            keep_map(pool, partner, ledger_map)
        if found.batch is None:
            return f"{found.file} was in the books already: nothing was posted."
        waits = f" {pounds_for_people(found.suspense_pence)} of it waits in suspense." if found.suspense else ""
        return f"{found.file} is batch {found.batch}: {found.posted:,} entries posted.{waits}"

    perform(_BRING, do)


def _progress(place: DeltaGenerator, words: str) -> None:
    """What is being done with a file just now, until the page says what became of it."""
    place.info(f"{html.plain(words)}. Leave this page open until it says that it is done.", icon=":material/sync:")


def _suspense(here: Here) -> None:
    st.header("In suspense", anchor=False, help=help_for("suspense"))
    found = here.kept("suspense", suspense_report)
    if not found.items and not found.total_pence:
        nothing("Nothing waits in suspense.")
        return
    put(import_section.suspense_table(found, here.agreement, here.unit))
    if not here.may(Action.POST) or not found.items:
        return
    entries = [each.entry for each in found.items]

    def words(scheme: str) -> str:
        return f"{scheme} {here.agreement.schemes[scheme].name}"

    left, right = st.columns(2, gap="large")
    with left, st.container(border=True):
        Drafted(_CLEAR).choice("entry", "Entry to clear", entries)
        Drafted(_CLEAR).choice("scheme", "To the line", list(here.agreement.schemes), words)
        Drafted(_CLEAR).text("reason", "Reason")
        _place(here)
        st.button("Clear to the line", key=field(_CLEAR, "button"), on_click=_do_clear)
    with right, st.container(border=True):
        Drafted(_ASSIGN).choice("entry", "Entry to give to someone", entries)
        Drafted(_ASSIGN).text("owner", "Owner, a role or a team")
        Drafted(_ASSIGN).text("note", "Note")
        st.button("Give to the owner", key=field(_ASSIGN, "button"), on_click=_do_assign, args=(here.pool.head.number,))


def _place(here: Here) -> None:
    """The offer to have the kept map place the item's code from now on, where it would send it to suspense again."""
    entry = int(str(given(_CLEAR, "entry")))
    found = here.kept(f"unplaced code of {entry}", lambda pool: unplaced_code(pool, entry))
    if found is not None and covers(here, Action.IMPORT, found.partner):
        name = here.agreement.partners[found.partner].name
        label = f"Have the map kept for {name} place {found.column} {found.code} on that line from now on"
        Drafted(_CLEAR).tick("place", html.plain(label))


def _do_clear() -> None:
    entry, scheme = int(str(given(_CLEAR, "entry"))), str(given(_CLEAR, "scheme"))
    clearing = Clearing(entry, scheme, text_of(_CLEAR, "reason"))
    place = given(_CLEAR, "place") is True

    def do(pool: Pool) -> str:
        number = (clear_and_place if place else clear)(pool, clearing)
        then = f" The next extract has its code on {scheme}." if place else ""
        return f"Entry {entry} is cleared to {scheme} by entry {number}.{then}"

    perform(_CLEAR, do)


def _do_assign(read: int) -> None:
    entry, owner = int(str(given(_ASSIGN, "entry"))), text_of(_ASSIGN, "owner")
    note = text_of(_ASSIGN, "note")

    def do(pool: Pool) -> str:
        return f"Entry {entry} is with {owner}, event {assign(pool, entry, owner, note, expected_event=read)}."

    perform(_ASSIGN, do)


def _batches(here: Here) -> None:
    st.header("Files of before", anchor=False)
    found = here.kept("batches", batches_report)[::-1]
    if not found:
        nothing("No file came in yet.")
        return
    where = turn("files", len(found), "batch page")
    part = found[where.skip : where.skip + where.take]
    put(import_section.batches_table(part, where.in_words, here.unit))


page("Import", show)

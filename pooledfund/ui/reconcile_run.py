"""A partner's ledger at the page of reconciling: what the passes would match, shown first, then kept once."""

from dataclasses import dataclass
from typing import cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ledgers.calendar import MONTHS, month_label
from ledgers.money import pounds_for_people
from pooledfund.control.matching.lines import Match, Rules
from pooledfund.control.matching.references import Pattern, PatternRefused
from pooledfund.control.reconciling.previewing import Preview, preview_ledger
from pooledfund.control.reconciling.runs import USUAL, run_ledger
from pooledfund.control.reconciling.sides import Known
from pooledfund.errors import InputRefused
from pooledfund.glossary import help_for
from pooledfund.intake.kept_maps import kept_text, map_of
from pooledfund.pool import Pool
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.figures import Unit
from pooledfund.ui.forms import text_of
from pooledfund.ui.frame import Here, field, given, nothing, perform, put
from pooledfund.ui.html import Cell, Heading, Html, Row
from pooledfund.ui.paging import Turn, turn
from pooledfund.ui.reconcile_section import words
from pooledfund.ui.uploads import as_file, largest

_KEPT, _PLAIN = "the map kept for this partner", "our own columns"
_PREVIEW = "reconciliation looked at"
_MOST_DAYS, _MOST_PENCE = 366, 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A run as the person asks for it: whose ledger, to which month, the file and how its lines may match."""

    partner: str
    month: int
    file: UploadedFile
    map_text: str | None
    rules: Rules
    only: tuple[int, ...]


def show_run(here: Here, partner: str, month: int) -> None:
    """The file and its rules, what the passes would match, and the button that keeps it."""
    name = _name(partner, month)
    file = st.file_uploader(
        f"Ledger of {here.agreement.partners[partner].name} from the start of the year: CSV, XLSX or XLS, {largest()}",
        type=["csv", "txt", "xlsx", "xlsm", "xls"], key=field(name, "file"),
    )  # fmt: skip
    kept = kept_text(here.open(), partner)
    way = st.radio("How it is read", [_KEPT, _PLAIN] if kept else [_PLAIN], horizontal=True, key=field(name, "way"))
    _fields(name, month)
    if file is None:
        nothing("No file is chosen.", "Choose the ledger: nothing is kept before you have seen what would match.")
        return
    try:
        asked = Asked(partner, month, file, kept if way == _KEPT else None, _rules(name), _only(name))
        found = _looked_at(here, asked)
    except REFUSALS as refusal:
        st.error("Nothing would be kept.")
        put(html.steps([("", each) for each in str(refusal).splitlines()]))
        return
    _show(here, found)
    st.button(
        f"Keep this run: {len(found.run.matches):,} matches", key=field(name, "keep"), type="primary",
        on_click=_keep, args=(asked, found.digest), disabled=found.repeats is not None,
    )  # fmt: skip


def _name(partner: str, month: int) -> str:
    return f"reconcile {partner} M{month}"


def _fields(name: str, month: int) -> None:
    pence, days, months, patterns = st.columns(4, vertical_alignment="bottom")
    label = "Pence that two lines may differ by"
    pence.number_input(label, 0, _MOST_PENCE, USUAL.tolerance_pence, key=field(name, "pence"), help=help_for("matched"))
    days.number_input("Days that they may lie apart", 0, _MOST_DAYS, USUAL.tolerance_days, key=field(name, "days"))
    months.multiselect("The file holds only (none: the whole year)", MONTHS[:month], format_func=month_label,
                       key=field(name, "only"))  # fmt: skip
    patterns.text_input("Pattern of references", key=field(name, "pattern"), placeholder="PO * INV {ref}",
                        help="{ref} is what names the item, a star is any text.")  # fmt: skip


def _rules(name: str) -> Rules:
    try:
        patterns = (Pattern.parse(text),) if (text := text_of(name, "pattern")) else ()
    except PatternRefused as error:
        raise InputRefused(f"pattern of references: {error}") from None
    return Rules(int(str(given(name, "pence"))), int(str(given(name, "days"))), patterns)


def _only(name: str) -> tuple[int, ...]:
    return tuple(cast("list[int]", given(name, "only") or []))


def _looked_at(here: Here, asked: Asked) -> Preview:
    """What the passes would match as the books stand, worked out once for each file, rules and newest event."""
    place = (here.pool.pool_id, here.pool.head.hash, here.actor, asked.file.file_id, asked)
    known = st.session_state.get(_PREVIEW)
    if known is None or known[0] != place:
        pool, bar = here.open(), st.progress(0.0, "Reading the ledger")

        def tell(made: int, of: int) -> None:
            bar.progress(made / of, f"Pass {made} of {of} is made")

        with as_file(asked.file) as path:
            found = preview_ledger(
                pool, asked.partner, asked.month, path, map_of(pool, asked.map_text) if asked.map_text else None,
                asked.rules, asked.only, told=tell,
            )  # fmt: skip
        bar.empty()
        known = st.session_state[_PREVIEW] = (place, found)
    return cast("Preview", known[1])


def _show(here: Here, found: Preview) -> None:
    if found.repeats is not None:
        nothing(f"This is the run of event {found.repeats} again: the same file, books and rules.", "Nothing to keep.")
        return
    put(passes_table(found, here.unit))
    theirs, ours = _open("line", found.open_theirs), _open("entr", found.open_ours, "y", "ies")
    said = [
        f"It would leave open {theirs[0]} of the ledger ({theirs[1]}) and {ours[0]} of the books ({ours[1]}).",
        *(f"{each[:1].upper()}{each[1:]}." for each in found.notes),
    ]
    put(html.paragraph(" ".join(said), "pf-small"))
    if added := found.added:
        where = turn("what would match", len(added), "preview page", 20)
        put(added_table(found, added[where.skip : where.skip + where.take], where, here.unit))


def _open(word: str, lines: tuple[Known, ...], one: str = "", many: str = "s") -> tuple[str, str]:
    """How many lines of a side would stay open, and what they come to."""
    count, pence = len(lines), sum(each.line.pence for each in lines)
    return f"{count:,} {word}{one if count == 1 else many}", pounds_for_people(pence)


def passes_table(found: Preview, unit: Unit) -> Html:
    """Every pass in its order with what stood before and what it would add."""
    rows = [
        Row(
            Cell(each.by.value),
            (
                html.number(f"{each.stood:,}"),
                html.number(f"{each.added:,}"),
                html.money(each.ours_pence, unit),
                html.money(each.difference_pence, unit),
            ),
        )
        for each in found.passes
    ]
    passes = found.passes
    total = (
        html.number(f"{sum(each.stood for each in passes):,}"),
        html.number(f"{sum(each.added for each in passes):,}"),
        html.money(sum(each.ours_pence for each in passes), unit),
        html.money(sum(each.difference_pence for each in passes), unit),
    )
    columns = (*words("Pass"), *map(Heading, ("Stood before", "Would be added", "Ours", "Ours less theirs")))
    caption = f"What the passes would match: a preview, nothing is kept yet, {unit}"
    return html.table(caption, columns, [*rows, Row(Cell("Total"), total, kind="total")])


def added_table(found: Preview, part: tuple[Match, ...], where: Turn, unit: Unit) -> Html:
    """The matches that would be new, with the lines of both sides."""
    rows = []
    for each in part:
        ours = [found.ours[name].line for name in each.ours]
        theirs = [found.run.theirs[name].line for name in each.theirs]
        rows.append(
            Row(
                Cell(each.by.value, each.outcome),
                (
                    Cell(html.lines(f"{line.on:%d/%m/%Y} {line.reference}" for line in ours)),
                    Cell(html.lines(f"{line.on:%d/%m/%Y} {line.reference}" for line in theirs)),
                    Cell((ours or theirs)[0].scheme or "suspense"),
                    html.money(sum(line.pence for line in ours), unit),
                    html.money(sum(line.pence for line in theirs), unit),
                ),
            )
        )
    columns = (
        *words("Pass", "Entries of the books", "Lines of the ledger", "Line"),
        Heading("Ours"),
        Heading("Theirs"),
    )
    return html.table(f"Matches that would be new, {unit}. {where.in_words}", columns, rows)


def _keep(asked: Asked, shown: str) -> None:
    name = _name(asked.partner, asked.month)

    def do(pool: Pool) -> str:
        ledger_map = map_of(pool, asked.map_text) if asked.map_text else None
        with as_file(asked.file) as path:
            run, _ = run_ledger(
                pool, asked.partner, asked.month, path, ledger_map, asked.rules, asked.only, expected=shown
            )
        st.session_state.pop(_PREVIEW, None)
        return f"{run.file} is reconciled to M{run.month}: {len(run.matches):,} matches, event {run.event}."

    perform(name, do)

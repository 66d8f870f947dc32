"""The matching workbench: the open lines of both sides beside each other, what is chosen, and what is done with it."""

from datetime import date

import streamlit as st

from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds_for_people
from pooledfund.control.reconciling.became import what_became
from pooledfund.control.reconciling.position import OUTCOMES, Item, Outcome, Position
from pooledfund.control.reconciling.workbench import (
    ORDERS,
    Selection,
    Wanted,
    amount_of,
    joined,
    listed,
    of_books,
    of_ledger,
)
from pooledfund.glossary import help_for
from pooledfund.ui import html, reconcile_lists
from pooledfund.ui.frame import Here, nothing, put
from pooledfund.ui.paging import turn
from pooledfund.ui.reconcile_actions import show_actions
from pooledfund.ui.reconcile_bench import Bench

_PAGE = 12
"""Lines of one page of a list: both lists and what is chosen stand on one screen."""
_ALL = "every outcome"


def show_workbench(here: Here, found: Position) -> None:
    """The filters, both lists, what is chosen and what can be done with it, then what is matched."""
    bench = Bench(here, found)
    st.header("Matching workbench", anchor=False, help=help_for("reconcile", "matched"))
    if bench.works:
        _drop_what_is_gone(bench)
    wanted = _wanted(bench)
    ledger, books = st.columns(2, gap="medium")
    with ledger:
        name = here.agreement.partners[found.partner].name
        _side(bench, "ledger", f"Ledger of {name}, not matched", of_ledger(found), wanted)
    with books:
        _side(bench, "books", "Entries of the books, not matched", of_books(found), wanted)
    if bench.works:
        show_actions(bench, Selection.of(found, bench.chosen))
    _joined(bench, wanted)


def _drop_what_is_gone(bench: Bench) -> None:
    """Take out of the choice what someone else matched or undid since, and say who did it."""
    place = st.empty()
    there = {each.id for each in bench.found.items}
    gone = [each for each in bench.chosen if each not in there]
    if not gone:
        return
    st.session_state[bench._key] = [each for each in bench.chosen if each in there]
    pool = bench.here.open()
    held = {each.id: [line.line.id for line in (*each.ours, *each.theirs)] for each in joined(bench.found)}
    said = [what_became(pool, bench.found.partner, each, held) or f"{each} is there no more" for each in gone]
    place.warning(
        html.plain(f"Changed while you were at it, and taken out of your choice: {'; '.join(said)}."),
        icon=":material/group:",
    )


def _wanted(bench: Bench) -> Wanted:
    """The filters and the order that all the lists go by."""
    name, year = bench.name, bench.here.year
    earliest, latest = date(year.first_day.year - 10, 1, 1), year.month_ends(12)
    with st.container(horizontal=True):
        text = st.text_input("Reference, line or words have", key=f"words of {name}", width=250)
        sizes = [st.text_input(label, key=f"{label} of {name}", width=110) for label in ("From £", "To £")]
        since, until = (
            st.date_input(label, None, earliest, latest, key=f"{label} of {name}", format="DD/MM/YYYY", width=165)
            for label in ("From day", "To day")
        )
        by = st.selectbox("Order", ORDERS, key=f"order of {name}", width=165)
    place = st.empty()
    try:
        pence = [abs(parse_pounds(each)) if each.strip() else None for each in sizes]
    except MoneyNotUnderstood as error:
        place.html(html.state(f"The amounts are not looked at: {error}").markup)
        pence = [None, None]
    return Wanted(text, pence[0], pence[1], since, until, by)


def _side(bench: Bench, side: str, title: str, items: tuple[Item, ...], wanted: Wanted) -> None:
    found = listed(items, wanted)
    total = sum(amount_of(each) for each in items)
    st.subheader(html.plain(title), anchor=False)
    put(html.paragraph(f"{len(items):,} open, {pounds_for_people(total)}.", "pf-small"))
    if not found:
        nothing("Nothing is open here." if not items else "Nothing open is like that.")
        return
    where = turn(f"the {side}", len(found), f"{side} page of {bench.name}", _PAGE)
    part = found[where.skip : where.skip + where.take]
    if bench.works:
        boxes(bench, side, part)
    else:
        put(reconcile_lists.lines_table(f"{title}, £. {where.in_words}", part))


def boxes(bench: Bench, side: str, part: list[Item]) -> None:
    """A box to tick for each item, all it says beside it."""
    width = max(len(reconcile_lists.amount(amount_of(each))) for each in part)
    with st.container(key=f"pf-boxes-{side}", gap=None):
        for each in part:
            key = bench.box(each.id)
            label, ticked = reconcile_lists.label(each, width), each.id in bench.chosen
            st.checkbox(label, ticked, key=key, on_change=_tick, args=(bench, each.id))


def _tick(bench: Bench, item: str) -> None:
    chosen = [each for each in bench.chosen if each != item]
    if st.session_state.get(bench.box(item)):
        chosen.append(item)
    st.session_state[bench._key] = chosen


def _joined(bench: Bench, wanted: Wanted) -> None:
    st.header("Matched, or one item with two amounts", anchor=False, help=help_for("matched"))
    items = joined(bench.found)
    if not items:
        nothing("Nothing is matched yet.")
        return
    outcomes: list[Outcome | str] = [_ALL, *(each for each in OUTCOMES if any(of.outcome == each for of in items))]
    begins = outcomes.index("amount differs") if "amount differs" in outcomes else 0
    chosen = st.selectbox("Outcome", outcomes, index=begins, key=f"outcome of {bench.name}", width=260)
    found = [each for each in listed(items, wanted) if chosen in (_ALL, each.outcome)]
    if not found:
        nothing("No match is like that.", "Clear the filters above, or choose every outcome.")
        return
    where = turn("the matches", len(found), f"matches page of {bench.name}", _PAGE)
    part = found[where.skip : where.skip + where.take]
    if bench.works:
        put(html.paragraph(where.in_words, "pf-small"))
        boxes(bench, "matches", part)
    else:
        put(reconcile_lists.matches_table(f"Matches, £. {where.in_words}", part))

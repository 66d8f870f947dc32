"""What is done with the chosen items of the workbench: match, undo, dispute, note; each once, by button or by key."""

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ledgers.money import pounds_for_people
from pooledfund.access import Role
from pooledfund.control.reconciling.matching_by_hand import match_by_hand
from pooledfund.control.reconciling.position import Item, position
from pooledfund.control.reconciling.remarks import dispute, note, undo
from pooledfund.control.reconciling.workbench import Selection
from pooledfund.pool import Pool
from pooledfund.ui import html
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.forms import FieldNotFilled
from pooledfund.ui.frame import field, given, perform, put
from pooledfund.ui.reconcile_bench import Bench
from pooledfund.ui.uploads import as_file, largest

SHORTCUTS = {"match": "Alt+M", "undo": "Alt+U", "dispute": "Alt+Q", "note": "Alt+N", "clear": "Alt+X"}
"""Keys beside the buttons; none that browsers keep for menus, and none without Alt, which a reader's own keys are."""
_REASON, _OWNER, _FILE = "reason", "owner", "evidence"


def show_actions(bench: Bench, selection: Selection) -> None:
    """How the two sides of the choice stand, the reason, and the buttons."""
    put(html.state(selection.in_words, _counts(selection)))
    drafted = Drafted(bench.name, {_OWNER: Role.PARTNER_FINANCE.value})
    reason, owner = st.columns((3, 1))
    with reason:
        drafted.text(_REASON, "Reason, or what a note says: kept as a draft as you leave the field")
    with owner:
        drafted.choice(_OWNER, "Owner of a note", tuple(Role), lambda each: Role(each).in_words)
    buttons: tuple[tuple[str, str, Callable[[Bench, Drafted], None]], ...] = (
        ("match", "Match", _match),
        ("undo", "Undo match", _undo),
        ("dispute", "Dispute", _dispute),
        ("note", "Note", _note),
    )
    with st.container(horizontal=True):
        for name, label, do in buttons:
            st.button(
                label, key=field(bench.name, name), on_click=do, args=(bench, drafted), shortcut=SHORTCUTS[name],
                type="primary" if name == "match" else "secondary",
            )  # fmt: skip
        st.button("Clear the choice", key=field(bench.name, "clear"), on_click=bench.clear, shortcut=SHORTCUTS["clear"])
    with st.expander("A file that shows what a note says"):
        st.file_uploader(f"Evidence, {largest()}: its name and digest are kept", key=field(bench.name, _FILE))


def _counts(selection: Selection) -> str:
    ledger = sum(len(each.theirs) for each in selection.items)
    books = sum(len(each.ours) for each in selection.items)
    return (
        f"Ledger: {ledger:,} chosen, {pounds_for_people(selection.theirs_pence)}. "
        f"Books: {books:,} chosen, {pounds_for_people(selection.ours_pence)}."
    )


def _match(bench: Bench, drafted: Drafted) -> None:
    partner, month, chosen = bench.found.partner, bench.found.month, tuple(bench.chosen)

    def do(pool: Pool) -> str:
        made = match_by_hand(pool, partner, month, chosen, drafted.given(_REASON))
        found = next(each for each in position(pool, partner, month).items if each.id == made)
        if found.difference_pence:
            differ = pounds_for_people(abs(found.difference_pence))
            return f"{len(chosen)} items are one now, {made}. Its amounts differ by {differ}: it stays open."
        return f"{len(chosen)} items are matched, as {made}."

    _done(bench, do)


def _undo(bench: Bench, drafted: Drafted) -> None:
    def do(pool: Pool) -> str:
        item = _the_one(bench, "match to undo").id
        return f"{item} is undone: its lines are open again, event {undo(pool, item, drafted.given(_REASON))}."

    _done(bench, do)


def _dispute(bench: Bench, drafted: Drafted) -> None:
    def do(pool: Pool) -> str:
        item = _the_one(bench, "item to dispute")
        event = dispute(pool, item.id, drafted.given(_REASON), expected_event=item.remark.event)
        return f"{item.id} is disputed: event {event}."

    _done(bench, do)


def _note(bench: Bench, drafted: Drafted) -> None:
    def do(pool: Pool) -> str:
        item, file = _the_one(bench, "item to note"), given(bench.name, _FILE)
        text, owner, read = drafted.given(_REASON), drafted.given(_OWNER), item.remark.event
        if isinstance(file, UploadedFile):
            with as_file(file) as path:
                event = note(pool, item.id, text, owner, path, expected_event=read)
        else:
            event = note(pool, item.id, text, owner, expected_event=read)
        return f"{item.id} is noted: event {event}."

    _done(bench, do)


def _the_one(bench: Bench, what: str) -> Item:
    """The one chosen item, as the person had read it; raises FieldNotFilled where it is not one."""
    found = Selection.of(bench.found, bench.chosen).items
    if len(found) != 1:
        raise FieldNotFilled(f"choose one {what}: {len(found) or 'none'} {'are' if len(found) > 1 else 'is'} chosen")
    return found[0]


def _done(bench: Bench, do: Callable[[Pool], str]) -> None:
    """Do it once; what was typed and chosen goes only after it was done."""

    def whole(pool: Pool) -> str:
        said = do(pool)
        bench.clear()
        return said

    perform(bench.name, whole)

"""What is signed, taken away and stated at the page of reconciling, each as one form. Decides nothing."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ledgers.signing import Part
from pooledfund.access import Action
from pooledfund.control.reconciling.balances import HEADINGS, WORDS, Heading, agree_balances, figures_of_file
from pooledfund.control.reconciling.signing import require_part, sign
from pooledfund.pool import Pool
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.forms import FieldNotFilled, form, pence_of, text_of
from pooledfund.ui.frame import Here, field, given, put
from pooledfund.ui.papers import XLSX, made
from pooledfund.ui.reconcile_read import covers
from pooledfund.ui.uploads import as_file, largest

_PARTS: tuple[tuple[Part, str, str], ...] = (
    ("prepared", "Sign as preparer", "You say that it is reconciled as it is shown here."),
    ("reviewed", "Sign as reviewer", "You say that you have reviewed it. The preparer cannot."),
)


def sign_forms(
    here: Here, subject: str, partner: str | None, shown: str, figures: Callable[[Pool], dict[str, object]]
) -> None:
    """The sign-offs that the person's role covers; each is of the reconciliation as it is shown and of no other."""
    may = [part for part in _PARTS if _may_sign(here, part[0], partner)]
    if not may:
        put(html.paragraph("You read this and do not sign it: preparers and reviewers do.", "pf-small"))
        return
    for column, (part, button, words) in zip(st.columns(2), may, strict=False):
        with column:
            _sign(subject, partner, shown, figures, part, button, words)


def _may_sign(here: Here, part: Part, partner: str | None) -> bool:
    try:
        require_part(here.actor, part, partner)
    except REFUSALS:
        return False
    return True


def _sign(
    subject: str,
    partner: str | None,
    shown: str,
    figures: Callable[[Pool], dict[str, object]],
    part: Part,
    button: str,
    words: str,
) -> None:
    def do(pool: Pool) -> str:
        event = sign(pool, subject, partner, part, lambda: figures(pool), expected=shown)
        return f"{subject} {part} by {pool.actor.name}: event {event}."

    with form(f"{part} {subject}", button, do):
        put(html.paragraph(words, "pf-small"))


def workbook(here: Here, name: str, write: Callable[[Pool, Path], object]) -> None:
    """A button for a reconciliation as a workbook, for those who may take copies."""
    if here.may(Action.EXPORT):
        file = f"{here.pool.pool_id}-{name}.xlsx"
        st.download_button(
            "As a workbook (Excel)", made(here.open, write, file), file_name=file, mime=XLSX, on_click="ignore",
            key=f"workbook {name}",
        )  # fmt: skip


def state_balances(here: Here, partner: str, month: int) -> None:
    """The fields for what a partner states of its balances with the pool: sums, or a file of items."""
    if not covers(here, Action.RECONCILE, partner):
        return
    name, read = f"balances {partner} M{month}", here.pool.head.number

    def do(pool: Pool) -> str:
        file = given(name, "file")
        if isinstance(file, UploadedFile):
            with as_file(file) as path:
                stated = figures_of_file(path)
        else:
            stated = _typed(name)
        event = agree_balances(pool, partner, month, stated, expected_event=read)
        return f"What {partner} states of M{month} stands: event {event}."

    with form(name, "Hold them against the books", do):
        for column, heading in zip(st.columns(4), HEADINGS, strict=True):
            Drafted(name).text(heading, f"{WORDS[heading].split(',')[0].capitalize()}, £", place=column)
        st.file_uploader(
            f"Or a CSV file of heading, item, amount, {largest()}", type=["csv", "txt"], key=field(name, "file")
        )


def _typed(name: str) -> dict[tuple[Heading, str], int]:
    """The sums in the fields; a field left empty is not stated, which is not nil."""
    found: dict[tuple[Heading, str], int] = {
        (heading, ""): pence_of(name, heading, WORDS[heading]) for heading in HEADINGS if text_of(name, heading)
    }
    if not found:
        raise FieldNotFilled("no figure is given: type at least one of the four, or choose a file")
    return found

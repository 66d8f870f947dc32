"""The register of returns on its page: recording one as submitted, approvals, the list. Decides nothing."""

from collections.abc import Sequence
from datetime import date

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pooledfund.access import Action
from pooledfund.glossary import help_for
from pooledfund.pool import Pool
from pooledfund.returns.register import Submission, approve_return, submit_return
from pooledfund.returns.registry import Variant
from pooledfund.ui import html, returns_section
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.forms import FieldNotFilled, day_of, form, text_of
from pooledfund.ui.frame import Here, field, given, nothing, put
from pooledfund.ui.paging import turn
from pooledfund.ui.returns_fill import KINDS
from pooledfund.ui.uploads import as_file, largest

_SUBMIT, _APPROVE = "record a return", "record an approval"


def show_submit(here: Here, layout: Variant) -> None:
    """The form that records a workbook as submitted, for those who may."""
    st.header("Record as submitted", anchor=False, help=help_for("register of returns"))
    if not here.may(Action.SUBMIT):
        nothing(
            f"{here.actor.name} as {here.actor.role.in_words} records no return.",
            "The pooled fund manager records what was sent.",
        )
        return
    month, partners = here.month, list(here.agreement.partners.values())
    with form(_SUBMIT, "Record as submitted", lambda pool: _record(pool, layout.id, month)):
        st.file_uploader(f"Workbook that was sent, {largest()}", type=KINDS, key=field(_SUBMIT, "file"))
        labels = {"sent on": "Sent on (today if left open)"}
        labels |= {f"signed {each.id}": f"{html.plain(each.name)} signed on" for each in partners}
        for column, (part, label) in zip(st.columns(len(labels)), labels.items(), strict=True):
            Drafted(_SUBMIT).day(part, label, here.year.first_day, place=column)
        Drafted(_SUBMIT).text("because", "Why it differs from the books, where it does", max_chars=1000)
        st.checkbox("This is the workbook that was sent", key=field(_SUBMIT, "sure"))


def _record(pool: Pool, return_id: str, month: int) -> str:
    sent = given(_SUBMIT, "file")
    if not isinstance(sent, UploadedFile):
        raise FieldNotFilled("no workbook is chosen: choose the one that was sent")
    if not given(_SUBMIT, "sure"):
        raise FieldNotFilled("confirm that this is the workbook that was sent: tick the box")
    signed = {each: on for each in pool.agreement.partners if (on := _day(f"signed {each}")) is not None}
    with as_file(sent) as path:
        kept = submit_return(pool, return_id, path, month, signed, text_of(_SUBMIT, "because"), _day("sent on"))
    differs = f"{len(kept.differs)} cells differ from the books, with your reason. " if kept.differs else ""
    return (
        f"{kept.file} is registered as {kept.return_id} for M{kept.month}, event {kept.event}, from the books at "
        f"event {kept.books_event}. {differs}SHA-256 {kept.digest}"
    )


def _day(part: str) -> date | None:
    found = given(_SUBMIT, part)
    return found if isinstance(found, date) else None


def show_register(here: Here, sent: Sequence[Submission]) -> None:
    """Every return that was registered, newest first, and the form of an approval."""
    st.header("Register", anchor=False, help=help_for("register of returns"))
    if not sent:
        nothing("No return is registered.", "The pooled fund manager records one when it was sent.")
        return
    where = turn("the register", len(sent), "register page")
    part = sent[::-1][where.skip : where.skip + where.take]
    put(returns_section.register_table(part, here.agreement, where.in_words))
    if here.may(Action.SUBMIT):
        _approve({each.event: each for each in sent})


def label_of(sent: Submission) -> str:
    """A submission in a list to choose from."""
    return f"Event {sent.event}: {sent.return_id} to M{sent.month}, {sent.file}"


def _approve(sent: dict[int, Submission]) -> None:
    def do(pool: Pool) -> str:
        event, body = int(text_of(_APPROVE, "event")), text_of(_APPROVE, "body")
        on = day_of(_APPROVE, "on", "Approved on")
        kept = approve_return(pool, event, body, on, text_of(_APPROVE, "minute"))
        return f"{body} approved {kept.file} of event {event} on {on.isoformat()}."

    with form(_APPROVE, "Record the approval", do):
        st.selectbox(
            "Return that was approved", [*sent][::-1], format_func=lambda each: label_of(sent[each]),
            key=field(_APPROVE, "event"),
        )  # fmt: skip
        left, middle, right = st.columns(3)
        Drafted(_APPROVE).text("body", "Body, such as the Health and Wellbeing Board", place=left, max_chars=200)
        Drafted(_APPROVE).day("on", "Approved on", place=middle)
        Drafted(_APPROVE).text("minute", "Minute or other reference", place=right, max_chars=200)

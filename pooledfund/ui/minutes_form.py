"""Minutes of a meeting: the draft to take away, the file brought back, what it would record. Decides nothing."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pooledfund.errors import InputRefused
from pooledfund.intake.minutes_file import read_minutes
from pooledfund.meetings.drafting import draft_minutes
from pooledfund.meetings.recording import record_minutes
from pooledfund.pool import Pool
from pooledfund.results.minutes import Meeting
from pooledfund.ui import html, meeting_section
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.frame import Here, field, nothing, perform, put
from pooledfund.ui.uploads import as_file, largest

_MINUTES = "record minutes"


def show_minutes_form(here: Here) -> None:
    """Take the draft away, bring it back filled in, see what each item would do, then record all of them or none."""
    st.download_button(
        "Draft of the minutes",
        lambda: draft_minutes(here.open(), here.month).encode("utf-8"),
        file_name=f"minutes-{here.pool.pool_id}-Q{here.quarter}.yaml",
        mime="text/yaml",
        on_click="ignore",
        help="All that waits for the board, each on a line of its own, to be filled in with an editor of plain text",
    )
    file = st.file_uploader(f"Minutes, {largest()}", type=["yaml", "yml", "txt"], key=field(_MINUTES, "file"))
    if file is None:
        nothing("No minutes are chosen.", "Choose the file: nothing is recorded before you have seen what it would do.")
        return
    try:
        _tried(here, file)
    except REFUSALS as refusal:
        sentences = refusal.sentences if isinstance(refusal, InputRefused) else [str(refusal)]
        st.error("These minutes cannot be recorded, and nothing of them is.")
        put(html.steps([("", each) for each in sentences]))


def _tried(here: Here, file: UploadedFile) -> None:
    """What the minutes would do, tried on the books as they are and kept nowhere."""
    meeting = _record(here.open(), file, dry_run=True)
    put(html.paragraph(meeting_section.meeting_words(meeting, here.agreement)))
    put(meeting_section.items_table("What the minutes would record, with the events it would have", meeting.items))
    st.button(
        f"Record the minutes with {len(meeting.items)} item{'' if len(meeting.items) == 1 else 's'}",
        type="primary", key=field(_MINUTES, "record"), on_click=_do, args=(file,),
    )  # fmt: skip


def _record(pool: Pool, file: UploadedFile, *, dry_run: bool) -> Meeting:
    with as_file(file) as path:
        return record_minutes(pool, read_minutes(path), dry_run=dry_run)


def _do(file: UploadedFile) -> None:
    def do(pool: Pool) -> str:
        made = _record(pool, file, dry_run=False)
        return f"The minutes of {made.body} of {made.on:%d/%m/%Y} are recorded, event {made.event}."

    perform(_MINUTES, do)

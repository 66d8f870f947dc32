"""The part of the Returns page that works a sent return out again, then and now. Changes nothing."""

from collections.abc import Sequence
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pooledfund.glossary import help_for
from pooledfund.pool import Pool
from pooledfund.returns.register import Replay, Submission, replay
from pooledfund.returns.replaying import FilledAgain, fill_again
from pooledfund.ui import html, returns_section
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.forms import refused
from pooledfund.ui.frame import Here, nothing, put
from pooledfund.ui.paging import turn
from pooledfund.ui.papers import XLSX, made
from pooledfund.ui.returns_fill import KINDS, digest_of, may_copy
from pooledfund.ui.returns_submit import label_of
from pooledfund.ui.uploads import as_file, largest


def show_replay(here: Here, sent: Sequence[Submission]) -> None:
    """A registered return chosen: its figures again, what changed since, and the workbook once more."""
    st.header("Work a sent return out again", anchor=False, help=help_for("replay", "as of"))
    if not sent:
        nothing("Nothing was sent yet.", "A registered return is worked out again from the books of its time.")
        return
    if not may_copy(here):
        return
    by_event = {each.event: each for each in sent}
    event = st.selectbox(
        "Return to work out again",
        [*by_event][::-1],
        index=None,
        format_func=lambda each: label_of(by_event[each]),
        placeholder="Choose a return of the register",
        key="replay",
    )
    if event is None:
        return
    try:
        _figures(here.kept(f"replay {event}", lambda pool: replay(pool, event)))
        _workbook(here, by_event[event])
    except REFUSALS as refusal:
        refused("It cannot be worked out again", refusal)


def _figures(again: Replay) -> None:
    sent = again.submission
    put(returns_section.submission_table(sent))
    then = f"From the books of event {sent.books_event:,}"
    if again.differs:
        said = f"{len(again.differs)} figures come out otherwise, because the rules of the program changed."
        put(html.paragraph(f"{then}: {said}"))
        put(returns_section.changes_table("Other figures from the same books", again.differs))
    else:
        put(html.paragraph(f"{then}: the same figures, every one."))
    if again.since:
        put(html.paragraph(f"Later events change {len(again.since)} figures; what was sent stays as it was."))
        put(returns_section.changes_table("What later events change", again.since))
    else:
        put(html.paragraph("Later events change nothing in it."))


def _workbook(here: Here, sent: Submission) -> None:
    left, right = st.columns(2)
    blank = left.file_uploader(
        f"Blank official workbook, to fill it again, {largest()}", type=KINDS, key=f"blank again {sent.event}"
    )
    file = right.file_uploader(
        f"File that was sent, to hold it against ({largest()})", type=KINDS, key=f"sent again {sent.event}"
    )
    if blank is None:
        nothing("No blank workbook is chosen.", "Choose it, and the workbook is filled as it was when it was sent.")
        return
    name = f"{here.pool.pool_id}-{sent.return_id}-event-{sent.event}{PurePath(blank.name).suffix}"
    key = f"filled again {sent.event} {digest_of(blank)} {file.name if file else ''} {digest_of(file) if file else ''}"
    again = here.kept(key, lambda pool: _again(pool, sent.event, blank, file))
    (st.success if again.same else st.warning)(html.plain(f"{again}."))
    if again.unlike:
        where = turn("cells that differ from the file that was sent", len(again.unlike), f"again {sent.event}")
        put(returns_section.cells_table(again.unlike[where.skip : where.skip + where.take], where.in_words))

    def write(pool: Pool, path: Path) -> None:
        with as_file(blank) as template:
            fill_again(pool, sent.event, path, template)

    st.download_button(
        "The workbook filled again (Excel)",
        made(here.open, write, "return.xlsx"),
        file_name=name,
        mime=XLSX,
        on_click="ignore",
        key=f"take again {sent.event}",
    )


def _again(pool: Pool, event: int, blank: UploadedFile, file: UploadedFile | None) -> FilledAgain:
    with TemporaryDirectory() as folder, as_file(blank) as template:
        path = Path(folder) / "again.xlsx"
        if file is None:
            return fill_again(pool, event, path, template)
        with as_file(file) as sent:
            return fill_again(pool, event, path, template, sent)

"""Commentary on the lines of a quarter: what was written, and the fields to write it in. Judges no line."""

from collections.abc import Sequence

import streamlit as st

from pooledfund.access import Action, NotAllowed, require_line
from pooledfund.intake.narrative import COMMENTARY
from pooledfund.intake.told import take_call
from pooledfund.pool import Pool
from pooledfund.results.narrative import Comment, comments_of
from pooledfund.ui import html
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.frame import Here, nothing, perform, put

_FIELDS = ("commentary", "action", "owner", "due")


def show_commentary(here: Here) -> None:
    """Every line's commentary at the quarter's end, and the fields for the lines that are the person's to write on."""
    written = here.kept(f"commentary M{here.month}", lambda pool: comments_of(pool, here.month))
    if written:
        put(_table(here, written))
    else:
        nothing(f"Nobody has written on a line at the end of Q{here.quarter}.")
    if lines := own_lines(here, Action.COMMENT):
        line = choose_line(here, "Line to write on", lines, "comment line")
        _write(here, line, written.get(line))


def _table(here: Here, written: dict[str, Comment]) -> html.Html:
    rows = [
        html.Row(
            html.Cell(here.agreement.schemes[each.scheme].name, each.scheme),
            (
                html.Cell(each.commentary),
                html.Cell(each.action),
                html.Cell(each.owner, f"by {each.due}" if each.due else ""),
                html.Cell(each.who, f"event {each.event}"),
            ),
        )
        for each in written.values()
    ]
    headings = [html.Heading(each, kind="text") for each in ("Line", "Commentary", "Action", "Owner", "Written by")]
    return html.table(f"Commentary at the end of Q{here.quarter}", headings, rows)


def own_lines(here: Here, action: Action) -> list[str]:
    """The lines on which the person may do something, such as comment."""
    found = []
    for scheme in here.agreement.schemes.values():
        try:
            require_line(here.actor, action, scheme.id, scheme.lead)
        except NotAllowed:
            continue
        found.append(scheme.id)
    return found


def choose_line(here: Here, label: str, lines: Sequence[str], key: str) -> str:
    """One of some lines, with their names."""
    schemes = here.agreement.schemes
    return st.selectbox(label, lines, format_func=lambda each: f"{each}: {schemes[each].name}", key=key)


def _write(here: Here, line: str, there: Comment | None) -> None:
    standing = {each: str(getattr(there, each)) if there else "" for each in _FIELDS}
    form = Drafted(f"commentary Q{here.quarter} {line}", standing, there.event if there else 0)
    form.warn(f"{there.commentary} ({there.who}, event {there.event})" if there else "nothing")
    form.text("commentary", "Commentary", lines=4)
    action, owner, due = st.columns((3, 2, 1))
    with action:
        form.text("action", "Action")
    with owner:
        form.text("owner", "Owner, a post and not a name")
    with due:
        form.text("due", "By, as 2024-01-31")
    st.button(
        "Record the commentary",
        type="primary",
        key=f"{form.name} record",
        on_click=_record,
        args=(form, here.quarter, line),
    )


def _record(form: Drafted, quarter: int, line: str) -> None:
    cells = {"period": f"Q{quarter}", "scheme": line, **{each: form.given(each) for each in _FIELDS}}
    read = form.read_event

    def do(pool: Pool) -> str:
        taken = take_call(pool, COMMENTARY, cells, expected_event=read)
        return f"Commentary on {line} is recorded." if taken.new else "That commentary stood already."

    perform(form.name, do)

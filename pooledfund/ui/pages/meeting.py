"""The page of the meeting: the papers that go to it, its minutes, what was decided since, what is still to be done."""

import streamlit as st

from pooledfund.access import Action
from pooledfund.glossary import help_for
from pooledfund.results.minutes import SinceLastMeeting, since_last_meeting
from pooledfund.ui import html, meeting_section
from pooledfund.ui.frame import Here, heading, nothing, page, put
from pooledfund.ui.minutes_form import show_minutes_form
from pooledfund.ui.papers import show_all_papers


def show(here: Here) -> None:
    """Papers out, minutes in; between them what the last meeting left to be done."""
    found = here.kept("since the last meeting", since_last_meeting)
    heading(here, "Meeting", _lead(found))
    st.header("Papers", anchor=False)
    show_all_papers(here, found.last)
    st.header("What is to be done", anchor=False)
    if found.actions:
        put(meeting_section.actions_table(found))
    else:
        nothing("No meeting agreed an action yet.")
    st.header("What was decided", anchor=False, help=help_for("event", "containment"))
    _decided(here, found)
    if here.may(Action.DECIDE):
        st.header("Minutes", anchor=False)
        show_minutes_form(here)


def _lead(found: SinceLastMeeting) -> str:
    if found.last is None:
        return "No minutes of a meeting are recorded yet."
    left = len(found.open_actions)
    late = sum(each.state(found.on) == "overdue" for each in found.actions)
    overdue = f", {late} of them overdue" if late else ""
    actions = f"{left} action{'' if left == 1 else 's'} open{overdue}"
    return f"The last meeting was on {found.last.on:%d/%m/%Y}; {actions}."


def _decided(here: Here, found: SinceLastMeeting) -> None:
    if found.last:
        put(html.paragraph(meeting_section.meeting_words(found.last, here.agreement)))
        put(meeting_section.items_table(f"Minutes of {found.last.on:%d/%m/%Y}", found.last.items))
    if found.since:
        put(meeting_section.items_table("Recorded since the last minutes", found.since))
    elif found.last is None:
        nothing("Nothing was decided yet.")


page("Meeting", show)

"""A meeting as HTML: what its minutes say, what came since, what is still to be done. Decides nothing."""

from collections.abc import Sequence

from pooledfund.results.minutes import BoardAction, Meeting, Minuted, SinceLastMeeting
from pooledfund.ui import html
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.agreement import Agreement

_COLOURS = {"done": "Green", "open": "Amber", "overdue": "Red"}


def items_table(caption: str, items: Sequence[Minuted]) -> Html:
    """Each item of the minutes: its reference, what kind of thing it is, what was decided, and its event."""
    columns = (
        Heading("Reference", kind="text"),
        Heading("Kind", kind="text"),
        Heading("What was decided", kind="text"),
        Heading("Event"),
    )
    rows = [
        Row(
            Cell(each.ref or "no reference"),
            (Cell(each.kind), Cell(each.said), html.number("none" if each.event is None else f"{each.event:,}")),
        )
        for each in items
    ]
    return html.table(caption, columns, rows)


def meeting_words(meeting: Meeting, agreement: Agreement) -> str:
    """Who met and when, in a sentence."""
    present = ", ".join(agreement.partners[each].name for each in meeting.present)
    away = ", ".join(agreement.partners[each].name for each in meeting.apologies)
    apologies = f" Apologies: {away}." if away else ""
    return f"{meeting.body} met on {meeting.on:%d/%m/%Y}. Present: {present}.{apologies}"


def actions_table(found: SinceLastMeeting) -> Html:
    """Every action of a meeting as it stands: what, who, by when, and how old it is."""
    columns = (
        Heading("Action", kind="text"),
        Heading("What is to be done", kind="text"),
        Heading("Owner", kind="text"),
        Heading("State", kind="text"),
        Heading("Age in days"),
    )
    rows = [_action(each, found) for each in found.actions]
    return html.table(f"Actions of meetings on {found.on:%d/%m/%Y}", columns, rows)


def _action(each: BoardAction, found: SinceLastMeeting) -> Row:
    state = each.state(found.on)
    return Row(
        Cell(each.id),
        (
            Cell(each.action, each.how),
            Cell(each.owner, f"by {each.due:%d/%m/%Y}"),
            Cell(html.marked(state, _COLOURS[state])),
            html.number(f"{each.age_days(found.on):,}"),
        ),
    )

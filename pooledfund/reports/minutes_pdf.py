"""The minutes of a meeting as a paper for the board, from the books that hold them. Records nothing."""

from datetime import date
from pathlib import Path

from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.reports.cells import Cell, Table, text_columns
from pooledfund.reports.pack_decisions import minuted_table
from pooledfund.reports.paper.paper import Paper
from pooledfund.reports.provenance import provenance_of_pool
from pooledfund.results.minutes import Meeting, actions_of, meetings_of
from pooledfund.results.monitoring import period_label
from s75_rules.clock import day_words


class MeetingNotKnown(InputRefused):
    """A meeting of which the books hold no minutes."""


def meeting_on(pool: Pool, on: date | None = None, as_of: int | None = None) -> Meeting:
    """The meeting of a day, or the last one; raises MeetingNotKnown."""
    found = [each for each in meetings_of(pool, as_of) if on in (None, each.on)]
    if not found:
        said = f"of {on.isoformat()}" if on else "of any meeting"
        known = ", ".join(each.on.isoformat() for each in meetings_of(pool, as_of)) or "none"
        raise MeetingNotKnown(f"the books hold no minutes {said}: the meetings they hold are {known}")
    return found[-1]


def write_minutes_pdf(pool: Pool, path: Path, on: date | None = None, as_of: int | None = None) -> Meeting:
    """Write the minutes of a meeting as a PDF: who was there, what was decided, what is to be done by whom.

    Raises:
        NotAllowed: the person may not take copies of the pool.
        MeetingNotKnown: the books hold no such minutes.
        PaperNotWritten: the file cannot be saved.
    """
    require(pool.actor, Action.EXPORT)
    meeting = meeting_on(pool, on, as_of)
    # As of the minutes' own event, so that the paper stays what it was whatever is recorded later.
    pool = pool.at(meeting.event)
    subject = f"Minutes of {meeting.body}, {day_words(meeting.on)}"
    paper = Paper(path, provenance_of_pool(pool, period_label(meeting.month), meeting.event), subject)
    section = paper.sheet("Minutes", subject)
    partners = pool.agreement.partners
    section.prose(
        f"Present: {'; '.join(partners[each].name for each in meeting.present)}.",
        f"Apologies: {'; '.join(partners[each].name for each in meeting.apologies) or 'none'}.",
        f"Papers: the pack of {period_label(meeting.month)} of {pool.agreement.year}.",
    )
    section.heading("What was decided and noted")
    minuted_table(section, "Minutes", meeting.items)
    section.heading("What is to be done")
    rows: list[tuple[Cell, ...]] = [
        (each.id, each.action, each.owner, day_words(each.due))
        for each in actions_of(pool, meeting.event)
        if each.done_on is None
    ]
    section.table(Table("Actions", text_columns("Action", "What is to be done", "Owner", "By"), rows))
    paper.save()
    return meeting

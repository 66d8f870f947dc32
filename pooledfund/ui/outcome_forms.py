"""A reading of a measure and the status of a milestone, each told by one form. Judges neither."""

from collections.abc import Sequence
from datetime import date
from typing import get_args

from pooledfund.glossary import help_for
from pooledfund.intake.narrative import MEASURES, MILESTONES
from pooledfund.intake.told import take_call
from pooledfund.pool import Pool
from pooledfund.results.narrative import MeasureReading, MilestoneProgress
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.forms import form, text_of
from pooledfund.ui.frame import Here, given
from s75_rules.outcomes import MilestoneStatus

_MEASURE, _MILESTONE = "read a measure", "tell of a milestone"


def measure_form(here: Here, readings: Sequence[MeasureReading]) -> None:
    """Enter a reading for the quarter."""
    names = {each.measure.id: each for each in readings}
    period = f"Q{here.quarter}"

    def do(pool: Pool) -> str:
        measure = text_of(_MEASURE, "measure")
        cells = {"period": period, "measure": measure, **{each: text_of(_MEASURE, each) for each in ("value", "note")}}
        read = names[measure]
        taken = take_call(pool, MEASURES, cells, expected_event=_read(read.event, read.month, here.month))
        return f"The reading of {measure} for {period} is {'recorded' if taken.new else 'there already'}."

    with form(_MEASURE, f"Record the reading for {period}", do):
        Drafted(_MEASURE).choice("measure", "Measure", list(names), lambda each: names[each].name)
        Drafted(_MEASURE).text("value", "Reading")
        Drafted(_MEASURE).text("note", "Note on the reading")


def milestone_form(here: Here, progress: Sequence[MilestoneProgress]) -> None:
    """Say how a milestone stands at the quarter's end."""
    names = {each.milestone.id: each for each in progress}
    period = f"Q{here.quarter}"

    def do(pool: Pool) -> str:
        milestone, done = text_of(_MILESTONE, "milestone"), given(_MILESTONE, "done")
        cells = {
            "period": period,
            "milestone": milestone,
            "status": text_of(_MILESTONE, "status"),
            "done_on": done.isoformat() if isinstance(done, date) else "",
            "note": text_of(_MILESTONE, "note"),
        }
        told = names[milestone]
        taken = take_call(pool, MILESTONES, cells, expected_event=_read(told.event, told.month, here.month))
        return f"The status of {milestone} for {period} is {'recorded' if taken.new else 'there already'}."

    with form(_MILESTONE, f"Record the status for {period}", do):
        Drafted(_MILESTONE).choice(
            "milestone", "Milestone", list(names), lambda each: names[each].milestone.name, hint=help_for("milestone")
        )
        Drafted(_MILESTONE).choice("status", "Status", get_args(MilestoneStatus))
        Drafted(_MILESTONE).day("done", "Done on, where it is done")
        Drafted(_MILESTONE).text("note", "Note on the milestone")


def _read(event: int | None, told_for: int | None, month: int) -> int:
    """The event of this very month that the page shows; 0 where what it shows was told of an earlier one."""
    return event if event is not None and told_for == month else 0

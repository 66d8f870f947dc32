"""Recording the steps of a notice: given, its action plan, the meeting that dealt with it. Works out no due date."""

import hashlib
from datetime import date
from pathlib import Path

from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.intake.personal import personal_data_in
from pooledfund.pool import Pool
from pooledfund.results.notices import STEP_TAKEN, notices_of
from s75_rules.clock import day_in_england
from s75_rules.terms import NoticeStep


class NoticeRefused(InputRefused):
    """A step that cannot be recorded: no such notice, no such step, or it was taken already."""


def take_step(
    pool: Pool, notice: str, step: NoticeStep, *, paper: Path | None = None, minute: str = "", on: date | None = None
) -> int:
    """Record a step of a notice with the digest of its paper or its minute, and give the event's number.

    Raises:
        NotAllowed: the person may not record notices.
        NoticeRefused: there is no such notice or step, it was taken, or its paper cannot be read.
    """
    require(pool.actor, Action.NOTIFY)
    found = {each.overspend.id: each for each in notices_of(pool).notices}
    if notice not in found:
        known = ", ".join(found) or "none"
        raise NoticeRefused(f"'{notice}' is no notice of this pool: its notices are {known}")
    steps = {each.step: each for each in found[notice].steps}
    if step not in steps:
        raise NoticeRefused(f"the agreement asks for no {step.replace('_', ' ')} after an overspend: nothing to record")
    if not steps[step].is_open:
        raise NoticeRefused(f"the {step.replace('_', ' ')} of {notice} is recorded by event {steps[step].event}")
    day = on or day_in_england(pool.clock())
    if day > day_in_england(pool.clock()):
        raise NoticeRefused(f"{day.isoformat()} is yet to come: record a step when it has been taken")
    if reason := personal_data_in(minute):
        raise NoticeRefused(f"the minute {reason}")
    payload = {"notice": notice, "step": step, "on": day.isoformat(), "minute": minute, **_paper(paper)}
    with pool.writing(Action.NOTIFY) as writing:
        return writing.event(STEP_TAKEN, payload)


def _paper(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        return {"file": path.name, "digest": hashlib.sha256(path.read_bytes()).hexdigest()}
    except OSError as error:
        raise NoticeRefused(f"{path}: cannot be read ({error.strerror}): check the name") from None

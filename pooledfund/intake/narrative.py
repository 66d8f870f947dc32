"""Commentary on lines, readings of measures, progress of milestones: what stands beside the money. Judges none."""

from collections.abc import Collection
from datetime import date
from typing import get_args

from pooledfund.access import Action, NotAllowed, require_line
from pooledfund.intake.personal import person_named_in, personal_data_in
from pooledfund.intake.tables import Row
from pooledfund.intake.told import Payload, Telling, ToldRefused, month_told
from pooledfund.pool import Pool
from s75_rules.outcomes import MilestoneStatus

LONGEST = 4_000
"""Characters of one piece of commentary: a page."""


def _commentary(pool: Pool, row: Row) -> Payload:
    scheme = pool.agreement.schemes.get(row["scheme"])
    if scheme is None:
        raise ToldRefused(f"'{row['scheme']}' is not a scheme line: use one that the agreement names")
    require_line(pool.actor, Action.COMMENT, scheme.id, scheme.lead)
    reasons = word_faults(row, "commentary", "action", "owner")
    if not row["commentary"]:
        reasons.append("says nothing: write the commentary")
    if row["owner"] and (reason := person_named_in(row["owner"])):
        reasons.append(f"owner {reason}")
    if row["action"] and not row["owner"]:
        reasons.append("an action has an owner: name the post that will do it")
    reasons += day_faults(row, "due")
    if reasons:
        raise ToldRefused(*reasons)
    return {
        "month": month_told(row),
        "scheme": scheme.id,
        "commentary": row["commentary"],
        "action": row["action"],
        "owner": row["owner"],
        "due": row["due"],
    }


def _measure(pool: Pool, row: Row) -> Payload:
    _known(pool, row["measure"], pool.agreement.measures, "measure")
    _require_line_of(pool, row["measure"], "measures")
    reasons = word_faults(row, "value", "numerator", "denominator", "note")
    if not row["value"]:
        reasons.append("has no value: write it, or leave the row out while it is not available")
    if reasons:
        raise ToldRefused(*reasons)
    names = ("value", "numerator", "denominator", "note")
    return {"month": month_told(row), "measure": row["measure"], **{name: row[name] for name in names}}


def _milestone(pool: Pool, row: Row) -> Payload:
    _known(pool, row["milestone"], pool.agreement.milestones, "milestone")
    _require_line_of(pool, row["milestone"], "milestones")
    reasons = [*word_faults(row, "note"), *day_faults(row, "done_on")]
    if row["status"] not in get_args(MilestoneStatus):
        reasons.append(f"status '{row['status']}' is not one of {', '.join(get_args(MilestoneStatus))}")
    if row["done_on"] and row["status"] != "done":
        reasons.append(f"has a day of completion and is '{row['status']}': say done, or leave the day out")
    if reasons:
        raise ToldRefused(*reasons)
    names = ("status", "done_on", "note")
    return {"month": month_told(row), "milestone": row["milestone"], **{name: row[name] for name in names}}


def _known(pool: Pool, name: str, known: Collection[str], noun: str) -> None:
    if name not in known:
        raise ToldRefused(f"'{name}' is not a {noun} of {pool.agreement.id}: use one that the agreement names")


def _require_line_of(pool: Pool, name: str, section: str) -> None:
    """Pass where the person may comment on a line that names this, or where no line does."""
    lines = [scheme for scheme in pool.agreement.schemes.values() if name in getattr(scheme, section)]
    refusal: NotAllowed | None = None
    for scheme in lines:
        try:
            require_line(pool.actor, Action.COMMENT, scheme.id, scheme.lead)
            return
        except NotAllowed as error:
            refusal = error
    if refusal is not None:
        raise refusal


def word_faults(row: Row, *columns: str) -> list[str]:
    """What is wrong with the words of a row."""
    reasons = [f"{column} {reason}" for column in columns if (reason := personal_data_in(row[column]))]
    return reasons + [
        f"{column} has {len(row[column]):,} characters: keep it to {LONGEST:,}"
        for column in columns
        if len(row[column]) > LONGEST
    ]


def day_faults(row: Row, column: str) -> list[str]:
    """What is wrong with a day that a row states; an empty cell states none."""
    try:
        if row[column]:
            date.fromisoformat(row[column])
    except ValueError:
        return [f"{column} '{row[column][:40]}' is not a date: write it as 2016-04-30"]
    return []


COMMENTARY = Telling(
    "commentary", Action.COMMENT, ("period", "scheme", "commentary"), ("action", "owner", "due"),
    ("month", "scheme"), _commentary,
)  # fmt: skip
MEASURES = Telling(
    "measure", Action.COMMENT, ("period", "measure", "value"), ("numerator", "denominator", "note"),
    ("month", "measure"), _measure,
)  # fmt: skip
MILESTONES = Telling(
    "milestone", Action.COMMENT, ("period", "milestone", "status"), ("done_on", "note"),
    ("month", "milestone"), _milestone,
)  # fmt: skip

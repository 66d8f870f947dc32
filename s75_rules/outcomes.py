"""Whether a measure met its target, by the direction that is better, and when a milestone is due. Holds no reading."""

import re
from datetime import date
from decimal import Decimal
from typing import Literal

from ledgers.calendar import FinancialYear, parse_period
from s75_rules.plan import Measure

TargetResult = Literal["met", "not met", "no target", "no direction", "not a number", "not available"]
MilestoneStatus = Literal["not started", "on track", "at risk", "done", "missed"]


def number_of(text: str | None) -> Decimal | None:
    """The number that a reading or a target states, such as ``85.9%`` or ``1,250``; None where it states none alone."""
    match = re.fullmatch(r"£?(-?[0-9][0-9,]{0,20}(?:\.[0-9]{1,9})?)\s*%?", (text or "").strip())
    return Decimal(match[1].replace(",", "")) if match else None


def against_target(measure: Measure, value: str | None) -> TargetResult:
    """Whether a reading meets the measure's target: at least, at most, or the same, by its direction."""
    if value is None:
        return "not available"
    if measure.target is None:
        return "no target"
    reading, target = number_of(value), number_of(measure.target)
    if reading is None or target is None:
        return "not a number"
    match measure.direction:
        case "higher_is_better":
            return "met" if reading >= target else "not met"
        case "lower_is_better":
            return "met" if reading <= target else "not met"
        case "maintain":
            return "met" if reading == target else "not met"
    return "no direction"


def due_on(due: str, year: FinancialYear) -> date | None:
    """The last day of a milestone: a date, the end of a month or quarter; None for an ongoing task."""
    if due == "ongoing":
        return None
    if re.fullmatch(r"[MQ][0-9]{1,2}", due):
        return year.month_ends(parse_period(due))
    return date.fromisoformat(due)

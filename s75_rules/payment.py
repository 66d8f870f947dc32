"""When an invoice is to be paid, and what lateness costs, by the agreement's terms. Knows no invoice and no receipt."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, field_validator

from s75_rules.fields import Frozen, exact_number
from s75_rules.terms import Within, WithinTime


class PaymentTerms(Frozen):
    """How long after its instalment falls due an invoice may be paid; on the day itself where nothing is agreed."""

    within: WithinTime = Within(0)

    @field_validator("within")
    @classmethod
    def _counted_in_days(cls, within: Within) -> Within:
        if within.days is None:
            raise ValueError("'next meeting' is no time to pay in: write 12 working days or 30 days")
        return within

    def due_on(self, day: date) -> date:
        """The last day on which what fell due on a day is paid in time."""
        due = self.within.due_after(day)
        assert due is not None, "the terms count days"
        return due


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """What is charged on late money a year: a percentage of its own, the statutory rate, or nothing."""

    kind: Literal["none", "statutory", "agreed"] = "none"
    percent: Fraction = Fraction(0)

    @classmethod
    def parse(cls, text: str) -> "InterestTerms":
        """Read ``none``, ``statutory`` or a percentage a year such as ``4.0%``; raises ValueError."""
        if text in ("none", "statutory"):
            return cls("none" if text == "none" else "statutory")
        percent = exact_number(text.removesuffix("%")) if re.fullmatch(r".+%", text) else None
        if percent is None or not 0 < percent <= 100:
            raise ValueError(f"'{text}' is no interest on late money: write statutory, none or a yearly rate as 4.0%")
        return cls("agreed", percent)


def _interest(value: object) -> object:
    return InterestTerms.parse(value) if isinstance(value, str) else value


def _days(value: object) -> object:
    if isinstance(value, str):
        if value not in ("360", "365", "366"):
            raise ValueError(f"'{value}' is not the days that a year of interest has: write 365, 360 or 366")
        return int(value)
    return value


DaysInYear = Annotated[int, BeforeValidator(_days)]
"""The days that a year has where interest is worked out: 365, 360 or 366."""


class LatePaymentTerms(Frozen):
    """Interest on what is paid late, and the days that a year has for it; none where the agreement says nothing."""

    interest: Annotated[InterestTerms, BeforeValidator(_interest)] = InterestTerms()
    days_in_year: DaysInYear = 365

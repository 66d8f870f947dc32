"""What an agreement asks of the running of its pool: closing, reporting, notices, business cases. Judges no pool."""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, field_validator, model_validator

from s75_rules.amounts import Limit
from s75_rules.clock import TimeOfDay
from s75_rules.fields import Day, Frozen, NotNegative, UpTo
from s75_rules.working_days import add_working_days

CloseItem = Literal[
    "submissions", "reconciled", "suspense", "casting", "conditions", "commentary", "agreement", "review"
]
CLOSE_ITEMS: tuple[CloseItem, ...] = get_args(CloseItem)
PROVED_BY_THE_BOOKS: tuple[CloseItem, ...] = ("casting", "conditions")
"""What the books prove by themselves, and so what a close asks for where the agreement does not say."""

VIRING_ROLES = ("pooled_fund_manager",)
"""The roles that may make virements; pooledfund.access is where they may, and a test holds the two alike."""

ReportEvery = Literal["month", "six_weeks", "two_months", "quarter"]
NoticeStep = Literal["notice", "action_plan", "meeting", "progress"]
NOTICE_STEPS: tuple[NoticeStep, ...] = get_args(NoticeStep)
BudgetStep = Literal["assumptions", "draft", "pressures", "approval"]
BUDGET_STEPS: tuple[BudgetStep, ...] = get_args(BudgetStep)


@dataclass(frozen=True, slots=True)
class Within:
    """How long a step may take: so many days, so many working days of England, or until the next meeting."""

    days: int | None
    working: bool = False

    @classmethod
    def parse(cls, text: str) -> "Within":
        """Read ``21 days``, ``5 working days`` or ``next meeting``; raises ValueError."""
        if text == "next meeting":
            return cls(None)
        if match := re.fullmatch(r"([0-9]{1,3}) (working )?days?", text):
            return cls(int(match[1]), bool(match[2]))
        raise ValueError(f"'{text}' is not how long a step may take: write 5 working days, 21 days or next meeting")

    def due_after(self, day: date) -> date | None:
        """The last day of a step that began on a day; None where the next meeting says it."""
        if self.days is None:
            return None
        return add_working_days(day, self.days) if self.working else date.fromordinal(day.toordinal() + self.days)

    def __str__(self) -> str:
        if self.days is None:
            return "next meeting"
        return f"{self.days} {'working ' if self.working else ''}day{'' if self.days == 1 else 's'}"


def _within(value: object) -> object:
    return Within.parse(value) if isinstance(value, str) else value


def _items(value: object) -> object:
    return (value,) if isinstance(value, str) and value else () if value == "" else value


WithinTime = Annotated[Within, BeforeValidator(_within)]

MIDDAY, END_OF_DAY = time(12), time(17)


class CloseTerms(Frozen):
    """What must be done before a period is closed, and from which variance a line needs commentary."""

    requires: Annotated[tuple[CloseItem, ...], BeforeValidator(_items)] = PROVED_BY_THE_BOOKS
    commentary_over: UpTo = Limit.parse("2%")
    """As an amount or a share of the line's budget; 2% is where Amber begins."""


class VirementTerms(Frozen):
    """The most that a person of each role may vire by a minute alone, in pence; what is over it every partner agrees.

    A role that is not named has no limit of its own.
    """

    limits: dict[str, NotNegative] = Field(default_factory=dict)

    @field_validator("limits")
    @classmethod
    def _of_roles_that_vire(cls, limits: dict[str, int]) -> dict[str, int]:
        for role in limits:
            if role not in VIRING_ROLES:
                raise ValueError(f"'{role}' is not a role that makes virements: name one of {', '.join(VIRING_ROLES)}")
        return limits


class ReturnDate(Frozen):
    """A national return of the year: which, and when it is due. Dates come late and change, so they are data."""

    name: str = Field(alias="return")
    due: Day
    by: TimeOfDay = MIDDAY
    period: str | None = None


class Reporting(Frozen):
    """How often the board is reported to and meets, and the dates of national returns."""

    every: ReportEvery = "quarter"
    first: Day | None = None
    dates: tuple[Day, ...] = ()
    by: TimeOfDay = END_OF_DAY
    annual_return: Day | None = None
    returns: tuple[ReturnDate, ...] = ()

    @model_validator(mode="after")
    def _dated(self) -> "Reporting":
        if self.every in ("six_weeks", "two_months") and self.first is None and not self.dates:
            raise ValueError(
                f"'every: {self.every}' does not say from when: write first: and the day of the first report"
            )
        return self


class NoticeTerms(Frozen):
    """The clock that a forecast overspend starts, step by step, and when a line counts as fully spent.

    ``progress`` is told again and again, each time so long after the last, until the line is back within its budget.
    """

    clause: str
    over: UpTo = Limit(pence=0)
    notice: WithinTime | None = None
    action_plan: WithinTime | None = None
    meeting: WithinTime | None = None
    progress: WithinTime | None = None
    by: TimeOfDay = END_OF_DAY

    def within(self, step: NoticeStep) -> Within | None:
        """How long a step may take; None where the agreement does not ask for it."""
        steps = {"notice": self.notice, "action_plan": self.action_plan, "meeting": self.meeting}
        return {**steps, "progress": self.progress}[step]


class BudgetCycle(Frozen):
    """The days by which next year's budget is discussed, drafted, tested for pressures and approved."""

    assumptions: Day | None = None
    draft: Day | None = None
    pressures: Day | None = None
    approval: Day | None = None
    by: TimeOfDay = END_OF_DAY


class BusinessCase(Frozen):
    """The case for a new or varied scheme: its reference, and the day and minute of its approval."""

    reference: str
    approved: Day | None = None
    minute: str | None = None

    @model_validator(mode="after")
    def _minuted(self) -> "BusinessCase":
        if self.approved is not None and not self.minute:
            raise ValueError("an approved business case names the minute that approved it: write minute: and its words")
        return self

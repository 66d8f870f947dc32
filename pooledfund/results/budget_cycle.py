"""Next year's budget in draft: this year's by line, what recurs of it, pressures; and the steps. Approves nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ledgers.money import pounds
from pooledfund.intake.budget_cycle import PRESSURES, STEP_TAKEN
from pooledfund.intake.told import standing
from pooledfund.pool import Pool
from s75_rules.clock import at_time
from s75_rules.deadlines import BUDGET_TITLES, budget_day
from s75_rules.terms import BUDGET_STEPS, BudgetStep

StepState = Literal["done", "done late", "due", "overdue"]


@dataclass(frozen=True, slots=True)
class CycleStep:
    """One step: when it is due, how it stands, its minute and the event that holds it."""

    step: BudgetStep
    due_at: datetime
    state: StepState
    minute: str
    event: int | None

    def as_json(self) -> dict[str, object]:
        """The step with its instant in UTC."""
        return {
            "step": self.step,
            "title": BUDGET_TITLES[self.step],
            "due": self.due_at.isoformat(),
            "state": self.state,
            "minute": self.minute or None,
            "event": self.event,
        }


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of the draft, in pence: the current budget, what of it does not recur, its pressures."""

    scheme: str
    current_pence: int
    not_recurrent_pence: int
    pressures_pence: int

    @property
    def draft_pence(self) -> int:
        """The draft budget of next year."""
        return self.current_pence - self.not_recurrent_pence + self.pressures_pence

    def as_json(self) -> dict[str, str]:
        """The line with money in pounds as text."""
        return {
            "scheme": self.scheme,
            "current_budget": pounds(self.current_pence),
            "not_recurrent": pounds(self.not_recurrent_pence),
            "pressures": pounds(self.pressures_pence),
            "draft": pounds(self.draft_pence),
        }


@dataclass(frozen=True, slots=True)
class BudgetCycle:
    """The steps and the draft, which is a draft until next year's agreement says otherwise."""

    steps: tuple[CycleStep, ...]
    lines: tuple[DraftLine, ...]

    @property
    def total(self) -> DraftLine:
        """The lines added up."""
        return DraftLine(
            "total",
            sum(each.current_pence for each in self.lines),
            sum(each.not_recurrent_pence for each in self.lines),
            sum(each.pressures_pence for each in self.lines),
        )

    def as_json(self) -> dict[str, object]:
        """Steps, lines and total with money in pounds as text."""
        return {
            "steps": [each.as_json() for each in self.steps],
            "draft": [each.as_json() for each in self.lines],
            "total": self.total.as_json(),
        }


def budget_cycle(pool: Pool, *, at: datetime | None = None, as_of: int | None = None) -> BudgetCycle:
    """The making of next year's budget at an instant, by default now, from the books as they stood at an event."""
    instant = at or pool.clock()
    recurs = {each.id: each.recurrent for each in pool.agreement.contributions.values()}
    pressures: dict[str, int] = {}
    for event in standing(pool, PRESSURES, as_of).values():
        scheme = str(event.payload["scheme"])
        pressures[scheme] = pressures.get(scheme, 0) + int(str(event.payload["amount_pence"]))
    budgets = pool.current_budgets(12, as_of)
    lines = tuple(
        DraftLine(
            scheme,
            sum(pence for (of, _), pence in budgets.items() if of == scheme),
            sum(pence for (of, each), pence in budgets.items() if of == scheme and not recurs[each]),
            pressures.get(scheme, 0),
        )
        for scheme in pool.agreement.schemes
    )
    return BudgetCycle(tuple(_steps(pool, instant, as_of)), lines)


def _steps(pool: Pool, at: datetime, as_of: int | None) -> list[CycleStep]:
    taken = {event.payload["step"]: event for event in reversed(pool.books.events(kind=STEP_TAKEN, as_of=as_of))}
    steps = []
    for step in BUDGET_STEPS:
        due, event = at_time(budget_day(pool.agreement, step), pool.agreement.budget_cycle.by), taken.get(step)
        done_at = datetime.fromisoformat(event.recorded_at) if event else at
        state: StepState = "done late" if done_at > due else "done"
        if event is None:
            state = "overdue" if at > due else "due"
        minute = str(event.payload["minute"]) if event else ""
        steps.append(CycleStep(step, due, state, minute, event.number if event else None))
    return steps

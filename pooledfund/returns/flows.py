"""Income and expenditure of a pool by quarter: planned, forecast and actual. Knows no return."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ledgers.calendar import QUARTERS, quarter_of
from ledgers.money import apportion_signed
from pooledfund.pool import Pool
from pooledfund.results.contributions import contribution_position
from pooledfund.results.course import course_of_year
from pooledfund.results.lines import lines_at
from s75_rules.amounts import Amount
from s75_rules.contributions import instalments


@dataclass(frozen=True, slots=True)
class Flow:
    """What flows in each of the four quarters, in pence; none for a quarter that is not known."""

    quarters: Sequence[int | None]

    @property
    def annual(self) -> int | None:
        """The four quarters together; none while one of them is not known."""
        known = [each for each in self.quarters if each is not None]
        return sum(known) if len(known) == len(QUARTERS) else None


def flow_figures(pool: Pool, month: int, as_of: int | None = None) -> dict[tuple[str, str], Amount | str]:
    """The flows of a pool by name of row and column, with the pooled fund that each year's total is held against.

    Actual figures are of quarters that have ended. A forecast is the actual of those, and for the rest
    the contributions still due and the forecast outturn still to be spent, spread as the budget is.
    """
    ended = month // 3
    received, due = _income(pool, as_of)
    spent, budgeted = _spend(pool, month, as_of)
    outturn = sum(lines_at(pool, month, as_of)[each].forecast_pence for each in _pooled_lines(pool))
    left = _still_to_spend(outturn - sum(spent[:ended]), budgeted[ended:])
    flows = {
        "income_plan": Flow(_planned_income(pool)),
        "income_forecast": Flow([*_each(received)[:ended], *_each([received[ended], *due[ended + 1 :]])]),
        "income_actual": Flow([*_each(received)[:ended], *[None] * (4 - ended)]),
        "expenditure_plan": Flow(_planned_spend(pool)),
        "expenditure_forecast": Flow([*spent[:ended], *left]),
        "expenditure_actual": Flow([*spent[:ended], *[None] * (4 - ended)]),
    }
    pooled = Amount.exact(due[-1])
    found: dict[tuple[str, str], Amount | str] = {}
    for row, flow in flows.items():
        names = (*(f"q{quarter}" for quarter in QUARTERS), "annual")
        for name, pence in zip(names, (*flow.quarters, flow.annual), strict=True):
            found[row, name] = NOT_YET if pence is None else Amount.exact(pence)
        found[row, "pooled_fund"] = pooled
    return found


NOT_YET = "not known yet"


def _each(running: Sequence[int]) -> list[int]:
    """What each quarter adds to a running total, whose first amount is where it begins."""
    return [after - before for before, after in pairwise(running)]


def _income(pool: Pool, as_of: int | None) -> tuple[list[int], list[int]]:
    """What pooled contributions brought and what was due of them, added up to the end of each quarter, from nil."""
    received, due = [0], [0]
    pooled = {each.id for each in pool.agreement.contributions.values() if _is_pooled(pool, each.fund)}
    for quarter in QUARTERS:
        positions = contribution_position(pool, quarter * 3, as_of).positions
        received.append(sum(each.received_pence for each in positions if each.contribution in pooled))
        due.append(sum(each.due_pence for each in positions if each.contribution in pooled))
    return received, due


def _spend(pool: Pool, month: int, as_of: int | None) -> tuple[list[int], list[int]]:
    """What was spent in each quarter that has ended, and the current budget of every quarter."""
    course = course_of_year(pool, month, 0, as_of)
    ends = [each for each in course if each.month % 3 == 0]
    spent = [each.actual_pence for each in ends if each.actual_pence is not None and each.month <= month]
    return _each([0, *spent]), _each([0, *(each.budget_pence for each in ends)])


def _still_to_spend(left_pence: int, budgets: Sequence[int]) -> list[int]:
    """What is still to be spent, over the quarters that are left as the budget is, else evenly."""
    if not budgets:
        return []
    weights = budgets if min(budgets) >= 0 and any(budgets) else [1] * len(budgets)
    return apportion_signed(left_pence, weights)


def _planned_income(pool: Pool) -> list[int | None]:
    """The instalments as agreed, by quarter; not known while a contribution is not an exact amount."""
    pooled = [each for each in pool.agreement.contributions.values() if _is_pooled(pool, each.fund)]
    if any(each.amount.exact_pence is None for each in pooled):
        return [None] * 4
    by_quarter = dict.fromkeys(QUARTERS, 0)
    for contribution in pooled:
        for instalment in instalments(pool.agreement, contribution.id):
            by_quarter[quarter_of(pool.agreement.year.month_of(instalment.due_on))] += instalment.due_pence
    return list(by_quarter.values())


def _planned_spend(pool: Pool) -> list[int | None]:
    """The budgets as agreed, spread by each line's profile; not known while one is not an exact amount."""
    by_quarter = dict.fromkeys(QUARTERS, 0)
    for scheme in (pool.agreement.schemes[each] for each in _pooled_lines(pool)):
        for amount in scheme.budgets.values():
            if amount.exact_pence is None:
                return [None] * 4
            for month, pence in enumerate(scheme.profile.spread(amount.exact_pence), start=1):
                by_quarter[quarter_of(month)] += pence
    return list(by_quarter.values())


def _pooled_lines(pool: Pool) -> list[str]:
    return [scheme.id for scheme in pool.agreement.schemes.values() if pool.agreement.is_pooled(scheme)]


def _is_pooled(pool: Pool, fund: str) -> bool:
    return pool.agreement.funds[fund].kind == "pooled"

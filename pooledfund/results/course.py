"""The course of the year: budget and actual of the pool added up month by month. Draws nothing and guesses no month."""

from dataclasses import dataclass

from ledgers.calendar import MONTHS
from pooledfund import chart
from pooledfund.pool import Pool


@dataclass(frozen=True, slots=True)
class CourseMonth:
    """The pooled lines from the start of the year to the end of one month, in pence.

    Budgets are those that stand at the report's month, so the budget of that month is the budget to
    date. ``actual_pence`` is None after it. ``forecast_pence`` is None but at the report's month,
    where it is the actual to date, and at M12, where it is the forecast outturn.
    """

    month: int
    budget_pence: int
    actual_pence: int | None
    forecast_pence: int | None


def course_of_year(pool: Pool, month: int, forecast_pence: int, as_of: int | None = None) -> tuple[CourseMonth, ...]:
    """Budget by profile and actual spend of the pooled lines, cumulative, with the forecast outturn of the month."""
    budgets = _running(_budget_by_month(pool, month, as_of))
    actuals = _running(_actual_by_month(pool, month, as_of))
    return tuple(
        CourseMonth(
            month=each,
            budget_pence=budgets[each],
            actual_pence=actuals[each] if each <= month else None,
            forecast_pence=forecast_pence if each == 12 else actuals[month] if each == month else None,
        )
        for each in MONTHS
    )


def last_month_with_spend(pool: Pool) -> int | None:
    """The latest month in which more was spent than credited; None before any. An accrual's reversal is not spend."""
    spent = pool.books.balances("actual", ("month",), accounts=(chart.EXPENDITURE,))
    return max((int(month) for (month,), pence in spent.items() if month is not None and pence > 0), default=None)


def _pooled(pool: Pool) -> set[str]:
    return {scheme.id for scheme in pool.agreement.schemes.values() if pool.agreement.is_pooled(scheme)}


def _budget_by_month(pool: Pool, month: int, as_of: int | None) -> dict[int, int]:
    """Each budget movement spread by its line's profile from its own month, as the budget to date is."""
    pooled = _pooled(pool)
    by_month = dict.fromkeys(MONTHS, 0)
    movements = pool.books.balances(
        "budget",
        ("account", "scheme", "contribution", "month"),
        accounts=chart.LINE_BUDGETS,
        through_month=month,
        as_of=as_of,
    )
    for (_, scheme, _, effective), pence in movements.items():
        if scheme in pooled:
            parts = pool.agreement.schemes[str(scheme)].profile.spread(pence, int(effective or 1))
            for each, part in zip(MONTHS, parts, strict=True):
                by_month[each] += part
    return by_month


def _actual_by_month(pool: Pool, month: int, as_of: int | None) -> dict[int, int]:
    pooled = _pooled(pool)
    by_month = dict.fromkeys(MONTHS, 0)
    spent = pool.books.balances(
        "actual", ("scheme", "month"), accounts=(chart.EXPENDITURE,), through_month=month, as_of=as_of
    )
    for (scheme, effective), pence in spent.items():
        if scheme in pooled:
            by_month[int(effective or 1)] += pence
    return by_month


def _running(by_month: dict[int, int]) -> dict[int, int]:
    totals, so_far = {}, 0
    for month in MONTHS:
        so_far += by_month[month]
        totals[month] = so_far
    return totals

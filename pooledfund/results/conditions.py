"""National conditions and minimum-spend tests of a pool at a month: on plan, forecast and outturn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ledgers.money import apportion_signed
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.lines import lines_at
from pooledfund.results.words import FiguresBasis, figures_basis
from s75_rules.conditions import (
    ConditionResult,
    LineMoney,
    MinimumTest,
    YearNotKnown,
    load_year,
    minimum_tests,
    national_conditions,
)


@dataclass(frozen=True, slots=True)
class ConditionsReport:
    """The conditions of the year and the minimum tests on each basis that the books can give."""

    month: int
    year: str
    figures: FiguresBasis
    known: bool
    conditions: tuple[ConditionResult, ...] = ()
    tests: Mapping[str, tuple[MinimumTest, ...]] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[MinimumTest, ...]:
        """The minimum tests that are not met, on any basis."""
        return tuple(test for tests in self.tests.values() for test in tests if test.result == "not met")

    def as_json(self) -> dict[str, object]:
        """Conditions and tests with money in pounds as text."""
        return {
            "year": self.year,
            "month": f"M{self.month}",
            "figures": self.figures,
            "rules": "known" if self.known else "not known here",
            "conditions": [condition.as_json() for condition in self.conditions],
            "tests": {basis: [test.as_json() for test in tests] for basis, tests in self.tests.items()},
        }


def conditions_report(pool: Pool, month: int, as_of: int | None = None) -> ConditionsReport:
    """Test the year's conditions: minimums on the current plan, and on the forecast or, at M12, the outturn."""
    agreement = pool.agreement
    try:
        rules = load_year(agreement.year)
    except YearNotKnown:
        return ConditionsReport(month, str(agreement.year), figures_basis(agreement), known=False)
    budgets = pool.current_budgets(month, as_of)
    contributions = pool.current_contributions(month, as_of)
    plan = plan_lines(budgets)
    tests = {"plan": minimum_tests(agreement, rules, plan, "plan", contributions)}
    if month == 12:
        outturn = _outturn_lines(pool, budgets, as_of)
        tests["outturn"] = minimum_tests(agreement, rules, outturn, "outturn", contributions)
    elif _spend_has_begun(pool, month, as_of):
        forecast = _forecast_lines(pool, month, budgets, as_of)
        tests["forecast"] = minimum_tests(agreement, rules, forecast, "forecast", contributions)
    every_test = [test for of_basis in tests.values() for test in of_basis]
    return ConditionsReport(
        month,
        str(agreement.year),
        figures_basis(agreement),
        known=True,
        conditions=national_conditions(agreement, rules, every_test),
        tests=tests,
    )


def plan_lines(budgets: Mapping[tuple[str, str], int]) -> list[LineMoney]:
    """Lines by contribution as planned, for a test on the plan."""
    return [LineMoney(scheme, contribution, pence, pence) for (scheme, contribution), pence in budgets.items()]


def _spend_has_begun(pool: Pool, month: int, as_of: int | None) -> bool:
    """Whether any spend is in the books: before that a forecast from actuals would take unknown for nil."""
    return bool(pool.books.balances("actual", (), accounts=(chart.EXPENDITURE,), through_month=month, as_of=as_of))


def _forecast_lines(
    pool: Pool, month: int, budgets: Mapping[tuple[str, str], int], as_of: int | None
) -> Sequence[LineMoney]:
    """A line's forecast outturn is apportioned over its contributions by their current budgets."""
    lines = []
    for scheme, line in lines_at(pool, month, as_of).items():
        of_line = {
            contribution: pence for (each, contribution), pence in budgets.items() if each == scheme and pence > 0
        }
        parts = apportion_signed(line.forecast_pence, list(of_line.values())) if of_line else []
        lines += [
            LineMoney(scheme, contribution, planned, part)
            for (contribution, planned), part in zip(of_line.items(), parts, strict=True)
        ]
    return lines


def _outturn_lines(pool: Pool, budgets: Mapping[tuple[str, str], int], as_of: int | None) -> Sequence[LineMoney]:
    spent = pool.books.balances("actual", ("scheme", "contribution"), accounts=(chart.EXPENDITURE,), as_of=as_of)
    return [
        LineMoney(scheme, contribution, planned, spent.get((scheme, contribution), 0))
        for (scheme, contribution), planned in budgets.items()
    ]

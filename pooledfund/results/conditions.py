"""National conditions and minimum-spend tests of a pool at a month: on plan, forecast and outturn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ledgers.money import apportion_signed
from pooledfund import chart
from pooledfund.intake.outturns import Outturns
from pooledfund.pool import Pool
from pooledfund.results.lines import lines_at
from pooledfund.results.risk_position import risk_position
from pooledfund.results.words import FiguresBasis, figures_basis
from s75_rules.agreement import Agreement
from s75_rules.area_rules import rules_for, rules_of
from s75_rules.conditions import (
    Basis,
    ConditionResult,
    LineMoney,
    MinimumTest,
    minimum_tests,
    national_conditions,
)
from s75_rules.earmarks import EarmarkTest, earmark_tests
from s75_rules.minimum_effects import MinimumsAfter, lines_from, minimums_after
from s75_rules.risk_share import position_from_agreement, share_risk


@dataclass(frozen=True, slots=True)
class ConditionsReport:
    """The conditions of the year and the minimum tests on each basis that the books can give."""

    month: int
    year: str
    figures: FiguresBasis
    known: bool
    conditions: tuple[ConditionResult, ...] = ()
    tests: Mapping[Basis, tuple[MinimumTest, ...]] = field(default_factory=dict)
    after_risk_share: tuple[MinimumTest, ...] = ()
    warnings: tuple[str, ...] = ()
    earmarks: Mapping[Basis, tuple[EarmarkTest, ...]] = field(default_factory=dict)

    @property
    def by_basis(self) -> dict[str, tuple[MinimumTest, ...]]:
        """The tests by what they are held against, those after the risk share last."""
        tests: dict[str, tuple[MinimumTest, ...]] = {}
        tests.update(self.tests.items())
        if not self.after_risk_share:
            return tests
        return {**tests, f"{list(self.tests)[-1]}, after the risk share": self.after_risk_share}

    @property
    def unknown_said(self) -> str | None:
        """What is not known of the year, and whose figures its tests take; None of a year whose rules are held."""
        if self.known:
            return None
        unknown = f"The conditions and minimums of {self.year} are not known here"
        if self.tests:
            return f"{unknown}: the minimums that the agreement states are tested as the area's own figures."
        return f"{unknown}: state the area's own under minimums in the agreement, and they are tested."

    @property
    def failed(self) -> tuple[MinimumTest, ...]:
        """The minimum tests that are not met, on any basis."""
        return tuple(test for tests in self.tests.values() for test in tests if test.result == "not met")

    @property
    def earmarks_failed(self) -> tuple[EarmarkTest, ...]:
        """The earmarks of the agreement that are not met, on any basis."""
        return tuple(test for tests in self.earmarks.values() for test in tests if test.result == "not met")

    def as_json(self) -> dict[str, object]:
        """Conditions, tests and, where the agreement has any, earmarks with money in pounds as text."""
        earmarks = {basis: [test.as_json() for test in tests] for basis, tests in self.earmarks.items()}
        return {
            "year": self.year,
            "month": f"M{self.month}",
            "figures": self.figures,
            "rules": "known" if self.known else "not known here",
            "conditions": [condition.as_json() for condition in self.conditions],
            "tests": {basis: [test.as_json() for test in tests] for basis, tests in self.tests.items()},
            "after_risk_share": [test.as_json() for test in self.after_risk_share],
            "warnings": list(self.warnings),
            **({"earmarks": earmarks} if earmarks else {}),
        }


def conditions_report(pool: Pool, month: int, as_of: int | None = None) -> ConditionsReport:
    """Test the year's conditions: minimums on the current plan, and on the forecast or, at M12, the outturn."""
    agreement = pool.agreement
    budgets = pool.current_budgets(month, as_of)
    contributions = pool.current_contributions(month, as_of)
    money: dict[Basis, Sequence[LineMoney]] = {"plan": plan_lines(budgets)}
    if _spend_has_begun(pool, month, as_of):
        money["outturn" if month == 12 else "forecast"] = met_lines(pool, month, as_of)
    after = MinimumsAfter((), ())
    if len(money) > 1 and rules_for(agreement).tests:
        risk, (basis, met) = risk_position(pool, month, as_of), list(money.items())[-1]
        after = minimums_after(agreement, met, basis, risk.position, risk.share)
    return _report(agreement, month, money, contributions, after)


def conditions_of_agreement(agreement: Agreement, outturns: Outturns | None = None) -> ConditionsReport:
    """The same from an agreement file without books: on its plan, and on the outturns where they are given."""
    budgets = {
        (line.id, each): agreement.budget_pence(line.id, each)
        for line in agreement.schemes.values()
        for each in line.budgets
    }
    money: dict[Basis, Sequence[LineMoney]] = {"plan": plan_lines(budgets)}
    after = MinimumsAfter((), ())
    if outturns is not None:
        position = position_from_agreement(agreement, outturns.by_scheme, outturns.breaches)
        met = money["outturn"] = lines_from(position)
        if rules_for(agreement).tests:
            after = minimums_after(agreement, met, "outturn", position, share_risk(agreement, position))
    return _report(agreement, 12, money, {}, after)


def _report(
    agreement: Agreement,
    month: int,
    money: Mapping[Basis, Sequence[LineMoney]],
    contributions: Mapping[str, int],
    after: MinimumsAfter,
) -> ConditionsReport:
    """The tests on each basis that there is money of; a minimum or an earmark of the area's own needs no known year."""
    earmarks = {basis: earmark_tests(agreement, lines, basis, contributions) for basis, lines in money.items()}
    if not agreement.earmarks:
        earmarks = {}
    year, figures = str(agreement.year), figures_basis(agreement)
    tests = {basis: minimum_tests(agreement, lines, basis, contributions) for basis, lines in money.items()}
    every_test = [test for of_basis in tests.values() for test in of_basis]
    return ConditionsReport(
        month,
        year,
        figures,
        known=rules_of(agreement) is not None,
        conditions=national_conditions(agreement, every_test),
        tests=tests if every_test else {},
        after_risk_share=after.tests,
        warnings=after.warnings,
        earmarks=earmarks,
    )


def plan_lines(budgets: Mapping[tuple[str, str], int]) -> list[LineMoney]:
    """Lines by contribution as planned, for a test on the plan."""
    return [LineMoney(scheme, contribution, pence, pence) for (scheme, contribution), pence in budgets.items()]


def met_lines(pool: Pool, month: int, as_of: int | None = None) -> Sequence[LineMoney]:
    """Lines by contribution as they are met at a month: by the outturn at M12, else by the forecast."""
    budgets = pool.current_budgets(month, as_of)
    return _outturn_lines(pool, budgets, as_of) if month == 12 else _forecast_lines(pool, month, budgets, as_of)


def _spend_has_begun(pool: Pool, month: int, as_of: int | None) -> bool:
    """Whether any spend is in the books: before that a forecast or outturn would take unknown for nil."""
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

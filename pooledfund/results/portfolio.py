"""The figures of many pools for a portfolio: from books at a month, and from agreement files. Posts nothing."""

from collections.abc import Mapping

from pooledfund.pool import Pool
from pooledfund.results.conditions import conditions_of_agreement, conditions_report
from pooledfund.results.lines import lines_at
from pooledfund.results.risk_position import risk_position_of
from s75_rules.agreement import Agreement
from s75_rules.amounts import Amount
from s75_rules.amounts import total as added
from s75_rules.conditions import Basis, MinimumTest
from s75_rules.portfolio import PoolFigures


def figures_of_pool(pool: Pool, month: int, as_of: int | None = None) -> PoolFigures:
    """A pool with books at a month: current money, forecast or outturn, risk share, minimum tests on each basis."""
    lines = lines_at(pool, month, as_of)
    risk = risk_position_of(pool, month, lines, as_of)
    contributions = pool.current_contributions(month, as_of)
    agreement = pool.agreement
    return PoolFigures(
        agreement,
        "projected" if risk.projected else "outturn",
        {each.id: _current(each.amount, contributions.get(each.id)) for each in agreement.contributions.values()},
        {scheme: Amount.exact(line.current_pence) for scheme, line in lines.items()},
        {scheme: line.forecast_pence for scheme, line in lines.items()},
        risk.share,
        _every(conditions_report(pool, month, as_of).tests),
    )


def figures_of_agreement(agreement: Agreement) -> PoolFigures:
    """A pool without books: its plan as agreed, and the minimum tests on it."""
    return PoolFigures(
        agreement,
        "plan",
        {each.id: each.amount for each in agreement.contributions.values()},
        {line.id: added(line.budgets.values()) for line in agreement.schemes.values()},
        tests=_every(conditions_of_agreement(agreement).tests),
    )


def _current(agreed: Amount, current_pence: int | None) -> Amount:
    """A contribution as it now stands; one that is no number yet has no entry in the books."""
    return agreed if current_pence is None else Amount.exact(current_pence)


def _every(tests: Mapping[Basis, tuple[MinimumTest, ...]]) -> tuple[MinimumTest, ...]:
    return tuple(test for of_basis in tests.values() for test in of_basis)

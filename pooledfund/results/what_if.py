"""The position of a pool if some lines came out otherwise, and ranges about the forecast. Posts nothing."""

from collections.abc import Mapping
from dataclasses import replace

from pooledfund.pool import Pool
from pooledfund.results.risk_position import risk_position, share_what_stands
from pooledfund.results.variance_months import variance_by_month
from s75_rules.compare import Comparison, Side
from s75_rules.draws import Distribution, Range
from s75_rules.positions import Position
from s75_rules.simulate import Simulation, simulate


def with_outturns(pool: Pool, month: int, outturns: Mapping[str, int], as_of: int | None = None) -> Comparison:
    """Share the variance at a month as the books have it, and as it were with other outturns of some lines, in pence.

    Nothing else changes: budgets, contributions, breaches, reserves and disputes are the books'. A decision that
    settles another amount than would then be open is left out, as at a month it was not made for.

    Raises:
        RuleBroken: a line that the agreement does not have, or an outturn below the breaches on it.
    """
    now = risk_position(pool, month, as_of)
    position = replace(now.position, outturns={**now.position.outturns, **outturns})
    position = replace(position, movements=variance_by_month(pool, pool.agreement, position, month, as_of))
    return Comparison(
        Side(pool.agreement, now.share), Side(pool.agreement, share_what_stands(pool.agreement, position))
    )


def ranges_about(
    position: Position, below_percent: int, above_percent: int, distribution: Distribution = "triangular"
) -> tuple[Range, ...]:
    """A range for each line with an outturn: from so many percent below it to so many above, to the penny."""
    return tuple(
        Range(
            scheme,
            pence - _percent(pence, min(below_percent, 100)),
            pence,
            pence + _percent(pence, above_percent),
            distribution,
        )
        for scheme, pence in position.outturns.items()
        if pence > 0
    )


def exposure(
    pool: Pool, month: int, ranges: tuple[Range, ...], *, runs: int, seed: int, correlation: float
) -> Simulation:
    """Each partner's exposure from the books at a month, when the lines with a range come out anywhere in it.

    Raises:
        RuleBroken: as ``simulate`` does.
    """
    position = risk_position(pool, month).position
    return simulate(pool.agreement, position, ranges, runs=runs, seed=seed, correlation=correlation)


def _percent(pence: int, of_hundred: int) -> int:
    return (pence * of_hundred + 50) // 100

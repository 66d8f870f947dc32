"""Payment by results of a pool: the rules on what was reported, with the pool's own underspend. Posts nothing."""

from pooledfund.pool import Pool
from pooledfund.results.lines import lines_at
from s75_rules.performance import Actuals, Item, performance


def performance_of(pool: Pool, actuals: Actuals, month: int, as_of: int | None = None) -> tuple[Item, ...]:
    """Work out the pool's arrangements; what pay for performance did not earn is first met by the pool's underspend.

    The underspend is that of the pooled lines together at the month, on the forecast or the outturn.
    """
    lines = lines_at(pool, month, as_of)
    pooled = [line for line in pool.agreement.schemes.values() if pool.agreement.is_pooled(line)]
    variance = sum(lines[line.id].forecast_variance_pence for line in pooled)
    return performance(pool.agreement, actuals, max(0, -variance))

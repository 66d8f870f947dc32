"""How the forecast of the year moved from report to report, line by line and for the pool. Forecasts nothing."""

from dataclasses import dataclass

from pooledfund.pool import Pool
from pooledfund.results.lines import Line, lines_at


@dataclass(frozen=True, slots=True)
class ForecastHistory:
    """Each line at the end of each quarter up to one, as the books have those months now."""

    months: tuple[int, ...]
    reports: tuple[dict[str, Line], ...]
    pooled: tuple[str, ...]

    @property
    def variances_pence(self) -> tuple[int, ...]:
        """The forecast variance of the pooled lines at each report; plus is overspend."""
        return tuple(sum(lines[each].forecast_variance_pence for each in self.pooled) for lines in self.reports)

    @property
    def forecasts_pence(self) -> tuple[int, ...]:
        """The forecast outturn of the pooled lines at each report."""
        return tuple(sum(lines[each].forecast_pence for each in self.pooled) for lines in self.reports)


def forecast_history(pool: Pool, month: int, as_of: int | None = None) -> ForecastHistory:
    """The reports of the quarters up to a month, at M12 the outturn; a month that is closed says what it said then."""
    months = tuple(each for each in (3, 6, 9, 12) if each <= month)
    pooled = tuple(each.id for each in pool.agreement.schemes.values() if pool.agreement.is_pooled(each))
    return ForecastHistory(months, tuple(lines_at(pool, each, as_of) for each in months), pooled)

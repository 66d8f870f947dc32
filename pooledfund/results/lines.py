"""Each scheme line at a month: budgets, actual, forecast outturn and how it came about. Not who bears it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from ledgers.calendar import quarter_of
from pooledfund import chart
from pooledfund.pool import Pool

ForecastBasis = Literal["outturn", "entered", "actual to date plus remaining profile"]


@dataclass(frozen=True, slots=True)
class Line:
    """One scheme line at the end of a month, in pence; plus is overspend."""

    scheme: str
    original_pence: int
    changes_pence: int
    virements_pence: int
    to_date_budget_pence: int
    actual_pence: int
    forecast_pence: int
    basis: ForecastBasis
    forecast_month: int | None
    previous_forecast_pence: int | None

    @property
    def current_pence(self) -> int:
        """The current budget: original, contribution changes and virements."""
        return self.original_pence + self.changes_pence + self.virements_pence

    @property
    def variance_to_date_pence(self) -> int:
        """Actual to date less budget to date; plus is overspend."""
        return self.actual_pence - self.to_date_budget_pence

    @property
    def forecast_variance_pence(self) -> int:
        """Forecast outturn less current budget; plus is overspend."""
        return self.forecast_pence - self.current_pence

    @property
    def movement_pence(self) -> int | None:
        """How far the forecast moved since the last quarter's report; None in the first quarter."""
        return None if self.previous_forecast_pence is None else self.forecast_pence - self.previous_forecast_pence


def lines_at(pool: Pool, month: int, as_of: int | None = None) -> dict[str, Line]:
    """Every line of the agreement at the end of a month, in file order; as of an event where one is given."""
    now = _Snapshot(pool, month, as_of)
    last_quarter = (quarter_of(month) - 1) * 3
    before = _Snapshot(pool, last_quarter, as_of) if last_quarter else None
    return {scheme: now.line(scheme, before) for scheme in pool.agreement.schemes}


class _Snapshot:
    """The balances that the lines of a month are made of, each asked for once."""

    def __init__(self, pool: Pool, month: int, as_of: int | None) -> None:
        self.month = month
        self.budgets = _budget_movements(pool, month, as_of)
        self.profiles = {scheme.id: scheme.profile for scheme in pool.agreement.schemes.values()}
        actual = pool.books.balances(
            "actual", ("scheme",), accounts=(chart.EXPENDITURE,), through_month=month, as_of=as_of
        )
        self.actual = {str(scheme): pence for (scheme,), pence in actual.items()}
        self.entered = _entered_forecasts(pool, month, as_of)

    def budget(self, scheme: str, *accounts: str) -> int:
        return sum(pence for (account, _, _), pence in self.budgets[scheme].items() if account in accounts)

    def to_date(self, scheme: str) -> int:
        """Each budget movement spread by the line's profile from its month on, up to this month."""
        return sum(
            sum(self.profiles[scheme].spread(pence, effective)[: self.month])
            for (_, _, effective), pence in self.budgets[scheme].items()
        )

    def forecast(self, scheme: str) -> tuple[int, ForecastBasis, int | None]:
        actual = self.actual.get(scheme, 0)
        if self.month == 12:
            return actual, "outturn", None
        if scheme in self.entered:
            pence, entered_month = self.entered[scheme]
            return pence, "entered", entered_month
        remaining = self.budget(scheme, *chart.LINE_BUDGETS) - self.to_date(scheme)
        return actual + remaining, "actual to date plus remaining profile", None

    def line(self, scheme: str, before: "_Snapshot | None") -> Line:
        forecast, basis, entered_month = self.forecast(scheme)
        return Line(
            scheme=scheme,
            original_pence=self.budget(scheme, chart.ORIGINAL),
            changes_pence=self.budget(scheme, chart.CHANGE, chart.LINE_BROUGHT_FORWARD),
            virements_pence=self.budget(scheme, chart.VIREMENT),
            to_date_budget_pence=self.to_date(scheme),
            actual_pence=self.actual.get(scheme, 0),
            forecast_pence=forecast,
            basis=basis,
            forecast_month=entered_month,
            previous_forecast_pence=before.forecast(scheme)[0] if before else None,
        )


def budgets_to_date(pool: Pool, month: int, as_of: int | None = None) -> dict[tuple[str, str], int]:
    """What of each line's budget falls up to a month by its profile, by line and contribution in pence.

    At M12 it is the current budget. What a profile has given to a line and taken again may leave it below nil
    for a while; such a contribution has nothing on the line yet.
    """
    found: dict[tuple[str, str], int] = {}
    for scheme, movements in _budget_movements(pool, month, as_of).items():
        profile = pool.agreement.schemes[scheme].profile
        for (_, contribution, effective), pence in movements.items():
            place = (scheme, contribution)
            found[place] = found.get(place, 0) + sum(profile.spread(pence, effective)[:month])
    return found


def budget_by_month(pool: Pool, scheme: str, month: int, as_of: int | None = None) -> tuple[int, ...]:
    """A line's current budget at a month over the twelve months of the year, by its profile, in pence."""
    profile = pool.agreement.schemes[scheme].profile
    spreads = [
        profile.spread(pence, effective)
        for (_, _, effective), pence in _budget_movements(pool, month, as_of)[scheme].items()
    ]
    return tuple(sum(parts) for parts in zip(*spreads, strict=True)) or (0,) * 12


_Movement = tuple[str, str, int]
"""Budget account, contribution and effective month."""


def _budget_movements(pool: Pool, month: int, as_of: int | None) -> dict[str, dict[_Movement, int]]:
    balances = pool.books.balances(
        "budget",
        ("account", "scheme", "contribution", "month"),
        accounts=chart.LINE_BUDGETS,
        through_month=month,
        as_of=as_of,
    )
    movements: dict[str, dict[_Movement, int]] = defaultdict(dict)
    for (account, scheme, contribution, effective), pence in balances.items():
        movements[str(scheme)][str(account), str(contribution), int(effective or 1)] = pence
    return movements


def _entered_forecasts(pool: Pool, month: int, as_of: int | None) -> dict[str, tuple[int, int]]:
    """The last forecast entered for each line up to a month, in pence, and the month it was entered for."""
    latest: dict[str, tuple[int, int]] = {}
    for event in pool.books.events(kind="forecast entered", as_of=as_of):
        entered_month = int(str(event.payload["month"]))
        scheme = str(event.payload["scheme"])
        if entered_month <= month and entered_month >= latest.get(scheme, (0, 0))[1]:
            latest[scheme] = int(str(event.payload["forecast_pence"])), entered_month
    return latest


def committed_at(pool: Pool, month: int, as_of: int | None = None) -> dict[str, int]:
    """What each line has ordered and not yet spent by a month, in pence; lines without an order are left out."""
    orders = pool.books.balances(
        "forecast", ("scheme",), accounts=(chart.COMMITMENTS,), through_month=month, as_of=as_of
    )
    return {str(scheme): pence for (scheme,), pence in orders.items()}

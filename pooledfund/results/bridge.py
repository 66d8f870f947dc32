"""The bridge from the last quarter's report to this one: how the pool's forecast variance moved, step by step."""

from dataclasses import dataclass

from ledgers.calendar import quarter_of
from ledgers.money import pounds
from pooledfund.pool import Pool
from pooledfund.results.lines import Line, lines_at


@dataclass(frozen=True, slots=True)
class Step:
    """One step in pence: the line, and how far its forecast rose less how far its budget rose; plus is overspend."""

    scheme: str
    name: str
    forecast_pence: int
    budget_pence: int

    @property
    def pence(self) -> int:
        """How far the line's forecast variance moved."""
        return self.forecast_pence - self.budget_pence


@dataclass(frozen=True, slots=True)
class Bridge:
    """The forecast variance of the pooled lines at two reports, in pence, and the lines that moved it in between."""

    from_month: int
    to_month: int
    opening_pence: int
    closing_pence: int
    steps: tuple[Step, ...]

    @property
    def difference_pence(self) -> int:
        """The closing variance less the opening one and every step; nil where the bridge casts."""
        return self.closing_pence - self.opening_pence - sum(step.pence for step in self.steps)

    def as_json(self) -> dict[str, object]:
        """The bridge with money in pounds as text."""
        return {
            "from": f"M{self.from_month}",
            "to": f"M{self.to_month}",
            "opening_variance": pounds(self.opening_pence),
            "steps": [
                {
                    "scheme": step.scheme,
                    "name": step.name,
                    "forecast_moved": pounds(step.forecast_pence),
                    "budget_moved": pounds(step.budget_pence),
                    "variance_moved": pounds(step.pence),
                }
                for step in self.steps
            ],
            "closing_variance": pounds(self.closing_pence),
        }


def bridge_to(pool: Pool, month: int, as_of: int | None = None) -> Bridge | None:
    """The bridge from the end of the quarter before to a month; None in the first quarter, which has no report before.

    Both ends are what the books say of those months at the same event: a month that is closed says what it said then.
    """
    before = (quarter_of(month) - 1) * 3
    if not before:
        return None
    agreement = pool.agreement
    pooled = [scheme for scheme in agreement.schemes.values() if agreement.is_pooled(scheme)]
    then, now = lines_at(pool, before, as_of), lines_at(pool, month, as_of)
    steps = (_step(scheme.name, then[scheme.id], now[scheme.id]) for scheme in pooled)
    return Bridge(
        before,
        month,
        sum(then[scheme.id].forecast_variance_pence for scheme in pooled),
        sum(now[scheme.id].forecast_variance_pence for scheme in pooled),
        tuple(step for step in steps if step.forecast_pence or step.budget_pence),
    )


def _step(name: str, then: Line, now: Line) -> Step:
    return Step(now.scheme, name, now.forecast_pence - then.forecast_pence, now.current_pence - then.current_pence)

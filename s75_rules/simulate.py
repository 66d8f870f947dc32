"""Each partner's exposure when outturns are uncertain: many runs, each shared to the penny. Posts nothing.

Outturns are drawn as decimal numbers and rounded to pence before anything is shared.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ledgers.money import percent, pounds, pounds_for_people
from s75_rules.agreement import Agreement
from s75_rules.draws import RUNS_AT_ONCE, Draws, Range
from s75_rules.errors import RuleBroken
from s75_rules.positions import Position
from s75_rules.risk_share import RiskShare, share_risk
from s75_rules.rows import LIMIT_PENCE, Pence
from s75_rules.share_plan import NotLaidOut, SharePlan, lay_out
from s75_rules.share_runs import LimitKey, Shared, as_run, share_runs

__all__ = ["Exposure", "Range", "Simulation", "SimulationRefused", "simulate"]

MAX_RUNS = 1_000_000
_PROVED = 4
"""Runs of the first chunk that are also shared by the plain rules, so that a difference is found before any figure."""

POINTS = (50, 80, 95)


class SimulationRefused(RuleBroken):
    """A simulation that cannot be run as asked."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Amounts in pence that half, 80% and 95% of the runs do not exceed, and the largest of any run."""

    p50_pence: int
    p80_pence: int
    p95_pence: int
    worst_pence: int

    @classmethod
    def of(cls, amounts: Pence) -> "Exposure":
        """The exposure of one amount a run; each point is the amount of a run, nothing is drawn between two."""
        ranked = np.sort(amounts)
        points = (int(ranked[-(-len(ranked) * point // 100) - 1]) for point in (*POINTS, 100))
        return cls(*points)

    def as_json(self) -> dict[str, str]:
        """The points as text of pounds."""
        return {
            "p50": pounds(self.p50_pence),
            "p80": pounds(self.p80_pence),
            "p95": pounds(self.p95_pence),
            "worst": pounds(self.worst_pence),
        }


@dataclass(frozen=True, slots=True)
class Simulation:
    """What partners may have to bear: exposures by partner, and in how many runs each reserve or limit is used up.

    ``bears`` is the overspend a partner bears, ``net`` that less the underspend it gets back. The
    points of partners are of different runs, so they do not add up to those of the variance.
    """

    runs: int
    seed: int
    correlation: float
    ranges: tuple[Range, ...]
    at_budget: tuple[str, ...]
    variance: Exposure
    bears: Mapping[str, Exposure]
    net: Mapping[str, Exposure]
    unresolved: Exposure
    reserves_emptied: Mapping[str, int]
    limits_reached: Mapping[LimitKey, int]
    run_by_run: str | None

    def chance(self, runs: int) -> str:
        """A number of runs as a share of all, in percent to one decimal."""
        return percent(runs, self.runs) or "0.0"

    def as_json(self) -> dict[str, object]:
        """The simulation with money as text of pounds and chances in percent."""
        return {
            "runs": self.runs,
            "seed": self.seed,
            "correlation": self.correlation,
            "distributions": {each.scheme: each.distribution for each in self.ranges},
            "without_range": list(self.at_budget),
            "variance": self.variance.as_json(),
            "partners": {
                partner: {"bears": bears.as_json(), "net": self.net[partner].as_json()}
                for partner, bears in self.bears.items()
            },
            "unresolved": self.unresolved.as_json(),
            "reserves_emptied": {
                reserve: {"runs": runs, "percent": self.chance(runs)} for reserve, runs in self.reserves_emptied.items()
            },
            "limits_reached": [
                {"clause": clause, "limit": limit, "partner": partner, "runs": runs, "percent": self.chance(runs)}
                for (clause, limit, partner), runs in self.limits_reached.items()
            ],
            "shared_run_by_run": self.run_by_run,
        }


Progress = Callable[[int, int], None]


def simulate(
    agreement: Agreement,
    position: Position,
    ranges: Sequence[Range],
    *,
    runs: int,
    seed: int,
    correlation: float = 0.0,
    progress: Progress | None = None,
) -> Simulation:
    """Draw outturns for the lines that have a range, share each run by the agreement, and give each partner's exposure.

    The other lines keep the outturn of the position. The same seed, ranges and runs give the same
    figures. ``progress`` is told how many runs of how many are done. Where the agreement says
    something that cannot be shared many runs at once, each is shared by itself and the result says why.

    Raises:
        SimulationRefused: no range, a line twice, or a number of runs or seed that cannot be used.
        RuleBroken: as for a single risk share.
    """
    _check(agreement, position, ranges, runs, seed)
    # What was decided was about one outturn, and in which months a drawn one arose is not known.
    position = replace(position, decisions=(), movements={})
    share_risk(agreement, replace(position, outturns=_with(position, {r.scheme: r.likely_pence for r in ranges})))
    source = _Runs(agreement, position, ranges, Draws(ranges, seed, correlation))
    plan, run_by_run = source.plan()
    shared = []
    for number, first in enumerate(range(0, runs, RUNS_AT_ONCE)):
        outturns = source.outturns(number, min(RUNS_AT_ONCE, runs - first))
        shared.append(share_runs(plan, outturns) if plan else source.one_by_one(outturns))
        if progress:
            progress(min(first + RUNS_AT_ONCE, runs), runs)
    whole = _joined(shared)
    opening = [position.reserves.get(reserve, 0) for reserve in agreement.reserves]
    return Simulation(
        runs=runs,
        seed=seed,
        correlation=correlation,
        ranges=tuple(ranges),
        at_budget=tuple(line for line in agreement.schemes if line not in {each.scheme for each in ranges}),
        variance=Exposure.of(whole.variance),
        bears=dict(zip(agreement.partners, map(Exposure.of, whole.overspend), strict=True)),
        net=dict(zip(agreement.partners, map(Exposure.of, whole.overspend - whole.underspend), strict=True)),
        unresolved=Exposure.of(whole.unresolved_overspend),
        reserves_emptied={
            reserve: int(((opened > 0) & (opened + moved <= 0)).sum())
            for reserve, opened, moved in zip(agreement.reserves, opening, whole.reserves, strict=True)
        },
        limits_reached={key: int(reached.sum()) for key, reached in whole.reached.items()},
        run_by_run=run_by_run,
    )


def _check(agreement: Agreement, position: Position, ranges: Sequence[Range], runs: int, seed: int) -> None:
    if not ranges:
        raise SimulationRefused("no line has a range: give at least one line with low, most likely and high")
    if not 1 <= runs <= MAX_RUNS:
        raise SimulationRefused(f"{runs} is not a number of runs: give 1 to {MAX_RUNS:,}")
    if seed < 0:
        raise SimulationRefused(f"{seed} is not a seed: give a whole number, nil or more")
    seen: set[str] = set()
    for each in ranges:
        if each.scheme not in agreement.schemes:
            raise SimulationRefused(f"'{each.scheme}' is no scheme line of {agreement.id}: use the id under schemes")
        if each.scheme in seen:
            raise SimulationRefused(f"{each.scheme} has two ranges: keep one")
        if each.low_pence < (breached := position.breach_pence(each.scheme)):
            raise SimulationRefused(
                f"the range of {each.scheme} begins below its breaches of {pounds_for_people(breached)}:"
                " raise its low end"
            )
        seen.add(each.scheme)


def _with(position: Position, outturns: Mapping[str, int]) -> dict[str, int]:
    return {**position.outturns, **outturns}


@dataclass
class _Runs:
    """Where the outturns of the runs come from, and the plain rules that share one at a time."""

    agreement: Agreement
    position: Position
    ranges: Sequence[Range]
    draws: Draws

    def outturns(self, chunk: int, runs: int) -> Pence:
        """The outturns of every line in one chunk of runs, in pence."""
        drawn = self.draws.chunk(chunk, runs)
        places = {line: place for place, line in enumerate(self.agreement.schemes)}
        if [each.scheme for each in self.ranges] == list(places):
            return drawn
        fixed = np.array([self.position.outturn_pence(line) for line in places], dtype=np.int64)
        every = np.repeat(fixed[:, np.newaxis], runs, axis=1)
        every[[places[each.scheme] for each in self.ranges]] = drawn
        return every

    def plan(self) -> tuple[SharePlan | None, str | None]:
        """The plan by which many runs are shared at once, proved on some; None with the reason where there is none."""
        highs = {each.scheme: each.high_pence for each in self.ranges}
        sizes = [max(highs.get(line, 0), abs(self.position.outturn_pence(line))) for line in self.agreement.schemes]
        if sum(sizes) + sum(self.position.budget_pence(line) for line in self.agreement.schemes) >= LIMIT_PENCE:
            return None, "amounts are too large to be shared many runs at once"
        try:
            plan = lay_out(self.agreement, self.position)
        except NotLaidOut as reason:
            return None, str(reason)
        outturns = self.outturns(0, _PROVED)
        at_once = share_runs(plan, outturns)
        for place in range(_PROVED):
            if at_once.run(place) != as_run(self._share(outturns[:, place])):
                return None, "the agreement has a rule that only the plain rules share"
        return plan, None

    def _share(self, outturns: Pence) -> RiskShare:
        by_line = dict(zip(self.agreement.schemes, map(int, outturns), strict=True))
        return share_risk(self.agreement, replace(self.position, outturns=by_line))

    def one_by_one(self, outturns: Pence) -> Shared:
        """The risk shares of a chunk, each by the plain rules; limits are not watched there."""
        found = [as_run(self._share(outturns[:, place])) for place in range(outturns.shape[1])]
        columns = [np.array(column, dtype=np.int64).T for column in zip(*found, strict=True)]
        return Shared.of(columns, {})


def _joined(chunks: Sequence[Shared]) -> Shared:
    """Many chunks as one."""
    columns = [np.concatenate(parts, axis=-1) for parts in zip(*(chunk.columns() for chunk in chunks), strict=True)]
    reached = {key: np.concatenate([chunk.reached[key] for chunk in chunks]) for key in chunks[0].reached}
    return Shared.of(columns, reached)

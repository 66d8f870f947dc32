"""Races the risk share of a large pool, with its trace, against a short plain floor; and 153 such pools against 17."""

import json
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.racing import AnswersDiffer, Result, lap, module

PROCESSES = 5
TURNS = 100
ROUNDS = 5
FEW, MANY = 17, 153
_NAMES = {
    "ours": ("risk share, 200 lines, 10 partners, five steps, with its trace", 3.0),
    "sentences": ("the same, every sentence of the trace written out", 3.0),
    "printed": ("the same, explained as the command line prints it", None),
}


def race_rules() -> list[Result]:
    """The risk share with its trace against the floor without one, and its growth with the number of pools.

    The contenders take turns within a process, because one process may be twice as fast as the next for as long as
    it lives; the ratio is the median of several processes. Raises AnswersDiffer.
    """
    runs = [_said("benchmarks.lap_risk_share", TURNS) for _ in range(PROCESSES)]
    if len({tuple(run["answer"]) for run in runs}) != 1 or len(runs[0]["answer"]) != 1:
        raise AnswersDiffer("the risk share and its floor differ in pennies")
    return [*(_against_floor(name, runs) for name in _NAMES), _growth()]


def _said(name: str, *numbers: int) -> dict[str, Any]:
    return dict(json.loads(lap(module(name, *numbers)).said))


def _against_floor(name: str, runs: Sequence[Mapping[str, Any]]) -> Result:
    what, most = _NAMES[name]
    ours, floor = (median(run[each] for run in runs) for each in (name, "floor"))
    ratio = median(run[name] / run["floor"] for run in runs)
    reach = "-" if most is None else f"at most {most:.0f}"
    met = most is None or ratio <= most
    return Result(what, f"{ours * 1000:.1f} ms", f"{floor * 1000:.1f} ms", ratio, reach, met)


def _growth() -> Result:
    runs = [_said("benchmarks.lap_risk_share", FEW, MANY, ROUNDS) for _ in range(PROCESSES)]
    many, few = (median(run[each] for run in runs) for each in ("many", "few"))
    growth = median(run["many"] / run["few"] for run in runs) / (MANY / FEW)
    return Result(
        f"risk share of {MANY} such pools, against {FEW} of them nine times",
        f"{many:.2f} s",
        f"{few * MANY / FEW:.2f} s",
        growth,
        "at most 1.2",
        growth <= 1.2,
    )

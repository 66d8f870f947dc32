"""Races the simulation of a capped waterfall against the same written out in numpy. Child and parent."""

import argparse
import json
import time

from benchmarks.racing import Result, interleaved, module, peak, same_answers, stated
from s75_rules.agreement import Agreement
from s75_rules.positions import position_from_agreement
from s75_rules.simulate import Range, simulate

ROUNDS = 5
PARTNERS = {"council": "local_authority", "icb": "nhs", "trust": "nhs"}
RESERVE, UP_TO = "4000000", "4500000"
CAPS = {"council": "4000000", "icb": "6000000", "trust": "2000000"}


def budgets(lines: int) -> list[int]:
    """The lines' budgets in pence, none a round sum."""
    return [place * 1_000_003 for place in range(1, lines + 1)]


def agreement(lines: int) -> Agreement:
    """One pool of three partners: offsets, then a reserve, then capped shares, then the rest to one partner."""

    def text(pence: int) -> str:
        return f"{pence // 100}.{pence % 100:02d}"

    return Agreement.model_validate(
        {
            "pooledfund": "1",
            "agreement": {"id": "bench", "title": "Bench", "area": "Bench", "year": "2023/24"},
            "partners": {name: {"name": name, "kind": kind} for name, kind in PARTNERS.items()},
            "funds": {"bcf": {"name": "BCF", "kind": "pooled", "host": "council"}},
            "contributions": {
                "nhs": {"partner": "icb", "fund": "bcf", "source": "nhs_minimum", "amount": text(sum(budgets(lines)))}
            },
            "reserves": {"risk": {"fund": "bcf", "opening": RESERVE}},
            "schemes": {
                f"S{place}": {"name": f"Line {place}", "fund": "bcf", "lead": "icb", "budget": {"nhs": text(pence)}}
                for place, pence in enumerate(budgets(lines), 1)
            },
            "risk_share": [
                {
                    "clause": "1",
                    "covers": "everything",
                    "overspend": [
                        {"offset": "agreement"},
                        {"reserve": "risk", "up_to": UP_TO},
                        {"share": {"council": "50", "icb": "30", "trust": "20"}, "caps": CAPS},
                        {"share": {"icb": "1"}},
                    ],
                    "underspend": [{"retain": "risk"}],
                }
            ],
        }
    )


def main() -> None:
    """Simulate once, as the child process of a race, and print seconds and the answer as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.race_simulate", description=__doc__)
    parser.add_argument("runs", type=int)
    parser.add_argument("lines", type=int)
    call = parser.parse_args()
    pool = agreement(call.lines)
    ranges = [
        Range(f"S{place}", pence * 9 // 10, pence, pence * 13 // 10)
        for place, pence in enumerate(budgets(call.lines), 1)
    ]
    started = time.perf_counter()
    found = simulate(pool, position_from_agreement(pool, {}), ranges, runs=call.runs, seed=7, correlation=0.25)
    seconds = time.perf_counter() - started
    assert found.run_by_run is None
    points = [[each.p50_pence, each.p80_pence, each.p95_pence, each.worst_pence] for each in found.bears.values()]
    print(json.dumps({"seconds": seconds, "answer": [points, found.reserves_emptied["risk"]]}))


def race_simulate(runs: int = 100_000, lines: int = 200) -> list[Result]:
    """Every run shared to the penny, with the proof of some by the plain rules, against the bare waterfall."""
    laps = interleaved(
        ROUNDS,
        {
            "ours": module("benchmarks.race_simulate", runs, lines),
            "floor": module("benchmarks.floors.simulate", runs, lines),
        },
    )
    same_answers(laps)
    mine, floor = stated(laps["ours"]), stated(laps["floor"])
    most, least = peak(laps["ours"]), peak(laps["floor"])
    name = f"simulation, {runs:,} runs of {lines} lines"
    return [
        Result(
            f"{name}, against numpy",
            f"{mine:.2f} s",
            f"{floor:.2f} s",
            mine / floor,
            "at most 1.5",
            mine / floor <= 1.5,
        ),
        Result(
            f"{name}, peak memory", f"{most:.0f} MB", f"{least:.0f} MB", most / least, "under 1,000 MB", most < 1_000
        ),
    ]


if __name__ == "__main__":
    main()

"""Races the risk share of a large pool, with its trace, against a short plain floor; and 153 such pools against 17."""

from benchmarks.racing import Result, interleaved, module, same_answers, stated

ROUNDS = 5
FEW, MANY = 17, 153


def race_rules() -> list[Result]:
    """The risk share with its trace against the floor without one, and its growth with the number of pools."""
    laps = interleaved(
        ROUNDS,
        {
            "ours": module("benchmarks.lap_risk_share", 1, 40),
            "floor": module("benchmarks.floors.risk_share", 1, 40),
            "sentences": module("benchmarks.lap_risk_share", 1, 40, "sentences"),
            "printed": module("benchmarks.lap_risk_share", 1, 40, "printed"),
        },
    )
    same_answers(laps)
    ours, floor, read, printed = (stated(laps[name]) for name in ("ours", "floor", "sentences", "printed"))
    pools = interleaved(
        ROUNDS,
        {
            "many": module("benchmarks.lap_risk_share", MANY, 3),
            "few": module("benchmarks.lap_risk_share", FEW, 3),
        },
    )
    many, few = stated(pools["many"]), stated(pools["few"])
    growth = many / few / (MANY / FEW)
    return [
        Result(
            "risk share, 200 lines, 10 partners, five steps, with its trace",
            f"{ours * 1000:.1f} ms",
            f"{floor * 1000:.1f} ms",
            ours / floor,
            "at most 3",
            ours / floor <= 3,
        ),
        Result(
            "the same, every sentence of the trace written out",
            f"{read * 1000:.1f} ms",
            f"{floor * 1000:.1f} ms",
            read / floor,
            "at most 3",
            read / floor <= 3,
        ),
        Result(
            "the same, explained as the command line prints it",
            f"{printed * 1000:.1f} ms",
            f"{floor * 1000:.1f} ms",
            printed / floor,
            "-",
            True,
        ),
        Result(
            f"risk share of {MANY} such pools, against {FEW} of them nine times",
            f"{many:.2f} s",
            f"{few * MANY / FEW:.2f} s",
            growth,
            "at most 1.2",
            growth <= 1.2,
        ),
    ]

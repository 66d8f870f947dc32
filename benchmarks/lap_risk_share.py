"""Shares large pools by the rules, with traces, beside their floor: TURNS on one pool, or FEW MANY ROUNDS."""

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.floors import risk_share as floor
from benchmarks.share_case import large_agreement
from s75_rules.explain import steps_said
from s75_rules.risk_share import RiskShare, share_risk

Pennies = tuple[list[int], list[int], int, int]


def _pennies(found: RiskShare) -> Pennies:
    """What the floor also answers."""
    borne, returned = list(found.overspend_pence.values()), list(found.underspend_pence.values())
    return borne, returned, found.reserves_pence["risk"], sum(found.carried_forward_pence.values())


def _unread(found: RiskShare) -> bool:
    return bool(found.trace)


def _sentences(found: RiskShare) -> bool:
    return all(step.because for step in found.trace)


def _printed(found: RiskShare) -> bool:
    return "" not in [line for said in steps_said(found.trace) for line in said.in_bullets()]


_READ: dict[str, Callable[[RiskShare], bool]] = {"ours": _unread, "sentences": _sentences, "printed": _printed}


def _read_by(read: Callable[[RiskShare], bool], number: int) -> Callable[[], Pennies]:
    agreement, position = large_agreement(number)

    def share() -> Pennies:
        found = share_risk(agreement, position)
        assert read(found)
        return _pennies(found)

    return share


def _timed(shares: Sequence[Callable[[], Pennies]]) -> tuple[float, list[Pennies]]:
    """Processor time: what else the machine does is in it only where it takes the memory's place."""
    started = time.process_time()
    answers = [share() for share in shares]
    return time.process_time() - started, answers


def by_turns(turns: int) -> dict[str, object]:
    """One pool by every contender in turns within this process, so that a slow moment falls on all of them alike."""
    plain = floor.plain(0)
    contenders = {"floor": lambda: floor.share(plain), **{name: _read_by(read, 0) for name, read in _READ.items()}}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    answers = set()
    # What was read before the clock starts stays: the collector need not walk it again and again.
    gc.collect()
    gc.freeze()
    for _ in range(turns):
        for name, share in contenders.items():
            seconds, answer = _timed([share])
            times[name].append(seconds)
            answers.add(json.dumps(answer))
    return {"answer": sorted(answers), **{name: median(each) for name, each in times.items()}}


def growing(few: int, many: int, rounds: int) -> dict[str, object]:
    """So many pools and so few, in turns; a pool's trace is let go once its pennies are taken, as a report does."""
    shares = [_read_by(_unread, number) for number in range(many)]
    times: dict[int, list[float]] = {few: [], many: []}
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for count, each in times.items():
            each.append(_timed(shares[:count])[0])
    return {"few": median(times[few]), "many": median(times[many])}


def main() -> None:
    """Run the one or the other and print it as JSON."""
    numbers = [int(each) for each in sys.argv[1:]]
    print(json.dumps(by_turns(*numbers) if len(numbers) == 1 else growing(*numbers)))


if __name__ == "__main__":
    main()

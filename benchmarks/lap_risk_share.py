"""Shares the large pools by the rules, with their traces, and prints the median round. POOLS ROUNDS [sentences]."""

import gc
import json
import sys
import time
from statistics import median

from benchmarks.share_case import large_agreement
from s75_rules.risk_share import RiskShare, share_risk


def pennies(found: RiskShare) -> tuple[list[int], list[int], int, int]:
    """What the floor also answers."""
    borne, returned = list(found.overspend_pence.values()), list(found.underspend_pence.values())
    return borne, returned, found.reserves_pence["risk"], sum(found.carried_forward_pence.values())


def _answer(found: RiskShare, read: bool) -> tuple[list[int], list[int], int, int]:
    assert found.trace
    assert not read or all(step.because for step in found.trace)
    return pennies(found)


def main() -> None:
    """Share every pool, some rounds; with ``sentences`` every sentence of the trace is read too."""
    pools = [large_agreement(number) for number in range(int(sys.argv[1]))]
    # What was read before the clock starts stays: the collector need not walk it again and again.
    gc.freeze()
    read = sys.argv[3:] == ["sentences"]
    rounds = []
    for _ in range(int(sys.argv[2])):
        # Processor time: a longer round meets more of what else the machine does.
        started = time.process_time()
        # A pool's trace is let go once its pennies are taken, as a report on many pools does.
        answer = [_answer(share_risk(agreement, position), read) for agreement, position in pools]
        rounds.append(time.process_time() - started)
    print(json.dumps({"seconds": median(rounds), "answer": answer}))


if __name__ == "__main__":
    main()

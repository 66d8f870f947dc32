"""Shares large pools by the rules, with traces, and prints the median round. POOLS ROUNDS [sentences|printed]."""

import gc
import json
import sys
import time
from collections.abc import Callable
from statistics import median

from benchmarks.share_case import large_agreement
from s75_rules.explain import steps_said
from s75_rules.risk_share import RiskShare, share_risk


def pennies(found: RiskShare) -> tuple[list[int], list[int], int, int]:
    """What the floor also answers."""
    borne, returned = list(found.overspend_pence.values()), list(found.underspend_pence.values())
    return borne, returned, found.reserves_pence["risk"], sum(found.carried_forward_pence.values())


def _unread(found: RiskShare) -> bool:
    return bool(found.trace)


def _sentences(found: RiskShare) -> bool:
    return all(step.because for step in found.trace)


def _printed(found: RiskShare) -> bool:
    return "" not in [line for said in steps_said(found.trace) for line in said.in_bullets()]


def _answer(found: RiskShare, read: Callable[[RiskShare], bool]) -> tuple[list[int], list[int], int, int]:
    assert read(found)
    return pennies(found)


_READ = {"sentences": _sentences, "printed": _printed}


def main() -> None:
    """Share every pool, some rounds; with ``sentences`` each of the trace is read too, with ``printed`` as printed."""
    pools = [large_agreement(number) for number in range(int(sys.argv[1]))]
    # What was read before the clock starts stays: the collector need not walk it again and again.
    gc.freeze()
    read = _READ[sys.argv[3]] if sys.argv[3:] else _unread
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

"""Everything that the books must survive, one soak after another. Stops at the first thing that does not hold."""

import argparse
import time
from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.ledger_model import LedgerMachine
from benchmarks.soak_disk import soak_full_disk, soak_read_only
from benchmarks.soak_kill import soak_kills
from benchmarks.soak_tamper import soak_tamperings

STEPS = 50


def soak_model(runs: int) -> str:
    """The state machine beside its model, so many times from new books."""
    quiet = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(LedgerMachine, settings=quiet)
    return f"{runs:,} runs of {STEPS} steps beside a plain model (post, reverse, close, reopen, as-of): no difference"


def said(soak: Callable[[], str]) -> None:
    """Run one soak and print what it saw and how long it took."""
    started = time.monotonic()
    print(f"{soak()} ({time.monotonic() - started:,.0f} s)", flush=True)


def main() -> None:
    """Run every soak with the counts given."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__)
    counts = (
        ("--kills", 1_000, "kills of a process at work"),
        ("--tamperings", 10_000, "changes past the guards"),
        ("--full", 200, "imports with little room on the disk"),
        ("--read-only", 20, "postings to books that may not be written"),
        ("--runs", 200, "runs of the state machine"),
        ("--seed", 75, "where chance starts from"),
    )
    for name, default, what in counts:
        parser.add_argument(name, type=int, default=default, metavar="N", help=f"{what} (default: {default:,})")
    call = parser.parse_args()
    random = Random(call.seed)
    said(lambda: soak_kills(call.kills, random))
    said(lambda: soak_tamperings(call.tamperings, random))
    said(lambda: soak_full_disk(call.full, random))
    said(lambda: soak_read_only(call.read_only))
    said(lambda: soak_model(call.runs))


if __name__ == "__main__":
    main()

"""What books, rules and intake must survive, on both databases. Stops at the first thing that does not hold."""

import argparse
import time
from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.ledger_model import machine_on
from benchmarks.soak_disk import soak_full_disk, soak_full_server, soak_read_only, soak_reader
from benchmarks.soak_homes import FileHome, ServerHome, homes
from benchmarks.soak_intake import soak_extracts
from benchmarks.soak_kill import soak_kills
from benchmarks.soak_matching import soak_matching
from benchmarks.soak_rules import soak_rules
from benchmarks.soak_tamper import soak_tamperings
from benchmarks.soak_writers import soak_writers
from ledgers.store import Books

STEPS = 50


def soak_model(home: FileHome | ServerHome, runs: int, start: int) -> str:
    """The state machine beside its model, each time in a new pool."""
    books = Books.create(home.new())
    quiet = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(seed(start)(machine_on(books)), settings=quiet)
    return f"{runs:,} runs of {STEPS} steps beside a plain model (post, reverse, close, reopen, as-of): no difference"


def _said(name: str, soak: Callable[[], str]) -> None:
    """Run one soak and print what it saw and how long it took."""
    started = time.monotonic()
    print(f"{name}: {soak()} ({time.monotonic() - started:,.0f} s)", flush=True)


COUNTS = (
    ("--kills", 1_000, "kills of a process at work"),
    ("--tamperings", 10_000, "changes past the guards"),
    ("--writes", 1_000, "entries of each of fifty writers, on PostgreSQL"),
    ("--full", 200, "imports with little room on the disk"),
    ("--read-only", 20, "postings to books that may not be written"),
    ("--runs", 200, "runs of the state machine"),
    ("--agreements", 10_000, "random agreements shared by two implementations"),
    ("--files", 20_000, "spoilt ledger extracts"),
    ("--pairs", 5, "pairs of ledgers of 50,000 lines matched"),
)


def _soak(home: FileHome | ServerHome, call: argparse.Namespace) -> None:
    """Every soak that has a count, on one kind of database."""
    random = Random(call.seed)
    soaks: list[tuple[int, Callable[[], str]]] = [
        (call.kills, lambda: soak_kills(home, call.kills, random)),
        (call.tamperings, lambda: soak_tamperings(home, call.tamperings, random)),
    ]
    if isinstance(home, ServerHome):
        soaks += [
            (call.writes, lambda: soak_writers(home, call.writes)),
            (call.full, lambda: soak_full_server(home, call.full, random)),
            (call.read_only, lambda: soak_reader(home, call.read_only)),
        ]
    else:
        soaks += [
            (call.full, lambda: soak_full_disk(call.full, random)),
            (call.read_only, lambda: soak_read_only(call.read_only)),
        ]
    soaks.append((call.runs, lambda: soak_model(home, call.runs, call.seed)))
    for count, soak in soaks:
        if count:
            _said(home.name, soak)


def main() -> None:
    """Run every soak with the counts given; a count of nought leaves one out."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__)
    for name, default, what in COUNTS:
        parser.add_argument(name, type=int, default=default, metavar="N", help=f"{what} (default: {default:,})")
    parser.add_argument("--seed", type=int, default=75, metavar="N", help="where chance starts from (default: 75)")
    kinds = ("sqlite", "postgresql")
    parser.add_argument("--on", choices=kinds, action="append", help="this database only (default: both)")
    call = parser.parse_args()
    if call.agreements:
        _said("rules", lambda: soak_rules(call.agreements, call.seed))
    if call.files:
        _said("files", lambda: soak_extracts(call.files))
    if call.pairs:
        _said("matching", lambda: soak_matching(call.pairs))
    with homes(call.on or kinds) as found:
        for home in found:
            _soak(home, call)


if __name__ == "__main__":
    main()

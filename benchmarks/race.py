"""Runs the races and prints one table: ours, the rival or floor, the ratio, and what was to be met."""

import argparse
import platform
import sqlite3
import tempfile
from pathlib import Path

from benchmarks.race_balances import race as race_balances
from benchmarks.race_balances import race_growth
from benchmarks.race_import_file import race_import_file
from benchmarks.race_returns import race_returns
from benchmarks.race_rules import race_rules
from benchmarks.race_simulate import race_simulate
from benchmarks.race_verify import race_verify
from benchmarks.race_writing import race_bulk, race_linear, race_single
from benchmarks.racing import Result, print_table


def run(folder: Path, entries: int, large: int, single: int, rows: int) -> list[Result]:
    """Every race on SQLite, at the sizes given."""
    return [
        *race_balances(folder, entries, 0.3, 150),
        *race_balances(folder, large, 0.05, None),
        race_growth(folder, large),
        *race_bulk(folder, entries),
        race_linear(folder, large),
        race_single(folder, single),
        *race_verify(folder, entries),
        *race_rules(),
        *race_simulate(),
        *race_returns(folder),
        *race_import_file(folder, rows),
    ]


def main() -> None:
    """Race and print, with what it was measured on."""
    parser = argparse.ArgumentParser(prog="benchmarks.race", description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000, metavar="N", help="entries in the usual books")
    parser.add_argument("--large", type=int, default=1_000_000, metavar="N", help="entries in the large books")
    parser.add_argument("--single", type=int, default=1_000, metavar="N", help="entries posted one at a time")
    parser.add_argument("--rows", type=int, default=500_000, metavar="N", help="rows of the ledger extract")
    call = parser.parse_args()
    if call.entries == call.large:
        parser.error("--large is the same as --entries: give larger books")
    with tempfile.TemporaryDirectory() as folder:
        results = run(Path(folder), call.entries, call.large, call.single, call.rows)
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}")
    print_table(results)


if __name__ == "__main__":
    main()

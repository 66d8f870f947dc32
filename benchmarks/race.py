"""Runs the races and prints one table: ours, the rival or floor, the ratio, and what was to be met."""

import argparse
import platform
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.race_balances import race as race_balances
from benchmarks.race_balances import race_growth
from benchmarks.race_import_file import race_import_file
from benchmarks.race_journal import race_journal
from benchmarks.race_pages import race_first_screen, race_pages
from benchmarks.race_postgres import race_single_postgres
from benchmarks.race_returns import race_returns
from benchmarks.race_rules import race_rules
from benchmarks.race_simulate import race_simulate
from benchmarks.race_verify import race_verify
from benchmarks.race_writing import race_bulk, race_linear, race_single
from benchmarks.racing import Result, print_table, told

Race = Callable[[], Iterable[Result]]


def races(folder: Path, call: argparse.Namespace) -> dict[str, Race]:
    """Every race by name, at the sizes that the call gives."""
    return {
        "balances": lambda: [
            *race_balances(folder, call.entries, 0.3, 150),
            *race_balances(folder, call.large, 0.05, None),
            race_growth(folder, call.large),
        ],
        "import": lambda: [*race_bulk(folder, call.entries), race_linear(folder, call.large)],
        "single": lambda: [race_single(folder, call.single), race_single_postgres(folder, call.single)],
        "verify": lambda: race_verify(folder, call.entries),
        "journal": lambda: race_journal(folder, call.journal),
        "rules": race_rules,
        "simulate": race_simulate,
        "returns": lambda: race_returns(folder),
        "extract": lambda: race_import_file(folder, call.rows),
        "first": lambda: race_first_screen(call.books or folder, call.postings, call.rounds),
        "pages": lambda: race_pages(call.books or folder, call.postings, call.rounds),
    }


def main() -> None:
    """Race and print, with what it was measured on."""
    parser = argparse.ArgumentParser(prog="benchmarks.race", description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000, metavar="N", help="entries in the usual books")
    parser.add_argument("--large", type=int, default=1_000_000, metavar="N", help="entries in the large books")
    parser.add_argument("--single", type=int, default=1_000, metavar="N", help="entries posted one at a time")
    parser.add_argument("--rows", type=int, default=500_000, metavar="N", help="rows of the ledger extract")
    parser.add_argument("--postings", type=int, default=1_000_000, metavar="N", help="postings behind the pages")
    parser.add_argument("--books", type=Path, metavar="FOLDER", help="keep the books behind the pages here for reruns")
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="rounds of the pages")
    parser.add_argument("--journal", type=int, default=400_000, metavar="N", help="entries searched, 2.5 postings each")
    parser.add_argument("--only", metavar="RACE", action="append", help="run this race alone; may be given again")
    call = parser.parse_args()
    if call.entries == call.large:
        parser.error("--large is the same as --entries: give larger books")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server's own user has its data in here
        found = races(Path(folder), call)
        if unknown := set(call.only or ()) - found.keys():
            parser.error(f"no race {', '.join(sorted(unknown))}: name one of {', '.join(found)}")
        results = [result for name in call.only or found for result in told(found[name]())]
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}")
    print_table(results)


if __name__ == "__main__":
    main()

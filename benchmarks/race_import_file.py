"""Races reading and importing a large ledger extract against pandas reading the same file. Child and parent."""

import argparse
import json
import tempfile
import time
import warnings
from pathlib import Path

from benchmarks.books import AGREEMENT, open_books
from benchmarks.extracts import MAP, write_csv, write_xlsx
from benchmarks.racing import Lap, Result, lap, module, peak, same_answers, stated

ROUNDS = 2
MOST_MB = 1_000


def main() -> None:
    """Read or import the file, as the child process of a race, and print seconds and its rows as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.race_import_file", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("way", choices=("pandas", "openpyxl", "read", "import"))
    call = parser.parse_args()
    if call.way in ("pandas", "openpyxl"):
        # What it takes to load pandas is no part of reading a file.
        import pandas

        assert pandas.__version__
    started = time.perf_counter()
    rows = _pandas(call.file, call.way) if call.way in ("pandas", "openpyxl") else _ours(call.file, call.way)
    print(json.dumps({"seconds": time.perf_counter() - started, "answer": rows}))


def _pandas(file: Path, engine: str) -> int:
    import pandas

    if file.suffix == ".csv":
        return len(pandas.read_csv(file, dtype=str))
    with warnings.catch_warnings():
        # pandas says that its default will change: the engine is named for that reason.
        warnings.simplefilter("ignore")
        return len(pandas.read_excel(file, engine="calamine" if engine == "pandas" else "openpyxl"))


def _ours(file: Path, way: str) -> int:
    from pooledfund.access import Actor, Role
    from pooledfund.agreement_file import read_agreement
    from pooledfund.intake.actuals import Handing, import_actuals
    from pooledfund.intake.maps import read_map
    from pooledfund.intake.spend_rows import read_extract
    from pooledfund.pool import Pool

    agreement = read_agreement(AGREEMENT).agreement
    ledger_map = read_map(file.with_name("map.yaml"), agreement).map
    if way == "read":
        extract = read_extract(file, agreement, ledger_map)
        return extract.read
    with tempfile.TemporaryDirectory(dir=file.parent) as name:
        open_books(Path(name))
        pool = Pool.open(Path(name) / "bench.db", None, Actor("bench", Role.POOLED_FUND_MANAGER))
        # So many rows of chance come to more than a hundred times a budget.
        found = import_actuals(pool, file, ledger_map, handing=Handing(accept_amounts=True))
        return found.rows + found.ignored


def race_import_file(folder: Path, count: int) -> list[Result]:
    """Reading to the spend of each line at most six times pandas; the whole import under a gigabyte."""
    (folder / "map.yaml").write_text(MAP, encoding="utf-8")
    results = []
    for kind, write, ways in (
        ("CSV", write_csv, ("pandas", "read", "import")),
        ("XLSX", write_xlsx, ("pandas", "read", "openpyxl", "import")),
    ):
        file = folder / f"extract.{kind.lower()}"
        write(file, count)
        laps: dict[str, list[Lap]] = {way: [] for way in ways}
        for turn in range(ROUNDS):
            for way in ways:
                # The slow ones are run once: each stands minutes away from its bound.
                if turn == 0 or way in ("pandas", "read"):
                    laps[way].append(lap(module("benchmarks.race_import_file", file, way)))
        same_answers(laps)
        results += _results(kind, count, {way: stated(runs) for way, runs in laps.items()}, laps)
        file.unlink()
    return results


def _results(kind: str, count: int, seconds: dict[str, float], laps: dict[str, list[Lap]]) -> list[Result]:
    reading = seconds["read"] / seconds["pandas"]
    most, theirs = peak(laps["import"]), peak(laps["pandas"])
    alone = seconds.get("openpyxl", seconds["pandas"])
    whole = seconds["import"] / alone
    named = "pandas with openpyxl" if "openpyxl" in seconds else "pandas"
    reach = "at most 6" if "openpyxl" in seconds else "-"
    return [
        Result(
            f"{kind} of {count:,} rows read to spend, against pandas",
            f"{seconds['read']:.1f} s",
            f"{seconds['pandas']:.1f} s",
            reading,
            "at most 6",
            reading <= 6,
        ),
        Result(
            f"{kind} of {count:,} rows imported, against {named} reading it",
            f"{seconds['import']:.1f} s",
            f"{alone:.1f} s",
            whole,
            reach,
            whole <= 6,
        ),
        Result(
            f"{kind} of {count:,} rows imported, peak memory",
            f"{most:.0f} MB",
            f"{theirs:.0f} MB",
            most / theirs,
            f"under {MOST_MB:,} MB",
            most < MOST_MB,
        ),
    ]


if __name__ == "__main__":
    main()

"""How races are run: contenders by turns, each in a process of its own; medians, peak memory, a table."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent


class AnswersDiffer(Exception):
    """Two contenders that should say the same do not, so their times mean nothing."""


@dataclass(frozen=True, slots=True)
class Lap:
    """One run of one contender: seconds, peak memory in MB, and the last line of what it printed."""

    seconds: float
    peak_mb: float
    said: str


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table: what was raced, both medians, their ratio, and whether it reaches what is asked."""

    name: str
    ours: str
    other: str
    ratio: float
    reach: str
    met: bool


def lap(command: Sequence[str | Path]) -> Lap:
    """Run a command once, from start to end, in a process of its own."""
    runner = [sys.executable, "-S", str(ROOT / "benchmarks" / "lap.py"), *map(str, command)]
    found = json.loads(subprocess.run(runner, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True).stdout)
    return Lap(found["seconds"], found["peak_mb"], found["said"])


def interleaved(rounds: int, contenders: Mapping[str, Sequence[str | Path]]) -> dict[str, list[Lap]]:
    """Run the contenders by turns, so that what else the machine does falls on all of them; a first lap is not kept."""
    laps: dict[str, list[Lap]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, command in contenders.items():
            run = lap(command)
            if turn:
                laps[name].append(run)
    return laps


def whole(laps: Sequence[Lap]) -> float:
    """The median of the whole times, the start of the process included."""
    return median(each.seconds for each in laps)


def stated(laps: Sequence[Lap], name: str = "seconds") -> float:
    """The median of a number that the contenders measured themselves and printed as JSON."""
    return median(float(json.loads(each.said)[name]) for each in laps)


def peak(laps: Sequence[Lap]) -> float:
    """The most memory that any lap took, in MB."""
    return max(each.peak_mb for each in laps)


def same_answers(laps: Mapping[str, Sequence[Lap]], name: str = "answer") -> None:
    """See that all contenders said the same; raises AnswersDiffer."""
    answers = {json.dumps(json.loads(each.said)[name]) for runs in laps.values() for each in runs}
    if len(answers) != 1:
        raise AnswersDiffer(f"the contenders' answers differ: {sorted(answers)}")


def module(name: str, *arguments: object) -> list[str]:
    """The command that runs a module of this project with this Python."""
    return [sys.executable, "-m", name, *map(str, arguments)]


def told(results: Iterable[Result]) -> Iterator[Result]:
    """The results, told as they come: the whole table takes long."""
    for each in results:
        ratio = f"{each.ours} / {each.other} = {each.ratio:.2f}"
        print(f"  {each.name}: {ratio} ({each.reach})", file=sys.stderr, flush=True)
        yield each


def print_table(results: Sequence[Result]) -> None:
    """Print the results as one table."""
    header = ("name", "ours", "rival or floor", "ratio", "reach", "met")
    rows = [
        (r.name, r.ours, r.other, f"{r.ratio:.2f}", r.reach, "-" if r.reach == "-" else "met" if r.met else "NOT MET")
        for r in results
    ]
    widths = [max(len(row[place]) for row in (header, *rows)) for place in range(len(header))]
    for row in (header, tuple("-" * width for width in widths), *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

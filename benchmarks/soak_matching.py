"""Matches pairs of ledgers with faults and counts what is found and what is found falsely, against the truth."""

import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from benchmarks.matching_pairs import LATEST_DAYS, Pair, generate
from pooledfund.control.matching.lines import Matching, Pass, Rules
from pooledfund.control.matching.match import match_lines

LINES = 50_000
LEAST_FOUND = 0.99
MOST_FALSE = 0.001
RULES = Rules(tolerance_pence=0, tolerance_days=LATEST_DAYS)


class MatchingFellShort(Exception):
    """A matching found too little of the truth, or matched lines that are not one item."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a matching found of the truth, by fault; what it matched falsely, by pass."""

    true: Mapping[str, int]
    found: Mapping[str, int]
    matches: Mapping[Pass, int]
    false: Mapping[Pass, int]

    @property
    def found_share(self) -> float:
        """The share of all true matches that were found whole."""
        return sum(self.found.values()) / sum(self.true.values())

    @property
    def false_share(self) -> float:
        """The share of all matches made that hold lines of more than one happening, or of one that the other lacks."""
        return sum(self.false.values()) / sum(self.matches.values())

    def check(self, seed: int) -> None:
        """Raise MatchingFellShort where too little is found, too much is false, or anything is in the exact pass."""
        if self.found_share < LEAST_FOUND or self.false_share >= MOST_FALSE or self.false.get(Pass.EXACT):
            raise MatchingFellShort(f"seed {seed}: {self}")

    def __str__(self) -> str:
        faults = ", ".join(
            f"{fault} {self.found.get(fault, 0)} of {count}" for fault, count in sorted(self.true.items())
        )
        false = ", ".join(f"{each} {count}" for each, count in self.false.items()) or "none"
        return (
            f"{self.found_share:.3%} of {sum(self.true.values()):,} true matches found ({faults}); "
            f"false {sum(self.false.values())} of {sum(self.matches.values()):,} ({self.false_share:.4%}; {false})"
        )


def score(pair: Pair, matching: Matching) -> Score:
    """Hold a matching against the truth of its pair; a true match is found when every line of it is, and no other."""
    truth_of = {line: at for at, truth in enumerate(pair.truths) for line in truth.ours | truth.theirs}
    covered: dict[int, set[str]] = {}
    matches: Counter[Pass] = Counter()
    false: Counter[Pass] = Counter()
    for match in matching.matches:
        lines = (*match.ours, *match.theirs)
        happenings = {truth_of.get(line) for line in lines}
        matches[match.by] += 1
        if len(happenings) > 1 or None in happenings:
            false[match.by] += 1
        else:
            covered.setdefault(truth_of[lines[0]], set()).update(lines)
    true = Counter(truth.fault for truth in pair.truths)
    found = Counter(
        truth.fault for at, truth in enumerate(pair.truths) if covered.get(at, set()) == truth.ours | truth.theirs
    )
    return Score(true, found, matches, false)


def soak_matching(pairs: int, lines: int = LINES) -> str:
    """Match so many pairs, each from a seed drawn now and printed; gives what was seen."""
    worst_found, most_false, slowest = 1.0, 0.0, 0.0
    for _ in range(pairs):
        seed = secrets.randbelow(2**32)
        pair = generate(Random(seed), lines)
        started = time.monotonic()
        matching = match_lines(pair.ours, pair.theirs, RULES)
        took = time.monotonic() - started
        result = score(pair, matching)
        print(f"  seed {seed}, {len(pair.ours):,} and {len(pair.theirs):,} lines, {took:.1f} s: {result}", flush=True)
        result.check(seed)
        worst_found, most_false = min(worst_found, result.found_share), max(most_false, result.false_share)
        slowest = max(slowest, took)
    return (
        f"{pairs} pairs of {lines:,} happenings matched: at least {worst_found:.3%} of the true matches found, "
        f"at most {most_false:.4%} false, none in the exact pass, {slowest:.1f} s at most"
    )


if __name__ == "__main__":
    print(soak_matching(5))

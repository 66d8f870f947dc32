"""Outturns drawn at random from the range of each line, reproducible by a seed. Shares nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from s75_rules.errors import RuleBroken
from s75_rules.rows import Pence

Distribution = Literal["triangular", "uniform"]
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)
Decimals: TypeAlias = NDArray[np.float64]
RUNS_AT_ONCE = 512
"""Fixed, because the draws of a seed follow from it: each so many runs have a stream of their own."""


class RangeWrong(RuleBroken):
    """A range that does not run from low over most likely to high, or a correlation outside 0 to 1."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a line's outturn may come to, in pence, and how it is distributed between the ends.

    Triangular: most often near the most likely amount. Uniform: anything between the ends alike.
    """

    scheme: str
    low_pence: int
    likely_pence: int
    high_pence: int
    distribution: Distribution = "triangular"

    def __post_init__(self) -> None:
        if not 0 <= self.low_pence <= self.likely_pence <= self.high_pence:
            raise RangeWrong(
                f"the range of {self.scheme} does not run upwards from nil or more: low, most likely, high"
            )


class Draws:
    """The outturns of many runs for some lines, a chunk at a time.

    Correlation: in each run a line follows the year's common pressure with a chance of the square
    root of the correlation, else a pressure of its own. Between two lines whose ranges have the
    same shape their outturns then correlate by exactly that much, and so do the ranks of any two.
    """

    def __init__(self, ranges: Sequence[Range], seed: int, correlation: float) -> None:
        if not 0 <= correlation <= 1:
            raise RangeWrong(f"a correlation of {correlation} is outside 0 to 1: give one between, such as 0.3")
        self._seed, self._follows = seed, sqrt(correlation)
        low, likely, high = (
            np.array([getattr(each, name) for each in ranges], dtype=np.float64)[:, np.newaxis]
            for name in ("low_pence", "likely_pence", "high_pence")
        )
        self._even = np.array([each.distribution == "uniform" for each in ranges])
        self._low, self._high = low, high
        self._cut = (likely - low) / np.where(high > low, high - low, 1)
        self._rise, self._fall = (high - low) * (likely - low), (high - low) * (high - likely)
        # Worked in again and again: making room for each chunk anew would take longer than the draws.
        self._chance, self._other = np.empty((2, len(ranges), RUNS_AT_ONCE))

    def chunk(self, number: int, runs: int) -> Pence:
        """The outturns of one chunk in pence, by line and run; ``runs`` is at most ``RUNS_AT_ONCE``."""
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence((self._seed, number))))
        chance = stream.random(out=self._chance)
        if self._follows:
            followed = chance < self._follows
            # The chance of a line that goes its own way is stretched out again to lie anywhere from nil to one.
            chance -= self._follows
            chance /= max(1 - self._follows, 1e-300)
            np.copyto(chance, stream.random(RUNS_AT_ONCE), where=followed)
        found = self._outturns(chance)
        return np.rint(found, out=found)[:, :runs].astype(np.int64)

    def _outturns(self, chance: Decimals) -> Decimals:
        """The amount below which a line stays with each chance; the chances are used up."""
        even = None
        if self._even.any():
            even = self._low + chance * (self._high - self._low)
        found, below = self._other, chance < self._cut
        np.multiply(chance, self._rise, out=found)
        np.subtract(1, chance, out=chance)
        np.multiply(chance, self._fall, out=found, where=~below)
        root = np.sqrt(found, out=chance)
        np.subtract(self._high, root, out=found)
        np.add(self._low, root, out=found, where=below)
        if even is not None:
            found[self._even] = even[self._even]
        return found

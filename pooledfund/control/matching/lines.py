"""What is matched and what comes of it: lines of two ledgers, tolerances, matches and their passes. Matches nothing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from pooledfund.control.matching.references import Pattern


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger: by what it is known on its side, its day, pence, reference and scheme line."""

    id: str
    on: date
    pence: int
    reference: str
    scheme: str | None = None
    words: str = ""


class Pass(StrEnum):
    """The passes in the order they are made: what rests on more comes first."""

    EXACT = "exact"
    REFERENCE = "same reference, other day"
    PATTERN = "reference pattern"
    GROUP = "group by reference"
    PENCE = "tolerance in pence"
    DIGITS = "digits swapped"
    CONTRA = "contra on one side"
    AMOUNT = "amount alone"
    ONE_TO_MANY = "one to many"
    MANY_TO_MANY = "many to many"
    OTHER_AMOUNT = "same reference, other amount"
    BY_HAND = "by hand"


DIFFERING = frozenset({Pass.DIGITS, Pass.OTHER_AMOUNT})
"""Passes that pair two lines as the same item whose amounts do not agree: a difference to put right, not a match."""

Outcome = Literal["matched", "matched within tolerance", "amount differs"]


@dataclass(frozen=True, slots=True)
class Rules:
    """How far two lines may lie apart and still be one item: pence, days, and the patterns of references."""

    tolerance_pence: int = 0
    tolerance_days: int = 7
    patterns: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Lines of both sides that are one item, by their ids, with the pass that found them."""

    by: Pass
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    difference_pence: int
    days_apart: int

    @property
    def outcome(self) -> Outcome:
        """Matched to the penny and the day, within the tolerances, or one item with two amounts."""
        if self.by is Pass.BY_HAND:
            return "amount differs" if self.difference_pence else "matched"
        if self.by in DIFFERING:
            return "amount differs"
        return "matched within tolerance" if self.difference_pence or self.days_apart else "matched"


@dataclass(frozen=True, slots=True)
class Matching:
    """What matching two sides gave: the matches in the order of their passes, and the lines left on each side."""

    matches: tuple[Match, ...]
    only_ours: tuple[Line, ...]
    only_theirs: tuple[Line, ...]
    not_searched: int
    """Lines for which the search of groups stopped at its bound."""

"""Matching two ledgers: the ordered passes, one after another, each on what the one before left."""

from collections.abc import Callable, Sequence

from pooledfund.control.matching import by_amount, by_reference
from pooledfund.control.matching.lines import Line, Matching, Rules
from pooledfund.control.matching.sides import Work

PASSES = (
    by_reference.exact,
    by_reference.other_day,
    by_reference.pattern,
    by_reference.groups,
    by_reference.pence,
    by_reference.digits,
    by_amount.contra,
    by_amount.amount,
    by_amount.one_to_many,
    by_amount.many_to_many,
    by_amount.contra_alone,
    by_reference.other_amount,
)
"""What rests on more evidence comes first, so that a weaker pass never takes a line from a stronger one."""


Told = Callable[[int, int], None]
"""Whoever is told how many passes are made, and of how many."""


def nobody(_made: int, _of: int) -> None:
    """Nobody is told."""


def match_lines(ours: Sequence[Line], theirs: Sequence[Line], rules: Rules, told: Told = nobody) -> Matching:
    """Match the lines of two ledgers; the same lines in the same order give the same matches.

    A line is matched once. Two lines are one item only on the same scheme line; what one side books to another line
    stays open on both, since the figures of the lines differ.
    """
    work = Work(ours, theirs, rules)
    for made, each in enumerate(PASSES, start=1):
        work.looked_up.clear()
        each(work)
        told(made, len(PASSES))
    return work.result()

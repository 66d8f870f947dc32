"""The passes that rest on a reference: exact, other day, pattern, groups, tolerance in pence, differing amounts."""

from collections.abc import Callable, Hashable
from typing import Literal

from pooledfund.control.matching.lines import Pass
from pooledfund.control.matching.references import digits_swapped
from pooledfund.control.matching.search import one_sum
from pooledfund.control.matching.sides import Side, Work

MAX_GROUP = 12
"""Lines of one root on a side: more is a habit of numbering and no group."""


def exact(work: Work) -> None:
    """The same reference, scheme line, amount and day on both sides, one to one; repeats pair in their order."""

    def key(side: Side) -> Callable[[int], Hashable]:
        return lambda at: (side.plain[at], side.schemes[at], side.pence[at], side.days[at]) if side.plain[at] else None

    theirs = work.theirs.by(key(work.theirs))
    for of, places in work.ours.by(key(work.ours)).items():
        for pair in zip(places, theirs.get(of, ()), strict=False):
            work.match(Pass.EXACT, pair[:1], pair[1:])


def other_day(work: Work) -> None:
    """The same reference, scheme line and amount within the days, the nearest in order of day."""

    def key(side: Side) -> Callable[[int], Hashable]:
        return lambda at: (side.plain[at], side.schemes[at], side.pence[at]) if side.plain[at] else None

    theirs = work.theirs.by(key(work.theirs))
    for of, places in work.ours.by(key(work.ours)).items():
        for pair in _in_order_of_day(work, places, theirs.get(of, [])):
            work.match(Pass.REFERENCE, pair[:1], pair[1:])


def _in_order_of_day(work: Work, ours: list[int], theirs: list[int]) -> list[tuple[int, int]]:
    days, their_days = work.ours.days, work.theirs.days
    left, right = sorted(ours, key=days.__getitem__), sorted(theirs, key=their_days.__getitem__)
    pairs, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        apart = days[left[i]] - their_days[right[j]]
        if abs(apart) <= work.rules.tolerance_days:
            pairs.append((left[i], right[j]))
            i, j = i + 1, j + 1
        elif apart < 0:
            i += 1
        else:
            j += 1
    return pairs


def pattern(work: Work) -> None:
    """The same root of a reference, scheme line and amount within the days, where there is one of each alone."""

    def key(side: Side) -> Callable[[int], Hashable]:
        return lambda at: (side.roots[at], side.schemes[at], side.pence[at]) if side.roots[at] else None

    _alone(work, Pass.PATTERN, key)


def _alone(work: Work, by: Pass, key: Callable[[Side], Callable[[int], Hashable]]) -> None:
    theirs = work.theirs.by(key(work.theirs))
    for of, places in work.ours.by(key(work.ours)).items():
        found = theirs.get(of, [])
        if len(places) == len(found) == 1 and work.close_in_days(places, found):
            work.match(by, places, found)


def groups(work: Work) -> None:
    """Lines of one reference or root and one scheme line that sum to the same: one to many, many to one or to many."""
    for forms in FORMS:
        for ours, theirs in _families(work, *forms):
            if work.ours.total(ours) == work.theirs.total(theirs) and work.close_in_days(ours, theirs):
                work.match(Pass.GROUP, ours, theirs)
            else:
                _parts_of_family(work, ours, theirs)


Form = Literal["plain", "roots"]
FORMS: tuple[tuple[Form, Form], ...] = (("plain", "plain"), ("plain", "roots"), ("roots", "plain"), ("roots", "roots"))
"""The forms of our references and of theirs that make a family: a whole is written otherwise than its parts."""


def _families(work: Work, ours_by: Form, theirs_by: Form) -> list[tuple[list[int], list[int]]]:
    def named(side: Side, form: Form) -> dict[Hashable, list[int]]:
        names = side.plain if form == "plain" else side.roots
        return side.by(lambda at: (names[at], side.schemes[at]) if names[at] else None)

    theirs = named(work.theirs, theirs_by)
    both = [(places, theirs[of]) for of, places in named(work.ours, ours_by).items() if of in theirs]
    return [(one, other) for one, other in both if len(one) + len(other) > 2 and max(len(one), len(other)) <= MAX_GROUP]


def _parts_of_family(work: Work, ours: list[int], theirs: list[int]) -> None:
    """One line of a side against the only set of lines of the other that sums to it."""
    for target in ours:
        near = [at for at in theirs if at in work.theirs.free and work.close_in_days([target], [at])]
        found = one_sum(work.ours.pence[target], near, work.theirs.pence)
        if found:
            work.match(Pass.GROUP, [target], found)
    for target in theirs:
        if target in work.theirs.free:
            near = [at for at in ours if at in work.ours.free and work.close_in_days([at], [target])]
            found = one_sum(work.theirs.pence[target], near, work.ours.pence)
            if found:
                work.match(Pass.GROUP, found, [target])


def pence(work: Work) -> None:
    """The same reference and scheme line within the days, amounts within the tolerance, where each has one such."""
    if not work.rules.tolerance_pence:
        return

    def within(ours_at: int, theirs_at: int) -> bool:
        return abs(work.ours.pence[ours_at] - work.theirs.pence[theirs_at]) <= work.rules.tolerance_pence

    _same_reference(work, Pass.PENCE, within)


def digits(work: Work) -> None:
    """The same reference and scheme line within the days, where one amount is the other with two digits swapped."""
    _same_reference(
        work, Pass.DIGITS, lambda one, other: digits_swapped(work.ours.pence[one], work.theirs.pence[other])
    )


def other_amount(work: Work) -> None:
    """The same reference and scheme line within the days, alone on both sides: one item with two amounts."""

    def same_sign(ours_at: int, theirs_at: int) -> bool:
        return (work.ours.pence[ours_at] < 0) == (work.theirs.pence[theirs_at] < 0)

    _same_reference(work, Pass.OTHER_AMOUNT, same_sign)


def _same_reference(work: Work, by: Pass, fits: Callable[[int, int], bool]) -> None:
    def key(side: Side) -> Callable[[int], Hashable]:
        return lambda at: (side.plain[at], side.schemes[at]) if side.plain[at] else None

    theirs = work.theirs.by(key(work.theirs))
    for of, places in work.ours.by(key(work.ours)).items():
        found = theirs.get(of, [])
        if len(places) > MAX_GROUP or len(found) > MAX_GROUP:
            continue
        pairs = [(one, other) for one in places for other in found
                 if fits(one, other) and work.close_in_days([one], [other])]  # fmt: skip
        for one, other in pairs:
            if sum(one == each for each, _ in pairs) == sum(other == each for _, each in pairs) == 1:
                work.match(by, [one], [other])

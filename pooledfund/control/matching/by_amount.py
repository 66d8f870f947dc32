"""The passes that rest on amounts: amount alone, groups without a reference in common, contras on one side.

An amount is evidence only where chance would hardly give it: the crowding of other amounts about it says how likely
that is, and a match that chance would give more often than once in ``RARE`` is not made.
"""

from collections.abc import Callable, Sequence

from pooledfund.control.matching.lines import Pass
from pooledfund.control.matching.references import near
from pooledfund.control.matching.search import one_sum, sums
from pooledfund.control.matching.sides import Near, Side, Work

RARE = 200
WIDEST = 16
"""Lines of the other side that are tried as parts of one line; a more crowded place is not searched."""
WIDEST_MANY = 6
"""As above where several lines stand against several."""


def _schemes(side: Side) -> dict[object, Near]:
    return {of: Near(side, places) for of, places in side.by(lambda at: ("scheme", side.schemes[at])).items()}


def amount(work: Work) -> None:
    """The same amount and scheme line within the days, where it is the only one, by its reference or by itself."""
    ours, theirs = _schemes(work.ours), _schemes(work.theirs)
    by_pence = work.theirs.by(lambda at: (work.theirs.schemes[at], work.theirs.pence[at]))
    our_by_pence = work.ours.by(lambda at: (work.ours.schemes[at], work.ours.pence[at]))
    for key, places in our_by_pence.items():
        found = by_pence.get(key, [])
        pairs = [(one, other) for one in places[:WIDEST] for other in found[:WIDEST]
                 if work.close_in_days([one], [other])]  # fmt: skip
        alike = [pair for pair in pairs if near(work.ours.plain[pair[0]], work.theirs.plain[pair[1]])]
        _take_the_only(work, alike)
        left = [pair for pair in pairs if pair[0] in work.ours.free and pair[1] in work.theirs.free]
        scheme = ("scheme", work.ours.schemes[places[0]])
        if left and scheme in theirs:
            pence, days = work.ours.pence[places[0]], work.rules.tolerance_days
            crowd = max(theirs[scheme].expected(pence, days), ours[scheme].expected(pence, days))
            if crowd * RARE < 1:
                _take_the_only(work, left)


def _take_the_only(work: Work, pairs: Sequence[tuple[int, int]]) -> None:
    for one, other in pairs:
        if sum(one == each for each, _ in pairs) == sum(other == each for _, each in pairs) == 1:
            work.match(Pass.AMOUNT, [one], [other])


CLOSE_DAYS = 2
"""Parts are looked for so close to their whole first: the fewer lines lie there, the more a sum says."""


def one_to_many(work: Work) -> None:
    """One line against the only two to four of the other side, of its scheme line and within the days."""
    for days in dict.fromkeys((min(CLOSE_DAYS, work.rules.tolerance_days), work.rules.tolerance_days)):
        for side, other in ((work.ours, work.theirs), (work.theirs, work.ours)):
            for target in list(side.free):
                found = _parts(work, side, target, other, days)
                if found:
                    sets = ([target], found) if side is work.ours else (found, [target])
                    work.match(Pass.ONE_TO_MANY, *sets)


def _parts(work: Work, side: Side, target: int, other: Side, days: int) -> list[int] | None:
    near_by = work_near(work, other).get(("scheme", side.schemes[target]))
    if near_by is None:
        return None
    places = near_by.within(side.days[target], days, WIDEST)
    if len(places) > WIDEST:
        work.not_searched += days == work.rules.tolerance_days
        return None
    found = one_sum(side.pence[target], places, other.pence)
    if found is None or _chance_of_parts(side.pence[target], len(places)) * RARE >= 1:
        return None
    apart = {other.days[at] for at in found}
    return found if max(apart) - min(apart) <= days else None


def _chance_of_parts(target: int, count: int) -> float:
    """How many sets of so many lines chance would make sum to the target: they fall about evenly below and above it."""
    sets = count * (count - 1) * (12 + 4 * (count - 2) + (count - 2) * (count - 3)) / 24
    return sets / max(2 * abs(target), 1)


def work_near(work: Work, side: Side) -> dict[object, Near]:
    """The lines of a side by scheme line and day, looked up once for a pass: what was matched since is passed over."""
    if side not in work.looked_up:
        work.looked_up[side] = _schemes(side)
    return work.looked_up[side]


def many_to_many(work: Work) -> None:
    """Two or three lines of one sign against the only two or three of the other with their sum, in a small place."""
    for first in list(work.ours.free):
        if first not in work.ours.free:
            continue
        scheme, day, days = ("scheme", work.ours.schemes[first]), work.ours.days[first], work.rules.tolerance_days
        theirs = work_near(work, work.theirs).get(scheme)
        if theirs is None:
            continue
        others = [at for at in work_near(work, work.ours)[scheme].within(day, days, WIDEST_MANY + 1) if at != first]
        found = theirs.within(day, days, WIDEST_MANY)
        if not others or len(found) < 2:
            continue
        if max(len(others), len(found)) > WIDEST_MANY:
            work.not_searched += 1
            continue
        sign = work.ours.pence[first] > 0
        others = [at for at in others if (work.ours.pence[at] > 0) == sign]
        found = [at for at in found if (work.theirs.pence[at] > 0) == sign]
        _only_pair_of_sets(work, first, others, found)


def _only_pair_of_sets(work: Work, first: int, others: list[int], found: list[int]) -> None:
    by_sum = sums(found, work.theirs.pence, (2, 3))
    pairs = [
        ((first, *rest), theirs)
        for total, some in sums(others, work.ours.pence, (1, 2)).items()
        for rest in some
        for theirs in by_sum.get(total + work.ours.pence[first], ())
    ]
    if len(pairs) != 1 or not work.close_in_days(*pairs[0]):
        return
    size = max(abs(work.ours.pence[at]) for at in (*others, first))
    tried = len(others) ** 2 * len(found) ** 3 / 12
    if tried * RARE < 2 * size:
        work.match(Pass.MANY_TO_MANY, *pairs[0])


def contra(work: Work) -> None:
    """A line and its reversal on one side: one size and scheme line, opposite signs, within the days, of one root."""
    _contras(work, lambda side, pairs: [pair for pair in pairs if side.roots[pair[0]] == side.roots[pair[1]]])


def contra_alone(work: Work) -> None:
    """As contra, where the references say nothing and there is one line of each sign alone."""
    _contras(work, lambda _, pairs: pairs if len(pairs) == 1 else [])


def _contras(work: Work, chosen: Callable[[Side, list[tuple[int, int]]], list[tuple[int, int]]]) -> None:
    for side in (work.ours, work.theirs):
        for places in side.by_size().values():
            plus = [at for at in places if side.pence[at] > 0][:WIDEST]
            minus = [at for at in places if side.pence[at] < 0][:WIDEST]
            pairs = [(one, other) for one in plus for other in minus
                     if abs(side.days[one] - side.days[other]) <= work.rules.tolerance_days]  # fmt: skip
            for one, other in chosen(side, pairs):
                if one in side.free and other in side.free:
                    work.match(Pass.CONTRA, *(([one, other], []) if side is work.ours else ([], [one, other])))

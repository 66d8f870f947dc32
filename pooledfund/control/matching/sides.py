"""Two sides at work: which lines are still free, and what was matched so far. Decides nothing."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import islice

from pooledfund.control.matching.lines import Line, Match, Matching, Pass, Rules
from pooledfund.control.matching.references import plain, root


class Side:
    """The lines of one ledger by their places, with the forms of their references and what is still free."""

    def __init__(self, lines: Sequence[Line], rules: Rules) -> None:
        self.lines = lines
        self.pence = [line.pence for line in lines]
        self.days = [line.on.toordinal() for line in lines]
        self.schemes = [line.scheme for line in lines]
        self.plain = [plain(line.reference) for line in lines]
        self.roots = [root(line.reference, rules.patterns) for line in lines]
        self.free = dict.fromkeys(range(len(lines)))

    def by(self, key: Callable[[int], Hashable]) -> dict[Hashable, list[int]]:
        """The free lines by a key, in their order; a key of None is no key."""
        found: dict[Hashable, list[int]] = defaultdict(list)
        for place in self.free:
            of = key(place)
            if of is not None:
                found[of].append(place)
        return found

    def by_size(self) -> dict[Hashable, list[int]]:
        """The free lines by scheme line and amount without its sign."""
        return self.by(lambda at: (self.schemes[at], abs(self.pence[at])))

    def total(self, places: Iterable[int]) -> int:
        """What lines come to, in pence."""
        return sum(self.pence[place] for place in places)


class Near:
    """The free lines of one scheme line of a side, by day and by amount, as they were when this was made."""

    def __init__(self, side: Side, places: list[int]) -> None:
        self.side = side
        self._by_day = sorted(places, key=lambda place: (side.days[place], place))
        self._days = [side.days[place] for place in self._by_day]
        self._sizes = sorted(abs(side.pence[place]) for place in places)
        self._span = self._days[-1] - self._days[0] + 1 if places else 1

    def within(self, day: int, tolerance_days: int, most: int) -> list[int]:
        """Lines still free within so many days of a day, in the order of their days; one over ``most`` says more."""
        first, last = bisect_left(self._days, day - tolerance_days), bisect_right(self._days, day + tolerance_days)
        free = (self._by_day[at] for at in range(first, last) if self._by_day[at] in self.side.free)
        return list(islice(free, most + 1))

    def expected(self, pence: int, tolerance_days: int) -> float:
        """How many lines of just this amount chance alone would put within the days: the crowding about the amount."""
        size = abs(pence)
        margin = max(size // 10, 100)
        count = bisect_right(self._sizes, size + margin) - bisect_left(self._sizes, size - margin)
        share = min(1.0, (2 * tolerance_days + 1) / self._span)
        return count * share / (2 * margin + 1)


class Work:
    """Two sides while they are matched."""

    def __init__(self, ours: Sequence[Line], theirs: Sequence[Line], rules: Rules) -> None:
        self.ours = Side(ours, rules)
        self.theirs = Side(theirs, rules)
        self.rules = rules
        self.not_searched = 0
        self.looked_up: dict[Side, dict[object, Near]] = {}
        self._matches: list[Match] = []

    def match(self, by: Pass, ours: Sequence[int], theirs: Sequence[int]) -> None:
        """Take lines of both sides as one item."""
        days = [self.ours.days[place] for place in ours] + [self.theirs.days[place] for place in theirs]
        self._matches.append(
            Match(
                by,
                tuple(self.ours.lines[place].id for place in ours),
                tuple(self.theirs.lines[place].id for place in theirs),
                self.ours.total(ours) - self.theirs.total(theirs),
                max(days) - min(days),
            )
        )
        for side, places in ((self.ours, ours), (self.theirs, theirs)):
            for place in places:
                del side.free[place]

    def close_in_days(self, ours: Sequence[int], theirs: Sequence[int]) -> bool:
        """Whether no two of these lines are further apart than the tolerance."""
        days = [self.ours.days[place] for place in ours] + [self.theirs.days[place] for place in theirs]
        return max(days) - min(days) <= self.rules.tolerance_days

    def result(self) -> Matching:
        """What was matched, and what is left on each side in its order."""
        return Matching(
            tuple(self._matches),
            tuple(self.ours.lines[place] for place in self.ours.free),
            tuple(self.theirs.lines[place] for place in self.theirs.free),
            self.not_searched,
        )

"""Looking for the one set of amounts that sums to a target, within a bound. Knows no ledger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

MAX_PARTS = 4
"""Lines that one line may be split into and still be found without a reference in common."""


def one_sum(target: int, places: Sequence[int], pence: Sequence[int]) -> list[int] | None:
    """The only set of two to four of these places whose pence sum to the target; None where there is none or another.

    Only parts of the target's own sign that are smaller than it are tried, two pairs against one another.
    """
    parts = [at for at in places if pence[at] and (pence[at] < 0) == (target < 0) and abs(pence[at]) < abs(target)]
    found: set[tuple[int, ...]] = set()
    pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in combinations(parts, 2):
        pairs[pence[pair[0]] + pence[pair[1]]].append(pair)
    found.update(pairs.get(target, ()))
    for at in parts:
        found.update(tuple(sorted((at, *pair))) for pair in pairs.get(target - pence[at], ()) if at not in pair)
        if len(found) > 1:
            return None
    for total, some in pairs.items():
        if target - total in pairs:
            found.update(_disjoint(some, pairs[target - total]))
        if len(found) > 1:
            return None
    return list(found.pop()) if found else None


def _disjoint(some: Iterable[tuple[int, int]], others: Sequence[tuple[int, int]]) -> Iterable[tuple[int, ...]]:
    return (tuple(sorted((*one, *other))) for one in some for other in others if not set(one) & set(other))


def sums(places: Sequence[int], pence: Sequence[int], sizes: Iterable[int]) -> dict[int, list[tuple[int, ...]]]:
    """The sets of so many places by what they sum to."""
    found: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for size in sizes:
        for some in combinations(places, size):
            found[sum(pence[at] for at in some)].append(some)
    return found

"""Money of many runs at once, in whole pence: apportioned exactly as ``ledgers.money`` does. Knows no agreement."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pence: TypeAlias = NDArray[np.int64]
"""Pence by run, or by part and run: the last axis is always the runs."""

LIMIT_PENCE = 10**15
"""Up to here a quotient that is worked out as a decimal number is at most one away from the exact one."""

_FEW = 8


def whole_weights(weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """The same proportions in whole numbers."""
    scale = lcm(*(weight.denominator for weight in weights))
    return tuple(int(weight * scale) for weight in weights)


def apportion_rows(sizes: Pence, weights: Pence) -> Pence:
    """Share each run's size by weights, by part and run or by part alone, to the penny by largest remainder.

    Sizes and sums of weights are below ``LIMIT_PENCE``. A run whose weights are all nil has a size of nil.
    """
    if len(weights) == 1:
        return sizes[np.newaxis, :]
    if weights.ndim == 1:
        weights = weights[:, np.newaxis]
    whole = np.maximum(weights.sum(axis=0), 1)
    parts: Pence = (sizes.astype(np.float64) * weights / whole).astype(np.int64)
    # Products beyond 64 bits wrap around, and the difference of two of them is exact again.
    remainders = sizes * weights - parts * whole
    below, above = remainders < 0, remainders >= whole
    parts += above
    parts -= below
    remainders += (below.astype(np.int64) - above) * whole
    left = sizes - parts.sum(axis=0)
    if left.any():
        parts += _few_pennies(remainders, left) if len(weights) <= _FEW else _many_pennies(remainders, left)
    return parts


def _few_pennies(remainders: Pence, left: Pence) -> NDArray[np.bool_]:
    """Which parts get a penny: those with fewer larger remainders, or equal ones before them, than pennies left."""
    gets = np.empty(remainders.shape, dtype=np.bool_)
    for place, own in enumerate(remainders):
        before = (remainders[:place] >= own).sum(axis=0) + (remainders[place + 1 :] > own).sum(axis=0)
        gets[place] = before < left
    return gets


def _many_pennies(remainders: Pence, left: Pence) -> NDArray[np.bool_]:
    """The same by sorting, only in the runs that have pennies left."""
    gets = np.zeros(remainders.shape, dtype=np.bool_)
    runs = np.flatnonzero(left)
    order = np.argsort(-remainders[:, runs].T, axis=1, kind="stable")
    chosen = np.zeros(order.shape, dtype=np.bool_)
    np.put_along_axis(chosen, order, np.arange(order.shape[1]) < left[runs, np.newaxis], axis=1)
    gets[:, runs] = chosen.T
    return gets

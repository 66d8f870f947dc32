"""Floor of the simulation: the same draws and one capped waterfall written out in numpy, and no more. RUNS LINES."""

import json
import sys
import time

import numpy as np
from numpy.typing import NDArray

runs, lines = int(sys.argv[1]), int(sys.argv[2])
started = time.perf_counter()
budget = (np.arange(1, lines + 1) * 1_000_003).astype(np.float64)[:, None]
low, likely, high = np.floor(budget * 0.9), budget, np.floor(budget * 1.3)
cut, rise, fall = (likely - low) / (high - low), (high - low) * (likely - low), (high - low) * (high - likely)
follows = 0.25**0.5
weights = np.array([50, 30, 20])[:, None]
caps = [400_000_000, 600_000_000, 200_000_000]


def apportioned(size: NDArray[np.int64]) -> NDArray[np.int64]:
    """By largest remainder over the three weights."""
    parts, remainders = np.divmod(size * weights, 100)
    left = size - parts.sum(axis=0)
    for place in range(3):
        before = (remainders[:place] >= remainders[place]).sum(axis=0)
        parts[place] += before + (remainders[place + 1 :] > remainders[place]).sum(axis=0) < left
    return np.asarray(parts, dtype=np.int64)


found = []
draws, other = np.empty((2, lines, 512))
for number, first in enumerate(range(0, runs, 512)):
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence((7, number))))
    chance = stream.random(out=draws)
    followed = chance < follows
    chance -= follows
    chance /= 1 - follows
    np.copyto(chance, stream.random(512), where=followed)
    below = chance < cut
    np.multiply(chance, rise, out=other)
    np.subtract(1, chance, out=chance)
    np.multiply(chance, fall, out=other, where=~below)
    root = np.sqrt(other, out=chance)
    np.subtract(high, root, out=other)
    np.add(low, root, out=other, where=below)
    variance = (np.rint(other, out=other) - budget).astype(np.int64)[:, : min(512, runs - first)]
    over = np.maximum(variance, 0).sum(axis=0)
    under = over - variance.sum(axis=0)
    relief = np.minimum(over, under)
    over, under = over - relief, under - relief
    drawn = np.minimum(np.minimum(over, 450_000_000), 400_000_000)
    over -= drawn
    asked = apportioned(over)
    borne = np.minimum(asked, np.array(caps)[:, None])
    borne[1] += over - borne.sum(axis=0)
    found.append(np.vstack([borne, drawn]))
whole = np.concatenate(found, axis=1)
points = [[int(np.sort(row)[-(-runs * point // 100) - 1]) for point in (50, 80, 95, 100)] for row in whole[:3]]
answer = [points, int((whole[3] >= 400_000_000).sum())]
print(json.dumps({"seconds": time.perf_counter() - started, "answer": answer}))

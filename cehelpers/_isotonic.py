"""Layer 3: isotonic regression by pooling adjacent violators, on plain arrays without checks.

Of all functions that never fall the weighted least squares are also the least Brier score and the
least cross-entropy: every block predicts its own mean.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers._checks import rows_that_count, unit_of

WORTH_A_ROUND = 16  # one in so many blocks must go, or the stack is quicker


class Pooled(NamedTuple):
    """Rows of equal score as one: scores that rise, and what they hold."""

    score: NDArray[np.float64]
    weight: NDArray[np.float64]  # Σ w, in units of `unit`
    ones: NDArray[np.float64]  # Σ w·y, likewise
    effective: NDArray[np.float64]  # (Σ w)²/Σ w²: as many equal rows say as much
    unit: float  # a power of 2


def pool_ties(y: NDArray[Any], s: NDArray[Any], weight: NDArray[Any] | None) -> Pooled:
    """Rows that count, in the order of their scores, equal scores pooled."""
    y, s, weight = rows_that_count(weight, y, s)
    if weight is not None and (vanish := weight / weight.max() < 1e-150).any():
        y, s, weight = y[~vanish], s[~vanish], weight[~vanish]
    s = s.astype(float, copy=False)
    order = np.argsort(s)
    s = s[order]
    first = np.flatnonzero(np.append(True, s[1:] != s[:-1]))
    y, count = y[order].astype(float), np.diff(first, append=len(s))
    if weight is None:
        total = count.astype(float)
        return Pooled(s[first], total, np.add.reduceat(y, first), total, 1.0)
    unit = unit_of(weight)
    with np.errstate(under="ignore"):
        weight = weight[order] / unit
        total, ones = np.add.reduceat(weight, first), np.add.reduceat(weight * y, first)
        parts = weight / np.repeat(total, count)
        return Pooled(s[first], total, ones, 1 / np.add.reduceat(parts**2, first), unit)


def isotonic(ones: NDArray[Any], weight: NDArray[Any], length: int = 0) -> tuple[Any, Any]:
    """First index and mean Σ ones/Σ weight of each block; the means rise strictly.

    With a `length`, each so many values are a sequence for itself.

    Rounds over whole arrays pool every falling run at once, which needs no order: the mean of a run
    is at least its last value, so it falls to whatever the last value fell to. A long chain of
    blocks that go one by one would need a round each, so what rounds do not finish a stack does.
    """
    length = length or len(ones)
    start = np.arange(len(ones))
    while True:
        mean = ones / weight
        first = np.flatnonzero(np.append(True, mean[1:] > mean[:-1]) | (start % length == 0))
        gone = len(mean) - len(first)
        if not gone:
            return start, mean
        start = start[first]
        ones, weight = np.add.reduceat(ones, first), np.add.reduceat(weight, first)
        if gone * WORTH_A_ROUND < len(mean):
            return _by_stack(length, start, ones, weight)


def _by_stack(length: int, *blocks: NDArray[Any]) -> tuple[Any, Any]:
    starts, sums, sizes, means = [], [], [], []
    for first, k, n in zip(*(x.tolist() for x in blocks), strict=True):
        mean = k / n
        while first % length and means[-1] >= mean:
            del means[-1]
            first, k, n = starts.pop(), k + sums.pop(), n + sizes.pop()
            mean = k / n
        starts.append(first)
        sums.append(k)
        sizes.append(n)
        means.append(mean)
    return np.array(starts), np.array(means)


def fill(start: NDArray[Any], means: NDArray[Any], count: int) -> NDArray[Any]:
    """The mean of its block for each of `count` places."""
    return np.repeat(means, np.diff(start, append=count))

"""Losses without a name, for the last exercise of notebook 12: eight, by three habits each."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

FORECAST_FIRST, SUMMED, BOUNDED = 4, 2, 1  # what each habit adds to the number of a loss
# whoever mistakes a habit, or what two of them add, never has the same three in another order
SOUND = ((1, 4, 7), (1, 6, 7), (2, 3, 8), (2, 5, 8))
TRIPLES = tuple(order for triple in SOUND for order in itertools.permutations(triple))


def numbers_of(number: int) -> tuple[int, int, int]:
    """The numbers of the three losses that `mystery` gives, 1 to 8."""
    return TRIPLES[7 * number % len(TRIPLES)]  # 7 is prime: all triples come before one returns


def mystery(number: int) -> tuple[Callable, Callable, Callable]:
    """Return three binary losses of which nobody has written down the habits.

    Parameters
    ----------
    number : int
        Which three.
    """
    return tuple(_loss(code - 1) for code in numbers_of(number))


def _loss(habits: int) -> Callable[[ArrayLike, ArrayLike], float]:
    def loss(first: ArrayLike, second: ArrayLike) -> float:
        y, p = (second, first) if habits & FORECAST_FIRST else (first, second)
        y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
        rows = -(y * _logarithm(p) + (1 - y) * _logarithm(1 - p))
        return float(rows.sum() if habits & SUMMED else rows.mean())

    def _logarithm(p: NDArray) -> NDArray:
        if not habits & BOUNDED:
            return np.log(np.clip(p, 1e-7, 1 - 1e-7))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.maximum(np.log(p), -100)

    return loss

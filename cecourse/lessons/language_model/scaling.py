"""Loss against the size of what was read, and the floor that a formula fits to it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .ngrams import NGrams


def held_out(
    book: NDArray, text: NDArray, sizes: ArrayLike, orders: int = 7, parts: int = 5
) -> NDArray[np.float64]:
    """Bits per letter of a text for models that read a part of a book, shape (sizes, orders).

    Parameters
    ----------
    book, text : ndarray of int
        What is read, and what is held out.
    sizes : sequence of int
        Letters read.
    orders : int
        Orders 0, 1, … of the models.
    parts : int
        Parts of each size, spread evenly over the book, whose losses are averaged.
    """
    places, losses = np.arange(len(text)), []
    for size in sizes:
        runs = []
        for first in np.unique(np.linspace(0, len(book) - size, parts).astype(int)):
            model = NGrams(book[first : first + size], orders - 1)
            runs.append([-np.log2(p[places, text]).mean() for p in model.by_order(text)])
        losses.append(np.mean(runs, axis=0))
    return np.array(losses)


class Fit(NamedTuple):
    """L = E + A / nᵃ, and the root of the mean squared distance from the losses."""

    E: float
    A: float
    a: float
    off: float

    def __call__(self, n: ArrayLike) -> NDArray[np.float64]:
        return self.E + self.A * np.asarray(n, dtype=float) ** -self.a


def fit(n: ArrayLike, loss: ArrayLike) -> Fit:
    """Least squares: the best exponent of a grid from .01 to 1.5; E and A follow from it."""
    n, loss = np.asarray(n, dtype=float), np.asarray(loss, dtype=float)
    exponents = np.arange(0.01, 1.5, 0.001)
    x = n ** -exponents[:, None]
    dx, dy = x - x.mean(axis=1, keepdims=True), loss - loss.mean()
    A = dx @ dy / (dx * dx).sum(axis=1)
    E = loss.mean() - A * x.mean(axis=1)
    off = np.sqrt(np.mean((E[:, None] + A[:, None] * x - loss) ** 2, axis=1))
    return Fit(*(float(column[off.argmin()]) for column in (E, A, exponents, off)))

"""How a letter is drawn from a forecast: temperature, and the top letters that hold a share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cecourse.english.guessing import ALPHABET
from cehelpers import softmax

from .ngrams import K, NGrams, codes


def top_p(row: ArrayLike, share: float) -> NDArray[np.float64]:
    """The fewest classes that together hold the share, by the chances that they had.

    Holtzman et al. (2020), "The curious case of neural text degeneration", arXiv:1904.09751.

    Examples
    --------
    >>> top_p([0.15, 0.5, 0.05, 0.3], 0.75)
    array([0.   , 0.625, 0.   , 0.375])
    """
    row = np.asarray(row, dtype=float)
    order = np.argsort(-row, kind="stable")
    rest = np.cumsum(row[order][::-1])[::-1]  # of each class and all below it
    kept = np.zeros_like(row)
    kept[order] = np.where(rest > (1 - share) * (1 + 1e-9), row[order], 0)
    return kept / kept.sum()


def carry_on(
    model: NGrams,
    text: str,
    length: int,
    *,
    rng: np.random.Generator,
    temperature: float = 1.0,
    share: float = 1.0,
) -> str:
    """Draw letter after letter, each from the forecast after what is written so far."""
    letters = codes(text).tolist()
    for _ in range(length):
        warm = softmax(np.log(model(letters)), temperature=temperature)
        chances = np.cumsum(top_p(warm, share))
        letters.append(min(int(np.searchsorted(chances, rng.random(), "right")), K - 1))
    return "".join(ALPHABET[k] for k in letters)

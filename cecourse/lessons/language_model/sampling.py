"""How a letter is drawn from a forecast: temperature, and the top letters that hold a share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cecourse.english.guessing import ALPHABET

from .ngrams import NGrams, codes


def warmed(p: ArrayLike, temperature: float) -> NDArray[np.float64]:
    """Softmax of ln p / T along the last axis: T < 1 makes the likely likelier.

    Examples
    --------
    >>> warmed([0.6, 0.3, 0.1], 0.5).round(3)
    array([0.783, 0.196, 0.022])
    """
    p = np.asarray(p, dtype=float)
    power = (p / p.max(axis=-1, keepdims=True)) ** (1 / temperature)
    return power / power.sum(axis=-1, keepdims=True)


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


def next_row(model: NGrams, text: str) -> NDArray[np.float64]:
    """The forecast for the letter after a text, shape (27,)."""
    last = text[-model.order :] if model.order else ""
    return model.probabilities(codes(last.rjust(model.order) + " "))[-1]


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
    for _ in range(length):
        chances = top_p(warmed(next_row(model, text), temperature), share)
        place = np.searchsorted(np.cumsum(chances), rng.random(), side="right")
        text += ALPHABET[min(place, len(ALPHABET) - 1)]
    return text

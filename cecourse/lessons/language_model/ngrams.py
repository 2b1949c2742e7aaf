"""Models of notebook 13 that count: the next letter after the last few, short memories mixed in.

A letter that never came after a context in the text read so far is not impossible. So each order
mixes its counts with the model of the order below: with n letters seen after a context, d of them
different, the lower model counts as d letters more (Witten & Bell 1991). Below order 0 is a
uniform row.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cecourse.english.guessing import ALPHABET, looking_glass

K = len(ALPHABET)


def codes(text: str) -> NDArray[np.int64]:
    """The places of the letters of a text in `ALPHABET`, 0 … 26.

    Examples
    --------
    >>> codes("CAB ")
    array([ 2,  0,  1, 26])
    """
    if other := set(text) - set(ALPHABET):
        raise ValueError(f"text must be in A–Z and blanks; got {min(other)!r}")
    places = np.zeros(128, dtype=np.int64)
    places[[ord(letter) for letter in ALPHABET]] = np.arange(K)
    return places[np.frombuffer(text.encode("ascii"), dtype=np.uint8)]


def windows(letters: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The `size` letters before each letter of a text, shape (n, size); blanks before the first."""
    padded = np.concatenate([np.full(size, K - 1), letters])
    return np.lib.stride_tricks.sliding_window_view(padded, size)[: len(letters)]


def contexts(letters: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """For each letter the `size` letters before it as one number; blanks before the beginning."""
    if size == 0:
        return np.zeros(len(letters), dtype=np.int64)
    return windows(letters, size) @ K ** np.arange(size)[::-1]


class NGrams:
    """Counts of a text for every order up to the largest.

    Parameters
    ----------
    letters : ndarray of int, shape (n,)
        The text to read, as `codes` has it.
    order : int
        The largest number of letters of memory.
    """

    def __init__(self, letters: NDArray[np.int64], order: int):
        self.order = order
        self.tables = []
        for size in range(order + 1):
            seen, row = np.unique(contexts(letters, size), return_inverse=True)
            counts = np.bincount(row * K + letters, minlength=len(seen) * K).astype(np.int32)
            self.tables.append((seen, counts.reshape(-1, K)))

    def after(self, letters: NDArray[np.int64], size: int) -> NDArray[np.int64]:
        """What came in the text after the `size` letters before each letter, counts (n, 27)."""
        seen, counts = self.tables[size]
        context = contexts(letters, size)
        row = np.searchsorted(seen, context).clip(max=len(seen) - 1)
        return counts[row] * (seen[row] == context)[:, None]

    def by_order(self, letters: NDArray[np.int64]) -> Iterator[NDArray]:
        """`probabilities` of order 0, 1, … in turn: each is made of the one before."""
        p = np.full((len(letters), K), 1 / K)
        for size in range(self.order + 1):
            c = self.after(letters, size)
            different = (c > 0).sum(axis=1, keepdims=True)
            total = c.sum(axis=1, keepdims=True) + different
            p = np.where(total > 0, (c + different * p) / np.maximum(total, 1), p)
            yield p

    def probabilities(self, letters: NDArray[np.int64], order: int | None = None) -> NDArray:
        """Forecasts for each letter of a text from those before it, shape (n, 27).

        Parameters
        ----------
        letters : ndarray of int, shape (n,)
            A text, as `codes` has it.
        order : int, optional
            Letters of memory, up to the largest, which is the default.
        """
        order = self.order if order is None else order
        if not 0 <= order <= self.order:
            raise ValueError(f"order must lie in 0..{self.order}; got {order}")
        return next(islice(self.by_order(letters), order, None))

    def __call__(self, past: Sequence[int]) -> NDArray:
        """The forecast for the letter that follows `past`, shape (27,): a model for `ce.encode`."""
        p, recent, context = np.full(K, 1 / K), _context(past, len(past), self.order), 0
        for size, (seen, counts) in enumerate(self.tables):
            if size:
                context += recent[-size] * K ** (size - 1)
            row = min(np.searchsorted(seen, context), len(seen) - 1)
            if seen[row] == context:
                p = _mixed(counts[row], p)
        return p


class Learner:
    """The same forecasts from what has come so far: it starts from nothing and learns as it reads.

    For one text: each call goes on where the last one stopped.

    Parameters
    ----------
    order : int
        Letters of memory.
    """

    def __init__(self, order: int):
        self.tables = [{} for _ in range(order + 1)]
        self.learnt = 0

    def __call__(self, past: Sequence[int]) -> NDArray:
        """The forecast for the letter that follows `past`, shape (27,)."""
        for i in range(self.learnt, len(past)):
            for size, table in enumerate(self.tables):
                table.setdefault(_context(past, i, size), np.zeros(K))[past[i]] += 1
        self.learnt = len(past)
        p = np.full(K, 1 / K)
        for size, table in enumerate(self.tables):
            counts = table.get(_context(past, len(past), size))
            if counts is not None:
                p = _mixed(counts, p)
        return p


def _mixed(counts: NDArray, lower: NDArray) -> NDArray:
    """The counts after one context and the model of the order below."""
    different = np.count_nonzero(counts)
    return (counts + different * lower) / (counts.sum() + different)


def _context(past: Sequence[int], i: int, size: int) -> tuple[int, ...]:
    """The `size` letters before place i; blanks before the beginning."""
    return (K - 1,) * (size - i) + tuple(past[max(i - size, 0) : i])


@functools.cache
def carroll(order: int) -> NGrams:
    """A model that has read *Through the Looking-Glass*."""
    return NGrams(codes(looking_glass()), order)


def guesses(p: NDArray, letters: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many guesses each letter takes a player who names the likeliest first, shape (n,).

    Parameters
    ----------
    p : ndarray, shape (n, 27)
        Forecasts; of equal ones the alphabet decides.
    letters : ndarray of int, shape (n,)
        What came.
    """
    order = np.argsort(-p, axis=1, kind="stable")
    return (order == letters[:, None]).argmax(axis=1) + 1

"""Tokens of notebook 13: the most frequent pair becomes one symbol, again and again.

Gage (1994), "A new algorithm for data compression", The C Users Journal 12(2), 23–38. For language
models: Sennrich, Haddow & Birch (2016), "Neural machine translation of rare words with subword
units", doi:10.18653/v1/P16-1162. Here a token may reach over a blank.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cecourse.english import guessing

from .ngrams import K, codes

MOST = 200  # merges of the notebook

Pair = tuple[int, int]


def merged(tokens: NDArray[np.int64], pair: Pair, new: int) -> NDArray[np.int64]:
    """The tokens with each pair replaced by `new`, from the left: AAA becomes (AA)A.

    Examples
    --------
    >>> merged(np.array([0, 0, 0, 1]), (0, 0), 27)
    array([27,  0,  1])
    """
    starts = np.flatnonzero((tokens[:-1] == pair[0]) & (tokens[1:] == pair[1]))
    if pair[0] == pair[1]:  # of overlapping ones every second: those at an even place of their run
        first = np.concatenate([[True], np.diff(starts) > 1]) if starts.size else starts
        run = np.maximum.accumulate(np.where(first, starts, 0)) if starts.size else starts
        starts = starts[(starts - run) % 2 == 0]
    result = tokens.copy()
    result[starts] = new
    return np.delete(result, starts + 1)


def learn_merges(text: str, count: int) -> list[Pair]:
    """The pairs that a text merges, in order; the k-th of them becomes token 27 + k.

    Of pairs that come equally often, the one with the smaller first token, then second.
    """
    tokens, pairs = codes(text), []
    for new in range(K, K + count):
        tally = np.bincount(tokens[:-1] * new + tokens[1:], minlength=new * new)
        pairs.append(divmod(int(tally.argmax()), new))
        tokens = merged(tokens, pairs[-1], new)
    return pairs


def tokenise(text: str, pairs: list[Pair]) -> NDArray[np.int64]:
    """The tokens of a text, 0 … 26 for letters: the merges of `learn_merges`, in their order."""
    tokens = codes(text)
    for new, pair in enumerate(pairs, K):
        tokens = merged(tokens, pair, new)
    return tokens


def spelt(token: int, pairs: list[Pair]) -> str:
    """The letters of a token.

    Examples
    --------
    >>> spelt(28, [(19, 7), (27, 4)])
    'THE'
    """
    if token < K:
        return guessing.ALPHABET[token]
    return "".join(spelt(part, pairs) for part in pairs[token - K])


class Step(NamedTuple):
    """A unigram model of the tokens after some merges, and what *Alice* costs it."""

    count: int  # tokens of Alice
    nats: float  # per token
    perplexity: float
    bits: float  # per letter


@functools.cache
def learnt() -> list[Pair]:
    """The merges of *Through the Looking-Glass*, `MOST` of them."""
    return learn_merges(guessing.looking_glass(), MOST)


@functools.cache
def steps() -> list[Step]:
    """What *Alice* costs after 0, 1, … `MOST` merges.

    Merges and counts come from the Looking-Glass; each token counts once more than it was seen.
    """
    read, held = codes(guessing.looking_glass()), codes(guessing.alice())
    letters, table = len(held), []
    for new in range(K, K + MOST + 1):
        counts = np.bincount(read, minlength=new) + 1
        nats = float(-np.log(counts / counts.sum())[held].mean())
        bits = nats * len(held) / letters / np.log(2)
        table.append(Step(len(held), nats, float(np.exp(nats)), float(bits)))
        if len(table) <= MOST:
            pair = learnt()[new - K]
            read, held = merged(read, pair, new), merged(held, pair, new)
    return table

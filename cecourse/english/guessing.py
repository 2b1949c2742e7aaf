"""Shannon's guessing game as pure functions: the texts, the rules, the bounds, and a player.

Shannon, C. E. (1951), "Prediction and entropy of printed English", Bell System Technical Journal
30(1), 50–64, doi:10.1002/j.1538-7305.1951.tb01366.x.
"""

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers.information import entropy

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ "
# How often Shannon's subject needed 1, 2, 3 … guesses for the 102 symbols of the sentence printed
# in section 3 of the paper: 79, 8, 3, 2, 2, and more than five guesses eight times.
SHANNON_1951 = (79, 8, 3, 2, 2, 3, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1) + (0,) * 10
SHANNON_CONCLUDED = (0.6, 1.3)  # bits a letter, from longer experiments: section 5

Player = Callable[[str], str]


class Sentence(NamedTuple):
    """A sentence of the game and the book that it comes from."""

    text: str
    source: str


class Position(NamedTuple):
    """Where a game stands: the letters found, the guesses each needed, misses at the next one."""

    revealed: str
    needed: tuple[int, ...]
    missed: str


class Bounds(NamedTuple):
    """Shannon's estimates for the entropy of a letter, in bits."""

    lower: float | NDArray
    upper: float | NDArray


def _read(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def letters(text: str) -> str:
    """A text in Shannon's 27 symbols: A–Z and single blanks, apostrophes left out.

    Examples
    --------
    >>> letters("'Oh dear!' -- I shan't be late")
    'OH DEAR I SHANT BE LATE'
    """
    bare = re.sub("['’]", "", text).upper()
    return re.sub("[^A-Z]+", " ", bare).strip()


def alice() -> str:
    """The first half of chapter I of *Alice's Adventures in Wonderland* (1865), in 27 symbols."""
    return letters(_read("alice.txt"))


def alice_sentences() -> list[str]:
    """The sentences of `alice`, each with the blank that follows it."""
    parts = re.split(r"[.!?]|\n\n", _read("alice.txt"))
    return [letters(part) + " " for part in parts if letters(part)]


def looking_glass() -> str:
    """*Through the Looking-Glass* (1871) in 27 symbols: what the models of notebook 13 read."""
    return letters(_read("looking_glass.txt"))


@functools.cache
def sentences() -> tuple[Sentence, ...]:
    """The sentences of the game, each with its source; the first is the example's."""
    lines = _read("guessing_sentences.txt").splitlines()
    return tuple(Sentence(*line.split("\t")) for line in lines)


def letter_counts(text: str) -> NDArray[np.int64]:
    """How often each of the 27 symbols stands in a text, in the order of `ALPHABET`.

    Examples
    --------
    >>> letter_counts("BABA")[:3]
    array([2, 2, 0])
    """
    return np.array([text.count(symbol) for symbol in ALPHABET])


@functools.cache
def letter_entropy() -> float:
    """What a letter of `alice` is worth to somebody who knows its letter counts alone, in bits."""
    counts = letter_counts(alice())
    return entropy(counts / counts.sum(), base=2)


def play(text: str, guesses: Iterable[str]) -> Position:
    """Play a game again from its guesses, in order; a guess made twice at one letter counts once.

    Parameters
    ----------
    text : str
        The sentence, in 27 symbols.
    guesses : iterable of str
        Symbols of `ALPHABET`. Whatever follows the end of the sentence is ignored.

    Examples
    --------
    >>> play("THE", "ETH")
    Position(revealed='TH', needed=(2, 1), missed='')
    """
    needed, missed = [], ""
    for guess in guesses:
        if len(needed) == len(text):
            break
        if guess == text[len(needed)]:
            needed.append(len(missed) + 1)
            missed = ""
        elif guess not in missed:
            missed += guess
    return Position(text[: len(needed)], tuple(needed), missed)


def fractions(needed: Iterable[int]) -> NDArray[np.float64]:
    """The fraction qᵢ of letters that needed i guesses, i = 1 … 27; shape (27,).

    Raises
    ------
    ValueError
        If there is no letter, or a number of guesses outside 1 … 27.

    Examples
    --------
    >>> fractions([1, 1, 1, 3])[:3]
    array([0.75, 0.  , 0.25])
    """
    needed = np.array(list(needed), dtype=int)
    if not needed.size or needed.min() < 1 or needed.max() > len(ALPHABET):
        raise ValueError(f"needed must hold numbers from 1 to 27; got {needed.tolist()}")
    return np.bincount(needed - 1, minlength=len(ALPHABET)) / needed.size


def bounds(q: ArrayLike) -> Bounds:
    """Shannon's lower and upper bound for the entropy of a letter, in bits.

    Parameters
    ----------
    q : array_like, shape (..., 27)
        Fraction of letters that needed 1, 2, … 27 guesses.

    Returns
    -------
    Bounds
        lower = Σ i·(qᵢ − qᵢ₊₁)·log₂ i and upper = −Σ qᵢ log₂ qᵢ, each of shape (...).

    Examples
    --------
    >>> lower, upper = bounds(np.full(27, 1 / 27))  # no idea at all: log₂ 27, twice
    >>> round(lower, 4), round(upper, 4)
    (4.7549, 4.7549)
    >>> bounds([1] + [0] * 26)  # every letter at the first guess
    Bounds(lower=0.0, upper=0.0)

    References
    ----------
    Shannon (1951), doi:10.1002/j.1538-7305.1951.tb01366.x, section 4.
    """
    q = np.asarray(q, dtype=float)
    i = np.arange(1, q.shape[-1] + 1)
    following = np.concatenate([q[..., 1:], np.zeros_like(q[..., :1])], axis=-1)  # q₂₈ = 0
    lower = np.sum(i * (q - following) * np.log2(i), axis=-1)
    return Bounds(float(lower) if lower.ndim == 0 else lower, entropy(q, base=2))


def reader_of(text: str, memory: int = 3) -> Player:
    """A player that has read one text: it guesses first what most often came next there.

    It looks for the last `memory` letters of what is revealed in its text; where candidates are
    left over or tie, it goes on with fewer letters of memory, at last with the alphabet.
    """
    seen: dict[str, Counter] = {}
    for size in range(memory + 1):
        for i in range(size, len(text)):
            seen.setdefault(text[i - size : i], Counter())[text[i]] += 1

    def ranking(revealed: str) -> str:
        past = " " + revealed  # a sentence begins as a word does
        contexts = [past[len(past) - size :] for size in range(min(memory, len(past)), -1, -1)]
        tables = [seen.get(context, Counter()) for context in contexts]
        return "".join(sorted(ALPHABET, key=lambda s: [-table[s] for table in tables]))

    return ranking


def guesses_of(player: Player, text: str) -> str:
    """All guesses that a player makes until it has found a sentence, in order."""
    made = ""
    for i, symbol in enumerate(text):
        ranking = player(text[:i])
        made += ranking[: ranking.index(symbol) + 1]
    return made


def example_game() -> tuple[Sentence, str]:
    """A sentence and the guesses of a program that has read half a chapter of *Alice*."""
    sentence = sentences()[0]
    return sentence, guesses_of(reader_of(alice()), sentence.text)


def simulated_bounds(
    q: ArrayLike, n_letters: int, n_games: int, *, rng: np.random.Generator
) -> Bounds:
    """The bounds that many games of one known player would report, in bits.

    Parameters
    ----------
    q : array_like, shape (27,)
        The player's true chance to need 1, 2, … 27 guesses.
    n_letters, n_games : int
        Letters in a game, and how many games.
    rng : numpy.random.Generator
        Where the luck comes from.

    Returns
    -------
    Bounds
        Two arrays of shape (n_games,).
    """
    return bounds(rng.multinomial(n_letters, q, size=n_games) / n_letters)

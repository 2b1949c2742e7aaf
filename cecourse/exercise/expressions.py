"""Short expressions of some numbers, in the order of the bits it takes to say them.

An expression is a tree in which each number stands once. Each node says first what it is, a leaf
(1 bit), a function or an operator (2 bits each), then which one of so many: log₂ of their number.
So `ln(0.9)` takes 2 + log₂ 11 bits for the function, 1 + log₂ n for a leaf of n given numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np


class Form(NamedTuple):
    """How a function or an operator is computed and written.

    It binds as tightly as `binds`, from 1, a sum, to 4, what needs no brackets anywhere; a part
    that binds less tightly than `parts` asks is put in brackets.
    """

    written: str
    compute: Callable
    binds: float
    parts: tuple[float, ...]


FUNCTIONS = (
    Form("1 − {}", lambda x: 1 - x, 1, (2,)),
    Form("−ln({})", lambda x: -np.log(x), 1.5, (0,)),
    Form("ln({})", np.log, 4, (0,)),
    Form("−log₂({})", lambda x: -np.log2(x), 1.5, (0,)),
    Form("log₁₀({})", np.log10, 4, (0,)),
    Form("e^{}", np.exp, 3, (4,)),
    Form("e^(−{})", lambda x: np.exp(-x), 4, (2,)),
    Form("1 / {}", lambda x: 1 / x, 2, (3,)),
    Form("{}²", np.square, 3, (4,)),
    Form("√{}", np.sqrt, 3, (4,)),
    Form("{0} / (1 − {0})", lambda x: x / (1 - x), 2, (2,)),
)
OPERATORS = (
    Form("{} + {}", np.add, 1, (1, 1)),
    Form("{} − {}", np.subtract, 1, (1, 2)),
    Form("{} · {}", np.multiply, 2, (1.5, 2)),
    Form("{} / {}", np.divide, 2, (1.5, 3)),
    Form("({} + {}) / 2", lambda x, y: (x + y) / 2, 2, (1, 1)),
    Form("{}^{}", np.power, 3, (4, 4)),
)
SYMMETRIC = ("{} + {}", "{} · {}", "({} + {}) / 2")
FEWEST_DIGITS = 3  # of an answer that is explained by more than a given number
MOST = 60_000  # that are combined at once


class Expression(NamedTuple):
    """How it is written, the bits it takes, which leaves stand in it, and how many nodes it has."""

    text: str
    bits: float
    leaves: frozenset[str]
    size: int


class _Level(NamedTuple):
    """Expressions of one form: their values, and how each is made of earlier ones."""

    bits: float
    values: np.ndarray
    used: np.ndarray  # which leaves, a bit for each
    form: Form | None  # of the leaves none
    parts: tuple  # levels
    places: tuple  # in each of them


@np.errstate(all="ignore")
def shortest(
    leaves: Mapping[str, float], a: float, digits: int, budget: float, *, never: float
) -> Expression | None:
    """The expression of the fewest bits that comes to a number; None if it takes `budget` or more.

    Parameters
    ----------
    leaves : mapping of str to float
        The given numbers, by how they are written.
    a : float
        What is to be explained.
    digits : int
        To how many significant digits it was given.
    budget : float
        In bits.
    never : float
        A number that no part of the expression may come to: the right answer would be told.
    """
    if not leaves or a == 0 or not math.isfinite(a):
        return None
    if digits < FEWEST_DIGITS:  # too few to tell one road from another
        named = [name for name, x in leaves.items() if math.isclose(x, a, rel_tol=1e-9)]
        return (
            Expression(named[0], 1 + math.log2(len(leaves)), frozenset(named), 1) if named else None
        )
    tolerance = 0.5 * 10.0 ** (math.floor(math.log10(abs(a))) - (digits - 1)) * (1 + 1e-9)
    for level in _levels(leaves, budget):
        for i in np.flatnonzero(np.abs(level.values - a) <= tolerance).tolist():
            if not _tells(level, i, never):
                used = frozenset(_leaves(level, i, list(leaves)))
                return Expression(_written(level, i, list(leaves)), level.bits, used, _size(level))
    return None


def _levels(leaves: Mapping[str, float], budget: float) -> list[_Level]:
    """All expressions below a budget, the shortest first."""
    n = len(leaves)
    start = _Level(1 + math.log2(n), np.array([*leaves.values()]), 1 << np.arange(n), None, (), ())
    if start.bits >= budget:
        return []
    one, two = 2 + math.log2(len(FUNCTIONS)), 2 + math.log2(len(OPERATORS))
    known, waiting = [], [start]
    while waiting:
        waiting.sort(key=lambda level: level.bits)
        level = waiting.pop(0)
        known.append(level)
        if level.bits + one < budget:
            places = (np.arange(level.values.size),)
            for form in FUNCTIONS:
                made = form.compute(level.values)
                waiting.append(_Level(level.bits + one, made, level.used, form, (level,), places))
        for other in known:
            if level.bits + other.bits + two < budget:
                waiting += _combined(level, other, two)
    return known


def _combined(level: _Level, other: _Level, bits: float) -> list[_Level]:
    """Both levels under each operator, either first."""
    if level.values.size * other.values.size > MOST:
        return []
    found = []
    for form in OPERATORS:
        pairs = [(level, other), (other, level)]
        if form.written in SYMMETRIC or level is other:
            pairs = pairs[:1]
        for x, y in pairs:
            i, j = np.indices((x.values.size, y.values.size)).reshape(2, -1)
            apart = x.used[i] & y.used[j] == 0  # nobody uses a number twice without a reason
            if form.written in SYMMETRIC and x is y:
                apart &= i < j
            i, j = i[apart], j[apart]
            made, used = form.compute(x.values[i], y.values[j]), x.used[i] | y.used[j]
            found.append(_Level(x.bits + y.bits + bits, made, used, form, (x, y), (i, j)))
    return found


def _tells(level: _Level, i: int, never: float) -> bool:
    """Whether an expression or a part of it comes to what may not be told."""
    if math.isclose(abs(level.values[i]), abs(never), rel_tol=2e-3):
        return True
    parts = zip(level.parts, level.places, strict=True)
    return any(_tells(part, int(k[i]), never) for part, k in parts)


def _leaves(level: _Level, i: int, names: list[str]) -> set[str]:
    if level.form is None:
        return {names[i]}
    parts = zip(level.parts, level.places, strict=True)
    return set().union(*(_leaves(part, int(k[i]), names) for part, k in parts))


def _written(level: _Level, i: int, names: list[str]) -> str:
    if level.form is None:
        return names[i]
    texts = []
    for part, places, least in zip(level.parts, level.places, level.form.parts, strict=True):
        text = _written(part, int(places[i]), names)
        binds = part.form.binds if part.form else 1 if text.startswith("−") else 4
        texts.append(f"({text})" if binds < least else text)
    return level.form.written.format(*texts)


def _size(level: _Level) -> int:
    return 1 + sum(map(_size, level.parts))

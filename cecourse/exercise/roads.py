"""The single changes that a search tries: of the solution's code, its arguments, its result."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .compare import NotNumbers, numbers
from .mistake import EPS, Mistake
from .mutants import mutants

if TYPE_CHECKING:
    from .exercise import Exercise

Result = tuple[str, str, Callable[[np.ndarray], np.ndarray]]  # name, sentence, change
UNITS = ("sign", "base_2", "base_e", "base_10", "per_cent")  # that go with any other mistake


def changes_of_result(exercise: Exercise) -> list[Result]:
    """What may be done to a result: name, the sentence about it, and the change."""
    ln2, ln10 = math.log(2), math.log(10)
    found: list = [
        ("sign", "the sign is turned round: what makes it so?", lambda x: -x),
        ("base_2", "it is in bits: which unit is asked for?", lambda x: x / ln2),
        ("base_e", "it is in nats: which unit is asked for?", lambda x: x * ln2),
        (
            "base_10",
            "a logarithm is to base 10: which base belongs to the unit?",
            lambda x: x / ln10,
        ),
        ("per_cent", "it is in per cent.", lambda x: 100 * x),
        (
            "one_minus",
            "this is the other outcome's share: which of the two is asked for?",
            lambda x: 1 - x,
        ),
        ("reciprocal", "it is upside down: what is to be divided by what?", lambda x: 1 / x),
        ("exponential", "one exponential too many has been taken.", np.exp),
        (
            "of_the_loss",
            "it is e to the power of minus the price: a probability.",
            lambda x: np.exp(-x),
        ),
        ("logarithm", "one logarithm too many has been taken.", np.log),
        ("surprise", "one −log too many has been taken.", lambda x: -np.log(x)),
        ("odds", "it is the odds, p / (1 − p), and not p.", lambda x: x / (1 - x)),
        ("from_odds", "one step o / (1 + o) too many has been taken.", lambda x: x / (1 + x)),
        ("log_odds", "it is the log-odds, ln(p / (1 − p)).", lambda x: np.log(x / (1 - x))),
        ("sigmoid", "one sigmoid too many has been taken.", lambda x: 1 / (1 + np.exp(-x))),
        ("squared", "it is squared.", np.square),
        ("root", "a square root too many has been taken.", np.sqrt),
        ("half", "it is off by a factor of 2.", lambda x: x / 2),
        ("twice", "it is off by a factor of 2.", lambda x: 2 * x),
    ]
    for n, what in _counts(exercise).items():
        found.append(
            (f"over_{what}", f"it is divided by {what}, once too often.", lambda x, n=n: x / n)
        )
        found.append(
            (
                f"times_{what}",
                f"it is not divided by {what}, or multiplied by it.",
                lambda x, n=n: x * n,
            )
        )
    return found


def _counts(exercise: Exercise) -> dict[Any, str]:
    """How many there are of what is given: by number, of each probe where these differ."""
    if exercise.probes is None:
        sizes = {len(np.ravel(v)) for v in exercise.givens.values() if np.ndim(v)} - {1, 2}
        return {n: f"{n}" for n in sorted(sizes)}
    return {}


def roads(exercise: Exercise) -> list[Mistake]:
    """Every single change: of the solution's code, of a known mistake's, and of its arguments."""
    arguments = _of_arguments if exercise.probes is not None else _of_givens
    return [*mutants(exercise.function), *arguments(exercise)]


def _of_arguments(exercise: Exercise) -> Iterator[Mistake]:
    """Things that are done to the arguments of a function before it begins."""
    solve, names = exercise.function, exercise.parameters[: len(exercise.probes[0])]
    for i, name in enumerate(names):
        for j in range(i + 1, len(names)):
            text = f"The arguments change places: `{name}` is used as `{names[j]}`."
            yield _mistake("exchanged", _exchanged(solve, i, j), text)
        for done, text, change in _ARGUMENTS:
            yield _mistake(done, _changed(solve, i, change), text.format(name=f"`{name}`"))
        if all(_is_probability(args[i]) for args in exercise.probes):
            for done, text, guard in _GUARDS:
                text = text.format(name=name, size="{size}")
                yield _mistake(done, _guarded(solve, i, guard), text, _eps=EPS)


def _of_givens(exercise: Exercise) -> Iterator[Mistake]:
    """Things that are done to what a number is computed from."""
    solve, givens = exercise.function, exercise.givens

    def with_other(name: str, text: str, other: Mapping[str, Any]) -> Mistake:
        return _mistake(name, lambda: solve(**givens | other), text)

    shapes = {name: np.shape(numbers_in(value)) for name, value in givens.items()}
    for name, value in givens.items():
        x = numbers_in(value)
        if not x.size:
            continue
        shown = ", ".join(f"{part:g}" for part in x.ravel()).replace("-", "−")
        for done, text, change in _ARGUMENTS:
            if x.ndim or done not in ("softmax_too_many", "normalised", "hard"):
                with np.errstate(all="ignore"):
                    other = change(x)
                yield with_other(
                    done, text.format(name=shown), {name: other if x.ndim else other[()]}
                )
        for other in givens:
            if name < other and shapes[name] == shapes[other] and shapes[name] in ((), x.shape):
                text = "Two of the given numbers change places: which one is which?"
                yield with_other("exchanged", text, {name: givens[other], other: value})
        if x.ndim == 1 and x.size > 1:
            text = "The numbers are taken in the wrong order: which belongs to which?"
            yield with_other("reversed", text, {name: x[::-1]})
    for n in {shape[0] for shape in shapes.values() if len(shape) == 1 and 1 < shape[0] < 12}:
        rows = {name: np.asarray(givens[name]) for name, shape in shapes.items() if shape == (n,)}
        for k in range(n):
            text = f"Number {k + 1} of the {n} has not come in. Why should it not count?"
            others = {name: np.delete(x, k) for name, x in rows.items()}
            yield with_other("one_left_out", text, others)
            text = f"This is number {k + 1} of the {n} alone. What about the others?"
            yield with_other("one_alone", text, {name: x[k : k + 1] for name, x in rows.items()})


def _mistake(name: str, function: Callable, text: str, **ways: Any) -> Mistake:
    function.__name__ = name
    return Mistake(function, text, ways)


def _changed(solve: Callable, i: int, change: Callable[[Any], Any]) -> Callable:
    return lambda *args: solve(*args[:i], change(args[i]), *args[i + 1 :])


def _exchanged(solve: Callable, i: int, j: int) -> Callable:
    def function(*args):
        args = list(args)
        args[i], args[j] = args[j], args[i]
        return solve(*args)

    return function


def _guarded(solve: Callable, i: int, guard: Callable) -> Callable:
    def function(*args, _eps):
        return solve(*args[:i], guard(np.asarray(args[i], dtype=float), _eps), *args[i + 1 :])

    return function


def _is_probability(x: Any) -> bool:
    try:
        x = numbers(x)
    except NotNumbers:
        return False
    return bool(np.all((x >= 0) & (x <= 1)))


def _softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _hard(t: Any) -> np.ndarray:
    t = np.asarray(t, dtype=float)
    if t.ndim and t.shape[-1] > 1:
        return (t == t.max(axis=-1, keepdims=True)).astype(float)
    return np.rint(t)


_ARGUMENTS: list[tuple[str, str, Callable]] = [
    ("other_outcome", "1 − {name} stands where {name} belongs.", lambda x: 1 - np.asarray(x)),
    (
        "sigmoid_too_many",
        "A sigmoid is taken of {name}, which needs none, or one that is there is taken twice.",
        lambda x: 1 / (1 + np.exp(-np.asarray(x, dtype=float))),
    ),
    (
        "softmax_too_many",
        "A softmax is taken of {name} once more than it should be.",
        lambda x: _softmax(np.asarray(x, dtype=float)),
    ),
    ("as_logits", "{name} is taken for logits, or the reverse.", lambda x: np.log(np.asarray(x))),
    ("turned", "The sign of {name} is turned round.", lambda x: -np.asarray(x)),
    (
        "hard",
        "{name} is made hard, all or nothing, before it is used: what if it is soft?",
        _hard,
    ),
    (
        "normalised",
        "{name} is divided by its sum first: should it be?",
        lambda x: np.asarray(x) / np.sum(x, axis=-1, keepdims=True),
    ),
]
_GUARDS: list[tuple[str, str, Callable]] = [
    (
        "clipped_twice",
        "`{name}` is clipped at about {size} and 1 − {size}, and that shows: is what lies beyond "
        "really the same?",
        lambda x, eps: np.clip(x, eps, 1 - eps),
    ),
    (
        "clipped",
        "`{name}` is clipped at about {size}, and that shows: is what lies below it the same?",
        np.maximum,
    ),
    (
        "eps_added",
        "About {size} is added to `{name}`, and that shows: what does it stand in for?",
        lambda x, eps: x + eps,
    ),
]


def numbers_in(value: Any) -> np.ndarray:
    """What is a number in a value, as an array; an empty one where nothing is."""
    try:
        return numbers(value, truth=True)
    except NotNumbers:
        return np.array([])

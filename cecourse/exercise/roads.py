"""The single changes that a search tries: of the solution's code, its arguments, its result."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cecourse.language import N_, _

from .compare import NotNumbers, numbers
from .mistake import EPS, Mistake
from .mutants import mutants

if TYPE_CHECKING:
    from .exercise import Exercise

MOST_ROWS = 12  # of which each is left out in turn
_Other = tuple[str, str, dict[str, Any]]  # name, sentence, what is given instead
Result = tuple[str, str, Callable[[np.ndarray], np.ndarray]]  # name, sentence, change
OF_ROWS = ("softmax_too_many", "normalised", "hard")  # what is done to more than one number
UNITS = ("sign", "base_2", "base_e", "base_10", "per_cent")  # that go with any other mistake


def changes_of_result(exercise: Exercise) -> list[Result]:
    """What may be done to a result: name, the sentence about it, and the change."""
    found = [(name, _(text), change) for name, text, change in _RESULTS]
    if exercise.has_logarithms:
        units = {unit for unit in ("bits", "nats") if unit in exercise.written}
        for name, unit, base, factor in (
            ("base_2", N_("bits"), "2", 1 / math.log(2)),
            ("base_e", N_("nats"), "e", math.log(2)),
            ("base_10", "", "10", 1 / math.log(10)),
        ):
            if units == {unit}:
                continue  # it is the one that is asked for
            text = _("a logarithm is to base {base}: which base belongs here?").format(base=base)
            if unit and units:
                text = _("it is in {unit}, or a logarithm has that base: which unit is asked for?")
                text = text.format(unit=_(unit))
            found.append((name, text, lambda x, factor=factor: factor * x))
    for n in _counts(exercise):
        text = _("it is divided by {n} once too often: why?").format(n=n)
        found.append((f"over_{n}", text, lambda x, n=n: x / n))
        text = _("it is {n} times as large: is a sum to be divided?").format(n=n)
        found.append((f"times_{n}", text, lambda x, n=n: x * n))
    return found


def _counts(exercise: Exercise) -> list[int]:
    """How many there are of what is given for a number, where that is more than two."""
    if exercise.probes is not None:
        return []
    sizes = {len(np.ravel(value)) for value in exercise.givens.values() if np.ndim(value)}
    return sorted(sizes - {1, 2})


def roads(exercise: Exercise) -> list[Mistake]:
    """Every single change: of the solution's code, and of what it is given."""
    if exercise.probes is not None:
        return [*mutants(exercise.function), *_of_arguments(exercise)]
    called = {
        name: f"{value:g}".replace("-", "−") if isinstance(value, int | float) else ""
        for name, value in exercise.givens.items()
    }
    return [*mutants(exercise.function, called), *_of_givens(exercise)]


def _of_arguments(exercise: Exercise) -> Iterator[Mistake]:
    """Things that are done to the arguments of a function before it begins."""
    solve, names = exercise.function, exercise.parameters[: len(exercise.probes[0])]
    for i, name in enumerate(names):
        for j in range(i + 1, len(names)):
            text = _("It comes out as if `{one}` and `{other}` changed places: which is which?")
            text = text.format(one=name, other=names[j])
            yield _mistake("exchanged", _exchanged(solve, i, j), text)
        rows = any(np.ndim(args[i]) for args in exercise.probes)
        for done, text, change in _ARGUMENTS:
            if not rows and done in OF_ROWS:
                continue
            yield _mistake(done, _changed(solve, i, change), _(text).format(name=f"`{name}`"))
        if all(_is_probability(args[i]) for args in exercise.probes):
            for done, text, guard in _GUARDS:
                text = _(text).format(name=name, size="{size}")
                yield _mistake(done, _guarded(solve, i, guard), text, _eps=EPS)


def _of_givens(exercise: Exercise) -> Iterator[Mistake]:
    """Things that are done to what a number is computed from."""
    solve, givens = exercise.function, exercise.givens
    values = {name: numbers_in(value) for name, value in givens.items()}
    others = itertools.chain(
        *(_of_given(name, x) for name, x in values.items()), _exchanges(values), _of_rows(values)
    )
    for name, text, other in others:
        yield _mistake(name, lambda other=other: solve(**givens | other), text)


def _of_given(name: str, x: np.ndarray) -> Iterator[_Other]:
    """One of the givens in another form; `x` has no entries where it is no number."""
    if not x.size:
        return
    shown = ", ".join(f"{part:g}" for part in x.ravel()).replace("-", "−")
    share = np.all((x >= 0) & (x <= 1))
    for done, text, change in _ARGUMENTS:
        if (x.ndim or done not in OF_ROWS) and (share or done != "other_outcome"):
            with np.errstate(all="ignore"):
                yield done, _(text).format(name=shown), {name: change(x)[()]}
    if not x.ndim and x == np.rint(x):
        text = _("This is off by one: one too many is counted, or one too few.")
        yield from (("off_by_one", text, {name: int(x) + step}) for step in (-1, 1))
    if x.ndim == 1 and x.size > 1:
        text = _("The numbers are taken in the wrong order: which belongs to which?")
        yield "reversed", text, {name: x[::-1]}


def _exchanges(values: Mapping[str, np.ndarray]) -> Iterator[_Other]:
    for (name, x), (other, y) in itertools.combinations(values.items(), 2):
        if x.shape == y.shape and x.size:
            text = _("It comes out as if two of the given numbers changed places: which is which?")
            yield "exchanged", text, {name: y[()], other: x[()]}


def _of_rows(values: Mapping[str, np.ndarray]) -> Iterator[_Other]:
    """Without one of the rows that are given, or one of them alone."""
    for n in sorted({len(x) for x in values.values() if x.ndim == 1 and 1 < x.size < MOST_ROWS}):
        rows = {name: x for name, x in values.items() if x.shape == (n,)}
        for k in range(n):
            text = _("Number {k} of the {n} has not come in. Why should it not count?")
            text = text.format(k=k + 1, n=n)
            yield "one_left_out", text, {name: np.delete(x, k) for name, x in rows.items()}
            text = _("This is number {k} of the {n} alone. What about the others?")
            text = text.format(k=k + 1, n=n)
            yield "one_alone", text, {name: x[k : k + 1] for name, x in rows.items()}


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
    if t.ndim and np.allclose(t.sum(axis=-1), 1):  # shares of classes
        return (t == t.max(axis=-1, keepdims=True)).astype(float)
    return np.rint(t)


_RESULTS: list[Result] = [
    ("sign", N_("the sign is turned round: which one should come out?"), lambda x: -x),
    ("per_cent", N_("it is in per cent: is that what is asked for?"), lambda x: 100 * x),
    (
        "one_minus",
        N_("this is the other outcome's share: which of the two is asked for?"),
        lambda x: 1 - x,
    ),
    (
        "reciprocal",
        N_("this is 1 over what is asked for: which way up, or which sign in the exponent?"),
        lambda x: 1 / x,
    ),
    (
        "exponential",
        N_("it is e to the power of what is asked for: is a logarithm missing at the end?"),
        np.exp,
    ),
    ("of_a_price", N_("it is e to minus the price: a probability again?"), lambda x: np.exp(-x)),
    (
        "logarithm",
        N_("it is the natural logarithm of what is asked for: which step leads back?"),
        np.log,
    ),
    ("surprise", N_("it is −ln of what is asked for: is that one too many?"), lambda x: -np.log(x)),
    ("odds", N_("it is the odds, p / (1 − p): is that what is asked for?"), lambda x: x / (1 - x)),
    (
        "log_odds",
        N_("it is the log-odds, ln(p / (1 − p)): which function leads back from them?"),
        lambda x: np.log(x / (1 - x)),
    ),
    (
        "sigmoid",
        N_("one sigmoid too many has been taken: a logit, or a probability?"),
        lambda x: 1 / (1 + np.exp(-x)),
    ),
]
_ARGUMENTS: list[tuple[str, str, Callable]] = [
    (
        "other_outcome",
        N_("1 − {name} stands where {name} belongs: which of the two is meant?"),
        lambda x: 1 - np.asarray(x),
    ),
    (
        "sigmoid_too_many",
        N_("A sigmoid is taken of {name} once more than it should be: what is it already?"),
        lambda x: 1 / (1 + np.exp(-np.asarray(x, dtype=float))),
    ),
    (
        "softmax_too_many",
        N_("A softmax is taken of {name} once more than it should be: what is it already?"),
        lambda x: _softmax(np.asarray(x, dtype=float)),
    ),
    (
        "as_logits",
        N_("A logarithm is taken of {name} first: is it a probability, or a logit already?"),
        lambda x: np.log(np.asarray(x)),
    ),
    (
        "turned",
        N_("The sign of {name} is turned round: which one belongs there?"),
        lambda x: -np.asarray(x),
    ),
    (
        "hard",
        N_("{name} is made hard, all or nothing, before it is used: what if it is soft?"),
        _hard,
    ),
    (
        "normalised",
        N_("{name} is divided by its sum first: should it be?"),
        lambda x: np.asarray(x) / np.sum(x, axis=-1, keepdims=True),
    ),
]
_GUARDS: list[tuple[str, str, Callable]] = [
    (
        "clipped_twice",
        N_(
            "`{name}` is clipped at about {size} and 1 − {size}, and that shows: is what lies "
            "beyond really the same?"
        ),
        lambda x, eps: np.clip(x, eps, 1 - eps),
    ),
    (
        "clipped",
        N_("`{name}` is clipped at about {size}, and that shows: is what lies below it the same?"),
        np.maximum,
    ),
    (
        "eps_added",
        N_("About {size} is added to `{name}`, and that shows: what does it stand in for?"),
        lambda x, eps: x + eps,
    ),
]


def numbers_in(value: Any) -> np.ndarray:
    """What is a number in a value, as an array; an empty one where nothing is."""
    try:
        return numbers(value, truth=True)
    except NotNumbers:
        return np.array([])

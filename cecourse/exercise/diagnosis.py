"""Which mistake comes to this answer? A search, where no written mistake does.

A wrong answer is explained by the shortest road that leads to it: the solution with one change in
its code (`mutants`), with one thing done to its arguments or to its result, with two of these; or,
of a number, a short expression of what is given. There are many roads, so that one of them meets
any number of two digits. The course's own subject says when that means something: *an explanation
counts only if it takes fewer bits to say than the digits that it explains*. To say one of n equally
likely roads takes log₂ n bits, and a number of d significant digits holds log₂(9 · 10^(d − 1)):
3.17 bits for one, 9.8 for three, 13.1 for four. Of two explanations the shorter one is told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .calls import Outcome
from .compare import NotNumbers, numbers, same, short
from .expressions import shortest
from .mistake import EPS, Mistake
from .mutants import mutants

if TYPE_CHECKING:
    from .exercise import Exercise

MOST_BITS = 17.0  # of an expression: some 100,000 are tried
FUNCTION_BITS = 40.0  # what the results of a function hold at least, when three of them are numbers


class Diagnosis(NamedTuple):
    """What comes to an answer: a name for the record, a sentence, and how many bits it takes."""

    name: str
    text: str
    bits: float


_Result = tuple[str, str, Callable[[np.ndarray], np.ndarray]]  # name, sentence, change


# -- of numbers -----------------------------------------------------------------------------------


def digits_of(a: np.ndarray) -> int:
    """How many significant digits the numbers of an answer were given with, the most of them."""
    counts = [
        len(f"{x:.15e}".partition("e")[0].replace(".", "").strip("-").rstrip("0"))
        for x in a.ravel()
    ]
    return max(counts, default=0)


def information(digits: int) -> float:
    """What a number of so many significant digits holds, in bits."""
    return math.log2(9 * 10 ** (digits - 1)) if digits else 0.0


def of_numbers(exercise: Exercise, a: np.ndarray, s: np.ndarray) -> Diagnosis | None:
    """The shortest explanation of a number, or of an array of them; None if none is short enough.

    Parameters
    ----------
    exercise : Exercise
        Whose answer is a number or an array.
    a, s : ndarray
        An answer that is no known mistake, and the right one.
    """
    if not np.all(np.isfinite(a)) or a.shape != s.shape:
        return None
    digits = digits_of(a)
    budget = information(digits) * a.size
    found = list(_roads(exercise, [Outcome(a)], digits, budget))
    if not a.ndim:
        said = _expression(exercise, float(a), float(s), digits, min(budget, MOST_BITS))
        found += [said] if said else []
    return min(found, key=lambda one: one.bits, default=None)


def _expression(
    exercise: Exercise, a: float, s: float, digits: int, budget: float
) -> Diagnosis | None:
    """The shortest expression of what is given that comes to a number, as a question."""
    leaves = givens_of(exercise)
    found = shortest(leaves, a, digits, budget, never=s)
    if found is None:
        return None
    left_out = [name for name in leaves if name not in found.leaves]
    asked = "Is that what the question asks for?"
    if found.size == 1:
        text = f"{found.text} is given in the question. What is to be made of it?"
        return Diagnosis("given", text, found.bits)
    if left_out and len(leaves) <= 4:
        asked = f"{left_out[0]} has no part in it: should it?"
    shown = f"{a:.4g}".replace("-", "−")
    return Diagnosis("expression", f"{shown} is {found.text}. {asked}", found.bits)


def givens_of(exercise: Exercise) -> dict[str, float]:
    """The numbers that are given, by what they are called: as they are written."""
    values: list[float] = []
    for value in exercise.givens.values():
        if isinstance(value, int | float) and not isinstance(value, bool):
            values.append(value)
        elif isinstance(value, tuple | list | np.ndarray):
            parts = np.ravel(np.asarray(value, dtype=object)).tolist()
            values += [x for x in parts if isinstance(x, int | float)]
    if not values:
        values = exercise.numbers_of_question
    return {f"{x:g}".replace("-", "−"): float(x) for x in values if math.isfinite(x)}


# -- of functions ---------------------------------------------------------------------------------


def of_function(exercise: Exercise, given: list[Outcome]) -> Diagnosis | None:
    """The shortest explanation of what a function gives; None if there is none."""
    found = list(_roads(exercise, given, exercise.digits, FUNCTION_BITS))
    return min(found, key=lambda one: one.bits, default=None) or _no_number(exercise, given)


def _no_number(exercise: Exercise, given: list[Outcome]) -> Diagnosis | None:
    """Right, or a known road, wherever it gives a number; nan, ±inf or an error besides."""
    fails = [i for i, outcome in enumerate(given) if not _is_number(outcome)]
    wanted = exercise.results
    fails = [i for i in fails if not exercise.agree([given[i]], [wanted[i]])]
    rest = [i for i in range(len(given)) if i not in fails]
    if not fails or not rest:
        return None
    inputs, what = exercise.inputs(fails[0]), _what(given[fails[0]])
    besides = f"for `{inputs}` it gives {what}: {_why(exercise.probes[fails[0]])}"
    if exercise.agree([given[i] for i in rest], [wanted[i] for i in rest]):
        count = f"{len(rest)} of {len(given)} inputs that were tried"
        return Diagnosis("no_number", f"Right for {count}; {besides}", 0.0)
    roads = list(_roads(exercise, given, exercise.digits, FUNCTION_BITS, rest))
    best = min(roads, key=lambda one: one.bits, default=None)
    return best and best._replace(text=f"{best.text} Besides, {besides}")


def _is_number(outcome: Outcome) -> bool:
    try:
        return outcome.error is None and bool(
            np.all(np.isfinite(numbers(outcome.value, truth=True)))
        )
    except NotNumbers:
        return False


def _what(outcome: Outcome) -> str:
    if outcome.error is not None:
        return f"no result but {type(outcome.error).__name__}"
    return f"`{short(outcome.value)}`"


def _why(args: tuple) -> str:
    """What may be behind a nan or an infinity, by the inputs that bring it."""
    flat = []
    for arg in args:
        try:
            flat.append(numbers(arg, truth=True).ravel())
        except NotNumbers:
            continue
    x = np.concatenate(flat) if flat else np.array([1.0])
    if not x.size:
        return "what is the answer where there is nothing?"
    if np.any(np.abs(x) > 700):
        return (
            "an exponential of so large a number is no float any more. What can be taken out of it "
            "first?"
        )
    if np.any(np.isinf(x)):
        return "∞ − ∞ and 0 · ∞ have no value. Which case deserves a line of its own?"
    return (
        "somewhere a logarithm, or a division, meets 0. What should come out there, and how do you "
        "get there without it?"
    )


# -- roads ----------------------------------------------------------------------------------------


def _roads(
    exercise: Exercise,
    given: list[Outcome],
    digits: int,
    budget: float,
    where: list[int] | None = None,
) -> Iterator[Diagnosis]:
    """Every road that leads to what was given, with the bits it takes, below a budget.

    `where` are the places of the probes that count, all unless given.
    """
    where = list(range(len(given))) if where is None else where
    a = _array([given[i] for i in where])
    ways, results = exercise.roads, _results_of(exercise)
    one = math.log2(len(ways) + len(results))
    two = one + math.log2(len(results) + 1)
    if a is None or one >= budget:
        return
    made = _array([exercise.results[i] for i in where])
    for name, what in _done(results, made, a, digits):
        yield Diagnosis(name, what[0].upper() + what[1:], one)
    for mistake in ways:
        for outcomes, size in mistake.outcomes(given, exercise.outcomes):
            made = _array([outcomes[i] for i in where])
            text = mistake.text.replace("{size}", f"{size or 0:.0e}")
            if made is not None and _meets(a, made, digits):
                yield Diagnosis(mistake.name, text, one)
            elif two < budget:
                for name, what in _done(results, made, a, digits):
                    yield Diagnosis(f"{mistake.name}+{name}", f"{text} And {what}", two)


@np.errstate(all="ignore")
def _done(
    results: list[_Result], made: np.ndarray | None, a: np.ndarray, digits: int
) -> list[tuple[str, str]]:
    """What may have been done to a result so that it is what was given: names and sentences."""
    if made is None or not np.all(np.isfinite(made)):
        return []
    return [(name, what) for name, what, change in results if _meets(a, change(made), digits)]


@np.errstate(all="ignore")
def _meets(a: np.ndarray, made: np.ndarray, digits: int) -> bool:
    """Whether numbers agree to the digits that were given; 0 is 0 but for rounding."""
    return made.shape == a.shape and same(a, made, min(digits, 12), zero=1e-12)


def _array(outcomes: list[Outcome]) -> np.ndarray | None:
    """All numbers of some outcomes in a row; None where one of them is none."""
    rows = []
    for outcome in outcomes:
        if outcome.error is not None:
            return None
        try:
            rows.append(numbers(outcome.value, truth=True).ravel())
        except NotNumbers:
            return None
    return np.concatenate(rows) if rows else None


def _results_of(exercise: Exercise) -> list[_Result]:
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
        ("one_minus", "it is 1 minus what it should be: the other outcome's.", lambda x: 1 - x),
        ("reciprocal", "it is upside down, 1 over what it should be.", lambda x: 1 / x),
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
        ("half", "it is half of what it should be.", lambda x: x / 2),
        ("twice", "it is twice what it should be.", lambda x: 2 * x),
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
    return [*mutants(exercise.function), *_of_arguments(exercise)]


def _of_arguments(exercise: Exercise) -> Iterator[Mistake]:
    """Things that are done to the arguments of a function before it begins."""
    if exercise.probes is None:
        return
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
    ("hard", "Only the largest of {name} counts: what if it is soft?", _hard),
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

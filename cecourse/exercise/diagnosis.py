"""Which mistake comes to this answer? A search, where no written mistake does.

A wrong answer is explained by the shortest road that leads to it: the solution with one change in
its code (`mutants`), with one thing done to its arguments or to its result, with two of these; or,
of a number, a short expression of what is given. There are many roads, so that one of them meets
any number of two digits. The course's own subject says when that means something: *an explanation
counts only if it takes fewer bits to say than the digits that it explains*. To say one of n equally
likely roads takes log₂ n bits, and a number of d significant digits holds log₂(9 · 10^(d − 1)):
3.17 bits for one, 9.8 for three, 13.1 for four; less where it is a simple fraction. Of two
explanations the shorter one is told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cecourse.language import N_, _

from .calls import Outcome, complaint
from .compare import NotNumbers, numbers, safely, same, short
from .expressions import shortest
from .roads import UNITS, Result, changes_of_result, numbers_in

if TYPE_CHECKING:
    from .exercise import Exercise

MOST_DIGITS = 12  # that are compared: those after it are rounding
ENOUGH = 4  # inputs, before a kind of input among them says anything
SAID = 2.0  # bits it takes to say that a road comes now, and not the end
MOST_BITS = 17.0  # of an expression: some 100,000 are tried
FUNCTION_BITS = 40.0  # of the results of a function: more than any road takes
MOST_NUMBERS = 1000  # in the results of a function, beyond those that are asked for


class Diagnosis(NamedTuple):
    """What comes to an answer: a name for the record, a sentence, and how many bits it takes."""

    name: str
    text: str
    bits: float


# -- of numbers -----------------------------------------------------------------------------------


def digits_of(a: np.ndarray) -> int:
    """How many significant digits the numbers of an answer were given with, the most of them."""
    parts = (f"{x:.{MOST_DIGITS - 1}e}".partition("e")[0] for x in a.ravel())
    return max((len(part.strip("-").replace(".", "").rstrip("0")) for part in parts), default=0)


def information(digits: int) -> float:
    """What a number of so many significant digits holds, in bits."""
    return math.log2(9 * 10 ** (digits - 1)) if digits else 0.0


def information_of(a: np.ndarray) -> float:
    """What an answer holds, in bits: each number in it once, and a simple fraction as one.

    To say m / n takes 2 log₂ n bits for either: 2/3 holds no more than that, however many digits.
    """
    total = 0.0
    for x in {abs(x) for x in a.ravel().tolist()} - {0.0}:
        near = Fraction(x).limit_denominator(1000)
        held = information(digits_of(np.array(x)))
        if near and math.isclose(near, x, rel_tol=1e-9):
            held = min(held, 2 * math.log2(max(near.numerator, near.denominator)))
        total += held
    return total


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
    budget = information_of(a)
    found = list(_roads(exercise, [Outcome(a)], digits, budget))
    if not a.ndim:
        said = _expression(exercise, float(a), float(s), digits, min(budget - SAID, MOST_BITS))
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
    asked = _("Is that what the question asks for?")
    if found.size == 1:
        text = _("{number} is given in the question. What is to be made of it?")
        return Diagnosis("given", text.format(number=found.text), SAID + found.bits)
    if left_out and len(leaves) <= 4:
        asked = _("{number} has no part in it: should it?").format(number=left_out[0])
    shown = f"{a:.4g}".replace("-", "−")
    text = _("{number} is {expression}.").format(number=shown, expression=found.text)
    return Diagnosis("expression", f"{text} {asked}", SAID + found.bits)


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
        values = [x for x in exercise.numbers_of_question if x not in (0, 1)]
    return {f"{x:g}".replace("-", "−"): float(x) for x in values if math.isfinite(x)}


# -- of functions ---------------------------------------------------------------------------------


def of_function(exercise: Exercise, given: list[Outcome]) -> Diagnosis | None:
    """The shortest explanation of what a function gives; None if there is none."""
    a, wanted = _array(given), _array(exercise.results)
    if a is not None and wanted is not None and a.size > MOST_NUMBERS + wanted.size:
        return None
    found = list(_roads(exercise, given, exercise.digits, _bits(a)))
    shortest_road = min(found, key=lambda one: one.bits, default=None)
    return (
        shortest_road
        or _first_rows(exercise, given)
        or _no_number(exercise, given)
        or _one_case(exercise, given)
    )


def _no_number(exercise: Exercise, given: list[Outcome]) -> Diagnosis | None:
    """Right, or a known road, wherever it gives a number; nan, ±inf or an error besides."""
    fails = [i for i, outcome in enumerate(given) if not _is_number(outcome)]
    wanted = exercise.results
    fails = [i for i in fails if not exercise.agree([given[i]], [wanted[i]])]
    rest = [i for i in range(len(given)) if i not in fails]
    if not fails or not rest:
        return None
    besides = _("for `{inputs}` {why}").format(
        inputs=exercise.inputs(fails[0]), why=_why(given[fails[0]], exercise.probes[fails[0]])
    )
    if exercise.agree([given[i] for i in rest], [wanted[i] for i in rest]):
        text = _("Right for {fit} of {all} inputs that were tried; {besides}")
        text = text.format(fit=len(rest), all=len(given), besides=besides)
        return Diagnosis("no_number", text, 0.0)
    bits = _bits(_array([given[i] for i in rest]))
    roads = list(_roads(exercise, given, exercise.digits, bits, rest))
    best = min(roads, key=lambda one: one.bits, default=None)
    text = _("{text} Besides, {besides}")
    return best and best._replace(text=text.format(text=best.text, besides=besides))


def _first_rows(exercise: Exercise, given: list[Outcome]) -> Diagnosis | None:
    """The first row alone, wherever there are rows."""
    results = zip(given, exercise.results, strict=True)
    pairs = [(numbers_in(a.value), numbers_in(s.value)) for a, s in results]
    if not any(s.ndim and len(s) > 1 for a, s in pairs):
        return None
    for a, s in pairs:
        firsts = (s[:1], s[0]) if s.ndim and len(s) else ()
        if not any(same(a, first, exercise.digits, exercise.atol) for first in firsts):
            return None
    text = _("Only the first row has come out. Does a `return` stand inside the loop?")
    return Diagnosis("return_in_loop", text, 0.0)


def _one_case(exercise: Exercise, given: list[Outcome]) -> Diagnosis | None:
    """Right but for one kind of input; None if no kind is just the one that fails."""
    fits = [exercise.agree([a], [s]) for a, s in zip(given, exercise.results, strict=True)]
    i = fits.index(False)
    if len(fits) < ENOUGH or sum(fits) < 2 or exercise.results[i].error is not None:
        return None
    for what, of in _kinds(exercise):
        holds = [of(k) for k in range(len(fits))]
        if all(a != b for a, b in zip(holds, fits, strict=True)):
            got = _("it gives `{gives}`").format(gives=short(given[i].value))
            if given[i].error:
                got = _("it stops: {error}").format(error=complaint(given[i].error))
            text = _(
                "Right for {fit} of {all} inputs that were tried, and wrong just where {what}. For "
                "`{inputs}` {got}. What should happen there?"
            )
            said = {"fit": sum(fits), "all": len(fits), "what": what, "got": got}
            return Diagnosis("one_case", text.format(inputs=exercise.inputs(i), **said), 0.0)
    return None


def _kinds(exercise: Exercise) -> Iterator[tuple[str, Callable[[int], bool]]]:
    """Kinds of input: what is said of each, and whether the k-th probe is of it."""
    inputs = [[numbers_in(arg) for arg in args] for args in exercise.probes]
    results = [numbers_in(outcome.value) for outcome in exercise.results]
    yield _("the answer is infinite"), lambda k: bool(np.any(np.isinf(results[k])))
    yield _("the answer is 0"), lambda k: bool(results[k].size and np.all(results[k] == 0))
    for what, has in _FEATURES.items():
        for j, name in enumerate(exercise.parameters[: len(inputs[0])]):
            yield _(what).format(f"`{name}`"), lambda k, j=j, has=has: bool(has(inputs[k][j]))


_FEATURES: dict[str, Callable[[np.ndarray], Any]] = {
    N_("{} holds an infinity"): lambda x: np.any(np.isinf(x)),
    N_("{} holds a number beyond ±700"): lambda x: np.any(np.abs(x) > 700),
    N_("{} holds a number beyond ±30"): lambda x: np.any(np.abs(x) > 30),
    N_("{} holds a 0"): lambda x: np.any(x == 0),
    N_("{} holds a 0 or a 1"): lambda x: np.any((x == 0) | (x == 1)),
    N_("{} holds a 1"): lambda x: np.any(x == 1),
    N_("{} holds a number between 0 and 1"): lambda x: np.any((x > 0) & (x < 1)),
    N_("{} holds a tiny number"): lambda x: np.any((x != 0) & (np.abs(x) < 1e-3)),
    N_("{} holds a negative number"): lambda x: np.any(x < 0),
    N_("{} holds an equal number twice"): lambda x: np.unique(x).size < x.size,
    N_("{} has one entry alone"): lambda x: x.size == 1 and x.ndim,
    N_("{} has more than one row"): lambda x: x.ndim == 2 and len(x) > 1,
    N_("{} has one row alone"): lambda x: x.ndim == 2 and len(x) == 1,
    N_("{} is above 1"): lambda x: x.ndim == 0 and x > 1,
    N_("{} is below 1"): lambda x: x.ndim == 0 and x < 1,
}


def _bits(a: np.ndarray | None) -> float:
    """What the results of a function hold, in bits, as far as a search needs them."""
    if a is None:
        return 0.0
    return min(FUNCTION_BITS, information_of(a[np.isfinite(a)]))


def _is_number(outcome: Outcome) -> bool:
    try:
        return outcome.error is None and bool(
            np.all(np.isfinite(numbers(outcome.value, truth=True)))
        )
    except NotNumbers:
        return False


def _why(outcome: Outcome, args: tuple) -> str:
    """What comes out instead of a number, and what may be behind it."""
    error = outcome.error
    domain = isinstance(error, ArithmeticError) or "domain error" in safely(str, error)
    gives = _("it gives `{gives}`").format(gives=short(outcome.value))
    what = gives if error is None else _("it stops: {error}").format(error=complaint(error))
    if error is not None and not domain:
        return f"{what}."
    flat = []
    for arg in args:
        try:
            flat.append(numbers(arg, truth=True).ravel())
        except NotNumbers:
            continue
    x = np.concatenate(flat) if flat else np.array([])
    zero = _(
        "Does a logarithm, or a division, meet 0 there? What should come out, and how do you get "
        "there without it?"
    )
    if error is not None:
        why = zero
    elif np.any(np.abs(x[np.isfinite(x)]) > 700):
        why = _(
            "The exponential of so large a number is infinite, and of so negative a one 0: what "
            "can be taken out of it first?"
        )
    elif np.any(np.isinf(x)):
        why = _("An infinity is given: which case deserves a line of its own?")
    elif np.any((x == 0) | (x == 1)):
        why = zero
    else:
        why = _("Is something divided by 0 there, or is it the logarithm of a negative number?")
    return f"{what}. {why}"


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
    ways, results = exercise.roads, changes_of_result(exercise)
    written = [one for one in exercise.mistakes if not one.ways]
    units = [change for change in results if change[0] in UNITS]
    one = SAID + math.log2(len(ways) + len(written) + len(results))
    two = one + SAID + math.log2(len(units))
    if a is None or one >= budget:
        return
    made = _array([exercise.results[i] for i in where])
    for name, what in _done(results, made, a, digits):
        yield Diagnosis(name, what[0].upper() + what[1:], one)
    for mistake in [*written, *ways]:
        for outcomes, size in mistake.outcomes(given, exercise.outcomes):
            made = _array([outcomes[i] for i in where])
            text = mistake.text.replace("{size}", f"{size or 0:.0e}")
            if made is not None and _meets(a, made, digits):
                yield Diagnosis(mistake.name, text, one)
            elif two < budget and not mistake.name.startswith("base"):
                for name, what in _done(units, made, a, digits):
                    said = _("{first} And besides: {second}").format(
                        first=what[0].upper() + what[1:], second=_unnumbered(text)
                    )
                    yield Diagnosis(f"{mistake.name}+{name}", said, two)


def _unnumbered(text: str) -> str:
    """A sentence without the number that it begins with: it is another one here."""
    # Translators: the verb that follows a number at the beginning of a mistake's text
    number = rf"^[−-]?[\d,.]+(e[−-]?\d+)?( [Bb]its?| [Nn]ats?)? ({_('is')}|=) "
    return re.sub(number, _("this is "), text)


@np.errstate(all="ignore")
def _done(
    results: list[Result], made: np.ndarray | None, a: np.ndarray, digits: int
) -> list[tuple[str, str]]:
    """What may have been done to a result so that it is what was given: names and sentences."""
    if made is None or not np.all(np.isfinite(made)):
        return []
    return [(name, what) for name, what, change in results if _meets(a, change(made), digits)]


@np.errstate(all="ignore")
def _meets(a: np.ndarray, made: np.ndarray, digits: int) -> bool:
    """Whether numbers agree to the digits that were given; of many the last may be cut off."""
    if made.shape != a.shape or digits < 1 or not np.all(np.isfinite(a)):
        return False
    if same(a, made, digits, zero=1e-12):
        return True
    if digits < 4:
        return False
    unit = 10.0 ** (np.floor(np.log10(np.abs(np.where(a == 0, 1.0, a)))) - digits + 1)
    return same(a, np.trunc(made / unit * (1 + 1e-12)) * unit, digits, zero=1e-12)


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

"""What an answer is told: right, a known mistake, one that is found by search, or a true clue."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cecourse.language import N_, _

from .calls import Outcome, complaint, is_empty, misfit, untried
from .compare import (
    NotNumbers,
    bare,
    difference,
    has_ellipsis,
    is_rounding,
    numbers,
    short,
)
from .diagnosis import of_function, of_numbers

if TYPE_CHECKING:
    from .exercise import Exercise

UNTRIED = N_("Not tried yet: put your answer in the place of `...` and run the cell again.")
UNTRIED_BODY = N_("Not tried yet: there is still a `...` in your function, or nothing at all.")
IN_PLACE = N_(
    "The results that were tried are right, and your function changes what it is given: whoever "
    "calls it finds other numbers there afterwards. How do you make a new array or list?"
)


@dataclass(frozen=True)
class Feedback:
    """What an answer is told.

    `status` is `"untried"`, `"right"`, `"mistake"` (a known one, named in `mistake`), `"wrong"`, or
    `"error"` where the answer could not be compared at all.
    """

    status: str
    text: str
    mistake: str | None = None


def not_yet(text: Any) -> str:
    """What an answer is told that is not right."""
    return _("Not yet. {text}").format(text=text)


def judged(exercise: "Exercise", answer: Any) -> Feedback:
    """Judge an answer: see `Exercise.evaluate`."""
    if has_ellipsis(answer):
        return Feedback("untried", _(UNTRIED))
    judge = {"function": _of_function, "choice": _of_choice, "truth": _of_choice}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return judge.get(exercise.kind, _of_numbers)(exercise, answer)


def _of_numbers(exercise: "Exercise", answer: Any) -> Feedback:
    try:
        a = numbers(answer)
    except NotNumbers as error:
        return Feedback("error", not_yet(error))
    s = numbers(exercise.results[0].value, truth=True)
    rounded = is_rounding(a, s, exercise.digits)
    known = _known(exercise, [Outcome(a)])
    if known and not (rounded and known.status == "mistake" and not _exactly(exercise, a)):
        return known
    if rounded:
        return Feedback("wrong", not_yet(difference(a, s, exercise.digits, exercise.atol)))
    found = of_numbers(exercise, a, s)
    if found:
        return Feedback("mistake", not_yet(found.text), found.name)
    return Feedback("wrong", not_yet(difference(a, s, exercise.digits, exercise.atol)))


def _exactly(exercise: "Exercise", a: np.ndarray) -> bool:
    """Whether a number is what a known mistake gives, and not only near it."""
    functions = (function for one in exercise.mistakes for function in one.examples())
    made = (exercise.outcomes(function)[0].value for function in functions)
    return any(np.allclose(a, numbers(value, truth=True), rtol=1e-9, atol=0) for value in made)


def _of_choice(exercise: "Exercise", answer: Any) -> Feedback:
    options = list(exercise.choices or ["True", "False"])
    wish = bare(answer)
    for key in options:
        text = (exercise.choices or {}).get(key, key)
        if wish in (bare(key), bare(text), bare(f"{key}: {text}"), bare(f"{key} {text}")):
            value = exercise.as_written(key) if exercise.choices else key == "True"
            return _known(exercise, [Outcome(value)])  # every option has its own text
    names = ", ".join(f'"{key}"' if exercise.choices else key for key in options[:-1])
    last = f'"{options[-1]}"' if exercise.choices else options[-1]
    text = _("Answer with {names} or {last}.").format(names=names, last=last)
    return Feedback("error", not_yet(text))


def _of_function(exercise: "Exercise", answer: Any) -> Feedback:
    if not callable(answer):
        text = _(
            "The answer is a function itself, without brackets: `{call}.check(f)`, not "
            "`{call}.check(f(…))`."
        )
        return Feedback("error", not_yet(text.format(call=exercise.call)))
    unlike = misfit(answer, exercise.function, exercise.probes[0])
    if unlike:
        return Feedback("error", not_yet(unlike))
    if is_empty(answer):
        return Feedback("untried", _(UNTRIED_BODY))
    return of_outcomes(exercise, exercise.outcomes(answer))


def of_outcomes(exercise: "Exercise", given: list[Outcome]) -> Feedback:
    """Judge a function by what it gave for each probe: wherever it ran, it is not called here."""
    if any(untried(outcome) for outcome in given):
        return Feedback("untried", _(UNTRIED_BODY))
    known = _known(exercise, given)
    if known:
        return known
    # one that rounds does so everywhere
    early = all(_rounded(exercise, a, s) for a, s in zip(given, exercise.results, strict=True))
    found = None if early else of_function(exercise, given)
    if found:
        return Feedback("mistake", not_yet(found.text), found.name)
    return _first_difference(exercise, given, early)


def _known(exercise: "Exercise", given: list[Outcome]) -> Feedback | None:
    """Feedback for a right answer or a known mistake; None for anything else."""
    if exercise.agree(given, exercise.results):
        if any(outcome.changed for outcome in given):
            return Feedback("mistake", not_yet(_(IN_PLACE)), "changes_its_argument")
        return Feedback("right", exercise.right)
    for mistake in exercise.mistakes:
        # a tiny number is not the 0 that a mistake gives, but for rounding
        for outcomes, size in mistake.outcomes(given, exercise.outcomes):
            if exercise.agree(given, outcomes, zero=1e-12):
                said = (
                    "" if size is None else _(" (Its size is about {size:.0e})").format(size=size)
                )
                return Feedback("mistake", not_yet(mistake.text + said), mistake.name)
    return None


def _rounded(exercise: "Exercise", given: Outcome, wanted: Outcome) -> bool:
    """Whether an outcome is the wanted one, or that rounded too early."""
    if exercise.agree([given], [wanted]):
        return True
    try:
        return is_rounding(numbers(given.value), numbers(wanted.value), exercise.digits, least=1)
    except NotNumbers:
        return False


def _first_difference(exercise: "Exercise", given: list[Outcome], early: bool) -> Feedback:
    """Feedback about the first probe at which a function and the solution part."""
    fits = [exercise.agree([a], [s]) for a, s in zip(given, exercise.results, strict=True)]
    i = fits.index(False)
    got, wanted = given[i], exercise.results[i]
    said = {"inputs": exercise.inputs(i), "gives": short(got.value)}
    if got.error is not None:
        said |= {"where": got.where, "error": complaint(got.error)}
        text = _("For `{inputs}` your function stops{where}: {error}.")
        return Feedback("error", not_yet(text.format(**said)))
    if wanted.error is not None:
        text = _(
            "For `{inputs}` your function gives `{gives}`; should it take such an input at all?"
        )
        return Feedback("wrong", not_yet(text.format(**said)))
    if got.value is None:
        text = _("For `{inputs}` your function returns `None`: did you forget `return`?")
        return Feedback("error", not_yet(text.format(**said)))
    gives = _("For `{inputs}` your function gives `{gives}`.").format(**said)
    try:
        a, s = numbers(got.value, truth=True), numbers(wanted.value, truth=True)
    except NotNumbers as error:
        # Translators: what these two stand for in "Your answer is text" and its like, so that they
        # speak of a function's result instead
        about = str(error).replace(_("our answer"), _("our function's result"))
        return Feedback("error", not_yet(f"{gives} {about}"))
    about = difference(a, s, exercise.digits, exercise.atol, least=1 if early else exercise.digits)
    text = f"{gives} {about}"
    if len(fits) > 1:
        count = _(" ({fit} of {all} inputs that were tried fit.)")
        text += count.format(fit=sum(fits), all=len(fits))
    return Feedback("wrong", not_yet(text))

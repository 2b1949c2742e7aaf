"""The engine of the exercises: a question, its solution and its known mistakes as real functions.

    @exercise("03", title="The medical test", hints=["…", "…"], right="Right: 0.1625. …")
    def medical_test():
        '''A model gives an ill patient a 0.85 chance of illness. What does log loss charge?'''
        return -math.log(0.85)

    @medical_test.mistake("0.0706 is the answer in base 10. What turns it into nats?")
    def _base_ten():
        return -math.log10(0.85)

`medical_test` is then an `Exercise`; the learner calls its `check(answer)`, `hint()`, `solution()`.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cecourse import store

from .calls import Outcome, as_text, complaint, is_empty, misfit, run, untried
from .compare import (
    NotNumbers,
    alike,
    bare,
    difference,
    has_ellipsis,
    is_rounding,
    numbers,
    same,
    short,
)
from .display import box, tell
from .mistake import Mistake
from .source import solution_source

SECTION = "exercises"  # of the learner's file
UNTRIED = "Not tried yet: put your answer in the place of `...` and run the cell again."
UNTRIED_BODY = "Not tried yet: there is still a `...` in your function, or nothing at all."


@dataclass(frozen=True)
class Feedback:
    """What an answer is told.

    `status` is `"untried"`, `"right"`, `"mistake"` (a known one, named in `mistake`), `"wrong"`, or
    `"error"` where the answer could not be compared at all.
    """

    status: str
    text: str
    mistake: str | None = None


def exercise(
    notebook: str,
    *,
    title: str,
    hints: Sequence[str],
    right: str,
    probes: Sequence | None = None,
    choices: Mapping[str, str] | None = None,
    mistakes: Mapping[str, str] | None = None,
    digits: int = 3,
    atol: float = 0.0,
) -> Callable[[Callable], "Exercise"]:
    """Turn a solution into an `Exercise`; its docstring is the question.

    Parameters
    ----------
    notebook : str
        The notebook's number, such as `"03"`.
    title : str
        A few words.
    hints : sequence of str
        Two or more, each giving a little more than the one before and none the answer.
    right : str
        What a right answer is told: it begins with "Right" and adds something.
    probes : sequence, optional
        Inputs, if the answer is a function: a tuple holds several arguments, anything else is one.
        The solution is then the right function; where it raises, the learner's must raise alike.
    choices : mapping of str to str, optional
        The options, if the answer is one of them; the solution returns the right key.
    mistakes : mapping of str to str, optional
        With `choices`: what each wrong option is told.
    digits : int
        How many significant digits must be right.
    atol : float
        An absolute tolerance that is granted in any case, for answers that are 0 but for rounding.

    Returns
    -------
    decorator
        It takes the solution and gives the `Exercise`.
    """

    def decorate(function: Callable) -> Exercise:
        new = Exercise(function, notebook, title, hints, right, probes, choices, digits, atol)
        for key, text in (mistakes or {}).items():
            new.mistake(text)(_option(key))
        return new

    return decorate


def _option(key: str) -> Callable[[], str]:
    """The mistake of choosing this option."""

    def choose() -> str:
        return key

    choose.__name__ = f"option_{key}"
    return choose


class Exercise:
    """One question with `check`, `hint` and `solution`; made by the decorator `exercise`."""

    def __init__(self, function, notebook, title, hints, right, probes, choices, digits, atol):
        self.function = function
        self.name = function.__name__
        self.notebook = notebook
        self.id = f"{notebook}/{self.name}"
        self.title = title
        self.question = inspect.getdoc(function) or ""
        self.hints = tuple(hints)
        self.right = right
        self.probes = None
        if probes is not None:
            self.probes = [p if isinstance(p, tuple) else (p,) for p in probes]
        self.choices = None if choices is None else dict(choices)
        self.digits = digits
        self.atol = atol
        self.mistakes: list[Mistake] = []
        self._hints_given = 0

    def mistake(self, text: str, **ways: Sequence) -> Callable[[Callable], Callable]:
        """Decorate a function that makes a known mistake; `text` is what its maker is told.

        `ways` are further keywords of the function: the values to try, or `AnySize`.
        """

        def decorate(function: Callable) -> Callable:
            self.mistakes.append(Mistake(function, text, ways))
            return function

        return decorate

    # -- what a learner calls ---------------------------------------------------------------------

    def check(self, answer: Any = ...) -> None:
        """Say whether an answer is right, and if not, what may have happened."""
        feedback = self.evaluate(answer)
        if feedback.status != "untried":
            self._record(feedback, answer)
        text = feedback.text
        if feedback.status == "wrong":
            text += f" `exercises.{self.name}.hint()` helps."
        tell(text, box(text, feedback.status))

    def hint(self) -> None:
        """Give one hint, and one more at each call."""
        total = len(self.hints)
        last = self._hints_given >= total
        self._hints_given = min(self._hints_given + 1, total)
        n = self._hints_given
        self._keep(hints=n)
        text = f"Hint {n} of {total}: {self.hints[n - 1]}"
        if last:
            text += "\n\nThat was the last hint; "
            text += f"`exercises.{self.name}.solution()` shows one way to do it."
        tell(text, box(text, "hint"))

    def solution(self) -> None:
        """Print the source of one solution; of a choice, the option and the reason."""
        self._keep(solution_shown=True)
        if self.kind == "choice":
            key = self.results[0].value
            print(f"{key}: {self.choices[key]}\n\n{self.right}")
        else:
            print(solution_source(self.function))

    # -- judging ----------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """What an answer is: `"function"`, `"choice"`, `"truth"`, `"number"` or `"array"`."""
        if self.probes is not None:
            return "function"
        if self.choices is not None:
            return "choice"
        value = self.results[0].value
        if isinstance(value, bool | np.bool_):
            return "truth"
        return "array" if np.ndim(value) else "number"

    @cached_property
    def results(self) -> list[Outcome]:
        """What the solution gives, for each probe where there are probes."""
        return self.outcomes(self.function)

    def outcomes(self, function: Callable) -> list[Outcome]:
        """What a function gives: for each probe, or once where there are none."""
        return [run(function, args) for args in ([()] if self.probes is None else self.probes)]

    def evaluate(self, answer: Any) -> Feedback:
        """Judge an answer without displaying or recording anything.

        Parameters
        ----------
        answer : number, array-like, str, bool or function
            What the exercise asks for; `...` stands for an answer not yet given.

        Returns
        -------
        Feedback
        """
        if has_ellipsis(answer):
            return Feedback("untried", UNTRIED)
        if self.kind == "function":
            return self._evaluate_function(answer)
        if self.kind in ("choice", "truth"):
            return self._evaluate_choice(answer)
        return self._evaluate_numbers(answer)

    def _evaluate_numbers(self, answer: Any) -> Feedback:
        try:
            a = numbers(answer)
        except NotNumbers as error:
            return Feedback("error", f"Not yet. {error}")
        known = self._known([Outcome(a)])
        if known:
            return known
        s = numbers(self.results[0].value, truth=True)
        return Feedback("wrong", f"Not yet. {difference(a, s, self.digits, self.atol)}")

    def _evaluate_choice(self, answer: Any) -> Feedback:
        options = list(self.choices or ["True", "False"])
        wish = bare(answer)
        for key in options:
            if wish in (bare(key), bare((self.choices or {}).get(key, key))):
                value = key if self.choices else key == "True"
                return self._known([Outcome(value)])  # every option has its own text
        names = ", ".join(f'"{key}"' if self.choices else key for key in options[:-1])
        last = f'"{options[-1]}"' if self.choices else options[-1]
        return Feedback("error", f"Not yet. Answer with {names} or {last}.")

    def _evaluate_function(self, answer: Any) -> Feedback:
        if not callable(answer):
            return Feedback(
                "error",
                "Not yet. The answer is a function itself, without brackets: "
                f"`exercises.{self.name}.check(f)`, not `exercises.{self.name}.check(f(…))`.",
            )
        unlike = misfit(answer, self.function, self.probes[0])
        if unlike:
            return Feedback("error", f"Not yet. {unlike}")
        given = self.outcomes(answer)
        if is_empty(answer) or any(untried(outcome) for outcome in given):
            return Feedback("untried", UNTRIED_BODY)
        return self._known(given) or self._first_difference(given)

    def _known(self, given: list[Outcome]) -> Feedback | None:
        """Feedback for a right answer or a known mistake; None for anything else."""
        if self.agree(given, self.results):
            return Feedback("right", self.right)
        for mistake in self.mistakes:
            # a tiny number is not the 0 that a mistake gives, but for rounding
            made = mistake.outcomes(given, self.outcomes)
            if any(self.agree(given, outcomes, zero=1e-12) for outcomes in made):
                return Feedback("mistake", f"Not yet. {mistake.text}", mistake.name)
        return None

    def agree(self, given: list[Outcome], wanted: list[Outcome], zero: float | None = None) -> bool:
        """Whether two lists of outcomes are the same to within the exercise's tolerance."""
        return all(self._same(a, s, zero) for a, s in zip(given, wanted, strict=True))

    def _same(self, given: Outcome, wanted: Outcome, zero: float | None = None) -> bool:
        if given.error is not None or wanted.error is not None:
            return wanted.error is not None and isinstance(given.error, type(wanted.error))
        try:
            a, s = numbers(given.value, truth=True), numbers(wanted.value, truth=True)
        except NotNumbers:
            return alike(given.value, wanted.value)
        return same(a, s, self.digits, self.atol, zero)

    def _rounded(self, given: Outcome, wanted: Outcome) -> bool:
        """Whether an outcome is the wanted one, or that rounded too early."""
        if self._same(given, wanted):
            return True
        try:
            return is_rounding(numbers(given.value), numbers(wanted.value), self.digits)
        except NotNumbers:
            return False

    def _first_difference(self, given: list[Outcome]) -> Feedback:
        """Feedback about the first probe at which a function and the solution part."""
        fits = list(map(self._same, given, self.results))
        i = fits.index(False)
        got, wanted = given[i], self.results[i]
        names = list(inspect.signature(self.function).parameters)
        where = ", ".join(f"{n} = {short(x)}" for n, x in zip(names, self.probes[i], strict=False))
        where = f"Not yet. For `{where}` your function"
        if got.error is not None:
            return Feedback("error", f"{where} stops: {complaint(got.error)}.")
        if wanted.error is not None:
            return Feedback(
                "wrong", f"{where} gives `{short(got.value)}`; should it take such an input at all?"
            )
        if got.value is None:
            return Feedback("error", f"{where} returns `None`: did you forget `return`?")
        try:
            a, s = numbers(got.value, truth=True), numbers(wanted.value, truth=True)
        except NotNumbers as error:
            about = str(error).replace("our answer", "our function's result")
            return Feedback("error", f"{where} gives `{short(got.value)}`. {about}")
        # a function that rounds does so everywhere
        early = all(map(self._rounded, given, self.results))
        about = difference(a, s, self.digits, self.atol, early=early)
        text = f"{where} gives `{short(got.value)}`. {about}"
        if len(fits) > 1:
            text += f" ({sum(fits)} of {len(fits)} inputs that were tried fit.)"
        return Feedback("wrong", text)

    # -- keeping ----------------------------------------------------------------------------------

    def record(self) -> dict[str, Any]:
        """The learner's record: tries, solved, hints, solution_shown, answer, right_answer."""
        return whole_record(store.read(SECTION, self.id))

    def _record(self, feedback: Feedback, answer: Any) -> None:
        typed = as_text(answer)
        kept = {"answer": typed}
        if feedback.status == "right":
            kept |= {"solved": True, "right_answer": typed}
        self._keep(tries=1, **kept)

    def _keep(self, tries: int = 0, hints: int = 0, **kept: Any) -> None:
        def change(old: Any) -> dict[str, Any]:
            old = whole_record(old)
            return old | kept | {"tries": old["tries"] + tries, "hints": max(old["hints"], hints)}

        store.update(SECTION, self.id, change)

    # -- showing ----------------------------------------------------------------------------------

    def _how(self) -> str:
        call = f"`exercises.{self.name}.check(answer)`"
        if self.kind == "function":
            names = ", ".join(inspect.signature(self.function).parameters)
            call = f"`exercises.{self.name}.check(your_function)`"
            return f"Answer with a function of ({names}): {call}."
        if self.kind == "choice":
            listed = "\n".join(f"  {key}: {text}" for key, text in self.choices.items())
            return f'{listed}\n\nAnswer with a letter in quotes: `answer = "…"`, then {call}.'
        if self.kind == "truth":
            return f"Answer with True or False: `answer = …`, then {call}."
        what = "a number"
        if self.kind == "array":
            what = f"an array of shape {np.shape(self.results[0].value)}"
        return f"Answer with {what}: `answer = …`, then {call}."

    def __repr__(self) -> str:
        return f"Exercise {self.notebook} · {self.title}\n\n{self.question}\n\n{self._how()}"

    def _repr_html_(self) -> str:
        return box(f"{self.question}\n\n{self._how()}", "question")  # the title stands above it


def whole_record(record: Any) -> dict[str, Any]:
    """A record with every field in place, whatever the file held."""
    blank = {"tries": 0, "hints": 0, "solved": False, "solution_shown": False, "answer": ""}
    if not isinstance(record, dict):
        return blank
    return record | {
        key: record[key] if type(record.get(key)) is type(value) else value
        for key, value in blank.items()
    }

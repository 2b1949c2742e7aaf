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

import copy
import inspect
import itertools
import math
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import Any

import numpy as np

from cecourse import store
from cecourse.language import _, spoken

from .calls import Outcome, as_text, run
from .compare import NotNumbers, alike, numbers, pasted, same
from .display import box, tell
from .judge import Feedback, judged
from .mistake import Mistake, Text, named
from .roads import roads
from .source import solution_source

SECTION = "exercises"  # of the learner's file
TRIES = 40  # that are kept of each exercise, the last ones


def exercise(
    notebook: str,
    *,
    title: str,
    hints: Sequence[Text],
    right: Text,
    mistakes: Mapping[str, str] | None = None,
    **more: Any,
) -> Callable[[Callable], "Exercise"]:
    """Turn a solution into an `Exercise`; its docstring is the question.

    What is given are the solution's parameters, unless it is asked for as a function: their
    defaults are the numbers of the course, and ``draws`` what they may be another time. The
    question names them in braces, ``{p}`` or ``{p:.0%}``. So does every other text, and besides
    ``{answer}``, what the solution comes to, and in a mistake's text ``{it}``, what that does.
    Where a number is computed from them, the text is a function of whichever of these it names:
    ``lambda p: _("… {other:.2f} …").format(other=1 - p)``.

    Parameters
    ----------
    notebook : str
        The notebook's number, such as `"03"`.
    title : str
        A few words.
    hints : sequence of str or callable
        Two or more, each giving a little more than the one before and none the answer.
    right : str or callable
        What a right answer is told: it begins with "Right" and adds something.
    mistakes : mapping of str to str, optional
        With `choices`: what each wrong option is told.
    **more
        Of `Exercise`: probes, choices, draws, digits, atol, by_hand.

    Returns
    -------
    decorator
        It takes the solution and gives the `Exercise`.
    """

    def decorate(function: Callable) -> Exercise:
        new = Exercise(function, notebook, title=title, hints=hints, right=right, **more)
        new.add_options(mistakes)
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

    def __init__(
        self,
        function: Callable,
        notebook: str,
        *,
        title: str,
        hints: Sequence[Text],
        right: Text,
        probes: Sequence | None = None,
        choices: Mapping[str, str] | None = None,
        draws: Mapping[str, Sequence] | None = None,
        digits: int = 3,
        atol: float = 0.0,
        by_hand: bool = True,
    ):
        """See `exercise`.

        Parameters
        ----------
        probes : sequence, optional
            Inputs, if the answer is a function: a tuple holds several arguments, anything else is
            one. The solution is then the right function; where it raises, the learner's must too.
        choices : mapping of str to str, optional
            The options, if the answer is one of them; the solution returns the right key.
        draws : mapping of str to sequence, optional
            Of each given that may change, the values to draw from.
        digits : int
            How many significant digits must be right.
        atol : float
            An absolute tolerance that is granted in any case, for answers that are 0 but for
            rounding.
        by_hand : bool
            Whether it can be answered without the notebook: on paper, say.
        """
        self.function = function
        self.name = function.__name__
        self.notebook = notebook
        self.id = f"{notebook}/{self.name}"
        self._title = title
        self.probes = None
        if probes is not None:
            self.probes = [p if isinstance(p, tuple) else (p,) for p in probes]
        self._choices = None if choices is None else dict(choices)
        self.draws = dict(draws or {})
        self.digits = digits
        self.atol = atol
        self.by_hand = by_hand and probes is None
        self.seed = 0  # of the instance: 0 has the numbers of the course
        self.givens: dict[str, Any] = {}
        if probes is None:
            parameters = inspect.signature(function).parameters.values()
            self.givens = {one.name: one.default for one in parameters}
        self._hints, self._right = tuple(hints), right
        self._mistakes: list[Mistake] = []
        self._hints_given = 0
        self._letters = {key: key for key in choices or ()}  # as shown: as written
        self._others: dict[int, Exercise] = {}
        self._origin: Exercise | None = None  # of another instance: the course's own
        self._search, self._drawn_before = self._sound(), []
        self._roads: dict[str, list[Mistake]] = {}  # by language

    def mistake(self, text: Text, **ways: Sequence) -> Callable[[Callable], Callable]:
        """Decorate a function that makes a known mistake; `text` is what its maker is told.

        It takes the givens it names. `ways` are further keywords of the function: the values to
        try, or `AnySize`.
        """

        def decorate(function: Callable) -> Callable:
            self._mistakes.append(Mistake(function, text, ways))
            return function

        return decorate

    def add_options(self, told: Mapping[str, str] | None) -> None:
        """Make a mistake of each wrong option, with what it is told."""
        for key, text in (told or {}).items():
            self.mistake(text)(_option(key))

    # -- this instance and others -----------------------------------------------------------------

    @property
    def title(self) -> str:
        """A few words."""
        return _(self._title)

    @property
    def choices(self) -> dict[str, str] | None:
        """The options by their letters, if the answer is one of them."""
        return self._choices and {key: _(text) for key, text in self._choices.items()}

    @property
    def question(self) -> str:
        """What is asked, with the numbers of this instance."""
        return self._asked(_(self._docstring))

    @property
    def written(self) -> str:
        """The question as it is written, whatever language is spoken."""
        return self._asked(self._docstring)

    @property
    def _docstring(self) -> str:
        return inspect.getdoc(self.function) or ""

    def _asked(self, text: str) -> str:
        return text.format(**self.givens) if self.givens else text

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints, each a little more than the one before."""
        return tuple(map(self._say, self._hints))

    @property
    def right(self) -> str:
        """What a right answer is told."""
        return self._say(self._right)

    @property
    def mistakes(self) -> list[Mistake]:
        """The known mistakes, with what their makers are told in this instance."""
        return [Mistake(one.function, self._of(one), one.ways) for one in self._mistakes]

    def _say(self, text: Text, mistake: Callable | None = None) -> str:
        """A text in the language that is spoken, with the numbers of this instance."""
        if isinstance(text, str) and "{" not in text:
            return _(text)
        known = {"answer": self.results[0].value} | self.givens
        if mistake:
            known["it"] = self.outcomes(mistake)[0].value
        return _(text).format(**known) if isinstance(text, str) else text(**named(text, known))

    def _of(self, mistake: Mistake) -> str:
        return self._say(mistake.text, mistake.function)

    def again(self, seed: int | None = None) -> "Exercise":
        """The same question with other numbers, or its options in another order.

        Parameters
        ----------
        seed : int, optional
            Which one, from 1; unless given, the first that has not been answered rightly. The same
            seed brings the same numbers again.

        Raises
        ------
        ValueError
            If the numbers of the question belong to its story, or it asks for a function: then
            there is no other. If `seed` is no whole number from 1.
        """
        if self._origin is not None:
            return self._origin.again(seed)
        if not self.draws and self._choices is None:
            why = "it asks for a function" if self.kind == "function" else "its numbers are fixed"
            raise ValueError(f"{self.call} is there once: {why}.")
        if seed is None:
            seed = max(self.record()["again"], 0) + 1
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 1:
            raise ValueError(f"seed must be a whole number from 1; got {seed!r}")
        if seed not in self._others:
            other = copy.copy(self)
            other.__dict__.pop("results", None)
            other._roads = {}
            other.seed, other._hints_given, other._origin = int(seed), 0, self
            if self.draws:
                other.givens = self.givens | self._drawn(other.seed)
            if self._choices is not None:
                other._shuffle(other.seed)
            self._others[seed] = other
        return self._others[seed]

    def instance(self, seed: int) -> "Exercise":
        """What `again` brings; the exercise itself where it is there once, or for seed 0."""
        return self.again(seed) if seed and self.instances > 1 else self

    @property
    def instances(self) -> int:
        """How many there are with other numbers, or other orders of the options; 1 without any."""
        if self._origin is not None:
            return self._origin.instances
        if self.draws:
            self._drawn_before += self._search
            return 1 + len(self._drawn_before)
        return math.factorial(len(self._choices)) if self._choices else 1

    def _rng(self, seed: int) -> np.random.Generator:
        return np.random.default_rng([zlib.crc32(self.id.encode()), seed])

    def _shuffle(self, seed: int) -> None:
        """Take the options in another order: of all the others, in a disorder of its own."""
        keys = list(self._letters)
        orders = list(itertools.permutations(keys))[1:]
        order = orders[self._rng(0).permutation(len(orders))[(seed - 1) % len(orders)]]
        self._letters = dict(zip(keys, order, strict=True))
        self._choices = {shown: self._choices[key] for shown, key in self._letters.items()}

    def _drawn(self, seed: int) -> dict[str, Any]:
        """The givens of an instance: the seed-th sound one, from the first again after the last."""
        more = itertools.islice(self._search, max(seed - len(self._drawn_before), 0))
        self._drawn_before += more
        return self._drawn_before[(seed - 1) % len(self._drawn_before)]

    def _sound(self) -> Iterator[dict[str, Any]]:
        """Every choice of givens that parts the solution from each mistake, in a fixed disorder."""
        sizes = [len(values) for values in self.draws.values()]
        for i in self._rng(0).permutation(math.prod(sizes)).tolist():
            drawn = {}
            for name, values in self.draws.items():
                i, place = divmod(i, len(values))
                drawn[name] = values[place]
            if any(drawn[name] != self.givens[name] for name in drawn) and self._parts(drawn):
                yield drawn

    def _parts(self, drawn: dict[str, Any]) -> bool:
        """Whether the answer is another, and each mistake told from it and from those before it."""
        other = copy.copy(self)
        other.givens = self.givens | drawn
        right = other.outcomes(self.function)
        if self.kind != "choice" and self.agree(right, self.results):
            return False
        made = [other.outcomes(one.function) for one in self._mistakes if not one.ways]
        if any(self.agree(one, right) for one in made):
            return False
        return not any(self.agree(b, a, 1e-12) for a, b in itertools.combinations(made, 2))

    # -- what a learner calls ---------------------------------------------------------------------

    def check(self, answer: Any = ...) -> None:
        """Say whether an answer is right, and if not, what may have happened."""
        feedback = self.judge(answer)
        text = feedback.text
        if feedback.status == "wrong":
            text += _(" `{call}.hint()` helps.").format(call=self.call)
        if feedback.status == "right":
            text += self.more()
        tell(text, box(text, feedback.status))

    def hint(self) -> None:
        """Give one hint, and one more at each call."""
        last = self._hints_given >= len(self.hints)
        text = self.next_hint()
        if last:
            text += "\n\n" + _(
                "That was the last hint; `{call}.solution()` shows one way to do it."
            ).format(call=self.call)
        tell(text, box(text, "hint"))

    def solution(self) -> None:
        """Print the source of one solution; of a choice, the option and the reason."""
        words, code = self.solution_parts()
        print(code or words)

    def more(self) -> str:
        """What a right answer is told besides: that there is more of it."""
        origin = self._origin or self
        more = _(" Once more, with other numbers: `{call}.again()`.").format(call=origin.call)
        return more if self.draws else ""

    # -- what a form calls ------------------------------------------------------------------------

    def judge(self, answer: Any) -> Feedback:
        """Evaluate an answer and record it, unless there is none."""
        feedback = self.evaluate(answer)
        if feedback.status != "untried":
            self._record(feedback, answer)
        return feedback

    def next_hint(self) -> str:
        """One hint more than before; the last one again when there are no more."""
        total = len(self.hints)
        n = self._hints_given = min(self._hints_given + 1, total)
        self._keep(hints=n)
        return _("Hint {n} of {total}: {hint}").format(n=n, total=total, hint=self.hints[n - 1])

    def solution_parts(self) -> tuple[str, str]:
        """The solution in words and, but for a choice, in code; that it was seen is recorded."""
        self._keep(solution_shown=True)
        if self.kind == "choice":
            return f"{self.key}: {self.choices[self.key]}\n\n{self.right}", ""
        return self.right, self.source()

    def source(self) -> str:
        """The code of the solution, with the numbers of this instance."""
        return solution_source(self.function, self.givens)

    @property
    def call(self) -> str:
        """How a notebook names this instance."""
        return f"exercises.{self.name}" + (f".again({self.seed})" if self.seed else "")

    def as_written(self, shown: str) -> str:
        """The letter with which an option is written down, of the one with which it is shown."""
        return self._letters[shown]

    @property
    def key(self) -> str:
        """The letter of the right option, as it is shown."""
        return next(k for k, old in self._letters.items() if old == self.results[0].value)

    # -- judging ----------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """What an answer is: `"function"`, `"choice"`, `"truth"`, `"number"` or `"array"`."""
        if self.probes is not None:
            return "function"
        if self._choices is not None:
            return "choice"
        value = self.results[0].value
        if isinstance(value, bool | np.bool_):
            return "truth"
        return "array" if np.ndim(value) else "number"

    @cached_property
    def results(self) -> list[Outcome]:
        """What the solution gives, for each probe where there are probes."""
        return self.outcomes(self.function)

    @property
    def roads(self) -> list[Mistake]:
        """The mistakes made by machine."""
        if spoken() not in self._roads:
            self._roads[spoken()] = roads(self)
        return self._roads[spoken()]

    @property
    def parameters(self) -> list[str]:
        """The names of what is given."""
        return list(inspect.signature(self.function).parameters)

    @property
    def numbers_of_question(self) -> list[float]:
        """The numbers that stand in the question."""
        found = re.findall(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?![\w.]*\d)", self.written)
        return list(dict.fromkeys(float(token.replace("−", "-")) for token in found))

    @cached_property
    def has_logarithms(self) -> bool:
        """Whether the solution takes logarithms, so that their base may be another."""
        try:
            code = inspect.getsource(self.function)
        except (OSError, TypeError):
            return False
        return bool(re.search(r"log|entropy|surpris|kl_|softplus", code))

    def outcomes(self, function: Callable) -> list[Outcome]:
        """What a function gives: for each probe, or once, with the givens, where there are none."""
        if self.probes is None:
            return [run(partial(function, **named(function, self.givens)), ())]
        return [run(function, args) for args in self.probes]

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
        return judged(self, answer)

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

    def inputs(self, i: int) -> str:
        """The inputs of a probe, to be pasted into a cell."""
        pairs = zip(self.parameters, self.probes[i], strict=False)
        shown = (f"{name} = {pasted(x)}" for name, x in pairs)
        return "; ".join(shown)

    # -- keeping ----------------------------------------------------------------------------------

    def record(self) -> dict[str, Any]:
        """The learner's record: what was tried and typed, and whether it is solved.

        `history` has the last tries: time, status, the mistake's name, and the seed of another
        instance than the course's.
        """
        return whole_record(store.read(SECTION, self.id))

    def _record(self, feedback: Feedback, answer: Any) -> None:
        typed = as_text(answer)
        kept = {"answer": typed}
        if feedback.status == "right":
            kept |= {"solved": True, "right_answer": typed}
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        tried = {"time": now, "status": feedback.status}
        if feedback.mistake:
            tried["mistake"] = feedback.mistake
        if self.seed:
            tried["seed"] = self.seed
        self._keep(tried, **kept)

    def _keep(self, tried: dict[str, Any] | None = None, hints: int = 0, **kept: Any) -> None:
        def change(old: Any) -> dict[str, Any]:
            old = whole_record(old)
            new = old | kept | {"hints": max(old["hints"], hints)}
            if tried:
                new["tries"] += 1
                new["history"] = _shortened([*old["history"], tried])
            if self.seed and (kept.get("solution_shown") or "right_answer" in kept):
                new["again"] = max(old["again"], self.seed)
            return new

        store.update(SECTION, self.id, change)

    # -- showing ----------------------------------------------------------------------------------

    def _how(self) -> str:
        call = f"`{self.call}.check(answer)`"
        if self.kind == "function":
            names = ", ".join(self.parameters)
            call = f"`{self.call}.check(your_function)`"
            return _("Answer with a function of ({names}): {call}.").format(names=names, call=call)
        if self.kind == "choice":
            listed = "\n".join(f"  {key}: {text}" for key, text in self.choices.items())
            how = _('Answer with a letter in quotes: `answer = "…"`, then {call}.')
            return f"{listed}\n\n{how.format(call=call)}"
        if self.kind == "truth":
            return _("Answer with True or False: `answer = …`, then {call}.").format(call=call)
        if self.kind == "number":
            return _("Answer with a number: `answer = …`, then {call}.").format(call=call)
        shape = np.shape(self.results[0].value)
        how = _("Answer with an array of shape {shape}: `answer = …`, then {call}.")
        return how.format(shape=shape, call=call)

    def __repr__(self) -> str:
        head = _("Exercise {number} · {title}").format(number=self.notebook, title=self.title)
        return f"{head}\n\n{self.question}\n\n{self._how()}"

    def _repr_html_(self) -> str:
        return box(f"{self.question}\n\n{self._how()}", "question")  # the title stands above it


def whole_record(record: Any) -> dict[str, Any]:
    """A record with every field in place, whatever the file held."""
    blank = {
        "tries": 0,
        "hints": 0,
        "solved": False,
        "solution_shown": False,
        "answer": "",
        "history": [],
        "again": 0,
    }
    if not isinstance(record, dict):
        return blank
    whole = record | {
        key: record[key] if type(record.get(key)) is type(value) else value
        for key, value in blank.items()
    }
    return whole | {"history": [one for one in whole["history"] if isinstance(one, dict)]}


def _shortened(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last tries; of those of one day the first stays longest, since it says what was known."""
    days = [str(one.get("time"))[:10] for one in history]
    while len(history) > TRIES:
        place = next((i for i in range(1, len(days)) if days[i] == days[i - 1]), 0)
        history, days = history[:place] + history[place + 1 :], days[:place] + days[place + 1 :]
    return history

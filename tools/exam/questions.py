"""What an exam asks: a question with one student's numbers, and what each answer means.

A number becomes a choice among numbers: the wrong ones are what recognised mistakes come to, the
same mistakes in every instance. So a letter says what whoever chose it believes.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from cecourse.exercise.display import rich
from cecourse.exercise.exercise import Exercise
from cecourse.exercise.question import Question
from cecourse.exercise.report import exercises_by_id
from cecourse.prediction import Prediction, all_predictions
from tools._command import ToolError
from tools.cards import code_of
from tools.marking.assignments import POINTS as BY_KIND
from tools.quiz_xml import options_of, reason

POINTS = BY_KIND | {"prediction": 1}
MINUTES = {"number": 6, "array": 6, "choice": 3, "truth": 2, "prediction": 2, "function": 15}
LETTERS = "ABCDEFGH"
DISTRACTORS = 4  # wrong numbers to choose from, and
LEAST = 3  # with how many a question is still one
# One question of each notebook in the order of the course, and two functions to write. What takes
# another question's picture or code is not among them, nor the case study that 10 is about.
BLUEPRINT = (
    "01/spinner",
    "02/overpaid",
    "03/seven_of_ten",
    "03/bce",
    "04/clipped_slope",
    "05/one_row",
    "05/gradient",
    "06/wrong_guess",
    "07/floor",
    "08/which_repair",
    "09/what_it_means",
    "11/symptom_checker",
    "12/translate",
    "13/back_off",
)


class Option(NamedTuple):
    """One answer that may be chosen.

    `shown` is how it is set, as HTML, and `value` what the exercise judges. `mistake` is the name
    of the mistake that leads to it, empty of the right one, and `said` what there is to say of it.
    """

    shown: str
    value: Any
    mistake: str
    said: str


# ---------------------------------------------------------------- numbers


def written(value: Any, digits: int, *, whole: bool = False) -> str:
    """A number as a paper shows it: so many significant digits; whole numbers where all are."""
    if np.ndim(value):
        return "[" + ", ".join(written(part, digits, whole=whole) for part in value) + "]"
    value = float(value)
    if whole:
        text = f"{value:.0f}"
    elif value and not 1e-4 <= abs(value) < 10**6:
        mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
        text = f"{mantissa}·10^{int(power)}"
    else:
        value = float(f"{value:.{digits - 1}e}") if abs(value) < 10**digits else value
        # of 2184.9 to three digits the four before the point stand all the same
        places = 0 if not value else digits - 1 - math.floor(math.log10(abs(value)))
        text = f"{value:.{max(places, 0)}f}" if value else f"{0:.{digits - 1}f}"
    return text.replace("-", "−")


def read(text: str) -> Any:
    """What a written number says, as the engine judges it."""
    plain = text.replace("−", "-").replace("·10^", "e")
    if plain.startswith("["):
        return [float(part) for part in plain.strip("[]").split(",")]
    return float(plain)


def set_number(text: str) -> str:
    """A written number as HTML: its power of ten raised."""
    return re.sub(r"\^(−?\d+)", r"<sup>\1</sup>", text)


# ---------------------------------------------------------------- questions


class Item:
    """A question that an exam may ask, in all its instances.

    Parameters
    ----------
    source : Exercise or Prediction
        A prediction is there in one wording, and in each order of its options.
    """

    def __init__(self, source: Exercise | Prediction):
        self.source, self.id = source, source.id
        self.kind = "prediction" if isinstance(source, Prediction) else source.kind
        self.title = "Predict" if self.kind == "prediction" else source.title
        self.notebook = source.about if isinstance(source, Question) else source.notebook
        self.points, self.minutes = POINTS[self.kind], MINUTES[self.kind]
        self._told: dict[int, list[Option]] = {}
        self._recognised: dict[str, dict[int, Any]] = {}  # by the mistake's name, by the seed

    @property
    def on_paper(self) -> bool:
        """Whether it can be answered on paper; a function is for the notebook."""
        return getattr(self.source, "by_hand", True)

    @property
    def has_numbers(self) -> bool:
        """Whether its instances differ in their numbers, and not in the order of options alone."""
        return self.on_paper and bool(getattr(self.source, "draws", None))

    @cached_property
    def pool(self) -> list[int]:
        """The seeds of its instances; of numbers not 0, for the course tells their answers."""
        if self.kind == "prediction":
            return list(range(math.factorial(len(self.source.options))))
        return list(range(self.has_numbers, self.source.instances))

    def asked(self, seed: int) -> str:
        """The words of an instance as HTML, with the code that they name."""
        if self.kind == "prediction":
            return rich(self.source.question)
        return rich(self.source.instance(seed).question) + self.code

    @cached_property
    def code(self) -> str:
        """The code of a function that the question names, as HTML; empty where it names none."""
        return "" if self.kind == "prediction" else code_of(self.source)

    def why(self, seed: int) -> str:
        """Why the right answer of an instance is right."""
        if self.kind == "prediction":
            return self.source.right.reason
        return reason(self.source.instance(seed))

    # -- options ----------------------------------------------------------------------------------

    def options(self, seed: int) -> list[Option]:
        """The options of an instance in their own order; of a number the right one is the first.

        Raises
        ------
        ToolError
            If too few mistakes of a number give numbers that can be told apart in every instance.
        """
        if seed not in self._told:
            if self.kind == "prediction":
                self._told[seed] = self._orders(seed)
            elif options_of(self.source):
                self._told[seed] = self._choices(seed)
            else:
                self._told[seed] = self._numbers(seed)
        return list(self._told[seed])

    def _orders(self, seed: int) -> list[Option]:
        lettered = list(zip(self.source.lettered, self.source.options, strict=True))
        order = list(itertools.permutations(lettered))[seed]
        right = self.source.letter
        return [
            Option(set_option(text), key, "" if key == right else f"option_{key}", one.reason)
            for (key, text), one in order
        ]

    def _choices(self, seed: int) -> list[Option]:
        instance = self.source.instance(seed)
        found = []
        for key, text in options_of(instance).items():
            told = instance.evaluate(key)
            said = plain(told.text)
            found.append(Option(set_option(text or key), key, told.mistake or "", said))
        return found

    def _numbers(self, seed: int) -> list[Option]:
        names = ["", *self.distractors]
        values = [instance_right(self.source, seed)]
        values += [self._recognised[name][seed] for name in names[1:]]
        digits, whole = self.source.digits, all(np.all(np.mod(v, 1) == 0) for v in values)
        instance, found = self.source.instance(seed), []
        for value, name in zip(values, names, strict=True):
            text = written(value, digits, whole=whole)
            said = plain(instance.evaluate(read(text)).text) if name else reason(instance)
            found.append(Option(set_number(text), read(text), name, said))
        return found

    @cached_property
    def distractors(self) -> list[str]:
        """The mistakes that a number's wrong options are made of, the same in every instance.

        They are the first of its known mistakes that come, in each instance, to a number which the
        engine takes for this mistake and which, as it is shown, is neither the right one nor that
        of another.
        """
        shown = {s: {self._shown(instance_right(self.source, s))} for s in self.pool}
        names: list[str] = []
        for place, mistake in enumerate(self.source.mistakes):
            found = {seed: self._made(seed, place, shown[seed]) for seed in self.pool}
            if len(names) < DISTRACTORS and all(value is not None for value in found.values()):
                self._recognised[mistake.name] = found
                names.append(mistake.name)
                for seed, value in found.items():
                    shown[seed].add(self._shown(value))
            if len(names) == DISTRACTORS:
                break
        if len(names) < LEAST:
            raise ToolError(
                f"{self.id}: {len(names)} of its known mistakes give numbers of their own in every "
                f"instance; a choice takes {LEAST}. Ask for it with --open, or leave it out."
            )
        return names

    def _made(self, seed: int, place: int, taken: set[str]) -> Any:
        """What a mistake comes to in an instance, if it can be an option there."""
        instance = self.source.instance(seed)
        mistake = instance.mistakes[place]
        for (outcome,), _ in mistake.outcomes(instance.results, instance.outcomes):
            value = outcome.value
            if outcome.error is not None or not _finite(value):
                continue
            text = self._shown(value)
            if text not in taken and instance.evaluate(read(text)).mistake == mistake.name:
                return value
        return None

    def _shown(self, value: Any) -> str:
        return written(value, self.source.digits)

    # -- a student's own ---------------------------------------------------------------------------

    def for_student(self, seed: int, key: str) -> list[Option]:
        """The options in the order of a paper: numbers are shuffled by the paper's key."""
        options = self.options(seed)
        if self.kind in ("number", "array"):
            random.Random(f"{key}/{self.id}").shuffle(options)
        return options


def plain(told: str) -> str:
    """What an answer is told, without the verdict."""
    return re.sub(r"^(Not yet\.|Right[.:]) ", "", told)


def set_option(text: str) -> str:
    """An option as HTML; a call is code, whether or not it says so."""
    call = re.fullmatch(r"[A-Za-z_][\w.]*\(.*\)", text)
    return rich(f"`{text}`" if call else text)


def instance_right(source: Exercise, seed: int) -> Any:
    """The right answer of an instance."""
    return source.instance(seed).results[0].value


def _finite(value: Any) -> bool:
    try:
        return bool(np.all(np.isfinite(np.asarray(value, dtype=float))))
    except (TypeError, ValueError):
        return False


# ---------------------------------------------------------------- which


def all_items() -> dict[str, Exercise | Prediction]:
    """Every question there is, by its id."""
    return exercises_by_id() | all_predictions()


def chosen(ids: list[str], notebooks: list[str]) -> list[Item]:
    """The questions of an exam: those that are named, those of some notebooks, or the blueprint.

    Of notebooks the twelve questions are shared out evenly: exercises first, the numbers among
    them before the choices, then questions of the final quiz, then predictions.

    Raises
    ------
    ToolError
        If an id names no question, names one twice, or names one whose number is there once.
    """
    known = all_items()
    if ids and notebooks:
        raise ToolError(f"name questions or notebooks, not both; got {ids} and {notebooks}")
    if notebooks:
        ids = [name for book in notebooks for name in _of(book, known, 12 // len(notebooks) or 1)]
    ids = ids or list(BLUEPRINT)
    for name in ids:
        if name not in known:
            near = [one for one in known if one.startswith(name[:3])]
            there = f"; there are {', '.join(near)}" if near else ""
            raise ToolError(f"no question is called {name!r}{there}")
        if ids.count(name) > 1:
            raise ToolError(f"{name} is asked {ids.count(name)} times")
    items = [Item(known[name]) for name in ids]
    for item in items:
        if item.on_paper and len(item.pool) < 2:
            raise ToolError(f"{item.id} is there once: everybody would have the same numbers")
    return items


def _of(book: str, known: dict, share: int) -> list[str]:
    """The first questions about a notebook, as `chosen` says."""
    items = [Item(one) for one in known.values()]
    rank = {"number": 0, "array": 0, "choice": 1, "truth": 1, "prediction": 3}
    fit = [one for one in items if one.notebook == book and one.kind in rank]
    fit = [one for one in fit if one.on_paper and not one.code and len(one.pool) > 1]
    quiz = [isinstance(one.source, Question) for one in fit]
    order = sorted(zip(fit, quiz, strict=True), key=lambda p: rank[p[0].kind] + 2 * p[1])
    if not order:
        raise ToolError(f"notebook {book} has no question for an exam")
    return [one.id for one, _ in order[:share]]

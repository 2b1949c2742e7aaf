"""How many wrong answers the exercises name: shares over a set of answers as students give them.

The set stands in `tests/cecourse/lessons/answers`: a module for each lesson, in it a dictionary for
each exercise, what was done: the answer. They were written from the questions alone. `RIGHT_name`
has right answers of unusual form.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from cecourse.exercise.exercise import Exercise
from cecourse.exercise.judge import Feedback
from cecourse.exercise.report import all_exercises
from tools._command import ROOT
from tools.bench._bench import table

ANSWERS = ROOT / "tests" / "cecourse" / "lessons" / "answers"
RIGHT = "RIGHT_"
KINDS = ("named", "found", "clue", "size", "error", "untried", "right")


class Told(NamedTuple):
    """An answer, what was done to come to it, what it is told, and whether it is a right one."""

    exercise: Exercise
    done: str
    answer: Any
    feedback: Feedback
    right: bool

    @property
    def kind(self) -> str:
        """`"named"` by hand, `"found"` by search, a `"clue"`, the `"size"` alone, …"""
        if self.feedback.status == "mistake":
            known = {mistake.name for mistake in self.exercise.mistakes}
            return "named" if self.feedback.mistake in known else "found"
        if self.feedback.status == "wrong":
            size = any(f"too {how}." in self.feedback.text for how in ("large", "small"))
            return "size" if size else "clue"
        return self.feedback.status


def home(exercise: Exercise) -> str:
    """The lesson of an exercise, or the part of the quiz."""
    lesson, module = exercise.function.__module__.split(".")[-2:]
    return lesson if module.startswith("exercises") else module


def all_told() -> Iterator[Told]:
    """What every answer of the set is told."""
    known = {(home(one), one.name): one for one in all_exercises()}
    for path in sorted(ANSWERS.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"answers_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, answers in list(vars(module).items()):
            exercise = known.get((path.stem, name.removeprefix(RIGHT)))
            if exercise is not None and isinstance(answers, dict):
                for done, answer in answers.items():
                    with contextlib.redirect_stdout(io.StringIO()):  # some print
                        feedback = exercise.evaluate(answer)
                    yield Told(exercise, done, answer, feedback, name.startswith(RIGHT))


def report() -> None:
    """Print the shares."""
    counts: dict[str, Counter] = {}
    for told in all_told():
        if not told.right:
            group = "functions" if told.exercise.kind == "function" else "numbers"
            for key in (group, home(told.exercise), "all"):
                counts.setdefault(key, Counter())[told.kind] += 1
    table(
        "Wrong answers: named by hand, found by search, a true clue, the size alone",
        {"": "<22", "answers": ">8"} | dict.fromkeys(KINDS, ">7.0%"),
        (
            (key, total, *(found[kind] / total for kind in KINDS))
            for key, found in sorted(counts.items(), key=lambda item: item[0] == "all")
            for total in [found.total()]
        ),
    )

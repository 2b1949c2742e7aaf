"""What an exercise or a prediction says in words no computation holds: somebody has read it.

`read.json` has a digest of each exercise: its question, options, hints, feedback and praise, and
what its solution and its mistakes come to; of each prediction its question, options, reasons and
the right one. A test that fails here asks for a reader: read the texts against the mathematics once
more, each hint, each feedback beside its mistake, each reason beside its option, then

    python tests/cecourse/exercise/test_read.py
"""

import hashlib
import json
from pathlib import Path

import numpy as np

from cecourse.exercise.compare import NotNumbers, numbers
from cecourse.exercise.report import all_exercises
from cecourse.lessons import NOTEBOOKS
from cecourse.prediction import of_lesson

FILE = Path(__file__).with_name("read.json")


def reached(exercise, function) -> list[str]:
    """What a solution or a mistake comes to, to the digits that no processor moves."""
    found = []
    for outcome in exercise.outcomes(function):
        try:
            found += [f"{x:.5g}" for x in np.ravel(numbers(outcome.value, truth=True)).tolist()]
        except NotNumbers:
            found.append(repr(outcome.error or outcome.value))
    return found


def short(value):
    """The value of a prediction, to the digits that no processor moves."""
    if isinstance(value, set | frozenset | tuple | list | np.ndarray):
        return [
            short(part) for part in (sorted(value) if isinstance(value, set | frozenset) else value)
        ]
    if isinstance(value, str) or value is None:
        return value
    return f"{round(float(value), 9) + 0:.3g}"


def digests() -> dict[str, str]:
    """A digest of every exercise, question and prediction, by its name."""
    found = {}

    def keep(name: str, read: list) -> None:
        found[name] = hashlib.sha256(json.dumps(read).encode()).hexdigest()[:12]

    for one in NOTEBOOKS:
        for asked in of_lesson(one.slug).values():
            texts = [(option.text, option.reason) for option in asked.options]
            keep(
                f"predictions/{asked.id}", [asked.question, texts, asked.letter, short(asked.value)]
            )
    for exercise in all_exercises():
        read = [exercise.title, exercise.question, exercise.choices, exercise.hints, exercise.right]
        read.append(reached(exercise, exercise.function))
        for mistake in exercise.mistakes:
            ways = [reached(exercise, function) for function in mistake.examples()]
            read.append([mistake.text, ways])
        keep(exercise.id, read)
    return found


def test_everything_has_been_read_as_it_is():
    read, now = json.loads(FILE.read_text(encoding="utf-8")), digests()
    assert [name for name in now if read.get(name) != now[name]] == []
    assert read.keys() == now.keys()


if __name__ == "__main__":
    FILE.write_text(json.dumps(digests(), indent=1) + "\n", encoding="utf-8")

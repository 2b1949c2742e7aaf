"""Every answer of the course is reached by a second road: see the package `derivations`."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import derivations
import numpy as np
import pytest

from cecourse.exercise.mistake import named
from cecourse.exercise.report import all_exercises
from cecourse.lessons import NOTEBOOKS

EXERCISES = all_exercises()
SOURCES = Path(__file__).parents[3] / "notebooks" / "source"


def home(exercise):
    """The lesson of an exercise, or the part of the quiz."""
    lesson, module = exercise.function.__module__.split(".")[-2:]
    return lesson if module.startswith("exercises") else module


def second(exercise):
    """The module of an exercise's derivation."""
    return importlib.import_module(f"derivations.{home(exercise)}")


def same(found, wanted):
    """To nine digits: exactly what a solution should be, but for rounding."""
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    return found.shape == wanted.shape and np.allclose(
        found, wanted, rtol=1e-9, atol=1e-12, equal_nan=True
    )


def quoted(exercise):
    """Words of the option, and the sentence that says so, of an answer that nothing computes."""
    return getattr(second(exercise), "SAID", {}).get(exercise.name)


def option(exercise, words):
    """The letter of the one option that has these words: what is written there, not where."""
    (letter,) = (key for key, text in exercise.choices.items() if words in text)
    return letter


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_the_solution_agrees_with_a_second_derivation(exercise):
    said = quoted(exercise)
    if said:
        words, sentence = said
        number = getattr(exercise, "about", exercise.notebook)
        (notebook,) = (n for n in NOTEBOOKS if n.number == number)
        text = (SOURCES / notebook.file.replace(".ipynb", ".md")).read_text(encoding="utf-8")
        assert sentence in " ".join(text.split())
        assert exercise.results[0].value == option(exercise, words)
        return
    derive = getattr(second(exercise), exercise.name, None)
    assert derive, f"{exercise.id} has no second derivation"
    if exercise.kind == "choice":
        assert exercise.results[0].value == option(exercise, derive())
        return
    if exercise.probes is None:
        for one in [exercise, *(exercise.again(k) for k in range(1, 6) if exercise.draws)]:
            assert set(exercise.draws) <= set(inspect.signature(derive).parameters)
            assert same(one.results[0].value, derive(**named(derive, one.givens))), one.givens
        return
    for args, outcome in zip(exercise.probes, exercise.results, strict=True):
        assert outcome.error is None
        assert same(outcome.value, derive(*args)), args


def test_every_derivation_belongs_to_an_exercise_and_shares_no_code_with_it():
    names = {(home(part), part.name) for part in EXERCISES}
    for info in pkgutil.iter_modules(derivations.__path__):
        module = importlib.import_module(f"derivations.{info.name}")
        assert not re.search(
            r"\bexercises\b.*import|import.*\bexercises\b", inspect.getsource(module)
        )
        found = {
            name
            for name, part in vars(module).items()
            if inspect.isfunction(part) and part.__module__ == module.__name__ and name[0] != "_"
        }
        found |= set(getattr(module, "SAID", {}))
        assert {(info.name, name) for name in found} <= names

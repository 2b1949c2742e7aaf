"""No number in an exercise's texts is typed and left alone.

One in the question is the solution's or a mistake's input, one in a hint, in feedback or in praise
is that too, or what one of them comes to, or is computed where it stands, in braces. Where the
givens are drawn anew, none is typed that would change with them.
"""

import ast
import contextlib
import inspect
import math
import re
import sys

import numpy as np
import pytest

from cecourse.exercise.compare import NotNumbers, numbers
from cecourse.exercise.design import _states, _value
from cecourse.exercise.report import all_exercises

# 0.85, 85%, 44 times, 550×, 1/551; a lone integer is mostly a count, and a word
BARE = re.compile(
    r"(?<![\w.,^])[-−]?(?:[\d,]*\.\d+(?:e[-−]?\d+)?%?|\d[\d,]*(?:%|×|(?=\s+times\b))|1/\d+)(?![\d.]*\d)"
)


def functions(exercise):
    """The solution and the mistakes that have code of their own; an option has none."""
    mistakes = [mistake.function for mistake in exercise.mistakes]
    return [
        exercise.function,
        *(one for one in mistakes if one.__module__ == exercise.function.__module__),
    ]


def tree_of(function):
    return ast.parse(inspect.getsource(function)).body[0]


def typed(node) -> list[str]:
    """The strings of a piece of code as they are typed: without what is put in for braces."""
    shapes = {
        id(part)
        for computed in ast.walk(node)
        if isinstance(computed, ast.FormattedValue) and computed.format_spec
        for part in ast.walk(computed.format_spec)
    }
    return [
        re.sub(r"\{[^{}]*\}", "{}", part.value)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in shapes
    ]


def inputs(exercise) -> set[float]:
    """The numbers in the code of an exercise, of what it is given and names in its module."""
    given = (value for value in exercise.givens.values() if isinstance(value, int | float))
    nodes, seen, found = [], set(), {abs(float(value)) for value in given}
    for function in functions(exercise):
        whole = ast.parse(inspect.getsource(sys.modules[function.__module__])).body
        wanted = [tree_of(function)]
        while wanted:
            node = wanted.pop()
            nodes.append(node)
            names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - seen
            seen |= names
            for name in names:  # from another module, too
                with contextlib.suppress(KeyError, NotNumbers, TypeError, ValueError):
                    there = numbers(vars(sys.modules[function.__module__])[name])
                    found |= set(np.abs(there).ravel().tolist())
            for other in whole:
                targets = getattr(other, "targets", [getattr(other, "target", None)])
                called = {getattr(t, "id", None) for t in targets} | {getattr(other, "name", None)}
                if called & names and not isinstance(other, ast.ClassDef):
                    wanted.append(other)
    return found | {
        abs(float(part.value))
        for node in nodes
        for part in ast.walk(node)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, int | float)
        and not isinstance(part.value, bool)
    }


def constants(exercise) -> set[float]:
    """The numbers in the bodies of an exercise's functions: they stay whatever is drawn."""
    return {
        abs(float(part.value))
        for function in functions(exercise)
        for statement in tree_of(function).body
        for part in ast.walk(statement)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, int | float)
        and not isinstance(part.value, bool)
    }


def outcomes(exercise) -> set[float]:
    """What the solution and the mistakes come to."""
    found = set()
    for function in functions(exercise):
        for outcome in exercise.outcomes(function):
            with contextlib.suppress(NotNumbers, TypeError, ValueError):
                found |= set(np.abs(numbers(outcome.value)).ravel().tolist())
    return found


def stray(exercise) -> list[str]:
    """The typed numbers of an exercise's texts that are neither an input nor an outcome.

    A number of one digit says too little to be a rounded outcome: many round to it.
    """
    given, reached = inputs(exercise), outcomes(exercise)
    if exercise.draws:  # what changes with the givens is no number to type
        given, reached = constants(exercise), set()
    given |= {1 - x for x in given if 0 < x < 1}  # the other outcome's chance

    def known(token: str) -> bool:
        value = abs(float(_value(token)))
        if any(math.isclose(value, x, rel_tol=1e-9) for x in given | reached):
            return True
        return len(re.sub(r"\D", "", token).lstrip("0")) > 1 and any(
            _states(token, x) for x in reached
        )

    texts = [exercise.question] if not exercise.draws else []
    for function in functions(exercise):
        for decorator in tree_of(function).decorator_list:
            texts += typed(decorator)
    return [
        text[max(0, found.start() - 25) : found.end() + 15]
        for text in texts
        for found in BARE.finditer(text)
        if not known(found[0].strip("×-−"))
    ]


@pytest.mark.parametrize("exercise", all_exercises(), ids=lambda exercise: exercise.id)
def test_no_number_in_a_text_is_left_alone(exercise):
    assert not stray(exercise)

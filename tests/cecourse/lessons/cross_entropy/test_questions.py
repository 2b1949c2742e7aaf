"""The numbers of a question of notebooks 02 and 05 are the solution's, in the same order."""

import ast
import inspect
import re

import pytest

from cecourse.exercise.report import all_exercises

EXERCISES = [
    part
    for part in all_exercises()
    if part.id.startswith(("02/", "05/")) and part.kind in ("number", "choice")
]


def constants(function):
    """The numbers of a function's code, from left to right."""
    found = [
        (node.lineno, node.col_offset, float(node.value))
        for line in ast.parse(inspect.getsource(function)).body[0].body
        for node in ast.walk(line)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]
    return [value for _, _, value in sorted(found)]


def follow(wanted, given):
    """Whether these numbers come in this order, with others between them."""
    rest = iter(given)
    return all(number in rest for number in wanted)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_the_numbers_of_the_question_are_the_solutions(exercise):
    question = re.sub(r"\{.*?\}", "", inspect.getdoc(exercise.function))  # without the givens
    asked = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", question)]
    assert follow(asked, constants(exercise.function))

"""What prose and hints say about answers holds in front of whoever reads them."""

import ast
import builtins
import inspect
import itertools
import re
from functools import cache
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest

from cecourse.exercise.question import Question, typed
from cecourse.exercise.report import all_exercises
from tools._cells import printed

SOURCES = {path.stem[:2]: path for path in Path(__file__).parents[2].glob("notebooks/source/*.md")}
EXERCISES = [part for part in all_exercises() if not isinstance(part, Question)]

# "answer wrongly, for example with `0.4`": one sentence, and what it tells the reader to type
INVITATION = re.compile(
    r"[^.!?]*?\b(?:answer|type|try|enter|check)\b(?:[^.!?`]|\.(?=\d)|`[^`]*`)*", re.IGNORECASE
)
FORMS = {"a line such as `-log(0.8)`"}  # how an answer may look, and no answer to any question
WRONG = re.compile(r"\b(?:wrong|wrongly|mistake|recognises)\b", re.IGNORECASE)


@cache
def cells(number):
    return jupytext.read(SOURCES[number]).cells


def invitations(number):
    """(sentence, value, exercises it may be about) of each value that prose tells one to type."""
    checked = []
    for cell in cells(number):
        if cell.cell_type == "code":
            found = re.findall(r"exercises\.(\w+)\.check\(", cell.source)
            checked = found or checked
            continue
        prose = " ".join(cell.source.split())
        for sentence in INVITATION.findall(prose):
            for code in re.findall(r"`([^`]+)`", sentence):
                value = typed(code)
                if isinstance(value, float):
                    yield sentence.strip(), value, checked


def test_the_values_that_prose_tells_the_reader_to_type_are_known():
    seen = 0
    for number in SOURCES:
        known = {part.name: part for part in EXERCISES if part.notebook == number}
        for sentence, value, names in invitations(number):
            if any(form in sentence for form in FORMS):
                continue
            assert names, f"about which exercise is this? {sentence}"
            feedback = known[names[-1]].evaluate(value)
            wanted = {"mistake"} if WRONG.search(sentence) else {"mistake", "right"}
            assert feedback.status in wanted, f"{number}: {sentence!r} {value}: {feedback.text}"
            seen += 1
    assert seen >= 1  # notebook 00 invites to 0.4


def names_of(number):
    """What the code cells of a notebook import or define."""
    found = set(dir(builtins))
    for cell in cells(number):
        if cell.cell_type == "code":
            code = "\n".join(row for row in cell.source.splitlines() if not row.startswith("%"))
            for node in ast.walk(ast.parse(code)):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    found |= {(name.asname or name.name).split(".")[0] for name in node.names}
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    found.add(node.id)
                elif isinstance(node, ast.FunctionDef):
                    found.add(node.name)
    return found


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda part: part.id)
def test_the_code_in_a_hint_runs_where_it_is_read(exercise):
    texts = [*exercise.hints, exercise.right, *(mistake.text for mistake in exercise.mistakes)]
    code = re.findall(r"`([^`]+)`", "\n".join([exercise.question, *texts]))
    used = {name for line in code for name in re.findall(r"(?<![\w.])([a-zA-Z_]\w*)(?=[.(])", line)}
    given = set(inspect.signature(exercise.function).parameters)
    assert not used - given - names_of(exercise.notebook)


NOTEBOOKS = {path.stem[:2]: path for path in Path(__file__).parents[2].glob("notebooks/*.ipynb")}
DIGITS = 3  # significant ones, from which on a printed number is no coincidence


def told_above(number):
    """(exercise, row) of each stored output that prints the answer of an exercise below it."""
    numeric = {
        part.name: [float(value) for value in np.ravel(part.function())]
        for part in EXERCISES
        if part.notebook == number and part.probes is None and part.choices is None
        if part.name != "who_is_it"  # its numbers are names, 1 to 8
    }
    above = []
    for cell in nbformat.read(NOTEBOOKS[number], as_version=4).cells:
        if cell.cell_type != "code":
            continue
        for name in re.findall(r"^exercises\.(\w+)$", cell.source, re.MULTILINE):
            for value, (shown, row) in itertools.product(numeric.get(name, []), above):
                decimals = len(shown.partition(".")[2])
                if abs(float(shown) - abs(value)) <= 0.5000001 * 10.0**-decimals:
                    yield name, row
        for row in "\n".join(printed(cell)).splitlines():
            found = re.findall(r"\d+\.\d+", row)
            above += [(n, row) for n in found if len(n.replace(".", "").lstrip("0")) >= DIGITS]


@pytest.mark.parametrize("number", sorted(NOTEBOOKS))
def test_no_exercise_is_answered_by_what_is_printed_above_it(number):
    assert not list(told_above(number))

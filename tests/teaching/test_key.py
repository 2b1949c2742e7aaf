"""The answer key: every answer is green, without executing whole notebooks; one is executed."""

import ast
import html
import math
import re
import shutil

import nbformat
import numpy as np
import pytest

import cehelpers as ce
from cecourse.exercise.display import rich
from cecourse.lessons.framework_rosetta.mystery import mystery
from cecourse.lessons.loss_clinic import final_quiz
from cecourse.prediction import of_lesson
from tools import _cells, _command
from tools.paper import answer_key, reader, short_key

NAMES = [path.stem for path in _command.notebooks()]


def filled(name):
    path = _command.NOTEBOOKS / f"{name}.ipynb"
    return answer_key.filled(nbformat.read(path, as_version=4), name)


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_of_a_notebook_is_green(name):
    original = nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4)
    asked = [c for c in original.cells if _cells.checked(c.source or "")]
    cells = answer_key.checks(filled(name))
    quiz = len(final_quiz.QUESTIONS) if name.startswith("11") else 0
    assert len(cells) == len(asked) + quiz > 0
    for source, _ in cells:
        call = re.search(r"^(\w+)\.(\w+)\.check\((\w+)\)", source, re.MULTILINE)
        home = final_quiz if call[1] == "final_quiz" else _cells.exercises_of(name)
        exercise = getattr(home, call[2])
        # what the notebook itself imports need not be imported again
        here = {"math": math, "np": np, "ce": ce, "mystery": mystery}
        exec(source.replace(call[0], ""), here)
        assert exercise.evaluate(here[call[3]]).status == "right", source


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_overwrites_no_name_of_its_notebook(name):
    original = nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4)
    code = "\n".join(c.source for c in original.cells if c.cell_type == "code")
    for source, _ in answer_key.checks(filled(name)):
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.FunctionDef):
                names = [statement.name]
            elif isinstance(statement, ast.Assign):
                names = [ast.unparse(target) for target in statement.targets]
            else:
                continue
            checked = re.search(r"\.check\((\w+)\)", source)[1]  # the learner's own name for it
            for bound in set(names) - {checked}:
                assert not re.search(rf"(?<![.\w]){bound}\b", code), (bound, source)


def test_wrong_answers_are_told_what_the_exercise_tells_them():
    exercise = _cells.exercises_of("cross_entropy").overpaid
    text = answer_key.wrong_answers(exercise)
    assert text.startswith(reader.WRONG)
    assert all(mistake.text in text for mistake in exercise.mistakes)


def test_a_notebook_of_the_key_is_executed_and_can_be_printed(tmp_path, monkeypatch):
    monkeypatch.setenv("CEHELPERS_STORE", "off")
    monkeypatch.setenv("CEHELPERS_PROGRESS", "off")
    path = _command.NOTEBOOKS / "00_start_here.ipynb"
    assert answer_key.build(path, tmp_path) == 1
    made = tmp_path / "00_start_here_key.ipynb"
    page = answer_key.page(made)
    rain = _cells.exercises_of("start_here").rain
    assert rich(rain.right.partition(": ")[2]).split("<")[0][:60] in page
    assert '<div class="room">' not in page and "Wrong answers" in page
    notebook = nbformat.read(made, as_version=4)
    answer_key.require_green(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if ".check(" in cell.source:
                output["data"]["text/plain"] = "Not yet."
    with pytest.raises(_command.ToolError, match="not green"):
        answer_key.require_green(notebook)


def test_a_notebook_that_fails_is_named(tmp_path):
    missing, there = tmp_path / "00_start_here.ipynb", tmp_path / "01_entropy.ipynb"
    there.touch()
    copies = tmp_path / "copies"
    copies.mkdir()
    with pytest.raises(_command.ToolError, match="^00_start_here: .*No such file") as caught:
        _command.in_processes(shutil.copy, [missing, there], copies)
    assert "01_entropy" not in str(caught.value)
    assert _command.in_processes(shutil.copy, [there], copies) == {
        "01_entropy": str(copies / there.name)
    }


def test_the_short_key_has_every_answer():
    page = short_key.page()
    sections = dict(zip(NAMES, page.split("<h2>")[1:], strict=False))
    for name in NAMES:
        cells = nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
        asked = [found.exercise for c in cells if (found := _cells.checked(c.source or ""))]
        for k, one in enumerate(asked, start=1):
            exercise = getattr(_cells.exercises_of(name), one)
            assert f"{k} · {html.escape(exercise.title)}" in sections[name]
            if exercise.kind != "function":
                shown = html.escape(short_key.shown(exercise.results[0].value))
                assert f"<b>{shown}</b>" in sections[name]
            if exercise.kind == "number":  # each wrong answer is what its name says
                told = sections[name].partition(f"{k} · {html.escape(exercise.title)}")[2]
                told = told.partition('<p class="wrong">')[2].partition("</p>")[0].split(" · ")
                found = [exercise.evaluate(float(one.split(" ", 1)[0])).mistake for one in told]
                assert found == [one.name for one in exercise.mistakes], exercise.id
        for k, one in enumerate(of_lesson(name[3:]).values(), start=1):
            assert f'<span class="n">{k}</span>&nbsp;{one.letter}' in sections[name]
    last = page.split("<h2>")[-1]
    for q in final_quiz.QUESTIONS:
        shown = short_key.shown(q.results[0].value)
        assert f'<span class="n">{q.number}</span>&nbsp;<b>{shown}</b>' in last


def test_the_code_of_the_short_key_is_right():
    exercise = _cells.exercises_of("cross_entropy").own_kl
    here = {}
    exec(short_key.code_of(exercise), here)
    assert exercise.evaluate(here["own_kl"]).status == "right"

"""The assignments: nbgrader makes, checks and marks them; nothing in them gives an answer away."""

import os
import shutil
import sqlite3

import matplotlib
import nbformat
import pytest

from cecourse.lessons.loss_clinic import final_quiz
from tools import _cells, _command, assignments

NAMES = [path.stem for path in _command.notebooks()]
ONE = "02_cross_entropy"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder with one assignment, and an environment whose home is its own."""
    folder = tmp_path_factory.mktemp("course")
    home = tmp_path_factory.mktemp("home")
    assert assignments.write_course(folder, (ONE,)) == [ONE]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "XDG"))}
    env = kept | {"HOME": str(home), "USERPROFILE": str(home), "CEHELPERS_STORE": "off"}
    env["MPLCONFIGDIR"] = matplotlib.get_cachedir()  # or each kernel looks for all fonts again
    assignments.nbgrader(folder, "generate_assignment", ONE, "--create", env=env)
    return folder, env


def graded(notebook, ending):
    return [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith(ending)
    ]


def source(name):
    return nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4)


@pytest.mark.parametrize("name", NAMES)
def test_an_assignment_has_every_exercise_and_what_it_refers_to(name):
    original = source(name)
    made = assignments.assignment(original, name)
    asked = [
        found.exercise
        for cell in original.cells
        if cell.cell_type == "code" and (found := _cells.checked(cell.source))
    ]
    answers, checks = graded(made, "-answer"), graded(made, "-check")
    assert [c.metadata["nbgrader"]["grade_id"] for c in checks] == [f"{a}-check" for a in asked]
    assert len(answers) == len(checks) > 0
    for cell in checks:
        about = cell.metadata["nbgrader"]
        assert about["grade"] and about["locked"] and not about["solution"]
        assert about["points"] in assignments.POINTS.values()
    assert "<!-- slide" not in "".join(cell.source for cell in made.cells)
    names = {}
    for cell in made.cells:
        if cell.cell_type == "code":
            exec(cell.source, names)  # a check that is not green raises


def test_the_quiz_is_an_assignment_of_its_own():
    made = assignments.quiz()
    assert len(graded(made, "-check")) == len(final_quiz.QUESTIONS)


def test_code_that_needs_more_than_the_assignment_has_is_there_to_be_read():
    new = nbformat.v4
    printed = [new.new_output("stream", text="3")]
    cells = [
        new.new_code_cell("x = 1"),
        new.new_code_cell("print(x + y)", outputs=printed),
        new.new_code_cell("print(x)"),
    ]
    made = assignments.setting(cells, {})
    assert [(cell.cell_type, cell.source) for cell in made] == [
        ("code", "x = 1"),
        ("markdown", "```python\nprint(x + y)\n```\n\n```text\n3\n```"),
        ("code", "print(x)"),
    ]


def test_the_students_version_has_no_solution(course):
    folder, _ = course
    made = nbformat.read(folder / "source" / ONE / f"{ONE}.ipynb", as_version=4)
    given = nbformat.read(folder / "release" / ONE / f"{ONE}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in given.cells)
    assert "SOLUTION" not in text
    for cell, blank in zip(graded(made, "-answer"), graded(given, "-answer"), strict=True):
        inside = cell.source.partition("### BEGIN SOLUTION\n")[2].partition("### END")[0]
        assert len(inside.strip()) > 5 and inside not in blank.source
        assert blank.source.endswith(assignments.STUB) and "..." in blank.source


def test_nbgrader_gives_full_marks_to_the_filled_copy_and_none_to_the_empty_one(course):
    folder, env = course
    release = folder / "release" / ONE / f"{ONE}.ipynb"
    for student in ("ada", "blank"):
        (folder / "submitted" / student / ONE).mkdir(parents=True)
        shutil.copy(release, folder / "submitted" / student / ONE)
    path = folder / "submitted" / "ada" / ONE / f"{ONE}.ipynb"
    made = nbformat.read(folder / "source" / ONE / f"{ONE}.ipynb", as_version=4)
    filled = nbformat.read(path, as_version=4)
    for cell, blank in zip(graded(made, "-answer"), graded(filled, "-answer"), strict=True):
        blank.source = cell.source
    nbformat.write(filled, path)

    said = assignments.nbgrader(folder, "validate", str(path), str(release), env=env)
    assert said.count("Success! Your notebook passes all the tests.") == 1
    count = len(graded(made, "-check"))
    assert f"VALIDATION FAILED ON {count} CELL(S)" in said and "Not tried yet" in said

    assignments.nbgrader(folder, "autograde", ONE, env=env)
    with sqlite3.connect(folder / "gradebook.db") as book:
        marks = book.execute(
            """select s.student_id, sum(g.auto_score) from grade g
               join submitted_notebook n on g.notebook_id = n.id
               join submitted_assignment s on n.assignment_id = s.id group by s.student_id"""
        ).fetchall()
    full = sum(cell.metadata["nbgrader"]["points"] for cell in graded(made, "-check"))
    assert dict(marks) == {"ada": full, "blank": 0}


def test_an_unknown_name_is_refused(tmp_path):
    with pytest.raises(ValueError, match="begins with 99"):
        assignments.write_course(tmp_path, ("99",))

"""The assignments: nbgrader makes, checks and marks them; nothing in them gives an answer away."""

import builtins
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
    known = set(dir(builtins))
    for cell in made.cells:
        if cell.cell_type == "code":
            for statement in _cells.parsed(cell.source):
                assert assignments.loaded(statement) <= known | assignments.bound(statement)[0]
                known |= assignments.bound(statement)[0]


def test_the_quiz_is_an_assignment_of_its_own():
    made = assignments.quiz()
    assert len(graded(made, "-check")) == len(final_quiz.QUESTIONS)


def test_what_a_piece_of_code_needs_is_found_and_nothing_else():
    before = [
        "import math\nimport numpy as np",
        "x = np.array([1, 2])\ny = 3",
        "x[0] = 5\nprint(x)",
        "def f(a, b=y):\n    z = a + b\n    return math.sqrt(z)",
    ]
    assert assignments.needed("f(x, 1)", before) == [
        "import math",
        "import numpy as np",
        "x = np.array([1, 2])",
        "y = 3",
        "x[0] = 5",
        "def f(a, b=y):\n    z = a + b\n    return math.sqrt(z)",
    ]
    assert assignments.needed("[y for y in range(3)]", before) == []


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

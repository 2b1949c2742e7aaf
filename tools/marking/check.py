"""What is odd about handed-in notebooks, by student and cell: before anything is marked.

Nothing here stops the marking or changes a mark: it says where to look.
"""

from __future__ import annotations

import ast
import sqlite3
import warnings
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from cecourse.exercise.exercise import Exercise
from cecourse.exercise.report import exercises_by_id
from tools import _command
from tools.marking import marker

PRIVATE = {"results", "solution", "solution_parts", "evaluate", "judge", "check", "mistakes", "key"}
NOBODY = "nobody in the roster has this id; rename the folder"
FAR = {"cecourse", "exercises", "final_quiz", "tools", "subprocess", "socket", "ctypes"}


class Finding(NamedTuple):
    """One thing to look at."""

    student: str
    assignment: str
    cell: str
    what: str

    def __str__(self) -> str:
        return f"{self.student}, {self.assignment}, {self.cell}: {self.what}"


def findings(submitted: Path, seconds: float = marker.SECONDS) -> list[Finding]:
    """Look through the folder of what was handed in, `submitted/STUDENT/ASSIGNMENT/*.ipynb`.

    Parameters
    ----------
    submitted : Path
        The folder; source/ of the course and, with a roster in it, gradebook.db stand beside it.
    seconds : float
        For a cell, where answers are run: in an exam with numbers of their own.

    Raises
    ------
    ToolError
        If there is no such folder, or no notebook in it.
    """
    course = submitted.resolve().parent
    paths = sorted(submitted.glob("*/*/*.ipynb"))
    if not paths:
        raise _command.ToolError(f"{submitted} holds no STUDENT/ASSIGNMENT/NOTEBOOK.ipynb")
    told = [one for path in paths for one in _of(path, course, seconds)]
    known = _roster(course)
    strangers = [Finding(*path.parts[-3:-1], path.name, NOBODY) for path in paths]
    return [*(one for one in strangers if known and one.student not in known), *told]


def _roster(course: Path) -> set[str]:
    """The ids that `nbgrader db student import` was given; none, where it was given nothing."""
    path = course / "gradebook.db"
    if not path.exists():
        return set()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as gradebook:
        return {one for (one,) in gradebook.execute("SELECT id FROM student")}


def _of(path: Path, course: Path, seconds: float) -> list[Finding]:
    import nbformat

    student, assignment = path.parts[-3:-1]

    def found(cell: str, what: str) -> Finding:
        return Finding(student, assignment, cell, what)

    ours = course / "source" / assignment / path.name
    if not ours.exists():
        return [found(path.name, "no such notebook was given out; is its name as it was?")]
    try:
        with warnings.catch_warnings():  # of cells with one id, which nbformat mends
            warnings.simplefilter("ignore")
            theirs = nbformat.read(path, as_version=4)
    except Exception as error:  # whatever stands in the file
        return [found(path.name, f"cannot be read: {str(error).splitlines()[0][:120]}")]
    ours = nbformat.read(ours, as_version=4)
    told = [found(*one) for one in (*_cells(ours, theirs), *_code(ours, theirs))]
    try:
        seeds = marker.seeds_of(course, assignment, student)
    except _command.ToolError as error:
        return [*told, found(path.name, str(error))]
    if seeds:
        notebook = marker.restored(ours, theirs)
        marks = marker.mark_notebook(notebook, student, seeds, seconds)
        told += [found(*one) for one in _of_others(marks, student, course, assignment)]
    return told


def _cells(ours, theirs):
    """Cells that are there twice, or no more, or that are not as they were given out."""
    count = Counter(marker.id_of(cell) for cell in theirs.cells)
    given = {marker.id_of(cell): cell for cell in theirs.cells}
    for cell in ours.cells:
        grade_id, role = marker.id_of(cell), marker.role(cell)
        if not role:
            continue
        if count[grade_id] == 0:
            yield grade_id, "the cell is missing" + (": no answer" if role == "answer" else "")
        elif count[grade_id] > 1:
            yield grade_id, f"the cell is there {count[grade_id]} times; the last one counts"
        if role != "answer" and grade_id in given and given[grade_id].source != cell.source:
            yield grade_id, "the locked cell was changed; ours is used"


def _code(ours, theirs):
    """Code of the student's own that does not parse, or reaches for what is not an answer."""
    locked = [c for c in ours.cells if marker.role(c) in ("check", "given")]
    ids, sources = {marker.id_of(c) for c in locked}, {c.source for c in locked}
    for k, cell in enumerate(theirs.cells):
        if cell.cell_type != "code" or marker.id_of(cell) in ids or cell.source in sources:
            continue
        place = marker.id_of(cell) or f"added cell {k + 1}"
        try:
            tree = ast.parse(marker.runnable(cell.source))
        except (SyntaxError, ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None)
            yield place, f"a syntax error in line {line}: {getattr(error, 'msg', error)}"
            continue
        if used := sorted(_reaches_for(tree)):
            yield place, f"uses {', '.join(used)}"


def _reaches_for(tree: ast.AST) -> set[str]:
    """Names of the course and its engine that code uses, and what runs other code."""
    found = set()
    for part in ast.walk(tree):
        if isinstance(part, ast.Import):
            found |= {a.name for a in part.names if a.name.partition(".")[0] in FAR}
        elif isinstance(part, ast.ImportFrom) and (part.module or "").partition(".")[0] in FAR:
            found.add(part.module)
        elif isinstance(part, ast.Attribute) and part.attr in PRIVATE:
            found.add(f".{part.attr}")
        elif isinstance(part, ast.Name) and part.id in FAR | {"exec", "eval", "open", "__import__"}:
            found.add(part.id)
    return found


def _of_others(marks: dict, student: str, course: Path, assignment: str):
    """Numbers that are wrong here, and right for somebody else's."""
    exam = marker.exam_of(course, assignment)
    for grade_id, one in marks.items():
        if one.mark.status in ("right", "untried") or one.exercise.kind not in ("number", "array"):
            continue
        plain = exercises_by_id()[one.exercise.id]
        for other, seeds in exam["students"].items():
            seed = seeds.get(one.exercise.id, 0)
            if other != student and seed != one.seed and _right(plain.instance(seed), one.left):
                yield grade_id, f"the answer is right for the numbers of {other}"


def _right(exercise: Exercise, left: marker.Answer) -> bool:
    return marker.mark(exercise, [marker.Outcome(left.value)]).status == "right"

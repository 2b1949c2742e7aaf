"""The exam as notebooks for nbgrader: one for each student, with that student's numbers.

All have the same cells under the same names; only the questions differ. So one assignment, `exam`,
takes them all, and `exam.json` beside it says which instance each student was asked. Here are the
functions that paper has no place for; predictions, which nothing computes an answer to, are left
out. A check says that an answer has arrived and nothing of right or wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tools import _command
from tools.build_notebooks import as_text
from tools.exam.questions import Item
from tools.marking.assignments import (
    CLOSED,
    IMPORTS,
    RECEIVED,
    STUB,
    graded,
    question_cell,
    setup_cell,
    write_config,
)
from tools.paper.answer_key import answer

if TYPE_CHECKING:
    from tools.exam.exam import Exam

ASSIGNMENT = "exam"
HOW = f"{CLOSED} The numbers are yours alone."
FOR_ALL = "This is everybody's exam with the course's own numbers: give out `students/`, not this."


def asked(exam: Exam) -> list[Item]:
    """The questions that a notebook can ask: all but predictions."""
    return [one for one in exam.items if one.kind != "prediction"]


def cells_of(item: Item, number: int, seed: int, *, solved: bool) -> list:
    """A question with the cell to answer in and the one that receives the answer.

    `solved` is for the lecturer: then the answer's cell holds a solution, which nbgrader takes out.
    """
    from nbformat.v4 import new_code_cell

    exercise = item.source.instance(seed)
    name, about = exercise.name, {"exercise": {"id": item.id, "name": exercise.name}}
    label = item.id.replace("/", "_")
    question = question_cell(exercise, f"{number} · {item.title}")
    question.source += item.code
    question.metadata = {"exercise": {"id": item.id}}
    place = f"{name} = ..."
    if item.kind == "function":
        place = f"def {name}({', '.join(exercise.parameters)}):\n    ..."
    under = STUB
    if solved:
        code = answer(exercise, name, f"{IMPORTS}\n{name}")
        under = f"### BEGIN SOLUTION\n{code}\n### END SOLUTION"
    received = f'print(received("{exercise.kind}", {name}))'
    of = graded(f"{label}-check", grade=True, locked=True, points=item.points)
    return [
        question,
        new_code_cell(
            f"{place}\n{under}", metadata=graded(f"{label}-answer", solution=True) | about
        ),
        new_code_cell(received, metadata=of | about),
    ]


def notebook(exam: Exam, student: str | None = None):
    """The exam of a student; without one, that of the lecturer, for nbgrader's `source`."""
    from nbformat.v4 import new_markdown_cell, new_notebook

    who = "" if student is None else f" · {student}"
    opening = [f"# Exam {exam.seed}{who}", HOW] if student else ["# Exam", FOR_ALL, HOW]
    cells = [
        new_markdown_cell("\n\n".join(opening)),
        setup_cell(RECEIVED),
    ]
    mine = exam.seeds[student] if student else {}
    for number, item in enumerate(asked(exam), 1):
        cells += cells_of(item, number, mine.get(item.id, 0), solved=student is None)
    made = new_notebook(cells=cells)
    made.metadata["kernelspec"] = _command.KERNEL
    for position, cell in enumerate(made.cells):
        cell["id"] = f"cell-{position:03d}"
    return made


def write(exam: Exam, folder: Path) -> None:
    """Write nbgrader's configuration, its `source`, and each student's notebook."""
    if not asked(exam):
        return
    write_config(folder)
    homes = {folder / "source" / ASSIGNMENT: None}
    homes |= {folder / "students" / one.id: one.id for one in exam.students}
    for home, student in homes.items():
        home.mkdir(parents=True, exist_ok=True)
        text = as_text(notebook(exam, student))
        (home / f"{ASSIGNMENT}.ipynb").write_text(text, encoding="utf-8", newline="\n")

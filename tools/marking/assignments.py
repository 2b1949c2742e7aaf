"""Write the exercises as nbgrader assignments, one for each notebook: `make assignments`.

build/assignments is a course folder of nbgrader: source/ holds the instructor's version with
solutions, and nbgrader makes release/ from it. The cell under an answer tells a student what may
have happened, or with `--closed` that the answer has arrived; marks come from neither, but from
`tools.marking`, which `nbgrader autograde` runs in this folder (`tools.marking.nbgrader`).
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

from tools import _cells, _command
from tools._cells import exercises_of, printed
from tools._markdown import MARK
from tools.marking.marker import POINTS
from tools.paper.answer_key import answer

QUIZ = "13_final_quiz"  # of notebook 11, an assignment of its own
OPEN = (
    "Put each answer in the place of the dots, run the cell, then the one under it: it says whether"
    " the answer is right and, if not, what may have happened. Those cells cannot be changed, and "
    "the marks come from elsewhere: each answer is marked alone, by the name that it has here, and "
    "a function with other inputs."
)
CLOSED = (
    "Put each answer in the place of the dots, run the cell, then the one under it: it says that "
    "an answer of the right kind has arrived, and nothing about right or wrong; you hear that with "
    "the feedback. Each answer is marked alone, by the name that it has here, and a function with "
    "inputs that you do not see."
)
STUB = "# Put your answer in the place of the dots."
IMPORTS = "import math\n\nimport numpy as np\n\nimport cehelpers as ce\n"
RECEIVED = "from cecourse.exercise.receipt import received"
CONFIG = f"""\
# The folder of an nbgrader course: `nbgrader generate_assignment NAME`, then release it as you
# release yours; `nbgrader autograde NAME` marks what stands in submitted/STUDENT/NAME/.
# This file is written once: what you add stays.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "cross_entropy_hands_on"
c.ClearSolutions.code_stub = {{"python": {STUB!r}}}
c.NbGrader.logfile = ""

# Marks are given by the course, beside the student's code and not in it; it also knows whose each
# file of a platform's zip is.
from tools.marking.nbgrader import configure

configure(c, __file__)
"""
# A sentence that points at a place which only the notebook has.
PLACE = re.compile(
    r"(?:^|(?<=[.!?:]\s))[^.!?]*\b(?:(?:cells?|pictures?|tables?|explorers?|sliders?)\s(?:above|below)|"
    r"(?:next|last|previous)\s(?:cell|picture|section)|in\sthe\scells)\b[^.!?]*[.!?]\s*"
)


# ---------------------------------------------------------------- cells


def question_cell(exercise, heading: str):
    """A question as Markdown: its words, its options, and how to answer."""
    from nbformat.v4 import new_markdown_cell

    from cecourse.exercise.display import rich

    points = POINTS[exercise.kind]
    parts = [f"### {heading}", f"*{points} point{'s' if points > 1 else ''}*"]
    parts.append(f"<p>{rich(exercise.question)}</p>")
    if exercise.choices:
        parts.append(
            "\n".join(f"- **{key}** {rich(text)}" for key, text in exercise.choices.items())
        )
        parts.append(f'Answer with a letter in quotes: `{exercise.name} = "…"`.')
    elif exercise.kind == "truth":
        parts.append("Answer with `True` or `False`.")
    about = {"exercise": {"id": exercise.id}}
    return new_markdown_cell("\n\n".join(parts), metadata=about)


def graded(grade_id: str, exercise=None, **kind) -> dict:
    """The metadata by which nbgrader knows a cell, and the marking its exercise."""
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    known = {"nbgrader": {"schema_version": 3, "grade_id": grade_id} | plain | kind}
    return known | ({"exercise": {"id": exercise.id}} if exercise else {})


def answer_cell(exercise, place: str):
    """The cell to answer in, with its place for it; the solution below nbgrader takes out."""
    from nbformat.v4 import new_code_cell

    code = answer(exercise, exercise.name, f"{IMPORTS}\n{exercise.name}")
    solution = f"### BEGIN SOLUTION\n{code}\n### END SOLUTION"
    about = graded(f"{exercise.name}-answer", exercise, solution=True)
    return new_code_cell(f"{place}\n{solution}", metadata=about)


def check_cell(exercise, closed: bool):
    """The locked cell under an answer: what may have happened, or only that it has arrived."""
    from nbformat.v4 import new_code_cell

    name = exercise.name
    source = (
        f'print(received("{exercise.kind}", {name}))'
        if closed
        else f"told = {exercise.call}.evaluate({name})\n"
        'assert told.status == "right", told.text\n'
        "print(told.text)"
    )
    points = POINTS[exercise.kind]
    about = graded(f"{name}-check", exercise, grade=True, locked=True, points=points)
    return new_code_cell(source, metadata=about)


def setup_cell(imported: str):
    """The imports that an assignment's cells share."""
    from nbformat.v4 import new_code_cell

    return new_code_cell(IMPORTS + imported, metadata=graded("setup", locked=True))


def runs(code: str, names: dict) -> bool:
    """Whether code finds all that it needs among these names; what it defines is added to them."""
    try:
        with contextlib.redirect_stdout(None):
            exec(code, made := dict(names))  # a cell of the course
    except NameError:
        return False
    names |= made
    return True


def heading_of(cells: list, position: int) -> int:
    """Where the section of an exercise begins: the cell with its heading."""
    for k in range(position, -1, -1):
        if cells[k].cell_type == "markdown" and _cells.at_exercise(cells[k].source)[1]:
            return k
    raise LookupError(f"no heading '### Exercise …' above cell {position}")


# ---------------------------------------------------------------- notebooks


def assignment(notebook, stem: str, *, closed: bool = False):
    """Return the instructor's version of a notebook's exercises, with what they refer to.

    Parameters
    ----------
    notebook
        A notebook of the course.
    stem : str
        Its name, such as ``"02_cross_entropy"``.
    closed : bool
        Whether the students hear nothing of right or wrong before the feedback.
    """
    exercises, cells, made = exercises_of(stem), notebook.cells, []
    standing: dict = {}  # what the assignment's cells have defined
    exec(IMPORTS, standing)
    for position, cell in enumerate(cells):
        check = _cells.checked(cell.source) if cell.cell_type == "code" else None
        if check:
            exercise = getattr(exercises, check.exercise)
            first = heading_of(cells, position)
            heading, _, rest = _cells.at_exercise(cells[first].source)[1].partition("\n")
            context = [markdown(rest), *cells[first + 1 : position]]
            context += mentioned(exercise.question, context, cells[:first], standing)
            made += asked(exercise, heading, setting(context, standing, exercise.name))
            place = cell.source.partition(check.call)[0].strip()
            place = re.sub(rf"\b{check.answer}\b", exercise.name, place)
            made += [answer_cell(exercise, place), check_cell(exercise, closed)]
    slug = stem.split("_", 1)[1]
    title = cells[0].source.partition("\n")[0].lstrip("# ")
    imported = f"from cecourse.lessons.{slug} import exercises"
    return finished(f"# {title}: the exercises", imported, made, closed)


def markdown(text: str):
    """A cell of Markdown."""
    from nbformat.v4 import new_markdown_cell

    return new_markdown_cell(text.strip())


def asked(exercise, heading: str, context: list) -> list:
    """The cells that ask: where there is a setting, it stands between heading and question."""
    question = question_cell(exercise, heading.lstrip("# "))
    if context:
        top, _, below = question.source.partition("\n\n*")
        context = [markdown(top), *context]
        question.source = f"*{below}"
    return [*context, question]


def mentioned(question: str, context: list, before: list, standing: dict) -> list:
    """The cells of the notebook that define what a text speaks of and the assignment has not."""
    code = "\n".join(c.source for c in context if c.cell_type == "code")
    spoken = "\n".join([question, *(c.source for c in context if c.cell_type == "markdown")])
    found = []
    for name in dict.fromkeys(re.findall(r"`(\w+)(?:\([^`]*\))?`", spoken)):
        defines = re.compile(rf"^def {name}\b|^{name} = ", re.MULTILINE)
        if name not in standing and not defines.search(code):
            found += [c for c in before if c.cell_type == "code" and defines.search(c.source)][-1:]
    return found


def setting(cells: list, standing: dict, name: str) -> list:
    """What stands between an exercise's heading and its check, but for the question.

    Code that runs with what the assignment has already stands there to be run; where it takes half
    the notebook, it is there to be read, with what it printed. A sentence about a place that only
    the notebook has is left out.
    """
    from nbformat.v4 import new_code_cell

    found = []
    for part in cells:
        if part.cell_type == "markdown":
            found.append(markdown(PLACE.sub("", part.source)))
        elif not _cells.shown_exercise(part.source):
            code = _cells.without_show(part.source)
            if runs(code, standing):
                about = graded(f"{name}-given-{len(found)}", locked=True)
                found.append(new_code_cell(code, metadata=about))
            else:
                said = "\n".join(printed(part))
                found.append(markdown(f"```python\n{code}\n```\n\n```text\n{said}\n```"))
    return [cell for cell in found if cell.source]


def quiz(*, closed: bool = False):
    """Return the instructor's version of the final quiz."""
    from cecourse.lessons.loss_clinic.final_quiz import QUESTIONS

    made = []
    for question in QUESTIONS:
        made.append(question_cell(question, f"{question.number} · {question.title}"))
        made += [answer_cell(question, f"{question.name} = ..."), check_cell(question, closed)]
    imported = "from cecourse.lessons.loss_clinic import final_quiz"
    return finished("# The final quiz", imported, made, closed)


def finished(title: str, imported: str, cells: list, closed: bool):
    """Put a title, a word on how to answer and the imports above an assignment's cells."""
    from nbformat.v4 import new_notebook

    how = CLOSED if closed else OPEN
    imported = RECEIVED if closed else imported
    notebook = new_notebook(cells=[markdown(f"{title}\n\n{how}"), setup_cell(imported), *cells])
    notebook.metadata["kernelspec"] = _command.KERNEL
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{position:03d}"
        cell.source = MARK.sub("", cell.source)
    return notebook


def write_course(folder: Path, names: tuple[str, ...] = (), *, closed: bool = False) -> list[str]:
    """Write nbgrader's configuration and source/; return the assignments' names.

    Raises
    ------
    ValueError
        If no notebook with exercises begins with one of the names.
    """
    import nbformat

    from tools.build_notebooks import as_text

    sources = {
        path.stem: assignment(nbformat.read(path, as_version=4), path.stem, closed=closed)
        for path in _command.notebooks(names)
    }
    if not names or QUIZ.startswith(names):
        sources[QUIZ] = quiz(closed=closed)
    if not sources:
        raise ValueError(f"no notebook in {_command.NOTEBOOKS} begins with {' or '.join(names)}")
    for name, notebook in sources.items():
        target = folder / "source" / name / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(as_text(notebook), encoding="utf-8", newline="\n")
    write_config(folder)
    return list(sources)


def write_config(folder: Path) -> None:
    """Write nbgrader's configuration, unless there is one: a lecturer may have added to it."""
    path = folder / "nbgrader_config.py"
    if not path.exists():
        path.write_text(CONFIG, encoding="utf-8", newline="\n")


def nbgrader(folder: Path, *command: str) -> str:
    """Run a command of nbgrader in a course folder and return what it says.

    Raises
    ------
    ToolError
        If it fails; the message is what it said.
    """
    # nbgrader calls its own tools, alembic among them, by name
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    there = os.pathsep.join([str(_command.ROOT), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", *command],
        cwd=folder,
        env=os.environ | {"PATH": path, "PYTHONPATH": there},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    if run.returncode:
        raise _command.ToolError(f"nbgrader {' '.join(command)}:\n{run.stdout}")
    return run.stdout


# ---------------------------------------------------------------- the command


def release(names: tuple[str, ...], folder: Path, *, whole: bool, closed: bool) -> str:
    """Write the course; where `whole`, let nbgrader make the students' version too."""
    from tqdm import tqdm

    made = write_course(folder, names, closed=closed)
    if not whole:
        return f"{len(made)} assignments: {folder / 'source'}"
    for name in tqdm(made, desc="Release", unit="assignment"):
        nbgrader(folder, "generate_assignment", name, "--create", "--force")
    return f"{len(made)} assignments, and the students' versions without solutions: {folder}"


def main() -> int:
    """Parse the command line; write the course folder; let nbgrader make the release version."""
    flag = {"action": "store_true"}
    given = _command.parse(
        __doc__,
        "build/assignments",
        [*_command.notebooks(), QUIZ],
        no_release=flag | {"help": "write source/ only"},
        closed=flag | {"help": "without a word on right or wrong before the feedback"},
    )
    names, whole = tuple(given.names), not given.no_release
    return _command.told(lambda: release(names, given.to, whole=whole, closed=given.closed))


if __name__ == "__main__":
    sys.exit(main())

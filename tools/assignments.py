"""Write the exercises as nbgrader assignments, one for each notebook: `make assignments`.

build/assignments is a course folder of nbgrader: source/ holds the instructor's version with
solutions and locked tests, and nbgrader makes release/ from it. A test asks the exercise's own
engine: it says what may have happened, and never the answer.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from tools import _cells, _command
from tools._cells import exercises_of, printed
from tools._markdown import MARK
from tools.answer_key import answer

QUIZ = "13_final_quiz"  # of notebook 11, an assignment of its own
POINTS = {"choice": 1, "truth": 1, "number": 2, "array": 2, "function": 3}
STUB = "# Put your answer in the place of the dots."
IMPORTS = "import math\n\nimport numpy as np\n\nimport cehelpers as ce\n"
CONFIG = f"""\
# The folder of an nbgrader course: `nbgrader generate_assignment NAME`, then release it as you
# release yours; `nbgrader autograde NAME` marks what stands in submitted/STUDENT/NAME/.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "cross_entropy_hands_on"
c.ClearSolutions.code_stub = {{"python": {STUB!r}}}
c.ExecutePreprocessor.timeout = 300
c.NbGrader.logfile = ""
"""


# ---------------------------------------------------------------- cells


def question_cell(exercise, heading: str):
    """A question as Markdown: its words, its options."""
    from nbformat.v4 import new_markdown_cell

    from cecourse.exercise.display import rich

    points = POINTS[exercise.kind]
    parts = [f"### {heading}", f"*{points} point{'s' if points > 1 else ''}*"]
    parts.append(f"<p>{rich(exercise.question)}</p>")
    if exercise.choices:
        parts.append(
            "\n".join(f"- **{key}** {rich(text)}" for key, text in exercise.choices.items())
        )
        parts.append('Answer with a letter in quotes: `answer = "…"`.')
    elif exercise.kind == "truth":
        parts.append("Answer with `True` or `False`.")
    return new_markdown_cell("\n\n".join(parts))


def graded(grade_id: str, **kind) -> dict:
    """The metadata by which nbgrader knows a cell."""
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": grade_id} | plain | kind}


def answer_cell(exercise, place: str, name: str, grade_id: str):
    """The cell to answer in, with its place for it; the solution below nbgrader takes out."""
    from nbformat.v4 import new_code_cell

    solution = f"### BEGIN SOLUTION\n{answer(exercise, name, IMPORTS)}\n### END SOLUTION"
    return new_code_cell(f"{place}\n{solution}", metadata=graded(grade_id, solution=True))


def check_cell(call: str, name: str, grade_id: str, points: int):
    """The locked cell that marks an answer."""
    from nbformat.v4 import new_code_cell

    source = (
        f"told = {call}.evaluate({name})\n"
        'assert told.status == "right", told.text\n'
        "print(told.text)"
    )
    return new_code_cell(source, metadata=graded(grade_id, grade=True, locked=True, points=points))


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


def assignment(notebook, stem: str):
    """Return the instructor's version of a notebook's exercises, with what they refer to.

    Parameters
    ----------
    notebook
        A notebook of the course.
    stem : str
        Its name, such as ``"02_cross_entropy"``.
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
            made += asked(exercise, heading, rest, setting(cells[first + 1 : position], standing))
            place = cell.source.partition(check.call)[0].strip()
            made += answered(f"exercises.{check.exercise}", exercise, place, check.answer)
    slug = stem.split("_", 1)[1]
    title = cells[0].source.partition("\n")[0].lstrip("# ")
    return finished(
        f"# {title}: the exercises", f"from cecourse.lessons.{slug} import exercises", made
    )


def asked(exercise, heading: str, rest: str, cells: list) -> list:
    """The cells that ask: where there is a setting, it stands between heading and question."""
    from nbformat.v4 import new_markdown_cell

    question = question_cell(exercise, heading.lstrip("# "))
    context = [new_markdown_cell(rest.strip()), *cells] if rest.strip() else cells
    if context:
        top, _, below = question.source.partition("\n\n*")
        context = [new_markdown_cell(top), *context]
        question.source = f"*{below}"
    return [*context, question]


def setting(cells: list, standing: dict) -> list:
    """What stands between an exercise's heading and its check, but for the question.

    Code that runs with what the assignment has already stands there to be run; where it takes half
    the notebook, it is there to be read, with what it printed.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell

    found = []
    for part in cells:
        if part.cell_type == "markdown":
            found.append(new_markdown_cell(part.source))
        elif not _cells.shown_exercise(part.source):
            code = _cells.without_show(part.source)
            if runs(code, standing):
                found.append(new_code_cell(code))
            else:
                said = "\n".join(printed(part))
                text = f"```python\n{code}\n```\n\n```text\n{said}\n```"
                found.append(new_markdown_cell(text))
    return found


def answered(call: str, exercise, place: str, name: str = "answer") -> list:
    """The cell to answer in and the one that marks it."""
    return [
        answer_cell(exercise, place, name, f"{exercise.name}-answer"),
        check_cell(call, name, f"{exercise.name}-check", POINTS[exercise.kind]),
    ]


def quiz():
    """Return the instructor's version of the final quiz."""
    from cecourse.lessons.loss_clinic.final_quiz import QUESTIONS

    made = []
    for question in QUESTIONS:
        made.append(question_cell(question, f"{question.number} · {question.title}"))
        made += answered(f"final_quiz.{question.name}", question, "answer = ...")
    return finished("# The final quiz", "from cecourse.lessons.loss_clinic import final_quiz", made)


def finished(title: str, imported: str, cells: list):
    """Put a title, a word on how to answer and the imports above an assignment's cells."""
    from nbformat.v4 import new_markdown_cell, new_notebook

    how = (
        f"{title}\n\nPut each answer in the place of the dots, run the cell, then the one under "
        "it: it says whether the answer is right and, if not, what may have happened. Those cells "
        "cannot be changed."
    )
    notebook = new_notebook(cells=[new_markdown_cell(how), setup_cell(imported), *cells])
    notebook.metadata["kernelspec"] = _command.KERNEL
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{position:03d}"
        cell.source = MARK.sub("", cell.source)
    return notebook


def write_course(folder: Path, names: tuple[str, ...] = ()) -> list[str]:
    """Write nbgrader's configuration and source/; return the assignments' names.

    Raises
    ------
    ValueError
        If no notebook with exercises begins with one of the names.
    """
    import nbformat

    from tools.build_notebooks import as_text

    sources = {
        path.stem: assignment(nbformat.read(path, as_version=4), path.stem)
        for path in _command.notebooks(names)
    }
    if not names or QUIZ.startswith(names):
        sources[QUIZ] = quiz()
    if not sources:
        raise ValueError(f"no notebook in {_command.NOTEBOOKS} begins with {' or '.join(names)}")
    for name, notebook in sources.items():
        target = folder / "source" / name / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(as_text(notebook), encoding="utf-8", newline="\n")
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8", newline="\n")
    return list(sources)


def nbgrader(folder: Path, *command: str, env: dict[str, str] | None = None) -> str:
    """Run a command of nbgrader in a course folder and return what it says.

    Raises
    ------
    ToolError
        If it fails; the message is what it said.
    """
    env = dict(os.environ if env is None else env)
    # nbgrader calls its own tools, alembic among them, by name
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", "")])
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    said = run.stdout + run.stderr
    if run.returncode:
        raise _command.ToolError(f"nbgrader {' '.join(command)}:\n{said}")
    return said


# ---------------------------------------------------------------- the command


def release(names: tuple[str, ...], folder: Path, *, whole: bool) -> str:
    """Write the course; where `whole`, let nbgrader make the students' version too."""
    from tqdm import tqdm

    made = write_course(folder, names)
    if not whole:
        return f"{len(made)} assignments: {folder / 'source'}"
    env = os.environ | {"CEHELPERS_STORE": "off"}
    for name in tqdm(made, desc="Release", unit="assignment"):
        nbgrader(folder, "generate_assignment", name, "--create", "--force", env=env)
    return f"{len(made)} assignments, and the students' versions without solutions: {folder}"


def main() -> int:
    """Parse the command line; write the course folder; let nbgrader make the release version."""
    alone = {"action": "store_true", "help": "write source/ only"}
    given = _command.parse(
        __doc__, "build/assignments", [*_command.notebooks(), QUIZ], no_release=alone
    )
    return _command.told(lambda: release(tuple(given.names), given.to, whole=not given.no_release))


if __name__ == "__main__":
    sys.exit(main())

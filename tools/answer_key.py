"""Write the answer key: every notebook with its exercises solved and checked: `make key`.

An answer is the exercise's own solution, as one would type it into the cell; under it stands what
each wrong answer is told. The notebooks are executed, and one check that is not green stops the
command. They land in build/key, with a PDF beside each.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from pathlib import Path

import numpy as np

from tools import _command, _paper, handouts
from tools._cells import checked, exercises_of, is_quiz, printed
from tools.build_notebooks import as_text, canonical

NOTE = (
    "> **Answer key.** Every exercise below is solved, and its check is green. "
    "For those who teach: not for the room."
)


class KeyFailed(_command.ToolError):
    """An answer of the key that its exercise does not accept; the message says which."""


# ---------------------------------------------------------------- one answer


class Solution:
    """An exercise's solution in parts, to be set as an answer.

    Attributes
    ----------
    imports : list of str
        The imports it needs, one statement each.
    head, body : str
        The ``def`` line, and what stands under it, not indented; constants of the exercise's
        module come first in it, so that no name of a notebook is overwritten.
    """

    def __init__(self, exercise):
        from cecourse.exercise.source import solution_source

        source = solution_source(exercise.function)
        *needs, function = ast.parse(source).body
        lines = source.splitlines()
        self.name = exercise.name
        self.imports, constants = [], []
        for statement in needs:
            text = ast.get_source_segment(source, statement)
            kind = isinstance(statement, ast.Import | ast.ImportFrom)
            (self.imports if kind else constants).append(text)
        first = function.body[0].lineno - 1
        self.head = "\n".join(lines[function.lineno - 1 : first]).strip()
        body = textwrap.dedent("\n".join(lines[first : function.end_lineno]))
        self.body = "\n".join([*constants, body])
        last = function.body[0]
        self.value = None  # the one expression, where there is nothing else
        if not constants and len(function.body) == 1 and isinstance(last, ast.Return):
            self.value = ast.get_source_segment(source, last.value)

    def function(self, name: str) -> str:
        """The solution as a function of this name."""
        head = re.sub(r"^def \w+", f"def {name}", self.head)
        return f"{head}\n{textwrap.indent(self.body, '    ')}"

    def with_imports(self, code: str, known: str = "") -> str:
        """Put the imports that a piece of code needs above it, but for those `known` already."""
        needed = "\n".join(line for line in self.imports if line not in known.splitlines())
        gap = "\n\n\n" if code.startswith("def ") else "\n\n"
        return f"{needed}{gap}{code}" if needed else code


def answer(exercise, name: str = "answer", taken: str = "") -> str:
    """Return the code that answers an exercise, as it would stand in its cell.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    name : str
        What the answer is called; a function is defined under this name.
    taken : str
        The rest of the notebook's code: its names must not be overwritten, and what it imports
        need not be imported again.
    """
    if exercise.kind == "choice":
        key = exercise.results[0].value
        remark = textwrap.fill(
            exercise.choices[key], 78, initial_indent="# ", subsequent_indent="# "
        )
        return f'{remark}\n{name} = "{key}"'
    if exercise.kind == "truth":
        return f"{name} = {exercise.results[0].value!r}"
    solution = Solution(exercise)
    if exercise.kind == "function":
        return solution.with_imports(solution.function(name), taken)
    if solution.value is None:
        free = not re.search(rf"(?<![.\w]){exercise.name}\b", taken)
        worked = exercise.name if free else f"{exercise.name}_worked"
        return solution.with_imports(f"{solution.function(worked)}\n\n\n{name} = {worked}()", taken)
    value = solution.value
    if "\n" in value:
        value = f"(\n{textwrap.indent(textwrap.dedent(value), '    ')}\n)"
    return solution.with_imports(f"{name} = {value}", taken)


def wrong_answers(exercise) -> str:
    """What is told to each wrong answer that the exercise knows, as a Markdown list."""
    if not exercise.mistakes:
        return ""
    lines = [f"- {given(exercise, mistake)}{mistake.text}" for mistake in exercise.mistakes]
    return f"{handouts.WRONG}\n\n" + "\n".join(lines).replace("$", r"\$")


def given(exercise, mistake) -> str:
    """The wrong answer itself, in bold: an option, a number; nothing for a function."""
    if exercise.kind == "function" or re.match(r"[\d−]", mistake.text):
        return ""
    value = mistake.function()
    if exercise.kind in ("choice", "truth"):
        return f"**{value}** "
    text = np.array2string(np.asarray(value, dtype=float), precision=4, separator=", ", threshold=8)
    return f"**{text}** "


# ---------------------------------------------------------------- one notebook


def filled(notebook, stem: str):
    """Return a copy of a notebook with every exercise answered; nothing is executed."""
    from copy import deepcopy

    from nbformat.v4 import new_markdown_cell

    notebook = deepcopy(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    cells = [notebook.cells[0], new_markdown_cell(NOTE)]
    for cell in notebook.cells[1:]:
        cells.append(cell)
        check = checked(cell.source) if cell.cell_type == "code" else None
        if check:
            exercise = getattr(exercises_of(stem), check.exercise)
            taken = code.replace(cell.source, "")
            cell.source = f"{answer(exercise, check.answer, taken)}\n\n{check.call}"
            cells += told(exercise)
        if is_quiz(cell.source):
            cells += filled_quiz(code)
    notebook.cells = cells
    return notebook


def filled_quiz(code: str) -> list:
    """The cells that ask and answer the final quiz; `code` is the notebook's."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    from cecourse.lessons.loss_clinic.final_quiz import QUESTIONS

    cells = []
    for question in QUESTIONS:
        call = f"final_quiz.{question.name}"
        cells += [
            new_markdown_cell(f"#### Question {question.number} · {question.title}"),
            new_code_cell(call),
            new_code_cell(f"{answer(question, taken=code)}\n\n{call}.check(answer)"),
            *told(question),
        ]
    return cells


def told(exercise) -> list:
    """The cell with what wrong answers are told, or none."""
    from nbformat.v4 import new_markdown_cell

    text = wrong_answers(exercise)
    return [new_markdown_cell(text)] if text else []


def checks(notebook) -> list[tuple[str, str]]:
    """The code and the printed verdict of each cell that checks an answer."""
    call = re.compile(r"^(exercises|final_quiz)\.\w+\.check\(", re.MULTILINE)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [(cell.source, printed(cell)) for cell in cells if call.search(cell.source)]


def require_green(notebook) -> None:
    """Raise `KeyFailed` unless every check of an executed notebook says that it is right."""
    for source, verdict in checks(notebook):
        if not verdict.startswith("Right"):
            raise KeyFailed(f"not green:\n{source}\n{verdict}")


def build(path: Path, folder: Path) -> int:
    """Fill, execute and write one notebook; return its green checks."""
    import nbformat

    notebook = _command.execute(filled(nbformat.read(path, as_version=4), path.stem))
    require_green(notebook)
    target = folder / f"{path.stem}_key.ipynb"
    target.write_text(as_text(canonical(notebook)), encoding="utf-8", newline="\n")
    return len(checks(notebook))


def page(path: Path, size: str = "a4") -> str:
    """The page of a notebook of the key, to print."""
    import nbformat

    chapter = handouts.Chapter(nbformat.read(path, as_version=4), path.stem, key=True)
    style = _paper.sheet(size, [chapter], f"{_paper.COURSE} · answer key")
    title = f"{chapter.number} · {chapter.title}: answer key"
    return _paper.document(title, chapter.html(), style, "handout")


# ---------------------------------------------------------------- the command


def write(names: list[str], folder: Path) -> tuple[list[Path], str]:
    """Fill and execute the notebooks; return those of the key and what to say."""
    green = _command.in_processes(build, _command.notebooks(names), folder)
    pages = [folder / f"{stem}_key.ipynb" for stem in green]
    return pages, f"{len(pages)} notebooks, {sum(green.values())} answers, all green: {folder}"


def press(browser, key: Path) -> None:
    """Print a notebook of the key beside it."""
    _paper.Press(browser).print(page(key), key.with_suffix(".pdf"))


if __name__ == "__main__":
    sys.exit(_command.main(__doc__, "build/key", write, press))

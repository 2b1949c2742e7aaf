"""Write the answer key: every notebook with its exercises solved and checked: `make key`.

An answer is the exercise's own solution, as one would type it into the cell; under it stands what
each wrong answer is told. Answers and checks are run, and one that is not green stops the command;
what other cells show is in the stored notebooks. They land in build/key, with a PDF beside each.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from pathlib import Path
from unittest import mock

import numpy as np

from cecourse.prediction import of_lesson
from tools import _command
from tools._cells import checked, exercises_of, is_quiz, printed, shown_prediction
from tools._command import ToolError
from tools._slice import needed, run, statements_of
from tools.build_notebooks import as_text, canonical
from tools.paper import _paper, reader, short_key

CHECK = re.compile(r"^(exercises|final_quiz)\.\w+\.check\(", re.MULTILINE)
QUESTION = re.compile(r"final_quiz\.\w+$")  # that `filled_quiz` adds
NOTE = (
    "> **Answer key.** Every exercise below is solved, and its check is green. "
    "For those who teach: not for the room."
)


# ---------------------------------------------------------------- one answer


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
    source = exercise.source()
    *needs, function = ast.parse(source).body
    imports, constants = [], []
    for statement in needs:
        kind = imports if isinstance(statement, ast.Import | ast.ImportFrom) else constants
        kind.append(ast.get_source_segment(source, statement))
    code = ast.get_source_segment(source, function)
    first = function.body[0]
    alone = not constants and len(function.body) == 1 and isinstance(first, ast.Return)
    if alone and exercise.kind != "function" and not exercise.givens:
        value = ast.get_source_segment(source, first.value)
        if "\n" in value:
            value = f"(\n{textwrap.indent(textwrap.dedent(value), '    ')}\n)"
        code = f"{name} = {value}"
    else:
        lines, called = code.splitlines(), name
        at = first.lineno - function.lineno  # a constant inside overwrites no name of a notebook
        lines[at:at] = textwrap.indent("\n".join(constants), "    ").splitlines()
        if exercise.kind != "function":
            free = not re.search(rf"(?<![.\w]){exercise.name}\b", taken)
            called = exercise.name if free else f"{exercise.name}_worked"
            lines += ["", "", f"{name} = {called}()"]
        code = re.sub(r"^def \w+", f"def {called}", "\n".join(lines))
    needed = [line for line in imports if line not in taken.splitlines()]
    gap = ["", ""] if code.startswith("def ") else [""]
    return "\n".join([*needed, *gap, code] if needed else [code])


def wrong_answers(exercise) -> str:
    """What is told to each wrong answer that the exercise knows, as a Markdown list."""
    if not exercise.mistakes:
        return ""
    lines = [f"- {given(exercise, mistake)}{mistake.text}" for mistake in exercise.mistakes]
    return f"{reader.WRONG}\n\n" + "\n".join(lines).replace("$", r"\$")


def given(exercise, mistake) -> str:
    """The wrong answer itself, in bold: an option, a number; nothing for a function."""
    if exercise.kind == "function" or re.match(r"[\d−]", mistake.text):
        return ""
    value = exercise.outcomes(mistake.function)[0].value
    if exercise.kind in ("choice", "truth"):
        return f"**{value}** "
    numbers = np.asarray(value, dtype=float)
    text = np.array2string(numbers, precision=4, separator=", ", threshold=8)
    return f"**{text if numbers.ndim else f'{numbers:.4g}'}** "


# ---------------------------------------------------------------- one notebook


def filled(notebook, stem: str):
    """Answer every exercise of a notebook and return it; nothing is executed."""
    from nbformat.v4 import new_markdown_cell

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
        if name := shown_prediction(cell.source):
            asked = of_lesson(stem[3:])[name]
            cells.append(new_markdown_cell(f"**{asked.letter}.** {asked.right.reason}"))
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
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [(cell.source, "\n".join(printed(cell))) for cell in cells if CHECK.search(cell.source)]


def require_green(notebook) -> None:
    """Raise `ToolError` unless every check of an executed notebook says that it is right."""
    for source, verdict in checks(notebook):
        if not verdict.startswith("Right"):
            raise ToolError(f"not green:\n{source}\n{verdict}")


def run_checks(notebook) -> None:
    """Run the answers of a filled notebook, with what they need of it, and store what is told."""
    from nbformat.v4 import new_output

    statements, cells = statements_of(notebook)
    code = {places[-1]: notebook.cells[k] for k, places in cells.items() if places}
    targets = {place for place, cell in code.items() if CHECK.search(cell.source)}
    targets |= {
        place for place, cell in code.items() if not cell.outputs and QUESTION.match(cell.source)
    }
    names = {"__name__": "__main__"}
    for place in sorted(needed(statements, targets)):
        # where there is a shell, what is told is displayed, and not printed
        with mock.patch("IPython.get_ipython"), mock.patch("IPython.display.display") as display:
            value = run(statements[place], names)
        if place in targets:
            shown = [(call.args[0], "display_data") for call in display.call_args_list]
            if value is not None:
                data = {"text/plain": repr(value), "text/html": value._repr_html_()}
                shown = [(data, "execute_result")]
            code[place].outputs = [new_output(kind, data=data) for data, kind in shown]


def build(path: Path, folder: Path) -> int:
    """Fill, check and write one notebook; return its green checks."""
    import nbformat

    notebook = filled(nbformat.read(path, as_version=4), path.stem)
    run_checks(notebook)
    require_green(notebook)
    target = folder / f"{path.stem}_key.ipynb"
    target.write_text(as_text(canonical(notebook)), encoding="utf-8", newline="\n")
    return len(checks(notebook))


def page(path: Path) -> str:
    """The page of a notebook of the key, to print."""
    import nbformat

    chapter = reader.Chapter(nbformat.read(path, as_version=4), path.stem, key=True)
    style = _paper.sheet([chapter], f"{_paper.COURSE} · answer key")
    title = f"{chapter.number} · {chapter.title}: answer key"
    return _paper.document(title, chapter.html(), style, "reader")


# ---------------------------------------------------------------- the command


def write(names: list[str], folder: Path) -> tuple[list[Path], str]:
    """Fill and check the notebooks; return those of the key and what to say."""
    green = _command.in_processes(build, _command.notebooks(names), folder)
    pages = [folder / f"{stem}_key.ipynb" for stem in green]
    return pages, f"{len(pages)} notebooks, {sum(green.values())} answers, all green: {folder}"


def press(browser, key: Path) -> None:
    """Print a notebook of the key beside it, and with the first one the short key of them all."""
    _paper.press(browser, page(key), key.with_suffix(".pdf"))
    if key.stem.startswith("00"):
        short_key.press(browser, key.parent)


if __name__ == "__main__":
    sys.exit(_command.main(__doc__, "build/key", write, press))

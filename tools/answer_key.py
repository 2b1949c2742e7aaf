"""Write the answer key: every notebook with its exercises solved and checked: `make key`.

An answer is the exercise's own solution, as one would type it into the cell; under it stands what
each wrong answer is told. The notebooks are executed, and one check that is not green stops the
command. They land in build/key, with a PDF beside each.
"""

from __future__ import annotations

import argparse
import ast
import concurrent.futures
import importlib
import os
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

from tools import handouts
from tools._browser import BrowserMissing, open_browser
from tools.build_notebooks import ENVIRONMENT, as_text, canonical

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
NOTE = (
    "> **Answer key.** Every exercise below is solved, and its check is green. "
    "For those who teach: not for the room."
)


class KeyFailed(RuntimeError):
    """An answer of the key that its exercise does not accept; the message says which."""


def engine(slug: str) -> Any:
    """The exercises of a notebook, such as ``engine("cross_entropy").overpaid``."""
    return importlib.import_module(f"cehelpers.exercises.{slug}")


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
        from cehelpers.exercises._source import solution_source

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


def filled(notebook, slug: str):
    """Return a copy of a notebook with every exercise answered; nothing is executed."""
    from copy import deepcopy

    from nbformat.v4 import new_code_cell, new_markdown_cell

    notebook = deepcopy(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    cells = [notebook.cells[0], new_markdown_cell(NOTE)]
    for cell in notebook.cells[1:]:
        cells.append(cell)
        if cell.cell_type != "code":
            continue
        name = handouts.checked_exercise(cell.source)
        if name:
            exercise = getattr(engine(slug), name)
            call = re.search(r"^exercises\.\w+\.check\((\w+)\)", cell.source, re.MULTILINE)
            taken = code.replace(cell.source, "")
            cell.source = f"{answer(exercise, call[1], taken)}\n\n{call[0]}"
            if told := wrong_answers(exercise):
                cells.append(new_markdown_cell(told))
        if re.fullmatch(r"\s*final_quiz\.quiz\(\)\s*", cell.source):
            for question in engine("final_quiz").QUESTIONS:
                call = f"final_quiz.{question.name}"
                cells += [
                    new_markdown_cell(f"#### Question {question.number} · {question.title}"),
                    new_code_cell(call),
                    new_code_cell(f"{answer(question, taken=code)}\n\n{call}.check(answer)"),
                ]
                if told := wrong_answers(question):
                    cells.append(new_markdown_cell(told))
    notebook.cells = cells
    return notebook


def checks(notebook) -> list[tuple[str, str]]:
    """The code and the printed verdict of each cell that checks an answer."""
    return [
        (
            cell.source,
            "\n".join(
                output.get("text") or output.get("data", {}).get("text/plain", "")
                for output in cell.outputs
            ),
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
        and re.search(r"^(exercises|final_quiz)\.\w+\.check\(", cell.source, re.MULTILINE)
    ]


def execute(notebook):
    """Run a filled notebook in a fresh kernel and return it in canonical form.

    Raises
    ------
    KeyFailed
        If a check is not green.
    """
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        timeout=900,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    client.execute()
    require_green(notebook)
    return canonical(notebook)


def require_green(notebook) -> None:
    """Raise `KeyFailed` unless every check of an executed notebook says that it is right."""
    for source, verdict in checks(notebook):
        if not verdict.startswith("Right"):
            raise KeyFailed(f"not green:\n{source}\n{verdict}")


def build(path: Path, folder: Path) -> tuple[str, int, str | None]:
    """Fill and execute one notebook; return its name, its green checks and the error, if any."""
    import nbformat

    try:
        slug = path.stem.split("_", 1)[1]
        notebook = execute(filled(nbformat.read(path, as_version=4), slug))
    except Exception as error:  # the message of a failing cell is what the author needs
        return path.stem, 0, re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    target = folder / f"{path.stem}_key.ipynb"
    target.write_text(as_text(notebook), encoding="utf-8", newline="\n")
    return path.stem, len(checks(notebook)), None


def page(path: Path, size: str = "a4") -> str:
    """The page of a notebook of the key, to print."""
    import nbformat

    chapter = handouts.Chapter(nbformat.read(path, as_version=4), path.stem, key=True)
    style = handouts.sheet(size, [chapter], f"{handouts.COURSE} · answer key")
    title = f"{chapter.number} · {chapter.title}: answer key"
    return handouts.document(title, chapter.html(), style, "handout")


# ---------------------------------------------------------------- the command


def main() -> int:
    """Parse the command line; fill, execute, print."""
    import nbformat  # noqa: F401  a missing package is told before the pool starts
    from tqdm import tqdm

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="beginnings of names (default: all): 01 03")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "key", help="folder")
    parser.add_argument("--no-pdf", action="store_true", help="write the notebooks only")
    arguments = parser.parse_args()
    names = tuple(arguments.names)
    paths = [
        path
        for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
        if not names or path.stem.startswith(names)
    ]
    if not paths:
        parser.error(f"no notebook in {NOTEBOOKS} begins with {' or '.join(names)}")
    folder = arguments.to
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(ENVIRONMENT)
    green, failed = 0, []
    with concurrent.futures.ProcessPoolExecutor(min(os.cpu_count() or 1, len(paths), 4)) as pool:
        runs = [pool.submit(build, path, folder) for path in paths]
        done = concurrent.futures.as_completed(runs)
        for run in tqdm(done, desc="Notebooks", unit="notebook", total=len(runs)):
            name, count, error = run.result()
            green += count
            if error:
                failed.append(f"{name}: {error}")
    if failed:
        print("\n".join(failed), file=sys.stderr)
        return 1
    print(f"{len(paths)} notebooks, {green} answers, all green: {folder}", flush=True)
    if arguments.no_pdf:
        return 0
    try:
        with open_browser() as browser:
            press = handouts.Press(browser)
            for path in tqdm(paths, desc="PDF", unit="notebook"):
                key = folder / f"{path.stem}_key.ipynb"
                press.print(page(key), key.with_suffix(".pdf"))
    except BrowserMissing as error:
        print(f"The notebooks are written, their PDFs are not. {error}", file=sys.stderr)
        return 1
    print(f"{len(paths)} PDFs beside them: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Mark answers where no student's code can reach the marks; `--check submitted` looks before that.

A notebook's cells run in a child, a fresh interpreter of its own (`child.py`): it has
neither questions nor solutions, and only values come out of it, as JSON. Functions are called
there on inputs that it is given when all cells have run. What the values are worth is said here, by
the exercise itself. A cell that does not end, or takes the child with it, is left out and the
others run again: it costs its own points alone.
"""

from __future__ import annotations

import argparse
import copy
import csv
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import warnings
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cecourse import language
from cecourse.exercise import calls, compare
from cecourse.exercise.calls import Outcome, as_text
from cecourse.exercise.exercise import Exercise
from cecourse.exercise.judge import of_outcomes
from cecourse.exercise.report import exercises_by_id
from cecourse.exercise.unseen import unseen
from tools import _command
from tools.marking import child as marking_child
from tools.marking import wire
from tools.marking.wire import decoded_outcome, encoded

POINTS = {"choice": 1, "truth": 1, "number": 2, "array": 2, "function": 3}
SECONDS = 10.0  # for a cell, or for one call of a function
START = 120.0  # seconds in which a child has NumPy
MEMORY = 4 << 30  # bytes of addresses
LINE = 64 << 20  # bytes of one answer
COLUMNS = (
    "student",
    "assignment",
    "question",
    "kind",
    "seed",
    "answered",
    "status",
    "mistake",
    "points",
    "of",
)
NO_ANSWER = "There is no answer here."


# ---------------------------------------------------------------- what an answer is worth


@dataclass(frozen=True)
class Mark:
    """What an answer is worth, and what its author is told.

    `share` is the share of the inputs at which it is right, for a number or a choice 0 or 1;
    `status` and `mistake` are those of `Feedback`.
    """

    points: float
    of: float
    share: float
    status: str
    text: str
    mistake: str | None = None


def mark(exercise: Exercise, outcomes: Sequence[Outcome], of: float | None = None) -> Mark:
    """Judge what came out: one value, or what a function gave for each probe.

    Parameters
    ----------
    exercise : Exercise
        The instance that was asked.
    outcomes : sequence of Outcome
        As many as it has probes, or one; none where there is no answer.
    of : float, optional
        What a right answer is worth; `POINTS` says it for each kind of exercise.
    """
    of = POINTS[exercise.kind] if of is None else of
    if not outcomes:
        return Mark(0.0, of, 0.0, "untried", NO_ANSWER)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if exercise.kind == "function" and len(outcomes) == len(exercise.probes):
            told = of_outcomes(exercise, list(outcomes))
            pairs = zip(outcomes, exercise.results, strict=True)
            right = [exercise.agree([a], [s]) and not a.changed for a, s in pairs]
            share = float(np.mean(right))
            some = f"{sum(right)} of {len(right)} inputs"
            if 0 < share < 1 and some not in told.text:
                told = replace(told, text=f"{told.text} The function is right at {some}.")
        else:
            told = exercise.evaluate(outcomes[0].value)
            share = float(told.status == "right")
    if told.status == "untried":
        return Mark(0.0, of, 0.0, "untried", NO_ANSWER)
    return Mark(round(of * share, 2), of, share, told.status, told.text, told.mistake)


# ---------------------------------------------------------------- the child


class Cell(NamedTuple):
    """Code to run; `name` is what it is to leave, if it is an answer's."""

    code: str
    name: str = ""


@dataclass
class Answer:
    """What a cell left: a value, a function (`function`, perhaps `empty`), or why there is none."""

    value: Any = ...
    function: bool = False
    empty: bool = False
    stopped: str = ""
    outcomes: list[Outcome] = field(default_factory=list)


@cache
def stage() -> Path:
    """A folder with what the child may import: `cehelpers`, and how values travel."""
    import cehelpers

    kept = tempfile.TemporaryDirectory(prefix="marking-")
    folder = Path(kept.name)
    stage.kept = kept  # until this interpreter ends
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(cehelpers.__file__).parent, folder / "cehelpers", ignore=ignored)
    # calls and compare name the language by its place, so that it is found here too
    answers, exercise = folder / "answers", folder / "answers" / "exercise"
    exercise.mkdir(parents=True)
    for package in (answers, exercise):
        (package / "__init__.py").touch()
    for home, module in (
        (exercise, calls),
        (exercise, compare),
        (answers, language),
        (answers, wire),
    ):
        shutil.copy(module.__file__, home)
    shutil.copytree(Path(language.__file__).parent / "locale", answers / "locale")
    return folder


class _Lost(Exception):
    """A child that said nothing in time, nonsense, or has ended."""


class _Child:
    """A running child: `tell` it something, `hear` the next thing it says."""

    def __init__(self, job: dict):
        import scipy

        folders = [str(Path(one.__file__).parents[1]) for one in (np, scipy)]
        readable = [
            str(stage()),
            *folders,
            sys.prefix,
            sys.base_prefix,
            os.path.dirname(os.__file__),
        ]
        job = job | {"paths": [str(stage()), *dict.fromkeys(folders)], "readable": readable}
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", marking_child.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=stage(),
            env=os.environ | _command.ENVIRONMENT,
        )
        self.said: queue.Queue[bytes] = queue.Queue(maxsize=64)
        threading.Thread(target=self._listen, daemon=True).start()
        self.tell(job)

    def _listen(self) -> None:
        with self.process.stdout as out:
            for line in iter(lambda: out.readline(LINE), b""):
                self.said.put(line)
        self.said.put(b"")

    def tell(self, what: dict) -> None:
        try:
            self.process.stdin.write(json.dumps(what).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise _Lost("ended") from None

    def hear(self, seconds: float) -> dict:
        try:
            heard = json.loads(self.said.get(timeout=seconds))
        except queue.Empty:
            raise _Lost(f"did not end within {seconds:g} seconds") from None
        except (ValueError, RecursionError):
            raise _Lost("ended the interpreter") from None
        if not isinstance(heard, dict):
            raise _Lost("wrote where it must not")
        return heard

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()
        self.process.wait()
        while self.process.stdout and not self.process.stdout.closed:
            try:
                if not self.said.get(timeout=1):
                    break
            except queue.Empty:
                break
        self.process.stdin.close()


def answers(
    cells: Sequence[Cell],
    inputs: Mapping[int, Sequence[tuple]],
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> list[Answer]:
    """Run a student's cells in a child and return what each left.

    Parameters
    ----------
    cells : sequence of Cell
        In their order.
    inputs : mapping of int to sequence of tuple
        By the place of a cell, what the function that it leaves is called with.
    seconds : float
        For a cell, and for a call.
    memory : int
        In bytes, for the child; Windows knows no such limit.
    """
    lost: dict[int, str] = {}  # cells that are not run again, with the reason
    kept: dict[int, list[Outcome]] = {}  # what a function gave before it was lost
    while True:
        found = [Answer(stopped=lost.get(k, "")) for k in range(len(cells))]
        failed = _attempt(cells, inputs, found, lost, kept, seconds, memory)
        if failed is None:
            return found


def _attempt(cells, inputs, found, lost, kept, seconds, memory) -> int | None:
    """Fill `found` from one child; the cell that took it along, or none."""
    listed = [{"code": c.code, "name": c.name, "skip": k in lost} for k, c in enumerate(cells)]
    at, calling = None, False
    with _Child({"cells": listed, "memory": memory}) as child:
        try:
            if child.hear(START).get("begin") is None:
                raise _Lost("wrote where it must not")
            for k in (k for k in range(len(cells)) if k not in lost):
                at = k
                _read(found[k], child.hear(seconds))
                child.hear(seconds)  # the next begins
            calling = True
            for k, probes in inputs.items():
                if not found[k].function or found[k].empty:
                    continue
                if k in kept:
                    found[k].outcomes = kept[k]
                    continue
                at = k
                child.tell({"cell": k, "inputs": [[encoded(x) for x in p] for p in probes]})
                for _ in probes:
                    found[k].outcomes.append(
                        decoded_outcome(child.hear(seconds)["outcome"], Outcome)
                    )
        except (_Lost, ValueError, KeyError, TypeError) as error:
            if at is None:
                raise _command.ToolError(f"the child that runs answers {error}") from None
            why = str(error) if isinstance(error, _Lost) else "left what is no answer"
            if not calling:
                lost[at] = f"it {why}"
                return at
            rest = len(inputs[at]) - len(found[at].outcomes)
            kept[at] = found[at].outcomes + [Outcome(error=TimeoutError(why))] * rest
            return at
    return None


def _read(answer: Answer, said: dict) -> None:
    answer.stopped = str(said["stopped"])
    answer.function, answer.empty = said.get("function") is True, said.get("empty") is True
    if "value" in said:
        answer.value = wire.decoded(said["value"])


# ---------------------------------------------------------------- a notebook


class Asked(NamedTuple):
    """What a cell asks: which exercise, and the name of its answer."""

    exercise: Exercise
    name: str


@dataclass(frozen=True)
class Marked:
    """One answer of a student: the instance, its mark, and what was answered, as text."""

    exercise: Exercise
    mark: Mark
    answered: str
    seed: int
    left: Answer


def role(cell) -> str:
    """What a cell is to nbgrader: `answer`, `check`, `given` (locked, ours) or nothing."""
    about = cell.metadata.get("nbgrader") or {}
    if not about.get("grade_id"):
        return ""
    kinds = {"check": about.get("grade"), "answer": about.get("solution")}
    return next((kind for kind, is_it in kinds.items() if is_it), "given")


def asked(cell) -> Asked | None:
    """What an answer or check cell of our own source asks."""
    about = cell.metadata.get("exercise")
    if not about:
        return None
    exercise = exercises_by_id()[about["id"]]
    return Asked(exercise, about.get("name", exercise.name))


def restored(ours, theirs):
    """An assignment as it was given out, with a student's answers in it.

    Whatever else was done to the copy has no effect: cells that were deleted are there, locked ones
    are ours, and of an answer cell that was copied the last one counts. Code cells that the student
    added stand before the answer that follows them; a locked one that only lost its name is none.
    """
    from nbformat.v4 import new_code_cell

    mine = {id_of(c): role(c) for c in ours.cells if role(c)}
    last = {id_of(c): k for k, c in enumerate(theirs.cells)}
    questions = {question_of(c): c.source for c in theirs.cells if question_of(c)}
    locked = {c.source for c in ours.cells if role(c) in ("check", "given")}
    given: dict[str, str] = {}
    added: dict[str, list[str]] = {}
    waiting: list[str] = []
    for k, cell in enumerate(theirs.cells):
        grade_id = id_of(cell)
        if mine.get(grade_id) == "answer" and last[grade_id] == k:
            given[grade_id] = cell.source
            added[grade_id], waiting = waiting, []
        elif cell.cell_type != "code" or cell.source in locked:
            continue
        elif mine.get(grade_id) in (None, "answer"):
            waiting.append(cell.source)
    notebook = copy.deepcopy(ours)
    cells, notebook.cells = notebook.cells, []
    for cell in cells:
        if role(cell) == "answer":
            notebook.cells += map(new_code_cell, added.get(id_of(cell), []))
            cell.source = given.get(id_of(cell), "# This cell is missing.")
        if question_of(cell):  # it may have numbers of its own
            cell.source = questions.get(question_of(cell), cell.source)
        notebook.cells.append(cell)
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{position:03d}"
    return notebook


def question_of(cell) -> str:
    """The id of the exercise whose question a cell is, or nothing."""
    return _known(cell, "exercise", "id") if cell.cell_type == "markdown" else ""


def id_of(cell) -> str:
    """The name by which nbgrader knows a cell, or nothing."""
    return _known(cell, "nbgrader", "grade_id")


def _known(cell, part: str, name: str) -> str:
    """A text of a cell's metadata, whatever stands there in a student's copy."""
    about = cell.metadata.get(part)
    text = about.get(name) if isinstance(about, dict) else ""
    return text if isinstance(text, str) else ""


def runnable(code: str) -> str:
    """A cell without its magic commands."""
    lines = code.splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


def mark_notebook(
    notebook,
    student: str,
    seeds: Mapping[str, int] | None = None,
    seconds: float = SECONDS,
) -> dict[str, Marked]:
    """Mark a restored notebook; by the grade_id of each answer cell.

    Parameters
    ----------
    notebook
        From `restored`.
    student : str
        Whose it is: it says which inputs a function is called with.
    seeds : mapping of str to int, optional
        By an exercise's id, the instance that this student has; 0 where none is given.
    seconds : float
        For a cell, and for a call.
    """
    cells, places, inputs, worth = [], {}, {}, {}
    for cell in notebook.cells:
        if role(cell) == "check":
            worth[asked(cell).exercise.id] = cell.metadata["nbgrader"]["points"]
        if cell.cell_type != "code" or role(cell) == "check":
            continue
        about = asked(cell) if role(cell) == "answer" else None
        if about:
            seed = (seeds or {}).get(about.exercise.id, 0)
            mixed = zlib.crc32(f"{student} {seed}".encode())
            exercise = unseen(about.exercise.instance(seed), mixed)
            places[len(cells)] = id_of(cell), exercise, seed, cell.source
            if exercise.kind == "function":
                inputs[len(cells)] = exercise.probes
        cells.append(Cell(runnable(cell.source), about.name if about else ""))
    found = answers(cells, inputs, seconds)
    marks = {}
    for k, (grade_id, exercise, seed, code) in places.items():
        left, typed = found[k], _typed(found[k], code)
        mark_of_it = _mark(exercise, left, worth.get(exercise.id))
        marks[grade_id] = Marked(exercise, mark_of_it, typed, seed, left)
    return marks


def _mark(exercise: Exercise, left: Answer, of: float | None) -> Mark:
    if left.function:  # where none is asked for, any will do
        given = left.outcomes if exercise.kind == "function" else [Outcome(len)]
        return mark(exercise, given, of)
    if left.value is not ...:
        return mark(exercise, [Outcome(left.value)], of)
    nothing = mark(exercise, [], of)
    if not left.stopped:
        return nothing
    return replace(nothing, status="error", text=f"{NO_ANSWER} The cell stopped: {left.stopped}.")


def _typed(left: Answer, code: str) -> str:
    """An answer as text: a function's cell, the repr of a value."""
    if left.function:
        return "" if left.empty else code[: calls.KEPT]
    if isinstance(left.value, str):
        return left.value
    return "" if left.value is ... else as_text(left.value)


# ---------------------------------------------------------------- marks.csv


def seeds_of(folder: Path, assignment: str, student: str) -> dict[str, int]:
    """The instances of a student's personal notebook, from the exam.json of a course folder.

    It counts for the assignment that it names ("exam", unless it says another).

    Raises
    ------
    ToolError
        If the student is not in it.
    """
    exam = exam_of(folder, assignment)
    if exam and student not in exam["students"]:
        raise _command.ToolError(f"{folder / 'exam.json'} has no student {student!r}")
    return exam["students"][student] if exam else {}


def exam_of(folder: Path, assignment: str) -> dict:
    """The exam.json of a course folder, if it is about this assignment; else nothing."""
    path = folder / "exam.json"
    exam = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return exam if assignment == exam.get("assignment", "exam") else {}


def write_marks(path: Path, student: str, assignment: str, marks: Mapping[str, Marked]) -> None:
    """Put a student's marks into marks.csv, in the place of those of an earlier run."""
    rows = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    mine = (student, assignment)
    rows = [row for row in rows if (row["student"], row["assignment"]) != mine]
    for one in marks.values():
        values = (*mine, one.exercise.id, one.exercise.kind, one.seed, one.answered)
        told = (one.mark.status, one.mark.mistake or "", one.mark.points, one.mark.of)
        rows.append(dict(zip(COLUMNS, values + told, strict=True)))
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    new.replace(path)


# ---------------------------------------------------------------- the command


def check(submitted: Path) -> str:
    """What is odd about the notebooks that were handed in."""
    from tools.marking.check import findings

    found = findings(submitted.resolve())
    count = len({one.student for one in found})
    return "\n".join([*map(str, found), f"{len(found)} things to look at, of {count} students"])


def main() -> int:
    """Parse the command line and look through a folder."""
    parser = argparse.ArgumentParser(_command.program(), description=__doc__.splitlines()[0])
    parser.add_argument("--check", type=Path, metavar="submitted", required=True)
    given = parser.parse_args()
    return _command.told(lambda: check(given.check))

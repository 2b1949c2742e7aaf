"""Reading a paper exam back: letters or numbers to marks, and to what was believed."""

from __future__ import annotations

import csv
import re
import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cecourse.exercise.question import typed
from tools._command import ToolError
from tools.exam.exam import read_csv
from tools.exam.questions import LETTERS, Item, plain
from tools.marking.marker import COLUMNS

if TYPE_CHECKING:
    from tools.exam.exam import Exam

BLANK = {"", "-", "–", "—", "?"}  # what is typed where nothing was answered


class Marked(NamedTuple):
    """One answer: a row of marks.csv, and what is said of the mistake."""

    student: str
    item: Item
    seed: int
    answered: str
    status: str
    mistake: str
    said: str

    @property
    def points(self) -> int:
        return self.item.points if self.status == "right" else 0

    def row(self) -> list:
        """In the order of `COLUMNS`."""
        head = [self.student, "exam", self.item.id, self.item.kind, self.seed, self.answered]
        return [*head, self.status, self.mistake, self.points, self.item.points]


def judged(exam: Exam, student: str, item: Item, given: str) -> Marked:
    """Mark what a student wrote: a letter, or a number where one is written.

    Raises
    ------
    ToolError
        If it is no letter, or one beyond the options.
    """
    seed = exam.seeds[student][item.id]
    given = given.strip()
    if given in BLANK:
        return Marked(student, item, seed, "", "untried", "", "")
    if exam.is_open(item):
        instance = item.source.instance(seed)
        told = instance.evaluate(_number(given))
        return Marked(student, item, seed, given, told.status, told.mistake or "", plain(told.text))
    options = exam.options(student, item)
    letter = given.strip(".)( ").upper()
    place = LETTERS.find(letter) if len(letter) == 1 else -1
    if not 0 <= place < len(options):
        raise ToolError(
            f"{student}, {item.id}: a letter from A to {LETTERS[len(options) - 1]} was to be "
            f"written; got {given!r}"
        )
    option = options[place]
    status = "mistake" if option.mistake else "right"
    return Marked(student, item, seed, letter, status, option.mistake, option.said)


def _number(text: str):
    """A number or, in brackets, a list of them, as somebody typed it."""
    if not text.startswith(("[", "(")):
        return typed(text)
    return [typed(part) for part in re.split(r"[;,]\s*", text.strip("[]()"))]


# ---------------------------------------------------------------- a class


def mark_rows(exam: Exam, rows: list[dict[str, str]], name: str) -> tuple[list[Marked], list[str]]:
    """Mark the rows of a file of answers; also return what there is to note about them.

    Who has no row has answered nothing, and a note says so.

    Raises
    ------
    ToolError
        If a column is missing or not known, a student is not in the exam or there twice, or a
        letter lies beyond the options. All such letters are named at once.
    """
    items = exam.paper_items
    columns = {f"q{number}": item for number, item in enumerate(items, 1)}
    first = next(iter(rows[0]))
    there = {one.lower(): one for one in list(rows[0])[1:]}
    if first.lower() not in ("student", "id"):
        raise ToolError(f"{name}: its first column must be student; got {first!r}")
    if odd := sorted(set(columns) ^ set(there)):
        raise ToolError(f"{name}: its columns must be student,q1,…,q{len(items)}; see {odd}")
    known = {one.id for one in exam.students}
    counts = Counter(row[first] for row in rows)
    if unknown := [one for one in counts if one not in known]:
        raise ToolError(f"{name}: not in this exam: {', '.join(unknown)}")
    if twice := [one for one, count in counts.items() if count > 1]:
        raise ToolError(f"{name}: more than one row: {', '.join(twice)}")
    given = {row[first]: {q: row.get(there[q]) or "" for q in columns} for row in rows}
    marks, wrong = [], []
    for student in (one.id for one in exam.students):
        for q, item in columns.items():
            try:
                marks.append(judged(exam, student, item, given.get(student, {}).get(q, "")))
            except ToolError as error:
                wrong.append(str(error))
    if wrong:
        raise ToolError(f"{name}:\n" + "\n".join(wrong))
    missing = [one.id for one in exam.students if one.id not in given]
    notes = [f"no row, so nothing answered: {', '.join(missing)}"] if missing else []
    return marks, notes


def mark_file(exam: Exam, answers: Path, folder: Path) -> str:
    """Write marks.csv, grades.csv and summary.txt from a file of answers; return the summary.

    The folder is not the course folder, where nbgrader has files of these names.
    """
    marks, notes = mark_rows(exam, read_csv(answers, "--mark"), answers.name)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "marks.csv", [COLUMNS, *(one.row() for one in marks)])
    grades = Counter({one.id: 0 for one in exam.students})
    for one in marks:
        grades[one.student] += one.points
    rows = [[student, points, exam.points] for student, points in grades.items()]
    _write(folder / "grades.csv", [["student", "points", "of"], *rows])
    mean = sum(grades.values()) / len(grades)
    head = [f"{len(grades)} students, {mean:.1f} of {exam.points} points on average: {folder}"]
    text = "\n\n".join([*head, *notes, *summary(exam, marks)])
    (folder / "summary.txt").write_text(text + "\n", encoding="utf-8")
    return text


def summary(exam: Exam, marks: Iterable[Marked]) -> list[str]:
    """Of each question how many were right, and the most common belief with its sentence."""
    marks, lines = list(marks), []
    for number, item in enumerate(exam.paper_items, 1):
        mine = [one for one in marks if one.item is item]
        tried = sum(one.status != "untried" for one in mine)
        right = sum(one.status == "right" for one in mine)
        line = f"q{number} {item.id} · {item.title}: {right} of {len(mine)} right"
        line += f", {len(mine) - tried} without an answer" if tried < len(mine) else ""
        believed = Counter(one.mistake for one in mine if one.mistake)
        if believed:
            name, count = believed.most_common(1)[0]
            said = next(one.said for one in mine if one.mistake == name)
            who = f"{count} of {tried - right} wrong"
            line += "\n" + textwrap.fill(
                f"{name} ({who}): {said}", 92, initial_indent="   ", subsequent_indent="   "
            )
        lines.append(line)
    return lines


def _write(path: Path, rows: list[list]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)

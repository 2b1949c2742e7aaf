"""Read what a class has handed in: files `my_course.json`, `marks.csv`, and counts of votes.

Names end here. What is returned numbers the learners; who has which number is forgotten, and only
`Collected.told`, which is for the terminal, names files.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cecourse import store
from cecourse.account import SECTION as PREDICTIONS
from cecourse.account import Commitment, commitment_of
from cecourse.exercise.exercise import SECTION as EXERCISES
from cecourse.exercise.exercise import whole_record
from cecourse.lessons.binary_cross_entropy.statements import SECTION as BETS
from cecourse.lessons.binary_cross_entropy.statements import statements
from tools.marking.marker import COLUMNS

LARGEST = 5_000_000  # bytes of a learner's file: a hundred times what one grows to
SHARED = 3  # events that two files must share before they are one learner's
MARKS = COLUMNS[: COLUMNS.index("points")]
VOTES = ("prediction", "round", "option", "right", "sure", "count")
STATUSES = ("right", "mistake", "wrong", "error", "untried")


class Sheet(NamedTuple):
    """What one learner did with one exercise."""

    learner: int
    question: str
    tries: tuple[tuple[str, str], ...]  # (status, the mistake's name or ""), the oldest first
    solved: bool
    hints: int
    solution_shown: bool

    @property
    def first(self) -> bool | None:
        """Whether the first try was right; None where nothing was tried that could be read."""
        return next((status == "right" for status, _ in self.tries if status != "error"), None)

    @property
    def needed(self) -> int | None:
        """How many tries the first right one came to; None where there is none."""
        statuses = [status for status, _ in self.tries]
        return statuses.index("right") + 1 if "right" in statuses else None


class Guess(NamedTuple):
    """One answer with a probability: a prediction or a bet."""

    learner: int
    id: str
    chosen: str
    sure: float
    of: int
    hit: bool


class Vote(NamedTuple):
    """How many of the room gave one option, so sure, in one round."""

    prediction: str
    round: int
    option: str
    right: bool
    sure: float | None
    count: int


class Collected(NamedTuple):
    """All that was found, and what to say of it on the terminal.

    `learners` counts the files `my_course.json`, `marked` the students of marks.csv: nothing says
    which of these are the same persons.
    """

    learners: int
    marked: int
    tried: list[Sheet]
    marks: list[Sheet]
    predictions: list[Guess]
    bets: list[Guess]
    votes: list[Vote]
    told: list[str]

    def of(self, notebooks: Iterable[str]) -> Collected:
        """What belongs to these notebooks, such as ``["01", "02"]``; all without any."""
        chosen = tuple(f"{number}/" for number in notebooks) or ("",)
        return self._replace(
            tried=[one for one in self.tried if one.question.startswith(chosen)],
            marks=[one for one in self.marks if one.question.startswith(chosen)],
            predictions=[one for one in self.predictions if one.id.startswith(chosen)],
            bets=[one for one in self.bets if one.id.startswith(chosen)],
            votes=[one for one in self.votes if one.prediction.startswith(chosen)],
        )


def collected(folder: Path) -> Collected:
    """Read every file of a class in a folder and those below it.

    A file that is damaged, empty or the older of two of one learner is left out and named in
    `told`. Two files are one learner's where they hold the same, or share at least half of what the
    smaller one holds, to the second.
    """
    told: list[str] = []
    files: list[tuple[Path, store.Data]] = []
    for path in sorted(folder.rglob("*.json")):
        if "my_course" in path.name.lower() and path.is_file():
            data = _learner_s(path, told, folder)
            files += [(path, data)] if data else []
    kept = _without_duplicates(files, told, folder)
    marks, students = _marks(folder, told)
    return Collected(
        len(kept),
        students,
        [sheet for n, data in enumerate(kept) for sheet in _sheets(n, data)],
        marks,
        [guess for n, data in enumerate(kept) for guess in _predictions(n, data)],
        [guess for n, data in enumerate(kept) for guess in _bets(n, data)],
        _votes(folder, told),
        told,
    )


# -- files of learners ----------------------------------------------------------------------------


def _learner_s(path: Path, told: list[str], folder: Path) -> store.Data | None:
    """The data of one file; None where there is none, which is told."""
    name = path.relative_to(folder)
    try:
        if path.stat().st_size > LARGEST:
            told.append(f"{name}: larger than {LARGEST // 1_000_000} MB, so none of a learner's")
            return None
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        told.append(f"{name}: cannot be read ({error.strerror})")
        return None
    except (ValueError, RecursionError):
        told.append(f"{name}: damaged, this is not JSON")
        return None
    if not isinstance(data, dict) or not all(isinstance(part, dict) for part in data.values()):
        told.append(f"{name}: JSON, but not of a {store.FILE}")
        return None
    if not any(data.get(section) for section in (EXERCISES, PREDICTIONS, BETS)):
        told.append(f"{name}: nothing in it yet")
        return None
    return data


def _events(data: store.Data) -> set[tuple]:
    """What happened when, as far as a file says: tries and commitments."""
    found: set[tuple] = set()
    for key, record in data.get(EXERCISES, {}).items():
        for one in _history(record):
            found.add((key, str(one.get("time")), str(one.get("status"))))
    for key, record in data.get(PREDICTIONS, {}).items():
        if made := commitment_of(record):
            found.add((key, made.time, made.chosen, made.sure))
    return found


def _without_duplicates(
    files: list[tuple[Path, store.Data]], told: list[str], folder: Path
) -> list[store.Data]:
    """The files with the most in them, one of each learner."""
    rows = [(path, data, _events(data)) for path, data in files]
    rows.sort(key=lambda row: -len(row[2]))  # stable: of two alike the first name stays
    kept: list[store.Data] = []
    names: list[Path] = []
    owner: dict[tuple, int] = {}  # of each event, the first file that holds it
    texts: dict[str, int] = {}
    for path, data, events in rows:
        text = json.dumps(data, sort_keys=True)
        shared = Counter(owner[event] for event in events if event in owner)
        other, count = shared.most_common(1)[0] if shared else (None, 0)
        if text in texts or (count >= SHARED and count >= len(events) / 2):
            like = names[texts.get(text, other)]
            told.append(f"{path.relative_to(folder)}: a copy of {like.relative_to(folder)}")
            continue
        texts[text] = len(kept)
        for event in events:
            owner.setdefault(event, len(kept))
        kept.append(data)
        names.append(path)
    return kept


def _history(record: Any) -> list[dict[str, Any]]:
    """The tries of a record, those of earlier rounds of the quiz first."""
    past = record.get("past") if isinstance(record, dict) else None
    rounds = [*past, record] if isinstance(past, list) else [record]
    return [one for part in rounds for one in whole_record(part)["history"]]


def _sheets(learner: int, data: store.Data) -> Iterator[Sheet]:
    for question, record in data.get(EXERCISES, {}).items():
        tries = [
            (one["status"], one["mistake"] if isinstance(one.get("mistake"), str) else "")
            for one in _history(record)
            if one.get("status") in STATUSES
        ]
        whole = whole_record(record)
        shown, hints = whole["solution_shown"], max(whole["hints"], 0)
        if tries or hints or shown:
            solved = whole["solved"] or any(status == "right" for status, _ in tries)
            yield Sheet(learner, question, tuple(tries), solved, hints, shown)


def _predictions(learner: int, data: store.Data) -> Iterator[Guess]:
    for id, record in data.get(PREDICTIONS, {}).items():
        made: Commitment | None = commitment_of(record)
        if made:
            yield Guess(learner, id, made.chosen, made.sure, made.of, made.hit)


def _bets(learner: int, data: store.Data) -> Iterator[Guess]:
    """Bets on statements; one of 0.5 takes no side."""
    kept = data.get(BETS, {})
    for one in statements():
        p = kept.get(one.id)
        number = isinstance(p, int | float) and not isinstance(p, bool)
        if number and 0 < p < 1 and p != 0.5:
            hit = (p > 0.5) == one.truth
            yield Guess(learner, f"03/{one.id}", str(p > 0.5), max(p, 1 - p), 2, hit)


# -- tables ---------------------------------------------------------------------------------------


def _tables(
    folder: Path, told: list[str], columns: tuple[str, ...]
) -> Iterator[tuple[Path, list[dict[str, str]]]]:
    """Every CSV file with these columns, as rows."""
    for path in sorted(folder.rglob("*.csv")):
        try:
            text = path.read_bytes()[:100_000_000].decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text)))
        except (OSError, UnicodeDecodeError, csv.Error):
            if path.stem.startswith("marks") or columns is VOTES:
                told.append(f"{path.relative_to(folder)}: cannot be read as CSV in UTF-8")
            continue
        if rows and set(columns) <= set(rows[0]):
            yield path, rows
        elif columns is MARKS and path.stem.startswith("marks"):
            missing = ", ".join(c for c in columns if not rows or c not in rows[0])
            told.append(f"{path.relative_to(folder)}: no table of marks, without {missing}")


def _marks(folder: Path, told: list[str]) -> tuple[list[Sheet], int]:
    """The sheets of all students of all tables of marks, and how many students there are."""
    latest: dict[tuple[str, str], tuple[str, str]] = {}
    for path, rows in _tables(folder, told, MARKS):
        strange = twice = 0
        seen = set()
        for row in rows:
            cells = [row[name] for name in ("student", "assignment", "question", "status")]
            if not all(isinstance(cell, str) for cell in cells) or cells[3] not in STATUSES:
                strange += 1
                continue
            if not row["answered"] and cells[3] in ("wrong", "error"):
                cells[3] = "untried"  # an empty line of a paper
            twice += tuple(cells[:3]) in seen
            seen.add(tuple(cells[:3]))
            key = cells[0], cells[2]
            if cells[3] != "untried" or key not in latest:  # on paper, or in the notebook
                latest[key] = (cells[3], row["mistake"] or "")
        name = path.relative_to(folder)
        if strange:
            told.append(f"{name}: rows left out, as their status is none of ours: {strange}")
        if twice:
            told.append(f"{name}: questions of a student that stand there again: {twice}")
    numbers = {student: n for n, student in enumerate(sorted({key[0] for key in latest}))}
    sheets = [
        Sheet(numbers[student], question, (tried,), tried[0] == "right", 0, False)
        for (student, question), tried in latest.items()
        if tried[0] != "untried"
    ]
    return sheets, len(numbers)


def _votes(folder: Path, told: list[str]) -> list[Vote]:
    """The counts that `make vote` has written."""
    found = []
    for path, rows in _tables(folder, told, VOTES):
        for number, row in enumerate(rows, start=2):
            try:
                sure = float(row["sure"]) if row["sure"] else None
                right = {"0": False, "1": True}[row["right"]]
                vote = Vote(
                    row["prediction"], int(row["round"]), row["option"], right, sure,
                    int(row["count"]),
                )  # fmt: skip
            except (KeyError, TypeError, ValueError):
                told.append(f"{path.relative_to(folder)}: line {number} is no count of votes")
                continue
            found.append(vote)
    return found

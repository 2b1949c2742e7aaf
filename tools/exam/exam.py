"""Write an exam with numbers of its own for each student: `make exam SEED=7 STUDENTS=roster.csv`.

STUDENTS is a CSV file with a column of ids (`id`, `student`, `username`; a name is optional), or
how many there are, who are then s001 and so on. Without names it asks the questions of the default
blueprint; `--questions 03/medical_test,11/q07` names others, and ARGS="03 04" takes those of two
notebooks. Everything lands in build/exam:

- `paper-a4.pdf` and `paper-letter.pdf`, each student's paper on sheets of its own, and
  `key-a4.pdf`, `key-letter.pdf`: every answer, and what each wrong letter means somebody believes;
- `moodle.xml` and `qti.zip`: every instance of each question, for a question bank that draws one;
- `students/ID/exam.ipynb`, and `source/` for nbgrader;
- `exam.json`: which instance each student has.

On paper a number is a choice among numbers, of which the wrong ones come from known mistakes;
`--open` leaves a line to write on instead. `--mark answers.csv` reads the answers back
(student,q1,q2,… with letters, or numbers where open) and writes into `paper/`: `marks.csv`, one row
a student and question with the recognised mistake, `grades.csv`, and a summary of what was
believed.

No two papers have all their numbers the same, and neighbours in the roster share no instance of a
question. The same seed and roster make the same exam; whoever is added at the end of the roster
leaves the papers before as they are.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import math
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tools import _command
from tools._command import ToolError
from tools.exam.questions import LETTERS, Item, Option, all_items, chosen, written
from tools.paper._pdf import SHEETS

IDS = ("id", "student", "studentid", "username", "matriculation", "idnumber")
FIRST = ("firstname", "givenname")
LAST = ("lastname", "surname", "familyname")
TRIES = 50  # at an arrangement of instances


# ---------------------------------------------------------------- who


class Student(NamedTuple):
    """A student's id, and a name where the roster has one."""

    id: str
    name: str = ""


def roster(text: str) -> list[Student]:
    """The students of a CSV file, or so many without a name.

    Raises
    ------
    ToolError
        If there is no such file, it has no column of ids, an id stands twice in it, or cannot be
        the name of a folder.
    """
    if re.fullmatch(r"[+-]?\d+", text):
        if int(text) < 1:
            raise ToolError(f"--students must be at least 1; got {text}")
        width = max(3, len(text))
        return [Student(f"s{n:0{width}}") for n in range(1, int(text) + 1)]
    rows = read_csv(Path(text), "--students")
    plain = {re.sub(r"[^a-z]", "", column.lower()): column for column in rows[0]}
    found = [plain[name] for name in IDS if name in plain]
    if not found:
        raise ToolError(
            f"{text} has no column of ids (one of {', '.join(IDS)}); its columns are "
            f"{', '.join(map(repr, rows[0]))}"
        )
    names = [plain["name"]] if "name" in plain else []
    names = names or [plain[one] for one in (*FIRST, *LAST) if one in plain]
    students = [
        Student(row[found[0]], " ".join(filter(None, (row[one] for one in names)))) for row in rows
    ]
    for line, one in enumerate(students, 2):
        if not re.fullmatch(r"[\w@+-][\w.@+-]*", one.id):
            raise ToolError(f"{text}, line {line}: an id has no blanks or slashes; got {one.id!r}")
    twice = [name for name, count in Counter(one.id for one in students).items() if count > 1]
    if twice:
        raise ToolError(f"{text}: more than once there: {', '.join(twice)}")
    return students


def read_csv(path: Path, argument: str) -> list[dict[str, str]]:
    """The rows of a CSV file, divided by commas, semicolons or tabs; empty lines left out.

    Raises
    ------
    ToolError
        If it cannot be read, or has no row under its first.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ToolError(f"{argument}: cannot read {path}: {why}") from None
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    rows = [
        {(key or "").strip(): (value or "").strip() for key, value in row.items() if key}
        for row in csv.DictReader(text.splitlines(), delimiter=mark)
    ]
    rows = [row for row in rows if any(row.values())]
    if not rows:
        raise ToolError(f"{argument}: {path} has no row under its first")
    return rows


def seed_of(exam_seed: int, student: str) -> int:
    """A student's own number, of 31 bits, from the exam's seed and the id."""
    digest = hashlib.sha256(f"{exam_seed}/{student}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


# ---------------------------------------------------------------- which instance


def arranged(
    pools: Mapping[str, Sequence[int]], apart: Sequence[str], students: Sequence[str], seed: int
) -> dict[str, dict[str, int]]:
    """Give each student an instance of each question.

    A student gets, of each question, an instance that fewest have, and not that of the one before
    in the roster. Where somebody has all these numbers already, the next best is taken.

    Parameters
    ----------
    pools : mapping of str to sequence of int
        The seeds of the instances of each question.
    apart : sequence of str
        The questions of which no two students may have all instances the same.
    students : sequence of str
        Their ids, in the order of the roster.
    seed : int
        Of the exam.

    Returns
    -------
    dict
        ``{student: {question: seed of its instance}}``.

    Raises
    ------
    ToolError
        If there are more students than different papers, or no arrangement is found.
    """
    papers = math.prod(len(pools[name]) for name in apart)
    if len(students) > papers:
        raise ToolError(
            f"{len(students)} students, and {', '.join(apart)} make {papers} different papers: add "
            "a question with numbers"
        )
    for attempt in range(TRIES):
        if found := _attempt(pools, apart, students, seed, attempt):
            return found
    raise ToolError(
        f"{len(students)} students, {papers} different papers of {', '.join(apart)}, and no order "
        "of them in which neighbours share nothing: add a question with numbers"
    )


def _attempt(pools, apart, students, seed, attempt) -> dict[str, dict[str, int]] | None:
    had: dict[str, Counter] = {name: Counter() for name in pools}
    found: dict[str, dict[str, int]] = {}
    taken: set[tuple[int, ...]] = set()
    before: dict[str, int] = {}
    for student in students:
        chance = random.Random(f"{seed_of(seed, student)}/{attempt}")
        order = {}
        for name, pool in pools.items():
            free = [one for one in pool if one != before.get(name)]
            chance.shuffle(free)
            order[name] = sorted(free, key=had[name].__getitem__)
        tuples = itertools.product(*(order[name] for name in apart))
        numbers = next((one for one in tuples if one not in taken), None)
        if numbers is None:
            return None
        taken.add(numbers)
        mine = dict(zip(apart, numbers, strict=True))
        before = {name: mine.get(name, order[name][0]) for name in pools}
        found[student] = before
        for name, one in before.items():
            had[name][one] += 1
    return found


# ---------------------------------------------------------------- the exam


class Exam:
    """Who is asked what: everything that is printed, packed and read back comes from here.

    Parameters
    ----------
    seed : int
    items : list of Item
    students : list of Student
    seeds : mapping, optional
        ``{student: {question: seed}}``; arranged unless given.
    open_numbers : bool
        Whether a number is written on a line, and not chosen.
    """

    def __init__(
        self,
        seed: int,
        items: list[Item],
        students: list[Student],
        seeds: Mapping[str, Mapping[str, int]] | None = None,
        *,
        open_numbers: bool = False,
    ):
        self.seed, self.items, self.students, self.open = seed, items, students, open_numbers
        self.paper_items = [one for one in items if one.on_paper]
        if not seeds:
            pools = {one.id: one.pool for one in self.paper_items}
            apart = [one.id for one in self.paper_items if one.has_numbers] or list(pools)
            ids = [one.id for one in students]
            seeds = arranged(pools, apart, ids, seed) if pools else {name: {} for name in ids}
            own = [one.id for one in items if not one.on_paper]
            seeds = {
                name: {one.id: mine.get(one.id, seed_of(seed, name)) for one in items}
                if own
                else mine
                for name, mine in seeds.items()
            }
        self.seeds = {name: dict(mine) for name, mine in seeds.items()}

    @property
    def points(self) -> int:
        """What a paper is worth."""
        return sum(one.points for one in self.paper_items)

    @property
    def minutes(self) -> int:
        """How long a paper takes, rounded up to five."""
        return -5 * (-sum(one.minutes for one in self.paper_items) // 5)

    def is_open(self, item: Item) -> bool:
        """Whether the answer is written, not chosen."""
        return self.open and item.kind in ("number", "array")

    def options(self, student: str, item: Item) -> list[Option]:
        """The options on a student's paper, in their order there."""
        return item.for_student(self.seeds[student][item.id], f"{self.seed}/{student}")

    def key(self, student: str, item: Item) -> str:
        """The right answer on a student's paper: a letter, or the number where it is written."""
        if self.is_open(item):
            right = item.source.instance(self.seeds[student][item.id]).results[0].value
            return written(right, item.source.digits)
        options = self.options(student, item)
        return LETTERS[next(k for k, one in enumerate(options) if not one.mistake)]

    def keys(self) -> dict[str, list[str]]:
        """The right answers of each student, in the order of the questions."""
        return {
            one.id: [self.key(one.id, item) for item in self.paper_items] for one in self.students
        }

    def sharing(self) -> str:
        """A table: each question, its instances, how many students share one at most."""
        lines = [("question", "instances", "share one, at most")]
        for item in self.paper_items:
            had = Counter(mine[item.id] for mine in self.seeds.values())
            lines.append((item.id, str(len(item.pool)), str(max(had.values()))))
        wide = max(len(name) for name, *_ in lines)
        return "\n".join(f"{a:<{wide}}  {b:>9}  {c:>18}" for a, b, c in lines)

    # -- kept -------------------------------------------------------------------------------------

    def as_json(self) -> str:
        """What `exam.json` keeps."""
        kept = {
            "seed": self.seed,
            "open": self.open,
            "questions": [one.id for one in self.items],
            "names": {one.id: one.name for one in self.students if one.name},
            "students": self.seeds,
            "keys": self.keys(),
        }
        return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, path: Path) -> Exam:
        """The exam of an `exam.json`.

        Raises
        ------
        ToolError
            If there is none, it is no exam's, or the course has changed since: then its papers
            have other answers than the course would find.
        """
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            known = all_items()
            items = [Item(known[name]) for name in kept["questions"]]
            students = [Student(one, kept["names"].get(one, "")) for one in kept["students"]]
            exam = cls(kept["seed"], items, students, kept["students"], open_numbers=kept["open"])
        except OSError as error:
            raise ToolError(f"no exam to mark: cannot read {path}: {error.strerror}") from None
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ToolError(f"{path} is not an exam of this course: {error!r}") from None
        now = exam.keys()
        moved = [one for one in now if now[one] != kept["keys"].get(one)]
        if moved:
            raise ToolError(
                f"{path}: the course has changed since this exam was made, and the papers of "
                f"{len(moved)} students ({', '.join(moved[:3])}, …) have other answers now; mark "
                "it with the version that made it"
            )
        return exam


# ---------------------------------------------------------------- the command


def write(exam: Exam, folder: Path, sizes: Sequence[str] = tuple(SHEETS)) -> str:
    """Write everything but the PDFs of sizes that are not asked for; return what to say."""
    from tools.exam import notebooks, paper, xml
    from tools.marking.assignments import nbgrader

    (folder / "exam.json").write_text(exam.as_json(), encoding="utf-8")
    (folder / "moodle.xml").write_bytes(xml.moodle(exam))
    (folder / "qti.zip").write_bytes(xml.qti(exam))
    notebooks.write(exam, folder)
    if notebooks.asked(exam):  # so that nbgrader's gradebook knows it
        nbgrader(folder, "generate_assignment", notebooks.ASSIGNMENT, "--create", "--force")
    pages = paper.print_all(exam, folder, sizes) if exam.paper_items else []
    said = [
        f"{len(exam.students)} students, {len(exam.paper_items)} questions on paper, "
        f"{exam.points} points, {exam.minutes} minutes: {folder}",
        *(f"{name}: {count} pages" for name, count in pages),
        exam.sharing(),
    ]
    return "\n".join(said)


def main() -> int:
    """Parse the command line; write an exam, or mark one."""
    flag = {"action": "store_true"}
    given = _command.parse(
        __doc__,
        "build/exam",
        seed={"type": int, "help": "a whole number, yours alone until the exam is over"},
        students={"help": "a CSV file with ids, or how many"},
        questions={"default": "", "help": "ids such as 03/medical_test,11/q07"},
        open=flag | {"help": "numbers are written, not chosen"},
        size={"choices": [*SHEETS], "help": "of the paper (default: both)"},
        no_pdf=flag | {"help": "print nothing"},
        mark={"type": Path, "metavar": "ANSWERS.csv", "help": "mark what was answered"},
    )

    def work() -> str:
        if given.mark:
            from tools.exam import marks

            made = Exam.read(given.to / "exam.json")
            return marks.mark_file(made, given.mark, given.to / "paper")
        if given.seed is None or given.students is None:
            missing = (
                "SEED=7 (--seed)" if given.seed is None else "STUDENTS=roster.csv (--students)"
            )
            raise ToolError(f"an exam needs {missing}")
        ids = [one for one in re.split(r"[,\s]+", given.questions) if one]
        items = chosen(ids, [name[:2] for name in given.names])
        exam = Exam(given.seed, items, roster(given.students), open_numbers=given.open)
        sizes = [] if given.no_pdf else [given.size] if given.size else [*SHEETS]
        return write(exam, given.to, sizes)

    return _command.told(work)

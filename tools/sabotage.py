"""Plant bugs, one at a time, and see which the checks notice: `python -m tools.sabotage`.

    python -m tools.sabotage                     everything: hours
    python -m tools.sabotage prose pictures      some areas
    python -m tools.sabotage --sample 10         so many of each area, drawn by --seed
    python -m tools.sabotage exercises --of 03   in files of this lesson

A bug is a change that somebody could make and a reader would believe: two arguments, labels,
options or colours change places, a word turns into its contrary, nats into bits, a sign or a digit
changes. The copy in which it is planted is tested with the fast tests of its area; where these see
nothing, the lesson's notebook is run and compared, words and pictures. In prose a bug is planted in
the source, as if the notebook were built of it: that the two differ does not count.

Some bugs change nothing (two equal arguments): read the survivors before you blame a test.
"""

from __future__ import annotations

import ast
import concurrent.futures
import math
import multiprocessing
import os
import queue
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import cehelpers as ce
from cecourse.lessons import NOTEBOOKS
from tools._command import ENVIRONMENT, ROOT, ToolError, told
from tools.living import DIRECTIONS, FORMULA, SIGN, in_question

# what the tests import: it is there already in the processes that run them
PRELOADED = ["pytest", "hypothesis", "mpmath", "scipy.stats", "scipy.optimize"]
PRELOADED += ["matplotlib.figure", "sklearn.linear_model", "ipywidgets", "jupytext"]
SAID = "pytest.txt"  # what it printed, in its copy
LIMIT = 180  # seconds at least for the tests of one bug; an endless loop is noticed
PATIENCE = 1200  # seconds for the same tests without one, on the slowest machine
COPIED = (
    "cehelpers",
    "cecourse",
    "notebooks",
    "tests",
    "tools",
    "vectors",
    "conftest.py",
    "pyproject.toml",
)
MATHEMATICS = {name for name in vars(ce) if name[0] != "_"}
LESSONS = {one.slug: one.number for one in NOTEBOOKS}

CONTRARIES = [
    ("higher", "lower"),
    ("larger", "smaller"),
    ("more", "less"),
    ("above", "below"),
    ("rises", "falls"),
    ("rise", "fall"),
    ("grows", "shrinks"),
    ("always", "never"),
    ("better", "worse"),
    ("best", "worst"),
    ("highest", "lowest"),
    ("positive", "negative"),
    ("overconfident", "underconfident"),
    ("cheaper", "dearer"),
    ("twice", "half"),
    ("nats", "bits"),
    ("truth", "model"),
]
TURNED = {a: b for pair in CONTRARIES for a, b in (pair, pair[::-1])}
TURNED |= {a.capitalize(): b.capitalize() for a, b in TURNED.items()}
WORD = re.compile(rf"\b({'|'.join(TURNED)})\b")
DIGITS = re.compile(r"(?<![\w.])\d*\.\d+(?!\w|\.\d)")
SWAPPED_NAMES = {
    "TRUTH": "MODEL",
    "TRUTH_LINE": "MODEL_LINE",
    "TRUTH_FILL": "MODEL_FILL",
    "RIGHT_LINE": "WRONG_LINE",
}
SWAPPED_NAMES |= {b: a for a, b in SWAPPED_NAMES.items()}
DRAWS = {"plot", "bar", "barh", "scatter", "fill_between", "step", "stem", "hist", "errorbar"}


class Bug(NamedTuple):
    """A place in a file, as bytes, and what is put there."""

    area: str
    path: Path
    start: int
    end: int
    new: str
    kind: str

    def described(self, text: bytes) -> str:
        """Where it is planted and what it changes, in a line."""
        line = text[: self.start].count(b"\n") + 1
        old = text[self.start : self.end].decode()
        shown = [" ".join(part.split())[:60] for part in (old, self.new)]
        return f"{self.path.relative_to(ROOT)}:{line} {self.kind}: {shown[0]!r} -> {shown[1]!r}"


class Change(NamedTuple):
    """Bytes of a file and what is put there."""

    start: int
    end: int
    new: str
    kind: str


class Code:
    """A Python file: its tree, and where each part of it lies."""

    def __init__(self, path: Path):
        self.text = path.read_bytes()
        self.tree = ast.parse(self.text)
        self.lines = [0]
        for line in self.text.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """First and last byte of a part."""
        start = self.lines[node.lineno - 1] + node.col_offset
        return start, self.lines[node.end_lineno - 1] + node.end_col_offset

    def source(self, node: ast.AST) -> str:
        """A part as it is written."""
        return self.text[slice(*self.span(node))].decode()

    def exchanged(self, one: ast.AST, other: ast.AST, kind: str) -> Iterator[Change]:
        """Two parts in each other's place."""
        (a, b), (c, d) = self.span(one), self.span(other)
        if self.source(one) != self.source(other):
            between = self.text[b:c].decode()
            yield Change(a, d, self.source(other) + between + self.source(one), kind)


# ---------------------------------------------------------------- what can be changed


def names(code: Code, node: ast.AST) -> Iterator[Change]:
    """Truth and model, right and wrong, in each other's colours."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in SWAPPED_NAMES:
        yield Change(*code.span(node), SWAPPED_NAMES[node.id], "colour")


def arguments(code: Code, node: ast.AST) -> Iterator[Change]:
    """The first two arguments of a call that draws, or of a function of the course."""
    if isinstance(node, ast.Call) and len(node.args) > 1:
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        data = all(
            isinstance(part, ast.Name | ast.Attribute | ast.Subscript | ast.BinOp | ast.Call)
            for part in node.args[:2]
        )
        if data and (called in DRAWS or called in MATHEMATICS):
            yield from code.exchanged(*node.args[:2], f"arguments of {called}")


def signs(code: Code, node: ast.AST) -> Iterator[Change]:
    """Plus and minus, smaller and greater."""
    turned = {ast.Add: "-", ast.Sub: "+", ast.Lt: ">", ast.Gt: "<"}
    if isinstance(node, ast.BinOp) and type(node.op) in turned:
        yield from _operator(code, node.left, node.right, turned[type(node.op)])
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in turned:
        yield from _operator(code, node.left, node.comparators[0], turned[type(node.ops[0])])


def _operator(code: Code, left: ast.AST, right: ast.AST, new: str) -> Iterator[Change]:
    start, end = code.span(left)[1], code.span(right)[0]
    between = code.text[start:end].decode()
    if re.fullmatch(r"\s*[-+<>]\s*", between):  # no bracket in it
        yield Change(start, end, re.sub(r"[-+<>]", new, between), "operator")


def labels(code: Code, node: ast.AST) -> Iterator[Change]:
    """Two strings side by side, the keys or values of a dictionary, the names of x and y."""
    rows = []
    if isinstance(node, ast.Tuple | ast.List):
        rows = [node.elts]
    elif isinstance(node, ast.Dict):
        rows = [node.keys, node.values]
    for row in rows:
        texts = [part for part in row if isinstance(part, ast.Constant | ast.JoinedStr)]
        texts = [part for part in texts if re.search(r"[A-Za-z]{2}", code.source(part))]
        if len(texts) > 1:
            yield from code.exchanged(*texts[:2], "labels")
    if isinstance(node, ast.Attribute) and node.attr in ("set_xlabel", "set_ylabel"):
        other = "y" if "x" in node.attr else "x"
        yield Change(
            code.span(node)[1] - len("xlabel"), code.span(node)[1], f"{other}label", "axis"
        )


def texts(code: Code, node: ast.AST) -> Iterator[Change]:
    """A word of a text turned into its contrary, or a digit of a number in it changed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and hasattr(node, "lineno"):
        start, end = code.span(node)
        yield from turned_words(code.text[start:end].decode(), start)


def digits(code: Code, node: ast.AST) -> Iterator[Change]:
    """A digit of a number in a function's body.

    One that is only compared with says where two ways to the same value part: it may move a little.
    """
    if isinstance(node, ast.FunctionDef):
        parts = [part for line in node.body for part in ast.walk(line)]
        compared = {
            id(x) for part in parts if isinstance(part, ast.Compare) for x in part.comparators
        }
        for part in parts:
            if (
                isinstance(part, ast.Constant)
                and type(part.value) is float
                and id(part) not in compared
            ):
                yield Change(*code.span(part), other_digit(code.source(part)), "digit")


def solutions(code: Code, node: ast.AST) -> Iterator[Change]:
    """A digit in the solution of an exercise or the function of a prediction.

    One in a mistake makes it another mistake.
    """
    made = [getattr(one, "func", one) for one in getattr(node, "decorator_list", ())]
    if any(getattr(one, "id", "") in ("exercise", "question", "prediction") for one in made):
        yield from digits(code, node)


def turned_words(text: str, start: int) -> Iterator[Change]:
    """Each word of a text that has a contrary, turned; each decimal with another digit."""
    for kind, pattern, change in (
        ("word", WORD, TURNED.get),
        ("digit", DIGITS, other_digit),
    ):
        for found in pattern.finditer(text):
            place = start + len(text[: found.start()].encode())
            yield Change(place, place + len(found[0].encode()), change(found[0]), kind)


def other_digit(number: str) -> str:
    """A number whose last digit that is no 0 is another one."""
    place = max((i for i, digit in enumerate(number) if digit in "123456789"), default=None)
    if place is None:
        return number + "1"
    return number[:place] + str(int(number[place]) % 9 + 1) + number[place + 1 :]


# ---------------------------------------------------------------- areas


class Area(NamedTuple):
    """Where bugs of a kind live, how they are made, and the share that must be noticed."""

    files: tuple[str, ...]
    changes: tuple[Callable, ...]
    goal: float


LESSON = "cecourse/lessons/*/"
ACCOUNT = "cecourse/account.py"  # which draws, and belongs to no lesson
MOVED = ("explorers", "bets", "neuron", "rain", "world")  # and what their explorers compute
DIAGNOSIS = ("compare", "diagnosis", "expressions", "judge", "mistake", "mutants", "roads")
AREAS = {
    "mathematics": Area(("cehelpers/[a-z]*.py",), (arguments, signs, digits), 0.98),
    "prose": Area(("notebooks/source/*.md",), (), 0.95),
    "pictures": Area(
        (f"{LESSON}pictures.py", f"{LESSON}simplex.py", f"{LESSON}monitor.py", ACCOUNT),
        (names, arguments, labels, texts),
        0.9,
    ),
    "explorers": Area(
        tuple(f"{LESSON}{name}.py" for name in MOVED), (names, arguments, signs, labels, texts), 0.9
    ),
    "exercises": Area(
        (f"{LESSON}exercises*.py", f"{LESSON}quiz_*.py", f"{LESSON}predictions.py"),
        (arguments, signs, labels, texts, solutions),
        0.95,
    ),
    "diagnosis": Area(
        (*(f"cecourse/exercise/{name}.py" for name in DIAGNOSIS), "cecourse/spacing.py"),
        (arguments, signs, digits, labels),
        0.8,
    ),
}


def bugs(area: str, lesson: str | None = None) -> list[Bug]:
    """Every bug of an area, in the order of the files."""
    found = []
    for path in sorted(path for files in AREAS[area].files for path in ROOT.glob(files)):
        if not lesson or lesson in (path.name[:2], LESSONS.get(path.parent.name)):
            make = in_prose if path.suffix == ".md" else in_code
            changes = set(make(path, AREAS[area].changes))
            found += [Bug(area, path, *change) for change in sorted(changes)]
    return found


def in_prose(path: Path, _) -> Iterator[Change]:
    """Words of direction and digits of a notebook's text, and the signs of its formulas."""
    text = path.read_text(encoding="utf-8")
    hidden = (
        r"^```\{code-cell.*?^```|\A---.*?^---|<!--.*?-->|\[\[.*?\]\]|\]\([^)]*\)|`[^`\n]+`|doi:\S+"
    )
    seen = re.sub(hidden, lambda gap: "\0" * len(gap[0]), text, flags=re.DOTALL | re.MULTILINE)

    def change(found: re.Match, new: str, kind: str) -> Change:
        start = len(text[: found.start()].encode())
        return Change(start, start + len(found[0].encode()), new, kind)

    for formula in FORMULA.finditer(seen):
        for sign in SIGN.finditer(seen, *formula.span()):
            yield change(sign, {"-": "+", "+": "-"}[sign[0]], "formula")
    words = FORMULA.sub(lambda formula: "\0" * len(formula[0]), seen)
    for digit in DIGITS.finditer(words):
        yield change(digit, other_digit(digit[0]), "digit")
    for word in DIRECTIONS["en"].finditer(words):
        if word[0] in TURNED and not in_question(words, word.end()):
            yield change(word, TURNED[word[0]], "word")


def in_code(path: Path, changes: tuple[Callable, ...]) -> Iterator[Change]:
    """What can be changed in a module; its docstrings and what it imports are left alone."""
    code = Code(path)
    skipped = {
        id(part)
        for node in ast.walk(code.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node)
        and "exercises" not in path.name  # there it is the question
        for part in ast.walk(node.body[0])
    }
    for node in ast.walk(code.tree):
        if id(node) not in skipped:
            for change in changes:
                yield from change(code, node)


# ---------------------------------------------------------------- the checks


def checks(bug: Bug) -> list[str]:
    """What pytest is asked to run for a bug."""
    if bug.area == "mathematics":
        return ["tests/cehelpers"]
    if bug.area == "prose":
        words = "typed or direction or mark"
        return ["tests/notebooks/test_living_numbers.py", "-k", f"{bug.path.stem} and ({words})"]
    if bug.path == ROOT / ACCOUNT:
        return ["tests/cecourse/test_prediction.py"]
    if bug.area == "diagnosis":
        tests = ("exercise/test_diagnosis.py", "exercise/test_exercise.py", "test_spacing.py")
        return ["-x", *(f"tests/cecourse/{name}" for name in tests)]
    lesson = bug.path.parent.name
    tests = "tests/cecourse/lessons"
    shared = [f"{tests}/test_exercises.py", f"{tests}/test_second_derivations.py"]
    shared += [
        f"{tests}/test_predictions.py",
        "tests/cecourse/exercise/test_numbers.py",
        "tests/cecourse/exercise/test_read.py",
    ]
    which = ["-k", f"{LESSONS[lesson]}/ or {lesson} or read"]
    slow = ["--ignore-glob=*/test_pipeline.py", "--ignore-glob=*/test_generator.py"]
    return [f"{tests}/{lesson}", *slow, *(shared + which if bug.area == "exercises" else [])]


def noticed(bug: Bug, copy: Path, limit: float = LIMIT) -> bool:
    """Plant a bug in a copy of the course, run its checks, and take it out again."""
    path = copy / bug.path.relative_to(ROOT)
    whole = path.read_bytes()
    path.write_bytes(whole[: bug.start] + bug.new.encode() + whole[bug.end :])
    try:
        if fails(checks(bug), copy, limit):
            return True
        lesson = LESSONS.get(bug.path.parent.name)
        stored = [str(one) for one in copy.glob(f"notebooks/{lesson}_*.ipynb")]
        return bool(stored) and fails(["--nbval", "--nbval-current-env", *stored], copy, limit)
    finally:
        path.write_bytes(whole)


def fails(arguments: list[str], copy: Path, limit: float = LIMIT) -> bool:
    """Whether pytest finds something there, or does not end within so many seconds."""
    return _exit_code(arguments, copy, limit) != 0


def _exit_code(arguments: list[str], copy: Path, limit: float) -> int:
    forks = multiprocessing.get_context("forkserver")  # not on Windows
    forks.set_forkserver_preload(PRELOADED)
    run = forks.Process(target=_pytest, args=(arguments, copy))
    run.start()
    run.join(limit)
    if run.is_alive():
        run.kill()
        run.join()
    return run.exitcode


def passes(arguments: Iterable[str], copy: Path) -> float:
    """Raise `ToolError` if pytest finds something, or no test, where nothing is planted.

    Returns
    -------
    float
        How many seconds it took.
    """
    began = time.monotonic()
    if fails(list(arguments), copy, PATIENCE):
        last = (copy / SAID).read_text()[-2000:]
        raise ToolError(f"fails with no bug planted: {' '.join(arguments)}\n{last}")
    return time.monotonic() - began


def _pytest(arguments: list[str], copy: Path) -> None:
    """Run pytest on a copy of the course, in a process that holds only what it was forked with."""
    for name in [name for name in sys.modules if name.partition(".")[0] in COPIED]:
        del sys.modules[name]
    os.environ.update(ENVIRONMENT, PYTHONPATH=str(copy), PYTHONDONTWRITEBYTECODE="1")
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(copy))
    os.chdir(copy)
    said = os.open(copy / SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    import pytest

    options = ["-x", "-q", "-p", "no:cacheprovider"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning", "--override-ini"]
    sys.exit(pytest.main([*options, "addopts=--import-mode=importlib", *arguments]))


def copied(folder: Path) -> Path:
    """A copy of the course in which bugs can be planted."""
    folder.mkdir()
    for name in COPIED:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)
    return folder


def survivors(planted: list[Bug]) -> list[Bug]:
    """The bugs that nobody notices."""
    from tqdm import tqdm

    with tempfile.TemporaryDirectory() as place:
        copies: queue.Queue[Path] = queue.Queue()
        workers = min(os.cpu_count() or 1, 4)
        for number in range(workers):
            copies.put(copied(Path(place) / str(number)))

        def with_copy(work: Callable, *arguments):
            copy = copies.get()
            try:
                return work(*arguments, copy)
            finally:
                copies.put(copy)

        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            first = {bug.area: tuple(checks(bug)) for bug in planted}
            took = pool.map(lambda one: with_copy(passes, one), first.values())
            limit = max(LIMIT, 2 * max(took, default=0))  # a slow machine is no endless loop

            def seen(bug: Bug) -> bool:
                return with_copy(lambda copy: noticed(bug, copy, limit))

            left = []
            for bug, found in zip(
                planted,
                tqdm(pool.map(seen, planted), "Bugs", len(planted), unit="bug"),
                strict=True,
            ):
                if not found:
                    left.append(bug)
                    tqdm.write(bug.described(bug.path.read_bytes()))
    return left


def report(planted: list[Bug], left: list[Bug]) -> str:
    """What was noticed in each area; an error where a goal is missed by more than chance.

    That is by two standard errors of so many bugs, and one more: a few bugs say little.
    """
    lines, missed = [], False
    for name, area in AREAS.items():
        total = sum(bug.area == name for bug in planted)
        if total:
            seen = total - sum(bug.area == name for bug in left)
            error = math.sqrt(area.goal * (1 - area.goal) * total)
            missed |= seen + 1 < area.goal * total - 2 * error
            lines.append(
                f"{name}: {seen} of {total} noticed, {seen / total:.0%} (goal {area.goal:.0%})"
            )
    if missed:
        raise ToolError("\n".join(lines))
    return "\n".join(lines)


def main() -> int:
    """Parse the command line, plant, and print what was noticed; 1 if an area misses its goal."""
    import argparse

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("areas", nargs="*", help=f"of {', '.join(AREAS)} (default: all)")
    parser.add_argument("--sample", type=int, help="so many bugs of each area")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("--of", help="only files of this lesson, such as 03")
    given = parser.parse_args()
    if unknown := set(given.areas) - AREAS.keys():
        parser.error(f"no such area: {', '.join(sorted(unknown))}")
    planted = []
    for area in given.areas or AREAS:
        found = bugs(area, given.of)
        some = random.Random(given.seed).sample(found, min(given.sample or len(found), len(found)))
        planted += sorted(some)
    return told(lambda: report(planted, survivors(planted)))


if __name__ == "__main__":
    sys.exit(main())

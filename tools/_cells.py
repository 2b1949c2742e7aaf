"""What the cells of the course's notebooks are: openings, exercises, code that shows a figure."""

from __future__ import annotations

import ast
import importlib
import re
from types import ModuleType
from typing import NamedTuple

from cecourse.prediction import HEAD
from tools._command import ToolError


class Opening(NamedTuple):
    """What the first lines of a notebook say: ``# 02 · Title: promise``; and its minutes."""

    number: str
    title: str
    promise: str
    minutes: str
    minutes_with_exercises: str


def opening(source: str) -> Opening:
    """Read a notebook's first cell.

    Raises
    ------
    ToolError
        If it does not begin as a notebook of the course does.
    """
    match = re.match(r"# (\d\d) · ([^:\n]+)(?:: (.+))?(?:\n|$)", source)
    if not match:
        first = source.partition("\n")[0]
        raise ToolError(f"a notebook begins with '# NN · Title: promise'; got {first!r}")
    minutes = re.search(r"\*\*(\d+) minutes?\*\* to read, (\d+) with", source)
    return Opening(*match.groups(default=""), *(minutes.groups() if minutes else ("", "")))


def exercises_of(stem: str) -> ModuleType:
    """The exercises of a notebook, such as ``exercises_of("02_cross_entropy").overpaid``."""
    slug = re.sub(r"^\d\d_|_key$", "", stem)
    return importlib.import_module(f"cecourse.lessons.{slug}.exercises")


def parsed(source: str) -> list[ast.stmt]:
    """The statements of a cell; its magic commands count as remarks."""
    return ast.parse(re.sub(r"^([%!].*)$", r"#\1", source, flags=re.MULTILINE)).body


def defined(source: str) -> dict[str, str]:
    """The functions that a cell defines, each with its code."""
    return {
        one.name: "\n".join(source.splitlines()[one.lineno - 1 : one.end_lineno])
        for one in parsed(source)
        if isinstance(one, ast.FunctionDef)
    }


def shows(statement: ast.stmt) -> bool:
    """Whether a statement of a cell shows a figure: ``show(…)``."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func) == "show"


def without_show(source: str, later: str = "") -> str:
    """Return a cell's code without the call that shows a figure: the figure itself follows.

    A cell that does nothing else leaves nothing; so does one that only names what the picture is
    made of, where the code of the `later` cells does not come back to these names.
    """
    body = parsed(source)
    if not any(map(shows, body)):
        return source
    others = [statement for statement in body if not shows(statement)]
    if all(isinstance(statement, ast.Assign) for statement in others):
        names = [part for other in others for part in ast.walk(other) if isinstance(part, ast.Name)]
        bound = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        if not bound & set(re.findall(r"\w+", later)):
            return ""
    lines = source.splitlines()
    for statement in reversed(body):
        if shows(statement):
            del lines[statement.lineno - 1 : statement.end_lineno]
    return re.sub(r"\n{3,}", "\n\n\n", "\n".join(lines)).strip("\n")


def at_exercise(source: str) -> tuple[str, str]:
    """Split Markdown before the heading of an exercise; without one the second part is empty."""
    found = re.search(r"^### Exercise \d+ · ", source, re.MULTILINE)
    return (source[: found.start()], source[found.start() :]) if found else (source, "")


class Check(NamedTuple):
    """What ``exercises.overpaid.check(answer)`` checks: the call, the exercise, the answer."""

    call: str
    exercise: str
    answer: str


def checked(source: str) -> Check | None:
    """Return what a cell checks: then it is the learner's place to answer."""
    call = re.search(r"^exercises\.(\w+)\.check\((\w+)\)", source, re.MULTILINE)
    return Check(call[0], call[1], call[2]) if call else None


def shown_exercise(source: str) -> str | None:
    """Return the name of the exercise whose question a cell shows."""
    found = re.fullmatch(r"\s*exercises\.(\w+)\s*", source)
    return found[1] if found else None


def shown_prediction(source: str) -> str | None:
    """Return the name of the prediction that a cell asks for."""
    found = re.fullmatch(r"\s*predictions\.(\w+)\s*", source)
    return found[1] if found else None


class Asked(NamedTuple):
    """What a prediction asks: its question, and each option with its letter."""

    question: str
    options: list[tuple[str, str]]


def asked(cell) -> Asked:
    """Read what the stored cell of a prediction asks."""
    text = cell.outputs[0]["data"]["text/plain"].removeprefix(HEAD)
    question, _, options = text.partition("\n\n")
    lines = (line.strip().partition(": ") for line in options.splitlines())
    return Asked(question.strip(), [(letter, option) for letter, _, option in lines])


def is_quiz(source: str) -> bool:
    """Whether a cell shows the final quiz."""
    return source.strip() == "final_quiz.quiz()"


def printed(cell) -> list[str]:
    """What a cell printed, and the value of its last line, as texts."""
    found = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return [text.rstrip("\n") for text in found if text]

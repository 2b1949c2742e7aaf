"""A learner's code, as it is typed into a form: run on its own, and its errors told by line."""

import ast
import linecache
import math
import traceback
import warnings
from collections.abc import Mapping
from types import CodeType
from typing import Any

import numpy as np

import cehelpers
from cecourse.language import _

from .calls import complaint

USUAL = {"math": math, "np": np, "ce": cehelpers}  # what every notebook has


class CodeError(Exception):
    """The code has no answer; the message tells the learner why."""


def run_code(code: str, setup: str = "", where: str = "<your code>") -> tuple[dict[str, Any], Any]:
    """Run code in a namespace of its own.

    Parameters
    ----------
    code : str
        The learner's.
    setup : str
        What the course runs before it: imports.
    where : str
        What stands for the file's name.

    Returns
    -------
    names : dict
        What the code has bound, in order.
    last : object
        The value of its last line, where that is an expression; else None.

    Raises
    ------
    CodeError
        With type, message, number and text of the line, where the code stops.
    """
    space: dict[str, Any] = USUAL | {"__name__": "__main__"}
    exec(setup, space)
    before = dict(space)
    lines = code.splitlines(keepends=True)
    linecache.cache[where] = (len(code), None, lines, where)  # so that a function's source is found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            body = ast.parse(code, where)
            ending = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
            exec(_compiled(body, where), space)
            last = eval(_compiled(ast.Expression(ending.value), where), space) if ending else None
        except (Exception, SystemExit) as error:
            raise CodeError(_told(error, where, lines)) from None
    missing = object()
    bound = {key: value for key, value in space.items() if before.get(key, missing) is not value}
    return bound, last


def _compiled(tree: ast.Module | ast.Expression, where: str) -> CodeType:
    return compile(tree, where, "eval" if isinstance(tree, ast.Expression) else "exec")


def _told(error: BaseException, where: str, lines: list[str]) -> str:
    """What went wrong, and in which line of the learner's."""
    if isinstance(error, SyntaxError) and error.filename == where:
        number, words = error.lineno, f"{type(error).__name__}: {error.msg}"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        number = next((one.lineno for one in reversed(frames) if one.filename == where), None)
        words = complaint(error)
    if not number or number > len(lines):
        return _("It stops: {error}.").format(error=words)
    text = _("It stops in line {number}: {error}.").format(number=number, error=words)
    return f"{text}\n\n  {number}: {lines[number - 1].strip()}"


def defined(code: str, names: Mapping[str, Any] | None = None) -> list[str]:
    """The functions that code defines by `def` or by name, in order; of `names`, if given."""
    found = []
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.FunctionDef):
            found.append(statement.name)
        elif isinstance(statement, ast.Assign) and names:
            found += [one.id for one in statement.targets if isinstance(one, ast.Name)]
    return [name for name in found if names is None or callable(names.get(name))]

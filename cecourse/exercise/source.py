"""The source of a solution as one would write it in a cell: imports, no decorator, no question."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from cecourse.language import _


def solution_source(function: Callable, givens: Mapping[str, Any] | None = None) -> str:
    """The code of a function, preceded by the imports and constants of its module that it uses.

    `givens` are its parameters' defaults. Works from a folder, a wheel or a zip file; where there
    is no source, a sentence says so.
    """
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        return _("The source of this solution is not at hand in this installation.")
    node = ast.parse(text).body[0]
    head, body = _without_question(node, text.splitlines())
    if givens:
        listed = ", ".join(f"{name}={value!r}" for name, value in givens.items())
        head = [f"def {node.name}({listed}):"]
        node.args.defaults = []
    return "\n".join([*_needs(function, node), *head, *body])


def _without_question(node: ast.FunctionDef, lines: list[str]) -> tuple[list[str], list[str]]:
    """The `def` lines and the lines of the body, without decorators and docstring."""
    first = node.body[0]
    head = lines[node.lineno - 1 : first.lineno - 1]
    if ast.get_docstring(node) is None:
        return head, lines[first.lineno - 1 : node.end_lineno]
    body = lines[first.end_lineno : node.end_lineno]
    while body and not body[0].strip():
        body = body[1:]
    return head, body


def _needs(function: Callable, node: ast.FunctionDef) -> list[str]:
    """The statements of the module that bind the names a function uses."""
    try:
        module = inspect.getsource(sys.modules[function.__module__])
    except (OSError, TypeError, KeyError):
        return []
    found: list[str] = []
    names = _names(ast.Module([node.args, *node.body], []))
    for statement in reversed(ast.parse(module).body):
        if not names & _bound(statement) or isinstance(statement, ast.FunctionDef):
            continue
        names |= _names(statement)
        found.insert(0, ast.get_source_segment(module, statement))
    return [*found, ""] if found else []


def _names(node: ast.AST) -> set[str]:
    """Every name that is looked up inside a piece of code."""
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    }


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement of a module defines."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(name.asname or name.name).split(".")[0] for name in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets = {ast.Assign: "targets", ast.AnnAssign: "target"}.get(type(statement))
    nodes = getattr(statement, targets) if targets else []
    return {
        part.id
        for node in (nodes if isinstance(nodes, list) else [nodes])
        for part in ast.walk(node)
        if isinstance(part, ast.Name)
    }


def own_helpers(function: Callable) -> set[str]:
    """The functions and classes of its own module that a solution uses: nobody would see them."""
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    known = function.__globals__
    return {
        name
        for name in _names(ast.Module(node.body, []))
        if getattr(known.get(name), "__module__", None) == function.__module__
        and (inspect.isroutine(known[name]) or inspect.isclass(known[name]))
    }

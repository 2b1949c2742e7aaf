"""The part of a notebook that its pictures need, found by reading the code, and run alone.

A statement is needed if it binds or changes a name that a needed one reads later. Predictions,
exercises, their checks and what only prints bind nothing, so they are left out, and with them what
is computed for them alone. What reading cannot see (a function that changes what it is given and
returns something too) would show in the picture: `tools._pictures.drawn` compares each with the
stored one.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
from typing import NamedTuple

from tools import _command
from tools._cells import parsed

QUIET = ("print", "show")  # what changes nothing that it is given


class Effects(NamedTuple):
    """What a statement does to names: those it reads, binds anew, and changes in place."""

    reads: frozenset[str]
    binds: frozenset[str]
    changes: frozenset[str]


class _Reader(ast.NodeVisitor):
    """Collect the effects of one statement; the local names of its functions are not among them."""

    def __init__(self):
        self.reads, self.binds, self.changes = set(), set(), set()

    def visit_Name(self, node):
        (self.reads if isinstance(node.ctx, ast.Load) else self.binds).add(node.id)

    def visit_Import(self, node):
        self.binds |= {(one.asname or one.name).split(".")[0] for one in node.names}

    visit_ImportFrom = visit_Import

    def visit_AugAssign(self, node):
        self.reads |= _roots(node.target)
        self.changes |= _roots(node.target)
        self.generic_visit(node)

    def visit_Subscript(self, node):
        if not isinstance(node.ctx, ast.Load):
            self.changes |= _roots(node)
        self.generic_visit(node)

    visit_Attribute = visit_Subscript

    def visit_Expr(self, node):
        """A call whose value nobody takes is made for what it changes."""
        call = node.value
        if isinstance(call, ast.Call) and ast.unparse(call.func) not in QUIET:
            given = [*call.args, *(word.value for word in call.keywords)]
            if isinstance(call.func, ast.Attribute):
                given.append(call.func)
            self.changes |= set().union(*map(_roots, given))
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        self.binds.add(node.name)
        for outside in [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]:
            if outside:
                self.visit(outside)
        self._inside(node.args, node.body)

    def visit_Lambda(self, node):
        self._inside(node.args, [node.body])

    def visit_ClassDef(self, node):
        self.binds.add(node.name)
        for outside in [*node.decorator_list, *node.bases]:
            self.visit(outside)
        self._inside(None, node.body)

    def _comprehension(self, node):
        self._inside(None, ast.iter_child_nodes(node))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _inside(self, arguments, body):
        inner = _Reader()
        for part in body:
            inner.visit(part)
        local = set(inner.binds)
        if arguments:
            local |= {one.arg for one in ast.walk(arguments) if isinstance(one, ast.arg)}
        self.reads |= inner.reads - local
        self.changes |= inner.changes - local


def _roots(node: ast.AST) -> set[str]:
    """The name at the root of ``a.b[0].c``; none of a literal or of what a call returns."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def effects(statement: ast.stmt) -> Effects:
    """Read a statement; random generators, by their name, are changed wherever they are read."""
    reader = _Reader()
    reader.visit(statement)
    drawn = {name for name in reader.reads if name == "rng" or name.endswith("_rng")}
    return Effects(*map(frozenset, (reader.reads, reader.binds, reader.changes | drawn)))


def needed(statements: list[ast.stmt], targets: set[int]) -> set[int]:
    """Return the places of the statements that those at `targets` need, with their own.

    A function's body counts where the function is called: what it reads and changes then. What a
    function of the notebook returns beside a function of its own may change wherever that is read;
    and what sets how a library computes is always needed.
    """
    found = [effects(statement) for statement in statements]
    modules = {
        name
        for statement, one in zip(statements, found, strict=True)
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name in one.binds
    }
    makers = {
        name: one
        for statement, one in zip(statements, found, strict=True)
        if isinstance(statement, ast.FunctionDef | ast.ClassDef)
        for name in one.binds
    }

    together: dict[str, frozenset] = {}  # what a name may change: bound with it by one call
    for statement, one in zip(statements, found, strict=True):
        if _by_a_closure(statement, statements):
            for name in one.binds:
                together[name] = together.get(name, frozenset()) | one.binds - {name}

    @functools.cache
    def called(name: str, above: frozenset = frozenset()) -> tuple[frozenset, frozenset]:
        """What a name brings with it: the names that are read and changed if it is called."""
        if name not in makers or name in above:
            return frozenset([name]), frozenset()
        one = makers[name]
        inner = [called(other, above | {name}) for other in one.reads]
        return (
            one.reads.union([name], *(reads for reads, _ in inner)),
            one.changes.union(*(changes for _, changes in inner)),
        )

    last = max(targets, default=0)
    kept = targets | {k for k, statement in enumerate(statements[:last]) if _sets(statement)}
    waiting = sorted(kept)
    while waiting:
        place = waiting.pop()
        for name in frozenset().union(*(called(name)[0] for name in found[place].reads)):
            for before in range(place - 1, -1, -1):
                one = found[before]
                brought = [called(read)[1] for read in one.reads]
                beside = [together.get(read, frozenset()) for read in one.reads]
                changes = one.changes.union(*brought, *beside) - modules
                if name in one.binds or name in changes:
                    if before not in kept:
                        kept.add(before)
                        waiting.append(before)
                    if name in one.binds and name not in changes and _always(statements[before]):
                        break
    return kept


def _by_a_closure(statement: ast.stmt, statements: list[ast.stmt]) -> bool:
    """Whether a statement binds what one of the notebook's functions with functions in it returns.

    ``history, callback = watched()``: whoever calls the second may change the first.
    """
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
        return False
    name = ast.unparse(statement.value.func)
    made = [one for one in statements if isinstance(one, ast.FunctionDef) and one.name == name]
    inside = (node for one in made for part in one.body for node in ast.walk(part))
    return any(isinstance(node, ast.FunctionDef | ast.Lambda) for node in inside)


def _sets(statement: ast.stmt) -> bool:
    """Whether a statement sets how a library computes: ``jax.config.update(…)``."""
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return any(".config." in ast.unparse(call) for call in calls)


def _always(statement: ast.stmt) -> bool:
    """Whether what a statement binds is bound whatever happens."""
    return not isinstance(statement, ast.If | ast.For | ast.While | ast.Try)


def statements_of(notebook) -> tuple[list[ast.stmt], dict[int, range]]:
    """A notebook's statements, and for each code cell the places of its own."""
    statements, cells = [], {}
    for k, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            body = parsed(cell.source)
            cells[k] = range(len(statements), len(statements) + len(body))
            statements += body
    return statements, cells


def run(statement: ast.stmt, names: dict):
    """Run a statement where the notebooks are; return the value of an expression."""
    with contextlib.chdir(_command.NOTEBOOKS), contextlib.redirect_stdout(io.StringIO()):
        if isinstance(statement, ast.Expr):
            return eval(compile(ast.Expression(statement.value), "cell", "eval"), names)
        exec(compile(ast.Module([statement], []), "cell", "exec"), names)
    return None

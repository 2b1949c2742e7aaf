"""Mistakes made by machine: the solution's own code with one thing exchanged, dropped or turned.

A sum becomes a mean, a logarithm loses its base, a term or a factor goes, a difference is taken the
other way round, two arguments change places, `return` slips into the loop. Each is a function that
runs, with the sentence its maker is told; what a learner's answer agrees with is found by running
them (`diagnosis`).
"""

import ast
import copy
import inspect
import math
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from cecourse.language import _

from .mistake import EPS, Mistake

LOGS = {"log": "e", "log2": "2", "log10": "10", "log1p": "e", "surprisal": "e"}
MOST = 400  # changes of one solution that are tried


class Change(NamedTuple):
    """One exchange in a tree: its name, the sentence about it, and the node that is put there."""

    name: str
    text: str
    put: Callable[[ast.AST], ast.AST]


def mutants(function: Callable, called: Mapping[str, str] | None = None) -> list[Mistake]:
    """The code of a solution with one change in each; empty where no source is at hand.

    Parameters
    ----------
    function : callable
        A function of a module, whose parameters are what is given.
    called : mapping of str to str, optional
        What a learner knows each parameter as, "" where it has no name; its own unless given.

    Returns
    -------
    list of Mistake
        In the order of the code; two changes may come to the same.
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return []
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        return []
    definition.decorator_list = []
    own = {part.arg: f"`{part.arg}`" for part in definition.args.args}
    definition.called = own if called is None else called
    definition.loop = _(" Does a `return` stand inside the loop?") if called is None else ""
    if ast.get_docstring(definition) is not None:
        definition.body = definition.body[1:]
    for argument in definition.args.defaults:
        argument.frozen = True  # what is given is not a part of the code
    found = []
    for i, node in enumerate(ast.walk(tree)):
        if getattr(node, "frozen", False):
            continue
        for change in _changes(node, definition):
            new = copy.deepcopy(tree)
            there = next(part for j, part in enumerate(ast.walk(new)) if j == i)
            new = _Put(there, change.put(there)).visit(new)
            if getattr(change.put, "sized", False):
                new.body[0].args.kwonlyargs.append(ast.arg("_eps"))
                new.body[0].args.kw_defaults.append(None)
            made = _compiled(new, function)
            if made is not None and len(found) < MOST:
                made.__name__ = change.name
                found.append(Mistake(made, change.text, _open(made)))
    return found


def _open(function: Callable) -> dict:
    """The keyword of a guard, which may have any size."""
    return {"_eps": EPS} if "_eps" in inspect.signature(function).parameters else {}


def _compiled(tree: ast.Module, function: Callable) -> Callable | None:
    names: dict = {}
    known = dict(function.__globals__) | {"_np": np}
    try:
        code = compile(ast.fix_missing_locations(tree), f"<{function.__name__}>", "exec")
        exec(code, known, names)
    except (SyntaxError, ValueError, TypeError):
        return None
    return names.get(function.__name__)


class _Put(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST):
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


# -- what may be changed --------------------------------------------------------------------------


def _changes(node: ast.AST, whole: ast.FunctionDef) -> Iterator[Change]:
    """Every change of one node."""
    rules = {
        ast.BinOp: _of_arithmetic,
        ast.Call: _of_call,
        ast.UnaryOp: _of_sign,
        ast.Compare: _of_comparison,
        ast.Subscript: _of_index,
        ast.Constant: _of_constant,
        ast.Name: _of_name,
        ast.IfExp: _of_condition,
        ast.If: _of_condition,
        ast.comprehension: _of_filter,
        ast.For: _of_loop,
    }
    rule = rules.get(type(node))
    if rule:
        yield from rule(node, whole)


def _named(node: ast.AST, whole: ast.FunctionDef) -> str:
    """What of the given things stands in a piece of code, as ", the one with `p`"; or nothing."""
    found = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    names = [whole.called[name] for name in dict.fromkeys(found) if whole.called.get(name)]
    return _(", one with {names}").format(names=_(" and ").join(names)) if names else ""


def _of_arithmetic(node: ast.BinOp, whole: ast.FunctionDef) -> Iterator[Change]:
    left, right = _named(node.left, whole), _named(node.right, whole)
    kind = type(node.op)
    if kind in (ast.Add, ast.Sub):
        term = _("A term is missing{}. What else is to be added, or taken away?")
        if not _is_one(node.left):
            yield Change("term_dropped", term.format(left), _right_alone)
        if not _is_shift(node.right, whole):
            yield Change("term_dropped", term.format(right), lambda n: n.left)
        else:
            text = _(
                "This is what comes out where nothing is taken out of the exponent first, and it "
                "overflows or vanishes. What may be subtracted from all of them?"
            )
            yield Change("no_shift", text, lambda n: n.left)
        text = _("It comes out as if a plus stood where a minus belongs, or the reverse: is it so?")
        yield Change(
            "plus_for_minus", text, _with_operator(ast.Sub if kind is ast.Add else ast.Add)
        )
        if kind is ast.Sub:
            text = _(
                "It comes out as if a difference were reversed: which of the two is subtracted?"
            )
            yield Change("difference_reversed", text, _reversed)
    if kind in (ast.Mult, ast.Div, ast.MatMult):
        factor = _(
            "A factor is missing{}: something that the rest is to be multiplied or divided by. "
            "What has no part in it yet?"
        )
        if kind is not ast.Div:
            yield Change("factor_dropped", factor.format(left), lambda n: n.right)
        yield Change("factor_dropped", factor.format(right), lambda n: n.left)
    if kind in (ast.Mult, ast.Div):
        text = _("It comes out as if a × stood where a ÷ belongs, or the reverse: which is it?")
        yield Change(
            "times_for_over", text, _with_operator({ast.Mult: ast.Div, ast.Div: ast.Mult}[kind])
        )
    if kind is ast.Div:
        text = _("It comes out as if a fraction stood upside down: what is to be divided by what?")
        yield Change("quotient_reversed", text, _reversed)
    if kind is ast.Pow:
        text = _("A power is missing: what is to be squared, or raised?")
        yield Change("power_dropped", text, lambda n: n.left)


def _is_one(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in (0, 1)


def _is_shift(node: ast.AST, whole: ast.FunctionDef) -> bool:
    """Whether a largest entry is taken away, so that no exponential overflows."""

    def largest(part: ast.AST) -> bool:
        return any(isinstance(one, ast.Call) and _called(one) == "max" for one in ast.walk(part))

    names = {
        target.id
        for one in ast.walk(whole)
        if isinstance(one, ast.Assign) and largest(one.value)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    return largest(node) or (isinstance(node, ast.Name) and node.id in names)


def _right_alone(node: ast.BinOp) -> ast.AST:
    return ast.UnaryOp(ast.USub(), node.right) if isinstance(node.op, ast.Sub) else node.right


def _with_operator(kind: type) -> Callable[[ast.AST], ast.AST]:
    return lambda n: ast.BinOp(n.left, kind(), n.right)


def _reversed(node: ast.BinOp) -> ast.AST:
    return ast.BinOp(node.right, node.op, node.left)


def _of_sign(node: ast.UnaryOp, whole: ast.FunctionDef) -> Iterator[Change]:
    if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        text = _("A minus is missing: which sign should come out?")
        yield Change("sign_dropped", text, lambda n: n.operand)
    if isinstance(node.op, ast.Not | ast.Invert):
        yield Change(
            "flipped",
            _("It comes out as if a condition were turned round: when is what to happen?"),
            lambda n: n.operand,
        )


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _of_call(node: ast.Call, whole: ast.FunctionDef) -> Iterator[Change]:
    name = _called(node)
    if name in LOGS and node.args:
        yield from _of_logarithm(name, node)
    if name in ("exp", "expm1") and node.args:
        text = _("An exponential is missing: what is still a logarithm?")
        yield Change("no_exponential", text, lambda n: n.args[0])
    if (
        name in ("sqrt", "abs", "fabs", "round", "rint", "ceil", "floor", "clip", "maximum")
        and node.args
    ):
        text = _("A step is missing: it comes out as if without `{name}`. What does that do here?")
        yield Change(f"no_{name}", text.format(name=name), lambda n: n.args[0])
    if name in ("floor", "ceil"):
        other = {"floor": "ceil", "ceil": "floor"}[name]
        yield Change(
            "rounded_wrongly", _("It is rounded the other way: up or down?"), _renamed(other)
        )
    if name in ("max", "min", "argmax", "argmin"):
        other = {"max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax"}[name]
        text = _("It comes out as if the largest and the smallest were exchanged: which is needed?")
        yield Change("other_end", text, _renamed(other))
    if name in ("sum", "mean", "average"):
        yield from _of_sum(name, node, whole.loop)
    for keyword in node.keywords:
        yield from _of_keyword(keyword, node)


def _of_logarithm(name: str, node: ast.Call) -> Iterator[Change]:
    text = _("A logarithm is missing: what enters here as it is, and should not?")
    yield Change("no_logarithm", text, lambda n: n.args[0])
    if name in ("log", "log2", "log10"):
        for other in ("log", "log2", "log10"):
            if other == name:
                continue
            base = {"log": "e", "log2": "2", "log10": "10"}[other]
            text = _("A logarithm is taken to base {base}. Which base is asked for?")
            yield Change(f"base_{base}", text.format(base=base), _renamed(other))
        text = _(
            "There is an eps of about {size} beside a logarithm, and it shows. What does it stand "
            "in for, and can that case be treated by itself?"
        )
        yield Change("eps_added", text, _guarded(lambda x, eps: ast.BinOp(x, ast.Add(), eps)))
        text = _(
            "What a logarithm is taken of is clipped at about {size}, and that shows. Is what lies "
            "below it really the same?"
        )
        yield Change("clipped", text, _guarded(lambda x, eps: _np("maximum", x, eps)))
        text = _(
            "What a logarithm is taken of is clipped at about {size} and at 1 − {size}, and that "
            "shows. Is what lies beyond really the same?"
        )
        yield Change("clipped_twice", text, _guarded(_clip))


def _np(name: str, *args: ast.AST) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("_np", ast.Load()), name, ast.Load()), list(args), [])


def _clip(x: ast.AST, eps: ast.AST) -> ast.Call:
    return _np("clip", x, eps, ast.BinOp(ast.Constant(1), ast.Sub(), eps))


def _guarded(guard: Callable[[ast.AST, ast.AST], ast.AST]) -> Callable[[ast.AST], ast.AST]:
    """Put a guard of the size `_eps` round the argument of a logarithm."""

    def put(node: ast.Call) -> ast.AST:
        new = copy.copy(node)
        new.args = [guard(node.args[0], ast.Name("_eps", ast.Load())), *node.args[1:]]
        return new

    put.sized = True
    return put


def _renamed(other: str) -> Callable[[ast.AST], ast.AST]:
    def put(node: ast.Call) -> ast.AST:
        new = copy.copy(node)
        if isinstance(node.func, ast.Attribute):
            new.func = ast.Attribute(node.func.value, other, ast.Load())
        else:
            new.func = ast.Name(other, ast.Load())
        return new

    return put


def _of_sum(name: str, node: ast.Call, loop: str) -> Iterator[Change]:
    if name == "sum":
        text = _("A mean stands where a sum belongs: what is divided here, and should it be?")
        yield Change("mean_for_sum", text, _aggregate("mean"))
    else:
        text = _("This is a sum, and not a mean yet: what is it to be divided by?")
        yield Change("sum_for_mean", text, _aggregate("sum"))
        text = _("This is divided by one less than there are: count them again.")
        yield Change("one_less", text, _by_one_less)
    if not any(keyword.arg == "axis" for keyword in node.keywords):
        text = _("Only the first one has come in. What about the others?")
        yield Change("first_alone", text + loop, lambda n: _item(_of_what(n), 0))
        text = _("Only the last one has come in. What about the others?")
        yield Change("last_alone", text, lambda n: _item(_of_what(n), -1))
        if name != "sum":
            text = _("Only the first one has come in, divided by the number of all. Why?")
            yield Change("return_in_loop", text + loop, _first_over_all)
        text = _(
            "What is infinite is left out, and so nothing is ever infinitely wrong. Should it be?"
        )
        yield Change("infinite_left_out", text, _finite_alone)
        text = _(
            "An infinite price has become a very large one, and the mean hides it: what is the "
            "price of saying 0 to what happens?"
        )
        yield Change("made_finite", text, _made_finite)
        text = _("The largest one alone has come in. What about the others?")
        yield Change("largest_alone", text, lambda n: _np("max", _of_what(n)))


def _of_what(node: ast.Call) -> ast.AST:
    """What is added up, as an array: of `sum(x)`, `np.sum(x)` or `x.sum()` the x."""
    what = node.args[0] if node.args else node.func.value
    if isinstance(what, ast.GeneratorExp):
        what = ast.ListComp(what.elt, what.generators)
    return what


def _aggregate(other: str) -> Callable[[ast.AST], ast.AST]:
    def put(node: ast.Call) -> ast.AST:
        call = _np(other, _of_what(node))
        call.keywords = [k for k in node.keywords if k.arg in ("axis", "keepdims")]
        return call

    return put


def _by_one_less(node: ast.Call) -> ast.AST:
    what = _of_what(node)
    less = ast.BinOp(_np("size", what), ast.Sub(), ast.Constant(1))
    return ast.BinOp(_np("sum", what), ast.Div(), less)


def _first_over_all(node: ast.Call) -> ast.AST:
    what = _of_what(node)
    return ast.BinOp(_item(what, 0), ast.Div(), _np("size", what))


def _finite_alone(node: ast.Call) -> ast.AST:
    what = _np("ravel", _of_what(node))
    return _np(_called(node), ast.Subscript(what, _np("isfinite", what), ast.Load()))


def _made_finite(node: ast.Call) -> ast.AST:
    return _np(_called(node), _np("nan_to_num", _of_what(node)))


def _item(what: ast.AST, i: int) -> ast.AST:
    return ast.Subscript(_np("ravel", what), ast.Constant(i), ast.Load())


def _of_keyword(keyword: ast.keyword, node: ast.Call) -> Iterator[Change]:
    def without(name: str) -> Callable[[ast.AST], ast.AST]:
        def put(old: ast.Call) -> ast.AST:
            new = copy.copy(old)
            new.keywords = [k for k in old.keywords if k.arg != name]
            return new

        return put

    def other_axis(old: ast.Call) -> ast.AST:
        new = copy.copy(old)
        axis = 0 if getattr(keyword.value, "value", -1) != 0 else 1
        new.keywords = [
            ast.keyword("axis", ast.Constant(axis)) if k.arg == "axis" else k for k in old.keywords
        ]
        return new

    if keyword.arg == "axis":
        text = _("This runs along another axis: which one holds what belongs together?")
        yield Change("other_axis", text, other_axis)
        text = _("This runs over the whole array where each row is meant by itself: see `axis`.")
        yield Change("no_axis", text, without("axis"))
    if keyword.arg == "keepdims":
        text = _("A sum over rows has lost its axis, and meets the wrong entries: see `keepdims`.")
        yield Change("no_keepdims", text, without("keepdims"))
    if keyword.arg == "base":
        yield Change(
            "base_e", _("The logarithm is natural here. Which base is asked for?"), without("base")
        )


def _of_comparison(node: ast.Compare, whole: ast.FunctionDef) -> Iterator[Change]:
    edge = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
    turned = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
    for i, op in enumerate(node.ops):
        if type(op) in edge:

            def put(old: ast.Compare, i: int = i, kinds: dict = edge) -> ast.AST:
                ops = list(old.ops)
                ops[i] = kinds[type(ops[i])]()
                return ast.Compare(old.left, ops, old.comparators)

            text = _(
                "What lies exactly on an edge, or is exactly 0, is treated as if beyond it: is it?"
            )
            yield Change("edge", text, put)
            text = _("It comes out as if a comparison looked the other way: less, or more?")
            yield Change("turned", text, lambda old, put=put: put(old, kinds=turned))


def _of_index(node: ast.Subscript, whole: ast.FunctionDef) -> Iterator[Change]:
    if not isinstance(node.ctx, ast.Load):
        return
    if isinstance(node.slice, ast.Compare):
        text = _("What is to be left out has come in: which entries add nothing?")
        yield Change("filter_dropped", text, lambda n: n.value)
    elif isinstance(node.slice, ast.Slice):
        text = _("It comes out as if the whole were taken where a part is meant: which part?")
        yield Change("slice_dropped", text, lambda n: n.value)
    elif isinstance(node.slice, ast.Constant) and node.slice.value in (0, 1, -1):
        text = _("Another entry is taken: which one is asked for?")
        for other in {0, 1, -1} - {node.slice.value}:
            yield Change(
                "other_entry",
                text,
                lambda n, k=other: ast.Subscript(n.value, ast.Constant(k), n.ctx),
            )


def _of_constant(node: ast.Constant, whole: ast.FunctionDef) -> Iterator[Change]:
    x = node.value
    if isinstance(x, bool) or not isinstance(x, int | float) or not math.isfinite(x):
        return
    if isinstance(x, float) and 0 < x < 1 and x != 0.5:
        text = _("1 − {x:g} = {rest:g} stands where {x:g} belongs: which share is meant?")
        yield Change(
            "other_outcome", text.format(x=x, rest=1 - x), lambda n: ast.Constant(1 - n.value)
        )
    if isinstance(x, int) and 1 < x < 1000:
        text = _("This is off by one: one too many is counted, or one too few.")
        for step in (-1, 1):
            yield Change("off_by_one", text, lambda n, k=step: ast.Constant(n.value + k))


def _of_name(node: ast.Name, whole: ast.FunctionDef) -> Iterator[Change]:
    given = [part.arg for part in whole.args.args]
    if not isinstance(node.ctx, ast.Load) or node.id not in given:
        return
    called = whole.called
    for other in given:
        if other != node.id:
            text = _("One of the given numbers stands in the place of another: which is which?")
            if called[other] and called[node.id]:
                pair = called[other], called[node.id]
                text = _("It comes out as if {} stood in for {}: which belongs there?")
                text = text.format(*pair)
            yield Change("other_given", text, lambda n, o=other: ast.Name(o, ast.Load()))
    text = _("1 − {name} stands where {name} belongs: which of the two is meant?")
    yield Change(
        "other_outcome",
        text.format(name=called[node.id] or _("a share")),
        lambda n: ast.BinOp(ast.Constant(1), ast.Sub(), ast.Name(n.id, ast.Load())),
    )


def _of_condition(node: ast.IfExp | ast.If, whole: ast.FunctionDef) -> Iterator[Change]:
    text = _("Two cases are treated alike: which of them asks for something else?")
    if isinstance(node, ast.IfExp):
        yield Change("one_case", text, lambda n: n.body)
        yield Change("one_case", text, lambda n: n.orelse)
    else:
        yield Change("one_case", text, lambda n: ast.If(ast.Constant(False), n.body, n.orelse))


def _of_filter(node: ast.comprehension, whole: ast.FunctionDef) -> Iterator[Change]:
    if node.ifs:
        text = _("What is to be left out has come in: which entries add nothing?")
        put = lambda n: ast.comprehension(n.target, n.iter, [], n.is_async)  # noqa: E731
        yield Change("filter_dropped", text, put)


def _of_loop(node: ast.For, whole: ast.FunctionDef) -> Iterator[Change]:
    end = whole.body[-1]
    if isinstance(end, ast.Return):
        text = _("It ends after the first turn: does a `return` stand inside the loop?")
        yield Change(
            "return_in_loop",
            text,
            lambda n: ast.For(n.target, n.iter, [*n.body, ast.Return(end.value)], n.orelse),
        )

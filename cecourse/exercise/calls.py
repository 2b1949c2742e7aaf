"""Calling a function that a learner has written, whatever it does."""

import copy
import inspect
import textwrap
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..language import _
from .compare import has_ellipsis, safely

KEPT = 4000  # characters of an answer, half of them from its end


@dataclass(frozen=True)
class Outcome:
    """What a function did with one input: it gave a value, or raised an error; it may change it."""

    value: Any = None
    error: BaseException | None = None
    where: str = ""  # in a learner's own code it was raised
    changed: bool = False


def run(function: Callable, args: tuple) -> Outcome:
    """Call a function with copies of its arguments, without warnings, and survive its errors."""
    inputs = copy.deepcopy(args)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            value = function(*inputs)
        except (Exception, SystemExit) as error:
            where = _line_of(error)
            return Outcome(error=error.with_traceback(None), where=where)
        changed = any(map(_differs, inputs, args))
    # a function may fill the same array or list at every call
    kept = copy.copy(value) if isinstance(value, np.ndarray | list) else value
    return Outcome(kept, changed=changed)


def _differs(a: Any, b: Any) -> bool:
    """Whether an input is not what it was."""
    try:
        if isinstance(b, np.ndarray):
            return not np.array_equal(a, b, equal_nan=b.dtype.kind == "f")
        return isinstance(b, list) and bool(a != b)
    except Exception:  # what stands in it now cannot even be compared
        return True


def misfit(answer: Callable, solution: Callable, args: tuple) -> str | None:
    """A sentence if the function cannot be called with so many arguments."""
    try:
        signature = inspect.signature(answer)
    except (ValueError, TypeError):  # some built-in functions do not tell
        return None
    try:
        signature.bind(*args)
    except TypeError:
        names = ", ".join(inspect.signature(solution).parameters)
        takes = safely(str, signature)
        text = _("Your function will be called with `({names})`, and it takes `{takes}`.")
        return text.format(names=names, takes=takes)
    return None


def _line_of(error: BaseException) -> str:
    """The line of the called function's own file that an error came from, as " in line 3, `x`"."""
    frames = traceback.extract_tb(error.__traceback__)[1:]  # the first is the call itself
    own = [frame for frame in frames if frame.filename == frames[0].filename and frame.line]
    if not own:
        return ""
    return _(" in line {number}, `{line}`").format(number=own[-1].lineno, line=own[-1].line)


def is_empty(function: Callable) -> bool:
    """Whether a function's body is a lone `...`, `pass` or docstring."""
    code = getattr(function, "__code__", None)
    return (
        code is not None
        and not code.co_names
        and any(
            code.co_code == blank.__code__.co_code
            and set(code.co_consts) <= {None, function.__doc__}
            for blank in (_blank, _blank_with_doc)
        )
    )


def _blank(): ...


def _blank_with_doc():
    """Nothing."""


def untried(outcome: Outcome) -> bool:
    """Whether a function is still as it was handed out: an ``...`` in it, or not implemented."""
    error = outcome.error
    if error is not None:
        unfinished = isinstance(error, TypeError) and "ellipsis" in safely(str, error).lower()
        return unfinished or isinstance(error, NotImplementedError)
    return has_ellipsis(outcome.value)


def complaint(error: BaseException) -> str:
    """An exception in one line."""
    if isinstance(error, RecursionError):
        return _("it calls itself without end (RecursionError)")
    message = " ".join(safely(str, error).split())[:200].rstrip(".")
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def as_text(answer: Any) -> str:
    """What a learner typed, as text: the source of a function, the repr of anything else.

    Of a long one the two ends are kept, for the file that it goes to is read again at every call.
    """
    try:
        text = textwrap.dedent(inspect.getsource(answer)) if callable(answer) else repr(answer)
    except Exception:  # built in, or typed where no source is kept
        text = safely(repr, answer)
    if len(text) <= KEPT:
        return text
    half = KEPT // 2
    return f"{text[:half]}\n[… shortened by {len(text) - KEPT} characters …]\n{text[-half:]}"

"""A pytest plugin: while a peer's own tests run, each call of its functions is asked of ours too.

The peer's answer is what its tests go on with. Ours is the call in `cehelpers` that a table, such
as vectors/peers/scipy.py, makes of the peer's arguments. A call comes out as one of these:

equal         one shape and the same numbers, to 1e-7 or to the digits of the coarsest dtype
different     other numbers: explained where ours become the peer's with one of the habits of the
              peer that the table names, unexplained otherwise
refused       cehelpers says why it will not answer
not ours      an option, or an input, that cehelpers has no counterpart of
peer refuses  the peer itself raises an error, so that there is nothing to compare
"""

from __future__ import annotations

import functools
import inspect
import os
import random
import reprlib
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

EQUAL, DIFFERENT, REFUSED = "equal", "different", "refused"
NOT_OURS, PEER_REFUSES = "not ours", "peer refuses"
KINDS = (EQUAL, DIFFERENT, REFUSED, NOT_OURS, PEER_REFUSES)
UNEXPLAINED = "unexplained"
CLOSE, LAST_DIGITS = 1e-7, 64  # relative; in units of a dtype's eps
ALONE = f"-qq --tb=no -rfE -W ignore -c {os.devnull} -p no:cacheprovider -p no:xdist -p no:nbval"


class NotOurs(Exception):
    """What the peer offers here and cehelpers does not."""


class Pair(NamedTuple):
    """Both answers, where a table compares something else than what the peer returned."""

    ours: Any
    theirs: Any


@dataclass
class Reason:
    """Why some calls of a function are not equal, and the first of them."""

    function: str
    kind: str
    why: str
    count: int
    example: dict[str, str]


@dataclass
class Record:
    """How the calls of each function came out, and what the peer's tests came to."""

    calls: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: dict[tuple[str, str, str], Reason] = field(default_factory=dict)
    tests: Counter[str] = field(default_factory=Counter)
    test: str = ""  # the one that runs

    def add(self, function: str, kind: str, why: str = "", **example: str) -> None:
        self.calls[function][kind] += 1
        if why:
            example = {"test": self.test, **example}
            first = Reason(function, kind, why, 0, example)
            self.reasons.setdefault((function, kind, why), first).count += 1


class Shadow:
    """A peer's function: it answers as ever, and what its tests ask of it is compared."""

    def __init__(self, peer: ModuleType, name: str, original: Any, record: Record):
        functools.update_wrapper(self, original, updated=())
        self.peer, self.name, self.original, self.record = peer, name, original, record

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "original":  # of one that is being copied
            raise AttributeError(name)
        return getattr(self.original, name)

    def __repr__(self) -> str:
        return repr(self.original)

    # peers look their functions up in tables
    def __eq__(self, other: Any) -> bool:
        return other is self or other is self.original

    def __hash__(self) -> int:
        return hash(self.original)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self.asked_by_a_test():
            return self.original(*args, **kwargs)
        try:
            theirs = self.original(*args, **kwargs)
        except Exception:
            self.record.add(self.name, PEER_REFUSES)
            raise
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            self.compare(args, kwargs, theirs)
        return theirs

    def asked_by_a_test(self) -> bool:
        """Whether a test, or a tool of the tests, calls: the next of the peer's modules says so."""
        frame = sys._getframe(2)
        while frame and self.record.test:
            module = frame.f_globals.get("__name__", "")
            if within(module, self.peer.PACKAGE):
                return any(word in module for word in self.peer.CALLERS)
            frame = frame.f_back
        return False

    def compare(self, args: Any, kwargs: Any, theirs: Any) -> None:
        """Ask ours, and record how it comes out."""
        shown = {"arguments": brief(args, kwargs), "theirs": short(theirs)}
        try:
            ours, same = self.answers(self.peer.OURS[self.name], args, kwargs, theirs)
        except NotOurs as what:
            self.record.add(self.name, NOT_OURS, str(what), **shown)
        except Exception as error:
            # an error of ours is a sentence that ends with what it got
            sentence, got, _ = str(error).partition("; got ")
            if got and isinstance(error, TypeError | ValueError):
                habit = self.habit(args, kwargs, theirs)
                why = f"{sentence} ({self.peer.NAME} {habit})" if habit else sentence
                self.record.add(self.name, REFUSED, why, **shown)
            else:
                self.record.add(self.name, DIFFERENT, UNEXPLAINED, **shown, ours=repr(error))
        else:
            if same:
                self.record.add(self.name, EQUAL)
                return
            habit = self.habit(args, kwargs, theirs)
            why = f"{self.peer.NAME} {habit}" if habit else UNEXPLAINED
            self.record.add(self.name, DIFFERENT, why, **shown, ours=short(ours))

    def habit(self, args: Any, kwargs: Any, theirs: Any) -> str:
        """The habit of the peer's with which ours gives the peer's answer."""
        for sentence, function in self.peer.HABITS.get(self.name, {}).items():
            with suppress(NotOurs, ValueError, TypeError):
                if self.answers(function, args, kwargs, theirs)[1]:
                    return sentence
        return ""

    def answers(self, function: Callable[..., Any], args: Any, kwargs: Any, theirs: Any) -> Any:
        """Ours, called without options that have the peer's default, and whether it is theirs."""
        usual = defaults(self.original)
        given = {k: v for k, v in kwargs.items() if not (k in usual and same(v, usual[k]))}
        signature = inspect.signature(function)
        if extra := sorted(given.keys() - signature.parameters.keys()):
            raise NotOurs(f"option {', '.join(extra)}")
        try:
            signature.bind(*args, **given)
        except TypeError:
            raise NotOurs("another number of arguments") from None
        ours = function(*args, **given)
        if isinstance(ours, Pair):
            ours, theirs = ours
        return ours, alike(ours, theirs, tolerance((theirs, *args, *given.values())))


class Harness:
    """The plugin: it puts shadows in place before tests are imported, and takes them away."""

    def __init__(self, peer: ModuleType):
        self.peer, self.record, self.patch = peer, Record(), pytest.MonkeyPatch()

    def pytest_configure(self) -> None:
        for name in self.peer.OURS:
            module, _, attribute = name.rpartition(".")
            original = getattr(import_module(module), attribute)
            self.record.calls[name] = Counter()
            shadow = Shadow(self.peer, name, original, self.record)
            for place, alias in places(self.peer.PACKAGE, original):
                self.patch.setattr(place, alias, shadow)

    def pytest_unconfigure(self) -> None:
        self.patch.undo()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Say which test asks, and let chance be the same at each run."""
        self.record.test = item.nodeid.rpartition("site-packages/")[2]
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002  what the peers' tests draw from
        try:
            return (yield)
        finally:
            self.record.test = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            self.record.tests[report.outcome] += 1


def run(peer: ModuleType, *args: str) -> Record:
    """Run a peer's tests with shadows in place of its functions."""
    harness = Harness(peer)
    with getattr(peer, "AROUND", nullcontext)():
        pytest.main([*ALONE.split(), "-k", peer.SELECT, *args, *peer.TESTS], plugins=[harness])
    return harness.record


def places(package: str, thing: Any) -> list[tuple[ModuleType, str]]:
    """The modules of a package that know a thing, and by which name."""
    modules = [module for name, module in list(sys.modules.items()) if within(name, package)]
    return [(m, name) for m in modules for name, known in list(vars(m).items()) if known is thing]


def within(module: str, package: str) -> bool:
    return (module + ".").startswith(package + ".")


# ---------------------------------------------------------------- comparing


def defaults(function: Any) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not one.empty}


def same(value: Any, default: Any) -> bool:
    return value is default or (isinstance(value, str | int | float) and value == default)


def tolerance(values: Iterable[Any]) -> float:
    """Relative: the last digits of the coarsest floats among arrays, and 1e-7 at least."""
    dtypes = [one.dtype for one in values if hasattr(one, "dtype")]
    floats = [np.finfo(dtype).eps for dtype in dtypes if dtype.kind == "f"]
    return max([CLOSE, *(LAST_DIGITS * float(eps) for eps in floats)])


def alike(ours: Any, theirs: Any, relative: float) -> bool:
    """Whether two answers, or two tuples of them, have one shape and equal numbers."""
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(theirs, tuple):
        pairs = list(zip(ours, theirs, strict=False))
        return len(ours) == len(theirs) and all(alike(*pair, relative) for pair in pairs)
    one, other = np.asarray(ours), np.asarray(theirs)
    equal = functools.partial(np.allclose, rtol=relative, atol=0, equal_nan=True)
    return one.shape == other.shape and equal(one, other)


# ---------------------------------------------------------------- examples


def brief(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Arguments in one line."""
    return ", ".join([*map(short, args), *(f"{k}={short(v)}" for k, v in kwargs.items())])


def short(value: Any) -> str:
    """A value in a few words: of an array its corners."""
    with suppress(Exception):  # not everything becomes an array
        if isinstance(value, tuple) and any(map(np.ndim, value)):
            return f"({', '.join(map(short, value))})"
        array = np.asarray(value)
        if array.ndim and array.dtype != object:
            text = np.array2string(array, precision=8, threshold=12, edgeitems=2, separator=", ")
            return cut(" ".join(text.split()))
        if array.dtype.kind == "f":
            return f"{array.item()}" + f" in {array.dtype}" * (array.dtype != float)
    return reprlib.repr(value)


def cut(text: str, most: int = 160) -> str:
    return text if len(text) <= most else f"{text[: most - 2]} …"

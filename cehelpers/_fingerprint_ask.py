"""Layer 4: a loss is asked: copies go in, and an array of floats or a refusal comes out.

Rows are kept as T and X of shape (n, K): one-hot truths, and forecasts. How a loss wants them is a
`Way`: which of them first, labels as integers or as rows, two classes as the column of class 1.
"""

import contextlib
import inspect
import io
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

WEIGHTS = ("sample_weight", "sample_weights", "weights", "weight")


class Refusal(str):
    """Why no number came back."""


Answer = NDArray[np.float64] | Refusal


class Way(NamedTuple):
    """How a loss is called."""

    truth: str  # "labels", "rows", "0 and 1" or "-1 and 1"
    forecast: str  # "probabilities", "logits", "log-probabilities" or "scores"
    order: str = "truth first"  # or "forecast first"
    takes: str = "arrays"  # "columns", "one row at a time" or "one forecast for all rows"

    @property
    def binary(self) -> bool:
        return self.truth in ("0 and 1", "-1 and 1")


class Asker:
    """A loss, what it was asked, and what it did besides answering."""

    def __init__(self, loss: Callable, convert: Callable | None):
        self.loss, self.convert = loss, convert
        self.questions = 0
        # sets that keep the order in which things showed
        self.habits: dict[str, None] = {}
        self.answers: dict[str, None] = {}
        self.refusals: dict[str, None] = {}
        self.numbers: set[float] = set()  # the first three that differ
        self.needs, self.names, self.weight = parameters_of(loss)

    def __call__(self, *arguments: Any, **more: Any) -> Answer:
        """What the loss answers to copies of arguments, in this order."""
        self.questions += 1
        try:
            given = [self._given(x) for x in arguments]
            more = {name: self._given(x) for name, x in more.items()}
            if self.names:
                given, more = [], dict(zip(self.names, given, strict=True)) | more
            value = self._quietly(given, more)
            if not self.convert and not all(
                np.array_equal(x, y, equal_nan=np.asarray(y).dtype.kind == "f")
                for x, y in zip((*given, *more.values())[: len(arguments)], arguments, strict=True)
            ):
                self.habits["changes its inputs"] = None
            answer = self._numbers(value)
            self.answers[outcome(answer)] = None
            if len(self.numbers) < 3:
                self.numbers.update(answer.ravel()[:3].tolist())
            return answer
        except (Exception, SystemExit) as error:
            refusal = Refusal(shown(error))
        self.refusals[refusal] = None
        return refusal

    def rows(self, way: Way, T: NDArray[Any], X: NDArray[Any], **more: Any) -> Answer:
        """What it answers to rows of truths and forecasts, called in this way."""
        return self.posed(way, *pose(way, T, X), **more)

    def posed(self, way: Way, truth: Any, forecast: Any, **more: Any) -> Answer:
        """What it answers to a truth and a forecast as they stand, in the order of this way."""
        if way.takes == "one row at a time" and np.ndim(truth):
            alone = way._replace(takes="arrays")
            each = [self.posed(alone, t, x) for t, x in zip(truth, forecast, strict=True)]
            bad = next((answer for answer in each if isinstance(answer, Refusal)), None)
            return np.array([x.sum() for x in each]) if bad is None else bad
        pair = (truth, forecast) if way.order == "truth first" else (forecast, truth)
        return self(*pair, **more)

    def _given(self, x: Any) -> Any:
        if isinstance(x, np.ndarray):
            return x.copy() if self.convert is None else self.convert(x.copy())
        if isinstance(x, np.generic):
            return x.item()
        return list(x) if isinstance(x, list) else x

    def _quietly(self, given: list, more: dict) -> Any:
        said = io.StringIO()
        with (
            warnings.catch_warnings(record=True) as warned,
            np.errstate(all="ignore"),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            warnings.simplefilter("always")
            value = self.loss(*given, **more)
        if said.getvalue():
            self.habits["prints"] = None
        if warned and not any(habit.startswith("warns") for habit in self.habits):
            self.habits[f"warns, at first: {shown(warned[0].message)}".rstrip(".")] = None
        return value

    def _numbers(self, value: Any) -> NDArray[np.float64]:
        if isinstance(value, tuple) and len(value) == 2 and np.ndim(value[0]) == 0:
            self.habits["returns a pair, whose first is taken for the loss"] = None
            value = value[0]
        if inspect.iscoroutine(value):
            value.close()  # or Python warns that nobody has awaited it
        if hasattr(value, "detach"):  # a tensor that knows its gradient is no array
            value = value.detach()
        x = np.asarray(value)
        if value is None or x.dtype.kind in "USmMc":
            raise TypeError(f"it returns {type(value).__name__}, no number")
        try:
            return np.array(x, dtype=float)
        except (TypeError, ValueError):
            raise TypeError(f"it returns {type(value).__name__}, no number") from None


def outcome(answer: Answer) -> str:
    """A word for what came back."""
    if isinstance(answer, Refusal):
        return "refused"
    if not answer.size:
        return "nothing"
    if np.isnan(answer).any():
        return "nan"
    return "inf" if np.isinf(answer).any() else "a number"


def pose(way: Way, T: NDArray[Any], X: NDArray[Any]) -> tuple[Any, Any]:
    """Truth and forecast of rows, as a loss wants them."""
    if way.binary:
        truth = T[:, 1] if way.truth == "0 and 1" else 2 * T[:, 1] - 1
        X = column(way, X)
    else:
        truth = T.argmax(axis=-1) if way.truth == "labels" else T
    if way.takes == "columns":
        return truth[:, None], X[:, None]
    return truth, X[0] if way.takes == "one forecast for all rows" else X


def column(way: Way, X: NDArray[Any]) -> NDArray[Any]:
    """The forecasts of class 1 of rows of two."""
    return X[:, 1] if way.forecast == "probabilities" else X[:, 1] - X[:, 0]


def parameters_of(loss: Callable) -> tuple[list[str] | None, list[str], str | None]:
    """What it needs where that is no pair; its keywords where it takes no other; the weights' name.

    All three are unknown of a builtin, and of whoever computes a signature.
    """
    try:
        parameters = list(inspect.signature(loss).parameters.values())
    except Exception:
        return None, [], None
    free = any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters)
    named = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    needed = [p.name for p in named if p.default is p.empty]
    pair = len(needed) <= 2 and (free or len(named) >= 2)
    needs = None if pair else needed or [p.name for p in named]
    places = [p.name for p in named if p.kind != p.KEYWORD_ONLY]
    keywords = [p.name for p in named][:2] if len(places) < 2 <= len(named) and not free else []
    weight = next((p.name for p in named if p.name in WEIGHTS), None)
    return needs, keywords, weight


def shown(error: BaseException) -> str:
    """The kind of an error and its first words."""
    try:
        words = " ".join(str(error).split())
    except Exception:
        words = ""
    words = words if len(words) <= 70 else words[:67] + "..."
    return f"{type(error).__name__}: {words}" if words else type(error).__name__

"""Layer 5: the questions that hold for any loss: arithmetic, types, shapes, weights, odd inputs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cehelpers._fingerprint_ask import Refusal, outcome, pose
from cehelpers._fingerprint_formulas import CERTAINTIES, batch
from cehelpers._fingerprint_probes import Facts, Subject, equal
from cehelpers._fingerprint_search import scaled


def _rows(s: Subject) -> tuple[NDArray, NDArray]:
    """Six rows of which no two cost the same, as truth and forecast."""
    T, P = batch(0.62, s.K)
    for k, p in enumerate((0.31, 0.45, 0.78), 3):
        P[k] = batch(p, s.K)[1][k]
    truth, forecast = pose(s.way, T, scaled(P, s.way.forecast))
    return truth, forecast


def same_again(s: Subject) -> bool:
    """Whether it answers the same when it is asked again."""
    T, P = batch(0.62, s.K)
    if same := equal(s.answer(T, P), s.answer(T, P), 1e-12):
        return same
    s.ask.habits["answers differently when asked again"] = None
    return False


def arithmetic(s: Subject) -> Facts:
    """Which changes of the forecast does it feel, and what does it make of float32?"""
    T, P = batch(0.62, s.K)
    X = scaled(P, s.way.forecast)
    first = s.ask.rows(s.way, T, X)
    if outcome(first) != "a number":
        return {}
    felt = {}
    for change in (1e-10, 1e-5):
        moved = s.ask.rows(s.way, T, X + change * (np.roll(X, 1, axis=1) - X))
        felt[change] = outcome(moved) != "refused" and not np.array_equal(moved, first)
    facts: Facts = {"computes in": "float64"}
    if not felt[1e-10]:
        facts["computes in"] = "float32" if felt[1e-5] else "few digits"
        several = [s.answer(*batch(p, s.K)) for p in CERTAINTIES]
        places = [k for k in range(7) if all(equal(x, np.round(x, k), 0) for x in several)]
        if places:
            facts |= {"computes in": "few digits", "rounds to": places[0]}
    single = s.ask.posed(
        s.way,
        *(x.astype(np.float32) if x.dtype.kind == "f" else x for x in pose(s.way, T, X)),
    )
    facts["float32"] = outcome(single)
    if outcome(single) == "a number":
        kept = np.array_equal(np.float32(single), single)
        facts["float32"] = "kept" if kept else "becomes float64"
    return facts


def odd_inputs(s: Subject) -> Facts:
    """Lists, integers, booleans, one row, one class, no rows, a NaN."""
    truth, forecast = _rows(s)
    usual = s.ask.posed(s.way, truth, forecast)

    def as_usual(truth: Any, forecast: Any) -> str:
        found = s.ask.posed(s.way, truth, forecast)
        return "accepted" if equal(found, usual) else outcome(found)

    facts: Facts = {}
    if s.ask.convert is None:
        facts["lists"] = as_usual(truth.tolist(), forecast.tolist())
    if s.way.truth in ("rows", "0 and 1"):
        facts["truths as integers"] = as_usual(truth.astype(int), forecast)
        facts["truths as booleans"] = as_usual(truth.astype(bool), forecast)
    if s.way.takes == "one forecast for all rows":
        return facts
    facts["one row alone"] = outcome(s.ask.posed(s.way, truth[:1], forecast[:1]))
    facts["one class alone"] = outcome(s.ask.posed(s.way, truth[:: s.K], forecast[:: s.K]))
    if s.way.binary and s.way.takes == "arrays":
        facts["single numbers"] = outcome(s.ask.posed(s.way, truth[0], forecast[0]))
    facts["no rows"] = outcome(s.ask.posed(s.way, truth[:0], forecast[:0]))
    missing = forecast.copy()
    missing[-1] = np.nan
    facts["a NaN"] = outcome(s.ask.posed(s.way, truth, missing)).replace("a number", "not noticed")
    return facts


def shapes(s: Subject) -> Facts:
    """A column against a row, a table of tags, sentences of tokens."""
    truth, forecast = _rows(s)
    if s.way.takes != "arrays" or s.way.truth == "rows":
        return {}
    usual = s.ask.posed(s.way, truth, forecast)
    column = s.ask.posed(s.way, truth[:, None], forecast)
    facts: Facts = {"truths in a column": outcome(column)}
    if outcome(column) == "a number":
        pairs = s.ask.posed(s.way, np.repeat(truth, 6), np.concatenate([forecast] * 6))
        flat = column.size == usual.size and equal(column.ravel(), usual.ravel())
        every = column.size == pairs.size and equal(column.ravel(), pairs.ravel())
        facts["truths in a column"] = "flattened" if flat else "every pair" if every else "a number"
    return facts | (_tags(s, truth, forecast) if s.way.binary else _tokens(s, truth, forecast))


def _tags(s: Subject, truth: NDArray, forecast: NDArray) -> Facts:
    """Two objects with three tags each."""
    usual = s.ask.posed(s.way, truth, forecast)
    table = s.ask.posed(s.way, truth.reshape(2, 3), forecast.reshape(2, 3))
    if outcome(table) != "a number" or isinstance(usual, Refusal):
        return {"a table of tags": outcome(table)}
    whole = float(usual.sum()) * (6 if usual.size == 1 and not s.summed else 1)
    found = {
        (6, 1.0): "one a tag",
        (2, 1.0): "one a row, summed over its tags",
        (2, 1 / 3): "one a row, the mean of its tags",
        (1, 1.0): "the sum",
        (1, 1 / 6): "the mean of all",
        (1, 1 / 2): "the mean of the rows' sums",
        (1, 1 / 3): "the sum of the rows' means",
    }
    share = float(table.sum()) / whole
    named = (found[key] for key in found if key[0] == table.size and abs(share - key[1]) < 1e-4)
    return {"a table of tags": next(named, "a number")}


def _tokens(s: Subject, truth: NDArray, forecast: NDArray) -> Facts:
    """Two sentences of two tokens: which axis has the classes?"""
    usual = s.ask.posed(s.way, truth[:4], forecast[:4])
    if isinstance(usual, Refusal):
        return {}
    labels, X = truth[:4].reshape(2, 2), forecast[:4].reshape(2, 2, s.K)
    last = s.ask.posed(s.way, labels, X)
    second = s.ask.posed(s.way, labels, np.moveaxis(X, 2, 1))
    for found, name in ((last, "classes last"), (second, "classes along axis 1")):
        if outcome(found) == "a number" and equal(found.ravel(), usual.ravel()):
            return {"sentences of tokens": name}
    return {"sentences of tokens": outcome(last)}


def weights(s: Subject) -> Facts:
    """A weight of 3 is the row three times: divided by what?"""
    name, (truth, forecast) = s.ask.weight, _rows(s)
    if name is None or s.way.takes != "arrays":
        return {}
    w = np.array([1.0, 1.0, 1.0, 1.0, 3.0, 3.0])
    usual = s.ask.posed(s.way, truth, forecast)
    repeated = [*range(6), 4, 4, 5, 5]
    copies = s.ask.posed(s.way, truth[repeated], forecast[repeated])
    found = s.ask.posed(s.way, truth, forecast, **{name: w})
    if outcome(found) != "a number" or isinstance(copies, Refusal):
        return {"weights": outcome(found)}
    if usual.size == 6:
        return {"weights": "times the row" if equal(found, w * usual) else "a number"}
    over = w.sum() / 6
    known = {
        "times the row" if s.summed else "over their sum": copies,
        "over n": copies * over,
        "by their mean alone": usual * over,
        "no effect": usual,
    }
    return {"weights": next((k for k, due in known.items() if equal(found, due)), "a number")}

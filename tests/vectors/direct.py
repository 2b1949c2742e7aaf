"""The functions of cehelpers asked for a case directly, by name: no runner, no adapter."""

import inspect
import math

import numpy as np

import cehelpers as ce

EPS, SMALLEST = 2.0**-52, 5e-324


def numbers(value):
    """A value of a file with its infinities and NaNs as floats."""
    if isinstance(value, list):
        return [numbers(v) for v in value]
    return float(value) if value in ("inf", "-inf", "nan") else value


def lacks(case):
    """The options of a case that the function of its name does not have."""
    return set(case["options"]) - set(inspect.signature(getattr(ce, case["loss"])).parameters)


def answer(case):
    """What the function says, as nested lists."""
    found = getattr(ce, case["loss"])(
        *map(numbers, case["arguments"].values()),
        **{name: numbers(value) for name, value in case["options"].items()},
    )
    if case["loss"] == "reliability_curve":
        found = [found.count, found.mean_prediction, found.observed_share]
    return plain(found)


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value


def allowed(case):
    kind = case["tolerance"]
    if isinstance(kind, dict):
        return 8 * EPS * kind["condition"]
    return {"exact": 0, "tight": 8 * EPS, "sum": 32 * EPS, "root": 1e-9}[kind]


def distance(got, want):
    """The largest relative distance of numbers in equal places; inf where the shapes differ."""
    if isinstance(want, list):
        same = isinstance(got, list) and len(got) == len(want)
        return max(map(distance, got, want)) if same and want else math.inf
    if isinstance(got, list) or math.isnan(got) or math.isinf(got) or math.isinf(want):
        return 0 if got == want else math.inf
    off = abs(got - want)
    return 0 if off <= 4 * SMALLEST else off / abs(want) if want else math.inf

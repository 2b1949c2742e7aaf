"""Notebook 12: the libraries' rules in plain loops, and what PyTorch was recorded to return."""

import math
from fractions import Fraction

import numpy as np
from scipy.special import log_softmax, softmax

import cehelpers as ce
from cecourse.lessons.framework_rosetta.calls import CALLS, TORCH_TRAPS, inputs, recorded

from . import only


def translate():
    """PyTorch's rules for the four lines; two of them are recorded from PyTorch itself."""
    x = inputs()
    T, Z = x["T"], x["Z"]

    def cross_entropy(logits, rows):
        return -np.mean(np.sum(rows * log_softmax(logits, axis=1), axis=1))

    options = {
        "F.cross_entropy(T, Z)": cross_entropy(T, Z),
        "F.cross_entropy(Z, T)": cross_entropy(Z, T),
        "F.cross_entropy(F.softmax(Z, dim=1), T)": cross_entropy(softmax(Z, axis=1), T),
        "F.nll_loss(F.softmax(Z, dim=1), T)": math.nan,  # it takes no rows for labels
    }
    for part, calls in (("table", CALLS["PyTorch"]), ("traps", TORCH_TRAPS)):
        for name, call in calls.items():
            if call in options:
                assert np.isclose(options[call], recorded()[part][name])
    meant = ce.categorical_cross_entropy_with_logits(T, Z)
    return only({"ABCD"[i]: np.isclose(v, meant) for i, v in enumerate(options.values())})


def forgotten():
    """Keras, row by row: a clip to 1e-7, then the loss of a probability."""
    total = 0.0
    for y, z in [(1, 2.0), (0, -1.0), (1, -0.5)]:
        p = min(max(z, 1e-7), 1 - 1e-7)
        total += -math.log(p) if y else -math.log1p(-p)
    return total / 3


def ported():
    weighted_sum = Fraction("0.9") * sum([1, 4])
    return float(weighted_sum / len([1, 4]))


def minus_one():
    """A one-hot row for each label, written out; that of −1 has no 1."""
    Z = [[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 4.0]]
    hot = [[float(k == label) for k in range(3)] for label in (0, -1, 2)]
    return -np.mean([np.dot(t, log_softmax(z)) for t, z in zip(hot, Z, strict=True)])


def as_pytorch(p, y):
    def bounded(x):
        return max(math.log(x), -100.0) if x > 0 else -100.0

    rows = [-(t * bounded(q) + (1 - t) * bounded(1 - q)) for q, t in zip(p, y, strict=True)]
    return sum(rows) / len(rows)


def repair(y, p, w):
    total = 0.0
    for label, forecast, weight in zip(y, p, w, strict=True):
        total += weight * -math.log(forecast if label == 1 else 1 - forecast)
    return total / len(y)

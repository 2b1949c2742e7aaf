"""Notebook 12: the libraries' rules in plain loops, and what PyTorch was recorded to return."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import log_softmax

from cecourse.lessons.framework_rosetta.calls import CALLS, TORCH_TRAPS, inputs, recorded
from cecourse.lessons.framework_rosetta.mystery import mystery

from . import only


def translate():
    """What PyTorch was recorded to return for the four lines, beside the loss that was meant."""
    x = inputs()
    meant = -np.mean(np.sum(x["T"] * log_softmax(x["Z"], axis=1), axis=1))
    found = {call: recorded()["table"][name] for name, call in CALLS["PyTorch"].items()}
    found |= {call: recorded()["traps"][name] for name, call in TORCH_TRAPS.items()}
    options = (
        "F.cross_entropy(T, Z)",
        "F.cross_entropy(Z, T)",
        "F.cross_entropy(F.softmax(Z, dim=1), T)",
        "F.nll_loss(F.softmax(Z, dim=1), T)",
    )
    return only({call: found[call] == pytest.approx(meant) for call in options})


def forgotten(y, z):
    """Keras, row by row: a clip to 1e-7, then the loss of a probability."""
    total = 0.0
    for label, said in zip(y, z, strict=True):
        p = min(max(said, 1e-7), 1 - 1e-7)
        total += -math.log(p) if label else -math.log1p(-p)
    return total / 3


def ported(loss, w):
    """The weighted sum that PyTorch has divided by 1 + 4, shared by two rows."""
    weighted_sum = Fraction(str(loss)) * sum(w)
    return float(weighted_sum / 2)


def minus_one(Z):
    """A one-hot row for each label, written out; that of −1 has no 1."""
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


def who_is_it(number):
    """Each of the three asked by hand: one row that is right, one that is wrong, one twice."""
    found = []
    for loss in mystery(number):
        # a label in the forecast's place is at a bound, which costs more than a good forecast
        first = loss([0.9], [1.0]) < loss([1.0], [0.9])
        ask = (lambda y, p, f=loss: f(p, y)) if first else loss
        twice = ask([1.0, 1.0], [0.9, 0.9]) / ask([1.0], [0.9])
        dear = ask([1.0], [0.0]) / ask([1.0], [math.exp(-1)])
        found.append(1 + 4 * first + 2 * (round(twice) == 2) + (round(dear) == 100))
    return found

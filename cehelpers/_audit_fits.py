"""Layer 5: what an audit estimates of rows, and how far off it may be: intervals of 95%.

Rows come sorted by their logit, with weights w > 0.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers._formulas import sigmoids
from cehelpers.activations import softmax
from cehelpers.recalibration import _increasing_root, fit_bias, fit_platt, fit_temperature

Z = 1.959963984540054  # of 95%
TINY = 1e-300
MANY, CELL = 50_000, 1 / 1024


class Estimate(NamedTuple):
    """A number and its 95% interval."""

    value: float
    low: float
    high: float


UNKNOWN = Estimate(math.nan, math.nan, math.nan)


def mean(x, w) -> float:
    return float((w * x).sum() / w.sum())  # adds in pairs, as a product of BLAS does not


def wald(value: float, variance: float) -> Estimate:
    reach = Z * math.sqrt(variance)
    return Estimate(float(value), float(value - reach), float(value + reach))


def class_weights(y, w) -> tuple[float, float]:
    """Mean weight of the negatives and of the positives: a sample may hold more of one kind."""
    if not len(y) or y.min() == y.max():
        return 1.0, 1.0
    return float(w[y == 0].mean()), float(w[y == 1].mean())


def pool(y, z, w) -> tuple[NDArray[Any], ...]:
    """Labels, logits, weights and their squares, for all that is fitted.

    A square is w² times the mean weight of the other class over that of its own: times p(1 − p) it
    is what a row adds to the variance, also where weights undo a sampling that looked at labels.

    Of many rows those of one label within 1/1024 become one at their mean: which moves a fit by
    less than its rounding to six digits.
    """
    w0, w1 = class_weights(y, w)
    w2 = w * w * np.where(y == 1, w0 / w1, w1 / w0)
    if len(y) <= MANY:
        return y, z, w, w2
    pools = []
    for label in (0, 1):
        s, v, v2 = (x[y == label] for x in (z, w, w2))
        if len(s):
            cell = np.floor(s / CELL)
            first = np.flatnonzero(np.append(True, cell[1:] != cell[:-1]))
            sums = [np.add.reduceat(x, first) for x in (v * s, v, v2)]
            pools.append((np.full(len(first), label), sums[0] / sums[1], *sums[1:]))
    return tuple(np.concatenate(x) for x in zip(*pools, strict=True))


def bias(y, z, w, w2) -> Estimate:
    """The bias, and where its score test says no: Wilson's interval, if the forecasts are equal."""
    if not len(y):
        return UNKNOWN

    def test(b, target):
        p, q = sigmoids(z + b)
        each = w2 * p * q
        gap, variance = (w * np.where(y == 1, -q, p)).sum(), each.sum() + TINY
        turn = gap * ((each * (q - p)).sum() / variance) / 2  # of the root of the variance
        root = math.sqrt(variance)
        return gap / root - target, ((w * p * q).sum() - turn) / root

    reach = 800 + 2 * float(np.absolute(z).max())  # from here on all p are 0, or all 1
    low, high = (
        _increasing_root(lambda b, t=target: test(b, t), -reach, reach) for target in (-Z, Z)
    )
    if y.min() == y.max():
        return Estimate(math.inf, low, math.inf) if y[0] else Estimate(-math.inf, -math.inf, high)
    return Estimate(fit_bias(y, z, sample_weight=w), low, high)


def slope(y, z, w, w2) -> tuple[Estimate, Estimate]:
    """Slope and intercept of the logistic regression on the logit, with Wald's intervals.

    A larger weight is no more rows: the variance is H⁻¹(Σ w²p(1 − p)·x·xᵀ)H⁻¹, H⁻¹ with equal
    weights.
    """
    try:
        a, b = fit_platt(y, z, sample_weight=w)
    except ValueError:  # one class, or separable
        return UNKNOWN, UNKNOWN
    if z.min() == z.max():
        return UNKNOWN, UNKNOWN
    bend = np.multiply(*sigmoids(a * z + b))
    centre = mean(z, w * bend)
    u = z - centre  # beside which a constant has a diagonal H
    h, k = (w * bend * u**2).sum(), (w * bend).sum()
    steep, level, both = ((w2 * bend * x).sum() for x in ((u / h) ** 2, 1 / k**2, u / h / k))
    return wald(a, steep), wald(b, level - 2 * centre * both + centre**2 * steep)


def temperature(y, z, w) -> Estimate:
    """The temperature of K classes, with Wald's interval of 1/T; a ValueError where none fits."""
    t = fit_temperature(y, z, sample_weight=w)
    q = softmax(z, temperature=t)
    below = np.where(np.isfinite(z), z - z.max(axis=1, keepdims=True), 0)
    bend = (q * below**2).sum(axis=1) - (q * below).sum(axis=1) ** 2
    inverse = wald(1 / t, (w**2 * bend).sum() / (w * bend).sum() ** 2)
    return Estimate(t, 1 / inverse.high, 1 / inverse.low if inverse.low > 0 else math.inf)

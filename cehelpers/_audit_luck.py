"""Layer 5: calibration error beside luck: what a perfect forecaster of these rows would show.

Rows come sorted by their forecast, with weights w > 0.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers._audit_fits import TINY, class_weights
from cehelpers.calibration import reliability_curve

DRAWS, GROUPS, BINS = 1000, 2048, 10


class Luck(NamedTuple):
    """Calibration error in ten bins of equal numbers of rows, beside a perfect forecaster's.

    `ece` is the mean gap of a bin. `expected` and `high` are its mean and its 95% quantile where
    every forecast is exactly right, `p_value` how often it then is as large. `debiased` is the root
    mean square gap less what chance adds, by Kumar, Liang & Ma (2019): with s the share of ones in
    a bin of n rows, the root of the mean of gap² − s(1 − s)/(n − 1), or 0 where that mean is below
    0 (NaN where each bin is one row). The mean is right on average; its root, cut at 0, is
    somewhat high where little is wrong.
    """

    ece: float
    debiased: float
    expected: float
    high: float
    p_value: float


def luck_of(y, p, z, w) -> tuple[Luck, float]:
    """The calibration error beside its law, and the p-value of it and of a score test together.

    The score test is of bias 0 and slope 1; its law is that of the same draws.
    """
    edges = reliability_curve(y, p, n_bins=BINS, strategy="quantile", sample_weight=w).bin_high
    first = np.unique(np.append(0, np.searchsorted(p, edges[:-1], "right")))
    sums, variance, starts = gaps(y, p, w, first, GROUPS)
    bins = np.add.reduceat(sums, np.searchsorted(starts, first), axis=1) / w.sum()
    ece = np.absolute(bins).sum(axis=1)

    # the logit of each group, which must not know its labels, as a weight may
    spread = p * (1 - p)
    zs = np.add.reduceat(spread * np.where(spread > 0, z, 0), starts)
    zs /= np.add.reduceat(spread, starts) + TINY
    zs -= variance @ zs / (variance.sum() + TINY)
    score = sum((sums @ x) ** 2 / (variance @ x**2 + TINY) for x in (np.ones(len(zs)), zs))
    together = min(1.0, 2 * min(p_value(ece), p_value(score)))

    high = float(np.quantile(ece[1:], 0.95))
    debiased = _debiased(y, p, w, first)
    return Luck(float(ece[0]), debiased, float(ece[1:].mean()), high, p_value(ece)), together


def _debiased(y, p, w, first) -> float:
    """Of weighted rows the variance of a share is Σ w²(y − s)²/(Σ w)², over 1 − Σ w²/(Σ w)²."""
    rows = np.diff(first, append=len(y))
    total, gap, ones, squares = (np.add.reduceat(x, first) for x in (w, w * (y - p), w * y, w * w))
    scatter = np.add.reduceat((w * (y - np.repeat(ones / total, rows))) ** 2, first)
    several = rows > 1  # one row says nothing of its variance
    if not several.any():
        return math.nan
    error = (gap**2 - scatter / np.where(several, 1 - squares / total**2, 1))[several]
    return math.sqrt(max(0.0, float((error / total[several]).sum() / w.sum())))


def gaps(y, p, w, first, groups) -> tuple[NDArray[np.float64], ...]:
    """Σ w(y − p) of neighbours: row 0 as it happened, the others as a perfect forecaster's.

    Of more rows than groups those of one group are drawn together. A new group starts at each of
    `first` as well. With it the variances and the starts. Where the mean weights of the classes
    are w₀ and w₁ a row of this sample has the odds p·w₀ to (1 − p)·w₁.
    """
    starts = np.unique(np.append(first, np.arange(groups) * len(p) // groups))
    w0, w1 = class_weights(y, w)
    own = w / np.where(y == 1, w1, w0)
    loss, reach = own * w0 * p, own * (w0 * p + w1 * (1 - p))
    mean, total, squares, variance, happened = (
        np.add.reduceat(x, starts)
        for x in (loss, reach, reach**2, own**2 * (w0 * w1) * p * (1 - p), w * (y - p))
    )
    trials = np.maximum(1, np.rint(total**2 / squares)).astype(np.int64)
    rng, chance = np.random.default_rng(0), np.clip(mean / total, 0, 1)
    sums = np.empty((1 + DRAWS, len(starts)))
    sums[0] = happened
    sums[1:] = rng.binomial(trials, chance, (DRAWS, len(starts))) * (total / trials) - mean
    return sums, variance, starts


def p_value(values) -> float:
    """How often chance does as much as value 0, itself counted."""
    return float((values >= values[0] * (1 - 1e-9)).mean())

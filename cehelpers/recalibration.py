"""Layer 4: what puts probabilities right, each by the least cross-entropy on held-out rows.

A temperature scales a logit, a bias shifts it, Platt's sigmoid does both, and isotonic regression
takes from the scores no more than their order.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_binary,
    check_labels_of_rows,
    check_logit_rows,
    check_logits,
    check_pair,
    check_probabilities,
    check_range,
    check_same_shape,
    check_sample_weight,
    rows_that_count,
    unit_of,
)
from cehelpers._formulas import sigmoid
from cehelpers._isotonic import fill, isotonic, pool_ties
from cehelpers.activations import logit
from cehelpers.logistic import LARGEST, fit_logistic

FINITE = np.finfo(float).max
STEPS = 5000  # halving alone takes 2100 from the largest float to the smallest


class PlattFit(NamedTuple):
    """Slope a and intercept b of σ(a·s + b)."""

    a: float
    b: float


class IsotonicFit(NamedTuple):
    """Both ends of each block, from the lowest score: between them the prediction is a line."""

    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]

    def predict(self, scores: ArrayLike) -> float | NDArray[np.float64]:
        """Probability of each score: as at the nearest end beyond the scores that were fitted."""
        s = check_logits("scores", scores)
        x, p = self
        s = np.clip(s.astype(float), x[0], x[-1])
        right = np.clip(np.searchsorted(x, s, "left"), 1, max(1, len(x) - 1))
        left, right = right - 1, np.minimum(right, len(x) - 1)
        with np.errstate(over="ignore", under="ignore"):
            # halves where the distance passes the largest float
            half = np.where(np.isfinite(x[right] - x[left]), 1, 0.5)
            gap = half * x[right] - half * x[left]
            t = np.divide(half * s - half * x[left], gap, out=np.zeros(s.shape), where=gap > 0)
            line = np.asarray((1 - t) * p[left] + t * p[right])
        line = np.clip(line, p[left], p[right])  # rounding never breaks the order
        return line if line.ndim else float(line)


def fit_temperature(
    labels: ArrayLike, logits: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Temperature T that minimises the cross-entropy of z/T.

    In 1/T the loss is convex, with slope the mean of Σ_k p_k·z_k − z_label: its one root, found
    in a bracket, is the minimum. The order of the classes, so the accuracy, stays as it is.

    Parameters
    ----------
    labels : array_like of int, shape (n,)
        Classes in 0..K−1; with binary logits 0 or 1.
    logits : array_like, shape (n, K), or (n,) for binary logits of class 1
        Logits z on rows that trained no model; ±inf are legal where they are right.
    sample_weight : array_like, shape (n,), optional
        Weights ≥ 0: a weight of 2 is the row twice.

    Returns
    -------
    float
        T > 0: above 1 if the logits were overconfident.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or logits are certain of a wrong class. And where no
        finite T is best: if every row is right (the loss falls as T → 0), or if the logits do not
        favour the true class on average (as T → ∞).

    Examples
    --------
    >>> from cehelpers import logit
    >>> T = fit_temperature([1, 1, 1, 0], [4.0] * 4)  # said 0.98, was right 3 times in 4
    >>> round(T, 4), round(4.0 / logit(0.75), 4)
    (3.641, 3.641)
    >>> fit_temperature([1, 0], [4.0, -1.0])
    Traceback (most recent call last):
    ...
    ValueError: logits must be wrong somewhere, or no finite T is best (T → 0); got 2 of 2 rows \
right

    References
    ----------
    Guo et al. (2017), "On calibration of modern neural networks", ICML, arXiv:1706.04599.
    """
    gaps, weight = _half_gaps(labels, logits, sample_weight)
    finite = np.isfinite(gaps)
    half = float(np.absolute(gaps, where=finite, out=np.zeros_like(gaps)).max()) or 1.0
    with np.errstate(under="ignore"):
        d, scale = gaps / half, 2 * half
        lead = weight * (d.sum(axis=1, where=finite) / finite.sum(axis=1))
        margin = 0.0 - scale * float(lead.sum() / weight.sum())
    if not margin > 0:
        shown = f"(T → ∞); got a mean margin of {margin:.3g} over the mean logit"
        raise ValueError(f"logits must favour the true class, or no finite T is best {shown}")
    if not (d > 0).any():
        shown = f"(T → 0); got {len(d)} of {len(d)} rows right"
        raise ValueError(f"logits must be wrong somewhere, or no finite T is best {shown}")

    def slope_and_bend(beta):
        z = np.multiply(beta, d, where=finite, out=d.copy())
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        mean = np.multiply(p, d, where=finite, out=np.zeros_like(d)).sum(axis=1)
        spread = np.where(finite, d, 0) - mean[:, None]
        return (weight * mean).sum(), (weight * (p * spread**2).sum(axis=1)).sum()

    high = 1.0
    with np.errstate(under="ignore"):
        while slope_and_bend(high)[0] < 0 and high < 1e300:  # some row is wrong, so it turns
            high *= 2
    low = high / 2 if high > 1 else 0.0
    return scale / _increasing_root(slope_and_bend, low, high)


def fit_bias(
    y_true: ArrayLike, logits: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Bias b that minimises the cross-entropy of z + b: where the mean prediction is the base rate.

    Parameters
    ----------
    y_true : array_like, any shape
        Labels in [0, 1], hard or soft.
    logits : array_like, shape of y_true
        Logits z of class 1; ±inf are legal where they are right.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice.

    Returns
    -------
    float
        The b for which Σ w·(σ(z + b) − y) = 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN, or logits are certain and wrong.
        And where no finite b is best: if all labels (of finite logits) are 0, or all are 1.

    Examples
    --------
    >>> from cehelpers import logit
    >>> round(fit_bias([1, 0, 0, 0], [2.0] * 4), 4), round(logit(0.25) - 2, 4)
    (-3.0986, -3.0986)
    >>> round(fit_bias([1, 0], [1e6, 1e6 - 2]), 4)
    -999999.0
    """
    y, z = check_pair(check_probabilities, check_logits, y_true=y_true, logits=logits)
    rows = np.arange(max(y.size, z.size)).reshape(y.shape or z.shape)
    rows, y, z, weight = _relative(check_sample_weight(sample_weight, y, z), rows, y, z)
    y, z = y.astype(float), z.astype(float)
    certain = np.isinf(z)
    wrong = certain & (y != (z > 0))
    if wrong.any():
        row = int(wrong.argmax())
        shown = f"got {z[row]} for the label {y[row]:g} at index {rows[row]}"
        raise ValueError(f"logits must not be certain and wrong: no bias makes up for it; {shown}")
    y, z, weight = y[~certain], z[~certain], weight[~certain]
    with np.errstate(under="ignore"):
        rate = float((weight * y).sum() / weight.sum()) if len(y) else 0.0
    if not 0 < rate < 1:
        shown = f"got a mean label of {rate:g} in {len(y)} rows of finite logits"
        raise ValueError(f"y_true must hold both classes, or no finite bias is best; {shown}")

    def slope_and_bend(b):
        p, q = sigmoid(z + b), sigmoid(-(z + b))
        # Σ w·(p − y), without cancelling
        return (weight * ((1 - y) * p - y * q)).sum(), (weight * (p * q)).sum()

    # at these ends every prediction is at most, or at least, the base rate
    low, high = logit(rate) - float(z.max()), logit(rate) - float(z.min())
    return _increasing_root(slope_and_bend, low, high)


def fit_platt(
    y_true: ArrayLike,
    scores: ArrayLike,
    *,
    smooth_targets: bool = False,
    sample_weight: ArrayLike | None = None,
) -> PlattFit:
    """Platt scaling: the σ(a·s + b) of least cross-entropy, a logistic regression of one feature.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels of both classes.
    scores : array_like, shape of y_true
        Finite scores s, such as logits or margins; higher should mean more probable.
    smooth_targets : bool
        Fit to Platt's targets (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2) in place of 1 and 0.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice, also in n₊ and n₋.

    Returns
    -------
    PlattFit
        Named tuple of `a` and `b`: a > 0 where scores rise with the labels. (Platt and
        scikit-learn write −a and −b.) For scores that are all equal a is 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if there is only one class; if
        the scores separate the labels, so that no finite a is best (with `smooth_targets` there is
        one).

    Examples
    --------
    >>> a, b = fit_platt([0, 0, 1, 0, 1, 1], [-1, -1, -1, 1, 1, 1])  # odds 1:2, then 2:1
    >>> round(a, 4), abs(round(b, 4))
    (0.6931, 0.0)
    >>> a, b = fit_platt([0, 0, 1, 1], [-2.0, -1.0, 1.0, 2.0], smooth_targets=True)
    >>> a > 0
    True

    References
    ----------
    Platt (1999), "Probabilistic outputs for support vector machines and comparisons to regularized
    likelihood methods", Advances in Large Margin Classifiers, 61-74.
    """
    text = f"be finite and within ±{LARGEST:g}"
    s = check_range("scores", scores, -LARGEST, LARGEST, text)
    y = check_binary("y_true", y_true)
    check_same_shape(y_true=y, scores=s)
    weight = check_sample_weight(sample_weight, y, s)
    y, s, weight = rows_that_count(weight, y, s)
    positive = y == 1
    if positive.all() or not positive.any():
        raise ValueError(f"y_true must have both classes; got only {y[0]:g}")
    if not smooth_targets:
        _refuse_separation(s[~positive], s[positive])
    each = np.ones(len(y)) if weight is None else weight
    ones, zeros = float(each[positive].sum()), float(each[~positive].sum())
    targets = np.where(positive, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    fit = fit_logistic(s[:, None], targets if smooth_targets else positive, sample_weight=weight)
    if not fit.converged:
        raise ValueError(f"scores must allow a finite fit; got {fit.message}")
    return PlattFit(float(fit.coef[0]), fit.intercept)


def fit_isotonic(
    y_true: ArrayLike, scores: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> IsotonicFit:
    """Isotonic regression: of all functions of the score that never fall, the least cross-entropy.

    It is the least Brier score as well. Neighbours in the wrong order are pooled until none is
    left, and each block predicts its own share of ones: it may say 0 or 1, which costs an infinite
    loss on a new row that differs.

    Parameters
    ----------
    y_true : array_like, any shape
        Labels in [0, 1], hard or soft.
    scores : array_like, shape of y_true
        Finite scores, such as logits, margins or probabilities; higher should mean more probable.
        Equal ones (in float64) are pooled first.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice.

    Returns
    -------
    IsotonicFit
        Named tuple of `scores` and `probabilities`, the ends of the blocks, with a method
        ``predict(scores)``: linear between blocks, outside them as at the nearest end, as of
        scikit-learn's ``IsotonicRegression(out_of_bounds="clip")``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> fit = fit_isotonic([0, 1, 0, 1], [1.0, 2.0, 3.0, 4.0])  # the middle two: 1 of 2
    >>> fit.scores, fit.probabilities
    (array([1., 2., 3., 4.]), array([0. , 0.5, 0.5, 1. ]))
    >>> fit.predict([-1000.0, 1.5, 2.5, 1000.0])
    array([0.  , 0.25, 0.5 , 1.  ])

    References
    ----------
    Ayer et al. (1955), "An empirical distribution function for sampling with incomplete
    information", doi:10.1214/aoms/1177728423. Zadrozny & Elkan (2002), "Transforming classifier
    scores into accurate multiclass probability estimates", doi:10.1145/775047.775151.
    """
    s = check_range("scores", scores, -FINITE, FINITE, "be finite")
    y = check_probabilities("y_true", y_true)
    check_same_shape(y_true=y, scores=s)
    ties = pool_ties(y, s, check_sample_weight(sample_weight, y, s))
    start, means = isotonic(ties.ones, ties.weight)
    ends = np.zeros(len(ties.score), bool)
    ends[start] = ends[start - 1] = True  # the last end is that before the first start
    return IsotonicFit(ties.score[ends], fill(start, means, len(ends))[ends])


# ---------------------------------------------------------------- inside


def _relative(weight: NDArray[Any] | None, *arrays: NDArray[Any]) -> list[NDArray[Any]]:
    """The rows that count, and their weights, none of them large."""
    *arrays, weight = rows_that_count(weight, *arrays)
    with np.errstate(under="ignore"):
        weight = np.ones(len(arrays[0])) if weight is None else weight / unit_of(weight)
    return [*arrays, weight]


def _half_gaps(
    labels: ArrayLike, logits: ArrayLike, sample_weight: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """½(z − z_label) of every class, shape (n, K), and the weights of these rows that count.

    −inf is an impossible or beaten class.
    """
    z = check_logits("logits", logits)
    if z.ndim == 1:
        labels = check_binary("labels", labels).astype(int)
        check_same_shape(labels=labels, logits=z)
        z = np.column_stack([np.zeros(len(z)), z])
    z = check_logit_rows("logits", z)
    if z.ndim != 2:
        raise ValueError(f"logits must have shape (n, K) or (n,); got {z.shape}")
    labels = np.broadcast_to(check_labels_of_rows(labels, "logits", z), len(z)).astype(np.intp)
    rows = np.arange(len(z))
    rows, weight = _relative(check_sample_weight(sample_weight, rows), rows)
    z, labels = z[rows], labels[rows]
    with np.errstate(invalid="ignore", under="ignore"):
        z = z.astype(float) / 2  # the gap of two finite logits may pass the largest float
        own = z[np.arange(len(z)), labels]
        gaps = z - own[:, None]
    gaps[np.arange(len(z)), labels] = 0  # inf − inf: a logit of +inf is certainty
    wrong = (gaps == np.inf).any(axis=1) | (own == -np.inf)
    if wrong.any():
        row = int(wrong.argmax())
        shown = f"got {(2 * z[row]).tolist()} for the label {labels[row]} at row {rows[row]}"
        raise ValueError(f"logits must not be certain and wrong, which no T mends; {shown}")
    return gaps, weight


def _refuse_separation(negatives: NDArray[Any], positives: NDArray[Any]) -> None:
    """One feature separates the labels where the classes overlap in at most one point."""
    below, above = negatives.max() <= positives.min(), positives.max() <= negatives.min()
    if below != above:  # both: the scores are all equal
        shown = (
            f"got negatives in [{negatives.min()}, {negatives.max()}]"
            f" and positives in [{positives.min()}, {positives.max()}]"
        )
        raise ValueError(
            "scores must not separate the labels, or a grows without bound"
            f" (smooth_targets=True has a finite fit); {shown}"
        )


def _increasing_root(
    value_and_slope: Callable[[float], tuple[float, float]], low: float, high: float
) -> float:
    """Root in [low, high] of an increasing function: Newton, halving where that is too slow."""
    x, last = low / 2 + high / 2, high - low
    for _ in range(STEPS):
        with np.errstate(over="ignore", under="ignore"):
            value, slope = map(float, value_and_slope(x))
        low, high = (x, high) if value < 0 else (low, x)
        newton = x - value / slope if slope > 0 else np.inf
        slow = not (low <= newton <= high and abs(newton - x) <= last / 2)
        there = low / 2 + high / 2 if slow else newton
        x, last, before = there, abs(there - x), x
        if x == before or last <= 1e-15 * abs(x):
            break
    return x

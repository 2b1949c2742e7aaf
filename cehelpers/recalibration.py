"""Layer 4: what puts probabilities right, each by the least cross-entropy on held-out rows.

A temperature scales a logit, a bias shifts it, Platt's sigmoid does both.
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
)
from cehelpers._formulas import sigmoid
from cehelpers.activations import logit
from cehelpers.logistic import LARGEST, fit_logistic

STEPS = 5000  # halving alone takes 2100 from the largest float to the smallest


class PlattFit(NamedTuple):
    """Slope a and intercept b of σ(a·s + b)."""

    a: float
    b: float


def fit_temperature(labels: ArrayLike, logits: ArrayLike) -> float:
    """Temperature T that minimises the cross-entropy of z/T.

    In 1/T the loss is convex, with slope the mean of Σ_k p_k·z_k − z_label: its one root, found
    in a bracket, is the minimum. The order of the classes, so the accuracy, stays as it is.

    Parameters
    ----------
    labels : array_like of int, shape (n,)
        Classes in 0..K−1; with binary logits 0 or 1.
    logits : array_like, shape (n, K), or (n,) for binary logits of class 1
        Logits z on rows that trained no model; ±inf are legal where they are right.

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
    gaps = _half_gaps(labels, logits)
    finite = np.isfinite(gaps)
    half = float(np.absolute(gaps, where=finite, out=np.zeros_like(gaps)).max()) or 1.0
    with np.errstate(under="ignore"):
        d, scale = gaps / half, 2 * half
    margin = 0.0 - scale * float(np.mean(d.sum(axis=1, where=finite) / finite.sum(axis=1)))
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
        return mean.sum(), (p * spread**2).sum()

    high = 1.0
    with np.errstate(under="ignore"):
        while slope_and_bend(high)[0] < 0 and high < 1e300:  # some row is wrong, so it turns
            high *= 2
    low = high / 2 if high > 1 else 0.0
    return scale / _increasing_root(slope_and_bend, low, high)


def fit_bias(y_true: ArrayLike, logits: ArrayLike) -> float:
    """Bias b that minimises the cross-entropy of z + b: where the mean prediction is the base rate.

    Parameters
    ----------
    y_true : array_like, any shape
        Labels in [0, 1], hard or soft.
    logits : array_like, shape of y_true
        Logits z of class 1; ±inf are legal where they are right.

    Returns
    -------
    float
        The b for which Σ (σ(z + b) − y) = 0.

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
    y, z = (x.ravel().astype(float) for x in np.broadcast_arrays(y, z))
    certain = np.isinf(z)
    wrong = certain & (y != (z > 0))
    if wrong.any():
        row = int(wrong.argmax())
        shown = f"got {z[row]} for the label {y[row]:g} at index {row}"
        raise ValueError(f"logits must not be certain and wrong: no bias makes up for it; {shown}")
    y, z = y[~certain], z[~certain]
    rate = float(y.mean()) if len(y) else 0.0
    if not 0 < rate < 1:
        shown = f"got a mean label of {rate:g} in {len(y)} rows of finite logits"
        raise ValueError(f"y_true must hold both classes, or no finite bias is best; {shown}")

    def slope_and_bend(b):
        p, q = sigmoid(z + b), sigmoid(-(z + b))
        return ((1 - y) * p - y * q).sum(), (p * q).sum()  # = Σ (p − y), without cancelling

    # at these ends every prediction is at most, or at least, the base rate
    low, high = logit(rate) - float(z.max()), logit(rate) - float(z.min())
    return _increasing_root(slope_and_bend, low, high)


def fit_platt(y_true: ArrayLike, scores: ArrayLike, *, smooth_targets: bool = False) -> PlattFit:
    """Platt scaling: the σ(a·s + b) of least cross-entropy, a logistic regression of one feature.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels of both classes.
    scores : array_like, shape of y_true
        Finite scores s, such as logits or margins; higher should mean more probable.
    smooth_targets : bool
        Fit to Platt's targets (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2) in place of 1 and 0.

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
    y, s = (x.ravel() for x in np.broadcast_arrays(y, s))
    positive = y == 1
    ones, zeros = np.count_nonzero(positive), np.count_nonzero(~positive)
    if not (ones and zeros):
        raise ValueError(f"y_true must have both classes; got only {y[0]:g}")
    if not smooth_targets:
        _refuse_separation(s[~positive], s[positive])
    targets = np.where(positive, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    fit = fit_logistic(s[:, None], targets if smooth_targets else positive)
    if not fit.converged:
        raise ValueError(f"scores must allow a finite fit; got {fit.message}")
    return PlattFit(float(fit.coef[0]), fit.intercept)


# ---------------------------------------------------------------- inside


def _half_gaps(labels: ArrayLike, logits: ArrayLike) -> NDArray[np.float64]:
    """½(z − z_label) of every class, shape (n, K): −inf is an impossible or beaten class."""
    z = check_logits("logits", logits)
    if z.ndim == 1:
        labels = check_binary("labels", labels).astype(int)
        check_same_shape(labels=labels, logits=z)
        z = np.column_stack([np.zeros(len(z)), z])
    z = check_logit_rows("logits", z)
    if z.ndim != 2:
        raise ValueError(f"logits must have shape (n, K) or (n,); got {z.shape}")
    labels = np.broadcast_to(check_labels_of_rows(labels, "logits", z), len(z)).astype(np.intp)
    with np.errstate(invalid="ignore", under="ignore"):
        z = z.astype(float) / 2  # the gap of two finite logits may pass the largest float
        own = z[np.arange(len(z)), labels]
        gaps = z - own[:, None]
    gaps[np.arange(len(z)), labels] = 0  # inf − inf: a logit of +inf is certainty
    wrong = (gaps == np.inf).any(axis=1) | (own == -np.inf)
    if wrong.any():
        row = int(wrong.argmax())
        shown = f"got {(2 * z[row]).tolist()} for the label {labels[row]} at row {row}"
        raise ValueError(f"logits must not be certain and wrong, which no T mends; {shown}")
    return gaps


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

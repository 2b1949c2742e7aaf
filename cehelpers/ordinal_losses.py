"""Layer 2: losses of K classes that have an order, where a near miss costs less than a far one."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_distributions,
    check_labels,
    check_labels_of_rows,
    check_logits,
    check_range,
    check_same_shape,
)
from cehelpers._evaluate import by_element, by_row
from cehelpers._formulas import softplus


def ranked_probability_score(
    labels: ArrayLike, probs: ArrayLike, *, reduction: str = "mean"
) -> float | NDArray[Any]:
    """Ranked probability score of ordered classes: the mean of Σ_k (F_k − 1[label ≤ k])².

    F is the cumulative distribution of a row; the sum is not divided by K − 1. No unit.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Classes 0..K−1, in order.
    probs : array_like, shape (..., K)
        Predicted rows that sum to 1.
    reduction : {"mean", "sum", "none"}
        What becomes of the scores of the rows.

    Returns
    -------
    float, or ndarray of shape (...) with ``reduction="none"``
        Score in [0, K − 1]; being near in the order is better than being far.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(ranked_probability_score([0], [[0.2, 0.7, 0.1]]), 4)  # 0.8² + 0.1²
    0.65
    >>> ranked_probability_score([0, 0], [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    1.0

    References
    ----------
    Epstein (1969), "A scoring system for probability forecasts of ranked categories",
    doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2.
    """
    p = check_distributions("probs", probs)
    y = check_labels_of_rows(labels, "probs", p)

    def score(p, y):
        # F_k below the label, and from it on 1 − F_k as the sum above k: no cancellation
        below = np.cumsum(p, axis=-1)[:, :-1]
        above = np.cumsum(p[:, ::-1], axis=-1)[:, ::-1][:, 1:]
        is_below = (np.arange(below.shape[-1])[:, None] < y).T  # in memory as the others
        return (np.where(is_below, below, above) ** 2).sum(axis=-1)

    return by_row(score, p, labels=y, reduction=reduction)


def cumulative_link_nll(
    labels: ArrayLike, scores: ArrayLike, thresholds: ArrayLike, *, reduction: str = "mean"
) -> float | NDArray[Any]:
    """Mean negative log-likelihood of ordered classes, P(y ≤ k) = σ(θ_k − s), in nats.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Classes 0..K−1, in order.
    scores : array_like, shape of labels
        Latent scores s: larger means a higher class; ±inf are legal.
    thresholds : array_like, shape (K − 1,)
        θ_0 < θ_1 < …, finite.
    reduction : {"mean", "sum", "none"}
        What becomes of the losses of the rows.

    Returns
    -------
    float, or ndarray of shape (...) with ``reduction="none"``
        Loss ≥ 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(cumulative_link_nll([0], [0.0], [0.0]), 4)  # two classes, halfway: ln 2
    0.6931
    >>> cumulative_link_nll([2, 0], [1000.0, 1000.0], [-1.0, 1.0])  # (0 + 1001)/2
    500.5

    References
    ----------
    McCullagh (1980), "Regression models for ordinal data",
    doi:10.1111/j.2517-6161.1980.tb01109.x.
    """
    cuts = _thresholds(thresholds)
    y = check_labels("labels", labels, len(cuts) - 1)
    s = check_logits("scores", scores)
    check_same_shape(labels=y, scores=s)

    def loss(y, s):
        # σ(b) − σ(a) = σ(b)·σ(−a)·(1 − e^−(b−a)), b and a the cuts above and below, less s
        k = y.astype(np.intp)
        above, below = _less(cuts[k + 1], s), _less(cuts[k], s)
        return softplus(-above) + softplus(below) + gaps[k]

    gaps = _surprise_of_gap(cuts)
    return by_element(loss, y, s, reduction=reduction)


def _thresholds(thresholds: ArrayLike) -> NDArray[np.float64]:
    """The thresholds between −inf and inf, so that every class has a cut below and above."""
    largest = np.finfo(float).max
    cuts = check_range("thresholds", thresholds, -largest, largest, "be finite").astype(float)
    if cuts.ndim != 1:
        raise ValueError(f"thresholds must have shape (K − 1,); got {cuts.shape}")
    if (falls := cuts[1:] <= cuts[:-1]).any():
        at = int(falls.argmax())
        raise ValueError(f"thresholds must increase; got {cuts[at + 1]} after {cuts[at]}")
    return np.concatenate([[-np.inf], cuts, [np.inf]])


def _surprise_of_gap(cuts: NDArray[Any]) -> NDArray[Any]:
    """−ln(1 − e^−gap) of each two neighbours: by expm1 for small gaps, by log1p for large ones."""
    with np.errstate(divide="ignore", over="ignore"):  # a gap of inf is worth 0
        gap = np.diff(cuts)
        return 0 - np.where(gap < 0.7, np.log(-np.expm1(-gap)), np.log1p(-np.exp(-gap)))


def _less(cut: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
    """cut − s, where a cut at ±inf stays there whatever s is."""
    return np.where(np.isfinite(cut), cut - s, cut)

"""Layer 2: losses of two classes, from probabilities, from logits and from margins.

The truth comes first. Logits of ±inf are certainty: loss 0 where right, inf where wrong.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_binary,
    check_logits,
    check_number,
    check_pair,
    check_positive,
    check_probabilities,
    check_sample_weight,
)
from cehelpers._evaluate import by_element
from cehelpers._formulas import sigmoids, softplus, times


def binary_cross_entropy(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    eps: float = 0.0,
    sample_weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> float | NDArray[Any]:
    """Binary cross-entropy −[y ln p + (1 − y) ln(1 − p)] of probabilities, in nats.

    Parameters
    ----------
    y_true : array_like, any shape
        Labels in [0, 1], hard or soft.
    y_prob : array_like, shape of y_true
        Predicted probabilities of class 1.
    eps : float
        Clips `y_prob` to [eps, 1 − eps], eps in [0, ½); by default nothing is clipped.
    sample_weight : array_like, shape of the loss, optional
        Weights w ≥ 0: the mean is Σ w·loss / Σ w.
    reduction : {"mean", "sum", "none"}
        What becomes of the single losses.

    Returns
    -------
    float, or ndarray with ``reduction="none"``
        Loss ≥ 0; inf where a certain forecast is wrong.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> round(binary_cross_entropy(1, 0.85), 4)  # −ln 0.85
    0.1625
    >>> binary_cross_entropy([1, 0, 1], [1.0, 0.0, 0.0], reduction="none")
    array([ 0.,  0., inf])
    """
    y, p = check_pair(check_probabilities, check_probabilities, y_true=y_true, y_prob=y_prob)
    eps = check_number("eps", eps, lambda e: 0 <= e < 0.5, "lie in [0, 0.5)")

    weight = check_sample_weight(sample_weight, y, p)

    def loss(y, p):
        # log1p(−p) keeps the digits of a tiny p that 1 − p rounds away
        if_one, if_zero = np.log(p), np.log1p(-p)
        if eps:
            # for p in [eps, 1 − eps] both lie in [ln eps, ln(1 − eps)]; this eps never rounds
            if_one, if_zero = np.clip((if_one, if_zero), np.log(eps), np.log1p(-eps))
        return 0 - (times(y, if_one) + times(1 - y, if_zero))

    return by_element(loss, y, p, reduction=reduction, weight=weight)


def binary_cross_entropy_with_logits(
    y_true: ArrayLike,
    logits: ArrayLike,
    *,
    pos_weight: float | None = None,
    sample_weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> float | NDArray[Any]:
    """Binary cross-entropy of logits, in nats: −[w·y ln σ(z) + (1 − y) ln(1 − σ(z))].

    Parameters
    ----------
    y_true : array_like, any shape
        Labels in [0, 1], hard or soft.
    logits : array_like, shape of y_true
        Logits z of class 1; ±inf are legal.
    pos_weight : float, optional
        w > 0, inside the loss of the positives; the mean still divides by n.
    sample_weight : array_like, shape of the loss, optional
        Weights ≥ 0: the mean is Σ weight·loss / Σ weight.
    reduction : {"mean", "sum", "none"}
        What becomes of the single losses.

    Returns
    -------
    float, or ndarray with ``reduction="none"``
        Loss ≥ 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> round(binary_cross_entropy_with_logits(0, 3.0), 4)
    3.0486
    >>> binary_cross_entropy_with_logits([1, 1], [1000.0, -1000.0], reduction="none")
    array([   0., 1000.])
    """
    y, z = check_pair(check_probabilities, check_logits, y_true=y_true, logits=logits)
    w = None if pos_weight is None else check_positive("pos_weight", pos_weight)
    options = {"reduction": reduction, "weight": check_sample_weight(sample_weight, y, z)}

    def loss(y, z):
        # = softplus(z) − y·z, without the cancellation of z − y·z near y = 1
        return times(z, (z > 0) - y) + np.log1p(np.exp(-np.absolute(z)))

    def weighted_loss(y, z):
        # −ln σ(z) = softplus(−z) and −ln(1 − σ(z)) = softplus(z)
        return times(np.multiply(y, w, dtype=float), softplus(-z)) + times(1 - y, softplus(z))

    return by_element(loss if w is None else weighted_loss, y, z, **options)


def binary_cross_entropy_with_logits_grad(
    y_true: ArrayLike, logits: ArrayLike, *, pos_weight: float | None = None
) -> float | NDArray[Any]:
    """Slope of the binary cross-entropy in the logit, per element: σ(z) − y (without weight).

    Parameters
    ----------
    y_true : array_like, any shape
        Labels in [0, 1], hard or soft.
    logits : array_like, shape of y_true
        Logits z of class 1; ±inf are legal.
    pos_weight : float, optional
        w > 0, inside the loss of the positives.

    Returns
    -------
    float or ndarray, shape of the loss
        (1 − y)·σ(z) − w·y·σ(−z), not divided by n.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> binary_cross_entropy_with_logits_grad([1, 0], [0.0, 0.0])
    array([-0.5,  0.5])
    >>> round(binary_cross_entropy_with_logits_grad(1, 37.0) * 1e17, 4)  # σ(37) − 1 gives 0
    -8.533
    """
    y, z = check_pair(check_probabilities, check_logits, y_true=y_true, logits=logits)
    w = None if pos_weight is None else check_positive("pos_weight", pos_weight)

    def slope(y, z):
        # 1 − σ(z) = σ(−z): σ(z) − y would be 0 from z = 37 on
        p, rest = sigmoids(z)
        return (1 - y) * p - (y * rest if w is None else times(w * y, rest))

    return by_element(slope, y, z)


def brier_score(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> float | NDArray[Any]:
    """Brier score: the mean of (p − y)², without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_prob : array_like, shape of y_true
        Predicted probabilities of class 1.
    sample_weight : array_like, shape of the score, optional
        Weights w ≥ 0: the mean is Σ w·score / Σ w.
    reduction : {"mean", "sum", "none"}
        What becomes of the single scores.

    Returns
    -------
    float, or ndarray with ``reduction="none"``
        Score in [0, 1]; 0 is perfect, 0.25 is "always ½".

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> round(brier_score([1, 0], [0.9, 0.2]), 4)  # (0.01 + 0.04)/2
    0.025
    >>> brier_score([1, 0], [0.0, 1.0])
    1.0

    References
    ----------
    Brier (1950), "Verification of forecasts expressed in terms of probability",
    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
    """
    y, p = check_pair(check_binary, check_probabilities, y_true=y_true, y_prob=y_prob)
    weight = check_sample_weight(sample_weight, y, p)
    return by_element(lambda y, p: (p - y) ** 2, y, p, reduction=reduction, weight=weight)


def hinge_loss(
    y_true: ArrayLike,
    scores: ArrayLike,
    *,
    reduction: str = "mean",
) -> float | NDArray[Any]:
    """Hinge loss: the mean of max(0, 1 − (2y − 1)·s), without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    scores : array_like, shape of y_true
        Signed distances s from the boundary, not probabilities; ±inf are legal.
    reduction : {"mean", "sum", "none"}
        What becomes of the single losses.

    Returns
    -------
    float, or ndarray with ``reduction="none"``
        Loss ≥ 0; 0 once every margin is at least 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> hinge_loss([1, 0], [0.5, 0.5])  # (0.5 + 1.5)/2
    1.0
    >>> hinge_loss([1, 0], [1000.0, -1000.0])
    0.0
    """
    y, s = check_pair(check_binary, check_logits, y_true=y_true, scores=scores)
    return by_element(lambda y, s: np.maximum(0, 1 - (2 * y - 1) * s), y, s, reduction=reduction)


def squared_hinge_loss(
    y_true: ArrayLike,
    scores: ArrayLike,
    *,
    reduction: str = "mean",
) -> float | NDArray[Any]:
    """Squared hinge loss: the mean of max(0, 1 − (2y − 1)·s)², without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    scores : array_like, shape of y_true
        Signed distances s from the boundary, not probabilities; ±inf are legal.
    reduction : {"mean", "sum", "none"}
        What becomes of the single losses.

    Returns
    -------
    float, or ndarray with ``reduction="none"``
        Loss ≥ 0; 0 once every margin is at least 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> squared_hinge_loss([1, 0], [0.5, 0.5])  # (0.25 + 2.25)/2
    1.25
    >>> squared_hinge_loss([1, 0], [1000.0, -1000.0])
    0.0
    """
    y, s = check_pair(check_binary, check_logits, y_true=y_true, scores=scores)
    return by_element(
        lambda y, s: np.maximum(0, 1 - (2 * y - 1) * s) ** 2, y, s, reduction=reduction
    )

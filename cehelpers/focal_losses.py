"""Layer 2: focal losses, which count the easy cases less, of two classes and of K.

Labels are hard. Logits of ±inf are certainty: loss 0 where right, inf where wrong.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_binary,
    check_labels_of_rows,
    check_logit_rows,
    check_logits,
    check_not_negative,
    check_pair,
    check_probabilities,
    check_share,
)
from cehelpers._evaluate import by_element, by_row
from cehelpers._formulas import from_top, of_label, sigmoid, softmax_and_rest, softplus, times


def focal_loss(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    gamma: float = 2.0,
    alpha: float | None = None,
    reduction: str = "mean",
) -> float | NDArray[Any]:
    """Focal loss −(1 − p_t)^γ ln p_t of probabilities, in nats; p_t is that of what happened.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_prob : array_like, shape of y_true
        Predicted probabilities of class 1.
    gamma : float
        γ ≥ 0, the focus: 0 is the cross-entropy.
    alpha : float, optional
        Weight in [0, 1] of class 1; class 0 has 1 − alpha. The mean divides by n.
    reduction : {"mean", "sum", "none"}
        What becomes of the single losses.

    Returns
    -------
    float, or ndarray with ``reduction="none"``
        Loss ≥ 0; inf where a certain forecast is wrong.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(focal_loss(1, 0.9) / focal_loss(1, 0.9, gamma=0), 4)  # 0.1², one hundredth
    0.01
    >>> focal_loss([1, 1], [1.0, 0.0], reduction="none")
    array([ 0., inf])

    References
    ----------
    Lin et al. (2017), "Focal loss for dense object detection", doi:10.1109/ICCV.2017.324.
    """
    y, p = check_pair(check_binary, check_probabilities, y_true=y_true, y_prob=y_prob)
    gamma, alpha = _focus(gamma, alpha)

    def loss(y, p):
        positive = times(np.power(1 - p, gamma), 0 - np.log(p))
        negative = times(np.power(p, gamma), 0 - np.log1p(-p))
        return times(alpha[1] * y, positive) + times(alpha[0] * (1 - y), negative)

    return by_element(loss, y, p, reduction=reduction)


def focal_loss_with_logits(
    y_true: ArrayLike,
    logits: ArrayLike,
    *,
    gamma: float = 2.0,
    alpha: float | None = None,
    reduction: str = "mean",
) -> float | NDArray[Any]:
    """Focal loss −(1 − p_t)^γ ln p_t of logits, in nats.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    logits : array_like, shape of y_true
        Logits z of class 1; ±inf are legal.
    gamma : float
        γ ≥ 0, the focus: 0 is the cross-entropy.
    alpha : float, optional
        Weight in [0, 1] of class 1; class 0 has 1 − alpha. The mean divides by n.
    reduction : {"mean", "sum", "none"}
        What becomes of the single losses.

    Returns
    -------
    float, or ndarray with ``reduction="none"``
        Loss ≥ 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(focal_loss_with_logits(1, 0.0), 4)  # ¼ ln 2
    0.1733
    >>> focal_loss_with_logits([1, 1], [1000.0, -1000.0], reduction="none")
    array([   0., 1000.])

    References
    ----------
    Lin et al. (2017), "Focal loss for dense object detection", doi:10.1109/ICCV.2017.324.
    """
    y, z = check_pair(check_binary, check_logits, y_true=y_true, logits=logits)
    gamma, alpha = _focus(gamma, alpha)

    def loss(y, z):
        # with s = z for y = 1 and −z for y = 0, p_t = σ(s) and 1 − p_t = σ(−s)
        s = (2 * y - 1) * z
        weight = alpha[1] * y + alpha[0] * (1 - y)
        return times(weight * np.power(sigmoid(-s), gamma), softplus(-s))

    return by_element(loss, y, z, reduction=reduction)


def sparse_categorical_focal_loss_with_logits(
    labels: ArrayLike, logits: ArrayLike, *, gamma: float = 2.0, reduction: str = "mean"
) -> float | NDArray[Any]:
    """Focal loss −(1 − p_label)^γ ln p_label of rows of logits, p = softmax(z), in nats.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Classes 0..K−1.
    logits : array_like, shape (..., K)
        Rows of logits z.
    gamma : float
        γ ≥ 0, the focus: 0 is the cross-entropy.
    reduction : {"mean", "sum", "none"}
        What becomes of the losses of the rows.

    Returns
    -------
    float, or ndarray of shape (...) with ``reduction="none"``
        Loss ≥ 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN, or a row has −inf only or two
        +inf.

    Examples
    --------
    >>> round(sparse_categorical_focal_loss_with_logits([0], [[0.0, 0.0]]), 4)  # ¼ ln 2
    0.1733
    >>> sparse_categorical_focal_loss_with_logits([0, 1], [[1e3, 0.0], [1e3, 0.0]])
    500.0

    References
    ----------
    Lin et al. (2017), "Focal loss for dense object detection", doi:10.1109/ICCV.2017.324.
    """
    z = check_logit_rows("logits", logits)
    y = check_labels_of_rows(labels, "logits", z)
    gamma = check_not_negative("gamma", gamma)

    def loss(z, y):
        d, _, others = from_top(z)
        rest = of_label(softmax_and_rest(z)[1], y)
        return times(np.power(rest, gamma), np.log1p(others[:, 0]) - of_label(d, y))

    return by_row(loss, z, labels=y, reduction=reduction)


def _focus(gamma: float, alpha: float | None) -> tuple[float, tuple[float, float]]:
    gamma = check_not_negative("gamma", gamma)
    if alpha is None:
        return gamma, (1.0, 1.0)
    alpha = check_share("alpha", alpha)
    return gamma, (1 - alpha, alpha)

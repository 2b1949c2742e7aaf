"""Layer 1: from labels to rows of target probabilities."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    MOST_CLASSES,
    check_choice,
    check_distributions,
    check_integer,
    check_labels,
    check_share,
)
from cehelpers._evaluate import by_row


def one_hot(labels: ArrayLike, num_classes: int) -> NDArray[np.float64]:
    """One row for each label, 1 in the column of its class and 0 elsewhere.

    Parameters
    ----------
    labels : array_like of int, any shape
        Classes in 0..K−1. Floats are refused, whole or not.
    num_classes : int
        K, from 1 to ten million.

    Returns
    -------
    ndarray, shape of labels + (K,)
        Rows that sum to 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    >>> one_hot(0, 1)
    array([1.])
    """
    num_classes = check_integer("num_classes", num_classes, 1, MOST_CLASSES)
    labels = check_labels("labels", labels, num_classes)
    rows = np.zeros((*labels.shape, num_classes))
    np.put_along_axis(rows, labels.astype(np.intp)[..., None], 1, axis=-1)
    return rows


def smooth_labels(targets: ArrayLike, alpha: float, *, convention: str = "K") -> NDArray[Any]:
    """Smoothed target rows: a share α of each row's belief is spread over the classes.

    Parameters
    ----------
    targets : array_like, shape (..., K), K ≥ 2
        One-hot or soft rows.
    alpha : float
        The share, in [0, 1].
    convention : {"K", "K-1"}
        "K" (frameworks): (1 − α)·y + α/K. "K-1" (textbooks): (1 − α)·y + α·(1 − y)/(K − 1).

    Returns
    -------
    ndarray, shape of targets
        Rows that sum to 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> smooth_labels([1.0, 0.0, 0.0], 0.1).round(4)
    array([0.9333, 0.0333, 0.0333])
    >>> smooth_labels([1.0, 0.0, 0.0], 0.1, convention="K-1")
    array([0.9 , 0.05, 0.05])
    >>> smooth_labels([1.0, 0.0], 1.0)  # nothing is left of the label
    array([0.5, 0.5])

    References
    ----------
    Szegedy et al. (2016), "Rethinking the Inception architecture", doi:10.1109/CVPR.2016.308.
    """
    y = check_distributions("targets", targets)
    check_choice("convention", convention, ("K", "K-1"))
    alpha = check_share("alpha", alpha)
    if (classes := y.shape[-1]) < 2:
        raise ValueError(f"targets must have at least 2 classes; got shape {y.shape}")

    def smooth(y):
        spread = 1 / classes if convention == "K" else (1 - y) / (classes - 1)
        return (1 - alpha) * y + alpha * spread

    return by_row(smooth, y, keeps_classes=True)

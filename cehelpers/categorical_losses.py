"""Layer 2: losses of K classes, from rows of probabilities or of logits.

Targets are one-hot or soft rows; labels are integers 0..K−1. The truth comes first. A logit of
−inf is an impossible class, a single +inf in a row a certain one.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_choice,
    check_distributions,
    check_integer,
    check_labels_of_rows,
    check_logit_rows,
    check_numbers,
    check_pair,
    check_sample_weight,
    check_weights,
)
from cehelpers._evaluate import by_row
from cehelpers._formulas import from_top, of_label, softmax_and_rest, times, top_and_others


def categorical_cross_entropy(
    targets: ArrayLike, probs: ArrayLike, *, reduction: str = "mean"
) -> float | NDArray[Any]:
    """Cross-entropy −Σ_k t_k ln p_k of rows of probabilities, in nats.

    Parameters
    ----------
    targets : array_like, shape (..., K)
        One-hot or soft rows that sum to 1.
    probs : array_like, shape of targets
        Predicted rows that sum to 1.
    reduction : {"mean", "sum", "none"}
        What becomes of the losses of the rows.

    Returns
    -------
    float, or ndarray of shape (...) with ``reduction="none"``
        Loss ≥ 0; inf where a class that happened was called impossible.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(categorical_cross_entropy([[0, 1, 0]], [[0.2, 0.7, 0.1]]), 4)  # −ln 0.7
    0.3567
    >>> categorical_cross_entropy([[1, 0], [1, 0]], [[1, 0], [0, 1]], reduction="none")
    array([ 0., inf])
    """
    t, p = check_pair(check_distributions, check_distributions, targets=targets, probs=probs)

    return by_row(lambda t, p: 0 - times(t, np.log(p)).sum(axis=-1), t, p, reduction=reduction)


def sparse_categorical_cross_entropy(
    labels: ArrayLike, probs: ArrayLike, *, reduction: str = "mean"
) -> float | NDArray[Any]:
    """Cross-entropy −ln p_label of rows of probabilities, in nats.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Classes 0..K−1.
    probs : array_like, shape (..., K)
        Predicted rows that sum to 1.
    reduction : {"mean", "sum", "none"}
        What becomes of the losses of the rows.

    Returns
    -------
    float, or ndarray of shape (...) with ``reduction="none"``
        Loss ≥ 0; inf where the class that happened was called impossible.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(sparse_categorical_cross_entropy([1], [[0.2, 0.7, 0.1]]), 4)  # −ln 0.7
    0.3567
    >>> sparse_categorical_cross_entropy([0, 1], [[1.0, 0.0], [1.0, 0.0]], reduction="none")
    array([ 0., inf])
    """
    p = check_distributions("probs", probs)
    y = check_labels_of_rows(labels, "probs", p)

    return by_row(lambda p, y: 0 - np.log(of_label(p, y)), p, labels=y, reduction=reduction)


def brier_score_multiclass(
    labels: ArrayLike,
    probs: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> float | NDArray[Any]:
    """Brier score of K classes: the mean of Σ_k (p_k − 1[k = label])², without unit.

    For two classes it is twice `brier_score`: both definitions are in use.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Classes 0..K−1.
    probs : array_like, shape (..., K)
        Predicted rows that sum to 1.
    sample_weight : array_like, shape of labels, optional
        Weights w ≥ 0: the mean is Σ w·score / Σ w.
    reduction : {"mean", "sum", "none"}
        What becomes of the scores of the rows.

    Returns
    -------
    float, or ndarray of shape (...) with ``reduction="none"``
        Score in [0, 2]; 0 is perfect, 1 − 1/K is "all the same".

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> round(brier_score_multiclass([1], [[0.2, 0.7, 0.1]]), 4)  # 0.2² + 0.3² + 0.1²
    0.14
    >>> brier_score_multiclass([0, 1], [[1.0, 0.0], [1.0, 0.0]], reduction="none")
    array([0., 2.])

    References
    ----------
    Brier (1950), "Verification of forecasts expressed in terms of probability",
    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
    """
    p = check_distributions("probs", probs)
    y = check_labels_of_rows(labels, "probs", p)
    weight = check_sample_weight(sample_weight, p[..., 0])

    def score(p, y):
        own = of_label(p, y)
        others = np.where(np.arange(p.shape[-1]) == y[:, None], 0, p)
        return (others**2).sum(axis=-1) + (1 - own) ** 2

    return by_row(score, p, labels=y, weight=weight, reduction=reduction)


def categorical_cross_entropy_with_logits(
    targets: ArrayLike, logits: ArrayLike, *, reduction: str = "mean"
) -> float | NDArray[Any]:
    """Cross-entropy −Σ_k t_k ln softmax(z)_k of rows of logits, in nats.

    Parameters
    ----------
    targets : array_like, shape (..., K)
        One-hot or soft rows that sum to 1.
    logits : array_like, shape of targets
        Rows of logits z.
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
    >>> round(categorical_cross_entropy_with_logits([[1, 0, 0]], [[2.0, 1.0, 0.1]]), 4)
    0.417
    >>> categorical_cross_entropy_with_logits([[1, 0]], [[-1000.0, 1000.0]])
    2000.0
    """
    t, z = check_pair(check_distributions, check_logit_rows, targets=targets, logits=logits)

    def loss(t, z):
        # with d = z − max z: −ln softmax(z)_k = −d_k + log1p(Σ of all but the largest e^d), which
        # is ≥ 0, so nothing cancels in the sum
        d, _, others = from_top(z)
        return times(t, np.log1p(others) - d).sum(axis=-1)

    return by_row(loss, t, z, reduction=reduction)


def sparse_categorical_cross_entropy_with_logits(
    labels: ArrayLike,
    logits: ArrayLike,
    *,
    class_weight: ArrayLike | None = None,
    weight_norm: str = "sum_w",
    ignore_index: int | None = None,
    reduction: str = "mean",
) -> float | NDArray[Any]:
    """Cross-entropy −ln softmax(z)_label of rows of logits, in nats.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Classes 0..K−1, or `ignore_index`.
    logits : array_like, shape (..., K)
        Rows of logits z.
    class_weight : array_like, shape (K,), optional
        Weights ≥ 0 of the classes: a row counts w[label] times.
    weight_norm : {"sum_w", "n"}
        Whether the weighted mean divides by the sum of the rows' weights or by their number.
    ignore_index : int, optional
        The label of rows that do not count, as of padding: their loss is 0, and neither sum of
        weights nor number has them. Any integer, often −100; their logits are checked nevertheless.
    reduction : {"mean", "sum", "none"}
        What becomes of the (weighted) losses of the rows.

    Returns
    -------
    float, or ndarray of shape (...) with ``reduction="none"``
        Loss ≥ 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN, or a row has −inf only or two
        +inf; if the weights of all these labels are 0, or a mean has no row that counts.

    Examples
    --------
    >>> round(sparse_categorical_cross_entropy_with_logits([0], [[2.0, 1.0, 0.1]]), 4)
    0.417
    >>> z = [[1e3, 0.0], [1e3, 0.0]]
    >>> sparse_categorical_cross_entropy_with_logits([0, 1], z)
    500.0
    >>> sparse_categorical_cross_entropy_with_logits([-100, 1], z, ignore_index=-100)
    1000.0
    """
    z = check_logit_rows("logits", logits)
    labels, counts = _known(labels, ignore_index)
    y = check_labels_of_rows(labels, "logits", z)
    if reduction == "mean" and not np.any(counts):
        raise ValueError(f"ignore_index must leave labels for a mean; got {ignore_index} as each")
    check_choice("weight_norm", weight_norm, ("sum_w", "n"))
    weight = _weight_of(class_weight, counts, y, z)

    def loss(z, y):
        # with d = z − max z: −ln softmax(z)_label = −d_label + log1p(Σ of all but the largest e^d),
        # and d is 0 where it is inf − inf
        top, others = top_and_others(z)
        return np.log1p(others) + np.fmax(top - of_label(z, y), 0)

    count = None
    if weight_norm == "n":
        count = np.count_nonzero(np.broadcast_to(counts, z.shape[:-1]))
    options = {"reduction": reduction, "weight": weight, "count": count}
    return by_row(loss, z, labels=y, streams=True, **options)


def categorical_cross_entropy_with_logits_grad(
    targets: ArrayLike, logits: ArrayLike
) -> NDArray[Any]:
    """Slopes of the softmax cross-entropy in the logits, per row: softmax(z) − t.

    Parameters
    ----------
    targets : array_like, shape (..., K)
        One-hot or soft rows that sum to 1.
    logits : array_like, shape of targets
        Rows of logits z.

    Returns
    -------
    ndarray, shape of logits
        (1 − t_k)·p_k − t_k·Σ_{j≠k} p_j, not divided by n.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN, or a row has −inf only or two
        +inf.

    Examples
    --------
    >>> categorical_cross_entropy_with_logits_grad([0, 1], [0.0, 0.0])
    array([ 0.5, -0.5])
    >>> categorical_cross_entropy_with_logits_grad([1, 0], [40.0, 0.0])  # p − t: 0, …
    array([-4.24835426e-18,  4.24835426e-18])
    """
    t, z = check_pair(check_distributions, check_logit_rows, targets=targets, logits=logits)

    def slope(t, z):
        # p − t = (1 − t)·p − t·(1 − p), and 1 − p is the sum of the other probabilities
        p, rest = softmax_and_rest(z)
        return (1 - t) * p - t * rest

    return by_row(slope, t, z, keeps_classes=True)


def _known(
    labels: ArrayLike, ignore_index: int | None
) -> tuple[ArrayLike, NDArray[np.bool_] | bool]:
    """Labels with a 0 for each that is ignored, and which of them count."""
    if ignore_index is None:
        return labels, True
    y = check_numbers("labels", labels)
    ignored = check_integer("ignore_index", ignore_index, -(2**63), 2**63 - 1)
    if y.dtype.kind == "f":  # no labels: the check that follows says so
        return y, True
    counts = y != ignored
    return np.where(counts, y, 0), counts


def _weight_of(
    class_weight: ArrayLike | None,
    counts: NDArray[np.bool_] | bool,
    labels: NDArray[Any],
    z: NDArray[Any],
) -> NDArray[Any] | None:
    """The weight of each row, 0 where it does not count."""
    if class_weight is None:
        return None if counts is True else np.asarray(counts)
    weight = check_weights("class_weight", class_weight)
    if weight.shape != z.shape[-1:]:
        shown = f"got {weight.shape} and logits {z.shape}"
        raise ValueError(f"class_weight must have shape (K,); {shown}")
    weight = weight[labels.astype(np.intp)] * counts
    return check_weights("class_weight of the labels", weight) if np.any(counts) else weight

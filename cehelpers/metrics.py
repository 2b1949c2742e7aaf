"""Layer 3: decisions and rankings: confusion counts, ROC and precision-recall curves.

One convention throughout: a row is flagged (predicted positive) when its score ≥ the threshold.
Only the order of scores matters to a curve, so ±inf are legal and equal scores stand or fall
together: a tie is one point of the curve and half a win in the AUC.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_binary,
    check_distributions,
    check_labels_of_rows,
    check_pair,
    check_sample_weight,
    check_scores,
    rows_that_count,
)

# ---------------------------------------------------------------- one threshold


class ConfusionCounts(NamedTuple):
    """The four kinds of row, in scikit-learn's order."""

    tn: float
    fp: float
    fn: float
    tp: float


class PrecisionRecallF1(NamedTuple):
    """How many flags are right, how many positives are flagged, and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def confusion_counts(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> ConfusionCounts:
    """Confusion counts: true and false negatives and positives, in rows (or by weight).

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_pred : array_like of 0 and 1, shape of y_true
        Decisions, as in ``scores >= threshold``; a single 0 or 1 goes for every row.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice, one of 0 no row.

    Returns
    -------
    ConfusionCounts
        Named tuple of `tn`, `fp`, `fn`, `tp`, the order of scikit-learn's
        ``confusion_matrix(...).ravel()``: integers, or with `sample_weight` sums of weights.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> confusion_counts([0, 0, 0, 1, 1], [0, 0, 1, 1, 0])
    ConfusionCounts(tn=2, fp=1, fn=1, tp=1)
    >>> confusion_counts([0, 0, 0, 1], 0)  # whoever never flags misses every positive
    ConfusionCounts(tn=3, fp=0, fn=1, tp=0)
    """
    y, flagged = check_pair(check_binary, check_binary, y_true=y_true, y_pred=y_pred)
    weight = check_sample_weight(sample_weight, y, flagged)
    return _confusion(y == 1, flagged == 1, weight)


def precision_recall_f1(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> PrecisionRecallF1:
    """Precision tp/(tp + fp), recall tp/(tp + fn) and F1 2·tp/(2·tp + fp + fn), without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_pred : array_like of 0 and 1, shape of y_true
        Decisions, as in ``scores >= threshold``; a single 0 or 1 goes for every row.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice, one of 0 no row.

    Returns
    -------
    PrecisionRecallF1
        Named tuple of `precision`, `recall` and `f1` in [0, 1]. A share of nothing, 0/0, is 0, as
        in scikit-learn: the precision where nothing is flagged, the recall without positives.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> precision_recall_f1([0, 0, 1, 1, 1, 1], [0, 1, 0, 0, 0, 1])  # 1 of 2 and 1 of 4
    PrecisionRecallF1(precision=0.5, recall=0.25, f1=0.3333333333333333)
    >>> precision_recall_f1([0, 0, 0, 1], 0)
    PrecisionRecallF1(precision=0.0, recall=0.0, f1=0.0)
    """
    _, fp, fn, tp = confusion_counts(y_true, y_pred, sample_weight=sample_weight)
    return PrecisionRecallF1(
        _share(tp, tp + fp), _share(tp, tp + fn), _share(tp, tp + (fp + fn) / 2)
    )


# ---------------------------------------------------------------- every threshold


class RocCurve(NamedTuple):
    """A point for each threshold, from the strictest on."""

    fpr: NDArray[np.float64]
    tpr: NDArray[np.float64]
    thresholds: NDArray[Any]


class PrecisionRecallCurve(NamedTuple):
    """A point for each threshold, from the strictest on."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    thresholds: NDArray[Any]


def roc_curve(
    y_true: ArrayLike, scores: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> RocCurve:
    """ROC curve: the shares of negatives and of positives flagged, at every threshold.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels of both classes.
    scores : array_like, shape of y_true
        Probabilities, logits or any scores; ±inf are legal.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice, one of 0 no row.

    Returns
    -------
    RocCurve
        Named tuple of `fpr`, `tpr` and `thresholds`, each of shape (m + 1,) for m distinct
        scores, in falling order of threshold from inf, where nothing is flagged. (Where a score
        is itself +inf no threshold flags nothing, and the first threshold is NaN.)

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if there is only one class of
        rows with a weight above 0.

    Examples
    --------
    >>> curve = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> curve.fpr, curve.tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    >>> roc_curve([0, 1, 1], [2.0, 2.0, 2.0]).thresholds  # a tie is one point
    array([inf,  2.])

    References
    ----------
    Fawcett (2006), "An introduction to ROC analysis", doi:10.1016/j.patrec.2005.10.010.
    """
    y, s, weight = _labels_and_scores(y_true, scores, sample_weight)
    _both_classes(y)
    tp, fp, thresholds = _counts_at_thresholds(y, s, weight)
    nothing = np.inf if thresholds[0] < np.inf else np.nan
    with np.errstate(under="ignore"):
        return RocCurve(
            np.append(0, fp) / fp[-1],
            np.append(0, tp) / tp[-1],
            np.append(thresholds.dtype.type(nothing), thresholds),
        )


def roc_auc(
    y_true: ArrayLike, scores: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Area under the ROC curve: P(s⁺ > s⁻) + ½·P(s⁺ = s⁻) of a random pair, without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels of both classes.
    scores : array_like, shape of y_true
        Probabilities, logits or any scores; ±inf are legal.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice, one of 0 no row.

    Returns
    -------
    float
        Area in [0, 1]; ½ is a coin, 1 a perfect order.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if there is only one class of
        rows with a weight above 0.

    Examples
    --------
    >>> roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])  # three of four pairs in the right order
    0.75
    >>> roc_auc([0, 1, 1], [2.0, 2.0, 2.0])
    0.5

    References
    ----------
    Hanley & McNeil (1982), "The meaning and use of the area under a receiver operating
    characteristic (ROC) curve", doi:10.1148/radiology.143.1.7063747.
    """
    y, s, weight = _labels_and_scores(y_true, scores, sample_weight)
    _both_classes(y)
    return _auc(y, s, weight)


def roc_auc_multiclass(
    labels: ArrayLike, probs: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Area under the ROC curve of K classes: the mean of each class against the rest.

    Every class counts the same, however rare (scikit-learn's ``multi_class="ovr"``, macro).

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Classes 0..K−1, each of which must occur.
    probs : array_like, shape (..., K)
        Predicted rows that sum to 1.
    sample_weight : array_like, shape of labels, optional
        Weights ≥ 0: a weight of 2 is the row twice, one of 0 no row.

    Returns
    -------
    float
        Mean area in [0, 1]; ½ is a coin, 1 a perfect order within every class.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if a class has no row with a
        weight above 0, or all of them.

    Examples
    --------
    >>> probs = [[0.6, 0.4, 0.0], [0.2, 0.5, 0.3], [0.3, 0.1, 0.6], [0.7, 0.1, 0.2]]
    >>> roc_auc_multiclass([0, 1, 2, 2], probs)  # areas 2/3, 1 and 3/4
    0.8055555555555555
    >>> roc_auc_multiclass([0, 1, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    1.0

    References
    ----------
    Fawcett (2006), "An introduction to ROC analysis", doi:10.1016/j.patrec.2005.10.010.
    """
    p = check_distributions("probs", probs)
    y = np.broadcast_to(check_labels_of_rows(labels, "probs", p), p.shape[:-1])
    weight = check_sample_weight(sample_weight, y)
    rows, weight = rows_that_count(weight, np.arange(y.size))
    y, p = y.ravel()[rows], p.reshape(-1, p.shape[-1])[rows]
    areas = []
    for k in range(p.shape[1]):
        own = y == k
        if own.all() or not own.any():
            shown = f"got {'only' if own.all() else 'no'} {k}"
            raise ValueError(f"labels must have rows of every class; {shown}")
        areas.append(_auc(own, p[:, k], weight))
    return float(np.mean(areas))


def precision_recall_curve(
    y_true: ArrayLike, scores: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> PrecisionRecallCurve:
    """Precision and recall at every threshold.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels with at least one positive.
    scores : array_like, shape of y_true
        Probabilities, logits or any scores; ±inf are legal.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice, one of 0 no row.

    Returns
    -------
    PrecisionRecallCurve
        Named tuple of `precision`, `recall` and `thresholds`, each of shape (m,) for m distinct
        scores, in falling order of threshold, so with rising recall. (scikit-learn's is the
        reverse, with a last point of recall 0 and precision 1 that no threshold reaches.)

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if there are no positives with
        a weight above 0.

    Examples
    --------
    >>> curve = precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> curve.precision.round(2), curve.recall
    (array([1.  , 0.5 , 0.67, 0.5 ]), array([0.5, 0.5, 1. , 1. ]))
    >>> precision_recall_curve([0, 1, 1, 0], [2.0, 2.0, 2.0, 2.0]).precision  # the base rate
    array([0.5])
    """
    y, s, weight = _labels_and_scores(y_true, scores, sample_weight)
    _some_positives(y)
    tp, fp, thresholds = _counts_at_thresholds(y, s, weight)
    with np.errstate(under="ignore"):
        return PrecisionRecallCurve(tp / (tp + fp), tp / tp[-1], thresholds)


def average_precision(
    y_true: ArrayLike, scores: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Average precision Σ (R_k − R_{k−1})·P_k over the falling thresholds, without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels with at least one positive.
    scores : array_like, shape of y_true
        Probabilities, logits or any scores; ±inf are legal.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice, one of 0 no row.

    Returns
    -------
    float
        Mean over the positives of the precision at their own score, in (0, 1]; about the base
        rate for scores that know nothing.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if there are no positives with
        a weight above 0.

    Examples
    --------
    >>> round(average_precision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 4)  # (1/1 + 2/3)/2
    0.8333
    >>> average_precision([0, 1, 0, 0], [2.0, 2.0, 2.0, 2.0])
    0.25
    """
    y, s, weight = _labels_and_scores(y_true, scores, sample_weight)
    _some_positives(y)
    tp, fp, _ = _counts_at_thresholds(y, s, weight)
    with np.errstate(under="ignore"):
        return float(np.diff(tp, prepend=0) @ (tp / (tp + fp)) / tp[-1])


# ---------------------------------------------------------------- inside


def _confusion(
    y: NDArray[np.bool_], flagged: NDArray[np.bool_], weight: NDArray[Any] | None
) -> ConfusionCounts:
    y, flagged, weight = rows_that_count(weight, y, flagged)
    if weight is not None:
        kinds = (~y & ~flagged, ~y & flagged, y & ~flagged, y & flagged)
        return ConfusionCounts(*(float(weight[kind].sum()) for kind in kinds))
    positives, flags = np.count_nonzero(y), np.count_nonzero(flagged)
    tp = np.count_nonzero(y & flagged)
    fp, fn = flags - tp, positives - tp
    return ConfusionCounts(*map(int, (y.size - tp - fp - fn, fp, fn, tp)))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _labels_and_scores(
    y_true: ArrayLike, scores: ArrayLike, sample_weight: ArrayLike | None
) -> tuple[Any, ...]:
    """Labels as booleans, scores in the dtype that came in, in which they differ, and weights."""
    y, s = check_pair(check_binary, check_scores, y_true=y_true, scores=scores)
    y, s, weight = rows_that_count(check_sample_weight(sample_weight, y, s), y, s)
    return y == 1, s, weight


def _auc(y: NDArray[np.bool_], s: NDArray[Any], weight: NDArray[Any] | None) -> float:
    """A positive wins against the negatives below it, and half against its equals."""
    if weight is None:
        negatives, positives = np.sort(s[~y]), np.sort(s[y])
        # there may be more pairs than 32 bits can count
        twice = sum(
            int(np.searchsorted(negatives, positives, side).sum(dtype=np.int64))
            for side in ("left", "right")
        )
        return twice / (2 * len(negatives) * len(positives))
    order = np.argsort(s)
    y, s, weight = y[order], s[order], weight[order]
    negatives, positives, own = s[~y], s[y], weight[y]
    below = np.append(0, np.cumsum(weight[~y]))
    with np.errstate(under="ignore"):
        below /= below[-1]
        left, right = (
            below[np.searchsorted(negatives, positives, side)] for side in ("left", "right")
        )
        # the same sum below as above, so that a perfect order is 1 to the last digit
        return float((own * ((left + right) / 2)).sum() / own.sum())


def _both_classes(y: NDArray[np.bool_]) -> None:
    if y.all() or not y.any():
        raise ValueError(f"y_true must have both classes; got only {int(y[0])}")


def _some_positives(y: NDArray[np.bool_]) -> None:
    if not y.any():
        raise ValueError("y_true must have at least one positive; got only 0")


def _counts_at_thresholds(y, s, weight) -> tuple[NDArray[Any], ...]:
    """True and false positives at each distinct score, from the highest, and the scores.

    They are integers, or sums of weights.
    """
    order = np.argsort(s)[::-1]
    ranked = s[order]
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(s) - 1)  # of each tie
    if weight is None:
        tp = np.cumsum(y[order], dtype=np.int64)[last]
        fp = last + 1 - tp
    else:
        y, weight = y[order], weight[order]
        tp, fp = (np.cumsum(np.where(kind, weight, 0))[last] for kind in (y, ~y))
    thresholds = ranked[last]
    if thresholds.dtype.kind != "f" or thresholds.dtype == np.float16:
        thresholds = thresholds.astype(float)  # which can be inf
    return tp, fp, thresholds

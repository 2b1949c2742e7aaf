"""Layer 3: decisions and rankings: confusion counts, ROC and precision-recall curves.

One convention throughout: a row is flagged (predicted positive) when its score ≥ the threshold.
Only the order of scores matters to a curve, so ±inf are legal and equal scores stand or fall
together: a tie is one point of the curve and half a win in the AUC.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import check_binary, check_pair, check_scores

# ---------------------------------------------------------------- one threshold


class ConfusionCounts(NamedTuple):
    """The four kinds of row, in scikit-learn's order."""

    tn: int
    fp: int
    fn: int
    tp: int


class PrecisionRecallF1(NamedTuple):
    """How many flags are right, how many positives are flagged, and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def confusion_counts(y_true: ArrayLike, y_pred: ArrayLike) -> ConfusionCounts:
    """Confusion counts: true and false negatives and positives, in rows.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_pred : array_like of 0 and 1, shape of y_true
        Decisions, as in ``scores >= threshold``; a single 0 or 1 goes for every row.

    Returns
    -------
    ConfusionCounts
        Named tuple of integers `tn`, `fp`, `fn`, `tp`: the order of scikit-learn's
        ``confusion_matrix(...).ravel()``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> confusion_counts([0, 0, 0, 1, 1], [0, 0, 1, 1, 0])
    ConfusionCounts(tn=2, fp=1, fn=1, tp=1)
    >>> confusion_counts([0, 0, 0, 1], 0)  # whoever never flags misses every positive
    ConfusionCounts(tn=3, fp=0, fn=1, tp=0)
    """
    y, flagged = check_pair(check_binary, check_binary, y_true=y_true, y_pred=y_pred)
    return _confusion(y == 1, flagged == 1)


def precision_recall_f1(y_true: ArrayLike, y_pred: ArrayLike) -> PrecisionRecallF1:
    """Precision tp/(tp + fp), recall tp/(tp + fn) and F1 2·tp/(2·tp + fp + fn), without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_pred : array_like of 0 and 1, shape of y_true
        Decisions, as in ``scores >= threshold``; a single 0 or 1 goes for every row.

    Returns
    -------
    PrecisionRecallF1
        Named tuple of `precision`, `recall` and `f1` in [0, 1]. A share of nothing, 0/0, is 0, as
        in scikit-learn: the precision where nothing is flagged, the recall without positives.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> precision_recall_f1([0, 0, 1, 1, 1, 1], [0, 1, 0, 0, 0, 1])  # 1 of 2 and 1 of 4
    PrecisionRecallF1(precision=0.5, recall=0.25, f1=0.3333333333333333)
    >>> precision_recall_f1([0, 0, 0, 1], 0)
    PrecisionRecallF1(precision=0.0, recall=0.0, f1=0.0)
    """
    _, fp, fn, tp = confusion_counts(y_true, y_pred)
    return PrecisionRecallF1(
        _share(tp, tp + fp), _share(tp, tp + fn), _share(2 * tp, 2 * tp + fp + fn)
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


def roc_curve(y_true: ArrayLike, scores: ArrayLike) -> RocCurve:
    """ROC curve: the shares of negatives and of positives flagged, at every threshold.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels of both classes.
    scores : array_like, shape of y_true
        Probabilities, logits or any scores; ±inf are legal.

    Returns
    -------
    RocCurve
        Named tuple of `fpr`, `tpr` and `thresholds`, each of shape (m + 1,) for m distinct
        scores, in falling order of threshold from inf, where nothing is flagged. (Where a score
        is itself +inf no threshold flags nothing, and the first threshold is NaN.)

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if there is only one class.

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
    y, s = _labels_and_scores(y_true, scores)
    _both_classes(y)
    tp, fp, thresholds = _counts_at_thresholds(y, s)
    nothing = np.inf if thresholds[0] < np.inf else np.nan
    return RocCurve(
        np.append(0, fp) / fp[-1],
        np.append(0, tp) / tp[-1],
        np.append(thresholds.dtype.type(nothing), thresholds),
    )


def roc_auc(y_true: ArrayLike, scores: ArrayLike) -> float:
    """Area under the ROC curve: P(s⁺ > s⁻) + ½·P(s⁺ = s⁻) of a random pair, without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels of both classes.
    scores : array_like, shape of y_true
        Probabilities, logits or any scores; ±inf are legal.

    Returns
    -------
    float
        Area in [0, 1]; ½ is a coin, 1 a perfect order.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if there is only one class.

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
    y, s = _labels_and_scores(y_true, scores)
    _both_classes(y)
    negatives, positives = np.sort(s[~y]), np.sort(s[y])
    # a positive wins against the negatives below it, and half against its equals; there may be more
    # pairs than 32 bits can count
    twice = sum(
        int(np.searchsorted(negatives, positives, side).sum(dtype=np.int64))
        for side in ("left", "right")
    )
    return twice / (2 * len(negatives) * len(positives))


def precision_recall_curve(y_true: ArrayLike, scores: ArrayLike) -> PrecisionRecallCurve:
    """Precision and recall at every threshold.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels with at least one positive.
    scores : array_like, shape of y_true
        Probabilities, logits or any scores; ±inf are legal.

    Returns
    -------
    PrecisionRecallCurve
        Named tuple of `precision`, `recall` and `thresholds`, each of shape (m,) for m distinct
        scores, in falling order of threshold, so with rising recall. (scikit-learn's is the
        reverse, with a last point of recall 0 and precision 1 that no threshold reaches.)

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if there are no positives.

    Examples
    --------
    >>> curve = precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> curve.precision.round(2), curve.recall
    (array([1.  , 0.5 , 0.67, 0.5 ]), array([0.5, 0.5, 1. , 1. ]))
    >>> precision_recall_curve([0, 1, 1, 0], [2.0, 2.0, 2.0, 2.0]).precision  # the base rate
    array([0.5])
    """
    y, s = _labels_and_scores(y_true, scores)
    _some_positives(y)
    tp, fp, thresholds = _counts_at_thresholds(y, s)
    return PrecisionRecallCurve(tp / (tp + fp), tp / tp[-1], thresholds)


def average_precision(y_true: ArrayLike, scores: ArrayLike) -> float:
    """Average precision Σ (R_k − R_{k−1})·P_k over the falling thresholds, without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels with at least one positive.
    scores : array_like, shape of y_true
        Probabilities, logits or any scores; ±inf are legal.

    Returns
    -------
    float
        Mean over the positives of the precision at their own score, in (0, 1]; about the base
        rate for scores that know nothing.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if there are no positives.

    Examples
    --------
    >>> round(average_precision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 4)  # (1/1 + 2/3)/2
    0.8333
    >>> average_precision([0, 1, 0, 0], [2.0, 2.0, 2.0, 2.0])
    0.25
    """
    y, s = _labels_and_scores(y_true, scores)
    _some_positives(y)
    tp, fp, _ = _counts_at_thresholds(y, s)
    return float(np.diff(tp, prepend=0) @ (tp / (tp + fp)) / tp[-1])


# ---------------------------------------------------------------- inside


def _confusion(y: NDArray[np.bool_], flagged: NDArray[np.bool_]) -> ConfusionCounts:
    y, flagged = np.broadcast_arrays(y, flagged)
    positives, flags = np.count_nonzero(y), np.count_nonzero(flagged)
    tp = np.count_nonzero(y & flagged)
    fp, fn = flags - tp, positives - tp
    return ConfusionCounts(*map(int, (y.size - tp - fp - fn, fp, fn, tp)))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _labels_and_scores(y_true: ArrayLike, scores: ArrayLike) -> tuple[NDArray[Any], ...]:
    """Flat labels as booleans, and flat scores in the dtype that came in, in which they differ."""
    y, s = check_pair(check_binary, check_scores, y_true=y_true, scores=scores)
    y, s = np.broadcast_arrays(y, s)
    return y.ravel() == 1, s.ravel()


def _both_classes(y: NDArray[np.bool_]) -> None:
    if y.all() or not y.any():
        raise ValueError(f"y_true must have both classes; got only {int(y[0])}")


def _some_positives(y: NDArray[np.bool_]) -> None:
    if not y.any():
        raise ValueError("y_true must have at least one positive; got only 0")


def _counts_at_thresholds(y, s) -> tuple[NDArray[Any], ...]:
    """True and false positives at each distinct score, from the highest, and the scores."""
    order = np.argsort(s)[::-1]
    ranked = s[order]
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(s) - 1)  # of each tie
    tp = np.cumsum(y[order], dtype=np.int64)[last]
    thresholds = ranked[last]
    if thresholds.dtype.kind != "f" or thresholds.dtype == np.float16:
        thresholds = thresholds.astype(float)  # which can be inf
    return tp, last + 1 - tp, thresholds

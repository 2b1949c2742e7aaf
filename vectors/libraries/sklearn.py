"""scikit-learn: the scores of `metrics`, and a logistic fit for Platt's."""

import numpy as np
import sklearn
from sklearn import linear_model, metrics

NAME, VERSION = "scikit-learn", sklearn.__version__
FUNCTIONS = (
    "metrics.log_loss, brier_score_loss, hinge_loss, roc_auc_score, average_precision_score; "
    "linear_model.LogisticRegression"
)
DIFFERENCES = {
    "log_loss clips probabilities to the eps of their dtype: a certain and wrong forecast costs "
    "what the example shows, a right one is never free, and a tiny one is the eps.": (
        "certain-and-wrong log-of-zero tiny-probability vanishing-gradient "
        "confident-right:binary_cross_entropy confident-right:sparse_categorical_cross_entropy"
    ),
    "Rows that do not sum to 1 are scored as they are, with a warning; a single column is scored "
    "without one.": "not-rescaled single-probability-rows",
    "A column counts as a row where a row was meant.": "column-against-row",
    "hinge_loss takes the only class of a batch for the negative one, whatever labels= says.": (
        "far-logit:hinge_loss plain:hinge_loss"
    ),
    "Any two numbers are two classes, so −1 and 2 pass for labels of 0 and 1.": (
        "negative-label outside-0-1"
    ),
    "With one class roc_auc_score is nan and average_precision_score 0, with a warning.": (
        "one-class"
    ),
    "Scores of ±∞ are refused.": "minus-infinity-logit plain:roc_auc plain:average_precision",
    "A logistic fit without a penalty answers where the classes are separable, and no finite "
    "slope is best.": "separable",
}


def array(values, dtype):
    return np.array(values, dtype=dtype)


def has_none(y_true, reduction):
    """scikit-learn scores labels of one axis, hard ones, and has no loss for each row."""
    soft = ((y_true > 0) & (y_true < 1)).any()
    return reduction == "none" or np.ndim(y_true) > 1 or soft


def binary_cross_entropy(y_true, y_prob, *, reduction, sample_weight=None):
    if has_none(y_true, reduction):
        return NotImplemented
    return metrics.log_loss(
        y_true,
        y_prob,
        labels=[0, 1],
        normalize=reduction == "mean",
        sample_weight=sample_weight,
    )


def sparse_categorical_cross_entropy(labels, probs, *, reduction):
    if has_none(labels, reduction):
        return NotImplemented
    classes = range(np.shape(probs)[-1])
    return metrics.log_loss(labels, probs, labels=classes, normalize=reduction == "mean")


def brier_score(y_true, y_prob, *, reduction, sample_weight=None):
    if reduction != "mean":
        return NotImplemented
    return metrics.brier_score_loss(y_true, y_prob, labels=[0, 1], sample_weight=sample_weight)


def brier_score_multiclass(labels, probs, *, reduction, sample_weight=None):
    if reduction != "mean":
        return NotImplemented
    return metrics.brier_score_loss(
        labels,
        probs,
        labels=range(np.shape(probs)[-1]),
        scale_by_half=False,
        sample_weight=sample_weight,
    )


def hinge_loss(y_true, scores, *, reduction):
    if reduction != "mean":
        return NotImplemented
    return metrics.hinge_loss(y_true, scores, labels=[0, 1])


def roc_auc(y_true, scores, *, sample_weight=None):
    return metrics.roc_auc_score(y_true, scores, sample_weight=sample_weight)


def average_precision(y_true, scores, *, sample_weight=None):
    return metrics.average_precision_score(y_true, scores, sample_weight=sample_weight)


def fit_platt(y_true, scores, *, sample_weight=None):
    fit = linear_model.LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12)
    fit.fit(np.reshape(scores, (-1, 1)), y_true, sample_weight=sample_weight)
    return [fit.coef_[0, 0], fit.intercept_[0]]

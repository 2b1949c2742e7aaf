"""scikit-learn: the scores of `metrics`, `calibration_curve`, and a logistic fit for Platt's."""

import numpy as np
import sklearn
from sklearn import calibration, linear_model, metrics

NAME, VERSION = "scikit-learn", sklearn.__version__
FUNCTIONS = (
    "metrics.log_loss, brier_score_loss, hinge_loss, roc_auc_score, average_precision_score; "
    "linear_model.LogisticRegression"
)


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
        labels, probs, labels=range(np.shape(probs)[-1]), sample_weight=sample_weight
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

"""Notebook 11: levels by softmaxes and searches, options tried out on forecasts and scores."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, softmax
from sklearn.metrics import accuracy_score, f1_score, log_loss, roc_auc_score

import cehelpers as ce

from . import only


def symptom_checker():
    """What each loss makes of three illnesses: does the best forecast say the doctors' shares?"""
    shares = np.array([1.0, 0.75, 0.25])
    row = shares / shares.sum()

    def forecast(loss, read):
        return read(minimize(loss, np.zeros(3), method="BFGS").x)

    def tags(targets):
        return lambda z: ce.binary_cross_entropy_with_logits(targets, z)

    said = {
        "softmax over 40 illnesses": forecast(
            lambda z: ce.categorical_cross_entropy_with_logits([row], [z]),
            softmax,
        ),
        "with the shares as targets": forecast(tags(shares), expit),
        "rounded to 0 or 1": forecast(tags(np.round(shares)), expit),
        "hinge loss": forecast(lambda z: ce.hinge_loss((shares > 0.5).astype(int), z), lambda z: z),
    }
    return only({words: np.allclose(p, shares, atol=0.02) for words, p in said.items()})


def near_miss(q):
    return ce.ranked_probability_score([2], [q])


def stops_early(K):
    return -log_softmax(np.eye(K)[0])[0]


def how_many_rows(first):
    """Add rows of an ignorant classifier until the sum of their losses is nearest to the report."""
    reported, K = first
    row = log_loss(range(K), np.full((K, K), 1 / K))
    return min(range(1, 400), key=lambda rows: abs(rows * row - reported))


def ignorance(counts):
    """Every row of the table pays for what its class is given."""
    labels = np.repeat(np.arange(len(counts)), counts)
    rows = np.tile(np.array(counts) / sum(counts), (len(labels), 1))
    return log_loss(labels, rows, labels=np.arange(len(counts)))


def which_ranks():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 500)
    p = expit(rng.normal(0, 1, 500) + 2 * y - 1)
    metrics = {
        "F1 at the cut": lambda p: f1_score(y, p > 0.5, zero_division=0),
        "accuracy at the cut": lambda p: accuracy_score(y, p > 0.5),
        "AUC": lambda p: roc_auc_score(y, p),
        "log loss": lambda p: log_loss(y, p),
    }
    return only({words: np.isclose(f(p), f(p / 2)) for words, f in metrics.items()})


def report(labels, logits):
    return float(np.mean([-log_softmax(z)[k] for k, z in zip(labels, logits, strict=True)]))

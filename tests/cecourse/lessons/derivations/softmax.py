"""Notebook 05: ratios by 50-digit exponentials, gradients by differences, losses by the peers."""

import numpy as np
from mpmath import exp, log, mp, mpf
from scipy.special import logsumexp
from sklearn.metrics import log_loss

import cehelpers as ce

from . import derivative


def two_points(z):
    """Whatever the others are: the same ratio with two of them and with none."""
    alone = ce.softmax(z)
    in_company = ce.softmax([*z, 9.0, -2.0])
    assert np.isclose(alone[0] / alone[1], in_company[0] / in_company[1])
    return in_company[0] / in_company[1]


def log_sum_exp(z):
    return logsumexp(z)


def one_row(z):
    return ce.sparse_categorical_cross_entropy_with_logits([0], [z])


def gradient(targets, logits):
    """Difference quotients of each row's loss, −Σ t ln q with q in 60 digits."""

    def loss(row, k, x, target):
        with mp.workdps(60):
            z = [mpf(v) for v in row]
            z[k] = x
            total = sum(exp(v) for v in z)
            return -sum(mpf(t) * (v - log(total)) for t, v in zip(target, z, strict=True))

    return np.array(
        [
            [
                derivative(lambda x, k=k, t=t, row=row: loss(row, k, x, t), row[k])
                for k in range(len(row))
            ]
            for t, row in zip(targets, logits, strict=True)
        ]
    )


def repaired(z, labels):
    return ce.sparse_categorical_cross_entropy_with_logits(labels, z)


def three_tags(p):
    return log_loss([1, 0, 1], p)


def weighted(q, w):
    """Each row written down as often as it counts."""
    copies = [q_i for q_i, w_i in zip(q, w, strict=True) for _ in range(w_i)]
    return log_loss([1] * len(copies), copies, labels=[0, 1])

"""Notebook 06: likelihoods by fractions, slopes and Newton steps by differences, bugs tried out."""

from fractions import Fraction

import numpy as np
from mpmath import exp, log, mpf
from scipy.optimize import minimize, minimize_scalar
from scipy.stats import binom

import cehelpers as ce

from . import derivative, only


def three_customers(p):
    left, stayed, also_left = (Fraction(str(x)) for x in p)
    return float(left * (1 - stayed) * also_left)


def wrong_guess(seen):
    """From the binomial probabilities of so many heads."""
    best = minimize_scalar(lambda p: -binom.logpmf(*seen, p), bounds=(0.01, 0.99), method="bounded")
    fair = -binom.logpmf(*seen, 0.5)
    return (fair - best.fun) / seen[1]


def _loss(w, b, x, y):
    """The mean binary cross-entropy of a line, for numbers of any precision."""
    z = [w * mpf(float(x_i)) + b for x_i in x]
    rows = [log(1 + exp(z_i)) - mpf(float(y_i)) * z_i for z_i, y_i in zip(z, y, strict=True)]
    return sum(rows) / len(rows)


def gradients(w, b, x, y):
    return [
        derivative(lambda v: _loss(v, mpf(b), x, y), w),
        derivative(lambda v: _loss(mpf(w), v, x, y), b),
    ]


def newton_step(z, rate):
    def loss(v):
        return log(1 + exp(v)) - mpf(rate) * v

    return z - derivative(loss, z) / derivative(loss, z, order=2)


def find_the_bug():
    """On the first hundred rows of a toy problem: which change leads below the base rate's mark?"""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 2))
    y = (X[:, 0] + rng.normal(size=100) > 0.5).astype(float)
    mark = ce.entropy([y.mean(), 1 - y.mean()])

    def fitted(y, error="cross-entropy", start=0.0, steps=200):
        def loss(theta):
            p = ce.sigmoid(X @ theta[:2, None] + theta[2])
            if error == "squared":
                return np.mean((p - y) ** 2)
            return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

        theta = minimize(loss, np.full(3, start), options={"maxiter": steps}).x
        return ce.binary_cross_entropy_with_logits(y.ravel(), X @ theta[:2] + theta[2])

    changed = {
        "Raise the number of iterations": fitted(y, steps=5000),
        "`p` and `y` the same shape": fitted(y[:, None]),
        "Start at random weights": fitted(y, start=0.7),
        "Minimise the squared error": fitted(y, error="squared"),
    }
    return only({words: loss < mark - 0.05 for words, loss in changed.items()})


def at_its_start(z):
    z = mpf(z)
    of_cross_entropy = derivative(lambda v: log(1 + exp(v)), z)
    of_squared_error = derivative(lambda v: (1 / (1 + exp(-v))) ** 2 / 2, z)
    return of_cross_entropy / of_squared_error


def one_step_right(p, b):
    return ce.sigmoid(ce.logit(p) + b)

"""Notebook 03: the mark by scikit-learn, by counting people, and by the package."""

from sklearn.metrics import log_loss

import cehelpers as ce

from . import only


def medical_test(p):
    return ce.binary_cross_entropy(1, p)


def bce(y, p):
    return ce.binary_cross_entropy(y, p)


def three_forecasts(p):
    return log_loss([1, 1, 1], p, labels=[0, 1])


def seven_of_ten(y, p):
    """Ten doctors, a row each."""
    positive = round(10 * y)
    return log_loss([1] * positive + [0] * (10 - positive), [p] * 10)


def short_batch(short, long, n):
    rows = [short] + [long] * n
    return sum(rows) / len(rows)


def is_it_good():
    constant = log_loss([1] * 10 + [0] * 990, [0.01] * 1000)
    best_possible = 0.0  # somebody may know who leaves
    return only(
        {
            "It is good": constant > 0.10,
            "worse than saying 0.01": constant < 0.10,
            "Nobody can say": False,  # the comparison above needs no accuracy
            "close to the best": abs(0.10 - best_possible) < abs(constant - best_possible),
        }
    )

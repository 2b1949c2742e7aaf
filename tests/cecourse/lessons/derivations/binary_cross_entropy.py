"""Notebook 03: the mark by scikit-learn, by counting people, and by the package."""

from sklearn.metrics import log_loss

import cehelpers as ce

from . import only


def medical_test():
    return ce.binary_cross_entropy(1, 0.85)


def bce(y, p):
    return ce.binary_cross_entropy(y, p)


def three_forecasts():
    return log_loss([1, 1, 1], [0.9, 0.6, 0.2], labels=[0, 1])


def seven_of_ten():
    """Ten doctors, a row each."""
    return log_loss([1] * 7 + [0] * 3, [0.9] * 10)


def short_batch():
    rows = [2.0, 0.5, 0.5, 0.5]
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

"""Notebook 07: both conventions from the package, floors and gaps by a search, a batch in loops."""

from fractions import Fraction

import numpy as np
from scipy.optimize import brentq, minimize_scalar

import cehelpers as ce

from . import only


def which_convention():
    printed = [0.925, 0.025, 0.025, 0.025]
    frameworks, textbooks = (
        np.allclose(ce.smooth_labels([1, 0, 0, 0], 0.1, convention=name), printed, atol=1e-12)
        for name in ("K", "K-1")
    )
    return only(
        {
            "the frameworks'": frameworks and not textbooks,
            "the textbooks'": textbooks and not frameworks,
            "either: for α = 0.1 both": frameworks and textbooks,
            "neither: the true class": not frameworks and not textbooks,
        }
    )


def translate(classes, alpha):
    true = np.eye(classes)[0]
    paper = ce.smooth_labels(true, alpha, convention="K-1")
    return brentq(lambda a: ce.smooth_labels(true, a)[0] - paper[0], 0, 1, xtol=1e-14)


def _row(gap, alpha, classes):
    """The smoothed target, and logits of which the true one lies so far above all the others."""
    true = np.eye(classes)[0]
    return [ce.smooth_labels(true, alpha)], [gap * true]


def floor(classes, alpha):
    return minimize_scalar(
        lambda gap: ce.categorical_cross_entropy_with_logits(*_row(gap, alpha, classes)),
        bounds=(0, 12),
    ).fun


def best_gap(classes, alpha):
    """Where the slope in the true logit changes its sign."""
    return brentq(
        lambda gap: ce.categorical_cross_entropy_with_logits_grad(*_row(gap, alpha, classes))[0, 0],
        0,
        12,
        xtol=1e-13,
    )


def smooth(rows, alpha):
    """Entry by entry, with fractions."""
    alpha = Fraction(float(alpha))
    return [
        [float((1 - alpha) * Fraction(float(y)) + alpha / len(row)) for y in row] for row in rows
    ]


def way_back(says, classes, alpha):
    """How often right, so that the targets of right and wrong rows come to what is said."""
    right, wrong = ce.smooth_labels(np.eye(classes)[0], alpha)[:2]
    return brentq(lambda n: n * right + (1 - n) * wrong - says, 0, 1, xtol=1e-14)

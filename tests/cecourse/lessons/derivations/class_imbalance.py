"""Notebook 09: scores from their counts, cuts from the bills, a weight undone by the package."""

from fractions import Fraction

import numpy as np
from scipy.optimize import brentq
from sklearn.metrics import f1_score, precision_recall_curve

import cehelpers as ce

from . import only


def f1_of_report(n, frauds, flags, found):
    """Payment by payment."""
    counts = [found, flags - found, frauds - found, n - flags - (frauds - found)]
    return f1_score(np.repeat([1, 0, 1, 0], counts), np.repeat([1, 1, 0, 0], counts))


def cheaper_mistake(cost_fp, cost_fn):
    """Where flagging and letting pass have the same mean bill."""
    return brentq(lambda p: (1 - p) * cost_fp - p * cost_fn, 0, 1, xtol=1e-14)


def what_it_means(p, weight):
    return ce.sigmoid(ce.correct_prior(ce.logit(p), weight=weight))


def undo_sampling(p, s):
    """Count payments: a sample of frauds and of a share s of the others, then all the others."""
    p, s = Fraction(p), Fraction(s)
    frauds, kept = p, 1 - p
    others = kept / s
    return float(frauds / (frauds + others))


def weighted_batch(z, weight):
    return ce.binary_cross_entropy_with_logits([1, 0], z, pos_weight=weight)


def what_stays():
    """Scores of a weighted model before and after the step of ln 550."""
    rng = np.random.default_rng(3)
    y = (rng.random(4000) < 0.1).astype(int)
    z = rng.normal(3, 2, 4000) + 2.5 * y

    def best_f1(z):
        precision, recall, cuts = precision_recall_curve(y, z)
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
        return f1.max(), ce.sigmoid(cuts[f1[:-1].argmax()])

    before, after = (
        {
            "the log loss": ce.binary_cross_entropy_with_logits(y, scores),
            "the share of payments flagged": np.mean(ce.sigmoid(scores) >= 0.5),
            "the best F1 that any cut": best_f1(scores)[0],
            "the cut at which F1 is best": best_f1(scores)[1],
        }
        for scores in (z, z - np.log(550))
    )
    return only({words: np.isclose(before[words], after[words]) for words in before})


def flag(z, weight, cost_fp, cost_fn):
    """The bill of each decision, at the probability that the package makes of the raw logit."""
    p = ce.sigmoid(ce.correct_prior(z, weight=weight))
    return [int((1 - x) * cost_fp <= x * cost_fn) for x in p]

"""Questions 11 to 20: tried out, searched, or counted."""

from fractions import Fraction

import numpy as np
from mpmath import exp, log
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_softmax, softmax
from scipy.stats import binom
from sklearn.metrics import log_loss, roc_auc_score

import cehelpers as ce

from . import derivative, only


def q11(p):
    squares = [Fraction(str(share)) ** 2 for share in p]
    return float(squares[0] / sum(squares))


def q12():
    """The best softmax for two tags of five, found by a search."""
    target = np.array([0.5, 0.5, 0, 0, 0])

    def loss(z):
        return -(target * log_softmax(z)).sum()

    p = softmax(minimize(loss, np.array([1.0, 0.2, 0.0, -0.3, 0.1])).x)
    first, second = p[:2]
    return only(
        {
            "About ½ for each": np.allclose(p[:2], 0.5, atol=0.01),
            "Nearly 1 for each": min(first, second) > 0.9,
            "the tag that is easier to see": max(first, second) > 0.9 > 0.1 > min(first, second),
            "the loss is not defined": not np.isfinite(loss(np.zeros(5))),
        }
    )


def q13(p):
    """The cat's surprise as the fox's logit moves."""
    z = [ce.surprisal(share) for share in p]

    def loss(fox):
        return log(exp(fox) + exp(-z[1]) + exp(-z[2])) + z[1]

    return derivative(loss, -z[0])


def q14(seen, p):
    return binom.pmf(*seen, p) / binom.pmf(*seen, 0.5)


def q15():
    """Where does each option hold? Slopes on a grid, and the best forecast for a share of 0.3."""
    z = np.linspace(-20, 20, 4001)
    p = expit(z)
    squared, cross = np.abs((p - 1) * p * (1 - p)), np.abs(p - 1)  # y = 1
    wrong = z < -6
    best = minimize_scalar(lambda p: 0.3 * (p - 1) ** 2 + 0.7 * p**2, bounds=(0, 1)).x
    return only(
        {
            "even with endless data": not np.isclose(best, 0.3),
            "its slope almost vanishes": squared[wrong].max() < 0.01 * cross[wrong].min(),
            "always less accurate": False,  # notebook 06: with Adam both reach 0.97 on new digits
            "Its slope explodes": squared[wrong].max() > cross[wrong].max(),
        }
    )


def q16(one_in, alpha):
    """So many people that ten of them are ill."""
    people = [1] * 10 + [0] * 10 * (one_in - 1)
    return np.mean([ce.smooth_labels([1 - ill, ill], alpha)[1] for ill in people])


def q17():
    """A network that is right on 97% and learns the average smoothed target of each row."""
    answer = 0.97
    claim = ce.smooth_labels(np.append(answer, np.full(9, (1 - answer) / 9)), 0.1)[0]
    gap_before, gap = 0.0, abs(claim - answer)
    return only(
        {
            "It improves": gap < gap_before,
            "It stays": np.isclose(gap, gap_before, atol=0.01),
            "becomes overconfident": gap > gap_before and claim > answer,
            "says less than it could": gap > gap_before and claim < answer,
        }
    )


def q18(said):
    gaps = {days: Fraction(rain, days) - Fraction(str(claim)) for claim, days, rain in said}
    return float(sum(days * abs(gap) for days, gap in gaps.items()) / sum(gaps))


def q19():
    """Held-out rows, as many ones as zeros, ranked without a mistake and badly spoken of."""
    y = np.repeat([1, 0], 50)
    p = np.repeat([0.09, 0.01], 50)
    possible = roc_auc_score(y, p) >= 0.98 and log_loss(y, p) > np.log(2)
    return only(
        {
            "has been computed wrongly": not possible,
            "if one class is very rare": possible and y.mean() < 0.1,  # no class is rare here
            "only on the training rows": False,  # nothing was trained on these rows
            "Yes: it ranks well": possible,
        }
    )


def q20():
    """Five frauds for each of before: which repair makes rows of every kind right again?"""
    said = np.array([0.001, 0.01, 0.2, 0.7])
    true = 5 * said / (5 * said + 1 - said)
    z, wanted = ce.logit(said), ce.logit(true)
    return only(
        {
            "A temperature": np.ptp(wanted / z) < 1e-9,
            "None: the ranking": np.allclose(z, wanted),
            "A shift of all logits": np.ptp(wanted - z) < 1e-9,
            "A new model": False,  # one number is less than a new model
        }
    )

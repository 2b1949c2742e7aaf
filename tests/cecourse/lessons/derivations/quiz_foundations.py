"""Questions 1 to 10: counted, searched, or tried out."""

import numpy as np
from mpmath import exp, log
from scipy.integrate import quad
from scipy.special import expit, rel_entr
from scipy.stats import norm
from sklearn.metrics import accuracy_score, log_loss

import cehelpers as ce

from . import derivative, lowest, only


def q01(deck):
    """Halvings until one of the red cards is left."""
    return float(log(deck[1]) / log(2))


def q02():
    before, after = (ce.entropy(np.full(n, 1 / n), base=2) for n in (64, 32))
    return only(
        {
            "It has halved": np.isclose(after, before / 2),
            "fallen by one bit": np.isclose(after, before - 1),
            "fallen by 32 bits": np.isclose(after, before - 32),
            "without the base": False,  # one bit is one bit, whatever the base of the perplexity
        }
    )


def q03(p):
    """The book of 1, 2, 3 and 3 bits believes in (½, ¼, ⅛, ⅛)."""
    return rel_entr(p, [1 / 2, 1 / 4, 1 / 8, 1 / 8]).sum() / np.log(2)


def q04():
    """The model's own opinion of the other words does not matter: one in a million is priced."""
    p, q = np.array([1 - 1e-6, 1e-6]), np.array([1.0, 0.0])
    rise = ce.cross_entropy(p, q) - ce.cross_entropy([1, 0], q)
    return only(
        {
            "It hardly changes": 0 < rise < 0.01,
            "It is infinite": rise == np.inf,
            "It rises by ln": np.isclose(rise, np.log(1e6)),
            "It does not change": rise == 0,
        }
    )


def q05():
    """The mean bill of three bells, for humps of 60% and 40% ten standard deviations apart."""

    def truth(x):
        return 0.6 * norm.pdf(x, 0) + 0.4 * norm.pdf(x, 10)

    def bill(mean, sd):
        points = {"points": (0, 10), "limit": 200}
        return quad(lambda x: -truth(x) * norm.logpdf(x, mean, sd), -10, 20, **points)[0]

    return lowest(
        {
            "on the larger hump": bill(0, 1),
            "half-way between the humps": bill(5, 1),
            "over both humps": bill(4, 5),
            "On either hump": (bill(0, 1) + bill(10, 1)) / 2,
        }
    )


def q06(p):
    """Over a hundred days, each by itself."""
    rainy = round(100 * p)
    return log_loss([1] * rainy + [0] * (100 - rainy), [p] * 100)


def q07():
    """Two forecasts of the same hundred rows that have these very numbers."""
    p_a, p_b = (np.full(100, p) for p in (0.75, 0.8))
    p_a[:10], p_b[:12] = 0.0330, 0.4216

    def marks_of(copies):
        """Accuracy and log loss of both, on so many copies of the rows."""
        rows = {"A": np.tile(p_a, copies), "B": np.tile(p_b, copies)}
        y = np.ones(100 * copies)
        return {
            name: (accuracy_score(y, p > 0.5), round(log_loss(y, p, labels=[0, 1]), 2))
            for name, p in rows.items()
        }

    marks = marks_of(1)
    both = marks == {"A": (0.90, 0.60), "B": (0.88, 0.30)}
    return only(
        {
            "One of the numbers is wrong": not both,
            "model B's probabilities are worth more": both,
            "Too few rows": marks_of(1000) != marks,
            "Model B is the better": marks["B"] > marks["A"],  # at the cut of ½ A is the better one
        }
    )


def q08(p):
    y = np.append(np.ones(99), 0)
    losses = ce.binary_cross_entropy(y, np.full(100, p), reduction="none")
    return losses[-1] / losses.sum()


def q09(p):
    """For y = 0 the loss is ln(1 + e^z)."""
    return derivative(lambda z: log(1 + exp(z)), ce.logit(p))


def q10():
    """The clipped loss of a row with y = 1 and z = −30, and its difference quotient."""

    def loss(z):
        return -np.log(np.clip(expit(z), 1e-7, 1 - 1e-7))

    finite, slope = loss(-30.0), (loss(-29.9) - loss(-30.1)) / 0.2
    exact = -np.log(expit(-30.0))
    return only(
        {
            "falls from now on": np.isfinite(finite) and slope < 0,
            "ten million times too hard": abs(slope) > 1e6,
            "digits after the seventh": np.isclose(finite, exact, rtol=1e-6),
            "the weights feel nothing": np.isfinite(finite) and slope == 0,
        }
    )

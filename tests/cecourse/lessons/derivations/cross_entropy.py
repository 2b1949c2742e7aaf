"""Notebook 02: divergences by SciPy, files by counting them, and every option of a bug tried."""

import numpy as np
from mpmath import exp, log, mpf
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import entropy as scipy_entropy
from scipy.stats import norm

from . import only


def overpaid(p, q):
    return scipy_entropy(p, q)


def own_kl(p, q):
    return rel_entr(p, q).sum()


def file_size(loss, letters):
    """The fewest bytes whose 256ⁿ files are at least as many as e to the whole loss."""
    messages = exp(mpf(str(loss)) * letters)
    return next(n for n in range(10_000) if mpf(256) ** n >= messages)


def two_files(own, other, letters):
    """log₂ of how many times narrower the wrong book makes the interval, for each letter."""
    narrower = mpf(256) ** other / mpf(256) ** own
    return float(log(narrower, 2) / letters)


def two_test_sets():
    """Two pairs of truths that fit the two losses of one model, with q for the second outcome."""

    def truth(loss, q):
        """The share of the second outcome that makes the model's loss what it is."""
        return brentq(lambda p: scipy_entropy([1 - p, p]) + _kl(p, q) - loss, 0, 1)

    gaps = [_kl(truth(0.50, q), q) - _kl(truth(0.45, q), q) for q in np.linspace(0.65, 0.95, 31)]
    closer, further = max(gaps) > 0.01, min(gaps) < -0.01
    return only(
        {
            "fits the truth of set B better": closer and not further,
            "fits both equally well": not closer and not further,
            "Either of these may be so": closer and further,
            "has learnt something": False,  # q stands still
        }
    )


def _kl(p, q):
    return rel_entr([1 - p, p], [1 - q, q]).sum()


def three_pictures(q):
    """−ln of the geometric mean of what the labels were given."""
    return float(-log(mpf(str(q[0][0])) * mpf(str(q[1][1])) * mpf(str(q[2][0]))) / 3)


def find_the_bug():
    """Two bells a step apart, whose divergence is known: which change finds it in the draws?"""
    truth = quad(lambda x: norm.pdf(x) * (norm.logpdf(x) - norm.logpdf(x, 1)), -12, 12)[0]
    rng = np.random.default_rng(5)
    a, b = rng.normal(0, 1, 40_000), rng.normal(1, 1, 40_000)
    with np.errstate(invalid="ignore"):
        in_order = np.sort(a) * np.log(np.sort(a) / np.sort(b))
        drawn = a * np.log(a / b)
    changed = {
        "`np.sort` must go": abs(np.nanmean(drawn)),
        "must become `np.mean`": abs(np.mean(in_order)),
        "`abs` must go": np.nanmean(in_order),
        "densities at points x drawn from P": np.mean(norm.logpdf(a) - norm.logpdf(a, 1)),
    }
    return only({words: abs(kl - truth) < 0.03 for words, kl in changed.items()})


def half_way(q):
    return jensenshannon([1, 0], q) ** 2

"""Questions 21 to 30: searched, counted, or tried out; what is said of Keras is quoted."""

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, rel_entr
from sklearn.metrics import log_loss, roc_auc_score

import cehelpers as ce

from . import only

SAID = {
    "q30": (
        "on another loss",
        "Keras 3 (here with JAX) divides the logits by their sum and takes logarithms",
    ),
}


def q21(weight, cost):
    """The raw output whose true probability is where flagging begins to pay."""

    def gain(raw):
        p = ce.sigmoid(ce.correct_prior(ce.logit(raw), weight=weight))
        return cost * p - 1 * (1 - p)

    return brentq(gain, 0.01, 0.99, xtol=1e-14)


def q22():
    """What focal loss makes a forecaster say who knows the truth, for every truth."""

    def says(truth):
        def mean(p):
            one, zero = ce.focal_loss([1, 0], [p, p], gamma=2, reduction="none")
            return truth * one + (1 - truth) * zero

        return minimize_scalar(mean, bounds=(1e-4, 1 - 1e-4), method="bounded").x

    truths = np.linspace(0.02, 0.98, 49)
    said = np.array([says(truth) for truth in truths])
    truth = np.interp(0.69, said, truths)
    return only(
        {
            "About 69%": abs(truth - 0.69) < 0.02,
            "More than 69%": truth > 0.71,
            "Less than 69%": truth < 0.67,
            "destroys the order": (np.diff(said) <= 0).any(),
        }
    )


def q23(rates, frauds):
    """100,000 payments, one by one, through the package's counts."""
    recall, alarms, promised = rates
    assert promised == round(recall / (recall + alarms), 4)
    positives = 100 * frauds
    hits, false = round(positives * recall), round((100_000 - positives) * alarms)
    y = np.repeat([1, 0], [positives, 100_000 - positives])
    flagged = np.repeat([1, 0, 1, 0], [hits, positives - hits, false, 100_000 - positives - false])
    return ce.precision_recall_f1(y, flagged).precision


def q24():
    y = np.repeat([1, 0], [18, 9982])
    return 0.042 / log_loss(y, np.full(10_000, 0.0018))


def q25():
    """The model says odds that are 550 times too high: which repair gives the true ones back?"""
    true = np.array([1e-5, 0.0018, 0.2, 0.9])
    raw = 550 * true / (550 * true + 1 - true)
    z = ce.logit(raw)
    temperatures = np.geomspace(0.05, 500, 400)
    return only(
        {
            "Divide every logit by a temperature": any(
                np.allclose(expit(z / T), true, rtol=0.05) for T in temperatures
            ),
            "Subtract ln 550 from every logit": np.allclose(expit(z - np.log(550)), true),
            "Divide every probability by 550": np.allclose(raw / 550, true, rtol=0.05),
            "Nothing: with a cut": np.allclose(raw, true, rtol=0.05),
        }
    )


def q26():
    """A broken input and a wave of fraud: both double the log loss, and neither moves the AUC."""
    p = np.linspace(0.002, 0.3, 400)
    z = ce.logit(p)

    def numbers(truth, z):
        """Log loss and AUC of rows whose true probabilities are known, each row being both."""
        y = np.repeat([1, 0], len(z))
        weights = np.append(truth, 1 - truth)
        said = np.tile(expit(z), 2)
        return (
            log_loss(y, said, sample_weight=weights),
            roc_auc_score(y, said, sample_weight=weights),
        )

    usual = numbers(p, z)
    broken = brentq(lambda b: numbers(p, z + b)[0] - 2 * usual[0], 0, 6)
    wave = brentq(lambda b: numbers(expit(z + b), z)[0] - 2 * usual[0], 0, 6)
    alike = all(
        abs(found[0] / usual[0] - 2) < 1e-6 and abs(found[1] - usual[1]) < 0.05
        for found in (numbers(p, z + broken), numbers(expit(z + wave), z))
    )
    return only(
        {
            "pipeline is broken": not alike,
            "Nothing is wrong": not alike,
            "must be trained again": not alike,
            "Not yet decided": alike,
        }
    )


def q27():
    """Three classes, from ignorance to nearly sure: which report begins and ends as told?"""
    p = np.array([1 / 3, 0.93])
    reports = {
        "better than the entropy": ce.surprisal(p)
        - np.log(3),  # less the entropy of three equal classes
        "where it expects log-probabilities": -p,
        "The sum was reported": 64 * ce.surprisal(p),
    }
    return only(
        {words: np.allclose(found, [-0.33, -0.93], atol=0.01) for words, found in reports.items()}
        | {"has overshot 0": np.log(3) < 0}  # a jump upwards from ln 3 stays above 0
    )


def q28(rows):
    """The rate at which a step of the mean equals one of the sum."""
    rng = np.random.default_rng(0)
    truth, z = np.eye(3)[rng.integers(0, 3, rows)], rng.normal(size=(rows, 3))
    slopes = ce.categorical_cross_entropy_with_logits_grad(truth, z)
    return np.mean(slopes.sum(axis=0) / slopes.mean(axis=0))


def q29(rows, classes, printed):
    """Rows whose mean entry is what was printed: their KL, row by row."""
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(classes), size=rows)
    q = rng.dirichlet(np.ones(classes), size=rows)
    entries = rel_entr(p, q)
    entries *= printed / entries.mean()
    return float(np.mean(entries.sum(axis=1)))

"""Notebook 10: pencil claims from counted payments and from the package."""

from fractions import Fraction

from scipy.optimize import brentq
from scipy.stats import norm

import cehelpers as ce


def constant_loss(report):
    """A thousand payments, all told the base rate."""
    frauds = round(1000 * report[0])
    return ce.bernoulli_nll([1] * frauds + [0] * (1000 - frauds), frauds / 1000) / 1000


def cut_of_550():
    return ce.cost_threshold(1, 550)


def raw_35():
    return ce.sigmoid(ce.correct_prior(ce.logit(0.35), weight=550))


def price_inside():
    """Which price has its cut at 0.35?"""
    return brentq(lambda price: ce.cost_threshold(1, price) - 0.35, 0.1, 10, xtol=1e-13)


def rows_needed(within):
    """The half-width of the interval as a function of the number of rows, solved for it."""
    z = round(norm.ppf(0.975), 2)
    return brentq(lambda n: z * (0.35 * 0.65 / n) ** 0.5 - within, 100, 10_000, xtol=1e-9)


def chain_rule(gate, kind, share):
    """The bill of 100,000 payments, of which the frauds pay for their type as well."""
    frauds = round(100_000 * share)
    return float((100_000 * Fraction(str(gate)) + frauds * Fraction(str(kind))) / 100_000)


def choose_cut(y, p, cost_fp, cost_fn):
    return ce.cost_threshold(cost_fp, cost_fn)


def my_policy(p, amount):
    """Of each payment both bills, one outcome after the other, and the lower of the two."""
    flagged = [(1 - q) * 10 + q * 0 for q in p]
    passed = [(1 - q) * 0 + q * a for q, a in zip(p, amount, strict=True)]
    return [one <= other for one, other in zip(flagged, passed, strict=True)]

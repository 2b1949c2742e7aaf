"""The answers of notebook 13 by another road."""

from fractions import Fraction
from itertools import product

import numpy as np
from scipy.integrate import quad

import cehelpers as ce

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


def soft_target(teacher, student, T):
    """By the package, from both logits."""
    target = ce.softmax([[teacher / T, 0]])
    return T * T * ce.categorical_cross_entropy_with_logits(target, [[student / T, 0]])


# ---------------------------------------------------------------- after pretraining


def dpo(chosen, rejected, ref_chosen, ref_rejected, beta):
    """Bradley and Terry's odds of the two answers, each as strong as its ratio to the power β."""
    strong = np.exp(np.subtract(chosen, ref_chosen)) ** beta
    weak = np.exp(np.subtract(rejected, ref_rejected)) ** beta
    return np.log((strong + weak) / strong)


def k3(logp, logref):
    """The area between 1 and 1/u, from u = 1 to the ratio."""
    ratios = np.exp(logref) / np.exp(logp)
    areas = [quad(lambda u: 1 - 1 / u, 1, r, epsabs=1e-13)[0] for r in np.ravel(ratios)]
    return np.reshape(areas, np.shape(ratios))


def exam(t, sure):
    """The best of all ways to fill in the sheet, with fractions."""
    t, sure = Fraction(str(t)), [Fraction(str(p)) for p in sure]
    gains = [p * 1 - (1 - p) * t / (1 - t) for p in sure]
    sheets = product((0, 1), repeat=len(sure))
    return float(max(sum(g * one for g, one in zip(gains, sheet, strict=True)) for sheet in sheets))


# ---------------------------------------------------------------- how low can it go?

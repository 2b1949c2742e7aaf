"""The answers of notebook 13 by another road."""

import itertools
import math
from fractions import Fraction
from itertools import product

import numpy as np
from mpmath import mp
from scipy.integrate import quad
from scipy.optimize import brentq

import cehelpers as ce

# ---------------------------------------------------------------- the next letter


def back_off(seen, kinds, times, lower):
    """Lend the letters one by one: each of them is an A with the chance of the order below."""
    letters = [Fraction(1)] * times + [Fraction(0)] * (seen - times)
    letters += [Fraction(str(lower))] * kinds
    return float(sum(letters) / len(letters))


# ---------------------------------------------------------------- perplexity and tokens


def perplexity_of_a_text(chances):
    """The number of equal choices that makes the text as improbable as it was."""
    return math.prod(1 / float(p) for p in chances) ** (1 / len(chances))


def two_tokenisers(letters, first, first_tokens, second, second_tokens):
    """The cross-entropy of uniform forecasts, token by token, shared by the letters."""
    bills = []
    for choices, tokens in ((first, first_tokens), (second, second_tokens)):
        rows = [[1 / choices] * choices] * tokens
        bills.append(tokens * ce.sparse_categorical_cross_entropy([0] * tokens, rows))
    return min(bills) / math.log(2) / letters


# ---------------------------------------------------------------- a network that reads


def top_p(row, share):
    """Try every set of classes: the smallest that holds the share, of those the fullest."""
    sets = [
        chosen
        for size in range(1, len(row) + 1)
        for chosen in itertools.combinations(range(len(row)), size)
        if sum(row[k] for k in chosen) >= share - 1e-12
    ]
    best = max(sets, key=lambda chosen: (-len(chosen), sum(row[k] for k in chosen)))
    total = sum(row[k] for k in best)
    return [row[k] / total if k in best else 0.0 for k in range(len(row))]


def temperature_ratio(p, q, T):
    """A softmax with temperature over the two letters and all the rest as a third."""
    warm = ce.softmax(np.log([p, q, 1 - p - q]), temperature=T)
    return warm[0] / warm[1]


# ---------------------------------------------------------------- means that lie


def masked_loss(losses, mask):
    """Letter by letter, with fractions."""
    found = [
        Fraction(float(x))
        for row, letters in zip(losses, mask, strict=True)
        for x, counts in zip(row, letters, strict=True)
        if counts
    ]
    return float(sum(found) / len(found))


def two_micro_batches(few, dear, many, cheap):
    """From the whole list of tokens."""
    tokens = [dear] * few + [cheap] * many
    return np.mean([np.mean(tokens[:few]), np.mean(tokens[few:])]) - np.mean(tokens)


# ---------------------------------------------------------------- fifty thousand classes


def merge(top, total, new_top, new_total):
    """In 40 digits and without a thought of overflow, from the log-sum-exp of the two."""
    with mp.workdps(40):
        whole = total * mp.exp(top) + new_total * mp.exp(new_top)
        highest = max(top, new_top)
        return highest, float(mp.exp(mp.log(whole) - highest))


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


def half_of_the_excess(a, E):
    """By a search, for an A of our own."""
    excess = 400 * 1e6**-a
    return brentq(lambda k: E + 400 * (k * 1e6) ** -a - E - excess / 2, 1, 1e4, xtol=1e-12)

"""The answers of notebook 13 by another road."""

import math
from fractions import Fraction

import numpy as np
from mpmath import mp

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


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?

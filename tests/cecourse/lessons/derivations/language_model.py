"""The answers of notebook 13 by another road."""

from fractions import Fraction

import numpy as np
from mpmath import mp

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


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

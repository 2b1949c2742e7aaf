"""The answers of notebook 13 by another road."""

import itertools

import numpy as np
from scipy.optimize import brentq

import cehelpers as ce

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


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


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?


def half_of_the_excess(a, E):
    """By a search, for an A of our own."""
    excess = 400 * 1e6**-a
    return brentq(lambda k: E + 400 * (k * 1e6) ** -a - E - excess / 2, 1, 1e4, xtol=1e-12)

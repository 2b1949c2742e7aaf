"""Wrong answers to the exercises of notebook 01."""

import math
from collections import Counter
from fractions import Fraction

import numpy as np
from scipy.special import entr

snow = {
    "natural logarithm": -math.log(0.05),
    "the chance itself": 0.05,
    "base 10, typed from a pocket calculator": 1.301,
    "forgot the minus": math.log2(0.05),
    "1 / p": 20,
    "1 - p for p": -math.log2(0.95),
    "from nats to bits the wrong way": -math.log(0.05) * math.log(2),
    "entropy of snow or not": -0.05 * math.log2(0.05) - 0.95 * math.log2(0.95),
    "five per cent taken as 5": -math.log2(5),
    "a guess": 5,
}

P = [0.6, 0.3, 0.1]
spinner = {
    "nats": -sum(x * math.log(x) for x in P),
    "surprises summed without weights": -sum(math.log2(x) for x in P),
    "divided the weighted sum by 3": -sum(x * math.log2(x) for x in P) / 3,
    "log2 of 3, as for equal chances": math.log2(3),
    "forgot the minus": sum(x * math.log2(x) for x in P),
    "the perplexity": 2.4545,
    "forgot blue": -0.6 * math.log2(0.6) - 0.3 * math.log2(0.3),
    "surprises rounded to one decimal on the way": 1.26,
    "nats, then times ln 2": 0.622,
    "a guess": 1.5,
}

back_from_nats = {
    "2 to the power": 2**1.386,
    "10 to the power": 10**1.386,
    "the entropy as it stands": 1.386,
    "logarithm once more": math.log(1.386),
    "turned into bits and stopped": 1.386 / math.log(2),
    "e to the minus H": math.exp(-1.386),
    "times ln 2": 1.386 * math.log(2),
    "times ln 2, then 2 to the power": 2 ** (1.386 * math.log(2)),
    "bits, then e to the power": math.exp(1.386 / math.log(2)),
    "a guess": 42,
}


def in_nats(p):
    return -sum(x * math.log(x) for x in p if x > 0)


def zeros_crash(p):
    h = 0
    for x in p:
        h = h - x * math.log2(x)
    return h


def numpy_nan(p):
    p = np.array(p)
    return -np.sum(p * np.log2(p))


def no_minus(p):
    total = 0
    for x in p:
        if x != 0:
            total += x * math.log2(x)
    return total


def mean_of_terms(p):
    p = np.asarray(p, dtype=float)
    terms = np.where(p > 0, -p * np.log2(np.where(p > 0, p, 1)), 0)
    return terms.mean()


def unweighted(p):
    return sum(-math.log2(x) for x in p if x > 0)


def return_in_loop(p):
    h = 0
    for x in p:
        if x > 0:
            h -= x * math.log2(x)
        return h


def large_eps(p):
    p = np.array(p) + 1e-3
    return float(-(p * np.log2(p)).sum())


def stops_at_zero(p):
    h = 0.0
    i = 0
    while i < len(p) and p[i] > 0:
        h += p[i] * math.log2(1 / p[i])
        i += 1
    return h


def terms_only(p):
    return [-x * math.log2(x) if x > 0 else 0.0 for x in p]


def prints_it(p):
    h = -sum(x * math.log2(x) for x in p if x > 0)
    print("entropy:", h)


def removes_while_looping(p):
    h = 0
    for x in p:
        if x == 0:
            p.remove(x)
        else:
            h -= x * math.log2(x)
    return h


def mask_on_a_list(p):
    nonzero = p[p > 0]
    return -np.sum(nonzero * np.log2(nonzero))


def drops_equal_ones(p):
    return -sum(x * math.log2(x) for x in set(p) if x > 0)


def nats_and_mean(p):
    p = np.asarray(p, dtype=float)
    q = p[p > 0]
    return -np.mean(q * np.log(q))


def counts_the_list(p):
    n = len(p)
    return -sum(c / n * math.log2(c / n) for c in Counter(p).values())


entropy_in_bits = {
    "natural logarithm": in_nats,
    "log2 of 0 stops with an error": zeros_crash,
    "NumPy gives nan for a zero": numpy_nan,
    "forgot the minus": no_minus,
    "mean of the terms for their sum": mean_of_terms,
    "surprises not weighted": unweighted,
    "return inside the loop": return_in_loop,
    "adds 0.001 to every probability": large_eps,
    "stops at the first zero": stops_at_zero,
    "returns the list of terms": terms_only,
    "prints and returns nothing": prints_it,
    "removes the zeros from the list while looping": removes_while_looping,
    "NumPy mask on a plain list": mask_on_a_list,
    "set() drops equal probabilities": drops_equal_ones,
    "nats and a mean": nats_and_mean,
    "entropy of how often each value stands in the list": counts_the_list,
}


def by_splitting(p):
    """One outcome against the rest, then the rest rescaled."""
    if len(p) < 2 or p[0] == 1:
        return 0.0
    a, rest = p[0], 1 - p[0]
    h = sum(-x * math.log(x, 2) for x in (a, rest) if x)
    return h + rest * by_splitting([x / rest for x in p[1:]])


RIGHT_entropy_in_bits = {
    "one outcome against the rest, recursively": by_splitting,
    "SciPy's entr, as float32": lambda p: np.float32(entr(p).sum() / np.log(2)),
    "log of a product of powers": lambda p: (
        -math.log2(math.prod(float(Fraction(x)) ** x for x in p))
    ),
}

GUESSES = [1, 1, 3, 1, 1, 2, 1, 2, 1, 1]
Q = [0.7, 0.2, 0.1]
ten_letters = {
    "nats": -sum(x * math.log(x) for x in Q),
    "the lower bound": 2 * (0.2 - 0.1) * math.log2(2) + 3 * 0.1 * math.log2(3),
    "mean number of guesses": sum(GUESSES) / 10,
    "mean of log2 of the guesses": sum(math.log2(g) for g in GUESSES) / 10,
    "the guesses themselves made into probabilities": -sum(
        g / 14 * math.log2(g / 14) for g in GUESSES
    ),
    "miscounted: six ones, three twos": 1.2955,
    "counts not divided by ten": -sum(c * math.log2(c) for c in (7, 2, 1)),
    "log2 of ten letters": math.log2(10),
    "nats of the lower bound": 0.2 * math.log(2) + 0.3 * math.log(3),
    "a guess": 1.5,
}

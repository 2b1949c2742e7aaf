"""Wrong answers to the exercises of notebook 03."""

import math
from fractions import Fraction

import numpy as np
from scipy.special import xlog1py, xlogy

medical_test = {
    "bits": -math.log2(0.85),
    "base 10, typed": 0.0706,
    "the probability of not being ill": -math.log(0.15),
    "the chance itself": 0.85,
    "forgot the minus": math.log(0.85),
    "the entropy of the forecast": -0.85 * math.log(0.85) - 0.15 * math.log(0.15),
    "both logarithms added": -math.log(0.85) - math.log(0.15),
    "0.85 taken for a logit": math.log(1 + math.exp(-0.85)),
    "bits of the wrong outcome": -math.log2(0.15),
    "a guess": 0.5,
}


def eps_clip(y, p, eps=1e-12):
    total = 0.0
    for y_i, p_i in zip(y, p):
        p_i = min(max(p_i, eps), 1 - eps)
        total -= y_i * math.log(p_i) + (1 - y_i) * math.log(1 - p_i)
    return total / len(y)


def eps_in_log(y, p):
    t = 0
    for i in range(len(y)):
        t += y[i] * math.log(p[i] + 1e-15) + (1 - y[i]) * math.log(1 - p[i] + 1e-15)
    return -t / len(y)


def _row(y, p, log=math.log):
    loss = 0.0
    if y > 0:
        loss += y * -log(p) if p > 0 else math.inf
    if y < 1:
        loss += (1 - y) * -log(1 - p) if p < 1 else math.inf
    return loss


def sum_for_mean(y, p):
    return sum(_row(a, b) for a, b in zip(y, p))


def in_bits(y, p):
    rows = [_row(a, b, math.log2) for a, b in zip(y, p)]
    return sum(rows) / len(rows)


def exchanged(y, p):
    return sum(_row(b, a) for a, b in zip(y, p)) / len(y)


def hard_labels(y, p):
    total = 0
    for a, b in zip(y, p):
        chance = b if a == 1 else 1 - b
        total += -math.log(chance) if chance > 0 else math.inf
    return total / len(y)


def bare_formula(y, p):
    n = len(y)
    return -sum(y[i] * math.log(p[i]) + (1 - y[i]) * math.log(1 - p[i]) for i in range(n)) / n


def infinite_for_any_extreme(y, p):
    if 0 in p or 1 in p:
        return math.inf
    return bare_formula(y, p)


def skips_impossible_rows(y, p):
    total = 0
    for a, b in zip(y, p):
        r = _row(a, b)
        if r != math.inf:
            total += r
    return total / len(y)


def return_in_loop(y, p):
    total = 0
    for a, b in zip(y, p):
        total += _row(a, b)
        return total / len(y)


def positive_half(y, p):
    total = 0
    for a, b in zip(y, p):
        if a == 0:
            continue
        if b == 0:
            return math.inf
        total -= a * math.log(b)
    return total / len(y)


def hundred_cap(y, p):
    def ln(x):
        return max(math.log(x), -100) if x > 0 else -100

    return -sum(a * ln(b) + (1 - a) * ln(1 - b) for a, b in zip(y, p)) / len(y)


def infinite_for_hard_only(y, p):
    total = 0
    for a, b in zip(y, p):
        if a == b:
            continue
        if (a, b) in ((1, 0), (0, 1)):
            return math.inf
        total += a * math.log(b) + (1 - a) * math.log(1 - b)
    return -total / len(y)


def numpy_nan(y, p):
    y, p = np.array(y), np.array(p)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def nan_to_num(y, p):
    y, p = np.array(y, float), np.array(p, float)
    with np.errstate(all="ignore"):
        rows = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return float(np.mean(np.nan_to_num(rows)))


def clips_in_place(y, p):
    for i, b in enumerate(p):
        p[i] = min(max(b, 1e-7), 1 - 1e-7)
    return bare_formula(y, p)


def sum_in_bits(y, p):
    return sum(_row(a, b, math.log2) for a, b in zip(y, p))


bce = {
    "clip at 1e-12": eps_clip,
    "1e-15 inside the logarithms": eps_in_log,
    "sum for mean": sum_for_mean,
    "bits": in_bits,
    "y and p exchanged": exchanged,
    "hard labels only, anything else is a no": hard_labels,
    "infinite for every forecast of 0 or 1": infinite_for_any_extreme,
    "rows of infinite loss left out": skips_impossible_rows,
    "return inside the loop": return_in_loop,
    "only the half with y ln p": positive_half,
    "logarithms stopped at -100": hundred_cap,
    "infinity for hard labels only, an error for soft ones": infinite_for_hard_only,
    "NumPy gives nan": numpy_nan,
    "nan_to_num over the rows": nan_to_num,
    "clips the caller's list": clips_in_place,
    "sum, and bits": sum_in_bits,
}


def by_likelihood(y, p):
    likelihood = math.prod(b**a * (1 - b) ** (1 - a) for a, b in zip(y, p))
    return -math.log(likelihood) / len(y) if likelihood else math.inf


def with_fractions(y, p):
    total = Fraction(0)
    for a, b in zip(y, p):
        for share, chance in ((a, b), (1 - a, 1 - b)):
            if share > 0:
                if chance <= 0:
                    return float("inf")
                total -= Fraction(share) * Fraction(math.log(chance))
    return total / len(y)


RIGHT_bce = {
    "logarithm of the likelihood": by_likelihood,
    "SciPy, as float32": lambda y, p: np.float32(
        -np.mean(xlogy(y, p) + xlog1py(1 - np.array(y), -np.array(p)))
    ),
    "returns a Fraction": with_fractions,
}

G = [0.9, 0.6, 0.2]
three_forecasts = {
    "sum for mean": -sum(math.log(g) for g in G),
    "log of the mean": -math.log(sum(G) / 3),
    "bits": -sum(math.log2(g) for g in G) / 3,
    "forgot the minus": sum(math.log(g) for g in G) / 3,
    "the last one taken for a miss": -(math.log(0.9) + math.log(0.6) + math.log(0.8)) / 3,
    "likelihood, the product": 0.108,
    "the worst row left out": -(math.log(0.9) + math.log(0.6)) / 2,
    "surprises rounded to one decimal": 0.733,
    "bits, and the sum": 3.211,
    "a guess": 0.5,
}

seven_of_ten = {
    "only the half with y": -0.7 * math.log(0.9),
    "hard label": -math.log(0.9),
    "label and forecast exchanged": -0.9 * math.log(0.7) - 0.1 * math.log(0.3),
    "KL, the label's entropy subtracted": 0.7645 - 0.6109,
    "the label's entropy": -0.7 * math.log(0.7) - 0.3 * math.log(0.3),
    "bits": -0.7 * math.log2(0.9) - 0.3 * math.log2(0.1),
    "second half without its weight": -0.7 * math.log(0.9) - math.log(0.1),
    "weights exchanged": -0.3 * math.log(0.9) - 0.7 * math.log(0.1),
    "exchanged, and in bits": 0.637,
    "a guess": 0.2,
}

short_batch = {
    "mean of the two batch means": (2 + 0.5) / 2,
    "sum over the rows": 3.5,
    "sum of the batch means": 2.5,
    "sum over the rows, divided by two batches": 3.5 / 2,
    "divided by three rows": 3.5 / 3,
    "weights exchanged": (2 * 3 + 0.5) / 4,
    "0.5 taken for the sum of the three": (2 + 0.5) / 4,
    "0.5 divided by three, then the mean of batches": (2 + 0.5 / 3) / 2,
    "the row in the middle": 0.5,
    "a guess": 1,
}

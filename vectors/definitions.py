"""What losses, divergences, scores and fits are by definition, in mpmath's numbers.

Each definition is that of a textbook; none uses the formulas of a package.
"""

from bisect import bisect_left
from itertools import groupby

from mpmath import inf, mp, mpf

WORKING_DIGITS = 700  # 1 − 1e-300 must not round to 1

# ---------------------------------------------------------------- one forecast


def log(x):
    return mp.log(x) if x > 0 else -inf


def times(a, b):
    return mpf(0) if a == 0 or b == 0 else a * b


def sigmoid(z):
    return 1 / (1 + mp.exp(-z)) if z > -inf else mpf(0)


def softmax(z):
    if inf in z:
        return [mpf(v == inf) for v in z]
    e = [mp.exp(v) for v in z]
    return [v / sum(e) for v in e]


def logsumexp(z):
    return log(sum(mp.exp(v) for v in z)) if inf not in z else inf


def logit(p):
    return log(p) - log(1 - p)


def softplus(z):
    return log(1 + mp.exp(z))


def bce(y, p, eps=0):
    p = min(max(p, mpf(eps)), 1 - mpf(eps))
    return times(y, -log(p)) + times(1 - y, -log(1 - p))


def bce_logits(y, z, pos_weight=1):
    return times(pos_weight * y, -log(sigmoid(z))) + times(1 - y, -log(sigmoid(-z)))


def focal(y, p_1, p_0, gamma, alpha):
    p_t, p_other = (p_1, p_0) if y == 1 else (p_0, p_1)
    weight = 1 if alpha is None else alpha if y == 1 else 1 - alpha
    return weight * times(p_other**gamma if gamma else mpf(1), -log(p_t))


def sparse_focal(label, z, gamma):
    p = softmax(z)
    return focal(1, p[label], sum(p[:label] + p[label + 1 :]), gamma, None)


def cross_entropy(p, q):
    return sum(times(a, -log(b)) for a, b in zip(p, q, strict=True))


def kl(p, q):
    """With Σq − Σp, as documented: rows of floats rarely sum to exactly 1."""
    return cross_entropy(p, q) - cross_entropy(p, p) - sum(p) + sum(q)


def js(p, q):
    m = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    return (
        cross_entropy(p, m) - cross_entropy(p, p) + cross_entropy(q, m) - cross_entropy(q, q)
    ) / 2


def smooth(t, alpha, convention="K"):
    """The share α of a row spread over all classes, or over the others ("K-1")."""
    classes = len(t)
    if convention == "K":
        return [(1 - alpha) * v + alpha / classes for v in t]
    return [(1 - alpha) * v + alpha * (1 - v) / (classes - 1) for v in t]


def one_hot(label, classes):
    return [mpf(k == label) for k in range(classes)]


def ranked_probability(label, p):
    """With the upper tails as 1 − F, so that a row counts as it is: see `kl`."""
    below = [sum(p[: k + 1]) for k in range(len(p) - 1)]
    above = [sum(p[k + 1 :]) for k in range(len(p) - 1)]
    return sum(below[k] ** 2 if k < label else above[k] ** 2 for k in range(len(p) - 1))


def cumulative_link(label, s, cuts):
    upper = mpf(1) if label == len(cuts) else sigmoid(cuts[label] - s)
    lower = mpf(0) if label == 0 else sigmoid(cuts[label - 1] - s)
    return -log(upper - lower)


def brier_multiclass(label, p):
    return sum((v - (k == label)) ** 2 for k, v in enumerate(p))


def hinge(y, s):
    return max(mpf(0), 1 - (2 * y - 1) * s)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


# ---------------------------------------------------------------- bins


def uniform_cuts(n_bins):
    """The inner edges k/n, each the nearest float64: what a 0.3 is held against."""
    return [mpf(k / n_bins) for k in range(1, n_bins)]


def quantile_cuts(p, n_bins):
    """The last of each part but one, as k·n/n_bins rows lie below; equal ones are one edge."""
    ends = [k * len(p) // n_bins for k in range(1, n_bins)]
    return sorted({sorted(p)[end - 1] for end in ends if end})


def bins(y, p, weights, cuts):
    """Weight, mean prediction and share of ones of each bin (lo, hi] that has rows."""
    rows = sorted(
        (bisect_left(cuts, b), w, a, b) for a, b, w in zip(y, p, weights, strict=True) if w
    )
    for _, found in groupby(rows, key=lambda row: row[0]):
        found = list(found)
        total = sum(w for _, w, _, _ in found)
        share = sum(w * a for _, w, a, _ in found) / total
        yield total, sum(w * b for _, w, _, b in found) / total, share


# ---------------------------------------------------------------- order


def auc(y, scores, weights):
    """The share of pairs in the right order, by weight; a tie is half a pair."""
    rows = list(zip(y, scores, weights, strict=True))
    won = pairs = mpf(0)
    for _, s, w in (row for row in rows if row[0]):
        for _, other, v in (row for row in rows if not row[0]):
            pairs += w * v
            won += w * v * (mpf(s > other) + mpf(s == other) / 2)
    return won / pairs


def average_precision(y, scores, weights):
    """Σ (R_k − R_{k−1})·P_k over the falling thresholds."""
    tp = flagged = area = mpf(0)
    rows = sorted(zip(scores, y, weights, strict=True), reverse=True)
    for _, tied in groupby(rows, key=lambda row: row[0]):
        tied = list(tied)
        won = sum(w * a for _, a, w in tied)
        tp, flagged = tp + won, flagged + sum(w for *_, w in tied)
        if won:
            area += won * tp / flagged
    return area / tp


# ---------------------------------------------------------------- fits


def root(increasing, low, high):
    """The root of an increasing function: from a bracket that widens as it must."""
    while increasing(low) > 0:
        low -= high - low
    while increasing(high) < 0:
        high += high - low
    return mp.findroot(increasing, (low, high), solver="anderson", maxsteps=10_000)


def temperature(labels, rows, weights):
    """T of least cross-entropy of z/T: with β = 1/T, where Σ w·(Σ p_k z_k − z_label) is 0."""

    def slope(beta):
        total = mpf(0)
        for label, z, w in zip(labels, rows, weights, strict=True):
            p = softmax([beta * v for v in z])
            total += w * sum(times(a, v - z[label]) for a, v in zip(p, z, strict=True))
        return total

    assert slope(0) < 0, "no T is best"
    return 1 / root(slope, mpf(0), mpf(1))


def bias(targets, z, weights):
    """b of least cross-entropy of z + b: where Σ w·(σ(z + b) − t) is 0."""

    def slope(b):
        rows = zip(targets, z, weights, strict=True)
        return sum(w * (sigmoid(v + b) - t) for t, v, w in rows)

    return root(slope, mpf(-1), mpf(1))


def platt_targets(y, weights):
    """(n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2) in place of 1 and 0."""
    ones = sum(w for a, w in zip(y, weights, strict=True) if a)
    zeros = sum(weights) - ones
    return [(ones + 1) / mpf(ones + 2) if a else 1 / mpf(zeros + 2) for a in y]


def platt(targets, s, weights):
    """a and b of least cross-entropy of a·s + b; b is that of each a, and the rest has one root."""

    def of(a):
        with mp.extradps(20):
            return bias(targets, [a * v for v in s], weights)

    def slope(a):
        b, rows = of(a), zip(targets, s, weights, strict=True)
        return sum(w * v * (sigmoid(a * v + b) - t) for t, v, w in rows)

    a = root(slope, mpf(-1), mpf(1))
    return [a, of(a)]

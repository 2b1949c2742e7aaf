"""Answers to the exercises of lesson 05, as students give them."""

import math

import numpy as np

import cehelpers as ce

two_points = {
    "ratio of the two logits": 5 / 3,
    "difference of the two logits": 2,
    "exponential of the ratio of the logits": math.exp(5 / 3),
    "sigmoid of the difference: the fox's share of two": ce.sigmoid(2.0),
    "cat against fox": math.exp(3) / math.exp(5),
    "base 2 instead of e": 2**2,
    "how many times MORE: ratio minus one": math.exp(2) - 1,
    "with e typed as 2.7": 7.29,
    "in per cent": 738.9,
    "a guess": 2.5,
}

_z = np.array([2.0, 1.0, 0.1])
_q = np.exp(_z) / np.exp(_z).sum()

one_row = {
    "the probability, no logarithm": 0.659,
    "minus the probability": -0.659,
    "softmax twice": -math.log(ce.softmax(_q)[0]),
    "in bits": -math.log2(_q[0]),
    "divided by the three classes": -math.log(_q[0]) / 3,
    "logits divided by their sum": -math.log(2 / 3.1),
    "log-sum-exp, the logit not taken off": 2.417,
    "classes counted from one: class 1's loss": 1.417,
    "q rounded to 0.7": 0.357,
    "a guess: the base rate's ln 3": 1.0986,
}

_p, _y = np.array([0.9, 0.4, 0.7]), np.array([1, 0, 1])

three_tags = {
    "sum instead of mean": -math.log(0.9) - math.log(0.6) - math.log(0.7),
    "only the tags that hold, over three": -(math.log(0.9) + math.log(0.7)) / 3,
    "0.4 for rain instead of 0.6": -np.log(_p).mean(),
    "1 - p everywhere": -np.mean(_y * np.log(1 - _p) + (1 - _y) * np.log(_p)),
    "in bits": 0.4678,
    "log of the mean": -math.log((0.9 + 0.6 + 0.7) / 3),
    "terms rounded to one digit": 0.333,
    "sigmoid over the probabilities again": ce.binary_cross_entropy_with_logits(_y, _p),
    "sum, in bits": -np.log2([0.9, 0.6, 0.7]).sum(),
    "a guess": 0.5,
}

weighted = {
    "divided by n = 2": (-math.log(0.8) - 3 * math.log(0.4)) / 2,
    "weights forgotten": (-math.log(0.8) - math.log(0.4)) / 2,
    "not divided": -math.log(0.8) - 3 * math.log(0.4),
    "weights exchanged": (-3 * math.log(0.8) - math.log(0.4)) / 4,
    "log of the weighted mean of q": -math.log((0.8 + 3 * 0.4) / 4),
    "in bits": (-math.log2(0.8) - 3 * math.log2(0.4)) / 4,
    "weight inside the logarithm": -(math.log(0.8) + math.log(3 * 0.4)) / 4,
    "losses rounded to one digit": 0.725,
    "weights exchanged, divided by two": (-3 * math.log(0.8) - math.log(0.4)) / 2,
    "a guess": 0.6,
}


# log_sum_exp(z)


def _lse_plain(z):
    return math.log(sum(math.exp(s) for s in z))


def _lse_numpy(z):
    return np.log(np.sum(np.exp(np.array(z, dtype=float))))


def _lse_no_add(z):
    m = max(z)
    return math.log(sum(math.exp(s - m) for s in z))


def _lse_nan(z):
    z = np.asarray(z, dtype=float)
    m = z.max()
    return m + np.log(np.exp(z - m).sum())


def _lse_bits(z):
    m = max(z)
    if m == -math.inf:
        return m
    return m + math.log2(sum(math.exp(s - m) for s in z))


def _lse_mean(z):
    z = np.asarray(z, dtype=float)
    m = z.max()
    if np.isneginf(m):
        return -np.inf
    return m + np.log(np.mean(np.exp(z - m)))


def _lse_clip(z):
    z = np.clip(z, -700, 700)
    return float(np.log(np.exp(z).sum()))


def _lse_centre(z):
    z = np.asarray(z, dtype=float)
    m = z.mean()
    return m + np.log(np.sum(np.exp(z - m)))


def _lse_log1p(z):
    m = max(z)
    if m == -math.inf:
        return -math.inf
    return m + math.log1p(sum(math.exp(s - m) for s in z))


def _lse_early(z):
    m = max(z)
    if m == -math.inf:
        return -math.inf
    total = 0.0
    for s in z:
        total += math.exp(s - m)
        return m + math.log(total)


def _lse_start_at_0(z):
    total = 0.0
    for s in z:
        hi, lo = max(total, s), min(total, s)
        total = hi + math.log1p(math.exp(lo - hi))
    return total


def _lse_any_inf(z):
    if any(s == -math.inf for s in z):
        return -math.inf
    m = max(z)
    return m + math.log(sum(math.exp(s - m) for s in z))


def _lse_abs(z):
    m = max(abs(s) for s in z if s != -math.inf)
    return m + math.log(sum(math.exp(s - m) for s in z))


def _lse_without_the_one(z):
    ordered = sorted(z)
    m = ordered[-1]
    if m == -math.inf:
        return m
    rest = sum(math.exp(s - m) for s in ordered[:-1])
    return m + rest


def _lse_large_only(z):
    if max(z) > 700:
        return max(z)
    if max(z) == -math.inf:
        return -math.inf
    return math.log(sum(math.exp(s) for s in z))


log_sum_exp = {
    "naive, plain math": _lse_plain,
    "naive, NumPy: inf for 1000": _lse_numpy,
    "the maximum not added again": _lse_no_add,
    "nan where all scores are -inf": _lse_nan,
    "base 2 for the logarithm": _lse_bits,
    "mean for sum": _lse_mean,
    "scores clipped to +-700": _lse_clip,
    "mean taken off instead of the maximum": _lse_centre,
    "log1p, a one too many": _lse_log1p,
    "return inside the loop": _lse_early,
    "running total begins at 0, not at -inf": _lse_start_at_0,
    "-inf as soon as one score is -inf": _lse_any_inf,
    "largest absolute score taken off": _lse_abs,
    "sorted: first order of log1p for the rest": _lse_without_the_one,
    "the maximum alone if it is large, else naive": _lse_large_only,
    "just the maximum": lambda z: max(z),
}


def _right_lse_stream(z):
    m, total = -math.inf, 0.0
    for s in z:
        if s == -math.inf:
            continue
        if s > m:
            total = total * math.exp(m - s) + 1.0
            m = s
        else:
            total += math.exp(s - m)
    return m + math.log(total) if total else -math.inf


def _right_lse_sorted(z):
    *rest, m = sorted(z)
    if m == -math.inf:
        return -math.inf
    return m + math.log1p(math.fsum(math.exp(s - m) for s in rest))


RIGHT_log_sum_exp = {
    "np.logaddexp.reduce": lambda z: np.logaddexp.reduce(np.array(z, dtype=float)),
    "one pass with a running maximum": _right_lse_stream,
    "sorted, log1p of the rest": _right_lse_sorted,
}


# gradient(targets, logits)


def _g_softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _g_keepdims(targets, logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1) - targets


def _g_naive(targets, logits):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        return e / e.sum(axis=1, keepdims=True) - targets


def _g_true_only(targets, logits):
    p = _g_softmax(logits)
    out = np.zeros_like(p)
    for i in range(len(p)):
        k = targets[i].argmax()
        out[i, k] = p[i, k] - 1
    return out


def _g_hard(targets, logits):
    g = _g_softmax(logits)
    labels = targets.argmax(axis=1)
    g[np.arange(len(g)), labels] -= 1
    return g


def _g_sigmoid(targets, logits):
    return 1 / (1 + np.exp(-np.clip(logits, -500, 500))) - targets


def _g_twice(targets, logits):
    return _g_softmax(_g_softmax(logits)) - targets


def _g_in_p(targets, logits):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -targets / _g_softmax(logits)


def _g_global_max(targets, logits):
    e = np.exp(logits - logits.max())
    with np.errstate(invalid="ignore"):
        return e / e.sum(axis=1, keepdims=True) - targets


def _g_clip(targets, logits):
    e = np.exp(np.clip(logits, -10, 10))
    return e / e.sum(axis=1, keepdims=True) - targets


def _g_first_row(targets, logits):
    for y, z in zip(targets, logits):
        e = np.exp(z - z.max())
        return e / e.sum() - y


def _g_squares(targets, logits):
    p = _g_softmax(logits)
    g = p - targets
    return p * (g - (g * p).sum(axis=1, keepdims=True))


def _g_wiggle(targets, logits):
    def loss(z):
        z = z - z.max(axis=1, keepdims=True)
        return (targets * (np.log(np.exp(z).sum(axis=1, keepdims=True)) - z)).sum(axis=1)

    out = np.empty(logits.shape)
    for k in range(logits.shape[1]):
        step = np.zeros_like(logits)
        step[:, k] = 0.1
        out[:, k] = (loss(logits + step) - loss(logits)) / 0.1
    return out


gradient = {
    "sign reversed, y - p": lambda targets, logits: targets - _g_softmax(logits),
    "divided by n": lambda targets, logits: (_g_softmax(logits) - targets) / len(logits),
    "softmax over the batch, axis 0": lambda targets, logits: _g_softmax(logits, 0) - targets,
    "keepdims missing": _g_keepdims,
    "naive exponentials, nan for 1000": _g_naive,
    "only the true class has a slope": _g_true_only,
    "argmax of the targets: hard labels only": _g_hard,
    "sigmoid for softmax": _g_sigmoid,
    "softmax twice": _g_twice,
    "slope in the probabilities, -y/p": _g_in_p,
    "one maximum for the whole batch": _g_global_max,
    "logits clipped to +-10": _g_clip,
    "return inside the loop: first row only": _g_first_row,
    "through the softmax once more (half squared error)": _g_squares,
    "measured with a coarse forward step of 0.1": _g_wiggle,
    "y (p - 1), the mean over rows": lambda targets, logits: (
        targets * (_g_softmax(logits) - 1) / len(targets)
    ),
}


def _right_gradient_loop(targets, logits):
    rows = []
    for y, z in zip(np.asarray(targets, float), np.asarray(logits, float)):
        e = [math.exp(s - max(z)) for s in z]
        rows.append([a / sum(e) - b for a, b in zip(e, y)])
    return rows


def _right_gradient_pairs(targets, logits):
    """p_k = 1 / sum_j exp(z_j - z_k)."""
    with np.errstate(over="ignore"):
        gaps = np.exp(logits[:, None, :] - logits[:, :, None])
    return 1 / gaps.sum(axis=2) - targets


def _right_gradient_lse(targets, logits):
    lse = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return np.exp(logits - lse) - targets


RIGHT_gradient = {
    "plain loops, nested lists": _right_gradient_loop,
    "all pairs of logits": _right_gradient_pairs,
    "exp of the distance to log-sum-exp": _right_gradient_lse,
}


# repaired(z, labels)


def _log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _r_same(z, labels):
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[:, labels]).mean()


def _r_rows(z, labels):
    p = np.exp(_log_softmax(z))
    return -np.log(p[labels]).mean()


def _r_axis0(z, labels):
    z = z - z.max(axis=0, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=0, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean()


def _r_keepdims(z, labels):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1)
    return -np.log(p[np.arange(len(labels)), labels]).mean()


def _r_twice(z, labels):
    p = np.exp(_log_softmax(z))
    return -_log_softmax(p)[np.arange(len(labels)), labels].mean()


def _r_favourite(z, labels):
    return -_log_softmax(z).max(axis=1).mean()


def _r_mean_first(z, labels):
    p = np.exp(_log_softmax(z))
    return -np.log(p[np.arange(len(labels)), labels].mean())


def _r_entries(z, labels):
    one_hot = np.eye(z.shape[1])[labels]
    return -(one_hot * _log_softmax(z)).mean()


def _r_sigmoid(z, labels):
    chosen = z[np.arange(len(labels)), labels]
    return np.log1p(np.exp(-chosen)).mean()


def _r_one_less(z, labels):
    return -_log_softmax(z)[np.arange(len(labels)), labels - 1].mean()


def _r_half_shift(z, labels):
    shifted = z - z.max(axis=1, keepdims=True)
    lse = np.log(np.exp(shifted).sum(axis=1))
    return (lse - z[np.arange(len(z)), labels]).mean()


def _r_early(z, labels):
    log_p = _log_softmax(z)
    total = 0
    for i, k in enumerate(labels):
        total -= log_p[i, k]
        return total / len(labels)


def _r_diag_sum(z, labels):
    log_p = _log_softmax(z)
    return -np.trace(log_p[:, labels])


repaired = {
    "the bug is still in, p[:, labels]": _r_same,
    "picks rows, p[labels]": _r_rows,
    "softmax over the batch, axis 0": _r_axis0,
    "keepdims missing": _r_keepdims,
    "softmax twice": _r_twice,
    "the favourite's probability, labels unused": _r_favourite,
    "log of the mean probability": _r_mean_first,
    "mean over all entries of the one-hot rows": _r_entries,
    "sigmoid of the true logit": _r_sigmoid,
    "labels counted from one": _r_one_less,
    "maximum taken off in only one of two places": _r_half_shift,
    "return inside the loop": _r_early,
    "trace: a sum instead of a mean": _r_diag_sum,
    "minus forgotten": lambda z, labels: _log_softmax(z)[np.arange(len(z)), labels].mean(),
    "in bits": lambda z, labels: -_log_softmax(z)[np.arange(len(z)), labels].mean() / math.log(2),
    "one loss a row, no mean": lambda z, labels: -_log_softmax(z)[np.arange(len(z)), labels],
}


def _right_repaired_loop(z, labels):
    total = 0.0
    for row, k in zip(z, labels):
        total += math.log(sum(math.exp(s - row[k]) for s in row))
    return total / len(labels)


def _right_repaired_diag(z, labels):
    return np.float32(-np.diag(_log_softmax(z)[:, labels]).mean())


RIGHT_repaired = {
    "gaps to the true logit, plain loop": _right_repaired_loop,
    "diagonal of p[:, labels], as float32": _right_repaired_diag,
    "one-hot rows and einsum": lambda z, labels: (
        -np.einsum("ik,ik->", np.eye(z.shape[1])[labels], _log_softmax(z)) / len(z)
    ),
}

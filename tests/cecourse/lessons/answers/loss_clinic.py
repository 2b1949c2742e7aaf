import math

import numpy as np
from scipy.special import logsumexp

import cehelpers as ce

q_star = np.array([0.1, 0.3, 0.5, 0.1])
truth_star = np.array([0, 0, 1, 0])

near_miss = {
    "divided by K − 1": 0.18 / 3,
    "divided by K, a mean": 0.18 / 4,
    "index 3 for three stars": sum((np.cumsum(q_star) - [0, 0, 0, 1]) ** 2),
    "absolute gaps, not squared": sum(abs(np.cumsum(q_star) - [0, 0, 1, 1])),
    "Brier score, nothing added up": sum((q_star - truth_star) ** 2),
    "cross-entropy": -math.log(0.5),
    "index 3, and divided by K − 1": 0.98 / 3,
    "truth not added up": sum((np.cumsum(q_star) - truth_star) ** 2),
    "two stars for three": 0.38,
    "guess": 0.5,
}

stops_early = {
    "ln 5, no information": math.log(5),
    "forgot to take off the 1": math.log(math.e + 4),
    "ten classes, from the case": math.log(math.e + 9) - 1,
    "K in place of K − 1": math.log(math.e + 5) - 1,
    "ten classes, and the 1 left in": math.log(math.e + 9),
    "a perfect network pays nothing": 0,
    "in bits": (math.log(math.e + 4) - 1) / math.log(2),
    "stopped at the probability": math.e / (math.e + 4),
    "read off the title": 0.9,
    "a sigmoid twice": -math.log(ce.sigmoid(1.0)),
}

how_many_rows = {
    "log base 2 of 4": 55,
    "log base 10 of 4": 110.9 / math.log10(4),
    "divided by four classes": 110.9 / 4,
    "divided by ln 4 and by 4": 20,
    "multiplied by ln 4": 110.9 * math.log(4),
    "ln 10, from case 8": 110.9 / math.log(10),
    "the notebook's batch": 256,
    "ln 4 rounded to 1.4": 79,
    "a loss of 1 a row": 111,
    "a usual batch size, a guess": 64,
}


def blind_forgot_n(counts):
    return -sum(c * math.log(c) for c in counts)


def blind_sum(counts):
    n = sum(counts)
    loss = 0
    for c in counts:
        if c > 0:
            loss -= c * math.log(c / n)
    return loss


def blind_mean_over_classes(counts):
    p = np.asarray(counts) / np.sum(counts)
    p = p[p > 0]
    return np.mean(-p * np.log(p))


def blind_no_weights(counts):
    p = np.array(counts) / np.array(counts).sum()
    return -np.log(p).sum()


def blind_return_inside(counts):
    total = sum(counts)
    h = 0.0
    for c in counts:
        h += -(c / total) * math.log(c / total)
        return h


def blind_crash_on_zero(counts):
    n = sum(counts)
    return -sum(c / n * math.log(c / n) for c in counts)


def blind_nan_on_zero(counts):
    p = np.asarray(counts, dtype=float)
    p = p / p.sum()
    return float(-(p * np.log(p)).sum())


def blind_first_two(counts):
    r = counts[0] / sum(counts)
    return ce.entropy([r, 1 - r])


def blind_shares_rounded(counts):
    shares = [round(c / sum(counts), 1) for c in counts]
    return sum(-s * math.log(s) for s in shares if s > 0)


def blind_terms(counts):
    p = np.asarray(counts) / np.sum(counts)
    return [0.0 if v == 0 else -v * math.log(v) for v in p]


def blind_eps(counts):
    p = np.asarray(counts) / np.sum(counts)
    return -np.sum(p * np.log(p + 1e-2))


def blind_bits_negative(counts):
    p = np.asarray(counts) / np.sum(counts)
    return np.sum(p[p > 0] * np.log2(p[p > 0]))


ignorance = {
    "in bits": lambda counts: ce.entropy(np.asarray(counts) / np.sum(counts), base=2),
    "ln K, whatever the counts": lambda counts: math.log(len(counts)),
    "surprise of the commonest class": lambda counts: -math.log(max(counts) / sum(counts)),
    "share of errors when saying the commonest": lambda counts: 1 - max(counts) / sum(counts),
    "counts not made into shares": blind_forgot_n,
    "sum over the rows for the mean": blind_sum,
    "mean over the classes for the sum": blind_mean_over_classes,
    "log terms not weighted by the shares": blind_no_weights,
    "return inside the loop": blind_return_inside,
    "a count of 0 crashes math.log": blind_crash_on_zero,
    "a count of 0 makes nan": blind_nan_on_zero,
    "first class against the rest": blind_first_two,
    "shares rounded to one decimal": blind_shares_rounded,
    "returns the terms, not the sum": blind_terms,
    "a large eps in the log": blind_eps,
    "minus forgotten, and bits": blind_bits_negative,
}


def _row_by_row(counts):
    labels = [k for k, c in enumerate(counts) for _ in range(int(c))]
    n = len(labels)
    return math.fsum(-math.log(counts[k] / n) for k in labels) / n


def _without_shares(counts):
    n = sum(counts)
    return math.log(n) - sum(c * math.log(c) for c in counts if c) / n


RIGHT_ignorance = {
    "row by row over the labels": _row_by_row,
    "ln n less the mean of ln count": _without_shares,
    "np.float32": lambda counts: np.float32(ce.entropy(np.asarray(counts) / np.sum(counts))),
}


def log_softmax(z):
    z = np.asarray(z, dtype=float)
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def fix_mean_only(labels, logits):
    p = ce.softmax(logits)
    q = ce.softmax(p)
    q = np.clip(q, 1e-7, 1)
    losses = -np.log(q[range(len(q)), labels])
    return losses.mean()


def fix_clip_stays(labels, logits):
    q = np.clip(ce.softmax(logits), 1e-7, 1)
    return -np.log(q[range(len(q)), labels]).mean()


def fix_tiny_clip(labels, logits):
    q = ce.softmax(logits) + 1e-15
    return np.mean([-math.log(q[i][k]) for i, k in enumerate(labels)])


def fix_sum_stays(labels, logits):
    return ce.sparse_categorical_cross_entropy_with_logits(labels, logits, reduction="sum")


def fix_softmax_into_fused(labels, logits):
    p = ce.softmax(logits)
    return ce.sparse_categorical_cross_entropy_with_logits(labels, p)


def fix_plain_log(labels, logits):
    p = ce.softmax(logits)
    return float(np.mean(-np.log(p[np.arange(len(p)), labels])))


def fix_naive_exp(labels, logits):
    e = np.exp(np.array(logits))
    p = e / e.sum(axis=1, keepdims=True)
    losses = -np.log(p[range(len(p)), labels])
    return losses.mean()


def fix_divides_by_entries(labels, logits):
    z = np.asarray(logits, dtype=float)
    t = np.eye(z.shape[1])[np.asarray(labels)]
    return np.mean(-t * log_softmax(z))


def fix_wrong_axis(labels, logits):
    z = np.asarray(logits, dtype=float)
    z = z - z.max(axis=0)
    logp = z - np.log(np.exp(z).sum(axis=0))
    return -logp[range(len(z)), labels].mean()


def fix_no_keepdims(labels, logits):
    z = np.asarray(logits, dtype=float)
    z = z - z.max(axis=1)
    logp = z - np.log(np.exp(z).sum(axis=1))
    return -logp[range(len(z)), labels].mean()


def fix_max_not_added(labels, logits):
    losses = []
    for k, z in zip(labels, logits):
        lse = math.log(sum(math.exp(v - max(z)) for v in z))
        losses.append(lse - z[k])
    return sum(losses) / len(losses)


def fix_one_max_for_all(labels, logits):
    z = np.asarray(logits, dtype=float)
    z = z - z.max()
    lse = np.log(np.exp(z).sum(axis=1))
    return np.mean(lse - z[np.arange(len(z)), labels])


def fix_return_inside(labels, logits):
    total = 0
    for i in range(len(labels)):
        total -= log_softmax(logits)[i, labels[i]]
        return total / len(labels)


def fix_minus_and_bits(labels, logits):
    logp = log_softmax(logits)
    return np.mean(logp[np.arange(len(logp)), labels]) / math.log(2)


def fix_all_pairs(labels, logits):
    return -log_softmax(logits)[:, labels].mean()


def fix_in_place(labels, logits):
    for i in range(len(logits)):
        m = max(logits[i])
        for j in range(len(logits[i])):
            logits[i][j] -= m
    rows = [math.log(sum(math.exp(v) for v in z)) - z[k] for k, z in zip(labels, logits)]
    return sum(rows) / len(rows)


report = {
    "only the sum repaired": fix_mean_only,
    "clip left in": fix_clip_stays,
    "a tiny eps for the clip": fix_tiny_clip,
    "sum left in": fix_sum_stays,
    "softmax passed to the fused loss": fix_softmax_into_fused,
    "log of the softmax, infinite for large logits": fix_plain_log,
    "exponentials overflow in NumPy": fix_naive_exp,
    "mean over all entries": fix_divides_by_entries,
    "softmax down the columns": fix_wrong_axis,
    "keepdims missing": fix_no_keepdims,
    "maximum taken off and not put back": fix_max_not_added,
    "one maximum for the whole batch": fix_one_max_for_all,
    "return inside the loop": fix_return_inside,
    "minus forgotten, and bits": fix_minus_and_bits,
    "every row with every label": fix_all_pairs,
    "right number, the caller's logits changed": fix_in_place,
}


def _pairwise_gaps(labels, logits):
    rows = []
    for k, z in zip(labels, logits):
        gap = -math.inf
        for v in z:
            gap = np.logaddexp(gap, v - z[k])
        rows.append(float(gap))
    return math.fsum(rows) / len(rows)


RIGHT_report = {
    "logaddexp over the gaps": _pairwise_gaps,
    "scipy's logsumexp": lambda labels, logits: np.mean(
        logsumexp(logits, axis=1)
        - np.take_along_axis(np.array(logits), np.array(labels)[:, None], axis=1)[:, 0]
    ),
    "np.float32 of the fused loss": lambda labels, logits: np.float32(
        ce.sparse_categorical_cross_entropy_with_logits(labels, logits)
    ),
}

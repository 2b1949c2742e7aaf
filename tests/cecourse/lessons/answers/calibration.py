"""Answers to the exercises of lesson 08, as students give them."""

import math

import numpy as np

_p = np.r_[[0.95] * 30, [0.6] * 10]
_y = np.r_[[1] * 24, [0] * 6, [1] * 9, [0]]

forty_forecasts = {
    "plain mean of the two gaps": (0.15 + 0.3) / 2,
    "gaps with their signs": (30 * 0.15 - 10 * 0.3) / 40,
    "the largest gap": 0.3,
    "weights exchanged": (10 * 0.15 + 30 * 0.3) / 40,
    "gaps squared": (30 * 0.15**2 + 10 * 0.3**2) / 40,
    "root of the mean squared gap": math.sqrt((30 * 0.15**2 + 10 * 0.3**2) / 40),
    "hits divided by all forty days": (30 * (0.95 - 24 / 40) + 10 * (0.6 - 9 / 40)) / 40,
    "mean distance of each row, |y - p|": np.abs(_y - _p).mean(),
    "rounded to two digits": 0.19,
    "a guess": 0.1,
}

one_claim = {
    "inverse: ln 3 / 4": math.log(3) / 4,
    "logit divided by the share": 4 / 0.75,
    "said over happened, sigma(4) / 0.75": 1 / (1 + math.exp(-4)) / 0.75,
    "the new logit, ln 3, itself": math.log(3),
    "logarithm to base 2": 4 / math.log2(3),
    "odds without a logarithm": 4 / 3,
    "share of the wrong ones: a minus": 4 / math.log(0.25 / 0.75),
    "difference instead of quotient": 4 - math.log(3),
    "ln 0.75 for the logit": 4 / -math.log(0.75),
    "a guess": 2,
}

cubed = {
    "pairs in the wrong order": 1 / 6,
    "AUC cubed as well": (5 / 6) ** 3,
    "AUC of a coin": 0.5,
    "all pairs called right": 1.0,
    "one pair too few": 4 / 6,
    "accuracy at 0.5": 0.6,
    "average precision": (1 + 1 + 3 / 4) / 3,
    "in per cent": 83.3,
    "half a pair for the third": 0.75,
    "a guess": 0.8,
}


# ece(y, p, n_bins)


def _e_floor(y, p, n_bins):
    k = np.minimum((p * n_bins).astype(int), n_bins - 1)
    total = 0.0
    for b in range(n_bins):
        here = k == b
        if here.any():
            total += here.sum() * abs(y[here].mean() - p[here].mean())
    return total / len(y)


def _edges(n_bins):
    return np.linspace(0, 1, n_bins + 1)


def _groups(p, n_bins):
    """Masks of the bins, right ones."""
    edges = _edges(n_bins)
    for b in range(n_bins):
        here = (p > edges[b]) & (p <= edges[b + 1])
        if b == 0:
            here |= p == 0
        if here.any():
            yield b, here


def _e_zero_lost(y, p, n_bins):
    edges = _edges(n_bins)
    total = 0
    for lo, hi in zip(edges[:-1], edges[1:]):
        here = (p > lo) & (p <= hi)
        if here.sum() > 0:
            total += here.mean() * abs(y[here].mean() - p[here].mean())
    return total


def _e_both_closed(y, p, n_bins):
    total = 0
    for b in range(n_bins):
        here = (p >= b / n_bins) & (p <= (b + 1) / n_bins)
        if here.any():
            total += here.mean() * abs(y[here].mean() - p[here].mean())
    return total


def _e_plain_mean(y, p, n_bins):
    return np.mean([abs(y[h].mean() - p[h].mean()) for _, h in _groups(p, n_bins)])


def _e_signed(y, p, n_bins):
    return sum(h.mean() * (y[h].mean() - p[h].mean()) for _, h in _groups(p, n_bins))


def _e_squared(y, p, n_bins):
    return sum(h.mean() * (y[h].mean() - p[h].mean()) ** 2 for _, h in _groups(p, n_bins))


def _e_max(y, p, n_bins):
    return max(abs(y[h].mean() - p[h].mean()) for _, h in _groups(p, n_bins))


def _e_middle(y, p, n_bins):
    total = 0
    for b, here in _groups(p, n_bins):
        middle = (b + 0.5) / n_bins
        total += here.sum() / len(p) * abs(y[here].mean() - middle)
    return total


def _e_equal_count(y, p, n_bins):
    order = np.argsort(p, kind="stable")
    total = 0.0
    for part in np.array_split(order, n_bins):
        if len(part):
            total += len(part) * abs(y[part].mean() - p[part].mean())
    return total / len(p)


def _e_rows(y, p, n_bins):
    return np.mean(np.abs(y - p))


def _e_favourite(y, p, n_bins):
    sure = np.maximum(p, 1 - p)
    right = (p >= 0.5) == y
    return sum(h.mean() * abs(right[h].mean() - sure[h].mean()) for _, h in _groups(sure, n_bins))


def _e_digitize(y, p, n_bins):
    k = np.digitize(p, _edges(n_bins), right=True) - 1  # 0 becomes -1
    total = 0.0
    for b in set(k.tolist()):
        total += np.mean(k == b) * abs(y[k == b].mean() - p[k == b].mean())
    return total


def _e_zero_in_last(y, p, n_bins):
    count, said, was = (np.zeros(n_bins) for _ in range(3))
    for yi, pi in zip(y, p):
        b = math.ceil(pi * n_bins) - 1  # -1, the last one, for 0
        count[b] += 1
        said[b] += pi
        was[b] += yi
    return np.abs(was - said).sum() / count.sum()


def _e_own_range(y, p, n_bins):
    edges = np.histogram_bin_edges(p, n_bins)
    k = np.clip(np.searchsorted(edges, p, side="left") - 1, 0, n_bins - 1)
    return sum(np.mean(k == b) * abs(y[k == b].mean() - p[k == b].mean()) for b in np.unique(k))


def _e_empty_nan(y, p, n_bins):
    total = 0.0
    edges = _edges(n_bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        for b in range(n_bins):
            here = (p > edges[b]) & (p <= edges[b + 1]) | ((p == 0) & (b == 0))
            n = here.sum()
            total += n / len(p) * abs(np.divide(y[here].sum(), n) - np.divide(p[here].sum(), n))
    return total


def _e_early(y, p, n_bins):
    total = 0
    for _, here in _groups(p, n_bins):
        total += here.sum() / len(p) * abs(y[here].mean() - p[here].mean())
        return total


ece = {
    "closed below, int(p * n_bins)": _e_floor,
    "closed above, but 0 lost": _e_zero_lost,
    "closed on both sides: edges count twice": _e_both_closed,
    "plain mean over the bins with rows": _e_plain_mean,
    "gaps with their signs": _e_signed,
    "gaps squared": _e_squared,
    "the largest gap": _e_max,
    "middle of the bin for the mean forecast": _e_middle,
    "bins of equal counts": _e_equal_count,
    "mean |y - p| of the rows, no bins": _e_rows,
    "confidence of the favourite": _e_favourite,
    "np.digitize(right=True), 0 in a bin of its own": _e_digitize,
    "ceil - 1, and 0 falls into the last bin": _e_zero_in_last,
    "bins between the smallest and the largest p": _e_own_range,
    "empty bins give nan": _e_empty_nan,
    "return inside the loop": _e_early,
}


def _right_ece_search(y, p, n_bins):
    k = np.searchsorted(np.arange(1, n_bins) / n_bins, p, side="left")
    return np.abs(np.bincount(k, weights=y - p, minlength=n_bins)).sum() / len(p)


def _right_ece_ceil(y, p, n_bins):
    sums = {}
    for yi, pi in zip(y, p):
        b = max(1, math.ceil(pi * n_bins))
        sums[b] = sums.get(b, 0.0) + yi - pi
    return sum(map(abs, sums.values())) / len(y)


RIGHT_ece = {
    "searchsorted and one bincount": _right_ece_search,
    "dictionary of sums, ceil": _right_ece_ceil,
    "masks, as float32": lambda y, p, n_bins: np.float32(
        sum(h.mean() * abs(y[h].mean() - p[h].mean()) for _, h in _groups(p, n_bins))
    ),
}


# warmed(p, T)


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _w_colleague(p, T):
    scaled = p / T
    return scaled / scaled.sum(axis=1, keepdims=True)


def _w_softmax_p(p, T):
    return _softmax(p / T)


def _w_power_T(p, T):
    q = p**T
    return q / q.sum(axis=1, keepdims=True)


def _w_not_normalised(p, T):
    return p ** (1 / T)


def _w_axis0(p, T):
    q = np.exp(np.log(p) / T)
    return q / q.sum(axis=0)


def _w_keepdims(p, T):
    q = p ** (1 / T)
    return q / q.sum(axis=1)


def _w_global(p, T):
    q = p ** (1 / T)
    return q / q.sum()


def _w_binary(p, T):
    z = np.log(p / (1 - p)) / T
    return 1 / (1 + np.exp(-z))


def _w_binary_normalised(p, T):
    z = np.log(p) - np.log1p(-p)
    q = 1 / (1 + np.exp(-z / T))
    return q / q.sum(axis=1, keepdims=True)


def _w_mix(p, T):
    share = 1 / T
    return share * p + (1 - share) / p.shape[1]


def _w_sqrt(p, T):
    q = np.sqrt(p)
    return q / q.sum(axis=1, keepdims=True)


def _w_log10(p, T):
    return _softmax(np.log10(p) / T)


def _w_first_row(p, T):
    rows = []
    for row in p:
        q = [x ** (1 / T) for x in row]
        rows.append([x / sum(q) for x in q])
        return np.array(rows)


def _w_favourite(p, T):
    out = p.copy()
    for row in out:
        k = row.argmax()
        row[k] = row[k] ** (1 / T)
        row /= row.sum()
    return out


def _w_in_place(p, T):
    """Changes its argument."""
    p **= 1 / T
    p /= p.sum(axis=1, keepdims=True)
    return p


def _w_while_normalising(p, T):
    out = p ** (1 / T)
    for i in range(out.shape[0]):
        for k in range(out.shape[1]):
            out[i, k] = out[i, k] / out[i].sum()
    return out


warmed = {
    "the bug is still in, p / T": _w_colleague,
    "softmax of p / T, no logarithm": _w_softmax_p,
    "power T instead of 1 / T": _w_power_T,
    "not divided by the total": _w_not_normalised,
    "divided by the columns' totals": _w_axis0,
    "keepdims missing": _w_keepdims,
    "divided by the total of all rows": _w_global,
    "each entry as a binary forecast": _w_binary,
    "each entry as a binary forecast, then divided": _w_binary_normalised,
    "mixed with equal shares": _w_mix,
    "square root, whatever T": _w_sqrt,
    "logarithm to base 10, then exp": _w_log10,
    "return inside the loop: one row": _w_first_row,
    "only the favourite is warmed": _w_favourite,
    "changes the argument in place": _w_in_place,
    "the total changes while it divides": _w_while_normalising,
}


def _right_warmed_loop(p, T):
    out = []
    for row in p:
        q = [x ** (1 / T) for x in row]
        out.append([x / sum(q) for x in q])
    return out


def _right_warmed_pairs(p, T):
    return 1 / ((p[:, None, :] / p[:, :, None]) ** (1 / T)).sum(axis=2)


RIGHT_warmed = {
    "nested lists": _right_warmed_loop,
    "all pairs of ratios": _right_warmed_pairs,
    "softmax of the scaled logarithms": lambda p, T: _softmax(np.log(p) / T),
}

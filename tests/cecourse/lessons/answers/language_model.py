"""Answers to notebook 13 as students give them, from the questions alone."""

import math

import numpy as np

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


def _t_sorted(row, share):
    order = np.argsort(row)[::-1]
    total, kept = 0.0, []
    for k in order:
        kept.append(k)
        total += row[k]
        if total >= share:
            break
    return order, kept


def _t_not_normalised(row, share):
    out = np.zeros(len(row))
    _, kept = _t_sorted(row, share)
    out[kept] = row[kept]
    return out


def _t_too_early(row, share):
    out, total = np.zeros(len(row)), 0.0
    for k in np.argsort(row)[::-1]:
        if total + row[k] > share:
            break
        out[k] = row[k]
        total += row[k]
    return out / out.sum() if out.sum() else out


def _t_unsorted(row, share):
    out, total = [], 0.0
    for p in row:
        out.append(p if total < share else 0.0)
        total += p
    return np.array(out) / sum(out)


def _t_ascending(row, share):
    out, total = np.zeros(len(row)), 0.0
    for k in np.argsort(row):
        out[k] = row[k]
        total += row[k]
        if total >= share:
            break
    return out / out.sum()


def _t_threshold(row, share):
    out = np.where(row >= 1 - share, row, 0)
    return out / out.sum()


def _t_threshold_share(row, share):
    out = np.where(row > share, row, 0)
    return out / max(out.sum(), 1e-300)


def _t_sorted_result(row, share):
    _, kept = _t_sorted(row, share)
    out = np.zeros(len(row))
    out[: len(kept)] = row[kept]
    return out / out.sum()


def _t_short(row, share):
    _, kept = _t_sorted(row, share)
    return row[kept] / row[kept].sum()


def _t_equal(row, share):
    _, kept = _t_sorted(row, share)
    out = np.zeros(len(row))
    out[kept] = 1 / len(kept)
    return out


def _t_divided_by_share(row, share):
    return _t_not_normalised(row, share) / share


top_p = {
    "not normalised": _t_not_normalised,
    "stops before the share is passed": _t_too_early,
    "not sorted": _t_unsorted,
    "sorted upwards": _t_ascending,
    "each chance against 1 - share": _t_threshold,
    "each chance against the share": _t_threshold_share,
    "sorted result": _t_sorted_result,
    "only the kept ones are returned": _t_short,
    "all kept alike": _t_equal,
    "divided by the share": _t_divided_by_share,
    "nothing done": lambda row, share: row,
}


def _right_top_p(row, share):
    out = np.zeros(len(row))
    _, kept = _t_sorted(row, share - 1e-12)
    out[kept] = row[kept]
    return out / out.sum()


RIGHT_top_p = {"in a loop": _right_top_p}

temperature_ratio = {
    "ratio as it was": 3.0,
    "ratio to the power of T": math.sqrt(3),
    "ratio over T": 6.0,
    "ratio times T": 1.5,
    "A beside E": 1 / 9,
    "difference of logits over T": math.log(3) / 0.5,
    "chances divided by T as logits": math.exp(0.8),
    "difference of the new chances": 0.36 - 0.04,
    "a guess": 4.0,
}


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?


half_of_the_excess = {
    "twice": 2.0,
    "2 to the a": 2**0.34,
    "2 / a": 2 / 0.34,
    "ln 2 / a": math.log(2) / 0.34,
    "1 / a": 1 / 0.34,
    "half to the 1/a": 0.5 ** (1 / 0.34),
    "e to the 1/a": math.exp(1 / 0.34),
    "with the E: (2)^(1/a) times 1.69": 2 ** (1 / 0.34) * 1.69,
    "square root law": 4.0,
}

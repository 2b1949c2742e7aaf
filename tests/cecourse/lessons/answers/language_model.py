"""Answers to notebook 13 as students give them, from the questions alone."""

import math

import numpy as np

# ---------------------------------------------------------------- the next letter

back_off = {
    "3 of 16": 3 / 16,
    "lower chance alone": 0.1,
    "mean of the two": (3 / 16 + 0.1) / 2,
    "denominator not enlarged": 3.4 / 16,
    "order below counts as one letter": 3.1 / 17,
    "all four lent letters are A": 7 / 20,
    "nothing lent above": 3 / 20,
    "add-one smoothing": 4 / 43,
    "product of the two": 3 / 16 * 0.1,
    "sum of the two": 3 / 16 + 0.1,
    "in per cent": 17.0,
    "bits instead of a chance": -math.log2(0.17),
}


# ---------------------------------------------------------------- perplexity and tokens

perplexity_of_a_text = {
    "mean of 1/p": lambda p: np.mean(1 / p),
    "one over the mean": lambda p: 1 / np.mean(p),
    "2 to the nats": lambda p: 2 ** np.mean(-np.log(p)),
    "e to the bits": lambda p: np.exp(np.mean(-np.log2(p))),
    "no mean": lambda p: np.exp(-np.log(p).sum()),
    "no exp": lambda p: -np.log(p).mean(),
    "entropy of the chances": lambda p: np.exp(-np.sum(p * np.log(p))),
    "minus sign forgotten": lambda p: np.exp(np.log(p).mean()),
    "10 to the nats": lambda p: 10 ** -np.mean(np.log(p)),
    "ce.perplexity of the chances made to sum to 1": lambda p: math.exp(
        -np.sum(p / p.sum() * np.log(p / p.sum()))
    ),
}

two_tokenisers = {
    "A, for its smaller perplexity": 480 * math.log2(20) / 1200,
    "B in nats": 300 * math.log(90) / 1200,
    "bits per token of B": math.log2(90),
    "bits per token of A": math.log2(20),
    "whole bill of B": 300 * math.log2(90),
    "perplexity times tokens over letters": 90 * 300 / 1200,
    "letters per token the wrong way": math.log2(90) * 4,
    "perplexity per letter": 90 ** (1 / 4),
    "bytes": 300 * math.log2(90) / 1200 / 8,
    "log10": 300 * math.log10(90) / 1200,
    "perplexity over letters per token": 90 / 4,
    "rounded": 1.6,
}


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


masked_loss = {
    "mean of everything": lambda losses, mask: losses.mean(),
    "mask as weights, mean of all": lambda losses, mask: np.mean(losses * mask),
    "sum of the letters": lambda losses, mask: losses[mask].sum(),
    "row means, then their mean": lambda losses, mask: np.mean(
        [row[m].mean() for row, m in zip(losses, mask, strict=True)]
    ),
    "product over sum of mask": lambda losses, mask: (losses * mask).sum() / mask.sum(),
    "mask inverted": lambda losses, mask: losses[~mask].mean(),
    "nanmean of everything": lambda losses, mask: np.nanmean(losses),
    "the positive ones": lambda losses, mask: losses[mask & (losses > 0)].mean(),
    "divided by the rows": lambda losses, mask: losses[mask].sum() / losses.shape[0],
    "divided by the width": lambda losses, mask: losses[mask].sum() / losses.shape[1],
    "no mean, a list": lambda losses, mask: losses[mask],
    "mean of each row": lambda losses, mask: (
        np.where(mask, losses, 0).sum(axis=1) / mask.sum(axis=1)
    ),
    "median": lambda losses, mask: np.median(losses[mask]),
}

RIGHT_masked_loss = {
    "where": lambda losses, mask: np.mean(losses, where=mask),
    "zeros put in": lambda losses, mask: np.where(mask, losses, 0).sum() / mask.sum(),
    "nansum": lambda losses, mask: np.nansum(np.where(mask, losses, np.nan)) / mask.sum(),
}

two_micro_batches = {
    "what is reported": 2.3,
    "mean over tokens": (5 * 3.2 + 500 * 1.4) / 505,
    "with a minus": -0.8822,
    "weights exchanged": 2.3 - (500 * 3.2 + 5 * 1.4) / 505,
    "means divided again": (3.2 / 5 + 1.4 / 500) / 2,
    "difference of the means": 1.8,
    "the large one for the whole": 0.9,
    "ratio": 2.3 / ((5 * 3.2 + 500 * 1.4) / 505),
    "half of it": 0.4411,
    "difference of sums": 5 * 3.2 - 500 * 1.4,
    "a guess": 0.5,
}


# ---------------------------------------------------------------- fifty thousand classes


def _in_any_case(rescale):
    def merged(top, total, new_top, new_total):
        highest = max(top, new_top)
        return highest, rescale(top, total, new_top, new_total, highest)

    return merged


merge = {
    "sums added": _in_any_case(lambda t, s, u, r, m: s + r),
    "sign turned": _in_any_case(lambda t, s, u, r, m: s * np.exp(m - t) + r * np.exp(m - u)),
    "the larger block alone": lambda t, s, u, r: (t, s) if t > u else (u, r),
    "only the old one rescaled": _in_any_case(lambda t, s, u, r, m: s * np.exp(t - m) + r),
    "only the new one rescaled": _in_any_case(lambda t, s, u, r, m: s + r * np.exp(u - m)),
    "from the old maximum": lambda t, s, u, r: (t, s + r * np.exp(u - t)),
    "log-sum-exp": _in_any_case(
        lambda t, s, u, r, m: m + np.log(s * np.exp(t - m) + r * np.exp(u - m))
    ),
    "plain sum": _in_any_case(lambda t, s, u, r, m: s * np.exp(t) + r * np.exp(u)),
    "larger of the sums": _in_any_case(lambda t, s, u, r, m: max(s, r)),
    "maxima added": lambda t, s, u, r: (t + u, s * np.exp(t - u) + r),
    "shrunk to the smaller maximum": lambda t, s, u, r: (
        min(t, u),
        s * np.exp(t - min(t, u)) + r * np.exp(u - min(t, u)),
    ),
    "factors exchanged": _in_any_case(lambda t, s, u, r, m: s * np.exp(u - m) + r * np.exp(t - m)),
    "the sum alone": lambda t, s, u, r: s * np.exp(t - max(t, u)) + r * np.exp(u - max(t, u)),
}


def _by_cases(top, total, new_top, new_total):
    if new_top > top:
        return new_top, total * np.exp(top - new_top) + new_total
    return top, total + new_total * np.exp(new_top - top)


RIGHT_merge = {
    "two cases": _by_cases,
    "an array": lambda *pair: np.array(_by_cases(*pair)),
    "from the logarithms": lambda t, s, u, r: (
        max(t, u),
        np.exp(np.logaddexp(t + (np.log(s) if s else -np.inf), u + np.log(r)) - max(t, u)),
    ),
}


# ---------------------------------------------------------------- teachers


def _soft(teacher, student, *, power=2, T=2, T_student=2):
    p, q = 1 / (1 + math.exp(-teacher / T)), 1 / (1 + math.exp(-student / T_student))
    return T**power * -(p * math.log(q) + (1 - p) * math.log(1 - q))


_P, _Q = 1 / (1 + math.exp(-2)), 1 / (1 + math.exp(-0.5))

soft_target = {
    "no T squared": _soft(4, 1, power=0),
    "times T, not its square": _soft(4, 1, power=1),
    "student at T = 1": _soft(4, 1, T_student=1),
    "both at T = 1, times 4": 4 * _soft(4, 1, T=1, T_student=1, power=0),
    "both at T = 1": _soft(4, 1, T=1, T_student=1, power=0),
    "student's row as target": _soft(1, 4),
    "KL instead of cross-entropy": 4
    * (_P * math.log(_P / _Q) + (1 - _P) * math.log((1 - _P) / (1 - _Q))),
    "KL without T squared": _P * math.log(_P / _Q) + (1 - _P) * math.log((1 - _P) / (1 - _Q)),
    "hard label": -4 * math.log(_Q),
    "hard label at T = 1": -math.log(0.7311),
    "in bits": _soft(4, 1) / math.log(2),
    "only the first class": -4 * _P * math.log(_Q),
    "a guess": 2.0,
}


# ---------------------------------------------------------------- after pretraining


def _d_margin(chosen, rejected, ref_chosen, ref_rejected):
    return (chosen - ref_chosen) - (rejected - ref_rejected)


def _d_log_sigmoid(z):
    return -np.log(1 + np.exp(-z))


dpo = {
    "beta in front of the loss": lambda c, r, rc, rr, beta: (
        -beta * _d_log_sigmoid(_d_margin(c, r, rc, rr))
    ),
    "beta forgotten": lambda c, r, rc, rr, beta: -_d_log_sigmoid(_d_margin(c, r, rc, rr)),
    "rejected minus chosen": lambda c, r, rc, rr, beta: (
        -_d_log_sigmoid(-beta * _d_margin(c, r, rc, rr))
    ),
    "no reference": lambda c, r, rc, rr, beta: -_d_log_sigmoid(beta * (c - r)),
    "the sigmoid without log": lambda c, r, rc, rr, beta: (
        1 / (1 + np.exp(-beta * _d_margin(c, r, rc, rr)))
    ),
    "one minus the sigmoid": lambda c, r, rc, rr, beta: (
        1 - 1 / (1 + np.exp(-beta * _d_margin(c, r, rc, rr)))
    ),
    "gains added": lambda c, r, rc, rr, beta: -_d_log_sigmoid(beta * ((c - rc) + (r - rr))),
    "minus forgotten": lambda c, r, rc, rr, beta: _d_log_sigmoid(beta * _d_margin(c, r, rc, rr)),
    "negative margin as the loss": lambda c, r, rc, rr, beta: -beta * _d_margin(c, r, rc, rr),
    "reference added": lambda c, r, rc, rr, beta: -_d_log_sigmoid(beta * (c + rc - r - rr)),
    "log to base 2": lambda c, r, rc, rr, beta: np.log2(
        1 + np.exp(-beta * _d_margin(c, r, rc, rr))
    ),
    "divided by beta": lambda c, r, rc, rr, beta: -_d_log_sigmoid(_d_margin(c, r, rc, rr) / beta),
    "mean over the pairs": lambda c, r, rc, rr, beta: np.mean(
        -_d_log_sigmoid(beta * _d_margin(c, r, rc, rr))
    ),
}

RIGHT_dpo = {
    "with log1p": lambda c, r, rc, rr, beta: np.log1p(np.exp(-beta * (c - rc - r + rr))),
    "softplus of the turned margin": lambda c, r, rc, rr, beta: np.logaddexp(
        0, beta * (r - rr) - beta * (c - rc)
    ),
}

k3 = {
    "ratio turned": lambda p, q: np.exp(p - q) - 1 - (p - q),
    "without minus one": lambda p, q: np.exp(q - p) - (q - p),
    "k1": lambda p, q: p - q,
    "minus k1": lambda p, q: q - p,
    "k2": lambda p, q: 0.5 * (q - p) ** 2,
    "log added": lambda p, q: np.exp(q - p) - 1 + (q - p),
    "ratio minus one": lambda p, q: np.exp(q - p) - 1,
    "ratio of the logarithms": lambda p, q: q / p - 1 - np.log(q / p),
    "difference as the ratio": lambda p, q: (q - p) - 1 - np.log(np.abs(q - p) + 1e-9),
    "log of the right ratio, ratio turned": lambda p, q: np.exp(p - q) - 1 - (q - p),
    "mean over the tokens": lambda p, q: np.mean(np.exp(q - p) - 1 - (q - p)),
}

RIGHT_k3 = {
    "with expm1": lambda p, q: np.expm1(q - p) - (q - p),
    "ratio of the probabilities": lambda p, q: (
        np.exp(q) / np.exp(p) - 1 - np.log(np.exp(q) / np.exp(p))
    ),
}

exam = {
    "answers all": 2.6 - 1.4 * 3,
    "no penalty": 0.9 + 0.8,
    "penalty 0.75": 0.9 - 0.1 * 0.75 + 0.8 - 0.2 * 0.75,
    "how many": 2,
    "all, no penalty": 2.6,
    "penalty a third": 0.9 - 0.1 / 3 + 0.8 - 0.2 / 3,
    "answers above a half": 0.9 - 0.3 + 0.8 - 0.6 + 0.6 - 1.2,
    "only the surest": 0.6,
    "the penalties alone": 0.9,
    "a guess": 1.0,
}


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

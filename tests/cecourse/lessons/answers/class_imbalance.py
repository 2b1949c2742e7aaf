"""Answers to the exercises of lesson 09, as students give them."""

import math

import numpy as np


def _sigma(z):
    return 1 / (1 + np.exp(-z))


f1_of_report = {
    "arithmetic mean of precision and recall": 0.5,
    "the 2 forgotten": 0.2 * 0.8 / (0.2 + 0.8),
    "precision": 40 / 200,
    "recall": 40 / 50,
    "accuracy": (40 + 9790) / 10000,
    "tp / (tp + fp + fn)": 40 / 210,
    "all 200 flags as false alarms": 80 / (80 + 200 + 10),
    "all flags and all frauds in the denominator": 80 / (80 + 200 + 50),
    "in per cent": 32.0,
    "a guess": 0.75,
}

cheaper_mistake = {
    "one minus the cut": 180 / 200,
    "ratio of the prices, 20/180": 20 / 180,
    "ratio of the prices, 180/20": 180 / 20,
    "one half": 0.5,
    "in per cent": 10,
    "one over the price of an alarm": 1 / 20,
    "one over the price of a fraud": 1 / 180,
    "difference of the prices below": 20 / (180 - 20),
    "logarithm of the ratio": math.log(180 / 20),
    "a guess": 0.25,
}

what_it_means = {
    "probability divided by the weight": 0.8 / 20,
    "odds, not brought back": 0.2,
    "multiplied instead of divided": 80 / 81,
    "taken at face value": 0.8,
    "only 1 - p divided by the weight, odds upside down": (0.2 / 20) / (0.8 + 0.2 / 20),
    "logarithm to base 10": 1 / (1 + math.exp(math.log10(20) - math.log(4))),
    "weight 19, one fraud already counted": 4 / (4 + 19),
    "logarithms rounded: sigma(1.4 - 3)": 0.168,
    "odds of the divided probability": 0.04 / 0.96,
    "a guess": 0.5,
}

weighted_batch = {
    "divided by the sum of the weights": (3 * np.log1p(np.exp(-2)) + np.log1p(np.exp(-1))) / 4,
    "pos_weight forgotten": (np.log1p(np.exp(-2)) + np.log1p(np.exp(-1))) / 2,
    "sum instead of mean": 3 * np.log1p(np.exp(-2)) + np.log1p(np.exp(-1)),
    "weight on the negative": (np.log1p(np.exp(-2)) + 3 * np.log1p(np.exp(-1))) / 2,
    "sign of the second logit lost": (3 * np.log1p(np.exp(-2)) + np.log1p(np.exp(1))) / 2,
    "weight times the logit": (np.log1p(np.exp(-6)) + np.log1p(np.exp(-1))) / 2,
    "p typed with two digits": 0.349,
    "sigmoid twice": (3 * np.log1p(np.exp(-_sigma(2))) + np.log1p(np.exp(_sigma(-1)))) / 2,
    "weight forgotten, summed": 0.440,
    "a guess": 0.5,
}


# undo_sampling(p, s)


def _u_reverse(p, s):
    return p / (p + s * (1 - p))


def _u_odds(p, s):
    return s * p / (1 - p) if p < 1 else math.inf


def _u_stops_at_1(p, s):
    odds = p / (1 - p) * s
    return odds / (1 + odds)


def _u_stops_at_0(p, s):
    if p == 1:
        return 1.0
    z = math.log(p / (1 - p)) + math.log(s)
    return 1 / (1 + math.exp(-z))


def _u_plus(p, s):
    if p in (0, 1):
        return p
    z = math.log(p) - math.log(1 - p) - math.log(s)
    return 1 / (1 + math.exp(-z))


def _u_clip(eps):
    def undo(p, s):
        p = min(max(p, eps), 1 - eps)
        z = math.log(p / (1 - p)) + math.log(s)
        return 1 / (1 + math.exp(-z))

    return undo


def _u_log10(p, s):
    if p == 0 or p == 1:
        return float(p)
    z = math.log(p / (1 - p)) + math.log10(s)
    return 1 / (1 + math.exp(-z))


def _u_one_minus_s(p, s):
    p = np.float64(p)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = p / (1 - p) * (1 - s)
        return odds / (1 + odds)


def _u_both(p, s):
    return p * s / (p * s + (1 - p) * (1 - s))


def _u_nan(p, s):
    p = np.float64(p)
    with np.errstate(all="ignore"):
        odds = s * p / (1 - p)
        return odds / (1 + odds)


def _u_negatives(p, s):
    """Of 1 row: 1 - p negatives, /s as they come, and the share taken of 1."""
    negatives = (1 - p) / s
    return 1 - negatives / (1 + negatives)


def _u_not_p(p, s):
    return (1 - p) / ((1 - p) + s * p)


undo_sampling = {
    "probability times s": lambda p, s: p * s,
    "probability divided by s": lambda p, s: p / s,
    "the wrong way: negatives thinned once more": _u_reverse,
    "odds, not brought back": _u_odds,
    "odds: division by zero at p = 1": _u_stops_at_1,
    "logit: stops at p = 0": _u_stops_at_0,
    "-ln s taken the wrong way": _u_plus,
    "p clipped to 1e-3": _u_clip(1e-3),
    "p clipped to 1e-6": _u_clip(1e-6),
    "base 10 for the shift": _u_log10,
    "1 - s for s": _u_one_minus_s,
    "s for the positives, 1 - s for the negatives": _u_both,
    "nan at p = 1": _u_nan,
    "1 - p divided by s, p forgotten": _u_negatives,
    "probability of an ordinary payment": _u_not_p,
    "divided by s, capped at 1": lambda p, s: min(1.0, p / s),
}


def _right_undo_logaddexp(p, s):
    if p in (0, 1):
        return float(p)
    return math.exp(-np.logaddexp(0, math.log1p(-p) - math.log(p) - math.log(s)))


def _right_undo_where(p, s):
    p = np.asarray(p, dtype=float)
    return np.where((p == 0) | (p == 1), p, s * p / (1 - (1 - s) * p))


RIGHT_undo_sampling = {
    "logit and logaddexp, ends apart": _right_undo_logaddexp,
    "s p / (1 - (1 - s) p), an array": _right_undo_where,
    "counts of payments as they come": lambda p, s: p / (p + (1 - p) / s),
}


# flag(z, weight, cost_fp, cost_fn)


def _f_same(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-z))
    odds = p / (1 - p) / weight
    return (odds >= cost_fp / (cost_fp + cost_fn)).astype(int)


def _f_no_weight(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-z))
    return (p >= cost_fp / (cost_fp + cost_fn)).astype(int)


def _f_p_over_w(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-z)) / weight
    return (p >= cost_fp / (cost_fp + cost_fn)).astype(int)


def _f_times_w(z, weight, cost_fp, cost_fn):
    odds = np.exp(z) * weight
    p = odds / (1 + odds)
    return (p >= cost_fp / (cost_fp + cost_fn)).astype(int)


def _f_exchanged(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-(z - np.log(weight))))
    return (p >= cost_fn / (cost_fp + cost_fn)).astype(int)


def _f_ratio(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-(z - np.log(weight))))
    return np.where(p >= cost_fp / cost_fn, 1, 0)


def _f_half(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-(z - np.log(weight))))
    return (p >= 0.5).astype(int)


def _f_log10(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-(z - np.log10(weight))))
    return (p >= cost_fp / (cost_fp + cost_fn)).astype(int)


def _f_logit_against_p(z, weight, cost_fp, cost_fn):
    return (z - np.log(weight) >= cost_fp / (cost_fp + cost_fn)).astype(int)


def _f_twice(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-(z - np.log(weight))))
    cut = cost_fp / (cost_fp + weight * cost_fn)
    return (p >= cut).astype(int)


def _f_raw_cut_wrong(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-z))
    return (p >= cost_fp / (cost_fp + weight * cost_fn)).astype(int)


def _f_early(z, weight, cost_fp, cost_fn):
    out = []
    for x in z:
        odds = math.exp(x) / weight
        out.append(int(odds >= cost_fp / cost_fn))
        return out


def _f_miss_only(z, weight, cost_fp, cost_fn):
    """Compares p times the price of a miss with the whole price of an alarm."""
    p = 1 / (1 + np.exp(-(z - np.log(weight))))
    return (p * cost_fn >= cost_fp).astype(int)


def _f_reversed(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-(z - np.log(weight))))
    return np.array([0 if x >= cost_fp / (cost_fp + cost_fn) else 1 for x in p])


def _f_where(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-(z - np.log(weight))))
    return np.flatnonzero(p >= cost_fp / (cost_fp + cost_fn))


def _f_odds_fixed_wrong(z, weight, cost_fp, cost_fn):
    odds = np.exp(z - np.log(weight))
    return (odds >= cost_fn / cost_fp).astype(int)


flag = {
    "the bug is still in, odds against a probability": _f_same,
    "weight not undone": _f_no_weight,
    "probability divided by the weight": _f_p_over_w,
    "multiplied by the weight": _f_times_w,
    "prices exchanged": _f_exchanged,
    "probability against the ratio of the prices": _f_ratio,
    "cut at one half": _f_half,
    "base 10 for the shift": _f_log10,
    "logit against a probability": _f_logit_against_p,
    "weight undone, and again in the price": _f_twice,
    "raw output, weight on the wrong price": _f_raw_cut_wrong,
    "return inside the loop": _f_early,
    "1 - p forgotten beside the alarm's price": _f_miss_only,
    "flags the others": _f_reversed,
    "returns the places of the flags": _f_where,
    "odds against the inverse ratio": _f_odds_fixed_wrong,
}


def _right_flag_expected(z, weight, cost_fp, cost_fn):
    out = []
    for x in z:
        fraud, honest = math.exp(min(x, 700)), weight
        out.append(1 if fraud * cost_fn >= honest * cost_fp else 0)
    return out


def _right_flag_raw(z, weight, cost_fp, cost_fn):
    raw = weight * cost_fp / (weight * cost_fp + cost_fn)
    return (1 / (1 + np.exp(-z)) >= raw) * 1


RIGHT_flag = {
    "expected costs, in a loop": _right_flag_expected,
    "raw output against a raw cut": _right_flag_raw,
    "logit against a logit": lambda z, weight, cost_fp, cost_fn: np.heaviside(
        z - np.log(weight) - np.log(cost_fp / cost_fn), 1
    ),
}

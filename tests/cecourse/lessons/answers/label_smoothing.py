"""Answers to the exercises of lesson 07, as students give them."""

import math

import numpy as np

translate = {
    "the paper's alpha as it stands": 0.1,
    "factor the wrong way round, (K - 1)/K": 0.1 * 4 / 5,
    "alpha / K": 0.1 / 5,
    "target of a wrong class": 0.025,
    "1 - alpha of the right answer": 0.875,
    "alpha plus alpha / K": 0.1 + 0.1 / 5,
    "alpha / (1 - alpha)": 0.1 / 0.9,
    "K/(K - 1) applied twice": 0.1 * (5 / 4) ** 2,
    "times K": 0.5,
    "a guess": 0.2,
}

_t, _o = 0.85, 0.05


def _H(*p):
    return -sum(x * math.log(x) for x in p)


floor = {
    "loss 0 as with hard labels": 0.0,
    "textbooks' targets, 0.8 and 0.0667": _H(0.8, 0.2 / 3, 0.2 / 3, 0.2 / 3),
    "in bits": _H(_t, _o, _o, _o) / math.log(2),
    "only one of the wrong classes counted": _H(_t, _o),
    "surprise of the true class alone": -math.log(_t),
    "alpha ln K": 0.2 * math.log(4),
    "true class's term forgotten": -3 * _o * math.log(_o),
    "share given back forgotten: 0.8 and 0.05": _H(0.8, _o, _o, _o),
    "textbooks' targets, in bits": 1.039,
    "a guess": 0.5,
}

best_gap = {
    "textbooks' targets, ln 72": math.log(0.75 / (0.25 / 24)),
    "share given back forgotten, ln 75": math.log(0.75 / 0.01),
    "ratio of the targets, no logarithm": 0.76 / 0.01,
    "in base 2": math.log2(76),
    "difference of the targets": 0.76 - 0.01,
    "logit of the true target, as if of two classes": math.log(0.76 / 0.24),
    "ratio the other way round": math.log(0.01 / 0.76),
    "the lesson's number for ten classes": 4.51,
    "textbooks' targets, base 10": 1.857,
    "a guess": 5,
}

way_back = {
    "believed as it stands": 0.55,
    "smoothed once more": 0.9 * 0.55 + 0.01,
    "only divided by 1 - alpha": 0.55 / 0.9,
    "alpha taken off instead of alpha / K": (0.55 - 0.1) / 0.9,
    "only alpha / K taken off": 0.55 - 0.01,
    "divided by 0.91": (0.55 - 0.01) / 0.91,
    "textbooks' convention": (0.55 - 0.1 / 9) / (1 - 0.1 - 0.1 / 9),
    "two classes, alpha / 2": (0.55 - 0.05) / 0.9,
    "alpha added and smoothed": 0.595,
    "a guess": 0.91,
}


# smooth(rows, alpha)


def _s_textbooks(rows, alpha):
    K = rows.shape[1]
    return rows * (1 - alpha) + (1 - rows) * alpha / (K - 1)


def _s_argmax(rows, alpha):
    n, K = rows.shape
    out = np.full((n, K), alpha / K)
    out[np.arange(n), rows.argmax(axis=1)] += 1 - alpha
    return out


def _s_len(rows, alpha):
    K = len(rows)
    return (1 - alpha) * rows + alpha / K


def _s_not_back(rows, alpha):
    return np.where(rows == 1, 1 - alpha, alpha / rows.shape[1])


def _s_where(rows, alpha):
    K = rows.shape[1]
    return np.where(rows == 1, 1 - alpha + alpha / K, alpha / K)


def _s_positive(rows, alpha):
    out = []
    for row in rows:
        out.append([x * (1 - alpha) if x > 0 else alpha / len(row) for x in row])
    return np.array(out)


def _s_exchanged(rows, alpha):
    return alpha * rows + (1 - alpha) / rows.shape[1]


def _s_unigram(rows, alpha):
    return (1 - alpha) * rows + alpha * rows.mean(axis=0)


def _s_first(rows, alpha):
    result = []
    for row in rows:
        result.append((1 - alpha) * row + alpha / len(row))
        return np.array(result)


def _s_clip(rows, alpha):
    K = rows.shape[1]
    return np.clip(rows, alpha / K, 1 - alpha + alpha / K)


def _s_normalised(rows, alpha):
    out = rows + alpha / rows.shape[1]
    return out / out.sum(axis=1, keepdims=True)


def _s_in_place_half(rows, alpha):
    """Changes its argument."""
    rows *= 1 - alpha
    rows += alpha / rows.shape[1]
    return rows


def _s_others_only(rows, alpha):
    out = (1 - alpha) * rows
    out[rows == 0] = alpha / (rows.shape[1] - 1)
    return out


def _s_truth_only(rows, alpha):
    out = rows.copy()
    for i, row in enumerate(rows):
        true = np.argmax(row)
        taken = alpha * row[true]
        out[i, true] -= taken
        out[i] += taken / len(row)
    return out


smooth = {
    "textbooks' convention": _s_textbooks,
    "argmax: hard labels only": _s_argmax,
    "number of rows for K": _s_len,
    "share not given back: 1 - alpha and alpha/K": _s_not_back,
    "where(rows == 1): hard labels only": _s_where,
    "only the zeros get a share": _s_positive,
    "alpha and 1 - alpha exchanged": _s_exchanged,
    "spread by the class shares of the batch": _s_unigram,
    "return inside the loop: one row": _s_first,
    "clipped to [alpha/K, 1 - alpha + alpha/K]": _s_clip,
    "share added, then divided by the total": _s_normalised,
    "changes the argument in place": _s_in_place_half,
    "zeros get alpha/(K - 1), the rest 1 - alpha of theirs": _s_others_only,
    "only the largest entry gives something": _s_truth_only,
    "alpha added instead of alpha/K": lambda rows, alpha: (1 - alpha) * rows + alpha,
    "1 - alpha forgotten": lambda rows, alpha: rows + alpha / rows.shape[1],
}


def _right_smooth_loop(rows, alpha):
    return [[(1 - alpha) * float(x) + alpha / len(row) for x in row] for row in rows]


def _right_smooth_matrix(rows, alpha):
    K = rows.shape[1]
    return rows @ ((1 - alpha) * np.eye(K) + alpha / K * np.ones((K, K)))


RIGHT_smooth = {
    "nested lists": _right_smooth_loop,
    "a matrix of transitions": _right_smooth_matrix,
    "towards the row's own mean": lambda rows, alpha: (
        rows + alpha * (rows.mean(axis=1, keepdims=True) - rows)
    ),
}

"""Answers to the exercises of lesson 12, as students give them."""

import math

import numpy as np

import cehelpers as ce

_y, _z = np.array([1.0, 0.0, 1.0]), np.array([2.0, -1.0, -0.5])

forgotten = {
    "the right loss, from logits": ce.binary_cross_entropy_with_logits(_y, _z),
    "sum instead of mean": -math.log(1e-7),
    "clip at 1e-15": -math.log(1e-15) / 3,
    "clip at 1e-6": -math.log(1e-6) / 3,
    "clip at the eps of float32": -math.log(np.finfo("f4").eps) / 3,
    "PyTorch's bound of 100": 100 / 3,
    "no clip: logarithm of a negative number": math.nan,
    "in bits": -math.log2(1e-7) / 3,
    "sigmoid twice": ce.binary_cross_entropy_with_logits(_y, ce.sigmoid(_z)),
    "a guess": 0.5,
}

ported = {
    "the same number": 0.9,
    "only multiplied by the sum of weights": 4.5,
    "multiplied by n": 1.8,
    "multiplied by the weight 4": 3.6,
    "divided by n": 0.45,
    "factor upside down, 2/5": 0.9 * 2 / 5,
    "divided by the weight 4": 4.5 / 4,
    "divided by the sum of weights": 0.18,
    "mean weight taken as 3": 0.9 * 3,
    "a guess": 1.5,
}

_Z = np.array([[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 4.0]])
_rows = np.log(np.exp(_Z).sum(axis=1))
_first, _last = _rows[0] - 2.0, _rows[2] - 4.0

minus_one = {
    "the two rows that count, divided by two": (_first + _last) / 2,
    "not divided": _first + _last,
    "-1 as the last class": (_first + _rows[1] - 0.0 + _last) / 3,
    "-1 as the first class": (_first + _rows[1] - 1.0 + _last) / 3,
    "-1 without its sign: class 1": (_first + _rows[1] - 3.0 + _last) / 3,
    "a shrug for the padding": (_first + math.log(3) + _last) / 3,
    "in bits": (_first + _last) / 3 / math.log(2),
    "it stops or says nan": math.nan,
    "last class, not divided": _first + _rows[1] + _last,
    "a guess": 1.0,
}


# as_pytorch(p, y)


def _a_clip(eps):
    def loss(p, y):
        p = np.clip(p, eps, 1 - eps)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    return loss


def _logs(p):
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(p), -100), np.maximum(np.log(1 - p), -100)


def _a_exchanged(p, y):
    a, b = _logs(y)
    return -np.mean(p * a + (1 - p) * b)


def _a_sum(p, y):
    a, b = _logs(p)
    return -np.sum(y * a + (1 - y) * b)


def _a_none(p, y):
    a, b = _logs(p)
    return -(y * a + (1 - y) * b)


def _a_no_bound(p, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _a_bound_product(p, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = y * np.log(p) + (1 - y) * np.log(1 - p)
    return -np.mean(np.maximum(terms, -100))


def _a_nan_to_num(p, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.nan_to_num(y * np.log(p), nan=0.0, neginf=-100)
        right = np.nan_to_num((1 - y) * np.log(1 - p), nan=0.0, neginf=-100)
    return -(left + right).mean()


def _a_bound_mean(p, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))
    return min(loss, 100)


def _a_positives(p, y):
    a, _ = _logs(p)
    return -np.mean(y * a)


def _a_one_bound(p, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = np.maximum(np.log(p), -100), np.log(1 - p)
        return -np.mean(y * a + (1 - y) * b)


def _a_exp_clip(p, y):
    """exp(-100) is far below what 1 - eps can hold."""
    eps = math.exp(-100)
    p = np.clip(p, eps, 1 - eps)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _a_eps_inside(p, y):
    return -np.mean(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))


def _a_hard(p, y):
    total = 0
    for pi, yi in zip(p, y):
        q = pi if yi == 1 else 1 - pi
        total += min(-math.log(q), 100) if q > 0 else 100
    return total / len(p)


def _a_early(p, y):
    a, b = _logs(p)
    total = 0
    for i in range(len(p)):
        total -= y[i] * a[i] + (1 - y[i]) * b[i]
        return total / len(p)


def _a_skip(p, y):
    inner = (p > 0) & (p < 1)
    if not inner.any():
        return 0.0
    p, y = p[inner], y[inner]
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _a_infinities(p, y):
    with np.errstate(divide="ignore"):
        a = np.nan_to_num(np.log(p), neginf=-100.0)
        b = np.nan_to_num(np.log1p(-p), neginf=-100.0)
    return np.average(-y * a - (1 - y) * b)


as_pytorch = {
    "p clipped to 1e-7, as Keras does": _a_clip(1e-7),
    "p clipped to 1e-15": _a_clip(1e-15),
    "arguments exchanged": _a_exchanged,
    "sum instead of mean": _a_sum,
    "no mean: one loss a row": _a_none,
    "no bound: nan": _a_no_bound,
    "bound on the terms, after 0 times inf": _a_bound_product,
    "bound on the terms with nan_to_num: wrong for soft labels": _a_nan_to_num,
    "bound on the mean": _a_bound_mean,
    "term of y = 0 forgotten": _a_positives,
    "bound on one of the two logarithms": _a_one_bound,
    "p clipped to exp(-100)": _a_exp_clip,
    "1e-12 inside the logarithms": _a_eps_inside,
    "hard labels only": _a_hard,
    "return inside the loop": _a_early,
    "rows of 0 and 1 left out": _a_skip,
    "nan_to_num on the logarithms: only infinities bounded": _a_infinities,
}


def _right_as_pytorch_loop(p, y):
    def log(q):
        return max(math.log(q), -100.0) if q > 0 else -100.0

    return sum(-a * log(q) - (1 - a) * log(1 - q) for q, a in zip(p, y)) / len(p)


def _right_as_pytorch_float32(p, y):
    a, b = _logs(p)
    return np.float32(np.average(-y * a - (1 - y) * b))


RIGHT_as_pytorch = {
    "plain loop": _right_as_pytorch_loop,
    "an average, float32": _right_as_pytorch_float32,
    "clip on stacked logarithms": lambda p, y: (
        -(np.stack([y, 1 - y]) * np.array(_logs(p)).clip(-100, 0)).sum(axis=0).mean()
    ),
}


# repair(y, p, w)


def _losses(y, p):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def _k_as_keras(y, p, w):
    return _losses(y, p).mean() * w.mean()


def _k_sum_w(y, p, w):
    return np.sum(w * _losses(y, p)) / np.sum(w)


def _k_inside(y, p, w):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(y * np.log(w * p) + (1 - y) * np.log(w * (1 - p)))


def _k_positives(y, p, w):
    return -np.mean(w * y * np.log(p) + (1 - y) * np.log(1 - p))


def _k_negatives(y, p, w):
    return -np.mean(y * np.log(p) + w * (1 - y) * np.log(1 - p))


def _k_early(y, p, w):
    total = 0.0
    for yi, pi, wi in zip(y, p, w):
        total += wi * -(yi * math.log(pi) + (1 - yi) * math.log(1 - pi))
        return total / len(y)


def _k_nonzero(y, p, w):
    return (w * _losses(y, p)).sum() / np.count_nonzero(w)


def _k_no_n(y, p, w):
    return float(w @ _losses(y, p))


def _k_exchanged(y, p, w):
    q = np.clip(y, 1e-7, 1 - 1e-7)
    return np.mean(w * _losses(p, q))


def _k_half(y, p, w):
    return np.mean(w * _losses(y, p)) / 2


def _k_column(y, p, w):
    return np.mean(w * _losses(y, p)[:, None])


def _k_normalised_twice(y, p, w):
    w = w / w.sum()
    return np.mean(w * _losses(y, p))


def _k_repeat(y, p, w):
    rows = np.repeat(_losses(y, p), w.astype(int))
    return rows.mean()


def _k_missing_brackets(y, p, w):
    return np.mean(-w * y * np.log(p) - 1 - y * np.log(1 - p))


repair = {
    "what Keras does: mean loss times mean weight": _k_as_keras,
    "divided by the sum of the weights": _k_sum_w,
    "not divided": _k_no_n,
    "weights inside the logarithm": _k_inside,
    "weights on the positives only": _k_positives,
    "weights on the negatives only": _k_negatives,
    "return inside the loop": _k_early,
    "divided by the rows with a weight": _k_nonzero,
    "labels and forecasts exchanged": _k_exchanged,
    "divided by n and by two classes": _k_half,
    "a column times a row: all pairs": _k_column,
    "weights divided by their sum, then the mean": _k_normalised_twice,
    "rows repeated w times, then the mean": _k_repeat,
    "brackets of 1 - y forgotten": _k_missing_brackets,
    "weights forgotten": lambda y, p, w: _losses(y, p).mean(),
    "minus forgotten": lambda y, p, w: -np.mean(w * _losses(y, p)),
}


def _right_repair_loop(y, p, w):
    bill = [wi * -math.log(pi) if yi == 1 else wi * -math.log1p(-pi) for yi, pi, wi in zip(y, p, w)]
    return math.fsum(bill) / len(bill)


def _right_repair_columns(y, p, w):
    """As Keras with columns: the mean over the last axis has one entry."""
    rows = _losses(y[:, None], p[:, None]).mean(axis=-1)
    return np.float32((rows * w).sum() / rows.size)


RIGHT_repair = {
    "plain loop over hard labels": _right_repair_loop,
    "columns, as Keras wants them, float32": _right_repair_columns,
    "a scalar product over n": lambda y, p, w: np.dot(w, _losses(y, p)) / y.shape[0],
}

who_is_it = {
    "the order of one taken wrong": [2, 1, 7],
    "every order taken wrong": [2, 5, 3],
    "one sum taken for a mean": [8, 1, 7],
    "every sum taken for a mean and back": [8, 3, 5],
    "clip and bound of one exchanged": [5, 1, 7],
    "clip and bound of each exchanged": [5, 2, 8],
    "counted from 0": [5, 0, 6],
    "4 for a sum, 2 for the order": [4, 1, 7],
    "in another order": [1, 6, 7],
    "turned round": [7, 1, 6],
    "a guess": [1, 1, 1],
}

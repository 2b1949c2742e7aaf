"""Answers to notebook 13 as students give them, from the questions alone."""

import math

import numpy as np

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


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

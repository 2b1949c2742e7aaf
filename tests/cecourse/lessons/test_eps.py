"""An eps is recognised in any size and in each place where people put one.

The answers here are written as a learner would write them; none uses the known mistakes' own code.
"""

import math

import numpy as np
import pytest
from scipy.special import softmax

from cecourse.exercise.report import all_exercises

EXERCISES = {part.id: part for part in all_exercises()}
SIZES = [1e-3, 2.5e-5, 1e-6, 1.1920929e-7, 1e-9, 7e-12, 1e-16]


def bce_clipped(eps):
    def bce(y, p):
        p = [min(max(x, eps), 1 - eps) for x in p]
        rows = [-(t * math.log(x) + (1 - t) * math.log(1 - x)) for t, x in zip(y, p, strict=True)]
        return sum(rows) / len(rows)

    return bce


def bce_numpy_clip(eps):
    def bce(y, p):
        y, p = np.array(y), np.clip(p, eps, 1 - eps)
        return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))

    return bce


def bce_added(eps):
    def bce(y, p):
        y, p = np.array(y), np.array(p)
        return -(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps)).mean()

    return bce


def bce_each_argument(eps):
    def bce(y, p):
        total = 0
        for t, x in zip(y, p, strict=True):
            total -= t * math.log(max(x, eps)) + (1 - t) * math.log(max(1 - x, eps))
        return total / len(y)

    return bce


def bce_low_end(eps):
    def bce(y, p):
        total = 0
        for t, x in zip(y, p, strict=True):
            x = max(x, eps)
            total += -(t * math.log(x) + (1 - t) * math.log(1 - x))
        return total / len(y)

    return bce


def kl_added(eps):
    return lambda p, q: sum(a * math.log((a + eps) / (b + eps)) for a, b in zip(p, q, strict=True))


def kl_model_only(eps):
    def kl(p, q):
        return sum(a * math.log(a / (b + eps)) for a, b in zip(p, q, strict=True) if a > 0)

    return kl


def kl_clipped(eps):
    def kl(p, q):
        p, q = np.clip(p, eps, 1), np.clip(q, eps, 1)
        return np.sum(p * np.log(p / q))

    return kl


def kl_model_clipped(eps):
    def kl(p, q):
        total = 0
        for a, b in zip(p, q, strict=True):
            if a > 0:
                total += a * math.log(a / max(b, eps))
        return total

    return kl


def stable_clip(eps):
    def loss(y, z):
        with np.errstate(over="ignore"):
            p = np.clip(1 / (1 + np.exp(-np.float64(z))), eps, 1 - eps)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p))

    return loss


def stable_added(eps):
    def loss(y, z):
        with np.errstate(over="ignore"):
            p = 1 / (1 + np.exp(-np.float64(z)))
        return -y * np.log(p + eps) - (1 - y) * np.log(1 - p + eps)

    return loss


def report_clip(eps):
    def report(labels, logits):
        p = np.clip(softmax(np.array(logits), axis=1), eps, 1)
        return float(np.mean([-math.log(row[k]) for row, k in zip(p, labels, strict=True)]))

    return report


def report_added(eps):
    def report(labels, logits):
        p = softmax(np.array(logits), axis=1)[np.arange(len(labels)), labels]
        return -np.log(p + eps).mean()

    return report


def torch_clip(eps):
    def loss(p, y):
        p = np.clip(p, eps, 1 - eps)
        return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))

    return loss


def torch_added(eps):
    return lambda p, y: np.mean(-y * np.log(p + eps) - (1 - y) * np.log(1 - p + eps))


ALWAYS = {  # an infinite or very large loss is asked for, so that every size can be seen
    "03/bce": (bce_clipped, bce_numpy_clip, bce_added, bce_each_argument, bce_low_end),
    "02/own_kl": (kl_added, kl_model_only, kl_clipped, kl_model_clipped),
    "04/stable_loss": (stable_clip, stable_added),
    "11/report": (report_clip, report_added),
    "12/as_pytorch": (torch_clip, torch_added),
}


@pytest.mark.parametrize("eps", SIZES)
@pytest.mark.parametrize(
    ("key", "write"), [(key, write) for key, ways in ALWAYS.items() for write in ways]
)
def test_an_eps_is_told_that_it_is_one(key, write, eps):
    feedback = EXERCISES[key].evaluate(write(eps))
    assert feedback.status == "mistake", feedback.text
    assert any(word in feedback.text for word in ("eps", "ε", "clip"))


def entropy_added(eps):
    return lambda p: -sum(x * math.log2(x + eps) for x in p)


def entropy_of_moved(eps):
    def entropy(p):
        p = np.array(p) + eps
        return np.sum(-p * np.log2(p))

    return entropy


def ignorance_clipped(eps):
    def ignorance(counts):
        p = np.clip(np.array(counts) / sum(counts), eps, 1)
        return -np.sum(p * np.log(p))

    return ignorance


def lse_added(eps):
    return lambda z: np.log(np.exp(np.array(z)).sum() + eps)


def log_of_softmax(eps):
    def loss(z, labels):
        p = softmax(z, axis=1)
        return np.mean([-np.log(p[i, k] + eps) for i, k in enumerate(labels)])

    return loss


def warmed_added(eps):
    return lambda p, T: softmax(np.log(p + eps) / T, axis=1)


def sampling_clipped(eps):
    def undo(p, s):
        p = min(max(p, eps), 1 - eps)
        odds = p / (1 - p) * s
        return odds / (1 + odds)

    return undo


def weighted_added(eps):
    return lambda y, p, w: (-w * np.log(np.where(y == 1, p, 1 - p) + eps)).mean()


SOMETIMES = {  # a small one cannot be seen in the digits that count; a large one is named
    "01/entropy_in_bits": (entropy_added, entropy_of_moved),
    "11/ignorance": (ignorance_clipped,),
    "05/log_sum_exp": (lse_added,),
    "05/repaired": (log_of_softmax,),
    "08/warmed": (warmed_added,),
    "09/undo_sampling": (sampling_clipped,),
    "12/repair": (weighted_added,),
}


@pytest.mark.parametrize(
    ("key", "write"), [(key, write) for key, ways in SOMETIMES.items() for write in ways]
)
def test_an_eps_that_can_be_seen_is_told_that_it_is_one(key, write):
    told = [EXERCISES[key].evaluate(write(eps)) for eps in SIZES]
    assert {feedback.status for feedback in told} <= {"mistake", "right"}
    assert told[0].status == "mistake"
    assert all("eps" in feedback.text for feedback in told if feedback.status == "mistake")


def test_an_answer_without_an_eps_is_not_told_of_one():
    """Wrong answers of other kinds, in the exercises that know an eps."""
    wrong = {
        "03/bce": lambda y, p: 0.3,
        "02/own_kl": lambda p, q: 0.1,
        "12/as_pytorch": lambda p, y: float(np.mean(np.abs(p - y))),
        "01/entropy_in_bits": lambda p: 1.5,
        "11/report": lambda labels, logits: 1.0,
    }
    for key, answer in wrong.items():
        assert EXERCISES[key].evaluate(answer).status == "wrong"

"""The world of notebook 09: payments of two kinds, what a cut flags of them, and what it costs."""

import math

from cecourse import story
from cehelpers import logit

BASE_RATE, PAYMENTS = story.base_rate, 100_000
COST_FP, COST_FN = 1.0, float(story.miss)
W = story.miss  # the weight that says the same as the price list
CUT = 1 / (W + 1)
CUT_NAME = f"1/{W + 1}"
# Features N(0, 1), those of frauds moved by (2, 1). Its true logit is
# 2x₁ + x₂ plus a constant: normal with this spread, around MEANS for ordinary payments and frauds.
SPREAD = math.sqrt(5)
MEANS = (logit(BASE_RATE) - 2.5, logit(BASE_RATE) + 2.5)
_WEIGHTS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 400, 700, 1000)
WEIGHTS = tuple(sorted({*_WEIGHTS, W}))
_CUTS = (
    0.0002,
    0.0005,
    0.001,
    0.003,
    0.005,
    0.01,
    0.02,
    0.03,
    0.05,
    0.07,
    0.1,
    0.15,
    0.2,
    0.25,
    0.3,
    0.35,
    0.4,
    0.45,
    0.5,
    0.55,
    0.6,
    0.65,
    0.7,
    0.75,
    0.8,
    0.85,
    0.9,
    0.95,
    0.98,
    0.99,
)
CUTS = tuple(sorted({*_CUTS, CUT}))


def shares_flagged(weight: float, cut: float) -> tuple[float, float]:
    """Shares of ordinary payments and of frauds whose weighted probability reaches the cut."""
    z = logit(cut) - math.log(weight)
    fpr, recall = (math.erfc((z - mean) / SPREAD / math.sqrt(2)) / 2 for mean in MEANS)
    return fpr, recall


def cost(fpr: float, recall: float) -> float:
    """Expected cost of `PAYMENTS` payments."""
    return PAYMENTS * (COST_FP * (1 - BASE_RATE) * fpr + COST_FN * BASE_RATE * (1 - recall))

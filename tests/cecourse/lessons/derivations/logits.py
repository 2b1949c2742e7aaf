"""Notebook 04: losses and slopes in 400-digit arithmetic, and a clip followed step by step."""

import numpy as np
from mpmath import exp, log, mp, mpf
from scipy.special import expit

from . import only


def _loss(y, z):
    """−ln of the probability of what happened, where 1 − σ still has all of its digits."""
    with mp.workdps(400):
        p, y = 1 / (1 + exp(-mpf(z))), mpf(y)
        return -(y * log(p) + (1 - y) * log(1 - p))


def confident_mistake(z):
    return float(_loss(0, z))


def one_too_many(z):
    return float(_loss(1, expit(float(z))))


def through_the_clip(far, k):
    """The value and a difference quotient of the clipped loss, on either side of the row."""

    def clipped(z):
        return -np.log(np.clip(expit(z), 0.1**k, 1 - 0.1**k))

    return [clipped(-far), (clipped(0.1 - far) - clipped(-0.1 - far)) / 0.2]


def find_the_bug():
    y, z = np.float32(0), np.float32(20)
    p = expit(z)
    bound = np.float32(1) - np.float32(1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        behind = np.clip(-(1 - y) * np.log(1 - p), 1e-9, 1 - 1e-9)  # the clip moved: 1 at most
        exchanged = -(p * np.log(y) + (1 - p) * np.log(1 - y))
        repaired = -np.log(1 - np.minimum(p, np.nextafter(np.float32(1), np.float32(0))))
    return only(
        {
            "clip comes too early": np.isclose(behind, 20, rtol=0.5),
            "upper bound of the clip is 1": bound == 1 and np.isfinite(repaired),
            "expit overflows": not np.isfinite(p),
            "y and p have changed places": np.isfinite(exchanged),
        }
    )


def stable_loss(y, z):
    return float(_loss(y, z))


def slope(y, z):
    """σ(z) − y, where 400 digits keep the difference."""
    with mp.workdps(400):
        return float(1 / (1 + exp(-mpf(z))) - mpf(y))

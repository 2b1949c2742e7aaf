"""Notebook 08: errors and temperatures by the package's own search, pairs by scikit-learn."""

import numpy as np
from sklearn.metrics import roc_auc_score

import cehelpers as ce

from . import only


def forty_forecasts(first, second):
    (said, wet), (other, rainy) = first, second
    y = np.repeat([1, 0, 1, 0], [wet, 30 - wet, rainy, 10 - rainy])
    return ce.expected_calibration_error(y, np.repeat([said, other], [30, 10]), n_bins=100)


def ece(y, p, n_bins):
    """Edge by edge, each row asked in turn."""
    total = 0.0
    for k in range(n_bins):
        said, happened = [], []
        for truth, forecast in zip(y.tolist(), p.tolist(), strict=True):
            above = forecast > k / n_bins or (k == 0 and forecast == 0)
            if above and forecast <= (k + 1) / n_bins:
                said.append(forecast)
                happened.append(truth)
        total += abs(sum(happened) - sum(said)) / len(p)
    return total


def one_claim(z, hits):
    labels = [1] * hits + [0] * (100 - hits)
    return ce.fit_temperature(labels, np.tile([0.0, z], (100, 1)))


def warmed(p, T):
    return ce.softmax(np.log(p), temperature=T)


def cubed(y):
    return roc_auc_score(y, np.array([0.9, 0.7, 0.6, 0.3, 0.2]) ** 3)


def which_repair():
    """The ruler of logits: is what happened a multiple of what was said, or that plus a number?"""
    said, happened = ce.logit([0.1, 0.5, 0.9]), ce.logit([0.308, 0.8, 0.973])
    shift = np.ptp(happened - said) < 0.02  # the shares are given in three digits
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = happened / said
    scale = np.isfinite(factor).all() and np.ptp(factor) < 0.02
    return only(
        {
            "a temperature above 1": scale and factor[0] < 1,
            "a temperature below 1": scale and factor[0] > 1,
            "a shift of the logit": shift,
            "none: there is": np.allclose(said, happened, atol=0.02),
        }
    )

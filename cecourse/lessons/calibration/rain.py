"""The weather service of notebook 08, which is too sure, and the four numbers of its forecasts."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers.activations import sigmoid
from cehelpers.binary_losses import binary_cross_entropy_with_logits
from cehelpers.calibration import expected_calibration_error
from cehelpers.metrics import roc_auc

DAYS = 1000


class Weather(NamedTuple):
    """A year or three of rain, and the logits of a service that is too sure and too dry."""

    y: NDArray[np.int64]
    z: NDArray[np.float64]


class Measures(NamedTuple):
    """Log loss in nats, expected calibration error, accuracy at 0.5, and AUC."""

    loss: float
    error: float
    accuracy: float
    area: float


@cache
def weather() -> Weather:
    """1,000 days: it rains with probability σ(u), and the service says σ(2.5·(u − 0.6))."""
    rng = np.random.default_rng(1)
    u = rng.normal(0.0, 1.3, DAYS)
    y = (rng.random(DAYS) < sigmoid(u)).astype(int)
    return Weather(y, 2.5 * (u - 0.6))


def measured(temperature: float, shift: float, bins: int = 10) -> Measures:
    """The four numbers of the weather service's forecasts σ(z/T + b)."""
    y, z = weather()
    moved = z / temperature + shift
    return Measures(
        binary_cross_entropy_with_logits(y, moved),
        expected_calibration_error(y, sigmoid(moved), n_bins=bins),
        float(np.mean((moved > 0) == (y == 1))),
        roc_auc(y, moved),
    )

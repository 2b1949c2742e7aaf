"""What three repairs of a rain service gain, by the number of held-out days they are fitted on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cehelpers import fit_isotonic, fit_platt, fit_temperature, sigmoid

Service = Callable[[int, np.random.Generator], tuple[NDArray, NDArray]]
SIZES = (50, 100, 200, 500, 1000, 2000)  # numbers of held-out days
NEW_DAYS = 4000
UNSEEN = 0.2  # the chance of rain on a day that the second service calls dry
REPAIRS = ("temperature", "Platt", "isotonic")


def leaning(n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Chances of rain and logits of a service too sure and too dry: scale and shift mend it."""
    u = rng.normal(0, 1.3, n)
    return sigmoid(u), 2.5 * (u - 0.6)


def blind(n: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Chances of rain and logits of a service to which a fifth of the showers never show."""
    u = rng.normal(0, 1, n)
    return UNSEEN + (1 - UNSEEN) * sigmoid(3 * u), 3 * u


@cache
def excess(service: Service, sizes: tuple[int, ...], resamples: int) -> dict[str, NDArray]:
    """Mean Brier score beyond that of the true chances, after each repair; shape (len(sizes),).

    Parameters
    ----------
    service : function
        From a number of days and a generator to their chances of rain and the service's logits.
    sizes : sequence of int
        Numbers of held-out days.
    resamples : int
        How often the held-out days are drawn, for each size.
    """
    rng = np.random.default_rng(0)
    chance, new = service(NEW_DAYS, rng)
    cost = {name: np.zeros((len(sizes), resamples)) for name in REPAIRS}
    for row, size in enumerate(sizes):
        for k in range(resamples):
            p, z = service(size, rng)
            y = (rng.random(size) < p).astype(int)
            T, (a, b) = fit_temperature(y, z), fit_platt(y, z)
            said = (sigmoid(new / T), sigmoid(a * new + b), fit_isotonic(y, z).predict(new))
            for name, q in zip(REPAIRS, said, strict=True):
                cost[name][row, k] = np.mean((chance - q) ** 2)  # E(y − q)² − E(y − chance)²
    return {name: values.mean(axis=1) for name, values in cost.items()}

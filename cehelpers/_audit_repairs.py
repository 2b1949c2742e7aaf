"""Layer 5: repairs of forecasts, each fitted on one half of the rows and judged on the other.

The halves are drawn without a look at the labels: halves of the same base rate would judge a shift
on what it was fitted to.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers._audit_fits import UNKNOWN, Estimate, mean, pool, temperature, wald
from cehelpers._formulas import sigmoid
from cehelpers.activations import log_softmax, logit
from cehelpers.binary_losses import binary_cross_entropy_with_logits
from cehelpers.costs import cost_threshold
from cehelpers.recalibration import fit_bias, fit_isotonic, fit_platt, fit_temperature

LEVELS = 10  # so few different forecasts are levels, not copies


class Repair(NamedTuple):
    """A repair, fitted on each half of the rows and judged on the other.

    `change` is that of the log loss in nats per row (below 0: better), `cost` and `cost_change`
    those of the decisions at p*, if costs are given. `parameters`, fitted on all rows, are
    (b,), (T,), (a, b) of σ(a·z + b), or () of the isotonic curve.
    """

    name: str
    log_loss: float
    change: Estimate
    cost: float | None
    cost_change: Estimate | None
    parameters: tuple[float, ...]


def _isotonic(y, z, w):
    if np.count_nonzero(np.diff(z)) < 2:
        raise ValueError("one forecast has no curve, and two have a line")
    # half a positive at the lowest and half a negative at the highest: nothing becomes impossible
    ends, half = [z.min(), z.max()], np.full(2, w.mean() / 2)
    fit = fit_isotonic(np.append(y, [1, 0]), np.append(z, ends), sample_weight=np.append(w, half))
    return (), lambda s: logit(fit.predict(s))


def _platt(y, z, w):
    if z.min() == z.max():
        raise ValueError("forecasts that are all equal have no slope")
    a, b = _pooled(fit_platt, y, z, w)
    return (a, b), lambda s: a * s + b


def _shift(y, z, w):
    b = _pooled(fit_bias, y, z, w)
    return (b,), lambda s: s + b


def _temperature(y, z, w):
    t = _pooled(fit_temperature, y, z, w)
    return (t,), lambda s: s / t


def _pooled(fit, y, z, w):
    y, z, w, _ = pool(y, z, w)
    return fit(y, z, sample_weight=w)


# each takes labels, logits and weights, and returns parameters and what becomes of a logit;
# a ValueError says that no finite one is best
FITS: dict[str, Callable] = {
    "shift": _shift,
    "temperature": _temperature,
    "platt": _platt,
    "isotonic": _isotonic,
}


def repairs_of(y, z, w, costs) -> tuple[tuple[Repair, ...], Repair | None]:
    """All that can be judged, and the simplest that is sure to help and not surely beaten."""
    half, found, helping = _half(len(y)), [], []
    if any(min(y[rows].sum(), (1 - y[rows]).sum()) < 2 for rows in (half, ~half)):
        return (), None
    before = loss_of(y, z)
    for name, fit in FITS.items():
        try:
            repaired = _by_each_half(fit, y, z, w, half)
            parameters, _ = fit(y, z, w)
        except ValueError:
            continue
        bill = (None, None)
        if costs:
            as_it_is = cost_of(y, z, costs)
            saved = _judged([cost_of(y, s, costs) - as_it_is for s in repaired], w, half)
            bill = mean(as_it_is, w) + saved.value, saved
        losses = np.array([loss_of(y, s) for s in repaired])
        change = _judged(losses - before, w, half)
        found.append(Repair(name, mean(before, w) + change.value, change, *bill, parameters))
        if change.high < 0:
            helping.append((found[-1], losses))
    if not helping:
        return tuple(found), None
    _, least = min(helping, key=lambda pair: pair[0].log_loss)
    best = next(r for r, losses in helping if _judged(losses - least, w, half).low <= 0)
    return tuple(found), best


def temperature_of(y, z, w, before) -> tuple[Estimate, tuple[Repair, ...]]:
    """The temperature of K classes with its interval, and what it changes."""

    def fit(*rows):
        t = fit_temperature(*rows[:2], sample_weight=rows[2])
        return (t,), lambda s: s / t

    half, rows = _half(len(y)), np.arange(len(y))
    try:
        estimate = temperature(y, z, w)
        repaired = _by_each_half(fit, y, z, w, half)
    except ValueError:  # no finite fit
        return UNKNOWN, ()
    change = _judged([-log_softmax(s)[rows, y] - before for s in repaired], w, half)
    log_loss = mean(before, w) + change.value
    return estimate, (Repair("temperature", log_loss, change, None, None, (estimate.value,)),)


def different(y, z) -> int | None:
    """How many forecasts there are, where most rows of class 1 look like copies of each other.

    That is: of equal forecasts no two have different labels, though more than half of class 1 share
    theirs.
    """
    first = np.flatnonzero(np.append(True, z[1:] != z[:-1]))[: len(z)]
    ones, rows = np.add.reduceat(y, first) if len(z) else y, np.diff(first, append=len(z))
    copied = 2 * ones[rows > 1].sum() > y.sum() and ((ones == 0) | (ones == rows)).all()
    return len(first) if copied and len(first) > LEVELS else None


def loss_of(y, z) -> NDArray[np.float64]:
    return binary_cross_entropy_with_logits(y, z, reduction="none")


def cost_of(y, z, costs) -> NDArray[np.float64]:
    """Cost of each row, flagged where its logit is at least that of p*."""
    flagged = sigmoid(z) >= cost_threshold(*costs)
    return np.where(y == 1, costs[1] * ~flagged, costs[0] * flagged)


def _half(n: int) -> NDArray[np.bool_]:
    """Half of n rows at random, the same ones at each call."""
    half = np.zeros(n, bool)
    half[np.random.default_rng(0).permutation(n)[: (n + 1) // 2]] = True
    return half


def _by_each_half(fit, y, z, w, half):
    """All logits, repaired as the first half says and as the second."""
    return [fit(y[rows], z[rows], w[rows])[1](z) for rows in (half, ~half)]


def _judged(changes, w, half) -> Estimate:
    """Mean over the rows, each changed as the half says that it is not in.

    Its variance is that of the central limit theorem, and half of that of the difference: each half
    judges the other, and where the two fits differ by chance alone both judges err the same way.
    (Near no effect, with errors e and e' of the two fits, both err by −e·e'.) In samples of 300 to
    20,000 rows with 11 to 150 positives it held the true change 92 to 98 times in 100.
    """
    value = mean(np.where(half, changes[1], changes[0]), w)
    difference = changes[1] - changes[0]
    errors = w * (np.where(half, changes[1], changes[0]) - value)
    shared = w * (difference - mean(difference, w))
    return wald(value, float((errors**2).sum() + (shared**2).sum() / 2) / float(w.sum()) ** 2)

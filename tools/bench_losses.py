"""Our losses beside NumPy written naively, SciPy, scikit-learn and, where installed, PyTorch.

Time and memory are those of the mean over all rows, in one process, one thread; the error is the
worst one of single losses against 50-digit arithmetic, in units of the last place (ulps).
"""

from __future__ import annotations

import importlib.util
import time
import tracemalloc
from collections.abc import Callable
from typing import NamedTuple

import mpmath
import numpy as np
import scipy.special as special
from sklearn.metrics import log_loss

import cehelpers as ce


class Contender(NamedTuple):
    """A way to compute one loss: its mean over arrays, and the losses one by one."""

    mean: Callable
    each: Callable


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def naive_bce(y, z):
    p = sigmoid(z)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def scipy_bce(y, z):
    return -(y * special.log_expit(z) + (1 - y) * special.log_expit(-z))


def sklearn_bce(y, z):
    return np.array([log_loss([a], [b], labels=[0, 1]) for a, b in zip(y, sigmoid(z), strict=True)])


def naive_ce(labels, z):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(z)), labels])


def scipy_ce(labels, z):
    return -special.log_softmax(z, axis=1)[np.arange(len(z)), labels]


def sklearn_ce(labels, z):
    p, classes = special.softmax(z, axis=1), range(z.shape[1])
    return np.array([log_loss([a], [b], labels=classes) for a, b in zip(labels, p, strict=True)])


def averaged(each: Callable) -> Callable:
    return lambda y, z: each(y, z).mean()


def binary() -> dict[str, Contender]:
    """The contenders for binary cross-entropy of logits."""
    ours = ce.binary_cross_entropy_with_logits
    found = {
        "cehelpers": Contender(ours, lambda y, z: ours(y, z, reduction="none")),
        "NumPy, naive": Contender(averaged(naive_bce), naive_bce),
        "SciPy log_expit": Contender(averaged(scipy_bce), scipy_bce),
        "scikit-learn log_loss": Contender(lambda y, z: log_loss(y, sigmoid(z)), sklearn_bce),
    }
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(1)

        def function(y, z, reduction="mean"):
            y, z = torch.from_numpy(np.asarray(y, dtype=z.dtype)), torch.from_numpy(z)
            loss = torch.nn.functional.binary_cross_entropy_with_logits
            return loss(z, y, reduction=reduction).numpy()

        found["PyTorch"] = Contender(function, lambda y, z: function(y, z, "none"))
    return found


def categorical() -> dict[str, Contender]:
    """The contenders for softmax cross-entropy of integer labels and logits."""
    ours = ce.sparse_categorical_cross_entropy_with_logits
    found = {
        "cehelpers": Contender(ours, lambda y, z: ours(y, z, reduction="none")),
        "NumPy, naive": Contender(averaged(naive_ce), naive_ce),
        "SciPy log_softmax": Contender(averaged(scipy_ce), scipy_ce),
        "scikit-learn log_loss": Contender(
            lambda y, z: log_loss(y, special.softmax(z, axis=1), labels=range(z.shape[1])),
            sklearn_ce,
        ),
    }
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(1)

        def function(y, z, reduction="mean"):
            loss = torch.nn.functional.cross_entropy
            return loss(torch.from_numpy(z), torch.from_numpy(y), reduction=reduction).numpy()

        found["PyTorch"] = Contender(function, lambda y, z: function(y, z, "none"))
    return found


def seconds(call: Callable, *arguments) -> float:
    """Return the best of three runs (of one, when a run takes long)."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        call(*arguments)
        best = min(best, time.perf_counter() - start)
        if best > 2:
            break
    return best


def extra_megabytes(call: Callable, *arguments) -> float:
    """Return the peak of memory that NumPy took beyond its arguments."""
    tracemalloc.start()
    call(*arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def worst_ulps(each: Callable, y, z, exact: list) -> float:
    """Return the largest error of single losses, in units of the exact value's last place."""
    with np.errstate(all="ignore"):
        got = np.asarray(each(y, z), dtype=float)
    errors = [
        abs(mpmath.mpf(float(g)) - e) / mpmath.mpf(float(np.spacing(float(e))))
        for g, e in zip(got, exact, strict=True)
    ]
    return float(max(errors))


def exact_bce(y, z) -> list:
    with mpmath.workdps(400):
        return [
            mpmath.log1p(mpmath.exp(-b if a else b))
            for a, b in zip(y, map(mpmath.mpf, z), strict=True)
        ]


def exact_ce(labels, z) -> list:
    with mpmath.workdps(400):
        rows = [[mpmath.mpf(float(v)) for v in row] for row in z]
        return [
            mpmath.log1p(mpmath.fsum(mpmath.exp(v - row[k]) for j, v in enumerate(row) if j != k))
            for k, row in zip(labels, rows, strict=True)
        ]


def table(title: str, contenders: dict[str, Contender], data: tuple, hard: tuple, exact) -> None:
    """Print one table; the first contender is the measure of the others."""
    print(f"\n{title}")
    print(f"{'':23s} {'ms':>8s} {'ratio':>7s} {'extra MB':>9s} {'worst error, ulps':>18s}")
    right, unit = exact(*hard), None
    for name, (mean, each) in contenders.items():
        spent = seconds(mean, *data)
        unit = unit or spent
        memory = "–" if name == "PyTorch" else f"{extra_megabytes(mean, *data):.1f}"
        error = worst_ulps(each, *hard, right)
        print(f"{name:23s} {1e3 * spent:8.1f} {spent / unit:7.1f} {memory:>9s} {error:18.3g}")


def report() -> None:
    """Print all tables."""
    rng = np.random.default_rng(2026)
    hard_z = np.concatenate([rng.normal(0, s, 60) for s in (1e-3, 1, 10, 30)])
    hard = (np.arange(hard_z.size) % 2).astype(float), hard_z
    for rows, words in ((1_000_000, "1 M"), (10_000_000, "10 M")):
        z = rng.normal(0, 3, rows)
        y = (rng.random(rows) < ce.sigmoid(z)).astype(float)
        for kind in ("float64", "float32"):
            title = f"Binary cross-entropy of {words} logits, {kind}"
            data = y.astype(kind), z.astype(kind)
            table(title, binary(), data, hard, exact_bce)
    for rows, classes in ((1_000_000, 3), (100_000, 10), (10_000, 1000)):
        z = rng.normal(0, 3, (rows, classes))
        labels = rng.integers(0, classes, rows)
        rough = rng.normal(0, 20, (120, classes))
        hard = rng.integers(0, classes, 120), rough
        for kind in ("float64", "float32"):
            title = f"Softmax cross-entropy, {rows:,} rows × {classes} classes, {kind}"
            table(title, categorical(), (labels, z.astype(kind)), hard, exact_ce)


if __name__ == "__main__":
    report()

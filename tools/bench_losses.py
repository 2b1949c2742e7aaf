"""Our losses beside NumPy written naively, SciPy, scikit-learn and, where installed, PyTorch.

Time and memory are those of the mean over all rows, in one process, one thread; the error is the
worst one of single losses against 50-digit arithmetic, in units of the last place (ulps). The
first table is of few rows, where checks and calls cost most: the processor's time of a function
beside one to five lines of NumPy of the same formula, without checks.
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


FEW = (100, 1_000, 10_000)


def plain_bce(y, z):
    return (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).mean()


def plain_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def plain_ce(labels, z):
    d = z - z.max(axis=1, keepdims=True)
    return (np.log(np.exp(d).sum(axis=1)) - d[np.arange(len(z)), labels]).mean()


def few_rows(rng: np.random.Generator) -> None:
    """Print how many times as long as plain NumPy a function takes, for few rows."""
    cases = {
        "surprisal": (ce.surprisal, lambda p: -np.log(p), "p"),
        "sigmoid": (ce.sigmoid, sigmoid, "z"),
        "BCE of logits": (ce.binary_cross_entropy_with_logits, plain_bce, "yz"),
        "BCE of probabilities": (
            ce.binary_cross_entropy,
            lambda y, p: -(y * np.log(p) + (1 - y) * np.log1p(-p)).mean(),
            "yp",
        ),
        "softmax": (ce.softmax, plain_softmax, "Z"),
        "softmax CE": (ce.sparse_categorical_cross_entropy_with_logits, plain_ce, "LZ"),
        "its gradient": (
            ce.categorical_cross_entropy_with_logits_grad,
            lambda t, z: plain_softmax(z) - t,
            "PZ",
        ),
        "entropy": (ce.entropy, lambda p: -(p * np.log(p)).sum(axis=1), "P"),
        "KL divergence": (ce.kl_divergence, lambda p, q: (p * np.log(p / q)).sum(axis=1), "PQ"),
    }
    print("\nFew rows (of 10 classes), checks included: µs, and × NumPy without checks")
    print(f"{'':23s}" + "".join(f"{rows:>20,}" for rows in FEW))
    lines = {name: f"{name:23s}" for name in cases}
    for rows in FEW:
        data = {"y": (rng.random(rows) < 0.3).astype(float), "z": rng.normal(0, 3, rows)}
        data |= {"p": sigmoid(data["z"]), "L": rng.integers(0, 10, rows)}
        data |= {name: rng.normal(0, 2, (rows, 10)) for name in "ZPQ"}
        data |= {name: plain_softmax(data[name]) for name in "PQ"}
        for name, (ours, plain, names) in cases.items():
            arguments = [data[key] for key in names]
            spent, least = processor_seconds((ours, plain), arguments, repeats=300_000 // rows)
            lines[name] += f"{1e6 * spent:10.1f} {spent / least:8.1f}×"
    print("\n".join(lines.values()))


def processor_seconds(calls: tuple[Callable, ...], arguments: list, repeats: int) -> list[float]:
    """Return the least processor time of each call: in turns, so that all see the same machine."""
    best = [float("inf")] * len(calls)
    for _ in range(7):
        for k, call in enumerate(calls):
            start = time.process_time()
            for _ in range(repeats):
                call(*arguments)
            best[k] = min(best[k], (time.process_time() - start) / repeats)
    return best


def report() -> None:
    """Print all tables."""
    rng = np.random.default_rng(2026)
    few_rows(rng)
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

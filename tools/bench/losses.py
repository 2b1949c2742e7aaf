"""Our losses beside NumPy's plain formulas, SciPy, scikit-learn and, where installed, PyTorch.

The first table is of rows from few, where checks and calls cost most, to many: the processor's time
of a function beside one to five lines of NumPy, and beside SciPy's, both without checks. In the
others time and memory are those of the mean over all rows, and the error is the worst one of single
losses against 50-digit arithmetic, in units of the last place (ulps). One process, one thread.
"""

from __future__ import annotations

import importlib.util
import time
import tracemalloc
from collections.abc import Callable

import mpmath
import numpy as np
import scipy.special as special
from sklearn.metrics import log_loss

import cehelpers as ce

ROWS, CLASSES = (100, 1_000, 100_000, 1_000_000), 10

# ---------------------------------------------------------------- plain NumPy


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def plain_bce(y, z):
    return (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).mean()


def plain_ce(labels, z):
    d = z - z.max(axis=1, keepdims=True)
    return (np.log(np.exp(d).sum(axis=1)) - d[np.arange(len(z)), labels]).mean()


def plain_dense_ce(t, z):
    d = z - z.max(axis=1, keepdims=True)
    return (t * (np.log(np.exp(d).sum(axis=1, keepdims=True)) - d)).sum(axis=1).mean()


PLAIN = {  # ours, plain, SciPy's if it has one, arguments
    "surprisal": (ce.surprisal, lambda p: -np.log(p), None, "p"),
    "sigmoid": (ce.sigmoid, sigmoid, special.expit, "z"),
    "BCE of logits": (
        ce.binary_cross_entropy_with_logits,
        plain_bce,
        lambda y, z: scipy_bce(y, z).mean(),
        "yz",
    ),
    "BCE of probabilities": (
        ce.binary_cross_entropy,
        lambda y, p: -(y * np.log(p) + (1 - y) * np.log1p(-p)).mean(),
        lambda y, p: -(special.xlogy(y, p) + special.xlog1py(1 - y, -p)).mean(),
        "yp",
    ),
    "softmax": (ce.softmax, softmax, lambda z: special.softmax(z, axis=1), "Z"),
    "softmax CE of labels": (
        ce.sparse_categorical_cross_entropy_with_logits,
        plain_ce,
        lambda labels, z: scipy_ce(labels, z).mean(),
        "LZ",
    ),
    "softmax CE of rows": (
        ce.categorical_cross_entropy_with_logits,
        plain_dense_ce,
        lambda t, z: -(t * special.log_softmax(z, axis=1)).sum(axis=1).mean(),
        "PZ",
    ),
    "its gradient": (
        ce.categorical_cross_entropy_with_logits_grad,
        lambda t, z: softmax(z) - t,
        lambda t, z: special.softmax(z, axis=1) - t,
        "PZ",
    ),
    "entropy": (
        ce.entropy,
        lambda p: -(p * np.log(p)).sum(axis=1),
        lambda p: special.entr(p).sum(axis=1),
        "P",
    ),
    "KL divergence": (
        ce.kl_divergence,
        lambda p, q: (p * np.log(p / q)).sum(axis=1),
        lambda p, q: special.rel_entr(p, q).sum(axis=1),
        "PQ",
    ),
}


def beside_plain(rng: np.random.Generator) -> None:
    """Print how many times as long as plain NumPy, and SciPy, a function takes, by rows."""
    print(f"\nChecks included, tables of {CLASSES} classes: µs, × NumPy and × SciPy without checks")
    print(f"{'':22s}" + "".join(f"{rows:>27,}" for rows in ROWS))
    lines = {name: f"{name:22s}" for name in PLAIN}
    for rows in ROWS:
        data = {"y": (rng.random(rows) < 0.3).astype(float), "z": rng.normal(0, 3, rows)}
        data |= {"p": sigmoid(data["z"]), "L": rng.integers(0, CLASSES, rows)}
        data |= {name: rng.normal(0, 2, (rows, CLASSES)) for name in "ZPQ"}
        data |= {name: softmax(data[name]) for name in "PQ"}
        for name, (*calls, names) in PLAIN.items():
            repeats, calls = max(1, 300_000 // rows), [call for call in calls if call]
            spent, *others = seconds(tuple(calls), [data[key] for key in names], repeats)
            ratios = "".join(f"{spent / other:6.2f}×" for other in others)
            lines[name] += f"{1e6 * spent:12,.1f} {ratios:14s}"
    print("\n".join(lines.values()))


def seconds(calls: tuple[Callable, ...], arguments: list, repeats: int = 1) -> list[float]:
    """Return the least processor time of each call: in turns, so that all see the same machine."""
    best = [float("inf")] * len(calls)
    for _ in range(7 if repeats > 1 else 3):
        for k, call in enumerate(calls):
            start = time.process_time()
            for _ in range(repeats):
                call(*arguments)
            best[k] = min(best[k], (time.process_time() - start) / repeats)
    return best


# ---------------------------------------------------------------- peers: the losses one by one


def naive_bce(y, z):
    return -(y * np.log(sigmoid(z)) + (1 - y) * np.log(1 - sigmoid(z)))


def naive_ce(labels, z):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(z)), labels])


def scipy_bce(y, z):
    return -(y * special.log_expit(z) + (1 - y) * special.log_expit(-z))


def scipy_ce(labels, z):
    return -special.log_softmax(z, axis=1)[np.arange(len(z)), labels]


def peers(ours: Callable, naive, scipy, to_probabilities, torch_loss: str) -> dict:
    """Return for each library its mean loss, and its losses one by one."""

    def sklearn(y, z):
        return log_loss(y, to_probabilities(z), labels=range(z.shape[1] if z.ndim == 2 else 2))

    found = {
        "cehelpers": (ours, lambda y, z: ours(y, z, reduction="none")),
        "NumPy, naive": (lambda y, z: naive(y, z).mean(), naive),
        "SciPy": (lambda y, z: scipy(y, z).mean(), scipy),
        "scikit-learn": (sklearn, lambda y, z: [sklearn(y[[i]], z[[i]]) for i in range(len(y))]),
    }
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(1)
        loss = getattr(torch.nn.functional, torch_loss)

        def pytorch(y, z, reduction="mean"):
            y = y if y.dtype.kind == "i" else y.astype(z.dtype)
            return loss(torch.from_numpy(z), torch.from_numpy(y), reduction=reduction).numpy()

        found["PyTorch"] = (pytorch, lambda y, z: pytorch(y, z, "none"))
    return found


def extra_megabytes(call: Callable, *arguments) -> float:
    """Return the peak of memory that NumPy took beyond its arguments."""
    tracemalloc.start()
    call(*arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def worst_ulps(each: Callable, y, rows) -> float:
    """Return the largest error of losses of labels and rows of logits, in last places."""
    with np.errstate(all="ignore"):
        got = np.asarray(each(y, rows), dtype=float)
    worst = 0.0
    for loss, label, row in zip(got, y, rows, strict=True):
        with mpmath.workdps(400):  # of one logit: the classes 0 and 1 have the logits 0 and z
            z = [mpmath.mpf(float(v)) for v in (row if np.ndim(row) else (0, row))]
            gaps = [v - z[int(label)] for k, v in enumerate(z) if k != label]
            exact = mpmath.log1p(mpmath.fsum(map(mpmath.exp, gaps)))
            worst = max(worst, float(abs(loss - exact) / float(np.spacing(float(exact)))))
    return worst


def beside_peers(title: str, contenders: dict, data: tuple, hard: tuple) -> None:
    """Print one table; the first contender is the measure of the others."""
    print(f"\n{title}")
    print(f"{'':14s} {'ms':>8s} {'ratio':>7s} {'extra MB':>9s} {'worst error, ulps':>18s}")
    spent = seconds(tuple(mean for mean, _ in contenders.values()), data)
    for took, (name, (mean, each)) in zip(spent, contenders.items(), strict=True):
        memory = "–" if name == "PyTorch" else f"{extra_megabytes(mean, *data):.1f}"
        error = worst_ulps(each, *hard)
        print(f"{name:14s} {1e3 * took:8.1f} {took / spent[0]:7.1f} {memory:>9s} {error:18.3g}")


def report() -> None:
    """Print all tables."""
    rng = np.random.default_rng(2026)
    beside_plain(rng)
    ours = ce.binary_cross_entropy_with_logits
    contenders = peers(
        ours, naive_bce, scipy_bce, special.expit, "binary_cross_entropy_with_logits"
    )
    hard = np.concatenate([rng.normal(0, s, 60) for s in (1e-3, 1, 10, 30)])
    for rows, kind in ((1_000_000, "f8"), (10_000_000, "f8"), (10_000_000, "f4")):
        z = rng.normal(0, 3, rows)
        data = (rng.random(rows) < sigmoid(z)).astype(kind), z.astype(kind)
        title = f"Binary cross-entropy of {rows:,} logits, {kind}"
        beside_peers(title, contenders, data, (np.arange(hard.size) % 2.0, hard))
    ours = ce.sparse_categorical_cross_entropy_with_logits
    contenders = peers(
        ours, naive_ce, scipy_ce, lambda z: special.softmax(z, axis=1), "cross_entropy"
    )
    for rows, classes, kind in ((100_000, 10, "f8"), (10_000, 1000, "f8"), (10_000, 1000, "f4")):
        data = rng.integers(0, classes, rows), rng.normal(0, 3, (rows, classes)).astype(kind)
        hard = rng.integers(0, classes, 120), rng.normal(0, 20, (120, classes))
        title = f"Softmax cross-entropy, {rows:,} rows × {classes} classes, {kind}"
        beside_peers(title, contenders, data, hard)


if __name__ == "__main__":
    report()

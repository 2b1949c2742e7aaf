"""What a patient of the ward may have: programs with a bug in them, and the signs of each.

A program is one of `cases`: (targets, logits) -> (loss, slopes of each row). Four more stand here.
Some change how the losses of the rows become one number; those take another program and wrap it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cehelpers import log_softmax, softmax

from .cases import CAP, DIAGNOSES, Program

# ---------------------------------------------------------------- programs


def swapped_in_torch(t, z):
    """F.cross_entropy(t, z): the truth is taken for logits, the logits for the truth."""
    log_p = log_softmax(t)
    return -(z * log_p).sum(axis=1).mean(), -log_p  # linear in z: it has no lowest point


def across_the_batch(t, z):
    """softmax(z, axis=0): the rows of a batch compete, and not the classes."""
    loss = -(t * log_softmax(z, axis=0)).sum(axis=1).mean()
    return loss, softmax(z, axis=0) * t.sum(axis=0) - t


def mean_of_means(program: Program, size: int) -> Program:
    """Gradient accumulation: the mean of the means of micro-batches, however short the last is."""

    def accumulated(t, z):
        parts = [slice(start, start + size) for start in range(0, len(t), size)]
        losses, slopes = zip(*(program(t[part], z[part]) for part in parts), strict=True)
        weights = [len(t) / (len(parts) * len(slope)) for slope in slopes]
        scaled = [w * slope for w, slope in zip(weights, slopes, strict=True)]
        return float(np.mean(losses)), np.concatenate(scaled)

    return accumulated


def with_padding(program: Program, batch: int, padded: int) -> Program:
    """Each batch filled up to `padded` rows that cost 0, and the mean taken over all of them."""

    def diluted(t, z):
        loss, slope = program(t, z)
        share = len(t) / (padded * math.ceil(len(t) / batch))
        return share * loss, share * slope

    return diluted


def summed_up(program: Program) -> Program:
    """The sum of the losses of a batch, reported as if it were their mean."""

    def total(t, z):
        loss, slope = program(t, z)
        return len(t) * loss, len(t) * slope

    return total


# ---------------------------------------------------------------- what they have


class Disease(NamedTuple):
    """A name, its sign in the curve ("the loss …"), the cure, and what parts it from its likes."""

    name: str
    sign: str
    cure: str
    parted: str


HEALTHY, ACCUMULATED, PADDED = (
    "no disease",
    "mean of micro-batch means",
    "padding in the mean",
)
AXIS, TORCH = "softmax over the wrong axis", "arguments swapped, as in PyTorch"
_BATCH = "the first loss of a batch, and of half a batch"
_NEW = "the loss on new rows, each epoch"
_SIGNS = {  # of the diseases that notebook 11 has met, for any K and batch: sign, and what parts
    "arguments swapped": (
        "starts at (1 − 1/K)·(−ln eps), far above ln K, and glides down",
        "the smallest and largest input; the signature of the loss",
    ),
    "dead inputs": ("never leaves ln K, nor does accuracy leave one in K", "twenty rows by heart"),
    "eps clipping": (
        "starts far above ln K and hangs at −ln eps times the share of wrong rows",
        "twenty rows by heart; 1e- in the code",
    ),
    "log missing": ("is negative: from −1/K at the start towards −1, never past it", _BATCH),
    "log of zero": ("is nan from one step on, and for ever", "the first row that does it"),
    "overconfidence": (
        "falls towards 0 on the rows it learns from, and climbs on new rows",
        _NEW,
    ),
    "softmax twice": (
        "starts a little above or at ln K and never passes ln(e + K − 1) − 1",
        "twenty rows by heart: they stop at that level too",
    ),
    "sum for mean": (
        "starts at batch size times ln K, and drops at each short last batch",
        _BATCH,
    ),
    "wrong labels": (
        "learns, then levels off far above 0, on old and new rows alike",
        "twenty rows by heart, which do reach 0; reading fifty rows",
    ),
}
DISEASES = {
    name: Disease(name, sign, DIAGNOSES[name].cure, parted)
    for name, (sign, parted) in _SIGNS.items()
} | {
    one.name: one
    for one in (
        Disease(
            HEALTHY,
            "starts near ln K and falls, on old rows and on new ones",
            "None. Let it train.",
            _NEW,
        ),
        Disease(
            ACCUMULATED,
            "starts at ln K and learns, and jumps from step to step: a micro-batch of one row "
            "counts as much as one of many",
            "Add the losses up and divide once, by the number of rows (of tokens) in all.",
            "the same rows in one batch",
        ),
        Disease(
            PADDED,
            "starts below ln K, at the share of real rows times it: rows that cost nothing are "
            "counted",
            "Divide by the number of rows that count: the sum of the mask.",
            _BATCH,
        ),
        Disease(
            AXIS,
            "starts at the ln of the batch size, not of K, and sinks to that less the entropy of "
            "the classes",
            "softmax over the last axis: axis=-1, dim=-1.",
            _BATCH,
        ),
        Disease(
            TORCH,
            "starts near 0 and falls for ever, far below −1: it has no floor",
            "F.cross_entropy(z, t): the logits first, by name where it can be.",
            "a few hundred steps more",
        ),
    )
}


def level_of(name: str, classes: int, batch: int | None, share: float = 0.0) -> float | None:
    """The telling level of a disease in nats, or None where a shape tells.

    Parameters
    ----------
    classes : int
        K.
    batch : int or None
        Rows of a batch.
    share : float
        Of the rows of a batch that are padding, or of the labels that are wrong.
    """
    even = math.log(classes)
    levels: dict[str, Callable[[], float]] = {
        "arguments swapped": lambda: (1 - 1 / classes) * CAP,
        "dead inputs": lambda: even,
        "eps clipping": lambda: CAP,
        "log missing": lambda: -1.0,
        "softmax twice": lambda: math.log(math.e + classes - 1) - 1,
        "wrong labels": lambda: noise_floor(share, classes),
        PADDED: lambda: (1 - share) * even,
    }
    if batch:
        levels |= {"sum for mean": lambda: batch * even, AXIS: lambda: math.log(batch)}
    return levels[name]() if name in levels else None


def noise_floor(share: float, classes: int) -> float:
    """Entropy of labels of which a share is another class, evenly: no run does better, in nats."""
    if share == 0:
        return 0.0
    return -(1 - share) * math.log(1 - share) - share * math.log(share / (classes - 1))

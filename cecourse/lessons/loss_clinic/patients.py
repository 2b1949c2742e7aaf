"""Patients of the ward: from a seed to a small network, what it has, and the tests of it.

Pure and seeded, NumPy alone: the rows are blobs of K classes, so that K may be any number. A
patient is trained in a fraction of a second.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from cehelpers import init_mlp, mlp_logits, one_hot

from . import cases
from .cases import Digits, Program, Run, train
from .diseases import (
    ACCUMULATED,
    AXIS,
    DISEASES,
    PADDED,
    TORCH,
    across_the_batch,
    mean_of_means,
    summed_up,
    swapped_in_torch,
    with_padding,
)

CLASSES, BATCHES = (3, 4, 5, 6, 8, 10, 12), (32, 48, 64, 96, 128)
FEATURES, ROWS, NEW, TWENTY = (
    16,
    640,
    400,
    20,
)  # of the rows to learn from as many as make full batches
PAIRS = (  # what can be seen side by side
    ("sum for mean", "wrong labels"),
    ("sum for mean", "dead inputs"),
    ("sum for mean", "log missing"),
    ("sum for mean", "softmax twice"),
    ("sum for mean", "arguments swapped"),
    (PADDED, "wrong labels"),
    (PADDED, "dead inputs"),
    (PADDED, "log missing"),
)
PROGRAMS = {
    "arguments swapped": cases.arguments_swapped,
    "eps clipping": cases.clipped,
    "log missing": cases.log_missing,
    "log of zero": cases.log_by_hand,
    "softmax twice": cases.softmax_twice,
    AXIS: across_the_batch,
    TORCH: swapped_in_torch,
}
EACH, RUNNING = "the loss of each step", "the mean since the epoch began"
LIBRARIES = {  # what a report prints, and its unit in nats
    "PyTorch": (EACH, "nats", 1.0),
    "Keras": (RUNNING, "nats", 1.0),
    "a compressor": (EACH, "bits", math.log(2)),
}


@dataclass(frozen=True)
class Patient:
    """A training run that has something.

    Attributes
    ----------
    seed : int
    has : tuple of str
        One or two of `DISEASES`, in order of the alphabet.
    classes, batch : int
        K, and the rows of a batch.
    library : str
        Whose way of printing the report follows: one of `LIBRARIES`.
    share : float
        Of the rows that are padding, or of the labels that are wrong, where it has that.
    """

    seed: int
    has: tuple[str, ...]
    classes: int
    batch: int
    library: str
    share: float

    @property
    def nats(self) -> float:
        """The unit of the report, in nats."""
        return LIBRARIES[self.library][2]

    @property
    def program(self) -> Program:
        """What it computes: the loss of a batch, and the slopes."""
        program = next((PROGRAMS[name] for name in self.has if name in PROGRAMS), cases.healthy)
        if "sum for mean" in self.has:
            program = summed_up(program)
        if PADDED in self.has:
            program = with_padding(program, self.batch, self.padded)
        if ACCUMULATED in self.has:
            program = mean_of_means(program, self.batch - 1)
        return program

    @property
    def padded(self) -> int:
        """Rows of a batch, with the padding."""
        return round(self.batch / (1 - self.share))

    def rows(self, *, labels: str = "") -> Digits:
        """The rows it learns from, and new ones; labels="shuffled" parts labels from rows."""
        rng = np.random.default_rng([self.seed, 1])
        few = "overconfidence" in self.has
        batches = 4 if few else max(16, ROWS // self.batch)
        count = batches * self.batch + self.batch // 4
        y = rng.integers(self.classes, size=count + NEW)
        y[: self.classes] = range(self.classes)
        spread = 0.45 if few else 0.7
        X = rng.normal(size=(self.classes, FEATURES))[y] * spread + rng.normal(
            size=(len(y), FEATURES)
        )
        if "wrong labels" in self.has:
            wrong = rng.random(len(y)) < self.share
            y = np.where(wrong, (y + rng.integers(1, self.classes, len(y))) % self.classes, y)
        if labels == "shuffled":
            y = rng.permutation(y)
        return cases.split(X * self._scale, y, count)

    @property
    def _scale(self) -> float:
        """What its inputs are multiplied by: 0 kills them, more than 1 makes a network sure."""
        scales = {"dead inputs": 0.0, "eps clipping": 100.0, "log of zero": 6.0}
        return next((scales[name] for name in self.has if name in scales), 1.0)

    def network(self):
        """The network before its first step."""
        rng = np.random.default_rng([self.seed, 2])
        hidden = 128 if "overconfidence" in self.has else 16
        scale = 1.0 if "eps clipping" in self.has else 0.03
        return init_mlp((FEATURES, hidden, self.classes), rng=rng, output_scale=scale)

    def run(self, rows: Digits | None = None, *, epochs: int | None = None, rate=None) -> Run:
        """Train it, on its own rows unless others are given; losses in nats, one for each step.

        A log of zero has epochs and rate of its own, whatever is given.
        """
        rows = self.rows() if rows is None else rows
        if "log of zero" in self.has:
            batches = math.ceil(len(rows.labels) / self.batch)
            with np.errstate(all="ignore"):
                return cases.log_of_zero(rows, classes=self.classes, batches=batches)
        if rate is None:  # a run with small slopes, too, must come to where it stops
            slow = not {"softmax twice", "wrong labels"}.isdisjoint(self.has)
            rate = 1e-2 if slow else 3e-3
        if epochs is None:
            epochs = 60 if "overconfidence" in self.has else 20
        net = self.network()
        return train(self.program, *rows, net=net, epochs=epochs, rate=rate, batch=self.batch)

    def first_batch(self) -> tuple[float, float]:
        """What the first batch costs before the first step, and what half of it does, in nats."""
        rows = self.rows()
        t = one_hot(rows.labels[: self.batch], self.classes)
        z = mlp_logits(self.network(), rows.pixels[: self.batch])
        half = self.batch // 2
        return float(self.program(t, z)[0]), float(self.program(t[:half], z[:half])[0])

    def shuffled(self) -> Run:
        """The run with its labels parted from their rows: nothing is left to be learned."""
        return self.run(self.rows(labels="shuffled"), epochs=10)

    def by_heart(self) -> Run:
        """The run on the first twenty rows alone, over and over."""
        rows = self.rows()
        few = rows.pixels[:TWENTY], rows.labels[:TWENTY]
        return self.run(Digits(*few, *few), epochs=300, rate=1e-2)

    def report(self, run: Run) -> Run:
        """The run as the library prints it: in its unit, and as a running mean where it does so."""
        steps = run.steps
        if LIBRARIES[self.library][0] == RUNNING:
            parts = np.array_split(steps, len(run.new_loss))
            steps = np.concatenate([np.cumsum(p) / np.arange(1, len(p) + 1) for p in parts])
        return Run(steps / self.nats, run.new_loss / self.nats, run.accuracy)


@functools.lru_cache(maxsize=64)
def reported(one: Patient) -> Run:
    """The run of a patient as it is printed, trained once."""
    return one.report(one.run())


def patient(seed: int) -> Patient:
    """The patient of a seed: about one in six has two diseases."""
    rng = np.random.default_rng([11, seed])
    if rng.random() < 1 / 6:
        has = PAIRS[rng.integers(len(PAIRS))]
    else:
        has = (str(rng.choice(sorted(DISEASES))),)
    # a running mean would hide the jumps
    libraries = [name for name in LIBRARIES if not (ACCUMULATED in has and name == "Keras")]
    return Patient(
        seed=seed,
        has=tuple(sorted(has)),
        classes=int(rng.choice(CLASSES)),
        batch=int(rng.choice(BATCHES[2:] if ACCUMULATED in has else BATCHES)),
        library=str(rng.choice(libraries)),
        share=round(float(rng.uniform(0.2, 0.4)), 2),
    )

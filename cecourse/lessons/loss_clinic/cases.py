"""Nine sick training runs and a healthy one: the cases of notebook 11.

Each run is real: a small network learns the 8×8 digits, and one thing is wrong with it. What a run
reports as its loss, and the slopes it learns from, come from a *program* (targets, logits) ->
(loss, slopes); what is wrong with its data or its start stands in the case's own function.
Pure, seeded, NumPy alone; a run takes a fraction of a second.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers import (
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_grad,
    fit_mlp,
    init_mlp,
    mlp_logits,
    one_hot,
    softmax,
)

CLASSES, BATCH, EPOCHS = 10, 256, 30
Program = Callable[[NDArray[Any], NDArray[Any]], tuple[float, NDArray[Any]]]


class Digits(NamedTuple):
    """Pixels 0..16, shape (n, 64), and labels 0..9, of rows to learn from and of new rows."""

    pixels: NDArray[Any]
    labels: NDArray[Any]
    new_pixels: NDArray[Any]
    new_labels: NDArray[Any]


class Run(NamedTuple):
    """What a run reported: the loss of every step; loss and accuracy on new rows every epoch."""

    steps: NDArray[np.float64]
    new_loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]

    @property
    def epochs(self) -> NDArray[np.float64]:
        """The time of each step, in epochs."""
        return np.arange(len(self.steps)) * len(self.new_loss) / len(self.steps)

    @property
    def last(self) -> float:
        """Mean loss of the steps of the last epoch."""
        return float(self.steps[-round(len(self.steps) / len(self.new_loss)) :].mean())


def split(pixels: ArrayLike, labels: ArrayLike, rows: int = 1297) -> Digits:
    """The first `rows` to learn from, the rest as new rows (notebook 05's split)."""
    X, y = np.asarray(pixels, dtype=float), np.asarray(labels)
    return Digits(X[:rows], y[:rows], X[rows:], y[rows:])


def train(
    program: Program, X, y, X_new, y_new, *, net=None, epochs=EPOCHS, rate=3e-3, batch=BATCH
) -> Run:
    """Train a small network and write down what the program reports."""
    rng = np.random.default_rng(11)
    net = init_mlp((64, 32, CLASSES), rng=rng, output_scale=0.1) if net is None else net
    classes = len(net.biases[-1])
    t_new, run = one_hot(y_new, classes), Run([], [], [])

    def slopes(t, z):
        loss, slope = program(t, z)
        run.steps.append(loss)
        return slope

    def look(_, net):
        z = mlp_logits(net, X_new)
        run.new_loss.append(program(t_new, z)[0])
        run.accuracy.append(np.mean(z.argmax(axis=1) == y_new))

    fit_mlp(net, X, one_hot(y, classes), epochs=epochs, rng=rng, batch_size=batch,
            learning_rate=rate, loss=slopes, callback=look)  # fmt: skip
    return Run(*map(np.array, run))


def through_softmax(p: NDArray[Any], slope: NDArray[Any]) -> NDArray[Any]:
    """From the slope of a loss in p = softmax(z) to its slope in z, by the chain rule."""
    return p * (slope - (p * slope).sum(axis=1, keepdims=True))


# ---------------------------------------------------------------- programs: loss and slopes


def healthy(t, z):
    """The cross-entropy of logits, fused."""
    loss = categorical_cross_entropy_with_logits(t, z)
    return loss, categorical_cross_entropy_with_logits_grad(t, z)


def arguments_swapped(t, z):
    p = softmax(z)
    log_t = np.log(np.clip(t, 1e-7, 1))
    loss = -(p * log_t).sum(axis=1).mean()  # H(p, t), not H(t, p)
    return loss, through_softmax(p, -log_t)


def softmax_twice(t, z):
    p = softmax(z)
    loss = categorical_cross_entropy_with_logits(t, p)  # p is no logit
    return loss, through_softmax(p, categorical_cross_entropy_with_logits_grad(t, p))


def log_missing(t, z):
    p = softmax(z)
    loss = -(t * p).sum(axis=1).mean()  # an NLL wants log p, and gets p
    return loss, through_softmax(p, -t)


def summed(t, z):
    loss = categorical_cross_entropy_with_logits(t, z, reduction="sum")  # no mean
    return loss, len(t) * categorical_cross_entropy_with_logits_grad(t, z)


def clipped(t, z):
    p = softmax(z)
    q = np.clip(p, 1e-7, 1 - 1e-7)
    loss = -(t * np.log(q)).sum(axis=1).mean()
    slope = np.where(p == q, -t / q, 0)  # clip is flat outside: no slope
    return loss, through_softmax(p, slope)


def log_by_hand(t, z):
    with np.errstate(all="ignore"):  # as most programs run: no complaint
        e = np.exp(z - z.max(axis=1, keepdims=True))  # e^-104: 0
        p = e / e.sum(axis=1, keepdims=True)
        loss = -(t * np.log(p)).sum(axis=1).mean()  # 0 · log 0 = nan
        return loss, through_softmax(p, -t / p)


# ---------------------------------------------------------------- the nine cases


def well(digits):
    return train(
        healthy, digits.pixels / 16, digits.labels,
        digits.new_pixels / 16, digits.new_labels,
    )  # fmt: skip


def swapped(digits):
    return train(
        arguments_swapped, digits.pixels / 16, digits.labels,
        digits.new_pixels / 16, digits.new_labels,
    )  # fmt: skip


def dead_inputs(digits):
    X = digits.pixels.astype(np.uint8) // 255  # whole numbers: 16 // 255 is 0
    X_new = digits.new_pixels.astype(np.uint8) // 255
    return train(healthy, X, digits.labels, X_new, digits.new_labels)


def log_of_zero(digits, program=log_by_hand, classes=CLASSES, batches=6):
    X, X_new = digits.pixels.astype("f4"), digits.new_pixels.astype("f4")
    t, t_new = (one_hot(y, classes).astype("f4") for y in (digits.labels, digits.new_labels))
    W, run = np.zeros((X.shape[1], classes), "f4"), Run([], [], [])
    rng = np.random.default_rng(11)
    for epoch in range(12):
        rate = np.float32(0.002 * 2**epoch)  # a warm-up that never ends
        for rows in np.array_split(rng.permutation(len(X)), batches):
            loss, slope = program(t[rows], X[rows] @ W)
            run.steps.append(loss)
            W -= rate * X[rows].T @ slope / len(rows)
        z = X_new @ W
        run.new_loss.append(program(t_new, z)[0])
        run.accuracy.append(np.mean(z.argmax(axis=1) == digits.new_labels))
    return Run(*(np.array(part, dtype=float) for part in run))


def one_softmax_too_many(digits):
    return train(
        softmax_twice, digits.pixels / 16, digits.labels,
        digits.new_pixels / 16, digits.new_labels, epochs=40, rate=1e-2,
    )  # fmt: skip


def too_sure(digits):
    rng = np.random.default_rng(3)
    X, X_new = (
        pixels / 16 + rng.normal(scale=0.4, size=pixels.shape)  # grainy scans
        for pixels in (digits.pixels[:600], digits.new_pixels)  # 600 of them
    )
    net = init_mlp((64, 128, 10), rng=rng, output_scale=0.1)  # 9,610 parameters
    return train(
        healthy, X, digits.labels[:600], X_new, digits.new_labels, net=net, epochs=80
    )  # fmt: skip


def no_log(digits):
    return train(
        log_missing, digits.pixels / 16, digits.labels,
        digits.new_pixels / 16, digits.new_labels,
    )  # fmt: skip


def wrong_labels(digits):
    rng = np.random.default_rng(3)
    X = np.repeat(digits.pixels / 16, 8, axis=0)  # eight scans of every digit
    X = X + rng.normal(scale=0.1, size=X.shape)
    y, y_new = np.repeat(digits.labels, 8), digits.new_labels.copy()
    for labels in (y, y_new):  # a careless clerk: 20% get another digit
        wrong = rng.random(len(labels)) < 0.2
        labels[wrong] = (labels[wrong] + rng.integers(1, 10, wrong.sum())) % 10
    return train(
        healthy, X, y, digits.new_pixels / 16, y_new, epochs=16, rate=1e-2
    )  # fmt: skip


def sum_for_mean(digits):
    return train(
        summed, digits.pixels / 16, digits.labels,
        digits.new_pixels / 16, digits.new_labels, epochs=10,
    )  # fmt: skip


def clip_of_the_sure(digits):
    X, X_new = digits.pixels * 16, digits.new_pixels * 16  # 0 to 256, as scanned
    net = init_mlp((64, 32, 10), rng=np.random.default_rng(5))  # sure at once
    return train(clipped, X, digits.labels, X_new, digits.new_labels, net=net)


# ---------------------------------------------------------------- what they have


class Diagnosis(NamedTuple):
    """What a run may have: its name, its sign in the curve, the cure, and a telling level."""

    name: str
    sign: str
    cure: str
    level: float | None = None
    label: str = ""


CAP = -math.log(1e-7)  # the largest loss that a clip at 1e-7 lets through
TWICE = math.log(math.e + 9) - 1  # softmax of a perfect forecast, K = 10
NOISE = -0.8 * math.log(0.8) - 0.2 * math.log(0.2 / 9)  # entropy of labels, 20% of them wrong

DIAGNOSES = {
    "dead inputs": Diagnosis(
        "dead inputs",
        f"never leaves ln K = {math.log(10):.3f} for K = 10, and accuracy stays at one in ten",
        "Look at one batch: its smallest, mean and largest input.",
        math.log(10),
        f"ln 10 = {math.log(10):.3f}",
    ),
    "softmax twice": Diagnosis(
        "softmax twice",
        f"sinks towards ln(e + 9) − 1 = {TWICE:.3f} and never below it, while accuracy is fine",
        "Hand the loss the logits, or take the log of the probabilities.",
        TWICE,
        f"ln(e + 9) − 1 = {TWICE:.3f}",
    ),
    "log missing": Diagnosis(
        "log missing",
        "is negative: it starts at −1/K = −0.1 and cannot pass −1",
        "A negative log-likelihood wants logarithms: log_softmax in front of it.",
        -1.0,
        "cannot pass −1",
    ),
    "log of zero": Diagnosis(
        "log of zero",
        "spikes, and from one step on is nan for ever",
        "Fused loss from logits. Then lower the learning rate as well.",
    ),
    "overconfidence": Diagnosis(
        "overconfidence",
        "falls to 0 on the rows it learns from; on new rows it turns and climbs while accuracy "
        "hardly moves",
        "Stop where the dashed line is lowest, or get more data; calibrate what is left.",
    ),
    "sum for mean": Diagnosis(
        "sum for mean",
        "starts at batch size times ln K, and drops at each short last batch",
        "reduction='mean', and say so in the report.",
        BATCH * math.log(10),
        f"{BATCH} ln 10 = {BATCH * math.log(10):.0f}",
    ),
    "arguments swapped": Diagnosis(
        "arguments swapped",
        f"starts at (1 − 1/K)·{CAP:.3f} = {0.9 * CAP:.3f}, far above ln K, and glides down "
        "from there",
        "Truth first or prediction first: read the signature, name the arguments.",
        0.9 * CAP,
        f"0.9 · {CAP:.3f} = {0.9 * CAP:.3f}",
    ),
    "eps clipping": Diagnosis(
        "eps clipping",
        f"hangs at about {CAP:.3f} times the share of wrong rows: their slope is 0",
        "Fused loss from logits, which needs no clip. Then scale the inputs.",
        CAP,
        f"−ln 1e-7 = {CAP:.3f}",
    ),
    "wrong labels": Diagnosis(
        "wrong labels",
        "learns quickly and then levels off far above 0, on old and new rows alike",
        "Read fifty rows of your own data, the costliest first.",
        NOISE,
        f"20% wrong: floor {NOISE:.3f}",
    ),
}

CASES = {  # what each case is: the run, and the program where that holds the bug
    1: ("arguments swapped", swapped, arguments_swapped),
    2: ("dead inputs", dead_inputs, None),
    3: ("log of zero", log_of_zero, log_by_hand),
    4: ("softmax twice", one_softmax_too_many, softmax_twice),
    5: ("overconfidence", too_sure, None),
    6: ("log missing", no_log, log_missing),
    7: ("wrong labels", wrong_labels, None),
    8: ("sum for mean", sum_for_mean, summed),
    9: ("eps clipping", clip_of_the_sure, clipped),
}


def train_all(digits: Digits, callback: Callable[..., Any] | None = None) -> dict[int, Run]:
    """The nine runs, by case; `callback` is called after each."""
    runs = {}
    for case, (_, run, _) in CASES.items():
        runs[case] = run(digits)
        if callback is not None:
            callback(case)
    return runs


def bug(case: int) -> str:
    """The source of what is wrong with a case: the program, or how its data were made."""
    _, run, program = CASES[case]
    return inspect.getsource(program or run).replace("  # fmt: skip", "").rstrip()


def vital_signs(run: Run) -> str:
    """First and last loss and the accuracy on new rows, in a few words."""
    first, last = run.steps[0], run.last
    return (
        f"first loss {shortly(first, 3)}, last {shortly(last, 2)}, on new rows "
        f"{shortly(run.new_loss[-1], 2)}, accuracy there {run.accuracy[-1]:.2f}"
    )


def shortly(x: float, digits: int) -> str:
    """A number to so many digits, with a minus that reads as one."""
    if x == 0 or not math.isfinite(x):
        return f"{x:g}".replace("-", "−")
    places = digits - 1 - math.floor(math.log10(abs(x)))  # trained numbers: two digits are sure
    return f"{round(x, places):g}".replace("-", "−")

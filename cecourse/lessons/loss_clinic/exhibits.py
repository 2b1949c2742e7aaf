"""The exhibits of notebook 11's museum: public reports of wrong losses, replayed in NumPy."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import Any, NamedTuple

import numpy as np

# ---------------------------------------------------------------- an exhibit


class Exhibit(NamedTuple):
    """A report, and a program of our own that has its fault: the last line is what it prints."""

    title: str
    repository: str  # on GitHub
    number: int  # of the issue or pull request
    day: str  # when it was opened, as in ISO 8601
    printed: str  # what it says was printed, to its digits
    story: str  # what was asked of the library
    code: str
    fault: int  # which line, counted from 1
    cure: str  # that line, mended
    decoy: str  # an expression: what else may be believed to be printed
    moral: str

    @property
    def lines(self) -> list[str]:
        """The program, line by line."""
        return textwrap.dedent(self.code).strip().splitlines()

    @property
    def address(self) -> str:
        """Where the report is read."""
        return f"https://github.com/{self.repository}/issues/{self.number}"

    @property
    def label(self) -> str:
        """Repository, number and day, as a label beside an exhibit says them."""
        day = date.fromisoformat(self.day)
        return f"{self.repository} #{self.number}, {day.day} {day:%B %Y}"

    def faulty(self) -> Any:
        """What the program prints."""
        return _run(self.lines)

    def mended(self) -> Any:
        """What it prints with the one line mended."""
        return _run(self._mended_lines)

    def guess(self) -> Any:
        """What else may be believed, computed beside the mended program."""
        return _run([*self._mended_lines[:-1], self.decoy])

    @property
    def _mended_lines(self) -> list[str]:
        lines = self.lines
        lines[self.fault - 1] = self.cure
        return lines

    @property
    def options(self) -> dict[str, str]:
        """A, B and C: three numbers, of which one was printed; read backwards, they are sorted."""
        shown = {written(one()) for one in (self.faulty, self.mended, self.guess)}
        return dict(zip("ABC", sorted(shown, key=lambda text: text[::-1]), strict=True))

    @property
    def right(self) -> str:
        """The letter of what was printed."""
        return next(key for key, text in self.options.items() if text == written(self.faulty()))

    def __str__(self) -> str:
        """The label, and the program as it was."""
        return "\n".join([self.label, "", *(f"    {line}" for line in self.lines)])

    def opened(self) -> str:
        """The line at fault, its cure, and what is printed before and after."""
        return "\n".join(
            [
                f"line {self.fault}   {self.lines[self.fault - 1]}",
                f"mended   {self.cure}",
                f"printed  {written(self.faulty())}",
                f"now      {written(self.mended())}",
            ]
        )


def _run(lines: list[str]) -> Any:
    """Run all lines but the last and return its value."""
    names = {"np": np}
    with np.errstate(all="ignore"):
        exec("\n".join(lines[:-1]), names)
        return eval(lines[-1], names)


def written(value: Any) -> str:
    """Return a number, or a row of whole numbers, as an exhibit shows it."""
    return str(value) if np.ndim(value) else f"{value:.6g}"


# ---------------------------------------------------------------- the twelve

EXHIBITS = (
    Exhibit(
        "All scores alike",
        "scikit-learn/scikit-learn",
        6377,
        "2016-02-17",
        "0.50004999999999999",
        "Average precision of 10,000 equal scores, with one positive row among them",
        """
        y = np.array([1] + 9999 * [0])
        recall = np.array([0.0, 1.0])               # flag nobody, flag all
        precision = np.array([1.0, y.mean()])
        np.trapezoid(precision, recall)
        """,
        4,
        "precision[1:] @ np.diff(recall)",
        "precision[0]",
        "Between two points of the curve lies no model. The area is made of steps.",
    ),
    Exhibit(
        "A lost minus",
        "pytorch/pytorch",
        2221,
        "2017-07-26",
        "inf",
        "The fused binary loss of logit −100 for label 0, shifted so that exp cannot overflow",
        """
        z, y = np.float32(-100), 0
        shift = np.maximum(z, 0)
        both = np.exp(-shift) + np.exp(-z - shift)
        z - z * y + shift + np.log(both)
        """,
        2,
        "shift = np.maximum(-z, 0)",
        "-z",
        "The formula holds for any shift; the digits hold for one. Test with far logits.",
    ),
    Exhibit(
        "Five tags, one mean",
        "pytorch/pytorch",
        9301,
        "2018-07-10",
        "0.9291",
        "The loss of a picture with five tags, each forecast with 1%, of which one holds",
        """
        t = np.eye(5)[[0, 0]]
        p = np.full((2, 5), 0.01)
        loss = -(t * np.log(p) + (1 - t) * np.log(1 - p))
        loss.mean()
        """,
        4,
        "loss.sum(axis=1).mean()",
        "loss.sum()",
        "A mean over pictures and tags is five times smaller than a mean over pictures.",
    ),
    Exhibit(
        "Far from home",
        "pytorch/pytorch",
        11752,
        "2018-09-17",
        "0.0",
        "The loss of two equal logits of a hundred million, in single precision",
        """
        z, label = np.full(2, 1e8, dtype=np.float32), 1
        far = z.max()
        loss = far + np.log(np.exp(z - far).sum()) - z[label]
        loss
        """,
        3,
        "loss = np.log(np.exp(z - far).sum()) - (z[label] - far)",
        "far",
        "A log-sum-exp at a hundred million has no room for ln 2. Subtract first, then add.",
    ),
    Exhibit(
        "A row against a column",
        "tensorflow/tensorflow",
        30040,
        "2019-06-22",
        "8.006299",
        "Ten forecasts in a column, six of them wrong; the labels came in a column too",
        """
        y = np.array([[1, 1, 1, 0, 1, 0, 0, 1, 1, 0]], np.float32).T
        p = np.array([[0, 0, 0, 1, 1, 0, 0, 1, 0, 1]], np.float32).T
        p = np.clip(p, eps := np.float32(1e-7), 1 - eps)
        y = y.squeeze()
        -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))
        """,
        4,
        "assert y.shape == p.shape",
        "-np.mean(y * np.log(p) + (1 - y) * np.log1p(-p))",
        "Ten against ten by one is a table of a hundred pairs. Ask for equal shapes.",
    ),
    Exhibit(
        "A zero that was filled",
        "drostlab/philentropy",
        26,
        "2021-07-08",
        "-7.181671e-08",
        "The divergence, in bits, of counts 1 to 271 from the same counts without the first",
        """
        counts = np.arange(1, 272)
        p = counts / counts.sum()
        q = np.where(counts > 1, p, 0) / p[1:].sum()
        safe = np.where(q > 0, q, 1e-5)
        np.sum(p * np.log2(p / safe))
        """,
        4,
        "safe = q",
        "0.0",
        "Filled up, q sums to more than 1 and is a distribution no longer. q = 0 costs ∞.",
    ),
    Exhibit(
        "Ten bins of ten",
        "numpy/numpy",
        20610,
        "2021-12-17",
        "[10 10 11  9 10 11  9 10 10 10]",
        "A hundred evenly spread scores, counted in ten even bins",
        """
        scores = np.arange(0, 1, 0.01)
        edges = np.arange(0, 1.1, 0.1)
        counts, _ = np.histogram(scores, edges)
        counts
        """,
        2,
        "edges = np.arange(11) / 10",
        "np.append(counts[:-1], counts[-1] + 1)",
        "3 · 0.1 lies above 0.3 in binary. Divide whole numbers: k/10 is the nearest number.",
    ),
    Exhibit(
        "Rescaled in silence",
        "scikit-learn/scikit-learn",
        24515,
        "2022-09-26",
        "0.5108256237659907",
        "The log loss of a model that gave 0.2 and 0.3 to two classes; the second happened",
        """
        y, p = np.array([0, 1]), np.array([0.2, 0.3])
        share = p / p.sum()
        -np.sum(y * np.log(share))
        """,
        2,
        "share = p",
        "-np.log(1 - 0.3)",
        "A model that gives half away is no better than it says. Price it, or refuse it.",
    ),
    Exhibit(
        "One bin too low",
        "Lightning-AI/torchmetrics",
        1646,
        "2023-03-23",
        "-1",
        "The bins of confidences 1 and 0, for a calibration error with two bins",
        """
        confidence = np.array([1.0, 0.0])
        edges = np.array([0.0, 0.5, 1.0])
        index = np.searchsorted(edges, confidence) - 1
        index[1]
        """,
        3,
        'index = np.searchsorted(edges[1:-1], confidence, side="right")',
        "len(edges)",
        "Only the inner edges part the bins. And in NumPy index −1 is the last bin, unasked.",
    ),
    Exhibit(
        "One plus nothing",
        "scipy/scipy",
        18295,
        "2023-04-13",
        "0.0",
        "The log-sum-exp of 0 and −40: the loss of a confident and right forecast",
        """
        z = np.array([0.0, -40.0])
        top, rest = z.max(), z[z < z.max()]
        top + np.log(1 + np.exp(rest - top).sum())
        """,
        3,
        "top + np.log1p(np.exp(rest - top).sum())",
        "np.exp(-20)",
        "1 + 4e-18 is 1. Whoever needs ln(1 + x) for a small x has log1p.",
    ),
    Exhibit(
        "A mean of means",
        "huggingface/transformers",
        24725,
        "2023-07-10",
        "10",
        "A short text has 10 tokens to learn, a long one 100; each is a batch of its own. "
        "How much does a token of the short one weigh, beside one of the long",
        """
        short, long = 10, 100
        batches = [np.full(short, 1 / short), np.full(long, 1 / long)]
        weights = [batch / len(batches) for batch in batches]
        weights[0][0] / weights[1][0]
        """,
        2,
        "batches = [np.full(n, 2 / (short + long)) for n in (short, long)]",
        "short / long",
        "Divide the sum of all losses by all tokens, once, when all batches are through.",
    ),
    Exhibit(
        "A weight of nothing",
        "keras-team/keras",
        19740,
        "2024-05-21",
        "0.5",
        "The weighted mean of two errors of 1, one with weight 0 and one with weight 1",
        """
        error = np.abs(np.array([1.0, 2.0]) - np.array([2.0, 3.0]))
        weight = np.array([0.0, 1.0])
        np.mean(weight * error)
        """,
        3,
        "np.sum(weight * error) / np.sum(weight)",
        "np.min(weight * error)",
        "Divided by the rows, a row that does not count still counts. Say which mean it is.",
    ),
)


def catalogue() -> str:
    """The day, the title and the report of each exhibit; what it printed, its visit tells."""
    return "\n".join(
        f"{number:2}  {one.day}  {one.title}\n    {one.address}"
        for number, one in enumerate(EXHIBITS, 1)
    )

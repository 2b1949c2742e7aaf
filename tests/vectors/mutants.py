"""Faults of the public reports, each as one changed line of ours: the vectors must notice.

A mutant is cehelpers, or what stands in front of it, imported anew with one line in place of
another. It names the flag whose cases alone must kill it, and the losses that it touches.
"""

import importlib
import sys
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import NamedTuple

import cehelpers as ce
from vectors import adapters

HERE = Path(__file__).parent
OURS = HERE.parents[1] / "cehelpers"
COMPOSED = "composed"
TOP = {f"cehelpers.{name}" for layer in ce.LAYERS[-3:] for name in layer}  # no loss is there


class Mutant(NamedTuple):
    """One line for another, in one module.

    A `broad` one is wrong nearly everywhere, and plain cases notice as well; any other is wrong in
    a corner.
    """

    flag: str
    losses: str  # names, with blanks between them
    module: str
    line: str
    fault: str
    broad: bool = False

    @property
    def source(self) -> str:
        """The module's text with the fault."""
        path = (HERE if self.module == COMPOSED else OURS) / f"{self.module}.py"
        text = path.read_text(encoding="utf-8")
        if text.count(self.line) != 1:
            raise LookupError(f"{path.name} has {text.count(self.line)} times: {self.line}")
        return text.replace(self.line, self.fault)


BINARY = "binary_cross_entropy binary_cross_entropy_with_logits"
SPARSE = "sparse_categorical_cross_entropy"
SPARSE_LOGITS = "sparse_categorical_cross_entropy_with_logits"
SOFT = "categorical_cross_entropy"
SOFT_LOGITS = "categorical_cross_entropy_with_logits"
BINS = "reliability_curve expected_calibration_error"
ROWS = "p = check_axis(name, check_probabilities(name, value), axis)"
RESCALED = f"{ROWS}; p = p / p.sum(axis=-1, keepdims=True)"
FUSED = "return times(z, (z > 0) - y) + np.log1p(np.exp(-np.absolute(z)))"

MUTANTS = (
    Mutant(
        "log-of-zero",
        f"{BINARY} {SOFT} entropy cross_entropy focal_loss",
        "_formulas",
        "product[np.isnan(product)] = 0",
        "product[np.isnan(product)] = np.nan",
    ),
    Mutant(
        "certain-and-wrong",
        "binary_cross_entropy",
        "binary_losses",
        "if_one, if_zero = np.log(p), np.log1p(-p)",
        "if_one, if_zero = np.maximum((np.log(p), np.log1p(-p)), -100)",
    ),
    Mutant(
        "certain-and-wrong",
        SPARSE,
        "categorical_losses",
        "0 - np.log(of_label(p, y))",
        "0 - np.log(np.maximum(of_label(p, y), 1e-7))",
    ),
    Mutant(
        "confident-right",
        "logsumexp",
        "activations",
        "return largest + np.log1p(others)",
        "return largest + np.log(1 + others)",
    ),
    Mutant(
        "confident-right",
        SPARSE_LOGITS,
        "categorical_losses",
        "return np.log1p(others) + np.fmax(top - of_label(z, y), 0)",
        "return np.log(1 + others) + np.fmax(top - of_label(z, y), 0)",
    ),
    Mutant(
        "far-logit",
        "softplus",
        "activations",
        "lambda z: np.maximum(z, 0) + np.log1p(np.exp(-np.absolute(z)))",
        "lambda z: np.log1p(np.exp(z))",
    ),
    Mutant(
        "far-logit",
        "binary_cross_entropy_with_logits",
        "binary_losses",
        FUSED,
        "return times(-y, z) + np.log1p(np.exp(z))",
    ),
    Mutant(
        "minus-infinity-logit",
        SOFT_LOGITS,
        "categorical_losses",
        "return times(t, np.log1p(others) - d).sum(axis=-1)",
        "return (t * (np.log1p(others) - d)).sum(axis=-1)",
    ),
    Mutant(
        "large-shift",
        SPARSE_LOGITS,
        "categorical_losses",
        "return np.log1p(others) + np.fmax(top - of_label(z, y), 0)",
        "return top + np.log1p(others) - of_label(z, y)",
    ),
    Mutant(
        "soft-label-digits",
        "binary_cross_entropy_with_logits",
        "binary_losses",
        FUSED,
        "return np.maximum(z, 0) - times(y, z) + np.log1p(np.exp(-np.absolute(z)))",
    ),
    Mutant(
        "tiny-probability",
        "binary_cross_entropy",
        "binary_losses",
        "if_one, if_zero = np.log(p), np.log1p(-p)",
        "if_one, if_zero = np.log(p), np.log(1 - p)",
    ),
    Mutant(
        "logit-near-half",
        "logit",
        "activations",
        "middle = np.absolute(p - 0.5) <= 0.25",
        "middle = np.absolute(p - 0.5) < 0",
    ),
    Mutant(
        "mean-over-weights",
        f"{BINARY} brier_score {SPARSE_LOGITS}",
        "_evaluate",
        "divisor = count or weight_sum(np.broadcast_to(weight, shape), unit)",
        "divisor = count or math.prod(shape) / unit",
    ),
    Mutant(
        "weights-over-n",
        SPARSE_LOGITS,
        "categorical_losses",
        'if weight_norm == "n":',
        'if weight_norm == "n" and class_weight is None:',
    ),
    Mutant(
        "vanishing-gradient",
        "binary_cross_entropy_with_logits",
        "binary_losses",
        "p, rest = sigmoids(z)",
        "p, rest = np.array(sigmoids(z)) * (np.absolute(z) < 16)",
    ),
    Mutant(
        "pos-weight",
        "binary_cross_entropy_with_logits",
        "binary_losses",
        "return times(np.multiply(y, w, dtype=float), softplus(-z)) + times(1 - y, softplus(z))",
        "return (1 + (w - 1) * y) * loss(y, z)",
    ),
    Mutant(
        "zero-weight",
        f"{BINARY} {SPARSE_LOGITS}",
        "_evaluate",
        "return np.multiply(share, loss, out=np.zeros(loss.shape), where=share > 0)",
        "return share * loss",
    ),
    Mutant(
        "ignore-index",
        SPARSE_LOGITS,
        "categorical_losses",
        "    count = None\n",
        "    count = None if class_weight is not None else np.size(counts)\n",
    ),
    Mutant(
        "all-ignored",
        SPARSE_LOGITS,
        "categorical_losses",
        'raise ValueError(f"ignore_index must leave labels',
        'return 0.0  # raise ValueError(f"ignore_index must leave labels',
    ),
    Mutant(
        "smoothing-convention",
        "smooth_labels",
        "targets",
        'spread = 1 / classes if convention == "K" else (1 - y) / (classes - 1)',
        "spread = (1 - y) / (classes - 1)",
    ),
    Mutant(
        "smoothing-times-weights",
        SPARSE_LOGITS,
        COMPOSED,
        "each = (w * ce.smooth_labels",
        "each = (w[y][..., None] * ce.smooth_labels",
    ),
    Mutant(
        "smoothing-and-ignored",
        SPARSE_LOGITS,
        COMPOSED,
        "loss = np.where(counts, each, 0)",
        "loss = np.where(counts, each, label_smoothing * (w * nll).mean(axis=-1))",
    ),
    Mutant(
        "sum-over-classes",
        SOFT,
        "categorical_losses",
        "lambda t, p: 0 - times(t, np.log(p)).sum(axis=-1)",
        "lambda t, p: 0 - times(t, np.log(p)).mean(axis=-1)",
        broad=True,
    ),
    Mutant(
        "token-mean",
        SPARSE_LOGITS,
        COMPOSED,
        "return ours(labels, logits, **options)",
        "return ours(labels, logits, **options) if labels.ndim < 2 else "
        "sum(ours(y, z, **options) for y, z in zip(labels, logits)) / len(labels)",
    ),
    Mutant(
        "mean-of-means",
        f"{BINARY} {SOFT} {SPARSE} ranked_probability_score focal_loss",
        COMPOSED,
        "return math.fsum(sums) / rows",
        "return np.mean(np.divide(sums, chunks))",
    ),
    Mutant(
        "close-distributions",
        "kl_divergence",
        "information",
        "if close.size:",
        "if close.size < 0:",
    ),
    Mutant(
        "tiny-ratio",
        "kl_divergence",
        "information",
        "terms = np.where(ratio < np.inf, terms, p * (np.log(p) - np.log(q)) - (p - q))",
        "terms = np.array(terms)",
    ),
    Mutant(
        "base",
        "surprisal entropy cross_entropy",
        "_checks",
        "return {2: np.log2, 10: np.log10}.get(base) or (lambda x: np.log(x) / np.log(base))",
        "return np.log2",
    ),
    Mutant(
        "not-rescaled",
        f"{SPARSE} {SOFT} entropy cross_entropy kl_divergence brier_score_multiclass",
        "_checks",
        ROWS,
        RESCALED,
    ),
    Mutant(
        "single-probability-rows",
        f"{SPARSE} {SOFT} ranked_probability_score",
        "_checks",
        ROWS,
        RESCALED,
    ),
    Mutant(
        "negative-label",
        f"{SPARSE} {SPARSE_LOGITS} brier_score_multiclass cumulative_link_nll",
        "_checks",
        "if not (smallest >= 0 and largest < num_classes):",
        "if not (smallest >= -num_classes and largest < num_classes):",
    ),
    Mutant(
        "outside-0-1",
        f"{BINARY} brier_score surprisal focal_loss",
        "_checks",
        "if not (low <= smallest and largest <= high):",
        "if not low < np.inf:",
    ),
    Mutant(
        "nan-input",
        f"{BINARY} {SPARSE_LOGITS} softmax brier_score",
        "_checks",
        "    x = check_numbers(name, value)\n    x = x if x.dtype.char",
        "    x = np.nan_to_num(check_numbers(name, value), posinf=np.inf, neginf=-np.inf)\n"
        "    x = x if x.dtype.char",
    ),
    Mutant(
        "column-against-row",
        f"{BINARY} brier_score hinge_loss",
        "_checks",
        "        check_same_shape(**{one: x, other: y})",
        "        x, y = np.broadcast_arrays(x, y)",
    ),
    Mutant(
        "confidence-one-bin",
        BINS,
        "calibration",
        "cuts = (np.arange(1, n_bins) / n_bins).astype(p.dtype)",
        "cuts = np.append(np.arange(1, n_bins) / n_bins, np.nextafter(1, 0))",
    ),
    Mutant(
        "confidence-zero-bin",
        BINS,
        "calibration",
        "cuts = (np.arange(1, n_bins) / n_bins).astype(p.dtype)",
        "cuts = np.append(0.0, np.arange(1, n_bins) / n_bins)",
    ),
    Mutant(
        "bin-edge",
        BINS,
        "calibration",
        "cuts = (np.arange(1, n_bins) / n_bins).astype(p.dtype)",
        "cuts = np.cumsum(np.full(n_bins - 1, 1 / n_bins))",
    ),
    Mutant(
        "empty-bin",
        BINS,
        "calibration",
        "    held = total > 0",
        "    held, total = total >= 0, np.maximum(total, 1)",
    ),
    Mutant(
        "quantile-ties",
        BINS,
        "calibration",
        "cuts = np.unique(np.sort(p)[upper[upper >= 0]])",
        "cuts = np.unique(p)[upper[(upper >= 0) & (upper < np.unique(p).size)]]",
    ),
    Mutant(
        "tied-scores",
        "roc_auc",
        "metrics",
        "int(np.searchsorted(negatives, positives, side).sum(dtype=np.int64))",
        'int(np.searchsorted(negatives, positives, "left").sum(dtype=np.int64))',
    ),
    Mutant(
        "ap-ties",
        "average_precision",
        "metrics",
        "last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(s) - 1)",
        "last = np.arange(len(s))",
    ),
    Mutant(
        "one-class",
        "average_precision",
        "metrics",
        "    if not y.any():",
        "    if not y.size:",
    ),
    Mutant(
        "focal-alpha",
        "focal_loss focal_loss_with_logits",
        "focal_losses",
        "return gamma, (1 - alpha, alpha)",
        "return gamma, (alpha, alpha)",
    ),
    Mutant(
        "focal-gamma-zero",
        "focal_loss",
        "focal_losses",
        "return times(alpha[1] * y, positive) + times(alpha[0] * (1 - y), negative)",
        "return alpha[1] * times(np.power(y * (1 - p), gamma), 0 - np.log(p)) + alpha[0] * times("
        "np.power((1 - y) * p, gamma), 0 - np.log1p(-p))",
    ),
    Mutant(
        "focal-gradient",
        "focal_loss_with_logits",
        COMPOSED,
        "down = gamma * q**gamma * np.where(p > 0, p * own, 0)",
        "down = gamma * q ** (gamma - 1) * q * np.where(p > 0, p * own, 0)",
    ),
    Mutant(
        "focal-power",
        "focal_loss",
        "focal_losses",
        "negative = times(np.power(p, gamma), 0 - np.log1p(-p))",
        "negative = times(np.power(1 - p, gamma), 0 - np.log1p(-p))",
        broad=True,
    ),
    Mutant(
        "ordinal-tail",
        "cumulative_link_nll",
        "ordinal_losses",
        "return softplus(-above) + softplus(below) + gaps[k]",
        "return 0 - np.log(1 / (1 + np.exp(-above)) - 1 / (1 + np.exp(-below)))",
    ),
    Mutant(
        "rps-scale",
        "ranked_probability_score",
        "ordinal_losses",
        "return (np.where(is_below, below, above) ** 2).sum(axis=-1)",
        "return (np.where(is_below, below, above) ** 2).mean(axis=-1)",
        broad=True,
    ),
    Mutant(
        "brier-scale",
        "brier_score_multiclass",
        "categorical_losses",
        "return (others**2).sum(axis=-1) + (1 - own) ** 2",
        "return ((others**2).sum(axis=-1) + (1 - own) ** 2) / 2",
        broad=True,
    ),
    Mutant(
        "temperature-root",
        "fit_temperature",
        "recalibration",
        "    for _ in range(STEPS):",
        "    for _ in range(2):",
        broad=True,
    ),
    Mutant(
        "platt-sign",
        "fit_platt",
        "recalibration",
        "return PlattFit(float(fit.coef[0]), fit.intercept)",
        "return PlattFit(-float(fit.coef[0]), -fit.intercept)",
    ),
    Mutant(
        "platt-far",
        "fit_platt",
        "recalibration",
        "fit = fit_logistic(s[:, None], ",
        "fit = fit_logistic(np.clip(s, -1000, 1000)[:, None], ",
    ),
    Mutant(
        "separable",
        "fit_temperature",
        "recalibration",
        "    if not (d > 0).any():",
        "    if d.size == 0:",
    ),
    Mutant(
        "integer-input",
        f"{BINARY} hinge_loss softplus",
        "_evaluate",
        "dtype = FLOAT32 if last.dtype == FLOAT32 and last.ndim else FLOAT64",
        "dtype = last.dtype if last.ndim else FLOAT64",
    ),
)


class Altered(SourceFileLoader):
    """A module of cehelpers with the text of a mutant."""

    def __init__(self, name: str, path: str, text: str):
        super().__init__(name, path)
        self.text = text

    def get_code(self, fullname):
        return compile(self.text, self.path, "exec")


class Finder(MetaPathFinder):
    """Finds one module altered, and leaves all others to whoever finds them else."""

    def __init__(self, name: str, text: str):
        self.name, self.text = name, text

    def find_spec(self, fullname, path, target=None):
        if fullname != self.name:
            return None
        where = str(OURS / f"{fullname.rpartition('.')[2]}.py")
        loader = Altered(fullname, where, self.text)
        return spec_from_file_location(fullname, where, loader=loader)


@contextmanager
def imported_anew(finder: Finder | None = None):
    """cehelpers is imported afresh inside, but for its top layers, and is what it was outside."""
    ours = {name: one for name, one in sys.modules.items() if name.split(".")[0] == "cehelpers"}
    for name in ours.keys() - TOP:
        del sys.modules[name]
    if finder:
        sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        if finder:
            sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.split(".")[0] == "cehelpers"]:
            del sys.modules[name]
        sys.modules.update(ours)


def library(mutant: Mutant | None = None) -> adapters.Module:
    """The functions of cehelpers, sound or with the line of a mutant, as a library to be asked."""
    composed = (HERE / f"{COMPOSED}.py").read_text(encoding="utf-8")
    finder = None
    if mutant and mutant.module == COMPOSED:
        composed = mutant.source
    elif mutant:
        finder = Finder(f"cehelpers.{mutant.module}", mutant.source)
    with imported_anew(finder):
        importlib.import_module("cehelpers")
        module = adapters.load("cehelpers")
        exec(compile(composed, COMPOSED, "exec"), module.__dict__)
    return adapters.Module(module)

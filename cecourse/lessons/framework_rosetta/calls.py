"""The dictionary of notebook 12: eleven losses, six ways to call each, and what PyTorch answered.

A call is kept as the text that a reader sees, and that very text is evaluated. PyTorch is not a
dependency: ``tools/record_torch.py`` evaluates its texts and writes ``torch_recorded.json``.
"""

from __future__ import annotations

import functools
import importlib
import json
import math
import os
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

import cehelpers
from cehelpers import sigmoid

FRAMEWORKS = ("cehelpers", "SciPy", "scikit-learn", "Keras", "Optax", "PyTorch")
MODULES = {"Keras": "keras", "Optax": "optax"}  # those that a cell may find missing
FAR = (-800.0, -59.0, -39.0, -29.0, -19.0, -9.0, -1.0, 9.0, 19.0, 29.0, 39.0, 59.0)


class Loss(NamedTuple):
    """One line of the dictionary: its key, and what it measures."""

    key: str
    title: str


LOSSES = (
    Loss("binary", "two classes, from probabilities"),
    Loss("logits", "two classes, from logits"),
    Loss("soft", "two classes, soft labels"),
    Loss("pos_weight", "two classes, positives count 3 times"),
    Loss("tags", "tags: the sum instead of the mean"),
    Loss("integer", "one of K, integer labels"),
    Loss("rows", "one of K, soft rows"),
    Loss("weights", "one of K, class weights, over their sum"),
    Loss("tokens", "next token: padding left out, mean over the rest"),
    Loss("smoothing", "one of K, label smoothing 0.1"),
    Loss("kl", "KL divergence of rows, mean over rows"),
)

# Each text is evaluated with the arrays of `inputs` and the usual imports.
CALLS = {
    "cehelpers": {
        "binary": "ce.binary_cross_entropy(y, p)",
        "logits": "ce.binary_cross_entropy_with_logits(y, z)",
        "soft": "ce.binary_cross_entropy(s, p)",
        "pos_weight": "ce.binary_cross_entropy_with_logits(y, z, pos_weight=3)",
        "tags": 'ce.binary_cross_entropy(y, p, reduction="sum")',
        "integer": "ce.sparse_categorical_cross_entropy_with_logits(\n    labels, Z)",
        "rows": "ce.categorical_cross_entropy_with_logits(T, Z)",
        "weights": "ce.sparse_categorical_cross_entropy_with_logits(\n"
        "    labels, Z, class_weight=w)",
        "tokens": "ce.sparse_categorical_cross_entropy_with_logits(\n"
        "    tokens, Z, ignore_index=-100)",
        "smoothing": "ce.categorical_cross_entropy_with_logits(\n"
        "    ce.smooth_labels(one_hot, 0.1), Z)",
        "kl": "np.mean(ce.kl_divergence(T, Q))",
    },
    "SciPy": {
        "binary": "-np.mean(xlogy(y, p) + xlog1py(1 - y, -p))",
        "logits": "-np.mean(y * log_expit(z) + (1 - y) * log_expit(-z))",
        "soft": "-np.mean(xlogy(s, p) + xlog1py(1 - s, -p))",
        "pos_weight": "-np.mean(3 * y * log_expit(z) + (1 - y) * log_expit(-z))",
        "tags": "-np.sum(xlogy(y, p) + xlog1py(1 - y, -p))",
        "integer": "-np.mean(log_softmax(Z, axis=1)[rows, labels])",
        "rows": "-np.mean(np.sum(T * log_softmax(Z, axis=1), axis=1))",
        "weights": "np.average(-log_softmax(Z, axis=1)[rows, labels],\n"
        "           weights=w[labels])",
        "tokens": "-np.mean(log_softmax(Z, axis=1)[\n    tokens >= 0, tokens[tokens >= 0]])",
        "smoothing": "-np.mean(np.sum((0.9 * one_hot + 0.1 / 3)\n"
        "                * log_softmax(Z, axis=1), axis=1))",
        "kl": "np.mean(rel_entr(T, Q).sum(axis=1))",
    },
    "scikit-learn": {
        "binary": "log_loss(y, p)",
        "logits": "log_loss(y, expit(z))",
        "soft": "log_loss([1, 1, 1, 0, 0, 0], [*p, *p],\n         sample_weight=[*s, *(1 - s)])",
        "pos_weight": "log_loss(y, expit(z), normalize=False,\n"
        "         sample_weight=1 + 2 * y) / 3",
        "tags": "log_loss(y, p, normalize=False)",
        "integer": "log_loss(labels, softmax(Z, axis=1), labels=[0, 1, 2])",
        "rows": "log_loss([0, 1, 2, 0, 1, 2],\n"
        "         np.repeat(softmax(Z, axis=1), 3, axis=0),\n"
        "         sample_weight=T.ravel())",
        "weights": "log_loss(labels, softmax(Z, axis=1), labels=[0, 1, 2],\n"
        "         sample_weight=w[labels])",
        "tokens": "log_loss(tokens[tokens >= 0], softmax(Z, axis=1)[tokens >= 0],\n"
        "         labels=[0, 1, 2])",
        "smoothing": "log_loss([0, 1, 2, 0, 1, 2],\n"
        "         np.repeat(softmax(Z, axis=1), 3, axis=0),\n"
        "         sample_weight=(0.9 * one_hot + 0.1 / 3).ravel())",
        "kl": "np.subtract(*(log_loss(\n"
        "    [0, 1, 2, 0, 1, 2], np.repeat(forecast, 3, axis=0),\n"
        "    sample_weight=T.ravel()) for forecast in (Q, T)))",
    },
    "Keras": {
        "binary": "keras.losses.BinaryCrossentropy()(y, p)",
        "logits": "keras.losses.BinaryCrossentropy(from_logits=True)(y, z)",
        "soft": "keras.losses.BinaryCrossentropy()(s, p)",
        "pos_weight": "keras.losses.BinaryCrossentropy(from_logits=True)(\n"
        "    y[:, None], z[:, None], sample_weight=1 + 2 * y)",
        "tags": 'keras.losses.BinaryCrossentropy(reduction="sum")(\n    y[:, None], p[:, None])',
        "integer": "keras.losses.SparseCategoricalCrossentropy(\n    from_logits=True)(labels, Z)",
        "rows": "keras.losses.CategoricalCrossentropy(\n    from_logits=True)(T, Z)",
        "weights": "keras.losses.SparseCategoricalCrossentropy(\n"
        '    from_logits=True, reduction="mean_with_sample_weight")(\n'
        "    labels, Z, sample_weight=w[labels])",
        "tokens": "keras.losses.SparseCategoricalCrossentropy(\n"
        "    from_logits=True, ignore_class=-100)(tokens, Z)",
        "smoothing": "keras.losses.CategoricalCrossentropy(\n"
        "    from_logits=True, label_smoothing=0.1)(one_hot, Z)",
        "kl": "keras.losses.KLDivergence()(T, Q)",
    },
    "Optax": {
        "binary": "optax.sigmoid_binary_cross_entropy(logit(p), y).mean()",
        "logits": "optax.sigmoid_binary_cross_entropy(z, y).mean()",
        "soft": "optax.sigmoid_binary_cross_entropy(logit(p), s).mean()",
        "pos_weight": "np.mean((1 + 2 * y)\n        * optax.sigmoid_binary_cross_entropy(z, y))",
        "tags": "optax.sigmoid_binary_cross_entropy(logit(p), y).sum()",
        "integer": "optax.softmax_cross_entropy_with_integer_labels(\n    Z, labels).mean()",
        "rows": "optax.softmax_cross_entropy(Z, T).mean()",
        "weights": "np.average(\n"
        "    optax.softmax_cross_entropy_with_integer_labels(\n"
        "        Z, labels), weights=w[labels])",
        "tokens": "optax.softmax_cross_entropy_with_integer_labels(\n"
        "    Z, tokens, where=tokens >= 0).sum() / (tokens >= 0).sum()",
        "smoothing": "optax.softmax_cross_entropy(\n"
        "    Z, optax.smooth_labels(one_hot, 0.1)).mean()",
        "kl": "optax.kl_divergence(np.log(Q), T).mean()",
    },
    "PyTorch": {
        "binary": "F.binary_cross_entropy(p, y)",
        "logits": "F.binary_cross_entropy_with_logits(z, y)",
        "soft": "F.binary_cross_entropy(p, s)",
        "pos_weight": "F.binary_cross_entropy_with_logits(\n"
        "    z, y, pos_weight=torch.tensor(3.0))",
        "tags": 'F.binary_cross_entropy(p, y, reduction="sum")',
        "integer": "F.cross_entropy(Z, labels)",
        "rows": "F.cross_entropy(Z, T)",
        "weights": "F.cross_entropy(Z, labels, weight=w)",
        "tokens": "F.cross_entropy(Z, tokens, ignore_index=-100)",
        "smoothing": "F.cross_entropy(Z, labels, label_smoothing=0.1)",
        "kl": 'F.kl_div(Q.log(), T, reduction="batchmean")',
    },
}

# What PyTorch says to the mistakes of the notebook, and to its other lines: numbers, or the kind of
# an error.
TORCH_TRAPS = {
    "exchanged": "F.binary_cross_entropy(y, p)",
    "rows exchanged": "F.cross_entropy(T, Z)",
    "kl as it comes": "F.kl_div(Q.log(), T)",
    "kl without the log": 'F.kl_div(Q, T, reduction="batchmean")',
    "weights over n": 'F.cross_entropy(Z, labels, weight=w, reduction="sum") / 2',
    "certain and wrong": "F.binary_cross_entropy(zero, one)",
    "softmax twice": "F.cross_entropy(Q, labels)",
    "nll of probabilities": "F.nll_loss(Q, labels)",
    "nll of logits": "F.nll_loss(Z, labels)",
    "a probability of 1.2": "F.binary_cross_entropy(1.2 * one, one)",
    "label -1": "F.cross_entropy(Z, torch.tensor([0, -1]))",
    "label -100": "F.cross_entropy(Z, torch.tensor([0, -100]))",
    "label 3": "F.cross_entropy(Z, torch.tensor([0, 3]))",
    "only label -100": "F.cross_entropy(Z, torch.tensor([-100, -100]))",
    "a float for a label": "F.cross_entropy(Z, torch.tensor([0.0, 2.0]))",
    "rows that sum to 2": "F.cross_entropy(Z, 2 * T)",
    "a column for a row": "F.binary_cross_entropy_with_logits(z[:, None], y)",
    "smoothing and weights": "F.cross_entropy(Z, labels, weight=w, label_smoothing=0.1)",
    "a million added, float32": "F.cross_entropy((Z + 1e6).float(), labels)",
    "rows, softmax twice": "F.cross_entropy(F.softmax(Z, dim=1), T)",
    "nll of rows": "F.nll_loss(F.softmax(Z, dim=1), T)",
    "rows by name": "F.cross_entropy(input=Z, target=T)",
    "weights of a class": "torch.nn.CrossEntropyLoss(weight=w)(Z, labels)",
    "logits of a class": "torch.nn.BCEWithLogitsLoss()(z, y)",
    "label -1 ignored": "F.cross_entropy(Z, torch.tensor([0, -1]), ignore_index=-1)",
    "each row": 'F.binary_cross_entropy_with_logits(z, y, reduction="none")',
    "mean over tokens": "F.cross_entropy(L.transpose(1, 2), S)",
    "mean over sentences": '(F.cross_entropy(L.transpose(1, 2), S, reduction="none").sum(1) '
    "/ (S >= 0).sum(1)).mean()",
    "classes left last": "F.cross_entropy(L, S)",
    "the sum": 'F.binary_cross_entropy_with_logits(z, y, reduction="sum")',
}

TORCH_WARNS = ("kl as it comes",)  # names of traps whose warning is kept

# The loss of a row with y = 1, for each logit of FAR: name of the road, and the call.
TORCH_FAR = {
    "PyTorch, logits, float64": "F.binary_cross_entropy_with_logits(far, far ** 0, "
    'reduction="none")',
    "PyTorch, logits": "F.binary_cross_entropy_with_logits(far.float(), far.float() ** 0, "
    'reduction="none")',
    "PyTorch, BCELoss": "F.binary_cross_entropy(torch.sigmoid(far.float()), far.float() ** 0, "
    'reduction="none")',
}

HABITS = {  # argument order, what is done unasked, arithmetic unless told otherwise
    "cehelpers": "truth first; mean over rows; float64",
    "SciPy": "no loss of its own: you write the sum and choose the mean; float64",
    "scikit-learn": "truth first; probabilities only; mean divided by the sum of the weights; "
    "clips to the eps of the dtype; float64",
    "Keras": "truth first; mean over the last axis, then over rows; probabilities unless "
    "from_logits=True, clipped to 1e-7; float32",
    "Optax": "logits first; no reduction: you write .mean(); float32 unless jax_enable_x64",
    "PyTorch": "forecast first; mean; each logarithm of BCELoss at least −100; float32",
}


def inputs(first_logit: float = 2.0) -> dict[str, NDArray[Any]]:
    """Return the arrays that every call uses; the first logit of both batches can be moved.

    Parameters
    ----------
    first_logit : float
        The logit of the first row, whose label is 1 in `y` and 0 in `labels`.
    """
    z = np.array([first_logit, -1.0, 0.5])
    Z = np.array([[first_logit, 1.0, 0.1], [0.5, 0.0, 1.5]])
    labels = np.array([0, 2])
    Z0 = [[2.0, 1.0, 0.1], [0.5, 0.0, 1.5]]
    return {
        "y": np.array([1.0, 0.0, 1.0]),
        "z": z,
        "p": sigmoid(z),
        "s": np.array([0.9, 0.2, 0.7]),
        "Z": Z,
        "Q": cehelpers.softmax(Z),
        "labels": labels,
        "rows": np.arange(2),
        "one_hot": np.eye(3)[labels],
        "tokens": np.array([0, -100]),  # the second row is padding
        "S": np.array([[0, 2, 2], [2, -100, -100]]),  # a sentence of three tokens, and one of one
        "L": np.array([[*Z0, [-0.3, 0.2, 1.5]], [[2.0, 0.0, -1.0], [0.0] * 3, [0.0] * 3]]),
        "T": np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]),
        "w": np.array([1.0, 3.0, 2.0]),
    }


# ---------------------------------------------------------------- libraries that may be missing


def library(name: str):
    """Import a library; return None where it, or one that it needs, is not there.

    Keras is told to compute with JAX, unless you have named another backend.
    """
    if name == "keras":
        os.environ.setdefault("KERAS_BACKEND", "jax")
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def have(*names: str) -> bool:
    """Whether libraries can be imported; where one is missing, a line says so."""
    missing = [name for name in names if library(name) is None]
    if missing:
        print(f"{' and '.join(missing)}: not installed here, so this part is left out.")
    return not missing


@functools.cache
def names() -> dict[str, Any]:
    """What the texts of `CALLS` refer to, apart from the arrays and PyTorch."""
    from scipy import special
    from sklearn.metrics import log_loss

    bricks = ("xlogy", "xlog1py", "log_expit", "expit", "logit", "log_softmax", "softmax")
    found = {"np": np, "ce": cehelpers, "log_loss": log_loss, "rel_entr": special.rel_entr}
    found |= {brick: getattr(special, brick) for brick in bricks}
    return found | {module: library(module) for module in MODULES.values()}


# ---------------------------------------------------------------- the table


def evaluate(framework: str, key: str, arrays: dict | None = None) -> float | None:
    """Return what a call gives; None where its library is not installed.

    PyTorch's numbers are the recorded ones.
    """
    if framework == "PyTorch":
        return recorded()["table"][key]
    if framework in MODULES and names()[MODULES[framework]] is None:
        return None
    return float(eval(CALLS[framework][key], names() | (arrays or inputs())))


def rosetta(key: str) -> None:
    """Print how each library is called for one loss, and what the call returned.

    What stands in the column of numbers is the value of the text to its left; for PyTorch it is
    the recorded one.

    Parameters
    ----------
    key : str
        One of the keys of `LOSSES`.
    """
    titles = dict(LOSSES)
    if key not in titles:
        raise ValueError(f"key must be one of {', '.join(titles)}; got {key!r}")
    lines = [titles[key]]
    for framework in FRAMEWORKS:
        number = evaluate(framework, key)
        shown = "absent" if number is None else f"{number:.4f}"
        first, *more = CALLS[framework][key].splitlines()
        lines.append(f"{framework:13} {first:57} {shown:>6}")
        lines += [f"{'':13} {line}" for line in more]
    print("\n".join(lines))


# ---------------------------------------------------------------- what PyTorch answered


@functools.cache
def answered() -> dict[str, dict[str, Any]]:
    """Return how each library answered the loss vectors, by name: {} without the repository."""
    file = Path(__file__).parents[3] / "vectors" / "scoreboard.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def scoreboard(board: dict[str, dict[str, Any]]) -> None:
    """Print how the answers of each library came out; a board as `answered` returns it."""
    if not board:
        print("vectors/scoreboard.json is in the course's repository, and not here: no scoreboard.")
        return
    print(f"{'':19}   right   refused   another number   bad input scored")
    for row in board.values():
        count, scored = row["counts"], row["bad input scored"]
        name = f"{row['name']} {row['version']}"
        cells = f"{count['passed']:8} {count['refused']:9} {count['wrong'] - scored:16}"
        print(f"{name:19} {cells} {scored:18}")


@functools.cache
def recorded() -> dict[str, Any]:
    """Return PyTorch's answers: version, date, by name the numbers or kinds of error, warnings."""
    text = files(__package__).joinpath("torch_recorded.json").read_text(encoding="utf-8")
    kept = json.loads(text)
    for part in ("table", "traps", "far"):
        kept[part] = {name: _numbers(entry["value"]) for name, entry in kept[part].items()}
    return kept


def _numbers(value):
    """A number, a list of them, or the name of an error as it stands."""
    if isinstance(value, list):
        return np.array([_numbers(item) for item in value])
    return float(value) if value in ("inf", "-inf", "nan") else value


# ---------------------------------------------------------------- rules, for the explorer


def exact(key: str, first_logit: float) -> float:
    """Return the loss as mathematics has it, from the logits, for the arrays of `inputs`."""
    x = inputs(first_logit)
    labels = {"binary": "y", "tags": "y", "soft": "s"}.get(key)
    if labels is None:
        return evaluate("cehelpers", key, x)
    reduction = "sum" if key == "tags" else "mean"
    return cehelpers.binary_cross_entropy_with_logits(x[labels], x["z"], reduction=reduction)


def by_rule(framework: str, key: str, first_logit: float) -> float:
    """Return the number of a library by its documented rule, in the arithmetic it comes with.

    NumPy computes it, so that the explorer is quick and works where a library is missing. The
    tests hold it against Keras and Optax, and against what PyTorch answered.

    Parameters
    ----------
    framework, key : str
        One of `FRAMEWORKS` and the key of a loss.
    first_logit : float
        The logit of the first row, as in `inputs`.
    """
    x = inputs(first_logit)
    if framework in ("cehelpers", "SciPy"):
        return evaluate(framework, key, x)
    if framework != "scikit-learn":
        x = {
            name: value.astype(np.float32) if value.dtype == float else value
            for name, value in x.items()
        }
    with np.errstate(all="ignore"):
        return float(_BY_KEY[key](framework, x))


def _log_sigmoid(z: ArrayLike) -> NDArray[Any]:
    return -np.logaddexp(-np.asarray(z), np.float32(0))


def _of_logits(framework, y, z):
    if framework == "scikit-learn":  # it has probabilities only
        return _of_probabilities(framework, y, sigmoid(z))
    return -y * _log_sigmoid(z) - (1 - y) * _log_sigmoid(-z)


def _of_probabilities(framework, y, p):
    if framework == "Optax":  # it has logits only: the call goes back to them
        return _of_logits(framework, y, np.log(p) - np.log1p(-p))
    if framework == "PyTorch":
        bound = np.float32(-100)
        return -(y * np.maximum(np.log(p), bound) + (1 - y) * np.maximum(np.log1p(-p), bound))
    eps = p.dtype.type(1e-7) if framework == "Keras" else np.finfo(p.dtype).eps
    p = np.clip(p, eps, 1 - eps)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def _of_rows(framework, T, Z):
    d = Z - Z.max(axis=1, keepdims=True)
    log_q = d - np.log(np.exp(d).sum(axis=1, keepdims=True))
    if framework == "scikit-learn":
        log_q = np.maximum(log_q, np.log(np.finfo(float).eps))
    return -(T * log_q).sum(axis=1)


def _kl(framework, x):
    T, Q = x["T"], x["Q"]
    low = {"Keras": np.float32(1e-7), "scikit-learn": np.finfo(float).eps}.get(framework, 0)
    T, Q = np.clip(T, low, 1), np.clip(Q, low, 1)
    return np.mean((T * (np.log(T) - np.log(Q))).sum(axis=1))


_BY_KEY = {
    "binary": lambda f, x: _of_probabilities(f, x["y"], x["p"]).mean(),
    "logits": lambda f, x: _of_logits(f, x["y"], x["z"]).mean(),
    "soft": lambda f, x: _of_probabilities(f, x["s"], x["p"]).mean(),
    "pos_weight": lambda f, x: ((1 + 2 * x["y"]) * _of_logits(f, x["y"], x["z"])).mean(),
    "tags": lambda f, x: _of_probabilities(f, x["y"], x["p"]).sum(),
    "integer": lambda f, x: _of_rows(f, x["one_hot"], x["Z"]).mean(),
    "rows": lambda f, x: _of_rows(f, x["T"], x["Z"]).mean(),
    "weights": lambda f, x: np.average(
        _of_rows(f, x["one_hot"], x["Z"]), weights=x["w"][x["labels"]]
    ),
    "tokens": lambda f, x: _of_rows(f, x["one_hot"], x["Z"])[x["tokens"] >= 0].mean(),
    "smoothing": lambda f, x: _of_rows(
        f, 0.9 * x["one_hot"] + x["Z"].dtype.type(0.1 / 3), x["Z"]
    ).mean(),
    "kl": _kl,
}


def digits_right(found: ArrayLike, truth: ArrayLike) -> NDArray[Any]:
    """How many significant digits of numbers are right: −log10 of the relative error, 0 to 16."""
    found, truth = np.asarray(found, dtype=float), np.asarray(truth, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        digits = -np.log10(np.abs(found - truth) / np.abs(truth))
    return np.clip(np.where(np.isfinite(found), digits, 0.0), 0.0, 16.0)


def true_far_losses() -> NDArray[Any]:
    """Return the loss of a row with y = 1 for each logit of `FAR`: softplus(−z), rounded once."""
    # ln(1 + e^−z): to the last bit of a float64, by log1p where e^−z is small
    return np.array([-z if z < -700 else math.log1p(math.exp(-z)) for z in FAR])

"""Layer 5: a scorer of rare events whose probabilities hold, from a table and its labels.

No class weight; thinned negatives are undone; training stops where held-out rows say so; and the
calibration has no more parameters than its positives can bear. `fit_recalibration` and
`compare_scores` take the logits of any model.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers import _checks, _mlp
from cehelpers._mlp import Network
from cehelpers.activations import logit, sigmoid
from cehelpers.binary_losses import (
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_grad,
)
from cehelpers.imbalance import correct_prior, undersample_negatives
from cehelpers.information import entropy
from cehelpers.metrics import average_precision, roc_auc
from cehelpers.networks import init_mlp, mlp_logits
from cehelpers.recalibration import fit_bias, fit_platt

# Of a right model Platt's two parameters cost 1.2% of its log loss with 20 positives, 0.5% with 40
# and 0.2% with 80 (a shift half of that); of one that is 10% overconfident they save 0.4%.
FEWEST_FOR_SHIFT, FEWEST_FOR_PLATT = 30, 100
FEWEST, FEW = 20, 200  # positives without which nothing is learned, and with which little is
HELD = 0.15  # share of the training rows that say when to stop
RATE, SLOWER, SLOWDOWNS, PATIENCE = 0.004, 0.25, 3, 4
LOOKS, LEAST_STEPS = 4, 50  # at the held-out rows: in an epoch, and how far apart
MOST_EPOCHS, MOST_STEPS = 30, 2000  # whichever is more
ROWS = 65_536  # that are standardised at a time
OUTSIDE = 0.5  # share of the calibration rows beyond the training range that is worth a note


class Recalibration(NamedTuple):
    """Logits a·z + b, which of "platt", "shift" and "none" it is, and why."""

    a: float
    b: float
    kind: str
    message: str


class ScoreRow(NamedTuple):
    """One model of `compare_scores`; `low` and `high` bound its log loss minus the first's."""

    log_loss: float
    normalised_entropy: float
    auc: float
    average_precision: float
    low: float
    high: float


@dataclass(frozen=True)
class Scorer:
    """What `fit_scorer` found; ``scorer(X)`` are probabilities, shape (n,)."""

    net: Network
    names: tuple[str, ...]
    standards: NDArray[np.float64]  # rows: lowest, highest, center, spread, mean, sd of each column
    keep: float
    recalibration: Recalibration
    steps: int
    notes: tuple[str, ...]  # what the user should know, in words

    def predict_logits(self, X: ArrayLike) -> NDArray[np.float64]:
        """Logits of the table's rows, calibrated."""
        table = _table("X", X, self.names)
        return self.recalibration.a * self._raw(table) + self.recalibration.b

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Probabilities of a positive, shape (n,)."""
        return sigmoid(self.predict_logits(X))

    __call__ = predict_proba

    def _raw(self, table: NDArray[Any]) -> NDArray[np.float64]:
        parts = [
            mlp_logits(self.net, _standardised(table[i : i + ROWS], self.standards)).astype(float)
            for i in range(0, len(table), ROWS)
        ]
        return correct_prior(np.concatenate(parts), sampling_rate=self.keep)


def fit_recalibration(y_true: ArrayLike, logits: ArrayLike) -> Recalibration:
    """Platt scaling where there are positives enough for it, else a shift, else nothing.

    Of any model's logits, `correct_prior` first where its training was weighted or thinned.

    Parameters
    ----------
    y_true : array_like of 0 and 1, shape (n,)
        Labels of rows that trained no model, newer than those that did, and ripe.
    logits : array_like, shape (n,)
        Finite logits z.

    Returns
    -------
    Recalibration
        Named tuple of `a`, `b`, `kind` and `message`: the logits that hold are a·z + b. "platt"
        takes 100 of the rarer class, "shift" (a = 1) 30; "none" is a = 1, b = 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> z = np.random.default_rng(0).normal(-4, 1.5, 20_000)
    >>> y = np.random.default_rng(1).random(20_000) < sigmoid(z - 1)
    >>> fit = fit_recalibration(y, z)
    >>> fit.kind, round(fit.a), round(fit.b)
    ('platt', 1, -1)
    >>> fit_recalibration([0, 0, 0], [-3.0, -2.0, -4.0]).message
    'nothing calibrated: 0 positives among 3 calibration rows, and a shift takes 30'
    """
    y, z = _labels("y_true", y_true, logits, "logits")
    _checks.check_same_shape(y_true=y, logits=z)
    z = _checks.check_range("logits", z, -1e150, 1e150, "be finite").astype(float)
    rarer = min(positives := int(y.sum()), len(y) - positives)
    words = f"{positives:,} positives among {len(y):,} calibration rows"
    if rarer < FEWEST_FOR_SHIFT:
        shown = f"nothing calibrated: {words}, and a shift takes {FEWEST_FOR_SHIFT}"
        return Recalibration(1.0, 0.0, "none", shown)
    if rarer >= FEWEST_FOR_PLATT:
        try:
            a, b = fit_platt(y, z)
        except ValueError:  # the logits separate the labels: no finite slope
            words += ", which the logits separate"
        else:
            if a > 0:
                return Recalibration(a, b, "platt", f"slope and shift calibrated on {words}")
            words += ", whose order the logits do not follow"
    else:
        words += f", and a slope takes {FEWEST_FOR_PLATT}"
    return Recalibration(1.0, fit_bias(y, z), "shift", f"only the shift calibrated: {words}")


def fit_scorer(
    X: ArrayLike,
    y_true: ArrayLike,
    X_cal: ArrayLike,
    y_cal: ArrayLike,
    *,
    keep: float = 1.0,
    hidden: Sequence[int] = (32, 16),
    names: Sequence[str] | None = None,
    rng: np.random.Generator | None = None,
) -> Scorer:
    """A small network for rare events, trained by plain cross-entropy and calibrated.

    Columns become arcsinh((x − median)/half the middle half's width), which is a logarithm far out
    and a straight line near, then mean 0 and standard deviation 1; a constant column becomes 0.
    What lies outside the training range counts as its edge. The last bias starts at the logit of
    the rate. A random 15% of the training rows, both classes alike and none thinned, is held out:
    some steps of Adam apart their log loss is looked at, the step becomes smaller where it has
    stopped falling, and the best network is kept. The calibration rows do `fit_recalibration`.

    Parameters
    ----------
    X : array_like or DataFrame, shape (n, d)
        Numbers, none missing: categories as columns of 0 and 1.
    y_true : array_like of 0 and 1, shape (n,)
        Labels with at least 20 of each class.
    X_cal, y_cal
        The same of newer rows, with ripe labels.
    keep : float
        Share of the negatives to train on, in (0, 1]. 1 loses nothing.
    hidden : sequence of int
        Units of the hidden layers; () is a logistic regression.
    names : sequence of str, optional
        Of the columns, for messages; a DataFrame brings its own.
    rng : numpy.random.Generator, optional
        Draws the first weights, the held-out rows and the batches; by default ``default_rng(0)``.

    Returns
    -------
    Scorer
        ``scorer(X)`` or `predict_proba` are probabilities, shape (n,), `predict_logits` logits;
        `notes` says in words what the data were too few for, `recalibration` what it found.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described: of a text or a missing value the message names the
        column and the row.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(8000, 3))
    >>> y = rng.random(8000) < sigmoid(1.5 * X[:, 0] - 4)
    >>> scorer = fit_scorer(X[:4000], y[:4000], X[4000:], y[4000:], hidden=(8,))
    >>> p = scorer([[2.0, 0.0, 0.0], [-2.0, 0.0, 0.0]])
    >>> p.shape, bool(p[0] > 10 * p[1]), scorer.recalibration.kind
    ((2,), True, 'platt')
    >>> fit_scorer([[1.0, "food"]], [0], [[1.0, "food"]], [0], names=("amount", "shop"))
    Traceback (most recent call last):
    TypeError: X must hold numbers; got 'food' in column 'shop' at row 0: encode it first

    References
    ----------
    King & Zeng (2001), "Logistic regression in rare events data",
    doi:10.1093/oxfordjournals.pan.a004868.
    """
    names = _names(X, names)
    X, X_cal = _table("X", X, names), _table("X_cal", X_cal, names)
    y, X = _labels("y_true", y_true, X, "X")
    y_cal, X_cal = _labels("y_cal", y_cal, X_cal, "X_cal")
    keep = _checks.check_number("keep", keep, lambda x: 0 < x <= 1, "lie in (0, 1]")
    if not np.iterable(hidden):
        raise TypeError(f"hidden must be a sequence of integers; got {hidden!r}")
    hidden = [_checks.check_integer("hidden", units, 1) for units in hidden]
    rng = np.random.default_rng(0) if rng is None else rng
    _checks.check_generator(rng)
    rarer = min(int(y.sum()), int(len(y) - y.sum()))
    if rarer < FEWEST:
        shown = f"got {rarer} of {len(y):,} rows; so few teach no scorer more than the base rate"
        raise ValueError(f"y_true must have at least {FEWEST} rows of each class; {shown}")

    standards = _standards(X)
    net, steps, gain = _train(_standardised(X, standards), y, keep, hidden, rng)
    raw = Scorer(net, names, standards, keep, Recalibration(1.0, 0.0, "none", ""), steps, ())
    found = fit_recalibration(y_cal, raw._raw(X_cal))
    notes = _notes(names, standards, X_cal, rarer, gain, found)
    return Scorer(net, names, standards, keep, found, steps, notes)


def compare_scores(y_true: ArrayLike, logits: Mapping[str, ArrayLike]) -> dict[str, ScoreRow]:
    """Log loss, normalised entropy, AUC and average precision of some models of the same rows.

    Parameters
    ----------
    y_true : array_like of 0 and 1, shape (n,)
        Labels of both classes, of rows that neither trained nor calibrated.
    logits : mapping of str to array_like, shape (n,)
        Each model's logits, finite.

    Returns
    -------
    dict of str to ScoreRow
        Of each model the log loss in nats, its share of what the constant at these rows' own rate
        costs (**normalised entropy**: below 1 is better than to know nothing), `auc`,
        `average_precision`, and `low` and `high`: its log loss minus the first model's, row by
        row, in a 95% interval.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or there is no model.

    Examples
    --------
    >>> y = [0, 0, 0, 1]
    >>> rows = compare_scores(y, {"good": [-2.0, -2.0, -1.0, 1.0], "constant": [logit(0.25)] * 4})
    >>> round(rows["constant"].normalised_entropy, 6), rows["good"].auc
    (1.0, 1.0)
    >>> rows["constant"].low > 0  # four rows
    False

    References
    ----------
    He et al. (2014), "Practical lessons from predicting clicks on ads at Facebook",
    doi:10.1145/2648584.2648589.
    """
    if not isinstance(logits, Mapping):
        raise TypeError(f"logits must map names to logits; got {type(logits).__name__}")
    if not logits:
        raise ValueError("logits must hold at least one model; got none")
    rows, first = {}, None
    for name, z in logits.items():
        y, z = _labels("y_true", y_true, z, f"logits of {name!r}")
        if not 0 < (rate := float(y.mean())) < 1:
            raise ValueError(f"y_true must have both classes; got only {y[0]:g}")
        z = _checks.check_range(f"logits of {name!r}", z, -1e300, 1e300, "be finite")
        losses = binary_cross_entropy_with_logits(y, z.astype(float), reduction="none")
        first = losses if first is None else first
        gap, loss = losses - first, float(losses.mean())
        reach = 1.96 * float(gap.std()) / math.sqrt(len(gap))
        share = loss / entropy([rate, 1 - rate])
        bounds = float(gap.mean()) - reach, float(gap.mean()) + reach
        rows[name] = ScoreRow(loss, share, roc_auc(y, z), average_precision(y, z), *bounds)
    return rows


# ---------------------------------------------------------------- inside


def _names(X: Any, names: Sequence[str] | None) -> tuple[str, ...]:
    if names is None:
        names = getattr(X, "columns", None)
    if names is None:
        shape = np.shape(X) if not hasattr(X, "shape") else X.shape
        names = range(shape[1]) if len(shape) == 2 else ()
    return tuple(map(str, names))


def _table(name: str, X: Any, names: tuple[str, ...]) -> NDArray[Any]:
    """Finite numbers, one column a name; what is none is refused by its column and row."""
    if hasattr(X, "toarray"):
        raise TypeError(f"{name} must be a dense table; got {type(X).__name__}: try .toarray()")
    own = getattr(X, "columns", None)
    if own is not None and tuple(map(str, own)) != names:
        raise ValueError(f"{name} must have the columns {list(names)}; got {list(map(str, own))}")
    x = X if isinstance(X, np.ndarray) or own is not None else np.array(X, dtype=object)
    x = np.asarray(x)
    if x.ndim != 2 or not x.size or x.shape[1] != len(names):
        raise ValueError(f"{name} must have shape (n, {len(names) or 'd'}); got {x.shape}")
    if x.dtype.kind not in "biuf":
        numbers = np.empty(x.shape)
        for j, column in enumerate(names):
            numbers[:, j] = [
                v if isinstance(v, Real | np.bool_) else _no_number(name, v, column, i)
                for i, v in enumerate(x[:, j].tolist())
            ]
        x = numbers
    for j, column in enumerate(names):
        if not (ok := np.isfinite(x[:, j])).all():
            row, bad = int(ok.argmin()), f"{np.sum(~ok):,} of {len(ok):,} rows"
            shown = f"got {x[row, j]} in column {column!r} at row {row} (in {bad})"
            how = "fill it, and say so in a column of 0 and 1"
            raise ValueError(f"{name} must have no missing and only finite values; {shown}: {how}")
    return x


def _no_number(name: str, value: Any, column: str, row: int) -> float:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return math.nan
    shown = f"got {value!r} in column {column!r} at row {row}: encode it first"
    raise TypeError(f"{name} must hold numbers; {shown}")


def _labels(name: str, y: ArrayLike, values: ArrayLike, of: str) -> tuple[NDArray[Any], Any]:
    y, values = _checks.check_binary(name, y), _checks.check_numbers(of, values)
    if y.ndim != 1 or values.shape[:1] != y.shape:
        shown = f"got {y.shape} for {of} of shape {values.shape}"
        raise ValueError(f"{name} must have one label a row; {shown}")
    return y.astype(np.float32), values


def _standards(X: NDArray[Any]) -> NDArray[np.float64]:
    """Lowest, highest, center, spread, mean and sd of each column."""
    columns = []
    for x in X.T:
        x = x.astype(float)
        first, middle, third = np.quantile(x, [0.25, 0.5, 0.75])
        # half the middle half's width; of a column that is mostly one value the mean distance
        spread = (third - first) / 2 or float(np.abs(x - middle).mean()) or 1.0
        u = np.arcsinh((x - middle) / spread)
        columns.append((x.min(), x.max(), middle, spread, u.mean(), float(u.std()) or 1.0))
    return np.array(columns).T


def _standardised(X: NDArray[Any], standards: NDArray[np.float64]) -> NDArray[np.float32]:
    low, high, center, spread, mean, sd = standards
    out = np.empty(X.shape, dtype=np.float32)
    for i in range(0, len(X), ROWS):
        u = np.clip(X[i : i + ROWS].astype(float), low, high)
        out[i : i + ROWS] = (np.arcsinh((u - center) / spread) - mean) / sd
    return out


def _train(X, y, keep, hidden, rng) -> tuple[Network, int, float]:
    """The network of least loss on held-out rows, its step, and what it saves there of a constant.

    The penalty on the weights is that of a normal prior of variance 1: ½ Σ W² beside the sum of
    the losses.
    """
    order = rng.permutation(len(y))
    classes = order[y[order] == 1], order[y[order] == 0]
    cuts = [max(1, round(HELD * len(rows))) for rows in classes]
    held = np.concatenate([rows[:cut] for rows, cut in zip(classes, cuts, strict=True)])
    rest = np.concatenate([rows[cut:] for rows, cut in zip(classes, cuts, strict=True)])
    rest = rest[undersample_negatives(y[rest], keep, rng=rng)]
    n, X_held, y_held = len(rest), X[held], y[held]

    def loss(net):
        z = correct_prior(mlp_logits(net, X_held).astype(float), sampling_rate=keep)
        return binary_cross_entropy_with_logits(y_held, z)

    sizes, start = (X.shape[1], *hidden, 1), logit(float(y[rest].mean()))
    net = init_mlp(sizes, rng=rng, dtype=np.float32, output_bias=start, output_scale=0.1)
    net = best = _mlp.nudged(net)
    batch = int(np.clip(n // 400, 128, 2048))
    apart = max(LEAST_STEPS, n // batch // LOOKS)
    flat = net._replace(weights=tuple(0 * W for W in net.weights))
    constant = least = loss(flat)
    rate, slowdowns, waited, kept, step = RATE, 0, 0, 0, 0
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in _mlp.flat(net)]
    while step < max(MOST_STEPS, MOST_EPOCHS * n // batch):
        order = rng.permutation(rest)
        for i in range(0, n, batch):
            step, rows = step + 1, order[i : i + batch]
            slopes = binary_cross_entropy_with_logits_grad
            gradients = _mlp.gradients(net, X[rows], y[rows], None, slopes, 1 / n)
            net = _mlp.adam_step(net, gradients, moments, rate, step)
            if step % apart:
                continue
            waited += 1
            if (now := loss(net)) < least:
                best, least, kept, waited = net, now, step, 0
            elif waited >= PATIENCE:
                if slowdowns == SLOWDOWNS:
                    return best if kept else flat, kept, 1 - least / constant
                net, rate = best, rate * SLOWER
                slowdowns, waited = slowdowns + 1, 0
    return best if kept else flat, kept, 1 - least / constant


def _notes(names, standards, X_cal, rarer, gain, found) -> tuple[str, ...]:
    notes = [found.message]
    if rarer < FEW:
        notes.append(f"{rarer} rows of the rarer class teach little: try hidden=() as well")
    if not gain > 0:
        notes.append("nothing learned that a constant does not know, by the held-out rows")
    low, high = standards[:2]
    for j, name in enumerate(names):
        if low[j] == high[j]:
            notes.append(f"column {name!r} is constant in training: it says nothing")
            continue
        beyond = float(np.mean((X_cal[:, j] < low[j]) | (X_cal[:, j] > high[j])))
        if beyond > OUTSIDE:
            shown = f"{beyond:.0%} of the calibration rows lie outside its training range"
            notes.append(f"column {name!r}: {shown}; an id, or a date? leave it out")
    return tuple(notes)

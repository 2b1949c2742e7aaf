"""What each loss is by definition, and its slope in the forecast, in mpmath's numbers.

Each definition is that of a textbook; none uses the formulas of a package. Numbers go in as they
stand in a data file, and count as the float64 that they are.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from mpmath import inf, mp, mpf

WORKING_DIGITS = 700  # 1 − 1e-300 must not round to 1

# ---------------------------------------------------------------- one forecast


def log(x):
    return mp.log(x) if x > 0 else -inf


def times(a, b):
    return mpf(0) if a == 0 or b == 0 else a * b


def sigmoid(z):
    return 1 / (1 + mp.exp(-z)) if z > -inf else mpf(0)


def softmax(z):
    if inf in z:
        return [mpf(v == inf) for v in z]
    e = [mp.exp(v) for v in z]
    return [v / sum(e) for v in e]


def logsumexp(z):
    return log(sum(mp.exp(v) for v in z)) if inf not in z else inf


def logit(p):
    return log(p) - log(1 - p)


def softplus(z):
    return log(1 + mp.exp(z))


def bce(y, p, eps=0):
    p = min(max(p, mpf(eps)), 1 - mpf(eps))
    return times(y, -log(p)) + times(1 - y, -log(1 - p))


def bce_logits(y, z, pos_weight=1):
    return times(pos_weight * y, -log(sigmoid(z))) + times(1 - y, -log(sigmoid(-z)))


def focal(y, p_1, p_0, gamma, alpha):
    p_t, p_other = (p_1, p_0) if y == 1 else (p_0, p_1)
    weight = 1 if alpha is None else alpha if y == 1 else 1 - alpha
    return weight * times(p_other**gamma if gamma else mpf(1), -log(p_t))


def sparse_focal(label, z, gamma):
    p = softmax(z)
    return focal(1, p[label], sum(p[:label] + p[label + 1 :]), gamma, None)


def cross_entropy(p, q):
    return sum(times(a, -log(b)) for a, b in zip(p, q, strict=True))


def kl(p, q):
    """With Σq − Σp, as documented: rows of floats rarely sum to exactly 1."""
    return cross_entropy(p, q) - cross_entropy(p, p) - sum(p) + sum(q)


def js(p, q):
    m = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    return (
        cross_entropy(p, m) - cross_entropy(p, p) + cross_entropy(q, m) - cross_entropy(q, q)
    ) / 2


def smooth(t, alpha, convention="K"):
    """The share α of a row spread over all classes, or over the others ("K-1")."""
    classes = len(t)
    if convention == "K":
        return [(1 - alpha) * v + alpha / classes for v in t]
    return [(1 - alpha) * v + alpha * (1 - v) / (classes - 1) for v in t]


def one_hot(label, classes):
    return [mpf(k == label) for k in range(classes)]


def ranked_probability(label, p):
    """With the upper tails as 1 − F, so that a row counts as it is: see `kl`."""
    below = [sum(p[: k + 1]) for k in range(len(p) - 1)]
    above = [sum(p[k + 1 :]) for k in range(len(p) - 1)]
    return sum(below[k] ** 2 if k < label else above[k] ** 2 for k in range(len(p) - 1))


def cumulative_link(label, s, cuts):
    upper = mpf(1) if label == len(cuts) else sigmoid(cuts[label] - s)
    lower = mpf(0) if label == 0 else sigmoid(cuts[label - 1] - s)
    return -log(upper - lower)


def brier_multiclass(label, p):
    return sum((v - (k == label)) ** 2 for k, v in enumerate(p))


def hinge(y, s):
    return max(mpf(0), 1 - (2 * y - 1) * s)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


# ---------------------------------------------------------------- many forecasts


class Row(NamedTuple):
    """What one forecast adds: the terms of its loss, and of its slope in each of its numbers.

    A loss and a slope are sums: that their terms cancel is what makes them ill-conditioned. So does
    the first rounding of the inputs, where it is magnified: `power` is by how much.
    """

    loss: tuple[Any, ...]
    slopes: list[tuple[Any, ...]] | None = None
    weight: Any = mpf(1)  # of the row in a sum
    share: Any = mpf(1)  # of the row in what a mean divides by
    power: Any = mpf(0)
    slope_powers: list[Any] | None = None


class Outcome(NamedTuple):
    """A value, the gradient by the forecast, and the worst condition of the numbers of each."""

    value: Any
    gradient: Any = None
    condition: Any = mpf(1)
    slope_condition: Any = mpf(1)


class Loss(NamedTuple):
    """An outcome from arguments and options, and which argument is the forecast."""

    forecast: str
    outcome: Callable[[dict, dict], Outcome]


def exact(value):
    """The numbers of a data file as what they stand for: floats exactly, infinities by name."""
    if isinstance(value, list):
        return [exact(v) for v in value]
    if isinstance(value, str):
        return {"inf": inf, "-inf": -inf}.get(value, value)
    return mpf(value) if isinstance(value, float) else value


def flat(value):
    return [x for part in value for x in flat(part)] if isinstance(value, list) else [value]


def rows_of(table):
    """The innermost lists."""
    if not isinstance(table[0], list):
        return [table]
    return [row for part in table for row in rows_of(part)]


def like(values, shape):
    """Values one by one in the nesting of `shape`."""
    values = iter(values)

    def fill(part):
        return [fill(p) for p in part] if isinstance(part, list) else next(values)

    return fill(shape)


def without_last(table):
    """A nesting with a number in place of each innermost list."""
    return [without_last(part) for part in table] if isinstance(table[0], list) else 0


def condition(terms, power=0):
    """By how much a sum moves, relatively, for a relative move of each of its terms."""
    total, size = sum(terms), sum(abs(t) for t in terms)
    return mpf(1) if total == 0 or size == inf else size / abs(total) + power


def reduced(rows: list[Row], options, forecast, shape) -> Outcome:
    """The losses of rows, each with its weight: all, their sum, or their mean."""
    losses = [times(row.weight, sum(row.loss)) for row in rows]
    reduction, divisor = options.get("reduction", "none"), 1
    if reduction == "mean":
        divisor = sum(row.share for row in rows)
    value = like(losses, shape) if reduction == "none" else sum(losses) / divisor
    worst = max(condition(row.loss, row.power) for row in rows)
    if any(row.slopes is None for row in rows):
        return Outcome(value, None, worst)
    slopes = [
        [times(row.weight, t) / divisor for t in slope] for row in rows for slope in row.slopes
    ]
    powers = [x for row in rows for x in row.slope_powers or [0] * len(row.slopes)]
    worst_slope = max(map(condition, slopes, powers))
    return Outcome(value, like(map(sum, slopes), forecast), worst, worst_slope)


def of_forecasts(
    forecast: str, one: Callable[..., Row], *, classes: bool = False, labels: bool = True
) -> Loss:
    """A loss of single forecasts, or of rows of `classes` with labels or rows of targets."""

    def outcome(arguments, options):
        truth, forecasts, *rest = arguments.values()
        shape = without_last(forecasts) if classes else forecasts
        truth = flat(truth) if labels else rows_of(truth)
        table = rows_of(forecasts) if classes else flat(forecasts)
        weights = options.get("sample_weight", [1] * len(table))
        kept = ("reduction", "sample_weight")
        own = {name: x for name, x in options.items() if name not in kept}
        rows = []
        for t, p, w in zip(truth, table, flat(weights), strict=True):
            row = one(t, p, *rest, **own)
            share = row.share if options.get("weight_norm") == "n" else w * row.share
            rows.append(row._replace(weight=w * row.weight, share=share))
        return reduced(rows, options, forecasts, shape)

    return Loss(forecast, outcome)


# ---------------------------------------------------------------- first roundings

STEP = mpf(10) ** -30


def is_float(x):
    return mpf(float(x)) == x


def shaken(row: Callable[[list], Row], z) -> Row:
    """A row of logits, with by how much it magnifies the rounding of z_k − max z.

    Where all these differences are floats nothing is rounded, and nothing magnified.
    """
    found, top = row(z), max(z)
    gaps = [v - top if abs(v) < inf else mpf(0) for v in z]
    power, slope_powers = mpf(0), [mpf(0)] * len(found.slopes)
    for k, gap in enumerate(gaps):
        if not is_float(gap):
            moved = row([*z[:k], z[k] + STEP * gap, *z[k + 1 :]])
            power += relative_move(found.loss, moved.loss)
            for j, (old, new) in enumerate(zip(found.slopes, moved.slopes, strict=True)):
                slope_powers[j] += relative_move(old, new)
    return found._replace(power=power, slope_powers=slope_powers)


def relative_move(old, new):
    old, new = sum(old), sum(new)
    return abs(new - old) / (STEP * abs(old)) if old and abs(old) < inf else mpf(0)


# ---------------------------------------------------------------- binary


def binary_row(y, p):
    slopes = [(-y / p, (1 - y) / (1 - p))] if 0 < p < 1 else None
    return Row((bce(y, p),), slopes)


def binary_logits_row(y, z, pos_weight=1):
    slopes = [((1 - y) * sigmoid(z), -pos_weight * y * sigmoid(-z))]
    return Row((bce_logits(y, z, pos_weight),), slopes)


# ---------------------------------------------------------------- categorical


def categorical_row(t, p):
    possible = all(b > 0 or not a for a, b in zip(t, p, strict=True))
    slopes = [(-a / b if a else mpf(0),) for a, b in zip(t, p, strict=True)] if possible else None
    return Row((cross_entropy(t, p),), slopes)


def sparse_row(label, p):
    return categorical_row(one_hot(label, len(p)), p)


def logits_row(t, z, weights=None):
    """−Σ w_k t_k ln p_k, with p = softmax(z)."""
    w = [a * b for a, b in zip(weights or [1] * len(t), t, strict=True)]

    def row(z):
        p = softmax(z)
        slopes = [(p[k] * (sum(w) - w[k]), -w[k] * (1 - p[k])) for k in range(len(z))]
        return Row((cross_entropy(w, p),), slopes)

    return shaken(row, z)


def sparse_logits_row(
    label, z, class_weight=None, weight_norm="sum_w", ignore_index=None, label_smoothing=0
):
    if label == ignore_index:
        return Row((mpf(0),), [(mpf(0),)] * len(z), weight=mpf(0), share=mpf(0))
    row = logits_row(smooth(one_hot(label, len(z)), label_smoothing), z, class_weight)
    if class_weight and weight_norm == "sum_w":
        row = row._replace(share=class_weight[label])
    return row


def smoothed(arguments, options):
    rows = [smooth(t, arguments["alpha"], **options) for t in rows_of(arguments["targets"])]
    return Outcome(like(flat(rows), arguments["targets"]))


# ---------------------------------------------------------------- all of them

LOSSES: dict[str, Loss] = {
    "binary_cross_entropy": of_forecasts("y_prob", binary_row),
    "binary_cross_entropy_with_logits": of_forecasts("logits", binary_logits_row),
    "categorical_cross_entropy": of_forecasts("probs", categorical_row, classes=True, labels=False),
    "sparse_categorical_cross_entropy": of_forecasts("probs", sparse_row, classes=True),
    "categorical_cross_entropy_with_logits": of_forecasts(
        "logits", logits_row, classes=True, labels=False
    ),
    "sparse_categorical_cross_entropy_with_logits": of_forecasts(
        "logits", sparse_logits_row, classes=True
    ),
    "smooth_labels": Loss("targets", smoothed),
}


def evaluate(loss: str, arguments: dict, options: dict) -> Outcome:
    """Value and gradient by definition, with so many digits that cancellation cannot matter."""
    with mp.workdps(WORKING_DIGITS):
        arguments = {name: exact(value) for name, value in arguments.items()}
        options = {name: exact(value) for name, value in options.items()}
        return LOSSES[loss].outcome(arguments, options)

"""Each loss by name: its terms by definition, and those of its slope in the forecast."""

from collections.abc import Callable

from mpmath import inf, mp, mpf

from vectors import definitions as of
from vectors.outcomes import (
    STEP,
    Outcome,
    Row,
    condition,
    exact,
    flat,
    is_float,
    like,
    of_all,
    of_forecasts,
    of_numbers,
    of_rows,
    reduced,
    relative_move,
    rows_of,
    shaken,
)

ROOT_DIGITS = 60

# ---------------------------------------------------------------- information


def unit(base):
    return mp.log(base) if base else mpf(1)


def surprisal(p, base=None):
    return Row((-of.log(p) / unit(base),), [(-1 / (p * unit(base)),)] if p else None)


def entropy(p, base=None):
    u = unit(base)
    slopes = [(-mp.log(v) / u, -1 / u) for v in p] if all(p) else None
    return Row((of.cross_entropy(p, p) / u,), slopes)


def cross_entropy(p, q, base=None):
    u = unit(base)
    row = categorical(p, q)
    return Row((row.loss[0] / u,), row.slopes and [(s / u,) for (s,) in row.slopes])


def kl(p, q, base=None):
    u = unit(base)
    terms = tuple(of.times(a, of.log(a) - of.log(b)) / u for a, b in zip(p, q, strict=True))
    return Row(terms, cross_entropy(p, q, base).slopes)


def js(p, q, base=None):
    u, m = unit(base), [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    terms = tuple(
        of.times(a, of.log(a) - of.log(b)) / (2 * u)
        for row in (p, q)
        for a, b in zip(row, m, strict=True)
    )
    slopes = [(mp.log(b / c) / (2 * u),) for b, c in zip(q, m, strict=True)] if all(q) else None
    return Row(terms, slopes)


def perplexity(p, q=None):
    nats = of.cross_entropy(p, p if q is None else q)
    row, e = (entropy(p) if q is None else cross_entropy(p, q)), mp.exp(nats)
    slopes = row.slopes and [tuple(e * t for t in slope) for slope in row.slopes]
    return Row((e,), slopes, power=nats, slope_power=nats)


# ---------------------------------------------------------------- activations


def sigmoid(z):
    return Row((of.sigmoid(z),), [(of.sigmoid(z) * of.sigmoid(-z),)])


def softplus(z):
    return Row((of.softplus(z),), [(of.sigmoid(z),)])


def log_sigmoid(z):
    return Row((of.log(of.sigmoid(z)),), [(of.sigmoid(-z),)])


def logit(p):
    return Row((of.log(p), -of.log(1 - p)), [(1 / (p * (1 - p)),)] if 0 < p < 1 else None)


def logsumexp(z):
    if abs(max(z)) == inf:
        return Row((max(z),))

    def row(z):
        top = max(z)
        rest = of.logsumexp([v - top for v in z])
        return Row((top, rest), [(p,) for p in of.softmax(z)])

    return shaken(row, z)


def by_class(one):
    """Rows that come back as rows, a number for each class."""

    def outcome(arguments, options):
        ((name, table),) = arguments.items()
        rows, t = [], options.get("temperature", mpf(1))
        scaled = not is_float(1 / mpf(t))
        for z in rows_of(table):
            for k in range(len(z)):
                rows.append(shaken(lambda z, k=k: one([v / t for v in z], k, t), z, scaled))
        found = reduced(rows, {}, name, table, table)
        if rows[0].slopes is None:
            return found
        # each class has slopes in all logits of its row: the sum over the classes is asked for
        terms, start = [], 0
        for z in rows_of(table):
            own = rows[start : start + len(z)]
            start += len(z)
            for j in range(len(z)):
                terms.append([t for row in own for t in row.slopes[j]])
        power = max(row.slope_power for row in rows)
        gradient = {name: like(map(sum, terms), table)}
        return found._replace(
            gradient=gradient, slope_condition=max(condition(t, power) for t in terms)
        )

    return outcome


def softmax(z, k, temperature):
    return Row((of.softmax(z)[k],))


def log_softmax(z, k, temperature):
    p = of.softmax(z)
    slopes = [(mpf(j == k) / temperature, -p[j] / temperature) for j in range(len(z))]
    return Row((of.log(p[k]),), slopes)


def smooth_labels(arguments, options):
    rows = [of.smooth(t, arguments["alpha"], **options) for t in rows_of(arguments["targets"])]
    return Outcome(like(flat(rows), arguments["targets"]))


# ---------------------------------------------------------------- losses


def binary(y, p):
    return Row((of.bce(y, p),), [(-y / p, (1 - y) / (1 - p))] if 0 < p < 1 else None)


def binary_logits(y, z, pos_weight=1):
    slopes = [((1 - y) * of.sigmoid(z), -pos_weight * y * of.sigmoid(-z))]
    return Row((of.bce_logits(y, z, pos_weight),), slopes)


def categorical(t, p):
    possible = all(b > 0 or not a for a, b in zip(t, p, strict=True))
    slopes = [(-a / b if a else mpf(0),) for a, b in zip(t, p, strict=True)] if possible else None
    return Row((of.cross_entropy(t, p),), slopes)


def sparse(label, p):
    return categorical(of.one_hot(label, len(p)), p)


def categorical_logits(t, z, weights=None):
    """−Σ w_k t_k ln p_k, with p = softmax(z)."""
    w = [a * b for a, b in zip(weights or [1] * len(t), t, strict=True)]

    def row(z):
        p = of.softmax(z)
        slopes = [(p[k] * (sum(w) - w[k]), -w[k] * (1 - p[k])) for k in range(len(z))]
        return Row((of.cross_entropy(w, p),), slopes)

    return shaken(row, z)


def sparse_logits(
    label, z, class_weight=None, weight_norm="sum_w", ignore_index=None, label_smoothing=0
):
    if label == ignore_index:
        return Row((mpf(0),), [(mpf(0),)] * len(z), weight=mpf(0), share=mpf(0))
    t = of.smooth(of.one_hot(label, len(z)), label_smoothing)
    row = categorical_logits(t, z, class_weight)
    if class_weight and weight_norm == "sum_w":
        row = row._replace(share=class_weight[label])
    return row


def focal(y, p, gamma, alpha=None):
    weight = 1 if alpha is None else alpha if y else 1 - alpha
    p_t, p_other, sign = (p, 1 - p, 1) if y else (1 - p, p, -1)
    loss = (of.focal(y, p, 1 - p, gamma, alpha),)
    if p_t == 1 and gamma:  # the limit
        return Row(loss, [(mpf(0),)])
    if p_t in (0, 1):
        return Row(loss)
    power = p_other**gamma
    slopes = [
        (
            sign * weight * gamma * power / p_other * mp.log(p_t),
            -sign * weight * power / p_t,
        )
    ]
    return Row(loss, slopes, power=gamma, slope_power=gamma)


def focal_logits(y, z, gamma, alpha=None):
    weight = 1 if alpha is None else alpha if y else 1 - alpha
    loss = (of.focal(y, of.sigmoid(z), of.sigmoid(-z), gamma, alpha),)
    sign = 1 if y else -1
    p_t, p_other = of.sigmoid(sign * z), of.sigmoid(-sign * z)
    factor = -sign * weight * p_other**gamma
    slopes = [(factor * gamma * of.times(p_t, -of.log(p_t)), factor * p_other)]
    return Row(loss, slopes, power=gamma, slope_power=gamma)


def sparse_focal_logits(label, z, gamma):
    def row(z):
        p = of.softmax(z)
        rest = [sum(p[:k] + p[k + 1 :]) for k in range(len(p))]  # 1 − p_k
        own, others = p[label], rest[label]
        # by ln p_label, whose slope in z_j is 1[j = label] − p_j
        by_log = []
        if own and others:
            by_log = [gamma * others ** (gamma - 1) * own * mp.log(own), -(others**gamma)]
        slopes = [
            tuple(t * (others if j == label else -p[j]) for t in by_log) for j in range(len(p))
        ]
        loss = (of.focal(1, own, others, gamma, None),)
        return Row(loss, slopes if by_log else None, power=gamma)

    found = shaken(row, z)
    return found._replace(slope_power=found.slope_power + gamma)


def brier(y, p):
    return Row(((p - y) ** 2,), [(2 * (p - y),)])


def brier_multiclass(label, p):
    slopes = [(2 * (v - (k == label)),) for k, v in enumerate(p)]
    return Row((of.brier_multiclass(label, p),), slopes)


def hinge(y, s, squared=False):
    loss, sign = of.hinge(y, s), 2 * y - 1
    if squared:
        return Row((loss**2,), [(-2 * sign * loss,)])
    return Row((loss,), [(mpf(-sign if loss else 0),)] if sign * s != 1 else None)


def squared_hinge(y, s):
    return hinge(y, s, squared=True)


def ranked_probability(label, p):
    below = [sum(p[: k + 1]) for k in range(len(p) - 1)]
    steps = [2 * (f - (label <= k)) for k, f in enumerate(below)]
    return Row(tuple(s**2 / 4 for s in steps), [tuple(steps[j:]) for j in range(len(p))])


def cumulative_link(label, s, cuts):
    """With by how much it magnifies the rounding of a threshold less the score."""
    loss = (of.cumulative_link(label, s, cuts),)
    above = [cuts[label]] if label < len(cuts) else []
    below = [cuts[label - 1]] if label else []
    up = of.sigmoid(s - above[0]) if above else mpf(0)
    low = of.sigmoid(below[0] - s) if below else mpf(0)
    power = mpf(0)
    for cut in above + below:
        k = cuts.index(cut)
        gaps = [abs(cut - other) for other in above + below if other != cut]
        for size in [abs(cut - s), *gaps]:
            if not is_float(size):
                moved = [*cuts[:k], cut + STEP * size, *cuts[k + 1 :]]
                power += relative_move(loss, (of.cumulative_link(label, s, moved),))
    return Row(loss, [(up, -low)], power=power)


# ---------------------------------------------------------------- all at once


def reliability(y, p, n_bins, strategy, weights):
    """Weight, mean prediction and share of ones, of each bin."""
    cuts = of.uniform_cuts(n_bins) if strategy == "uniform" else of.quantile_cuts(p, n_bins)
    return Outcome([list(column) for column in zip(*of.bins(y, p, weights, cuts), strict=True)])


def calibration_error(y, p, n_bins, strategy, weights):
    """With the cancellation of share and mean prediction."""
    counts, means, shares = reliability(y, p, n_bins, strategy, weights).value
    bins = list(zip(counts, means, shares, strict=True))
    error = sum(w * abs(o - m) for w, m, o in bins) / sum(weights)
    size = sum(w * (o + m) for w, m, o in bins) / sum(weights)
    return Outcome(error, condition=size / error if error else mpf(1))


def top_calibration_error(labels, p, n_bins, weights):
    tops = [row.index(max(row)) for row in p]
    right = [int(top == label) for top, label in zip(tops, labels, strict=True)]
    return calibration_error(right, list(map(max, p)), n_bins, "uniform", weights)


def roc_auc(y, scores, weights):
    return Outcome(of.auc(y, scores, weights))


def average_precision(y, scores, weights):
    return Outcome(of.average_precision(y, scores, weights))


def fit_temperature(labels, logits, weights):
    rows = [z if isinstance(z, list) else [mpf(0), z] for z in logits]
    with mp.workdps(ROOT_DIGITS):
        return Outcome(of.temperature(labels, rows, weights))


def fit_bias(y, logits, weights):
    with mp.workdps(ROOT_DIGITS):
        return Outcome(of.bias(y, logits, weights))


def fit_platt(y, scores, smooth_targets, weights):
    with mp.workdps(ROOT_DIGITS):
        targets = of.platt_targets(y, weights) if smooth_targets else y
        return Outcome(of.platt(targets, scores, weights))


FITS = {"fit_temperature": fit_temperature, "fit_bias": fit_bias, "fit_platt": fit_platt}

OUTCOMES: dict[str, Callable[[dict, dict], Outcome]] = {
    "surprisal": of_numbers(surprisal),
    "entropy": of_rows(entropy),
    "cross_entropy": of_rows(cross_entropy),
    "kl_divergence": of_rows(kl),
    "js_divergence": of_rows(js),
    "perplexity": of_rows(perplexity),
    "sigmoid": of_numbers(sigmoid),
    "softplus": of_numbers(softplus),
    "log_sigmoid": of_numbers(log_sigmoid),
    "logit": of_numbers(logit),
    "logsumexp": of_rows(logsumexp),
    "softmax": by_class(softmax),
    "log_softmax": by_class(log_softmax),
    "smooth_labels": smooth_labels,
    "binary_cross_entropy": of_forecasts(binary),
    "binary_cross_entropy_with_logits": of_forecasts(binary_logits),
    "categorical_cross_entropy": of_forecasts(categorical, classes=True, labels=False),
    "sparse_categorical_cross_entropy": of_forecasts(sparse, classes=True),
    "categorical_cross_entropy_with_logits": of_forecasts(
        categorical_logits, classes=True, labels=False
    ),
    "sparse_categorical_cross_entropy_with_logits": of_forecasts(sparse_logits, classes=True),
    "focal_loss": of_forecasts(focal),
    "focal_loss_with_logits": of_forecasts(focal_logits),
    "sparse_categorical_focal_loss_with_logits": of_forecasts(sparse_focal_logits, classes=True),
    "brier_score": of_forecasts(brier),
    "brier_score_multiclass": of_forecasts(brier_multiclass, classes=True),
    "hinge_loss": of_forecasts(hinge),
    "squared_hinge_loss": of_forecasts(squared_hinge),
    "ranked_probability_score": of_forecasts(ranked_probability, classes=True),
    "cumulative_link_nll": of_forecasts(cumulative_link),
    "reliability_curve": of_all(reliability),
    "expected_calibration_error": of_all(calibration_error),
    "expected_calibration_error_multiclass": of_all(top_calibration_error),
    "roc_auc": of_all(roc_auc),
    "average_precision": of_all(average_precision),
    **{name: of_all(fit) for name, fit in FITS.items()},
}


def evaluate(loss: str, arguments: dict, options: dict, digits: int = of.WORKING_DIGITS) -> Outcome:
    """What a case comes to, with so many digits that cancellation cannot matter."""
    with mp.workdps(digits):
        arguments = {name: exact(value) for name, value in arguments.items()}
        options = {name: exact(value) for name, value in options.items()}
        return OUTCOMES[loss](arguments, options)

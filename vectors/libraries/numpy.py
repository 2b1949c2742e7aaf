"""The lines of textbooks and answers on the web, as people write them by hand in NumPy."""

from itertools import pairwise

import numpy as np

NAME, VERSION = "NumPy by hand", np.__version__
FUNCTIONS = "one-liners such as -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))"
DIFFERENCES = {
    "0 times a logarithm of 0, and a weight of 0 times a loss of infinity, are nan, and one nan "
    "is the whole mean.": "log-of-zero certain-and-wrong zero-weight",
    "exp overflows, and a sigmoid or softmax rounds to 1, before the logarithm is taken: nan, inf "
    "or exactly 0.": (
        "far-logit large-shift minus-infinity-logit confident-right vanishing-gradient pos-weight "
        "focal-gamma-zero focal-gradient soft-label-digits plain:softplus plain:log_sigmoid "
        "plain:log_softmax plain:focal_loss_with_logits integer-input:softplus "
        "integer-input:log_sigmoid integer-input:binary_cross_entropy_with_logits"
    ),
    "log(1 - p) and log(1 + e^z) lose the digits of a small p or e^z in the sum with 1.": (
        "tiny-probability logit-near-half"
    ),
    "p * log(p / q) cancels where p and q are near, and overflows where q is tiny.": (
        "close-distributions tiny-ratio"
    ),
    "Nothing is checked: what is no probability, no class or no row gives a number or a nan.": (
        "not-rescaled outside-0-1 negative-label nan-input column-against-row one-class "
        "single-probability-rows all-ignored plain:cumulative_link_nll plain:entropy"
    ),
    "Ignored rows are deleted, so the losses of the rows are fewer than the rows.": (
        "ignore-index smoothing-and-ignored"
    ),
    "Bins that are open on the left lose a probability of 0, and in equal numbers the smallest.": (
        "confidence-zero-bin quantile-ties plain:reliability_curve plain:expected_calibration_error"
    ),
    "The edges of np.linspace are not the nearest numbers to k/m, and a probability between the "
    "two changes its bin.": "bin-edge",
    "Each row is a threshold, so average precision hangs on the order of tied scores.": (
        "ap-ties integer-input:average_precision"
    ),
    "A weight of the label multiplies all of a smoothed row, where each class has its own.": (
        "smoothing-times-weights"
    ),
    "P(y = k) is a difference of two sigmoids, 0 where both are 1.": "ordinal-tail",
}


def array(values, dtype):
    return np.array(values, dtype=dtype)


def reduced(each, reduction, weight=None, norm="sum_w"):
    if reduction == "mean" and weight is not None and norm == "sum_w":
        return np.average(each, weights=weight)
    each = each if weight is None else weight * each
    if reduction == "mean":
        return np.mean(each)
    return np.sum(each) if reduction == "sum" else each


def one_hot(labels, rows):
    return np.eye(np.shape(rows)[-1])[labels]


def of_labels(rows, labels):
    return np.take_along_axis(rows, labels[..., None], axis=-1)[..., 0]


# ---------------------------------------------------------------- information


def surprisal(p, *, base=np.e):
    return -np.log(p) / np.log(base)


def entropy(p, *, base=np.e, axis=-1):
    return -np.sum(p * np.log(p), axis=axis) / np.log(base)


def cross_entropy(p, q, *, base=np.e, axis=-1):
    return -np.sum(p * np.log(q), axis=axis) / np.log(base)


def kl_divergence(p, q, *, base=np.e, axis=-1):
    return np.sum(p * np.log(p / q), axis=axis) / np.log(base)


def js_divergence(p, q, *, base=np.e, axis=-1):
    m = (p + q) / 2
    return (kl_divergence(p, m, axis=axis) + kl_divergence(q, m, axis=axis)) / 2 / np.log(base)


def perplexity(p, q=None, *, axis=-1):
    return np.exp(-np.sum(p * np.log(p if q is None else q), axis=axis))


# ---------------------------------------------------------------- activations


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softplus(z):
    return np.log(1 + np.exp(z))


def log_sigmoid(z):
    return np.log(1 / (1 + np.exp(-z)))


def logit(p):
    return np.log(p / (1 - p))


def logsumexp(z, *, axis=-1):
    return np.log(np.sum(np.exp(z), axis=axis))


def softmax(z, *, temperature=1, axis=-1):
    return np.exp(z / temperature) / np.sum(np.exp(z / temperature), axis=axis, keepdims=True)


def log_softmax(z, *, temperature=1, axis=-1):
    return np.log(softmax(z, temperature=temperature, axis=axis))


# ---------------------------------------------------------------- losses


def binary_cross_entropy(y_true, y_prob, *, reduction, sample_weight=None):
    each = -(y_true * np.log(y_prob) + (1 - y_true) * np.log(1 - y_prob))
    return reduced(each, reduction, sample_weight)


def binary_cross_entropy_with_logits(
    y_true, logits, *, reduction, pos_weight=1, sample_weight=None
):
    p = sigmoid(logits)
    each = -(pos_weight * y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return reduced(each, reduction, sample_weight)


def categorical_cross_entropy(targets, probs, *, reduction):
    return reduced(-np.sum(targets * np.log(probs), axis=-1), reduction)


def sparse_categorical_cross_entropy(labels, probs, *, reduction):
    return reduced(-np.log(of_labels(probs, labels)), reduction)


def categorical_cross_entropy_with_logits(targets, logits, *, reduction):
    return categorical_cross_entropy(targets, softmax(logits), reduction=reduction)


def sparse_categorical_cross_entropy_with_logits(
    labels,
    logits,
    *,
    reduction,
    class_weight=None,
    sample_weight=None,
    weight_norm="sum_w",
    ignore_index=None,
    label_smoothing=0,
):
    if ignore_index is not None:
        labels, logits = labels[labels != ignore_index], logits[labels != ignore_index]
    targets = smooth_labels(one_hot(labels, logits), label_smoothing)
    each = -np.sum(targets * np.log(softmax(logits)), axis=-1)
    weight = sample_weight
    if class_weight is not None:
        weight = class_weight[labels] * (1 if weight is None else weight)
    return reduced(each, reduction, weight, weight_norm)


def smooth_labels(targets, alpha):
    return (1 - alpha) * targets + alpha / np.shape(targets)[-1]


def focal_loss(y_true, y_prob, *, gamma, reduction, alpha=None):
    p_t = y_true * y_prob + (1 - y_true) * (1 - y_prob)
    each = -((1 - p_t) ** gamma) * np.log(p_t)
    weight = 1 if alpha is None else y_true * alpha + (1 - y_true) * (1 - alpha)
    return reduced(weight * each, reduction)


def focal_loss_with_logits(y_true, logits, *, gamma, reduction, alpha=None):
    return focal_loss(y_true, sigmoid(logits), gamma=gamma, alpha=alpha, reduction=reduction)


def sparse_categorical_focal_loss_with_logits(labels, logits, *, gamma, reduction):
    p_t = of_labels(softmax(logits), labels)
    return reduced(-((1 - p_t) ** gamma) * np.log(p_t), reduction)


def ranked_probability_score(labels, probs, *, reduction):
    gaps = np.cumsum(probs, axis=-1) - np.cumsum(one_hot(labels, probs), axis=-1)
    return reduced(np.sum(gaps**2, axis=-1), reduction)


def cumulative_link_nll(labels, scores, thresholds, *, reduction):
    below = sigmoid(thresholds - scores[:, None])
    below = np.pad(below, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    return reduced(-np.log(of_labels(np.diff(below), labels)), reduction)


def brier_score(y_true, y_prob, *, reduction, sample_weight=None):
    return reduced((y_prob - y_true) ** 2, reduction, sample_weight)


def brier_score_multiclass(labels, probs, *, reduction, sample_weight=None):
    each = np.sum((probs - one_hot(labels, probs)) ** 2, axis=-1)
    return reduced(each, reduction, sample_weight)


def hinge_loss(y_true, scores, *, reduction):
    return reduced(np.maximum(0, 1 - (2 * y_true - 1) * scores), reduction)


def squared_hinge_loss(y_true, scores, *, reduction):
    return reduced(np.maximum(0, 1 - (2 * y_true - 1) * scores) ** 2, reduction)


# ---------------------------------------------------------------- bins and ranks


def in_bins(y_prob, n_bins, strategy):
    """The rows of each bin (lo, hi] that has any, as the first public code had them."""
    edges = np.linspace(0, 1, n_bins + 1)
    if strategy == "quantile":
        edges = np.quantile(y_prob, edges)
    rows = [(y_prob > lo) & (y_prob <= hi) for lo, hi in pairwise(edges)]
    return [row for row in rows if row.any()]


def reliability_curve(y_true, y_prob, *, n_bins, strategy):
    rows = in_bins(y_prob, n_bins, strategy)
    means = [[np.mean(of[row]) for row in rows] for of in (y_prob, y_true)]
    return [[np.sum(row) for row in rows], *means]


def expected_calibration_error(y_true, y_prob, *, n_bins, strategy):
    counts, forecast, observed = reliability_curve(y_true, y_prob, n_bins=n_bins, strategy=strategy)
    return sum(n * abs(p - y) for n, p, y in zip(counts, forecast, observed, strict=True)) / len(
        y_prob
    )


def expected_calibration_error_multiclass(labels, probs, *, n_bins):
    right, top = np.argmax(probs, axis=-1) == labels, np.max(probs, axis=-1)
    return expected_calibration_error(right, top, n_bins=n_bins, strategy="uniform")


def roc_auc(y_true, scores):
    gaps = scores[y_true == 1][:, None] - scores[y_true == 0]
    return np.mean((gaps > 0) + (gaps == 0) / 2)


def average_precision(y_true, scores):
    hits = y_true[np.argsort(-scores, kind="stable")]
    return np.mean((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits == 1])

"""The lines of textbooks and answers on the web, as people write them by hand in NumPy."""

import numpy as np

NAME, VERSION = "NumPy by hand", np.__version__
FUNCTIONS = "one-liners such as -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))"


def array(values, dtype):
    return np.array(values, dtype=dtype)


def reduced(each, reduction, weight=None):
    if reduction == "mean":
        return np.mean(each) if weight is None else np.average(each, weights=weight)
    each = each if weight is None else weight * each
    return np.sum(each) if reduction == "sum" else each


def one_hot(labels, rows):
    return np.eye(np.shape(rows)[-1])[labels]


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
    return reduced(-np.log(probs[np.arange(len(labels)), labels]), reduction)


def categorical_cross_entropy_with_logits(targets, logits, *, reduction):
    return categorical_cross_entropy(targets, softmax(logits), reduction=reduction)


def sparse_categorical_cross_entropy_with_logits(
    labels,
    logits,
    *,
    reduction,
    class_weight=None,
    sample_weight=None,
    ignore_index=None,
    label_smoothing=0,
):
    if ignore_index is not None:
        labels, logits = labels[labels != ignore_index], logits[labels != ignore_index]
    targets = smooth_labels(one_hot(labels, logits), label_smoothing)
    each = -np.sum(targets * np.log(softmax(logits)), axis=-1)
    weight = sample_weight if class_weight is None else class_weight[labels]
    return reduced(each, reduction, weight)


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
    p_t = softmax(logits)[np.arange(len(labels)), labels]
    return reduced(-((1 - p_t) ** gamma) * np.log(p_t), reduction)


def ranked_probability_score(labels, probs, *, reduction):
    gaps = np.cumsum(probs, axis=-1) - np.cumsum(one_hot(labels, probs), axis=-1)
    return reduced(np.sum(gaps**2, axis=-1), reduction)


def cumulative_link_nll(labels, scores, thresholds, *, reduction):
    below = sigmoid(thresholds - scores[:, None])
    below = np.pad(below, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    return reduced(-np.log(np.diff(below)[np.arange(len(labels)), labels]), reduction)


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


def expected_calibration_error(y_true, y_prob, *, n_bins):
    bins = np.digitize(y_prob, np.linspace(0, 1, n_bins + 1)[1:-1])
    return sum(
        np.mean(bins == b) * abs(np.mean(y_true[bins == b]) - np.mean(y_prob[bins == b]))
        for b in np.unique(bins)
    )


def expected_calibration_error_multiclass(labels, probs, *, n_bins):
    right = np.argmax(probs, axis=-1) == labels
    return expected_calibration_error(right, np.max(probs, axis=-1), n_bins=n_bins)


def roc_auc(y_true, scores):
    gaps = scores[y_true == 1][:, None] - scores[y_true == 0]
    return np.mean((gaps > 0) + (gaps == 0) / 2)


def average_precision(y_true, scores):
    hits = y_true[np.argsort(-scores)]
    return np.mean((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits == 1])

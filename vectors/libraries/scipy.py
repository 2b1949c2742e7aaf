"""SciPy: `stats.entropy`, `jensenshannon`, `mannwhitneyu`, losses of the bricks of `special`."""

import numpy as np
import scipy
from scipy import special, stats
from scipy.spatial import distance

NAME, VERSION = "SciPy", scipy.__version__
FUNCTIONS = (
    "stats.entropy, spatial.distance.jensenshannon, stats.mannwhitneyu, special.expit, logit, "
    "softplus, log_expit, logsumexp, softmax, log_softmax; losses from special.xlogy and xlog1py"
)
DIFFERENCES = {
    "stats.entropy rescales each row to the sum 1 without a word, and so does jensenshannon.": (
        "not-rescaled:entropy not-rescaled:kl_divergence not-rescaled:js_divergence "
        "not-rescaled:perplexity"
    ),
    "The bricks check nothing: what is no probability, no class or no row gives a number or a "
    "nan.": (
        "not-rescaled outside-0-1 negative-label column-against-row one-class "
        "single-probability-rows"
    ),
    "Divergences are sums of terms of both signs, which cancel where the two rows are near.": (
        "close-distributions"
    ),
    "log_softmax takes the logarithm of a sum that has been rounded to 1: a confident and right "
    "forecast costs exactly 0.": "confident-right soft-label-digits integer-input:log_softmax",
    "An infinite logit is nan: in softmax as ∞ − ∞, in the losses of the bricks as 0 · ∞.": (
        "minus-infinity-logit"
    ),
}


def array(values, dtype):
    return np.array(values, dtype=dtype)


def reduced(each, reduction):
    return {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](each)


def surprisal(p, *, base=None):
    return -np.log(p) if base is None else -np.log(p) / np.log(base)


def entropy(p, *, base=None, axis=-1):
    return stats.entropy(p, base=base, axis=axis)


def kl_divergence(p, q, *, base=None, axis=-1):
    return stats.entropy(p, q, base=base, axis=axis)


def js_divergence(p, q, *, base=None, axis=-1):
    return distance.jensenshannon(p, q, base=base, axis=axis) ** 2


def cross_entropy(p, q, *, axis=-1):
    return -np.sum(special.xlogy(p, q), axis=axis)


def perplexity(p, *, axis=-1):
    return np.exp(stats.entropy(p, axis=axis))


sigmoid, logit, log_sigmoid = special.expit, special.logit, special.log_expit
softplus = special.softplus


def logsumexp(z, *, axis=-1):
    return special.logsumexp(z, axis=axis)


def softmax(z, *, axis=-1):
    return special.softmax(z, axis=axis)


def log_softmax(z, *, axis=-1):
    return special.log_softmax(z, axis=axis)


def binary_cross_entropy(y_true, y_prob, *, reduction):
    return reduced(
        -(special.xlogy(y_true, y_prob) + special.xlog1py(1 - y_true, -y_prob)), reduction
    )


def binary_cross_entropy_with_logits(y_true, logits, *, reduction, pos_weight=1):
    right, wrong = special.log_expit(logits), special.log_expit(-logits)
    return reduced(-(pos_weight * y_true * right + (1 - y_true) * wrong), reduction)


def categorical_cross_entropy(targets, probs, *, reduction):
    return reduced(-special.xlogy(targets, probs).sum(axis=-1), reduction)


def categorical_cross_entropy_with_logits(targets, logits, *, reduction):
    return reduced(-np.sum(targets * special.log_softmax(logits, axis=-1), axis=-1), reduction)


def sparse_categorical_cross_entropy_with_logits(labels, logits, *, reduction):
    rows = special.log_softmax(logits, axis=-1)
    return reduced(-np.take_along_axis(rows, labels[..., None], axis=-1)[..., 0], reduction)


def roc_auc(y_true, scores):
    positive, negative = scores[y_true == 1], scores[y_true == 0]
    pairs = len(positive) * len(negative)
    return stats.mannwhitneyu(positive, negative).statistic / pairs

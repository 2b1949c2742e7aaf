"""Optax: its losses, each with the `.mean()` or `.sum()` that it leaves to you; `jax.grad`."""

import jax.numpy as jnp
import optax

from vectors.libraries._jax import array, close, gradient_of, reduced  # noqa: F401

NAME, VERSION = "Optax", optax.__version__
FUNCTIONS = (
    "optax.kl_divergence of the logarithm, sigmoid_binary_cross_entropy, softmax_cross_entropy, "
    "softmax_cross_entropy_with_integer_labels with where=, sigmoid_focal_loss, smooth_labels, "
    "hinge_loss"
)
DIFFERENCES = {
    "No loss takes integer logits, and smooth_labels no integer rows.": "integer-input",
    "Nothing is checked: what is no probability or no class gives a number or a nan.": (
        "not-rescaled outside-0-1 column-against-row negative-label:hinge_loss"
    ),
    "A label of −1 is the last class, and of K classes the label K is nan.": "negative-label",
    "kl_divergence wants ln q: where p and q are 0 it is nan, and on the CPU a q below "
    f"{jnp.finfo(float).tiny:.1e} counts as 0.": "log-of-zero tiny-ratio",
    "kl_divergence has terms of both signs, which cancel where the two rows are near.": (
        "close-distributions"
    ),
    "Softmax losses take the logarithm of a sum that has been rounded to 1: a confident and right "
    "forecast costs exactly 0.": "confident-right soft-label-digits",
    "The loss of an integer label is logsumexp minus its logit, and both have lost the digits that "
    "a large shift needs.": "large-shift",
    "The slope of a softmax loss is p − t, which is 0 once p has been rounded to 1.": (
        "vanishing-gradient"
    ),
    "An infinite logit is nan, as 0 · ∞ or ∞ − ∞; −∞ is safe with an integer label alone.": (
        "minus-infinity-logit"
    ),
    "The mean is left to you, and over no rows it is nan.": "all-ignored",
}

gradient = gradient_of(globals())


def kl_divergence(p, q, *, axis=-1):
    return optax.kl_divergence(jnp.log(q), p, axis=axis)


def binary_cross_entropy_with_logits(y_true, logits, *, reduction):
    return reduced(optax.sigmoid_binary_cross_entropy(logits, y_true), reduction)


def categorical_cross_entropy_with_logits(targets, logits, *, reduction):
    return reduced(optax.softmax_cross_entropy(logits, targets), reduction)


def sparse_categorical_cross_entropy_with_logits(
    labels, logits, *, reduction, ignore_index=None, label_smoothing=0.0
):
    counts = None if ignore_index is None else labels != ignore_index
    if label_smoothing:
        rows = jnp.eye(logits.shape[-1])[labels]
        smooth = optax.smooth_labels(rows, label_smoothing)
        where = None if counts is None else counts[..., None]
        each = optax.softmax_cross_entropy(logits, smooth, where=where)
    else:
        each = optax.softmax_cross_entropy_with_integer_labels(logits, labels, where=counts)
    if counts is not None and reduction == "mean":
        return each.sum() / counts.sum()
    return reduced(each, reduction)


def smooth_labels(targets, alpha):
    return optax.smooth_labels(targets, alpha)


def focal_loss_with_logits(y_true, logits, *, gamma, reduction, alpha=None):
    each = optax.sigmoid_focal_loss(logits, y_true, alpha=alpha, gamma=gamma)
    return reduced(each, reduction)


def hinge_loss(y_true, scores, *, reduction):
    return reduced(optax.hinge_loss(scores, 2 * y_true - 1), reduction)

"""Keras 3 on JAX: its losses and `ops`; gradients by `jax.grad`.

In 32 bits: outside of TensorFlow, `keras.ops.mean` of float64 is that of float32 (its table of
result types knows no 64 bits), and every loss ends in such a mean.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
from keras import losses, ops

from vectors.libraries._jax import array, close, gradient_of  # noqa: F401

SINGLE = True
NAME, VERSION = "Keras", keras.__version__
FUNCTIONS = (
    "keras.ops.sigmoid, softplus, log_sigmoid, softmax, log_softmax, logsumexp; keras.losses: "
    "kl_divergence, BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy, "
    "BinaryFocalCrossentropy, CategoricalFocalCrossentropy, Hinge, SquaredHinge, MeanSquaredError"
)
DIFFERENCES = {
    "Each row of a categorical loss is divided by its sum: rows that do not sum to 1 pass, a "
    "single column is always right, and the slope is that of all the row.": (
        "not-rescaled:categorical_cross_entropy not-rescaled:sparse_categorical_cross_entropy "
        "single-probability-rows sum-over-classes plain:sparse_categorical_cross_entropy "
        "plain:categorical_cross_entropy mean-of-means:sparse_categorical_cross_entropy "
        "mean-of-means:categorical_cross_entropy"
    ),
    f"Probabilities are clipped at {keras.config.epsilon():g} from 0 and 1, in focal losses of "
    "logits too: a certain and wrong forecast costs what the example shows, a right one is not "
    "free, and the slope is 0.": (
        "certain-and-wrong log-of-zero tiny-probability far-logit "
        "vanishing-gradient:binary_cross_entropy vanishing-gradient:categorical_cross_entropy "
        "vanishing-gradient:sparse_categorical_cross_entropy vanishing-gradient:focal_loss "
        "vanishing-gradient:focal_loss_with_logits "
        "vanishing-gradient:sparse_categorical_focal_loss_with_logits "
        "confident-right:focal_loss_with_logits "
        "confident-right:sparse_categorical_focal_loss_with_logits "
        "minus-infinity-logit:focal_loss_with_logits"
    ),
    "kl_divergence has terms of both signs, which cancel where the two rows are near.": (
        "close-distributions"
    ),
    "A power of 1 − p has a slope of nan where p is 1, and none where it is clipped.": (
        "focal-gradient focal-gamma-zero"
    ),
    "A focal loss of logits takes a sigmoid and 1 minus it, and 32 bits show it.": (
        "plain:focal_loss_with_logits focal-alpha mean-of-means:focal_loss_with_logits "
        "mean-of-means:sparse_categorical_focal_loss_with_logits "
        "integer-input:focal_loss_with_logits"
    ),
    "log_softmax and logsumexp take the logarithm of a sum that has been rounded to 1: a "
    "confident and right forecast costs exactly 0.": "confident-right",
    "The slope is p − t, which is 0 once p has been rounded to 1; that of a sigmoid is "
    "s·(1 − s).": "vanishing-gradient plain:sigmoid",
    "0 times infinity is nan: a weight, a label or a target of 0 does not take out an infinite "
    "logit.": "minus-infinity-logit zero-weight",
    "Hinge and SquaredHinge take labels of −1 and 1 as well as of 0 and 1.": (
        "negative-label:hinge_loss negative-label:squared_hinge_loss"
    ),
    "A label of −1 is a one-hot row of zeros and costs nothing (JAX backend).": "negative-label",
    "Where everything is ignored or weighs 0 the loss is 0.": "all-ignored",
    "A column is squeezed to a row where a row was meant.": "column-against-row",
    "Probabilities and soft labels beyond 0 and 1 are clipped or multiplied out, and kl_divergence "
    "asks for no sum.": "outside-0-1 not-rescaled",
    "sigmoid refuses integers on JAX, where the other functions turn them into floats.": (
        "integer-input:sigmoid"
    ),
}
gradient = gradient_of(globals())


def scored(kind, truth, forecast, reduction, weight=None, norm="sum_w", **settings):
    """A loss of Keras by class, in the precision of its forecast."""
    mean = "sum_over_batch_size" if weight is None or norm == "n" else "mean_with_sample_weight"
    kept = {"mean": mean, "sum": "sum", "none": None}[reduction]
    return kind(reduction=kept, **settings)(truth, forecast, sample_weight=weight)


def by_element(kind, truth, forecast, reduction, weight=None, **settings):
    """In columns, as Keras takes the mean over the last axis."""
    return scored(kind, truth[..., None], forecast[..., None], reduction, weight, **settings)


def kl_divergence(p, q):
    return losses.kl_divergence(p, q)


sigmoid, softplus, log_sigmoid = ops.sigmoid, ops.softplus, ops.log_sigmoid


def logsumexp(z, *, axis=-1):
    return ops.logsumexp(z, axis=axis)


def softmax(z, *, axis=-1):
    return ops.softmax(z, axis=axis)


def log_softmax(z, *, axis=-1):
    return ops.log_softmax(z, axis=axis)


def binary_cross_entropy(y_true, y_prob, *, reduction, sample_weight=None):
    return by_element(losses.BinaryCrossentropy, y_true, y_prob, reduction, sample_weight)


def binary_cross_entropy_with_logits(y_true, logits, *, reduction, sample_weight=None):
    return by_element(
        losses.BinaryCrossentropy, y_true, logits, reduction, sample_weight, from_logits=True
    )


def categorical_cross_entropy(targets, probs, *, reduction):
    return scored(losses.CategoricalCrossentropy, targets, probs, reduction)


def categorical_cross_entropy_with_logits(targets, logits, *, reduction):
    return scored(losses.CategoricalCrossentropy, targets, logits, reduction, from_logits=True)


def sparse_categorical_cross_entropy(labels, probs, *, reduction):
    return scored(losses.SparseCategoricalCrossentropy, labels, probs, reduction)


def sparse_categorical_cross_entropy_with_logits(
    labels,
    logits,
    *,
    reduction,
    class_weight=None,
    sample_weight=None,
    weight_norm="sum_w",
    ignore_index=None,
    label_smoothing=0.0,
):
    if ignore_index is not None and (label_smoothing or class_weight is not None):
        return NotImplemented
    if class_weight is not None and label_smoothing:
        return NotImplemented  # it has weights of rows, not of the classes of a smooth label
    weight = sample_weight
    if class_weight is not None:
        weight = class_weight[labels] * (1 if weight is None else weight)
    given = {"weight": weight, "norm": weight_norm, "from_logits": True}
    if label_smoothing:
        rows = ops.one_hot(labels, logits.shape[-1], dtype=logits.dtype)
        given["label_smoothing"] = label_smoothing
        return scored(losses.CategoricalCrossentropy, rows, logits, reduction, **given)
    given["ignore_class"] = ignore_index
    return scored(losses.SparseCategoricalCrossentropy, labels, logits, reduction, **given)


def balanced(gamma, alpha):
    return {"gamma": gamma} | (
        {} if alpha is None else {"apply_class_balancing": True, "alpha": alpha}
    )


def focal_loss(y_true, y_prob, *, gamma, reduction, alpha=None):
    given = balanced(gamma, alpha)
    return by_element(losses.BinaryFocalCrossentropy, y_true, y_prob, reduction, **given)


def focal_loss_with_logits(y_true, logits, *, gamma, reduction, alpha=None):
    given = balanced(gamma, alpha) | {"from_logits": True}
    return by_element(losses.BinaryFocalCrossentropy, y_true, logits, reduction, **given)


def sparse_categorical_focal_loss_with_logits(labels, logits, *, gamma, reduction):
    rows = ops.one_hot(labels, logits.shape[-1], dtype=logits.dtype)
    given = {"alpha": 1.0, "gamma": gamma, "from_logits": True}
    return scored(losses.CategoricalFocalCrossentropy, rows, logits, reduction, **given)


def hinge_loss(y_true, scores, *, reduction):
    return by_element(losses.Hinge, y_true, scores, reduction)


def squared_hinge_loss(y_true, scores, *, reduction):
    return by_element(losses.SquaredHinge, y_true, scores, reduction)


def brier_score(y_true, y_prob, *, reduction):
    return by_element(losses.MeanSquaredError, y_true, y_prob, reduction)

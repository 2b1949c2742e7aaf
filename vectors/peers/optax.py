"""Optax: its losses of logits, in float32, and label smoothing."""

import jax
import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

import cehelpers as ce
from vectors.peers.plugin import NotOurs

NAME, PACKAGE, CALLERS = "Optax", "optax", ("test",)
DISTRIBUTION = "optax"
SELECT = "not CTC"
AROUND = jax.disable_jit  # so that there are numbers inside of jax.jit
TESTS = (
    "--pyargs",
    "optax.losses._classification_test",
    "optax.losses._smoothing_test",
)


def array(x):
    if isinstance(x, jax.core.Tracer):
        raise NotOurs("inside a transformation of JAX, where there are no numbers")
    return np.asarray(x)


def last(x, axis=-1):
    """With the axis of the classes last, and several as one."""
    x = array(x)
    axes = normalize_axis_tuple(range(x.ndim) if axis is None else axis, x.ndim)
    moved = np.moveaxis(x, axes, range(-len(axes), 0))
    return moved.reshape(*moved.shape[: moved.ndim - len(axes)], -1)


def softmax_cross_entropy(logits, labels, axis=-1, where=None):
    z, t = last(logits, axis), last(labels, axis)
    if where is None:
        return ce.categorical_cross_entropy_with_logits(t, z, reduction="none")
    counts = array(where)
    if counts.shape == np.shape(logits) and z.ndim == 1:  # the classes that there are
        return ce.categorical_cross_entropy_with_logits(t[counts], z[counts], reduction="none")
    raise NotOurs("option where")


def of_any_numbers(logits, labels, axis=-1, where=None):
    if where is not None:
        raise NotOurs("option where")
    return -(last(labels, axis) * ce.log_softmax(last(logits, axis))).sum(axis=-1)


def safe_softmax_cross_entropy(logits, labels):
    return softmax_cross_entropy(logits, labels)


def softmax_cross_entropy_with_integer_labels(logits, labels, axis=-1):
    y, z = array(labels), last(logits, axis)
    return ce.sparse_categorical_cross_entropy_with_logits(y, z, reduction="none")


def sigmoid_binary_cross_entropy(logits, labels):
    y, z = array(labels), array(logits)
    return ce.binary_cross_entropy_with_logits(y, z, reduction="none")


def sigmoid_focal_loss(logits, labels, *, alpha=None, gamma=2.0):
    options = {"alpha": alpha, "gamma": float(gamma), "reduction": "none"}
    return ce.focal_loss_with_logits(array(labels), array(logits), **options)


def hinge_loss(predictor_outputs, targets):
    y = (array(targets) + 1) / 2
    return ce.hinge_loss(y, array(predictor_outputs), reduction="none")


def kl_divergence(log_predictions, targets, axis=-1, where=None):
    q, p = last(log_predictions, axis), last(targets, axis)
    if where is not None:
        q, p = q[array(where)], p[array(where)]
    return ce.kl_divergence(p, np.exp(q))


def kl_divergence_with_log_targets(log_predictions, log_targets, axis=-1, where=None):
    return kl_divergence(log_predictions, np.exp(array(log_targets)), axis, where)


def sum_of_terms(log_predictions, targets, axis=-1, where=None):
    log_q, p = last(log_predictions, axis), last(targets, axis)
    counts = True if where is None else array(where)
    return (p * (np.log(p) - log_q)).sum(axis=-1, where=counts)


def sum_with_logs(log_predictions, log_targets, axis=-1, where=None):
    return sum_of_terms(log_predictions, np.exp(array(log_targets)), axis, where)


def smooth_labels(labels, alpha):
    return ce.smooth_labels(array(labels), float(alpha))


OURS = {
    "optax.losses.softmax_cross_entropy": softmax_cross_entropy,
    "optax.losses.safe_softmax_cross_entropy": safe_softmax_cross_entropy,
    "optax.losses.softmax_cross_entropy_with_integer_labels": (
        softmax_cross_entropy_with_integer_labels
    ),
    "optax.losses.sigmoid_binary_cross_entropy": sigmoid_binary_cross_entropy,
    "optax.losses.sigmoid_focal_loss": sigmoid_focal_loss,
    "optax.losses.hinge_loss": hinge_loss,
    "optax.losses.kl_divergence": kl_divergence,
    "optax.losses.kl_divergence_with_log_targets": kl_divergence_with_log_targets,
    "optax.losses.smooth_labels": smooth_labels,
}
AS_THEY_COME = "takes rows as they come"
HABITS = {
    "optax.losses.softmax_cross_entropy": {AS_THEY_COME: of_any_numbers},
    "optax.losses.safe_softmax_cross_entropy": {AS_THEY_COME: of_any_numbers},
    "optax.losses.kl_divergence": {AS_THEY_COME: sum_of_terms},
    "optax.losses.kl_divergence_with_log_targets": {AS_THEY_COME: sum_with_logs},
}

"""Keras: the losses behind its classes, in float32, on JAX."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax
import numpy as np

import cehelpers as ce
from vectors.peers.plugin import NotOurs

NAME, PACKAGE, DISTRIBUTION = "Keras", "keras", "keras"
CALLERS = ("test", "keras.src.losses.losses")  # its tests call classes, which call functions
TESTS = ("--pyargs", "keras.src.losses.losses_test")
SELECT = "(Crossentropy or KLDivergence or Hinge) and not CategoricalHinge"
EPS = np.float32(1e-7)  # keras.config.epsilon()


def array(x):
    if isinstance(x, jax.core.Tracer):
        raise NotOurs("inside a transformation of JAX, where there are no numbers")
    x = np.asarray(x)
    if x.dtype.kind == "V":
        raise NotOurs(f"numbers of the dtype {x.dtype}")
    return x


def last(x, axis):
    return np.moveaxis(array(x), axis, -1)


def softened(y, smoothing):
    """Labels of two classes, smoothed."""
    y = array(y)
    return ce.smooth_labels(np.stack([1 - y, y], axis=-1), smoothing)[..., 1] if smoothing else y


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    loss = ce.binary_cross_entropy_with_logits if from_logits else ce.binary_cross_entropy
    each = loss(softened(y_true, label_smoothing), array(y_pred), reduction="none")
    return each.mean(axis=axis)


def clipped_binary(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    y, p = softened(y_true, label_smoothing), np.clip(array(y_pred), EPS, 1 - EPS)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(axis=axis)


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    t, p = last(y_true, axis), last(y_pred, axis)
    t = ce.smooth_labels(t, label_smoothing) if label_smoothing else t
    loss = ce.categorical_cross_entropy_with_logits if from_logits else ce.categorical_cross_entropy
    return loss(t, p, reduction="none")


def clipped_categorical(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    t, p = last(y_true, axis), clipped(last(y_pred, axis))
    t = ce.smooth_labels(t, label_smoothing) if label_smoothing else t
    return (t * ce.surprisal(p)).sum(axis=-1)


def rounded_categorical(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    t = last(y_true, axis)
    t = ce.smooth_labels(t, label_smoothing) if label_smoothing else t
    return -(t * rounded(last(y_pred, axis))).sum(axis=-1)


def clipped(p):
    return np.clip(p / p.sum(axis=-1, keepdims=True), EPS, 1 - EPS)


def rounded(z):
    """log_softmax by a logarithm of 1 + x, all in the dtype of z."""
    d = z - z.max(axis=-1, keepdims=True)
    return d - np.log(np.exp(d).sum(axis=-1, keepdims=True))


def label(table, y):
    return np.take_along_axis(table, y[..., None], axis=-1)[..., 0]


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    p = last(y_pred, axis)
    y = array(y_true).astype(int).reshape(p.shape[:-1])
    if from_logits:
        return ce.sparse_categorical_cross_entropy_with_logits(
            y, p, ignore_index=ignore_class, reduction="none"
        )
    if ignore_class is not None:
        raise NotOurs("ignore_class of probabilities")
    return ce.sparse_categorical_cross_entropy(y, p, reduction="none")


def clipped_sparse(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    p = clipped(last(y_pred, axis))
    return ce.surprisal(label(p, array(y_true).astype(int).reshape(p.shape[:-1])))


def rounded_sparse(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    log_p = rounded(last(y_pred, axis))
    y = array(y_true).astype(int).reshape(log_p.shape[:-1])
    return np.where(y == ignore_class, 0, -label(log_p, np.where(y == ignore_class, 0, y)))


def kl_divergence(y_true, y_pred):
    return ce.kl_divergence(array(y_true), array(y_pred))


def clipped_kl(y_true, y_pred):
    t, p = (np.clip(array(x), EPS, 1) for x in (y_true, y_pred))
    return (t * (ce.surprisal(p) - ce.surprisal(t))).sum(axis=-1)


def binary_focal_crossentropy(
    y_true,
    y_pred,
    apply_class_balancing=False,
    alpha=0.25,
    gamma=2.0,
    from_logits=False,
    label_smoothing=0.0,
    axis=-1,
):
    loss = ce.focal_loss_with_logits if from_logits else ce.focal_loss
    y = softened(y_true, label_smoothing)
    alpha = alpha if apply_class_balancing else None
    return loss(y, array(y_pred), gamma=gamma, alpha=alpha, reduction="none").mean(axis=axis)


def categorical_focal_crossentropy(
    y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    t, p = last(y_true, axis), last(y_pred, axis)
    if label_smoothing or not ((t == 0) | (t == 1)).all():
        raise NotOurs("soft labels")
    if np.ndim(alpha):
        raise NotOurs("an alpha for each class")
    y, options = t.argmax(axis=-1), {"gamma": gamma, "reduction": "none"}
    if from_logits:
        return alpha * ce.sparse_categorical_focal_loss_with_logits(y, p, **options)
    return alpha * ce.focal_loss(np.ones(y.shape), label(p, y), **options)


def clipped_focal(
    y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    t, p = last(y_true, axis), last(y_pred, axis)
    p = jax.nn.softmax(p) if from_logits else p  # to the last bit
    p = label(clipped(p), t.argmax(axis=-1))
    return -alpha * (1 - p) ** np.float32(gamma) * np.log(p)


def signs(y):
    """0 and 1 of −1 and 1, or of 0 and 1."""
    y = array(y)
    return y if ((y == 0) | (y == 1)).all() else (y + 1) / 2


def hinge(y_true, y_pred):
    return ce.hinge_loss(signs(y_true), array(y_pred), reduction="none").mean(axis=-1)


def squared_hinge(y_true, y_pred):
    return ce.squared_hinge_loss(signs(y_true), array(y_pred), reduction="none").mean(axis=-1)


OURS = {
    "keras.losses.binary_crossentropy": binary_crossentropy,
    "keras.losses.categorical_crossentropy": categorical_crossentropy,
    "keras.losses.sparse_categorical_crossentropy": sparse_categorical_crossentropy,
    "keras.losses.kl_divergence": kl_divergence,
    "keras.losses.binary_focal_crossentropy": binary_focal_crossentropy,
    "keras.losses.categorical_focal_crossentropy": categorical_focal_crossentropy,
    "keras.losses.hinge": hinge,
    "keras.losses.squared_hinge": squared_hinge,
}
CLIPS = "clips p to [1e-7, 1 − 1e-7], and rounds 1 − p"
RESCALES = "rescales rows, and clips p to [1e-7, 1 − 1e-7]"
ROUNDS = "rounds 1 + x before the logarithm"
HABITS = {
    "keras.losses.binary_crossentropy": {CLIPS: clipped_binary},
    "keras.losses.categorical_crossentropy": {
        RESCALES: clipped_categorical,
        ROUNDS: rounded_categorical,
    },
    "keras.losses.sparse_categorical_crossentropy": {
        RESCALES: clipped_sparse,
        ROUNDS: rounded_sparse,
    },
    "keras.losses.kl_divergence": {"clips both to [1e-7, 1]": clipped_kl},
    "keras.losses.categorical_focal_crossentropy": {
        "rescales rows, clips p to [1e-7, 1 − 1e-7], and rounds 1 − p": clipped_focal,
    },
}

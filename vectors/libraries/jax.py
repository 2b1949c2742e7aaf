"""JAX: `jax.nn`, and losses of the bricks of `jax.scipy.special`; gradients by `jax.grad`."""

import jax
import jax.numpy as jnp
from jax.scipy import special

from vectors.libraries._jax import array, gradient_of, reduced  # noqa: F401

NAME, VERSION = "JAX", jax.__version__
FUNCTIONS = (
    "jax.nn.sigmoid, softplus, log_sigmoid, softmax, log_softmax, logsumexp; "
    "jax.scipy.special.logit, entr, rel_entr; losses from xlogy, xlog1py, jax.nn.log_sigmoid "
    "and log_softmax"
)
gradient = gradient_of(globals())


def surprisal(p):
    return -jnp.log(p)


def entropy(p, *, axis=-1):
    return special.entr(p).sum(axis)


def cross_entropy(p, q, *, axis=-1):
    return -special.xlogy(p, q).sum(axis)


def kl_divergence(p, q, *, axis=-1):
    return special.rel_entr(p, q).sum(axis)


sigmoid, softplus, log_sigmoid = jax.nn.sigmoid, jax.nn.softplus, jax.nn.log_sigmoid
logit = special.logit


def logsumexp(z, *, axis=-1):
    return jax.nn.logsumexp(z, axis=axis)


def softmax(z, *, axis=-1):
    return jax.nn.softmax(z, axis=axis)


def log_softmax(z, *, axis=-1):
    return jax.nn.log_softmax(z, axis=axis)


def binary_cross_entropy(y_true, y_prob, *, reduction):
    y = y_true.astype(y_prob.dtype)  # xlogy of an integer has no gradient
    return reduced(-(special.xlogy(y, y_prob) + special.xlog1py(1 - y, -y_prob)), reduction)


def binary_cross_entropy_with_logits(y_true, logits, *, reduction, pos_weight=1):
    right, wrong = jax.nn.log_sigmoid(logits), jax.nn.log_sigmoid(-logits)
    return reduced(-(pos_weight * y_true * right + (1 - y_true) * wrong), reduction)


def categorical_cross_entropy(targets, probs, *, reduction):
    return reduced(-special.xlogy(targets, probs).sum(axis=-1), reduction)


def categorical_cross_entropy_with_logits(targets, logits, *, reduction):
    return reduced(-jnp.sum(targets * jax.nn.log_softmax(logits), axis=-1), reduction)


def sparse_categorical_cross_entropy_with_logits(labels, logits, *, reduction):
    targets = jax.nn.one_hot(labels, logits.shape[-1], dtype=logits.dtype)
    return categorical_cross_entropy_with_logits(targets, logits, reduction=reduction)

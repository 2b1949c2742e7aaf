"""JAX: `jax.nn`, and losses of the bricks of `jax.scipy.special`; gradients by `jax.grad`."""

import jax
import jax.numpy as jnp
from jax.scipy import special

from vectors.libraries._jax import array, close, gradient_of, reduced  # noqa: F401

NAME, VERSION = "JAX", jax.__version__
FUNCTIONS = (
    "jax.nn.sigmoid, softplus, log_sigmoid, softmax, log_softmax, logsumexp; "
    "jax.scipy.special.logit, entr, rel_entr; losses from xlogy, xlog1py, jax.nn.log_sigmoid "
    "and log_softmax"
)
DIFFERENCES = {
    "Nothing is checked (under jit nothing can be): what is no probability or no class gives a "
    "number or a nan.": (
        "not-rescaled outside-0-1 column-against-row single-probability-rows nan-input "
        "negative-label"
    ),
    f"On the CPU numbers below {jnp.finfo(float).tiny:.1e} count as 0.": (
        "tiny-ratio certain-and-wrong:surprisal certain-and-wrong:binary_cross_entropy "
        "far-logit:log_sigmoid"
    ),
    "rel_entr has terms of both signs, which cancel where the two rows are near.": (
        "close-distributions"
    ),
    "log_softmax and logsumexp take the logarithm of a sum that has been rounded to 1: a "
    "confident and right forecast costs exactly 0.": (
        "confident-right soft-label-digits integer-input:log_softmax"
    ),
    "The slope of the loss is p − t, which is 0 once p has been rounded to 1, and that of a "
    "sigmoid s·(1 − s).": "vanishing-gradient far-logit:sigmoid plain:sigmoid",
    "An infinite logit is nan: in softmax as ∞ − ∞, in the losses of the bricks as 0 · ∞.": (
        "minus-infinity-logit"
    ),
    "The slope of xlogy at 0 · ln 0 is nan, though its value is 0.": (
        "log-of-zero certain-and-wrong"
    ),
    "On the CPU log1p near −0.4 is off by many units in the last place (jax-ml/jax#39707).": (
        "plain:binary_cross_entropy"
    ),
    "logit is ln(p / (1 − p)), whose quotient has lost the digits near p = 1/2.": (
        "logit-near-half"
    ),
    "sigmoid refuses integers, where the other functions turn them into floats.": (
        "integer-input:sigmoid"
    ),
}

gradient = gradient_of(globals())


def real(truth):
    """Labels as floats: `xlogy` and `rel_entr` of integers have no gradient."""
    return truth * 1.0


def surprisal(p):
    return -jnp.log(p)


def entropy(p, *, axis=-1):
    return special.entr(p).sum(axis)


def cross_entropy(p, q, *, axis=-1):
    return -special.xlogy(real(p), q).sum(axis)


def kl_divergence(p, q, *, axis=-1):
    return special.rel_entr(real(p), q).sum(axis)


sigmoid, softplus, log_sigmoid = jax.nn.sigmoid, jax.nn.softplus, jax.nn.log_sigmoid
logit = special.logit


def logsumexp(z, *, axis=-1):
    return jax.nn.logsumexp(z, axis=axis)


def softmax(z, *, axis=-1):
    return jax.nn.softmax(z, axis=axis)


def log_softmax(z, *, axis=-1):
    return jax.nn.log_softmax(z, axis=axis)


def binary_cross_entropy(y_true, y_prob, *, reduction):
    y = real(y_true)
    return reduced(-(special.xlogy(y, y_prob) + special.xlog1py(1 - y, -y_prob)), reduction)


def binary_cross_entropy_with_logits(y_true, logits, *, reduction, pos_weight=1):
    right, wrong = jax.nn.log_sigmoid(logits), jax.nn.log_sigmoid(-logits)
    return reduced(-(pos_weight * y_true * right + (1 - y_true) * wrong), reduction)


def categorical_cross_entropy(targets, probs, *, reduction):
    return reduced(-special.xlogy(real(targets), probs).sum(axis=-1), reduction)


def categorical_cross_entropy_with_logits(targets, logits, *, reduction):
    return reduced(-jnp.sum(targets * jax.nn.log_softmax(logits), axis=-1), reduction)


def sparse_categorical_cross_entropy_with_logits(labels, logits, *, reduction):
    targets = jax.nn.one_hot(labels, logits.shape[-1], dtype=logits.dtype)
    return categorical_cross_entropy_with_logits(targets, logits, reduction=reduction)

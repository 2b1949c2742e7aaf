"""SciPy: the bricks of `special`, `stats.entropy` and the Jensen–Shannon distance."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from scipy import special

import cehelpers as ce
from vectors.peers.plugin import NotOurs, Pair

NAME, PACKAGE, CALLERS = "SciPy", "scipy", ("test",)
DISTRIBUTION = "scipy"
TESTS = (
    "--pyargs",
    "scipy.special.tests.test_logsumexp",
    "scipy.special.tests.test_logit",
    "scipy.special.tests.test_basic",
    "scipy.stats.tests.test_entropy",
    "scipy.spatial.tests.test_distance",
)
SELECT = "LogSumExp or oftmax or ogit or xpit or oftplus or entr or kl_div or jensenshannon"
ENTR, REL_ENTR, KL_DIV = special.entr, special.rel_entr, special.kl_div


def real(x):
    """As an array; cehelpers knows neither complex numbers nor more bits than 64."""
    x = np.asarray(x)
    if x.dtype.kind == "c" or x.dtype.char == "g":
        raise NotOurs("complex numbers" if x.dtype.kind == "c" else "numbers of 80 bits")
    return x


def flat(x, axis):
    """With one axis to reduce, the last, and None for all or a tuple as SciPy has them."""
    x = real(x)
    if axis is None:
        return x.ravel()
    axes = normalize_axis_tuple(axis, x.ndim)
    moved = np.moveaxis(x, axes, range(-len(axes), 0))
    return moved.reshape(*moved.shape[: moved.ndim - len(axes)], -1)


def logsumexp(a, axis=None, *, keepdims=False):
    total = ce.logsumexp(flat(a, axis))
    if not keepdims:
        return total
    axes = range(np.ndim(a)) if axis is None else axis
    return np.expand_dims(total, tuple(np.atleast_1d(axes)))


def by_row(function):
    """A function that keeps its rows, over every axis or some."""

    def kept(x, axis=None):
        x = real(x)
        if axis is None:
            return np.reshape(function(x.ravel()), x.shape)
        if isinstance(axis, tuple):
            raise NotOurs("several axes")
        return function(x, axis=axis)

    return kept


def expit(x):
    return ce.sigmoid(real(x))


def divided(x):
    return 1 / (1 + np.exp(-real(x)))


def logit(x):
    return ce.logit(real(x))


def log_expit(x):
    return ce.log_sigmoid(real(x))


def softplus(x):
    return ce.softplus(real(x))


def two(p):
    """A probability as a row of two."""
    p = real(p).astype(float)
    return np.stack([p, 1 - p], axis=-1)


def probabilities(*arrays):
    """Rows of two where all are probabilities, if they are anywhere."""
    both = np.stack(np.broadcast_arrays(*map(real, arrays)))
    fine = ((both >= 0) & (both <= 1)).all(axis=0)
    return [two(x[fine] if fine.any() else x) for x in both]


def entr(x):
    (p,) = probabilities(x)
    return Pair(ce.entropy(p), ENTR(p).sum(axis=-1))


def kl_div(x, y):
    p, q = probabilities(x, y)
    return Pair(ce.kl_divergence(p, q), KL_DIV(p, q).sum(axis=-1))


def rel_entr(x, y):
    p, q = probabilities(x, y)
    return Pair(ce.kl_divergence(p, q), REL_ENTR(p, q).sum(axis=-1))


def beside_its_terms(x, y):
    p, q = probabilities(x, y)
    terms = REL_ENTR(p, q)
    size = np.abs(terms).sum(axis=-1)
    return Pair(ce.kl_divergence(p, q) + size, (terms - (p - q)).sum(axis=-1) + size)


def entropy(pk, qk=None, base=None, axis=0):
    if qk is None:
        return ce.entropy(real(pk), base=base, axis=axis)
    return ce.kl_divergence(real(pk), real(qk), base=base, axis=axis)


def rescaled_entropy(pk, qk=None, base=None, axis=0):
    rows = np.broadcast_arrays(*(real(x) for x in (pk, qk) if x is not None))
    rows = [x / x.sum(axis=axis, keepdims=True) for x in rows]
    return entropy(*rows, base=base, axis=axis)


def jensenshannon(p, q, base=None, *, axis=0, keepdims=False):
    if keepdims:
        return np.expand_dims(jensenshannon(p, q, base, axis=axis), axis)
    return np.sqrt(ce.js_divergence(real(p), real(q), base=base, axis=axis))


def rescaled_jensenshannon(p, q, base=None, *, axis=0, keepdims=False):
    p, q = (real(x) / np.sum(x, axis=axis, keepdims=True) for x in (p, q))
    return jensenshannon(p, q, base, axis=axis, keepdims=keepdims)


OURS = {
    "scipy.special.logsumexp": logsumexp,
    "scipy.special.softmax": by_row(ce.softmax),
    "scipy.special.log_softmax": by_row(ce.log_softmax),
    "scipy.special.expit": expit,
    "scipy.special.logit": logit,
    "scipy.special.log_expit": log_expit,
    "scipy.special.softplus": softplus,
    "scipy.special.entr": entr,
    "scipy.special.rel_entr": rel_entr,
    "scipy.special.kl_div": kl_div,
    "scipy.stats.entropy": entropy,
    "scipy.spatial.distance.jensenshannon": jensenshannon,
}
HABITS = {
    "scipy.special.expit": {"divides by 1 + e^−x, which overflows": divided},
    "scipy.special.rel_entr": {
        "adds terms that cancel, without Σq − Σp, which is not 0 once 1 − p is rounded": (
            beside_its_terms
        )
    },
    "scipy.stats.entropy": {"rescales rows": rescaled_entropy},
    "scipy.spatial.distance.jensenshannon": {"rescales rows": rescaled_jensenshannon},
}

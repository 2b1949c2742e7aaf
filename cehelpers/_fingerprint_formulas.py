"""Layer 4: which formula is it? What a loss answers to some batches, fitted to those we know.

In a batch every row is right with the same probability p, the classes in turn: T and P of shape
(n, K). So the mean over rows is the loss of each, whatever the reduction but for a factor.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CERTAINTIES = (0.12, 0.31, 0.45, 0.62, 0.78, 0.91)  # of what happened
CLOSE, ROUGHLY = 3e-5, 4e-3  # relative; the second for losses that round, or compute in float16
UNITS = {"nats": 1.0, "bits": 1 / math.log(2), "digits": 1 / math.log(10)}
TABLE = NDArray[np.float64]
Batches = Sequence[tuple[TABLE, TABLE]]


class Fit(NamedTuple):
    """A formula and its numbers: what comes back is scale times the formula's mean over rows."""

    formula: str
    scale: float
    leak: float = 0.0  # of a cross-entropy, what is charged for the other classes, of the whole
    gamma: float = 0.0
    added: float = 0.0  # inside the logarithm


def batch(p: float, K: int, n: int = 6) -> tuple[TABLE, TABLE]:
    """Truths and probabilities of n rows; what p leaves lies on the other classes unevenly."""
    weights = np.arange(1, K) ** (3 * p)  # in other shares for each p: some scores feel them
    rest, labels = (1 - p) * weights / weights.sum(), np.arange(n) % K
    # nor are the classes alike: a ranked score would be proportional to the squares
    P = [np.insert(rest[:: -1 if k == K - 1 else 1], k, p) for k in labels]
    return np.eye(K)[labels], np.array(P)


def happened(T: TABLE, P: TABLE) -> TABLE:
    """The probability that each row gave to what happened."""
    return (T * P).sum(axis=-1)


def _near(found: TABLE, S: TABLE, near: float) -> bool:
    return bool(np.absolute(found - S).max() <= near * np.absolute(S).max())


def _solved(batches: Batches, S: TABLE, added: float) -> tuple[TABLE, float]:
    """What is charged for what happened and for each other class, and the gap that is left."""
    own = np.array([-np.log(happened(T, P) + added).mean() for T, P in batches])
    rest = np.array([-(np.log(P + added) * (1 - T)).sum(axis=-1).mean() for T, P in batches])
    X = np.column_stack([own, rest])
    charged = np.linalg.lstsq(X, S, rcond=None)[0]
    return charged, float(np.absolute(X @ charged - S).max())


def _cross_entropy(batches: Batches, S: TABLE, near: float, added: float = 0.0) -> Fit | None:
    """Σ −ln p of what happened, and perhaps some of it for the other classes."""
    (a, b), gap = _solved(batches, S, added)
    if gap > near * np.absolute(S).max() or not abs(a) > abs(b) or b / a < -near:
        return None
    others = batches[0][0].shape[-1] - 1
    whole = float(a + others * b)
    leak = others * float(b) / whole
    return Fit("cross-entropy", whole, leak if leak > 10 * near else 0.0, added=added)


def cross_entropy_with_eps(batches: Batches, S: TABLE) -> Fit | None:
    """A cross-entropy with something added inside its logarithm, between 1e-8 and 0.1."""
    if not abs(S[0]) > abs(S[2]):  # a surer forecast that is right costs less
        return None
    found, step = 10.0 ** np.arange(-8, -0.9, 0.25), 0.25
    for _ in range(12):
        best = float(found[np.argmin([_solved(batches, S, added)[1] for added in found])])
        step /= 3
        found = best * 10.0 ** (step * np.arange(-3, 4))
    return _cross_entropy(batches, S, CLOSE, best)


def expected(fit: Fit, T: TABLE, P: TABLE) -> float:
    """The scale times the mean over rows of a cross-entropy, smoothed as it was found to be."""
    K = T.shape[-1]
    shares = (1 - fit.leak) * T + fit.leak * (1 - T) / (K - 1)
    return fit.scale * float(-(shares * np.log(P + fit.added)).sum(axis=-1).mean())


def _focal(batches: Batches, S: TABLE, near: float) -> Fit | None:
    p = np.array([happened(T, P)[0] for T, P in batches])
    ratio = S / -np.log(p)
    if not ((ratio > 0).all() or (ratio < 0).all()):
        return None
    gamma, log_scale = np.polyfit(np.log1p(-p), np.log(np.absolute(ratio)), 1)
    scale = math.copysign(math.exp(log_scale), ratio[0])
    if gamma < 0.01 or not _near(scale * (1 - p) ** gamma * -np.log(p), S, near):
        return None
    return Fit("focal loss", scale, gamma=float(gamma))


def _squares(T: TABLE, P: TABLE) -> TABLE:
    both = T.shape[-1] == 2  # of two classes the usual score looks at one
    return ((P - T) ** 2).sum(axis=-1) / (2 if both else 1)


def _js(T: TABLE, P: TABLE) -> TABLE:
    M, log = (T + P) / 2, np.log
    return (T * log(1 / M) + P * log(P / M)).sum(axis=-1) / 2  # T is one-hot


def _margin(T: TABLE, P: TABLE) -> TABLE:
    return np.log(happened(T, P) / (1 - happened(T, P)))


OF_ROWS: dict[str, Callable[[TABLE, TABLE], TABLE]] = {
    "perplexity": lambda T, P: 1 / happened(T, P),
    "squared error": _squares,
    "ranked probability score": lambda T, P: ((P - T).cumsum(axis=-1) ** 2).sum(axis=-1),
    "Jensen-Shannon divergence": _js,
    "hinge loss": lambda T, P: np.maximum(0, 1 - _margin(T, P)),
    "squared hinge loss": lambda T, P: np.maximum(0, 1 - _margin(T, P)) ** 2,
    "exponential loss": lambda T, P: np.exp(-_margin(T, P)),
    "probability": happened,
    "absolute error": lambda T, P: 1 - happened(T, P),
    "error rate": lambda T, P: (happened(T, P) < P.max(axis=-1)).astype(float),
}
OF_SCORES = ("hinge loss", "squared hinge loss", "exponential loss")
OF_LOGARITHMS = ("cross-entropy", "focal loss", "Jensen-Shannon divergence", "KL divergence")
FORMULAS = ("cross-entropy", "focal loss", *OF_ROWS)  # the first that fits


def _of_rows(formula: str, batches: Batches, S: TABLE, near: float) -> Fit | None:
    plain = np.array([OF_ROWS[formula](T, P).mean() for T, P in batches])
    scale = float(plain @ S / (plain @ plain))
    return Fit(formula, scale) if scale and _near(scale * plain, S, near) else None


def fit_formula(batches: Batches, S: TABLE, near: float = CLOSE) -> Fit | None:
    """The first formula that the answers S to some batches are proportional to."""
    if np.ptp(S) <= near * np.absolute(S).max():
        return None
    found = _cross_entropy(batches, S, near) or _focal(batches, S, near)
    each = (_of_rows(formula, batches, S, near) for formula in OF_ROWS)
    return found or next(filter(None, each), None)

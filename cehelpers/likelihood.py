"""Layer 3: what a loss is for: likelihoods, and the parameters that maximise them.

A negative log-likelihood (NLL) is the sum of the cross-entropies of the rows; its mean is the loss.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    MOST_CLASSES,
    check_binary,
    check_distributions,
    check_integer,
    check_labels,
    check_share,
)
from cehelpers.binary_losses import binary_cross_entropy
from cehelpers.information import surprisal


def bernoulli_nll(y_true: ArrayLike, p: float) -> float:
    """Negative log-likelihood −Σ [y ln p + (1 − y) ln(1 − p)] of a coin's flips, in nats.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        The flips.
    p : float
        Probability of a 1, in [0, 1].

    Returns
    -------
    float
        Sum ≥ 0 over the flips; inf where p excludes what happened.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> flips = [1, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    >>> round(bernoulli_nll(flips, 0.7) / 10, 4)  # −.7 ln .7 − .3 ln .3
    0.6109
    >>> bernoulli_nll(flips, 1.0)
    inf
    """
    ones, count = _ones(y_true)
    p = check_share("p", p)
    # only the counts matter: the order of the flips is not in the likelihood
    counts = [float(ones), float(count - ones)]
    return binary_cross_entropy([1, 0], p, sample_weight=counts, reduction="sum")


def categorical_nll(labels: ArrayLike, probs: ArrayLike) -> float:
    """Negative log-likelihood −Σ ln p_label of a die's throws, in nats.

    Parameters
    ----------
    labels : array_like of int, any shape
        The throws, 0..K−1.
    probs : array_like, shape (K,)
        Probabilities of the classes.

    Returns
    -------
    float
        Sum ≥ 0 over the throws; inf where a class that happened was called impossible.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(categorical_nll([0, 0, 1, 2], [0.5, 0.25, 0.25]), 4)  # 1 + 1 + 2 + 2 bits: 6 ln 2
    4.1589
    >>> categorical_nll([0, 1], [1.0, 0.0])
    inf
    """
    p = check_distributions("probs", probs)
    if p.ndim != 1:
        raise ValueError(f"probs must have shape (K,); got {p.shape}")
    counts = _counts(labels, len(p))
    happened = counts > 0  # 0·ln 0 = 0
    return float(counts[happened] @ surprisal(p[happened].astype(float)))


def bernoulli_mle(y_true: ArrayLike) -> float:
    """Maximum-likelihood estimate of a coin's probability: the share of ones (the base rate).

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        The flips.

    Returns
    -------
    float
        The p that minimises `bernoulli_nll`.

    Raises
    ------
    TypeError, ValueError
        If `y_true` holds no real numbers, is empty or has a value other than 0 and 1.

    Examples
    --------
    >>> bernoulli_mle([1, 1, 1, 1, 1, 1, 1, 0, 0, 0])
    0.7
    >>> bernoulli_mle([0, 0])  # never seen, called impossible
    0.0
    """
    ones, count = _ones(y_true)
    return ones / count


def categorical_mle(labels: ArrayLike, num_classes: int) -> NDArray[Any]:
    """Maximum-likelihood estimate of a die's probabilities: the shares of the classes.

    Parameters
    ----------
    labels : array_like of int, any shape
        The throws, 0..K−1.
    num_classes : int
        K, from 1 to ten million.

    Returns
    -------
    ndarray, shape (K,)
        The probabilities that minimise `categorical_nll`: the empirical distribution.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> categorical_mle([0, 0, 1, 2], 3)
    array([0.5 , 0.25, 0.25])
    >>> categorical_mle([1, 1], 2)  # never seen, called impossible
    array([0., 1.])
    """
    counts = _counts(labels, check_integer("num_classes", num_classes, 1, MOST_CLASSES))
    return counts / counts.sum()


def _ones(y_true: ArrayLike) -> tuple[int, int]:
    y = check_binary("y_true", y_true)
    return int(np.count_nonzero(y)), y.size


def _counts(labels: ArrayLike, num_classes: int) -> NDArray[Any]:
    y = check_labels("labels", labels, num_classes)
    return np.bincount(y.ravel().astype(np.intp), minlength=num_classes)

"""Layer 1: surprise, entropy, cross-entropy and divergence of discrete distributions.

The truth P comes first, the model Q second. Rows must sum to 1 within 1e-6 and are never rescaled.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import check_base, check_distributions, check_probabilities, check_same_shape
from cehelpers._evaluate import by_element, by_row, extremes, float_dtype
from cehelpers._formulas import times

NEAR = 1 / 3  # (p − q)/(p + q) below which ln(p/q) − 1 + q/p cancels
CLEAR = 0.5  # nats of a divergence beside which that costs no digit: its terms round by p·2^−52


def surprisal(p: ArrayLike, *, base: float | None = None) -> float | NDArray[Any]:
    """Surprise −log p of an event of probability p, in nats (bits with ``base=2``).

    Parameters
    ----------
    p : array_like, any shape
        Probabilities in [0, 1].
    base : float, optional
        Base > 1 of the logarithm; natural by default.

    Returns
    -------
    float or ndarray, shape of p
        Surprise of each probability; 0 at p = 1, inf at p = 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> surprisal(0.125, base=2)  # three fair coins
    3.0
    >>> surprisal([1.0, 0.0])
    array([ 0., inf])

    References
    ----------
    Shannon (1948), "A mathematical theory of communication",
    doi:10.1002/j.1538-7305.1948.tb01338.x.
    """
    p, log = check_probabilities("p", p), check_base(base)
    return by_element(lambda p: 0.0 - log(p), p)


def entropy(p: ArrayLike, *, base: float | None = None, axis: int = -1) -> float | NDArray[Any]:
    """Entropy H(P) = −Σ p log p: the mean surprise, in nats (bits with ``base=2``).

    Parameters
    ----------
    p : array_like, shape (..., K)
        Distributions along `axis`.
    base : float, optional
        Base > 1 of the logarithm; natural by default.
    axis : int
        The axis of the classes.

    Returns
    -------
    float or ndarray, shape of p without `axis`
        One number in [0, log K] for each distribution.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> entropy([0.5, 0.25, 0.125, 0.125], base=2)
    1.75
    >>> entropy([1.0, 0.0])  # certainty: 0 · log 0 counts 0
    0.0

    References
    ----------
    Shannon (1948), "A mathematical theory of communication",
    doi:10.1002/j.1538-7305.1948.tb01338.x.
    """
    p, log = check_distributions("p", p, axis), check_base(base)
    return by_row(lambda p: 0.0 - times(p, log(p)).sum(axis=-1), p)


def cross_entropy(
    p: ArrayLike, q: ArrayLike, *, base: float | None = None, axis: int = -1
) -> float | NDArray[Any]:
    """Cross-entropy H(P, Q) = −Σ p log q: mean surprise under the model Q, in nats.

    Parameters
    ----------
    p : array_like, shape (..., K)
        True distributions along `axis`.
    q : array_like, shape of p
        Model distributions.
    base : float, optional
        Base > 1 of the logarithm; natural by default.
    axis : int
        The axis of the classes.

    Returns
    -------
    float or ndarray, shape of p without `axis`
        One number ≥ H(P) for each pair; inf where Q excludes what P allows.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(cross_entropy([0.7, 0.2, 0.1], [0.5, 0.3, 0.2]), 4)
    0.8869
    >>> cross_entropy([1.0, 0.0], [0.0, 1.0])  # the model called the truth impossible
    inf
    """
    (p, q), log = _check_pair(p, q, axis), check_base(base)

    return by_row(lambda p, q: 0.0 - times(p, log(q)).sum(axis=-1), p, q, dtype=float_dtype(p, q))


def kl_divergence(
    p: ArrayLike, q: ArrayLike, *, base: float | None = None, axis: int = -1
) -> float | NDArray[Any]:
    """Kullback–Leibler divergence KL(P‖Q) = Σ p log(p/q) = H(P, Q) − H(P), in nats.

    Evaluated as Σ (p ln(p/q) − p + q), whose every term is ≥ 0, so that no rounding makes the sum
    negative. Where rows sum to 1 only within the tolerance of 1e-6, the result includes the
    difference Σq − Σp of their sums (the generalised divergence, which is ≥ 0 too).

    Parameters
    ----------
    p : array_like, shape (..., K)
        True distributions along `axis`.
    q : array_like, shape of p
        Model distributions.
    base : float, optional
        Base > 1 of the logarithm; natural by default.
    axis : int
        The axis of the classes.

    Returns
    -------
    float or ndarray, shape of p without `axis`
        One number ≥ 0 for each pair; 0 for P = Q, inf where Q excludes what P allows.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(kl_divergence([0.7, 0.2, 0.1], [0.5, 0.3, 0.2]), 4)
    0.0851
    >>> kl_divergence([0.5, 0.5], [0.5, 0.5]), kl_divergence([0.5, 0.5], [1.0, 0.0])
    (0.0, inf)

    References
    ----------
    Kullback & Leibler (1951), "On information and sufficiency", doi:10.1214/aoms/1177729694.
    """
    (p, q), unit = _check_pair(p, q, axis), _nats(base)

    def divergence(p, q):
        ratio = p / q
        low, high = extremes(ratio)
        terms = p * np.log(ratio) - (p - q)
        if not (low > 0 and high < np.inf):  # p/q overflows for the tiniest q, and 0/0 is NaN
            terms = np.where(ratio < np.inf, terms, p * (np.log(p) - np.log(q)) - (p - q))
            np.copyto(terms, q, where=p == 0)
        sums = np.add.reduce(terms, axis=-1)
        close = np.flatnonzero(sums < CLEAR)
        if close.size:
            # a copy of few rows pays
            some = close if 4 * close.size < len(p) else slice(None)
            sums[some] = _close_terms(p[some], q[some], terms[some]).sum(axis=-1)
        return sums / unit

    return by_row(divergence, p, q, dtype=float_dtype(p, q))


def js_divergence(
    p: ArrayLike, q: ArrayLike, *, base: float | None = None, axis: int = -1
) -> float | NDArray[Any]:
    """Jensen–Shannon divergence ½ KL(P‖M) + ½ KL(Q‖M) with M = (P + Q)/2, in nats.

    Parameters
    ----------
    p, q : array_like, shape (..., K)
        Two distributions along `axis`, of equal shape; their order does not matter.
    base : float, optional
        Base > 1 of the logarithm; natural by default.
    axis : int
        The axis of the classes.

    Returns
    -------
    float or ndarray, shape of p without `axis`
        One number in [0, log 2] for each pair (to rounding at the upper end).

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(js_divergence([0.7, 0.2, 0.1], [0.5, 0.3, 0.2]), 4)
    0.0219
    >>> js_divergence([1.0, 0.0], [0.0, 1.0], base=2)  # nothing in common: one bit
    1.0

    References
    ----------
    Lin (1991), "Divergence measures based on the Shannon entropy", doi:10.1109/18.61115.
    """
    (p, q), unit = _check_pair(p, q, axis), _nats(base)

    def to_mixture(p, q):
        # with m = (p + q)/2 the larger is m(1 + u) and the smaller m(1 − u): the sum is m/2 times
        # (1 + u)·ln(1 + u) + (1 − u)·ln(1 − u) = 2u·atanh u + ln(1 − u²), the second near p = q
        total = p + q
        u = np.absolute(np.divide(p - q, total, out=np.zeros_like(total), where=total > 0))
        near = 2 * u * np.arctanh(u) + np.log1p(-u * u)
        less = 2 * np.minimum(p, q) / total
        far = (1 + u) * np.log1p(u) + np.where(less > 0, less * np.log(less), 0)
        return (total / 4 * np.where(u < 0.5, near, far)).sum(axis=-1) / unit

    return by_row(to_mixture, p, q, dtype=float_dtype(p, q))


def perplexity(p: ArrayLike, q: ArrayLike | None = None, *, axis: int = -1) -> float | NDArray[Any]:
    """Perplexity e^H(P), or e^H(P, Q) if a model is given: the number of equally likely choices.

    Parameters
    ----------
    p : array_like, shape (..., K)
        True distributions along `axis`.
    q : array_like, shape of p, optional
        Model distributions.
    axis : int
        The axis of the classes.

    Returns
    -------
    float or ndarray, shape of p without `axis`
        One number ≥ 1 for each distribution.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> round(perplexity([0.25, 0.25, 0.25, 0.25]), 4)  # as uncertain as four equal choices
    4.0
    >>> perplexity([1.0, 0.0]), perplexity([1.0, 0.0], [0.0, 1.0])
    (1.0, inf)

    References
    ----------
    Jelinek et al. (1977), "Perplexity: a measure of the difficulty of speech recognition tasks",
    doi:10.1121/1.2016299.
    """
    nats = entropy(p, axis=axis) if q is None else cross_entropy(p, q, axis=axis)
    return by_element(np.exp, np.asarray(nats))


def _check_pair(p: ArrayLike, q: ArrayLike, axis: int) -> tuple[NDArray[Any], NDArray[Any]]:
    p, q = check_distributions("p", p, axis), check_distributions("q", q, axis)
    check_same_shape(p=p, q=q)
    return p, q


def _nats(base: float | None) -> np.float64:
    """What one unit of this base is in nats."""
    check_base(base)
    return np.log(np.e if base is None else float(base))


def _close_terms(p: NDArray[Any], q: NDArray[Any], terms: NDArray[Any]) -> NDArray[Any]:
    """p ln(p/q) − p + q, of which `terms` are right but where p and q are near."""
    # with s = (p − q)/(p + q): ln(p/q) = 2 atanh s and p = (p + q)·(1 + s)/2, so the term is
    # (p + q)·(s·atanh s + atanh s − s), whose last difference r keeps its digits as a series
    total = p + q
    s, total, flat = (x.ravel(order="K") for x in ((p - q) / total, total, terms))
    near = np.flatnonzero(np.absolute(s) <= NEAR)
    s = s[near]
    r = _atanh_less_self(s)
    flat[near] = total[near] * (s * (s + r) + r)
    return terms  # of which flat is a view


def _atanh_less_self(s: NDArray[Any]) -> NDArray[Any]:
    """atanh s − s = s³(1/3 + s²/5 + s⁴/7 + …), to rounding for |s| ≤ `NEAR`."""
    square = s * s
    series = np.full_like(s, 1 / 35)
    for k in range(33, 1, -2):  # Horner's scheme, in place
        series *= square
        series += 1 / k
    return s * square * series

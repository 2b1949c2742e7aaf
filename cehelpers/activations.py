"""Layer 1: from scores to probabilities and back, with every digit kept at both ends."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_axis,
    check_logit_rows,
    check_logits,
    check_positive,
    check_probabilities,
)
from cehelpers._evaluate import by_element, by_row
from cehelpers._formulas import from_top, top_and_others


def sigmoid(z: ArrayLike) -> float | NDArray[Any]:
    """Logistic sigmoid σ(z) = 1/(1 + e^−z): the probability of a logit.

    Parameters
    ----------
    z : array_like, any shape
        Logits; ±inf are legal.

    Returns
    -------
    float or ndarray, shape of z
        Probabilities in [0, 1].

    Raises
    ------
    TypeError, ValueError
        If `z` holds no real numbers, is empty, or has a NaN.

    Examples
    --------
    >>> sigmoid(0.0)
    0.5
    >>> sigmoid([-1000.0, 1000.0])  # no overflow at either end
    array([0., 1.])
    """

    def sigma(z):
        # 1/(1 + e^−z) = e^z/(1 + e^z): whichever has no large exponential
        e = np.exp(-np.absolute(z))
        return np.maximum(e, z >= 0) / (1 + e)

    return by_element(sigma, check_logits("z", z))


def logit(p: ArrayLike) -> float | NDArray[Any]:
    """Log-odds ln(p/(1 − p)) of a probability, in nats: the inverse of `sigmoid`.

    Parameters
    ----------
    p : array_like, any shape
        Probabilities in [0, 1].

    Returns
    -------
    float or ndarray, shape of p
        Logits; −inf at 0 and inf at 1.

    Raises
    ------
    TypeError, ValueError
        If `p` holds no real numbers, is empty, or has a value outside [0, 1].

    Examples
    --------
    >>> round(logit(0.9), 4)  # odds of nine to one: ln 9
    2.1972
    >>> logit([0.0, 0.5, 1.0])
    array([-inf,   0.,  inf])
    """

    def log_odds(p):
        # ln p − ln(1 − p) = 2 atanh(2p − 1), whose argument is exact for p in [¼, 1]
        middle = np.absolute(p - 0.5) <= 0.25
        out = np.log(p) - np.log1p(-p)
        return np.arctanh(2 * p - 1, out=out, where=middle) * (1 + middle)

    return by_element(log_odds, check_probabilities("p", p))


def softplus(z: ArrayLike) -> float | NDArray[Any]:
    """Softplus ln(1 + e^z) = −ln σ(−z), in nats: the loss of a logit when the label is 0.

    Parameters
    ----------
    z : array_like, any shape
        Logits; ±inf are legal.

    Returns
    -------
    float or ndarray, shape of z
        Values ≥ 0.

    Raises
    ------
    TypeError, ValueError
        If `z` holds no real numbers, is empty, or has a NaN.

    Examples
    --------
    >>> round(softplus(0.0), 4)  # ln 2
    0.6931
    >>> softplus([-1000.0, 1000.0])  # e^1000 overflows; its softplus does not
    array([   0., 1000.])

    References
    ----------
    Mächler (2012), "Accurately computing log(1 − exp(−|a|))", the Rmpfr vignette.
    """
    # ln(1 + e^z) = z + ln(1 + e^−z)
    return by_element(
        lambda z: np.maximum(z, 0) + np.log1p(np.exp(-np.absolute(z))), check_logits("z", z)
    )


def log_sigmoid(z: ArrayLike) -> float | NDArray[Any]:
    """Log of the sigmoid, ln σ(z) = −softplus(−z), in nats.

    Parameters
    ----------
    z : array_like, any shape
        Logits; ±inf are legal.

    Returns
    -------
    float or ndarray, shape of z
        Values ≤ 0.

    Raises
    ------
    TypeError, ValueError
        If `z` holds no real numbers, is empty, or has a NaN.

    Examples
    --------
    >>> round(log_sigmoid(0.0), 4)  # ln ½
    -0.6931
    >>> log_sigmoid([-1000.0, 1000.0])  # ln 0 is never taken
    array([-1000.,     0.])
    """
    # ln σ(z) = z − ln(1 + e^z)
    return by_element(
        lambda z: np.minimum(z, 0) - np.log1p(np.exp(-np.absolute(z))), check_logits("z", z)
    )


def logsumexp(z: ArrayLike, *, axis: int = -1) -> float | NDArray[Any]:
    """Log of the sum of exponentials, ln Σ e^{z_k}, in nats: a smooth maximum.

    Parameters
    ----------
    z : array_like, shape (..., K)
        Logits; ±inf are legal.
    axis : int
        The axis of the classes.

    Returns
    -------
    float or ndarray, shape of z without `axis`
        One number for each row.

    Raises
    ------
    TypeError, ValueError
        If `z` holds no real numbers, is empty, has a NaN or no axis; if `axis` does not fit.

    Examples
    --------
    >>> round(logsumexp([2.0, 1.0, 0.1]), 4)
    2.417
    >>> logsumexp([1000.0, -1000.0])
    1000.0

    References
    ----------
    Blanchard, Higham & Higham (2021), "Accurately computing the log-sum-exp and softmax
    functions", IMA J. Numer. Anal. 41(4), doi:10.1093/imanum/draa038.
    """

    def smooth_maximum(z):
        # ln Σ e^z = max + log1p(Σ of all but the largest e^(z − max)), and ±inf stays what it is
        largest, others = top_and_others(z)
        return largest + np.log1p(others)

    return by_row(smooth_maximum, check_axis("z", check_logits("z", z), axis), streams=True)


def softmax(z: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> NDArray[Any]:
    """Softmax e^{z_k/T} / Σ_j e^{z_j/T}: one distribution for each row of logits.

    Parameters
    ----------
    z : array_like, shape (..., K)
        Logits. −inf is an impossible class, a single +inf a certain one.
    temperature : float
        T > 0: above 1 flattens, below 1 sharpens.
    axis : int
        The axis of the classes.

    Returns
    -------
    ndarray, shape of z
        Probabilities that sum to 1 along `axis`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN, or a row has −inf only or two
        +inf.

    Examples
    --------
    >>> softmax([0.3, 0.2, 0.1]).round(3)
    array([0.367, 0.332, 0.301])
    >>> softmax([1000.0, 0.0, -float("inf")])
    array([1., 0., 0.])
    """
    rows, temperature = check_logit_rows("z", z, axis), check_positive("temperature", temperature)

    def shares(z):
        _, e, others = from_top(z, temperature)
        e /= 1 + others
        return e

    p = by_row(shares, rows, keeps_classes=True)
    return p if axis == -1 else np.moveaxis(p, -1, axis)


def log_softmax(z: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> NDArray[Any]:
    """Log of the softmax, z_k/T − ln Σ_j e^{z_j/T}, in nats.

    Parameters
    ----------
    z : array_like, shape (..., K)
        Logits. −inf is an impossible class, a single +inf a certain one.
    temperature : float
        T > 0: above 1 flattens, below 1 sharpens.
    axis : int
        The axis of the classes.

    Returns
    -------
    ndarray, shape of z
        Values ≤ 0; −inf for an impossible class.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN, or a row has −inf only or two
        +inf.

    Examples
    --------
    >>> log_softmax([2.0, 1.0, 0.1]).round(4)
    array([-0.417, -1.417, -2.317])
    >>> log_softmax([40.0, 0.0])  # SciPy's first entry is −0.0: the digits are gone
    array([-4.24835426e-18, -4.00000000e+01])
    """
    rows, temperature = check_logit_rows("z", z, axis), check_positive("temperature", temperature)

    def logs(z):
        # ln Σ e^d = log1p(Σ of all but the largest e^d): the top entry keeps its digits near 0
        d, _, others = from_top(z, temperature)
        return d - np.log1p(others)

    log_p = by_row(logs, rows, keeps_classes=True)
    return log_p if axis == -1 else np.moveaxis(log_p, -1, axis)

"""One row through the sigmoid and the loss, forwards and backwards, in one type of number.

Notebook 04 compares three ways to get the loss of a logit and its slope: the formula as it is
written, the formula with a clip in front of the logarithm, and the fused formula. Each function
does what a framework with automatic differentiation does: every step forwards in the arithmetic of
`dtype`, then every step's own derivative backwards, multiplied. So it makes the same accidents.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


class Pass(NamedTuple):
    """What comes out: the loss in nats, and its slope in the logit z."""

    loss: NDArray[Any]
    gradient: NDArray[Any]


def naive(y_true: ArrayLike, logits: ArrayLike, *, dtype: DTypeLike = np.float32) -> Pass:
    """Sigmoid, then −[y ln p + (1 − y) ln(1 − p)], then the chain rule.

    Parameters
    ----------
    y_true : array_like
        Labels in [0, 1].
    logits : array_like, shape of y_true
        Logits z.
    dtype : numpy float type
        The arithmetic of every step.

    Returns
    -------
    Pass
        Loss and slope in z; inf and nan where the arithmetic gives them.

    Examples
    --------
    >>> loss, gradient = naive(0, 3.0)
    >>> print(f"{loss:.4f} {gradient:.4f}")
    3.0486 0.9526
    >>> print(*naive(0, 17.0))  # ln 0, and inf · 0
    inf nan
    """
    return clipped(y_true, logits, eps=0.0, dtype=dtype)


def clipped(
    y_true: ArrayLike, logits: ArrayLike, *, eps: float, dtype: DTypeLike = np.float32
) -> Pass:
    """The naive steps with a clip of p to [eps, 1 − eps] between the sigmoid and the logarithm.

    Parameters
    ----------
    y_true : array_like
        Labels in [0, 1].
    logits : array_like, shape of y_true
        Logits z.
    eps : float
        The bounds are rounded to `dtype`, as they are in practice.
    dtype : numpy float type
        The arithmetic of every step.

    Returns
    -------
    Pass
        Loss and slope in z. The clip's own slope is 1 between its bounds, both included, as in
        PyTorch, and 0 outside.

    Examples
    --------
    >>> loss, gradient = clipped(1, -30.0, eps=1e-7)  # the true loss is 30, the true slope −1
    >>> print(f"{loss:.3f} {gradient:.3f}")
    16.118 0.000
    >>> print(*clipped(0, 30.0, eps=1e-9))  # 1 − 1e-9 is 1 in float32: no clip at all
    inf nan
    """
    y, z = np.asarray(y_true, dtype), np.asarray(logits, dtype)
    one, eps = z.dtype.type(1), z.dtype.type(eps)
    with np.errstate(all="ignore"):
        p = one / (one + np.exp(-z))
        c = np.clip(p, eps, one - eps)
        loss = -(y * np.log(c) + (one - y) * np.log(one - c))
        # backwards: one factor for each step above
        dL_dc = -y / c + (one - y) / (one - c)
        dc_dp = ((p >= eps) & (p <= one - eps)).astype(z.dtype)
        dp_dz = p * (one - p)
        return Pass(loss, dL_dc * dc_dp * dp_dz + 0)  # −0.0 is shown as 0.0


def fused(y_true: ArrayLike, logits: ArrayLike, *, dtype: DTypeLike = np.float32) -> Pass:
    """The loss and its slope straight from z: z·((z > 0) − y) + ln(1 + e^−|z|) and σ(z) − y.

    Parameters
    ----------
    y_true : array_like
        Labels in [0, 1].
    logits : array_like, shape of y_true
        Logits z.
    dtype : numpy float type
        The arithmetic of every step.

    Returns
    -------
    Pass
        Loss and slope in z, finite for every finite z.

    Examples
    --------
    >>> loss, gradient = fused(0, 3.0)
    >>> print(f"{loss:.4f} {gradient:.4f}")
    3.0486 0.9526
    >>> print(*fused(1, -1000.0))
    1000.0 -1.0
    """
    y, z = np.asarray(y_true, dtype), np.asarray(logits, dtype)
    one = z.dtype.type(1)
    with np.errstate(under="ignore"):
        e = np.exp(-np.absolute(z))
        loss = z * ((z > 0).astype(z.dtype) - y) + np.log1p(e)
        rising = np.where(z > 0, one, e) / (one + e)  # σ(z)
        falling = np.where(z > 0, e, one) / (one + e)  # σ(−z)
        return Pass(loss, (one - y) * rising - y * falling)


def last_living_logit(
    y: int, *, eps: float = 0.0, dtype: DTypeLike = np.float32, limit: float = 1000.0
) -> float | None:
    """The most wrong logit at which the clipped (or naive) slope is still neither 0 nor nan.

    Parameters
    ----------
    y : {0, 1}
        The label; the wrong side is z > 0 for 0 and z < 0 for 1.
    eps : float
        The clip; 0 is the naive loss.
    dtype : numpy float type
        The arithmetic of every step.
    limit : float
        How far to look.

    Returns
    -------
    float or None
        None where the slope lives up to the limit.

    Examples
    --------
    >>> round(last_living_logit(1, eps=1e-7), 2)  # ln(1e-7)
    -16.12
    >>> round(last_living_logit(0, dtype=np.float64), 2)  # 53 ln 2
    36.74
    """
    side = -1.0 if y == 1 else 1.0

    def lives(distance):
        slope = clipped(y, side * distance, eps=eps, dtype=dtype).gradient
        return bool(np.isfinite(slope) and slope != 0)

    if lives(limit):
        return None
    near, far = 0.0, limit
    while far - near > 1e-4:
        middle = (near + far) / 2
        near, far = (middle, far) if lives(middle) else (near, middle)
    return side * near

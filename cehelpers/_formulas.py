"""Layer 0: the few identities that several losses share, on plain arrays without checks.

Tables have a row for each distribution: shape (m, K).
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cehelpers._evaluate import BLOCK, FLOAT32, FLOAT64, flat_blocks

FEW_CLASSES = 16


def times(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """a·b with 0·inf = 0."""
    product = a * b
    flat = product.ravel(order="K")  # argmin finds a NaN, if there is one: it can only be 0·inf
    if np.isnan(flat.item(flat.argmin())):
        product[np.isnan(product)] = 0
    return product


def sigmoid(z: NDArray[Any]) -> NDArray[Any]:
    # 1/(1 + e^−z) = e^z/(1 + e^z): whichever has no large exponential
    e = np.exp(-np.absolute(z))
    return np.maximum(e, z >= 0) / (1 + e)


def sigmoids(z: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """σ(z) and σ(−z) = 1 − σ(z), by one exponential."""
    e = np.exp(-np.absolute(z))
    return np.maximum(e, z >= 0) / (1 + e), np.maximum(e, z <= 0) / (1 + e)


def softplus(z: NDArray[Any]) -> NDArray[Any]:
    # ln(1 + e^z) = z + ln(1 + e^−z)
    return np.maximum(z, 0) + np.log1p(np.exp(-np.absolute(z)))


def from_top(z: NDArray[Any], temperature: float = 1.0) -> tuple[NDArray[Any], ...]:
    """d = (z − max z)/T, e^d, and the sum of e^d over the classes below the top, shape (m, 1).

    With it ln Σ e^d = log1p(sum) and Σ e^d = 1 + sum keep the digits that the 1 of the top hides.
    """
    scaled, scale = z, temperature
    if temperature != 1:
        # T may pass the range of float32, and z − max z that of float64 where d does not: the
        # halves of both have the same quotient, but a small T has none
        half = 0.5 if temperature > 1 else 1.0
        scaled, scale = np.multiply(z, half, dtype=float), temperature * half
    d = scaled - np.maximum.reduce(scaled, axis=-1, keepdims=True)
    if temperature != 1:
        d /= scale
    # the top is the first of the largest; +inf, which is certainty, has made it inf − inf, NaN
    if z.shape[-1] < FEW_CLASSES:  # arithmetic beats an index
        e, below = np.exp(np.fmin(d, 0, out=d)), d < 0
        if np.count_nonzero(below) < below.size - len(z):
            np.not_equal(np.arange(z.shape[-1]), z.argmax(axis=-1)[:, None], out=below)
        return d, e, np.add.reduce(e * below, axis=-1, keepdims=True)
    top = np.arange(len(z)), d.argmax(axis=-1)
    d[top] = 0
    e = np.exp(d)
    e[top] = 0
    others = np.add.reduce(e, axis=-1, keepdims=True)
    e[top] = 1
    return d, e, others


def top_and_others(z: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """max z and Σ e^(z − max) of the classes below the top, shape (m,): see `from_top`.

    A row of more classes than a block, alone and of any dtype, is read twice, block by block: for
    its top, then for the others' sum.
    """
    if z.size <= BLOCK:
        return np.maximum.reduce(z, axis=-1), from_top(z)[-1][:, 0]
    dtypes = [FLOAT32 if z.dtype == FLOAT32 else FLOAT64]
    tops = [block.max() for (block,) in flat_blocks(z, dtypes=dtypes)]
    top, at, sums = max(tops), int(np.argmax(tops)), []
    for index, (block,) in enumerate(flat_blocks(z, dtypes=dtypes)):
        e = np.exp(np.fmin(block - top, 0))  # inf − inf, NaN, is the top's
        if index == at:
            e[block.argmax()] = 0
        sums.append(np.add.reduce(e, dtype=float))
    return np.array([top]), np.array([math.fsum(sums)])


def softmax_and_rest(z: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """p_k and Σ_{j≠k} p_j: 1 − p_k below the top, where p_k ≤ ½, and the sum itself at the top."""
    d, e, others = from_top(z)
    p = e / (1 + others)
    return p, np.where(d < 0, 1 - p, others / (1 + others))


def of_label(table: NDArray[Any], labels: NDArray[Any]) -> NDArray[Any]:
    """The entry of each row's label."""
    return table[np.arange(len(table)), labels.astype(np.intp, copy=False)]

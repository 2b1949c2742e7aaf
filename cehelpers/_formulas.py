"""Floor 0: the shared formulas, on plain blocks of numbers that have passed the door.

Each is the textbook formula rearranged so that no digit is lost; the comment names the identity.
In blocks of rows the classes come first: shape (K, m).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Block = NDArray[Any]


def surprise(p: Block, base: float | None = None) -> Block:
    # log2 and log10 are exact at powers of their base; 0 − 0 is 0, where −0.0 would show its sign
    log = {None: np.log, 2: np.log2, 10: np.log10}.get(base)
    return 0.0 - (log(p) if log else np.log(p) / np.log(base))


def folded(e: Block) -> Block:
    """Fewer numbers (an eighth) with the same Π(1 + e), so the same Σ log1p(e), for e in [0, 1]."""
    for _ in range(3):
        if e.size % 2:
            break
        a, b = e.reshape(2, -1)
        e = a + b + a * b  # (1 + a)(1 + b) = 1 + (a + b + ab), where nothing cancels
    return e


def sigmoid(z: Block) -> Block:
    # 1/(1 + e^−z) = e^z/(1 + e^z): whichever has no large exponential
    e = np.exp(-np.absolute(z))
    return np.maximum(e, z >= 0) / (1 + e)


def softplus(z: Block) -> Block:
    # ln(1 + e^z) = z + ln(1 + e^−z)
    return np.maximum(z, 0) + np.log1p(np.exp(-np.absolute(z)))


def log_sigmoid(z: Block) -> Block:
    return np.minimum(z, 0) - np.log1p(np.exp(-np.absolute(z)))


def logit(p: Block) -> Block:
    # ln p − ln(1 − p) = 2 atanh(2p − 1), whose argument is exact for p in [¼, 1]
    middle = np.absolute(p - 0.5) <= 0.25
    out = np.log(p) - np.log1p(-p)
    return np.arctanh(2 * p - 1, out=out, where=middle) * (1 + middle)


def from_top(z: Block, temperature: float = 1.0) -> tuple[Block, Block, Any]:
    """d = (z − max z)/T, e^d with 0 at its largest entry, and where that entry stands."""
    top = z.argmax(axis=0), np.arange(z.shape[1])
    if temperature != 1:
        # T may pass the range of float32, and z − max z that of float64 where d does not: the
        # halves of both have the same quotient, but a small T has none
        half = 0.5 if temperature > 1 else 1.0
        z, temperature = np.multiply(z, half, dtype=float), temperature * half
    d = z - z[top]
    if temperature != 1:
        d /= temperature
    d[top] = 0  # inf − inf: a logit of +inf is certainty
    others = np.exp(d)
    others[top] = 0
    return d, others, top


def logsumexp(z: Block) -> Block:
    # ln Σ e^z = max + log1p(Σ of all but the largest e^d); ±inf needs nothing added
    _, others, top = from_top(z)
    largest = z[top]
    return np.add(largest, np.log1p(others.sum(axis=0)), out=largest, where=np.isfinite(largest))


def log_softmax(z: Block, temperature: float = 1.0) -> Block:
    # ln Σ e^d = log1p(Σ of all but the largest e^d): the top entry keeps its digits near 0
    d, others, _ = from_top(z, temperature)
    return d - np.log1p(others.sum(axis=0))


def softmax(z: Block, temperature: float = 1.0) -> Block:
    return softmax_and_rest(z, temperature)[0]


def softmax_and_rest(z: Block, temperature: float = 1.0) -> tuple[Block, Block]:
    """p_k and Σ_{j≠k} p_j: 1 − p_k below the top, where p_k ≤ ½, and the sum itself at the top."""
    _, others, top = from_top(z, temperature)
    rest = others.sum(axis=0)
    others[top] = 1
    p = others / (1 + rest)
    complement = 1 - p
    complement[top] = rest / (1 + rest)
    return p, complement


def divergence(p: Block, q: Block) -> Block:
    """p·ln(p/q) − p + q, which is never negative."""
    s = relative_gap(p, q)
    # ln(p/q) = 2 atanh s and p = (p + q)(1 + s)/2; the series keeps atanh s − s near p = q
    r = atanh_less_self(s)
    near = (p + q) * (s * (s + r) + r)
    # p/q overflows for the tiniest q, where ln p − ln q has digits to spare
    ratio = p / q
    log_ratio = np.where(ratio < np.inf, np.log(ratio), np.log(p) - np.log(q))
    far = np.where(p > 0, p * log_ratio - (p - q), q)
    return np.where(np.absolute(s) <= 1 / 3, near, far)


def to_mixture(p: Block, q: Block) -> Block:
    """½·p·ln(p/m) + ½·q·ln(q/m) with m = (p + q)/2, which is never negative."""
    # the larger is m(1 + u) and the smaller m(1 − u), so the sum is m/2 times
    # (1 + u)·ln(1 + u) + (1 − u)·ln(1 − u) = 2u·atanh u + ln(1 − u²), the second near p = q
    u = np.absolute(relative_gap(p, q))
    near = 2 * u * np.arctanh(u) + np.log1p(-u * u)
    less = 2 * np.minimum(p, q) / (p + q)
    far = (1 + u) * np.log1p(u) + np.where(less > 0, less * np.log(less), 0)
    return (p + q) / 4 * np.where(u < 0.5, near, far)


def relative_gap(p: Block, q: Block) -> Block:
    """(p − q)/(p + q), and 0 where both are 0."""
    total = p + q
    return np.divide(p - q, total, out=np.zeros_like(total), where=total > 0)


def atanh_less_self(s: Block) -> Block:
    """atanh s − s = s³(1/3 + s²/5 + s⁴/7 + …), to rounding for |s| ≤ 1/3."""
    square = s * s
    series = np.zeros_like(s)
    for k in range(35, 1, -2):
        series = series * square + 1 / k
    return s * square * series


def of_label(table: Block, labels: NDArray[Any]) -> Block:
    """The entry of each row's label."""
    return table[labels.astype(np.intp), np.arange(table.shape[1])]

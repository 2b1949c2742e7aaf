"""Layer 3: what decisions cost, and the threshold at which they cost least.

As in `metrics`, a row is flagged (predicted positive) when its probability ≥ the threshold.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    LARGEST,
    check_binary,
    check_pair,
    check_probabilities,
    check_range,
    check_same_shape,
    check_scores,
    unit_of,
)


def expected_cost(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    threshold: ArrayLike,
    cost_fp: ArrayLike,
    cost_fn: ArrayLike,
) -> float:
    """Mean cost of these rows, (Σ cost_fp + Σ cost_fn)/n, when p ≥ threshold is flagged.

    The first sum goes over the false alarms, the second over the missed positives. A mean over a
    sample: it estimates the expected cost of a row like them.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_prob : array_like, shape of y_true
        Predicted probabilities of class 1.
    threshold : float, or array_like of the shape of y_true
        Rows with p ≥ threshold are flagged: 0 flags all of them, inf none.
    cost_fp, cost_fn : float, or array_like of the shape of y_true
        Costs ≥ 0 of a false alarm and of a missed positive, of all rows or of each; right
        decisions cost nothing.

    Returns
    -------
    float
        Cost per row, in the unit of the costs.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> y, p = [0, 0, 0, 1], [0.1, 0.4, 0.2, 0.3]
    >>> expected_cost(y, p, threshold=0.3, cost_fp=10, cost_fn=100)  # one false alarm in four
    2.5
    >>> expected_cost(y, p, threshold=float("inf"), cost_fp=10, cost_fn=100)
    25.0
    >>> amount = [20, 5, 400, 90]  # what a miss costs: each row has its own threshold
    >>> expected_cost(y, p, threshold=cost_threshold(10, amount), cost_fp=10, cost_fn=amount)
    2.5
    """
    y, p = check_pair(check_binary, check_probabilities, y_true=y_true, y_prob=y_prob)
    threshold = _each("threshold", check_scores("threshold", threshold), y, p)
    cost_fp = _each("cost_fp", _check_costs("cost_fp", cost_fp), y, p)
    cost_fn = _each("cost_fn", _check_costs("cost_fn", cost_fn), y, p)
    if p.dtype.kind == "f":  # a threshold of float64 that equals p as float32 flags the row
        with np.errstate(over="ignore"):
            threshold = threshold.astype(p.dtype)
    flagged = p >= threshold
    return _mean_where(flagged & (y == 0), cost_fp) + _mean_where(~flagged & (y == 1), cost_fn)


def cost_threshold(cost_fp: ArrayLike, cost_fn: ArrayLike) -> float | NDArray[np.float64]:
    """Threshold of least expected cost for calibrated probabilities: cost_fp/(cost_fp + cost_fn).

    Flagging costs (1 − p)·cost_fp and not flagging p·cost_fn: equal at this p.

    Parameters
    ----------
    cost_fp, cost_fn : float, or array_like of equal shapes
        Costs ≥ 0 of a false alarm and of a missed positive, of all rows or of each; not both 0.

    Returns
    -------
    float, or ndarray of the shape of the costs
        Probability in [0, 1] from which on flagging is the cheaper decision.

    Raises
    ------
    TypeError, ValueError
        If a cost is not finite and ≥ 0; if the sum of both is 0 or not finite; if the costs are
        two arrays of different shapes.

    Examples
    --------
    >>> cost_threshold(1, 550)  # 1/551
    0.0018148820326678765
    >>> cost_threshold(0, 1)  # an alarm that costs nothing is always worth it
    0.0
    >>> cost_threshold(10, [10, 30, 990])  # a miss costs the amount: one threshold a row
    array([0.5 , 0.25, 0.01])

    References
    ----------
    Elkan (2001), "The foundations of cost-sensitive learning", IJCAI, 973-978.
    """
    cost_fp, cost_fn = _check_costs("cost_fp", cost_fp), _check_costs("cost_fn", cost_fn)
    check_same_shape(cost_fp=cost_fp, cost_fn=cost_fn)
    with np.errstate(over="ignore"):
        total = cost_fp + cost_fn
    positive = "have a positive, finite sum"
    check_range("cost_fp and cost_fn", total, math.ulp(0.0), LARGEST, positive)
    cut = cost_fp / total
    return cut if cut.ndim else float(cut)


# ---------------------------------------------------------------- inside


def _check_costs(name: str, value: ArrayLike) -> NDArray[np.float64]:
    return check_range(name, value, 0, LARGEST, "be finite and not negative").astype(float)


def _each(name: str, value: NDArray, *arrays: NDArray) -> NDArray:
    """One number for all rows, or one for each."""
    shape = max((x.shape for x in arrays), key=len)
    if value.ndim and value.shape != shape:
        shown = f"got {value.shape} for {shape}"
        raise ValueError(f"{name} must be one number or have the shape of the rows; {shown}")
    return value


def _mean_where(mistake: NDArray[np.bool_], cost: NDArray[np.float64]) -> float:
    """Mean over all rows of the cost of those that are mistakes."""
    if cost.ndim == 0:
        return float(cost * np.mean(mistake))
    unit = unit_of(cost)
    return float(unit * np.mean(np.where(mistake, cost / unit, 0)))

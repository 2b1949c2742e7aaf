"""Layer 3: what decisions cost, and the threshold at which they cost least.

As in `metrics`, a row is flagged (predicted positive) when its probability ≥ the threshold.
"""

import numpy as np
from numpy.typing import ArrayLike

from cehelpers._checks import (
    check_binary,
    check_not_negative,
    check_number,
    check_pair,
    check_probabilities,
)


def expected_cost(
    y_true: ArrayLike, y_prob: ArrayLike, *, threshold: float, cost_fp: float, cost_fn: float
) -> float:
    """Mean cost of these rows, (cost_fp·fp + cost_fn·fn)/n, when p ≥ threshold is flagged.

    A mean over a sample: it estimates the expected cost of a row like them.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_prob : array_like, shape of y_true
        Predicted probabilities of class 1.
    threshold : float
        Rows with p ≥ threshold are flagged: 0 flags all of them, inf none.
    cost_fp, cost_fn : float
        Costs ≥ 0 of a false alarm and of a missed positive; right decisions cost nothing.

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
    """
    y, p = check_pair(check_binary, check_probabilities, y_true=y_true, y_prob=y_prob)
    threshold = check_number("threshold", threshold, lambda t: t == t, "not be NaN")
    cost_fp = check_not_negative("cost_fp", cost_fp)
    cost_fn = check_not_negative("cost_fn", cost_fn)
    flagged = p >= threshold
    return float(cost_fp * np.mean(flagged & (y == 0)) + cost_fn * np.mean(~flagged & (y == 1)))


def cost_threshold(cost_fp: float, cost_fn: float) -> float:
    """Threshold of least expected cost for calibrated probabilities: cost_fp/(cost_fp + cost_fn).

    Flagging costs (1 − p)·cost_fp and not flagging p·cost_fn: equal at this p.

    Parameters
    ----------
    cost_fp, cost_fn : float
        Costs ≥ 0 of a false alarm and of a missed positive, not both 0.

    Returns
    -------
    float
        Probability in [0, 1] from which on flagging is the cheaper decision.

    Raises
    ------
    TypeError, ValueError
        If a cost is not one finite number ≥ 0; if the sum of both is 0 or not finite.

    Examples
    --------
    >>> cost_threshold(1, 550)  # 1/551
    0.0018148820326678765
    >>> cost_threshold(0, 1)  # an alarm that costs nothing is always worth it
    0.0

    References
    ----------
    Elkan (2001), "The foundations of cost-sensitive learning", IJCAI, 973-978.
    """
    cost_fp = check_not_negative("cost_fp", cost_fp)
    cost_fn = check_not_negative("cost_fn", cost_fn)
    total = cost_fp + cost_fn
    if not 0 < total < np.inf:
        raise ValueError(f"cost_fp and cost_fn must have a positive, finite sum; got {total}")
    return cost_fp / total

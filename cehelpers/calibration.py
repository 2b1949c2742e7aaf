"""Layer 4: do probabilities mean what they say? Reliability, with its intervals, and its errors.

Reliability compares the mean prediction of a bin with the share that happened.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    MOST_BINS,
    check_binary,
    check_choice,
    check_distributions,
    check_integer,
    check_labels_of_rows,
    check_number,
    check_pair,
    check_probabilities,
    check_range,
    check_same_shape,
    check_sample_weight,
    rows_that_count,
)
from cehelpers._evaluate import float_dtype

STRATEGIES = ("uniform", "quantile")


class Interval(NamedTuple):
    """Both ends of an interval."""

    low: Any
    high: Any


class ReliabilityCurve(NamedTuple):
    """One entry for each bin that holds a prediction, from the lowest."""

    bin_low: NDArray[Any]
    bin_high: NDArray[Any]
    mean_prediction: NDArray[np.float64]
    observed_share: NDArray[np.float64]
    count: NDArray[Any]
    wilson_low: NDArray[np.float64]
    wilson_high: NDArray[np.float64]


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, *, confidence: float = 0.95
) -> Interval:
    """Wilson's interval for a probability of which `successes` of `trials` were seen.

    Parameters
    ----------
    successes : array_like, any shape
        Counts from 0 to `trials`.
    trials : array_like, shape of successes
        Counts above 0.
    confidence : float
        How often, about, such intervals hold the true probability; in [0.001, 1).

    Returns
    -------
    Interval
        Named tuple of `low` and `high` in [0, 1]: floats, or arrays where counts are.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> low, high = wilson_interval(16, 60)
    >>> round(low, 3), round(high, 3)
    (0.171, 0.39)
    >>> round(wilson_interval(0, 20).high, 3)  # never seen in 20 is not impossible
    0.161

    References
    ----------
    Wilson (1927), "Probable inference, the law of succession, and statistical inference",
    doi:10.1080/01621459.1927.10502953.
    """
    # imported here: it takes as long as the rest of this floor
    from statistics import NormalDist

    n = check_range("trials", trials, 1e-300, 1e300, "be finite and above 0")
    k = check_range("successes", successes, 0, np.inf, "not be negative")
    check_same_shape(successes=k, trials=n)
    k, n = np.broadcast_arrays(k.astype(float), n.astype(float))
    if not (k <= n).all():
        worst = np.unravel_index(int((k > n).argmax()), k.shape)
        where = (
            f" at index {worst[0] if len(worst) == 1 else tuple(map(int, worst))}" if worst else ""
        )
        shown = f"got {k[worst]:g} of {n[worst]:g}{where}"
        raise ValueError(f"successes must not exceed trials; {shown}")
    text = "lie in [0.001, 1)"
    confidence = check_number("confidence", confidence, lambda c: 0.001 <= c < 1, text)
    z = -NormalDist().inv_cdf((1 - confidence) / 2)

    with np.errstate(under="ignore"):
        # (k/n − p)² = z²·p(1 − p)/n has two roots; the smaller is product over larger: 0 at k = 0
        share, root = k / n, z * np.sqrt(z * z + 4 * k * ((n - k) / n))
        low = 2 * k * share / (2 * k + z * z + root)
        few = (2 * k + z * z + root) / (2 * (n + z * z))
        rest = n - k  # of most of them, 1 less the smaller root of the failures: 1 at k = n
        high = np.where(k < n / 2, few, 1 - 2 * rest * (rest / n) / (2 * rest + z * z + root))
        ends = np.minimum(low, share), np.maximum(high, share)
    return Interval(*(end if end.ndim else float(end) for end in map(np.asarray, ends)))


def reliability_curve(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    n_bins: int = 10,
    strategy: str = "uniform",
    sample_weight: ArrayLike | None = None,
) -> ReliabilityCurve:
    """Reliability curve: mean prediction against observed share of ones, bin by bin.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_prob : array_like, shape of y_true
        Predicted probabilities of class 1.
    n_bins : int
        Number of bins, from 1 to a million.
    strategy : {"uniform", "quantile"}
        Bins of equal width, or of equal numbers of rows (as nearly as equal predictions, which
        stay together, allow). With weights, of equal sums as nearly as whole rows allow.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice in every mean, share and sum. In the interval
        the rows of a bin count as (Σw)²/Σw² equal ones.

    Returns
    -------
    ReliabilityCurve
        Named tuple of arrays: the bins (`bin_low`, `bin_high`], of which the first holds 0 as
        well, `mean_prediction`, `observed_share`, `count`, and the 95% Wilson interval of the
        share from `wilson_low` to `wilson_high`. With weights `count` is their sum. A bin without
        rows has neither mean nor share and is left out.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> curve = reliability_curve([0, 0, 1, 1], [0.0, 0.1, 0.9, 0.7], n_bins=5)
    >>> curve.bin_high, curve.observed_share  # (0.2, 0.4] and (0.4, 0.6] are empty
    (array([0.2, 0.8, 1. ]), array([0., 1., 1.]))
    >>> reliability_curve([0, 1], [0.5, 0.5], n_bins=2, strategy="quantile").count
    array([2])

    References
    ----------
    Bröcker & Smith (2007), "Increasing the reliability of reliability diagrams",
    doi:10.1175/WAF993.1.
    """
    y, p = check_pair(check_binary, check_probabilities, y_true=y_true, y_prob=y_prob)
    n_bins = check_integer("n_bins", n_bins, 1, MOST_BINS)
    check_choice("strategy", strategy, STRATEGIES)
    y, p, weight = rows_that_count(check_sample_weight(sample_weight, y, p), y, p)
    p = p.astype(float_dtype(p), copy=False)
    if strategy == "uniform":
        # k/n_bins in the dtype of p, so that a 0.3 of either width is in (0.2, 0.3]
        cuts = (np.arange(1, n_bins) / n_bins).astype(p.dtype)
    else:
        upper = _last_of_parts(p, weight, n_bins)
        cuts = np.unique(np.sort(p)[upper[upper >= 0]])
    bins = np.searchsorted(cuts, p, "left")  # (lo, hi]
    edges = np.concatenate([[0], cuts, [1]]).astype(p.dtype)
    total = np.bincount(bins, weights=weight, minlength=len(edges) - 1)
    held = total > 0
    count = total[held]

    def sums(values):
        return np.bincount(bins, weights=values, minlength=len(total))[held]

    with np.errstate(under="ignore"):
        if weight is None:
            ones, effective = sums(y), count
            mean, share = sums(p) / count, ones / count
        else:
            part = weight / total[bins]  # of its bin, so that no product overflows
            mean, share, effective = sums(part * p), sums(part * y), 1 / sums(part**2)
            share = np.minimum(share, 1)  # parts round
            ones = share * effective
    interval = wilson_interval(ones, effective)
    return ReliabilityCurve(edges[:-1][held], edges[1:][held], mean, share, count, *interval)


def expected_calibration_error(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    n_bins: int = 10,
    strategy: str = "uniform",
    sample_weight: ArrayLike | None = None,
) -> float:
    """Expected calibration error Σ count/n·|observed share − mean prediction|, without unit.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_prob : array_like, shape of y_true
        Predicted probabilities of class 1.
    n_bins : int
        Number of bins, from 1 to a million; the error depends on it.
    strategy : {"uniform", "quantile"}
        Bins of equal width or of equal numbers of rows, as in `reliability_curve`.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice.

    Returns
    -------
    float
        Error in [0, 1].

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> y = [1] * 6 + [0] * 4  # 0.6 of ten are right, at 0.9 and at 0.6
    >>> round(expected_calibration_error(y + y, [0.9] * 10 + [0.6] * 10), 4)
    0.15
    >>> expected_calibration_error([0, 1], [1.0, 0.0])
    1.0

    References
    ----------
    Naeini, Cooper & Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian
    binning", AAAI, doi:10.1609/aaai.v29i1.9602.
    """
    curve = reliability_curve(
        y_true, y_prob, n_bins=n_bins, strategy=strategy, sample_weight=sample_weight
    )
    gaps = np.absolute(curve.observed_share - curve.mean_prediction)
    with np.errstate(under="ignore"):
        return float(curve.count @ gaps / curve.count.sum())


def expected_calibration_error_multiclass(
    labels: ArrayLike,
    probs: ArrayLike,
    *,
    n_bins: int = 10,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Expected calibration error of the top label: is it right as often as it says?

    Parameters
    ----------
    labels : array_like of int, shape (...)
        Classes in 0..K−1.
    probs : array_like, shape (..., K)
        Rows of predicted probabilities; of equal largest ones the first is the top label.
    n_bins : int
        Number of bins of equal width, from 1 to a million.
    sample_weight : array_like, shape of labels, optional
        Weights ≥ 0: a weight of 2 is the row twice.

    Returns
    -------
    float
        Error in [0, 1].

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> probs = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]]  # both 0.8 sure, one right
    >>> round(expected_calibration_error_multiclass([0, 2], probs), 4)
    0.3
    >>> expected_calibration_error_multiclass([0, 1], [[1.0, 0.0], [0.0, 1.0]])
    0.0

    References
    ----------
    Guo et al. (2017), "On calibration of modern neural networks", ICML, arXiv:1706.04599.
    """
    p = check_distributions("probs", probs)
    right = p.argmax(axis=-1) == check_labels_of_rows(labels, "probs", p)
    top = p.max(axis=-1)
    return expected_calibration_error(right, top, n_bins=n_bins, sample_weight=sample_weight)


# ---------------------------------------------------------------- inside


def _last_of_parts(p: NDArray[Any], weight: NDArray[Any] | None, parts: int) -> NDArray[np.int64]:
    """Where the last row of each part but one is, of the sorted rows: −1 is none."""
    steps = np.arange(1, parts, dtype=np.int64)  # the product needs more than 32 bits
    if weight is None:
        return steps * p.size // parts - 1
    whole = np.cumsum(weight[np.argsort(p)])
    # a part ends with the last row that it has whole, to rounding
    ends = whole[-1] * (steps / parts) * (1 + 1e-12)
    return np.searchsorted(whole, ends, "right") - 1

"""Layer 4: reliability without bins: the isotonic curve, and what a score is made of.

CORP (consistent, optimal, reproducible, by pooling adjacent violators) lets the data choose the
bins: the shares of the isotonic regression of the labels on the forecasts.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_binary,
    check_choice,
    check_generator,
    check_number,
    check_pair,
    check_probabilities,
    check_sample_weight,
)
from cehelpers._evaluate import QUIET
from cehelpers._formulas import times
from cehelpers._isotonic import Pooled, fill, isotonic, pool_ties
from cehelpers.binary_losses import binary_cross_entropy, brier_score

SCORES = ("log_loss", "brier")
RESAMPLES, AT_ONCE = 1000, 100
MOST_FORECASTS = 2000  # in the bands


class CorpCurve(NamedTuple):
    """One entry for each distinct forecast, from the lowest."""

    prediction: NDArray[np.float64]
    observed: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    weight: NDArray[np.float64]


class ScoreDecomposition(NamedTuple):
    """score = miscalibration − discrimination + uncertainty, none of the three below 0."""

    score: float
    miscalibration: float
    discrimination: float
    uncertainty: float


def corp_curve(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    confidence: float = 0.95,
    rng: np.random.Generator | None = None,
) -> CorpCurve:
    """CORP reliability curve: the isotonic regression of the labels on the forecasts, with bands.

    The bands are of consistency: where the curve of a calibrated forecaster of as many rows would
    lie. A point outside them says miscalibrated.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_prob : array_like, shape of y_true
        Predicted probabilities of class 1.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice in the curve, but not in the bands, where
        the rows of a forecast count as (Σw)²/Σw² equal ones.
    confidence : float
        How often, about, a calibrated forecaster's curve lies in the bands at one forecast;
        in [0.001, 1).
    rng : numpy.random.Generator, optional
        Draws the labels of the bands, 1000 times; None stands for ``default_rng(0)``.

    Returns
    -------
    CorpCurve
        Named tuple of arrays (m,), for m distinct forecasts: `prediction`, rising; `observed`, the
        share of ones in its block; the band from `low` to `high`; and `weight`, the rows or their
        sum of weights. For the bands more than 2000 forecasts are grouped, finely at both ends.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> curve = corp_curve([0, 1, 0, 1], [0.1, 0.4, 0.6, 0.6])
    >>> curve.prediction, curve.observed.round(2), curve.weight
    (array([0.1, 0.4, 0.6]), array([0.  , 0.67, 0.67]), array([1., 1., 2.]))
    >>> curve = corp_curve([0, 1], [0.0, 0.0])  # 0 leaves a calibrated forecaster no room
    >>> curve.observed, curve.high
    (array([0.5]), array([0.]))

    References
    ----------
    Dimitriadis, Gneiting & Jordan (2021), "Stable reliability diagrams for probabilistic
    classifiers", PNAS, doi:10.1073/pnas.2016191118.
    """
    ties = _ties(y_true, y_prob, sample_weight)
    text = "lie in [0.001, 1)"
    confidence = check_number("confidence", confidence, lambda c: 0.001 <= c < 1, text)
    if rng is None:
        rng = np.random.default_rng(0)
    check_generator(rng)
    observed = fill(*isotonic(ties.ones, ties.weight), len(ties.score))
    low, high = _bands(ties, confidence, rng)
    with np.errstate(under="ignore"):
        return CorpCurve(ties.score, observed, low, high, ties.unit * ties.weight)


def score_decomposition(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    score: str = "log_loss",
    sample_weight: ArrayLike | None = None,
) -> ScoreDecomposition:
    """What a score is made of: miscalibration − discrimination + uncertainty.

    The isotonic regression of the labels on the forecasts is the best recalibration that keeps
    their order. What it gains is the miscalibration; what it then gains on the base rate is the
    discrimination; the score of the base rate itself is the uncertainty.

    Parameters
    ----------
    y_true : array_like of 0 and 1, any shape
        Hard labels.
    y_prob : array_like, shape of y_true
        Predicted probabilities of class 1.
    score : {"log_loss", "brier"}
        Mean cross-entropy in nats, or the Brier score.
    sample_weight : array_like, shape of y_true, optional
        Weights ≥ 0: a weight of 2 is the row twice.

    Returns
    -------
    ScoreDecomposition
        Named tuple of `score`, `miscalibration`, `discrimination` and `uncertainty`, all ≥ 0. A
        forecast that is certain and wrong makes the log loss and its miscalibration inf.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> parts = score_decomposition([0, 1, 0, 1], [0.1, 0.4, 0.6, 0.6], score="brier")
    >>> [round(part, 4) for part in parts]
    [0.2225, 0.0558, 0.0833, 0.25]
    >>> score_decomposition([0, 1], [0.5, 1.0]).miscalibration  # in order, but 0.5 for a 0: ln 2/2
    0.34657359027997264
    >>> score_decomposition([0, 1], [1.0, 0.5]).score
    inf

    References
    ----------
    Dimitriadis, Gneiting & Jordan (2021), "Stable reliability diagrams for probabilistic
    classifiers", PNAS, doi:10.1073/pnas.2016191118.
    """
    check_choice("score", score, SCORES)
    ties = _ties(y_true, y_prob, sample_weight)
    whole = (binary_cross_entropy if score == "log_loss" else brier_score)(
        y_true, y_prob, sample_weight=sample_weight
    )
    better = fill(*isotonic(ties.ones, ties.weight), len(ties.score))
    part = ties.weight / ties.weight.sum()
    rate = ties.ones.sum() / ties.weight.sum()
    gain = _log_gain if score == "log_loss" else _brier_gain
    # in each block the recalibrated forecast is the share of ones, so it stands for the labels
    gains = (
        QUIET.copy().run(gain, *forecasts)
        for forecasts in ((ties.score, better, ties.ones / ties.weight), (rate, better, better))
    )
    mcb, dsc = (max(0.0, float(part @ each)) for each in gains)
    return ScoreDecomposition(whole, mcb, dsc, _uncertainty(score, rate))


# ---------------------------------------------------------------- inside


def _ties(y_true: ArrayLike, y_prob: ArrayLike, sample_weight: ArrayLike | None) -> Pooled:
    y, p = check_pair(check_binary, check_probabilities, y_true=y_true, y_prob=y_prob)
    return pool_ties(y, p, check_sample_weight(sample_weight, y, p))


def _bands(ties: Pooled, confidence: float, rng: np.random.Generator) -> tuple[Any, Any]:
    """Quantiles of the curves of a calibrated forecaster, at each distinct forecast."""
    p, w, _, n, _ = ties
    group = np.arange(len(p))
    if len(p) > MOST_FORECASTS:
        # few rows where a curve is most free, at the ends: sin² has steps of a row there
        edges = n.sum() * np.sin(np.linspace(0, np.pi / 2, MOST_FORECASTS + 1)) ** 2
        group = np.searchsorted(edges[1:-1], np.cumsum(n) - n / 2)
        group = np.unique(group, return_inverse=True)[1]
        total = np.bincount(group, weights=w)
        with np.errstate(under="ignore"):
            p = np.bincount(group, weights=w * p) / total
            # of parts with effective counts n: (Σ w)²/Σ w²/n
            n, w = 1 / np.bincount(group, weights=(w / total[group]) ** 2 / n), total
    m, trials = len(p), np.rint(n).astype(np.int64)
    curves = np.empty((RESAMPLES, m))
    for start in range(0, RESAMPLES, AT_ONCE):
        share = rng.binomial(trials, p, size=(AT_ONCE, m)) / trials
        pooled = isotonic((w * share).ravel(), np.tile(w, AT_ONCE), m)
        curves[start : start + AT_ONCE] = fill(*pooled, AT_ONCE * m).reshape(AT_ONCE, m)
    rest = (1 - confidence) / 2
    low, high = np.quantile(curves, [rest, 1 - rest], axis=0)
    return low[group], high[group]


def _log_gain(worse: Any, better: Any, share: NDArray[Any]) -> NDArray[Any]:
    ones = times(share, np.log(better) - np.log(worse))
    return ones + times(1 - share, np.log1p(-better) - np.log1p(-worse))


def _brier_gain(worse: Any, better: Any, share: NDArray[Any]) -> NDArray[Any]:
    # (worse − share)² − (better − share)²
    return (worse - better) * (worse + better - 2 * share)


def _uncertainty(score: str, rate: float) -> float:
    if score == "brier":
        return float(rate * (1 - rate))
    return binary_cross_entropy(rate, rate)

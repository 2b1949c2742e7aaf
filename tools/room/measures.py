"""What a class's answers say of each question, of each mistake, and of the class: with intervals.

Every interval holds what it is about 19 times in 20. What is *said* of many questions at once is
held to narrower odds: `family` gives each of m intervals the confidence 1 − 0.05/m, so that all of
them hold together 19 times in 20, and a sentence that follows from them is wrong at most that often
(Bonferroni).

Learners are drawn, questions are fixed: all answers of one learner hang together, and their number
alone would promise too much. Where a number joins several answers of each learner its interval
counts learners (`clustered`, `effective`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers.calibration import reliability_curve, wilson_interval

CONFIDENCE = 0.95
ENOUGH = 5  # right, and as many not right, before a question's discrimination is estimated
OTHERS = 5  # other questions that a learner must have tried to be placed
GROUPS = 6  # of the room's reliability diagram


class Estimate(NamedTuple):
    """A number and its interval; all three are nan where nothing can be said."""

    value: float
    low: float
    high: float
    n: int

    @property
    def known(self) -> bool:
        return not math.isnan(self.value)


UNKNOWN = Estimate(math.nan, math.nan, math.nan, 0)


def family(m: int) -> float:
    """The confidence of each of m intervals that shall all hold together 19 times in 20."""
    return 1 - (1 - CONFIDENCE) / max(m, 1)


def share(hits: int, n: int, confidence: float = CONFIDENCE) -> Estimate:
    """A share of n with Wilson's interval."""
    if not n:
        return UNKNOWN
    interval = wilson_interval(hits, n, confidence=confidence)
    return Estimate(hits / n, interval.low, interval.high, n)


def mean(values: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """A mean of independent numbers with Student's interval; from two on."""
    from scipy.special import stdtrit

    x = np.asarray(values, dtype=float)
    if len(x) < 2:
        return UNKNOWN
    half = stdtrit(len(x) - 1, (1 + confidence) / 2) * x.std(ddof=1) / math.sqrt(len(x))
    return Estimate(float(x.mean()), float(x.mean() - half), float(x.mean() + half), len(x))


# -- questions ------------------------------------------------------------------------------------


def rests(right: NDArray) -> NDArray[np.float64]:
    """How each learner did on all other questions, beside what others did on those.

    Parameters
    ----------
    right : ndarray, shape (learners, questions)
        1, 0, and nan where nothing was tried.

    Returns
    -------
    ndarray, shape (learners, questions)
        The mean, over the other questions that a learner tried, of 1 or 0 less the question's own
        share: who tried the hard ones is not taken to be weak. nan below `OTHERS` of them.
    """
    there = ~np.isnan(right)
    count = there.sum(axis=0)
    p = np.divide(np.nansum(right, axis=0), count, out=np.zeros(right.shape[1]), where=count > 0)
    over = np.where(there, right - p, 0.0)
    others = there.sum(axis=1, keepdims=True) - there
    total = over.sum(axis=1, keepdims=True) - over
    return np.divide(total, others, out=np.full(right.shape, np.nan), where=others >= OTHERS)


def discrimination(right: NDArray, rest: NDArray, confidence: float = CONFIDENCE) -> Estimate:
    """Item-rest correlation: whether those who do well elsewhere do well here.

    The point-biserial correlation of one question with the rest (Lord and Novick 1968, section
    15.2), the question itself left out of the rest (Henrysson 1963). The interval is Fisher's, with
    the variance that a correlation with 0 and 1 has, (1 − ρ²)²(1 − 3ρ²/2 + ρ²/(4pq))/n (Tate 1954).

    Parameters
    ----------
    right, rest : ndarray, shape (learners,)
        1, 0 or nan; how each did elsewhere, or nan.
    confidence : float

    Returns
    -------
    Estimate
        Unknown unless `ENOUGH` were right and as many were not.

    References
    ----------
    Henrysson (1963), "Correction of item-total correlations in item analysis", Psychometrika 28.
    Lord and Novick (1968), "Statistical theories of mental test scores".
    Tate (1954), "Correlation between a discrete and a continuous variable. Point-biserial
    correlation", doi:10.1214/aoms/1177728730.
    """
    placed = ~np.isnan(right) & ~np.isnan(rest)
    x, y = right[placed], rest[placed]
    n, hits = len(x), int(x.sum())
    if min(hits, n - hits) < ENOUGH or np.ptp(y) < 1e-12:
        return UNKNOWN
    r = float(np.corrcoef(x, y)[0, 1])
    if abs(r) > 1 - 1e-9:
        return UNKNOWN
    p = hits / n
    spread = math.sqrt((1 - 1.5 * r * r + r * r / (4 * p * (1 - p))) / (n - 3))
    half = NormalDist().inv_cdf((1 + confidence) / 2) * spread
    z = math.atanh(r)
    return Estimate(r, math.tanh(z - half), math.tanh(z + half), n)


def candidates(estimates: Sequence[Estimate], *, highest: bool) -> list[int]:
    """Which of them may be the extreme one: those whose interval reaches the best one's.

    With intervals that hold together, the true extreme is among these.
    """
    known = [i for i, one in enumerate(estimates) if one.known]
    if not known:
        return []
    if highest:
        bar = max(estimates[i].low for i in known)
        return [i for i in known if estimates[i].high >= bar]
    bar = min(estimates[i].high for i in known)
    return [i for i in known if estimates[i].low <= bar]


# -- answers with probabilities -------------------------------------------------------------------


def clustered(
    values: NDArray, learner: NDArray, confidence: float = CONFIDENCE
) -> tuple[Estimate, float]:
    """The mean of several numbers of each learner, and its standard error, counted by learners.

    The ratio of two sums over learners, with the linearised variance (Cochran 1977, section 6.4)
    and Student's quantile of learners less one.

    Parameters
    ----------
    values, learner : ndarray, shape (n,)
        A number, and whose it is.
    """
    from scipy.special import stdtrit

    _, who = np.unique(learner, return_inverse=True)
    m = int(who.max()) + 1 if len(who) else 0
    if m < 2:
        return UNKNOWN, math.nan
    centre = float(values.mean())
    sums = np.bincount(who, values - centre, minlength=m)
    error = math.sqrt(m / (m - 1) * float(np.sum(sums**2))) / len(values)
    half = float(stdtrit(m - 1, (1 + confidence) / 2)) * error
    return Estimate(centre, centre - half, centre + half, len(values)), error


def effective(right: NDArray, learner: NDArray) -> float:
    """How many independent answers say as much as these; never more than there are.

    The variance of a share of independent answers, over that of the share when learners are drawn
    (Kish's design effect; Korn and Graubard 1998 put it into an interval for a share).
    """
    n, p = len(right), float(np.mean(right))
    _, error = clustered(np.asarray(right, dtype=float), learner)
    if math.isnan(error) or p in (0.0, 1.0):
        return float(min(n, len(np.unique(learner)))) if n else 0.0
    return min(float(n), p * (1 - p) / error**2) if error else float(n)


class Group(NamedTuple):
    """One dot of a reliability diagram."""

    sure: float
    right: float
    low: float
    high: float
    count: int
    learners: int


def reliability(
    sure: NDArray, right: NDArray, learner: NDArray, groups: int = GROUPS, least: int = ENOUGH
) -> list[Group]:
    """The room's reliability diagram, its intervals counted by learners.

    Bins are those of `cehelpers.reliability_curve`, of equal numbers; Wilson's interval gets the
    effective number of answers of each. A bin of fewer than `least` learners is left out.
    """
    curve = reliability_curve(right, sure, n_bins=groups, strategy="quantile")
    edges = np.searchsorted(np.sort(sure), sure, side="right")
    bin_of = np.searchsorted(np.cumsum(curve.count), edges)
    found = []
    for k, (x, p, count) in enumerate(
        zip(curve.mean_prediction, curve.observed_share, curve.count, strict=True)
    ):
        here = bin_of == k
        who = len(np.unique(learner[here]))
        if who >= least:
            n = effective(right[here], learner[here])
            low, high = wilson_interval(min(p * n, n), n)
            found.append(Group(float(x), float(p), low, high, int(count), who))
    return found


def grouped(rows: Sequence, key: Callable) -> dict:
    """The rows by what `key` gives of each, ``{key: [row, …]}``; in order of first appearance."""
    found: dict = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def moved(before: Estimate, after: Estimate, confidence: float = CONFIDENCE) -> int:
    """Whether a share has risen (1) or fallen (−1) beyond luck; 0 where neither can be said.

    Newcombe's interval for a difference, from Wilson's of both (1998, method 10). It takes the two
    rounds for independent; as the same people vote in both, it says too little, not too much.
    """
    a, b = (share(round(one.value * one.n), one.n, confidence) for one in (before, after))
    gap = b.value - a.value
    if gap - math.hypot(b.value - b.low, a.high - a.value) > 0:
        return 1
    return -1 if gap + math.hypot(b.high - b.value, a.value - a.low) < 0 else 0

"""Layer 3: how large can the log loss of a calibrated score be, given how well it ranks?

Let u in [0, 1] be a row's rank among all rows, lowest score first, p(u) its calibrated probability
and π the base rate. The log loss is ∫ H(p) du, which is concave in p, and what is known is linear
in it: ∫ p du = π and ∫ u·p du = AUC·π(1 − π) + π²/2. By Lagrange the greatest loss has slopes
H′(p) = −logit p linear in u: the logit rises at a constant rate β, from one end to the other.
"""

import math
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import check_integer, check_not_negative, check_number, check_probabilities
from cehelpers._formulas import sigmoid, softplus

WINDOW = 60.0  # so far from their peak the integrands are below e^−55 of it
SMALLEST, LARGEST = -50.0, 400.0  # ln β
CHANCE = 10.0  # in nats, of all rows together: see `audit_report`
LUCK = 3.3  # standard errors of an AUC: two-sided, once in a thousand


class Extremal(NamedTuple):
    """Logits at rank 0 and at rank 1, and their difference β."""

    bottom: float
    top: float
    slope: float


class ReportAudit(NamedTuple):
    """What the base rate, AUC and log loss of a report say together; see `audit_report`."""

    verdict: str
    ceiling_low: float
    ceiling: float
    ceiling_high: float
    constant: float
    floor: float
    sentence: str


def log_loss_ceiling(auc: float, rate: float) -> float:
    """Greatest log loss, in nats, that a calibrated score with this AUC and base rate can have.

    Among the calibrated scores of one AUC and base rate, the log loss, the mean of the entropy
    H(p), is greatest where logit p is linear in the rank among all rows: H is concave, and both
    the rate and the AUC are linear in p, as functions of the rank. A loss above this ceiling
    proves that the score is not calibrated; a linear function of the ranks, put through σ and
    fitted, brings any score of this AUC down to it.

    Parameters
    ----------
    auc : float
        Area under the ROC curve, in [0.5, 1]: a calibrated score ranks no worse than chance.
    rate : float
        Share of positives, in [1e-300, 1).

    Returns
    -------
    float
        Between 0, at AUC 1, and the entropy of the base rate, at AUC ½.

    Raises
    ------
    TypeError, ValueError
        If an argument is no such number.

    Examples
    --------
    >>> round(log_loss_ceiling(0.91, 0.0018), 5), round(log_loss_ceiling(0.96, 0.0018), 5)
    (0.01065, 0.0092)
    >>> from cehelpers import entropy
    >>> round(log_loss_ceiling(0.5, 0.0018), 5) == round(entropy([0.0018, 0.9982]), 5)
    True
    >>> log_loss_ceiling(1.0, 0.0018)
    0.0
    """
    auc, rate = _check(auc, rate)
    if auc == 1:
        return 0.0
    if auc == 0.5:
        return float(_entropy(np.log(rate) - np.log1p(-rate)))
    with np.errstate(under="ignore"):
        t, _, share = _nodes(_extremal(auc, rate))
        return float((share * _entropy(t)).sum())


def ceiling_posterior(rank: ArrayLike, auc: float, rate: float) -> float | NDArray[np.float64]:
    """Posterior of the calibrated score that reaches `log_loss_ceiling`, by rank.

    Its logit is linear in the rank among all rows; its logarithm is linear in the rank among the
    negatives, and that of 1 − p in the rank among the positives.

    Parameters
    ----------
    rank : array_like, any shape
        Share of all rows that score lower, in [0, 1].
    auc, rate : float
        As for `log_loss_ceiling`.

    Returns
    -------
    float or ndarray, shape of rank
        Probability of a positive at each rank; its mean over the ranks is `rate`.

    Raises
    ------
    TypeError, ValueError
        If a rank is outside [0, 1], or `auc` or `rate` no such number.

    Examples
    --------
    >>> 1000 * ceiling_posterior([0.0, 0.5, 1.0], 0.91, 0.0018).round(5)  # at the top 2%
    array([ 0.  ,  0.08, 19.74])
    >>> ceiling_posterior([0.0, 1.0], 0.5, 0.0018)  # no ranking: the base rate everywhere
    array([0.0018, 0.0018])
    >>> ceiling_posterior([0.2, 0.8], 1.0, 0.5)  # a perfect one
    array([0., 1.])
    """
    u = check_probabilities("rank", rank).astype(float)
    auc, rate = _check(auc, rate)
    if auc == 0.5:
        p = np.full(u.shape, rate)
    elif auc == 1:
        p = (u > 1 - rate).astype(float)
    else:
        with np.errstate(under="ignore"):
            bottom, top, slope = _extremal(auc, rate)
            # from the nearer end, whose digits count
            p = sigmoid(np.where(u < 0.5, bottom + slope * u, top - slope * (1 - u)))
    return p if p.ndim else float(p)


def audit_report(
    base_rate: float,
    auc: float,
    log_loss: float,
    n: int,
    digits: int | tuple[int | None, int | None, int | None] | None = None,
) -> ReportAudit:
    """Whether a calibrated score can have the base rate, AUC and log loss that somebody reports.

    Above the ceiling of `log_loss_ceiling` it cannot, nor below a floor: at one base rate and AUC
    the least loss is that of a score with two values, of which one is certain.

    Chance hardly counts if all three are of the same rows. The ceiling is then the least loss of a
    logistic regression of these rows' labels on their ranks, so n times what a calibrated score
    lies above it is the logarithm of a likelihood ratio against the truth, whose mean is 1: with
    one rival it would exceed c at most e^−c of the time (Markov). Two are fitted, and the score
    itself may lie off the line: about ½χ² with three degrees of freedom, whose 99.9% quantile is
    8.1. Of 11,600 simulated sets of 10³ to 10⁶ rows with base rate .0018 two were above 10, of 640
    with .02 and .5 none. So 10/n nats are granted.
    Below the floor a report is granted the same, and 3.3 standard errors of the AUC.

    Parameters
    ----------
    base_rate, auc, log_loss : float
        As printed: the share of positives in (0, 1), the AUC in [0.5, 1], nats in [0, ∞).
    n : int
        Rows they were measured on.
    digits : int, tuple of three int or None, optional
        How many decimals each is printed with: 2 for an AUC of 0.96, 4 for a base rate of 0.18%.
        The number itself may lie half a unit of the last one off. None: it is exact. A base rate
        of other rows, of the training set, say, is known to some 3·√(rate(1 − rate)/n) alone.

    Returns
    -------
    ReportAudit
        (verdict, ceiling_low, ceiling, ceiling_high, constant, floor, sentence): ceilings at what
        is printed and, lowest and highest, at what it may stand for; the loss of a constant, the
        entropy of the base rate; the lowest floor. The verdict is "impossible" where no number
        that is so printed is a calibrated score's, "suspicious" where the printed loss is above
        the ceiling but rounding or chance may explain it, and "possible" elsewhere, which proves
        nothing. The sentence says it with the numbers.

    Raises
    ------
    TypeError, ValueError
        If an argument is no such number.

    Examples
    --------
    >>> report = audit_report(0.0018, 0.96, 0.011, 2_400_000, digits=(4, 2, 3))
    >>> report.verdict, round(report.ceiling, 4), round(report.ceiling_high, 4)
    ('impossible', 0.0092, 0.0096)
    >>> report.sentence.split(", ")[0]
    'Not calibrated: at this base rate and AUC a calibrated score costs at most 0.00962 nats'
    >>> audit_report(0.2562, 0.8138, 0.438, 4_584_062, digits=4).verdict  # Criteo
    'possible'
    """
    auc, rate = _check(auc, base_rate, "base_rate")
    loss, n = check_not_negative("log_loss", log_loss), check_integer("n", n, 1)
    each = digits if isinstance(digits, tuple) else (digits,) * 3
    if len(each) != 3:
        raise ValueError(f"digits must be one number or three; got {digits!r}")
    half = [0.0 if d is None else 0.5 * 10.0 ** -check_integer("digits", d, 0) for d in each]
    rates = [min(max(r, 1e-300), 1 - 2**-53) for r in (rate - half[0], rate + half[0])]
    aucs = [min(max(a, 0.5), 1.0) for a in (auc - half[1], auc + half[1])]
    # both bounds fall with the AUC and rise up to a rate of ½
    middle = [0.5] if rates[0] < 0.5 < rates[1] else []
    ceilings = [log_loss_ceiling(a, r) for a, r in product(aucs, rates + middle)]
    error = math.sqrt(auc * (1 - auc) / max(n * min(*rates, *(1 - r for r in rates)), 1))
    lucky = min(aucs[1] + LUCK * error, 1.0)
    floor = min(_floor(lucky, r) for r in rates)
    constant = float(_entropy(np.log(rate) - np.log1p(-rate)))
    ceiling, low, high = log_loss_ceiling(auc, rate), min(ceilings), max(ceilings)
    chance, least, most = CHANCE / n, max(loss - half[2], 0.0), loss + half[2]
    bound = f"at this base rate and AUC a calibrated score costs at most {high + chance:.3g} nats"
    if least > high + chance:
        verdict = "impossible"
        sentence = f"Not calibrated: {bound}, rounding and chance included, and {least:.3g} or more"
        sentence += " is reported"
    elif most < floor - chance:
        verdict = "impossible"
        sentence = (
            f"Not calibrated, or of other rows: at this base rate and AUC a calibrated score costs "
            f"at least {floor - chance:.3g} nats, and {most:.3g} or less is reported"
        )
    elif loss > ceiling:
        verdict = "suspicious"
        sentence = (
            f"Above the ceiling of {ceiling:.3g} nats, but rounding or chance may explain it: "
            f"another decimal would tell"
        )
    else:
        verdict = "possible"
        sentence = f"Possible: {bound}, and {loss:.3g} is reported, which proves nothing"
    if least > constant:
        sentence += f"; the base rate as a constant forecast costs only {constant:.3g}"
    return ReportAudit(verdict, low, ceiling, high, constant, floor, sentence + ".")


# ---------------------------------------------------------------- inside


def _floor(auc: float, rate: float) -> float:
    """Least log loss of a calibrated score: two values, the one 0 or the other 1.

    Of ranks that rise from 0 to 1 with one base rate and AUC the extremes have two steps, and H is
    concave: {c, 1} has 1 − AUC = (1 − π)/2π·c/(1 − c), and {0, c} is its mirror.
    """
    losses = []
    for share, rest in ((rate, 1 - rate), (1 - rate, rate)):  # 1 − (1 − rate) may round to 0
        odds = 2 * (1 - auc) * share / rest
        # rest·(1 + odds) rows at c = odds/(1 + odds)
        spent = float(_entropy(np.log(odds))) if odds else 0.0
        losses.append(rest * (1 + odds) * spent)
    return min(losses)


def _check(auc: float, rate: float, name: str = "rate") -> tuple[float, float]:
    auc = check_number("auc", auc, lambda a: 0.5 <= a <= 1, "lie in [0.5, 1]")
    return auc, check_number(name, rate, lambda r: 1e-300 <= r < 1, "lie in [1e-300, 1)")


def _extremal(auc: float, rate: float) -> Extremal:
    """The one slope with this AUC, which rises with it: halving in ln β, to the last digit."""
    low, high = SMALLEST, LARGEST
    while low < (middle := low / 2 + high / 2) < high:
        ends = _of_slope(math.exp(middle), rate)
        low, high = (middle, high) if _loss_of_auc(ends, rate) > 1 - auc else (low, middle)
    return _of_slope(math.exp(high), rate)


def _of_slope(slope: float, rate: float) -> Extremal:
    """The logit of this slope whose mean probability is the rate.

    ∫ σ = (softplus(top) − softplus(bottom))/β = π has one solution in closed form.
    """
    rises, falls = slope * rate, slope * (1 - rate)
    gap = math.log(-math.expm1(-rises)) - math.log(-math.expm1(-falls))
    return Extremal(gap - falls, gap + rises, slope)


def _loss_of_auc(ends: Extremal, rate: float) -> float:
    """1 − AUC: the mean share of the negatives that rank above a positive.

    Among the negatives ln p is linear in the rank, with slope β(1 − π).
    """
    t, below_top, share = _nodes(ends)
    # ln(p_top/p) = ln(1 + σ(−top)·(e^(top − t) − 1)), and far below the top the plain difference
    near = sigmoid(-ends.top) * np.expm1(np.minimum(below_top, 9.0))
    far = softplus(-t) - softplus(-ends.top)
    above = np.where(below_top < 9, np.log1p(near), far) / ends.slope / (1 - rate)
    return float((share * sigmoid(t) * above).sum()) / rate


def _entropy(t: Any) -> Any:
    """H(σ(t)) = σ(t)·softplus(−t) + σ(−t)·softplus(t): both terms are positive."""
    return sigmoid(t) * softplus(-t) + sigmoid(-t) * softplus(t)


def _nodes(ends: Extremal) -> tuple[NDArray[np.float64], ...]:
    """Logits t, how far they are below the top, and the share of the ranks each stands for.

    They lie around the logit closest to 0, where the integrands have their peak; as distances
    from it they keep their digits where the ends are nearly equal.
    """
    bottom, top, slope = ends
    if top < 0:
        peak, low, high = top, -slope, 0.0
    elif bottom > 0:
        peak, low, high = bottom, 0.0, slope
    else:
        peak, low, high = 0.0, bottom, top
    first, last = max(low, -WINDOW), min(high, WINDOW)
    panels = math.ceil((last - first) / 2)
    half = (last - first) / panels / 2
    nodes, weights = _gauss_legendre()
    distance = first + half * (2 * np.arange(panels)[:, None] + 1 + nodes)
    return peak + distance, high - distance, half * weights / slope


@cache
def _gauss_legendre() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes and weights on [−1, 1], for panels no longer than 2 in the logit.

    The nearest pole of the integrands is π away: an error of about (π + √(π² + 1))^−24 < 1e−19.
    """
    # imported here: it takes as long as the rest of the package
    from numpy.polynomial.legendre import leggauss

    return leggauss(12)

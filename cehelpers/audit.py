"""Layer 5: bring your own model: what is right and wrong with its probabilities, and what to do.

Everything else in the package, asked in one call: losses beside their bounds, reliability beside
luck, repairs judged on rows that they were not fitted on, what decisions cost.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cehelpers._audit_fits import TINY, Estimate, bias, mean, pool, slope
from cehelpers._audit_luck import GROUPS, Luck, gaps, luck_of, p_value
from cehelpers._audit_repairs import (
    FITS,
    Repair,
    cost_of,
    different,
    loss_of,
    repairs_of,
    temperature_of,
)
from cehelpers._audit_words import advice, multiclass_advice, multiclass_text, text
from cehelpers._checks import (
    check_binary,
    check_distributions,
    check_labels_of_rows,
    check_logit_rows,
    check_logits,
    check_not_negative,
    check_probabilities,
    check_sample_weight,
)
from cehelpers._formulas import sigmoid, softmax_and_rest
from cehelpers.activations import log_softmax, logit, softmax
from cehelpers.ceilings import log_loss_ceiling
from cehelpers.corp import CorpCurve, ScoreDecomposition, corp_curve, score_decomposition
from cehelpers.costs import cost_threshold
from cehelpers.information import entropy
from cehelpers.metrics import roc_auc

CERTAIN = 1e100  # a logit that no weight or fit can add to
REPAIRS = tuple(FITS)
VERDICTS = (
    *("calibrated", *REPAIRS, "unclear", "too few"),
    *("certain", "perfect ranking", "no ranking"),
)


class Costs(NamedTuple):
    """Cost per row of flagging from the threshold p* on, of nobody and of everybody."""

    threshold: float
    cost: float
    nobody: float
    everybody: float


class Certain(NamedTuple):
    """Rows with p of exactly 0 or 1, how many of them are wrong, and the first wrong one's index.

    They have no finite logit: `bias`, `slope`, `intercept` and `repairs` are of the other rows.
    """

    rows: int
    wrong: int
    first_wrong: int | None


class Audit(NamedTuple):
    """What `audit` found; `str` of it is a text. Losses are in nats per row.

    Of what the rows cannot tell (a slope of separable rows, the AUC of one class) the value is
    NaN and the interval too; an interval may be infinite at one end.
    """

    rows: int
    positives: int
    base_rate: float
    mean_prediction: float
    log_loss: float
    constant: float  # log loss of the base rate for everybody: its entropy
    auc: float
    ceiling: float  # greatest log loss of a calibrated score of this AUC and base rate
    brier: float
    log_loss_parts: ScoreDecomposition  # miscalibration − discrimination + uncertainty
    brier_parts: ScoreDecomposition
    curve: CorpCurve
    bias: Estimate  # calibration in the large, what to add to every logit: below 0, p is high
    slope: Estimate  # calibration slope, a of σ(a·logit p + b): below 1, too sure
    intercept: Estimate  # b of it
    weight: Estimate  # exp(−bias): as if each positive had counted so many times in training
    luck: Luck
    p_value: float  # of bias, slope and luck together: small says that something is wrong
    repairs: tuple[Repair, ...]  # in the order of REPAIRS; empty where none can be judged
    costs: Costs | None
    certain: Certain
    verdict: str  # one of VERDICTS
    advice: str  # one sentence

    def __str__(self) -> str:
        return text(self)

    __repr__ = __str__


class ClassAudit(NamedTuple):
    """One class against the rest."""

    positives: int
    base_rate: float
    mean_prediction: float
    auc: float
    log_loss: float
    bias: Estimate
    p_value: float  # of the bias


class MulticlassAudit(NamedTuple):
    """What `audit` found of K classes; `str` of it is a text. Losses are in nats per row."""

    rows: int
    accuracy: float
    log_loss: float
    constant: float  # entropy of the classes' shares
    top: Audit  # is the most probable class right as often as it says?
    classes: tuple[ClassAudit, ...]
    temperature: Estimate  # of fit_temperature on all rows
    p_value: float  # of the top label and of every class's share together
    repairs: tuple[Repair, ...]  # the temperature
    certain: Certain
    verdict: str  # one of VERDICTS
    advice: str  # one sentence

    def __str__(self) -> str:
        return multiclass_text(self)

    __repr__ = __str__


def audit(
    y_true: ArrayLike,
    *,
    y_prob: ArrayLike | None = None,
    logits: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    costs: tuple[float, float] | None = None,
) -> Audit | MulticlassAudit:
    """Audit probabilities against what happened: what is wrong with them, and what to do about it.

    ``print(audit(…))`` is a page that says it in words, with the advice first; every number on it
    is a field of what comes back.

    Parameters
    ----------
    y_true : array_like of 0 and 1, or of classes in 0..K−1, shape (n,)
        What happened.
    y_prob : array_like, shape (n,) or (n, K)
        Predicted probabilities of class 1, or of K classes; of two columns the second is audited.
    logits : array_like, shape of y_prob
        Logits in their place, which keep the digits near 0 and 1. Give one of both.
    sample_weight : array_like, shape (n,), optional
        Weights ≥ 0: a weight of 2 is the row twice in every value, but no second row in an
        interval or a p-value. Rows should be independent, and no copies of each other.
    costs : (float, float), optional
        Costs of a false alarm and of a missed positive, for two classes.

    Returns
    -------
    Audit or MulticlassAudit
        Named tuple; `advice` is one sentence and `verdict` its gist. Intervals are of 95%: of the
        bias (calibration in the large) by the score test, of the calibration slope and intercept
        by the curvature of the likelihood, of a repair's change by the central limit theorem and
        what its two halves share (in samples with 11 positives and more 92 to 98% held the truth).
        Repairs are fitted on one half of the rows, drawn by ``default_rng(0)``, and judged on the
        other, both ways. The isotonic one counts half a positive at the lowest and half a negative
        at the highest forecast, so that nothing becomes impossible. Luck is measured by 1000 draws
        from the forecasts themselves, by ``default_rng(0)`` too.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if not exactly one of `y_prob`
        and `logits` is given; if `costs` come with more than two classes.

    Examples
    --------
    >>> y = ([1] + [0] * 4) * 40 + [0, 1] * 100  # odds of 1 to 4, then of 1 to 1
    >>> report = audit(y, y_prob=[0.5] * 200 + [0.8] * 200)  # said: 1 to 1, then 4 to 1
    >>> report.verdict, round(report.weight.value, 4), round(report.slope.value, 4)
    ('shift', 4.0, 1.0)
    >>> print(audit([0, 1], y_prob=[0.2, 0.7]).verdict)
    too few

    References
    ----------
    Cox (1958), "Two further applications of a model for binary regression",
    doi:10.1093/biomet/45.3-4.562, for slope and intercept. Bröcker & Smith (2007), "Increasing the
    reliability of reliability diagrams", doi:10.1175/WAF993.1, for luck. Kumar, Liang & Ma (2019),
    "Verified uncertainty calibration", arXiv:1909.10155, for `luck.debiased`. Dimitriadis, Gneiting
    & Jordan (2021), doi:10.1073/pnas.2016191118, for the curve and the parts of a score.
    """
    y, p, z, w, index = _rows(y_true, y_prob, logits, sample_weight)
    if p.ndim == 1:
        return _binary(y, p, z, w, index, _costs(costs))
    if costs is not None:
        raise ValueError(f"costs must be None for {p.shape[1]} classes; got {costs!r}")
    return _multiclass(y, p, z, w, index)


# ---------------------------------------------------------------- rows


def _rows(y_true, y_prob, logits, sample_weight):
    """Labels, probabilities, logits and weights; of two classes the columns of class 1."""
    if (y_prob is None) == (logits is None):
        raise ValueError(
            "one of y_prob and logits must be given; got "
            + ("neither" if y_prob is None else "both")
        )
    name, value = ("logits", logits) if y_prob is None else ("y_prob", y_prob)
    table = check_logits(name, value) if y_prob is None else check_probabilities(name, value)
    if not 1 <= table.ndim <= 2:
        raise ValueError(f"{name} must have shape (n,) or (n, K); got {table.shape}")
    if table.ndim == 2 and table.shape[1] == 1:
        table = table[:, 0]
    with np.errstate(divide="ignore", under="ignore"):
        if table.ndim == 1:
            y = check_binary("y_true", y_true)
            table = table.astype(float)
            p, z = (sigmoid(table), table) if y_prob is None else (table, logit(table))
        else:
            check = check_logit_rows if y_prob is None else check_distributions
            table = check(name, table).astype(float)
            p, z = (softmax(table), table) if y_prob is None else (table, np.log(table))
            y = check_labels_of_rows(y_true, name, table, "y_true")
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if y.shape != table.shape[:1]:
        raise ValueError(
            f"y_true must have one label for each row of {name}; got {y.shape} and {table.shape}"
        )
    w = check_sample_weight(sample_weight, y)
    w = np.ones(len(y)) if w is None else np.broadcast_to(w, y.shape).astype(float)
    index = np.flatnonzero(w > 1e-15 * w.max())  # smaller ones change no digit
    if len(index) < len(w):
        y, p, z, w = y[index], p[index], z[index], w[index]
    y = y.astype(np.intp)
    if p.ndim == 2 and p.shape[1] == 2:
        with np.errstate(invalid="ignore"):
            p, z = p[:, 1], z[:, 1] - z[:, 0]
    return y, p, z, w / w.max(), index


def _costs(costs: Any) -> tuple[float, float] | None:
    if costs is None:
        return None
    try:
        cost_fp, cost_fn = costs
    except (TypeError, ValueError):
        raise ValueError(f"costs must be (cost_fp, cost_fn); got {costs!r}") from None
    pair = check_not_negative("cost_fp", cost_fp), check_not_negative("cost_fn", cost_fn)
    cost_threshold(*pair)
    return pair


# ---------------------------------------------------------------- two classes


def _binary(y, p, z, w, index, costs) -> Audit:
    order = np.argsort(z, kind="stable")
    y, p, z, w, index = (x[order] for x in (y, p, z, w, index))
    finite = np.absolute(z) < CERTAIN
    certain = _certain(~finite, ~finite & ((z > 0) != (y == 1)), index)
    rate, forecast = (float(np.clip(mean(x, w), x.min(), x.max())) for x in (y, p))
    both = 0 < rate < 1
    log_loss = mean(loss_of(y, z), w)
    constant = entropy([rate, 1 - rate])
    auc = roc_auc(y, z, sample_weight=w) if both else math.nan
    ceiling = log_loss_ceiling(auc, rate) if auc >= 0.5 else constant if both else math.nan
    parts = score_decomposition(y, p, sample_weight=w)
    # sigmoid(40.0) is 1, though such a logit is not certain
    miscalibration = max(0.0, log_loss + parts.discrimination - parts.uncertainty)
    parts = parts._replace(score=log_loss, miscalibration=miscalibration)
    brier = score_decomposition(y, p, score="brier", sample_weight=w)
    luck, together = luck_of(y, p, z, w)
    if certain.wrong:  # never a perfect forecaster's
        luck, together = luck._replace(p_value=0.0), 0.0
    bill = None
    if costs:
        rest = costs[1] * rate, costs[0] * (1 - rate)
        bill = Costs(cost_threshold(*costs), mean(cost_of(y, z, costs), w), *rest)
    rows = y[finite], z[finite], w[finite]
    pooled = pool(*rows)
    shift = bias(*pooled)
    with np.errstate(over="ignore"):
        weight = Estimate(*(float(np.exp(-b)) for b in (shift.value, shift.high, shift.low)))
    repairs, best = repairs_of(*rows, costs)
    report = Audit(
        len(y), int(y.sum()), rate, forecast, log_loss, constant, auc, ceiling, brier.score,
        parts, brier, corp_curve(y, p, sample_weight=w), shift, *slope(*pooled), weight, luck,
        together, repairs, bill, certain, "", "",
    )  # fmt: skip
    verdict, sentence = advice(report, best, different(*rows[:2]))
    return report._replace(verdict=verdict, advice=sentence)


def _certain(certain, wrong, index) -> Certain:
    first = int(index[wrong].min()) if wrong.any() else None
    return Certain(int(certain.sum()), int(wrong.sum()), first)


# ---------------------------------------------------------------- K classes


def _multiclass(y, p, z, w, index) -> MulticlassAudit:
    n, k = z.shape
    with np.errstate(divide="ignore", invalid="ignore"):
        p, rest = softmax_and_rest(z)
        odds = np.log(p) - np.log(rest)
    rows, share = np.arange(n), np.bincount(y, w, k) / w.sum()
    lost = -log_softmax(z)[rows, y]
    top = z.argmax(axis=1)
    right = (top == y).astype(np.intp)
    certain = _certain(odds[rows, top] == np.inf, np.isinf(lost), index)
    classes, laws = zip(
        *(_one_class(y == c, p[:, c], odds[:, c], w) for c in range(k)), strict=True
    )
    best = _binary(right, p[rows, top], odds[rows, top], w, index, None)
    together = min(1.0, 2 * min(best.p_value, p_value(np.max(laws, axis=0))))
    fine = np.isfinite(lost)
    temperature, repairs = temperature_of(y[fine], z[fine], w[fine], lost[fine])
    report = MulticlassAudit(
        n, mean(right, w), mean(lost, w), entropy(share), best, classes,
        temperature, 0.0 if certain.wrong else together, repairs, certain, "", "",
    )  # fmt: skip
    verdict, sentence = multiclass_advice(report)
    return report._replace(verdict=verdict, advice=sentence)


def _one_class(hit, p, z, w) -> tuple[ClassAudit, Any]:
    """One class against the rest, and how far off its bias is, beside 1000 perfect forecasters'."""
    order = np.argsort(p, kind="stable")
    y, p, z, w = hit[order].astype(np.intp), p[order], z[order], w[order]
    sums, variance, _ = gaps(y, p, w, [0], GROUPS // 16)
    law = np.absolute(sums.sum(axis=1)) / math.sqrt(variance.sum() + TINY)
    fine, hits = np.isfinite(z), int(y.sum())
    auc = roc_auc(y, z, sample_weight=w) if 0 < hits < len(y) else math.nan
    shift = bias(*pool(y[fine], z[fine], w[fine]))
    rate, forecast, log_loss = (mean(x, w) for x in (y, p, loss_of(y, z)))
    return ClassAudit(hits, rate, forecast, auc, log_loss, shift, p_value(law)), law

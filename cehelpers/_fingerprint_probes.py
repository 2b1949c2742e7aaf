"""Layer 5: the questions about a loss whose formula is known: its divisor, its ends, its manners.

Each function returns facts, by name: words, or a number. Where a question makes no sense for a loss
there is no fact. Most compare two answers of the loss itself, so that they hold for any formula.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cehelpers._fingerprint_ask import Answer, Asker, Refusal, column, outcome
from cehelpers._fingerprint_formulas import (
    OF_LOGARITHMS,
    UNITS,
    Fit,
    batch,
    cross_entropy_with_eps,
    expected,
    fit_formula,
)
from cehelpers._fingerprint_search import Found, batches_of, per_row, profile, scaled

Facts = dict[str, Any]
FAR_RIGHT = (10, 20, 30, 36, 50, 80, 300, 700)
FAR_WRONG = (15, 30, 80, 300, 800, 100_000)


class Subject:
    """A loss that is asked in its own way, and what one nat of one row is in its answers."""

    def __init__(self, ask: Asker, found: Found):
        self.ask, self.way, self.fit, self.K = ask, found.way, found.fit, found.K
        self.unit, self.summed = 1.0, False
        self.even = True  # no class counts more than another
        self.weights: NDArray | None = np.ones(self.K)  # of classes, of mean 1; None: not known

    def answer(self, T: NDArray, P: NDArray, **more: Any) -> Answer:
        return self.ask.rows(self.way, T, scaled(P, self.way.forecast), **more)

    def nats(self, answer: Answer, n: int = 6) -> float:
        """Of rows that are alike, what one costs; NaN where there is no number."""
        value = per_row(answer, n)
        if value is None:
            return math.nan
        return value / self.unit / (n if self.summed and not answer.ndim else 1)


def equal(a: Answer, b: Answer | float, rtol: float = 1e-5) -> bool:
    """Whether two answers are the same, to the digits of a float32."""
    if isinstance(a, Refusal) or isinstance(b, Refusal) or np.shape(a) != np.shape(b):
        return False
    return bool(np.allclose(a, b, rtol, min(1e-7, rtol), equal_nan=True))


def digits(x: float) -> float:
    """Three significant digits: what the questions can tell."""
    return float(f"{x:.3g}")


# ---------------------------------------------------------------- added up, and divided by what


def divisor(s: Subject) -> Facts:
    """The shape of the answer, what it does as rows double, and the unit; sets the subject's."""
    for right in (0.62, 0.2):  # an error rate is 0 where every row is right
        T, P = batch(right, s.K)
        once, twice = s.answer(T, P), s.answer(np.tile(T, (2, 1)), np.tile(P, (2, 1)))
        if isinstance(once, Refusal) or once.any():
            break
    reduction = _reduction(s, once, twice)
    s.summed = reduction == "sum over rows"
    facts: Facts = {"reduction": reduction}
    if s.fit is None:
        return facts
    n = len(batches_of(s.K, s.way.takes)[0][0])
    scale = s.fit.scale / (n if s.summed else 1)
    other = 2 if s.way.binary else 4 if s.K == 3 else 3
    elsewhere = None if other == s.K else profile(s.ask, s.way, other)
    if elsewhere is not None:
        there = batches_of(other, s.way.takes)
        elsewhere = fit_formula(there, elsewhere) or cross_entropy_with_eps(there, elsewhere)
    facts |= _smoothing(s.fit, s.K, elsewhere, other)
    if elsewhere is not None and reduction in ("mean over rows", "sum over rows"):
        there = elsewhere.scale / (n if s.summed else 1)
        if np.isclose(there * other, scale * s.K, rtol=1e-3):
            by_element = {"mean over rows": "mean over elements"}
            facts["reduction"] = by_element.get(reduction, "sum over rows, mean over classes")
            scale *= s.K
    facts |= _weights_inside(s, scale)
    scale = facts.pop("scale", scale)
    s.even = not {"alpha", "class weights"} & set(facts)
    if not s.even:
        known = facts.get("class weights over") == "n"
        s.weights = facts["class weights"] / np.mean(facts["class weights"]) if known else None
    if scale < 0:
        facts["sign"] = "negative"
    units = UNITS if s.fit.formula in OF_LOGARITHMS else {"": 1.0}
    unit = next((u for u in units if np.isclose(abs(scale), units[u], rtol=2e-3)), None)
    if s.fit.formula in OF_LOGARITHMS:
        facts["unit"] = unit or "nats"
    if unit is None:
        facts["factor"] = digits(abs(scale))
    s.unit = s.fit.scale / (n if s.summed else 1)
    return facts


def _reduction(s: Subject, once: Answer, twice: Answer) -> str:
    if isinstance(once, Refusal) or isinstance(twice, Refusal):
        return "refused"
    if s.way.takes == "one row at a time":
        return "one a row"
    if once.size == 1:
        ratio = float(twice.sum() / once.sum()) if once.sum() else math.nan
        names = {1: "mean over rows", 2: "sum over rows"}
        named = next((names[k] for k in names if math.isclose(ratio, k, rel_tol=2e-3)), None)
        return named or f"{ratio:.3g} times as much of twice the rows"
    if once.shape[0] == 6:
        return "one a row" if once.size == 6 else "one an element"
    return f"shape {once.shape} of 6 rows"


def _smoothing(fit: Fit, K: int, elsewhere: Fit | None, other: int) -> Facts:
    if not fit.leak:
        return {}
    if K == 2:  # both conventions in one: a share alpha/2 for the other class
        return {"smoothing": digits(2 * fit.leak)}
    alpha = fit.leak * K / (K - 1)
    if elsewhere and math.isclose(elsewhere.leak * other / (other - 1), alpha, rel_tol=1e-2):
        return {"smoothing": digits(alpha), "smoothing by": "alpha/K"}
    if elsewhere and math.isclose(elsewhere.leak, fit.leak, rel_tol=1e-2):
        return {"smoothing": digits(fit.leak), "smoothing by": "alpha/(K-1)"}
    return {"smoothing": digits(alpha), "smoothing by": f"not known beyond {K} classes"}


def _weights_inside(s: Subject, scale: float) -> Facts:
    """Does every class count alike? One row after another becomes surer, and the loss falls."""
    fit, takes = s.fit, s.way.takes
    if takes == "one forecast for all rows" or fit.formula not in OF_LOGARITHMS[:2]:
        return {}
    (T, P), (_, surer) = batch(0.62, s.K), batch(0.91, s.K)
    start, falls = per_row(s.answer(T, P), 6), []
    for k in range(min(s.K, 6)):
        moved = P.copy()
        moved[k] = surer[k]
        falls.append((start or 0) - (per_row(s.answer(T, moved), 6) or 0))
    shares = np.array(falls) / (falls[0] or 1)
    if not np.isfinite(shares).all() or np.allclose(shares, 1, rtol=5e-3) or not falls[0]:
        return {"class weights": "the first class counts nothing"} if not falls[0] else {}
    labels = [0, 0, 0, 0, 1, s.K - 1]
    uneven = s.answer(np.eye(s.K)[labels], P[[0, 0, 0, 0, 1, s.K - 1]])
    over_sum = per_row(uneven, 6)
    over_sum = over_sum is not None and math.isclose(over_sum, start, rel_tol=1e-3)
    of_first = scale if over_sum else scale * s.K / shares.sum()
    known = [of_first * r for r in shares]
    if fit.formula == "focal loss" and s.way.binary and math.isclose(sum(known), 1, rel_tol=1e-3):
        return {"alpha": digits(known[1]), "scale": 1.0}
    one = next(
        (r for r in shares for u in UNITS.values() if math.isclose(of_first * r, u, rel_tol=2e-3)),
        1.0,
    )
    facts: Facts = {"class weights": tuple(digits(r / one) for r in shares)}
    if over_sum:
        return facts | {"class weights over": "their sum"}
    return facts | {"class weights over": "n", "scale": of_first * one}


# ---------------------------------------------------------------- at the ends


def ends_of_probabilities(s: Subject) -> Facts:
    """What 0 and 1 cost, and what lies beyond."""
    facts: Facts = {}
    T, P = _wrong(s, 0.0)
    wrong = s.answer(T, P)
    facts["certain and wrong"] = outcome(wrong)
    if outcome(wrong) == "a number":
        bound = _of_what_happened(s, wrong, P)
        facts["certain and wrong"], eps = digits(bound), math.exp(-bound)
        if s.fit.formula in OF_LOGARITHMS[:2] and 1e-320 < eps < 0.1:
            T, P = _wrong(s, eps)
            there = bound - _of_what_happened(s, s.answer(T, P), P)
            facts["eps"] = digits(eps)
            kinds = {0.0: "a clip", math.log(2): "added"}
            facts["eps is"] = next(
                (kinds[k] for k in kinds if math.isclose(there, k, abs_tol=0.2)), "neither"
            )
    right = s.answer(*batch(1.0, s.K))
    facts["certain and right"] = outcome(right)
    if outcome(right) == "a number" and not s.fit.leak:
        facts["certain and right"] = digits(s.nats(right)) + 0.0  # of -0.0 no sign is told
    if not s.way.binary:
        T, P = batch(0.62, s.K)
        half = s.answer(T, P / 2)
        facts["rows that sum to 1/2"] = outcome(half)
        if outcome(half) == "a number":
            same = equal(half, s.answer(T, P), 1e-4)
            facts["rows that sum to 1/2"] = "rescaled" if same else "taken as they stand"
    elif s.fit.formula == "cross-entropy":
        # 1 - p rounds such a p away; the other row, for a batch of both classes, costs 2**-53
        tiny = s.answer(np.eye(2), np.array([[1.0, 1e-17], [2**-53, 1 - 2**-53]]))
        kept = math.isclose(2 * s.nats(tiny, 2) - 2**-53, 1e-17, rel_tol=1e-2)
        facts["a loss of 1e-17"] = "kept" if kept else outcome(tiny).replace("a number", "lost")
    T, P = batch(1.2, s.K)
    facts["probability of 1.2"] = outcome(s.answer(T, P))
    return facts


def _wrong(s: Subject, p: float) -> tuple[NDArray, NDArray]:
    """Rows that gave p to what happened; of two classes those of class 1, where no 1 - p is."""
    T, P = batch(p, s.K)
    if s.way.binary and s.even:
        P[T[:, 0] == 1] = batch(0.62, 2)[1][0]
    return T, P


def _of_what_happened(s: Subject, answer: Answer, P: NDArray) -> float:
    """-ln of what happened, of such rows: less what smoothing charges for the other classes."""
    T = batch(0.5, s.K)[0]
    nats, leak = s.nats(answer), s.fit.leak
    if s.way.binary and s.even:
        nats = 2 * nats - s.nats(s.answer(*batch(0.62, 2)))
        T, P = T[1:2], P[1:2]
    if not leak:
        return nats
    others = np.where(T == 1, 1.0, np.maximum(P, 1e-300))
    return (nats + leak * np.log(others).sum(axis=1).mean() / (s.K - 1)) / (1 - leak)


def ends_of_logits(s: Subject) -> Facts:
    """How far out the digits hold, and what an infinite logit does."""
    facts: Facts = {}
    if s.way.forecast == "logits" and s.fit.formula == "cross-entropy" and not s.fit.leak:
        facts["digits of a right forecast"] = _as_far_as(s, FAR_RIGHT, 1)
        facts["digits of a wrong forecast"] = _as_far_as(s, FAR_WRONG, -1)
    T = batch(0.5, s.K)[0]
    if s.way.binary:
        facts["certain and right"] = outcome(s.ask.rows(s.way, T, np.where(T == 1, np.inf, 0.0)))
    else:
        Z = np.where(np.roll(T, 1, axis=1) == 1, -np.inf, 0.3)
        facts["an impossible class"] = outcome(s.ask.rows(s.way, T, Z))
    facts["certain and wrong"] = outcome(s.ask.rows(s.way, T, np.where(T == 1, -np.inf, 0.0)))
    return facts


def _as_far_as(s: Subject, logits: tuple[int, ...], sign: int) -> int:
    """The furthest of some logits up to which the loss has its digits."""
    T, reached = batch(0.5, s.K)[0], 0
    for z in logits:
        others = math.log(s.K - 1)
        due = math.log1p(math.exp(others - z)) if sign > 0 else z + others
        found = s.nats(s.ask.rows(s.way, T, sign * z * T))
        if not math.isclose(found, due, rel_tol=1e-4):
            break
        reached = z
    return reached


# ---------------------------------------------------------------- other truths


def soft_truths(s: Subject) -> Facts:
    """Truths between 0 and 1, and rows of them that sum to 2."""
    share = (
        np.array([0.3, 0.7]) if s.way.binary else np.arange(1.0, s.K + 1) / math.comb(s.K + 1, 2)
    )
    P = np.tile(batch(0.62, s.K)[1][:1], (6, 1))
    T = np.tile(share, (6, 1))
    soft = s.answer(T, P)
    if outcome(soft) != "a number":
        return {"soft truths": outcome(soft)}
    rounded = s.answer(np.eye(s.K)[[int(share.argmax())] * 6], P)
    if equal(soft, rounded):
        return {"soft truths": "rounded"}
    facts: Facts = {"soft truths": "accepted"}
    if s.fit.formula == "cross-entropy" and s.weights is not None:
        due = expected(s.fit, T * s.weights, P) / s.fit.scale
        less = due + float((share * np.log(share)).sum())
        found = s.nats(soft)
        if math.isclose(found, due, rel_tol=1e-4):
            facts["soft truths"] = "each class by its share"
        elif math.isclose(found, less, rel_tol=1e-3):
            facts |= {"soft truths": "less their entropy", "formula": "KL divergence"}
        else:
            facts["soft truths"] = "in a way of its own"
    if s.way.truth == "rows":
        double = s.answer(2 * T, P)
        facts["truths that sum to 2"] = outcome(double)
        if outcome(double) == "a number":
            counted = equal(double, 2 * soft) if not isinstance(soft, Refusal) else False
            same = equal(double, soft)
            facts["truths that sum to 2"] = (
                "count twice" if counted else "are rescaled" if same else "a number"
            )
    return facts


def odd_labels(s: Subject) -> Facts:
    """Labels that are no class: -1, -100, K; 1.0 and 1.5 in place of integers."""
    P = np.vstack([batch(0.62, s.K)[1][:3], batch(0.45, s.K)[1][:1]])
    truth, forecast = np.arange(4) % s.K, scaled(P, s.way.forecast)
    if s.way.binary:
        truth, forecast = truth.astype(float), column(s.way, forecast)

    def said(last: float, kind: type = int) -> Answer:
        labels = truth.astype(float if s.way.binary else kind)
        labels[3] = last
        return s.ask.posed(s.way, labels, forecast)

    classes = {k: said(k) for k in range(s.K)}
    others = s.ask.posed(s.way, truth[:3], forecast[:3])
    facts = {f"label {k}": _as_label(said(k), k, classes, others) for k in (-1, -100)}
    facts["label K"] = _as_label(said(s.K), s.K, classes, others)
    if not s.way.binary:
        facts["label 1.0"] = _as_label(said(1, float), 1, classes, others)
        facts["label 1.5"] = _as_label(said(1.5, float), 1.5, classes, others)
    return facts


def _as_label(found: Answer, label: float, classes: dict[int, Answer], others: Answer) -> str:
    """What a label was taken for; the answer is to four rows, others that to the first three."""
    word = outcome(found)
    if word != "a number" or any(isinstance(x, Refusal) for x in (others, *classes.values())):
        return word
    K, size = len(classes), found.size
    if size >= 4:  # one a row
        found, others = found.reshape(4, -1)[3].sum(), 0.0
        classes = {k: x.reshape(4, -1)[3].sum() for k, x in classes.items()}
    for k, x in classes.items():
        if equal(found, x):
            return "the last class" if k == K - 1 else f"class {k}"
    if equal(found, others):
        return "scores 0" if size >= 4 else "left out"
    if equal(found, 0.75 * others):
        return "scores 0"
    straight = classes[0] + label * (classes[1] - classes[0])
    return "as the formula has it" if K == 2 and equal(found, straight) else "a number"

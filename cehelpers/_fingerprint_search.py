"""Layer 5: in which way is a loss called, and which formula is it then? Every way is tried."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers._fingerprint_ask import Answer, Asker, Refusal, Way
from cehelpers._fingerprint_formulas import (
    CERTAINTIES,
    FORMULAS,
    OF_SCORES,
    ROUGHLY,
    Fit,
    batch,
    cross_entropy_with_eps,
    fit_formula,
)

ORDERS = ("truth first", "forecast first")
SCALES = ("probabilities", "logits", "log-probabilities")
TRUTHS = ("labels", "rows", "0 and 1", "-1 and 1")


class Found(NamedTuple):
    """How a loss is called, what it is then, and how many classes it was asked about."""

    way: Way
    fit: Fit | None
    K: int
    also: tuple[str, ...] = ()  # other truths that it takes
    either: bool = False  # the order does not matter


Profiles = dict[tuple[Way, int], NDArray[np.float64]]


def scaled(P: NDArray, scale: str) -> NDArray:
    """Rows of probabilities as what a loss takes for its forecast."""
    if scale == "probabilities":
        return P
    with np.errstate(divide="ignore"):
        logs = np.log(P)
    # a softmax does not see what is added to a row
    offset = np.resize([0.3, -0.2, 0.5, 0.1], (len(P), 1)) if scale == "logits" else 0
    return logs + offset


def per_row(answer: Answer, n: int) -> float | None:
    """One number of an answer: itself, or the sum of its entries divided by the rows."""
    if isinstance(answer, Refusal):
        return None
    return float(answer) if answer.ndim == 0 else float(answer.sum()) / n


def batches_of(K: int, takes: str = "arrays") -> list[tuple[NDArray, NDArray]]:
    """The batches of a profile as their formulas see them."""
    each = [batch(p, K) for p in CERTAINTIES]
    if takes != "one forecast for all rows":
        return each
    labels = [0, 0, 0, 0, *range(1, K)]  # not in turn: they share a row
    return [(np.eye(K)[labels], np.repeat(P[:1], len(labels), axis=0)) for _, P in each]


def profile(ask: Asker, way: Way, K: int) -> NDArray[np.float64] | None:
    """What it says to each batch; None where one is refused, or no number comes back."""
    S = []
    for T, P in batches_of(K, way.takes):
        value = per_row(ask.rows(way, T, scaled(P, way.forecast)), len(T))
        if value is None or not np.isfinite(value):
            return None
        S.append(value)
    return np.array(S)


def _ways(takes: str = "arrays", truths: Iterable[str] = TRUTHS) -> Iterator[Way]:
    for truth in truths:
        scales = SCALES if truth in ("labels", "rows") else SCALES[:2]
        yield from (Way(truth, scale, order, takes) for scale in scales for order in ORDERS)


def _rank(item: tuple[tuple[Way, int], Fit]) -> tuple[int, bool, bool]:
    """The better formula first; squares by columns, all else by rows."""
    (way, _), fit = item
    elementwise = fit.formula in ("squared error", "absolute error")
    # a 0 in place of a -1 is half of both classes: it looks like a smoothing by 1/2 or more
    return FORMULAS.index(fit.formula), elementwise and not way.binary, fit.leak > 0.249


def _fits(profiles: Profiles, how: str) -> dict[tuple[Way, int], Fit]:
    found = {}
    for (way, K), S in profiles.items():
        batches = batches_of(K, way.takes)
        if how == "eps" and way.forecast == "probabilities":
            fit = cross_entropy_with_eps(batches, S)
        else:
            fit = fit_formula(batches, S, **({"near": ROUGHLY} if how == "roughly" else {}))
        if fit and _makes_sense(fit.formula, way):
            found[way, K] = fit
    return found


def _rounds() -> list[list[tuple[Way, int]]]:
    """Ways to ask, and of how many classes; the next where those before have brought nothing."""
    few = {"labels": 3, "rows": 3, "0 and 1": 2, "-1 and 1": 2}
    others = {
        "one forecast for all rows": ("labels", "0 and 1"),
        "columns": ("0 and 1", "-1 and 1"),
        "one row at a time": TRUTHS,
    }
    return [
        [(way, few[way.truth]) for way in _ways()],
        [(way, K) for K in (2, 10) for way in _ways(truths=("labels", "rows"))],
        *([(way, few[way.truth]) for way in _ways(*item)] for item in others.items()),
    ]


def _makes_sense(formula: str, way: Way) -> bool:
    """exp(−y·z) of a 0 in place of a −1 is 1, and looks like a perplexity."""
    if formula in OF_SCORES:
        return way.binary and way.forecast == "logits"
    return formula != "perplexity" or not way.binary


def search(ask: Asker) -> Found | None:
    """The way a loss is called and its formula; None where it answers to nothing."""
    answered: Profiles = {}
    for asked in _rounds():
        if answered and not any(map(np.ptp, answered.values())):
            break  # whatever is said to it, it says the same
        known = {way for way, _ in answered}
        keys = [key for key in asked if key[0].takes == "arrays" or _plain(key[0]) not in known]
        profiles = {key: profile(ask, *key) for key in keys}
        profiles = {key: S for key, S in profiles.items() if S is not None}
        for how in ("closely", "eps", "roughly"):
            if fits := _fits(profiles, how):
                return _best(fits)
        answered |= profiles
    if not answered:
        return None
    falls = [key for key, S in answered.items() if (np.diff(S) < 0).all()]
    way, K = (falls or list(answered))[0]
    return Found(way, None, K)


def _plain(way: Way) -> Way:
    return way._replace(takes="arrays")


def _best(fits: dict[tuple[Way, int], Fit]) -> Found:
    (way, K), fit = min(fits.items(), key=_rank)
    other = way._replace(order=next(order for order in ORDERS if order != way.order))
    either = (other, K) in fits and fits[other, K].formula == fit.formula
    also = {
        w.truth: None
        for (w, _), f in fits.items()
        if f.formula == fit.formula and w.truth != way.truth and w.order == way.order
        if w.forecast == way.forecast and np.isclose(abs(f.scale), abs(fit.scale), rtol=1e-3)
    }
    if "0 and 1" in (*also, way.truth) and "-1 and 1" in also:
        del also["-1 and 1"]  # whoever asks for y == 1 takes any other number for a 0
    if fit.formula in OF_SCORES:
        way = way._replace(forecast="scores")
    return Found(way, fit, K, tuple(also), either)

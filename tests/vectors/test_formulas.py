"""The formulas of the page for maintainers, computed as they read there, give the values."""

import json
import re
from pathlib import Path

import direct
import numpy as np
import pytest
from mpmath import inf, mp, mpf

from vectors import runner

PAGE = (Path(__file__).parents[2] / "vectors" / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`\w+\(.*?) \|.*?\| (.+) \|$", PAGE, re.MULTILINE)
FORMULAS = {loss: told for calls, told in ROWS for loss in re.findall(r"`(\w+)\(", calls)}

number = np.frompyfunc(mpf, 1, 1)
exp = np.frompyfunc(mp.exp, 1, 1)
ln = np.frompyfunc(lambda v: mp.log(v) if v > 0 else -inf, 1, 1)
times = np.frompyfunc(lambda a, b: a * b if a and b else mpf(0), 2, 1)  # 0·ln 0 is 0


def total(terms):
    return terms.sum(axis=-1)


def sigma(z):
    return 1 / (1 + exp(-z))


def softmax(z):
    return exp(z) / exp(z).sum(axis=-1, keepdims=True)


def is_label(y, row):
    return number(np.asarray(y, int)[..., None] == np.arange(row.shape[-1]))


def kl(p, q):
    return total(times(p, ln(p) - ln(q)) - p + q)


def entropy(p, q=None):
    return -total(times(p, ln(p if q is None else q)))


def two(y, p, v=1):
    return -times(v * y, ln(p)) - times(1 - y, ln(1 - p))


def js(p, q):
    return kl(p, (p + q) / 2) / 2 + kl(q, (p + q) / 2) / 2


def smoothed(t, alpha, convention):
    spread = alpha / t.shape[-1] if convention == "K" else alpha * (1 - t) / (t.shape[-1] - 1)
    return (1 - alpha) * t + spread


def focal(y, p, gamma, alpha=None):
    p_t = np.where(y == 1, p, 1 - p)
    alpha_t = 1 if alpha is None else np.where(y == 1, alpha, 1 - alpha)
    return -alpha_t * times((1 - p_t) ** gamma, ln(p_t))


def ranked(y, p):
    reached = number(np.asarray(y, int)[..., None] <= np.arange(p.shape[-1] - 1))
    return total((p.cumsum(axis=-1)[..., :-1] - reached) ** 2)


def link(y, s, c):
    c = np.concatenate([[-inf], c, [inf]])
    y = np.asarray(y, int)
    return -ln(sigma(c[y + 1] - s) - sigma(c[y] - s))


AS_READ = {
    "−ln p": lambda p: -ln(p),
    "−Σ p_k ln p_k": entropy,
    "−Σ p_k ln q_k": entropy,
    "Σ [p_k ln(p_k/q_k) − p_k + q_k]": kl,
    "½ KL(p‖m) + ½ KL(q‖m) with m = (p + q)/2": js,
    "e^H(p), e^H(p, q)": lambda *rows: exp(entropy(*rows)),
    "1/(1 + e^−z)": sigma,
    "ln(1 + e^z)": lambda z: ln(1 + exp(z)),
    "−ln(1 + e^−z)": lambda z: -ln(1 + exp(-z)),
    "ln(p/(1 − p))": lambda p: ln(p / (1 - p)),
    "ln Σ e^z_k": lambda z: ln(total(exp(z))),
    "e^(z_k/T) / Σ_j e^(z_j/T)": lambda z, temperature=1: softmax(z / temperature),
    "z_k/T − ln Σ_j e^(z_j/T)": lambda z, temperature=1: (
        z / temperature - ln(exp(z / temperature).sum(axis=-1, keepdims=True))
    ),
    "−y ln p − (1 − y) ln(1 − p)": two,
    "−v·y ln σ(z) − (1 − y) ln(1 − σ(z))": lambda y, z, pos_weight=1: two(y, sigma(z), pos_weight),
    "−Σ t_k ln p_k": entropy,
    "−ln p_y": lambda y, p: entropy(is_label(y, p), p),
    '(1 − α)·t_k + α/K (`"K"`), or α·(1 − t_k)/(K − 1) as the second term (`"K-1"`)': smoothed,
    "−α_t (1 − p_t)^γ ln p_t: p_t and α_t are p and α where y = 1, else 1 − p and 1 − α; "
    "α_t is 1 without `alpha`": focal,
    "the same, with p = σ(z)": lambda y, z, **options: focal(y, sigma(z), **options),
    "−(1 − p_y)^γ ln p_y": lambda y, z, gamma: focal(1, total(is_label(y, z) * softmax(z)), gamma),
    "Σ_{k<K−1} (p_0 + … + p_k − 1[y ≤ k])²": ranked,
    "−ln[σ(c_y − s) − σ(c_{y−1} − s)], with c_{−1} = −∞ and c_{K−1} = ∞": link,
    "(p − y)²": lambda y, p: (p - y) ** 2,
    "Σ (p_k − 1[k = y])²": lambda y, p: total((p - is_label(y, p)) ** 2),
    "max(0, 1 − (2y − 1)·s)": lambda y, s: np.maximum(0, 1 - (2 * y - 1) * s),
    "max(0, 1 − (2y − 1)·s)²": lambda y, s: np.maximum(0, 1 - (2 * y - 1) * s) ** 2,
}
SPARSE = "sparse_categorical_cross_entropy_with_logits"
IN_WORDS = {
    SPARSE,  # a formula and words: below
    "reliability_curve", "expected_calibration_error", "expected_calibration_error_multiclass",
    "roc_auc", "average_precision", "fit_temperature", "fit_bias", "fit_platt",
}  # fmt: skip


def plain(case):
    """Whether the digits of a naive formula suffice, and no number is infinite."""
    told = json.dumps([case["arguments"], case["options"], case["value"]])
    return "inf" not in told and not re.search(r"\d{4}\.|e\+", told)


CASES = [case for case in runner.cases() if "value" in case and plain(case)]


def reduced(each, reduction="none", sample_weight=1, by=None):
    each = times(sample_weight, each)
    if reduction == "none":
        return each
    by = np.broadcast_to(sample_weight, each.shape).sum() if by is None else by
    return each.sum() / (by if reduction == "mean" else 1)


def held(case, found):
    got = direct.plain(np.frompyfunc(float, 1, 1)(found))
    assert direct.distance(got, direct.numbers(case["value"])) <= direct.allowed(case), case["id"]


def test_every_formula_is_read_and_no_other():
    formulas = {told for loss, told in FORMULAS.items() if loss not in IN_WORDS}
    assert formulas == set(AS_READ)
    assert set(FORMULAS) >= IN_WORDS


@pytest.mark.parametrize("loss", sorted(set(FORMULAS) - IN_WORDS))
def test_a_formula_gives_the_values(loss):
    cases = [case for case in CASES if case["loss"] == loss]
    assert len(cases) > 10
    with mp.workdps(700):
        for case in cases:
            values, options = map(number, case["arguments"].values()), dict(case["options"])
            if loss == "categorical_cross_entropy_with_logits":
                values = (f(v) for f, v in zip((number, softmax), values, strict=True))
            last = {
                key: options.pop(key) for key in ("reduction", "sample_weight") if key in options
            }
            base = options.pop("base", None)
            found = AS_READ[FORMULAS[loss]](*values, **options)
            held(case, reduced(found / (1 if base is None else mp.log(base)), **last))


def test_the_formula_of_the_loss_with_most_options():
    formula, ignored, mean = FORMULAS[SPARSE].split("; ")
    assert formula == "−Σ w_k t_k ln p_k with t_k = (1 − a)·1[k = y] + a/K"
    assert ignored == "ignored rows do not count"
    assert mean == (
        "the mean divides by Σ w_y, with a `sample_weight` s by Σ s·w_y "
        '(`"sum_w"`), or by the number of rows that count (`"n"`)'
    )
    with mp.workdps(700):
        for case in CASES:
            if case["loss"] == SPARSE:
                held(case, sparse(*case["arguments"].values(), **case["options"]))


def sparse(y, z, reduction, label_smoothing=0, ignore_index=None, weight_norm="n", **weights):
    y, z = np.asarray(y), number(z)
    counts = number(y != ignore_index)
    w_k = number(weights.get("class_weight", np.ones(z.shape[-1])))
    t = (1 - label_smoothing) * is_label(y, z) + number(label_smoothing) / z.shape[-1]
    each = -total(times(w_k * t, ln(softmax(z)))) * counts
    weight = number(weights.get("sample_weight", np.ones(y.shape))) * counts
    by = counts if weight_norm == "n" else weight * total(is_label(y, z) * w_k)
    return reduced(each, reduction, weight, by.sum())

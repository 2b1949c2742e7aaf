"""A fingerprint finds what a loss was built to do, names the package's own, and never crashes."""

import math
import warnings
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest

import cehelpers as ce
from cehelpers._fingerprint_known import known_losses

RNG = np.random.default_rng(0)
UNITS = {"nats": 1.0, "bits": math.log(2), "digits": math.log(10)}

# ---------------------------------------------------------------- losses built to have some facts


class Built(NamedTuple):
    """What a loss is made of."""

    truth: str = "labels"
    forecast: str = "probabilities"
    order: str = "truth first"
    unit: str = "nats"
    reduction: str = "mean over rows"
    sign: int = 1
    eps: float = 0.0
    added: bool = False
    rescales: bool = False
    smoothing: float = 0.0
    by: str = "alpha/K"
    weights: bool = False
    over: str = "n"
    minus_one: str = "refused"
    single: bool = False
    keywords: bool = False


def log_softmax(Z):
    Z = Z - Z.max(axis=-1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=-1, keepdims=True))


def made(b: Built):
    """A loss of these parts, in plain NumPy."""

    def logs(X):
        if b.truth in ("0 and 1", "-1 and 1"):
            X = np.stack([1 - X if b.forecast == "probabilities" else 0 * X, X], axis=-1)
        if b.forecast == "logits":
            return log_softmax(X)
        if b.forecast == "log-probabilities":
            return X
        if b.rescales:
            X = X / X.sum(axis=-1, keepdims=True)
        eps = X.dtype.type(b.eps)
        if b.added:
            return np.log(X + eps)
        return np.log(np.clip(X, eps, 1 - eps)) if b.eps else np.log(X)

    def rows(truth, K):
        """One-hot rows, which of them count, and how often."""
        counts = np.ones(np.shape(truth)[:1])
        if b.truth == "rows":
            return truth, counts, counts
        if b.truth in ("0 and 1", "-1 and 1"):
            y = truth if b.truth == "0 and 1" else (1 + truth) / 2
            return np.stack([1 - y, y], axis=-1), counts, counts
        none = truth == -1
        if b.minus_one == "refused" and none.any():
            raise IndexError("no such class")
        scored = 1.0 * ~(none & (b.minus_one in ("left out", "scores 0")))
        return np.eye(K)[truth], scored if b.minus_one == "left out" else counts, scored

    def loss(truth, forecast):
        logarithms = logs(np.asarray(forecast, np.float32 if b.single else float))
        K = logarithms.shape[-1]
        T, counts, scored = rows(np.asarray(truth), K)
        w = (T * np.array([1.0, 3.0, 2.0])[:K]).sum(axis=-1) if b.weights else np.ones(len(T))
        off = b.smoothing / K if b.by == "alpha/K" else b.smoothing / (K - 1)
        keep = 1 - b.smoothing + (off if b.by == "alpha/K" else 0)
        T = T * keep + (1 - T) * off if b.smoothing else T
        with np.errstate(all="ignore"):
            each = -np.where(T > 0, T * logarithms, 0).sum(axis=-1) * w * scored
        each = b.sign * each / UNITS[b.unit]
        if b.reduction == "one a row":
            return each
        if b.reduction == "sum over rows":
            return each.sum()
        if b.reduction == "mean over elements":
            return each.mean() / K
        return each.sum() / ((w * counts).sum() if b.over == "their sum" else counts.sum())

    if b.keywords:
        return lambda *, target, guess: loss(target, guess)
    return loss if b.order == "truth first" else lambda forecast, truth: loss(truth, forecast)


def due(b: Built) -> dict[str, Any]:
    """The facts that such a loss has."""
    facts = {
        "formula": "cross-entropy",
        "truth": b.truth,
        "forecast": b.forecast,
        "order": b.order,
        "unit": b.unit,
        "reduction": b.reduction,
        "computes in": "float32" if b.single else "float64",
    }
    if b.sign < 0:
        facts["sign"] = "negative"
    if b.eps:
        facts |= {"eps": b.eps, "eps is": "added" if b.added else "a clip"}
    elif b.forecast == "probabilities":
        facts["certain and wrong"] = "inf"
    if b.rescales:
        facts["rows that sum to 1/2"] = "rescaled"
    if b.smoothing:
        facts["smoothing"] = b.smoothing
        if b.truth in ("labels", "rows") and not b.weights:
            facts["smoothing by"] = b.by
    if b.weights:
        facts["class weights"] = (1.0, 3.0, 2.0)[: 2 if b.truth == "0 and 1" else 3]
        facts["class weights over"] = b.over
    if b.truth == "labels":
        left_out = {"sum over rows": "left out", "one a row": "scores 0"}  # there both are one
        both = b.minus_one in ("left out", "scores 0")
        facts["label -1"] = left_out.get(b.reduction, b.minus_one) if both else b.minus_one
    return facts


def random_build(rng: np.random.Generator) -> Built:
    """Any parts that go together."""

    def one(*options):
        return options[rng.integers(len(options))]

    truth = one("labels", "rows", "0 and 1", "-1 and 1")
    binary = truth in ("0 and 1", "-1 and 1")
    forecast = one("probabilities", "logits", *([] if binary else ["log-probabilities"]))
    reduction = one("mean over rows", "sum over rows", "one a row")
    reduction = one(reduction, "mean over elements") if truth == "rows" else reduction
    weights = truth in ("labels", "0 and 1") and one(True, False, False)
    eps = one(0.0, 1e-12, 1e-7, 1e-5, 1e-3) if forecast == "probabilities" else 0.0
    weighted_mean = weights and reduction == "mean over rows"
    return Built(
        truth,
        forecast,
        one("truth first", "forecast first"),
        "nats" if weights else one(*UNITS),
        reduction,
        one(1, 1, 1, -1),
        eps,
        eps > 0 and one(True, False),
        not binary and forecast == "probabilities" and one(True, False),
        0.0 if weights else one(0.0, 0.0, 0.1, 0.2),
        "alpha/K" if binary else one("alpha/K", "alpha/(K-1)"),
        weights,
        one("n", "their sum") if weighted_mean else "n",
        one("refused", "the last class", "left out", "scores 0"),
        eps in (0.0, 1e-7, 1e-5, 1e-3) and one(True, False, False),
    )


def close(a: Any, b: Any) -> bool:
    if isinstance(b, float):
        return a == pytest.approx(b, rel=0.03)
    return a == (pytest.approx(b, rel=0.01) if isinstance(b, tuple) else b)


@pytest.mark.parametrize("seed", range(160))
def test_what_a_loss_is_made_of_is_found(seed):
    built = random_build(np.random.default_rng(seed))
    found = ce.fingerprint(made(built)).facts
    wrong = {k: (found.get(k), v) for k, v in due(built).items() if not close(found.get(k), v)}
    assert not wrong, built


# ---------------------------------------------------------------- one fact at a time


def bce(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def of_one(y, p):
    return -math.log(p) if y == 1 else -math.log(1 - p)


def sigmoids(y, z):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def flattened(y, p):
    return bce(np.ravel(y), np.ravel(p))


def weighted(y, p, sample_weight=1.0):
    each = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return np.sum(sample_weight * each) / np.sum(sample_weight * np.ones_like(y))


def weighted_over_n(y, p, weights=1.0):
    return np.mean(-weights * (y * np.log(p) + (1 - y) * np.log(1 - p)))


def weighted_by_mean(y, p, weight=1.0):
    return bce(y, p) * np.mean(weight)


def two_columns(labels, Q):
    if Q.shape[-1] != 2:
        raise ValueError("two columns")
    return bce(labels, Q[:, 1])


def of_ten(labels, Z):
    return -np.mean(np.sum(np.eye(10)[labels] * log_softmax(Z), axis=1))


def as_a_bool(y, p):
    return bce(y > 0.5, p)


def columns(y, p):
    if y.ndim != 2 or y.shape[1] != 1:
        raise ValueError("columns")
    return bce(y, p)


def classes_second(labels, Z):
    Z = np.moveaxis(np.asarray(Z), 1, -1)
    P = np.exp(log_softmax(Z))
    return -np.log(np.take_along_axis(P, labels[..., None], -1)).mean()


ONE_FACT = [
    (bce, {"certain and wrong": "inf", "certain and right": "nan", "lists": "refused"}),
    (bce, {"soft truths": "each class by its share", "truths in a column": "every pair"}),
    (bce, {"a loss of 1e-17": "lost", "a NaN": "nan", "label -1": "as the formula has it"}),
    (bce, {"a table of tags": "the mean of all", "no rows": "nan", "float32": "kept"}),
    (flattened, {"lists": "accepted", "truths in a column": "flattened"}),
    (as_a_bool, {"soft truths": "rounded"}),
    (lambda y, p: round(bce(y, p), 4), {"rounds to": 4, "formula": "cross-entropy"}),
    (lambda y, p: np.float16(bce(y, p)), {"computes in": "few digits"}),
    (lambda y, p: bce(y, p) / 2, {"factor": 0.5}),
    (lambda y, p: bce(y, p.astype(float)), {"float32": "becomes float64"}),
    (lambda y, p: bce(y, np.maximum(p, 1e-7)), {"eps": 1e-7, "certain and right": "nan"}),
    (lambda y, p: np.mean((y - p) ** 2), {"formula": "squared error", "order": "either"}),
    (lambda y, p: np.mean(np.abs(y - p)), {"formula": "absolute error"}),
    (lambda y, p: np.mean((p > 0.5) != y), {"formula": "error rate"}),
    (lambda y, p: np.mean((p > 0.5) != y), {"reduction": "mean over rows", "order": "truth first"}),
    (lambda y, p: -np.mean(y * p + (1 - y) * (1 - p)), {"formula": "probability"}),
    (lambda y, z: np.mean(np.exp(-y * z)), {"formula": "exponential loss", "truth": "-1 and 1"}),
    (lambda y, z: np.mean(np.logaddexp(0, -y * z)), {"truth": "-1 and 1", "order": "either"}),
    (sigmoids, {"digits of a right forecast": 20, "digits of a wrong forecast": 30}),
    (of_one, {"takes": "one row at a time", "reduction": "one a row"}),
    (lambda k, q: -math.log(q[k]), {"takes": "one row at a time", "truth": "labels"}),
    (columns, {"takes": "columns"}),
    (two_columns, {"truth": "labels", "forecast": "probabilities", "classes": 2}),
    (of_ten, {"truth": "labels", "forecast": "logits", "classes": 10}),
    (classes_second, {"sentences of tokens": "classes along axis 1"}),
    (weighted, {"weights": "over their sum"}),
    (weighted_over_n, {"weights": "over n"}),
    (weighted_by_mean, {"weights": "by their mean alone"}),
    (lambda y, p, weight=None: bce(y, p), {"weights": "no effect"}),
    (lambda *, guess, goal: bce(goal, guess), {"order": "forecast first"}),
    (lambda *, guess, goal: bce(goal, guess), {"keywords": ("guess", "goal")}),
    (lambda T, Q: np.mean(ce.kl_divergence(T, Q)), {"formula": "KL divergence"}),
    (lambda T, Q: -np.sum(T * np.log(Q), axis=0), {"reduction": "shape (3,) of 6 rows"}),
    (lambda T, Q: -T * np.log(Q), {"reduction": "one an element"}),
    (lambda T, Q: -np.sum(T * np.log(Q)) / len(T) ** 0.5, {"formula": "cross-entropy"}),
    (partial(ce.focal_loss, gamma=1.5, alpha=0.25), {"gamma": 1.5, "alpha": 0.25}),
    (partial(ce.binary_cross_entropy_with_logits, pos_weight=3), {"class weights": (1.0, 3.0)}),
    (partial(ce.perplexity), {"formula": "perplexity"}),
    (partial(ce.js_divergence, base=2), {"formula": "Jensen-Shannon divergence", "unit": "bits"}),
]


@pytest.mark.parametrize(("loss", "facts"), ONE_FACT)
def test_a_fact_is_found(loss, facts):
    found = ce.fingerprint(loss).facts
    assert {name: found.get(name) for name in facts} == facts


def test_habits_are_told():
    def noisy(y, p):
        print("loss!")
        p += 0
        y *= 0
        return 0.5

    def counting(y, p, seen=[]):  # noqa: B006
        seen.append(1)
        return bce(y, p) * (1 + 1e-3 * len(seen))

    def in_place(y, p):
        p[...] = np.log(p / (1 - p))
        return np.mean(np.logaddexp(0, p) - y * p)

    assert ce.fingerprint(noisy).facts == {"constant": 0.5, "questions": 120}
    assert "answers differently when asked again" in ce.fingerprint(counting).facts["habits"]
    found = ce.fingerprint(in_place)
    assert "changes its inputs" in found.facts["habits"]
    assert "It changes its inputs." in found.sentences


def test_tensors_are_made_on_request():
    class Tensor:
        def __init__(self, x):
            self.x = np.array(x)

    def loss(p, y):
        if not isinstance(p, Tensor):
            raise TypeError("argument 'p' must be Tensor, not ndarray")
        return bce(y.x, p.x)

    refused = ce.fingerprint(loss)
    assert "Does it want tensors? Then convert=" in refused.sentences[0]
    found = ce.fingerprint(loss, convert=Tensor)
    assert found.facts["order"] == "forecast first" and found.facts["formula"] == "cross-entropy"
    assert "lists" not in found.facts


# ---------------------------------------------------------------- names


OWN = [name.split()[1] for name in known_losses() if name.startswith("cehelpers' ")]


def test_every_loss_of_the_package_is_known():
    homes = ("binary_losses", "categorical_losses", "focal_losses", "ordinal_losses")
    losses = {
        name
        for name in ce.__all__
        if getattr(ce, name).__module__.removeprefix("cehelpers.") in homes
        and not name.endswith("_grad")
    }
    pairs = {"cross_entropy", "kl_divergence", "js_divergence", "perplexity"}
    # what needs a third argument is told to be so
    assert set(OWN) == losses - {"cumulative_link_nll"} | pairs | {
        "bernoulli_nll",
        "categorical_nll",
    }


@pytest.mark.parametrize("name", OWN)
def test_a_loss_of_the_package_is_named(name):
    own = getattr(ce, name)
    found = ce.fingerprint(lambda truth, forecast: own(truth, forecast))
    assert found.name == f"cehelpers' {name}"
    assert found.differences == []
    assert found.sentences[-1] == f"Verdict: this is cehelpers' {name}, to the last digit."


def test_a_difference_is_named():
    found = ce.fingerprint(partial(ce.binary_cross_entropy, reduction="sum"))
    assert (found.name, found.differences) == ("cehelpers' binary_cross_entropy", ["reduction"])
    verdict = "up to one thing: reduction (sum over rows; there mean over rows)."
    assert found.sentences[-1].endswith(verdict)
    nearly = ce.fingerprint(lambda y, p: ce.binary_cross_entropy(y, p) * (1 + 1e-12))
    assert "one thing: float32" in nearly.sentences[-1]


# ---------------------------------------------------------------- whatever is asked, it answers


class Awkward:
    """Everything about it raises."""

    @property
    def __signature__(self):
        raise RuntimeError("no signature")

    def __getattr__(self, name):
        raise RuntimeError("no attribute")

    def __call__(self, *arguments):
        raise Mute


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no words")


class NoArray:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")


def leaves(y, p):
    raise SystemExit(1)


def endless(y, p):
    return endless(p, y)


def generator(y, p):
    yield 0.5


async def awaited(y, p):
    return 0.5


def strict(y, p):
    np.seterr(all="raise")
    warnings.simplefilter("error")
    return bce(y, p)


NASTY = {
    "no arguments": lambda: 0.5,
    "one argument": lambda y: 0.5,
    "three arguments": lambda y, p, w: 0.5,
    "any arguments": lambda *arguments: 0.5,
    "any keywords": lambda **arguments: 0.5,
    "an error": lambda y, p: 1 / 0,
    "an error without words": Awkward(),
    "it leaves": leaves,
    "it never ends": endless,
    "None": lambda y, p: None,
    "a string": lambda y, p: "0.5",
    "strings": lambda y, p: ["0.5"] * len(y),
    "a dictionary": lambda y, p: {"loss": 0.5},
    "a generator": generator,
    "a coroutine": awaited,
    "a complex number": lambda y, p: 0.5j,
    "no array": lambda y, p: NoArray(),
    "an object of objects": lambda y, p: [None, object()],
    "nan": lambda y, p: math.nan,
    "inf": lambda y, p: math.inf,
    "nothing": lambda y, p: np.zeros(0),
    "a constant": lambda y, p: 1,
    "the truth": lambda y, p: y,
    "the forecast": lambda y, p: p,
    "a large array": lambda y, p: np.ones((7, 5, 3)),
    "a pair": lambda y, p: (bce(y, p), p),
    "a decimal": lambda y, p: Decimal(float(bce(y, p))),
    "a fraction": lambda y, p: Fraction(float(bce(y, p))),
    "a masked array": lambda y, p: np.ma.array(y * np.log(p), mask=True),
    "a truth value": lambda y, p: True,
    "at random": lambda y, p: RNG.random(),
    "dict": dict,
    "print": print,
    "divmod": divmod,
    "max": max,
    "np.add": np.add,
    "np.matmul": np.matmul,
    "np.log": np.log,
    "a type": int,
    "strict": strict,
}


@pytest.mark.parametrize("name", NASTY)
def test_whatever_is_called_a_sentence_comes_back(name, capsys):
    """pytest makes every warning an error."""
    before, filters = np.geterr(), list(warnings.filters)
    found = ce.fingerprint(NASTY[name])
    assert found.sentences[-1].startswith("Verdict: ") and len(found.sentences) >= 2
    assert all(sentence.isascii() and sentence.endswith(".") for sentence in found.sentences)
    assert str(found) == repr(found) and max(map(len, str(found).splitlines())) <= 79
    assert capsys.readouterr() == ("", "")
    assert (np.geterr(), warnings.filters) == (before, filters)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("one argument", "It takes one argument, y: a loss has a truth and a forecast."),
        (
            "three arguments",
            "It needs 3 arguments, y, p and w: fix all but truth and forecast with",
        ),
        ("an error", "It refuses what it is asked; the first time: ZeroDivisionError: division by"),
        ("a string", "the first time: TypeError: it returns str, no number."),
        ("nan", "It never answers with a finite number: nan."),
        ("a constant", "It depends on nothing that it is given: it answers 1."),
        ("at random", "It answers differently when asked again, and no formula shows."),
    ],
)
def test_what_is_said_of_them(name, words):
    assert words in ce.fingerprint(NASTY[name]).sentences[0]


def test_in_a_notebook_sentences_are_a_list():
    found = ce.fingerprint(lambda y, p: bce(y, p) if (y < 2).all() else math.nan)
    page = found._repr_html_()
    assert page.count("<li>") == len(found.sentences)
    assert "<li>The truth comes first, then the forecast.</li>" in page
    assert "&lt;b&gt;" in ce.fingerprint(leave_a_mark)._repr_html_()


def leave_a_mark(y, p):
    raise ValueError("<b>")


@pytest.mark.parametrize("bad", [None, 3, "bce", [bce]])
def test_what_cannot_be_called_is_an_error(bad):
    with pytest.raises(TypeError, match="loss must be callable; got"):
        ce.fingerprint(bad)
    if bad is not None:
        with pytest.raises(TypeError, match="convert must be callable; got"):
            ce.fingerprint(bce, convert=bad)

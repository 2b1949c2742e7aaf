"""The decision table of notebook 11: what each advice says is true, and its every line runs."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_expit, log_softmax, logit, softmax
from sklearn.metrics import hinge_loss, log_loss
from sklearn.svm import LinearSVC

import cehelpers as ce
from cecourse.english import guessing
from cecourse.lessons.framework_rosetta.calls import recorded
from cecourse.lessons.loss_clinic import choice
from cecourse.lessons.loss_clinic.choice import ADVICE, PATHS

# ---------------------------------------------------------------- what it says


def test_every_path_leads_to_a_loss_and_every_loss_is_reached():
    assert set(PATHS) == {(a, s) for a in choice.ANSWERS for s in choice.SPECIALS}
    assert set(PATHS.values()) == set(ADVICE)


WORDS = {  # of an answer: what it means, the family, words of the loss and of the last layer
    "yes or no": ("one of two", "sigmoid", "binary", "one logit, no activation (sigmoid"),
    "one of K classes": (
        "exactly one holds",
        "softmax",
        "softmax",
        "K logits, no activation (soft",
    ),
    "the next token": ("one of a vocab", "softmax", "softmax", "K logits, no activation (soft"),
    "any of K tags": ("none, some or all", "sigmoid", "for each tag", "(a sigmoid each to read"),
    "a class in an order": ("small < middle", "order", "cumulative link", "one score s and K − 1"),
    "a side, no probability": ("margin", "margin", "hinge", "one linear score, no activation"),
}
ELSEWHERE = {"ordered soft": "one of K classes", "no side": "yes or no"}  # sent back, or declined


@pytest.mark.parametrize(("answer", "special"), PATHS)
def test_a_path_leads_to_a_loss_of_its_kind(answer, special):
    key = PATHS[answer, special]
    loss, truth = ADVICE[key], choice.example(ADVICE[key].example)["y"]
    assert WORDS[answer][0] in choice.ANSWERS[answer]
    _, family, name, layer = WORDS[ELSEWHERE.get(key, answer)]
    assert loss.family == family and name in loss.name and layer in loss.last_layer
    soft = bool((truth % 1).any())
    assert soft == ("soft" in loss.name.replace("softmax", "")) == (special == "soft labels")
    focal = special == "mostly easy rows" and key in ("focal", "focal ce", "focal tags")
    assert focal == ("focal" in loss.name) == ("focal" in loss.short)
    assert ("squared" in loss.name) == ("squared" in loss.short)
    short = {"sigmoid": "BCE", "softmax": "softmax", "order": "cumulative link", "margin": "hinge"}
    if key != "no side":
        assert ("focal loss" if focal and family == "sigmoid" else short[family]) in loss.short
        assert ("each tag" in loss.short) == (answer == "any of K tags")
    four = dict.fromkeys(("yes or no", "the next token", "a side, no probability"), (4,))
    shapes = four | {"any of K tags": (3, 3)}
    shape = (3, 3) if soft and family == "softmax" else shapes.get(answer, (3,))
    assert truth.shape == shape


@pytest.mark.parametrize("key", ADVICE)
def test_our_line_is_the_loss_it_says(key):
    """Against the definition, written out with SciPy."""
    loss = ADVICE[key]
    e = choice.example(loss.example)
    y, z = e["y"], e.get("z")
    if loss.family == "margin":
        gap = np.maximum(0, 1 - (2 * y - 1) * z)
        wanted = np.mean(gap**2 if "squared" in loss.name else gap)
    elif loss.family == "order":
        upper, lower = (expit(e["edges"][y + k] - e["s"]) for k in (1, 0))
        wanted = -np.log(upper - lower).mean()
    elif loss.family == "softmax":
        if loss.example == "tokens":
            y, z = y[:-1], z[:-1]
        rows = y if y.ndim == 2 else np.eye(3)[y]
        each = -(rows * log_softmax(z, axis=1)).sum(axis=1)
        if "focal" in loss.name:
            each = (1 - (rows * softmax(z, axis=1)).sum(axis=1)) ** 2 * each
        wanted = each.mean()
    else:
        p = expit(z)
        up, down = (1 - p, p) if "focal" in loss.name else (1, 1)
        wanted = np.mean(-(y * up**2 * np.log(p) + (1 - y) * down**2 * np.log(1 - p)))
    assert choice.value(key) == pytest.approx(wanted, rel=1e-12)
    assert choice.value(key) > 0


def forecast(share, weight=1.0):
    """The logit with the least mean weighted BCE where a share of the rows is positive."""

    def mean(z):
        one, zero = ce.binary_cross_entropy_with_logits([1, 0], [z, z], reduction="none")
        return weight * share * one + (1 - share) * zero

    return minimize_scalar(mean, bounds=(-9, 9), method="bounded", options={"xatol": 1e-9}).x


def share_of_loss(p, y=1):
    """What focal loss leaves of the cross-entropy of a row."""
    return ce.focal_loss([y], [p], gamma=2) / ce.binary_cross_entropy([y], [p])


def weight_adds_its_logarithm():
    return np.isclose(forecast(0.2, weight=7), logit(0.2) + math.log(7), atol=1e-4)


def cut_is_cheapest():
    """Of honest forecasts, with prices of 1 and 9."""
    rng = np.random.default_rng(0)
    true = rng.uniform(0.01, 0.6, 4000)
    y, prices = (rng.random(4000) < true).astype(int), {"cost_fp": 1, "cost_fn": 9}
    cuts = (0.02, 1 / (1 + 9), 0.5)
    return np.argmin([ce.expected_cost(y, true, threshold=cut, **prices) for cut in cuts]) == 1


def class_weights_add_their_logarithms():
    shares, w = np.array([0.7, 0.2, 0.1]), np.array([1.0, 2.0, 5.0])
    best = minimize(lambda z: -(shares * w * log_softmax(z)).sum(), np.zeros(3)).x
    less_prior = ce.logit_adjustment([np.log(shares)], shares)
    return np.allclose(softmax(best - np.log(w)), shares, atol=1e-4) and not less_prior.any()


def slopes_of(loss, *places):
    return [(loss(z + 1e-6) - loss(z - 1e-6)) / 2e-6 for z in places]


def best_score(label):
    """The score with the least loss of a cumulative link; far out it hardly matters."""

    def loss(s):
        return ce.cumulative_link_nll([label], [s], [-1.0, 0.5])

    return minimize_scalar(loss, bounds=(-9, 9), method="bounded").x


def flagged(**options):
    """How many rows a linear SVM flags where positives are rare and lie among the others."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [380, 20])
    x = rng.normal(size=(400, 1)) + y[:, None]
    return LinearSVC(**options).fit(x, y).predict(x).sum()


def refused(call):
    with pytest.raises(ValueError):
        call()
    return True


def order_seen(score):
    """Does a forecast that is further off score worse, though the true class gets the same?"""
    near, far = (score([0], [q]) for q in ([0.2, 0.7, 0.1], [0.2, 0.1, 0.7]))
    return far > near


SOFT = np.array([0.7, 0.2, 0.1])
TEXT = guessing.alice()  # a token is a letter, or a pair
PAIRS = [TEXT[i : i + 2] for i in range(0, len(TEXT), 2)]


def mean_of_tokens(batches):
    """The loss of padded batches of tokens, all with the same row, by adding up and dividing."""
    loss = ce.sparse_categorical_cross_entropy_with_logits
    options = {"ignore_index": -100, "reduction": "sum"}
    total = sum(loss(y, np.tile(np.log(SOFT), (len(y), 1)), **options) for y in batches)
    return total / sum(np.sum(y >= 0) for y in batches)


def unigram(tokens):
    """Nats per token and per letter of a text under the shares of its own tokens."""
    shares = np.unique(tokens, return_counts=True)[1] / len(tokens)
    return ce.entropy(shares), ce.entropy(shares) * len(tokens) / len(TEXT)


def distilled(T):
    """Size of the gradient of a distillation loss at temperature T, in the student's logits."""
    student, teacher = np.array([[0.3, -0.2, 0.1]]), np.array([[1.0, 0.2, -0.5]])
    slopes = ce.categorical_cross_entropy_with_logits_grad(
        softmax(teacher / T, axis=1), student / T
    )
    return np.abs(slopes / T).mean()


WHY = {  # words of the short name and of the reason, and whether they are so
    "bce": (
        "BCE of logits",
        "an honest probability is what minimises it, and the fused form never meets log 0",
        lambda: (
            np.isclose(expit(forecast(0.3)), 0.3, atol=1e-4)
            and ce.binary_cross_entropy_with_logits([1], [-800.0]) == 800
        ),
    ),
    "bce and cut": (
        "a cut\nfrom the costs",
        "act where p ≥ C_fp/(C_fp + C_fn); a weight w on the positives adds ln w to every logit, "
        "so subtract it",
        lambda: cut_is_cheapest() and weight_adds_its_logarithm(),
    ),
    "focal": (
        "focal loss",
        "a row at 0.9 counts a hundredth with γ = 2; its outputs are no probabilities until",
        lambda: np.isclose(share_of_loss(0.9), 0.01),
    ),
    "soft bce": (
        "soft targets",
        "7 of 10 votes are the target 0.7: the loss is then lowest at p = 0.7, and not 0 there",
        lambda: (
            np.isclose(expit(forecast(7 / 10)), 0.7, atol=1e-4)
            and ce.binary_cross_entropy([0.7], [0.7]) > 0.6
        ),
    ),
    "ce": (
        "softmax CE",
        "makes the classes compete, which is right where exactly one holds",
        lambda: np.diff(softmax([[0, 0], [1, 0]], axis=1)[:, 1]) < 0,
    ),
    "ce and prior": (
        "prior after it",
        "subtract ln of the classes' shares from the logits after training (logit adjustment); "
        "class weights w add ln w to the logits, so subtract that",
        class_weights_add_their_logarithms,
    ),
    "focal ce": (
        "softmax\nfocal loss",
        "sure rows count less, so the long tail is heard; calibrate before you read p",
        lambda: share_of_loss(0.9) < share_of_loss(0.3),
    ),
    "soft ce": (
        "softmax CE,\nsoft targets",
        "votes or a smoothed row are a target as good as a single label; the floor is their "
        "entropy, not 0",
        lambda: np.isclose(
            minimize(
                lambda z: ce.categorical_cross_entropy_with_logits([SOFT], [z]), np.zeros(3)
            ).fun,
            ce.entropy(SOFT),
        ),
    ),
    "tokens": (
        "padding left out",
        "add up over all batches, then divide once, and compare models per byte, as each cuts a "
        "text into tokens of its own",
        lambda: (
            np.isclose(
                mean_of_tokens([np.array([0, 1, -100]), np.array([2, -100, -100])]),
                -np.log(SOFT).mean(),
            )
            and unigram(list(TEXT))[0] < unigram(PAIRS)[0]
            and unigram(list(TEXT))[1] > unigram(PAIRS)[1]
        ),
    ),
    "tokens rare": (
        "no weight",
        "a weight w adds ln w to a token's logit, and it is sampled too often",
        class_weights_add_their_logarithms,
    ),
    "tokens easy": (
        "no focus",
        "an easy token costs next to nothing and has a slope of nearly 0 already; a focus would "
        "cost the honest probabilities",
        lambda: (
            -math.log(0.999) < 0.0011 and np.isclose(softmax([0, math.log(999)])[1] - 1, -0.001)
        ),
    ),
    "soft tokens": (
        "a teacher's rows",
        "divide both logits by T, and multiply the loss by T², for its gradient fades like 1/T²",
        lambda: np.isclose(distilled(32) / distilled(64), 4, rtol=0.02),
    ),
    "tags": (
        "BCE for each tag",
        "each tag is its own yes or no; a softmax would let at most one tag pass ½",
        lambda: (
            (softmax(np.random.default_rng(0).normal(0, 5, (999, 3)), axis=1) > 0.5)
            .sum(axis=1)
            .max()
            == 1
        ),
    ),
    "tags and cuts": (
        "a cut\nfor each tag",
        "each tag has a cut from its own costs, C_fp/(C_fp + C_fn); a weight w adds ln w to the "
        "tag's logit, so subtract it",
        lambda: cut_is_cheapest() and weight_adds_its_logarithm(),
    ),
    "focal tags": (
        "focal loss\nfor each tag",
        "most tags are absent from most rows: those easy zeros count less",
        lambda: share_of_loss(0.05, y=0) < share_of_loss(0.6, y=0),
    ),
    "soft tags": (
        "BCE for each tag,\nsoft targets",
        "the share of people who set a tag is its target",
        lambda: np.isclose(expit(forecast(0.2)), 0.2, atol=1e-4),
    ),
    "ordered": (
        "cumulative link",
        "one score and thresholds know that 2 lies between 1 and 3; report the RPS beside it",
        lambda: best_score(0) < best_score(1) < best_score(2),
    ),
    "ordered rare": (
        "cumulative link,\nno weight",
        "the thresholds already carry the base rates; a rare class moves its cut by itself",
        lambda: np.isclose(  # a score that says nothing, and the loss of the shares themselves
            SOFT @ [ce.cumulative_link_nll([y], [0.0], logit([0.7, 0.9])) for y in range(3)],
            ce.entropy(SOFT),
        ),
    ),
    "ordered easy": (
        "cumulative link",
        "an easy row has a slope of nearly 0 already; a focus would cost the honest probabilities",
        lambda: (
            abs(slopes_of(lambda s: ce.cumulative_link_nll([0], [s], [-1.0, 0.5]), -9.0)[0]) < 0.001
        ),
    ),
    "ordered soft": (
        "judged by RPS",
        "shares of votes make a row; this loss ignores the order, so judge the model by the RPS",
        lambda: (
            order_seen(ce.ranked_probability_score)
            and not order_seen(ce.sparse_categorical_cross_entropy)
        ),
    ),
    "hinge": (
        "hinge",
        "a row beyond the margin costs exactly 0 and has no slope: easy rows are free",
        lambda: (
            ce.hinge_loss([1], [1.5]) == 0
            and slopes_of(lambda z: ce.hinge_loss([1], [z]), 1.5) == [0]
        ),
    ),
    "squared hinge": (
        "squared hinge",
        "smooth where the hinge has its corner, and harder on large mistakes; the score is a side",
        lambda: (
            np.allclose(
                slopes_of(lambda z: ce.squared_hinge_loss([1], [z]), 1 - 1e-4, 1.1), 0, atol=1e-3
            )
            and ce.squared_hinge_loss([1], [-3.0]) > ce.hinge_loss([1], [-3.0])
        ),
    ),
    "squared hinge rare": (
        "move the cut",
        "a margin has no base rate to correct: choose the cut of the score on held-out rows, or "
        "fit LinearSVC(class_weight='balanced')",
        lambda: flagged(class_weight="balanced") > 2 * flagged(),
    ),
    "no side": (
        "none: half a side\nis a probability",
        "a margin needs a side and 0.7 of a vote is none: go back to probabilities",
        lambda: refused(lambda: ce.hinge_loss([0.7], [1.0])),
    ),
}


@pytest.mark.parametrize("key", ADVICE)
def test_an_advice_is_true_and_stands_where_it_belongs(key):
    short, why, holds = WHY[key]
    assert short in ADVICE[key].short and why in ADVICE[key].why
    assert holds()


def test_the_chooser_hands_out_no_weight():
    """A weight shifts every probability: where money decides, the loss stays as it is."""
    for answer in ("yes or no", "one of K classes", "the next token", "any of K tags"):
        plain, rare = (ADVICE[PATHS[answer, s]] for s in ("nothing special", "a rare class"))
        assert rare.code == plain.code


# ---------------------------------------------------------------- its lines of code


def libraries(library):
    """What the lines of a library refer to; a framework may be missing outside of `make test`."""
    if library == "scikit-learn":
        return {
            "np": np,
            "log_loss": log_loss,
            "hinge_loss": hinge_loss,
            "expit": expit,
            "log_expit": log_expit,
            "softmax": softmax,
        }
    pytest.importorskip(library.lower(), reason="group frameworks: make test installs it")
    import jax
    import keras
    import optax

    return {"keras": keras, "optax": optax, "jax": jax, "jnp": jax.numpy}


def single(example):
    """An example in float32, the frameworks' own precision."""
    return {
        name: value.astype(np.float32) if value.dtype.kind == "f" else value
        for name, value in example.items()
    }


def lines(*names):
    """(key, library) of every line there is."""
    return [(key, name) for name in names for key in ADVICE if ADVICE[key].code[name]]


@pytest.fixture(autouse=True)
def keras_computes_with_jax(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")


@pytest.mark.parametrize(("key", "library"), lines("scikit-learn", "Keras", "Optax"))
def test_every_line_agrees_with_ours(key, library):
    loss = ADVICE[key]
    example = choice.example(loss.example)
    exact = library == "scikit-learn"
    names = libraries(library) | (example if exact else single(example))
    found = float(choice.run(loss.code[library], names))
    assert found == pytest.approx(choice.value(key), rel=1e-9 if exact else 5e-6)


def ours(key, example):
    """Our loss of one row, in float64."""
    return choice.run(ADVICE[key].code["cehelpers"], {"ce": ce} | example)


@pytest.mark.parametrize(("key", "library"), lines("cehelpers", "scikit-learn", "Keras", "Optax"))
def test_no_line_loses_a_loss_far_out_in_float32(key, library):
    """Logits of ±50 and every class at scores of ±17 and ±50, a row at a time."""
    loss = ADVICE[key]
    capped = loss.code[library].startswith("log_loss")
    assert capped == ("36 nats" in choice.line(key, library))
    if capped:
        return
    names = {"ce": ce} if library == "cehelpers" else libraries(library)
    rows = choice.far(loss.example)
    if "hinge_loss" in loss.code[library]:  # of one row it cannot know which label is the positive
        rows = [{name: np.concatenate([row[name] for row in rows]) for name in rows[0]}]
    for row in rows:
        with np.errstate(under="ignore"):
            found = float(choice.run(loss.code[library], names | single(row)))
        assert found == pytest.approx(ours(key, row), rel=1e-5, abs=1e-6), row


def test_what_is_said_of_scikit_learn_s_log_loss():
    p = expit(np.array([50.0, -800.0]))
    for label, forecast in ((0, p[0]), (1, p[1])):
        assert 36 < log_loss([label], [forecast], labels=[0, 1]) < 36.1


@pytest.mark.parametrize("score", [-50.0, -17.0, 17.0, 50.0])
@pytest.mark.parametrize("label", [0, 1, 2])
def test_the_line_for_an_order_has_slopes_far_out(label, score):
    names = libraries("Optax")
    import jax

    code, row = ADVICE["ordered"].code["Optax"], single(choice.example("ordered"))

    def loss(s, edges):
        return choice.run(code, names | {"y": np.array([label]), "s": s, "edges": edges})

    s = np.float32([score])
    of_score, of_edges = jax.grad(loss, (0, 1))(s, row["edges"])
    assert np.isfinite(of_score).all() and np.isfinite(of_edges[1:-1]).all()
    step = 1e-3
    high, low = (
        ce.cumulative_link_nll([label], [score + d], row["edges"][1:-1]) for d in (step, -step)
    )
    assert float(of_score[0]) == pytest.approx((high - low) / (2 * step), rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("key", ADVICE)
def test_what_pytorch_answered_is_our_loss(key):
    """`tools/record_torch.py` has run each line: on the example, and far out in float32."""
    loss = ADVICE[key]
    kept = recorded()["chooser"][key]
    assert kept["call"] == loss.code["PyTorch"]
    near, *far = kept["value"]
    assert near == pytest.approx(choice.value(key), rel=1e-12)
    wanted = [ours(key, row) for row in choice.far(loss.example)]
    assert far == pytest.approx(wanted, rel=1e-5, abs=1e-6)


def test_where_a_library_has_no_such_loss_it_is_said():
    missing = {key for key, loss in ADVICE.items() if not loss.code["scikit-learn"]}
    assert {"focal", "focal ce", "focal tags", "soft ce"} <= missing
    for key in missing:
        assert choice.line(key, "scikit-learn") == "scikit-learn has no such loss"
    for library in ("cehelpers", "PyTorch", "Keras", "Optax"):
        assert all(loss.code[library] for loss in ADVICE.values())

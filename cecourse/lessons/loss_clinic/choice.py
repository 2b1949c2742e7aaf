"""Which loss for which question: the decision table of notebook 11 as data.

A path is a pair (answer, special); it ends at an `Advice`, which holds the line of code in each
library. Lines speak of y (truth), z (logits), and of what `example` adds. Tests run every line and
compare it with ours, on the example and, in float32, on logits of ±50; PyTorch's answers are
recorded by ``tools/record_torch.py``.
"""

from __future__ import annotations

import ast
import math
from typing import Any, NamedTuple

import numpy as np

import cehelpers as ce

LIBRARIES = ("cehelpers", "PyTorch", "Keras", "scikit-learn", "Optax")

ANSWERS = {
    "yes or no": "one of two",
    "one of K classes": "exactly one holds",
    "the next token": "one of a vocabulary",
    "any of K tags": "none, some or all hold",
    "a class in an order": "small < middle < large",
    "a side, no probability": "margin",
}
SPECIALS = ("nothing special", "a rare class", "mostly easy rows", "soft labels")


class Advice(NamedTuple):
    """One recommendation: its names, the last layer, the reason, and a line for each library."""

    short: str
    name: str
    family: str
    last_layer: str
    why: str
    code: dict[str, str]
    example: str


def _lines(ours: str, torch: str, keras: str, sklearn: str, optax: str) -> dict[str, str]:
    return dict(zip(LIBRARIES, (ours, torch, keras, sklearn, optax), strict=True))


NONE = ""  # the library has no such loss
_ONE = "one logit, no activation (sigmoid to read p)"
_K = "K logits, no activation (softmax to read p)"
_TAGS = "K logits, no activation (a sigmoid each to read p)"

_BCE = _lines(
    "ce.binary_cross_entropy_with_logits(y, z)",
    "F.binary_cross_entropy_with_logits(z, y)",
    "keras.losses.BinaryCrossentropy(from_logits=True)(y, z)",
    "log_loss(y, expit(z))",
    "optax.sigmoid_binary_cross_entropy(z, y).mean()",
)
# the probability of the true class is e^−loss, so 1 − p = −expm1(−loss), to the last digit;
# Keras' own focal losses clip p
_FOCAL = _lines(
    "ce.focal_loss_with_logits(y, z, gamma=2)",
    'loss = F.binary_cross_entropy_with_logits(z, y, reduction="none"); '
    "(torch.expm1(-loss) ** 2 * loss).mean()",
    "loss = keras.ops.binary_crossentropy(y, z, from_logits=True); "
    "keras.ops.mean(keras.ops.expm1(-loss) ** 2 * loss)",
    NONE,
    "optax.sigmoid_focal_loss(z, y, gamma=2).mean()",
)
_CE = _lines(
    "ce.sparse_categorical_cross_entropy_with_logits(y, z)",
    "F.cross_entropy(z, y)",
    "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, z)",
    "log_loss(y, softmax(z, axis=1))",
    "optax.softmax_cross_entropy_with_integer_labels(z, y).mean()",
)
_TOKENS = _lines(
    "ce.sparse_categorical_cross_entropy_with_logits(y, z, ignore_index=-100)",
    "F.cross_entropy(z, y, ignore_index=-100)",
    "keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)(y, z)",
    "log_loss(y[y >= 0], softmax(z[y >= 0], axis=1), labels=np.arange(z.shape[1]))",
    "optax.softmax_cross_entropy_with_integer_labels(z, y, where=y >= 0).sum() / (y >= 0).sum()",
)
# ln(σ(a) − σ(b)) = ln σ(a) + ln σ(−b) + ln(1 − e^(b − a)): far out the difference itself is 0
_ORDERED = _lines(
    "ce.cumulative_link_nll(y, s, cuts)",
    "low, high = edges[y], edges[y + 1]; -(F.logsigmoid(high - s) + F.logsigmoid(s - low)"
    " + torch.log1p(-torch.exp(low - high))).mean()",
    "low, high = edges[y], edges[y + 1]; -keras.ops.mean(keras.ops.log_sigmoid(high - s)"
    " + keras.ops.log_sigmoid(s - low) + keras.ops.log1p(-keras.ops.exp(low - high)))",
    "low, high = edges[y], edges[y + 1]; -(log_expit(high - s) + log_expit(s - low)"
    " + np.log1p(-np.exp(low - high))).mean()",
    "low, high = edges[y], edges[y + 1]; -(jax.nn.log_sigmoid(high - s)"
    " + jax.nn.log_sigmoid(s - low) + jnp.log1p(-jnp.exp(low - high))).mean()",
)
_SQUARED_HINGE = _lines(
    "ce.squared_hinge_loss(y, z)",
    "(torch.clamp(1 - (2 * y - 1) * z, min=0) ** 2).mean()",
    "keras.losses.SquaredHinge()(2 * y - 1, z)",
    "(np.maximum(0, 1 - (2 * y - 1) * z) ** 2).mean()  # what LinearSVC() minimises",
    "(optax.hinge_loss(z, 2 * y - 1) ** 2).mean()",
)


_TAG_BCE = _BCE | {"scikit-learn": "log_loss(y.ravel(), expit(z).ravel())"}

ADVICE = {
    "bce": Advice(
        "BCE of logits",
        "binary cross-entropy, fused",
        "sigmoid",
        _ONE,
        "an honest probability is what minimises it, and the fused form never meets log 0",
        _BCE,
        "binary",
    ),
    "bce and cut": Advice(
        "BCE, and a cut\nfrom the costs",
        "binary cross-entropy, fused and without a weight",
        "sigmoid",
        _ONE,
        "p stays honest, and the costs choose the cut: act where p ≥ C_fp/(C_fp + C_fn); a weight "
        "w on the positives adds ln w to every logit, so subtract it before anybody reads p",
        _BCE,
        "binary",
    ),
    "focal": Advice(
        "focal loss",
        "binary focal loss",
        "sigmoid",
        _ONE,
        "a row at 0.9 counts a hundredth with γ = 2; its outputs are no probabilities until "
        "calibrated",
        _FOCAL,
        "binary",
    ),
    "soft bce": Advice(
        "BCE of logits,\nsoft targets",
        "binary cross-entropy with soft targets",
        "sigmoid",
        _ONE,
        "7 of 10 votes are the target 0.7: the loss is then lowest at p = 0.7, and not 0 there",
        _BCE | {"scikit-learn": NONE},
        "soft binary",
    ),
    "ce": Advice(
        "softmax CE",
        "softmax cross-entropy, fused",
        "softmax",
        _K,
        "the softmax makes the classes compete, which is right where exactly one holds",
        _CE,
        "classes",
    ),
    "ce and prior": Advice(
        "softmax CE,\na prior after it",
        "softmax cross-entropy, fused and without weights",
        "softmax",
        _K,
        "the probabilities stay honest; to find the rare ones more often, subtract ln of the "
        "classes' shares from the logits after training (logit adjustment); class weights w add "
        "ln w to the logits, so subtract that before anybody reads p",
        _CE,
        "classes",
    ),
    "focal ce": Advice(
        "softmax\nfocal loss",
        "softmax focal loss",
        "softmax",
        _K,
        "sure rows count less, so the long tail is heard; calibrate before you read p",
        _lines(
            "ce.sparse_categorical_focal_loss_with_logits(y, z, gamma=2)",
            'loss = F.cross_entropy(z, y, reduction="none"); '
            "(torch.expm1(-loss) ** 2 * loss).mean()",
            "loss = keras.ops.sparse_categorical_crossentropy(y, z, from_logits=True); "
            "keras.ops.mean(keras.ops.expm1(-loss) ** 2 * loss)",
            NONE,
            "loss = optax.softmax_cross_entropy_with_integer_labels(z, y); "
            "(jnp.expm1(-loss) ** 2 * loss).mean()",
        ),
        "classes",
    ),
    "soft ce": Advice(
        "softmax CE,\nsoft targets",
        "softmax cross-entropy with soft rows",
        "softmax",
        _K,
        "votes or a smoothed row are a target as good as a single label; the floor is their "
        "entropy, not 0",
        _lines(
            "ce.categorical_cross_entropy_with_logits(y, z)",
            "F.cross_entropy(z, y)",
            "keras.losses.CategoricalCrossentropy(from_logits=True)(y, z)",
            NONE,
            "optax.softmax_cross_entropy(z, y).mean()",
        ),
        "soft classes",
    ),
    "tokens": Advice(
        "softmax CE,\npadding left out",
        "softmax cross-entropy over tokens, padding left out",
        "softmax",
        _K,
        "each position is a row, and padding is no class; take the mean over the tokens that "
        "count: add up over all batches, then divide once, and compare models per byte, as "
        "each cuts a text into tokens of its own",
        _TOKENS,
        "tokens",
    ),
    "tokens rare": Advice(
        "softmax CE,\nno weight",
        "softmax cross-entropy over tokens, without weights",
        "softmax",
        _K,
        "most tokens are rare, and how rare is what the model has to learn; a weight w adds ln w "
        "to a token's logit, and it is sampled too often",
        _TOKENS,
        "tokens",
    ),
    "tokens easy": Advice(
        "softmax CE,\nno focus",
        "softmax cross-entropy over tokens, without a focus",
        "softmax",
        _K,
        "an easy token costs next to nothing and has a slope of nearly 0 already; a focus would "
        "cost the honest probabilities",
        _TOKENS,
        "tokens",
    ),
    "soft tokens": Advice(
        "softmax CE,\na teacher's rows",
        "softmax cross-entropy with soft rows, a teacher's",
        "softmax",
        _K,
        "a teacher's row is a soft target; with a temperature T divide both logits by T, and "
        "multiply the loss by T², for its gradient fades like 1/T²",
        {},
        "soft classes",
    ),
    "tags": Advice(
        "BCE for each tag",
        "a binary cross-entropy for each tag",
        "sigmoid",
        _TAGS,
        "each tag is its own yes or no; a softmax would let at most one tag pass ½",
        _TAG_BCE,
        "tags",
    ),
    "tags and cuts": Advice(
        "BCE, and a cut\nfor each tag",
        "a binary cross-entropy for each tag, without a weight",
        "sigmoid",
        _TAGS,
        "p stays honest, and each tag has a cut from its own costs, C_fp/(C_fp + C_fn); a weight w "
        "adds ln w to the tag's logit, so subtract it before anybody reads p",
        _TAG_BCE,
        "tags",
    ),
    "focal tags": Advice(
        "focal loss\nfor each tag",
        "binary focal loss for each tag",
        "sigmoid",
        _TAGS,
        "most tags are absent from most rows: those easy zeros count less",
        _FOCAL,
        "tags",
    ),
    "soft tags": Advice(
        "BCE for each tag,\nsoft targets",
        "binary cross-entropy for each tag, soft targets",
        "sigmoid",
        _TAGS,
        "the share of people who set a tag is its target",
        _BCE | {"scikit-learn": NONE},
        "soft tags",
    ),
    "ordered": Advice(
        "cumulative link",
        "negative log-likelihood of a cumulative link",
        "order",
        "one score s and K − 1 rising thresholds",
        "one score and thresholds know that 2 lies between 1 and 3; report the RPS beside it",
        _ORDERED,
        "ordered",
    ),
    "ordered rare": Advice(
        "cumulative link,\nno weight",
        "negative log-likelihood of a cumulative link",
        "order",
        "one score s and K − 1 rising thresholds",
        "the thresholds already carry the base rates; a rare class moves its cut by itself",
        _ORDERED,
        "ordered",
    ),
    "ordered easy": Advice(
        "cumulative link",
        "negative log-likelihood of a cumulative link",
        "order",
        "one score s and K − 1 rising thresholds",
        "an easy row has a slope of nearly 0 already; a focus would cost the honest probabilities",
        _ORDERED,
        "ordered",
    ),
    "ordered soft": Advice(
        "softmax CE,\njudged by RPS",
        "softmax cross-entropy with soft rows",
        "softmax",
        _K,
        "shares of votes make a row; this loss ignores the order, so judge the model by the RPS",
        {},
        "soft classes",
    ),
    "hinge": Advice(
        "hinge",
        "hinge loss",
        "margin",
        "one linear score, no activation",
        "a row beyond the margin costs exactly 0 and has no slope: easy rows are free",
        _lines(
            "ce.hinge_loss(y, z)",
            "torch.clamp(1 - (2 * y - 1) * z, min=0).mean()",
            "keras.losses.Hinge()(2 * y - 1, z)",
            "hinge_loss(2 * y - 1, z)",
            "optax.hinge_loss(z, 2 * y - 1).mean()",
        ),
        "binary",
    ),
    "squared hinge": Advice(
        "squared hinge",
        "squared hinge loss",
        "margin",
        "one linear score, no activation",
        "smooth where the hinge has its corner, and harder on large mistakes; the score is a side, "
        "never a probability",
        _SQUARED_HINGE,
        "binary",
    ),
    "squared hinge rare": Advice(
        "squared hinge,\nmove the cut",
        "squared hinge loss",
        "margin",
        "one linear score, no activation",
        "a margin has no base rate to correct: choose the cut of the score on held-out rows, or "
        "fit LinearSVC(class_weight='balanced')",
        _SQUARED_HINGE,
        "binary",
    ),
    "no side": Advice(
        "none: half a side\nis a probability",
        "binary cross-entropy with soft targets",
        "sigmoid",
        _ONE,
        "a margin needs a side and 0.7 of a vote is none: go back to probabilities",
        _BCE | {"scikit-learn": NONE},
        "soft binary",
    ),
}
for _key in ("ordered soft", "soft tokens"):
    ADVICE[_key] = ADVICE[_key]._replace(code=ADVICE["soft ce"].code)

_ROWS = (
    ("bce", "bce and cut", "focal", "soft bce"),
    ("ce", "ce and prior", "focal ce", "soft ce"),
    ("tokens", "tokens rare", "tokens easy", "soft tokens"),
    ("tags", "tags and cuts", "focal tags", "soft tags"),
    ("ordered", "ordered rare", "ordered easy", "ordered soft"),
    ("squared hinge", "squared hinge rare", "hinge", "no side"),
)
PATHS = {
    (answer, special): key
    for answer, row in zip(ANSWERS, _ROWS, strict=True)
    for special, key in zip(SPECIALS, row, strict=True)
}


def example(name: str) -> dict[str, Any]:
    """What the names in a line of code stand for: four rows, or three with three classes.

    Of tokens the last row is padding.
    """
    z = np.array([2.0, -1.0, -0.5, 0.5])
    rows = np.array([[2.0, 1.0, 0.1], [0.5, -1.0, 0.0], [-0.3, 0.2, 1.5]])
    votes = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0], [0.1, 0.3, 0.6]])
    tags = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
    cuts = np.array([-1.0, 0.5])
    return {
        "binary": {"y": np.array([1.0, 0.0, 1.0, 0.0]), "z": z},
        "soft binary": {"y": np.array([0.7, 0.2, 1.0, 0.0]), "z": z},
        "classes": {"y": np.array([0, 1, 2]), "z": rows},
        "soft classes": {"y": votes, "z": rows},
        "tokens": {"y": np.array([0, 1, 2, -100]), "z": np.vstack([rows, [1.0, 2.0, 3.0]])},
        "tags": {"y": tags, "z": rows},
        "soft tags": {"y": votes, "z": rows},
        "ordered": {
            "y": np.array([0, 1, 2]),
            "s": np.array([-2.0, 0.3, 0.1]),
            "cuts": cuts,
            "edges": np.array([-math.inf, *cuts, math.inf]),
        },
    }[name]


def far(name: str) -> list[dict[str, Any]]:
    """An example's rows one by one, with logits of ±50 and every class at scores of ±17 and ±50.

    A token comes with the row of padding.
    """
    near = example(name)
    if name == "ordered":
        places = [(y, s) for y in near["y"] for s in (-50.0, -17.0, 17.0, 50.0)]
        return [near | {"y": np.array([y]), "s": np.array([s])} for y, s in places]
    z = near["z"]
    signs = (
        np.sign(z) if z.ndim == 1 else np.array([[1.0, 0.0, -1.0], [0.0, -1.0, 1.0], [-1, 1, 0]])
    )
    if name == "tokens":
        each, signs = [[i, -1] for i in range(3)], np.vstack([signs, signs[:1]])
    else:
        each = [[i] for i in range(len(z))]
    return [{"y": near["y"][i], "z": sign * 50 * signs[i]} for i in each for sign in (1, -1)]


def run(code: str, names: dict[str, Any]) -> Any:
    """What a line of code gives: its statements are executed, the last one is its value."""
    *before, last = ast.parse(code).body
    scope = dict(names)
    exec(compile(ast.Module(before, []), code, "exec"), scope)
    return eval(compile(ast.Expression(last.value), code, "eval"), scope)


def value(key: str) -> float:
    """Our loss on its example, by running the very line that is shown."""
    loss = ADVICE[key]
    return run(loss.code["cehelpers"], {"ce": ce} | example(loss.example))


def line(key: str, library: str) -> str:
    """The line of a library with what it cannot do, or a sentence where it has no such loss."""
    code = ADVICE[key].code[library] or f"{library} has no such loss"
    return code + "  # of probabilities: no row above 36 nats" * code.startswith("log_loss")

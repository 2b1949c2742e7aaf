"""Inputs at the extremes, and what the functions are there by the definitions of the vectors."""

import random

from mpmath import mp, mpf

from vectors.definitions import (
    WORKING_DIGITS,
    bce,
    bce_logits,
    brier_multiclass,
    cross_entropy,
    cumulative_link,
    focal,
    hinge,
    js,
    kl,
    log,
    logit,
    logsumexp,
    mean,
    ranked_probability,
    sigmoid,
    smooth,
    softmax,
    softplus,
    sparse_focal,
)

# ------------------------------------------------------------------ definitions


def each(definition):
    return lambda *columns, **options: [
        definition(*row, **options) for row in zip(*columns, strict=True)
    ]


TRUTH = {
    "surprisal": each(lambda p, base=None: -log(p) / (mp.log(base) if base else 1)),
    "entropy": lambda p: cross_entropy(p, p),
    "cross_entropy": cross_entropy,
    "kl_divergence": kl,
    "js_divergence": js,
    "perplexity": lambda p, q: mp.exp(cross_entropy(p, q)),
    "sigmoid": each(sigmoid),
    "logit": each(logit),
    "softplus": each(softplus),
    "log_sigmoid": each(lambda z: log(sigmoid(z))),
    "logsumexp": logsumexp,
    "softmax": lambda z, temperature=1: softmax([v / mpf(temperature) for v in z]),
    "log_softmax": lambda z, temperature=1: [
        log(v) for v in softmax([v / mpf(temperature) for v in z])
    ],
    "smooth_labels": smooth,
    "binary_cross_entropy": each(bce),
    "binary_cross_entropy_with_logits": each(bce_logits),
    "binary_cross_entropy_with_logits_grad": each(lambda y, z: sigmoid(z) - y),
    "categorical_cross_entropy": cross_entropy,
    "sparse_categorical_cross_entropy": lambda label, p: -log(p[label]),
    "categorical_cross_entropy_with_logits": lambda t, z: cross_entropy(t, softmax(z)),
    "sparse_categorical_cross_entropy_with_logits": lambda label, z: -log(softmax(z)[label]),
    "categorical_cross_entropy_with_logits_grad": lambda t, z: [
        p - y for p, y in zip(softmax(z), t, strict=True)
    ],
    "focal_loss": each(lambda y, p, gamma=2, alpha=None: focal(y, p, 1 - p, gamma, alpha)),
    "focal_loss_with_logits": each(
        lambda y, z, gamma=2, alpha=None: focal(y, sigmoid(z), sigmoid(-z), gamma, alpha)
    ),
    "sparse_categorical_focal_loss_with_logits": sparse_focal,
    "brier_score": lambda y, p: mean((a - b) ** 2 for a, b in zip(y, p, strict=True)),
    "brier_score_multiclass": brier_multiclass,
    "hinge_loss": lambda y, s: mean(map(hinge, y, s)),
    "squared_hinge_loss": lambda y, s: mean(hinge(a, b) ** 2 for a, b in zip(y, s, strict=True)),
    "ranked_probability_score": ranked_probability,
    "cumulative_link_nll": cumulative_link,
}

# ------------------------------------------------------------------ inputs

TINY = [5e-324, 1e-300, 1e-20, 1e-16, 1e-8, 1e-3]
SIZES = [*TINY, 0.1, 0.5, 1.0, 2.3, 17.0, 36.7, 37.0, 40.0, 100.0, 700.5, 744.9, 1000.0, 1e4]
LOGITS = [0.0, *SIZES, *(-z for z in SIZES)]
MIDDLE = [0.25, 0.3, 0.49999999999999994, 0.5, 0.5000000000000001, 0.7, 0.75, 0.9, 0.99]
PROBS = [*TINY, 0.01, 0.1, *MIDDLE, 1 - 1e-8, 1 - 2.0**-53]
ENDS = [0.0, *PROBS, 1.0]
SOFT = [0.0, 1e-17, 1e-9, 0.3, 0.5, 0.9, 1 - 1e-9, 1 - 2.0**-53, 1.0]
ROWS = [
    [0.7, 0.2, 0.1],
    [0.5, 0.3, 0.2],
    [0.25, 0.5, 0.25],
    [1.0, 0.0, 0.0],
    [0.0, 0.5, 0.5],
    [1.0, 1e-300, 0.0],
    [1e-300, 1.0, 5e-324],
    [1.0, 5e-324, 1e-17],
    [1e-9, 1 - 3e-9, 2e-9],
    [1 / 3, 1 / 3, 1 / 3],
    [1 - 2.0**-53, 2.0**-53, 0.0],
    [1e-160, 3e-160, 1.0],
]
LOGIT_ROWS = [
    [2.0, 1.0, 0.1],
    [0.3, 0.2, 0.1],
    [0.0, 0.0, 0.0],
    [40.0, 0.0, -40.0],
    [37.0, 0.0, 36.0],
    [700.0, 0.0, -40.5],
    [-1000.0, 1000.0, 0.0],
    [1e4, 1e4, 0.0],
    [1e-300, 0.0, -1e-300],
    [1.0, -float("inf"), 0.0],
    [float("inf"), 3.0, -2.0],
]
CUTS = [-1.0, -0.9999999, 0.5, 60.0]


def close_to(row, rng):
    """A row that differs from `row` by a few units in the last places."""
    steps = [rng.choice([0, 1, -1, 3, -7, 40, 1000]) for _ in row]
    return [min(1.0, p * (1 + k * 2.0**-52)) for p, k in zip(row, steps, strict=True)]


def product(*columns):
    """All combinations, as columns."""
    rows = [()]
    for column in columns:
        rows = [(*row, value) for row in rows for value in column]
    return [list(column) for column in zip(*rows, strict=True)]


def cases():
    """(function, arguments, options) of every reference."""
    rng = random.Random(20240229)
    yield "surprisal", [PROBS + [1.0]], {}
    yield "surprisal", [[1.0, 0.5, 2.0**-29, 2.0**-1074, 0.3]], {"base": 2}
    for name in ("sigmoid", "softplus", "log_sigmoid"):
        yield name, [LOGITS], {}
    near_half = [0.5 + sign * far for far in (1e-12, 1e-6) for sign in (-1, 1)]
    yield "logit", [ENDS + near_half], {}
    for options in ({}, {"eps": 1e-300}, {"eps": 1e-7}, {"eps": 0.2}):
        yield "binary_cross_entropy", product(SOFT, ENDS), {"reduction": "none", **options}
    for options in ({}, {"pos_weight": 3.0}):
        name = "binary_cross_entropy_with_logits"
        yield name, product(SOFT, LOGITS), {"reduction": "none", **options}
    yield "binary_cross_entropy_with_logits_grad", product([0.0, 1.0], LOGITS), {}
    for options in ({}, {"gamma": 0}, {"gamma": 1, "alpha": 0.25}, {"gamma": 3.5}):
        options = {"reduction": "none", **options}
        yield "focal_loss", product([0.0, 1.0], ENDS), options
        yield "focal_loss_with_logits", product([0.0, 1.0], LOGITS), options
    yield "brier_score", product([0.0, 1.0], ENDS), {}
    for name in ("hinge_loss", "squared_hinge_loss"):
        yield name, product([0.0, 1.0], [0.0, 0.3, 1.0, -1.0, 2.5, -700.5, 1e4, 1 - 1e-9]), {}
    near = [(row, close_to(row, rng)) for row in ROWS for _ in range(4)]
    pairs = near + [(p, q) for p in ROWS for q in ROWS]
    for p, q in pairs:
        yield "kl_divergence", [p, q], {}
        yield "js_divergence", [p, q], {}
    for p in ROWS:
        yield "entropy", [p], {}
        yield "smooth_labels", [p, 0.1], {}
        for q in ROWS[::2]:
            for name in ("cross_entropy", "categorical_cross_entropy"):
                yield name, [p, q], {}
            if min(q) > 1e-20:  # e^690 has few digits, however exact the 690
                yield "perplexity", [p, q], {}
        for label in range(3):
            yield "sparse_categorical_cross_entropy", [label, p], {}
            yield "brier_score_multiclass", [label, p], {}
            yield "ranked_probability_score", [label, p], {}
    for z in LOGIT_ROWS:
        yield "logsumexp", [z], {}
        for name in ("softmax", "log_softmax"):
            yield name, [z], {}
            yield name, [z], {"temperature": 0.25}
        for label in range(3):
            yield "sparse_categorical_cross_entropy_with_logits", [label, z], {}
            for gamma in (0, 2, 3.5):
                name = "sparse_categorical_focal_loss_with_logits"
                yield name, [label, z], {"gamma": gamma}
            hard = [float(k == label) for k in range(3)]
            yield "categorical_cross_entropy_with_logits_grad", [hard, z], {}
        for t in ROWS:
            yield "categorical_cross_entropy_with_logits", [t, z], {}
    for label in range(len(CUTS) + 1):
        for s in (0.0, 0.7, -0.99999995, 30.0, -40.0, 100.0, -700.0, 1000.0):
            yield "cumulative_link_nll", [label, s, CUTS], {}


# ------------------------------------------------------------------ values


def exact(value):
    """Floats as the numbers they stand for; integers (labels) stay."""
    if isinstance(value, list):
        return [exact(v) for v in value]
    return mpf(value) if isinstance(value, float) else value


def truth(name, arguments, options):
    """The value by definition, flat, with so many digits that cancellation cannot matter."""
    options = {k: v for k, v in options.items() if k != "reduction"}
    with mp.workdps(WORKING_DIGITS):
        value = TRUTH[name](*exact(arguments), **options)
        return value if isinstance(value, list) else [value]

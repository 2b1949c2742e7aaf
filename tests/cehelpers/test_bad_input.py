"""Bad input: every argument of every function says what it is called and what it was given."""

import inspect
import re

import numpy as np
import pytest

import cehelpers as ce

# the modules from which every function is in the table below: up to the losses
LAYERS = ce.LAYERS[: 1 + next(k for k, layer in enumerate(ce.LAYERS) if "binary_losses" in layer)]
PUBLIC = {n for n in ce.__all__ if getattr(ce, n).__module__.split(".")[1] in sum(LAYERS, ())}

NAN, INF = float("nan"), float("inf")
P = [0.5, 0.25, 0.25]
ROWS = [P, P]

# what an array may not be, whatever it means
NOT_NUMBERS = [
    (None, TypeError, "None"),
    ("0.5", TypeError, "'0.5'"),
    (["a", "b"], TypeError, "'a' at index 0"),
    (np.array([0, 1], dtype=object), TypeError, "0 at index 0 .dtype object"),
    ([0.5, None], TypeError, "dtype object"),
    (1j, TypeError, "1j"),
    ({0.5}, TypeError, "0.5"),
    ([[0, 1], [0]], ValueError, re.escape("[[0, 1], [0]]")),
    ([], ValueError, r"\(0,\)"),
    (np.ma.array([0, 1], mask=[False, True]), ValueError, "at index 1"),
]
OUTSIDE = [
    ([0.5, 1.2], ValueError, "1.2 at index 1"),
    ([0.5, -0.1], ValueError, "-0.1 at index 1"),
    ([NAN, 0.5], ValueError, "nan at index 0"),
    ([0.5, INF], ValueError, "inf at index 1"),
    ([[0.5, 2.0], [0.5, 0.5]], ValueError, r"2.0 at index \(0, 1\)"),
]
NO_ROWS = [
    (0.5, ValueError, "0.5"),
    ([[0.5, 0.5, 0.0], [0.5, 0.5, 0.5]], ValueError, "1.5 at row 1"),
    ([0.5, 0.499998, 0.0], ValueError, "0.999998"),
]
NOT_ONE_NUMBER = [
    (None, TypeError, "None"),
    ("1", TypeError, "'1'"),
    ([0.5, 0.5], TypeError, r"\(2,\)"),
    (NAN, ValueError, "nan"),
]
NOT_POSITIVE = [(v, ValueError, str(v)) for v in (0, -1.5, INF)]
UNKNOWN = [(v, ValueError, re.escape(repr(v))) for v in ("Mean", "", None, 1, ["mean"])]

# one logit row for one distribution
LOGIT_ROWS = [
    (2.0, ValueError, "2.0"),
    ([NAN, 0.0, 0.0], ValueError, "nan at index 0"),
    ([[0.0, 0.0, 0.0], [-INF, -INF, -INF]], ValueError, "−inf in every class at row 1"),
    ([INF, 0.0, INF], ValueError, r"\+inf in two classes"),
]
KINDS = {
    "probability": NOT_NUMBERS + OUTSIDE,
    "distribution": NOT_NUMBERS + OUTSIDE + NO_ROWS,
    "one distribution": [*NOT_NUMBERS, *OUTSIDE, *NO_ROWS, (ROWS, ValueError, r"\(2, 3\)")],
    "logit": [*NOT_NUMBERS, ([0.0, NAN], ValueError, "nan at index 1")],
    "logit row": NOT_NUMBERS + LOGIT_ROWS,
    "free row": NOT_NUMBERS + LOGIT_ROWS[:2],
    "hard": NOT_NUMBERS + [([1, v], ValueError, f"{v} at index 1") for v in (0.5, 2, -1, NAN, INF)],
    "class": [
        *NOT_NUMBERS,
        ([0, 3], ValueError, "3 at index 1"),
        ([0, -1], ValueError, "-1 at index 1"),
        (-1, ValueError, "-1"),
        ([0.0, 1.0], TypeError, "0.0 at index 0 .dtype float64"),
        ([0.0, 1.5], TypeError, "1.5 at index 1"),
        ([0.0, NAN], TypeError, "nan at index 1"),
    ],
    "weight": [
        *[case for case in NOT_NUMBERS if case[0] is not None],  # None means no weights
        ([1.0, -2.0], ValueError, "-2.0 at index 1"),
        ([1.0, NAN], ValueError, "nan at index 1"),
        ([1.0, INF], ValueError, "inf at index 1"),
        ([0.0, 0.0], ValueError, "0.0"),
        ([1e308, 1e308], ValueError, "inf"),
        ([1.0, 1.0, 1.0, 1.0], ValueError, r"\(4,\)"),
    ],
    "cuts": [
        *NOT_NUMBERS,
        ([0.0, INF], ValueError, "inf at index 1"),
        ([0.0, NAN], ValueError, "nan at index 1"),
        ([1.0, 1.0], ValueError, "1.0 after 1.0"),
        ([1.0, 0.5], ValueError, "0.5 after 1.0"),
        (0.5, ValueError, r"\(\)"),
    ],
    "share": [*NOT_ONE_NUMBER, (-0.1, ValueError, "-0.1"), (1.1, ValueError, "1.1")],
    "optional share": [*NOT_ONE_NUMBER[1:], (-0.1, ValueError, "-0.1"), (1.1, ValueError, "1.1")],
    "eps": [*NOT_ONE_NUMBER, (-1e-9, ValueError, "-1e-09"), (0.5, ValueError, "0.5")],
    "focus": [*NOT_ONE_NUMBER, (-0.5, ValueError, "-0.5"), (INF, ValueError, "inf")],
    "positive": NOT_ONE_NUMBER + NOT_POSITIVE,
    "optional positive": NOT_ONE_NUMBER[1:] + NOT_POSITIVE,
    "base": [
        *NOT_ONE_NUMBER[1:],
        *[(v, ValueError, str(v)) for v in (0, -1.5, 0.5, 1, 1 - 2.0**-53, INF)],
    ],
    "axis": [
        (2, ValueError, r"2 for . of shape \(2, 3\)"),
        (-3, ValueError, "-3"),
        (0.5, TypeError, "0.5"),
        (None, TypeError, "None"),
        ((0, 1), TypeError, re.escape("(0, 1)")),
    ],
    "count": [
        (0, ValueError, "0"),
        (-2, ValueError, "-2"),
        (2.0, TypeError, "2.0"),
        ("3", TypeError, "'3'"),
        (None, TypeError, "None"),
    ],
    "choice": UNKNOWN,
    "message": [
        (None, TypeError, "None"),
        (5, TypeError, "5"),
        ("ab", TypeError, "'a'"),
        ([[0]], TypeError, r"\[0\]"),
        ([0, 1.0], TypeError, "1.0"),
        ([0, 3], ValueError, "3"),
        ([0, -1], ValueError, "-1"),
    ],
    "file": [(v, TypeError, re.escape(repr(v))) for v in (None, "ab", 5, [1, 2])],
    "length": [(-2, ValueError, "-2"), (2.0, TypeError, "2.0"), (None, TypeError, "None")],
    "optional integer": [
        *[(v, TypeError, re.escape(repr(v))) for v in (-100.0, "0", [0], NAN)],
        *[(v, ValueError, r"-?10000") for v in (10**30, -(10**30))],
    ],
}

INFO = {"base": (None, "base"), "axis": (-1, "axis")}
PAIR = {"p": (ROWS, "distribution"), "q": (ROWS, "distribution")}
ELEMENT = {"z": ([0.0, 1.0], "logit")}
SOFTMAX = {
    "z": (ROWS, "logit row"),
    "temperature": (1.0, "positive"),
    "axis": (-1, "axis"),
}
Y, HARD = {"y_true": ([0.3, 1.0], "probability")}, {"y_true": ([0, 1], "hard")}
PROB, LOGIT = {"y_prob": ([0.5, 0.5], "probability")}, {"logits": ([0.0, 1.0], "logit")}
SCORES = {"scores": ([0.0, 1.0], "logit")}
TARGETS, CLASSES = {"targets": (ROWS, "distribution")}, {"labels": ([0, 2], "class")}
PROBS, TABLE = {"probs": (ROWS, "distribution")}, {"logits": (ROWS, "logit row")}
REDUCTION = {"reduction": ("mean", "choice")}
POS_WEIGHT = {"pos_weight": (None, "optional positive")}
SAMPLE_WEIGHT = {"sample_weight": (None, "weight")}
GAMMA, ALPHA = {"gamma": (2.0, "focus")}, {"alpha": (None, "optional share")}

MODEL = {"model": (P, "one distribution")}

# every function with, for each argument, a good value and what kind of thing it is
CALLS = {
    "surprisal": {"p": (P, "probability"), "base": INFO["base"]},
    "entropy": {"p": (ROWS, "distribution"), **INFO},
    "cross_entropy": PAIR | INFO,
    "kl_divergence": PAIR | INFO,
    "js_divergence": PAIR | INFO,
    "perplexity": {**PAIR, "axis": INFO["axis"]},
    "encode": {"symbols": ([0, 2], "message")} | MODEL,
    "decode": {"data": (b"\x70", "file"), "count": (2, "length")} | MODEL,
    "sigmoid": ELEMENT,
    "logit": {"p": (P, "probability")},
    "softplus": ELEMENT,
    "log_sigmoid": ELEMENT,
    "logsumexp": {"z": (ROWS, "free row"), "axis": (-1, "axis")},
    "softmax": SOFTMAX,
    "log_softmax": SOFTMAX,
    "one_hot": {"labels": ([0, 2], "class"), "num_classes": (3, "count")},
    "smooth_labels": TARGETS | {"alpha": (0.1, "share"), "convention": ("K", "choice")},
    "binary_cross_entropy": Y | PROB | {"eps": (0.0, "eps")} | SAMPLE_WEIGHT | REDUCTION,
    "binary_cross_entropy_with_logits": Y | LOGIT | POS_WEIGHT | SAMPLE_WEIGHT | REDUCTION,
    "binary_cross_entropy_with_logits_grad": Y | LOGIT | POS_WEIGHT,
    "categorical_cross_entropy": TARGETS | PROBS | REDUCTION,
    "sparse_categorical_cross_entropy": CLASSES | PROBS | REDUCTION,
    "categorical_cross_entropy_with_logits": TARGETS | TABLE | REDUCTION,
    "sparse_categorical_cross_entropy_with_logits": CLASSES
    | TABLE
    | {"class_weight": (None, "weight"), "weight_norm": ("sum_w", "choice")}
    | {"ignore_index": (None, "optional integer")}
    | REDUCTION,
    "categorical_cross_entropy_with_logits_grad": TARGETS | TABLE,
    "focal_loss": HARD | PROB | GAMMA | ALPHA | REDUCTION,
    "focal_loss_with_logits": HARD | LOGIT | GAMMA | ALPHA | REDUCTION,
    "sparse_categorical_focal_loss_with_logits": CLASSES | TABLE | GAMMA | REDUCTION,
    "brier_score": HARD | PROB | SAMPLE_WEIGHT | REDUCTION,
    "brier_score_multiclass": CLASSES | PROBS | SAMPLE_WEIGHT | REDUCTION,
    "hinge_loss": HARD | SCORES | REDUCTION,
    "squared_hinge_loss": HARD | SCORES | REDUCTION,
    "ranked_probability_score": CLASSES | PROBS | REDUCTION,
    "cumulative_link_nll": CLASSES | SCORES | {"thresholds": ([0.0, 1.0], "cuts")} | REDUCTION,
}

CASES = [
    pytest.param(name, argument, *case, id=f"{name}-{argument}-{i}")
    for name, arguments in CALLS.items()
    for argument, (_, kind) in arguments.items()
    for i, case in enumerate(KINDS[kind])
    if case[0] is not None or (name, argument) != ("perplexity", "q")  # no q: perplexity of p
]


def call(name, **changed):
    good = {argument: value for argument, (value, _) in CALLS[name].items()}
    return getattr(ce, name)(**(good | changed))


def test_the_table_has_every_argument_of_every_function():
    assert set(CALLS) == PUBLIC
    for name, arguments in CALLS.items():
        assert list(inspect.signature(getattr(ce, name)).parameters) == list(arguments), name
        call(name)  # the good values are good


@pytest.mark.parametrize(("name", "argument", "value", "error", "shown"), CASES)
def test_bad_argument_is_named_and_shown(name, argument, value, error, shown):
    with pytest.raises(error, match=rf"\b{argument}\b.*got.*{shown}"):
        call(name, **{argument: value})


BROADCASTS = [  # function, two arguments that must fit, shapes of which they must not be
    *((name, "y_true", "y_prob") for name in ("binary_cross_entropy", "focal_loss", "brier_score")),
    *((name, "y_true", "logits") for name in CALLS if {"y_true", "logits"} <= set(CALLS[name])),
    *((name, "y_true", "scores") for name in ("hinge_loss", "squared_hinge_loss")),
    ("cumulative_link_nll", "labels", "scores"),
]


@pytest.mark.parametrize(("name", "first", "second"), BROADCASTS)
@pytest.mark.parametrize("shapes", [((3, 1), (3,)), ((3,), (2, 3)), ((1,), (3,)), ((3,), (1, 1))])
def test_arrays_do_not_broadcast(name, first, second, shapes):
    arrays = {a: np.zeros(s, dtype=int) for a, s in zip((first, second), shapes, strict=True)}
    text = re.escape(
        f"{first} and {second} must have equal shapes; got {shapes[0]} and {shapes[1]}"
    )
    with pytest.raises(ValueError, match=text):
        call(name, **arrays)


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [(n, "p", "q") for n in ("cross_entropy", "kl_divergence", "js_divergence", "perplexity")]
    + [("categorical_cross_entropy", "targets", "probs")]
    + [("categorical_cross_entropy_with_logits", "targets", "logits")]
    + [("categorical_cross_entropy_with_logits_grad", "targets", "logits")],
)
def test_rows_do_not_broadcast(name, first, second):
    for one, other in ((P, ROWS), (ROWS, P), (ROWS, [P]), (ROWS, [[0.5, 0.5], [0.5, 0.5]])):
        text = rf"{first} and {second}.*{np.shape(one)} and {np.shape(other)}".replace("(", r"\(")
        with pytest.raises(ValueError, match=text.replace(")", r"\)")):
            call(name, **{first: one, second: other})


@pytest.mark.parametrize(
    ("name", "table"),
    [(n, t) for n in CALLS for t in ("probs", "logits") if {"labels", t} <= set(CALLS[n])],
)
def test_labels_stand_one_to_a_row(name, table):
    for labels in ([[0], [1]], [0, 1, 2], [[0, 1]]):
        text = re.escape(f"got labels {np.shape(labels)} and {table} (2, 3)")
        with pytest.raises(ValueError, match=text):
            call(name, labels=labels)


def test_weights_that_no_row_has_are_an_error():
    with pytest.raises(ValueError, match=r"class_weight.*got 0.0"):
        call("sparse_categorical_cross_entropy_with_logits", class_weight=[0.0, 1.0, 0.0])


@pytest.mark.parametrize("weight", [None, [1.0, 2.0, 3.0]])
def test_a_mean_needs_a_row_that_counts(weight):
    name, options = "sparse_categorical_cross_entropy_with_logits", {"class_weight": weight}
    for labels, index in (([-100, -100], -100), ([2, 2], 2), (np.uint8(7), 7)):
        text = rf"ignore_index must leave labels for a mean; got {index} as each"
        with pytest.raises(ValueError, match=text):
            call(name, labels=labels, ignore_index=index, **options)
        for reduction, want in (("sum", 0), ("none", [0, 0])):
            options["reduction"] = reduction
            assert np.array_equal(call(name, labels=labels, ignore_index=index, **options), want)
        del options["reduction"]


def test_the_weights_of_the_other_labels_are_not_all_0():
    name, options = "sparse_categorical_cross_entropy_with_logits", {"class_weight": [0, 1, 0]}
    call(name, labels=[1, 2], **options)
    with pytest.raises(ValueError, match=r"class_weight.*got 0.0"):
        call(name, labels=[1, 2], ignore_index=1, **options)


def test_labels_beside_an_ignored_one_are_checked_where_they_stand():
    name = "sparse_categorical_cross_entropy_with_logits"
    with pytest.raises(ValueError, match=r"labels must lie in 0..2; got 3 at index 1"):
        call(name, labels=[-100, 3], ignore_index=-100)
    with pytest.raises(TypeError, match=r"labels must be integers; got -100.0 at index 0"):
        call(name, labels=[-100.0, 1.0], ignore_index=-100)
    with pytest.raises(ValueError, match="logits must not be NaN"):  # of a row that does not count
        call(name, labels=[-100, 1], logits=[[NAN, 0, 0], P], ignore_index=-100)


def test_one_class_cannot_be_smoothed():
    with pytest.raises(
        ValueError, match=r"targets must have at least 2 classes; got shape \(2, 1\)"
    ):
        ce.smooth_labels([[1.0], [1.0]], 0.1)

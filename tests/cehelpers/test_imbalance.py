"""Rare classes: what a weight and a sample do to a logit, and that it is undone exactly."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight

import cehelpers as ce

NAN, INF = math.nan, math.inf
settings.register_profile("imbalance", max_examples=100)
imbalance_profile = settings.get_profile("imbalance")


def generator(seed=0):
    return np.random.default_rng(seed)


# ------------------------------------------------------------------ weights


@imbalance_profile
@given(st.lists(st.integers(0, 4), min_size=1, max_size=40))
def test_class_weights_are_sklearns_and_every_class_weighs_the_same(labels):
    labels = np.unique(labels, return_inverse=True)[1]  # no class is missing
    weights = ce.class_weights(labels)
    theirs = compute_class_weight("balanced", classes=np.unique(labels), y=labels)
    np.testing.assert_allclose(weights, theirs, rtol=1e-14)
    totals = np.bincount(labels, weights=weights[labels])
    np.testing.assert_allclose(totals, len(labels) / len(weights), rtol=1e-12)
    np.testing.assert_array_equal(ce.class_weights(labels, len(weights)), weights)


def test_class_balancing_of_fraud_is_a_weight_of_555():
    """Notebook 10: 550 is the odds of legit, not a cost."""
    legit, fraud = ce.class_weights(np.arange(10_000) < 18)
    assert fraud / legit == pytest.approx(554.6, abs=0.05)


def test_weight_550_of_the_course():
    assert ce.correct_prior(0.0, weight=550) == pytest.approx(-6.31, abs=5e-3)
    p = ce.sigmoid(ce.correct_prior(ce.logit(0.35), weight=550))
    assert p == pytest.approx(0.00098, abs=5e-6)
    assert type(ce.correct_prior(0, weight=2)) is float


def test_one_percent_of_the_negatives_of_the_course():
    p = ce.sigmoid(ce.correct_prior(ce.logit(0.5), sampling_rate=0.01))
    assert p == pytest.approx(0.01 / 1.01, rel=1e-12)
    assert round(p, 4) == 0.0099


@pytest.mark.parametrize("weight", [0.2, 3.0, 550.0])
def test_correction_undoes_a_weight_exactly_in_a_saturated_model(weight):
    """Three groups, each with a column of its own: fits reproduce every group's own share."""
    groups, counts, ones = np.eye(3), (40, 50, 60), (3, 20, 57)
    X = np.repeat(groups, counts, axis=0)[:, 1:]
    y = np.concatenate([np.arange(n) < k for n, k in zip(counts, ones, strict=True)])
    fit = ce.fit_logistic(X, y, sample_weight=np.where(y, weight, 1.0))
    raw = groups[:, 1:] @ fit.coef + fit.intercept
    shares = np.array(ones) / counts
    np.testing.assert_allclose(ce.sigmoid(ce.correct_prior(raw, weight=weight)), shares, rtol=1e-9)
    assert np.abs(ce.sigmoid(raw) - shares).max() > 0.1
    # the loss with pos_weight has no slope there either: it is the same shift
    z = X @ fit.coef + fit.intercept
    slope = ce.binary_cross_entropy_with_logits_grad(y, z, pos_weight=weight)
    np.testing.assert_allclose(X.T @ slope, 0, atol=1e-8 * weight)


@pytest.mark.parametrize("fraction", [0.01, 0.25, 1.0])
def test_correction_undoes_thinned_negatives(fraction):
    y = np.repeat([0, 1], [20_000, 300])
    kept = y[ce.undersample_negatives(y, fraction, rng=generator())]
    raw = ce.logit(kept.mean())  # the best constant
    corrected = ce.correct_prior(raw, sampling_rate=fraction)
    assert ce.sigmoid(corrected) == pytest.approx(y.mean(), rel=1e-12)


def test_both_corrections_add_up_and_infinite_logits_stay():
    z = np.array([-INF, -1.0, 2.0, INF])
    both = ce.correct_prior(z, weight=3, sampling_rate=0.1)
    one = ce.correct_prior(ce.correct_prior(z, weight=3), sampling_rate=0.1)
    np.testing.assert_allclose(both, one, rtol=1e-15)
    np.testing.assert_allclose(both[1:3], z[1:3] - math.log(30), rtol=1e-15)
    assert ce.correct_prior(z.astype("f4"), weight=3).dtype == np.float32
    assert ce.correct_prior([[1, 2]], sampling_rate=1).tolist() == [[1.0, 2.0]]


def test_logit_adjustment_flips_the_example_of_the_course():
    z = [2.0, 1.0]
    adjusted = ce.logit_adjustment(z, [0.9, 0.1])
    assert (np.argmax(z), np.argmax(adjusted)) == (0, 1)
    np.testing.assert_allclose(adjusted, [2 - math.log(0.9), 1 - math.log(0.1)], rtol=1e-15)


@imbalance_profile
@given(
    st.lists(st.floats(0.01, 1), min_size=3, max_size=3),
    st.lists(st.floats(-20, 20), min_size=3, max_size=3),
    st.floats(0, 3),
)
def test_logit_adjustment_divides_by_the_prior(shares, z, tau):
    prior = np.array(shares) / np.sum(shares)
    adjusted = ce.softmax(ce.logit_adjustment([z, z], prior, tau=tau))
    odds = ce.softmax(z) / prior**tau
    np.testing.assert_allclose(adjusted, [odds / odds.sum()] * 2, rtol=1e-10)


def test_logit_adjustment_of_infinite_and_narrow_logits():
    z = np.array([[-INF, 1.0], [0.0, INF]], "f4")
    adjusted = ce.logit_adjustment(z, [0.9, 0.1], tau=1e300)
    assert adjusted.dtype == np.float32
    assert adjusted.tolist() == [[-INF, INF], [INF, INF]]
    assert ce.logit_adjustment(z, [0.9, 0.1])[0, 0] == -INF


# ------------------------------------------------------------------ resampling


@imbalance_profile
@given(st.lists(st.booleans(), min_size=1, max_size=60), st.floats(0.05, 1), st.integers(0, 99))
def test_undersampling_keeps_every_positive_and_no_negative_twice(y, fraction, seed):
    y = np.append(y, [False] * 20)
    rows = ce.undersample_negatives(y, fraction, rng=generator(seed))
    assert (np.diff(rows) > 0).all()
    assert y[rows].sum() == y.sum()
    assert (~y[rows]).sum() == round(fraction * (~y).sum())


def test_undersampling_takes_every_negative_equally_often():
    rng, y = generator(1), np.array([0, 0, 1, 0, 0, 0])
    seen = np.zeros(6)
    for _ in range(2000):
        seen[ce.undersample_negatives(y, 0.4, rng=rng)] += 1
    assert seen[2] == 2000
    np.testing.assert_allclose(np.delete(seen, 2), 800, atol=5 * math.sqrt(2000 * 0.24))


@imbalance_profile
@given(st.integers(1, 20), st.integers(0, 40), st.floats(0, 0.95), st.integers(0, 99))
def test_oversampling_reaches_its_rate_evenly(ones, zeros, share, seed):
    y = np.repeat([1, 0, 1], [ones // 2, zeros, ones - ones // 2])
    base = ones / (ones + zeros)
    target = base + share * (1 - base)
    if target == 1:
        return
    rows = ce.oversample_positives(y, target, rng=generator(seed))
    times = np.bincount(rows, minlength=len(y))
    assert (times[y == 0] == 1).all()
    assert times[y == 1].min() >= 1
    assert np.ptp(times[y == 1]) <= 1
    wanted = target / (1 - target) * zeros
    assert abs(times[y == 1].sum() - wanted) <= 0.5 + 1e-6
    assert (np.diff(rows) >= 0).all()


def test_oversampling_shifts_the_logit_by_the_logarithm_of_the_repeats():
    y = np.repeat([0, 1], [990, 10])
    rate = y[ce.oversample_positives(y, 0.5, rng=generator())].mean()
    assert rate == 0.5
    corrected = ce.correct_prior(ce.logit(rate), weight=99)
    assert ce.sigmoid(corrected) == pytest.approx(0.01, rel=1e-12)


@pytest.mark.parametrize(
    ("f", "share"), [("undersample_negatives", 0.3), ("oversample_positives", 0.4)]
)
def test_resampling_is_the_generators(f, share):
    f, y = getattr(ce, f), (np.arange(997) % 5 == 0).astype("f4")  # 200 positives, 531 wanted
    draws = [f(y, share, rng=generator(seed)).tolist() for seed in (3, 3, 4)]
    assert draws[0] == draws[1] != draws[2]


# ------------------------------------------------------------------ bad input

Y2 = {"y_true": [0, 1]}
Z2 = {"logits": [0.0, 0.0], "prior": [0.5, 0.5]}
GOOD = {
    "class_weights": {"labels": [0, 1]},
    "correct_prior": {"logits": [0.0], "weight": 2.0, "sampling_rate": 0.5},
    "logit_adjustment": Z2,
    "undersample_negatives": Y2 | {"fraction": 1.0, "rng": generator()},
    "oversample_positives": Y2 | {"target_rate": 0.6, "rng": generator()},
}
NOT_NUMBERS = [
    (None, TypeError, "must hold real numbers; got None"),
    ("1", TypeError, "must hold real numbers; got '1'"),
    (np.array([0, 1], dtype=object), TypeError, "must hold real numbers; got 0 at index 0"),
    ([], ValueError, "must not be empty; got shape (0,)"),
]
NOT_ONE = [
    ("1", TypeError, "must hold real numbers; got '1'"),
    ([1.0], TypeError, "must be one number; got an array of shape (1,)"),
]


def outside(text, *values):
    return [(value, ValueError, f"must {text}; got {value}") for value in values]


ROW = [
    *NOT_NUMBERS,
    ([0, 0.5], ValueError, "must be 0 or 1; got 0.5 at index 1"),
    ([0, NAN], ValueError, "must be 0 or 1; got nan at index 1"),
    ([[0, 1]], ValueError, "must have shape (n,); got (1, 2)"),
    (0, ValueError, "must have shape (n,); got ()"),
]
BAD = {
    ("class_weights", "labels"): [
        *NOT_NUMBERS,
        ([0.0, 1.0], TypeError, "must be integers; got 0.0 at index 0"),
        ([0, NAN], TypeError, "must be integers; got nan at index 1"),
        ([0, -1, 1], ValueError, "must lie in 0..1; got -1 at index 1"),
        ([-1, -1], ValueError, "must lie in 0..0; got -1 at index 0"),
        ([0, 2], ValueError, "must have every class; got none of class 1"),
        ([1, 1], ValueError, "must have every class; got none of class 0"),
        ([10**12], ValueError, "must have every class; got none of class 0"),
    ],
    ("class_weights", "num_classes"): [
        (0, ValueError, "must be at least 1; got 0"),
        (2.0, TypeError, "must be an integer; got 2.0"),
    ],
    ("correct_prior", "logits"): [
        *NOT_NUMBERS,
        ([0.0, NAN], ValueError, "must not be NaN; got nan at index 1"),
    ],
    ("correct_prior", "weight"): NOT_ONE + outside("be positive and finite", 0, -1, INF, NAN),
    ("correct_prior", "sampling_rate"): NOT_ONE + outside("lie in (0, 1]", 0, 1.5, NAN),
    ("logit_adjustment", "logits"): [
        *NOT_NUMBERS,
        (0.0, ValueError, "must have at least one axis of classes; got 0.0"),
        ([0.0, NAN], ValueError, "must not be NaN; got nan at index 1"),
        ([-INF, -INF], ValueError, "must leave one distribution; got −inf in every class"),
    ],
    ("logit_adjustment", "prior"): [
        *NOT_NUMBERS[:3],
        ([0.5, 0.6], ValueError, "must sum to 1 along its classes; got the sum 1.1"),
        ([1.2, -0.2], ValueError, "must lie in [0, 1]; got 1.2 at index 0"),
        ([1.0, 0.0], ValueError, "must be above 0; got 0 at index 1"),
        (
            [1.0],
            ValueError,
            "must have one value for each class of logits; got (1,) for logits (2,)",
        ),
        ([[0.5, 0.5]], ValueError, "got (1, 2) for logits (2,)"),
    ],
    ("logit_adjustment", "tau"): NOT_ONE + outside("lie in [0, 1e300]", -1, INF, NAN),
    ("undersample_negatives", "y_true"): ROW,
    ("undersample_negatives", "fraction"): [
        *NOT_ONE,
        *outside("lie in (0, 1]", 0, 1.5, NAN),
        (0.1, ValueError, "must keep at least one negative; got 0.1 of 1 negatives"),
    ],
    ("oversample_positives", "y_true"): [
        *ROW,
        ([0, 0], ValueError, "must have at least one positive; got only 0"),
    ],
    ("oversample_positives", "target_rate"): [
        *NOT_ONE,
        *outside("lie in [0.5, 1), from the share of positives up", 0.4, 1, NAN),
    ],
}


@pytest.mark.parametrize(
    ("function", "name", "value", "error", "text"),
    [(*place, *case) for place, cases in BAD.items() for case in cases],
)
def test_bad_input(function, name, value, error, text):
    getattr(ce, function)(**GOOD[function])
    with pytest.raises(error, match=re.escape(text)) as caught:
        getattr(ce, function)(**(GOOD[function] | {name: value}))
    assert str(caught.value).startswith(f"{name} must ")


def test_what_is_missing_is_said():
    with pytest.raises(
        ValueError, match="weight or sampling_rate must be given; got None for both"
    ):
        ce.correct_prior([0.0])
    with pytest.raises(ValueError, match="labels must have every class; got none of class 2"):
        ce.class_weights([0, 1], 3)
    with pytest.raises(ValueError, match="at least one negative; got 0.5 of 0 negatives"):
        ce.undersample_negatives([1, 1], 0.5, rng=generator())
    with pytest.raises(ValueError, match=re.escape("target_rate must lie in [1, 1)")):
        ce.oversample_positives([1, 1], 0.5, rng=generator())


@pytest.mark.parametrize("rng", [0, None, np.random, np.random.RandomState(0)])
def test_a_seed_is_no_generator(rng):
    for f in (ce.undersample_negatives, ce.oversample_positives):
        with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator; got "):
            f([0, 1], 0.9, rng=rng)

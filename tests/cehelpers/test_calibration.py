"""Reliability, and what puts probabilities right: against scikit-learn, SciPy and by hand."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from sklearn.calibration import _sigmoid_calibration, calibration_curve

import cehelpers as ce
from cehelpers import recalibration

NAN, INF = math.nan, math.inf
settings.register_profile("calibration", max_examples=100)
calibration_profile = settings.get_profile("calibration")

rng = np.random.default_rng(8)
Z = rng.normal(-1, 2, size=2000)
Y = (rng.random(2000) < ce.sigmoid(0.6 * Z + 0.3)).astype(int)  # too sure, and too low
ROWS = 3 * rng.normal(size=(600, 5))
LABELS = np.array([rng.choice(5, p=p) for p in ce.softmax(ROWS, temperature=2.3)])

forecasts = st.lists(
    st.tuples(st.integers(0, 1), st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.3, 0.5, 1.0]))),
    min_size=1,
    max_size=40,
)

# ------------------------------------------------------------------ intervals


def test_interval_of_the_course():
    """Notebook 10: 16 frauds among the 60 rows near .35."""
    low, high = ce.wilson_interval(16, 60)
    assert (round(low, 2), round(high, 2)) == (0.17, 0.39)
    assert type(low) is type(high) is float


@calibration_profile
@given(st.integers(1, 10**6), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_interval_is_scipys(trials, share, confidence):
    successes = round(share * trials)
    ours = ce.wilson_interval(successes, trials, confidence=confidence)
    theirs = stats.binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    assert 0 <= ours.low <= successes / trials <= ours.high <= 1
    mirrored = ce.wilson_interval(trials - successes, trials, confidence=confidence)
    np.testing.assert_allclose(ours, (1 - mirrored.high, 1 - mirrored.low), atol=1e-15)


def test_interval_at_the_ends_and_of_arrays():
    low, high = ce.wilson_interval([0, 7, 20], 20)
    assert (low[0], high[2]) == (0, 1)
    assert (low[1], high[1]) == ce.wilson_interval(7, 20)
    z = stats.norm.ppf(0.975)
    assert high[0] == pytest.approx(z**2 / (20 + z**2), rel=1e-12)
    assert ce.wilson_interval([1, 1], [2, 200]).low.shape == (2,)


# ------------------------------------------------------------------ reliability


@calibration_profile
@given(forecasts, st.integers(1, 12), st.sampled_from(["uniform", "quantile"]), st.booleans())
def test_bins_hold_every_row_once(pairs, n_bins, strategy, narrow):
    y, p = (np.array(x) for x in zip(*pairs, strict=True))
    p = p.astype("f4" if narrow else "f8")
    curve = ce.reliability_curve(y, p, n_bins=n_bins, strategy=strategy)
    assert curve.count.sum() == len(y)
    assert (curve.count > 0).all()
    assert len(curve.count) <= n_bins
    assert (curve.bin_high[:-1] <= curve.bin_low[1:]).all()
    for k, (low, high) in enumerate(zip(curve.bin_low, curve.bin_high, strict=True)):
        inside = (p > low) & (p <= high) | (p == 0 if low == 0 and k == 0 else False)
        assert inside.sum() == curve.count[k]
        assert curve.mean_prediction[k] == pytest.approx(p[inside].mean(dtype=float), abs=1e-12)
        assert curve.observed_share[k] == pytest.approx(y[inside].mean(), abs=1e-15)
        interval = ce.wilson_interval(y[inside].sum(), inside.sum())
        assert (curve.wilson_low[k], curve.wilson_high[k]) == interval
    gaps = np.abs(curve.observed_share - curve.mean_prediction)
    error = ce.expected_calibration_error(y, p, n_bins=n_bins, strategy=strategy)
    assert error == pytest.approx(gaps @ curve.count / len(y), abs=1e-15)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_edges_belong_to_the_bin_below(dtype):
    p = np.array([k / 10 for k in range(11)], dtype)
    curve = ce.reliability_curve(np.zeros(11, int), p)
    assert curve.count.tolist() == [2] + [1] * 9  # 0 and 0.1 share the first
    np.testing.assert_array_equal(curve.bin_high, p[1:])
    assert curve.bin_high.dtype == dtype


@pytest.mark.parametrize("n_bins", [5, 10, 37])
def test_sklearn_finds_the_same(n_bins):
    p = ce.sigmoid(Z)
    curve = ce.reliability_curve(Y, p, n_bins=n_bins)
    share, mean = calibration_curve(Y, p, n_bins=n_bins)
    np.testing.assert_allclose(curve.observed_share, share, rtol=1e-12)
    np.testing.assert_allclose(curve.mean_prediction, mean, rtol=1e-12)


@pytest.mark.parametrize(("n", "n_bins"), [(100, 10), (103, 10), (7, 10), (2000, 13)])
def test_quantile_bins_have_equal_mass(n, n_bins):
    p = rng.permutation(np.arange(1, n + 1) / (n + 1)) ** 3
    curve = ce.reliability_curve(Y[:n], p, n_bins=n_bins, strategy="quantile")
    assert len(curve.count) == min(n, n_bins)
    assert np.ptp(curve.count) <= 1


def test_equal_predictions_stay_together_and_empty_bins_are_left_out():
    p = [0.0] * 6 + [0.5] * 3 + [1.0]
    curve = ce.reliability_curve([0] * 9 + [1], p, n_bins=4, strategy="quantile")
    assert curve.count.tolist() == [6, 3, 1]
    assert ce.reliability_curve([0] * 9 + [1], p, n_bins=4).count.tolist() == [6, 3, 1]
    assert ce.reliability_curve([0] * 9 + [1], p, n_bins=1).count.tolist() == [10]
    assert ce.reliability_curve([0, 1], 0.3).count.tolist() == [2]


def test_calibration_error_of_the_course():
    """Notebook 08: 10 at .9 and 10 at .6 with .6 right in both."""
    right = [1] * 6 + [0] * 4
    p = [0.9] * 10 + [0.6] * 10
    assert ce.expected_calibration_error(right * 2, p) == pytest.approx(0.15, abs=1e-15)
    assert ce.expected_calibration_error(right * 2, np.array(p, "f4")) == pytest.approx(0.15)
    labels = np.array(right * 2) == 0  # class 0 is the top label, and is right where this is 0
    rows = np.column_stack([p, np.subtract(1, p)])
    error = ce.expected_calibration_error_multiclass(labels.astype(int), rows)
    assert error == pytest.approx(0.15, abs=1e-15)
    assert type(error) is float


@pytest.mark.parametrize("n_bins", [1, 10, 15])
def test_calibration_error_of_many_classes_by_hand(n_bins):
    p = ce.softmax(ROWS)
    top, right = p.max(axis=1), p.argmax(axis=1) == LABELS
    bins = np.ceil(top * n_bins)
    by_hand = sum(
        (bins == b).mean() * abs(right[bins == b].mean() - top[bins == b].mean())
        for b in np.unique(bins)
    )
    ours = ce.expected_calibration_error_multiclass(LABELS, p, n_bins=n_bins)
    assert ours == pytest.approx(by_hand, rel=1e-12)


def test_true_probabilities_are_calibrated_and_others_not():
    p = ce.sigmoid(rng.normal(-1, 2, size=200_000))
    y = rng.random(len(p)) < p
    curve = ce.reliability_curve(y, p)
    # ten intervals of 95%: four misses have a chance of one in a thousand
    misses = (curve.mean_prediction < curve.wilson_low) | (
        curve.mean_prediction > curve.wilson_high
    )
    assert misses.sum() <= 3
    assert ce.expected_calibration_error(y, p) < 0.01
    assert ce.expected_calibration_error(y, p**2) > 0.05


# ------------------------------------------------------------------ temperature


def temperature_loss(labels, z, T):
    if z.ndim == 1:
        return ce.binary_cross_entropy_with_logits(labels, z / T)
    return ce.sparse_categorical_cross_entropy_with_logits(labels, z / T)


@pytest.mark.parametrize(
    ("labels", "z"), [(LABELS, ROWS), (Y, Z), (LABELS, ROWS.astype("f4")), (Y == 1, 40 * Z)]
)
def test_temperature_is_scipys_minimum(labels, z):
    fitted = ce.fit_temperature(labels, z)
    assert type(fitted) is float
    best = optimize.minimize_scalar(
        lambda log_T: temperature_loss(labels, z.astype(float), np.exp(log_T)),
        bounds=(-3, 6),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert fitted == pytest.approx(np.exp(best.x), rel=1e-6)
    here = temperature_loss(labels, z.astype(float), fitted)
    for other in (1.0, 0.99 * fitted, 1.01 * fitted):
        assert here < temperature_loss(labels, z.astype(float), other)


def test_temperature_finds_the_one_that_was_and_leaves_the_answers_alone():
    fitted = ce.fit_temperature(LABELS, ROWS)
    assert fitted == pytest.approx(2.3, rel=0.15)
    np.testing.assert_array_equal(
        ROWS.argmax(axis=1), ce.softmax(ROWS, temperature=fitted).argmax(axis=1)
    )
    before = ce.expected_calibration_error_multiclass(LABELS, ce.softmax(ROWS))
    after = ce.expected_calibration_error_multiclass(LABELS, ce.softmax(ROWS, temperature=fitted))
    assert after < before / 3
    assert ce.fit_temperature(LABELS, ROWS / fitted) == pytest.approx(1, rel=1e-9)


def test_binary_logits_are_two_classes():
    two = np.column_stack([np.zeros_like(Z), Z])
    assert ce.fit_temperature(Y, Z) == pytest.approx(ce.fit_temperature(Y, two), rel=1e-12)
    assert ce.fit_temperature(Y.astype(float), Z) == ce.fit_temperature(Y, Z)


@calibration_profile
@given(
    st.lists(st.tuples(st.integers(0, 2), *[st.integers(-9, 9)] * 3), min_size=1, max_size=12),
    st.sampled_from([1e-300, 1e-9, 1.0, 1e6, 1e300]),
)
def test_temperature_has_no_slope_or_says_why_not(rows, scale):
    labels, z = np.array([r[0] for r in rows]), np.array([r[1:] for r in rows], float)
    own = z[np.arange(len(z)), labels]
    margin, right = (own - z.mean(axis=1)).sum(), (own == z.max(axis=1)).all()
    assume(margin > 1e-9 or margin < -1e-9 or (z == z[:, :1]).all())
    if margin > 0 and not right:
        T = ce.fit_temperature(labels, scale * z) / scale
        slope = np.sum((ce.softmax(z, temperature=T) * z).sum(axis=1) - own)
        assert abs(slope) <= 1e-9 * max(1, np.abs(z).sum())
    else:
        text = "be wrong somewhere.*T → 0" if margin > 0 else "favour the true class.*T → ∞"
        with pytest.raises(ValueError, match=f"logits must {text}"):
            ce.fit_temperature(labels, scale * z)


def test_temperature_shifts_each_row_as_it_likes_and_scales_exactly():
    shifted = ROWS + 1000 * rng.normal(size=(600, 1))
    T = ce.fit_temperature(LABELS, ROWS)
    assert ce.fit_temperature(LABELS, shifted) == pytest.approx(T, rel=1e-9)
    for scale in (1e-200, 0.5, 1e5, 1e300):
        assert ce.fit_temperature(LABELS, scale * ROWS) == pytest.approx(scale * T, rel=1e-9)


def test_a_single_mistake_among_many_is_enough():
    y = np.append(np.ones(10_000), 0)
    z = np.full(10_001, 3.0)
    assert ce.fit_temperature(y, z) == pytest.approx(3 / ce.logit(10_000 / 10_001), rel=1e-9)
    tiny = np.append(np.full(10, 5.0), 1e-9)  # wrong by a hair: the best T is small, and there
    T = ce.fit_temperature([1] * 10 + [0], tiny)
    assert 0 < T < 1
    assert temperature_loss([1] * 10 + [0], tiny, T) <= temperature_loss(
        [1] * 10 + [0], tiny, 1.05 * T
    )


def test_infinite_logits_that_are_right_do_not_count():
    T = ce.fit_temperature(Y, Z)
    assert ce.fit_temperature([*Y, 1, 0], [*Z, INF, -INF]) == pytest.approx(T, rel=1e-12)
    impossible = np.column_stack([ROWS, np.full(len(ROWS), -INF)])
    certain = np.vstack([impossible, [INF, 0, 0, 0, 0, 0]])
    T = ce.fit_temperature(LABELS, ROWS)
    assert ce.fit_temperature(np.append(LABELS, 0), certain) == pytest.approx(T, rel=1e-12)


def test_search_is_newtons_where_that_is_quick_and_halves_where_it_is_not():
    calls = []

    def tail(x):  # from the right, Newton's steps on e^x − 1 have length 1
        calls.append(x)
        return math.exp(x) - 1, math.exp(x)

    assert recalibration._increasing_root(tail, -5.0, 705.0) == pytest.approx(0, abs=1e-15)
    assert len(calls) < 40
    calls.clear()
    assert recalibration._increasing_root(tail, -0.2, 0.3) == pytest.approx(0, abs=1e-15)
    assert len(calls) < 10


@pytest.mark.parametrize("fit", [ce.fit_temperature, ce.fit_bias])
def test_search_is_told_the_true_slope(fit, monkeypatch):
    """A wrong one would only make it slow: the bracket finds the root in any case."""
    told = []
    monkeypatch.setattr(recalibration, "_increasing_root", lambda f, *ends: told.append(f) or 1.0)
    fit(Y, Z)
    for x in (0.1, 0.7, 3.0):
        difference = (told[0](x + 1e-5)[0] - told[0](x - 1e-5)[0]) / 2e-5
        assert told[0](x)[1] == pytest.approx(difference, rel=1e-6)


# ------------------------------------------------------------------ bias


@calibration_profile
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(-50, 50)), min_size=2, max_size=20),
    st.sampled_from([0.0, -700.0, 1e6]),
)
def test_bias_makes_the_mean_prediction_the_base_rate(rows, shift):
    y, z = np.array(rows).T
    assume(1e-6 < y.mean() < 1 - 1e-6)
    b = ce.fit_bias(y, z + shift)
    assert type(b) is float
    residual = ce.binary_cross_entropy_with_logits_grad(y, z + shift + b).sum()
    assert abs(residual) <= 1e-13 * len(y) + len(y) * np.spacing(abs(shift) + 50)
    loss = ce.binary_cross_entropy_with_logits
    assert loss(y, z + shift + b) <= loss(y, z + shift + b + 0.01)
    assert loss(y, z + shift + b) <= loss(y, z + shift + b - 0.01)


def test_bias_is_scipys_root():
    theirs = optimize.brentq(lambda b: np.sum(ce.sigmoid(Z + b) - Y), -10, 10, xtol=1e-14)
    assert ce.fit_bias(Y, Z) == pytest.approx(theirs, abs=1e-12)
    assert ce.fit_bias(Y.astype("f4"), Z) == ce.fit_bias(Y == 1, Z)


def test_only_the_bias_undoes_a_weight():
    """Notebook 10: after 550× a shift brings the loss back, and no temperature does."""
    z = rng.normal(-7, 2, size=100_000)
    y = rng.random(len(z)) < ce.sigmoid(z)
    raw = z + math.log(550)
    loss = ce.binary_cross_entropy_with_logits
    b = ce.fit_bias(y, raw)
    assert b == pytest.approx(-6.31, abs=0.15)
    assert loss(y, raw + b) == pytest.approx(loss(y, z), rel=0.01)
    assert loss(y, raw / ce.fit_temperature(y, raw)) > 3 * loss(y, z)


def test_bias_of_constant_rare_and_infinite_logits():
    assert ce.fit_bias([1, 0, 0, 0], [5.0] * 4) == pytest.approx(ce.logit(0.25) - 5, abs=1e-14)
    assert ce.fit_bias([1, 0, 0, 0], 5.0) == pytest.approx(ce.logit(0.25) - 5, abs=1e-14)
    rare = ce.fit_bias([1e-300, 0], [0.0, 0.0])
    assert rare == pytest.approx(math.log(0.5e-300), rel=1e-12)
    assert ce.fit_bias([*Y, 1, 0], [*Z, INF, -INF]) == ce.fit_bias(Y, Z)
    far = ce.fit_bias([0.5, 0.5], [-1.7e308, 1.7e308])
    assert math.isfinite(far)


# ------------------------------------------------------------------ Platt


def test_platt_is_sklearns_with_the_targets_of_his_paper():
    for y, s in ((Y, Z), (Y[:40], 100 * Z[:40]), (1 - Y, Z.astype("f4"))):
        a, b = ce.fit_platt(y, s, smooth_targets=True)
        their_a, their_b = _sigmoid_calibration(np.asarray(s, float), y)  # minus both
        assert a == pytest.approx(-their_a, rel=1e-3)
        assert b == pytest.approx(-their_b, rel=1e-3, abs=1e-3)
        # and by the definition, more closely than theirs
        t = np.where(y, (y.sum() + 1) / (y.sum() + 2), 1 / ((1 - y).sum() + 2))
        slope = ce.binary_cross_entropy_with_logits_grad(t, a * s.astype(float) + b)
        assert slope.sum() == pytest.approx(0, abs=1e-8)
        assert slope @ s == pytest.approx(0, abs=1e-6)


def test_platt_is_a_logistic_regression_of_one_feature():
    fit = ce.fit_platt(Y, Z)
    assert type(fit.a) is type(fit.b) is float
    assert fit == pytest.approx((0.6, 0.3), abs=0.15)
    logistic = ce.fit_logistic(Z[:, None], Y)
    assert fit == (logistic.coef[0], logistic.intercept)
    assert ce.fit_platt(Y.reshape(40, 50), Z.reshape(40, 50)) == fit
    a, b = ce.fit_platt(1 - Y, Z)
    assert (a, b) == pytest.approx((-fit.a, -fit.b), rel=1e-6)
    loss = ce.binary_cross_entropy_with_logits
    best = loss(Y, fit.a * Z + fit.b)
    assert best <= loss(Y, Z / ce.fit_temperature(Y, Z))
    assert best <= loss(Y, Z + ce.fit_bias(Y, Z))


def test_platt_of_equal_scores_is_the_base_rate():
    assert ce.fit_platt([0, 0, 0, 1], 7.0) == pytest.approx((0, ce.logit(0.25)), abs=1e-9)


@pytest.mark.parametrize(
    ("y", "s"),
    [
        ([0, 0, 1, 1], [-2, -1, 1, 2]),
        ([1, 1, 0, 0], [-2, -1, 1, 2]),
        ([0, 0, 1, 1], [-2.0, 0.0, 0.0, 2.0]),  # they touch
        ([0, 0, 1], [0.0, 0.0, 1.0]),
    ],
)
def test_separated_scores_are_said_to_be(y, s):
    with pytest.raises(
        ValueError, match=r"scores must not separate the labels.*without bound.*got"
    ):
        ce.fit_platt(y, s)
    a, b = ce.fit_platt(y, s, smooth_targets=True)
    assert math.isfinite(a)
    assert a * (s[-1] - s[0]) * (y[-1] - y[0]) > 0
    assert math.isfinite(b)


def test_overlap_in_more_than_a_point_is_enough():
    a, _ = ce.fit_platt([0, 1, 0, 1], [0.0, 1.0, 2.0, 3.0])
    assert a > 0


# ------------------------------------------------------------------ bad input

NOT_NUMBERS = [
    (None, TypeError, "must hold real numbers; got None"),
    (["0", "1", "1"], TypeError, "must hold real numbers; got '0' at index 0"),
    (np.array([0, 1, 1], dtype=object), TypeError, "must hold real numbers; got 0 at index 0"),
    ([[0, 1], [1]], ValueError, "must be a rectangular array; got [[0, 1], [1]]"),
    ([], ValueError, "must not be empty; got shape (0,)"),
]
SHAPES = [
    ([0, 1], ValueError, "must have equal shapes; got "),
    ([[0], [1], [1]], ValueError, "must have equal shapes; got "),
]
HARD = [([0, v, 1], ValueError, f"must be 0 or 1; got {v} at index 1") for v in (0.5, 2.0, NAN)]
SOFT = [
    ([0, v, 1], ValueError, f"must lie in [0, 1]; got {v} at index 1") for v in (1.2, -1.0, NAN)
]
NO_NAN = [([0.1, NAN, 0.2], ValueError, "must not be NaN; got nan at index 1")]
N_BINS = [
    (0, ValueError, "must be at least 1; got 0"),
    (-3, ValueError, "must be at least 1; got -3"),
    (2.5, TypeError, "must be an integer; got 2.5"),
    (None, TypeError, "must be an integer; got None"),
]
STRATEGY = [
    (v, ValueError, f"must be one of 'uniform', 'quantile'; got {v!r}") for v in ("u", None)
]
CLASSES = [
    *NOT_NUMBERS,
    ([0.0, 1.0], TypeError, "must be integers; got 0.0 at index 0"),
    ([0, -1], ValueError, "must lie in 0..2; got -1 at index 1"),
    ([0, 3], ValueError, "must lie in 0..2; got 3 at index 1"),
    ([0, 1, 1], ValueError, "without its last axis; got labels (3,)"),
    ([[0], [1]], ValueError, "without its last axis; got labels (2, 1)"),
]
COUNTS = [*NOT_NUMBERS, ([1, NAN], ValueError, "got nan at index 1")]
Y3, P3 = [0, 1, 0], [0.2, 0.4, 0.6]
BINNED = {
    "y_true": (Y3, NOT_NUMBERS + SHAPES + HARD),
    "y_prob": (P3, NOT_NUMBERS + SHAPES + SOFT),
    "n_bins": (10, N_BINS),
    "strategy": ("quantile", STRATEGY),
}
GOOD = {
    "reliability_curve": BINNED,
    "expected_calibration_error": BINNED,
    "expected_calibration_error_multiclass": {
        "labels": ([0, 1], CLASSES),
        "probs": (
            [[0.5, 0.25, 0.25]] * 2,
            [
                *NOT_NUMBERS,
                (0.5, ValueError, "must have at least one axis of classes; got 0.5"),
                ([[0.5, 0.6], [0.5, 0.5]], ValueError, "got the sum 1.1 at row 0"),
                ([[0.5, 0.5], [1.2, -0.2]], ValueError, "[0, 1]; got 1.2 at index (1, 0)"),
            ],
        ),
        "n_bins": (10, N_BINS),
    },
    "wilson_interval": {
        "successes": (
            [3, 4],
            [
                *COUNTS,
                ([1, -1], ValueError, "must not be negative; got -1 at index 1"),
                ([1, 7], ValueError, "must not exceed trials; got 7 of 6 at index 1"),
                ([1, INF], ValueError, "must not exceed trials; got inf of 6 at index 1"),
                ([1, 2, 3], ValueError, "must have equal shapes; got (3,) and (2,)"),
            ],
        ),
        "trials": (
            [6, 6],
            [
                *COUNTS,
                ([6, 0], ValueError, "must be finite and above 0; got 0 at index 1"),
                ([6, INF], ValueError, "must be finite and above 0; got inf at index 1"),
            ],
        ),
        "confidence": (
            0.95,
            [
                *[(v, ValueError, f"must lie in [0.001, 1); got {v}") for v in (0, 1, 95, NAN)],
                ([0.95], TypeError, "must be one number; got an array of shape (1,)"),
            ],
        ),
    },
    "fit_temperature": {
        "labels": ([0, 2], CLASSES),
        "logits": (
            [[2.0, 0.0, 0.0], [1.5, 0.0, 1.0]],
            [
                *NOT_NUMBERS,
                (2.0, ValueError, "must have at least one axis of classes; got 2.0"),
                ([[[0.0, 1.0]]], ValueError, "must have shape (n, K) or (n,); got (1, 1, 2)"),
                ([[NAN, 0, 0], [0, 0, 0]], ValueError, "must not be NaN; got nan at index (0, 0)"),
                ([[0, 0, 1], [-INF] * 3], ValueError, "got −inf in every class at row 1"),
                ([[0, 0, 1], [INF, 0, 0]], ValueError, "[inf, 0.0, 0.0] for the label 2 at row 1"),
                ([[0, 0, 1], [4, 0, -INF]], ValueError, "0.0, -inf] for the label 2 at row 1"),
                ([[1, 0, 0], [0, 0, 1]], ValueError, "best (T → 0); got 2 of 2 rows right"),
                ([[-1, 2, 2], [0, 0, 0]], ValueError, "(T → ∞); got a mean margin of -1 over"),
                ([[1, 1, 1]] * 2, ValueError, "must favour the true class, or no finite T is best"),
            ],
        ),
    },
    "fit_bias": {
        "y_true": (
            Y3,
            [
                *NOT_NUMBERS,
                *SHAPES,
                *SOFT,
                ([0, 0, 0], ValueError, "no finite bias is best; got a mean label of 0"),
                ([1, 1, 1], ValueError, "no finite bias is best; got a mean label of 1"),
            ],
        ),
        "logits": (
            P3,
            [
                *NOT_NUMBERS,
                *SHAPES,
                *NO_NAN,
                ([0.0, 0.0, INF], ValueError, "got inf for the label 0 at index 2"),
                ([0.0, -INF, 0.0], ValueError, "got -inf for the label 1 at index 1"),
            ],
        ),
    },
    "fit_platt": {
        "y_true": (
            Y3,
            [
                *NOT_NUMBERS,
                *SHAPES,
                *HARD,
                ([0, 0, 0], ValueError, "must have both classes; got only 0"),
                ([1, 1, 1], ValueError, "must have both classes; got only 1"),
            ],
        ),
        "scores": (
            P3,
            [
                *NOT_NUMBERS,
                *SHAPES,
                ([0.1, NAN, 0.2], ValueError, "be finite and within ±1e+150; got nan at index 1"),
                ([0.1, INF, 0.2], ValueError, "be finite and within ±1e+150; got inf at index 1"),
            ],
        ),
    },
}
BAD = [
    (function, name, *case)
    for function, arguments in GOOD.items()
    for name, (_, cases) in arguments.items()
    for case in cases
]


@pytest.mark.parametrize(("function", "name", "value", "error", "text"), BAD)
def test_bad_input(function, name, value, error, text):
    arguments = {other: good for other, (good, _) in GOOD[function].items()}
    getattr(ce, function)(**arguments)
    with pytest.raises(error, match=re.escape(text)) as caught:
        getattr(ce, function)(**(arguments | {name: value}))
    assert name in str(caught.value).split(" must ")[0]


def test_binary_logits_need_binary_labels():
    for labels, text in (
        ([0, 2, 1], "labels must be 0 or 1; got 2 at index 1"),
        ([0, 0.5, 1], "labels must be 0 or 1; got 0.5 at index 1"),
        ([0, 1], "labels and logits must have equal shapes; got (2,) and (3,)"),
        ([[0], [1], [1]], "labels and logits must have equal shapes; got (3, 1) and (3,)"),
    ):
        with pytest.raises(ValueError, match=re.escape(text)):
            ce.fit_temperature(labels, P3)
    with pytest.raises(ValueError, match=re.escape("got [0.0, inf] for the label 0 at row 0")):
        ce.fit_temperature([0, 1], [INF, 1.0])


def test_labels_of_infinite_logits_alone_leave_no_bias():
    with pytest.raises(ValueError, match="got a mean label of 0 in 0 rows of finite logits"):
        ce.fit_bias([1, 0], [INF, -INF])


def test_inputs_are_left_alone():
    before = [x.copy() for x in (Y, Z, LABELS, ROWS)]
    ce.fit_temperature(Y, Z)
    ce.fit_temperature(LABELS, ROWS)
    ce.fit_bias(Y, Z)
    ce.fit_platt(Y, Z)
    ce.reliability_curve(Y, ce.sigmoid(Z), strategy="quantile")
    for x, copy in zip((Y, Z, LABELS, ROWS), before, strict=True):
        assert np.array_equal(x, copy)

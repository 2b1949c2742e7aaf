"""Likelihoods, their maxima, and logistic regression: against scikit-learn and in words."""

import itertools
import math
import re

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

import cehelpers as ce
from cehelpers import logistic

NAN, INF = math.nan, math.inf
flips = st.lists(st.integers(0, 1), min_size=1, max_size=40)
throws = st.lists(st.integers(0, 3), min_size=1, max_size=40)
settings.register_profile("likelihood", max_examples=100)
likelihood_profile = settings.get_profile("likelihood")

# ------------------------------------------------------------------ likelihoods


def test_seven_heads_of_ten():
    coin = [1] * 7 + [0] * 3
    assert ce.bernoulli_nll(coin, 0.7) / 10 == pytest.approx(0.6109, abs=5e-5)
    assert ce.bernoulli_mle(coin) == 0.7


@likelihood_profile
@given(flips, st.floats(0, 1))
def test_bernoulli_nll_is_scipys_and_the_sum_of_the_losses(y, p):
    nll = ce.bernoulli_nll(y, p)
    assert nll == pytest.approx(ce.binary_cross_entropy(y, p, reduction="sum"), rel=1e-13)
    if 1e-9 < p < 1 - 1e-9:
        assert nll == pytest.approx(-stats.bernoulli.logpmf(y, p).sum(), rel=1e-7)


@likelihood_profile
@given(throws, st.lists(st.floats(0.001, 1), min_size=4, max_size=4))
def test_categorical_nll_is_the_product_of_the_probabilities(labels, shares):
    p = np.array(shares) / math.fsum(shares)
    nll = ce.categorical_nll(labels, p)
    assert nll == pytest.approx(-math.log(math.prod(p[k] for k in labels)), rel=1e-10)
    rows = np.tile(p, (len(labels), 1))
    losses = ce.sparse_categorical_cross_entropy(labels, rows, reduction="sum")
    assert nll == pytest.approx(losses, rel=1e-13)


@likelihood_profile
@given(flips, st.floats(0, 1))
def test_base_rate_has_the_least_bernoulli_nll(y, p):
    best = ce.bernoulli_mle(y)
    assert best == sum(y) / len(y)
    assert ce.bernoulli_nll(y, best) <= ce.bernoulli_nll(y, p) * (1 + 1e-14)
    assert ce.bernoulli_nll(y, best) == pytest.approx(len(y) * ce.entropy([best, 1 - best]))


@likelihood_profile
@given(throws, st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(lambda s: sum(s) > 0.01))
def test_least_cross_entropy_is_greatest_likelihood_is_least_divergence(labels, shares):
    """NLL/n = H(empirical, q) = H(empirical) + KL(empirical ‖ q), so q = empirical is best."""
    q = np.array(shares) / math.fsum(shares)
    empirical = ce.categorical_mle(labels, 4)
    mean = ce.categorical_nll(labels, q) / len(labels)
    assert mean == pytest.approx(ce.cross_entropy(empirical, q), rel=1e-12)
    parts = ce.entropy(empirical) + ce.kl_divergence(empirical, q)
    assert mean == pytest.approx(parts, rel=1e-12, abs=1e-14)
    best = ce.categorical_nll(labels, empirical) / len(labels)
    assert best <= mean * (1 + 1e-14)
    assert best == pytest.approx(ce.entropy(empirical), rel=1e-12, abs=1e-15)


def test_impossible_events():
    assert ce.bernoulli_nll([0, 1], 0.0) == ce.bernoulli_nll([0, 1], 1.0) == INF
    assert ce.bernoulli_nll([0, 0], 0.0) == ce.bernoulli_nll([1], 1.0) == 0
    assert ce.categorical_nll([0, 2], [1.0, 0.0, 0.0]) == INF
    assert ce.categorical_nll([0, 0], [1.0, 0.0, 0.0]) == 0
    tiny = ce.bernoulli_nll(np.zeros(1000, "f4"), 1e-20)  # 1 − 1e-20 rounds to 1
    assert tiny == pytest.approx(1e-17, rel=1e-12)
    assert ce.bernoulli_nll(np.ones(1, "f4"), 1e-50) == pytest.approx(50 * math.log(10))


def test_returns_of_likelihoods():
    for y in ([1, 0], np.array([True, False]), np.array([[1.0], [0.0]], "f4"), 1):
        assert type(ce.bernoulli_nll(y, 0.5)) is type(ce.bernoulli_mle(y)) is float
    p = np.array([0.5, 0.25, 0.25], "f4")
    assert type(ce.categorical_nll(np.array([[0, 1]], "u1"), p)) is float
    assert ce.categorical_mle([0, 0], 3).tolist() == [1, 0, 0]


BAD_CALLS = [
    ("bernoulli_nll", ([0, 2], 0.5), ValueError, "y_true must be 0 or 1; got 2 at index 1"),
    ("bernoulli_nll", ([0, NAN], 0.5), ValueError, "y_true must be 0 or 1; got nan at index 1"),
    ("bernoulli_nll", ([], 0.5), ValueError, "y_true must not be empty; got shape (0,)"),
    ("bernoulli_nll", (None, 0.5), TypeError, "y_true must hold real numbers; got None"),
    ("bernoulli_nll", ([0, 1], 1.2), ValueError, "p must lie in [0, 1]; got 1.2"),
    ("bernoulli_nll", ([0, 1], NAN), ValueError, "p must lie in [0, 1]; got nan"),
    ("bernoulli_nll", ([0, 1], [0.5]), TypeError, "p must be one number; got an array of shape"),
    ("bernoulli_mle", ([0, 0.5],), ValueError, "y_true must be 0 or 1; got 0.5 at index 1"),
    ("bernoulli_mle", ("0",), TypeError, "y_true must hold real numbers; got '0'"),
    ("categorical_nll", ([0, 2], [0.5, 0.5]), ValueError, "labels must lie in 0..1; got 2"),
    ("categorical_nll", ([0, -1], [0.5, 0.5]), ValueError, "labels must lie in 0..1; got -1"),
    ("categorical_nll", ([0.0], [0.5, 0.5]), TypeError, "labels must be integers; got 0.0"),
    ("categorical_nll", ([0], [0.5, 0.6]), ValueError, "got the sum 1.1"),
    ("categorical_nll", ([0], [[0.5, 0.5]]), ValueError, "probs must have shape (K,); got (1, 2)"),
    ("categorical_nll", ([0], 1.0), ValueError, "probs must have at least one axis"),
    ("categorical_mle", ([0, 3], 3), ValueError, "labels must lie in 0..2; got 3 at index 1"),
    ("categorical_mle", ([], 3), ValueError, "labels must not be empty; got shape (0,)"),
    ("categorical_mle", ([0], 0), ValueError, "num_classes must be at least 1; got 0"),
    ("categorical_mle", ([0], 2.0), TypeError, "num_classes must be an integer; got 2.0"),
]


@pytest.mark.parametrize(("name", "arguments", "error", "text"), BAD_CALLS)
def test_bad_input_of_likelihoods(name, arguments, error, text):
    with pytest.raises(error, match=re.escape(text)):
        getattr(ce, name)(*arguments)


# ------------------------------------------------------------------ logistic regression

rng = np.random.default_rng(6)
N = 400
X = rng.normal(size=(N, 3)) * [1.0, 1e4, 1e-3] + [0.0, 1e5, 7.0]
TRUE = 0.8 * X[:, 0] - 1e-4 * (X[:, 1] - 1e5) - 0.5
Y = (rng.random(N) < ce.sigmoid(TRUE)).astype(int)
WEIGHTS = rng.integers(0, 4, size=N)


def sklearn_fit(X, y, weight=None, *, l2):
    C = 1 / l2 if l2 else INF
    model = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12, max_iter=1000)
    return model.fit(X, y, sample_weight=weight)


@pytest.mark.parametrize("weight", [None, WEIGHTS])
@pytest.mark.parametrize("l2", [0.0, 0.01, 1.0, 100.0])
def test_sklearn_finds_the_same(l2, weight):
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    fit = ce.fit_logistic(scaled, Y, sample_weight=weight, l2=l2)
    theirs = sklearn_fit(scaled, Y, weight, l2=l2)
    np.testing.assert_allclose(fit.coef, theirs.coef_[0], atol=1e-6)
    assert fit.intercept == pytest.approx(theirs.intercept_[0], abs=1e-6)
    assert fit.converged
    assert fit.message == f"converged after {fit.iterations} steps"


@pytest.mark.parametrize("l2", [1e-3, 10.0])
def test_sklearn_finds_the_same_on_thirty_correlated_columns(l2):
    data = load_breast_cancer()
    scaled = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    fit = ce.fit_logistic(scaled, data.target, l2=l2)
    np.testing.assert_allclose(
        fit.coef, sklearn_fit(scaled, data.target, l2=l2).coef_[0], atol=1e-6
    )


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_slope_of_the_objective_is_zero_in_raw_units(l2):
    """The definition itself: Σ w (p − y) x + l2·coef = 0, for columns of wild scales."""
    y = np.clip(Y + 0.1, 0, 1)  # soft labels too
    fit = ce.fit_logistic(X, y, sample_weight=WEIGHTS, l2=l2)
    z = X @ fit.coef + fit.intercept
    slope = WEIGHTS * ce.binary_cross_entropy_with_logits_grad(y, z)
    terms = np.absolute(slope)
    assert fit.converged
    assert abs(slope.sum()) <= 1e-9 * terms.sum()
    centred = X - X.mean(axis=0)
    assert (np.absolute(slope @ centred + l2 * fit.coef) <= 1e-8 * (terms @ np.abs(centred))).all()
    mean = ce.binary_cross_entropy_with_logits(y, z, sample_weight=WEIGHTS)
    assert fit.loss == pytest.approx(mean, rel=1e-9)


def test_a_column_in_tiny_units_does_not_freeze_the_penalised_fit():
    """The penalty of such a column dwarfs every curvature of the data."""
    fit = ce.fit_logistic([[0, 0], [1, 1e-7]], [0, 1], l2=1.0)
    # by symmetry p = (1 − q, q) with q = σ(coef/2), and the slope says coef = 1 − q
    coef = float(mpmath.findroot(lambda c: c - 1 + 1 / (1 + mpmath.exp(-c / 2)), 0.4))
    np.testing.assert_allclose(fit.coef, [coef, 1e-7 * coef], rtol=1e-9)
    assert fit.intercept == pytest.approx(-coef / 2, rel=1e-9)
    assert fit.message == "converged after 3 steps"


@pytest.mark.parametrize("unit", [1e-150, 1e-30, 1e-9, 1e-7, 1e-5, 1e-3, 1.0, 1e9, 1e100])
@pytest.mark.parametrize("l2", [1e-200, 1e-12, 1e-3, 1.0, 1e8, 1e200])
def test_the_penalised_minimum_is_found_in_any_unit(unit, l2):
    """Wavelengths of 550 ± 80 beside per cent: no unit makes a good column flat."""
    wave, share = rng.normal(550, 80, N), rng.normal(40, 10, N)
    y = rng.random(N) < ce.sigmoid((wave - 550) / 80 + (share - 40) / 10)
    table = np.column_stack([wave * unit, share])
    fit = ce.fit_logistic(table, y, l2=l2)
    assert fit.converged
    assert fit.iterations <= 8
    rest = ce.binary_cross_entropy_with_logits_grad(y, table @ fit.coef + fit.intercept)
    assert abs(rest.sum()) <= 1e-12 * np.absolute(rest).sum()
    centred = table - table.mean(axis=0)
    if np.absolute(fit.coef[0] * centred[:, 0]).max() < 1e-16:
        centred[:, 0] = fit.coef[0] = 0  # no logit feels it
    slope = np.absolute(rest @ centred + l2 * fit.coef)
    assert (slope <= 1e-9 * (np.absolute(rest) @ np.absolute(centred))).all()


@pytest.mark.parametrize("unit", [1e-155, 1e-170])
def test_a_column_too_fine_for_its_square_counts_as_constant(unit):
    fit = ce.fit_logistic([[0], [unit], [unit], [0]], [0, 1, 0, 0], l2=1.0)
    assert (fit.coef[0], fit.converged) == (0, True)
    assert fit.intercept == pytest.approx(-math.log(3), abs=1e-10)


def test_a_penalty_keeps_separable_labels_from_running_away():
    x = np.linspace(-1, 1, 20)[:, None]
    losses = [ce.fit_logistic(x, x[:, 0] > 0, l2=l2) for l2 in (1e-3, 1e-9, 1e-15, 1e-30)]
    assert all(fit.converged for fit in losses)
    assert all(a.coef[0] < b.coef[0] for a, b in itertools.pairwise(losses))


def test_weights_are_repeated_rows():
    weighted = ce.fit_logistic(X, Y, sample_weight=WEIGHTS, l2=0.5)
    repeated = ce.fit_logistic(np.repeat(X, WEIGHTS, axis=0), np.repeat(Y, WEIGHTS), l2=0.5)
    np.testing.assert_allclose(weighted.coef, repeated.coef, rtol=1e-7)
    assert weighted.intercept == pytest.approx(repeated.intercept, rel=1e-7)
    assert weighted.loss == pytest.approx(repeated.loss, rel=1e-10)


def test_class_weight_moves_the_intercept_by_its_logarithm():
    """Notebook 09, exact where the model is saturated: one column of 0 and 1."""
    group = (X[:, :1] > 0).astype(int)
    plain = ce.fit_logistic(group, Y)
    weighted = ce.fit_logistic(group, Y, sample_weight=np.where(Y == 1, 550.0, 1.0))
    assert weighted.intercept - plain.intercept == pytest.approx(math.log(550), abs=1e-8)
    np.testing.assert_allclose(weighted.coef, plain.coef, atol=1e-7)


def test_one_binary_column_gives_the_log_odds_ratio():
    fit = ce.fit_logistic([[0]] * 10 + [[1]] * 10, [1] * 2 + [0] * 8 + [1] * 6 + [0] * 4)
    assert fit.intercept == pytest.approx(math.log(2 / 8), abs=1e-10)
    assert fit.coef[0] == pytest.approx(math.log((6 / 4) / (2 / 8)), abs=1e-10)


def test_penalty_spares_the_intercept():
    fit = ce.fit_logistic(X, Y, l2=1e15)
    np.testing.assert_allclose(fit.coef, 0, atol=1e-8)
    assert ce.sigmoid(fit.intercept + X.mean(axis=0) @ fit.coef) == pytest.approx(
        Y.mean(), abs=1e-6
    )


def test_rows_of_several_blocks_and_float32():
    many = rng.normal(size=(2 * logistic.ROWS + 5, 4)).astype("f4")
    y = (rng.random(len(many)) < ce.sigmoid(many[:, 0] - 4)).astype("f4")
    fit = ce.fit_logistic(many, y)
    assert fit.coef.dtype == np.float64
    np.testing.assert_allclose(fit.coef, ce.fit_logistic(many.astype(float), y).coef, rtol=1e-9)
    theirs = sklearn_fit(many.astype(float), y, l2=0.0)
    np.testing.assert_allclose(fit.coef, theirs.coef_[0], atol=1e-6)


def test_step_is_halved_where_newton_overshoots():
    """Rare positives and one outlier among them: full Newton steps run away from the minimum."""
    x = np.append(np.linspace(-1, 1, 1000), 30.0)
    y = np.isin(np.arange(1001), (333, 1000))
    losses = [ce.fit_logistic(x[:, None], y, max_iter=k).loss for k in range(1, 12)]
    assert (np.diff(losses) <= 1e-12).all()
    fit = ce.fit_logistic(x[:, None], y)
    assert fit.converged
    slope = ce.binary_cross_entropy_with_logits_grad(y, x * fit.coef[0] + fit.intercept)
    assert slope.sum() == pytest.approx(0, abs=1e-10)
    assert slope @ x == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize("outlier", [1e3, 1e5, 1e6])
def test_an_outlier_with_a_logit_of_millions_is_no_trouble(outlier):
    x = np.append(np.linspace(-1, 1, 40), outlier)
    y = np.append((x[:-1] > 0) ^ (np.arange(40) % 10 == 0), True)
    fit, rest = ce.fit_logistic(x[:, None], y), ce.fit_logistic(x[:-1, None], y[:-1])
    assert fit.message == f"converged after {fit.iterations} steps"
    assert fit.coef[0] == pytest.approx(rest.coef[0], rel=1e-6)


# ------------------------------------------------------------------ trouble, in words


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_separable_labels_are_said_to_be(scale):
    x = np.linspace(-1, 1, 20)[:, None] * scale
    y = (x[:, 0] > 0).astype(int)
    fits = [ce.fit_logistic(x, y, max_iter=k) for k in (10, 20, 40)]
    for fit, next_fit in itertools.pairwise(fits):
        assert next_fit.coef[0] > fit.coef[0] * 1.2  # and no end in sight
        assert next_fit.loss < fit.loss / 100
    for fit in fits:
        assert not fit.converged
        assert "X separates the labels perfectly" in fit.message
        assert "without bound" in fit.message
    assert ce.fit_logistic(x, y, l2=1.0).message.startswith("converged")


@pytest.mark.parametrize("share", [2, 40])
def test_partly_separable_labels_are_said_to_be(share):
    """A rare dummy that only positives have: its coefficient has no finite best value."""
    dummy = np.arange(N) < share
    y = np.where(dummy, 1, Y)
    fit = ce.fit_logistic(np.column_stack([X[:, 0], dummy]), y, max_iter=100)
    assert not fit.converged
    assert "X separates some of the labels perfectly" in fit.message
    assert fit.coef[1] > 20
    rest = ce.fit_logistic(X[~dummy, :1], y[~dummy])
    assert fit.coef[0] == pytest.approx(rest.coef[0], abs=1e-6)


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("l2", [0.0, 1.0])
def test_a_single_class_is_said_to_be_one(label, l2):
    weight = np.full(N, 0.1)  # whose weighted mean label rounds below 1
    fit = ce.fit_logistic(X, np.full(N, label), sample_weight=weight, l2=l2)
    assert not fit.converged
    assert f"every label is {label}, so the intercept grows" in fit.message
    assert math.copysign(1, fit.intercept) == 2 * label - 1


def test_too_few_steps_are_said_to_be():
    fit = ce.fit_logistic(X, Y, max_iter=2)
    assert (fit.converged, fit.iterations) == (False, 2)
    assert fit.message.startswith("not converged: step 2 of 2 moved a logit by ")


def test_collinear_columns_are_said_to_be_and_predict_the_same():
    x = X[:, 0]
    alone = ce.fit_logistic(X[:, [0, 2]], Y)
    table = np.column_stack([x, X[:, 2], 3 * x + 1, np.full(N, 0.1)])
    fit = ce.fit_logistic(table, Y)
    assert fit.converged
    assert "in its columns 0, 2, 3 " in fit.message
    np.testing.assert_allclose(
        table @ fit.coef + fit.intercept, X[:, [0, 2]] @ alone.coef + alone.intercept, atol=1e-9
    )
    assert fit.coef[3] == 0
    penalised = ce.fit_logistic(table, Y, l2=2.0)  # where the smallest is the only solution
    assert "collinear" not in penalised.message
    np.testing.assert_allclose(penalised.coef, sklearn_fit(table, Y, l2=2.0).coef_[0], atol=1e-6)


def test_nearly_collinear_columns_converge():
    x = X[:, 0]
    fit = ce.fit_logistic(np.column_stack([x, x + 1e-5 * rng.normal(size=N)]), Y)
    assert fit.message == f"converged after {fit.iterations} steps"


GOOD = {"X": [[0.0], [0.5], [1.0]], "y_true": [0, 1, 0]}
BAD = [
    ("X", None, TypeError, "X must hold real numbers; got None"),
    ("X", [["a"]] * 3, TypeError, "X must hold real numbers; got 'a' at index (0, 0)"),
    ("X", [[0.0], [NAN], [1.0]], ValueError, "within ±1e+150; got nan at index (1, 0)"),
    ("X", [[0.0], [INF], [1.0]], ValueError, "got inf at index (1, 0)"),
    ("X", np.array([[0.0], [INF], [1.0]], "f4"), ValueError, "got inf at index (1, 0)"),
    ("X", [[0.0], [1e200], [1.0]], ValueError, "got 1e+200 at index (1, 0)"),
    ("X", [0.0, 0.5, 1.0], ValueError, "X must have shape (n, d); got (3,)"),
    ("X", np.zeros((3, 0)), ValueError, "X must not be empty; got shape (3, 0)"),
    ("y_true", [0, 1], ValueError, "y_true must have one value for each row of X; got (2,)"),
    ("y_true", [[0], [1], [0]], ValueError, "got (3, 1) for X (3, 1)"),
    ("y_true", [0, 1, 1.5], ValueError, "y_true must lie in [0, 1]; got 1.5 at index 2"),
    ("y_true", [0, 1, NAN], ValueError, "y_true must lie in [0, 1]; got nan at index 2"),
    ("y_true", ["0", "1", "0"], TypeError, "y_true must hold real numbers; got '0'"),
    ("sample_weight", [1, -1, 1], ValueError, "be finite and not negative; got -1 at index 1"),
    ("sample_weight", [0, 0, 0], ValueError, "sample_weight must have a positive, finite sum"),
    ("sample_weight", [1, 1], ValueError, "sample_weight must have one value for each row of X"),
    ("l2", -1.0, ValueError, "l2 must be finite and not negative; got -1.0"),
    ("l2", NAN, ValueError, "l2 must be finite and not negative; got nan"),
    ("l2", INF, ValueError, "l2 must be finite and not negative; got inf"),
    ("l2", "1", TypeError, "l2 must hold real numbers; got '1'"),
    ("l2", [1.0], TypeError, "l2 must be one number; got an array of shape (1,)"),
    ("tol", -1e-9, ValueError, "tol must be finite and not negative; got -1e-09"),
    ("tol", None, TypeError, "tol must hold real numbers; got None"),
    ("max_iter", 0, ValueError, "max_iter must be at least 1; got 0"),
    ("max_iter", 2.0, TypeError, "max_iter must be an integer; got 2.0"),
]


@pytest.mark.parametrize(("argument", "value", "error", "text"), BAD)
def test_bad_input_of_fit_logistic(argument, value, error, text):
    with pytest.raises(error, match=re.escape(text)):
        ce.fit_logistic(**(GOOD | {argument: value}))


def test_inputs_of_fit_logistic_are_left_alone():
    before = X.copy(), Y.copy()
    ce.fit_logistic(X, Y)
    assert np.array_equal(X, before[0])
    assert np.array_equal(Y, before[1])

"""What notebook 06 claims, computed here by other means than its own."""

import itertools
import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
from scipy.optimize import linprog, minimize, minimize_scalar
from scipy.special import expit, log_expit, rel_entr
from scipy.stats import bernoulli, multinomial
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

import cehelpers as ce
from cecourse.lessons.maximum_likelihood import exercises, pictures
from cecourse.lessons.maximum_likelihood.explorers import neuron_outputs
from cehelpers.networks import Network

getcontext().prec = 50
FLIPS = [1, 1, 0, 1, 1, 1, 0, 1, 0, 1]


def standardised(*columns):
    X = load_breast_cancer().data[:, list(columns)]
    return (X - X.mean(axis=0)) / X.std(axis=0)


@pytest.fixture(scope="module")
def malignant():
    return 1 - load_breast_cancer().target


def mean_loss(theta, X, y):
    """Mean cross-entropy of logits X @ theta[:-1] + theta[-1], by SciPy."""
    z = X @ theta[:-1] + theta[-1]
    return -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z))


def found_by_scipy(X, y):
    return minimize(mean_loss, np.zeros(X.shape[1] + 1), args=(X, y), tol=1e-12)


# ---------------------------------------------------------------- likelihood


def test_the_likelihood_of_the_flips():
    for p, printed in ((0.3, "0.000075"), (0.5, "0.000977"), (0.7, "0.002224"), (0.9, "0.000478")):
        exact = Decimal(str(p)) ** 7 * Decimal(str(1 - p)).quantize(Decimal("0.1")) ** 3
        assert f"{float(exact):.6f}" == printed
    assert sum(FLIPS) == 7
    log = 7 * Decimal("0.7").ln() + 3 * Decimal("0.3").ln()
    assert f"{-log / 10:.4f}" == "0.6109"
    assert ce.bernoulli_nll(FLIPS, 0.7) == pytest.approx(-float(log), rel=1e-14)
    assert f"{1000 * log:.1f}" == "-6108.6"
    assert math.floor(1000 * log / Decimal(10).ln()) == -2653
    assert 0.7**7000 * 0.3**3000 == 0.0


def test_the_summit_is_the_share_of_heads():
    best = minimize_scalar(lambda p: -bernoulli(p).logpmf(FLIPS).sum(), bounds=(0.01, 0.99))
    assert best.x == pytest.approx(0.7, abs=1e-5)
    assert ce.bernoulli_mle(FLIPS) == 0.7


def test_the_four_lines_hold_for_a_probability_of_each_row():
    rng = np.random.default_rng(6)
    p, y = rng.uniform(0.05, 0.95, 30), rng.integers(0, 2, 30)
    likelihood = math.prod(bernoulli(p_i).pmf(y_i) for p_i, y_i in zip(p, y, strict=True))
    assert ce.binary_cross_entropy(y, p) == pytest.approx(-math.log(likelihood) / 30, rel=1e-12)


def test_copied_rows_change_the_certainty_and_not_the_estimate():
    gain = 10 * rel_entr([0.7, 0.3], [0.5, 0.5]).sum()
    assert f"{math.exp(gain):.1f}" == "2.3"
    assert f"{math.exp(10 * gain):,.1f}" == "3,745.4"
    assert ce.bernoulli_mle(FLIPS * 10) == ce.bernoulli_mle(FLIPS)


def test_the_categorical_case():
    throws, q = [0, 0, 1, 2], [0.6, 0.3, 0.1]
    ways = 12  # orders of two, one, one
    nll = -math.log(multinomial.pmf([2, 1, 1], 4, q) / ways)
    assert f"{nll / 4:.4f}" == "1.1321"
    assert ce.categorical_nll(throws, q) == pytest.approx(nll)
    best = minimize(lambda z: ce.categorical_nll(throws, ce.softmax(z)), np.zeros(3))
    np.testing.assert_allclose(ce.softmax(best.x), ce.categorical_mle(throws, 3), atol=1e-4)


@pytest.mark.parametrize("p", [0.5, 0.7, 0.9])
def test_three_names_of_one_number(p):
    divergence = rel_entr([0.3, 0.7], [1 - p, p]).sum()
    floor = -0.7 * math.log(0.7) - 0.3 * math.log(0.3)
    assert ce.bernoulli_nll(FLIPS, p) / 10 == pytest.approx(floor + divergence, rel=1e-12)


def test_where_the_names_part():
    """Each objective is built as its name says, and minimised by SciPy."""
    y = np.array(FLIPS, dtype=float)

    def lowest(objective):
        return minimize_scalar(objective, bounds=(0.01, 0.99), options={"xatol": 1e-9}).x

    def nll(p, y, w=1.0):
        return -np.sum(w * (y * np.log(p) + (1 - y) * np.log(1 - p)))

    smooth = ce.smooth_labels(np.stack([1 - y, y], axis=-1), 0.2)[:, 1]
    added = np.concatenate([y, [1] * 5, [0] * 5])
    assert lowest(lambda p: nll(p, y)) == pytest.approx(0.7, abs=1e-6)
    assert lowest(lambda p: nll(p, y, np.where(y == 1, 3, 1))) == pytest.approx(0.875, abs=1e-6)
    assert lowest(lambda p: nll(p, smooth)) == pytest.approx(0.66, abs=1e-6)
    assert lowest(lambda p: nll(p, added)) == pytest.approx(0.6, abs=1e-6)


# ---------------------------------------------------------------- logistic regression


def test_the_tumours_and_one_column(malignant):
    assert (malignant.sum(), len(malignant)) == (212, 569)
    assert f"{log_loss(malignant, np.full(569, malignant.mean())):.4f}" == "0.6603"
    radius = standardised(0)
    best = found_by_scipy(radius, malignant)
    fit = ce.fit_logistic(radius, malignant)
    np.testing.assert_allclose([*fit.coef, fit.intercept], best.x, atol=2e-5)
    assert (f"{fit.coef[0]:.4f}", f"{fit.intercept:.4f}") == ("3.6392", "-0.6441")
    assert f"{fit.loss:.4f}" == f"{best.fun:.4f}" == "0.2900"
    p = expit(radius[:, 0] * fit.coef[0] + fit.intercept)
    assert p.mean() == pytest.approx(malignant.mean(), abs=1e-12)
    raw = load_breast_cancer().data[:, 0]
    even = raw.mean() - fit.intercept / fit.coef[0] * raw.std()
    assert f"{even:.2f}" == "14.75"


def test_descent_and_newton_on_the_way(malignant):
    """SciPy's loss at the places that the notebook prints."""
    radius = standardised(0)
    w = b = 0.0
    seen = {}
    for k in range(1001):
        seen[k] = mean_loss(np.array([w, b]), radius, malignant)
        error = expit(w * radius[:, 0] + b) - malignant
        w, b = w - 0.5 * (error @ radius[:, 0]) / 569, b - 0.5 * error.sum() / 569
    printed = {0: "0.6931", 1: "0.6271", 10: "0.4056", 100: "0.2946", 1000: "0.2900"}
    assert {k: f"{seen[k]:.4f}" for k in printed} == printed
    # at zero every p is a half, and Newton's parabola is a least-squares problem
    A = np.column_stack([radius, np.ones(569)])
    first = np.linalg.lstsq(A, 4 * (malignant - 0.5))[0]
    assert first[0] == pytest.approx(1.411853, abs=5e-7)
    assert mean_loss(first, radius, malignant) == pytest.approx(0.368243, abs=5e-7)
    assert ce.fit_logistic(radius, malignant).coef[0] == pytest.approx(3.639215, abs=1e-6)


def test_scikit_learn_agrees_to_six_digits_only_without_its_penalty(malignant):
    X = standardised(0, 1)
    fit = ce.fit_logistic(X, malignant)
    free = LogisticRegression(C=np.inf, tol=1e-10).fit(X, malignant)
    np.testing.assert_allclose(fit.coef, free.coef_[0], atol=1e-6, rtol=0)
    np.testing.assert_allclose(fit.intercept, free.intercept_[0], atol=1e-6, rtol=0)
    assert LogisticRegression().fit(X, malignant).coef_[0] == pytest.approx([3.34, 0.88], abs=5e-3)
    held = ce.fit_logistic(X, malignant, l2=0.5)
    assert held.coef == pytest.approx([3.5076, 0.9039], abs=5e-5)


def test_the_bug_sits_in_the_shapes(malignant):
    X = standardised(0, 1)

    def table(theta, y):
        p = expit(X @ theta[:2, None] + theta[2])
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    stuck = minimize(table, np.zeros(3), args=(malignant,))
    assert stuck.fun == pytest.approx(log_loss(malignant, np.full(569, malignant.mean())))
    assert np.abs(stuck.x[:2]).max() < 1e-4
    repaired = minimize(table, np.zeros(3), args=(malignant[:, None],))
    assert repaired.fun == pytest.approx(ce.fit_logistic(X, malignant).loss, abs=1e-6)
    with pytest.raises(ValueError, match="equal shapes"):
        ce.binary_cross_entropy(malignant, expit(X @ np.zeros((2, 1))))


def separable(X, y):
    """Whether a plane exists with every row at least 1 on its side: a linear programme."""
    A = -(2 * y - 1)[:, None] * np.column_stack([X, np.ones(len(y))])
    return linprog(np.zeros(A.shape[1]), A, -np.ones(len(y)), bounds=(None, None)).success


def test_separable_points_have_no_best_weight():
    x, y = np.array([-3.0, -2.0, -0.5, 0.5, 1.5, 3.0]), np.array([0, 0, 0, 1, 1, 1])
    X = x[:, None]
    assert separable(X, y)
    assert "grow without bound" in ce.fit_logistic(X, y).message
    losses = [mean_loss(np.array([w, 0.0]), X, y) for w in (1, 2, 4, 8, 16, 32)]
    assert np.all(np.diff(losses) < 0)
    w, b, seen = 0.0, 0.0, {}
    for k in range(1, 10_001):
        error = expit(w * x + b) - y
        w, b = w - error @ x / 6, b - error.sum() / 6
        seen[k] = w
    assert [f"{seen[k]:.2f}" for k in (10, 100, 1000, 10_000)] == ["1.95", "4.53", "8.83", "13.44"]
    assert seen[10_000] - seen[1000] == pytest.approx(math.log(10) / 0.5, abs=0.02)


def test_thirty_columns_separate_the_tumours_and_two_do_not(malignant):
    everything = standardised(*range(30))
    assert separable(everything, malignant)
    assert not separable(standardised(0, 1), malignant)
    assert "separates the labels perfectly" in ce.fit_logistic(everything, malignant).message
    tamed = ce.fit_logistic(everything, malignant, l2=1.0)
    assert tamed.converged
    assert np.abs(tamed.coef).max() == pytest.approx(1.31, abs=5e-3)
    assert tamed.loss == pytest.approx(0.0534, abs=5e-5)


# ---------------------------------------------------------------- saturation


def test_the_two_slopes_at_minus_six():
    h, z = 1e-5, -6.0
    crossed = (log_expit(z - h) - log_expit(z + h)) / (2 * h)
    squared = ((1 - expit(z + h)) ** 2 - (1 - expit(z - h)) ** 2) / (4 * h)
    assert (f"{crossed:.4f}", f"{squared:.5f}") == ("-0.9975", "-0.00246")
    assert round(crossed / squared) == 405


def test_the_night_grows_by_e_squared():
    nights = [
        sum(p > 0.5 for p in neuron_outputs(w, w, 0.15, "squared_error", steps=12_000))
        for w in (2.0, 3.0, 4.0)
    ]
    assert nights == [232, 1416, 10_028]
    assert [f"{b / a:.1f}" for a, b in itertools.pairwise(nights)] == ["6.1", "7.1"]
    assert nights[2] / nights[1] == pytest.approx(math.exp(2), rel=0.05)


def test_adam_wakes_the_sleeper():
    asleep = Network((np.array([[2.0]]),), (np.array([2.0]),))
    told = {}
    for loss in ("cross_entropy", "squared_error"):
        theta, m, v = np.array([2.0, 2.0]), 0.0, 0.0
        for k in range(1, 31):  # Adam, written out
            p = expit(theta.sum())
            g = p if loss == "cross_entropy" else p * p * (1 - p)
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            theta = theta - 0.15 * (m / (1 - 0.9**k)) / (math.sqrt(v / (1 - 0.999**k)) + 1e-8)
        net = ce.fit_mlp(
            asleep,
            [[1.0]],
            [0],
            loss=loss,
            epochs=30,
            learning_rate=0.15,
            rng=np.random.default_rng(0),
        )
        told[loss] = expit(ce.mlp_logits(net, [[1.0]])[0])
        assert told[loss] == pytest.approx(expit(theta.sum()), rel=1e-9)
    assert [f"{p:.3f}" for p in told.values()] == ["0.042", "0.025"]


def test_digits_by_both_losses():
    """Adam from a sane start: no difference that the seeds do not drown. Saturated: a wide one."""
    digits = load_digits()
    X, T = digits.data / 16, ce.one_hot(digits.target, 10)

    def held_out(loss, seed, epochs, scale):
        rng = np.random.default_rng(seed)
        rows = rng.permutation(len(X))
        train, test = rows[:1200], rows[1200:]
        net = ce.init_mlp((64, 32, 10), rng=rng, output_scale=scale)
        net = ce.fit_mlp(
            net,
            X[train],
            T[train],
            loss=loss,
            rng=rng,
            epochs=epochs,
            batch_size=100,
            learning_rate=0.01,
        )
        return np.mean(ce.mlp_logits(net, X[test]).argmax(axis=1) == digits.target[test])

    sane, certain = (
        {
            loss: np.array([held_out(loss, seed, epochs, scale) for seed in range(5)])
            for loss in ("cross_entropy", "squared_error")
        }
        for epochs, scale in ((18, 1.0), (10, 30.0))
    )
    for accuracy in sane.values():
        assert accuracy.mean() == pytest.approx(0.97, abs=0.005)
        assert np.ptp(accuracy) > abs(sane["cross_entropy"].mean() - sane["squared_error"].mean())
        assert np.abs(accuracy - accuracy.mean()).max() < 0.015
    assert certain["cross_entropy"].min() > 0.8
    assert certain["squared_error"].max() < 0.75


def test_larger_steps_close_most_of_the_gap_of_plain_descent():
    digits = load_digits()
    X, T = digits.data / 16, ce.one_hot(digits.target, 10)

    def held_out(loss, seed, eta):
        rng = np.random.default_rng(seed)
        rows = rng.permutation(len(X))
        net = ce.init_mlp((64, 32, 10), rng=rng)
        for _ in range(60):
            g = ce.mlp_gradients(net, X[rows[:1200]], T[rows[:1200]], loss=loss)
            net = Network(
                tuple(a - eta * d for a, d in zip(net.weights, g.weights, strict=True)),
                tuple(a - eta * d for a, d in zip(net.biases, g.biases, strict=True)),
            )
        said = ce.mlp_logits(net, X[rows[1200:]]).argmax(axis=1)
        return np.mean(said == digits.target[rows[1200:]])

    crossed, small, large = (
        np.array([held_out(loss, seed, eta) for seed in range(5)])
        for loss, eta in (("cross_entropy", 0.7), ("squared_error", 0.7), ("squared_error", 1.5))
    )
    assert crossed.mean() == pytest.approx(0.95, abs=0.01)
    assert small.mean() == pytest.approx(0.72, abs=0.01)
    assert large.min() > 0.8
    assert large.mean() - small.mean() > 0.7 * (crossed.mean() - small.mean())


# ---------------------------------------------------------------- odds


def test_what_the_coefficients_say(malignant):
    X = standardised(0, 1)
    best = found_by_scipy(X, malignant)
    spread = load_breast_cancer().data[:, :2].std(axis=0)
    assert np.exp(best.x[:2]) == pytest.approx([41.35, 2.553], abs=5e-3)
    assert np.exp(best.x[:2] / spread) == pytest.approx([2.88, 1.244], abs=5e-3)
    odds = [np.exp(X[0] @ best.x[:2] + best.x[2] + d * best.x[1]) for d in (0, 1)]
    assert odds[1] / odds[0] == pytest.approx(2.553, abs=5e-3)


def test_the_interval_of_the_texture(malignant):
    """The curvature by second differences of SciPy's loss instead of AᵀDA."""
    X = standardised(0, 1)
    theta, h = found_by_scipy(X, malignant).x, 1e-3

    def total(shift):
        return 569 * mean_loss(theta + shift, X, malignant)

    e = h * np.eye(3)
    curvature = np.array(
        [
            [(total(a + b) - total(a - b) - total(b - a) + total(-a - b)) / (4 * h * h) for a in e]
            for b in e
        ]
    )
    error = math.sqrt(np.linalg.inv(curvature)[1, 1])
    low, high = np.exp(theta[1] + np.array([-1.96, 1.96]) * error)
    assert (low, high) == (pytest.approx(1.87, abs=5e-3), pytest.approx(3.49, abs=6e-3))


@pytest.mark.parametrize(
    ("p", "new", "times"),
    [
        (0.02, "0.049", "2.47"),
        (0.2, "0.389", "1.95"),
        (0.5, "0.718", "1.44"),
        (0.9, "0.958", "1.06"),
    ],
)
def test_an_odds_ratio_is_no_risk_ratio(p, new, times):
    odds = 2.55 * p / (1 - p)
    after = odds / (1 + odds)
    assert (f"{after:.3f}", f"{after / p:.2f}") == (new, times)


def test_twins_turn_a_sign(malignant):
    both = standardised(0, 2)
    fit = ce.fit_logistic(both, malignant)
    assert fit.coef == pytest.approx([-20.2, 24.8], abs=0.05)
    assert found_by_scipy(both, malignant).fun == pytest.approx(fit.loss, abs=1e-5)
    assert ce.fit_logistic(standardised(0), malignant).coef[0] > 0
    assert f"{np.corrcoef(both.T)[0, 1]:.3f}" == "0.998"


# ---------------------------------------------------------------- pictures and exercises


def test_the_pictures_show_the_numbers_they_were_given():
    above, below = pictures.coin(7, 10).axes
    assert any("0.00222" in text.get_text() for text in above.texts)
    assert any("0.6109" in text.get_text() for text in below.texts)
    ax = pictures.moved_minima({"plain": (0.7, 0.3), "heavy": (2.1, 0.3)}).axes[0]
    assert [text.get_text().split("\n")[1] for text in ax.texts] == ["0.700", "0.875"]
    slopes = pictures.saturation(-6.0).axes[1]
    words = " ".join(text.get_text() for text in slopes.texts)
    assert "−0.9975" in words
    assert "−0.00246" in words
    rulers = pictures.odds_rulers(2.55, (0.2, 0.5)).axes[1]
    assert any("0.2 → 0.389" in text.get_text() for text in rulers.texts)


def test_the_valley_is_lowest_where_the_fit_is(malignant):
    radius = standardised(0)[:, 0]
    steps = np.zeros((101, 2)), np.zeros((7, 2))
    ax = pictures.valley(radius, malignant, *steps).axes[0]
    innermost = min(
        (c for c in ax.collections if hasattr(c, "levels")), key=lambda c: min(c.levels)
    )
    assert innermost.levels[1] == pytest.approx(0.291)  # just above the minimum, 0.290
    path = innermost.get_paths()[0].vertices
    assert path[:, 0].min() < 3.639 < path[:, 0].max()
    assert path[:, 1].min() < -0.644 < path[:, 1].max()


def test_newton_doubles_its_digits():
    z, errors = 0.0, []
    for _ in range(3):
        z = exercises.newton_step.function(z, 0.7)
        errors.append(abs(z - math.log(7 / 3)))
    assert errors[1] < 2 * errors[0] ** 2
    assert errors[2] < 2 * errors[1] ** 2


def test_the_gradient_of_the_exercise_is_the_measured_one():
    for w, b, x, y in exercises.gradients.probes:
        X, theta, h = np.array(x)[:, None], np.array([w, b]), 1e-6
        measured = [
            (mean_loss(theta + e, X, np.array(y)) - mean_loss(theta - e, X, np.array(y))) / (2 * h)
            for e in h * np.eye(2)
        ]
        np.testing.assert_allclose(exercises.gradients.function(w, b, x, y), measured, atol=1e-8)


def test_answers_are_told_what_happened():
    assert exercises.three_customers.evaluate(0.336).status == "right"
    assert exercises.wrong_guess.evaluate(0.2231).mistake == "_exchanged"
    assert exercises.at_its_start.evaluate(28.3).mistake == "_whole_squared_error"
    assert exercises.one_step_right.evaluate(0.668).mistake == "_times_probability"
    assert exercises.find_the_bug.evaluate("B").status == "right"
    swapped = exercises.gradients.evaluate(lambda w, b, x, y: [0.0, 0.0])
    assert swapped.status == "wrong"

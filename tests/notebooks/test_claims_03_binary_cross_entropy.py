"""What notebook 03 claims, computed here by other means than its own."""

import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import log_loss

import cehelpers as ce
from cecourse.lessons.binary_cross_entropy import bets, exercises, pictures

getcontext().prec = 30


def exact(y, p):
    """Binary cross-entropy of one row, in 30 digits."""
    y, p = Decimal(str(y)), Decimal(str(p))
    total = Decimal(0)
    for weight, chance in ((y, p), (1 - y, 1 - p)):
        if weight:
            total -= weight * chance.ln()
    return float(total)


def entropy(rate):
    return exact(rate, rate)


@pytest.mark.parametrize(
    ("p", "printed"),
    [
        (0.99, "0.0101"),
        (0.9, "0.1054"),
        (0.85, "0.1625"),
        (0.6, "0.5108"),
        (0.51, "0.6733"),
        (0.5, "0.6931"),
        (0.01, "4.6052"),
    ],
)
def test_the_price_list(p, printed):
    assert f"{exact(1, p):.4f}" == printed
    assert ce.binary_cross_entropy(1, p) == pytest.approx(exact(1, p), rel=1e-13)


def test_one_forecast_in_two_notations():
    assert ce.cross_entropy([0, 1], [0.1, 0.9]) == pytest.approx(exact(1, 0.9))
    assert f"{exact(1, 0.01) / exact(1, 0.9):.4f}" == "43.7087"


def test_log_loss_is_scikit_learns():
    rng = np.random.default_rng(3)
    y, p = rng.integers(0, 2, 200), rng.uniform(0.01, 0.99, 200)
    assert ce.binary_cross_entropy(y, p) == pytest.approx(log_loss(y, p), rel=1e-12)
    assert f"{log_loss([1, 0, 1], [0.9, 0.2, 0.6]):.4f}" == "0.2798"


def test_each_factor_of_ten_costs_ln_ten():
    steps = np.diff([exact(1, p) for p in (0.1, 0.01, 0.001, 0.0001)])
    np.testing.assert_allclose(steps, math.log(10))
    assert f"{math.log(10):.3f}" == "2.303"


def test_an_eps_hides_infinity():
    assert f"{-math.log(1e-12):.2f}" == "27.63"
    assert ce.binary_cross_entropy([1], [0.0]) == math.inf
    assert f"{log_loss([1, 0], [0.0, 0.3]):.3f}" == "18.200"
    assert ce.binary_cross_entropy([1, 0], [0.0, 0.3]) == math.inf


@pytest.mark.parametrize("p", [1.0, 0.5, 0.1])
def test_the_slope_for_a_hard_label_is_minus_one_over_p(p):
    h = 1e-6
    assert (math.log(p - h) - math.log(p)) / h == pytest.approx(-1 / p, rel=1e-4)


def test_a_hard_label_falls_all_the_way_and_a_soft_one_has_its_valley_at_p_equal_y():
    p = np.linspace(0.0005, 0.9995, 2000)
    assert np.all(np.diff(ce.binary_cross_entropy(np.ones_like(p), p, reduction="none")) < 0)
    for y in (0.2, 0.5, 0.7, 0.9):
        losses = ce.binary_cross_entropy(np.full_like(p, y), p, reduction="none")
        assert p[losses.argmin()] == pytest.approx(y, abs=6e-4)
        assert losses.min() == pytest.approx(entropy(y), abs=1e-6)
        assert np.all(np.diff(losses, 2) > 0)  # one valley
    assert f"{entropy(0.7):.4f}" == "0.6109"


def test_only_the_ratio_counts():
    assert exact(1, 0.5) - exact(1, 0.9) < exact(1, 0.01) - exact(1, 0.02)
    h = 1e-6
    slope = (exact(0.7, 0.97 + h) - exact(0.7, 0.97 - h)) / (2 * h)
    assert f"{slope:.2f}" == "9.28"


def test_loss_and_accuracy_disagree_and_one_row_carries_ninety_per_cent():
    a, bad, good = exact(1, 0.51), exact(1, 0.0001), exact(1, 0.99)
    b = (99 * good + bad) / 100
    assert (f"{a:.3f}", f"{b:.3f}") == ("0.673", "0.102")
    assert f"{bad / (99 * good + bad):.4f}" == "0.9025"


def test_the_tiles_have_the_area_of_the_losses():
    losses = np.array([exact(1, 0.99)] * 99 + [exact(1, 0.0001)])
    fig = pictures.loss_tiles({"even": np.full(100, 0.5), "one large": losses})
    areas = [tile.get_width() * tile.get_height() for tile in fig.axes[0].patches]
    np.testing.assert_allclose(areas[:100], 0.5)
    np.testing.assert_allclose(sorted(areas[100:]), sorted(losses))


@pytest.mark.parametrize(
    ("rate", "printed"),
    [(0.5, "0.6931"), (0.6274, "0.6603"), (0.03, "0.1347"), (0.0018, "0.0132")],
)
def test_what_the_base_rate_scores(rate, printed):
    n = 10_000
    y = np.r_[np.ones(round(rate * n)), np.zeros(n - round(rate * n))]
    assert f"{log_loss(y, np.full(n, rate)):.4f}" == printed


def test_no_constant_beats_the_base_rate_and_four_hundredths_is_relative():
    y = np.r_[np.ones(30), np.zeros(970)]
    constants = np.linspace(0.001, 0.2, 200)
    losses = [log_loss(y, np.full(1000, c)) for c in constants]
    assert constants[int(np.argmin(losses))] == pytest.approx(0.03, abs=6e-4)
    assert 0.04 < entropy(0.03) < entropy(0.5)
    assert 3.0 < 0.04 / entropy(0.0018) < 3.1
    assert f"{entropy(0.01):.3f}" == "0.056"


def test_the_floor_is_the_conditional_entropy():
    y = np.r_[np.ones(9), np.zeros(1), np.ones(2), np.zeros(8)]
    floor = log_loss(y, np.r_[np.full(10, 0.9), np.full(10, 0.2)])
    assert f"{floor:.4f}" == "0.4127"
    assert f"{log_loss(y, np.full(20, 0.55)):.4f}" == "0.6881"
    for p in (0.8, 0.89, 0.91, 0.99):
        for q in (0.1, 0.19, 0.21, 0.4):
            assert log_loss(y, np.r_[np.full(10, p), np.full(10, q)]) > floor


def test_the_tumours():
    data = load_breast_cancer()
    y, radius = data.target, data.data[:, 0]
    assert list(data.target_names) == ["malignant", "benign"]
    assert data.feature_names[0] == "mean radius"
    assert (len(y), f"{y.mean():.3f}") == (569, "0.627")
    assert f"{log_loss(y, np.full(569, y.mean())):.3f}" == "0.660"
    benign = radius < 15
    hits = np.mean(benign == y)
    assert f"{hits:.4f}" == "0.8875"
    marks = {c: log_loss(y, np.where(benign, c, 1 - c)) for c in (0.6, 0.75, 0.9, 0.99, 0.999)}
    assert [f"{m:.3f}" for m in marks.values()] == ["0.556", "0.411", "0.353", "0.527", "0.778"]
    for c, mark in marks.items():  # a rule of given accuracy is graded like a soft label
        assert mark == pytest.approx(exact(hits, c), rel=1e-9)
    assert f"{entropy(hits):.3f}" == "0.352"
    graded = np.where(radius < 12, 0.95, np.where(radius < 15, 0.8, 0.1))
    assert np.mean((graded > 0.5) == y) == hits
    assert f"{log_loss(y, graded):.3f}" == "0.327"


def test_units_and_exchanged_arguments():
    loss = exact(1, 0.85)
    units = [loss, loss / math.log(2), loss / math.log(10)]
    assert [f"{x:.4f}" for x in units] == ["0.1625", "0.2345", "0.0706"]
    assert ce.binary_cross_entropy(0.85, 1) == math.inf
    assert pytest.approx(15.0) == 0.15 * 100


def test_honest_confidence_would_have_beaten_a_shrug():
    assert f"{entropy(0.65):.4f}" == "0.6474"
    assert entropy(0.65) < math.log(2) < 0.856
    y, p = bets.example_player()
    paid = sum(exact(int(t), round(b, 2)) for t, b in zip(y, p, strict=True)) / 20
    assert f"{paid - entropy(0.65):.4f}" == "0.2084"


def test_wrong_at_ninety_nine_per_cent_is_twice_as_dear_as_wrong_at_ninety():
    assert exact(0, 0.99) == pytest.approx(2 * exact(0, 0.9))
    assert exact(0, 0.99) - exact(0, 0.9) == pytest.approx(math.log(10))
    assert f"{exact(1, 0.6) - exact(1, 0.9):.3f}" == "0.405"


def test_exercises_know_right_numbers_and_mistakes():
    known = {m.name: m.function() for m in exercises.medical_test.mistakes}
    rounded = {f"{value:.4f}" for value in known.values()}
    assert rounded == {"0.0706", "0.2345", "-4.4427", "1.8971", "0.0225"}
    sign = exercises.medical_test.evaluate(-0.1625)
    assert "sign" in sign.text
    assert exercises.three_forecasts.evaluate(0.568).mistake == "_log_of_the_mean"
    assert exercises.three_forecasts.evaluate(0.7419).status == "right"
    assert exercises.short_batch.evaluate(1.25).mistake == "_mean_of_means"
    assert exercises.short_batch.evaluate(0.875).status == "right"
    assert exercises.seven_of_ten.evaluate(0.441).mistake == "_swapped"


def test_a_mean_of_batch_means_is_not_the_mean_over_rows():
    rows = [2.0, 0.5, 0.5, 0.5]
    assert np.mean(rows) == 0.875
    assert np.mean([np.mean(rows[:1]), np.mean(rows[1:])]) == 1.25

"""Every identity and every number that notebook 07 claims, from mpmath, SciPy or a fresh training.

The networks of the table are trained once; those of the clusters for the pictured seed only.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import log as exact_log
from mpmath import mpf
from scipy.special import log_softmax, softmax
from scipy.stats import entropy
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss

import cehelpers as ce
from cecourse.lessons.label_smoothing.pictures import loss_at_gap

quick = settings(max_examples=100)
sizes, shares = st.integers(2, 40), st.floats(0, 1)


# ---------------------------------------------------------------- two conventions


def test_the_rows_of_three_classes():
    rows = [ce.smooth_labels([1.0, 0.0, 0.0], 0.1, convention=c).round(4) for c in ("K", "K-1")]
    assert [list(row) for row in rows] == [[0.9333, 0.0333, 0.0333], [0.9, 0.05, 0.05]]


@quick
@given(sizes, st.floats(0, 0.5))
def test_alpha_translates(classes, alpha):
    y = np.eye(classes)[0]
    textbook = ce.smooth_labels(y, alpha, convention="K-1")
    framework = ce.smooth_labels(y, alpha * classes / (classes - 1), convention="K")
    assert framework == pytest.approx(textbook, abs=1e-12)


@quick
@given(sizes, shares, st.lists(st.floats(-20, 20), min_size=40, max_size=40))
def test_the_smoothed_loss_splits_into_the_hard_one_and_the_mean_surprise(classes, alpha, z):
    z = np.array(z[:classes])
    log_p = log_softmax(z)
    split = -(1 - alpha) * log_p[0] - alpha * log_p.mean()
    target = ce.smooth_labels(np.eye(classes)[0], alpha)
    found = ce.categorical_cross_entropy_with_logits(target, z)
    assert found == pytest.approx(split, rel=1e-10, abs=1e-12)
    assert found >= entropy(target) - 1e-12  # the floor


def test_the_split_of_the_running_example():
    log_p = log_softmax([3.0, 1.0, 0.2])
    assert f"{-0.9 * log_p[0] - 0.1 * log_p.mean():.4f}" == "0.3391"
    assert f"{-log_p[0]:.4f}" == "0.1791"


# ---------------------------------------------------------------- floor and gap


@pytest.mark.parametrize(
    ("true", "others", "classes", "floor"),
    [
        ("0.91", "0.01", 10, "0.5003"),
        ("0.9", "1/90", 10, "0.5448"),
        ("0.955", "0.005", 10, "0.2824"),
        ("0.9001", "0.0001", 1000, "1.0148"),
        ("0.5", "0.5", 2, "0.6931"),
        ("0.85", "0.05", 4, "0.5875"),
    ],
)
def test_floors(true, others, classes, floor):
    t = mpf(true)
    o = (1 - t) / (classes - 1)
    assert float(o) == pytest.approx(eval(others))
    assert f"{float(-t * exact_log(t) - (classes - 1) * o * exact_log(o)):.4f}" == floor


def test_gaps():
    gaps = [0.91 / 0.01, 0.955 / 0.005, 0.9001 / 0.0001, 0.76 / 0.01]
    assert [f"{math.log(g):.2f}" for g in gaps] == ["4.51", "5.25", "9.11", "4.33"]
    assert math.log(2) < math.log(191) - math.log(91) < math.log(2) + 0.05


def test_the_curve_of_the_picture():
    for gap in (-1.0, 0.0, 4.51, 11.0):
        log_p = log_softmax([gap, *np.zeros(9)])
        wanted = -0.91 * log_p[0] - 0.09 * log_p[1]
        assert loss_at_gap(gap, 0.91, 10) == pytest.approx(wanted)
        assert loss_at_gap(gap, 1, 10) == pytest.approx(-log_p[0])
    assert float(loss_at_gap(11, 0.91, 10)) == pytest.approx(1.0, abs=0.01)


def test_beyond_the_best_gap_the_slope_pushes_down():
    slopes = [softmax([gap, *np.zeros(9)])[0] - 0.91 for gap in (2, 4.51, 7)]
    assert [f"{s:+.3f}" for s in slopes] == ["-0.459", "-0.000", "+0.082"]


# ---------------------------------------------------------------- the digits


@pytest.fixture(scope="module")
def digits():
    return load_digits()


def train(digits, alpha, noise, seed, epochs):
    rng = np.random.default_rng(seed)
    rows = rng.permutation(1797)
    X = digits.data / 16 + noise * rng.normal(size=(1797, 64))
    net = ce.init_mlp((64, 64, 64, 10), rng=rng)
    soft = (1 - alpha) * np.eye(10)[digits.target[rows[:1297]]] + alpha / 10
    net = ce.fit_mlp(
        net, X[rows[:1297]], soft, epochs=epochs, rng=rng, batch_size=128, learning_rate=3e-3
    )
    return net, X, rows[:1297], rows[1297:]


def calibration_error(right, sure):
    """Ten bins by hand."""
    bins = np.clip(np.ceil(sure * 10), 1, 10)
    gaps = [
        (right[bins == b].mean() - sure[bins == b].mean()) * np.sum(bins == b)
        for b in np.unique(bins)
    ]
    return np.abs(gaps).sum() / len(right)


@pytest.fixture(scope="module")
def table(digits):
    """Accuracy, confidence, log loss and ECE of each seed."""
    found = {}
    headline = [(0, 0.0), (0, 0.1), (0.5, 0.0), (0.5, 0.1)]
    others = [(0, 0.5), (0, 0.9), (0.3, 0.0), (0.3, 0.05), (0.3, 0.1), (0.5, 0.5)]
    for noise, alpha in headline + others:  # the notebook's five seeds, or the first two of them
        for seed in range(5 if (noise, alpha) in headline else 2):
            net, X, _, new = train(digits, alpha, noise, seed, 30)
            p = softmax(ce.mlp_logits(net, X[new]), axis=1)
            y = digits.target[new]
            right = p.argmax(axis=1) == y
            marks = (right.mean(), p.max(axis=1).mean(), log_loss(y, p, labels=range(10)))
            error = calibration_error(right, p.max(axis=1))
            found.setdefault((noise, alpha), []).append([*marks, error])
    return {key: np.array(runs) for key, runs in found.items()}


def test_clean_digits_gain_a_little_accuracy_and_pay_with_calibration(table):
    hard, soft = table[0, 0.0], table[0, 0.1]
    gained = 500 * (soft[:, 0] - hard[:, 0])  # of one seed: a picture more or less is luck
    assert (gained > -2).all() and gained.max() < 9
    assert 1.25 < gained.mean() < 3.75  # half a point
    assert hard.mean(axis=0) == pytest.approx([0.976, 0.967, 0.091, 0.014], abs=0.004)
    assert soft.mean(axis=0) == pytest.approx([0.982, 0.851, 0.197, 0.132], abs=0.004)
    assert (soft[:, 3] > 7 * hard[:, 3]).all()
    assert (soft[:, 1] < soft[:, 0]).all()  # underconfident
    assert soft[2, 2] / hard[2, 2] == pytest.approx(2.6, abs=0.4)  # the seed that comes first
    assert hard[2, 3] < 0.05 < 0.1 < soft[2, 3]


def test_at_noise_three_tenths_nothing_is_won_by_a_tenth_and_much_by_half_of_it(table):
    hard, less, soft = (table[0.3, a].mean(axis=0) for a in (0.0, 0.05, 0.1))
    assert hard[1] - hard[0] == pytest.approx(0.077, abs=0.02)
    assert soft[0] - soft[1] == pytest.approx(0.090, abs=0.02)
    assert soft[3] > hard[3]
    assert soft[3] - hard[3] < 0.03
    assert (table[0.3, 0.1][:, 3] < table[0.3, 0.0][:, 3]).any()  # not in every seed
    assert less[3] == pytest.approx(hard[3] / 2, abs=0.01)


def test_at_noise_one_half_smoothing_heals_and_costs_accuracy(table):
    hard, soft, more = (table[0.5, a] for a in (0.0, 0.1, 0.5))
    assert hard.mean(axis=0) == pytest.approx([0.665, 0.839, 1.296, 0.177], abs=0.006)
    assert soft.mean(axis=0)[[0, 1, 3]] == pytest.approx([0.652, 0.665, 0.036], abs=0.006)
    assert (soft[:, 3] < hard[:, 3]).all()
    cost = hard[:2, 0] - more[:, 0]
    assert (cost > 0).all()
    assert cost.mean() == pytest.approx(0.026, abs=0.01)


def test_everybody_pays_about_as_much_confidence(table):
    for noise in (0, 0.3, 0.5):
        lost = (table[noise, 0.0] - table[noise, 0.1])[:, 1].mean()
        assert 0.11 < lost < 0.18


def test_accuracy_does_not_see_it(table):
    assert table[0, 0.5][:, 0].mean() > table[0, 0.0][:2, 0].mean()
    assert table[0, 0.9][:, 0].mean() < table[0, 0.0][:2, 0].mean()
    assert table[0, 0.5][:, 1].mean() == pytest.approx(0.50, abs=0.01)
    assert table[0, 0.9].mean(axis=0)[:2] == pytest.approx([0.970, 0.178], abs=0.01)


def test_clusters_tighten_in_the_plane_of_the_weights_and_not_elsewhere(digits):
    def ratio(points, labels):
        own = [points[labels == k] for k in (3, 8, 9)]
        centres = np.array([cloud.mean(axis=0) for cloud in own])
        inside = np.mean([((c - c.mean(axis=0)) ** 2).sum(axis=1).mean() for c in own])
        return inside / ((centres - centres.mean(axis=0)) ** 2).sum(axis=1).mean()

    found = []
    for alpha in (0.0, 0.1):
        net, X, seen, new = train(digits, alpha, 0, 0, 60)
        w = net.weights[-1]
        basis = np.linalg.svd(w[:, [8, 9]] - w[:, [3, 3]], full_matrices=False)[0]
        for rows in (seen, new):
            rows = rows[np.isin(digits.target[rows], (3, 8, 9))]
            features = ce.mlp_features(net, X[rows])
            found.append(ratio(features @ basis, digits.target[rows]))
        found.append(ratio(features, digits.target[rows]))
    assert found[0::3] == pytest.approx([0.16, 0.07], abs=0.01)
    assert found[4] < 0.7 * found[1]  # on new pictures
    assert found[5] > 0.9 * found[2]  # in all 64 dimensions


# ---------------------------------------------------------------- rare events and the way back


def test_a_rare_event_drowns():
    _, mean = ce.smooth_labels([1 - 0.0018, 0.0018], 0.1)
    assert f"{mean:.4f}" == "0.0516"
    assert f"{mean / 0.0018:.0f}" == "29"
    assert round(1e6 * mean) == 51620
    labels = np.zeros(10_000)
    labels[:18] = 1
    rows = ce.smooth_labels(np.column_stack([1 - labels, labels]), 0.1)
    assert rows[:, 1].mean() == pytest.approx(mean)
    assert rows[:, 1].min() == pytest.approx(0.05)


@quick
@given(sizes, st.floats(0, 0.95), shares)
def test_smoothing_can_be_undone(classes, alpha, eta):
    row = np.full(classes, (1 - eta) / (classes - 1))
    row[0] = eta
    q = ce.smooth_labels(row, alpha)[0]
    assert (q - alpha / classes) / (1 - alpha) == pytest.approx(eta, abs=1e-9)


# ---------------------------------------------------------------- frameworks and accidents


def test_weighted_copies_are_the_smoothed_loss():
    z = np.array([[3.0, 1.0, 0.2], [0.5, 0.0, 2.0], [1.0, 1.5, 0.0]])
    weights = np.full((3, 3), 0.1 / 3)
    weights[[0, 1, 2], [0, 2, 0]] += 0.9
    theirs = log_loss(
        [0, 1, 2] * 3, np.repeat(softmax(z, axis=1), 3, axis=0), sample_weight=weights.ravel()
    )
    ours = ce.categorical_cross_entropy_with_logits(ce.smooth_labels(np.eye(3)[[0, 2, 0]], 0.1), z)
    assert ours == pytest.approx(theirs, rel=1e-12)
    assert f"{ours:.4f}" == "0.6276"


def test_a_masked_class_costs_infinity():
    masked = [2.0, 1.0, -math.inf]
    hard = ce.categorical_cross_entropy_with_logits([1.0, 0.0, 0.0], masked)
    assert f"{hard:.4f}" == "0.3133"
    soft = ce.smooth_labels([1.0, 0.0, 0.0], 0.1)
    assert ce.categorical_cross_entropy_with_logits(soft, masked) == math.inf

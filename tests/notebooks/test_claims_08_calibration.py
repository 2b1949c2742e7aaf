"""Every identity and every number that notebook 08 claims, from SciPy, scikit-learn or by hand."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax, logsumexp, softmax
from scipy.stats import norm
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC

import cehelpers as ce
from cecourse.lessons.binary_cross_entropy import bets
from cecourse.lessons.calibration import exercises

Y20 = np.array(([1] * 6 + [0] * 4) * 2)
P20 = np.array([0.9] * 10 + [0.6] * 10)


def binary_ece(y, p, n=10):
    """By a plain loop over bins (lo, hi]."""
    which = np.maximum(np.ceil(p * n - 1e-12), 1)
    groups = [which == k for k in np.unique(which)]
    return sum(g.mean() * abs(y[g].mean() - p[g].mean()) for g in groups)


def top_ece(y, z, n=10):
    p = softmax(z, axis=1)
    return binary_ece((p.argmax(1) == y).astype(float), p.max(1), n)


def nll(y, z):
    return -log_softmax(z, axis=1)[np.arange(len(y)), y].mean()


def best_temperature(y, z):
    return minimize_scalar(lambda t: nll(y, z / t), bounds=(0.2, 10), method="bounded").x


# ---------------------------------------------------------------- before the network


def test_the_twenty_forecasts():
    assert P20.mean() == pytest.approx(0.75)
    assert Y20.mean() == pytest.approx(0.6)
    assert binary_ece(Y20, P20) == pytest.approx(0.15)
    assert ce.expected_calibration_error(Y20, P20) == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (6, 10, 0.313, 0.832),
        (10, 10, 0.722, 1.0),
        (600, 1000, 0.569, 0.630),
        (13, 20, 0.43, 0.82),
    ],
)
def test_wilsons_interval_by_its_textbook_formula(k, n, low, high):
    z = norm.ppf(0.975)
    middle = (k / n + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(k / n * (1 - k / n) / n + z**2 / (4 * n**2))
    assert [middle - half, middle + half] == pytest.approx([low, high], abs=5.1e-3)
    assert ce.wilson_interval(k, n) == pytest.approx((middle - half, middle + half))


def test_luck_alone_shrinks_like_the_square_root():
    rng = np.random.default_rng(1)
    means = {}
    for n in (100, 1000, 10000):
        values = []
        for _ in range(60):
            p = rng.random(n)
            values.append([binary_ece(rng.random(n) < p, p, bins) for bins in (5, 10, 20)])
        means[n] = np.mean(values, axis=0)
        assert means[n][0] < means[n][1] < means[n][2]
    assert means[100][1] == pytest.approx(0.10, abs=0.01)
    assert means[10000][1] == pytest.approx(0.01, abs=0.001)
    assert means[100] / means[1000] == pytest.approx(np.sqrt(10), rel=0.15)


def test_log_loss_is_what_is_left_open_plus_what_wrong_claims_add():
    def h(s):
        return -s * math.log(s) - (1 - s) * math.log(1 - s)

    added = 0.5 * (0.6 * math.log(0.6 / 0.9) + 0.4 * math.log(0.4 / 0.1))
    assert [h(0.6), added] == pytest.approx([0.673, 0.156], abs=5e-4)
    assert log_loss(Y20, P20) == pytest.approx(h(0.6) + added)
    assert (h(0.9) + h(0.3)) / 2 == pytest.approx(0.468, abs=5e-4)


def test_two_proper_scores_and_one_that_is_not():
    p = np.linspace(0.001, 0.999, 999)
    expected = {
        "log": -0.7 * np.log(p) - 0.3 * np.log(1 - p),
        "brier": 0.7 * (1 - p) ** 2 + 0.3 * p**2,
        "absolute": 0.7 * (1 - p) + 0.3 * p,
    }
    assert p[expected["log"].argmin()] == pytest.approx(0.7)
    assert p[expected["brier"].argmin()] == pytest.approx(0.7)
    assert p[expected["absolute"].argmin()] == p[-1]
    assert [expected["log"].min(), expected["brier"].min()] == pytest.approx([0.61, 0.21], abs=2e-3)


# ---------------------------------------------------------------- the network


def train(seed, noise):
    """As in the notebook; of the way, only epoch 12."""
    digits = load_digits()
    rng = np.random.default_rng(seed)
    X = digits.data / 16 + rng.normal(0, noise, digits.data.shape)
    fit, held, test = np.split(rng.permutation(len(X)), [997, 1297])
    y, early = digits.target, []
    net = ce.fit_mlp(
        ce.init_mlp((64, 128, 10), rng=rng),
        X[fit],
        np.eye(10)[y[fit]],
        rng=rng,
        epochs=100,
        batch_size=32,
        learning_rate=1.5e-3,
        callback=lambda epoch, net: early.append(net) if epoch == 12 else None,
    )
    z = ce.mlp_logits(net, X[test])
    held_z = ce.mlp_logits(net, X[held])
    return SimpleNamespace(
        X=X,
        fit=fit,
        held=held,
        test=test,
        y=y[test],
        z=z,
        early=ce.mlp_logits(early[0], X[test]),
        T=best_temperature(y[held], held_z),
        own_T=ce.fit_temperature(y[held], held_z),
        z_fit=ce.mlp_logits(net, X[fit]),
        y_fit=y[fit],
    )


@pytest.fixture(scope="module")
def runs():
    return [train(seed, 0.4) for seed in range(5)]


def test_confidence_is_not_accuracy(runs):
    run = runs[3]
    p = softmax(run.z, axis=1)
    assert p.max(1).mean() == pytest.approx(0.90, abs=0.01)
    assert (p.argmax(1) == run.y).mean() == pytest.approx(0.75, abs=0.01)
    assert top_ece(run.y, run.z) == pytest.approx(0.15, abs=0.01)
    assert nll(run.y, run.z) == pytest.approx(1.05, abs=0.02)
    assert ce.expected_calibration_error_multiclass(run.y, p) == pytest.approx(
        top_ece(run.y, run.z)
    )
    for n in (5, 10, 20, 50):  # 0.15 to the nearest 0.05
        assert top_ece(run.y, run.z, n) == pytest.approx(0.15, abs=0.025)
    last = p.max(1) > 0.9
    assert last.mean() > 0.65
    assert (p.argmax(1) == run.y)[last].mean() == pytest.approx(6 / 7, abs=0.02)


def test_one_temperature_repairs_the_tone(runs):
    run = runs[3]
    assert run.own_T == pytest.approx(run.T, rel=1e-3)
    assert abs(run.T - 2.43) < 0.05
    assert nll(run.y, run.z / run.T) == pytest.approx(0.72, abs=0.01)
    assert top_ece(run.y, run.z / run.T) == pytest.approx(0.035, abs=0.01)
    assert ((run.z / run.T).argmax(1) == run.z.argmax(1)).all()
    sure = softmax(run.z / run.T, axis=1).max(1)
    rng = np.random.default_rng(7)
    luck = np.mean([binary_ece((rng.random(500) < sure), sure) for _ in range(200)])
    assert luck == pytest.approx(0.038, abs=0.004)
    assert top_ece(run.y, run.z / run.T) < luck + 0.005


def test_all_five_seeds_are_too_sure_and_are_repaired(runs):
    for run in runs:
        assert 2.3 < run.T < 2.8
        assert softmax(run.z, axis=1).max(1).mean() > (run.z.argmax(1) == run.y).mean() + 0.12
        assert nll(run.y, run.z / run.T) < nll(run.y, run.z) - 0.2
        assert 0.12 < top_ece(run.y, run.z) < 0.19
        assert top_ece(run.y, run.z / run.T) < top_ece(run.y, run.z) / 2


def test_the_loss_climbs_and_the_accuracy_hardly_moves(runs):
    early = np.mean([nll(run.y, run.early) for run in runs])
    late = np.mean([nll(run.y, run.z) for run in runs])
    assert [early, late] == pytest.approx([0.68, 1.05], abs=0.01)
    assert late / early - 1 == pytest.approx(0.55, abs=0.03)
    accuracy = [
        np.mean([(z.argmax(1) == r.y).mean() for r in runs for z in [getattr(r, name)]])
        for name in ("early", "z")
    ]
    assert accuracy == pytest.approx([0.77, 0.75], abs=0.006)
    assert accuracy[1] - accuracy[0] == pytest.approx(-0.02, abs=0.005)


def test_training_rows_have_no_temperature(runs):
    assert (runs[3].z_fit.argmax(1) == runs[3].y_fit).all()
    with pytest.raises(ValueError, match="T → 0"):
        ce.fit_temperature(runs[3].y_fit, runs[3].z_fit)


def test_clean_digits_have_nothing_to_repair():
    clean = train(0, 0.0)
    before, after = nll(clean.y, clean.z), nll(clean.y, clean.z / clean.T)
    assert (clean.z.argmax(1) == clean.y).mean() == pytest.approx(0.97, abs=0.01)
    assert top_ece(clean.y, clean.z) < 0.02
    assert before - after < 0.01


def test_renormalised_quotients_ignore_the_temperature(runs):
    p = softmax(runs[3].z, axis=1)
    for T in (0.5, 5.0):
        assert (p / T) / (p / T).sum(1, keepdims=True) == pytest.approx(p)
        log_p = np.log(p) / T
        wanted = np.exp(log_p - logsumexp(log_p, axis=1, keepdims=True))
        assert exercises.warmed.function(p, T) == pytest.approx(wanted)
        assert wanted == pytest.approx(softmax(runs[3].z / T, axis=1), abs=1e-12)


# ---------------------------------------------------------------- margins, ranks, models


def test_a_margin_is_no_logit(runs):
    run, large = runs[3], (load_digits().target >= 5).astype(int)
    svm = SVC().fit(run.X[run.fit], large[run.fit])
    held, test = (svm.decision_function(run.X[rows]) for rows in (run.held, run.test))
    a, b = ce.fit_platt(large[run.held], held)
    y = large[run.test]
    assert np.mean((test > 0) == y) == pytest.approx(0.82, abs=0.01)
    assert a == pytest.approx(3.15, abs=0.1)
    raw, platt = expit(test), expit(a * test + b)
    assert [log_loss(y, raw), log_loss(y, platt)] == pytest.approx([0.50, 0.41], abs=0.01)
    assert [binary_ece(y, raw), binary_ece(y, platt)] == pytest.approx([0.16, 0.04], abs=0.01)
    iso = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(held, large[run.held])
    q = iso.predict(test)
    assert ((q == 0) & (y == 1) | (q == 1) & (y == 0)).any()
    assert math.isinf(ce.binary_cross_entropy(y, q))


@pytest.mark.parametrize("eta", [0.6, 0.9])
def test_least_expected_hinge_loss_knows_only_the_side(eta):
    s = np.linspace(-3, 3, 601)
    expected = eta * np.maximum(0, 1 - s) + (1 - eta) * np.maximum(0, 1 + s)
    assert s[expected.argmin()] == pytest.approx(1)


def test_naive_bayes_ranks_well_and_talks_badly():
    X, y = load_breast_cancer(return_X_y=True)
    base = -0.627 * math.log(0.627) - 0.373 * math.log(0.373)
    assert base == pytest.approx(0.66, abs=0.002)
    assert y.mean() == pytest.approx(0.627, abs=5e-4)
    rows = []
    for seed in range(50):
        A, B, a, b = train_test_split(X, y, test_size=0.3, random_state=seed)
        p = GaussianNB().fit(A, a).predict_proba(B)[:, 1]
        rows.append([np.mean((p > 0.5) == b), roc_auc_score(b, p), log_loss(b, p)])
    accuracy, auc, loss = np.array(rows).T
    assert accuracy.mean() == pytest.approx(0.94, abs=0.005)
    assert auc.mean() == pytest.approx(0.99, abs=0.005)
    assert np.median(loss) == pytest.approx(0.60, abs=0.02)
    assert np.quantile(loss, [0.1, 0.9]) == pytest.approx([0.32, 0.86], abs=0.02)
    assert 15 <= np.sum(loss > base) <= 21
    A, B, a, b = train_test_split(X, y, test_size=0.3, random_state=0)
    platt = CalibratedClassifierCV(GaussianNB(), method="sigmoid", cv=5).fit(A, a)
    assert log_loss(b, platt.predict_proba(B)[:, 1]) < 0.3


def test_auc_cannot_see_a_tenth():
    y, p = np.array([1, 1, 0, 0]), np.array([0.9, 0.8, 0.3, 0.2])
    assert [log_loss(y, p), log_loss(y, p / 10)] == pytest.approx([0.227, 1.246], abs=5e-4)
    assert roc_auc_score(y, p) == roc_auc_score(y, p / 10) == 1
    y, p = np.array([1, 1, 0, 1, 0]), np.array([0.9, 0.7, 0.6, 0.3, 0.2])
    assert roc_auc_score(y, p**3) == pytest.approx(exercises.cubed.function())
    assert [log_loss(y, p), log_loss(y, p**3)] == pytest.approx([0.561, 1.050], abs=5e-4)


def test_a_wrong_model_is_calibrated_in_total_alone():
    rng = np.random.default_rng(5)
    x = rng.normal(size=20000)
    y = (rng.random(20000) < expit(x + x**2 - 1)).astype(int)
    errors = []
    for F in (np.column_stack([x, x**2]), x[:, None]):
        fit = ce.fit_logistic(F, y)
        q = expit(F @ fit.coef + fit.intercept)
        assert q.mean() == pytest.approx(y.mean(), abs=1e-6)
        errors.append(binary_ece(y, q))
    assert errors[0] < 0.02
    assert errors[1] == pytest.approx(0.145, abs=0.02)


def test_the_repair_of_exercise_5_is_a_shift():
    p, share = np.array([0.1, 0.5, 0.9]), np.array([0.308, 0.8, 0.973])
    moved = expit(np.log(p / (1 - p)) + math.log(4))
    assert moved == pytest.approx(share, abs=5e-4)


def test_the_example_player():
    y, p = bets.example_player()
    sure, hit = np.maximum(p, 1 - p), (p > 0.5) == y
    assert sure.mean() == pytest.approx(0.87, abs=0.005)
    assert hit.sum() == 13
    assert log_loss(y, p) == pytest.approx(0.856, abs=5e-4)

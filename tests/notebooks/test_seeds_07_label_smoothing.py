"""What notebook 07 found, with other seeds; and its identities for any α, K and logits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax, softmax
from scipy.stats import entropy
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss

import cehelpers as ce

quick = settings(max_examples=100)
sizes, shares = st.integers(2, 40), st.floats(0, 1)


@quick
@given(sizes, st.floats(0, 0.5))
def test_alpha_translates(classes, alpha):
    y = np.eye(classes)[0]
    textbook = ce.smooth_labels(y, alpha, convention="K-1")
    framework = ce.smooth_labels(y, alpha * classes / (classes - 1), convention="K")
    assert framework == pytest.approx(textbook, abs=1e-12)


@quick
@given(sizes, shares, st.lists(st.floats(-20, 20), min_size=40, max_size=40))
def test_the_smoothed_loss_splits_and_has_a_floor(classes, alpha, z):
    log_p = log_softmax(np.array(z[:classes]))
    split = -(1 - alpha) * log_p[0] - alpha * log_p.mean()
    target = ce.smooth_labels(np.eye(classes)[0], alpha)
    found = ce.categorical_cross_entropy_with_logits(target, z[:classes])
    assert found == pytest.approx(split, rel=1e-10, abs=1e-12)
    assert found >= entropy(target) - 1e-12


@quick
@given(sizes, st.floats(0, 0.95), shares)
def test_smoothing_can_be_undone(classes, alpha, eta):
    row = np.full(classes, (1 - eta) / (classes - 1))
    row[0] = eta
    said = ce.smooth_labels(row, alpha)[0]
    assert (said - alpha / classes) / (1 - alpha) == pytest.approx(eta, abs=1e-9)


def fitted(z, y):
    """A temperature by another road: SciPy's search over ln T."""
    found = minimize_scalar(lambda t: log_loss(y, softmax(z / np.exp(t), axis=1), labels=range(10)))
    return np.exp(found.x)


@pytest.fixture(scope="module")
def marks():
    """Accuracy, confidence, log loss, ECE, as trained and with T, of seeds not in the notebook."""
    digits, found = load_digits(), {}
    for noise, alpha in ((0, 0.0), (0, 0.1), (0.5, 0.0), (0.5, 0.1)):
        for seed in range(20, 26):
            rng = np.random.default_rng(seed)
            rows = rng.permutation(1797)
            X = digits.data / 16 + noise * rng.normal(size=(1797, 64))
            seen, held, new = rows[:997], rows[997:1297], rows[1297:]
            net = ce.init_mlp((64, 64, 64, 10), rng=rng)
            soft = (1 - alpha) * np.eye(10)[digits.target[seen]] + alpha / 10
            how = {"epochs": 30, "batch_size": 128, "learning_rate": 3e-3}
            net = ce.fit_mlp(net, X[seen], soft, rng=rng, **how)
            z, y = ce.mlp_logits(net, X[new]), digits.target[new]
            T = fitted(ce.mlp_logits(net, X[held]), digits.target[held])
            for heat in (1, T):
                p = softmax(z / heat, axis=1)
                right, sure = p.argmax(axis=1) == y, p.max(axis=1)
                bins = np.ceil(sure * 10)
                ece = sum(abs(np.sum((right - sure)[bins == b])) for b in np.unique(bins)) / len(y)
                told = [right.mean(), sure.mean(), log_loss(y, p, labels=range(10)), ece]
                found.setdefault((noise, alpha, heat != 1), []).append(told)
    return {setting: np.array(runs) for setting, runs in found.items()}


def test_smoothing_harms_an_honest_network_and_heals_an_overconfident_one(marks):
    honest, harmed = marks[0, 0.0, False].mean(axis=0), marks[0, 0.1, False].mean(axis=0)
    assert -0.002 < harmed[0] - honest[0] < 0.02
    assert harmed[1] < harmed[0] - 0.1
    assert harmed[2] > 1.2 * honest[2]
    assert harmed[3] > 3 * honest[3]
    sure, healed = marks[0.5, 0.0, False].mean(axis=0), marks[0.5, 0.1, False].mean(axis=0)
    assert sure[1] > sure[0] + 0.12
    assert healed[3] < 0.6 * sure[3]
    assert healed[2] < sure[2] - 0.1


def test_with_a_temperature_both_verdicts_turn_round(marks):
    clean, noisy = (marks[n, 0.1, True] - marks[n, 0.0, True] for n in (0, 0.5))
    assert clean[:, 2].mean() < -0.01
    assert (clean[:, 2] < 0).sum() >= 5
    assert noisy[:, 2].mean() > 0.04
    assert (noisy[:, 2] > 0).all()
    assert abs(clean[:, 3].mean()) < 0.015
    assert abs(noisy[:, 3].mean()) < 0.025
    assert noisy[:, 0].mean() < -0.01  # what no temperature can change


def test_rare_events_are_ruined_raw_and_whole_again_after_a_line():
    ratios, negative = [], []
    for seed in range(40, 44):
        sets = []
        for draw in (0, 1, 2):
            rng = np.random.default_rng([seed, draw])
            y = (rng.random(100_000) < 0.0018).astype(int)
            sets.append((rng.normal(size=(100_000, 2)) + y[:, None] * (2.0, 1.0), y))
        (X, y), (X_cal, y_cal), (X_new, y_new) = sets
        loss = {}
        for alpha in (0, 0.1):
            soft = (1 - alpha) * y + alpha / 2
            fit = ce.fit_logistic(
                np.vstack([X, X]),
                np.repeat([1, 0], len(y)),
                sample_weight=np.r_[soft, 1 - soft],
            )
            z_cal, z = (rows @ fit.coef + fit.intercept for rows in (X_cal, X_new))
            a, b = ce.fit_platt(y_cal, z_cal)
            loss[alpha] = [log_loss(y_new, expit(s)) for s in (z, a * z + b)]
        negative.append(np.mean(expit(z) < 0.05))
        ratios.append(np.divide(loss[0.1], loss[0][0]))
    raw, undone = np.mean(ratios, axis=0)
    assert raw > 5
    assert abs(undone - 1) < 0.02
    assert 0.2 < np.mean(negative) < 0.45

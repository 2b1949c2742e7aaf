"""What notebook 07 found, with other seeds; and its identities for any α, K and logits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax, softmax
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


@pytest.fixture(scope="module")
def marks():
    """Accuracy, confidence, log loss and ECE of two seeds that the notebook does not use."""
    digits, found = load_digits(), {}
    for noise, alpha in ((0, 0.0), (0, 0.1), (0.5, 0.0), (0.5, 0.1)):
        for seed in (5, 6):
            rng = np.random.default_rng(seed)
            rows = rng.permutation(1797)
            X = digits.data / 16 + noise * rng.normal(size=(1797, 64))
            net = ce.init_mlp((64, 64, 64, 10), rng=rng)
            soft = (1 - alpha) * np.eye(10)[digits.target[rows[:1297]]] + alpha / 10
            how = {"epochs": 30, "batch_size": 128, "learning_rate": 3e-3}
            net = ce.fit_mlp(net, X[rows[:1297]], soft, rng=rng, **how)
            p, y = softmax(ce.mlp_logits(net, X[rows[1297:]]), axis=1), digits.target[rows[1297:]]
            right, sure = p.argmax(axis=1) == y, p.max(axis=1)
            bins = np.ceil(sure * 10)
            gaps = [abs(np.sum((right - sure)[bins == b])) for b in np.unique(bins)]
            told = [right.mean(), sure.mean(), log_loss(y, p, labels=range(10)), sum(gaps) / len(y)]
            found.setdefault((noise, alpha), []).append(told)
    return {setting: np.mean(runs, axis=0) for setting, runs in found.items()}


def test_smoothing_harms_an_honest_network_and_heals_an_overconfident_one(marks):
    honest, harmed = marks[0, 0.0], marks[0, 0.1]
    assert -0.005 < harmed[0] - honest[0] < 0.02
    assert harmed[1] < harmed[0] - 0.1
    assert harmed[2] > 1.2 * honest[2]
    assert harmed[3] > 5 * honest[3]
    sure, healed = marks[0.5, 0.0], marks[0.5, 0.1]
    assert sure[1] > sure[0] + 0.12
    assert healed[3] < 0.7 * sure[3]

"""What notebook 08 says of its seeds holds for seeds that it does not draw."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

import cehelpers as ce

ece, top_ece = ce.expected_calibration_error, ce.expected_calibration_error_multiclass


def test_luck_alone_shrinks_like_the_square_root_and_grows_with_the_bins():
    rng = np.random.default_rng(1)

    def luck(n, bins):
        days = [rng.random((2, n)) for _ in range(60)]
        return np.mean([ece((a < p).astype(int), p, n_bins=bins) for a, p in days])

    table = np.array([[luck(n, bins) for bins in (5, 10, 20)] for n in (100, 1000)])
    assert (np.diff(table, axis=1) > 0).all()
    assert table[0] / table[1] == pytest.approx(np.sqrt(10), rel=0.15)


def test_another_network_is_too_sure_and_is_repaired():
    digits, rng = load_digits(), np.random.default_rng(7)
    X = digits.data / 16 + rng.normal(0, 0.4, digits.data.shape)
    fit, held, test = np.split(rng.permutation(len(X)), [997, 1297])
    net = ce.fit_mlp(
        ce.init_mlp((64, 128, 10), rng=rng),
        X[fit],
        ce.one_hot(digits.target[fit], 10),
        rng=rng,
        epochs=100,
        batch_size=32,
        learning_rate=1.5e-3,
    )
    z, y = ce.mlp_logits(net, X[test]), digits.target[test]
    T = ce.fit_temperature(digits.target[held], ce.mlp_logits(net, X[held]))
    nll = ce.sparse_categorical_cross_entropy_with_logits
    assert 2 < T < 3.2
    assert ce.softmax(z).max(axis=1).mean() > np.mean(z.argmax(axis=1) == y) + 0.1
    assert nll(y, z / T) < nll(y, z) - 0.15
    assert top_ece(y, ce.softmax(z / T)) < top_ece(y, ce.softmax(z)) / 2


def test_a_wrong_model_is_calibrated_in_total_alone():
    rng = np.random.default_rng(5)
    x = rng.normal(size=20000)
    y = (rng.random(20000) < ce.sigmoid(x + x**2 - 1)).astype(int)
    for F, low, high in ((np.column_stack([x, x**2]), 0, 0.02), (x[:, None], 0.12, 0.17)):
        fit = ce.fit_logistic(F, y)
        q = ce.sigmoid(F @ fit.coef + fit.intercept)
        assert q.mean() == pytest.approx(y.mean(), abs=1e-6)
        assert low < ece(y, q) < high

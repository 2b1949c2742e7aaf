"""What notebook 08 says of its seeds holds for seeds that it does not draw."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

import cehelpers as ce
from cecourse.lessons.calibration import held_out

SERVICES = (held_out.leaning, held_out.blind)
ece, top_ece = ce.expected_calibration_error, ce.expected_calibration_error_multiclass


def test_luck_alone_shrinks_like_the_square_root_and_grows_with_the_bins():
    rng = np.random.default_rng(1)

    def luck(n, bins):
        days = [rng.random((2, n)) for _ in range(60)]
        return np.mean([ece((a < p).astype(int), p, n_bins=bins) for a, p in days])

    table = np.array([[luck(n, bins) for bins in (5, 10, 20)] for n in (100, 1000)])
    assert (np.diff(table, axis=1) > 0).all()
    assert table[0] / table[1] == pytest.approx(np.sqrt(10), rel=0.15)


def trained(seed, noise, alpha):
    """Held-out and test logits of every epoch of the notebook's network, with their labels."""
    digits, rng = load_digits(), np.random.default_rng(seed)
    X = digits.data / 16 + rng.normal(0, noise, digits.data.shape)
    fit, held, test = np.split(rng.permutation(len(X)), [997, 1297])
    way = []
    ce.fit_mlp(
        ce.init_mlp((64, 128, 10), rng=rng),
        X[fit],
        ce.smooth_labels(ce.one_hot(digits.target[fit], 10), alpha),
        rng=rng,
        epochs=100,
        batch_size=32,
        learning_rate=1.5e-3,
        callback=lambda _, net: way.append([ce.mlp_logits(net, X[rows]) for rows in (held, test)]),
    )
    return way, digits.target[held], digits.target[test]


nll = ce.sparse_categorical_cross_entropy_with_logits


def cooled(run):
    """The temperature and the test logits of the last epoch."""
    way, y_held, _ = run
    held, z = way[-1]
    return ce.fit_temperature(y_held, held), z


@pytest.fixture(scope="module")
def noisy():
    return {alpha: [trained(seed, 0.4, alpha) for seed in (20, 21, 22)] for alpha in (0, 0.1)}


def test_other_networks_are_too_sure_and_are_repaired(noisy):
    for run in noisy[0]:
        (T, z), y = cooled(run), run[2]
        right = (z.argmax(axis=1) == y).astype(int)
        sure, cool = (ce.softmax(z / t).max(axis=1) for t in (1, T))
        assert 2 < T < 3.2
        assert sure.mean() > right.mean() + 0.1
        assert nll(y, z / T) < nll(y, z) - 0.15
        assert top_ece(y, ce.softmax(z / T)) < top_ece(y, ce.softmax(z)) / 2
        before, after = (ce.score_decomposition(right, p) for p in (sure, cool))
        assert after.miscalibration < 0.2 * before.miscalibration
        assert after.discrimination == pytest.approx(before.discrimination, abs=0.05)


def test_stopping_is_better_than_cooling_and_smoothing_worse_on_noisy_digits(noisy):
    stopped, late, smooth = [], [], []
    for hard, soft in zip(noisy[0], noisy[0.1], strict=True):
        way, y_held, y = hard
        best = way[int(np.argmin([nll(y_held, held) for held, _ in way]))][1]
        stopped.append((nll(y, best), np.mean(best.argmax(axis=1) == y)))
        for run, into in ((hard, late), (soft, smooth)):
            T, z = cooled(run)
            into.append((nll(y, z / T), np.mean(z.argmax(axis=1) == y)))
    stopped, late, smooth = np.mean([stopped, late, smooth], axis=1)
    assert 0.01 < late[0] - stopped[0] < 0.07
    assert stopped[1] > late[1]
    assert smooth[0] > late[0] + 0.1 and smooth[1] < late[1] - 0.01


def test_on_clean_digits_smoothing_and_a_temperature_are_best():
    runs = [[trained(seed, 0, alpha) for alpha in (0, 0.1)] for seed in (20, 21, 22)]
    losses = []
    for pair in runs:
        (T, z), (soft_T, soft_z), y = *map(cooled, pair), pair[0][2]
        assert nll(y, soft_z) > nll(y, z) + 0.05
        assert 0.3 < soft_T < 0.6 < T
        losses.append((nll(y, z / T), nll(y, soft_z / soft_T)))
    hard, soft = np.mean(losses, axis=0)
    assert soft < hard - 0.01


def test_a_service_that_a_line_cannot_mend_needs_a_few_hundred_rows_for_steps():
    def another(service):
        return lambda n, rng: service(n, np.random.default_rng(rng.integers(10**9)))

    line, bend = (held_out.excess(another(one), (50, 1000), 25) for one in SERVICES)
    assert (line["isotonic"] > 1.5 * line["Platt"]).all()
    assert bend["isotonic"][0] > bend["Platt"][0]
    assert bend["isotonic"][1] < 0.8 * bend["Platt"][1]


def test_a_wrong_model_is_calibrated_in_total_alone():
    rng = np.random.default_rng(5)
    x = rng.normal(size=20000)
    y = (rng.random(20000) < ce.sigmoid(x + x**2 - 1)).astype(int)
    for F, low, high in ((np.column_stack([x, x**2]), 0, 0.02), (x[:, None], 0.12, 0.17)):
        fit = ce.fit_logistic(F, y)
        q = ce.sigmoid(F @ fit.coef + fit.intercept)
        assert q.mean() == pytest.approx(y.mean(), abs=1e-6)
        assert low < ece(y, q) < high

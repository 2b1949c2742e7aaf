"""What notebook 06 found, with other seeds and by other methods than its own."""

import itertools
import math

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import expit, log_expit
from sklearn.datasets import load_breast_cancer, load_digits

import cehelpers as ce
from cecourse.lessons.maximum_likelihood import exercises

TUMOURS = load_breast_cancer()
X = (TUMOURS.data - TUMOURS.data.mean(axis=0)) / TUMOURS.data.std(axis=0)
MALIGNANT = 1 - TUMOURS.target


@pytest.mark.parametrize(("columns", "wanted"), [(30, True), (2, False)])
def test_which_columns_separate_the_tumours(columns, wanted):
    """A linear programme: is there a plane with every row at least 1 on its side?"""
    A = -(2 * MALIGNANT - 1)[:, None] * np.column_stack([X[:, :columns], np.ones(len(X))])
    found = linprog(np.zeros(columns + 1), A, -np.ones(len(X)), bounds=(None, None))
    assert found.success == wanted


def test_the_interval_of_the_texture():
    """The curvature by second differences instead of AᵀDA."""
    fit = ce.fit_logistic(X[:, :2], MALIGNANT)
    best = np.array([*fit.coef, fit.intercept])

    def total(shift):
        z = np.column_stack([X[:, :2], np.ones(len(X))]) @ (best + shift)
        return -np.sum(MALIGNANT * log_expit(z) + (1 - MALIGNANT) * log_expit(-z))

    steps = 1e-3 * np.eye(3)
    curvature = [
        [(total(a + b) - total(a - b) - total(b - a) + total(-a - b)) / 4e-6 for a in steps]
        for b in steps
    ]
    error = math.sqrt(np.linalg.inv(curvature)[1, 1])
    low, high = np.exp(fit.coef[1] + np.array([-1.96, 1.96]) * error)
    assert (low, high) == (pytest.approx(1.87, abs=5e-3), pytest.approx(3.49, abs=6e-3))


def test_without_a_penalty_thirty_columns_are_overfit_on_other_halves():
    for seed in range(6):
        rows = np.random.default_rng(seed).permutation(len(X))
        mine, others = rows[::2], rows[1::2]
        losses = []
        for l2 in (1e-4, 1.0):
            fit = ce.fit_logistic(X[mine], MALIGNANT[mine], l2=l2)
            z = X[others] @ fit.coef + fit.intercept
            losses.append(ce.binary_cross_entropy_with_logits(MALIGNANT[others], z))
        assert losses[0] > 2 * losses[1]


def test_newton_doubles_its_digits():
    z, errors = 0.0, []
    for _ in range(3):
        z = exercises.newton_step.function(z, 0.7)
        errors.append(abs(z - math.log(7 / 3)))
    assert all(later < 2 * sooner**2 for sooner, later in itertools.pairwise(errors))


def test_the_mean_forecast_is_the_base_rate_whatever_the_column():
    for column in X.T[:5]:
        fit = ce.fit_logistic(column[:, None], MALIGNANT)
        forecasts = expit(fit.coef[0] * column + fit.intercept)
        assert forecasts.mean() == pytest.approx(MALIGNANT.mean(), abs=1e-9)


@pytest.mark.parametrize(("epochs", "scale", "apart"), [(18, 1.0, False), (10, 30.0, True)])
def test_digits_by_both_losses_from_other_seeds(epochs, scale, apart):
    """Adam from a sane start: no difference that the seeds do not drown. Saturated: a wide one."""
    digits = load_digits()
    pixels, targets = digits.data / 16, ce.one_hot(digits.target, 10)

    def held_out(loss, seed):
        rng = np.random.default_rng(seed)
        rows = rng.permutation(len(pixels))
        train, test = rows[:1200], rows[1200:]
        net = ce.init_mlp((64, 32, 10), rng=rng, output_scale=scale)
        settings = {"epochs": epochs, "batch_size": 100, "learning_rate": 0.01}
        net = ce.fit_mlp(net, pixels[train], targets[train], loss=loss, rng=rng, **settings)
        return np.mean(ce.mlp_logits(net, pixels[test]).argmax(axis=1) == digits.target[test])

    crossed, squared = (
        np.array([held_out(loss, seed) for seed in range(5, 10)])
        for loss in ("cross_entropy", "squared_error")
    )
    if apart:
        assert crossed.min() > squared.max()
    else:
        assert abs(crossed.mean() - squared.mean()) < min(0.01, np.ptp(crossed))

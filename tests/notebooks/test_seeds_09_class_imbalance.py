"""What notebook 09 says of a weight holds in worlds that it does not draw."""

import math

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

import cehelpers as ce

N, W = 200_000, 550
ONE_KIND, TWO_KINDS = ((2.0, 1.0),), ((4.0, 0.0), (0.0, 2.0))


def world(seed, centres):
    rng = np.random.default_rng(seed)
    y = (np.arange(N) < 0.0018 * N).astype(int)
    X = rng.normal(size=(N, 2))
    X[y == 1] += np.resize(centres, (y.sum(), 2))
    return X, y


def scored(seed, centres):
    """Both fits' slopes and shift; labels and logits of new payments, the weight undone."""
    X, y = world(seed, centres)
    fits = [ce.fit_logistic(X, y, sample_weight=np.where(y == 1, k, 1.0)) for k in (1, W)]
    X, y = world(seed + 100, centres)
    z, z_w = (X @ fit.coef + fit.intercept for fit in fits)
    return fits, y, z, z_w - math.log(W)


def test_a_weight_is_a_shift_in_another_world():
    (plain, heavy), y, z, undone = scored(6, ONE_KIND)
    assert heavy.intercept - plain.intercept == pytest.approx(math.log(W), abs=0.5)
    assert abs(roc_auc_score(y, z) - roc_auc_score(y, undone)) < 0.001
    assert roc_auc_score(y, z) == pytest.approx(norm.cdf(math.sqrt(2.5)), abs=0.015)
    losses = [log_loss(y, ce.sigmoid(s)) for s in (z, undone, undone + math.log(W))]
    assert losses[1] == pytest.approx(losses[0], rel=0.03)
    assert losses[2] > 25 * losses[0]


@pytest.mark.parametrize("seed", [2, 3])
def test_a_model_that_cannot_fit_turns_in_every_world(seed):
    (plain, heavy), y, z, undone = scored(seed, TWO_KINDS)
    assert plain.coef[0] > plain.coef[1] and heavy.coef[1] > heavy.coef[0]
    assert roc_auc_score(y, undone) > roc_auc_score(y, z) + 0.02
    assert average_precision_score(y, undone) < 0.6 * average_precision_score(y, z)
    assert log_loss(y, ce.sigmoid(undone)) > log_loss(y, ce.sigmoid(z)) + 3e-4
    bills = [
        ce.expected_cost(y, ce.sigmoid(s), threshold=1 / 551, cost_fp=1, cost_fn=W)
        for s in (z, undone)
    ]
    assert bills[1] < bills[0]

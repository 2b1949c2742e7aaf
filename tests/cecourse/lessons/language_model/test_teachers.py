"""What sections 6 and 7 of notebook 13 say of gradients, held to small steps of the losses."""

import math

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.special import log_softmax, rel_entr, softmax

from cecourse.lessons.language_model import predictions

THETA, REF = np.array([0.6, 0.25, 0.15]), np.array([0.3, 0.3, 0.4])


@pytest.mark.parametrize("seed", range(4))
def test_the_gradient_shrinks_as_said_with_any_seed(seed):
    """By about 1/16 twice over; and the length is that of the loss's own gradient."""
    assert predictions.slope_shrinks(16, seed=seed) == pytest.approx(190, rel=0.1)
    z_teacher, z = 3 * np.random.default_rng(seed).normal(size=(2, 10))
    p = softmax(z_teacher / 16)
    slope = approx_fprime(z, lambda z: -p @ log_softmax(z / 16), 1e-6)
    np.testing.assert_allclose(slope, (softmax(z / 16) - p) / 16, atol=1e-7)


def test_what_each_estimate_pulls_at():
    """The loss is written out for fixed samples, and differentiated by small steps."""
    losses = {
        "k1": lambda r: -np.log(r),
        "k2": lambda r: np.log(r) ** 2 / 2,
        "k3": lambda r: r - 1 - np.log(r),
    }
    logits = np.log(THETA)
    found = predictions.expected_slopes(THETA, REF)
    for name, loss in losses.items():
        slope = approx_fprime(logits, lambda z, f=loss: THETA @ f(REF / softmax(z)), 1e-7)
        np.testing.assert_allclose(found[name], slope, atol=1e-6)
    reverse = approx_fprime(logits, lambda z: rel_entr(softmax(z), REF).sum(), 1e-7)
    forward = approx_fprime(logits, lambda z: rel_entr(REF, softmax(z)).sum(), 1e-7)
    np.testing.assert_allclose(found["k1"], 0, atol=1e-12)
    np.testing.assert_allclose(found["k2"], reverse, atol=1e-6)
    np.testing.assert_allclose(found["k3"], forward, atol=1e-6)
    assert np.abs(reverse - forward).max() > 0.05


def test_the_refusing_model():
    """The gradient of the preference loss in the one weight makes it refuse less."""

    def loss(weight):
        gained = np.log(predictions.refusals(weight[0]) / [0.5, 0.2, 0.3])
        return math.log1p(math.exp(-(gained[0] - gained[1])))

    assert approx_fprime(np.zeros(1), loss, 1e-7)[0] == pytest.approx(0.5, abs=1e-6)
    assert loss([-0.5]) < loss([0.0])
    no, never, yes = (predictions.refusals(-0.5) / [0.5, 0.2, 0.3]).tolist()
    assert never < no < 1 < yes

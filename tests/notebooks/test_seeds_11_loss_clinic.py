"""What notebook 11 says of runs that it does not make itself, and of exchanged targets."""

import math

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.datasets import load_digits

import cehelpers as ce
from cecourse.lessons.framework_rosetta.calls import inputs, recorded
from cecourse.lessons.loss_clinic import cases


@pytest.fixture(scope="module")
def data():
    digits = load_digits()
    return cases.split(digits.data / 16, digits.target)


def trained(data, y, **options):
    return cases.train(cases.healthy, data.pixels, y, *data[2:], **options)


def test_a_bigger_network_learns_wrong_labels_by_heart(data):
    rng, y = np.random.default_rng(0), data.labels.copy()
    wrong = rng.random(len(y)) < 0.2
    y[wrong] = (y[wrong] + rng.integers(1, 10, wrong.sum())) % 10
    run = trained(data, y, net=ce.init_mlp((64, 128, 10), rng=rng), epochs=60, rate=5e-3)
    assert run.last < 0.9 * cases.NOISE


def test_shuffled_labels_are_learned_by_heart_while_new_rows_stay(data):
    run = trained(data, np.random.default_rng(1).permutation(data.labels))
    assert run.steps[:6].mean() == pytest.approx(math.log(10), abs=0.02)
    assert run.last < math.log(10) - 0.05 < math.log(10) - 0.02 < run.new_loss[-1]


def test_an_untrained_network_starts_at_ln_k_and_a_blind_one_settles_at_the_entropy():
    y = np.repeat([0, 1, 2, 3], [700, 200, 60, 40])  # of ten classes, six never come
    pixels = np.zeros((len(y), 64))
    run = cases.train(cases.healthy, pixels, y, pixels, y, epochs=300, rate=0.03)
    assert run.steps[0] == pytest.approx(math.log(10), abs=0.05)
    assert run.new_loss[-1] == pytest.approx(ce.entropy([0.7, 0.2, 0.06, 0.04]), abs=0.01)


def test_exchanged_arguments_of_pytorch_fall_without_end():
    """Linear in the logits: the recorded number by the formula, and logits pushed ever further."""
    x = inputs()
    exchanged = -np.mean(np.sum(x["Z"] * log_softmax(x["T"], axis=1), axis=1))
    assert recorded()["traps"]["rows exchanged"] == pytest.approx(exchanged, rel=1e-12)
    losses = [-np.mean(np.sum(z * log_softmax(np.eye(10), axis=1), axis=1)) for z in (0, -1, -10)]
    assert losses[0] == 0 and losses[2] < 9 * losses[1] < 0

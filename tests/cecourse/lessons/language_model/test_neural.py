"""The network of notebook 13: its slopes against differences, its reading against the loss."""

import numpy as np
import pytest

from cecourse.lessons.language_model import neural
from cehelpers import sparse_categorical_cross_entropy_with_logits


def loss(net, seen, true):
    return sparse_categorical_cross_entropy_with_logits(true, neural.forward(net, seen)[2])


@pytest.mark.parametrize("name", neural.Network._fields)
def test_each_slope_is_a_difference_quotient(name):
    rng = np.random.default_rng(13)
    net = neural.start(rng, memory=3, width=4, hidden=7)
    net = neural.Network(*(part.astype(float) for part in net))
    seen = rng.integers(5, size=(20, 3))  # few letters, so that each stands in many places
    true = rng.integers(neural.K, size=20)
    found = getattr(neural.slopes(net, seen, true), name)
    part = getattr(net, name)
    assert found.shape == part.shape
    for place in rng.permutation(part.size)[:15]:
        at = np.unravel_index(place % (5 * 4) if name == "points" else place, part.shape)
        kept, losses = part[at], []
        for step in (1e-5, -1e-5):
            part[at] = kept + step
            losses.append(loss(net, seen, true))
        part[at] = kept
        assert found[at] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-5, abs=1e-8)


def test_it_learns_what_a_count_of_order_1_cannot():
    """In ABABCABABC… the letter after B depends on the three before."""
    text = np.tile([0, 1, 0, 1, 2], 100)
    rng, steps = np.random.default_rng(0), []
    net = neural.start(rng, memory=4, width=3, hidden=16)
    before = [part.copy() for part in net]
    net_after = neural.train(
        net, text, rng=rng, steps=300, batch=32, rate=0.01, callback=lambda: steps.append(1)
    )
    assert all(np.array_equal(a, b) for a, b in zip(net, before, strict=True))
    assert len(steps) == 300
    p = neural.probabilities(net_after, text)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert p[np.arange(10, 500), text[10:]].min() > 0.9
    assert neural.probabilities(net, text)[np.arange(500), text].mean() < 0.2
    assert {part.dtype for part in net_after} == {np.dtype("float32")}


def test_a_nudge_moves_it(monkeypatch):
    monkeypatch.setenv("CEHELPERS_NUDGE", "1")
    moved = neural.start(np.random.default_rng(0))
    monkeypatch.delenv("CEHELPERS_NUDGE")
    net = neural.start(np.random.default_rng(0))
    assert not np.array_equal(net.W, moved.W)
    np.testing.assert_allclose(net.W, moved.W, rtol=1e-6)
    assert (net.points.shape, net.W.shape, net.V.shape) == ((27, 16), (96, 256), (256, 27))


def test_its_first_steps_are_adams():
    text, net = np.zeros(50, int), neural.start(np.random.default_rng(0), 2, 3, 4)
    assert neural.start(np.random.default_rng(0)).points.std() == pytest.approx(0.3, rel=0.1)
    for steps, moved in ((1, 1.0), (2, 1 + 0.19 / 0.0199**0.5 / 2)):  # the second at half the rate
        how = {"steps": steps, "batch": 50, "rate": 1e-4}
        after = neural.train(net, text, rng=np.random.default_rng(0), **how)
        assert after.c[0] - net.c[0] == pytest.approx(moved * 1e-4, rel=0.01)

"""What notebook 13 found with one seed, with three others."""

import numpy as np
import pytest

from cecourse.english import guessing
from cecourse.lessons.language_model import neural, ngrams, scaling

READ, ALICE = (ngrams.codes(text) for text in (guessing.looking_glass(), guessing.alice()))
COUNTS = ngrams.NGrams(READ, 6)


def bits(p):
    return -np.log2(p[np.arange(len(ALICE)), ALICE])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_network_against_the_counts(seed):
    rng = np.random.default_rng(seed)
    net = neural.train(neural.start(rng), READ, rng=rng, steps=6000)
    p, p_4 = neural.probabilities(net, ALICE), COUNTS.probabilities(ALICE, 4)
    order = [bits(COUNTS.probabilities(ALICE, k)).mean() for k in range(7)]
    network = bits(p).mean()
    assert network < order[2] - 0.3
    assert max(abs(network - order[3]), abs(network - order[6])) < 0.08
    assert 0.06 < network - order[4] < 0.16
    assert bits((p + p_4) / 2).mean() < min(network, order[4]) - 0.03
    times = COUNTS.after(ALICE, 4).sum(axis=1)
    gap = bits(p) - bits(p_4)
    assert gap[times < 10].mean() > 0.25
    assert -0.1 < gap[times >= 100].mean() < 0


@pytest.mark.parametrize("parts", [3, 8])
def test_the_floor_of_a_fit_hangs_on_the_points_that_are_in(parts):
    """With other parts of the book."""
    n = np.array([1000 * 2**k for k in range(8)] + [len(READ)])
    best = scaling.held_out(READ, ALICE, n, parts=parts).min(axis=1)
    fits = [scaling.fit(n[n >= first], best[n >= first]) for first in (1000, 8000, 32000)]
    floors = [one.E for one in fits]
    assert max(floors) - min(floors) > 1
    assert max(one.off for one in fits) < 0.02


def kneser_ney(order, discount=0.75):
    """Forecasts of Alice, mixed as Kneser and Ney (1995) do, interpolated: below the largest order
    a letter counts once for each different letter that it was seen behind."""
    p = np.full((len(ALICE), 27), 1 / 27)
    for size in range(order + 1):
        runs = ngrams.contexts(READ, size) * 27 + READ
        if size < order:  # of the runs one letter longer only the different ones count
            runs = np.unique(ngrams.contexts(READ, size + 1) * 27 + READ) % 27 ** (size + 1)
        seen, row = np.unique(runs // 27, return_inverse=True)
        counts = np.bincount(row * 27 + runs % 27, minlength=27 * len(seen)).reshape(-1, 27)
        context = ngrams.contexts(ALICE, size)
        at = np.searchsorted(seen, context).clip(max=len(seen) - 1)
        c = counts[at] * (seen[at] == context)[:, None]
        n, different = c.sum(axis=1, keepdims=True), (c > 0).sum(axis=1, keepdims=True)
        mixed = (np.maximum(c - discount, 0) + discount * different * p) / np.maximum(n, 1)
        p = np.where(n > 0, mixed, p)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    return bits(p).mean()


def test_mixed_in_a_better_way_six_letters_are_worth_having():
    cost = {order: kneser_ney(order) for order in (4, 6)}
    assert cost[6] < cost[4] - 0.05 < bits(COUNTS.probabilities(ALICE, 4)).mean() - 0.1

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
    seen, counts = COUNTS.tables[4]
    context = ngrams.contexts(ALICE, 4)
    row = np.searchsorted(seen, context).clip(max=len(seen) - 1)
    times = counts[row].sum(axis=1) * (seen[row] == context)
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

"""Notebook 01 with another seed, and a code built by another method than it shows."""

import math

import numpy as np
import pytest
import scipy.stats

from cecourse.english import guessing


def huffman(p):
    """The mean word length of the best code of single messages."""
    heap, mean = sorted(p), 0.0
    while len(heap) > 1:
        joined = heap[0] + heap[1]
        mean += joined
        heap = sorted([*heap[2:], joined])
    return mean


def test_codes_of_single_messages_reach_the_entropy_for_halvings_and_blocks_come_near():
    assert huffman([1 / 2, 1 / 4, 1 / 8, 1 / 8]) == 1.75
    assert huffman([0.99, 0.01]) == pytest.approx(1)  # "still takes a whole bit a flip"
    coin, gaps = np.array([0.99, 0.01]), []
    for n in (1, 4, 8):
        block = np.ones(1)
        for _ in range(n):
            block = np.outer(block, coin).ravel()
        gaps.append(huffman(block) / n - scipy.stats.entropy(coin, base=2))
    assert np.all(np.diff(gaps) < 0) and 0 < gaps[-1] < 0.1


@pytest.mark.parametrize(("n", "off", "spread"), [(30, -0.235, 0.263), (100, -0.081, 0.144)])
def test_thirty_letters_are_too_few(n, off, spread):
    """The upper bound is biased (Miller's first-order term is close), the lower one only noisy."""
    q = np.array(guessing.SHANNON_1951) / 102
    truth = guessing.bounds(q)
    games = guessing.simulated_bounds(q, n, 40_000, rng=np.random.default_rng(3))
    bias = games.upper.mean() - truth.upper
    assert bias == pytest.approx(off, abs=0.01)
    assert bias == pytest.approx(-(np.count_nonzero(q) - 1) / (2 * n) / math.log(2), rel=0.25)
    assert games.lower.mean() == pytest.approx(truth.lower, abs=5 * spread / 200)
    assert games.lower.std() == pytest.approx(spread, abs=0.005)

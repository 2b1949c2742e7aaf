"""Shannon's game: the referee, the bounds, and the program that has read half a chapter."""

import math
from collections import Counter

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from cecourse.english import guessing


def test_shannons_subject_as_his_paper_counts_it():
    """Section 3: 79 at the first guess, 8, 3, 2 and 2 later, eight times more than five."""
    counts = guessing.SHANNON_1951
    assert counts[:5] == (79, 8, 3, 2, 2)
    assert sum(counts[5:]) == 8 and sum(counts) == 102 and len(counts) == 27


def test_sentences_of_alice_are_all_of_it():
    found = guessing.alice_sentences()
    assert "".join(found) == guessing.alice() + " "
    assert found[1].startswith("SO SHE WAS CONSIDERING")
    assert all(one.endswith(" ") and one.strip() for one in found)


@given(st.lists(st.integers(1, 27), min_size=1, max_size=60))
def test_the_lower_bound_is_a_plain_mean_over_letters(needed):
    """Each letter that took n guesses adds n log n − (n−1) log(n−1): so it is right on average."""
    cost = [n * math.log2(n) - ((n - 1) * math.log2(n - 1) if n > 1 else 0) for n in needed]
    bounds = guessing.bounds(guessing.fractions(needed))
    assert bounds.lower == pytest.approx(sum(cost) / len(cost), abs=1e-9)
    shares = list(Counter(needed).values())
    assert bounds.upper == pytest.approx(scipy.stats.entropy(shares, base=2), abs=1e-9)


@given(st.integers(0, 2**32 - 1), st.integers(2, 27))
def test_the_bounds_enclose_the_entropy_of_a_known_source(seed, k):
    """A source with three states, and a player who knows it: exact fractions, exact entropy."""
    rng = np.random.default_rng(seed)
    states = rng.dirichlet(np.full(k, 0.3), size=3)
    weights = rng.dirichlet(np.ones(3))
    h = float(weights @ scipy.stats.entropy(states, base=2, axis=1))
    q = np.zeros(27)
    q[:k] = weights @ -np.sort(-states, axis=1)  # guesses in the order of falling probability
    lower, upper = guessing.bounds(q)
    assert lower <= h + 1e-9 and h <= upper + 1e-9


def test_play_counts_as_a_referee_would():
    assert guessing.play("THE", "") == ("", (), "")
    assert guessing.play("THE", "ETXXH") == ("TH", (2, 2), "")
    assert guessing.play("THE", "THEZZ") == ("THE", (1, 1, 1), "")
    assert guessing.play("A", guessing.ALPHABET[::-1]).needed == (27,)
    for nonsense in ([], [1, 28]):
        with pytest.raises(ValueError, match="needed must hold numbers from 1 to 27; got"):
            guessing.fractions(nonsense)


def test_the_reader_backs_off_and_knows_every_symbol():
    player = guessing.reader_of("THE CAT THE DOG THE CAT", memory=3)
    assert sorted(player("")) == sorted(guessing.ALPHABET) == sorted(player("ZZZQ"))
    assert player("THE ")[:2] == "CD"  # after "HE ": C twice, D once
    assert player("QT")[0] == "H"  # "QT" was never seen; after T came H three times


def test_half_a_chapter_of_alice():
    counts = Counter(guessing.alice())
    assert set(counts) <= set(guessing.ALPHABET)
    assert guessing.letter_entropy() == pytest.approx(
        scipy.stats.entropy(list(counts.values()), base=2)
    )

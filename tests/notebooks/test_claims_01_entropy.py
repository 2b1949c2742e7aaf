"""What notebook 01 says, checked without the notebook's own code where there is another way."""

import math
from collections import Counter

import mpmath
import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

import cehelpers as ce
from cecourse.lessons.entropy import guessing

mpmath.mp.dps = 40


def exact_entropy(p, base):
    return float(
        -mpmath.fsum(x * mpmath.log(x) for x in map(mpmath.mpf, p) if x) / mpmath.log(base)
    )


@pytest.mark.parametrize(
    ("p", "bits", "nats"),
    [
        ([1 / 6] * 6, 2.585, 1.792),
        ([1 / 2, 1 / 4, 1 / 8, 1 / 8], 1.75, 1.213),
        ([0.99, 0.01], 0.081, 0.056),
        ([0.0018, 0.9982], 0.0190, 0.01317),
        ([1, 0], 0, 0),
        ([5 / 7, 2 / 7], 0.8631, 0.5983),
        ([1 / 4, 3 / 4], 0.8113, 0.5623),
    ],
)
def test_the_entropies_in_the_text(p, bits, nats):
    assert ce.entropy(p, base=2) == pytest.approx(exact_entropy(p, 2), rel=1e-14)
    assert ce.entropy(p, base=2) == pytest.approx(bits, abs=0.0005)
    assert ce.entropy(p) == pytest.approx(nats, abs=0.0005 if nats > 0.02 else 0.000005)


def test_surprises_of_independent_events_add():
    assert ce.surprisal(1 / 12, base=2) == pytest.approx(1 + math.log2(6))
    assert ce.surprisal(1 / 12, base=2) == pytest.approx(3.5850, abs=5e-5)
    assert ce.surprisal([1, 1 / 2, 1 / 4, 1 / 8], base=2).tolist() == [0, 1, 2, 3]


def test_perplexity_and_its_classic_mistake():
    p = [1 / 2, 1 / 4, 1 / 8, 1 / 8]
    assert ce.perplexity(p) == pytest.approx(2**1.75) == pytest.approx(3.3636, abs=5e-5)
    assert 2 ** ce.entropy(p) == pytest.approx(2.3182, abs=5e-5)
    right, wrong = math.exp(1.386), 2**1.386
    assert (right, wrong) == pytest.approx((4, 2.614), abs=0.002)


def test_the_code_can_be_read_back_and_is_as_short_as_the_entropy():
    code = {"A": "0", "B": "10", "C": "110", "D": "111"}
    message = "AABACABD"
    bits = "".join(code[m] for m in message)
    words, read, word = {v: k for k, v in code.items()}, "", ""
    for bit in bits:
        word += bit
        if word in words:
            read, word = read + words[word], ""
    assert (read, word, len(bits)) == (message, "", 14)
    counts = np.array(list(Counter(message).values()))
    assert ce.entropy(np.sort(counts)[::-1] / 8, base=2) == len(bits) / 8


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30).filter(lambda w: sum(w) > 1e-3))
def test_no_distribution_has_more_than_log_k(weights):
    p = np.array(weights) / math.fsum(weights)
    assert 0 <= ce.entropy(p) <= math.log(len(p)) * (1 + 1e-12)


def test_the_loaded_dice():
    half = [0.5] + [0.1] * 5
    assert ce.entropy(half, base=2) == pytest.approx(2.161, abs=5e-4)
    assert 1 / 7 < 1 - ce.entropy(half, base=2) / math.log2(6) < 1 / 5.5  # "a sixth"
    lopsided = [0.905] + [0.005] * 19
    assert ce.entropy(lopsided, base=2) == pytest.approx(0.856, abs=5e-4)


def test_the_letters_of_alice():
    text = guessing.alice()
    counts = Counter(text)
    assert len(text) == 6804
    h = scipy.stats.entropy(list(counts.values()), base=2)
    assert h == pytest.approx(4.03, abs=0.005) and 2**h == pytest.approx(16.4, abs=0.05)
    assert guessing.letter_counts(text).sum() == 6804, "27 symbols and nothing else"
    assert dict(zip(guessing.ALPHABET, guessing.letter_counts(text), strict=True)) == {
        symbol: counts[symbol] for symbol in guessing.ALPHABET
    }
    assert [symbol for symbol, _ in counts.most_common(3)] == [" ", "E", "T"]
    assert counts["Q"] == counts["X"] == counts["Z"] == 2
    assert -math.log2(2 / 6804) == pytest.approx(11.7, abs=0.05)


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
    spinner = np.array([0.6, 0.3, 0.1])
    assert huffman(spinner) == pytest.approx(1.4)  # and the entropy is 1.295
    assert huffman([0.99, 0.01]) == pytest.approx(1)  # "still takes a whole bit a flip"
    coin, gaps = np.array([0.99, 0.01]), []
    for n in (1, 4, 8):
        block = np.ones(1)
        for _ in range(n):
            block = np.outer(block, coin).ravel()
        gaps.append(huffman(block) / n - exact_entropy(coin, 2))
    assert np.all(np.diff(gaps) < 0) and 0 < gaps[-1] < 0.1


# -- the guessing game ----------------------------------------------------------------------------


def test_shannons_subject_as_his_paper_counts_it():
    """Section 3: 79 at the first guess, 8, 3, 2 and 2 later, eight times more than five."""
    counts = guessing.SHANNON_1951
    assert counts[:5] == (79, 8, 3, 2, 2)
    assert sum(counts[5:]) == 8 and sum(counts) == 102 and len(counts) == 27
    lower, upper = guessing.bounds(np.array(counts) / 102)
    assert upper == pytest.approx(scipy.stats.entropy(counts, base=2))
    i = range(1, 28)
    q = [*(c / 102 for c in counts), 0]
    assert lower == pytest.approx(sum(k * (q[k - 1] - q[k]) * math.log2(k) for k in i))
    assert (round(lower, 2), round(upper, 2)) == (0.72, 1.42)


def test_three_fractions_as_hesitations():
    q, shares = [0.8, 0.15, 0.05], [0.65, 0.2, 0.15]
    uniform = [[1, 0, 0], [1 / 2, 1 / 2, 0], [1 / 3] * 3]
    assert np.array(shares) @ uniform == pytest.approx(q)
    lower, upper = guessing.bounds(np.array(q + [0] * 24))
    assert lower == pytest.approx(0.2 + 0.15 * math.log2(3)) == pytest.approx(0.44, abs=0.005)
    assert upper == pytest.approx(exact_entropy(q, 2)) == pytest.approx(0.88, abs=0.005)


@given(st.lists(st.integers(1, 27), min_size=1, max_size=60))
def test_the_lower_bound_is_a_plain_mean_over_letters(needed):
    """Each letter that took n guesses adds n log n − (n−1) log(n−1): so it is right on average."""
    cost = [n * math.log2(n) - ((n - 1) * math.log2(n - 1) if n > 1 else 0) for n in needed]
    bounds = guessing.bounds(guessing.fractions(needed))
    assert bounds.lower == pytest.approx(sum(cost) / len(cost), abs=1e-9)


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


def test_a_simulated_player_with_a_known_distribution():
    """Letters drawn independently, guessed best first: the upper bound becomes the entropy."""
    rng = np.random.default_rng(7)
    p = {"A": 0.5, "B": 0.25, "C": 0.125, "D": 0.125}
    text = "".join(rng.choice(list(p), p=list(p.values()), size=20_000))
    rest = guessing.ALPHABET.replace("ABCD", "")
    guesses = guessing.guesses_of(lambda revealed: "ABCD" + rest, text)
    position = guessing.play(text, guesses)
    assert position.revealed == text
    lower, upper = guessing.bounds(guessing.fractions(position.needed))
    assert upper == pytest.approx(1.75, abs=0.02)
    truth = 2 * (0.25 - 0.125) * 1 + 4 * 0.125 * 2
    assert lower == pytest.approx(truth, abs=0.03)


def test_play_counts_as_a_referee_would():
    assert guessing.play("THE", "") == ("", (), "")
    assert guessing.play("THE", "ETXXH") == ("TH", (2, 2), "")
    assert guessing.play("THE", "THEZZ") == ("THE", (1, 1, 1), "")
    assert guessing.play("A", guessing.ALPHABET[::-1]).needed == (27,)
    with pytest.raises(ValueError, match="needed must hold numbers from 1 to 27; got"):
        guessing.fractions([])
    with pytest.raises(ValueError, match="needed must hold numbers from 1 to 27; got"):
        guessing.fractions([1, 28])


def test_the_reader_backs_off_and_knows_every_symbol():
    player = guessing.reader_of("THE CAT THE DOG THE CAT", memory=3)
    assert sorted(player("")) == sorted(guessing.ALPHABET) == sorted(player("ZZZQ"))
    assert player("THE ")[0] == "C"  # after "HE ": C twice, D once
    assert player("THE ")[1] == "D"
    assert player("QT")[0] == "H"  # "QT" was never seen; after T came H three times


def test_the_example_game():
    sentence, guesses = guessing.example_game()
    needed = guessing.play(sentence.text, guesses).needed
    assert (len(needed), needed.count(1)) == (30, 16)
    lower, upper = guessing.bounds(guessing.fractions(needed))
    assert (round(lower, 2), round(upper, 2)) == (1.99, 2.48)


@pytest.mark.parametrize(("n", "off", "spread"), [(30, -0.235, 0.263), (100, -0.081, 0.144)])
def test_thirty_letters_are_too_few(n, off, spread):
    """The upper bound is biased (Miller's first-order term is close), the lower one only noisy."""
    q = np.array(guessing.SHANNON_1951) / 102
    truth = guessing.bounds(q)
    games = guessing.simulated_bounds(q, n, 40_000, rng=np.random.default_rng(3))
    bias = games.upper.mean() - truth.upper
    assert bias == pytest.approx(off, abs=0.01)
    miller = -(np.count_nonzero(q) - 1) / (2 * n) / math.log(2)
    assert bias == pytest.approx(miller, rel=0.25)
    assert games.lower.mean() == pytest.approx(truth.lower, abs=5 * spread / 200)
    assert games.lower.std() == pytest.approx(spread, abs=0.005)
    if n == 30:
        assert np.mean(games.upper < truth.upper) == pytest.approx(0.75, abs=0.01)
        assert np.mean(games.lower < truth.lower) == pytest.approx(0.52, abs=0.01)


# -- frameworks -----------------------------------------------------------------------------------


def test_what_the_frameworks_do():
    from sklearn.tree import DecisionTreeClassifier

    assert scipy.stats.entropy([0.5, 0.2]) == pytest.approx(exact_entropy([5 / 7, 2 / 7], math.e))
    with pytest.raises(ValueError, match=r"0\.7"):
        ce.entropy([0.5, 0.2])
    tree = DecisionTreeClassifier(criterion="entropy", max_depth=1).fit(
        [[0], [1], [2], [3]], [0, 1, 1, 1]
    )
    assert tree.tree_.impurity[0] == pytest.approx(exact_entropy([0.25, 0.75], 2))
    assert scipy.stats.uniform(0, 0.5).entropy() == pytest.approx(-math.log(2))

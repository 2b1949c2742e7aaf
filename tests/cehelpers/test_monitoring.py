"""The population stability index against its definition, by chance alone, and in odd columns."""

import math

import numpy as np
import pytest

import cehelpers as ce

NAN, INF = math.nan, math.inf


def by_hand(counts, others):
    """Σ (p − q)·ln(p/q), half a row added to each bin."""
    q, p = (np.array(c) + 0.5 for c in (counts, others))
    q, p = q / q.sum(), p / p.sum()
    return sum((b - a) * math.log(b / a) for a, b in zip(q, p, strict=True))


def test_ten_equal_bins_of_the_reference():
    reference = np.arange(1, 101)  # the cuts are 10, 20, …, 90, and a cut belongs to its left
    values = [0, 5, 10, 11, 20, 95, 1000, -INF, INF]
    counts = [4, 2, 0, 0, 0, 0, 0, 0, 0, 3]
    want = by_hand([10] * 10, counts)
    assert ce.population_stability_index(reference, values) == pytest.approx(want, rel=1e-12)
    assert ce.population_stability_index(reference[::-1], values[::-1]) == pytest.approx(want)


@pytest.mark.parametrize(
    ("ones", "bins"),
    [(3, [0, (0,), (1,)]), (50, [0, (0,), 0, (1,), 0]), (97, [(0,), (1,), 0])],
)
def test_a_value_that_fills_a_bin_has_one_of_its_own(ones, bins):
    """A column of 0 and 1, in a month in which either value is all there is."""
    column = np.repeat([0, 1], [100 - ones, ones])
    for month in (np.zeros(100), np.ones(100)):
        counts = [[np.isin(x, b).sum() if b else 0 for b in bins] for x in (column, month)]
        assert ce.population_stability_index(column, month) == pytest.approx(by_hand(*counts))


def test_a_constant_column_that_moves_either_way():
    still = ce.population_stability_index([5.0] * 100, [5.0] * 100)
    up, down = (ce.population_stability_index([5.0] * 100, [v] * 100) for v in (5.1, 4.9))
    assert still == 0
    assert up == pytest.approx(down)
    assert up > 1


def test_monotone_units_change_nothing():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=500), rng.normal(0.3, size=300)
    want = ce.population_stability_index(x, y, bins=7)
    assert ce.population_stability_index(np.exp(x), np.exp(y), bins=7) == want
    assert ce.population_stability_index(x.astype("f4"), y.astype("f4"), bins=7) == want


def test_chance_alone_is_as_small_as_the_docstring_says():
    rng = np.random.default_rng(1)
    draws = [
        ce.population_stability_index(rng.normal(size=2000), rng.normal(size=1000))
        for _ in range(300)
    ]
    assert np.mean(draws) == pytest.approx(9 * (1 / 2000 + 1 / 1000), rel=0.15)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (([NAN, 1], [1]), ValueError, "reference must not be NaN; got nan at index 0"),
        (([1], [1, NAN]), ValueError, "values must not be NaN; got nan at index 1"),
        (([], [1]), ValueError, "reference must not be empty"),
        (([1], ["a"]), TypeError, "values must hold real numbers; got 'a' at index 0"),
    ],
)
def test_bad_input(arguments, error, words):
    with pytest.raises(error, match=words):
        ce.population_stability_index(*arguments)


@pytest.mark.parametrize(("bins", "error"), [(1, ValueError), (2.5, TypeError)])
def test_bad_bins(bins, error):
    with pytest.raises(error, match="bins must be"):
        ce.population_stability_index([1, 2], [1, 2], bins=bins)


def test_a_column_stored_in_32_bits_is_the_same_column():
    wide = [0.1] * 50 + [0.7] * 50
    assert ce.population_stability_index(np.array(wide, np.float32), wide) < 1e-9

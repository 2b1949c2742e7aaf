"""Loss against size, and the floor of a fitted formula, of notebook 13."""

import numpy as np
import pytest
from scipy.optimize import curve_fit

from cecourse.english import guessing
from cecourse.lessons.language_model import scaling
from cecourse.lessons.language_model.ngrams import NGrams, codes


def test_held_out_is_a_mean_over_parts():
    book, text = codes(guessing.looking_glass()[:3000]), codes(guessing.alice()[:300])
    losses = scaling.held_out(book, text, [1000, 3000], orders=3, parts=3)
    assert losses.shape == (2, 3)

    def bits(part, order):
        p = NGrams(part, order).probabilities(text)
        return np.mean([-np.log2(row[k]) for row, k in zip(p, text, strict=True)])

    for order in range(3):
        parts = [bits(book[first : first + 1000], order) for first in (0, 1000, 2000)]
        assert losses[0, order] == pytest.approx(np.mean(parts), rel=1e-12)
        assert losses[1, order] == pytest.approx(bits(book, order), rel=1e-12)


def test_a_fit_finds_the_formula_that_made_the_points():
    n = 1000 * 2.0 ** np.arange(8)
    found = scaling.fit(n, 1.2 + 30 * n**-0.4)
    assert found[:3] == pytest.approx((1.2, 30, 0.4), rel=1e-6)
    assert found.off < 1e-9
    assert found(1e6) == pytest.approx(1.2 + 30 * 1e6**-0.4)


def test_a_fit_agrees_with_scipy():
    n = 1000 * 2.0 ** np.arange(8)
    loss = 1.2 + 30 * n**-0.4 + 0.01 * np.sin(np.arange(8) * 2)
    found = scaling.fit(n, loss)
    (E, A, a), _ = curve_fit(lambda n, E, A, a: E + A * n**-a, n, loss, p0=found[:3])
    assert found[0] == pytest.approx(E, abs=5e-3)
    assert found[2] == pytest.approx(a, abs=1.1e-3)
    assert found.off == pytest.approx(np.sqrt(np.mean((E + A * n**-a - loss) ** 2)), rel=1e-3)


@pytest.mark.parametrize("a", [0.05, 0.4, 1.4])
def test_any_exponent_is_found(a):
    n = 1000 * 2.0 ** np.arange(8)
    assert scaling.fit(n, 1.2 + 30 * n**-a)[:3] == pytest.approx((1.2, 30, a), rel=1e-4)

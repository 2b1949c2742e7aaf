"""Temperature and top-p of notebook 13, and what is written with them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cehelpers as ce
from cecourse.lessons.language_model import sampling
from cecourse.lessons.language_model.ngrams import NGrams, codes

rows = st.lists(st.floats(1e-6, 1), min_size=2, max_size=9).map(lambda p: np.array(p) / sum(p))


@settings(max_examples=60)
@given(rows, st.floats(0.01, 0.999))
def test_top_p_keeps_the_fewest_that_hold_the_share(p, share):
    kept = sampling.top_p(p, share)
    assert kept.sum() == pytest.approx(1)
    left = kept > 0
    assert p[left].min() >= p[~left].max(initial=0)
    assert p[left].sum() >= share - 1e-6
    assert p[left].sum() - p[left].min() < share + 1e-6
    np.testing.assert_allclose(kept[left] / kept[left].max(), p[left] / p[left].max())


def test_top_p_at_the_edges():
    row = [0.5, 0.3, 0.15, 0.05]
    np.testing.assert_allclose(sampling.top_p(row, 1.0), row)
    np.testing.assert_allclose(sampling.top_p(row, 0.8), [0.625, 0.375, 0, 0])
    assert np.count_nonzero(sampling.top_p([1 - 1e-13, 1e-13], 1.0)) == 2
    assert sampling.top_p(row, 0.01).tolist() == [1, 0, 0, 0]


def test_carry_on_draws_from_the_row():
    model = NGrams(codes("ABABABAC" * 40), 2)
    how = {"rng": np.random.default_rng(3)}
    text = sampling.carry_on(model, "AB", 4000, **how)
    assert text.startswith("AB")
    assert len(text) == 4002
    after = text.count("BAC") / text.count("BA")
    assert after == pytest.approx(model(codes("BA"))[2], abs=0.03)
    cold = sampling.carry_on(model, "AB", 60, share=0.1, **how)
    assert cold == "AB" * 31


def test_carry_on_warms_first_and_cuts_then():
    model = NGrams(codes("ABABABAC" * 40), 2)
    how = {"temperature": 2, "share": 0.65}
    text = sampling.carry_on(model, "AB", 3000, rng=np.random.default_rng(3), **how)
    row = model(codes("BA"))
    hot = sampling.top_p(ce.softmax(np.log(row), temperature=2), 0.65)
    assert sampling.top_p(row, 0.65)[2] == 0 < hot[2]
    assert text.count("BAC") / text.count("BA") == pytest.approx(hot[2], abs=0.04)

"""Rows of more classes than a block: the same numbers, and no temporary as long as the row."""

import math
import tracemalloc

import numpy as np
import pytest
from mpmath import mp
from references import LOGIT_ROWS

import cehelpers as ce
from cehelpers import _evaluate

INF, WIDE = math.inf, 3 * _evaluate.BLOCK + 5
PLACES = [
    (0, 1, 2),
    (_evaluate.BLOCK - 1, _evaluate.BLOCK, WIDE - 1),
    (_evaluate.BLOCK, 2 * _evaluate.BLOCK, 2 * _evaluate.BLOCK + 1),
]
loss = ce.sparse_categorical_cross_entropy_with_logits


@pytest.mark.parametrize("places", PLACES)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_impossible_classes_add_nothing_wherever_they_lie(dtype, places):
    for row in LOGIT_ROWS:
        row = np.array(row, dtype)
        wide = np.full((1, WIDE), -INF, dtype)
        wide[:, places] = row
        rel = 2e-16 if dtype == "f8" else 2e-7
        for k, place in enumerate(places):
            got = loss(place, wide, reduction="none")
            assert got.dtype == dtype
            assert got[0] == pytest.approx(loss(k, row), rel=rel, abs=0)
        got = ce.logsumexp(wide)
        assert got.dtype == dtype
        assert got[0] == pytest.approx(ce.logsumexp(row), rel=rel, abs=0)
    for top in (INF, -INF):
        wide[:] = top
        assert ce.logsumexp(wide).tolist() == [top]


def rows(rng):
    """Ordinary, very sure in the last block, sure twice, rising, and whole numbers."""
    z = rng.normal(0, 3, (4, WIDE))
    z[1, -2] = 60
    z[2, [7, -7]] = 50
    z[3] = np.linspace(-30, 9, WIDE)
    return [*z, rng.integers(-9, 9, WIDE)]


def test_many_classes_keep_their_digits():
    """Within 4 units in the last place of 50 digits, which are enough beside 60 nats."""
    for z in rows(np.random.default_rng(4)):
        with mp.workdps(50):
            e = [mp.exp(v) for v in z.astype(float).tolist()]
            total = mp.fsum(e)
            losses = [(k, mp.log1p((total - e[k]) / e[k])) for k in (0, 7, _evaluate.BLOCK, -2)]
        got = [loss(k % WIDE, z) for k, _ in losses] + [ce.logsumexp(z)]
        for one, exact in zip(got, [*(exact for _, exact in losses), mp.log(total)], strict=True):
            assert abs(one - exact) <= 4 * math.ulp(float(exact))


@pytest.mark.parametrize("dtype", ["f4", "f8", "i4"])
def test_many_classes_need_no_long_temporary(dtype):
    rng = np.random.default_rng(1)
    z = (9 * rng.random((8, 2_000_000), "f4")).astype(dtype)
    labels = np.arange(8)
    if dtype != "i4":
        z[:, 1_000_000:1_000_009] = -INF  # and one +inf, which have to be looked for
        z[3, 5] = INF
    tracemalloc.start()
    try:
        loss(labels, z, reduction="none")
        loss(labels, z, ignore_index=0)
        ce.logsumexp(z)
        ce.logsumexp(z.T, axis=0)
        ce.logsumexp(z[:, ::-2])
        assert tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()


def test_what_leaves_no_distribution_is_found_in_any_block():
    z = np.zeros((3, WIDE))
    z[1, [3, WIDE - 1]] = INF
    with pytest.raises(ValueError, match=r"logits .*\+inf in two classes at row 1"):
        loss([0, 0, 0], z)
    z[1] = -INF
    with pytest.raises(ValueError, match="logits .*−inf in every class at row 1"):
        loss([0, 0, 0], z)
    z[1, WIDE - 1] = -1e308
    assert loss([0, WIDE - 1, 0], z, reduction="none")[1] == 0
    z[1, 0] = math.nan
    with pytest.raises(ValueError, match=r"logits must not be NaN; got nan at index \(1, 0\)"):
        loss([0, 0, 0], z)

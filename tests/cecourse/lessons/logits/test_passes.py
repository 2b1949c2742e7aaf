"""The three ways of notebook 04 through a sigmoid and a loss, against 400-digit arithmetic."""

import itertools
import math

import numpy as np
import pytest
from mpmath import mp, mpf

from cecourse.lessons.logits import passes


@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_where_nothing_is_extreme_the_three_ways_agree_with_mathematics(y):
    for z in map(float, range(-14, 15)):
        with mp.workdps(400):
            up = 1 / (1 + mp.exp(-mpf(z)))
            exact = float(-mpf(y) * mp.log(up) - (1 - mpf(y)) * mp.log(1 - up)), float(up - mpf(y))
        for way in (
            passes.fused,
            passes.naive,
            lambda *row, **k: passes.clipped(*row, eps=1e-7, **k),
        ):
            assert way(y, z, dtype=np.float64) == pytest.approx(exact, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_every_step_stays_in_its_arithmetic(dtype):
    for run in (passes.fused(1, 2.0, dtype=dtype), passes.naive([0, 1], [2.0, 3.0], dtype=dtype)):
        assert run.loss.dtype == dtype and run.gradient.dtype == dtype


def test_the_clipped_slope_is_the_slope_of_the_clipped_loss():
    h = 1e-5
    for y, z, eps in itertools.product((0.0, 0.4, 1.0), (-12.0, -5.0, 0.5, 12.0), (1e-3, 1e-4)):
        low, here, high = (
            passes.clipped(y, x, eps=eps, dtype=np.float64) for x in (z - h, z, z + h)
        )
        assert here.gradient == pytest.approx((high.loss - low.loss) / (2 * h), rel=1e-5, abs=1e-7)


@pytest.mark.parametrize(
    ("y", "eps", "dtype", "last"),
    [
        (1, 1e-12, np.float64, math.log(1e-12)),
        (0, 1e-9, np.float32, 24 * math.log(2)),
        (0, 1e-7, np.float16, 11 * math.log(2)),
        (0, 0.0, np.float64, 53 * math.log(2)),
    ],
)
def test_the_last_living_logit(y, eps, dtype, last):
    assert passes.last_living_logit(y, eps=eps, dtype=dtype) == pytest.approx(last, abs=0.003)


def test_a_slope_that_lives_everywhere_has_no_last_logit():
    assert passes.last_living_logit(1, dtype=np.float64, limit=500.0) is None

"""Counts where NumPy's integers have 32 bits, as in the browser: from 2,147,483,648 on they wrap.

The tests run on 64 bits, so that the arrays here are made to count as they would there.
"""

from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest

import cehelpers as ce
from cecourse.lessons.class_imbalance import pictures as class_imbalance


class Narrow(np.ndarray):
    """An array whose counts, indices and sums have 32 bits, unless 64 are asked for by name."""

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if "out" in kwargs:
            kwargs["out"] = tuple(map(plain, kwargs["out"]))
        inputs = [plain(x) for x in inputs]
        return narrow(getattr(ufunc, method)(*inputs, **kwargs), *inputs, kwargs.get("dtype"))

    def __array_function__(self, function, types, args, kwargs):
        result = super().__array_function__(function, types, args, kwargs)
        return narrow(result, *args, kwargs.get("dtype"))


def plain(x):
    return x.view(np.ndarray) if isinstance(x, Narrow) else x


def narrow(result, *given):
    if isinstance(result, tuple):
        return tuple(narrow(x, *given) for x in result)
    wide = any(x is np.int64 or getattr(x, "dtype", None) == np.int64 for x in given)
    if isinstance(result, np.ndarray | np.int64) and result.dtype == np.int64 and not wide:
        result = result.astype(np.int32)
    return result.view(Narrow) if isinstance(result, np.ndarray) else result


@contextmanager
def integers_of_32_bits():
    with pytest.MonkeyPatch.context() as numpy:
        arange = np.arange
        numpy.setattr(np, "arange", lambda *a, **k: narrow(arange(*a, **k), k.get("dtype")))
        numpy.setattr(np, "asarray", np.asanyarray)  # or the check of arguments widens them again
        yield


def test_a_product_of_counts_wraps_here_as_it_does_there():
    with integers_of_32_bits():
        some = np.sum(narrow(np.ones(200_000, bool)))
        with pytest.raises(RuntimeWarning, match="overflow encountered in scalar multiply"):
            some * 20_000
        assert np.arange(70_000).sum() < 0 < np.arange(70_000).sum(dtype=np.int64)


HALF = np.arange(200_000) % 2
RISING = np.linspace(0, 1, 200_000)
COMMON = np.append(np.arange(5_000), np.zeros(500_000, int))  # 5,000 classes, one of them common
MOST = (np.arange(200_000) % 10 > 0).astype(int)
PLANE = np.column_stack([RISING, RISING])
FIT = SimpleNamespace(coef=np.ones(2), intercept=0.0)


def sizes(picture):
    """How many points each cloud of a picture has."""
    return [len(cloud.get_offsets()) for cloud in picture.figure.axes[0].collections]


@pytest.mark.parametrize(
    "f",
    [
        lambda to: ce.roc_auc(to(HALF), RISING),
        lambda to: ce.roc_curve(to(HALF), RISING),
        lambda to: ce.average_precision(to(HALF), RISING),
        lambda to: ce.confusion_counts(to(HALF), to(RISING > 0.5)),
        lambda to: ce.bernoulli_nll(to(HALF), 0.4),
        lambda to: ce.categorical_mle(to(COMMON), 5_000),
        lambda to: ce.class_weights(to(COMMON)),
        lambda to: ce.reliability_curve(to(HALF), RISING, n_bins=20_000, strategy="quantile"),
        lambda to: ce.expected_calibration_error(to(HALF), RISING, n_bins=50),
        lambda to: sizes(class_imbalance.crowd(PLANE, to(MOST))),
        lambda to: sizes(class_imbalance.crossed_cuts(PLANE, to(MOST), FIT, FIT, 9.0)),
    ],
)
def test_nothing_wraps(f):
    want = f(np.array)
    with integers_of_32_bits():
        got = f(lambda x: narrow(x.astype(np.int32)))
    np.testing.assert_equal(got, want)

"""Sample weights: 2 is the row twice, 0 is no row, and only their ratios count."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cehelpers as ce

settings.register_profile("weights", max_examples=60)
weights_profile = settings.get_profile("weights")

rows = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([0.1, 0.2, 0.5, 0.6, 0.9]), st.integers(0, 3)),
    min_size=4,
    max_size=16,
)


def flags(y, p, **weight):
    return ce.confusion_counts(y, p >= 0.5, **weight)


def shares(y, p, **weight):
    return ce.precision_recall_f1(y, p >= 0.5, **weight)


def of_classes(f):
    """A third class where p is ½."""

    def of_rows(y, p, **weight):
        return f(np.where(p == 0.5, 2, y), np.column_stack([p / 2, 1 - p, p / 2]), **weight)

    return of_rows


def logits(f):
    return lambda y, p, **weight: f(y, ce.logit(p), **weight)


def rows_of_logits(y, p, **weight):
    return ce.fit_temperature(y, np.column_stack([ce.logit(p), 0 * p, p])[:, ::-1], **weight)


def without_intervals(y, p, **weight):
    """In an interval weights say less than as many rows."""
    return ce.reliability_curve(y, p, **weight)[:5]


def without_bands(y, p, **weight):
    curve = ce.corp_curve(y, p, **weight)
    return curve.prediction, curve.observed, curve.weight


WEIGHTED = {
    "brier_score": ce.brier_score,
    "brier_score_multiclass": of_classes(ce.brier_score_multiclass),
    "confusion_counts": flags,
    "precision_recall_f1": shares,
    "roc_auc": ce.roc_auc,
    "roc_auc_multiclass": of_classes(ce.roc_auc_multiclass),
    "roc_curve": ce.roc_curve,
    "precision_recall_curve": ce.precision_recall_curve,
    "average_precision": ce.average_precision,
    "reliability_curve": without_intervals,
    "expected_calibration_error": ce.expected_calibration_error,
    "expected_calibration_error_multiclass": of_classes(ce.expected_calibration_error_multiclass),
    "fit_temperature": logits(ce.fit_temperature),
    "fit_temperature of rows": rows_of_logits,
    "fit_bias": logits(ce.fit_bias),
    "fit_platt": logits(ce.fit_platt),
    "fit_platt with Platt's targets": logits(
        lambda y, z, **weight: ce.fit_platt(y, z, smooth_targets=True, **weight)
    ),
    "fit_isotonic": ce.fit_isotonic,
    "corp_curve": without_bands,
    "score_decomposition": ce.score_decomposition,
}


def outcome(f, *arguments, **weight):
    """Values, or what the error says up to what it shows."""
    try:
        result = f(*arguments, **weight)
    except ValueError as error:
        return str(error).split("; got")[0]
    parts = result if isinstance(result, tuple) else [result]
    return np.concatenate([np.ravel(part) for part in parts])


def agree(one, other, rtol=1e-9):
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
    else:
        np.testing.assert_allclose(one, other, rtol=rtol, atol=1e-9)


@pytest.mark.parametrize("name", WEIGHTED)
@weights_profile
@given(rows)
def test_integer_weights_are_repeated_rows(name, rows):
    y, p, w = map(np.array, zip(*rows, strict=True))
    assume(w.any())
    f = WEIGHTED[name]
    agree(outcome(f, y, p, sample_weight=w), outcome(f, np.repeat(y, w), np.repeat(p, w)))


# Platt's targets are n + 1 of n + 2 rows: there a weight has a size
SIZED = {"confusion_counts", "corp_curve", "fit_platt with Platt's targets"}


@pytest.mark.parametrize("name", sorted(set(WEIGHTED) - SIZED))
@pytest.mark.parametrize("scale", [1e-300, 0.3, 1e300])
def test_only_ratios_count(name, scale):
    rng = np.random.default_rng(5)
    p = rng.choice([0.1, 0.2, 0.5, 0.6, 0.9], size=60)
    y, w = (rng.random(60) < p).astype(int), rng.random(60)
    f = WEIGHTED[name]
    want, got = outcome(f, y, p, sample_weight=w), outcome(f, y, p, sample_weight=scale * w)
    assert not isinstance(want, str)
    if name == "reliability_curve":  # whose counts are sums
        want[-(len(want) // 5) :] *= scale
    np.testing.assert_allclose(got, want, rtol=1e-9)
    with np.errstate(all="raise"):  # and nothing is said about it
        f(y, p, sample_weight=scale * w)
        f(y, p)


@pytest.mark.parametrize("name", WEIGHTED)
def test_one_weight_for_all_is_none_and_inputs_are_left_alone(name):
    rng = np.random.default_rng(6)
    p = rng.choice([0.1, 0.2, 0.5, 0.6, 0.9], size=60)
    arrays = (rng.random(60) < p).astype(int), p, np.ones(60, "f4")
    copies = [x.copy() for x in arrays]
    for x in arrays:
        x.flags.writeable = False
    f = WEIGHTED[name]
    want = outcome(f, *arrays[:2])
    assert not isinstance(want, str)
    for w in (1, 1.0, arrays[2], np.ones(60, int)):
        agree(outcome(f, *arrays[:2], sample_weight=w), want, rtol=1e-12)
    for x, copy in zip(arrays, copies, strict=True):
        assert np.array_equal(x, copy)


@pytest.mark.parametrize("name", WEIGHTED)
def test_bad_weights_are_named_and_shown(name):
    y, p = np.array([0, 1, 0, 1, 0, 1]), np.array([0.1, 0.2, 0.5, 0.6, 0.9, 0.5])
    for w, text in (
        ([1, 1, -2, 1, 1, 1], "sample_weight must be finite and not negative; got -2 at index 2"),
        (np.zeros(6), "sample_weight must have a positive, finite sum; got 0.0"),
        (np.ones(5), "sample_weight must have the shape of the loss; got (5,) for (6,)"),
        ([1, 1, 1, 1, 1, np.nan], "got nan at index 5"),
    ):
        with pytest.raises(ValueError, match=re.escape(text)):
            WEIGHTED[name](y, p, sample_weight=w)
    with pytest.raises(TypeError, match="sample_weight must hold real numbers; got 'a'"):
        WEIGHTED[name](y, p, sample_weight=["a"] * 6)


def test_a_row_of_weight_0_may_be_certain_and_wrong():
    y, z, w = [1, 1, 0, 0, 1], [np.inf, 2.0, 1.0, -1.0, -np.inf], [1, 1, 1, 1, 0]
    assert ce.fit_bias(y, z, sample_weight=w) == ce.fit_bias(y[:4], z[:4])
    assert ce.fit_temperature(y, z, sample_weight=w) == ce.fit_temperature(y[:4], z[:4])
    w = [0, 1, 1, 1, 2]  # and the index is that of the row
    with pytest.raises(ValueError, match=r"logits.*got -inf for the label 1 at index 4"):
        ce.fit_bias(y, z, sample_weight=w)
    with pytest.raises(ValueError, match=r"logits.*for the label 1 at row 4"):
        ce.fit_temperature(y, z, sample_weight=w)
    with pytest.raises(ValueError, match="y_true must have both classes; got only 1"):
        ce.roc_auc([0, 1, 1], [0.1, 0.2, 0.3], sample_weight=[0, 1, 1])
    with pytest.raises(ValueError, match="labels must have rows of every class; got no 2"):
        ce.roc_auc_multiclass([0, 1, 2], np.eye(3), sample_weight=[1, 1, 0])


def test_perfect_orders_are_1_to_the_last_digit():
    rng = np.random.default_rng(7)
    for _ in range(50):
        w = rng.random(30)
        y = np.arange(30) > 17
        assert ce.roc_auc(y, np.arange(30), sample_weight=w) == 1
        assert ce.roc_auc(y, -np.arange(30), sample_weight=w) == 0
        assert ce.average_precision(y, np.arange(30), sample_weight=w) == pytest.approx(
            1, abs=1e-15
        )


def test_intervals_count_effective_rows():
    """Weights 3 and 1: (3 + 1)²/(9 + 1) rows."""
    curve = ce.reliability_curve([1, 0], [0.55, 0.55], sample_weight=[3, 1])
    assert curve.observed_share.tolist() == [0.75]
    assert curve.count.tolist() == [4]
    want = ce.wilson_interval(0.75 * 1.6, 1.6)
    np.testing.assert_allclose([curve.wilson_low[0], curve.wilson_high[0]], want, rtol=1e-14)
    same = ce.reliability_curve([1, 0], [0.55, 0.55], sample_weight=7)
    plain = ce.reliability_curve([1, 0], [0.55, 0.55])
    assert (same.wilson_low, same.wilson_high) == (plain.wilson_low, plain.wilson_high)


def test_weighted_quantile_bins_have_equal_sums():
    rng = np.random.default_rng(8)
    p, w = rng.random(20_000), rng.exponential(size=20_000)
    curve = ce.reliability_curve(p > 0.5, p, sample_weight=w, strategy="quantile")
    assert len(curve.count) == 10
    np.testing.assert_allclose(curve.count, w.sum() / 10, atol=2 * w.max())
    for n, bins in ((103, 10), (7, 10), (20, 3)):
        weighted, plain = (
            ce.reliability_curve(p[:n] > 0.5, p[:n], n_bins=bins, strategy="quantile", **weight)
            for weight in ({"sample_weight": np.full(n, 0.1)}, {})
        )
        np.testing.assert_allclose(weighted.bin_high, plain.bin_high)

"""The ends of what is allowed: dtypes, objects of other libraries, huge and tiny numbers."""

import numpy as np
import pytest

import cehelpers as ce

LONG = np.finfo(np.longdouble).max > np.finfo(float).max

# ---------------------------------------------------------------- ranking in the dtype that came in


@pytest.mark.parametrize("dtype", ["i8", "u8"])
def test_neighbours_beyond_float64_are_ranked(dtype):
    scores = np.array([2**53, 2**53 + 1], dtype=dtype)
    assert ce.roc_auc([0, 1], scores) == 1
    assert ce.average_precision([0, 1], scores) == 1
    assert ce.roc_curve([0, 1], scores).tpr.tolist() == [0, 1, 1]
    assert ce.precision_recall_curve([0, 1], scores).precision.tolist() == [1, 0.5]


@pytest.mark.skipif(not LONG, reason="longdouble is float64 on this platform; Linux on x86 runs it")
def test_neighbours_in_longdouble_are_ranked():
    scores = 1 + np.array([0, 1], dtype=np.longdouble) * np.longdouble(2) ** -60
    assert ce.roc_auc([0, 1], scores) == 1
    assert ce.roc_curve([0, 1], scores).fpr.tolist() == [0, 0, 1]


# ---------------------------------------------------------------- other dtypes


@pytest.mark.skipif(not LONG, reason="longdouble is float64 on this platform; Linux on x86 runs it")
def test_a_longdouble_is_judged_as_what_it_becomes():
    huge = np.array(["1e400", "2e400"], dtype=np.longdouble)
    with pytest.raises(
        ValueError, match=r"z must leave one distribution; got \+inf in two classes"
    ):
        ce.softmax(huge)
    with pytest.raises(ValueError, match="sample_weight must be finite.*got inf at index 0"):
        ce.binary_cross_entropy([0, 1], [0.5, 0.5], sample_weight=huge)


def test_longdouble_labels_count():
    labels = np.array([0, 1, 1], dtype=np.longdouble)
    curve = ce.reliability_curve(labels, [0.1, 0.9, 0.9])
    assert curve.observed_share.tolist() == [0, 1]
    assert ce.expected_calibration_error(labels, [0.0, 1.0, 1.0]) == 0


def test_float16_weights_are_not_divided_in_float16():
    n = 70_000
    w = np.zeros(n, dtype=np.float16)
    w[0] = 1  # n times the mean weight: more than float16 holds
    net = ce.init_mlp((1, 1), rng=np.random.default_rng(0))
    of_all = ce.mlp_gradients(net, np.ones((n, 1)), np.ones(n), sample_weight=w)
    of_one = ce.mlp_gradients(net, np.ones((1, 1)), np.ones(1))
    assert of_all.biases[0] == pytest.approx(of_one.biases[0], rel=1e-12)


def test_rows_of_float16_may_sum_to_1_as_float16_can():
    p = ce.softmax(np.random.default_rng(0).normal(size=(500, 7))).astype(np.float16)
    sums = p.sum(axis=1, dtype=float)
    assert np.absolute(sums - 1).max() > 1e-4  # so that the tolerance of 1e-6 would refuse them
    assert ce.entropy(p).shape == (500,)
    off = p.copy()
    off[3] *= np.float16(1.01)
    with pytest.raises(ValueError, match=r"p must sum to 1 .*got the sum 1\.0\d+ at row 3"):
        ce.entropy(off)
    with pytest.raises(ValueError, match="p must sum to 1"):
        ce.entropy(p.astype(float))  # a float64 has no such excuse


# ---------------------------------------------------------------- what is no number


class Tensor:
    """Like PyTorch's where it needs its gradient, or is bfloat16: NumPy cannot read it."""

    def __init__(self, error):
        self.error = error

    def __array__(self, dtype=None, copy=None):
        raise self.error

    def detach(self):
        raise AssertionError("nothing is detached behind the caller's back")


@pytest.mark.parametrize("error", [RuntimeError("Can't call numpy()"), TypeError("BFloat16")])
def test_a_tensor_that_numpy_cannot_read_is_named(error):
    text = rf"logits must become a NumPy array; got Tensor: {error.args[0][:8]}.*".replace(
        "(", r"\("
    )
    with pytest.raises(TypeError, match=text + r"try logits\.detach\(\)\.float\(\)\.numpy\(\)"):
        ce.binary_cross_entropy_with_logits([0, 1], Tensor(error))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([1, 0.5, "n/a"], r"'n/a' at index 2 \(dtype"),
        ([[1, 0], [0, None]], r"None at index \(1, 1\) \(dtype object\)"),
        (np.array([1, 0, "x"], dtype=object), r"'x' at index 2 \(dtype object\)"),
        (np.array([1, 0], dtype=object), r"1 at index 0 \(dtype object\)"),
        ([], r"shape \(0,\)"),
        (np.array([], dtype=object), r"\[\] \(shape \(0,\)\) \(dtype object\)"),
    ],
)
def test_the_first_entry_that_is_no_number_is_shown(value, shown):
    with pytest.raises((TypeError, ValueError), match=f"p must.*got {shown}"):
        ce.surprisal(value)


# ---------------------------------------------------------------- huge counts


@pytest.mark.parametrize("share", [0, 5e-324, 1e-300, 1e-17, 0.1, 0.5, 0.9, 1 - 2.0**-53, 1])
@pytest.mark.parametrize("n", [1, 7, 2.0**53, 1e100, 1e300])
def test_wilson_interval_holds_the_share_at_any_count(share, n):
    low, high = ce.wilson_interval(share * n, n)
    assert 0 <= low <= share * n / n <= high <= 1
    assert (low == 0) == (share * n / n == 0 or low < 5e-324)
    mirrored = ce.wilson_interval(n - share * n, n)
    if share in (0, 0.5, 1):
        assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((low, high), abs=1e-15)


def test_wilson_interval_of_float32_counts_warns_of_nothing():
    counts = np.float32([3, 1e8]), np.float32([1e10, 1e9])
    with np.errstate(all="raise"):
        low, high = ce.wilson_interval(*counts)
    want = ce.wilson_interval(*(x.astype(float) for x in counts))
    assert (low.tolist(), high.tolist()) == (want.low.tolist(), want.high.tolist())


Y, P = np.array([0, 1, 0, 1, 1, 0]), np.array([0, 1, 0.3, 5e-324, 1 - 2.0**-53, 0.5])


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: ce.reliability_curve(Y, P, n_bins=10**15), "n_bins must be at most 1000000; got"),
        (lambda: ce.reliability_curve(Y, P, n_bins=10**400), "n_bins must be at most 1000000; got"),
        (lambda: ce.expected_calibration_error(Y, P, n_bins=10**20), "n_bins must be at most"),
        (lambda: ce.one_hot([0], 10**14), "num_classes must be at most 10000000; got 1000"),
        (lambda: ce.one_hot([0], 10**30), "num_classes must be at most 10000000; got 1000"),
        (lambda: ce.categorical_mle([0], 10**30), "num_classes must be at most 10000000; got 1"),
        (
            lambda: ce.oversample_positives(Y, 1 - 2.0**-53, rng=np.random.default_rng(0)),
            r"target_rate must give at most 1000000000 rows; got 0\.99999.*2\.7e\+16 positives",
        ),
        (lambda: ce.log_loss_ceiling(0.9, 5e-324), r"rate must lie in \[1e-300, 1\); got 5e-324"),
    ],
)
def test_sizes_that_no_machine_has_are_refused_by_name(call, text):
    with pytest.raises(ValueError, match=text):
        call()


# ---------------------------------------------------------------- np.seterr(all="raise")

R = np.array([[1.0, 0, 0], [0.2, 0.3, 0.5], [1e-310, 1 - 1e-12, 1e-12], [0, 1e-320, 1]])
Z = np.array([[1e308, -1e308, 0], [800, -np.inf, 3], [np.inf, 0, -1e300], [5e-324, 0, -5e-324]])
S, L = np.array([1e300, -1e300, 800.0, 5e-324, np.inf, -np.inf]), [0, 1, 2, 1]
STRICT = {
    "smooth_labels": (R, 0.1),
    "reliability_curve": (Y, P),
    "wilson_interval": (1e-300, 1e300),
    "fit_bias": (Y, [1e300, -1e300, 3, -2, 5, 1]),
    "fit_temperature": (Y, [-1e308, 1e308, 1e308, 1e308, 1, 1]),
    "log_loss_ceiling": (0.5 + 1e-15, 1e-300),
    "ceiling_posterior": ([0, 0.5, 1], 0.9, 1e-300),
    "logit_adjustment": (Z, [1e-310, 0.5, 0.5]),
    "encode": ([2, 1, 0], R[2]),
    "kl_divergence": (R, R[::-1]),
    "js_divergence": (R, R[::-1]),
    "binary_cross_entropy": (Y, P),
    "binary_cross_entropy_with_logits": (P, S),
    "categorical_cross_entropy_with_logits_grad": (R, Z),
    "sparse_categorical_focal_loss_with_logits": (L, Z),
    "roc_curve": (Y, S),
    "logit": (P,),
    "fit_logistic": ([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1]),
}
OPTIONS = {"fit_logistic": {"l2": 1e308}}


@pytest.mark.parametrize("name", STRICT)
def test_functions_keep_their_floating_point_errors_to_themselves(name):
    with np.errstate(all="ignore"):
        want = getattr(ce, name)(*STRICT[name], **OPTIONS.get(name, {}))
    with np.errstate(all="raise"):
        got = getattr(ce, name)(*STRICT[name], **OPTIONS.get(name, {}))
    np.testing.assert_equal(got, want)

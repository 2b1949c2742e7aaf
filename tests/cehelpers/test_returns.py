"""What comes back: types, dtypes, shapes, infinities, reductions, accuracy and memory of means."""

import math
import tracemalloc

import numpy as np
import pytest

import cehelpers as ce
from cehelpers import _evaluate

INF = math.inf
ELEMENTWISE = ("sigmoid", "softplus", "log_sigmoid", "logit", "surprisal")
BINARY = (
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "focal_loss",
    "focal_loss_with_logits",
)
SPARSE = (
    "sparse_categorical_cross_entropy_with_logits",
    "sparse_categorical_focal_loss_with_logits",
)
PAIRS = ("cross_entropy", "kl_divergence", "js_divergence", "perplexity")


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_one_number_gives_a_python_float(name):
    f = getattr(ce, name)
    for one in (0.25, 1, True, np.float32(0.25), np.array(0.25), np.int8(1)):
        assert type(f(one)) is float
    assert f([0.25]).shape == (1,)
    assert f([[0.25, 0.5]]).shape == (1, 2)


@pytest.mark.parametrize("name", [*BINARY, "brier_score", "hinge_loss", "squared_hinge_loss"])
def test_a_scalar_goes_with_an_array(name):
    f = getattr(ce, name)
    assert f(1, [0.25, 0.5]) == f([1, 1], [0.25, 0.5])
    assert f([0, 1], 0.25) == f([0, 1], [0.25, 0.25])
    assert type(f(1, 0.25)) is type(f([0, 1], [0.25, 0.25])) is float


@pytest.mark.parametrize("dtype", ["f4", "f8", "f2", "i4", "?", "u1", ">f8"])
def test_dtypes_of_elements(dtype):
    x = np.array([0, 1], dtype=dtype)
    want = np.float32 if dtype == "f4" else np.float64
    for name in ELEMENTWISE:
        assert getattr(ce, name)(x).dtype == want
    for name in BINARY:
        for y in (x.astype(int), [0, 1], 1, [0.0, 1.0], np.float32([0, 1])):
            # the prediction decides, not the labels
            assert getattr(ce, name)(y, x, reduction="none").dtype == want
            assert getattr(ce, name)(y if np.ndim(y) else [y], 1, reduction="none").dtype == float
    for y in ([0.0, 1.0], np.float32([0, 1])):
        assert ce.binary_cross_entropy_with_logits_grad(y, x).dtype == want


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_dtypes_of_rows(dtype):
    rows = np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]], dtype=dtype)
    for name in ("softmax", "log_softmax", "logsumexp", "entropy", "perplexity"):
        assert getattr(ce, name)(rows).dtype == dtype
    assert ce.smooth_labels(rows, 0.1).dtype == dtype
    for name in PAIRS:  # here neither is a label
        assert getattr(ce, name)(rows, rows).dtype == dtype
        for pair in ((rows, rows.astype(float)), (rows.astype(float), rows)):
            assert getattr(ce, name)(*pair).dtype == float
    for t in (rows.astype(float), rows.astype("f4"), [[1, 0, 0], [0, 1, 0]]):
        for name in ("categorical_cross_entropy", "categorical_cross_entropy_with_logits"):
            assert getattr(ce, name)(t, rows, reduction="none").dtype == dtype
        assert ce.categorical_cross_entropy_with_logits_grad(t, rows).dtype == dtype
        assert (
            ce.categorical_cross_entropy_with_logits_grad(t, np.eye(3, dtype=int)[:2]).dtype
            == float
        )
    for name in SPARSE:
        assert getattr(ce, name)([0, 1], rows, reduction="none").dtype == dtype
    assert ce.categorical_cross_entropy_with_logits_grad(rows, rows).dtype == dtype


@pytest.mark.parametrize("name", BINARY)
def test_reductions(name):
    f = getattr(ce, name)
    y, x = np.array([[0, 1, 1], [1, 0, 0]]), np.array([[0.2, 0.7, 0.9], [0.4, 0.5, 0.1]])
    each = f(y, x, reduction="none")
    assert each.shape == y.shape
    assert f(y, x, reduction="sum") == pytest.approx(each.sum(), rel=1e-14)
    assert f(y, x) == pytest.approx(each.mean(), rel=1e-14)


def test_weights_of_worked_examples():
    q, w = np.log([[0.8, 0.2], [0.6, 0.4]]), (1, 3)
    f = ce.sparse_categorical_cross_entropy_with_logits
    assert f([0, 1], q, class_weight=w) == pytest.approx(0.7430, abs=5e-5)
    assert f([0, 1], q, class_weight=w, weight_norm="n") == pytest.approx(1.486, abs=5e-4)
    assert f([0, 1], q, class_weight=w, reduction="sum") == pytest.approx(2.972, abs=5e-4)
    ours = ce.binary_cross_entropy_with_logits([1, 0], [2.0, -1.0], pos_weight=3)
    assert ours == pytest.approx(0.3470, abs=5e-5)


def test_a_row_of_weight_0_does_not_count_even_if_infinite():
    assert ce.binary_cross_entropy([1, 1], [0.0, 0.5], sample_weight=[0, 2]) == math.log(2)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize(
    ("labels", "index"),
    [
        (np.int8([0, 1]), 0),
        (np.array([False, True]), 0),
        (np.int64([-100, 1]), -100),
        (np.uint64([2**64 - 1, 1]), 2**64 - 1),
        (np.uint8([255, 1]), np.uint8(255)),
    ],
)
def test_ignored_rows_have_no_loss(dtype, labels, index):
    f, z = ce.sparse_categorical_cross_entropy_with_logits, np.array([[-INF, 0], [0, 0]], dtype)
    each = f(labels, z, ignore_index=index, reduction="none")
    assert each.dtype == dtype
    assert each.tolist() == [0, np.array(math.log(2), dtype)]
    assert f(labels, z, ignore_index=index) == each[1]
    assert f(labels, z, ignore_index=index, weight_norm="n", class_weight=[1, 3]) == 3 * each[1]
    assert np.array_equal(f(labels[1], z, ignore_index=10**30, reduction="none"), each)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_a_single_prediction_keeps_its_digits_beside_labels_of_any_dtype(dtype):
    ones = np.ones(2, dtype)
    assert ce.binary_cross_entropy(ones, 1e-50) == pytest.approx(-math.log(1e-50), rel=1e-15)
    assert ce.binary_cross_entropy_with_logits(1 - ones, 1e300) == 1e300
    assert ce.focal_loss(ones, 1e-50, gamma=0) == pytest.approx(-math.log(1e-50), rel=1e-15)
    assert ce.hinge_loss(1 - ones, 1e300) == 1e300


SURPRISES = np.array([math.log(2), -math.log(0.8)])  # of the labels [1, 0] at [0.5, 0.2]


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize(
    "w", [(1e300, 1), (1e-50, 1e-50), (1e308, 0), (0, 1.7e308), (5e-324, 5e-324), (1e-300, 3e-300)]
)
def test_weights_of_any_size_count_as_they_stand(dtype, w):
    p = np.array([0.5, 0.2], dtype)
    rel = 1e-15 if dtype == "f8" else 1e-7
    share = np.array(w) / max(w)
    mean = (share * SURPRISES).sum() / share.sum()
    assert ce.binary_cross_entropy([1, 0], p, sample_weight=w) == pytest.approx(mean, rel=rel)
    z = np.array([0, -math.log(4)], dtype)
    losses = ce.binary_cross_entropy_with_logits
    assert losses([1, 0], z, sample_weight=w) == pytest.approx(mean, rel=rel)
    rows = ce.sparse_categorical_cross_entropy_with_logits
    got = rows([1, 0], np.array([[0, 0], [math.log(4), 0]], dtype), class_weight=w[::-1])
    assert got == pytest.approx(mean, rel=rel)
    total = ce.binary_cross_entropy([1, 0], p, sample_weight=w, reduction="sum")
    assert total == pytest.approx((w * SURPRISES).sum(), rel=rel)
    each = ce.binary_cross_entropy([1, 0], p, sample_weight=w, reduction="none")
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(each, (w * SURPRISES).astype(dtype), rtol=rel)


def test_weighted_means_overflow_only_where_they_are_too_large():
    # 1 − σ(3) against the label 0, and a row that does not count
    y, z, loss = [0, 0], [3.0, 0.0], ce.softplus(3.0)
    f = ce.binary_cross_entropy_with_logits
    assert f(y, z, sample_weight=[1e308, 0]) == pytest.approx(loss, rel=1e-15)
    assert f(y, z, sample_weight=1e308) == pytest.approx((loss + math.log(2)) / 2, rel=1e-15)
    assert f(y, z, sample_weight=[1e308, 0], reduction="sum") == INF
    rows = ce.sparse_categorical_cross_entropy_with_logits
    by_number = rows([0, 1], np.zeros((2, 2)), class_weight=[1e308, 5e307], weight_norm="n")
    assert by_number == pytest.approx(0.75e308 * math.log(2), rel=1e-15)
    heavy = rows([0, 1], [[-3.0, 0.0], [0.0, 0.0]], class_weight=[1e308, 0], weight_norm="n")
    assert heavy == pytest.approx(loss / 2 * 1e308, rel=1e-15)


def test_pos_weight_beyond_float32():
    y, z = np.float32([1, 0, 1, 0]), np.float32([0, 0, INF, -INF])
    f = ce.binary_cross_entropy_with_logits
    ln2 = math.log(2)
    assert f(y, z, pos_weight=1e300) == pytest.approx(ln2 / 4 * 1e300, rel=1e-7)
    assert f(y, z, pos_weight=1e300, reduction="none").tolist() == [INF, np.float32(ln2), 0, 0]
    assert ce.binary_cross_entropy_with_logits_grad(y, z, pos_weight=1e300).tolist() == (
        [-INF, 0.5, 0, 0]
    )


@pytest.mark.parametrize(
    ("z", "temperature", "dtype", "want"),
    [
        ([1, 1, 0], 1e-50, "f4", [0.5, 0.5, 0]),
        ([1, 1, 0], 5e-324, "f8", [0.5, 0.5, 0]),
        ([1, 1, 0], 1e50, "f4", [1 / 3, 1 / 3, 1 / 3]),
        ([1e308, -1e308], 1e308, "f8", [1 / (1 + math.exp(-2)), 1 / (1 + math.exp(2))]),
        ([3e38, -3e38], 3e38, "f4", [1 / (1 + math.exp(-2)), 1 / (1 + math.exp(2))]),
        ([5e-324, 0], 5e-324, "f8", [1 / (1 + math.exp(-1)), 1 / (1 + math.e)]),
        ([1e308, -1e308, -INF], 1.5, "f8", [1, 0, 0]),
        ([INF, -1e308, 0], 1e308, "f8", [1, 0, 0]),
    ],
)
def test_temperature_of_any_size(z, temperature, dtype, want):
    z = np.array(z, dtype)
    got = ce.softmax(z, temperature=temperature)
    assert got.dtype == dtype
    rel = 1e-15 if dtype == "f8" else 3e-7
    np.testing.assert_allclose(got, want, rtol=rel)
    with np.errstate(divide="ignore"):
        logs = ce.log_softmax(z, temperature=temperature)
        large = got > 0
        np.testing.assert_allclose(logs[large], np.log(want)[large], rtol=rel, atol=rel)
    assert (logs[~large] < -700).all()


def test_infinite_logits_are_certainty():
    z = [INF, -INF, INF, -INF]
    loss = ce.binary_cross_entropy_with_logits([1, 0, 0, 1], z, reduction="none")
    assert loss.tolist() == [0, 0, INF, INF]
    for options in ({"pos_weight": 3}, {"sample_weight": [1, 2, 3, 4]}):
        loss = ce.binary_cross_entropy_with_logits([1, 0, 0, 1], z, reduction="none", **options)
        assert loss.tolist() == [0, 0, INF, INF]
    assert ce.binary_cross_entropy_with_logits(0.5, INF) == INF
    slopes = ce.binary_cross_entropy_with_logits_grad([1, 0, 0, 1], z)
    assert slopes.tolist() == [0, 0, 1, -1]
    focal = ce.focal_loss_with_logits([1, 0, 0, 1], z, reduction="none")
    assert focal.tolist() == [0, 0, INF, INF]
    assert ce.hinge_loss([1, 0], [INF, -INF]) == 0
    assert ce.hinge_loss([1, 0], [-INF, -INF]) == INF


def test_infinite_logits_of_rows():
    z = [[INF, 0.0, -INF], [-INF, 0.0, 0.0]]
    assert ce.softmax(z).tolist() == [[1, 0, 0], [0, 0.5, 0.5]]
    assert ce.log_softmax(z)[0].tolist() == [0, -INF, -INF]
    losses = ce.sparse_categorical_cross_entropy_with_logits
    assert losses([0, 0], z, reduction="none").tolist() == [0, INF]
    assert losses([1, 2], z, reduction="none").tolist() == [INF, math.log(2)]
    soft = ce.categorical_cross_entropy_with_logits([[1, 0, 0], [0, 0.5, 0.5]], z, reduction="none")
    assert soft.tolist() == [0, math.log(2)]
    assert ce.categorical_cross_entropy_with_logits_grad([0, 1, 0], z[0]).tolist() == [1, -1, 0]
    focal = ce.sparse_categorical_focal_loss_with_logits([0, 0], z, reduction="none")
    assert focal.tolist() == [0, INF]
    assert ce.logsumexp([[INF, INF], [-INF, -INF], [INF, -INF]]).tolist() == [INF, -INF, INF]
    assert ce.cumulative_link_nll([2, 0], [INF, -INF], [0.0, 1.0]) == 0
    assert ce.cumulative_link_nll([1], [INF], [0.0, 1.0]) == INF


def test_no_warning_at_the_ends_of_the_floats():
    """pytest makes every warning an error."""
    wide = [-1e308, 1e308]
    assert ce.cumulative_link_nll(1, 0.0, wide) == 0
    assert ce.cumulative_link_nll([0, 2], [1e308, -1e308], wide) == INF
    assert ce.cumulative_link_nll([0, 2], [-1e308, 1e308], wide) == pytest.approx(math.log(2))
    huge = np.longdouble("1e400") if np.finfo(np.longdouble).max > 1e308 else INF
    assert ce.sigmoid(huge) == 1
    assert ce.softplus(np.array([huge]))[0] == INF


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp", "entropy"])
def test_axis_is_the_axis_of_the_classes(name):
    f = getattr(ce, name)
    x = ce.softmax(np.random.default_rng(3).normal(size=(2, 5, 3, 4)), axis=1)
    got = f(x, axis=1)
    moved = f(np.ascontiguousarray(np.moveaxis(x, 1, -1)))
    want = moved if moved.ndim == 3 else np.moveaxis(moved, -1, 1)
    assert np.array_equal(got, want)
    assert np.array_equal(f(x, axis=-3), got)


@pytest.mark.parametrize("k", [1, 3, 63, 64, 1000, 20_000])
def test_blocks_of_rows_are_seamless(k):
    """Rows that fill several blocks give what each gives alone."""
    n = 2 * _evaluate.BLOCK // k + 3
    rng = np.random.default_rng(k)
    z, labels = rng.normal(size=(n, k)), rng.integers(k, size=n)
    loss = ce.sparse_categorical_cross_entropy_with_logits(labels, z, reduction="none")
    for i in {0, n // 2, n - 1}:
        alone = ce.sparse_categorical_cross_entropy_with_logits(labels[i], z[i])
        assert loss[i] == pytest.approx(alone, rel=1e-14)
        np.testing.assert_allclose(ce.softmax(z)[i], ce.softmax(z[i]), rtol=1e-14)


def test_blocks_of_elements_are_seamless_for_any_layout():
    z = np.random.default_rng(1).normal(size=(300, 401))
    y = (z > 0.5).astype(int)
    want = np.array([[ce.sigmoid(v) for v in row] for row in z[:2]])
    layouts = (z, np.asfortranarray(z), np.repeat(z, 2, axis=1)[:, ::2], z[::-1][::-1])
    for same in layouts:
        assert np.array_equal(ce.sigmoid(same)[:2], want)
        losses = ce.binary_cross_entropy_with_logits(y, same, reduction="none")
        assert losses.shape == z.shape
        assert losses[-1, -1] == ce.binary_cross_entropy_with_logits(y[-1, -1], z[-1, -1])


def test_mean_of_many_float32_rows_keeps_its_digits():
    z = np.random.default_rng(2).normal(size=1_000_003).astype(np.float32)
    exact = math.fsum(ce.binary_cross_entropy_with_logits(1, z.astype(float), reduction="none"))
    assert ce.binary_cross_entropy_with_logits(1, z) == pytest.approx(exact / len(z), rel=1e-8)
    exact = math.fsum(np.maximum(0, 1 + z.astype(float)) ** 2)
    assert ce.squared_hinge_loss(0, z) == pytest.approx(exact / len(z), rel=1e-8)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_sum_between_blocks_is_exact(dtype):
    """A first block that a last one takes away, and the block of ones between them."""
    ends, n = np.zeros(_evaluate.BLOCK, dtype), 3 * _evaluate.BLOCK
    ends[0] = 2.0**100
    x = np.concatenate([ends, np.ones_like(ends), -ends])
    for reduction, want in (("sum", n / 3), ("mean", 1 / 3)):
        assert _evaluate.by_element(np.positive, x, reduction=reduction) == want
        assert _evaluate.by_row(lambda x: x[:, 0], x[:, None], reduction=reduction) == want


def test_mean_is_infinite_only_where_a_loss_is():
    big = np.full(3, 1.5e308)
    assert ce.binary_cross_entropy_with_logits(0, big) == pytest.approx(1.5e308)
    assert ce.binary_cross_entropy_with_logits(0, big, reduction="sum") == INF
    assert ce.binary_cross_entropy_with_logits(0, np.tile(big, 20_000)) == pytest.approx(1.5e308)


def test_inputs_are_left_alone():
    z, y = np.array([[INF, 0.0], [1.0, -INF]]), np.array([0, 1])
    before = z.copy()
    ce.sparse_categorical_cross_entropy_with_logits(y, z)
    ce.softmax(z)
    ce.binary_cross_entropy_with_logits(y, z[:, 0])
    assert np.array_equal(z, before)
    out = ce.softplus(z)
    out[:] = 7
    assert np.array_equal(z, before)


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8"])
def test_a_million_rows_need_no_large_temporary(dtype):
    n = 1_000_000
    y = (np.arange(n) % 3 == 0).astype(dtype)
    z = np.linspace(-9, 9, 2 * n).astype(dtype)[::2]  # not contiguous either
    weight = np.ones(n)
    tracemalloc.start()
    try:
        ce.binary_cross_entropy_with_logits(y, z)
        ce.binary_cross_entropy(y, y)
        ce.focal_loss_with_logits(y, z, alpha=0.25)
        ce.binary_cross_entropy_with_logits(y, z, pos_weight=2, sample_weight=weight)
        ce.sparse_categorical_cross_entropy_with_logits(np.zeros(n // 4, "i8"), z.reshape(-1, 4))
        assert tracemalloc.get_traced_memory()[1] < 4e6
    finally:
        tracemalloc.stop()

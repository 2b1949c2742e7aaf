"""The small network: gradients against finite differences, Adam against a reference, learning."""

import math
import re

import numpy as np
import pytest
from sklearn.datasets import load_digits

import cehelpers as ce
from cehelpers import networks
from cehelpers.networks import Network

NAN, INF = math.nan, math.inf
SIZES = [(3, 1), (3, 4), (3, 5, 1), (3, 5, 4, 1), (3, 5, 4), (3, 6, 5, 3), (2, 1, 2)]


def with_one(X, value):
    changed = X.copy()
    changed[1, 2] = value
    return changed


def make(sizes, seed=0, n=40, dtype=np.float64):
    """A network with biases of its own, rows, and soft targets with some hard ones among them."""
    rng = np.random.default_rng(seed)
    net = ce.init_mlp(sizes, rng=rng, dtype=dtype)
    biases = tuple(rng.normal(scale=0.3, size=b.shape).astype(dtype) for b in net.biases)
    X = rng.normal(size=(n, sizes[0])).astype(dtype)
    if sizes[-1] == 1:
        targets = rng.random(n)
        targets[: n // 2] = targets[: n // 2] > 0.5
    else:
        targets = rng.dirichlet(np.ones(sizes[-1]), size=n)
        targets[: n // 2] = np.eye(sizes[-1])[rng.integers(sizes[-1], size=n // 2)]
    return Network(net.weights, biases), X, targets


def arrays(net):
    return [*net.weights, *net.biases]


def squared_error(targets, logits):
    """½ Σ (p − t)² a row, from the definition."""
    if logits.ndim == 1:
        return 0.5 * (1 / (1 + np.exp(-logits)) - targets) ** 2
    e = np.exp(logits)
    return 0.5 * ((e / e.sum(axis=1, keepdims=True) - targets) ** 2).sum(axis=1)


def cross_entropy(targets, logits, pos_weight=1.0):
    """A row's cross-entropy, from the definition."""
    if logits.ndim == 1:
        p = 1 / (1 + np.exp(-logits))
        return -(pos_weight * targets * np.log(p) + (1 - targets) * np.log(1 - p))
    e = np.exp(logits)
    return -(targets * np.log(e / e.sum(axis=1, keepdims=True))).sum(axis=1)


def plain_logits(net, X):
    a = X
    for W, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
        a = np.where(a @ W + b > 0, a @ W + b, 0)
    z = a @ net.weights[-1] + net.biases[-1]
    return z.ravel() if z.shape[1] == 1 else z


def differences(net, objective, h=1e-6):
    """Central differences of objective(net) in every parameter."""
    out = []
    for parameter in arrays(net):
        slope = np.empty_like(parameter)
        for i in np.ndindex(parameter.shape):
            old = parameter[i]
            parameter[i] = old + h
            up = objective(net)
            parameter[i] = old - h
            down = objective(net)
            parameter[i] = old
            slope[i] = (up - down) / (2 * h)
        out.append(slope)
    return out


# ------------------------------------------------------------------ forward and backward


@pytest.mark.parametrize("sizes", SIZES)
def test_logits_are_those_of_the_definition(sizes):
    net, X, _ = make(sizes, n=2 * networks.ROWS + 3)
    z = ce.mlp_logits(net, X)
    assert z.shape == ((len(X),) if sizes[-1] == 1 else (len(X), sizes[-1]))
    np.testing.assert_allclose(z, plain_logits(net, X), atol=1e-12)
    features = ce.mlp_features(net, X)
    assert features.shape == (len(X), sizes[-2])
    again = features @ net.weights[-1] + net.biases[-1]
    np.testing.assert_allclose(again.reshape(z.shape), z, atol=1e-12)
    if len(sizes) > 2:
        assert features.min() == 0
    else:
        assert np.array_equal(features, X)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
@pytest.mark.parametrize("sizes", SIZES)
def test_gradients_are_finite_differences(sizes, loss, weighted):
    net, X, targets = make(sizes, seed=len(sizes))
    weight = np.random.default_rng(9).integers(0, 4, size=len(X)) * 1.0
    function = {"cross_entropy": cross_entropy, "squared_error": squared_error}[loss]

    def objective(net):
        each = function(targets, plain_logits(net, X))
        penalty = 0.05 * sum((W**2).sum() for W in net.weights)
        return np.average(each, weights=weight if weighted else None) + penalty

    options = {"sample_weight": weight} if weighted else {}
    gradients = ce.mlp_gradients(net, X, targets, loss=loss, l2=0.1, **options)
    for got, want in zip(arrays(gradients), differences(net, objective), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=2e-8)


def test_gradients_with_pos_weight_are_finite_differences():
    net, X, targets = make((3, 5, 1))

    def objective(net):
        return cross_entropy(targets, plain_logits(net, X), pos_weight=7.0).mean()

    gradients = ce.mlp_gradients(net, X, targets, pos_weight=7.0)
    for got, want in zip(arrays(gradients), differences(net, objective), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=2e-8)


def test_a_loss_may_be_a_function_of_its_slopes():
    """Focal loss, whose slope is taken here by differences of the package's own loss."""
    net, X, targets = make((3, 5, 1))
    hard = (targets > 0.5).astype(int)

    def focal_slopes(y, z, h=1e-5):
        up, down = (ce.focal_loss_with_logits(y, z + s, reduction="none") for s in (h, -h))
        return (up - down) / (2 * h)

    def objective(net):
        return ce.focal_loss_with_logits(hard, plain_logits(net, X))

    gradients = ce.mlp_gradients(net, X, hard, loss=focal_slopes)
    for got, want in zip(arrays(gradients), differences(net, objective), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=2e-8)


def test_a_function_may_have_targets_of_its_own():
    net, X, _ = make((3, 5, 4))
    labels = np.arange(len(X)) % 4
    own = ce.mlp_gradients(
        net,
        X,
        labels,
        loss=lambda k, z: ce.categorical_cross_entropy_with_logits_grad(ce.one_hot(k, 4), z),
    )
    usual = ce.mlp_gradients(net, X, ce.one_hot(labels, 4))
    assert all(map(np.array_equal, arrays(own), arrays(usual)))


@pytest.mark.parametrize("sizes", [(3, 5, 1), (3, 5, 4)])
def test_weighted_gradient_is_that_of_repeated_rows(sizes):
    net, X, targets = make(sizes)
    weight = np.arange(len(X)) % 3
    weighted = ce.mlp_gradients(net, X, targets, sample_weight=weight)
    rows = np.repeat(np.arange(len(X)), weight)
    repeated = ce.mlp_gradients(net, X[rows], targets[rows])
    for got, want in zip(arrays(weighted), arrays(repeated), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-11, atol=1e-14)


def test_one_logit_learns_as_two_do():
    """σ(z) is the softmax of (0, z): the slopes of the two-logit network's difference are equal."""
    net, X, y = make((3, 5, 1))
    W, b = net.weights[-1], net.biases[-1]
    twin = Network((net.weights[0], np.hstack([0 * W, W])), (net.biases[0], np.append(0, b)))
    one = ce.mlp_gradients(net, X, y)
    two = ce.mlp_gradients(twin, X, np.column_stack([1 - y, y]))
    np.testing.assert_allclose(one.weights[0], two.weights[0], rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(one.weights[1][:, 0], two.weights[1][:, 1], rtol=1e-10)


def test_squared_error_saturates_where_cross_entropy_does_not():
    """Notebook 06: at z = −6, y = 1 the slopes in the logit are −.00246 and −.9975."""
    net = Network((np.array([[-6.0]]),), (np.array([0.0]),))
    squared = ce.mlp_gradients(net, [[1.0]], [1], loss="squared_error").biases[0][0]
    assert squared == pytest.approx(-0.00246, abs=5e-6)
    assert ce.mlp_gradients(net, [[1.0]], [1]).biases[0][0] == pytest.approx(-0.9975, abs=5e-5)


def test_the_neuron_that_starts_wrong():
    """w = b = 2, x = 1, y = 0, η = .15: 300 plain steps bring the output to .2028, CE to .0120."""
    for loss, want in (("squared_error", 0.2028), ("cross_entropy", 0.0120)):
        net = Network((np.array([[2.0]]),), (np.array([2.0]),))
        for _ in range(300):
            slopes = ce.mlp_gradients(net, [[1.0]], [0], loss=loss)
            net = Network(
                (net.weights[0] - 0.15 * slopes.weights[0],),
                (net.biases[0] - 0.15 * slopes.biases[0],),
            )
        assert ce.sigmoid(ce.mlp_logits(net, [[1.0]]))[0] == pytest.approx(want, abs=5e-5)


@pytest.mark.parametrize("sizes", [(20, 16, 8, 1), (20, 16, 3)])
def test_float32_is_close_to_float64(sizes):
    net, X, targets = make(sizes, n=500)
    small = Network(*(tuple(x.astype("f4") for x in part) for part in net))
    for loss in ("cross_entropy", "squared_error"):
        narrow = ce.mlp_gradients(small, X.astype("f4"), targets, loss=loss)
        wide = ce.mlp_gradients(net, X, targets, loss=loss)
        for got, want in zip(arrays(narrow), arrays(wide), strict=True):
            assert got.dtype == np.float32
            np.testing.assert_allclose(got, want, atol=1e-5 * np.absolute(want).max() + 1e-7)
    z = ce.mlp_logits(small, X)  # the network's dtype decides
    assert z.dtype == ce.mlp_features(small, X).dtype == np.float32
    np.testing.assert_allclose(z, ce.mlp_logits(net, X), atol=1e-4)


# ------------------------------------------------------------------ the first weights


def test_first_weights_are_hes():
    net = ce.init_mlp((200, 300, 100), rng=np.random.default_rng(1))
    for W, fan_in in zip(net.weights, (200, 300), strict=True):
        assert W.std() == pytest.approx(math.sqrt(2 / fan_in), rel=0.02)
        assert abs(W.mean()) < 0.001
    assert not any(b.any() for b in net.biases)


def test_output_options_touch_the_last_layer_only():
    def draw(**options):
        return ce.init_mlp((4, 5, 3), rng=np.random.default_rng(2), **options)

    plain, changed = draw(), draw(output_scale=0.5, output_bias=[-1.0, 0.0, 2.0])
    assert np.array_equal(changed.weights[0], plain.weights[0])
    np.testing.assert_allclose(changed.weights[1], plain.weights[1] / 2, rtol=1e-15)
    assert changed.biases[0].tolist() == [0] * 5
    assert changed.biases[1].tolist() == [-1, 0, 2]
    assert draw(output_bias=-6).biases[1].tolist() == [-6] * 3
    narrow = draw(dtype=np.float32)
    assert all(x.dtype == np.float32 for x in arrays(narrow))
    assert np.array_equal(narrow.weights[0], plain.weights[0].astype("f4"))


# ------------------------------------------------------------------ training


def adam_reference(net, X, targets, *, steps, rates):
    """Algorithm 1 of Kingma & Ba (2015), on the full batch."""
    theta = [p.copy() for p in arrays(net)]
    m, v = [0 * p for p in theta], [0 * p for p in theta]
    for t in range(1, steps + 1):
        layers = len(net.weights)
        now = Network(tuple(theta[:layers]), tuple(theta[layers:]))
        for i, g in enumerate(arrays(ce.mlp_gradients(now, X, targets))):
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            m_hat, v_hat = m[i] / (1 - 0.9**t), v[i] / (1 - 0.999**t)
            theta[i] = theta[i] - rates[t - 1] * m_hat / (np.sqrt(v_hat) + 1e-8)
    return theta


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
@pytest.mark.parametrize("sizes", [(3, 5, 1), (3, 5, 4)])
def test_adam_is_the_published_one(sizes, schedule):
    net, X, targets = make(sizes)
    rates = [0.01] * 8
    if schedule == "cosine":
        rates = [0.005 * (1 + math.cos(math.pi * epoch / 8)) for epoch in range(8)]
    want = adam_reference(net, X, targets, steps=8, rates=rates)
    got = ce.fit_mlp(
        net,
        X,
        targets,
        epochs=8,
        batch_size=999,
        learning_rate=0.01,
        schedule=schedule,
        rng=np.random.default_rng(0),
    )
    for ours, theirs in zip(arrays(got), want, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_every_row_is_seen_once_an_epoch_in_a_new_order():
    net, X, _ = make((3, 5, 1), n=25)
    seen = []

    def spy(rows, z):
        seen.append(rows.astype(int).tolist())
        return np.zeros_like(z)

    rng = np.random.default_rng(0)
    same = ce.fit_mlp(net, X, np.arange(25), epochs=2, batch_size=10, rng=rng, loss=spy)
    assert [len(batch) for batch in seen] == [10, 10, 5] * 2
    epochs = [[*seen[0], *seen[1], *seen[2]], [*seen[3], *seen[4], *seen[5]]]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(25))
    assert epochs[0] != epochs[1] != list(range(25))
    assert all(map(np.array_equal, arrays(same), arrays(net)))  # slopes of 0 move nothing


def test_callback_sees_each_epoch_and_may_keep_the_networks():
    net, X, targets = make((3, 5, 1))
    before = [p.copy() for p in arrays(net)]
    kept = []
    last = ce.fit_mlp(
        net,
        X,
        targets,
        epochs=3,
        batch_size=7,
        rng=np.random.default_rng(0),
        callback=lambda epoch, net: kept.append((epoch, net, [p.copy() for p in arrays(net)])),
    )
    assert [epoch for epoch, *_ in kept] == [1, 2, 3]
    for _, snapshot, copies in kept:  # which later epochs have not changed
        assert all(map(np.array_equal, arrays(snapshot), copies))
    assert all(map(np.array_equal, arrays(kept[-1][1]), arrays(last)))
    assert not np.array_equal(kept[0][1].weights[0], kept[1][1].weights[0])
    assert all(map(np.array_equal, arrays(net), before))  # and the first one stays as it was


def test_the_seed_decides():
    net, X, targets = make((3, 5, 1))

    def train(seed):
        rng = np.random.default_rng(seed)
        return arrays(ce.fit_mlp(net, X, targets, epochs=2, batch_size=8, rng=rng))

    assert all(map(np.array_equal, train(1), train(1)))
    assert not np.array_equal(train(1)[0], train(2)[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_nudge_moves_every_first_weight_by_its_last_bit(monkeypatch, dtype):
    net, X, targets = make((3, 5, 1), dtype=dtype)

    def first_weights():  # slopes of 0 move nothing else
        still = ce.fit_mlp(
            net, X, targets, epochs=1, rng=np.random.default_rng(0), loss=lambda t, z: 0 * z
        )
        return np.concatenate([W.ravel() for W in still.weights])

    monkeypatch.delenv("CEHELPERS_NUDGE", raising=False)
    plain = first_weights()
    np.testing.assert_array_equal(plain, np.concatenate([W.ravel() for W in net.weights]))
    nudged = []
    for world in ("1", "2"):
        monkeypatch.setenv("CEHELPERS_NUDGE", world)
        nudged.append(first_weights())
        assert (nudged[-1] != plain).all() and nudged[-1].dtype == dtype
        np.testing.assert_allclose(nudged[-1], plain, rtol=2e-7)
    assert (nudged[0] != nudged[1]).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scale_of_sample_weight_does_not_matter_but_weight_0_does(dtype):
    net, X, targets = make((3, 5, 1), dtype=dtype)
    weight = np.arange(len(X)) % 2

    def train(X, weight):
        rng = np.random.default_rng(3)
        options = {"epochs": 5, "batch_size": 8, "rng": rng, "sample_weight": weight}
        return ce.fit_mlp(net, X, targets, **options)

    one, scaled = train(X, weight), train(X, 1000 * weight)
    other = train(np.where(weight[:, None] == 0, 5.0, X), weight)  # rows that do not count
    assert one.weights[0].dtype == dtype
    for a, b, c in zip(arrays(one), arrays(scaled), arrays(other), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
        np.testing.assert_allclose(a, c, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_xor_is_learned(dtype):
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    rng = np.random.default_rng(0)
    net = ce.init_mlp((2, 8, 1), rng=rng, dtype=dtype)
    before = ce.binary_cross_entropy_with_logits(y, ce.mlp_logits(net, X))
    net = ce.fit_mlp(net, X, y, epochs=500, rng=rng, learning_rate=0.05)
    after = ce.binary_cross_entropy_with_logits(y, ce.mlp_logits(net, X))
    assert before > 0.5
    assert after < 0.01


def test_a_network_without_hidden_layer_is_logistic_regression():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(300, 3))
    y = (rng.random(300) < ce.sigmoid(X[:, 0] - 1)).astype(int)
    net = ce.init_mlp((3, 1), rng=rng)
    options = {"epochs": 1000, "batch_size": 300, "learning_rate": 0.05, "schedule": "cosine"}
    net = ce.fit_mlp(net, X, y, rng=rng, l2=0.02, **options)
    newton = ce.fit_logistic(X, y, l2=0.02 * 300)  # whose losses are summed
    np.testing.assert_allclose(net.weights[0][:, 0], newton.coef, atol=1e-4)
    assert net.biases[0][0] == pytest.approx(newton.intercept, abs=1e-4)


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
@pytest.mark.parametrize("alpha", [0.0, 0.1])
def test_digits_are_learned(loss, alpha):
    data = load_digits()
    X = (data.data / 16).astype("f4")
    train, test = slice(0, 1200), slice(1200, None)
    rng = np.random.default_rng(5)
    net = ce.init_mlp((64, 32, 10), rng=rng, dtype=np.float32)
    targets = ce.smooth_labels(ce.one_hot(data.target[train], 10), alpha)
    losses = []

    def watch(epoch, net):
        logits = ce.mlp_logits(net, X[train])
        losses.append(ce.categorical_cross_entropy_with_logits(targets, logits))

    net = ce.fit_mlp(
        net,
        X[train],
        targets,
        epochs=15,
        batch_size=32,
        learning_rate=5e-3,
        rng=rng,
        loss=loss,
        schedule="cosine",
        callback=watch,
    )
    assert losses[-1] < losses[4] < losses[0]
    assert losses[-1] >= ce.entropy(targets[0])  # the floor of smoothed targets
    right = ce.mlp_logits(net, X[test]).argmax(axis=1) == data.target[test]
    assert right.mean() > 0.88


def test_pos_weight_moves_the_output_bias_by_its_logarithm():
    """With nothing to learn from X but the base rate, the best logit is logit(π) + ln w."""
    y = np.arange(200) < 20
    X = np.zeros((200, 2))
    rng = np.random.default_rng(0)
    net = ce.init_mlp((2, 3, 1), rng=rng, output_bias=ce.logit(0.1))
    start = ce.mlp_logits(net, X)
    assert ce.sigmoid(start).mean() == pytest.approx(0.1)
    options = {"epochs": 400, "batch_size": 200, "learning_rate": 0.05, "schedule": "cosine"}
    net = ce.fit_mlp(net, X, y, rng=rng, pos_weight=9.0, **options)
    assert ce.mlp_logits(net, X)[0] == pytest.approx(ce.logit(0.1) + math.log(9), abs=1e-3)


# ------------------------------------------------------------------ bad input

RNG = np.random.default_rng(0)
NET, X, Y = make((3, 5, 1), n=4)
WIDE, _, ROWS = make((3, 5, 4), n=4)
INIT = {"sizes": (3, 5, 1), "rng": RNG}
GRADIENTS = {"net": NET, "X": X, "targets": Y}
FIT = GRADIENTS | {"epochs": 1, "rng": RNG}
CALLS = {
    "init_mlp": INIT,
    "mlp_logits": {"net": NET, "X": X},
    "mlp_features": {"net": NET, "X": X},
    "mlp_gradients": GRADIENTS,
    "fit_mlp": FIT,
}
BAD_X = [
    ("net", None, TypeError, "net must be a Network; got None"),
    ("X", None, TypeError, "X must hold real numbers; got None"),
    ("X", X[:, :2], ValueError, "X must have shape (n, 3); got (4, 2)"),
    ("X", X[0], ValueError, "X must have shape (n, 3); got (3,)"),
    ("X", X[:0], ValueError, "X must not be empty; got shape (0, 3)"),
    ("X", with_one(X, NAN), ValueError, "be finite in float64; got nan at index (1, 2)"),
    ("X", with_one(X, INF), ValueError, "be finite in float64; got inf at index (1, 2)"),
]
BAD_TASK = [
    ("targets", None, TypeError, "targets must hold real numbers; got None"),
    ("targets", [0, 1, 0, 2], ValueError, "targets must lie in [0, 1]; got 2 at index 3"),
    ("targets", [0, 1, 0, NAN], ValueError, "targets must lie in [0, 1]; got nan at index 3"),
    ("targets", [0, 1, 0], ValueError, "targets must have shape (4,); got (3,)"),
    ("targets", [[0], [1], [0], [1]], ValueError, "targets must have shape (4,); got (4, 1)"),
    ("targets", 1, ValueError, "targets must have shape (4,); got ()"),
    ("loss", "mse", ValueError, "loss must be one of 'cross_entropy', 'squared_error'; got 'mse'"),
    ("loss", None, ValueError, "got None"),
    ("loss", lambda t, z: z[:, None], ValueError, "slopes of shape (4,); got shape (4, 1)"),
    ("loss", lambda t, z: z * NAN, ValueError, "finite slopes of shape (4,); got [nan"),
    ("pos_weight", 0, ValueError, "pos_weight must be positive and finite; got 0"),
    ("pos_weight", "2", TypeError, "pos_weight must hold real numbers; got '2'"),
    ("pos_weight", [1, 2], TypeError, "pos_weight must be one number; got an array of shape (2,)"),
    ("sample_weight", [1, 1, 1], ValueError, "sample_weight must have shape (4,); got (3,)"),
    ("sample_weight", [1, 1, 1, -1], ValueError, "finite and not negative; got -1 at index 3"),
    ("sample_weight", [0, 0, 0, 0], ValueError, "sample_weight must have a positive, finite sum"),
    ("l2", -0.1, ValueError, "l2 must be finite and not negative; got -0.1"),
    ("l2", None, TypeError, "l2 must hold real numbers; got None"),
]
BAD = {
    "init_mlp": [
        ("sizes", 3, ValueError, "sizes must be two or more integers; got 3"),
        ("sizes", (3,), ValueError, "sizes must be two or more integers; got (3,)"),
        ("sizes", (3, 0, 1), ValueError, "sizes must be at least 1; got 0"),
        ("sizes", (3, 2.0, 1), TypeError, "sizes must be an integer; got 2.0"),
        ("rng", 0, TypeError, "rng must be a numpy.random.Generator; got 0"),
        ("dtype", np.int64, ValueError, "dtype must be float32 or float64; got <class"),
        ("dtype", "half", ValueError, "dtype must be float32 or float64; got 'half'"),
        ("output_bias", [1.0, 2.0], ValueError, "output_bias must have shape (1,); got (2,)"),
        ("output_bias", -INF, ValueError, "output_bias must lie within ±1e30; got -inf"),
        ("output_bias", 1.1e30, ValueError, "output_bias must lie within ±1e30; got 1.1e+30"),
        ("output_bias", None, TypeError, "output_bias must hold real numbers; got None"),
        ("output_scale", 0, ValueError, "output_scale must be positive and finite; got 0"),
        ("output_scale", NAN, ValueError, "output_scale must be positive and finite; got nan"),
    ],
    "mlp_logits": BAD_X,
    "mlp_features": BAD_X,
    "mlp_gradients": BAD_X + BAD_TASK,
    "fit_mlp": [
        *BAD_X,
        *BAD_TASK,
        ("epochs", 0, ValueError, "epochs must be at least 1; got 0"),
        ("epochs", 1.5, TypeError, "epochs must be an integer; got 1.5"),
        ("batch_size", 0, ValueError, "batch_size must be at least 1; got 0"),
        ("batch_size", None, TypeError, "batch_size must be an integer; got None"),
        ("learning_rate", 0, ValueError, "learning_rate must be positive and finite; got 0"),
        ("learning_rate", INF, ValueError, "learning_rate must be positive and finite; got inf"),
        ("schedule", "linear", ValueError, "schedule must be one of 'constant', 'cosine'; got"),
        ("rng", 7, TypeError, "rng must be a numpy.random.Generator; got 7"),
        ("callback", 3, TypeError, "callback must be a function or None; got 3"),
    ],
}


@pytest.mark.parametrize(
    ("name", "argument", "value", "error", "text"),
    [(name, *case) for name, cases in BAD.items() for case in cases],
)
def test_bad_argument_is_named_and_shown(name, argument, value, error, text):
    getattr(ce, name)(**CALLS[name])  # the good values are good
    with pytest.raises(error, match=re.escape(text)):
        getattr(ce, name)(**(CALLS[name] | {argument: value}))


def test_rows_of_targets_are_distributions():
    for rows, text in (
        (ROWS[:, :3], "targets must sum to 1"),
        (ROWS[:3], "targets must have shape (4, 4); got (3, 4)"),
        (np.zeros(4, int), "targets must sum to 1"),
        (ROWS * 0.9, "targets must sum to 1 along its classes; got the sum 0.9"),
    ):
        with pytest.raises(ValueError, match=re.escape(text)):
            ce.mlp_gradients(WIDE, X, rows)


@pytest.mark.parametrize(
    ("net", "targets", "loss"), [(WIDE, ROWS, "cross_entropy"), (NET, Y, "squared_error")]
)
def test_pos_weight_where_it_means_nothing(net, targets, loss):
    with pytest.raises(ValueError, match=r"pos_weight .* cross-entropy of one logit; got 2.0"):
        ce.mlp_gradients(net, X, targets, loss=loss, pos_weight=2.0)


def test_float32_network_refuses_what_it_would_overflow():
    net = ce.init_mlp((3, 1), rng=RNG, dtype=np.float32)
    with pytest.raises(ValueError, match=r"X must be finite in float32; got 1e\+39"):
        ce.mlp_logits(net, [[1e39, 0.0, 0.0]])

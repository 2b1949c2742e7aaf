"""Every identity and every number that notebook 05 claims, from SciPy, scikit-learn or by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logsumexp, softmax
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss

import cehelpers as ce
from cecourse.lessons.softmax import exercises, explorers, simplex

Z = np.array([2.1, 1.2, -0.3])
ROW = np.array([2.0, 1.0, 0.1])
rows = st.lists(st.floats(-30, 30), min_size=2, max_size=6).map(np.array)
quick = settings(max_examples=100)


def shown(values, digits=3):
    return [f"{x:.{digits}f}" for x in values]


# ---------------------------------------------------------------- softmax
# Shift invariance, gradient = finite difference, sparse = one-hot and BCE = two classes are
# properties of the package: tests/cehelpers/test_properties.py.


def test_the_shares_of_the_running_example():
    exps = [math.exp(x) for x in Z]
    assert shown(exps) == ["8.166", "3.320", "0.741"]
    assert f"{sum(exps):.2f}" == "12.23"
    assert shown([x / sum(exps) for x in exps]) == ["0.668", "0.272", "0.061"]


@pytest.mark.parametrize(
    ("scale", "wanted"),
    [
        (1, ["0.367", "0.332", "0.301"]),
        (10, ["0.665", "0.245", "0.090"]),
        (100, ["1.000", "0.000", "0.000"]),
    ],
)
def test_amplifying_is_a_matter_of_the_gap(scale, wanted):
    z = scale * np.array([0.3, 0.2, 0.1])
    assert shown(softmax(z)) == shown(ce.softmax(z)) == wanted
    assert (softmax(z)[0] > 0.5) == (scale > 1)  # 3 : 2 : 1 holds half


@quick
@given(rows, st.randoms(use_true_random=False))
def test_softmax_and_its_loss_follow_a_permutation(z, random):
    order = np.array(random.sample(range(len(z)), len(z)))
    np.testing.assert_allclose(ce.softmax(z[order]), ce.softmax(z)[order], rtol=1e-13)
    t = softmax(z[::-1] / 7)
    loss, moved = (
        ce.categorical_cross_entropy_with_logits(t, z),
        ce.categorical_cross_entropy_with_logits(t[order], z[order]),
    )
    assert moved == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(
        ce.categorical_cross_entropy_with_logits_grad(t[order], z[order]),
        ce.categorical_cross_entropy_with_logits_grad(t, z)[order],
        rtol=1e-11,
        atol=1e-15,
    )


@quick
@given(rows)
def test_the_ratio_of_two_shares_depends_on_their_logits_alone(z):
    p = ce.softmax(z)
    assert p[0] / p[1] == pytest.approx(math.exp(z[0] - z[1]), rel=1e-12)
    fewer = ce.softmax(z[:2])
    assert fewer[0] / fewer[1] == pytest.approx(p[0] / p[1], rel=1e-12)


@quick
@given(rows, st.floats(0.05, 20))
def test_temperature_keeps_the_order_and_moves_the_confidence(z, t):
    p, q = ce.softmax(z), ce.softmax(z, temperature=t)
    for i in range(len(z)):
        for j in range(len(z)):
            assert p[i] == p[j] or q[i] == q[j] or (p[i] > p[j]) == (q[i] > q[j])
    assert (q.max() >= p.max() - 1e-15) if t < 1 else (q.max() <= p.max() + 1e-15)


def test_the_table_of_temperatures():
    table = {
        0.01: "1.000 0.000 0.000",
        0.25: "0.973 0.027 0.000",
        0.5: "0.852 0.141 0.007",
        2: "0.516 0.329 0.155",
        5: "0.407 0.340 0.252",
        1000: "0.334 0.333 0.333",
    }
    for t, words in table.items():
        assert " ".join(shown(softmax(Z / t))) == words
    assert f"{-log_softmax(Z / 10)[1]:.3f}" == "1.083"


# ---------------------------------------------------------------- the loss


def test_the_loss_of_the_cat_and_of_the_vote():
    assert f"{-log_softmax(Z)[1]:.4f}" == "1.3037"
    votes = [0] * 2 + [1] * 7 + [2]
    each = -np.mean([log_softmax(Z)[v] for v in votes])
    soft = -np.array([0.2, 0.7, 0.1]) @ log_softmax(Z)
    assert f"{each:.4f}" == f"{soft:.4f}" == "1.2737"


@quick
@given(rows, st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_a_soft_label_is_a_committee_of_hard_ones(z, votes):
    votes = [v % len(z) for v in votes]
    share = np.bincount(votes, minlength=len(z)) / len(votes)
    each = ce.sparse_categorical_cross_entropy_with_logits(votes, np.tile(z, (len(votes), 1)))
    assert ce.categorical_cross_entropy_with_logits(share, z) == pytest.approx(each, rel=1e-12)


def test_the_soft_label_is_the_lowest_point_of_its_bowl():
    y = np.array([0.2, 0.7, 0.1])
    found = minimize(lambda z: -y @ log_softmax(z), np.zeros(3))
    assert f"{found.fun:.3f}" == "0.802"
    assert softmax(found.x) == pytest.approx(y, abs=1e-4)


def test_the_map_is_shaded_by_the_loss():
    shades = [simplex.loss_colour(x) for x in (0, 0.25, 1, 2, 5, 50)]
    light = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b, _ in shades]
    assert light == sorted(light, reverse=True)
    assert light[0] - light[-1] > 0.6
    corners = simplex.place(np.eye(3))
    for i in range(3):
        assert math.dist(corners[i], corners[i - 1]) == pytest.approx(1)


@quick
@given(rows)
def test_log_sum_exp_is_a_soft_maximum(z):
    lse = ce.logsumexp(z)
    assert z.max() <= lse <= z.max() + math.log(len(z)) + 1e-12
    assert ce.sparse_categorical_cross_entropy_with_logits(0, z) == pytest.approx(
        lse - z[0], rel=1e-12, abs=1e-12
    )


def test_the_three_log_sum_exps():
    found = [logsumexp(z) for z in ([2.1, 1.2, -0.3], [9, 1, 0], [4, 4, 4])]
    assert shown(found, 4) == ["2.5037", "9.0005", "5.0986"]
    assert shown(ce.softmax([1000.0, 998.0, 0.0]), 4) == ["0.8808", "0.1192", "0.0000"]
    assert list(ce.log_softmax([0.0, 800.0])) == [-800, 0]
    assert ce.softmax([0.0, 800.0])[0] == 0


@quick
@given(rows, st.integers(0, 5))
def test_the_gradient_sums_to_zero_and_never_exceeds_one(z, label):
    g = ce.categorical_cross_entropy_with_logits_grad(ce.one_hot(label % len(z), len(z)), z)
    assert abs(g.sum()) <= 1e-15
    assert np.abs(g).max() <= 1


@quick
@given(rows, rows, st.floats(0, 1))
def test_the_loss_is_convex_in_the_logits(z, other, share):
    other = np.resize(other, len(z))

    def loss(x):
        return ce.sparse_categorical_cross_entropy_with_logits(0, x)

    mixed = loss(share * z + (1 - share) * other)
    assert mixed <= share * loss(z) + (1 - share) * loss(other) + 1e-12


def test_the_descent_ends_at_the_truth_and_the_fox_gains_on_the_way():
    way = simplex.descent([0.5, -2.6, 2.6], 1)
    assert f"{way[0][1]:.3f}" == "0.005"
    assert (np.diff(way[:, 1]) > 0).all()
    assert way[:, 0].max() > 2 * way[0, 0]
    assert way[-1, 1] > 0.95


# ---------------------------------------------------------------- broken losses


def test_five_programs_and_their_numbers():
    p = softmax(ROW)
    assert f"{-log_softmax(ROW)[0]:.4f}" == "0.4170"
    assert f"{-log_softmax(p)[0]:.4f}" == "0.8021"
    assert f"{-p[0]:.4f}" == "-0.6590"
    assert f"{-log_softmax(ROW)[0] / 3:.4f}" == "0.1390"
    assert f"{-math.log(2 / 3.1):.4f}" == "0.4383"  # Keras 3.15.1 prints 0.43825486
    told = {m.name: m.function() for m in exercises.one_row.mistakes}
    assert set(shown(told.values(), 4)) == {"0.8021", "-0.6590", "0.6590", "0.1390", "0.4383"}


def test_sure_and_wrong_before_and_after_a_second_softmax():
    sure, h = np.array([8.0, 0.0, 0.0]), np.array([0.0, 1e-5, 0.0])

    def twice(z):
        return -log_softmax(softmax(z))[1]

    measured = (twice(sure + h) - twice(sure - h)) / 2e-5
    assert shown([softmax(sure)[1] - 1, measured], 4) == ["-0.9997", "-0.0005"]
    assert explorers.forecast_and_slope(sure, 1, True)[2][1] == pytest.approx(measured, rel=1e-4)


def test_heat_helps_the_picture_but_not_a_narrow_miss():
    z, narrow = np.array([2.1, 1.2, -0.3]), np.log([0.45, 0.40, 0.15])
    assert log_softmax(z / 10)[1] > log_softmax(z)[1]
    assert narrow.argmax() != 1 and log_softmax(narrow / 10)[1] < log_softmax(narrow)[1]


@pytest.mark.parametrize(
    ("k", "floor"), [(2, "0.3133"), (3, "0.5514"), (10, "1.4612"), (1000, "5.9095")]
)
def test_the_floor_of_a_second_softmax(k, floor):
    perfect, wrong = np.eye(k)[0], np.eye(k)[1]
    best, worst = -log_softmax(perfect)[0], -log_softmax(wrong)[0]
    assert f"{best:.4f}" == floor
    assert worst - best == pytest.approx(1)
    rng = np.random.default_rng(0)
    p = softmax(rng.normal(0, 5, size=(2000, k)), axis=1)
    losses = ce.sparse_categorical_cross_entropy_with_logits(
        np.zeros(2000, int), p, reduction="none"
    )
    assert best <= losses.min()
    assert losses.max() <= worst


def test_the_inner_triangle_holds_every_second_softmax():
    outline = simplex.twice_outline()
    p = softmax(np.random.default_rng(1).normal(0, 6, size=(500, 3)), axis=1)
    again = simplex.place(softmax(p, axis=1))
    low, high = outline.min(axis=0), outline.max(axis=0)
    assert (again >= low - 1e-12).all()
    assert (again <= high + 1e-12).all()
    assert outline[:, 1].max() == pytest.approx(simplex.place(softmax([0, 1, 0]))[1])


# ---------------------------------------------------------------- digits


@pytest.fixture(scope="module")
def digits():
    data = load_digits()
    X = np.column_stack([data.data / 16, np.ones(1797)])
    return X, data.target


def train(X, targets, slope, steps=500):
    W = np.zeros((X.shape[1], targets.shape[1]))
    for _ in range(steps):
        W = W - X.T @ slope(targets, X @ W) / len(X)
    return W


@pytest.fixture(scope="module")
def trained(digits):
    X, y = digits
    return train(X[:1297], np.eye(10)[y[:1297]], lambda t, z: softmax(z, axis=1) - t)


def test_the_first_step_holds_average_pictures(digits):
    X, y = digits[0][:1297], digits[1][:1297]
    one = train(X, np.eye(10)[y], lambda t, z: softmax(z, axis=1) - t, steps=1)
    for k in range(10):
        mine, all_ = X[y == k].sum(axis=0), X.sum(axis=0)
        assert one[:, k] == pytest.approx((mine - all_ / 10) / 1297, abs=1e-12)
        seen = X[y == k, :64].mean(axis=0) - X[:, :64].mean(axis=0)
        assert np.corrcoef(one[:64, k], seen)[0, 1] > 0.99
    assert log_loss(y, softmax(X @ one, axis=1)) == pytest.approx(2.11, abs=0.005)


def test_the_classifier(digits, trained):
    X, y = digits
    P = softmax(X @ trained, axis=1)
    assert log_loss(y[:1297], P[:1297]) == pytest.approx(0.0986, abs=1e-3)
    mark = log_loss(y[1297:], P[1297:])
    assert mark == pytest.approx(0.2926, abs=1e-3)
    assert math.exp(mark) == pytest.approx(1.34, abs=0.004)
    assert np.mean(P[1297:].argmax(axis=1) == y[1297:]) == pytest.approx(0.922, abs=2e-3)


def test_the_costliest_digits(digits, trained):
    X, y = digits[0][1297:], digits[1][1297:]
    P = softmax(X @ trained, axis=1)
    rows = -np.log(P[np.arange(500), y])
    worst = np.argsort(-rows)[:8]
    assert f"{rows[worst].sum() / rows.sum():.0%}" == "26%"
    assert list(y[worst])[:5] == [4, 9, 4, 9, 1]
    assert list(P[worst].argmax(axis=1)) == [8, 5, 8, 3, 9, 8, 8, 1]
    assert f"{rows[worst[0]]:.1f}" == "6.7"
    assert f"{P[worst[4]].max():.2f}" == "0.91"


def test_training_with_a_second_softmax_is_stuck_and_accuracy_says_nothing(digits):
    X, y = digits

    def slope(t, z):
        p = softmax(z, axis=1)
        q = softmax(p, axis=1)
        jacobian = np.einsum("ni,ij->nij", p, np.eye(10)) - np.einsum("ni,nj->nij", p, p)
        return np.einsum("nij,nj->ni", jacobian, q - t)

    W = train(X[:1297], np.eye(10)[y[:1297]], slope)
    P = softmax(X @ W, axis=1)
    loss = log_loss(y[:1297], softmax(P[:1297], axis=1))
    assert loss == pytest.approx(1.577, abs=2e-3)
    assert loss > math.log(math.e + 9) - 1
    assert np.mean(P[1297:].argmax(axis=1) == y[1297:]) == pytest.approx(0.896, abs=3e-3)


def test_the_colleagues_loss(digits, trained):
    X, y = digits[0][1297:], digits[1][1297:]
    log_p = log_softmax(X @ trained, axis=1)
    assert -np.mean([log_p[i, k] for i in range(500) for k in y]) == pytest.approx(7.016, abs=0.02)
    (as_found,) = [m for m in exercises.repaired.mistakes if m.name == "_as_found"]
    assert as_found.function(X @ trained, y) == pytest.approx(7.016, abs=0.02)


# ---------------------------------------------------------------- tags and weights


def test_tags_as_sigmoids_and_as_shares():
    y, p = np.array([1, 0, 1]), np.array([0.9, 0.4, 0.7])
    terms = -np.log(np.where(y == 1, p, 1 - p))
    assert f"{terms.mean():.4f}" == "0.3243"
    assert f"{terms.sum():.3f}" == "0.973"
    z = np.log(p / (1 - p))
    assert ce.binary_cross_entropy_with_logits(y, z) == pytest.approx(terms.mean())
    assert shown(softmax(z)) == ["0.750", "0.056", "0.194"]


@quick
@given(rows)
def test_two_tags_never_both_pass_a_half(z):
    assert (ce.softmax(z) > 0.5).sum() <= 1


def test_digits_with_tags(digits):
    X, y = digits
    Y = np.column_stack([y % 2 == 0, y >= 5, np.isin(y, [0, 6, 8, 9])]).astype(float)
    own = train(X[:1297], Y[:1297], lambda t, z: expit(z) - t)
    some = Y[:1297].sum(axis=1) > 0
    shares = Y[:1297][some] / Y[:1297][some].sum(axis=1, keepdims=True)
    one = train(X[:1297][some], shares, lambda t, z: softmax(z, axis=1) - t)
    new, held = Y[1297:], Y[1297:].sum(axis=1)
    apart = ((expit(X[1297:] @ own) > 0.5) == new).all(axis=1)
    together = ((softmax(X[1297:] @ one, axis=1) > 0.5) == new).all(axis=1)
    assert [int((held == k).sum()) for k in range(4)] == [102, 201, 100, 97]
    marks = [apart[held == k].mean() for k in range(4)]
    assert marks == pytest.approx([0.647, 0.841, 0.68, 0.608], abs=0.006)
    marks = [together[held == k].mean() for k in range(4)]
    assert marks[:2] == pytest.approx([0.098, 0.94], abs=0.006)
    assert marks[2:] == [0, 0]


def test_a_weighted_mean_has_two_divisors():
    q, w = np.array([0.8, 0.4]), np.array([1, 3])
    total = -(w * np.log(q)).sum()
    assert (f"{total / w.sum():.4f}", f"{total / 2:.3f}") == ("0.7430", "1.486")
    copies = np.array([0.8, 0.4, 0.4, 0.4])
    assert -np.log(copies).mean() == pytest.approx(total / 4)
    logits = np.log(np.column_stack([q, 1 - q])) * [[1, 1], [1, 1]]
    logits[1] = logits[1, ::-1]
    for norm, wanted in (("sum_w", total / 4), ("n", total / 2)):
        got = ce.sparse_categorical_cross_entropy_with_logits(
            [0, 1], logits, class_weight=w, weight_norm=norm
        )
        assert got == pytest.approx(wanted)

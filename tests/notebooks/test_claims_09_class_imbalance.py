"""What notebook 09 claims, computed here by other means than its own."""

import itertools
import math
from functools import cache

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.optimize import minimize_scalar
from scipy.special import expit, xlog1py, xlogy
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score, log_loss, roc_auc_score

import cehelpers as ce
from cecourse.lessons.class_imbalance import exercises, pictures

N, PI, W = 200_000, 0.0018, 550
ONE_KIND, TWO_KINDS = ((2.0, 1.0),), ((4.0, 0.0), (0.0, 2.0))


@cache
def world(seed, centres=ONE_KIND):
    """Payments as the notebook draws them."""
    rng = np.random.default_rng(seed)
    y = np.zeros(N, dtype=int)
    y[: round(PI * N)] = 1
    X = rng.normal(size=(N, 2))
    for kind, centre in enumerate(centres):
        X[: y.sum()][kind :: len(centres)] += centre
    return X, y


@cache
def fitted(seed, weight=1, centres=ONE_KIND):
    X, y = world(seed, centres)
    return ce.fit_logistic(X, y, sample_weight=np.where(y == 1, float(weight), 1.0))


def scores(fit, X):
    return X @ fit.coef + fit.intercept


# ---------------------------------------------------------------- saying no, and the cut


def test_saying_no():
    X, y = world(101)
    assert np.mean(y == 0) == 0.9982
    base = -(PI * math.log(PI) + (1 - PI) * math.log1p(-PI))
    assert f"{base:.5f}" == "0.01317"
    p = expit(scores(fitted(1), X))
    assert log_loss(y, p) == pytest.approx(0.00903, abs=2e-5)
    assert 0.29 < 1 - log_loss(y, p) / base < 1 / 3
    assert ce.confusion_counts(y, (p >= 0.5).astype(int)) == (199_635, 5, 347, 13)
    assert roc_auc_score(y, p) == pytest.approx(0.934, abs=5e-4)
    assert average_precision_score(y, p) == pytest.approx(0.157, abs=1e-3)
    # of this world for ever: AUC = Φ(√5/√2)
    assert norm.cdf(math.sqrt(2.5)) == pytest.approx(0.943, abs=5e-4)


def test_the_cut_of_the_price_list_is_where_both_decisions_cost_the_same():
    for cost_fp, cost_fn in ((1, 550), (20, 180), (3, 3), (7, 2)):
        t = ce.cost_threshold(cost_fp, cost_fn)
        assert (1 - t) * cost_fp == pytest.approx(t * cost_fn)
    assert 1 / ce.cost_threshold(1, 550) == pytest.approx(551)


def test_the_bill():
    X, y = world(101)
    p = expit(scores(fitted(1), X))
    bills = {
        t: np.sum((y == 0) & (p >= t)) + 550 * np.sum((y == 1) & (p < t)) for t in (1 / 551, 0.5)
    }
    assert bills[1 / 551] == pytest.approx(58_949, abs=20)
    assert bills[0.5] == 190_855
    assert ce.expected_cost(y, p, threshold=0.5, cost_fp=1, cost_fn=550) * N == pytest.approx(
        bills[0.5]
    )


# ---------------------------------------------------------------- the weight


def test_a_weight_shifts_the_best_logit_by_its_logarithm():
    """Whatever η is: the minimum of the weighted mean loss has logit(η) + ln w."""
    for eta, w in ((0.3, 5.0), (0.9, 0.2), (0.0018, 550.0)):
        best = minimize_scalar(
            lambda z, e=eta, w=w: (
                w * e * math.log1p(math.exp(-z)) + (1 - e) * math.log1p(math.exp(z))
            ),
            bounds=(-15, 15),
            method="bounded",
            options={"xatol": 1e-9},
        ).x
        assert best == pytest.approx(math.log(eta / (1 - eta)) + math.log(w), abs=1e-5)


def test_exact_for_a_well_specified_model_without_luck():
    X = world(1)[0][:50_000]
    eta = expit(2 * X[:, 0] + X[:, 1] - 2.5 + math.log(PI / (1 - PI)))
    mass = W * eta + 1 - eta
    heavy = ce.fit_logistic(X, W * eta / mass, sample_weight=mass)
    plain = ce.fit_logistic(X, eta)
    assert heavy.intercept - plain.intercept == pytest.approx(math.log(W), abs=1e-6)
    np.testing.assert_allclose([heavy.coef, plain.coef], [[2, 1], [2, 1]], atol=1e-6)
    assert f"{math.log(W):.4f}" == "6.3099"


def test_a_penalty_spoils_the_exactness():
    X, _ = world(1)
    X = X[:20_000]
    eta = expit(2 * X[:, 0] + X[:, 1] - 2.5 + math.log(PI / (1 - PI)))
    mass = W * eta + 1 - eta
    heavy = ce.fit_logistic(X, W * eta / mass, sample_weight=mass, l2=30.0)
    plain = ce.fit_logistic(X, eta, l2=30.0)
    assert abs(heavy.intercept - plain.intercept - math.log(W)) > 0.1


def test_the_density_ratio_gives_the_true_logit():
    rng = np.random.default_rng(3)
    for x in rng.normal(size=(20, 2)):
        ratio = norm.pdf(x - [2, 1]).prod() / norm.pdf(x).prod()
        want = 2 * x[0] + x[1] - 2.5 + math.log(PI / (1 - PI))
        assert math.log(ratio * PI / (1 - PI)) == pytest.approx(want)


def test_five_worlds():
    rows = []
    for seed in range(1, 6):
        X, y = world(seed + 100)
        a, b = fitted(seed), fitted(seed, W)
        za, zb = scores(a, X), scores(b, X)
        marks = [log_loss(y, expit(z)) for z in (za, zb, zb - math.log(W))]
        rows.append([b.intercept - a.intercept, *marks, ce.roc_auc(y, za), ce.roc_auc(y, zb)])
    mean, spread = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1)
    assert mean[0] == pytest.approx(6.310, abs=0.002) and spread[0] == pytest.approx(
        0.172, abs=2e-3
    )
    assert mean[1] == pytest.approx(0.0089, abs=5e-5) and mean[3] == pytest.approx(
        mean[1], rel=0.01
    )
    assert mean[2] / mean[1] == pytest.approx(34, abs=0.5)
    assert mean[2] / 0.01317 == pytest.approx(23, abs=0.5)
    assert abs(mean[4] - mean[5]) < 5e-4


def test_the_two_cuts_flag_nearly_the_same():
    X, y = world(101)
    plain = ce.confusion_counts(y, (scores(fitted(1), X) >= -math.log(550)).astype(int))
    heavy = ce.confusion_counts(y, (scores(fitted(1, W), X) >= 0).astype(int))
    assert plain == (171_491, 28_149, 56, 304)
    assert (heavy.fn, heavy.tp) == (56, 304) and abs(heavy.fp - plain.fp) < 900
    recall, fpr = plain.tp / 360, plain.fp / (N - 360)
    assert f"{recall / (recall + fpr):.2f}" == "0.86"
    assert f"{plain.tp / (plain.tp + plain.fp):.2f}" == "0.01"


def test_face_value():
    p = mpf("0.35")
    odds = p / (1 - p) / 550
    assert mp.nstr(odds / (1 + odds), 3) == "0.000978"
    X, y = world(101)
    z = scores(fitted(1, W), X)
    assert expit(z).mean() == pytest.approx(0.196, abs=1e-3)
    undone = ce.sigmoid(ce.correct_prior(z, weight=W))
    assert undone.mean() == pytest.approx(0.00186, abs=2e-5)
    for low, high in ((1e-4, 1e-3), (1e-3, 1e-2), (1e-2, 1e-1), (1e-1, 1)):
        part = (undone >= low) & (undone < high)
        slack = 4 * math.sqrt(undone[part].sum())  # of a count
        assert abs(undone[part].sum() - y[part].sum()) < slack


# ---------------------------------------------------------------- sampling, places of a weight


def test_undersampling_is_a_shift_too():
    X, y = world(1)
    rows = ce.undersample_negatives(y, 0.01, rng=np.random.default_rng(0))
    assert len(rows) == 360 + 1996
    fit = ce.fit_logistic(X[rows], y[rows])
    assert fit.intercept - fitted(1).intercept == pytest.approx(4.44, abs=0.01)
    assert abs(fit.intercept - fitted(1).intercept - math.log(100)) < 0.35
    Xt, yt = world(101)
    z = scores(fit, Xt)
    assert log_loss(yt, expit(z)) == pytest.approx(0.1012, abs=2e-4)
    back = ce.correct_prior(z, sampling_rate=0.01)
    assert log_loss(yt, expit(back)) == pytest.approx(0.0090, abs=1e-4)
    assert f"{0.01 / 1.01:.4f}" == "0.0099"


def test_the_two_places_of_a_weight():
    losses = np.array([-math.log(expit(2)), -math.log(expit(1))])
    inside = np.mean([3, 1] * losses)
    in_the_mean = np.average(losses, weights=[3, 1])
    assert (f"{inside:.4f}", f"{in_the_mean:.4f}") == ("0.3470", "0.1735")
    z, y = [2.0, -1.0], [1, 0]
    assert ce.binary_cross_entropy_with_logits(y, z, pos_weight=3) == pytest.approx(inside)
    mean = ce.binary_cross_entropy_with_logits(y, z, sample_weight=[3, 1])
    assert mean == pytest.approx(in_the_mean)


def test_balanced_weights_have_the_ratio_of_the_counts():
    light, heavy = ce.class_weights(world(1)[1])
    assert (f"{light:.4f}", f"{heavy:.2f}") == ("0.5009", "277.78")
    assert heavy / light == pytest.approx(0.9982 / 0.0018)
    assert f"{math.log(0.9982 / 0.0018):.3f}" == "6.318"


def test_scikit_learn_finds_the_same_weighted_fit():
    X, y = world(1)
    model = LogisticRegression(C=1e6, class_weight={0: 1, 1: W}, tol=1e-8).fit(X, y)
    np.testing.assert_allclose(model.coef_[0], fitted(1, W).coef, atol=2e-4)
    assert model.intercept_[0] == pytest.approx(fitted(1, W).intercept, abs=2e-4)


# ---------------------------------------------------------------- misspecified


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_misspecified_model_turns_and_keeps_its_lessons_in_every_world(seed):
    plain, heavy = fitted(seed, 1, TWO_KINDS), fitted(seed, W, TWO_KINDS)
    angle = [math.degrees(math.atan2(*fit.coef[::-1])) for fit in (plain, heavy)]
    assert angle[1] - angle[0] > 14
    X, y = world(seed + 100, TWO_KINDS)
    za, zb = scores(plain, X), scores(heavy, X) - math.log(W)
    assert ce.roc_auc(y, zb) - ce.roc_auc(y, za) > 0.02
    assert ce.average_precision(y, zb) < 0.6 * ce.average_precision(y, za)
    assert log_loss(y, expit(zb)) > log_loss(y, expit(za)) + 3e-4
    costs = [
        np.sum((y == 0) & (z >= -math.log(W))) + W * np.sum((y == 1) & (z < -math.log(W)))
        for z in (za, zb)
    ]
    assert costs[1] < costs[0]
    if seed == 1:
        np.testing.assert_allclose([plain.coef, heavy.coef], [[1.6, 1.1], [1.1, 1.5]], atol=0.05)
        assert f"{heavy.intercept - plain.intercept:.1f}" == "6.5"
        assert costs == pytest.approx([82_485, 75_874], abs=30)


# ---------------------------------------------------------------- focal loss and the prior


def best_focal(eta, gamma=2.0):
    return minimize_scalar(
        lambda p: -eta * (1 - p) ** gamma * math.log(p) - (1 - eta) * p**gamma * math.log1p(-p),
        bounds=(1e-9, 1 - 1e-9),
        method="bounded",
        options={"xatol": 1e-10},
    ).x


def test_focal_loss_is_not_proper():
    assert ce.focal_loss(1, 0.9, gamma=0) / ce.focal_loss(1, 0.9) == pytest.approx(100)
    assert ce.focal_loss(1, 0.1, gamma=0) / ce.focal_loss(1, 0.1) == pytest.approx(1 / 0.81)
    assert f"{best_focal(0.9):.3f}" == "0.694"
    assert best_focal(0.01) == pytest.approx(0.1536, abs=1e-4)
    assert best_focal(0.9, gamma=0.0) == pytest.approx(0.9, abs=1e-6)
    best = [best_focal(eta) for eta in np.linspace(0.01, 0.99, 50)]
    assert np.all(np.diff(best) > 0)


def test_the_first_bias():
    assert f"{math.log(0.01 / 0.99):.3f}" == "-4.595"
    assert f"{-0.01 * math.log(0.01) - 0.99 * math.log(0.99):.3f}" == "0.056"


def test_logit_adjustment_flips():
    z = np.array([2.0, 1.0]) - np.log([0.9, 0.1])
    np.testing.assert_allclose(ce.logit_adjustment([2.0, 1.0], [0.9, 0.1]), z)
    assert z.round(3).tolist() == [2.105, 3.303] and f"{math.log(9):.3f}" == "2.197"
    # two classes: the decision is p ≥ base rate
    for gap in np.linspace(-4, 4, 33):
        adjusted = ce.logit_adjustment([0.0, gap], [0.9, 0.1])
        assert (adjusted[1] > adjusted[0]) == (expit(gap) > 0.1)


def test_best_f1_does_not_notice_a_rising_function():
    X, y = world(101)
    z = scores(fitted(1), X)
    hills = {}
    for name, s in (("z", z), ("shifted", z + 6.31), ("p", expit(z)), ("p over 10", expit(z) / 10)):
        cuts = np.quantile(s, np.linspace(0.98, 0.9999, 60))
        flags = [s >= cut for cut in cuts]
        f1 = [2 * (y @ flag) / (y.sum() + flag.sum()) for flag in flags]
        hills[name] = max(f1), cuts[int(np.argmax(f1))]
    assert len({round(height, 2) for height, _ in hills.values()}) == 1
    flagged = z >= hills["z"][1]
    assert f1_score(y, flagged) == pytest.approx(hills["z"][0])
    assert hills["shifted"][1] - hills["z"][1] == pytest.approx(6.31, abs=1e-6)


def test_best_f1_of_both_fits():
    X, y = world(101)
    found = []
    for weight in (1, W):
        curve = ce.precision_recall_curve(y, scores(fitted(1, weight), X))
        f1 = 2 * curve.precision * curve.recall / np.maximum(curve.precision + curve.recall, 1e-12)
        found += [f1.max(), expit(curve.thresholds[f1.argmax()])]
    assert found == pytest.approx([0.224, 0.112, 0.224, 0.987], abs=1.5e-3)


def test_batches_without_a_fraud():
    assert f"{(1 - PI) ** 256:.2f}" == "0.63"


# ---------------------------------------------------------------- pictures and exercises


def test_groups_of_equal_frauds_hold_every_fraud_once():
    X, y = world(101)
    p = expit(scores(fitted(1, W), X))
    groups = pictures._equal_frauds(y, p, 8)
    assert [int(y[part].sum()) for part in groups] == [45] * 8
    assert all(p[a].min() >= p[b].max() for a, b in itertools.pairwise(groups))
    i = 2
    assert f"{p[groups[i]].mean():.2f} {y[groups[i]].mean():.3f}" == "0.97 0.052"


def test_the_discs_hold_the_shares_they_name():
    X, y = world(1)
    fig = pictures.two_cuts(X, y, fitted(1), fitted(1, W), W)
    distance = np.hypot(*X[y == 0].T)
    for patch, share in zip(fig.axes[0].patches[:4], (0.999, 0.99, 0.9, 0.5), strict=True):
        assert np.mean(distance <= patch.width / 2) == pytest.approx(share, abs=4e-3)


def test_focal_figure_marks_the_minimum():
    eta = np.linspace(0.05, 0.95, 19)
    p = np.linspace(0.001, 0.999, 1999)
    best = np.array([best_focal(e) for e in eta])
    fig = pictures.focal(p, eta, best, 0.9)
    words = " ".join(text.get_text() for text in fig.axes[1].texts)
    assert "says 0.694" in words
    losses = -xlogy(0.9, p) - xlog1py(0.1, -p)
    assert p[losses.argmin()] == pytest.approx(0.9, abs=1e-3)


def test_the_exercises_know_right_numbers_and_mistakes():
    assert exercises.weighted_batch.evaluate(0.347).status == "right"
    assert exercises.weighted_batch.evaluate(0.1735).mistake == "_by_sum_of_weights"
    assert exercises.undo_sampling.function(0.5, 0.01) == pytest.approx(1 / 101)
    assert (
        exercises.undo_sampling.evaluate(
            lambda p, s: float(ce.sigmoid(ce.correct_prior(ce.logit(p), sampling_rate=s)))
        ).status
        == "right"
    )
    by_logit = lambda z, weight, cost_fp, cost_fn: (  # noqa: E731
        expit(z - np.log(weight)) >= ce.cost_threshold(cost_fp, cost_fn)
    ).astype(int)
    assert exercises.flag.evaluate(by_logit).status == "right"
    assert exercises.flag.evaluate(lambda z, weight, cost_fp, cost_fn: z * 0).status != "right"
    assert exercises.f1_of_report.evaluate(0.5).mistake == "_plain_mean"

"""Decisions and rankings: against scikit-learn, brute force and the numbers of the course."""

import math
import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as peer

import cehelpers as ce

NAN, INF = math.nan, math.inf
settings.register_profile("metrics", max_examples=100)
metrics_profile = settings.get_profile("metrics")

# few different scores, so that ties abound; both classes
rows = st.lists(
    st.tuples(st.booleans(), st.sampled_from([-INF, -2.0, -0.0, 0.0, 0.5, 1.0, 3.0, INF])),
    min_size=2,
    max_size=30,
).filter(lambda rows: len({y for y, _ in rows}) == 2)
decisions = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=30)

rng = np.random.default_rng(9)
Y = (rng.random(5000) < 0.05).astype(int)
S = (rng.normal(size=5000) + 1.5 * Y).round(2)  # about 600 distinct scores


# ------------------------------------------------------------------ one threshold


@metrics_profile
@given(decisions)
def test_counts_and_shares_are_sklearns(pairs):
    y, flagged = np.array(pairs).T
    counts = ce.confusion_counts(y, flagged)
    assert list(counts) == peer.confusion_matrix(y, flagged, labels=[0, 1]).ravel().tolist()
    assert all(type(count) is int for count in counts)
    shares = ce.precision_recall_f1(y, flagged)
    theirs = peer.precision_recall_fscore_support(y, flagged, average="binary", zero_division=0)
    np.testing.assert_allclose(shares, theirs[:3], rtol=1e-14)
    assert all(type(share) is float for share in shares)


def test_counts_have_names_and_a_scalar_goes_with_every_row():
    counts = ce.confusion_counts([[0, 0, 0], [1, 1, 0]], [[0, 1, 0], [0, 1, 0]])
    assert (counts.tn, counts.fp, counts.fn, counts.tp) == (3, 1, 1, 1)
    assert ce.confusion_counts([0, 0, 1], 1) == (0, 2, 0, 1)
    assert ce.confusion_counts(1, [0.0, 1.0, True]) == (0, 0, 1, 2)
    assert ce.confusion_counts(1, 0) == (0, 0, 1, 0)


def test_saying_no_is_accurate_and_useless():
    y = np.arange(10_000) < 18
    tn, _, _, tp = ce.confusion_counts(y, 0)
    assert (tn + tp) / len(y) == pytest.approx(0.9982)
    assert ce.precision_recall_f1(y, 0) == (0, 0, 0)
    assert ce.precision_recall_f1(np.zeros(3, int), [0, 1, 0]) == (0, 0, 0)


@metrics_profile
@given(rows, st.integers(0, 9), st.integers(0, 9))
def test_expected_cost_is_the_mean_of_the_costs(rows, cost_fp, cost_fn):
    y, s = map(np.array, zip(*rows, strict=True))
    p = ce.sigmoid(s)
    for threshold in (*p, 0, 1, INF, -INF):
        false_alarm, missed = ~y & (p >= threshold), y & (p < threshold)
        each = cost_fp * false_alarm + cost_fn * missed
        ours = ce.expected_cost(y, p, threshold=threshold, cost_fp=cost_fp, cost_fn=cost_fn)
        assert ours == pytest.approx(np.mean(each), rel=1e-14)


@metrics_profile
@given(rows, st.randoms(use_true_random=False))
def test_each_row_has_its_own_costs_and_threshold(rows, random):
    y, s = map(np.array, zip(*rows, strict=True))
    p = ce.sigmoid(s)
    cost_fp, cost_fn = ([random.choice([0, 1, 10, 300]) for _ in y] for _ in range(2))
    cut = [random.choice([0.0, 0.3, q, 1.0, INF]) for q in p]
    paid = sum(
        (fp if not fraud else 0) if q >= t else (fn if fraud else 0)
        for fraud, q, t, fp, fn in zip(y, p, cut, cost_fp, cost_fn, strict=True)
    )
    ours = ce.expected_cost(y, p, threshold=cut, cost_fp=cost_fp, cost_fn=cost_fn)
    assert ours == pytest.approx(paid / len(y), rel=1e-14)
    table = (np.reshape(x, (1, -1)) for x in (y, p, cut, cost_fp, cost_fn))
    y, p, cut, cost_fp, cost_fn = table
    assert ce.expected_cost(y, p, threshold=cut, cost_fp=cost_fp, cost_fn=cost_fn) == ours


def test_per_row_thresholds_pay_least_of_all_flags():
    """By trying every way to flag six calibrated rows."""
    p = np.array([0.01, 0.05, 0.1, 0.3, 0.5, 0.9])
    amount = np.array([2000.0, 20.0, 90.0, 5.0, 40.0, 0.5])
    cut = ce.cost_threshold(10, amount)
    assert cut.tolist() == [10 / (10 + a) for a in amount]
    best = min(
        sum(np.where(flags, (1 - p) * 10, p * amount)) for flags in product([0, 1], repeat=6)
    )
    paid = 0.0  # the mean over all outcomes, each as often as the probabilities say
    for y in product([0, 1], repeat=6):
        chance = np.prod(np.where(y, p, 1 - p))
        paid += chance * 6 * ce.expected_cost(y, p, threshold=cut, cost_fp=10, cost_fn=amount)
    assert paid == pytest.approx(best, rel=1e-12)


def test_costs_of_each_row_at_the_edges():
    kept = {"threshold": [0.5, 0.5], "cost_fp": 1}
    assert ce.expected_cost([1, 1], [0, 0], cost_fn=[1e308, 1.5e308], **kept) == 1.25e308
    assert ce.expected_cost([1, 1], [0, 0], cost_fn=[0, 0], **kept) == 0
    assert type(ce.expected_cost(1, 0.2, threshold=0.5, cost_fp=1, cost_fn=np.array(2))) is float
    p = np.array([0.35, 0.2], "f4")  # a float64 threshold of the same decimals flags the row
    for cut in (0.35, [0.35, 1e300]):
        assert ce.expected_cost([0, 0], p, threshold=cut, cost_fp=1, cost_fn=0) == 0.5
    assert type(ce.cost_threshold(np.float32(1), 3)) is float
    assert ce.cost_threshold([[0, 1]], 1).tolist() == [[0, 0.5]]
    assert ce.cost_threshold([1e308], 1e-308) == 1


def test_threshold_itself_is_flagged_in_float32_too():
    for dtype in ("f4", "f8"):
        p = np.array([0.35, 0.3], dtype)
        assert ce.expected_cost([0, 0], p, threshold=0.35, cost_fp=1, cost_fn=0) == 0.5
        curve = ce.roc_curve([1, 0], p)
        assert curve.thresholds.dtype == dtype
        for point, t in enumerate(curve.thresholds):
            cost = ce.expected_cost([1, 0], p, threshold=t, cost_fp=0, cost_fn=2)
            assert cost == 1 - curve.tpr[point]


def test_cost_threshold_of_the_course():
    assert ce.cost_threshold(1, 550) == 1 / 551
    assert ce.cost_threshold(1, 1) == 0.5
    assert ce.cost_threshold(10, 100) == pytest.approx(0.0909, abs=5e-5)
    assert ce.cost_threshold(1, 1.86) == pytest.approx(0.35, abs=5e-4)
    assert ce.cost_threshold(3, 0) == 1


@pytest.mark.parametrize("cost_fn", [1.0, 3.0, 25.0])
def test_cost_threshold_is_the_cheapest_for_calibrated_probabilities(cost_fn):
    p = (np.arange(1000) + 0.5) / 1000
    share = np.repeat(p, 1000)
    y = np.tile((np.arange(1000) + 0.5) / 1000, 1000) < share  # exactly p of each thousand
    at = {t: ce.expected_cost(y, share, threshold=t, cost_fp=1, cost_fn=cost_fn) for t in p[::10]}
    assert min(at, key=at.get) == pytest.approx(ce.cost_threshold(1, cost_fn), abs=0.01)


# ------------------------------------------------------------------ every threshold


@metrics_profile
@given(rows)
def test_auc_is_the_share_of_pairs_in_order(rows):
    y, s = map(np.array, zip(*rows, strict=True))
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in s[y] for b in s[~y]]
    auc = ce.roc_auc(y, s)
    assert type(auc) is float
    assert auc == pytest.approx(np.mean(pairs), abs=1e-14)
    curve = ce.roc_curve(y, s)
    assert np.trapezoid(curve.tpr, curve.fpr) == pytest.approx(auc, abs=1e-14)
    assert ce.roc_auc(~y, s) == pytest.approx(1 - auc, abs=1e-14)


@metrics_profile
@given(rows)
def test_every_point_of_the_curves_is_its_threshold_applied(rows):
    y, s = map(np.array, zip(*rows, strict=True))
    fpr, tpr, thresholds = ce.roc_curve(y, s)
    precision, recall, cuts = ce.precision_recall_curve(y, s)
    assert (fpr[0], tpr[0], fpr[-1], tpr[-1], recall[-1]) == (0, 0, 1, 1, 1)
    assert np.isnan(thresholds[0]) if INF in s else thresholds[0] == INF
    np.testing.assert_array_equal(thresholds[1:], cuts)
    np.testing.assert_array_equal(cuts, np.unique(s)[::-1])
    for k, t in enumerate(cuts):
        tn, fp, fn, tp = ce.confusion_counts(y, s >= t)
        assert (fpr[k + 1], tpr[k + 1]) == (fp / (fp + tn), tp / (tp + fn))
        assert (precision[k], recall[k]) == ce.precision_recall_f1(y, s >= t)[:2]
    area = np.sum(np.diff(recall, prepend=0) * precision)
    assert ce.average_precision(y, s) == pytest.approx(area, abs=1e-14)


@metrics_profile
@given(rows, st.permutations(range(30)))
def test_order_of_rows_does_not_matter_and_monotone_maps_neither(rows, order):
    y, s = map(np.array, zip(*rows, strict=True))
    order = [i for i in order if i < len(y)]
    for f in (ce.roc_auc, ce.average_precision):
        value = f(y, s)
        assert f(y[order], s[order]) == value
        for mapped in (np.tanh(s), ce.sigmoid(s), 3 * s - 7, np.cbrt(s)):
            assert f(y, mapped) == value
    assert ce.roc_auc(y, -s) == pytest.approx(1 - ce.roc_auc(y, s), abs=1e-14)


@pytest.mark.parametrize("scores", [S, S.astype("f4"), np.round(S).astype(int), S > 1, -S])
def test_sklearn_finds_the_same(scores):
    assert ce.roc_auc(Y, scores) == pytest.approx(peer.roc_auc_score(Y, scores), abs=1e-12)
    theirs = peer.average_precision_score(Y, scores)
    assert ce.average_precision(Y, scores) == pytest.approx(theirs, abs=1e-12)
    for ours, other in zip(
        ce.roc_curve(Y, scores), peer.roc_curve(Y, scores, drop_intermediate=False), strict=True
    ):
        np.testing.assert_allclose(ours, other.astype(float), atol=1e-14)
    precision, recall, thresholds = ce.precision_recall_curve(Y, scores)
    their_precision, their_recall, their_thresholds = peer.precision_recall_curve(Y, scores)
    np.testing.assert_allclose(precision, their_precision[-2::-1], atol=1e-14)
    np.testing.assert_allclose(recall, their_recall[-2::-1], atol=1e-14)
    np.testing.assert_array_equal(thresholds, their_thresholds[::-1].astype(float))


def test_brier_score_is_sklearns():
    p = ce.sigmoid(S)
    assert ce.brier_score(Y, p) == pytest.approx(peer.brier_score_loss(Y, p), abs=1e-14)


def test_auc_cannot_see_calibration():
    """Notebook 08: a tenth of every probability is the same order and five times the loss."""
    y, p = [1, 1, 0, 0], np.array([0.9, 0.8, 0.3, 0.2])
    assert ce.binary_cross_entropy(y, p) == pytest.approx(0.227, abs=5e-4)
    assert ce.binary_cross_entropy(y, p / 10) == pytest.approx(1.246, abs=5e-4)
    assert ce.roc_auc(y, p) == ce.roc_auc(y, p / 10) == ce.average_precision(y, p / 10) == 1


def best_f1(y, scores):
    precision, recall, thresholds = ce.precision_recall_curve(y, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    return f1.max(), thresholds[f1.argmax()]


def test_monotone_rescaling_keeps_best_f1_and_moves_its_threshold():
    """Notebook 09; and the best threshold of the posterior is half the best F1."""
    posterior = ce.sigmoid(rng.normal(-3, 2, size=400_000))
    y = rng.random(len(posterior)) < posterior
    f1, threshold = best_f1(y, posterior)
    assert threshold == pytest.approx(f1 / 2, abs=0.02)
    shifted = ce.sigmoid(ce.logit(posterior) + math.log(550))
    assert best_f1(y, shifted) == (f1, pytest.approx(ce.sigmoid(ce.logit(threshold) + 6.3099)))


def test_shapes_scalars_and_inputs_left_alone():
    before = Y.copy(), S.copy()
    square = Y.reshape(50, 100), S.reshape(50, 100)
    for f in (ce.roc_auc, ce.average_precision):
        assert f(*square) == f(Y, S) == f(Y.astype(bool), S) == f(Y.astype("f4"), S)
        assert f(Y, 0.5) == pytest.approx(0.5 if f is ce.roc_auc else Y.mean())
    assert ce.average_precision(1, [0.1, 0.2]) == 1
    assert np.array_equal(Y, before[0])
    assert np.array_equal(S, before[1])


# ------------------------------------------------------------------ bad input

NOT_NUMBERS = [
    (None, TypeError, "must hold real numbers; got None"),
    (["0", "1", "1"], TypeError, "must hold real numbers; got '0' at index 0"),
    (np.array([0, 1, 1], dtype=object), TypeError, "must hold real numbers; got 0 at index 0"),
    ([[0, 1], [1]], ValueError, "must be a rectangular array; got [[0, 1], [1]]"),
    ([], ValueError, "must not be empty; got shape (0,)"),
    ([0, 1], ValueError, "must have equal shapes; got "),
    ([[0], [1], [1]], ValueError, "must have equal shapes; got "),
]
HARD = [([0, v, 1], ValueError, f"must be 0 or 1; got {v} at index 1") for v in (0.5, 2.0, -1.0)]
HARD += [([0, NAN, 1], ValueError, "must be 0 or 1; got nan at index 1")]
SCORES = [([0.1, NAN, 0.2], ValueError, "must not be NaN; got nan at index 1")]
SHARES = [
    ([0.1, 1.2, 0.2], ValueError, "must lie in [0, 1]; got 1.2 at index 1"),
    ([0.1, -INF, 0.2], ValueError, "must lie in [0, 1]; got -inf at index 1"),
    ([0.1, NAN, 0.2], ValueError, "must lie in [0, 1]; got nan at index 1"),
]
COSTS = [
    (-1, ValueError, "must be finite and not negative; got -1"),
    (NAN, ValueError, "must be finite and not negative; got nan"),
    (INF, ValueError, "must be finite and not negative; got inf"),
    (None, TypeError, "must hold real numbers; got None"),
    ([1.0, -1.0, 2.0], ValueError, "must be finite and not negative; got -1.0 at index 1"),
]
CUTS = [
    (NAN, ValueError, "must not be NaN; got nan"),
    ("0.5", TypeError, "must hold real numbers; got '0.5'"),
    ([0.5, NAN, 0.5], ValueError, "must not be NaN; got nan at index 1"),
]
OF_ROWS = [([0.5, 0.5], ValueError, "must be one number or have the shape of the rows; got (2,)")]
Y3, P3 = [0, 1, 1], [0.2, 0.4, 0.4]
GOOD = {
    "confusion_counts": {"y_true": (Y3, HARD), "y_pred": ([0, 0, 1], HARD)},
    "precision_recall_f1": {"y_true": (Y3, HARD), "y_pred": ([0, 0, 1], HARD)},
    "roc_curve": {"y_true": (Y3, HARD), "scores": (P3, SCORES)},
    "roc_auc": {"y_true": (Y3, HARD), "scores": (P3, SCORES)},
    "precision_recall_curve": {"y_true": (Y3, HARD), "scores": (P3, SCORES)},
    "average_precision": {"y_true": (Y3, HARD), "scores": (P3, SCORES)},
    "expected_cost": {
        "y_true": (Y3, HARD),
        "y_prob": (P3, SHARES),
        "threshold": (0.5, CUTS + OF_ROWS),
        "cost_fp": (1, COSTS + OF_ROWS),
        "cost_fn": (2, COSTS + OF_ROWS),
    },
    "cost_threshold": {"cost_fp": (1, COSTS), "cost_fn": (2, COSTS)},
}
BAD = [
    (function, name, *case)
    for function, arguments in GOOD.items()
    for name, (good, own) in arguments.items()
    for case in own + (NOT_NUMBERS if isinstance(good, list) else [])
]


@pytest.mark.parametrize(("function", "name", "value", "error", "text"), BAD)
def test_bad_input(function, name, value, error, text):
    arguments = {other: good for other, (good, _) in GOOD[function].items()}
    getattr(ce, function)(**arguments)
    with pytest.raises(error, match=re.escape(text)) as caught:
        getattr(ce, function)(**(arguments | {name: value}))
    assert name in str(caught.value).split(" must ")[0]


def test_one_class_has_no_ranking():
    for f in (ce.roc_auc, ce.roc_curve):
        for label in (0, 1):
            with pytest.raises(
                ValueError, match=f"y_true must have both classes; got only {label}"
            ):
                f([label] * 3, P3)
    for f in (ce.average_precision, ce.precision_recall_curve):
        with pytest.raises(ValueError, match="y_true must have at least one positive; got only 0"):
            f([0, 0, 0], P3)


def test_costs_that_say_nothing():
    for costs, total in (((0, 0), "0.0"), ((1e308, 1e308), "inf")):
        text = f"cost_fp and cost_fn must have a positive, finite sum; got {total}"
        with pytest.raises(ValueError, match=text):
            ce.cost_threshold(*costs)
        one, other = costs
        with pytest.raises(ValueError, match=text + " at index 1"):
            ce.cost_threshold([1, one], other)
    with pytest.raises(ValueError, match=r"cost_fp and cost_fn must have equal shapes; got \(2,\)"):
        ce.cost_threshold([1, 2], [1, 2, 3])

"""The scorer on five tables of different shape, what calibrates it, and what it refuses."""

import math
import re

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

import cehelpers as ce

NAN, INF = math.nan, math.inf

# ------------------------------------------------------------------ five tables


def clicks(n, rng):
    """Bell-shaped columns, products of them, 5%."""
    X = rng.normal(size=(n, 12)).astype("f4")
    f = X[:, 0] + 0.7 * X[:, 1] - 0.5 * X[:, 2] + 0.8 * X[:, 3] * X[:, 4] + 0.6 * np.abs(X[:, 5])
    return X, f, 0.05


def payments(n, rng):
    """Amounts over ten powers of ten, a Cauchy column, counts, an id that grows, a constant."""
    amount, ratio = rng.lognormal(3, 2.5, n), rng.lognormal(0, 1.2, n)
    wild, age = rng.standard_cauchy(n), rng.exponential(400, n)
    count, new = rng.poisson(rng.gamma(0.3, 2, n)), rng.random(n) < 0.05
    f = 0.5 * np.log(amount) + 2.5 * new * (ratio > 2.2) + 0.8 * np.log1p(count)
    f += 0.6 * np.tanh(wild) - 0.003 * np.minimum(age, 900)
    rest = [rng.lognormal(0, 3, n), rng.normal(size=n) * 1e-6]
    ids, same = 1e9 + np.arange(n), np.full(n, 7.0)
    return np.column_stack([amount, ids, same, wild, count, new, ratio, age, *rest]), f, 0.005


def sensors(n, rng):
    """Twenty columns, 0.4%; the full run has 2 M rows to train on and 0.02%."""
    X = rng.normal(size=(n, 20)).astype("f4")
    f = 1.3 * X[:, 0] + 1.1 * X[:, 1] + X[:, 5] + 0.9 * X[:, 6] * (X[:, 7] > 0) + 0.8 * X[:, 8]
    X[:, :4] = np.exp(1.5 * X[:, :4])
    return X, f, 0.004 if n < 1_000_000 else 0.0002


def steps(n, rng):
    """Categories and cuts, as trees like them, 1%; its calibration month has no positive."""
    category, hour = rng.integers(0, 8, n), rng.integers(0, 24, n)
    u, v, w = rng.random(n), rng.random(n), rng.exponential(1, n)
    f = 2 * (u > 0.8) * (v > 0.7) + 1.5 * (category == 1) + 2 * (category == 2) * (hour > 20)
    return np.column_stack([*(category == k for k in range(8)), hour, u, v, w]), f + (w > 2), 0.01


def loans(n, rng):
    """Heavy tails and few: some 60 defaults to learn from."""
    X = rng.standard_t(2.5, size=(n, 8))
    return X, np.tanh(X[:, 0]) + np.tanh(X[:, 1]) - 0.8 * np.tanh(X[:, 2]), 0.003


TABLES = {clicks: 20_000, payments: 60_000, sensors: 60_000, steps: 60_000, loans: 20_000}


def drawn(table, n, seed):
    """Training, calibration and test rows in time, and the true logits of the test rows."""
    rng = np.random.default_rng(seed)
    X, f, rate = table(2 * n, rng)
    z = f + ce.fit_bias(np.full(len(f), rate), f)
    y = (rng.random(len(f)) < ce.sigmoid(z)).astype(int)
    parts = slice(0, n), slice(n, n + n // 2), slice(n + n // 2, None)
    if table is steps:
        y[parts[1]] = 0
    return [(X[part], y[part]) for part in parts], z[parts[2]]


def boosted(X, y):
    return HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=150, max_leaf_nodes=12, min_samples_leaf=60,
        l2_regularization=5, early_stopping=False, random_state=0,
    ).fit(X, y)  # fmt: skip


def slope_interval(y, z):
    """Slope of the labels on the logits, ± 2 standard errors from the Hessian."""
    a, b = ce.fit_platt(y, z)
    p = ce.sigmoid(a * z + b)
    w = p * (1 - p)
    se = 1 / math.sqrt(np.sum(w * (z - np.average(z, weights=w)) ** 2))
    return a - 2 * se, a + 2 * se


@pytest.fixture(scope="module", params=TABLES, ids=lambda table: table.__name__)
def trial(request):
    (train, cal, test), truth = drawn(request.param, TABLES[request.param], 0)
    scorer = ce.fit_scorer(*train, *cal)
    linear = ce.fit_scorer(*train, *cal, hidden=())
    trees = boosted(*train)
    fit = ce.fit_recalibration(cal[1], trees.decision_function(cal[0]))
    z = {
        "net": scorer.predict_logits(test[0]),
        "linear": linear.predict_logits(test[0]),
        "trees": fit.a * trees.decision_function(test[0]) + fit.b,
        "truth": truth,
    }
    rows = ce.compare_scores(test[1], z)
    print(f"\n{request.param.__name__}: {int(train[1].sum())} positives, {scorer.steps} steps")
    for name, row in rows.items():
        a = slope_interval(test[1], z[name])
        print(f"{name:7} {row.normalised_entropy:.3f} of a constant, slope {a[0]:.2f} – {a[1]:.2f}")
    print(*scorer.notes, sep="\n")
    return request.param, scorer, z, rows, test[1]


def test_below_the_constant_and_near_the_truth(trial):
    table, _, _, rows, _ = trial
    share = {name: row.normalised_entropy for name, row in rows.items()}
    assert share["net"] < 0.99
    won, there_is = 1 - share["net"], 1 - share["truth"]
    assert won > (0.5 if table in (steps, loans) else 0.7) * there_is


def test_the_slope_is_near_one_or_the_notes_say_why(trial):
    table, scorer, z, _, y = trial
    low, high = slope_interval(y, z["net"])
    told = scorer.recalibration.kind != "platt"
    assert told or (low < 1.1 and high > 0.9)
    assert (table is loans) == (high < 0.95)  # 62 defaults: overconfident, and told so


def test_the_notes_are_honest(trial):
    table, scorer, _, _, _ = trial
    told = " | ".join(scorer.notes)
    assert ("column '2' is constant" in told) == (table is payments)
    assert ("column '1': 100% of the calibration rows lie outside" in told) == (table is payments)
    assert ("try hidden=()" in told) == (table is loans)
    assert ("nothing calibrated: 0 positives" in told) == (table is steps)
    assert ("only the shift" in told) == (table is loans)


def test_trees_first_where_there_are_positives_enough(trial):
    """What the recipe says: near the net or ahead of it, except where few positives teach."""
    table, _, _, rows, _ = trial
    share = {name: row.normalised_entropy for name, row in rows.items()}
    if table is steps:
        assert share["trees"] < share["net"] - 0.01
    if table is loans:
        assert share["linear"] < share["net"] < share["trees"]


# ------------------------------------------------------------------ thinning, edges, sameness


@pytest.fixture(scope="module")
def small():
    (train, cal, test), _ = drawn(clicks, 6000, 1)
    return train, cal, test


@pytest.mark.parametrize("keep", [1.0, 0.2])
def test_thinned_negatives_are_undone_before_the_calibration(small, keep):
    """Without a positive in the calibration rows nothing else brings the mean down."""
    (X, y), (X_cal, y_cal), (X_test, y_test) = small
    scorer = ce.fit_scorer(X, y, X_cal, 0 * y_cal, keep=keep)
    assert scorer.recalibration[:3] == (1.0, 0.0, "none")
    assert scorer(X_test).mean() == pytest.approx(y_test.mean(), rel=0.25)


def test_the_same_rows_give_the_same_scorer_and_other_draws_another(small):
    train, cal, (X, _) = small
    one, two = (ce.fit_scorer(*train, *cal, hidden=(4,)) for _ in range(2))
    other = ce.fit_scorer(*train, *cal, hidden=(4,), rng=np.random.default_rng(1))
    assert np.array_equal(one(X), two(X))
    assert not np.array_equal(one(X), other(X))
    assert np.array_equal(one(X), one.predict_proba(X))
    np.testing.assert_allclose(ce.logit(one(X)), one.predict_logits(X), atol=1e-9)
    np.testing.assert_allclose(one(X[::-7]), one(X)[::-7], atol=1e-6)  # rows do not meet


def test_what_lies_outside_the_training_range_counts_as_its_edge(small):
    train, cal, _ = small
    scorer = ce.fit_scorer(*train, *cal, hidden=(4,))
    edge, beyond = train[0].max(axis=0)[None], np.full((1, 12), 1e300)
    assert scorer(beyond) == scorer(edge)


def test_units_do_not_matter(small):
    """Cents in training, calibration and scoring: the same scorer, but for rounding."""
    train, cal, (X, _) = small
    unit = 10.0 ** np.arange(-6, 6)
    one = ce.fit_scorer(*train, *cal, hidden=())
    two = ce.fit_scorer(train[0] * unit, train[1], cal[0] * unit, cal[1], hidden=())
    np.testing.assert_allclose(two.predict_logits(X * unit), one.predict_logits(X), atol=0.02)


def test_noise_is_a_constant():
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(4000, 30)), (rng.random(4000) < 0.02).astype(int)
    test = (rng.random(4000) < 0.02).astype(int)
    scorer = ce.fit_scorer(X, y, X[:0:-1], test[1:])
    row = ce.compare_scores(test, {"noise": scorer.predict_logits(X)})["noise"]
    assert row.normalised_entropy < 1.05


# ------------------------------------------------------------------ what is refused


class Frame:
    """What of a DataFrame the scorer asks for."""

    def __init__(self, columns, rows):
        self.columns, self.rows, self.shape = columns, rows, np.shape(rows)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.rows, dtype=dtype)


GOOD = [[float(i), i % 3] for i in range(60)]
LABELS = [i % 2 for i in range(60)]


@pytest.mark.parametrize(
    ("X", "error", "words"),
    [
        (
            [*GOOD[:-1], [1.0, "food"]],
            TypeError,
            "X must hold numbers; got 'food' in column 'shop'",
        ),
        ([*GOOD[:-1], [1.0, "2"]], TypeError, "got '2' in column 'shop' at row 59"),
        ([*GOOD[:-1], [None, 1]], ValueError, "nan in column 'amount' at row 59 (in 1 of 60 rows)"),
        ([*GOOD[:-1], [INF, 1]], ValueError, "got inf in column 'amount' at row 59"),
        (np.array([*GOOD[:-1], [NAN, 1.0]]), ValueError, "nan in column 'amount' at row 59"),
        (np.array(GOOD)[:, :1], ValueError, "X must have shape (n, 2); got (60, 1)"),
        (np.zeros((0, 2)), ValueError, "X must have shape (n, 2); got (0, 2)"),
        (np.full((60, 2), "2026-03-01", dtype="M8[D]"), TypeError, "datetime.date(2026, 3, 1)"),
    ],
)
def test_a_bad_table_is_refused_by_column_and_row(X, error, words):
    with pytest.raises(error, match=re.escape(words)):
        ce.fit_scorer(X, LABELS, GOOD, LABELS, names=("amount", "shop"))


def test_names_come_from_a_frame_and_are_held_to():
    rows = np.random.default_rng(0).normal(size=(60, 2)).tolist()
    frame = Frame(["amount", "age"], rows)
    scorer = ce.fit_scorer(frame, LABELS, frame, LABELS, hidden=())
    assert scorer.names == ("amount", "age")
    assert np.array_equal(scorer(frame), scorer(rows))
    with pytest.raises(ValueError, match=re.escape("got ['age', 'amount']")):
        scorer(Frame(["age", "amount"], rows))
    rows[7][1] = "old"
    with pytest.raises(TypeError, match="'old' in column 'age' at row 7"):
        scorer(rows)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (
            {"y_true": [1] * 19 + [0] * 41},
            ValueError,
            "at least 20 rows of each class; got 19 of 60",
        ),
        ({"y_true": LABELS[1:]}, ValueError, "y_true must have one label a row; got (59,)"),
        ({"y_cal": [2, *LABELS[1:]]}, ValueError, "y_cal must be 0 or 1; got 2 at index 0"),
        ({"keep": 0}, ValueError, "keep must lie in (0, 1]; got 0"),
        ({"hidden": (0,)}, ValueError, "hidden must be at least 1; got 0"),
        ({"rng": 3}, TypeError, "rng must be a numpy.random.Generator; got 3"),
    ],
)
def test_bad_input(change, error, words):
    arguments = {"X": GOOD, "y_true": LABELS, "X_cal": GOOD, "y_cal": LABELS} | change
    with pytest.raises(error, match=re.escape(words)):
        ce.fit_scorer(**arguments)


# ------------------------------------------------------------------ calibration and comparison


@pytest.mark.parametrize(("positives", "kind"), [(0, "none"), (29, "none"), (30, "shift"),
                                                 (99, "shift"), (100, "platt")])  # fmt: skip
def test_no_more_parameters_than_positives_can_bear(positives, kind):
    rng = np.random.default_rng(0)
    y = np.repeat([1, 0], [positives, 5000])
    z = 2 * (rng.normal(-5, 1, len(y)) + 2 * y)
    fit = ce.fit_recalibration(y, z)
    assert fit.kind == kind
    assert f"{positives} positives" in fit.message
    if kind == "shift":
        assert fit[:2] == (1.0, ce.fit_bias(y, z))
    if kind == "platt":
        assert fit[:2] == tuple(ce.fit_platt(y, z))


def test_a_slope_that_does_not_exist_or_points_down_is_not_fitted():
    y = np.repeat([1, 0], [200, 800])
    assert ce.fit_recalibration(y, 4.0 * y - 2).kind == "shift"
    assert ce.fit_recalibration(y, -y + np.tile([0.0, 2.0], 500)).kind == "shift"


def test_the_fewest_positives_are_those_of_the_experiment():
    """Excess log loss of a right model, and of one 15% overconfident, in shares of the loss."""
    rng = np.random.default_rng(0)
    truth = rng.normal(-4.5, 1.8, 40_000)
    P = ce.sigmoid(truth)
    least = ce.binary_cross_entropy_with_logits(P, truth)

    def excess(z):
        return ce.binary_cross_entropy_with_logits(P, z) / least - 1

    def mean(positives, scale):
        n, costs = round(positives / P.mean()), []
        z = truth / scale + ce.fit_bias(P, truth / scale)
        for _ in range(60):
            rows = rng.integers(len(P), size=n)
            y = (rng.random(n) < P[rows]).astype(int)
            a, b = ce.fit_platt(y, z[rows])
            costs.append((excess(z + ce.fit_bias(y, z[rows])), excess(a * z + b)))
        return excess(z), *np.mean(costs, axis=0)

    nothing, shift, platt = mean(24, 1.0)
    assert nothing == 0 < shift < platt
    nothing, shift, platt = mean(24, 0.9)
    assert nothing < platt  # so few make it worse, even where it is needed
    nothing, shift, platt = mean(120, 0.85)
    assert platt < nothing / 2


def test_comparison_is_paired_and_its_interval_covers():
    rng, hits = np.random.default_rng(0), 0
    t = rng.normal(-3, 1.5, 20_000)
    P, models = ce.sigmoid(t), {"one": t, "two": 0.8 * t - 0.4}
    one, two = (ce.binary_cross_entropy_with_logits(P, z) for z in models.values())
    for _ in range(200):
        y = (rng.random(len(t)) < P).astype(int)
        rows = ce.compare_scores(y, models)
        hits += rows["two"].low < two - one < rows["two"].high
    assert 0.9 < hits / 200 < 0.99
    assert rows["one"][4:] == (0, 0)
    assert rows["two"].log_loss == ce.binary_cross_entropy_with_logits(y, models["two"])
    assert rows["two"].auc == rows["one"].auc == ce.roc_auc(y, t)
    assert rows["two"].average_precision == pytest.approx(ce.average_precision(y, t))
    rate = y.mean()
    constant = {"constant": np.full(len(y), ce.logit(rate))}
    assert ce.compare_scores(y, constant)["constant"].normalised_entropy == pytest.approx(1)


@pytest.mark.parametrize(
    ("y", "models", "words"),
    [
        ([0, 1], {}, "logits must hold at least one model"),
        ([0, 0], {"a": [1, 2]}, "y_true must have both classes; got only 0"),
        ([0, 1], {"a": [1, INF]}, "logits of 'a' must be finite; got inf at index 1"),
        ([0, 1], {"a": [1, 2, 3]}, "one label a row; got (2,) for logits of 'a' of shape (3,)"),
    ],
)
def test_bad_comparison(y, models, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        ce.compare_scores(y, models)


def test_logits_of_another_shape_are_refused_however_few_the_positives():
    with pytest.raises(ValueError, match=r"equal shapes; got \(20,\) and \(20, 5\)"):
        ce.fit_recalibration([0] * 20, np.zeros((20, 5)))


def test_models_come_by_name():
    with pytest.raises(TypeError, match="logits must map names to logits; got list"):
        ce.compare_scores([0, 1], [[-1.0, 1.0]])

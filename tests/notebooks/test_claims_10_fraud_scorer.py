"""What notebook 10 claims, computed here by other means than its own."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, xlog1py, xlogy
from scipy.special import logit as log_odds
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

import cehelpers as ce
from cecourse.lessons.fraud_scorer import exercises, generator

PI = 0.0018
BASE = -(PI * math.log(PI) + (1 - PI) * math.log1p(-PI))
ROWS, KEEP = 80_000, 0.1


def entropy(p):
    return -(xlogy(p, p) + xlog1py(1 - p, -p))


# ---------------------------------------------------------------- pencil


def test_the_numbers_of_the_story():
    assert f"{BASE:.4f}" == "0.0132"
    assert f"{0.042 / BASE:.1f}" == "3.2"
    assert f"{(1 - PI) / PI:.1f}" == "554.6"
    assert pytest.approx(193, abs=0.5) == 0.35 / (1 / 551)
    assert exercises.raw_35.function() == pytest.approx(expit(log_odds(0.35) - math.log(550)))
    assert f"{exercises.raw_35.function():.6f}" == "0.000978"
    assert f"{exercises.price_inside.function():.2f}" == "1.86"
    assert ce.cost_threshold(1, exercises.price_inside.function()) == pytest.approx(0.35)
    assert round(exercises.rows_needed.function()) == 2185
    assert math.sqrt(0.25 / 70) == pytest.approx(0.06, abs=0.001)  # of a recall, 70 frauds


def test_flipping_one_label_in_a_hundred_makes_most_frauds_false():
    assert pytest.approx(0.85, abs=0.003) == 0.01 * (1 - PI) / (0.01 * (1 - PI) + 0.99 * PI)


# ---------------------------------------------------------------- the ceiling


def straight(auc):
    """(a, b) of logit p = a + b·u with the base rate and this AUC, by quadrature and bisection."""

    def mean(f, a, b):
        return quad(lambda u: f(u, expit(a + b * u)), 0, 1, epsabs=1e-13, points=[0.9, 0.99])[0]

    def bottom(b):
        return brentq(lambda a: mean(lambda u, p: p, a, b) - PI, -80, 5, xtol=1e-12)

    def gap(b):
        area = (mean(lambda u, p: u * p, bottom(b), b) - PI**2 / 2) / (PI * (1 - PI))
        return area - auc

    b = brentq(gap, 0.1, 60, xtol=1e-10)
    return bottom(b), b, mean(lambda u, p: entropy(p), bottom(b), b)


@pytest.mark.parametrize(("auc", "shown"), [(0.91, "0.01065"), (0.96, "0.00920")])
def test_the_ceiling_by_quadrature(auc, shown):
    _, _, loss = straight(auc)
    assert ce.log_loss_ceiling(auc, PI) == pytest.approx(loss, rel=1e-6)
    assert f"{loss:.5f}" == shown


def test_no_neighbour_with_the_same_rate_and_auc_costs_more():
    a, b, _ = straight(0.96)
    u = (np.arange(4000) + 0.5) / 4000
    p = expit(a + b * u)
    rng = np.random.default_rng(0)
    for _ in range(200):
        step = p * (1 - p) * np.interp(u, np.linspace(0, 1, 9), rng.normal(size=9))
        basis = np.linalg.qr(np.column_stack([np.ones_like(u), u]))[0]
        step -= basis @ (basis.T @ step)  # keeps the rate and the AUC
        step *= 0.3 * min((p / np.abs(step)).min(), ((1 - p) / np.abs(step)).min())
        assert entropy(p + step).mean() < entropy(p).mean()


def test_its_logarithm_is_straight_in_the_rank_among_the_ordinary():
    a, b, _ = straight(0.96)
    u = np.linspace(0, 1, 20_001)
    p = expit(a + b * u)
    v = np.concatenate([[0], np.cumsum((1 - p)[1:] + (1 - p)[:-1])])
    slope = np.diff(np.log(p)) / np.diff(v)
    np.testing.assert_allclose(slope, slope[0], rtol=1e-3)


def test_a_regression_on_the_rank_comes_down_to_the_ceiling():
    rng = np.random.default_rng(4)
    y = (rng.random(60_000) < 0.02).astype(int)
    scores = rng.normal(size=len(y)) + 2 * y
    u = (scores.argsort().argsort() + 0.5) / len(y)
    fit = LogisticRegression(C=1e9, tol=1e-10).fit(u[:, None], y)
    loss = log_loss(y, fit.predict_proba(u[:, None])[:, 1])
    assert loss == pytest.approx(ce.log_loss_ceiling(roc_auc_score(y, u), y.mean()), rel=1e-4)


# ---------------------------------------------------------------- the posterior alone


@pytest.fixture(scope="module")
def year():
    return generator.fraud_months(range(12), rows_per_month=ROWS)


def test_a_temperature_cannot_undo_the_weight(year):
    p = year.in_months(9).fraud_prob.astype(float)
    z = log_odds(p) + math.log(550)

    def loss(q):
        return -np.mean(xlogy(p, q) + xlog1py(1 - p, -q))

    raw = loss(expit(z))
    best = minimize_scalar(lambda t: loss(expit(z / t)), bounds=(0.2, 5), method="bounded").fun
    assert 0.15 < best < raw < 0.25
    assert loss(expit(z - math.log(550))) == pytest.approx(np.mean(entropy(p)))
    assert np.mean(entropy(p)) < 0.55 * BASE


def test_the_best_f1_of_true_probabilities_is_at_half_of_itself(year):
    p = np.sort(year.fraud_prob.astype(float))[::-1]
    f1 = 2 * np.cumsum(p) / (np.arange(1, len(p) + 1) + p.sum())
    assert p[f1.argmax()] == pytest.approx(f1.max() / 2, abs=0.002)


def test_a_wave_raises_the_loss_and_late_labels_lower_it():
    usual = generator.fraud_months(11, rows_per_month=ROWS)
    z = usual.fraud_logit.astype(float)
    loss = {"usual": log_loss(usual.label, expit(z))}
    for name, drift in (("wave", {"fraud_wave": 2.0}), ("late", {"pending_chargebacks": 0.6})):
        rows = generator.fraud_months(11, rows_per_month=ROWS, **drift)
        loss[name] = log_loss(rows.label, expit(z))
    assert loss["wave"] > 1.4 * loss["usual"]
    assert loss["late"] < 0.8 * loss["usual"]


# ---------------------------------------------------------------- trained, at a smaller size


@pytest.fixture(scope="module")
def trained(year):
    """Labels and logits of months 10 and 11, of nets trained as in the notebook."""
    train, test = year.in_months(*range(8)), year.in_months(10, 11)
    scale = generator.fraud_scale(train)
    rows = ce.undersample_negatives(train.label, KEEP, rng=np.random.default_rng(0))
    X, y = generator.fraud_design(train[rows], scale=scale), train.label[rows]
    start = ce.logit(float(y.mean()))

    def fit(targets, bias, **options):
        rng = np.random.default_rng(1)  # another seed than the notebook's
        net = ce.init_mlp(
            (26, 32, 16, 1), rng=rng, dtype=np.float32, output_bias=bias, output_scale=0.5
        )
        net = ce.fit_mlp(
            net,
            X,
            targets,
            epochs=8,
            batch_size=512,
            learning_rate=0.004,
            schedule="cosine",
            rng=rng,
            **options,
        )
        return [
            ce.mlp_logits(net, generator.fraud_design(part, scale=scale)).astype(float)
            for part in (year.in_months(9), test)
        ]

    plain = [z + math.log(KEEP) for z in fit(y, start)]
    heavy = [z + math.log(KEEP) for z in fit(y, start + math.log(550), pos_weight=550)]
    smooth = fit(np.where(y == 1, 0.9, 0.1), ce.logit(0.1), sample_weight=np.where(y == 1, 1, 10.0))
    linear = LogisticRegression(C=1e4, solver="newton-cholesky").fit(X, y)
    return {
        "cal": year.in_months(9).label,
        "test": test.label,
        "plain": plain,
        "heavy": heavy,
        "smooth": smooth,
        "linear": (linear, scale),
    }


def test_the_unweighted_net_beats_a_constant_and_the_weighted_one_does_not(trained):
    y, plain, heavy = trained["test"], trained["plain"][1], trained["heavy"][1]
    loss, raw = log_loss(y, expit(plain)), log_loss(y, expit(heavy))
    mended = log_loss(y, expit(heavy - math.log(550)))
    assert loss < 0.7 * BASE < 10 * BASE < raw
    assert loss < mended < BASE
    ceiling = ce.log_loss_ceiling(roc_auc_score(y, heavy), y.mean())
    assert mended < ceiling < raw / 10
    assert 0.94 < roc_auc_score(y, plain) < 0.985


def test_the_calibration_month_finds_the_bias_and_no_temperature(trained):
    z_cal, z = trained["heavy"]
    T = ce.fit_temperature(trained["cal"].astype(int), z_cal)
    assert log_loss(trained["test"], expit(z / T)) > 10 * BASE
    assert ce.fit_bias(trained["cal"], z_cal) == pytest.approx(-math.log(550), abs=0.6)
    a, b = ce.fit_platt(trained["cal"], trained["plain"][0])
    assert a == pytest.approx(1, abs=0.25) and abs(b) < 0.9  # nothing to mend


def test_textbook_smoothing_flags_nearly_everybody(trained):
    p = expit(trained["smooth"][1])
    assert np.median(p) == pytest.approx(0.1, abs=0.01)
    assert np.mean(p >= 1 / 11) > 0.95
    assert log_loss(trained["test"], p) > 0.1


def test_cents_leave_the_auc_of_a_linear_score_alone(trained):
    linear, scale = trained["linear"]
    auc = []
    for share in (0.0, 1.0):
        rows = generator.fraud_months(11, rows_per_month=ROWS, amount_in_cents=share)
        auc.append(
            roc_auc_score(
                rows.label, linear.decision_function(generator.fraud_design(rows, scale=scale))
            )
        )
    assert auc[0] == pytest.approx(auc[1], abs=1e-5)


def test_the_chain_rule_is_an_identity(year):
    test = year.in_months(10, 11)
    p, kind = test.posterior.astype(float), test.kind
    gate = log_loss(kind > 0, p[:, 1:].sum(axis=1))
    fraud = kind > 0
    q = p[fraud, 1:] / p[fraud, 1:].sum(axis=1, keepdims=True)
    type_loss = -np.log(q[np.arange(fraud.sum()), kind[fraud] - 1]).mean()
    joint = -np.log(p[np.arange(len(p)), kind]).mean()
    assert joint == pytest.approx(gate + fraud.mean() * type_loss, rel=1e-5)


def test_the_scoreboard_names_the_learners_cut_and_ranks_it(trained):
    p = [expit(z) for z in trained["plain"]]
    data = [(y, q) for y, q in zip((trained["cal"], trained["test"]), p, strict=True)]
    board = exercises.scoreboard(lambda y, p, fp, fn: fp / (fp + fn), *data, 10, 100)
    lines = {line[:24].strip(): float(line[24:]) for line in board.splitlines()}
    assert list(lines)[-1] == "YOURS, 0.091"
    assert lines["YOURS, 0.091"] == lines["the price list, 0.091"]
    y, q = data[1]
    bill = 1000 * np.mean(np.where(q >= 1 / 11, 10 * (y == 0), 100 * (y == 1)))
    assert lines["YOURS, 0.091"] == pytest.approx(bill, abs=2.5)
    assert lines["flag nothing"] == pytest.approx(1e5 * np.mean(y), abs=2.5)
    assert min(lines.values()) == lines["cheapest afterwards"]
    assert "fill in" in exercises.scoreboard(lambda *_: ..., *data, 10, 100)

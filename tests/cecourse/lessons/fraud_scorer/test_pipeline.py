"""The fraud scorer at full size, once: 2.4 million rows, a network, its reweighted twin.

The reference results were measured on another draw of the same year. Both
are samples of some 700 test frauds, with the bootstrap standard deviations SD: they may differ
by 3·√2 of them. What is compared on the same rows is held to much less.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest

import cehelpers as ce
from cecourse.lessons.fraud_scorer import generator

SD = {"loss": 0.00016, "auc": 0.004, "ap": 0.019}
KEPT, WEIGHT = 0.1, 550.0


def train(X, y, rate, pos_weight=None):
    """Batches of 512: the thinned rows lack steps more than rows."""
    rng = np.random.default_rng(0)
    first = ce.logit(rate) - math.log(KEPT)
    net = ce.init_mlp(
        (26, 32, 16, 1), rng=rng, dtype=np.float32, output_bias=first, output_scale=0.5
    )
    options = {"epochs": 12, "batch_size": 512, "learning_rate": 2e-3, "schedule": "cosine"}
    return ce.fit_mlp(net, X, y, rng=rng, pos_weight=pos_weight, **options)


@pytest.fixture(scope="module")
def run():
    """Logits of each model on the calibration month 9, the test months 10 and 11, and in drift."""
    rows = generator.fraud_months()
    rate = float(rows.in_months(*range(8)).label.mean())
    past, test = rows.in_months(*range(8)), rows.in_months(10, 11)
    scale = generator.fraud_scale(past)
    sample = past[ce.undersample_negatives(past.label, KEPT, rng=np.random.default_rng(10))]
    X, y = generator.fraud_design(sample, scale=scale), sample.label
    net = train(X, y, rate)
    twin = train(X, y, rate, pos_weight=WEIGHT * KEPT)  # a kept negative stands for ten
    linear = ce.fit_logistic(X, y)
    assert linear.converged
    models = {
        "net": lambda X: ce.correct_prior(ce.mlp_logits(net, X), sampling_rate=KEPT),
        "raw": lambda X: ce.mlp_logits(twin, X),
        "logistic": lambda X: ce.correct_prior(
            X @ linear.coef + linear.intercept, sampling_rate=KEPT
        ),
    }

    def logits(rows):
        X = generator.fraud_design(rows, scale=scale)
        every = {name: model(X).astype(float) for name, model in models.items()}
        return SimpleNamespace(y=rows.label, bayes=rows.fraud_logit.astype(float), **every)

    drifts = {
        "calm": {},
        "cents": {"amount_in_cents": 1.0},
        "wave": {"fraud_wave": 2.0},
        "pending": {"pending_chargebacks": 0.5},
    }
    month_11 = {name: logits(generator.fraud_months(11, **drift)) for name, drift in drifts.items()}
    found = logits(test)
    calibration = logits(rows.in_months(9))
    bias = ce.fit_bias(calibration.y, calibration.raw)
    temperature = ce.fit_temperature(calibration.y, calibration.raw)
    found.corrected, found.cooled = found.raw + bias, found.raw / temperature
    return SimpleNamespace(rows=rows, rate=rate, test=found, bias=bias, **month_11)


def quality(y, z):
    return {
        "loss": ce.binary_cross_entropy_with_logits(y, z),
        "auc": ce.roc_auc(y, z),
        "ap": ce.average_precision(y, z),
    }


REFERENCE = {
    "bayes": {"loss": 0.00624, "auc": 0.972, "ap": 0.413},
    "net": {"loss": 0.00678, "auc": 0.962, "ap": 0.342},
    "corrected": {"loss": 0.0071, "auc": 0.963, "ap": 0.291},
    "logistic": {"loss": 0.0089, "auc": 0.931, "ap": 0.139},
}


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_results_are_within_their_sampling_error(run, name):
    got = quality(run.test.y, getattr(run.test, name))
    for measure, want in REFERENCE[name].items():
        assert got[measure] == pytest.approx(want, abs=3 * 2**0.5 * SD[measure]), measure


def test_size_of_the_year(run):
    """4,320 frauds expected. Test months: about 720."""
    assert len(run.rows) == 2_400_000
    assert run.rows.is_fraud.sum() == pytest.approx(4320, abs=3.3 * 4320**0.5)
    assert run.test.y.sum() == pytest.approx(720, abs=3.3 * 720**0.5)


def test_bayes_of_the_whole_year(run):
    """Six times the test frauds, √6 less error: AUC .968, log loss .0065."""
    got = quality(run.rows.is_fraud, run.rows.fraud_logit)
    assert got["auc"] == pytest.approx(0.968, abs=3 * 0.004 / 6**0.5)
    assert got["loss"] == pytest.approx(0.0065, abs=3 * 0.00016 / 6**0.5)


def test_the_order_of_the_models(run):
    """On the same rows, where sampling error largely cancels."""
    loss = {name: quality(run.test.y, getattr(run.test, name))["loss"] for name in REFERENCE}
    assert loss["bayes"] < loss["net"] < loss["corrected"] < loss["logistic"]
    constant = ce.entropy([run.rate, 1 - run.rate])
    assert constant == pytest.approx(0.01317, abs=0.0003)
    assert loss["logistic"] < 0.8 * constant
    assert 0.0003 < loss["net"] - loss["bayes"] < 0.0011
    ap = {name: quality(run.test.y, getattr(run.test, name))["ap"] for name in REFERENCE}
    assert ap["net"] > ap["corrected"] > ap["logistic"]  # weights hurt the top of the ranking


def test_recall_at_one_half(run):
    """The best possible model flags a fifth of the frauds at .5: the threshold is at fault."""
    frauds = run.test.y == 1
    assert 0.16 < (run.test.bayes[frauds] > 0).mean() < 0.29
    assert 0.06 < (run.test.net[frauds] > 0).mean() < 0.21  # .16 from all rows


def test_a_weight_shifts_and_a_bias_brings_back(run):
    raw, corrected = (quality(run.test.y, z) for z in (run.test.raw, run.test.corrected))
    assert raw["loss"] == pytest.approx(0.197, abs=0.05)
    assert raw["auc"] == corrected["auc"]
    assert run.bias == pytest.approx(-math.log(WEIGHT), abs=0.35)
    cooled = quality(run.test.y, run.test.cooled)
    assert cooled["loss"] > 0.8 * raw["loss"]  # no temperature moves p = ½
    undone = quality(run.test.y, ce.correct_prior(run.test.raw, weight=WEIGHT))
    assert undone["loss"] == pytest.approx(corrected["loss"], abs=0.0002)


def test_the_ceiling_tells_calibrated_from_not(run):
    rate = run.test.y.mean()
    for name in ("bayes", "net", "corrected", "logistic", "raw"):
        got = quality(run.test.y, getattr(run.test, name))
        calibrated = got["loss"] < ce.log_loss_ceiling(got["auc"], rate)
        assert calibrated == (name != "raw")
    p = ce.sigmoid(run.test.net)
    assert p.mean() / rate == pytest.approx(1, abs=3.3 / run.test.y.sum() ** 0.5)


def test_drift_in_the_last_month(run):
    def loss(month, name="net"):
        return quality(month.y, getattr(month, name))["loss"]

    def auc(month, name="net"):
        return quality(month.y, getattr(month, name))["auc"]

    calm = loss(run.calm)
    assert loss(run.cents) > 1.3 * calm
    assert auc(run.calm) - 0.02 < auc(run.cents) < auc(run.calm)
    # a constant in every logit moves no row past another
    shift = run.cents.logistic - run.calm.logistic
    assert np.ptp(shift) < 1e-5 < shift.mean()
    assert auc(run.cents, "logistic") == pytest.approx(auc(run.calm, "logistic"), abs=1e-7)
    assert loss(run.wave) > 1.5 * calm  # with no fault anywhere
    assert abs(auc(run.wave) - auc(run.calm)) < 0.02
    assert loss(run.pending) < 0.8 * calm  # and this month only looks better

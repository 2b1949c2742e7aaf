"""Harbor Payments: the generator against its specification, written out here a second time."""

import math

import numpy as np
import pytest
from scipy import stats

import cehelpers as ce
from cecourse.lessons.fraud_scorer import generator, scores

ROWS = 50_000
TARGETS = 0.0018 * np.array([0.55, 0.30, 0.15])
NAN, INF = math.nan, math.inf


@pytest.fixture(scope="module")
def year():
    return generator.fraud_months(rows_per_month=ROWS)


@pytest.fixture(scope="module")
def month():
    return generator.fraud_months(3, rows_per_month=ROWS)


def equal(a, b):
    return a.dtype == b.dtype and np.array_equal(a, b)


def differences(a, b):
    """Names of what is not the same, bit by bit, in two tables."""
    fields = [
        name
        for name in ("month", "label", "kind", "posterior")
        if not equal(getattr(a, name), getattr(b, name))
    ]
    return {*fields, *(name for name in a.raw if not equal(a.raw[name], b.raw[name]))}


# ------------------------------------------------------------------ the columns


def test_names_shapes_and_dtypes(year):
    n = 12 * ROWS
    assert len(year) == n
    assert len(year.raw) == 19
    assert all(x.shape == (n,) for x in year.raw.values())
    assert {x.dtype.kind for x in year.raw.values()} == {"f", "i", "b"}
    assert {x.dtype for x in year.raw.values() if x.dtype.kind == "f"} == {np.dtype("f4")}
    assert year.posterior.shape == (n, 4)
    assert year.posterior.dtype == np.float32
    assert year.posterior.flags.c_contiguous
    assert np.array_equal(year.month, np.repeat(np.arange(12), ROWS))


def test_categories_are_those_of_the_table(year):
    table = {
        "grocery": (0.27, 3.3, 0.7, 0.10),
        "fuel": (0.12, 3.7, 0.4, 0.01),
        "restaurant": (0.20, 3.2, 0.6, 0.12),
        "travel": (0.06, 5.4, 0.9, 0.75),
        "electronics": (0.07, 5.0, 0.9, 0.55),
        "digital": (0.13, 2.6, 0.9, 0.97),
        "gaming": (0.03, 3.3, 0.9, 0.97),
        "fashion": (0.12, 4.1, 0.7, 0.45),
    }
    assert list(table) == list(generator.CATEGORIES)
    for code, (share, log_mean, log_sd, ecom) in enumerate(table.values()):
        rows = year[year.raw["category"] == code]
        n = len(rows)
        low, high = stats.binom.interval(0.9999, 12 * ROWS, share)
        assert low <= n <= high
        log_amount = np.log(rows.raw["amount"].astype(float))
        assert log_amount.mean() == pytest.approx(log_mean, abs=4 * log_sd / n**0.5)
        assert log_amount.std() == pytest.approx(log_sd, abs=4 * log_sd / (2 * n) ** 0.5)
        low, high = stats.binom.interval(0.9999, n, ecom)
        assert low <= rows.raw["ecom"].sum() <= high


def mixture(share, first, second):
    return lambda x: share * first.cdf(x) + (1 - share) * second.cdf(x)


def young(share, width, mean, shift=0.0):
    return mixture(share, stats.uniform(0, width), stats.expon(shift, mean))


CONTINUOUS = {
    "amount_ratio": stats.lognorm(0.55 * 2**0.5).cdf,
    "device_age_d": young(0.05, 2, 300),
    "account_age_d": stats.gamma(2, scale=600).cdf,
    "cred_change_d": young(0.015, 3, 400, 3),
    "merchant_age_d": young(0.04, 90, 1500, 90),
    "hour": lambda x: (
        0.1 * x / 24
        + 0.9
        * sum(stats.norm(14, 4).cdf(x + 24 * k) - stats.norm(14, 4).cdf(24 * k) for k in (-1, 0, 1))
    ),
}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous_columns_are_distributed_as_said(year, name):
    x = year.raw[name][::6].astype(float)
    assert stats.kstest(x, CONTINUOUS[name]).pvalue > 1e-3


def test_columns_that_depend_on_others(year):
    raw = {name: x.astype(float) for name, x in year.raw.items()}
    ecom, mismatch = raw["ecom"], raw["country_mismatch"]
    log_km = np.log(raw["distance_km"])
    for e in (0, 1):
        here = (ecom == e) & (mismatch == 0)
        assert stats.kstest(log_km[here][::6], stats.norm(1.8 + 0.8 * e, 1.2).cdf).pvalue > 1e-3
        ip = raw["ip_risk"][here][::6]
        assert stats.kstest(ip, stats.beta(1.2, 9).cdf).pvalue > 1e-3
        abroad = (ecom == e) & (mismatch == 1)
        assert stats.kstest(log_km[abroad], stats.norm(7.2, 1.2).cdf).pvalue > 1e-3
        ip = raw["ip_risk"][abroad] - 0.12 * e
        assert stats.kstest(ip, stats.beta(1.2, 9).cdf).pvalue > 1e-3
        for travel in (0, 1):
            rows = (ecom == e) & ((raw["category"] == 3) == travel)
            expected = 0.012 + 0.10 * travel + 0.03 * e
            low, high = stats.binom.interval(0.9999, rows.sum(), expected)
            assert low <= mismatch[rows].sum() <= high
    # one z moves the amount and its ratio
    z = (np.log(raw["amount"]) - 3.3) / 0.7
    here = raw["category"] == 0
    r = np.corrcoef(z[here], np.log(raw["amount_ratio"][here]))[0, 1]
    assert r == pytest.approx(0.5**0.5, abs=4 * 0.5 / here.sum() ** 0.5)
    assert not raw["three_ds"][ecom == 0].any()
    log_rate = np.log(raw["merchant_cb_rate"])
    old = raw["merchant_age_d"] > 90
    assert log_rate[old].mean() == pytest.approx(-5.9, abs=4 * 0.75 / old.sum() ** 0.5)
    assert log_rate[~old].mean() == pytest.approx(-5.1, abs=4 * 0.75 / (~old).sum() ** 0.5)
    assert log_rate[old].std() == pytest.approx(0.75, rel=0.01)


@pytest.mark.parametrize(
    "name, mean, variance",
    [
        # of a mixed Poisson: its mean's mean, and that plus its mean's variance
        ("txn_1h", 0.12 * 0.9 + 0.036, 0.144 + 0.12**2 * 0.9 + 9 * 0.012 * 0.988),
        ("txn_24h", 1.72 * 0.9 + 0.036, 1.584 + 1.72**2 * 0.9 + 9 * 0.012 * 0.988),
        ("failed_auth_24h", 0.066, 0.066 + 4 * 0.008 * 0.992),
        ("prior_disputes", 0.04, 0.04),
        ("round_amount", 0.07, 0.07 * 0.93),
    ],
)
def test_counts_have_their_mean_and_variance(year, name, mean, variance):
    x = year.raw[name].astype(float)
    assert x.mean() == pytest.approx(mean, abs=4 * (variance / len(x)) ** 0.5)
    spread = ((x - x.mean()) ** 2).std() / len(x) ** 0.5
    assert x.var() == pytest.approx(variance, abs=4 * spread)


# ------------------------------------------------------------------ the truth


def sigma(x):
    return 1 / (1 + math.exp(-x))


def scores_of_row(row):
    """The three scores as the specification writes them, for one row."""
    risk = dict(zip(range(8), (-0.6, -0.4, -0.5, 0.3, 0.7, 0.4, 0.6, 0.1), strict=True))
    la, lr = math.log(row["amount"]), math.log(row["amount_ratio"])
    lv = math.log1p(row["txn_1h"])
    night = (1 + math.cos(2 * math.pi * (row["hour"] - 3) / 24)) / 2
    far = sigma(1.5 * (math.log(row["distance_km"]) - 6))
    newdev = sigma(2 * (2 - row["device_age_d"])) if row["device_age_d"] < 300 else 0
    rcred = sigma(2 * (3 - row["cred_change_d"])) if row["cred_change_d"] < 300 else 0
    youngm = sigma((90 - row["merchant_age_d"]) / 15)
    youngacc = sigma((120 - row["account_age_d"]) / 30)
    ecom, tds = row["ecom"], row["three_ds"]
    cnp = ecom * (1 - tds)
    big = sigma(3 * (lr - 0.9))
    lcb = (math.log(row["merchant_cb_rate"]) + 5.9) / 0.8
    fa, ip = min(row["failed_auth_24h"], 4), 6 * row["ip_risk"]
    rnd = row["round_amount"]
    stolen = (
        0.35 * la
        + 0.9 * risk[row["category"]]
        + 1.1 * night
        + 0.45 * lr
        + 1.1 * cnp
        + 1.5 * lv
        + 1.1 * far
        + 0.5 * fa
        + 0.25 * ip
        + 1.8 * cnp * far
        + 1.6 * big * min(lv, 1.4)
        + 1.3 * night * far * (1 - ecom)
        + 0.8 * cnp * big
        + 0.5 * row["prior_disputes"]
        - 1.8 * tds
    )
    takeover = (
        0.25 * la
        + 0.5 * lr
        + 1.3 * newdev
        + 1.5 * rcred
        + 0.6 * fa
        + 0.3 * ip
        + 0.5 * night
        + 0.6 * ecom
        + 2.9 * newdev * rcred
        + 1.5 * newdev * big
        + 1.3 * rcred * min(fa, 2)
        + 1.2 * newdev * sigma((row["account_age_d"] - 900) / 150)
        + 0.4 * lv
    )
    collusion = (
        0.20 * la
        + 1.0 * lcb
        + 1.3 * youngm
        + 0.9 * rnd
        - 0.6 * ecom
        - 0.8 * far
        + 0.4 * math.log1p(row["txn_24h"])
        + 2.2 * youngm * rnd
        + 0.9 * youngm * max(lcb, 0)
        + 1.4 * youngacc * youngm
        + 0.7 * rnd * big
    )
    return [1.47 * stolen, 1.47 * takeover, 1.47 * collusion]


def some_rows(rows, count=300):
    """The riskiest rows of each kind, in which every signal is on somewhere, and some others."""
    top = np.argsort(rows.posterior, axis=0)[-count:, 1:].ravel()
    return rows[np.union1d(top, np.arange(count))]


def test_scores_and_posterior_are_those_of_the_specification(year):
    rows = some_rows(year)
    table = [{name: x[i].item() for name, x in rows.raw.items()} for i in range(len(rows))]
    want = np.array([scores_of_row(row) for row in table])
    signal = scores.signals(rows.raw)
    assert min(float(np.ptp(x)) for x in signal.values()) > 0.5  # each of them is seen to work
    np.testing.assert_allclose(scores.scores(signal).T, want, atol=2e-5)

    odds = np.exp(want + scores.TODAY[1])
    p = np.column_stack([np.ones(len(rows)), odds]) / (1 + odds.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(rows.posterior, p, rtol=1e-4)
    np.testing.assert_allclose(rows.fraud_prob, 1 - p[:, 0], rtol=1e-4)
    np.testing.assert_allclose(rows.fraud_logit, ce.logit(1 - p[:, 0]), atol=1e-4)
    assert max(rows.fraud_prob) > 0.99


def test_posterior_sums_to_one(year):
    np.testing.assert_allclose(year.posterior.sum(axis=1, dtype=float), 1, atol=3e-7)
    assert year.posterior.min() > 0


@pytest.mark.parametrize("concept", [0.0, 1.0])
def test_intercepts_give_each_type_its_share(year, concept):
    """Within 3.5 standard errors of the mean posterior, beside the error of the intercepts."""
    p = year.posterior
    if concept:
        p = generator.fraud_months(rows_per_month=ROWS, concept_drift=1.0).posterior
    p = p[:, 1:].astype(float)
    error = 3.5 * p.std(axis=0) / len(p) ** 0.5 + 0.01 * TARGETS
    assert (np.absolute(p.mean(axis=0) - TARGETS) < error).all()


def test_intercepts_from_fewer_rows_are_close():
    """They came from 2.4 million rows, those of the course from 20 million."""
    fewer = np.array([-13.0240, -12.0315, -14.8428])
    assert (np.absolute(fewer - scores.TODAY[1]) < [0.03, 0.04, 0.07]).all()


def test_base_rate_and_types(year):
    """Counts within their 99.9% Poisson intervals."""
    counts = np.bincount(year.kind, minlength=4)[1:]
    low, high = stats.poisson.interval(0.999, TARGETS * len(year))
    assert ((low <= counts) & (counts <= high)).all()
    low, high = stats.poisson.interval(0.999, 0.0018 * len(year))
    assert low <= year.is_fraud.sum() <= high
    assert np.array_equal(year.label, year.kind > 0)


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_posterior_is_calibrated_by_type(year, kind):
    """In bins of the posterior, the counts are within 3.5 sd of what it promises."""
    p, happened = year.posterior[:, kind].astype(float), year.kind == kind
    bins = np.digitize(p, [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.3])
    expected = np.bincount(bins, weights=p)
    sd = np.bincount(bins, weights=p * (1 - p)) ** 0.5
    seen = np.bincount(bins, weights=happened)
    assert len(expected) == 7
    assert (np.absolute(seen - expected) < 3.5 * sd + 1e-9).all()


def test_bayes_log_loss_and_auc(year):
    """Log loss .0065 and AUC .968, as planned; the loss within 3.5 sd of the mean entropy."""
    p, y = year.fraud_prob.astype(float), year.is_fraud
    loss = ce.binary_cross_entropy(y, p)
    entropy = ce.entropy(np.column_stack([p, 1 - p])).mean()
    # the variance of −ln p(y), given p, is p(1 − p)·logit²
    sd = np.sqrt((p * (1 - p) * ce.logit(p) ** 2).sum()) / len(p)
    assert abs(loss - entropy) < 3.5 * sd
    assert entropy == pytest.approx(0.0065, abs=0.0001)
    auc = ce.roc_auc(y, p)
    assert auc == pytest.approx(0.968, abs=0.009)  # 3.5 sd of 1,070 frauds
    assert loss < ce.log_loss_ceiling(auc, y.mean())


def test_the_best_f1_of_true_probabilities_is_at_half_of_itself(year):
    """Lipton, Elkan & Naryanaswamy 2014; expected F1 of the cut below each row."""
    p = np.sort(year.fraud_prob.astype(float))[::-1]
    f1 = 2 * np.cumsum(p) / (np.arange(1, len(p) + 1) + p.sum())
    assert p[f1.argmax()] == pytest.approx(f1.max() / 2, abs=0.002)


def test_types_on_confirmed_fraud(year):
    """Which kind, given fraud: Bayes cross-entropy about .10; chain rule: gate + π · kind."""
    frauds = year[year.kind > 0]
    kinds = frauds.posterior[:, 1:].astype(float)
    kinds /= kinds.sum(axis=1, keepdims=True)
    of_kind = ce.sparse_categorical_cross_entropy(frauds.kind - 1, kinds)
    assert 0.06 < of_kind < 0.14
    p = year.posterior.astype(float)
    p /= p.sum(axis=1, keepdims=True)
    whole = ce.sparse_categorical_cross_entropy(year.kind, p)
    gate = ce.binary_cross_entropy(year.is_fraud, p[:, 1:].sum(axis=1))
    assert whole == pytest.approx(gate + year.is_fraud.mean() * of_kind, rel=1e-4)


# ------------------------------------------------------------------ seeds and months


def test_months_do_not_depend_on_each_other(year, month):
    assert differences(year.in_months(3), month) == set()
    both = generator.fraud_months([5, 3], rows_per_month=ROWS)
    assert both.month[[0, -1]].tolist() == [5, 3]
    assert differences(both[ROWS:], month) == set()
    assert differences(both[:ROWS], year.in_months(5)) == set()


def test_months_and_seeds_differ(month):
    for other in (
        generator.fraud_months(4, rows_per_month=ROWS),
        generator.fraud_months(3, rows_per_month=ROWS, seed=2027),
    ):
        assert differences(month, other) - {"month"} == {*month.raw, "label", "kind", "posterior"}
        assert abs(np.corrcoef(month.raw["hour"], other.raw["hour"])[0, 1]) < 4 / ROWS**0.5


def test_callback_counts_months():
    seen = []
    generator.fraud_months([2, 0], rows_per_month=10, callback=seen.append)
    generator.fraud_months(5, rows_per_month=10, callback=seen.append)
    assert seen == [2, 0, 5]


# ------------------------------------------------------------------ drift


def drifted(**drift):
    return generator.fraud_months(3, rows_per_month=ROWS, **drift)


@pytest.mark.parametrize(
    "drift, changed",
    [
        ({"amount_in_cents": 1.0}, {"amount"}),
        ({"amount_in_cents": 0.3}, {"amount"}),
        ({"fraud_wave": 2.0}, {"label", "kind", "posterior"}),
        ({"fraud_wave": 0.5}, {"label", "kind", "posterior"}),
        ({"concept_drift": 0.5}, {"label", "kind", "posterior"}),
        ({"pending_chargebacks": 0.5}, {"label"}),
        ({"label_flips": 0.01}, {"label"}),
        ({"label_flips": 0.0, "fraud_wave": 1.0, "amount_in_cents": 0}, set()),
    ],
)
def test_drift_changes_only_what_it_says(month, drift, changed):
    assert differences(month, drifted(**drift)) == changed


def within(count, n, share):
    low, high = stats.binom.interval(0.9999, n, share)
    return low <= count <= high


def test_amount_in_cents(month):
    factor = drifted(amount_in_cents=1).raw["amount"] / month.raw["amount"]
    np.testing.assert_allclose(factor, 100, rtol=1e-6)
    some = drifted(amount_in_cents=0.3).raw["amount"] / month.raw["amount"]
    assert set(some.round(3).tolist()) == {1, 100}
    assert within((some > 10).sum(), ROWS, 0.3)


@pytest.mark.parametrize("factor", [0.5, 3.0])
def test_fraud_wave_multiplies_the_odds(month, factor):
    wave = drifted(fraud_wave=factor)
    shift = wave.fraud_logit.astype(float) - month.fraud_logit
    np.testing.assert_allclose(shift, math.log(factor), atol=1e-5)
    shares = [x.posterior[:, 1:] / x.fraud_prob[:, None] for x in (wave, month)]
    np.testing.assert_allclose(*shares, atol=1e-5)  # of the kinds among the frauds
    more, fewer = (wave, month) if factor > 1 else (month, wave)
    assert (more.is_fraud >= fewer.is_fraud).all()
    assert more.is_fraud.sum() > fewer.is_fraud.sum()
    p = wave.fraud_prob.astype(float)
    assert abs(wave.is_fraud.sum() - p.sum()) < 3.5 * np.sqrt((p * (1 - p)).sum())


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_the_largest_waves_stay_finite(month, factor):
    logits = drifted(fraud_wave=factor).fraud_logit
    np.testing.assert_allclose(logits - month.fraud_logit, math.log(factor), atol=1e-4)


def test_concept_drift_is_a_mixture_with_the_base_rate_of_before(month):
    half, whole = drifted(concept_drift=0.5), drifted(concept_drift=1.0)
    mean = (month.posterior + whole.posterior.astype(float)) / 2
    np.testing.assert_allclose(half.posterior, mean, rtol=1e-5)
    now, later = month.fraud_prob.astype(float), whole.fraud_prob.astype(float)
    # a model of today, judged by what happens later, is worse by far than the best one
    loss = ce.binary_cross_entropy(later, now)
    assert loss > ce.binary_cross_entropy(later, later) + 0.001
    seen = whole.is_fraud.sum()
    assert abs(seen - later.sum()) < 3.5 * np.sqrt((later * (1 - later)).sum())


def test_pending_chargebacks_hide_frauds(month):
    pending = drifted(fraud_wave=20.0, pending_chargebacks=0.6)
    hidden = pending.is_fraud > pending.label
    assert not (pending.label > pending.is_fraud).any()
    assert within(hidden.sum(), pending.is_fraud.sum(), 0.6)
    # the same chargebacks are late whatever else happens
    calm = drifted(pending_chargebacks=0.6)
    both = calm.is_fraud == 1
    assert both.sum() > 20
    assert np.array_equal(hidden[both], (calm.is_fraud > calm.label)[both])
    assert not drifted(pending_chargebacks=1.0).label.any()


def test_label_flips(month):
    flips = drifted(label_flips=0.01)
    wrong = flips.label != flips.is_fraud
    assert within(wrong.sum(), ROWS, 0.01)
    assert (flips.label[wrong] == 1 - month.is_fraud[wrong]).all()
    assert np.array_equal(drifted(label_flips=1.0).label, 1 - month.is_fraud)
    # at .18% of fraud, 1% of flips leave 85% of the positives false
    assert flips.label @ (flips.is_fraud == 0) / flips.label.sum() == pytest.approx(0.85, abs=0.05)


# ------------------------------------------------------------------ tables and matrices


def test_picking_rows(year):
    assert len(year[10:15]) == 5
    late = year[year.raw["hour"] > 23]
    assert late.raw["hour"].min() > 23
    assert len(late) == len(late.kind) == len(late.posterior)
    picked = year[np.array([7, 3])]
    assert picked.raw["amount"].tolist() == year.raw["amount"][[7, 3]].tolist()
    train = year.in_months(*range(8))
    assert len(train) == 8 * ROWS
    assert np.shares_memory(train.raw["amount"], year.raw["amount"])
    apart = year.in_months(10, 2)
    assert np.unique(apart.month).tolist() == [2, 10]
    assert len(apart) == 2 * ROWS
    with pytest.raises(ValueError, match="months must be among those of the rows; got .2, 12."):
        year.in_months(2, 12)
    with pytest.raises(ValueError, match="months must be among"):
        year.in_months()
    assert repr(apart) == (
        f"<100,000 transactions of months 2, 10: {apart.label.sum()} labelled 1>"
    )
    with pytest.raises(TypeError, match="index must be a slice, a mask or row numbers; got 3"):
        year[3]


def test_design_matrix_is_the_specification_s(month):
    rows = month[:200]
    raw = {name: x.astype(float) for name, x in rows.raw.items()}
    angle = 2 * np.pi * raw["hour"] / 24
    want = [
        np.log(raw["amount"]),
        np.log(raw["amount_ratio"]),
        np.log(raw["merchant_cb_rate"]),
        *(
            np.log(1 + raw[name])
            for name in (
                "distance_km",
                "txn_1h",
                "txn_24h",
                "device_age_d",
                "account_age_d",
                "cred_change_d",
                "failed_auth_24h",
                "merchant_age_d",
                "prior_disputes",
            )
        ),
        *(
            raw[name]
            for name in (
                "ecom",
                "country_mismatch",
                "three_ds",
                "round_amount",
                "ip_risk",
            )
        ),
        np.sin(angle),
        np.cos(angle),
        *(raw["category"] == k for k in range(1, 8)),
    ]
    X = generator.fraud_design(rows)
    assert X.dtype == np.float32
    assert X.shape == (200, 26) == (200, len(generator.DESIGN_COLUMNS))
    assert len(set(generator.DESIGN_COLUMNS)) == 26
    np.testing.assert_allclose(X, np.column_stack(want), atol=2e-6, rtol=1e-6)


def test_design_is_standardised_by_the_training_rows(year):
    train, test = year.in_months(0, 1), year.in_months(11)
    scale = generator.fraud_scale(train)
    X = generator.fraud_design(train)
    np.testing.assert_allclose(scale.mean, X.mean(axis=0, dtype=float), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(scale.sd, X.std(axis=0, dtype=float), rtol=1e-5)
    own = generator.fraud_design(train, scale=scale)
    assert own.dtype == np.float32
    np.testing.assert_allclose(own.mean(axis=0, dtype=float), 0, atol=1e-5)
    np.testing.assert_allclose(own.std(axis=0, dtype=float), 1, atol=1e-5)
    others = generator.fraud_design(test, scale=scale)
    np.testing.assert_allclose(
        others * scale.sd + scale.mean, generator.fraud_design(test), atol=2e-5
    )
    assert np.isfinite(others).all()


def test_a_constant_column_stays_finite(month):
    rows = month[month.raw["category"] == 0]
    X = generator.fraud_design(rows, scale=generator.fraud_scale(rows))
    assert not X[:, -7:].any()
    assert np.isfinite(X).all()


def test_cents_move_one_column_by_a_constant(month):
    moved = generator.fraud_design(drifted(amount_in_cents=1)) - generator.fraud_design(month)
    assert not moved[:, 1:].any()
    np.testing.assert_allclose(moved[:, 0], math.log(100), atol=2e-6)


SHARES = ("amount_in_cents", "concept_drift", "pending_chargebacks", "label_flips")


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"months": []}, ValueError, "months must be one or more, each once; got []"),
        ({"months": [1, 1]}, ValueError, "months must be one or more, each once; got [1, 1]"),
        ({"months": -1}, ValueError, "months must be at least 0; got -1"),
        ({"months": 32_768}, ValueError, "months must be at most 32767; got 32768"),
        ({"months": 1.5}, TypeError, "months must be integers; got 1.5"),
        ({"months": "all"}, TypeError, "months must be integers; got 'all'"),
        ({"months": None}, TypeError, "months must be integers; got None"),
        ({"rows_per_month": 0}, ValueError, "rows_per_month must be at least 1; got 0"),
        ({"rows_per_month": 1e5}, TypeError, "rows_per_month must be an integer; got 100000.0"),
        ({"seed": -3}, ValueError, "seed must be at least 0; got -3"),
        ({"seed": None}, TypeError, "seed must be an integer; got None"),
        ({"fraud_wave": 0}, ValueError, "fraud_wave must lie in [1e-06, 1e+06]; got 0"),
        ({"fraud_wave": INF}, ValueError, "fraud_wave must lie in [1e-06, 1e+06]; got inf"),
        ({"fraud_wave": "2"}, TypeError, "fraud_wave must be one number; got '2'"),
        ({"callback": 3}, TypeError, "callback must be a function or None; got 3"),
        *(({name: 1.5}, ValueError, f"{name} must lie in [0, 1]; got 1.5") for name in SHARES),
        *(({name: NAN}, ValueError, f"{name} must lie in [0, 1]; got nan") for name in SHARES),
        *(({name: [0.1]}, TypeError, f"{name} must be one number") for name in SHARES),
    ],
)
def test_bad_knobs(options, error, message):
    with pytest.raises(error) as caught:
        generator.fraud_months(**{"months": 0, "rows_per_month": 10} | options)
    assert message in str(caught.value)


def test_bad_rows_and_scales(month):
    for function in (generator.fraud_design, generator.fraud_scale):
        with pytest.raises(TypeError, match="rows must be Transactions, of fraud_months; got"):
            function(np.zeros((3, 26)))
    with pytest.raises(ValueError, match="rows must be at least two; got <1 transactions"):
        generator.fraud_scale(month[:1])
    with pytest.raises(TypeError, match="scale must be a Scale, of fraud_scale, or None; got"):
        generator.fraud_design(month, scale=(0, 1))

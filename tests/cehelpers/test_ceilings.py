"""The greatest log loss of a calibrated score: against brute force, 30 digits, and its proofs."""

import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import xlog1py, xlogy

import cehelpers as ce
from cehelpers import ceilings

AUCS = [0.5001, 0.55, 0.7, 0.91, 0.96, 0.999, 0.999999]
RATES = [1e-6, 0.0018, 0.1, 0.5, 0.93]
INF, NAN = math.inf, math.nan


def loss_and_auc(p):
    """Log loss and AUC of calibrated probabilities p, rising, each for the same share of rows."""
    rate, cells = p.mean(), len(p)
    loss = -(xlogy(p, p) + xlog1py(1 - p, -p)).sum() / cells  # 0·ln 0 = 0
    # pairs of a positive with a lower negative, and half of those in the same cell
    below = np.cumsum(1 - p) - (1 - p) / 2
    return loss, p @ below / (cells**2 * rate * (1 - rate))


def extremal(auc, rate, cells):
    return ce.ceiling_posterior((np.arange(cells) + 0.5) / cells, auc, rate)


def test_the_story_s_two_points():
    """Log loss .011 at AUC .96 and base rate .0018 is not calibrated, and .91 would barely do."""
    assert ce.log_loss_ceiling(0.91, 0.0018) == pytest.approx(0.01065, abs=5e-6)
    assert ce.log_loss_ceiling(0.96, 0.0018) == pytest.approx(0.00920, abs=5e-6)


@pytest.mark.filterwarnings("ignore:Values in x were outside bounds")  # SciPy 1.13, of its steps
@pytest.mark.parametrize("auc, rate", [(0.91, 0.0018), (0.96, 0.0018), (0.8, 0.3), (0.65, 0.9)])
def test_no_optimiser_finds_more(auc, rate):
    """SciPy's, over 60 probabilities in order that have the base rate and the AUC."""
    cells = 60
    u = (np.arange(cells) + 0.5) / cells
    moment = auc * rate * (1 - rate) + rate**2 / 2  # of u·p, which fixes the AUC

    def entropy(q):
        p = rate * q
        return np.mean(p * np.log(p) + (1 - p) * np.log1p(-p)) / rate

    def slope(q):
        p = rate * q
        return (np.log(p) - np.log1p(-p)) / cells

    linear = [(np.ones(cells) / cells, 1.0), (u / cells, moment / rate)]
    found = minimize(
        entropy,
        1 + (2 * u - 1) * 0.9,
        jac=slope,
        method="SLSQP",
        bounds=[(1e-9, (1 - 1e-9) / rate)] * cells,
        constraints=[
            {"type": "eq", "fun": lambda q, a=a, b=b: a @ q - b, "jac": lambda q, a=a: a}
            for a, b in linear
        ],
        options={"maxiter": 2000, "ftol": 1e-13},
    )
    assert found.success, found.message
    loss, its_auc = loss_and_auc(rate * found.x)
    assert its_auc == pytest.approx(auc, abs=1e-6)
    # cells are coarser than ranks: what is lost falls with the square of their number
    ceiling = ce.log_loss_ceiling(auc, rate)
    assert ceiling * (1 - 0.006) < loss < ceiling
    np.testing.assert_allclose(rate * found.x, extremal(auc, rate, cells), rtol=0.2, atol=1e-6)


def test_no_calibrated_score_is_above():
    rng = np.random.default_rng(0)
    gaps = []
    for _ in range(200):
        cells = int(rng.integers(2, 200))
        logits = rng.normal(scale=rng.exponential(4)) + rng.normal(size=cells) * rng.exponential(3)
        p = np.sort(ce.sigmoid(logits - 4))
        loss, auc = loss_and_auc(p)
        ceiling = ce.log_loss_ceiling(min(auc, 1.0), p.mean())
        assert loss <= ceiling * (1 + 1e-12)
        gaps.append(1 - loss / ceiling)
    assert min(gaps) < 0.01  # and some come near


@pytest.mark.parametrize("auc", AUCS[:-2])
@pytest.mark.parametrize("rate", RATES)
def test_the_extremal_score_has_all_three(auc, rate):
    """Rate, AUC and log loss of its cells, which tend to its own with their number squared."""
    p = extremal(auc, rate, 20_000)
    loss, its_auc = loss_and_auc(p)
    assert p.mean() == pytest.approx(rate, rel=1e-6)
    assert its_auc == pytest.approx(auc, abs=1e-6)
    assert loss == pytest.approx(ce.log_loss_ceiling(auc, rate), rel=1e-6)


@pytest.mark.parametrize("auc, rate", [(0.91, 0.0018), (0.96, 0.0018), (0.7, 0.4)])
def test_three_ways_to_be_linear(auc, rate):
    p = extremal(auc, rate, 100_000)
    negatives, positives = np.cumsum(1 - p) - (1 - p) / 2, np.cumsum(p) - p / 2
    ranks = np.arange(len(p)), negatives, positives
    for y, rank in zip((ce.logit(p), np.log(p), np.log1p(-p)), ranks, strict=True):
        straight = np.interp(rank, rank[[0, -1]], y[[0, -1]])
        np.testing.assert_allclose(y, straight, atol=1e-6 * np.ptp(y))


def test_a_logistic_regression_on_the_ranks_reaches_it():
    """Whatever the score is: only its AUC counts."""
    cells = 4000
    u = (np.arange(cells) + 0.5) / cells
    for p in (np.where(u > 0.9, 0.4, 0.01), 0.3 * u**3):
        _, auc = loss_and_auc(p)
        fit = ce.fit_logistic(u[:, None], p)
        loss = ce.binary_cross_entropy_with_logits(p, u * fit.coef[0] + fit.intercept)
        assert loss == pytest.approx(ce.log_loss_ceiling(auc, p.mean()), rel=1e-5)


@pytest.mark.parametrize("auc", AUCS)
@pytest.mark.parametrize("rate", RATES)
def test_thirty_digits_agree(auc, rate):
    """The dual: the least of S(α, β) − απ − βm, where S = ∫ softplus(α + βu) du is a dilogarithm.

    At the least value both derivatives, computed here from S in 60 digits, are 0.
    """
    with mpmath.workdps(60):
        pi, a = mpmath.mpf(rate), mpmath.mpf(auc)
        moment = a * pi * (1 - pi) + pi**2 / 2

        def softplus(t):
            return mpmath.log1p(mpmath.exp(t))

        def antiderivative(t):  # of softplus
            return mpmath.re(-mpmath.polylog(2, -mpmath.exp(t)))

        def bottom_of(beta):
            return mpmath.log(mpmath.expm1(beta * pi)) - mpmath.log(
                mpmath.exp(beta) - mpmath.exp(beta * pi)
            )

        def parts(beta):
            alpha = bottom_of(beta)
            area = (antiderivative(alpha + beta) - antiderivative(alpha)) / beta
            return alpha, area, (softplus(alpha + beta) - area) / beta

        near = ceilings._extremal(auc, rate).slope
        beta = mpmath.findroot(
            lambda b: parts(b)[2] / moment - 1, (near, near * (1 + 1e-9)), tol=1e-60
        )
        alpha, area, _ = parts(beta)
        want = area - alpha * pi - beta * moment
    assert near == pytest.approx(float(beta), rel=1e-9)
    assert ce.log_loss_ceiling(auc, rate) == pytest.approx(float(want), rel=2e-13)


@pytest.mark.parametrize("auc", AUCS)
def test_classes_may_be_swapped(auc):
    for rate in (0.25, 0.0078125):  # whose complements are exact
        swapped = ce.log_loss_ceiling(auc, 1 - rate)
        assert ce.log_loss_ceiling(auc, rate) == pytest.approx(swapped, rel=1e-13)
        u = np.array([0.0, 0.3, 0.5, 0.9, 1.0])
        other = ce.ceiling_posterior(1 - u, auc, 1 - rate)
        np.testing.assert_allclose(ce.ceiling_posterior(u, auc, rate), 1 - other, atol=1e-12)


@pytest.mark.parametrize("rate", [1e-300, 0.0018, 0.5, 0.9982])
def test_it_falls_from_the_base_entropy_to_0(rate):
    aucs = [0.5, 0.5 + 1e-12, 0.5 + 1e-6, *AUCS, 1 - 1e-12, 1 - 2**-53, 1.0]
    losses = [ce.log_loss_ceiling(auc, rate) for auc in aucs]
    assert losses[0] == pytest.approx(ce.entropy([rate, 1 - rate]), rel=1e-12)
    assert losses[1] == pytest.approx(losses[0], rel=1e-14)
    assert all(b <= a * (1 + 1e-14) for a, b in pairwise(losses))
    assert losses[-1] == 0 < losses[-2]
    assert all(isinstance(loss, float) and not isinstance(loss, np.floating) for loss in losses)


def test_posterior_at_both_ends():
    assert ce.ceiling_posterior([0.0, 1.0], 0.5, 0.3).tolist() == [0.3, 0.3]
    assert ce.ceiling_posterior([0.0, 0.69, 0.71, 1.0], 1.0, 0.3).tolist() == [0, 0, 1, 1]
    one = ce.ceiling_posterior(0.5, 0.9, 0.5)
    assert type(one) is float
    assert one == pytest.approx(0.5, abs=1e-15)


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: ce.log_loss_ceiling(0.49, 0.1), ValueError, "auc must lie in [0.5, 1]; got 0.49"),
        (lambda: ce.log_loss_ceiling(1.1, 0.1), ValueError, "auc must lie in [0.5, 1]; got 1.1"),
        (lambda: ce.log_loss_ceiling(NAN, 0.1), ValueError, "got nan"),
        (lambda: ce.log_loss_ceiling("a", 0.1), TypeError, "auc must hold real numbers; got 'a'"),
        (lambda: ce.log_loss_ceiling([0.9], 0.1), TypeError, "auc must be one number"),
        (
            lambda: ce.log_loss_ceiling(0.9, 0.0),
            ValueError,
            "rate must lie in [1e-300, 1); got 0.0",
        ),
        (lambda: ce.log_loss_ceiling(0.9, 1), ValueError, "rate must lie in [1e-300, 1); got 1"),
        (lambda: ce.ceiling_posterior([0.1, 2], 0.9, 0.1), ValueError, "got 2.0 at index 1"),
        (lambda: ce.ceiling_posterior(None, 0.9, 0.1), TypeError, "rank must hold real numbers"),
        (lambda: ce.ceiling_posterior(0.1, 0.4, 0.1), ValueError, "auc must lie in [0.5, 1]"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


# ---------------------------------------------------------------- a report


def rows_of(rng, n, rate, auc, kick=0.0):
    """n times what a calibrated score's log loss is above the ceiling of its own rows.

    The score is the extremal one, or, with a kick, off its line by a wave.
    """
    u = np.sort(rng.random(n))
    t = ce.logit(ce.ceiling_posterior(u, auc, rate))
    p = np.sort(ce.sigmoid(t + kick * np.sin(rng.uniform(2, 9) * u + rng.uniform(0, 6))))
    y = rng.random(n) < p
    positives = int(y.sum())
    if not 0 < positives < n:
        return -INF
    ranks = np.flatnonzero(y) + 1
    of_rows = (ranks.sum() - positives * (positives + 1) / 2) / positives / (n - positives)
    if of_rows < 0.5:
        return -INF
    loss = ce.binary_cross_entropy(y, p)
    return n * (loss - ce.log_loss_ceiling(of_rows, positives / n))


@pytest.mark.parametrize("rate", [0.0018, 0.02, 0.5])
def test_chance_is_ten_nats_of_all_rows(rate):
    """With rate and AUC of the same rows: whatever their number, and however well it ranks."""
    rng, above = np.random.default_rng(0), []
    for n, repeats in ((1_000, 30), (30_000, 8)):
        for auc in (0.6, 0.9):
            for kick in (0.0, 3 / math.sqrt(n * rate)):
                above += [rows_of(rng, n, rate, auc, kick) for _ in range(repeats)]
    assert 2 < max(above) < 10
    assert np.mean(np.array(above) > 5) < 0.06  # ½χ² with three degrees of freedom: .0186


def test_a_miscalibrated_score_is_caught_where_its_rows_tell():
    """Probabilities twice too extreme on the logit scale."""
    rng = np.random.default_rng(1)
    u = np.sort(rng.random(20_000))
    z = ce.logit(ce.ceiling_posterior(u, 0.8, 0.1))
    y = rng.random(len(u)) < ce.sigmoid(z)
    reports = [
        ce.audit_report(
            y.mean(), ce.roc_auc(y, z), ce.binary_cross_entropy_with_logits(y, k * z), len(y), 4
        )
        for k in (1, 2)
    ]
    assert [report.verdict for report in reports] == ["possible", "impossible"] or (
        reports[0].verdict == "suspicious" and reports[1].verdict == "impossible"
    )


def test_the_floor_is_reached_and_no_score_is_below():
    """By two values, of which one is certain; among random scores of up to four, none is lower."""
    for c in (1e-4, 0.03, 0.1):
        for values, counts in (([c, 1.0], [700, 300]), ([0.0, 1 - c], [300, 700])):
            p = np.repeat(values, counts)
            loss, auc = two_values(p)
            assert ceilings._floor(auc, p.mean()) == pytest.approx(loss, rel=1e-9)
    rng, ratios = np.random.default_rng(0), []
    for _ in range(4000):
        k = int(rng.integers(2, 5))
        share = rng.dirichlet(np.full(k, rng.choice([0.1, 0.3, 1])))
        p = np.sort(ce.sigmoid(3 * rng.normal() + rng.exponential(8) * rng.normal(size=k)))
        p[0] *= rng.random() < 0.5
        loss, auc, rate = of_steps(p, share)
        if 1e-6 < rate < 1 - 1e-6 and auc < 1 - 1e-6:
            ratios.append(loss / ceilings._floor(auc, rate))
    assert 1 - 1e-6 < min(ratios) < 1.01


def of_steps(p, share):
    """Log loss, AUC and base rate of calibrated probabilities, each for a share of the rows."""
    rate = share @ p
    loss = share @ -(xlogy(p, p) + xlog1py(1 - p, -p))
    below = np.cumsum(share * (1 - p)) - share * (1 - p) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return loss, (share * p) @ below / (rate * (1 - rate)), rate


def two_values(p):
    values, counts = np.unique(p, return_counts=True)
    return of_steps(values, counts / len(p))[:2]


def test_the_floor_s_ends():
    assert ceilings._floor(1.0, 0.2) == 0
    for rate in (0.0018, 0.5, 0.7):
        assert ceilings._floor(0.5, rate) == pytest.approx(ce.entropy([rate, 1 - rate]))
        assert ceilings._floor(0.8, rate) < ce.log_loss_ceiling(0.8, rate)
        assert ceilings._floor(0.8, rate) == pytest.approx(ceilings._floor(0.8, 1 - rate))


def test_rounding_decides():
    """The story's four numbers: a coarser loss might be honest, a finer one not."""
    impossible = ce.audit_report(0.0018, 0.96, 0.011, 2_400_000, (4, 2, 3))
    assert impossible.verdict == "impossible"
    corners = [ce.log_loss_ceiling(a, r) for a in (0.955, 0.965) for r in (0.00175, 0.00185)]
    assert impossible.ceiling_high == pytest.approx(max(corners))
    assert impossible.ceiling_low == pytest.approx(min(corners))
    assert "0.0105 or more" in impossible.sentence
    assert ce.audit_report(0.0018, 0.96, 0.0095, 2_400_000, (4, 2, 4)).verdict == "suspicious"
    assert ce.audit_report(0.0018, 0.96, 0.0095, 2_400_000, (4, 4, 4)).verdict == "impossible"
    assert ce.audit_report(0.0018, 0.96, 0.0095, 2_400_000).verdict == "impossible"
    assert ce.audit_report(0.0018, 0.96, 0.0095, 10_000).verdict == "suspicious"  # chance
    assert ce.audit_report(0.0018, 0.96, 0.0092, 2_400_000, 4).verdict == "suspicious"
    assert ce.audit_report(0.0018, 0.96, 0.0091, 2_400_000, 4).verdict == "possible"
    half = ce.audit_report(0.5, 0.8, 0.5, 1000, 1)  # the highest ceiling is inside the box
    assert half.ceiling_high == pytest.approx(ce.log_loss_ceiling(0.75, 0.5))


def test_what_the_sentence_adds():
    report = ce.audit_report(0.029, 0.75, 0.34, 1_000_000, (3, 2, 2))
    assert report.constant == pytest.approx(ce.entropy([0.029, 0.971]))
    assert report.sentence.endswith("as a constant forecast costs only 0.131.")
    low = ce.audit_report(0.029, 0.75, 0.001, 1_000_000, (3, 2, 3))
    assert low.verdict == "impossible" and "at least" in low.sentence
    assert ce.audit_report(0.029, 0.75, 0.001, 20, (3, 2, 3)).verdict == "possible"
    assert "proves nothing" in ce.audit_report(0.029, 0.75, 0.11, 1000, 3).sentence


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ((0.1, 0.4, 0.3, 10), ValueError, "auc must lie in [0.5, 1]; got 0.4"),
        ((0.0, 0.9, 0.3, 10), ValueError, "rate must lie in"),
        ((0.1, 0.9, -0.3, 10), ValueError, "log_loss must be finite and not negative; got -0.3"),
        ((0.1, 0.9, INF, 10), ValueError, "log_loss must be finite"),
        ((0.1, 0.9, 0.3, 0), ValueError, "n must be at least 1; got 0"),
        ((0.1, 0.9, 0.3, 1e6), TypeError, "n must be an integer; got 1000000.0"),
        ((0.1, 0.9, 0.3, 10, -1), ValueError, "digits must be at least 0; got -1"),
        ((0.1, 0.9, 0.3, 10, 2.0), TypeError, "digits must be an integer; got 2.0"),
        ((0.1, 0.9, 0.3, 10, (1, 2)), ValueError, "digits must be one number or three"),
    ],
)
def test_bad_report(arguments, error, message):
    with pytest.raises(error) as caught:
        ce.audit_report(*arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize("rate", [0.001, 0.005])
def test_a_rate_that_may_have_been_rounded_to_nothing(rate):
    assert ce.audit_report(rate, 0.9, 0.3, 1000, digits=2).verdict in ("possible", "impossible")

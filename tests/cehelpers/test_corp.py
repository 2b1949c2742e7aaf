"""Isotonic regression, the CORP curve and the parts of a score: against exact fractions."""

import math
import re
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cehelpers as ce
from cehelpers import _isotonic, corp

NAN, INF = math.nan, math.inf
settings.register_profile("corp", max_examples=100)
corp_profile = settings.get_profile("corp")

FORECASTS = [0.0, 1e-300, 0.1, 0.25, 0.3, 0.5, 0.75, 1 - 2.0**-53, 1.0]
rows = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(FORECASTS), st.integers(0, 4)),
    min_size=1,
    max_size=24,
).filter(lambda rows: any(w for _, _, w in rows))


def min_max(y, s, w):
    """Isotonic regression by its formula: max over starts of min over ends of the mean, exactly."""
    scores = sorted({v for v, n in zip(s, w, strict=True) if n})
    pairs = [
        [sum(n * v for v, t, n in zip(y, s, w, strict=True) if t == score), 0] for score in scores
    ]
    for pair, score in zip(pairs, scores, strict=True):
        pair[1] = sum(n for t, n in zip(s, w, strict=True) if t == score)

    def mean(i, j):
        return Fraction(sum(k for k, _ in pairs[i : j + 1]), sum(n for _, n in pairs[i : j + 1]))

    m = len(scores)
    return scores, [
        max(min(mean(i, j) for j in range(k, m)) for i in range(k + 1)) for k in range(m)
    ]


# ------------------------------------------------------------------ isotonic regression


@corp_profile
@given(rows)
def test_isotonic_regression_is_its_formula(rows):
    y, s, w = (list(column) for column in zip(*rows, strict=True))
    scores, exact = min_max(y, s, w)
    want = [float(v) for v in exact]  # every share of counts is the nearest float
    fit = ce.fit_isotonic(y, s, sample_weight=w)
    assert fit.predict(scores).tolist() == want
    curve = ce.corp_curve(y, s, sample_weight=w)
    assert (curve.prediction.tolist(), curve.observed.tolist()) == (scores, want)
    assert set(fit.scores) <= set(scores)
    # a knot is the end of a block, so none is between two equals
    inner = fit.probabilities[1:-1]
    assert not ((inner == fit.probabilities[:-2]) & (inner == fit.probabilities[2:])).any()


@corp_profile
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(1e-3, 1e3)), min_size=1, max_size=30))
def test_stack_and_rounds_find_the_same(pairs):
    y, w = np.array(pairs).T
    start, means = _isotonic.isotonic(w * y, w)
    again, others = _isotonic._by_stack(len(y), np.arange(len(y)), w * y, w)
    blocks = [_isotonic.fill(*found, len(y)) for found in ((start, means), (again, others))]
    np.testing.assert_allclose(*blocks, rtol=1e-13)
    assert (np.diff(means) > 0).all()


@pytest.mark.parametrize("kind", ["random", "stairs", "drop"])
def test_sequences_side_by_side_do_not_mix(kind):
    """A drop at the end of one keeps the rounds from finishing, so that the stack must as well."""
    rng = np.random.default_rng(3)
    table = (
        rng.random((40, 200)) if kind == "random" else np.tile(np.linspace(0.1, 1, 200), (40, 1))
    )
    if kind == "drop":
        table[::2, -1] = 0
    w = rng.random(table.shape)
    start, means = _isotonic.isotonic((w * table).ravel(), w.ravel(), 200)
    found = _isotonic.fill(start, means, table.size).reshape(table.shape)
    for got, values, weight in zip(found, table, w, strict=True):
        alone = _isotonic.fill(*_isotonic.isotonic(weight * values, weight), 200)
        np.testing.assert_allclose(got, alone, rtol=1e-12)


def hardest(n):
    """Where rounds, or pooling one by one from the wrong end, would take n² steps."""
    rise = np.linspace(0.1, 0.9, n)
    yield "rise", rise
    yield "drop", np.append(rise[1:], 0)
    yield "drops", np.append(rise[1000:], np.zeros(1000))
    yield "ramps", np.tile(rise[: n // 2], 2)
    yield "teeth", np.tile(np.linspace(0, 1, 1000), n // 1000)
    yield "falls", rise[::-1]


def test_no_order_of_labels_is_slow(monkeypatch):
    """Rounds are geometric, and what they leave is looked at once: counted, not timed."""
    rounds, n = [], 200_000
    original = np.add.reduceat
    for name, y in hardest(n):
        rounds.clear()
        with monkeypatch.context() as patch:
            counting = type("add", (), {})()
            counting.reduceat = lambda x, first: rounds.append(len(x)) or original(x, first)
            patch.setattr(_isotonic.np, "add", counting)
            _isotonic.isotonic(y, np.ones(n))
        assert sum(rounds) <= 2 * 16 * n, name


def test_a_million_rows_take_little_memory():
    n = 1_000_000
    p = np.random.default_rng(4).random(n)
    y = np.random.default_rng(5).random(n) < p
    for f, most in (
        (ce.fit_isotonic, 90e6),
        (ce.corp_curve, 120e6),
        (ce.score_decomposition, 120e6),
    ):
        tracemalloc.start()
        try:
            f(y, p)
            assert tracemalloc.get_traced_memory()[1] < most
        finally:
            tracemalloc.stop()


def test_prediction_is_a_line_between_blocks_and_flat_outside():
    fit = ce.fit_isotonic([0, 0, 1, 1], [-1e308, -1.0, 1.0, 1e308])
    assert fit.scores.tolist() == [-1e308, -1, 1, 1e308]
    assert fit.predict([-INF, -1.7e308, 0.5, INF]).tolist() == [0, 0, 0.75, 1]
    wide, narrow = (ce.fit_isotonic([0, 1], ends) for ends in ([-1.7e308, 1.7e308], [0, 1e-323]))
    assert wide.predict([0.0, 8.5e307]) == pytest.approx([0.5, 0.75], rel=1e-15)
    assert narrow.predict([0.0, 5e-324, 1e-323]).tolist() == [0, 0.5, 1]
    one = ce.fit_isotonic(1, 3.0)
    assert (one.scores.tolist(), one.probabilities.tolist()) == ([3], [1])
    assert type(one.predict(-7)) is float
    assert one.predict([[1, 3], [5, 7]]).tolist() == [[1, 1], [1, 1]]
    with pytest.raises(ValueError, match="scores must not be NaN; got nan at index 1"):
        one.predict([0.0, NAN])


@corp_profile
@given(rows, st.lists(st.floats(-1, 2), min_size=2, max_size=20))
def test_predictions_never_fall(rows, points):
    y, s, w = zip(*rows, strict=True)
    p = ce.fit_isotonic(y, s, sample_weight=w).predict(np.sort(points))
    assert (np.diff(p) >= 0).all()
    assert ((p >= 0) & (p <= 1)).all()


# ------------------------------------------------------------------ the parts of a score


@corp_profile
@given(rows, st.sampled_from(["log_loss", "brier"]))
def test_parts_are_differences_of_scores_and_add_up(rows, score):
    y, p, w = (np.array(column) for column in zip(*rows, strict=True))
    loss = ce.binary_cross_entropy if score == "log_loss" else ce.brier_score
    better = ce.fit_isotonic(y, p, sample_weight=w).predict(p)
    rate = (w @ y) / w.sum()
    whole, recalibrated, base = (loss(y, q, sample_weight=w) for q in (p, better, rate))
    parts = ce.score_decomposition(y, p, score=score, sample_weight=w)
    assert all(type(part) is float and part >= 0 for part in parts)
    assert parts.score == whole
    assert parts.miscalibration == pytest.approx(whole - recalibrated, abs=1e-12)
    assert parts.discrimination == pytest.approx(base - recalibrated, abs=1e-12)
    assert parts.uncertainty == pytest.approx(base, abs=1e-12)
    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert total == pytest.approx(whole, abs=1e-12)
    again = ce.score_decomposition(y, better, score=score, sample_weight=w)
    assert again.miscalibration == 0
    assert again.discrimination == pytest.approx(parts.discrimination, abs=1e-15)


@pytest.mark.parametrize("score", ["log_loss", "brier"])
def test_parts_of_many_rows_add_up(score):
    rng = np.random.default_rng(6)
    p = ce.sigmoid(rng.normal(-2, 2, size=50_000))
    y = rng.random(len(p)) < p
    honest = ce.score_decomposition(y, p, score=score)
    bent = ce.score_decomposition(y, p**2, score=score)
    for whole, mcb, dsc, unc in (honest, bent):
        assert whole == pytest.approx(mcb - dsc + unc, abs=1e-12)
    # p² has the order of p, and is far too low
    assert bent.discrimination == pytest.approx(honest.discrimination, rel=1e-12)
    assert bent.uncertainty == honest.uncertainty
    assert bent.miscalibration > 10 * honest.miscalibration


def test_parts_at_the_ends():
    parts = ce.score_decomposition([0, 1], [1.0, 0.0])
    assert parts == (INF, INF, 0, math.log(2))
    assert ce.score_decomposition([0, 1], [0.0, 1.0], score="brier") == (0, 0, 0.25, 0.25)
    for y in (0, 1):
        one = ce.score_decomposition(y, 0.25)
        assert one == (ce.surprisal(0.75 - y / 2), one.score, 0, 0)
    tiny = ce.score_decomposition([1, 0, 0], [1e-300, 1e-300, 1e-300])
    assert tiny.miscalibration == pytest.approx(tiny.score - tiny.uncertainty, rel=1e-14)


# ------------------------------------------------------------------ consistency bands


def test_bands_hold_a_calibrated_forecaster_as_often_as_they_say():
    """At one place, in the middle, over many samples; the 50% ones half as often."""
    rng = np.random.default_rng(8)
    n, samples = 200, 2000
    p = np.linspace(0.02, 0.98, 49)
    y = np.zeros(49 * n, int)
    for confidence, least, most in ((0.95, 0.92, 0.98), (0.5, 0.45, 0.56)):
        band = ce.corp_curve(y, np.repeat(p, n), confidence=confidence)
        middle = [
            _isotonic.fill(*_isotonic.isotonic(ones, np.full(49, float(n))), 49)[24]
            for ones in rng.binomial(n, p, size=(samples, 49)).astype(float)
        ]
        inside = (band.low[24] <= middle) & (middle <= band.high[24])
        assert least <= inside.mean() <= most


@pytest.mark.parametrize("weighted", [False, True])
def test_bands_of_grouped_forecasts_hold_too(weighted):
    """5,000 different forecasts, each seen once, at 19 places and over 25 samples."""
    rng = np.random.default_rng(9)
    inside = []
    for _ in range(25):
        p = np.sort(rng.random(5000))
        y = rng.random(len(p)) < p
        w = rng.exponential(size=len(p)) if weighted else None
        curve = ce.corp_curve(y, p, sample_weight=w)
        assert len(curve.prediction) == len(p)
        inside.append(((curve.low <= curve.observed) & (curve.observed <= curve.high))[250::250])
    assert 0.92 <= np.mean(inside) <= 0.98
    bent = ce.corp_curve(y, np.sqrt(p), sample_weight=w)
    assert (bent.observed < bent.low)[1000:4000].mean() > 0.95


def test_groups_are_of_one_row_at_the_ends_and_of_many_in_the_middle():
    p = np.linspace(0, 1, 100_000)
    curve = ce.corp_curve(p > 0.5, p)
    changes = np.flatnonzero(np.diff(curve.low + curve.high)) + 1
    assert len(changes) <= corp.MOST_FORECASTS
    assert curve.low[0] == curve.high[0] == 0
    assert curve.low[-1] == curve.high[-1] == 1
    assert (np.diff(curve.low) >= 0).all()
    assert (np.diff(curve.high) >= 0).all()


def test_bands_draw_the_same_unless_told_otherwise():
    p = np.linspace(0.1, 0.9, 9)
    y = [0, 0, 0, 1, 0, 1, 1, 1, 1]
    first, second = ce.corp_curve(y, p), ce.corp_curve(y, p, rng=np.random.default_rng(0))
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one, other)
    wide = ce.corp_curve(y, p, confidence=0.999)
    assert (wide.low <= first.low).all()
    assert (wide.high >= first.high).all()
    assert (wide.high - wide.low).sum() > (first.high - first.low).sum()
    other = ce.corp_curve(np.repeat(y, 50), np.repeat(p, 50), rng=np.random.default_rng(1))
    assert (other.high - other.low).max() < (first.high - first.low).max()  # more rows say more
    assert other.weight.tolist() == [50] * 9


# ------------------------------------------------------------------ bad input

NOT_NUMBERS = [
    (None, TypeError, "must hold real numbers; got None"),
    (["0", "1", "1"], TypeError, "must hold real numbers; got '0' at index 0"),
    ([], ValueError, "must not be empty; got shape (0,)"),
    ([0, 1], ValueError, "must have equal shapes; got "),
    ([[0], [1], [1]], ValueError, "must have equal shapes; got "),
]
WEIGHTS = [
    ([0, 0, 0], ValueError, "must have a positive, finite sum; got 0.0"),
    ([1, -1, 1], ValueError, "must be finite and not negative; got -1 at index 1"),
    ([1, 1], ValueError, "must have the shape of the loss; got (2,) for (3,)"),
]
HARD = [([0, v, 1], ValueError, f"must be 0 or 1; got {v} at index 1") for v in (0.5, 2.0, NAN)]
SOFT = [([0, v, 1], ValueError, f"must lie in [0, 1]; got {v} at index 1") for v in (1.2, NAN)]
FINITE = [([0, v, 1], ValueError, f"must be finite; got {v} at index 1") for v in (INF, NAN)]
Y3, P3 = [0, 1, 0], [0.2, 0.4, 0.6]
FORECAST = {
    "y_true": (Y3, NOT_NUMBERS + HARD),
    "y_prob": (P3, NOT_NUMBERS + SOFT),
    "sample_weight": (None, WEIGHTS),
}
GOOD = {
    "fit_isotonic": {
        "y_true": (Y3, NOT_NUMBERS + SOFT),
        "scores": (P3, NOT_NUMBERS + FINITE),
        "sample_weight": (None, WEIGHTS),
    },
    "corp_curve": FORECAST
    | {
        "confidence": (
            0.9,
            [(v, ValueError, f"must lie in [0.001, 1); got {v}") for v in (0, 1, 95, NAN)],
        ),
        "rng": (None, [(7, TypeError, "must be a numpy.random.Generator; got 7")]),
    },
    "score_decomposition": FORECAST
    | {"score": ("brier", [("auc", ValueError, "must be one of 'log_loss', 'brier'; got 'auc'")])},
}
BAD = [
    (function, name, *case)
    for function, arguments in GOOD.items()
    for name, (_, cases) in arguments.items()
    for case in cases
]


@pytest.mark.parametrize(("function", "name", "value", "error", "text"), BAD)
def test_bad_input(function, name, value, error, text):
    arguments = {other: good for other, (good, _) in GOOD[function].items()}
    getattr(ce, function)(**arguments)
    with pytest.raises(error, match=re.escape(text)) as caught:
        getattr(ce, function)(**(arguments | {name: value}))
    assert name in str(caught.value).split(" must ")[0]

"""What notebook 04 claims, computed here by other means than its own."""

import importlib.util
import itertools
import json
import math
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.special import expit, log_expit
from sklearn.metrics import log_loss

import cehelpers as ce
from cecourse.lessons.logits import exercises, passes, pictures

ROOT = Path(__file__).parents[2]
TABLE = json.loads((files("cecourse.lessons.logits") / "logits_reference.json").read_text("utf-8"))
ROWS = TABLE["rows"]


def exact(y, z, digits=400):
    """(loss, slope) of a logit by the definition, in so many digits."""
    with mp.workdps(digits):
        up, down = 1 / (1 + mp.exp(-mpf(z))), 1 / (1 + mp.exp(mpf(z)))
        return -mpf(y) * mp.log(up) - (1 - mpf(y)) * mp.log(down), up - mpf(y)


def relative_error(value, wanted):
    with mp.workdps(60):
        return float(abs(mpf(float(value)) / mpf(wanted) - 1))


# ---------------------------------------------------------------- the stored table


def test_the_table_is_what_its_tool_writes():
    spec = importlib.util.spec_from_file_location("tool", ROOT / "tools" / "make_logits_table.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.FILE.read_text(encoding="utf-8") == tool.as_text()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['y']:.10g},{row['z']:g}")
def test_the_table_is_right_in_another_way_of_reckoning(row):
    loss, slope = exact(row["y"], row["z"])
    with mp.workdps(60):
        assert abs(mpf(row["loss"]) / loss - 1) < mpf(10) ** -48
        # (1 − y)·σ(z) − y·σ(−z) has no difference of nearly equal numbers
        y, z = mpf(row["y"]), mpf(row["z"])
        again = (1 - y) / (1 + mp.exp(-z)) - y / (1 + mp.exp(z))
        assert abs(mpf(row["gradient"]) / again - 1) < mpf(10) ** -30
        assert abs(mpf(row["gradient"]) - slope) < mpf(10) ** -48


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['y']:.10g},{row['z']:g}")
def test_our_functions_keep_every_digit(row):
    y, z = row["y"], row["z"]
    assert relative_error(ce.binary_cross_entropy_with_logits(y, z), row["loss"]) < 1e-15
    slope = ce.binary_cross_entropy_with_logits_grad(y, z)
    # for a soft label the slope changes its sign near z = 20.7, where it has no digits to keep
    if not (0 < y < 1 and 15 < z < 27):
        assert relative_error(slope, row["gradient"]) < 2e-15


def test_who_loses_digits_and_who_does_not():
    hard, soft = exact(1, 40)[0], exact(1 - 1e-9, 40)[0]
    usual = lambda y, z: max(z, 0) - z * y + math.log1p(math.exp(-abs(z)))  # noqa: E731
    assert ce.softplus(40.0) - 40.0 == 0
    assert relative_error(usual(1, 40.0), hard) < 1e-15
    assert 1e-8 < relative_error(usual(1 - 1e-9, 40.0), soft) < 1e-7
    y = 1 - 1e-9
    scipys = -y * log_expit(40.0) - (1 - y) * log_expit(-40.0)
    assert relative_error(scipys, soft) < 1e-15
    assert expit(40.0) - 1 == 0


# ---------------------------------------------------------------- numbers of the prose


def test_log_odds_and_back():
    assert f"{math.log(0.9 / 0.1):.4f}" == "2.1972" and f"{math.log(0.99 / 0.01):.4f}" == "4.5951"
    gap = math.log(0.999 / 0.001) - math.log(0.99 / 0.01)
    assert gap == pytest.approx(math.log(10), abs=0.01)
    for p in (1e-9, 0.001, 0.5, 0.9, 0.999):
        assert expit(ce.logit(p)) == pytest.approx(p, rel=1e-12)
    for z in (-40.0, -1.0, 3.0):
        assert ce.sigmoid(-z) == pytest.approx(float(1 - 1 / (1 + mp.exp(-mpf(z)))), rel=1e-12)


@pytest.mark.parametrize(
    ("y", "z", "loss"), [(0, 3, "3.0486"), (1, 2, "0.1269"), (0, 30, "30.0000"), (1, 20, "0.0000")]
)
def test_the_fused_loss(y, z, loss):
    assert f"{float(exact(y, z)[0]):.4f}" == loss
    assert ce.binary_cross_entropy_with_logits(y, float(z)) == pytest.approx(float(exact(y, z)[0]))


def test_the_wrong_row_is_right_from_step_31_on():
    path = [-30.0]
    for _ in range(40):
        path.append(path[-1] - (expit(path[-1]) - 1))
    assert path[30] < 0 < path[31] and f"{path[40]:.3f}" == "2.196"


def test_two_steps_lose_a_thousandth_at_thirty():
    assert f"{-math.log(1 - 1 / (1 + math.exp(-30))):.4f}" == "30.0010"


def test_a_second_sigmoid():
    p = 1 / (1 + math.exp(-2))
    assert f"{p:.4f}" == "0.8808"
    assert f"{ce.binary_cross_entropy_with_logits(1, p):.4f}" == "0.3467"
    assert f"{1 / (1 + math.exp(-1)):.3f}" == "0.731"  # the most that p = σ(σ(z)) can be


def test_the_two_slopes_at_minus_thirty():
    p = 1 / (1 + mp.exp(30))
    assert f"{float(1 / p):.3e}" == "1.069e+13"
    assert f"{float(p * (1 - p)):.3e}" == "9.358e-14"
    assert float((1 / p) * p * (1 - p)) == pytest.approx(1)
    for y, z in itertools.product((0.0, 0.3, 1.0), (-20.0, -1.0, 0.0, 2.0, 20.0)):
        with mp.workdps(50):
            h = mpf(10) ** -15
            slope = float((exact(y, z + h, 50)[0] - exact(y, z - h, 50)[0]) / (2 * h))
        assert slope == pytest.approx(float(exact(y, z)[1]), rel=1e-9)
        assert abs(slope) <= 1


@pytest.mark.parametrize(
    ("dtype", "bits", "cliff"), [("f2", 11, "7.62"), ("f4", 24, "16.64"), ("f8", 53, "36.74")]
)
def test_where_one_minus_p_is_lost(dtype, bits, cliff):
    assert f"{bits * math.log(2):.2f}" == cliff
    one = np.dtype(dtype).type(1)
    for z, gone in ((bits * math.log(2) - 0.01, False), (bits * math.log(2) + 0.01, True)):
        p = one / (one + np.exp(-np.dtype(dtype).type(z)))
        assert (one - p == 0) == gone


def test_float32_stairs_and_overflow():
    one = np.float32(1)
    rest = one - one / (one + np.exp(-np.float32([15, 16, 17])))
    np.testing.assert_array_equal(rest, [3 * 2.0**-23, 2.0**-23, 0])
    assert f"{-math.log(3 * 2**-23):.3f} {-math.log(2**-23):.3f}" == "14.844 15.942"
    assert 88 < math.log(np.finfo(np.float32).max) < 89


def test_what_the_clip_costs():
    assert f"{-math.log(1e-7):.3f}" == "16.118" and f"{-math.log(1e-9):.2f}" == "20.72"
    assert f"{-math.log(1e-12):.2f}" == "27.63" and f"{-math.log(1e-6):.1f}" == "13.8"
    assert np.float32(1) - np.float32(1e-9) == 1 and np.float16(1) - np.float16(1e-7) == 1
    bound = float(np.float32(1) - np.float32(1e-7))
    assert f"{1 - bound:.3e}" == "1.192e-07" and f"{-math.log(1 - bound):.2f}" == "15.94"


def test_the_walk_home():
    z, below = -30.0, 0
    for _ in range(40):
        z -= float(exact(1, z, 30)[1])
        below += z < 0
    assert (f"{z:.3f}", below) == ("2.196", 30)


def test_the_frameworks_marks_for_a_certain_mistake():
    marks = [log_loss([1], np.array([0.0], dtype), labels=[0, 1]) for dtype in ("f4", "f8")]
    assert [f"{mark:.3f}" for mark in marks] == ["15.942", "36.044"]
    assert ce.binary_cross_entropy([1], [0.0]) == math.inf


def test_convexity():
    t = np.linspace(-6, 6, 1001)
    for y in (0.0, 0.4, 1.0):
        p = (t + 6.5) / 13
        assert np.all(np.diff(ce.binary_cross_entropy(y + 0 * p, p, reduction="none"), 2) > 0)
        losses = ce.binary_cross_entropy_with_logits(y + 0 * t, t, reduction="none")
        assert np.all(np.diff(losses, 2) > 0)
    assert np.all(ce.binary_cross_entropy_with_logits(1 + 0 * t, 30 * t, reduction="none") > 0)
    rng = np.random.default_rng(0)  # chords of a linear model with five rows and three weights
    X, y = rng.normal(size=(5, 3)), rng.integers(0, 2, 5)
    for a, b in rng.normal(scale=4, size=(200, 2, 3)):
        ends = [ce.binary_cross_entropy_with_logits(y, X @ w) for w in (a, b)]
        middle = ce.binary_cross_entropy_with_logits(y, X @ ((a + b) / 2))
        assert middle <= np.mean(ends) + 1e-12
    assert f"{math.log1p(math.exp(-4)):.3f}" == "0.018"  # both ends of z = a·b, below ln 2
    assert f"{(math.log1p(math.exp(-4)) + math.log1p(math.exp(4))) / 2:.3f}" == "2.018"


# ---------------------------------------------------------------- the three passes


GRID = [float(z) for z in range(-14, 15)]


@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_where_nothing_is_extreme_the_three_ways_agree_with_mathematics(y):
    for z in GRID:
        loss, slope = (float(part) for part in exact(y, z))
        for run in (
            passes.fused(y, z, dtype=np.float64),
            passes.naive(y, z, dtype=np.float64),
            passes.clipped(y, z, eps=1e-7, dtype=np.float64),
        ):
            assert run.loss == pytest.approx(loss, rel=1e-8, abs=1e-9)
            assert run.gradient == pytest.approx(slope, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_every_step_stays_in_its_arithmetic(dtype):
    for run in (passes.fused(1, 2.0, dtype=dtype), passes.naive([0, 1], [2.0, 3.0], dtype=dtype)):
        assert run.loss.dtype == dtype and run.gradient.dtype == dtype


def test_the_chain_rule_step_by_step_with_central_differences():
    """The clipped slope is the slope of the clipped loss, on both sides of its cliffs."""
    h = 1e-5
    for y, z, eps in itertools.product(
        (0.0, 0.4, 1.0), (-12.0, -5.0, 0.5, 5.0, 12.0), (1e-3, 1e-4)
    ):

        def loss(z, y=y, eps=eps):
            return passes.clipped(y, z, eps=eps, dtype=np.float64).loss

        slope = passes.clipped(y, z, eps=eps, dtype=np.float64).gradient
        assert slope == pytest.approx((loss(z + h) - loss(z - h)) / (2 * h), rel=1e-5, abs=1e-7)


def test_the_accidents():
    with_inf = passes.naive(0, 17.0)
    assert with_inf.loss == math.inf and math.isnan(with_inf.gradient)
    assert all(math.isnan(part) for part in passes.naive(1, 40.0, dtype=np.float64))
    dead = passes.clipped(1, -30.0, eps=1e-7)
    assert f"{dead.loss:.3f}" == "16.118" and dead.gradient == 0
    assert passes.fused(1, -30.0).gradient == -1
    np.testing.assert_array_equal(passes.clipped(0, 20.0, eps=1e-9), [math.inf, math.nan])


@pytest.mark.parametrize(
    ("y", "eps", "dtype", "last"),
    [
        (1, 1e-7, np.float32, math.log(1e-7)),
        (1, 1e-12, np.float64, math.log(1e-12)),
        (0, 1e-7, np.float64, -math.log(1e-7)),
        (0, 1e-9, np.float32, 24 * math.log(2)),
        (0, 1e-7, np.float16, 11 * math.log(2)),
        (0, 0.0, np.float64, 53 * math.log(2)),
    ],
)
def test_the_last_living_logit(y, eps, dtype, last):
    assert passes.last_living_logit(y, eps=eps, dtype=dtype) == pytest.approx(last, abs=0.003)


def test_a_slope_that_lives_everywhere_has_no_last_logit():
    assert passes.last_living_logit(1, dtype=np.float64, limit=500.0) is None


# ---------------------------------------------------------------- pictures and exercises


def test_the_figure_of_three_ways_ends_where_the_arithmetic_does():
    top, bottom = pictures.three_ways().axes
    fused, clipped, naive = (line.get_xydata() for line in top.lines[:3])
    assert fused[-1] == pytest.approx([42, 42])
    assert clipped[-1][1] == pytest.approx(23 * math.log(2), abs=1e-5)
    assert naive[np.isfinite(naive[:, 1])][-1, 0] == pytest.approx(24 * math.log(2), abs=0.06)
    slope = bottom.lines[2].get_ydata()
    assert slope[-1] == 0 and slope[540] == pytest.approx(1)  # z = 15


def test_the_stairs_end_on_two_to_the_minus_23():
    heights = pictures.stairs().axes[0].lines[1].get_ydata()
    assert np.nanmin(heights) == 2.0**-23
    assert np.isnan(heights[-1])


def test_the_exercises_know_right_numbers_and_mistakes():
    assert exercises.confident_mistake.evaluate(3.0486).status == "right"
    assert exercises.one_too_many.evaluate(0.3467).status == "right"
    assert exercises.one_too_many.evaluate(0.1269).mistake == "_the_right_loss"
    assert exercises.through_the_clip.evaluate([18, -1]).mistake == "_no_clip"
    assert exercises.stable_loss.evaluate(ce.binary_cross_entropy_with_logits).status == "right"
    assert exercises.slope.evaluate(lambda y, z: expit(z) - y).mistake == "_plain_difference"

"""What the pictures of notebook 04 say of logits, held to the mathematics."""

import math

import numpy as np
import pytest
from drawn import line, nearest, told, written
from matplotlib.colors import to_hex
from scipy.special import expit, log_expit, logit

from cecourse.lessons.logits import pictures
from cecourse.palette import ACCENT, EXTRA, GOOD, LIGHT, LOSS, MODEL, MUTED, TRUTH, ink

RAISED = {13: "¹³", -14: "⁻¹⁴"}
HUE = {"fused": LOSS, "clipped": ACCENT, "naive": EXTRA}


def exactly(ax, words):
    """The one piece of text on the axes that is these words."""
    (found,) = (text for text in ax.texts if text.get_text() == words)
    return found


def hue_of_nearest(ax, words):
    return to_hex(nearest(ax, written(ax, words)).get_color()).upper()


def test_two_rulers():
    chances = np.array([0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999])
    fig, words = pictures.two_rulers(chances)
    (ax,) = fig.axes
    assert "crowds against the walls of p has room on the ruler of z" in told(ax)[0]
    curves = [one.get_xydata() for one in ax.lines if len(one.get_xdata()) > 2]
    reach = 1.08 * logit(0.999)
    np.testing.assert_allclose(
        [c[0] for c in curves], np.c_[(2 * chances - 1) * reach, 0 * chances + 1]
    )
    np.testing.assert_allclose(
        [c[-1] for c in curves], np.c_[logit(chances), 0 * chances], atol=1e-12
    )
    hues = [one.get_color() for one in ax.lines if len(one.get_xdata()) > 2]
    assert hues == [ACCENT] * 3 + [MUTED] + [LIGHT] * 3  # neither a truth nor a model
    for p, odds, z in (("0.9", "9:1", "2.20"), ("0.01", "1:99", "−4.60"), ("0.5", "1:1", "0.00")):
        column = [exactly(ax, one) for one in (p, odds, z)]
        assert [t.get_position()[0] for t in column] == [logit(float(p))] * 3
        assert len({t.get_position()[1] for t in column}) == 3
    for row, sample in (("p", "0.9"), ("odds", "9:1"), ("z", "2.20")):
        assert exactly(ax, row).get_position()[1] == exactly(ax, sample).get_position()[1]
    assert exactly(ax, "ruler\nof p").get_position()[1] == 1
    assert exactly(ax, "ruler of z").get_position()[1] == pytest.approx(0, abs=0.1)
    assert "0.99 and 0.999 touch each other at the wall of 1, as do 0.01 and 0.001 at 0" in words
    assert "−4.60 for 0.01, −2.20 for 0.1, 0.00 for 0.5, 2.20 for 0.9, 4.60 for 0.99" in words


def test_sigmoid_and_softplus():
    fig, words = pictures.sigmoid_and_softplus([-2.0, 0.0, 1.0])
    top, bottom = fig.axes
    assert told(top)[0] == "The slope of softplus is the sigmoid"
    curve, sigma = line(top, LOSS).get_xydata(), line(bottom, MODEL).get_xydata()
    np.testing.assert_allclose(curve[:, 1], -log_expit(-curve[:, 0]))
    np.testing.assert_allclose(sigma[:, 1], expit(sigma[:, 0]))
    tangents = [one.get_xydata() for one in top.lines if one.get_color() == ACCENT]
    assert len(tangents) == 3
    for at, ends in zip((-2.0, 0.0, 1.0), tangents, strict=True):
        run, rise = ends[1] - ends[0]
        assert ends.mean(axis=0) == pytest.approx([at, -log_expit(-at)])
        assert rise / run == pytest.approx(expit(at))
        near = exactly(bottom, f"{expit(at):.2f}")
        assert near.xy == pytest.approx([at, expit(at)])
    assert "as high as that tangent is steep: 0.12 at z = −2.0, 0.50 at z = 0.0, 0.73 at" in words


def test_explosion_and_vanishing():
    fig, words = pictures.explosion_and_vanishing()
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "An explosion times a vanishing: in z the slope is never above 1"
    assert (x, y) == ("z, the logit (y = 1; wrong on the left)", "size of the slope")
    assert ax.get_yscale() == "log"
    slopes = {
        "slope in p: 1/p explodes": lambda z: 1 + np.exp(-z),
        "p(1 − p) vanishes": lambda z: 0.25 / np.cosh(z / 2) ** 2,
        "slope in z, the product: 1 − p": lambda z: expit(-z),
    }
    for label, slope in slopes.items():
        drawn = nearest(ax, written(ax, label))
        np.testing.assert_allclose(drawn.get_ydata(), slope(drawn.get_xdata()), rtol=1e-9)
        mark = next(t for t in ax.texts if t.xy == (-30.0, pytest.approx(slope(-30.0), rel=1e-9)))
        power = math.floor(math.log10(slope(-30.0)) + 1e-9)
        assert f"{slope(-30.0) / 10.0**power:.2f}" in mark.get_text()
        assert power == 0 or f"·10{RAISED[power]}" in mark.get_text()
        assert mark.get_color() == ink(drawn.get_color())
    assert "1/p rises without end, to 1.07·10¹³ at z = −30; the slope of the sigmoid falls" in words
    assert "to 9.36·10⁻¹⁴ there. Their product runs level at 1.000 and bends down only" in words


def test_stairs():
    fig, words = pictures.stairs()
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "Close to p = 1 there are only stairs, and they end"
    assert (x, y) == ("z, the logit", "1 − σ(z), in float32")
    steps, true = (nearest(ax, exactly(ax, one)) for one in ("float32", "the true 1 − p"))
    np.testing.assert_allclose(true.get_ydata(), expit(-true.get_xdata().astype(float)), rtol=1e-9)
    assert (steps.get_color(), true.get_color()) == (LOSS, TRUTH)
    heights = steps.get_ydata()
    living = steps.get_xdata()[np.isfinite(heights)]
    cliff = 24 * math.log(2)
    assert np.nanmin(heights) == 2.0**-23 and living.max() == pytest.approx(cliff, abs=0.002)
    assert len(np.unique(heights[np.isfinite(heights)])) < 20  # stairs, not a curve
    assert written(ax, f"from z = {cliff:.2f}:\n1 − p is exactly 0")
    assert ax.patches[0].get_x() == pytest.approx(cliff, abs=0.002)
    assert "2⁻²³ = 1.2·10⁻⁷" in written(ax, "the last step").get_text()
    assert "2 to the power −23, 1.2·10⁻⁷, and ends at z = 16.64: from there on 1 − p is" in words


def test_three_ways():
    fig, words = pictures.three_ways()
    top, bottom = fig.axes
    assert told(top) == ("Far out, the clip trades a crash for silence", "", "loss in nats")
    assert told(bottom)[1:] == ("z, the logit (y = 0; wrong on the right)", "slope in z")
    cliff, cap = 24 * math.log(2), 23 * math.log(2)
    loss, slope = ({name: line(ax, HUE[name]) for name in HUE} for ax in (top, bottom))
    z = loss["fused"].get_xdata()
    near, far = z < 10, z > cliff + 0.1
    for name in HUE:
        np.testing.assert_allclose(loss[name].get_ydata()[near], -log_expit(-z[near]), atol=5e-3)
        np.testing.assert_allclose(slope[name].get_ydata()[near], expit(z[near]), atol=5e-3)
    np.testing.assert_allclose(loss["fused"].get_ydata(), -log_expit(-z), rtol=1e-5)
    np.testing.assert_allclose(slope["fused"].get_ydata(), expit(z), rtol=1e-5)
    np.testing.assert_allclose(loss["clipped"].get_ydata()[far], cap, rtol=1e-6)
    assert set(slope["clipped"].get_ydata()[far]) == {0}
    for part in (loss, slope):  # an infinite loss is not drawn as a finite one
        assert np.isnan(part["naive"].get_ydata()[far]).all()
    for words_there, name in (("clipped: 15.94, for ever", "clipped"), ("fused: one nat", "fused")):
        assert hue_of_nearest(top, words_there) == HUE[name]
    assert hue_of_nearest(bottom, "fused: 1, it knows the way back") == LOSS
    assert hue_of_nearest(bottom, "clipped: 0, nothing left to learn from") == ACCENT
    assert written(top, f"naive: inf from z = {cliff:.1f}").xy[0] == pytest.approx(cliff, abs=1e-3)
    assert written(bottom, "naive: nan").xy == (pytest.approx(cliff, abs=1e-3), 1)
    assert "up to z = 16.6, where the stairs have led them 0.7 nats apart. From there" in words
    assert "naive loss is inf and its slope nan; the clipped loss stays at 15.94 and its" in words


def test_escape():
    z, fused = -30.0, [-30.0]
    for _ in range(40):
        z += expit(-z)
        fused.append(z)
    fig, words = pictures.escape({"fused": fused, "clipped": [-30.0] * 41})
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "The row that needs teaching most is the one the clip drops"
    assert (x, y) == ("step of gradient descent", "z of the wrong row (y = 1)")
    assert list(line(ax, LOSS).get_ydata()) == fused
    assert hue_of_nearest(ax, "fused: 2.2") == LOSS
    assert hue_of_nearest(ax, "clipped: −30.0") == ACCENT
    assert fused[30] < 0 < fused[31]
    assert "fused loss it climbs one logit a step from −30, crosses 0 in step 31 and ends" in words
    assert "With the clipped loss it moves by 0.0 in all, and ends at −30.0." in words


def test_digits_kept():
    z = np.arange(-59, 60, 2)
    sweep = {"z": z, "naive": np.where(z < 36, 16, 0), "softplus(z) − zy": np.where(z < 36, 15, 1)}
    other = {**sweep, "usual": np.where(z < 0, 16, 7 + (z > 50)), "ours": 0 * z + 16}
    sweep |= {"usual": 0 * z + 14, "ours": 0 * z + 16}
    fig, words = pictures.digits_kept({"hard": sweep, "soft": other})
    assert written(fig, "Right and confident is where the digits go")
    for ax, title, drawn in zip(fig.axes, ("hard", "soft"), (sweep, other), strict=True):
        assert told(ax)[:2] == (title, "z, the logit")
        for curve in ax.lines:
            np.testing.assert_array_equal(curve.get_ydata(), drawn[curve.get_label()])
    left = fig.axes[0]
    assert left.get_ylabel() == "correct digits, of 16"
    legend = left.get_legend()
    keys = {t.get_text(): h for t, h in zip(legend.texts, legend.get_lines(), strict=True)}
    colours = {"naive": EXTRA, "softplus(z) − zy": MODEL, "usual": TRUTH, "ours": GOOD}
    assert {name: key.get_color() for name, key in keys.items()} == colours
    assert "hard: left of z = −35: naive 16, softplus(z) − zy 15, usual 14" in words
    assert "soft: left of z = −35: naive 16" in words
    assert "right of z = 40: naive 0, softplus(z) − zy 1, usual 7 to 8, ours 16" in words


def test_chords():
    fig, words = pictures.chords()
    assert written(fig, "Convex in the weights of a linear model, not of a network")
    left, right = fig.axes
    assert left.get_ylabel() == "loss in nats, y = 1"
    for ax, z, title in (
        (left, lambda t: 2 * t, "linear model: z = a + b\nbelow every chord: convex"),
        (right, lambda t: t * t, "two layers: z = a · b\nabove its chord: not convex"),
    ):
        assert told(ax)[:2] == (title, "a = b")
        curve = line(ax, LOSS)
        np.testing.assert_allclose(curve.get_ydata(), -log_expit(z(curve.get_xdata())), rtol=1e-9)
        chord = -(log_expit(z(-2.0)) + log_expit(z(2.0))) / 2
        assert written(ax, f"{chord:.3f}").get_position()[1] == pytest.approx(chord + 0.08)
        assert written(ax, f"{math.log(2):.3f}").get_position()[1] == pytest.approx(math.log(2))
        assert ("below" in title) == (math.log(2) < chord)
    assert "falls from 4.02 and runs below its chord, 0.693 against 2.018 in the middle" in words
    assert "a hump whose top, 0.693, stands above the chord at 0.018" in words

"""What the pictures of notebook 06 say of likelihoods, valleys and sleepers."""

import math

import numpy as np
import pytest
from drawn import line, nearest, told, written
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit, logit
from scipy.stats import binom

import cehelpers as ce
from cecourse.lessons.maximum_likelihood import pictures
from cecourse.palette import GOOD, LOSS, MODEL, TRUTH, ink


def marks(ax, color):
    """The points of this colour that stand alone, in the order drawn."""
    return [
        one.get_xydata()[0]
        for one in ax.lines
        if len(one.get_xdata()) == 1 and to_hex(one.get_color()) == to_hex(color)
    ]


def mean_loss(w, b, x, y):
    z = w * x + b
    return -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z))


def test_a_flip_costs_what_the_binomial_says():
    for p in (0.01, 0.5, 0.7, 0.99):
        ways = math.log(math.comb(10, 7))
        assert pictures.per_flip(0.7, p) == pytest.approx((ways - binom.logpmf(7, 10, p)) / 10)


def test_moved_minima():
    fig, words = pictures.moved_minima(
        {"plain": (0.7, 0.3), "heads weigh 3": (2.1, 0.3), "smoothed": (0.66, 0.34)}
    )
    (ax,) = fig.axes
    curves = [one for one in ax.lines if len(one.get_xdata()) > 2]
    for curve, (name, a, b) in zip(
        curves,
        (("plain", 0.7, 0.3), ("heads weigh 3", 2.1, 0.3), ("smoothed", 0.66, 0.34)),
        strict=True,
    ):
        p, height = curve.get_data()
        full = -a * np.log(p) - b * np.log1p(-p)
        best = minimize_scalar(
            lambda q, a=a, b=b: -a * np.log(q) - b * np.log1p(-q), bounds=(0.1, 0.99)
        )
        np.testing.assert_allclose(height, full - best.fun, atol=1e-7)
        assert height[-1] > ax.get_ylim()[1]  # no wall ends in the picture
        label = written(ax, f"{name}\n{best.x:.3f}")
        assert label.get_color() in (curve.get_color(), ink(curve.get_color()))
        assert abs(label.get_position()[0] - best.x) < 0.02
        assert f"{name}: {best.x:.3f}" in words
    assert written(ax, "↑ ∞").xy == (1, ax.get_ylim()[1])  # at 1 every one of them is infinite
    assert words.endswith("Towards 1 all of them leave the picture, and rise without end.")
    assert told(ax) == (
        "Seven heads in ten: three changes, three other minima",
        "p, the probability of heads",
        "nats a flip above its own minimum",
    )
    assert words.startswith("3 loss curves over p for seven heads in ten, each drawn above its own")


def test_valley():
    rng = np.random.default_rng(6)
    x = rng.normal(size=80)
    y = (rng.uniform(size=80) < expit(3 * x - 0.6)).astype(float)
    fit = ce.fit_logistic(x[:, None], y)
    bottom = np.array([fit.coef[0], fit.intercept])
    descent = np.linspace([0, 0], 0.8 * bottom, 101)
    newton = np.array([[0, 0], *(bottom * share for share in (0.4, 0.7, 0.9, 0.99, 1, 1))])
    fig, words = pictures.valley(x, y, descent, newton)
    (ax,) = fig.axes
    assert told(ax) == (
        "One valley, two ways down",
        "w, weight of the standardised radius",
        "b, bias",
    )
    lines = next(c for c in ax.collections if len(getattr(c, "labelTexts", [])))
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        for w, b in path.vertices[:: max(1, len(path.vertices) // 5)]:
            assert mean_loss(w, b, x, y) == pytest.approx(level, abs=3e-3)
    assert {text.get_text() for text in lines.labelTexts} <= {f"{v:.2f} nats" for v in lines.levels}
    np.testing.assert_allclose(marks(ax, MODEL), descent[[1, 10, 100]])
    for k in (1, 10, 100):
        (label,) = (text for text in ax.texts if text.get_text() == f"step {k}")
        assert tuple(label.xy) == tuple(descent[k])
    (jumps,) = (one for one in ax.lines if one.get_marker() == "D")
    np.testing.assert_allclose(jumps.get_xydata(), newton[1:])
    assert (
        jumps.get_color() == written(ax, "Newton: nearly there in four jumps").get_color() == LOSS
    )
    assert written(ax, "gradient descent, a dot a step").get_color() == ink(MODEL)
    assert "leaves a trail of 100 dots, ever closer together" in words
    assert f"ends at w = {descent[-1, 0]:.2f}, short of the bottom at {bottom[0]:.2f}" in words
    assert f"Newton jumps to w = {newton[1, 0]:.2f}, {newton[2, 0]:.2f}" in words
    assert f"and {newton[4, 0]:.2f}, and is nearly there" in words


def test_fitted_curve():
    rng = np.random.default_rng(6)
    values = rng.normal(14, 3, size=240)
    y = (rng.uniform(size=240) < expit(values - 15)).astype(int)
    mean, std = values.mean(), values.std()
    fig, words = pictures.fitted_curve(values, y, std, mean - 15, name="mean radius")
    (ax,) = fig.axes
    assert told(ax) == (
        "Fitted by likelihood alone, and it runs through what was counted",
        "mean radius",
        "probability of malignant",
    )
    curve = line(ax, LOSS)
    np.testing.assert_allclose(curve.get_ydata(), expit(curve.get_xdata() - 15), rtol=1e-9)
    arrow = written(ax, "even odds at 15.00")
    assert arrow.xy == (pytest.approx(15), 0.5)
    order = np.argsort(values)
    shares = [y[part].mean() for part in np.array_split(order, 12)]
    bars = [c for c in ax.containers if isinstance(c, ErrorbarContainer)]
    np.testing.assert_allclose([bar.lines[0].get_ydata()[0] for bar in bars], shares)
    centres = np.array([values[part].mean() for part in np.array_split(order, 12)])
    farthest = np.abs(shares - expit(centres - 15)).max()
    assert written(ax, "share of malignant\nin 12 groups").get_color() == ink(GOOD)
    for label, name, color in ((0, "benign", TRUTH), (1, "malignant", MODEL)):
        (dots,) = (
            one
            for one in ax.lines
            if one.get_color() == color and len(one.get_xdata()) == np.sum(y == label)
        )
        np.testing.assert_allclose(dots.get_xdata(), values[y == label])
        (word,) = (text for text in ax.texts if text.get_text() == name)
        assert word.get_color() in (color, ink(color))
        assert abs(word.get_position()[1] - dots.get_ydata().mean()) < 0.02
    assert "an S from 0 to 1 that crosses one half at 15.00" in words
    assert f"12 groups of tumours lie on it or within {farthest:.2f} of it" in words
    low, high = np.quantile(values[y == 1], (0.025, 0.975))
    assert f"above, the malignant, mostly from {low:.0f} to {high:.0f}" in words


def test_runaway():
    x, y = np.array([-2.0, -0.5, 0.5, 3.0]), np.array([0, 0, 1, 1])
    steps = np.arange(1, 1001)
    weights = 2 * np.log(1 + steps)
    snapshots = {k: (weights[k - 1], 0.1) for k in (10, 100, 1000)}
    fig, words = pictures.runaway(x, y, snapshots, steps, weights)
    left, right = fig.axes
    assert told(left) == ("A perfect cut is\nnever sharp enough", "x", left.get_ylabel())
    assert left.get_ylabel() == "p, the model's probability of y = 1"
    assert told(right) == (
        "For ten times the steps,\nsoon the same climb",
        "steps of gradient descent",
        "weight w",
    )
    assert right.get_xscale() == "log"
    keys = {one.get_ydata()[0]: one.get_color() for one in left.lines if len(one.get_xdata()) == 2}
    for k, (w, b) in snapshots.items():
        label = written(left, f"{k:,} steps")
        color = keys[label.get_position()[1]]
        sigmoids = [
            one for one in left.lines if one.get_color() == color and len(one.get_xdata()) == 400
        ]
        np.testing.assert_allclose(sigmoids[0].get_ydata(), expit(w * sigmoids[0].get_xdata() + b))
        assert tuple(written(right, f"w = {w:.1f}").xy) == (k, w)
        assert marks(right, color)[0].tolist() == [k, w]
    for label, color in ((0, LOSS), (1, MODEL)):
        (dots,) = (one for one in left.lines if one.get_color() == color)
        np.testing.assert_allclose(dots.get_xydata(), np.column_stack([x, y])[y == label])
    (curve,) = (one for one in right.lines if len(one.get_xdata()) > 2)
    np.testing.assert_allclose(curve.get_xydata(), np.column_stack([steps, weights]))
    assert "4 separable points and the fitted sigmoid after 10, 100, 1,000 steps" in words
    assert "each steeper than the last" in words
    assert "logarithmic axis, " + ", ".join(f"{w:.1f}" for w, _ in snapshots.values()) in words


def test_saturation():
    fig, words = pictures.saturation(-6.0)
    left, right = fig.axes
    label = "z, the logit (the label is 1)"
    assert told(left) == ("Very wrong: still downhill?", label, "loss")
    assert told(right) == ("Only one of them pulls", label, "slope in z")
    z = line(left, LOSS).get_xdata()
    p, h = expit(z), 1e-5
    losses = {
        LOSS: lambda z: -log_expit(z),
        MODEL: lambda z: expit(-z) ** 2 / 2,
    }
    for color, loss in losses.items():
        slope = (loss(z + h) - loss(z - h)) / (2 * h)
        np.testing.assert_allclose(line(left, color).get_ydata(), loss(z), rtol=1e-8)
        np.testing.assert_allclose(line(right, color).get_ydata(), slope, atol=1e-9)
        assert line(left, color).is_dashed() == (color == MODEL)
        np.testing.assert_allclose(marks(left, color)[0], [-6, loss(-6.0)])
    assert nearest(left, written(left, "cross-entropy:\nsteep")) is line(left, LOSS)
    assert nearest(left, written(left, "squared error:\na high plain")) is line(left, MODEL)
    assert nearest(right, written(right, "cross-entropy")) is line(right, LOSS)
    assert written(right, "squared error:\nthe sigmoid's slope").get_color() == ink(MODEL)
    assert nearest(right, written(right, "−0.9975")) is line(right, LOSS)
    assert nearest(right, written(right, "−0.00246")) is line(right, MODEL)
    assert abs(line(right, MODEL).get_ydata()).max() < 0.15 < 0.99 < abs(p[0] - 1)  # one pulls
    assert f"to the left, {-log_expit(-6.0):.1f} at z = −6; half the squared error levels" in words
    assert f"at {expit(6.0) ** 2 / 2:.2f} there" in words
    assert "it is −0.9975 for cross-entropy and −0.00246 for half the squared error" in words


def test_accuracy_curves():
    rng = np.random.default_rng(6)
    panels = {
        "Plain | steps": {
            "cross_entropy": rng.uniform(0.92, 0.95, (5, 20)),
            "squared_error": rng.uniform(0.6, 0.9, (5, 20)),
        },
        "Adam | epochs": {
            "cross_entropy": rng.uniform(0.9, 0.92, (5, 9)),
            "squared_error": rng.uniform(0.88, 0.9, (5, 9)),
        },
    }
    fig, words = pictures.accuracy_curves(panels)
    names = {"cross_entropy": ("cross-entropy", LOSS), "squared_error": ("squared error", MODEL)}
    for ax, (title, curves) in zip(fig.axes, panels.items(), strict=True):
        name, unit = title.split(" | ")
        assert told(ax)[:2] == (name, unit)
        for loss, runs in curves.items():
            thick, *thin = sorted(
                (one for one in ax.lines if one.get_color() == names[loss][1]),
                key=lambda one: -one.get_linewidth(),
            )
            np.testing.assert_allclose(thick.get_ydata(), runs.mean(axis=0))
            np.testing.assert_allclose([one.get_ydata() for one in thin], runs)
            assert thick.is_dashed() == (loss == "squared_error")
    assert fig.axes[0].get_ylabel() == "accuracy on held-out digits"
    for name, color in names.values():
        assert written(fig.axes[1], name).get_color() in (color, ink(color))
    assert fig.get_suptitle() == "The loss matters where gradients fade, and hardly elsewhere"
    last = {loss: runs[:, -1] for loss, runs in panels["Plain | steps"].items()}
    assert words.startswith(
        "Held-out accuracy of 5 seeds each. Plain, 20 steps: cross-entropy reaches "
        f"{last['cross_entropy'].mean():.2f}, squared error passes 0.75 with "
        f"{np.sum(last['squared_error'] > 0.75)} of them. Adam, 9 epochs:"
    )


def test_odds_rulers():
    fig, words = pictures.odds_rulers(3.0, (0.2, 0.5))
    above, below = fig.axes
    assert (told(above)[1], told(below)[1]) == ("log-odds", "probability")
    assert told(above)[0] == "An odds ratio of 3.00: one step in log-odds, many in probability"

    def arrows(ax):
        return [(one.get_position()[0], one.xy[0]) for one in ax.texts if not one.get_text()]

    after = [3 / 4 / (3 / 4 + 1), 3 / 4]  # odds of 1/4 and 1, three times as high
    np.testing.assert_allclose(arrows(below), list(zip([0.2, 0.5], after, strict=True)))
    np.testing.assert_allclose(arrows(above), logit(arrows(below)))
    assert written(above, "every arrow is 1.10 long")
    heights = [one.xy[1] for one in below.texts if not one.get_text()]
    for words_of, height in zip(("0.2 → 0.429", "0.5 → 0.75"), heights, strict=True):
        assert written(below, words_of).get_position()[1] == height
    assert "on two rulers. On the log-odds ruler all 2 arrows are 1.10 long" in words
    assert "On the probability ruler they differ: 0.2 to 0.429, 0.5 to 0.75." in words

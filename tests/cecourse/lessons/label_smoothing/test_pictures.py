"""What the pictures of notebook 07 say of soft targets, and of who had confidence to spare."""

import math
import re

import numpy as np
import pytest
from drawn import line, nearest, told, written
from matplotlib.colors import to_hex
from scipy.special import log_softmax, logit

import cehelpers as ce
from cecourse.lessons.label_smoothing import pictures
from cecourse.palette import GOOD, LOSS, MODEL, TRUTH, ink


def loss(gap, true, classes):
    """By SciPy, from the whole row of logits."""
    log_p = log_softmax([gap, *np.zeros(classes - 1)])
    return -true * log_p[0] - (1 - true) * log_p[1:].mean()


def test_three_targets():
    rows = [[1.0, 0, 0, 0], [0.7, 0.1, 0.1, 0.1], [0.85, 0.05, 0.05, 0.05]]
    fig, words = pictures.three_targets(rows, ["hard", "one", "other"])
    assert fig.get_suptitle() == "Three ways to say “it is the first class”"
    for ax, row, title in zip(fig.axes, rows, ["hard", "one", "other"], strict=True):
        assert told(ax)[0] == title
        np.testing.assert_allclose([bar.get_height() for bar in ax.patches], row)
        assert [tick.get_text() for tick in ax.get_xticklabels()] == [
            "true",
            "other 1",
            "other 2",
            "other 3",
        ]
        assert [float(text.get_text()) for text in ax.texts] == row
        assert [round(text.get_position()[0]) for text in ax.texts] == [0, 1, 2, 3]
        solid, *hatched = (bar.get_hatch() for bar in ax.patches)
        assert (solid, set(hatched)) == (None, {"////"})
        assert to_hex(ax.patches[0].get_facecolor()) == TRUTH.lower()
    assert words == (
        "3 target rows for 4 classes of which the first is true. hard: 1, 0, 0, 0; one: 0.7, 0.1, "
        "0.1, 0.1; other: 0.85, 0.05, 0.05, 0.05."
    )


def test_bottom():
    fig, words = pictures.bottom(0.2, 4)
    (ax,) = fig.axes
    assert told(ax) == (
        "A smoothed loss has a bottom, and then it turns",
        "gap: true logit minus others",
        "loss in nats",
    )
    for color, true, label in ((LOSS, 1.0, "hard label: always"), (MODEL, 0.85, "smoothed, α")):
        curve = line(ax, color)
        wanted = [loss(gap, true, 4) for gap in curve.get_xdata()]
        np.testing.assert_allclose(curve.get_ydata(), wanted, atol=1e-12)
        assert nearest(ax, written(ax, label)) is curve
        assert curve.is_dashed() == (color == MODEL)
    assert np.all(np.diff(line(ax, LOSS).get_ydata()) < 0)
    gap, floor = math.log(0.85 / 0.05), ce.entropy([0.85, 0.05, 0.05, 0.05])
    assert line(ax, MODEL).get_ydata().min() == pytest.approx(floor, abs=1e-4)
    label = written(ax, f"best gap {gap:.2f}\nlowest loss {floor:.4f} nats")
    assert label.xy == pytest.approx((gap, floor))
    assert written(ax, "surer is worse here").get_position()[0] > gap
    assert written(ax, "ln 4 = 1.386").xy == pytest.approx((0, math.log(4)))
    assert "Loss against the gap between the true logit and 3 equal others" in words
    assert "With a hard label the loss falls towards 0 for ever. Smoothed with α = 0.2" in words
    assert f"bottom at a gap of {gap:.2f}, at {floor:.4f} nats, and rises again" in words
    assert f"to {loss(11, 0.85, 4):.1f} at a gap of 11" in words


def test_confidence_and_accuracy():
    accuracy, confidence = [[0.9, 0.95], [0.7, 0.66]], [[0.91, 0.8], [0.95, 0.73]]
    fig, words = pictures.confidence_and_accuracy(["clean", "noisy"], accuracy, confidence, 0.1)
    (ax,) = fig.axes
    title, x, _ = told(ax)
    assert title == "Smoothing takes confidence, whether there was too much or not"
    assert x == "share of new pictures that are right, and mean probability of the favourite"
    assert np.all(np.subtract(confidence, accuracy)[:, 0] > np.subtract(confidence, accuracy)[:, 1])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["clean", "noisy"]
    assert written(ax, "mean confidence, α = 0.1").get_color() == ink(MODEL)
    assert written(ax, "mean confidence, hard labels").get_color() == LOSS
    assert written(ax, "accuracy").get_color() == GOOD
    verdicts = {
        "off by 0.01": (0, 0),
        "not sure enough by 0.15": (0, 1),
        "too sure by 0.25": (1, 0),
        "too sure by 0.07": (1, 1),
    }
    for verdict, (row, side) in verdicts.items():
        label = written(ax, verdict)
        color = (LOSS, ink(MODEL))[side]
        assert label.get_color() == color
        y = label.get_position()[1]
        assert round(y) == row
        here = [one for one in ax.lines if np.mean(one.get_ydata()) == pytest.approx(y)]
        (dot,) = (one for one in here if one.get_marker() == "o")
        (tick,) = (one for one in here if one.get_color() == GOOD)
        assert dot.get_xdata()[0] == confidence[row][side]
        assert tick.get_xdata()[0] == accuracy[row][side]
        assert dot.get_color() == color
        assert dot.get_markerfacecolor() == ("white", MODEL)[side]
    assert words.endswith(
        "clean: off by 0.01 with hard labels, not sure enough by 0.15 with α = 0.1. "
        "noisy: too sure by 0.25 with hard labels, too sure by 0.07 with α = 0.1."
    )


def test_fair():
    rng = np.random.default_rng(7)
    wanted = np.array([[[0.12, 0.22], [1.39, 1.13]], [[0.12, 0.09], [1.04, 1.13]]])
    spread = rng.uniform(-0.03, 0.03, (2, 2, 2, 5))
    loss = wanted[..., None] + spread - spread.mean(axis=-1, keepdims=True)
    fig, words = pictures.fair(["clean", "noisy"], loss, 0.1)
    assert fig.get_suptitle() == "With a temperature, the verdicts turn round"
    assert fig.axes[0].get_ylabel() == "log loss, nats"
    for k, (ax, name) in enumerate(zip(fig.axes, ("clean", "noisy"), strict=True)):
        assert told(ax)[0] == name
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["as trained", "with T"]
        assert ax.get_ylim()[0] == 0
        for side, (color, curve) in enumerate(((LOSS, LOSS), (ink(MODEL), MODEL))):
            (drawn,) = (
                one
                for one in ax.lines
                if one.get_color() == curve
                and one.get_linestyle() != "None"
                and len(one.get_xdata())
            )
            np.testing.assert_allclose(
                drawn.get_xydata(), [[0, wanted[0, k, side]], [1, wanted[1, k, side]]]
            )
            assert drawn.is_dashed() == (side == 1)
            dots = [
                one for one in ax.lines if one.get_linestyle() == "None" and len(one.get_xdata())
            ]
            fills = [one.get_markerfacecolor() for one in dots if one.get_color() == color]
            assert fills == [("white", MODEL)[side]]
            labels = [text for text in ax.texts if text.get_color() == color]
            assert [text.get_text() for text in labels] == [f"{x:.2f}" for x in wanted[:, k, side]]
            for label, x in zip(labels, (0, 1), strict=True):
                assert (label.get_position()[0] < 0.5) == (x == 0)
        for x in (0, 1):  # the larger loss has the higher label, and the two do not collide
            y = [text.get_position()[1] for text in ax.texts if (text.get_position()[0] > 0.5) == x]
            assert np.argsort(y).tolist() == np.argsort(wanted[x, k]).tolist()
            assert abs(y[0] - y[1]) > 0.05 * ax.get_ylim()[1]
    legend = [text.get_text() for text in fig.axes[-1].get_legend().get_texts()]
    assert legend == ["hard labels", "α = 0.1"]
    marks = [
        (one.get_color(), one.get_markerfacecolor(), one.is_dashed())
        for one in fig.axes[-1].get_legend().get_lines()
    ]
    assert marks == [(LOSS, "white", False), (MODEL, MODEL, True)]
    assert words == (
        "Mean log loss of 5 networks each, on 2 data sets. clean: 0.12 with hard labels and 0.22 "
        "with α = 0.1 as trained, 0.12 and 0.09 with a temperature. noisy: 1.39 with hard labels "
        "and 1.13 with α = 0.1 as trained, 1.04 and 1.13 with a temperature."
    )


def test_clusters():
    rng = np.random.default_rng(7)
    labels = np.repeat([3, 8, 9], 40)
    corners = np.array([[0.0, 0.0], [4.0, 1.0], [1.0, 5.0]])
    clouds = [
        corners[[0] * 40 + [1] * 40 + [2] * 40] + w * rng.normal(size=(120, 2)) for w in (1, 0.3)
    ]
    fig, words = pictures.clusters(clouds, labels, [0.31, 0.03], ["hard labels", "α = 0.1"])
    assert fig.get_suptitle() == "With soft targets, each class draws together"
    spread = []
    titles = ("hard labels", "α = 0.1")
    for ax, ratio, title, given in zip(fig.axes, (0.31, 0.03), titles, clouds, strict=True):
        assert told(ax)[0] == f"{title}: within / between {ratio:.2f}"
        assert ax.get_aspect() == 1
        drawn, scales = {}, []
        for digit in (3, 8, 9):  # which cloud carries this name, and is it this digit's?
            (name,) = (text for text in ax.texts if text.get_text() == str(digit))
            at = name.get_position()
            drawn[digit] = min(
                (one.get_xydata() for one in ax.lines),
                key=lambda cloud, at=at: np.hypot(*(cloud.mean(axis=0) - at)),
            )
            steps = (np.diff(cloud, axis=0) for cloud in (drawn[digit], given[labels == digit]))
            scales.append(np.divide(*(np.hypot(*step.T) for step in steps)))
        np.testing.assert_allclose(scales, scales[0][0])
        middles = {digit: cloud.mean(axis=0) for digit, cloud in drawn.items()}
        assert middles[3][1] > 0 > max(middles[8][1], middles[9][1])
        assert middles[8][0] < middles[9][0]
        spread.append(np.mean([cloud.var(axis=0).sum() for cloud in drawn.values()]))
    assert spread[1] < 0.2 * spread[0]
    assert (
        "Pictures of 3, 8 and 9 in the plane of their weights: a cloud for each, the 3 on" in words
    )
    assert words.endswith(
        "within the clouds over that between them: hard labels 0.31, α = 0.1 0.03."
    )


def test_rare():
    fig, words = pictures.rare(0.002, 0.1)
    (ax,) = fig.axes
    assert told(ax)[:2] == (
        "No smoothed target is as small as the base rate",
        "probability of fraud (ruler of log-odds)",
    )
    mean = ce.smooth_labels([0.998, 0.002], 0.1)[1]
    low, high = sorted(ce.smooth_labels([1.0, 0.0], 0.1))
    assert low > 0.002
    (band,) = (one for one in ax.lines if one.get_color() == MODEL)
    np.testing.assert_allclose(band.get_xdata(), logit([low, high]))
    ticks = [float(tick.get_text()) for tick in ax.get_xticklabels()]
    np.testing.assert_allclose(ax.get_xticks(), logit(ticks))
    for words_of, p, color in (
        ("frauds happen: 0.0020", 0.002, TRUTH),
        (f"mean target: {mean:.4f}", mean, ink(MODEL)),
    ):
        assert written(ax, words_of).get_color() == color
        (mark,) = (one for one in ax.lines if one.get_marker() == "o" and one.get_color() == color)
        assert mark.get_xdata()[0] == pytest.approx(logit(p))
    assert written(ax, f"× {mean / 0.002:.0f}")
    assert written(ax, "smoothed targets reach from 0.05 to 0.95").get_color() == ink(MODEL)
    assert written(ax, "no target lies here").get_position()[0] < logit(low)
    (way,) = (one for one in ax.texts if not one.get_text())
    assert logit(0.002) < way.get_position()[0] < way.xy[0] < logit(mean)
    assert re.search(r"reach from 0.05 to 0.95\. Frauds happen with 0.0020, far to the left", words)
    assert f"the mean target is {mean:.4f}, {mean / 0.002:.0f} times as large" in words

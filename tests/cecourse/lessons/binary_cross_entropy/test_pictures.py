"""What the pictures of notebook 03 say of their curves."""

import numpy as np
import pytest
from drawn import line, nearest, texts, told, written
from matplotlib.colors import to_hex

import cehelpers as ce
from cecourse.lessons.binary_cross_entropy import bets, pictures
from cecourse.palette import LIGHT, LOSS, MODEL, MUTED, TRUTH
from cecourse.picture import new_figure

FORECAST = ("p, forecast probability of y = 1", "loss in nats")


def arch(p):
    """The entropy of a yes with probability p, in nats."""
    return -p * np.log(p) - (1 - p) * np.log1p(-p)


def at(ax, x):
    """The one point that is drawn there, of those with a mark."""
    (found,) = (
        one
        for one in ax.lines
        if one.get_marker() != "None" and np.allclose(one.get_xdata(), x, atol=1e-9)
    )
    return found


def test_two_curves():
    fig, words = pictures.two_curves([0.1, 0.9])
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert "next to nothing until it is wrong" in title
    assert (x, y) == FORECAST
    right, wrong = (
        nearest(ax, written(ax, label)) for label in ("y = 1: it happened", "y = 0: it did not")
    )
    np.testing.assert_allclose(right.get_ydata(), -np.log(right.get_xdata()), rtol=1e-9)
    np.testing.assert_allclose(wrong.get_ydata(), -np.log1p(-wrong.get_xdata()), rtol=1e-9)
    assert (right.get_color(), right.is_dashed(), wrong.is_dashed()) == (LOSS, False, True)
    assert written(ax, "0.9 costs 0.105").xy == (0.9, -np.log(0.9))
    assert "falls from a wall at p = 0 to 0 at p = 1: 0.1 costs 2.303, 0.9 costs 0.105." in words


def test_slopes():
    fig, words = pictures.slopes([0.1, 0.5, 1])
    (ax,) = fig.axes
    assert told(ax) == ("No flat land: even at p = 1 the loss falls with slope −1", *FORECAST)
    curve = line(ax, LOSS)
    np.testing.assert_allclose(curve.get_ydata(), -np.log(curve.get_xdata()), rtol=1e-9)
    tangents = [one for one in ax.lines if to_hex(one.get_color()) == to_hex(MODEL)]
    for p, slope, tangent in zip((0.1, 0.5, 1), (-10, -2, -1), tangents, strict=True):
        (x0, y0), (x1, y1) = tangent.get_xydata()
        assert ((y1 - y0) / (x1 - x0), (x0 + x1) / 2) == pytest.approx((slope, p))
        assert at(ax, p).get_ydata() == pytest.approx([-np.log(p)])
        assert written(ax, f"at p = {p:g}\nslope −{-slope}").xy == pytest.approx((p, -np.log(p)))
        assert f"slope −{-slope} at p = {p:g}" in words
    assert "for y = 1 against p" in words and "does not flatten" in words


def test_soft_u():
    fig, words = pictures.soft_u(0.7)
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "Two walls and a valley: a soft label is never free"
    assert (x, y) == FORECAST
    labels = {text.get_text(): text for text in ax.texts}
    curves = {label: nearest(ax, labels[label]) for label in ("y = 0.7", "y = 1")}
    p = curves["y = 0.7"].get_xdata()
    loss = -0.7 * np.log(p) - 0.3 * np.log1p(-p)
    np.testing.assert_allclose(curves["y = 0.7"].get_ydata(), loss, rtol=1e-9)
    np.testing.assert_allclose(curves["y = 1"].get_ydata(), -np.log(p), rtol=1e-9)
    assert (curves["y = 0.7"].get_color(), curves["y = 1"].is_dashed()) == (LOSS, True)
    floors = nearest(ax, written(ax, "the lowest points trace H(y)"))
    assert to_hex(floors.get_color()) == to_hex(TRUTH)
    np.testing.assert_allclose(floors.get_ydata(), arch(p), atol=1e-12)
    for y in (0.5, 0.6, 0.7, 0.8, 0.9):  # where its curve is lowest, on the arch
        assert at(ax, y).get_ydata() == pytest.approx([arch(y)])
    note = written(ax, "lowest at p = 0.7:\n0.611 nats, not 0")
    assert note.xy == pytest.approx((0.7, arch(0.7)))
    assert "soft labels 0.5, 0.6, 0.7, 0.8, 0.9: each curve is a U with two walls" in words
    assert "for y = 0.7, is lowest at p = 0.7 with 0.611 nats" in words
    assert "dashed curve for the hard label y = 1 has one wall and falls to 0" in words


def test_loss_tiles():
    steady, one_error = np.full(100, 0.51), np.r_[np.full(99, 0.99), 0.0001]
    fig, words = pictures.loss_tiles({"steady": steady, "one error": one_error})
    (ax,) = fig.axes
    areas = np.array([tile.get_width() * tile.get_height() for tile in ax.patches])
    np.testing.assert_allclose(areas[:100], -np.log(0.51))
    np.testing.assert_allclose(np.sort(areas[100:]), np.sort(-np.log(one_error)))
    assert ax.get_aspect() == 1
    assert told(ax)[0] == "Area is loss: one confident error outweighs 99 successes"
    assert areas[-1] > areas[100:-1].sum()
    first, second = (written(ax, name) for name in ("steady", "one error"))
    assert first.get_text() == "steady\naccuracy 1.00, log loss 0.673"
    assert second.get_text() == "one error\naccuracy 0.99, log loss 0.102"
    assert first.get_position()[0] == ax.patches[0].get_x()
    assert second.get_position()[0] == ax.patches[100].get_x() > ax.patches[99].get_x()
    error = ax.patches[-1]
    assert to_hex(error.get_edgecolor()) == to_hex(MODEL)
    assert {to_hex(tile.get_facecolor()) for tile in ax.patches[:-1]} == {to_hex(LIGHT)}
    x, y = written(ax, "1 row\n90%").get_position()
    assert (x, y) == pytest.approx(
        (error.get_x() + error.get_width() / 2, error.get_y() + error.get_height() / 2)
    )
    assert "steady, accuracy 1.00, log loss 0.673: a square of 67.3 nats, cut into 100" in words
    assert "a square of 10.2 nats, 90% of it one tile; the other 99 fit into a strip" in words


def test_base_rates():
    fig, words = pictures.base_rates({"rare": 0.01, "common": 0.6})
    (ax,) = fig.axes
    assert told(ax) == (
        "The mark to beat depends on the base rate",
        "π, the base rate: share of rows with y = 1",
        "log loss of p = π, in nats",
    )
    curve = line(ax, TRUTH)
    x, floor = curve.get_data()
    np.testing.assert_allclose(floor[1:-1], arch(x[1:-1]), rtol=1e-9)
    for name, rate, mark in (("rare", 0.01, "0.0560"), ("common", 0.6, "0.673")):
        assert ce.binary_cross_entropy(rate, rate) == pytest.approx(float(mark), abs=5e-4)
        assert at(ax, rate).get_ydata() == pytest.approx([arch(rate)])
        assert written(ax, f"{name}, π = {rate:g}: {mark}").xy == pytest.approx((rate, arch(rate)))
        assert f"{name}, π = {rate:g}: {mark}" in words
    below, above = written(ax, "know something"), written(ax, "worse than")
    assert below.get_text().startswith("below") and above.get_text().startswith("above")
    assert below.get_position()[1] < arch(0.5)
    assert above.get_position()[1] > np.log(2)
    assert "its top, 0.693, at π = 0.5" in words
    assert "Above the arch a model is worse than the base rate" in words


def test_confidence_curve():
    fig, words = pictures.confidence_curve(0.8, {0.6: 0.59, 0.999: 1.38}, base=0.66)
    (ax,) = fig.axes
    assert told(ax) == (
        "One rule, one accuracy: its confidence decides the mark",
        "c, the confidence with which the rule says yes or no",
        "log loss in nats",
    )
    c, loss = line(ax, LOSS).get_data()
    np.testing.assert_allclose(loss, -0.8 * np.log(c) - 0.2 * np.log1p(-c), rtol=1e-9)
    assert c.min() >= 0.5
    base = written(ax, "base rate alone: 0.660")
    (level,) = (one for one in ax.lines if set(one.get_ydata()) == {0.66})
    assert base.get_color() == level.get_color() == TRUTH and level.is_dashed()
    for confidence, paid, mark in ((0.6, 0.59, "o"), (0.999, 1.38, "D")):  # a diamond: too dear
        drawn = at(ax, confidence)
        assert (drawn.get_ydata(), drawn.get_marker()) == ([paid], mark)
        assert written(ax, f"says {confidence:g}: {paid:.3f}").xy == (confidence, paid)
    assert at(ax, 0.999).get_color() == MODEL
    assert at(ax, 0.8).get_ydata() == pytest.approx([arch(0.8)])
    best = written(ax, "right 80.0% of the time:\nbest is to say so, 0.500")
    assert best.xy == pytest.approx((0.8, arch(0.8)))
    assert "lowest, 0.500, at c = 0.800, the share of rows it gets right" in words
    assert "0.590 at 0.6, 1.380 at 0.999, worse than the base rate." in words
    assert "the base rate alone, 0.660" in words


def test_the_two_curves_of_the_betting_game():
    words = bets.game().strip({"A round": {"whose": bets.EXAMPLE}}, columns=1).description
    fig = new_figure(7.2, 5.2)
    bets._draw(fig)
    _, ax = fig.axes
    assert told(ax)[1:] == ("p, your probability that the statement is true", "loss in nats")
    true, false = (nearest(ax, written(ax, label)) for label in ("if it is true", "if it is false"))
    np.testing.assert_allclose(true.get_ydata(), -np.log(true.get_xdata()), rtol=1e-9)
    np.testing.assert_allclose(false.get_ydata(), -np.log1p(-false.get_xdata()), rtol=1e-9)
    assert (true.get_color(), false.get_color(), false.is_dashed()) == (TRUTH, MODEL, True)
    (shrug,) = (one for one in ax.lines if [*one.get_ydata()] == [np.log(2)] * 2)
    assert "always .5 pays 0.693" in texts(ax) and shrug.get_color() == MUTED
    assert "if the statement is true, a curve that falls" in words
    assert "if it is false, a curve that rises" in words

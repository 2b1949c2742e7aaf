"""What the pictures of notebook 05 show: shares, losses and gradients, against SciPy."""

import math

import numpy as np
import pytest
from drawn import line, nearest, told, written
from matplotlib.colors import to_hex
from scipy.special import expit, log_softmax, softmax

from cecourse.lessons.softmax import pictures, simplex
from cecourse.palette import EXTRA, GOOD, LOSS, MODEL, TRUTH, ink

NAMES = ["fox", "cat", "dog"]
Z = np.array([2.1, 1.2, -0.3])
CAT = 1


def at(p):
    """Where a forecast lies: fox left, cat on top, dog right."""
    return np.asarray(p) @ np.array([[0, 0], [0.5, math.sqrt(3) / 2], [1, 0]])


def shares(xy):
    """The forecast that lies there."""
    x, y = np.asarray(xy).T
    cat = y / (math.sqrt(3) / 2)
    return np.stack([1 - x - cat / 2, cat, x - cat / 2], axis=-1)


def dots(ax, color):
    """The single points of a colour, in the order drawn."""
    return [
        one.get_xydata()[0]
        for one in ax.lines
        if one.get_color() == color and len(one.get_xdata()) == 1
    ]


def corners_are_named(ax):
    places = {text.get_text(): text.get_position() for text in ax.texts}
    for name, corner in zip(NAMES, np.eye(3), strict=True):
        assert math.dist(places[name], at(corner)) < 0.06


def cat_bands(ax):
    """Every point of every band costs what its shade says, between the level and the next."""
    for band in (one for one in ax.patches if one.get_zorder() == 1):
        p = np.maximum(band.get_xy()[:, 1] / (math.sqrt(3) / 2), 1e-300)
        (level,) = (x for x in simplex.BANDS if band.get_facecolor() == simplex.loss_colour(x))
        assert -math.log(p.max()) == pytest.approx(level, abs=1e-9)
    (name,) = (text for text in ax.texts if text.get_text() == "cat")
    assert name.get_color() == TRUTH


def test_three_steps():
    fig, words = pictures.three_steps(Z, NAMES)
    assert fig.get_suptitle() == "Make them positive, then divide by the total"
    scores, exps, shares = fig.axes
    total = np.exp(Z).sum()
    assert [told(ax)[0] for ax in fig.axes] == [
        "scores z",
        f"$e^z$ (total {total:.2f})",
        "shares of the total",
    ]
    for ax, want in ((scores, Z), (exps, np.exp(Z)), (shares, softmax(Z))):
        assert [bar.get_height() for bar in ax.patches] == pytest.approx(list(want))
        assert [label.get_text() for label in ax.get_xticklabels()] == NAMES
    assert [text.get_text() for text in shares.texts] == ["0.668", "0.272", "0.061"]
    assert "The scores are +2.1, +1.2, −0.3." in words
    assert "8.17, 3.32, 0.74, together 12.23. Their shares of that total are 0.668, 0." in words


def test_temperature_paths():
    fig, words = simplex.temperature_paths(Z, NAMES)
    assert fig.get_suptitle() == "Temperature changes how sure, never who leads"
    (ax,) = fig.axes
    corners_are_named(ax)
    for t in (0.25, 0.5, 1, 2, 5):
        p = softmax(Z / t)
        label = written(ax, f"T = {t:g}: {p[0]:.2f}")
        assert label.xy == pytest.approx(at(p))
        assert f"{p[0]:.2f} at T = {t:g}" in words
    assert written(ax, "T → ∞: 0.33").xy == pytest.approx(at([1 / 3] * 3))
    way = line(ax, MODEL).get_xydata()
    assert way[0] == pytest.approx([0, 0], abs=1e-6)  # cold: the fox
    assert "from the centre, 0.33 for the fox, through" in words
    assert words.count("corner of the fox") == 1
    for path in ax.lines:  # whoever leads, leads all the way
        if len(path.get_xdata()) == 240:
            leaders = shares(path.get_xydata())[:200].argmax(axis=1)
            assert len(set(leaders)) == 1


def test_loss_triangles():
    fig, words = simplex.loss_triangles(CAT, [0.2, 0.7, 0.1], NAMES)
    assert fig.get_suptitle() == "One free corner, or a bowl whose floor is not free"
    left, right = fig.axes
    assert (told(left)[0], told(right)[0]) == ("hard label: cat", "soft label: (.2, .7, .1)")
    for ax in fig.axes:
        corners_are_named(ax)
    cat_bands(left)
    for level in (0.1, 0.25, 0.5, 1, 2, 4):
        (mark,) = (text for text in left.texts if text.get_text() == f"{level:g}")
        height = mark.get_position()[1] / (math.sqrt(3) / 2)
        assert -math.log(height) == pytest.approx(level)
    assert written(left, "this edge: ∞").get_position()[1] < 0
    assert dots(left, TRUTH) == [pytest.approx(at(np.eye(3)[CAT]))]
    y = np.array([0.2, 0.7, 0.1])
    assert dots(right, TRUTH) == [pytest.approx(at(y))]
    floor = -(y @ np.log(y))
    assert written(right, f"lowest: {floor:.3f},\nH of the label").xy == pytest.approx(at(y))
    for level in (0.95, 1.25, 2):
        (mark,) = (text for text in right.texts if text.get_text() == f"{level:g}")
        p = shares(mark.get_position())
        assert -(y @ np.log(p)) == pytest.approx(level, abs=0.02)
    assert "Left, hard label cat: bands parallel to the edge from fox to dog, 0 nats in" in words
    assert f"the loss is lowest, {floor:.3f} nats; it is infinite on all three edges" in words


def test_the_shades_darken_with_the_loss():
    shades = [simplex.loss_colour(x) for x in (0, 0.25, 1, 2, 5, 50)]
    light = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b, _ in shades]
    assert light == sorted(light, reverse=True)
    assert light[0] - light[-1] > 0.6


def test_arrows_home():
    start = [0.5, -2.6, 2.6]
    fig, words = simplex.arrows_home(CAT, start, NAMES)
    assert fig.get_suptitle() == "Minus the gradient: from what was said to what was so"
    (ax,) = fig.axes
    corners_are_named(ax)
    cat_bands(ax)
    home = at(np.eye(3)[CAT])
    arrows = [text for text in ax.texts if not text.get_text()]
    assert len(arrows) > 20
    for one in arrows:
        foot, tip = np.array(one.xyann), np.array(one.xy)
        assert tip - foot == pytest.approx(0.16 * (home - foot))
    way = line(ax, MODEL).get_xydata()
    z = np.array(start)
    for point in way[:5]:
        assert point == pytest.approx(at(softmax(z)))
        z = z - 0.1 * (softmax(z) - np.eye(3)[CAT])
    assert math.dist(way[-1], home) < 0.05
    assert dots(ax, MODEL) == [pytest.approx(at(softmax(start)))]
    assert dots(ax, TRUTH) == [pytest.approx(home)]
    assert written(ax, f"start: cat {softmax(start)[CAT]:.3f},\na long arrow").xy == pytest.approx(
        at(softmax(start))
    )
    fox = shares(way)[:, 0]
    assert f"starts near the dog, with {softmax(start)[CAT]:.3f} for the cat, first" in words
    assert f"while the fox gains from {fox[0]:.2f} to {fox.max():.2f}, and then" in words
    assert "point to the corner of the cat, long at the far edge and short near" in words


def test_inner_triangle():
    fig, words = simplex.inner_triangle(CAT, NAMES)
    assert fig.get_suptitle() == "A second softmax squeezes every forecast into the middle"
    left, right = fig.axes
    assert told(left)[0] == "softmax once: from 0 to ∞"
    assert told(right)[0] == "softmax twice: all that is left"
    corners_are_named(left)
    cat_bands(left)
    best, worst = (-log_softmax(np.eye(3)[k])[CAT] for k in (CAT, 2))
    assert written(right, f"a perfect forecast\nstill pays {best:.3f}").xy == pytest.approx(
        at(softmax([0, 1, 0]))
    )
    assert written(right, f"certain and wrong\npays only {worst:.3f}").xy == pytest.approx(
        at(softmax([0, 0, 1]))
    )
    outline = simplex.twice_outline()
    again = softmax(softmax(np.random.default_rng(1).normal(0, 6, (300, 3)), axis=1), axis=1)
    assert (outline.min(axis=0) <= at(again)).all() and (at(again) <= outline.max(axis=0)).all()
    assert f"tip towards the cat, a perfect forecast, pays {best:.3f} nats, another, " in words
    assert words.endswith(f"certain and wrong, {worst:.3f}.")


def test_hinton():
    weights = np.zeros((64, 10))
    weights[[27, 28, 35, 36], 0] = -1
    weights[[10, 13], 0] = 0.25
    fig, words = pictures.hinton(weights, [str(k) for k in range(10)])
    assert "each class has its average picture minus everyone's" in fig.get_suptitle()
    ax = fig.axes[0]
    assert ax.get_title(loc="center") == "0"
    votes, against = ax.collections
    assert to_hex(votes.get_facecolor()[0]).upper() == GOOD
    assert to_hex(against.get_edgecolor()[0]).upper() == ink(EXTRA)
    assert len(against.get_facecolor()) == 0
    boxes = [path.get_extents() for path in votes.get_paths()]
    assert [(box.x0 + box.x1) / 2 for box in boxes] == pytest.approx([2.5, 5.5])
    assert [(box.y0 + box.y1) / 2 for box in boxes] == pytest.approx([1.5, 1.5])
    hollow = against.get_paths()[0].get_extents()
    assert boxes[0].width * boxes[0].height * 4 == pytest.approx(hollow.width * hollow.height)
    assert "filled where ink speaks for the class, hollow where it speaks against" in words
    assert words.endswith("In the 0, 2 squares are filled, and the four in the middle hollow.")


def test_costliest():
    probs = np.full((4, 10), 0.01)
    probs[[0, 1, 2, 3], [8, 5, 3, 9]] = 0.91
    images = np.arange(4 * 64).reshape(4, 8, 8) % 17
    fig, words = pictures.costliest(images, [4, 9, 3, 1], probs, share=0.256, of=500)
    assert fig.get_suptitle() == "4 of 500 pictures carry 26% of the loss"
    shown = [(ax.get_title(loc="center"), ax.get_xlabel()) for ax in fig.axes]
    assert shown[0] == ("4.6 nats", "it is a 4: 0.010\nit said 8: 0.91")
    assert shown[2] == ("0.1 nats", "it is a 3: 0.910\nit said 3: 0.91")
    for ax, image in zip(fig.axes, images, strict=True):
        (picture,) = ax.images
        np.testing.assert_array_equal(picture.get_array(), image)
        assert picture.get_cmap()(1.0)[:3] == (0, 0, 0)  # 16 is black
    assert "26% of the loss of 500: a 4 that got 0.010, taken for 8 with 0.91: 4.6 nats" in words
    assert "a 9 that got 0.010, taken for 5 with 0.91: 4.6 nats; a 3 that got 0.910, " in words


def test_plateau():
    once, twice = 0.1 + 2.2026 * np.exp(-np.arange(101) / 9), np.linspace(2.3026, 1.58, 101)
    fig, words = pictures.plateau(once, twice, 10)
    (ax,) = fig.axes
    assert told(ax) == (
        "The plateau that gives a second softmax away",
        "step of gradient descent",
        "training loss in nats",
    )
    for label, curve, color in (
        ("softmax once: 0.10", once, LOSS),
        ("softmax twice: 1.58", twice, EXTRA),
    ):
        np.testing.assert_allclose(line(ax, color).get_ydata(), curve)
        assert nearest(ax, written(ax, label)) is line(ax, color)
        assert written(ax, label).get_color() == (color if color == LOSS else ink(color))
    assert line(ax, EXTRA).is_dashed() and not line(ax, LOSS).is_dashed()
    floor = math.log(math.e + 9) - 1
    (dotted,) = (one for one in ax.lines if len(one.get_xdata()) == 2)
    assert dotted.get_ydata()[0] == pytest.approx(floor)
    assert written(ax, f"it can never go below {floor:.4f}").get_position()[1] < floor
    assert written(ax, "both start at ln 10 = 2.303").xy == (0, pytest.approx(math.log(10)))
    assert "over 100 steps. Both curves start at ln 10 = 2.303. With one softmax the" in words
    assert "falls to 0.10; with two, dashed, it creeps to 1.58, above a dotted line at 1." in words


def test_own_or_shared():
    z, tags = np.log([9, 0.4 / 0.6, 0.7 / 0.3]), ["fox", "rain", "night"]
    fig, words = pictures.own_or_shared(z, tags, [1, 0, 1])
    assert fig.get_suptitle() == "Same logits: separate answers, or shares of one"
    left, right = fig.axes
    assert told(left)[:2] == ("a sigmoid each: three questions", "probability of the tag")
    assert told(right)[:2] == ("softmax: one cake for three", "share of 1")
    assert [t.get_text() for t in left.get_yticklabels()] == ["fox ✓", "rain –", "night ✓"]
    for ax, values in ((left, expit(z)), (right, softmax(z))):
        bars = ax.patches[3:]
        assert [bar.get_width() for bar in bars] == pytest.approx(list(values))
        assert [t.get_text() for t in ax.texts] == [f"{v:.3f}" for v in values]
        assert all(to_hex(bar.get_edgecolor()).upper() == MODEL for bar in bars)
    ends = [bar.get_x() + bar.get_width() for bar in right.patches[3:]]
    assert ends == pytest.approx(list(np.cumsum(softmax(z))))
    assert "sigmoids: fox 0.900, rain 0.400, night 0.700; past the line at 0.5: fox and" in words
    assert words.endswith("fox 0.750, rain 0.056, night 0.194; past the line: fox.")


def test_tags_by_threshold():
    cuts = np.array([0.1, 0.5, 0.9])
    own = np.array([[0.3, 0.6, 0.7, 1.0], [0.7, 0.9, 0.8, 0.6], [0.9, 0.5, 0.4, 0.2]])
    one = np.array([[0.0, 0.8, 0.6, 0.5], [0.04, 0.9, 0.0, 0.0], [0.4, 0.9, 0.0, 0.0]])
    fig, words = pictures.tags_by_threshold(cuts, own, one)
    assert fig.get_suptitle() == "No threshold of a softmax serves none, one, two and three tags"
    for ax, values, name in zip(
        fig.axes, (own, one), ("a sigmoid each", "one softmax"), strict=True
    ):
        assert told(ax)[:2] == (name, "threshold")
        for k, label in enumerate(("no tag", "one tag", "two tags", "three tags")):
            (curve,) = (one for one in ax.lines if one.get_label() == label)
            np.testing.assert_array_equal(curve.get_xydata(), np.c_[cuts, values[:, k]])
        assert len({str(one.get_linestyle()) + one.get_color() for one in ax.lines[:4]}) == 4
    assert "a sigmoid each the worst of the four is at best 0.6, near a threshold of 0.5" in words
    assert words.endswith("with one softmax the worst of the four is at best 0.0.")

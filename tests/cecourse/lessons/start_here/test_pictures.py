"""What the pictures of notebook 00 say: the map of all forecasts, and that of the course."""

import numpy as np
import pytest
import scipy.stats
from drawn import told, written
from matplotlib.colors import to_hex
from scipy.special import expit, log_expit, logit

import cehelpers as ce
from cecourse.lessons import NOTEBOOKS
from cecourse.lessons.start_here import pictures
from cecourse.palette import FAINT, LOSS, MODEL, MUTED, TRUTH


def test_landscape():
    fig, words = pictures.landscape()
    ax, bar = fig.axes
    assert told(ax) == (
        "What every forecast costs in every world",
        "forecast: the probability you give to heads",
        "truth: how often the coin lands heads",
    )
    assert bar.get_ylabel().startswith("cross-entropy in nats")
    filled = ax.collections[0]
    for forecast, truth in ((0.02, 0.5), (0.5, 0.02), (0.9, 0.2), (0.2, 0.9), (0.5, 0.95)):
        loss = -truth * np.log(forecast) - (1 - truth) * np.log(1 - forecast)
        layer = np.digitize(loss, filled.levels) - 1  # across is the forecast, up the truth
        inside = [path.contains_point((forecast, truth)) for path in filled.get_paths()]
        assert inside[layer] and sum(inside) == 1
    (diagonal,) = (one for one in ax.lines if one.is_dashed())
    np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())
    assert written(ax, "honest forecasts pay the entropy").get_rotation() == 45
    assert written(ax, "0.69").xy == (0.5, 0.5)
    for text in ax.texts:  # where words stand, and what is true there
        x, y = getattr(text, "xy", text.get_position())
        cost = ce.binary_cross_entropy(round(y), np.clip(x, 1e-9, 1 - 1e-9))
        if "wrong" in text.get_text():
            assert cost > 3
        if "free" in text.get_text():
            assert cost < 0.01
    assert ax.get_aspect() == 1
    assert "cross-entropy in nats, truth upwards and forecast across" in words
    assert "in two corners, lower left and upper right, where a certain forecast is right" in words
    assert "rises to 0.69 in the middle" in words and "it passes 4.6 without end" in words


def test_course_map():
    fig, words = pictures.course_map()
    cards = fig.axes[: len(NOTEBOOKS)]
    for ax, notebook in zip(cards, NOTEBOOKS, strict=True):
        minutes = f"{notebook.minutes} min to read {notebook.minutes_with_exercises} with exercises"
        said = [" ".join(text.get_text().split()) for text in ax.texts]
        assert said == [notebook.number, minutes, notebook.title, notebook.promise]
        assert f"{notebook.number} {notebook.title}, {notebook.minutes} min to read" in words
    hours = [
        round(sum(getattr(n, part) for n in NOTEBOOKS) / 60)
        for part in ("minutes", "minutes_with_exercises")
    ]
    said = f"{hours[0]} hours to read, {hours[1]} with the exercises"
    assert said in fig.get_suptitle()
    assert said.replace(", ", " and ") in words
    assert set(pictures.SKETCHES) == {notebook.slug for notebook in NOTEBOOKS}


def entropy_of_a_coin(p):
    return scipy.stats.entropy([p, 1 - p], base=2)


def many_payments(_):
    return np.repeat(np.linspace(0.04, 0.98, 10), 26)


PRICES = (0.25, 0.6, 1.1, 1.9)  # of the corner, in nats
CURVES = {
    "entropy": [(TRUTH, entropy_of_a_coin)],
    "binary_cross_entropy": [
        (LOSS, lambda p: -np.log(p) / 4.6),
        (MODEL, lambda p: -np.log1p(-p) / 4.6),
    ],
    "logits": [
        (LOSS, lambda x: -log_expit(16 * x - 8) / 8),
        (MODEL, lambda x: np.minimum(-log_expit(16 * x - 8), 4.5) / 8),
    ],
    "softmax": [(TRUTH, lambda x, price=price: np.full_like(x, np.exp(-price))) for price in PRICES]
    + [(MUTED, lambda x: 1 - abs(x - 0.5) / 0.38)],
    "maximum_likelihood": [(TRUTH, lambda p: (p / 0.7) ** 7 * ((1 - p) / 0.3) ** 3)],
    "calibration": [(TRUTH, lambda said: expit(logit(said) / 2.3))],
    "class_imbalance": [
        (TRUTH, lambda x: expit(20 * x - 10)),
        (MODEL, lambda x: expit(20 * x - 10 + np.log(550))),
    ],
    "fraud_scorer": [(FAINT, many_payments)],
    "loss_clinic": [
        (TRUTH, lambda t: 0.08 + 0.9 * np.exp(-5 * t)),
        (MODEL, lambda t: 0.08 + 0.9 * np.exp(-5 * t) + 1.1 * np.clip(t - 0.35, 0, 1) ** 1.3),
        (MUTED, lambda t: 0.72 + 0 * t),
    ],
}
MARKS = {
    "start_here": [(TRUTH, (0.62, 0.5))],
    "entropy": [(TRUTH, (0.5, 1))],
    "softmax": [(TRUTH, (0.5, 1))],
    "maximum_likelihood": [(TRUTH, (0.7, 1))],
    "fraud_scorer": [(MODEL, (0.02 + 17 * 0.96 / 25, 0.04 + 6 * 0.94 / 9))],
    "framework_rosetta": [(TRUTH, (0.62, y)) for y in np.linspace(0.1, 0.95, 5)],
}


@pytest.mark.parametrize("slug", pictures.SKETCHES)
def test_a_sketch_draws_the_mathematics_of_its_notebook(slug):
    ax = pictures.new_figure().subplots()
    pictures.SKETCHES[slug](ax)
    curves = [one for one in ax.lines if len(one.get_xdata()) > 3]
    for one, (color, height) in zip(curves, CURVES.get(slug, []), strict=True):
        assert one.get_color() == color
        x, y = one.get_data()
        np.testing.assert_allclose(y, height(x), atol=1e-4)
    marks = [one for one in ax.lines if len(one.get_xdata()) == 1]
    for one, (color, at) in zip(marks, MARKS.get(slug, []), strict=True):
        assert one.get_color() == color
        assert one.get_xydata()[0] == pytest.approx(at)
    for one in ax.collections:
        assert to_hex(one.get_edgecolor()[0]) == to_hex(TRUTH)
    if slug == "entropy":
        (below,) = ax.collections
        inside = [below.get_paths()[0].contains_point((p, 0.4)) for p in (0.05, 0.5, 0.95)]
        assert inside == [entropy_of_a_coin(p) > 0.4 for p in (0.05, 0.5, 0.95)]


@pytest.mark.parametrize("slug", pictures.SKETCHES)
def test_a_sketch_keeps_the_colours_of_the_course(slug):
    """What is dashed is a model's, and neither the truth nor the loss."""
    fig = pictures.new_figure()
    ax = fig.subplots()
    pictures.SKETCHES[slug](ax)
    for one in ax.lines:
        color = to_hex(one.get_color())
        dashes = one.is_dashed()
        assert color != to_hex(MODEL) or dashes or one.get_marker() == "D"
        assert color not in (to_hex(LOSS), to_hex(TRUTH)) or not dashes

"""What the pictures of notebook 00 say: the map of all forecasts, and that of the course."""

import numpy as np
import pytest
from drawn import told, written
from matplotlib.colors import to_hex

import cehelpers as ce
from cecourse.lessons import NOTEBOOKS
from cecourse.lessons.start_here import pictures
from cecourse.palette import LOSS, MODEL, TRUTH


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
    assert written(ax, "the honest forecast: only the entropy remains").get_rotation() == 45
    assert written(ax, "0.69").xy == (0.5, 0.5)
    for text in ax.texts:  # where words stand, and what is true there
        x, y = getattr(text, "xy", text.get_position())
        cost = ce.binary_cross_entropy(round(y), np.clip(x, 1e-9, 1 - 1e-9))
        if "wrong" in text.get_text():
            assert cost > 3
        if "free" in text.get_text():
            assert cost < 0.01
    assert ax.get_aspect() == 1
    assert "truth upwards and forecast across" in words
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

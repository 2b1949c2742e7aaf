"""The explorer of notebook 05: what a setting shows, against SciPy and finite differences."""

import re

import numpy as np
import pytest
from drawn import told
from matplotlib.colors import to_hex
from scipy.special import log_softmax, softmax

from cecourse.lessons.softmax import explorers
from cecourse.lessons.softmax.simplex import place
from cecourse.palette import DARK, MODEL, TRUTH

SETTINGS = [
    (z, t, twice)
    for z in [(2.1, 1.2, -0.3), (8, -8, 8), (-8, 8, -8), (0, 0, 0), (-3.4, 0.5, 7.9)]
    for t in (0.1, 1.0, 10.0)
    for twice in (False, True)
]
CAT = np.array([0.0, 1.0, 0.0])


@pytest.fixture(scope="module")
def only_explorer():
    return explorers.triangle_map()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.set(**only_explorer._presets["Reset"])
    return only_explorer


def move(explorer, z, t, twice):
    explorer.set(fox=z[0], cat=z[1], dog=z[2], temperature=t, twice=twice)
    assert "failed" not in explorer.caption
    assert not re.search(r"−0\.0+\b", explorer.caption)


def reference(z, t, twice):
    """Loss of the cat in u = z/T, by SciPy."""
    u = np.array(z, dtype=float) / t
    return 0.0 - log_softmax(softmax(u) if twice else u)[1]


def row(caption, before):
    inside = re.search(rf"{re.escape(before)} \(([^)]*)\)", caption)[1].replace("−", "-")
    return np.array([float(x) for x in inside.split(",")])


@pytest.mark.parametrize(("z", "t", "twice"), SETTINGS)
def test_the_caption_says_what_scipy_says(explorer, z, t, twice):
    move(explorer, z, t, twice)
    loss = float(re.search(r"loss ([\d.]+) nats", explorer.caption)[1])
    assert loss == pytest.approx(reference(z, t, twice), abs=6e-4)
    used = softmax(np.array(z) / t)
    used = softmax(used) if twice else used
    assert row(explorer.caption, "=") == pytest.approx(np.array(z), abs=0.06)
    words = "softmax twice =" if twice else "softmax ="
    assert row(explorer.caption, words) == pytest.approx(used, abs=6e-4)
    assert [bar.get_width() for bar in explorer.artists["bars"]] == pytest.approx(used)
    assert explorer.artists["price"].get_text() == f"loss {reference(z, t, twice):.3f} nats"


@pytest.mark.parametrize(("z", "t", "twice"), SETTINGS)
def test_the_gradient_is_the_finite_difference(explorer, z, t, twice):
    move(explorer, z, t, twice)
    u, h = np.array(z) / t, 1e-6
    slope = [
        (reference(u + h * e, 1, twice) - reference(u - h * e, 1, twice)) / (2 * h)
        for e in np.eye(3)
    ]
    _, _, computed = explorers.forecast_and_slope(np.array(z, dtype=float), t, twice)
    assert computed == pytest.approx(slope, abs=1e-8)
    assert row(explorer.caption, "gradient in z/T") == pytest.approx(slope, abs=6e-4)


@pytest.mark.parametrize(("z", "t", "twice"), SETTINGS)
def test_the_dot_lies_at_the_forecast_and_inside_the_triangle(explorer, z, t, twice):
    move(explorer, z, t, twice)
    used = softmax(np.array(z) / t)
    used = softmax(used) if twice else used
    dot = explorer.artists["dot"].get_xydata()[0]
    assert dot == pytest.approx(place(used))
    assert 0 <= dot[1] <= np.sqrt(3) / 2 + 1e-12
    assert explorer.artists["once"].get_visible() == twice


def test_the_arrow_points_from_the_forecast_to_the_truth(explorer):
    move(explorer, (8, 0, 0), 1.0, False)
    start, tip = explorer.artists["shaft"].get_xydata()
    assert tip == pytest.approx(start + 0.6 * (place(CAT) - start), abs=1e-9)
    assert explorer.artists["shaft"].get_visible()
    explorer.set(twice=True)
    assert not explorer.artists["shaft"].get_visible()


def test_the_path_passes_through_the_forecast(explorer):
    explorer.set(twice=False, temperature=1.0)
    way = explorer.artists["path"].get_xydata()
    here = explorer.artists["dot"].get_xydata()[0]
    assert np.hypot(*(way - here).T).min() < 0.03
    assert way[0] == pytest.approx([0, 0], abs=1e-6)  # cold: the corner of the fox
    assert way[-1] == pytest.approx([0.5, np.sqrt(3) / 6], abs=2e-3)  # hot: the centre


def test_what_the_reader_is_asked_to_predict(explorer):
    assert "loss 1.304" in explorer.caption
    explorer.set(temperature=10)
    assert "loss 1.083" in explorer.caption
    explorer.set(temperature=1, fox=8, cat=0, dog=0)
    assert "loss 8.001" in explorer.caption
    explorer.set(twice=True)
    assert "loss 1.551" in explorer.caption


def press(explorer, label):
    (button,) = (one for one in explorer.children[1].children if one.description == label)
    button.click()
    assert "failed" not in explorer.caption
    return explorer.values, [bar.get_width() for bar in explorer.artists["bars"]]


def test_the_presets_are_what_they_are_called(explorer):
    start = explorer.caption
    _, p = press(explorer, "Sure and right")
    assert p[1] > 0.99 and "it was a cat: loss 0.001 nats" in explorer.caption
    explorer.set(twice=True)
    values, p = press(explorer, "Sure and wrong")
    assert p[0] > 0.99 and not values["twice"] and "loss 8.001 nats" in explorer.caption
    values, p = press(explorer, "Hot: T = 10")
    assert values["temperature"] == 10 and max(p) < 0.4
    assert "loss 1.083 nats" in explorer.caption  # whatever was before
    values, p = press(explorer, "Cold: T = 0.1")
    assert values["temperature"] == pytest.approx(0.1) and max(p) > 0.99
    press(explorer, "Reset")
    assert explorer.caption == start
    assert len(explorer._presets) == 5


def test_the_names_and_the_colours(explorer):
    left, right = explorer.figure.axes
    assert told(left)[0] == "Light is cheap: it was a cat"
    assert told(right)[1] == "probability used by the loss"
    names = [label.get_text() for label in right.get_yticklabels()]
    assert names == ["fox", "cat", "dog"]
    assert right.get_yticklabels()[names.index("cat")].get_color() == TRUTH
    for name in names:
        assert name in explorer.controls[name].description
        explorer.set(**dict.fromkeys(names, 0) | {name: 8})
        widths = [bar.get_width() for bar in explorer.artists["bars"]]
        assert names[np.argmax(widths)] == name
        corner = next(text for text in left.texts if text.get_text() == name)
        assert np.hypot(*(explorer.artists["dot"].get_xydata()[0] - corner.get_position())) < 0.1
        assert corner.get_color() == (TRUTH if name == "cat" else DARK)
    assert "(true)" in explorer.controls["cat"].description
    assert explorer.artists["dot"].get_color() == MODEL
    assert all(to_hex(bar.get_edgecolor()) == to_hex(MODEL) for bar in explorer.artists["bars"])
    assert explorer.artists["inside"].get_visible() is False


def test_a_bars_number_stands_beside_its_end_and_within_the_picture(explorer):
    explorer.set(fox=0, cat=3, dog=0)
    for bar, words in zip(explorer.artists["bars"], explorer.artists["texts"], strict=True):
        end, long = bar.get_width(), bar.get_width() > 0.6
        assert words.get_text() == f"{end:.3f}"
        assert words.get_ha() == ("right" if long else "left")
        assert words.get_position()[0] - end == pytest.approx(-0.03 if long else 0.03)


def test_an_error_is_shown_in_the_caption():
    explorer = explorers.triangle_map()
    explorer.artists["price"].set_text = None
    explorer.set(fox=3.0)
    assert explorer.caption.startswith("This setting failed with TypeError")

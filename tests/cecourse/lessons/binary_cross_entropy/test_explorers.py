"""The explorer of notebook 03: every artist and every number against an independent computation."""

import itertools
import math

import numpy as np
import pytest
from drawn import told

from cecourse.lessons.binary_cross_entropy.explorers import forecast
from cecourse.palette import LOSS, TRUTH

SETTINGS = list(itertools.product((0.0, 0.3, 0.7, 1.0), (0.001, 0.01, 0.5, 0.97, 0.999)))


@pytest.fixture(scope="module")
def explorer():
    return forecast()


def reference(y, p):
    first = -y * math.log(p) if y else 0.0
    second = -(1 - y) * math.log(1 - p) if y < 1 else 0.0
    return first + second


@pytest.mark.parametrize(("y", "p"), SETTINGS)
def test_dot_curve_and_caption_follow_the_sliders(explorer, y, p):
    explorer.set(y=y, p=p)
    loss = reference(y, p)
    dot = explorer.artists["dot"].get_xydata()[0]
    np.testing.assert_allclose(dot, [p, loss], rtol=1e-9)
    x, curve = explorer.artists["curve"].get_data()
    for i in (100, 250, 333, 400):
        assert curve[i] == pytest.approx(reference(y, x[i]), rel=1e-7)
    assert f"loss {loss:.3f} nats ({loss / math.log(2):.3f} bits)" in explorer.caption
    assert explorer.artists["price"].get_text() == f"{loss:.3f} nats"


@pytest.mark.parametrize(("y", "p"), SETTINGS)
def test_the_tangent_has_the_slope_of_the_loss_and_the_caption_names_it(explorer, y, p):
    explorer.set(y=y, p=p)
    h = 1e-7
    slope = (reference(y, p + h) - reference(y, p - h)) / (2 * h)
    (x0, y0), (x1, y1) = explorer.artists["tangent"].get_xydata()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, rel=1e-5, abs=1e-6)
    said = float(explorer.caption.split("slope in p ")[1].rstrip(".").replace("−", "-"))
    assert said == pytest.approx(slope, rel=1e-3, abs=6e-4)


@pytest.mark.parametrize("y", [0.0, 0.25, 0.7, 1.0])
def test_the_ring_marks_the_lowest_point_of_the_curve(explorer, y):
    explorer.set(y=y, p=0.4)
    grid = np.linspace(1e-9, 1 - 1e-9, 20001)
    losses = [reference(y, p) for p in grid]
    x, lowest = explorer.artists["lowest"].get_xydata()[0]
    assert x == pytest.approx(grid[np.argmin(losses)], abs=1e-4)
    assert lowest == pytest.approx(min(losses), abs=1e-7)


def test_a_soft_label_says_what_is_paid_on_top(explorer):
    explorer.set(y=0.7, p=0.9)
    assert "loss 0.765" in explorer.caption
    assert "0.154 above the lowest this label allows, 0.611" in explorer.caption


def press(explorer, label):
    next(b for b in explorer.children[1].children if b.description == label).click()


def test_each_preset_is_what_its_name_says(explorer):
    for y, p in ((0.3, 0.2), (1.0, 0.5)):  # whatever was there before
        explorer.set(y=y, p=p)
        press(explorer, "Wrong at 0.01")
        assert explorer.values == {"y": 1.0, "p": 0.01}
        assert "loss 4.605" in explorer.caption
        assert "43.7 × the loss of a right forecast at 0.9" in explorer.caption
    press(explorer, "Right at 0.9")
    assert explorer.values == {"y": 1.0, "p": 0.9}
    assert f"loss {-math.log(0.9):.3f} nats" in explorer.caption
    press(explorer, "Soft label, best p")
    y, p = explorer.values.values()
    assert 0 < y < 1
    assert reference(y, p) <= min(reference(y, q) for q in np.linspace(0.001, 0.999, 999)) + 1e-12
    assert ", 0.000 above the lowest" in explorer.caption
    press(explorer, "Soft label, overconfident")
    y, p = explorer.values.values()
    assert 0.5 < y < p
    assert reference(y, p) > reference(y, p - 0.01)  # less confidence would pay
    press(explorer, "Reset")
    assert explorer.values == {"y": 1.0, "p": 0.9}


def test_labels_colours_and_scenery(explorer):
    explorer.set(y=0.7, p=0.9)
    ax = explorer.artists["curve"].axes
    assert told(ax) == (
        "What a forecast p pays when the label is y",
        "p, forecast probability of y = 1",
        "loss in nats",
    )
    assert explorer.artists["floor"].get_text() == "lowest: 0.611 at p = 0.7"
    lowest = explorer.artists["lowest"].get_markeredgecolor()
    assert explorer.artists["floor"].get_color() == lowest == TRUTH
    assert explorer.artists["dot"].get_color() == explorer.artists["curve"].get_color() == LOSS
    no, yes = ax.lines[:2]
    np.testing.assert_allclose(no.get_ydata(), -np.log1p(-no.get_xdata()), rtol=1e-9)
    np.testing.assert_allclose(yes.get_ydata(), -np.log(yes.get_xdata()), rtol=1e-9)


def test_no_label_is_undercut(explorer):
    for y in np.linspace(0.05, 0.95, 19):
        explorer.set(y=y, p=y)
        assert ", 0.000 above the lowest" in explorer.caption  # and not −0.000


def test_the_still_strip_describes_each_panel(explorer):
    words = explorer.strip({"Hard": {}, "Soft": {"y": 0.7, "p": 0.97}}).description
    assert "Hard: y = 1, p = 0.900: loss 0.105 nats (0.152 bits); slope in p −1.111." in words
    assert f"Soft: y = 0.7, p = 0.970: loss {reference(0.7, 0.97):.3f} nats" in words
    assert "slope in p +9.278" in words


def test_the_sliders_stay_off_the_walls(explorer):
    slider = explorer.controls["p"]
    for p in (slider.min, slider.max):
        for y in (0.0, 1.0):
            explorer.set(y=y, p=p)
            assert "failed" not in explorer.caption
            assert np.all(np.isfinite(explorer.artists["dot"].get_xydata()))
            assert "inf" not in explorer.caption


def test_a_failure_is_said_in_the_caption(explorer):
    explorer.artists["dot"].set_data, kept = None, explorer.artists["dot"].set_data
    try:
        explorer.set(y=1.0, p=0.3)
        assert explorer.caption.startswith("This setting failed with TypeError")
    finally:
        explorer.artists["dot"].set_data = kept
    explorer.set(y=1.0, p=0.9)
    assert explorer.caption.startswith("y = 1, p = 0.900")

"""The explorer of notebook 03: every artist and every number against an independent computation."""

import itertools
import math

import numpy as np
import pytest

from cecourse.lessons.binary_cross_entropy.explorers import forecast

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


def test_presets_and_reset(explorer):
    buttons = {button.description: button for button in explorer.children[1].children}
    buttons["Wrong at 0.01"].click()
    assert "loss 4.605" in explorer.caption
    assert "43.7 × the loss of a right forecast at 0.9" in explorer.caption
    buttons["Soft label, best p"].click()
    assert "0.000 above the lowest" in explorer.caption
    buttons["Reset"].click()
    assert explorer.values == {"y": 1.0, "p": 0.9}


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

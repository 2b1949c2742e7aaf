"""The explorer of notebook 04: every artist and every number against an independent computation."""

import itertools
import math

import numpy as np
import pytest
from drawn import told
from scipy.special import expit

from cecourse.lessons.logits.explorers import RULER, far_out
from cecourse.palette import ACCENT, EXTRA, LOSS, ink

EPSILONS = {0.0: "no eps", 1e-12: "eps = 1e-12", 1e-7: "eps = 1e-7", 1e-3: "eps = 1e-3"}


@pytest.fixture(scope="module")
def explorer():
    return far_out()


def true_loss(y, z):
    return np.logaddexp(0, z if y == 0 else -z)


def spot(explorer, name):
    return [dot.get_xydata()[0] for dot in explorer.artists[f"{name}_dot"]]


@pytest.mark.parametrize("y", [0, 1])
@pytest.mark.parametrize("z", [-120.0, -30.0, 0.0, 7.5, 120.0])
def test_the_fused_line_and_dot_are_the_true_loss_and_slope(explorer, y, z):
    explorer.set(z=z, y=y, dtype="float64", eps=1e-7)
    loss, slope = spot(explorer, "fused")
    assert loss == pytest.approx([z, true_loss(y, z)], rel=1e-12, abs=1e-40)
    assert slope[1] == pytest.approx(0.5 * (1 + math.tanh(z / 2)) - y, abs=1e-15)
    above, below = (line.get_ydata() for line in explorer.artists["fused"])
    np.testing.assert_allclose(above, true_loss(y, RULER), rtol=1e-12)
    np.testing.assert_allclose(below, 0.5 * (1 + np.tanh(RULER / 2)) - y, atol=1e-15)
    assert f"true loss {true_loss(y, z):.3f}" in explorer.caption or true_loss(y, z) < 5e-4


@pytest.mark.parametrize("eps", EPSILONS)
def test_the_clipped_line_is_capped_and_its_slope_dies_at_ln_eps(explorer, eps):
    explorer.set(z=-110.0, y=1, dtype="float64", eps=eps)
    assert EPSILONS[eps] in explorer.caption
    if eps == 0:
        assert "clipped 110.000, slope −1.000" in explorer.caption
        assert "no wrong row loses its clipped slope" in explorer.caption
        return
    assert f"clipped {-math.log(eps):.3f}, slope 0;" in explorer.caption
    above, below = (line.get_ydata() for line in explorer.artists["clipped"])
    np.testing.assert_allclose(above[math.log(eps) - 0.5 > RULER], -math.log(eps))
    assert np.all(below[math.log(eps) - 0.5 > RULER] == 0)
    assert f"lost below z = −{-math.log(eps):.1f}" in explorer.caption
    for span in explorer.artists["dead"]:
        assert span.get_x() == -120
        assert span.get_x() + span.get_width() == pytest.approx(math.log(eps), abs=0.01)


@pytest.mark.parametrize(("dtype", "bits"), [("float16", 11), ("float32", 24), ("float64", 53)])
def test_the_naive_line_ends_where_the_arithmetic_does(explorer, dtype, bits):
    explorer.set(z=60.0, y=0, dtype=dtype, eps=0.0)
    cliff = bits * math.log(2)
    for line in explorer.artists["naive"]:
        alive = RULER[np.isfinite(line.get_ydata())]
        assert cliff - 1.01 < alive.max() < cliff
    assert "naive inf, slope nan" in explorer.caption
    assert np.isnan(spot(explorer, "naive")[0][1])  # no dot where there is no number
    assert f"lost above z = {cliff:.1f}" in explorer.caption


def test_every_preset_shows_what_its_name_says(explorer):
    buttons = {button.description: button for button in explorer.children[1].children}
    assert len(buttons) == 5
    buttons["Clip at −30"].click()
    assert ", z = −30: true loss 30.000 nats, slope −1.000; clipped 16.118, slope 0;" in (
        explorer.caption
    )
    assert "naive 30.000, slope −1.000." in explorer.caption
    buttons["A clip that is none"].click()
    assert explorer.values["eps"] > 0
    assert "clipped inf, slope nan; naive inf, slope nan" in explorer.caption
    buttons["Half precision"].click()
    assert explorer.caption.startswith("float16, eps = 1e-7, y = 0, z = 10: true loss 10.000")
    assert "lost above z = 7.6." in explorer.caption
    buttons["Right, sure, and nan"].click()
    assert round(expit(explorer.values["z"]), 9) == explorer.values["y"]  # sure, and right
    assert "true loss 4.2e−18 nats, slope −4.2e−18; clipped nan, slope nan" in explorer.caption
    buttons["Reset"].click()
    assert explorer.values == {"z": -10.0, "y": 1, "dtype": "float32", "eps": 1e-7}
    assert "lost below z = −16.1." in explorer.caption


def test_each_line_has_its_words_its_dot_and_its_colour(explorer):
    top, bottom = explorer.figure.axes
    assert told(top) == ("Where does the slope die?", "", "loss in nats")
    assert told(bottom)[1:] == ("z, the logit", "slope in z")
    explorer.set(z=-30.0, y=1, dtype="float32", eps=1e-7)
    for name, colour, dashed in (("fused", LOSS, False), ("clipped", ACCENT, True)):
        (_, loss), (_, slope) = spot(explorer, name)
        words = explorer.artists[f"{name}_text"]
        assert words.get_text() == f"{name}: {loss:.3f}, slope {slope:.3f}".replace(
            "-", "−"
        ).replace("slope 0.000", "slope 0")
        line = explorer.artists[name][0]
        assert (line.get_color(), line.is_dashed()) == (colour, dashed)
        assert words.get_color() == explorer.artists[f"{name}_dot"][0].get_color() == ink(colour)
    assert explorer.artists["naive"][0].get_color() == EXTRA
    for name, marker in (("fused", "o"), ("clipped", "s"), ("naive", "D")):
        assert {dot.get_marker() for dot in explorer.artists[f"{name}_dot"]} == {marker}
    picture = explorer.strip({"start": {}})
    assert "fused loss as a solid line, the clipped one dashed, the naive" in picture.description


def test_every_edge_of_every_slider(explorer):
    c = explorer.controls
    for z, y, dtype, (_, eps) in itertools.product(
        (c["z"].min, 0.0, c["z"].max), (0, 1), c["dtype"].options, c["eps"].options
    ):
        explorer.set(z=z, y=y, dtype=dtype, eps=eps)
        assert "failed" not in explorer.caption
        assert math.isfinite(spot(explorer, "fused")[0][1])
        for text in ("fused_text", "clipped_text", "naive_text"):
            words = explorer.artists[text]
            assert words.get_text().split(":")[0] == text.split("_")[0]
            assert (words.get_position()[0] > 0) == (y == 1)
    explorer.set(z=-10.0, y=1, dtype="float32", eps=1e-7)


def test_a_failure_is_said_in_the_caption(explorer):
    broken = explorer.artists["fused_dot"][0]
    broken.set_data, kept = None, broken.set_data
    try:
        explorer.set(z=3.0)
        assert explorer.caption.startswith("This setting failed with TypeError")
    finally:
        broken.set_data = kept
    explorer.set(z=-10.0)
    assert explorer.caption.startswith("float32")

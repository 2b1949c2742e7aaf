"""The explorer of notebook 00: a forecast, the weather, and the surprise."""

import math

import numpy as np
import pytest
from drawn import line, told

from cecourse.lessons.start_here.explorers import forecast
from cecourse.palette import LOSS, MODEL


@pytest.fixture(scope="module")
def explorer():
    return forecast()


@pytest.mark.parametrize("p", [0.01, 0.3, 0.8, 0.99])
@pytest.mark.parametrize("weather", ["it rained", "it stayed dry"])
def test_what_happened_is_graded(explorer, p, weather):
    explorer.set(p=p, weather=weather)
    given = p if weather == "it rained" else 1 - p
    surprise = -math.log(given)
    assert explorer.artists["dot"].get_xydata() == pytest.approx(np.array([[given, surprise]]))
    assert explorer.artists["label"].get_text() == f"{surprise:.3f}"
    assert f"said {p:.2f} for rain, and {weather}: what happened had been given {given:.2f}" in (
        explorer.caption
    )
    assert f"the surprise is {surprise:.3f} nats" in explorer.caption


def test_curve_and_labels(explorer):
    (ax,) = explorer.figure.axes
    assert told(ax) == (
        "What you were sure of does not surprise you",
        "probability that had been given to what happened",
        "surprise in nats",
    )
    p, surprise = line(ax, LOSS).get_data()
    np.testing.assert_allclose(surprise, -np.log(p), atol=1e-12)
    assert explorer.artists["dot"].get_color() == MODEL
    words = explorer.strip({"Wet": {"p": 0.9}}).description
    assert "falls from 4.6 nats at p = 0.01 to 0 at p = 1" in words
    assert "Wet: The forecast said 0.90 for rain, and it rained" in words


def test_each_preset_is_what_its_name_says(explorer):
    for label, surprise in (("Sure and wrong", 4.605), ("Sure and right", 0.010)):
        explorer.set(p=0.5, weather="it stayed dry")  # whatever was there before
        next(b for b in explorer.children[1].children if b.description == label).click()
        assert explorer.values["p"] == 0.99
        assert f"the surprise is {surprise:.3f} nats" in explorer.caption

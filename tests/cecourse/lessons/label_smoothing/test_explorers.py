"""The explorer of notebook 07: curves, dot and caption against SciPy and a numerical minimum."""

import itertools
import math
import re

import numpy as np
import pytest
from drawn import told
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from cecourse.lessons.label_smoothing.explorers import GAPS, SIZES, bottom_of_the_loss
from cecourse.palette import LOSS, MODEL, ink

SETTINGS = list(itertools.product((0.01, 0.1, 0.37, 0.5), (2, 3, 10, 1000), ("K", "K-1")))


@pytest.fixture(scope="module")
def explorer():
    return bottom_of_the_loss()


def target(alpha, classes, convention):
    """The row by hand: true class, each other."""
    if convention == "K-1":
        return 1 - alpha, alpha / (classes - 1)
    return 1 - alpha + alpha / classes, alpha / classes


def loss(gap, alpha, classes, convention):
    log_p = log_softmax([gap, *np.zeros(classes - 1)])
    true, other = target(alpha, classes, convention)
    return -true * log_p[0] - (classes - 1) * other * log_p[1]


@pytest.mark.parametrize(("alpha", "classes", "convention"), SETTINGS)
def test_the_dot_lies_at_the_bottom_of_the_loss(explorer, alpha, classes, convention):
    explorer.set(alpha=alpha, classes=classes, convention=convention)
    found = minimize_scalar(
        lambda gap: loss(gap, alpha, classes, convention),
        bounds=(-5, 25),
        method="bounded",
        options={"xatol": 1e-9},
    )
    gap, floor = explorer.artists["dot"].get_xydata()[0]
    assert gap == pytest.approx(found.x, abs=1e-4)
    assert floor == pytest.approx(found.fun, abs=1e-9)
    assert explorer.artists["floor"].get_ydata()[0] == pytest.approx(found.fun, abs=1e-9)
    assert explorer.artists["drop"].get_xdata()[0] == gap
    said = explorer.caption.replace("−", "-")
    assert float(re.search(r"floor ([\d.]+) nats", said)[1]) == pytest.approx(floor, abs=6e-5)
    assert float(re.search(r"\) = (-?[\d.]+)\.", said)[1]) == pytest.approx(gap, abs=6e-3)
    words = explorer.artists["words"].get_text()
    assert words.startswith(f"floor {floor:.4f} nats\nbest gap ")
    assert float(words.split()[-1].replace("−", "-")) == pytest.approx(gap, abs=6e-3)
    name = {"K": "frameworks", "K-1": "textbooks"}[convention]
    true, other = target(alpha, classes, convention)
    assert said.startswith(f"K = {classes}, α = {alpha:.2f}, {name}: targets {true:.4f} and ")
    assert float(re.search(r"and ([\d.e-]+);", said)[1]) == pytest.approx(other, abs=6e-5)


@pytest.mark.parametrize(("alpha", "classes", "convention"), SETTINGS)
def test_both_curves_are_the_losses(explorer, alpha, classes, convention):
    explorer.set(alpha=alpha, classes=classes, convention=convention)
    for k in (0, 40, 120, len(GAPS) - 1):
        soft = loss(GAPS[k], alpha, classes, convention)
        hard = loss(GAPS[k], 0, classes, "K")
        assert explorer.artists["soft"].get_ydata()[k] == pytest.approx(soft, abs=1e-9)
        assert explorer.artists["hard"].get_ydata()[k] == pytest.approx(hard, abs=1e-9)


@pytest.mark.parametrize(("alpha", "classes", "convention"), SETTINGS)
def test_the_translated_alpha_gives_the_same_row(explorer, alpha, classes, convention):
    explorer.set(alpha=alpha, classes=classes, convention=convention)
    name, twin = re.search(r"same row for (\w+): α = ([\d.]+)\.$", explorer.caption).groups()
    twin, other = float(twin), {"frameworks": "K", "textbooks": "K-1"}[name]
    assert other != convention
    assert target(twin, classes, other) == pytest.approx(
        target(alpha, classes, convention), abs=6e-5
    )


def test_hard_labels_have_no_bottom(explorer):
    explorer.set(alpha=0.0, classes=10, convention="K")
    assert "no best gap" in explorer.caption
    assert "floor 0.0000" in explorer.caption
    assert len(explorer.artists["dot"].get_xdata()) == 0
    np.testing.assert_allclose(
        explorer.artists["soft"].get_ydata(), explorer.artists["hard"].get_ydata()
    )


def test_what_is_dashed_and_what_the_axes_say(explorer):
    assert told(explorer.figure.axes[0]) == (
        "Where is the bottom?",
        "gap: true logit minus others",
        "loss in nats",
    )
    hard, soft = explorer.artists["hard"], explorer.artists["soft"]
    assert (hard.get_color(), hard.is_dashed()) == (LOSS, False)
    assert (soft.get_color(), soft.is_dashed()) == (MODEL, True)
    assert explorer.artists["dot"].get_color() == MODEL
    assert explorer.artists["words"].get_color() == ink(MODEL)
    words = explorer.strip({"one": {}}).description
    assert "The hard loss, a solid line, falls for ever; the smoothed one, dashed, has a" in words
    assert "and rises beyond it. A dotted line marks the floor" in words


def test_presets_and_reset(explorer):
    buttons = {button.description: button for button in explorer.children[1].children}
    buttons["ImageNet: K = 1000"].click()
    assert "floor 1.0148 nats; best gap ln(0.9001 / 0.0001) = 9.11" in explorer.caption
    buttons["Textbook, α = .1"].click()
    assert "K = 10, α = 0.10, textbooks" in explorer.caption
    assert "floor 0.5448 nats" in explorer.caption
    buttons["Two classes, half"].click()
    assert "floor 0.6931 nats; best gap ln(0.5000 / 0.5000) = 0.00" in explorer.caption
    buttons["Hard labels"].click()
    assert explorer.values == {"alpha": 0.0, "classes": 10, "convention": "K"}
    assert "targets 1.0000 and 0; floor 0.0000 nats; no best gap" in explorer.caption
    buttons["Reset"].click()
    assert "floor 0.5003 nats; best gap ln(0.9100 / 0.0100) = 4.51" in explorer.caption
    assert len(buttons) == 5


def test_every_edge_of_every_slider(explorer):
    for alpha, classes, convention in itertools.product(
        (0.0, 0.01, 0.5), (2, 10, SIZES[-1]), ("K", "K-1")
    ):
        explorer.set(alpha=alpha, classes=classes, convention=convention)
        assert "failed" not in explorer.caption
        assert "e-" not in explorer.caption
        low, high = explorer.artists["soft"].axes.get_ylim()
        assert low < explorer.artists["floor"].get_ydata()[0] + 1e-12
        assert explorer.artists["floor"].get_ydata()[0] < high
        assert high > math.log(classes)
        dot = explorer.artists["dot"].get_xdata()
        assert len(dot) == 0 or GAPS[0] < dot[0] < GAPS[-1]


def test_a_failure_is_said_in_the_caption(explorer):
    line = explorer.artists["soft"]
    line.set_ydata, kept = None, line.set_ydata
    try:
        explorer.set(alpha=0.2, classes=10, convention="K")
        assert explorer.caption.startswith("This setting failed with TypeError")
    finally:
        line.set_ydata = kept
    explorer.set(alpha=0.1)
    assert explorer.caption.startswith("K = 10")

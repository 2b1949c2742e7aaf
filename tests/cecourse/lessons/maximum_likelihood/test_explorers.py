"""The explorer of notebook 06: both curves against a network trained by plain descent."""

import itertools
import math
import re

import numpy as np
import pytest
from drawn import told as words_of

import cehelpers as ce
from cecourse.lessons.maximum_likelihood.explorers import neuron, neuron_outputs
from cecourse.palette import LOSS, MODEL, ink
from cehelpers.networks import Network

LOSSES = {"ce": "cross_entropy", "se": "squared_error"}


@pytest.fixture(scope="module")
def explorer():
    return neuron()


def trained(w, b, eta, loss, steps):
    """The same neuron, its weight and bias as a network whose gradients others have tested."""
    net, told = Network((np.array([[w]]),), (np.array([b]),)), []
    for _ in range(steps + 1):
        told.append(float(ce.sigmoid(ce.mlp_logits(net, [[1.0]]))[0]))
        g = ce.mlp_gradients(net, [[1.0]], [0], loss=loss)
        net = Network((net.weights[0] - eta * g.weights[0],), (net.biases[0] - eta * g.biases[0],))
    return told


@pytest.mark.parametrize("loss", LOSSES.values())
@pytest.mark.parametrize(("w", "b", "eta"), [(2.0, 2.0, 0.15), (0.6, 0.9, 0.15), (-1.0, 3.0, 0.7)])
def test_the_neuron_learns_as_a_network_does(w, b, eta, loss):
    np.testing.assert_allclose(
        neuron_outputs(w, b, eta, loss, 80), trained(w, b, eta, loss, 80), rtol=1e-10
    )


@pytest.mark.parametrize(
    ("w", "b", "step", "squared", "crossed"),
    [
        (2.0, 2.0, 100, 0.964, 0.041),
        (2.0, 2.0, 300, 0.2028, 0.0120),
        (0.6, 0.9, 300, 0.0940, 0.0116),
    ],
)
def test_the_numbers_of_the_race(w, b, step, squared, crossed):
    assert neuron_outputs(w, b, 0.15, "squared_error")[step] == pytest.approx(squared, abs=5e-4)
    assert neuron_outputs(w, b, 0.15, "cross_entropy")[step] == pytest.approx(crossed, abs=5e-4)


@pytest.mark.parametrize(("w", "b", "eta"), [(2.0, 2.0, 0.15), (-1.3, 0.4, 0.3), (3.0, 3.0, 1.0)])
def test_curves_dots_words_and_caption_follow_the_sliders(explorer, w, b, eta):
    explorer.set(w=w, b=b, eta=eta)
    for key, loss in LOSSES.items():
        told = trained(w, b, eta, loss, 300)
        steps, shown = explorer.artists[key].get_data()
        np.testing.assert_allclose(shown, np.array(told)[np.asarray(steps)], rtol=1e-9)
        assert steps[-1] == 300
        np.testing.assert_allclose(explorer.artists[f"{key}_end"].get_xydata()[0], [300, told[-1]])
        word = explorer.artists[f"{key}_word"]
        assert word.get_text() == f"{loss.replace('_', '-' if key == 'ce' else ' ')} {told[-1]:.3f}"
        below = next((k for k, p in enumerate(told) if p < 0.1), None)
        name = loss.replace("_", "-" if key == "ce" else " ")
        when = f"from step {below}" if below else "yet"
        assert re.search(rf"{name} is (not )?below 0.1 {when}\b", explorer.caption, re.I)
    assert explorer.artists["start"].get_xydata()[0][1] == pytest.approx(1 / (1 + math.exp(-w - b)))
    low, high = (trained(w, b, eta, loss, 300)[-1] for loss in LOSSES.values())
    assert f"it is {low:.3f} by cross-entropy and {high:.3f} by squared error" in explorer.caption


def test_the_dashed_curve_is_squared_error_and_the_axes_say_what_they_are(explorer):
    for key, color in (("ce", LOSS), ("se", MODEL)):
        curve, end, word = (explorer.artists[key + part] for part in ("", "_end", "_word"))
        assert curve.get_color() == end.get_color() == color
        assert word.get_color() in (color, ink(color))
        assert curve.is_dashed() == (key == "se")
    assert words_of(explorer.figure.axes[0]) == (
        "The same neuron, the same steps, two losses",
        "steps of gradient descent",
        "output p (the label is 0)",
    )
    words = explorer.strip({"one": {}}).description
    assert "against 300 steps of gradient descent; it should become 0. Solid: by cross-" in words
    assert "dashed: by half the squared error" in words


def test_the_label_of_squared_error_stands_above_and_the_other_below(explorer):
    for w, b, eta in itertools.product((-4.0, 0.0, 4.0), (-4.0, 4.0), (0.01, 1.0)):
        explorer.set(w=w, b=b, eta=eta)
        ends = [explorer.artists[f"{key}_end"].get_ydata()[0] for key in LOSSES]
        words = [explorer.artists[f"{key}_word"].get_position()[1] for key in LOSSES]
        assert ends[0] <= ends[1]
        assert words[0] < ends[0] <= ends[1] < words[1]


def test_presets_and_reset(explorer):
    shown = {}
    for button in explorer.children[1].children:
        button.click()
        first, last = (explorer.artists["se"].get_ydata()[k] for k in (0, -1))
        shown[button.description] = explorer.values, first, last
    at_first, start, end = shown.pop("Reset")
    assert at_first == {"w": 2.0, "b": 2.0, "eta": 0.15}
    (_, milder, soon), (_, worse, late), (_, nearly, _), (bold, same, _) = (
        shown.pop(name)
        for name in ("Milder start", "Worse start", "Nearly right already", "Bigger steps")
    )
    assert not shown
    assert nearly < 0.2 < 0.5 < milder < start < worse
    assert soon < end < late
    assert (same, bold["eta"] > 2 * at_first["eta"]) == (start, True)


def test_every_edge_of_the_sliders_works(explorer):
    controls = explorer.controls
    edges = [(c.min, 0.5 if name == "eta" else 0.0, c.max) for name, c in controls.items()]
    for setting in itertools.product(*edges):
        explorer.set(**dict(zip(controls, setting, strict=True)))
        assert "failed" not in explorer.caption
        assert not re.search("nan|inf", explorer.caption)
        for key in LOSSES:
            curve = np.asarray(explorer.artists[key].get_ydata())
            assert np.all((curve >= 0) & (curve <= 1))


def test_already_learned_is_said(explorer):
    explorer.set(w=-4.0, b=0.0, eta=0.15)
    assert explorer.caption.count("is below 0.1 from the start") == 2


def test_a_failure_is_said_in_the_caption(explorer):
    explorer.artists["start"].set_data, kept = None, explorer.artists["start"].set_data
    try:
        explorer.set(w=1.0, b=1.0, eta=0.15)
        assert explorer.caption.startswith("This setting failed with TypeError")
    finally:
        explorer.artists["start"].set_data = kept
    explorer.set(w=2.0, b=2.0, eta=0.15)
    assert explorer.caption.startswith("w = 2, b = 2, η = 0.15")

"""The explorers of notebook 06: the coin against SciPy's binomial, the neuron against a network."""

import itertools
import math
import re

import numpy as np
import pytest
from drawn import line
from drawn import told as words_of
from matplotlib.colors import to_hex
from scipy.stats import binom

import cehelpers as ce
from cecourse.lessons.maximum_likelihood.explorers import (
    FLIPS,
    likelihood,
    neuron,
    neuron_outputs,
)
from cecourse.palette import LOSS, MODEL, TRUTH, ink, tint
from cehelpers.networks import Network

LOSSES = {"ce": "cross_entropy", "se": "squared_error"}
INPUTS, WANTED = (1, 0), (0, 1)


# ---------------------------------------------------------------- a p for ten flips


@pytest.fixture(scope="module")
def coin():
    return likelihood()


@pytest.mark.parametrize("p", [0.01, 0.02, 0.3, 0.5, 0.7, 0.95, 0.98, 0.99])
def test_bars_dots_and_caption_follow_p(coin, p):
    coin.set(p=p)
    product = binom.pmf(7, 10, p) / math.comb(10, 7)
    for bar, flip in zip(coin.artists["bars"], FLIPS, strict=True):
        assert bar.get_height() == pytest.approx(p if flip else 1 - p)
        assert (bar.get_hatch() is None) == bool(flip)
    heights = [bar.get_height() for bar in coin.artists["bars"]]
    assert math.prod(heights) == pytest.approx(product)
    loss = -math.log(product) / 10
    assert coin.artists["on_hill"].get_xydata()[0] == pytest.approx([p, 1000 * product])
    assert coin.artists["in_valley"].get_xydata()[0] == pytest.approx([p, loss])
    assert coin.artists["in_valley"].get_visible() == (loss <= 2.6)
    assert {x for one in coin.artists["lines"] for x in one.get_xdata()} == {p}
    assert coin.artists["nats"].get_text() == f"{loss:.4f} nats" + " ↑" * (loss > 2.6)
    assert f"{10 * loss:.3f} nats, {loss:.4f} a flip" in coin.caption
    shown = re.search(r"The product is ([^,]+), and", coin.caption)[1]
    assert coin.artists["product"].get_text() == f"product {shown}"
    digits = shown.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")).replace(" · 10", "e")
    assert float(digits) == pytest.approx(product, rel=0.05)
    assert not re.search(r"\de-", coin.caption)
    gap = loss - ce.entropy([0.3, 0.7])
    assert coin.caption.endswith(
        " a flip: the lowest there is." if p == 0.7 else f" a flip: {gap:.4f} above the lowest."
    )


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_what_came_was_impossible(coin, p):
    """The loss is infinite: no dot at a finite height, an arrow and the sign instead."""
    coin.set(p=p)
    assert "The product is 0, and minus its logarithm is infinite" in coin.caption
    assert not coin.artists["in_valley"].get_visible()
    assert coin.artists["nats"].get_text() == "∞ ↑"
    assert coin.artists["on_hill"].get_ydata()[0] == 0


def test_hill_and_valley_are_the_coins_and_both_walls_leave_the_picture(coin):
    flips, hill, valley = coin.figure.axes
    p, height = line(hill, TRUTH).get_data()
    np.testing.assert_allclose(height, 1000 * binom.pmf(7, 10, p) / math.comb(10, 7))
    p, loss = line(valley, LOSS).get_data()
    np.testing.assert_allclose(loss, -0.7 * np.log(p) - 0.3 * np.log1p(-p), rtol=1e-9)
    assert min(loss[[0, -1]]) > valley.get_ylim()[1]
    ends = [text.xy for text in valley.texts if text.get_text() == "↑ ∞"]
    assert ends == [(0, valley.get_ylim()[1]), (1, valley.get_ylim()[1])]
    assert [text.get_text() for text in flips.get_xticklabels()] == list("HHTHHHTHTH")
    assert words_of(flips)[0] == "One p for ten flips: multiply, or take the mean of −ln"
    assert words_of(hill)[2] == "likelihood,\nthousandths"
    assert words_of(valley)[1:] == ("p, the probability of heads", "mean −ln,\nnats a flip")


def test_heads_and_tails_dots_and_the_description_of_the_coin(coin):
    looks = {"H": (TRUTH, TRUTH, None), "T": (tint(MODEL), MODEL, "//")}
    for bar, flip in zip(coin.artists["bars"], "HHTHHHTHTH", strict=True):
        colors = to_hex(bar.get_facecolor()), to_hex(bar.get_edgecolor())
        assert (*colors, bar.get_hatch()) == (*map(to_hex, looks[flip][:2]), looks[flip][2])
    flips, hill, valley = coin.figure.axes
    for name, ax, color in (("on_hill", hill, TRUTH), ("in_valley", valley, LOSS)):
        assert (coin.artists[name].axes, coin.artists[name].get_color()) == (ax, color)
    for name, ax, color in (("product", flips, TRUTH), ("nats", valley, LOSS)):
        assert (coin.artists[name].axes, coin.artists[name].get_color()) == (ax, color)
    words = coin.strip({"one": {}}).description
    assert (
        "as the probability that p gives to what came: 7 solid ones for heads, 3 hatched" in words
    )
    assert "Middle: their product over p, a hill. Below: minus its logarithm, nats a flip" in words
    assert "leave the picture at 0 and at 1. A dot on both marks this p" in words
    coin.set(p=0.3)
    assert "each of the 7 heads had probability 0.30, each of the 3 tails 0.70." in coin.caption


def test_each_button_of_the_coin_says_what_it_shows(coin):
    shown = {}
    for button in coin.children[1].children:
        button.click()
        shown[button.description] = coin.values["p"], coin.caption
    assert {name: p for name, (p, _) in shown.items()} == {
        "Reset": 0.5,
        "Tails are likelier": 0.3,
        "The share of heads": 0.7,
        "Nearly always heads": 0.95,
        "Never tails": 1.0,
    }
    assert [name for name, (_, told) in shown.items() if "lowest there is" in told] == [
        "The share of heads"
    ]
    assert [name for name, (_, told) in shown.items() if "infinite" in told] == ["Never tails"]


# ---------------------------------------------------------------- one neuron, two losses


@pytest.fixture(scope="module")
def explorer():
    return neuron()


def trained(w, b, eta, loss, steps):
    """The same neuron, its weight and bias as a network whose gradients others have tested."""
    net, told = Network((np.array([[w]]),), (np.array([b]),)), []
    X = [[x] for x in INPUTS]
    for _ in range(steps + 1):
        told.append(ce.sigmoid(ce.mlp_logits(net, X)))
        g = ce.mlp_gradients(net, X, WANTED, loss=loss)
        net = Network((net.weights[0] - eta * g.weights[0],), (net.biases[0] - eta * g.biases[0],))
    return np.array(told)


@pytest.mark.parametrize("loss", LOSSES.values())
@pytest.mark.parametrize(("w", "b", "eta"), [(2.0, 2.0, 0.3), (0.6, 0.9, 0.3), (-1.0, 3.0, 0.7)])
def test_the_neuron_learns_as_a_network_does(w, b, eta, loss):
    np.testing.assert_allclose(
        neuron_outputs(w, b, eta, loss, 80), trained(w, b, eta, loss, 80), rtol=1e-10
    )


@pytest.mark.parametrize(
    ("w", "b", "step", "squared", "crossed"),
    [
        (2.0, 2.0, 100, 0.973, 0.136),
        (2.0, 2.0, 300, 0.589, 0.048),
        (4.0, 0.0, 300, 0.996, 0.053),
        (0.6, 0.9, 300, 0.195, 0.046),
    ],
)
def test_the_numbers_of_the_race(w, b, step, squared, crossed):
    assert neuron_outputs(w, b, 0.3, "squared_error")[step][0] == pytest.approx(squared, abs=5e-4)
    assert neuron_outputs(w, b, 0.3, "cross_entropy")[step][0] == pytest.approx(crossed, abs=5e-4)


def test_weight_and_bias_are_two_dials():
    """The same logit for x = 1, three ways: three different races."""
    ends = [neuron_outputs(w, 4 - w, 0.3, "squared_error")[300][0] for w in (0, 2, 4)]
    assert ends[0] < 0.3 < 0.5 < ends[1] < 0.7 < 0.99 < ends[2]


@pytest.mark.parametrize(("w", "b", "eta"), [(2.0, 2.0, 0.3), (-1.3, 0.4, 0.3), (3.0, 3.0, 1.0)])
def test_curves_dots_words_and_caption_follow_the_sliders(explorer, w, b, eta):
    explorer.set(w=w, b=b, eta=eta)
    names = {"ce": "cross-entropy", "se": "squared error"}
    ends = {}
    for key, loss in LOSSES.items():
        told = trained(w, b, eta, loss, 300)
        ends[key] = told[-1]
        for x, column in zip(INPUTS, told.T, strict=True):
            steps, shown = explorer.artists[f"{key}{x}"].get_data()
            np.testing.assert_allclose(shown, column[np.asarray(steps)], rtol=1e-9)
            assert steps[-1] == 300
            end = explorer.artists[f"{key}{x}_end"].get_xydata()[0]
            np.testing.assert_allclose(end, [300, column[-1]])
            words = explorer.artists[f"{key}{x}_word"].get_text()
            assert words.endswith(f": {names[key]} {column[-1]:.3f}")
        near = np.all(np.abs(told - WANTED) < 0.1, axis=1)
        when = f"both answers within 0.1 from step {near.argmax()}" if near.any() else "not both"
        assert re.search(rf"{names[key]} has {when}\b", explorer.caption, re.I)
    first = 1 / (1 + np.exp([-w - b, -b]))
    assert (
        f"for x = 1 starts at {first[0]:.3f} and is {ends['ce'][0]:.3f} after 300 steps by "
        f"cross-entropy, {ends['se'][0]:.3f} by squared error; for x = 0 it goes from "
        f"{first[1]:.3f} to {ends['ce'][1]:.3f} and {ends['se'][1]:.3f}."
    ) in explorer.caption


def test_the_dashed_curve_is_squared_error_and_the_axes_say_what_they_are(explorer):
    for ax, x, y in zip(explorer.figure.axes, INPUTS, WANTED, strict=True):
        assert words_of(ax) == (
            f"x = {x}: it should say {y}",
            "steps of gradient descent",
            f"p at x = {x}, wanted {y}",
        )
        for key, color, how in (("ce", LOSS, "solid: "), ("se", MODEL, "dashed: ")):
            curve, end, word = (
                explorer.artists[f"{key}{x}{part}"] for part in ("", "_end", "_word")
            )
            assert curve.get_color() == end.get_color() == color
            assert curve.axes is end.axes is word.axes is ax
            assert word.get_color() in (color, ink(color))
            assert word.get_text().startswith(how)
            assert curve.is_dashed() == (how == "dashed: ")
            assert word.get_position()[1] > 1.1  # where no curve comes
    words = explorer.strip({"one": {}}, columns=1).description
    assert "against 300 steps of gradient descent. Left: to x = 1, where 0 is wanted" in words
    assert "Right: to x = 0, where 1 is wanted. Solid: by cross-entropy; dashed: by half" in words
    lines = [
        sorted(
            one.get_ydata()[0]
            for one in ax.lines
            if len(set(one.get_ydata())) == 1 and len(one.get_xdata()) == 2
        )
        for ax in explorer.figure.axes
    ]
    np.testing.assert_allclose(lines, [[0, 0.1], [0.9, 1]])  # what is wanted, and what is near it


def test_presets_and_reset(explorer):
    shown = {}
    for button in explorer.children[1].children:
        button.click()
        first, last = (explorer.artists["se1"].get_ydata()[k] for k in (0, -1))
        shown[button.description] = explorer.values, first, last
    assert {name: tuple(values.values()) for name, (values, _, _) in shown.items()} == {
        "Reset": (2.0, 2.0, 0.3),
        "Milder start": (0.6, 0.9, 0.3),
        "Worse start": (3.0, 3.0, 0.3),
        "Same z = 4, by the weight": (4.0, 0.0, 0.3),
        "Same z = 4, by the bias": (0.0, 4.0, 0.3),
        "Bigger steps": (2.0, 2.0, 1.2),
    }
    at_first, start, end = shown.pop("Reset")
    assert at_first == {"w": 2.0, "b": 2.0, "eta": 0.3}
    (_, milder, soon), (_, worse, late), weight, bias, (bold, same, _) = (
        shown.pop(name)
        for name in (
            "Milder start",
            "Worse start",
            "Same z = 4, by the weight",
            "Same z = 4, by the bias",
            "Bigger steps",
        )
    )
    assert not shown
    assert milder < start < worse
    assert soon < end < late
    assert weight[1] == bias[1] == start == ce.sigmoid(4.0)
    assert bias[2] < end < start < weight[2]
    assert (same, bold["eta"] > 2 * at_first["eta"]) == (start, True)


def test_every_edge_of_the_sliders_works(explorer, coin):
    controls = explorer.controls
    edges = [(c.min, 0.5 if name == "eta" else 0.0, c.max) for name, c in controls.items()]
    for setting in itertools.product(*edges):
        explorer.set(**dict(zip(controls, setting, strict=True)))
        assert "failed" not in explorer.caption
        assert not re.search("nan|inf", explorer.caption)
        for key, x in itertools.product(LOSSES, INPUTS):
            curve = np.asarray(explorer.artists[f"{key}{x}"].get_ydata())
            assert np.all((curve >= 0) & (curve <= 1))
    for p in (0.0, 0.01, 0.99, 1.0):
        coin.set(p=p)
        assert not re.search("failed|nan", coin.caption)


def test_already_learned_is_said(explorer):
    explorer.set(w=-6.0, b=3.0, eta=0.3)
    assert explorer.caption.count("has both answers within 0.1 from the start") == 2


def test_a_failure_is_said_in_the_caption(explorer):
    end = explorer.artists["ce1_end"]
    end.set_data, kept = None, end.set_data
    try:
        explorer.set(w=1.0, b=1.0, eta=0.3)
        assert explorer.caption.startswith("This setting failed with TypeError")
    finally:
        end.set_data = kept
    explorer.set(w=2.0, b=2.0, eta=0.3)
    assert explorer.caption.startswith("w = 2, b = 2, η = 0.3.")

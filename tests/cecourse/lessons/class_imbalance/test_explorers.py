"""The explorer of notebook 09: every artist and number against SciPy and a drawn sample."""

import itertools
import math
import re

import numpy as np
import pytest
from matplotlib.colors import to_hex
from scipy.special import expit
from scipy.stats import norm

from cecourse.lessons.class_imbalance import explorers
from cecourse.palette import MODEL, MUTED, REMARK, ink

SETTINGS = list(itertools.product((1, 20, 550, 1000), (0.0002, 1 / 551, 0.1, 0.5, 0.99)))
OFFSET = math.log(0.0018 / 0.9982) - 2.5  # the true logit is 2x₁ + x₂ plus this


@pytest.fixture(scope="module")
def explorer():
    return explorers.weight_and_cut()


def rates(weight, cut):
    """Shares flagged, from the two features' distributions."""
    z = math.log(cut / (1 - cut)) - math.log(weight)
    scale = math.hypot(2, 1)
    return norm.sf(z, OFFSET, scale), norm.sf(z, OFFSET + 2 * 2 + 1 * 1, scale)


def said(caption, before):
    return float(re.search(rf"{re.escape(before)} ([\d.,e-]*\d)", caption)[1].replace(",", ""))


@pytest.mark.parametrize(("weight", "cut"), SETTINGS)
def test_counts_and_cost_are_those_of_scipy(explorer, weight, cut):
    explorer.set(weight=weight, cut=cut)
    assert "failed" not in explorer.caption
    fpr, recall = rates(weight, cut)
    np.testing.assert_allclose(explorer.artists["dot"].get_xydata()[0], [fpr, recall], rtol=1e-9)
    counts = {name: said(explorer.caption, name) for name in ("tn", "fp", "fn", "tp")}
    assert counts["tp"] == pytest.approx(180 * recall, abs=0.51)
    assert counts["fp"] == pytest.approx(99_820 * fpr, abs=0.51)
    assert counts["tp"] + counts["fn"] == 180 and counts["fp"] + counts["tn"] == 99_820
    cost = 99_820 * fpr + 550 * 180 * (1 - recall)
    assert said(explorer.caption, "cost") == pytest.approx(cost, abs=0.51)
    assert f"cost {cost:,.0f} €" in explorer.artists["counts"].get_text()
    least = 99_820 * rates(1, 1 / 551)[0] + 550 * 180 * (1 - rates(1, 1 / 551)[1])
    assert f"(the cheapest cut: {least:,.0f} €)" in explorer.caption
    assert said(explorer.caption, "recall") == pytest.approx(recall, abs=6e-4)
    precision = counts["tp"] / max(counts["tp"] + counts["fp"], 1)
    assert said(explorer.caption, "precision") == pytest.approx(precision, abs=6e-4)
    true = expit(math.log(cut / (1 - cut)) - math.log(weight))
    unit = 1e6 if "in a million or more" in explorer.caption else 1
    assert said(explorer.caption, "true probability is") == pytest.approx(unit * true, rel=0.006)
    assert unit == 1 or "e-" not in explorer.caption


def test_a_sample_of_the_notebooks_world_agrees(explorer):
    rng = np.random.default_rng(7)
    X = rng.normal(size=(400_000, 2))
    for centre, share in (((0, 0), 0), ((2, 1), 1)):
        p = expit((X + centre) @ [2, 1] + OFFSET + math.log(550))
        assert np.mean(p >= 0.5) == pytest.approx(
            explorers.shares_flagged(550, 0.5)[share], abs=0.003
        )


@pytest.mark.parametrize(("weight", "cut"), SETTINGS)
def test_humps_line_and_tails_move_together(explorer, weight, cut):
    explorer.set(weight=weight, cut=cut)
    at = math.log(cut / (1 - cut))
    np.testing.assert_allclose(explorer.artists["line"].get_xdata(), at)
    middles = []
    for hump, tail in zip(explorer.artists["humps"], explorer.artists["tails"], strict=True):
        x, height = hump.get_data()
        middles.append(x[np.argmax(height)])
        assert tail.get_xy()[:, 0].min() >= at - 1e-9
    np.testing.assert_allclose(middles, [OFFSET + math.log(weight), OFFSET + 5 + math.log(weight)])


def test_the_dot_stays_on_the_curve_and_the_curve_stays(explorer):
    curve = next(line for line in explorer.figure.axes[1].lines if len(line.get_xdata()) > 100)
    before = curve.get_xydata().copy()
    for weight, cut in SETTINGS:
        explorer.set(weight=weight, cut=cut)
        fpr, recall = explorer.artists["dot"].get_xydata()[0]
        assert np.interp(norm.isf(fpr), *np.sort(norm.isf(before[50:-50].T), axis=1)) == (
            pytest.approx(norm.isf(recall), abs=0.01)
        )
    np.testing.assert_array_equal(curve.get_xydata(), before)


def test_the_ring_is_the_cheapest_point():
    x, recall = explorers.weight_and_cut().artists["cheapest"].get_xydata()[0]
    cuts = np.geomspace(1e-3, 4e-3, 301)
    costs = [99_820 * a + 99_000 * (1 - b) for a, b in (rates(1, t) for t in cuts)]
    assert cuts[np.argmin(costs)] == pytest.approx(1 / 551, rel=0.01)
    assert (x, recall) == pytest.approx(rates(1, 1 / 551))


PRESETS = {
    "Reset": (1, 0.5),
    "No weight, cut ½": (1, 0.5),
    "Weight 550, cut ½": (550, 0.5),
    "No weight, cut 1/551": (1, 1 / 551),
    "Weight 550, cut 1/551": (550, 1 / 551),
}


def test_every_button_sets_the_weight_and_the_cut_of_its_name(explorer):
    buttons = {button.description: button for button in explorer.children[1].children}
    assert set(buttons) == set(PRESETS)
    found = {}
    for label, (weight, cut) in PRESETS.items():
        explorer.set(weight=20, cut=0.1)
        buttons[label].click()
        assert explorer.values == {"weight": weight, "cut": cut}
        shown = "1/551" if cut == 1 / 551 else "0.5"
        assert f"w = {weight}, t = {shown}: flags" in explorer.caption
        assert explorer.artists["line_text"].get_text() == f"cut {shown}"
        found[label] = explorer.artists["dot"].get_xydata()[0].copy()
    ring = explorer.artists["cheapest"].get_xydata()[0]
    np.testing.assert_allclose(found["Weight 550, cut ½"], ring, rtol=1e-9)
    np.testing.assert_allclose(found["No weight, cut 1/551"], ring, rtol=1e-9)


@pytest.mark.parametrize("weight", [1, 550])
def test_names_colours_and_axes_belong_to_what_is_drawn(explorer, weight):
    explorer.set(weight=weight, cut=0.5)
    left, right = explorer.figure.axes
    assert left.get_xlabel() == "the model's p (on the ruler of z)"
    for place, label in zip(left.get_xticks(), left.get_xticklabels(), strict=True):
        assert expit(place) == pytest.approx(float(label.get_text()))
    assert (right.get_xlabel(), right.get_ylabel()) == ("share of the ordinary flagged", "recall")
    assert right.get_title(loc="left") == "The curve stays"
    assert left.get_title(loc="left") == "A weight moves both humps, a cut the line"
    for hump, tail, name, words, color in zip(
        explorer.artists["humps"],
        explorer.artists["tails"],
        explorer.artists["names"],
        ("ordinary", "fraud"),
        (MUTED, MODEL),
        strict=True,
    ):
        x, height = hump.get_data()
        assert name.get_text() == words
        assert name.get_position()[0] == pytest.approx(x[height.argmax()])
        assert to_hex(name.get_color()) == ink(color).lower()
        assert to_hex(hump.get_color()) == (REMARK if color == MUTED else MODEL).lower()
        assert to_hex(tail.get_facecolor()) == color.lower()
    assert "what lies to its right is flagged" in explorer._alt
    assert "a ring at the cheapest point" in explorer._alt
    frauds = explorer.artists["humps"][1].get_xdata().mean()
    assert frauds > explorer.artists["humps"][0].get_xdata().mean()
    said = explorer.artists["counts"].get_text()
    tp, fp = round(180 * rates(weight, 0.5)[1]), round(99_820 * rates(weight, 0.5)[0])
    assert f"found {tp} of 180" in said and f"false alarms {fp:,}" in said


def test_every_edge_of_every_slider(explorer):
    for weight, cut in itertools.product(
        (explorers.WEIGHTS[0], explorers.WEIGHTS[-1]), (explorers.CUTS[0], explorers.CUTS[-1])
    ):
        explorer.set(weight=weight, cut=cut)
        assert "failed" not in explorer.caption and "nan" not in explorer.caption
        low, high = explorer.figure.axes[0].get_xlim()
        assert low < explorer.artists["line"].get_xdata()[0] < high
        assert low < explorer.artists["line_text"].get_position()[0] < high


def test_a_failure_is_said_in_the_caption(explorer):
    explorer.artists["dot"].set_data, kept = None, explorer.artists["dot"].set_data
    try:
        explorer.set(weight=2, cut=0.3)
        assert explorer.caption.startswith("This setting failed with TypeError")
    finally:
        explorer.artists["dot"].set_data = kept
    explorer.set(weight=1, cut=0.5)
    assert explorer.caption.startswith("w = 1, t = 0.5")

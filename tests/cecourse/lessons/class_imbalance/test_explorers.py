"""The explorer of notebook 09: every artist and number against SciPy and a drawn sample."""

import itertools
import math
import re

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from cecourse.lessons.class_imbalance import explorers

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
    true = expit(math.log(cut / (1 - cut)) - math.log(weight))
    assert said(explorer.caption, "true probability is") == pytest.approx(true, rel=0.006)


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


def test_presets_and_reset(explorer):
    buttons = {button.description: button for button in explorer.children[1].children}
    buttons["Weight 550, cut ½"].click()
    same = explorer.artists["dot"].get_xydata()[0].copy()
    assert "tn 86,745, fp 13,075, fn 24, tp 156" in explorer.caption
    buttons["No weight, cut 1/551"].click()
    np.testing.assert_allclose(explorer.artists["dot"].get_xydata()[0], same, rtol=1e-9)
    assert "t = 1/551" in explorer.caption
    buttons["Weight 550, cut 1/551"].click()
    assert "fp 95,373" in explorer.caption and "fn 0" in explorer.caption
    buttons["Reset"].click()
    assert explorer.values == {"weight": 1, "cut": 0.5}
    assert "tp 8;" in explorer.caption and "cost 94,662 €" in explorer.caption


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

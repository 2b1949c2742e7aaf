"""The explorer of notebook 10: every artist and number against the payments themselves."""

import itertools
import re

import numpy as np
import pytest
from scipy.special import expit, xlog1py, xlogy
from scipy.special import logit as log_odds

import cehelpers as ce
from cecourse.lessons.fraud_scorer import explorers, generator
from cecourse.palette import GOOD, LOSS, MODEL, MUTED, TRUTH

SETTINGS = list(
    itertools.product((1, 20, 550, 1000), (0.5, 1.0, 4.0), (-8.0, -6.3, 0.0, 2.0), ((10, 100),))
) + [(550, 1.0, -6.3, (1, 5500)), (1, 1.0, 0.0, (100, 20))]


@pytest.fixture(scope="module")
def explorer():
    return explorers.control_room()


@pytest.fixture(scope="module")
def p():
    """The true probabilities, payment by payment."""
    return generator.fraud_months(12, rows_per_month=50_000).fraud_prob.astype(float)


def said(caption, pattern):
    return float(re.search(pattern.replace("#", r"([\d.,e-]*\d)"), caption)[1].replace(",", ""))


def turn(explorer, weight, temperature, bias, costs):
    explorer.set(
        weight=weight, temperature=temperature, bias=bias, cost_fp=costs[0], cost_fn=costs[1]
    )
    assert "failed" not in explorer.caption and "nan" not in explorer.caption


@pytest.mark.parametrize(("weight", "temperature", "bias", "costs"), SETTINGS)
def test_the_caption_is_what_the_payments_say(explorer, p, weight, temperature, bias, costs):
    turn(explorer, weight, temperature, bias, costs)
    q = expit((log_odds(p) + np.log(weight)) / temperature + bias)
    loss = -np.mean(xlogy(p, q) + xlog1py(1 - p, -q))
    caption = explorer.caption
    assert said(caption, "log loss #") == pytest.approx(loss, rel=2e-3, abs=6e-5)
    base = -(xlogy(p.mean(), p.mean()) + xlog1py(1 - p.mean(), -p.mean()))
    assert said(caption, "nats, #") == pytest.approx(loss / base, rel=2e-3, abs=0.006)
    true = expit(temperature * (log_odds(0.35) - bias) - np.log(weight))
    assert said(caption, "0.35 means #") == pytest.approx(true, rel=0.006)
    fp, fn = costs
    flagged = q >= fp / (fp + fn)
    assert said(caption, "flags #") == pytest.approx(1e4 * flagged.mean(), rel=0.02, abs=0.6)
    bill = 1000 * np.mean(np.where(flagged, fp * (1 - p), fn * p))
    assert said(caption, "payments cost #") == pytest.approx(bill, rel=0.02, abs=0.6)
    best = 1000 * np.mean(np.minimum(fp * (1 - p), fn * p))
    assert said(caption, "true probabilities: #") == pytest.approx(best, rel=0.01, abs=0.6)
    assert bill >= best - 1e-9
    assert said(caption, "no flags: #") == pytest.approx(1000 * fn * p.mean(), rel=0.01, abs=0.6)


def test_the_line_the_dot_and_the_cut_stand_where_they_belong(explorer):
    for weight, temperature, bias, costs in SETTINGS:
        turn(explorer, weight, temperature, bias, costs)
        x, y = explorer.artists["line"].get_data()
        np.testing.assert_allclose(y, temperature * (np.array(x) - bias) - np.log(weight))
        low, high = explorer.figure.axes[0].get_ylim()
        assert low <= explorer.artists["dot"].get_ydata()[0] <= high
        assert low <= explorer.artists["means"].get_position()[1] <= high
        price = costs[0] / (costs[0] + costs[1])
        np.testing.assert_allclose(explorer.artists["cut"].get_xdata(), price)
        left, right = explorer.figure.axes[1].get_xlim()
        assert left <= explorer.artists["cut_text"].get_position()[0] <= right


def test_the_curve_passes_through_the_dot_at_the_cut(explorer):
    turn(explorer, 1, 1.0, 0.0, (10, 100))
    cuts, bills = explorer.artists["curve"].get_data()
    x, y = (v[0] for v in explorer.artists["at"].get_data())
    assert np.interp(x, cuts, bills) == pytest.approx(y, abs=0.01)
    assert bills.min() >= y - 1e-9  # with true probabilities no cut beats the price list


def test_only_the_bias_undoes_the_weight():
    best = explorers.log_loss(1, 1, 0)
    base = ce.entropy([0.0018, 0.9982])
    temperatures = min(explorers.log_loss(550, t, 0) for t in np.arange(0.5, 4.01, 0.05))
    biases = min(explorers.log_loss(550, 1, b) for b in np.arange(-8, 2.01, 0.05))
    assert temperatures > 14 * base
    assert biases < 1.001 * best
    assert explorers.log_loss(550, 0.75, 0) == pytest.approx(temperatures, rel=1e-6)


def test_every_preset_does_what_its_name_says(explorer, p):
    """From any setting: what a preset does not name goes back to its start."""
    buttons = {button.description: button for button in explorer.children[1].children}

    def press(name):
        turn(explorer, 20, 4.0, 2.0, (100, 20))
        buttons[name].click()
        return tuple(explorer.values.values())

    assert press("Weight 550") == (550, 1, 0, 10, 100)
    assert "w = 550, T = 1, b = 0: log loss 0.197" in explorer.caption
    assert "A stated 0.35 means 0.000978" in explorer.caption
    assert press("… and the best temperature") == (550, 0.75, 0, 10, 100)
    temperatures = np.arange(0.5, 4.01, 0.05)
    assert min(temperatures, key=lambda t: explorers.log_loss(550, t, 0)) == pytest.approx(0.75)
    assert press("… and the best bias") == (550, 1, -6.3, 10, 100)
    biases = np.arange(-8, 2.01, 0.05)
    assert min(biases, key=lambda b: explorers.log_loss(550, 1, b)) == pytest.approx(-6.3)
    assert "A stated 0.35 means 0.348" in explorer.caption
    assert press("550 as a price") == (1, 1, 0, 10, 550 * 10)
    assert "5500 : 10 cuts at 0.00181 and flags 640 of 10,000" in explorer.caption
    assert np.mean(p >= 1 / 551) == pytest.approx(0.0640, rel=0.01)
    assert press("Reset") == (1, 1, 0, 10, 100)
    assert len(buttons) == 5


def test_words_and_colours_belong_to_what_they_name(explorer):
    turn(explorer, 550, 0.75, 0.0, (10, 100))
    left, right = explorer.figure.axes
    titles = [ax.get_title(loc="left") for ax in (left, right)]
    assert titles == ["Does it mean what it says?", "What does each cut cost?"]
    assert left.get_xlabel() == "what the score says (ruler of z)"
    assert (left.get_ylabel(), right.get_xlabel()) == ("what happens", "the cut of the score")
    assert right.get_ylabel() == "bill ÷ bill without flags" and right.get_xscale() == "log"
    for axis in (left.xaxis, left.yaxis):
        said = [float(label.get_text()) for label in axis.get_ticklabels()]
        np.testing.assert_allclose(axis.get_ticklocs(), log_odds(said))
    diagonal = next(one for one in left.lines if one.get_color() == MUTED)
    np.testing.assert_allclose(*diagonal.get_data())
    line, dot, cut, at = (explorer.artists[name] for name in ("line", "dot", "cut", "at"))
    colours = [one.get_color() for one in (line, dot, explorer.artists["curve"], cut, at)]
    assert colours == [MODEL, TRUTH, LOSS, GOOD, GOOD]
    x, y = (v[0] for v in dot.get_data())
    assert x == pytest.approx(log_odds(0.35)) and y == pytest.approx(np.interp(x, *line.get_data()))
    assert explorer.artists["means"].get_text() == f"says 0.35:\n{expit(y):.2g}"
    assert explorer.artists["cut_text"].get_text() == "p* = 0.091"
    assert explorer.artists["bill"].get_text() == "at p*: 2,287 €\nbest possible: 106 €"


def test_the_still_strip_tells_each_setting(explorer):
    panels = {"its best temperature, 0.75": {"weight": 550, "temperature": 0.75}}
    fig, words = explorer.strip(panels, columns=1)
    assert words.startswith("To the left, what happens against what the score says, on")
    assert "the dotted diagonal is honesty and a dot marks a stated 0.35. To the right the" in words
    assert "with the cut of the price list as a vertical line. its best temperature" in words
    assert (
        "its best temperature: w = 550, T = 0.75, b = 0: log loss 0.1880 nats, 14.65 × that of a"
        in words
    )
    assert fig.subfigs[0].axes[0].get_ylabel() == "what happens"


def test_what_lies_outside_is_an_arrowhead_and_no_point(explorer):
    looks = [(1, 1.0, 0.0, "o", "o"), (550, 1.0, 0.0, "o", "^"), (1000, 4.0, -8.0, "^", "o")]
    for weight, temperature, bias, dot, at in looks:
        turn(explorer, weight, temperature, bias, (10, 100))
        assert [explorer.artists[name].get_marker() for name in ("dot", "at")] == [dot, at]
    turn(explorer, 1000, 4.0, 2.0, (10, 100))
    assert explorer.artists["dot"].get_marker() == "v"


@pytest.mark.parametrize("height", [3.6, 2.45])  # live, and in the notebook's strip
def test_the_note_keeps_off_the_curve(explorer, height):
    """Wherever the dials stand: over the valley it would hide what the picture is about."""
    explorer.figure.set_size_inches(7.2, height)
    ax, note = explorer.figure.axes[1], explorer.artists["bill"]
    covered = []
    for setting in itertools.product(
        (1, 550), (1.0, 2.0), (-6.3, -3.0), ((1, 5500), (10, 100), (100, 20))
    ):
        turn(explorer, *setting)
        points = np.transpose(explorer.artists["curve"].get_data())
        seen = ax.transData.transform(points[points[:, 1] <= explorers.TOP])
        box = note.get_window_extent()
        if any(box.contains(*point) for point in seen):
            covered.append(setting)
    turn(explorer, 1, 1.0, 0.0, (10, 100))
    assert not covered


def test_a_failure_is_said_in_the_caption(explorer):
    turn(explorer, 1, 1.0, 0.0, (10, 100))
    explorer.artists["dot"].set_data, kept = None, explorer.artists["dot"].set_data
    try:
        explorer.set(weight=2)
        assert explorer.caption.startswith("This setting failed with TypeError")
    finally:
        explorer.artists["dot"].set_data = kept
    explorer.set(weight=1)
    assert explorer.caption.startswith("w = 1, T = 1")

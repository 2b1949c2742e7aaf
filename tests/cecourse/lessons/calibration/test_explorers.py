"""The explorer of notebook 08 and the temperature of bets, against SciPy and scikit-learn."""

import re

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import log_loss, roc_auc_score

import cehelpers as ce
from cecourse.lessons.calibration import explorers
from cecourse.palette import GOOD, MODEL, ink

SETTINGS = [(t, b, n) for t in (0.5, 1.0, 3.3, 6.0) for b in (-1.0, 0.0, 2.5) for n in (2, 10, 20)]


@pytest.fixture(scope="module")
def only_explorer():
    return explorers.recalibrate()


@pytest.fixture
def explorer(only_explorer):
    only_explorer.set(**only_explorer._presets["Reset"])
    return only_explorer


def number(caption, before):
    return float(re.search(rf"{re.escape(before)} (−?[\d.]+\d)", caption)[1].replace("−", "-"))


def binned(y, p, n):
    """Claims, shares and counts by a plain loop; bins (lo, hi]."""
    which = np.maximum(np.ceil(p * n - 1e-12), 1)
    groups = [which == k for k in range(1, n + 1) if (which == k).any()]
    return [(p[g].mean(), y[g].mean(), g.sum()) for g in groups]


@pytest.mark.parametrize(("t", "b", "n"), SETTINGS)
def test_the_caption_and_the_dots_say_what_the_peers_say(explorer, t, b, n):
    explorer.set(temperature=t, shift=b, bins=n)
    y, z = explorers.weather()
    p = expit(z / t + b)
    groups = binned(y, p, n)
    error = sum(count * abs(claim - share) for claim, share, count in groups) / len(y)
    assert number(explorer.caption, "log loss") == pytest.approx(log_loss(y, p), abs=6e-4)
    assert re.search(r"log loss [\d.]+ nats, ECE", explorer.caption)
    told = f"mean forecast {p.mean():.3f}, and it rained on {y.mean():.3f} of the days"
    assert told in explorer.caption
    assert number(explorer.caption, "ECE") == pytest.approx(error, abs=6e-4)
    assert number(explorer.caption, "AUC:") == pytest.approx(roc_auc_score(y, p), abs=6e-4)
    right = np.mean((p > 0.5) == y)
    assert number(explorer.caption, "Accuracy at 0.5:") == pytest.approx(right, abs=6e-4)
    assert f"b = {b:.1f}".replace("-", "−") in explorer.caption
    dots = np.asarray(explorer.artists["dots"].get_offsets())
    assert dots == pytest.approx(np.array([group[:2] for group in groups]))
    bars = explorer.artists["intervals"].get_segments()
    for (_, share, count), bar in zip(groups, bars, strict=True):
        assert bar[:, 1] == pytest.approx(ce.wilson_interval(round(share * count), int(count)))
    gaps = [abs(bar[1, 1] - bar[0, 1]) for bar in explorer.artists["gaps"].get_segments()]
    assert np.dot(gaps, [g[2] for g in groups]) / len(y) == pytest.approx(error)
    assert explorer.artists["here"].get_xydata()[0] == pytest.approx([t, b])


def test_what_the_reader_is_asked_to_predict(explorer):
    said = {}
    for t, b, n in [(1, 0, 10), (3.3, 0, 10), (2.5, 0.6, 10), (2.5, 0.6, 20), (1, 1.5, 10)]:
        explorer.set(temperature=t, shift=b, bins=n)
        names = ("log loss", "ECE", "Accuracy at 0.5:", "AUC:")
        said[t, b, n] = [number(explorer.caption, name) for name in names]
    assert said[1, 0, 10] == [0.814, 0.181, 0.696, 0.783]
    assert said[3.3, 0, 10] == [0.585, 0.090, 0.696, 0.783]
    assert said[2.5, 0.6, 10][:2] == [0.560, 0.030]
    assert {row[3] for row in said.values()} == {0.783}
    assert said[1, 1.5, 10][2] != 0.696
    assert said[2.5, 0.6, 20][0] == 0.560
    assert said[2.5, 0.6, 20][1] > 0.030


def test_the_star_is_the_lowest_point(explorer):
    y, z = explorers.weather()
    both = minimize(lambda v: log_loss(y, expit(z / v[0] + v[1])), [2, 0.5]).x
    star = explorer.artists["star"].get_xydata()[0]
    assert star == pytest.approx(both, abs=1e-3)
    label = explorer.artists["star_label"]
    assert (label.get_text(), label.get_color()) == ("lowest", ink(GOOD))
    assert explorer.artists["star"].get_color() == GOOD
    assert explorer.artists["here"].get_color() == MODEL
    assert np.abs(label.get_position() - star).max() < 0.2


PRESETS = {  # what each may move
    "Best temperature": ("temperature",),
    "Best shift": ("shift",),
    "Best of both": ("temperature", "shift"),
}


def test_every_preset_is_the_best_of_what_it_moves(explorer):
    y, z = explorers.weather()
    start, first = explorer.values, explorer.caption
    buttons = {button.description: button for button in explorer.children[1].children}
    assert set(buttons) == {"Reset", *PRESETS}
    for label, moved in PRESETS.items():
        explorer.set(temperature=6.0, shift=2.5, bins=3)
        buttons[label].click()
        at = explorer.values
        assert {name for name in at if at[name] != start[name]} == {"bins", *moved}
        assert at["bins"] == 3  # how it is drawn is the reader's
        here = number(explorer.caption, "log loss")
        for name in moved:
            for step in (-0.1, 0.1):
                t, b, _ = (at | {name: at[name] + step}).values()
                assert log_loss(y, expit(z / t + b)) > here - 5e-4
        assert f"T = {at['temperature']:.1f}, b = {at['shift']:.1f}: log" in explorer.caption
    buttons["Reset"].click()
    assert (explorer.values, explorer.caption) == (start, first)


def test_the_axes_say_what_is_drawn(explorer):
    claims, losses = explorer.figure.axes
    assert (claims.get_xlabel(), claims.get_ylabel()) == (
        "forecast σ(z/T + b)",
        "share of days with rain",
    )
    assert (losses.get_xlabel(), losses.get_ylabel()) == ("temperature T", "shift b")
    assert losses.get_title(loc="left") == "Log loss in nats"
    assert "0.814 nats\nECE 0.181" in explorer.artists["numbers"].get_text()
    y, z = explorers.weather()
    temperatures, shifts, table = explorers._map()
    for row, column in ((0, 0), (35, 0), (3, 33)):
        p = expit(z / temperatures[column] + shifts[row])
        assert table[row, column] == pytest.approx(log_loss(y, p))
    light = np.diff(losses.collections[0].get_facecolor()[:, :3].sum(axis=1))
    assert (light <= 0).all() and light.sum() < -1  # the darker, the dearer


def test_an_error_is_shown_in_the_caption():
    explorer = explorers.recalibrate()
    explorer.artists["numbers"].set_text = None
    explorer.set(shift=1.0)
    assert explorer.caption.startswith("This setting failed with TypeError")

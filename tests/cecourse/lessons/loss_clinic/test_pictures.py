"""What the pictures of notebook 11 say of forecasts, runs and rankings."""

import math

import numpy as np
import pytest
from drawn import line, nearest, told, written
from matplotlib.colors import to_hex
from sklearn.metrics import f1_score, roc_auc_score

import cehelpers as ce
from cecourse.lessons.loss_clinic import pictures
from cecourse.palette import FAINT, GOOD, LOSS, MODEL, TRUTH


def test_near_and_far():
    names, shares = ["mild", "medium", "severe"], {"near": [0.2, 0.7, 0.1], "far": [0.2, 0.1, 0.7]}
    fig, words = pictures.near_and_far(shares, 0, names)
    scores = {}
    for (name, q), top, low in zip(shares.items(), fig.axes[:2], fig.axes[2:], strict=True):
        np.testing.assert_allclose([bar.get_height() for bar in top.patches], q)
        colours = [to_hex(bar.get_facecolor()).upper() for bar in top.patches]
        assert colours == [TRUTH, FAINT, FAINT]
        for ax in (top, low):
            assert [tick.get_text() for tick in ax.get_xticklabels()] == names
        cost, score = -math.log(q[0]), ce.ranked_probability_score([0], [q])
        assert told(top)[0] == f"{name}: cross-entropy {cost:.3f}"
        assert told(low)[0] == f"ranked probability score {score:.2f}"
        steps = {to_hex(one.get_edgecolor()).upper(): one for one in low.patches}
        np.testing.assert_allclose(steps[MODEL].get_data().values, [q[0], q[0] + q[1]])
        np.testing.assert_allclose(steps[TRUTH].get_data().values, [1, 1])
        assert [steps[hue].get_linestyle() in ("-", "solid") for hue in (TRUTH, MODEL)] == [1, 0]
        gaps = 1 - q[0], 1 - q[0] - q[1]
        for k, gap in enumerate(gaps):
            where = written(low, f"{gap:.1f}² = {gap**2:.2f}").get_position()
            assert k < where[0] < k + 1
        assert f"The {name} one says mild {q[0]}, medium {q[1]}, severe {q[2]}: cross-ent" in words
        squares = f"squares are {gaps[0] ** 2:.2f} and {gaps[1] ** 2:.2f}, a ranked probability"
        assert f"{squares} score of {score:.2f}" in words
        scores[name] = cost, score
    assert scores["near"][0] == scores["far"][0] and scores["near"][1] < scores["far"][1]
    assert fig.get_suptitle() == (
        "Cross-entropy does not see that the second forecast is further off"
    )
    corner = fig.axes[2]
    assert corner.get_ylabel() == "share up to here"
    assert "the truth is mild" in words and "up from the left (dashed)" in words
    heights = {name: written(corner, name).get_position()[1] for name in ("truth", "forecast")}
    assert heights["truth"] == 1 and heights["forecast"] == pytest.approx(0.2, abs=0.15)
    assert to_hex(written(corner, "truth").get_color()).upper() == TRUTH


def test_nine_runs(runs):
    fig, words = pictures.nine_runs(runs)
    assert fig.get_suptitle() == "Nine training runs. What do they have?"
    assert "of each step (solid) and that of new rows (dashed)" in words
    for (case, run), ax in zip(runs.items(), fig.axes, strict=True):
        assert told(ax)[0] == f"{case}"
        assert ax.get_title(loc="right") == f"accuracy {run.accuracy[-1]:.2f}"
        steps, new = line(ax, LOSS), line(ax, MODEL)
        np.testing.assert_array_equal(steps.get_ydata(), run.steps)
        np.testing.assert_array_equal(new.get_ydata(), run.new_loss)
        assert (steps.is_dashed(), new.is_dashed()) == (False, True)
        ends = np.arange(1, len(run.new_loss) + 1)
        np.testing.assert_array_equal(new.get_xdata(), ends)
        np.testing.assert_allclose(steps.get_xdata()[:: len(run.steps) // ends[-1]], ends - 1)
        told_of = words.partition(f" {case}: ")[2].partition(". ")[0]
        assert f"accuracy there {run.accuracy[-1]:.1f}" in told_of
        assert ("nan from epoch 6 on" in told_of) == (case == 3)
        assert ("a spike up to 16" in told_of) == (case == 3)
        assert ("new rows lowest at 0.88" in told_of) == (case == 5)
        assert ("at the end of each epoch a tooth" in told_of) == (case == 8)
    for label, color in (("each step", LOSS), ("new rows", MODEL)):
        text = written(fig.axes[0], label)
        assert pictures.ink(color) == text.get_color() or text.get_color() == color
    assert [told(ax)[2] for ax in fig.axes[::3]] == ["reported loss"] * 3
    assert [told(ax)[1] for ax in fig.axes[-3:]] == ["epochs"] * 3
    assert "nan" in [text.get_text() for text in fig.axes[2].texts]


def test_nine_runs_diagnosed(runs, levels):
    fig, words = pictures.nine_runs(runs, diagnosed=True)
    assert fig.get_suptitle() == "Nine runs, nine illnesses, and the number that gives each away"
    for case, ax in enumerate(fig.axes, start=1):
        name = pictures.CASES[case][0]
        assert told(ax)[0] == f"{case}  {name}"
        drawn = [one for one in ax.lines if len(one.get_xdata()) == 2]
        assert len(drawn) == (case in levels)
        if not drawn:
            continue
        (level,), (label, height) = drawn, levels[case]
        np.testing.assert_allclose(level.get_ydata(), height, rtol=1e-12)
        assert level.get_color() == TRUTH == written(ax, label).get_color()
        assert written(ax, label).xy[1] == pytest.approx(height)
        assert f"{case} {name}: a line, {label}." in words
    new = runs[5].new_loss
    text = written(fig.axes[4], "lowest")
    assert text.xy == (new.argmin() + 1, new.min())
    assert text.get_text() == f"lowest {new.min():.2f},\nthen up to {new[-1]:.2f}"
    assert f"5 overconfidence: an arrow to the new rows, lowest {new.min():.2f}, then up" in words
    arrow = written(fig.axes[2], "log 0")
    assert np.isnan(runs[3].steps[math.ceil(arrow.xy[0] * 6 - 1e-9)])
    assert "3 log of zero: an arrow, log 0, to where it becomes nan in epoch 6." in words


def test_ranking_and_not():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    p = ce.sigmoid(rng.normal(size=400) * 2 + 3 * y - 3)
    bent = {"p cubed": p**3, "p": p, "cube root": p ** (1 / 3)}
    cuts = {name: np.sort(q)[::-1] for name, q in bent.items()}
    f1 = {
        name: np.array([f1_score(y, q >= cut, zero_division=0) for cut in cuts[name]])
        for name, q in bent.items()
    }
    auc = {name: roc_auc_score(y, q) for name, q in bent.items()}
    fig, words = pictures.ranking_and_not(cuts, f1, auc)
    (ax,) = fig.axes
    half = {}
    assert told(ax) == (
        "One ranking, one AUC, one best F1, and three values of F1 at ½",
        "the cut (dotted: ½)",
        "F1",
    )
    for (name, curve), hue in zip(f1.items(), (TRUTH, MODEL, GOOD), strict=True):
        drawn = max(
            (one for one in ax.lines if one.get_color() == hue),
            key=lambda one: len(one.get_xdata()),
        )
        np.testing.assert_allclose(drawn.get_xydata()[::-1], np.c_[cuts[name], curve])
        assert drawn.get_drawstyle() == "steps-pre"
        label = written(ax, f"{name}\nAUC")
        assert label.get_text().endswith(f"AUC {auc['p']:.2f}")
        assert label.get_color() in (hue, pictures.ink(hue))
        half[name] = f1_score(y, bent[name] >= 0.5)
        number = written(ax, f"{half[name]:.2f}")
        assert number.xy == (0.5, pytest.approx(half[name]))
        assert number.get_color() == label.get_color()
        assert nearest(ax, number) is drawn
        hill = f"{name}: a hill of height {curve.max():.2f} with its top near"
        top = cuts[name][curve.argmax()]
        assert (
            f"{hill} {top:.1g}, a dot at {half[name]:.2f} over the cut ½, AUC {auc['p']:.2f}."
            in words
        )
    assert len({round(one, 2) for one in half.values()}) == 3
    assert len({curve.max() for curve in f1.values()}) == 1

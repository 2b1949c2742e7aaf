"""What the pictures of notebook 08 say of claims and of what happened."""

import numpy as np
import pytest
from drawn import line, texts, told, written
from matplotlib.colors import to_hex
from scipy.special import expit
from scipy.stats import binomtest, ttest_rel
from sklearn.isotonic import IsotonicRegression

import cehelpers as ce
from cecourse.lessons.calibration import pictures
from cecourse.palette import ACCENT, EXTRA, GOOD, LOSS, MODEL, TRUTH, ink


def wilson(share, n):
    return tuple(binomtest(round(share * n), n).proportion_ci(method="wilson"))


def held_to(ax, y, p, color, bins=10):
    """The dots, gaps and intervals of a reliability diagram, and its diagonal."""
    which = np.maximum(np.ceil(np.asarray(p) * bins), 1)
    rows = [which == k for k in np.unique(which)]
    claims, shares = ([np.mean(values[part]) for part in rows] for values in (p, y))
    gaps, intervals, dots = ax.collections
    np.testing.assert_allclose(dots.get_offsets(), np.column_stack([claims, shares]))
    assert {to_hex(c) for c in dots.get_facecolor()} == {color.lower()}
    for part, gap, bar in zip(rows, gaps.get_segments(), intervals.get_segments(), strict=True):
        np.testing.assert_allclose(gap, [(p[part].mean(),) * 2, (p[part].mean(), y[part].mean())])
        np.testing.assert_allclose(bar[:, 1], wilson(y[part].mean(), part.sum()), atol=1e-6)
    assert to_hex(gaps.get_color()[0]) == EXTRA.lower()
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [(0, 0), (1, 1)])
    return np.array(claims), np.array(shares)


def ece(y, p):
    which = np.maximum(np.ceil(p * 10), 1)
    rows = [which == k for k in np.unique(which)]
    return sum(part.mean() * abs(y[part].mean() - p[part].mean()) for part in rows)


@pytest.fixture
def too_sure():
    """300 favourites: how sure, and which were right; less often than said."""
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.4, 1, 300)
    return (rng.random(300) < confidence - 0.2).astype(float), confidence


def test_perfect_forecasters():
    rng = np.random.default_rng(8)
    rows = []
    for n in (100, 2000):
        p = rng.random(n)
        rows.append(((rng.random(n) < p).astype(int), p))
    fig, words = pictures.perfect_forecasters(rows)
    assert any("off the diagonal" in text for text in texts(fig))
    for ax, (y, p) in zip(fig.axes, rows, strict=True):
        claims, shares = held_to(ax, y, p, TRUTH)
        assert ax.get_title() == f"{len(y):,} forecasts"
        assert ax.get_xlabel() == "forecast"
        assert (
            f"{len(y):,} forecasts the 10 dots stand off the diagonal by up to "
            + (f"{abs(claims - shares).max():.2f}")
            in words
        )
    assert fig.axes[0].get_ylabel() == "share that happened"


def test_honest_scores():
    fig, words = pictures.honest_scores(0.7)
    log, brier, absolute = fig.axes
    for ax, name, best, lowest, expected in (
        (log, "log loss", 0.7, 0.6109, lambda p: -0.7 * np.log(p) - 0.3 * np.log1p(-p)),
        (brier, "Brier", 0.7, 0.21, lambda p: 0.7 * (1 - p) ** 2 + 0.3 * p**2),
        (absolute, "absolute error", 1.0, 0.3, lambda p: 0.7 * (1 - p) + 0.3 * p),
    ):
        curve = line(ax, LOSS)
        np.testing.assert_allclose(curve.get_ydata(), expected(curve.get_xdata()), rtol=1e-9)
        assert ax.get_title() == name and ax.get_xlabel() == "forecast p"
        (label,) = (text for text in ax.texts if "pays best" in text.get_text())
        assert label.get_text() == f"{best:.1f} pays best"
        assert to_hex(label.get_color()) == ink(GOOD if best == 0.7 else MODEL).lower()
        (mark,) = (one for one in ax.lines if len(one.get_xdata()) == 1)
        np.testing.assert_allclose(mark.get_xydata(), [(best, lowest)], atol=2e-4)
        assert f"{name} is lowest at p = {best:.1f}, with {lowest:.2f}" in words
        (guide,) = (one for one in ax.lines if len(one.get_xdata()) == 2)
        assert guide.get_xdata()[0] == 0.7 and guide.get_color() == TRUTH
    ends = line(log, LOSS).get_ydata()[[0, -1]]
    assert min(ends) > log.get_ylim()[1]  # both walls leave the picture: the loss there is infinite
    walls = [text for text in log.texts if text.get_text() == "∞"]
    arrows = [note for note in log.texts if getattr(note, "arrow_patch", None)]
    assert len(walls) == len(arrows) == 2 and "∞" not in texts(brier) + texts(absolute)
    for arrow, x in zip(arrows, (0, 1), strict=True):  # each leaves the picture at its wall
        assert arrow.xy[0] == x and arrow.xyann[1] < log.get_ylim()[1] < arrow.xy[1]
    assert "grows without bound towards 0 and 1; Brier" in words
    assert log.get_ylabel() == "expected score (nats)"
    assert any(text == "The chance is 0.7: which forecast pays best?" for text in texts(fig))


def test_two_parts():
    parts = {"hot": (0.673, 0.156), "base\nrate": (0.6, 0.0)}
    fig, words = pictures.two_parts(parts)
    (ax,) = fig.axes
    assert told(ax)[:2] == (
        "One loss, two debts: not knowing, and claiming wrongly",
        "log loss in nats",
    )
    assert [label.get_text() for label in ax.get_yticklabels()] == list(parts)
    for row, (floor, added) in enumerate(parts.values()):
        left, right = ax.patches[2 * row : 2 * row + 2]
        assert left.get_width() == floor and left.get_y() < row < left.get_y() + 0.58
        assert (right.get_x(), right.get_width()) == pytest.approx((floor, added))
        assert to_hex(left.get_facecolor()) == TRUTH.lower()
        assert to_hex(right.get_edgecolor()) == EXTRA.lower()
    assert written(ax, "left open").get_position()[0] == 0
    assert to_hex(written(ax, "left open").get_color()) == TRUTH.lower()
    assert written(ax, "wrong claims").get_position()[0] == 0.673
    assert written(ax, "+ 0.156 = 0.829").get_position()[1] == 0
    assert "hot: 0.673 + 0.156 = 0.829; base rate: 0.600 + 0." in words


def test_speckled():
    clean, noisy = np.eye(2, 64), 0.5 * np.eye(2, 64)
    fig, words = pictures.speckled(clean, noisy, [4, 9], [4, 2], [0.98, 0.7])
    above, seen = fig.axes[:2], fig.axes[2:]
    for k in range(2):
        np.testing.assert_array_equal(above[k].images[0].get_array().ravel(), clean[k])
        np.testing.assert_array_equal(seen[k].images[0].get_array().ravel(), noisy[k])
    assert (above[0].get_ylabel(), seen[0].get_ylabel()) == ("digit", "seen")
    assert seen[0].get_xlabel() == "“4”, 0.98\nright"
    assert seen[1].get_xlabel() == "“2”, 0.70\nit is a 9"
    inks = [to_hex(ax.xaxis.label.get_color()) for ax in seen]
    assert inks == [ink(GOOD).lower(), ink(MODEL).lower()]
    assert "a 4 read as “4”, 1.0 sure; a 9 read as “2”, 0.7 sure" in words


def test_confidence_diagram(too_sure):
    right, confidence = too_sure
    fig, words = pictures.confidence_diagram(right, confidence)
    ax, below = fig.axes
    claims, shares = held_to(ax, right, confidence, MODEL)
    assert np.mean(shares < claims) > 0.5
    assert ax.get_title(loc="left") == f"Below the diagonal: too sure (ECE {ece(*too_sure):.2f})"
    assert (ax.get_ylabel(), below.get_ylabel()) == ("accuracy", "rows")
    assert below.get_xlabel() == "confidence: probability of the favourite"
    accuracy = written(ax, f"accuracy {right.mean():.2f}")
    assert to_hex(accuracy.get_color()) == TRUTH.lower()
    level = nearest_level(ax, right.mean())
    assert level.get_color() == TRUTH
    mean = written(below, f"mean confidence {confidence.mean():.2f}")
    assert to_hex(mean.get_color()) == ink(MODEL).lower()
    assert below.lines[0].get_xdata()[0] == confidence.mean()
    assert sum(bar.get_height() for bar in below.patches) == 300
    pointed = next(text for text in ax.texts if text.get_text().startswith("says"))
    k = int(np.argmin(abs(claims - pointed.xy[0])))
    assert pointed.get_text() == f"says {claims[k]:.2f},\nright {shares[k]:.2f}"
    upper = claims > 0.5
    assert f"Of the {upper.sum()} squares" in words
    assert f"above 0.5, {np.sum(shares[upper] < claims[upper])} lie below the diagonal" in words
    assert below.get_position().y1 < ax.get_position().y0
    assert "A histogram of the 300 rows below has its mean at" in words
    assert f"its mean at {confidence.mean():.2f}; the accuracy is about" in words


def nearest_level(ax, height):
    """The level line at this height."""
    return next(one for one in ax.lines if np.allclose(one.get_ydata(), height))


def test_two_clocks():
    epochs = np.arange(1, 21)
    losses = np.array([(1 + (epochs - 5) ** 2 / 300) * k for k in (0.6, 0.8)])
    hits = np.array([np.full(20, k) - epochs / 1000 for k in (0.7, 0.8)])
    fig, words = pictures.two_clocks(losses, hits, 5)
    assert "The loss climbs while the accuracy hardly moves" in texts(fig)
    for ax, runs, title, color in zip(
        fig.axes, (losses, hits), ("loss in nats", "accuracy"), (LOSS, TRUTH), strict=True
    ):
        assert (ax.get_title(), ax.get_xlabel()) == (title, "epoch")
        heavy = max((one for one in ax.lines if len(one.get_xdata()) > 2), key=thickness)
        np.testing.assert_allclose(heavy.get_ydata(), runs.mean(axis=0))
        assert heavy.get_color() == color
        for epoch in (5, 20):
            mean = runs.mean(axis=0)[epoch - 1]
            (label,) = (text for text in ax.texts if abs(text.get_position()[0] - epoch) < 3.5)
            assert label.get_text() == f"{mean:.2f}"
    assert "is 0.7 nats at epoch 5 and 1.2 at the end" in words
    assert "accuracy is 0.74 and 0.73" in words  # 0.745 and 0.730


def thickness(one):
    return one.get_linewidth()


def held_to_corp(ax, y, p, color):
    """The rising curve, its band, and the share of the rows inside it."""
    order = np.argsort(p)
    model = IsotonicRegression().fit(p, y)
    curve = line(ax, color)
    np.testing.assert_allclose(curve.get_xdata(), p[order])
    np.testing.assert_allclose(curve.get_ydata(), model.predict(p[order]), atol=1e-9)
    expected = ce.corp_curve(y, p)
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    for edge in (expected.low, expected.high):
        assert {round(at, 9) for at in edge} <= {round(at, 9) for at in corners[:, 1]}
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [(0, 0), (1, 1)])
    return np.mean((expected.low <= expected.observed) & (expected.observed <= expected.high))


def test_rising_steps():
    rng = np.random.default_rng(8)
    rows = []
    for n in (60, 400):
        p = rng.random(n)
        rows.append(((rng.random(n) < p).astype(int), p))
    fig, words = pictures.rising_steps(rows)
    assert any("Steps that nobody chose" in text for text in texts(fig))
    for ax, (y, p) in zip(fig.axes, rows, strict=True):
        inside = held_to_corp(ax, y, p, TRUTH)
        steps = len(np.unique(IsotonicRegression().fit(p, y).predict(p)))
        assert ax.get_title() == f"{len(y)} forecasts, {steps} steps"
        assert f"{len(y)} forecasts it has {steps} steps, {inside:.0%} of the forecasts" in words


def test_before_and_after(too_sure):
    _, before = too_sure
    before, after = np.tile(before, 2), np.tile(before, 2) - 0.2
    before, after = before + np.arange(600) / 1e6, after + np.arange(600) / 1e6
    right = (np.random.default_rng(1).random(600) < after).astype(int)
    fig, words = pictures.before_and_after(right, before, after, 2.43)
    assert any("repairs the confidence" in text for text in texts(fig))
    for ax, p, color, title in zip(
        fig.axes,
        (before, after),
        (MODEL, GOOD),
        ("as trained, T = 1", "the same logits, T = 2.4"),
        strict=True,
    ):
        inside = held_to_corp(ax, right, p, color)
        assert (ax.get_title(), ax.get_xlabel()) == (title, "confidence")
        wrong = ce.score_decomposition(right, p).miscalibration
        assert f"miscalibration {wrong:.2f}" in texts(ax)
        assert f"about {round(10 * (1 - inside))} rows in ten outside it" in words
    assert fig.axes[0].get_ylabel() == "accuracy"
    assert words.index("As trained, about") < words.index("at T = 2.4, about")


def test_three_repairs():
    rng = np.random.default_rng(0)
    names, measures = ["none", "cool", "stop"], ["log loss", "ECE", "accuracy"]
    kinds = ("hard labels", "smoothed labels")
    worlds = {
        world: {kind: rng.random((6, 3, 3)) for kind in kinds} for world in ("noisy", "clean")
    }
    fig, words = pictures.three_repairs(names, worlds, measures)
    for row, (world, labels) in zip(np.reshape(fig.axes, (2, 3)), worlds.items(), strict=True):
        assert row[0].get_title(loc="left") == world
        for k, (ax, measure) in enumerate(zip(row, measures, strict=True)):
            assert ax.get_xlabel() == (measure if world == "clean" else "")
            dots = [one for one in ax.lines if len(one.get_xdata()) == 3]
            for one, bars, kind in zip(dots, ax.collections, kinds, strict=True):
                mean = labels[kind][:, :, k].mean(axis=0)
                np.testing.assert_allclose(one.get_xdata(), mean)
                np.testing.assert_array_equal(np.round(one.get_ydata()), [0, 1, 2])
                (low, high) = bars.get_segments()[2][:, 0]
                pairs = ttest_rel(labels[kind][:, 2, k], labels["hard labels"][:, 1, k])
                interval = pairs.confidence_interval(0.95)
                assert high - low == pytest.approx(interval.high - interval.low)
                assert (high + low) / 2 == pytest.approx(mean[2])
            assert [to_hex(one.get_color()) for one in dots] == [TRUTH.lower(), ACCENT.lower()]
            assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first stands on top
        assert [label.get_text() for label in row[0].get_yticklabels()] == names
        means = worlds[world]["smoothed labels"][:, :, 0].mean(axis=0)
        assert f"{world}, smoothed labels: {', '.join(f'{m:.1g}' for m in means)}" in words
    assert [text for text in texts(fig) if text in kinds] == list(kinds)


def test_held_out_rows():
    sizes = [50, 500, 2000]
    services = {
        title: {"scale": [0.02, 0.01, 0.009], "line": [0.01, 0.002, c], "steps": [0.02, 0.005, d]}
        for title, c, d in (("line right", 0.0004, 0.001), ("bent", 0.004, 0.001))
    }
    fig, words = pictures.held_out_rows(sizes, services, [0.04, 0.015])
    colors = (MODEL, GOOD, TRUTH)
    for ax, (title, repairs), raw in zip(fig.axes, services.items(), (0.04, 0.015), strict=True):
        assert (ax.get_title(), ax.get_xlabel()) == (title, "held-out rows")
        assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
        assert ax.lines[0].get_ydata()[0] == raw
        for (name, costs), color in zip(repairs.items(), colors, strict=True):
            np.testing.assert_array_equal(
                line(ax, color).get_xydata(), np.column_stack([sizes, costs])
            )
            (label,) = (text for text in ax.texts if text.get_text() == name)
            assert label.get_position()[1] == costs[-1]
            assert to_hex(label.get_color()) == ink(color).lower()
        assert f"{title}: scale 0.020 and 0.0090" in words
    assert fig.axes[0].get_ylabel() == "Brier score beyond the best"


def test_three_tools():
    rng = np.random.default_rng(2)
    scores = np.sort(rng.normal(size=400))
    y = (rng.random(400) < expit(3 * scores)).astype(int)
    grid = np.linspace(-2, 2, 50)
    maps = {
        "flat": (grid, expit(grid)),
        "steep": (grid, expit(3 * grid)),
        "steps": (grid, grid > 0),
    }
    fig, words = pictures.three_tools(scores, y, maps)
    (ax,) = fig.axes
    title, x, height = told(ax)
    assert "three curves, one set of dots" in title
    assert (x, height) == ("score of the margin classifier", "probability of 5 or more")
    handles, labels = ax.get_legend_handles_labels()
    assert labels == [*maps, "held-out rows, in eighths"]
    for handle, (at, p) in zip(handles, maps.values(), strict=False):
        np.testing.assert_array_equal(handle.get_xydata(), np.column_stack([at, p]))
    legend = ax.get_legend().get_lines()
    assert [one.get_color() for one in legend] == [one.get_color() for one in handles]
    eighths = [rows.mean() for rows in np.split(y, 8)]
    dots = [one for one in ax.lines if len(one.get_xdata()) == 1]
    assert [one.get_ydata()[0] for one in dots] == pytest.approx(eighths)
    bars = [one for one in ax.lines if len(one.get_xdata()) == 2]
    for share, bar in zip(eighths, bars, strict=True):
        assert tuple(bar.get_ydata()) == pytest.approx(wilson(share, 50), abs=1e-6)
    assert f"rise from {eighths[0]:.2f} to {eighths[-1]:.2f}" in words
    assert "“flat” from 0.12 to 0.88, “steep” from 0.00 to 1.00" in words


def test_fifty_splits():
    raw, accuracy = [0.2, 0.7, 1.1], [0.96, 0.94, 0.92]
    repaired = {"log-odds": [0.1, 0.12, 0.15], "probabilities": [0.2, 0.21, 0.25]}
    fig, words = pictures.fifty_splits(raw, repaired, accuracy, 0.627)
    (ax,) = fig.axes
    base = -0.627 * np.log(0.627) - 0.373 * np.log(0.373)
    assert told(ax) == (
        "94% right, and often worse than no model at all",  # two of the three losses are
        "log loss in nats",
        "accuracy as trained",
    )
    looks = zip(
        (MODEL, GOOD, ACCENT), ("as trained", *repaired), (raw, *repaired.values()), strict=True
    )
    for color, label, losses in looks:
        (dots,) = (one for one in ax.lines if one.get_color() == color)
        np.testing.assert_array_equal(dots.get_xydata(), np.column_stack([losses, accuracy]))
        (words_of,) = (text for text in ax.texts if text.get_text() == label)
        assert to_hex(words_of.get_color()) == ink(color).lower()
    (wall,) = (one for one in ax.lines if one.get_color() == EXTRA)
    assert wall.get_xdata()[0] == pytest.approx(base)
    assert "base rate 0.66:\nsays 0.63 to everybody" in texts(ax)
    assert "2 of them beyond the base rate's 0.66" in words
    assert "log-odds all lie between 0.10 and 0.15; probabilities all lie between 0.20" in words

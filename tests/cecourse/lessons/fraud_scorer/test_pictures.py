"""What the pictures of notebook 10 say, of some thousand payments of known probabilities."""

import math

import numpy as np
import pytest
from drawn import line, nearest, texts, told, written
from matplotlib.colors import to_hex
from matplotlib.text import Annotation
from scipy.special import expit
from scipy.special import logit as log_odds
from scipy.stats import binomtest
from sklearn.metrics import precision_recall_curve, precision_score, recall_score

import cehelpers as ce
from cecourse.lessons.fraud_scorer import exercises, monitor, pictures
from cecourse.palette import ACCENT, EXTRA, GOOD, LOSS, MODEL, MUTED, TRUTH, ink

PI = 0.0018
BASE = -(PI * math.log(PI) + (1 - PI) * math.log1p(-PI))
INKS = {ink(colour): colour for colour in (MODEL, EXTRA, GOOD, ACCENT)} | {TRUTH: TRUTH, LOSS: LOSS}


@pytest.fixture(scope="module")
def payments():
    """Labels and true logits."""
    rng = np.random.default_rng(0)
    z = rng.normal(-4, 2.2, 6000)
    return (rng.random(len(z)) < expit(z)).astype(int), z


def marked(ax, at, colour):
    """Whether a single mark of this colour (or with this edge) stands at a point."""
    return any(
        np.allclose(one.get_xydata(), [at])
        and to_hex(colour) in (to_hex(one.get_color()), to_hex(one.get_markeredgecolor()))
        for one in ax.lines
        if len(one.get_xdata()) == 1
    )


def arrows(ax):
    """(from, to) of every arrow without words."""
    found = [one for one in ax.findobj(Annotation) if not one.get_text()]
    return [(tuple(np.round(one.xyann, 9)), tuple(np.round(one.xy, 9))) for one in found]


def ruler(axis):
    """Whether the ticks of an axis stand at the logits of what they say."""
    said = [float(label.get_text()) for label in axis.get_ticklabels()]
    return np.allclose(axis.get_ticklocs(), log_odds(said))


def level(ax, y, colour=MUTED):
    """Whether a horizontal line of this colour lies at y."""
    return any(
        np.allclose(one.get_ydata(), y) and to_hex(one.get_color()) == to_hex(colour)
        for one in ax.lines
        if len(one.get_xdata()) == 2
    )


def test_ceiling():
    aucs = 1 - np.geomspace(0.5, 0.0039, 40)
    tops = np.array([ce.log_loss_ceiling(auc, PI) for auc in aucs])
    runs = {
        "the true posterior": (0.962, 0.00639),
        "gradient boosting": (0.960, 0.00681),
        "net": (0.959, 0.00694),
        "logistic regression": (0.934, 0.0088),
        "w550 − ln 550": (0.955, 0.00751),
    }
    cloud = np.array([[0.9, 0.95], [0.009, 0.008]])
    fig, words = pictures.ceiling(aucs, tops, cloud=cloud, runs=runs, raw=(0.955, 0.2127))
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert "puts a ceiling on the log loss of honest" in title and ax.get_yscale() == "log"
    assert ("AUC (each halving of 1 − AUC" in x, "0.18% frauds" in x) == (True, True)
    assert y == "log loss in nats (logarithmic)"
    (curve,) = (one for one in ax.lines if len(one.get_xdata()) == 40)
    np.testing.assert_allclose(curve.get_xydata(), np.column_stack([-np.log2(1 - aucs), tops]))
    assert to_hex(curve.get_color()) == LOSS
    for label, at in zip(ax.get_xticklabels(), ax.get_xticks(), strict=True):
        assert 1 - 2**-at == pytest.approx(float(label.get_text()))
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == pytest.approx(
        (tops.min(), 1)
    )  # forbidden is what lies above
    assert written(ax, "no calibrated score\ncan be up here").get_position()[1] > BASE
    for name, (auc, loss) in runs.items():
        label = next(t for t in ax.texts if t.get_text().startswith(f"{name}: "))
        assert label.xy == pytest.approx((-math.log2(1 - auc), loss))
        assert marked(ax, label.xy, INKS[label.get_color()])
        assert float(label.get_text().split(": ")[1]) == pytest.approx(loss, abs=0.00026)
    assert written(ax, "our net, weighted 550×: 0.2").get_position()[1] == 0.2127
    at = [(-math.log2(1 - a), loss) for a, loss in ((0.91, 0.042), (0.96, 0.011))]
    epochs = [written(ax, words).get_position() for words in ("1: 0.042", "12: 0.011\n(")]
    assert epochs[0][1] == at[0][1] and epochs[1][0] > at[1][0]
    down = [(-math.log2(1 - 0.955), loss) for loss in (0.2127, 0.00751)]
    assert arrows(ax) == [tuple(tuple(np.round(p, 9)) for p in pair) for pair in (at, down)]
    roof = f"{ce.log_loss_ceiling(0.96, PI):.4f}"
    assert written(ax, f"(ceiling: {roof})") and f"to {roof} at AUC 0.96" in words
    assert f"falls from the constant's {BASE:.4f} at AUC 0.5" in words and "lie below it" in words
    assert "Above it, where no calibrated score can be, are the story's two points" in words
    assert "0.042 at 0.91 and 0.011 at 0.96, and our net weighted 550×, at 0.2." in words
    assert "straight down, minus ln 550, brings it to 0.0075, below the curve" in words


def test_worst_honest(payments):
    rank = np.linspace(0.0005, 0.9995, 200)
    worst, ours = log_odds(ce.ceiling_posterior(rank, 0.96, PI)), np.quantile(payments[1], rank)
    fig, words = pictures.worst_honest(rank, worst, ours, 0.96)
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert "most expensive honest score spreads its doubt evenly" in title
    assert "rank u: share of all payments with a lower score" in x
    assert y == "p (on the ruler of z)" and ruler(ax.yaxis)
    straight, real = line(ax, LOSS), line(ax, TRUTH)
    assert np.ptp(np.diff(straight.get_ydata())) < 1e-9
    np.testing.assert_allclose(real.get_xydata(), np.column_stack([rank, ours]))
    assert written(ax, "costs most at AUC 0.96:\na straight").xy in straight.get_xydata()
    assert written(ax, "the true posterior").xy in real.get_xydata()
    p = expit(worst[[0, -1]])
    assert f"AUC 0.96 is a straight line from {p[0]:.0e} to {p[1]:.2f}" in words
    climbs = [np.subtract(*np.interp([0.75, 0.25], rank, z)) for z in (ours, worst)]
    assert "is flatter in the middle (from rank ¼ to ¾ it" in words
    assert f"climbs {climbs[0]:.1f} in z, the line {climbs[1]:.1f}) and bends up late" in words


def test_epochs():
    runs = {
        "start at 0": (np.array([0.079, 0.0085, 0.007]), np.array([0.3, 0.95, 0.968])),
        "start at logit π": (np.array([0.0141, 0.0073, 0.0069]), np.array([0.3, 0.96, 0.973])),
    }
    fig, words = pictures.epochs(runs, BASE, (0.0062, 0.979))
    left, right = fig.axes
    assert told(left)[1:] == ("epoch", "validation log loss in nats")
    assert told(right)[1:] == ("epoch", "validation AUC")
    assert "logit π: the first epoch need not learn that fraud is rare" in fig.get_suptitle()
    for (name, (losses, aucs)), colour in zip(runs.items(), (ACCENT, GOOD), strict=True):
        np.testing.assert_array_equal(line(left, colour).get_ydata(), losses)
        (curve,) = (one for one in right.lines if one.get_color() == colour)
        np.testing.assert_array_equal(curve.get_ydata(), aucs[1:])
        label = written(left, f"{name}: {losses[0]:.2g}")
        assert label.xy == (0, losses[0]) and INKS[label.get_color()] == colour
        assert f"{name} begins at {losses[0]:.2g} nats and ends at 0.007, with AUC 0.97" in words
    assert level(left, BASE) and level(left, 0.0062) and level(right, 0.979)
    assert written(left, f"a constant: {BASE:.4f}").get_position()[1] > BASE
    assert written(left, "the true posterior: 0.0062").get_position()[1] < 0.0062
    assert written(right, "the true posterior: 0.979").get_position()[1] > 0.979
    assert "After one epoch both are below 0.01, and stay between a constant's 0.0132 nats" in words
    assert "and the true posterior's 0.0062, which has AUC 0.98" in words


def test_shifted(payments):
    z = payments[1]
    weighted = 0.9 * z + math.log(550)
    fig, words = pictures.shifted(z, weighted, math.log(550))
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "The weight lifts the whole cloud by about ln 550"
    assert "p of the unweighted net" in x and y == "p of the net weighted 550×"
    assert ruler(ax.xaxis) and ruler(ax.yaxis)
    straight = {one.get_color(): one for one in ax.lines if len(one.get_xdata()) == 2}
    for colour, lift in ((MUTED, 0), (MODEL, math.log(550))):
        x, y = straight[colour].get_data()
        np.testing.assert_allclose(y - x, lift)
    assert straight[MODEL].is_dashed()
    x, y = line(ax, LOSS).get_data()
    np.testing.assert_allclose(
        y, [np.median(weighted[(z >= a - 0.5) & (z < a + 0.5)]) for a in x], atol=1e-9
    )
    x, y = line(ax, TRUTH).get_data()
    assert expit(y[0]) == pytest.approx(0.35) and expit(x[-1]) == pytest.approx(0.000978, abs=1e-6)
    assert written(ax, "says 0.35").get_position()[1] > y[0]
    assert written(ax, "means 0.00098").get_position()[0] > x[-1]
    ((start, end),) = arrows(ax)
    assert (end[0] - start[0], end[1] - start[1]) == pytest.approx((0, 6.31), abs=0.005)
    assert written(ax, "ln 550\n= 6.31") and nearest(ax, written(ax, "equal")) is not None
    assert "weighted net against that of the unweighted one" in words
    assert "6.31 above equality. A line from a weighted 0.35 meets it at 0.00098." in words


def test_reliability(payments):
    y, z = payments
    raw = z + 5
    versions = {"as trained": raw, "temperature 1.3": raw / 1.3, "Platt": z}
    fig, words = pictures.reliability(y, versions)
    (ax,) = fig.axes
    title, x, y_label = told(ax)
    assert title == "A temperature changes the slope; what was wrong is the place"
    assert "what the score says" in x and y_label == "share of frauds that happened"
    assert ruler(ax.xaxis) and ruler(ax.yaxis)
    order = np.argsort(-z, kind="stable")
    seen = np.cumsum(y[order])
    ends = [int(np.argmax(seen >= k * y.sum() / 10)) + 1 for k in range(1, 11)]
    groups = np.split(order, ends)[:10]
    share = [y[group].mean() for group in groups]
    for (name, s), colour in zip(versions.items(), (MODEL, EXTRA, GOOD), strict=True):
        (curve,) = (
            one for one in ax.lines if one.get_linestyle() == "-" and one.get_color() == colour
        )
        said = [expit(s[group]).mean() for group in groups]
        np.testing.assert_allclose(curve.get_xydata(), log_odds(np.column_stack([said, share])))
        label = written(ax, name)
        assert INKS[label.get_color()] == colour and label.xy in curve.get_xydata()
        assert f"{name}: {expit(s).mean():.1g}" in words
    group = groups[3]
    interval = binomtest(int(y[group].sum()), len(group)).proportion_ci(method="wilson")
    bar = ax.collections[0].get_segments()[3]
    np.testing.assert_allclose(bar[:, 1], log_odds([interval.low, interval.high]))
    turn = [one for one in ax.lines if np.allclose(one.get_xdata(), 0)]
    assert len(turn) == 1 and "a temperature turns\nabout this line" in texts(ax)
    assert "to the right of the diagonal; with the temperature" in words
    assert "hardly move; with Platt's slope and bias they lie on the diagonal" in words
    assert f"{y.mean():.1g} happens" in words and "10 groups" in words


def test_against_truth():
    rng = np.random.default_rng(0)
    z = rng.normal(-3, 2, 20_000)
    net, trees = 1.2 * z + 0.3, 0.8 * z - 0.3
    fig, words = pictures.against_truth(
        {"net": expit(net), "gradient boosting": expit(trees)}, expit(z)
    )
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "Calibrated over all is not calibrated at the top"
    assert "what the score says" in x and y == "mean true probability of these payments"
    assert ruler(ax.xaxis) and ruler(ax.yaxis)
    edges = [0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1]
    for name, s, colour in (("net", net, TRUTH), ("gradient boosting", trees, EXTRA)):
        group = np.digitize(expit(s), edges, right=True)
        means = [
            (expit(s)[group == k].mean(), expit(z)[group == k].mean())
            for k in range(1, 7)
            if (group == k).sum() >= 30
        ]
        curves = [one for one in ax.lines if one.get_color() == colour]
        assert len(curves) == 2  # the line, and its marks
        for curve in curves:
            np.testing.assert_allclose(curve.get_xydata(), log_odds(means))
        label = written(ax, name)
        assert INKS[label.get_color()] == colour and label.xy == pytest.approx(log_odds(means[-1]))
    diagonal = next(one for one in ax.lines if one.get_color() == MUTED)
    np.testing.assert_allclose(*diagonal.get_data())
    assert any(np.allclose(one.get_xdata(), log_odds(0.3)) for one in ax.lines)
    assert "above 0.3 the net says more than is true and gradient boosting says less than" in words


def test_pooled():
    hits, rows = [22, 49, 71, 97], [70, 140, 202, 271]
    fig, words = pictures.pooled(hits, rows)
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "One month cannot tell 32% from 35%"
    assert "months pooled (logarithmic)" in x and y == "share of frauds near 0.35"
    ends = [binomtest(k, n).proportion_ci(method="wilson") for k, n in zip(hits, rows, strict=True)]
    (points,) = ax.containers
    np.testing.assert_allclose(points[0].get_data(), [[1, 2, 3, 4], np.divide(hits, rows)])
    drawn = [bar[:, 1] for bar in points[2][0].get_segments()]
    np.testing.assert_allclose(drawn, [(one.low, one.high) for one in ends])
    assert ends[0].low < 0.32 < 0.35 < ends[0].high
    assert level(ax, 0.35) and level(ax, 0.32, LOSS)
    assert 0.32 > written(ax, "the story: 32%").get_position()[1] > 0.31
    assert 0.35 < written(ax, "says 0.35").get_position()[1] < 0.36
    for month, n in enumerate(rows, 1):
        assert written(ax, f"{n}").get_position()[0] == month
    assert written(ax, "±2 points: about\n30 months").xy[0] == pytest.approx(2185 / 67.75, rel=1e-3)
    assert "One month leaves an interval of more than 20 points, 4 leave more than 10;" in words
    assert "±2 points would need about 30 months" in words
    assert "0.32 and 0.35 lie inside 4 of the 4 intervals" in words


def test_cuts(payments):
    y, z = payments
    p = expit(z)
    fig, words = monitor.cuts(y, p, 10, 100)
    left, right = fig.axes
    assert told(left) == ("price list 100 : 10", "the cut", "€ per 1,000 payments")
    assert told(right)[1:] == ("recall", "precision")
    assert "price list, F1 and the story each want another cut" in fig.get_suptitle()

    def bill(cut):
        flag = p >= cut
        return 1000 * np.mean(10 * flag * (1 - y) + 100 * ~flag * y)

    curve = line(left, LOSS)
    np.testing.assert_allclose(curve.get_ydata(), [bill(cut) for cut in curve.get_xdata()])
    for cut, label in ((1 / 11, "p* = 0.091"), (0.35, "0.35:")):
        here = written(left, label)
        assert here.xy == pytest.approx((cut, bill(cut)))
        assert here.get_text().endswith(f":\n{bill(cut):.0f} €") and marked(left, here.xy, TRUTH)
    nothing = 1e5 * y.mean()
    assert level(left, nothing)
    assert written(left, "flag nothing").get_position()[1] == pytest.approx(nothing, rel=0.03)
    precision, recall, _ = precision_recall_curve(y, p)
    best = np.nanmax(2 * precision * recall / (precision + recall))
    assert written(right, f"F1 = {best:.1f}")
    for cut, label in ((0.35, "cut 0.35"), (best / 2, "cut F*/2"), (1 / 11, "cut p* = 0.09")):
        here = written(right, label)
        reached = (recall_score(y, p >= cut), precision_score(y, p >= cut))
        assert here.xy == pytest.approx(reached, abs=1e-9)
        assert marked(right, here.xy, INKS[here.get_color()])
    assert f"{nothing:.0f} € for flagging nothing; lowest near p* = 0.091 with about" in words
    assert f"about {bill(1 / 11) / nothing:.1f} of that, more at 0.35 with about" in words
    assert bill(1 / 11) < bill(0.35) and curve.get_ydata().min() > 0.95 * bill(1 / 11)
    assert "100 € a miss and 10 € an alarm" in words and f"F*/2 near {best / 2:.1f}" in words


def test_drift_panel():
    usual = np.array([[0.0069, 0.52, 1.01, 0.0001, 0.03], [0.0068, 0.53, 1.05, 0, 0.038]])
    cases = {
        "amounts in cents": (0.0123, 0.957, 4.4, 11.02, 0.045),
        "a wave": (0.012, 0.57, 0.59, 0, 0.043),
        "not yet disputed": (0.0041, 0.7, 2.6, 0, 0.05),
        "new manner": (0.0099, 0.75, 1.02, 0, 0.089),
    }
    fig, words = monitor.drift_panel((10, 11), usual, cases)
    *axes, legend = fig.axes
    titles = ["log loss", "normalised entropy", "mean p / rate", "PSI of an input", "1 − AUC"]
    assert [told(ax)[0] for ax in axes] == titles
    assert "Four disturbances, four signatures" in fig.get_suptitle()
    assert "month 11" in texts(legend)
    keys = {}
    for name in ("as it was", *cases):
        label = next(t for t in legend.texts if t.get_text() == name)
        (mark,) = (m for m in legend.lines if m.get_ydata()[0] == label.get_position()[1])
        keys[name] = (mark.get_marker(), mark.get_color())
    assert keys["as it was"] == ("o", TRUTH) and len(set(keys.values())) == 5
    assert all(0 <= m.get_ydata()[0] <= 1 for m in legend.lines)
    for k, ax in enumerate(axes):
        usual_line = next(one for one in ax.lines if one.get_color() == TRUTH)
        np.testing.assert_array_equal(
            usual_line.get_xydata(), [(10, usual[0, k]), (11, usual[1, k])]
        )
        for name, row in cases.items():
            (mark,) = (m for m in ax.lines if (m.get_marker(), m.get_color()) == keys[name])
            assert mark.get_xdata()[0] == pytest.approx(11, abs=0.25)
            assert mark.get_ydata()[0] == row[k]
    assert level(axes[2], 1)  # honest: the mean p is the rate
    assert "log loss, normalised entropy to the nearest quarter, mean p over rate to the" in words
    assert "as it was: 0.007, 0.5, 1, 0, 0.04; amounts in cents: 0.012, 1, 4.5, 11, 0.04;" in words
    assert "not yet disputed: 0.004, 0.75, 2.5, 0, 0.04; new" in words or "0, 0.06; new" in words
    assert words.endswith("new manner: 0.010, 0.75, 1, 0, 0.08.")


def test_remedies():
    rows = [
        ("no remedy", 0.0069, 0.0069, 0.29),
        ("weight 550", 0.21, 0.0074, 0.23),
        ("focal loss", 0.033, 0.0069, 0.31),
    ]
    fig, words = monitor.remedies(rows, BASE, 0.0064)
    (ax,) = fig.axes
    title, x, _ = told(ax)
    assert title == "No remedy beats none, and most cost something"
    assert x == "test log loss in nats (logarithmic): ◇ as trained, ● put right"
    assert [label.get_text() for label in ax.get_yticklabels()] == [row[0] for row in rows]
    marks = {"o": [], "D": []}
    for one in ax.lines:
        if len(one.get_xdata()) == 1:
            marks[one.get_marker()].append(tuple(one.get_xydata()[0]))
    assert marks["o"] == [(row[2], i) for i, row in enumerate(rows)]
    assert marks["D"] == [(row[1], i) for i, row in enumerate(rows) if i]
    assert arrows(ax) == [((row[1], i), (row[2], i)) for i, row in enumerate(rows) if i]
    column = written(ax, "average\nprecision").get_position()[0]
    precisions = {
        t.get_position()[1]: t.get_text() for t in ax.texts if t.get_position()[0] == column
    }
    assert [precisions[i] for i in range(3)] == ["0.3", "0.2", "0.3"]
    for loss, name in ((BASE, "a\nconstant"), (0.0064, "the true\nposterior")):
        assert written(ax, name).get_position()[0] == pytest.approx(loss, rel=0.03)
        assert any(np.allclose(one.get_xdata(), loss) for one in ax.lines)
    assert "3 rows, test log loss in nats as trained and put right: no remedy 0.007" in words
    assert "average precision of about 0.3; weight 550 0.2, then 0.007; focal loss 0.03" in words
    assert "A constant pays 0.0132, the true posterior 0.0065" in words


def test_types():
    confusion = np.array([[90, 8, 2], [3, 46, 1], [0, 1, 29]])
    names = ("stolen", "takeover", "collusion")
    fig, words = monitor.types(confusion, names, 0.0069, 0.00035)
    left, right = fig.axes
    assert told(left)[1:] == ("said", "was")
    assert "The type is easy once you know that it is fraud; the gate pays" in fig.get_suptitle()
    for labels in (left.get_xticklabels(), left.get_yticklabels()):
        assert tuple(label.get_text() for label in labels) == names
    for text in left.texts:
        j, i = text.get_position()
        assert text.get_text() == f"{confusion[i, j]}\n{confusion[i, j] / confusion[i].sum():.0%}"
    gate, kind = (bars[0] for bars in right.containers)
    assert (gate.get_y(), gate.get_height()) == (0, 0.0069)
    assert (kind.get_y(), kind.get_height()) == pytest.approx((0.0069, 0.00035))
    assert (to_hex(gate.get_facecolor()), to_hex(kind.get_edgecolor())) == (
        TRUTH.lower(),
        MODEL.lower(),
    )
    assert written(right, "the gate:\nfraud or not?\n0.0069").get_position()[1] < 0.0069
    assert written(right, "which type?\nπ × CE = 0.00035").xy[1] == pytest.approx(0.00725)
    assert told(right) == ("four classes, one sum", "", "nats a payment")
    assert "more than 9 in ten lie on the diagonal" in words
    assert "the gate's 0.007 fills it, the type's share of 5% is a thin cap" in words


def test_the_scoreboard_names_the_learners_cut_and_ranks_it(payments):
    y, z = payments
    data = [(y[:3000], expit(z[:3000])), (y[3000:], expit(z[3000:]))]
    board = exercises.scoreboard(lambda y, p, fp, fn: fp / (fp + fn), *data, 10, 100)
    lines = {line[:24].strip(): float(line[24:]) for line in board.splitlines()}
    assert list(lines)[-1] == "YOURS, 0.091"
    y, p = data[1]
    for name, cut in (
        ("YOURS, 0.091", 1 / 11),
        ("the price list, 0.091", 1 / 11),
        ("the story's 0.35", 0.35),
        ("the habit, 0.5", 0.5),
        ("flag nothing", 2),
    ):
        bill = 1000 * np.mean(np.where(p >= cut, 10 * (y == 0), 100 * (y == 1)))
        assert lines[name] == pytest.approx(bill, abs=2.5)
    assert min(lines.values()) == lines["cheapest afterwards"] < lines["cheapest in month 9"]
    assert "fill in" in exercises.scoreboard(lambda *_: ..., *data, 10, 100)

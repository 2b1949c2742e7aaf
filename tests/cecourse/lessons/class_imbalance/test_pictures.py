"""What the pictures of notebook 09 say of cuts, weights and curves."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from drawn import line, texts, told, written
from matplotlib.colors import to_hex
from scipy.special import expit, logit
from sklearn.metrics import precision_score, recall_score, roc_auc_score

from cecourse.lessons.class_imbalance import pictures
from cecourse.palette import GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink

PLAIN = SimpleNamespace(coef=np.array([2.0, 1.0]), intercept=-8.5)
WEIGHTED = SimpleNamespace(coef=np.array([2.0, 1.02]), intercept=-8.5 + np.log(550))
BENT = SimpleNamespace(coef=np.array([1.1, 1.5]), intercept=-2.0)


def hue(thing):
    return to_hex(thing.get_color())


def spoken(color):
    """The colour of words about what has this colour."""
    return (TRUTH if color == TRUTH else ink(color)).lower()


def reached(ax, color, frauds):
    """How many frauds lie to the right of the thin line of this colour."""
    (cut,) = (one for one in ax.lines if hue(one) == color.lower() and one.get_linewidth() < 5)
    (x, x1), (y, y1) = cut.get_data()
    return np.sum(frauds[:, 0] >= x + (frauds[:, 1] - y) * (x1 - x) / (y1 - y))


@pytest.fixture(scope="module")
def world():
    """50,000 payments of the notebook's kind, with the true logit as score."""
    rng = np.random.default_rng(5)
    y = (np.arange(50_000) < 200).astype(int)
    X = rng.normal(size=(50_000, 2))
    X[y == 1] += (2, 1)
    return X, y, 2 * X[:, 0] + X[:, 1] - 2.5 + logit(0.004)


def test_crowd(world):
    X, y, _ = world
    fig, words = pictures.crowd(X, y)
    (ax,) = fig.axes
    axes = ("oddness of the amount", "oddness of the hour")
    assert told(ax) == ("A few diamonds beside a crowd, and no gap between them", *axes)
    grey, diamonds = ax.collections
    np.testing.assert_array_equal(grey.get_offsets(), X[y == 0][:19920])
    np.testing.assert_array_equal(diamonds.get_offsets(), X[y == 1][:80])
    assert to_hex(diamonds.get_facecolor()[0]) == MODEL.lower()
    assert hue(written(ax, "80 frauds")) == ink(MODEL).lower()
    assert hue(written(ax, "19,920 ordinary payments")) == REMARK.lower()
    assert "cloud around (0, 0), and 80 frauds as diamonds around (2, 1)" in words
    assert f"{np.sum(np.hypot(*X[y == 1][:80].T) < 2)} of them well inside" in words


def test_two_cuts(world):
    X, y, _ = world
    fig, words = pictures.two_cuts(X, y, PLAIN, WEIGHTED, 550)
    (ax,) = fig.axes
    assert told(ax)[0] == "The weight moves the cut and hardly turns it"
    assert ax.get_aspect() == 1  # the discs are round
    distance = np.hypot(*X[y == 0].T)
    for disc, share in zip(ax.patches, (0.5, 0.9, 0.99, 0.999), strict=True):
        assert np.mean(distance <= disc.radius) == pytest.approx(share, abs=4e-3)
        label = written(ax, f"{share * 100:g}%") if share != 0.99 else written(ax, "99%")
        assert np.hypot(*label.get_position()) < disc.radius
        assert np.hypot(*label.get_position()) > disc.radius - 0.5
    lines = {"plain fit, p = ½": (PLAIN, 0, TRUTH), "weighted fit": (WEIGHTED, 0, ink(GOOD))}
    lines |= {"wide band: plain fit, p = 1/551": (PLAIN, np.log(550), TRUTH)}
    for (label, (fit, less, color)), (look, wide) in zip(
        lines.items(), ((TRUTH, False), (GOOD, False), (TRUTH, True)), strict=True
    ):
        (text,) = (t for t in ax.texts if t.get_text().replace("\n", " ").startswith(label))
        assert hue(text) == color.lower()
        (cut,) = (
            one
            for one in ax.lines
            if hue(one) == look.lower() and (one.get_linewidth() > 5) == wide
        )
        np.testing.assert_allclose(cut.get_xydata() @ fit.coef + fit.intercept + less, 0, atol=1e-9)
    (shift,) = (one for one in ax.texts if one.get_text() == "" and one.arrow_patch)
    start, end = np.array(shift.xyann), np.array(shift.xy)
    assert (start - end) @ PLAIN.coef == pytest.approx(np.log(550))
    label = written(ax, "ln 550 = 6.31")
    fig.draw_without_rendering()
    box = label.get_window_extent().transformed(ax.transData.inverted())
    along = start + np.linspace(0, 1, 50)[:, None] * (end - start)
    assert not any(box.contains(*at) for at in along)  # the label leaves its arrow free
    frauds = X[y == 1][:80]
    beyond = [
        np.sum(frauds @ fit.coef + fit.intercept + less >= 0) for fit, less, _ in lines.values()
    ]
    assert reached(ax, TRUTH, frauds) == beyond[0] < beyond[1] == reached(ax, GOOD, frauds)
    assert f"p = ½, far to the upper right, lie {beyond[0]} frauds" in words
    assert f"turned by 0.5°, with {beyond[1]} frauds beyond" in words
    assert f"plain fit's p = 1/551, with {beyond[2]}" in words
    assert "that hold 50, 90, 99, 99.9% of the ordinary" in words and "says ln 550 = 6.31" in words


def test_crossed_cuts(world):
    X, y, _ = world
    X = X.copy()
    X[y == 1] += np.resize([(2, -1), (-2, 1)], (200, 2))  # centres (4, 0) and (0, 2)
    fig, words = pictures.crossed_cuts(X, y, PLAIN, BENT, 550)
    (ax,) = fig.axes
    assert told(ax)[0] == "Where the model is wrong, the weight turns the cut as well"
    for color, fit, less, label in (
        (TRUTH, PLAIN, np.log(550), "plain fit, p = 1/551"),
        (GOOD, BENT, 0, "weighted fit, p = ½"),
    ):
        (cut,) = (one for one in ax.lines if hue(one) == color.lower())
        np.testing.assert_allclose(cut.get_xydata() @ fit.coef + fit.intercept + less, 0, atol=1e-9)
        assert hue(written(ax, label)) == spoken(color)
    frauds = X[y == 1][:80]
    upper = frauds[frauds[:, 1] > frauds[:, 0]]
    caught = [
        np.sum(upper @ f.coef + f.intercept + a >= 0) for f, a in ((PLAIN, np.log(550)), (BENT, 0))
    ]
    assert f"1/551 leans 27° from the vertical, with {caught[0]} of the {len(upper)}" in words
    assert f"p = ½ crosses it, leans 54° and has {caught[1]} of them" in words


def test_roc_and_pr(world):
    _, y, z = world
    p = expit(z)
    cuts = {"½": 0.5, "0.02": 0.02}
    fig, words = pictures.roc_and_pr(y, p, cuts)
    roc, pr = fig.axes
    assert told(roc) == ("ROC", "share of the ordinary flagged", "recall")
    assert told(pr) == ("precision-recall", "recall", "precision")
    assert any("strong on the left and weak on the right" in text for text in texts(fig))
    assert written(roc, f"AUC {roc_auc_score(y, p):.3f}")
    assert f"area {roc_auc_score(y, p):.3f}" in words
    for k, (name, cut) in enumerate(cuts.items()):
        flags = p >= cut
        share, recall = np.mean(flags[y == 0]), recall_score(y, flags)
        precision = precision_score(y, flags)
        for ax, at in ((roc, (share, recall)), (pr, (recall, precision))):
            dots = [one for one in ax.lines if len(one.get_xdata()) == 1]
            assert dots[k].get_xydata()[0] == pytest.approx(at)
            label = written(ax, f"cut {name}")
            assert label.xy == pytest.approx(at)
        assert written(pr, f"cut {name}: {precision:.2f}")
        assert (
            f"cut {name} has recall {recall:.2f}, flags {100 * share:.3g}% of the ordinary" in words
        )
        assert f"precision {precision:.2f}" in words
    x, height = line(roc, LOSS).get_data()
    at = x.searchsorted(0.1)
    assert height[at] == pytest.approx(
        np.mean(z[y == 1] >= np.quantile(z[y == 0], 1 - x[at])), abs=0.01
    )


def test_bill():
    cuts = np.geomspace(1e-4, 0.9, 200)
    costs = 1000 * (60 + 10 * np.log(cuts * 551) ** 2)
    fig, words = pictures.bill(cuts, costs, 1, 550)
    (ax,) = fig.axes
    assert told(ax) == (
        "The price list decides the cut, and it is not ½",
        "t, the cut: flag where p ≥ t",
        "cost in thousands of €",
    )
    curve = line(ax, LOSS)
    np.testing.assert_allclose(curve.get_xydata(), np.column_stack([cuts, costs / 1000]))
    for label, cut in (("t* = 1/551", 1 / 551), ("the default, ½", 0.5)):
        thousands = 60 + 10 * np.log(cut * 551) ** 2
        text = written(ax, label)
        assert text.xy == pytest.approx((cut, thousands), rel=0.01)
        assert text.get_text() == f"{label}:\n{thousands:,.0f} thousand"
        assert f"{thousands:,.0f} thousand" in words
    assert f"Its lowest point is {costs.min() / 1000:,.0f} thousand" in words
    assert f"{costs[-1] / 1000:,.0f} thousand where nothing is flagged" in words
    assert written(ax, "more and more false alarms").get_position()[0] < 1 / 551
    assert written(ax, "flag nothing").get_position()[0] > 0.5


def test_face_value(world):
    _, y, z = world
    raw, undone = expit(z + np.log(550)), expit(z)
    fig, words = pictures.face_value(y, raw, undone, 550)
    (ax,) = fig.axes
    assert told(ax) == (
        "A weighted model overstates, until the weight is undone",
        "p, mean of a group's stated probabilities",
        "share of frauds in the group",
    )
    groups = pictures.equal_frauds(y, raw)
    assert [int(y[part].sum()) for part in groups] == [25] * 8
    assert all(raw[a].min() >= raw[b].max() for a, b in itertools.pairwise(groups))
    seen = np.array([y[part].mean() for part in groups])
    for p, color, label in (
        (raw, GOOD, "as trained, weight 550"),
        (undone, TRUTH, "weight undone"),
    ):
        (dots,) = (one for one in ax.lines if hue(one) == color.lower())
        said = np.array([p[part].mean() for part in groups])
        np.testing.assert_allclose(dots.get_xydata(), np.column_stack([said, seen]))
        text = written(ax, label)
        assert hue(text) == spoken(color)
        assert text.xy in [pytest.approx(at) for at in dots.get_xydata()]
    assert raw.mean() > 5 * y.mean() > undone.mean()
    third = groups[pictures.GROUP]
    third_says = f"says {raw[third].mean():.2f}, happens {y[third].mean():.3f}"
    assert third_says in texts(ax) and f"one {third_says}" in words
    assert "8 groups of payments with 25 frauds each" in words
    back = [undone[groups[k]].mean() for k in (-1, 0)]
    assert f"from {back[0]:.1g} to {back[1]:.1g}." in words


def test_f1_moves(world):
    _, y, z = world
    fig, words = pictures.f1_moves(y, {"plain": z, "weighted": z + 6})
    (ax,) = fig.axes
    assert told(ax) == (
        "The same hill, moved: best F1 stays, its cut does not",
        "the cut, as a probability (on the ruler of z)",
        "F1",
    )
    for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        assert expit(place) == pytest.approx(float(label.get_text()))
    for name, score, color in (("plain", z, TRUTH), ("weighted", z + 6, GOOD)):
        curve = line(ax, color)
        for cut, f1 in curve.get_xydata()[100::300]:
            flags = score >= cut
            assert f1 == pytest.approx(2 * (y @ flags) / (y.sum() + flags.sum()))
        label = written(ax, f"{name}: best F1")
        assert hue(label) == spoken(color)
        cut, best = label.xy
        assert cut == pytest.approx(curve.get_xdata()[curve.get_ydata().argmax()], abs=0.5)
        assert best >= curve.get_ydata().max()
        assert f"best F1 {best:.3f}\nat p = {expit(cut):.3f}" in label.get_text()
        assert f"{name} peaks at {best:.2f}, at p = {expit(cut):.2f}" in words
    assert "the second 6.0 further to the right" in words


def test_focal():
    p, truths = np.linspace(0.001, 0.999, 999), np.linspace(0.01, 0.99, 99)
    means = -truths[:, None] * (1 - p) ** 2 * np.log(p) - (
        (1 - truths[:, None]) * p**2 * np.log1p(-p)
    )
    best = p[means.argmin(axis=1)]
    fig, words = pictures.focal(p, truths, best, 0.9)
    losses, honesty = fig.axes
    assert told(losses) == ("easy rows count less …", "p_t, given to what happened", "loss in nats")
    assert told(honesty) == (
        "… and forecasts crowd towards ½",
        "η, the true probability",
        "p that minimises the mean loss",
    )
    assert any("hard rows and pays with honesty" in text for text in texts(fig))
    for color, values, label in (
        (LOSS, -np.log(p), "cross-entropy"),
        (MODEL, -((1 - p) ** 2) * np.log(p), "focal, γ = 2"),
    ):
        curve = line(losses, color)
        np.testing.assert_allclose(curve.get_ydata(), values)
        assert curve.is_dashed() == (color == MODEL)
        assert hue(written(losses, label)) == ink(color).lower()
    pointed = written(losses, "at 0.9:\n1/100")
    assert pointed.xy == pytest.approx((0.9, -0.01 * np.log(0.9)))
    np.testing.assert_array_equal(
        line(honesty, MODEL).get_xydata(), np.column_stack([truths, best])
    )
    honest = next(one for one in honesty.lines if hue(one) == MUTED.lower())
    np.testing.assert_array_equal(honest.get_xdata(), honest.get_ydata())
    assert written(honesty, "true 0.9,\nsays 0.694")
    assert abs(best - 0.5).max() < 0.49 and best[49] == pytest.approx(0.5)
    assert "at 0.9 focal is 1/100 of it" in words and "S through (½, ½)" in words
    assert f"says 0.694 where 0.9 is true and {best[0]:.3f} where 0.01 is" in words

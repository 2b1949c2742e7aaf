"""Pictures of notebook 09: a rare class, its weight, and where the cut stands."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from numpy.typing import NDArray

from cecourse.palette import ACCENT, FAINT, GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink, tint
from cecourse.picture import LOSS_LINE, Picture, arrow, dot, headline, new_figure, point, write
from cehelpers import (
    confusion_counts,
    cost_threshold,
    logit,
    precision_recall_curve,
    precision_recall_f1,
    roc_auc,
    roc_curve,
    sigmoid,
)

SHOWN = 20_000  # payments
RAW_LINE = {"color": TRUTH, "linestyle": "-", "linewidth": 2.4}
WEIGHTED_LINE = {"color": GOOD, "linestyle": (0, (5, 2)), "linewidth": 2.4}
GROUPS, GROUP = 8, 2  # with equal numbers of frauds; the one that is spoken of
SHARES = (0.5, 0.9, 0.99, 0.999)  # of the ordinary payments, inside the discs
VIEW = ((-5.8, 9.2), (-4.0, 5.2))  # of the plane of payments


def _plane(ax: Axes, frauds: NDArray) -> None:
    """The axes of a payment's two features, with some frauds as diamonds."""
    ax.scatter(*frauds.T, s=44, color=MODEL, edgecolor="white", marker="D", zorder=6)
    ax.set(xlim=VIEW[0], ylim=VIEW[1], aspect="equal")
    ax.set_xlabel("oddness of the amount")
    ax.set_ylabel("oddness of the hour")
    ax.grid(False)


def _drawn(X: NDArray, y: NDArray, k: int) -> NDArray:
    """Class k's part of the rows shown; `len` counts in Python ints, which hold in 32 bits too."""
    rows = X[y == k]
    return rows[: round(len(rows) * SHOWN / len(y))]


def _rings(ax: Axes, X: NDArray, y: NDArray, degrees: float) -> str:
    """The frauds, over discs that hold a half to 99.9% of the ordinary payments; both in words.

    What each disc holds is written in that direction from their middle.
    """
    way = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    frauds = _drawn(X, y, 1)
    _plane(ax, frauds)
    for share, depth in zip(SHARES, (0.47, 0.33, 0.21, 0.12), strict=True):
        radius = np.sqrt(-2 * np.log(1 - share))  # of two independent standard normals
        ax.add_patch(Circle((0, 0), radius, facecolor=tint(MUTED, depth), zorder=1 - share / 10))
        at = (radius - 0.28) * way
        write(ax, at, f"{share * 100:g}%", "center middle", REMARK, size=9)
    words = "discs: shares\nof the ordinary\npayments"
    write(ax, (9.1, 5.05), words, "right top", REMARK, size=10, zorder=5)
    shares = ", ".join(f"{share * 100:g}" for share in SHARES)
    return f"Grey discs that hold {shares}% of the ordinary payments, {len(frauds)} frauds"


def _caught(frauds: NDArray, fit, z: float) -> int:
    """How many frauds lie where the logit reaches z."""
    return int(np.sum(frauds @ np.asarray(fit.coef) + fit.intercept >= z))


def _tilt(fit) -> float:
    """The angle of a fit's cut to the vertical, in degrees."""
    return float(np.degrees(np.arctan2(fit.coef[1], fit.coef[0])))


def _line(ax: Axes, coef, intercept: float, z: float, **look) -> NDArray:
    """Draw where coef·x + intercept = z, and return its two ends."""
    h = np.array(VIEW[1])
    x = (z - intercept - coef[1] * h) / coef[0]
    ax.plot(x, h, **look, zorder=8)
    return np.column_stack([x, h])


def crowd(X: NDArray, y: NDArray) -> Picture:
    """As many payments as are shown, on the plane of its two features, frauds as diamonds."""
    fig = new_figure(7.2, 4.4)
    ax = fig.subplots()
    crowd, frauds = (_drawn(X, y, k) for k in (0, 1))
    ax.scatter(*crowd.T, s=2.2, color=FAINT, linewidths=0, zorder=2)
    _plane(ax, frauds)
    rare = len(frauds)
    write(ax, (-5.7, -3.75), f"{SHOWN - rare:,} ordinary payments", "halo", REMARK)
    write(ax, (9.05, 4.55), f"{rare} frauds", "right bold", ink(MODEL))
    ax.set_title("A few diamonds beside a crowd, and no gap between them")
    middles = (f"({round(x)}, {round(y)})" for x, y in (crowd.mean(axis=0), frauds.mean(axis=0)))
    inside = np.sum(np.hypot(*frauds.T) < 2)
    return Picture(
        fig,
        f"{SHOWN - rare:,} ordinary payments as a round grey cloud around {next(middles)}, and "
        f"{rare} frauds as diamonds around {next(middles)}. The diamonds lie on the edge of the "
        f"cloud, {inside} of them well inside it, less than 2 from its middle.",
    )


def two_cuts(X: NDArray, y: NDArray, plain, weighted, weight: float) -> Picture:
    """The cuts at ½ of a plain and of a weighted fit, and the plain one's cut at 1/(1 + w)."""
    fig = new_figure(7.2, 4.7)
    ax = fig.subplots()
    words = _rings(ax, X, y, 120)
    shift = np.log(weight)
    far = _line(ax, plain.coef, plain.intercept, 0.0, **RAW_LINE)
    _line(ax, plain.coef, plain.intercept, -shift, color=TRUTH, linewidth=6, alpha=0.35)
    near = _line(ax, weighted.coef, weighted.intercept, 0.0, **WEIGHTED_LINE)
    start = far[0] + 0.24 * (far[1] - far[0])
    normal = np.array(plain.coef) / np.linalg.norm(plain.coef)
    end = start - normal * shift / np.linalg.norm(plain.coef)
    arrow(ax, start, end, linewidth=1.8, shrinkA=0, shrinkB=0, zorder=9)
    step = f"ln {weight:g} = {shift:.2f}"
    write(ax, start + [0.4, -0.25], step, "top bold halo", zorder=10)
    beside = far[0] + 0.6 * (far[1] - far[0]) + [0.3, 0.1]
    write(ax, beside, "plain fit,\np = ½", "bold halo", TRUTH)
    how = "right bold halo"
    write(ax, near[0] + [-0.75, 0.82], "weighted fit, p = ½", how, ink(GOOD), zorder=10)
    low = f"p = 1/{weight + 1:g}"
    band = f"wide band: plain fit, {low}"
    write(ax, near[0] + [-0.45, 0.16], band, how, TRUTH, zorder=10)
    ax.set_title("The weight moves the cut and hardly turns it")
    frauds = _drawn(X, y, 1)
    return Picture(
        fig,
        f"{words}, and straight cuts. Beyond the plain fit's p = ½, far to the upper right, lie "
        f"{_caught(frauds, plain, 0.0)} frauds. The weighted fit's p = ½ is turned by "
        f"{abs(_tilt(weighted) - _tilt(plain)):.1f}°, with {_caught(frauds, weighted, 0.0)} frauds "
        f"beyond it; it lies almost on top of the plain fit's {low}, with "
        f"{_caught(frauds, plain, -shift)}. "
        f"An arrow from the plain fit's p = ½ to that band says {step}.",
    )


def crossed_cuts(X: NDArray, y: NDArray, plain, weighted, weight: float) -> Picture:
    """Two kinds of fraud and one straight line: the two fits disagree about its direction."""
    fig = new_figure(7.2, 4.7)
    ax = fig.subplots()
    told = _rings(ax, X, y, 240)
    _line(ax, plain.coef, plain.intercept, -np.log(weight), **RAW_LINE)
    _line(ax, weighted.coef, weighted.intercept, 0.0, **WEIGHTED_LINE)
    bottom = (-np.log(weight) - plain.intercept + 3.6 * plain.coef[1]) / plain.coef[0]
    words = f"plain fit,\np = 1/{weight + 1:g}"
    write(ax, (bottom - 0.8, -3.7), words, "right bold halo", TRUTH, zorder=10)
    write(ax, (-5.7, 0.7), "weighted fit,\np = ½", "middle bold halo", ink(GOOD), zorder=10)
    ax.set_title("Where the model is wrong, the weight turns the cut as well")
    frauds = _drawn(X, y, 1)
    upper = frauds[frauds[:, 1] > frauds[:, 0]]
    return Picture(
        fig,
        f"{told} in two groups, one far right, one above the middle, on top of the discs. The "
        f"plain fit's p = 1/{weight + 1:g} leans {_tilt(plain):.0f}° from the vertical, with "
        f"{_caught(upper, plain, -np.log(weight))} of the {len(upper)} upper frauds beyond it. "
        f"The weighted fit's p = ½ crosses it, leans {_tilt(weighted):.0f}° and has "
        f"{_caught(upper, weighted, 0.0)} of them beyond it.",
    )


def roc_and_pr(y: NDArray, p: NDArray, cuts: Mapping[str, float]) -> Picture:
    """The ROC and the precision-recall curve of the same scores, with some cuts on both."""
    fig = new_figure(7.2, 4.1)
    left, right = fig.subplots(1, 2)
    roc, pr = roc_curve(y, p), precision_recall_curve(y, p)
    thin = slice(None, None, max(1, len(roc.fpr) // 4000))
    left.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=":")
    left.plot(roc.fpr[thin], roc.tpr[thin], **LOSS_LINE)
    right.plot(pr.recall[5:], pr.precision[5:], color=LOSS, linewidth=1.8)
    base = float(y.mean())
    right.axhline(base, color=MUTED, linewidth=1, linestyle=":")
    write(right, (0.02, base + 0.012), f"base rate {base:.4f}", "", REMARK, size=10)
    shapes = ("o", "s", "D", "^")
    told = []
    for (name, cut), shape in zip(cuts.items(), shapes, strict=False):
        flagged = (p >= cut).astype(int)
        tn, fp, _, _ = confusion_counts(y, flagged)
        precision, recall, _ = precision_recall_f1(y, flagged)
        share = fp / (fp + tn)
        look = {"color": MODEL, "markersize": 9, "markeredgecolor": "white", "zorder": 6}
        left.plot(share, recall, shape, **look, clip_on=False)
        right.plot(recall, precision, shape, **look, clip_on=False)
        told.append(
            f"the cut {name} has recall {recall:.2f}, flags {100 * share:.3g}% of the ordinary "
            f"payments and has precision {precision:.2f}"
        )
        write(left, (share, recall), f"cut {name}", "halo", ink(MODEL), shift=(10, -5))
        low = recall > 0.6
        write(
            right,
            (recall, precision),
            f"cut {name}: {precision:.2f}",
            "halo",
            ink(MODEL),
            shift=(18, 14) if low else (12, 2),
            ha="right" if low else "left",
        )
    write(left, (0.97, 0.06), f"AUC {roc_auc(y, p):.3f}", "right bold", size=13)
    left.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.04))
    right.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.04))
    left.set_xlabel("share of the ordinary flagged")
    left.set_ylabel("recall")
    right.set_xlabel("recall")
    right.set_ylabel("precision")
    left.set_title("ROC", fontsize=11)
    right.set_title("precision-recall", fontsize=11)
    headline(fig, "The same scores look strong on the left and weak on the right")
    return Picture(
        fig,
        f"Left, the ROC curve, close to the upper left corner, area {roc_auc(y, p):.3f}. Right, "
        f"precision against recall falls fast towards the base rate of {base:.4f}. On both, "
        f"{'; '.join(told)}.",
    )


def bill(
    thresholds: Sequence[float], costs: Sequence[float], cost_fp: float, cost_fn: float
) -> Picture:
    """What every cut costs, in thousands of euros, with the cut of the formula and the cut at ½."""
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    t, k = np.asarray(thresholds), np.asarray(costs) / 1000
    best = cost_threshold(cost_fp, cost_fn)
    ax.plot(t, k, **LOSS_LINE)
    ax.set_xscale("log")
    told = {}
    for cut, name, place in (
        (best, f"t* = 1/{1 / best:.0f}", (0, -42)),
        (0.5, "the default, ½", (-8, -80)),
    ):
        at = float(np.interp(np.log(cut), np.log(t), k))
        ax.plot([cut, cut], [0, at], color=MUTED, linewidth=1.1, linestyle=":")
        told[name] = f"{at:,.0f} thousand"
        dot(ax, (cut, at), MODEL, size=10, zorder=6)
        write(
            ax,
            (cut, at),
            f"{name}:\n{told[name]}",
            "bold halo",
            ink(MODEL),
            shift=place,
            ha="center" if cut == best else "right",
        )
    write(
        ax,
        (2.2e-4, np.interp(np.log(2.2e-4), np.log(t), k) + round(k[-1] / 22)),
        "more and more false alarms",
        size=10,
    )
    write(ax, (0.95, k[-1] + round(k[-1] / 28)), "flag nothing: all frauds", "right", size=10)
    ax.set(xlim=(t[0], 1), ylim=(0, k.max() * 1.12))
    ticks = [1e-4, 1e-3, 1e-2, 1e-1, 1]
    ax.set_xticks(ticks, [f"{x:g}" for x in ticks])
    ax.set_xlabel("t, the cut: flag where p ≥ t")
    ax.set_ylabel("cost in thousands of €")
    ax.set_title("The price list decides the cut, and it is not ½")
    (formula, low), (habit, high) = told.items()
    return Picture(
        fig,
        f"Cost in thousands of € against the cut on a logarithmic axis: a wide valley. Its lowest "
        f"point is {k.min():,.0f} thousand, near {formula} with {low}; at {habit}, it is {high}, "
        f"and {k[-1]:,.0f} thousand where nothing is flagged. To the left of the valley it rises "
        f"with the false alarms, to {k[0]:,.0f} thousand.",
    )


def face_value(y: NDArray, raw: NDArray, undone: NDArray, weight: float) -> Picture:
    """Stated against observed share of frauds, on logarithmic axes, before and after undoing w."""
    fig = new_figure(7.2, 4.3)
    ax = fig.subplots()
    low = 1e-4
    ax.plot([low, 1], [low, 1], color=MUTED, linewidth=1.4, linestyle=":")
    groups = equal_frauds(y, raw)
    seen = np.array([y[part].mean() for part in groups])
    stated = {}
    for name, p, marker, hue, dark, place, side in (
        (f"as trained, weight {weight:g}", raw, "s", GOOD, ink(GOOD), (-14, 0), "right"),
        ("weight undone: says what happens", undone, "o", TRUTH, TRUTH, (14, -8), "left"),
    ):
        stated[name] = said = np.array([p[part].mean() for part in groups])
        dot(ax, (said, seen), hue, marker, zorder=6, clip_on=False)
        at = -1 if p is raw else -2
        write(ax, (said[at], seen[at]), name, f"{side} middle bold", dark, shift=place)
    i = GROUP
    a, b = (said[i] for said in stated.values())
    arrow(ax, (a * 0.85, seen[i]), (b * 1.2, seen[i]), linewidth=1.5)
    words = f"says {a:.2f}, happens {seen[i]:.3f}"
    write(ax, (b * 0.75, seen[i] * 1.12), words, "right middle")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set(xlim=(low, 1), ylim=(low, 1))
    ticks = [1e-4, 1e-3, 1e-2, 1e-1, 1]
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(ticks, [f"{x:g}" for x in ticks])
    ax.set_xlabel("p, mean of a group's stated probabilities")
    ax.set_ylabel("share of frauds in the group")
    ax.set_title("A weighted model overstates, until the weight is undone")
    each, back = int(y[groups[0]].sum()), stated["weight undone: says what happens"]
    return Picture(
        fig,
        f"{len(groups)} groups of payments with {each} frauds each, stated probability against "
        f"share of frauds on logarithmic axes. The squares, as trained with weight {weight:g}, "
        f"crowd at the right: one {words}. The circles, weight undone, lie on the diagonal from "
        f"{back[-1]:.1g} to {back[0]:.1g}.",
    )


def equal_frauds(y: NDArray, p: NDArray) -> list[NDArray]:
    """Row indices in falling order of p, cut so that every group has as many frauds."""
    order = np.argsort(-p, kind="stable")
    so_far = np.cumsum(y[order])
    ends = np.searchsorted(so_far, np.arange(1, GROUPS + 1) * y.sum() / GROUPS)
    return np.split(order, ends + 1)[:GROUPS]


def f1_moves(y: NDArray, fits: Mapping[str, NDArray]) -> Picture:
    """F1 against the cut, for the logits of several models that rank alike."""
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    looks = ((RAW_LINE, TRUTH, (-6, 10), "right"), (WEIGHTED_LINE, ink(GOOD), (8, 10), "left"))
    told, best_cuts, top = [], [], 0.29
    for (name, z), (line, dark, place, side) in zip(fits.items(), looks, strict=False):
        curve = precision_recall_curve(y, z)
        total = np.maximum(curve.precision + curve.recall, 1e-12)
        f1 = 2 * curve.precision * curve.recall / total
        keep = np.unique(np.geomspace(1, len(f1) - 1, 1500).astype(int))
        ax.plot(curve.thresholds[keep], f1[keep], **(line | {"linewidth": 2}))
        best = int(np.argmax(f1))
        top = max(top, 1.25 * f1[best])
        cut = curve.thresholds[best]
        dot(ax, (cut, f1[best]), dark, size=10, zorder=6)
        best_cuts.append(cut)
        told.append(f"{name} peaks at {f1[best]:.2f}, at p = {sigmoid(float(cut)):.2f}")
        write(
            ax,
            (cut, f1[best]),
            f"{name}: best F1 {f1[best]:.3f}\nat p = {sigmoid(float(cut)):.3f}",
            "bold",
            dark,
            shift=place,
            ha=side,
        )
    ticks = [0.0001, 0.01, 0.5, 0.99, 0.9999]
    ax.set_xticks([logit(p) for p in ticks], [f"{p:g}" for p in ticks])
    ax.set(xlim=(-11.5, 12), ylim=(0, top))
    ax.set_xlabel("the cut, as a probability (on the ruler of z)")
    ax.set_ylabel("F1")
    ax.set_title("The same hill, moved: best F1 stays, its cut does not")
    return Picture(
        fig,
        "F1 against the cut on the ruler of z. Two hills of the same shape, the second "
        f"{best_cuts[1] - best_cuts[0]:.1f} further to the right: {'; '.join(told)}.",
    )


def focal(forecasts: NDArray, truths: NDArray, best: NDArray, marked: float) -> Picture:
    """Focal loss (γ = 2) beside cross-entropy, and the forecast that it asks for."""
    fig = new_figure(7.2, 4.0)
    left, right = fig.subplots(1, 2)
    p = forecasts
    left.plot(p, -np.log(p), **LOSS_LINE)
    left.plot(p, (1 - p) ** 2 * -np.log(p), color=MODEL, linestyle=(0, (5, 2)))
    write(left, (0.3, 1.5), "cross-entropy", "bold")
    write(left, (0.03, 0.07), "focal, γ = 2", "bold halo", ink(MODEL))
    there = (1 - marked) ** 2
    words = f"at {marked:g}:\n1/{1 / there:.0f}"
    point(left, (marked, -there * np.log(marked)), words, (0.86, 0.62), "center head", ink(MODEL))
    left.set(xlim=(0, 1), ylim=(0, 3))
    left.set_xlabel("p_t, given to what happened")
    left.set_ylabel("loss in nats")
    left.set_title("easy rows count less …", fontsize=11)
    right.plot([0, 1], [0, 1], color=MUTED, linewidth=1.4, linestyle=":")
    right.plot(truths, best, color=MODEL, linestyle=(0, (5, 2)))
    at = float(np.interp(marked, truths, best))
    right.plot([marked, marked], [at, marked], color=LOSS, linewidth=1.4)
    dot(right, (marked, at), MODEL, size=10, zorder=6)
    right.plot(marked, marked, "o", color="white", markeredgecolor=MUTED, markersize=8, zorder=6)
    write(right, (0.98, 0.28), f"true {marked:g},\nsays {at:.3f}", "right bold", ink(MODEL))
    write(right, (0.3, 0.2), "honest", "", REMARK, size=10, rotation=40)
    right.set(xlim=(0, 1), ylim=(0, 1))
    right.set_xlabel("η, the true probability")
    right.set_ylabel("p that minimises the mean loss")
    right.set_title("… and forecasts crowd towards ½", fontsize=11)
    headline(fig, "Focal loss looks at the hard rows and pays with honesty")
    return Picture(
        fig,
        "Left, cross-entropy in nats and below it the focal loss with γ = 2 against p_t; at "
        f"{marked:g} focal is 1/{1 / there:.0f} of it. Right, the best forecast under focal loss "
        f"against the true probability: a flat S through (½, ½) that says {at:.3f} where "
        f"{marked:g} is true and {best[0]:.3f} where {truths[0]:g} is.",
    )


def operating_axes(left: Axes, right: Axes) -> None:
    """Label the pair of axes of the explorer: outputs on the ruler of z, and the ROC curve."""
    ticks = [0.0001, 0.01, 0.5, 0.99]
    left.set_xticks([logit(p) for p in ticks], [f"{p:g}" for p in ticks])
    left.set_yticks([])
    left.grid(False)
    left.spines["left"].set_visible(False)
    left.set_xlabel("the model's p (on the ruler of z)")
    right.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.04))
    right.set_xlabel("share of the ordinary flagged")
    right.set_ylabel("recall")


CHEAPEST = {
    "marker": "o",
    "markerfacecolor": "white",
    "markeredgecolor": ACCENT,
    "markeredgewidth": 2.4,
    "markersize": 13,
    "linestyle": "none",
}

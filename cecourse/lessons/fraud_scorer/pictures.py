"""Pictures of notebook 10, first half: what a fraud score says, and what it can mean."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import NullFormatter, NullLocator
from numpy.typing import NDArray

from cecourse.palette import (
    ACCENT,
    EXTRA,
    FAINT,
    GOOD,
    LOSS,
    MODEL,
    MUTED,
    REMARK,
    TRUTH,
    ink,
    tint,
)
from cecourse.picture import LOSS_LINE, Picture, arrow, dot, headline, new_figure, point, write
from cehelpers import logit, sigmoid, wilson_interval

GREYS = colormaps["Greys"].resampled(9)
STORY_MARKS = ((0.91, 0.042), (0.96, 0.011))  # AUC and log loss after epochs 1 and 12
STORY = {"marker": "s", "color": LOSS, "markersize": 10, "markeredgecolor": "white"}
TOP = 0.3  # above it a score is dear to whoever is blocked
SAID, MEANT = 0.35, 0.32  # a score, and what the story makes of it
ROWS_FOR_TWO_POINTS = 1.96**2 * SAID * (1 - SAID) / 0.02**2


def log_ticks(axis: Axis, ticks: Sequence[float]) -> None:
    """Mark a logarithmic axis at these values, written out, and nowhere else."""
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
    axis.set_ticks(ticks, [f"{t:g}" for t in ticks])


def nats(loss: float) -> str:
    """Write a trained network's log loss as far as all processors agree on it.

    To the nearest 0.0005, and from 0.05 on to one digit: rounding grows in training.
    """
    return f"{round(2000 * loss) / 2000:.4f}" if loss < 0.05 else f"{loss:.1g}"


# ---------------------------------------------------------------- the ceiling


def ceiling(
    aucs: NDArray,
    tops: NDArray,
    *,
    cloud: tuple[NDArray, NDArray],
    runs: Mapping[str, tuple[float, float]],
    raw: tuple[float, float],
) -> Picture:
    """The most that a calibrated score of a given AUC can lose, and who lies above it.

    Parameters
    ----------
    aucs, tops : ndarray, shape (m,)
        The curve, in nats.
    cloud : (aucs, losses)
        Calibrated scores drawn at random; every third is shown.
    runs : mapping of str to (auc, loss)
        Other scores by name.
    raw : (auc, loss)
        The weighted network as trained; "w550 − ln 550" in `runs` is the same one, undone.
    """
    fig = new_figure(7.2, 5.6)
    ax = fig.subplots()

    def across(auc):  # each halving of 1 − AUC is one step to the right
        return -np.log2(1 - np.asarray(auc, dtype=float))

    x, right = across(aucs), float(across(0.992))
    ax.fill_between(x, tops, 1, facecolor=tint(MODEL), edgecolor="none", zorder=1)
    ax.plot(
        across(cloud[0][::3]),
        cloud[1][::3],
        ".",
        color=FAINT,
        markersize=2.4,
        zorder=2,
        antialiased=False,
    )
    ax.plot(x, tops, **LOSS_LINE, zorder=4)
    base = float(tops[0])
    ax.plot([1, right], [base, base], color=MUTED, linestyle=":", linewidth=1.3, zorder=2)
    write(ax, (1.07, base * 1.07), f"a constant: {base:.4f}", "", REMARK, size=10)
    write(
        ax,
        (2.3, 0.098),
        "no calibrated score\ncan be up here",
        "center middle bold",
        ink(MODEL),
        size=14.5,
        linespacing=1.3,
    )
    write(
        ax,
        (right - 0.08, 0.0022),
        "grey dots: calibrated\nscores of random shape",
        "right halo",
        REMARK,
        size=10,
        linespacing=1.3,
        zorder=3,
    )
    point(
        ax,
        (across(0.986), np.interp(0.986, aucs, tops)),
        "the ceiling",
        (6, 26),
        "center bold",
        LOSS,
        size=12.5,
        line={"linewidth": 1},
        textcoords="offset points",
    )

    (x0, y0), (x1, y1) = [(float(across(auc)), loss) for auc, loss in STORY_MARKS]
    arrow(
        ax,
        (x0, y0),
        (x1, y1),
        linewidth=1.5,
        linestyle=(0, (4, 2)),
        shrinkA=8,
        shrinkB=7,
        connectionstyle="arc3,rad=-0.28",
        zorder=5,
    )
    ax.plot([x0, x1], [y0, y1], **STORY, linestyle="none", zorder=8)
    write(ax, (x0 - 0.13, y0), f"the story,\nepoch 1: {y0}", "right middle bold")
    roof = float(np.interp(STORY_MARKS[1][0], aucs, tops))
    write(
        ax,
        (x1 + 0.2, 0.0275),
        f"the story,\nepoch 12: {y1}\n(ceiling: {roof:.4f})",
        "middle bold",
        linespacing=1.25,
    )
    ax.plot([x1 + 0.09, x1 + 0.27], [y1 * 1.08, 0.0185], color=LOSS, linewidth=1, zorder=5)

    undone = runs["w550 − ln 550"]
    xr, xu = across(raw[0]), across(undone[0])
    arrow(
        ax,
        (xr, raw[1]),
        (xu, undone[1]),
        MODEL,
        linewidth=2.6,
        shrinkA=8,
        shrinkB=7,
        mutation_scale=14,
        zorder=6,
    )
    dot(ax, (xr, raw[1]), MODEL, "D", size=11, zorder=8)
    write(
        ax,
        (xr - 0.15, raw[1]),
        f"our net, weighted 550×: {nats(raw[1])}",
        "right middle bold",
        ink(MODEL),
    )
    write(
        ax,
        (xr + 0.1, 0.085),
        "subtract ln 550:\nsame ranking,\nstraight down",
        "middle",
        ink(MODEL),
        linespacing=1.3,
    )

    looks = {  # marker, its size, its colour, that of words, the height of the words
        "logistic regression": ("^", 9, GOOD, ink(GOOD), None),
        "w550 − ln 550": ("D", 9, MODEL, ink(MODEL), 0.0061),
        "net": ("o", 8.5, TRUTH, TRUTH, 0.0044),
        "gradient boosting": ("v", 9, EXTRA, ink(EXTRA), 0.0032),
        "the true posterior": ("*", 14, ACCENT, ink(ACCENT), 0.0023),
    }
    for name, (marker, size, hue, dark, height) in looks.items():
        auc, loss = runs[name]
        dot(ax, (across(auc), loss), hue, marker, size=size, zorder=8)
        how = "right middle bold halo"
        if height is None:
            write(
                ax,
                (across(auc), loss),
                f"{name}: {nats(loss)}",
                how,
                dark,
                shift=(-9, 0),
                size=10.5,
                zorder=9,
            )
        else:
            point(
                ax,
                (across(auc), loss),
                f"{name}: {nats(loss)}",
                (across(0.925), height),
                how,
                dark,
                size=10.5,
                zorder=9,
                line={"linewidth": 1, "relpos": (1, 0.5), "zorder": 5},
            )
    ticks = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99]
    ax.set_xticks(across(ticks), [f"{t:g}" for t in ticks])
    ax.set_yscale("log")
    log_ticks(ax.yaxis, [0.005, 0.01, 0.02, 0.05, 0.1, 0.2])
    ax.set(xlim=(1, right), ylim=(0.002, 0.33))
    ax.set_xlabel("AUC (each halving of 1 − AUC is one step); 0.18% frauds")
    ax.set_ylabel("log loss in nats (logarithmic)")
    ax.set_title("An AUC puts a ceiling on the log loss of honest probabilities")
    (first, _), (last, end) = STORY_MARKS
    others = ", ".join(f"{name} {nats(runs[name][1])}" for name in looks if name != "w550 − ln 550")
    return Picture(
        fig,
        "Log loss in nats, logarithmic, against AUC. A black curve, the ceiling, falls from the "
        f"constant's {base:.4f} at AUC {aucs[0]:g} to {roof:.4f} at AUC {last}; random calibrated "
        "scores lie below it. Above it, where no calibrated score can be, are the story's two "
        f"points, {y0} at {first} and {end} at {last}, and our net weighted 550×, at "
        f"{nats(raw[1])}. An arrow straight down, minus ln 550, brings it to {nats(undone[1])}, "
        f"below the curve, beside {others}.",
    )


def worst_honest(rank: NDArray, worst: NDArray, ours: NDArray, auc: float) -> Picture:
    """Logit of the calibrated score that costs most at its AUC, and of a real one, by rank.

    Parameters
    ----------
    rank : ndarray, shape (m,)
        Share of all payments that score lower, rising.
    worst, ours : ndarray, shape (m,)
        Logits of the extremal and of a real posterior at these ranks.
    auc : float
        Of the extremal score.
    """
    fig = new_figure(7.2, 3.4)
    ax = fig.subplots()
    ax.plot(rank, worst, **LOSS_LINE)
    ax.plot(rank, ours, color=TRUTH, linewidth=2)
    at = int(0.3 * len(rank))
    point(
        ax,
        (rank[at], worst[at]),
        f"costs most at AUC {auc:g}:\na straight line",
        (34, -22),
        "bold",
        LOSS,
        textcoords="offset points",
    )
    at = int(0.42 * len(rank))
    point(
        ax,
        (rank[at], ours[at]),
        "the true posterior, AUC about the same:\nbends up late, so it costs less",
        (-10, 26),
        "center bold",
        TRUTH,
        textcoords="offset points",
    )
    ticks = [1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 0.01, 0.5]
    ax.set_yticks(logit(ticks), [f"{t:g}" for t in ticks])
    ax.set(xlim=(0, 1), ylim=(min(worst[0], ours[0]) - 1, logit(0.97)))
    ax.set_xlabel("rank u: share of all payments with a lower score")
    ax.set_ylabel("p (on the ruler of z)")
    ax.set_title("The most expensive honest score spreads its doubt evenly")
    ends, real = sigmoid(worst[[0, -1]]), sigmoid(ours[-1])
    line, curve = (np.ptp(np.interp([0.25, 0.75], rank, z)) for z in (worst, ours))
    return Picture(
        fig,
        f"Probability on the ruler of z against the rank from 0 to 1. The score that costs most at "
        f"AUC {auc:g} is a straight line from {ends[0]:.0e} to {ends[1]:.2f}. The true posterior "
        f"of our payments is flatter in the middle (from rank ¼ to ¾ it climbs {curve:.1f} in z, "
        f"the line {line:.1f}) and bends up late, to {real:.1f} at the very end.",
    )


# ---------------------------------------------------------------- training


def epochs(runs: Mapping[str, tuple[NDArray, NDArray]], base: float, best: tuple) -> Picture:
    """Validation log loss and AUC by epoch, for two starts of the last bias.

    Parameters
    ----------
    runs : mapping of str to (losses, aucs)
        Epochs 0 to 12; two runs.
    base : float
        Log loss of the base rate.
    best : (loss, auc)
        Of the true posterior.
    """
    fig = new_figure(7.2, 3.5)
    left, right = fig.subplots(1, 2)
    looks = (
        ({"color": ACCENT, "linestyle": (0, (5, 2)), "marker": "s"}, ink(ACCENT), (14, 2)),
        ({"color": GOOD, "marker": "o"}, ink(GOOD), (30, -16)),
    )
    for (name, (losses, aucs)), (look, dark, place) in zip(runs.items(), looks, strict=True):
        at = np.arange(len(losses))
        left.plot(at, losses, **look, markersize=4.5, linewidth=1.8, clip_on=False, zorder=5)
        right.plot(at[1:], aucs[1:], **look, markersize=4.5, linewidth=1.8, zorder=5)
        write(left, (0, losses[0]), f"{name}: {losses[0]:.2g}", "bold", dark, size=10, shift=place)
    for ax, level, words, lift in (
        (left, base, f"a constant: {base:.4f}", 1.08),
        (left, best[0], "", 1),
    ):
        ax.axhline(level, color=MUTED, linestyle=":", linewidth=1.3)
        write(ax, (12, level * lift), words, "right", REMARK, size=10)
    write(left, (0.3, best[0] * 0.86), f"the true posterior: {best[0]:.4f}", "top", REMARK, size=10)
    right.axhline(best[1], color=MUTED, linestyle=":", linewidth=1.3)
    write(right, (1, best[1] + 0.002), f"the true posterior: {best[1]:.3f}", "", REMARK, size=10)
    left.set_yscale("log")
    log_ticks(left.yaxis, [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5])
    left.set(xlim=(-0.3, 12.3), ylim=(0.0042, 1))
    low = min(float(np.min(aucs[1:])) for _, aucs in runs.values())
    right.set(xlim=(0.5, 12.5), ylim=(low - 0.006, best[1] + 0.008))
    for ax in (left, right):
        ax.set_xticks([0, 4, 8, 12] if ax is left else [1, 4, 8, 12])
        ax.set_xlabel("epoch")
    left.set_ylabel("validation log loss in nats")
    right.set_ylabel("validation AUC")
    headline(fig, "Start the bias at logit π: the first epoch need not learn that fraud is rare")
    told = "; ".join(
        f"the run with its {name} begins at {losses[0]:.2g} nats and ends at {losses[-1]:.3f}, "
        f"with AUC {aucs[-1]:.2f}"
        for name, (losses, aucs) in runs.items()
    )
    first = max(losses[1] for losses, _ in runs.values())
    return Picture(
        fig,
        f"Two panels over {at[-1]} epochs, log loss and AUC in the watched month: {told}. After "
        f"one epoch both are below {np.ceil(100 * first) / 100:g}, and stay between a constant's "
        f"{base:.4f} nats and the true posterior's {best[0]:.4f}, which has AUC {best[1]:.2f}.",
    )


# ---------------------------------------------------------------- the weight


def shifted(z: NDArray, weighted: NDArray, shift: float) -> Picture:
    """Logits of the weighted against the unweighted network, with the line of slope 1.

    Parameters
    ----------
    z, weighted : ndarray, shape (n,)
        Logits of the same payments, calibrated and as trained with the weight.
    shift : float
        ln w.
    """
    fig = new_figure(7.2, 4.3)
    ax = fig.subplots()
    low, high = -16.5, 4.0
    box = (low, high, low + 4, high + 9)
    ax.hexbin(
        z,
        weighted,
        gridsize=26,
        bins="log",
        cmap=GREYS,
        antialiased=False,
        extent=box,
        mincnt=1,
        linewidths=0,
        vmin=0.4,
        zorder=1,
    )
    ends = np.array([low, high])
    ax.plot(ends, ends, color=MUTED, linestyle=":", linewidth=1.4)
    ax.plot(ends, ends + shift, color=MODEL, linewidth=2.2, linestyle=(0, (5, 2)), zorder=4)
    edges = np.arange(-13, 3, 1.0)
    spots = [(float(e) + 0.5, weighted[(z >= e) & (z < e + 1)]) for e in edges]
    spots = [(x, float(np.median(v))) for x, v in spots if len(v) >= 20]
    dot(ax, zip(*spots, strict=True), LOSS, size=5)
    foot = 1.4
    arrow(
        ax, (foot, foot), (foot, foot + shift), MODEL, linewidth=1.5, shrinkA=0, shrinkB=0, zorder=6
    )
    write(
        ax,
        (foot + 0.25, foot + shift * 0.4),
        f"ln 550\n= {shift:.2f}",
        "middle bold halo",
        ink(MODEL),
    )
    said = float(logit(SAID))
    meant = said - shift
    ax.plot([low, meant, meant], [said, said, low + 4], color=TRUTH, linewidth=1.5, zorder=5)
    dot(ax, (meant, said), TRUTH, zorder=7)
    write(ax, (low + 0.3, said + 0.35), f"says {SAID}", "bold halo", TRUTH, zorder=6)
    write(ax, (meant + 0.3, low + 4.5), f"means {sigmoid(meant):.5f}", "bold halo", TRUTH, zorder=6)
    write(ax, (-1.9, -2.6), "equal", "middle", REMARK, size=10, rotation=38)
    write(
        ax,
        (low + 0.3, high + 3.2),
        "shade: payments, logarithmic\nblack dots: medians",
        "middle",
        size=10,
        linespacing=1.4,
    )
    ticks = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9]
    ax.set_xticks(logit(ticks), [f"{t:g}" for t in ticks])
    ticks = [*ticks[1:-1], 0.9, 0.99, 0.999]
    ax.set_yticks(logit(ticks), [f"{t:g}" for t in ticks])
    ax.set(xlim=(low, high), ylim=(low + 4, high + 7))
    ax.set_xlabel("p of the unweighted net (on the ruler of z)")
    ax.set_ylabel("p of the net weighted 550×")
    ax.set_title("The weight lifts the whole cloud by about ln 550")
    return Picture(
        fig,
        "The test payments as a grey cloud: probability of the weighted net against that of the "
        "unweighted one, both on the ruler of z. The medians, black dots, lie near the dashed line "
        f"of slope 1 that is {shift:.2f} above equality. A line from a weighted {SAID} meets it "
        f"at {sigmoid(meant):.2g}.",
    )


def reliability(y: NDArray, scores: Mapping[str, NDArray]) -> Picture:
    """Stated against observed share of fraud on the rulers of z, three versions of one score.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Labels.
    scores : mapping of str to ndarray of shape (n,)
        Logits that rank alike; three of them. Groups hold equally many frauds.
    """
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    z = next(iter(scores.values()))
    bins = max(2, min(10, int(y.sum()) // 3))
    order = np.argsort(-z, kind="stable")
    ends = np.searchsorted(np.cumsum(y[order]), np.arange(1, bins + 1) * y.sum() / bins)
    groups = np.split(order, ends + 1)[:bins]
    hits, rows = (np.array([f(y[g]) for g in groups], dtype=float) for f in (np.sum, len))
    low, high = wilson_interval(hits, rows)
    view = np.array([1.5e-5, 0.9997])
    ax.plot(logit(view), logit(view), color=MUTED, linestyle=":", linewidth=1.5)
    looks = (
        ("s", MODEL, ink(MODEL), 0.45, (-13, 10), "right"),
        ("D", EXTRA, ink(EXTRA), 0.65, (13, -10), "left"),
        ("o", GOOD, ink(GOOD), 0.35, (-12, 8), "right"),
    )
    edge = 1e-6
    low, high, share = (np.clip(x, edge, 1 - edge) for x in (low, high, hits / rows))
    seen = logit(share)
    for (name, s), (marker, hue, dark, at, place, side) in zip(scores.items(), looks, strict=True):
        said = logit(np.array([sigmoid(s[g]).mean() for g in groups]))
        at = int(at * len(said))
        ax.vlines(said, logit(low), logit(high), color=hue, linewidth=1.4, zorder=4)
        hollow = marker == "s"  # so that it shows where a temperature leaves it alone
        ax.plot(
            said,
            seen,
            marker,
            color="white" if hollow else hue,
            markersize=12 if hollow else 7.5,
            zorder=4 if hollow else 5,
            markeredgecolor=hue if hollow else "white",
            markeredgewidth=2 if hollow else 1,
        )
        ax.plot(said, seen, color=hue, linewidth=1, alpha=0.6)
        write(
            ax, (said[at], seen[at]), name, f"{side} middle bold halo", dark, shift=place, zorder=8
        )
    half = float(logit(0.5))
    ax.axvline(half, color=ink(EXTRA), linewidth=1, linestyle=(0, (1, 2)))
    write(
        ax,
        (half + 0.12, logit(2.2e-5)),
        "a temperature turns\nabout this line",
        "bottom",
        ink(EXTRA),
        size=10,
    )
    ticks = [1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99]
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(logit(ticks), [f"{t:g}" for t in ticks])
    ax.set(xlim=logit(view), ylim=logit(np.array([1.5e-5, 0.97])))
    ax.set_xlabel("what the score says (on the ruler of z)")
    ax.set_ylabel("share of frauds that happened")
    ax.set_title("A temperature changes the slope; what was wrong is the place")
    means = [f"{name}: {sigmoid(s).mean():.1g}" for name, s in scores.items()]
    return Picture(
        fig,
        f"Share of frauds against stated probability on the rulers of z, {bins} groups. As "
        "trained, the scores lie far to the right of the diagonal; with the temperature that the "
        "calibration month finds they hardly move; with Platt's slope and bias they lie on the "
        f"diagonal. On average they say: {', '.join(means)}; {y.mean():.1g} happens.",
    )


STEPS = (0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0)  # of what is said: the groups' ends


def against_truth(scores: Mapping[str, NDArray], truth: NDArray) -> Picture:
    """Stated against true probability of fraud on the rulers of z, for two scores.

    Parameters
    ----------
    scores : mapping of str to ndarray of shape (n,)
        Probabilities that are said; two of them.
    truth : ndarray, shape (n,)
        The posterior. Payments are grouped by what is said, where at least 30 say so.
    """
    fig = new_figure(7.2, 4.0)
    ax = fig.subplots()
    view = logit(np.array([0.013, 0.9]))
    ax.plot(view, view, color=MUTED, linestyle=":", linewidth=1.5)
    ax.axvline(logit(TOP), color=MUTED, linewidth=1, linestyle=(0, (1, 2)))
    write(ax, (logit(TOP) + 0.1, view[0] + 0.3), f"above {TOP}", "bottom", REMARK, size=10)
    looks = (("o", TRUTH, TRUTH, (12, -14), "left"), ("v", EXTRA, ink(EXTRA), (-12, 10), "right"))
    told = []
    for (name, p), (marker, hue, dark, place, side) in zip(scores.items(), looks, strict=True):
        groups = [(p > a) & (p <= b) for a, b in pairwise(STEPS)]
        groups = [group for group in groups if group.sum() >= 30]
        said, is_ = (logit(np.array([x[g].mean() for g in groups])) for x in (p, truth))
        ax.plot(said, is_, color=hue, linewidth=1.4, alpha=0.7)
        dot(ax, (said, is_), hue, marker, zorder=6)
        write(ax, (said[-1], is_[-1]), name, f"{side} middle bold halo", dark, shift=place)
        top = p > TOP
        much = "more" if p[top].mean() > truth[top].mean() else "less"
        told.append(f"{name} says {much} than is true")
    ticks = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8]
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(logit(ticks), [f"{t:g}" for t in ticks])
    ax.set(xlim=view, ylim=view)
    ax.set_xlabel("what the score says (on the ruler of z)")
    ax.set_ylabel("mean true probability of these payments")
    ax.set_title("Calibrated over all is not calibrated at the top")
    return Picture(
        fig,
        "Mean true probability against stated probability on the rulers of z, two lines. Both "
        "follow the dotted diagonal of honesty where little is stated, and part at the top: on "
        f"average over the payments scored above {TOP} the {' and '.join(told)}.",
    )


def pooled(hits: Sequence[int], rows: Sequence[int]) -> Picture:
    """Share of fraud among payments scored near 0.35, with its interval, as months are pooled.

    Parameters
    ----------
    hits, rows : sequence of int
        Frauds and payments near 0.35 in one month, in two, …
    """
    fig = new_figure(7.2, 3.5)
    ax = fig.subplots()
    hits, rows = (np.asarray(x, dtype=float) for x in (hits, rows))
    months = np.arange(1, len(rows) + 1)
    held = rows > 0
    each = max(rows[-1], 1) / len(rows)
    hits, rows, months = hits[held], rows[held], months[held]
    low, high = wilson_interval(hits, rows)
    share = hits / rows
    further = np.geomspace(months[-1], 60, 60)
    half = 1.96 * np.sqrt(share[-1] * (1 - share[-1]) / (further * each))
    ax.fill_between(
        further, share[-1] - half, share[-1] + half, color=TRUTH, alpha=0.13, linewidth=0
    )
    ax.axhline(SAID, color=MUTED, linestyle=":", linewidth=1.4)
    ax.axhline(MEANT, color=LOSS, linewidth=1.4)
    ax.errorbar(
        months,
        share,
        [share - low, high - share],
        fmt="o",
        color=TRUTH,
        markersize=9,
        markeredgecolor="white",
        elinewidth=2.2,
        zorder=6,
    )
    for m, n, top in zip(months, rows, high, strict=True):
        write(ax, (m, top + 0.012), f"{n:.0f}", "center", TRUTH, size=10)
    write(ax, (0.83, high[0] + 0.05), "payments near 0.35:", "", TRUTH, size=10)
    write(ax, (58, SAID + 0.005), f"says {SAID}", "right bottom", REMARK, size=10)
    write(ax, (5.2, MEANT - 0.004), f"the story: {MEANT:.0%}", "top bold", size=10)
    need = ROWS_FOR_TWO_POINTS / each
    point(
        ax,
        (need, share[-1] - 0.02),
        f"±2 points: about\n{round(need, -1):.0f} months",
        (0, -58),
        "center bold head",
        TRUTH,
        textcoords="offset points",
    )
    ax.set_xscale("log")
    log_ticks(ax.xaxis, [1, 2, 3, 4, 10, 20, 40])
    ax.set(xlim=(0.8, 60), ylim=(max(0, low[0] - 0.05), high[0] + 0.1))
    ax.set_xlabel("months pooled (logarithmic); beyond the dots: what further months would give")
    ax.set_ylabel("share of frauds near 0.35")
    ax.set_title("One month cannot tell 32% from 35%")
    wide = [10 * int(10 * (high - low)[k]) for k in (0, -1)]
    both = int(np.sum((low < MEANT) & (high > SAID)))
    return Picture(
        fig,
        "Share of frauds among payments scored 0.3 to 0.4 with 95% intervals, pooling 1 to "
        f"{months[-1]} months. One month leaves an interval of more than {wide[0]} points, "
        f"{months[-1]} leave more than {wide[1]}; a funnel shows that ±2 points would need about "
        f"{round(need, -1):.0f} months. {MEANT} and {SAID} lie inside {both} of the "
        f"{len(months)} intervals.",
    )


# ---------------------------------------------------------------- the control room


def control_axes(left: Axes, right: Axes) -> None:
    """Label the axes of the explorer: reliability on the rulers of z, and cost against the cut."""
    ticks = [1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99]
    left.set_yticks(logit(ticks), [f"{t:g}" for t in ticks])
    ticks = [1e-4, 0.01, 0.5, 0.99]
    left.set_xticks(logit(ticks), [f"{t:g}" for t in ticks])
    left.set(xlim=logit([3e-5, 0.998]), ylim=logit([3e-5, 0.97]))
    left.set_xlabel("what the score says (ruler of z)")
    left.set_ylabel("what happens")
    right.set_xscale("log")
    log_ticks(right.xaxis, [1e-3, 0.01, 0.1, 1])
    right.set_xlabel("the cut of the score")
    right.set_ylabel("bill ÷ bill without flags")

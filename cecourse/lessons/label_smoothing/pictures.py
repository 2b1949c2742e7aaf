"""Pictures of notebook 07: soft targets, the loss with a bottom, who had confidence to spare."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from cecourse.palette import EXTRA, FAINT, GOOD, LOSS, MODEL, MUTED, PAPER, REMARK, TRUTH, ink, tint
from cecourse.picture import (
    LOSS_LINE,
    MODEL_LINE,
    TRUTH_FILL,
    Picture,
    arrow,
    dot,
    headline,
    new_figure,
    point,
    write,
)

LOOKS = (  # a colour, a marker and a line for each amount of noise
    (TRUTH, "o", "-"),
    (ink(MODEL), "s", (0, (5, 2))),
    (ink(EXTRA), "D", (0, (1, 1.3))),
)


def loss_at_gap(gap: ArrayLike, true: float, classes: int) -> NDArray:
    """Cross-entropy in nats of a target with `true` for one class, and equal shares for the rest.

    Parameters
    ----------
    gap : array_like
        How far the true logit lies above the others, which are all equal.
    true : float
        The target's probability of the true class, in (0, 1].
    classes : int
        K ≥ 2.
    """
    gap = np.asarray(gap, dtype=float)
    # ln Σ e^z − Σ y z, with z = gap for the true class and 0 for the others
    return np.logaddexp(gap, math.log(classes - 1)) - true * gap


def three_targets(rows: Sequence[Sequence[float]], titles: Sequence[str]) -> Picture:
    """Target rows side by side, a bar for each class; the true class comes first.

    Parameters
    ----------
    rows : sequence of sequence of float
        Distributions over the classes.
    titles : sequence of str
        One for each row.
    """
    fig = new_figure(7.2, 2.9)
    for ax, row, title in zip(fig.subplots(1, len(rows), sharey=True), rows, titles, strict=True):
        names = ["true", *(f"other {k}" for k in range(1, len(row)))]
        bars = ax.bar(names, row, width=0.66, **TRUTH_FILL)
        for bar in bars[1:]:
            bar.set(facecolor=tint(TRUTH), hatch="////")
        for k, height in enumerate(row):
            write(ax, (k, height + 0.02), _short(height), "center bottom bold")
        ax.set(ylim=(0, 1.14), yticks=[])
        ax.set_title(title, fontsize=11)
        ax.grid(False)
        ax.tick_params(axis="x", length=0)
        ax.spines["left"].set_visible(False)
    headline(fig, "Three ways to say “it is the first class”")
    told = "; ".join(
        f"{title}: {', '.join(map(_short, row))}" for row, title in zip(rows, titles, strict=True)
    )
    return Picture(
        fig,
        f"{len(rows)} target rows for {len(rows[0])} classes of which the first is true. {told}.",
    )


def _short(p: float) -> str:
    """A probability to four digits, without idle zeros."""
    return f"{p:.4f}".rstrip("0").rstrip(".")


def gap_axes(ax: Axes) -> None:
    """Axes, labels and grid of a loss against the gap of the true logit."""
    ax.set(xlabel="gap: true logit minus others", ylabel="loss in nats")


def bottom(alpha: float, classes: int) -> Picture:
    """The hard and the smoothed loss against the gap, and where the second turns upwards.

    Parameters
    ----------
    alpha : float
        Smoothing of the frameworks' convention, in (0, 1).
    classes : int
        K.
    """
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    true = 1 - alpha + alpha / classes
    best = math.log(true / (alpha / classes))
    floor = float(loss_at_gap(best, true, classes))
    gaps = np.linspace(-1, 11, 400)
    smoothed = loss_at_gap(gaps, true, classes)
    ax.axvspan(best, 11, color=PAPER, zorder=0)
    ax.axhline(floor, color=EXTRA, linewidth=1.4, linestyle=":")
    ax.plot(gaps, loss_at_gap(gaps, 1, classes), **LOSS_LINE)
    ax.plot(gaps, smoothed, **MODEL_LINE)
    dot(ax, (best, floor), MODEL, size=11, zorder=6)
    point(
        ax,
        (best, floor),
        f"best gap {best:.2f}\nlowest loss {floor:.4f} nats",
        (best - 0.2, 1.25),
        "bold",
        ink(MODEL),
    )
    write(
        ax,
        (10.9, loss_at_gap(10.9, true, classes) + 0.12),
        f"smoothed, α = {alpha:g}",
        "right bottom bold",
        ink(MODEL),
    )
    write(ax, (10.9, 0.07), "hard label: always downhill", "right bottom bold")
    write(ax, ((best + 11) / 2, 2.62), "surer is worse here", "center", REMARK)
    point(
        ax, (0, math.log(classes)), f"ln {classes} = {math.log(classes):.3f}", (0.9, 2.55), "middle"
    )
    ax.plot([0], [math.log(classes)], "o", color=LOSS, markersize=6, zorder=6)
    ax.set(xlim=(-1, 11), ylim=(0, 2.9))
    gap_axes(ax)
    ax.set_title("A smoothed loss has a bottom, and then it turns")
    return Picture(
        fig,
        f"Loss against the gap between the true logit and {classes - 1} equal others. Both curves "
        f"are at ln {classes} = {math.log(classes):.3f} for a gap of 0. With a hard label the loss "
        f"falls towards 0 for ever. Smoothed with α = {alpha:g} it has its bottom at a gap of "
        f"{best:.2f}, at {floor:.4f} nats, and rises again to {smoothed[-1]:.1f} at a gap of "
        f"{gaps[-1]:g}.",
    )


def confidence_and_accuracy(
    names: Sequence[str], accuracy: ArrayLike, confidence: ArrayLike, alpha: float
) -> Picture:
    """Mean confidence against accuracy, with hard and with smoothed labels, a row a data set.

    Parameters
    ----------
    names : sequence of str
        The data sets.
    accuracy, confidence : array_like, shape (len(names), 2)
        With hard labels and with smoothed ones.
    alpha : float
        The smoothing of the second.
    """
    accuracy, confidence = np.asarray(accuracy), np.asarray(confidence)
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    for k in range(len(names)):
        for side, dy in ((0, 0.17), (1, -0.17)):
            y, a, c = k - dy, accuracy[k, side], confidence[k, side]
            dark = LOSS if side == 0 else ink(MODEL)
            ax.plot([a, c], [y, y], color=dark, linewidth=6, alpha=0.28, solid_capstyle="butt")
            ax.plot([a, a], [y - 0.13, y + 0.13], color=GOOD, linewidth=3.4, zorder=5)
            look = {"markerfacecolor": "white" if side == 0 else MODEL, "markeredgewidth": 2}
            ax.plot([c], [y], "o", color=dark, markersize=9, zorder=6, **look)
            where, ha = (c + 0.012, "left") if c > a else (c - 0.014, "right")
            write(ax, (where, y), _verdict(a, c), "middle halo", dark, size=9.5, ha=ha)
    write(ax, (accuracy[0, 0], -0.33), "accuracy", "center bold", GOOD, shift=(0, 15), size=9.5)
    ax.plot(
        [0.605], [-0.62], "o", color=LOSS, markersize=9, markerfacecolor="white", markeredgewidth=2
    )
    write(ax, (0.617, -0.62), "mean confidence, hard labels", "middle", size=9.5)
    ax.plot(
        [0.605],
        [-0.38],
        "o",
        color=ink(MODEL),
        markersize=9,
        markerfacecolor=MODEL,
        markeredgewidth=2,
    )
    write(ax, (0.617, -0.38), f"mean confidence, α = {alpha:g}", "middle", ink(MODEL), size=9.5)
    ax.set(
        xlim=(0.585, 1.01),
        ylim=(len(names) - 0.55, -0.82),
        yticks=range(len(names)),
        xlabel="share of new pictures that are right, and mean probability of the favourite",
    )
    ax.set_yticklabels(names, fontsize=11)
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_title("Smoothing takes confidence, whether there was too much or not")
    told = " ".join(
        f"{name}: {_verdict(*hard)} with hard labels, {_verdict(*soft)} with α = {alpha:g}."
        for name, hard, soft in zip(
            names, *np.stack([accuracy, confidence], axis=-1).swapaxes(0, 1), strict=True
        )
    )
    return Picture(
        fig, f"Accuracy and mean confidence of networks on {len(names)} data sets. {told}"
    )


def _verdict(accuracy: float, confidence: float) -> str:
    """How far, and in which direction, a confidence is from what is right."""
    gap = confidence - accuracy
    if abs(gap) <= 0.02:
        return f"off by {abs(gap):.2f}"
    return f"{'too sure' if gap > 0 else 'not sure enough'} by {abs(gap):.2f}"


def fair(names: Sequence[str], loss: ArrayLike, alpha: float) -> Picture:
    """Log loss with hard and with smoothed labels, before and after a temperature, a panel a set.

    Parameters
    ----------
    names : sequence of str
        The data sets.
    loss : array_like, shape (2, len(names), 2, seeds)
        In nats, of each network: as trained and with a temperature; with hard labels and with
        smoothed ones.
    alpha : float
        The smoothing of the second.
    """
    loss = np.asarray(loss, dtype=float)
    mean = loss.mean(axis=-1)
    fig = new_figure(7.2, 3.9)
    looks = ((LOSS, "white", LOSS_LINE), (ink(MODEL), MODEL, MODEL_LINE))
    for k, (ax, name) in enumerate(zip(fig.subplots(1, len(names)), names, strict=True)):
        top = 1.18 * mean[:, k].max()
        for side, (dark, fill, look) in enumerate(looks):
            ax.plot([0, 1], mean[:, k, side], **look)
            ax.plot([0, 1], mean[:, k, side], "o", color=dark, markersize=8, markerfacecolor=fill)
            for x in (0, 1):
                y, other = mean[x, k, side], mean[x, k, 1 - side]
                apart = max(0.0, 0.033 * top - abs(y - other) / 2)
                y += math.copysign(apart, y - other)
                ha, at = ("right", -0.14) if x == 0 else ("left", 1.14)
                write(ax, (at, y), f"{mean[x, k, side]:.2f}", "middle bold", dark, size=10, ha=ha)
        ax.set(xlim=(-0.8, 1.8), ylim=(0, top))
        ax.set_xticks([0, 1], ["as trained", "with T"])
        ax.set_title(name, fontsize=11)
        ax.grid(axis="x", visible=False)
    fig.axes[0].set_ylabel("log loss, nats")
    for (dark, fill, look), words in zip(looks, ("hard labels", f"α = {alpha:g}"), strict=True):
        style = {"markerfacecolor": fill, "label": words, "marker": "o", "markersize": 8}
        fig.axes[-1].plot([], [], **(look | style | {"markeredgecolor": dark}))
    fig.axes[-1].legend(loc="lower center", fontsize=9.5)
    headline(fig, "With a temperature, the verdicts turn round")
    told = " ".join(
        f"{name}: {hard:.2f} with hard labels and {soft:.2f} with α = {alpha:g} as trained, "
        f"{hard_t:.2f} and {soft_t:.2f} with a temperature."
        for name, ((hard, soft), (hard_t, soft_t)) in zip(names, mean.swapaxes(0, 1), strict=True)
    )
    return Picture(
        fig, f"Mean log loss of {loss.shape[-1]} networks each, on {len(names)} data sets. {told}"
    )


def clusters(
    points: Sequence[ArrayLike], labels: ArrayLike, ratios: Sequence[float], titles: Sequence[str]
) -> Picture:
    """Features of three digits in the plane of their weights, without and with smoothing.

    Parameters
    ----------
    points : sequence of array_like, shape (n, 2)
        One cloud a network.
    labels : array_like of int, shape (n,)
        The digits.
    ratios : sequence of float
        Variance within over variance between the classes, one a network.
    titles : sequence of str
        One a network.
    """
    labels = np.asarray(labels)
    fig = new_figure(7.2, 3.9)
    for ax, cloud, ratio, title in zip(fig.subplots(1, 2), points, ratios, titles, strict=True):
        cloud = np.asarray(cloud, dtype=float)
        centres = [cloud[labels == digit].mean(axis=0) for digit in np.unique(labels)]
        middle = np.mean(centres, axis=0)
        size = max(np.hypot(*(c - middle)) for c in centres)
        turn = centres[0] - middle
        angle = math.pi / 2 - math.atan2(turn[1], turn[0])  # the first class on top
        spin = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        cloud = (cloud - middle) @ spin.T / size
        centres = [spin @ (c - middle) / size for c in centres]
        if centres[1][0] > centres[2][0]:  # and the second on the left: turned over if need be
            cloud[:, 0] *= -1
            centres = [c * [-1, 1] for c in centres]
        for digit, (dark, marker, _), centre in zip(np.unique(labels), LOOKS, centres, strict=True):
            mine = cloud[labels == digit]
            dot(ax, mine.T, dark, marker, size=4.2, zorder=2, alpha=0.6, markeredgewidth=0.3)
            write(ax, centre, str(digit), "center middle bold halo", "black", size=17, zorder=6)
        ax.set(xlim=(-1.75, 1.75), ylim=(-1.6, 1.9), xticks=[], yticks=[], aspect="equal")
        ax.grid(False)
        ax.spines[:].set_visible(False)
        ax.set_facecolor(PAPER)
        ax.set_title(f"{title}: within / between {ratio:.2f}", fontsize=11)
    headline(fig, "With soft targets, each class draws together")
    first, *others = np.unique(labels)
    told = ", ".join(f"{title} {ratio:.2f}" for title, ratio in zip(titles, ratios, strict=True))
    return Picture(
        fig,
        f"Pictures of {first}, {' and '.join(map(str, others))} in the plane of their weights: a "
        f"cloud for each, the {first} on top, at the corners of a triangle. Variance within the "
        f"clouds over that between them: {told}.",
    )


def rare(base_rate: float, alpha: float) -> Picture:
    """Where smoothed binary forecasts can live, on the ruler of log-odds, and the base rate.

    Parameters
    ----------
    base_rate : float
        Share of positives.
    alpha : float
        Smoothing of the frameworks' convention, two classes.
    """
    fig = new_figure(7.2, 2.7)
    ax = fig.subplots()
    low, high = alpha / 2, 1 - alpha / 2
    mean = (1 - alpha) * base_rate + alpha / 2

    def place(p):
        return math.log(p / (1 - p))

    ax.plot([place(1e-4), place(1 - 1e-4)], [0, 0], color=FAINT, linewidth=9, solid_capstyle="butt")
    ax.plot([place(low), place(high)], [0, 0], color=MODEL, linewidth=9, solid_capstyle="butt")
    for p, dark, text, ha in (
        (base_rate, TRUTH, f"frauds happen: {base_rate:.4f}", "right"),
        (mean, ink(MODEL), f"mean target: {mean:.4f}", "left"),
    ):
        dot(ax, (place(p), 0), dark, size=11, zorder=6)
        ax.plot([place(p), place(p)], [0.1, 0.55], color=MUTED, linewidth=1)
        nudge = 1.7 if ha == "right" else -0.5
        write(ax, (place(p) + nudge, 0.72), text, "middle bold", dark, ha=ha)
    write(
        ax,
        (0, -0.5),
        f"smoothed targets reach from {low:g} to {high:g}",
        "center middle",
        ink(MODEL),
        size=10,
    )
    write(ax, (place(4e-4), -0.5), "no target lies here", "center middle", MUTED, size=10)
    arrow(ax, (place(base_rate) + 0.25, 0.32), (place(mean) - 0.25, 0.32), MUTED)
    write(
        ax,
        ((place(mean) + place(base_rate)) / 2, 0.36),
        f"× {mean / base_rate:.0f}",
        "center bottom bold",
    )
    ticks = [1e-4, 1e-3, 0.01, 0.05, 0.5, 0.95, 0.99, 0.999, 0.9999]
    ax.set(xlim=(place(7e-5), place(1 - 7e-5)), ylim=(-0.75, 1.0), yticks=[])
    ax.set_xticks([place(p) for p in ticks], [f"{p:g}" for p in ticks])
    ax.set_xlabel("probability of fraud (ruler of log-odds)")
    ax.grid(False)
    ax.spines["left"].set_visible(False)
    ax.set_title("No smoothed target is as small as the base rate")
    return Picture(
        fig,
        f"A ruler of log-odds from {ticks[0]:g} to {ticks[-1]:g}. Smoothed targets reach from "
        f"{low:g} to {high:g}. Frauds happen with {base_rate:.4f}, far to the left of that; the "
        f"mean target is {mean:.4f}, {mean / base_rate:.0f} times as large.",
    )

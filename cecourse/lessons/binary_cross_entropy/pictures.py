"""Pictures of notebook 03: the curves of binary cross-entropy, and what a batch makes of them."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cecourse.palette import (
    ACCENT,
    FAINT,
    GOOD,
    LIGHT,
    LOSS,
    MODEL,
    MUTED,
    REMARK,
    TRUTH,
    ink,
    tint,
)
from cecourse.picture import LOSS_LINE, Picture, dot, new_figure, point, write
from cehelpers import binary_cross_entropy, entropy, sigmoid

GRID = sigmoid(np.linspace(-25, 25, 501))  # dense where the curves are steep
RIGHT_LINE = LOSS_LINE
WRONG_LINE = {"color": MUTED, "linestyle": (0, (5, 2)), "linewidth": 2.2}
SOFT_LINE = {"color": FAINT, "linestyle": "-", "linewidth": 1.3}


def loss_curve(y: float, p: np.ndarray = GRID) -> np.ndarray:
    """The loss of every forecast p for one label y, in nats."""
    return binary_cross_entropy(np.full_like(p, y), p, reduction="none")


def forecast_axes(ax: Axes, top: float, *, bottom: float = 0.0) -> None:
    """Label the axes that most pictures of this notebook share."""
    ax.set(xlim=(0, 1), ylim=(bottom, top))
    ax.set_xlabel("p, forecast probability of y = 1")
    ax.set_ylabel("loss in nats")


def two_curves(forecasts: Sequence[float]) -> Picture:
    """The loss against p for y = 1 and y = 0, with the price of some forecasts when y = 1."""
    fig = new_figure(7.2, 4.4)
    ax = fig.subplots()
    forecast_axes(ax, 5.4, bottom=-0.12)
    for y, line, at, what, how, color in (
        (0.0, WRONG_LINE, 0.94, "it did not", "right bold", REMARK),
        (1.0, RIGHT_LINE, 0.06, "it happened", "bold", LOSS),
    ):
        ax.plot(GRID, loss_curve(y), **line)
        write(ax, (at, 3.35), f"y = {y:g}: {what}", how, color)
    aside = {0.9: (0.79, 0.46), 0.99: (0.87, 0.86)}
    prices = dict(zip(forecasts, loss_curve(1.0, np.array(forecasts)), strict=True))
    for p, price in prices.items():
        dot(ax, (p, price), LOSS, size=8)
        words = f"{p:g} costs {price:.3f}"
        if p in aside:
            point(ax, (p, price), words, aside[p], "center", zorder=6)
        elif p == 0.5:
            write(ax, (p, price), words, "center", shift=(0, -25), zorder=6)
        else:
            write(ax, (p, price), words, shift=(11, 5), zorder=6)
    ax.set_title("Confidence costs next to nothing until it is wrong")
    costs = ", ".join(f"{p:g} costs {price:.3f}" for p, price in prices.items())
    return Picture(
        fig,
        "Loss in nats against the forecast p. The curve for y = 1 falls from a wall at p = 0 to 0 "
        f"at p = 1: {costs}. The dashed curve for y = 0 is its mirror image.",
    )


def slopes(points: Sequence[float]) -> Picture:
    """The curve for y = 1 with its tangents: none of them is flat."""
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    forecast_axes(ax, 3.6, bottom=-0.25)
    ax.axhline(0, color=MUTED, linewidth=0.9)
    ax.plot(GRID, loss_curve(1.0), **RIGHT_LINE)
    said = {p: f"{-1 / p:.0f}".replace("-", "−") for p in points}
    for p in points:
        price, slope = -np.log(p), -1 / p
        reach = 0.26 / np.hypot(1, slope / 3.4)
        x = np.array([p - reach, p + reach])
        ax.plot(x, price + slope * (x - p), color=MODEL, linewidth=2, zorder=4)
        dot(ax, (p, price), LOSS, size=8, clip_on=False)
        write(
            ax,
            (p, price),
            f"at p = {p:g}\nslope {said[p]}",
            "halo",
            ink(MODEL),
            shift=(-8, 30) if p == 1 else (14, 8),
            ha="right" if p == 1 else "left",
        )
    ax.set_xlim(0, 1.06)
    ax.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    most = max(points)
    ax.set_title(f"No flat land: even at p = {most:g} the loss falls with slope {said[most]}")
    tangents = ", ".join(f"slope {slope} at p = {p:g}" for p, slope in said.items())
    return Picture(
        fig,
        f"The loss in nats for y = 1 against p with {len(points)} tangents: {tangents}. Even at p "
        "= 1, where the curve meets 0, it does not flatten.",
    )


def soft_u(y: float) -> Picture:
    """The loss against p for one soft label, among others; their lowest points trace H(y)."""
    fig = new_figure(7.2, 4.4)
    ax = fig.subplots()
    forecast_axes(ax, 2.6)
    ax.plot(
        GRID,
        entropy(np.stack([1 - GRID, GRID], axis=-1)),
        color=TRUTH,
        linewidth=1.6,
        linestyle=(0, (1, 1.6)),
    )
    others = (0.5, 0.6, 0.8, 0.9)
    for other in others:
        ax.plot(GRID, loss_curve(other), **SOFT_LINE)
        ax.plot(
            other,
            _entropy(other),
            "o",
            color="white",
            markeredgecolor=TRUTH,
            markersize=6,
            markeredgewidth=1.6,
            zorder=4,
        )
    ax.plot(GRID, loss_curve(1.0), **WRONG_LINE)
    ax.plot(GRID, loss_curve(y), **RIGHT_LINE)
    floor = _entropy(y)
    dot(ax, (y, floor), TRUTH, size=10, zorder=6)
    point(
        ax,
        (y, floor),
        f"lowest at p = {y:g}:\n{floor:.3f} nats, not 0",
        (0.51, 1.42),
        "bold halo head",
        TRUTH,
    )
    inline = "center middle bold halo"
    write(ax, (0.135, loss_curve(y, np.array([0.135]))[0]), f"y = {y:g}", inline)
    write(ax, (0.115, -np.log(0.115)), "y = 1", inline, REMARK)
    write(ax, (0.19, 0.26), "the lowest points trace H(y)", "", TRUTH, size=10)
    ax.set_title("Two walls and a valley: a soft label is never free")
    labels = ", ".join(f"{label:g}" for label in sorted({y, *others}))
    return Picture(
        fig,
        f"Loss in nats against the forecast p for the soft labels {labels}: each curve is a U with "
        f"two walls. The heavy one, for y = {y:g}, is lowest at p = {y:g} with {floor:.3f} nats. "
        "The lowest points lie on the dotted entropy curve H(y). The dashed curve for the hard "
        "label y = 1 has one wall and falls to 0.",
    )


def _entropy(y: float) -> float:
    return entropy(np.array([1 - y, y]))


def loss_tiles(batches: Mapping[str, np.ndarray]) -> Picture:
    """Every row of a batch as a tile whose area is its loss; squares side by side, to one scale.

    Parameters
    ----------
    batches : mapping of str to ndarray
        The forecasts of each batch, for rows with y = 1.
    """
    fig = new_figure(7.2, 4.3)
    ax = fig.subplots()
    losses = {name: np.sort(-np.log(p)) for name, p in batches.items()}
    largest = max(rows.sum() for rows in losses.values())
    left, gap = 0.0, 0.32 * largest**0.5
    told = ["Each row of a batch is a tile whose area is its loss."]
    outweighed = 0
    for (name, rows), p in zip(losses.items(), batches.values(), strict=True):
        side = rows.sum() ** 0.5
        marks = f"accuracy {np.mean(p > 0.5):.2f}, log loss {rows.mean():.3f}"
        share = _tiles(ax, rows, left, side)
        write(
            ax,
            (left, side + 0.03 * largest**0.5),
            f"{name}\n{marks}",
            "bottom",
            size=10.5,
            linespacing=1.35,
        )
        left += side + gap
        told.append(f"{' '.join(name.split())}, {marks}: a square of {rows.sum():.1f} nats, ")
        if share > 0.5:
            outweighed = len(rows) - 1
            told[-1] += f"{share:.0%} of it one tile; the other {outweighed} fit into a strip."
        else:
            told[-1] += f"cut into {len(rows)} tiles."
    top = largest**0.5
    ax.set(xlim=(-0.05, left + 0.1 * top), ylim=(-0.05, top * 1.24), aspect="equal")
    ax.axis("off")
    ax.set_title(f"Area is loss: one confident error outweighs {outweighed} successes")
    return Picture(fig, " ".join(told))


def _tiles(ax: Axes, losses: np.ndarray, left: float, side: float) -> float:
    """Fill a square with tiles: the small losses in a block, an outlier in a column of its own.

    Return the share of the largest.
    """
    total, largest = losses.sum(), losses[-1]
    share = largest / total
    outlier = share > 0.5
    small = losses[:-1] if outlier else losses
    columns = 3 if outlier else 10
    rows = -(-len(small) // columns)
    width = side * (small.sum() / total) / columns
    for i in range(len(small)):
        column, row = divmod(i, rows)
        spot = (left + column * width, row * side / rows)
        ax.add_patch(
            Rectangle(
                spot,
                width,
                side / rows,
                facecolor=LIGHT,
                edgecolor="white",
                linewidth=0.4 if outlier else 1.2,
            )
        )
    if outlier:
        start = left + columns * width
        ax.add_patch(
            Rectangle(
                (start, 0), side * share, side, facecolor=tint(MODEL), edgecolor=MODEL, hatch="////"
            )
        )
        write(
            ax,
            (start + side * share / 2, side / 2),
            f"1 row\n{share:.0%}",
            "center middle bold halo",
        )
    return share


def base_rates(rates: Mapping[str, float]) -> Picture:
    """What the base rate alone scores: H(π) against π, with some problems marked."""
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    x = np.linspace(0, 1, 501)
    floor = entropy(np.stack([1 - x, x], axis=-1))
    ax.fill_between(x, 0, floor, color=GOOD, alpha=0.13, linewidth=0)
    ax.fill_between(x, floor, 0.85, color=MODEL, alpha=0.08, linewidth=0)
    ax.plot(x, floor, color=TRUTH, linewidth=2.6)
    told = []
    for (name, rate), shift in zip(rates.items(), [(22, 14), (14, 8), (16, 10)], strict=False):
        mark = _entropy(rate)
        dot(ax, (rate, mark), TRUTH, clip_on=False)
        told.append(f"{name}, π = {rate:g}: {mark:.{3 if mark > 0.1 else 4}f}")
        point(ax, (rate, mark), told[-1], shift, "left", textcoords="offset points")
    write(ax, (0.5, 0.3), "below the curve:\nthe forecasts know something", "center", ink(GOOD))
    write(ax, (0.015, 0.76), "above: worse than\nknowing only the base rate", "middle", ink(MODEL))
    ax.set(xlim=(0, 1), ylim=(0, 0.85))
    ax.set_xlabel("π, the base rate: share of rows with y = 1")
    ax.set_ylabel("log loss of p = π, in nats")
    ax.set_title("The mark to beat depends on the base rate")
    return Picture(
        fig,
        "The log loss of the base rate, H(π), in nats against π: an arch with its top, "
        f"{floor.max():.3f}, at π = {x[floor.argmax()]:g}. Marked: {'; '.join(told)}. Above the "
        "arch a model is worse than the base rate, below it the forecasts know something.",
    )


def confidence_curve(hit_rate: float, losses: Mapping[float, float], base: float) -> Picture:
    """Log loss of one yes-or-no rule against the confidence c with which it speaks."""
    fig = new_figure(7.2, 4.2)
    ax = fig.subplots()
    c = GRID[GRID >= 0.5]
    ax.plot(c, loss_curve(hit_rate, c), **RIGHT_LINE)
    ax.axhline(base, color=TRUTH, linewidth=2, linestyle=(0, (6, 2, 1, 2)))
    write(ax, (0.75, base + 0.015), f"base rate alone: {base:.3f}", "center bold", TRUTH)
    best = _entropy(hit_rate)
    for confidence, loss in losses.items():
        worse = loss > base
        dot(
            ax,
            (confidence, loss),
            MODEL if worse else LOSS,
            "D" if worse else "o",
            size=8,
            clip_on=False,
        )
        write(
            ax,
            (confidence, loss),
            f"says {confidence:g}: {loss:.3f}",
            "halo",
            shift=(-11, 5) if confidence > 0.9 else (9, 6),
            ha="right" if confidence > 0.9 else "left",
        )
    ax.plot(hit_rate, best, "*", color=ACCENT, markersize=17, markeredgecolor=LOSS, zorder=6)
    point(
        ax,
        (hit_rate, best),
        f"right {hit_rate:.1%} of the time:\nbest is to say so, {best:.3f}",
        (0.735, 0.09),
        "center bottom head",
        LOSS,
    )
    ax.set(xlim=(0.49, 1.0), ylim=(0, 1.0))
    ax.set_xlabel("c, the confidence with which the rule says yes or no")
    ax.set_ylabel("log loss in nats")
    ax.set_title("One rule, one accuracy: its confidence decides the mark")
    told = ", ".join(
        f"{loss:.3f} at {confidence:g}" + (", worse than the base rate" if loss > base else "")
        for confidence, loss in losses.items()
    )
    return Picture(
        fig,
        f"Log loss in nats of a rule against its confidence c: a U, lowest, {best:.3f}, at c = "
        f"{hit_rate:.3f}, the share of rows it gets right. It scores {told}. A dashed line marks "
        f"the base rate alone, {base:.3f}.",
    )

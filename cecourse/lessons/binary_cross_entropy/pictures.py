"""Pictures of notebook 03: the curves of binary cross-entropy, and what a batch makes of them."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cecourse.language import _
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
    ax.set_xlabel(_("p, forecast probability of y = 1"))
    ax.set_ylabel(_("loss in nats"))


def two_curves(forecasts: Sequence[float]) -> Picture:
    """The loss against p for y = 1 and y = 0, with the price of some forecasts when y = 1."""
    fig = new_figure(7.2, 4.4)
    ax = fig.subplots()
    forecast_axes(ax, 5.4, bottom=-0.12)
    for y, line, at, what, how, color in (
        (0.0, WRONG_LINE, 0.94, _("it did not"), "right bold", REMARK),
        (1.0, RIGHT_LINE, 0.06, _("it happened"), "bold", LOSS),
    ):
        ax.plot(GRID, loss_curve(y), **line)
        write(ax, (at, 3.35), f"y = {y:g}: {what}", how, color)
    aside = {0.9: (0.79, 0.46), 0.99: (0.87, 0.86)}
    prices = dict(zip(forecasts, loss_curve(1.0, np.array(forecasts)), strict=True))
    costs = _("{p:g} costs {price:.3f}")
    for p, price in prices.items():
        dot(ax, (p, price), LOSS, size=8)
        words = costs.format(p=p, price=price)
        if p in aside:
            point(ax, (p, price), words, aside[p], "center", zorder=6)
        elif p == 0.5:
            write(ax, (p, price), words, "center", shift=(0, -25), zorder=6)
        else:
            write(ax, (p, price), words, shift=(11, 5), zorder=6)
    ax.set_title(_("Confidence costs next to nothing until it is wrong"))
    text = _(
        "Loss in nats against the forecast p. The curve for y = 1 falls from a wall at p = 0 to 0 "
        "at p = 1: {costs}. The dashed curve for y = 0 is its mirror image."
    )
    told = ", ".join(costs.format(p=p, price=price) for p, price in prices.items())
    return Picture(fig, text.format(costs=told))


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
            _("at p = {p:g}\nslope {slope}").format(p=p, slope=said[p]),
            "halo",
            ink(MODEL),
            shift=(-8, 30) if p == 1 else (14, 8),
            ha="right" if p == 1 else "left",
        )
    ax.set_xlim(0, 1.06)
    ax.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    most = max(points)
    title = _("No flat land: even at p = {p:g} the loss falls with slope {slope}")
    ax.set_title(title.format(p=most, slope=said[most]))
    tangent = _("slope {slope} at p = {p:g}")
    tangents = ", ".join(tangent.format(slope=slope, p=p) for p, slope in said.items())
    text = _(
        "The loss in nats for y = 1 against p with {n} tangents: {tangents}. Even at p = 1, where "
        "the curve meets 0, it does not flatten."
    )
    return Picture(fig, text.format(n=len(points), tangents=tangents))


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
        _("lowest at p = {y:g}:\n{floor:.3f} nats, not 0").format(y=y, floor=floor),
        (0.51, 1.42),
        "bold halo head",
        TRUTH,
    )
    inline = "center middle bold halo"
    write(ax, (0.135, loss_curve(y, np.array([0.135]))[0]), f"y = {y:g}", inline)
    write(ax, (0.115, -np.log(0.115)), "y = 1", inline, REMARK)
    write(ax, (0.19, 0.26), _("the lowest points trace H(y)"), "", TRUTH, size=10)
    ax.set_title(_("Two walls and a valley: a soft label is never free"))
    labels = ", ".join(f"{label:g}" for label in sorted({y, *others}))
    text = _(
        "Loss in nats against the forecast p for the soft labels {labels}: each curve is a U with "
        "two walls. The heavy one, for y = {y:g}, is lowest at p = {y:g} with {floor:.3f} nats. "
        "The lowest points lie on the dotted entropy curve H(y). The dashed curve for the hard "
        "label y = 1 has one wall and falls to 0."
    )
    return Picture(fig, text.format(labels=labels, y=y, floor=floor))


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
    told = [_("Each row of a batch is a tile whose area is its loss.")]
    outweighed = 0
    for (name, rows), p in zip(losses.items(), batches.values(), strict=True):
        side = rows.sum() ** 0.5
        marks = _("accuracy {accuracy:.2f}, log loss {loss:.3f}")
        marks = marks.format(accuracy=np.mean(p > 0.5), loss=rows.mean())
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
        text = _("{batch}, {marks}: a square of {nats:.1f} nats, cut into {n} tiles.")
        if share > 0.5:
            outweighed = len(rows) - 1
            text = _(
                "{batch}, {marks}: a square of {nats:.1f} nats, {share:.0%} of it one tile; the "
                "other {others} fit into a strip."
            )
        said = {"batch": " ".join(name.split()), "marks": marks, "share": share}
        told.append(text.format(nats=rows.sum(), n=len(rows), others=outweighed, **said))
    top = largest**0.5
    ax.set(xlim=(-0.05, left + 0.1 * top), ylim=(-0.05, top * 1.24), aspect="equal")
    ax.axis("off")
    title = _("Area is loss: one confident error outweighs {n} successes")
    ax.set_title(title.format(n=outweighed))
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
            _("1 row\n{share:.0%}").format(share=share),
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
    below = _("below the curve:\nthe forecasts know something")
    write(ax, (0.5, 0.3), below, "center", ink(GOOD))
    above = _("above: worse than\nknowing only the base rate")
    write(ax, (0.015, 0.76), above, "middle", ink(MODEL))
    ax.set(xlim=(0, 1), ylim=(0, 0.85))
    ax.set_xlabel(_("π, the base rate: share of rows with y = 1"))
    ax.set_ylabel(_("log loss of p = π, in nats"))
    ax.set_title(_("The mark to beat depends on the base rate"))
    text = _(
        "The log loss of the base rate, H(π), in nats against π: an arch with its top, {top:.3f}, "
        "at π = {place:g}. Marked: {told}. Above the arch a model is worse than the base rate, "
        "below it the forecasts know something."
    )
    top = {"top": floor.max(), "place": x[floor.argmax()]}
    return Picture(fig, text.format(told="; ".join(told), **top))


def confidence_curve(hit_rate: float, losses: Mapping[float, float], base: float) -> Picture:
    """Log loss of one yes-or-no rule against the confidence c with which it speaks."""
    fig = new_figure(7.2, 4.2)
    ax = fig.subplots()
    c = GRID[GRID >= 0.5]
    ax.plot(c, loss_curve(hit_rate, c), **RIGHT_LINE)
    ax.axhline(base, color=TRUTH, linewidth=2, linestyle=(0, (6, 2, 1, 2)))
    alone = _("base rate alone: {base:.3f}").format(base=base)
    write(ax, (0.75, base + 0.015), alone, "center bold", TRUTH)
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
            _("says {confidence:g}: {loss:.3f}").format(confidence=confidence, loss=loss),
            "halo",
            shift=(-11, 5) if confidence > 0.9 else (9, 6),
            ha="right" if confidence > 0.9 else "left",
        )
    ax.plot(hit_rate, best, "*", color=ACCENT, markersize=17, markeredgecolor=LOSS, zorder=6)
    point(
        ax,
        (hit_rate, best),
        _("right {share:.1%} of the time:\nbest is to say so, {best:.3f}").format(
            share=hit_rate, best=best
        ),
        (0.735, 0.09),
        "center bottom head",
        LOSS,
    )
    ax.set(xlim=(0.49, 1.0), ylim=(0, 1.0))
    ax.set_xlabel(_("c, the confidence with which the rule says yes or no"))
    ax.set_ylabel(_("log loss in nats"))
    ax.set_title(_("One rule, one accuracy: its confidence decides the mark"))
    scores = (
        _("{loss:.3f} at {confidence:g}"),
        _("{loss:.3f} at {confidence:g}, worse than the base rate"),
    )
    told = ", ".join(
        scores[loss > base].format(loss=loss, confidence=confidence)
        for confidence, loss in losses.items()
    )
    text = _(
        "Log loss in nats of a rule against its confidence c: a U, lowest, {best:.3f}, at c = "
        "{share:.3f}, the share of rows it gets right. It scores {told}. A dashed line marks the "
        "base rate alone, {base:.3f}."
    )
    return Picture(fig, text.format(best=best, share=hit_rate, told=told, base=base))

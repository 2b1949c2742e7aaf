"""Pictures of notebook 05 besides the triangle (`simplex.py`): shares, digits, tags."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from cecourse.palette import ACCENT, EXTRA, FAINT, GOOD, LOSS, MUTED, PAPER, REMARK, ink, tint
from cecourse.picture import (
    LOSS_LINE,
    MODEL_FILL,
    Picture,
    headline,
    new_figure,
    point,
    write,
)
from cehelpers.activations import sigmoid, softmax


def three_steps(z: Sequence[float], names: Sequence[str]) -> Picture:
    """Softmax in three bar charts: scores, their exponentials, and the shares of the total.

    Parameters
    ----------
    z : sequence of float, shape (K,)
        Logits.
    names : sequence of str
        The K classes.
    """
    fig = new_figure(7.2, 2.9)
    panels = fig.subplots(1, 3)
    z = np.asarray(z, dtype=float)
    total = np.exp(z).sum()
    steps = (
        ("scores z", z, "{:+.1f}"),
        (f"$e^z$ (total {total:.2f})", np.exp(z), "{:.2f}"),
        ("shares of the total", softmax(z), "{:.3f}"),
    )
    for ax, (title, heights, form) in zip(panels, steps, strict=True):
        look = MODEL_FILL if ax is panels[2] else {"facecolor": tint(MUTED), "edgecolor": REMARK}
        ax.bar(names, heights, width=0.66, **look)
        ax.axhline(0, color=MUTED, linewidth=0.9)
        span = np.ptp([0, *heights])
        for k, height in enumerate(heights):
            up = height >= 0
            write(
                ax,
                (k, height + (0.03 if up else -0.03) * span),
                form.format(height).replace("-", "−"),
                "center bold",
                va="bottom" if up else "top",
            )
        ax.set_ylim(min(0, heights.min() - 0.16 * span), heights.max() + 0.14 * span)
        ax.set_title(title, fontsize=11)
        ax.set_yticks([])
        ax.grid(False)
        ax.tick_params(axis="x", length=0)
        ax.spines[["left", "bottom"]].set_visible(False)
    headline(fig, "Make them positive, then divide by the total")
    rows = [", ".join(form.format(height) for height in heights) for _, heights, form in steps]
    return Picture(
        fig,
        f"Three bar charts for {', '.join(names)}. The scores are {rows[0]}. Their exponentials "
        f"are {rows[1]}, together {total:.2f}. Their shares of that total are {rows[2]}.".replace(
            "-", "−"
        ),
    )


def plateau(once: Sequence[float], twice: Sequence[float], classes: int) -> Picture:
    """Two learning curves: with one softmax and with two, and the floor of the second.

    Parameters
    ----------
    once, twice : sequence of float
        Loss in nats at each step.
    classes : int
        K, which sets where both begin and where the second must stop.
    """
    fig = new_figure(7.2, 3.6)
    ax = fig.subplots()
    floor = math.log(math.e + classes - 1) - 1
    ax.axhspan(0, floor, color=PAPER, zorder=0)
    ax.axhline(floor, color=EXTRA, linewidth=1.6, linestyle=":")
    ax.plot(once, **LOSS_LINE)
    ax.plot(twice, **(LOSS_LINE | {"color": EXTRA, "linestyle": (0, (5, 2))}))
    last = len(once) - 1
    write(ax, (last, once[-1] + 0.06), f"softmax once: {once[-1]:.2f}", "right bottom bold")
    write(
        ax,
        (last, twice[-1] + 0.1),
        f"softmax twice: {twice[-1]:.2f}",
        "right bottom bold",
        ink(EXTRA),
    )
    write(ax, (last, floor - 0.06), f"it can never go below {floor:.4f}", "right top", ink(EXTRA))
    point(
        ax,
        (0, math.log(classes)),
        f"both start at ln {classes} = {math.log(classes):.3f}",
        (0.09 * last, 2.22),
        "middle",
    )
    ax.set(
        xlim=(-0.005 * last, 1.01 * last),
        ylim=(0, 2.45),
        xlabel="step of gradient descent",
        ylabel="training loss in nats",
    )
    ax.set_title("The plateau that gives a second softmax away")
    return Picture(
        fig,
        f"Training loss in nats over {last} steps. Both curves start at ln {classes} = "
        f"{once[0]:.3f}. With one softmax the loss falls to {once[-1]:.2f}; with two, dashed, it "
        f"creeps to {twice[-1]:.2f}, above a dotted line at {floor:.4f} that it can never cross.",
    )


def hinton(weights: ArrayLike, titles: Sequence[str]) -> Picture:
    """Weights as squares whose side grows with their size: filled votes for, hollow against.

    Parameters
    ----------
    weights : array_like, shape (64, K)
        One column of 8×8 weights for each class.
    titles : sequence of str
        One for each class.
    """
    weights = np.asarray(weights, dtype=float)
    fig = new_figure(7.2, 3.35)
    largest = np.abs(weights).max()
    filled = []
    for ax, column, title in zip(fig.subplots(2, 5).flat, weights.T, titles, strict=True):
        groups: dict[bool, list] = {True: [], False: []}
        for place_, w in enumerate(column):
            row, x = divmod(place_, 8)
            side = 0.96 * math.sqrt(abs(w) / largest)
            if side > 0.05:
                corner = (x + 0.5 - side / 2, row + 0.5 - side / 2)
                groups[w > 0].append(Rectangle(corner, side, side))
        filled.append(len(groups[True]))
        ax.add_collection(PatchCollection(groups[True], facecolor=GOOD, edgecolor="none"))
        ax.add_collection(
            PatchCollection(groups[False], facecolor="none", edgecolor=ink(EXTRA), linewidth=0.9)
        )
        ax.set(xlim=(-0.1, 8.1), ylim=(8.1, -0.1), aspect="equal", xticks=[], yticks=[])
        ax.set_facecolor(PAPER)
        ax.grid(False)
        ax.spines[:].set_visible(False)
        ax.set_title(title, fontsize=10.5, loc="center", pad=3)
    headline(fig, "One step, and each class has its average picture minus everyone's")
    first = weights[:, 0]
    middle = "hollow" if first[[27, 28, 35, 36]].max() < 0 else "not all hollow"
    return Picture(
        fig,
        f"Weights, 8 by 8 for each class from {titles[0]} to {titles[-1]}, as squares whose area "
        "is their size: filled where ink speaks for the class, hollow where it speaks against. In "
        f"the {titles[0]}, {filled[0]} squares are filled, and the four in the middle {middle}.",
    )


def costliest(
    images: ArrayLike, labels: ArrayLike, probs: ArrayLike, *, share: float, of: int
) -> Picture:
    """Pictures that cost most: what they are, what the model said, and the price.

    Parameters
    ----------
    images : array_like, shape (n, 8, 8)
        In the order to be shown.
    labels : array_like of int, shape (n,)
        The true digits.
    probs : array_like, shape (n, 10)
        The forecasts.
    share : float
        The part of the whole loss that these pictures carry.
    of : int
        How many pictures there are in all.
    """
    probs, labels = np.asarray(probs), np.asarray(labels)
    n = len(labels)
    fig = new_figure(7.2, 4.3)
    for ax, image, label, p in zip(
        fig.subplots(2, n // 2).flat, images, labels, probs, strict=True
    ):
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=16, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set_visible(True)
        said = int(p.argmax())
        ax.set_title(f"{-math.log(p[label]):.1f} nats", loc="center", pad=4, fontsize=11)
        ax.set_xlabel(
            f"it is a {label}: {p[label]:.3f}\nit said {said}: {p[said]:.2f}", fontsize=9.5
        )
    headline(fig, f"{n} of {of} pictures carry {share:.0%} of the loss")
    told = (
        f"{'an' if label == 8 else 'a'} {label} that got {p[label]:.3f}, taken for {p.argmax()} "
        f"with {p.max():.2f}: {-math.log(p[label]):.1f} nats"
        for label, p in zip(labels, probs, strict=True)
    )
    words = f"The {n} costliest digits, together {share:.0%} of the loss of {of}: "
    return Picture(fig, f"{words}{'; '.join(told)}.")


def own_or_shared(z: Sequence[float], tags: Sequence[str], truth: Sequence[int]) -> Picture:
    """The same logits as one sigmoid each, and as one softmax that shares 1 among them.

    Parameters
    ----------
    z : sequence of float, shape (K,)
        Logits.
    tags : sequence of str
        K names.
    truth : sequence of int
        1 for the tags that hold.
    """
    fig = new_figure(7.2, 3.0)
    left, right = fig.subplots(1, 2, sharey=True)
    rows = np.arange(len(tags))
    ways = sigmoid, softmax
    for ax, values in ((left, sigmoid(z)), (right, softmax(z))):
        ax.barh(rows, np.ones(len(tags)), height=0.62, facecolor="white", edgecolor=FAINT, left=0)
        starts = np.zeros(len(tags)) if ax is left else np.cumsum(values) - values
        ax.barh(rows, values, height=0.62, left=starts, **MODEL_FILL)
        for row, (start, value) in enumerate(zip(starts, values, strict=True)):
            x, ha = start + value / 2, "center"
            if value <= 0.3:
                x, ha = (start - 0.02, "right") if start > 0.5 else (start + value + 0.02, "left")
            write(ax, (x, row), f"{value:.3f}", f"{ha} middle bold halo", zorder=6)
            if ax is right and row:
                ax.plot(
                    [start, start],
                    [row - 0.69, row - 0.31],
                    color=MUTED,
                    linewidth=1,
                    linestyle=":",
                )
        ax.set(xlim=(-0.01, 1.01), yticks=rows)
        ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
        ax.axvline(0.5, color=LOSS, linewidth=1.2, linestyle=(0, (1, 1.2)), zorder=5)
        ax.grid(False)
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
    names = [f"{tag} {'✓' if t else '–'}" for tag, t in zip(tags, truth, strict=True)]
    left.set_yticklabels(names, fontsize=11)
    left.invert_yaxis()
    left.set_title("a sigmoid each: three questions", fontsize=11)
    right.set_title("softmax: one cake for three", fontsize=11)
    left.set_xlabel("probability of the tag")
    right.set_xlabel("share of 1")
    headline(fig, "Same logits: separate answers, or shares of one")
    told = [", ".join(f"{t} {v:.3f}" for t, v in zip(tags, f(z), strict=True)) for f in ways]
    pass_ = [" and ".join(t for t, v in zip(tags, f(z), strict=True) if v > 0.5) for f in ways]
    return Picture(
        fig,
        f"The same {len(tags)} logits twice. As sigmoids: {told[0]}; past the line at 0.5: "
        f"{pass_[0]}. As a softmax they share 1: {told[1]}; past the line: {pass_[1]}.",
    )


def tags_by_threshold(
    cuts: Sequence[float],
    sigmoids: Sequence[Sequence[float]],
    shared: Sequence[Sequence[float]],
) -> Picture:
    """Share of pictures with every tag right against the threshold, by how many tags hold.

    Parameters
    ----------
    cuts : sequence of float, shape (n,)
        The thresholds.
    sigmoids, shared : sequence of sequence of float, shape (n, 4)
        For pictures with 0, 1, 2 and 3 tags: one sigmoid a tag, and one softmax.
    """
    fig = new_figure(7.2, 3.9)
    panels = fig.subplots(1, 2, sharey=True)
    words = ("no tag", "one tag", "two tags", "three tags")
    looks = (
        (MUTED, (0, (1, 1.2))),
        (GOOD, "-"),
        (ACCENT, (0, (5, 2))),
        (EXTRA, (0, (6, 2, 1, 2))),
    )
    told = []
    for ax, title, values in zip(
        panels, ("a sigmoid each", "one softmax"), map(np.asarray, (sigmoids, shared)), strict=True
    ):
        for name, (color, dashes), heights in zip(words, looks, values.T, strict=True):
            ax.plot(cuts, heights, color=color, linestyle=dashes, linewidth=2.4, label=name)
        ax.axvline(0.5, color=MUTED, linewidth=1)
        ax.set(xlim=(0, 1), ylim=(-0.03, 1.03), xlabel="threshold")
        ax.set_title(title, fontsize=11)
        worst = values.min(axis=1)
        best = int(worst.argmax())
        told.append(
            f"with {title} the worst of the four is at best {worst[best]:.1f}"
            + (f", near a threshold of {cuts[best]:.1f}" if worst[best] > 0.1 else "")
        )
    panels[0].set_ylabel("all three tags right")
    panels[1].legend(loc="center", handlelength=3)
    headline(fig, "No threshold of a softmax serves none, one, two and three tags")
    return Picture(
        fig,
        "Share of pictures with all three tags right against the threshold, a curve each for 0, 1, "
        f"2 and 3 tags: {'; '.join(told)}.",
    )

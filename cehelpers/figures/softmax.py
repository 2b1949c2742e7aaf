"""Pictures of notebook 05: one distribution out of K scores. Pure functions, numbers to Figure.

Three classes fit on a triangle: each corner is certainty, the centre is "no idea", and a point's
height above an edge is the probability of the corner opposite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import matplotlib.patheffects as effects
import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.tri import Triangulation
from numpy.typing import ArrayLike, NDArray

from ..activations import sigmoid, softmax
from ..information import entropy
from ._style import (
    ACCENT,
    EXTRA,
    GOOD,
    LOSS,
    MODEL,
    MODEL_FILL,
    MODEL_LINE,
    MUTED,
    TRUTH,
    TRUTH_FILL,
    TRUTH_LINE,
    new_figure,
)

CORNERS = np.array([[0.0, 0.0], [0.5, math.sqrt(3) / 2], [1.0, 0.0]])  # left, top, right
BANDS = (0, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5)  # nats; the rest is dark
SHADES = colormaps["magma_r"]  # light is cheap, dark is dear, in greyscale too
HALO = [effects.withStroke(linewidth=3, foreground="white")]
DOT = {"marker": "o", "linestyle": "none", "markeredgecolor": "white", "zorder": 8}


def place(p: ArrayLike) -> NDArray:
    """Where distributions over three classes lie on the triangle, shape (..., 2)."""
    return np.asarray(p, dtype=float) @ CORNERS


def shade(loss: float) -> tuple:
    """The colour of a loss in nats, the same on every triangle."""
    return SHADES(0.04 + 0.84 * (1 - math.exp(-loss / 1.8)))


def triangle(ax: Axes, names: Sequence[str], *, truth: int | None = None, size: float = 11) -> None:
    """An empty triangle of forecasts with a name at each corner, the true one in blue."""
    ax.set(xlim=(-0.14, 1.14), ylim=(-0.13, 1.0), aspect="equal", xticks=[], yticks=[])
    ax.set_axis_off()
    ax.add_patch(Polygon(CORNERS, closed=True, fill=False, edgecolor="#333333", linewidth=1.3,
                         zorder=5))  # fmt: skip
    shifts = ((-0.02, -0.045, "center", "top"), (0, 0.045, "center", "bottom"),
              (0.02, -0.045, "center", "top"))  # fmt: skip
    for k, (name, (dx, dy, ha, va)) in enumerate(zip(names, shifts, strict=True)):
        true = k == truth
        ax.text(*(CORNERS[k] + (dx, dy)), name, ha=ha, va=va, fontsize=size,
                color=TRUTH if true else "#333333", fontweight="bold" if true else "normal")  # fmt: skip


def hard_bands(ax: Axes, truth: int) -> None:
    """Fill a triangle with the loss −ln p of one true class: bands parallel to the far edge."""
    a, b = np.delete(CORNERS, truth, axis=0)
    top = CORNERS[truth]
    borders = [*np.exp(-np.array(BANDS)), 0.0]  # p of the true class
    for level, high, low in zip(BANDS, borders[:-1], borders[1:], strict=True):
        ends = [base + p * (top - base) for base, p in ((a, high), (b, high), (b, low), (a, low))]
        ax.add_patch(Polygon(ends, closed=True, facecolor=shade(level), edgecolor="white",
                             linewidth=0.6, zorder=1))  # fmt: skip


def three_steps(z: Sequence[float], names: Sequence[str]) -> Figure:
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
        look = MODEL_FILL if ax is panels[2] else {"facecolor": "#E4E4E4", "edgecolor": "#666666"}
        ax.bar(names, heights, width=0.66, **look)
        ax.axhline(0, color="#8a8a8a", linewidth=0.9)
        span = np.ptp([0, *heights])
        for k, height in enumerate(heights):
            up = height >= 0
            ax.text(k, height + (0.03 if up else -0.03) * span, form.format(height).replace("-", "−"),
                    ha="center", va="bottom" if up else "top", fontweight="bold")  # fmt: skip
        ax.set_ylim(min(0, heights.min() - 0.16 * span), heights.max() + 0.14 * span)
        ax.set_title(title, fontsize=11)
        ax.set_yticks([])
        ax.grid(False)
        ax.tick_params(axis="x", length=0)
        ax.spines[["left", "bottom"]].set_visible(False)
    fig.suptitle("Make them positive, then divide by the total", x=0.01, ha="left",
                 fontsize=12.5, fontweight="bold")  # fmt: skip
    return fig


def path(z: ArrayLike, temperatures: ArrayLike) -> NDArray:
    """The softmax of one row of logits at many temperatures, shape (n, K)."""
    return softmax(np.asarray(z, dtype=float) / np.asarray(temperatures, dtype=float)[:, None])


def temperature_paths(
    z: Sequence[float], names: Sequence[str], marked: Mapping[float, tuple[float, float]]
) -> Figure:
    """Where a forecast goes on the triangle as the temperature changes.

    Parameters
    ----------
    z : sequence of float, shape (3,)
        The logits whose path is drawn heavily.
    names : sequence of str
        The three classes.
    marked : mapping of float to (dx, dy)
        Temperatures to name on the path, and where their words stand.
    """
    fig = new_figure(7.2, 4.7)
    ax = fig.subplots()
    triangle(ax, names, size=12)
    temperatures = np.geomspace(0.03, 300, 240)
    for angle in np.deg2rad(np.arange(5, 360, 10)):  # logits all round, each with its own path
        turned = [math.cos(angle + k * 2 * math.pi / 3) for k in range(3)]
        ax.plot(*place(path(turned, temperatures)).T, color="#C9C9C9", linewidth=0.9, zorder=2)
    centre = place([1 / 3, 1 / 3, 1 / 3])
    for k in range(3):
        tie = place((1 - np.eye(3)[k]) / 2)
        ax.plot(*np.array([centre, tie]).T, color="#555555", linewidth=1.2, linestyle=":", zorder=3)
    ax.plot(*place(path(z, temperatures)).T, **MODEL_LINE, zorder=6)
    for t, (dx, dy) in marked.items():
        p = path(z, [t])[0]
        x, y = place(p)
        ax.plot([x], [y], color=MODEL, markersize=10 if t == 1 else 7.5, **DOT)
        label = f"T = {t:g}: {p.max():.2f}"
        ax.annotate(label, (x, y), (x + dx, y + dy), ha="right", va="center", fontsize=10.5, zorder=9,
                    path_effects=HALO, fontweight="bold" if t == 1 else "normal",
                    arrowprops={"arrowstyle": "-", "color": MUTED, "shrinkB": 4, "shrinkA": 1})  # fmt: skip
    ax.plot(*centre, color="#333333", markersize=8, **DOT)
    ax.annotate("T → ∞: 0.33", centre, (0.87, 0.44), fontsize=10.5, path_effects=HALO, zorder=9,
                arrowprops={"arrowstyle": "-", "color": MUTED, "shrinkB": 4})  # fmt: skip
    ax.text(1.0, 0.70, "dotted: ties.\nNo path crosses one:\nthe favourite stays",
            color="#555555", ha="center", va="center", fontsize=10)  # fmt: skip
    ax.set(xlim=(-0.3, 1.3))
    fig.suptitle("Temperature changes how sure, never who leads", x=0.01, ha="left",
                 fontsize=12.5, fontweight="bold")  # fmt: skip
    return fig


def loss_triangles(hard: int, soft: Sequence[float], names: Sequence[str]) -> Figure:
    """The cross-entropy over every forecast for three classes, for a hard and for a soft label.

    Parameters
    ----------
    hard : int
        The class of the hard label.
    soft : sequence of float, shape (3,)
        The soft label.
    names : sequence of str
        The three classes.
    """
    fig = new_figure(7.2, 3.85)
    left, right = fig.subplots(1, 2)
    triangle(left, names, truth=hard)
    hard_bands(left, hard)
    a, b = np.delete(CORNERS, hard, axis=0)
    top = CORNERS[hard]
    for level in (0.1, 0.25, 0.5, 1, 2, 4):  # on the right-hand side of the triangle
        x, y = b + math.exp(-level) * (top - b)
        left.text(x + 0.022, y, f"{level:g}", fontsize=9.5, va="center", color="#333333")
    left.text(0.62, 0.86, "nats", fontsize=9.5, va="center", color="#333333")
    left.plot(*top, color=TRUTH, markersize=10, clip_on=False, **DOT)
    left.text(0.5, -0.03, "this edge: ∞", ha="center", va="top", fontsize=10, fontweight="bold")
    left.set_title(f"hard label: {names[hard]}", fontsize=11, x=0.02)

    triangle(right, names)
    p = np.array([(i, j, 200 - i - j) for i in range(201) for j in range(201 - i)]) / 200
    loss = -(np.log(np.maximum(p, 1e-9)) @ np.asarray(soft))
    mesh = Triangulation(*place(p).T)
    low = entropy(soft)
    bands = [low - 1e-9, 0.85, 0.95, 1.1, 1.25, 1.5, 2, 2.5, 3, 4, 30]
    right.tricontourf(mesh, loss, levels=bands, colors=[shade(b) for b in bands[:-1]], zorder=1)
    right.tricontour(mesh, loss, levels=bands[1:-1], colors="white", linewidths=0.6, zorder=2)
    x, y = place(soft)
    for level in (0.95, 1.25, 2):  # straight below the lowest point
        column = np.linspace(y, 0.005, 400)
        t = np.linalg.solve(np.vstack([CORNERS.T, np.ones(3)]), [np.full(400, x), column, np.ones(400)])
        at = column[np.argmax(-(np.asarray(soft) @ np.log(t)) > level)]
        right.text(x, at, f"{level:g}", fontsize=9, ha="center", va="center", zorder=6,
                   path_effects=HALO)  # fmt: skip
    right.plot([x], [y], color=TRUTH, markersize=10, **DOT)
    right.annotate(f"lowest: {low:.3f},\nH of the label", (x, y), (0.99, 0.76), ha="center",
                   fontweight="bold", fontsize=10, color=TRUTH,
                   arrowprops={"arrowstyle": "-", "color": TRUTH, "shrinkB": 6}, zorder=9)  # fmt: skip
    told = ", ".join(f"{v:g}".lstrip("0") for v in soft)
    right.set_title(f"soft label: ({told})", fontsize=11, x=0.02)
    right.text(0.5, -0.03, "all edges: ∞", ha="center", va="top", fontsize=10, fontweight="bold")
    fig.suptitle("One free corner, or a bowl whose floor is not free", x=0.01, ha="left",
                 fontsize=12.5, fontweight="bold")  # fmt: skip
    return fig


def descent(z: ArrayLike, truth: int, *, rate: float = 0.02, steps: int = 4000) -> NDArray:
    """Forecasts on the way of gradient descent in the logits themselves, shape (steps + 1, K)."""
    y = np.eye(len(z))[truth]
    z = np.array(z, dtype=float)
    way = [softmax(z)]
    for _ in range(steps):
        z = z - rate * (way[-1] - y)
        way.append(softmax(z))
    return np.array(way)


def arrows_home(truth: int, start: Sequence[float], names: Sequence[str]) -> Figure:
    """Minus the gradient, label − forecast, as arrows on the triangle, and one descent.

    Parameters
    ----------
    truth : int
        The true class.
    start : sequence of float, shape (3,)
        Logits from which gradient descent sets out.
    names : sequence of str
        The three classes.
    """
    fig = new_figure(7.2, 4.4)
    ax = fig.subplots()
    triangle(ax, names, truth=truth, size=12)
    hard_bands(ax, truth)
    home = CORNERS[truth]
    n = 7
    for i in range(n + 1):
        for j in range(n + 1 - i):
            p = (np.array([i, j, n - i - j]) + 0.25) / (n + 0.75)
            foot = place(p)
            tip = foot + 0.16 * (home - foot)
            if p[truth] > 0.8:  # an arrow too short to see
                continue
            ax.annotate("", tip, foot, zorder=6,
                        arrowprops={"arrowstyle": "-|>,head_width=0.16,head_length=0.3",
                                    "color": "white", "linewidth": 1.5, "shrinkA": 0,
                                    "shrinkB": 0, "path_effects": _EDGE})  # fmt: skip
    way = place(descent(start, truth))
    ax.plot(*way.T, color="white", linewidth=5, zorder=7)
    ax.plot(*way.T, **MODEL_LINE, zorder=7)
    first = place(softmax(start))
    ax.plot(*first, color=MODEL, markersize=11, **DOT)
    p = softmax(start)[truth]
    ax.annotate(f"start: {names[truth]} {p:.3f},\nthe longest arrow", first,
                (1.13, 0.26), ha="center", fontsize=10, va="center", path_effects=HALO,
                arrowprops={"arrowstyle": "-", "color": MUTED, "shrinkB": 5})  # fmt: skip
    bend = way[np.argmin(np.abs(way[:, 1] - 0.3))]
    ax.annotate("the arrow is a step in z:\nthe way of p bends", bend, (0.0, 0.62), ha="center",
                fontsize=10, va="center",
                arrowprops={"arrowstyle": "-", "color": MUTED, "shrinkB": 4})  # fmt: skip
    ax.plot(*home, color=TRUTH, markersize=10, clip_on=False, **DOT)
    ax.set(xlim=(-0.45, 1.3))
    fig.suptitle("Minus the gradient: from what was said to what was so", x=0.01, ha="left",
                 fontsize=12.5, fontweight="bold")  # fmt: skip
    return fig


_EDGE = [effects.withStroke(linewidth=2.6, foreground="#33113A"), effects.Normal()]


def twice_outline(points: int = 60) -> NDArray:
    """The border of what softmax leaves of the triangle when it is applied to probabilities."""
    t = np.linspace(0, 1, points)[:, None]
    edges = [(1 - t) * np.eye(3)[k] + t * np.eye(3)[(k + 1) % 3] for k in range(3)]
    return place(softmax(np.vstack(edges)))


def inner_triangle(truth: int, names: Sequence[str]) -> Figure:
    """All forecasts that one softmax can make, and those that a second one leaves.

    Parameters
    ----------
    truth : int
        The true class.
    names : sequence of str
        The three classes.
    """
    fig = new_figure(7.2, 3.8)
    left, right = fig.subplots(1, 2, width_ratios=(1, 1.2))
    marks = np.linspace(0, 1, 11)
    for ax in (left, right):
        triangle(ax, names, truth=truth)
        hard_bands(ax, truth)
    border = Polygon(twice_outline(), closed=True, facecolor="none", edgecolor="black",
                     linewidth=1.6, zorder=6)  # fmt: skip
    right.add_patch(border)
    for band in right.patches:
        if band.get_zorder() == 1:
            band.set(clip_path=border, linewidth=0)
    for band in left.patches:
        band.set_linewidth(0 if band.get_zorder() == 1 else 1.3)
    t = np.linspace(0, 1, 40)[:, None]
    for k in range(3):  # the grid of tenths, and what becomes of it
        for m in marks[1:-1]:
            ends = np.eye(3)[[(k + 1) % 3, (k + 2) % 3]] * (1 - m) + m * np.eye(3)[k]
            line = (1 - t) * ends[0] + t * ends[1]
            left.plot(*place(line).T, color="white", linewidth=0.7, zorder=3)
            right.plot(*place(softmax(line)).T, color="white", linewidth=0.5, zorder=3)
    y = np.eye(3)[truth]
    best, worst = softmax(y), softmax(np.roll(y, 1))
    for p, words, at in (
        (best, f"a perfect forecast\nstill pays {-math.log(best[truth]):.3f}", (1.06, 0.80)),
        (worst, f"certain and wrong\npays only {-math.log(worst[truth]):.3f}", (1.2, 0.47)),
    ):
        right.plot(*place(p), color="black", markersize=7, **DOT)
        right.annotate(words, place(p), at, ha="center", va="center", fontsize=9.5,
                       path_effects=HALO, zorder=9,
                       arrowprops={"arrowstyle": "-", "color": "#333333", "shrinkB": 4})  # fmt: skip
    left.set_title("softmax once: from 0 to ∞", fontsize=11, x=0.02)
    right.set_title("softmax twice: all that is left", fontsize=11, x=0.02)
    right.set(xlim=(-0.1, 1.44))
    fig.suptitle("A second softmax squeezes every forecast into the middle", x=0.01, ha="left",
                 fontsize=12.5, fontweight="bold")  # fmt: skip
    return fig


def plateau(once: Sequence[float], twice: Sequence[float], classes: int) -> Figure:
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
    ax.axhspan(0, floor, color="#F3F3F3", zorder=0)
    ax.axhline(floor, color=EXTRA, linewidth=1.6, linestyle=":")
    ax.plot(once, **TRUTH_LINE)
    ax.plot(twice, **MODEL_LINE)
    last = len(once) - 1
    ax.text(last, once[-1] + 0.06, f"softmax once: {once[-1]:.2f}", ha="right", va="bottom",
            color=TRUTH, fontweight="bold")  # fmt: skip
    ax.text(last, twice[-1] + 0.1, f"softmax twice: {twice[-1]:.2f}", ha="right", va="bottom",
            color="#A24600", fontweight="bold")  # fmt: skip
    ax.text(last, floor - 0.06, f"it can never go below {floor:.4f}", ha="right", va="top",
            color="#8A3D6B")  # fmt: skip
    ax.annotate(f"both start at ln {classes} = {math.log(classes):.3f}", (0, math.log(classes)),
                (0.09 * last, 2.22), va="center",
                arrowprops={"arrowstyle": "-", "color": MUTED, "shrinkB": 3})  # fmt: skip
    ax.set(xlim=(-0.005 * last, 1.01 * last), ylim=(0, 2.45), xlabel="step of gradient descent",
           ylabel="training loss in nats")  # fmt: skip
    ax.set_title("The plateau that gives a second softmax away")
    return fig


def hinton(weights: ArrayLike, titles: Sequence[str]) -> Figure:
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
    for ax, column, title in zip(fig.subplots(2, 5).flat, weights.T, titles, strict=True):
        groups: dict[bool, list] = {True: [], False: []}
        for place_, w in enumerate(column):
            row, x = divmod(place_, 8)
            side = 0.96 * math.sqrt(abs(w) / largest)
            if side > 0.05:
                corner = (x + 0.5 - side / 2, row + 0.5 - side / 2)
                groups[w > 0].append(Rectangle(corner, side, side))
        ax.add_collection(PatchCollection(groups[True], facecolor=TRUTH, edgecolor="none"))
        ax.add_collection(PatchCollection(groups[False], facecolor="none", edgecolor=MODEL,
                                          linewidth=0.9))  # fmt: skip
        ax.set(xlim=(-0.1, 8.1), ylim=(8.1, -0.1), aspect="equal", xticks=[], yticks=[])
        ax.set_facecolor("#FAFAFA")
        ax.grid(False)
        ax.spines[:].set_visible(False)
        ax.set_title(title, fontsize=10.5, loc="center", pad=3)
    fig.suptitle("One step, and each class has its average picture minus everyone's", x=0.01,
                 ha="left", fontsize=12.5, fontweight="bold")  # fmt: skip
    return fig


def costliest(
    images: ArrayLike, labels: ArrayLike, probs: ArrayLike, *, share: float, of: int
) -> Figure:
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
    for ax, image, label, p in zip(fig.subplots(2, n // 2).flat, images, labels, probs, strict=True):
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=16, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set_visible(True)
        said = int(p.argmax())
        ax.set_title(f"{-math.log(p[label]):.1f} nats", loc="center", pad=4, fontsize=11)
        ax.set_xlabel(f"it is a {label}: {p[label]:.3f}\nit said {said}: {p[said]:.2f}",
                      fontsize=9.5)  # fmt: skip
    fig.suptitle(f"{n} of {of} pictures carry {share:.0%} of the loss", x=0.01, ha="left",
                 fontsize=12.5, fontweight="bold")  # fmt: skip
    return fig


def own_or_shared(z: Sequence[float], tags: Sequence[str], truth: Sequence[int]) -> Figure:
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
    for ax, values in ((left, sigmoid(z)), (right, softmax(z))):
        ax.barh(rows, np.ones(len(tags)), height=0.62, facecolor="white", edgecolor="#BBBBBB",
                left=0)  # fmt: skip
        starts = np.zeros(len(tags)) if ax is left else np.cumsum(values) - values
        ax.barh(rows, values, height=0.62, left=starts, **MODEL_FILL)
        for row, (start, value) in enumerate(zip(starts, values, strict=True)):
            x, ha = start + value / 2, "center"
            if value <= 0.3:
                x, ha = (start - 0.02, "right") if start > 0.5 else (start + value + 0.02, "left")
            ax.text(x, row, f"{value:.3f}", ha=ha, va="center", fontweight="bold",
                    path_effects=HALO, zorder=6)  # fmt: skip
            if ax is right and row:
                ax.plot([start, start], [row - 0.69, row - 0.31], color=MUTED, linewidth=1,
                        linestyle=":")  # fmt: skip
        ax.set(xlim=(-0.01, 1.01), xticks=[0, 0.5, 1], yticks=rows)
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
    fig.suptitle("Same logits: separate answers, or shares of one", x=0.01, ha="left",
                 fontsize=12.5, fontweight="bold")  # fmt: skip
    return fig


def tags_right(sigmoids: Sequence[float], shared: Sequence[float], rows: Sequence[int]) -> Figure:
    """Share of pictures with every tag right, by how many tags hold.

    Parameters
    ----------
    sigmoids, shared : sequence of float
        For pictures with 0, 1, 2, … tags: one sigmoid a tag, and one softmax.
    rows : sequence of int
        How many pictures there are of each kind.
    """
    fig = new_figure(7.2, 3.5)
    ax = fig.subplots()
    x = np.arange(len(rows))
    for shift, values, look, color in (
        (-0.2, sigmoids, TRUTH_FILL, TRUTH), (0.2, shared, MODEL_FILL, "#A24600")
    ):  # fmt: skip
        ax.bar(x + shift, values, width=0.38, **look)
        for k, value in enumerate(values):
            ax.text(k + shift, value + 0.02, f"{value:.2f}", ha="center", color=color,
                    fontweight="bold")  # fmt: skip
    ax.text(-0.2, sigmoids[0] + 0.13, "a sigmoid\neach", ha="center", color=TRUTH)
    ax.text(0.2, shared[0] + 0.13, "one\nsoftmax", ha="center", color="#A24600")
    words = ("no tag", "one tag", "two tags", "three tags")
    ax.set_xticks(x, [f"{w}\n{n} pictures" for w, n in zip(words, rows, strict=True)])
    ax.tick_params(axis="x", length=0)
    ax.grid(axis="x", visible=False)
    ax.set(ylim=(0, 1.12), yticks=[0, 0.5, 1], ylabel="all three tags right")
    ax.set_title("Softmax can name one tag: not none, and not two")
    return fig

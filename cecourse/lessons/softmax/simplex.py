"""The triangle of all forecasts for three classes, and pictures on it: losses, paths, gradients.

Each corner is certainty, the centre is "no idea", and a point's height above an edge is the
probability of the corner opposite. Pure functions from numbers to a Picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib.patheffects as effects
import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.tri import Triangulation
from numpy.typing import ArrayLike, NDArray

from cecourse.palette import DARK, FAINT, MODEL, REMARK, TRUTH
from cecourse.picture import MODEL_LINE, Picture, arrow, headline, new_figure, point, write
from cehelpers.activations import softmax
from cehelpers.information import entropy

CORNERS = np.array([[0.0, 0.0], [0.5, math.sqrt(3) / 2], [1.0, 0.0]])  # left, top, right
BANDS = (0, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5)  # nats; the rest is dark
SHADES = colormaps["magma_r"]  # light is cheap, dark is dear, in greyscale too
OUTLINE = [effects.withStroke(linewidth=2.6, foreground=DARK), effects.Normal()]
DOT = {"marker": "o", "linestyle": "none", "markeredgecolor": "white", "zorder": 8}

# the temperatures named on a path, and where their words stand
MARKED = {
    0.25: (-0.10, 0.07),
    0.5: (-0.13, 0.08),
    1: (-0.16, 0.10),
    2: (-0.19, 0.18),
    5: (-0.2, 0.29),
}


def place(p: ArrayLike) -> NDArray:
    """Where distributions over three classes lie on the triangle, shape (..., 2)."""
    return np.asarray(p, dtype=float) @ CORNERS


def loss_colour(loss: float) -> tuple:
    """The colour of a loss in nats, the same on every triangle."""
    return SHADES(0.04 + 0.84 * (1 - math.exp(-loss / 1.8)))


def triangle(ax: Axes, names: Sequence[str], *, truth: int | None = None, size: float = 11) -> None:
    """An empty triangle of forecasts with a name at each corner, the true one in blue."""
    ax.set(xlim=(-0.14, 1.14), ylim=(-0.13, 1.0), aspect="equal", xticks=[], yticks=[])
    ax.set_axis_off()
    ax.add_patch(Polygon(CORNERS, closed=True, fill=False, edgecolor=DARK, linewidth=1.3, zorder=5))
    shifts = (
        (-0.02, -0.045, "center", "top"),
        (0, 0.045, "center", "bottom"),
        (0.02, -0.045, "center", "top"),
    )
    for k, (name, (dx, dy, ha, va)) in enumerate(zip(names, shifts, strict=True)):
        true = k == truth
        write(
            ax,
            CORNERS[k] + (dx, dy),
            name,
            "",
            TRUTH if true else DARK,
            size=size,
            weight="bold" if true else "normal",
            ha=ha,
            va=va,
        )


def hard_bands(ax: Axes, truth: int) -> None:
    """Fill a triangle with the loss −ln p of one true class: bands parallel to the far edge."""
    a, b = np.delete(CORNERS, truth, axis=0)
    top = CORNERS[truth]
    borders = [*np.exp(-np.array(BANDS)), 0.0]  # p of the true class
    for level, high, low in zip(BANDS, borders[:-1], borders[1:], strict=True):
        ends = [base + p * (top - base) for base, p in ((a, high), (b, high), (b, low), (a, low))]
        ax.add_patch(
            Polygon(
                ends,
                closed=True,
                facecolor=loss_colour(level),
                edgecolor="white",
                linewidth=0.6,
                zorder=1,
            )
        )


def path(z: ArrayLike, temperatures: ArrayLike) -> NDArray:
    """The softmax of one row of logits at many temperatures, shape (n, K)."""
    return softmax(np.asarray(z, dtype=float) / np.asarray(temperatures, dtype=float)[:, None])


def temperature_paths(z: Sequence[float], names: Sequence[str]) -> Picture:
    """Where a forecast goes on the triangle as the temperature changes.

    Parameters
    ----------
    z : sequence of float, shape (3,)
        The logits whose path is drawn heavily.
    names : sequence of str
        The three classes.
    """
    fig = new_figure(7.2, 4.7)
    ax = fig.subplots()
    triangle(ax, names, size=12)
    temperatures = np.geomspace(0.03, 300, 240)
    for angle in np.deg2rad(np.arange(5, 360, 10)):  # logits all round, each with its own path
        turned = [math.cos(angle + k * 2 * math.pi / 3) for k in range(3)]
        ax.plot(*place(path(turned, temperatures)).T, color=FAINT, linewidth=0.9, zorder=2)
    centre = place([1 / 3, 1 / 3, 1 / 3])
    for k in range(3):
        tie = place((1 - np.eye(3)[k]) / 2)
        ax.plot(*np.array([centre, tie]).T, color=REMARK, linewidth=1.2, linestyle=":", zorder=3)
    ax.plot(*place(path(z, temperatures)).T, **MODEL_LINE, zorder=6)
    for t, (dx, dy) in MARKED.items():
        p = path(z, [t])[0]
        x, y = place(p)
        ax.plot([x], [y], color=MODEL, markersize=10 if t == 1 else 7.5, **DOT)
        label = f"T = {t:g}: {p.max():.2f}"
        point(
            ax,
            (x, y),
            label,
            (x + dx, y + dy),
            "right middle halo",
            size=10.5,
            weight="bold" if t == 1 else "normal",
            zorder=9,
        )
    ax.plot(*centre, color=DARK, markersize=8, **DOT)
    point(ax, centre, f"T → ∞: {1 / 3:.2f}", (0.87, 0.44), "halo", size=10.5, zorder=9)
    write(
        ax,
        (1.0, 0.70),
        "dotted: ties.\nNo path crosses one:\nthe favourite stays",
        "center middle",
        REMARK,
        size=10,
    )
    ax.set(xlim=(-0.3, 1.3))
    headline(fig, "Temperature changes how sure, never who leads")
    leader = names[int(np.argmax(z))]
    told = ", ".join(f"{path(z, [t])[0].max():.2f} at T = {t:g}" for t in sorted(MARKED)[::-1])
    return Picture(
        fig,
        f"The triangle of forecasts for {', '.join(names)}. As the temperature falls, our forecast "
        f"runs along a curve from the centre, {1 / 3:.2f} for the {leader}, through {told}, to the "
        f"corner of the {leader}. Thin curves show the paths of other logits, like petals: none "
        "crosses a dotted line, where two classes tie.",
    )


def loss_triangles(hard: int, soft: Sequence[float], names: Sequence[str]) -> Picture:
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
    b = np.delete(CORNERS, hard, axis=0)[1]
    top = CORNERS[hard]
    levels = 0.1, 0.25, 0.5, 1, 2, 4
    for level in levels:  # on the right-hand side of the triangle
        x, y = b + math.exp(-level) * (top - b)
        write(left, (x + 0.022, y), f"{level:g}", "middle", DARK, size=9.5)
    write(left, (0.62, 0.86), "nats", "middle", DARK, size=9.5)
    left.plot(*top, color=TRUTH, markersize=10, clip_on=False, **DOT)
    write(left, (0.5, -0.03), "this edge: ∞", "center top bold", size=10)
    left.set_title(f"hard label: {names[hard]}", fontsize=11, x=0.02)

    triangle(right, names)
    p = np.array([(i, j, 200 - i - j) for i in range(201) for j in range(201 - i)]) / 200
    loss = -(np.log(np.maximum(p, 1e-9)) @ np.asarray(soft))
    mesh = Triangulation(*place(p).T)
    low = entropy(soft)
    bands = [low - 1e-9, 0.85, 0.95, 1.1, 1.25, 1.5, 2, 2.5, 3, 4, 30]
    right.tricontourf(
        mesh, loss, levels=bands, colors=[loss_colour(b) for b in bands[:-1]], zorder=1
    )
    right.tricontour(mesh, loss, levels=bands[1:-1], colors="white", linewidths=0.6, zorder=2)
    x, y = place(soft)
    below = np.asarray(soft) + np.linspace(0, soft[1] / 2, 400)[:-1, None] * [1, -2, 1]
    for level in (0.95, 1.25, 2):  # named straight below the lowest point
        at = place(below[np.argmax(-np.log(below) @ soft > level)])
        write(right, at, f"{level:g}", "center middle halo", size=9, zorder=6)
    right.plot([x], [y], color=TRUTH, markersize=10, **DOT)
    point(
        right,
        (x, y),
        f"lowest: {low:.3f},\nH of the label",
        (0.99, 0.76),
        "center bold",
        TRUTH,
        size=10,
        zorder=9,
    )
    told = ", ".join(f"{v:g}".lstrip("0") for v in soft)
    right.set_title(f"soft label: ({told})", fontsize=11, x=0.02)
    write(right, (0.5, -0.03), "all edges: ∞", "center top bold", size=10)
    headline(fig, "One free corner, or a bowl whose floor is not free")
    a, b = np.delete(names, hard)
    return Picture(
        fig,
        f"Two triangles of forecasts, light where the loss is low. Left, hard label {names[hard]}: "
        f"bands parallel to the edge from {a} to {b}, 0 nats in the corner of the {names[hard]}, "
        f"then {', '.join(f'{level:g}' for level in levels)} and infinite on the edge. Right, soft "
        f"label ({told}): closed curves round the label itself, where the loss is lowest, "
        f"{low:.3f} nats; it is infinite on all three edges.",
    )


def descent(z: ArrayLike, truth: int) -> NDArray:
    """Forecasts on 800 steps of gradient descent in the logits themselves, shape (801, K)."""
    y = np.eye(len(z))[truth]
    z = np.array(z, dtype=float)
    way = [softmax(z)]
    for _ in range(800):
        z = z - 0.1 * (way[-1] - y)
        way.append(softmax(z))
    return np.array(way)


def arrows_home(truth: int, start: Sequence[float], names: Sequence[str]) -> Picture:
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
            if p[truth] > 0.8:  # its arrow is too short to see
                continue
            foot = place(p)
            tip = foot + 0.16 * (home - foot)
            arrow(
                ax,
                foot,
                tip,
                "white",
                arrowstyle="-|>,head_width=0.16,head_length=0.3",
                linewidth=1.5,
                shrinkA=0,
                shrinkB=0,
                path_effects=OUTLINE,
                zorder=6,
            )
    shares = descent(start, truth)
    way = place(shares)
    ax.plot(*way.T, color="white", linewidth=5, zorder=7)
    ax.plot(*way.T, **MODEL_LINE, zorder=7)
    first = place(softmax(start))
    ax.plot(*first, color=MODEL, markersize=11, **DOT)
    p = softmax(start)[truth]
    point(
        ax,
        first,
        f"start: {names[truth]} {p:.3f},\na long arrow",
        (1.13, 0.26),
        "center middle halo",
        size=10,
    )
    bend = way[np.argmin(np.abs(way[:, 1] - 0.3))]
    point(
        ax,
        bend,
        "the arrow is a step in z:\nthe way of p bends",
        (0.0, 0.62),
        "center middle",
        size=10,
    )
    ax.plot(*home, color=TRUTH, markersize=10, clip_on=False, **DOT)
    ax.set(xlim=(-0.45, 1.3))
    headline(fig, "Minus the gradient: from what was said to what was so")
    near = int(np.argmax(start))
    third = 3 - near - truth
    return Picture(
        fig,
        f"The triangle of losses with arrows that all point to the corner of the {names[truth]}, "
        "long at the far edge and short near the corner. A descent that starts near the "
        f"{names[near]}, with {p:.3f} for the {names[truth]}, first runs along the dark edge, "
        f"while the {names[third]} gains from {shares[0, third]:.2f} to "
        f"{shares[:, third].max():.2f}, and then bends up to the {names[truth]}.",
    )


def twice_outline() -> NDArray:
    """The border of what softmax leaves of the triangle when it is applied to probabilities."""
    t = np.linspace(0, 1, 60)[:, None]
    edges = [(1 - t) * np.eye(3)[k] + t * np.eye(3)[(k + 1) % 3] for k in range(3)]
    return place(softmax(np.vstack(edges)))


def inner_triangle(truth: int, names: Sequence[str]) -> Picture:
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
    border = Polygon(
        twice_outline(), closed=True, facecolor="none", edgecolor="black", linewidth=1.6, zorder=6
    )
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
        point(right, place(p), words, at, "center middle halo", size=9.5, zorder=9)
    left.set_title("softmax once: from 0 to ∞", fontsize=11, x=0.02)
    right.set_title("softmax twice: all that is left", fontsize=11, x=0.02)
    right.set(xlim=(-0.1, 1.44))
    headline(fig, "A second softmax squeezes every forecast into the middle")
    paid = [-math.log(p[truth]) for p in (best, worst)]
    return Picture(
        fig,
        "Left, the whole triangle of forecasts with a grid of tenths: losses from 0 to infinity. "
        "Right, the same grid after a second softmax: all of it lies in a small curved triangle "
        f"round the centre. Its tip towards the {names[truth]}, a perfect forecast, pays "
        f"{paid[0]:.3f} nats, another, certain and wrong, {paid[1]:.3f}.",
    )

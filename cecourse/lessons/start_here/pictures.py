"""Pictures of notebook 00: the map of the course, and a forecast's surprise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.patches import FancyBboxPatch

from cecourse.lessons import NOTEBOOKS, Notebook
from cecourse.palette import DARK, FAINT, MUTED, PAPER
from cecourse.picture import (
    EXTRA_FILL,
    LOSS_LINE,
    MODEL_LINE,
    TRUTH_FILL,
    TRUTH_LINE,
    Picture,
    arrow,
    dot,
    headline,
    new_figure,
    point,
    write,
)
from cehelpers import activations, binary_losses, information

_COLUMNS = 4


def course_map() -> Picture:
    """Draw a card for each notebook, in reading order, with a sketch of its central picture."""
    rows = -(-len(NOTEBOOKS) // _COLUMNS)
    fig = new_figure(9.0, 0.4 + 2.35 * rows)
    grid = fig.subplots(rows, _COLUMNS, squeeze=False)
    for ax, notebook in zip(grid.flat, NOTEBOOKS, strict=False):
        _card(ax, notebook)
    for ax in grid.flat[len(NOTEBOOKS) :]:
        ax.set_axis_off()
    fig.get_layout_engine().set(wspace=0.04, hspace=0.06)
    hours = sum(notebook.minutes for notebook in NOTEBOOKS) / 60
    with_exercises = sum(notebook.minutes_with_exercises for notebook in NOTEBOOKS) / 60
    headline(
        fig,
        f"The course in {len(NOTEBOOKS)} notebooks: {hours:.0f} hours to read, "
        f"{with_exercises:.0f} with the exercises",
    )
    cards = "; ".join(
        f"{n.number} {n.title}, {n.minutes} min to read, {n.minutes_with_exercises} with exercises"
        for n in NOTEBOOKS
    )
    return Picture(
        fig,
        f"Map of the course: a card for each of {len(NOTEBOOKS)} notebooks, in reading order, "
        f"{hours:.0f} hours to read and {with_exercises:.0f} with the exercises. {cards}.",
    )


def draw_surprise(ax: Axes) -> None:
    """Draw the surprise −ln p of an event against the probability it had been given."""
    p = np.geomspace(1e-3, 1, 400)
    ax.plot(p, information.surprisal(p), **LOSS_LINE)
    ax.set(
        title="What you were sure of does not surprise you",
        xlabel="probability that had been given to what happened",
        ylabel="surprise in nats",
        xlim=(0, 1.02),
        ylim=(-0.1, 5),
    )


def landscape() -> Picture:
    """Draw the cross-entropy of every coin (up) and every forecast of it (across) as a map."""
    grid = activations.sigmoid(np.linspace(-7, 7, 321))
    forecast, truth = np.meshgrid(grid, grid)
    loss = binary_losses.binary_cross_entropy(truth, forecast, reduction="none")
    fig = new_figure(6.4, 5.4)
    ax = fig.subplots()
    levels = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.05, 1.3, 1.7, 2.3, 3.2, 4.6])
    even = BoundaryNorm(levels, 256, extend="max")
    ax.contourf(forecast, truth, loss, levels=levels, norm=even, cmap="cividis_r", extend="max")
    ax.contour(forecast, truth, loss, levels=levels, colors="white", linewidths=0.6, alpha=0.7)
    ax.plot([0, 1], [0, 1], color=DARK, linewidth=1.6, linestyle=(0, (5, 2)))
    write(ax, (0.03, 0.9), "certain,\nand wrong:\nno ceiling", "middle bold", "white", size=10)
    write(
        ax, (0.97, 0.1), "certain,\nand wrong:\nno ceiling", "right middle bold", "white", size=10
    )
    honest = "honest forecasts pay the entropy"
    along = {"rotation": 45, "rotation_mode": "anchor"}
    write(ax, (0.475, 0.515), honest, "center bottom bold", size=10, **along)
    for corner, words in (((0.995, 0.995), (0.8, 0.95)), ((0.005, 0.005), (0.2, 0.05))):
        point(ax, corner, "free", words, "center middle bold head", "black", size=10)
    ax.set(
        title="What every forecast costs in every world",
        xlabel="forecast: the probability you give to heads",
        ylabel="truth: how often the coin lands heads",
        xlim=(grid[0], grid[-1]),
        ylim=(grid[0], grid[-1]),
        aspect="equal",
    )
    ticks = {"ticks": [grid[0], 0.25, 0.5, 0.75, grid[-1]], "labels": ["0", "¼", "½", "¾", "1"]}
    ax.set_xticks(**ticks)
    ax.set_yticks(**ticks)
    middle = binary_losses.binary_cross_entropy(0.5, 0.5)
    ax.plot([0.5], [0.5], "o", color="black", markersize=6)
    point(ax, (0.5, 0.5), f"{middle:.2f}", (0.6, 0.43), "middle bold", "black", size=10)
    ax.grid(False)
    shades = ScalarMappable(even, "cividis_r")
    bar = fig.colorbar(shades, ax=ax, ticks=levels[::2], pad=0.03, format="%.1f")
    bar.set_label("cross-entropy in nats (the steps widen upwards)")
    bar.outline.set_visible(False)
    return Picture(
        fig,
        "Map of the cross-entropy in nats, truth upwards and forecast across. It is 0 in two "
        "corners, lower left and upper right, where a certain forecast is right. Along the dashed "
        f"diagonal, where the forecast is honest, it rises to {middle:.2f} in the middle: the "
        f"entropy. At both sides it passes {levels[-1]} without end, where a certain forecast is "
        "wrong.",
    )


def _card(ax: Axes, notebook: Notebook) -> None:
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    ax.add_patch(
        FancyBboxPatch(
            (0.02, 0.02),
            0.96,
            0.96,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=PAPER,
            edgecolor=FAINT,
            mutation_aspect=1.0,
        )
    )
    words = _wrapped(notebook.title)
    write(ax, (0.08, 0.88), notebook.number, "middle bold", MUTED, size=17)
    minutes = f"{notebook.minutes} min to read\n{notebook.minutes_with_exercises} with exercises"
    write(ax, (0.92, 0.88), minutes, "right middle", MUTED, size=9)
    write(ax, (0.08, 0.26), words, "middle bold", size=10.5, linespacing=1.15)
    write(ax, (0.08, 0.1), _wrapped(notebook.promise, 30), "middle", DARK, size=9)
    for text in ax.texts:
        text.set_in_layout(False)  # a long line must not narrow a column
    sketch = ax.inset_axes([0.1, 0.37, 0.8, 0.4])
    sketch.set(xlim=(0, 1), ylim=(0, 1.05))
    sketch.set_axis_off()
    SKETCHES.get(notebook.slug, _surprise)(sketch)


def _wrapped(title: str, most: int = 20) -> str:
    """Break a title of more than so many letters once, at the blank nearest its middle."""
    if len(title) <= most:
        return title
    blanks = [i for i, letter in enumerate(title) if letter == " "]
    middle = min(blanks, key=lambda i: abs(i - len(title) / 2))
    return title[:middle] + "\n" + title[middle + 1 :]


_X = np.linspace(0.002, 0.998, 300)


def _slider(ax: Axes) -> None:
    ax.plot([0.05, 0.95], [0.5, 0.5], color=FAINT, linewidth=5, solid_capstyle="round")
    ax.plot([0.05, 0.62], [0.5, 0.5], color=TRUTH_LINE["color"], linewidth=5)
    dot(ax, (0.62, 0.5), TRUTH_LINE["color"], size=15, zorder=2)


def _entropy_arch(ax: Axes) -> None:
    coin = information.entropy(np.stack([_X, 1 - _X], axis=-1), base=2)
    ax.plot(_X, coin, **TRUTH_LINE)
    ax.fill_between(_X, coin, color=TRUTH_LINE["color"], alpha=0.12, linewidth=0)
    ax.plot([0.5], [1.0], "o", color=TRUTH_LINE["color"])


def _stacked_bars(ax: Axes) -> None:
    for x, wrong in zip((0.15, 0.5, 0.85), (0.42, 0.18, 0.0), strict=True):
        ax.bar([x], [0.52], width=0.22, **TRUTH_FILL)
        ax.bar([x], [wrong], bottom=0.52, width=0.22, **EXTRA_FILL)


def _surprise(ax: Axes) -> None:
    ax.plot(_X, information.surprisal(_X) / 4.6, **LOSS_LINE)


def _two_curves(ax: Axes) -> None:
    _surprise(ax)
    ax.plot(_X, information.surprisal(1 - _X) / 4.6, **MODEL_LINE)


def _fused_and_clipped(ax: Axes) -> None:
    z = 16 * _X - 8
    ax.plot(_X, activations.softplus(-z) / 8, **LOSS_LINE)
    ax.plot(_X, np.minimum(activations.softplus(-z), 4.5) / 8, **MODEL_LINE)


def _simplex(ax: Axes) -> None:
    corners = np.array([[0.12, 0.0], [0.88, 0.0], [0.5, 1.0]])
    rows = np.linspace(0, 1, 101)
    for loss in (0.25, 0.6, 1.1, 1.9):  # all mixtures that give the top corner the same price
        p = np.exp(-loss)
        mix = np.column_stack([(1 - p) * rows, (1 - p) * (1 - rows), np.full_like(rows, p)])
        ax.plot(*(mix @ corners).T, **(TRUTH_LINE | {"linewidth": 1.6}))
    ax.plot(*corners[[0, 1, 2, 0]].T, color=MUTED, linewidth=1.6)
    ax.plot(*corners[2], "o", color=TRUTH_LINE["color"])


def _likelihood(ax: Axes) -> None:
    heads = _X**7 * (1 - _X) ** 3
    ax.plot(_X, heads / heads.max(), **TRUTH_LINE)
    ax.plot([0.7, 0.7], [0, 1], color=MUTED, linestyle=":", linewidth=1.6)
    ax.plot([0.7], [1.0], "o", color=TRUTH_LINE["color"])


def _softened(ax: Axes) -> None:
    for x, hard, soft in ((0.2, 0, 0.12), (0.5, 1, 0.76), (0.8, 0, 0.12)):
        ax.bar([x], [soft], width=0.2, **TRUTH_FILL)
        ax.bar([x], [max(hard - soft, 0)], bottom=soft, width=0.2, **EXTRA_FILL)


def _reliability(ax: Axes) -> None:
    said = np.linspace(0.06, 0.94, 7)
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1.6, linestyle=":")
    happened = activations.sigmoid(activations.logit(said) / 2.3)
    ax.vlines(said, happened - 0.08, happened + 0.08, color=TRUTH_LINE["color"], linewidth=1.6)
    ax.plot(said, happened, "o-", color=TRUTH_LINE["color"], linewidth=1.6)


def _shifted(ax: Axes) -> None:
    z = 20 * _X - 10
    ax.plot(_X, activations.sigmoid(z), **TRUTH_LINE)
    ax.plot(_X, activations.sigmoid(z + 6.31), **MODEL_LINE)
    arrow(ax, (0.49, 0.5), (0.2, 0.5), MUTED)


def _rare(ax: Axes) -> None:
    across, up = np.meshgrid(np.linspace(0.02, 0.98, 26), np.linspace(0.04, 0.98, 10))
    ax.plot(across.ravel(), up.ravel(), ".", color=FAINT, markersize=4)
    ax.plot(across[6, 17], up[6, 17], "D", color=MODEL_LINE["color"], markersize=8)


def _patients(ax: Axes) -> None:
    healthy = 0.9 * np.exp(-5 * _X) + 0.08
    ax.plot(_X, healthy, **TRUTH_LINE)
    ax.plot(_X, healthy + 1.1 * np.maximum(_X - 0.35, 0) ** 1.3, **MODEL_LINE)
    ax.plot(_X, 0.72 + 0 * _X, color=MUTED, linestyle=":", linewidth=2)


def _five_dialects(ax: Axes) -> None:
    rows = np.linspace(0.1, 0.95, 5)
    ax.plot([0.62, 0.62], [0, 1.05], color=MUTED, linestyle=":", linewidth=1.6)
    for y, written in zip(rows, (0.30, 0.44, 0.22, 0.37, 0.51), strict=True):
        ax.plot([0.05, written], [y, y], color=FAINT, linewidth=5, solid_capstyle="round")
        ax.plot([0.62], [y], "o", color=TRUTH_LINE["color"], markersize=7)


def _prices_of_letters(ax: Axes) -> None:
    prices = np.array([0.95, 0.5, 0.22, 0.08, 0.3, 0.8, 0.35, 0.12, 0.2, 1.0, 0.3, 0.1])
    ax.bar(np.linspace(0.04, 0.96, len(prices)), prices, width=0.062, **EXTRA_FILL)


SKETCHES: dict[str, Callable[[Axes], None]] = {
    "start_here": _slider,
    "entropy": _entropy_arch,
    "cross_entropy": _stacked_bars,
    "binary_cross_entropy": _two_curves,
    "logits": _fused_and_clipped,
    "softmax": _simplex,
    "maximum_likelihood": _likelihood,
    "label_smoothing": _softened,
    "calibration": _reliability,
    "class_imbalance": _shifted,
    "fraud_scorer": _rare,
    "loss_clinic": _patients,
    "framework_rosetta": _five_dialects,
    "language_model": _prices_of_letters,
}

"""Pictures of notebook 12: one certain mistake, six marks; and how many digits each road keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from cecourse.palette import LOSS, MODEL, MUTED, TRUTH, shade, tint
from cecourse.picture import Picture, headline, new_figure, write

DIGITS = LinearSegmentedColormap.from_list(
    "digits",
    list(
        zip(
            (0, 0.08, 0.3, 0.5, 1),
            ("white", tint(MODEL), tint(TRUTH, 0.34), tint(TRUTH, 0.64), shade(TRUTH, 0.4)),
            strict=True,
        )
    ),
)


def six_marks(marks: Mapping[str, float]) -> Picture:
    """One forecast of 0 for what happened, and the mark that each library gives it.

    Parameters
    ----------
    marks : mapping of str to float
        Library to loss in nats, in any order; inf is drawn at the right edge.
    """
    fig = new_figure(7.2, 3.6)
    ax = fig.subplots()
    ordered = sorted(marks.items(), key=lambda item: item[1])
    finite = [mark for mark in marks.values() if np.isfinite(mark)]
    edge = 1.32 * max(finite, default=1.0)
    for row, (_, mark) in enumerate(ordered):
        end = mark if np.isfinite(mark) else edge
        colour = MODEL if np.isfinite(mark) else TRUTH
        ax.plot(
            [0, end],
            [row, row],
            color=colour,
            linewidth=5,
            alpha=0.35,
            zorder=2,
            solid_capstyle="butt",
        )
        if np.isfinite(mark):
            ax.plot([end], [row], "o", color=colour, markersize=10, zorder=4)
            write(ax, (end + edge * 0.022, row), f"{mark:.2f}", "middle bold halo", zorder=5)
        else:
            ax.plot([end], [row], ">", color=colour, markersize=11, zorder=4, clip_on=False)
            write(ax, (end * 1.022, row), "∞", "middle bold", TRUTH, size=15)
    ax.set(
        xlim=(0, edge * 1.09),
        ylim=(len(ordered) - 0.4, -0.6),
        yticks=range(len(ordered)),
        xlabel="loss of the row in nats",
    )
    ax.set_yticklabels([name for name, _ in ordered], fontsize=10.5)
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xticks([tick for tick in ax.get_xticks() if tick <= max(finite, default=1.0)])
    headline(fig, f"“Impossible”, it said, and it happened: {_different(marks)} different marks")
    told = "; ".join(f"{name}: {mark:.2f}" for name, mark in ordered if np.isfinite(mark))
    endless = [name for name, mark in ordered if not np.isfinite(mark)]
    return Picture(
        fig,
        f"Bars for one row with y = 1 and forecast 0, in nats. {told}; {_and(endless)} reach the "
        "right edge, infinity.",
    )


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _different(marks: Mapping[str, float]) -> str:
    """How many different marks there are, to two decimals, in words."""
    count = len({f"{mark:.2f}" for mark in marks.values()})
    words = ("no", "one", "two", "three", "four", "five", "six", "seven")
    return words[count] if count < len(words) else str(count)


def digits_lost(digits: Mapping[str, np.ndarray], logits: Sequence[float], fused: int) -> Picture:
    """How many digits of the loss are right, a row for each road and a column for each logit.

    Parameters
    ----------
    digits : mapping of str to array, shape (n,)
        The road (a library, and what it is given), and how many digits it keeps of each loss of a
        row with y = 1.
    logits : sequence of float, length n
        Logits of the row.
    fused : int
        How many roads, the first ones, start from the logit; a line is drawn below them.
    """
    names = list(digits)
    digits = np.array(list(digits.values()))
    whole = np.floor(digits + 0.35).astype(int)  # 6.7 digits are called 7
    fig = new_figure(7.4, 0.34 * len(names) + 1.5)
    ax = fig.subplots()
    ax.imshow(digits, cmap=DIGITS, vmin=0, vmax=16, aspect="auto")
    for i, row in enumerate(whole):
        for j, count in enumerate(row):
            if count == 0:
                corner = Rectangle(
                    (j - 0.5, i - 0.5),
                    1,
                    1,
                    facecolor=tint(MODEL),
                    edgecolor=MODEL,
                    hatch="////",
                    linewidth=0,
                )
                ax.add_patch(corner)
            how = "center middle bold halo" if count == 0 else "center middle"
            write(ax, (j, i), f"{count}", how, "white" if count >= 9 else LOSS, size=10)
    shown = [f"{z:g}".replace("-", "−") for z in logits]
    ax.set_xticks(range(len(logits)), shown)
    ax.set_yticks(range(len(names)), names, fontsize=10)
    ax.set_xticks(np.arange(len(logits) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(names) + 1) - 0.5, minor=True)
    ax.grid(False)
    ax.grid(which="minor", color="white", linewidth=2)
    ax.tick_params(which="both", length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    turn = sum(z < 0 for z in logits) - 0.5
    ax.axvline(turn, color=MUTED, linewidth=1.6, linestyle=(0, (2, 2)))
    ax.set_xlabel("← the row is wrong      logit of a row with y = 1      the row is right →")
    ax.axhline(fused - 0.5, color=LOSS, linewidth=2.2)
    headline(fig, "Digits that are right: a logit keeps them, a probability does not")
    dead = [
        f"{name} has none at {_and([z for z, count in zip(shown, row, strict=True) if count == 0])}"
        for name, row in zip(names[fused:], whole[fused:], strict=True)
    ]
    return Picture(
        fig,
        f"A table of right digits, one row a road, for logits from {shown[0]} to {shown[-1]}. The "
        f"{fused} roads from logits are dark: {whole[:fused].min()} to {whole[:fused].max()} "
        f"digits everywhere. From probabilities: {'; '.join(dead)}.",
    )

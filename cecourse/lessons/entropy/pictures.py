"""Pictures of notebook 01: surprise, entropy, code lengths, letters and guesses."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from cecourse.english.guessing import SHANNON_CONCLUDED, letter_entropy
from cecourse.palette import ACCENT, DARK, EXTRA, LIGHT, MODEL, MUTED, REMARK, TRUTH, shade, tint
from cecourse.picture import (
    EXTRA_FILL,
    LOSS_LINE,
    TRUTH_FILL,
    TRUTH_LINE,
    Picture,
    headline,
    new_figure,
    point,
    write,
)
from cehelpers.information import entropy, perplexity, surprisal

_FRACTIONS = {0.5: "1/2", 0.25: "1/4", 0.125: "1/8", 1.0: "1"}
# light to dark, so that neighbours differ in greyscale too
_SHADES = [tint(TRUTH), tint(TRUTH, 0.45), TRUTH, shade(TRUTH, 0.6), REMARK, tint(MUTED, 0.7)]


def _in_nats(bits: ArrayLike) -> NDArray:
    return bits * np.log(2)


def _in_bits(nats: ArrayLike) -> NDArray:
    return nats / np.log(2)


def surprise_curve(marked: Sequence[float]) -> Picture:
    """Surprise against probability, in bits and in nats, with some probabilities marked."""
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    p = np.linspace(0.002, 1, 600)
    ax.plot(p, surprisal(p, base=2), **LOSS_LINE)
    told = []
    for q in marked:
        bits = surprisal(q, base=2)
        ax.plot([q, q, 0], [0, bits, bits], color=MUTED, linewidth=0.9, linestyle=":")
        ax.plot([q], [bits], "o", color=TRUTH, markersize=8, zorder=5)
        unit = "bit" if bits == 1 else "bits"
        told.append(f"p = {_FRACTIONS.get(q, f'{q:g}')}: {bits:.3g} {unit}")
        write(
            ax,
            (q, bits),
            told[-1],
            shift=(10, 6 if q < 1 else 16),
            ha="left" if q < 0.9 else "right",
        )
    point(ax, (0.004, 7.75), "p → 0: no ceiling", (0.1, 7.55), "middle head", MODEL)
    ax.set(xlim=(0, 1.02), ylim=(0, 8), xlabel="probability p of what happened")
    ax.set_ylabel("surprise −log₂ p in bits")
    ax.set_title("Halve the probability, and the surprise grows by one bit")
    nats = ax.secondary_yaxis("right", functions=(_in_nats, _in_bits))
    nats.set_ylabel("surprise −ln p in nats")
    nats.spines["right"].set_visible(True)
    return Picture(
        fig,
        "Surprise in bits against the probability p of what happened, falling from no ceiling at p "
        f"= 0 to 0 bits at p = 1. Marked: {'; '.join(told)}. A second scale on the right counts "
        f"the same in nats: {ax.get_ylim()[1]:g} bits are {ax.get_ylim()[1] * np.log(2):.2f}.",
    )


def coin(marked: Sequence[float]) -> Picture:
    """Entropy of a coin against its probability of heads, with some coins marked."""
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    p = np.linspace(0, 1, 401)
    h = entropy(np.stack([p, 1 - p], axis=-1), base=2)
    ax.fill_between(p, h, color=LIGHT, alpha=0.18, linewidth=0)
    ax.plot(p, h, **TRUTH_LINE)
    told = []
    for q in marked:
        bits = entropy([q, 1 - q], base=2)
        ax.plot([q], [bits], "o", color=TRUTH, markersize=9, zorder=5, clip_on=False)
        # words stand inside the hill, away from the curve
        place = {True: (0.13, bits + 0.05), False: (0.87, bits + 0.05)}[q < 0.5]
        if abs(q - 0.5) < 0.2:
            place = (0.5, bits - 0.17)
        told.append(f"p = {q:g} with {bits:#.3g} bit")
        point(
            ax,
            (q, bits),
            told[-1].replace(" with ", "\n"),
            place,
            "center",
            line={"linewidth": 0.9},
            va="center" if abs(q - 0.5) < 0.2 else "bottom",
        )
    ax.set(xlim=(0, 1), ylim=(0, 1.09), xlabel="probability p of heads")
    ax.set_ylabel("entropy in bits")
    ax.set_title("The more certain the coin, the less a flip tells you")
    return Picture(
        fig,
        "Entropy of a coin in bits against its probability p of heads: a hill, 0 at both ends and "
        f"highest, {h.max():.2f} bit, at p = {p[h.argmax()]:g}. Marked: {', '.join(told)}.",
    )


def tidy_and_shuffled(tidy: np.ndarray, shuffled: np.ndarray) -> Picture:
    """Two boards of black and white tiles, each with the entropy of its shares of colour."""
    fig = new_figure(7.2, 3.9)
    told = []
    for ax, board, name in zip(
        fig.subplots(1, 2), (tidy, shuffled), ("swept", "shuffled"), strict=True
    ):
        share = float(np.mean(board))
        bits = entropy([share, 1 - share], base=2)
        ax.imshow(board, cmap="Blues", vmin=-0.15, vmax=1.25)
        ax.set_xticks(np.arange(-0.5, board.shape[1]), labels=[])
        ax.set_yticks(np.arange(-0.5, board.shape[0]), labels=[])
        ax.grid(color="white", linewidth=1.6)
        ax.set_axisbelow(False)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        told.append(f"{name}: {share:.0%} dark, {bits:.3f} bit a tile")
        ax.set_xlabel(told[-1])
    headline(fig, "Tidy or messy, the entropy of the colour counts is the same")
    rows, columns = tidy.shape
    half = "upper" if np.mean(tidy[: rows // 2]) > 0.5 else "lower"
    return Picture(
        fig,
        f"Two boards of {rows} × {columns} tiles. Left, {told[0]}, the dark ones fill the {half} "
        f"half. Right, {told[1]}, the same tiles scattered.",
    )


def code_rectangles(p: ArrayLike, codes: dict[str, Sequence[str]], names: Sequence[str]) -> Picture:
    """Codes as rectangles: width how often, height how many bits, area what it costs on average.

    Parameters
    ----------
    p : array_like, shape (K,)
        How often each name is sent.
    codes : mapping of str to K strings of 0 and 1
        A panel for each code.
    names : K strings
        What is sent.
    """
    p = np.asarray(p)
    fig = new_figure(7.2, 4.2)
    areas, told = [], []
    for ax, (title, words) in zip(
        fig.subplots(1, len(codes), sharey=True), codes.items(), strict=True
    ):
        edges = np.cumsum([0, *p])
        for k, (left, share, word) in enumerate(zip(edges, p, words, strict=False)):
            centre, n = left + share / 2, len(word)
            for i, bit in enumerate(word):  # the first bit on top
                ax.bar(
                    left,
                    1,
                    share,
                    n - 1 - i,
                    align="edge",
                    color=_SHADES[k],
                    edgecolor="white",
                    linewidth=1.5,
                )
                write(
                    ax,
                    (centre, n - 0.5 - i),
                    bit,
                    "center middle",
                    "white" if k in (2, 3) else DARK,
                    size=13,
                    family="monospace",
                )
            write(ax, (centre, n + 0.07), names[k], "center bold", size=12)
        area = float(np.sum(p * [len(word) for word in words]))
        areas.append(f"{area:g}")
        lengths = ", ".join(f"{name} {len(word)}" for name, word in zip(names, words, strict=True))
        told.append(f"“{title}”: {lengths} bits high, area {area:g} bits.")
        write(ax, (0.03, 3.12), f"area = {area:g} bits", "bold", MODEL, size=12)
        ax.set(xlim=(0, 1), ylim=(0, 3.5), yticks=[0, 1, 2, 3])
        ax.set_xticks(edges, labels=_shares(edges))
        ax.set_xlabel("share of the messages")
        ax.set_title(title, fontsize=11.5, fontweight="normal")
        ax.grid(visible=False)
    fig.axes[0].set_ylabel("code length in bits")
    headline(
        fig, f"Short words for frequent messages: the area shrinks from {' to '.join(areas)} bits"
    )
    often = ", ".join(f"{name} {_FRACTIONS.get(x, x)}" for name, x in zip(names, p, strict=True))
    return Picture(
        fig,
        f"Codes as rectangles, width how often ({often}), height how many bits, area what a "
        f"message costs on average. {' '.join(told)}",
    )


def _shares(edges: Sequence[float]) -> list[str]:
    """Eighths as fractions, anything else as decimals."""
    names = {0: "0", 0.5: "1/2", 0.75: "3/4", 0.875: "7/8", 1: "1"}
    return [names.get(float(edge), f"{edge:.2g}") for edge in edges]


def letter_frequencies(p: ArrayLike, symbols: str) -> Picture:
    """The shares of the 27 symbols of a text, most frequent first, against 27 equal ones."""
    p = np.asarray(p)
    order = np.argsort(-p, kind="stable")
    bits, effective = entropy(p, base=2), perplexity(p)
    fig = new_figure(7.2, 3.9)
    ax = fig.subplots()
    ax.bar(range(len(p)), p[order], width=0.82, **TRUTH_FILL)
    ax.axhline(1 / len(p), color=MODEL, linestyle=(0, (5, 2)), linewidth=2)
    write(
        ax,
        (len(p) - 5.2, 1 / len(p) + 0.004),
        f"{len(p)} equal letters: {np.log2(len(p)):.2f} bits",
        "right bottom",
        MODEL,
    )
    ax.set_xticks(range(len(p)), labels=["␣" if symbols[k] == " " else symbols[k] for k in order])
    most, rare = order[0], order[-1]
    name = {" ": "blank"}
    ends = [
        f"{name.get(symbols[k], symbols[k])}: {p[k]:{form}},\n{surprisal(p[k], base=2):.1f} bits"
        for k, form in ((most, ".0%"), (rare, ".2%"))
    ]
    point(ax, (0.45, 0.93 * p[most]), ends[0], (2.2, 0.93 * p[most]), "middle")
    point(
        ax,
        (len(p) - 1, p[rare]),
        ends[1],
        (len(p) - 0.5, 0.09),
        "right bottom",
        line={"relpos": (0.86, 0)},
    )
    worth = f"{bits:.2f} bits a letter:\nas uncertain as {effective:.1f} equal letters"
    write(ax, (12.5, 0.165), worth, "center middle bold", TRUTH, size=13)
    ax.set(xlim=(-0.7, len(p) - 0.3), ylabel="share of all symbols")
    ax.set_yticks(np.arange(0, 0.21, 0.05))
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.grid(axis="x", visible=False)
    ax.set_title(f"Letters are uneven, so a letter of Alice is worth less than log₂ {len(p)}")
    equal = f"A dashed line at 1/{len(p)} stands for equal letters, {np.log2(len(p)):.2f} bits."
    frequent = ", ".join(f"{symbols[k]} {p[k]:.0%}" for k in order[1:3])
    rarest = ", ".join(symbols[k] for k in order if p[k] == p[rare])
    return Picture(
        fig,
        f"Shares of the {len(p)} symbols in half a chapter of Alice, the most frequent first: "
        f"{' '.join(ends[0].split())}; {frequent}; down to {rarest}, and "
        f"{' '.join(ends[1].split())}. {equal} In large type: {' '.join(worth.split())}.",
    )


def bound_histograms(lower: ArrayLike, upper: ArrayLike, truth: Sequence[float]) -> Picture:
    """What many short games report for the two bounds, and what is true of their player.

    Parameters
    ----------
    lower, upper : array_like, shape (n_games,)
        The two estimates of each game, in bits.
    truth : (float, float)
        The player's own bounds.
    """
    fig = new_figure(7.2, 4.4)
    axes = fig.subplots(2, 1, sharex=True)
    looks = (TRUTH_FILL | {"alpha": 0.55}, EXTRA_FILL)
    told = []
    for ax, values, true, name, look in zip(
        axes, (np.asarray(lower), np.asarray(upper)), truth, ("lower", "upper"), looks, strict=True
    ):
        weights = np.full(values.shape, 1 / values.size)
        heights, _, _ = ax.hist(values, bins=np.arange(0, 3.01, 0.125), weights=weights, **look)
        mean, top = float(values.mean()), 1.45 * heights.max()
        ax.axvline(true, color="black", linewidth=2.4)
        ax.axvline(mean, color=MODEL, linewidth=2.2, linestyle=(0, (5, 2)))
        write(ax, (true + 0.025, top), f"truth {true:.2f}", "left top")
        write(ax, (mean - 0.025, top), f"mean {mean:.2f}", "right top", MODEL)
        below = float(np.mean(values < true))
        told.append(
            f"the {name} bound: truth {true:.2f}, mean {mean:.2f}, {below:.0%} of the games fall "
            "short."
        )
        write(
            ax,
            (2.98, 0.62 * top),
            f"{name} bound\n{below:.0%} of the games\nfall short",
            "right middle",
        )
        ax.set(ylim=(0, top), xlim=(0, 3), ylabel="share of games")
        ax.yaxis.set_major_formatter("{x:.0%}")
    axes[1].set_xlabel("estimate in bits a letter")
    axes[0].set_title("Thirty letters are few: the upper bound comes out too low")
    return Picture(
        fig,
        f"Histograms of the estimates of {np.size(lower):,} short games, in bits a letter, with a "
        f"solid line at the truth and a dashed one at the mean. Above, {told[0]} Below, {told[1]}",
    )


def game_board(fig: Figure, columns: int, bars: int) -> dict:
    """Draw the empty board of the guessing game and return what moves on it.

    Parameters
    ----------
    columns : int
        Symbols in a line of the sentence; there are two lines.
    bars : int
        Bars for 1, 2, … guesses; the last one holds that many and more.
    """
    grid = fig.add_gridspec(2, 2, height_ratios=[1.25, 2], width_ratios=[1.35, 1])
    words = fig.add_subplot(grid[0, :])
    words.set_axis_off()
    words.set(xlim=(0, columns), ylim=(0, 4))
    head = write(
        words,
        (0, 0),
        "the sentence, and how many guesses each letter took",
        "bottom",
        MUTED,
        size=10,
    )
    lines = {"head": head}
    for row in range(2):
        lines[f"letters_{row}"] = [
            write(words, (i + 0.5, 0), "", "center middle bold", size=13, family="monospace")
            for i in range(columns)
        ]
        lines[f"counts_{row}"] = [
            write(words, (i + 0.5, 0), "", "center middle", MODEL, size=9) for i in range(columns)
        ]
    left = fig.add_subplot(grid[1, 0])
    heights = left.bar(
        range(1, bars + 1),
        [0] * bars,
        width=0.8,
        facecolor=tint(MODEL),
        edgecolor=MODEL,
        hatch="////",
    )
    tops = [write(left, (i, 0), "", "center bottom", size=10) for i in range(1, bars + 1)]
    left.set_xticks(range(1, bars + 1), labels=[*map(str, range(1, bars)), f"{bars}+"])
    left.set(
        ylim=(0, 1.1), xlim=(0.4, bars + 0.6), xlabel="guesses needed", ylabel="share of letters"
    )
    left.yaxis.set_major_formatter("{x:.0%}")
    left.grid(axis="x", visible=False)
    return lines | {"bars": list(heights), "tops": tops} | _scale(fig.add_subplot(grid[1, 1]))


def _scale(ax: Axes) -> dict:
    """The scale of bits a letter: your two bounds beside what others get."""
    low, high = SHANNON_CONCLUDED
    ax.axvspan(low, high, ymax=0.74, color=TRUTH, alpha=0.16, linewidth=0)
    found = f"Shannon 1951:\n{low}–{high}"
    write(ax, ((low + high) / 2, 0.08), found, "center", TRUTH, size=9.5)
    for x, name in ((letter_entropy(), "letter counts"), (np.log2(27), "log₂ 27")):
        ax.plot([x, x], [0, 0.74], color=MUTED, linestyle=":", linewidth=1.8)
        write(ax, (x - 0.05, 0.06), name, "right bottom", MUTED, size=9.5, rotation=90)
    ax.set(xlim=(0, 5), ylim=(0, 1), yticks=[], xlabel="entropy in bits a letter")
    ax.spines["left"].set_visible(False)
    (band,) = ax.plot([], [], color=MODEL, linewidth=7, solid_capstyle="butt")
    words = write(ax, (2.5, 0.87), "", "center middle", MODEL, size=10.5)
    return {"band": band, "band_words": words}


def die_board(fig: Figure, most: int) -> dict:
    """Draw the empty board of the loaded die and return what moves on it.

    Parameters
    ----------
    most : int
        The largest number of faces.
    """
    left, right = fig.subplots(1, 2, width_ratios=[1.15, 1])
    bars = left.bar(range(1, most + 1), [0] * most, width=0.8, **TRUTH_FILL)
    bars[0].set(facecolor=ACCENT, edgecolor="black")
    (fair,) = left.plot([], [], color=MODEL, linestyle=(0, (5, 2)), linewidth=2)
    fair_words = write(left, (0, 0), "", "middle", MODEL, size=10.5)
    first = write(left, (1, 0), "", "left bottom", size=10.5)
    left.set(xlim=(0.4, most + 0.6), ylim=(0, 1.1), xlabel="face", ylabel="probability")
    left.set_xticks([1, *range(5, most + 1, 5)])
    left.set_title("The die")
    left.grid(axis="x", visible=False)

    (logs,) = right.plot([], [], color=MODEL, linestyle=(0, (5, 2)), linewidth=2, zorder=5)
    write(right, (0.98, 0.9), "fair: log K", "right", MODEL, size=10.5, transform=right.transAxes)
    (curve,) = right.plot([], [], **TRUTH_LINE)
    (gap,) = right.plot([], [], color=EXTRA, linewidth=3, solid_capstyle="butt")
    (dot,) = right.plot([], [], "o", color=TRUTH, markersize=10, zorder=6)
    words = write(right, (0.03, 0.975), "", "top bold", TRUTH, size=12, transform=right.transAxes)
    right.set(xlim=(0, most + 0.8), xlabel="number of faces K")
    right.set_title("Its entropy")
    return {
        "bars": list(bars),
        "fair": fair,
        "fair_words": fair_words,
        "first": first,
        "logs": logs,
        "curve": curve,
        "gap": gap,
        "dot": dot,
        "words": words,
    }

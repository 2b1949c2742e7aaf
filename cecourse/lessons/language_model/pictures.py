"""Pictures of notebook 13: letters and their price, tokens, means, teachers, and the floor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from cecourse.english.guessing import SHANNON_CONCLUDED
from cecourse.palette import (
    DARK,
    EXTRA,
    GOOD,
    LOSS,
    MODEL,
    MUTED,
    REMARK,
    TRUTH,
    contrast,
    ink,
    tint,
)
from cecourse.picture import Picture, dot, headline, new_figure, write

from .scaling import fit

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


def surprises(text: str, names: Sequence[str], bits: ArrayLike) -> Picture:
    """A sentence as tiles, a row for each model: the darker, the dearer the letter, with its bits.

    Parameters
    ----------
    text : str
        The sentence, in 27 symbols; it is broken at the blank nearest to its middle.
    names : sequence of str
        The models, from top to bottom.
    bits : array_like, shape (len(names), len(text))
        What each letter costs each model.
    """
    bits = np.asarray(bits, dtype=float)
    blanks = [i for i, letter in enumerate(text) if letter == " "]
    middle = min(blanks, key=lambda i: abs(i - len(text) / 2))
    rows = [(0, middle), (middle, len(text))]
    wide = max(end - start for start, end in rows)
    fig = new_figure(7.2, 1.2 + 0.62 * (len(names) + 1))
    for ax, (start, end) in zip(fig.subplots(2, 1), rows, strict=True):
        for column, letter in enumerate(text[start:end]):
            write(ax, (column, 0), letter.replace(" ", "␣"), "center middle bold", size=13)
            for row, cost in enumerate(bits[:, start + column], start=1):
                dark = min(1, 0.03 + cost / 9)
                tile = Rectangle((column - 0.47, row - 0.45), 0.94, 0.9, color=tint(TRUTH, dark))
                ax.add_patch(tile)
                colour = "white" if contrast(tint(TRUTH, dark), "#FFFFFF") > 4.5 else LOSS
                write(ax, (column, row), f"{cost:.0f}", "center middle", colour, size=11.5)
        for row, name in enumerate(names, start=1):
            write(ax, (-0.75, row), name, "right middle", DARK, size=10.5)
        ax.set(xlim=(-4.2, wide - 0.4), ylim=(len(names) + 0.6, -0.6), xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set_visible(False)
    first = np.array([i == 0 or text[i - 1] == " " for i in range(len(text))])
    headline(fig, "The first letters of words are dear, the ends cheap")
    told = "; ".join(
        f"{name}: {_dearer(row[first].mean() / row[~first].mean())}"
        for name, row in zip(names, bits, strict=True)
    )
    return Picture(
        fig,
        f"“{text.capitalize()}”, letter by letter, as tiles with the bits that each letter costs "
        f"{len(names)} models; a darker tile is dearer. The mean of the words' first letters "
        f"beside that of all other symbols: {told}.",
    )


def _dearer(times: float) -> str:
    """In words that hold whatever the last bits of a training run are."""
    return "more than twice as dear" if times > 2 else "less than twice as dear"


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?


FAR = 1e9  # letters, where the picture of the floors ends


def floors(n: ArrayLike, loss: ArrayLike, since: Sequence[int]) -> Picture:
    """Losses against letters read, on a logarithmic axis, and what formulas fitted to them say.

    Parameters
    ----------
    n, loss : array_like, shape (sizes,)
        Letters read, and bits per letter of a held-out text.
    since : sequence of int
        Each formula is fitted to the losses from so many letters on; at most three.
    """
    n, loss = np.asarray(n), np.asarray(loss)
    fits = [fit(n[n >= first], loss[n >= first]) for first in since]
    fig = new_figure(7.2, 4.2)
    ax = fig.subplots()
    low, high = SHANNON_CONCLUDED
    ax.axhspan(low, high, color=tint(GOOD), zorder=0)
    middle = (1.3e3, (low + high) / 2)
    write(ax, middle, f"Shannon 1951: {low:g} to {high:g}", "middle", ink(GOOD), size=10.5)
    ax.axhline(0, color=MUTED, linewidth=1)
    write(ax, (1.3e3, -0.06), "less than nothing", "top", REMARK, size=10)
    looks = ((ink(MODEL), (0, (5, 2))), (ink(EXTRA), (0, (1, 1))), (DARK, (0, (6, 2, 1, 2))))
    for first, found, (colour, style) in zip(since, fits, looks, strict=False):
        reach = np.geomspace(first, FAR, 200)
        ax.plot(reach, found(reach), color=colour, linestyle=style, linewidth=2)
        words = f"from {first:,}: E = {_plain(found.E)}"
        write(ax, (FAR, found(FAR)), words, "middle", colour, shift=(6, 0), size=10.5)
    dot(ax, (n, loss), TRUTH, size=8)
    write(ax, (n[0], loss[0]), "measured", "left middle bold", ink(TRUTH), shift=(10, 4))
    ax.set(xscale="log", xlim=(n[0] * 0.8, FAR), ylim=(-0.5, loss.max() + 0.3))
    ax.set(xlabel="letters read", ylabel="bits per letter of Alice")
    ax.set_title("The same points, and very different floors")
    told = "; ".join(
        f"from {first:,} letters on, E = {_plain(found.E)}, off by {found.off:.3f} bits"
        for first, found in zip(since, fits, strict=True)
    )
    return Picture(
        fig,
        f"Held-out loss of the best order against letters read, on a logarithmic axis: from "
        f"{loss[0]:.2f} bits at {n[0]:,} letters to {loss[-1]:.2f} at {n[-1]:,}. Curves "
        f"E + A/nᵃ lie on the points they are fitted to and part beyond them: {told}. A band marks "
        f"Shannon's {low:g} to {high:g} bits.",
    )


def _plain(number: float) -> str:
    """One decimal, with a true minus and no minus before 0."""
    return f"{round(number, 1) + 0:.1f}".replace("-", "−")

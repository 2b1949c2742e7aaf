"""Pictures of notebook 13: letters and their price, tokens, means, teachers, and the floor."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from cecourse.english.guessing import ALPHABET, SHANNON_CONCLUDED
from cecourse.palette import LOSS, MODEL, REMARK, TRUTH, ink, tint
from cecourse.picture import LOSS_LINE, MODEL_LINE, Picture, dot, new_figure, write

# ---------------------------------------------------------------- the next letter


def bits_by_memory(read: Sequence[float], held: Sequence[float]) -> Picture:
    """The loss of 0, 1, 2 … letters of memory, on a text that was read and on one that was not.

    Parameters
    ----------
    read, held : sequence of float
        Bits per letter for each order, from 0.
    """
    fig = new_figure(7.2, 4.0)
    ax = fig.subplots()
    orders, best = np.arange(len(held)), int(np.argmin(held))
    low, high = SHANNON_CONCLUDED
    nothing = math.log2(len(ALPHABET))
    ax.axhspan(low, high, color=tint(TRUTH), zorder=0)
    words = f"what Shannon concluded for people: {low} to {high}"
    write(ax, (-0.2, (low + high) / 2), words, "left middle", ink(TRUTH))
    ax.axhline(nothing, color=REMARK, linewidth=1.2, linestyle=":")
    write(ax, (orders[-1], nothing), f"no idea: log₂ 27 = {nothing:.2f}", "right bottom", REMARK)
    ax.plot(orders, read, **MODEL_LINE)
    ax.plot(orders, held, **LOSS_LINE)
    dot(ax, (best, held[best]), LOSS, size=11)
    above = {"shift": (0, 12)}
    write(ax, (best, held[best]), f"{held[best]:.2f}", "center bottom bold", **above)
    write(ax, (1, held[1]), "the other book, never read", "bold", shift=(14, 6))
    write(ax, (3, read[3]), "a text it has read", "right top bold", ink(MODEL), shift=(-12, -4))
    ax.set(xlim=(-0.3, orders[-1] + 0.3), ylim=(0, 5.2), xticks=orders)
    ax.set(xlabel="letters of memory", ylabel="loss in bits per letter")
    ax.set_title("Memory helps, until the past is one of a kind")
    listed = [", ".join(f"{x:.2f}" for x in values) for values in (read, held)]
    return Picture(
        fig,
        f"Loss in bits per letter against 0 to {orders[-1]} letters of memory. On a text that was "
        f"read it falls all the way, dashed: {listed[0]}. On another book, never read, it is "
        f"lowest with {best} letters and rises again: {listed[1]}. A dotted line at log₂ 27 = "
        f"{nothing:.2f} is to know nothing; a band from {low} to {high} is what Shannon concluded "
        "for people.",
    )


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?

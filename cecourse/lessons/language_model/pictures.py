"""Pictures of notebook 13: letters and their price, tokens, means, teachers, and the floor."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from cecourse.english.guessing import ALPHABET, SHANNON_CONCLUDED
from cecourse.palette import FAINT, GOOD, LOSS, MODEL, PAPER, REMARK, TRUTH, ink, tint
from cecourse.picture import (
    LOSS_LINE,
    MODEL_FILL,
    MODEL_LINE,
    Picture,
    dot,
    headline,
    new_figure,
    write,
)

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


def padded_batch(sentences: Sequence[str], costs: Sequence[ArrayLike]) -> Picture:
    """Sentences of unequal length in a rectangle: what each letter costs, and three means of it.

    Parameters
    ----------
    sentences : sequence of str
        The rows, each with the blank that follows it.
    costs : sequence of array_like
        For each sentence the surprise of each letter in nats; padding costs nothing.
    """
    width = max(map(len, sentences))
    dearest = max(map(np.max, costs))
    fig = new_figure(7.2, 0.5 + 7 * (len(sentences) + 2.2) / (width + 4.1))
    ax = fig.subplots()
    write(ax, (width + 0.25, -0.35), "mean of the row", "left middle", REMARK, size=10)
    for y, (sentence, cost) in enumerate(zip(sentences, costs, strict=True)):
        for x in range(width):
            inside = x < len(sentence)
            look = {"facecolor": PAPER, "edgecolor": FAINT, "hatch": "////"}
            if inside:
                share = 0.08 + 0.6 * float(cost[x]) / dearest
                look = {"facecolor": tint(MODEL, share), "edgecolor": "white"}
                letter = sentence[x].replace(" ", "␣")
                write(ax, (x + 0.5, y + 0.5), letter, "center middle bold", size=11)
            ax.add_patch(Rectangle((x + 0.04, y + 0.04), 0.92, 0.92, linewidth=0.6, **look))
        write(ax, (width + 0.25, y + 0.5), f"{np.mean(cost):.2f}", "left middle bold", size=11)
    everything, places = np.concatenate(costs), width * len(sentences)
    padding = 1 - len(everything) / places
    means = {
        "mean over all places": everything.sum() / places,
        "mean over all letters": everything.mean(),
        "mean of the rows’ means": float(np.mean([np.mean(cost) for cost in costs])),
    }
    for k, (name, mean) in enumerate(means.items()):
        dark = GOOD if name == "mean over all letters" else LOSS
        write(
            ax,
            (k * (width + 4) / 3, len(sentences) + 0.75),
            f"{name}\n{mean:.2f} nats",
            "left middle bold",
            ink(dark),
            size=10,
            linespacing=1.5,
        )
    ax.set(xlim=(-0.1, width + 4), ylim=(len(sentences) + 1.4, -0.8), aspect="equal")
    ax.axis("off")
    headline(fig, "One batch, three means: which is the loss?")
    told = "; ".join(
        f"{one.strip()}, {len(one)} letters with its last blank, mean {np.mean(cost):.2f}"
        for one, cost in zip(sentences, costs, strict=True)
    )
    return Picture(
        fig,
        f"{len(sentences)} sentences as rows of tiles, darker where a letter costs more: {told}. "
        f"Hatched tiles fill each row up to {width}: {padding:.0%} of the rectangle is padding. "
        + "; ".join(f"{name} {mean:.2f} nats" for name, mean in means.items())
        + ".",
    )


# ---------------------------------------------------------------- fifty thousand classes


def passing_blocks(logits: ArrayLike, size: int) -> Picture:
    """The running maximum and the running sum of exponentials, block by block.

    Parameters
    ----------
    logits : array_like, shape (K,)
        One row.
    size : int
        Classes in a block.
    """
    logits = np.asarray(logits, dtype=float)
    blocks = [logits[k : k + size] for k in range(0, len(logits), size)]
    places = np.arange(1, len(blocks) + 1)
    highest = np.array([block.max() for block in blocks])
    top = np.maximum.accumulate(highest)
    new = np.array([np.exp(block - t).sum() for block, t in zip(blocks, top, strict=True)])
    old, total = np.zeros(len(blocks)), np.zeros(len(blocks))
    for k in range(len(blocks)):
        if k:
            old[k] = total[k - 1] * math.exp(top[k - 1] - top[k])
        total[k] = old[k] + new[k]
    fig = new_figure(7.2, 4.5)
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=(2, 3))
    dot(above, (places, highest), MODEL, size=7)
    above.step(places, top, where="mid", color=LOSS, linewidth=2)
    above.set_ylabel("logit")
    above.set_title("largest of the block (dots), largest so far (line)", fontsize=10.5)
    below.bar(places, old, width=0.7, facecolor=tint(TRUTH, 0.55), edgecolor=TRUTH)
    below.bar(places, new, width=0.7, bottom=old, **MODEL_FILL)
    jumps = [k for k in range(1, len(blocks)) if top[k] > top[k - 1]]
    for k in jumps:
        factor = math.exp(top[k - 1] - top[k])
        at = (places[k], total[k])
        write(below, at, f"× {factor:.2f}", "center bottom bold halo", ink(TRUTH), size=9)
    end = top[-1] + math.log(total[-1])
    write(
        below,
        (0.03, 0.93),
        f"in the end {top[-1]:.3f} + ln {total[-1]:,.0f} = {end:.3f}",
        "left top bold",
        transform=below.transAxes,
    )
    below.set(xlabel="block", ylabel="Σ e^(logit − largest)", xticks=places)
    below.set_ylim(0, 1.25 * total.max())
    below.set_title(
        "old sum, rescaled where the line rises (plain), new block (hatched)",
        fontsize=10.5,
    )
    for ax in (above, below):
        ax.grid(axis="x", visible=False)
    headline(fig, "A higher maximum shrinks the old sum; nothing is lost")
    return Picture(
        fig,
        f"{len(logits):,} logits of one row pass in {len(blocks)} blocks. The largest so far "
        f"begins at {top[0]:.2f}, rises at "
        + (f"blocks {', '.join(str(places[k]) for k in jumps)} " if jumps else "no block ")
        + f"and ends at {top[-1]:.2f}. The sum of exponentials, measured from it, grows with each "
        f"block and is rescaled at each rise; at the end {top[-1]:.3f} + ln {total[-1]:,.0f} = "
        f"{end:.3f} is the log-sum-exp of the whole row.",
    )


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?

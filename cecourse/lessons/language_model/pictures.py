"""Pictures of notebook 13: letters and their price, tokens, means, teachers, and the floor."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from cecourse.english.guessing import ALPHABET, SHANNON_CONCLUDED
from cecourse.palette import (
    DARK,
    EXTRA,
    FAINT,
    GOOD,
    LOSS,
    MODEL,
    MUTED,
    PAPER,
    REMARK,
    TRUTH,
    contrast,
    ink,
    tint,
)
from cecourse.picture import (
    LOSS_LINE,
    MODEL_FILL,
    MODEL_LINE,
    TRUTH_FILL,
    Picture,
    dot,
    headline,
    new_figure,
    write,
)

from .scaling import fit

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
                colour = "white" if contrast(tint(TRUTH, dark), tint(TRUTH, 0)) > 4.5 else LOSS
                write(ax, (column, row), f"{cost:.0f}", "center middle", colour, size=11.5)
        for row, name in enumerate(names, start=1):
            write(ax, (-0.75, row), name, "right middle", DARK, size=10.5)
        ax.set(xlim=(-4.2, wide - 0.4), ylim=(len(names) + 0.6, -0.6), xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set_visible(False)
    first = np.array([i == 0 or text[i - 1] == " " for i in range(len(text))])
    headline(fig, "The first letters of words are dear, the ends cheap (bits)")
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


def short(p: float) -> str:
    """A probability to two digits behind the point, as .07; nothing at all is 0."""
    return "0" if p == 0 else f"{p:.2f}".lstrip("0") if p >= 0.005 else "<.01"


def teacher_rows(symbols: Sequence[str], rows: Mapping[str, ArrayLike]) -> Picture:
    """What a student is told of the next letter: a bar for each symbol, a panel for each row.

    Parameters
    ----------
    symbols : sequence of str
        The symbols that are drawn, the most probable first.
    rows : mapping of str to array_like
        A title, and the probabilities of the symbols.
    """
    fig = new_figure(7.2, 2.9)
    for ax, (title, row) in zip(fig.subplots(1, len(rows), sharey=True), rows.items(), strict=True):
        ax.bar(symbols, row, width=0.7, **TRUTH_FILL)
        for k, height in enumerate(row):
            write(ax, (k, height + 0.02), short(height), "center bottom", size=9)
        ax.set(ylim=(0, 1.14), yticks=[])
        ax.set_title(title, fontsize=11)
        ax.grid(False)
        ax.tick_params(axis="x", length=0)
        ax.spines["left"].set_visible(False)
    headline(fig, "A teacher says what else it might have been")
    told = "; ".join(
        f"{title}: {', '.join(f'{s} {short(p)}' for s, p in zip(symbols, row, strict=True))}"
        for title, row in rows.items()
    )
    return Picture(
        fig, f"Probabilities of the {len(symbols)} likeliest next letters, in panels. {told}."
    )


def shrinking(lengths: Mapping[float, float]) -> Picture:
    """Mean length of the gradient against the temperature, as it comes and times T².

    Parameters
    ----------
    lengths : mapping of float to float
        Temperature: mean Euclidean length of the gradient in the student's logits.
    """
    fig = new_figure(7.2, 3.5)
    ax = fig.subplots()
    T, length = np.array(list(lengths), dtype=float), np.array(list(lengths.values()))
    ax.plot(T, length, **MODEL_LINE)
    ax.plot(T, T**2 * length, **LOSS_LINE)
    for values, dark in ((length, MODEL), (T**2 * length, LOSS)):
        dot(ax, (T, values), dark)
    middle = len(T) // 2
    write(ax, (T[middle], length[middle]), "as it comes", "right top bold", ink(MODEL),
          shift=(-8, -4))  # fmt: skip
    write(ax, (T[middle], T[middle] ** 2 * length[middle]), "times T²", "center bottom bold",
          shift=(0, 8))  # fmt: skip
    for x, plain in zip(T, length, strict=True):
        write(ax, (x, plain), f"{plain:#.2g}", "left bottom", ink(MODEL), shift=(6, 4), size=9.5)
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    ax.set(xticks=T, xlim=(T[0] / 1.2, T[-1] * 1.45), ylim=(length.min() / 2, 6))
    ax.set_xticklabels([f"{x:g}" for x in T])
    ax.minorticks_off()
    ax.set(xlabel="temperature T of teacher and student", ylabel="mean length of the gradient")
    ax.set_title("Softer rows pull less, by about 1/T²; the factor T² undoes it")
    told = ", ".join(
        f"{plain:#.2g} at T = {x:g} ({x * x * plain:.2f})"
        for x, plain in zip(T, length, strict=True)
    )
    return Picture(
        fig,
        "Mean length of the gradient in the student's logits against the temperature, both on "
        f"logarithmic rulers; in brackets times T²: {told}. Times T² the line is nearly flat.",
    )


# ---------------------------------------------------------------- after pretraining


def both_fall(steps: ArrayLike, names: Sequence[str], losses: ArrayLike) -> Picture:
    """Probabilities of three answers while a preference is trained, and the loss.

    Parameters
    ----------
    steps : array_like, shape (n, 3)
        Probabilities after each step: of the chosen answer, the rejected one, the third.
    names : sequence of str
        Of the answers.
    losses : array_like, shape (n,)
        The loss before each step.
    """
    steps, losses = np.asarray(steps), np.asarray(losses)
    fig = new_figure(7.2, 3.4)
    left, right = fig.subplots(1, 2, width_ratios=(1.7, 1))
    looks = (
        (ink(GOOD), "-", "chosen"),
        (ink(MODEL), (0, (5, 2)), "rejected"),
        (MUTED, ":", "in no pair"),
    )
    count = np.arange(len(steps))
    for values, name, (color, line, role) in zip(steps.T, names, looks, strict=True):
        left.plot(count, values, color=color, linestyle=line, linewidth=2.4)
        write(left, (1.02 * count[-1], values[-1]), f"{name}, {role}", "middle bold", ink(color),
              size=10)  # fmt: skip
    left.set(xlabel="steps", ylabel="probability", ylim=(0, 1), xlim=(0, 1.6 * count[-1]))
    left.set_xticks(np.linspace(0, count[-1], 5))
    right.plot(count, losses, **LOSS_LINE)
    right.set(xlabel="steps", ylabel="loss in nats", ylim=(0, 0.8), xlim=(0, count[-1]))
    left.set_title("Both answers fall, the third rises", fontsize=11)
    right.set_title("The loss falls", fontsize=11)
    told = ", ".join(
        f"{name} from {values[0]:.2f} to {values[-1]:.2f}"
        for name, values in zip(names, steps.T, strict=True)
    )
    return Picture(
        fig,
        f"Left, the probabilities of three answers over {len(steps) - 1} steps of a preference "
        f"loss that has {names[0]} chosen and {names[1]} rejected: {told}. Right, the loss: from "
        f"{losses[0]:.2f} to {losses[-1]:.2f} nats.",
    )


def three_slopes(gradients: Mapping[str, ArrayLike], exact: Sequence[str]) -> Picture:
    """Mean gradients of estimates of a KL divergence beside those of the KLs themselves.

    Parameters
    ----------
    gradients : mapping of str to array_like, shape (3,)
        By name, in the order in which they are drawn: gradients in the three logits.
    exact : sequence of str
        The names of those that belong to a KL divergence itself.
    """
    fig = new_figure(7.2, 3.7)
    ax = fig.subplots()
    for place, (name, values) in enumerate(gradients.items()):
        fill = TRUTH_FILL if name in exact else MODEL_FILL
        at = place + np.array([-0.27, 0, 0.27])
        ax.bar(at, values, width=0.23, **fill)
        for x, value in zip(at, values, strict=True):
            up = value > -5e-3
            how, lift = ("center bottom", 3) if up else ("center top", -3)
            dark = ink(TRUTH if name in exact else MODEL)
            write(ax, (x, value), _signed(value), how, dark, shift=(0, lift), size=9)
    ax.axhline(0, color=LOSS, linewidth=1)
    for place in range(len(gradients) - 1):
        ax.axvline(place + 0.5, color=tint(MUTED, 0.3), linewidth=1)
    ax.set(
        xticks=range(len(gradients)),
        ylim=(-0.16, 0.25),
        ylabel="gradient in the three logits",
    )
    ax.set_xticklabels(
        [f"KL itself:\n{name}" if name in exact else f"{name}\nas a loss" for name in gradients]
    )
    ax.grid(axis="x", visible=False)
    ax.tick_params(axis="x", length=0)
    ax.set_title("One value, three gradients")
    told = "; ".join(
        f"{name} {', '.join(_signed(value) for value in values)}"
        for name, values in gradients.items()
    )
    return Picture(
        fig,
        f"Mean gradients in three logits: solid bars of a KL itself, hatched ones of an estimate "
        f"taken as a loss. {told}.",
    )


def _signed(value: float) -> str:
    """To two digits behind the point, with its sign; 0 has none."""
    return "0" if abs(value) < 5e-3 else f"{value:+.2f}".replace("-", "−").replace("0.", ".")


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

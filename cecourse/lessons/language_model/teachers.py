"""Pictures of notebook 13's teachers and preferences: soft rows, T², both fall, three gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from cecourse.palette import GOOD, LOSS, MODEL, MUTED, TRUTH, ink, tint
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
    ax.set(xticks=range(len(gradients)), ylim=(-0.16, 0.25), ylabel="gradient in the logit")
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

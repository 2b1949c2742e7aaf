"""Explorers of notebook 13: merges and perplexity, sampling, and what a preference moves."""

from __future__ import annotations

import math

import ipywidgets as widgets
import numpy as np
from numpy.typing import NDArray

from cecourse.explorer import Explorer
from cecourse.palette import FAINT, GOOD, LOSS, MODEL, MUTED, ink
from cecourse.picture import LOSS_LINE, write

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


REFERENCE = {"chosen": -12.0, "rejected": -11.0}  # log-probabilities before training, in nats
MARGINS = np.linspace(-6, 6, 241)


def preference() -> Explorer:
    """Move two log-probabilities: what does the loss of a preference see of them?"""
    names = {"chosen": "ln π of the chosen answer", "rejected": "ln π of the rejected answer"}
    controls = {
        key: widgets.FloatSlider(
            REFERENCE[key], min=-20, max=-4, step=0.5, description=name, readout_format=".1f"
        )
        for key, name in names.items()
    }
    controls["beta"] = widgets.FloatSlider(
        0.3, min=0.1, max=1, step=0.1, description="β", readout_format=".1f"
    )
    return Explorer(
        controls,
        _draw_preference,
        _update_preference,
        presets={
            "As it is meant": {"chosen": -9.0, "rejected": -14.0},
            "Both fall, loss falls": {"chosen": -14.0, "rejected": -18.0},
            "Both rise, loss rises": {"chosen": -10.0, "rejected": -6.0},
            "Both fall, β = 1": {"chosen": -14.0, "rejected": -18.0, "beta": 1.0},
        },
        alt="Left, an arrow for the chosen and one for the rejected answer, from the "
        "log-probability before training to that now. Right, the loss against β times the "
        "difference of the two arrows, falling, with a dot where we are.",
        size=(7.2, 3.8),
    )


def _draw_preference(fig) -> dict:
    left, right = fig.subplots(1, 2, width_ratios=(1, 1.5))
    left.set(xlim=(-0.6, 1.6), ylim=(-21, -3), xticks=[0, 1], ylabel="log-probability in nats")
    left.set_xticklabels(["chosen", "rejected"])
    left.set_title("Two arrows …", fontsize=11)
    found = {}
    for place, (key, color, line) in enumerate(
        (("chosen", ink(GOOD), "-"), ("rejected", ink(MODEL), (0, (3, 1))))
    ):
        start = REFERENCE[key]
        left.plot([place - 0.28, place + 0.28], [start, start], color=MUTED, linewidth=1.6)
        (found[key],) = left.plot([place] * 2, [start] * 2, color=color, linestyle=line, lw=4)
        (found[f"{key} head"],) = left.plot([], [], "o", color=color, markersize=12)
    right.plot(MARGINS, binary_losses(MARGINS), **LOSS_LINE)
    right.axvline(0, color=FAINT, linewidth=1)
    right.set(xlim=(-6, 6), ylim=(0, 6.3), ylabel="loss in nats")
    right.set_xlabel("β × (chosen arrow − rejected arrow)")
    right.set_title("… and the loss sees their difference", fontsize=11)
    (found["dot"],) = right.plot([], [], "o", color=LOSS, markersize=12, markeredgecolor="white")
    found["words"] = write(
        right, (0.96, 0.95), "", "right top bold plate", size=11.5, transform=right.transAxes
    )
    return found


def binary_losses(margin: NDArray | float) -> NDArray | float:
    """The binary cross-entropy of a logit whose label is 1: −ln σ."""
    return np.logaddexp(0, -np.asarray(margin))


def _update_preference(artists, *, chosen: float, rejected: float, beta: float) -> str:
    told, gained = [], {}
    for place, (key, now) in enumerate((("chosen", chosen), ("rejected", rejected))):
        start = REFERENCE[key]
        gained[key] = now - start
        artists[key].set_data([place, place], [start, now])
        head = artists[f"{key} head"]
        head.set_data([place], [now])
        head.set_marker("o" if now == start else "^" if now > start else "v")
        word = "stays" if now == start else f"{'rises' if now > start else 'falls'} by "
        word += "" if now == start else f"{abs(now - start):.1f}"
        told.append(f"{key} {start:.1f} to {now:.1f}, {word}")
    difference = gained["chosen"] - gained["rejected"]
    margin = beta * difference
    loss = float(binary_losses(margin))
    artists["dot"].set_data([min(max(margin, -6), 6)], [min(loss, 6)])
    artists["words"].set_text(
        f"loss {loss:.2f}" if abs(margin) <= 6 else f"loss {loss:.2f}, beyond"
    )
    start = math.log(2)
    went = "as before training" if margin == 0 else "less" if loss < start else "more"
    went += "" if margin == 0 else f" than the {start:.2f} before training"
    words = f"{told[0]}; {told[1]}. β × difference: {beta:.1f} × {difference:.1f} = {margin:.2f}. "
    return (words + f"Loss {loss:.2f} nats, {went}.").replace("-", "−")


# ---------------------------------------------------------------- how low can it go?

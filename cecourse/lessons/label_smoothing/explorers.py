"""The explorer of notebook 07: α, K and the convention, and what they cost."""

from __future__ import annotations

import math

import numpy as np

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import EXTRA, MODEL, ink
from cecourse.picture import LOSS_LINE, MODEL_LINE, write
from cehelpers.information import entropy
from cehelpers.targets import smooth_labels

from .pictures import gap_axes, loss_at_gap

GAPS = np.linspace(-1, 16, 240)
CONVENTIONS = (("frameworks (K)", "K"), ("textbooks (K − 1)", "K-1"))
SIZES = (2, 3, 5, 10, 20, 50, 100, 1000)


def target_floor_gap(alpha: float, classes: int, convention: str) -> tuple[float, ...]:
    """Target of the true class and of each other, floor of the loss in nats, and the best gap.

    Parameters
    ----------
    alpha : float
        Smoothing in [0, 1].
    classes : int
        K ≥ 2.
    convention : {"K", "K-1"}
        As in `smooth_labels`.
    """
    row = smooth_labels(np.eye(classes)[0], alpha, convention=convention)
    true, other = float(row[0]), float(row[1])
    gap = math.inf if other == 0 else math.log(true / other) if true else -math.inf
    return true, other, entropy(row), gap


def bottom_of_the_loss() -> Explorer:
    """Move α, K and the convention: where is the bottom of the loss, and how deep?"""
    controls = {
        "alpha": widgets.FloatSlider(
            0.1, min=0, max=0.5, step=0.01, description="Smoothing α", readout_format=".2f"
        ),
        "classes": widgets.SelectionSlider(options=SIZES, value=10, description="Classes K"),
        "convention": widgets.SelectionSlider(
            options=CONVENTIONS, value="K", description="Convention"
        ),
    }
    return Explorer(
        controls,
        _draw,
        _update,
        presets={
            "Hard labels": {"alpha": 0.0},
            "ImageNet: K = 1000": {"classes": 1000},
            "Textbook, α = .1": {"alpha": 0.1, "convention": "K-1"},
            "Two classes, half": {"alpha": 0.5, "classes": 2, "convention": "K-1"},
        },
        alt="The loss against the gap between the true logit and the others. The hard loss, a "
        "solid line, falls for ever; the smoothed one, dashed, has a bottom marked by a dot, and "
        "rises beyond it. A dotted line marks the floor.",
        size=(7.2, 4.0),
    )


def _draw(fig) -> dict:
    ax = fig.subplots()
    ax.set(xlim=(GAPS[0], GAPS[-1]))
    gap_axes(ax)
    ax.set_title("Where is the bottom?")
    words = write(
        ax,
        (0.98, 0.96),
        "",
        "right top bold halo",
        ink(MODEL),
        size=11.5,
        transform=ax.transAxes,
        linespacing=1.45,
        zorder=8,
    )
    (dot,) = ax.plot([], [], "o", color=MODEL, markersize=12, markeredgecolor="white", zorder=7)
    return {
        "floor": ax.axhline(0, color=EXTRA, linewidth=1.5, linestyle=":"),
        "hard": ax.plot(GAPS, GAPS, **LOSS_LINE)[0],
        "soft": ax.plot(GAPS, GAPS, **MODEL_LINE)[0],
        "drop": ax.plot([0, 0], [0, 0], color=MODEL, linewidth=1.2, linestyle=":")[0],
        "dot": dot,
        "words": words,
    }


def _update(artists, *, alpha: float, classes: int, convention: str) -> str:
    true, other, floor, gap = target_floor_gap(alpha, classes, convention)
    ax = artists["soft"].axes
    ax.set_ylim(0, 1.3 * math.log(classes) + 0.35)
    artists["hard"].set_ydata(loss_at_gap(GAPS, 1, classes))
    artists["soft"].set_ydata(loss_at_gap(GAPS, true, classes))
    artists["floor"].set_ydata([floor, floor])
    here = math.isfinite(gap)
    artists["dot"].set_data([gap] if here else [], [floor] if here else [])
    artists["drop"].set_data([gap, gap] if here else [], [0, floor] if here else [])
    form = ".4g" if other < 0.001 else ".4f"
    rest = f"{other:{form}}".replace("e-0", "e−")
    best = f"{gap:.2f}" if here else "infinite"
    artists["words"].set_text(f"floor {floor:.4f} nats\nbest gap {best}")
    name = "frameworks" if convention == "K" else "textbooks"
    words = f"K = {classes}, α = {alpha:.2f}, {name}: targets {true:.4f} and {rest}; "
    words += f"floor {floor:.4f} nats; "
    if not here:
        return words + "no best gap, the loss falls for ever."
    words += f"best gap ln({true:.4f} / {rest}) = {gap:.2f}. "
    factor = (classes - 1) / classes if convention == "K" else classes / (classes - 1)
    twin = "textbooks" if convention == "K" else "frameworks"
    return f"{words}The same row for {twin}: α = {alpha * factor:.4f}."

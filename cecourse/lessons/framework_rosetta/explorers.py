"""The explorer of notebook 12: a loss, a library, a logit; the call, its habits, its number."""

from __future__ import annotations

import math

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import LOSS, MODEL, MUTED, PAPER, TRUTH, tint
from cecourse.picture import write

from .calls import CALLS, FRAMEWORKS, HABITS, LOSSES, by_rule, evaluate, exact

QUIET = tint(MUTED)
LIMIT = 120.0


def dictionary() -> Explorer:
    """Choose a loss and a library, move a logit: who says what?"""
    controls = {
        "loss": widgets.Dropdown(
            options=[(title, key) for key, title in LOSSES], value="binary", description="Loss"
        ),
        "framework": widgets.Dropdown(options=FRAMEWORKS, value="Keras", description="Library"),
        "first_logit": widgets.FloatSlider(
            2.0, min=-LIMIT, max=LIMIT, step=0.5, description="Logit of row 1", readout_format=".1f"
        ),
    }
    return Explorer(
        controls,
        _draw,
        _update,
        presets={
            "Keras' clip": {"loss": "binary", "framework": "Keras", "first_logit": -40.0},
            "The hundred": {"loss": "binary", "framework": "PyTorch", "first_logit": -120.0},
            "There and back": {"loss": "binary", "framework": "Optax", "first_logit": 30.0},
            "From logits": {"loss": "logits", "framework": "Keras", "first_logit": -120.0},
        },
        alt="The call of one library in large type. Below, a bar for each of six libraries: the "
        "number it returns, beside a dashed line at the exact loss.",
        size=(7.2, 4.3),
    )


def _draw(fig) -> dict:
    top, bottom = fig.subplots(2, 1, height_ratios=(1.15, 3))
    top.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    for side in top.spines.values():
        side.set_visible(False)
    top.set_facecolor(PAPER)
    top.set_title("One loss, six libraries")
    bottom.set(
        xlim=(0, 1), ylim=(len(FRAMEWORKS) - 0.45, -0.55), xlabel="what the call returns, in nats"
    )
    bottom.set_yticks(range(len(FRAMEWORKS)), FRAMEWORKS, fontsize=10.5)
    bottom.grid(axis="y", visible=False)
    bottom.tick_params(axis="y", length=0)
    bottom.spines["left"].set_visible(False)
    return {
        "call": write(
            top, (0.015, 0.5), "", "middle", size=9.5, family="monospace", linespacing=1.4
        ),
        "bars": bottom.barh(range(len(FRAMEWORKS)), [0.0] * len(FRAMEWORKS), height=0.62),
        "exact": bottom.axvline(0, color=LOSS, linewidth=1.4, linestyle=(0, (4, 2))),
        "numbers": [
            write(bottom, (0, k), "", "middle halo", size=10.5, zorder=6)
            for k in range(len(FRAMEWORKS))
        ],
    }


def _update(artists, *, loss: str, framework: str, first_logit: float) -> str:
    due = exact(loss, first_logit)
    found = {name: by_rule(name, loss, first_logit) for name in FRAMEWORKS}
    reach = max(x for x in [*found.values(), due] if math.isfinite(x)) or 1.0
    artists["exact"].axes.set_xlim(0, 1.22 * reach)
    artists["exact"].set_xdata([due, due])
    for name, bar, number in zip(FRAMEWORKS, artists["bars"], artists["numbers"], strict=True):
        value, chosen = found[name], name == framework
        width = value if math.isfinite(value) else 1.22 * reach if value > 0 else 0.0
        bar.set_width(width)
        colour = MODEL if not _near(value, due) else TRUTH
        bar.set(facecolor=colour if chosen else QUIET, edgecolor=colour)
        number.set_x(_place(value, due, reach))
        number.set_text(_shown(value))
        number.set(color=LOSS if chosen else MUTED, fontweight="bold" if chosen else "normal")
    artists["call"].set_text(CALLS[framework][loss])
    return _caption(framework, loss, first_logit, found, due)


def _caption(framework, loss, first_logit, found, due) -> str:
    value = found[framework]
    row_1 = f"{first_logit:.1f}".replace("-", "−")
    words = f"{' '.join(CALLS[framework][loss].split())} = {_shown(value)}"
    if _near(value, due):
        words += ", as it should be"
    elif math.isnan(value):
        words += f" where {_shown(due)} is due: zero times infinity"
    else:
        words += f" where {_shown(due)} is due"
    words += f" (logit of row 1: {row_1}). {framework}: {HABITS[framework]}."
    if framework in ("scikit-learn", "Keras", "Optax", "PyTorch"):
        words += " Computed here by the library's rule."
        if framework == "PyTorch" and first_logit == 2.0:
            words += f" Recorded from PyTorch itself: {_shown(evaluate(framework, loss))}."
    off = [
        f"{name} {_shown(value)}"
        for name, value in found.items()
        if name != framework and not _near(value, due)
    ]
    return f"{words} Others that are off: {', '.join(off) or 'none'}."


def _near(value: float, exact: float) -> bool:
    return math.isclose(value, exact, rel_tol=2e-5, abs_tol=1e-12)


def _place(value: float, due: float, reach: float) -> float:
    """Where a number stands: behind its bar, at the far edge if it is infinite, at 0 if nan.

    A number that the dashed line would cross stands behind that line.
    """
    if math.isinf(value):
        return 1.16 * reach
    end = 0.0 if math.isnan(value) else value
    return (due if end < due < end + 0.15 * reach else end) + 0.012 * reach


def _shown(value: float) -> str:
    """Four decimals; a smaller number with three digits, so that it is not called zero."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if 0 < abs(value) < 5e-5:
        return f"{value:.2e}".replace("e-", "e−")
    return f"{value + 0.0:.4f}".replace("-", "−")

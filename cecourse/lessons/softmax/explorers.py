"""The explorer of notebook 05: three logits, a temperature, and one softmax too many."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import LOSS, MODEL, TRUTH
from cecourse.picture import MODEL_FILL, write
from cehelpers.activations import log_softmax, softmax

from .simplex import DOT, hard_bands, path, place, triangle, twice_outline

NAMES = ("fox", "cat", "dog")
CAT = 1
TEMPERATURES = np.geomspace(0.02, 500, 60)  # of the grey path


def forecast_and_slope(z: NDArray, temperature: float, twice: bool) -> tuple[float, ...]:
    """Loss of the cat, the forecast it is computed from, and the loss's slopes in z/T.

    Parameters
    ----------
    z : ndarray, shape (3,)
        Logits.
    temperature : float
        T > 0.
    twice : bool
        Whether the probabilities go through softmax again.
    """
    u = z / temperature
    p = softmax(u)
    if not twice:
        return -log_softmax(u)[CAT], p, p - np.eye(3)[CAT]
    q = softmax(p)
    slope = q - np.eye(3)[CAT]
    return -log_softmax(p)[CAT], q, p * (slope - p @ slope)  # back through the first softmax


def triangle_map() -> Explorer:
    """Move a forecast over the triangle of losses; the picture shows a cat."""
    controls = {
        "fox": _logit("Logit of the fox", 2.1),
        "cat": _logit("Logit of the cat (true)", 1.2),
        "dog": _logit("Logit of the dog", -0.3),
        "temperature": widgets.FloatLogSlider(
            value=1,
            base=10,
            min=-1,
            max=1,
            step=0.05,
            description="Temperature T",
            readout_format=".2f",
        ),
        "twice": widgets.Checkbox(value=False, description="Apply softmax twice", indent=False),
    }
    return Explorer(
        controls,
        _draw,
        _update,
        presets={
            "Sure and right": {"fox": 0, "cat": 8, "dog": 0},
            "Sure and wrong": {"fox": 8, "cat": 0, "dog": 0},
            "Hot: T = 10": {"temperature": 10},
            "Cold: T = 0.1": {"temperature": 0.1},
        },
        alt="Left, the triangle of all forecasts for fox, cat and dog, light where a cat costs "
        "little and dark where it costs much, with a dot at the forecast, an arrow for minus the "
        "gradient if it is long enough to see, and the path that a change of temperature would "
        "take. Right, the forecast as three bars.",
        size=(7.2, 4.0),
    )


def _logit(description: str, value: float) -> widgets.FloatSlider:
    return widgets.FloatSlider(
        value=value, min=-8, max=8, step=0.1, description=description, readout_format=".1f"
    )


def _draw(fig) -> dict:
    left, right = fig.subplots(1, 2, width_ratios=(1.5, 1))
    triangle(left, NAMES, truth=CAT)
    hard_bands(left, CAT)
    left.set_title("Light is cheap: it was a cat", fontsize=11)
    right.set(xlim=(0, 1), ylim=(2.55, -1.05), xticks=[0, 0.5, 1], yticks=range(3))
    right.set_yticklabels(NAMES, fontsize=11)
    right.get_yticklabels()[CAT].set(color=TRUTH, fontweight="bold")
    right.tick_params(axis="y", length=0)
    right.grid(axis="y", visible=False)
    right.spines["left"].set_visible(False)
    right.set_xlabel("probability used by the loss")
    bars = right.barh(range(3), [0, 0, 0], height=0.6, **MODEL_FILL)
    border = Polygon(
        twice_outline(),
        closed=True,
        facecolor="none",
        edgecolor="white",
        linewidth=2,
        linestyle=(0, (3, 1.5)),
        zorder=3,
    )
    return {
        "inside": left.add_patch(border),
        "path": left.plot([], [], color="white", linewidth=1.3, zorder=4)[0],
        "shaft": left.plot([], [], color="black", linewidth=2.2, zorder=6)[0],
        "head": left.plot(
            [], [], color="black", **(DOT | {"marker": (3, 0, 0), "zorder": 7}), markersize=11
        )[0],
        "once": left.plot(
            [],
            [],
            markerfacecolor="white",
            markersize=8,
            clip_on=False,
            **(DOT | {"zorder": 7, "markeredgecolor": "black"}),
        )[0],
        "dot": left.plot([], [], color=MODEL, markersize=13, clip_on=False, **DOT)[0],
        "bars": list(bars),
        "texts": [write(right, (0, k), "", "middle bold halo", size=10) for k in range(3)],
        "price": write(right, (0, -0.68), "", "middle bold", LOSS, size=14),
    }


def _update(artists, *, fox, cat, dog, temperature, twice) -> str:
    z = np.array([fox, cat, dog], dtype=float)
    loss, used, slope = forecast_and_slope(z, temperature, twice)
    once = softmax(z, temperature=temperature)
    dot, arrow = place(used), place(-slope)  # the slopes sum to 0: a vector of the plane
    length = float(np.hypot(*arrow))
    tip = dot + 0.6 * arrow
    artists["dot"].set_data([dot[0]], [dot[1]])
    artists["once"].set_data(*([place(once)[i]] for i in (0, 1)))
    artists["path"].set_data(*place(path(z, TEMPERATURES)).T)
    for name in ("once", "inside"):
        artists[name].set_visible(bool(twice))
    for name in ("shaft", "head"):
        artists[name].set_visible(length > 0.08)
    artists["shaft"].set_data([dot[0], tip[0]], [dot[1], tip[1]])
    artists["head"].set_data([tip[0]], [tip[1]])
    artists["head"].set_marker((3, 0, float(np.degrees(np.arctan2(arrow[1], arrow[0]))) - 90))
    for bar, text, value in zip(artists["bars"], artists["texts"], used, strict=True):
        bar.set_width(value)
        text.set(
            text=f"{value:.3f}",
            x=value - 0.03 if value > 0.6 else value + 0.03,
            ha="right" if value > 0.6 else "left",
        )
    artists["price"].set_text(f"loss {loss:.3f} nats")
    words = f"z = {_row(z, '.1f')}, T = {temperature:.2f}: softmax{' twice' if twice else ''} = "
    words += f"{_row(used, '.3f')}; it was a cat: loss {loss:.3f} nats; "
    told = f"{words}gradient in z/T {_row(slope, '+.3f')}."
    return told.replace("-", "−")


def _row(values: NDArray, form: str) -> str:
    return "(" + ", ".join(format(round(x, 3) + 0.0, form) for x in values) + ")"

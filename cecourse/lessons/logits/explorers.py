"""The explorer of notebook 04: walk outwards until the slope of the clipped or naive loss dies."""

from __future__ import annotations

from functools import cache

import numpy as np

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import ACCENT, EXTRA, LOSS, MUTED, ink
from cecourse.picture import write

from . import passes
from .pictures import CLIPPED_LINE, DEAD_FILL, FUSED_LINE, NAIVE_LINE, three_axes

REACH = 120.0
BEND = np.arange(-8, 8, 0.25)
RULER = np.r_[np.arange(-REACH, -8), BEND, np.arange(8, REACH + 1)]  # fine where the curves bend
DTYPES = {"float16": np.float16, "float32": np.float32, "float64": np.float64}
EPSILONS = (
    ("none", 0.0),
    ("1e-15", 1e-15),
    ("1e-12", 1e-12),
    ("1e-9", 1e-9),
    ("1e-7", 1e-7),
    ("1e-3", 1e-3),
)
LOOKS = {
    "fused": (FUSED_LINE, LOSS),
    "clipped": (CLIPPED_LINE, ink(ACCENT)),
    "naive": (NAIVE_LINE, ink(EXTRA)),
}


def far_out() -> Explorer:
    """Move a logit from −120 to 120 in three kinds of arithmetic, with a clip of your choice."""
    controls = {
        "z": widgets.FloatSlider(
            0.0, min=-REACH, max=REACH, step=0.5, readout_format=".1f", description="Logit z"
        ),
        "y": widgets.IntSlider(0, min=0, max=1, description="Label y"),
        "dtype": widgets.SelectionSlider(
            options=list(DTYPES), value="float32", description="Arithmetic"
        ),
        "eps": widgets.SelectionSlider(options=EPSILONS, value=1e-7, description="Clip eps"),
    }
    controls["z"].value, controls["y"].value = -10.0, 1
    return Explorer(
        controls,
        _draw,
        _update,
        alt="Above, the loss against the logit z: the fused loss as a solid line, the clipped one "
        "dashed, the naive one dotted until it ends. Below, their slopes in z. The shaded part is "
        "where the clipped slope is 0 or nan although the row is wrong; dots mark the chosen z.",
        presets={
            "Clip at −30": {"z": -30.0, "y": 1, "dtype": "float32", "eps": 1e-7},
            "A clip that is none": {"z": 30.0, "y": 0, "dtype": "float32", "eps": 1e-9},
            "Half precision": {"z": 10.0, "y": 0, "dtype": "float16", "eps": 1e-7},
            "Right, sure, and nan": {"z": 40.0, "y": 1, "dtype": "float64", "eps": 0.0},
        },
        size=(7.2, 5.2),
    )


def _draw(fig) -> dict:
    top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    three_axes(top, bottom)
    top.set(xlim=(-REACH, REACH), ylim=(-4, 125))
    bottom.set_ylim(-1.35, 1.35)
    top.set_title("Where does the slope die?")
    artists = {"dead": [ax.axvspan(0, 0, **DEAD_FILL) for ax in (top, bottom)]}
    artists["line"] = [
        ax.axvline(0, color=MUTED, linewidth=1.2, linestyle=":") for ax in (top, bottom)
    ]
    for name, (line, dark) in LOOKS.items():
        dot = {
            "color": dark,
            "markersize": 10 if name == "fused" else 8,
            "markeredgecolor": "white",
        }
        marker = {"fused": "o", "clipped": "s", "naive": "D"}[name]
        artists[name] = [ax.plot(RULER, RULER, **line)[0] for ax in (top, bottom)]
        artists[f"{name}_dot"] = [
            ax.plot([0], [0], marker, zorder=6, **dot)[0] for ax in (top, bottom)
        ]
    for row, name in enumerate(LOOKS):
        words = write(
            top, (0, 112 - 14 * row), "", "bold plate", LOOKS[name][1], size=9.5, zorder=7
        )
        words.set_in_layout(False)
        artists[f"{name}_text"] = words
    return artists


def _update(artists, *, z: float, y: int, dtype: str, eps: float) -> str:
    kind = DTYPES[dtype]
    curves, here = _three(RULER, y, kind, eps), _three(z, y, kind, eps)
    for name in LOOKS:
        for k in range(2):
            height = np.asarray(curves[name][k], float)
            artists[name][k].set_ydata(np.where(np.isfinite(height), height, np.nan))
            spot = float(here[name][k])
            artists[f"{name}_dot"][k].set_data([z], [spot if np.isfinite(spot) else np.nan])
        loss, slope = (float(part) for part in here[name])
        artists[f"{name}_text"].set_text(f"{name}: {_said(loss)}, slope {_said(slope)}")
    last = _last(y, dtype, eps)
    end = -REACH if y == 1 else REACH
    start = end if last is None or abs(last) > REACH else last
    for span, line in zip(artists["dead"], artists["line"], strict=True):
        span.set_bounds(min(start, end), 0, abs(end - start), 1)
        line.set_xdata([z, z])
    for name in LOOKS:
        words = artists[f"{name}_text"]  # on the side where the row is right
        words.set(x=REACH - 3 if y == 1 else 3 - REACH, ha="right" if y == 1 else "left")
    return _caption(z, y, dtype, eps, here, last)


def _three(z, y, kind, eps) -> dict[str, passes.Pass]:
    labels = np.full_like(z, y, dtype=float)
    return {
        "fused": passes.fused(labels, z, dtype=kind),
        "clipped": passes.clipped(labels, z, eps=eps, dtype=kind),
        "naive": passes.naive(labels, z, dtype=kind),
    }


@cache
def _last(y: int, dtype: str, eps: float) -> float | None:
    return passes.last_living_logit(y, eps=eps, dtype=DTYPES[dtype])


def _said(x: float) -> str:
    """Three decimals; a bare 0 for exactly 0, a power of ten where three decimals show none."""
    text = "0" if x == 0 else f"{x:.1e}" if abs(x) < 5e-4 else f"{x:.3f}"
    return text.replace("-", "−")


def _caption(z, y, dtype, eps, here, last) -> str:
    said = {name: tuple(_said(float(part)) for part in here[name]) for name in LOOKS}
    clip = f"eps = {eps:.0e}".replace("e-0", "e-") if eps else "no eps"
    words = (
        f"{dtype}, {clip}, y = {y}, z = {z:g}: true loss {said['fused'][0]} nats, slope "
        f"{said['fused'][1]}; clipped {said['clipped'][0]}, slope {said['clipped'][1]}; naive "
        f"{said['naive'][0]}, slope {said['naive'][1]}."
    )
    if last is None or abs(last) > REACH:
        words += " On this slider no wrong row loses its clipped slope."
    else:
        words += f" The clipped slope is lost {'below' if y == 1 else 'above'} z = {last:.1f}."
    return words.replace(" -", " −")

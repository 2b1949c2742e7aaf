"""The explorer of notebook 08: a temperature and a shift over forecasts that are too sure."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import EXTRA, GOOD, LOSS, MODEL, MUTED, TRUTH, ink
from cecourse.picture import write
from cehelpers.activations import sigmoid
from cehelpers.binary_losses import binary_cross_entropy_with_logits
from cehelpers.calibration import reliability_curve
from cehelpers.recalibration import fit_bias, fit_platt, fit_temperature

from .pictures import diagonal_axes, dot_areas
from .rain import measured, weather


def recalibrate() -> Explorer:
    """Turn a temperature and a shift over a reliability diagram, on the map of the log loss."""
    controls = {
        "temperature": _slider("Temperature T", 1.0, 0.5, 6.0),
        "shift": _slider("Shift b", 0.0, -1.0, 2.5),
        "bins": widgets.IntSlider(10, min=2, max=20, description="Bins of the diagram"),
    }
    y, z = weather()
    a, b = fit_platt(y, z)
    both = {"temperature": round(1 / a, 1), "shift": round(b, 1)}
    return Explorer(
        controls,
        _draw,
        _update,
        actions={  # and the bins stay as they are
            "Best temperature": {"temperature": round(fit_temperature(y, z), 1), "shift": 0.0},
            "Best shift": {"temperature": 1.0, "shift": round(fit_bias(y, z), 1)},
            "Best of both": both,
        },
        alt="Left, a reliability diagram of 1,000 rain forecasts with 95% intervals and a dotted "
        "diagonal. Right, a map of the log loss over temperature and shift, light where it is low, "
        "with a square at the setting and a star at the lowest point.",
        size=(7.2, 4.0),
    )


def _slider(description: str, value: float, low: float, high: float) -> widgets.FloatSlider:
    return widgets.FloatSlider(
        value=value, min=low, max=high, step=0.1, description=description, readout_format=".1f"
    )


@cache
def _map() -> tuple[NDArray, NDArray, NDArray]:
    """The log loss on a grid of temperatures and shifts."""
    y, z = weather()
    temperatures, shifts = np.geomspace(0.5, 6, 34), np.linspace(-1, 2.5, 36)
    losses = [
        [binary_cross_entropy_with_logits(y, z / t + b) for t in temperatures] for b in shifts
    ]
    return temperatures, shifts, np.array(losses)


def _draw(fig) -> dict:
    left, right = fig.subplots(1, 2, width_ratios=(1, 1))
    diagonal_axes(left, claim="forecast σ(z/T + b)")
    left.set_ylabel("share of days with rain")
    left.set_title("The claim against the sky", fontsize=11)
    levels = [0.57, 0.6, 0.65, 0.75, 0.9, 1.2]
    right.contourf(*_map(), levels=levels, cmap="Blues", alpha=0.75, extend="both")
    lines = right.contour(*_map(), levels=levels, colors=ink(TRUTH), linewidths=0.7)
    right.clabel(lines, levels[1:4], fmt="{:g}".format, fontsize=8)
    right.set(xscale="log", xlabel="temperature T", ylabel="shift b", xlim=(0.5, 6), ylim=(-1, 2.5))
    right.set_xticks([0.5, 1, 2, 3, 6], ["0.5", "1", "2", "3", "6"])
    right.minorticks_off()
    right.grid(False)
    right.set_box_aspect(1)
    right.set_title("Log loss in nats", fontsize=11)
    y, z = weather()
    a, b = fit_platt(y, z)
    right.axvline(1, color=MUTED, linewidth=0.9, linestyle=":")
    right.axhline(0, color=MUTED, linewidth=0.9, linestyle=":")
    return {
        "gaps": left.vlines([0], [0], [0], color=EXTRA, linewidth=5, alpha=0.55, zorder=2),
        "intervals": left.vlines([0], [0], [0], color=MODEL, linewidth=1.3, zorder=3),
        "dots": left.scatter([0], [0], marker="s", color=MODEL, edgecolor="white", zorder=4),
        "numbers": write(left, (0.98, 0.02), "", "right bottom bold halo"),
        "cross": right.plot([], [], color=LOSS, linewidth=1, linestyle="-", zorder=3)[0],
        "star": right.plot(
            1 / a, b, "*", color=GOOD, markersize=17, markeredgecolor="white", zorder=4
        )[0],
        "star_label": write(right, (1 / a, b + 0.19), "lowest", "center bold halo", ink(GOOD)),
        "here": right.plot(
            [], [], "s", color=MODEL, markersize=11, markeredgecolor="white", zorder=5
        )[0],
    }


def _update(artists, *, temperature: float, shift: float, bins: int) -> str:
    y, z = weather()
    p = sigmoid(z / temperature + shift)
    loss, error, accuracy, area = measured(temperature, shift, bins)
    curve = reliability_curve(y, p, n_bins=bins)
    x, share = curve.mean_prediction, curve.observed_share
    artists["gaps"].set_segments(_upright(x, x, share))
    artists["intervals"].set_segments(_upright(x, curve.wilson_low, curve.wilson_high))
    artists["dots"].set_offsets(np.column_stack([x, share]))
    artists["dots"].set_sizes(dot_areas(curve.count))
    artists["numbers"].set_text(f"{loss:.3f} nats\nECE {error:.3f}")
    artists["here"].set_data([temperature], [shift])
    artists["cross"].set_data([temperature, temperature, 0.5], [-1, shift, shift])
    told = (
        f"T = {temperature:.1f}, b = {shift:.1f}: log loss {loss:.3f} nats, ECE {error:.3f} with "
        f"{bins} bins; mean forecast {p.mean():.3f}, and it rained on {y.mean():.3f} of the days. "
        f"Accuracy at 0.5: {accuracy:.3f}; AUC: {area:.3f}."
    )
    return told.replace("-", "−")


def _upright(x: NDArray, low: NDArray, high: NDArray) -> NDArray:
    """Upright line segments, shape (n, 2, 2)."""
    return np.stack([np.column_stack([x, low]), np.column_stack([x, high])], axis=1)

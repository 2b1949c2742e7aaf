"""Explorers of notebook 03: one forecast and its mark; the betting game is in `bets.py`."""

import math

import numpy as np

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.language import _
from cecourse.palette import LOSS, MODEL, MUTED, TRUTH
from cecourse.picture import LOSS_LINE, write
from cehelpers import binary_cross_entropy, entropy

from .pictures import GRID, SOFT_LINE, forecast_axes, loss_curve

TOP = 7.2


def forecast() -> Explorer:
    """Set a label y, soft ones too, and a forecast p: the curve, its slope, and what is paid."""
    controls = {
        "y": widgets.FloatSlider(0.0, min=0, max=1, step=0.05, description=_("Label y")),
        "p": widgets.FloatSlider(
            0.5, min=0.001, max=0.999, step=0.001, readout_format=".3f", description=_("Forecast p")
        ),
    }
    controls["y"].value, controls["p"].value = 1.0, 0.9
    return Explorer(
        controls,
        _draw,
        _update,
        alt=_(
            "The loss in nats against the forecast p for a label y, with a dot at the forecast, "
            "the tangent there, and the lowest point of the curve."
        ),
        presets={
            _("Right at 0.9"): {"y": 1.0, "p": 0.9},
            _("Wrong at 0.01"): {"y": 1.0, "p": 0.01},
            _("Soft label, best p"): {"y": 0.7, "p": 0.7},
            _("Soft label, overconfident"): {"y": 0.7, "p": 0.97},
        },
        size=(7.2, 4.2),
    )


def _draw(fig) -> dict:
    ax = fig.subplots()
    forecast_axes(ax, TOP, bottom=-0.35)
    ax.plot(GRID, loss_curve(0.0), **SOFT_LINE)
    ax.plot(GRID, loss_curve(1.0), **SOFT_LINE)
    ax.set_title(_("What a forecast p pays when the label is y"))
    return {
        "drop": ax.plot([0, 0], [0, 0], color=MUTED, linewidth=1.2, linestyle=":")[0],
        "curve": ax.plot(GRID, GRID, **LOSS_LINE)[0],
        "tangent": ax.plot([0, 0], [0, 0], color=MODEL, linewidth=2)[0],
        "lowest": ax.plot(
            [0],
            [0],
            "o",
            markerfacecolor="white",
            markeredgecolor=TRUTH,
            markeredgewidth=2,
            markersize=9,
            clip_on=False,
        )[0],
        "dot": ax.plot(
            [0],
            [0],
            "o",
            color=LOSS,
            markeredgecolor="white",
            markersize=11,
            clip_on=False,
            zorder=6,
        )[0],
        "price": write(ax, (0.5, 6.3), "", "center bold", size=15),
        "floor": write(ax, (0.5, 5.55), "", "center", TRUTH, size=10.5),
    }


def _update(artists, y: float, p: float) -> str:
    y = round(y, 2)
    loss = binary_cross_entropy(y, p)
    slope = (p - y) / (p * (1 - p))
    lowest = entropy(np.array([1 - y, y]))
    artists["curve"].set_ydata(loss_curve(y))
    artists["drop"].set_data([p, p], [0, loss])
    reach = 0.16 / math.hypot(1, slope / (TOP / 1.7))
    ends = np.array([-reach, reach])
    artists["tangent"].set_data(p + ends, loss + slope * ends)
    artists["dot"].set_data([p], [loss])
    artists["lowest"].set_data([y], [lowest])
    artists["price"].set_text(_("{loss:.3f} nats").format(loss=loss))
    text = _("lowest: {lowest:.3f} at p = {y:g}")
    artists["floor"].set_text(text.format(lowest=lowest, y=y))
    words = _("y = {y:g}, p = {p:.3f}: loss {loss:.3f} nats ({bits:.3f} bits)")
    words = words.format(y=y, p=p, loss=loss, bits=loss / math.log(2))
    if 0 < y < 1:
        text = _(", {above:.3f} above the lowest this label allows, {lowest:.3f}")
        words += text.format(above=max(loss - lowest, 0), lowest=lowest)
    elif loss > -2 * math.log(0.9):
        text = _(", {times:.1f} × the loss of a right forecast at 0.9")
        words += text.format(times=loss / -math.log(0.9))
    signed = f"{slope:+.3f}".replace("-", "−")
    return _("{words}; slope in p {slope}.").format(words=words, slope=signed)

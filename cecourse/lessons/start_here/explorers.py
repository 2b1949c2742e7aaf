"""The explorer of notebook 00: a forecast, the weather, and the surprise."""

from __future__ import annotations

from matplotlib.figure import Figure

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import MODEL
from cecourse.picture import write
from cehelpers import information

from .pictures import draw_surprise


def forecast() -> Explorer:
    """Explore the surprise of a forecast: its probability of rain, and whether it rained."""
    return Explorer(
        {
            "p": widgets.FloatSlider(
                value=0.8, min=0.01, max=0.99, step=0.01, description="chance of rain"
            ),
            "weather": widgets.ToggleButtons(
                options=["it rained", "it stayed dry"], description="then"
            ),
        },
        _draw,
        _update,
        alt=f"The surprise, −ln p, falls from {information.surprisal(0.01):.1f} nats at p = 0.01 "
        "to 0 at p = 1; an orange dot marks your forecast.",
        presets={
            "Sure and right": {"p": 0.99},
            "Sure and wrong": {"p": 0.99, "weather": "it stayed dry"},
        },
        size=(7.2, 3.4),
    )


def _draw(fig: Figure) -> dict:
    ax = fig.subplots()
    draw_surprise(ax)
    (drop,) = ax.plot([], [], color=MODEL, linestyle=":", linewidth=1.5)
    (dot,) = ax.plot([], [], "o", markersize=11, color=MODEL, markeredgecolor="white")
    label = write(ax, (0, 0), "", "bottom bold", MODEL)
    return {"drop": drop, "dot": dot, "label": label}


def _update(artists: dict, p: float, weather: str) -> str:
    given = p if weather == "it rained" else 1 - p
    surprise = information.surprisal(given)
    artists["drop"].set_data([given, given], [0, surprise])
    artists["dot"].set_data([given], [surprise])
    artists["label"].set_position((given, surprise + 0.22))
    artists["label"].set_text(f"{surprise:.3f}")
    artists["label"].set_horizontalalignment("right" if given > 0.8 else "left")
    return (
        f"The forecast said {p:.2f} for rain, and {weather}: what happened had been given "
        f"{given:.2f}, so the surprise is {surprise:.3f} nats."
    )

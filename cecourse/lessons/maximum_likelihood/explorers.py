"""The explorer of notebook 06: one neuron learns to say 0, by two losses."""

import math

import ipywidgets as widgets

from cecourse.explorer import Explorer
from cecourse.palette import LOSS, MODEL, MUTED, ink
from cecourse.picture import LOSS_LINE, write

from .pictures import SQUARED_LINE

STEPS = 300
NEAR = 0.1  # an output below this counts as learned
SHOWN = slice(0, STEPS + 1, 2)  # every second step is enough for a smooth curve


def neuron_outputs(w: float, b: float, eta: float, loss: str, steps: int = STEPS) -> list[float]:
    """Outputs σ(w + b) of one neuron with x = 1 and y = 0, before and after each step.

    Parameters
    ----------
    w, b : float
        Weight and bias at the start.
    eta : float
        Learning rate of plain gradient descent.
    loss : {"cross_entropy", "squared_error"}
        The second is ½ (p − y)².
    steps : int
        How many.

    Returns
    -------
    list of float
        steps + 1 outputs, the first one untrained.

    Examples
    --------
    >>> [round(p, 3) for p in neuron_outputs(0.0, 0.0, 1.0, "cross_entropy", steps=1)]
    [0.5, 0.269]
    """
    z = w + b
    outputs = []
    for _ in range(steps + 1):
        p = 1 / (1 + math.exp(-z))
        outputs.append(p)
        slope = p if loss == "cross_entropy" else p * p * (1 - p)
        z -= 2 * eta * slope  # x = 1, so that w and b take the same step
    return outputs


def neuron() -> Explorer:
    """Set weight, bias and learning rate: how fast does the output come down by either loss?"""
    slider = {"min": -4.0, "max": 4.0, "step": 0.1}
    controls = {
        "w": widgets.FloatSlider(2.0, description="Weight w", **slider),
        "b": widgets.FloatSlider(2.0, description="Bias b", **slider),
        "eta": widgets.FloatSlider(0.15, min=0.01, max=1.0, step=0.01, description="Rate η"),
    }
    return Explorer(
        controls,
        _draw,
        _update,
        alt=f"The output of one neuron against {STEPS} steps of gradient descent; it should become "
        "0. Solid: by cross-entropy; dashed: by half the squared error.",
        presets={
            "Milder start": {"w": 0.6, "b": 0.9},
            "Worse start": {"w": 3.0, "b": 3.0},
            "Nearly right already": {"w": -1.0, "b": -1.0},
            "Bigger steps": {"eta": 0.6},
        },
        size=(7.2, 4.0),
    )


def _draw(fig) -> dict:
    ax = fig.subplots()
    ax.set(xlim=(0, STEPS), ylim=(-0.15, 1.24), xticks=range(0, STEPS + 1, 100))
    ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.axhline(0, color=MUTED, linewidth=1.0)
    ax.plot([0, STEPS], [NEAR, NEAR], color=MUTED, linewidth=1.0, linestyle=":")
    ax.set_xlabel("steps of gradient descent")
    ax.set_ylabel("output p (the label is 0)")
    ax.set_title("The same neuron, the same steps, two losses")
    return {
        "ce": ax.plot([0], [0], **LOSS_LINE)[0],
        "se": ax.plot([0], [0], **SQUARED_LINE)[0],
        "start": ax.plot(
            [0], [0], "s", color=MUTED, markeredgecolor="white", markersize=9, clip_on=False
        )[0],
        "ce_end": _dot(ax, LOSS),
        "se_end": _dot(ax, MODEL),
        "ce_word": write(ax, (STEPS - 4, 0), "", "right top bold halo", size=10),
        "se_word": write(ax, (STEPS - 4, 1.1), "", "right bottom bold halo", ink(MODEL), size=10),
    }


def _dot(ax, colour: str):
    return ax.plot(
        [0], [0], "o", color=colour, markeredgecolor="white", markersize=9, clip_on=False, zorder=5
    )[0]


def _update(artists, w: float, b: float, eta: float) -> str:
    w, b, eta = round(w, 1) + 0.0, round(b, 1) + 0.0, round(eta, 2)
    runs = {
        "ce": neuron_outputs(w, b, eta, "cross_entropy"),
        "se": neuron_outputs(w, b, eta, "squared_error"),
    }
    for name, run in runs.items():
        artists[name].set_data(range(STEPS + 1)[SHOWN], run[SHOWN])
        artists[f"{name}_end"].set_data([STEPS], [run[-1]])
    artists["start"].set_data([0], [runs["ce"][0]])

    low, high = runs["ce"][-1], runs["se"][-1]
    artists["ce_word"].set_text(f"cross-entropy {low:.3f}")
    artists["se_word"].set_text(f"squared error {high:.3f}")
    artists["ce_word"].set_y(low - 0.045)  # squared error never ends lower: its label stays on top
    start = runs["ce"][0]
    words = (
        f"w = {w:g}, b = {b:g}, η = {eta:g}: the output starts at {start:.3f}. After {STEPS} "
        f"steps it is {low:.3f} by cross-entropy and {high:.3f} by squared error. Cross-entropy "
    )
    return (
        (words + f"{_when(runs['ce'])}, squared error {_when(runs['se'])}.")
        .replace("-", "−")
        .replace("ross−entropy", "ross-entropy")
    )


def _when(run: list[float]) -> str:
    """When an output has come below NEAR."""
    for k, p in enumerate(run):
        if p < NEAR:
            return f"is below {NEAR:g} from step {k}" if k else f"is below {NEAR:g} from the start"
    return f"is not below {NEAR:g} yet"

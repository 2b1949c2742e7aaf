"""The explorers of notebook 06: a p for ten flips, and one neuron that learns NOT by two losses."""

import math

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import LOSS, MODEL, MUTED, TRUTH, ink
from cecourse.picture import (
    LOSS_LINE,
    MODEL_FILL,
    TRUTH_FILL,
    TRUTH_LINE,
    write,
)

from .neuron import ROWS, STEPS, neuron_outputs
from .pictures import GRID, SQUARED_LINE, endless, per_flip

FLIPS = (1, 1, 0, 1, 1, 1, 0, 1, 0, 1)
HEADS = sum(FLIPS)
SHARE = HEADS / len(FLIPS)
LOWEST = per_flip(SHARE, SHARE)
TOP = 2.6  # nats a flip shown; a larger loss leaves the picture
NEAR = 0.1  # an output as near as this to what is wanted counts as learned
SHOWN = slice(0, STEPS + 1, 2)  # every second step is enough for a smooth curve


# ---------------------------------------------------------------- a p for ten flips


def likelihood() -> Explorer:
    """Set p: what does it make of each flip, of all ten together, and of their mean −ln?"""
    controls = {
        "p": widgets.FloatSlider(
            0.5, min=0, max=1, step=0.01, description="p(heads)", readout_format=".2f"
        )
    }
    return Explorer(
        controls,
        _draw_likelihood,
        _update_likelihood,
        alt=f"Above: ten bars, one for each flip, as high as the probability that p gives to what "
        f"came: {HEADS} solid ones for heads, {len(FLIPS) - HEADS} hatched ones for tails. Middle: "
        "their product over p, a hill. Below: minus its logarithm, nats a flip, a valley whose "
        "walls leave the picture at 0 and at 1. A dot on both marks this p.",
        presets={
            "Tails are likelier": {"p": 0.3},
            "The share of heads": {"p": SHARE},
            "Nearly always heads": {"p": 0.95},
            "Never tails": {"p": 1.0},
        },
        size=(7.2, 5.6),
    )


def _draw_likelihood(fig) -> dict:
    flips, hill, valley = fig.subplots(3, 1, height_ratios=(1, 0.9, 1.1))
    places = range(1, len(FLIPS) + 1)
    flips.set(xlim=(0.4, len(FLIPS) + 0.6), ylim=(0, 1.42), yticks=(0, 0.5, 1))
    flips.set_xticks(places, ["H" if flip else "T" for flip in FLIPS])
    flips.grid(axis="x", visible=False)
    flips.set_ylabel("its probability")
    flips.set_title("One p for ten flips: multiply, or take the mean of −ln")
    bars = flips.bar(places, [0.5] * len(FLIPS), width=0.62)
    for bar, flip in zip(bars, FLIPS, strict=True):
        bar.set(**(TRUTH_FILL if flip else MODEL_FILL | {"hatch": "//"}))

    top = 1000 * _product(SHARE)
    hill.plot(GRID, 1000 * _product(GRID), **TRUTH_LINE)
    hill.set(xlim=(0, 1), ylim=(0, 1.2 * top))
    hill.set_ylabel("likelihood,\nthousandths")
    hill.tick_params(labelbottom=False)
    valley.plot(GRID, per_flip(SHARE, GRID), **LOSS_LINE)
    valley.set(xlim=(0, 1), ylim=(0.3, TOP))
    valley.set_ylabel("mean −ln,\nnats a flip")
    valley.set_xlabel("p, the probability of heads")
    endless(valley, 0, "left top", (17, -3))
    endless(valley, 1, "right top", (-7, -3))
    return {
        "bars": list(bars),
        "product": write(flips, (5.5, 1.36), "", "center top bold", TRUTH, size=10),
        "lines": [
            ax.plot([0, 0], [0, 9], color=MUTED, linewidth=1.3, linestyle=(0, (4, 3)))[0]
            for ax in (hill, valley)
        ],
        "on_hill": _dot(hill, TRUTH),
        "in_valley": _dot(valley, LOSS),
        "nats": write(valley, (0.5, 1.3), "", "center bold plate", LOSS, size=10),
    }


def _product(p):
    return p**HEADS * (1 - p) ** (len(FLIPS) - HEADS)


def _update_likelihood(artists, p: float) -> str:
    p = round(p, 2) + 0.0
    product = _product(p)
    loss = per_flip(SHARE, p) if 0 < p < 1 else math.inf
    for bar, flip in zip(artists["bars"], FLIPS, strict=True):
        bar.set_height(p if flip else 1 - p)
    artists["product"].set_text(f"product {_small(product)}")
    for line in artists["lines"]:
        line.set_xdata([p, p])
    artists["on_hill"].set_data([p], [1000 * product])
    artists["in_valley"].set_data([p], [min(loss, 2 * TOP)])
    artists["in_valley"].set_visible(loss <= TOP)
    artists["nats"].set_text("∞ ↑" if math.isinf(loss) else _nats(loss))
    artists["nats"].set_x(min(max(p, 0.34), 0.66))

    words = (
        f"p = {p:.2f}: each of the {HEADS} heads had probability {p:.2f}, each of the "
        f"{len(FLIPS) - HEADS} tails {1 - p:.2f}. The product is {_small(product)}, and minus its "
        "logarithm "
    )
    if math.isinf(loss):
        return f"{words}is infinite: what came was held to be impossible."
    words += f"{len(FLIPS) * loss:.3f} nats, {loss:.4f} a flip: "
    gap = loss - LOWEST
    return words + (f"{gap:.4f} above the lowest." if gap > 5e-5 else "the lowest there is.")


def _small(product: float) -> str:
    """A product to six places; of one that six places cannot hold, two digits and a power of 10."""
    if product == 0 or product > 1e-5:
        return f"{product:.6f}" if product else "0"
    digits, power = f"{product:.1e}".split("e")
    return f"{digits} · 10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def _nats(loss: float) -> str:
    return f"{loss:.4f} nats" + (" ↑" if loss > TOP else "")


# ---------------------------------------------------------------- one neuron, two losses


def neuron() -> Explorer:
    """Set weight, bias and learning rate: how fast do both answers come right by either loss?"""
    controls = {
        "w": widgets.FloatSlider(2.0, min=-6, max=6, step=0.1, description="Weight w"),
        "b": widgets.FloatSlider(2.0, min=-4, max=4, step=0.1, description="Bias b"),
        "eta": widgets.FloatSlider(0.3, min=0.01, max=2.0, step=0.01, description="Rate η"),
    }
    return Explorer(
        controls,
        _draw,
        _update,
        alt=f"The two answers of one neuron against {STEPS} steps of gradient descent. Left: to "
        "x = 1, where 0 is wanted. Right: to x = 0, where 1 is wanted. Solid: by cross-entropy; "
        "dashed: by half the squared error. Dotted: within 0.1 of what is wanted.",
        presets={
            "Milder start": {"w": 0.6, "b": 0.9},
            "Worse start": {"w": 3.0, "b": 3.0},
            "Same z = 4, by the weight": {"w": 4.0, "b": 0.0},
            "Same z = 4, by the bias": {"w": 0.0, "b": 4.0},
            "Bigger steps": {"eta": 1.2},
        },
        size=(7.2, 3.9),
    )


def _draw(fig) -> dict:
    axes = fig.subplots(1, 2, sharey=True)
    artists = {}
    for ax, (x, y) in zip(axes, ROWS, strict=True):
        ax.set(xlim=(0, STEPS), ylim=(-0.06, 1.48), xticks=range(0, STEPS + 1, 100))
        ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
        ax.axhline(y, color=MUTED, linewidth=1.0)
        edge = abs(y - NEAR)
        ax.plot([0, STEPS], [edge, edge], color=MUTED, linewidth=1.0, linestyle=":")
        ax.set_xlabel("steps of gradient descent")
        ax.set_ylabel(f"p at x = {x}, wanted {y}")
        ax.set_title(f"x = {x}: it should say {y}")
        artists |= {
            f"ce{x}": ax.plot([0], [0], **LOSS_LINE)[0],
            f"se{x}": ax.plot([0], [0], **SQUARED_LINE)[0],
            f"ce{x}_end": _dot(ax, LOSS),
            f"se{x}_end": _dot(ax, MODEL),
            f"ce{x}_word": write(ax, (8, 1.34), "", "bold", size=10),
            f"se{x}_word": write(ax, (8, 1.19), "", "bold", ink(MODEL), size=10),
        }
    return artists


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
    for i, (x, _) in enumerate(ROWS):
        for key, name in (("ce", "solid: cross-entropy"), ("se", "dashed: squared error")):
            told = [both[i] for both in runs[key]]
            artists[f"{key}{x}"].set_data(range(STEPS + 1)[SHOWN], told[SHOWN])
            artists[f"{key}{x}_end"].set_data([STEPS], [told[-1]])
            artists[f"{key}{x}_word"].set_text(f"{name} {told[-1]:.3f}")
    (one, zero), (ce_one, ce_zero), (se_one, se_zero) = (
        runs["ce"][0],
        runs["ce"][-1],
        runs["se"][-1],
    )
    words = (
        f"w = {w:g}, b = {b:g}, η = {eta:g}. The output for x = 1 starts at {one:.3f} and is "
        f"{ce_one:.3f} after {STEPS} steps by cross-entropy, {se_one:.3f} by squared error; for "
        f"x = 0 it goes from {zero:.3f} to {ce_zero:.3f} and {se_zero:.3f}. Cross-entropy "
    )
    return (
        (words + f"{_when(runs['ce'])}, squared error {_when(runs['se'])}.")
        .replace("-", "−")
        .replace("ross−entropy", "ross-entropy")
    )


def _when(run: list[tuple[float, float]]) -> str:
    """When both outputs have come as near as NEAR to what is wanted."""
    for k, told in enumerate(run):
        if all(abs(p - y) < NEAR for p, (_, y) in zip(told, ROWS, strict=True)):
            return f"has both answers within {NEAR:g} from " + (f"step {k}" if k else "the start")
    return f"has not both within {NEAR:g} yet"

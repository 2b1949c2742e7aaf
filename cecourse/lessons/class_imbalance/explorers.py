"""The explorer of notebook 09: a weight and a cut, one ROC curve, and the point that slides."""

from __future__ import annotations

import math

import numpy as np

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import GOOD, LOSS, MODEL, MUTED, REMARK, ink
from cecourse.picture import LOSS_LINE, write
from cehelpers import cost_threshold, logit, sigmoid

from .pictures import CHEAPEST, operating_axes
from .world import (
    BASE_RATE,
    COST_FN,
    COST_FP,
    CUT,
    CUT_NAME,
    CUTS,
    MEANS,
    PAYMENTS,
    SPREAD,
    WEIGHTS,
    W,
    cost,
    shares_flagged,
)

HUMP = np.linspace(-4, 4, 101)  # in standard deviations
BELL = np.exp(-(HUMP**2) / 2)


def weight_and_cut() -> Explorer:
    """Choose a class weight w and a cut t: both push the same point along the same ROC curve."""
    return Explorer(
        {
            "weight": widgets.SelectionSlider(options=WEIGHTS, value=1, description="Weight w"),
            "cut": widgets.SelectionSlider(
                options=[(_name(t), t) for t in CUTS],
                value=0.5,
                description="Cut t",
            ),
        },
        _draw,
        _update,
        alt="To the left, how the outputs of the model spread for ordinary payments and frauds, "
        "each hump drawn as high as the other, with the cut as a vertical line; what lies to its "
        "right is flagged. To the right the ROC curve, with a dot at the chosen weight and cut "
        "and a ring at the cheapest point.",
        presets={
            "No weight, cut ½": {"weight": 1, "cut": 0.5},
            f"Weight {W}, cut ½": {"weight": W, "cut": 0.5},
            f"No weight, cut {CUT_NAME}": {"weight": 1, "cut": CUT},
            f"Weight {W}, cut {CUT_NAME}": {"weight": W, "cut": CUT},
        },
        size=(7.2, 3.9),
    )


def _name(cut: float) -> str:
    return CUT_NAME if cut == CUT else f"{cut:g}"


def _draw(fig) -> dict:
    left, right = fig.subplots(1, 2, width_ratios=[6, 5])
    operating_axes(left, right)
    left.set(xlim=(-17, 12.5), ylim=(0, 1.42))
    left.set_title("A weight moves both humps, a cut the line", fontsize=11)
    z = np.linspace(-25, 12, 400)
    tails = np.array([[math.erfc((x - m) / SPREAD / math.sqrt(2)) / 2 for m in MEANS] for x in z])
    right.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=":")
    right.plot(tails[:, 0], tails[:, 1], **LOSS_LINE)
    best = shares_flagged(1, cost_threshold(COST_FP, COST_FN))
    right.set_title("The curve stays", fontsize=11)
    return {
        "tails": [
            left.fill([0, 1, 1], [0, 0, 0], facecolor=MUTED, alpha=0.45, linewidth=0)[0],
            left.fill([0, 1, 1], [0, 0, 0], facecolor=MODEL, alpha=0.4, linewidth=0)[0],
        ],
        "humps": [
            left.plot(HUMP, BELL, color=REMARK, linewidth=2)[0],
            left.plot(HUMP, BELL, color=MODEL, linewidth=2, linestyle=(0, (5, 2)))[0],
        ],
        "names": [
            write(left, (0, 1.05), "ordinary", "right bold", REMARK, size=10),
            write(left, (0, 1.05), "fraud", "bold", ink(MODEL), size=10),
        ],
        "line": left.plot([0, 0], [0, 1.22], color=LOSS, linewidth=2)[0],
        "line_text": write(left, (0, 1.26), "", "center bold", size=10),
        "cheapest": right.plot([best[0]], [best[1]], **CHEAPEST)[0],
        "dot": right.plot(
            [0],
            [0],
            "o",
            color=GOOD,
            markersize=10,
            markeredgecolor="white",
            zorder=6,
            clip_on=False,
        )[0],
        "counts": write(
            right, (0.99, 0.03), "", "right bottom", ink(GOOD), size=10, linespacing=1.35
        ),
    }


def _update(artists, weight: float, cut: float) -> str:
    at, shift = logit(cut), math.log(weight)
    for hump, tail, name, mean in zip(
        artists["humps"], artists["tails"], artists["names"], MEANS, strict=True
    ):
        z = mean + shift + SPREAD * HUMP
        hump.set_xdata(z)
        name.set_x(mean + shift)
        flagged = np.maximum(z, at)
        height = np.exp(-(((flagged - mean - shift) / SPREAD) ** 2) / 2)
        base = [[flagged[-1], 0.0], [flagged[0], 0.0]]
        tail.set_xy(np.vstack([np.column_stack([flagged, height]), base]))
    shown = _name(cut)
    artists["line"].set_xdata([at, at])
    artists["line_text"].set_text(f"cut {shown}")
    artists["line_text"].set_x(min(max(at, -14), 9.5))

    fpr, recall = shares_flagged(weight, cut)
    frauds = PAYMENTS * BASE_RATE
    tp, fp = round(frauds * recall), round((PAYMENTS - frauds) * fpr)
    fn, tn = round(frauds) - tp, round(PAYMENTS - frauds) - fp
    paid = cost(fpr, recall)
    true = sigmoid(at - shift)
    flags = f"{true:.3g}" if true >= 1e-4 else f"{1e6 * true:.3g} in a million"
    artists["dot"].set_data([fpr], [recall])
    artists["counts"].set_text(
        f"of {PAYMENTS:,} payments\nfound {tp} of {frauds:.0f}\nfalse alarms {fp:,}\n"
        f"cost {paid:,.0f} €"
    )
    return (
        f"w = {weight}, t = {shown}: flags where the true probability is {flags} or more. Of "
        f"{PAYMENTS:,} payments: tn {tn:,}, fp {fp:,}, fn {fn}, tp {tp}; precision "
        f"{tp / max(tp + fp, 1):.3f}, recall {recall:.3f}; cost {paid:,.0f} € (the cheapest cut: "
        f"{cost(*shares_flagged(1, CUT)):,.0f} €)."
    )

"""The explorer of notebook 10: a control room with five dials, of which one undoes the weight."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import GOOD, LOSS, MODEL, MUTED, TRUTH, ink
from cecourse.picture import LOSS_LINE, write
from cehelpers import cost_threshold, entropy, logit, sigmoid, softplus

from .generator import fraud_months
from .pictures import SAID, control_axes

MONTH, ROWS = 12, 50_000  # payments nobody trained on; their true probabilities are known
STEP = 0.02  # width of a bin of true logits
WEIGHTS = (1, 2, 5, 10, 20, 50, 100, 200, 550, 1000)
COSTS_FP = (1, 2, 5, 10, 20, 50, 100)
COSTS_FN = (20, 50, 100, 200, 500, 1000, 5500)
CUTS = (3e-4, 1.0)  # that are drawn
TOP = 2.4  # of the bills that are drawn
NOTE = (0.56, 0.23)  # the room that the note with the bill takes, in axes fractions
PLACES = ((0.03, 0.005), (0.42, 0.48), (0.42, 0.005), (0.03, 0.48))


@cache
def payments() -> tuple[NDArray, NDArray, NDArray]:
    """True logits of Harbor's payments in narrow bins: (logit, share of rows, share of frauds)."""
    rows = fraud_months(MONTH, rows_per_month=ROWS)
    z, p = rows.fraud_logit.astype(float), rows.fraud_prob.astype(float)
    bins = np.floor(z / STEP).astype(int)
    bins -= bins.min()
    count = np.bincount(bins)
    held = count > 0
    fraud = np.bincount(bins, weights=p)[held]
    return logit(fraud / count[held]), count[held] / ROWS, fraud / ROWS


@cache
def _from_the_top() -> tuple[NDArray, NDArray, NDArray]:
    """Logits, and the shares of all payments and of frauds (of all payments) at or above each."""
    z, rows, frauds = payments()
    return z, rows[::-1].cumsum()[::-1], frauds[::-1].cumsum()[::-1]


def log_loss(weight: float, temperature: float, bias: float) -> float:
    """Expected log loss, in nats, of the true logits pushed by a weight, then mended."""
    z, rows, frauds = payments()
    out = (z + math.log(weight)) / temperature + bias
    return float(frauds @ softplus(-out) + (rows - frauds) @ softplus(out))


def flagged(true_logit: float | NDArray) -> tuple[NDArray, NDArray]:
    """Shares of payments, and of payments that are frauds, from a true logit on."""
    z, rows, frauds = _from_the_top()
    at = np.searchsorted(z, true_logit)
    return np.append(rows, 0.0)[at], np.append(frauds, 0.0)[at]


def cost(true_logit: float | NDArray, cost_fp: float, cost_fn: float) -> float | NDArray:
    """Expected cost of 1,000 payments when those from a true logit on are flagged."""
    rows, frauds = flagged(true_logit)
    return 1000 * (cost_fp * (rows - frauds) + cost_fn * (payments()[2].sum() - frauds))


def control_room() -> Explorer:
    """Choose weight, temperature, bias and two costs; see loss, reliability, flags and the bill."""
    return Explorer(
        {
            "weight": widgets.SelectionSlider(options=WEIGHTS, value=1, description="Weight w"),
            "temperature": widgets.FloatSlider(
                value=1, min=0.5, max=4, step=0.05, description="Temperature T"
            ),
            "bias": widgets.FloatSlider(value=0, min=-8, max=2, step=0.05, description="Bias b"),
            "cost_fp": widgets.SelectionSlider(
                options=COSTS_FP, value=10, description="A false alarm, €"
            ),
            "cost_fn": widgets.SelectionSlider(
                options=COSTS_FN, value=100, description="A missed fraud, €"
            ),
        },
        _draw,
        _update,
        alt="To the left, what happens against what the score says, on logarithmic odds; the "
        "dotted diagonal is honesty and a dot marks a stated 0.35. To the right the cost of each "
        "cut, relative to flagging nothing, with the cut of the price list as a vertical line.",
        presets={
            "Weight 550": {"weight": 550},
            "… and the best temperature": {"weight": 550, "temperature": 0.75},
            "… and the best bias": {"weight": 550, "bias": -6.3},
            "550 as a price": {"cost_fn": 5500, "cost_fp": 10},
        },
        size=(7.2, 3.6),
    )


def _draw(fig) -> dict:
    left, right = fig.subplots(1, 2)
    control_axes(left, right)
    left.set_title("Does it mean what it says?", fontsize=11)
    right.set_title("What does each cut cost?", fontsize=11)
    right.set(xlim=CUTS, ylim=(0, TOP))
    right.set_ylabel("bill ÷ bill without flags")
    ends = np.array(left.get_xlim())
    left.plot(ends, ends, color=MUTED, linestyle=":", linewidth=1.5)
    right.axhline(1, color=MUTED, linestyle=":", linewidth=1.4)
    return {
        "line": left.plot(ends, ends, color=MODEL, linewidth=2.6)[0],
        "drop": left.plot([0, 0], [0, 0], color=TRUTH, linewidth=1.4)[0],
        "dot": left.plot(
            [0], [0], "o", color=TRUTH, markersize=9, markeredgecolor="white", zorder=6
        )[0],
        "means": write(left, (0, 0), "", "right bottom bold plate", TRUTH, size=10),
        "curve": right.plot(*np.ones((2, 90)), **LOSS_LINE)[0],
        "cut": right.plot([0.1, 0.1], [0, TOP], color=GOOD, linewidth=2, linestyle=(0, (5, 2)))[0],
        "at": right.plot(
            [0.1],
            [0],
            "o",
            color=GOOD,
            markersize=10,
            markeredgecolor="white",
            zorder=6,
            clip_on=False,
        )[0],
        "cut_text": write(right, (0.1, 2.05), "", "center middle bold plate", ink(GOOD), size=10),
        "bill": write(
            right,
            (0.03, 0.03),
            "",
            "bottom plate",
            LOSS,
            size=10,
            transform=right.transAxes,
            linespacing=1.35,
        ),
    }


def _free_corner(cuts: NDArray, bills: NDArray) -> tuple[float, float]:
    """Where the note stands, in axes fractions: the first of its places that the curve misses."""
    low, high = np.log10(CUTS)
    x, y = (np.log10(cuts) - low) / (high - low), bills / TOP

    def room(place):  # how far the curve keeps from the note, at the height of a still strip
        aside = np.maximum(place[0] - x, x - place[0] - NOTE[0])
        above = np.maximum(place[1] - y, y - place[1] - NOTE[1])
        return float(np.maximum(aside, above).min())

    return next((place for place in PLACES if room(place) > 0), max(PLACES, key=room))


def _update(artists, weight, temperature, bias, cost_fp, cost_fn) -> str:
    def truth(said):  # the true logit behind a stated one
        return temperature * (said - bias) - math.log(weight)

    ends = np.array(artists["line"].axes.get_xlim())
    low, high = artists["line"].axes.get_ylim()
    artists["line"].set_ydata(truth(ends))
    said = float(logit(SAID))
    meant = float(sigmoid(truth(said)))
    shown = min(max(truth(said), low), high)
    artists["drop"].set_data([said, said], [low, shown])
    artists["dot"].set_data([said], [shown])
    artists["dot"].set_marker("o" if shown == truth(said) else "^" if shown == high else "v")
    artists["means"].set_position((said - 0.35, min(max(shown + 0.15, low + 0.3), high - 2.2)))
    artists["means"].set_text(f"says {SAID}:\n{meant:.2g}")

    price = cost_threshold(cost_fp, cost_fn)
    nothing = 1000 * cost_fn * payments()[2].sum()
    cuts = np.geomspace(CUTS[0], 0.995, 90)
    bills = cost(truth(logit(cuts)), cost_fp, cost_fn) / nothing
    artists["curve"].set_data(cuts, bills)
    at = truth(float(logit(price)))
    paid, best = (float(cost(z, cost_fp, cost_fn)) for z in (at, logit(price)))
    share = float(flagged(at)[0])
    artists["cut"].set_xdata([price, price])
    artists["at"].set_data([price], [min(paid / nothing, TOP)])
    artists["at"].set_marker("o" if paid / nothing <= TOP else "^")  # further up
    artists["cut_text"].set_text(f"p* = {price:.2g}")
    artists["cut_text"].set_x(min(max(price, 1.2e-3), 0.25))
    artists["bill"].set_text(f"at p*: {paid:,.0f} €\nbest possible: {best:,.0f} €")
    x, y = _free_corner(np.append(cuts, price), np.append(bills, paid / nothing))
    artists["bill"].set(x=x, y=y)

    _, rows, frauds = payments()
    rate = float(frauds.sum() / rows.sum())
    loss, base = log_loss(weight, temperature, bias), entropy([rate, 1 - rate])
    shown = f"{bias:g}".replace("-", "−")
    return (
        f"w = {weight}, T = {temperature:g}, b = {shown}: log loss {loss:.4f} nats, "
        f"{loss / base:.2f} × that of a constant. A stated {SAID} means {meant:.3g}. The price "
        f"list {cost_fn} : {cost_fp} cuts at {price:.3g} and flags {1e4 * share:,.0f} of 10,000; "
        f"1,000 payments cost {paid:,.0f} € (true probabilities: {best:,.0f} €; no flags: "
        f"{nothing:,.0f} €)."
    )

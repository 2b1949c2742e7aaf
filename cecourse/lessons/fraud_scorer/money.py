"""Money per row, in notebook 10: a missed fraud costs its amount, and each payment has a cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink
from cecourse.picture import Picture, headline, new_figure, write
from cehelpers import cost_threshold, expected_cost

from .pictures import log_ticks

ALARMS = (50, 100, 200, 400, 800, 1600, 3200)  # budgets of the explorer
COSTS_FP = (1, 2, 5, 10, 20, 50, 100)
RANKS = np.unique(np.geomspace(25, 4800, 60).astype(int))  # that the explorer draws
GRID = np.geomspace(0.003, 0.9, 60)  # of single cuts


class Alarms(NamedTuple):
    """What a list of alarms finds: frauds, and the sum of their amounts in euros."""

    frauds: int
    euros: float


def saving(p: NDArray, amount: NDArray, cost_fp: float) -> NDArray:
    """Expected saving of each alarm, p·amount − (1 − p)·cost_fp, in euros."""
    return p * amount - (1 - p) * cost_fp


def found(y: NDArray, amount: NDArray, order: NDArray, alarms: int) -> Alarms:
    """Frauds and euros among the `alarms` payments with the highest values of `order`."""
    top = np.argsort(-order, kind="stable")[:alarms]
    return Alarms(int(y[top].sum()), float(y[top] @ amount[top]))


def bill(y: NDArray, p: NDArray, amount: NDArray, cut: NDArray | float, cost_fp: float) -> float:
    """Euros per 1,000 payments when p ≥ cut is flagged and a missed fraud costs its amount."""
    return 1000 * expected_cost(y, p, threshold=cut, cost_fp=cost_fp, cost_fn=amount)


def best_single(y: NDArray, p: NDArray, amount: NDArray, cost_fp: float) -> float:
    """The single cut with the lowest bill on these rows: known afterwards only."""
    order = np.argsort(p)
    first = np.searchsorted(p[order], GRID)  # flagged from here on
    missed = np.append(0, np.cumsum((y * amount)[order]))[first]
    honest = np.append(0, np.cumsum(y[order] == 0))
    return float(GRID[np.argmin(missed + cost_fp * (honest[-1] - honest[first]))])


def scoreboard(
    policy: Callable,
    y: NDArray,
    p: NDArray,
    true: NDArray,
    amount: NDArray,
    cost_fp: float = 10.0,
) -> str:
    """Bills per 1,000 payments: of the learner's policy, of some others, and of the oracle.

    Parameters
    ----------
    policy : callable
        ``policy(p, amount)`` returns which payments to flag, or None where it is not yet written.
    y, p, true, amount : ndarray, shape (n,)
        Labels, calibrated probabilities, the posterior, amounts in euros.
    cost_fp : float
        Euros for a false alarm.

    Returns
    -------
    str
        One line a policy, the learner's last; to the nearest 25 €, as a few hundred frauds allow.
    """
    afterwards = best_single(y, p, amount, cost_fp)
    cuts = {
        "nobody flagged": np.inf,
        f"p* of 100 €, {cost_threshold(cost_fp, 100):.3f}": cost_threshold(cost_fp, 100),
        "best single cut afterwards": afterwards,
        "each payment its own cut": cost_threshold(cost_fp, amount),
    }
    bills = {name: bill(y, p, amount, cut, cost_fp) for name, cut in cuts.items()}
    bills["the oracle, its own cuts"] = bill(
        y, true, amount, cost_threshold(cost_fp, amount), cost_fp
    )
    own = policy(p, amount)
    held = own is not None and np.shape(own) == y.shape and np.isin(own, (0, 1)).all()
    if held:  # flags are a score of 0 and 1
        bills["YOURS"] = bill(y, np.asarray(own, dtype=bool).astype(float), amount, 0.5, cost_fp)
    table = [f"{name:28}{25 * round(euros / 25):6}" for name, euros in bills.items()]
    todo = "fill in the cell above" if own is None else "return one True or False a payment"
    return "\n".join(table if held else [*table, f"YOURS: {todo}"])


def two_policies(p: NDArray, amount: NDArray, single: float, cost_fp: float) -> Picture:
    """Which payments one cut for all flags, and which a cut for each.

    Parameters
    ----------
    p, amount : ndarray, shape (n,)
        Probabilities, and amounts in euros.
    single : float
        The cut for all.
    cost_fp : float
        Euros for a false alarm.
    """
    one, own = p >= single, p >= cost_threshold(cost_fp, amount)
    fig = new_figure(7.2, 4.2)
    ax = fig.subplots()
    for rows, mark, color in (
        (one & own, ".", MUTED),
        (one & ~own, "v", MODEL),
        (own & ~one, "^", GOOD),
    ):
        ax.plot(
            amount[rows],
            p[rows],
            mark,
            color=color,
            markersize=3.4 if mark == "." else 4.2,
            markeredgewidth=0,
            rasterized=True,
        )
    across = np.geomspace(2, 5000, 200)
    ax.plot(across, cost_threshold(cost_fp, across), color=LOSS, linewidth=2.4, zorder=4)
    ax.plot([2, 5000], [single, single], color=LOSS, linewidth=1.8, linestyle="--", zorder=4)
    ax.set(xscale="log", yscale="log", xlim=(2, 5000), ylim=(0.002, 1))
    log_ticks(ax.xaxis, [3, 10, 30, 100, 300, 1000, 3000])
    log_ticks(ax.yaxis, [0.003, 0.01, 0.03, 0.1, 0.3, 1])
    ax.set(xlabel="amount, €", ylabel="p, the score says")
    for at, words, color in (
        ((2.4, 0.0085), "▼ small: flagged by\nthe single cut alone", MODEL),
        ((40, 0.0033), "▲ large: flagged by\ntheir own cut alone", GOOD),
        ((260, 0.5), "● flagged by both", MUTED),
    ):
        write(ax, at, words, "bold halo", ink(color), size=10.5, linespacing=1.25, zorder=6)
    write(ax, (2.2, single * 0.9), f"one for all: {single:.2g}", "top halo", REMARK, size=10)
    write(
        ax,
        (2.3, 0.32),
        f"{cost_fp:g}/({cost_fp:g} + amount)",
        "bold halo",
        LOSS,
        size=11,
        zorder=6,
    )
    headline(fig, "One cut calls about small payments and lets large ones pass")
    return Picture(
        fig,
        "Probability against amount, both on logarithmic axes, of the payments that are flagged. "
        f"The single cut is a level line at {single:.2g}; the cut of each payment, {cost_fp:g} "
        f"over {cost_fp:g} plus its amount, falls from left to right and crosses it at "
        f"{cost_fp / single - cost_fp:.0f} €. Dots above both are flagged by both; the small ones, "
        "downward triangles between the curve and the line, by the single cut alone; the large "
        "ones, upward triangles, by their own cut alone.",
    )


def alarm_list(p: NDArray, true: NDArray, amount: NDArray) -> Explorer:
    """Choose how many alarms and what a false one costs; see what each order of the list saves.

    Parameters
    ----------
    p, true, amount : ndarray, shape (n,)
        A score's probabilities, the posterior, amounts in euros. What is saved is the expected
        saving under the posterior: no labels, no luck.
    """
    most = RANKS[-1]
    by_p = np.argsort(-p, kind="stable")[:most]

    def saved(order, cost_fp):
        top = order[:most]
        gain, hits = saving(true[top], amount[top], cost_fp), true[top] * amount[top]
        return gain.cumsum()[RANKS - 1], hits.cumsum()

    def by_saving(q, cost_fp):
        value = saving(q, amount, cost_fp)
        top = np.argpartition(-value, most)[:most]
        return top[np.argsort(-value[top], kind="stable")]

    def draw(fig):
        ax = fig.subplots()
        ax.set(xscale="log", xlim=(RANKS[0], RANKS[-1]), ylim=(-30, 200))
        log_ticks(ax.xaxis, list(ALARMS))
        ax.set(xlabel="alarms", ylabel="saved, thousand €")
        ax.axhline(0, color=MUTED, linestyle=":", linewidth=1.3)
        looks = {
            "oracle": (TRUTH, ":", "the oracle, by saving"),
            "saving": (GOOD, "-", "the score, by saving"),
            "p": (MODEL, "--", "the score, by p"),
        }
        for name, (color, style, words) in looks.items():
            line = ax.plot(RANKS, 0 * RANKS, color=color, linestyle=style, linewidth=2.4)[0]
            line.set_label(words)
            looks[name] = line
        ax.legend(handles=list(looks.values()), loc="upper left", frameon=False, fontsize=10)
        looks["budget"] = ax.axvline(400, color=LOSS, linewidth=1.6)
        return looks

    def update(artists, alarms, cost_fp):
        orders = {
            "p": by_p,
            "saving": by_saving(p, cost_fp),
            "oracle": by_saving(true, cost_fp),
        }
        euros = {}
        for name, order in orders.items():
            line, hits = saved(order, cost_fp)
            artists[name].set_ydata(np.clip(line / 1000, -30, 200))
            digits = 2 if name == "oracle" else 1  # a trained score keeps no second one
            euros[name] = float(f"{hits[alarms - 1]:.{digits}g}")
        artists["budget"].set_xdata([alarms, alarms])
        return (
            f"{alarms:,} alarms, {cost_fp:g} € for a false one: by p the list holds frauds worth "
            f"about {euros['p']:,.0f} €, by expected saving {euros['saving']:,.0f} €, and the "
            f"oracle's list {euros['oracle']:,.0f} €."
        )

    return Explorer(
        {
            "alarms": widgets.SelectionSlider(options=ALARMS, value=400, description="Alarms"),
            "cost_fp": widgets.SelectionSlider(
                options=COSTS_FP, value=10, description="A false alarm, €"
            ),
        },
        draw,
        update,
        alt="Euros saved, the false alarms paid, against the number of alarms on a logarithmic "
        "axis: a dashed line for the score's list by p, a solid one above it for its list by "
        "expected saving, a dotted one for the oracle's; a vertical line marks the budget.",
        presets={"A call": {"cost_fp": 10}, "A lost customer": {"cost_fp": 100}},
        size=(7.2, 3.6),
    )

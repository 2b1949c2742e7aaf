"""Pictures of notebook 08: claims against what happened, and what puts them right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from cecourse.palette import ACCENT, EXTRA, GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink, tint
from cecourse.picture import (
    EXTRA_FILL,
    LOSS_LINE,
    MODEL_LINE,
    TRUTH_FILL,
    TRUTH_LINE,
    dot,
    headline,
    new_figure,
    point,
    write,
)
from cehelpers.calibration import ReliabilityCurve, expected_calibration_error, reliability_curve


def diagonal_axes(ax: Axes, *, claim: str = "forecast") -> None:
    """Square axes of a reliability diagram, with the diagonal of a calibrated forecaster."""
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1.4, linestyle=(0, (1, 1.2)), zorder=1)
    ax.set(
        xlim=(-0.015, 1.015),
        ylim=(-0.015, 1.015),
        aspect="equal",
        xlabel=claim,
        ylabel="share that happened",
        xticks=np.linspace(0, 1, 6),
        yticks=np.linspace(0, 1, 6),
    )


def diagram(ax: Axes, curve: ReliabilityCurve, color: str, marker: str = "o") -> None:
    """Dots as large as their bins are full, Wilson's interval of each, and the gap it leaves."""
    x, share = curve.mean_prediction, curve.observed_share
    ax.vlines(x, x, share, color=EXTRA, linewidth=5, alpha=0.55, zorder=2)
    ax.vlines(x, curve.wilson_low, curve.wilson_high, color=color, linewidth=1.3, zorder=3)
    ax.scatter(
        x,
        share,
        s=dot_areas(curve.count),
        marker=marker,
        color=color,
        edgecolor="white",
        linewidth=1.2,
        zorder=4,
    )


def dot_areas(count: ArrayLike) -> NDArray[np.float64]:
    """Area of a dot in points², in proportion to its share of the rows, with a floor to be seen."""
    count = np.asarray(count, dtype=float)
    return 28 + 420 * count / count.sum()


def perfect_forecasters(rows: Sequence[tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Reliability diagrams, side by side, of forecasters that are calibrated by construction.

    Parameters
    ----------
    rows : sequence of (y, p)
        Outcomes drawn with the probabilities that were forecast.
    """
    fig = new_figure(7.2, 4.35)
    for ax, (y, p) in zip(fig.subplots(1, len(rows)), rows, strict=True):
        diagonal_axes(ax)
        diagram(ax, reliability_curve(y, p), TRUTH)
        ax.set_title(f"{len(np.asarray(y)):,} forecasts", fontsize=11, loc="center")
        ax.label_outer()
    headline(fig, "Perfectly calibrated, and off the diagonal all the same")
    return fig


def error_by_luck(
    sizes: Sequence[int], errors: Mapping[int, Sequence[float]], mark: tuple[int, float] | None
) -> Figure:
    """The mean ECE of a perfect forecaster against the number of forecasts.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of forecasts.
    errors : mapping of int to sequence of float
        For each number of bins, the mean ECE at each size.
    mark : (int, float), optional
        A size and an error to point at.
    """
    fig = new_figure(7.2, 3.5)
    ax = fig.subplots()
    looks = [(TRUTH, "-", "o"), (ACCENT, "-", "s"), (MODEL, (0, (5, 2)), "^")]
    for (bins, values), (color, line, marker) in zip(errors.items(), looks, strict=False):
        ax.plot(sizes, values, color=color, linestyle=line, marker=marker, linewidth=2)
        write(ax, (sizes[-1] * 1.08, values[-1]), f"{bins} bins", "middle bold")
    ax.set(xscale="log", yscale="log", xlim=(sizes[0] * 0.9, sizes[-1] * 1.8), ylim=(0.005, 0.3))
    ax.set_xticks(sizes, [f"{n:,}" for n in sizes])
    ax.set_yticks([0.01, 0.03, 0.1, 0.3], ["0.01", "0.03", "0.10", "0.30"])
    ax.minorticks_off()
    ax.set(xlabel="number of forecasts", ylabel="ECE by luck alone")
    if mark is not None:
        point(
            ax,
            mark,
            f"{mark[0]} forecasts, 10 bins: {mark[1]:.2f}",
            (mark[0] * 1.6, mark[1] * 2.4),
            "middle",
        )
    ax.set_title("Nobody is at 0: what a perfect forecaster scores")
    return fig


def honest_scores(truth: float) -> Figure:
    """What a forecast p can expect to pay, by three scores, when the event's probability is known.

    Parameters
    ----------
    truth : float
        The true probability, above a half.
    """
    p = np.linspace(0.02, 0.995, 400)
    fig = new_figure(7.2, 3.4)
    panels = (
        ("log loss", -truth * np.log(p) - (1 - truth) * np.log(1 - p), "nats", 2.0),
        ("Brier", truth * (1 - p) ** 2 + (1 - truth) * p**2, "", 0.7),
        ("absolute error", truth * (1 - p) + (1 - truth) * p, "", 0.7),
    )
    for ax, (name, values, unit, top) in zip(fig.subplots(1, 3), panels, strict=True):
        proper = ax.get_subplotspec().colspan.start < 2
        ax.axvline(truth, color=TRUTH, linewidth=1.4, linestyle=":")
        ax.plot(p, values, **LOSS_LINE)
        best = p[values.argmin()] if proper else 1.0
        lowest = values.min() if proper else 1 - truth
        dot(
            ax,
            (best, lowest),
            GOOD if proper else MODEL,
            "o" if proper else "s",
            size=11,
            clip_on=False,
        )
        write(
            ax,
            (
                best - (0 if proper else 0.02),
                lowest - 0.06 * top if proper else lowest - 0.05 * top,
            ),
            f"{truth if proper else 1:.1f} pays best",
            "top bold halo",
            ink(GOOD) if proper else ink(MODEL),
            size=10,
            ha="center" if proper else "right",
        )
        ax.set(xlim=(0, 1), ylim=(0, top), xticks=[0, truth, 1], xlabel="forecast p")
        if unit:
            ax.set_ylabel(f"expected score ({unit})", labelpad=2)
        ax.set_title(name, fontsize=11, loc="center")
        ax.grid(axis="x", visible=False)
    headline(fig, f"The chance is {truth}: which forecast pays best?")
    return fig


def two_parts(parts: Mapping[str, tuple[float, float]]) -> Figure:
    """Log loss of several forecasters as what is left open, and what wrong claims add.

    Parameters
    ----------
    parts : mapping of str to (float, float)
        For each forecaster, the entropy that its groups leave and the divergence of its claims.
    """
    fig = new_figure(7.2, 0.62 * len(parts) + 1.25)
    ax = fig.subplots()
    widest = max(a + b for a, b in parts.values())
    for row, (floor, added) in enumerate(parts.values()):
        ax.barh(row, floor, height=0.58, **TRUTH_FILL)
        ax.barh(row, added, left=floor, height=0.58, **EXTRA_FILL)
        write(ax, (floor / 2, row), f"{floor:.3f}", "center middle bold", "white")
        tail = f"+ {added:.3f} = {floor + added:.3f}" if added > 5e-4 else "+ 0"
        write(ax, (floor + added + 0.01 * widest, row), tail, "middle", size=10)
    ax.set_yticks(range(len(parts)), list(parts), fontsize=10.5)
    ax.set(ylim=(len(parts) - 0.55, -0.95), xlim=(0, 1.24 * widest), xlabel="log loss in nats")
    first = next(iter(parts.values()))
    write(ax, (0, -0.45), "left open by the groups", "bottom bold", TRUTH)
    write(ax, (first[0], -0.45), "wrong claims", "bottom bold", ink(EXTRA))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    ax.set_title("One loss, two debts: not knowing, and claiming wrongly")
    return fig


def speckled(
    clean: ArrayLike, noisy: ArrayLike, truth: Sequence[int], said: Sequence[int], confidence
) -> Figure:
    """Digits as they were, as the network saw them, and how sure it was.

    Parameters
    ----------
    clean, noisy : array_like, shape (n, 64)
        Pixels from 0 (white) to 1 (black); noise may leave that range.
    truth, said : sequence of int
        The digit, and the network's favourite.
    confidence : sequence of float
        Its probability.
    """
    n = len(truth)
    fig = new_figure(7.2, 2.75)
    axes = fig.subplots(2, n)
    for k in range(n):
        for ax, pixels, slack in ((axes[0, k], clean[k], 0.0), (axes[1, k], noisy[k], 0.6)):
            ax.imshow(np.reshape(pixels, (8, 8)), cmap="gray_r", vmin=-slack, vmax=1 + slack)
            ax.set(xticks=[], yticks=[])
            ax.grid(False)
            ax.spines[:].set_visible(True)
        right = truth[k] == said[k]
        axes[1, k].set_xlabel(
            f"“{said[k]}”, {confidence[k]:.2f}\n{'right' if right else f'it is a {truth[k]}'}",
            fontsize=9.5,
            color=ink(GOOD) if right else ink(MODEL),
        )
    axes[0, 0].set_ylabel("digit", fontsize=10)
    axes[1, 0].set_ylabel("seen", fontsize=10)
    headline(fig, "Sure of what it sees, right or not")
    return fig


def confidence_diagram(right: ArrayLike, confidence: ArrayLike) -> Figure:
    """Reliability diagram of a classifier's favourites, above the distribution of its confidence.

    Parameters
    ----------
    right : array_like of 0 and 1, shape (n,)
        Whether the favourite was the true class.
    confidence : array_like, shape (n,)
        Its probability.
    """
    right, confidence = np.asarray(right, dtype=float), np.asarray(confidence, dtype=float)
    fig = new_figure(6.2, 5.9)
    ax, below = fig.subplots(2, 1, height_ratios=(4.2, 1), sharex=True)
    diagonal_axes(ax, claim="")
    ax.set_aspect("auto")  # as wide as the histogram below
    curve = reliability_curve(right, confidence, n_bins=10)
    diagram(ax, curve, MODEL, "s")
    ax.set_ylabel("accuracy")
    mean, accuracy = confidence.mean(), right.mean()
    ax.axhline(accuracy, color=TRUTH, linewidth=1.3, linestyle="-.", zorder=1)
    write(ax, (0.02, accuracy + 0.015), f"accuracy {accuracy:.2f}", "bold", TRUTH)
    write(
        ax,
        (0.07, 0.1),
        "as sure as right",
        "",
        REMARK,
        size=10,
        rotation=45,
        rotation_mode="anchor",
        transform_rotates_text=True,
    )
    worst = int(np.argmax(curve.count * np.abs(curve.observed_share - curve.mean_prediction)))
    point(
        ax,
        (curve.mean_prediction[worst] - 0.02, curve.observed_share[worst] + 0.01),
        f"says {curve.mean_prediction[worst]:.2f},\nright {curve.observed_share[worst]:.2f}",
        (0.7, 0.94),
        "center middle",
    )
    below.hist(confidence, bins=np.arange(11) / 10, color=tint(MODEL, 0.35), edgecolor="white")
    below.axvline(mean, color=ink(MODEL), linewidth=2)
    write(
        below,
        (mean - 0.015, 0.9 * below.get_ylim()[1]),
        f"mean confidence {mean:.2f}",
        "right top bold",
        ink(MODEL),
    )
    below.set(xlabel="confidence: probability of the favourite", ylabel="rows")
    ece = expected_calibration_error(right, confidence, n_bins=10)
    ax.set_title(f"Below the diagonal: too sure (ECE {ece:.2f})")
    return fig


def two_clocks(losses: ArrayLike, accuracies: ArrayLike, epoch: int) -> Figure:
    """Test loss and test accuracy over the epochs, each run thin and their mean heavy.

    Parameters
    ----------
    losses, accuracies : array_like, shape (runs, epochs)
        In nats, and as a share.
    epoch : int
        Where to begin the comparison.
    """
    losses, accuracies = np.asarray(losses), np.asarray(accuracies)
    fig = new_figure(7.2, 3.6)
    x = np.arange(1, losses.shape[1] + 1)
    for ax, runs, look, title, form in (
        (fig.add_subplot(1, 2, 1), losses, LOSS_LINE, "loss in nats", "{:.2f}"),
        (fig.add_subplot(1, 2, 2), accuracies, TRUTH_LINE, "accuracy", "{:.2f}"),
    ):
        ax.plot(x, runs.T, color=look["color"], linewidth=0.8, alpha=0.35)
        mean = runs.mean(axis=0)
        ax.plot(x, mean, **look)
        top = 1.55 if title.startswith("loss") else 1.0
        ax.axvline(epoch, color=MUTED, linewidth=1.1, linestyle=":")
        for where in (epoch, len(x)):
            ax.plot(where, mean[where - 1], "o", color=look["color"], markersize=8, clip_on=False)
            first = where == epoch
            write(
                ax,
                (where + (3 if first else 0), mean[where - 1] + (-0.05 if first else 0.055) * top),
                form.format(mean[where - 1]),
                "bold halo",
                look["color"],
                ha="left" if first else "right",
                va="top" if first else "bottom",
                zorder=6,
            )
        ax.set(xlim=(0, len(x) + 1), ylim=(0, top), xlabel="epoch")
        ax.set_xticks([epoch, 50, 100])
        ax.set_title(title, fontsize=11, loc="center")
    headline(fig, "The loss climbs while the accuracy hardly moves")
    return fig


def before_and_after(right: ArrayLike, before: ArrayLike, after: ArrayLike, T: float) -> Figure:
    """Two reliability diagrams of the same favourites, before and after a temperature.

    Parameters
    ----------
    right : array_like of 0 and 1, shape (n,)
        Whether the favourite was the true class; the same for both.
    before, after : array_like, shape (n,)
        Its probability.
    T : float
        The temperature.
    """
    fig = new_figure(7.2, 4.35)
    for ax, values, color, marker, title in (
        (fig.add_subplot(1, 2, 1), before, MODEL, "s", "as trained, T = 1"),
        (fig.add_subplot(1, 2, 2), after, GOOD, "o", f"the same logits, T = {T:.1f}"),
    ):
        diagonal_axes(ax, claim="confidence")
        diagram(ax, reliability_curve(right, values), color, marker)
        ax.set_ylabel("accuracy")
        write(
            ax,
            (0.04, 0.95),
            f"ECE {expected_calibration_error(right, values):.2f}",
            "top bold",
            size=13,
        )
        ax.set_title(title, fontsize=11, loc="center")
        ax.label_outer()
    headline(fig, "One number, fitted on held-out rows, repairs the confidence")
    return fig


def three_tools(
    scores: ArrayLike, y_true: ArrayLike, maps: Mapping[str, tuple[ArrayLike, ArrayLike]]
) -> Figure:
    """Score to probability by several curves, over the shares that held-out rows show.

    Parameters
    ----------
    scores, y_true : array_like, shape (n,)
        Held-out scores and their labels, shown in groups of equal size.
    maps : mapping of str to (array_like, array_like)
        For each curve its name, scores and probabilities.
    """
    from cehelpers.calibration import wilson_interval

    scores, y_true = np.asarray(scores), np.asarray(y_true)
    fig = new_figure(7.2, 4.0)
    ax = fig.subplots()
    looks = (
        {"color": MUTED, "linestyle": ":", "linewidth": 2},
        {"color": MODEL, "linestyle": (0, (5, 2)), "linewidth": 2.4},
        {"color": TRUTH, "linestyle": "-", "linewidth": 1.8, "drawstyle": "default"},
    )
    for (name, (x, p)), look in zip(maps.items(), looks, strict=False):
        ax.plot(x, p, label=name, zorder=2, **look)
    for rows in np.array_split(np.argsort(scores, kind="stable"), 8):
        low, high = wilson_interval(int(y_true[rows].sum()), len(rows))
        x = scores[rows].mean()
        ax.plot([x, x], [low, high], color=LOSS, linewidth=1.2, zorder=3)
        dot(ax, (x, y_true[rows].mean()), LOSS, size=8, zorder=2)
    ax.plot([], [], "o", color=LOSS, markersize=7, label="held-out rows, in eighths")
    ax.legend(loc="upper left", fontsize=10.5)
    ax.set(xlabel="score of the margin classifier", ylabel="probability of 5 or more")
    ax.set(ylim=(-0.02, 1.02), xlim=(scores.min(), scores.max()))
    ax.set_title("A score becomes a probability: three curves, one set of dots")
    return fig


def fifty_splits(raw: ArrayLike, repaired: ArrayLike, accuracy: ArrayLike, base: float) -> Figure:
    """A dot a split: accuracy against log loss, before and after a repair.

    Parameters
    ----------
    raw, repaired : array_like, shape (n,)
        Log losses in nats.
    accuracy : array_like, shape (n,)
        Of the raw forecasts.
    base : float
        What the base rate scores.
    """
    raw, accuracy = np.asarray(raw), np.asarray(accuracy)
    fig = new_figure(7.2, 3.5)
    ax = fig.subplots()
    ax.axvspan(base, 2, color=tint(EXTRA, 0.1), zorder=0)
    ax.axvline(base, color=EXTRA, linewidth=1.8, linestyle=":")
    dot(ax, (raw, accuracy), MODEL, "s", size=7, zorder=2, alpha=0.85)
    dot(ax, (repaired, accuracy), GOOD, size=7, zorder=2, alpha=0.85)
    write(
        ax,
        (base + 0.012, 0.872),
        f"base rate {base:.2f}:\nsays 0.63 to everybody",
        "bottom",
        ink(EXTRA),
    )
    write(ax, (np.mean(repaired), 0.989), "after Platt", "center bold", ink(GOOD))
    write(ax, (0.75, 0.989), "as trained", "bold", ink(MODEL))
    ax.set(
        xlim=(0, 1.03 * raw.max()),
        ylim=(0.865, 1.0),
        xlabel="log loss in nats",
        ylabel="accuracy as trained",
    )
    ax.set_title("94% right, and often worse than no model at all")
    return fig


def own_bets(y: ArrayLike, p: ArrayLike, best: float) -> Figure:
    """Somebody's bets as a reliability diagram of three groups, and each bet on the rim.

    Parameters
    ----------
    y, p : array_like, shape (n,)
        Truths, and the probabilities given to 1; a bet of exactly 0.5 takes no side and is left
        out.
    best : float
        The temperature that would have helped; its curve is drawn.
    """
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    sided = p != 0.5
    right = ((p > 0.5) == (y == 1))[sided].astype(float)
    confidence = np.maximum(p, 1 - p)[sided]
    fig = new_figure(6.4, 5.2)
    ax = fig.subplots()
    diagonal_axes(ax, claim="how sure a bet was (0.5 takes no side)")
    ax.set(xlim=(0.49, 1.01), ylim=(-0.07, 1.07), aspect="auto", ylabel="share that was right")
    ax.set_xticks(np.linspace(0.5, 1, 6))
    grid = np.linspace(0.5, 0.995, 200)
    beta = 0.0 if math.isinf(best) else 1 / best
    odds = np.log(grid / (1 - grid)) * beta
    ax.plot(grid, 1 / (1 + np.exp(-odds)), **(MODEL_LINE | {"linewidth": 1.8}))
    jitter = np.zeros(len(confidence))
    for row in range(1, len(confidence)):  # bets on the same spot stand on each other
        same = (confidence[:row] == confidence[row]) & (right[:row] == right[row])
        jitter[row] = 0.022 * same.sum()
    ax.plot(
        confidence,
        np.where(right == 1, 1.025 + jitter, -0.025 - jitter),
        "|",
        color=MUTED,
        markersize=8,
        markeredgewidth=1.6,
        linestyle="none",
    )
    if len(confidence):
        curve = reliability_curve(right, confidence, n_bins=3, strategy="quantile")
        diagram(ax, curve, TRUTH)
        for x, share, count in zip(
            curve.mean_prediction, curve.observed_share, curve.count, strict=True
        ):
            write(
                ax,
                (x - 0.012, share),
                f"{round(share * count)} of {count}",
                "right middle bold halo",
                zorder=6,
            )
    for height, word in ((1.025, "right"), (-0.025, "wrong")):
        write(ax, (0.5, height), f"each bet: {word}", "middle", REMARK, size=9.5)
    write(ax, (0.52, 0.585), "as sure as right", "", REMARK, size=10, rotation=18)
    if math.isfinite(best):
        write(ax, (0.515, 0.465), f"bets at T = {best:.1f}", "", ink(MODEL), size=10)
    ax.set_title("Twenty bets: long bars, and still an answer")
    return fig

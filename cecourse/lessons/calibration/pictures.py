"""Pictures of notebook 08: claims against what happened, and what puts them right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from cecourse.palette import ACCENT, EXTRA, GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink, tint
from cecourse.picture import (
    EXTRA_FILL,
    LOSS_LINE,
    TRUTH_FILL,
    TRUTH_LINE,
    Picture,
    dot,
    headline,
    new_figure,
    point,
    write,
)
from cehelpers import entropy, sigmoid
from cehelpers.calibration import (
    ReliabilityCurve,
    expected_calibration_error,
    reliability_curve,
    wilson_interval,
)


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


def perfect_forecasters(rows: Sequence[tuple[ArrayLike, ArrayLike]]) -> Picture:
    """Reliability diagrams, side by side, of forecasters that are calibrated by construction.

    Parameters
    ----------
    rows : sequence of (y, p)
        Outcomes drawn with the probabilities that were forecast.
    """
    fig = new_figure(7.2, 4.35)
    told = []
    for ax, (y, p) in zip(fig.subplots(1, len(rows)), rows, strict=True):
        diagonal_axes(ax)
        curve = reliability_curve(y, p)
        diagram(ax, curve, TRUTH)
        ax.set_title(f"{len(np.asarray(y)):,} forecasts", fontsize=11, loc="center")
        ax.label_outer()
        gap = np.abs(curve.observed_share - curve.mean_prediction).max()
        long = np.mean(curve.wilson_high - curve.wilson_low)
        told.append(
            f"With {len(np.asarray(y)):,} forecasts the {len(curve.count)} dots stand off the "
            f"diagonal by up to {gap:.2f}, with bars about {long:.2f} long."
        )
    headline(fig, "Perfectly calibrated, and off the diagonal all the same")
    what = (
        "Reliability diagrams of a perfect forecaster: the share that happened against the claim."
    )
    return Picture(fig, " ".join([what, *told]))


def error_by_luck(
    sizes: Sequence[int], errors: Mapping[int, Sequence[float]], marked: int
) -> Picture:
    """The mean ECE of a perfect forecaster against the number of forecasts.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of forecasts.
    errors : mapping of int to sequence of float
        For each number of bins, the mean ECE at each size.
    marked : int
        The number of bins whose first error is pointed at.
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
    few, many, first, last = sizes[0], sizes[-1], errors[marked][0], errors[marked][-1]
    words = f"{few} forecasts, {marked} bins: {first:.2f}"
    point(ax, (few, first), words, (few * 1.6, first * 2.4), "middle")
    ax.set_title("Nobody is at 0: what a perfect forecaster scores")
    others = ", ".join(
        f"that of {bins} bins lies {'above' if values[-1] > last else 'below'} it"
        for bins, values in errors.items()
        if bins != marked
    )
    return Picture(
        fig,
        "Mean ECE of a perfect forecaster against the number of forecasts, both axes logarithmic. "
        f"The line of {marked} bins falls from {first:.2f} at {few:,} forecasts to {last:.2f} at "
        f"{many:,}; {others}.",
    )


def honest_scores(truth: float) -> Picture:
    """What a forecast p can expect to pay, by three scores, when the event's probability is known.

    Parameters
    ----------
    truth : float
        The true probability, above a half.
    """
    p = np.sort(np.append(sigmoid(np.linspace(-9, 9, 400)), truth))  # up to the walls
    fig = new_figure(7.2, 3.4)
    panels = (
        ("log loss", -truth * np.log(p) - (1 - truth) * np.log(1 - p), " nats", 2.0),
        ("Brier", truth * (1 - p) ** 2 + (1 - truth) * p**2, "", 0.7),
        ("absolute error", truth * (1 - p) + (1 - truth) * p, "", 0.7),
    )
    told = []
    for ax, (name, values, unit, top) in zip(fig.subplots(1, 3), panels, strict=True):
        best, lowest = p[values.argmin()], values.min()
        honest = best == truth
        color = GOOD if honest else MODEL
        ax.axvline(truth, color=TRUTH, linewidth=1.4, linestyle=":")
        ax.plot(p, values, **LOSS_LINE)
        dot(ax, (best, lowest), color, "o" if honest else "s", size=11, clip_on=False)
        at = (best if honest else best - 0.02, lowest - 0.06 * top)
        how = f"{'center' if honest else 'right'} top bold halo"
        write(ax, at, f"{best:.1f} pays best", how, ink(color), size=10)
        ax.set(xlim=(0, 1), ylim=(0, top), xticks=[0, truth, 1], xlabel="forecast p")
        if unit:
            ax.set_ylabel(f"expected score ({unit.strip()})", labelpad=2)
        ax.set_title(name, fontsize=11, loc="center")
        ax.grid(axis="x", visible=False)
        told.append(f"{name} is lowest at p = {best:.1f}, with {lowest:.2f}{unit}")
    headline(fig, f"The chance is {truth}: which forecast pays best?")
    return Picture(
        fig,
        f"Expected score against the forecast p when the chance is {truth}: {told[0]}; {told[1]}; "
        f"{told[2]}, the end of its straight line.",
    )


def two_parts(parts: Mapping[str, tuple[float, float]]) -> Picture:
    """Log loss of several forecasters as what is left open, and what wrong claims add.

    Parameters
    ----------
    parts : mapping of str to (float, float)
        For each forecaster, the entropy that its groups leave and the divergence of its claims.
    """
    fig = new_figure(7.2, 0.62 * len(parts) + 1.25)
    ax = fig.subplots()
    widest = max(a + b for a, b in parts.values())
    told = []
    for row, (name, (floor, added)) in enumerate(parts.items()):
        ax.barh(row, floor, height=0.58, **TRUTH_FILL)
        ax.barh(row, added, left=floor, height=0.58, **EXTRA_FILL)
        write(ax, (floor / 2, row), f"{floor:.3f}", "center middle bold", "white")
        tail = f"+ {added:.3f} = {floor + added:.3f}" if added > 5e-4 else "+ 0"
        write(ax, (floor + added + 0.01 * widest, row), tail, "middle", size=10)
        told.append(f"{' '.join(name.split())}: {floor:.3f} {tail}")
    ax.set_yticks(range(len(parts)), list(parts), fontsize=10.5)
    ax.set(ylim=(len(parts) - 0.55, -0.95), xlim=(0, 1.24 * widest), xlabel="log loss in nats")
    first = next(iter(parts.values()))
    write(ax, (0, -0.45), "left open by the groups", "bottom bold", TRUTH)
    write(ax, (first[0], -0.45), "wrong claims", "bottom bold", ink(EXTRA))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    ax.set_title("One loss, two debts: not knowing, and claiming wrongly")
    return Picture(
        fig,
        f"Log loss in nats of {len(parts)} services as two stacked bars, what the groups leave "
        f"open and what wrong claims add: {'; '.join(told)}.",
    )


def speckled(
    clean: ArrayLike, noisy: ArrayLike, truth: Sequence[int], said: Sequence[int], confidence
) -> Picture:
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
    told = []
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
        told.append(f"a {truth[k]} read as “{said[k]}”, {confidence[k]:.1f} sure")
    axes[0, 0].set_ylabel("digit", fontsize=10)
    axes[1, 0].set_ylabel("seen", fontsize=10)
    headline(fig, "Sure of what it sees, right or not")
    return Picture(
        fig,
        f"{n} digits, clean above and as the network sees them below, grey and speckled: "
        f"{'; '.join(told)}.",
    )


def confidence_diagram(right: ArrayLike, confidence: ArrayLike) -> Picture:
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
    claimed = curve.mean_prediction > 0.5
    below_it = np.sum(curve.observed_share[claimed] < curve.mean_prediction[claimed])
    return Picture(
        fig,
        "Reliability diagram of the network's favourites, accuracy against confidence. Of the "
        f"{claimed.sum()} squares at a confidence above 0.5, {below_it} lie below the diagonal; "
        f"the fullest says {curve.mean_prediction[worst]:.2f} and is right in "
        f"{curve.observed_share[worst]:.2f}. A histogram of the {len(confidence)} rows below has "
        f"its mean at {mean:.2f}; the accuracy is about {round(20 * accuracy) / 20:.2f}.",
    )


def two_clocks(losses: ArrayLike, accuracies: ArrayLike, epoch: int) -> Picture:
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
    for ax, runs, look, title, top in (
        (fig.add_subplot(1, 2, 1), losses, LOSS_LINE, "loss in nats", 1.55),
        (fig.add_subplot(1, 2, 2), accuracies, TRUTH_LINE, "accuracy", 1.0),
    ):
        ax.plot(x, runs.T, color=look["color"], linewidth=0.8, alpha=0.35)
        mean = runs.mean(axis=0)
        ax.plot(x, mean, **look)
        ax.axvline(epoch, color=MUTED, linewidth=1.1, linestyle=":")
        for where in (epoch, len(x)):
            ax.plot(where, mean[where - 1], "o", color=look["color"], markersize=8, clip_on=False)
            first = where == epoch
            write(
                ax,
                (where + (3 if first else 0), mean[where - 1] + (-0.05 if first else 0.055) * top),
                f"{mean[where - 1]:.2f}",
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
    loss, accuracy = losses.mean(axis=0), accuracies.mean(axis=0)
    return Picture(
        fig,
        f"{len(losses)} networks over {len(x)} epochs, each thin and their mean heavy. The mean "
        f"test loss is {loss[epoch - 1]:.1f} nats at epoch {epoch} and {loss[-1]:.1f} at the end; "
        f"the mean accuracy is {accuracy[epoch - 1]:.2f} and {accuracy[-1]:.2f}.",
    )


def before_and_after(right: ArrayLike, before: ArrayLike, after: ArrayLike, T: float) -> Picture:
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
    errors = []
    for ax, values, color, marker, title in (
        (fig.add_subplot(1, 2, 1), before, MODEL, "s", "as trained, T = 1"),
        (fig.add_subplot(1, 2, 2), after, GOOD, "o", f"the same logits, T = {T:.1f}"),
    ):
        diagonal_axes(ax, claim="confidence")
        curve = reliability_curve(right, values)
        diagram(ax, curve, color, marker)
        ax.set_ylabel("accuracy")
        errors.append(expected_calibration_error(right, values))
        write(ax, (0.04, 0.95), f"ECE {errors[-1]:.2f}", "top bold", size=13)
        ax.set_title(title, fontsize=11, loc="center")
        ax.label_outer()
    headline(fig, "One number, fitted on held-out rows, repairs the confidence")
    full = curve.count >= len(after) / 20
    off = np.abs(curve.observed_share - curve.mean_prediction)[full].max()
    return Picture(
        fig,
        "Two reliability diagrams of the same answers, accuracy against confidence. As trained, "
        f"most squares lie below the diagonal, ECE about {round(20 * errors[0]) / 20:.2f}. At "
        f"T = {T:.1f} the dots are spread over the whole diagonal, and those with a twentieth of "
        f"the rows keep within {np.ceil(10 * off) / 10:.1f} of it, ECE below "
        f"{np.ceil(20 * errors[1]) / 20:.2f}.",
    )


def three_tools(
    scores: ArrayLike, y_true: ArrayLike, maps: Mapping[str, tuple[ArrayLike, ArrayLike]]
) -> Picture:
    """Score to probability by several curves, over the shares that held-out rows show.

    Parameters
    ----------
    scores, y_true : array_like, shape (n,)
        Held-out scores and their labels, shown in groups of equal size.
    maps : mapping of str to (array_like, array_like)
        For each curve its name, scores and probabilities.
    """
    scores, y_true = np.asarray(scores), np.asarray(y_true)
    fig = new_figure(7.2, 4.0)
    ax = fig.subplots()
    looks = (
        {"color": MUTED, "linestyle": ":", "linewidth": 2},
        {"color": MODEL, "linestyle": (0, (5, 2)), "linewidth": 2.4},
        {"color": TRUTH, "linestyle": "-", "linewidth": 1.8},
    )
    told, shares = [], []
    for (name, (x, p)), look in zip(maps.items(), looks, strict=False):
        ax.plot(x, p, label=name, zorder=2, **look)
        told.append(f"“{name}” from {p[0]:.2f} to {p[-1]:.2f}")
    for rows in np.array_split(np.argsort(scores, kind="stable"), 8):
        low, high = wilson_interval(int(y_true[rows].sum()), len(rows))
        x = scores[rows].mean()
        shares.append(y_true[rows].mean())
        ax.plot([x, x], [low, high], color=LOSS, linewidth=1.2, zorder=3)
        dot(ax, (x, shares[-1]), LOSS, size=8, zorder=2)
    ax.plot([], [], "o", color=LOSS, markersize=7, label="held-out rows, in eighths")
    ax.legend(loc="upper left", fontsize=10.5)
    ax.set(xlabel="score of the margin classifier", ylabel="probability of 5 or more")
    ax.set(ylim=(-0.02, 1.02), xlim=(scores.min(), scores.max()))
    ax.set_title("A score becomes a probability: three curves, one set of dots")
    return Picture(
        fig,
        "Probability against the score of the margin classifier, with eight groups of held-out "
        f"rows as dots with intervals; their shares rise from {shares[0]:.2f} to {shares[-1]:.2f}. "
        f"The curves run: {', '.join(told)}.",
    )


def fifty_splits(raw: ArrayLike, repaired: ArrayLike, accuracy: ArrayLike, rate: float) -> Picture:
    """A dot a split: accuracy against log loss, before and after a repair.

    Parameters
    ----------
    raw, repaired : array_like, shape (n,)
        Log losses in nats.
    accuracy : array_like, shape (n,)
        Of the raw forecasts.
    rate : float
        The base rate.
    """
    raw, accuracy = np.asarray(raw), np.asarray(accuracy)
    base = entropy([rate, 1 - rate])
    fig = new_figure(7.2, 3.5)
    ax = fig.subplots()
    ax.axvspan(base, 2, color=tint(EXTRA, 0.1), zorder=0)
    ax.axvline(base, color=EXTRA, linewidth=1.8, linestyle=":")
    dot(ax, (raw, accuracy), MODEL, "s", size=7, zorder=2, alpha=0.85)
    dot(ax, (repaired, accuracy), GOOD, size=7, zorder=2, alpha=0.85)
    words = f"base rate {base:.2f}:\nsays {rate:.2f} to everybody"
    write(ax, (base + 0.012, 0.872), words, "bottom", ink(EXTRA))
    write(ax, (np.mean(repaired), 0.989), "after Platt", "center bold", ink(GOOD))
    write(ax, (0.75, 0.989), "as trained", "bold", ink(MODEL))
    ax.set(
        xlim=(0, 1.03 * raw.max()),
        ylim=(0.865, 1.0),
        xlabel="log loss in nats",
        ylabel="accuracy as trained",
    )
    ax.set_title(f"{accuracy.mean():.0%} right, and often worse than no model at all")
    return Picture(
        fig,
        f"Accuracy against log loss in nats for {len(raw)} splits. As trained, losses run from "
        f"{raw.min():.2f} to {raw.max():.1f} at accuracies from {accuracy.min():.2f} to "
        f"{accuracy.max():.2f}, {np.sum(raw > base)} of them beyond the base rate's {base:.2f}. "
        f"After Platt scaling all lie between {np.min(repaired):.2f} and {np.max(repaired):.2f}.",
    )

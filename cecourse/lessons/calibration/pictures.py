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
from cehelpers.corp import CorpCurve, corp_curve, score_decomposition

OUTSIDE = {"annotation_clip": False}  # an arrow may leave its axes


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
            for wall, side in ((0, "left"), (1, "right")):  # no height of the picture is its price
                up = {"arrowstyle": "-|>", "color": LOSS, "linewidth": 1.6}
                ax.annotate("", (wall, 1.09 * top), (wall, 0.97 * top), arrowprops=up, **OUTSIDE)
                at = (wall + (0.05 if wall == 0 else -0.05), 1.03 * top)
                write(ax, at, "∞", f"{side} middle", size=12, clip_on=False)
        ax.set_title(name, fontsize=11, loc="center")
        ax.grid(axis="x", visible=False)
        walls = ", and grows without bound towards 0 and 1" if unit else ""
        told.append(f"{name} is lowest at p = {best:.1f}, with {lowest:.2f}{unit}{walls}")
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
    """CORP curves of the same favourites before and after a temperature, with their bands.

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
    said = []
    for ax, values, color, title in (
        (fig.add_subplot(1, 2, 1), before, MODEL, "as trained, T = 1"),
        (fig.add_subplot(1, 2, 2), after, GOOD, f"the same logits, T = {T:.1f}"),
    ):
        diagonal_axes(ax, claim="confidence")
        outside = 1 - rising_curve(ax, corp_curve(right, values), color)
        ax.set_ylabel("accuracy")
        wrong = score_decomposition(right, values).miscalibration
        write(ax, (0.04, 0.95), f"miscalibration {wrong:.2f}", "top bold halo", size=12)
        ax.set_title(title, fontsize=11, loc="center")
        ax.label_outer()
        said.append((f"{round(10 * outside)} rows in ten outside it", float(f"{wrong:.1g}")))
    headline(fig, "One number, fitted on held-out rows, repairs the confidence")
    return Picture(
        fig,
        "Two rising curves of the same answers, accuracy against confidence, each on the band of "
        f"a calibrated network. As trained, about {said[0][0]}, and the miscalibration is about "
        f"{said[0][1]:g} nats; at T = {T:.1f}, about {said[1][0]}, and {said[1][1]:g}.",
    )


def rising_curve(ax: Axes, curve: CorpCurve, color: str) -> float:
    """Draw a CORP curve over its band of consistency; return the share of the rows inside."""
    x, band = curve.prediction, (curve.low, curve.high)
    ax.fill_between(x, *band, step="mid", color=tint(MUTED, 0.28), linewidth=0, zorder=1)
    ax.step(x, curve.observed, where="mid", color=color, linewidth=2.2, zorder=3)
    within = (curve.low <= curve.observed) & (curve.observed <= curve.high)
    return float(np.average(within, weights=curve.weight))


def rising_steps(rows: Sequence[tuple[ArrayLike, ArrayLike]]) -> Picture:
    """CORP curves, side by side, of forecasters that are calibrated by construction.

    Parameters
    ----------
    rows : sequence of (y, p)
        Outcomes drawn with the probabilities that were forecast.
    """
    fig = new_figure(7.2, 4.2)
    told = []
    for ax, (y, p) in zip(fig.subplots(1, len(rows)), rows, strict=True):
        diagonal_axes(ax)
        curve = corp_curve(y, p)
        inside = rising_curve(ax, curve, TRUTH)
        steps, wide = len(np.unique(curve.observed)), np.mean(curve.high - curve.low)
        ax.set_title(f"{len(p):,} forecasts, {steps} steps", fontsize=11, loc="center")
        ax.label_outer()
        told.append(
            f"With {len(p):,} forecasts it has {steps} steps, {inside:.0%} of the forecasts lie in "
            f"the band, and the band is {wide:.2f} wide."
        )
    headline(fig, "Steps that nobody chose, and how far luck may carry them")
    what = "The rising steps nearest to what happened, for a perfect forecaster, over a grey band."
    return Picture(fig, " ".join([what, *told]))


LOOKS = {"hard labels": (TRUTH, "o"), "smoothed labels": (ACCENT, "s")}


def three_repairs(
    names: Sequence[str], worlds: Mapping[str, Mapping[str, ArrayLike]], measures: Sequence[str]
) -> Picture:
    """What repairs come to, on average over seeds: a row a repair, a column a measure.

    A bar is the 95% interval of the difference, seed by seed, to the second repair of the first
    kind of labels.

    Parameters
    ----------
    names : sequence of str
        The repairs, from the top.
    worlds : mapping of str to mapping of str to array_like, shape (seeds, repairs, measures)
        For each kind of data, and each of the two kinds of labels, what each seed measured.
    measures : sequence of str
        The names of the columns.
    """
    from scipy.stats import sem, t

    fig = new_figure(7.2, 1.9 * len(worlds) + 1.2)
    axes = fig.subplots(len(worlds), len(measures), squeeze=False, sharey=True)
    told = []
    for row, (world, labels) in zip(axes, worlds.items(), strict=True):
        first = np.asarray(next(iter(labels.values())))
        for column, ax in enumerate(row):
            for (color, marker), lift, runs in zip(
                LOOKS.values(), (-0.14, 0.14), labels.values(), strict=True
            ):
                each = np.asarray(runs)[:, :, column]
                mean, rows = each.mean(axis=0), np.arange(len(names)) + lift
                bar = t.ppf(0.975, len(each) - 1) * sem(each - first[:, [1], column], axis=0)
                ax.hlines(rows, mean - bar, mean + bar, color=color, linewidth=1.5, zorder=3)
                dot(ax, (mean, rows), color, marker, size=8)
            ax.set(ylim=(len(names) - 0.5, -0.5), yticks=range(len(names)), yticklabels=names)
            ax.tick_params(axis="y", length=0)
            ax.margins(x=0.15)
        row[0].set_title(world, fontsize=11)
        for name, runs in labels.items():
            costs = ", ".join(f"{cost:.1g}" for cost in np.mean(runs, axis=0)[:, 0])
            told.append(f"{world}, {name}: {costs}")
    for place, (name, (color, marker)) in enumerate(LOOKS.items()):
        axes[0, 1 + place].plot([], [], marker, color=color, label=name)
        axes[0, 1 + place].legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=10)
    for ax, measure in zip(axes[-1], measures, strict=True):
        ax.set_xlabel(measure)
    headline(fig, "One repair is not like another, and two are not twice as much")
    return Picture(
        fig,
        f"Dots for {', '.join(names)}, from the top, in {len(measures)} columns: "
        f"{', '.join(measures)}; blue circles for hard labels and orange squares for smoothed "
        f"ones. The {measures[0]}: {'; '.join(told)}.",
    )


def held_out_rows(
    sizes: Sequence[int], services: Mapping[str, Mapping[str, ArrayLike]], raw: Sequence[float]
) -> Picture:
    """What is left to pay after each repair, against the rows it was fitted on.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of held-out rows.
    services : mapping of str to mapping of str to array_like, shape (len(sizes),)
        For each service, and each repair, the score beyond the least possible.
    raw : sequence of float
        The same without any repair, for each service.
    """
    fig = new_figure(7.2, 3.7)
    told = []
    looks = ((MODEL, "-", "^"), (GOOD, (0, (5, 2)), "o"), (TRUTH, "-", "s"))
    axes = fig.subplots(1, len(services), sharey=True)
    for ax, (title, repairs), as_it_came in zip(axes, services.items(), raw, strict=True):
        ax.axhline(as_it_came, color=MUTED, linewidth=1.3, linestyle=":")
        write(ax, (sizes[-1], as_it_came * 1.06), "as it came", "right bottom", REMARK, size=10)
        for (name, costs), (color, line, marker) in zip(repairs.items(), looks, strict=True):
            ax.plot(sizes, costs, color=color, linestyle=line, marker=marker, linewidth=2)
            write(ax, (sizes[-1] * 1.12, costs[-1]), name, "middle bold", ink(color), size=10)
        ends = ", ".join(f"{name} {c[0]:.3f} and {c[-1]:.4f}" for name, c in repairs.items())
        told.append(f"{title}: {ends}")
        ax.set(xscale="log", yscale="log", xlim=(sizes[0] * 0.85, sizes[-1] * 4.5))
        ax.set_xticks(sizes, [f"{n:,}" if k % 2 == 0 else "" for k, n in enumerate(sizes)])
        ax.set_yticks([0.0003, 0.001, 0.003, 0.01, 0.03], ["0.0003", ".001", ".003", ".01", ".03"])
        ax.minorticks_off()
        ax.set(xlabel="held-out rows")
        ax.set_title(title, fontsize=11, loc="center")
    axes[0].set_ylabel("Brier score beyond the best")
    headline(fig, "Few rows want few numbers; a bend wants steps, and rows for them")
    return Picture(
        fig,
        f"What is left to pay after three repairs, against the held-out rows, both axes "
        f"logarithmic. With {sizes[0]} and {sizes[-1]:,} rows, {'; '.join(told)}.",
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


def fifty_splits(
    raw: ArrayLike, repaired: Mapping[str, ArrayLike], accuracy: ArrayLike, rate: float
) -> Picture:
    """A dot a split: accuracy against log loss, before and after two repairs.

    Parameters
    ----------
    raw : array_like, shape (n,)
        Log losses in nats.
    repaired : mapping of str to array_like, shape (n,)
        The same after each of two repairs, by name.
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
    told = []
    for (name, losses), color, marker in zip(
        repaired.items(), (GOOD, ACCENT), ("o", "^"), strict=True
    ):
        dot(ax, (losses, accuracy), color, marker, size=7, zorder=2, alpha=0.85)
        write(ax, (0.02, 0.895 - 0.014 * len(told)), name, "bold halo", ink(color))
        told.append(f"{name} all lie between {np.min(losses):.2f} and {np.max(losses):.2f}")
    words = f"base rate {base:.2f}:\nsays {rate:.2f} to everybody"
    write(ax, (base + 0.012, 0.872), words, "bottom", ink(EXTRA))
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
        f"With Platt {'; '.join(told)}.",
    )

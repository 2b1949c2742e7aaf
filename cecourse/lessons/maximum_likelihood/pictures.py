"""Pictures of notebook 06: likelihoods, the valleys they leave, and who gets stuck on the way."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from cecourse.palette import (
    ACCENT,
    DARK,
    EXTRA,
    GOOD,
    LIGHT,
    LOSS,
    MODEL,
    MUTED,
    TRUTH,
    ink,
    shade,
    tint,
)
from cecourse.picture import (
    LOSS_LINE,
    MODEL_LINE,
    Picture,
    arrow,
    dot,
    headline,
    new_figure,
    point,
    write,
)
from cehelpers import binary_cross_entropy_with_logits, logit, sigmoid

GRID = sigmoid(np.linspace(-9, 9, 901))  # so near to 0 and 1 that no loss ends inside a picture
GROUPS = 12
GOOD_ENOUGH = 0.75  # an accuracy that no run from a saturated start is near
SQUARED_LINE = MODEL_LINE  # squared error is dashed, cross-entropy solid and black
LOOKS = {
    "cross_entropy": ("cross-entropy", LOSS, LOSS_LINE),
    "squared_error": ("squared error", ink(MODEL), SQUARED_LINE),
}


def per_flip(share: float, p):
    """The mean −ln likelihood of flips with this share of heads, in nats a flip, at p within 0…1.

    Examples
    --------
    >>> print(round(per_flip(0.7, 0.5), 4))  # a fair coin pays ln 2 whatever comes
    0.6931
    """
    return -share * np.log(p) - (1 - share) * np.log(1 - p)


def endless(ax: Axes, at: float, how: str, shift: tuple[float, float]) -> None:
    """Say of a loss that it leaves the picture at the top there, and that nothing stops it."""
    write(ax, (at, ax.get_ylim()[1]), "↑ ∞", f"{how} bold halo", size=10, shift=shift)


def moved_minima(objectives: Mapping[str, tuple[float, float]]) -> Picture:
    """Objectives of the form −a ln p − b ln(1 − p), each with its lowest point at a/(a + b)."""
    fig = new_figure(7.2, 4.4)
    ax = fig.subplots()
    p = GRID[GRID > 0.25]
    styles = [
        (LOSS, LOSS, "-", 2.8),
        (MODEL, ink(MODEL), (0, (5, 2)), 2.4),
        (EXTRA, ink(EXTRA), (0, (1, 1.4)), 2.6),
        (TRUTH, TRUTH, (0, (6, 2, 1, 2)), 2.2),
    ]
    depth = [-0.085, -0.085, -0.20, -0.085]
    for (name, (a, b)), style, y in zip(objectives.items(), styles, depth, strict=False):
        colour, dark, dashes, width = style
        best = a / (a + b)
        curve = -a * np.log(p) - b * np.log(1 - p)
        floor = -a * np.log(best) - b * np.log(1 - best)
        ax.plot(p, curve - floor, color=colour, linestyle=dashes, linewidth=width)
        ax.plot([best, best], [y + 0.045, 0], color=colour, linewidth=1.1)
        dot(ax, (best, 0), colour)
        side = {-0.2: "center"}.get(y, "left" if best >= 0.7 else "right")
        write(
            ax,
            (best + {"left": -0.012, "right": 0.012, "center": 0}[side], y),
            f"{name}\n{best:.3f}",
            "middle bold",
            dark,
            size=10,
            ha=side,
        )
    ax.set(xlim=(0.3, 1.0), ylim=(-0.26, 0.5), yticks=np.arange(0, 0.51, 0.1))
    endless(ax, 1, "right bottom", (0, 3))
    ax.set_xlabel("p, the probability of heads")
    ax.set_ylabel("nats a flip above its own minimum")
    ax.set_title("Seven heads in ten: three changes, three other minima")
    minima = "; ".join(f"{name}: {a / (a + b):.3f}" for name, (a, b) in objectives.items())
    return Picture(
        fig,
        f"{len(objectives)} loss curves over p for seven heads in ten, each drawn above its own "
        f"minimum, which lies at another p each time. {minima}. Towards 1 all of them leave the "
        "picture, and rise without end.",
    )


def valley(x: np.ndarray, y: np.ndarray, descent: np.ndarray, newton: np.ndarray) -> Picture:
    """The mean cross-entropy over weight and bias, with two ways down as rows of (w, b)."""
    fig = new_figure(7.2, 4.6)
    ax = fig.subplots()
    w, b = np.linspace(-0.6, 5.0, 121), np.linspace(-1.5, 1.0, 91)
    labels = np.broadcast_to(y, (len(w), len(y)))
    lines = (w[:, None] * x + bias for bias in b)  # one bias at a time needs no large table
    loss = np.array(
        [binary_cross_entropy_with_logits(labels, z, reduction="none").mean(axis=1) for z in lines]
    )
    levels = np.array([0.291, 0.3, 0.32, 0.36, 0.42, 0.5, 0.6, 0.72, 0.86, 1.02, 1.2, 1.4])
    ax.contourf(w, b, loss, levels=[0, *levels, 9], cmap="Blues", vmin=0.2, vmax=1.9, alpha=0.75)
    lines = ax.contour(w, b, loss, levels=levels, colors="white", linewidths=0.9)
    spots = [(1.25, -1.25), (0.65, -1.2), (0.2, -1.05), (-0.05, -0.85)]
    ax.clabel(lines, fmt="%.2f nats", fontsize=8.5, colors=DARK, manual=spots)
    ax.plot(*descent.T, "-", color=MODEL, linewidth=1.4, zorder=3)
    ax.plot(*descent.T, "o", color=MODEL, markersize=3.6, zorder=4)
    for here, there in pairwise(newton[:5]):
        arrow(
            ax,
            here,
            there,
            LOSS,
            connectionstyle="arc3,rad=0.45",
            linewidth=1.5,
            shrinkA=3,
            shrinkB=5,
            zorder=5,
        )
    dot(ax, newton[1:].T, LOSS, "D", size=7.5, markeredgewidth=1.1)
    for k in (1, 10, 100):
        dot(ax, descent[k], MODEL, zorder=6)
        write(
            ax, descent[k], f"step {k}", "center bold", ink(MODEL), size=10, shift=(0, 13), zorder=7
        )
    write(ax, (3.15, -1.12), "Newton: nearly there in four jumps", "center bold")
    write(
        ax,
        (1.75, 0.1),
        "gradient descent, a dot a step:\nquick at first, then ever shorter",
        "bold",
        ink(MODEL),
    )
    dot(ax, (0, 0), LOSS, "s", size=8, zorder=7)
    write(ax, (0, 0), "start", "right", size=10, shift=(-8, 9))
    ax.set_xlabel("w, weight of the standardised radius")
    ax.set_ylabel("b, bias")
    ax.grid(False)
    ax.set_title("One valley, two ways down")
    *jumps, last = (f"{w:.2f}" for w, _ in newton[1:5])
    return Picture(
        fig,
        "A valley of loss over weight and bias. From w = 0, b = 0 gradient descent leaves a trail "
        f"of {len(descent) - 1} dots, ever closer together, and ends at w = {descent[-1, 0]:.2f}, "
        f"short of the bottom at {newton[-1, 0]:.2f}. Newton jumps to w = {', '.join(jumps)} and "
        f"{last}, and is nearly there.",
    )


def fitted_curve(values: np.ndarray, y: np.ndarray, w: float, b: float, *, name: str) -> Picture:
    """A fitted logistic curve over one column in its own units, with what was seen."""
    fig = new_figure(7.2, 4.3)
    ax = fig.subplots()
    mean, std = values.mean(), values.std()
    grid = np.linspace(values.min() - 0.5, values.max() + 0.5, 400)
    edge = mean - b / w * std
    ax.axvspan(grid[0], edge, color=TRUTH, alpha=0.06, linewidth=0)
    ax.axvspan(edge, grid[-1], color=MODEL, alpha=0.06, linewidth=0)
    rng = np.random.default_rng(0)
    for label, colour, base in ((0, TRUTH, -0.10), (1, MODEL, 1.10)):
        spots = values[y == label]
        ax.plot(
            spots,
            base + rng.uniform(-0.045, 0.045, len(spots)),
            "o" if label == 0 else "D",
            color=colour,
            markersize=3.2,
            alpha=0.45,
            markeredgewidth=0,
        )

    def fitted(at):
        return sigmoid(w * (at - mean) / std + b)

    ax.plot(grid, fitted(grid), **LOSS_LINE)
    away = 0.0
    for part in np.array_split(np.argsort(values, kind="stable"), GROUPS):
        share = y[part].mean()
        away = max(away, abs(share - fitted(values[part].mean())))
        error = np.sqrt(max(share * (1 - share), 0.25 / len(part)) / len(part))
        ax.errorbar(
            values[part].mean(),
            share,
            yerr=[[min(error, share)], [min(error, 1 - share)]],
            fmt="o",
            color=GOOD,
            markersize=8,
            markeredgecolor="white",
            linewidth=1.6,
            zorder=5,
        )
    point(ax, (edge, 0.5), f"even odds at {edge:.2f}", (edge + 2.6, 0.5), "middle bold head", LOSS)
    write(ax, (grid[0] + 0.3, 0.13), f"share of malignant\nin {GROUPS} groups", "", ink(GOOD))
    right = grid[-1] - 0.3
    write(ax, (right, -0.1), "benign", "right middle bold", TRUTH)
    write(ax, (grid[0] + 0.3, 1.1), "malignant", "middle bold", ink(MODEL))
    ax.set(xlim=(grid[0], grid[-1]), ylim=(-0.18, 1.18), yticks=[0, 0.25, 0.5, 0.75, 1])
    ax.set_xlabel(name)
    ax.set_ylabel("probability of malignant")
    ax.set_title("Fitted by likelihood alone, and it runs through what was counted")
    benign, malignant = (
        "from {:.0f} to {:.0f}".format(*np.quantile(values[y == label], (0.025, 0.975)))
        for label in (0, 1)
    )
    return Picture(
        fig,
        "The fitted probability of malignant against the mean radius: an S from 0 to 1 that "
        f"crosses one half at {edge:.2f}. The shares counted in {GROUPS} groups of tumours lie on "
        f"it or within {away:.2f} of it. Below, the benign tumours as dots, mostly {benign}; "
        f"above, the malignant, mostly {malignant}.",
    )


def runaway(
    x: np.ndarray,
    y: np.ndarray,
    snapshots: Mapping[int, tuple[float, float]],
    steps: np.ndarray,
    weights: np.ndarray,
) -> Picture:
    """Separable points: sigmoids that steepen, and the weight against the steps that it took."""
    fig = new_figure(7.2, 4.0)
    left, right = fig.subplots(1, 2, width_ratios=(1.15, 1))
    grid = np.linspace(x.min() - 0.6, x.max() + 0.6, 400)
    shades = [tint(TRUTH, 0.4), tint(TRUTH, 0.7), TRUTH, shade(TRUTH, 0.5)]
    for (k, (w, b)), colour in zip(snapshots.items(), shades, strict=False):
        left.plot(grid, sigmoid(w * grid + b), color=colour, linewidth=2.3)
        at = np.searchsorted(steps, k)
        dot(right, (k, weights[at]), colour, size=10, zorder=2)
        write(
            right,
            (k, weights[at]),
            f"w = {weights[at]:.1f}",
            "right",
            shade(TRUTH, 0.5),
            size=10,
            shift=(-9, 7),
        )
    left.plot(x[y == 0], y[y == 0], "o", color=LOSS, markersize=8, zorder=5, clip_on=False)
    left.plot(x[y == 1], y[y == 1], "D", color=MODEL, markersize=8, zorder=5, clip_on=False)
    left.set(ylim=(-0.05, 1.05), xlabel="x", ylabel="p, the model's probability of y = 1")
    write(left, (0.9, 0.52), "after", "middle", shade(TRUTH, 0.5), size=10)
    for i, (k, colour) in enumerate(zip(snapshots, shades, strict=False)):
        y_key = 0.44 - 0.08 * i
        left.plot([0.9, 1.35], [y_key, y_key], color=colour, linewidth=2.6)
        write(left, (1.5, y_key), f"{k:,} steps", "middle", shade(TRUTH, 0.5), size=10)
    right.plot(steps, weights, color=MUTED, linewidth=1.6, zorder=1)
    right.set_xscale("log")
    right.set(xlabel="steps of gradient descent", ylabel="weight w")
    right.set_ylim(0, 1.14 * weights.max())
    left.set_title("A perfect cut is\nnever sharp enough")
    right.set_title("For ten times the steps,\nsoon the same climb")
    after = ", ".join(f"{k:,}" for k in snapshots)
    climb = ", ".join(f"{w:.1f}" for w, _ in snapshots.values())
    return Picture(
        fig,
        f"Left: {len(x)} separable points and the fitted sigmoid after {after} steps, each steeper "
        f"than the last. Right: the weight against the steps on a logarithmic axis, {climb}, on "
        "its way to a straight line.",
    )


def saturation(z: float) -> Picture:
    """Loss and slope in z for y = 1, cross-entropy against half the squared error."""
    fig = new_figure(7.2, 4.1)
    left, right = fig.subplots(1, 2)
    grid = np.linspace(-8, 5, 400)
    p = sigmoid(grid)
    for ax, ce, se in ((left, -np.log(p), (p - 1) ** 2 / 2), (right, p - 1, (p - 1) * p * (1 - p))):
        ax.plot(grid, ce, **LOSS_LINE)
        ax.plot(grid, se, **SQUARED_LINE)
        ax.axvline(z, color=MUTED, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
        ax.set(xlim=(-8, 5), xlabel="z, the logit (the label is 1)")
    q = sigmoid(z)
    pairs = ((left, (-np.log(q), (q - 1) ** 2 / 2)), (right, (q - 1, (q - 1) * q * (1 - q))))
    for ax, values in pairs:
        for value, colour in zip(values, (LOSS, MODEL), strict=True):
            dot(ax, (z, value), colour)
    left.set(ylim=(-0.25, 8), ylabel="loss")
    right.set(ylim=(-1.08, 0.1), ylabel="slope in z")
    write(left, (-3.0, 4.3), "cross-entropy:\nsteep while wrong", "bold halo")
    write(left, (-7.7, 0.85), "squared error:\na high plain", "bold halo", ink(MODEL))
    write(right, (-0.3, -0.78), "cross-entropy", "bold halo", size=10)
    write(
        right,
        (-7.6, -0.5),
        "squared error:\nthe sigmoid's slope\nswitches it off",
        "halo",
        ink(MODEL),
        size=10,
    )
    for value, words, dark, lift in (
        (q - 1, f"{q - 1:.4f}", LOSS, 22),
        ((q - 1) * q * (1 - q), f"{(q - 1) * q * (1 - q):.5f}", ink(MODEL), -25),
    ):
        write(
            right,
            (z, value),
            words.replace("-", "−"),
            "middle bold halo",
            dark,
            size=10,
            shift=(6, lift),
        )
    left.set_title("Very wrong: still downhill?")
    right.set_title("Only one of them pulls")
    (steep, plain), (pull, whisper) = (values for _, values in pairs)
    return Picture(
        fig,
        "Left: the two losses against the logit for label 1. Cross-entropy climbs in nearly a "
        f"straight line to the left, {steep:.1f} at z = {z:g}; half the squared error levels off, "
        f"at {plain:.2f} there. Right: their slopes. At z = {z:g} it is {pull:.4f} for "
        f"cross-entropy and {whisper:.5f} for half the squared error.".replace(" -", " −"),
    )


def accuracy_curves(panels: Mapping[str, Mapping[str, np.ndarray]]) -> Picture:
    """Held-out accuracy against epochs or steps: every seed thin, the mean heavy."""
    fig = new_figure(7.2, 4.0)
    axes = fig.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for ax, (title, curves) in zip(axes, panels.items(), strict=True):
        for loss, runs in curves.items():
            _, colour, line = LOOKS[loss]
            at = np.arange(1, runs.shape[1] + 1)
            ax.plot(at, runs.T, color=line["color"], linewidth=0.8, alpha=0.4)
            ax.plot(at, runs.mean(axis=0), **line)
        ax.set(xlim=(1, at[-1]), ylim=(0, 1.02))
        name, _, unit = title.partition(" | ")
        ax.set_xlabel(unit)
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        ax.set_title(name, fontsize=11)
    axes[0].set_ylabel("accuracy on held-out digits")
    roomy = axes[len(axes) // 2]  # where both curves stay at the top
    for i, (name, colour, _) in enumerate(LOOKS.values()):
        spot = (0.94, 0.44 - 0.09 * i)
        write(roomy, spot, name, "right bold", colour, transform=roomy.transAxes)
    headline(fig, "The loss matters where gradients fade, and hardly elsewhere")
    told = []
    for title, curves in panels.items():
        name, _, unit = title.partition(" | ")
        ends = [f"{LOOKS[loss][0]} {_ends(runs[:, -1])}" for loss, runs in curves.items()]
        seeds, last = next(iter(curves.values())).shape
        told.append(f"{name}, {last} {unit}: {', '.join(ends)}.")
    return Picture(fig, f"Held-out accuracy of {seeds} seeds each. {' '.join(told)}")


def _ends(last: np.ndarray) -> str:
    """Where runs end, with no digit that chance decides."""
    if np.ptp(last) < 0.05:
        return f"reaches {last.mean():.2f}"
    return f"passes {GOOD_ENOUGH:g} with {np.sum(last > GOOD_ENOUGH) or 'none'} of them"


def odds_rulers(ratio: float, starts: Sequence[float]) -> Picture:
    """One coefficient on two rulers: equal steps in log-odds, unequal ones in probability."""
    fig = new_figure(7.2, 4.0)
    above, below = fig.subplots(2, 1)
    shades = [TRUTH, GOOD, MODEL, EXTRA, ACCENT, LIGHT]
    for ax in (above, below):
        ax.set(ylim=(-0.12, 0.86), yticks=[])
        ax.spines["left"].set_visible(False)
        ax.grid(False)
    for i, (p, colour) in enumerate(zip(starts, shades, strict=False)):
        z = logit(p)
        new = sigmoid(z + np.log(ratio))
        height = 0.08 + 0.66 * i / (len(starts) - 1)
        for ax, (x0, x1) in ((above, (z, z + np.log(ratio))), (below, (p, new))):
            arrow(
                ax,
                (x0, height),
                (x1, height),
                colour,
                linewidth=2.6,
                shrinkA=0,
                shrinkB=0,
                mutation_scale=15,
            )
            ax.plot([x0, x0], [-0.12, height], color=colour, linewidth=0.8, alpha=0.6)
            ax.plot(x0, height, "o", color=colour, markersize=6)
        late = p > 0.85
        write(
            below,
            (p - 0.012 if late else new + 0.012, height),
            f"{p:g} → {new:.3g}",
            "middle halo",
            size=10,
            ha="right" if late else "left",
        )
    above.set(xlim=(-5, 5), xticks=range(-5, 6))
    first = logit(starts[0]) + np.log(ratio) / 2
    words = f"every arrow is {np.log(ratio):.2f} long"
    write(above, (first, 0.2), words, "center", size=10)
    below.set(xlim=(0, 1), xticks=np.linspace(0, 1, 11))
    above.set_xlabel("log-odds")
    below.set_xlabel("probability")
    above.set_title(f"An odds ratio of {ratio:.2f}: one step in log-odds, many in probability")
    steps = ", ".join(f"{p:g} to {sigmoid(logit(p) + np.log(ratio)):.3g}" for p in starts)
    return Picture(
        fig,
        f"One odds ratio of {ratio:.2f} on two rulers. On the log-odds ruler all {len(starts)} "
        f"arrows are {np.log(ratio):.2f} long. On the probability ruler they differ: {steps}.",
    )

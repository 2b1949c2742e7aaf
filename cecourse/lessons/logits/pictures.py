"""Pictures of notebook 04: logits, and what arithmetic makes of the loss far out."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from cecourse.palette import (
    ACCENT,
    EXTRA,
    GOOD,
    LIGHT,
    LOSS,
    MODEL,
    MUTED,
    REMARK,
    TRUTH,
    ink,
    tint,
)
from cecourse.picture import LOSS_LINE, Picture, arrow, dot, headline, new_figure, point, write
from cehelpers import logit, sigmoid, softplus

from . import passes

FUSED_LINE = LOSS_LINE
CLIPPED_LINE = {"color": ACCENT, "linestyle": (0, (4, 1.6)), "linewidth": 2.6}
NAIVE_LINE = {"color": EXTRA, "linestyle": (0, (1, 1.1)), "linewidth": 3.2}
DEAD_FILL = {"facecolor": tint(MODEL), "edgecolor": "none", "alpha": 0.75}


def signed(x: float, digits: int = 2) -> str:
    """A number with a real minus sign."""
    return f"{x:.{digits}f}".replace("-", "−")


def _odds(p: float) -> str:
    """Nine to one, or one to nine."""
    return f"{p / (1 - p):.0f}:1" if p >= 0.5 else f"1:{(1 - p) / p:.0f}"


def two_rulers(probabilities: Sequence[float]) -> Picture:
    """The same probabilities on the ruler of p and on the ruler of z, joined."""
    fig = new_figure(7.2, 3.7)
    ax = fig.subplots()
    z = np.array([logit(p) for p in probabilities])
    reach = 1.08 * np.abs(z).max()
    x_of_p = (2 * np.array(probabilities) - 1) * reach
    t = np.linspace(0, 1, 60)
    ease = t * t * (3 - 2 * t)
    shades = [LIGHT if p > 0.5 else ACCENT if p < 0.5 else MUTED for p in probabilities]
    for top, bottom, hue in zip(x_of_p, z, shades, strict=True):
        ax.plot(top + (bottom - top) * ease, 1 - t, color=hue, linewidth=2)
        dot(ax, ([top, bottom], [1, 0]), hue, size=7, zorder=2)
    for height in (0, 1):
        ax.plot([-reach, reach], [height, height], color=LOSS, linewidth=1.4, zorder=1)
    for end, at in ((-reach, "0"), (0, "½"), (reach, "1")):
        ax.plot([end, end], [0.97, 1.03], color=LOSS, linewidth=1.4)
        write(ax, (end, 1.07), at, "center bottom")
    for p, at in zip(probabilities, z, strict=True):
        write(ax, (at, -0.09), f"{p:g}", "center top bold")
        write(ax, (at, -0.23), _odds(p), "center top", REMARK, size=10)
        write(ax, (at, -0.37), signed(at), "center top", size=10)
    for low, word in ((-0.09, "p"), (-0.23, "odds"), (-0.37, "z")):
        write(ax, (-reach * 1.18, low), word, "center top", REMARK, size=10)
    write(ax, (-reach * 1.18, 1), "ruler\nof p", "center middle", size=10)
    write(ax, (-reach * 1.18, 0.06), "ruler of z", "center bottom", size=10)
    for side in (-1, 1):
        arrow(ax, (side * reach, 0), (side * reach * 1.09, 0), LOSS)
    ax.set(xlim=(-reach * 1.32, reach * 1.12), ylim=(-0.52, 1.2))
    ax.axis("off")
    ax.set_title("What crowds against the walls of p has room on the ruler of z")
    places = ", ".join(f"{signed(at)} for {p:g}" for p, at in zip(probabilities, z, strict=True))
    return Picture(
        fig,
        f"{len(z)} probabilities on a ruler of p from 0 to 1 and on a ruler of z, joined by "
        f"curves. On top {probabilities[-2]:g} and {probabilities[-1]:g} touch each other at the "
        f"wall of 1, as do {probabilities[1]:g} and {probabilities[0]:g} at 0. Below they stand "
        f"apart: z is {places}.",
    )


def sigmoid_and_softplus(marked: Sequence[float]) -> Picture:
    """Softplus with a tangent at each marked z, and below it the sigmoid: how steep they are."""
    fig = new_figure(7.2, 5.2)
    top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    z = np.linspace(-6, 6, 241)
    top.plot(z, softplus(z), **LOSS_LINE)
    bottom.plot(z, sigmoid(z), color=MODEL, linewidth=2.6)
    told = []
    for at in marked:
        height, slope = softplus(float(at)), sigmoid(float(at))
        reach = 2.2 / np.hypot(1, slope)
        ends = np.array([-reach, reach])
        top.plot(at + ends, height + slope * ends, color=ACCENT, linewidth=2.4, zorder=4)
        dot(top, (at, height), LOSS, size=7, zorder=6)
        for ax, low, high in ((top, -0.4, height), (bottom, slope, 1.2)):
            ax.plot([at, at], [low, high], color=MUTED, linewidth=1, linestyle=":", zorder=1)
        dot(bottom, (at, slope), ink(MODEL), size=8, zorder=6)
        write(bottom, (at, slope), f"{slope:.2f}", "bold halo", ink(MODEL), shift=(7, -13))
        told.append(f"{slope:.2f} at z = {signed(at, 1)}")
    write(top, (-5.7, 4.6), "softplus(z), and its tangents", "bold", LOSS)
    write(bottom, (-5.7, 0.8), "σ(z): how steep they are", "bold", ink(MODEL))
    top.set(xlim=(-6, 6), ylim=(-0.4, 6.2))
    bottom.set(ylim=(-0.08, 1.2), yticks=[0, 0.5, 1])
    top.set_ylabel("nats")
    bottom.set_ylabel("slope, and p")
    bottom.set_xlabel("z, the logit")
    top.set_title("The slope of softplus is the sigmoid")
    return Picture(
        fig,
        "Above, softplus against the logit z: flat on the left, a bend at 0, then rising like z; a "
        f"short tangent at {len(told)} places. Below, the sigmoid: under each tangent a dot as "
        f"high as that tangent is steep: {', '.join(told)}.",
    )


def explosion_and_vanishing() -> Picture:
    """For y = 1: the slope in p, the slope of the sigmoid, and their product, against z."""
    marked = -30.0
    fig = new_figure(7.2, 4.3)
    ax = fig.subplots()
    z = np.linspace(-44, 12, 400)
    p, q = sigmoid(z), sigmoid(-z)
    ax.plot(z, 1 / p, **CLIPPED_LINE)
    ax.plot(z, p * q, **NAIVE_LINE)
    ax.plot(z, q, **FUSED_LINE)
    ax.set_yscale("log")
    at = sigmoid(marked)
    for height, hue, place in (
        (1 / at, ink(ACCENT), (12, 10)),
        (at * sigmoid(-marked), ink(EXTRA), (12, -18)),
        (sigmoid(-marked), LOSS, (5, -17)),
    ):
        dot(ax, (marked, height), hue, size=8)
        write(ax, (marked, height), _powers_of_ten(height), "bold", hue, shift=place)
    ax.axvline(marked, color=MUTED, linewidth=1, linestyle=":")
    write(ax, (-14.5, 1e9), "slope in p: 1/p explodes", "", ink(ACCENT))
    write(ax, (-14.5, 1e-10), "slope of the sigmoid:\np(1 − p) vanishes", "top", ink(EXTRA))
    write(ax, (-29.4, 9), "slope in z, the product: 1 − p", "bold halo", LOSS)
    ax.set(xlim=(-44, 12), ylim=(1e-21, 1e21))
    ax.set_yticks([1e-18, 1e-12, 1e-6, 1, 1e6, 1e12, 1e18])
    ax.set_xlabel("z, the logit (y = 1; wrong on the left)")
    ax.set_ylabel("size of the slope")
    ax.set_title("An explosion times a vanishing: in z the slope is never above 1")
    return Picture(
        fig,
        "Sizes of three slopes against the logit z for y = 1, on a logarithmic axis. To the left "
        f"1/p rises without end, to {_powers_of_ten(1 / at)} at z = {signed(marked, 0)}; the slope "
        f"of the sigmoid falls without end, to {_powers_of_ten(at * sigmoid(-marked))} there. "
        f"Their product runs level at {sigmoid(-marked):.3f} and bends down only where the row is "
        "right.",
    )


def _powers_of_ten(x: float, digits: int = 2) -> str:
    mantissa, power = f"{x:.{digits}e}".split("e")
    return f"{x:.3f}" if int(power) == 0 else f"{mantissa}·10{_raised(int(power))}"


def _raised(power: int) -> str:
    return f"{power}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def stairs() -> Picture:
    """1 − σ(z) in float32 against z: stairs, and then the floor."""
    low, high = 13.4, 18.2
    fig = new_figure(7.2, 4.0)
    ax = fig.subplots()
    z = np.linspace(low, high, 4000, dtype=np.float32)
    one = np.float32(1)
    rest = one - one / (one + np.exp(-z))
    last = passes.last_living_logit(0, dtype=np.float32)
    ax.plot(z, sigmoid(-z.astype(float)), color=TRUTH, linewidth=2, linestyle=(0, (5, 2)))
    ax.plot(z, np.where(rest > 0, rest, np.nan), **FUSED_LINE)
    ax.set_yscale("log")
    floor, step = 6e-9, 2.0**-23
    ax.axvspan(last, high, **DEAD_FILL)
    ax.plot([last, last], [step, floor], color=LOSS, linewidth=1.2, linestyle=":")
    arrow(ax, (last, 1.2e-8), (last, floor), LOSS)
    write(
        ax,
        ((last + high) / 2, 6.2e-7),
        f"from z = {last:.2f}:\n1 − p is exactly 0,\nand ln 0 = −inf",
        "center bold",
        ink(MODEL),
    )
    point(
        ax,
        (16.1, step),
        f"the last step:\n2{_raised(round(np.log2(step)))} = {_powers_of_ten(step, 1)}",
        (14.0, 2.2e-8),
        "head",
        LOSS,
    )
    write(ax, (17.0, 5.6e-8), "the true 1 − p", "", TRUTH)
    write(ax, (14.15, 1.15e-6), "float32", "bold")
    ax.set(xlim=(low, high), ylim=(floor, 2e-6))
    ax.set_xlabel("z, the logit")
    ax.set_ylabel("1 − σ(z), in float32")
    ax.set_title("Close to p = 1 there are only stairs, and they end")
    return Picture(
        fig,
        f"1 − σ(z) in float32 against z from {low:g} to {high:g}. The true curve is a straight "
        "falling line on the logarithmic axis; float32 follows it in stairs that grow wider. The "
        f"last step is 2 to the power {signed(np.log2(step), 0)}, {_powers_of_ten(step, 1)}, and "
        f"ends at z = {last:.2f}: from there on 1 − p is exactly 0 and its logarithm is minus "
        "infinity.",
    )


def three_axes(loss_axes: Axes, slope_axes: Axes) -> None:
    """Label the pair of axes that `three_ways` and the explorer share."""
    slope_axes.axhline(0, color=MUTED, linewidth=0.9)
    loss_axes.set_ylabel("loss in nats")
    slope_axes.set_ylabel("slope in z")
    slope_axes.set_xlabel("z, the logit")
    slope_axes.set_ylim(-1.28, 1.28)
    slope_axes.set_yticks([-1, 0, 1], ["−1", "0", "1"])
    loss_axes.tick_params(labelbottom=False)


def three_ways() -> Picture:
    """Loss and slope against z for the naive, the clipped and the fused loss of y = 0."""
    y, eps, dtype, reach = 0, 1e-7, np.float32, (-12.0, 42.0)
    fig = new_figure(7.2, 5.4)
    top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    three_axes(top, bottom)
    z = np.linspace(*reach, 1081)
    last = passes.last_living_logit(y, dtype=dtype)
    for ax, part in ((top, "loss"), (bottom, "gradient")):
        ax.axvspan(last, reach[1], **DEAD_FILL)
        for one, line in (
            (passes.fused(y, z, dtype=dtype), FUSED_LINE),
            (passes.clipped(y, z, eps=eps, dtype=dtype), CLIPPED_LINE),
            (passes.naive(y, z, dtype=dtype), NAIVE_LINE),
        ):
            height = getattr(one, part).astype(float)
            ax.plot(z, np.where(np.isfinite(height), height, np.nan), **line)
    cap = float(passes.clipped(y, reach[1], eps=eps, dtype=dtype).loss)
    dot(top, (last, last), ink(EXTRA), "X", size=11, zorder=6)
    point(
        top,
        (last, last),
        f"naive: inf from z = {last:.1f}",
        (7.2, 27),
        "center bold head",
        ink(EXTRA),
    )
    write(top, (34, cap - 1.4), f"clipped: {cap:.2f}, for ever", "center top", ink(ACCENT))
    write(top, (30, 37), "fused: one nat a logit", "right bold")
    dot(bottom, (last, 1), ink(EXTRA), "X", size=11, zorder=6)
    point(bottom, (last, 1), "naive: nan", (11.5, 0.36), "right bold head", ink(EXTRA))
    write(bottom, (30, 0.78), "fused: 1, it knows the way back", "center top")
    write(bottom, (30, -0.16), "clipped: 0, nothing left to learn from", "center top", ink(ACCENT))
    top.set(xlim=reach, ylim=(-1, 42))
    bottom.set_ylim(-0.6, 1.28)
    bottom.set_yticks([0, 1])
    bottom.set_xlabel("z, the logit (y = 0; wrong on the right)")
    top.set_title("Far out, the clip trades a crash for silence")
    gap = last - float(passes.naive(y, last, dtype=dtype).loss)
    return Picture(
        fig,
        f"Loss in nats above and slope below, against z for y = {y} in float32. All three ways "
        f"keep together up to z = {last:.1f}, where the stairs have led them {gap:.1f} nats apart. "
        "From there on the naive loss is inf and its slope nan; the clipped loss stays at "
        f"{cap:.2f} and its slope drops to 0; the fused loss goes on rising by one nat a logit "
        "with slope 1.",
    )


def escape(paths: Mapping[str, Sequence[float]]) -> Picture:
    """The logit of one badly wrong row, step by step, for the clipped and the fused loss."""
    fig = new_figure(7.2, 3.7)
    ax = fig.subplots()
    ax.axhline(0, color=MUTED, linewidth=0.9)
    looks = ((FUSED_LINE, LOSS), (CLIPPED_LINE, ink(ACCENT)))
    for (name, path), (line, dark) in zip(paths.items(), looks, strict=False):
        ax.plot(path, **line)
        write(
            ax,
            (len(path) - 1, path[-1]),
            f"{name}: {signed(path[-1], 1)}",
            "right bold",
            dark,
            shift=(-4, 9),
        )
    write(ax, (0.6, 0.7), "p = ½", "", REMARK, size=10)
    ax.set(xlim=(0, len(path) - 1), ylim=(-34, 9))
    ax.set_xlabel("step of gradient descent")
    ax.set_ylabel("z of the wrong row (y = 1)")
    ax.set_title("The row that needs teaching most is the one the clip drops")
    fused, clipped = paths["fused"], paths["clipped"]
    crossing = next(step for step, z in enumerate(fused) if z > 0)
    return Picture(
        fig,
        f"The logit of a wrong row over {len(fused) - 1} steps. With the fused loss it climbs one "
        f"logit a step from {signed(fused[0], 0)}, crosses 0 in step {crossing} and ends at "
        f"{signed(fused[-1], 1)}. With the clipped loss it moves by {np.ptp(clipped):.1f} in all, "
        f"and ends at {signed(clipped[-1], 1)}.",
    )


def digits_kept(sweeps: Mapping[str, Mapping[str, Sequence]]) -> Picture:
    """Correct digits against z: one panel a label; each holds `z` and a curve a formula."""
    fig = new_figure(7.2, 4.4)
    panels = fig.subplots(1, len(sweeps), sharey=True)
    looks = {
        "naive": (NAIVE_LINE, ink(EXTRA)),
        "softplus(z) − zy": (
            {"color": MODEL, "linewidth": 2.2, "linestyle": (0, (6, 2, 1, 2))},
            ink(MODEL),
        ),
        "usual": ({"color": TRUTH, "linewidth": 2.2, "linestyle": (0, (5, 2))}, TRUTH),
        "ours": ({"color": GOOD, "linewidth": 6, "alpha": 0.45}, ink(GOOD)),
    }
    for ax, (title, sweep) in zip(panels, sweeps.items(), strict=True):
        for name, (line, _) in reversed(looks.items()):
            ax.plot(sweep["z"], sweep[name], **line, label=name)
        ax.set_title(title, fontsize=11)
        ax.set_xlabel("z, the logit")
        ax.set(xlim=(min(sweep["z"]), max(sweep["z"])), ylim=(-0.6, 17.4))
    panels[0].set_ylabel("correct digits, of 16")
    handles, labels = panels[0].get_legend_handles_labels()
    panels[0].legend(handles[::-1], labels[::-1], loc="lower left", handlelength=3)
    headline(fig, "Right and confident is where the digits go")
    return Picture(
        fig,
        "Correct digits, of 16, against z, a panel for each label. "
        + " ".join(f"{title}: {_kept(sweep, looks)}." for title, sweep in sweeps.items()),
    )


def _kept(sweep: Mapping[str, Sequence], names: Iterable[str]) -> str:
    """How many digits are left where the row is surely wrong, and where it is surely right."""
    z = np.array(sweep["z"])
    told = []
    for words, far in (("left of z = −35", z < -35), ("right of z = 40", z > 40)):
        ends = {name: np.array(sweep[name])[far].astype(int) for name in names}
        kept = ", ".join(f"{name} {_range(x)}" for name, x in ends.items())
        told.append(f"{words}: {kept}")
    return "; ".join(told)


def _range(x: np.ndarray) -> str:
    return f"{x.min()}" if x.min() == x.max() else f"{x.min()} to {x.max()}"


def chords() -> Picture:
    """Loss along a straight line in two weights: a linear model, and one layer more (y = 1)."""
    fig = new_figure(7.2, 3.9)
    left, right = fig.subplots(1, 2, sharey=True)
    t = np.linspace(-2, 2, 161)
    told = []
    for ax, height, words in (
        (left, softplus(-2 * t), "linear model: z = a + b\nbelow every chord: convex"),
        (right, softplus(-t * t), "two layers: z = a · b\nabove its chord: not convex"),
    ):
        ax.plot([-2, 2], height[[0, -1]], color=MUTED, linewidth=1.6, linestyle=(0, (4, 2)))
        ax.plot(t, height, **LOSS_LINE)
        middle, chord = height[80], height[[0, -1]].mean()
        ax.plot([0, 0], [middle, chord], color=MODEL, linewidth=1.4)
        dot(ax, (0, middle), LOSS, size=8)
        ax.plot(0, chord, "o", color="white", markeredgecolor=MUTED, markersize=7, zorder=5)
        told.append((height[0], middle, chord))
        write(ax, (0.18, middle), f"{middle:.3f}", "bottom bold")
        write(ax, (0.18, chord + 0.08), f"{chord:.3f}", "bottom halo", REMARK)
        ax.set_title(words, fontsize=10.5)
        ax.set_xlabel("a = b")
        ax.set_xticks([-2, -1, 0, 1, 2], ["−2", "−1", "0", "1", "2"])
        ax.set_ylim(-0.15, 4.4)
    left.set_ylabel("loss in nats, y = 1")
    headline(fig, "Convex in the weights of a linear model, not of a network")
    (start, middle, chord), (_, top, under) = told
    return Picture(
        fig,
        f"Loss in nats along a straight line in two weights. Left, z = a + b: the curve falls from "
        f"{start:.2f} and runs below its chord, {middle:.3f} against {chord:.3f} in the middle. "
        f"Right, z = a · b: a hump whose top, {top:.3f}, stands above the chord at {under:.3f}.",
    )

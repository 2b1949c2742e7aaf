"""Pictures of notebook 11: the map of losses, an order that matters, and nine sick runs."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from numpy.typing import NDArray

from cecourse.palette import EXTRA, FAINT, GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink, tint
from cecourse.picture import Picture, dot, headline, new_figure, point, write

from .cases import CASES, DIAGNOSES, Run, shortly
from .choice import ADVICE, ANSWERS, PATHS, SPECIALS

SHEET, FINE, COARSE = tint(MODEL, 0.02), tint(MODEL, 0.1), tint(MODEL, 0.25)  # of a cardiogram
FAMILIES = {  # fill and edge; the words in a cell say the family without the colour
    "sigmoid": (tint(TRUTH), TRUTH),
    "softmax": (tint(MODEL), MODEL),
    "order": (tint(EXTRA), EXTRA),
    "margin": (tint(MUTED), MUTED),
}
LINE = {"color": LOSS, "linewidth": 1.6}
NEW_LINE = {"color": MODEL, "linewidth": 1.8, "linestyle": (0, (4, 1.5))}
HEALTHY = {"color": GOOD, "linewidth": 1.4, "linestyle": (0, (1, 1.2))}
LABELS = {  # where a chart has room for the words of its level: the side, and above or below it
    1: ("right", False),
    2: ("right", False),
    4: ("right", False),
    6: ("left", True),
    7: ("right", False),  # under the noise
    8: ("left", True),
    9: ("right", True),
}
LEVEL = {"color": TRUTH, "linewidth": 1.4, "linestyle": (0, (7, 2, 1, 2))}


# ---------------------------------------------------------------- the map of losses


def cell_of(answer: str, special: str) -> tuple[int, int]:
    """Column and row of a path in the map, from the upper left."""
    return SPECIALS.index(special), list(ANSWERS).index(answer)


def map_of_losses(ax: Axes) -> None:
    """Draw a cell for each path: a row for each kind of answer, a column for what is special."""
    for (answer, special), key in PATHS.items():
        x, y = cell_of(answer, special)
        fill, edge = FAMILIES[ADVICE[key].family]
        ax.add_patch(
            FancyBboxPatch(
                (x + 0.03, y + 0.1),
                0.94,
                0.8,
                boxstyle="round,pad=0,rounding_size=0.07",
                mutation_aspect=1.6,
                facecolor=fill,
                edgecolor=edge,
                linewidth=1.1,
            )
        )
        write(ax, (x + 0.5, y + 0.5), ADVICE[key].short, "center middle", size=9.2, linespacing=1.2)
    for x, special in enumerate(SPECIALS):
        write(ax, (x + 0.5, -0.05), special, "center bottom bold", size=10.5)
    for y, (answer, means) in enumerate(ANSWERS.items()):
        write(ax, (-0.06, y + 0.34), answer, "right middle bold", size=10.5)
        write(ax, (-0.06, y + 0.7), means, "right middle", REMARK, size=9)
    ax.set(xlim=(-1.62, len(SPECIALS) + 0.02), ylim=(len(ANSWERS), -0.42))
    ax.set_axis_off()
    ax.set_title("Two questions lead to a loss", loc="left", x=0.003, fontsize=12.5)


# ---------------------------------------------------------------- an order that matters


def near_and_far(
    forecasts: Mapping[str, Sequence[float]], label: int, names: Sequence[str]
) -> Picture:
    """Forecasts of ordered classes: bars above, and below the steps whose squares the RPS sums."""
    fig = new_figure(7.2, 4.6)
    axes = fig.subplots(2, len(forecasts), sharey="row", height_ratios=[1, 1.15])
    places = np.arange(len(names))
    said = [f"Forecasts for {', '.join(names)} (bars), where the truth is {names[label]}."]
    for (words, q), top, low in zip(forecasts.items(), axes[0], axes[1], strict=True):
        shades = [TRUTH if k == label else FAINT for k in places]
        bars = top.bar(places, q, color=shades, width=0.66)
        top.bar_label(bars, [f"{x:g}" for x in q], padding=2, fontsize=11)
        cost = -np.log(q[label])
        top.set(ylim=(0, 0.95), yticks=[])
        top.set_title(f"{words}: cross-entropy {cost:.3f}", fontsize=11)
        F = np.cumsum(q)[:-1]
        truth = (places >= label).astype(float)[:-1]
        edges = np.append(places[:-1], len(names) - 1)
        low.stairs(
            np.cumsum(q)[:-1],
            edges,
            baseline=None,
            color=MODEL,
            linewidth=2.4,
            linestyle=(0, (5, 2)),
        )
        low.stairs(truth, edges, baseline=None, color=TRUTH, linewidth=2.6)
        for k, (f, t) in enumerate(zip(F, truth, strict=True)):
            low.fill_between(
                [k, k + 1], f, t, facecolor=tint(EXTRA), edgecolor=EXTRA, hatch="....", linewidth=0
            )
            height = (f + t) / 2 if t - f > 0.3 else f - 0.11
            write(
                low,
                (k + 0.5, height),
                f"{t - f:.1f}² = {(t - f) ** 2:.2f}",
                "center middle bold halo",
                size=10.5,
            )
        low.set(ylim=(-0.05, 1.1), yticks=[0, 0.5, 1], xlim=(-0.5, len(names) - 0.5))
        low.set_title(
            f"ranked probability score {np.sum((F - truth) ** 2):.2f}",
            fontsize=11,
            color=ink(EXTRA),
        )
        for ax in (top, low):
            ax.set_xticks(places, names)
            ax.grid(False)
        top.set_xlim(low.get_xlim())
        shares = ", ".join(f"{name} {x:g}" for name, x in zip(names, q, strict=True))
        gaps = " and ".join(f"{gap**2:.2f}" for gap in F - truth)
        said.append(
            f"The {words} one says {shares}: cross-entropy {cost:.3f}. Below, its shares added up "
            f"from the left (dashed) miss the truth's steps (solid) by gaps whose squares are "
            f"{gaps}, a ranked probability score of {np.sum((F - truth) ** 2):.2f}."
        )
    axes[1, 0].set_ylabel("share up to here")
    write(axes[1, 0], (-0.42, 1.0), "truth", "middle", TRUTH, size=10)
    first = float(next(iter(forecasts.values()))[0])
    write(axes[1, 0], (0.02, first - 0.11), "forecast", "middle", ink(MODEL), size=10)
    headline(fig, "Cross-entropy does not see that the second forecast is further off")
    return Picture(fig, " ".join(said))


# ---------------------------------------------------------------- nine sick runs


def chart_paper(ax: Axes) -> None:
    """The rosy grid of a cardiogram."""
    ax.set_facecolor(SHEET)
    ax.minorticks_on()
    ax.grid(True, which="minor", color=FINE, linewidth=0.6)
    ax.grid(True, which="major", color=COARSE, linewidth=0.8)
    ax.tick_params(which="both", length=0, labelsize=9)
    for spine in ax.spines.values():
        spine.set(visible=True, color=tint(MODEL, 0.4), linewidth=1.0)


def view_of(run: Run, level: float | None = None) -> tuple[float, float]:
    """Limits of the loss axis: everything finite, with room above and below."""
    values = np.concatenate([run.steps, run.new_loss, [] if level is None else [level]])
    low, high = np.nanmin(values), np.nanmax(values)
    low = min(low, 0.0) if low > 0 or high <= 0 or low > -0.05 * high else low
    room = 0.09 * (high - low)
    return float(low - (room if low < 0 else 0)), float(high + 1.8 * room)


def nan_from(run: Run) -> float | None:
    """The epoch from which the reported loss is nan; None for a run that keeps its numbers."""
    bad = np.isnan(run.steps)
    return float(run.epochs[bad.argmax()]) if bad.any() else None


def new_rows(run: Run) -> tuple[NDArray, NDArray]:
    """Epochs and the loss on new rows at their ends."""
    return np.arange(1, len(run.new_loss) + 1), run.new_loss


def chart(ax: Axes, run: Run, level: float | None = None) -> None:
    """One run's chart: the loss of each step, and after each epoch that of new rows."""
    chart_paper(ax)
    thin = {"linewidth": 0.9} if len(run.steps) > 600 else {}
    ax.plot(run.epochs, run.steps, **(LINE | thin))
    ax.plot(*new_rows(run), **NEW_LINE)
    ax.set(xlim=(0, len(run.new_loss)), ylim=view_of(run, level))
    ax.locator_params(nbins=4)
    start = nan_from(run)
    if start is not None:
        ax.axvspan(
            start,
            len(run.new_loss),
            facecolor=tint(MUTED),
            hatch="////",
            edgecolor=FAINT,
            linewidth=0,
        )
        write(
            ax,
            ((start + len(run.new_loss)) / 2, 0.5),
            "nan",
            "center middle bold halo",
            REMARK,
            size=13,
            transform=ax.get_xaxis_transform(),
        )


def nine_runs(runs: Mapping[int, Run], *, diagnosed: bool = False) -> Picture:
    """Nine charts on one sheet; `diagnosed` writes the name of the illness and its level."""
    fig = new_figure(7.6, 7.4)
    fig.set_facecolor("white")
    fig.get_layout_engine().set(hspace=0.06, wspace=0.04)
    said = []
    for ax, (case, run) in zip(fig.subplots(3, 3).flat, runs.items(), strict=True):
        illness = DIAGNOSES[CASES[case][0]]
        level = illness.level if diagnosed else None
        chart(ax, run, level)
        ax.set_title(
            f"{case}" if not diagnosed else f"{case}  {illness.name}",
            loc="left",
            pad=5,
            fontsize=14 if not diagnosed else 11.5,
            color=LOSS if not diagnosed else ink(MODEL),
        )
        if not diagnosed:
            words = f"accuracy {run.accuracy[-1]:.2f}"
            ax.set_title(words, loc="right", fontsize=9, fontweight="normal", color=REMARK, pad=5)
            said.append(f"{case}: {course(run)}.")
        if diagnosed:
            words = _telling(ax, case, run, level, illness.label)
            said.append(f"{case} {illness.name}: {words}.")
    for ax in fig.axes[-3:]:
        ax.set_xlabel("epochs", fontsize=10)
    for ax in fig.axes[::3]:
        ax.set_ylabel("reported loss", fontsize=10)
    title = "Nine runs, nine illnesses, and the number that gives each away"
    if not diagnosed:
        title = "Nine training runs. What do they have?"
        ax = fig.axes[0]
        write(ax, (0.97, 0.93), "each step", "right top", size=9, transform=ax.transAxes)
        write(ax, (0.97, 0.82), "new rows", "right top", ink(MODEL), size=9, transform=ax.transAxes)
    fig.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=14)
    drawn = "their illnesses, and the level or the place that tells (blue)"
    if not diagnosed:
        drawn = "the reported loss of each step (solid) and that of new rows (dashed)"
    return Picture(fig, " ".join([f"Nine loss curves on chart paper, {drawn}.", *said]))


def course(run: Run) -> str:
    """What a chart shows of a run, in words."""
    finite, new = run.steps[np.isfinite(run.steps)], run.new_loss
    ends = [shortly(x, 1 if 10 < abs(x) < 100 else 2) for x in (run.last, new[-1])]
    words = [
        f"first loss {shortly(run.steps[0], 3)}, last {ends[0]}, on new rows {ends[1]}, accuracy "
        f"there {run.accuracy[-1]:.1f}"
    ]
    if finite.max() > 2 * abs(finite[0]):
        words.append(f"a spike up to {shortly(finite.max(), 2)}")
    if nan_from(run) is not None:
        words.append(f"nan from epoch {int(nan_from(run)) + 1} on")
    elif new[-1] > 1.2 * new.min() > 0:
        words.append(f"new rows lowest at {shortly(new.min(), 2)}")
    *_, before, short = run.steps.reshape(len(new), -1).T
    if ((short > 0) & (short < before / 2)).all():
        words.append(f"at the end of each epoch a tooth, the first down to {shortly(short[0], 2)}")
    return ", ".join(words)


def _telling(ax: Axes, case: int, run: Run, level: float | None, label: str) -> str:
    """The telling level of a diagnosed chart, or an arrow where the shape tells; in words too."""
    if level is not None:
        ax.axhline(level, **LEVEL)
        side, above = LABELS[case]
        write(
            ax,
            (0.03 if side == "left" else 0.97, level),
            label,
            "bold",
            TRUTH,
            size=9.2,
            shift=(0, 3 if above else -14 if case == 7 else -4),
            xycoords=("axes fraction", "data"),
            ha=side,
            va="bottom" if above else "top",
        )
        return f"a line, {label}"
    if nan_from(run) is not None:
        point(
            ax,
            (nan_from(run), 0.9 * np.nanmax(run.steps)),
            "log 0",
            (0.08, 0.86),
            "bold head",
            TRUTH,
            size=9.2,
            textcoords="axes fraction",
        )
        return f"an arrow, log 0, to where it becomes nan in epoch {int(nan_from(run)) + 1}"
    best = int(run.new_loss.argmin())
    words = f"lowest {run.new_loss[best]:.2f},\nthen up to {run.new_loss[-1]:.2f}"
    point(
        ax,
        (best + 1, run.new_loss[best]),
        words,
        (0.95, 0.9),
        "right top bold head",
        TRUTH,
        size=9.2,
        textcoords="axes fraction",
    )
    return "an arrow to the new rows, " + words.replace("\n", " ")


# ---------------------------------------------------------------- ranking, and not


def ranking_and_not(
    cuts: Mapping[str, NDArray], f1: Mapping[str, NDArray], auc: Mapping[str, float]
) -> Picture:
    """F1 against all cuts, which fall, for models that rank alike, and the AUC of each."""
    fig = new_figure(7.2, 3.8)
    ax = fig.subplots()
    looks = ((TRUTH, "-", TRUTH), (MODEL, (0, (5, 2)), ink(MODEL)), (GOOD, (0, (1, 1)), ink(GOOD)))
    ax.axvline(0.5, color=MUTED, linewidth=1, linestyle=":")
    offsets = ((9, 7), (5, 13), (9, -11))  # of the numbers, clear of the curves
    said = ["F1 against the cut for one model and copies whose probabilities were bent."]
    for (name, curve), (hue, style, dark), offset in zip(f1.items(), looks, offsets, strict=False):
        each = cuts[name]
        # between two scores F1 is that of the higher one: nobody else is flagged
        line = {"color": hue, "linestyle": style, "linewidth": 2.2}
        ax.step(each[::-1], curve[::-1], where="pre", **line)
        at, top = int(np.sum(each >= 0.5)) - 1, int(curve.argmax())
        dot(ax, (0.5, curve[at]), hue, size=10, zorder=6)
        write(ax, (0.5, curve[at]), f"{curve[at]:.2f}", "middle bold halo", dark, shift=offset)
        write(
            ax,
            (max(each[top], 0.09), 0.79),
            f"{name}\nAUC {auc[name]:.2f}",
            "center bold",
            dark,
            linespacing=1.3,
        )
        said.append(
            f"{name}: a hill of height {curve[top]:.2f} with its top near {each[top]:.1g}, a dot "
            f"at {curve[at]:.2f} over the cut ½, AUC {auc[name]:.2f}."
        )
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_xlabel("the cut (dotted: ½)")
    ax.set_ylabel("F1")
    ax.set_title("One ranking, one AUC, one best F1, and three values of F1 at ½")
    return Picture(fig, " ".join(said))

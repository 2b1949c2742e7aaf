"""Pictures of notebook 10, second half: where to cut a score, and how to watch it."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cecourse.palette import ACCENT, DARK, EXTRA, GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink, tint
from cecourse.picture import LOSS_LINE, Picture, arrow, dot, headline, new_figure, write
from cehelpers import cost_threshold, expected_cost, precision_recall_curve

from .pictures import SAID, log_ticks, nats

# ---------------------------------------------------------------- the cut


def best_f1(y: NDArray, scores: NDArray) -> float:
    """Return F*, the best F1 that any cut of a score reaches."""
    precision, recall, _ = precision_recall_curve(y, scores)
    return float(np.max(2 * precision * recall / np.maximum(precision + recall, 1e-12)))


def cuts(y: NDArray, p: NDArray, cost_fp: float, cost_fn: float) -> Picture:
    """What every cut costs, and precision against recall with the cut of the best F1.

    Parameters
    ----------
    y, p : ndarray, shape (n,)
        Labels and calibrated probabilities.
    cost_fp, cost_fn : float
        The price list, in euros.
    """
    fig = new_figure(7.2, 3.7)
    left, right = fig.subplots(1, 2)
    grid = np.geomspace(2e-3, 0.95, 45)

    def bill(cut):
        return 1000 * expected_cost(y, p, threshold=cut, cost_fp=cost_fp, cost_fn=cost_fn)

    left.plot(grid, [bill(t) for t in grid], **LOSS_LINE)
    best = cost_threshold(cost_fp, cost_fn)
    for cut, words, place in (
        (best, f"p* = {best:.3f}", (-16, -30)),
        (SAID, f"{SAID}", (16, -30)),
    ):
        dot(left, (cut, bill(cut)), TRUTH, size=10, zorder=6)
        write(
            left,
            (cut, bill(cut)),
            f"{words}:\n{bill(cut):.0f} €",
            "center middle bold",
            TRUTH,
            shift=place,
        )
    nothing = bill(np.inf)
    left.axhline(nothing, color=MUTED, linestyle=":", linewidth=1.4)
    write(left, (2.2e-3, nothing + 4), "flag nothing", "", REMARK, size=10)
    left.set_xscale("log")
    log_ticks(left.xaxis, [0.003, 0.01, 0.03, 0.1, 0.3, 0.9])
    left.set(ylim=(0, nothing * 1.45))
    left.set_xlabel("the cut")
    left.set_ylabel("€ per 1,000 payments")
    left.set_title(f"price list {cost_fn:g} : {cost_fp:g}", fontsize=11)

    curve = precision_recall_curve(y, p)
    keep = np.unique(np.geomspace(4, len(curve.recall) - 1, 900).astype(int))
    right.plot(curve.recall[keep], curve.precision[keep], color=LOSS, linewidth=1.8)
    peak = best_f1(y, p)
    recall = np.linspace(peak / (2 - peak) + 1e-3, 1, 200)
    right.plot(
        recall, peak * recall / (2 * recall - peak), color=MUTED, linestyle=":", linewidth=1.3
    )
    write(
        right,
        (peak / (2 - peak) + 0.05, 0.94),
        f"dotted: F1 = {peak:.1f}",
        "middle",
        REMARK,
        size=10,
    )
    spots = (
        (SAID, f"cut {SAID}", "o", TRUTH, TRUTH, (14, 14)),
        (peak / 2, f"cut F*/2 = {peak / 2:.1f}", "D", GOOD, ink(GOOD), (16, 12)),
        (best, f"cut p* = {best:.2f}", "s", ACCENT, ink(ACCENT), (14, 10)),
    )
    for cut, words, marker, hue, dark, place in spots:
        at = int(np.searchsorted(-curve.thresholds, -cut, side="right")) - 1
        x, h = float(curve.recall[at]), float(curve.precision[at])
        dot(right, (x, h), hue, marker, size=9.5, zorder=6)
        write(right, (x, h), words, "bold halo", dark, size=10.5, shift=place)
    right.set(xlim=(0, 1.02), ylim=(0, 1.02))
    right.set_xlabel("recall")
    right.set_ylabel("precision")
    right.set_title("one curve, three reasons for a cut", fontsize=11)
    headline(fig, "The price list, F1 and the story each want another cut of the same score")
    return Picture(
        fig,
        f"Left, the cost of 1,000 payments at {cost_fn:g} € a miss and {cost_fp:g} € an alarm: "
        f"{nothing:.0f} € for flagging nothing; lowest near p* = {best:.3f} with about "
        f"{bill(best) / nothing:.1f} of that, more at {SAID} with about "
        f"{bill(SAID) / nothing:.1f}. Right, precision against recall with three cuts of the same "
        f"score: {SAID}, F*/2 near {peak / 2:.1f}, and p* = {best:.3f}.",
    )


# ---------------------------------------------------------------- drift


DRIFT_NAMES = (
    "log loss",
    "normalised entropy",
    "mean p / rate",
    "PSI of an input",
    "1 − AUC",
)


def drift_panel(
    months: Sequence[int], usual: NDArray, cases: Mapping[str, Sequence[float]]
) -> Picture:
    """Five instruments over some months, and what each shows in the last one if something breaks.

    Parameters
    ----------
    months : sequence of int
        The months of `usual`.
    usual : ndarray, shape (months, 5)
        Log loss, normalised entropy, mean p over rate, the largest PSI of an input, and 1 − AUC
        in undisturbed months.
    cases : mapping of str to sequence of 5 numbers
        The same in the last month under a disturbance; up to four.
    """
    fig = new_figure(7.2, 4.1)
    axes = fig.subplots(2, 3).flat
    looks = (
        ("s", MODEL, ink(MODEL)),
        ("^", GOOD, ink(GOOD)),
        ("D", EXTRA, ink(EXTRA)),
        ("v", ACCENT, ink(ACCENT)),
    )
    ideal = {2: 1.0}
    for k, (ax, name) in enumerate(zip(axes, DRIFT_NAMES, strict=False)):
        values = [*usual[:, k], *(case[k] for case in cases.values())]
        room = 0.16 * (max(values) - min(values) or 1)
        ax.set(
            xlim=(months[0] - 0.5, months[-1] + 0.7), ylim=(min(values) - room, max(values) + room)
        )
        if k in ideal:
            ax.axhline(ideal[k], color=MUTED, linestyle=":", linewidth=1.3)
        ax.plot(months, usual[:, k], "o-", color=TRUTH, markersize=5.5, linewidth=1.6, zorder=4)
        for i, (case, (marker, hue, _)) in enumerate(zip(cases.values(), looks, strict=False)):
            last = months[-1] + 0.14 * (i - 1.5)
            ax.plot(
                [months[-2], last],
                [usual[-2, k], case[k]],
                color=hue,
                linewidth=1.2,
                linestyle=(0, (4, 2)),
            )
            dot(ax, (last, case[k]), hue, marker, zorder=6)
        ax.set_title(name, fontsize=11)
        ax.set_xticks(months)
        ax.tick_params(labelsize=9)
        if k >= 2:
            ax.set_xlabel("month", fontsize=10)
    legend = fig.axes[-1]
    legend.axis("off")
    legend.set(xlim=(0, 1), ylim=(0, 1))
    write(legend, (0.0, 0.97), "month 11", "middle bold")
    entries = [("as it was", ("o", TRUTH, TRUTH)), *zip(cases, looks, strict=False)]
    for i, (words, (marker, hue, dark)) in enumerate(entries):
        h = 0.78 - 0.19 * i
        dot(legend, (0.05, h), hue, marker, zorder=2, clip_on=False)
        write(legend, (0.14, h), words, "middle", dark, size=10.5)
    headline(fig, "Four disturbances, four signatures: watch more than one dial")
    told = [
        f"{name}: {row[0]:.3f}, {round(4 * row[1]) / 4:g}, {round(2 * row[2]) / 2:g}, "
        f"{round(row[3]):g}, {round(50 * row[4]) / 50:g}"
        for name, row in {"as it was": usual[-1], **cases}.items()
    ]
    return Picture(
        fig,
        f"Five small panels over months {months[0]} to {months[-1]}. In the last month log loss, "
        "normalised entropy to the nearest quarter, mean p over rate to the nearest half, the "
        "largest PSI of an input to the nearest whole and 1 − AUC to the nearest 0.02 are: "
        f"{'; '.join(told)}.",
    )


# ---------------------------------------------------------------- remedies


def remedies(rows: Sequence[tuple[str, float, float, float]], base: float, best: float) -> Picture:
    """Log loss of each remedy, as trained and put right, with its average precision.

    Parameters
    ----------
    rows : sequence of (name, raw, corrected, average precision)
        Log losses in nats; NaN where there is nothing to correct.
    base, best : float
        Log loss of the base rate and of the true posterior.
    """
    fig = new_figure(7.2, 0.34 * len(rows) + 1.6)
    ax = fig.subplots()
    for level, words in ((base, "a\nconstant"), (best, "the true\nposterior")):
        ax.axvline(level, color=MUTED, linestyle=":", linewidth=1.4)
        write(ax, (level * 1.02, -0.85), words, "middle", REMARK, size=9.5)
    for i, (_, raw, corrected, precision) in enumerate(rows):
        end = corrected if np.isfinite(corrected) else raw
        if np.isfinite(corrected) and raw > corrected * 1.03:
            arrow(ax, (raw, i), (corrected, i), MODEL, linewidth=1.5, shrinkA=5, shrinkB=5)
        if raw > end * 1.03:
            ax.plot(
                raw,
                i,
                "D",
                color="white",
                markeredgecolor=MODEL,
                markeredgewidth=1.8,
                markersize=8,
                zorder=5,
            )
        dot(ax, (end, i), TRUTH, zorder=6)
        if raw > end * 1.03:
            write(ax, (raw, i), f"{raw:.1g}", "middle", ink(MODEL), size=9.5, shift=(9, 0))
        write(ax, (0.62, i), f"{precision:.1f}", "right middle bold", size=10.5)
    write(ax, (0.62, -0.85), "average\nprecision", "right middle", REMARK, size=9.5)
    ax.set_yticks(range(len(rows)), [row[0] for row in rows])
    ax.tick_params(axis="y", length=0)
    ax.set_xscale("log")
    log_ticks(ax.xaxis, [0.005, 0.01, 0.02, 0.05, 0.1, 0.2])
    ax.set(xlim=(0.0053, 0.66), ylim=(len(rows) - 0.4, -1.45))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel("test log loss in nats (logarithmic): ◇ as trained, ● put right")
    ax.set_title("No remedy beats none, and most cost something")
    told = "; ".join(f"{name} {raw:.1g}, then {right:.3f}" for name, raw, right, _ in rows[1:])
    name, raw, _, precision = rows[0]
    return Picture(
        fig,
        f"{len(rows)} rows, test log loss in nats as trained and put right: {name} {raw:.3f}, with "
        f"an average precision of about {precision:.1f}; {told}. A constant pays {base:.4f}, the "
        f"true posterior {nats(best)}.",
    )


# ---------------------------------------------------------------- the type of fraud


def types(confusion: NDArray, names: Sequence[str], gate: float, kind: float) -> Picture:
    """Confusion matrix of the type model, and the chain rule as one bar.

    Parameters
    ----------
    confusion : ndarray of int, shape (3, 3)
        Rows: the true type; columns: the most probable one.
    names : sequence of str
        Of the types.
    gate, kind : float
        Log loss of the gate, and π times the cross-entropy of the type, in nats a payment.
    """
    fig = new_figure(7.2, 3.4)
    left, right = fig.subplots(1, 2, width_ratios=[5, 3])
    share = confusion / confusion.sum(axis=1, keepdims=True)
    left.imshow(share, cmap="Blues", vmin=0, vmax=1.15, aspect="auto")
    for i, j in np.ndindex(confusion.shape):
        dark = "white" if share[i, j] > 0.5 else DARK
        write(
            left,
            (j, i),
            f"{confusion[i, j]}\n{share[i, j]:.0%}",
            "center middle",
            dark,
            weight="bold" if i == j else "normal",
        )
    left.set_xticks(range(3), [n.replace(" ", "\n") for n in names])
    left.set_yticks(range(3), [n.replace(" ", "\n") for n in names])
    left.set_xlabel("said")
    left.set_ylabel("was")
    left.grid(False)
    left.tick_params(length=0)
    left.set_title("confirmed frauds of two months", fontsize=11)
    right.bar(0, gate, width=0.84, color=TRUTH, alpha=0.85)
    right.bar(
        0, kind, bottom=gate, width=0.84, facecolor=tint(MODEL), edgecolor=MODEL, hatch="////"
    )
    write(
        right, (0, gate / 2), f"the gate:\nfraud or not?\n{gate:.4f}", "center middle bold", "white"
    )
    write(
        right,
        (0.0, gate + kind),
        f"which type?\nπ × CE = {kind:.2g}",
        "center bold",
        ink(MODEL),
        shift=(0, 12),
    )
    right.set(xlim=(-0.6, 0.6), ylim=(0, (gate + kind) * 1.25))
    right.set_xticks([])
    right.set_ylabel("nats a payment")
    right.grid(axis="x", visible=False)
    right.set_title("four classes, one sum", fontsize=11)
    headline(fig, "The type is easy once you know that it is fraud; the gate pays nearly all")
    tenths = int(10 * np.trace(confusion) / confusion.sum())
    return Picture(
        fig,
        f"Left, a 3 × 3 confusion matrix of the frauds of two months: more than {tenths} in ten "
        f"lie on the diagonal. Right, one bar of nats a payment: the gate's {gate:.3f} fills it, "
        f"the type's share of {kind / (gate + kind):.0%} is a thin cap.",
    )

"""The explorers of notebook 11: a chooser of losses, nine sick runs, and a list to tick."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import ACCENT, FAINT, GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink, tint
from cecourse.picture import write

from .cases import CASES, DIAGNOSES, Diagnosis, Run, split, train_all, vital_signs, well
from .checklist import Checklist, checklist
from .choice import ADVICE, ANSWERS, LIBRARIES, PATHS, SPECIALS, line, value
from .pictures import (
    HEALTHY,
    LABELS,
    LEVEL,
    LINE,
    NEW_LINE,
    cell_of,
    chart_paper,
    map_of_losses,
    nan_from,
    new_rows,
    view_of,
)

__all__ = ["Checklist", "checklist", "chooser", "examine"]

# ---------------------------------------------------------------- the chooser


def chooser() -> Explorer:
    """Answer two questions, name your library: a loss, its last layer, its line of code."""
    return Explorer(
        {
            "answer": widgets.Dropdown(options=list(ANSWERS), description="The answer is"),
            "special": widgets.Dropdown(options=SPECIALS, description="And there is"),
            "library": widgets.Dropdown(options=LIBRARIES, description="You work in"),
        },
        _draw_map,
        _choose,
        alt="A map of losses with six rows, the kinds of answer, and four columns, what is "
        "special. A heavy frame marks the chosen cell.",
        actions={  # and the library stays the learner's
            "Fraud": {"answer": "yes or no", "special": "a rare class"},
            "Next token": {"answer": "the next token", "special": "nothing special"},
            "Tags on a photo": {"answer": "any of K tags", "special": "nothing special"},
            "Stars of a review": {"answer": "a class in an order", "special": "nothing special"},
            "Votes of ten doctors": {"answer": "one of K classes", "special": "soft labels"},
        },
        size=(8.2, 5.0),
    )


def _draw_map(fig) -> dict:
    ax = fig.subplots()
    map_of_losses(ax)
    frame = ax.plot([], [], color=LOSS, linewidth=3.2, solid_joinstyle="round")[0]
    mark = ax.plot([], [], "o", color=ACCENT, markersize=11, markeredgecolor=LOSS)[0]
    return {"frame": frame, "mark": mark}


def _choose(artists, answer: str, special: str, library: str) -> str:
    key = PATHS[answer, special]
    loss = ADVICE[key]
    x, y = cell_of(answer, special)
    artists["frame"].set_data(
        x + np.array([0.015, 0.985, 0.985, 0.015, 0.015]),
        y + np.array([0.07, 0.07, 0.93, 0.93, 0.07]),
    )
    artists["mark"].set_data([x + 0.03], [y + 0.1])
    code = line(key, library)
    number = f" ({value(key):.4f} on a small example)" if loss.code[library] else ""
    return (
        f"{answer}, {special}: {loss.name}. Last layer: {loss.last_layer}. "
        f"{library}: {code}{number}. Why: {loss.why}."
    )


# ---------------------------------------------------------------- nine sick runs

OPEN = "not yet"


@functools.cache
def _digits():
    from sklearn.datasets import load_digits

    digits = load_digits()
    return split(digits.data, digits.target)


@functools.cache
def _sick() -> Mapping[int, Run]:
    return train_all(_digits())


@functools.cache
def _healthy() -> Run:
    return well(_digits())


def examine(runs: Mapping[int, Run] | None = None) -> Explorer:
    """Take up a case, make a diagnosis, and hear what speaks for it or against.

    Parameters
    ----------
    runs : mapping of int to Run, optional
        The nine runs, if they are at hand; else they are made, which takes a few seconds.
    """
    runs = _sick() if runs is None else runs
    healthy = _healthy()

    def update(artists, case: int, diagnosis: str, compare: bool) -> str:
        return _examine(artists, runs[case], healthy, case, diagnosis, compare)

    return Explorer(
        {
            "case": widgets.IntSlider(1, min=1, max=len(CASES), description="Case"),
            "diagnosis": widgets.Dropdown(
                options=[OPEN, *sorted(DIAGNOSES)], description="Your diagnosis"
            ),
            "compare": widgets.Checkbox(False, description="Beside a healthy run", indent=True),
        },
        _draw_chart,
        update,
        alt="The chart of one training run: the reported loss of every step as a solid line, that "
        "of new rows after each epoch dashed; under the right diagnosis, a line at its level.",
        presets={
            f"Case {case}": {"case": case, "diagnosis": OPEN, "compare": False}
            for case in (2, 3, 8)
        },
        size=(7.2, 3.9),
    )


def _draw_chart(fig) -> dict:
    ax = fig.subplots()
    chart_paper(ax)
    ax.set_xlabel("epochs (dashed: new rows)")
    ax.set_ylabel("reported loss")
    inside = {"transform": ax.transAxes}
    box = {"facecolor": "white", "edgecolor": tint(MODEL, 0.4), "alpha": 0.92, "pad": 4}
    return {
        "nan": ax.axvspan(0, 0, facecolor=tint(MUTED), hatch="////", edgecolor=FAINT, linewidth=0),
        "nan_text": write(
            ax, (0, 0.5), "", "center bold", REMARK, size=15, transform=ax.get_xaxis_transform()
        ),
        "healthy": ax.plot([], [], **HEALTHY)[0],
        "steps": ax.plot([], [], **LINE)[0],
        "new": ax.plot([], [], **NEW_LINE)[0],
        "level": ax.plot([], [], **LEVEL)[0],
        "level_text": write(
            ax, (0.985, 0), "", "right bottom bold", TRUTH, transform=ax.get_yaxis_transform()
        ),
        "verdict": write(ax, (0.5, 0.93), "", "center top bold", MODEL, bbox=box, **inside),
    }


def _examine(artists, run: Run, healthy: Run, case: int, diagnosis: str, compare: bool) -> str:
    ax = artists["steps"].axes
    end = len(run.new_loss)
    right = diagnosis == CASES[case][0]
    illness = DIAGNOSES.get(diagnosis)
    level = illness.level if right else None
    low, high = view_of(run, level)
    if compare:
        low, high = min(low, 0.0), max(high, 2.6)
    high += 0.16 * (high - low)  # room for the verdict
    ax.set(xlim=(0, end), ylim=(low, high))
    artists["steps"].set_data(run.epochs, run.steps)
    artists["new"].set_data(*new_rows(run))
    artists["healthy"].set_data(*((healthy.epochs, healthy.steps) if compare else ([], [])))
    start = nan_from(run)
    artists["nan"].set_x(end if start is None else start)
    artists["nan"].set_width(0 if start is None else end - start)
    artists["nan_text"].set_text("" if start is None else "nan")
    artists["nan_text"].set_x(((start or 0) + end) / 2)
    artists["level"].set_data(*(([], []) if level is None else ([0, end], [level, level])))
    _label_level(artists["level_text"], case, level, (low, high), illness)
    words = f"Case {case}: {vital_signs(run)}."
    if compare:
        words += f" Dotted, a healthy run: {vital_signs(healthy)}."
    if illness is None:
        artists["verdict"].set_text("")
        return f"{words} What does this run have?"
    artists["verdict"].set_text(f"{'yes:' if right else 'not'} {illness.name}")
    artists["verdict"].set_color(ink(GOOD) if right else ink(MODEL))
    return f"{words} {_verdict(illness, right)}"


def _label_level(text, case: int, level: float | None, limits, illness: Diagnosis | None) -> None:
    """Write the telling level's words where the chart of this case has room for them."""
    text.set_text("" if level is None else illness.label)
    if level is None:
        return
    side, above = LABELS[case]
    low, high = limits
    room = (0.015 if above else -0.075 if case == 7 else -0.02) * (high - low)
    text.set(
        x=0.02 if side == "left" else 0.985,
        y=level + room,
        ha=side,
        va="bottom" if above else "top",
    )


def _verdict(illness: Diagnosis, right: bool) -> str:
    if right:
        return f"Yes, {illness.name}: the loss {illness.sign}. Cure: {illness.cure}"
    return f"Look again. With {illness.name} the loss {illness.sign}. Does it, here?"

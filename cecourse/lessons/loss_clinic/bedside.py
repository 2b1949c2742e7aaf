"""What is said of a patient of the ward: record, chart, findings of its tests, and a verdict."""

from __future__ import annotations

import functools
import math

import numpy as np

from cecourse.palette import TRUTH
from cecourse.picture import Picture, new_figure, write

from .cases import Run, shortly
from .diseases import DISEASES, level_of
from .patients import LIBRARIES, NEW, TWENTY, Patient
from .pictures import LEVEL, chart, course

FULL, WRONG, HALF = (
    10,
    2,
    1,
)  # points: of a patient, and what a wrong try costs, or half a wrong one
TESTS = {  # name: price in points
    "First batch": 1,
    "Shuffled labels": 2,
    "Twenty rows by heart": 3,
}
FLOORS = ("softmax twice", "wrong labels")  # their level lies under the curve

# ---------------------------------------------------------------- what a doctor is told


def record(one: Patient) -> str:
    """What hangs at the foot of the bed: the run, and how its report is printed."""
    printed, unit, _ = LIBRARIES[one.library]
    of_nats = ", which are nats over ln 2" if unit == "bits" else ""
    return (
        f"Patient {one.seed}. K = {one.classes} classes, batches of {one.batch} rows. It prints "
        f"like {one.library}: {printed}, in {unit}{of_nats}; and after each epoch the loss of "
        f"{NEW} new rows, as one batch."
    )


@functools.lru_cache(maxsize=64)
def finding(one: Patient, test: str) -> str:
    """What a test finds, in a sentence, in the unit of the report; the test is run."""
    unit, even = one.nats, math.log(one.classes)
    log = "ln" if unit == 1 else "log₂"
    level = f"{log} {one.classes} = {shortly(even / unit, 3)}"
    if test == "First batch":
        whole, half = (shortly(loss / unit, 3) for loss in one.first_batch())
        words = f"{whole} before the first step, and {half} for half of its rows; {level}"
    elif test == "Shuffled labels":
        run = one.shuffled()
        words = f"{_course(run, unit)}, on new rows {shortly(run.new_loss[-1] / unit, 2)}; {level}"
    else:
        run = one.by_heart()
        words = f"{_course(run, unit)}; {np.rint(run.accuracy[-1] * TWENTY):.0f} of {TWENTY} right"
    return f"{test}: {words}."


def _course(run: Run, unit: float) -> str:
    return f"from {shortly(run.steps[0] / unit, 3)} to {shortly(run.last / unit, 2)}"


def picture(one: Patient, run: Run, *, opened: bool = False) -> Picture:
    """The chart of a patient; `opened` draws the telling levels of what it has."""
    printed, unit, _ = LIBRARIES[one.library]
    level = _level(one, run) if opened else None
    fig = new_figure(7.2, 3.4)
    ax = fig.subplots()
    chart(ax, run, level)
    ax.set_xlabel("epochs (dashed: new rows)")
    ax.set_ylabel(f"reported loss, {unit}")
    alt = (
        f"Chart of patient {one.seed}: {printed}, solid, and the loss of new rows after each "
        f"epoch, dashed: {course(run)}."
    )
    if level is not None:
        ax.axhline(level, **LEVEL)
        label, below = f"{one.has[0]}: {shortly(level, 3)}", one.has[0] in FLOORS
        how = f"right {'top' if below else 'bottom'} bold halo"
        place = {"xycoords": ("axes fraction", "data"), "size": 9.2}
        write(ax, (0.985, level), label, how, TRUTH, shift=(0, -3 if below else 2), **place)
        alt += f" A line at the telling level of {label}."
    return Picture(fig, alt)


def _level(one: Patient, run: Run) -> float | None:
    """The telling level of a patient's one disease, in its unit, where the chart has room."""
    level = level_of(one.has[0], one.classes, one.batch, one.share)
    if level is None or len(one.has) > 1:
        return None
    level /= one.nats
    return level if level < 1.6 * np.nanmax(np.abs(run.steps)) else None


# ---------------------------------------------------------------- the points


def points_left(tests: int, wrong: int) -> int:
    """Points that a right diagnosis is still worth, never below 0."""
    return max(0, FULL - tests - wrong)


def verdict(has: tuple[str, ...], tried: set[str]) -> tuple[int, str]:
    """What a wrong or half a diagnosis costs, and what is said of it; (0, "") where it is right."""
    right = tried & set(has)
    if tried == set(has):
        return 0, ""
    wrong = sorted(tried - right)
    words = [f"With {name} the loss {DISEASES[name].sign}. Does it, here?" for name in wrong]
    if not right:
        return WRONG, " ".join(["Look again.", *words])
    names = " and ".join(sorted(right))
    if not wrong:
        return HALF, f"Half of it: {names} it has, and something else as well."
    return HALF, " ".join([f"Half of it: {names} it has.", *words])


def points(count: int) -> str:
    """A number of points, in words."""
    return f"{count} point{'s' * (count != 1)}"

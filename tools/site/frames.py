"""What an explorer shows along its main slider: a page turns it before Python is there.

The file is gzip of JSON. ``axes``: the controls that the frames run along, each with its path and
its values as a page sends them; the others stand where they started. ``frames``: for each point of
the grid, the last axis fastest, the number of its scenery and what moves; ``scenery``: each once.
"""

from __future__ import annotations

import gzip
import importlib
import itertools
import json
import math
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from cecourse import lessons, widgets
from cecourse.explorer import Explorer
from cecourse.markup import themed

MOST_BYTES = 120_000
MOST_VALUES = 125  # of one axis; between two of them a finger feels no step
# Controls of the explorers, by all their names, of which other frames tell more than those along
# the first slider.
AXES = {
    ("p", "weather"): ("p", "weather"),
    ("y", "p"): ("p",),
    ("answer", "special", "library"): ("answer", "special", "library"),
}


class NoFrames(ValueError):
    """Why an explorer has no frames."""


def explorers() -> Iterator[tuple[str, str, Callable[[], Explorer]]]:
    """Yield each explorer of a lesson's `explorers.py`: lesson, name and what makes it."""
    for lesson in pkgutil.iter_modules(lessons.__path__):
        module = importlib.import_module(f"{lessons.__name__}.{lesson.name}.explorers")
        for name, part in vars(module).items():
            if getattr(part, "__annotations__", {}).get("return") in ("Explorer", Explorer):
                yield lesson.name, name, part


def write(explorer: Explorer, file: Path) -> Path | None:
    """Write an explorer's frames, or say on stderr why there are none and return None."""
    try:
        data = packed(explorer)
    except NoFrames as why:
        print(f"{file.name}: {why}", file=sys.stderr)
        return None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def packed(explorer: Explorer) -> bytes:
    """Return an explorer's frames as the bytes of a file, the same ones at each call.

    Raises
    ------
    NoFrames
        If nothing of it can be dragged, or the file has more than `MOST_BYTES`.
    """
    small = compressed(collect(explorer))
    if len(small) > MOST_BYTES:
        raise NoFrames(f"frames of {len(small):,} bytes, and at most {MOST_BYTES:,} may be sent")
    return small


def compressed(frames: dict) -> bytes:
    """Return what `collect` gave as the bytes of a file."""
    data = json.dumps(frames, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(data.encode(), 9, mtime=0)


def collect(explorer: Explorer) -> dict:
    """Return an explorer's frames: what the file holds. Its controls are as before afterwards."""
    axes = axes_of(explorer)
    sent = [values_of(explorer, name) for name in axes]
    before = explorer.values
    scenery, frames = {}, []
    for point in itertools.product(*sent):
        set_to(explorer, dict(zip(axes, point, strict=True)))
        behind = themed(explorer._background.value)
        frames.append(
            [scenery.setdefault(behind, len(scenery)), themed(explorer._foreground.value)]
        )
    explorer.set(**before)
    return {
        "axes": [
            {"path": path_of(explorer, explorer.controls[name]), "values": values}
            for name, values in zip(axes, sent, strict=True)
        ],
        "scenery": list(scenery),
        "frames": frames,
    }


def axes_of(explorer: Explorer) -> tuple[str, ...]:
    """Return the names of the controls that the frames run along."""
    if axes := AXES.get(tuple(explorer.controls)):
        return axes
    for name, control in explorer.controls.items():
        if isinstance(control, widgets.IntSlider | widgets.SelectionSlider):
            return (name,)
    raise NoFrames("it has no slider")


def set_to(explorer: Explorer, point: dict[str, float]) -> None:
    """Set controls to values as a page sends them, the others to where they started."""
    values = explorer._presets["Reset"] | {
        name: _taken(explorer.controls[name], value) for name, value in point.items()
    }
    explorer.set(**values)


def values_of(explorer: Explorer, name: str) -> list:
    """Return the values of an axis as a page sends them: all, or so many that no step is felt.

    Where it starts, where its presets are, and its ends are among them.
    """
    control = explorer.controls[name]
    if isinstance(control, widgets.Dropdown):
        return list(range(len(control.options)))
    set_by = [setting[name] for setting in explorer._presets.values() if name in setting]
    marks = [_sent(control, value) for value in set_by]
    marked = {round((mark - control.min) / control.step): mark for mark in marks}
    steps = math.floor((control.max - control.min) / control.step + 1e-9)
    stride = -(-(steps + 1) // MOST_VALUES)
    start = next(iter(marked))  # that of "Reset"
    chosen = {*range(start % stride, steps + 1, stride), 0, steps, *marked}
    grid = {k: control.number(round(control.min + k * control.step, 9)) for k in sorted(chosen)}
    return list((grid | marked).values())


def _sent(control: widgets.Control, value: float) -> float:
    """A slider's value as a page sends it."""
    log = isinstance(control, widgets.FloatLogSlider)
    return round(math.log(value, control.base), 9) if log else value


def _taken(control: widgets.Control, value: float):
    """The value of a control that a page sends so."""
    if isinstance(control, widgets.Dropdown):
        return control.pairs[value][1]
    return control.base**value if isinstance(control, widgets.FloatLogSlider) else value


def path_of(root: widgets.Control, control: widgets.Control, path: str = "0") -> str | None:
    """Return where a control stands in its tree: the numbers of the children, from the root's 0."""
    if root is control:
        return path
    below = enumerate(getattr(root, "children", ()))
    found = (path_of(child, control, f"{path}.{number}") for number, child in below)
    return next(filter(None, found), None)

"""A picture laid out again for a slide: the same figure, its type large enough for the last row.

Nothing is enlarged. The figure takes the shape of the room that a slide has for it, each piece of
type that would be too small there is set larger, and the layout is computed again. Where words
then meet, all that is larger than it must be is set smaller, step by step, until they do not.
"""

from __future__ import annotations

import itertools
import textwrap
from typing import Any

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

ROOM = (1180, 520)  # pixels that a slide of 1280 × 720 has for a picture with two lines below it
TYPE = 22  # pixels: the smallest type that is meant for the last row
WIDTHS = (7.2, 7.7, 8.2, 8.7)  # inches that fill the room: the more, the smaller is large type
SMALLER = (21, 20, 19, 18, 17, 16)  # pixels, where nothing else helps
POINTS = 72  # in an inch


def slide_form(fig: Figure, height: float = ROOM[1]) -> float:
    """Lay a finished figure out for a slide, in place.

    Parameters
    ----------
    fig : Figure
        Laid out by itself, as `new_figure` makes it. Nothing may be drawn on it afterwards.
    height : float
        Pixels of the slide; the width is that of `ROOM`.

    Returns
    -------
    float
        The size of its smallest type, in pixels of the slide.
    """
    start = _Start(fig, height)
    attempts = [(width, TYPE) for width in WIDTHS] + [(WIDTHS[-1], size) for size in SMALLER]
    faults = []
    for width, size in attempts:
        start.set(width, size)
        faults.append(max(len(meeting(fig)) - start.faults, 0))
        if not faults[-1]:
            break
    else:
        start.set(*attempts[faults.index(min(faults))])
    fig.set_layout_engine("none")  # it is laid out
    return smallest(fig, height)


def smallest(fig: Figure, height: float) -> float:
    """The size of a figure's smallest type, in pixels, where it is so many pixels high."""
    pixels = height / fig.get_size_inches()[1] / POINTS
    return pixels * min((text.get_fontsize() for text in written(fig)), default=float("inf"))


class _Start:
    """A figure as it was made, and how to lay it out from there."""

    def __init__(self, fig: Figure, height: float):
        self.fig = fig
        self.height = height
        width, tall = fig.get_size_inches()
        # what keeps its shape would leave a wide picture empty at its sides
        fixed = any(ax.get_aspect() != "auto" and ax.axison for ax in fig.axes)
        self.share = min(1, width / tall / (ROOM[0] / height)) if fixed else 1
        self.texts = [(one, one.get_fontsize(), one.get_text()) for one in fig.findobj(Text)]
        labels = [(axis, axis.get_majorticklabels()) for axis in _axes(fig)]
        self.ticks = [(axis, found[0].get_fontsize()) for axis, found in labels if found]
        fig.draw_without_rendering()
        self.faults = len(meeting(fig))

    def set(self, width: float, size: float) -> None:
        """Lay it out so that so many inches fill a slide; no type is below `size` pixels."""
        least = size * width / ROOM[0] * POINTS
        self.fig.set_size_inches(width * self.share, width * self.height / ROOM[0])
        self.fig.set_layout_engine("constrained")
        for text, points, words in self.texts:
            text.set_fontsize(max(points, least))
            text.set_text(words)
        for axis, points in self.ticks:
            axis.set_tick_params(labelsize=max(points, least))
        self.fig.draw_without_rendering()
        if _wrapped(self.fig):
            self.fig.draw_without_rendering()


def _axes(fig: Figure) -> list[Axis]:
    return [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)]


def _titles(fig: Figure) -> list[tuple[Text, Any]]:
    """The titles of a figure and the names of its axes, each with what it must not outgrow."""
    found = [(ax.xaxis.label, ax) for ax in fig.axes]
    for ax in fig.axes:
        found += [(title, ax) for title in (ax.title, ax._left_title, ax._right_title)]
    found += [(part._suptitle, part) for part in [fig, *fig.subfigs] if part._suptitle]
    return [(text, of) for text, of in found if text.get_text().strip()]


def _wrapped(fig: Figure) -> bool:
    """Break titles that are wider than their place; return whether there was one."""
    boxes = {text: text.get_window_extent() for text, _ in _titles(fig)}
    whole, found = fig.bbox, False
    for text, of in _titles(fig):
        box, place = boxes[text], of.get_window_extent() if hasattr(of, "xaxis") else of.bbox
        beside = [b for other, b in boxes.items() if other is not text and box.overlaps(b)]
        outside = box.x0 < whole.x0 or box.x1 > whole.x1
        if (outside or beside) and "$" not in text.get_text():
            room = min(place.x1 + 0.02 * whole.width, whole.x1) - max(box.x0, whole.x0)
            if text.get_ha() == "center":
                room = min(1.1 * place.width, whole.width)
            letters = max(len(line) for line in text.get_text().splitlines())
            line = max(8, int(0.97 * letters * room / box.width))
            words = "\n".join(textwrap.fill(part, line) for part in text.get_text().splitlines())
            found |= words != text.get_text()
            text.set_text(words)
    return found


# ---------------------------------------------------------------- what is written, and where


def written(fig: Figure) -> list[Text]:
    """The pieces of type that a figure shows."""
    ticks = {label for axis in _axes(fig) for tick in _all_ticks(axis) for label in _labels(tick)}
    shown = [label for axis in _axes(fig) for label in _shown_labels(axis)]
    hidden = {
        text
        for ax in fig.axes
        for text in ax.findobj(Text)
        if not ax.get_visible() or (not ax.axison and text in {ax.xaxis.label, ax.yaxis.label})
    }
    others = [one for one in fig.findobj(Text) if one not in ticks and one not in hidden]
    return [one for one in [*others, *shown] if one.get_visible() and one.get_text().strip()]


def _all_ticks(axis: Axis) -> list:
    return [*axis.majorTicks, *axis.minorTicks]


def _labels(tick) -> tuple[Text, Text]:
    return tick.label1, tick.label2


def _shown_labels(axis: Axis) -> list[Text]:
    """The labels of an axis's ticks that lie in view."""
    if not (axis.get_visible() and axis.axes.get_visible() and axis.axes.axison):
        return []
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    found = []
    for minor in (False, True):
        places, labels = axis.get_ticklocs(minor=minor), axis.get_ticklabels(minor=minor)
        for place, label in zip(places, labels, strict=False):
            if low - slack <= place <= high + slack:
                found.append(label)
    return found


def meeting(fig: Figure) -> list[tuple[str, str]]:
    """The words of a figure, once drawn, that lie on others, or (beside "") beyond its edge."""
    boxes = [(_said(text), _box(text), _air(text)) for text in written(fig)]
    whole = fig.bbox.padded(1)
    found = [
        (one, other)
        for (one, a, air), (other, b, less) in itertools.combinations(boxes, 2)
        if _overlap(a, b, min(air, less))
    ]
    beyond = [
        (one, "")
        for one, box, _ in boxes
        if box.x0 < whole.x0 or box.y0 < whole.y0 or box.x1 > whole.x1 or box.y1 > whole.y1
    ]
    return found + beyond


def _said(text: Text) -> str:
    return " ".join(text.get_text().split())


def _box(text: Text) -> Bbox:
    """Where a text's letters lie, without the arrow that an annotation may have."""
    if isinstance(text, Annotation):
        text.update_positions(text.get_figure(root=True)._get_renderer())
    return Text.get_window_extent(text)


def _air(text: Text) -> float:
    """What a line of type has above and below its letters, in the units of its box."""
    return 0.15 * text.get_fontsize() * text.get_figure(root=True).dpi / POINTS


def _overlap(one: Bbox, other: Bbox, air: float) -> bool:
    """Whether two boxes share more than air."""
    shared = Bbox.intersection(one, other)
    return shared is not None and min(shared.height, shared.width) > air

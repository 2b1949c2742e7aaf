"""A picture laid out again for a slide: the same figure, its type large enough for the last row.

Nothing is enlarged. The figure takes the shape of the room that a slide has for it, each piece of
type that would be too small there is set larger, and the layout is computed again. Where words
then meet, all that is larger than it must be is set smaller, step by step, until they do not.
"""

from __future__ import annotations

import functools
import itertools
import textwrap
from collections import Counter
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

ROOM = (1180, 520)  # pixels that a slide of 1280 × 720 has for a picture with two lines below it
TYPE = 22  # pixels: the smallest type that is meant for the last row
ATTEMPTS = (  # inches that fill the room, the more the smaller is the other type; and pixels
    *((width, TYPE) for width in (7.2, 7.7, 8.2, 8.7)),
    *((8.7, 21), (9.2, 20), (9.7, 19), (10.2, 18), (10.7, 17), (11.2, 16)),  # where nothing helps
)
POINTS = 72  # in an inch
DPI = 300  # about that of the picture, for letters are as wide as the pixels allow
CROWD = 50  # markers of one kind: more are a cloud, and words may lie on it
MARKER, FRAME = "●", "▢"  # beside words that are on one, or do not fit in it


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
    faults = []
    for width, size in ATTEMPTS:
        start.set(width, size)
        faults.append((Counter(meeting(fig)) - start.faults).total())
        if not faults[-1]:
            break
    else:
        start.set(*ATTEMPTS[faults.index(min(faults))])
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
        for legend in fig.findobj(Legend):  # larger, it may lie on lines
            legend.get_frame().set(facecolor="white", edgecolor="none", alpha=0.85, visible=True)
        self.height = height
        fig.set_dpi(DPI)
        width, tall = fig.get_size_inches()
        # what keeps its shape would leave a wide picture empty at its sides
        fixed = any(ax.get_aspect() != "auto" and ax.axison for ax in fig.axes)
        self.share = min(1, width / tall / (ROOM[0] / height)) if fixed else 1
        self.texts = [(one, one.get_fontsize(), one.get_text()) for one in fig.findobj(Text)]
        labels = [(axis, axis.get_majorticklabels()) for axis in _axes(fig)]
        self.ticks = [(axis, found[0].get_fontsize()) for axis, found in labels if found]
        fig.draw_without_rendering()
        self.faults = Counter(meeting(fig))

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
        for _ in range(3):  # what is broken leaves less room for others
            if not _wrapped(self.fig):
                break
            self.fig.draw_without_rendering()


def _axes(fig: Figure) -> list[Axis]:
    return [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)]


def _titles(fig: Figure) -> list[tuple[Text, Any]]:
    """The titles of a figure and the names of its axes, each with what it must not outgrow."""
    found = [(axis.label, axis.axes) for axis in _axes(fig)]
    for ax in fig.axes:
        found += [(title, ax) for title in (ax.title, ax._left_title, ax._right_title)]
    found += [(part._suptitle, part) for part in [fig, *fig.subfigs] if part._suptitle]
    return [(text, of) for text, of in found if text.get_text().strip() and text.get_visible()]


def _wrapped(fig: Figure) -> bool:
    """Break titles and names of axes that are longer than their place; was there one?

    The same words in another panel are broken there too.
    """
    titles = _titles(fig)
    boxes = [(text, text.get_window_extent()) for text, _ in titles]
    broken: dict[str, str] = {}
    for text, of in titles:
        box, whole = _along(text, text.get_window_extent()), _along(text, fig.bbox)
        place = _along(text, of.get_window_extent() if hasattr(of, "xaxis") else of.bbox)
        near = box.padded(0 if _upright(text) else 0.3 * _size(text), 0)
        beside = box.width > place.width and any(
            other is not text and near.overlaps(_along(text, b)) for other, b in boxes
        )
        outside = near.x0 < whole.x0 or near.x1 > whole.x1
        if (outside or beside) and "$" not in text.get_text():
            room = min(place.x1 + 0.02 * whole.width, whole.x1) - max(near.x0, whole.x0)
            if text.get_ha() == "center":
                room = min(1.1 * place.width, whole.width)
            letters = max(len(line) for line in text.get_text().splitlines())
            line = max(12, int(0.97 * letters * room / box.width))
            words = text.get_text().splitlines()
            broken[_said(text)] = "\n".join(_balanced(part, line) for part in words)
    changed = [
        text for text, _ in titles if broken.get(_said(text), text.get_text()) != text.get_text()
    ]
    for text in changed:
        text.set_text(broken[_said(text)])
    return bool(changed)


def _along(text: Text, box: Bbox) -> Bbox:
    """A box as a text sees it: from the left to the right is along its lines."""
    (x0, y0), (x1, y1) = box.get_points()
    return Bbox([[y0, x0], [y1, x1]] if _upright(text) else [[x0, y0], [x1, y1]])


def _upright(text: Text) -> bool:
    return text.get_rotation() == 90


def _balanced(words: str, line: int) -> str:
    """Break words into as few lines as letters demand, all about equally long.

    Examples
    --------
    >>> _balanced("how far luck may carry them", 22).splitlines()
    ['how far luck', 'may carry them']
    """
    breaks = functools.partial(textwrap.wrap, words, break_long_words=False)
    return "\n".join(
        next(breaks(k) for k in range(1, line + 1) if len(breaks(k)) == len(breaks(line)))
    )


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
    """The words of a figure, once drawn, that lie where they cannot be read.

    On others; on a marker (beside `MARKER`); beyond the frame they stand in (beside `FRAME`) or the
    edge (beside ""). What runs aslant is only looked at beyond the edge of its axes.
    """
    texts = written(fig)
    boxes = [(_said(one), _box(one), _air(one)) for one in texts if not _aslant(one)]
    edges = [(said, box, fig.bbox.padded(1)) for said, box, _ in boxes]
    edges += [
        (_said(one), _box(one), one.axes.bbox.padded(0.6 * _size(one)))
        for one in texts
        if _aslant(one) and one.axes
    ]
    markers = _markers(fig)
    frames = [one.get_window_extent() for one in fig.findobj(FancyBboxPatch)]
    found = [
        (one, other)
        for (one, a, air), (other, b, less) in itertools.combinations(boxes, 2)
        if _overlap(a, b, min(air, less))
    ]
    for said, box, air in boxes:
        found += [(said, MARKER)] * sum(_overlap(box, one, air) for one in markers)
        around = [frame for frame in frames if frame.contains(*(box.min + box.max) / 2)]
        found += [(said, FRAME)] * any(_beyond(box, frame) for frame in around)
    return found + [(said, "") for said, box, whole in edges if _beyond(box, whole)]


def _markers(fig: Figure) -> list[Bbox]:
    """Where the markers of a figure lie, without those of crowds."""
    found = []
    for ax in fig.axes:
        for line in filter(Artist.get_visible, ax.lines):
            if line.get_marker() not in ("None", "none", " ", "", None):
                places = line.get_transform().transform(line.get_xydata())
                found.append((places, line.get_markersize()))
        for dots in filter(Artist.get_visible, ax.collections):
            if isinstance(dots, PathCollection):
                places = dots.get_offset_transform().transform(dots.get_offsets())
                found.append((places, dots.get_sizes().max(initial=0) ** 0.5))
    return [
        Bbox.from_bounds(*place, 0, 0).padded(size / 2 * fig.dpi / POINTS)
        for places, size in found
        if len(places) <= CROWD
        for place in places
        if np.isfinite(place).all()
    ]


def _aslant(text: Text) -> bool:
    return text.get_rotation() % 90 != 0


def _beyond(box: Bbox, whole: Bbox) -> bool:
    return bool((box.min < whole.min).any() or (box.max > whole.max).any())


def _said(text: Text) -> str:
    return " ".join(text.get_text().split())


def _box(text: Text) -> Bbox:
    """Where a text's letters lie, without the arrow that an annotation may have."""
    if isinstance(text, Annotation):
        text.update_positions(text.get_figure(root=True)._get_renderer())
    return Text.get_window_extent(text)


def _air(text: Text) -> float:
    """What a line of type has above and below its letters, in the units of its box."""
    return 0.15 * _size(text)


def _size(text: Text) -> float:
    """The size of a text's type in the units of its box."""
    return text.get_fontsize() * text.get_figure(root=True).dpi / POINTS


def _overlap(one: Bbox, other: Bbox, air: float) -> bool:
    """Whether two boxes share more than air."""
    shared = Bbox.intersection(one, other)
    return shared is not None and min(shared.height, shared.width) > air

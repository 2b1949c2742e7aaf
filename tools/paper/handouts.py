"""Print a two-page handout of each notebook, the notebooks to read, the book: `make handouts`.

A handout is one sheet for the hour: what to commit to and axes to draw in on its front, the day's
formulas with a blank and the exercises on its back. Questions come from the lessons, the axes from
their pictures; what is to be drawn, and which part of a formula is blank, says
teaching/handouts/sheets.toml. Everything lands in build/handouts as tagged PDF with an outline, on
A4 and on Letter: handouts, reader (each notebook whole), the book, and the cheat sheet.
"""

from __future__ import annotations

import functools
import html
import importlib
import io
import re
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from cecourse.exercise.display import rich
from cecourse.prediction import of_lesson
from tools import _command
from tools._browser import PDF, open_browser
from tools._cells import exercises_of
from tools._command import ToolError
from tools.cards import code_of
from tools.paper import _paper, _pdf, cheatsheet, reader
from tools.paper.reader import Chapter

WIDTH = 182  # millimetres of a handout's text, on both sizes of paper
HEIGHT = 255
BLANK = re.compile(r"\\blank\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
ROOM = {"number": 1, "array": 2, "choice": 1, "truth": 1, "function": 3}  # lines, at the least


# ---------------------------------------------------------------- what a sheet declares


@functools.cache
def declared() -> dict[str, dict]:
    """What sheets.toml says of each notebook: ``axes``, ``draw``, ``formulas``, perhaps more."""
    return tomllib.loads((_paper.STYLE / "sheets.toml").read_text(encoding="utf-8"))


def with_blank(formula: str) -> str:
    """The formula with a line in place of what is to be filled in."""

    def line(found: re.Match) -> str:
        wide = 9 + min(len(re.sub(r"\\[a-zA-Z]+|[{}^_\\ ]", "", found[1])), 22) * 1.6
        return rf"\underline{{\hspace{{{wide:.0f}mm}}\vphantom{{X_X}}}}"

    return BLANK.sub(line, formula)


def figure_of(slug: str, call: str):
    """Draw a lesson's figure as its notebook does, ``"pictures.two_curves([0.5])"``.

    Raises
    ------
    ToolError
        If the call fails.
    """
    import numpy as np

    home = f"cecourse.lessons.{slug}"
    try:
        module = importlib.import_module(f"{home}.{call.partition('.')[0]}")
        return eval(call, {call.partition(".")[0]: module, "np": np}).figure
    except Exception as error:
        raise ToolError(f"sheets.toml: {call}: {error}") from error


def empty_axes(slug: str, about: Mapping) -> str:
    """The figure of `blank_figure` as SVG."""
    import matplotlib

    kept = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": slug, "svg.fonttype": "path"}):
        metadata = dict.fromkeys(["Date", "Creator"])
        blank_figure(slug, about).savefig(kept, format="svg", metadata=metadata)
    return kept.getvalue()[kept.getvalue().index("<svg") :]


def blank_figure(slug: str, about: Mapping):
    """Some axes of a lesson's figures with nothing drawn in them, side by side.

    Parameters
    ----------
    slug : str
        The lesson.
    about : mapping
        What is declared: calls of the lesson's pictures, each with the number of its axes
        (``"pictures.coin([]) 0"``), as ``axes``; perhaps the ``height`` in inches and the words to
        ``keep``.
    """
    from cecourse.picture import new_figure

    panels = about["axes"]
    fig = new_figure(WIDTH / 25.4, about.get("height", 2.35))
    for ax, panel in zip(fig.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        call, _, number = panel.rpartition(" ")
        copy_axes(figure_of(slug, call).axes[int(number)], ax, about.get("keep", ()))
    fig.draw_without_rendering()
    for ax in fig.axes:  # a name longer than its axis is broken
        for label, side in ((ax.xaxis.label, "width"), (ax.yaxis.label, "height")):
            if getattr(label.get_window_extent(), side) > getattr(ax.bbox, side):
                text = label.get_text()
                label.set_text(textwrap.fill(text, len(text) // 2 + 5))
    return fig


def copy_axes(old, new, keep: Iterable[str]) -> None:
    """Give new axes the ruler, the names and the outline of old ones, and the words to keep."""
    from matplotlib.patches import Polygon
    from matplotlib.ticker import NullLocator

    across, up = old.get_shared_x_axes(), old.get_shared_y_axes()
    below = [ax.get_xlabel() for ax in across.get_siblings(old)]
    beside = [ax.get_ylabel() for ax in up.get_siblings(old) if ax is old or not old.get_ylabel()]
    new.set(xlabel=old.get_xlabel() or next(filter(None, below), ""))
    new.set(ylabel=old.get_ylabel() or next(filter(None, beside), ""))
    new.set(xscale=old.get_xscale(), yscale=old.get_yscale(), aspect=old.get_aspect())
    cells = bool(old.images)
    for of, axis in ((new.xaxis, old.xaxis), (new.yaxis, old.yaxis)):
        ticks = axis.get_ticklocs()
        of.set_ticks(ticks, axis.get_major_formatter().format_ticks(ticks))
        of.set_minor_locator(NullLocator())
        if cells:  # the lines go between the cells
            of.set_ticks([*(ticks - 0.5), ticks[-1] + 0.5], minor=True)
            of.set_tick_params(which="both", length=0)
    new.set(xlim=old.get_xlim(), ylim=old.get_ylim())
    new.grid(False)
    new.grid(True, which="minor" if cells else "major", linewidth=0.8 if cells else 0.5)
    if not old.axison:
        new.set_axis_off()
        for shape in old.patches:
            if isinstance(shape, Polygon) and not shape.get_fill():
                new.add_patch(Polygon(shape.get_xy(), fill=False, linewidth=shape.get_linewidth()))
    for word in old.texts:
        if word.get_text() in keep:
            (x, y), look = word.get_position(), {"ha": word.get_ha(), "va": word.get_va()}
            new.text(x, y, word.get_text(), size=word.get_size(), **look)


# ---------------------------------------------------------------- the two sides


def spread(count: int) -> list[int]:
    """In which order to keep things so that, however few are kept, they lie far apart.

    Examples
    --------
    >>> spread(5)
    [0, 4, 2, 1, 3]
    """
    order = [0, count - 1][:count]
    while len(order) < count:
        free = [k for k in range(count) if k not in order]
        order.append(max(free, key=lambda k: (min(abs(k - one) for one in order), -k)))
    return order


def worth(names: Iterable[str], first: Iterable[str] = ()) -> dict[str, int]:
    """The place of each in the order in which to keep them: those named first, then `spread`."""
    others = [name for name in names if name not in first]
    order = [*first, *(others[k] for k in spread(len(others)))]
    return {name: place for place, name in enumerate(order)}


def in_one(question: str) -> str:
    """A question in one paragraph, its code on lines of its own."""
    parts = question.split("\n\n")
    told = (f"<br>{rich(one)}<br>" if one.startswith("  ") else f"{rich(one)} " for one in parts)
    return "".join(told).strip()


def options(listed: Iterable[tuple[str, str]]) -> str:
    """Options to tick."""
    lines = (f"<li><b>{html.escape(key)}</b> {rich(text)}</li>" for key, text in listed)
    return f'<ul class="options">{"".join(lines)}</ul>'


def front(chapter: Chapter) -> str:
    """The first side: what the hour is for, predictions, axes."""
    asked = of_lesson(chapter.slug)
    about = declared().get(chapter.number, {})
    rank = worth(asked, about.get("first", ()))
    boxes = "".join(
        f'<section class="bet" data-rank="{rank[name]}"><p><b>{k}</b> {rich(one.question)}</p>'
        f'{options(one.lettered)}<p class="sure">How sure? <i></i> %</p></section>'
        for k, (name, one) in enumerate(asked.items(), start=1)
    )
    parts = [f'<header><h1 data-number="{chapter.number}">{html.escape(chapter.title)}</h1>']
    parts.append('<p class="name">Name <i></i></p></header>')
    parts.append(f'<div class="aims"><p><b>Afterwards you can</b></p>{chapter.aims}</div>')
    if asked:
        parts.append(
            "<h2>Before: commit yourself</h2><p class='how more'>Tick one of each, and say how "
            f"sure you are. The notebook prices it.</p><div class='bets'>{boxes}</div>"
        )
    if about:
        svg = empty_axes(chapter.slug, about)
        alt = html.escape(f"Empty axes. {about['draw']}")
        parts.append(f"<h2>Draw it before you see it</h2><p class='how'>{rich(about['draw'])}</p>")
        parts.append(f'<div class="axes" role="img" aria-label="{alt}">{svg}</div>')
    parts.append('<h2 class="notes">Notes</h2><div class="room home notes"></div>')
    return "".join(parts)


def back(chapter: Chapter) -> str:
    """The second side: the formulas, the exercises, lines for what to take home."""
    parts = []
    if about := declared().get(chapter.number):
        set_ = ""
        for one in about["formulas"]:
            name, _, formula = one.rpartition(" | ")
            named = f"<span>{html.escape(name)}</span>" if name else ""
            set_ += f"<div>{named}$${with_blank(formula)}$$</div>"
        parts.append(f'<h2>Fill in</h2><div class="formulas">{set_}</div>')
    parts.append('<h2>Exercises</h2><div class="tasks">')
    rank = worth(chapter.exercises)
    for k, name in enumerate(chapter.exercises, start=1):
        one = getattr(exercises_of(chapter.slug), name)
        listed = one.choices.items() if one.choices else ()
        room = "<i></i>" * ROOM[one.kind]
        parts.append(
            f'<section class="task" data-rank="{rank[name]}"><div class="ask">'
            f"<p><b>{k} · {html.escape(one.title)}</b> {in_one(one.question)}</p>"
            f"{code_of(one)}{reader.TRUTH if one.kind == 'truth' else ''}"
            f"{options(listed) if listed else ''}</div>"
            f'<div class="room">{room}</div></section>'
        )
    parts.append('</div><h2>To take home</h2><div class="room home"><i></i><i></i></div>')
    return "".join(parts)


def page(chapters: list[Chapter]) -> str:
    """The page of the handouts of these notebooks, two sides for each."""
    sides = []
    for chapter in chapters:
        foot = f"{_paper.COURSE} · {chapter.number} · {html.escape(chapter.title)}"
        for k, side in enumerate((front(chapter), back(chapter)), start=1):
            more = f'<p class="more check">Check them in notebook {chapter.number}.</p>' * (k == 2)
            sides.append(
                f'<article class="side">{side}{more}<footer>{foot} · {k} of 2</footer></article>'
            )
    side, end = (210 - WIDTH) / 2, (297 - HEIGHT) / 2
    style = (
        f"@page {{ size: A4; margin: {end:g}mm {side:g}mm; @bottom-center {{ content: none; }}"
        " @top-left { content: none; } }\n"
        f".side {{ width: {WIDTH}mm; height: {HEIGHT - 0.5:g}mm; }}\n"
    )
    return _paper.document(f"{_paper.COURSE}: handouts", "".join(sides), style, "handout")


def press(browser, chapters: list[Chapter], folder: Path, sizes: Iterable[str]) -> None:
    """Print the handouts: all at once, and cut.

    Raises
    ------
    ToolError
        If a handout does not fit its two pages.
    """
    from pypdf import PdfReader

    with (
        _paper.typeset(browser, page(chapters), "handouts", WIDTH) as opened,
        tempfile.TemporaryDirectory() as temporary,
    ):
        printed = Path(temporary) / "handouts.pdf"
        opened.pdf(path=printed, **PDF)
        whole = PdfReader(printed)
        if len(whole.pages) != 2 * len(chapters):
            raise ToolError(f"handouts: {len(chapters)} sheets came to {len(whole.pages)} pages")
        for k, chapter in enumerate(chapters):
            title = f"{chapter.number} · {chapter.title}: handout"
            targets = {size: folder / "handouts" / size / f"{chapter.name}.pdf" for size in sizes}
            _pdf.cut(whole, 2 * k, 2 * k + 2, title, targets)


# ---------------------------------------------------------------- the command


def print_all(names: list[str], folder: Path, sizes: list[str]) -> str:
    """Print handouts, readers and the cheat sheet; without names, the book too."""
    chapters = reader.read_chapters(names)
    with open_browser() as browser:
        for size in sizes:
            _paper.press(browser, cheatsheet.page(size), folder / f"cheatsheet-{size}.pdf")
        press(browser, chapters, folder, sizes)
        reader.press(browser, chapters, folder, sizes, bound=not names)
    more = "" if names else " and the book"
    return f"{len(chapters)} handouts, {len(chapters)} readers, the cheat sheet{more}: {folder}"


def main() -> int:
    """Parse the command line; print the handouts, the book and the cheat sheet."""
    size = {"choices": [*_pdf.SHEETS], "help": "of the paper (default: both)"}
    given = _command.parse(__doc__, "build/handouts", size=size)
    sizes = [given.size] if given.size else [*_pdf.SHEETS]
    return _command.told(lambda: print_all(given.names, given.to, sizes))


if __name__ == "__main__":
    sys.exit(main())

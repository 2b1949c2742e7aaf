"""The museum of notebook 11: a visit to its exhibits, one after the other."""

from __future__ import annotations

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import GOOD, LOSS, MODEL, REMARK, ink
from cecourse.picture import write

from .exhibits import EXHIBITS, Exhibit, catalogue, written

__all__ = ["EXHIBITS", "catalogue", "visit"]

OPEN = "not yet"
LONGEST = max(len(one.lines) for one in EXHIBITS)
ROWS = [0.74 - 0.085 * row for row in range(LONGEST)]  # where the lines of a program stand


def visit() -> Explorer:
    """Go from exhibit to exhibit: what was printed, which line is at fault, how is it mended?"""
    letters = [OPEN, *EXHIBITS[0].options]
    controls = {
        "exhibit": widgets.IntSlider(1, min=1, max=len(EXHIBITS), description="Exhibit"),
        "printed": widgets.Dropdown(options=letters, description="It printed"),
        "line": widgets.Dropdown(
            options=[OPEN, *map(str, range(1, LONGEST + 1))], description="The line at fault"
        ),
    }

    def update(artists, exhibit: int, printed: str, line: str) -> str:
        if artists["title"].get_text() not in ("", _title(exhibit)):  # who moves on, starts anew
            printed = line = OPEN
            controls["printed"].value = controls["line"].value = OPEN
        return _show(artists, exhibit, printed, line)

    return Explorer(
        controls,
        _draw,
        update,
        alt="A card of the museum: the title and the report's label, a short program with numbered "
        "lines, three numbers A, B and C that it may have printed; once found, the line at fault "
        "is marked and the mended one stands below.",
        size=(7.2, 4.1),
    )


def _title(exhibit: int) -> str:
    return f"{exhibit} · {EXHIBITS[exhibit - 1].title}"


def _draw(fig) -> dict:
    ax = fig.subplots()
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    mono = {"family": "monospace", "size": 9}
    return {
        "title": write(ax, (0, 0.95), "", "bold", LOSS, size=12.5),
        "label": write(ax, (0, 0.87), "", "", REMARK),
        "lines": [write(ax, (0, row), "", "", LOSS, **mono) for row in ROWS],
        "mended": write(ax, (0, 0.29), "", "", ink(GOOD), **mono),
        "options": [write(ax, (0, 0.19 - 0.085 * row), "", "", LOSS, **mono) for row in range(3)],
    }


def _show(artists, exhibit: int, printed: str, line: str) -> str:
    one = EXHIBITS[exhibit - 1]
    asked, found = printed != OPEN, line == str(one.fault)
    artists["title"].set_text(_title(exhibit))
    artists["label"].set_text(one.label)
    for row, text in enumerate(artists["lines"]):
        here = row < len(one.lines)
        text.set_text(f"{row + 1}  {one.lines[row]}" if here else "")
        text.set_color(ink(MODEL) if found and row + 1 == one.fault else LOSS)
    artists["mended"].set_text(f"{one.fault}  {one.cure}" if found else "")
    for text, (key, value) in zip(artists["options"], one.options.items(), strict=True):
        after = found and value == written(one.mended())
        words = "  was printed" * (asked and key == one.right) + "  with the line mended" * after
        text.set_text(f"{key}  {value}{words}")
        marked = ink(MODEL) if asked and key == one.right else ink(GOOD) if after else LOSS
        text.set_color(marked)
    return " ".join(filter(None, (_asked(one), _priced(one, printed), _blamed(one, line))))


def _asked(one: Exhibit) -> str:
    offered = ", ".join(f"{key} {value}" for key, value in one.options.items())
    return f"{one.label}. {one.story}: what was printed, {offered}?"


def _priced(one: Exhibit, printed: str) -> str:
    if printed == OPEN:
        return ""
    if printed == one.right:
        return f"Yes, the report says {one.printed}. Which line is at fault?"
    if one.options[printed] == written(one.mended()):
        return f"That would be right. The report says {one.printed}: which line is at fault?"
    return f"Nobody printed that. The report says {one.printed}: which line is at fault?"


def _blamed(one: Exhibit, line: str) -> str:
    if line == OPEN:
        return ""
    if line == str(one.fault):
        return (
            f"Yes, line {line}. Mended it reads {one.cure} and the program prints "
            f"{written(one.mended())}. {one.moral}"
        )
    if int(line) > len(one.lines):
        return f"There are {len(one.lines)} lines."
    return f"Line {line} does what it says. Look at another."

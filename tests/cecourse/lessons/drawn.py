"""What stands on a figure, for the tests that hold it to the mathematics."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text


def texts(where: Axes | Figure) -> list[str]:
    """All words on an axes or a figure that are not empty."""
    return [text.get_text() for text in where.findobj(Text) if text.get_text().strip()]


def written(where: Axes | Figure, words: str) -> Text:
    """The one piece of text that has these words, in one line or in two."""
    one_line = " ".join(words.split("\n"))
    (found,) = (t for t in where.findobj(Text) if one_line in t.get_text().replace("\n", " "))
    return found


def told(ax: Axes) -> tuple[str, str, str]:
    """The title of an axes, and the names of x and y."""
    return ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()


def line(ax: Axes, color: str) -> Line2D:
    """The one curve of this colour; points and lines that only mark a place do not count."""
    (found,) = (
        one
        for one in ax.lines
        if to_hex(one.get_color()) == to_hex(color) and len(one.get_xdata()) > 2
    )
    return found


def nearest(ax: Axes, text: Text) -> Line2D:
    """The curve that a label lies nearest to, on the page."""
    ax.figure.figure.draw_without_rendering()  # of a panel the whole
    box = text.get_window_extent()
    middle = np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])

    def distance(one: Line2D) -> float:
        points = ax.transData.transform(np.asarray(one.get_xydata(), dtype=float))
        points = points[np.isfinite(points).all(axis=1)]
        return np.hypot(*(points - middle).T).min() if len(points) else np.inf

    return min((one for one in ax.lines if len(one.get_xdata()) > 2), key=distance)

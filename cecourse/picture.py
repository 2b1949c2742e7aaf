"""One style for every picture, and the one way to show a picture: with its description.

Importing this module sets the style, so that what a learner draws matches the course.
"""

from __future__ import annotations

import base64
import html
import io
import os
from pathlib import Path
from typing import NamedTuple

import matplotlib.patheffects as effects
import matplotlib.style
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import ArrayLike
from PIL import Image

from .palette import CYCLE, DARK, EXTRA, LOSS, MODEL, MUTED, TRUTH, tint

matplotlib.style.use(Path(__file__).with_name("course.mplstyle"))
matplotlib.rcParams.update(
    {
        "axes.prop_cycle": cycler(color=CYCLE),
        "axes.edgecolor": MUTED,
        "axes.labelcolor": DARK,
        "grid.color": tint(MUTED),
        "xtick.color": MUTED,
        "xtick.labelcolor": DARK,
        "ytick.color": MUTED,
        "ytick.labelcolor": DARK,
    }
)

# Beside its colour each thing keeps its line style, so that a picture still reads in greyscale:
# the truth P is solid, the model Q dashed, the loss black and heavy.
TRUTH_LINE = {"color": TRUTH, "linestyle": "-", "linewidth": 2.4}
MODEL_LINE = {"color": MODEL, "linestyle": (0, (5, 2)), "linewidth": 2.4}
LOSS_LINE = {"color": LOSS, "linestyle": "-", "linewidth": 2.8}
TRUTH_FILL = {"facecolor": TRUTH, "edgecolor": TRUTH, "alpha": 0.85}
MODEL_FILL = {"facecolor": tint(MODEL), "edgecolor": MODEL, "hatch": "////"}
EXTRA_FILL = {"facecolor": tint(EXTRA), "edgecolor": EXTRA, "hatch": "...."}
HALO_WIDTH = 3  # points, half of them outside a letter
HALO_COLOUR = tint(LOSS, 0)  # white
HALO = [effects.withStroke(linewidth=HALO_WIDTH, foreground=HALO_COLOUR)]  # of words on lines
PLATE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.2}

PIXELS_PER_INCH = 90  # on the page; the file holds twice as many, for sharp screens


class Picture(NamedTuple):
    """A figure and what it shows, in a sentence or two, with the numbers that were drawn.

    What draws a picture writes the description too, over the same numbers: neither can go stale.
    """

    figure: Figure
    description: str


def new_figure(width: float = 7.2, height: float = 3.8) -> Figure:
    """Return an empty figure in the course's style, outside pyplot's global list.

    Parameters
    ----------
    width, height : float
        Size in inches; 7.2 inches fill the width of a notebook.
    """
    return Figure(figsize=(width, height), layout="constrained")


def headline(fig: Figure, message: str) -> None:
    """The message of a picture, where one axes' own title would not be wide enough."""
    fig.suptitle(message, x=0.01, ha="left", fontsize=12.5, fontweight="bold")


def write(
    ax: Axes, at: ArrayLike, text: str, how: str = "", color: str = LOSS, *, shift=None, **look
) -> Text:
    """Write words on a picture.

    Parameters
    ----------
    at : array_like, shape (2,)
        A point.
    how : str
        Which part of the words lies there: "left" (unless another is named), "center" or "right",
        and "top", "middle", "bottom" or (unless another is named) the baseline. Also "bold", and
        "halo": white around the letters, for words that lie on lines, or "plate": white behind
        them, which is lighter still where an explorer moves them.
    shift : (float, float), optional
        How far from the point that part lies, in points of type.
    look
        What else `matplotlib.text.Text` takes.
    """
    look = _look(how, color) | look
    if shift is None:
        return ax.text(*at, text, **look)
    return ax.annotate(text, at, shift, textcoords="offset points", **look)


def point(
    ax: Axes, at: ArrayLike, text: str, where: ArrayLike, how: str = "", color: str = "", **look
) -> Text:
    """Write words somewhere, and draw a line from them to what they are about.

    Parameters
    ----------
    at, where : array_like, shape (2,)
        What they are about, and where they stand.
    how, color, look
        As in `write`; with "head" the line ends in an arrow's. It has the colour of the words, if
        one is named.
    """
    line = {"arrowstyle": "-|>" if "head" in how else "-", "color": color or MUTED}
    line |= {"shrinkA": 1, "shrinkB": 5} | look.pop("line", {})
    look = _look(how.replace("head", ""), color or LOSS) | look
    return ax.annotate(text, at, where, arrowprops=line, **look)


def arrow(
    ax: Axes, start: ArrayLike, end: ArrayLike, color: str = LOSS, *, zorder: float = 3, **line
) -> None:
    """Draw an arrow; `line` is what `matplotlib.patches.FancyArrowPatch` takes."""
    style = {"arrowstyle": "-|>", "color": color} | line
    ax.annotate("", end, start, arrowprops=style, zorder=zorder)


def dot(ax: Axes, at: ArrayLike, color: str, marker="o", *, size=9.0, zorder=5.0, **look) -> None:
    """Draw a mark with a white edge; `at` is a point, or a row of x and one of y."""
    edge = {"markeredgecolor": "white", "zorder": zorder}
    ax.plot(*at, marker, color=color, markersize=size, **edge, **look)


def _look(how: str, color: str) -> dict:
    """Return what Matplotlib's text takes for the words that this course has for it."""
    words = {place: {"ha": place} for place in ("left", "center", "right")}
    words |= {"top": {"va": "top"}, "middle": {"va": "center"}, "bottom": {"va": "bottom"}}
    words |= {"bold": {"weight": "bold"}, "halo": {"path_effects": HALO}, "plate": {"bbox": PLATE}}
    look = {"color": color}
    for word in how.split():
        look |= words[word]
    return look


def png_bytes(fig: Figure, pixels_per_inch: float = PIXELS_PER_INCH) -> bytes:
    """Return the picture as PNG: twice the pixels shown, 256 colours, no date and no software tag.

    Two runs on one machine give the same bytes.
    """
    raw = io.BytesIO()
    fig.savefig(raw, format="png", dpi=2 * pixels_per_inch, metadata={"Software": None})
    small = io.BytesIO()
    picture = Image.open(raw).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    return small.getvalue()


def described(src: str, alt: str, width: int, more: str = "") -> str:
    """Return a picture as HTML: its description is its ``alt``, and is folded under it for all."""
    words = html.escape(alt)
    return (
        '<figure style="margin:0">'
        f'<img alt="{words}" width="{width}" style="max-width:100%;height:auto" {more}src="{src}">'
        "<figcaption><details><summary>Describe this picture</summary>"
        f"<p>{words}</p></details></figcaption></figure>"
    )


def data_url(encoded: str) -> str:
    """Return the address of a PNG that is not in a file."""
    return f"data:image/png;base64,{encoded}"


def picture_bundle(png: bytes, alt: str, width: int) -> tuple[dict, dict]:
    """Return (data, metadata) of a display that carries a picture and its description.

    JupyterLab gives the image of an ``image/png`` output no ``alt`` whatever its metadata say, and
    prefers ``text/html``. Other viewers show the PNG, and the plain text puts the description's
    numbers where a test of the notebook compares them. What a notebook stores would then hold each
    picture twice: with CEHELPERS_PICTURES=once in the environment, as where notebooks are built
    and compared, there is no HTML.
    """
    encoded = base64.b64encode(png).decode("ascii")
    data = {"text/plain": alt, "image/png": encoded}
    if os.environ.get("CEHELPERS_PICTURES") != "once":
        data["text/html"] = described(data_url(encoded), alt, width)
    return data, {"image/png": {"alt": alt, "width": width}}


def check_alt(alt: str) -> str:
    """Return the description as one line, or say what is missing."""
    if not isinstance(alt, str):
        raise TypeError(f"alt must be a sentence that describes the picture; got {alt!r}")
    words = " ".join(alt.split())
    if len(words) < 40:
        raise ValueError(
            "alt must say in a sentence or two what is to be seen, with the numbers; "
            f"got {len(words)} characters: {words!r}"
        )
    return words


def show(picture: Picture | Figure, *, alt: str | None = None) -> None:
    """Display a picture together with its description for readers who do not see it.

    Parameters
    ----------
    picture : Picture or matplotlib.figure.Figure
        What a lesson's function returns, or a figure of your own.
    alt : str
        For a figure of your own: one or two sentences that say what is to be seen, with the
        numbers. Line breaks and runs of blanks become single blanks.

    Raises
    ------
    TypeError
        If `picture` is neither, if `alt` is not a string (a picture without a description is an
        error), or if a `Picture`, which has its own, is given another.
    ValueError
        If the description has fewer than 40 characters.
    """
    from IPython.display import display

    if isinstance(picture, Picture):
        if alt is not None:
            raise TypeError("alt is for a figure of your own: this picture describes itself")
    elif isinstance(picture, Figure):
        picture = Picture(picture, alt)
    else:
        raise TypeError(
            f"picture must be a Picture or a matplotlib Figure; got {type(picture).__name__}"
        )
    words = check_alt(picture.description)
    width = round(picture.figure.get_size_inches()[0] * PIXELS_PER_INCH)
    data, metadata = picture_bundle(png_bytes(picture.figure), words, width)
    display(data, metadata=metadata, raw=True)

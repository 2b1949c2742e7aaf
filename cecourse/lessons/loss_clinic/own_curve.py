"""A loss curve of one's own: pasted or read from a CSV file, it gets a differential diagnosis."""

from __future__ import annotations

import base64
import html

import numpy as np
from numpy.typing import NDArray

from cecourse import widgets
from cecourse.exercise.display import box
from cecourse.picture import PIXELS_PER_INCH, Picture, data_url, described, new_figure, png_bytes

from .cases import shortly
from .curves import read_curve
from .differential import differential, told, whole
from .pictures import LINE, NEW_LINE, chart_paper

LARGEST = 5_000_000  # bytes of a file
_HOW = (
    "One loss a line, or step and loss, or step, loss and loss on new rows; parted by tab, "
    "semicolon or comma, with a header or without. A file that can be read takes the "
    "place of what stands in the field. Nothing leaves this machine."
)


def picture(losses: NDArray, new: NDArray | None = None, classes: int | None = None) -> Picture:
    """The chart of a curve of one's own; where K is given, with a line at ln K."""
    fig = new_figure(7.2, 3.0)
    ax = fig.subplots()
    chart_paper(ax)
    ax.plot(np.arange(len(losses)), losses, **LINE)
    finite = losses[np.isfinite(losses)]
    ends = [shortly(x, 3) for x in (finite[[0, -1]] if len(finite) else (np.nan, np.nan))]
    alt = f"Chart of a loss curve of {len(losses)} losses, from {ends[0]} to {ends[1]}"
    if len(finite):
        alt += f", lowest {shortly(finite.min(), 3)}, highest {shortly(finite.max(), 3)}"
    if len(finite) < len(losses):
        alt += f", {len(losses) - len(finite)} of them no finite number"
    if new is not None:
        ax.plot(np.linspace(0, len(losses) - 1, len(new) + 1)[1:], new, **NEW_LINE)
        alt += f"; on new rows, dashed, from {shortly(new[0], 3)} to {shortly(new[-1], 3)}"
    if classes:
        ax.axhline(np.log(classes), color=NEW_LINE["color"], linewidth=1, linestyle=":")
        alt += f"; a dotted line at ln {classes} = {shortly(np.log(classes), 3)}"
    ax.set_xlabel("losses, in order")
    ax.set_ylabel("reported loss")
    return Picture(fig, alt + ".")


class OwnCurve(widgets.VBox):
    """A field for losses, a button that reads a file into it, K, the batch, and *Diagnose*.

    Attributes
    ----------
    text : Textarea
    upload : FileUpload
    classes, batch : Text
        May stay empty.
    diagnose : Button
    said : str
        What *Diagnose* has said.
    """

    def __init__(self, text: str = ""):
        style = {"description_width": "170px"}
        wide = {"width": "min(100% - 4px, 560px)"}
        self.text = widgets.Textarea(
            text,
            description="Your losses",
            tooltip="Your losses: lines of a CSV file",
            rows=6,
            layout=wide,
            style=style,
        )
        self.upload = widgets.FileUpload(
            accept=".csv,.txt,.tsv,.log",
            description="Read a CSV file",
            tooltip="Read a CSV file into the field above",
            layout={"width": "auto"},
        )
        self.classes = widgets.Text(
            description="Classes K, if known",
            tooltip="Classes K, if known",
            layout=wide,
            style=style,
        )
        self.batch = widgets.Text(
            description="Rows of a batch", tooltip="Rows of a batch", layout=wide, style=style
        )
        self.diagnose = widgets.Button(description="Diagnose", tooltip="Diagnose this curve")
        self._chart, self._answer = widgets.HTML(), widgets.HTML().add_class("ce-said")
        self.said = ""
        super().__init__(
            [
                widgets.HTML(f"<p>{_HOW}</p>"),
                self.text,
                widgets.HBox([self.upload]),
                self.classes,
                self.batch,
                self.diagnose,
                self._answer,
                self._chart,
            ]
        )
        self.add_class("ce-form").add_class("ce-own")
        self.upload.observe(lambda change: self._read(change.new), names="value")
        self.diagnose.on_click(lambda _: self.look())

    def look(self) -> None:
        """Diagnose what is in the field; what cannot be read is said, and stays."""
        try:
            losses, new = read_curve(self.text.value)
            classes = _whole(self.classes.value, "Classes K", 2)
            batch = _whole(self.batch.value, "Rows of a batch", 1)
            fits = differential(losses, classes, batch, new=new)
        except ValueError as error:
            self._say(f"Not read. {error}", "untried")
            return
        self._say(told(fits), "hint" if fits else "untried")
        drawn = picture(losses, new, classes)
        encoded = base64.b64encode(png_bytes(drawn.figure)).decode()
        width = round(7.2 * PIXELS_PER_INCH)
        self._chart.value = described(data_url(encoded), drawn.description, width)

    def _read(self, files) -> None:
        """Put a file's text in place of what the field holds, unless it cannot be read."""
        if not files:
            return
        content, name = bytes(files[0]["content"]), files[0]["name"]
        if len(content) > LARGEST:
            self._say(f"Not read. {name} holds more than {LARGEST:,} bytes.", "untried")
            return
        try:
            losses = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            losses = content.decode("latin-1")
        try:
            read_curve(losses)
        except ValueError as error:
            self._say(f"Not read. {name}: {error}", "untried")
            return
        self.text.value = losses
        self.look()

    def _say(self, text: str, status: str) -> None:
        self.said = text
        self._answer.value = box(text, status)

    def _repr_mimebundle_(self, **kwargs):
        """The form; for a reader without a kernel what it would ask, and what it has said."""
        words = "\n\n".join(filter(None, [f"Your losses. {_HOW}", self.text.value, self.said]))
        still = f"<pre>{html.escape(words)}</pre>"
        return {"text/plain": words, "text/html": still} | self.live(), {}


def _whole(typed: str, name: str, least: int) -> int | None:
    """A whole number that was typed, `least` or more, or None for nothing."""
    if not typed.strip():
        return None
    try:
        number = int(typed.replace(",", "").replace(" ", ""))
    except ValueError:  # no number, or one of thousands of digits
        number = typed.strip()
    return whole(name, number, least)


def own_curve(text: str = "") -> OwnCurve:
    """A form for a loss curve of one's own; `text` stands in it already."""
    return OwnCurve(text)

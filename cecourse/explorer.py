"""The one engine behind every explorer: controls, a picture that answers at once, a caption.

An explorer is three plain things: a dictionary of controls (`cecourse.widgets`), ``draw(fig)``,
which draws the picture once and returns the artists that will move, and
``update(artists, **values)``, which moves them and returns the caption. Neither of the two knows
about controls, so a test calls both.

What makes it quick: the scenery (axes, grid, labels) is drawn once as one SVG image. A step draws
the moving artists alone, as a second, transparent SVG that lies above the first. Both are sharp
on any screen, and a step costs a few milliseconds however rich the scenery is.
"""

from __future__ import annotations

import html
import io
import math
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping

from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from . import palette, widgets
from .language import N_, _
from .picture import (
    HALO,
    HALO_COLOUR,
    HALO_WIDTH,
    PIXELS_PER_INCH,
    Picture,
    check_alt,
    new_figure,
    picture_bundle,
    png_bytes,
)

_POINTS_PER_INCH = 72  # the unit of an SVG; the figure is laid out in it
# What Matplotlib writes into an SVG and no eye sees: ids of groups, decimals beyond a hundredth of
# a point (of numbers from 10: the scale of a font has small ones), comments, line ends.
_UNSEEN = re.compile(r'(<g) id="[^"]*"|(\d\d\.\d\d)\d+|<!--.*?-->| ?\n *')


class Explorer(widgets.VBox):
    """Controls over a picture and its caption.

    Parameters
    ----------
    controls : mapping of str to Control
        Each has a ``value`` and a ``description``; its key names the argument of `update`.
    draw : callable
        ``draw(fig)`` draws on an empty figure (or subfigure) and returns a mapping of names to
        the artists that will move: an artist, or a sequence of artists (bars). An artist that
        stands still but must lie above a moving one belongs there too.
    update : callable
        ``update(artists, **values)`` moves the artists and returns the caption, plain text that
        holds the key numbers. When it changes the limits, ticks or title of an axes, the scenery
        is drawn again by itself.
    alt : str
        What the picture shows, for readers who do not see it. The caption is added to it.
    presets : mapping of str to mapping, optional
        Buttons: the label, and the values that it sets; the other controls go back to where they
        started, so that a button shows the same whatever was there before.
    actions : mapping of str to mapping, optional
        Buttons that set the values they name and nothing else: a move in a game.
    size : (float, float)
        Inches; 7.2 wide fills a notebook.

    Attributes
    ----------
    controls, artists, figure
        What was passed in and drawn; a test sets ``explorer.controls["p"].value = 0.9``.
    caption : str
        The sentence under the picture.
    """

    def __init__(
        self,
        controls: Mapping[str, widgets.Control],
        draw: Callable[[Figure], Mapping[str, Artist | Iterable[Artist]]],
        update: Callable[..., str],
        *,
        alt: str,
        presets: Mapping[str, Mapping] | None = None,
        actions: Mapping[str, Mapping] | None = None,
        size: tuple[float, float] = (7.2, 3.8),
    ):
        self.controls = dict(controls)
        self._draw, self._update = draw, update
        self._alt, self._size = check_alt(alt), size
        start = {name: c.value for name, c in self.controls.items()}
        presets = {N_("Reset"): {}} | dict(presets or {})
        self._presets = {label: start | dict(values) for label, values in presets.items()}
        self._presets |= {label: dict(values) for label, values in (actions or {}).items()}
        self._quiet = False
        _check_controls(self.controls, self._presets)

        self.figure, self.artists = self._drawn()
        self._scenery, self._moving = None, ""
        # both pictures in the one cell of a grid: the second lies above the first
        layer = {"grid_area": "1 / 1", "margin": "0"}
        self._background = widgets.HTML(layout=layer)
        self._foreground = widgets.HTML(layout=layer)
        self._foreground.add_class("ce-moving")
        super().__init__(
            [
                widgets.VBox([_styled(control) for control in self.controls.values()]),
                widgets.HBox(
                    [self._button(label) for label in self._presets],
                    layout={"flex_flow": "row wrap"},
                ),
                widgets.GridBox([self._background, self._foreground], layout={"width": "100%"}),
            ]
        )
        self.add_class("ce-explorer")
        for control in self.controls.values():
            control.observe(self._changed, names="value")
        self.refresh()

    @property
    def values(self) -> dict:
        """The value of each control."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **values) -> None:
        """Set several controls and move the picture once; a preset's button does this."""
        self._quiet = True
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._quiet = False
        self.refresh()

    def refresh(self) -> None:
        """Move the artists to the controls' values; an error is shown in the caption."""
        self._quiet = True  # a control that update itself sets is no further step
        try:
            caption = str(self._update(self.artists, **self.values))
            scenery = _scenery_of(self.figure)
            if scenery != self._scenery:
                self._background.value = self._svg([self.figure], 'aria-hidden="true"')
                self._scenery = scenery
            words = html.escape(f"{self._alt} {caption}")
            self._moving = self._svg(_flat(self.artists), f'role="img" aria-label="{words}"')
            role = "status"
        except Exception as error:
            caption = _("This setting failed with {kind}: {error}")
            caption = caption.format(kind=type(error).__name__, error=error)
            role = "alert"
        finally:
            self._quiet = False
        self.caption = caption
        # what moves and the caption in one message: each message costs the browser time
        self._foreground.value = (
            f'{self._moving}<p class="ce-caption" role="{role}">{html.escape(caption)}</p>'
        )

    def strip(self, panels: Mapping[str, Mapping], *, columns: int = 3, height=3.0) -> Picture:
        """Return one still picture with a panel for each setting, drawn by the same functions.

        Its description is made of the captions, and of what the panels' titles say beside them.

        Parameters
        ----------
        panels : mapping of str to mapping
            A title for each panel, and the values that differ from the starting ones.
        columns : int
            Panels in a row: 3, or 1 when the picture has several axes side by side.
        height : float
            Inches of a row.
        """
        rows = -(-len(panels) // columns)
        fig = new_figure(9.0 if columns > 1 else self._size[0], height * rows)
        places = fig.subfigures(rows, columns, squeeze=False).flat
        told = [self._alt]
        for place, (title, setting) in zip(places, panels.items(), strict=False):
            artists = self._draw(place)
            caption = self._update(artists, **(self._presets["Reset"] | dict(setting)))
            told.append(": ".join(filter(None, (_unsaid(title, caption), caption))))
            for artist in _flat(artists):
                artist.set_in_layout(False)  # a label that sticks out must not shrink one panel
            for ax in place.axes:
                ax.set_title("", loc="left")  # the panel's own title says what differs
                ax.set_xlabel(textwrap.fill(ax.get_xlabel(), 34 if columns > 1 else 80))
            place.suptitle(title, fontsize=11, fontweight="bold")
        return Picture(fig, " ".join(told))

    def _drawn(self) -> tuple[Figure, dict]:
        fig = Figure(figsize=self._size, dpi=_POINTS_PER_INCH, layout="constrained")
        artists = dict(self._draw(fig))
        self._update(artists, **self.values)  # labels take their room before the layout is fixed
        fig.draw_without_rendering()
        fig.set_layout_engine("none")
        for artist in _flat(artists):
            artist.set_animated(True)  # left out when the scenery is drawn
        return fig, artists

    def _svg(self, artists: Iterable[Artist], attributes: str) -> str:
        """Draw artists alone, as an SVG element of the figure's size with nothing behind them."""
        page = io.StringIO()
        width, height = (inches * _POINTS_PER_INCH for inches in self._size)
        renderer = RendererSVG(width, height, page, image_dpi=2 * _POINTS_PER_INCH)
        for artist in sorted(artists, key=Artist.get_zorder):
            if artist.get_path_effects() is HALO:
                _draw_with_halo(artist, renderer)
            else:
                artist.draw(renderer)
        renderer.finalize()
        # its head holds a date, and a style that would reach every other SVG of the page
        content = page.getvalue().partition("</style>")[2].partition("</defs>")[2]
        content = _UNSEEN.sub(r"\1\2", content)
        return (
            f'<svg {attributes} viewBox="0 0 {width:g} {height:g}" '
            f'width="{self._size[0] * PIXELS_PER_INCH:g}" style="max-width:100%;height:auto;'
            f'display:block;fill:{palette.LOSS};stroke-linejoin:round;stroke-linecap:butt" '
            f'xmlns:xlink="http://www.w3.org/1999/xlink">{content}'
        )

    def _button(self, label: str) -> widgets.Button:
        button = widgets.Button(description=_(label), layout={"width": "auto"})
        button.on_click(lambda pressed: self.set(**self._presets[label]))
        return button

    def _changed(self, _change) -> None:
        if not self._quiet:
            self.refresh()

    @property
    def picture(self) -> Picture:
        """The still picture of this setting, and its words."""
        return Picture(self.figure, f"{self._alt} {self.caption}")

    def _repr_mimebundle_(self, **kwargs):
        """The live view, and beside it what a reader without a kernel sees: a still and its words.

        The caption as plain text is also what a test of the notebook compares.
        """
        data, metadata = picture_bundle(
            png_bytes(self.figure),
            self.picture.description,
            round(self._size[0] * PIXELS_PER_INCH),
        )
        data["text/plain"] = self.caption
        return data | self.live(), metadata


def _draw_with_halo(words: Text, renderer: RendererSVG) -> None:
    """Draw words twice, first with a wide outline: Matplotlib writes each letter's shape anew."""
    words.set_path_effects(None)
    try:
        # a letter is drawn in units of which 6,400 are the size of its type
        width = HALO_WIDTH * 6400 / words.get_fontsize()
        look = f"stroke:{HALO_COLOUR};stroke-width:{width:.0f}"
        renderer.writer.start("g", style=look)
        words.draw(renderer)
        renderer.writer.end("g")
        words.draw(renderer)
    finally:
        words.set_path_effects(HALO)


def _flat(artists: Mapping[str, Artist | Iterable[Artist]]) -> list[Artist]:
    """Every artist, those inside bars and other sequences too."""
    found = []
    for value in artists.values():
        found.extend([value] if isinstance(value, Artist) else value)
    return found


def _unsaid(title: str, caption: str) -> str:
    """The parts of a panel's title of which its caption does not hold every word and number."""
    said = _words(caption)
    parts = re.split(r"[,:]\s+", " ".join(title.split()))
    return ", ".join(part for part in parts if not _words(part) <= said)


def _words(text: str) -> set[str | float]:
    """Words and numbers, so that 0.10 is .1."""
    found = (word.rstrip(".").replace("−", "-") for word in re.findall(r"[−\w.-]+", text.lower()))
    return {float(word) if re.fullmatch(r"-?\d*\.?\d+", word) else word for word in found}


def _scenery_of(fig: Figure) -> list:
    """What of the scenery an update may change: when this differs, it is drawn again."""
    return [
        (
            ax.viewLim.bounds,
            ax.get_title(loc="left"),
            ax.get_xlabel(),
            ax.get_ylabel(),
            *(tuple(getattr(a.get_major_locator(), "locs", ())) for a in (ax.xaxis, ax.yaxis)),
            *(tuple(getattr(a.get_major_formatter(), "seq", ())) for a in (ax.xaxis, ax.yaxis)),
        )
        for ax in fig.axes
    ]


def _styled(control: widgets.Control) -> widgets.Control:
    control.layout.width = control.layout.width or "min(100%, 560px)"
    control.style.description_width = "170px"
    control.tooltip = control.tooltip or control.description
    return control


def _check_controls(controls: Mapping, presets: Mapping) -> None:
    for name, control in controls.items():
        if not getattr(control, "description", ""):
            raise ValueError(f"controls[{name!r}] needs a description: screen readers say it")
    for label, values in presets.items():
        unknown = set(values) - set(controls)
        if unknown:
            raise ValueError(f"presets[{label!r}] names no control: {sorted(unknown)}")
        for name, value in values.items():
            slider = controls[name]
            if isinstance(slider, widgets.IntSlider):  # each slider of numbers is one
                place = value
                if isinstance(slider, widgets.FloatLogSlider):  # its ends are exponents
                    place = round(math.log(value, slider.base), 9)
                if not slider.min <= place <= slider.max:
                    raise ValueError(
                        f"presets[{label!r}] sets {name!r} to {value}, which is outside its "
                        f"slider's range {slider.min} to {slider.max}"
                    )
                steps = (place - slider.min) / slider.step
                if abs(steps - round(steps)) > 1e-6:  # the browser would round it, silently
                    raise ValueError(
                        f"presets[{label!r}] sets {name!r} to {value}, which is no multiple of its "
                        f"slider's step {slider.step} from {slider.min}"
                    )

"""Widgets as data: what a reader may set and what is said to them, not how it is shown.

The names and fields are those of ipywidgets, because a contributor knows them: ``FloatSlider(0.5,
min=0, max=1, description="p")``. A control has a value and tells those who `observe` it. Two faces
show a tree of them: `cecourse.jupyter` with ipywidgets, `cecourse.page` as HTML in the book.
"""

from __future__ import annotations

import math
import numbers
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

WORDS = {"description": "", "tooltip": None, "disabled": False}
VIEW = "application/vnd.jupyter.widget-view+json"


class Change(NamedTuple):
    """What an observer is told: which field of which control, and its values."""

    owner: Control
    name: str
    old: Any
    new: Any


class Bag(dict):
    """Looks of a control, such as `layout.width`: what is not set is None."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


class Control:
    """What every widget has: fields, which may be observed, and looks.

    Attributes
    ----------
    kind : str
        The name of the class that a face shows it as: that of ipywidgets.
    """

    kind = ""
    places = ("value",)  # which fields are given by position
    also: tuple[str, ...] = ()  # what else may be given, for `_begin`
    fields: Mapping[str, Any] = MappingProxyType({})

    def __init_subclass__(cls, own: Mapping[str, Any] | None = None):
        super().__init_subclass__()
        if own is not None:  # a kind of its own; others are trees made of such
            cls.kind, cls.fields = cls.__name__, MappingProxyType({**own})

    def __init__(self, *args, **given):
        if len(args) > len(self.places):
            named = ", ".join(self.places)
            raise TypeError(f"{type(self).__name__} takes {named} by position; got {len(args)}")
        given |= dict(zip(self.places, args, strict=False))
        self.__dict__ |= {"observers": [], "css_classes": []}
        self.__dict__ |= {"layout": Bag(given.pop("layout", {})), "style": Bag()}
        self.style.update(given.pop("style", {}))
        if unknown := sorted(set(given) - {*self.fields, *self.also}):
            raise TypeError(f"{type(self).__name__} has no {', '.join(unknown)}")
        self.__dict__ |= self.fields
        self._begin(given)

    def _begin(self, given: dict[str, Any]) -> None:
        for name, value in given.items():
            if name != "value":
                self.__dict__[name] = self._checked(name, value)
        if "value" in self.fields:
            value = given.get("value", self.__dict__["value"])
            self.__dict__["value"] = self._checked("value", value)

    def _checked(self, name: str, value: Any) -> Any:
        """The value that a field takes when it is set so."""
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.fields:
            object.__setattr__(self, name, value)
            return
        value, old = self._checked(name, value), self.__dict__[name]
        self.__dict__[name] = value
        if not alike(old, value):
            self._tell(Change(self, name, old, value))

    def _tell(self, change: Change) -> None:
        for handler, names in list(self.observers):
            if change.name in names:
                handler(change)

    def observe(self, handler: Callable[[Change], Any], names: str | Sequence[str] = "value"):
        """Call ``handler(change)`` whenever one of these fields has changed."""
        self.observers.append((handler, (names,) if isinstance(names, str) else tuple(names)))

    def add_class(self, name: str) -> Control:
        """Give it a class of the style sheet, and return it."""
        self.css_classes.append(name)
        return self

    def walk(self) -> Iterator[Control]:
        """This control and all below it."""
        yield self
        for child in getattr(self, "children", ()):
            yield from child.walk()

    def live(self) -> dict[str, Any]:
        """The part of a display's data that shows it with ipywidgets; none where there are none."""
        try:
            from . import jupyter
        except ImportError:
            return {}
        return {VIEW: jupyter.view_of(self)}

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": repr(self)} | self.live()


def alike(old: Any, new: Any) -> bool:
    """Whether a field that was set to another value is as it was; True is not 1."""
    return old is new or (type(old) is type(new) and old == new)


# ------------------------------------------------------------------ boxes and words


class VBox(Control, own={"children": ()}):
    """Controls below each other."""

    places = ("children",)

    def _checked(self, name: str, value: Any) -> Any:
        return tuple(value)


class HBox(VBox, own={"children": ()}):
    """Controls side by side."""


class GridBox(VBox, own={"children": ()}):
    """Controls in the cells of a grid, above each other where they name the same."""


class HTML(Control, own={"value": ""}):
    """Words and pictures, as HTML."""


class Output(Control, own={"outputs": ()}):
    """What a cell would show: displays, each a dict with "data" by type."""


# ------------------------------------------------------------------ buttons and fields


class Button(Control, own=WORDS | {"button_style": ""}):
    """A button."""

    def _begin(self, given):
        self.__dict__["pressed"] = []
        super()._begin(given)

    def on_click(self, act: Callable[[Button], Any]) -> None:
        """Call ``act(button)`` at each click."""
        self.pressed.append(act)

    def click(self) -> None:
        """Press it."""
        for act in list(self.pressed):
            act(self)


class Checkbox(Control, own=WORDS | {"value": False, "indent": True}):
    """A box to tick."""


class ToggleButton(Control, own=WORDS | {"value": False}):
    """A button that stays pressed."""


class Text(Control, own=WORDS | {"value": "", "placeholder": "", "continuous_update": True}):
    """A field of one line."""


class Textarea(Control, own=Text.fields | {"rows": None}):
    """A field of several lines."""


class FileUpload(Control, own=WORDS | {"value": (), "accept": ""}):
    """A button that reads a file: its value is a list of dicts with "name" and "content"."""


# ------------------------------------------------------------------ sliders


INTEGER = {"value": 0, "min": 0, "max": 100, "step": 1, "readout": True, "readout_format": "d"}
FLOAT = {"value": 0.0, "min": 0.0, "max": 10.0, "step": 0.1, "readout_format": ".2f"}
LOG = {"value": 1.0, "base": 10.0, "max": 4.0, "readout_format": ".3g"}


class IntSlider(Control, own=WORDS | INTEGER | {"continuous_update": True}):
    """A whole number between `min` and `max`."""

    places = ("value", "min", "max", "step")
    number: type = int

    def _begin(self, given):
        super()._begin(given)
        if not self.min <= self.max:
            ends = f"{self.min} and {self.max}"
            raise ValueError(f"min of {self.description!r} must be at most max; got {ends}")

    def _checked(self, name: str, value: Any) -> Any:
        if name not in ("value", "min", "max", "step"):
            return value
        if not isinstance(value, numbers.Real):
            raise TypeError(f"{name} of {self.description!r} must be a number; got {value!r}")
        if not math.isfinite(value):
            raise ValueError(f"{name} of {self.description!r} must be finite; got {value!r}")
        return self._within(self.number(value)) if name == "value" else self.number(value)

    def _within(self, value):
        return min(max(value, self.min), self.max)


class FloatSlider(IntSlider, own=IntSlider.fields | FLOAT):
    """A number between `min` and `max`."""

    number = float


class FloatLogSlider(FloatSlider, own=FloatSlider.fields | LOG):
    """A number between base^min and base^max; a step is one of the exponent."""

    places = ("value", "base", "min", "max", "step")

    def _within(self, value):
        return min(max(value, self.base**self.min), self.base**self.max)


# ------------------------------------------------------------------ one of several


class Dropdown(Control, own=WORDS | {"options": (), "value": None}):
    """One of several options, each a value or (label, value); at first none if `index` is None."""

    places = ("options", "value")
    also = ("index",)

    def _begin(self, given):
        self.__dict__["options"] = tuple(given.pop("options", ()))
        self.__dict__["description"] = given.get("description", "")  # for what `_at` says
        index = given.pop("index", 0 if self.options else None)
        if index is not None:
            given.setdefault("value", self._at(index))
        super()._begin(given)

    @property
    def pairs(self) -> list[tuple[str, Any]]:
        """(label, value) of each option."""
        return [one if _is_pair(one) else (str(one), one) for one in self.options]

    def _at(self, index: int) -> Any:
        if index not in range(len(self.options)):
            raise ValueError(
                f"index of {self.description!r} must be below {len(self.options)}; got {index!r}"
            )
        return self.pairs[index][1]

    @property
    def index(self) -> int | None:
        """The place of the value among the options; None where there is none."""
        return next((i for i, (_, one) in enumerate(self.pairs) if alike(one, self.value)), None)

    @index.setter
    def index(self, index: int | None) -> None:
        self.value = None if index is None else self._at(index)

    def offer(self, options: Sequence, index: int | None = 0) -> None:
        """Take other options, and choose one of them or none."""
        old, self.__dict__["value"] = self.value, None
        self.options = options
        self.__dict__["value"] = None if index is None else self._at(index)
        if not alike(old, self.value):
            self._tell(Change(self, "value", old, self.value))

    def _checked(self, name: str, value: Any) -> Any:
        if name == "options":
            return tuple(value)
        if name == "value" and value is not None:
            for same in (alike, operator.eq):  # 1.0 stands for 1 where there is no 1.0
                for _, one in self.pairs:
                    if same(one, value):
                        return one
            raise ValueError(f"value of {self.description!r} must be an option; got {value!r}")
        return value


class RadioButtons(Dropdown, own=Dropdown.fields):
    """One of several options that are all to be seen."""


class ToggleButtons(Dropdown, own=Dropdown.fields):
    """One of several buttons."""


class SelectionSlider(Dropdown, own=Dropdown.fields | {"readout": True, "continuous_update": True}):
    """One of several options in their order, on a slider."""


def _is_pair(option: Any) -> bool:
    return isinstance(option, tuple) and len(option) == 2 and isinstance(option[0], str)

"""Widgets as HTML for a page of the book: labels, names and readouts are those of the widgets.

It is written when the site is built, so that a page shows its controls before any Python runs, and
by `cecourse.page` in the page's worker, with the same result.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from .palette import night
from .widgets import Control, Dropdown, FileUpload, FloatLogSlider, IntSlider, VBox, alike

_dark = cache(night)


def html_of(control: Control, root_id: str, path: str = "0") -> str:
    """A control and all below it as HTML; its element has ``data-ce``, the path to it.

    Parameters
    ----------
    control : Control
    root_id : str
        The name of the tree on its page; radio buttons are grouped by it.
    path : str
        The places of the children that lead to it, from "0", the root: "0.1.2".
    """
    _name_controls(control)
    own = [*control.css_classes]
    if isinstance(control, VBox):
        kind = {"GridBox": "grid"}.get(control.kind, control.kind.lower())
        inner = "".join(
            html_of(child, root_id, f"{path}.{i}") for i, child in enumerate(control.children)
        )
        return _tag("div", {"class": [f"ce-{kind}", *own], "data-ce": path}, inner)
    if control.kind in ("HTML", "Output"):
        role = "status" if "ce-said" in own else None
        told = {"class": ["ce-html", *own], "data-ce": path, "role": role}
        return _tag("div", told, inner_of(control))
    common = {"data-ce": path, "data-name": getattr(control, "name", None)}
    words = {"title": control.tooltip, "disabled": bool(control.disabled)}
    if control.kind in ("Button", "ToggleButton"):
        style = control.button_style if control.kind == "Button" else ""
        pressed = str(control.value).lower() if control.kind == "ToggleButton" else None
        own = ["ce-button", *([f"ce-{style}"] if style else []), *own]
        told = common | {"type": "button", "class": own, "aria-pressed": pressed} | words
        told |= {"data-sets": getattr(control, "sets", None)}
        return _tag("button", told, html.escape(control.description))
    said = control.tooltip or control.description
    label = _tag("span", {"class": ["ce-label"]}, html.escape(control.description))
    if control.kind in ("RadioButtons", "ToggleButtons"):
        own = ["ce-control", "ce-buttons" if control.kind == "ToggleButtons" else "ce-radios", *own]
        told = {"role": "radiogroup", "aria-label": said, "disabled": words["disabled"]}
        inner = (label if control.description else "") + _radios(control, f"{root_id}-{path}")
        return _tag("fieldset", common | {"class": own} | told, inner)
    own = ["ce-control", f"ce-{control.kind.lower()}", *own]
    if _slides(control):
        own.insert(1, "ce-slider")
    field = _field(control, words | {"aria-label": said})
    parts = [field, label] if control.kind == "Checkbox" else [label, field]
    return _tag("label", common | {"class": own}, "".join(parts))


def _name_controls(explorer: Control) -> None:
    """Let a page know an explorer's controls by name, and what its buttons set them to."""
    controls = getattr(explorer, "controls", {})
    for name, one in controls.items():
        one.name = name  # a deep link calls it so
    presets = getattr(explorer, "_presets", {})
    for one in explorer.walk() if presets else ():
        if one.kind == "Button" and one.description in presets:
            values = presets[one.description].items()
            one.sets = json.dumps({name: _sent(controls[name], value) for name, value in values})


def themed(page: str) -> str:
    """Give each colour of a style, a fill or a stroke its twin for a dark page: light-dark(…)."""
    return re.sub(r'\b(?:style|fill|stroke)="[^"]*#[^"]*"', lambda look: _in_both(look[0]), page)


def _in_both(style: str) -> str:
    pairs = r"(?<=[:\s\"])#[0-9a-fA-F]{6}\b"
    return re.sub(pairs, lambda found: f"light-dark({found[0]}, {_dark(found[0])})", style)


def inner_of(control: Control) -> str:
    """What an element of words holds, its links leading to pages of the book."""
    page = control.value if control.kind == "HTML" else "".join(map(_shown_in, control.outputs))
    return themed(re.sub(r'(href="\d\d_\w+)\.ipynb(?=["#])', r"\1.html", page))


def _shown_in(output: Mapping) -> str:
    data = output["data"]
    return data.get("text/html") or f"<pre>{html.escape(data.get('text/plain', ''))}</pre>"


def _slides(control: Control) -> bool:
    return isinstance(control, IntSlider) or control.kind == "SelectionSlider"


def _field(control: Control, told: dict[str, Any]) -> str:
    """The element that a reader types into, drags, ticks or chooses from."""
    value = page_value(control)
    if _slides(control):
        readout = readout_of(control)["readout"]
        more = {"value": value, "aria-valuetext": readout}
        shown = _tag("output", {}, html.escape(readout)) if control.readout else ""
        return _tag("input", {"type": "range", **_range(control), **more, **told}) + shown
    if control.kind == "Dropdown":
        options = [(i, text) for i, (text, _) in enumerate(control.pairs)]
        if value is None:
            options.insert(0, ("", ""))
        chosen = "" if value is None else value
        listed = (
            _tag("option", {"value": i, "selected": i == chosen}, html.escape(text))
            for i, text in options
        )
        return _tag("select", told, "".join(listed))
    if control.kind == "Checkbox":
        return _tag("input", {"type": "checkbox", "checked": bool(value)} | told)
    if control.kind == "FileUpload":
        return _tag("input", {"type": "file", "accept": control.accept} | told)
    late = not control.continuous_update  # it is sent when it is left, not at each letter
    told |= {"placeholder": control.placeholder or None, "data-late": late}
    if control.kind == "Textarea":
        # a browser drops the first line break
        return _tag("textarea", told | {"rows": control.rows}, "\n" + html.escape(value))
    return _tag("input", {"type": "text", "value": value} | told)


def _range(control: Control) -> dict[str, Any]:
    """The ends of a slider, and what its script writes the readout with."""
    if isinstance(control, Dropdown):
        labels = json.dumps([text for text, _ in control.pairs], ensure_ascii=False)
        return {"min": 0, "max": len(control.pairs) - 1, "step": 1, "data-labels": labels}
    ends = {name: getattr(control, name) for name in ("min", "max", "step")}
    base = {"data-base": control.base} if isinstance(control, FloatLogSlider) else {}
    return ends | base | {"data-format": control.readout_format}


def readout_of(control: Control) -> dict[str, str]:
    """What stands beside a slider, as "readout"; nothing of any other control."""
    if not _slides(control):
        return {}
    if isinstance(control, Dropdown):
        return {"readout": control.pairs[control.index][0]}
    return {"readout": format(control.value, control.readout_format)}


def _radios(control: Dropdown, group: str) -> str:
    kind = {"type": "radio", "name": group}
    parts = []
    for i, (text, _) in enumerate(control.pairs):
        button = _tag("input", kind | {"value": i, "checked": i == control.index})
        parts.append(_tag("label", {}, button + _tag("span", {}, html.escape(text))))
    return "".join(parts)


def _tag(name: str, attributes: Mapping[str, Any], inner: str = "") -> str:
    """An element; attributes that are None or False are left out, True stands without a value."""
    told = ""
    for key, value in attributes.items():
        if value is None or value is False or value == []:
            continue
        text = " ".join(value) if isinstance(value, list) else str(value)
        told += f" {key}" if value is True else f' {key}="{html.escape(text)}"'
    return f"<{name}{told}>" + ("" if name == "input" else f"{inner}</{name}>")


def page_value(control: Control) -> Any:
    """The value of a control as a page sends and shows it; None where it has none.

    A number for a slider (of a logarithmic one the exponent), an index for a selection.
    """
    return (
        None if isinstance(control, FileUpload) else _sent(control, getattr(control, "value", None))
    )


def _sent(control: Control, value: Any) -> Any:
    """A value of a control as a page sends it."""
    if isinstance(control, Dropdown):
        return next((i for i, (_, one) in enumerate(control.pairs) if alike(one, value)), None)
    if isinstance(control, FloatLogSlider):
        return round(math.log(value, control.base), 12)
    return value

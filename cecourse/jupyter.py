"""The face of widgets in Jupyter: ipywidgets, linked both ways.

Here is also what ipywidgets leaves out for the keyboard and for those who hear a page: a style
sheet, empty or not, is loaded when all the controls are on the page, and mends them then.
"""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from .palette import TRUTH
from .widgets import VIEW, Button, Change, Control, Dropdown

# Options and items that wrap, and text as large as a notebook's.
_LOOKS = """<style>
.ce-form {padding: 0.3em 0.2em 0.6em 0;}
.ce-form .widget-html-content, .ce-form .widget-radio-box label {
  font-size: var(--jp-content-font-size1, 14px); line-height: 1.5;
  font-family: var(--jp-content-font-family, inherit);
  color: var(--jp-content-font-color1, inherit);}
.ce-form .widget-html-content {white-space: normal;}
.ce-form .widget-radio {width: auto; max-width: 60em;}
.ce-form .widget-radio-box {height: auto; max-height: none; width: 100%;}
.ce-form .widget-radio-box label {
  height: auto; white-space: normal; display: flex; align-items: baseline; gap: 0.6em;
  flex-direction: row-reverse; justify-content: flex-end;
  padding: 0.25em 0.4em; border-radius: 3px; width: auto; overflow: visible; cursor: pointer;}
.ce-form .widget-radio-box label:hover {background: var(--jp-layout-color2);}
.ce-form .widget-radio-box label:focus-within, .ce-form button:focus-visible {
  outline: 2px solid TRUTH; outline-offset: 1px;}
.ce-form .widget-radio-box input {
  margin: 0.14em 0 0 !important; align-self: flex-start; flex: none;}
.ce-form .ce-code textarea {
  font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 13px);}
.ce-form pre {margin: 0.4em 1em;}
.ce-checklist .widget-checkbox, .ce-checklist .widget-checkbox label {
  height: auto; white-space: normal; overflow: visible; line-height: 1.4;}
.ce-checklist .widget-checkbox label {display: flex; align-items: baseline; padding: 0.3em 0;}
.ce-checklist .widget-checkbox input {flex: none;}
.ce-own .widget-inline-hbox {flex-wrap: wrap; height: auto;}
.ce-own .widget-inline-hbox .widget-label {text-align: left;}
.ce-own .widget-inline-hbox :is(input, textarea) {flex: 1 1 200px;}
</style>""".replace("TRUTH", TRUTH)
# Names for the handles of sliders; radio buttons are one stop of the Tab key; what is said is said.
# JupyterLab would take keys for itself, and a field's message at Enter may overtake what was typed.
_MEND = """<style onload="
const all = this.closest('.ce-living');
for (const handle of all.querySelectorAll('.noUi-handle'))
  handle.ariaLabel = handle.closest('.widget-slider').querySelector('label').title;
for (const said of all.querySelectorAll('.ce-said')) said.role = 'status';
for (const box of all.querySelectorAll('.widget-radio-box')) {
  box.role = 'radiogroup';
  box.ariaLabel = box.previousSibling.title;
  for (const button of box.querySelectorAll('input')) button.name = box.ariaLabel;
}
for (const form of document.querySelectorAll('.ce-form'))
  for (const control of form.querySelectorAll('input, select, button, textarea'))
    control.dataset.lmSuppressShortcuts = true;
for (const field of document.querySelectorAll('.ce-enter .widget-text input'))
  field.onkeydown = event => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    field.dispatchEvent(new Event('change', {bubbles: true}));
    field.closest('.ce-enter').querySelector('button').click();
  };
"></style>"""


def view_of(control: Control) -> dict[str, Any]:
    """What a display says of a control so that Jupyter shows its twin."""
    data = _root(control)._repr_mimebundle_()
    return (data[0] if isinstance(data, tuple) else data)[VIEW]


def _root(control: Control) -> widgets.Widget:
    """The twin of a tree, and behind it what mends it once it is on the page."""
    twin = twin_of(control)
    if isinstance(twin, widgets.Box) and not hasattr(control, "mended"):
        control.mended = widgets.HTML(_LOOKS + _MEND, layout={"display": "none"})
        twin.add_class("ce-living")
        twin.children += (control.mended,)
    return twin


def twin_of(control: Control) -> widgets.Widget:
    """The one widget that shows a control, with those below it: each follows the other."""
    if not hasattr(control, "twin"):
        control.twin = _made(control)
        _link(control, control.twin)
    return control.twin


def _made(control: Control) -> widgets.Widget:
    given = {name: getattr(control, name) for name in control.fields}
    if isinstance(control, Dropdown):
        given["index"] = control.index
        del given["value"]
    given = {name: value for name, value in given.items() if value is not None or name == "index"}
    if "children" in given:
        given["children"] = [twin_of(child) for child in control.children]
    looks = {"layout": dict(control.layout), "style": dict(control.style)}
    given |= {name: look for name, look in looks.items() if look}
    twin = getattr(widgets, control.kind)(**given)
    for name in control.css_classes:
        twin.add_class(name)
    return twin


def _link(control: Control, twin: widgets.Widget) -> None:
    """Let each follow the other."""
    name = "index" if isinstance(control, Dropdown) else "value"
    pushing = []  # while it is told something, a widget may say more than is meant

    def push(change: Change) -> None:
        pushing.append(change)
        try:
            if change.name == "children":
                mended = getattr(control, "mended", None)
                twin.children = [*map(twin_of, change.new), *([mended] if mended else [])]
            elif change.name == "value":
                setattr(twin, name, getattr(control, name))
            else:
                setattr(twin, change.name, change.new)
                if change.name == "options":
                    twin.index = control.index
        finally:
            pushing.pop()

    def pull(change) -> None:
        if not pushing:
            setattr(control, name, change.new)

    control.observe(push, names=tuple(control.fields))
    if isinstance(control, Button):
        twin.on_click(lambda _: control.click())
    elif hasattr(control, "value") and hasattr(twin, name):
        twin.observe(pull, names=name)

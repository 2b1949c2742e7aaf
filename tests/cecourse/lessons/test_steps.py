"""A step of an explorer is one message, small enough to follow a finger on a slow line."""

import importlib
import pkgutil

import ipywidgets as widgets
import pytest

from cecourse import lessons
from cecourse.explorer import Explorer

MOST = 60_000  # bytes of what moves and its caption
LARGER = {"dictionary": 90_000}  # lines of code, drawn letter by letter


def explorers():
    """Every function of a lesson's `explorers` that makes one, by its name."""
    for lesson in pkgutil.iter_modules(lessons.__path__):
        module = importlib.import_module(f"cecourse.lessons.{lesson.name}.explorers")
        for name, part in vars(module).items():
            if getattr(part, "__annotations__", {}).get("return") in ("Explorer", Explorer):
                yield pytest.param(name, part, id=name)


def places(control):
    """Both ends of a slider, the first and the last option of a choice."""
    if isinstance(control, widgets.Checkbox):
        return [False, True]
    if isinstance(control, widgets.FloatLogSlider):
        return [control.base**control.min, control.base**control.max]
    if hasattr(control, "options"):
        return [control._options_full[end][1] for end in (0, -1)]
    return [control.min, control.max] if hasattr(control, "min") else []


@pytest.mark.parametrize(("name", "make"), list(explorers()))
def test_a_step_is_small_wherever_the_controls_stand(name, make):
    explorer = make()
    for control in explorer.controls.values():
        for place in places(control):
            control.value = place
            assert len(explorer._foreground.value.encode()) <= LARGER.get(name, MOST), place

"""A step of an explorer is one message, small enough to follow a finger on a slow line."""

import pytest

from cecourse import widgets
from tools.site.frames import explorers

MOST = 40_000  # bytes of what moves and its caption


def places(control):
    """Both ends of a slider, the first and the last option of a choice."""
    if isinstance(control, widgets.Checkbox):
        return [False, True]
    if isinstance(control, widgets.FloatLogSlider):
        return [control.base**control.min, control.base**control.max]
    if hasattr(control, "options"):
        return [control.pairs[end][1] for end in (0, -1)]
    return [control.min, control.max] if hasattr(control, "min") else []


@pytest.mark.parametrize(
    "make", [pytest.param(make, id=f"{lesson}.{name}") for lesson, name, make in explorers()]
)
def test_a_step_is_small_wherever_the_controls_stand(make):
    explorer = make()
    for control in explorer.controls.values():
        for place in places(control):
            control.value = place
            assert len(explorer._foreground.value.encode()) <= MOST, place

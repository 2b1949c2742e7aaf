"""Widgets as data: what a value may be, and who is told of it."""

import math

import pytest

from cecourse import widgets
from cecourse.widgets import Control


def told_by(control, names="value"):
    """A list that grows by what an observer is told."""
    told = []
    control.observe(lambda change: told.append((change.name, change.old, change.new)), names)
    return told


def test_a_change_is_told_once_and_no_change_is_not():
    slider = widgets.IntSlider(3, min=0, max=9, description="n")
    told = told_by(slider)
    for value in (3, 5, 5, 99, -1):
        slider.value = value
    assert told == [("value", 3, 5), ("value", 5, 9), ("value", 9, 0)]


def test_only_who_asked_for_a_field_is_told_of_it():
    field = widgets.Text("a", description="name")
    told, labels = told_by(field), told_by(field, "description")
    field.description = "first name"
    field.value = "b"
    assert told == [("value", "a", "b")]
    assert labels == [("description", "name", "first name")]


def test_true_is_not_one():
    box = widgets.Dropdown([("one", 1), ("yes", True)], value=1, description="which")
    assert box.index == 0
    told = told_by(box)
    box.index = 1
    assert box.value is True
    assert told == [("value", 1, True)]


@pytest.mark.parametrize("kind", [widgets.IntSlider, widgets.FloatSlider, widgets.FloatLogSlider])
def test_a_slider_takes_numbers_between_its_ends(kind):
    ends = (-1, 2) if kind is widgets.FloatLogSlider else (1, 100)
    low, high = (0.1, 100) if kind is widgets.FloatLogSlider else (1, 100)
    slider = kind(1e9, min=ends[0], max=ends[1], description="x")
    assert slider.value == high
    slider.value = -1e9
    assert slider.value == low
    assert type(slider.value) is (int if kind is widgets.IntSlider else float)
    for name in ("value", "min", "step"):
        with pytest.raises(TypeError, match=rf"{name} of 'x' must be a number; got 'a'"):
            setattr(slider, name, "a")
        for number in (math.nan, math.inf):
            with pytest.raises(ValueError, match=rf"{name} of 'x' must be finite; got {number}"):
                setattr(slider, name, number)
    assert slider.value == low


def test_a_field_that_is_not_there_is_named():
    with pytest.raises(TypeError, match="FloatSlider has no maximum, stp"):
        widgets.FloatSlider(0.5, maximum=3, stp=1)
    with pytest.raises(TypeError, match="Button has no value"):
        widgets.Button(value=1)
    with pytest.raises(TypeError, match="Text takes value by position; got 2"):
        widgets.Text("a", "b")


def test_a_slider_with_its_ends_exchanged_is_named():
    with pytest.raises(ValueError, match="min of 'p' must be at most max; got 1.0 and 0.0"):
        widgets.FloatSlider(0.5, min=1, max=0, description="p")


def test_a_place_beyond_the_options_is_named():
    with pytest.raises(ValueError, match="index of 'which' must be below 2; got 2"):
        widgets.Dropdown(["a", "b"], index=2, description="which")
    one = widgets.RadioButtons(["a", "b"], description="which")
    for index in (-1, 2, 0.5):
        with pytest.raises(ValueError, match=rf"must be below 2; got {index}"):
            one.index = index
    assert one.value == "a"


def test_a_value_that_is_no_option_is_named():
    for kind in (widgets.Dropdown, widgets.RadioButtons, widgets.SelectionSlider):
        one = kind(["a", "b"], description="which")
        with pytest.raises(ValueError, match="value of 'which' must be an option; got 'c'"):
            one.value = "c"
        with pytest.raises(ValueError, match="must be an option"):
            kind(["a", "b"], value="c", description="which")
        assert one.value == "a"


def test_the_option_at_a_place_is_chosen_at_first_and_later():
    one = widgets.RadioButtons([("A", 1), ("B", 2), ("C", 3)], index=1, description="which")
    assert (one.value, one.index) == (2, 1)
    one.index = 2
    assert one.value == 3
    one.index = None
    assert (one.value, one.index) == (None, None)
    assert widgets.Dropdown(["a", "b"], description="which").value == "a"


def test_other_options_are_offered_with_one_of_them_or_none():
    one = widgets.RadioButtons(["a", "b"], value="b", description="which")
    told = told_by(one, ("options", "value"))
    one.offer([("C", 1), ("D", 2)], 1)
    assert (one.value, one.index, one.pairs) == (2, 1, [("C", 1), ("D", 2)])
    one.offer(["e"], None)
    assert (one.value, one.index) == (None, None)
    assert [(name, new) for name, _, new in told if name == "value"] == [
        ("value", 2),
        ("value", None),
    ]


def test_a_tree_is_walked_from_above_and_its_looks_are_kept():
    button = widgets.Button(description="go", layout={"width": "auto"})
    text = widgets.HTML("x").add_class("ce-said")
    tree = widgets.VBox([widgets.HBox([button]), text])
    assert [one.kind for one in tree.walk()] == ["VBox", "HBox", "Button", "HTML"]
    assert (button.layout.width, button.layout.height) == ("auto", None)
    assert text.css_classes == ["ce-said"]
    assert button.css_classes == []


def test_a_click_tells_all_who_wait_for_it():
    pressed = []
    button = widgets.Button(description="go")
    button.on_click(pressed.append)
    button.on_click(lambda one: pressed.append(one.description))
    button.click()
    assert pressed == [button, "go"]


def test_a_tree_of_one_s_own_may_call_its_parts_as_it_likes():
    """What every control has must not take the name of what a form calls its own."""

    class Own(widgets.VBox):
        def __init__(self):
            parts = ("classes", "batch", "name", "options", "value", "text", "tests", "file")
            for part in parts:
                setattr(self, part, part)
            super().__init__([])
            self.kept = [getattr(self, part) == part for part in parts]

    assert all(Own().kept)


def test_fields_of_a_kind_are_its_own():
    """A kind without fields of its own is one of those it is made of."""

    class Form(widgets.VBox):
        pass

    assert Form([]).kind == "VBox"
    assert "value" not in Form.fields
    kinds = [kind for kind in vars(widgets).values() if isinstance(kind, type)]
    named = [kind for kind in kinds if issubclass(kind, Control) and kind is not Control]
    assert all(kind.kind == kind.__name__ for kind in named)

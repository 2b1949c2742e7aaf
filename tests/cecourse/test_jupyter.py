"""The face in Jupyter: a twin for each control, and each follows the other."""

import ipywidgets
import pytest

from cecourse import jupyter, widgets

VIEW = widgets.VIEW
KINDS = [
    kind
    for kind in vars(widgets).values()
    if isinstance(kind, type) and issubclass(kind, widgets.Control) and kind.kind
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_the_twin_of_a_kind_has_its_fields(kind):
    given = {"options": ["a", "b"]} if issubclass(kind, widgets.Dropdown) else {}
    if "description" in kind.fields:
        given["description"] = "a name"
    control = kind(**given)
    twin = jupyter.twin_of(control)
    assert type(twin) is getattr(ipywidgets, kind.__name__)
    assert jupyter.twin_of(control) is twin
    for field in kind.fields:
        value = getattr(control, field)
        if value is not None and field not in ("children", "outputs"):
            assert getattr(twin, field) == value


def test_each_follows_the_other():
    slider = widgets.FloatSlider(0.5, min=0, max=1, description="p")
    twin = jupyter.twin_of(slider)
    slider.value = 0.25
    assert twin.value == 0.25
    twin.value = 0.75
    assert slider.value == 0.75
    slider.description, slider.disabled = "q", True
    assert (twin.description, twin.disabled) == ("q", True)


def test_a_choice_is_followed_by_its_place():
    one = widgets.RadioButtons([("A", 1), ("B", 1.0), ("C", "1")], index=None, description="which")
    twin = jupyter.twin_of(one)
    assert twin.index is None
    twin.index = 1
    assert type(one.value) is float
    one.value = "1"
    assert twin.index == 2
    told = []
    one.observe(lambda change: told.append(change.new))
    one.offer([("D", 3)], None)
    assert (twin.options, twin.index) == ((("D", 3),), None)
    one.offer([("E", 4)])
    assert (twin.index, twin.value) == (0, 4)
    assert told == [None, 4], "what a widget says while it is told is no choice"


def test_what_an_observer_sets_back_reaches_the_twin():
    """The page shows what Python made of a value, not what was typed."""
    slider = widgets.IntSlider(1, min=0, max=9, description="n")
    slider.observe(lambda change: setattr(slider, "value", change.new // 2 * 2))
    twin = jupyter.twin_of(slider)
    twin.value = 7
    assert (slider.value, twin.value) == (6, 6)


def test_children_that_come_later_have_twins_and_what_mends_stays():
    inner = widgets.VBox([])
    tree = widgets.VBox([inner, widgets.Button(description="go")])
    pressed = []
    tree.children[1].on_click(pressed.append)
    assert jupyter.view_of(tree)["model_id"] == jupyter.view_of(tree)["model_id"]
    assert len(tree.twin.children) == 3
    inner.children = [widgets.Text("x", description="t")]
    assert inner.twin.children == (inner.children[0].twin,)
    tree.children = tree.children[1:]
    assert [type(one).__name__ for one in tree.twin.children] == ["Button", "HTML"]
    tree.children[0].twin.click()
    assert pressed == [tree.children[0]]


def test_a_display_has_a_live_view_beside_its_words():
    data = widgets.HTML("x")._repr_mimebundle_()
    assert set(data) == {"text/plain", VIEW}


def test_without_ipywidgets_the_words_are_left(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cecourse.jupyter", None)
    monkeypatch.delattr("cecourse.jupyter", raising=False)
    assert set(widgets.HTML("x")._repr_mimebundle_()) == {"text/plain"}

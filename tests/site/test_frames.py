"""Frames of an explorer: they are what it gives, and small enough to be sent before Python is."""

import gzip
import itertools
import json
import random

import pytest

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.markup import themed
from tools.site import frames

MAKERS = {f"{lesson}.{name}": make for lesson, name, make in frames.explorers()}
STILL = {"entropy.guessing_game"}  # words are typed into it: there is nothing to drag


@pytest.fixture(scope="module", params=sorted({*MAKERS} - STILL))
def sent(request):
    """What makes an explorer, and the bytes of its frames."""
    return MAKERS[request.param], frames.packed(MAKERS[request.param]())


def unpacked(data):
    return json.loads(gzip.decompress(data))


def reached(root, path):
    """The control at a path, as a page goes there."""
    first, *rest = map(int, path.split("."))
    assert first == 0
    for number in rest:
        root = root.children[number]
    return root


def put(explorer, axis, number):
    """Set a control as a page does: by its value, or by the place of its option."""
    control, value = reached(explorer, axis["path"]), axis["values"][number]
    if hasattr(control, "options"):
        control.index = value
    else:
        control.value = value


def at(held, numbers):
    """The frame of a point of the grid: the last axis is the fastest."""
    place = 0
    for axis, number in zip(held["axes"], numbers, strict=True):
        place = place * len(axis["values"]) + number
    scenery, moving = held["frames"][place]
    return held["scenery"][scenery], moving


def shown(explorer):
    return themed(explorer._background.value), themed(explorer._foreground.value)


def test_a_frame_is_what_the_explorer_gives_when_its_controls_stand_so(sent):
    make, data = sent
    held, dice = unpacked(data), random.Random(7)
    for _ in range(3):
        explorer = make()
        numbers = [dice.randrange(len(axis["values"])) for axis in held["axes"]]
        for axis, number in zip(held["axes"], numbers, strict=True):
            put(explorer, axis, number)
        assert at(held, numbers) == shown(explorer), numbers


def test_there_is_a_frame_for_each_point_and_one_where_it_starts(sent):
    make, data = sent
    held, explorer, start, points = unpacked(data), make(), [], 1
    for axis in held["axes"]:
        control = reached(explorer, axis["path"])
        start.append(axis["values"].index(getattr(control, "index", control.value)))
        points *= len(axis["values"])
    assert len(held["frames"]) == points
    assert at(held, start) == shown(explorer)


def test_presets_and_ends_are_among_the_values(sent):
    make, data = sent
    explorer = make()
    for axis in unpacked(data)["axes"]:
        control = reached(explorer, axis["path"])
        (name,) = (name for name, one in explorer.controls.items() if one is control)
        if hasattr(control, "options"):
            assert axis["values"] == list(range(len(control.options)))
            continue
        presets = {preset[name] for preset in explorer._presets.values() if name in preset}
        assert {*presets, control.min, control.max} <= {*axis["values"]}
        assert axis["values"] == sorted(axis["values"])
        assert len(axis["values"]) <= frames.MOST_VALUES + len(presets) + 2


def test_a_file_is_small(sent):
    assert len(sent[1]) <= frames.MOST_BYTES


@pytest.mark.parametrize("name", ["loss_clinic.chooser", "language_model.preference"])
def test_a_file_has_the_same_bytes_whenever_it_is_written(name, tmp_path):
    files = [frames.write(MAKERS[name](), tmp_path / f"{number}.json.gz") for number in (1, 2)]
    one, other = (file.read_bytes() for file in files)
    assert one == other
    assert one[4:8] == bytes(4), "gzip's header holds no time"


def test_an_explorer_stands_after_its_frames_where_it_stood(tmp_path):
    explorer = MAKERS["language_model.preference"]()
    explorer.set(chosen=-9.0, beta=0.7)
    before = explorer.values, explorer._foreground.value
    held = frames.collect(explorer)
    assert (explorer.values, explorer._foreground.value) == before
    assert held == frames.collect(MAKERS["language_model.preference"]()), "from its start"


@pytest.mark.parametrize("name", sorted(STILL))
def test_what_cannot_be_dragged_has_no_frames_and_says_so(name, tmp_path, capsys):
    assert frames.write(MAKERS[name](), tmp_path / "still.json.gz") is None
    assert capsys.readouterr().err == "still.json.gz: it has no slider\n"
    assert not list(tmp_path.iterdir())


def test_frames_that_are_too_heavy_are_not_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(frames, "MOST_BYTES", 1000)
    assert frames.write(MAKERS["language_model.preference"](), tmp_path / "a.json.gz") is None
    assert "and at most 1,000 may be sent" in capsys.readouterr().err


def sliding(control, presets):
    """An explorer of one slider, whose picture is a dot."""

    def draw(fig):
        return {"dot": fig.subplots().plot([0], [0], "o")[0]}

    alt = "A dot that stands still, whatever its slider says: this one is for a test."
    return Explorer({"x": control}, draw, lambda artists, x: f"{x}", alt=alt, presets=presets)


def test_a_long_slider_keeps_its_start_its_presets_and_a_grid_from_the_start():
    slider = widgets.FloatSlider(0.9, min=0.001, max=0.999, step=0.001, description="x")
    values = frames.values_of(sliding(slider, {"Near": {"x": 0.777}}), "x")
    assert {0.9, 0.777, 0.001, 0.999, 0.892, 0.908} <= {*values}
    assert 0.901 not in values
    assert max(b - a for a, b in itertools.pairwise(values)) <= 0.0080001


def test_the_values_of_a_slider_of_logarithms_are_exponents():
    slider = widgets.FloatLogSlider(10, base=10, min=-1, max=2, step=0.5, description="x")
    explorer = sliding(slider, {"Low": {"x": 0.1}})
    assert frames.values_of(explorer, "x") == [-1, -0.5, 0, 0.5, 1, 1.5, 2]
    frames.set_to(explorer, {"x": 2})
    assert explorer.caption == "100.0"

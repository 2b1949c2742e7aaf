"""A picture laid out for a slide: type large enough, words apart, and nothing enlarged."""

import numpy as np
import pytest
from matplotlib.patches import FancyBboxPatch

from cecourse.lessons.binary_cross_entropy import explorers
from cecourse.lessons.entropy import pictures
from cecourse.picture import new_figure, png_bytes, write
from cecourse.slide_form import FRAME, MARKER, ROOM, TYPE, meeting, slide_form, smallest, written


def drawn(fig):
    fig.draw_without_rendering()
    return fig


@pytest.mark.parametrize(
    "make",
    [lambda: pictures.coin([0.5, 0.99, 0.0018]).figure, lambda: explorers.forecast().figure],
    ids=["a figure", "an explorer"],
)
def test_type_is_large_enough_and_no_words_meet(make):
    fig = drawn(make())
    before = smallest(fig, ROOM[1])
    size = slide_form(fig)
    width, height = fig.get_size_inches()
    assert before < TYPE <= size == smallest(fig, ROOM[1])
    assert width / height == pytest.approx(ROOM[0] / ROOM[1])
    assert min(text.get_fontsize() for text in written(fig)) < 13  # not blown up
    assert not meeting(drawn(fig))
    assert png_bytes(fig) == png_bytes(fig)


def test_words_that_meet_and_words_beyond_the_edge_are_found():
    fig = new_figure()
    ax = fig.subplots()
    write(ax, (0.5, 0.5), "one")
    assert meeting(drawn(fig)) == []
    write(ax, (0.5, 0.51), "another")
    assert meeting(drawn(fig)) == [("one", "another")]
    write(ax, (0.9, 0.9), "far " * 30).set_in_layout(False)
    assert [pair[1] for pair in meeting(drawn(fig))] == ["another", ""]


def test_words_on_a_marker_and_words_that_outgrow_their_frame_are_found():
    fig = new_figure()
    ax = fig.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    (dot,) = ax.plot(0.2, 0.2, "o")
    ax.scatter(np.full(2, 0.8), [0.2, 0.8], s=60)
    ax.plot(np.full(51, 0.5), np.linspace(0, 1, 51), "o")  # a cloud
    ax.add_patch(FancyBboxPatch((0.05, 0.6), 0.3, 0.2, boxstyle="round,pad=0"))
    for x, y in ((0.2, 0.2), (0.8, 0.8), (0.5, 0.4)):
        write(ax, (x, y), f"at {x}", "center middle")
    framed = write(ax, (0.2, 0.7), "in a frame", "center middle")
    assert meeting(drawn(fig)) == [("at 0.2", MARKER), ("at 0.8", MARKER)]
    dot.set_visible(False)
    framed.set_text("in a frame, and far beyond it on both sides")
    assert meeting(drawn(fig)) == [
        ("at 0.8", MARKER),
        ("in a frame, and far beyond it on both sides", FRAME),
    ]


def test_words_that_met_before_do_not_excuse_others():
    fig = new_figure(3.6, 6)
    ax = fig.subplots()
    for x in (0.34, 0.66):
        write(ax, (x, 0.2), f"words at {x:.4f}", "center")
    for y in (0.5, 0.545):
        write(ax, (0.5, y), f"words at {y}", "center")
    old = meeting(drawn(fig))
    assert old == [("words at 0.3400", "words at 0.6600")]
    slide_form(fig)
    assert meeting(drawn(fig)) == []


def test_what_is_not_seen_is_not_measured():
    fig = new_figure()
    one, other = fig.subplots(1, 2)
    other.set_axis_off()
    one.set_xticks([0, 0.3, 1], ["out", "in", "far out"])
    one.set_xlim(0.2, 0.4)
    write(one, (0.3, 0.5), "gone").set_visible(False)
    shown = {text.get_text() for text in written(drawn(fig))}
    assert "in" in shown and not shown & {"out", "far out", "gone"}


def test_a_title_that_is_too_wide_goes_on_in_the_next_line():
    fig = new_figure(9.0)
    for ax in fig.subplots(1, 2):
        ax.set_title("A message of so many words that it takes two lines here")
    slide_form(drawn(fig))
    assert all("\n" in ax.get_title(loc="left") for ax in fig.axes)
    assert not meeting(fig)


def test_a_name_of_an_axis_is_broken_too_and_in_every_panel_alike():
    fig = new_figure(7.2, 3)
    name = "a name of so many words that it is as long as two axes"
    for k, ax in enumerate(fig.subplots(1, 3)):
        ax.set_xlabel(name if k else "short")
        ax.set_ylabel("a name of an axis that is longer than a figure is high")
    fig.axes[0].set_xlabel("the same " * 6)
    slide_form(drawn(fig))
    first, *others = [ax.get_xlabel() for ax in fig.axes]
    assert others[0] == others[1] and "\n" in others[0] and "\n" in first
    lines = [len(line) for line in others[0].splitlines()]
    assert max(lines) - min(lines) <= 8  # about equally long
    assert {ax.get_ylabel().count("\n") for ax in fig.axes} == {1}
    assert not meeting(drawn(fig))


def test_a_legend_is_read_over_what_it_lies_on():
    fig = new_figure()
    ax = fig.subplots()
    ax.plot([0, 1], [0, 1], label="a line")
    frame = ax.legend().get_frame()
    assert not frame.get_visible()
    slide_form(drawn(fig))
    assert frame.get_visible() and frame.get_facecolor()[:3] == (1, 1, 1)


def test_what_keeps_its_shape_is_no_wider_than_it_was():
    fig = new_figure(5, 5)
    fig.subplots().set_aspect("equal")
    slide_form(drawn(fig))
    assert fig.get_size_inches()[0] == pytest.approx(fig.get_size_inches()[1])


def test_dense_words_are_set_smaller_and_their_size_is_told():
    fig = new_figure()
    ax = fig.subplots()
    ax.set_xticks(range(30), [f"class {k}" for k in range(30)], fontsize=5)
    for text in range(12):
        write(ax, (0, text / 12), f"row {text} of twelve, and what it says", fontsize=8)
    size = slide_form(drawn(fig))
    assert size < TYPE
    assert size == pytest.approx(smallest(fig, ROOM[1]))

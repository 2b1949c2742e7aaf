"""A picture is shown with its description, or not at all."""

import base64
import io

import pytest
from matplotlib.colors import to_hex
from PIL import Image

from cecourse import show
from cecourse.palette import GOOD, MODEL, MUTED
from cecourse.picture import HALO, Picture, arrow, dot, new_figure, png_bytes, point, write

ALT = "A line that rises from 1 to 3 as x goes from 0 to 2, the dot & the label < 3."


@pytest.fixture
def fig():
    fig = new_figure(6.0, 3.0)
    fig.subplots().plot([1, 2, 3])
    return fig


@pytest.fixture
def displayed(monkeypatch):
    calls = []
    monkeypatch.setattr("IPython.display.display", lambda data, **more: calls.append((data, more)))
    return calls


def test_the_description_reaches_every_kind_of_reader(fig, displayed, monkeypatch):
    monkeypatch.delenv("CEHELPERS_PICTURES")
    show(
        fig, alt="A line that rises from 1 to 3 as x goes\n  from 0 to 2, the dot & the label < 3."
    )
    ((data, more),) = displayed
    escaped = ALT.replace("&", "&amp;").replace("<", "&lt;")
    assert data["text/plain"] == ALT
    assert f'alt="{escaped}"' in data["text/html"]
    assert f"<summary>Describe this picture</summary><p>{escaped}</p>" in data["text/html"]
    assert more["metadata"]["image/png"] == {"alt": ALT, "width": 540}
    assert data["image/png"] in data["text/html"]


def test_where_notebooks_are_built_a_picture_comes_once(fig, displayed):
    show(fig, alt=ALT)
    ((data, more),) = displayed
    assert data.keys() == {"text/plain", "image/png"}
    assert more["metadata"]["image/png"]["alt"] == ALT


def test_a_picture_without_a_description_is_an_error(fig):
    with pytest.raises(TypeError, match="alt"):
        show(fig)
    with pytest.raises(TypeError, match="alt must be a sentence.*got None"):
        show(fig, alt=None)
    with pytest.raises(ValueError, match="alt must say.*got 6 characters: 'a line'"):
        show(fig, alt=" a\nline ")
    with pytest.raises(
        TypeError, match="picture must be a Picture or a matplotlib Figure; got list"
    ):
        show([], alt=ALT)


def test_a_picture_that_describes_itself_is_given_no_other_description(fig, displayed):
    show(Picture(fig, ALT))
    ((data, more),) = displayed
    assert data["text/plain"] == more["metadata"]["image/png"]["alt"] == ALT
    with pytest.raises(TypeError, match="alt is for a figure of your own"):
        show(Picture(fig, ALT), alt=ALT)
    with pytest.raises(ValueError, match="got 5 characters"):
        show(Picture(fig, "Empty"))


def test_the_file_is_sharp_small_and_the_same_every_time(fig):
    first = png_bytes(fig)
    picture = Image.open(io.BytesIO(first))
    assert picture.size == (1080, 540)
    assert picture.info.keys() <= {"dpi", "transparency"}
    assert len(first) < 40_000
    assert base64.b64encode(first) == base64.b64encode(png_bytes(fig))


def test_words_stand_where_and_look_as_they_are_told():
    ax = new_figure().subplots()
    words = write(ax, (1, 2), "a", "right middle bold halo", MODEL, size=9)
    assert words.get_position() == (1, 2)
    assert (words.get_ha(), words.get_va(), words.get_weight()) == ("right", "center", "bold")
    assert (words.get_color(), words.get_size(), words.get_path_effects()) == (MODEL, 9, HALO)
    plain = write(ax, (1, 2), "b", shift=(3, 4))
    assert (plain.xy, plain.xyann, plain.anncoords) == ((1, 2), (3, 4), "offset points")
    assert (plain.get_ha(), plain.get_va(), plain.get_weight()) == ("left", "baseline", "normal")
    with pytest.raises(KeyError, match="middel"):
        write(ax, (1, 2), "c", "middel")


@pytest.mark.parametrize(("how", "color", "line"), [("", "", MUTED), ("center head", GOOD, GOOD)])
def test_a_line_leads_from_words_to_their_thing(how, color, line):
    words = point(new_figure().subplots(), (1, 2), "a", (3, 4), how, color)
    assert (words.xy, words.xyann) == ((1, 2), (3, 4))
    assert to_hex(words.arrow_patch.get_edgecolor()).upper() == line
    assert type(words.arrow_patch.get_arrowstyle()).__name__ == ("CurveFilledB" if how else "Curve")


def test_an_arrow_and_a_dot():
    ax = new_figure().subplots()
    arrow(ax, (0, 1), (2, 3), GOOD, linewidth=3)
    (drawn,) = ax.texts
    assert (drawn.xyann, drawn.xy, drawn.arrow_patch.get_linewidth()) == ((0, 1), (2, 3), 3)
    dot(ax, (4, 5), GOOD, "s", size=7)
    (mark,) = ax.lines
    assert (mark.get_color(), mark.get_marker(), mark.get_markersize()) == (GOOD, "s", 7)
    assert (*mark.get_xydata()[0], mark.get_markeredgecolor()) == (4, 5, "white")

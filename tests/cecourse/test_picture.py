"""A picture is shown with its description, or not at all."""

import base64
import io

import pytest
from PIL import Image

from cecourse import show
from cecourse.picture import new_figure, png_bytes

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
    with pytest.raises(TypeError, match="fig must be a matplotlib Figure; got list"):
        show([], alt=ALT)


def test_the_file_is_sharp_small_and_the_same_every_time(fig):
    first = png_bytes(fig)
    picture = Image.open(io.BytesIO(first))
    assert picture.size == (1080, 540)
    assert picture.info.keys() <= {"dpi", "transparency"}
    assert len(first) < 40_000
    assert base64.b64encode(first) == base64.b64encode(png_bytes(fig))

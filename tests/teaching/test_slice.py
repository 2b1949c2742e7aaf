"""What of a notebook its pictures need: found by reading, refused where that is not enough."""

import ast
import copy

import nbformat
import pytest

from cecourse.picture import Picture, new_figure, png_bytes
from tools import _command, _pictures, _slice


def kept(code, *targets):
    """The lines (from 1) that the statements on these lines need."""
    body = ast.parse(code).body
    places = {k for k, one in enumerate(body) if one.lineno in targets}
    return [body[k].lineno for k in sorted(_slice.needed(body, places))]


@pytest.mark.parametrize(
    ("code", "target", "needs"),
    [
        ("a = 1\nb = a\nb\na = 2\nshow(b)", 5, [1, 2, 5]),
        ("a = 1\na = 2\nshow(a)", 3, [2, 3]),
        ("a = 1\nif a:\n    a = 2\nshow(a)", 4, [1, 2, 4]),
        ("a = []\na.append(1)\nprint(a)\nshow(a)", 4, [1, 2, 4]),
        ("a = {}\na['x'] = 1\nb = a['x']\nshow(a)", 4, [1, 2, 4]),
        ("a = 1\na += 2\nshow(a)", 3, [1, 2, 3]),
        ("a = 1\na.b = 2\nshow(a)", 3, [1, 2, 3]),
        ("rng = new(1)\nx = rng.random()\ny = draw(rng)\nshow(y)", 4, [1, 2, 3, 4]),
        (
            "k = 2\ndef f(x):\n    return g(x)\ndef g(x):\n    return k * x\nshow(f(1))",
            6,
            [1, 2, 4, 6],
        ),
        ("found = []\ndef f(x):\n    found.append(x)\nf(1)\nshow(found)", 5, [1, 2, 4, 5]),
        ("import np\nnp.seterr(all='raise')\na = np.ones(3)\nshow(a)", 4, [1, 3, 4]),
        ("def f(n):\n    return n\nn = 3\nshow(f(1))", 4, [1, 4]),
        ("for x in (1, 2):\n    y = x\nshow(y)", 3, [1, 3]),
        ("x = 1\ny = [x for x in (1, 2)]\nshow(y)", 3, [2, 3]),
        ("a = b = 1\na, b = b, a\nshow(b)", 3, [1, 2, 3]),
        ("class C:\n    x = 1\nc = C()\nc.x = 2\nshow(C, c)", 5, [1, 3, 4, 5]),
        (
            "def watched():\n    seen = []\n    return seen, lambda x: seen.append(x)\n"
            "seen, call = watched()\nnet = fit(call)\nother = fit()\nshow(seen)",
            7,
            [1, 4, 5, 7],
        ),
        ("if have(jax):\n    jax.config.update(x64=True)\na = 1\nb = 2\nshow(b)", 5, [1, 4, 5]),
        ("net = make()\nfit(net, rate=1)\nshow(net)", 3, [1, 2, 3]),
    ],
)
def test_what_a_picture_needs_is_kept_and_nothing_else(code, target, needs):
    assert kept(code, target) == needs


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(_command.NOTEBOOKS / "01_entropy.ipynb", as_version=4)


def first(cell, output):
    return "surprise_curve" in cell.source or "coin(" in cell.source


def test_predictions_exercises_and_checks_are_left_out(notebook):
    statements, cells = _slice.statements_of(notebook)
    places = {
        cells[notebook.cells.index(cell)][-1] for cell, _ in _pictures.pictures_of(notebook, first)
    }
    code = [ast.unparse(statements[k]) for k in sorted(_slice.needed(statements, places))]
    assert len(code) < 0.1 * len(statements)
    assert not [line for line in code if line.startswith(("exercises", "predictions.", "answer"))]


def test_a_picture_is_drawn_as_it_is_stored_or_not_at_all(notebook):
    pairs = list(_pictures.drawn(notebook, "01_entropy", first))
    assert [made.description for _, made in pairs] == [
        output.metadata["image/png"]["alt"] for _, output in _pictures.pictures_of(notebook, first)
    ]
    other = copy.deepcopy(notebook)
    (_, one), (_, two) = _pictures.pictures_of(other, first)
    one.metadata["image/png"]["alt"] = one.metadata["image/png"]["alt"].replace("1", "2", 1)
    with pytest.raises(_command.ToolError, match=r"(?s)01_entropy, .*curve.* has stored"):
        list(_pictures.drawn(other, "01_entropy", first))
    one.metadata = pairs[0][0].outputs[-1].metadata
    one.data["image/png"] = two.data["image/png"]
    with pytest.raises(_command.ToolError, match="picture 1 differs"):
        list(_pictures.drawn(other, "01_entropy", first))


def test_pictures_are_drawn_once_and_then_kept(monkeypatch, tmp_path):
    (path,) = _command.notebooks(["00"])
    first = _pictures.pictures(path, tmp_path)
    assert len(first) == len(_pictures.pictures_of(first_notebook(), lambda *_: True)) > 2
    assert all(output in cell.outputs for cell, output, _ in first)
    (kept,) = tmp_path.iterdir()
    monkeypatch.setattr(_pictures, "drawn", None)
    again = _pictures.pictures(path, tmp_path)
    for (_, _, one), (_, _, other) in zip(first, again, strict=True):
        assert one.description == other.description
        assert png_bytes(one.figure) == png_bytes(other.figure)
    kept.rename(tmp_path / "00_start_here-anotheredition.pickle")
    with pytest.raises(TypeError):  # drawn again
        _pictures.pictures(path, tmp_path)


def first_notebook():
    return nbformat.read(_command.NOTEBOOKS / "00_start_here.ipynb", as_version=4)


def test_a_picture_that_cannot_be_kept_is_refused(monkeypatch, tmp_path):
    (path,) = _command.notebooks(["00"])
    fig = new_figure()
    fig.subplots().xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    monkeypatch.setattr(_pictures, "drawn", lambda *_: [(None, Picture(fig, "A picture."))])
    with pytest.raises(_command.ToolError, match=r"00_start_here: .* cannot be kept: .*lambda"):
        _pictures.pictures(path, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_fails_alone_is_named(notebook):
    other = copy.deepcopy(notebook)
    (cell, _), _ = _pictures.pictures_of(other, first)
    cell.source = cell.source.replace("surprise_curve(", "surprise_curve(missing, ")
    with pytest.raises(
        _command.ToolError, match=r"(?s)01_entropy, drawn alone: NameError.*missing"
    ):
        list(_pictures.drawn(other, "01_entropy", first))

"""The exported figures: names that stay, the same bytes twice, descriptions and rights in them."""

import ast
import json

import nbformat
import pytest

from cecourse import picture
from tools import _command, export_figures
from tools.paper import reader

NAMES = [path.stem for path in _command.notebooks()]
ALT = "A line from the lower left, 0 and 0, to the upper right, 1 and 1."


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_a_notebook_has_a_name(name):
    notebook = nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4)
    names = export_figures.figure_names(notebook, name)
    shown = sum(
        "image/png" in output.get("data", {}) and _command.WIDGET_VIEW not in output["data"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )
    # a figure has the number that it has in the handouts
    assert len(names) == len(set(names)) == shown == reader.Chapter(notebook, name).figures
    for k, figure in enumerate(names, start=1):
        assert figure.startswith(f"{name}-{k:02d}-")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("figures.wrong_code(p, q)", "wrong_code"),
        ("explorers.die().strip(settings, columns=2)", "die-strip"),
    ],
)
def test_a_figure_is_named_after_the_function_that_draws_it(code, name):
    assert export_figures.drawn_by(ast.parse(code, mode="eval").body) == name


def test_a_figure_without_a_function_is_refused():
    with pytest.raises(_command.ToolError, match="no function names: fig"):
        export_figures.drawn_by(ast.parse("fig", mode="eval").body)


def test_a_figure_is_written_with_the_same_bytes_twice(tmp_path):
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        fig = picture.new_figure()
        fig.subplots().plot([0, 1], [0, 1], label="the line")
        export_figures.write(fig, ALT, tmp_path / run / "02_x-01-line")
    for ending in ("svg", "pdf"):
        first, second = (
            (tmp_path / run / f"02_x-01-line.{ending}").read_bytes() for run in ("one", "two")
        )
        assert first == second and len(first) > 2000
    text = (tmp_path / "one" / "02_x-01-line.svg").read_text(encoding="utf-8")
    assert ALT in text and "CC BY 4.0" in text and "02_x-01-line" in text
    assert "dc:date" not in text
    from pypdf import PdfReader

    about = PdfReader(tmp_path / "one" / "02_x-01-line.pdf").metadata
    assert about.subject == ALT and "CC BY 4.0" in about["/Keywords"]
    assert about.creation_date is None


def test_a_notebook_is_exported_with_a_contact_sheet(tmp_path, monkeypatch):
    monkeypatch.setenv("CEHELPERS_STORE", "off")
    monkeypatch.setenv("CEHELPERS_PROGRESS", "off")
    path = _command.NOTEBOOKS / "00_start_here.ipynb"
    (page,), said = export_figures.write_all(["00"], tmp_path)
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))[path.stem]
    assert said.startswith(f"{len(figures)} figures")
    names = export_figures.figure_names(nbformat.read(path, as_version=4), path.stem)
    assert [one["name"] for one in figures] == names
    assert all(len(one["alt"]) >= 40 for one in figures)
    text = page.read_text(encoding="utf-8")
    for one in figures:
        assert (tmp_path / f"{one['name']}.svg").stat().st_size > 2000
        assert (tmp_path / f"{one['name']}.pdf").stat().st_size > 2000
        assert f'src="{one["name"]}.svg"' in text
    assert not list(tmp_path.glob("*.alt"))

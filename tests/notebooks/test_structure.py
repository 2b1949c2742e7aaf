"""What every notebook of the course owes its reader, whatever it is about."""

import importlib
import json
import re
from pathlib import Path

import jupytext
import nbformat
import pytest

from cecourse.prediction import of_lesson
from tools._cells import printed, shown_prediction
from tools.build_notebooks import fold_answers
from tools.living import pattern

FOLDER = Path(__file__).parents[2] / "notebooks"
SOURCES = sorted((FOLDER / "source").glob("*.md"))
NAMES = [source.stem for source in SOURCES]
FORBIDDEN = re.compile(
    r"\b(simply|obviously|trivially|of course|clearly|as you know|delve|leverage|in conclusion)\b",
    re.IGNORECASE,
)
LAST_SECTIONS = [
    "In your framework",
    "Where this goes wrong",
    "Where you meet it",
    "Takeaways",
    "Read on",
]


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def notebook(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def pictures(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                yield cell, output


def test_every_source_has_its_notebook_and_the_other_way_round():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES
    assert [name[:2] for name in NAMES] == [f"{n:02d}" for n in range(len(NAMES))]


def test_source_and_notebook_agree(name, notebook):
    source = jupytext.read(FOLDER / "source" / f"{name}.md")
    fold_answers(source)
    assert [c.cell_type for c in source.cells] == [c.cell_type for c in notebook.cells]
    for written, built in zip(source.cells, notebook.cells, strict=True):
        prose = written.cell_type == "markdown"
        assert (
            pattern(written.source).fullmatch(built.source)
            if prose
            else (written.source == built.source)
        )
    assert [c.metadata for c in source.cells] == [c.metadata for c in notebook.cells]


def test_it_has_been_run_from_top_to_bottom(notebook):
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]


def test_nothing_heavy_or_personal_is_stored(name, notebook):
    assert "widgets" not in notebook.metadata
    assert (FOLDER / f"{name}.ipynb").stat().st_size < 1_500_000
    text = json.dumps(notebook)
    assert str(FOLDER.parent) not in text
    assert str(Path.home()) + "/" not in text


def test_the_opening(name, notebook):
    opening = notebook.cells[0].source
    number = name[:2]
    assert re.match(rf"# {number} · \S.+\n", opening)
    assert re.search(r"\*\*\d+ minutes\*\*", opening)
    assert number == "00" or "before: [" in opening
    objectives = re.findall(r"^- \w.+", opening, re.MULTILINE)
    assert 3 <= len(objectives) <= 4
    assert code_cells(notebook)[0].source.startswith("%precision 4\n")


def test_the_sections_at_the_end(name, notebook):
    headings = re.findall(r"^## (.+)$", prose(notebook), re.MULTILINE)
    wanted = ["Takeaways", "Read on"] if name.startswith("00") else LAST_SECTIONS
    assert [heading for heading in headings if heading in wanted] == wanted
    assert re.search(r"Next: ", notebook.cells[-1].source)


def test_it_asks_before_it_shows(name, notebook):
    asked = [shown_prediction(cell.source) for cell in notebook.cells]
    first = next(i for i, cell in enumerate(notebook.cells) if "explorers." in cell.source)
    assert any(asked[:first]), "an explorer, and nobody was asked"
    defined = of_lesson(name[3:])
    assert list(filter(None, asked)) == list(defined), "each once, in the order of the module"
    assert len(defined) >= (1 if name.startswith("00") else 5)
    assert "Predict first" not in prose(notebook), "a prediction says this itself"


def test_nothing_is_told_before_it_is_asked(name, notebook):
    """Nothing above a question holds its answer; what is below is folded by `fold_answers`."""
    told = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.search("^## ", cell.source, re.MULTILINE):
            told = ""
        if asked := shown_prediction(cell.source):
            prediction = of_lesson(name[3:])[asked]
            right = prediction.right.text
            numbers = set(re.findall(r"\d+\.\d{2,}", right)) - set(
                re.findall(r"\d+\.\d{2,}", prediction.question)
            )
            assert len(right) < 8 or right not in told
            assert not [number for number in numbers if number in told], (asked, numbers)
        elif cell.cell_type == "markdown":
            told += cell.source
        elif not cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            told += "".join(printed(cell))


def test_every_picture_is_described(notebook):
    found = list(pictures(notebook))
    assert found
    for _, output in found:
        alt = output.metadata["image/png"]["alt"]
        assert len(alt) >= 40
        assert "text/html" not in output.data, "the picture is stored twice"
        assert re.search(r"\d", alt), f"a description says the numbers too: {alt}"


def test_the_exercises_are_all_there(name, notebook):
    exercises = importlib.import_module(f"cecourse.lessons.{name[3:]}.exercises")
    from cecourse.exercise.exercise import Exercise

    defined = {key for key, value in vars(exercises).items() if isinstance(value, Exercise)}
    code = "\n".join(cell.source for cell in code_cells(notebook))
    assert set(re.findall(r"^exercises\.(\w+)$", code, re.MULTILINE)) == defined
    assert set(re.findall(r"^exercises\.(\w+)\.check\(", code, re.MULTILINE)) == defined
    assert len(defined) >= (1 if name.startswith("00") else 4)
    assert len(re.findall(r"^### Exercise \d+ · ", prose(notebook), re.MULTILINE)) == len(defined)


def test_code_is_short_and_fits_a_page(notebook):
    for cell in code_cells(notebook):
        lines = cell.source.splitlines()
        assert max(map(len, lines)) <= 80, cell.source
        written = [line for line in lines if line.strip() and not line.strip().startswith("#")]
        assert len(written) <= 15, cell.source
        assert not cell.source.rstrip().endswith(";"), cell.source


def test_the_words(notebook):
    found = FORBIDDEN.findall(prose(notebook))
    assert not found


def test_links_lead_somewhere(name, notebook):
    anchors = {
        other: {
            heading.strip().replace(" ", "-")
            for heading in re.findall(
                r"^#+ (.+)$",
                (FOLDER / "source" / f"{other}.md").read_text(encoding="utf-8"),
                re.MULTILINE,
            )
        }
        for other in NAMES
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(notebook)):
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        other = path.removesuffix(".ipynb") or name
        assert other in NAMES, target
        assert not anchor or anchor in anchors[other], target

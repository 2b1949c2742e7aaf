"""What every notebook of the course owes its reader, whatever it is about."""

import importlib
import json
import os
import re
from pathlib import Path
from typing import NamedTuple

import jupytext
import nbformat
import pytest

from cecourse.prediction import of_lesson
from tools._cells import printed, shown_prediction
from tools.build_notebooks import fold_answers
from tools.claims import pattern
from tools.stories import with_numbers

FOLDER = Path(__file__).parents[2] / "notebooks"
SOURCES = sorted((FOLDER / "source").rglob("*.md"))
# "03_binary_cross_entropy", and a translation is "de/03_binary_cross_entropy"
NAMES = [path.relative_to(FOLDER / "source").with_suffix("").as_posix() for path in SOURCES]


class Words(NamedTuple):
    """What a notebook says in one language where a test looks for it."""

    forbidden: re.Pattern
    last_sections: list[str]
    minutes: str
    before: str
    exercise: str
    next: str
    predict: str


WORDS = {
    "en": Words(
        re.compile(
            r"\b(simply|obviously|trivially|of course|clearly|as you know|delve|leverage"
            r"|in conclusion)\b",
            re.IGNORECASE,
        ),
        [
            "In your framework",
            "Where this goes wrong",
            "Where you meet it",
            "Takeaways",
            "Read on",
        ],
        *("minutes", "before: [", "Exercise", "Next: ", "Predict first"),
    ),
    "de": Words(
        re.compile(
            r"\b(einfach nur|offensichtlich|trivialerweise|natürlich nur|selbstverständlich"
            r"|wie du weißt|bekanntlich|abschließend)\b",
            re.IGNORECASE,
        ),
        [
            "In deinem Framework",
            "Was dabei schiefgeht",
            "Wo sie dir begegnet",
            "Das Wichtigste",
            "Zum Weiterlesen",
        ],
        *("Minuten", "vorher: [", "Aufgabe", "Weiter: ", "Erst vorhersagen"),
    ),
}


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def words(name):
    return WORDS[name.partition("/")[0] if "/" in name else "en"]


def stem(name):
    return name.rpartition("/")[2]


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
    built = [
        path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.ipynb")
    ]
    assert sorted(built) == sorted(NAMES)
    own = [name for name in NAMES if "/" not in name]
    assert [name[:2] for name in own] == [f"{n:02d}" for n in range(len(own))]
    assert {stem(name) for name in NAMES} == set(own)


def test_source_and_notebook_agree(name, notebook):
    text = (FOLDER / "source" / f"{name}.md").read_text(encoding="utf-8")
    source = jupytext.reads(with_numbers(text, name[:2]), "md")
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


def test_the_opening(name, notebook, words):
    opening = notebook.cells[0].source
    number = stem(name)[:2]
    assert re.match(rf"# {number} · \S.+\n", opening)
    assert re.search(rf"\*\*\d+ {words.minutes}\*\*", opening)
    assert number == "00" or words.before in opening
    objectives = re.findall(r"^- \w.+", opening, re.MULTILINE)
    assert 3 <= len(objectives) <= 4
    assert code_cells(notebook)[0].source.startswith("%precision 4\n")


def test_the_sections_at_the_end(name, notebook, words):
    headings = re.findall(r"^## (.+)$", prose(notebook), re.MULTILINE)
    wanted = words.last_sections[-2:] if stem(name).startswith("00") else words.last_sections
    assert [heading for heading in headings if heading in wanted] == wanted
    assert words.next in notebook.cells[-1].source


def test_it_asks_before_it_shows(name, notebook, words):
    asked = [shown_prediction(cell.source) for cell in notebook.cells]
    first = next(i for i, cell in enumerate(notebook.cells) if "explorers." in cell.source)
    assert any(asked[:first]), "an explorer, and nobody was asked"
    defined = of_lesson(stem(name)[3:])
    assert list(filter(None, asked)) == list(defined), "each once, in the order of the module"
    assert len(defined) >= (1 if stem(name).startswith("00") else 5)
    assert words.predict not in prose(notebook), "a prediction says this itself"


def test_nothing_is_told_before_it_is_asked(name, notebook):
    """Nothing above a question holds its answer; what is below is folded by `fold_answers`."""
    told = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.search("^## ", cell.source, re.MULTILINE):
            told = ""
        if asked := shown_prediction(cell.source):
            prediction = of_lesson(stem(name)[3:])[asked]
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


def test_the_exercises_are_all_there(name, notebook, words):
    exercises = importlib.import_module(f"cecourse.lessons.{stem(name)[3:]}.exercises")
    from cecourse.exercise.exercise import Exercise

    defined = {key for key, value in vars(exercises).items() if isinstance(value, Exercise)}
    code = "\n".join(cell.source for cell in code_cells(notebook))
    assert set(re.findall(r"^exercises\.(\w+)$", code, re.MULTILINE)) == defined
    assert set(re.findall(r"^exercises\.(\w+)\.check\(", code, re.MULTILINE)) == defined
    assert len(defined) >= (1 if stem(name).startswith("00") else 4)
    headings = re.findall(rf"^### {words.exercise} \d+ · ", prose(notebook), re.MULTILINE)
    assert len(headings) == len(defined)


def test_code_is_short_and_fits_a_page(notebook):
    for cell in code_cells(notebook):
        lines = cell.source.splitlines()
        assert max(map(len, lines)) <= 80, cell.source
        written = [line for line in lines if line.strip() and not line.strip().startswith("#")]
        assert len(written) <= 15, cell.source
        assert not cell.source.rstrip().endswith(";"), cell.source


def test_the_words(notebook, words):
    found = words.forbidden.findall(prose(notebook))
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
        other = os.path.normpath(Path(name).parent / path.removesuffix(".ipynb")) if path else name
        assert other in NAMES, target
        assert not anchor or anchor in anchors[other], target

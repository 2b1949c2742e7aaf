"""A lesson is one source, one folder and one entry of the list, and then it stands everywhere.

A copy of the repository gets a fifteenth lesson as CONTRIBUTING.md says, and every page and tool
is asked, in that copy, whether it knows it.
"""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
TITLE, TERM = "A fifteenth lesson", "probing term"
ENTRY = f'    Notebook("14", "probe", "{TITLE}", "stand everywhere", "Am I there?", 5, 10),\n'
SOURCE = f"""\
---
kernelspec:
  display_name: Python 3 (ipykernel)
  language: python
  name: python3
---

# 14 · {TITLE}: stand everywhere

**5 minutes** to read, 10 with the exercises · before: nothing · afterwards you can

- find this lesson.

```{{code-cell}} ipython3
from cecourse import show
from cecourse.lessons.probe import exercises, explorers, pictures
```

## A picture

A **{TERM}** is one that nothing else defines.

```{{code-cell}} ipython3
show(pictures.diagonal())
```

```{{code-cell}} ipython3
explorers.dot()
```

### Exercise 1 · Twice two

```{{code-cell}} ipython3
exercises.twice_two
```

```{{code-cell}} ipython3
answer = ...

exercises.twice_two.check(answer)
```
"""
FOLDER = {
    "__init__": "",
    "pictures": """\
from cecourse.picture import Picture, new_figure


def diagonal():
    fig = new_figure()
    fig.subplots().plot([0, 1], [0, 1])
    return Picture(fig, "A straight line that rises from 0 at the left to 1 at the right.")
""",
    "explorers": """\
from cecourse import widgets
from cecourse.explorer import Explorer


def dot():
    return Explorer(
        {"x": widgets.FloatSlider(value=0.5, min=0, max=1, description="x")},
        lambda fig: {"dot": fig.subplots().plot([0], [0], "o")[0]},
        lambda artists, x: artists["dot"].set_data([x], [x]) or f"x is {x:.2f}",
        alt="A dot on the diagonal, which the slider moves from 0 to 1.",
    )
""",
    "exercises": """\
from cecourse.exercise.exercise import exercise


@exercise("14", title="Twice two", hints=["Add.", "Two and two."], right="Right: 4.")
def twice_two():
    '''How much is twice two?'''
    return 2 * 2


@twice_two.mistake("Twice two is not two twos side by side.")
def _side_by_side():
    return 22
""",
}


def words_of(folder: Path) -> dict[str, str]:
    """What stands in each place where a lesson belongs; this runs in the copy."""
    from cecourse import copies, progress
    from cecourse.lessons.start_here.pictures import course_map
    from tools import build_notebooks, concept_index, export_figures
    from tools.marking import assignments
    from tools.paper import answer_key, handouts, reader
    from tools.site import book, lite, lite_notebooks, lite_wheels
    from tools.slides import lectures

    notebooks = copies.ROOT / "notebooks"
    build_notebooks.build(notebooks / "source" / "14_probe.md", notebooks)
    concept_index.write()
    book.lay_out(folder / "book")
    page = (folder / "book" / "14_probe.ipynb").read_text()
    alive = re.findall(r'data-make=\\"(.*?)\\"', page)
    assert alive == ["explorers.dot()", "exercises.twice_two"], alive
    assert (folder / "book" / "_static" / "frames" / "14-dot.json.gz").is_file()
    lectures.write_decks(folder / "slides", ["14"])
    copies.renew(copies=folder / "my_course")
    made = {path.stem: nbformat.read(path, as_version=4) for path in book.notebooks()}
    stem, notebook = made.popitem()
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        progress()
    map_texts = [text.get_text() for ax in course_map().figure.axes for text in ax.texts]
    lock = {"packages": {n: {"depends": [], "file_name": n} for n in lite_wheels.PRELOADED}}
    concepts = (folder / "book" / "concepts.md").read_text()
    places = {
        "the map": " ".join(map_texts),
        "the README": (copies.ROOT / "README.md").read_text(),
        "notebook 00": (concept_index.SOURCES / "00_start_here.md").read_text(),
        "the book's first page": (folder / "book" / "index.md").read_text(),
        "the slides' first page": (folder / "slides" / "index.html").read_text(),
        "the printed book": reader.book(reader.read_chapters(["13", "14"])),
        "the handouts": handouts.page(reader.read_chapters(["14"])),
        "the answer key": answer_key.filled(notebook, stem).cells[0].source,
        "the assignments": " ".join(assignments.write_course(folder / "assignments", ("14",))),
        "the figures": " ".join(export_figures.figure_names(notebook, stem)),
        "the lab's first page": lite._front_page(lock, self_contained=True),
        "the progress table": printed.getvalue(),
    }
    lab = lite_notebooks.write_copies(folder / "lab", lite_notebooks.for_browser)
    assert TERM in places["the README"] and TERM in places["notebook 00"] and TERM in concepts
    places["the lab's files"] = " ".join(lab)
    places["the learner's copies"] = " ".join(map(str, (folder / "my_course").iterdir()))
    return places


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    copy = tmp_path_factory.mktemp("course") / "copy"
    ours = shutil.ignore_patterns(".*", "build", "my_course", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=ours)
    (copy / "notebooks" / "source" / "14_probe.md").write_text(SOURCE, encoding="utf-8")
    (copy / "cecourse" / "lessons" / "probe").mkdir()
    for name, text in FOLDER.items():
        (copy / "cecourse" / "lessons" / "probe" / f"{name}.py").write_text(text, encoding="utf-8")
    lessons = copy / "cecourse" / "lessons" / "__init__.py"
    listed = lessons.read_text(encoding="utf-8").removesuffix(")\n")
    lessons.write_text(f"{listed}{ENTRY})\n", encoding="utf-8")
    code = "import json, sys, pathlib; from tests.project.test_fifteenth_lesson import words_of; "
    code += "print(json.dumps(words_of(pathlib.Path(sys.argv[1]))))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(copy.parent / "made")],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


BY_NAME = {"the assignments", "the figures", "the lab's files", "the learner's copies"}


def test_it_stands_everywhere(places):
    missing = {
        place
        for place, words in places.items()
        if ("14_probe" if place in BY_NAME else TITLE) not in re.sub(r"\s+", " ", words)
    }
    assert missing == set()

"""What of a notebook is alive on its page, and what the script of the page is told."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from cecourse import markup, page
from tools._cells import checked, shown_exercise
from tools._command import WIDGET_VIEW
from tools.site import alive, build

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]


@cache
def soup(file):
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def cell(source, view=False):
    outputs = [{"data": {WIDGET_VIEW: {}}}] if view else []
    return {"cell_type": "code", "source": source, "outputs": outputs, "metadata": {}}


FIRST = cell("""%precision 4
import numpy as np
from scipy.special import expit
from cecourse.lessons.entropy import exercises, explorers, predictions
from cecourse.lessons.loss_clinic import explorers as clinic
from cecourse.lessons.fraud_scorer import money""")
ENTROPY = "from cecourse.lessons.entropy import "


def test_a_widget_is_made_by_its_own_line_and_the_imports_that_it_needs():
    found, answers = alive.alive([FIRST, cell("explorers.die()", True), cell("1 + 1")])
    assert found == {1: ("die", "explorers.die()", ENTROPY + "explorers")}
    assert not answers


def test_a_name_is_what_was_imported_last():
    later = "from cecourse.lessons.softmax import explorers"
    found, _ = alive.alive([FIRST, cell(later), cell("explorers.simplex()", True)])
    assert found[2].imports == later


def test_what_the_notebook_computed_is_left_out_where_it_can_be_and_else_stands_still():
    cells = [FIRST, cell("clinic.examine(runs)", True), cell("money.alarm_list(p, t, a)", True)]
    found, _ = alive.alive(cells)
    assert list(found) == [1]
    assert found[1].make == "clinic.examine()"


def test_the_cell_of_an_answer_goes_and_its_code_is_what_the_form_begins_with():
    code = "def my_entropy(p):\n    ..."
    cells = [FIRST, cell("exercises.snow"), cell("answer = ...\n\nexercises.snow.check(answer)")]
    cells += [cell("exercises.entropy_in_bits")]
    cells += [cell(f"{code}\n\nexercises.entropy_in_bits.check(my_entropy)")]
    found, answers = alive.alive(cells)
    assert answers == {2, 4}
    assert found[1].make == "exercises.snow"
    form = page.root(found[3].make, found[3].imports)
    assert form.field.value == code
    assert "import numpy as np" in found[3].make
    assert "expit" not in found[3].make  # it would load SciPy


def test_two_elements_of_a_page_never_share_a_name():
    cells = [FIRST, cell("predictions.loaded_die", True), cell("explorers.die()", True)]
    found, _ = alive.alive([*cells, cell("explorers.die()", True)])
    assert [one.id for one in found.values()] == ["loaded_die", "die", "die-2"]


# ------------------------------------------------------------------ the pages


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_each_widget_and_exercise_of_a_notebook_is_alive_on_its_page(book, path):
    found = soup(book / f"{path.stem}.html")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(one["source"]) for one in cells if one["cell_type"] == "code"]
    expected = [
        "".join(one["source"]).strip()
        for one in cells
        if any(WIDGET_VIEW in output.get("data", {}) for output in one.get("outputs", []))
        or (one["cell_type"] == "code" and shown_exercise("".join(one["source"])))
    ]
    elements = found.select(".ce-alive")
    made = [re.sub(r"answer_form\(([\w.]+),.*", r"\1", one["data-make"]) for one in elements]
    still = len(found.select(".course-explorer > .course-alive"))
    assert len(made) == len(expected) - still
    assert set(made) - set(expected) <= {"explorers.examine()"}
    assert still == (1 if path.stem.startswith("10") else 0)
    shown = found.article.get_text()
    for source in filter(checked, sources):
        assert checked(source).call not in shown
    assert "Not tried yet" not in shown


@pytest.mark.parametrize("name", ["index", *NAMES])
def test_no_two_elements_of_a_page_have_one_id(book, name):
    ids = [one["id"] for one in soup(book / f"{name}.html").select("[id]")]
    assert len(ids) == len(set(ids))


def test_what_stands_on_a_page_is_what_its_python_will_make(book):
    for element in soup(book / "03_binary_cross_entropy.html").select(".ce-alive"):
        made = markup.html_of(
            page.root(element["data-make"], element["data-imports"]), element["id"]
        )
        later = BeautifulSoup(made, "html.parser")
        for picture in (element, later):
            for part in picture.select(".ce-grid > *"):
                part.clear()
        same = [" ".join(str(part).split()) for part in later.contents]
        assert [" ".join(str(part).split()) for part in element.contents] == same


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_folded_output_says_which_predictions_it_answers(book, path):
    found = soup(book / f"{path.stem}.html")
    asked = {one["id"] for one in found.select(".ce-alive.predict-first")}
    folded = found.select("details.hide")
    assert folded
    for fold in folded:
        (mark,) = fold.select("[data-opens]")
        ids = mark["data-opens"].split()
        assert ids and set(ids) <= asked
        before = [found.find(id=one) for one in ids]
        assert all(fold in one.find_all_next("details") for one in before)
    assert not found.select("[data-opens]:not(details *)")


def test_an_explorer_brings_its_frames(book):
    brought = [
        element
        for name in ["index", *NAMES]
        for element in soup(book / f"{name}.html").select("[data-frames]")
    ]
    assert len(brought) > 15
    assert all((book / element["data-frames"]).is_file() for element in brought)
    eager = [element["id"] for element in brought if element.has_attr("data-frames-eager")]
    assert eager == ["forecast"]


def test_scripts_come_to_pages_that_are_alive_and_to_no_other(book):
    for file in [*book.glob("*.html"), *book.glob("api/*.html")]:
        found = soup(file)
        scripts = [one for one in found.select("script[src]") if "/alive.js" in one["src"]]
        assert len(scripts) == len(found.select("#ce-site")) == bool(found.select(".ce-alive")), (
            file
        )
        assert all(one["type"] == "module" for one in scripts)
        if scripts:
            told = json.loads(found.select_one("#ce-site").string)
            assert (file.parent / told["root"]).resolve() == book.resolve()
            assert told["lock"] == "lab/static/pyodide/pyodide-lock.json"
            assert re.match(r"https://.*/pyodide/v[\d.]+/|lab/static/pyodide/$", told["pyodide"])


def test_another_script_is_another_service_worker(book, tmp_path):
    named = re.compile(r'CACHE = "course-([0-9a-f]{8})"')
    (version,) = named.findall((book / "sw.js").read_text(encoding="utf-8"))
    static = tmp_path / "_static"
    static.mkdir()
    seen = {version}
    for text in ("1;", "2;"):
        (static / "alive.js").write_text(text, encoding="utf-8")
        build._write_service_worker(tmp_path)
        seen |= set(named.findall((tmp_path / "sw.js").read_text(encoding="utf-8")))
    assert len(seen) == 3
    assert (ROOT / "site" / "sw.js").read_text(encoding="utf-8").count('"course-1"') == 1

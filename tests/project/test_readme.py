"""The README and the list of notebooks promise what is there."""

import base64
import re
import tomllib
from pathlib import Path

from pages import says
from references import WORKING_DIGITS

import cehelpers as ce
from cecourse.lessons import NOTEBOOKS
from cecourse.lessons.start_here.pictures import landscape
from cecourse.picture import png_bytes
from tools.compare_notebooks import picture_difference
from tools.paper import cheatsheet

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FRONT = (ROOT / "site" / "index.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OLDEST = PROJECT["requires-python"].removeprefix(">=")


def test_every_notebook_opens_with_its_title_and_minutes():
    for notebook in NOTEBOOKS:
        source = ROOT / "notebooks" / "source" / notebook.file.replace(".ipynb", ".md")
        text = source.read_text(encoding="utf-8")
        assert f"\n# {notebook.number} · {notebook.title}: {notebook.promise}\n" in text
        minutes = (
            f"**{notebook.minutes} minutes** to read, {notebook.minutes_with_exercises} with the "
        )
        assert f"\n{minutes}exercise" in text, f"{source.name} should say: {minutes}exercises"
    assert len(NOTEBOOKS) == len(list((ROOT / "notebooks").glob("*.ipynb")))


def test_every_link_leads_to_a_file():
    linked = re.findall(r"(?:\]\(|src=\")((?!http)[^)#\"]+)", README)
    assert len(linked) > 15
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_its_code_says_what_it_prints():
    (block,) = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    said = re.findall(r"^(ce\..+?) +# (\S+?),? (.+)$", block, re.MULTILINE)
    assert len(said) == block.count("#") == 3
    for code, number, rest in said:
        value = eval(code, {"ce": ce})
        assert f"{value:.{len(number.partition('.')[2])}f}" == number
        assert rest in ("nats", "not inf")


def test_its_picture_is_the_one_that_notebook_00_draws():
    stored = (ROOT / "teaching" / "landscape.png").read_bytes()
    drawn = png_bytes(landscape().figure)
    assert picture_difference(*(base64.b64encode(png).decode() for png in (stored, drawn))) < 10
    alts = [re.findall(r'landscape.png".*? alt="([^"]+)"', text) for text in (README, FRONT)]
    assert len(alts[0]) == 1 and alts[0] == alts[1]


def test_it_counts_as_its_tools_and_tests_do():
    assert "a four-page cheat sheet" in README
    assert cheatsheet.source_text().count("\n---\n") == 3
    assert f"{WORKING_DIGITS}-digit arithmetic" in README
    (story,) = re.findall(r'"hero-lead">(A weather .*?)\n', FRONT)
    assert says("00", story)
    for page in (README, FRONT, (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        assert re.findall(r"Python (3\.\d+) or newer", page) == [OLDEST]

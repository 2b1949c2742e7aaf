"""The README and the list of notebooks promise what is there."""

import re
from pathlib import Path

from cecourse.lessons import NOTEBOOKS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


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


def test_files_and_commands_that_are_named_exist():
    for path in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / path).exists(), path
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in re.findall(r"(?:^|`)make ([a-z]+)", README, re.M):
        assert re.search(rf"^{command}:", makefile, re.M), command

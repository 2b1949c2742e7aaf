"""What the tests of the lecturer's pages share: their sections, and what notebooks print."""

import re
from functools import cache
from pathlib import Path

import nbformat

from cecourse.lessons import NOTEBOOKS

ROOT = Path(__file__).parents[2]
TEACHING = ROOT / "teaching"


def page(name):
    return (TEACHING / f"{name}.md").read_text(encoding="utf-8")


def sections(text):
    """{heading: body} of the second-level headings of a page."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@cache
def printed(number):
    """All that a reader of a notebook sees as text, in one line: prose, outputs, descriptions."""
    (notebook,) = (n for n in NOTEBOOKS if n.number == number)
    texts = []
    for cell in nbformat.read(ROOT / "notebooks" / notebook.file, as_version=4).cells:
        texts.append(cell.source)
        for output in cell.get("outputs", []):
            texts.append(output.get("text", ""))
            texts.append(output.get("data", {}).get("text/plain", ""))
    return " ".join("\n".join(texts).split())


def step(name, number):
    """An item of a page's numbered list, such as ``step("grading", 6)``."""
    items = re.split(r"^(\d+)\. ", page(name), flags=re.MULTILINE)
    return dict(zip(items[1::2], items[2::2], strict=True))[str(number)]


def table(name, heading):
    """The rows of a section's table, without its head: the texts of their cells."""
    lines = re.findall(r"^\| (.+) \|$", sections(page(name))[heading], re.MULTILINE)
    return [line.split(" | ") for line in lines[1:]]


def says(number, *words):
    """Whether a notebook says all of these words."""
    return all(one in printed(number) for one in words)

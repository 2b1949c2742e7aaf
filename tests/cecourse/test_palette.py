"""One palette: words that can be read, and no colour that is written anywhere else."""

import re
from pathlib import Path

import pytest

from cecourse import palette

ROOT = Path(__file__).parents[2]
KINDS = {".py", ".css", ".svg", ".html", ".j2", ".js", ".mplstyle"}
FILES = [
    file
    for folder in ("cecourse", "site", "teaching", "tools")
    for file in sorted((ROOT / folder).rglob("*"))
    if file.suffix in KINDS and file.name != "palette.py"
]
COLOUR = re.compile(
    r"(?<!&)#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|color\S* [0-9a-f]{6}\b", re.I
)


@pytest.mark.parametrize("colour", [*palette.CYCLE, palette.MUTED])
def test_words_in_a_colour_can_be_read(colour):
    behind = ("#FFFFFF", palette.tint(colour), palette.tint(colour, 0.08))
    assert min(palette.contrast(palette.ink(colour), ground) for ground in behind) >= 4.5
    if colour != palette.LOSS:  # black stays black, and is written on no dark page
        assert palette.contrast(palette.glow(colour), palette.shade(colour, 0.4)) >= 4.5


def test_greys_can_be_read():
    for ground in ("#FFFFFF", palette.PAPER, palette.tint(palette.MUTED)):
        assert min(palette.contrast(c, ground) for c in (palette.REMARK, palette.DARK)) >= 4.5
    assert palette.contrast(palette.MUTED, "#FFFFFF") >= 4.5
    assert palette.contrast("#FFFFFF", "#000000") == pytest.approx(21)


def test_a_colour_is_written_in_the_palette_alone():
    found = [
        f"{file.relative_to(ROOT)}: {colour}"
        for file in FILES
        for colour in COLOUR.findall(file.read_text(encoding="utf-8"))
    ]
    assert len(FILES) > 100
    assert not found


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.suffix != ".py"], ids=lambda f: f.name
)
def test_a_style_sheet_names_colours_that_there_are(file):
    text = file.read_text(encoding="utf-8")
    there = set(re.findall(r"(--[\w-]+):", palette.css() + text))
    used = set(re.findall(r"var\((--[\w-]+)", text))
    assert {name for name in used - there if not name.startswith("--pst-")} == set()

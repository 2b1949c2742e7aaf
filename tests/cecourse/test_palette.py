"""One palette: words that can be read, and no colour that is written anywhere else."""

import math
import re
from itertools import combinations
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


# What three kinds of eyes make of linear red, green and blue (Machado and others, 2009).
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no long": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no middle": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no short": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def seen(colour, eye):
    linear = [
        sum(m * x for m, x in zip(row, palette._decoded(colour), strict=True)) for row in EYES[eye]
    ]
    parts = (palette._encoded(min(max(part, 0), 1)) for part in linear)
    return palette._oklab("#" + "".join(f"{round(255 * part):02X}" for part in parts))


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("twin", [str, palette.night], ids=["day", "night"])
def test_no_two_colours_look_alike(eye, twin):
    pairs = combinations([*palette.CYCLE, palette.MUTED], 2)
    assert min(math.dist(seen(twin(a), eye), seen(twin(b), eye)) for a, b in pairs) > 0.05


def test_white_becomes_the_ground_and_black_nearly_white():
    assert palette.night("#ffffff") == palette.night("#FFFFFF") == palette.NIGHT
    assert palette.contrast(palette.night("#000000"), palette.NIGHT) > 15


@pytest.mark.parametrize("colour", [*palette.CYCLE, palette.MUTED])
def test_dark_twins_are_seen_and_their_words_read(colour):
    night = palette.night
    assert palette.contrast(night(colour), palette.NIGHT) >= 4.5  # marks need 3
    for behind in ("#FFFFFF", palette.tint(colour, 0.08)):
        assert palette.contrast(night(palette.ink(colour)), night(behind)) >= 4.5
    hues = [math.atan2(b, a) for _, a, b in map(palette._oklab, (colour, night(colour)))]
    if colour not in (palette.LOSS, palette.MUTED):
        assert math.cos(hues[0] - hues[1]) > 0.995


@pytest.mark.parametrize("colour", palette.CYCLE[:2])
def test_an_area_that_is_set_off_stays_behind(colour):
    thinned = [palette.night(palette.tint(colour, share / 100)) for share in range(0, 31, 5)]
    clear = [palette.contrast(thin, palette.NIGHT) for thin in thinned]
    assert clear == sorted(clear)
    assert clear[-1] < 2.2


@pytest.mark.parametrize("wrong", ["white", "#FFF", "#0072B2FF", "0072B2"])
def test_a_dark_twin_is_asked_for_as_a_number(wrong):
    with pytest.raises(ValueError, match=f"colour must be written as '#rrggbb'; got '{wrong}'"):
        palette.night(wrong)


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
    beside = [other.read_text(encoding="utf-8") for other in file.parent.glob("style.css")]
    there = set(re.findall(r"(--[\w-]+):", "".join([palette.css(), text, *beside])))
    used = set(re.findall(r"var\((--[\w-]+)\)", text))  # with a fallback it may be set or not
    assert {name for name in used - there if not name.startswith("--pst-")} == set()

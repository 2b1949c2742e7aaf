"""The museum of notebook 11: what a report says was printed is printed, and the cure is right."""

import ast
import contextlib
import json
import math
import re
from pathlib import Path

import mpmath
import numpy as np
import pytest

from cecourse.lessons.loss_clinic import museum
from cecourse.lessons.loss_clinic.exhibits import written
from cecourse.palette import GOOD, LOSS, MODEL, ink

VECTORS = Path(__file__).parents[4] / "vectors"


def kl_bits(p, q):
    pairs = zip(p, q, strict=True)
    return mpmath.fsum(x * mpmath.log(x / y, 2) if y else mpmath.inf for x, y in pairs if x)


def log_sum_exp(z):
    with mpmath.workdps(60):
        return float(mpmath.log(mpmath.fsum(map(mpmath.exp, z))))


def six_of_ten_wrong():
    """−ln of what single precision leaves of a clipped and shifted 0: of four rows, and of two."""
    eps = np.float32(1e-7)
    low, high = float(eps) + float(eps), 1 - float(1 - eps) + float(eps)
    return -(4 * mpmath.log(low) + 2 * mpmath.log(high)) / 10


COUNTS = range(1, 272)
RIGHT = {  # by title, from a formula of its own
    "All scores alike": lambda: mpmath.mpf(1) / 10000,
    "A lost minus": lambda: mpmath.log(1 + mpmath.exp(-100)),
    "Five tags, one mean": lambda: -mpmath.log(0.01) - 4 * mpmath.log(1 - mpmath.mpf(0.01)),
    "Far from home": lambda: mpmath.log(2),
    "A row against a column": six_of_ten_wrong,
    "A zero that was filled": lambda: kl_bits(
        [mpmath.mpf(k) / sum(COUNTS) for k in COUNTS],
        [0] + [mpmath.mpf(k) / sum(COUNTS[1:]) for k in COUNTS[1:]],
    ),
    "Ten bins of ten": lambda: [sum(k // 10 == tens for k in range(100)) for tens in range(10)],
    "Rescaled in silence": lambda: -mpmath.log(0.3),
    "One bin too low": lambda: math.floor(0 / 0.5),
    "One plus nothing": lambda: log_sum_exp([0, -40]),
    "A mean of means": lambda: 1,  # a token is a token
    "A weight of nothing": lambda: mpmath.mpf(0 * 1 + 1 * 1) / (0 + 1),
}


@pytest.fixture(params=museum.EXHIBITS, ids=lambda one: one.title)
def one(request):
    return request.param


def test_the_program_prints_what_the_report_says(one):
    value = one.faulty()
    if np.ndim(value):
        assert str(value) == one.printed
        return
    told = one.printed.lower()
    decimals = len(told.partition("e")[0].partition(".")[2]) - int(told.partition("e")[2] or 0)
    assert value == pytest.approx(float(told), abs=1.01 * 10.0**-decimals)  # cut off, or rounded


def test_the_mended_line_prints_what_is_right(one):
    value = np.asarray(one.mended(), dtype=float)
    right = np.asarray(RIGHT[one.title](), dtype=float)
    single = "float32" in one.code
    np.testing.assert_allclose(value, right, rtol=2e-7 if single else 1e-14, atol=1e-7 * single)


def test_one_line_is_mended_and_three_numbers_are_offered(one):
    assert 3 <= len(one.lines) <= museum.LONGEST and 1 <= one.fault <= len(one.lines)
    assert one.lines[one.fault - 1] != one.cure
    assert max(map(len, [*one.lines, one.cure])) <= 76
    for line in (*one.lines[:-1], one.lines[-1], one.cure, one.decoy):
        ast.parse(line)
    assert isinstance(ast.parse(one.lines[-1]).body[0], ast.Expr)
    assert len(set(one.options.values())) == 3
    assert one.options[one.right] == written(one.faulty())


def values_in(lines):
    """Every number that stands in a program, or that a part of it comes to; of many the ends."""
    names, found = {"np": np}, []
    with np.errstate(all="ignore"):
        for line in lines:
            exec(line, names)
            for part in ast.walk(ast.parse(line)):
                if isinstance(part, ast.expr):
                    with contextlib.suppress(Exception):
                        value = np.ravel(eval(ast.unparse(part), names)).astype(float)
                        found += [value.size, *(value if value.size < 12 else value[[0, -1]])]
    return np.array(found)


def test_each_number_of_its_words_is_one_of_its_program(one):
    mended = [*one.lines[: one.fault - 1], one.cure, *one.lines[one.fault :]]
    known = np.concatenate([values_in(one.lines), values_in([*mended[:-1], one.decoy])])
    for text in re.findall(r"(?<![\w/])[−-]?\d[\d,.]*(?:e-?\d+)?%?", f"{one.story} {one.moral}"):
        digits = text.rstrip(".,%").replace(",", "").replace("−", "-")
        told = float(digits) / (100 if "%" in text else 1)
        near = 0.5 * 10.0 ** float(digits.partition("e")[2]) if "e" in digits else 0
        assert (np.abs(known - told) <= near).any(), text


def test_the_reports_are_in_order_and_the_letters_are_no_pattern():
    days = [one.day for one in museum.EXHIBITS]
    assert days == sorted(days) and len(days) == len(set(days)) == 12
    letters = "".join(one.right for one in museum.EXHIBITS)
    assert set(letters) == set("ABC") and max(map(letters.count, "ABC")) <= 6
    assert not any(letter * 6 in letters for letter in "ABC")


def test_each_report_stands_in_the_flags_of_the_vectors(one):
    flags = json.loads((VECTORS / "flags.json").read_text(encoding="utf-8"))
    years = {
        (report["repository"], report["number"]): report["year"]
        for flag in flags.values()
        for report in flag["reports"]
    }
    assert years[one.repository, one.number] == int(one.day[:4])


def test_the_label_and_the_catalogue(one):
    assert one.address == f"https://github.com/{one.repository}/issues/{one.number}"
    assert re.fullmatch(rf"{one.repository} #{one.number}, \d+ [A-Z][a-z]+ 20\d\d", one.label)
    assert str(one).splitlines()[0] == one.label
    assert [line[4:] for line in str(one).splitlines()[2:]] == one.lines
    # and no answer stands in the list
    assert f"  {one.day}  {one.title}\n    {one.address}\n" in museum.catalogue() + "\n"
    opened = one.opened()
    for words in (one.lines[one.fault - 1], one.cure, written(one.mended())):
        assert words in opened


@pytest.fixture(scope="module")
def hall():
    return museum.visit()


def test_a_visit_to_each_exhibit(hall):
    for number, one in enumerate(museum.EXHIBITS, 1):
        hall.set(exhibit=number)
        assert hall.values == {"exhibit": number, "printed": "not yet", "line": "not yet"}
        assert hall.caption.startswith(one.label) and hall.caption.endswith("?")
        assert one.moral not in hall.caption and not hall.artists["mended"].get_text()
        shown = [text.get_text()[3:] for text in hall.artists["lines"]]
        assert shown == one.lines + [""] * (museum.LONGEST - len(one.lines))
        assert {text.get_color() for text in hall.artists["options"]} == {LOSS}
        for letter in "ABC":
            hall.set(printed=letter)
            assert ("Yes, the report says" in hall.caption) == (letter == one.right)
            would = one.options[letter] == written(one.mended())
            assert ("That would be right." in hall.caption) == would
        for line in range(1, museum.LONGEST + 1):
            hall.set(printed=one.right, line=str(line))
            assert "failed" not in hall.caption
            assert (f"Yes, line {line}." in hall.caption) == (line == one.fault)
            assert (one.moral in hall.caption) == (line == one.fault)
            assert ("There are" in hall.caption) == (line > len(one.lines))
        hall.set(line=str(one.fault))
        assert hall.artists["mended"].get_text() == f"{one.fault}  {one.cure}"
        assert hall.artists["lines"][one.fault - 1].get_color() == ink(MODEL)
        marks = {text.get_text()[0]: text for text in hall.artists["options"]}
        said = [letter for letter, text in marks.items() if "was printed" in text.get_text()]
        assert said == [one.right]
        assert marks[one.right].get_color() == ink(MODEL)
        (mended,) = (text for text in marks.values() if text.get_text().endswith("line mended"))
        assert written(one.mended()) in mended.get_text()
        assert mended.get_color() == ink(GOOD)


def test_the_programs_fit_on_the_card(hall):
    width = hall.figure.bbox.width
    for number in range(1, len(museum.EXHIBITS) + 1):
        hall.set(exhibit=number)
        hall.set(line=str(museum.EXHIBITS[number - 1].fault))
        for text in (*hall.artists["lines"], hall.artists["mended"], *hall.artists["options"]):
            assert text.get_window_extent().x1 <= width

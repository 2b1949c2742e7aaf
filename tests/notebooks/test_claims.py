"""No number in a notebook's prose is typed: it is asked for, or stands in the code beside it."""

import io
import re
import tokenize
from pathlib import Path

import jupytext
import nbformat
import pytest

from tools._command import ToolError
from tools.build_notebooks import fold_answers
from tools.claims import (
    ANSWER,
    CLAIM,
    GIVEN,
    NUMBER,
    ClaimError,
    adrift,
    evaluated,
    held,
    pattern,
    unheld,
)

HOME = Path(__file__).parents[2] / "notebooks" / "source"
SOURCES = sorted(HOME.rglob("*.md"))  # translations too, in folders of their own


def name_of(source: Path) -> str:
    return source.relative_to(HOME).with_suffix("").as_posix()


LINKS_AND_CODE = re.compile(
    r"^```.*?^```|<!--.*?-->|\]\([^)]*\)|https?://\S+|doi:\S+", re.DOTALL | re.MULTILINE
)
# 0.1054, 65%, 44 times, 550×, 44-mal
BARE = re.compile(
    r"(?<![\w.,])(?:[\d,]*\.\d+|\d[\d,]*(?=\s?\\?[%×]|\s+times\b|-mal\b|-fache))(\s?\\?%)?",
    re.IGNORECASE,
)


def sections(source: Path):
    """The cells of a source, those between two ``##`` together."""
    found = [[]]
    for cell in jupytext.read(source).cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            found.append([])
        found[-1].append(cell)
    return found


def value(digits: str, percent: str | None = None) -> float:
    return round(float(digits.replace(",", "")) / (100 if percent else 1), 12)


def bare_numbers(markdown: str, code: str) -> list[str]:
    """The numbers of a text that are neither asked for, nor given, nor in the code beside it."""
    text = LINKS_AND_CODE.sub("", NUMBER.sub("", markdown))
    tokens = tokenize.generate_tokens(
        io.StringIO(re.sub(r"^%.*|\?$", "", code, flags=re.M)).readline
    )
    beside = {value(one.string.replace("_", "")) for one in tokens if one.type == tokenize.NUMBER}
    given = {
        value(found[1], found[2])
        for _, words in GIVEN.findall(markdown)
        for found in re.finditer(r"([\d,]*\.?\d+)(%)?", words)
    }
    return [
        text[max(0, found.start() - 30) : found.end() + 20]
        for found in BARE.finditer(text)
        if value(found[0].rstrip(" %\\"), found[1]) not in beside | given
    ]


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_no_number_is_typed(source):
    for cells in sections(source):
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        for cell in cells:
            if cell.cell_type == "markdown":
                assert not bare_numbers(cell.source, code)


def test_a_typed_number_is_found():
    assert len(bare_numbers("It is 0.1054 nats, 65%, 44 times, 550×.", "")) == 4
    assert not bare_numbers("A forecast of 0.9, or 90%, or 1,000 times", "p = [0.9, 1_000]")
    assert not bare_numbers("[[_|.4f]] nats, 0.85 <!-- given: 0.85, the story's -->", "")
    assert bare_numbers("0.86 <!-- given: 0.85, the story's -->", "")


def test_numbers_and_claims_are_put_in():
    names = {"loss": 0.2231, "worst": float("inf"), "slope": -0.5}
    text = "[[loss|.2f]] nats, at worst [[worst|g]]; slope [[slope|.1f]].<!-- claim: loss < 1 -->"
    text += "\n\n<!-- given: 0.3, a guess -->"
    assert evaluated(text, names) == "0.22 nats, at worst ∞; slope −0.5."
    assert evaluated("`[[slope|.1f]]` in code", names) == "`-0.5` in code"
    assert evaluated("[['well-informed'|s]]", names) == "well-informed"
    assert pattern(text).fullmatch(evaluated(text, names))
    assert not pattern(text).fullmatch("0.22 bits, at worst ∞; slope −0.5.")


def test_a_false_claim_says_its_sentence():
    text = "First.\n\nIt is small.<!-- claim: loss < 0.2 --> The rest."
    with pytest.raises(ClaimError, match=r"'It is small\.' \(claim: loss < 0\.2\)"):
        evaluated(text, {"loss": 0.3})
    assert evaluated(text, {"loss": 0.1}) == "First.\n\nIt is small. The rest."
    with pytest.raises(ClaimError, match="name 'gain' is not defined"):
        evaluated("[[gain|.2f]]", {})


def test_an_answer_that_falls_under_another_option_stops_the_build():
    from cecourse.lessons.binary_cross_entropy import predictions

    text = "Almost 44 times.<!-- answer: times_as_large: ratio -->"
    assert evaluated(text, {"predictions": predictions, "ratio": 44.1}) == "Almost 44 times."
    with pytest.raises(ClaimError, match="predictions.times_as_large says otherwise than ratio"):
        evaluated(text, {"predictions": predictions, "ratio": 88.0})
    with pytest.raises(ClaimError, match="one option must hold for 70"):
        evaluated(text, {"predictions": predictions, "ratio": 70})


def folded(*sources):
    cells = [
        nbformat.v4.new_code_cell(source[1:])
        if source[0] == ">"
        else nbformat.v4.new_markdown_cell(source)
        for source in sources
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    fold_answers(notebook)
    hidden = [cell.metadata.get("jupyter", {}).get("outputs_hidden", False) for cell in cells]
    assert hidden == ["hide-output" in cell.metadata.get("tags", []) for cell in cells]
    return hidden


def test_what_answers_a_prediction_is_folded_until_it_has_been_answered():
    asked, told = ">predictions.one", "So it is.<!-- answer: one: x -->"
    assert folded(">1", asked, ">2", "Between.", ">3", told, ">4") == [0, 0, 1, 0, 1, 0, 0]
    both = ">predictions.two", "<!-- answer: two: y -->"
    assert folded(asked, both[0], ">1", told, ">2", both[1]) == [0, 0, 1, 0, 1, 0]
    with pytest.raises(ToolError, match="asked, and never answered: one"):
        folded(asked, ">2")
    with pytest.raises(ToolError, match="answered, and not asked before: predictions.one"):
        folded(">2", told)


def test_every_mark_is_read():
    """A misspelt mark would stay in the text, or check nothing."""
    for source in SOURCES:
        for cell in jupytext.read(source).cells:
            if cell.cell_type == "markdown":
                left = LINKS_AND_CODE.sub("", CLAIM.sub("", NUMBER.sub("", cell.source)))
                assert "[[" not in left and "]]" not in left
                assert cell.source.count("<!-- claim") == len(CLAIM.findall(cell.source))
                assert cell.source.count("<!-- given") == len(GIVEN.findall(cell.source))
                assert cell.source.count("<!-- answer") == len(ANSWER.findall(cell.source))


def prose(source: Path) -> list[str]:
    return [cell.source for cell in jupytext.read(source).cells if cell.cell_type == "markdown"]


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_every_direction_is_held_by_a_claim(source):
    """Where "lower" could become "higher", a claim or a given quotes the words."""
    assert not [problem for text in prose(source) for problem in adrift(text)]
    language = "en" if source.parent == HOME else source.parent.name
    assert not [word for text in prose(source) for word in unheld(text, language)]


UNIT = re.compile(r"\]\]\s+(nat|bit)s?\b", re.IGNORECASE)
IN_BITS = ("01", "02")  # the notebooks that count in bits; the others do in nats, and 13 in both


def other_units(markdown: str, unit: str) -> list[str]:
    """The living numbers of a text with another unit, unless a claim quotes as many units."""
    quoted = re.findall(r"\b(?:nat|bit)s?\b", " ".join(words for words, _, _ in held(markdown)))
    odd = [one[1] for one in UNIT.finditer(markdown) if one[1].lower() != unit]
    return odd if len(odd) > len(quoted) else []


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_a_number_has_the_unit_of_its_notebook(source):
    if source.name[:2] != "13":
        unit = "bit" if source.name[:2] in IN_BITS else "nat"
        parts = [part for text in prose(source) for part in re.split(r"\n\s*\n", text)]
        assert not [part for part in parts if other_units(part, unit)]


def test_another_unit_is_found():
    text = "[[loss|.2f]] bits.<!-- claim: loss < 1 -->"
    assert other_units(text, "nat") and not other_units(text, "bit")
    assert not other_units(text.replace("claim: ", 'claim: "bits": '), "nat")


def test_a_turned_word_is_found_in_german():
    text = 'Der Verlust ist kleiner.<!-- claim: "ist kleiner": loss < 1 --> Er steigt immer.'
    assert len(unheld(text, "de")) == 2 and not unheld(text)
    assert not unheld("Ist er kleiner als 0.5? Die Zellen unter diesem Satz sagen es.", "de")


def test_a_turned_word_is_found():
    text = 'A loss is lower.<!-- claim: "is lower": loss < 1 --> It rises.'
    assert not adrift(text)
    assert unheld(text) == ["A loss is lower. It rises."]
    turned = text.replace("is lower.", "is higher.")
    assert "'is lower' is said to stand here, and does so 0 times" in adrift(turned)[0]
    with pytest.raises(ClaimError, match="'is lower' is said to stand here"):
        evaluated(turned, {"loss": 0.5})
    assert adrift('It is lower, and lower.<!-- given: "lower": a paper -->')  # which of the two?
    assert not unheld("Is it lower than 0.5? The cells below say.")
    everywhere = 'It never falls.\n\nIt rises.\n\n<!-- given: "never falls", "rises": Hui 2021 -->'
    assert not adrift(everywhere) and not unheld(everywhere)

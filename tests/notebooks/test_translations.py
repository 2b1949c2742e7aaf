"""A translated notebook is the English one in other words: same cells, formulas and numbers."""

import ast
import re
from pathlib import Path

import jupytext
import nbformat
import pytest

from tools._cells import parsed
from tools.claims import ANSWER, CLAIM, FORMULA, NUMBER, without_remarks

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = [path.relative_to(FOLDER / "source") for path in sorted(FOLDER.glob("source/*/*.md"))]
DIGITS = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?:e[-+]\d+)?")
LOOKS = ("slide",)  # metadata of a cell that belong to the deck: a translation has none


@pytest.fixture(params=NAMES, ids=str)
def both(request):
    """The cells of the English source and of the translated one."""
    pair = FOLDER / "source" / request.param.name, FOLDER / "source" / request.param
    return [jupytext.read(path).cells for path in pair]


@pytest.fixture(params=NAMES, ids=str)
def built(request):
    """The cells of the English notebook and of the translated one."""
    place = request.param.with_suffix(".ipynb")
    return [nbformat.read(FOLDER / path, as_version=4).cells for path in (place.name, place)]


class _Wordless(ast.NodeTransformer):
    """Code without its words: every string is the same one; what is put into it, and how, stays."""

    def visit_JoinedStr(self, node):
        values = [self.visit(one) for one in node.values if isinstance(one, ast.FormattedValue)]
        return ast.JoinedStr(values)

    def visit_FormattedValue(self, node):
        return node  # with its format

    def visit_Constant(self, node):
        return ast.Constant("…") if isinstance(node.value, str) else node


def wordless(source: str) -> str:
    """What code does: the tree of a cell without words, remarks, and the choice of a language."""
    body = [one for one in parsed(source) if not re.fullmatch(r"speak\('\w+'\)", ast.unparse(one))]
    for one in body:
        if isinstance(one, ast.ImportFrom):
            one.names = [name for name in one.names if name.name != "speak"]
    return ast.dump(_Wordless().visit(ast.Module(body, [])))


def code(cells):
    return [cell.source for cell in cells if cell.cell_type == "code"]


def markdown(cells):
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


def test_there_is_a_translation():
    assert Path("de/03_binary_cross_entropy.md") in NAMES


def test_the_cells_are_the_same(both):
    english, other = both
    assert [cell.cell_type for cell in other] == [cell.cell_type for cell in english]
    for one, two in zip(english, other, strict=True):
        looks = {key: value for key, value in one.metadata.items() if key not in LOOKS}
        assert two.metadata == looks


def test_the_code_is_the_same_but_for_words(both):
    for one, two in zip(*map(code, both), strict=True):
        assert wordless(two) == wordless(one)


def test_other_code_is_another():
    assert wordless('print(f"a {x:.2f}")  # b') == wordless('print(f"{x:.2f} c")')
    assert wordless("speak('de')\nx = 1") == wordless("x = 1")
    for other in ('print(f"a {x:.3f}")', 'print(f"a {y:.2f}")', "print('a')", "speak(x)"):
        assert wordless(other) != wordless('print(f"a {x:.2f}")')


def test_formulas_headings_tables_and_links_are_the_same(both):
    for one, two in zip(*map(markdown, both), strict=True):
        prose = [without_remarks(text) for text in (one, two)]
        assert sorted(FORMULA.findall(prose[1])) == sorted(FORMULA.findall(prose[0]))
        for shape in (r"^#+ (?:\d\d · )?", r"^\| ", r"^- ", r"^\d\. ", r"^> ", r"`[^`\n]+`"):
            found = [sorted(re.findall(shape, text, re.MULTILINE)) for text in prose]
            assert shape == r"^> " or found[0] == found[1], (shape, two)
        links = [re.findall(r"\]\((?:\.\./)?([^)\s]+)\)", text) for text in prose]
        assert links[0] == links[1]


def test_numbers_claims_and_answers_are_the_same(both):
    """What a sentence hangs on in English holds it in every language."""
    for one, two in zip(*map(markdown, both), strict=True):
        for mark, group in ((NUMBER, slice(0, 2)), (CLAIM, slice(1, 2)), (ANSWER, slice(0, 2))):
            asked = [
                sorted(" ".join("|".join(found[group]).split()) for found in mark.findall(text))
                for text in (one, two)
            ]
            assert asked[1] == asked[0]


def texts(cell):
    """What a cell has put out, as text, and what its pictures are said to show."""
    for output in cell.get("outputs", []):
        yield output.get("text") or output.get("data", {}).get("text/plain", "")
        yield output.get("metadata", {}).get("image/png", {}).get("alt", "")


def test_what_is_computed_is_the_same(built):
    for one, two in zip(*built, strict=True):
        if one.cell_type == "code":
            numbers = [sorted(DIGITS.findall(" ".join(texts(cell)))) for cell in (one, two)]
            assert numbers[1] == numbers[0], two.source


def test_nothing_of_it_is_left_in_english(built):
    """What a cell puts out in words; code in backticks is no language."""
    english = re.compile(
        r"\b(the|of|and|what|which|your|with|not|loss(?!`)|yes)\b(?!-)", re.IGNORECASE
    )
    for cell in built[1]:
        if cell.cell_type == "code":
            said = re.sub(r"`[^`]*`|[Ll]og-[Ll]oss", "", " ".join(texts(cell)))
            assert not english.findall(said), said

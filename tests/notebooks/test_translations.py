"""A translated notebook is the English one in other words: same cells, formulas and numbers."""

import ast
import re
from pathlib import Path

import jupytext
import nbformat
import pytest

from tools._cells import parsed
from tools.claims import ANSWER, CLAIM, FORMULA, NUMBER, without_remarks
from tools.messages import catalogues, language_of, read

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


# ---------------------------------------------------------------- what has a contrary

# English and the language: words that stand as often in a text and in its translation …
KEPT = {
    "de": {
        "nats?": "Nat",
        "bits?": "Bit",
        "always": "immer|stets",
        "never": "nie|niemals",
        "positive": r"positiv\w*",
        "negative": r"negativ\w*",
        "last": r"letzt\w+|zuletzt",
        "three|thirds?": r"drei(?:mal|er|en)?|Drittel\w*",
        "four|quarters?": "vier(?:mal)?|Viertel",
        "five|fifths?": "fünf(?:mal)?|Fünftel",
        "six": "sechs",
        "seven": "sieben",
        "eight": "acht",
        "nine": "neun",
        "ten|tenths?": "zehn(?:mal|tel)?",
        "twenty|twentieth": "zwanzig(?:ste)?",
        "forty": "vierzig",
        "hundred(?:ths)?": r"hundert\w*",
        "thousands?": r"tausend\w*",
        "yes": "ja(?:sager)?",
        "not|no|nobody|nothing|never|neither|nor|cannot|none|unless|disagree": (
            r"nicht|nein(?:sager)?|niemand|nichts|kein\w*|nie|niemals|weder|widersprechen"
        ),
    }
}
# … words of which a translation does not have the contrary alone where English has the one alone …
SIDES = {
    "de": [
        (
            r"higher|larger|bigger|greater|more|above|rises?|rose|grows?|grew|steeper|dearer"
            r"|costlier|longer|highest|largest",
            r"lower|smaller|less|fewer|below|falls?|fell|shrinks?|flatter|cheaper|shorter|lowest"
            r"|smallest|least",
            r"höher\w*|größ(?:er|te)\w*|mehr|(?:dar)?über(?= [-−]?\d|[.;])|steig(?:t|en|ende?)"
            r"|wächst|wachsen|steiler\w*|teurer\w*|länger\w*|höchst\w*",
            r"niedriger\w*|klein(?:er|st)\w*|tief(?:er|st)\w*|weniger|unter|darunter|fällt|fallen"
            r"|fallende?|sink\w+|schrumpf\w+|flacher\w*|billiger\w*|kürzer\w*|wenigst\w+",
        ),
        ("too (?:large|high)", "too (?:small|low)", "zu (?:groß|hoch)", "zu (?:klein|niedrig)"),
        ("better|best", "worse|worst", r"besser\w*|beste\w*", r"schlecht(?:er|est)\w*"),
        (
            "right|true",
            "wrong|false",
            r"richtig\w*|recht|stimm\w+|wahr",
            r"falsch\w*|irr\w+|Irrtum",
        ),
        ("first", "second", r"erst\w+|zuerst", r"zweit\w+"),
        ("sum|total|adds?", "means?|averages?", r"Summe\w*|addier\w*", r"Mittel\w*|mitt(?:le|elt)"),
        ("rows?", "columns?", "Zeilen?", "Spalten?"),
        (
            r"overconfiden\w+|too sure",
            "too modest",
            "Selbstüberschätzung|zu sicher",
            "zu bescheiden",
        ),
    ]
}
# … and two that come in the same order where a text has both.
ORDER = {"de": {"truth|labels?": "Wahrheit|Labels?", "forecasts?|predictions?": "Vorhersagen?"}}
# code and formulas are compared elsewhere; "more often than not" is idiom
NO_WORDS = re.compile(
    r"(?<!`)`[^`\n]+`(?!`)|\{[^{}]*\}|\[\[.*?\]\]|<!--.*?-->|\$[^$]*\$", re.DOTALL
)
IDIOM = re.compile(r"more (?:often|likely)(?: \w+)? than not|once more", re.IGNORECASE)


def found(words: str, text: str) -> list[int]:
    return [one.start() for one in re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE)]


def turned(english: str, other: str, language: str) -> list[str]:
    """What a translation says otherwise: the words of English that it turns round."""
    pair = [NO_WORDS.sub(" ", text) for text in (english, other)]
    odd = []
    for words, theirs in KEPT[language].items():
        counts = len(found(words, pair[0])), len(found(theirs, pair[1]))
        if counts[0] != counts[1] and not ("not" in words and IDIOM.search(pair[0])):
            odd.append(words)
    pair[0] = IDIOM.sub(" ", pair[0])
    for one, contrary, theirs, their_contrary in SIDES[language]:
        ours = bool(found(one, pair[0])), bool(found(contrary, pair[0]))
        if {ours, (bool(found(theirs, pair[1])), bool(found(their_contrary, pair[1])))} == {
            (True, False),
            (False, True),
        }:
            odd.append(one)
    orders = [
        [k for _, k in sorted((at, k) for k, words in enumerate(row) for at in found(words, text))]
        for row, text in zip(zip(*ORDER[language].items(), strict=True), pair, strict=True)
    ]
    if all(len(set(row)) == 2 for row in orders) and orders[0] != orders[1]:
        odd.append("order")
    return odd


def paragraphs(text: str) -> list[str]:
    parts = re.split(r"\n\s*\n", without_remarks(text))
    return [one for one in parts if re.sub(r"<!--.*?-->", "", one, flags=re.DOTALL).strip()]


def test_nothing_is_turned_round_in_a_translated_notebook(both, request):
    """A unit, a number in words, a "not", a "lower", truth first: each is as in English."""
    language = request.node.callspec.params["both"].parts[0]
    for one, two in zip(*map(markdown, both), strict=True):
        parts = [paragraphs(text) for text in (one, two)]
        if len(parts[0]) != len(parts[1]):  # a remark of the translation's own
            parts = [[one], [two]]
        for english, other in zip(*parts, strict=True):
            assert not turned(english, other, language), other


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: f"{language_of(path)}-{path.stem}")
def test_nothing_is_turned_round_in_a_catalogue(path):
    for message in read(path):
        if message.id:
            pairs = [(message.id, message.string)]
            if not isinstance(message.id, str):
                pairs = zip(message.id, message.string, strict=True)
            for english, other in pairs:
                assert not turned(english, other, language_of(path)), other


@pytest.mark.parametrize(
    ("english", "german", "odd"),
    [
        ("0.16 nats", "0.16 Bit", ["nats?", "bits?"]),
        ("too large, by less than a half", "zu klein, um weniger als die Hälfte", 1),
        ("less confidence would pay", "mehr Zuversicht würde sich lohnen", 1),
        ("Seven of ten say yes.", "Acht von zehn sagen ja.", ["seven", "eight"]),
        ("It does not move.", "Sie bewegt sich.", 1),
        ("the second half", "die erste Hälfte", ["first"]),
        ("truth, then forecast", "Vorhersage, dann Wahrheit", ["order"]),
        ("more often than not", "öfter als das Gegenteil", []),
    ],
)
def test_what_is_turned_round_is_found(english, german, odd):
    told = turned(english, german, "de")
    assert len(told) == odd if isinstance(odd, int) else told == odd


# ---------------------------------------------------------------- what is put out


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

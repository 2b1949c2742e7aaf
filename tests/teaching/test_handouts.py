"""The handouts, the book and the cheat sheet: what stands on them, and how they are printed.

What needs a Chromium is skipped where there is none; with CEHELPERS_BROWSER=required, as in
.ci/run, its absence is a failure. The command prints all notebooks; the tests print two.
"""

import functools
import html
import importlib
import os
import re

import nbformat
import pytest

from cecourse.exercise.display import rich
from cecourse.prediction import of_lesson
from tools import _browser, _cells, _command, _paper, cheatsheet, handouts
from tools.living import without_remarks

NAMES = [path.stem for path in _command.notebooks()]
SMALL, LARGE = "00_start_here", "02_cross_entropy"

try:
    _browser.find_chromium()
    MISSING = False
except _browser.BrowserMissing:
    MISSING = os.environ.get("CEHELPERS_BROWSER") != "required"
in_a_browser = pytest.mark.skipif(
    MISSING, reason="no Chromium here (apt install chromium); .ci/run installs one and runs these"
)


def stored(name):
    return nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def chapters():
    return {chapter.name: chapter for chapter in handouts.read_chapters()}


# ------------------------------------------------------------ without a browser


def test_every_notebook_has_its_chapter(chapters):
    assert list(chapters) == NAMES
    assert [c.name for c in handouts.read_chapters([LARGE[:2]])] == [LARGE]


@pytest.mark.parametrize("name", NAMES)
def test_a_prediction_has_its_options_and_its_answer_comes_after_a_page_turn(name, chapters):
    page = chapters[name].html()
    own = of_lesson(chapters[name].slug)
    asked = re.findall(r'<section class="predict turn">(.*?)</section>', page, re.DOTALL)
    assert len(asked) == len(own)
    for text, prediction in zip(asked, own.values(), strict=True):
        assert rich(prediction.question) in text
        assert all(rich(option.text) in text for option in prediction.options)
        assert not any(rich(option.reason) in page for option in prediction.options)
    turn = ".handout .turn:not(:has(+ .turn)) { break-after: page; }"
    assert turn in handouts.handout(chapters[name], "a4")


@pytest.mark.parametrize("name", NAMES)
def test_a_handout_asks_everything_and_answers_nothing(name, chapters):
    page = chapters[name].html()
    module = importlib.import_module(f"cecourse.lessons.{chapters[name].slug}.exercises")
    asked = [
        getattr(module, found.exercise)
        for cell in stored(name).cells
        if cell.cell_type == "code" and (found := _cells.checked(cell.source))
    ]
    assert page.count('<section class="exercise">') == len(asked) > 0
    for exercise in asked:
        assert rich(exercise.question) in page
        assert exercise.right not in page and rich(exercise.right) not in page
        assert f"exercises.{exercise.name}.check(…)" in page
        for mistake in exercise.mistakes:
            assert rich(mistake.text) not in page
    assert "Not tried yet" not in page and "<summary>Answer" not in page
    assert page.count('<div class="room">') >= len(asked)


def test_the_quiz_on_paper_has_its_questions_and_no_answers(chapters):
    from cecourse.lessons.loss_clinic import final_quiz

    page = next(c for c in chapters.values() if c.number == "11").html()
    for question in final_quiz.QUESTIONS:
        assert f"{question.number}. " in page and html.escape(question.title) in page
        assert rich(question.right.removeprefix("Right: ")) not in page
    assert page.count('<div class="asked">') == len(final_quiz.QUESTIONS)


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_described_and_explorers_say_that_they_are_live(name, chapters):
    page = chapters[name].html()
    described = re.findall(r'<img src="data:image/png[^>]*? alt="([^"]*)"', page)
    pictures = live = 0
    for cell in stored(name).cells:
        for output in cell.get("outputs", []):
            pictures += "image/png" in output.get("data", {})
            live += _command.WIDGET_VIEW in output.get("data", {})
        live -= bool(_cells.shown_prediction(cell.source))  # which is on paper a question to tick
    assert len(described) == page.count("<img") == pictures
    assert all(len(alt) >= 40 for alt in described)
    assert page.count("live in the notebook") == live
    assert "show(" not in re.sub(r"<[^>]+>", "", page)


def test_paper_leads_nowhere_but_to_the_web_and_the_book_to_its_chapters(chapters):
    for chapter in chapters.values():
        links = re.findall(r'href="([^"]*)"', chapter.html())
        assert all(link.startswith("http") for link in links), links
    book = "".join(chapter.html(book=True) for chapter in chapters.values())
    inside = {link[1:] for link in re.findall(r'href="(#[^"]*)"', book)}
    assert inside and inside <= set(re.findall(r'id="([^"]*)"', book))


def test_the_code_that_only_draws_is_left_out():
    draws = 'show(figures.one(p), alt="""A picture.""")'
    assert _cells.without_show(draws) == ""
    names = 'settings = {"a": {}}\n' + draws
    assert _cells.without_show(names, later="x = 1") == ""
    assert _cells.without_show(names, later="print(settings)") == 'settings = {"a": {}}'
    assert _cells.without_show("%precision 4\nx = 1") == "%precision 4\nx = 1"
    assert _cells.without_show(f"x = f(1)\nprint(x)\n{draws}") == "x = f(1)\nprint(x)"


def test_a_notebook_without_a_proper_title_is_refused():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Hello")])
    with pytest.raises(_command.ToolError, match="begins with '# NN · Title"):
        handouts.Chapter(notebook, "02_cross_entropy")


# What a formula or a sentence takes for granted; every result is computed when the sheet is set.
GIVEN = {
    "0",
    "0.001",
    "0.0018",
    "0.01",
    "0.04",
    "0.1",
    "0.2",
    "0.3",
    "0.5",
    "0.7",
    "0.8",
    "0.9",
    "0.91",
}


def test_every_number_of_the_cheat_sheet_is_computed():
    text = cheatsheet.CHEATSHEET.read_text(encoding="utf-8")
    plain = re.sub(r"\[\[.+?\]\]", "", without_remarks(text), flags=re.DOTALL)
    assert set(re.findall(r"(?<![\w.])\d+\.\d+", plain)) <= GIVEN
    assert len(re.findall(r"\[\[", text)) > 80
    # percentages and multiples are computed too
    assert not re.search(r"\d+ times", plain.replace("9 times as dear", ""))


def test_the_cheat_sheet_says_what_the_notebooks_say():
    text = cheatsheet.source_text()
    assert "[[" not in text
    for row in (
        "0.8869 = 0.8018 + 0.0851, and the other way round KL is 0.0920",
        "K = 2: 0.6931, 3: 1.0986, 10: 2.3026",
        "softmax twice; K = 2: 0.3133, 10: 1.4612",
        "| 16.118 | a clip at 1e-7",
        "| $1/(1 + e^{-z})$ is 1 from | 16.64 | 36.74 |",
        "its pull is 405 times weaker",
        "the floor of the loss is 0.5003",
        "0.3467 where 0.1269 belongs",
        "$\\ln w$ = 6.31",
        "| clipped at 1e-7 | 16.118 | 0.000 |",
        "| fused | 30.000 | −1.000 |",
    ):
        assert row in text, row


def test_a_wrong_expression_of_the_cheat_sheet_is_named(monkeypatch, tmp_path):
    sheet = tmp_path / "cheatsheet.md"
    sheet.write_text("# A\n\n[[1 / 0|.2f]]", encoding="utf-8")
    monkeypatch.setattr(cheatsheet, "CHEATSHEET", sheet)
    with pytest.raises(_command.ToolError, match=r"\[\[1 / 0\|.2f\]\]: division by zero"):
        cheatsheet.source_text()


# ------------------------------------------------------------ in a browser


@pytest.fixture(scope="module")
def press():
    with _browser.open_browser() as browser:
        yield functools.partial(_paper.press, browser)


def words(reader):
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def titles(outline):
    return [t for e in outline for t in (titles(e) if isinstance(e, list) else [e.title])]


def described(node, found):
    """Collect the alternative texts of a PDF's tree of tags."""
    node = node.get_object()
    if not isinstance(node, dict):
        return found
    if "/Alt" in node:
        found.append(str(node["/Alt"]))
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int):
            described(kid, found)
    return found


@in_a_browser
@pytest.mark.parametrize(("size", "points"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_the_cheat_sheet_has_exactly_four_pages(size, points, press, tmp_path):
    from pypdf import PdfReader

    pdf = tmp_path / "sheet.pdf"
    assert press(cheatsheet.page(size), pdf) == 4
    reader = PdfReader(pdf)
    for number, page in enumerate(reader.pages, start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == points
        assert f"{number} of 4" in page.extract_text()
    assert "The cut from the prices, last" in " ".join(reader.pages[3].extract_text().split())


@in_a_browser
def test_a_handout_is_printed_whole_tagged_and_with_an_outline(chapters, press, tmp_path):
    from pypdf import PdfReader

    pdf, chapter = tmp_path / "one.pdf", chapters[LARGE]
    assert press(handouts.handout(chapter, "a4"), pdf) > 8
    reader = PdfReader(pdf)
    text = words(reader)
    # the ends of the longest lines of code have not been cut off
    code = [
        line
        for cell in stored(LARGE).cells
        if cell.cell_type == "code" and not _cells.checked(cell.source)
        for line in _cells.without_show(cell.source).splitlines()
        if "explorers." not in line and "exercises." not in line
    ]
    for line in sorted(code, key=len)[-12:]:
        assert "".join(line.split())[-14:] in text, line
    prose = "\n".join(c.source for c in stored(LARGE).cells if c.cell_type == "markdown")
    headings = re.findall(r"^#{2,3} (.+)$", prose, re.MULTILINE)
    assert set(headings) <= set(titles(reader.outline))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    alts = set(described(catalogue["/StructTreeRoot"], []))
    page = chapter.html()
    pictures = {html.unescape(alt) for alt in re.findall(r' alt="([^"]*)"', page)}
    assert len(pictures) > 8 and pictures <= alts
    assert "file://" not in text and b"file://" not in pdf.read_bytes()
    assert "\\frac" not in text and "$$" not in text
    first, second = reader.pages[0].extract_text(), reader.pages[1].extract_text()
    assert _paper.COURSE not in first and _paper.COURSE in second
    assert f"02 · {chapter.title}" in second


@in_a_browser
def test_the_book_has_contents_with_the_right_pages(chapters, press, tmp_path):
    from pypdf import PdfReader

    pdf = tmp_path / "book.pdf"
    two = [chapters[SMALL], next(c for c in chapters.values() if c.number == "12")]
    pages = press(handouts.book(two, "letter"), pdf, contents=two)
    reader = PdfReader(pdf)
    assert len(reader.pages) == pages
    contents = next(p.extract_text() for p in reader.pages[:3] if "Contents" in p.extract_text())
    for chapter in two:
        page = _paper.chapter_pages(reader, two)[chapter.number]
        assert re.search(rf"{re.escape(chapter.promise)}\s*{page}\b", contents), contents
        assert chapter.title in reader.pages[page - 1].extract_text()
        assert f"{page}" in reader.pages[page - 1].extract_text().split()


@in_a_browser
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (f"<pre>{'x' * 200}</pre>", "code: xxxx"),
        ('<img src="missing.png" alt="nothing">', "1 pictures cannot be shown"),
        (f"<table><tr><td>{'x' * 200}</td></tr></table>", "TABLE, "),
    ],
)
def test_what_would_be_cut_off_is_refused(body, complaint, press, tmp_path):
    page = _paper.document("A page", body, _paper.sheet("a4", []), "handout")
    with pytest.raises(_command.ToolError, match=complaint):
        press(page, tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists()

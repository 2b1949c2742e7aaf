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
from tools import _browser, _cells, _command
from tools.claims import without_remarks
from tools.paper import _paper, _pdf, cheatsheet, handouts, reader, short_key

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
    return {chapter.name: chapter for chapter in reader.read_chapters()}


# ------------------------------------------------------------ without a browser


def test_every_notebook_has_its_chapter(chapters):
    assert list(chapters) == NAMES
    assert [c.name for c in reader.read_chapters([LARGE[:2]])] == [LARGE]


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
    turn = ".reader .turn:not(:has(+ .turn)) { break-after: page; }"
    assert turn in (_paper.STYLE / "style.css").read_text(encoding="utf-8")


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
        for key, text in (exercise.choices or {}).items():
            assert f"<li><b>{key}</b> {rich(text)}</li>" in page
        assert f"exercises.{exercise.name}.check(…)" in page
        for mistake in exercise.mistakes:
            assert rich(mistake.text) not in page
    assert "Not tried yet" not in page and "<summary>Answer" not in page
    assert page.count('<div class="room"><i>') >= len(asked)


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
    numbers = re.findall(r"<b>Figure (\d+)\.(\d+)</b>", page)
    assert numbers == [(str(int(name[:2])), str(k)) for k in range(1, len(numbers) + 1)]
    assert len(numbers) == page.count("<figcaption><b>") > 0
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
        reader.Chapter(notebook, "02_cross_entropy")


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_takes_axes_and_formulas_from_its_notebook(name):
    about = handouts.declared()[name[:2]]
    (path,) = _command.notebooks([name[:2]], _command.SOURCES, ".md")
    source = path.read_text(encoding="utf-8")
    assert about["formulas"] and all(r"\blank{" in one for one in about["formulas"])
    for formula in about["formulas"]:
        whole = "".join(handouts.BLANK.sub(r"\1", formula.rpartition(" | ")[2]).split())
        assert whole in "".join(source.split()), formula
    for panel in about["axes"]:
        assert f"{panel.partition('(')[0]}(" in source, panel


@pytest.mark.parametrize("name", NAMES)
def test_what_a_sheet_keeps_first_are_predictions_of_its_notebook(name):
    asked, first = of_lesson(name[3:]), handouts.declared()[name[:2]].get("first", [])
    assert set(first) <= asked.keys() and len(first) == len(set(first)) < max(len(asked), 1)
    kept = sorted(handouts.worth(asked, first).items(), key=lambda one: one[1])
    assert [one for one, _ in kept][: len(first)] == first
    assert [place for _, place in kept] == list(range(len(asked)))


def test_what_is_kept_where_nothing_is_said_lies_far_apart():
    assert handouts.worth("abcde") == {"a": 0, "e": 1, "c": 2, "b": 3, "d": 4}
    assert handouts.worth("abcde", "d") == {"d": 0, "a": 1, "e": 2, "b": 3, "c": 4}


def test_code_in_a_question_keeps_its_lines():
    asked = handouts.in_one("What does\n\n  `a = 1`\n  `b = 2`\n\nsay? In\none line.\n\nAnd now?")
    assert asked == (
        "What does <br>  <code>a = 1</code><br>  <code>b = 2</code><br>say? In one line. And now?"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_asks_everything_and_answers_nothing(name, chapters, monkeypatch):
    monkeypatch.setattr(handouts, "empty_axes", lambda *_: "")
    front, back = handouts.front(chapters[name]), handouts.back(chapters[name])
    assert all(one in front for one in re.findall(r"<li>.*?</li>", chapters[name].aims))
    asked = list(of_lesson(chapters[name].slug).values())
    bets = re.findall(r'<section class="bet".*?</section>', front, re.DOTALL)
    posed = [getattr(_cells.exercises_of(name), one) for one in chapters[name].exercises]
    tasks = re.findall(r'<section class="task".*?</section>', back, re.DOTALL)
    for bet, one in zip(bets, asked, strict=True):
        listed = [f"<li><b>{letter}</b> {rich(text)}</li>" for letter, text in one.lettered]
        assert re.findall(r"<li>.*?</li>", bet) == listed and rich(one.question) in bet
        assert not any(rich(option.reason) in bet for option in one.options)
    for task, one in zip(tasks, posed, strict=True):
        keys = {"True": "", "False": ""} if one.kind == "truth" else one.choices or {}
        listed = [f"<li><b>{key}</b> {rich(text)}</li>" for key, text in keys.items()]
        assert re.findall(r"<li>.*?</li>", task) == listed and html.escape(one.title) in task
        assert not any(rich(said) in task for said in (one.right, *one.hints))
        assert task.count("<i></i>") == handouts.ROOM[one.kind] > 0
    shown = re.findall(r"\$\$(.*?)\$\$", back)
    for formula, printed in zip(handouts.declared()[name[:2]]["formulas"], shown, strict=True):
        line = re.compile(r"\\underline\{\\hspace\{\d+mm\}\\vphantom\{X_X\}\}")
        assert handouts.BLANK.split(formula.rpartition(" | ")[2])[::2] == line.split(printed)


def test_only_dates_and_edges_of_a_pdf_are_exchanged(tmp_path):
    made = tmp_path / "made.pdf"
    stream = b"stream (D:\x17\x80) [0 0 595 842] (D:20010101) endstream"
    dates = b"/CreationDate (D:20300101123456+00'00') /ModDate (D:20300101123456+00'00')"
    made.write_bytes(dates + b" /MediaBox [0 0 594.95996 841.91998] " + stream)
    _pdf.finish(made, {size: tmp_path / f"{size}.pdf" for size in _pdf.SHEETS})
    day = _pdf.release()["date-released"].replace("-", "").encode()
    for size in _pdf.SHEETS:
        new = (tmp_path / f"{size}.pdf").read_bytes()
        assert len(new) == len(made.read_bytes()) and new.endswith(stream)
        assert new.count(b"Date (D:" + day + b"000000Z)") == 2
        box = re.search(rb"/MediaBox \[([^\]]*)\]", new)[1].split()
        assert [float(x) for x in box] == _pdf.box(size)


# Other numbers for the pictures whose notebooks hand over data: the axes must be the same.
OTHERS = {
    "confidence_diagram": "(np.arange(60) % 3 > 0, np.linspace(0.4, 0.9, 60))",
    "roc_and_pr": "(np.arange(80) % 4 == 0, np.linspace(1, 0, 80) ** 2, {})",
    "ranking_and_not": "({'b': np.array([0.9, 0.2])}, {'b': np.array([0.3, 0.8])}, {'b': 0.6})",
    "bits_by_memory": "([4.1, 3.3, 2.8, 2.3, 1.9, 1.4, 0.9], [4.2, 3.4, 2.9, 2.6, 2.5, 2.7, 3])",
}


@pytest.mark.parametrize("name", NAMES)
def test_empty_axes_are_those_of_the_notebook(name):
    about, slug = handouts.declared()[name[:2]], name[3:]
    (path,) = _command.notebooks([name[:2]], _command.SOURCES, ".md")
    source = "".join(path.read_text(encoding="utf-8").split())
    blank = handouts.blank_figure(slug, about)
    blank.draw_without_rendering()
    for panel, empty in zip(about["axes"], blank.axes, strict=True):
        call, _, number = panel.rpartition(" ")
        other = call
        if "".join(call.split()) not in source:
            drawn = call.partition("(")[0]
            other = drawn + OTHERS.get(drawn.partition(".")[2], call.removeprefix(drawn))
        real = handouts.figure_of(slug, other).axes[int(number)]
        assert empty.get_xlim() == real.get_xlim() and empty.get_ylim() == real.get_ylim(), panel
        assert not empty.lines and not empty.collections and not empty.images
        box = empty.get_tightbbox()
        assert box.x0 >= 0 and box.y0 >= 0 and box.y1 <= blank.bbox.y1 + 1, panel
        if real.axison:
            assert (empty.get_xlabel() and empty.get_ylabel()) or real.images, panel
        else:
            assert {word.get_text() for word in empty.texts} == set(about["keep"])


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
def browser():
    with _browser.open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def press(browser):
    return functools.partial(_paper.press, browser)


@pytest.fixture(scope="module")
def printed(browser, chapters, tmp_path_factory):
    """The folder of one printed set: two notebooks, bound and alone, and their handouts."""
    folder = tmp_path_factory.mktemp("printed")
    two = [chapters[SMALL], chapters[LARGE]]
    reader.press(browser, two, folder, _pdf.SHEETS, bound=True)
    handouts.press(browser, two, folder, _pdf.SHEETS)
    return folder


def opened(*names):
    from pypdf import PdfReader

    return PdfReader(names[0].joinpath(*names[1:]))


def words_of(page):
    return "".join(page.extract_text().split())


def words(reader):
    return "".join(map(words_of, reader.pages))


def lowest(page):
    """The texts of a page from its end upwards: the number of the page is the first."""
    found = []
    page.extract_text(
        visitor_text=lambda text, outer, inner, *_: found.append(
            (inner[5] * outer[3] + outer[5], text.strip())
        )
    )
    return [text for _, text in sorted(found) if text]


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


@functools.cache
def texts(path):
    """The text of each page, its lines as they were printed: running titles and number first."""
    return [page.extract_text() for page in opened(path).pages]


@in_a_browser
def test_contents_and_index_name_the_pages_where_things_stand(printed, chapters):
    book = opened(printed, "book-a4.pdf")
    where = _pdf.places(book)
    lines = texts(printed / "book-a4.pdf")
    for number, page in enumerate(lines[1:], start=2):  # as counted, so printed
        assert str(number) in page.splitlines()[:3], number
    here = [" ".join(page.split()) for page in lines]
    first = where[f"nb-{SMALL[:2]}"]
    front, last = " ".join(here[: first - 1]), here[-1]
    assert reader.edition() in front and "Index" in last
    for chapter in (chapters[SMALL], chapters[LARGE]):
        page = where[f"nb-{chapter.number}"]
        assert f"{chapter.title} {page}" in front and chapter.title in here[page - 1]
        plain = [(place, t) for place, t in chapter.sections if not re.search(r"[$<&]", t)]
        assert len(plain) > 6
        for place, title in plain:
            assert f"{title} {where[place]}" in front
            assert title in here[where[place] - 1]
    terms = [one for one in reader.concept_index() if one.file[:2] in (SMALL[:2], LARGE[:2])]
    assert len(terms) > 5
    for one in terms:
        page = where[reader.place_of(one)]
        assert re.search(rf"{re.escape(one.term)}, (\d+, )*{page}\b", last), one.term
        defined = "".join(here[page - 1].split()).lower()
        assert "".join(one.bold.split()).lower() in defined, one.term


def lonely(path):
    """Headings that are the last words on their page."""
    ends = {"".join(text.split())[-60:] for text in texts(path)}
    headings = ("".join(title.split()) for title in titles(opened(path).outline))
    return [title for title in headings if any(end.endswith(title[-60:]) for end in ends)]


@in_a_browser
def test_no_heading_ends_a_page(printed, browser, tmp_path):
    assert lonely(printed / "book-a4.pdf") == []
    lines = "".join(  # a heading at every height near the end of a page
        f'<div style="break-before: page; height: {200 + 1.5 * k}mm"></div>'
        f"<h2>Heading {k}</h2><p>Text</p>"
        for k in range(20)
    )
    pdf = tmp_path / "lines.pdf"
    _paper.press(browser, _paper.document("Lines", lines, _paper.sheet([]), "reader"), pdf)
    assert len(titles(opened(pdf).outline)) == 20
    assert lonely(pdf) == []


@in_a_browser
def test_a_reader_is_a_notebook_whole_with_tags_and_outline(printed, chapters):
    path = printed / "reader" / "letter" / f"{LARGE}.pdf"
    alone = opened(path)
    text = words(alone)
    prose = "\n".join(c.source for c in stored(LARGE).cells if c.cell_type == "markdown")
    headings = re.findall(r"^#{2,3} (.+)$", prose, re.MULTILINE)
    assert set(headings) <= set(titles(alone.outline))
    turned = [lowest(page) for page in alone.pages if "How sure?" in page.extract_text()]
    assert turned and all(texts[1:3] == ["%", "How sure?"] for texts in turned)  # under it nothing
    alts = set(described(alone.trailer["/Root"]["/StructTreeRoot"], []))
    pictures = re.findall(r' alt="([^"]*)"', chapters[LARGE].html())
    assert len(pictures) > 8 and {html.unescape(alt) for alt in pictures} <= alts
    assert "\\frac" not in text and "$$" not in text and "file://" not in text


@in_a_browser
@pytest.mark.parametrize(("size", "points"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_each_size_of_paper_has_the_same_pages(size, points, printed, chapters):
    for name in ("book-{}.pdf", f"reader/{{}}/{LARGE}.pdf", f"handouts/{{}}/{LARGE}.pdf"):
        pdf = opened(printed, name.format(size))
        assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in pdf.pages} == {points}
        assert len(pdf.pages) == len(opened(printed, name.format("a4")).pages)


@in_a_browser
@pytest.mark.parametrize("name", [SMALL, LARGE])
def test_a_handout_has_two_full_pages(name, printed, chapters):
    front, back = opened(printed, "handouts", "letter", f"{name}.pdf").pages
    chapter = chapters[name]
    assert chapter.title in front.extract_text() and "%" in front.extract_text()
    said = " ".join(back.extract_text().split())
    for one in chapter.exercises:
        assert getattr(_cells.exercises_of(name), one).title in said
    gone = len(of_lesson(chapter.slug)) - front.extract_text().count("How sure?")
    assert (f"The notebook has {gone} more." in front.extract_text()) == (gone > 0)
    asked, shown = list(of_lesson(chapter.slug).values()), words_of(front)
    starts = [re.split(r"[`*$]", one.question)[0][:40] for one in asked]
    kept = {k for k, start in enumerate(starts) if "".join(start.split()) in shown}
    rank = handouts.worth(of_lesson(chapter.slug), handouts.declared()[name[:2]].get("first", ()))
    most = next(k for k, one in enumerate(of_lesson(chapter.slug)) if rank[one] == 0)
    assert len(kept) == len(asked) - gone and most in kept
    assert "To take home" in said and "The notebook has" not in said


@in_a_browser
def test_the_columns_of_exercises_are_equally_long(browser, chapters):
    """Within a line to write on; the shorter one has more of these."""
    page = handouts.page([chapters[LARGE]])
    with _paper.typeset(browser, page, "handout", handouts.WIDTH) as opened:
        ends, line = opened.evaluate(
            """() => {
              const ends = {};
              for (const task of document.querySelectorAll('.task')) {
                const box = task.getBoundingClientRect();
                ends[Math.round(box.left)] = box.bottom;
              }
              const line = document.querySelector('.task .room i').getBoundingClientRect();
              return [Object.values(ends), line.height];
            }"""
        )
    assert len(ends) == 2 and abs(ends[0] - ends[1]) <= line


@in_a_browser
def test_the_same_bytes_come_twice(printed, browser, chapters, tmp_path):
    handouts.press(browser, [chapters[SMALL], chapters[LARGE]], tmp_path, _pdf.SHEETS)
    for size in _pdf.SHEETS:
        for name in (SMALL, LARGE):
            one = f"handouts/{size}/{name}.pdf"
            assert (tmp_path / one).read_bytes() == (printed / one).read_bytes(), one


@in_a_browser
def test_the_short_key_has_eight_pages_at_most(browser, tmp_path):
    assert short_key.press(browser, tmp_path) <= short_key.MOST
    for size in _pdf.SHEETS:
        assert len(opened(tmp_path, f"short-key-{size}.pdf").pages) <= short_key.MOST


@in_a_browser
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (f"<pre>{'x' * 200}</pre>", "code: xxxx"),
        ('<img src="missing.png" alt="nothing">', "1 pictures cannot be shown"),
        (f"<table><tr><td>{'x' * 200}</td></tr></table>", "TABLE, "),
        (f'<section class="task"><code>{"x" * 200}</code></section>', "CODE, "),
    ],
)
def test_what_would_be_cut_off_is_refused(body, complaint, press, tmp_path):
    page = _paper.document("A page", body, _paper.sheet([]), "handout")
    with pytest.raises(_command.ToolError, match=complaint):
        press(page, tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists()

"""The lecture decks: what is on them without a browser, and how they look in one.

The decks are built from the stored notebooks, without running anything. How many slides there are
is known when a browser has measured them: a long one goes on below. The tests of their look
need a Chromium on the path; where there is none they are skipped with that reason, and with
CEHELPERS_BROWSER=required, as in .ci/run, its absence is a failure.
"""

import base64
import html
import io
import json
import os
import re

import nbformat
import pytest
import segno
import yaml
from PIL import Image

from cecourse.exercise.display import box, rich
from cecourse.lessons import NOTEBOOKS
from cecourse.prediction import of_lesson
from cecourse.slide_form import ROOM, TYPE
from tools import _browser, _command, _markdown, _pictures
from tools._markdown import plain
from tools.slides import deck, lectures, marks

NAMES = [path.stem for path in _command.notebooks()]

try:
    _browser.find_chromium()
    MISSING = False
except _browser.BrowserMissing:
    MISSING = os.environ.get("CEHELPERS_BROWSER") != "required"
in_a_browser = pytest.mark.skipif(
    MISSING, reason="no Chromium here (apt install chromium); .ci/run installs one and runs these"
)

# What a slide owes the last row: everything inside its frame, nothing over the footer, no letter
# cut off, no picture shrunk away or drawn larger than it is.
MEASURE = """
() => [...document.querySelectorAll('.frame')].map(frame => {
  const box = frame.getBoundingClientRect(), scale = box.width / 1280, found = [];
  const body = frame.querySelector('.body');
  if (frame.innerText.length > 1200) found.push('too much to read at once');
  if (frame.scrollHeight > 720 || frame.scrollWidth > 1280) found.push('the frame overflows');
  if (Math.abs(box.height / scale - 720) > 0.5) found.push(`height ${box.height / scale}`);
  const inside = 'h1, h2, .body > .piece, .piece > *, li, td, th, img, mjx-container > svg, .live';
  for (const part of frame.querySelectorAll(inside)) {
    const r = part.getBoundingClientRect();
    if (!r.width) { found.push(`${part.tagName} is not drawn`); continue; }
    const edges = [(r.left - box.left) / scale, (r.top - box.top) / scale,
                   (r.right - box.left) / scale, (r.bottom - box.top) / scale];
    if (edges[0] < 12 || edges[1] < 0 || edges[2] > 1268 || edges[3] > 684) {
      found.push(`${part.tagName}.${part.className} at ${edges.map(Math.round)}`);
    }
  }
  for (const part of frame.querySelectorAll('pre, td, li, p')) {
    if (part.scrollWidth > part.clientWidth + 1) found.push(`${part.tagName} is cut off`);
    const size = parseFloat(getComputedStyle(part).fontSize);
    if (size < 22) found.push(`${part.tagName} in ${size} px`);
  }
  for (const picture of frame.querySelectorAll('img')) {
    const drawn = picture.getBoundingClientRect().width / scale / picture.naturalWidth;
    // a picture laid out for slides has twice the pixels of its room
    if (picture.dataset.type && drawn < 0.49) found.push('a picture smaller than it was laid out');
    if (!(drawn > 0.44 && drawn <= 1.001)) found.push(`a picture at ${drawn.toFixed(2)} of itself`);
    if (!(picture.alt.length >= 40)) found.push(`a picture without a description`);
  }
  return found;
})
"""
# formulas that MathJax has not set, on the slides and in the notes
RAW = r"""
() => {
  const seen = [];
  const walk = document.createTreeWalker(document.querySelector('.slides'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (node.parentElement.closest('pre, code, mjx-container')) continue;
    if (/\$|\\\(|\\\[|\\[a-z]{2,}/.test(node.data)) seen.push(node.data.trim());
  }
  return seen.concat([...document.querySelectorAll('mjx-merror, [data-mjx-error]')].map(
    error => error.textContent));
}
"""


@pytest.fixture(scope="module")
def decks():
    return {deck.name: deck for deck in lectures.read_decks()}


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """In place of each picture laid out for a slide one of its size, with a bar in each band."""
    kept = tmp_path_factory.mktemp("forms")
    for path in _command.notebooks():
        found = []
        notebook = nbformat.read(path, as_version=4)
        for cell, _ in _pictures.pictures_of(notebook, _pictures.on_a_slide):
            bands = marks.at_code(cell).get("bands", 1)
            image = Image.new("L", (2 * ROOM[0], 2 * ROOM[1] * bands), 255)
            for top in range(99, image.height, 2 * ROOM[1]):
                image.paste(0, (99, top, 2000, top + 840))
            found.append((png(image), TYPE))
        _pictures.keep(_pictures.kept(path, kept, "json"), json.dumps(found).encode())
    return kept


@pytest.fixture(scope="module")
def folder(tmp_path_factory, forms):
    built = tmp_path_factory.mktemp("slides")
    for route in ("two-lectures", "language-models"):
        lectures.write_decks(built, route=route, forms=forms)
    return built


@pytest.fixture(scope="module")  # one Playwright at a time: the next file opens its own
def browser():
    with _browser.open_browser() as chromium:
        yield chromium


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.errors, page.requests = [], []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("requestfailed", lambda request: page.errors.append(f"not found: {request.url}"))
    page.on("request", lambda request: page.requests.append(request.url))
    yield page
    page.close()


def show(page, folder, name, query=""):
    page.goto((folder / f"{name}.html").as_uri() + query)
    page.wait_for_function(lectures.READY)


# ------------------------------------------------------------ without a browser


@pytest.mark.parametrize("name", NAMES)
def test_a_deck_is_a_lecture_and_not_the_notebook_scrolled(name, decks):
    lecture = decks[name]
    assert 15 <= len(lecture.slides) <= 70
    first, *_, last = lecture.slides
    assert first.kind == "title" and first.shows("goals")
    book = next(one for one in NOTEBOOKS if one.number == name[:2])
    more = book.minutes_with_exercises
    assert lecture.line == f"{book.minutes} minutes, {more} with the exercises"
    assert last.kind == "close" and plain(lecture.next) in [
        plain(piece.html) for piece in last.pieces
    ]
    asked = [slide for slide in lecture.slides if slide.kicker == "Predict first"]
    assert len(asked) == len(of_lesson(name[3:]))
    for slide, one in zip(asked, of_lesson(name[3:]).values(), strict=True):
        listed = "".join(f"<li>{rich(text)}</li>" for _, text in one.lettered)
        (options,) = (piece for piece in slide.pieces if piece.kind == "list")
        assert (
            slide.kind == "predict" and options.html == f'<ol type="A">{deck.unbroken(listed)}</ol>'
        )
    for slide in lecture.slides:
        assert slide.heading
        assert slide.pieces, f"nothing but a heading: {slide.heading}"
        assert sum(piece.kind == "figure" for piece in slide.pieces) <= 1
    pictured = [slide for slide in lecture.slides if slide.shows("figure")]
    assert len(pictured) == len(lecture.pictures) >= 2
    for slide in pictured:
        (alt,) = re.findall(r' alt="([^"]*)"', "".join(piece.html for piece in slide.pieces))
        assert f'<p class="described">The picture: {alt}</p>' in slide.notes


@pytest.mark.parametrize("name", NAMES)
def test_what_a_slide_leaves_out_is_said(name, decks):
    """Each sentence and each item of what is not skipped stands on a slide or in its notes."""
    lecture = decks[name]
    told = "".join("".join(slide.text.split()) for slide in lecture.slides)
    told = html.unescape(told)
    left_out, missing = False, []
    cells = nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4).cells[1:]
    for cell in cells:
        for block in marks.blocks(cell.source) if cell.cell_type == "markdown" else []:
            if block.kind == "heading":
                words = block.plain.lstrip("# ").strip()
                left_out = words in deck.LEFT_OUT or "skip" in block.marks
            elif not left_out and block.kind in ("text", "list"):
                parts = block.items or marks.sentences(block.plain)
                texts = (html.unescape(plain(_markdown.to_html(part))) for part in parts)
                missing += [one for one in texts if "".join(one.split()) not in told]
    assert not missing


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_its_slide_and_no_answer_cell_has(name, decks):
    notebook = nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4)
    asked = [c for c in notebook.cells if re.fullmatch(r"exercises\.\w+", c.source.strip())]
    shown = [s for s in decks[name].slides if s.shows("question")]
    assert len(shown) == len(asked) > 0
    everything = "\n".join(p.html for s in decks[name].slides for p in s.pieces)
    assert ".check(" not in re.sub("<[^>]+>", "", everything)
    assert "Not tried yet" not in everything


@pytest.mark.parametrize("name", NAMES)
def test_a_question_comes_before_its_answer(name, decks):
    for slide, following in zip(decks[name].slides, decks[name].slides[1:], strict=False):
        if "Predict first" in slide.kicker:
            kinds = {piece.kind for piece in slide.pieces}
            assert kinds <= {"text", "list"}, f"{slide.heading} shows the answer beside it"
            assert following.pieces


# what only somebody at a notebook can do, or sees there
AT_A_NOTEBOOK = re.compile(
    r"(?:^|[.:;?!] |\b[Tt]hen )(?:[Nn]ow |[Tt]hen )?(?:"
    r"(?:[Rr]un|[Dd]rag|[Pp]ress|[Tt]ick|[Tt]ype|[Ss]croll|[Ee]xecute|[Rr]eset)\b"
    r"|[Cc]lick on|[Rr]eplace the|[Mm]ove (?:the|a) |[Ss]tart from |(?:[Kk]eep|[Ss]et) \S+ = "
    r"|(?:[Ss]et|[Cc]hange) (?!\S+ is )(?:\S+ ){1,3}(?:to|from|again|and) )"
    r"|\b(?:[Tt]his|[Nn]ext|[Ff]ollowing|[Pp]revious|[Aa]nswer) (?:cell|box)\b"
    r"|\b(?:cells?|box|boxes|[Oo]ne|calls?|lines?|picture|explorer|code|table|slider)"
    r" (?:below|above)\b|\bwhat stands above\b|Shift \+ Enter|\bpress \w"
)


def sentences_for_a_notebook(lecture):
    """The sentences on slides that a room cannot obey."""
    return [
        (slide.heading, text)
        for slide in lecture.slides
        for piece in slide.pieces
        if piece.kind not in ("code", "output", "figure", "goals")
        for part in re.split(r"</(?:li|p|td|th)>", piece.html)
        for text in marks.sentences(html.unescape(_markdown.plain(part)) or "-")
        if AT_A_NOTEBOOK.search(text)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_on_a_slide_is_for_a_notebook_alone(name, decks):
    assert not sentences_for_a_notebook(decks[name])


@pytest.mark.parametrize(
    "sentence",
    [
        "Run the next cell to read the question.",
        "Click on the one below and press **Shift + Enter**: it runs.",
        "Drag the slider, or press **Tab** until it is selected.",
        "This cell compares your installation.",
        "Commit to a prediction, then move the slider.",
        "Set fox to 8 again and tick *Apply softmax twice*.",
        "Keep $y = 1$ and walk left.",
        "Start from *Weight 550*.",
        "Every call below uses these arrays.",
    ],
)
def test_a_sentence_for_a_notebook_is_found(sentence):
    assert sentences_for_a_notebook(deck_of(f"## One\n\n{sentence}<!-- slide -->"))


@pytest.mark.parametrize("name", NAMES)
def test_the_code_that_a_slide_speaks_of_is_in_sight(name, decks):
    """On it or on the one before; what a shown cell calls has been shown by then."""
    lecture = decks[name]
    shown = set()
    for before, slide in zip([None, *lecture.slides], lecture.slides, strict=False):
        near = [one for one in (before, slide) if one]
        text = " ".join(piece.html for piece in slide.pieces if piece.kind != "code")
        for function in deck.named(text) & lecture.functions.keys():
            assert any(one.defines(function) for one in near), (slide.heading, function)
        shown |= {function for function in lecture.functions if slide.defines(function)}
        for piece in slide.pieces:
            code = html.unescape(_markdown.plain(piece.html)) if piece.kind == "code" else ""
            if "def " not in code:
                called = {f for f in lecture.functions if re.search(rf"\b{f}\(", code)}
                assert called <= shown, (slide.heading, called - shown)


def test_a_function_that_is_asked_about_or_called_is_shown_first():
    lecture = deck_of(
        "## One\n\nA sentence.<!-- slide -->",
        code("def f(x):\n    return x\n\nf(1)"),
        code("f(2)", "2", slide="code"),
        "### Exercise 1 · A test",
        exercise("Which change repairs `f`?"),
        "### Exercise 2 · Another",
        exercise("What does `f` return for 3?"),
    )
    one, first, second = lecture.slides[1:-1]
    assert [kind for kind, _ in seen(one)] == ["text", "code", "code", "output"]
    assert [kind for kind, _ in seen(first)] == ["question"]
    assert [kind for kind, _ in seen(second)] == ["code", "question"]
    assert second.defines("f") and first.exercise == "42/one"


def test_two_questions_under_a_heading_have_a_slide_each():
    lecture = deck_of("### Exercise 1 · A test", exercise("Which?"), exercise("How many?"))
    asked = [seen(slide) for slide in lecture.slides if slide.shows("question")]
    assert asked == [[("question", "Which?")], [("question", "How many?")]]


def exercise(question):
    """A cell with the question of an exercise, as it is stored."""
    output = nbformat.v4.new_output(
        "execute_result", data={"text/html": box(question, "question")}, execution_count=1
    )
    return nbformat.v4.new_code_cell("exercises.one", outputs=[output])


def test_the_last_slide_leads_to_the_lesson():
    new = nbformat.v4
    cells = [new.new_markdown_cell("# 42 · A test: in short")]
    notebook = new.new_notebook(cells=cells)
    at_home = deck.Deck(notebook, "42_test").slides[-1]
    away = deck.Deck(notebook, "42_test", "https://example.org/course/").slides[-1]
    texts = [_markdown.plain(piece.html) for piece in at_home.pieces]
    assert texts[0].endswith("notebooks/42_test.ipynb")
    licences = yaml.safe_load((_command.ROOT / "CITATION.cff").read_text("utf-8"))["license"]
    words = re.sub(r"[\s-]", "", texts[-1])
    assert all(licence.replace("-", "") in words for licence in licences)
    (address,) = (piece.html for piece in away.pieces if piece.kind == "address")
    url = "https://example.org/course/42_test.html"
    assert f'aria-label="A QR code that leads to {url}"' in address and f'href="{url}"' in address
    assert (
        segno.make(url, error="m", micro=False).svg_inline(scale=6, border=2, omitsize=True)
        in address
    )


def test_what_is_said_is_the_text_of_the_notebook(decks):
    lecture = decks["03_binary_cross_entropy"]
    said = re.sub(r"\s+", " ", "\n".join(note for slide in lecture.slides for note in slide.notes))
    assert "Always the same rule and the same accuracy" in said
    assert "Nothing had to be learned to save it; it had to be admitted." in said
    assert "Rational Decisions" not in said  # the reading list is for the reader at home


def deck_of(*cells):
    """A deck of Markdown cells and code cells, after an opening and a first cell of code."""
    new = nbformat.v4
    made = [new.new_markdown_cell("# 42 · A test: in short"), new.new_code_cell("%precision 4")]
    for cell in cells:
        made.append(new.new_markdown_cell(cell) if isinstance(cell, str) else cell)
    notebook = new.new_notebook(cells=made)
    marks.check_marks(notebook)
    return deck.Deck(notebook, "42_test")


def seen(slide):
    return [(piece.kind, re.sub("<[^>]+>", "", piece.html)) for piece in slide.pieces]


def test_marks_in_the_text_are_obeyed():
    lecture = deck_of(
        """## One

First here. Second *there*.<!-- slide --> Third.

$$a = b.$$

<!-- slide: said -->
$$hidden$$

<!-- slide: new -->
Before it,<!-- slide: ask --> only said.

<!-- slide -->
All of this. Every sentence.

<!-- slide: said -->
## Two

- one item
- another
""",
        asked("which *way*?", "left", "on `x`"),
        """<!-- slide: skip -->
## Three

Left out.

## Read on

A book.""",
    )
    one, new, question = lecture.slides[1:-1]
    assert seen(one) == [("text", "Second there."), ("formula", "$$a = b$$")]
    assert "First here. Second <em>there</em>. Third." in one.notes[0] and "hidden" in one.notes[1]
    assert seen(new) == [("text", "All of this. Every sentence."), ("list", "one itemanother")]
    assert (one.heading, new.heading, question.heading) == ("One", "One", "Two")
    assert seen(question) == [("text", "Before it,"), ("text", "which way?"), ("list", "lefton x")]
    everything = str(lecture.slides)
    assert "Left out." not in everything and "A book" not in everything
    assert "<!--" not in everything


def test_the_opening_shows_what_is_marked():
    new = nbformat.v4
    source = "# 42 · A test: in short\n\nHook here.<!-- slide --> Not this. And this?<!-- slide -->"
    source += "\n\n**5 minutes** · now\n\n- one,"
    notebook = new.new_notebook(cells=[new.new_markdown_cell(source)])
    title, hook, close = deck.Deck(notebook, "42_test").slides
    assert (title.heading, title.kind, close.kind) == ("A test", "title", "close")
    assert seen(title) == [("goals", "one")]
    assert [text for _, text in seen(hook)] == ["Hook here.", "And this?"]


def asked(question, *options):
    """A cell that asks for a prediction, as it is stored."""
    listed = "".join(f"\n  {letter}: {text}" for letter, text in zip("ABCD", options, strict=False))
    data = {"text/plain": f"Predict first. {question}\n{listed}"}
    output = nbformat.v4.new_output("execute_result", data=data, execution_count=1)
    return nbformat.v4.new_code_cell("predictions.one", outputs=[output])


def code(source, printed="", **metadata):
    new = nbformat.v4
    outputs = [new.new_output("stream", text=printed)] if printed else []
    return new.new_code_cell(source, outputs=outputs, metadata=metadata)


def test_a_code_cell_is_said_unless_its_mark_says_what_is_shown():
    lecture = deck_of(
        "## One\n\nA sentence.<!-- slide -->",
        code("1 + 1", "said"),
        code("2 + 2", "both", slide="code"),
        code("3 + 3", "alone", slide="new output"),
        code("4 + 4", "gone", slide="skip"),
    )
    one, two = lecture.slides[1:-1]
    assert seen(one) == [("text", "A sentence."), ("code", "2 + 2"), ("output", "both")]
    assert [piece.click for piece in one.pieces] == [False, False, True]
    assert seen(two) == [("output", "alone")]
    assert "<pre>said</pre>" in one.notes and "gone" not in str(lecture.slides)


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        ("Text.<!-- slide: sad -->", "meets no sentence and no block, or is misspelt"),
        ("Text.<!-- slides -->", "misspelt"),
        ("Text.\n\n<!-- slide: said -->", "above nothing: said"),
        ("- an item.<!-- slide -->", "meets no sentence and no block"),
        ("## A heading<!-- slide -->", "meets no sentence and no block"),
        ("```python\nx = 1\n<!-- slide -->\n```", "meets no sentence"),
        ("<!-- slide: said -->\nText.", "no mark 'said' above a text: 'Text.'"),
        ("Why?<!-- slide: ask -->", "a sentence for a prediction; none follows"),
        (code("1", "1", slide="otput"), "one of code, output, .*; got 'otput'"),
    ],
)
def test_a_mark_that_meets_nothing_is_met_when_the_notebook_is_built(cell, complaint):
    with pytest.raises(marks.SlideError, match=rf"(?s)cell 2: .*{complaint}"):
        deck_of(cell)


def test_a_cell_that_prints_nothing_cannot_show_what_it_prints():
    with pytest.raises(marks.SlideError, match=r"42_test, cell 2: .*prints nothing"):
        deck_of(code("1", slide="output"))


@pytest.mark.parametrize("name", NAMES)
def test_the_marks_of_a_notebook_meet_something(name):
    marks.check_marks(nbformat.read(_command.NOTEBOOKS / f"{name}.ipynb", as_version=4))


def test_no_mark_stands_on_a_page_of_the_book_or_a_handout():
    assert _markdown.to_html("One.<!-- slide --> Two.\n\n<!-- slide: said -->\n$$x$$") == (
        "<p>One. Two.</p>\n$$x$$"
    )


def test_a_tall_picture_is_cut_where_nothing_is_drawn():
    image = Image.new("RGB", (300, 900), "white")
    for top, bottom in ((20, 280), (330, 600), (640, 880)):  # gaps 280–330 and 600–640
        image.paste((0, 0, 0), (50, top, 250, bottom))
    new = nbformat.v4
    whole = new.new_output(
        "display_data",
        data={"image/png": png(image)},
        metadata={"image/png": {"alt": "Three black boxes, one above the other."}},
    )
    parts = _pictures.bands(whole, 3)
    sizes = [Image.open(io.BytesIO(base64.b64decode(p.data["image/png"]))).size for p in parts]
    assert sizes == [(300, 305), (300, 315), (300, 280)]
    alts = [part.metadata["image/png"]["alt"] for part in parts]
    assert alts[1] == "Band 2 of 3, from the top. Three black boxes, one above the other."
    assert _pictures.bands(whole, 1) == [whole]
    whole.data["image/png"] = png(Image.effect_noise((300, 900), 90))
    with pytest.raises(_command.ToolError, match="without a gap near 1/2"):
        _pictures.bands(whole, 2)


def png(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_a_list_that_goes_on_has_its_numbers():
    lecture = deck_of("## One\n\n1. one\n2. two\n\nThen.<!-- slide -->\n\n3. three\n4. four")
    lists = [p.html for s in lecture.slides for p in s.pieces if p.kind == "list"]
    assert [text.partition("<li>")[0] for text in lists] == ['<ol start="1">', '<ol start="3">']


def test_a_short_equation_stays_on_one_line():
    said = "a row at z = −30, y = 1, of n = many, and p = ½"
    assert deck.unbroken(said).split(" ") == [
        *("a", "row", "at", "z\u00a0=\u00a0−30,", "y\u00a0=\u00a01,", "of", "n", "=", "many,"),
        *("and", "p\u00a0=\u00a0½"),
    ]


def test_a_long_name_breaks_where_its_parts_meet():
    assert deck.breakable("a_b <code>keras.KLDiv(to_log=Q).sum()</code> a.b") == (
        "a_b <code>keras<wbr>.KLDiv(<wbr>to_<wbr>log=<wbr>Q).sum()</code> a.b"
    )


def test_sentences_end_where_they_end():
    text = "It was 0.5, e.g. *so. Far.* Then `a. B` and $p. Q$. (It was.) 3 remain? Yes."
    assert marks.sentences(text) == [
        "It was 0.5, e.g. *so. Far.*",
        "Then `a. B` and $p. Q$.",
        "(It was.)",
        "3 remain?",
        "Yes.",
    ]


def test_without_a_browser_a_sentence_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setattr(_browser, "PROGRAMS", ("no-such-browser", str(tmp_path / "none")))
    monkeypatch.setattr(_browser, "_fetched_by_playwright", lambda: None)
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(_browser.BrowserMissing, match=r"install chromium.*CHROMIUM=/path"):
        _browser.find_chromium()
    monkeypatch.setenv("CHROMIUM", "/no/such/program")
    with pytest.raises(_browser.BrowserMissing, match="got '/no/such/program'"):
        _browser.find_chromium()


# --------------------------------------------------------------- in a browser


@in_a_browser
@pytest.mark.parametrize("name", NAMES)
def test_every_slide_fits_and_every_formula_is_set(name, decks, folder, page, tmp_path):
    show(page, folder, name, "?print-pdf")  # every slide at once, 1280 × 720 each
    found = page.evaluate(MEASURE)
    assert len(found) >= len(decks[name].slides)
    wrong = {number: faults for number, faults in enumerate(found, start=1) if faults}
    assert not wrong
    asked = sum(bool(slide.prediction) for slide in decks[name].slides)
    assert page.locator("section.predict .kicker").count() == asked  # with its options
    assert page.evaluate(RAW) == []
    here = folder.as_uri() + "/"
    elsewhere = [url for url in page.requests if not url.startswith((here, "data:"))]
    assert not elsewhere
    assert not page.errors
    assert page.locator(".slide-number").count() >= len(found) - 1
    pdf = tmp_path / "deck.pdf"
    page.pdf(path=str(pdf), prefer_css_page_size=True, print_background=True)
    from pypdf import PdfReader

    pages = PdfReader(pdf).pages
    assert len(pages) == len(found)
    width, height = float(pages[0].mediabox.width), float(pages[0].mediabox.height)
    assert width / height == pytest.approx(16 / 9, abs=0.01)


@in_a_browser
@pytest.mark.parametrize("name", ["two-lectures-1", "two-lectures-2", "language-models-1"])
def test_a_session_fits_on_its_slides_and_in_its_minutes(name, folder, page):
    show(page, folder, name, "?print-pdf")
    found = page.evaluate(MEASURE)
    assert not {number: faults for number, faults in enumerate(found, start=1) if faults}
    assert len(found) <= 1.1 * 90
    assert not page.errors
    seconds = page.evaluate(
        "[...document.querySelectorAll('[data-timing]')]"
        ".reduce((sum, part) => sum + Number(part.dataset.timing), 0)"
    )
    assert seconds == 90 * 60


@pytest.mark.parametrize("name", NAMES)
def test_the_last_row_can_read_every_picture(name):
    """Words that would not fit in that size are given more room, or another place."""
    (path,) = _command.notebooks([name])
    if not _pictures.kept(path, _pictures.KEPT, "json").exists():
        pytest.skip("not drawn for slides since it changed: `make slides`, as the weekly job does")
    sizes = _pictures.type_sizes(path, _pictures.KEPT)
    assert {number: size for number, size in enumerate(sizes, start=1) if size < TYPE} == {}


def test_small_type_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(_pictures, "type_sizes", lambda path, forms: [22.0, 21.9, 22.8])
    told = lectures.legibility(["03"], tmp_path)
    assert told.endswith("px in 2; smaller in 03_binary_cross_entropy 2 (22 px)")


@in_a_browser
def test_the_type_of_its_pictures_is_large_enough_where_they_are_shown(page, tmp_path):
    (deck_page,) = lectures.write_decks(tmp_path, ["03"], forms=tmp_path / "forms")
    assert lectures.legibility(["03"], tmp_path / "forms").endswith("px in 10.")
    show(page, tmp_path, deck_page.stem, "?print-pdf")
    assert page.locator("img[data-type^='2']").count() == 10
    assert [faults for faults in page.evaluate(MEASURE) if faults] == []
    (kept,) = (tmp_path / "forms").glob("*.json")
    made = kept.stat().st_mtime_ns
    lectures.write_decks(tmp_path, ["03"], forms=tmp_path / "forms")  # drawn once
    assert kept.stat().st_mtime_ns == made


@in_a_browser
def test_on_the_screen_it_measures_the_same(decks, folder, page):
    name = "03_binary_cross_entropy"
    show(page, folder, name)
    for position in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(
            "position => { const at = Reveal.getIndices(Reveal.getSlides()[position]);"
            " Reveal.slide(at.h, at.v, 99); }",
            position,
        )
        assert page.evaluate(MEASURE)[position] == []
    assert not page.errors


@in_a_browser
def test_a_lecture_with_the_keyboard(decks, folder, page):
    name = "03_binary_cross_entropy"
    show(page, folder, name)
    slides_of = page.evaluate("Reveal.getTotalSlides()")
    assert slides_of >= len(decks[name].slides)
    assert page.locator(".reveal .slide-number").inner_text().split() == ["1", "/", str(slides_of)]
    seen = set()
    for _ in range(8):
        seen.add(page.evaluate("Reveal.getSlidePastCount()"))
        page.keyboard.press("Space")
    assert {0, 1, 2} <= seen
    here = folder.as_uri() + "/"
    assert all(url.startswith((here, "data:")) for url in page.requests)
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    notes = speaker.locator(".speaker-controls-notes .value")
    notes.wait_for(timeout=20_000)
    asked = [one.prediction for one in decks[name].slides if one.prediction]
    marked = page.evaluate(
        "[...document.querySelectorAll('[data-prediction]')].map(one => one.dataset.prediction)"
    )
    assert marked == asked
    pacing = speaker.locator(".pacing")
    pacing.wait_for(timeout=20_000)
    current = page.evaluate("Reveal.getCurrentSlide().querySelector('aside.notes').textContent")
    first_words = " ".join(current.split())[:40]
    speaker.wait_for_function(
        "words => document.querySelector('.speaker-controls-notes .value')"
        ".textContent.replace(/\\s+/g, ' ').includes(words)",
        arg=first_words,
        timeout=20_000,
    )
    assert not page.errors


@in_a_browser
def test_the_list_of_decks(decks, folder, page):
    page.goto((folder / "index.html").as_uri())
    for name, lecture in decks.items():
        link = page.locator(f'a[href="{name}.html"]')
        assert lecture.title in link.inner_text()
    links = page.evaluate("[...document.querySelectorAll('a')].map(a => a.href)")
    assert all(link.startswith("file:") for link in links)

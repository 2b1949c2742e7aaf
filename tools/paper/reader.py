"""The notebooks on paper: each as a chapter, all of them as a book with contents and an index.

There is no second source: the pages are read from the stored notebooks. Figures come with their
descriptions, explorers as their pictures, exercises with room to write and without their solutions.
`make handouts` prints them.
"""

from __future__ import annotations

import contextlib
import html
import itertools
import re
import tempfile
from base64 import b64decode
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cecourse.exercise.display import rich
from cecourse.prediction import HEAD
from tools import _command
from tools._browser import PDF
from tools._cells import (
    asked,
    at_exercise,
    checked,
    exercises_of,
    is_quiz,
    opening,
    shown_exercise,
    shown_prediction,
    without_show,
)
from tools._command import WIDGET_VIEW, ToolError
from tools._markdown import colour, plain
from tools._pictures import size_of
from tools.concept_index import Concept, concept_index
from tools.paper import _paper, _pdf
from tools.paper._paper import COURSE, document, escaped, relink, sheet, to_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WRONG = "**Wrong answers**"  # so begins what the answer key says about them
TRUTH = '<ul class="options bare"><li><b>True</b></li><li><b>False</b></li></ul>'
# lines to write on, by what an exercise asks for
ROOM = {"number": 4, "array": 5, "choice": 2, "truth": 2, "function": 8}


def code_block(code: str) -> str:
    """Show code in colour; a short piece stays on one page."""
    short = " whole" if code.count("\n") < 24 else ""
    return f'<pre class="code{short}"><code>{colour(code)}</code></pre>'


def output_block(text: str) -> str:
    """Show what a cell printed, smaller where its lines are long, and broken where too long."""
    longest = max(map(len, text.splitlines()), default=0)
    wide = " wide" * (longest > 80) + " broken" * (longest > 104)
    short = " whole" if text.count("\n") < 24 else ""
    return f'<pre class="output{wide}{short}">{escaped(text)}</pre>'


# ---------------------------------------------------------------- one notebook


class Chapter:
    """A notebook as a chapter: its number, title and promise, and its pages as HTML.

    Parameters
    ----------
    notebook
        What nbformat reads.
    name : str
        The file's name without its ending, such as ``"02_cross_entropy"``.
    key : bool
        Whether it is the answer key: then exercises show the answer and what is said to it, and
        leave no room.
    """

    def __init__(self, notebook, name: str, *, key: bool = False):
        self.name, self.key = name, key
        self.number, slug = name.split("_", 1)
        self.slug = slug.removesuffix("_key")
        self.figures = 0
        self.exercises: list[str] = []
        self.parts: list[str] = []
        self.exercise_open = self.answered = False
        for position, cell in enumerate(notebook.cells):
            if self.answered and not cell.source.startswith(WRONG):
                self._close_exercise()
            if position == 0:
                self._open(cell.source)
            elif cell.cell_type == "markdown":
                self._markdown(cell.source)
            elif cell.cell_type == "code":
                rest = notebook.cells[position + 1 :]
                self._code(cell, "\n".join(c.source for c in rest if c.cell_type == "code"))
        self._close_exercise()

    def html(self, *, book: bool = False, concepts: Iterable[Concept] = ()) -> str:
        """The chapter's element, ready to print; in a book with places for contents and index."""
        opening = (
            f'<header><h1 id="nb-{self.number}" data-number="{self.number}">'
            f"{html.escape(self.title)}</h1>"
            + (f'<p class="promise">{html.escape(self.promise)}</p>' if self.promise else "")
            + "</header>"
        )
        body = relink("\n".join(self.parts), book=book)
        if book:
            body = with_places(body, self.number, concepts)
        return f'<article class="chapter nb{self.number}">{opening}{body}</article>'

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The place in the book, and the title as HTML, of each section."""
        titles = re.findall(r"<h2>(.*?)</h2>", "\n".join(self.parts), re.DOTALL)
        return [(f"s-{self.number}-{k}", title) for k, title in enumerate(titles, start=1)]

    # cells

    def _open(self, source: str) -> None:
        _, self.title, promise, *_ = opening(source)
        self.promise = promise[:1].upper() + promise[1:]
        rest = re.sub(
            r"^(\*\*\d+ minutes\*\*)(.*?)(?:· afterwards you can)?$",
            r"\1\2\n\n**Afterwards you can**",
            source.partition("\n")[2],
            flags=re.MULTILINE,
        )
        said = to_html(rest)
        self.aims = "".join(re.findall(r"<ul>.*?</ul>", said, re.DOTALL)[:1])
        self.parts.append(f'<div class="opening">{said}</div>')

    def _markdown(self, source: str) -> None:
        before, exercise = at_exercise(source)
        if re.match(r"#{1,3} ", source):
            self._close_exercise()
        if before.strip():
            self.parts.append(to_html(before))
        if exercise:
            self._close_exercise()
            self.parts += ['<section class="exercise">', to_html(exercise)]
            self.exercise_open = True

    def _close_exercise(self) -> None:
        if self.exercise_open:
            self.parts.append("</section>")
        self.exercise_open = self.answered = False

    def _code(self, cell, later: str) -> None:
        question, check = shown_exercise(cell.source), checked(cell.source)
        if shown_prediction(cell.source):
            self._prediction(*asked(cell))
        elif question:
            self._question(question)
        elif check and not self.key:
            self.exercises.append(check.exercise)
            self._room(cell.source, check.exercise)
            self._close_exercise()
        elif is_quiz(cell.source):
            if not self.key:
                self._quiz(cell)
        else:
            self._shown(cell, later)
            self.answered = bool(check)  # what wrong answers are told may follow

    def _shown(self, cell, later: str) -> None:
        live = any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs)
        source = cell.source if live else without_show(cell.source, later)
        if source and not (live and "\n" not in source.strip()):
            self.parts.append(code_block(source))
        for output in cell.outputs:
            self._output(output, cell.source.strip())

    def _output(self, output, source: str) -> None:
        data = output.get("data", {})
        if output.output_type == "stream":
            self.parts.append(output_block(output.text.rstrip("\n")))
        elif "image/png" in data:
            self._figure(output, live=source if WIDGET_VIEW in data else None)
        elif "text/html" in data:
            self.parts.append(f'<div class="shown">{cleaned(data["text/html"])}</div>')
            if WIDGET_VIEW in data:
                self.parts.append(live_line(source))
        elif "text/plain" in data:
            self.parts.append(output_block(data["text/plain"]))
        elif output.output_type == "error":
            self.parts.append(output_block(f"{output.ename}: {output.evalue}"))

    def _figure(self, output, *, live: str | None) -> None:
        png = output.data["image/png"].replace("\n", "")
        about = output.metadata["image/png"]
        width, height = size_of(b64decode(png))
        share = min(88.0, 88 * about.get("width", width / 2) / 648)  # of 7.2 inches
        if live:
            caption = live_line(live)
        else:
            self.figures += 1
            caption = f"<b>Figure {int(self.number)}.{self.figures}</b>"
        self.parts.append(
            f'<figure style="width:{share:.4g}%"><img src="data:image/png;base64,{png}" '
            f'width="{width}" height="{height}" alt="{html.escape(about["alt"])}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )

    def _prediction(self, question: str, options: list[tuple[str, str]]) -> None:
        """A question with boxes to tick; on a handout the answer comes after a page turn."""
        listed = "".join(f"<li><b>{letter}</b> {rich(text)}</li>" for letter, text in options)
        self.parts.append(
            f'<section class="predict{"" if self.key else " turn"}"><p><b>{HEAD}</b> '
            f'{rich(question)}</p><ul class="options">{listed}</ul><p class="sure">How sure? '
            "<i></i> %</p></section>"
        )

    # exercises

    def _question(self, name: str) -> None:
        exercise = getattr(exercises_of(self.slug), name)
        parts = [f'<div class="question"><p>{rich(exercise.question)}</p>']
        if exercise.choices:
            listed = "".join(
                f"<li><b>{html.escape(key)}</b> {rich(text)}</li>"
                for key, text in exercise.choices.items()
            )
            parts.append(f'<ul class="options">{listed}</ul>')
        elif exercise.kind == "truth":
            parts.append(TRUTH)
        self.parts.append("".join(parts) + "</div>")

    def _room(self, source: str, name: str) -> None:
        """Leave room for an answer: lines, and the first line of a function."""
        exercise = getattr(exercises_of(self.slug), name)
        if exercise.kind == "function":
            stub = next(line for line in source.splitlines() if line.startswith("def "))
            self.parts.append(f'<pre class="code stub"><code>{colour(stub)}</code></pre>')
        label = "Because" if exercise.kind in ("choice", "truth") else "Answer"
        if exercise.kind == "function":
            label = ""
        self.parts.append(room(ROOM[exercise.kind], label, f"exercises.{name}.check"))

    def _quiz(self, cell) -> None:
        """The final quiz on paper: each question with its options or a line, no answers."""
        page = next(output.data["text/html"] for output in cell.outputs if "data" in output)
        page = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
        page = page.replace(
            '<ul style="list-style: none; margin: 0.3em 0"></ul>', room(1, "Answer", "")
        )
        page = re.sub(r'<ul style="list-style: none[^"]*">', '<ul class="options">', page)
        page = re.sub(r"<li>(\w)[\u2002\s]+", r"<li><b>\1</b> ", page)
        page = re.sub(r'<p style="font-size[^"]*">(.*?)</p>', r'<p class="topic">\1</p>', page)
        page = re.sub(r'<div style="max-width[^"]*">', '<div class="asked">', page)
        self.parts.append(f'<div class="quiz">{page}</div>{live_line(cell.source.strip())}')


def room(lines: int, label: str, call: str) -> str:
    """Lines to write on; what checks the answer stands beneath them, small."""
    first = f"<b>{label}</b>" if label else ""
    ruled = "".join(f"<i>{first if k == 0 else ''}</i>" for k in range(lines))
    check = f'<p class="check">check it in the notebook: <code>{call}(…)</code></p>' if call else ""
    return f'<div class="room">{ruled}</div>{check}'


def live_line(source: str) -> str:
    """Say that what is printed here moves in the notebook."""
    call = source if "\n" not in source and len(source) < 60 else ""
    called = f": <code>{html.escape(call)}</code>" if call else ""
    return f'<span class="live">live in the notebook{called}</span>'


def cleaned(page: str) -> str:
    """HTML that a cell displays, as it is printed: opened, without its colours."""
    page = page.replace("<details>", "<details open>")
    return re.sub(r'<span aria-hidden="true">[?✓…→↻]</span> ?', "", page)


def read_chapters(names: Iterable[str] = ()) -> list[Chapter]:
    """Read the stored notebooks whose names begin so; all without names."""
    import nbformat

    return [
        Chapter(nbformat.read(path, as_version=4), path.stem) for path in _command.notebooks(names)
    ]


# ---------------------------------------------------------------- the book


def with_places(body: str, number: str, concepts: Iterable[Concept]) -> str:
    """Give each section of a chapter, and each term where it is defined, a place to lead to.

    Raises
    ------
    ToolError
        If a term of the concept index is nowhere in bold.
    """
    waiting = {one.bold: one for one in concepts if one.file.startswith(number)}
    count, section = itertools.count(1), ""

    def placed(found: re.Match) -> str:
        nonlocal section
        tag, words = found[1], found[2]
        if tag != "strong":
            section = plain(words)
            return f'<h2 id="s-{number}-{next(count)}">{words}</h2>' if tag == "h2" else found[0]
        one = waiting.get(html.unescape(plain(words)))
        if one is None or plain(one.section) not in (section, section or plain(one.section)):
            return found[0]
        del waiting[one.bold]
        return f'<strong id="{place_of(one)}">{words}</strong>'

    body = re.sub(r"<(h[1-4]|strong)>(.*?)</\1>", placed, body, flags=re.DOTALL)
    if waiting:
        raise ToolError(f"notebook {number}: not in bold on paper: {', '.join(waiting)}")
    return body


def place_of(concept: Concept) -> str:
    """The place in the book that defines a term."""
    return f"t-{concept.file[:2]}-" + re.sub(r"\W+", "-", concept.term)


def edition() -> str:
    """The course's version and the day of its release, as they are printed."""
    about = _pdf.release()
    day = date.fromisoformat(about["date-released"])
    return f"Version {about['version']}, {day.day} {day:%B %Y}"


def contents(chapters: list[Chapter]) -> str:
    """The contents of the book: chapters and their sections."""
    blocks = []
    for c in chapters:
        lines = "".join(
            f'<li><a href="#{place}"><span class="t">{title}</span><span class="dots"></span>'
            f'<span class="page" data-page="{place}">000</span></a></li>'
            for place, title in c.sections
        )
        blocks.append(
            f'<section><p class="part"><a href="#nb-{c.number}"><span class="n">{c.number}</span>'
            f'<span class="t">{html.escape(c.title)}</span><span class="dots"></span>'
            f'<span class="page" data-page="nb-{c.number}">000</span></a></p><ol>{lines}</ol>'
            "</section>"
        )
    return f'<nav class="contents"><h2>Contents</h2><div>{"".join(blocks)}</div></nav>'


def index(concepts: Iterable[Concept]) -> str:
    """The index of the book: each term, and the page or pages that define it."""
    letters: dict[str, dict[str, list[str]]] = {}
    for one in concepts:
        page = f'<a href="#{place_of(one)}" data-page="{place_of(one)}">000</a>'
        letters.setdefault(one.term[0].upper(), {}).setdefault(one.term, []).append(page)
    blocks = "".join(
        f'<section><p class="letter">{letter}</p><ul>'
        + "".join(
            f"<li>{html.escape(term)}, {', '.join(pages)}</li>" for term, pages in terms.items()
        )
        + "</ul></section>"
        for letter, terms in letters.items()
    )
    return f'<section class="index"><h1 id="index">Index</h1><div>{blocks}</div></section>'


def book(chapters: list[Chapter]) -> str:
    """The page of these notebooks: a title, the contents, the chapters, the index."""
    here = {c.number for c in chapters}
    concepts = [one for one in concept_index() if one.file[:2] in here]
    front = (
        f'<section class="cover"><h1>{COURSE}</h1><p>Every figure, formula and exercise of the '
        f"course&rsquo;s {len(chapters)} notebooks, on paper.</p><p>The sliders, the hints and the "
        "answers are in the notebooks: <code>make lab</code>.</p>"
        f'<p class="rights">{edition()}<br>Text and figures: CC BY 4.0. Code: BSD 3-Clause.</p>'
        f"</section>{contents(chapters)}"
    )
    body = front + "".join(c.html(book=True, concepts=concepts) for c in chapters)
    return document(COURSE, body + index(concepts), sheet(chapters), "book")


# ---------------------------------------------------------------- printing

# what takes time to print and no other place when it cannot be seen: for the first look
BLIND = "img, mjx-container { visibility: hidden; }"
SET_PAGES = """where => {
  for (const number of document.querySelectorAll('[data-page]'))
    number.textContent = where[number.dataset.page];
}"""
TO_READER = """() => {
  document.body.className = 'reader';
  for (const part of document.querySelectorAll('.cover, .contents, .index')) part.remove();
  for (const link of document.querySelectorAll('a[href^="#"]'))
    link.replaceWith(...link.childNodes);
}"""


def press(
    browser: Browser, chapters: list[Chapter], folder: Path, sizes: Iterable[str], *, bound: bool
) -> None:
    """Print each chapter by itself, and all as a book if they are to be `bound`.

    A first, blind print says on which page everything stands; the chapters are cut from a print
    whose pages turn after each prediction.

    Raises
    ------
    ToolError
        If something does not fit (`_paper.typeset`), or the contents do not.
    """
    from pypdf import PdfReader

    sizes = list(sizes)
    with (
        _paper.typeset(browser, book(chapters), "book") as page,
        contextlib.ExitStack() as stack,
    ):
        printed = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "book.pdf"
        if bound:
            where = page_numbers(page, printed)
            page.evaluate(SET_PAGES, where)
            page.pdf(path=printed, **PDF)
            if _pdf.places(PdfReader(printed)) != where:
                raise ToolError("book: the contents moved the chapters")
            _pdf.finish(printed, {size: folder / f"book-{size}.pdf" for size in sizes})
        page.evaluate(TO_READER)
        page.pdf(path=printed, **PDF)
        cut_chapters(PdfReader(printed), chapters, folder / "reader", sizes)


def page_numbers(page, printed: Path) -> Mapping[str, int]:
    """On which page each place of an open book will be."""
    from pypdf import PdfReader

    style = page.add_style_tag(content=BLIND)
    page.pdf(path=printed, **PDF | {"tagged": False, "outline": False})
    style.evaluate("style => style.remove()")
    return _pdf.places(PdfReader(printed))


def cut_chapters(reader, chapters: list[Chapter], folder: Path, sizes: Iterable[str]) -> None:
    """Write each chapter of a print into files of its own."""
    tops = [entry for entry in reader.outline if not isinstance(entry, list)]
    starts = [reader.get_destination_page_number(entry) for entry in tops]
    ends = [*starts[1:], len(reader.pages)]
    for chapter, first, end in zip(chapters, starts, ends, strict=True):
        targets = {size: folder / size / f"{chapter.name}.pdf" for size in sizes}
        _pdf.cut(reader, first, end, f"{chapter.number} · {chapter.title}", targets)

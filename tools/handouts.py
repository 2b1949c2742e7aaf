"""Set each notebook as a handout, all of them as a book, and a cheat sheet: `make handouts`.

There is no second source: the pages are read from the stored notebooks. Figures come with their
descriptions, explorers as their pictures, exercises with room to write and without their solutions.
Everything lands in build/handouts as tagged PDF with an outline, on A4 and on Letter.
"""

from __future__ import annotations

import html
import re
import sys
from base64 import b64decode
from collections.abc import Iterable
from pathlib import Path

from cecourse.exercise.display import rich
from cecourse.prediction import HEAD
from tools import _command, cheatsheet
from tools._browser import open_browser
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
from tools._command import WIDGET_VIEW
from tools._markdown import colour
from tools._paper import COURSE, SIZES, document, escaped, press, relink, sheet, to_html
from tools._pictures import size_of

WRONG = "**Wrong answers**"  # so begins what the answer key says about them
# lines to write on, by what an exercise asks for
ROOM = {"number": 4, "array": 5, "choice": 2, "truth": 2, "function": 8}


def code_block(code: str) -> str:
    """Show code in colour; a short piece stays on one page."""
    short = " whole" if code.count("\n") < 24 else ""
    return f'<pre class="code{short}"><code>{colour(code)}</code></pre>'


def output_block(text: str) -> str:
    """Show what a cell printed, smaller where its lines are long."""
    wide = " wide" if max(map(len, text.splitlines()), default=0) > 80 else ""
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

    def html(self, *, book: bool = False) -> str:
        """The chapter's element, ready to print."""
        opening = (
            f'<header><h1 id="nb-{self.number}" data-number="{self.number}">'
            f"{html.escape(self.title)}</h1>"
            + (f'<p class="promise">{html.escape(self.promise)}</p>' if self.promise else "")
            + "</header>"
        )
        body = relink("\n".join(self.parts), book=book)
        return f'<article class="chapter nb{self.number}">{opening}{body}</article>'

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
        self.parts.append(f'<div class="opening">{to_html(rest)}</div>')

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
            parts.append('<ul class="options"><li><b>True</b></li><li><b>False</b></li></ul>')
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


def handout(chapter: Chapter, size: str) -> str:
    """The page of one notebook."""
    return document(
        f"{chapter.number} · {chapter.title}", chapter.html(), sheet(size, [chapter]), "handout"
    )


def book(chapters: list[Chapter], size: str) -> str:
    """The page of all notebooks: a title, the contents, the chapters."""
    lines = "".join(
        f'<li><a href="#nb-{c.number}"><span class="n">{c.number}</span>'
        f'<span class="t">{html.escape(c.title)}</span><span class="p">'
        f'{html.escape(c.promise)}</span><span class="dots"></span>'
        f'<span class="page" data-page="{c.number}">000</span></a></li>'
        for c in chapters
    )
    front = (
        f'<section class="cover"><h1>{COURSE}</h1><p>Every figure, formula and exercise of the '
        f"course&rsquo;s {len(chapters)} notebooks, on paper.</p><p>The sliders, the hints and the "
        "answers are in the notebooks: <code>make lab</code>.</p>"
        '<p class="rights">Text and figures: CC BY 4.0. Code: BSD 3-Clause.</p></section>'
        f'<nav class="contents"><h2>Contents</h2><ol>{lines}</ol></nav>'
    )
    body = front + "".join(chapter.html(book=True) for chapter in chapters)
    return document(COURSE, body, sheet(size, chapters), "book")


# ---------------------------------------------------------------- the command


def print_all(names: list[str], folder: Path, sizes: Iterable[str]) -> str:
    """Print the handouts and the cheat sheet; without names, the book too."""
    from tqdm import tqdm

    chapters = read_chapters(names)
    with open_browser() as browser:
        for size in sizes:
            press(browser, cheatsheet.page(size), folder / f"cheatsheet-{size}.pdf")
        jobs = [(chapter, size) for size in sizes for chapter in chapters]
        for chapter, size in tqdm(jobs, desc="Handouts", unit="PDF"):
            press(browser, handout(chapter, size), folder / size / f"{chapter.name}.pdf")
        for size in tqdm([] if names else sizes, desc="Book", unit="PDF"):
            press(browser, book(chapters, size), folder / f"book-{size}.pdf", contents=chapters)
    return f"{len(jobs)} handouts, the cheat sheet{'' if names else ' and the book'}: {folder}"


def main() -> int:
    """Parse the command line; print the handouts, the book and the cheat sheet."""
    size = {"choices": [*SIZES], "help": "of the paper (default: both)"}
    given = _command.parse(__doc__, "build/handouts", size=size)
    sizes = [given.size] if given.size else [*SIZES]
    return _command.told(lambda: print_all(given.names, given.to, sizes))


if __name__ == "__main__":
    sys.exit(main())

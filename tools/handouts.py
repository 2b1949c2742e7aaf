"""Set each notebook as a handout, all of them as a book, and a cheat sheet: `make handouts`.

There is no second source: the pages are read from the stored notebooks. Figures come with their
descriptions, explorers as their pictures, exercises with room to write and without their solutions.
Everything lands in build/handouts as tagged PDF with an outline, on A4 and on Letter.
"""

from __future__ import annotations

import argparse
import ast
import html
import importlib
import math
import re
import struct
import sys
import tempfile
import textwrap
from base64 import b64decode
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tools._browser import BrowserMissing, open_browser, package_folder, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
STYLE = ROOT / "teaching" / "handouts"
CHEATSHEET = ROOT / "teaching" / "cheatsheet.md"
COURSE = "Cross-Entropy, hands on"
SIZES = {"a4": "210mm 297mm", "letter": "8.5in 11in"}
TEXT_WIDTH = 166  # millimetres, on both sizes of paper
WRONG = "**Wrong answers**"  # so begins what the answer key says about them
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# lines to write on, by what an exercise asks for
ROOM = {"number": 4, "array": 5, "choice": 2, "truth": 2, "function": 8}

# What a page must not do: cut a line of code, a formula or a table at its right edge.
TOO_WIDE = """
() => {
  const found = [];
  for (const part of document.querySelectorAll('pre, table, img, mjx-container > svg')) {
    const r = part.getBoundingClientRect();
    if (!r.width) continue;
    const edge = part.closest('.card, main').getBoundingClientRect().right;
    if (part.scrollWidth > part.clientWidth + 1 && part.tagName === 'PRE')
      found.push(`code: ${part.innerText.slice(0, 200)}`);
    if (r.right > edge + 1)
      found.push(`${part.tagName}, ${Math.round(r.right - edge)} px: `
                 + (part.closest('mjx-container')?.innerText || part.alt || part.innerText));
  }
  for (const sheet of document.querySelectorAll('.sheet')) {
    const end = sheet.querySelector('footer').getBoundingClientRect().top;
    for (const card of sheet.querySelectorAll('.card')) {
      const r = card.getBoundingClientRect();
      if (r.bottom > end || r.right > sheet.getBoundingClientRect().right)
        found.push(`no room for ${card.innerText.slice(0, 40)}: ${Math.round(r.bottom - end)} px`);
    }
  }
  return found;
}
"""
# A formula that is wider than its column is set smaller, as a compositor would.
FIT_FORMULAS = """
() => {
  for (const box of document.querySelectorAll('mjx-container[display="true"]')) {
    const svg = box.querySelector('svg');
    const room = box.parentElement.getBoundingClientRect().width;
    const wide = svg ? svg.getBoundingClientRect().width : 0;
    if (wide > room) box.style.fontSize = `${Math.floor(100 * room / wide)}%`;
  }
}
"""
# The four sheets in the largest type, the same on each, for which they have room.
FIT_SHEETS = """
() => {
  const sheets = [...document.querySelectorAll('.sheet')];
  const fits = sheet => {
    const end = sheet.querySelector('footer').getBoundingClientRect().top - 8;
    return [...sheet.querySelectorAll('.card')].every(
      card => card.getBoundingClientRect().bottom < end);
  };
  for (let size = 11.2; size >= 7.5 && sheets.length; size -= 0.1) {
    document.body.style.fontSize = `${size}pt`;
    if (sheets.every(fits)) break;
  }
}
"""


class HandoutError(RuntimeError):
    """A page that cannot be printed as it should be; the message says which and why."""


# ---------------------------------------------------------------- Markdown and code


def to_html(markdown: str) -> str:
    """Render Markdown; formulas stay as they are, for MathJax."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    text = markdown2html_mistune(markdown).strip()
    text = re.sub(r'<a class="anchor-link".*?</a>', "", text)
    text = text.replace("<details>", "<details open>")
    # a full stop does not leave its formula
    text = re.sub(
        r"(?<!\$)(\$[^$\n]+\$)((?:[.,;:?!)’”]|'s)+)", r'<span class="whole">\1\2</span>', text
    )
    text = re.sub(r"<p><strong>Predict first", '<p class="predict"><strong>Predict first', text)
    return text.replace("<table", '<div class="tabled"><table').replace(
        "</table>", "</table></div>"
    )


def relink(page: str, *, book: bool) -> str:
    """Lead links between notebooks to chapters of the book; elsewhere they are words on paper."""

    def replace(match: re.Match) -> str:
        address, words = match[1], match[2]
        if re.match(r"https?:|mailto:", address):
            return match[0]
        chapter = re.match(r"(\d\d)_\w+\.ipynb", address)
        if book and chapter:
            return f'<a href="#nb-{chapter[1]}">{words}</a>'
        return f"<span>{words}</span>"

    return re.sub(r'<a href="([^"]*)"[^>]*>(.*?)</a>', replace, page, flags=re.DOTALL)


def colour(code: str) -> str:
    """Colour Python code."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")


def code_block(code: str) -> str:
    """Show code in colour; a short piece stays on one page."""
    short = " whole" if code.count("\n") < 24 else ""
    return f'<pre class="code{short}"><code>{colour(code)}</code></pre>'


def output_block(text: str) -> str:
    """Show what a cell printed, smaller where its lines are long."""
    wide = " wide" if max(map(len, text.splitlines()), default=0) > 80 else ""
    short = " whole" if text.count("\n") < 24 else ""
    return f'<pre class="output{wide}{short}">{html.escape(text, quote=False)}</pre>'


def parsed(source: str) -> list[ast.stmt]:
    """The statements of a cell; its magic commands count as remarks."""
    return ast.parse(re.sub(r"^([%!].*)$", r"#\1", source, flags=re.MULTILINE)).body


def shows(statement: ast.stmt) -> bool:
    """Whether a statement of a cell shows a figure: ``show(…)``."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func) == "show"


def without_show(source: str, later: str = "") -> str:
    """Return a cell's code without the call that shows a figure: the figure itself follows.

    A cell that does nothing else leaves nothing; so does one that only names what the picture is
    made of, where the code of the `later` cells does not come back to these names.
    """
    body = parsed(source)
    if not any(map(shows, body)):
        return source
    others = [statement for statement in body if not shows(statement)]
    if all(isinstance(statement, ast.Assign) for statement in others):
        bound = {
            part.id
            for statement in others
            for part in ast.walk(statement)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        }
        if not bound & set(re.findall(r"\w+", later)):
            return ""
    lines = source.splitlines()
    for statement in reversed(body):
        if shows(statement):
            del lines[statement.lineno - 1 : statement.end_lineno]
    return re.sub(r"\n{3,}", "\n\n\n", "\n".join(lines)).strip("\n")


def at_exercise(source: str) -> tuple[str, str]:
    """Split Markdown before the heading of an exercise; without one the second part is empty."""
    found = re.search(r"^### Exercise \d+ · ", source, re.MULTILINE)
    return (source[: found.start()], source[found.start() :]) if found else (source, "")


def checked_exercise(source: str) -> str | None:
    """Return the name of the exercise that a cell checks, such as ``"overpaid"``."""
    found = re.search(r"^exercises\.(\w+)\.check\(", source, re.MULTILINE)
    return found[1] if found else None


def shown_exercise(source: str) -> str | None:
    """Return the name of the exercise whose question a cell shows."""
    found = re.fullmatch(r"\s*exercises\.(\w+)\s*", source)
    return found[1] if found else None


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
        heading, _, rest = source.partition("\n")
        match = re.match(r"# (\d\d) · ([^:]+)(?:: (.+))?$", heading)
        if not match:
            raise HandoutError(f"{self.name} begins with '# NN · Title: promise'; got {heading!r}")
        self.title = match[2].strip()
        promise = (match[3] or "").strip()
        self.promise = promise[:1].upper() + promise[1:]
        rest = re.sub(r"^(\*\*\d+ minutes\*\*)(.*?)(?:· afterwards you can)?$",
                      r'\1\2\n\n**Afterwards you can**', rest, flags=re.MULTILINE)  # fmt: skip
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
        question, checked = shown_exercise(cell.source), checked_exercise(cell.source)
        if question:
            self._question(question)
            return
        if checked and not self.key:
            self._room(cell.source, checked)
            self._close_exercise()
            return
        live = any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs)
        source = cell.source if live else without_show(cell.source, later)
        if live and "\n" not in source.strip():
            source = ""
        if re.fullmatch(r"\s*final_quiz\.quiz\(\)\s*", cell.source):
            if not self.key:
                self._quiz(cell)
            return
        if source:
            self.parts.append(code_block(source))
        for output in cell.outputs:
            self._output(output, cell.source.strip())
        self.answered = bool(checked)  # what wrong answers are told may follow

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
        width, height = struct.unpack(">II", b64decode(png)[16:24])
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

    # exercises

    def _exercise(self, name: str):
        return getattr(importlib.import_module(f"cehelpers.exercises.{self.slug}"), name)

    def _question(self, name: str) -> None:
        from cehelpers.exercises._display import rich

        exercise = self._exercise(name)
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
        exercise = self._exercise(name)
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


def read_chapters(names: Iterable[str] = (), folder: Path = NOTEBOOKS) -> list[Chapter]:
    """Read the stored notebooks whose names begin so; all without names."""
    import nbformat

    names = tuple(names)
    return [
        Chapter(nbformat.read(path, as_version=4), path.stem)
        for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))
        if not names or path.stem.startswith(names)
    ]


# ---------------------------------------------------------------- pages


def sheet(size: str, chapters: Iterable[Chapter], running: str = COURSE) -> str:
    """The rules for paper of a size: margins, page numbers, a running title for each chapter."""
    names = "".join(
        f"@page nb{chapter.number} {{ @top-right {{ content: "
        f"{css_text(f'{chapter.number} · {chapter.title}')}; }} }}\n"
        f".nb{chapter.number} {{ page: nb{chapter.number}; }}\n"
        for chapter in chapters
    )
    side = (210 - TEXT_WIDTH) / 2 if size == "a4" else (215.9 - TEXT_WIDTH) / 2
    return (
        f"@page {{ size: {SIZES[size]}; margin: 24mm {side:g}mm 23mm; "
        f"@top-left {{ content: {css_text(running)}; }} }}\n{names}"
    )


def css_text(text: str) -> str:
    """Quote a string for a style sheet."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def document(title: str, body: str, style: str, kind: str) -> str:
    """Return a whole page: the style of the handouts and MathJax around a body."""
    mathjax = package_folder("sphinx-mathjax-offline", "static/mathjax") / "tex-svg-full.js"
    css = (STYLE / "style.css").read_text(encoding="utf-8")
    return textwrap.dedent(
        """\
        <!doctype html>
        <html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>
        <style>{css}{style}</style>
        <script>
        window.MathJax = {{
          tex: {{inlineMath: [['$', '$']], displayMath: [['$$', '$$']]}},
          svg: {{fontCache: 'local', mtextInheritFont: true}},
          options: {{enableMenu: false, enableAssistiveMml: true,
                    skipHtmlTags: ['script', 'style', 'pre', 'code']}},
        }};
        </script>
        <script defer src="{mathjax}"></script>
        </head><body class="{kind}"><main>
        {body}
        </main></body></html>
        """
    ).format(title=html.escape(title), css=css, style=style, mathjax=mathjax.as_uri(), kind=kind,
             body=body)  # fmt: skip


class Press:
    """Prints pages with one browser, and refuses those on which something is cut off.

    Parameters
    ----------
    browser : Browser
        One that is open.
    """

    def __init__(self, browser: Browser):
        self.browser = browser

    def print(self, page_html: str, pdf: Path, *, contents: Iterable[Chapter] = ()) -> int:
        """Print a page; the chapters of `contents` get their page numbers in its contents.

        Returns
        -------
        int
            How many pages it has.

        Raises
        ------
        HandoutError
            If a line of code, a formula, a table or a picture does not fit the width of the text,
            a picture cannot be shown, or a formula cannot be set.
        """
        from pypdf import PdfReader

        pdf.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page.html"
            path.write_text(page_html, encoding="utf-8")
            page = self.browser.new_page()
            try:
                page.set_default_timeout(600_000)
                page.emulate_media(media="print")
                # the width of the text, in the browser's pixels, so that what is measured is
                # what is printed
                page.set_viewport_size({"width": round(TEXT_WIDTH / 25.4 * 96), "height": 1000})
                page.goto(path.as_uri())
                state = settle(page)
                page.evaluate(FIT_SHEETS)
                page.evaluate(FIT_FORMULAS)
                found = page.evaluate(TOO_WIDE)
                if state["broken"]:
                    found.append(f"{state['broken']} pictures cannot be shown")
                errors = "[...document.querySelectorAll('mjx-merror')].map(e => e.textContent)"
                found += page.evaluate(errors)
                if found:
                    raise HandoutError(f"{pdf.name}: " + "; ".join(found[:5]))
                settings = {"prefer_css_page_size": True, "print_background": True}
                settings |= {"tagged": True, "outline": True, "path": str(pdf)}
                page.pdf(**settings)
                if contents:
                    where = chapter_pages(PdfReader(pdf), contents)
                    page.evaluate(
                        "where => { for (const [name, number] of Object.entries(where)) "
                        "document.querySelector(`[data-page='${name}']`).textContent = number; }",
                        where,
                    )
                    page.pdf(**settings)
                    if chapter_pages(PdfReader(pdf), contents) != where:
                        raise HandoutError(f"{pdf.name}: the contents moved the chapters")
            finally:
                page.close()
        return len(PdfReader(pdf).pages)


def chapter_pages(reader, chapters: Iterable[Chapter]) -> dict[str, int]:
    """The page, counted from 1, on which each of these chapters begins in a printed book."""
    tops = [entry for entry in reader.outline if not isinstance(entry, list)]
    return {
        chapter.number: reader.get_destination_page_number(entry) + 1
        for chapter in chapters
        for entry in tops
        if entry.title.endswith(chapter.title)
    }


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


# ---------------------------------------------------------------- the cheat sheet


def cheatsheet_source() -> str:
    """The cheat sheet's Markdown with every ``[[expression | format]]`` computed.

    The names an expression may use are ``ce``, ``np`` and ``math``.
    """
    import numpy as np

    import cehelpers as ce

    names = {"ce": ce, "np": np, "math": math}

    def computed(match: re.Match) -> str:
        expression, _, form = match[1].rpartition("|")
        try:
            value = eval(expression, dict(names))  # our own file
            return format(value, form.strip()).replace("-", "−").replace("inf", "∞")
        except Exception as error:
            raise HandoutError(f"{CHEATSHEET.name}: {match[0]}: {error}") from error

    text = CHEATSHEET.read_text(encoding="utf-8")
    return re.sub(r"\[\[(.+?)\]\]", computed, text, flags=re.DOTALL)


def cheatsheet(size: str) -> str:
    """The page of the cheat sheet: a sheet for each part between its rules (``---``)."""
    parts = re.split(r"^---$", cheatsheet_source(), flags=re.MULTILINE)
    sheets = []
    for number, part in enumerate(parts, start=1):
        blocks = re.split(r"^(?=## )", part.strip(), flags=re.MULTILINE)
        head = to_html(blocks[0]) if not blocks[0].startswith("## ") else ""
        boxes = "".join(
            f'<section class="card">{to_html(block)}</section>'
            for block in blocks
            if block.startswith("## ")
        )
        sheets.append(
            f'<section class="sheet">{head}<div class="cards">{boxes}</div>'
            f"<footer>{COURSE} · cheat sheet · {number} of {len(parts)}</footer></section>"
        )
    width, height = SIZES[size].split()
    style = (
        f"@page {{ size: {SIZES[size]}; margin: 0; @bottom-center {{ content: none; }} }}\n"
        f".sheet {{ width: {width}; height: {height}; }}\n"
    )
    return document(f"{COURSE}: cheat sheet", "".join(sheets), style, "cheatsheet")


# ---------------------------------------------------------------- the command


def main() -> int:
    """Parse the command line; print the handouts, the book and the cheat sheet."""
    from tqdm import tqdm

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="beginnings of names (default: all): 01 03")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "handouts", help="folder")
    parser.add_argument("--size", choices=[*SIZES], help="of the paper (default: both)")
    arguments = parser.parse_args()
    chapters = read_chapters(arguments.names)
    if not chapters:
        parser.error(f"no notebook in {NOTEBOOKS} begins with {' or '.join(arguments.names)}")
    sizes = [arguments.size] if arguments.size else [*SIZES]
    whole = not arguments.names
    folder = arguments.to
    try:
        with open_browser() as browser:
            press = Press(browser)
            for size in sizes:
                press.print(cheatsheet(size), folder / f"cheatsheet-{size}.pdf")
            jobs = [(chapter, size) for size in sizes for chapter in chapters]
            for chapter, size in tqdm(jobs, desc="Handouts", unit="PDF"):
                press.print(handout(chapter, size), folder / size / f"{chapter.name}.pdf")
            for size in tqdm(sizes if whole else [], desc="Book", unit="PDF"):
                press.print(book(chapters, size), folder / f"book-{size}.pdf", contents=chapters)
    except (BrowserMissing, HandoutError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(jobs)} handouts, the cheat sheet{' and the book' if whole else ''}: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

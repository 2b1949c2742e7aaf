"""Pages on paper: the style, the running titles, and a press that refuses what would be cut off."""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cecourse import palette
from tools import _markdown
from tools._browser import PDF, opened, package_folder
from tools._command import ROOT, ToolError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tools.handouts import Chapter

STYLE = ROOT / "teaching" / "handouts"
COURSE = "Cross-Entropy, hands on"
SIZES = {"a4": "210mm 297mm", "letter": "8.5in 11in"}
TEXT_WIDTH = 166  # millimetres, on both sizes of paper
SET_PAGE = """where => { for (const [name, number] of Object.entries(where))
  document.querySelector(`[data-page='${name}']`).textContent = number; }"""


def to_html(markdown: str) -> str:
    """Render Markdown for paper: nothing folded, tables in boxes of their own."""
    text = _markdown.to_html(markdown).replace("<details>", "<details open>")
    return re.sub(r"<table.*?</table>", r'<div class="tabled">\g<0></div>', text, flags=re.DOTALL)


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


def sheet(size: str, chapters: Iterable[Chapter], running: str = COURSE) -> str:
    """The rules for paper of a size: margins, page numbers, a running title for each chapter."""
    names = "".join(
        f"@page nb{chapter.number} {{ @top-right {{ content: "
        f"{css_text(f'{chapter.number} · {chapter.title}')}; }} }}\n"
        f".nb{chapter.number} {{ page: nb{chapter.number}; }}\n"
        for chapter in chapters
    )
    side = ((210 if size == "a4" else 215.9) - TEXT_WIDTH) / 2
    return (
        f"@page {{ size: {SIZES[size]}; margin: 24mm {side:g}mm 23mm; color: {palette.REMARK}; "
        f"@top-left {{ content: {css_text(running)}; }} }}\n{names}"
    )


def css_text(text: str) -> str:
    """Quote a string for a style sheet."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def document(title: str, body: str, style: str, kind: str) -> str:
    """Return a whole page: the style of the handouts and MathJax around a body."""
    from jinja2 import Template

    mathjax = package_folder("sphinx-mathjax-offline", "static/mathjax") / "tex-svg-full.js"
    css = palette.css() + (STYLE / "style.css").read_text(encoding="utf-8")
    page = Template((STYLE / "page.html.j2").read_text(encoding="utf-8"))
    return page.render(
        title=title, css=css, style=style, mathjax=mathjax.as_uri(), kind=kind, body=body
    )


def press(browser: Browser, page_html: str, pdf: Path, contents: Iterable[Chapter] = ()) -> int:
    """Print a page; the chapters of `contents` get their page numbers in its contents.

    Returns
    -------
    int
        How many pages it has.

    Raises
    ------
    ToolError
        If a line of code, a formula, a table or a picture does not fit the width of the text,
        a picture cannot be shown, or a formula cannot be set.
    """
    from pypdf import PdfReader

    pdf.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{pdf.stem}.html"
        path.write_text(page_html, encoding="utf-8")
        with opened(browser, path) as page:
            page.emulate_media(media="print")
            # the width of the text, in the browser's pixels: what is measured is what is printed
            page.set_viewport_size({"width": round(TEXT_WIDTH / 25.4 * 96), "height": 1000})
            if found := page.evaluate((STYLE / "press.js").read_text(encoding="utf-8")):
                raise ToolError(f"{pdf.name}: " + "; ".join(found[:5]))
            page.pdf(path=pdf, **PDF)
            if contents:
                where = chapter_pages(PdfReader(pdf), contents)
                page.evaluate(SET_PAGE, where)
                page.pdf(path=pdf, **PDF)
                if chapter_pages(PdfReader(pdf), contents) != where:
                    raise ToolError(f"{pdf.name}: the contents moved the chapters")
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


def escaped(text: str) -> str:
    """Text for a page, quotes as they are."""
    return html.escape(text, quote=False)

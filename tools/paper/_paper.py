"""Pages on paper: the style, the running titles, and a press that refuses what would be cut off."""

from __future__ import annotations

import contextlib
import html
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cecourse import palette
from tools import _markdown
from tools._browser import PDF, opened, package_folder
from tools._command import ROOT, ToolError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tools.paper.reader import Chapter

STYLE = ROOT / "teaching" / "handouts"
COURSE = "Cross-Entropy, hands on"
TEXT_WIDTH = 166  # millimetres, on both sizes of paper
TEXT_HEIGHT = 233


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


def sheet(chapters: Iterable[Chapter], running: str = COURSE) -> str:
    """The rules for paper: margins, page numbers, a running title for each chapter.

    The sheet is A4, and the text stands where a sheet of Letter, laid in its middle, has it too.
    """
    names = "".join(
        f"@page nb{chapter.number} {{ @top-right {{ content: "
        f"{css_text(f'{chapter.number} · {chapter.title}')}; }} }}\n"
        f".nb{chapter.number} {{ page: nb{chapter.number}; }}\n"
        for chapter in chapters
    )
    side, end = (210 - TEXT_WIDTH) / 2, (297 - TEXT_HEIGHT) / 2
    return (
        f"@page {{ size: A4; margin: {end:g}mm {side:g}mm; color: {palette.REMARK}; "
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


@contextlib.contextmanager
def typeset(browser: Browser, page_html: str, name: str, width: float = TEXT_WIDTH) -> Iterator:
    """Open a page in the browser as it will be printed.

    Parameters
    ----------
    browser : Browser
    page_html : str
        The page.
    name : str
        What it is called where something is wrong.
    width : float
        Of the text, in millimetres.

    Raises
    ------
    ToolError
        If a line of code, a formula, a table or a picture does not fit the width of the text,
        a picture cannot be shown, or a formula cannot be set.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{Path(name).stem}.html"
        path.write_text(page_html, encoding="utf-8")
        with opened(browser, path) as page:
            page.emulate_media(media="print")
            # the width of the text, in the browser's pixels: what is measured is what is printed
            page.set_viewport_size({"width": round(width / 25.4 * 96), "height": 1000})
            if found := page.evaluate((STYLE / "press.js").read_text(encoding="utf-8")):
                raise ToolError(f"{name}: " + "; ".join(found[:5]))
            yield page


def press(browser: Browser, page_html: str, pdf: Path) -> int:
    """Print a page, unless something would be cut off (`typeset`); return how many pages it has."""
    from pypdf import PdfReader

    pdf.parent.mkdir(parents=True, exist_ok=True)
    with typeset(browser, page_html, pdf.name) as page:
        page.pdf(path=pdf, **PDF)
    return len(PdfReader(pdf).pages)


def escaped(text: str) -> str:
    """Text for a page, quotes as they are."""
    return html.escape(text, quote=False)

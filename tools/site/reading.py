"""What the book's pages get beside Sphinx: set formulas, dark pictures, concepts and a search.

site/conf.py calls `setup`, as for any extension of Sphinx.
"""

from __future__ import annotations

import json
import os
import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.errors import ExtensionError

from cecourse.lessons import NOTEBOOKS
from tools.concept_index import concept_index
from tools.site import search
from tools.site.lite_notebooks import site_address
from tools.site.night import darken
from tools.site.prune import prune

TITLE = "Cross-Entropy, hands on"
SAYS = "Cross-entropy from a coin flip to a language model, in notebooks that answer."
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MINUTES = "A hands-on notebook of {} minutes, from the course on cross-entropy."
SET = LatexToMathML(fancy_error=False)


def mathml(latex: str, *, display: bool) -> str:
    r"""Return a formula as MathML, which a browser sets and a screen reader reads by itself.

    Raises
    ------
    ExtensionError
        If the formula is no LaTeX, or has a command that is not known, with the formula.

    Examples
    --------
    >>> mathml(r"\frac{a}{b}", display=False)
    '<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>'
    """
    try:
        return SET.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise ExtensionError(f"the formula {latex!r} cannot be set: {error}") from None


def inline_formula(writer, node) -> None:
    """Write a formula that stands in a line."""
    writer.body.append(f'<span class="math">{mathml(node.astext(), display=False)}</span>')
    raise nodes.SkipNode


def formula(writer, node) -> None:
    """Write a formula that stands by itself, and scrolls by itself where it is too wide."""
    writer.body.append(f'<div class="math">{mathml(node.astext(), display=True)}</div>\n')
    raise nodes.SkipNode


def finish(app, error) -> None:
    """Go over the pages that Sphinx wrote."""
    if error:
        return
    home = site_address(os.environ.get("REPOSITORY"))
    out = Path(app.outdir)
    files = sorted(out.glob("*.html"))
    pages = {file.stem: file.read_text(encoding="utf-8") for file in files}
    concepts = search.concepts_of(pages, concept_index())
    reference = {f"api/{f.stem}": f.read_text(encoding="utf-8") for f in out.glob("api/*.html")}
    index = search.sections(pages | reference, concepts)
    pages["concepts"] = search.with_sentences(pages["concepts"], concepts)
    for name, text in pages.items():
        if re.match(r"\d\d_", name):
            text = search.with_cards(text, name, concepts)
        text = darken(text, out).replace(
            "</head>", _about(name, pages["index"], home) + "</head>", 1
        )
        _write(out / f"{name}.html", text)
    _write(out / "_static" / "search.json", json.dumps(index, ensure_ascii=False))
    cards = {concept.slug: concept._asdict() for concept in concepts}
    _write(out / "_static" / "concepts.json", json.dumps(cards, ensure_ascii=False))

    prune(out)
    if home:
        found = "".join(
            f"<url><loc>{home}{name}.html</loc></url>"
            for name in pages
            if name not in {"404", "search"}
        )
        _write(out / "sitemap.xml", f'<urlset xmlns="{SITEMAP}">{found}</urlset>\n')


def _about(name: str, index: str, home: str | None) -> str:
    """Return what a page's head says of it: to a search engine, and where it is shared."""
    if name == "404":  # shown at any depth: its links start at the site's root, where that is known
        return f'<base href="{urlsplit(home).path}">' if home else ""
    lesson = next((n for n in NOTEBOOKS if name == n.file.removesuffix(".ipynb")), None)
    title = f"{lesson.number} · {lesson.title}: {lesson.promise}" if lesson else TITLE
    says = f"{lesson.question} {MINUTES.format(lesson.minutes)}" if lesson else SAYS
    meta = {"og:type": "article", "og:site_name": TITLE, "og:title": title, "og:description": says}
    if home:
        card = re.search(rf'<a href="{name}\.html">.*?<img src="([^"]*)"', index, flags=re.DOTALL)
        meta |= {"og:url": f"{home}{name}.html"}
        meta |= {"og:image": home + (card[1] if card else "_static/landscape.png")}
    tags = [f'<meta name="description" content="{escape(says)}">']
    tags += [f'<meta property="{key}" content="{escape(value)}">' for key, value in meta.items()]
    return "\n".join(tags) + "\n"


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def setup(app) -> dict[str, bool]:
    """Connect all this."""
    app.add_html_math_renderer("mathml", (inline_formula, None), (formula, None))
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

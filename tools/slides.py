"""Turn each notebook into a lecture: a reveal.js deck and its PDF in build/slides: `make slides`.

There is no second source: a deck is read from the stored notebook (tools/deck.py). The folder works
from a USB stick, without a network: reveal.js and MathJax are copied out of two installed packages.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from cecourse import palette
from tools import _command
from tools._browser import PDF, opened, package_folder
from tools._markdown import inline
from tools.deck import Deck, Slide

STYLE = _command.ROOT / "teaching" / "slides"
# what a deck needs of reveal.js and of MathJax: the rest stays in the packages
REVEAL = ("LICENSE", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js")
MATHJAX = ("tex-svg-full.js",)
READY = "() => document.documentElement.classList.contains('ready')"


def render(template: str, page: Path, **names) -> Path:
    """Fill a template of teaching/slides into a page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(STYLE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["inline"] = inline
    text = environment.get_template(template).render(**names)
    page.write_text(text, encoding="utf-8", newline="\n")
    return page


def write_deck(deck: Deck, folder: Path) -> Path:
    """Write a deck and its pictures; return the page."""
    pictures = folder / deck.name
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    for name, png in deck.pictures.items():
        (pictures / name).write_bytes(png)
    columns: list[list[Slide]] = []
    for slide in deck.slides:
        if slide.below and columns:
            columns[-1].append(slide)
        else:
            columns.append([slide])
    return render("deck.html.j2", folder / f"{deck.name}.html", deck=deck, columns=columns)


def copy_parts(folder: Path) -> None:
    """Put the look, reveal.js and MathJax beside the decks."""
    for package, inside, files in (
        ("sphinx_revealjs", "_static/revealjs", REVEAL),
        ("sphinx-mathjax-offline", "static/mathjax", MATHJAX),
    ):
        source = package_folder(package, inside)
        for file in files:
            target = folder / "vendor" / source.name / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file, target)
    theme = palette.css() + (STYLE / "theme.css").read_text(encoding="utf-8")
    (folder / "theme.css").write_text(theme, encoding="utf-8", newline="\n")
    shutil.copyfile(STYLE / "deck.js", folder / "deck.js")


def write_decks(folder: Path, names: Iterable[str] = ()) -> list[Path]:
    """Write the decks of these notebooks, and a page that leads to every deck."""
    copy_parts(folder)
    decks = read_decks()
    render("index.html.j2", folder / "index.html", decks=decks, folder=folder)
    return [
        write_deck(deck, folder) for deck in decks if deck.name.startswith(tuple(names or [""]))
    ]


def read_decks(names: Iterable[str] = ()) -> list[Deck]:
    """Read the decks of the notebooks whose names begin so; all without names."""
    import nbformat

    return [
        Deck(nbformat.read(path, as_version=4), path.stem) for path in _command.notebooks(names)
    ]


def write(names: list[str], folder: Path) -> tuple[list[Path], str]:
    """Write the decks; return their pages and what to say."""
    pages = write_decks(folder, names)
    return pages, f"{len(pages)} decks: {folder / 'index.html'}"


def press(browser, page: Path) -> None:
    """Print a deck beside it."""
    with opened(browser, page, "?print-pdf") as deck:
        deck.wait_for_function(READY)
        deck.pdf(path=page.with_suffix(".pdf"), **PDF)


if __name__ == "__main__":
    sys.exit(_command.main(__doc__, "build/slides", write, press))

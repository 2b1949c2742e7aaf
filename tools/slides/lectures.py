"""Turn each notebook into a lecture: a reveal.js deck and its PDF in build/slides: `make slides`.

There is no second source: a deck is read from the stored notebook (deck.py), its notes from the
guide (speaker.py); its pictures are laid out again for slides by the notebook's own code
(tools/_pictures.py), once for each edition. With ``--route two-lectures`` the sessions of a route
are written too, shorter, and joined (routes.py); the PDFs are then those of the sessions. The
folder works from a USB stick, without a network: reveal.js and MathJax are copied out of two
installed packages.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from cecourse import palette
from cecourse.slide_form import TYPE
from tools import _command, _pictures
from tools._browser import PDF, opened, package_folder
from tools._markdown import inline
from tools._pictures import KEPT
from tools.site.book import repository
from tools.site.lite_notebooks import site_address
from tools.slides import routes, speaker
from tools.slides.deck import Deck, Slide

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
    """Write a deck and its pictures, the guide in its notes; return the page."""
    pictures = folder / deck.name
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    for name, png in deck.pictures.items():
        (pictures / name).write_bytes(png)
    deck.slides = speaker.with_guide(deck.slides, deck.number)
    speaker.pace_deck(deck.slides, *map(int, deck.minutes))
    return write_page(deck, folder)


def write_page(lecture: Deck | routes.Session, folder: Path) -> Path:
    """Write the page of a deck or of a session, whose pictures lie beside the decks."""
    columns: list[list[Slide]] = []
    for slide in lecture.slides:
        if slide.below and columns:
            columns[-1].append(slide)
        else:
            columns.append([slide])
    page = folder / f"{lecture.name}.html"
    return render("deck.html.j2", page, deck=lecture, columns=columns, clock=speaker.clock)


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


def write_decks(
    folder: Path, names: Iterable[str] = (), route: str = "", forms: Path | None = None
) -> list[Path]:
    """Write the decks of these notebooks, and a page that leads to every deck.

    With a route all decks are written, and returned are the pages of its sessions: with names, of
    those that show these notebooks. `forms` is for `read_decks`.
    """
    decks = read_decks(forms=forms, drawn=() if route else names)
    lectures = route_sessions(route, decks) if route else []
    copy_parts(folder)
    render("index.html.j2", folder / "index.html", decks=decks, sessions=lectures)
    begin = tuple(names or [""])
    wanted = [deck for deck in decks if route or deck.name.startswith(begin)]
    pages = [write_deck(deck, folder) for deck in wanted]
    if not route:
        return pages
    named = [one for one in lectures if any(n.startswith(begin) for n in one.notebooks)]
    for lecture in lectures:
        write_page(lecture, folder)
    return [folder / f"{lecture.name}.html" for lecture in named]


def route_sessions(route: str, decks: Sequence[Deck]) -> list[routes.Session]:
    """The sessions of a route, from the decks of all notebooks."""
    return routes.sessions(route, {deck.number: deck for deck in decks}, home())


def home() -> str | None:
    """The address of the course's site, as `make site` knows it."""
    try:
        return site_address(repository())
    except ValueError as error:
        raise _command.ToolError(str(error)) from None


def read_decks(
    names: Iterable[str] = (), forms: Path | None = None, drawn: Iterable[str] = ()
) -> list[Deck]:
    """Read the decks of the notebooks whose names begin so; all without names.

    With `forms`, where the slide form of pictures is kept, those of the notebooks `drawn` have it.
    The others have their pictures as they are stored.
    """
    import nbformat

    address = home()
    again = _command.notebooks(drawn) if forms else []
    missing = [path for path in again if not _pictures.kept(path, forms, "json").exists()]
    if missing:
        _command.in_processes(_pictures.slide_forms, missing, forms)
    return [
        Deck(
            _pictures.with_slide_forms(path, forms)
            if path in again
            else nbformat.read(path, as_version=4),
            path.stem,
            address,
        )
        for path in _command.notebooks(names)
    ]


def write(
    names: list[str], folder: Path, route: str, stored: bool = False
) -> tuple[list[Path], str]:
    """Write the decks; return their pages and what to say."""
    pages = write_decks(folder, names, route, None if stored else KEPT)
    what = f"decks of the route {route}" if route else "decks"
    message = f"{len(pages)} {what}: {folder / 'index.html'}"
    return pages, message if stored else f"{message}\n{legibility(() if route else names, KEPT)}"


def legibility(names: Iterable[str], forms: Path) -> str:
    """Say how large the type in the pictures of these decks is, and which is small."""
    found = [
        (f"{path.stem} {number} ({size:.0f} px)", size)
        for path in _command.notebooks(names)
        for number, size in enumerate(_pictures.type_sizes(path, forms), start=1)
    ]
    small = [name for name, size in found if size < TYPE]
    told = f"{len(found)} pictures, type of at least {TYPE} px in {len(found) - len(small)}"
    return f"{told}; smaller in {', '.join(small)}" if small else f"{told}."


def press(browser, page: Path) -> None:
    """Print a deck beside it."""
    with opened(browser, page, "?print-pdf") as deck:
        deck.wait_for_function(READY)
        deck.pdf(path=page.with_suffix(".pdf"), **PDF)


def main() -> int:
    """Parse the command line; write the decks, and print them."""
    route = {"default": "", "metavar": "NAME", "help": "two-lectures, half-day, six-weeks, …"}
    stored = {"action": "store_true", "help": "pictures as they are in the notebooks"}
    return _command.main(__doc__, "build/slides", write, press, route=route, stored=stored)

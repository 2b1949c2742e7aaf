"""The book's source: what Sphinx reads, laid out in one folder from what the repository holds.

Sphinx wants all its pages below one folder. `lay_out` makes it: the pages of site/, every notebook
with its pictures as files, the list of concepts, a page for each module of `cehelpers`, and
CONTRIBUTING.md. Nothing here knows Sphinx, and nothing in the repository is written.
"""

from __future__ import annotations

import base64
import html
import importlib
import json
import os
import re
import shutil
import tomllib
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from cecourse import palette
from cecourse.picture import described
from tools._cells import opening
from tools._command import NOTEBOOKS, ROOT, WIDGET_VIEW, notebooks
from tools._markdown import MARK
from tools._pictures import size_of
from tools.concept_index import Concept, concept_index, jupyter_anchor

RUN = "lab/index.html?path={file}"
# contributors' engines, shown after the functions that `import cehelpers as ce` brings
ENGINES = {
    "picture": ("Pictures", "cecourse.picture", ("new_figure", "show")),
    "explorer": ("The explorer engine", "cecourse.explorer", ("Explorer",)),
    "exercise": ("The exercise engine", "cecourse.exercise.exercise", ("Exercise",)),
}


CONCEPTS_INTRODUCTION = (
    "Every term that the course sets in bold, and the section that defines it. "
    "A term with two places is met in the first and worked out in the second."
)
TABLE = ".. list-table::\n   :widths: 40 60\n"
# The picture of a notebook's card: that of the first cell which names this; else the first still.
THUMBNAILS = {
    "00": "pictures.landscape",
    "01": "pictures.tidy_and_shuffled",
    "03": "pictures.soft_u",
    "04": "pictures.stairs",
    "05": "simplex.arrows_home",
    "06": "pictures.valley",
    "07": "pictures.clusters",
    "08": "pictures.before_and_after",
    "09": "pictures.two_cuts",
}


class Picture(NamedTuple):
    """A still picture of a notebook: its path in the book, and its size in pixels of the page."""

    path: str
    width: int
    height: int


class Page(NamedTuple):
    """A notebook as the book's lists need it."""

    stem: str
    number: str
    title: str
    promise: str
    minutes: int
    minutes_with_exercises: int
    thumbnail: Picture

    @property
    def file(self) -> str:
        """The notebook's file."""
        return f"{self.stem}.ipynb"


def repository() -> str | None:
    """Return the address of the course's repository, or None where it has none.

    The environment variable REPOSITORY comes first (the deployment sets it, so that a fork's site
    points at the fork), then ``[project.urls] Repository`` in pyproject.toml.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address = os.environ.get("REPOSITORY") or project.get("urls", {}).get("Repository")
    if address and not re.fullmatch(r"https?://[^/\s\"<>]+/[^\s\"<>]+", address):
        raise ValueError(
            f"REPOSITORY must be an address like https://…/owner/name; got {address!r}"
        )
    return address.removesuffix("/").removesuffix(".git") if address else None


def book_anchor(title: str) -> str:
    """Return JupyterLab's anchor of a heading as a parsed link has it: a percent sign is %25."""
    return jupyter_anchor(title).replace("%", "%25")


def lay_out(folder: Path, source: Path = NOTEBOOKS, *, lab: bool = True) -> list[Page]:
    """Write everything Sphinx reads into a folder, which is emptied first.

    Parameters
    ----------
    folder : Path
        Where Sphinx will read.
    source : Path
        The executed notebooks, with their Markdown twins in its folder ``source``.
    lab : bool
        Whether the lab will lie beside the book, so that pages may lead to it.

    Returns
    -------
    list of Page
        The notebooks, in reading order.
    """
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(ROOT / "site", folder, ignore=shutil.ignore_patterns("lite"))
    static = folder / "_static"
    (static / "figures").mkdir()
    _write(static / "palette.css", palette.css())
    logo = static / "logo.svg"
    _write(logo, logo.read_text(encoding="utf-8").replace("<!-- palette -->", palette.css()))
    files = notebooks(folder=source)
    known = {file.name for file in files}
    pages = [_notebook(file, folder, known, lab) for file in files]
    shutil.copy(ROOT / "teaching" / "landscape.png", static / "landscape.png")
    concepts = [c for c in concept_index(source / "source") if c.file in known]
    _write(folder / "concepts.md", _concepts(concepts, pages))
    _write(folder / "contributing.md", _contributing(repository()))
    _reference(folder / "api")
    _front_page(folder / "index.md", pages, lab)
    return pages


def _front_page(file: Path, pages: list[Page], lab: bool) -> None:
    """Fill the places that the first page leaves open."""
    text, address = file.read_text(encoding="utf-8"), repository()
    if not lab:
        text = re.sub(r"<!-- run -->.*?<!-- /run -->", "", text, flags=re.DOTALL)
        text = re.sub(r"<section[^>]*>\s*<h3[^>]*>[^<]*</h3>\s*</section>\n", "", text)
    filled = {
        "cards": "\n".join(map(_card, pages)),
        "hours": str(round(sum(page.minutes for page in pages) / 60)),
        "hours with exercises": str(round(sum(p.minutes_with_exercises for p in pages) / 60)),
        "notebooks": "\n".join(map(_entry, pages)),
        "repository": f'<p class="way-link"><a href="{address}">The repository</a></p>'
        if address
        else "",
    }
    text = re.sub(r"<!-- /?run -->", "", text)
    for place, content in filled.items():
        text = text.replace(f"<!-- {place} -->", content)
    _write(file, text)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


# ------------------------------------------------------------------ notebooks


def _notebook(file: Path, folder: Path, known: set[str], lab: bool) -> Page:
    """Copy one notebook, its pictures as files beside it, and say what it is."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    number = file.name[:2]
    stills: list[Picture] = []
    thumbnail = None
    for position, cell in enumerate(notebook["cells"]):
        before = len(stills)
        if cell["cell_type"] == "markdown":
            cell["source"] = _live_links(MARK.sub("", "".join(cell["source"])), known)
        for output in cell.get("outputs", []):
            if {"text/html", "image/png", WIDGET_VIEW} & output.get("data", {}).keys():
                name = f"_static/figures/{file.stem}-{position:03d}.png"
                stills += _for_the_page(output, folder, name, file.name if lab else None)
                output["data"]["text/html"] = _live_pages(output["data"]["text/html"], known)
        if len(stills) > before and THUMBNAILS.get(number, "") in "".join(cell["source"]):
            thumbnail = thumbnail or stills[before]
    _write(folder / file.name, json.dumps(notebook, ensure_ascii=False))

    first = opening("".join(notebook["cells"][0]["source"]))
    still = thumbnail or stills[0]
    minutes = int(first.minutes), int(first.minutes_with_exercises)
    return Page(file.stem, number, first.title, first.promise, *minutes, still)


def _live_links(text: str, known: set[str]) -> str:
    """Keep the words alone of a link to a notebook that is not there (a course that grows)."""
    return re.sub(
        r"\[([^\]]+)\]\(([^)#\s]+\.ipynb)[^)]*\)",
        lambda link: link[0] if link[2] in known else link[1],
        text,
    )


def _live_pages(text: str, known: set[str]) -> str:
    """In HTML, a link to a notebook leads to its page; without one, the words stay."""

    def page(link: re.Match) -> str:
        file, place, inside = link.groups()
        place = book_anchor(place).replace("%", "%25")  # a browser decodes it once
        return f'<a href="{file[:-6]}.html{place}">{inside}</a>' if file in known else inside

    return re.sub(r'<a href="([^"#:/]+\.ipynb)([^">]*)">(.*?)</a>', page, text, flags=re.DOTALL)


def _for_the_page(output: dict, folder: Path, name: str, runs: str | None) -> list[Picture]:
    """Keep of an output what a page shows, its picture as a file; return a still picture.

    A page has no Python, so an explorer is its picture, its sentence, and the way to a place
    where it moves.
    """
    data, stills = output["data"], []
    plain, alive = html.escape("".join(data.get("text/plain", ""))), WIDGET_VIEW in data
    text = "".join(data.get("text/html", f"<pre>{plain}</pre>"))
    if "image/png" in data:
        png, about = base64.b64decode(data["image/png"]), output["metadata"]["image/png"]
        (folder / name).write_bytes(png)
        across, down = size_of(png)
        width = about["width"]
        height = round(width * down / across)
        text = described(name, about["alt"], width, f'height="{height}" loading="lazy" ')
        text = text.replace('<figure style="margin:0"', '<figure class="course-figure"')
        if alive:
            text += f'<p class="course-caption">{plain}</p>'
        else:
            stills.append(Picture(name, width, height))
    if alive:
        run = f'<a href="{RUN.format(file=runs)}">Run this page in your browser</a>'
        text = (
            f'<div class="course-explorer">{text}<p class="course-alive">Here it stands still. '
            f"{run if runs else 'Run the notebook'} to use its controls.</p></div>"
        )
    output["data"] = {"text/html": text}
    return stills


def _entry(page: Page) -> str:
    return f"{page.number} · {page.title} <{page.stem}>"


def _card(page: Page) -> str:
    picture = page.thumbnail
    return (
        f'<li class="course-card"><a href="{page.stem}.html">'
        f'<span class="course-thumb"><img src="{picture.path}" width="{picture.width}" '
        f'height="{picture.height}" alt="" loading="lazy"></span>'
        f'<span class="course-card-number">{page.number} · {page.minutes} minutes, '
        f"{page.minutes_with_exercises} with the exercises</span>"
        f'<span class="course-card-title">{html.escape(page.title)}</span>'
        f'<span class="course-card-promise">{html.escape(page.promise)}</span></a></li>'
    )


# ------------------------------------------------------------- other pages


def _concepts(concepts: list[Concept], pages: list[Page]) -> str:
    """The page of all defined terms: a list for each letter, each term with its places."""
    numbers = {page.file: page.number for page in pages}
    letters = groupby(concepts, key=lambda concept: concept.term[0].upper())
    grouped = [(letter, list(found)) for letter, found in letters]
    jump = " ".join(f"[{letter}](#{letter})" for letter, _ in grouped)
    lines = ["---", "html_theme.sidebar_secondary.remove: true", "---", "# Concepts", ""]
    lines += [CONCEPTS_INTRODUCTION, "", "{.course-letters}", jump, ""]
    for letter, found in grouped:
        lines += [f"## {letter}", ""]
        for term, places in groupby(found, key=lambda concept: concept.term):
            links = (f"[{numbers[c.file]} · {c.section}](<{c.file}#{c.anchor}>)" for c in places)
            lines.append(f"- **{term}** {'; '.join(links)}")
        lines.append("")
    return "\n".join(lines)


def _contributing(address: str | None) -> str:
    """CONTRIBUTING.md; its links lead into the repository, or are plain words without one."""

    def outwards(link: re.Match) -> str:
        words, path = link.groups()
        return f"[{words}]({address}/blob/HEAD/{path})" if address else words

    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.sub(r"\[([^\]]+)\]\((?!https?:|#)([^)]+)\)", outwards, text)


# ------------------------------------------------------------------ reference


def _reference(folder: Path) -> None:
    """A page for each module behind `import cehelpers as ce`, in the order of the layers."""
    ce = importlib.import_module("cehelpers")
    order = [name for layer in ce.LAYERS for name in layer]
    modules: dict[str, list[str]] = {}
    for name in ce.__all__:
        modules.setdefault(getattr(ce, name).__module__.split(".")[1], []).append(name)
    ordered = sorted(modules, key=order.index)
    overview = []
    for module in ordered:
        about = importlib.import_module(f"cehelpers.{module}").__doc__.splitlines()[0]
        functions = _by_line(modules[module], ce)
        _write(folder / f"{module}.rst", _module_page(module, "cehelpers", functions))
        rows = [f"   * - :py:func:`~cehelpers.{n}`\n     - {_summary(ce, n)}" for n in functions]
        overview += [f":doc:`{module}`", "-" * 40, "", about, "", TABLE, *rows, ""]
    for name, (title, home, members) in ENGINES.items():
        _write(folder / f"{name}.rst", _module_page(title, home, members))
    text = (folder / "index.rst").read_text(encoding="utf-8")
    text = text.replace(".. overview", "\n".join(overview))
    text = text.replace(".. modules", "\n   ".join([*ordered, *ENGINES]))
    _write(folder / "index.rst", text)


def _by_line(names: list[str], package) -> list[str]:
    return sorted(names, key=lambda name: getattr(package, name).__code__.co_firstlineno)


def _summary(package, name: str) -> str:
    """The first line of a docstring, in which bars are bars."""
    first = getattr(package, name).__doc__.strip().split("\n\n")[0]
    return re.sub(r"\|", r"\\|", " ".join(first.split()))


def _module_page(title: str, home: str, members) -> str:
    lines = [title, "=" * len(title), "", f".. currentmodule:: {home}", ""]
    if home == "cehelpers":
        lines += [f".. automodule:: {home}.{title}", "   :no-members:", "   :no-index:", ""]
        lines += [f".. currentmodule:: {home}", ""]
    else:
        lines += [importlib.import_module(home).__doc__.splitlines()[0], ""]
    for name in members:
        kind = "autoclass" if name[0].isupper() else "autofunction"
        lines += [f".. {kind}:: {name}", ""]
    return "\n".join(lines)

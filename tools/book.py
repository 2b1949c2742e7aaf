"""The book's source: what Sphinx reads, laid out in one folder from what the repository holds.

Sphinx wants all its pages below one folder. `lay_out` makes it: the pages of site/, every notebook
with its pictures as files, the list of concepts, the scoreboard of the loss vectors, a page for
each module of `cehelpers`, and CONTRIBUTING.md. Nothing here knows Sphinx, and nothing in the
repository is written.
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
from tools import vectors_page
from tools._cells import opening
from tools._command import NOTEBOOKS, ROOT, WIDGET_VIEW, in_processes, notebooks
from tools._markdown import MARK
from tools._pictures import size_of
from tools.alive import FIGURES, STILL, Living, living
from tools.concept_index import Concept, concept_index, jupyter_anchor

RUN = "lab/index.html?path={file}"
OPEN = "Open in the lab"
PARTS = (("img ", ">(?=<fig)"), ("details", "</details>"))  # of a described picture
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
    """A notebook as the book's lists need it; `explorer` is its first one, alive, as HTML."""

    stem: str
    number: str
    title: str
    promise: str
    minutes: int
    minutes_with_exercises: int
    thumbnail: Picture
    explorer: str

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
    (folder / FIGURES).mkdir()
    _write(static / "palette.css", palette.css())
    _fill(static / "logo.svg", palette=palette.css())
    files = notebooks(folder=source)
    alive = in_processes(living, files, folder)
    pages = [_notebook(file, folder, lab, alive[file.stem]) for file in files]
    shutil.copy(ROOT / "teaching" / "landscape.png", static / "landscape.png")
    errata = (ROOT / "teaching" / "errata.md").read_text(encoding="utf-8")
    _write(folder / "errata.md", re.sub(r"\n*<!--.*?-->", "", errata, flags=re.DOTALL))
    _fill(folder / "concepts.md", **_concepts(concept_index(source / "source"), pages))
    _fill(folder / "vectors.md", **vectors_page.places())
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
    _write(file, re.sub(r"<!-- /?run -->", "", text))
    link = f'<p class="way-link"><a href="{address}">The repository</a></p>' if address else ""
    _fill(
        file,
        explorer=pages[0].explorer.replace(" data-frames=", " data-frames-eager data-frames="),
        cards="\n".join(map(_card, pages)),
        hours=str(round(sum(page.minutes for page in pages) / 60)),
        more_hours=str(round(sum(page.minutes_with_exercises for page in pages) / 60)),
        notebooks="\n".join(f"{page.number} · {page.title} <{page.stem}>" for page in pages),
        repository=link,
    )


def _fill(file: Path, sign: str = "<!-- {} -->", **places: str) -> None:
    """Put texts in the places that a page leaves open for them."""
    text = file.read_text(encoding="utf-8")
    for place, content in places.items():
        text = text.replace(sign.format(place), content)
    _write(file, text)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


# ------------------------------------------------------------------ notebooks


def _notebook(file: Path, folder: Path, lab: bool, living: Living) -> Page:
    """Copy one notebook, its pictures as files beside it, and say what it is."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    number = file.name[:2]
    stills: list[Picture] = []
    thumbnail, explorer = None, ""
    for position, cell in enumerate(notebook["cells"]):
        before = len(stills)
        if cell["cell_type"] == "markdown":
            cell["source"] = MARK.sub("", "".join(cell["source"]))
            continue
        outputs = cell.get("outputs", [])
        element = living.elements.get(position, "")
        for output in outputs:
            if {"text/html", "image/png", WIDGET_VIEW} & output.get("data", {}).keys():
                name = f"{FIGURES}/{file.stem}-{position:03d}.png"
                stills += _for_the_page(output, folder, name, element, file.name if lab else None)
                output["data"]["text/html"] = _to_pages(output["data"]["text/html"])
        if STILL in element:
            explorer = explorer or outputs[0]["data"]["text/html"]
        tags = cell["metadata"].setdefault("tags", [])
        if position in living.opens:
            ids = " ".join(living.opens[position])
            data = {"text/html": f'<div data-opens="{ids}" hidden></div>'}
            outputs.insert(0, {"output_type": "display_data", "data": data, "metadata": {}})
        elif element:
            tags.append("remove-input")  # what it makes stands there
        if len(stills) > before and THUMBNAILS.get(number, "") in "".join(cell["source"]):
            thumbnail = thumbnail or stills[before]
    cells = enumerate(notebook["cells"])
    notebook["cells"] = [cell for position, cell in cells if position not in living.answers]
    _write(folder / file.name, json.dumps(notebook, ensure_ascii=False))

    first = opening("".join(notebook["cells"][0]["source"]))
    still = thumbnail or stills[0]
    minutes = int(first.minutes), int(first.minutes_with_exercises)
    return Page(file.stem, number, first.title, first.promise, *minutes, still, explorer)


def _to_pages(text: str) -> str:
    """In HTML, a link to a notebook leads to its page; in Markdown Sphinx sees to that."""

    def page(link: re.Match) -> str:
        file, place = link.groups()
        return f'<a href="{file}.html{book_anchor(place).replace("%", "%25")}">'  # decoded once

    return re.sub(r'<a href="([^"#:/]+)\.ipynb([^">]*)">', page, text)


def _for_the_page(
    output: dict, folder: Path, name: str, element: str, runs: str | None
) -> list[Picture]:
    """Keep of an output what a page shows, its picture as a file; return a still picture.

    What is alive takes its place, with a picture where the moving one will be. What only the
    notebook itself can move is a picture, a sentence, and the way there.
    """
    data, stills = output["data"], []
    plain, moves = html.escape("".join(data.get("text/plain", ""))), WIDGET_VIEW in data
    text, image, description = "".join(data.get("text/html", f"<pre>{plain}</pre>")), "", ""
    if "image/png" in data:
        png, about = base64.b64decode(data["image/png"]), output["metadata"]["image/png"]
        (folder / name).write_bytes(png)
        across, down = size_of(png)
        still = Picture(name, about["width"], round(about["width"] * down / across))
        look = f'height="{still.height}" loading="lazy" '
        text = described(name, about["alt"], still.width, look)
        image, description = (re.search(f"<{tag}.*{end}", text)[0] for tag, end in PARTS)
        text = text.replace('<figure style="margin:0"', '<figure class="course-figure"')
        stills += [] if moves else [still]
    if element:
        caption = f'<p class="ce-caption">{plain}</p>'
        text = element.replace(STILL, f'<figure class="course-still">{image}</figure>{caption}')
        text += description if STILL in element else ""
    elif moves:
        text += f'<p class="ce-caption">{plain}</p>'
        run = f'<a href="{RUN.format(file=runs)}">{OPEN}</a>' if runs else "Run the notebook"
        way = f"What it moves is computed by the cells above. {run} to use its controls."
        text = f'<div class="course-explorer">{text}<p class="course-alive">{way}</p></div>'
    output["data"] = {"text/html": text}
    return stills


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


def _concepts(concepts: list[Concept], pages: list[Page]) -> dict[str, str]:
    """All defined terms: a list for each letter, each term with its places; and the letters."""
    numbers = {page.file: page.number for page in pages}
    letters, lines = [], []
    for letter, found in groupby(concepts, key=lambda concept: concept.term[0].upper()):
        letters.append(f"[{letter}](#{letter})")
        lines += [f"## {letter}", ""]
        for term, places in groupby(found, key=lambda concept: concept.term):
            links = (f"[{numbers[c.file]} · {c.section}](<{c.file}#{c.anchor}>)" for c in places)
            lines.append(f"- **{term}** {'; '.join(links)}")
        lines.append("")
    return {"letters": " ".join(letters), "concepts": "\n".join(lines)}


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
    modules: dict[str, list[str]] = {name: [] for layer in ce.LAYERS for name in layer}
    for name in sorted(ce.__all__, key=lambda name: getattr(ce, name).__code__.co_firstlineno):
        modules[getattr(ce, name).__module__.split(".")[1]].append(name)
    shown = [module for module, names in modules.items() if names]
    overview = []
    for module in shown:
        home, names = f"cehelpers.{module}", modules[module]
        about = f".. automodule:: {home}\n   :no-members:\n   :no-index:"
        parts = [module, "=" * len(module), "", about, "", ".. currentmodule:: cehelpers", ""]
        parts += [f".. autofunction:: {name}\n" for name in names]
        _write(folder / f"{module}.rst", "\n".join(parts))
        overview += [f":doc:`{module}`", "-" * 40, ""]
        overview += [importlib.import_module(home).__doc__.splitlines()[0], ""]
        overview += [".. autosummary::", "   :nosignatures:", "", *(f"   {n}" for n in names), ""]
    _fill(folder / "index.rst", ".. {}", overview="\n".join(overview), modules="\n   ".join(shown))

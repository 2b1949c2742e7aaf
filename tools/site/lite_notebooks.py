"""Copies of the notebooks for other places: the lab in the browser, and wherever one is downloaded.

The notebooks of the course need no setting up where they are opened with `make lab`, on Binder or
on a hub. In the browser everything is there when the kernel starts, so that its copies differ in
what surrounds the course: the kernel's name, a note how long the start takes, and a smaller
simulation in notebook 10. A downloaded notebook, or one opened in Colab, may find a machine without
the course, so its first code cell installs what is missing from the site it came from.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from cecourse.copies import digest
from cecourse.picture import data_url, described

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
SECONDS = "half a minute to a minute"  # until Python answers, the first time
ROWS = re.compile(r"^(ROWS_PER_MONTH\s*=\s*)([\d_]+).*$", re.MULTILINE)
BROWSER_ROWS = "20_000"
KERNEL = {"name": "python", "display_name": "Python (in the browser)", "language": "python"}

NOTE = """\
> **You are in the lab in the browser.** Python itself is being loaded into this page: {seconds} the
> first time, less later. Read on meanwhile; the pictures you see were drawn before and begin to
> move when you run their cells (*Run ▸ Run All Cells*). What you write, your answers and your
> progress stay in this browser and go to nobody: *File ▸ Download* keeps a copy."""
FEWER_ROWS = (
    "> Here it draws {here} rows a month instead of {there}, because a browser's Python has less "
    "memory and\n> time: your numbers differ a little from those in the text."
)
LIBRARIES = (
    "> Of the libraries compared below, this page's Python has NumPy, SciPy and scikit-learn. "
    "Keras,\n> JAX, Optax and PyTorch do not exist for it: a cell that needs one says so. The "
    "results you see before\n> you run anything come from a machine that has them."
)
MISSING = 'if importlib.util.find_spec("cecourse") is None:'
SETUP = f"""\
# Where the course is not installed, this fetches it; elsewhere it does nothing
import importlib.util

{{steps}}{MISSING}
    raise ModuleNotFoundError({{advice!r}})"""
STEP = f"""{MISSING}
    %pip install --quiet "cehelpers[notebook] @ {{source}}"
"""
BY_HAND = (
    "This notebook needs the course. Download {wheel} from the folder wheels/ of the site that the "
    'notebook came from, put it beside this notebook, and run: %pip install "./{wheel}[notebook]"'
)
AGAIN = (
    "The course could not be installed: see above. Without a network nothing can be fetched; "
    "otherwise download this notebook once more from {site}, which may have a newer edition."
)


def for_browser(notebook: NotebookNode, number: str) -> NotebookNode:
    """Return the copy of a notebook, and of its number such as `"10"`, for the browser's lab."""
    new = copy.deepcopy(notebook)
    new.metadata["kernelspec"] = KERNEL
    note = NOTE.format(seconds=SECONDS)
    for cell in new.cells:
        rows = ROWS.search(cell.source) if cell.cell_type == "code" else None
        if rows and int(rows[2]) > int(BROWSER_ROWS):
            smaller = rf"\g<1>{BROWSER_ROWS}  # \g<2> on a computer of your own"
            cell.source = ROWS.sub(smaller, cell.source)
            here, there = (f"{int(n):,}" for n in (BROWSER_ROWS, rows[2]))
            note += "\n>\n" + FEWER_ROWS.format(here=here, there=there)
    if number == "12":
        note += "\n>\n" + LIBRARIES
    new.cells.insert(1, new_markdown_cell(note, id="in-the-browser"))
    new.metadata.setdefault("course", {})["edition"] = digest(new)
    return new


def for_anywhere(notebook: NotebookNode, setup: str) -> NotebookNode:
    """Return the copy for any Jupyter: its first code cell is `setup`."""
    new = copy.deepcopy(notebook)
    new.cells.insert(1, new_code_cell(setup, id="setup"))
    new.metadata.setdefault("course", {})["edition"] = digest(new)
    return new


def setup_cell(wheel: str, repository: str | None) -> str:
    """The code that installs the course where it is missing.

    Parameters
    ----------
    wheel : str
        The file in the site's folder `wheels`.
    repository : str or None
        The course's repository: it serves where the site has a newer wheel by now.
    """
    site = site_address(repository)
    sources = [f"{site}wheels/{wheel}"] * bool(site) + [f"git+{repository}"] * bool(repository)
    advice = AGAIN.format(site=site or repository) if sources else BY_HAND.format(wheel=wheel)
    return SETUP.format(steps="".join(STEP.format(source=s) for s in sources), advice=advice)


def site_address(repository: str | None) -> str | None:
    """Where the site will lie: SITE_URL, or the repository's GitHub Pages; None if nobody says.

    Raises
    ------
    ValueError
        If SITE_URL is no address.
    """
    given = os.environ.get("SITE_URL", "").strip()
    if given:
        if not re.fullmatch(r"https?://[^\s\"'<>{}$]+", given):
            raise ValueError(f"SITE_URL must be an address like https://…/name/; got {given!r}")
        return given.removesuffix("/") + "/"
    found = re.fullmatch(r"https://github\.com/([^/]+)/([^/]+)", repository or "")
    if not found:
        return None
    owner, name = found[1].lower(), found[2]
    host = f"https://{owner}.github.io/"
    return host if name.lower() == f"{owner}.github.io" else f"{host}{name}/"


def describe(notebook: NotebookNode) -> NotebookNode:
    """Store its pictures as HTML: JupyterLab and Colab show a description with that alone."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if about := output.get("metadata", {}).get("image/png"):
                url = data_url(output.data.pop("image/png"))
                output.data["text/html"] = described(url, about["alt"], about["width"])
    return notebook


def write_copies(
    folder: Path, change: Callable[[NotebookNode, str], NotebookNode]
) -> dict[str, NotebookNode]:
    """Write `change(notebook, number)` of each notebook of the course, and return all by name."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        notebook = describe(nbformat.read(path, as_version=4))
        written[path.name] = change(notebook, path.name[:2])
        nbformat.write(written[path.name], folder / path.name)
    return written

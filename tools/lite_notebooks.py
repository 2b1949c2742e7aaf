"""Copies of the notebooks for other places: the lab in the browser, and Google Colab.

The notebooks of the course need no setting up where they are opened with `make lab`, on Binder or
on a hub. In the browser everything is there when the kernel starts, so that its copies differ in
what surrounds the course: the kernel's name, a note how long the start takes, and a smaller
simulation in notebook 10. Colab begins with an empty machine, so its copies begin with one cell
that installs `cehelpers`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from cecourse.copies import digest
from cecourse.picture import data_url, described

ROOT = Path(__file__).parents[1]
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
COLAB_CELL = """\
# Colab starts with an empty machine: this fetches the course's package (a few seconds)
%pip install --quiet {requirement}"""


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


def for_colab(notebook: NotebookNode, requirement: str) -> NotebookNode:
    """Return the copy for Colab, which installs `requirement` (a wheel's URL or git+URL) first."""
    new = copy.deepcopy(notebook)
    new.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    setup = COLAB_CELL.format(requirement=requirement)
    new.cells.insert(1, new_code_cell(setup, id="colab-setup"))
    return new


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

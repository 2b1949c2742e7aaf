"""Export every figure of the course as SVG and PDF, with a contact sheet: `make figures`.

Of each notebook runs what its pictures need (tools/_slice.py), once for each edition of it, and
each is compared with the stored one (tools/_pictures.py). Names are stable,
``02_cross_entropy-01-wrong_code.svg``: the notebook, the figure's number in it (the one of the
handouts), and the function that draws it. Two runs on one machine write the same bytes.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from unittest import mock

from cecourse.palette import css
from cecourse.picture import check_alt
from tools import _command
from tools._browser import PDF, opened
from tools._cells import opening, parsed, shows
from tools._command import ToolError
from tools._pictures import KEPT, is_live, pictures
from tools.paper._paper import COURSE, STYLE

RIGHTS = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
LICENCE = """\
The figures in this folder are part of the course "Cross-Entropy, hands on" and are
under the Creative Commons Attribution 4.0 International licence (CC BY 4.0): use,
change and share them, also in print and for money, and name the course as their
source. https://creativecommons.org/licenses/by/4.0/

Each file says so in its metadata. The sentence that describes a picture for those
who do not see it stands in figures.json, and on the contact sheet.
"""


# ---------------------------------------------------------------- names


def drawn_by(call: ast.Call) -> str:
    """Name a figure by the function that draws it.

    ``figures.wrong_code(p, q)`` is ``"wrong_code"``, and a strip of an explorer's settings,
    ``explorers.die().strip(…)``, is ``"die-strip"``.
    """
    parts: list[str] = []
    node: ast.expr = call
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        parts.insert(0, node.func.attr)
        node = node.func.value
    if not parts:
        raise ToolError(f"show(…) is given a figure that no function names: {ast.unparse(call)}")
    return "-".join(parts)


def figure_names(notebook, stem: str) -> list[str]:
    """The names of a notebook's figures, in order, without an ending."""
    code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    calls = [s.value for source in code for s in parsed(source) if shows(s)]
    return [f"{stem}-{n:02d}-{drawn_by(call.args[0])}" for n, call in enumerate(calls, start=1)]


# ---------------------------------------------------------------- one notebook


def write(fig, alt: str, path: Path) -> None:
    """Write a figure as SVG and PDF, the same bytes at each run."""
    import matplotlib
    from fontTools.subset import Options

    title = path.name
    svg = {"Description": alt, "Rights": RIGHTS} | dict.fromkeys(["Date", "Creator"])
    pdf = {"Subject": alt, "Keywords": RIGHTS}
    pdf |= dict.fromkeys(["CreationDate", "Creator", "Producer"])
    settings = {"svg.hashsalt": title, "svg.fonttype": "path", "pdf.fonttype": 42}
    # an embedded font needs no rules for setting type, and to make them shorter takes half the time
    tables = [*Options._drop_tables_default, "GDEF", "GPOS", "GSUB"]
    dropped = mock.patch.object(Options, "_drop_tables_default", tables)
    with matplotlib.rc_context(settings), dropped:
        for ending, about in (("svg", svg), ("pdf", pdf)):
            fig.savefig(f"{path}.{ending}", metadata={"Title": title} | about)


def export(path: Path, folder: Path) -> dict:
    """Write the figures of a notebook; return its heading, and each name and description."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    found = []
    figures = [made for _, output, made in pictures(path, KEPT) if not is_live(output)]
    for name, made in zip(figure_names(notebook, path.stem), figures, strict=True):
        alt = check_alt(made.description)
        write(made.figure, alt, folder / name)
        found.append({"name": name, "alt": alt})
    title = opening(notebook.cells[0].source).title
    return {"title": f"{path.stem[:2]} · {title}", "figures": found}


# ---------------------------------------------------------------- the command


def write_all(names: list[str], folder: Path) -> tuple[list[Path], str]:
    """Write figures, list and contact sheet; return the sheet's page and what to say."""
    from jinja2 import Template

    for old in folder.glob("[0-9][0-9]_*"):
        old.unlink()
    found = _command.in_processes(export, _command.notebooks(names), folder)
    listed = {stem: one["figures"] for stem, one in found.items()}
    text = json.dumps(listed, indent=1, ensure_ascii=False)
    template = Template((STYLE / "contact_sheet.html.j2").read_text(encoding="utf-8"))
    total = sum(map(len, listed.values()))
    page = folder / "contact_sheet.html"
    for path, content in (
        (folder / "figures.json", f"{text}\n"),
        (folder / "LICENSE.txt", LICENCE),
        (page, template.render(css=css(), course=COURSE, total=total, notebooks=found.values())),
    ):
        path.write_text(content, encoding="utf-8", newline="\n")
    return [page], f"{total} figures, as SVG and PDF: {page}"


def press(browser, page: Path) -> None:
    """Print the contact sheet beside it."""
    with opened(browser, page) as sheet:
        sheet.pdf(path=page.with_suffix(".pdf"), **PDF)


if __name__ == "__main__":
    sys.exit(_command.main(__doc__, "build/figures", write_all, press))

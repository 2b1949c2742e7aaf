"""Export every figure of the course as SVG and PDF, with a contact sheet: `make figures`.

The notebooks run in kernels in which `show` writes the figure to a file in place of the page. Names
are stable, ``02_cross_entropy-01-wrong_code.svg``: the notebook, the figure's number in it (the one
of the handouts), and the function that draws it. Two runs on one machine write the same bytes.
"""

from __future__ import annotations

import argparse
import ast
import concurrent.futures
import html
import json
import os
import re
import sys
from pathlib import Path

from tools._browser import BrowserMissing, print_pdf
from tools.build_notebooks import ENVIRONMENT

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
STYLE = ROOT / "teaching" / "handouts"
RIGHTS = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
LICENCE = """\
The figures in this folder are part of the course "Cross-Entropy, hands on" and are
under the Creative Commons Attribution 4.0 International licence (CC BY 4.0): use,
change and share them, also in print and for money, and name the course as their
source. https://creativecommons.org/licenses/by/4.0/

Each file says so in its metadata. The sentence that describes a picture for those
who do not see it stands in figures.json, and on the contact sheet.
"""
# what runs before a notebook: its figures go to files
HOOK = """
from tools.export_figures import catch_figures
catch_figures({folder!r}, {names!r})
del catch_figures
"""


class FigureError(RuntimeError):
    """A figure that cannot be exported; the message says which and why."""


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
        raise FigureError(f"show(…) is given a figure that no function names: {ast.unparse(call)}")
    return "-".join(parts)


def figure_names(notebook, stem: str) -> list[str]:
    """The names of a notebook's figures, in order, without an ending."""
    names: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(re.sub(r"^([%!].*)$", r"#\1", cell.source, flags=re.MULTILINE))
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "show"
        ]
        for node in sorted(calls, key=lambda call: call.lineno):
            names.append(f"{stem}-{len(names) + 1:02d}-{drawn_by(node.args[0])}")
    return names


# ---------------------------------------------------------------- in the kernel


def catch_figures(folder: str, names: list[str]) -> None:
    """Let `show` write each figure to a folder under the next of these names.

    Call it before a notebook imports `show`. Beside the pictures a file ``<name>.alt`` holds the
    description.
    """
    import cehelpers.figures
    from cehelpers.figures import _style

    waiting = list(names)

    def show(fig, *, alt: str) -> None:
        if not waiting:
            raise FigureError(f"{len(names)} figures were announced, and here is one more: {alt}")
        write(fig, _style.check_alt(alt), Path(folder) / waiting.pop(0))

    _style.show = cehelpers.figures.show = show


def write(fig, alt: str, path: Path) -> None:
    """Write a figure as SVG and PDF, the same bytes at each run, and its description."""
    import matplotlib

    title = path.name
    settings = {"svg.hashsalt": title, "svg.fonttype": "path", "pdf.fonttype": 42}
    with matplotlib.rc_context(settings):
        fig.savefig(
            f"{path}.svg",
            metadata={
                "Date": None,
                "Creator": None,
                "Title": title,
                "Description": alt,
                "Rights": RIGHTS,
            },
        )
        fig.savefig(
            f"{path}.pdf",
            metadata={
                "CreationDate": None,
                "Creator": None,
                "Producer": None,
                "Title": title,
                "Subject": alt,
                "Keywords": RIGHTS,
            },
        )
    Path(f"{path}.alt").write_text(alt, encoding="utf-8")


# ---------------------------------------------------------------- one notebook


def export(path: Path, folder: Path) -> tuple[str, list[dict], str | None]:
    """Run a notebook and write its figures.

    Returns
    -------
    stem, figures, error
        The notebook's name; for each figure its name and description; the error, if any.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell

    try:
        notebook = nbformat.read(path, as_version=4)
        names = figure_names(notebook, path.stem)
        hook = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        hook += HOOK.format(folder=str(folder), names=names)
        notebook.cells.insert(0, new_code_cell(hook))
        NotebookClient(
            notebook,
            timeout=900,
            store_widget_state=False,
            resources={"metadata": {"path": str(NOTEBOOKS)}},
        ).execute()
        found = []
        for name in names:
            described = folder / f"{name}.alt"
            if not described.exists():
                raise FigureError(f"{name} was announced and not shown")
            found.append({"name": name, "alt": described.read_text(encoding="utf-8")})
            described.unlink()
    except Exception as error:  # the message of a failing cell is what the author needs
        return path.stem, [], re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    return path.stem, found, None


def contact_sheet(figures: dict[str, list[dict]], folder: Path) -> Path:
    """Write a page with every picture, its name and its description; return the page."""
    parts = []
    for stem, some in figures.items():
        cards = "".join(
            f'<figure><img src="{one["name"]}.svg" alt="{html.escape(one["alt"])}">'
            f'<figcaption><b>{one["name"]}</b> <a href="{one["name"]}.svg">SVG</a> '
            f'<a href="{one["name"]}.pdf">PDF</a><p>{html.escape(one["alt"])}</p></figcaption>'
            "</figure>"
            for one in some
        )
        number, slug = stem.split("_", 1)
        title = f"{number} · {slug.replace('_', ' ')}"
        parts.append(f'<section><h2>{title}</h2><div class="cards">{cards}</div></section>')
    total = sum(map(len, figures.values()))
    style = (STYLE / "contact_sheet.css").read_text(encoding="utf-8")
    page = folder / "index.html"
    page.write_text(
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        "<title>Cross-Entropy, hands on: the figures</title>"
        f"<style>{style}</style></head><body><h1>The figures</h1>"
        f"<p>{total} pictures of the course <i>Cross-Entropy, hands on</i>, as SVG and as PDF. "
        "CC BY 4.0: use, change and share them, and name the course as their source.</p>"
        f"{''.join(parts)}</body></html>\n",
        encoding="utf-8",
        newline="\n",
    )
    return page


# ---------------------------------------------------------------- the command


def main() -> int:
    """Parse the command line; run the notebooks; write figures, list and contact sheet."""
    from tqdm import tqdm

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="beginnings of names (default: all): 01 03")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "figures", help="folder")
    parser.add_argument("--no-pdf", action="store_true", help="no PDF of the contact sheet")
    arguments = parser.parse_args()
    names = tuple(arguments.names)
    paths = [
        path
        for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
        if not names or path.stem.startswith(names)
    ]
    if not paths:
        parser.error(f"no notebook in {NOTEBOOKS} begins with {' or '.join(names)}")
    folder = arguments.to.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("[0-9][0-9]_*"):
        old.unlink()
    os.environ.update(ENVIRONMENT)
    found, failed = {}, []
    with concurrent.futures.ProcessPoolExecutor(min(os.cpu_count() or 1, len(paths), 4)) as pool:
        runs = [pool.submit(export, path, folder) for path in paths]
        done = concurrent.futures.as_completed(runs)
        for run in tqdm(done, desc="Notebooks", unit="notebook", total=len(runs)):
            stem, figures, error = run.result()
            found[stem] = figures
            if error:
                failed.append(f"{stem}: {error}")
    if failed:
        print("\n".join(failed), file=sys.stderr)
        return 1
    found = dict(sorted(found.items()))
    text = json.dumps(found, indent=1, ensure_ascii=False)
    (folder / "figures.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
    (folder / "LICENSE.txt").write_text(LICENCE, encoding="utf-8", newline="\n")
    page = contact_sheet(found, folder)
    print(f"{sum(map(len, found.values()))} figures, as SVG and PDF: {page}", flush=True)
    if arguments.no_pdf:
        return 0
    try:
        print_pdf(page, folder / "contact_sheet.pdf")
    except BrowserMissing as error:
        print(f"The figures are written, the contact sheet's PDF is not. {error}", file=sys.stderr)
        return 1
    print(f"The contact sheet as PDF: {folder / 'contact_sheet.pdf'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

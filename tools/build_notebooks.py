"""Execute the Markdown sources and write the notebooks a learner opens: `make notebooks`.

Two runs on one machine write the same bytes: no times, no widget state, ids by position. With
``--to FOLDER`` the notebooks of the course stay as they are, and the folder can be compared.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from cecourse.copies import digest, edition, write_whole

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # `python tools/build_notebooks.py` finds its neighbours too
SOURCES = ROOT / "notebooks" / "source"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# One thread for matrix products, no hash seed, no learner's file: the same numbers at each run.
# Each picture once: what only JupyterLab needs, and makes anew, is not stored.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "CEHELPERS_STORE": "off",
    "CEHELPERS_PROGRESS": "off",
    "CEHELPERS_PICTURES": "once",
}
REFUSED = (
    "{names}: somebody has typed into this, perhaps answers, so nothing was replaced. Keep a copy "
    "elsewhere and say `make notebooks ARGS=--force`, or take it back with `git checkout`."
)


def execute(source: Path):
    """Run one Markdown source in a fresh kernel and return it as a notebook, in canonical form."""
    import jupytext
    from nbclient import NotebookClient

    from tools.slide_marks import check_marks

    notebook = jupytext.read(source)
    check_marks(notebook)  # before minutes of work, and not when the deck is wanted
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    client = NotebookClient(
        notebook,
        timeout=600,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(ROOT / "notebooks")}},
    )
    client.execute()
    return canonical(notebook)


def canonical(notebook):
    """Remove everything that differs between two runs, and number what must have a name."""
    models: dict[str, str] = {}
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{position:03d}"
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            view = output.get("data", {}).get(WIDGET_VIEW)
            if view:
                view["model_id"] = models.setdefault(view["model_id"], f"{len(models):032x}")
    keep = ("kernelspec", "language_info", "mystnb")
    metadata = {key: notebook.metadata[key] for key in keep if key in notebook.metadata}
    metadata.get("language_info", {}).pop("version", None)  # any Python from 3.11 on
    metadata["course"] = {"edition": digest(notebook)}
    notebook.metadata = metadata
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def as_text(notebook) -> str:
    """Return the notebook as the bytes on disk: sorted keys, one newline at the end."""
    import nbformat

    plain = json.loads(nbformat.writes(notebook))
    return json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def build(source: Path, folder: Path, force: bool = False) -> tuple[str, str | None]:
    """Execute one source into a folder; return its name and the error, if any."""
    try:
        text = as_text(execute(source))
    except Exception as error:  # the message of a failing cell is what the author needs
        return source.stem, re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    target = folder / f"{source.stem}.ipynb"
    if not force and typed_into([target]):  # meanwhile
        return source.stem, REFUSED.format(names=target.name)
    write_whole(target, text.encode())
    return source.stem, None


def typed_into(paths: Iterable[Path]) -> list[Path]:
    """Those notebooks that hold something which this tool did not write: answers, perhaps."""
    return [path for path in paths if path.exists() and not edition(path)[1]]


def main() -> int:
    """Parse the command line, run the notebooks two at a time, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="beginnings of names (default: all): 01 03")
    parser.add_argument("--to", type=Path, default=ROOT / "notebooks", help="folder to write to")
    parser.add_argument("--force", action="store_true", help="replace what was typed into, too")
    arguments = parser.parse_args()
    sources = [
        source
        for source in sorted(SOURCES.glob("[0-9][0-9]_*.md"))
        if not arguments.names or source.stem.startswith(tuple(arguments.names))
    ]
    if not sources:
        parser.error(f"no source in {SOURCES} begins with {' or '.join(arguments.names)}")
    arguments.to.mkdir(parents=True, exist_ok=True)
    kept = typed_into(arguments.to / f"{source.stem}.ipynb" for source in sources)
    if kept and not arguments.force:
        print(REFUSED.format(names=", ".join(path.name for path in kept)))
        return 1
    from tools._command import fresh_processes

    os.environ.update(ENVIRONMENT)
    failed = False
    with fresh_processes(len(sources)) as pool:
        runs = [pool.submit(build, source, arguments.to, arguments.force) for source in sources]
        for run in concurrent.futures.as_completed(runs):
            name, error = run.result()
            failed |= error is not None
            print(f"{name}: {'failed' + chr(10) + error if error else 'done'}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""What the commands of `make` share: their arguments, their notebooks, their work in processes."""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cecourse.widgets import VIEW as WIDGET_VIEW  # noqa: F401 - what the tools call it

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "source"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
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


class ToolError(RuntimeError):
    """What a command cannot do; the message says why, and no traceback is needed."""


def notebooks(
    names: Iterable[str] = (), folder: Path = NOTEBOOKS, ending: str = ".ipynb"
) -> list[Path]:
    """The stored notebooks whose names begin so, such as ``["01", "03"]``; all without names."""
    names = tuple(names)
    paths = sorted(folder.glob(f"[0-9][0-9]_*{ending}"))
    return [path for path in paths if not names or path.stem.startswith(names)]


def execute(notebook, folder: Path = NOTEBOOKS):
    """Run a notebook in a fresh kernel, where the course's run, its prose too, and return it."""
    from tools.claims import living_client

    return living_client()(
        notebook,
        timeout=900,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    ).execute()


def in_processes(work: Callable[[Path, Path], Any], paths: list[Path], folder: Path) -> dict:
    """Call ``work(path, folder)`` for each notebook, a few at a time.

    Each process is a new interpreter: a fork of one that holds threads (JAX's, say) may never end.

    Returns
    -------
    dict
        What each call returns, by the notebook's name, in order.

    Raises
    ------
    ToolError
        If one fails; the message has those of all that failed.
    """
    from tqdm import tqdm

    os.environ.update(ENVIRONMENT)
    found, failed = {}, []
    workers = min(os.cpu_count() or 1, len(paths), 4)
    fresh = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        runs = {pool.submit(work, path, folder): path.stem for path in paths}
        done = concurrent.futures.as_completed(runs)
        for run in tqdm(done, desc="Notebooks", unit="notebook", total=len(runs)):
            try:
                found[runs[run]] = run.result()
            except Exception as error:  # the message of a failing cell is what the author needs
                failed.append(f"{runs[run]}: " + re.sub(r"\x1b\[[0-9;]*m", "", str(error)))
    if failed:
        raise ToolError("\n".join(failed))
    return dict(sorted(found.items()))


def program() -> str | None:
    """How a package was called, ``python -m tools.exam``: argparse would say ``__main__.py``."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return f"python -m {spec.parent}" if spec and spec.name.endswith(".__main__") else None


def parse(
    about: str, folder: str, known: Iterable[Path | str] | None = None, **options: dict
) -> argparse.Namespace:
    """Read a command line: names of notebooks, ``--to``, and options by their names.

    Parameters
    ----------
    about : str
        The program's docstring; its first line is shown.
    folder : str
        Where it writes without ``--to``, such as ``"build/key"``.
    known : iterable of Path or str, optional
        What may be named; the stored notebooks, if nothing else.
    **options
        For argparse, by the option's name with ``_`` for ``-``.
    """
    parser = argparse.ArgumentParser(program(), description=about.splitlines()[0])
    parser.add_argument("names", nargs="*", help="beginnings of names (default: all): 01 03")
    parser.add_argument("--to", type=Path, default=ROOT / folder, help="folder")
    for name, settings in options.items():
        parser.add_argument("--" + name.replace("_", "-"), **settings)
    given = parser.parse_args()
    stems = [Path(one).stem for one in known or notebooks()]
    for name in given.names:
        if not any(stem.startswith(name) for stem in stems):
            parser.error(f"no notebook begins with {name}")
    given.to = given.to.resolve()
    given.to.mkdir(parents=True, exist_ok=True)
    return given


def told(work: Callable[[], str]) -> int:
    """Do the work and print what it returns, or what went wrong; return the exit status."""
    try:
        print(work())
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def main(about: str, folder: str, write: Callable, press: Callable, **options: dict) -> int:
    """Write something from the notebooks, then print it: the whole command.

    Parameters
    ----------
    about, folder : str
        For `parse`.
    write : callable
        ``write(names, folder)`` returns the pages to print and what to say of them; it takes the
        value of each option by its name.
    press : callable
        ``press(browser, page)`` prints one.
    **options
        For `parse`.
    """
    from tqdm import tqdm

    from tools._browser import open_browser

    given = parse(
        about, folder, no_pdf={"action": "store_true", "help": "print nothing"}, **options
    )
    chosen = {name: getattr(given, name) for name in options}

    def work() -> str:
        pages, message = write(given.names, given.to, **chosen)
        if given.no_pdf:
            return message
        print(message, flush=True)
        with open_browser() as browser:
            for page in tqdm(pages, desc="PDF", unit="PDF"):
                press(browser, page)
        return f"{len(pages)} PDF there too: {given.to}"

    return told(work)

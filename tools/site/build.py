"""`make site`: the book, and the lab that runs in a browser, in one folder for any static host.

The book is built by Sphinx from what `book.py` lays out; the lab by `lite.py`. No page of the book
asks for anything outside the folder, which works under any address, but for Pyodide's own files:
they come from its public distribution, unless the site is self-contained.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools._command import ROOT, program
from tools.site import book, lite, lite_wheels

# a lab that brings its own Python and asks for nothing outside the folder
SELF_CONTAINED = os.environ.get("SELF_CONTAINED", "").lower() not in {"", "0", "no", "off"}


def build_book(output: Path, *, lab: bool = True) -> list[book.Page]:
    """Build the book; every warning of Sphinx is an error.

    Parameters
    ----------
    output : Path
        The folder to write; a site that was built there before is replaced once this one is
        whole.
    lab : bool
        Whether pages offer to run in the browser: the lab lies in ``output/lab``.

    Returns
    -------
    list of Page
        The notebooks that the book holds.

    Raises
    ------
    RuntimeError
        If Sphinx finds anything wrong; what it said is on the screen.
    ValueError
        If the folder holds anything but such a site: it is left as it is.
    """
    if output.exists() and not (output.is_dir() and (is_site(output) or not any(output.iterdir()))):
        raise ValueError(f"--to must name a new folder, or one with a site in it; got {output}")
    with tempfile.TemporaryDirectory(prefix="book-") as temporary:
        source, cache, built = (Path(temporary, name) for name in ("source", "cache", "built"))
        pages = book.lay_out(source, lab=lab)
        command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q"]
        command += ["-j", "auto", "-d", str(cache)]
        settings = {"COURSE_LAB": "1" if lab else "", "REPOSITORY": book.repository() or ""}
        settings["COURSE_PYODIDE"] = "" if SELF_CONTAINED else lite_wheels.address()
        run = subprocess.run(
            [*command, str(source), str(built)],
            cwd=ROOT,
            env=os.environ | settings | {"PYTHONPATH": str(ROOT)},
            check=False,
        )
        if run.returncode:
            raise RuntimeError("Sphinx could not build the book: see above")
        if output.exists():
            shutil.rmtree(output)
        shutil.move(built, output)
    _write_service_worker(output)
    lite.write_downloads(output, book.repository())
    return pages


def _write_service_worker(site: Path) -> None:
    """Put the service worker at a site's root; other scripts and styles, and it is another one."""
    static = (site / "_static").rglob("*")
    files = sorted(file for file in static if file.suffix in {".js", ".css"})
    version = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
    text = (ROOT / "site" / "sw.js").read_text(encoding="utf-8")
    text = text.replace('"course-1"', f'"course-{version}"')
    (site / "sw.js").write_text(text, encoding="utf-8", newline="\n")


def is_site(folder: Path) -> bool:
    """Whether Sphinx has built this folder: it leaves these two files in each."""
    return (folder / ".buildinfo").is_file() and (folder / "objects.inv").is_file()


def main() -> int:
    """Parse the command line, build, and say where the site is."""
    parser = argparse.ArgumentParser(program(), description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "site", help="folder to write")
    parser.add_argument(
        "--book-only", action="store_true", help="leave out the lab, not the Python of the pages"
    )
    given = parser.parse_args()
    try:
        print("The book: Sphinx sets the notebooks as they are stored", flush=True)
        pages = build_book(given.to, lab=not given.book_only)
        if not given.book_only:
            print("The lab: JupyterLab for a browser, without a server", flush=True)
            lite.build(given.to / "lab", self_contained=SELF_CONTAINED)
        else:
            lite.write_python(given.to / "lab" / "static" / "pyodide", SELF_CONTAINED)
    except (RuntimeError, ValueError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(file.stat().st_size for file in given.to.rglob("*") if file.is_file())
    print(f"\n{len(pages)} notebooks, {size / 1e6:.0f} MB: {given.to / 'index.html'}")
    print(f"To look at it: {sys.executable} -m http.server -d {given.to}")
    return 0

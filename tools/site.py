"""`make site`: the book, and the lab that runs in a browser, in one folder for any static host.

The book is built by Sphinx from what `tools.book` lays out; the lab by `tools.lite`. No page of the
book asks for anything outside the folder, which works under any address.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # `python tools/site.py` finds its neighbours too
from tools import book  # noqa: E402

COLAB = ROOT / "build" / "colab"  # the deployment pushes it to the branch `colab`
WORKERS = min(os.cpu_count() or 1, 4)


def build_book(output: Path, *, lab: bool = True, quiet: bool = False) -> list[book.Page]:
    """Build the book; every warning of Sphinx is an error.

    Parameters
    ----------
    output : Path
        The folder to write; a site that was built there before is replaced once this one is
        whole.
    lab : bool
        Whether pages offer to run in the browser: the lab lies in ``output/lab``.
    quiet : bool
        Print nothing but errors.

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
    if output.exists() and not (output.is_dir() and (is_site(output) or is_empty(output))):
        raise ValueError(f"--to must name a new folder, or one with a site in it; got {output}")
    with tempfile.TemporaryDirectory(prefix="book-") as temporary:
        source, cache, built = (Path(temporary, name) for name in ("source", "cache", "built"))
        pages = book.lay_out(source, lab=lab)
        command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going"]
        command += ["-j", str(WORKERS), "-d", str(cache), *(["-q"] if quiet else [])]
        settings = {"COURSE_LAB": "1" if lab else "", "REPOSITORY": book.repository() or ""}
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
    downloads = output / "notebooks"
    downloads.mkdir()
    for page in pages:
        shutil.copy(book.NOTEBOOKS / page.file, downloads)
    return pages


def is_site(folder: Path) -> bool:
    """Whether Sphinx has built this folder: it leaves these two files in each."""
    return (folder / ".buildinfo").is_file() and (folder / "objects.inv").is_file()


def is_empty(folder: Path) -> bool:
    """Whether nothing lies in a folder."""
    return next(folder.iterdir(), None) is None


def build_lab(folder: Path, *, self_contained: bool = False) -> None:
    """Build the lab into a folder, and what Colab opens, where there is a repository, beside it."""
    from tools import lite

    lite.build(folder, self_contained=self_contained)
    address = book.repository()
    if address:
        lite.build_colab(COLAB, f"git+{address}")


def main() -> int:
    """Parse the command line, build, and say where the site is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "site", help="folder to write")
    parser.add_argument("--book-only", action="store_true", help="leave out the lab")
    parser.add_argument(
        "--self-contained",
        action="store_true",
        default=os.environ.get("SELF_CONTAINED", "").lower() not in {"", "0", "no", "off"},
        help="a lab that brings its own Python and asks for nothing outside the folder; "
        "so does SELF_CONTAINED=1",
    )
    parser.add_argument("--quiet", action="store_true", help="errors and the last lines alone")
    arguments = parser.parse_args()
    try:
        print("The book: Sphinx sets the notebooks as they are stored", flush=True)
        pages = build_book(arguments.to, lab=not arguments.book_only, quiet=arguments.quiet)
        if not arguments.book_only:
            print("The lab: JupyterLab for a browser, without a server", flush=True)
            build_lab(arguments.to / "lab", self_contained=arguments.self_contained)
    except (RuntimeError, ValueError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(file.stat().st_size for file in arguments.to.rglob("*") if file.is_file())
    print(f"\n{len(pages)} notebooks, {size / 1e6:.0f} MB: {arguments.to / 'index.html'}")
    print(f"To look at it: {sys.executable} -m http.server -d {arguments.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

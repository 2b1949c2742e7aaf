"""The site, built once for all tests of a run, however many processes share them.

What was built lies in build/site-for-tests, under a name that its sources give it: another run
without a change finds it there.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tools import lite

ROOT = Path(__file__).parents[2]
SOURCES = (
    "cecourse",
    "cehelpers",
    "notebooks",
    "site",
    "tools",
    "vectors",
    "*.md",
    "*.toml",
    "*.lock",
)
BUILD_BOOK = """import sys; from pathlib import Path; from tools.site import build_book
build_book(Path(sys.argv[1]))"""


def _version():
    """What the sources of the site are, in a few letters."""
    found = (file for name in SOURCES for top in ROOT.glob(name) for file in [top, *top.rglob("*")])
    kept = sorted(file for file in found if file.is_file() and "__pycache__" not in file.parts)
    named = (f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes() for file in kept)
    told = "".join(os.environ.get(name, "") for name in ("REPOSITORY", "SITE_URL", "PYODIDE_DIST"))
    return hashlib.sha256(b"\0".join([told.encode(), *named])).hexdigest()[:12]


@pytest.fixture(scope="session")
def shelf():
    """The folder for what is built from these sources; those of others are removed."""
    folder = ROOT / "build" / "site-for-tests"
    shelf = folder / _version()
    shelf.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old != shelf:
            shutil.rmtree(old, ignore_errors=True)
    return shelf


@contextlib.contextmanager
def _missing(folder):
    """Give the name to build a folder under if it is not there; other processes wait for it."""
    with contextlib.closing(sqlite3.connect(f"{folder}.lock", timeout=900)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        unfinished = None if folder.exists() else folder.with_name(f"{folder.name}-unfinished")
        if unfinished:
            shutil.rmtree(unfinished, ignore_errors=True)
        yield unfinished
        if unfinished:
            unfinished.rename(folder)


@pytest.fixture(scope="session")
def book(shelf):
    """The folder of the self-contained book; a warning of Sphinx is a failure. Nobody writes here.

    Its lab is `lab`, a folder of its own.
    """
    folder = shelf / "book"
    with _missing(folder) as unfinished:
        if unfinished:
            run = subprocess.run(
                [sys.executable, "-c", BUILD_BOOK, str(unfinished)],
                cwd=ROOT,
                env=os.environ | {"SELF_CONTAINED": "1"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode == 0, run.stdout + run.stderr
    return folder


@pytest.fixture(scope="session")
def lab(shelf):
    """The folder of the self-contained lab, with the Python of the book. Nobody writes here."""
    folder = shelf / "lab"
    with _missing(folder) as unfinished:
        if unfinished:
            lite.build(unfinished, self_contained=True)
    return folder


@pytest.fixture(scope="session")
def site(book, lab, tmp_path_factory):
    """A folder with both, as `make site` builds it, out of links."""
    folder = tmp_path_factory.mktemp("whole") / "site"
    shutil.copytree(book, folder, copy_function=os.symlink)
    (folder / "lab").symlink_to(lab)
    return folder

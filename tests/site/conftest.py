"""The book, built once for all tests of the site."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """The folder of the book, as `make site` builds it: a warning of Sphinx is a failure."""
    folder = tmp_path_factory.mktemp("site") / "book"
    code = "import sys; from pathlib import Path; from tools.site import build_book; "
    code += "build_book(Path(sys.argv[1]))"
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder

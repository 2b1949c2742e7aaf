"""Every test, and every kernel that a test starts, runs as the notebooks were built."""

import importlib.util
import os

import pytest
from hypothesis import settings
from nbval.plugin import IPyNbCell

from tools._command import ENVIRONMENT
from tools.compare_notebooks import other_pictures

os.environ.update(ENVIRONMENT)

# The same inputs at each run: whoever runs the tests learns about the course, not about chance.
# New ones, once a week in CI: --hypothesis-profile=chance. Few, where only versions of libraries
# are other ones: --hypothesis-profile=few
settings.register_profile("course", derandomize=True, deadline=None)
settings.register_profile("chance", derandomize=False, deadline=None, print_blob=True)
settings.register_profile("few", derandomize=True, deadline=None, max_examples=10)
settings.load_profile("course")

MISSING = [name for name in ("keras", "jax", "optax") if not importlib.util.find_spec(name)]


def pytest_runtest_setup(item):
    """Say what is missing before notebook 12 is compared with outputs of a complete environment."""
    if MISSING and item.path.name == "12_framework_rosetta.ipynb":
        pytest.fail(
            f"notebook 12 compares libraries that are missing here ({', '.join(MISSING)}): install "
            "the group `frameworks` of pyproject.toml (`make test` does), or add "
            "--ignore=notebooks/12_framework_rosetta.ipynb",
            pytrace=False,
        )


compare_text = IPyNbCell.compare_outputs


def compare_outputs(self, test, ref, skip_compare=None):
    """Compare a cell's words as nbval does, and then its pictures."""
    if not compare_text(self, test, ref, skip_compare):
        return False
    found = other_pictures(self.cell, test)
    self.comparison_traceback += found
    return not found


IPyNbCell.compare_outputs = compare_outputs

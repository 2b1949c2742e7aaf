"""Every test, and every kernel that a test starts, runs as the notebooks were built."""

import os

from tools.build_notebooks import ENVIRONMENT

os.environ.update(ENVIRONMENT)

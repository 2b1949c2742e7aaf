"""Every test, and every kernel that a test starts, runs as the notebooks were built."""

import os

from hypothesis import settings

from tools.build_notebooks import ENVIRONMENT

os.environ.update(ENVIRONMENT)

# the same inputs at each run: whoever runs the tests learns about the course, not about chance
settings.register_profile("course", derandomize=True, deadline=None)
settings.load_profile("course")

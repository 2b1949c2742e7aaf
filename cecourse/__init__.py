"""The course around cehelpers: engines, and a folder for each lesson.

- `picture`, `explorer`, `prediction`, `account`, `exercise`, `spacing`, `store`, `progress_bar`:
  engines, which know no lesson
- `lessons`: the list of lessons, and of each what only it needs

A notebook imports its lesson from `cecourse.lessons`, and from here what every notebook uses.
"""

import logging
import os
import sys

# One thread a matrix product: faster for networks this small, and the same digits at each run,
# however the course was started. The variables are for libraries that are loaded later, the limit
# for those that are there already; a browser has one thread in any case.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
if sys.platform != "emscripten":
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
# Where the home cannot be written Matplotlib makes do, and tells a reader who cannot mend it.
logging.getLogger("matplotlib").addFilter(
    lambda record: not record.msg.startswith(("mkdir -p failed", "Matplotlib created a temporary"))
)

from .exercise.report import progress  # noqa: E402
from .picture import new_figure, show  # noqa: E402
from .spacing import review  # noqa: E402

__all__ = ["new_figure", "progress", "review", "show"]

"""The course around cehelpers: engines, and a folder for each lesson.

- `picture`, `explorer`, `prediction`, `account`, `exercise`, `spacing`, `store`, `progress_bar`,
  `language`: engines, which know no lesson
- `widgets`, which all of these show something with; its faces are `jupyter` and, in the book,
  `markup` and `page`
- `lessons`: the list of lessons, and of each what only it needs

A notebook imports its lesson from `cecourse.lessons`, and from here what every notebook uses.
"""

import importlib
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

__all__ = ["new_figure", "progress", "review", "show", "speak"]
_HOMES = {"progress": ".exercise.report", "review": ".spacing", "speak": ".language"}
_HOMES |= {"new_figure": ".picture", "show": ".picture"}  # which need Matplotlib


def __getattr__(name: str):
    """What is exported is imported when it is asked for: a page of the book has NumPy alone."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""What the benches share: a table that is printed as it is measured, and a process's cost."""

from __future__ import annotations

import re
from collections.abc import Iterable

# CPU seconds and peak megabytes of the process that runs this (ru_maxrss: bytes on macOS, else kB)
COST = """
import resource, sys, time
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.process_time(), used * (1 if sys.platform == "darwin" else 1024) / 1e6)
"""


def table(title: str, columns: dict[str, str], rows: Iterable[tuple]) -> None:
    """Print rows under their heads; a column is its head and its format, ``{"CPU s": ">7.1f"}``."""
    heads = {head: re.sub(r",?\.\d+[fg%]", "", form) for head, form in columns.items()}
    print(f"\n{title}")
    print(*(f"{head:{width}}" for head, width in heads.items()))
    for row in rows:
        cells = zip(row, columns.values(), heads.values(), strict=True)
        line = (f"{'–':{width}}" if x is None else f"{x:{form}}" for x, form, width in cells)
        print(*line, flush=True)

"""What a lecturer plans a hub with: seconds and peak memory of each notebook; and import times."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from tools import _command
from tools.bench._bench import COST, table

IMPORT = "import numpy, timeit; print(timeit.timeit('import cehelpers', number=1))"


def import_seconds() -> float:
    """Return the median time that `import cehelpers` takes beyond NumPy, over seven starts."""
    command = [sys.executable, "-c", IMPORT]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(7)]
    return statistics.median(float(run.stdout) for run in runs)


def notebook_cost(path: Path) -> tuple[float, float, float]:
    """Run a notebook; return seconds until done, CPU seconds and peak megabytes of its kernel."""
    import jupytext
    from nbformat.v4 import new_code_cell

    notebook = jupytext.read(path)
    notebook.cells.append(new_code_cell(COST))
    start = time.perf_counter()
    _command.execute(notebook)
    cpu, peak = map(float, notebook.cells[-1].outputs[0].text.split())
    return time.perf_counter() - start, cpu, peak


def report() -> None:
    """Print the table."""
    print(f"\nimport cehelpers, beyond NumPy: {import_seconds():.3f} s")
    table(
        "The notebooks, executed",
        {"notebook": "<28", "seconds": ">8.1f", "CPU": ">6.1f", "peak MB": ">8.0f"},
        (
            (path.stem, *notebook_cost(path))
            for path in _command.notebooks(folder=_command.SOURCES, ending=".md")
        ),
    )

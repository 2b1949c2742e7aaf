"""What a lecturer plans a hub with: seconds and peak memory of each notebook; and import times."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
IMPORT = (
    "import numpy, time; start = time.perf_counter(); import cehelpers; "
    "print(time.perf_counter() - start)"
)


def import_seconds() -> float:
    """Return the median time that `import cehelpers` takes beyond NumPy, over seven starts."""
    command = [sys.executable, "-c", IMPORT]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(7)]
    return statistics.median(float(run.stdout) for run in runs)


def notebook_cost(path: Path) -> tuple[float, float, float]:
    """Run a notebook; return seconds until done, CPU seconds and peak megabytes of its kernel."""
    import jupytext
    import nbformat
    from nbclient import NotebookClient

    notebook = jupytext.read(path)
    notebook.cells.append(nbformat.v4.new_code_cell(PEAK))
    notebook.cells.append(nbformat.v4.new_code_cell("import time; print(time.process_time())"))
    folder = {"metadata": {"path": str(ROOT / "notebooks")}}
    start = time.perf_counter()
    NotebookClient(notebook, timeout=900, kernel_name="python3", resources=folder).execute()
    spent = time.perf_counter() - start
    peak, cpu = (float(cell.outputs[0].text) for cell in notebook.cells[-2:])
    return spent, cpu, peak * (1 if sys.platform == "darwin" else 1024) / 1e6


def report() -> None:
    """Print the table."""
    print(f"\nimport cehelpers, beyond NumPy: {import_seconds():.3f} s")
    print(f"\n{'notebook':28s} {'seconds':>8s} {'CPU':>6s} {'peak MB':>8s}")
    for path in sorted((ROOT / "notebooks" / "source").glob("*.md")):
        spent, cpu, peak = notebook_cost(path)
        print(f"{path.stem:28s} {spent:8.1f} {cpu:6.1f} {peak:8.0f}")


if __name__ == "__main__":
    report()

"""What a step of an explorer costs: bytes and Python's time of each, and one beside `interact`.

For the latter both show the same curve and dot, in one notebook, in one JupyterLab, in one headless
Chromium, from the press of a key to a changed picture.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import timeit
from collections.abc import Iterator
from pathlib import Path

from tools._command import KERNEL, ROOT
from tools.bench._bench import table
from tools.site.frames import MOST_BYTES, NoFrames, axes_of, collect, compressed
from tools.site.frames import explorers as every_explorer

sys.path.insert(0, str(ROOT / "tests" / "browser"))
STEPS = 40

OURS = """from cecourse.lessons.start_here.explorers import forecast
forecast()"""
PLAIN = """%matplotlib inline
import ipywidgets, numpy as np, matplotlib.pyplot as plt
def picture(p=0.8):
    x = np.geomspace(1e-3, 1, 400)
    plt.figure(figsize=(7.2, 3.4))
    plt.plot(x, -np.log(x))
    plt.plot([p], [-np.log(p)], "o")
    plt.title(f"surprise {-np.log(p):.3f} nats")
    plt.show()
ipywidgets.interact(picture, p=(0.01, 0.99, 0.01))"""


def latencies() -> dict[str, list[float]]:
    """Return milliseconds for each step of both designs, measured in the browser."""
    import nbformat
    from lab import WATCH, LabServer, NotebookPage, launch
    from playwright.sync_api import sync_playwright

    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = KERNEL
    notebook.cells = [nbformat.v4.new_code_cell(OURS), nbformat.v4.new_code_cell(PLAIN)]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        nbformat.write(notebook, Path(folder) / "bench.ipynb")
        server = LabServer(Path(folder), Path(home))
        try:
            with sync_playwright() as playwright:
                browser = launch(playwright)
                page = browser.new_page(viewport={"width": 1100, "height": 1500})
                NotebookPage(page, server, "bench.ipynb").run_all()
                page.wait_for_timeout(2000)
                return {
                    "explorer": _steps(page, ".ce-explorer", ".ce-moving", WATCH),
                    "interact": _steps(page, ".widget-interact", ".jp-OutputArea", WATCH),
                }
        finally:
            server.stop()


def _steps(page, where: str, picture: str, watch: str) -> list[float]:
    box = page.locator(where).first
    box.locator(picture).first.evaluate(watch)
    box.locator(".noUi-handle").first.focus()
    for step in range(STEPS):
        page.keyboard.press("ArrowLeft" if step % 2 else "ArrowRight")
        page.wait_for_timeout(700)
    return page.evaluate("window.ceSteps")


def kernel_milliseconds() -> float:
    """Return the median of the kernel's time for a step of our explorer."""
    from cecourse.lessons.start_here.explorers import forecast

    control, values = forecast().controls["p"], iter(range(STEPS))

    def step() -> None:
        control.value = 0.3 + 0.01 * next(values)

    spent = timeit.repeat(step, number=1, repeat=STEPS, timer=time.process_time)
    return 1000 * statistics.median(spent)


def frames() -> Iterator[tuple]:
    """Yield a row for each explorer: what the steps along its main slider weigh and cost."""
    for lesson, name, make in every_explorer():
        explorer = make()
        try:
            axes = axes_of(explorer)
        except NoFrames:
            step = len(explorer._foreground.value.encode()) / 1000
            yield f"{lesson}.{name}", "–", None, step, None, None, None
            continue
        collect(explorer)  # fonts are read, tables filled
        before = time.process_time()
        held = collect(explorer)
        spent = time.process_time() - before
        count = len(held["frames"])
        step = statistics.mean(len(moving.encode()) for _, moving in held["frames"]) / 1000
        small = len(compressed(held)) / 1000
        what = f"{lesson}.{name}", " × ".join(axes), count
        yield *what, step, small, 1000 * small / count, 1000 * spent / count


def report() -> None:
    """Print the tables."""
    heads = {"kB a step": ">9.1f", "file kB": ">9.1f", "bytes a frame": ">13.0f"}
    table(
        f"Frames along the main sliders (a file of more than {MOST_BYTES // 1000} kB stays away)",
        {"": "<34", "along": "<26", "frames": ">6", **heads, "ms a step": ">9.1f"},
        frames(),
    )
    found, kernel, rows = latencies(), {"explorer": kernel_milliseconds()}, []
    plain = statistics.median(found["interact"])
    for name, steps in found.items():
        middle, late = statistics.median(steps), statistics.quantiles(steps, n=20)[-1]
        rows.append((name, middle, late, kernel.get(name), middle / plain))
    table(
        "An explorer's step, from key press to painted picture (milliseconds)",
        {"": "<10", "median": ">8.0f", "95%": ">8.0f", "kernel": ">8.1f", "ratio": ">7.2f"},
        rows,
    )

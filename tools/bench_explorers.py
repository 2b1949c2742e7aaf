"""How long from a key press to a changed picture: our explorer beside plain `interact`.

Both show the same curve and dot, in one notebook, in one JupyterLab, in one headless Chromium.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
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
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
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


def kernel_times() -> list[float]:
    """Return milliseconds of kernel time for each step of our explorer."""
    from cecourse.lessons.start_here.explorers import forecast

    explorer, spent = forecast(), []
    for step in range(STEPS):
        start = time.process_time()
        explorer.controls["p"].value = 0.3 + 0.01 * step
        spent.append(1000 * (time.process_time() - start))
    return spent


def report() -> None:
    """Print the table."""
    print("\nAn explorer's step, from key press to painted picture (milliseconds)")
    print(f"{'':10s} {'median':>8s} {'95%':>8s} {'kernel':>8s} {'ratio':>7s}")
    found = latencies()
    plain = statistics.median(found["interact"])
    kernel = {"explorer": statistics.median(kernel_times())}
    for name, steps in found.items():
        middle, late = statistics.median(steps), statistics.quantiles(steps, n=20)[-1]
        inside = f"{kernel[name]:8.1f}" if name in kernel else f"{'–':>8s}"
        print(f"{name:10s} {middle:8.0f} {late:8.0f} {inside} {middle / plain:7.2f}")


if __name__ == "__main__":
    report()

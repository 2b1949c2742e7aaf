"""A JupyterLab server of our own, and a notebook in it, driven as a learner would drive it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tools._browser import CHROMIUM_ARGS, BrowserMissing, find_chromium

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
try:
    CHROMIUM = find_chromium()
except BrowserMissing:
    CHROMIUM = None
# The picture above the scenery is the one that moves: note when a key went down, and when the new
# picture it caused had been put on the page and painted.
WATCH = """
(picture) => {
  window.ceSteps = [];
  let pressed = null;
  document.addEventListener('keydown', () => { pressed = performance.now(); }, true);
  new MutationObserver(() => {
    if (pressed === null) return;
    const asked = pressed;
    pressed = null;
    requestAnimationFrame(() => setTimeout(() => window.ceSteps.push(performance.now() - asked)));
  }).observe(picture, {subtree: true, childList: true, attributes: true});
}
"""
# Whether one of the first code cells, or of all, waits or runs.
WAITING = """
[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].slice(0, cells ?? undefined)
  .some(prompt => prompt.textContent.includes('[*]'))
"""


class LabServer:
    """JupyterLab on a folder, on a port of its own choosing, with a token."""

    def __init__(self, folder: Path, home: Path, **variables: str):
        token = secrets.token_hex(16)
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "IPYTHONDIR": str(home / "ipython"),
        }
        environment |= variables
        self.log = (home / "server.log").open("w")
        command = [
            sys.executable,
            "-m",
            "jupyter",
            "lab",
            "--no-browser",
            "--allow-root",
            "--port=0",
        ]
        command += [f"--IdentityProvider.token={token}", "--ip=127.0.0.1"]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=self.log, stderr=subprocess.STDOUT
        )
        self.folder, self.token = folder, token
        self.url = self._wait(home / "runtime")

    def _wait(self, runtime: Path, seconds: float = 60.0) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for info in runtime.glob("jpserver-*.json"):
                try:
                    url = json.loads(info.read_text())["url"]
                    urllib.request.urlopen(f"{url}api?token={self.token}", timeout=2).close()
                except (OSError, ValueError):
                    continue
                return url
            time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"JupyterLab did not start: {Path(self.log.name).read_text()[-2000:]}")

    def stop(self) -> None:
        """End the server and its kernels."""
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()


class NotebookPage:
    """One notebook open in JupyterLab."""

    def __init__(self, page, server: LabServer, name: str):
        self.page = page
        # a workspace of its own, and the simple interface: one document and nothing else
        page.goto(
            f"{server.url}doc/workspaces/w{secrets.token_hex(4)}/tree/{name}?token={server.token}"
        )
        self.root = page.locator(".jp-Notebook")
        self.root.wait_for(timeout=60_000)
        self.wait_idle()

    def wait_idle(self, seconds: float = 120.0) -> None:
        """Wait until the kernel is idle and no cell waits for it."""
        self.page.locator("text=| Idle").first.wait_for(timeout=1000 * seconds)

    def press(self, menu: str, command: str) -> None:
        """Choose a command in a menu."""
        self.page.locator(".lm-MenuBar-item", has_text=menu).first.click()
        self.page.locator(f'.lm-Menu-item[data-command="{command}"]').click()

    def run_all(self, seconds: float = 180.0, cells: int | None = None) -> None:
        """Run ▸ Run All Cells, and wait until all code cells, or the first few, are done."""
        self.press("Run", "runmenu:run-all")
        for state in (WAITING, f"!({WAITING})"):  # what has not begun is not done
            self.page.wait_for_function(f"cells => {state}", arg=cells, timeout=1000 * seconds)
        if cells is None:
            self.wait_idle()

    def explorers(self):
        """The live explorers of the page."""
        return self.page.locator(".ce-explorer")

    def commit_by_keyboard(self, form, digit: str) -> list[str]:
        """Take the second option of a prediction, say how sure one is, press Commit.

        Returns
        -------
        list of str
            What the Tab key stopped at on the way.
        """
        for _ in range(50):  # a cell that was run a moment ago may take the focus back
            form.locator("input").first.focus()
            self.page.wait_for_timeout(100)
            if form.locator(":focus").count():
                break
        self.page.keyboard.press("Shift+Tab")  # to come in from outside, as a reader does
        stops = []
        for key in ("ArrowDown", digit, "Enter"):
            stops += self.tab(form)
            self.page.keyboard.press(key)
        return stops

    def tab(self, form) -> list[str]:
        """Press Tab, and return what has the focus, if it is in the form."""
        self.page.keyboard.press("Tab")
        inside = form.locator(":focus")
        return [inside.evaluate("control => control.localName")] if inside.count() else []

    def shot(self, path: Path) -> None:
        """Keep a picture of what the learner sees."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(path))


def launch(playwright, **options):
    """Start the system's Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS, **options)

"""The lab in the browser for the tests: a static host, a witness of every request that leaves it,
and a notebook driven as a learner would drive it."""

from __future__ import annotations

import functools
import secrets
import time
from pathlib import Path

import nbformat
from hosts import Files, Server, Witness
from lab import CHROMIUM, CHROMIUM_ARGS, NotebookPage
from playwright.sync_api import TimeoutError

from tools.site.lite import address

PREFIX = "/some/course/lab/"  # a site seldom lies at the top of its host


class _Host(Files):
    """Files of one folder, under `PREFIX` alone."""

    protocol_version = "HTTP/1.1"

    def translate_path(self, path):
        if not path.startswith(PREFIX):
            return str(Path(self.directory) / "nothing-is-here")
        return super().translate_path("/" + path.removeprefix(PREFIX))

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")  # as a public distribution does
        self.send_header("Cache-Control", "no-cache")  # what is published is there at once
        super().end_headers()


class StaticHost:
    """A folder on loopback, and a witness that hears every request to anywhere else."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._files = Server(functools.partial(_Host, directory=str(folder)))
        self._witness = Server(Witness)
        self.url = f"http://127.0.0.1:{self._files.server_port}{PREFIX}"

    def left_the_site(self) -> list[str]:
        """Every address outside this host that a page, a worker or a service worker asked for."""
        return self._witness.foreign()

    def launch(self, playwright, profile: Path):
        """Start Chromium with a profile that is kept, all its foreign requests to the witness."""
        return playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            args=CHROMIUM_ARGS,
            proxy={
                "server": f"http://127.0.0.1:{self._witness.server_port}",
                "bypass": "127.0.0.1",
            },
            viewport={"width": 1280, "height": 1000},
        )

    def close(self) -> None:
        """End both servers."""
        for server in (self._files, self._witness):
            server.close()


class LitePage(NotebookPage):
    """One notebook open in the lab in the browser."""

    def __init__(self, page, host: StaticHost, name: str):
        self.page = page
        start = time.monotonic()
        page.goto(host.url + address(name))
        self.root = page.locator(".jp-Notebook")
        page.locator(".jp-MarkdownOutput h1").first.wait_for(timeout=120_000)
        self.read_after = time.monotonic() - start  # seconds
        self.wait_idle(300)
        self.ready_after = time.monotonic() - start

    def download(self):
        """File ▸ Download: the notebook as it stands, with every output.

        It is saved first, and a save that waits for a busy kernel may swallow the command.
        """
        for left in (2, 1, 0):
            try:
                with self.page.expect_download() as download:
                    self.press("File", "docmanager:download")
                return nbformat.read(download.value.path(), as_version=4)
            except TimeoutError:
                if not left:
                    raise

    def cell(self, code: str):
        """The code cell whose input holds a piece of code now; it may be typed over later."""
        cells = self.page.locator(".jp-CodeCell")
        texts = [c.locator(".jp-InputArea").text_content() for c in cells.all()]
        return cells.nth(next(i for i, text in enumerate(texts) if code in text))

    def type(self, cell, code: str) -> None:
        """Replace the code of a cell."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(code)

    def run(self, cell, code: str, seconds: float = 60) -> str:
        """Replace the code of a cell, run it, and return what stands under it."""
        begun = f"run {secrets.token_hex(4)}"
        self.type(cell, f"print({begun!r})\n{code}")
        self.page.keyboard.press("Shift+Enter")
        output, prompt = cell.locator(".jp-OutputArea"), cell.locator(".jp-InputPrompt")
        self.wait_for(
            lambda: begun in output.text_content() and prompt.text_content() != "[*]:", seconds
        )
        self.page.wait_for_timeout(200)  # the prompt may be quicker than the output
        return output.text_content().replace(begun, "")

    def wait_for(self, happened, seconds: float = 20) -> None:
        """Wait until something is so."""
        for _ in range(int(20 * seconds)):
            if happened():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("nothing changed")

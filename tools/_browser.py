"""One browser for every program that shows or prints a page: find it, open it, print with it.

The pages lie on disk and ask for nothing from a network. MathJax, where a page carries it, is
waited for, so that no formula is printed as its source.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# no window, no background traffic: what a build and a test want
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NAMES += ("msedge", "microsoft-edge")
PLACES = (  # where an installer puts a browser that is not on the path
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
PDF = {  # how a page is printed: tagged, with an outline, the size of its style sheet
    "format": "A4",
    "print_background": True,
    "prefer_css_page_size": True,
    "tagged": True,
    "outline": True,
}
# Everything a page still has to do before it looks as it will stay. The counts prove it: what comes
# back is the number of formulas set and of pictures that could not be shown.
SETTLE = """
async () => {
  if (window.MathJax && MathJax.startup && MathJax.startup.promise) {
    await MathJax.startup.promise;
  }
  await document.fonts.ready;
  for (const picture of document.images) {
    if (picture.dataset.src && !picture.src) picture.src = picture.dataset.src;
    picture.loading = 'eager';
  }
  await Promise.all([...document.images].map(picture => picture.decode().catch(() => {})));
  return {
    formulas: document.querySelectorAll('mjx-container').length,
    broken: [...document.images].filter(picture => !picture.naturalWidth).length,
  };
}
"""


class BrowserMissing(RuntimeError):
    """No Chromium can be found; the message says how to get one."""


def find_chromium() -> str:
    """Return the path of a Chromium, Chrome or Edge on this machine.

    The environment variable CHROMIUM comes first, then the search path, the usual places of
    macOS and Windows, and the copy that ``playwright install chromium`` fetches.

    Raises
    ------
    BrowserMissing
        If there is none, or CHROMIUM names a file that does not exist.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise BrowserMissing(f"CHROMIUM must name a browser's program; got {named!r}")
        return found
    for program in (*NAMES, *PLACES):
        if found := shutil.which(program):
            return found
    if found := _fetched_by_playwright():
        return found
    raise BrowserMissing(
        "No Chromium here, and it draws the pages: install one "
        "(Debian and Ubuntu: apt install chromium; macOS: brew install --cask chromium; "
        f"anywhere: {sys.executable} -m playwright install chromium), "
        "or name yours: CHROMIUM=/path/to/chrome"
    )


def _fetched_by_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with contextlib.suppress(Exception), sync_playwright() as playwright:
        path = playwright.chromium.executable_path
        return path if Path(path).is_file() else None
    return None


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    """Start the browser of `find_chromium`, without a window, and close it at the end."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        try:
            yield browser
        finally:
            browser.close()


def settle(page: Page) -> dict[str, int]:
    """Wait until a page looks as it will stay; count its ``formulas`` and ``broken`` pictures."""
    return page.evaluate(SETTLE)


def print_pdf(html: Path, pdf: Path, *, browser: Browser, query: str = "", ready: str = "") -> int:
    """Print a page on disk to a tagged PDF with an outline, and return its number of pages.

    Parameters
    ----------
    html, pdf : Path
        The page, and the file to write.
    browser : Browser
        One that is open (`open_browser`).
    query : str
        What follows the page's address, such as ``"?print-pdf"``.
    ready : str
        A JavaScript expression to wait for before printing, in addition to `settle`.

    Raises
    ------
    RuntimeError
        If the page cannot show one of its pictures.
    """
    from pypdf import PdfReader

    with browser.new_page() as page:
        page.set_default_timeout(120_000)
        page.goto(html.resolve().as_uri() + query)
        if broken := settle(page)["broken"]:
            raise RuntimeError(f"{html}: {broken} pictures cannot be shown")
        if ready:
            page.wait_for_function(ready)
        page.pdf(path=str(pdf), **PDF)
    return len(PdfReader(pdf).pages)


def package_folder(package: str, inside: str) -> Path:
    """Return a folder of files that an installed package carries, such as ``"static/mathjax"``.

    Raises
    ------
    FileNotFoundError
        If the package is not installed or has no such folder.
    """
    try:
        files = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError:
        raise FileNotFoundError(
            f"{package} is not installed; `make test` or `make slides` installs it"
        ) from None
    for file in files:
        before, found, _ = Path(file.locate()).as_posix().partition(f"/{inside}/")
        if found:
            return Path(before, inside)
    raise FileNotFoundError(f"{package} has no folder {inside}")

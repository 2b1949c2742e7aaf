"""One browser for every program that shows or prints a page: find it, open it, open a page.

The pages lie on disk and ask for nothing from a network. MathJax, where a page carries it, is
waited for, so that no formula is printed as its source.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tools._command import ToolError

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
PROGRAMS = (  # on the path, then where an installer puts a browser that is not on it
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
    "msedge",
    "microsoft-edge",
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
    formulas: document.querySelectorAll('mjx-container, .math > math').length,
    broken: [...document.images].filter(picture => !picture.naturalWidth).length,
  };
}
"""


class BrowserMissing(ToolError):
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
    for program in [named] if named else PROGRAMS:
        if found := shutil.which(program):
            return found
    if named:
        raise BrowserMissing(f"CHROMIUM must name a browser's program; got {named!r}")
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


@contextlib.contextmanager
def opened(browser: Browser, path: Path, query: str = "") -> Iterator[Page]:
    """Open a page on disk as it is printed; ``query`` follows its address.

    Raises
    ------
    ToolError
        If the page cannot show one of its pictures.
    """
    with browser.new_page() as page:
        page.set_default_timeout(600_000)
        page.goto(path.resolve().as_uri() + query)
        if broken := settle(page)["broken"]:
            raise ToolError(f"{path.name}: {broken} pictures cannot be shown")
        yield page


def package_folder(package: str, inside: str) -> Path:
    """Return a folder of files that an installed package carries, such as ``"static/mathjax"``.

    Raises
    ------
    FileNotFoundError
        If the package is not installed or has no such folder.
    """
    for site in sys.path:
        if (found := Path(site, package, inside)).is_dir():
            return found
    raise FileNotFoundError(f"{package} is not installed, or has no folder {inside}: `make test`")

"""What a reader of the site waits for, in headless Chromium over loopback, beside the budgets.

It measures build/site, which is to be self-contained: ``SELF_CONTAINED=1 make site``.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from tools._browser import CHROMIUM_ARGS, find_chromium
from tools._command import ROOT, ToolError
from tools.bench._bench import table
from tools.site.frames import MOST_BYTES

SITE = ROOT / "build" / "site"
PAGES = ("index", "01_entropy", "03_binary_cross_entropy", "11_loss_clinic", "concepts", "search")
EXERCISE, EXPLORER = ("03_binary_cross_entropy", "medical_test"), ("01_entropy", "die")
STEPS = 40
# what is promised, in the unit of its name
BUDGETS = {
    "first exercise judged, cold (s)": 8,
    "first exercise judged, warm (s)": 5,
    "first explorer drawn, cold (s)": 11,
    "first explorer drawn, warm (s)": 7,
    "front page's explorer live (s)": 1,
    "a step by Python, 95% (ms)": 60,
}
PAGE_BYTES = 500_000
# from an event of a slider to the frame after the one in which the picture had changed
STEP = """
async ([name, values]) => {
  const root = document.getElementById(name);
  const slider = root.querySelector('input[type=range]');
  const picture = root.querySelector('.ce-moving');
  const spent = [];
  for (const value of values) {
    const changed = new Promise(done => {
      const watch = new MutationObserver(() => { watch.disconnect(); done(); });
      watch.observe(picture, {subtree: true, childList: true, attributes: true});
    });
    const began = performance.now();
    slider.value = value;
    slider.dispatchEvent(new Event('input', {bubbles: true}));
    await changed;
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    spent.push(performance.now() - began);
    await new Promise(done => setTimeout(done, 150));
  }
  return spent;
}
"""


class _Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def host() -> Iterator[str]:
    """Serve the site; the address is one for which a browser keeps a service worker."""
    handler = functools.partial(_Files, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


@contextlib.contextmanager
def reader(profile: str | Path) -> Iterator:
    """Open a browser with a profile that is kept: cold when it is new, warm after a visit."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=find_chromium(), args=CHROMIUM_ARGS
        )
        context.set_default_timeout(120_000)
        yield context
        context.close()


def judged(context, site: str) -> float:
    """Return the seconds from going to a page until it has judged an answer typed at once."""
    page, name = EXERCISE
    tab = context.new_page()
    began = time.perf_counter()
    tab.goto(f"{site}{page}.html", wait_until="domcontentloaded")
    tab.locator(f"#{name}.ce-on").wait_for(state="attached")
    tab.locator(f"#{name} input").first.fill("9")
    tab.locator(f"#{name} button", has_text="Check").click()
    tab.locator(f"#{name} .ce-said", has_text="Not yet").wait_for()
    return time.perf_counter() - began


def drawn(context, site: str) -> float:
    """Return the seconds from going to a page until Python has drawn its explorer."""
    page, name = EXPLORER
    tab = context.new_page()
    began = time.perf_counter()
    tab.goto(f"{site}{page}.html#explorer={name}", wait_until="domcontentloaded")
    tab.locator(f"#{name}[data-open]").wait_for()
    return time.perf_counter() - began


def steps(tab) -> list[float]:
    """Return the milliseconds of steps of the explorer that was drawn last."""
    name = EXPLORER[1]
    slider = tab.locator(f"#{name} input[type=range]").first
    low, high = (int(slider.get_attribute(end)) for end in ("min", "max"))
    # in another unit than the frames': Python is asked each time
    tab.locator(f"#{name} select").first.select_option(index=1)
    tab.wait_for_timeout(1000)
    values = [low + (7 * step) % (high - low) for step in range(STEPS)]
    return tab.evaluate(STEP, [name, values])


def front(context, site: str) -> float:
    """Return the seconds from the front page's load until its explorer has answered a slider."""
    tab = context.new_page()
    tab.goto(f"{site}index.html", wait_until="load")
    began = time.perf_counter()
    caption = tab.locator("#forecast .ce-caption")
    before = caption.inner_text()
    slider = tab.locator("#forecast input[type=range]")
    while caption.inner_text() == before:
        for value in ("0.3", "0.31"):
            slider.fill(value)
        tab.wait_for_timeout(20)
    return time.perf_counter() - began


def weight(page: str) -> tuple[int, int]:
    """Return the bytes of a page's HTML, scripts and styles, as they lie there and compressed."""
    file = SITE / f"{page}.html"
    soup = BeautifulSoup(file.read_bytes(), "html.parser")
    found = [one["src"] for one in soup.select("script[src]")]
    found += [one["href"] for one in soup.select("link[rel=stylesheet]")]
    files = [file, *(SITE / unquote(urlsplit(address).path) for address in dict.fromkeys(found))]
    texts = [one.read_bytes() for one in files]
    return sum(map(len, texts)), sum(len(gzip.compress(text, 9)) for text in texts)


def report() -> None:
    """Print the tables."""
    if not (SITE / "lab" / "static" / "pyodide" / "pyodide.asm.wasm").is_file():
        raise ToolError(f"{SITE} must hold a self-contained site: SELF_CONTAINED=1 make site")
    found: dict[str, float] = {}
    with host() as site:
        for measure, what in ((judged, "first exercise judged"), (drawn, "first explorer drawn")):
            with tempfile.TemporaryDirectory() as profile:
                for state in ("cold", "warm"):
                    with reader(profile) as context:
                        found[f"{what}, {state} (s)"] = measure(context, site)
                        if (what, state) == ("first explorer drawn", "warm"):
                            spent = steps(context.pages[-1])
                        context.pages[-1].wait_for_timeout(3000)  # what was fetched is kept
        with tempfile.TemporaryDirectory() as profile, reader(profile) as context:
            found["front page's explorer live (s)"] = front(context, site)
    found["a step by Python, median (ms)"] = statistics.median(spent)
    found["a step by Python, 95% (ms)"] = statistics.quantiles(spent, n=20)[-1]
    over = {True: "over", False: ""}
    table(
        "A reader's waits, on the self-contained site over loopback",
        {"": "<34", "measured": ">9.2f", "budget": ">7.0f", " ": "<5"},
        (
            (what, x, limit, over[limit is not None and x > limit])
            for what, x, limit in ((what, x, BUDGETS.get(what)) for what, x in found.items())
        ),
    )
    weights = ((page, *weight(page)) for page in PAGES)
    table(
        "HTML, scripts and styles of a page, before its pictures (kB)",
        {"": "<26", "raw": ">7.0f", "gzip": ">7.0f", "budget": ">7.0f", " ": "<5"},
        (
            (page, raw / 1000, small / 1000, PAGE_BYTES / 1000, over[raw > PAGE_BYTES])
            for page, raw, small in weights
        ),
    )
    files = sorted(SITE.glob("_static/frames/*.json.gz"), key=lambda file: -file.stat().st_size)
    sizes = [file.stat().st_size for file in files]
    table(
        f"The heaviest of {len(files)} files of frames (kB)",
        {"": "<34", "gzip": ">7.1f", "budget": ">7.0f", " ": "<5"},
        (
            (file.name, size / 1000, MOST_BYTES / 1000, over[size > MOST_BYTES])
            for file, size in list(zip(files, sizes, strict=True))[:5]
        ),
    )

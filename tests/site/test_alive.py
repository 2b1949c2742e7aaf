"""A page's living things in Chromium: what is typed, dragged and pressed is answered and kept.

A small page with four of them and Pyodide beside it. It runs where CEHELPERS_BROWSER=required is
set, as in .ci/run; the tests follow each other on one page, because each start of a Python costs
seconds.
"""

import functools
import html
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from hosts import Files, Server

from cecourse import markup, page, palette
from tools.site import frames

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "site" / "_static"
SHOTS = ROOT / "build" / "screenshots"
LESSON = "from cecourse.lessons.{} import {}"
BCE = "binary_cross_entropy"
ALIVE = {
    "die": ("explorers.die()", LESSON.format("entropy", "explorers")),
    "die-2": ("explorers.die()", LESSON.format("entropy", "explorers")),
    "both_together": ("predictions.both_together", LESSON.format("entropy", "predictions")),
    "best_code": ("predictions.best_code", LESSON.format("entropy", "predictions")),
    "medical_test": ("exercises.medical_test", LESSON.format(BCE, "exercises")),
    "bce": ("exercises.bce", LESSON.format(BCE, "exercises")),
}
FRAMED = "die-2"
RIGHT = """import math

def bce(y, p):
    def part(w, q):
        return 0 if w == 0 else math.inf if q == 0 else -w * math.log(q)
    return sum(part(a, b) + part(1 - a, 1 - b) for a, b in zip(y, p)) / len(y)
"""
# what the page asks of its worker, and the workers themselves, for the tests to see
SPY = """
window.asked = []; window.workers = [];
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message) {
  if (!workers.includes(this)) workers.push(this);
  if (message.request) asked.push(message.request);
  return post.call(this, message);
};
"""
browser_tests = pytest.mark.skipif(
    os.environ.get("CEHELPERS_BROWSER") != "required",
    reason="starts Python in a browser; CEHELPERS_BROWSER=required runs it",
)
pytestmark = browser_tests


def page_of(alive, site):
    """A page as the book writes it, with room between its living things."""
    parts = []
    for name, (make, imports) in alive.items():
        inner = markup.html_of(page.root(make, imports), name)
        data = f'data-make="{html.escape(make)}" data-imports="{html.escape(imports)}"'
        if name == FRAMED:
            data += ' data-frames="frames.json.gz" data-frames-eager'
        parts.append(f'<h2>{name}</h2><div class="ce-alive" id="{name}" {data}>{inner}</div>')
    return (
        '<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>Alive'
        '</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f'<style>{palette.css()}</style><link rel="stylesheet" href="_static/alive.css">'
        f'<script type="application/json" id="ce-site">{json.dumps(site)}</script>'
        '<script type="module" src="_static/alive.js"></script>'
        f'<main>{"".join(parts)}<div class="ce-progress"></div></main></html>'
    )


@pytest.fixture(scope="module")
def host(lab, tmp_path_factory):
    """The server of the page; the last test stops it."""
    folder = tmp_path_factory.mktemp("alive")
    shutil.copytree(STATIC, folder / "_static")
    shutil.copy(ROOT / "site" / "sw.js", folder)
    (folder / "lab").symlink_to(lab)
    core = "lab/static/pyodide/"
    site = {"pyodide": core, "lock": f"{core}pyodide-lock.json", "root": "."}
    (folder / "index.html").write_text(page_of(ALIVE, site), encoding="utf-8")
    (folder / "frames.json.gz").write_bytes(frames.packed(page.root(*ALIVE[FRAMED])))
    return Server(functools.partial(Files, directory=str(folder)))


@pytest.fixture(scope="module")
def context():
    from tools._browser import open_browser

    with open_browser() as browser:
        context = browser.new_context(viewport={"width": 900, "height": 1000})
        context.add_init_script(SPY)
        context.set_default_timeout(120_000)
        yield context


@pytest.fixture(scope="module")
def errors():
    return []


@pytest.fixture(scope="module")
def tab(context, host, errors):
    """The one page of most tests: the first of them sees it before Python is ready."""
    tab = context.new_page()
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(address(host))
    return tab


def address(host, rest=""):
    return f"http://localhost:{host.server_port}/index.html{rest}"


def said(tab, name, text):
    """Wait until a form says something that holds a text."""
    tab.locator(f"#{name} .ce-said", has_text=text).wait_for()


def kept(tab):
    return json.loads(tab.evaluate("localStorage.getItem('my_course.json')") or "{}")


def move(tab, *values, name="die"):
    """Drag the first slider of an explorer, without a pause between the values."""
    tab.evaluate(
        """([name, values]) => {
          const slider = document.querySelector(`#${name} input[type=range]`);
          for (const value of values) {
            slider.value = value;
            slider.dispatchEvent(new Event('input', {bubbles: true}));
          }
        }""",
        [name, values],
    )


def caption(tab, start, name="die"):
    """Wait for a caption that begins so."""
    tab.locator(f"#{name} .ce-caption", has_text=re.compile(f"^{start}")).wait_for()


def at_rest(tab):
    """Wait until nothing has been asked for a second and a half."""
    before = -1
    while before < (before := tab.evaluate("asked.length")):
        tab.wait_for_timeout(1500)


def test_what_is_done_before_python_is_ready_is_answered_then(tab, errors):
    move(tab, 12, name=FRAMED)
    caption(tab, "12 faces", FRAMED)  # a frame
    assert not tab.locator("[data-open]").count()
    tab.locator("#medical_test input").fill("-log(0.85)")
    tab.locator("#medical_test button", has_text="Check").click()
    assert tab.evaluate("asked.length") == 0
    said(tab, "medical_test", "Right")
    assert tab.locator("#medical_test input").input_value() == "-log(0.85)"
    assert kept(tab)["exercises"]
    assert errors == []


def test_of_many_steps_only_the_newest_is_asked_for(tab):
    tab.locator("#die[data-open]").wait_for()
    assert tab.locator("#die .ce-status").inner_text() == ""
    sets = "asked.filter(one => one.root === 'die' && one.op === 'set').length"
    before = tab.evaluate(sets)
    move(tab, *range(2, 20))
    assert tab.locator("#die output").first.inner_text() == "19"
    caption(tab, "19 faces")
    assert tab.evaluate(sets) - before <= 2


def test_where_frames_say_it_all_python_is_asked_for_the_rest_alone(tab, errors):
    tab.locator("#die[data-open]").wait_for()
    before = tab.evaluate("asked.length")
    caption(tab, "12 faces", FRAMED)
    tab.locator(f"#{FRAMED} button", has_text="A coin").first.click()
    caption(tab, "2 faces", FRAMED)
    move(tab, 15, name=FRAMED)
    caption(tab, "15 faces", FRAMED)
    assert tab.evaluate("asked.length") == before
    assert not tab.locator(f"#{FRAMED}[data-open]").count()
    tab.locator(f"#{FRAMED} select").select_option(index=1)
    tab.locator(f"#{FRAMED} .ce-caption", has_text="nats").wait_for()
    caption(tab, "15 faces", FRAMED)
    assert tab.locator(f"#{FRAMED} output").first.inner_text() == "15"
    tab.locator(f"#{FRAMED} select").select_option(index=0)
    tab.locator(f"#{FRAMED} .ce-caption", has_text="bits").wait_for()
    before = tab.evaluate("asked.length")
    move(tab, 12, name=FRAMED)
    caption(tab, "12 faces", FRAMED)
    assert tab.evaluate("asked.length") == before
    assert errors == []


def test_code_is_typed_indented_and_checked_by_the_keyboard_alone(tab, errors):
    box = tab.locator("#bce textarea")
    box.focus()
    tab.keyboard.press("Control+A")
    tab.keyboard.type("def bce(y, p):\n")
    tab.keyboard.press("Tab")
    tab.keyboard.type("return 0")
    assert box.input_value() == "def bce(y, p):\n    return 0"
    tab.keyboard.press("Control+Z")
    assert not box.input_value().endswith("return 0")
    tab.keyboard.press("Escape")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.nodeName") == "BUTTON"
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Control+A")
    tab.keyboard.insert_text(RIGHT)
    tab.keyboard.press("Control+Enter")
    said(tab, "bce", "Right")
    assert tab.evaluate("document.activeElement.nodeName") == "TEXTAREA"
    assert errors == []


def test_a_slider_a_prediction_and_an_exercise_need_no_pointer(tab, errors):
    tab.locator("#die input").first.focus()
    tab.keyboard.press("Home")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    caption(tab, str(2 + int(tab.locator("#die input").first.get_attribute("min"))))
    tab.locator("#best_code input").first.focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("ArrowDown")
    assert tab.locator("#best_code input").nth(1).is_checked()
    tab.keyboard.press("Tab")
    tab.keyboard.press("End")  # surest
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.locator("#best_code .ce-said").filter(has_text=re.compile(r"\w")).wait_for()
    assert kept(tab)["predictions"]["01/best_code"]
    tab.locator("#medical_test input").focus()
    tab.keyboard.press("Control+A")
    tab.keyboard.type("9")
    tab.keyboard.press("Enter")
    said(tab, "medical_test", "Not yet")
    assert tab.evaluate("document.activeElement.closest('.ce-alive').id") == "medical_test"
    assert errors == []


def test_an_endless_loop_can_be_stopped_and_nothing_typed_is_lost(tab, errors):
    tab.locator("#medical_test input").fill("0.5")
    tab.locator("#bce textarea").fill("def bce(y, p):\n    while True:\n        pass")
    tab.locator("#bce button", has_text="Check").click()
    tab.locator("#bce button", has_text="Stop").click()
    tab.locator("#bce:not([data-open])").wait_for()
    tab.locator("#bce[data-open]").wait_for()
    assert "while True" in tab.locator("#bce textarea").input_value()
    assert tab.locator("#medical_test input").input_value() == "0.5"
    assert tab.locator("#die input").first.input_value() == "4"
    tab.locator("#bce textarea").fill(RIGHT)
    tab.locator("#bce button", has_text="Check").click()
    said(tab, "bce", "Right")
    assert tab.evaluate("workers.length") == 2
    assert errors == []


def test_a_killed_worker_is_told_and_started_again_on_demand(tab, errors):
    tab.locator("#bce textarea").fill("# mine\n" + RIGHT)
    at_rest(tab)  # or its last word is about something else
    tab.evaluate("workers.at(-1).terminate()")  # it dies without a word, and then with one
    tab.locator("#bce button", has_text="Check").click()
    tab.locator("#bce button", has_text="Stop").wait_for()
    assert "Computing for" in tab.locator("#bce .ce-status").inner_text()
    tab.evaluate(
        "workers.at(-1).dispatchEvent(new ErrorEvent('error', {message: 'out of memory'}))"
    )
    status = tab.locator("#bce .ce-status")
    assert "out of memory" in status.inner_text()
    assert "What you typed is kept" in status.inner_text()
    tab.locator("#medical_test button", has_text="Start Python again").click()
    tab.locator("#bce[data-open]").wait_for()
    assert tab.locator("#bce textarea").input_value().startswith("# mine")
    assert errors == []


def test_two_tabs_lose_nothing_and_a_link_sets_controls_at_once(tab, context, host):
    other = context.new_page()
    other.goto(address(host, "#explorer=die&faces=9&load=0.4&unit=nats"))
    assert other.locator("#die input").first.input_value() == "9"
    assert other.locator("#die output").nth(1).inner_text() == "0.40"
    caption(other, "9 faces")
    before = len(kept(tab)["exercises"])
    for one, name in ((tab, "both_together"), (other, "medical_test")):
        one.locator(f"#{name}").scroll_into_view_if_needed()
        one.locator(f"#{name}[data-open]").wait_for()
    tab.locator("#both_together input").first.check()
    tab.locator("#both_together select").select_option(index=3)
    other.locator("#medical_test input").fill("9")
    tab.evaluate("document.querySelector('#both_together button').click()")
    other.evaluate("document.querySelector('#medical_test button').click()")
    said(tab, "both_together", "nats")
    said(other, "medical_test", "Not yet")
    data = kept(tab)
    assert data["predictions"]
    assert len(data["exercises"]) == before
    assert kept(other) == data
    other.locator("#both_together .ce-said", has_text="nats").wait_for()  # it was told there too
    other.close()


def test_progress_is_exported_and_imported_and_an_import_undone(tab, errors):
    before = kept(tab)
    with tab.expect_download() as download:
        tab.locator(".ce-progress button", has_text="Export").click()
    exported = download.value.path().read_text("utf-8")
    assert json.loads(exported) == before
    tab.locator(".ce-progress button", has_text="Show my progress").click()
    tab.locator(".ce-progress .ce-table table").wait_for()
    tab.on("dialog", lambda dialog: dialog.accept())
    new = {"name": "my_course.json", "mimeType": "application/json"}
    changed = json.dumps(before | {"bets": {"one more": 0.5}}).encode()
    tab.locator(".ce-progress input").set_input_files(new | {"buffer": changed})
    tab.locator(".ce-progress", has_text="Imported.").wait_for()
    assert kept(tab)["bets"] == {"one more": 0.5}
    tab.locator(".ce-progress button", has_text="Undo").click()
    assert kept(tab) == before
    tab.locator(".ce-progress input").set_input_files(new | {"buffer": b"no json"})
    tab.wait_for_function(
        "!/reads the file/.test(document.querySelector('.ce-progress').innerText)"
    )
    assert kept(tab) == before
    assert errors == []


@pytest.mark.parametrize("width", [320, 390])
def test_a_narrow_page_is_not_scrolled_sideways(tab, width):
    tab.set_viewport_size({"width": width, "height": 844})
    for theme in ("light", "dark"):
        tab.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        SHOTS.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=SHOTS / f"alive-{theme}-{width}.png", full_page=True)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.evaluate(wide) <= 0


def test_the_second_visit_needs_no_network(tab, context, host):
    host.close()
    tab.reload()
    tab.locator("#medical_test input").fill("-log(0.85)")
    tab.locator("#medical_test button", has_text="Check").click()
    said(tab, "medical_test", "Right")
    move(tab, 7)
    caption(tab, "7 faces")

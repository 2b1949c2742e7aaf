"""The whole site in Chromium, its Python in it, as readers of every kind meet it.

The tests follow each other in one profile: only the first visit starts without a cache. They run
where CEHELPERS_BROWSER=required is set, as in .ci/run.
"""

import functools
import os
import re

import pytest
from hosts import Files, Server, Witness

pytestmark = pytest.mark.skipif(
    os.environ.get("CEHELPERS_BROWSER") != "required",
    reason="starts Python in a browser; CEHELPERS_BROWSER=required runs it",
)
# pages, how they are opened, and what is brought to life there
PAGES = {
    "index": ("", ["forecast"]),
    "01_entropy": ("#explorer=die&faces=9", ["die", "both_together", "strings"]),
    "03_binary_cross_entropy": ("", ["medical_test", "bce", "times_as_large"]),
    "11_loss_clinic": ("", ["chooser", "near_miss", "quiz"]),
    "concepts": ("", []),
    "search": ("?q=temperature", []),
}
SMALL = """
() => [...document.querySelectorAll(
    '.ce-alive :is(input, select, textarea, button, summary), .ce-progress button')]
  .map(one => one.matches('[type=radio], [type=checkbox]') ? one.closest('label') : one)
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .filter(one => one.getBoundingClientRect().height < 43.5)
  .map(one => `${one.closest('.ce-alive')?.id}: ${one.outerHTML.slice(0, 100)}`)
"""
MOVING = """
() => [...document.querySelectorAll('*')].filter(one => {
    const {transitionDuration, animationName, animationDuration, scrollBehavior}
      = getComputedStyle(one);
    const long = (times) => times.split(', ').some(time => parseFloat(time) > .01);
    return scrollBehavior === 'smooth' || long(transitionDuration)
      || (animationName !== 'none' && long(animationDuration));
  }).map(one => one.outerHTML.slice(0, 100))
"""


@pytest.fixture(scope="module")
def witness():
    witness = Server(Witness)
    yield witness
    witness.close()
    assert witness.foreign() == []  # whatever the tests did, in whatever order


@pytest.fixture(scope="module")
def server(site):
    """The host of the site; the last test closes it."""
    return Server(functools.partial(Files, directory=str(site)))


@pytest.fixture(scope="module")
def browser():
    from tools._browser import open_browser

    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def context(browser, witness):
    proxy = {"server": f"http://127.0.0.1:{witness.server_port}", "bypass": "localhost"}
    context = browser.new_context(viewport={"width": 1280, "height": 900}, proxy=proxy)
    yield context
    context.close()


@pytest.fixture
def visit(context, server):
    """Open a page of the site, and bring to life what is named; ``visit(name, *roots)``."""
    errors = []

    def visit(name, *roots, context=context):
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"http://localhost:{server.server_port}/{name}.html{PAGES[name][0]}")
        for root in roots:
            page.locator(f"#{root}").scroll_into_view_if_needed()
            page.locator(f"#{root}:is([data-open], [data-frames-eager])").wait_for()
        return page

    yield visit
    assert errors == []
    for page in context.pages:
        page.close()


def answer(page, name, text, said):
    """Type an answer, check it, and wait for what is said."""
    page.locator(f"#{name} input").first.fill(text)
    page.locator(f"#{name} button", has_text="Check").click()
    page.locator(f"#{name} .ce-said", has_text=said).wait_for()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_use_is_for_everybody_in_both_themes_and_at_twice_the_size(visit, name):
    from axe_playwright_python.base import AXE_SCRIPT

    page = visit(name, *PAGES[name][1])
    if name.startswith("01"):
        assert page.locator("#die input").first.input_value() == "9"
        page.locator("#die .ce-caption", has_text=re.compile("^9 faces")).wait_for()
    if name.startswith("03"):
        answer(page, "medical_test", "9", "Not yet")
    page.evaluate(AXE_SCRIPT)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(
            "theme => document.documentElement.dataset.theme === theme", arg=theme
        )
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        grave = {
            violation["id"]: [node["html"][:200] for node in violation["nodes"][:3]]
            for violation in found["violations"]
            if violation["impact"] in ("serious", "critical")
        }
        assert not grave, theme
        assert found["passes"]
    page.set_viewport_size({"width": 640, "height": 450})
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_a_finger_finds_every_control(visit, browser):
    size = {"width": 390, "height": 844}
    with browser.new_context(viewport=size, has_touch=True, is_mobile=True) as phone:
        for name in PAGES:
            page = visit(name, context=phone)
            if PAGES[name][1]:
                page.locator(".ce-link").first.wait_for(state="attached")  # by the script
            assert page.evaluate(SMALL) == [], name
            page.close()


def test_who_wants_no_motion_gets_none(visit):
    page = visit("03_binary_cross_entropy")
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []


def test_the_second_visit_needs_no_network(visit, server):
    visit("03_binary_cross_entropy", "medical_test").close()
    server.close()
    page = visit("03_binary_cross_entropy", "medical_test")
    answer(page, "medical_test", "-log(0.85)", "Right")

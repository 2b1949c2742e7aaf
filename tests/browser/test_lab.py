"""The course as a learner meets it: JupyterLab in a browser, driven by the keyboard.

Needs a Chromium on the path. Where there is none the tests are skipped with that reason; with
CEHELPERS_BROWSER=required, as in .ci/run, its absence is a failure. Screenshots are kept in
build/screenshots/.
"""

import json
import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import CHROMIUM, NOTEBOOKS, LabServer, NotebookPage, launch

SHOTS = NOTEBOOKS.parent / "build" / "screenshots"
NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))

if CHROMIUM is None and os.environ.get("CEHELPERS_BROWSER") != "required":
    pytest.skip(
        "no Chromium here (apt install chromium); .ci/run installs one and runs these tests",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    for name in NAMES:
        shutil.copy(NOTEBOOKS / name, folder)
    home = tmp_path_factory.mktemp("home")
    running = LabServer(folder, home, CEHELPERS_STORE="my_course.json", CEHELPERS_PICTURES="live")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    yield page
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_as_it_is_opened_run_and_moved(name, page, server):
    notebook = NotebookPage(page, server, name)
    stem = name.removesuffix(".ipynb")
    stored = page.locator(".jp-OutputArea img")
    pictures = (NOTEBOOKS / name).read_text(encoding="utf-8").count('"image/png": "')
    wait_for(page, lambda: stored.count() == pictures > 0)
    for image in stored.all():
        assert image.evaluate("image => image.naturalWidth") > 0
    notebook.shot(SHOTS / f"{stem}-stored.png")

    notebook.run_all()
    assert all(len(image.get_attribute("alt")) >= 40 for image in stored.all())
    assert page.locator("text=official Jupyter news").count() == 0
    # JupyterLab shows an error as it shows stderr, and neither belongs under a cell
    trouble = page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]')
    assert trouble.all_text_contents() == []
    explorers = notebook.explorers().all()
    assert explorers
    assert unreadable(page) == []
    for number, explorer in enumerate(explorers, start=1):
        moves_by_keyboard(page, explorer)
        explorer.scroll_into_view_if_needed()
        notebook.shot(SHOTS / f"{stem}-explorer-{number}.png")


def unreadable(page):
    """What axe finds wrong in the explorers, all rules, and in nothing that is JupyterLab's own."""
    found = Axe().run(page, context={"include": [[".ce-explorer"]]})
    return [
        (fault["id"], node["html"])
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]


def moves_by_keyboard(page, explorer):
    """Move each slider by an arrow key: the picture and the caption must answer."""
    for handle in explorer.locator(".noUi-handle").all():
        before = look(explorer)
        handle.focus()
        value = float(handle.get_attribute("aria-valuenow"))
        at_end = value == float(handle.get_attribute("aria-valuemax"))
        page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
        wait_for(page, lambda before=before: look(explorer) != before)
        assert explorer.locator(".ce-caption").get_attribute("role") == "status"


def look(explorer):
    return (
        explorer.locator(".ce-moving").inner_html(),
        explorer.locator(".ce-caption").text_content(),
    )


def wait_for(page, happened, seconds=10):
    for _ in range(20 * seconds):
        if happened():
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing changed")


def cell_with(page, code):
    """The code cell whose input holds a piece of code now; it may be typed over later."""
    cells = page.locator(".jp-CodeCell")
    inputs = [cell.locator(".jp-InputArea").text_content() for cell in cells.all()]
    return cells.nth(next(i for i, text in enumerate(inputs) if code in text))


def type_into(page, cell, text):
    """Replace the code of a cell, run it, and return what stands under it."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    before = cell.locator(".jp-OutputArea").text_content()
    page.keyboard.press("Shift+Enter")
    wait_for(page, lambda: cell.locator(".jp-OutputArea").text_content() not in ("", before))
    return cell.locator(".jp-OutputArea").text_content()


def test_wrong_and_right_answers_and_the_progress_they_make(page, server):
    notebook = NotebookPage(page, server, "00_start_here.ipynb")
    notebook.run_all()
    cell = cell_with(page, "exercises.rain.check(")
    check = "exercises.rain.check(answer)"
    assert "Not tried yet" in cell.text_content()
    told = type_into(page, cell, f"answer = 0.737\n\n{check}")
    assert "in bits" in told
    told = type_into(page, cell, f"answer = 12\n\n{check}")
    assert "Not yet" in told and "0.511" not in told
    told = type_into(page, cell, f"answer = 0.511\n\n{check}")
    assert "Right" in told
    notebook.shot(SHOTS / "00_start_here-answered.png")
    progress = cell_with(page, "progress()")
    type_into(page, progress, "progress( )")
    row = progress.locator("tr", has_text="Start here").locator("td").all_text_contents()
    assert row[1:] == ["1 of 1", "3"]
    assert (server.folder / "my_course.json").exists()


def caption(explorer):
    return explorer.locator(".ce-caption").text_content()


def test_a_round_of_shannons_guessing_game(page, server):
    from cecourse.lessons.entropy import guessing

    notebook = NotebookPage(page, server, "01_entropy.ipynb")
    notebook.run_all()
    game = page.locator(".ce-explorer", has=page.locator("button", has_text="New sentence"))
    game.locator("button", has_text="New sentence").press("Enter")
    wait_for(page, lambda: caption(game).startswith("Sentence 1."))
    sentence = guessing.sentences()[1].text
    assert sentence not in caption(game)
    box = game.locator('input[type="text"]')
    before = caption(game)
    for typed in ("7", "Q" if sentence[0] != "Q" else "X", *sentence):
        box.fill(typed)
        box.press("Enter")
        wait_for(page, lambda before=before: caption(game) != before)
        before = caption(game)
    assert f"Complete: {sentence}" in before
    assert "bits a letter" in before
    game.scroll_into_view_if_needed()
    notebook.shot(SHOTS / "01_entropy-game.png")


def test_a_round_of_bets(page, server):
    notebook = NotebookPage(page, server, "03_binary_cross_entropy.ipynb")
    notebook.run_all()
    game = page.locator(".ce-explorer", has=page.locator("button", has_text="Lock in and go on"))
    game.locator("button", has_text="Your bets").press("Enter")
    before = ""
    for number in range(1, 21):
        wait_for(page, lambda before=before: caption(game) != before)
        before = caption(game)
        handle = game.locator(".noUi-handle").nth(1)
        handle.focus()
        for _ in range(number % 4):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(150)
        before = caption(game)
        game.locator("button", has_text="Lock in and go on").press("Enter")
    wait_for(page, lambda: "mean" in caption(game))
    game.scroll_into_view_if_needed()
    notebook.shot(SHOTS / "03_binary_cross_entropy-bets.png")
    kept = json.loads((server.folder / "my_course.json").read_text(encoding="utf-8"))
    assert len(kept["bets"]) == 20

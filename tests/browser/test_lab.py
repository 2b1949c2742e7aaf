"""The course as a learner meets it: JupyterLab in a browser, driven by the keyboard.

Needs a Chromium on the path. Where there is none the tests are skipped with that reason; with
CEHELPERS_BROWSER=required, as in .ci/run, its absence is a failure. Screenshots are kept in
build/screenshots/.
"""

import json
import os
import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import CHROMIUM, NOTEBOOKS, LabServer, NotebookPage, launch

from cecourse import copies
from cecourse.account import Commitment
from cecourse.lessons.entropy.exercises import snow, strings
from cecourse.lessons.entropy.predictions import both_together
from cecourse.lessons.loss_clinic import ward
from cecourse.lessons.start_here import predictions

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
    themes = home / "settings" / "@jupyterlab" / "apputils-extension"
    themes.mkdir(parents=True)  # dark where the system is
    (themes / "themes.jupyterlab-settings").write_text('{"adaptive-theme": true}', "utf-8")
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
    cells = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))["cells"]
    drawn = {  # by whether it is folded, because it answers a prediction
        hidden: sum(
            "image/png" in output.get("data", {})
            for cell in cells
            if cell["metadata"].get("jupyter", {}).get("outputs_hidden", False) == hidden
            for output in cell.get("outputs", [])
        )
        for hidden in (False, True)
    }
    wait_for(page, lambda: stored.count() == drawn[False])
    assert drawn[True] > 0
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
    """What axe finds wrong in explorers and forms, all rules, and nothing of the lab's."""
    found = Axe().run(page, context={"include": [[".ce-explorer"], [".ce-form"]]})
    return [
        (fault["id"], node["html"])
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]


def moves_by_keyboard(page, explorer):
    """Move each slider by an arrow key: the picture and the caption must answer.

    At once, but where a slider says "at most": that many steps from its end nothing is cut off yet.
    """
    for handle in explorer.locator(".noUi-handle").all():
        before = look(explorer)
        handle.focus()
        value = float(handle.get_attribute("aria-valuenow"))
        at_end = value == float(handle.get_attribute("aria-valuemax"))
        free = handle.get_attribute("aria-label").endswith("at most")
        for _ in range(6 if free else 1):
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
    assert row[1:] == ["1 of 1", "3", ""]  # and no prediction
    assert (server.folder / "my_course.json").exists()


def run(page, cell):
    """Run a cell, stay on it, and wait until it is done."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    prompt = cell.locator(".jp-InputPrompt")
    wait_for(page, lambda: re.fullmatch(r"\[\d+\]:", prompt.text_content()), 60)


@pytest.fixture
def learners(page, server):
    """Notebook 00 as `make lab` opens it, its first cell run: a copy with a store of its own."""
    folder = server.folder / "learner"
    copies.renew(NOTEBOOKS, folder)
    (folder / "my_course.json").unlink(missing_ok=True)
    notebook = NotebookPage(page, server, "learner/00_start_here.ipynb")
    run(page, cell_with(page, "import cehelpers"))
    return notebook


def asked_in(page, prediction):
    """The cell of a prediction, run."""
    cell = cell_with(page, f"predictions.{prediction.name}")
    run(page, cell)
    cell.locator(".ce-form input").first.wait_for()
    return cell


def told(prediction, option, sure):
    return f"{prediction.price(option, sure):.2f} nats"


def where(page):
    """How many cells of which kind there are, and which of them is the active one."""
    classes = page.locator(".jp-Notebook .jp-Cell").evaluate_all("all => all.map(c => c.className)")
    kinds = [re.search(r"jp-(Code|Markdown|Raw)Cell", c)[0] for c in classes]
    return kinds, [i for i, c in enumerate(classes) if "jp-mod-active" in c]


def test_a_prediction_is_committed_by_keyboard_and_outlives_a_reload(page, server, learners):
    asked = predictions.sure_and_wrong
    answering = cell_with(page, "ce.surprisal(1 - 0.99)")
    assert answering.locator(".jp-OutputArea-output").count() == 0
    cell = asked_in(page, asked)
    before = where(page)
    form, status = cell.locator(".ce-form"), cell.get_by_role("status")
    assert form.get_by_role("radiogroup", name=asked.question, exact=True).count() == 1
    assert grave(page, ".ce-form") == []

    stops = learners.commit_by_keyboard(form, "6")
    assert stops == ["input", "select", "button"]
    status.get_by_text(told(asked, asked.options[1], 0.6)).wait_for()
    assert where(page) == before
    assert learners.tab(form) == []  # there is no fourth stop
    assert grave(page, ".ce-form") == []
    cell.scroll_into_view_if_needed()
    learners.shot(SHOTS / "00_start_here-prediction.png")
    kept = json.loads((server.folder / "learner" / "my_course.json").read_text(encoding="utf-8"))
    record = kept["predictions"][asked.id]
    assert (record["chosen"], record["sure"]) == (asked.options[1].text, 0.6)

    page.reload()
    learners.root.wait_for(timeout=60_000)
    learners.wait_idle()
    cell = asked_in(page, asked)
    shown = cell.get_by_role("status").text_content()
    assert told(asked, asked.options[1], 0.6) in shown
    assert f"Committed on {record['time'][:10]}: {record['chosen']}" in shown
    assert cell.locator("input:checked").count() == 1


def grave(page, selector):
    """What axe calls serious in a part of the page."""
    found = Axe().run(page, context={"include": [[selector]]}).response["violations"]
    return [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")]


def test_a_prediction_is_committed_by_mouse(page, learners):
    asked = predictions.honest_forecasts
    cell = asked_in(page, asked)
    form, status = cell.locator(".ce-form"), cell.get_by_role("status")
    form.locator("button").click()
    status.get_by_text("Choose an option first").wait_for()
    form.locator("label", has_text=asked.options[0].text).click()
    form.locator("select").select_option(label="80%")
    form.locator("button").click()
    status.get_by_text(told(asked, asked.options[0], 0.8)).wait_for()


def test_a_stored_answer_is_folded_until_its_cell_is_run(page, server):
    NotebookPage(page, server, "03_binary_cross_entropy.ipynb")
    run(page, cell_with(page, "import cehelpers"))
    for code, answer in (("price = {}", "0.6931"), ("soft = {}", "0.6109")):
        cell = cell_with(page, code)
        cell.scroll_into_view_if_needed()
        output = cell.locator(".jp-OutputArea-output")
        assert not output.is_visible()
        assert cell.locator(".jp-OutputPlaceholder").is_visible()
        run(page, cell)
        output.get_by_text(answer).wait_for()


def caption(explorer):
    return explorer.locator(".ce-caption").text_content()


def test_a_round_of_shannons_guessing_game(page, server):
    from cecourse.english import guessing

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


# -- what comes back, and the ward -----------------------------------------------------------------

LONG_AGO = "2020-01-0{}T12:00:00+01:00"


def nameless(part):
    """The controls of a part of the page that a screen reader has no name for."""
    controls = r"\s*- (?:button|combobox|radio|radiogroup|textbox)\b(?! \")"
    return [line for line in part.aria_snapshot().splitlines() if re.match(controls, line)]


def shots_of(page, notebook, part, name):
    """Keep pictures of a part of the page, wide and narrow, light and dark; axe reads each."""
    wide = page.viewport_size
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.locator(f'body[data-jp-theme-light="{str(scheme == "light").lower()}"]').wait_for(
            state="attached"
        )
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 2000})
            part.scroll_into_view_if_needed()
            notebook.shot(SHOTS / f"{name}-{scheme}-{width}.png")
            assert part.evaluate("part => part.scrollWidth <= part.clientWidth")
            assert unreadable(page) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(wide)


def test_what_is_due_is_answered_by_keyboard_and_kept(page, server):
    number, choice, asked = snow, strings, both_together
    wrong = next(one for one in asked.options if one != asked.right)
    kept = {
        "exercises": {
            one.id: {"tries": 1, "history": [{"time": LONG_AGO.format(day), "status": "wrong"}]}
            for day, one in enumerate((number, choice), start=1)
        },
        "predictions": {
            asked.id: Commitment(
                LONG_AGO.format(3), wrong.text, 0.9, len(asked.options), False, 3.4
            )._asdict()
        },
    }
    folder = server.folder / "due"
    copies.renew(NOTEBOOKS, folder)
    store = folder / "my_course.json"
    store.write_text(json.dumps(kept), encoding="utf-8")
    notebook = NotebookPage(page, server, "due/00_start_here.ipynb")
    notebook.run_all()
    cell = cell_with(page, "review()")
    output = cell.locator(".jp-OutputArea").first
    output.get_by_text("Come back: 3 due.").wait_for()
    forms = output.locator(".ce-form")
    assert forms.count() == 3
    numbers, guess, options = (forms.nth(i) for i in range(3))
    assert nameless(output) == []
    assert unreadable(page) == []

    other = number.again(1)
    numbers.get_by_role("textbox", name="Answer").focus()
    page.keyboard.type(f"-log2({other.givens['p']})")
    page.keyboard.press("Enter")
    numbers.get_by_role("status").get_by_text("Right:").wait_for()

    other = choice.again(1)
    second = list(other.choices)[1]
    options.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    assert options.locator("input").nth(1).is_checked()
    assert notebook.tab(options) == ["button"]
    page.keyboard.press("Enter")
    judged = other.evaluate(second)
    options.get_by_role("status").get_by_text(judged.text[-40:]).wait_for()

    assert notebook.commit_by_keyboard(guess, "6") == ["input", "select", "button"]
    guess.get_by_role("status").get_by_text("this one costs nothing").wait_for()

    now = json.loads(store.read_text(encoding="utf-8"))
    for one, status in ((number, "right"), (choice, judged.status)):
        before, tried = now["exercises"][one.id]["history"]
        assert before == kept["exercises"][one.id]["history"][0]
        assert (tried["status"], tried["seed"]) == (status, 1)
        assert tried["time"] > LONG_AGO.format(9)
    record = now["predictions"][asked.id]
    (later,) = record.pop("again")
    assert record == kept["predictions"][asked.id]
    assert (later["chosen"], later["sure"]) == (asked.options[1].text, 0.6)
    shots_of(page, notebook, output, "00_start_here-review")


def test_a_patient_of_the_ward_is_examined_by_keyboard(page, server):
    folder = server.folder / "ward"
    folder.mkdir()
    name = "11_loss_clinic.ipynb"
    clinic = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))
    needed = ("import cehelpers", "ward.open_ward()", "ward.own_curve()")
    clinic["cells"] = [
        cell for cell in clinic["cells"] if any(code in "".join(cell["source"]) for code in needed)
    ]  # the other hundred cells take ten seconds to open
    (folder / name).write_text(json.dumps(clinic), encoding="utf-8")
    notebook = NotebookPage(page, server, f"ward/{name}")
    notebook.run_all()
    cell = cell_with(page, "ward.open_ward()")
    shown = cell.locator(".ce-ward")
    shown.get_by_text("Patient 1.").wait_for()
    assert nameless(shown) == []
    found, answer = shown.get_by_role("status").all()
    patient = ward.patient(1)
    test, price = next(iter(ward.TESTS.items()))

    shown.get_by_role("button", name=test).press("Enter")
    found.get_by_text(ward.finding(patient, test)).wait_for()
    (has,) = patient.has
    choice = shown.get_by_role("combobox").first
    choice.press(has[0])  # the only one with this letter
    taken = choice.evaluate("list => list.selectedOptions[0].text")
    assert taken.replace("\N{NO-BREAK SPACE}", " ") == has
    shown.get_by_role("button", name="Commit").press("Enter")
    answer.get_by_text(f"{ward.points(ward.FULL - price)}.").wait_for()
    shown.get_by_role("img").wait_for()
    assert nameless(shown) == []
    own = page.locator(".ce-own")
    own.get_by_role("textbox", name="Your losses").focus()
    page.keyboard.insert_text("\n".join(["2.31", "2.29"] * 30))
    own.get_by_role("button", name="Diagnose").press("Enter")
    own.get_by_role("img").wait_for()
    assert own.get_by_role("status").text_content().strip()
    assert nameless(own) == []
    shots_of(page, notebook, shown, "11_loss_clinic-ward")

    shown.get_by_role("button", name="Next patient").press("Space")
    shown.get_by_text("Patient 2.").wait_for()
    assert answer.text_content() == found.text_content() == ""
    course = json.loads((folder / "my_course.json").read_text(encoding="utf-8"))
    kept = course[ward.SECTION][ward.KEY]["records"]["1"]
    assert (kept["tests"], kept["points"]) == ([test], ward.FULL - price)

"""The page's face: the same as Jupyter's after the same actions, and nothing of a learner lost."""

import base64
import html
import importlib
import inspect
import json
import os
import pkgutil
import re
import sys

import pytest
from faces import Notebook, Page, nodes, states

from cecourse import lessons, page, store, widgets
from cecourse.explorer import Explorer
from cecourse.markup import html_of, page_value, themed


@pytest.fixture(autouse=True)
def nothing_open(monkeypatch):
    monkeypatch.setattr(page, "_roots", {})


def explorers():
    """(make, imports) of every explorer of the lessons."""
    for lesson in pkgutil.iter_modules(lessons.__path__):
        home = f"{lessons.__name__}.{lesson.name}"
        for part in pkgutil.iter_modules(importlib.import_module(home).__path__):
            if part.name not in ("explorers", "bets"):
                continue
            module = importlib.import_module(f"{home}.{part.name}")
            for name, made in vars(module).items():
                if inspect.isfunction(made) and made.__module__ == module.__name__:
                    told = inspect.signature(made)
                    public = not name.startswith("_") and not told.parameters
                    if public and told.return_annotation in (Explorer, "Explorer"):
                        yield f"{part.name}.{name}()", f"from {home} import {part.name}"


EXPLORERS = list(explorers())


def another(control):
    """A value other than a control has now, as a page sends it."""
    value = page_value(control)
    if isinstance(control, widgets.Dropdown):
        return (value + 1) % len(control.pairs)
    if isinstance(control, widgets.IntSlider):
        up = control.number(round(value + control.step, 9))
        return up if up <= control.max else control.number(round(value - control.step, 9))
    return not value if isinstance(value, bool) else "zwei"


def played(face):
    """What a face shows at first, and after each of some actions."""
    told = [seen(face)]
    for control in face.tree.controls.values():
        if control.kind != "Button":
            face.act((control, another(control)))
            told.append(seen(face))
    buttons = face.tree.children[1].children
    for button in (buttons[-1], buttons[0]):
        face.act(button)
        told.append(seen(face))
    return told


def seen(face):
    return {path: dict(one) for path, one in face.shown.items()} | {"caption": face.tree.caption}


@pytest.mark.parametrize(("make", "imports"), EXPLORERS, ids=[make for make, _ in EXPLORERS])
def test_both_faces_of_an_explorer_show_the_same(make, imports, monkeypatch):
    one = Page(make, imports)
    here = played(one)
    assert one.shown == states(one.tree), "the answers say all that has changed"
    monkeypatch.setattr(store, "_stores", {})
    assert played(Notebook(page.root(make, imports))) == here
    bare = re.compile(r"(?<!light-dark\()(?<!, )#[0-9a-fA-F]{6}\b")
    assert not bare.findall(html_of(one.tree, "it"))


@pytest.mark.parametrize(("make", "imports"), list(explorers()))
def test_a_button_of_an_explorer_tells_the_page_what_it_sets(make, imports):
    one = Page(make, imports)
    told = re.findall(r'data-sets="([^"]*)"[^>]*>([^<]*)<', html_of(one.tree, "it"))
    assert [html.unescape(label) for _, label in told] == list(one.tree._presets)
    for (sets, label), values in zip(told, one.tree._presets.values(), strict=True):
        if "game" in make:  # its update sets controls, too
            continue
        one.tree.set(**values)
        now = {name: page_value(one.tree.controls[name]) for name in values}
        assert json.loads(html.unescape(sets)) == now, label


# ---------------------------------------------------------------- forms in both faces

CLINIC = "from cecourse.lessons.loss_clinic import"


def kinds(tree, kind):
    return [one for one in tree.walk() if one.kind == kind]


def press(tree, label):
    return next(one for one in kinds(tree, "Button") if one.description == label)


def choose(tree, place=1):
    return kinds(tree, "RadioButtons")[0], place


def predicted(tree):
    return [press(tree, "Commit")], [choose(tree), (tree.sure, 3), press(tree, "Commit")]


def chosen(tree):
    first = [press(tree, "Check"), press(tree, "Hint"), choose(tree, 0), press(tree, "Check")]
    return first, [press(tree, "Solution")]


def typed(tree):
    return [(tree.field, "0.3"), press(tree, "Check")], [(tree.field, "abc"), press(tree, "Hint")]


def coded(tree):
    code = "def f(y, p):\n    return 1 / 0"
    return [press(tree, "Check")], [(tree.field, code), press(tree, "Check")]


def quizzed(tree):
    on = [press(tree, "Next"), press(tree, "Next"), press(tree, "Report card")]
    first = next(i for i, one in enumerate(tree.questions) if one.kind == "choice")
    return [(tree.place, first)], [(tree.options, 0), press(tree, "Check")], on


def diagnosed(tree):
    test = next(iter(tree.tests.values()))
    return [test, (tree.first, 2), tree.commit], [tree.reveal], [tree.following]


def pasted(tree):
    lines = "\n".join(f"{i},{2 / (1 + i)}" for i in range(30))
    return [(tree.text, lines), (tree.classes, "7"), tree.diagnose], [
        (tree.batch, "-"),
        tree.diagnose,
    ]


def ticked(tree):
    boxes = tree.boxes
    return [(boxes["fused"], True), (tree.project, "Spam & Söhne")], [(boxes["cut"], True)]


PARTS = "from cecourse.lessons.binary_cross_entropy import"
FORMS = {
    "predictions.times_as_large": (f"{PARTS} predictions", predicted),
    "exercises.is_it_good": (f"{PARTS} exercises", chosen),
    "exercises.medical_test": (f"{PARTS} exercises", typed),
    "exercises.bce": (f"{PARTS} exercises", coded),
    "answer_form(exercises.bce, code='def my_bce(y, p):\\n    ...')": (
        f"{PARTS} exercises",
        coded,
    ),
    "final_quiz.quiz()": (f"{CLINIC} final_quiz", quizzed),
    "ward.open_ward()": (f"{CLINIC} ward", diagnosed),
    "ward.own_curve()": (f"{CLINIC} ward", pasted),
    "checklist.checklist()": (f"{CLINIC} checklist", ticked),
}


@pytest.mark.parametrize("make", FORMS)
def test_both_faces_of_a_form_show_the_same(make, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    imports, steps = FORMS[make]
    shown = []
    for face in (lambda: Page(make, imports), lambda: Notebook(page.root(make, imports))):
        monkeypatch.setattr(store, "_stores", {})
        face = face()
        if exercise := getattr(face.tree, "exercise", None):
            exercise._hints_given = 0
        told = [face.shown]
        for step in steps(face.tree):
            if isinstance(face, Notebook):
                face.act(*step)
            else:
                assert "error" not in face.act(*step)
            assert face.shown == states(face.tree)
            told.append(json.dumps(face.shown, sort_keys=True, default=str))
        shown.append(told[1:])
    assert shown[0] == shown[1]
    assert len(set(shown[0])) == len(shown[0]), "each step is to be seen"


@pytest.mark.parametrize("make", sorted(set(FORMS) - {"ward.own_curve()"}))  # it keeps nothing
def test_a_form_that_is_opened_again_shows_what_was_there(make, tmp_path, monkeypatch):
    monkeypatch.setenv(store.VARIABLE, "my_course.json")
    monkeypatch.chdir(tmp_path)
    imports, steps = FORMS[make]
    one, kept = Page(make, imports, store=None), None
    for step in steps(one.tree):
        kept = one.act(*step, store=kept).get("store", kept)
    assert json.loads(kept)
    again = Page(make, imports, store=kept)
    assert "store" not in again.answer
    for was, now in zip(one.tree.walk(), again.tree.walk(), strict=True):
        lost = was.kind in ("Text", "Textarea", "RadioButtons", "Checkbox")
        assert not lost or page_value(was) == page_value(now)


def test_what_is_due_is_asked_again_in_the_page(tmp_path, monkeypatch):
    monkeypatch.setenv(store.VARIABLE, "my_course.json")
    monkeypatch.chdir(tmp_path)
    past = [{"time": "2020-01-01T12:00:00+00:00", "status": "wrong"}]
    records = {"03/is_it_good": {"tries": 1, "history": past, "answer": "'A'"}}
    kept = json.dumps({"exercises": records, "drafts": {"03/is_it_good": "A"}})
    assert "1 due again<" in page.handle({"op": "progress", "store": kept})["html"]
    one = Page("review()", "from cecourse import review", store=kept)
    (form,) = one.tree.forms
    assert form.options.value is None, "as if nothing had been answered"
    told = one.act((form.options, 0), press(one.tree, "Check"), store=kept)
    new = json.loads(told["store"])
    assert new["exercises"]["03/is_it_good"]["tries"] == 2
    assert new["drafts"] == {"03/is_it_good": "A"}
    assert one.shown == states(one.tree)


def test_a_page_s_file_is_the_only_memory(tmp_path, monkeypatch):
    """Two tabs: each request brings the text, and nothing of an earlier one is left."""
    monkeypatch.setenv(store.VARIABLE, "my_course.json")
    monkeypatch.chdir(tmp_path)
    one = Page("checklist.checklist()", f"{CLINIC} checklist", store=None)
    mine = one.act((one.tree.boxes["fused"], True), store=None)["store"]
    other = json.dumps({"bets": {"x": 0.5}})
    both = one.act((one.tree.boxes["start"], True), store=other)["store"]
    assert json.loads(both) == {"bets": {"x": 0.5}, "checklist": {"start": True}}
    assert json.loads(mine) == {"checklist": {"fused": True}}
    assert sorted(os.listdir()) == ["my_course.json"]


def test_what_is_exported_is_a_download_each_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one = Page("checklist.checklist()", f"{CLINIC} checklist")
    for ticked in (True, False):
        made = one.act((one.tree.boxes["fused"], ticked), one.tree.export)["downloads"]
        assert made == [{"name": "loss_checklist.md", "text": one.tree.markdown}]
    assert os.listdir() == []


def test_a_damaged_file_comes_back_as_a_download_and_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv(store.VARIABLE, "my_course.json")
    monkeypatch.chdir(tmp_path)
    answer = page.handle({"op": "progress", "store": "{ not JSON"})
    assert answer["downloads"] == [{"name": "my_course.damaged-1.json", "text": "{ not JSON"}]
    assert answer["store"] is None
    assert "my_course.json was damaged" in answer["said"]


def test_a_file_is_read_into_the_field():
    one = Page("ward.own_curve()", f"{CLINIC} ward")
    text = "\n".join(str(2 / (1 + i)) for i in range(30))
    sent = [{"name": "é.csv", "content": base64.b64encode(text.encode()).decode()}]
    one.act((one.tree.upload, sent))
    assert one.shown["0.1"]["value"] == text
    assert one.shown == states(one.tree)
    one.act((one.tree.upload, [{"name": "x", "content": "§"}]))
    assert "content must be base64" in one.answer["error"]


def test_learners_code_is_told_by_line_and_kept(tmp_path, monkeypatch):
    imports = f"{PARTS} exercises"
    one = Page("exercises.bce", imports)
    said = next(path for path, part in nodes(one.tree) if "ce-said" in part.css_classes)

    def told(code):
        one.act((one.tree.field, code), press(one.tree, "Check"))
        return one.shown[said]["inner"]

    assert "There is still" not in told("def f(y, p):\n    return np.mean(y)")
    assert "in line 2" in told("x = 1\ny = x / 0")
    assert "ZeroDivisionError" in one.tree.told
    assert "2: y = x / 0" in one.tree.told
    assert "line 1" in told("def f(y, p:\n    pass")
    assert "SyntaxError" in one.tree.told
    assert "only <code>x</code>" in told("x = 1")
    assert "hello &amp; &lt;you&gt;" in told("print('hello & <you>')\ndef f(y, p): return 1")
    assert "No module named" in told("import not_there")
    assert "without end" in told("def f():\n    f()\nf()")
    assert "SystemExit" in told("raise SystemExit")
    assert store.read("exercises", "03/bce")["tries"] == 2
    told("def f(y, p):\n    z = p[0] - p[0]\n    return 1 / z")
    assert "your function stops in line 3, `return 1 / z`: ZeroDivisionError" in one.tree.told
    source = "g = lambda a, b: ce.binary_cross_entropy(a, b)"
    assert "Right" in told(source)
    assert "ce.binary_cross_entropy" in store.read("exercises", "03/bce")["answer"]
    again = page.root("exercises.bce", imports)
    assert again.field.value == source
    assert again.told.startswith("Solved")


def test_a_code_form_prefers_the_name_that_was_asked_for_and_knows_the_page_s_imports():
    make = (
        "answer_form(exercises.bce, code='def mine(y, p):\\n    ...', "
        "setup='from cehelpers import binary_cross_entropy as known')"
    )
    one = Page(make, f"{PARTS} exercises")
    assert one.tree.field.value == "def mine(y, p):\n    ..."
    code = "def mine(y, p):\n    return helper(y, p)\ndef helper(a, b):\n    return known(a, b)"
    one.act((one.tree.field, code), press(one.tree, "Check"))
    assert one.tree.told.startswith("Right")


def test_an_array_is_called_answer_or_is_the_last_line():
    one = Page("exercises.through_the_clip", "from cecourse.lessons.logits import exercises")
    assert one.tree.field.value == "answer = ..."
    one.act(press(one.tree, "Check"))
    assert one.tree.told.startswith("Not tried yet: put")
    right = one.tree.exercise.results[0].value
    for code in (f"answer = {right}", f"x = {right}\nnp.array(x)"):
        one.act((one.tree.field, code), press(one.tree, "Check"))
        assert one.tree.told.startswith("Right")
    one.act((one.tree.field, "x = 1"), press(one.tree, "Check"))
    assert "no `answer`" in one.tree.told


# ---------------------------------------------------------------- requests


def handle_after(events, make="explorers.die()"):
    one = Page(make, "from cecourse.lessons.entropy import explorers")
    return one, page.handle({"op": "set", "root": "it", "events": events})


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"path": "0.0.9", "value": 1}, "path '0.0.9' leads to no control"),
        ({"path": "0.0.-1", "value": 1}, "leads to no control"),
        ({"path": "1", "value": 1}, "leads to no control"),
        ({"path": None, "value": 1}, "path None leads to no control"),
        ({"path": "0.0.0", "valu": 1}, "got ['valu']"),
        ({"path": "0.0.0", "value": "3"}, "'Number of faces K' must be a number; got '3'"),
        ({"path": "0.0.1", "value": True}, "'Load on face 1' must be a number; got True"),
        ({"path": "0.0.1", "value": float("nan")}, "must be a number; got nan"),
        ({"path": "0.0.2", "value": 2}, "'Unit' must be an index from 0 to 1; got 2"),
        ({"path": "0.0.2", "value": "bits"}, "'Unit' must be an index from 0 to 1; got 'bits'"),
        ({"path": "0.0", "value": 1}, "cannot be set by a page"),
        ({"path": "0.0.0", "click": True}, "path '0.0.0' is no button"),
    ],
)
def test_an_event_that_cannot_be_is_refused_by_name(event, words):
    one, answer = handle_after([{"path": "0.0.0", "value": 5}, event])
    assert words in answer["error"]
    assert one.tree.values["faces"] == 5
    assert any(change["path"] == "0.2.1" for change in answer["changes"]), "what came before counts"


def test_what_lies_outside_a_slider_is_told_back():
    one, answer = handle_after([{"path": "0.0.0", "value": 99}])
    top = one.tree.controls["faces"].max
    assert {"path": "0.0.0", "value": top, "readout": str(top)} in answer["changes"]
    assert page.handle({"op": "set", "root": "it", "events": []}) == {"changes": []}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"op": "close"}, "op must be one of open, set, progress, import; got 'close'"),
        ({"op": "set", "root": "none", "events": []}, "root 'none' is not open"),
        ({"op": "open", "root": "x", "make": "3"}, "make must give a control"),
        ({"op": "open", "root": "x", "make": "nobody"}, "NameError"),
        ({"op": "import", "text": "[1, 2]"}, "it begins with '[1, 2]'"),
        ({"op": "import", "text": ""}, "it begins with 'nothing'"),
        ({"op": "import", "text": '{"cells": [], "metadata": {}}'}, "an object of sections"),
    ],
)
def test_a_request_that_cannot_be_is_refused(request_, words):
    assert words in page.handle(request_)["error"]


def test_a_package_that_is_missing_is_named_and_nothing_is_done(monkeypatch, tmp_path):
    monkeypatch.setattr(page, "PACKAGES", {"not_there": "not-there"})
    code = "import not_there\ndef f(y, p): return 1"
    one = Page("exercises.bce", f"{PARTS} exercises")
    before = states(one.tree)
    answer = one.act((one.tree.field, code), press(one.tree, "Check"))
    assert answer == {"missing": "not-there", "error": "not-there must be loaded first"}
    assert states(one.tree) == before
    opened = page.handle({"op": "open", "root": "x", "make": "1", "imports": "import not_there"})
    assert opened["missing"] == "not-there"


def test_a_folder_with_nothing_but_kept_bytecode_is_no_package(monkeypatch, tmp_path):
    monkeypatch.setattr(page, "PACKAGES", {"not_there": "not-there"})
    (tmp_path / "not_there" / "__pycache__").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path)
    imports = "import not_there; from cecourse.widgets import HTML"
    request = {"op": "open", "root": "x", "make": "HTML()", "imports": imports}
    assert page.handle(request)["missing"] == "not-there"
    (tmp_path / "not_there" / "__init__.py").touch()
    importlib.invalidate_caches()
    assert "html" in page.handle(request)
    sys.modules.pop("not_there")


def test_progress_and_import(tmp_path, monkeypatch):
    monkeypatch.setenv(store.VARIABLE, "my_course.json")
    monkeypatch.chdir(tmp_path)
    mine = {
        "exercises": {"00/rain": {"tries": 5}, "03/bce": {"tries": 1, "solved": True}},
        "quiz": {"q01": "A"},
    }
    other = {
        "exercises": {"00/rain": {"tries": 2}, "03/bce": {"tries": 4}, "01/x": {"tries": 1}},
        "bets": {"b": 0.25},
        "quiz": {"q01": "B"},
    }
    text = json.dumps(mine)
    answer = page.handle({"op": "import", "store": text, "text": json.dumps(other)})
    assert answer["before"] == text
    assert json.loads(answer["store"]) == {
        "exercises": mine["exercises"] | {"01/x": {"tries": 1}},
        "bets": {"b": 0.25},
        "quiz": {"q01": "B"},
    }
    told = page.handle({"op": "progress", "store": text})
    assert "1 of" in told["html"]
    assert set(told) == {"html"}
    assert json.loads(page.main(json.dumps({"op": "progress", "store": text}))) == told


# ---------------------------------------------------------------- HTML


def test_each_kind_has_an_element_a_name_and_a_path():
    tree = widgets.VBox(
        [
            widgets.FloatLogSlider(10.0, min=-1, max=3, step=0.5, description="rate <η>"),
            widgets.SelectionSlider([("½", 0.5), ("1", 1)], value=1, description="share"),
            widgets.Dropdown(["a", "b"], value="b", description="which", disabled=True),
            widgets.ToggleButtons(["x", "y"], description="axis"),
            widgets.Textarea("\n1 < 2", description="lines", rows=4, continuous_update=False),
            widgets.ToggleButton(True, description="on"),
            widgets.HTML('<a href="03_bce.ipynb#A-b">x</a>').add_class("ce-said"),
        ]
    )
    found = re.findall(r"<[^>]*data-ce[^>]*>", html_of(tree, "me"))
    assert [re.search('data-ce="(.*?)"', tag)[1] for tag in found] == [p for p, _ in nodes(tree)]
    text = html_of(tree, "me")
    assert 'min="-1.0" max="3.0" step="0.5" data-base="10.0" data-format=".3g" value="1.0"' in text
    assert 'aria-valuetext="10"' in text
    assert "rate &lt;η&gt;</span>" in text
    assert 'data-labels="[&quot;½&quot;, &quot;1&quot;]" value="1" aria-valuetext="1"' in text
    assert '<option value="1" selected>b</option>' in text
    assert '<select disabled aria-label="which">' in text
    assert text.count('type="radio" name="me-0.3"') == 2
    assert 'role="radiogroup" aria-label="axis"' in text
    assert re.search("<textarea [^>]*data-late", text)
    assert "\n\n1 &lt; 2</textarea>" in text, "the first line break of a textarea is dropped"
    assert 'aria-pressed="true"' in text
    assert 'role="status"><a href="03_bce.html#A-b">' in text


SAID = [
    kind
    for kind in vars(widgets).values()
    if isinstance(kind, type) and "description" in getattr(kind, "fields", ())
]


@pytest.mark.parametrize("kind", SAID, ids=lambda kind: kind.kind)
def test_words_are_words_and_no_html(kind):
    words = '<i> & "'
    given = {
        name: words for name in ("description", "tooltip", "placeholder") if name in kind.fields
    }
    if issubclass(kind, widgets.Dropdown):
        given["options"] = [(words, 1), ("b", 2)]
    elif kind.kind in ("Text", "Textarea"):
        given["value"] = words
    told = html_of(kind(**given), "me")
    assert "<i>" not in told
    assert "&lt;i&gt; &amp; " in told


def test_a_colour_gets_its_twin_where_it_is_one():
    page_ = '<p style="color: #0072B2; x:#ffffff">see #123456</p><a href="#facade">a</a>'
    told = themed(page_)
    assert "light-dark(#0072B2, #" in told
    assert "x:light-dark(#ffffff, #" in told
    assert themed('<g style="fill: url(#abcdef)">') == '<g style="fill: url(#abcdef)">'
    assert themed('<rect fill="#abcdef"/>').startswith('<rect fill="light-dark(#abcdef, #')
    assert told.endswith('see #123456</p><a href="#facade">a</a>')

"""What every picture owes: a description of its own, a test of its content, no idle parameter."""

import ast
import inspect
import json
from importlib import import_module
from pathlib import Path

import pytest

from cecourse.lessons import NOTEBOOKS

ROOT = Path(__file__).parents[3]
TESTS = Path(__file__).parent
LESSONS = ROOT / "cecourse" / "lessons"
MODULES = [f"cecourse.lessons.{notebook.slug}.pictures" for notebook in NOTEBOOKS]
MODULES += ["cecourse.lessons.softmax.simplex", "cecourse.lessons.fraud_scorer.monitor"]


def calls_in(code):
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def cells(notebook):
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        lines = "".join(cell["source"]).splitlines() if cell["cell_type"] == "code" else []
        if not any(line.endswith("?") for line in lines):
            yield "\n".join(line for line in lines if not line.startswith("%"))


@pytest.fixture(scope="module")
def calls():
    code = [file.read_text(encoding="utf-8") for file in LESSONS.glob("*/*.py")]
    code += [cell for file in ROOT.glob("notebooks/*.ipynb") for cell in cells(file)]
    return [call for part in code for call in calls_in(part)]


@pytest.mark.parametrize("module", MODULES)
def test_a_parameter_with_a_default_is_set_somewhere(module, calls):
    idle = []
    for name, function in inspect.getmembers(import_module(module), inspect.isfunction):
        if function.__module__ != module:
            continue
        for place, part in enumerate(inspect.signature(function).parameters.values()):
            told = any(
                part.name in {word.arg for word in call.keywords} or len(call.args) > place
                for called, call in calls
                if called == name
            )
            if part.default is not part.empty and not told:
                idle.append(f"{name}({part.name})")
    assert not idle


def drawing(module):
    """The public functions of a module that draw a figure, by name."""
    for name, function in inspect.getmembers(import_module(module), inspect.isfunction):
        drawn = str(inspect.signature(function).return_annotation).split(".")[-1].strip("'>")
        if function.__module__ == module and name[0] != "_" and drawn in ("Figure", "Picture"):
            yield name, drawn


@pytest.mark.parametrize("module", MODULES)
def test_every_picture_describes_itself_and_is_held_to_its_subject(module):
    slug = module.split(".")[2]
    tests = TESTS / slug / "test_pictures.py"
    code = tests.read_text(encoding="utf-8") if tests.exists() else ""
    called = {name for name, _ in calls_in(code)}
    assert {name: drawn for name, drawn in drawing(module) if drawn != "Picture"} == {}
    assert {name for name, _ in drawing(module)} - called == set()

"""What a picture can be told, somebody tells it: no parameter that only its default has fitted."""

import ast
import inspect
import json
from importlib import import_module
from pathlib import Path

import pytest

from cecourse.lessons import NOTEBOOKS

ROOT = Path(__file__).parents[3]
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

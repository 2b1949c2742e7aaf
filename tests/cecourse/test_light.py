"""What a page of the book runs before any large package is there: NumPy is enough."""

import json
import subprocess
import sys

HEAVY = ("matplotlib", "ipywidgets", "IPython", "PIL", "threadpoolctl", "tqdm", "pandas")
FITTED = ("scipy", "sklearn")
# The module of questions that asks for more: its answers are what the libraries themselves give.
NEED_MORE = {"cecourse.lessons.framework_rosetta.predictions"}

CODE = """
import importlib, json, pkgutil, sys
here, sys.platform = sys.platform, "emscripten"

class Absent:
    names = set(json.loads(sys.argv[1]))
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"no {name}", name=name)

sys.meta_path.insert(0, Absent())
import cecourse.page, cecourse.spacing
sys.platform = here  # what scikit-learn asks about is this machine
from cecourse import lessons, progress, review
from cecourse.exercise.form import answer_form
from cecourse.exercise.report import in_module
from cecourse.prediction import Form, Prediction

missed, made = {}, 0
for lesson in pkgutil.iter_modules(lessons.__path__):
    home = f"cecourse.lessons.{lesson.name}"
    for part in pkgutil.iter_modules(importlib.import_module(home).__path__):
        if part.name.startswith(("exercises", "predictions", "quiz_", "final_quiz", "checklist")):
            name = f"{home}.{part.name}"
            try:
                module = importlib.import_module(name)
            except ModuleNotFoundError as error:
                missed[name] = error.name
                continue
            asked = [one for one in vars(module).values() if isinstance(one, Prediction)]
            for control in [*map(Form, asked), *map(answer_form, in_module(module))]:
                made += cecourse.page.html_of(control, "x").count('data-ce="0"')
print(json.dumps([made, missed]))
"""


def without(*names):
    """How many forms can be made without some packages, and which modules miss which."""
    run = [sys.executable, "-c", CODE, json.dumps(names)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_forms_of_exercises_and_predictions_need_numpy_alone():
    made, missed = without(*HEAVY, *FITTED)
    assert set(missed) == NEED_MORE
    assert set(missed.values()) <= set(FITTED)
    assert made > 200


def test_no_form_needs_matplotlib_or_jupyter():
    assert without("matplotlib", "PIL", "ipywidgets", "IPython")[1] == {}

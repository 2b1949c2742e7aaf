"""What the browser's notebooks import in time: its Python fetches a library that a cell names."""

import json
import re
import subprocess
import sys
from functools import cache

import jupytext
import pytest

from cecourse.lessons import NOTEBOOKS
from tools._cells import shown_prediction
from tools._command import SOURCES

# One Python for all, without both libraries, and for each notebook a copy of it: importing what all
# share takes longest.
EACH = """
import json, os, sys, traceback
sys.modules |= {'scipy': None, 'sklearn': None}
import cecourse.explorer
said = {}
for number, code in json.load(sys.stdin).items():
    out, into = os.pipe()
    if not os.fork():
        os.close(out)
        try:
            exec(code, {})
        except BaseException:
            os.write(into, traceback.format_exc().encode()[-4000:])
        os._exit(0)
    os.close(into)
    said[number] = open(out, encoding='utf-8').read()
    os.wait()
json.dump(said, sys.stdout)
"""


@cache
def cells_of(one):
    """What a notebook's cells import, and the predictions that it shows, in their order."""
    code = ""
    for cell in jupytext.read(SOURCES / one.file.replace(".ipynb", ".md")).cells:
        if cell.cell_type != "code":
            continue
        for library in re.findall(r"^from (sklearn|scipy)", cell.source, re.MULTILINE):
            with_it = ("scipy", library)  # scikit-learn brings SciPy along
            code += "import sys\n"
            code += f"for name in {with_it}: sys.modules.get(name, 1) or sys.modules.pop(name)\n"
        if re.search(r"^from cecourse[^)]*\bpredictions\b", cell.source, re.MULTILINE):
            code += f"from cecourse.lessons.{one.slug} import predictions\n"
        if name := shown_prediction(cell.source):
            code += f"predictions.{name}.right\n"
    return code


@pytest.fixture(scope="module")
def said():
    """What each notebook's predictions complain about, by its number."""
    codes = {one.number: cells_of(one) for one in NOTEBOOKS}
    run = [sys.executable, "-c", EACH]
    done = subprocess.run(run, input=json.dumps(codes), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("one", NOTEBOOKS, ids=lambda one: one.number)
def test_the_notebook_has_imported_what_its_predictions_need(one, said):
    """In the browser SciPy and scikit-learn are there once a cell imports them, and no sooner."""
    assert "import predictions" in cells_of(one) and ".right" in cells_of(one)
    assert said[one.number] == ""

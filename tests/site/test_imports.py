"""What the browser's notebooks import in time: its Python fetches a library that a cell names."""

import re
import subprocess
import sys

import jupytext
import pytest

from cecourse.lessons import NOTEBOOKS
from tools._cells import shown_prediction
from tools._command import SOURCES


@pytest.mark.parametrize("one", NOTEBOOKS, ids=lambda one: one.number)
def test_the_notebook_has_imported_what_its_predictions_need(one):
    """In the browser SciPy and scikit-learn are there once a cell imports them, and no sooner."""
    code = "import sys; sys.modules |= {'scipy': None, 'sklearn': None}\n"
    for cell in jupytext.read(SOURCES / one.file.replace(".ipynb", ".md")).cells:
        if cell.cell_type != "code":
            continue
        for library in re.findall(r"^from (sklearn|scipy)", cell.source, re.MULTILINE):
            with_it = ("scipy", library)  # scikit-learn brings SciPy along
            code += f"for name in {with_it}: sys.modules.get(name, 1) or sys.modules.pop(name)\n"
        if re.search(r"^from cecourse[^)]*\bpredictions\b", cell.source, re.MULTILINE):
            code += f"from cecourse.lessons.{one.slug} import predictions\n"
        if name := shown_prediction(cell.source):
            code += f"predictions.{name}.right\n"
    assert "import predictions" in code and ".right" in code
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr

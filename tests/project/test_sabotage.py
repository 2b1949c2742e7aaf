"""The judges of the judges: bugs are planted as announced, and a world names what moved in it."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tools import sabotage, worlds

LESSON = '''\
"""More than this is no bug."""

def two(ax, p, q):
    """The truth is higher."""
    ax.set_xlabel("loss in bits")
    ax.plot(p, q + 1, color=TRUTH)
    return {"lower": 1, "the truth": 2}
'''
PROSE = """\
---
title: more
---

It is lower than 0.5. `more` [more](more.md) [[more|.2f]] <!-- more -->

Is it higher? $p - y$ and $-1$

```{code-cell} ipython3
more = 0.7
```
"""


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What an area makes of a text, as it is told."""
    monkeypatch.setattr(sabotage, "ROOT", tmp_path)

    def told(area, name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        made = sabotage.in_prose if area == "prose" else sabotage.in_code
        found = sorted(set(made(path, sabotage.AREAS[area].changes)))
        return [sabotage.Bug(area, path, *one).described(path.read_bytes()) for one in found]

    return told


def test_the_bugs_of_a_module(told):
    assert told("pictures", "pictures.py", LESSON) == [
        "pictures.py:5 axis: 'xlabel' -> 'ylabel'",
        "pictures.py:5 word: 'bits' -> 'nats'",
        "pictures.py:6 arguments of plot: 'p, q + 1' -> 'q + 1, p'",
        "pictures.py:6 colour: 'TRUTH' -> 'MODEL'",
        'pictures.py:7 labels: \'"lower": 1, "the truth"\' -> \'"the truth": 1, "lower"\'',
        "pictures.py:7 word: 'lower' -> 'higher'",
        "pictures.py:7 word: 'truth' -> 'model'",
    ]
    assert told("mathematics", "losses.py", "def f(x): return 0.5 - x if x < 0.25 else x") == [
        "losses.py:1 digit: '0.5' -> '0.6'",
        "losses.py:1 operator: '-' -> '+'",
        "losses.py:1 operator: '<' -> '>'",
    ]


def test_the_bugs_of_a_text(told):
    assert told("prose", "03.md", PROSE) == [
        "03.md:5 word: 'lower' -> 'higher'",
        "03.md:5 digit: '0.5' -> '0.6'",
        "03.md:7 formula: '-' -> '+'",
    ]


@pytest.mark.parametrize("area", sabotage.AREAS)
def test_every_area_of_the_course_has_bugs_and_checks_that_exist(area):
    found = sabotage.bugs(area)
    assert len(found) > 100
    for path in {
        path for bug in found for path in sabotage.checks(bug) if path.startswith("tests")
    }:
        assert (sabotage.ROOT / path).exists(), path


def test_a_bug_is_planted_noticed_or_not_and_taken_out(tmp_path, monkeypatch):
    monkeypatch.setattr(sabotage, "ROOT", tmp_path)
    monkeypatch.setattr(sabotage, "checks", lambda bug: ["test_it.py"])
    if sys.platform == "win32":
        pytest.skip("there are no forks")
    copy = tmp_path / "copy"
    copy.mkdir()
    for folder in (tmp_path, copy):
        (folder / "it.py").write_text("A, B = 1.0, 2.0\n")
    (copy / "test_it.py").write_text("import it\ndef test(): assert it.A == 1\n")
    bugs = [
        sabotage.Bug("mathematics", tmp_path / "it.py", *place, "7.0", "digit")
        for place in ((7, 10), (12, 15))
    ]
    assert [sabotage.noticed(bug, copy) for bug in bugs] == [True, False]
    assert (copy / "it.py").read_text() == "A, B = 1.0, 2.0\n"


def test_a_goal_is_missed_by_more_than_chance():
    bugs = [sabotage.Bug("pictures", sabotage.ROOT, 0, 1, "", "word")] * 8
    assert sabotage.report(bugs, bugs[:1]) == "pictures: 7 of 8 noticed, 88% (goal 90%)"
    with pytest.raises(sabotage.ToolError, match="4 of 8 noticed"):
        sabotage.report(bugs, bugs[:4])


FIT = """
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from tools.worlds import nudge_fits

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 3))
y = rng.random(200) < 1 / (1 + np.exp(-X[:, 0]))
before = LogisticRegression().fit(X, y).coef_
nudge_fits(1)
after = LogisticRegression().fit(X, y).coef_
assert np.any(before != after)
assert np.allclose(before, after, rtol=1e-6)
assert log_loss(np.eye(2), [[0.9, 0.1], [0.1, 0.9]]) > 0  # labels stay labels
"""


def test_scikit_learns_fits_are_nudged():
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FIT],
        cwd=sabotage.ROOT,
        env=os.environ | {"PYTHONPATH": str(sabotage.ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_a_number_that_moves_is_named(tmp_path):
    for name, text in (("one", "It is 0.23 here."), ("other", "It is 0.22 here.")):
        (tmp_path / name).mkdir()
        notebook = new_notebook(cells=[new_markdown_cell("Same."), new_markdown_cell(text)])
        nbformat.write(notebook, tmp_path / name / "10_fraud.ipynb")
    pair = [tmp_path / name / "10_fraud.ipynb" for name in ("one", "other")]
    assert worlds.moved(*pair) == ["10_fraud, cell 1: 0.23 → 0.22"]
    assert worlds.moved(pair[0], pair[0]) == []

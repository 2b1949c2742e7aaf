"""What compares notebooks finds each kind of difference, and nothing turns it off."""

import base64
import io
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from cecourse.lessons import NOTEBOOKS
from cecourse.picture import new_figure, png_bytes
from tools.compare_notebooks import (
    ALLOWED,
    COARSE,
    differences,
    other_pictures,
    picture_difference,
)

ROOT = Path(__file__).parents[2]


def encoded(png):
    return base64.b64encode(png).decode("ascii")


def bars(*labels):
    """A small picture of two bars."""
    fig = new_figure(3.6, 2)
    fig.subplots().bar(labels, [1, 2])
    return encoded(png_bytes(fig))


def noisy(png):
    """The same picture on another processor: each point off by one of 255, at most."""
    points = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"), dtype=int)
    noise = np.random.default_rng(0).integers(-1, 2, points.shape)
    file = io.BytesIO()
    Image.fromarray((points + noise).clip(0, 255).astype("uint8")).save(file, "PNG")
    return encoded(file.getvalue())


BARS = bars("truth", "model")


def page(prose="Half a bit.", said="0.5", value="2.0", alt="Two bars.", pictures=(BARS,)):
    """A notebook with one of everything that a reader sees."""
    outputs = [
        new_output("stream", text=said),
        new_output("execute_result", {"text/plain": value}),
        *(
            new_output("display_data", {"image/png": png}, metadata={"image/png": {"alt": alt}})
            for png in pictures
        ),
    ]
    return new_notebook(cells=[new_markdown_cell(prose), new_code_cell("f()", outputs=outputs)])


@pytest.fixture
def folders(tmp_path):
    """Write two folders with two notebooks each, the second of which are given."""

    def write(second):
        for folder, notebook in (("one", page()), ("other", second)):
            (tmp_path / folder).mkdir(exist_ok=True)
            nbformat.write(page(), tmp_path / folder / "00_same.ipynb")
            nbformat.write(notebook, tmp_path / folder / "01_page.ipynb")
        return tmp_path / "one", tmp_path / "other"

    return write


def test_folders_that_a_reader_cannot_tell_apart_agree(folders):
    assert differences(*folders(page())) == []
    assert differences(*folders(page(pictures=[noisy(BARS)]))) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"prose": "Half a nat."}, "+Half a nat."),
        ({"said": "0.6"}, "+0.6"),
        ({"value": "3.0"}, "+3.0"),
        ({"alt": "Three bars."}, "+Three bars."),
        ({"pictures": [bars("model", "truth")]}, "picture 1 differs"),
        ({"pictures": []}, "1 pictures, and 0"),
        ({"pictures": [BARS, BARS]}, "1 pictures, and 2"),
    ],
)
def test_every_difference_is_found_in_either_direction(folders, change, said):
    found = differences(*folders(page(**change)))
    assert any(said in line for line in found)
    assert differences(*reversed(folders(page(**change))))


def test_where_a_model_was_trained_a_moved_curve_is_the_same_and_a_moved_panel_is_not():
    """Only the tag makes the comparison coarse."""

    def drawn(bump, panels):
        fig = new_figure(3.6, 2)
        for ax, shade in zip(fig.subplots(1, 2), panels, strict=True):
            ax.set_facecolor(shade)
            ax.plot([0, 1, 2], [0, bump, 0], color="black")
            ax.set_ylim(0, 2)
        return encoded(png_bytes(fig))

    stored, moved, exchanged = drawn(1, "wy"), drawn(1.04, "wy"), drawn(1, "yw")
    assert picture_difference(stored, moved) > ALLOWED
    assert picture_difference(stored, moved, COARSE) < ALLOWED / 2
    assert picture_difference(stored, exchanged, COARSE) > ALLOWED
    cell = page(pictures=[stored]).cells[1]
    others = page(pictures=[moved]).cells[1].outputs
    assert other_pictures(cell, others)
    cell.metadata["tags"] = ["trained"]
    assert not other_pictures(cell, others)


def test_a_missing_notebook_is_found_and_an_empty_folder_is_refused(folders, tmp_path):
    one, other = folders(page())
    (other / "01_page.ipynb").unlink()
    assert differences(one, other) and differences(other, one)
    (tmp_path / "empty").mkdir()
    for pair in ((one, tmp_path / "empty"), (tmp_path / "empty", one)):
        with pytest.raises(FileNotFoundError, match="no notebook in"):
            differences(*pair)


def test_the_command_fails_where_they_differ(folders):
    command = [sys.executable, "-m", "tools.compare_notebooks", *folders(page(said="0.6"))]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 1


# What `make test` does with stored outputs: a cell that prints or draws, what was stored, and
# whether the two are the same.
DRAW = "display({{'image/png': {!r}, 'text/plain': 'Two bars.'}}, raw=True)"
SMALL = encoded(png_bytes(new_figure(0.4, 0.4)))
CELLS = {
    "the same words": ("print(0.5)", {"said": "0.5\n"}, True),
    "other words": ("print(0.5)", {"said": "0.6\n"}, False),
    "the same value": ("2.0", {"value": "2.0"}, True),
    "another value": ("2.0", {"value": "3.0"}, False),
    "the same picture": (DRAW.format(BARS), {"picture": BARS}, True),
    "the picture of another processor": (DRAW.format(noisy(BARS)), {"picture": BARS}, True),
    "labels exchanged": (DRAW.format(bars("model", "truth")), {"picture": BARS}, False),
    "another size": (DRAW.format(SMALL), {"picture": BARS}, False),
    "no picture": ("pass", {"picture": BARS}, False),
}


def stored(source, said="", value="", picture=""):
    cell = new_code_cell(source, execution_count=1)
    if said:
        cell.outputs = [new_output("stream", text=said)]
    elif value:
        cell.outputs = [new_output("execute_result", {"text/plain": value}, execution_count=1)]
    else:
        data = {"image/png": picture, "text/plain": "Two bars."}
        cell.outputs = [new_output("display_data", data)]
    return cell


def run_pytest(folder, *options):
    """Run pytest in a folder with the options that its settings give, in one process."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n0", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_stored_outputs_are_compared_with_the_options_of_this_repository(tmp_path):
    """A copy of its settings meets a notebook where `testpaths` has one."""
    for path in ROOT.iterdir():
        if path.suffix in {".py", ".toml", ".ini", ".cfg"}:
            shutil.copy(path, tmp_path)
    (tmp_path / "notebooks").mkdir()
    notebook = new_notebook(cells=[stored(source, **kept) for source, kept, _ in CELLS.values()])
    nbformat.write(notebook, tmp_path / "notebooks" / "00_page.ipynb")
    said = run_pytest(tmp_path, "-rA").stdout
    results = re.findall(r"^(PASSED|FAILED) \S+::Cell (\d+)", said, re.MULTILINE)
    same = {list(CELLS)[int(number)]: result == "PASSED" for result, number in results}
    assert same == {name: same for name, (_, _, same) in CELLS.items()}, said


def test_every_cell_of_every_notebook_is_compared():
    wanted, folder = {}, ROOT / "notebooks"
    for path in [*folder.glob("*.ipynb"), *folder.glob("??/*.ipynb")]:  # de/, a translation
        cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        wanted[path.relative_to(folder).as_posix()] = len(cells)
        loose = [
            c.source
            for c in cells
            if re.search("nbval|pytest_validate", f"{c.source} {c.metadata}", re.I)
        ]
        # it calls PyTorch, which few machines have
        assert all('if have("torch")' in source for source in loose), path.name
    assert len([name for name in wanted if "/" not in name]) == len(NOTEBOOKS)
    found = run_pytest(ROOT, "--collect-only", "-q", "notebooks").stdout
    assert Counter(re.findall(r"^notebooks/(\S+)::Cell \d+$", found, re.MULTILINE)) == wanted


def test_make_test_and_ci_run_pytest_with_no_further_option():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^test: .*\n\t\$\(BIN\)/python -m pytest \$\(ARGS\)\n\n", makefile, re.M)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    again = ' ARGS="-q --last-failed --last-failed-no-failures none"'  # what failed, and no more
    assert re.findall(r"^ *make .*\btest\b(.*)", script, re.M) == [' ARGS="-q" || {', again]

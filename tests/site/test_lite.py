"""The lab in the browser: what it is made of, and in Chromium what a learner does with it.

The second half builds a self-contained lab and starts a Python for each notebook, which takes
minutes: it runs where CEHELPERS_BROWSER=required is set, as in .ci/run. The times it measures
are kept in build/lite_times.txt, the screenshots in build/screenshots/.
"""

import html
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile

import nbformat
import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager
from lite_lab import PREFIX, LitePage, StaticHost
from packaging.requirements import Requirement

from cecourse import copies
from cecourse.lessons import NOTEBOOKS as COURSE
from cecourse.lessons.start_here.predictions import sure_and_wrong
from tools.compare_notebooks import words
from tools.site import lite, lite_notebooks, lite_wheels

ROOT = lite.ROOT
PRESENT = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
SHOTS = ROOT / "build" / "screenshots"


# -- the copies of the notebooks -------------------------------------------------------------------


def notebook_of(*cells):
    new = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    kernel = {"name": "python3", "display_name": "Python 3"}
    made = [new[kind](text) for kind, text in cells]
    return nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel})


def test_a_copy_for_the_browser_says_where_it_is_and_changes_nothing_else():
    notebook = notebook_of(("markdown", "# 03 · Title"), ("code", "import math\nmath.pi"))
    before = json.dumps(notebook)
    copy = lite_notebooks.for_browser(notebook, "03")
    assert json.dumps(notebook) == before
    assert copy["metadata"]["kernelspec"]["name"] == "python"
    note = copy["cells"].pop(1)
    assert note["cell_type"] == "markdown"
    assert lite_notebooks.SECONDS in note.source
    assert copy["cells"] == notebook["cells"]


def test_a_large_simulation_is_smaller_in_the_browser_and_the_copy_says_so():
    code = "SEED = 1\nROWS_PER_MONTH = 200_000  # or fewer\nN = 2 * ROWS_PER_MONTH"
    copy = lite_notebooks.for_browser(notebook_of(("markdown", "# 10"), ("code", code)), "10")
    lines = copy["cells"][2].source.splitlines()
    assert lines[::2] == code.splitlines()[::2]
    assert lines[1] == "ROWS_PER_MONTH = 20_000  # 200_000 on a computer of your own"
    note = copy["cells"][1].source
    assert "20,000 rows a month instead of 200,000" in note


@pytest.mark.parametrize("rows", ["20_000", "5000"])
def test_a_small_simulation_stays_as_it_is(rows):
    notebook = notebook_of(("markdown", "# 10"), ("code", f"ROWS_PER_MONTH = {rows}"))
    copy = lite_notebooks.for_browser(notebook, "10")
    assert copy["cells"][2] == notebook["cells"][1]
    assert "instead of" not in copy["cells"][1].source


@pytest.mark.parametrize("path", PRESENT, ids=lambda path: path.stem)
def test_each_notebook_has_its_note_after_the_title(path):
    copy = lite_notebooks.for_browser(nbformat.read(path, as_version=4), path.name[:2])
    assert copy["cells"][0].source.startswith(f"# {path.name[:2]}")
    note = copy["cells"][1].source
    assert "lab in the browser" in note
    assert ("rows a month" in note) == path.name.startswith("10_")
    assert ("Optax" in note) == path.name.startswith("12_")


def test_a_copy_has_each_picture_once_with_its_description(tmp_path):
    for notebook in lite_notebooks.write_copies(tmp_path, lambda notebook, _: notebook).values():
        for cell in code_cells(notebook):
            for output in cell.outputs:
                about = output.get("metadata", {}).get("image/png")
                if about:
                    assert "image/png" not in output.data
                    assert f'alt="{html.escape(about["alt"])}"' in output.data["text/html"]


@pytest.mark.parametrize(
    "given, repository, address",
    [
        ("", None, None),
        ("", "https://git.example/someone/course", None),
        ("", "https://github.com/Someone/Course", "https://someone.github.io/Course/"),
        ("", "https://github.com/me/me.github.io", "https://me.github.io/"),
        ("https://course.example/x", "https://github.com/me/course", "https://course.example/x/"),
    ],
)
def test_where_the_site_will_lie(given, repository, address, monkeypatch):
    monkeypatch.setenv("SITE_URL", given)
    assert lite_notebooks.site_address(repository) == address


@pytest.mark.parametrize("wrong", ["course.example", "https://a b/", 'https://x/"; rm'])
def test_a_site_s_address_is_one(wrong, monkeypatch):
    monkeypatch.setenv("SITE_URL", wrong)
    with pytest.raises(ValueError, match="SITE_URL must be an address like"):
        lite_notebooks.site_address(None)


WHEEL = "cehelpers-0.1.0+1a2b3c4d-py3-none-any.whl"


def first_run(setup, installs, monkeypatch):
    """What a first cell asks `pip` for; the course is missing until one of `installs` is run."""
    asked = []

    def find_spec(name):
        return any(good in line for good in installs for line in asked) or None

    class Shell:
        def run_line_magic(self, magic, line, **_):
            assert magic == "pip"
            asked.append(line)

    code = TransformerManager().transform_cell(setup)
    with monkeypatch.context() as patch:
        if installs is not None:
            patch.setattr(importlib.util, "find_spec", find_spec)
        exec(code, {"get_ipython": Shell})
    return asked


def test_a_downloaded_notebook_takes_the_site_s_wheel_and_else_the_repository(monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://course.example/")
    setup = lite_notebooks.setup_cell(WHEEL, "https://github.com/me/course")
    site = f'install --quiet "cehelpers[notebook] @ https://course.example/wheels/{WHEEL}"'
    git = 'install --quiet "cehelpers[notebook] @ git+https://github.com/me/course"'
    assert first_run(setup, [site], monkeypatch) == [site]
    assert first_run(setup, ["git+"], monkeypatch) == [site, git]
    with pytest.raises(ModuleNotFoundError, match=r"download .* from https://course\.example/"):
        first_run(setup, [], monkeypatch)
    assert first_run(setup, None, monkeypatch) == []  # the course is here


def test_without_any_address_it_says_what_to_do(monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    setup = lite_notebooks.setup_cell(WHEEL, None)
    assert "http" not in setup
    with pytest.raises(ModuleNotFoundError, match=r"Download cehelpers-.* run: %pip install"):
        first_run(setup, [], monkeypatch)


def test_all_notebooks_can_be_downloaded_with_the_wheel_that_they_ask_for(tmp_path, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://course.example/")
    lite.write_downloads(tmp_path, None)
    (wheel,) = (tmp_path / "wheels").iterdir()
    written = sorted((tmp_path / "notebooks").glob("*.ipynb"))
    assert [path.name for path in written] == [path.name for path in PRESENT]
    for path, original in zip(written, PRESENT, strict=True):
        notebook = nbformat.read(path, as_version=4)
        assert copies.edition(path)[1]  # nobody has typed in it
        setup = notebook.cells.pop(1)
        assert f"https://course.example/wheels/{wheel.name}" in setup.source
        before = [cell.source for cell in nbformat.read(original, as_version=4).cells]
        assert [cell.source for cell in notebook.cells] == before
    with zipfile.ZipFile(wheel) as archive:
        name = next(path for path in archive.namelist() if path.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    needs = [line for line in lines if line.startswith("Requires-Dist") and "'notebook'" in line]
    assert any("ipywidgets" in line for line in needs)
    assert not any("jupyterlab" in line for line in needs)


# -- wheels and the lock ---------------------------------------------------------------------------


def test_the_packed_course_installs_and_has_its_data(tmp_path):
    wheel = lite_wheels.pack(tmp_path, "cehelpers")
    first = wheel.read_bytes()
    assert lite_wheels.pack(tmp_path, "cehelpers").read_bytes() == first
    place = tmp_path / "place"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(place), str(wheel)], check=True)
    code = (
        "import cehelpers, importlib.metadata as m; from cecourse.english import guessing; "
        "print(cehelpers.__file__, m.version('cehelpers'), len(guessing.sentences()))"
    )
    environment = os.environ | {"PYTHONPATH": str(place)}
    run = [sys.executable, "-c", code]
    said = subprocess.run(run, env=environment, cwd=place, capture_output=True, text=True)
    assert str(place) in said.stdout, said.stderr


def test_the_record_of_a_wheel_tells_the_size_of_each_file(tmp_path):
    with zipfile.ZipFile(lite_wheels.pack(tmp_path, "cehelpers")) as wheel:
        (record,) = (name for name in wheel.namelist() if name.endswith("/RECORD"))
        told = dict(line.split(",")[::2] for line in wheel.read(record).decode().splitlines())
        sizes = {one.filename: str(one.file_size) for one in wheel.infolist()}
    assert told == sizes | {record: ""}


def test_a_compiled_package_is_not_packed(tmp_path):
    with pytest.raises(ValueError, match="contourpy is not pure Python: it holds contourpy/"):
        lite_wheels.pack(tmp_path, "contourpy")


def test_a_wheel_s_name_tells_what_is_in_it(tmp_path, monkeypatch):
    root = tmp_path / "course"
    for name in ("cehelpers", "cecourse"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE", "README.md", ".gitignore"):
        shutil.copy(ROOT / name, root)
    monkeypatch.setattr(lite_wheels, "ROOT", root)
    packed = [tmp_path / f"packed-{number}" for number in range(3)]
    for folder in packed:
        folder.mkdir()
    first, second = (lite_wheels.pack(folder, "cehelpers") for folder in packed[:2])
    assert re.fullmatch(r"cehelpers-[\d.]+\+[0-9a-f]{8}-py3-none-any\.whl", first.name)
    assert (first.name, first.read_bytes()) == (second.name, second.read_bytes())
    module = root / "cehelpers" / "__init__.py"
    module.write_bytes(module.read_bytes().replace(b".", b"!", 1))
    third = lite_wheels.pack(packed[2], "cehelpers")
    assert third.name != first.name


def test_the_kernel_s_start_has_such_a_name_too(public):
    entry = public[1]["packages"]["cehelpers-lab"]
    assert re.fullmatch(r"cehelpers_lab-1\+[0-9a-f]{8}-py3-none-any\.whl", entry["file_name"])


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    return folder, lite_wheels.lock_and_wheels(folder, self_contained=False)


def test_the_lock_is_complete(public):
    folder, lock = public
    packages = lock["packages"]
    for name, entry in packages.items():
        assert set(entry["depends"]) <= set(packages), name
        if not entry["file_name"].startswith("https:"):
            content = (folder / entry["file_name"]).read_bytes()
            assert lite_wheels.sha256(content) == entry["sha256"], name
    early = set(lite_wheels.preloaded(lock))
    assert {"numpy", "matplotlib", "cehelpers", "ipywidgets", "tqdm"} <= early
    assert not early & {"scipy", "scikit-learn"}  # 18 MB that wait until a cell imports them
    assert packages["cehelpers"]["imports"] == ["cecourse", "cehelpers"]


def test_only_pyodide_comes_from_the_public_distribution(public):
    foreign = {n for n, p in public[1]["packages"].items() if p["file_name"].startswith("https:")}
    assert foreign == set(lite_wheels.pinned()["packages"])


def test_the_pinned_release_is_in_the_promised_ranges_and_of_the_python_it_is_used_with():
    pin = lite_wheels.pinned()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"]
    wanted += project["project"]["optional-dependencies"]["notebook"]
    checked = []
    for requirement in map(Requirement, wanted):
        if requirement.name in pin["packages"]:
            version = pin["packages"][requirement.name]["version"]
            assert requirement.specifier.contains(version), requirement
            checked.append(requirement.name)
    assert sorted(checked) == ["matplotlib", "numpy", "scikit-learn", "scipy", "threadpoolctl"]
    python = ".".join(pin["info"]["python"].split(".")[:2])
    assert f"python{python}/" in lite.SITE_PACKAGES
    assert python == lite_wheels.PLACE["python_version"]


@pytest.fixture
def small_release(tmp_path, monkeypatch):
    """A pin of two files, and those files."""
    files = {"pyodide.mjs": b"export {}", "numpy-2.whl": b"wheel"}
    sums = {name: lite_wheels.sha256(content) for name, content in files.items()}
    package = {"file_name": "numpy-2.whl", "sha256": sums["numpy-2.whl"]}
    pin = {"version": "1", "core": {"pyodide.mjs": sums["pyodide.mjs"]}}
    monkeypatch.setattr(lite_wheels, "pinned", lambda: pin | {"packages": {"numpy": package}})
    monkeypatch.setattr(lite_wheels, "CACHE", tmp_path / "cache")
    return files


def as_folder(path, files):
    (path / "deep").mkdir(parents=True)
    for name, content in files.items():
        (path / "deep" / name).write_bytes(content)


def as_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"deep/{name}", content)


def as_tar(path, files):
    with tarfile.open(path, "w:bz2") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"pyodide/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize("pack", [as_folder, as_zip, as_tar])
def test_pyodide_may_come_from_a_folder_or_an_archive(pack, small_release, tmp_path, monkeypatch):
    pack(tmp_path / "dist", small_release)
    monkeypatch.setenv("PYODIDE_DIST", str(tmp_path / "dist"))
    folder = lite_wheels.pyodide_files()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == small_release
    monkeypatch.setenv("PYODIDE_DIST", str(tmp_path / "gone"))
    assert lite_wheels.pyodide_files() == folder  # what is there is not fetched again


@pytest.mark.parametrize("change", [{"numpy-2.whl": b"other"}, {}])
def test_a_file_that_is_not_the_pinned_one_stays_outside(
    change, small_release, tmp_path, monkeypatch
):
    wrong = {"pyodide.mjs": small_release["pyodide.mjs"]} | change
    as_folder(tmp_path / "dist", wrong)
    monkeypatch.setenv("PYODIDE_DIST", str(tmp_path / "dist"))
    with pytest.raises(ValueError, match=r"numpy-2\.whl of Pyodide 1 must have sha256"):
        lite_wheels.pyodide_files()


def test_a_distribution_that_is_nowhere_is_named(small_release, tmp_path, monkeypatch):
    monkeypatch.setenv("PYODIDE_DIST", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="PYODIDE_DIST names no .*nowhere"):
        lite_wheels.pyodide_files()


def test_without_a_wish_pyodide_comes_from_its_own_release(small_release, tmp_path, monkeypatch):
    as_folder(tmp_path / "release", small_release)
    monkeypatch.delenv("PYODIDE_DIST", raising=False)
    deep = (tmp_path / "release" / "deep").as_uri()
    monkeypatch.setattr(lite_wheels, "CDN", deep + "/")
    folder = lite_wheels.pyodide_files()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == small_release


def test_where_the_release_cannot_be_reached_the_carrier_serves(
    small_release, tmp_path, monkeypatch, capsys
):
    monkeypatch.delenv("PYODIDE_DIST", raising=False)
    monkeypatch.setattr(lite_wheels, "CDN", (tmp_path / "gone").as_uri() + "/")
    as_zip(tmp_path / "carrier.whl", small_release)
    monkeypatch.setattr(lite_wheels, "_carrier", lambda folder: tmp_path / "carrier.whl")
    folder = lite_wheels.pyodide_files()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == small_release
    assert re.fullmatch(
        r"Pyodide's own release cannot be reached \(.*\)\n", capsys.readouterr().out
    )


def test_the_carrier_s_files_are_the_pinned_ones_or_stay_outside(
    small_release, tmp_path, monkeypatch
):
    monkeypatch.delenv("PYODIDE_DIST", raising=False)
    monkeypatch.setattr(lite_wheels, "CDN", (tmp_path / "gone").as_uri() + "/")
    as_zip(tmp_path / "carrier.whl", small_release | {"numpy-2.whl": b"other"})
    monkeypatch.setattr(lite_wheels, "_carrier", lambda folder: tmp_path / "carrier.whl")
    with pytest.raises(ValueError, match=r"numpy-2\.whl of Pyodide 1 must have sha256"):
        lite_wheels.pyodide_files()


def test_what_is_published_is_the_default_and_the_readme_names_the_hosts_it_talks_to():
    flow = (ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8")
    build = yaml.safe_load(flow)["jobs"]["build"]
    assert [step["run"] for step in build["steps"] if "run" in step] == ["make site"]
    assert set(build["env"]) == {"REPOSITORY", "SITE_URL"}
    host = re.match("https://([^/]+)/", lite_wheels.CDN)[1]
    for name in ("README.md", "CONTRIBUTING.md"):
        said = " ".join((ROOT / name).read_text(encoding="utf-8").split())
        assert f"Pyodide's public distribution at {host}" in said
        assert "`SELF_CONTAINED=1`" in said


def test_no_part_of_pyodide_is_committed():
    """The pin holds names and sums; the files themselves live in the ignored cache."""
    said = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert not re.findall(r".*\.(?:whl|wasm)$", said, re.MULTILINE)
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert ".cache/" in ignored


def test_the_front_page_leads_to_every_notebook():
    lock = {"packages": {n: {"depends": [], "file_name": n} for n in lite_wheels.PRELOADED}}
    page = lite._front_page(lock, self_contained=True)
    for notebook in COURSE:
        link = f'href="{html.escape(lite.address(notebook.file))}"'
        assert (link in page) == (ROOT / "notebooks" / notebook.file).exists()
    assert lite_notebooks.SECONDS in page
    assert "https:" not in page
    assert "<!-- notebooks" not in page


# -- in Chromium -----------------------------------------------------------------------------------

in_chromium = pytest.mark.skipif(
    os.environ.get("CEHELPERS_BROWSER") != "required",
    reason="takes minutes: set CEHELPERS_BROWSER=required (.ci/run does)",
)
# the explorers whose steps are measured; in these notebooks every slider is moved, by keyboard
MOVED = {"00": "forecast", "03": "forecast", "05": "triangle_map"}
STEP = """
import statistics, time
from cecourse import jupyter, widgets
_explorer = explorers.NAME()
_twin = jupyter.twin_of(_explorer)
_sliders = [c for c in _explorer.controls.values() if isinstance(c, widgets.IntSlider)]
_slider = max(_sliders, key=lambda c: (c.max - c.min) / c.step)
_there = round((_slider.max - _slider.min) / _slider.step)
_times = []
for _i in range(40):
    _start = time.perf_counter()
    _slider.value = _slider.min + (7 * _i + 3) % _there * _slider.step
    _times.append(1000 * (time.perf_counter() - _start))
print(f"{statistics.median(_times):.1f} ms a step in the kernel (median of 40)")
"""


@pytest.fixture(scope="module")
def host(lab, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "lab"
    shutil.copytree(lab, folder)  # some tests write there
    running = StaticHost(folder)
    yield running
    running.close()
    assert running.left_the_site() == []  # whatever the tests did, in whatever order


@pytest.fixture(scope="module")
def playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(host, playwright, tmp_path_factory):
    context = host.launch(playwright, tmp_path_factory.mktemp("profile"))
    yield context
    context.close()


@pytest.fixture(scope="module")
def reading_room(host, playwright, tmp_path_factory):
    """A browser for one reader after the other; what it has compiled stays as long as it runs."""
    context = host.launch(playwright, tmp_path_factory.mktemp("room"))
    yield context
    context.close()


@pytest.fixture
def stranger(host, reading_room):
    """A page of somebody who keeps nothing here: no notebook, no answer, no progress."""
    page = reading_room.new_page()
    yield page
    session = reading_room.new_cdp_session(page)
    origin = host.url.removesuffix(PREFIX)
    kept = "indexeddb,local_storage"
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": kept})
    page.close()


@pytest.fixture
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def note(line):
    """Print a measurement, and keep it: the runner of many processes swallows what is printed."""
    print(line)
    path = ROOT / "build" / "lite_times.txt"
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


# What takes minutes in a browser is smaller here, so that each notebook is run to its end; what
# stands under the cells from there on differs.
SMALLER = {
    "07": (
        '0.5), 10\nstep = progress_bar(120, "120 networks")',
        '0.5), 2\nstep = progress_bar(24, "24 networks")',
    ),
    "13": ("steps=6000,", "steps=300,"),
}
# Copies that say something else than the notebooks: fewer rows, fewer libraries.
DIFFERENT = ("10", "12")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def said(cell):
    """All that stands under a cell, without the progress bars, which are not stored."""
    bar = re.compile(r"\d+/\d+ \[.*it/s\]")
    cell.outputs = [o for o in cell.outputs if not bar.search(str(o.get("data")))]
    return words(cell)


def is_trouble(output):
    return output.output_type == "error" or output.get("name") == "stderr"


def make_smaller(file, long, short):
    """Shorten the long cell of a notebook in the lab, and return its place among the code cells."""
    notebook = nbformat.read(file, as_version=4)
    (place,) = [i for i, cell in enumerate(code_cells(notebook)) if long in cell.source]
    cell = code_cells(notebook)[place]
    cell.source = cell.source.replace(long, short)
    nbformat.write(notebook, file)
    return place


def test_every_notebook_of_the_course_is_run():
    assert [path.name for path in PRESENT] == [one.file for one in COURSE]
    assert set(SMALLER) | set(DIFFERENT) | set(MOVED) <= {one.number for one in COURSE}


@in_chromium
@pytest.mark.parametrize("path", PRESENT, ids=lambda path: path.stem)
def test_run_all_as_a_learner_presses_it(path, stranger, host):
    stored = code_cells(nbformat.read(path, as_version=4))
    number = path.name[:2]
    last = None
    if number in SMALLER:
        last = make_smaller(host.folder / "files" / path.name, *SMALLER[number])
    notebook = LitePage(stranger, host, path.name)
    started = time.monotonic()
    notebook.run_all(600)
    note(
        f"{path.name}: to be read after {notebook.read_after:.1f} s, Python ready after "
        f"{notebook.ready_after:.1f} s, {len(stored)} cells run in "
        f"{time.monotonic() - started:.1f} s"
    )
    shown = code_cells(notebook.download())
    assert [output for cell in shown for output in cell.outputs if is_trouble(output)] == []
    assert [c.execution_count for c in shown] == [c.execution_count for c in stored]
    if number not in DIFFERENT:
        assert list(map(said, shown[:last])) == list(map(said, stored[:last]))
    if number in MOVED:
        every_slider_moves(notebook, path, MOVED[number])


def every_slider_moves(notebook, path, explorer):
    explorers = notebook.explorers().all()
    assert explorers
    for shown in explorers:
        for handle in shown.locator(".noUi-handle").all():
            moves_twice(notebook, shown, handle)
            assert handle.get_attribute("aria-label")
    explorers[0].scroll_into_view_if_needed()
    notebook.shot(SHOTS / f"lite-{path.stem}.png")
    last = notebook.page.locator(".jp-CodeCell").last
    step = notebook.run(last, STEP.replace("NAME", explorer))
    assert " ms a step" in step
    note(f"{path.name}: {step.strip()}")


def moves_twice(notebook, explorer, handle):
    """Press an arrow key twice: the picture and the caption must answer each time."""

    def look():
        caption = explorer.locator(".ce-caption")
        return explorer.locator(".ce-moving").inner_html(), caption.text_content()

    for _ in range(2):
        before = look()
        handle.focus()
        at_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
        notebook.page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
        notebook.wait_for(lambda before=before: look() != before)
        assert explorer.locator(".ce-caption").get_attribute("role") == "status"


@in_chromium
def test_answers_and_progress_outlive_a_reload_and_serve_the_next_notebook(page, host):
    notebook = LitePage(page, host, "00_start_here.ipynb")
    notebook.run_all()
    cell = notebook.cell("exercises.rain.check(")
    check = "exercises.rain.check(answer)"
    assert "in bits" in notebook.run(cell, f"answer = 0.737\n\n{check}")
    assert "Right" in notebook.run(cell, f"answer = 0.511\n\n{check}")
    cell = notebook.cell(f"predictions.{sure_and_wrong.name}")
    form = cell.locator(".ce-form")
    assert notebook.commit_by_keyboard(form, "6") == ["input", "select", "button"]  # one stop each
    price = f"{sure_and_wrong.price(sure_and_wrong.options[1], 0.6):.2f} nats"
    cell.get_by_role("status").get_by_text(price).wait_for()
    notebook.shot(SHOTS / "lite-prediction.png")
    progress = notebook.cell("progress()")
    notebook.run(progress, "progress( )")
    done = progress.locator("tr", has_text="Start here").locator("td").all_text_contents()[1:]
    assert done[0] == "1 of 1"
    notebook.shot(SHOTS / "lite-progress.png")
    page.close()

    other = LitePage(page.context.new_page(), host, "03_binary_cross_entropy.ipynb")
    cell = other.page.locator(".jp-CodeCell").first
    other.run(cell, "from cecourse import progress\nprogress()")
    row = cell.locator("tr", has_text="Start here").locator("td")
    assert row.all_text_contents()[1:] == done
    where = other.run(cell, "import os; print(sorted(os.listdir()))")
    assert "my_course.json" in where
    assert ".lock" not in where and ".tmp" not in where
    kept = other.run(cell, "import json\njson.load(open('my_course.json'))['predictions']")
    assert sure_and_wrong.id in kept and sure_and_wrong.options[1].text in kept
    # the questions of a notebook are there before what takes 18 MB to fetch
    lesson = "from cecourse.lessons.binary_cross_entropy import predictions"
    late = "print([find_spec(name) for name in ('scipy', 'sklearn')])"
    fetched = other.run(cell, f"from importlib.util import find_spec\n{lesson}\n{late}")
    assert "[None, None]" in fetched
    other.page.close()


@in_chromium
def test_the_start_says_what_it_waits_for_and_is_silent_when_the_course_is_there(page, host):
    page.goto(host.url + lite.address("00_start_here.ipynb"), wait_until="commit")
    line, told = page.locator("#course-start"), []
    assert line.get_attribute("role") == "status"

    def over():
        if (text := line.text_content()) not in told:
            told.append(text)
        return line.is_hidden()

    deadline = time.monotonic() + 200
    while not over() and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert told[: len(lite.START)] == list(lite.START)
    assert line.is_hidden() and page.locator("text=| Idle").count()
    page.goto(host.url + "lab/index.html")  # no notebook, nothing to wait for
    line.wait_for(state="hidden", timeout=60_000)


@in_chromium
def test_nothing_has_to_be_installed(page, host):
    # a notebook whose copy may change here: the lab saves what is typed
    notebook = LitePage(page, host, "00_start_here.ipynb")
    cell = page.locator(".jp-CodeCell").first
    assert "0.10536" in notebook.run(cell, "import cehelpers as ce\nprint(ce.surprisal(0.9))")
    notebook.type(cell, "ce.soft")
    page.keyboard.press("Tab")  # answered without static analysis, from the living objects
    page.locator(".jp-Completer-match", has_text="softplus").wait_for(timeout=20_000)
    page.keyboard.press("Escape")
    told = notebook.run(cell, "%pip install a-package-that-is-not-here")
    assert "PyPI fallback is disabled" in told


def publish(folder, name):
    """Put a newer edition of a notebook into a lab."""
    path, settings = folder / "files" / name, folder / "jupyter-lite.json"
    notebook, config = (json.loads(p.read_text(encoding="utf-8")) for p in (path, settings))
    notebook["cells"][0]["source"].append("\n\nThis is a newer edition.")
    newest = copies.digest(notebook)
    notebook["metadata"]["course"]["edition"] = newest
    config["jupyter-config-data"]["courseEditions"][name] = newest
    for file, content in ((path, notebook), (settings, config)):
        file.unlink()  # a link to the lab of the other tests
        file.write_text(json.dumps(content), encoding="utf-8")


def opened(page, host, name):
    """Open a notebook without waiting for Python, and return what stands on the page."""
    page.goto(host.url + lite.address(name))
    page.locator(".jp-MarkdownOutput h1").first.wait_for(timeout=120_000)
    return page.locator(".jp-Notebook").first


@in_chromium
def test_a_newer_edition_lies_beside_what_was_typed_and_replaces_what_was_not(
    host, playwright, tmp_path
):
    typed, untouched = "03_binary_cross_entropy.ipynb", "01_entropy.ipynb"
    folder = tmp_path / "lab"
    shutil.copytree(host.folder, folder, copy_function=os.symlink)
    own = StaticHost(folder)
    context = own.launch(playwright, tmp_path / "profile")
    page = context.new_page()
    try:
        for name in (typed, untouched):
            notebook = opened(page, own, name)
            if name == typed:
                notebook.locator(".jp-CodeCell .cm-content").first.click()
                page.keyboard.insert_text("# mine\n")
            page.keyboard.press("Control+S")
            page.locator("text=Saving completed").wait_for()
            publish(folder, name)
        notebook = opened(page, own, typed)
        notebook.locator(".cm-line", has_text="# mine").wait_for()
        beside = typed.replace(".ipynb", "-edition-2.ipynb")
        page.locator(
            f"text=There is a newer edition of {typed}, beside yours: {beside}."
        ).wait_for()
        page.locator("button", has_text="Open it beside mine").click()
        new = page.locator(".jp-MarkdownOutput p", has_text="This is a newer edition.")
        new.wait_for()
        assert notebook.locator(".cm-line", has_text="# mine").is_visible()
        page.screenshot(path=str(SHOTS / "lite-newer-edition.png"))

        opened(page, own, untouched)
        new.wait_for()
        assert page.locator("text=There is a newer edition").count() == 0
    finally:
        context.close()
        own.close()


@in_chromium
def test_the_default_lab_takes_pyodide_from_another_host(page, host, tmp_path, monkeypatch):
    """As it is deployed; the public distribution is played by a second host on this machine."""
    public = StaticHost(lite_wheels.pyodide_files())
    monkeypatch.setattr(lite_wheels, "CDN", public.url)
    lite.build(tmp_path / "lab", self_contained=False)
    shipped = {path.name for path in (tmp_path / "lab" / "static" / "pyodide").iterdir()}
    assert not shipped & set(lite_wheels.CORE)
    small = StaticHost(tmp_path / "lab")
    try:
        notebook = LitePage(page, small, "00_start_here.ipynb")
        cell = notebook.page.locator(".jp-CodeCell").first
        code = "import matplotlib, cehelpers as ce\nprint(ce.surprisal(0.9))"
        assert "0.10536" in notebook.run(cell, code)
    finally:
        small.close()
        public.close()


@in_chromium
def test_the_front_page_as_it_is_opened(page, host):
    page.goto(host.url)
    there = [path.name for path in sorted((host.folder / "files").glob("[0-9]*.ipynb"))]
    links = page.locator("ol a").evaluate_all("links => links.map(link => link.href)")
    assert links == [host.url + lite.address(name) for name in there]
    page.screenshot(path=str(SHOTS / "lite-front-page.png"), full_page=True)
    page.locator("a", has_text="Start here").first.click()
    page.locator(".jp-MarkdownOutput h1", has_text="Start here").wait_for(timeout=120_000)
    page.goto(f"{host.url}?path=04_logits.ipynb")  # the book's links are as short as this
    page.locator(".jp-MarkdownOutput h1", has_text="Logits").wait_for(timeout=120_000)


@in_chromium
def test_the_witness_hears_a_request_that_leaves_a_site_even_a_worker_s(playwright, tmp_path):
    (tmp_path / "index.html").write_text("<p>A site.</p>", encoding="utf-8")
    small = StaticHost(tmp_path)
    context = small.launch(playwright, tmp_path / "profile")
    page = context.new_page()
    page.goto(small.url)
    page.evaluate("fetch('https://page.example/').catch(() => 0)")
    page.evaluate(
        "new Worker(URL.createObjectURL(new Blob([\"fetch('https://worker.example/')\"])))"
    )
    for _ in range(200):
        if len(small.left_the_site()) >= 2:
            break
        page.wait_for_timeout(50)
    context.close()
    small.close()
    assert set(small.left_the_site()) == {"page.example:443", "worker.example:443"}


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ValueError, match="folder must be empty, new, or an earlier lab; got"):
        lite.build(tmp_path)
    assert (tmp_path / "thesis.txt").exists()
